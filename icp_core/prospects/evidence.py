"""Shrunken weight of evidence per level and the weights of the attributes (METHODS, ICP fit score).

Points for a level: WoE = logit((k + m q) / (n + m)) - logit(p0), with m from beta-binomial moments
[Siddiqi 2006; Micci-Barreca 2001]; q is the share of good ones among all (p0), for the ranges of a number what a
straight line through them says. Weights b >= 0 by ridge towards one common slope, fitted on leave-one-out WoE
so that an attribute with many rare levels cannot vouch for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from scipy.stats import chi2

# The ridge weighs more the fewer customers there are: 10 with 50 of them, 5 with 100, never under 2.5.
RIDGE, LEAST_RIDGE = 500.0, 2.5
# Items whose levels differ no more than luck makes them this often give no points.
MOST_CHANCE, LEAST_TO_JUDGE = 0.2, 100
# A level is thin where fewer than this of the rarer outcome would be expected in it.
LEAST_EXPECTED = 1.0
LEAST_M, MOST_M = 4.0, 200.0


@dataclass(frozen=True, eq=False)
class Fit:
    """``woe[j]`` per level of item j, slopes ``b`` ≥ 0, ``intercept``; log-odds = intercept + Σ b · woe."""

    woe: tuple[np.ndarray, ...]
    b: np.ndarray
    intercept: float

    def log_odds(self, codes: Sequence[np.ndarray]) -> np.ndarray:
        """Log-odds of being good; a code beyond the levels (not known, new) adds nothing."""
        total = np.full(len(codes[0]) if codes else 0, self.intercept)
        for column, woe, b in zip(codes, self.woe, self.b, strict=True):
            total += np.append(b * woe, 0.0)[np.minimum(column, len(woe))]
        return total


def shrinkage(n: np.ndarray, k: np.ndarray, expected: np.ndarray, parameters: int = 1) -> float:
    """How many customers as ``expected`` (share of good ones per level) each level is mixed with.

    Large when the levels differ from what is expected no more than luck makes them; ``parameters`` is how many
    figures of the expectation were read from these very levels.
    """
    filled = n > 0
    n, k, expected = n[filled].astype(float), k[filled].astype(float), expected[filled]
    total = n.sum()
    if len(n) < 2 or total == 0:
        return MOST_M
    base = float((n * expected * (1 - expected)).sum() / total)
    between = float((n * (k / n - expected) ** 2).sum())
    spare = total - (n**2).sum() / total
    variance = (between - (len(n) - parameters) * base) / spare if spare > 0 else 0.0
    if variance <= 0 or base <= 0:
        return MOST_M
    return float(np.clip(base / variance - 1, LEAST_M, MOST_M))


def line(n: np.ndarray, k: np.ndarray, p0: float) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds of being good per range by a straight line through the ranges in their order, and the leverage of
    one customer there. The slope is held back as if one step of spread changed the odds by e at most times."""
    x = np.arange(len(n)) - (n @ np.arange(len(n))) / n.sum()
    x = x / np.sqrt(n @ x**2 / n.sum())
    design = np.column_stack([np.ones(len(n)), x])
    held = np.diag([1e-9, 1.0])
    v = np.array([_logit(p0), 0.0])
    for _ in range(40):
        p = expit(design @ v)
        hessian = (design * (n * p * (1 - p))[:, None]).T @ design + held
        step = np.linalg.solve(hessian, design.T @ (k - n * p) - held @ v)
        v = v + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-8:
            break
    return design @ v, (design @ np.linalg.inv(hessian) * design).sum(axis=1)


def _logit(p):
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))


