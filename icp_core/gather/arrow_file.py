"""Tables of texts as Arrow files: written piece by piece, mapped from disk instead of copied."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

MAPPED = os.name == "posix"  # a mapped file may be removed while in use on POSIX, but not on Windows


def write_arrow(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write batches of one table as they come."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)


def open_arrow(path: Path) -> pa.Table:
    """The table of an Arrow file; where the platform can, its cells stay on disk until they are looked at."""
    stream = pa.memory_map(str(path)) if MAPPED else pa.BufferReader(path.read_bytes())
    return pa.ipc.open_file(stream).read_all()


def new_arrow_path(folder: Path) -> Path:
    """The path of a new, empty file in ``folder``."""
    handle, name = tempfile.mkstemp(suffix=".arrow", dir=folder)
    os.close(handle)
    return Path(name)
