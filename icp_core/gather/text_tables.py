"""Text tables of any dialect: strict first, tolerant only where strict refuses, every cell accounted for.

Cells come back as they stand in the file. An empty cell is NULL, whether it was quoted or not; nothing
is trimmed, no type is guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from icp_core.errors import UnreadableFileError
from icp_core.gather.cutting import (
    BLANK_PAIR,
    BLANK_RUN,
    Dialect,
    NotStrictError,
    Record,
    cut,
    lines_of,
    unwrapped,
)
from icp_core.gather.dialect import FoundDialect, find_dialect
from icp_core.gather.encoding import Encoding
from icp_core.gather.fixed_columns import placed
from icp_core.gather.grid_tables import GridLayout, GridTable, tables_in_grid
from icp_core.gather.limits import Limits
from icp_core.gather.raw_table import Problem, RawTable, ReadSettings

KnownLabel = Callable[[str], bool]


def read_text_tables(
    text: str,
    file_name: str,
    encoding: Encoding,
    *,
    settings: ReadSettings,
    limits: Limits,
    known_label: KnownLabel | None = None,
) -> list[RawTable]:
    """Read all tables of a decoded text.

    Parameters
    ----------
    text
        The whole text.
    settings
        What is fixed by the user; ``None`` fields are found out.

    Returns
    -------
    list of RawTable
        In the order of the file; ``settings`` of each says how it was read.

    Raises
    ------
    UnreadableFileError
        There is no cell in the text, or the table is wider than the limits allow.
    """
    found = find_dialect(text, delimiter=settings.delimiter, quote=settings.quote, escape=settings.escape)
    shift, first = 0, ""
    if found.sep_line:
        first = lines_of(text[:200])[0]
        text = text[len(first) :]
        text = text[2:] if text.startswith("\r\n") else text[1:]
        shift = 1
    records, dialect, lenient, notes = _records(text, found, settings)
    records, more = _with_inner_breaks(records, text, dialect, lenient)
    notes += more
    records = placed(records, text, dialect)
    if not any(any(cell and not cell.isspace() for cell in record.cells) for record in records):
        raise UnreadableFileError("The file holds no table: all its lines are blank. Export it again.")
    _check_width(_usual_width(records) or 0, limits)
    records, opened = _opened(records, dialect)
    notes += opened
    if encoding.note:
        notes.append(encoding.note)
    rows = [record.cells for record in records]
    numbers = [record.line + shift for record in records]
    layout = GridLayout(
        row_word="line",
        joiner=" " if dialect.delimiter in (BLANK_RUN, BLANK_PAIR) else dialect.delimiter or " ",
        comment=settings.comment,
        header_numbers=settings.header_rows,
        known_label=known_label,
    )
    tables = tables_in_grid(rows, numbers, layout)
    if not tables:
        raise UnreadableFileError("The file holds no table, only remarks. Export it again.")
    sep = [Problem(1, None, first, "This line names the delimiter.", "Nothing to do.")] if shift else []
    used = replace(
        settings,
        encoding=encoding.name,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        escape=dialect.escape,
        comment=settings.comment if settings.comment is not None else _comment_used(tables),
        lenient=lenient,
    )
    return [
        _raw_table(table, file_name, used, limits, notes, index, len(tables), sep if index == 0 else [])
        for index, table in enumerate(tables)
    ]


def string_columns(rows: list[list[str]], width: int) -> pa.Table:
    """Turn rows of texts into columns ``c0`` …; an empty text is NULL."""
    names = [f"c{j}" for j in range(width)]
    if not rows:
        return pa.table({name: pa.array([], pa.string()) for name in names})
    arrays = []
    for column in zip(*rows, strict=True):
        array = pa.array(column, pa.string())
        if not isinstance(array, pa.ChunkedArray):
            array = pa.chunked_array([array])
        arrays.append(pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array))
    return pa.table(arrays, names=names)


def _records(
    text: str, found: FoundDialect, settings: ReadSettings
) -> tuple[list[Record], Dialect, bool, list[str]]:
    """Cut the text: strictly, with the other escape, then tolerantly; said when tolerant."""
    dialect = found.dialect
    if settings.lenient:
        return _lenient(text, dialect)
    tried = [dialect]
    if dialect.quote and dialect.escape is None and settings.escape is None and "\\" + dialect.quote in text:
        tried.append(replace(dialect, escape="\\"))
    for one in tried:
        try:
            records = list(cut(text, one))
        except NotStrictError:
            continue
        if _swallowed(records):
            lenient, same, _, notes = _lenient(text, one)
            if _irregular(lenient) < _irregular(records):
                return lenient, same, True, notes
        return records, one, False, []
    return _lenient(text, dialect)


_INNER_BREAK = "\x85"  # stands for a line feed inside a cell while the text is cut


def _with_inner_breaks(
    records: list[Record], text: str, dialect: Dialect, lenient: bool
) -> tuple[list[Record], list[str]]:
    """Records that end in CR LF, where a lone LF stands inside cells although nothing is quoted (databases write so)."""
    ends = text.count("\r\n")
    lone = text.count("\n") - ends
    if not ends or not lone or lenient or _INNER_BREAK in text:
        return records, []
    crooked, width = _irregular(records), _usual_width(records) or 0
    cut_in_halves = max(len(record.cells) for record in records[:40]) > width  # the names stand on one line
    if crooked < lone and not cut_in_halves:
        return records, []
    whole = text.replace("\r\n", "\r").replace("\n", _INNER_BREAK).replace("\r", "\r\n")
    try:
        again = list(cut(whole, dialect))
    except NotStrictError:
        return records, []
    wider = (_usual_width(again) or 0) - width
    if wider < 0 or _irregular(again) > 0.1 * (lone if wider else crooked):
        return records, []
    result, before = [], 0
    for record in again:
        breaks = sum(cell.count(_INNER_BREAK) for cell in record.cells)
        cells = [cell.replace(_INNER_BREAK, "\n") for cell in record.cells] if breaks else record.cells
        result.append(Record(cells, record.line + before))
        before += breaks
    return result, ["Cells hold line breaks without quotes; a record ends where both CR and LF stand."]


def _lenient(text: str, dialect: Dialect) -> tuple[list[Record], Dialect, bool, list[str]]:
    width = _usual_width(cut(text[:400_000], dialect, lenient=True))
    records = list(cut(text, dialect, lenient=True, width=width))
    note = "Some quotes in the file are not placed as they should be; these lines were read tolerantly."
    return records, dialect, True, [note]


def _usual_width(records: Iterable[Record]) -> int | None:
    counts = Counter(len(record.cells) for record in records)
    return counts.most_common(1)[0][0] if counts else None


def _irregular(records: list[Record]) -> int:
    counts = Counter(len(record.cells) for record in records)
    return sum(counts.values()) - counts.most_common(1)[0][1] if counts else 0


def _swallowed(records: list[Record]) -> bool:
    """Whether a cell of several lines stands in a record of the wrong width: a stray quote may have eaten lines."""
    width = _usual_width(records)
    if width is None or width < 2:
        return False
    return any(
        len(record.cells) != width and any("\n" in cell and cell.count("\n") >= 1 for cell in record.cells)
        for record in records
    )


def _opened(records: list[Record], dialect: Dialect) -> tuple[list[Record], list[str]]:
    """Open records that were quoted as a whole, when that gives the width of the table."""
    if not dialect.quote or not dialect.delimiter or len(dialect.delimiter) > 1:
        return records, []
    counts = Counter(len(record.cells) for record in records if any(record.cells))
    width = counts.most_common(1)[0][0] if counts else 1
    wrapped = [
        record for record in records if len(record.cells) == 1 and dialect.delimiter in record.cells[0]
    ]
    if not wrapped:
        return records, []
    if width == 1:
        inner: Counter[int] = Counter()
        for record in wrapped[:300]:
            try:
                inner.update(len(one.cells) for one in cut(record.cells[0], dialect))
            except NotStrictError:
                continue
        if not inner or inner.most_common(1)[0][1] < 0.8 * min(len(wrapped), 300):
            return records, []
        width = inner.most_common(1)[0][0]
    # A remark with one comma would open to two cells as well; in a table of two columns many lines must be so.
    if width < 2 or (width == 2 and len(wrapped) < 0.2 * len(records)):
        return records, []
    result, opened = [], 0
    for record in records:
        better = unwrapped(record, dialect, width)
        opened += better is not None
        result.append(better or record)
    if not opened:
        return records, []
    return result, [f"{opened:,} lines were quoted as a whole; they were opened."]


def _comment_used(tables: list[GridTable]) -> str | None:
    marked = any(
        problem.problem == "This line is a comment." for table in tables for problem in table.leftovers
    )
    return "#" if marked else None


def _check_width(width: int, limits: Limits) -> None:
    if width > limits.max_columns:
        raise UnreadableFileError(
            f"The table has {width:,} columns; at most {limits.max_columns:,} are read. Export fewer columns."
        )


def _raw_table(
    table: GridTable,
    file_name: str,
    settings: ReadSettings,
    limits: Limits,
    notes: list[str],
    index: int,
    total: int,
    more: list[Problem],
) -> RawTable:
    _check_width(len(table.names), limits)
    lenient = [
        Problem(
            None,
            None,
            None,
            "The quoting of this file is broken in places.",
            "Compare the rows with the source.",
        )
    ]
    return RawTable(
        file_name=file_name,
        sheet=None if total == 1 else f"Table {index + 1}",
        columns=table.names,
        header=table.header,
        cells=string_columns(table.rows, len(table.names)),
        row_numbers=pa.array(table.numbers, pa.int64()),
        settings=replace(settings, header_rows=table.header_numbers),
        leftovers=(*more, *table.leftovers),
        problems=(*(lenient if settings.lenient else ()), *table.problems),
        notes=(*notes, *table.notes),
    )
