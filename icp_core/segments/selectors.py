"""The simple statements a search may combine: one level, a run of bands, a range between round numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Attribute, Facts
from icp_core.segments.conditions import Condition

# A level is worth a column of its own from half the support on: two such levels together may reach it.
_LEVEL_SHARE_OF_SUPPORT = 0.5
# Unions of two levels are tried among this many most frequent levels of a category.
_MAX_UNION_LEVELS = 10
_MAX_LEVELS = 40
# Numbers with so few different values are cut between all of them; others near the fifths.
_FEW_VALUES = 6
_CUT_AT = (0.2, 0.4, 0.6, 0.8)
# How far (in share of customers) a cut may move away from its fifth to stand on a rounder number.
_CUT_WINDOW = 0.08
# Rank correlation at which a band is a number in coarser steps; on so many customers at most, at least.
_SAME_SUBJECT, _COMPARED_ROWS, _COMPARED_LEAST = 0.9, 5_000, 20
# A value held by so many customers gets a cut on both of its sides.
_HEAPED = 0.08


@dataclass(frozen=True, eq=False)
class Selectors:
    """Conditions to search over, as sums of disjoint columns ("atoms").

    ``atoms`` (customers × atoms, 0/1) holds a column per level, band or bin, or for all but one level; ``combine`` (atoms ×
    conditions, 0/1) says which atoms make up each condition, so figures of a range or a union are sums
    of the figures of its parts. ``attribute`` numbers the attribute of each condition; ``parts`` names
    the two one-level conditions a union is made of (−1 = not a union). A blank is in no atom. Conditions
    of one ``subject`` are never combined: same attribute, or a number and the band it falls into.
    """

    atoms: np.ndarray
    combine: np.ndarray
    conditions: tuple[Condition, ...]
    attribute: np.ndarray
    attributes: tuple[str, ...]
    parts: np.ndarray
    subject: np.ndarray
    skipped: tuple[tuple[str, str], ...]

    def mask(self, index: int) -> np.ndarray:
        """Customers for whom one condition holds."""
        return self.atoms[:, self.combine[:, index] > 0].any(axis=1)

    def rule_mask(self, rule: Iterable[int]) -> np.ndarray:
        """Customers for whom all conditions of a rule hold."""
        inside = np.ones(len(self.atoms), dtype=bool)
        for index in rule:
            inside &= self.mask(index)
        return inside


@dataclass(frozen=True, eq=False)
class _Part:
    """What one attribute brings: its atoms and its conditions as (condition, atom numbers, union parts)."""

    atoms: np.ndarray
    conditions: list[tuple[Condition, tuple[int, ...], tuple[int, int] | None]]


def selectors(facts: Facts, attributes: Sequence[Attribute], rows: np.ndarray, support: int) -> Selectors:
    """All conditions over ``attributes`` that hold for at least ``support`` of the customers in ``rows``.

    Parameters
    ----------
    facts, rows
        The customers looked at; ``rows`` are positions in ``facts.frame``.
    attributes
        Attributes to use, already cleared of leaks. Being blank is never a condition.

    Returns
    -------
    Selectors
        ``skipped`` names attributes that bring no condition, each with the reason.
    """
    parts, skipped, used = [], [], []
    for attribute in attributes:
        column = facts.frame[attribute.name].iloc[rows]
        part, reason = _part(column, attribute, support)
        if part is None:
            skipped.append((attribute.name, reason))
        else:
            parts.append(part)
            used.append(attribute.name)
    n_atoms = sum(part.atoms.shape[1] for part in parts)
    n_conditions = sum(len(part.conditions) for part in parts)
    atoms = np.zeros((len(rows), n_atoms), dtype=bool)
    combine = np.zeros((n_atoms, n_conditions), dtype=np.float32)
    conditions, number = [], np.zeros(n_conditions, dtype=np.int32)
    union = np.full((n_conditions, 2), -1, dtype=np.int32)
    first_atom = 0
    for index, part in enumerate(parts):
        width, first = part.atoms.shape[1], len(conditions)
        atoms[:, first_atom : first_atom + width] = part.atoms
        for condition, members, pair in part.conditions:
            at = len(conditions)
            combine[[first_atom + m for m in members], at] = 1
            number[at] = index
            if pair:
                union[at] = first + pair[0], first + pair[1]
            conditions.append(condition)
        first_atom += width
    subjects = _subjects(facts, used, rows)
    return Selectors(
        atoms, combine, tuple(conditions), number, tuple(used), union, subjects[number], tuple(skipped)
    )


def _subjects(facts: Facts, names: list[str], rows: np.ndarray) -> np.ndarray:
    """A number per attribute, the same for a band and the number it is a band of (by their order)."""
    rows = rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), _COMPARED_ROWS)).astype(int))]
    subjects = np.arange(len(names))
    kinds = [facts.catalogue[name].kind for name in names]
    for i in (i for i, kind in enumerate(kinds) if kind == "band"):
        place = {level: k for k, level in enumerate(facts.catalogue[names[i]].levels)}
        order = facts.frame[names[i]].iloc[rows].map(place).astype(float)
        for j in (j for j, kind in enumerate(kinds) if kind == "number"):
            numbers = pd.to_numeric(facts.frame[names[j]].iloc[rows]).astype(float)
            both = order.notna() & numbers.notna()
            if both.sum() < _COMPARED_LEAST or order[both].nunique() < 2 or numbers[both].nunique() < 2:
                continue
            if order[both].rank().corr(numbers[both].rank()) >= _SAME_SUBJECT:
                subjects[i] = subjects[j]
    return subjects


def _part(column: pd.Series, attribute: Attribute, support: int) -> tuple[_Part | None, str]:
    filled = int(column.notna().sum())
    if filled < support:
        return None, f"Known for only {filled} customers; at least {support} are needed."
    if attribute.kind == "multi":
        part = _members(column, attribute.name, support)
    elif attribute.kind == "yes_no":
        part = _yes_no(column, attribute.name)
    elif attribute.kind == "number":
        part = _ranges(pd.to_numeric(column).to_numpy(dtype=float, na_value=np.nan), attribute.name)
    elif attribute.kind == "date":
        part = _periods(column, attribute.name)
    elif attribute.kind == "band":
        part = _bands(column, attribute)
    else:
        part = _levels(column, attribute.name, support)
    part = _supported(part, support, len(column))
    if part is None:
        return None, "No value is shared by enough customers (or all have the same)."
    return part, ""


def _supported(part: _Part | None, support: int, n: int) -> _Part | None:
    """Only the conditions that hold for enough customers, and leave enough outside."""
    if part is None:
        return None
    sizes = part.atoms.sum(axis=0)
    keep = []
    for i, (_, members, _) in enumerate(part.conditions):
        # Atoms of a multi-select overlap, as does that of all other levels, but each condition on one holds it alone.
        size = int(sizes[list(members)].sum())
        if support <= size <= n - support:
            keep.append(i)
    if not keep:
        return None
    place = {old: new for new, old in enumerate(keep)}
    conditions = []
    for i in keep:
        condition, members, pair = part.conditions[i]
        if pair:
            # A union stays only where both of its levels stand on their own; smaller ones are too thin.
            if pair[0] not in place or pair[1] not in place:
                continue
            pair = (place[pair[0]], place[pair[1]])
        conditions.append((condition, members, pair))
    return _Part(part.atoms, conditions) if conditions else None


def _levels(column: pd.Series, name: str, support: int) -> _Part | None:
    """One condition per level, per union of two frequent levels, and for all but a level that most have."""
    codes, names = _coded(column)
    counts = dict(zip(names, np.bincount(codes + 1, minlength=len(names) + 1)[1:].tolist(), strict=True))
    frequent_enough = [name for name in names if counts[name] >= max(1, support * _LEVEL_SHARE_OF_SUPPORT)]
    levels = sorted(frequent_enough, key=lambda level: (-counts[level], level))[:_MAX_LEVELS]
    if not levels:
        return None
    conditions = [(Condition(name, "is_any_of", (level,)), (i,), None) for i, level in enumerate(levels)]
    frequent = min(len(levels), _MAX_UNION_LEVELS)
    if len(levels) > 2:
        conditions += [
            (Condition(name, "is_any_of", (levels[i], levels[j])), (i, j), (i, j))
            for i in range(frequent)
            for j in range(i + 1, frequent)
        ]
    atoms = _columns(codes, names, levels)
    if counts[levels[0]] > (codes >= 0).sum() / 2 and _too_many_others(names, levels):
        # "Abroad" is a kind of customer, however few come from each country.
        others = (codes >= 0) & ~atoms[:, 0]
        conditions.append((Condition(name, "is_none_of", (levels[0],)), (len(levels),), None))
        atoms = np.column_stack([atoms, others])
    return _Part(atoms, conditions)


def _too_many_others(names: list[str], levels: list[str]) -> bool:
    """Whether all levels but the first are more than one condition says: over two, or some too thin to be tried."""
    return len(names) > 3 or len(names) > len(levels)


def _coded(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """The number of each customer's level (−1 = blank) and the levels."""
    codes, names = pd.factorize(column)
    return codes, [str(name) for name in names]


