"""An attribute as a few groups that fit on a chart, each with the conditions a click on it adds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from icp_core.segments.conditions import Condition, number_words
from icp_core.segments.narrow import Narrow
from icp_core.stats.wording import significant

OTHER = "other"
NUMBER_GROUPS = 5
_MANTISSAS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, eq=False)
class Grouping:
    """Customers by group: ``codes`` (0 = not known, ``i`` = ``labels[i - 1]``) in the narrow row order.

    ``rows`` gives the customer of each code where one customer may be in several groups (multi-select),
    else None. ``conditions[i]`` are what choosing group ``i`` adds to a segment.
    """

    attribute: str
    label: str
    labels: tuple[str, ...]
    conditions: tuple[tuple[Condition, ...], ...]
    codes: np.ndarray
    rows: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.labels)


def grouping(table: Narrow, attribute: str, most: int = 12) -> Grouping:
    """Group the customers by an attribute: levels as they are, numbers in about five, dates by year.

    More than ``most`` levels are folded into "other (7 groups)".
    """
    return table.keep(("grouping", attribute, most), lambda: _grouping(table, attribute, most))


def can_group(table: Narrow, attribute: str) -> bool:
    """True when the attribute has groups to show: filled, and not free text."""
    about = table.about(attribute)
    return about.kind != "text" and about.role != "identity" and about.n_distinct > 1


def _grouping(table: Narrow, attribute: str, most: int) -> Grouping:
    about = table.about(attribute)
    make = {"number": _by_number, "date": _by_year, "multi": _by_member}.get(about.kind, _by_level)
    return make(table, attribute, about.label, most)


def _by_level(table: Narrow, attribute: str, label: str, most: int) -> Grouping:
    coded, about = table.coded(attribute), table.about(attribute)
    if about.kind == "yes_no":
        conditions = (Condition(attribute, "is_yes"),), (Condition(attribute, "is_no"),)
        return Grouping(attribute, label, ("yes", "no"), conditions, coded.codes)
    counts = np.bincount(coded.codes, minlength=coded.n_levels + 1)[1:]
    kept, folded = _fold(counts, most)
    names = [coded.values[i] for i in kept]
    lookup = _lookup(coded.n_levels, kept, folded)
    conditions = [(Condition(attribute, "is_any_of", (name,)),) for name in names]
    if folded:
        names.append(f"{OTHER} ({len(folded)} groups)")
        conditions.append((Condition(attribute, "is_any_of", tuple(coded.values[i] for i in folded)),))
    return Grouping(attribute, label, tuple(names), tuple(conditions), lookup[coded.codes])


def _by_member(table: Narrow, attribute: str, label: str, most: int) -> Grouping:
    coded, about = table.coded(attribute), table.about(attribute)
    names = list(about.levels[: most if len(about.levels) <= most else most - 1])
    place = {name: i + 1 for i, name in enumerate(names)}
    lists = [sorted({place.get(m, len(names) + 1) for m in members}) for members in coded.values]
    lengths = np.array([0, *map(len, lists)])
    rows = np.repeat(np.arange(table.n), lengths[coded.codes])
    flat = np.concatenate([np.zeros(0, dtype=np.int64), *map(np.asarray, lists)]).astype(np.uint8)
    starts = np.concatenate([[0, 0], np.cumsum(lengths[1:])])[: len(lengths)]
    within = np.arange(len(rows)) - np.repeat(
        np.cumsum(lengths[coded.codes]) - lengths[coded.codes], lengths[coded.codes]
    )
    codes = flat[(starts[coded.codes][rows] + within).astype(np.int64)] if len(rows) else flat[:0]
    conditions = [(Condition(attribute, "has_any_of", (name,)),) for name in names]
    folded = about.levels[len(names) :]
    if folded:
        names.append(f"{OTHER} ({len(folded)} groups)")
        conditions.append((Condition(attribute, "has_any_of", tuple(folded)),))
    return Grouping(attribute, label, tuple(names), tuple(conditions), codes, rows)


def _by_number(table: Narrow, attribute: str, label: str, most: int) -> Grouping:
    numbers = table.numbers(attribute)
    known = numbers[np.isfinite(numbers)]
    whole = bool(len(known)) and bool(np.all(known == np.floor(known)))
    cuts = number_cuts(known, NUMBER_GROUPS, whole=whole)
    about = table.about(attribute)
    names, conditions = [], []
    bounds = [-np.inf, *cuts, np.inf]
    for low, high in zip(bounds, bounds[1:], strict=False):
        names.append(_range_label(low, high, whole, about))
        found = []
        if np.isfinite(low):
            found.append(Condition(attribute, "at_least", low))
        if np.isfinite(high):
            found.append(Condition(attribute, "less_than", high))
        if whole and len(found) == 2:
            found = [Condition(attribute, "between", (low, high - 1))]
        conditions.append(tuple(found))
    codes = np.where(np.isfinite(numbers), np.searchsorted(cuts, numbers, side="right") + 1, 0)
    return Grouping(attribute, label, tuple(names), tuple(conditions), codes.astype(np.uint8))


def number_cuts(known: np.ndarray, groups: int, *, whole: bool) -> list[float]:
    """Round numbers that part the values into about ``groups`` groups of similar size.

    >>> number_cuts(np.arange(1.0, 1000.0), 5, whole=True)
    [200.0, 400.0, 600.0, 800.0]
    """
    if not len(known):
        return []
    distinct = pd.unique(known)
    if len(distinct) <= groups:
        return [float(v) for v in sorted(distinct)[1:]]
    found = np.quantile(known, np.arange(1, groups) / groups)
    low, high = float(known.min()), float(known.max())
    rounded = [round_number(float(v), high - low, groups) for v in found]
    if whole:
        rounded = [float(round(v)) for v in rounded]
    return sorted({v for v in rounded if low < v <= high})


def round_number(value: float, span: float, steps: int) -> float:
    """A round number near ``value``, for marks on a span that is parted into about ``steps`` steps.

    Far from zero (years) it is a multiple of a round step; otherwise the leading digits are rounded.

    >>> round_number(78, 2000, 5), round_number(1987, 64, 5), round_number(12_340, 90_000, 5)
    (80.0, 1985.0, 12000.0)
    """
    if not value or span <= 0:
        return value
    if abs(value) > 3 * span:
        step = _one_two_five(span / (2 * steps))
        return round(value / step) * step
    size = 10.0 ** math.floor(math.log10(abs(value)))
    nearest = min(_MANTISSAS, key=lambda m: abs(m - abs(value) / size))
    return math.copysign(round(nearest * size, 12), value)


def _one_two_five(value: float) -> float:
    size = 10.0 ** math.floor(math.log10(value))
    return size * max(m for m in (1, 2, 5) if m <= value / size * 1.0001)


def _range_label(low: float, high: float, whole: bool, about) -> str:
    if about.unit == "%":
        low, high = low * 100, high * 100
    year = about.name.endswith("year")

    def said(value: float) -> str:
        return f"{int(value)}" if year else short_number(value)

    if not np.isfinite(low) and not np.isfinite(high):
        return "any"
    if not np.isfinite(low):
        return f"under {said(high)}"
    if not np.isfinite(high):
        return f"{said(low)}+"
    if whole and about.unit != "%":
        return said(low) if high - 1 == low else f"{said(low)}–{said(high - 1)}"
    return f"{said(low)} to {said(high)}"


def short_number(value: float) -> str:
    """A number for an axis: 1,200 stays, 12,400 becomes 12.4k.

    >>> short_number(1200), short_number(12400), short_number(2_500_000), short_number(0.5)
    ('1,200', '12.4k', '2.5M', '0.5')
    """
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{significant(value, 3) / (1e3 if letter == 'k' else size):g}{letter}"
    return number_words(float(value))


def _by_year(table: Narrow, attribute: str, label: str, most: int) -> Grouping:
    days = table.numbers(attribute)
    known = np.isfinite(days)
    years = np.zeros(table.n, dtype=np.int64)
    years[known] = days[known].astype("int64").astype("datetime64[D]").astype("datetime64[Y]").astype("int64")
    years += 1970
    found = np.unique(years[known])
    first = int(found[-1]) - most + 1 if len(found) > most else int(found[0]) if len(found) else 0
    shown = [int(y) for y in found if y >= first]
    names = [str(y) for y in shown]
    conditions = [(Condition(attribute, "between", (f"{y}-01-01", f"{y}-12-31")),) for y in shown]
    codes = np.where(known, np.searchsorted(shown, years) + 1, 0)
    if len(found) and found[0] < first:
        names[0] = f"{first} and before"
        conditions[0] = (Condition(attribute, "at_most", f"{first}-12-31"),)
        codes = np.where(known, np.maximum(codes, 1), 0)
    return Grouping(attribute, label, tuple(names), tuple(conditions), codes.astype(np.uint8))


def day(value: float) -> date:
    """The date of a count of days since 1970."""
    return _EPOCH + timedelta(days=int(value))


def _fold(counts: np.ndarray, most: int) -> tuple[list[int], list[int]]:
    """Which levels stay and which are folded into "other"; the frequent ones stay, in their order."""
    filled = [i for i in range(len(counts)) if counts[i]]
    if len(filled) <= most:
        return filled, []
    frequent = sorted(sorted(filled, key=lambda i: (-counts[i], i))[: most - 1])
    return frequent, [i for i in filled if i not in set(frequent)]


def _lookup(n_levels: int, kept: list[int], folded: list[int]) -> np.ndarray:
    lookup = np.zeros(n_levels + 1, dtype=np.uint8)
    for place, level in enumerate(kept):
        lookup[level + 1] = place + 1
    for level in folded:
        lookup[level + 1] = len(kept) + 1
    return lookup
