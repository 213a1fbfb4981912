"""Find delimiter, quote and escape of a text table by trying them and judging the table that comes out.

The judgement follows the consistency measure of van den Burg, Nazábal & Sutton, "Wrangling messy CSV
files by detecting row and type patterns", Data Min. Knowl. Disc. 33 (2019): rows of one pattern, cells
of a known type.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from icp_core.gather.cell_types import CODE, DATE, EMPTY, LONG, NUMBER, TYPED, cell_type
from icp_core.gather.cutting import BLANK_PAIR, BLANK_RUN, Dialect, NotStrictError, cut, lines_of
from icp_core.gather.fixed_columns import is_ruled

SAMPLE_CHARS = 120_000
SAMPLE_LINES = 250
_USUAL = (",", ";", "\t", "|")
_RARE = (":", "^", "~", "#", "\x01", "\x02", "\x1e", "\x1f", "¦", "§", "!", "&", "*", "/")
_MULTIPLE = (
    "||",
    "::",
    "~|~",
    "|~|",
    "^^",
    ";;",
    "|;|",
    "##",
    "@@",
    "~~",
    "$$",
    "%%",
    "<>",
    "=>",
    ", ",
    "; ",
    "| ",
    " | ",
    " ; ",
    "\t\t",
)
_SEP_LINE = re.compile(r'^"?sep=(.{1,3}?)"?$', re.IGNORECASE)


@dataclass(frozen=True)
class FoundDialect:
    """The dialect found, whether strict reading accepts the sample, and lines used up by a ``sep=`` line."""

    dialect: Dialect
    strict: bool
    sep_line: bool
    score: float


def find_dialect(
    text: str,
    *,
    delimiter: str | None = None,
    quote: str | None = None,
    escape: str | None = None,
) -> FoundDialect:
    """Find how the cells of a text are told apart; what is given is kept.

    >>> find_dialect("a;b;c\\n1,5;x;3\\n2,5;y;4\\n").dialect.delimiter
    ';'
    """
    sample = sample_of(text)
    first = lines_of(sample[:40])[0] if sample else ""
    sep = _SEP_LINE.match(first.strip())
    sep_line = sep is not None
    if sep_line:
        sample = sample[len(first) :].lstrip("\r\n")
        if delimiter is None:
            delimiter = sep.group(1).replace("\\t", "\t")
    lines = [line for line in lines_of(sample) if line.strip()]
    body = [line for line in lines if not re.match(r"#(\s|$|-)", line)] or lines
    if delimiter is None and quote is None and is_ruled(lines):
        return FoundDialect(Dialect(BLANK_PAIR, ""), True, sep_line, 1.0)
    delimiters = [delimiter] if delimiter is not None else _candidates(body)
    quotes = [quote] if quote is not None else _quotes(sample)
    wrapped = _wrapped(body, delimiters) if '"' in quotes else None
    if wrapped is not None:
        return FoundDialect(wrapped, True, sep_line, 1.0)
    best: FoundDialect | None = None
    cleaned = "\n".join(body)
    for one in delimiters:
        for mark in quotes:
            for how in [escape or None] if escape is not None or not mark else _escapes(sample, mark):
                dialect = Dialect(
                    one, mark, how, bool(mark) and f"{one} {mark}" in sample and f"{one}{mark}" not in sample
                )
                found = _judged(cleaned, dialect, sep_line, truncated=len(sample) < len(text))
                # Where quotes are well-formed, a remark cut at its comma is no reason to do without them.
                unquoted = (
                    best and best.strict and best.dialect.quote and best.dialect.delimiter == one and not mark
                )
                if best is None or found.score > best.score * (1.05 if unquoted else 1.0001):
                    best = found
    if best is None or (best.score < 0.04 and delimiter is None):
        whole_line = Dialect("", '"' if '"' in quotes and _all_quoted(body) else "")
        return FoundDialect(whole_line if quote is None else Dialect("", quote), True, sep_line, 0.0)
    return best


def sample_of(text: str) -> str:
    """The beginning of a text, cut at the end of a line."""
    if len(text) <= SAMPLE_CHARS:
        return text
    position = text.rfind("\n", 0, SAMPLE_CHARS)
    return text[: position + 1] if position > SAMPLE_CHARS // 2 else text[:SAMPLE_CHARS]


def _candidates(lines: list[str]) -> list[str]:
    """Delimiters that occur in a fair share of the lines, the usual ones first."""
    sample = lines[:SAMPLE_LINES]
    found = []
    for delimiter in (*_USUAL, *_MULTIPLE, *_RARE, " "):
        share = sum(delimiter in line for line in sample) / max(len(sample), 1)
        if share >= (0.2 if delimiter in _USUAL else 0.7):
            found.append(delimiter)
    if sample and sum("  " in line.strip() for line in sample) > 0.7 * len(sample):
        found += [BLANK_PAIR, BLANK_RUN]
    return found


def _quotes(sample: str) -> list[str]:
    marks = ['"'] if '"' in sample else []
    if re.search(r"(?:^|[,;\t| ])'", sample, re.MULTILINE):
        marks.append("'")
    return [*marks, ""] if marks else ['"']


def _escapes(sample: str, mark: str) -> list[str | None]:
    return [None, "\\"] if "\\" + mark in sample else [None]


def _all_quoted(lines: list[str]) -> bool:
    return all(len(line) > 1 and line.strip()[0] == line.strip()[-1] == '"' for line in lines if line.strip())


def _wrapped(lines: list[str], delimiters: list[str]) -> Dialect | None:
    """The dialect inside lines that are quoted as a whole, when they all are."""
    if not _all_quoted(lines):
        return None
    for delimiter in delimiters:
        dialect = Dialect(delimiter)
        if len(delimiter) != 1 or delimiter == " ":
            continue
        widths: Counter[int] = Counter()
        try:
            for line in lines[:SAMPLE_LINES]:
                outer = list(cut(line, dialect))
                if len(outer) != 1 or len(outer[0].cells) != 1:
                    break
                widths.update(len(inner.cells) for inner in cut(outer[0].cells[0], dialect))
            else:
                width, count = widths.most_common(1)[0]
                if width > 1 and count >= 0.8 * len(lines[:SAMPLE_LINES]):
                    return dialect
        except NotStrictError:
            continue
    return None


def _judged(sample: str, dialect: Dialect, sep_line: bool, truncated: bool) -> FoundDialect:
    strict = True
    rows: list[list[str]] = []
    try:
        for record in cut(sample, dialect):
            rows.append(record.cells)
            if len(rows) >= SAMPLE_LINES:
                break
    except NotStrictError as error:
        # A quote cut off by the end of the sample is not the file's fault.
        if not (truncated and rows and ("unexpected end" in str(error) or "not closed" in str(error))):
            strict = False
            rows = [record.cells for record in _first(cut(sample, dialect, lenient=True), SAMPLE_LINES)]
            width = Counter(map(len, rows)).most_common(1)[0][0] if rows else None
            again = cut(sample, dialect, lenient=True, width=width)
            rows = [record.cells for record in _first(again, SAMPLE_LINES)]
    if sum(len(row) > 1 for row in rows) < 0.2 * len(rows):  # nearly all lines hold no delimiter
        return FoundDialect(dialect, strict, sep_line, 0.0)
    return FoundDialect(dialect, strict, sep_line, _consistency(rows, dialect) * (1.0 if strict else 0.8))


def _first(records, count: int):
    for index, record in enumerate(records):
        if index >= count:
            return
        yield record


def _consistency(rows: list[list[str]], dialect: Dialect) -> float:
    if not rows:
        return 0.0
    patterns = Counter(len(row) for row in rows)
    # Widths seen once or twice (titles, footers) and lines of one cell say nothing about the delimiter.
    common = {
        width: count
        for width, count in patterns.items()
        if count > max(1 if len(rows) > 5 else 0, 0.02 * len(rows)) and (width > 1 or 2 * count > len(rows))
    }
    n_patterns = max(1, len(common)) + (0.3 if len(common) < len(patterns) else 0.0)
    if not common:  # every line is cut in another number of cells
        n_patterns = len(patterns)
    pattern = sum(count * max(0.001, width - 1) / width for width, count in patterns.items()) / n_patterns
    pattern /= len(rows)
    known = total = 0.0
    for row in rows:
        if len(row) == 1:
            continue
        for cell in row[:300]:
            total += 1
            known += _plausible(cell, dialect)
    types = known / total if total else 0.001
    delimiter = dialect.delimiter
    prior = 1.0
    if delimiter in (" ", BLANK_RUN, BLANK_PAIR):
        prior = 0.6 if delimiter == " " else 0.66 if delimiter == BLANK_PAIR else 0.65
        modal = patterns.most_common(1)[0][1] / len(rows)
        if modal < 0.9:  # prose has blanks too, but not the same number in every line
            prior *= 0.2
    elif delimiter not in _USUAL:
        prior = 0.75 if len(delimiter) == 1 else 1.02
    if dialect.quote == "'":
        prior *= 0.97
    return pattern * types * prior


def _plausible(cell: str, dialect: Dialect) -> float:
    """How much a cell looks like one whole value (0 to 1)."""
    kind = cell_type(cell) if len(cell) <= 400 else LONG
    if kind == EMPTY:
        return 0.9
    if kind in TYPED:
        return 1.0 if kind in (NUMBER, DATE) or kind != CODE else 0.95
    stripped = cell.strip()
    score = 0.9
    for mark in "\"'":
        opened, closed = stripped[0] == mark, stripped[-1] == mark and len(stripped) > 1
        if opened and closed:
            score = 0.15  # quotes that this dialect should have taken off
        elif mark == '"' and (opened or closed):
            score = 0.3 if mark == dialect.quote else 0.0  # a quoted cell cut in two
    if any(mark in stripped for mark in ("\t", "|", ";")):
        score *= 0.6
    if cell[0] == " " or cell[-1] == " ":
        score *= 0.97
    return score
