"""From a grid of cell texts to its tables: titles, header, rows, totals and footers told apart.

Text files and sheets share this. Every cell of the grid ends in a table or in its leftovers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from icp_core.gather.cell_types import DATE, NUMBER, TYPED, cell_type, filled, is_blank
from icp_core.gather.header import FoundHeader, column_names, find_header
from icp_core.gather.raw_table import Problem
from icp_core.gather.side_by_side import column_ranges
from icp_core.gather.titled_groups import joined_groups

MOST_SINGLE_PROBLEMS = 200  # per kind; beyond, one summary says how many more
_SHOWN = 300  # characters of a left-over row that a problem shows

FOOTER = re.compile(
    r"^\W*(?:grand totals?\b|copyright\b|©|\(c\)\s|confidential\b|generated\s+(?:by|on|at)\b|report generated|exported\s+(?:by|on|at)\b"
    r"|printed\b|sources?:|notes?:|page \d+|end of (?:report|file)|(?:accrual|cash) basis|created (?:by|on)\b|filtered by\b"
    r"|as of \d|last updated|disclaimer|total rows|rows?: ?\d|\(?\d+ rows?\b|total\s+records|company confidential|for internal use)",
    re.IGNORECASE,
)
TOTAL_START = re.compile(
    r"^(?:grand totals?\b.*|sub-?totals?\b.*|totals? for\b.+|totals?\s*[:–-]\s+\S.*|.+ totals?:?|totals?:?|gesamt(?:summe|ergebnis)?:?|summe:?|zwischensumme\b.*|sous-total\b.*|total général)$",
    re.IGNORECASE,
)
# “Nord Ergebnis”, “Summe Nord”, “Total Norte”: what spreadsheets of other languages write under each group.
TOTAL_OF = re.compile(
    r"^(?:.+ (?:gesamt|ergebnis|summe|totale|totaal|suma|resultado)|(?:summe|total|totale|totaal|suma|somme|insgesamt)(?: [\wÀ-ž&.'-]+){1,6}"
    r"|gesamtergebnis|eindtotaal|totale complessivo|total ge(?:ne)?ral|suma ko[nń]cowa)$",
    re.IGNORECASE,
)
_EXACT_TOTAL = re.compile(
    r"^(?:(?:grand |overall )?totals?|(?:gesamt)?summe|gesamt|insgesamt|total général|totale?|totaal):?$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^[-=_+*~.·|\s]{3,}$")  # a line drawn across the page
_SAYS_NOTHING = re.compile(r"^(?:-{1,3}|–|—|n/a|[A-Z]{3}|[$€£¥])$")  # a blank or a currency beside a sum
_PLAIN_TOTAL = re.compile(r"^(?:grand|sub|total|gesamt|summe|zwischen|sous)", re.IGNORECASE)
TOTAL_WORDS = re.compile(
    r"^(?:sum|count|avg|average|min|max|median|record count|mean)(?:\s*\(.*\))?:?$", re.IGNORECASE
)


@dataclass
class GridTable:
    """One table found in a grid; ``rows`` all have ``len(names)`` cells, ``numbers`` are source rows."""

    names: tuple[str, ...]
    header: tuple[tuple[str, ...], ...]
    header_numbers: tuple[int, ...]
    rows: list[list[str]]
    numbers: list[int]
    leftovers: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kept_columns: tuple[int, ...] = ()  # index of each column in the grid
    title: str | None = None


@dataclass(frozen=True)
class GridLayout:
    """What the caller knows about a grid: how rows are called, how leftovers are joined, what is fixed."""

    row_word: str = "line"
    joiner: str = ","
    comment: str | None = None
    header_numbers: tuple[int, ...] | None = None
    known_label: Callable[[str], bool] | None = None
    grouped_totals: bool = False  # sheets: rows such as "Subtotal" or "Count" stand between the records


def tables_in_grid(rows: Sequence[list[str]], numbers: Sequence[int], layout: GridLayout) -> list[GridTable]:
    """Find all tables of a grid, top to bottom; of several beside each other, first those on the left.

    ``rows`` may be ragged; ``numbers`` are their source rows. With ``layout.header_numbers`` the header is
    taken from there and the grid is one table.

    >>> grid = [["Report"], [""], ["name", "age"], ["Ann", "31"], ["Bo", "45"]]
    >>> found, = tables_in_grid(grid, [1, 2, 3, 4, 5], GridLayout())
    >>> found.names, found.rows, found.leftovers[0].value
    (('name', 'age'), [['Ann', '31'], ['Bo', '45']], 'Report')
    """
    if layout.header_numbers is None:
        ranges = column_ranges(rows, lambda start, end: _tables_in_columns(rows, numbers, layout, start, end))
        if len(ranges) > 1:
            found = [_tables_in_columns(rows, numbers, layout, *columns) for columns in ranges]
            return [table for tables in found for table in tables]
    return joined_groups(_tables_below_each_other(rows, numbers, layout))


def _tables_in_columns(
    rows: Sequence[list[str]], numbers: Sequence[int], layout: GridLayout, start: int, end: int
) -> list[GridTable]:
    """The tables of some columns of a grid, as if nothing stood beside them."""
    tables = _tables_below_each_other([row[start:end] for row in rows], numbers, layout)
    for table in tables:
        table.kept_columns = tuple(start + column for column in table.kept_columns)
        table.notes.append("Another table stands beside it; each is read by itself.")
    return tables


def _tables_below_each_other(
    rows: Sequence[list[str]], numbers: Sequence[int], layout: GridLayout
) -> list[GridTable]:
    ruled = [i for i, row in enumerate(rows) if _is_rule(row)]
    if not ruled or layout.header_numbers is not None:
        return _Grid(rows, numbers, layout).tables()
    drawn = set(ruled)
    kept = [i for i in range(len(rows)) if i not in drawn]
    tables = _Grid([rows[i] for i in kept], [numbers[i] for i in kept], layout).tables()
    for i in ruled if tables else ():
        # It is listed with the table it frames: the first that ends below it.
        table = next((t for t in tables if t.numbers and t.numbers[-1] > numbers[i]), tables[-1])
        why = f"This {layout.row_word} is only drawn."
        table.leftovers.append(
            Problem(numbers[i], None, next(c for c in rows[i] if c.strip()), why, "Nothing to do.")
        )
        table.leftovers.sort(key=lambda problem: problem.row or 0)
    return tables


def _is_rule(row: Sequence[str]) -> bool:
    """Whether a row is one line of dashes or the like, as programs draw around tables of text."""
    return filled(row) == 1 and _RULE.match(next(cell for cell in row if cell.strip())) is not None


class _Grid:
    def __init__(self, rows: Sequence[list[str]], numbers: Sequence[int], layout: GridLayout):
        self.rows = rows
        self.numbers = numbers
        self.layout = layout
        self.comments = _comment_rows(rows, layout.comment)
        self.gaps = [index in self.comments or is_blank(row) for index, row in enumerate(rows)]

    def tables(self) -> list[GridTable]:
        found: list[GridTable] = []
        start, size = 0, len(self.rows)
        pending: list[tuple[int, str]] = []
        while start < size:
            header = self._header(start)
            end, leftovers, next_start = self._extent(header, start)
            pending += [
                (i, "comment" if i in self.comments else "above the table")
                for i in self._above(start, header)
            ]
            table = self._table(header, end, pending + leftovers)
            pending = []
            if table is not None:
                found.append(table)
            start = next_start
        if pending and found:
            found[-1].leftovers.extend(self._problem(i, why) for i, why in pending)
        return found

    def _header(self, start: int) -> FoundHeader:
        fixed = self.layout.header_numbers
        if fixed is not None:
            wanted = set(fixed)
            at = tuple(i for i, number in enumerate(self.numbers) if number in wanted)
            first = at[-1] + 1 if at else next((i for i, gap in enumerate(self.gaps) if not gap), 0)
            return FoundHeader(at, first)
        early = self._early_header(start)
        if early is not None:
            return early
        start = self._after_remarks(start)
        end = min(len(self.rows), start + 260)
        view = [[] if self.gaps[i] else self.rows[i] for i in range(start, end)]
        found = find_header(view, known_label=self.layout.known_label)
        return FoundHeader(
            tuple(start + row for row in found.rows),
            start + found.first_data,
            None if found.units is None else start + found.units,
            found.score,
        )

    def _early_header(self, start: int) -> FoundHeader | None:
        """The header of the first block of rows, when it is a table by itself followed by others.

        Without this the clearest header of a file with several tables would hide the tables before it.
        """
        blocks = self._blocks(start, min(len(self.rows), start + 260))
        if len(blocks) < 2:
            return None
        widest = max(_modal_reach([self.rows[i] for i in block]) for block in blocks)
        for number, block in enumerate(blocks[:-1]):
            texts = [self.rows[i] for i in block]
            reach = _modal_reach(texts)
            commented = (block[-1] + 1) in self.comments
            same = sum(_reach(row) == reach for row in texts)
            if len(block) < 3 - commented or reach < 2 or same < 0.8 * len(block):
                continue
            rest = max((len(other) for other in blocks[number + 1 :]), default=0)
            if reach < 0.5 * widest and not commented and not (len(block) >= 4 and rest <= 3 * len(block)):
                continue
            if reach == 2 and not commented and _names_and_values(texts):
                continue
            found = find_header(texts, known_label=self.layout.known_label)
            if found.rows and found.score > (0.1 if commented else 0.35):
                return FoundHeader(
                    tuple(block[row] for row in found.rows),
                    block[found.first_data] if found.first_data < len(block) else block[-1] + 1,
                    None if found.units is None else block[found.units],
                    found.score,
                )
        return None

    def _after_remarks(self, start: int) -> int:
        """Where to look for the header: below blocks of names and values that stand above a longer one."""
        blocks = self._blocks(start, min(len(self.rows), start + 260))
        for block, below in zip(blocks, blocks[1:], strict=False):
            texts = [self.rows[i] for i in block]
            if len(below) <= len(block) or _modal_reach(texts) != 2 or not _names_and_values(texts):
                break
            start = below[0]
        return start

    def _blocks(self, start: int, end: int) -> list[list[int]]:
        """Runs of rows between blank rows and comments."""
        blocks: list[list[int]] = []
        for index in range(start, end):
            if self.gaps[index]:
                continue
            if not blocks or blocks[-1][-1] != index - 1:
                blocks.append([])
            blocks[-1].append(index)
        return blocks

    def _above(self, start: int, header: FoundHeader) -> list[int]:
        first = header.rows[0] if header.rows else header.first_data
        between = [i for i in range(first, header.first_data) if i not in header.rows]
        return [i for i in (*range(start, first), *between) if not is_blank(self.rows[i])]

    def _extent(self, header: FoundHeader, start: int) -> tuple[int, list[tuple[int, str]], int]:
        """Where the table ends, rows inside or after it that are not records, where to look on."""
        size, rows = len(self.rows), self.rows
        body = [
            row
            for i, row in enumerate(rows[header.first_data : header.first_data + 200], header.first_data)
            if not self.gaps[i]
        ]
        named = filled(rows[header.rows[-1]]) if header.rows else 0
        typical = max(_typical_fill(body), 0.85 * named)
        width = max([_reach(rows[i]) for i in header.rows] + [_modal_reach(body)], default=1)
        kinds = _column_kinds(body, width)
        index, end = header.first_data, header.first_data
        aside: list[tuple[int, str]] = []
        while index < size:
            if not self.gaps[index]:
                index += 1
                end = index
                continue
            gap_start = index
            while index < size and self.gaps[index]:
                index += 1
            stop = index
            while stop < size and not self.gaps[stop]:
                stop += 1
            block = list(range(index, stop))
            if not block:
                break
            commented = any(i in self.comments for i in range(gap_start, index))
            if self._is_text_block(block, width, typical) or self._is_footnote(block, body, width, typical):
                aside += [(i, "below the table") for i in block]
                index = stop
                continue
            if self.layout.header_numbers is None and self._starts_new_table(
                block, header, width, kinds, commented, size
            ):
                aside += [(i, "comment") for i in range(header.first_data, gap_start) if i in self.comments]
                return end, aside, gap_start
            index = stop
            end = stop
        aside += [(i, "comment") for i in range(header.first_data, size) if i in self.comments]
        return end, aside, size

    def _is_text_block(self, block: list[int], width: int, typical: float) -> bool:
        """Whether a block set apart by blank rows is a footer or a remark rather than records."""
        if width < 3 or typical < 2.5:
            return all(FOOTER.match(self._first_text(i)) for i in block)
        if any(FOOTER.match(self._first_text(i)) and filled(self.rows[i]) <= 2 for i in block[:2]):
            return all(filled(self.rows[i]) <= max(2, 0.5 * typical) for i in block)
        # A wide table's footnotes may be numbered, in two cells.
        most = 2 if typical >= 5 else 1
        return (
            all(filled(self.rows[i]) <= most and _reach(self.rows[i]) <= most for i in block)
            and len(block) <= 15
            and not self.layout.grouped_totals
        )

    def _is_footnote(
        self, block: list[int], body: Sequence[Sequence[str]], width: int, typical: float
    ) -> bool:
        """Whether the last block of a sheet is remarks in single cells, where no record or group has one cell."""
        return (
            width >= 3
            and typical >= 2.5
            and all(self.gaps[block[-1] + 1 :])
            and len(block) <= 15
            and all(filled(self.rows[i]) == 1 for i in block)
            and not any(filled(row) == 1 for row in body[:-1])
        )

    def _starts_new_table(
        self, block: list[int], header: FoundHeader, width: int, kinds: list[str], commented: bool, size: int
    ) -> bool:
        texts = [self.rows[i] for i in block]
        if len(block) < 2 and not commented:
            return False
        names = [cell.strip() for i in header.rows[:1] for cell in self.rows[i]]
        for row in texts[:3]:
            if names and [cell.strip() for cell in row][: len(names)] == names and filled(row) >= 2:
                return True
        reach = _modal_reach(texts)
        fits = _fit(texts[0], kinds)
        if reach == width and fits is not None and fits >= 0.7:
            return False
        found = find_header(texts, known_label=self.layout.known_label)
        if not found.rows:
            return False
        first = found.rows[0]
        if len(texts) <= found.first_data and not commented:
            return False
        below = [_reach(row) for row in texts[found.first_data :]]
        same = sum(one <= _reach(texts[first]) and one > 0.4 * _reach(texts[first]) for one in below)
        if reach < 2 or same < 0.7 * len(below):
            return False
        other_width = reach != width
        asked = 0.1 if commented else 0.35 if other_width else 0.8
        return found.score > asked and (first <= 4) and filled(texts[first]) >= min(2, width)

    def _table(self, header: FoundHeader, end: int, aside: list[tuple[int, str]]) -> GridTable | None:
        rows, numbers, layout = self.rows, self.numbers, self.layout
        skip = {i for i, _ in aside} | self.comments
        kept = [i for i in range(header.first_data, end) if i not in skip and not is_blank(rows[i])]
        blank = sum(
            1
            for i in range(header.first_data, end)
            if i not in skip and not self.comments and is_blank(rows[i])
        )
        kept, again = self._without_header_again(kept, header)
        kept, more = self._without_totals(kept, filled(rows[header.rows[-1]]) if header.rows else 0)
        aside = [*aside, *again, *more]
        header_rows = [list(rows[i]) for i in header.rows]
        if not header_rows and not kept:
            return None
        table = GridTable(
            names=(), header=(), header_numbers=tuple(numbers[i] for i in header.rows), rows=[], numbers=[]
        )
        width, surplus_rows = self._width(header_rows, kept)
        short = [i for i in kept if len(rows[i]) < width]
        for i in kept:
            row = rows[i]
            if len(row) == width:
                table.rows.append(row)
            elif len(row) < width:
                table.rows.append([*row, *[""] * (width - len(row))])
            else:
                table.rows.append(row[:width])
            table.numbers.append(numbers[i])
        table.names = column_names(
            header_rows, width, None if header.units is None else header.rows.index(header.units)
        )
        if _numbered_rows(header_rows, table.rows):
            header_rows = [["", *row] for row in header_rows]
            table.names = column_names(
                header_rows, width, None if header.units is None else header.rows.index(header.units)
            )
            table.notes.append("The first column has no name in the header: it numbers the rows.")
        table.header = tuple(
            tuple((row[j] if j < len(row) else "") for j in range(max(width, len(row))))
            for row in header_rows
        )
        table.leftovers.extend(self._problem(i, why) for i, why in sorted(aside))
        self._report_surplus(table, surplus_rows, width)
        self._report_short(table, short, width, len(kept))
        if blank:
            table.notes.append(
                f"{blank} blank {layout.row_word}{'s' if blank > 1 else ''} inside the table skipped."
            )
        if header.units is not None:
            table.notes.append(
                f"{layout.row_word.capitalize()} {numbers[header.units]} holds units, not a record."
            )
        if len(header.rows) > 1 + (header.units is not None):
            table.notes.append(f"The header has {len(header.rows) - (header.units is not None)} rows.")
        if not header.rows:
            table.notes.append("No header found; the columns are numbered.")
        _drop_empty_columns(table, width)
        _fill_left_groups(table, layout)
        return table

    def _without_header_again(
        self, kept: list[int], header: FoundHeader
    ) -> tuple[list[int], list[tuple[int, str]]]:
        """Set rows aside that repeat the header, as exports put together by hand or printed in pages do."""
        names = [[cell.strip() for cell in self.rows[i]] for i in header.rows]
        names = [row for row in names if filled(row) >= 2]
        if not names:
            return kept, []
        firsts = {row[0] for row in names}
        again = {
            i
            for i in kept
            if self.rows[i][0].strip() in firsts and [cell.strip() for cell in self.rows[i]] in names
        }
        return [i for i in kept if i not in again], [(i, "header again") for i in kept if i in again]

    def _without_totals(self, kept: list[int], named: int) -> tuple[list[int], list[tuple[int, str]]]:
        """Set total and footer rows aside."""
        rows = self.rows
        if not kept:
            return kept, []
        typical = max(_typical_fill([rows[i] for i in kept[:400]]), 0.85 * named)
        aside: list[tuple[int, str]] = []
        if typical >= 2.5 or self.layout.grouped_totals:
            for position in range(max(0, len(kept) - 40), len(kept)):
                i = kept[position]
                if FOOTER.match(self._first_text(i)) and filled(rows[i]) <= min(2, typical - 1):
                    rest = kept[position:]
                    if all(filled(rows[j]) <= max(2, 0.5 * typical) for j in rest):
                        while typical >= 3 and position > 1 and _reach(rows[kept[position - 1]]) <= 1:
                            position -= 1  # the line above a copyright line belongs to it
                        rest = kept[position:]
                        aside += [(j, "below the table") for j in rest]
                        kept = kept[:position]
                        break
        typed_first = bool(_column_kinds([rows[i] for i in kept[:200]], 1)[0])
        totals: set[int] = set()
        at_end = True  # until a record is met from below
        for i in reversed(kept):
            if self._is_total(i, typical, at_end, typed_first):
                totals.add(i)
            else:
                at_end = False
        aside += [(i, "total") for i in kept if i in totals]
        if not totals and self._sums_up(kept, typical):
            return kept[:-1], [*aside, (kept[-1], "sums")]
        result = [i for i in kept if i not in totals]
        if not result:
            return kept, [pair for pair in aside if pair[1] != "total"]
        return result, aside

    def _is_total(self, index: int, typical: float, last: bool, typed_first: bool) -> bool:
        """Whether a row sums up others; ``last``: only totals follow; ``typed_first``: the first column holds no words."""
        row = self.rows[index]
        count = filled(row)
        texts = [cell.strip() for cell in row if cell and not cell.isspace()]
        if not texts or typical < 2:
            return False
        first = texts[0]
        figures = (NUMBER, DATE)
        if not all(
            cell_type(text) in figures or TOTAL_WORDS.match(text) or _SAYS_NOTHING.match(text)
            for text in texts[1:]
        ):
            return False
        if typed_first and len(texts) > 1 and _EXACT_TOTAL.match(first):
            return True  # among days or numbers the word can be no name
        grouped = self.layout.grouped_totals
        if TOTAL_START.match(first):
            # "Energy Total" may be a customer; a total says so with its first word, or stands beside figures only.
            if _PLAIN_TOTAL.match(first):
                return grouped or last or count < typical
            return grouped and 1 < count <= 0.7 * typical
        if TOTAL_OF.match(first):
            return grouped and 1 < count <= 0.7 * typical
        return grouped and bool(TOTAL_WORDS.match(first)) and count <= max(0.6 * typical, 2)

    def _sums_up(self, kept: list[int], typical: float) -> bool:
        """Whether the last row, without a word, holds nothing but the sums of the columns above it."""
        last = self.rows[kept[-1]]
        places = [j for j, cell in enumerate(last) if cell.strip()]
        if len(kept) < 4 or not places or places[0] == 0 or len(places) > 0.6 * typical:
            return False
        for j in places:
            above = [_plain_number(self.rows[i][j]) for i in kept[:-1] if j < len(self.rows[i])]
            figures = [number for number in above if number is not None]
            total = _plain_number(last[j])
            if total is None or len(figures) < 3 or abs(sum(figures) - total) > 0.006 * len(figures):
                return False
        return True

    def _width(self, header_rows: list[list[str]], kept: list[int]) -> tuple[int, list[int]]:
        """Columns of the table, and the rows whose surplus cells do not fit."""
        rows = self.rows
        named = max((_reach(row) for row in header_rows), default=0)
        reaches = Counter(_reach(rows[i]) for i in kept)
        # A few rows far wider than the rest were cut wrongly; the table is not theirs to stretch.
        usual_reach = named or (reaches.most_common(1)[0][0] if reaches else 1)
        within = max(4 * usual_reach, usual_reach + 20)
        if sum(count for reach, count in reaches.items() if reach > within) < 0.5 * len(kept):
            reaches = Counter({reach: count for reach, count in reaches.items() if reach <= within})
        if not named:
            common = [reach for reach, count in reaches.items() if count >= max(1, 0.1 * len(kept))]
            named = max(common, default=max(reaches, default=1))
        wide = sum(count for reach, count in reaches.items() if reach > named)
        if wide and wide >= 0.2 * len(kept):
            usual = [
                reach
                for reach, count in reaches.items()
                if reach > named and count >= max(1, 0.02 * len(kept))
            ]
            named = max(usual, default=named)
        return max(named, 1), [i for i in kept if _reach(rows[i]) > named]

    def _report_surplus(self, table: GridTable, surplus: list[int], width: int) -> None:
        word = self.layout.row_word
        for i in surplus:
            extra = self.rows[i][width:]
            table.leftovers.append(
                Problem(
                    self.numbers[i],
                    None,
                    self.layout.joiner.join(extra),
                    f"This {word} has {_reach(self.rows[i])} cells, the table {width} columns; the surplus cells are not in it.",
                    f"Look for an unquoted “{self.layout.joiner.strip() or ' '}” inside a text of this {word}.",
                )
            )

    def _report_short(self, table: GridTable, short: list[int], width: int, total: int) -> None:
        if not short:
            return
        word = self.layout.row_word
        table.notes.append(
            f"{len(short):,} of {total:,} {word}s have fewer than {width} cells; the missing ones are blank."
        )
        if len(short) > 0.3 * total:  # a habit of the program that wrote the file, not an accident
            return
        for i in short[:MOST_SINGLE_PROBLEMS]:
            table.problems.append(
                Problem(
                    self.numbers[i],
                    None,
                    self.layout.joiner.join(self.rows[i])[:_SHOWN],
                    f"This {word} has {len(self.rows[i])} of {width} cells; the missing ones are blank.",
                    "Check the line in the source if a value is missed.",
                )
            )
        if len(short) > MOST_SINGLE_PROBLEMS:
            table.problems.append(
                Problem(
                    None,
                    None,
                    None,
                    f"{len(short) - MOST_SINGLE_PROBLEMS:,} more short {word}s.",
                    "Check the export.",
                )
            )

    def _problem(self, index: int, why: str) -> Problem:
        text = self.layout.joiner.join(self.rows[index]).rstrip(self.layout.joiner + " ")
        word = self.layout.row_word
        what, fix = {
            "above the table": (
                f"This {word} stands above the table.",
                "Nothing to do if it is a title or a remark.",
            ),
            "below the table": (
                f"This {word} stands below the table.",
                "Nothing to do if it is a footer or a remark.",
            ),
            "comment": ("This line is a comment.", "Nothing to do."),
            "header again": (f"This {word} repeats the header.", "Nothing to do."),
            "total": (
                f"This {word} holds a total, not a record.",
                "Nothing to do; totals are calculated again.",
            ),
            "sums": (
                f"This {word} holds only sums of the {word}s above.",
                "Nothing to do; totals are calculated again.",
            ),
        }[why]
        return Problem(self.numbers[index], None, text, what, fix)

    def _first_text(self, index: int) -> str:
        return next((cell.strip() for cell in self.rows[index] if cell and not cell.isspace()), "")


def _plain_number(text: str) -> float | None:
    """A figure as programs write it, ``$1,450.00`` too; None of anything else."""
    try:
        return float(text.strip().strip("$€£ ").replace(",", ""))
    except ValueError:
        return None


def _numbered_rows(header_rows: list[list[str]], rows: list[list[str]]) -> bool:
    """Whether the header is one cell short because the first column only counts the rows."""
    if not header_rows or len(rows) < 2 or any(_reach(row) != len(rows[0]) - 1 for row in header_rows):
        return False
    first = [row[0] for row in rows[:200]]
    if not all(cell.isdecimal() and len(cell) < 10 for cell in first):
        return False
    return all(int(after) - int(before) == 1 for before, after in zip(first, first[1:], strict=False))


def _fill_left_groups(table: GridTable, layout: GridLayout) -> None:
    """Write group names that stand alone in the unnamed first column into the records below them.

    Bookkeeping reports are laid out so: a name, its lines with an empty first cell, a total.
    """
    totals = any("holds a total" in problem.problem for problem in table.leftovers)
    if not totals or not table.header or table.header[-1][0].strip() or len(table.names) < 3:
        return
    alone = [row for row in table.rows if row[0].strip() and filled(row) == 1]
    if not alone or any(row[0].strip() for row in table.rows if filled(row) > 1):
        return
    rows, numbers, group = [], [], ""
    for row, number in zip(table.rows, table.numbers, strict=True):
        if row[0].strip():
            group = row[0]
            table.leftovers.append(
                Problem(
                    number,
                    table.names[0],
                    group,
                    f"This {layout.row_word} names a group.",
                    "Nothing to do; its lines carry the name.",
                )
            )
        else:
            rows.append([group, *row[1:]])
            numbers.append(number)
    table.rows, table.numbers = rows, numbers
    table.leftovers.sort(key=lambda problem: problem.row or 0)
    table.notes.append(f"The report is grouped; {table.names[0]} was filled down in each group.")


def _comment_rows(rows: Sequence[list[str]], comment: str | None) -> set[int]:
    """Rows that start with the comment sign and are not as wide as the table."""
    if comment == "":
        return set()
    sign = comment or "#"
    marked = [i for i, row in enumerate(rows) if row and row[0].startswith(sign)]
    if not marked:
        return set()
    if comment is not None:
        return set(marked)
    unmarked = [
        row for i, row in enumerate(rows[:400]) if not (row and row[0].startswith(sign)) and not is_blank(row)
    ]
    width = _modal_reach(unmarked)
    if not unmarked:
        return set()
    # Cut into as many cells as the table has: a record whose first value begins with the sign ("#1001").
    cells = Counter(len(row) for row in unmarked).most_common(1)[0][0]
    found = {
        i
        for i in marked
        if not (cells > 1 and len(rows[i]) == cells)
        and _reach(rows[i]) != width
        and rows[i][0] != sign
        or (width > 1 and filled(rows[i]) == 1 and len(rows[i]) == 1)
    }
    if width <= 1:
        # In a list of one column "#" may begin a value; comments stand in front of it, or in blocks with a blank.
        lead = next(
            (i for i, row in enumerate(rows) if row and not row[0].startswith(sign) and not is_blank(row)), 0
        )
        found = {i for i in marked if i < lead and re.match(r"#(?:\s|-|$)", rows[i][0])}
    return found


_REMARK_NAME = re.compile(
    r"^(?:report|title|owner|user(?: ?name)?|author|from|to|until|start|end|(?:date|time) ?range|period|currency|account|company|property|view|filters?"
    r"|time ?zone|(?:start|end|report|export) date|(?:generated|created|exported|run|printed|downloaded|last updated)(?: (?:by|on|at))?"
    r"|berichts?|titel|benutzer|erstellt(?: (?:am|von))?|zeitraum|von|bis|mandant|stand|währung|filter|rapport|période|du|au|devise|informe|periodo|desde"
    r"|hasta|moneda):?$",
    re.IGNORECASE,
)


def _names_and_values(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows of two cells tell different things, as remarks above a table do: account, currency, date."""
    pairs = [row for row in rows if filled(row) == 2]
    if not pairs or len(pairs) > 15 or len({row[0].strip() for row in pairs}) < len(pairs):
        return False
    if sum(bool(_REMARK_NAME.match(row[0].strip())) for row in pairs) >= 0.6 * len(pairs):
        return True
    kinds = Counter(cell_type(row[1]) for row in pairs)
    return max(kinds.values()) < 0.6 * len(pairs)


