"""What a filter shows beside its values: counts that follow the other filters, histograms, which come first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from icp_core.facts.catalogue import Attribute
from icp_core.facts.columns import DERIVED_ATTRIBUTES
from icp_core.segments.conditions import Segment
from icp_core.segments.groupings import can_group, grouping, round_number
from icp_core.segments.narrow import Chosen, Narrow
from icp_core.stats.phrases import LIKELY_P

# How many filters stand on the page before "More filters".
MAIN_FILTERS = 8
_STOPS = 24
_FEW_VALUES = 40
_ENOUGH_TO_ORDER = 100_000  # customers


@dataclass(frozen=True, eq=False)
class Facet:
    """Counts for one attribute's filter among the customers that meet all *other* conditions.

    ``counts`` per level for categories, bands, yes/no (``True``/``False``) and multi-selects; ``bars`` per
    step between two ``stops`` for numbers and dates (days since 1970). ``n_missing`` are not known.
    """

    attribute: Attribute
    counts: dict
    n_missing: int
    stops: tuple[float, ...] = ()
    bars: tuple[int, ...] = ()


def facet(table: Narrow, segment: Segment, attribute: str) -> Facet:
    """Counts beside the values of one filter."""
    about = table.about(attribute)
    chosen = table.chosen(segment.without(attribute))
    if about.kind in ("number", "date"):
        return _number_facet(table, about, chosen)
    coded = table.coded(attribute)
    counts = _counts(table, chosen, attribute, coded.codes, coded.n_levels + 1)
    if about.kind == "multi":
        found = dict.fromkeys(about.levels, 0)
        for members, n in zip(coded.values, counts[1:].tolist(), strict=True):
            for member in set(members):
                found[member] = found.get(member, 0) + n
    else:
        found = dict(zip(coded.values, counts[1:].tolist(), strict=True))
    return Facet(about, found, int(counts[0]))


def _counts(table: Narrow, chosen: Chosen, attribute: str, codes: np.ndarray, size: int) -> np.ndarray:
    totals = table.keep(("facet totals", attribute), lambda: np.bincount(codes, minlength=size))
    return chosen.counts(codes, totals)


def _number_facet(table: Narrow, about: Attribute, chosen: Chosen) -> Facet:
    stops, codes = table.keep(("stops", about.name), lambda: _steps(table, about))
    counts = _counts(table, chosen, about.name, codes, len(stops) + 1)
    return Facet(about, {}, int(counts[0]), stops, tuple(counts[1 : len(stops)].tolist()))


def _steps(table: Narrow, about: Attribute) -> tuple[tuple[float, ...], np.ndarray]:
    """Stops of the slider (round, at even shares of the customers) and each customer's step (0 = not known)."""
    numbers = table.numbers(about.name)
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return (), np.zeros(table.n, dtype=np.uint8)
    stops = _stops(known, about.kind == "date")
    codes = np.clip(np.searchsorted(stops, numbers, side="right"), 1, max(len(stops) - 1, 1))
    return tuple(stops), np.where(np.isfinite(numbers), codes, 0).astype(np.uint8)


