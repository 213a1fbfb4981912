"""Typed cells of a sheet as texts: dates in ISO, numbers at their shortest, booleans as Excel shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

ERROR_CELLS = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!"}
)
_MIDNIGHT = dt.time(0, 0)


def text_grid(values: list[list]) -> tuple[list[list[str]], list[tuple[int, int, str]]]:
    """Turn the typed cells of a sheet into texts; also the places of error cells (row, column, text).

    A column of dates shows times only when at least one of them has a time other than midnight.

    >>> text_grid([["a", 45384.0, 12.5, True], ["b", 0.30000000000000004, "#N/A", ""]])[0]
    [['a', '45384', '12.5', 'TRUE'], ['b', '0.3', '', '']]
    """
    if not values:
        return [], []
    columns, errors = [], []
    for index, column in enumerate(zip(*values, strict=True)):
        kinds = set(map(type, column))
        texts = cell_texts(column, kinds)
        if str in kinds:
            bad = [row for row, text in enumerate(texts) if text in ERROR_CELLS]
            for row in bad:
                errors.append((row, index, texts[row]))
                texts[row] = ""
        columns.append(texts)
    return [list(row) for row in zip(*columns, strict=True)], sorted(errors)


def cell_texts(column: Sequence[object], kinds: set[type]) -> list[str]:
    """The texts of one column whose cells are of these types; a blank cell is an empty text."""
    if kinds == {str}:
        return list(column)
    if kinds <= {str, float, int}:
        return [cell if type(cell) is str else number_text(cell) for cell in column]
    with_time = dt.datetime in kinds and any(
        type(cell) is dt.datetime and cell.time() != _MIDNIGHT for cell in column
    )
    return [_cell_text(cell, with_time) for cell in column]


def number_text(value: float | int) -> str:
    """The shortest text of a number with 15 significant digits; whole numbers without ``.0``.

    >>> number_text(45384.0), number_text(0.1 + 0.2), number_text(1e21)
    ('45384', '0.3', '1e+21')
    """
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if type(value) is int:
        return str(value)
    if value.is_integer() and abs(value) < 1e17:
        return str(int(value))
    return f"{value:.15g}"


def _cell_text(cell: object, with_time: bool) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, dt.datetime):
        rounded = cell if cell.microsecond < 500_000 else cell + dt.timedelta(seconds=1)
        return rounded.isoformat(" ", "seconds") if with_time else cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat() + (" 00:00:00" if with_time else "")
    if isinstance(cell, dt.time):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, dt.timedelta):
        seconds = int(cell.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    return "" if cell is None else str(cell)
