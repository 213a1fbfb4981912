"""Find which rows name the columns: the rows that differ from what stands below them.

Each column of a candidate row is weighed: does it hold a label where the values below are numbers, dates,
addresses or codes; does its text return below (then it is a value); is it a name the vocabulary knows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from icp_core.gather.cell_types import (
    CODE,
    DATE,
    LABEL_LENGTH,
    LONG,
    NUMBER,
    TYPED,
    WORD,
    YES_NO,
    cell_type,
    filled,
    is_blank,
)
from icp_core.vocabulary.dates import month_number

SEARCH_ROWS = 60  # a header is looked for in this many rows
BODY_ROWS = 80  # and compared with this many rows below it
MOST_HEADER_ROWS = 4
_SEEN = 300  # characters of a cell that say whether it is a label or a value; a cell may hold megabytes
_SEEN_COLUMNS = 1000  # columns that say whether a row is a header; a broken line may have millions
_SURE = 1.0  # a score from which the vocabulary need not be asked (loading it takes time)

_UNIT = re.compile(
    r"^(?:[(\[{<].{0,24}[)\]}>]|%|‰|[$€£¥]|[A-Z]{3}|[kKMG]?[$€£]|[kmcµ]?[mgslL]|km/h|m/s|°[CF]?|k?Wh|h|hrs?|hours?|min(?:utes?)?"
    r"|anzahl|prozent|stück|jahre|tage|nombre|unités?|jours|ans|número|unidades|numero|unità|aantal|stuks|in %"
    r"|sec(?:onds?)?|days?|weeks?|months?|years?|pcs|units?|count|n|no\.?|#|text|string|str|varchar|char|int(?:eger)?|float|double"
    r"|number|numeric|decimal|date(?:time)?|timestamp|bool(?:ean)?|currency|percent|pct|usd|eur|gbp|chf|yyyy-mm-dd|dd/mm/yyyy"
    r"|mm/dd/yyyy|dd\.mm\.yyyy|kg|lbs?|oz|tonnes?|m2|m²|m3|m³|km2|km²|ha|people|persons|score|0-10|1-5|0–10|1–5|:?-{1,}:?|={2,}|–|n/a)$",
    re.IGNORECASE,
)
# What figures count in; a number among records, so only below names and beside blank keys.
_MULTIPLE = re.compile(
    r"^(?:in )?(?:1[., ]?000(?:[., ]?000)?|Tsd\.?|Mio\.?|Mrd\.?|thousands?|millions?)(?: ?(?:[A-Z]{3}|€|\$|%))?$",
    re.IGNORECASE,
)
_IMPORT_ID = re.compile(r"^\{\s*[\"']ImportId[\"']")
_LABEL_SHAPE = re.compile(
    r"^(?:[a-z]+(?:_[a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]*)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+|.{3,}\?|.{2,}\(.+\)|.{2,}:)$"
)
_COMMON_LABELS = frozenset(
    "id name date email e-mail phone type status amount total price quantity qty country city state region zip code "
    "title description category owner source value currency age gender score comment comments address street company "
    "account customer product order industry plan notes url website first last timestamp time year month day week "
    "revenue employees stage number no nr key label group segment email-address created updated "
    "datum betrag preis menge land stadt ort plz name vorname nachname firma kunde status strasse telefon "
    "date montant prix pays ville nom prénom client fecha importe precio país ciudad nombre cliente".split()
)


@dataclass(frozen=True)
class FoundHeader:
    """Which rows (indexes into the grid) make the header, and where the data begin.

    ``rows`` is empty when the table has no header. ``units`` is the row of units below the header, if any;
    it is one of ``rows``.
    """

    rows: tuple[int, ...]
    first_data: int
    units: int | None = None
    score: float = 0.0


def find_header(
    grid: Sequence[Sequence[str]], *, known_label: Callable[[str], bool] | None = None, start: int = 0
) -> FoundHeader:
    """Find the header in the first rows of a grid (rows of cell texts, possibly ragged).

    Rows above the header are titles (``start`` … header); the caller lists them as leftovers.

    >>> find_header([["Sales 2026"], [], ["Name", "Amount"], ["A", "1"], ["B", "2"]]).rows
    (2,)
    >>> find_header([["A", "1"], ["B", "2"], ["C", "3"]]).rows
    ()
    """
    plain = _found_header(grid, start, lambda text: False)
    if known_label is None or plain.score >= _SURE:
        return plain
    return _found_header(grid, start, _bounded(known_label))


def _found_header(grid: Sequence[Sequence[str]], start: int, known: Callable[[str], bool]) -> FoundHeader:
    seen = grid[start : start + SEARCH_ROWS + BODY_ROWS]
    rows = [[cell[:_SEEN] for cell in row[:_SEEN_COLUMNS]] for row in seen]
    qualtrics = _import_id_header(rows)
    if qualtrics is not None:
        return FoundHeader(tuple(start + row for row in qualtrics), start + qualtrics[-1] + 1, score=9.0)
    width = _typical_width(rows)
    candidates = [
        index
        for index in range(min(SEARCH_ROWS, len(rows)))
        if filled(rows[index]) >= max(1, min(2, width), 0.25 * width)
        or (width <= 1 and filled(rows[index]))
        or (width == 2 and _names_the_figures_only(rows, index))
    ]
    candidates = [index for index in candidates if not _is_key_and_value(rows[index])]
    if not candidates:
        return FoundHeader((), start)
    if width <= 1:
        candidates = candidates[:1]  # in a list every line is as full as a header would be
    best, best_score = None, 0.0
    top_fill = 0
    for order, index in enumerate(candidates):
        score = _row_score(rows, index, width, known)
        # Earlier rows win ties: what looks like a header further down is mostly a second header row.
        score -= 0.02 * order
        if best is None or score > best_score + 1e-9:
            best, best_score = index, score
        top_fill = max(top_fill, filled(rows[index]))
        if order > 8 and best_score > 0.6:
            break
    first_full = next((i for i in candidates if filled(rows[i]) >= 0.5 * width), candidates[0])
    asked = 0.5 if width <= 1 else _threshold(rows, best or 0, first_full)
    if best is None or best_score < asked:
        return FoundHeader((), start + _first_data_row(rows, candidates, width), score=best_score)
    header = _extended(rows, best, width, known)
    units = None
    last = header[-1]
    if last + 1 < len(rows) and _is_units_row(
        rows[last + 1], rows[last], rows[last + 2 : last + 2 + BODY_ROWS]
    ):
        units = last + 1
        header = (*header, units)
    return FoundHeader(
        tuple(start + row for row in header),
        start + header[-1] + 1,
        None if units is None else start + units,
        best_score,
    )


def _bounded(known_label: Callable[[str], bool]) -> Callable[[str], bool]:
    """The judge of labels, asked only about texts that may be one."""
    return lambda text: len(text) <= LABEL_LENGTH and known_label(text)


def column_names(header: Sequence[Sequence[str]], width: int, units: int | None = None) -> tuple[str, ...]:
    """One name per column from one or several header rows, made unique with `` (2)``.

    Of two rows the upper is filled to the right over its group and joined as ``group - column``, except
    where the lower says only how a question was answered (``Response``). A column without any name is
    ``Column N``. Three rows with import ids (Qualtrics) are named by the first.

    >>> column_names([["Id", "Films", ""], ["", "First", "Second"]], 3)
    ('Id', 'Films - First', 'Films - Second')
    """
    rows = [[(row[i] if i < len(row) else "").strip() for i in range(width)] for row in header]
    if units is not None and len(rows) > 1:
        del rows[units]
    if not rows:
        return tuple(f"Column {i + 1}" for i in range(width))
    if any(_IMPORT_ID.match(cell) for cell in rows[-1]):
        rows = rows[:1]
    names = rows[-1]
    for upper in reversed(rows[:-1]):
        names = _joined(upper, names)
    return _unique([" ".join(name.split("\x00")) or f"Column {i + 1}" for i, name in enumerate(names)])


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    if _names_above_questions(upper, lower):
        return upper
    if _is_code_row(upper) and filled(upper) >= 0.8 * len(upper) and filled(lower) >= 0.8 * len(lower):
        return lower  # V1, V2 … above the real names
    names, group = [], ""
    for index, (above, below) in enumerate(zip(upper, lower, strict=True)):
        if above:
            group = above
        elif not below:
            group = ""
        alone = below.casefold() in (
            "",
            "response",
            "open-ended response",
            "value",
            "antwort",
            "réponse",
            "respuesta",
        )
        next_above = upper[index + 1] if index + 1 < len(upper) else "x"
        in_group = (not above) or (not next_above and index + 1 < len(lower) and bool(lower[index + 1]))
        if not group or below == group:
            names.append(below or group)
        elif not below:
            names.append(group)
        elif alone and not (in_group and below.casefold() == "value"):
            names.append(group)
        else:
            names.append(f"{group} - {below}")
    return names


_CAMEL_NAME = re.compile(r"^[A-Z][a-z]+(?:[A-Z][A-Za-z]*)+$")
_CODE_NAME = re.compile(r"^[A-Z]{1,3}\d+(?:_\w+)*$")


def _names_above_questions(upper: list[str], lower: list[str]) -> bool:
    """Whether the upper row names every column for a program (``ResponseId``, ``Q3``) and the lower says it in words."""
    texts = [cell for cell in upper if cell]
    if len(set(texts)) < 0.95 * len(upper) or filled(lower) < 0.8 * len(upper):
        return False
    camel = sum(bool(_CAMEL_NAME.match(a)) and a != b for a, b in zip(upper, lower, strict=True))
    codes = sum(bool(_CODE_NAME.match(text)) for text in texts)
    return camel >= 3 and camel + codes >= 0.6 * len(texts) and any(len(cell.split()) > 2 for cell in lower)


def _is_code_row(row: list[str]) -> bool:
    texts = [cell for cell in row if cell]
    return bool(texts) and sum(
        bool(re.fullmatch(r"[A-Za-z]{1,3}\d+(?:[_.-]\w+)*", text)) for text in texts
    ) > 0.8 * len(texts)


def _unique(names: list[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    taken = {name.casefold() for name in names}
    result = []
    for name in names:
        key = name.casefold()
        seen[key] += 1
        if seen[key] == 1:
            result.append(name)
            continue
        number = seen[key]
        while f"{key} ({number})" in taken:
            number += 1
        seen[key] = number
        taken.add(f"{key} ({number})")
        result.append(f"{name} ({number})")
    return tuple(result)


def _import_id_header(rows: list[list[str]]) -> tuple[int, ...] | None:
    """Header rows of a survey export whose last header row holds import ids."""
    for index, row in enumerate(rows[:12]):
        marks = sum(bool(_IMPORT_ID.match(cell.strip())) for cell in row)
        if marks and marks >= 0.5 * max(1, filled(row)):
            first = index
            while first > 0 and index - first < 3 and filled(rows[first - 1]) >= 0.6 * filled(row):
                first -= 1
            return tuple(range(first, index + 1))
    return None


def _typical_width(rows: list[list[str]]) -> int:
    """How many cells a row of the body typically fills, seen from the lower rows."""
    counts = [filled(row) for row in rows if not is_blank(row)]
    if not counts:
        return 0
    lower = counts[len(counts) // 3 :] or counts
    lengths = Counter(len(row) for row in rows if not is_blank(row))
    # The width that holds most cells: remarks above and below may have more lines than a short table.
    common = [n for n, count in lengths.items() if count >= max(2, 0.1 * len(counts))] or list(lengths)
    raw = max(common, key=lambda n: n * lengths[n])
    usual = sorted(lower)[(3 * len(lower)) // 4]  # sparse rows do not make a table narrow
    return max(1, min(raw, max(usual, int(0.35 * max(lower)))))


def _names_the_figures_only(rows: list[list[str]], index: int) -> bool:
    """Whether a row of a report in two columns, names and figures, has a word above the figures alone (``| Total``)."""
    row = [cell.strip() for cell in rows[index]]
    if len(row) < 2 or row[0] or cell_type(row[1]) != WORD:
        return False
    names, figures = (_body_columns(rows, index) + [[], []])[:2]
    kinds = [cell_type(value) for value in figures]
    return (
        len(names) > 1
        and len(kinds) > 1
        and sum(kind in (NUMBER, DATE) for kind in kinds) >= 0.8 * len(kinds)
    )


def _is_key_and_value(row: Sequence[str]) -> bool:
    """Whether a row reads ``User: | ann.lee``: a remark above the table, not two column names."""
    texts = [cell.strip() for cell in row if cell.strip()]
    return len(texts) == 2 and texts[0].endswith(":") and not texts[1].endswith(":")


_VALUES = TYPED - {CODE, YES_NO}


def _body_columns(rows: list[list[str]], index: int) -> list[list[str]]:
    body = [row for row in rows[index + 1 : index + 1 + BODY_ROWS] if not is_blank(row)]
    if filled(rows[index]) >= 2 and all(cell_type(cell) not in _VALUES for cell in rows[index]):
        body = [row for row in body if row != rows[index]]  # a header again, where exports were put together
    width = max((len(row) for row in body), default=0)
    width = max(width, len(rows[index]))
    return [[row[j].strip() for row in body if j < len(row) and row[j].strip()] for j in range(width)]


def _row_score(rows: list[list[str]], index: int, width: int, known: Callable[[str], bool]) -> float:
    """How much row ``index`` looks like a header of what is below it; above 0.25 is likely."""
    row = [cell.strip() for cell in rows[index]]
    columns = _body_columns(rows, index)
    if not any(columns):
        above = any(filled(other) >= max(2, 0.5 * width) for other in rows[:index])
        return -1.0 if above else _alone_score(row, known)
    texts = [cell for cell in row if cell]
    sequence = _is_sequence(texts)
    evidence = weight = 0.0
    for j, values in enumerate(columns):
        cell = row[j] if j < len(row) else ""
        if not cell:
            if values and j < width:
                weight += 0.5  # an unnamed column that holds values speaks a little against
            continue
        one = _column_evidence(cell, values, sequence, known)
        evidence += one
        weight += 1.0
    if not weight:
        return -1.0
    score = evidence / weight
    fill = len(texts) / max(width, 1)
    score += 0.5 * min(fill, 1.0) - 0.5
    groups = _filled_right(rows[index - 1]) if index else []  # "Orders" may stand under 2025 and under 2026
    named = {(groups[j] if j < len(groups) else "", cell.casefold()) for j, cell in enumerate(row) if cell}
    distinct = len(named) / max(len(texts), 1)
    score -= 0.8 * (1.0 - distinct)
    return score - 1.2 * _records_above(rows, index, width, columns)


def _filled_right(row: Sequence[str]) -> list[str]:
    """The cells of a group row, each repeated over the blanks that follow it; empty unless there are two groups."""
    if filled(row) < 2:
        return []
    result, group = [], ""
    for cell in row:
        group = cell.strip() or group
        result.append(group)
    return result


def _records_above(rows: list[list[str]], index: int, width: int, columns: list[list[str]]) -> float:
    """How much the full rows above look like the rows below (0 to 1): then the header is not between them."""
    above = [row for row in rows[max(0, index - 20) : index] if filled(row) >= max(2, 0.5 * width)]
    if not above or width < 2:
        return 0.0
    alike = total = 0.0
    for j, values in enumerate(columns):
        if not values:
            continue
        main, count = Counter(cell_type(value) for value in values).most_common(1)[0]
        typed = main in TYPED and count >= 0.6 * len(values)
        known = set(values)
        for row in above:
            if j < len(row) and row[j].strip():
                if typed:
                    alike += cell_type(row[j]) == main
                    total += 1
                elif row[j].strip() in known:
                    alike += 1
                    total += 1
    # Even where nothing can be compared, a header below many full rows is unlikely.
    return max(alike / total if total >= 2 else 0.0, 0.06 * max(0, len(above) - 1))


def _column_evidence(cell: str, values: list[str], sequence: bool, known: Callable[[str], bool]) -> float:
    """From −2 (surely a value) to +2 (surely a label)."""
    kind = cell_type(cell)
    label = (
        kind in (WORD, LONG)
        or _is_year_above(cell, values)
        or (sequence and kind in (NUMBER, DATE) and not (kind == DATE and _are_days(values)))
        or (kind == CODE and _LABELLIKE_CODE.match(cell) is not None)
        or (kind == YES_NO and not any(cell_type(value) == YES_NO for value in values))  # x, y · n · No
    )
    evidence = 0.0
    if known(cell) or cell.casefold().strip("*#: ") in _COMMON_LABELS:
        evidence += 0.9
    elif _LABEL_SHAPE.match(cell):
        evidence += 0.25
    if not values:
        return evidence + (0.1 if label else -0.6)
    kinds = Counter(cell_type(value) for value in values)
    main, count = kinds.most_common(1)[0]
    share = count / len(values)
    if cell in values:
        repeated = values.count(cell)
        return (-1.0 if label else -1.5) - (0.5 if repeated > 1 else 0.0) + evidence * 0.5
    if main in TYPED and share >= 0.6:
        if not label and kind == main:
            return evidence - 1.6
        if main == YES_NO and kind in (NUMBER, CODE):
            return evidence + 0.3  # a number above ticks is a name: the products or questions ticked
        if not label:
            return evidence - 0.6
        return evidence + 0.5 + 0.9 * share
    if not label:
        return evidence - 0.9
    if _same_shape(values) and not _same_shape([*values[:20], cell]):
        evidence += 0.7
    distinct = len(set(values)) / len(values)
    if len(values) >= 6 and distinct < 0.5:
        evidence += 0.6  # a small list of values, and this is not one of them
    lengths = [len(value) for value in values]
    middle = median(lengths)
    if middle > 2.2 * len(cell) and middle > 25:
        evidence += 0.5
    elif len(cell) > 2.5 * max(middle, 4):
        evidence += 0.35
    return evidence + 0.05


_LABELLIKE_CODE = re.compile(
    r"^(?:[A-Za-z_]+[_ .-]?\d{1,3}(?:[_.][A-Za-z0-9]+)*|[A-Za-z]+\d?[A-Za-z_]+|\d{1,3}[A-Za-z_]{3,}|#\w*)$"
)


def _same_shape(values: Sequence[str]) -> bool:
    """Whether all values follow one pattern of letters and digits."""
    if len(values) < 3:
        return False
    shapes = {
        re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", re.sub(r"\d", "0", value))) for value in values[:30]
    }
    return len(shapes) == 1 and any(char.isalnum() for char in next(iter(shapes)))


def _is_year_above(cell: str, values: Sequence[str]) -> bool:
    """Whether a year stands above figures that are no years: the name of a column of figures."""
    if not _YEAR.match(cell) or len(values) < 3:
        return False
    numbers = sum(cell_type(value) == NUMBER for value in values)
    return numbers >= 0.8 * len(values) and sum(bool(_YEAR.match(value)) for value in values) < 0.2 * len(
        values
    )


_YEAR = re.compile(r"^(?:19|20)\d\d$")


def _is_sequence(texts: list[str]) -> bool:
    """Whether numbers in a row count up (weeks by one, years also in jumps), as the headers of a wide table do."""
    numbers = [int(text) for text in texts if text.isdecimal() and len(text) <= 4]
    if len(numbers) < 3:
        return _is_run_of_periods(texts)
    steps = [after - before for before, after in zip(numbers, numbers[1:], strict=False)]
    if all(1900 <= number <= 2100 for number in numbers):
        return all(step == 1 for step in steps) or (len(numbers) >= 4 and all(step > 0 for step in steps))
    return all(step == 1 for step in steps) and len(numbers) < len(texts)


_PERIOD = re.compile(r"^(?:(\d{4})-(\d{2})(?:-(\d{2}))?|([^\W\d]{3,9})\.?[ -]'?(\d{4}|\d{2}))$")


def _is_run_of_periods(texts: list[str]) -> bool:
    """Whether days or months follow each other evenly, as above the figures of a report by period.

    >>> _is_run_of_periods(["Jan 2024", "Feb 2024", "Total"]), _is_run_of_periods(["Segment", "2026-05-01", "2026-05-02"])
    (True, True)
    >>> _is_run_of_periods(["2024-01-05", "2024-03-17"]), _is_run_of_periods(["A", "2024-01-05", "2024-01-05"])
    (False, False)
    """
    days = [day for text in texts if (day := _period(text)) is not None]
    steps = {after - before for before, after in zip(days, days[1:], strict=False)}
    even = len(steps) == 1 and abs(next(iter(steps))) in (1, 7)
    months = bool(steps) and (
        min(steps) >= 28 and max(steps) <= 31 or min(steps) >= -31 and max(steps) <= -28
    )
    return even or months


def _period(text: str) -> int | None:
    """The first day of a day or month, counted from year 1; None of anything else."""
    found = _PERIOD.match(text.strip())
    if not found:
        return None
    year, month, day = found[1] or found[5], found[2], int(found[3] or 1)
    if found[4]:
        month = month_number(found[4]) or 0
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), day).toordinal()
    except ValueError:
        return None


def _are_days(values: Sequence[str]) -> bool:
    return 2 * sum(cell_type(value) == DATE for value in values) > len(values)


def _alone_score(row: list[str], known: Callable[[str], bool]) -> float:
    """A row with nothing below it is a header only when it looks like nothing but labels."""
    texts = [cell for cell in row if cell]
    if len(texts) < 2:
        return -1.0
    labels = sum(cell_type(text) == WORD and len(text) <= 60 for text in texts) / len(texts)
    knowns = sum(known(text) or text.casefold() in _COMMON_LABELS for text in texts) / len(texts)
    shaped = sum(bool(_LABEL_SHAPE.match(text)) for text in texts) / len(texts)
    return 0.35 * (labels == 1.0) + knowns + 0.4 * shaped - (1.0 - labels)


def _threshold(rows: list[list[str]], best: int, first_full: int) -> float:
    """How much evidence is asked: less for the first full row, where headers mostly are."""
    return 0.02 if best <= first_full else 0.3


def _first_data_row(rows: list[list[str]], candidates: list[int], width: int) -> int:
    """Where data begin in a table without header: the first row that is like the rows further down."""
    kinds = []
    lower = rows[len(rows) // 3 :]
    for j in range(max(len(row) for row in lower)):
        values = [cell_type(row[j]) for row in lower if j < len(row) and row[j].strip()]
        main, count = Counter(values).most_common(1)[0] if values else ("", 0)
        kinds.append(main if main in TYPED and count >= 0.7 * len(values) else "")

    def fits(row: list[str]) -> bool:
        checks = [
            cell_type(cell) == kinds[j]
            for j, cell in enumerate(row)
            if j < len(kinds) and kinds[j] and cell.strip()
        ]
        return sum(checks) >= 0.6 * len(checks) and (
            bool(checks) or not any(kinds) or filled(row) >= 0.6 * width
        )

    first = next((i for i in candidates if filled(rows[i]) >= 0.6 * width and fits(rows[i])), candidates[0])
    while (
        first > 0
        and not is_blank(rows[first - 1])
        and len(rows[first - 1]) == len(rows[first])
        and fits(rows[first - 1])
    ):
        first -= 1
    return first


def _extended(rows: list[list[str]], best: int, width: int, known: Callable[[str], bool]) -> tuple[int, ...]:
    """Add header rows above (groups) and below (second names) the row found."""
    first = last = best
    while (
        first > 0
        and last - first + 1 < MOST_HEADER_ROWS
        and _is_group_row(rows[first - 1], rows[first], width)
    ):
        first -= 1
    while last - first + 1 < MOST_HEADER_ROWS and last + 2 < len(rows):
        below = rows[last + 1]
        if is_blank(below) or not _is_second_name_row(rows, last, width, known):
            break
        last += 1
    return tuple(range(first, last + 1))


# What Excel writes above the columns of a pivot table; it names no group.
_PIVOT_LABELS = frozenset(
    ("column labels", "spaltenbeschriftungen", "étiquettes de colonnes", "etiquetas de columna", "rótulos de coluna",
     "etichette di colonna", "kolomlabels", "etykiety kolumn")
)  # fmt: skip


def _is_group_row(upper: list[str], lower: list[str], width: int) -> bool:
    """Whether ``upper`` holds group names over the columns named by ``lower``."""
    cells = [cell.strip() for cell in upper]
    texts = [cell for cell in cells if cell]
    if len(texts) < 2 or len(cells) < 3:
        return False
    if any(
        cell_type(text) in (NUMBER, DATE) and not re.fullmatch(r"(?:19|20)\d\d|Q[1-4].*", text)
        for text in texts
    ):
        return False
    if texts[0].endswith(":") or any(len(text) > 300 or text.casefold() in _PIVOT_LABELS for text in texts):
        return False
    reach = max(j for j, cell in enumerate(cells) if cell)
    lower_cells = [cell.strip() for cell in lower]
    lower_reach = max((j for j, cell in enumerate(lower_cells) if cell), default=0)
    repeats = len(set(texts)) < len(texts)
    gaps = sum(
        1
        for j, cell in enumerate(cells[: lower_reach + 1])
        if not cell and j < len(lower_cells) and lower_cells[j]
    )
    holes_below = sum(
        1 for j, cell in enumerate(cells) if cell and (j >= len(lower_cells) or not lower_cells[j])
    )
    spreads = reach >= 0.3 * lower_reach
    return spreads and (
        gaps > 0 or repeats or holes_below > 0 or len(texts) >= 0.9 * len([c for c in lower_cells if c])
    )


def _is_second_name_row(rows: list[list[str]], last: int, width: int, known: Callable[[str], bool]) -> bool:
    """Whether the row after ``last`` still names columns: labels only, in contrast with what follows."""
    below = [cell.strip() for cell in rows[last + 1]]
    above = [cell.strip() for cell in rows[last]]
    texts = [cell for cell in below if cell]
    if _names_answers(rows, last + 1):
        return True
    if len(texts) < 2 or _is_units_row(rows[last + 1], rows[last], rows[last + 2 : last + 2 + BODY_ROWS]):
        return False
    kinds = [cell_type(text) for text in texts]
    if any(kind in (NUMBER, DATE) for kind in kinds):
        return False
    columns = _body_columns(rows, last + 1)
    contrast = against = 0
    for j, cell in enumerate(below):
        values = columns[j] if j < len(columns) else []
        if not cell or not values:
            continue
        main, count = Counter(cell_type(value) for value in values).most_common(1)[0]
        if cell in values:
            against += 1
        elif main in TYPED and count >= 0.6 * len(values) and cell_type(cell) not in TYPED:
            contrast += 1
    typed = sum(
        1
        for values in columns
        if values and Counter(map(cell_type, values)).most_common(1)[0][0] in (NUMBER, DATE)
    )
    gaps = [j for j, values in enumerate(columns) if values and (j >= len(above) or not above[j])]
    filled_gaps = sum(1 for j in gaps if j < len(below) and below[j])
    kept_types = sum(
        1
        for j, values in enumerate(columns)
        if values
        and not (j < len(below) and cell_type(below[j]) in TYPED)
        and Counter(map(cell_type, values)).most_common(1)[0][0] in (NUMBER, DATE)
    )
    # Option texts of a survey return below as answers, so what counts is that the row fills the gaps of the
    # one above and holds no number where numbers follow.
    if len(gaps) >= 2 and filled_gaps >= 0.8 * len(gaps) and typed == kept_types:
        return typed > 0 or against == 0
    score = _row_score(rows, last + 1, width, known)
    return contrast >= 2 and contrast >= 0.8 * typed and against == 0 and score > 0.45


# What survey tools write under a question whose answer has no name of its own.
_ANSWER_NAMES = frozenset(
    ("response", "open-ended response", "other (please specify)", "antwort", "offene antwort", "réponse",
     "réponse ouverte", "respuesta", "respuesta abierta", "resposta", "risposta", "antwoord")
)  # fmt: skip


def _names_answers(rows: list[list[str]], index: int) -> bool:
    """Whether a row names answers under questions, and is blank where every record has its id or its date."""
    below = [cell.strip() for cell in rows[index]]
    if not any(cell.casefold() in _ANSWER_NAMES for cell in below):
        return False
    full = [
        j
        for j, values in enumerate(_body_columns(rows, index))
        if len(values) > 1 and all(cell_type(value) in (NUMBER, DATE, CODE) for value in values)
    ]
    body = [row for row in rows[index + 1 : index + 1 + BODY_ROWS] if not is_blank(row)]
    always = [j for j in full if all(j < len(row) and row[j].strip() for row in body)]
    return bool(always) and not below[always[0]]


def _is_units_row(row: Sequence[str], above: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row holds units or types of the columns named above it."""
    texts = [cell.strip() for cell in row if cell.strip()]
    if not texts:
        return False
    keys_only_below = (
        not row[0].strip() and all(other and other[0].strip() for other in below) and len(below) > 2
    )
    units = sum(bool(_UNIT.match(text) or keys_only_below and _MULTIPLE.match(text)) for text in texts)
    if units < 0.7 * len(texts) or any(text.isdigit() and not keys_only_below for text in texts):
        return False
    # A row of values can look like units (countries "USA"); then its texts return below.
    clashes = sum(
        1
        for j, cell in enumerate(row)
        if cell.strip() and any(j < len(other) and other[j].strip() == cell.strip() for other in below)
    )
    if clashes:
        return False
    numeric = sum(
        1
        for j, cell in enumerate(row)
        if cell.strip()
        and [other[j] for other in below if j < len(other) and cell_type(other[j]) in (NUMBER, DATE)]
        and cell_type(cell) not in (NUMBER, DATE)
    )
    return numeric > 0 or all(text[0] in "([{<-=:" for text in texts)
