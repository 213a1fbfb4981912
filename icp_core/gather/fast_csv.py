"""The fast path for large, regular text tables: DuckDB reads them with the settings found here, and is checked.

The head of the file is read by our own cutter; DuckDB reads all of it, strictly, with exactly those settings.
The result is believed only when its first records equal ours and every line break of the file is
accounted for. Otherwise the caller falls back to the own cutter.
"""

from __future__ import annotations

import mmap
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from icp_core.gather.arrow_file import MAPPED, new_arrow_path, open_arrow, write_arrow
from icp_core.gather.cutting import BLANK_PAIR, BLANK_RUN, Dialect, NotStrictError, Record, cut
from icp_core.gather.dialect import find_dialect
from icp_core.gather.encoding import Encoding, decode
from icp_core.gather.grid_tables import FOOTER, GridLayout, GridTable, tables_in_grid
from icp_core.gather.limits import FAST_FROM_BYTES, Limits
from icp_core.gather.raw_table import Problem, RawTable, ReadSettings

_HEAD_BYTES = 64_000
_ENOUGH_LINES = 200  # more than are looked at to find the header
_CHECKED_ROWS = 400
_TAIL_BYTES = 8_000
_MOST_BLANK_LINES = 10_000
_AT_ONCE = (4 << 20, 12 << 20)  # bytes; what DuckDB reads at once is also the longest line it takes
_BATCH_ROWS = 100_000
_READ_AHEAD_MB = 64  # of records that DuckDB may read before they are written
_SUSPECT = r"(?i)^\s*(?:grand |sub-?)totals?\b"


@dataclass(frozen=True)
class _Head:
    """What the first part of the file shows."""

    dialect: Dialect
    table: GridTable
    layout: GridLayout
    records: list[Record]


