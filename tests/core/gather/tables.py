"""Small tables typed in tests, in the shape the readers hand over."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from icp_core.gather.raw_table import RawTable, ReadSettings


def raw_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    *,
    file_name: str = "table.csv",
    header: Sequence[Sequence[str]] = (),
) -> RawTable:
    """A table of text as a reader would hand it over: unique headings, NULL for empty cells, rows from line 2."""
    names: list[str] = []
    for number, column in enumerate(columns, start=1):
        name = column or f"Column {number}"
        names.append(
            name if name not in names else f"{name} ({1 + sum(n.split(' (')[0] == name for n in names)})"
        )
    arrays = {
        f"c{i}": pa.array(
            [None if i >= len(row) or row[i] in ("", None) else row[i] for row in rows], pa.string()
        )
        for i in range(len(names))
    }
    return RawTable(
        file_name=file_name,
        sheet=None,
        columns=tuple(names),
        header=tuple(tuple(row) for row in header) or (tuple(columns),),
        cells=pa.table(arrays),
        row_numbers=pa.array(range(2, 2 + len(rows)), pa.int64()),
        settings=ReadSettings(),
    )