def _stops(known: np.ndarray, is_date: bool) -> list[float]:
    low, high = float(known.min()), float(known.max())
    if is_date:
        first, last = np.array([low, high], dtype="int64").astype("datetime64[D]").astype("datetime64[M]")
        last += 1
        step = max(1, int((last - first).astype(int)) // _STOPS)
        starts = np.arange(first, last + 1, step).astype("datetime64[D]").astype("int64")
        return [float(v) for v in starts if v <= high] + [high]
    distinct = pd.unique(known)
    if len(distinct) <= _FEW_VALUES:
        return sorted(float(v) for v in distinct)
    # Stops are rounded, so customers taken evenly from all place them as well.
    known = known[:: -(-len(known) // _ENOUGH_TO_ORDER)]
    # Both ends of a long tail need stops: half of them at even shares, half at even powers.
    wanted = list(np.quantile(known, np.linspace(0, 1, _STOPS // 2 + 1)[1:-1]))
    positive = known[known > 0]
    if len(positive):
        wanted += list(np.geomspace(np.quantile(positive, 0.01), high, _STOPS // 2))
    found = sorted({round_number(float(v), high - low, _STOPS) for v in wanted})
    return [low, *(v for v in found if low < v < high), high]


def informative(table: Narrow) -> list[str]:
    """Attributes to filter by: the most telling about value and about staying in turns; leaks and free text last.

    How telling: the share of the spread of value (as ranks), or of having left, that lies between the groups, less
    what chance alone would give to that many groups, times the share of customers for whom it is known. Attributes
    that chance could explain follow in the order of the catalogue, those known before the sale first.
    """
    return table.keep(("informative",), lambda: _informative(table))


def _informative(table: Narrow) -> list[str]:
    names = [a.name for a in table.facts.attributes()]
    # The order of the filters needs no more than this many customers, taken evenly from all.
    if table.n > _ENOUGH_TO_ORDER:
        table = Narrow(table.facts.every(-(-table.n // _ENOUGH_TO_ORDER)))
    sides = []
    for outcome in (_value_ranks(table), _left(table)):
        telling = {name: _telling(table, name, outcome, len(names)) for name in names} if outcome else {}
        sides.append(
            sorted((name for name, share in telling.items() if share > 0), key=lambda n: -telling[n])
        )
    # What is chosen with the sale, a plan say, tells value by itself: it comes after what was known before.
    sides[0].sort(key=lambda name: not table.about(name).known_before)
    in_turns = [name for pair in zip_longest(*sides) for name in pair if name is not None]
    silent = sorted(names, key=lambda name: not table.about(name).known_before)
    return sorted(dict.fromkeys(in_turns + silent), key=lambda name: _tier(table.about(name)))


def _tier(about: Attribute) -> int:
    if about.kind == "text" or about.n_distinct < 2:
        return 3
    if about.leak:
        return 2
    # What they bought comes after what they are.
    return 1 if about.name in DERIVED_ATTRIBUTES else 0


def _value_ranks(table: Narrow) -> tuple[np.ndarray, np.ndarray] | None:
    """Rows with a known value and their ranks: the rows stand in the order of value already."""
    rows = np.arange(table.n_valued)
    return (rows, rows.astype(np.float64)) if len(rows) >= 3 else None


def _left(table: Narrow) -> tuple[np.ndarray, np.ndarray] | None:
    """Rows of which it is known whether they left, and whether they did."""
    if not table.has("churned"):
        return None
    left = table.numbers("churned")
    rows = np.flatnonzero(np.isfinite(left))
    return (rows, left[rows]) if len(rows) >= 3 else None


def _telling(table: Narrow, name: str, outcome: tuple[np.ndarray, np.ndarray], n_tried: int) -> float:
    if not can_group(table, name):
        return 0.0
    found = grouping(table, name)
    in_group = np.arange(len(found.codes)) if found.rows is None else found.rows
    values = np.full(table.n, np.nan)
    values[outcome[0]] = outcome[1]
    values = values[in_group]
    kept = (found.codes > 0) & np.isfinite(values)
    codes, values = found.codes[kept], values[kept]
    counts = np.bincount(codes, minlength=len(found) + 1)
    n, k = len(codes), int((counts > 0).sum())
    spread = values.var() * n if n else 0.0
    if k < 2 or n <= k + 1 or spread == 0:
        return 0.0
    sums = np.bincount(codes, weights=values, minlength=len(found) + 1)
    between = float((sums**2 / np.maximum(counts, 1)).sum() - n * values.mean() ** 2)
    share = between / spread
    # Kruskal–Wallis of ranks, the test of independence of a yes/no, over all attributes tried; what chance explains
    # tells nothing.
    if chdtrc(k - 1, share * (n - 1)) * n_tried > LIKELY_P:
        return 0.0
    return max(0.0, 1 - (1 - share) * (n - 1) / (n - k)) * n / table.n