def _columns(codes: np.ndarray, names: list[str], levels: list[str]) -> np.ndarray:
    """One column per level, in the order of ``levels``."""
    place = {level: i for i, level in enumerate(levels)}
    order = np.array([place.get(name, -1) for name in names] + [-1])
    return order[codes][:, None] == np.arange(len(levels))


def _bands(column: pd.Series, attribute: Attribute) -> _Part | None:
    """One condition per run of neighbouring bands, from small to large."""
    codes, names = _coded(column)
    levels = [level for level in attribute.levels if level in set(names)]
    if len(levels) < 2:
        return None
    conditions = [
        (Condition(attribute.name, "is_any_of", tuple(levels[i : j + 1])), tuple(range(i, j + 1)), None)
        for i, j in _runs(len(levels))
    ]
    return _Part(_columns(codes, names, levels), conditions)


def _runs(n: int) -> list[tuple[int, int]]:
    """First and last of every run of neighbours among ``n``, but not all of them together."""
    return [(i, j) for i in range(n) for j in range(i, n) if (i, j) != (0, n - 1)]


def _members(column: pd.Series, name: str, support: int) -> _Part | None:
    """One condition per member of a multi-select."""
    lists = [v if isinstance(v, (list, tuple, np.ndarray)) else () for v in column]
    counts = pd.Series([str(x) for v in lists for x in set(v)], dtype=object).value_counts()
    counts = counts[counts >= support]
    levels = sorted(counts.index, key=lambda level: (-counts[level], level))[:_MAX_LEVELS]
    if not levels:
        return None
    place = {level: i for i, level in enumerate(levels)}
    atoms = np.zeros((len(lists), len(levels)), dtype=bool)
    for row, values in enumerate(lists):
        for value in values:
            if str(value) in place:
                atoms[row, place[str(value)]] = True
    return _Part(
        atoms, [(Condition(name, "has_any_of", (level,)), (i,), None) for i, level in enumerate(levels)]
    )


