"""The fast path for large, regular sheets: whole columns become texts at once, rows are only looked at where doubtful.

The head of the sheet is analysed row by row like any small sheet. The rest is taken as records when nothing
in it looks like a blank row, a total, a footer or a second table; otherwise the caller goes row by row.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

from icp_core.gather.cell_types import filled
from icp_core.gather.grid_tables import (
    FOOTER,
    TOTAL_OF,
    TOTAL_START,
    TOTAL_WORDS,
    GridLayout,
    GridTable,
    tables_in_grid,
)
from icp_core.gather.sheet_cells import ERROR_CELLS, cell_texts, text_grid

FAST_FROM_ROWS = 3000  # below, looking at every row costs little
_HEAD_ROWS = 300
_EXACT_BELOW = 1e15
_ERROR_TEXTS = pa.array(sorted(ERROR_CELLS))
_SURE_LENGTH = 16  # a shortest text of this length has at most 15 digits


@dataclass(frozen=True)
class LargeTable:
    """The one table of a large sheet: what its head says, its cells, and the first data row (from 0)."""

    head: GridTable
    cells: pa.Table
    first_row: int
    errors: list[tuple[int, int, str]]


def read_large(values: list[list], layout: GridLayout, top: int) -> LargeTable | None:
    """Read a large sheet by columns; None when it is small or not regular.

    ``top`` is the number of sheet rows above ``values``.
    """
    if len(values) < FAST_FROM_ROWS or layout.header_numbers is not None:
        return None
    grid, _ = text_grid(values[:_HEAD_ROWS])
    found = tables_in_grid(grid, list(range(top + 1, top + 1 + len(grid))), layout)
    if len(found) != 1 or found[0].problems or not found[0].header or len(found[0].rows) < 100:
        return None
    head = found[0]
    if head.kept_columns[-1] - head.kept_columns[0] >= len(head.kept_columns):
        return None  # beyond an empty column another table may stand
    if any("above the table" not in problem.problem for problem in head.leftovers):
        return None
    first = head.numbers[0] - top - 1
    if head.numbers != list(range(head.numbers[0], head.numbers[0] + len(head.numbers))):
        return None
    columns: list[pa.Array] = []
    worded: list[int] = []  # columns that hold more than numbers
    errors: list[tuple[int, int, str]] = []
    kept = set(head.kept_columns)
    for index, (array, (texts, bad)) in enumerate(_columns(values, first)):
        if index not in kept:
            if texts.null_count < len(texts):
                return None
            continue
        if pa.types.is_string(array.type):
            worded.append(len(columns))
        columns.append(texts)
        errors += [(first + row, index, text) for row, text in bad]
    cells = pa.table(columns, names=[f"c{j}" for j in range(len(columns))])
    fill = _filled_per_row(cells)
    cells, fill = _without_blank_end(cells, fill)
    if pc.min(fill).as_py() == 0 or _doubtful(cells, fill, head, worded):
        return None
    return LargeTable(head, cells, first, errors)


def _columns(values: list[list], first: int) -> list[tuple[pa.Array, tuple[pa.Array, list[tuple[int, str]]]]]:
    """The columns of the rows from ``first``, as they come from Python and as texts.

    Taking them from Python needs its lock, making texts of them does not, so one goes on beside the other.
    """
    with ThreadPoolExecutor(1) as beside:
        arrays, texts = [], []
        for column in zip(*islice(values, first, None), strict=True):
            arrays.append(_as_array(column))
            texts.append(beside.submit(_texts_and_errors, arrays[-1]))
        return [(array, text.result()) for array, text in zip(arrays, texts, strict=True)]


def column_of_texts(column: tuple) -> tuple[pa.Array, list[tuple[int, str]]]:
    """The texts of one column (blank = NULL) and the places of error texts in it.

    >>> texts, errors = column_of_texts((1.0, "", 0.1 + 0.2))
    >>> texts.to_pylist(), errors
    (['1', None, '0.3'], [])
    """
    return _texts_and_errors(_as_array(column))


def _as_array(column: tuple) -> pa.Array:
    """A column of numbers as numbers, any other as texts (blank = NULL or empty)."""
    kinds = set(map(type, column))
    if kinds <= {float, int}:
        return pa.array(column, pa.float64())
    if kinds <= {float, int, str} and not any(_texts(column)):
        return pa.array([None if type(cell) is str else cell for cell in column], pa.float64())
    return pa.array(column if kinds == {str} else cell_texts(column, kinds), pa.string())


def _texts_and_errors(array: pa.Array) -> tuple[pa.Array, list[tuple[int, str]]]:
    if not pa.types.is_string(array.type):
        return _number_texts(array), []
    array = pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)
    bad = pc.fill_null(pc.is_in(array, _ERROR_TEXTS), False)
    if not pc.any(bad).as_py():
        return array, []
    places = [row for row, hit in enumerate(bad.to_pylist()) if hit]
    texts = [(row, array[row].as_py()) for row in places]
    return pc.if_else(bad, pa.scalar(None, pa.string()), array), texts


def _texts(column: tuple) -> list[str]:
    return [cell for cell in column if type(cell) is str]


def _number_texts(numbers: pa.Array) -> pa.Array:
    """Numbers as their shortest text with at most 15 digits, as ``number_text`` writes them."""
    size = pc.abs(numbers)
    largest = pc.max(size).as_py()
    if largest is None:
        return pa.nulls(len(numbers), pa.string())
    whole = pc.equal(pc.floor(numbers), numbers)
    if largest < _EXACT_BELOW and pc.all(whole).as_py():
        return pc.cast(pc.cast(numbers, pa.int64()), pa.string())
    if not largest < _EXACT_BELOW:
        return pa.array(
            [None if n is None else cell_texts((n,), {float})[0] or None for n in numbers.to_pylist()]
        )
    integers = pc.cast(pc.cast(pc.floor(numbers), pa.int64()), pa.string())
    shortest = pc.cast(numbers, pa.string())
    texts = pc.if_else(whole, integers, shortest)
    unsure = pc.and_(
        pc.invert(whole),
        pc.or_(pc.greater(pc.utf8_length(shortest), _SURE_LENGTH), pc.less(size, 1e-3)),
    )
    if not pc.any(unsure).as_py():
        return texts
    return pc.replace_with_mask(texts, pc.fill_null(unsure, False), _rounded_texts(numbers.filter(unsure)))


def _rounded_texts(numbers: pa.Array) -> pa.Array:
    """Numbers that are not whole, below 1e15, as ``f"{n:.15g}"`` writes them, most of them without Python.

    A number scaled to 15 digits before the point is off by at most 1/16; if that cannot change how it is rounded,
    dividing back gives the number whose shortest text is the wanted one. Very small and very large numbers have
    other texts in Arrow.

    >>> _rounded_texts(pa.array([0.1 + 0.2, 1 / 3, -2e-7 / 3])).to_pylist()
    ['0.3', '0.333333333333333', '-6.66666666666667e-08']
    """
    places = pc.subtract(14.0, pc.floor(pc.log10(pc.abs(numbers))))
    power = pc.power(10.0, places)
    scaled = pc.multiply(numbers, power)
    size = pc.abs(scaled)
    whole = pc.round(scaled)
    apart = pc.abs(pc.subtract(scaled, whole))
    sure = pc.and_(
        pc.and_(pc.less(apart, 0.43), pc.and_(pc.less_equal(places, 17.0), pc.greater(places, 4.0))),
        pc.and_(pc.greater_equal(size, 1e14), pc.less(size, 1e15 - 1)),
    )
    texts = pc.cast(pc.divide(whole, power), pa.string())
    if pc.all(sure).as_py():
        return texts
    rest = [f"{n:.15g}" for n in numbers.filter(pc.invert(sure)).to_pylist()]
    return pc.replace_with_mask(texts, pc.invert(sure), pa.array(rest, pa.string()))


def _filled_per_row(cells: pa.Table) -> pa.Array:
    fill = None
    for column in cells.columns:
        one = pc.cast(pc.is_valid(column), pa.int32())
        fill = one if fill is None else pc.add(fill, one)
    return fill.combine_chunks()


def _without_blank_end(cells: pa.Table, fill: pa.Array) -> tuple[pa.Table, pa.Array]:
    count = len(fill)
    while count and fill[count - 1].as_py() == 0:
        count -= 1
    return cells.slice(0, count), fill.slice(0, count)


def _doubtful(cells: pa.Table, fill: pa.Array, head: GridTable, worded: list[int]) -> bool:
    """Whether any row may be a total, a footer or the begin of another table; ``worded``: columns that hold words."""
    pattern = (
        r"(?i)(?:totals?|totale|totaal)\b|\b(?:ergebnis|gesamt|summe|suma|resultado)$|^\s*(?:somme|suma|insgesamt|gesamt|summe"
        r"|zwischen|sous-total|sum|count|avg|average|min|max|median|mean|record count)"
    )
    for column in (cells.column(index) for index in worded if index < 4):
        hits = pc.fill_null(pc.match_substring_regex(column, pattern), False)
        if pc.any(hits).as_py():
            texts = pc.unique(column.filter(hits)).to_pylist()
            if any(
                kind.match(text.strip()) for text in texts for kind in (TOTAL_START, TOTAL_OF, TOTAL_WORDS)
            ):
                return True
    if any(pc.any(pc.equal(cells.column(0), row[0])).as_py() for row in head.header if row and row[0]):
        return True  # the header again
    typical = sorted(filled(row) for row in head.rows)[len(head.rows) // 2]
    sparse = pc.less_equal(fill, max(1, int(0.3 * typical)))
    if typical > 3 and pc.any(sparse).as_py():
        rows = cells.filter(sparse)
        for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            text = next((cell for cell in row if cell), "")
            if FOOTER.match(text) or len(re.findall(r"\w+", text)) > 12:
                return True
    return False
