"""Boards and reports that repeat one header under the title of each group, read as one table.

A task board exports its groups so: a title in one cell, the header, the records of that group, and so on. The titles
become a column of their own, since they say what no other column does ("Active deals", "Closed won").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icp_core.gather.grid_tables import GridTable

_ABOVE = "stands above the table"
_COLUMN = "Group"


def joined_groups(tables: Sequence[GridTable]) -> list[GridTable]:
    """One table of those that share their header and have a title each right above it; otherwise the tables as they are."""
    if len(tables) < 2 or not all(_is_alike(table, tables[0]) for table in tables):
        return list(tables)
    titles = [_title_of(table) for table in tables]
    if len(set(titles)) < len(titles) or None in titles or _COLUMN in tables[0].names:
        return list(tables)
    first = tables[0]
    joined = replace(
        first,
        names=(*first.names, _COLUMN),
        header=tuple((*row[: len(first.names)], _COLUMN) for row in first.header),
        rows=[[*row, title] for title, table in zip(titles, tables, strict=True) for row in table.rows],
        numbers=[number for table in tables for number in table.numbers],
        leftovers=sorted(
            (problem for table in tables for problem in table.leftovers), key=lambda problem: problem.row or 0
        ),
        problems=[problem for table in tables for problem in table.problems],
        notes=[
            *dict.fromkeys(note for table in tables for note in table.notes),
            f"{len(tables)} groups under one header; their titles are the column “{_COLUMN}”.",
        ],
        kept_columns=(*first.kept_columns, first.kept_columns[-1] + 1),
    )
    return [joined]


def _is_alike(table: GridTable, first: GridTable) -> bool:
    return bool(table.header) and (table.names, table.kept_columns) == (first.names, first.kept_columns)


def _title_of(table: GridTable) -> str | None:
    """The text that stands alone in the row above the header."""
    row = table.header_numbers[0] - 1
    above = [p.value for p in table.leftovers if p.row == row and _ABOVE in p.problem and p.value]
    return above[0].strip() if len(above) == 1 and len(table.names) > 1 else None
