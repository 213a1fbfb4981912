"""What one upload may cost before the reading of it is stopped."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from icp_core.errors import IcpError

MEGABYTE = 1 << 20
_SECONDS_FOR_ANY, _SECONDS_PER_MEGABYTE = 10.0, 2.0  # some ten times what a busy machine needs
FAST_FROM_BYTES = MEGABYTE  # text below this size is read faster by our own cutter than DuckDB starts


@dataclass(frozen=True)
class Limits:
    """Bounds for the reading of one file; the defaults allow a 200 MB CSV and a workbook of six million cells.

    ``max_bytes`` bounds the file as uploaded, ``max_unpacked_bytes`` what an archive may unpack to,
    ``max_ratio`` how many bytes one packed byte may become, ``max_entries`` the files in an archive,
    ``max_cells`` the rectangle a table may span, ``max_rows`` and ``max_columns`` its height and width,
    ``max_memory_bytes`` and ``cpu_seconds`` the child process, ``wall_seconds`` how long is waited for it at
    most; a small file is given up earlier.

    >>> Limits(wall_seconds=5).wall_seconds
    5
    """

    max_bytes: int = 500 * MEGABYTE
    max_unpacked_bytes: int = 1000 * MEGABYTE
    max_ratio: int = 200
    max_entries: int = 10_000
    max_cells: int = 60_000_000
    max_rows: int = 20_000_000
    max_columns: int = 20_000
    max_memory_bytes: int = 4096 * MEGABYTE
    cpu_seconds: int = 120
    wall_seconds: float = 240

    def seconds_for(self, n_bytes: int) -> float:
        """How long is waited for a file of this size: a small file that takes long is not going to end.

        >>> Limits().seconds_for(1_000_000), Limits().seconds_for(300_000_000)
        (12.0, 240)
        """
        return min(self.wall_seconds, _SECONDS_FOR_ANY + _SECONDS_PER_MEGABYTE * n_bytes / 1e6)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Limits:
        """The limits as the operator set them in the environment, else the defaults.

        ``ICP_WORKBENCH_MAX_BYTES`` and so on, one variable per field; see ``docs/trust.md``.

        Raises
        ------
        IcpError
            A variable is not a positive number.

        >>> Limits.from_environment({"ICP_WORKBENCH_MAX_ROWS": "1000"}).max_rows
        1000
        """
        told = {}
        for one in fields(cls):
            name = f"ICP_WORKBENCH_{one.name.upper()}"
            text = environment.get(name, "").strip().replace("_", "")
            if not text:
                continue
            if not text.isdecimal() or int(text) == 0:
                raise IcpError(f"{name} is “{text}”; it must be a whole number above zero.")
            told[one.name] = int(text)
        return replace(cls(), **told)

    def as_dict(self) -> dict:
        return asdict(self)