def _yes_no(column: pd.Series, name: str) -> _Part:
    known = column.notna().to_numpy()
    yes = column.fillna(False).astype(bool).to_numpy() & known
    atoms = np.column_stack([yes, known & ~yes])
    return _Part(atoms, [(Condition(name, "is_yes"), (0,), None), (Condition(name, "is_no"), (1,), None)])


@dataclass(frozen=True)
class Cut:
    """A place to cut numbers: below it ``x < at``, or ``x <= at`` when ``at`` itself stays below."""

    at: float
    at_is_below: bool

    def above(self, values: np.ndarray) -> np.ndarray:
        """Values on the upper side; blanks are on no side."""
        return values > self.at if self.at_is_below else values >= self.at


def round_cuts(values: np.ndarray) -> list[Cut]:
    """Cuts on round numbers near the fifths of the values, placed in the natural gaps of the data.

    >>> staff = np.array([*range(2, 10), *range(12, 45, 4), *range(50, 96, 6), *range(100, 201, 10), 215, 260,
    ...                   330, 420, 540, 700, 900, 1200])
    >>> [(cut.at, cut.at_is_below) for cut in round_cuts(staff)]
    [(10.0, False), (50.0, False), (100.0, True), (200.0, True)]
    """
    values = np.sort(values[np.isfinite(values)])
    if not len(values) or values[0] == values[-1]:
        return []
    distinct = np.unique(values)
    if len(distinct) <= _FEW_VALUES:
        return [Cut(float(point), False) for point in distinct[1:]]
    whole = bool(np.all(values == np.round(values)))
    found: dict[int, Cut] = {}
    for q in _CUT_AT:
        low, middle, high = (float(np.quantile(values, p)) for p in (q - _CUT_WINDOW, q, q + _CUT_WINDOW))
        point = _roundest(low, middle, high)
        for cut in _sides(values, point, whole):
            below = len(values) - int(cut.above(values).sum())
            if 0 < below < len(values):
                found.setdefault(below, cut)
    return [found[below] for below in sorted(found)]


