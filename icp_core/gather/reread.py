"""Reading a table of a file otherwise: which tables of the file share the text, and a quick look at its first rows."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from icp_core.gather.archive_checks import sniff
from icp_core.gather.limits import Limits
from icp_core.gather.raw_table import FileReading, RawTable, ReadSettings
from icp_core.gather.read import read_file

_LOOKED_AT_BYTES = 256_000  # a multiple of four, so that no character of a wide encoding is cut
_PART = re.compile(r"^(?:(.*) · )?Table \d+$")
_PART_OF_SHEET = re.compile(r"^(.*) \(\d+\)$")


def source_of(tables: Sequence[RawTable], position: int) -> tuple[str | None, tuple[int, ...]]:
    """The sheet or archive member that a table was read from (None = the whole file), and all tables read from it.

    Settings such as the delimiter belong to a text, not to one of the tables found in it.
    """
    names = [_source(table, tables) for table in tables]
    own = names[position]
    return own, tuple(i for i, name in enumerate(names) if name == own)


def _source(table: RawTable, tables: Sequence[RawTable]) -> str | None:
    sheet = table.sheet
    if sheet is None or len(tables) == 1:
        return None
    if table.settings.encoding is not None:
        part = _PART.match(sheet)
        return part.group(1) if part else sheet
    part = _PART_OF_SHEET.match(sheet)
    known = {other.sheet for other in tables}
    return part.group(1) if part and f"{part.group(1)} (1)" in known else sheet


def look_at(
    path: Path, file_name: str, tables: Sequence[RawTable], position: int, settings: ReadSettings
) -> FileReading:
    """Read the source of one table under other settings, a large text only at its beginning.

    The reading says how the first rows would look, not how many there are; ``error`` as in ``read_file``.
    """
    sheet, _ = source_of(tables, position)
    plain = tables[position].settings.encoding is not None and path.stat().st_size > _LOOKED_AT_BYTES
    if not plain or sniff(path, Limits.from_environment()).kind != "text":
        return read_file(path, file_name=file_name, settings=settings, sheet=sheet, sha256="-")
    with tempfile.TemporaryDirectory() as folder:
        beginning = Path(folder) / "beginning"
        with path.open("rb") as stream:
            beginning.write_bytes(stream.read(_LOOKED_AT_BYTES))
        return read_file(beginning, file_name=file_name, settings=settings, sha256="-")
