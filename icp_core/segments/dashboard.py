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

from icp_core.facts.catalogue import Facts
from icp_core.segments import figures
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.figures import Comparison, Figures
from icp_core.segments.groupings import Grouping, can_group, grouping
from icp_core.segments.keeping import Keeping, keeping
from icp_core.segments.narrow import Narrow, narrow
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
    ``share`` of the group's deals.
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
    value_name: str | None
    value_label: str
    currency: str
    rows: np.ndarray  # positions in facts.frame of the segment's customers, highest value first

    @property
    def n(self) -> int:
        return self.segment.n

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
    rows = found.rows if limit is None else found.rows[:limit]
    return facts.frame.loc[rows, columns].reset_index(drop=True)


def _dashboard(table: Narrow, segment: Segment, heat, bubble) -> Dashboard:
    facts = table.facts
    inside = table.inside(segment)
    rows = np.flatnonzero(inside)
    mine, others = figures.figures_of(table, inside, rows)
    everyone = table.keep(("everyone",), lambda: _everyone(table))
    value = facts.catalogue[table.value_name] if table.value_name else None
    return Dashboard(
        chosen=segment,
        words=segment.words(facts.catalogue),
        segment=mine,
        rest=others,
        all=everyone,
        comparisons=figures.compare(table, mine, others),
        distribution=_distribution(table, rows),
        heat=_heat(table, rows, *heat) if heat else None,
        bubbles=_bubbles(table, rows, bubble) if bubble else None,
        retention=keeping(table, rows),
        deals=_deals(table, rows),
        value_name=table.value_name,
        value_label=value.label if value else "",
        currency=facts.currency,
        rows=table.order[rows],
    )


def _everyone(table: Narrow) -> Figures:
    inside = np.ones(table.n, dtype=bool)
    return figures.figures_of(table, inside, np.arange(table.n))[0]


def _chosen(groups: Grouping, label: str) -> tuple[Condition, ...]:
    return groups.conditions[groups.labels.index(label)] if label in groups.labels else ()


# -- distribution of value -------------------------------------------------------------------------


