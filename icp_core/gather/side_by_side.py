"""Several tables beside each other on one sheet, told from one table with an empty column in it.

An empty column alone says little: people use it to make a table airy. Two tables stand side by side when one ends
rows before the other, when their headers are in different rows, or when the second begins with a key of its own
under a name that the first has too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Protocol

from icp_core.gather.cell_types import NUMBER, cell_type, filled

_FEWEST_ROWS = 2
_FEWEST_COLUMNS = 2
_LOOKED_AT_ROWS = 100


class _Table(Protocol):
    names: tuple[str, ...]
    header_numbers: tuple[int, ...]
    rows: list[list[str]]
    numbers: list[int]


TablesOf = Callable[[int, int], Sequence[_Table]]


def column_ranges(rows: Sequence[Sequence[str]], tables_of: TablesOf) -> list[tuple[int, int]]:
    """The columns (from, to) of each table that stands beside another; a single range when none does.

    ``tables_of(from, to)`` gives the tables found in these columns alone.
    """
    ranges = _between_empty_columns(rows)
    if len(ranges) < 2:
        return ranges
    apart = [ranges[0]]
    for start, end in ranges[1:]:
        before = apart[-1]
        wide = min(end - start, before[1] - before[0]) >= _FEWEST_COLUMNS
        if wide and _stand_apart(tables_of(*before), tables_of(start, end)):
            apart.append((start, end))
        else:
            apart[-1] = (before[0], end)
    # What was left of the first table or right of the last belongs to them.
    inner = [start for start, _ in apart[1:]]
    width = max(map(len, rows), default=0)
    return list(pairwise([0, *inner, width]))


def _between_empty_columns(rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Runs of columns that hold anything in any row."""
    empty = set(range(max(map(len, rows), default=0)))
    width = len(empty)
    for row in rows:
        empty -= {j for j in empty if j < len(row) and row[j] and not row[j].isspace()}
        if not empty:
            break
    ranges: list[tuple[int, int]] = []
    for j in (j for j in range(width) if j not in empty):
        if ranges and ranges[-1][1] == j:
            ranges[-1] = (ranges[-1][0], j + 1)
        else:
            ranges.append((j, j + 1))
    return ranges


def _stand_apart(left: Sequence[_Table], right: Sequence[_Table]) -> bool:
    if not left or not right:
        return False
    one, other = left[0], right[0]
    for table in (one, other):
        if not table.header_numbers or len(table.rows) < _FEWEST_ROWS or len(table.names) < _FEWEST_COLUMNS:
            return False
    if one.header_numbers[-1] != other.header_numbers[-1]:
        return True
    shorter, longer = sorted((one, other), key=lambda table: table.numbers[-1])
    if longer.numbers[-1] - shorter.numbers[-1] >= 2 and _is_dense(shorter):
        return True
    names = {name.casefold() for name in one.names}
    return bool(names.intersection(name.casefold() for name in other.names)) and _has_key(one, other)


def _is_dense(table: _Table) -> bool:
    """Whether each row from the header to the end is at least half full: the end is an end, not a gap."""
    expected = range(table.header_numbers[-1] + 1, table.numbers[-1] + 1)
    return table.numbers == list(expected) and all(
        filled(row) >= 0.5 * len(table.names) for row in table.rows
    )


def _has_key(one: _Table, other: _Table) -> bool:
    """Whether the second table has a first column that says what each row is about, not one more figure."""
    if one.names[0].casefold() == other.names[0].casefold():
        return True
    first = [row[0] for row in other.rows[:_LOOKED_AT_ROWS]]
    return sum(cell_type(cell) == NUMBER for cell in first) < 0.5 * len(first)