def _roundest(low: float, middle: float, high: float) -> float:
    """The number with the fewest digits in ``[low, high]``, the one nearest the middle among equals."""
    if low <= 0.0 <= high and high > low:
        return 0.0
    if low == high:
        return low
    top = math.floor(math.log10(max(abs(low), abs(high))))
    for power in range(top + 1, top - 8, -1):
        for step in (10.0**power, 5 * 10.0 ** (power - 1)):
            first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
            if first <= last:
                nearest = min(max(round(middle / step), first), last)
                return float(round(nearest * step, max(0, 3 - power)))
    return middle


def _sides(values: np.ndarray, point: float, whole: bool) -> list[Cut]:
    """The cut below or above ``point``, whichever lies in the wider gap; both when many stand on it."""
    start, stop = np.searchsorted(values, point, "left"), np.searchsorted(values, point, "right")
    below, above = Cut(point, False), Cut(point, True)
    if stop == start:
        return [below]
    if stop - start >= _HEAPED * len(values):
        return [below, above]
    if start == 0:
        return [above]
    if stop == len(values):
        return [below]
    if not whole:
        return [below]
    return [above] if values[stop] - point > point - values[start - 1] else [below]


def _ranges(values: np.ndarray, name: str) -> _Part | None:
    cuts = round_cuts(values)
    if not cuts:
        return None
    known = np.isfinite(values)
    bins = np.where(known, sum(cut.above(values).astype(int) for cut in cuts), -1)
    finite = values[known]
    whole = bool(np.all(finite == np.round(finite)))
    conditions = []
    for i, j in _runs(len(cuts) + 1):
        lower = cuts[i - 1] if i > 0 else None
        upper = cuts[j] if j < len(cuts) else None
        conditions.append(
            (_number_condition(name, lower, upper, finite, whole), tuple(range(i, j + 1)), None)
        )
    return _Part(bins[:, None] == np.arange(len(cuts) + 1), conditions)


# Up to here people count: "at least 3", not "more than 2"; beyond, the round number matters more.
_COUNTED = 20


def _number_condition(
    name: str, lower: Cut | None, upper: Cut | None, values: np.ndarray, whole: bool
) -> Condition:
    """A range in the words people use, true for exactly the values between the cuts."""
    if lower and upper:
        return Condition(name, "between", (_lowest(lower, values, whole), _highest(upper, values, whole)))
    if lower:
        counted = lower.at_is_below and whole and lower.at + 1 <= _COUNTED
        if counted:
            return Condition(name, "at_least", lower.at + 1)
        return Condition(name, "more_than" if lower.at_is_below else "at_least", lower.at)
    counted = not upper.at_is_below and whole and upper.at <= _COUNTED
    if counted:
        return Condition(name, "at_most", math.ceil(upper.at) - 1)
    return Condition(name, "at_most" if upper.at_is_below else "less_than", upper.at)


def _lowest(cut: Cut, values: np.ndarray, whole: bool) -> float:
    if not cut.at_is_below or not (values == cut.at).any():
        return cut.at
    return math.floor(cut.at) + 1 if whole else float(values[values > cut.at].min())


def _highest(cut: Cut, values: np.ndarray, whole: bool) -> float:
    if cut.at_is_below or not (values == cut.at).any():
        return cut.at
    return math.ceil(cut.at) - 1 if whole else float(values[values < cut.at].max())


def _periods(column: pd.Series, name: str) -> _Part | None:
    """Ranges of dates cut at the start of the years, or of the quarters when all lie close together."""
    days = pd.to_datetime(column)
    filled = days.dropna()
    starts = []
    for q in _CUT_AT:
        day = filled.quantile(q)
        month = 1 if (filled.max() - filled.min()).days > 5 * 365 else 3 * ((day.month - 1) // 3) + 1
        starts.append(date(day.year, month, 1))
    starts = [d for d in sorted(set(starts)) if filled.min() < pd.Timestamp(d) <= filled.max()]
    if not starts:
        return None
    edges = np.array([np.datetime64(d) for d in starts], dtype="datetime64[D]")
    known = days.notna().to_numpy()
    bins = np.where(known, np.searchsorted(edges, days.to_numpy().astype("datetime64[D]"), "right"), -1)
    conditions = []
    for i, j in _runs(len(starts) + 1):
        first = starts[i - 1] if i > 0 else None
        last = starts[j] - timedelta(days=1) if j < len(starts) else None
        if first and last:
            condition = Condition(name, "between", (first.isoformat(), last.isoformat()))
        elif first:
            condition = Condition(name, "at_least", first.isoformat())
        else:
            condition = Condition(name, "at_most", last.isoformat())
        conditions.append((condition, tuple(range(i, j + 1)), None))
    return _Part(bins[:, None] == np.arange(len(starts) + 1), conditions)
