"""Tiers A to D: the customers' own fifths by score, each with its rate of good ones and likely range."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from icp_core.prospects.model import Scorecard, Tier
from icp_core.stats.intervals import wilson

NAMES = ("A", "B", "C", "D")
SHARES = {"A": 0.2, "B": 0.5, "C": 0.8}  # reached from the top


def thresholds_of(scores: np.ndarray) -> dict[str, int]:
    """Fewest points of A, B and C: the whole numbers whose share of customers is nearest to 20, 50 and 80 %.

    >>> thresholds_of(np.arange(1, 101))
    {'A': 81, 'B': 51, 'C': 21}
    """
    points = np.arange(0, 102)
    reached = (np.asarray(scores)[:, None] >= points - 0.5).mean(axis=0)
    found: dict[str, int] = {}
    above = 101
    for name, share in SHARES.items():
        # Each tier begins below the one before, however many customers share a score.
        allowed = points[: max(above, 1)]
        found[name] = int(allowed[np.argmin(np.abs(reached[: len(allowed)] - share))])
        above = found[name]
    return found


def tier_of(points: np.ndarray, thresholds: Mapping[str, int]) -> np.ndarray:
    """The tier of each score as text.

    >>> tier_of(np.array([90, 60, 30, 5]), {"A": 80, "B": 50, "C": 20}).tolist()
    ['A', 'B', 'C', 'D']
    """
    points = np.asarray(points)
    out = np.full(len(points), "D", dtype=object)
    for name in ("C", "B", "A"):
        out[points >= thresholds[name]] = name
    return out


def tiers_of(
    scores: np.ndarray, y: np.ndarray, thresholds: Mapping[str, int] | None = None
) -> tuple[dict[str, int], list[Tier]]:
    """Thresholds and tiers from held-out scores and outcomes (1 = good); tiers that do not differ share figures."""
    limits = dict(thresholds) if thresholds else thresholds_of(scores)
    whole = np.round(scores)
    names = tier_of(whole, limits)
    least = {**limits, "D": 0}
    counted = [(name, int((names == name).sum()), int(y[names == name].sum())) for name in NAMES]
    groups: list[list[tuple[str, int, int]]] = []
    for one in counted:
        groups.append([one])
        while len(groups) > 1 and _alike(groups[-2], groups[-1]):
            last = groups.pop()
            groups[-1] += last
    base = float(y.mean()) if len(y) else 0.0
    tiers = []
    for group in groups:
        n, good = _sums(group)
        low, high = (float(v) for v in wilson(good, n)) if n else (None, None)
        rate = good / n if n else None
        for name, own_n, own_good in group:
            tiers.append(
                Tier(
                    name=name,
                    least=least[name],
                    n=own_n,
                    good=own_good,
                    rate=rate,
                    low=low,
                    high=high,
                    times=rate / base if rate is not None and base else None,
                    alike=[other for other, _, _ in group if other != name],
                )
            )
    return limits, tiers


def _sums(group: list[tuple[str, int, int]]) -> tuple[int, int]:
    return sum(n for _, n, _ in group), sum(k for _, _, k in group)


def _alike(first: list[tuple[str, int, int]], second: list[tuple[str, int, int]]) -> bool:
    """Two neighbours do not differ when the likely range of one lies within the other's, when the lower one
    is no worse, or when one is empty."""
    (n1, k1), (n2, k2) = _sums(first), _sums(second)
    if not n1 or not n2:
        return True
    if k2 / n2 >= k1 / n1:
        return True
    (a, b), (c, d) = wilson(k1, n1), wilson(k2, n2)
    return (a <= c and d <= b) or (c <= a and b <= d)


def with_thresholds(
    card: Scorecard,
    thresholds: Mapping[str, int],
    scores: np.ndarray | None = None,
    y: np.ndarray | None = None,
) -> Scorecard:
    """The scorecard with thresholds moved by hand, A above B above C, and its tiers measured anew.

    ``scores`` and ``y`` (1 = good) are the customers to measure them on; without them the held-out scores of the
    checks are taken. A scorecard without either has no measured tiers.
    """
    a, b, c = (int(np.clip(thresholds.get(name, card.thresholds[name]), 1, 100)) for name in ("A", "B", "C"))
    c = min(c, b, a)
    b = min(max(b, c), a)
    limits = {"A": a, "B": b, "C": c}
    if scores is None and card.checks.by_score:
        n, good = np.array(card.checks.by_score).T
        points = np.arange(len(n))
        scores = np.concatenate([np.repeat(points, good), np.repeat(points, n - good)])
        y = np.repeat([1.0, 0.0], [good.sum(), (n - good).sum()])
    found = card.tiers if scores is None or y is None else tiers_of(scores, y, limits)[1]
    return card.model_copy(update={"thresholds": limits, "tiers": found})


def times_words(tier: Tier | None) -> str:
    """The promise of a tier in words: ``about 2.1× as likely to turn out good as an average customer (likely 1.6–2.7×)``."""
    if tier is None or tier.times is None or tier.rate is None or not tier.rate and not tier.times:
        return "not measured" if tier is None or tier.times is None else "hardly ever good"
    scale = tier.times / tier.rate if tier.rate else 0.0
    return f"{tier.times:.1f}× as likely to turn out good as an average customer (likely {tier.low * scale:.1f}–{tier.high * scale:.1f}×)"
