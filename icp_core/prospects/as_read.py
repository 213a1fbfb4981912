"""A list as it stands in its file: every row in its place, also those that are no record, and the headings as typed.

Reading sets blank lines, totals and surplus cells aside, because they describe nobody. Whoever gets a list back
wants it whole, so here they return.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from icp_core.gather.raw_table import RawTable

Row = list[str | None]


@dataclass(frozen=True, eq=False)
class AsRead:
    """``names`` heads the columns (names may repeat or be blank); ``rows`` have as many cells each; ``numbers``
    is the line or sheet row each stands on, by which the table's records are found."""

    names: list[str]
    rows: list[Row]
    numbers: list[int]


def as_read(path: Path, table: RawTable, *, only_table: bool = True) -> AsRead:
    """All rows under the heading; those of the table alone where the file holds several tables."""
    records = [list(cells) for cells in zip(*(c.to_pylist() for c in table.cells.columns), strict=True)]
    numbers = table.row_numbers.to_pylist()
    names = headings(table)
    if only_table and table.settings.delimiter is not None:
        whole = _from_text(path, table, records, numbers)
        if whole is not None:
            return whole
    if only_table and table.settings.delimiter is None and numbers:
        records, numbers = _with_gaps(table, records, numbers)
    return AsRead(names, records, numbers)


def headings(table: RawTable) -> list[str]:
    """The headings as typed; the unique names where a heading has several rows, or none."""
    typed = list(table.header[0]) if len(table.header) == 1 else []
    return typed if len(typed) == len(table.columns) else list(table.columns)


def _from_text(path: Path, table: RawTable, records: Sequence[Row], numbers: Sequence[int]) -> AsRead | None:
    """The records of a text file by their line; None when the file does not fall into the table's rows that way."""
    told = table.settings
    if len(told.delimiter or "") != 1 or not numbers or len(table.header) > 1:
        return None
    text = path.read_bytes().decode(told.encoding or "utf-8", errors="replace").removeprefix("\ufeff")
    quoted = {"quotechar": told.quote} if told.quote else {"quoting": csv.QUOTE_NONE}
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=told.delimiter,
        doublequote=told.escape is None,
        escapechar=told.escape,
        **quoted,
    )
    by_line: dict[int, list[str]] = {}
    start = 1
    try:
        for record in reader:
            by_line[start] = record
            start = reader.line_num + 1
    except csv.Error:
        return None
    for number, cells in zip(numbers, records, strict=True):
        said = [cell for cell in cells if cell]
        if [cell for cell in by_line.get(number, []) if cell][: len(said)] != said:
            return None
    above = told.header_rows[-1] if told.header_rows else min(numbers) - 1
    rows = {line: record for line, record in by_line.items() if line > above}
    while rows and not rows[max(rows)]:
        del rows[max(rows)]
    head = by_line.get(above, []) if told.header_rows else list(table.columns)
    width = max(len(head), *(len(record) for record in rows.values()))
    return AsRead(
        head + [""] * (width - len(head)),
        [[cell or None for cell in record] + [None] * (width - len(record)) for record in rows.values()],
        list(rows),
    )


def _with_gaps(
    table: RawTable, records: Sequence[Row], numbers: Sequence[int]
) -> tuple[list[Row], list[int]]:
    """The rows of a sheet with the blank ones between them and what stands between or below, in the first column."""
    found = dict(zip(numbers, records, strict=True))
    aside = {p.row: p.value for p in table.leftovers if p.row is not None and p.row > min(numbers)}
    last = max([*numbers, *aside])
    if last - min(numbers) > 2 * len(records) + 1_000:
        return list(records), list(numbers)
    width = len(table.columns)
    rows = range(min(numbers), last + 1)
    return [found.get(row) or [aside.get(row), *[None] * (width - 1)] for row in rows], list(rows)
