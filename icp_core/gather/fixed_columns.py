"""Columns told apart by their place on the line: what databases and mainframes print.

Blanks alone tell cells apart as long as none is empty. An empty cell leaves only a wider gap, so its place has to
be told from where the cells of other lines stand, or from the line of dashes under the names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from icp_core.gather.cutting import BLANK_PAIR, BLANK_RUN, Dialect, Record, lines_of

_RULER = re.compile(r"^\s*[-=]{2,}(?:\s+[-=]+)+\s*$")
_DASHES = re.compile(r"[-=]+")
_TOKENS = {BLANK_PAIR: re.compile(r"\S+(?: \S+)*"), BLANK_RUN: re.compile(r"\S+")}
_FEWEST_FULL = 3  # lines with every cell that show where the columns stand
_FEWEST_SHARE = 0.5  # and their share of all lines

_Span = tuple[int, int]


def placed(records: list[Record], text: str, dialect: Dialect) -> list[Record]:
    """Put the cells of lines with empty cells into their columns; records come back as they were where places do not tell.

    >>> from icp_core.gather.cutting import cut
    >>> text = "id   city    sum\\n1    Rome    7.5\\n2            8.0\\n3    Oslo    9.5\\n"
    >>> [r.cells for r in placed(list(cut(text, Dialect("  +"))), text, Dialect("  +"))][2]
    ['2', '', '8.0']
    """
    tokens = _TOKENS.get(dialect.delimiter)
    if tokens is None or len(records) < _FEWEST_FULL:
        return records
    lines = lines_of(text)
    ruled = _by_ruler(records, lines)
    if ruled is not None:
        return ruled
    width, count = Counter(len(record.cells) for record in records).most_common(1)[0]
    if width < 3 or count < _FEWEST_FULL or count < _FEWEST_SHARE * len(records):
        return records
    columns = _columns(records, lines, tokens, width)
    if columns is None:
        return records
    result = []
    for record in records:
        cells = record.cells
        if 1 < len(cells) < width and record.line <= len(lines):
            line = lines[record.line - 1]
            cells = _cells_by_place(line, [found.span() for found in tokens.finditer(line)], columns) or cells
        result.append(record._replace(cells=cells))
    return result


def is_ruled(lines: Sequence[str]) -> bool:
    """Whether a line of dashes under names shows where the columns of the lines below stand.

    >>> is_ruled(["ID NAME", "-- -----", "1  Rome", "2"]), is_ruled(["a - b", "-- --", "one long text", "more of it"])
    (True, False)
    """
    at = next((i for i, line in enumerate(lines[:40]) if _RULER.match(line)), None)
    if not at:
        return False
    body = [line for line in (lines[at - 1], *lines[at + 1 : at + 21]) if line.strip()]
    return len(body) >= 2 and sum(_fits(line, lines[at]) for line in body) >= 0.8 * len(body)


def _fits(line: str, ruler: str) -> bool:
    """Whether no text of a line stands in a gap of the ruler."""
    dashes = [found.span() for found in _DASHES.finditer(ruler)]
    return len(dashes) > 1 and not any(
        line[end:start].strip() for (_, end), (start, _) in zip(dashes, dashes[1:], strict=False)
    )


def _columns(
    records: Sequence[Record], lines: Sequence[str], tokens: re.Pattern[str], width: int
) -> list[_Span] | None:
    """From where to where the cells of each column reach in the full lines; None where columns overlap."""
    starts, ends = [1 << 30] * width, [0] * width
    for record in records:
        spans = [found.span() for found in tokens.finditer(lines[record.line - 1])]
        if len(spans) != width:
            continue
        for j, (start, end) in enumerate(spans):
            starts[j], ends[j] = min(starts[j], start), max(ends[j], end)
    apart = all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    return list(zip(starts, ends, strict=True)) if apart else None


def _cells_by_place(line: str, spans: Sequence[_Span], columns: Sequence[_Span]) -> list[str] | None:
    """One cell per column; None where a text touches no column, or two, or two texts the same."""
    cells = [""] * len(columns)
    for start, end in spans:
        touched = [j for j, (first, last) in enumerate(columns) if start < last and end > first]
        if len(touched) != 1 or cells[touched[0]]:
            return None
        cells[touched[0]] = line[start:end]
    return cells


def _by_ruler(records: list[Record], lines: Sequence[str]) -> list[Record] | None:
    """Cut all lines of the table at the groups of dashes under its names; None where a text stands across a gap."""
    at = next((i for i, record in enumerate(records[:40]) if _RULER.match(lines[record.line - 1])), None)
    if at is None or at == 0:
        return None
    ruler = lines[records[at].line - 1]
    starts = [found.start() for found in _DASHES.finditer(ruler)]
    body_ends = next(
        (i for i in range(at + 1, len(records)) if not any(cell.strip() for cell in records[i].cells)),
        len(records),
    )
    result = list(records)
    fits = total = 0
    for i in (at - 1, *range(at + 1, body_ends)):
        line = lines[records[i].line - 1]
        total += 1
        if not _fits(line, ruler) or line[: starts[0]].strip():
            continue
        fits += 1
        bounds = [*starts, len(line)]
        cells = [line[bounds[j] : bounds[j + 1]].strip() for j in range(len(starts))]
        result[i] = records[i]._replace(cells=cells)
    return result if fits >= 2 and fits >= 0.95 * total else None
