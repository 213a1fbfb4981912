"""All live figures of a segment and of the rest, in one call.

Nothing here asks the workspace: the figures come from the narrow columns of the facts (``narrow.py``), so
a change of a filter costs counting, not querying. The rest is the total minus the segment.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from icp_core.facts.catalogue import Facts
from icp_core.segments import figures
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.crossing import crossing
from icp_core.segments.deals import Deals, deals_of
from icp_core.segments.figures import Comparison, Figures
from icp_core.segments.groupings import Grouping, can_group, grouping
from icp_core.segments.keeping import Keeping, keeping
from icp_core.segments.narrow import Chosen, Narrow, narrow
from icp_core.stats.intervals import wilson
from icp_core.stats.phrases import MIN_N

VALUE_BINS = 24
MAX_BUBBLES = 14
MAX_HEAT_ROWS, MAX_HEAT_COLUMNS = 8, 7
_KEPT_DASHBOARDS = 64


@dataclass(frozen=True, eq=False)
class Heat:
    """Typical value by two attributes, for the segment's customers.

    ``cells``: ``row``, ``column`` (words), ``n``, ``typical`` (NaN = nobody's value known), ``thin``
    (fewer than ten customers). ``rows``/``columns`` give the order and what a click adds.
    """

    rows: Grouping
    columns: Grouping
    cells: pd.DataFrame

    def conditions(self, row: str, column: str) -> tuple[Condition, ...]:
        """What choosing a cell adds to the segment."""
        return _chosen(self.rows, row) + _chosen(self.columns, column)


@dataclass(frozen=True, eq=False)
class Bubbles:
    """Groups of one attribute by churn and typical value, for the segment's customers.

    ``frame``: ``group``, ``n``, ``churn`` (0–1, NaN = not known), ``low``, ``high``, ``typical``, ``thin``.
    """

    groups: Grouping
    frame: pd.DataFrame

    def conditions(self, group: str) -> tuple[Condition, ...]:
        return _chosen(self.groups, group)


@dataclass(frozen=True, eq=False)
class Dashboard:
    """Everything the Segments page draws. ``segment``, ``rest`` and ``all`` hold the plain figures.

    ``distribution``: ``low``, ``high`` (bounds of a bin of value), ``group`` (segment | rest), ``n``,
    ``share`` of the group's customers with a known value (0–1). ``deals``: ``stage``, ``group``, ``n``,
    ``share`` of the group's deals, those of accounts that never bought included; empty with ``why_no_deals`` where
    it cannot be said which of those accounts the segment means.
    """

    chosen: Segment
    words: str
    segment: Figures
    rest: Figures
    all: Figures
    comparisons: tuple[Comparison, ...]
    distribution: pd.DataFrame
    heat: Heat | None
    bubbles: Bubbles | None
    retention: Keeping | None
    deals: pd.DataFrame
    why_no_deals: str | None
    value_name: str | None
    value_label: str
    currency: str
    inside: np.ndarray  # True for the segment's customers, from the highest value to the lowest
    order: np.ndarray  # position in facts.frame of each of these

    @property
    def n(self) -> int:
        return self.segment.n

    @property
    def rows(self) -> np.ndarray:
        """Positions in the facts of the segment's customers, highest value first."""
        return self.order[np.flatnonzero(self.inside)]

    @property
    def is_everyone(self) -> bool:
        return self.rest.n == 0

    def comparison(self, key: str) -> Comparison | None:
        return next((c for c in self.comparisons if c.kind.key == key), None)


def dashboard(
    facts: Facts,
    segment: Segment,
    *,
    heat: tuple[str, str] | None = None,
    bubble: str | None = None,
) -> Dashboard:
    """All figures and charts of ``segment`` beside the rest.

    Parameters
    ----------
    facts
        One row per customer; columns a figure needs may be missing, then the figure is left out.
    segment
        Customers to look at; an empty segment is everyone, with nobody in the rest.
    heat, bubble
        Attributes of the heat map (rows, columns) and of the bubbles; None leaves the chart out.

    Raises
    ------
    UnknownColumnError
        A condition or a chart names an attribute the facts lack.

    Examples
    --------
    >>> from datetime import date
    >>> from icp_core.facts.catalogue import facts_from_frame
    >>> frame = pd.DataFrame({"industry": ["SaaS", "SaaS", "Retail"], "ltv": [10.0, 30.0, 5.0]})
    >>> facts = facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["ltv"])
    >>> found = dashboard(facts, Segment((Condition("industry", "is_any_of", ("SaaS",)),)))
    >>> found.n, found.segment["ltv"].value, found.rest["ltv"].value
    (2, 20.0, 5.0)
    """
    table = narrow(facts)
    kept: OrderedDict = table.keep(("dashboards",), OrderedDict)
    key = (segment, segment.name, heat, bubble)
    if key in kept:
        return kept[key]
    found = _dashboard(table, segment, heat, bubble)
    kept[key] = found
    while len(kept) > _KEPT_DASHBOARDS:
        kept.popitem(last=False)
    return found


def customers(facts: Facts, found: Dashboard, columns: list[str], limit: int | None = None) -> pd.DataFrame:
    """The segment's customers, highest value first: the given columns of the facts, at most ``limit`` rows."""
    rows = found.order[np.flatnonzero(found.inside)[:limit]]
    # Column by column: taking rows from a part of the frame copies the part first.
    return pd.DataFrame({name: facts.frame[name].array.take(rows) for name in columns})


def customer_rows(facts: Facts, found: Dashboard, columns: list[str], limit: int) -> pa.Table:
    """The same as an Arrow table, for the screen: it is sent as it is."""
    rows = found.order[np.flatnonzero(found.inside)[:limit]]
    return pa.table({name: narrow(facts).taken(name, rows) for name in columns})


def _dashboard(table: Narrow, segment: Segment, heat, bubble) -> Dashboard:
    facts = table.facts
    chosen = table.chosen(segment)
    deals = deals_of(table, chosen, segment)
    mine, others = figures.figures_of(table, chosen, deals)
    everyone = table.keep(("everyone",), lambda: _everyone(table))
    value = facts.catalogue[table.value_name] if table.value_name else None
    return Dashboard(
        chosen=segment,
        words=segment.words(facts.catalogue),
        segment=mine,
        rest=others,
        all=everyone,
        comparisons=figures.compare(table, mine, others),
        distribution=_distribution(table, chosen),
        heat=_heat(table, chosen, *heat) if heat else None,
        bubbles=_bubbles(table, chosen, bubble) if bubble else None,
        retention=keeping(table, chosen),
        deals=_deals(deals),
        why_no_deals=deals.why_not,
        value_name=table.value_name,
        value_label=value.label if value else "",
        currency=facts.currency,
        inside=chosen.inside,
        order=table.order,
    )


def _everyone(table: Narrow) -> Figures:
    chosen = table.chosen(Segment())
    return figures.figures_of(table, chosen, deals_of(table, chosen, Segment()))[0]


def _chosen(groups: Grouping, label: str) -> tuple[Condition, ...]:
    return groups.conditions[groups.labels.index(label)] if label in groups.labels else ()


# -- distribution of value -------------------------------------------------------------------------


def _distribution(table: Narrow, chosen: Chosen) -> pd.DataFrame:
    bins = table.keep(("value bins",), lambda: _value_bins(table.value[: table.n_valued], table.n))
    if bins is None:
        return pd.DataFrame(columns=["low", "high", "group", "n", "share"])
    edges, codes = bins
    size = len(edges) - 1
    totals = table.keep(("value totals",), lambda: np.bincount(codes, minlength=size + 1))
    counts = chosen.counts(codes, totals)
    mine, others = counts[1:], (totals - counts)[1:]
    n = np.concatenate([mine, others])
    known = np.repeat([max(mine.sum(), 1), max(others.sum(), 1)], size)
    return pd.DataFrame(
        {
            "low": np.tile(edges[:-1], 2),
            "high": np.tile(edges[1:], 2),
            "group": ["segment"] * size + ["rest"] * size,
            "n": n,
            "share": n / known,
        }
    )


def _value_bins(known: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Edges of the bins of value and the bin of each of ``n`` customers (0 = not known).

    ``known`` are the known values from high to low. Value spreads over powers of ten, so the bins do too;
    the first one takes everything up to its edge, zero and losses included.
    """
    positive = known[: np.searchsorted(-known, 0)]
    if not len(positive):
        return None
    low, high = positive[int(0.995 * (len(positive) - 1))], positive[0]
    low = 10 ** (math.floor(math.log10(low) * 4) / 4)
    top = 10 ** (math.ceil(math.log10(high * 1.0001) * 4) / 4)
    edges = np.geomspace(low, max(top, low * 10**0.25), VALUE_BINS + 1)
    codes = np.zeros(n, dtype=np.uint8)
    # From high to low, each edge is one place in the row of values.
    places = np.searchsorted(-known, -edges[1:-1], side="right")
    codes[: len(known)] = 1 + sum(
        (np.arange(len(known)) < place for place in places), np.zeros(len(known), dtype=np.uint8)
    )
    return edges, codes


# -- groups of one and of two attributes -----------------------------------------------------------


def _heat(table: Narrow, chosen: Chosen, first: str, second: str) -> Heat | None:
    if not (can_group(table, first) and can_group(table, second)) or first == second:
        return None
    a, b = grouping(table, first, MAX_HEAT_ROWS), grouping(table, second, MAX_HEAT_COLUMNS)
    if a.rows is not None and b.rows is not None:
        return None
    found = crossing(table, a, b)
    shape = (len(a) + 1, len(b) + 1)
    # Code 0 is "not known", which has no row or column of its own.
    n = found.counts(chosen).reshape(shape)[1:, 1:]
    typical = found.typical(chosen).reshape(shape)[1:, 1:]
    cells = pd.DataFrame(
        {
            "row": np.repeat(np.array(a.labels, dtype=object), len(b)),
            "column": np.tile(np.array(b.labels, dtype=object), len(a)),
            "n": n.ravel(),
            "typical": typical.ravel(),
            "thin": n.ravel() < MIN_N,
        }
    )
    return Heat(a, b, cells)


def _bubbles(table: Narrow, chosen: Chosen, attribute: str) -> Bubbles | None:
    if not can_group(table, attribute):
        return None
    groups = grouping(table, attribute, MAX_BUBBLES)
    found = crossing(table, groups)
    n, typical = found.counts(chosen), found.typical(chosen)
    size = len(groups) + 1
    churn = low = high = np.full(size, np.nan)
    if table.has("churned"):
        left = crossing(table, groups, _churned(table)).counts(chosen).reshape(size, 3)
        known = left[:, 1] + left[:, 2]
        churn = np.divide(left[:, 1], known, out=np.full(size, np.nan), where=known > 0)
        low, high = wilson(left[:, 1], known)
    shown = np.flatnonzero(n[1:]) + 1
    frame = pd.DataFrame(
        {
            "group": np.array(groups.labels, dtype=object)[shown - 1],
            "n": n[shown],
            "churn": churn[shown],
            "low": low[shown],
            "high": high[shown],
            "typical": typical[shown],
            "thin": n[shown] < MIN_N,
        }
    )
    return Bubbles(groups, frame)


def _churned(table: Narrow) -> Grouping:
    """Left (1) or still there (2)."""
    return Grouping("churned", "Churned", ("left", "still there"), ((), ()), table.coded("churned").codes)


# -- deals -----------------------------------------------------------------------------------------


_STAGES = (("deals", "opened"), ("deals_won", "won"), ("deals_lost", "lost"), ("deals_open", "still open"))


def _deals(deals: Deals) -> pd.DataFrame:
    found = []
    if deals:
        for column, words in _STAGES:
            if column in deals.everyone:
                for group, of in (("segment", deals.segment.get), ("rest", deals.rest)):
                    n, opened = of(column), of("deals")
                    found.append((words, group, round(n), n / opened if opened > 0 else 0.0))
    return pd.DataFrame(found, columns=["stage", "group", "n", "share"])