def weigh(
    codes: np.ndarray, size: int, y: np.ndarray, ordered: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """WoE per level, leave-one-out WoE per row (0 where not known), customers and good ones per level.

    ``ordered`` levels (ranges) are mixed with a line through all of them instead of the average customer.
    """
    known = codes < size
    n = np.bincount(codes[known], minlength=size)
    k = np.bincount(codes[known], weights=y[known], minlength=size)
    p0 = float(np.clip(y.mean(), 1e-6, 1 - 1e-6))
    sloped = ordered and (n > 0).sum() > 1
    expected, lever = line(n, k, p0) if sloped else (np.full(size, _logit(p0)), np.zeros(size))
    q = expit(expected)
    m = shrinkage(n, k, q, 2 if sloped else 1)

    def woe(k: np.ndarray, n: np.ndarray, expected: np.ndarray) -> np.ndarray:
        return _logit((k + m * expit(expected)) / (n + m)) - _logit(p0)

    # Without the row itself a level has one customer fewer, and one good one fewer if it is good; the line moves
    # by what the row pulled on it (one step of Newton).
    pull = lever / np.maximum(1 - lever * q * (1 - q), 0.2)
    fewer = np.maximum(n - 1, 0)
    with_bad = woe(k, fewer, np.clip(expected + pull * q, -12, 12))
    with_good = woe(np.maximum(k - 1, 0), fewer, np.clip(expected - pull * (1 - q), -12, 12))
    table = np.stack([np.append(with_bad, 0.0), np.append(with_good, 0.0)])
    own = table[y.astype(int), np.minimum(codes, size)]
    return woe(k, n, expected), own, n, k.astype(int)


def fit(
    codes: Sequence[np.ndarray], sizes: Sequence[int], y: np.ndarray, ordered: Sequence[bool] | None = None
) -> Fit:
    """Weights of the items on customers with outcome ``y`` (0 or 1).

    ``codes[j]`` ≥ ``sizes[j]`` = not known; ``ordered[j]``: the levels of item j are ranges in their order.
    """
    in_order = ordered or [False] * len(codes)
    found = [weigh(c, size, y, o) for c, size, o in zip(codes, sizes, in_order, strict=True)]
    x = np.stack([own for _, own, _, _ in found], axis=1) if found else np.zeros((len(y), 0))
    n_items = x.shape[1]
    p0 = float(np.clip(y.mean(), 1e-6, 1 - 1e-6))

    start = np.concatenate([[np.log(p0 / (1 - p0)), 0.7], np.full(n_items, 0.7)])
    # An item no better than luck gives nothing: in the sum its points would only be noise with a reason.
    # Fewer customers cannot tell that, and there leaving items out costs more than it saves (Telco, n = 50).
    few = len(y) < LEAST_TO_JUDGE
    telling = np.array([few or chance(n, k) <= MOST_CHANCE for *_, n, k in found], dtype=bool)
    x = x[:, telling]
    start = np.concatenate([start[:2], start[2:][telling]])
    strength = max(RIDGE / max(1, len(y)), LEAST_RIDGE)
    best = _newton(np.column_stack([np.ones(len(y)), np.zeros(len(y)), x]), y, start, strength)
    b = np.zeros(n_items)
    b[telling] = best[2:]
    return Fit(tuple(woe for woe, *_ in found), b, float(best[0]))


def chance(n: np.ndarray, k: np.ndarray) -> float:
    """How often levels that do not matter differ as much as these [Pearson 1900]; 1 when there is nothing to see.

    Once with every level by itself and once with the thin ones as one, whichever tells more: among a hundred thin
    levels a large one that stands out would drown.
    """
    filled = n > 0
    n, k = n[filled].astype(float), k[filled].astype(float)
    if not 0 < k.sum() < n.sum():
        return 1.0
    share = k.sum() / n.sum()
    thin = n * min(share, 1 - share) < LEAST_EXPECTED
    if not thin.any():
        return _pearson(n, k)
    together = [np.append(column[~thin], column[thin].sum()) for column in (n, k)]
    return min(_pearson(n, k), _pearson(*together))


def _pearson(n: np.ndarray, k: np.ndarray) -> float:
    if len(n) < 2:
        return 1.0
    p = k.sum() / n.sum()
    return float(chi2.sf(((k - n * p) ** 2 / (n * p * (1 - p))).sum(), len(n) - 1))


def _newton(x: np.ndarray, y: np.ndarray, start: np.ndarray, strength: float) -> np.ndarray:
    """Smallest logistic loss plus ``strength`` · Σ (b - common)², with common and b ≥ 0, by projected Newton steps.

    Columns of ``x``: intercept, the common slope (which acts only through the penalty), the items.
    """
    size = x.shape[1]
    ridge = np.zeros((size, size))
    items = np.arange(2, size)
    ridge[items, items] = 2 * strength
    ridge[1, items] = ridge[items, 1] = -2 * strength
    ridge[1, 1] = 2 * strength * len(items) + 1e-9

    def loss(v: np.ndarray) -> float:
        eta = x @ v
        return float(np.logaddexp(0, eta).sum() - y @ eta + 0.5 * v @ ridge @ v)

    v, value = start, loss(start)
    bound = np.arange(size) > 0
    for _ in range(60):
        p = expit(x @ v)
        gradient = x.T @ (p - y) + ridge @ v
        free = ~(bound & (v <= 0) & (gradient > 0))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge + 1e-9 * np.eye(size)
        step = np.zeros(size)
        step[free] = np.linalg.solve(hessian[np.ix_(free, free)], -gradient[free])
        if np.abs(gradient[free]).max(initial=0.0) < 1e-6:
            break
        length, moved = 1.0, False
        while length > 1e-6:
            tried = v + length * step
            tried[bound] = np.maximum(tried[bound], 0.0)
            new = loss(tried)
            if new < value - 1e-12:
                v, value, moved = tried, new, True
                break
            length /= 2
        if not moved:
            break
    return v
