"""Ranges such as 51–200 employees: read in every spelling, shown in one, ordered by size."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from icp_core.vocabulary.dates import month_number

_SUFFIX = {"k": 1e3, "tsd": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "mm": 1e6, "mil": 1e6, "million": 1e6,
           "millions": 1e6, "b": 1e9, "bn": 1e9, "mrd": 1e9, "billion": 1e9}  # fmt: skip
_SIGN = r"(?:US\$|A\$|C\$|R\$|[$€£¥₹]|USD|EUR|GBP|CHF)?"
_NUMBER = (
    rf"{_SIGN}\s*(\d{{1,3}}(?:[., '’\u00a0\u202f]\d{{3}})+(?![\d])|\d+(?:[.,]\d{{1,2}})?)"
    r"\s*(k|tsd\.?|thousand|mn|mm|mio\.?|mil(?=\.)|millions?|m|bn|b|mrd\.?|billion)?\b\.?\s*(?:€|\$|£|USD|EUR|GBP)?"
)
_WORDS = (
    r"(?:\s*(?:employees|employee|people|persons|staff|fte|ftes|mitarbeiter|ma|mitarbeitende|beschäftigte|salariés|employés|"
    r"empleados|funcionários|dipendenti|medewerkers|years?(?: old)?|yrs?|jahre|ans|años|anos|anni|jaar|seats|users))?\s*\.?"
)
_RANGE = re.compile(
    rf"^{_NUMBER}\s*(?:-|–|—|−|‑|~|to|bis|à|a|até|al|tot|and|und|…|\.\.\.?)\s*{_NUMBER}{_WORDS}$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"^(?:between|zwischen|entre|tra|tussen|from|von|de|da|van)\s+{_NUMBER}\s*(?:and|und|et|y|e|en|to|bis|à|a|tot)\s+{_NUMBER}{_WORDS}$",
    re.IGNORECASE,
)
_OPEN_TOP = re.compile(
    rf"^(?:{_NUMBER}\s*(?:\+|plus|(?:and|or|und|et|y|e|en|o|ou)\s*(?:more|over|above|up|older|mehr|älter|plus|más|mais|più|meer|ouder)|"
    rf"or more|et plus|y más|e più|en meer)(?:\s*\+)?{_WORDS}"
    rf"|(?:over|more than|above|greater than|mehr als|über|ab|plus de|más de|mais de|più di|oltre|meer dan|at least|min\.?|>=?|≥)\s*{_NUMBER}{_WORDS})$",
    re.IGNORECASE,
)
_OPEN_BOTTOM = re.compile(
    rf"^(?:(?:under|below|less than|fewer than|up to|at most|unter|weniger als|bis(?: zu)?|moins de|jusqu'à|menos de|hasta|até|"
    rf"meno di|fino a|minder dan|tot|<=?|≤)\s*{_NUMBER}{_WORDS}"
    rf"|{_NUMBER}\s*(?:and|or|und|oder)\s*(?:less|fewer|under|below|younger|weniger|jünger){_WORDS})$",
    re.IGNORECASE,
)
_INCLUSIVE_BOTTOM = re.compile(
    r"^(?:up to|at most|bis|jusqu|hasta|até|fino|tot|<=|≤)|(?:less|fewer|under|younger)", re.IGNORECASE
)
_STRICT_TOP = re.compile(
    r"^(?:over|more than|above|greater than|mehr als|über|plus de|más de|mais de|più di|oltre|meer dan|>(?!=))",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"^(?:self[- ]employed|myself only|only me|just me|freelancer?|sole trader)$", re.IGNORECASE
)
_BRACKETED = re.compile(r"^[^()]*\(\s*([^()]*\d[^()]*)\)\s*$")
# “Small 10–49”, “medium <250”: the name of a size before the range.
_NAMED_SIZE = re.compile(
    r"^(?:micro|small|medium|mid[- ]?(?:size|market)?d?|large|enterprise|smb|sme|klein|mittel|groß|petite|moyenne|grande)\b[\s:,–-]*(?=[<>≤≥\d])",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^(?:ca\.?|circa|approx\.?|approximately|about|around|roughly|etwa|rund|ungefähr|environ|env\.?|aprox\.?|unos|ongeveer|[~≈])\s*",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"^{_NUMBER}{_WORDS}$", re.IGNORECASE)
_DAY_MONTH = re.compile(r"^(\d{1,2})(?:[-/ ]|\. ?)([^\W\d]{3,5})\.?$")
_MONTH_NUMBER = re.compile(r"^([^\W\d]{3,5})\.?[-/ ](\d{2})$")
_ISO_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?(?:\.0+)?)?$")
_SLASHED = re.compile(r"^(\d{1,2})([./])(\d{1,2})\2(\d{4})$")

_WIDEST = 2000.0  # times a bottom of 10 or more; beyond are telephone numbers and codes

EMPLOYEE_BANDS = (
    (1, 1),
    (2, 10),
    (11, 50),
    (51, 200),
    (201, 500),
    (501, 1000),
    (1001, 5000),
    (5001, 10000),
    (10001, None),
)


def _value(digits: str, suffix: str | None) -> float:
    if re.search(r"[., '’\u00a0\u202f]\d{3}$", digits) and not re.fullmatch(r"\d+[.,]\d{1,2}", digits):
        number = float(re.sub(r"[^\d]", "", digits))
    else:
        number = float(digits.replace(",", "."))
    return number * _SUFFIX[suffix.casefold().rstrip(".")] if suffix else number


@lru_cache(maxsize=50_000)
def parse_band(text: str | None) -> tuple[float, float | None] | None:
    """Read a range; the top is None when it is open. Not a range: None.

    >>> parse_band("51-200"), parse_band("1,001–5,000 employees"), parse_band("10,001+ employees")
    ((51.0, 200.0), (1001.0, 5000.0), (10001.0, None))
    >>> parse_band("251-1K"), parse_band("$10M-$50M"), parse_band("Less than 10"), parse_band("> 60")
    ((251.0, 1000.0), (10000000.0, 50000000.0), (0.0, 9.0), (61.0, None))
    >>> parse_band("ca. 50 bis 60"), parse_band("Tuesday")
    ((50.0, 60.0), None)
    >>> parse_band("030-0076545"), parse_band("555-1234567")
    (None, None)
    """
    if not text:
        return None
    text = _ABOUT.sub("", " ".join(text.replace("\u00a0", " ").split()).strip("'\" "))
    if _SELF.match(text):
        return (0.0, 1.0)
    boxed = _BRACKETED.match(text)
    if boxed:
        text = boxed.group(1).strip()
    text = _NAMED_SIZE.sub("", text)
    for pattern in (_RANGE, _BETWEEN):
        found = pattern.match(text)
        if found:
            low, low_suffix, high, high_suffix = found.groups()
            if re.match(r"0\d", high):
                return None  # a telephone number
            top = _value(high, high_suffix)
            bottom = _value(low, low_suffix)
            if low_suffix is None and high_suffix and bottom < 1000 and _value(low, high_suffix) < top:
                # "1-10M" means one to ten million; "251-1K" does not mean 251 thousand.
                bottom = _value(low, high_suffix)
            return (bottom, top) if bottom <= top and (bottom < 10 or top <= bottom * _WIDEST) else None
    found = _OPEN_TOP.match(text)
    if found:
        digits, suffix = next((d, s) for d, s in (found.group(1, 2), found.group(3, 4)) if d)
        bottom = _value(digits, suffix)
        return (bottom + 1 if _STRICT_TOP.match(text) and bottom < 1e5 else bottom, None)
    found = _OPEN_BOTTOM.match(text)
    if found:
        digits, suffix = next((d, s) for d, s in (found.group(1, 2), found.group(3, 4)) if d)
        top = _value(digits, suffix)
        inclusive = bool(_INCLUSIVE_BOTTOM.search(text)) and not text.casefold().startswith(
            ("less", "fewer", "under", "unter")
        )
        return (0.0, top if inclusive or top >= 1e5 else top - 1)
    return None


def plain_size(text: str | None) -> float | None:
    """A size written as one number, however loosely; None when it is none.

    >>> plain_size("ca. 120"), plain_size("1.200 Mitarbeiter"), plain_size("~50"), plain_size("three")
    (120.0, 1200.0, 50.0, None)
    """
    found = _COUNTED.match(_ABOUT.sub("", " ".join((text or "").split()).strip("'\" ")))
    return _value(*found.groups()) if found else None


def unmangled_band(text: str | None, saved_in: int | None = None) -> tuple[float, float] | None:
    """Read back a size range that a spreadsheet turned into a date. Only for columns known to hold ranges.

    ``saved_in`` is the year in which the spreadsheet did so, if known: the first of a month of another year was a
    range of month and year (5-25), of that year one of day and month (1-5).

    >>> unmangled_band("2-Oct"), unmangled_band("10-Feb"), unmangled_band("Nov-50"), unmangled_band("02. Okt")
    ((2.0, 10.0), (2.0, 10.0), (11.0, 50.0), (2.0, 10.0))
    >>> unmangled_band("1950-11-01 00:00:00"), unmangled_band("2026-10-02"), unmangled_band("11/1/1950")
    ((11.0, 50.0), (2.0, 10.0), (11.0, 50.0))
    >>> unmangled_band("2025-05-01"), unmangled_band("2025-05-01", saved_in=2026)
    ((1.0, 5.0), (5.0, 25.0))
    """
    text = (text or "").strip()
    found = _DAY_MONTH.match(text)
    if found and (month := month_number(found.group(2))):
        return _in_order(int(found.group(1)), month)
    found = _MONTH_NUMBER.match(text)
    if found and (month := month_number(found.group(1))):
        return _in_order(month, int(found.group(2)))
    day = _whole_day(text)
    if day is None:
        return None
    year, first, second = day
    if min(first, second) == 1 and (year < 2000 or first == second or (saved_in or year) != year):
        return _in_order(max(first, second), year % 100)
    return _in_order(first, second)


def mangled_year(text: str) -> int | None:
    """The year of a day that a spreadsheet made of a range; None when the text is no such day.

    >>> mangled_year("2026-10-02"), mangled_year("2-Oct")
    (2026, None)
    """
    day = _whole_day(text.strip())
    return day[0] if day else None


def _whole_day(text: str) -> tuple[int, int, int] | None:
    """Year, and month and day in either order."""
    found = _ISO_DATE.match(text)
    parts = found.group(1, 2, 3) if found else ()
    if not found and (found := _SLASHED.match(text)):
        parts = found.group(4, 1, 3)
    if not parts:
        return None
    year, first, second = map(int, parts)
    return (year, first, second) if 1 <= min(first, second) <= 12 and max(first, second) <= 31 else None


def _in_order(one: int, other: int) -> tuple[float, float]:
    low, high = sorted((one, other))
    return (float(low), float(high))


def _shown(value: float) -> str:
    for size, mark in ((1e9, "B"), (1e6, "M")):
        if value >= size and round(value / size, 1) * size == value:
            return f"{value / size:g}{mark}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def band_label(low: float, high: float | None, prefix: str = "") -> str:
    """Show a range in the one canonical way.

    >>> band_label(1001, 5000), band_label(10001, None), band_label(1e6, 1e7, "$"), band_label(1, 1)
    ('1,001–5,000', '10,001+', '$1M–$10M', '1')
    """
    if high is None:
        return f"{prefix}{_shown(low)}+"
    if high == low:
        return f"{prefix}{_shown(low)}"
    return f"{prefix}{_shown(low)}–{prefix}{_shown(high)}"


def band_of_number(
    value: float, bands: tuple[tuple[float, float | None], ...] = EMPLOYEE_BANDS
) -> str | None:
    """Put a number into one of ``bands`` (company sizes by default); None below the first.

    >>> band_of_number(37), band_of_number(12_000), band_of_number(0)
    ('11–50', '10,001+', None)
    """
    for low, high in bands:
        if value >= low and (high is None or value <= high):
            return band_label(low, high)
    return None


def band_sort_key(label: str) -> tuple[float, float, str]:
    """Sort ranges by their bottom, then their top; what is no range comes last, by name.

    >>> sorted(["51–200", "10,001+", "2–10", "unknown"], key=band_sort_key)
    ['2–10', '51–200', '10,001+', 'unknown']
    """
    parsed = parse_band(label)
    if parsed is None:
        try:
            value = float(label.replace(",", ""))
        except ValueError:
            return (float("inf"), float("inf"), label)
        return (value, value, label)
    return (parsed[0], float("inf") if parsed[1] is None else parsed[1], label)


def joined_bands(labels: Iterable[str]) -> list[str]:
    """Say ranges in their order, neighbours as one; what is no range comes last, by name.

    >>> joined_bands(["250–999", "50–249"]), joined_bands(["1–10", "51–200", "201+"]), joined_bands(["$1M–$10M", "$10M–$50M"])
    (['50–999'], ['1–10', '51+'], ['$1M–$50M'])
    >>> joined_bands(["unknown", "$1–$5", "6–9"])
    ['$1–$5', '6–9', 'unknown']
    """
    said: list[str] = []
    before: tuple[str, float, float | None] | None = None
    for label in sorted(labels, key=band_sort_key):
        bounds = parse_band(label)
        if bounds is None:
            said.append(label)
            continue
        sign = re.match(r"[^\d\s]*", label).group()
        low, high = bounds
        if (
            before is not None
            and before[0] == sign
            and before[2] is not None
            and low in (before[2], before[2] + 1)
        ):
            low = before[1]
            said[-1] = band_label(low, high, sign)
        else:
            said.append(label)
        before = (sign, low, high)
    return said


def band_middle(low: float, high: float | None) -> float:
    """Return one number for a range: the geometric middle; an open top keeps its bottom.

    >>> band_middle(10, 1000), band_middle(10001, None)
    (100.0, 10001.0)
    """
    if high is None:
        return float(low)
    return float((max(low, 1) * max(high, 1)) ** 0.5)
