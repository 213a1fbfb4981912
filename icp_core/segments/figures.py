"""The key figures of a segment and of the rest, and whether the difference between them stands.

Typical values are medians, with the likely range by order statistics; shares carry Wilson's range, NPS the
adjusted Wald range. Whether a difference stands is judged by ranks (Mann & Whitney 1947) for typical values
and by the ranges of both sides for shares and NPS, corrected for the number of figures looked at (Holm 1979);
no probability is shown, only one of the four phrases.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from scipy.special import bdtrik

from icp_core.segments.deals import Deals, has_decided_deals
from icp_core.segments.narrow import Chosen, Narrow, Ranked
from icp_core.stats.intervals import nps_difference, nps_interval, share_difference, wilson
from icp_core.stats.phrases import MIN_N, TOO_FEW, Verdict, verdict
from icp_core.stats.wording import NO_DIFFERENCE, figure, points, rate, score, times

Z = 1.959964
NPS_PROMOTER, NPS_DETRACTOR = 9, 6
Kind = Literal["typical", "share", "nps"]


@dataclass(frozen=True)
class Measure:
    """One figure of one group: value with its likely range, the number behind it, average and total.

    NaN = not known. ``n`` counts what the figure is made of: customers, answers, or closed deals.
    """

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    n: int = 0
    mean: float = math.nan
    total: float = math.nan
    shift: float = math.nan  # of a typical value: standard errors above the rest, by ranks
    parts: tuple[int, ...] = ()  # (hits,) of a share; (promoters, passives, detractors) of an NPS


@dataclass(frozen=True)
class Figures:
    """All figures of one group of customers, by key."""

    n: int
    share: float  # of all customers
    share_value: float  # of all revenue; NaN when no revenue is known
    measures: Mapping[str, Measure]

    def __getitem__(self, key: str) -> Measure:
        return self.measures[key]

    def get(self, key: str) -> Measure:
        return self.measures.get(key, Measure())


@dataclass(frozen=True)
class FigureKind:
    """What a figure of the strip is: its words, its unit, which way is better, what it needs."""

    key: str
    label: str
    kind: Kind
    unit: str | None  # "money" = the workspace's currency
    better: Literal[1, -1]
    definition: str
    column: str  # number column; NPS and shares say below what they count
    of: str = "customers"


KINDS: tuple[FigureKind, ...] = (
    FigureKind("ltv", "Lifetime value", "typical", "money", 1,
               "What a typical customer has brought in so far: half brought more, half less.", "ltv"),
    FigureKind("churn", "Churned", "share", "%", -1,
               "Share of the customers whose status is known that have left.", "churned"),
    FigureKind("nps", "NPS", "nps", "nps", 1,
               "Promoters (9–10) minus detractors (0–6) per hundred answers, latest answer of each customer.",
               "nps", "answers"),
    FigureKind("cycle", "Sales cycle", "typical", "days", -1,
               "Days from the first contact or the deal's creation to the won deal, typical.",
               "sales_cycle_days"),
    FigureKind("win_rate", "Win rate", "share", "%", 1,
               "Deals won out of the deals that were won or lost, those of accounts that never bought included.",
               "deals_won", "closed deals"),
    FigureKind("value_per_month", "Value a month", "typical", "money", 1,
               "Lifetime value divided by the months as a customer, typical.", "value_per_month"),
    FigureKind("mrr", "MRR", "typical", "money", 1,
               "Recurring revenue a month of a typical paying customer.", "mrr"),
    FigureKind("cac", "Cost to acquire", "typical", "money", -1,
               "Cost to win a customer, typical.", "cac"),
    FigureKind("aov", "Order value", "typical", "money", 1,
               "Average value of an order, for a typical customer.", "aov"),
    FigureKind("orders", "Orders", "typical", None, 1,
               "Orders so far of a typical customer that ordered.", "orders"),
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """One figure of the strip: the segment beside the rest, and how sure the difference is.

    ``difference`` is in words ("about 2.1×", "−12 points") or "no clear difference"; ``better`` is True in
    favour of the segment, False against it, None when no difference is clear.
    """

    kind: FigureKind
    unit: str | None
    segment: Measure
    rest: Measure
    difference: str
    effect: float
    verdict: Verdict
    better: bool | None

    @property
    def is_clear(self) -> bool:
        return self.better is not None

    def words(self, side: Literal["segment", "rest"] = "segment", *, exact: bool = False) -> str:
        """The value of one side as people read it."""
        return figure(getattr(self, side).value, self.unit, exact=exact)


def figures_of(table: Narrow, chosen: Chosen, deals: Deals) -> tuple[Figures, Figures]:
    """Figures of the chosen customers and of the rest; ``deals`` are theirs and those of accounts like them."""
    kinds = available(table)
    table.rank_all(kind.column for kind in kinds if kind.kind == "typical")
    first, second = {}, {}
    for kind in kinds:
        if kind.key == "win_rate":
            first[kind.key], second[kind.key] = _win_rate(deals)
        else:
            first[kind.key], second[kind.key] = _MAKERS[kind.kind](table, kind, chosen)
    n, total = chosen.n, table.n
    revenue = revenue_of(table)
    held = math.nan
    if revenue is not None:
        mine, others = table.summed(chosen, revenue)
        held = mine / (mine + others) if mine + others > 0 else math.nan
    return (
        Figures(n, n / total if total else math.nan, held, first),
        Figures(total - n, 1 - n / total if total else math.nan, 1 - held, second),
    )


def available(table: Narrow) -> tuple[FigureKind, ...]:
    """The figures these customers have data for, in the order of the strip."""
    return table.keep(("figure kinds",), lambda: tuple(k for k in KINDS if _has(table, k)))


def _has(table: Narrow, kind: FigureKind) -> bool:
    facts = table.facts
    if kind.key == "win_rate":
        return has_decided_deals(table)
    return facts.has(kind.column)


def revenue_of(table: Narrow) -> str | None:
    """The column that shares of revenue are made of, or None."""
    names = ("revenue", "total_revenue", "ltv", "won_amount", "arr", "mrr")
    return next((name for name in names if table.has(name)), None)


# -- making measures -------------------------------------------------------------------------------


def _typical(table: Narrow, kind: FigureKind, chosen: Chosen) -> tuple[Measure, Measure]:
    ranked = table.ranked(kind.column)
    counts = chosen.counts(ranked.block, ranked.totals)
    mine, others = table.summed(chosen, kind.column)
    return (
        replace(_median(ranked, counts, chosen.inside, mine), shift=ranked.shift(counts)),
        _median(ranked, ranked.totals - counts, chosen.outside, others),
    )


def _median(ranked: Ranked, counts: np.ndarray, inside: np.ndarray, total: float) -> Measure:
    counts = counts[: ranked.n_blocks]
    n = int(counts.sum())
    if not n:
        return Measure()
    middle = ranked.at((n - 1) // 2, counts, inside)
    if n % 2 == 0:
        middle = (middle + ranked.at(n // 2, counts, inside)) / 2
    low = high = math.nan
    rank = median_rank(n)
    if rank is not None:
        low, high = ranked.at(rank - 1, counts, inside), ranked.at(n - rank, counts, inside)
    return Measure(middle, low, high, n, total / n, total)


@lru_cache(maxsize=4096)
def median_rank(n: int) -> int | None:
    """Rank (from 1) of the lower end of the median's likely range by order statistics; None below six.

    >>> median_rank(10), median_rank(5)
    (2, None)
    """
    if n < 6:
        return None
    return max(math.floor(bdtrik(0.025, n, 0.5)) + 1, 1)


def _share(table: Narrow, kind: FigureKind, chosen: Chosen) -> tuple[Measure, Measure]:
    codes = table.coded(kind.column).codes
    totals = table.keep(("totals", kind.column), lambda: np.bincount(codes, minlength=3))
    counts = chosen.counts(codes, totals)
    rest = totals - counts
    return (
        _share_measure(int(counts[1]), int(counts[1] + counts[2])),
        _share_measure(int(rest[1]), int(rest[1] + rest[2])),
    )


def _win_rate(deals: Deals) -> tuple[Measure, Measure]:
    if not deals:
        return Measure(), Measure()
    won, lost = deals.segment["deals_won"], deals.segment["deals_lost"]
    others_won, others_lost = deals.rest("deals_won"), deals.rest("deals_lost")
    return _share_measure(won, won + lost), _share_measure(others_won, others_won + others_lost)


def _share_measure(hits: float, n: float) -> Measure:
    if n <= 0:
        return Measure(n=0)
    low, high = wilson(hits, n)
    return Measure(hits / n, low, high, int(n), parts=(int(hits),))


def _nps(table: Narrow, kind: FigureKind, chosen: Chosen) -> tuple[Measure, Measure]:
    codes = table.keep(("nps codes",), lambda: _nps_codes(table.numbers(kind.column)))
    totals = table.keep(("totals", "nps"), lambda: np.bincount(codes, minlength=4))
    counts = chosen.counts(codes, totals)
    return _nps_measure(counts), _nps_measure(totals - counts)


def _nps_codes(scores: np.ndarray) -> np.ndarray:
    codes = np.where(scores >= NPS_PROMOTER, 1, np.where(scores > NPS_DETRACTOR, 2, 3))
    return np.where(np.isfinite(scores), codes, 0).astype(np.uint8)


def _nps_measure(counts: np.ndarray) -> Measure:
    parts = tuple(int(c) for c in counts[1:4])
    found = nps_interval(*parts)
    return Measure(found.score, found.low, found.high, found.n, parts=parts)


_MAKERS: dict[str, Callable] = {"typical": _typical, "share": _share, "nps": _nps}


# -- comparing -------------------------------------------------------------------------------------


def compare(table: Narrow, mine: Figures, others: Figures) -> tuple[Comparison, ...]:
    """Each figure of the segment beside the rest, with the verdict on the difference."""
    found = []
    for kind in available(table):
        unit = table.facts.currency if kind.unit == "money" else kind.unit
        found.append(_compare_one(kind, unit, mine.get(kind.key), others.get(kind.key)))
    return _judged(found, min(mine.n, others.n))


def _compare_one(kind: FigureKind, unit: str | None, mine: Measure, others: Measure):
    """The comparison before its verdict, and how many standard errors the difference is wide (or NaN)."""
    difference, z, effect = "", math.nan, math.nan
    if math.isfinite(mine.value) and math.isfinite(others.value):
        if kind.kind == "share":
            effect, difference = mine.value - others.value, points(mine.value - others.value)
            z = _z(effect, share_difference(mine.parts[0], mine.n, others.parts[0], others.n))
        elif kind.kind == "nps":
            effect, difference = mine.value - others.value, f"{score(mine.value - others.value)} points"
            z = _z(effect, nps_difference(mine.parts, others.parts))
        else:
            effect, difference = _typical_difference(unit, mine, others)
            gap = mine.value - others.value
            # Ranks tell best whether one side has more; the medians must say the same.
            z = mine.shift if gap * mine.shift > 0 else 0.0
    return Comparison(kind, unit, mine, others, difference, effect, TOO_FEW, None), z


def _z(effect: float, interval: tuple[float, float]) -> float:
    """Standard errors between the effect and nothing, from the side of the range that faces nothing."""
    low, high = interval
    if not (math.isfinite(low) and math.isfinite(high)):
        return math.nan
    half = effect - low if effect > 0 else high - effect
    if half > 0:
        return Z * abs(effect) / half
    return math.inf if effect else 0.0


def _typical_difference(unit: str | None, mine: Measure, others: Measure) -> tuple[float, str]:
    """How many times the rest's typical value, or by how much where a ratio says nothing."""
    if mine.value > 0 and others.value > 0:
        effect = mine.value / others.value
        less = f"about {rate(round(1 - effect, 2))} less"
        return effect, less if effect < 1 else f"about {times(effect)}"
    effect = mine.value - others.value
    return effect, f"{figure(effect, unit)} apart"