def read_fast(
    path: Path,
    file_name: str,
    encoding: Encoding,
    *,
    settings: ReadSettings,
    limits: Limits,
    known_label: Callable[[str], bool] | None,
    scratch: Path,
) -> RawTable | None:
    """Read a large regular file; None when it is not regular enough to be read this way."""
    if path.stat().st_size < FAST_FROM_BYTES or settings.lenient:
        return None
    marked = encoding.mark_bytes
    if encoding.name != "utf-8" or encoding.note:
        text = decode(path.read_bytes(), encoding)
        path, marked = scratch / "as_utf8", 0
        path.write_text(text, "utf-8", newline="")
        del text
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if b"\0" in data[:_HEAD_BYTES]:
            return None
        piece = data[marked : marked + _HEAD_BYTES]
        if piece.count(b"\n", 0, _HEAD_BYTES // 2) >= _ENOUGH_LINES:
            piece = piece[: _HEAD_BYTES // 2]
        head = _head(piece, settings, known_label)
        if head is None:
            return None
        tail_at, tail = _footer(data[max(marked, len(data) - _TAIL_BYTES) :], len(data), head)
        if not marked and tail_at == len(data):
            return _read_body(path, data, file_name, encoding, head, tail, settings, limits, scratch)
        body = scratch / "body"
        with body.open("wb") as target:
            stream.seek(marked)
            shutil.copyfileobj(stream, target, 1 << 22)
            target.truncate(tail_at - marked)
    with body.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return _read_body(body, data, file_name, encoding, head, tail, settings, limits, scratch)


def _read_body(
    path: Path,
    data: mmap.mmap,
    file_name: str,
    encoding: Encoding,
    head: _Head,
    tail: list[str],
    settings: ReadSettings,
    limits: Limits,
    scratch: Path,
) -> RawTable | None:
    with ThreadPoolExecutor(1) as beside:
        counting = beside.submit(_line_breaks, data)
        cells, cells_file = _cells(path, head, limits, scratch)
        breaks = counting.result()
    if cells is None:
        return None
    rows = _row_numbers(cells, data, breaks, head)
    if rows is None or not _agrees(cells, head) or _suspicious(cells, head.table.header):
        return None
    table = _table(cells, rows, file_name, encoding, head, settings, breaks, tail)
    return replace(table, cells_file=cells_file)


def _line_breaks(data: mmap.mmap) -> int:
    """How many line feeds there are, counted without holding the file in memory."""
    return sum(data[start : start + (1 << 20)].count(b"\n") for start in range(0, len(data), 1 << 20))


def _head(piece: bytes, settings: ReadSettings, known_label: Callable[[str], bool] | None) -> _Head | None:
    end = piece.rfind(b"\n")
    if end < 0:
        return None
    text = piece[: end + 1].decode("utf-8", "replace")
    if "\ufffd" in text or "\r" in text.replace("\r\n", ""):
        return None
    found = find_dialect(text, delimiter=settings.delimiter, quote=settings.quote, escape=settings.escape)
    dialect = found.dialect
    regular = (
        found.strict
        and not found.sep_line
        and not dialect.skip_blank
        and dialect.escape is None
        and dialect.delimiter not in ("", BLANK_RUN, BLANK_PAIR)
        and len(dialect.delimiter.encode()) <= 4
        and not (dialect.quote and "\\" + dialect.quote in text)
    )
    if not regular:
        return None
    records: list[Record] = []
    try:
        for record in cut(text, dialect):
            records.append(record)
    except NotStrictError:  # most likely the last record, cut off inside a quoted cell
        pass
    records = records[:-1]
    if len(records) < 30:
        return None
    layout = GridLayout(
        joiner=dialect.delimiter,
        comment=settings.comment,
        header_numbers=settings.header_rows,
        known_label=known_label,
    )
    tables = tables_in_grid([r.cells for r in records], [r.line for r in records], layout)
    if len(tables) != 1 or tables[0].problems:
        return None
    table = tables[0]
    above = all("above the table" in problem.problem for problem in table.leftovers)
    width = len(table.header[0]) if table.header else len(table.names)
    full = all(
        len(record.cells) == len(table.kept_columns)
        for record in records
        if record.line in set(table.numbers[:50])
    )
    if not above or not full or not table.rows or width != len(table.names):
        return None
    return _Head(dialect, table, layout, records)


def _footer(piece: bytes, size: int, head: _Head) -> tuple[int, list[str]]:
    """Where lines below the table begin in a file of ``size`` bytes that ends in ``piece``, and these lines."""
    start = piece.find(b"\n") + 1
    lines = piece[start:].splitlines(keepends=True)
    width = len(head.table.names)
    footer_from = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        text = lines[index].decode("utf-8", "replace").strip("\r\n")
        try:
            cells = next((record.cells for record in cut(text, head.dialect)), [""])
        except NotStrictError:
            break
        if len(cells) == width and width > 1:
            break
        first = next((cell for cell in cells if cell.strip()), "")
        if FOOTER.match(first) or (not first and index == footer_from - 1):
            footer_from = index
        elif width < 3 or len([cell for cell in cells if cell.strip()]) > 1:
            break
    below = [line.decode("utf-8", "replace").strip("\r\n") for line in lines[footer_from:]]
    if not any(FOOTER.match(line.strip(' "')) for line in below):
        return size, []
    return size - sum(len(line) for line in lines[footer_from:]), below


class _RefusedError(Exception):
    """DuckDB does not take the text as it is."""


def _as_they_come(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches; what DuckDB objects to while it reads reaches us as an error of the system, unlike a full disk."""
    try:
        yield from batches
    except (OSError, pa.ArrowException, duckdb.Error) as refused:
        raise _RefusedError from refused


def _cells(
    path: Path, head: _Head, limits: Limits, scratch: Path
) -> tuple[pa.Table, Path | None] | tuple[None, None]:
    """All records as DuckDB reads them, written to disk as they come, and the file they are in.

    Nothing when DuckDB refuses the text.
    """
    with _engine(limits.max_memory_bytes // 2 >> 20).cursor() as con:
        for at_once in _AT_ONCE:
            file = new_arrow_path(scratch) if MAPPED else None
            try:
                coming = _strictly(con, path, head, at_once).to_arrow_reader(_BATCH_ROWS)
                batches = _as_they_come(coming)
                if file is None:
                    return pa.Table.from_batches(batches, coming.schema), None
                write_arrow(file, coming.schema, batches)
                return open_arrow(file), file
            except (duckdb.Error, _RefusedError):
                if file is not None:
                    file.unlink()
    return None, None


@cache
def _engine(megabytes: int) -> duckdb.DuckDBPyConnection:
    """The DuckDB of this process, which is gone after one file: opening and closing it costs as much as 10 MB."""
    con = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": f"{megabytes}MB"})
    con.execute("SET enable_progress_bar = false")
    con.execute(f"SET streaming_buffer_size = '{_READ_AHEAD_MB}MB'")
    return con


def _strictly(
    con: duckdb.DuckDBPyConnection, path: Path, head: _Head, at_once: int
) -> duckdb.DuckDBPyRelation:
    dialect, table = head.dialect, head.table
    # DuckDB skips records; a blank line counts as one.
    skip = sum(1 for record in head.records if record.line < table.numbers[0])
    return con.sql(
        "SELECT * FROM read_csv($path, auto_detect = false, header = false, skip = $skip, columns = $columns,"
        " delim = $delim, quote = $quote, escape = $quote, strict_mode = true, null_padding = false,"
        " ignore_errors = false, nullstr = '', allow_quoted_nulls = true, comment = '',"
        " max_line_size = $at_once, buffer_size = $at_once)",
        params={
            "path": str(path),
            "skip": skip,
            "columns": {f"c{j}": "VARCHAR" for j in range(len(table.names))},
            "delim": dialect.delimiter,
            "quote": dialect.quote,
            "at_once": at_once,
        },
    )


def _row_numbers(cells: pa.Table, data: mmap.mmap, line_breaks: int, head: _Head) -> pa.Array | None:
    """The line each record starts on; None when some line break of the file is not accounted for."""
    first = head.table.numbers[0]
    lines = line_breaks + (0 if data[-1:] == b"\n" else 1)
    trailing = re.search(rb"(?:\r?\n)*\Z", data[-4096:]).group().count(b"\n")
    lines -= max(0, trailing - 1)
    n_rows = cells.num_rows
    if lines == first - 1 + n_rows:
        return pa.arange(first, first + n_rows)
    inside = None
    for column in cells.columns:
        if pc.any(pc.match_substring(column, "\n")).as_py():
            here = pc.fill_null(pc.cast(pc.count_substring(column, "\n"), pa.int64()), 0)
            inside = here if inside is None else pc.add(inside, here)
    if inside is None:
        return _between_blank_lines(data, first, n_rows, lines)
    breaks = pc.sum(inside).as_py()
    if lines != first - 1 + n_rows + breaks:
        return None
    # A record starts after all records before it, each of one line and its inner breaks.
    ends = pc.cumulative_sum(pc.add(inside, 1))
    return pc.subtract(pc.add(ends, first - 1), inside).combine_chunks()


def _between_blank_lines(data: mmap.mmap, first: int, n_rows: int, lines: int) -> pa.Array | None:
    """Line numbers when no cell holds a line break but some lines are blank (and were skipped)."""
    blank: list[int] = []
    line = position = 0
    for found in re.finditer(rb"\n(?=\r?\n)|\A(?=\r?\n)", data):
        line += data[position : found.end()].count(b"\n")
        position = found.end()
        blank.append(line + 1)
        if len(blank) > _MOST_BLANK_LINES:
            return None
    gone = {number for number in blank if first <= number <= lines}
    numbers = [number for number in range(first, lines + 1) if number not in gone]
    return pa.array(numbers, pa.int64()) if len(numbers) == n_rows else None


def _agrees(cells: pa.Table, head: _Head) -> bool:
    """Whether DuckDB's first records are ours, cell for cell."""
    ours = head.table.rows[:_CHECKED_ROWS]
    theirs = cells.slice(0, len(ours))
    if theirs.num_rows != len(ours):
        return False
    for j, column in enumerate(theirs.columns):
        if [value or "" for value in column.to_pylist()] != [row[j] for row in ours]:
            return False
    return True


def _suspicious(cells: pa.Table, header: Sequence[Sequence[str]]) -> bool:
    """Whether totals or the header again stand among the records, or something else than records at the end."""
    first = cells.column(0)
    # Looking for the word first costs half of what the pattern does on every cell.
    totals = first.filter(pc.match_substring(pc.ascii_lower(first), "total"))
    if pc.any(pc.match_substring_regex(totals, _SUSPECT)).as_py():
        return True
    if header and any(pc.any(pc.equal(first, row[0])).as_py() for row in header if row[0]):
        return True
    last = cells.slice(max(0, cells.num_rows - 40))
    rows = [
        [value or "" for value in row]
        for row in zip(*(column.to_pylist() for column in last.columns), strict=True)
    ]
    return any(FOOTER.match(next((cell.strip() for cell in row if cell.strip()), "")) for row in rows)


def _table(
    cells: pa.Table,
    rows: pa.Array,
    file_name: str,
    encoding: Encoding,
    head: _Head,
    settings: ReadSettings,
    below: int,
    tail: list[str],
) -> RawTable:
    """The table; ``tail`` are the lines under it, after line ``below``."""
    table, dialect = head.table, head.dialect
    leftovers = list(table.leftovers)
    for offset, line in enumerate(tail):
        if line.strip():
            leftovers.append(
                Problem(
                    below + 1 + offset,
                    None,
                    line.strip('"'),
                    "This line stands below the table.",
                    "Nothing to do if it is a footer or a remark.",
                )
            )
    return RawTable(
        file_name=file_name,
        sheet=None,
        columns=table.names,
        header=table.header,
        cells=cells,
        row_numbers=rows,
        settings=replace(
            settings,
            encoding=encoding.name,
            delimiter=dialect.delimiter,
            quote=dialect.quote,
            escape=None,
            header_rows=table.header_numbers,
            lenient=False,
        ),
        leftovers=tuple(leftovers),
        problems=(),
        notes=tuple(
            [*([encoding.note] if encoding.note else []), *(n for n in table.notes if "blank line" not in n)]
        ),
    )
