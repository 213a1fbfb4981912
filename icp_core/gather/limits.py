"""What one upload may cost before the reading of it is stopped."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MEGABYTE = 1 << 20
FAST_FROM_BYTES = MEGABYTE  # text below this size is read faster by our own cutter than DuckDB starts


@dataclass(frozen=True)
class Limits:
    """Bounds for the reading of one file; the defaults allow a 200 MB CSV and a workbook of six million cells.

    ``max_bytes`` bounds the file as uploaded, ``max_unpacked_bytes`` what an archive may unpack to,
    ``max_ratio`` how many bytes one packed byte may become, ``max_entries`` the files in an archive,
    ``max_cells`` the rectangle a sheet may span, ``max_columns`` the width of a table,
    ``max_memory_bytes`` and ``cpu_seconds`` the child process, ``wall_seconds`` how long is waited for it.

    >>> Limits(wall_seconds=5).wall_seconds
    5
    """

    max_bytes: int = 500 * MEGABYTE
    max_unpacked_bytes: int = 1000 * MEGABYTE
    max_ratio: int = 200
    max_entries: int = 10_000
    max_cells: int = 60_000_000
    max_columns: int = 20_000
    max_memory_bytes: int = 4096 * MEGABYTE
    cpu_seconds: int = 120
    wall_seconds: float = 90

    def as_dict(self) -> dict:
        return asdict(self)
