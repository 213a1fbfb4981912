"""Where the shared reference files lie; tests that need one skip, saying so, where it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = (Path(__file__).resolve().parents[3] / "../shared/data").resolve()


def shared_file(name: str) -> Path:
    """The path of a shared file, or a skipped test."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the shared reference file {name} is not on this machine")
    return path


def shared_files(pattern: str) -> list[Path]:
    return sorted(SHARED.glob(pattern)) if SHARED.exists() else []
