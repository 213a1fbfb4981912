"""The sample data as a first workspace, read like any other file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from icp_core.errors import IcpError
from icp_core.facts import store
from icp_core.facts.catalogue import Facts
from icp_core.gather import load
from icp_core.gather.read import read_in_process
from icp_core.workspace import Workspace

FOLDER = Path(__file__).resolve().parents[1] / "sample_data"
AS_OF = date(2026, 10, 31)  # the day the sample files were exported
SETS = {"b2b": "Companies (B2B)", "b2c": "Online shop (B2C)"}
_READ = (".csv", ".tsv", ".xlsx", ".vtt", ".txt")


def sample_files(which: str = "b2b") -> list[Path]:
    """Files of a sample set, by name.

    Raises
    ------
    IcpError
        The set is unknown or the sample data did not come with this installation.
    """
    if which not in SETS:
        raise IcpError(f"There is no sample set “{which}”. Choose one of: {', '.join(SETS)}.")
    files = sorted(p for p in (FOLDER / which).glob("*") if p.suffix in _READ)
    if not files:
        raise IcpError("The sample data did not come with this installation. Drop files of your own instead.")
    return files


def load_sample(
    workspace: Workspace, which: str = "b2b", *, progress: Callable[[float, str], None] | None = None
) -> Facts | None:
    """Load a sample set into the workspace and build its facts.

    The files came with the program, so they are read in this process: a process of its own for each, as for
    an upload, would double the time.
    """
    tell = progress or (lambda share, what: None)
    files = sample_files(which)
    workspace.set_setting("as_of", AS_OF.isoformat())
    batch = []
    for i, path in enumerate(files):
        tell(0.5 * i / len(files), f"Reading {path.name}")
        reading = read_in_process(path)
        batch.append(load.Chosen(load.preview_reading(workspace, path, path.name, reading)))
    load.import_batch(workspace, batch, progress=lambda share, what: tell(0.5 + 0.1 * share, what))
    tell(0.6, "Measuring every customer")
    return store.refresh(workspace, progress=lambda share, what: tell(0.6 + 0.4 * share, what))