def _judged(found: list[tuple[Comparison, float]], n_customers: int) -> tuple[Comparison, ...]:
    """Give every comparison its verdict; the luck of looking at many figures is taken off (Holm 1979).

    However many deals or answers there are, fewer than ten customers are too few to say.
    """
    p_values = [math.erfc(abs(z) / math.sqrt(2)) if not math.isnan(z) else math.nan for _, z in found]
    adjusted = holm(p_values)
    result = []
    for (one, z), p in zip(found, adjusted, strict=True):
        n = min(one.segment.n, one.rest.n, n_customers)
        # How often a sample like this one would show the difference again.
        stability = 0.5 * math.erfc((Z - abs(z)) / math.sqrt(2)) if not math.isnan(z) else None
        phrase = verdict(None if math.isnan(p) else p, stability, n)
        clear = n >= MIN_N and not math.isnan(p) and p <= 0.05
        higher = one.segment.value > one.rest.value
        better = (higher == (one.kind.better > 0)) if clear else None
        words = one.difference if clear else "" if n < MIN_N else NO_DIFFERENCE
        result.append(replace(one, verdict=phrase, better=better, difference=words))
    return tuple(result)


def holm(p_values: list[float]) -> list[float]:
    """Probabilities corrected for looking at all of them (Holm 1979); NaN stays NaN.

    >>> holm([0.01, 0.04, float("nan"), 0.03])
    [0.03, 0.06, nan, 0.06]
    """
    known = sorted((p, i) for i, p in enumerate(p_values) if not math.isnan(p))
    result = [math.nan] * len(p_values)
    largest = 0.0
    for place, (p, i) in enumerate(known):
        largest = max(largest, min(1.0, p * (len(known) - place)))
        result[i] = largest
    return result
