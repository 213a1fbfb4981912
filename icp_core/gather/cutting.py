"""Cut text into records and cells by a given dialect: strictly first, tolerantly only when asked.

Two cutters give the same cells for well-formed text: Python's ``csv`` module (fast, one-character
delimiters) and the scanner of this module (any delimiter, either escape, forgiving of stray quotes).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

BLANK_RUN = " +"  # columns set apart by one or more blanks
BLANK_PAIR = "  +"  # … by two or more, so that a cell may hold single blanks
_MOST_CELL = 1 << 28
_LENIENT_WINDOW = 200_000  # a stray quote swallows at most this many characters
_LENIENT_LINES = 60

_Cell = tuple[
    str, int, bool, int
]  # text, where the next cell begins, whether the record ended, line breaks inside


@dataclass(frozen=True)
class Dialect:
    """How cells are told apart. ``delimiter`` "" = one column; ``quote`` "" = no quoting."""

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None  # None = quotes inside quotes are doubled
    skip_blank: bool = False  # blanks between a delimiter and an opening quote belong to nothing


class NotStrictError(ValueError):
    """The text breaks its own quoting rules; only a tolerant reading goes on."""


class Record(NamedTuple):
    """One record: its cells and the line of the source it starts on (1-based)."""

    cells: list[str]
    line: int


def cut(text: str, dialect: Dialect, *, lenient: bool = False, width: int | None = None) -> Iterator[Record]:
    """Cut ``text`` into records; blank lines are records with one empty cell.

    ``width`` is the number of cells expected, which lets the tolerant reading tell a stray quote from a
    cell of several lines. Raises :class:`NotStrictError` on the first broken quote unless ``lenient``.

    >>> [r.cells for r in cut('a,b\\n1,"x, ""y"" z"\\n', Dialect())]
    [['a', 'b'], ['1', 'x, "y" z']]
    """
    if not dialect.quote or dialect.quote not in text:
        yield from _cut_plain(text, dialect)
    elif _fits_csv_module(dialect) and not lenient:
        yield from _cut_with_csv(text, dialect)
    else:
        yield from _Scanner(text, dialect, lenient, width).records()


def lines_of(text: str) -> list[str]:
    """The lines of a text without their ends. A lone CR ends a line only where LF ends none or few."""
    if lone_returns_end_lines(text):
        return re.split("\r\n|\n|\r", text)
    if "\r" not in text:
        return text.split("\n")
    return re.split("\r?\n", text)


def lone_returns_end_lines(text: str) -> bool:
    """Whether CR alone ends lines in this text (old Macintosh files) rather than standing in a cell."""
    returns = text.count("\r") - text.count("\r\n")
    return returns > 0 and returns > 0.1 * text.count("\n")


def _fits_csv_module(dialect: Dialect) -> bool:
    return len(dialect.delimiter) == 1 and dialect.escape is None and len(dialect.quote) <= 1


def _cut_with_csv(text: str, dialect: Dialect) -> Iterator[Record]:
    csv.field_size_limit(_MOST_CELL)
    # newline="" keeps every line end as it is and splits at CR too; "\n" splits at LF alone.
    stream = io.StringIO(text, newline="" if lone_returns_end_lines(text) else "\n")
    reader = csv.reader(
        stream,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL,
        skipinitialspace=dialect.skip_blank,
        strict=True,
    )
    line = 1
    try:
        for cells in reader:
            yield Record(cells or [""], line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise NotStrictError(f"line {line}: {error}") from error


def _cut_plain(text: str, dialect: Dialect) -> Iterator[Record]:
    """Without quotes a record is a line."""
    lines = lines_of(text)
    if lines and not lines[-1]:
        lines.pop()
    delimiter = dialect.delimiter
    blanks = re.compile(delimiter) if delimiter in (BLANK_RUN, BLANK_PAIR) else None
    for number, line in enumerate(lines, 1):
        if blanks is not None:
            yield Record(blanks.split(line.strip(" ")), number)
        elif delimiter:
            yield Record(line.split(delimiter), number)
        else:
            yield Record([line], number)


class _Scanner:
    """A cell-by-cell reader for quoting that the csv module cannot express or refuses."""

    def __init__(self, text: str, dialect: Dialect, lenient: bool, width: int | None):
        self.text = text
        self.dialect = dialect
        self.lenient = lenient
        self.width = width
        self.blanks = dialect.delimiter in (BLANK_RUN, BLANK_PAIR)
        stop = (dialect.delimiter if self.blanks else re.escape(dialect.delimiter)) or r"(?!)"
        self.returns = lone_returns_end_lines(text)
        end = r"\r\n|\n|\r" if self.returns else r"\r?\n"
        self.unquoted = re.compile(rf"(?s:(.*?))(?:({stop})|({end})|\Z)")
        self.after = re.compile(rf"{'[ ]*' if lenient else ''}(?:({stop})|({end})|\Z)")
        self.run = re.compile(re.escape(dialect.quote) + "+")
        self.lead = re.compile(r" *" if dialect.skip_blank or lenient else "")
        quote = re.escape(dialect.quote)
        if dialect.escape:
            escape = re.escape(dialect.escape)
            self.body = re.compile(rf"(?s:[^{quote}{escape}]+|{escape}.|{quote}{quote})*+")
            self.unescape = re.compile(rf"{escape}([{quote}{escape}])|{quote}({quote})")
        else:
            self.body = re.compile(rf"(?:[^{quote}]+|{quote}{quote})*+")

    def records(self) -> Iterator[Record]:
        text, position, line, size = self.text, 0, 1, len(self.text)
        while position < size:
            while self.blanks and position < size and text[position] == " ":
                position += 1
            cells: list[str] = []
            start_line = line
            ended = False
            while not ended:
                cell, position, ended, crossed = self._cell(position, len(cells), line)
                cells.append(cell)
                line += crossed
            line += 1
            if self.blanks and len(cells) > 1 and cells[-1] == "":
                cells.pop()
            yield Record(cells, start_line)

    def _cell(self, position: int, index: int, line: int) -> _Cell:
        text = self.text
        opening = self.lead.match(text, position).end()
        if text.startswith(self.dialect.quote, opening):
            found = self._quoted(opening, index, line)
            if found is not None:
                return found
        match = self.unquoted.match(text, position)
        return match.group(1), match.end(), match.group(2) is None, 0

    def _quoted(self, opening: int, index: int, line: int) -> _Cell | None:
        text, quote = self.text, self.dialect.quote
        if self.lenient:
            return self._tolerant(opening, index)
        body = self.body.match(text, opening + 1)
        closing = body.end()
        after = self.after.match(text, closing + 1) if text.startswith(quote, closing) else None
        if after is None:
            raise NotStrictError(f"line {line}: a quote is not closed where its cell ends")
        return self._closed(body.group(), after)

    def _tolerant(self, opening: int, index: int) -> _Cell | None:
        """The nearest quote that ends a cell; quotes in between are part of the text.

        None when no quote ends the cell within reach: then the opening quote is part of the text too.
        """
        text, limit = self.text, min(len(self.text), opening + _LENIENT_WINDOW)
        escape = self.dialect.escape
        fallback = None
        for run in self.run.finditer(text, opening + 1, limit):
            after = self.after.match(text, run.end())
            if after is None or (escape and text[run.start() - 1] == escape):
                continue
            whole = text[opening + 1 : run.end() - 1]
            if whole.count("\n") > _LENIENT_LINES or self._swallows(whole, index):
                break
            # An even run is doubled quotes inside the text, unless the cell is just empty.
            if len(run.group()) % 2 == 1:
                return self._closed(whole, after)
            if run.start() == opening + 1:
                return self._closed(text[opening + 1 : run.end() - 1], after)
            fallback = fallback or (whole, after)
        return None if fallback is None else self._closed(*fallback)

    def _swallows(self, body: str, index: int) -> bool:
        """Whether a quoted cell over several lines would eat whole records of the expected width."""
        width, delimiter = self.width, self.dialect.delimiter
        if width is None or width < 2 or self.blanks or not delimiter:
            return False
        lines = re.split("\r\n|\n|\r" if self.returns else "\r?\n", body)
        if len(lines) < 2:
            return False
        rest_of_first = index + 1 + lines[0].count(delimiter)
        eaten = any(line.count(delimiter) + 1 >= width for line in lines[1:-1])
        return rest_of_first == width and (
            eaten or (len(lines) == 2 and lines[1].count(delimiter) + 1 >= width - 1)
        )

    def _closed(self, body: str, after: re.Match[str]) -> _Cell:
        if self.dialect.escape:
            cell = self.unescape.sub(lambda found: found.group(1) or found.group(2), body)
        else:
            cell = body.replace(self.dialect.quote * 2, self.dialect.quote)
        breaks = body.count("\n")
        if self.returns:
            breaks += body.count("\r") - body.count("\r\n")
        return cell, after.end(), after.group(1) is None, breaks


def unwrapped(record: Record, dialect: Dialect, width: int) -> Record | None:
    """A record that was quoted as a whole, opened again; None when that does not give ``width`` cells."""
    if len(record.cells) != 1 or not dialect.delimiter or dialect.delimiter not in record.cells[0]:
        return None
    try:
        inner = list(cut(record.cells[0], dialect))
    except NotStrictError:
        return None
    if len(inner) == 1 and len(inner[0].cells) == width:
        return record._replace(cells=inner[0].cells)
    return None