def _distribution(table: Narrow, rows: np.ndarray) -> pd.DataFrame:
    bins = table.keep(("value bins",), lambda: _value_bins(table.value))
    if bins is None:
        return pd.DataFrame(columns=["low", "high", "group", "n", "share"])
    edges, codes = bins
    size = len(edges) - 1
    totals = table.keep(("value totals",), lambda: np.bincount(codes, minlength=size + 1))
    counts = np.bincount(codes[rows], minlength=size + 1)
    parts = []
    for group, n in (("segment", counts[1:]), ("rest", (totals - counts)[1:])):
        known = n.sum()
        parts.append(
            pd.DataFrame(
                {
                    "low": edges[:-1],
                    "high": edges[1:],
                    "group": group,
                    "n": n,
                    "share": n / known if known else np.zeros(size),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _value_bins(value: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Edges of the bins of value and each customer's bin (0 = not known).

    Value spreads over powers of ten, so the bins do too; the first one takes everything up to its edge,
    zero and losses included.
    """
    known = value[np.isfinite(value)]
    positive = known[known > 0]
    if not len(positive):
        return None
    low, high = np.quantile(positive, [0.005, 1.0])
    low = 10 ** (math.floor(math.log10(low) * 4) / 4)
    top = 10 ** (math.ceil(math.log10(high * 1.0001) * 4) / 4)
    edges = np.geomspace(low, max(top, low * 10**0.25), VALUE_BINS + 1)
    codes = np.clip(np.searchsorted(edges, np.nan_to_num(value), side="right"), 1, VALUE_BINS)
    return edges, np.where(np.isfinite(value), codes, 0).astype(np.uint8)


# -- groups of one and of two attributes -----------------------------------------------------------


def _typical_by(table: Narrow, codes: np.ndarray, rows: np.ndarray, size: int) -> np.ndarray:
    """Median value per code 0 … size − 1 for customers at ``rows`` (ascending); NaN for none.

    Rows are stored by value, so after a stable sort by code the middle one of each group is its median.
    """
    valued = rows < table.n_valued
    codes, rows = codes[valued], rows[valued]
    order = np.argsort(codes, kind="stable")
    counts = np.bincount(codes, minlength=size)
    starts = np.cumsum(counts) - counts
    result = np.full(size, np.nan)
    filled = counts > 0
    first = starts[filled] + (counts[filled] - 1) // 2
    second = starts[filled] + counts[filled] // 2
    values = table.value[rows]
    result[filled] = (values[order[first]] + values[order[second]]) / 2
    return result


def _members(found: Grouping, inside_rows: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes and customers of a grouping for the customers at ``inside_rows``."""
    if found.rows is None:
        return found.codes[inside_rows], inside_rows
    inside = np.zeros(n, dtype=bool)
    inside[inside_rows] = True
    kept = inside[found.rows]
    return found.codes[kept], found.rows[kept]


def _heat(table: Narrow, rows: np.ndarray, first: str, second: str) -> Heat | None:
    if not (can_group(table, first) and can_group(table, second)) or first == second:
        return None
    a, b = grouping(table, first, MAX_HEAT_ROWS), grouping(table, second, MAX_HEAT_COLUMNS)
    if b.rows is not None:
        if a.rows is not None:
            return None
        turned = _cross(table, rows, b, a)
        n, typical = (part.reshape(len(b) + 1, len(a) + 1).T for part in turned)
    else:
        n, typical = (part.reshape(len(a) + 1, len(b) + 1) for part in _cross(table, rows, a, b))
    grid = [(r, c) for r in range(1, len(a) + 1) for c in range(1, len(b) + 1)]
    cells = pd.DataFrame(
        {
            "row": [a.labels[r - 1] for r, _ in grid],
            "column": [b.labels[c - 1] for _, c in grid],
            "n": [int(n[r, c]) for r, c in grid],
            "typical": [float(typical[r, c]) for r, c in grid],
        }
    )
    cells["thin"] = cells["n"] < MIN_N
    return Heat(a, b, cells)


def _cross(table: Narrow, rows: np.ndarray, a: Grouping, b: Grouping) -> tuple[np.ndarray, np.ndarray]:
    """Customers and typical value per pair of groups, flat; ``a`` may be a multi-select."""
    codes, people = _members(a, rows, table.n)
    pair = codes.astype(np.uint16) * (len(b) + 1) + b.codes[people]
    size = (len(a) + 1) * (len(b) + 1)
    pair = pair.astype(np.uint8 if size <= 256 else np.uint16)
    return np.bincount(pair, minlength=size), _typical_by(table, pair, people, size)


def _bubbles(table: Narrow, rows: np.ndarray, attribute: str) -> Bubbles | None:
    if not can_group(table, attribute):
        return None
    groups = grouping(table, attribute, MAX_BUBBLES)
    codes, people = _members(groups, rows, table.n)
    size = len(groups) + 1
    n = np.bincount(codes, minlength=size)
    typical = _typical_by(table, codes, people, size)
    churn = low = high = np.full(size, np.nan)
    if table.facts.has("churned"):
        left = table.coded("churned").codes[people]
        pairs = np.bincount(codes.astype(np.uint16) * 3 + left, minlength=size * 3).reshape(size, 3)
        known = pairs[:, 1] + pairs[:, 2]
        churn = np.divide(pairs[:, 1], known, out=np.full(size, np.nan), where=known > 0)
        low, high = wilson(pairs[:, 1], known)
    frame = pd.DataFrame(
        {
            "group": groups.labels,
            "n": n[1:],
            "churn": churn[1:],
            "low": low[1:],
            "high": high[1:],
            "typical": typical[1:],
        }
    )
    frame["thin"] = frame["n"] < MIN_N
    return Bubbles(groups, frame[frame["n"] > 0].reset_index(drop=True))


# -- deals -----------------------------------------------------------------------------------------


def _deals(table: Narrow, rows: np.ndarray) -> pd.DataFrame:
    facts = table.facts
    stages = [("deals", "opened"), ("deals_won", "won"), ("deals_lost", "lost"), ("deals_open", "still open")]
    stages = [(column, words) for column, words in stages if facts.has(column)]
    if not facts.has("deals"):
        return pd.DataFrame(columns=["stage", "group", "n", "share"])
    found = []
    for column, words in stages:
        sums = figures.sums_of(table, column)
        mine = float(sums.values[rows].sum())
        found += [(words, "segment", mine), (words, "rest", sums.total - mine)]
    frame = pd.DataFrame(found, columns=["stage", "group", "n"])
    opened = frame[frame["stage"] == "opened"].set_index("group")["n"]
    base = frame["group"].map(opened)
    return frame.assign(
        n=frame["n"].round().astype(int), share=(frame["n"] / base.where(base > 0)).fillna(0.0)
    )
