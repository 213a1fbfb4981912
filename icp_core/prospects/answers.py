"""What is known about companies or persons, attribute by attribute, so that lists of any shape compare.

Customers and prospects are described by different files: one says 37 employees, the other 11–50; one says
Germany, the other DE. Here both become the same thing: for a number the span it can lie in, for text a name
that is equal whatever its case or accents. A statement about them is true, false, or not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from icp_core.segments.conditions import Condition
from icp_core.vocabulary.bands import parse_band, plain_size
from icp_core.vocabulary.names import normalised_place
from icp_core.vocabulary.places import country_code

# A number and its ranges say the same thing; the first name is the one in use.
PAIRS = {
    "employee_band": "employees",
    "company_revenue_band": "company_revenue",
    "age_band": "age",
}
_PARTNERS = {number: band for band, number in PAIRS.items()}
YES, NO, UNKNOWN = 1, 0, -1
_TRUE_WORDS = frozenset(("yes", "y", "true", "t", "1", "ja", "oui", "si", "sim", "x"))
_FALSE_WORDS = frozenset(("no", "n", "false", "f", "0", "nein", "non", "nao", "nee"))


def canonical(attribute: str) -> str:
    """The one name of an attribute that exists as a number and as ranges.

    >>> canonical("employee_band"), canonical("industry")
    ('employees', 'industry')
    """
    return PAIRS.get(attribute, attribute)


def columns_of(attribute: str) -> tuple[str, ...]:
    """Columns that may hold an attribute, the more exact one first."""
    return (attribute, _PARTNERS[attribute]) if attribute in _PARTNERS else (attribute,)


@lru_cache(maxsize=100_000)
def text_key(text: str) -> str:
    """The form in which two spellings of one value are equal.

    >>> text_key("Facilities  services") == text_key("FACILITIES SERVICES")
    True
    """
    return normalised_place(text) or text.strip().casefold()


def value_key(attribute: str, text: str) -> str:
    """The form in which two spellings of one value of this attribute are equal; countries by their code.

    >>> value_key("country", "Deutschland") == value_key("country", "DE")
    True
    """
    return (country_code(text) or text_key(text)) if attribute == "country" else text_key(text)


@dataclass(frozen=True, eq=False)
class Texts:
    """One name a row: ``codes`` point into ``names``; -1 = not known."""

    codes: np.ndarray
    names: tuple[str, ...]

    @property
    def known(self) -> np.ndarray:
        return self.codes >= 0


@dataclass(frozen=True, eq=False)
class Spans:
    """The span a number lies in, both ends included; a number as such has equal ends; NaN = not known."""

    low: np.ndarray
    high: np.ndarray

    @property
    def known(self) -> np.ndarray:
        return ~np.isnan(self.low)


@dataclass(frozen=True, eq=False)
class Members:
    """Several names a row: ``has[name key]`` per row; ``known`` False where nothing is said."""

    has: Mapping[str, np.ndarray]
    known: np.ndarray
    names: Mapping[str, str]


Answer = Texts | Spans | Members


def answer(frame: pd.DataFrame, attribute: str, kind: str, columns: Sequence[str]) -> Answer | None:
    """What the frame says about one attribute, from the first of ``columns`` that has it; None when it says nothing.

    ``kind`` is the attribute's kind among the customers: number, band, category, text, yes_no, multi, date.
    """
    present = [c for c in columns if c in frame.columns and frame[c].notna().any()]
    if not present:
        return None
    if kind in ("number", "band", "date"):
        return _spans([frame[c] for c in present], kind)
    if kind == "multi":
        return _members(frame[present[0]])
    if kind == "yes_no":
        return _yes_no(frame[present[0]])
    codes, names = pd.factorize(frame[present[0]].astype("object"), sort=False)
    return Texts(codes.astype(np.int32), tuple(str(name) for name in names))


def _spans(columns: Iterable[pd.Series], kind: str) -> Spans:
    low: np.ndarray | None = None
    for column in columns:
        one_low, one_high = _span_ends(column, kind)
        if low is None:
            low, high = one_low, one_high
        else:
            gap = np.isnan(low)
            low, high = np.where(gap, one_low, low), np.where(gap, one_high, high)
    return Spans(low, high)


def _span_ends(column: pd.Series, kind: str) -> tuple[np.ndarray, np.ndarray]:
    if kind == "date" or pd.api.types.is_datetime64_any_dtype(column.dtype):
        days = pd.to_datetime(column, errors="coerce").to_numpy().astype("datetime64[D]")
        value = np.where(np.isnat(days), np.nan, days.astype("int64").astype(float))
        return value, value
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        value = column.to_numpy(dtype=float, na_value=np.nan)
        return value, value
    codes, labels = pd.factorize(column.astype("object"))
    ends = [band_ends(str(label)) for label in labels]
    # Where one range ends on the number on which the next begins, that number belongs to the next.
    starts = {low for low, _ in ends}
    table = np.array(
        [(low, np.nextafter(high, -np.inf) if high in starts and high > low else high) for low, high in ends]
        + [(np.nan, np.nan)],
        dtype=float,
    )
    return table[codes, 0], table[codes, 1]


@lru_cache(maxsize=20_000)
def band_ends(label: str) -> tuple[float, float]:
    """Both ends of a range or a number in words; NaN when it is neither.

    >>> band_ends("51–200"), band_ends("10,001+"), band_ends("ca. 120")
    ((51.0, 200.0), (10001.0, inf), (120.0, 120.0))
    """
    parsed = parse_band(label)
    if parsed is not None:
        return float(parsed[0]), float("inf") if parsed[1] is None else float(parsed[1])
    size = plain_size(label)
    if size is not None:
        return size, size
    try:
        value = float(label.replace(",", ""))
    except ValueError:
        return float("nan"), float("nan")
    return value, value


def _yes_no(column: pd.Series) -> Texts:
    words = column.astype("object").map(
        lambda v: None if v is None or v is pd.NA or v != v else text_key("yes" if v is True else "no" if v is False else str(v))
    )  # fmt: skip
    codes = np.full(len(words), UNKNOWN, dtype=np.int32)
    codes[words.isin(_TRUE_WORDS).to_numpy()] = YES
    codes[words.isin(_FALSE_WORDS).to_numpy()] = NO
    return Texts(codes, ("No", "Yes"))


def _members(column: pd.Series) -> Members:
    values = column.tolist()
    known = np.array(
        [v is not None and v == v if not isinstance(v, (list, tuple, np.ndarray)) else True for v in values]
    )
    has: dict[str, np.ndarray] = {}
    names: dict[str, str] = {}
    for i, value in enumerate(values):
        if not known[i]:
            continue
        for name in [value] if isinstance(value, str) else value:
            key = text_key(str(name))
            if key not in has:
                has[key] = np.zeros(len(values), dtype=bool)
                names[key] = str(name)
            has[key][i] = True
    return Members(has, known, names)


def part_of(found: Answer, rows: np.ndarray) -> Answer:
    """The answers of some rows, by position."""
    if isinstance(found, Texts):
        return Texts(found.codes[rows], found.names)
    if isinstance(found, Spans):
        return Spans(found.low[rows], found.high[rows])
    return Members({key: has[rows] for key, has in found.has.items()}, found.known[rows], found.names)


def joined(parts: Sequence[tuple[np.ndarray, Answer]], n: int) -> Answer:
    """Answers about the same attribute from several lists as one; each part says which rows it speaks of."""
    first = parts[0][1]
    if isinstance(first, Spans):
        ends = np.full((2, n), np.nan)
        for rows, found in parts:
            ends[0, rows], ends[1, rows] = found.low, found.high
        return Spans(ends[0], ends[1])
    if isinstance(first, Texts):
        codes, names = np.full(n, UNKNOWN, dtype=np.int32), {}
        for rows, found in parts:
            place = [names.setdefault(name, len(names)) for name in found.names]
            codes[rows] = np.array([*place, UNKNOWN], dtype=np.int32)[found.codes]
        return Texts(codes, tuple(names))
    known, has, members = np.zeros(n, dtype=bool), {}, {}
    for rows, found in parts:
        known[rows] = found.known
        for key, mine in found.has.items():
            has.setdefault(key, np.zeros(n, dtype=bool))[rows] = mine
            members.setdefault(key, found.names[key])
    return Members(has, known, members)


# -- statements ------------------------------------------------------------------------------------


def truth(condition: Condition, answers: Mapping[str, Answer], n: int) -> np.ndarray:
    """Per row 1 = the condition holds, 0 = it does not, -1 = nobody can say yet.

    A range fully inside the condition counts, one fully outside does not, one across its edge says nothing.
    What is missing may be known tomorrow, so ``is_missing`` and ``is_known`` are false, true, or not known.
    """
    attribute = canonical(condition.attribute)
    found = answers.get(attribute)
    out = np.full(n, UNKNOWN, dtype=np.int8)
    if found is None:
        return out
    if condition.operator in ("is_missing", "is_known"):
        out[found.known] = YES if condition.operator == "is_known" else NO
        return out
    if isinstance(found, Spans):
        return _span_truth(condition, found, out)
    if isinstance(found, Members):
        return _member_truth(condition, found, out)
    test = _text_test(condition, attribute)
    verdicts = np.array([YES if test(name) else NO for name in found.names] + [UNKNOWN], dtype=np.int8)
    return verdicts[found.codes]


def all_true(verdicts: Sequence[np.ndarray], n: int) -> np.ndarray:
    """Whether all of several statements hold, by the same three answers."""
    out = np.full(n, YES, dtype=np.int8)
    for verdict in verdicts:
        out = np.where((out == NO) | (verdict == NO), NO, np.where(verdict == UNKNOWN, UNKNOWN, out))
    return out.astype(np.int8)


def _text_test(condition: Condition, attribute: str):
    if condition.operator in ("is_yes", "is_no"):
        wanted = "Yes" if condition.operator == "is_yes" else "No"
        return lambda name: name == wanted
    if condition.operator == "contains":
        part = str(condition.value).casefold()
        return lambda name: part in name.casefold()
    keys = {value_key(attribute, str(v)) for v in _listed(condition.value)}
    if condition.operator in ("is_none_of", "has_none_of"):
        return lambda name: value_key(attribute, name) not in keys
    return lambda name: value_key(attribute, name) in keys


def _listed(value) -> tuple:
    return value if isinstance(value, tuple) else (value,)


def pieces(condition: Condition) -> list[tuple[float, float]]:
    """The spans of numbers in which a condition about a number or its ranges holds, both ends included."""
    value, above, below = condition.value, -np.inf, np.inf
    if condition.operator in ("is_any_of", "is_none_of"):
        spans = [band_ends(str(v)) for v in _listed(value)]
        return [s for s in spans if s[0] == s[0]]
    ends = [_number(v) for v in _listed(value)]
    by_operator = {
        "between": lambda: (ends[0], ends[-1]),
        "at_least": lambda: (ends[0], below),
        "at_most": lambda: (above, ends[0]),
        "more_than": lambda: (np.nextafter(ends[0], np.inf), below),
        "less_than": lambda: (above, np.nextafter(ends[0], -np.inf)),
    }
    return [by_operator[condition.operator]()] if condition.operator in by_operator else []


def _number(value) -> float:
    """A number, or a day as the count of days the spans use."""
    return float(np.datetime64(value[:10], "D").astype("int64")) if isinstance(value, str) else float(value)


def _span_truth(condition: Condition, found: Spans, out: np.ndarray) -> np.ndarray:
    spans = pieces(condition)
    if not spans:
        return out
    inside = np.zeros(len(out), dtype=bool)
    touches = np.zeros(len(out), dtype=bool)
    with np.errstate(invalid="ignore"):
        for low, high in _joined(spans):
            inside |= (found.low >= low) & (found.high <= high)
            touches |= (found.high >= low) & (found.low <= high)
    negated = condition.operator == "is_none_of"
    out[found.known & inside] = NO if negated else YES
    out[found.known & ~touches] = YES if negated else NO
    return out


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans of whole numbers that follow each other (11–50, 51–200) are one span."""
    joined: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined


def _member_truth(condition: Condition, found: Members, out: np.ndarray) -> np.ndarray:
    nobody = np.zeros(len(out), dtype=bool)
    each = [found.has.get(text_key(str(v)), nobody) for v in _listed(condition.value)]
    some = np.logical_or.reduce(each) if each else nobody
    held = {
        "has_any_of": some,
        "is_any_of": some,
        "has_all_of": np.logical_and.reduce(each) if each else ~nobody,
        "has_none_of": ~some,
        "is_none_of": ~some,
    }.get(condition.operator)
    if held is not None:
        out[found.known] = np.where(held[found.known], YES, NO)
    return out