def _reach(row: Sequence[str]) -> int:
    """The number of cells up to the last one that holds something."""
    for index in range(len(row) - 1, -1, -1):
        if row[index] and not row[index].isspace():
            return index + 1
    return 0


def _modal_reach(rows: Sequence[Sequence[str]]) -> int:
    """The width of most rows: cells as cut, or fewer where the last columns are always empty."""
    if not rows:
        return 0
    raw = Counter(len(row) for row in rows).most_common(1)[0][0]
    return min(raw, max(_reach(row) for row in rows))


def _typical_fill(rows: Sequence[Sequence[str]]) -> float:
    """How many cells a full row fills: the upper quartile, since group and total rows are emptier."""
    counts = sorted(filled(row) for row in rows if not is_blank(row))
    return float(counts[(3 * len(counts)) // 4]) if counts else 0.0


def _column_kinds(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    kinds = []
    for j in range(width):
        values = [cell_type(row[j]) for row in rows[:100] if j < len(row) and row[j].strip()]
        main, count = Counter(values).most_common(1)[0] if values else ("", 0)
        kinds.append(main if main in TYPED and count >= 0.8 * len(values) else "")
    return kinds


def _fit(row: Sequence[str], kinds: list[str]) -> float | None:
    """The share of typed columns in which a row has a value of that type; None without typed columns."""
    checks = [
        (cell_type(row[j]) == kind)
        for j, kind in enumerate(kinds)
        if kind and j < len(row) and row[j].strip()
    ]
    return sum(checks) / len(checks) if checks else None


def _drop_empty_columns(table: GridTable, width: int) -> None:
    """Leave out columns without a name and without a value (spacers, a delimiter at each line's end)."""
    named = [any(j < len(row) and row[j].strip() for row in table.header) for j in range(width)]
    empty = [
        j for j in range(width) if not named[j] and all(not row[j] or row[j].isspace() for row in table.rows)
    ]
    dropped = set(empty)  # a row may have a hundred thousand cells
    if not table.header:  # without names only the place of a column says what it is
        last = max((j for j in range(width) if j not in dropped), default=width - 1)
        empty = [j for j in empty if j > last]
        dropped = set(empty)
    if len(empty) == width:
        empty, dropped = [], set()
    keep = [j for j in range(width) if j not in dropped]
    table.kept_columns = tuple(keep)
    if not empty:
        return
    table.rows = [[row[j] for j in keep] for row in table.rows]
    if table.header:
        names = [table.names[j] for j in keep]
        table.names = tuple(names)
    else:
        table.names = tuple(f"Column {i + 1}" for i in range(len(keep)))
    table.header = tuple(tuple(row[j] for j in keep if j < len(row)) for row in table.header)
    table.notes.append(f"{len(empty)} empty column{'s' if len(empty) > 1 else ''} without a name left out.")
