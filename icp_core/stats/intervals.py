"""Likely ranges of shares, typical values, averages, ratios and NPS.

All ranges are two-sided at the same level (95 of 100 such ranges hold the true value); the methods are
those whose measured coverage held on skewed customer data. A range that the data cannot carry is NaN.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import binom

Z = 1.959963984540054
# A mean that hangs on one customer has no honest range (share of the total held by the largest).
WHALE_SHARE = 0.20
# The log-delta range of a ratio covers too rarely below this many customers.
MIN_RATIO_N = 100
# Above this size the resampling of the bootstrap-t agrees with its Edgeworth expansion and only costs time.
_MAX_RESAMPLED = 20_000


class Interval(NamedTuple):
    """Lower and upper end of a likely range; NaN where the data cannot carry one."""

    low: float
    high: float


NO_INTERVAL = Interval(np.nan, np.nan)


class NpsInterval(NamedTuple):
    """NPS (−100 to 100) as counted, with its likely range and the number of answers."""

    score: float
    low: float
    high: float
    n: int


class RatioInterval(NamedTuple):
    """A ratio with its likely range; ``method`` is "means", "medians" or "none"."""

    ratio: float
    low: float
    high: float
    method: str


def wilson(k, n, z: float = Z) -> tuple:
    """Likely range of the share ``k / n`` (Wilson 1927); numbers or arrays, NaN where ``n`` is 0.

    >>> low, high = wilson(81, 263)
    >>> round(low, 4), round(high, 4)
    (0.2553, 0.3662)
    """
    k, n = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    safe = np.where(n > 0, n, np.nan)
    share = k / safe
    centre = share + z * z / (2 * safe)
    half = z * np.sqrt(share * (1 - share) / safe + z * z / (4 * safe * safe))
    scale = 1 + z * z / safe
    low = np.where(k == 0, np.where(n > 0, 0.0, np.nan), (centre - half) / scale)
    high = np.where(k == n, np.where(n > 0, 1.0, np.nan), (centre + half) / scale)
    if low.ndim == 0:
        return float(low), float(high)
    return low, high


def share_difference(k1: float, n1: float, k2: float, n2: float) -> Interval:
    """Likely range of ``k1/n1 − k2/n2`` (Newcombe 1998, hybrid score, method 10).

    >>> low, high = share_difference(56, 70, 48, 80)
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    if n1 <= 0 or n2 <= 0:
        return NO_INTERVAL
    p1, p2 = k1 / n1, k2 / n2
    low1, high1 = wilson(k1, n1)
    low2, high2 = wilson(k2, n2)
    difference = p1 - p2
    return Interval(
        difference - float(np.hypot(p1 - low1, high2 - p2)),
        difference + float(np.hypot(high1 - p1, p2 - low2)),
    )


def nps_interval(
    promoters: int, passives: int, detractors: int, population: int | None = None
) -> NpsInterval:
    """NPS with its likely range by the adjusted Wald method (Rocks 2016; below 10 answers Agresti–Min).

    ``population`` is the number of customers who could have answered; when given, the range narrows
    as the answers come to cover it, and is the score itself once everybody answered.

    >>> result = nps_interval(20, 8, 4)
    >>> round(result.score, 1), round(result.low, 1), round(result.high, 1)
    (50.0, 21.8, 69.6)
    """
    n = int(promoters + passives + detractors)
    if n == 0:
        return NpsInterval(np.nan, np.nan, np.nan, 0)
    score = 100 * (promoters - detractors) / n
    if population is not None and n >= population:
        return NpsInterval(score, score, score, n)
    each, added = (0.75, 3.0) if n >= 10 else (0.5, 2.0)
    p, q = (promoters + each) / (n + added), (detractors + each) / (n + added)
    half = Z * np.sqrt((p + q - (p - q) ** 2) / (n + added))
    if population is not None:
        half *= np.sqrt((population - n) / (population - 1))
    # The adjusted centre lies a little nearer to 0 than the score; the range shown always holds the score.
    low, high = min(100 * (p - q - half), score), max(100 * (p - q + half), score)
    return NpsInterval(score, max(-100.0, float(low)), min(100.0, float(high)), n)


def nps_difference(first: tuple[int, int, int], second: tuple[int, int, int]) -> Interval:
    """Likely range of the difference of two NPS, each given as (promoters, passives, detractors)."""
    estimates, variances = [], []
    for promoters, passives, detractors in (first, second):
        n = promoters + passives + detractors
        if n == 0:
            return NO_INTERVAL
        each, added = (0.75, 3.0) if n >= 10 else (0.5, 2.0)
        p, q = (promoters + each) / (n + added), (detractors + each) / (n + added)
        estimates.append(p - q)
        variances.append((p + q - (p - q) ** 2) / (n + added))
    half = Z * np.sqrt(sum(variances))
    difference = estimates[0] - estimates[1]
    return Interval(100 * float(difference - half), 100 * float(difference + half))


def median_interval(values) -> Interval:
    """Likely range of the typical (median) value by order statistics; blank below six values.

    >>> median_interval(range(1, 11))
    Interval(low=2.0, high=9.0)
    """
    values = _known(values)
    n = len(values)
    if n < 6:
        return NO_INTERVAL
    rank = int(binom.ppf(0.025, n, 0.5))
    if binom.cdf(rank - 1, n, 0.5) > 0.025:
        rank -= 1
    rank = max(rank, 1)
    chosen = np.partition(values, [rank - 1, n - rank])
    return Interval(float(chosen[rank - 1]), float(chosen[n - rank]))


def largest_share(values) -> float:
    """Share of the total that the largest value holds (0–1); NaN when the total is not positive."""
    values = _known(values)
    total = values.sum() if len(values) else 0.0
    return float(values.max() / total) if total > 0 else float("nan")


def is_whale_ridden(values) -> bool:
    """True when one customer holds more than a fifth of the total, so that no mean can be trusted."""
    return bool(largest_share(values) > WHALE_SHARE)


def mean_interval_bootstrap_t(values, seed: int = 0, resamples: int = 1000) -> Interval:
    """Likely range of the average by bootstrap-t (Efron & Tibshirani 1993, ch. 12.5).

    Blank below ten values. A set that one customer rules (see ``is_whale_ridden``) has no range either.
    Large sets use the Edgeworth expansion of the same statistic (Hall 1992), which needs no resampling.
    """
    values = _known(values)
    n = len(values)
    if n < 10 or is_whale_ridden(values):
        return NO_INTERVAL
    mean, spread = values.mean(), values.std(ddof=1)
    if spread == 0:
        return Interval(float(mean), float(mean))
    error = spread / np.sqrt(n)
    if n > _MAX_RESAMPLED:
        skew = float(np.mean(((values - mean) / spread) ** 3))
        bend = skew * (1 + 2 * Z * Z) / (6 * np.sqrt(n))
        upper_t, lower_t = Z - bend, -Z - bend
    else:
        lower_t, upper_t = np.quantile(_studentised(values, seed, resamples), [0.025, 0.975])
    return Interval(float(mean - upper_t * error), float(mean - lower_t * error))


def _studentised(values: np.ndarray, seed: int, resamples: int) -> np.ndarray:
    """(resample mean − mean) / its standard error for each resample, in chunks of bounded memory."""
    rng = np.random.default_rng(seed)
    n, mean = len(values), values.mean()
    centred = values - mean
    chunk = max(1, min(resamples, 4_000_000 // n))
    parts = []
    for start in range(0, resamples, chunk):
        drawn = centred[rng.integers(0, n, size=(min(chunk, resamples - start), n), dtype=np.int32)]
        spread = drawn.std(axis=1, ddof=1)
        kept = spread > 0
        parts.append(drawn.mean(axis=1)[kept] / (spread[kept] / np.sqrt(n)))
    return np.concatenate(parts)


def ratio_of_means(first, second) -> RatioInterval:
    """How many times the first group's value is the second's, with its likely range.

    Averages are compared on the log scale by the delta method, and only with at least 100 values on
    both sides, none of which rules its group. Otherwise typical (median) values are compared, the range
    from their order statistics (Zou & Donner 2008, recovered variances on the log scale).
    """
    first, second = _known(first), _known(second)
    if _mean_is_fair(first) and _mean_is_fair(second):
        means = np.array([first.mean(), second.mean()])
        errors = np.array(
            [first.std(ddof=1) / np.sqrt(len(first)), second.std(ddof=1) / np.sqrt(len(second))]
        )
        ratio = means[0] / means[1]
        half = Z * float(np.sqrt(((errors / means) ** 2).sum()))
        return RatioInterval(float(ratio), float(ratio * np.exp(-half)), float(ratio * np.exp(half)), "means")
    return ratio_of_medians(first, second)


def ratio_of_medians(first, second) -> RatioInterval:
    """Ratio of two typical values with a likely range from both median ranges; "none" if not positive."""
    first, second = _known(first), _known(second)
    if not len(first) or not len(second):
        return RatioInterval(np.nan, np.nan, np.nan, "none")
    top, bottom = float(np.median(first)), float(np.median(second))
    if top <= 0 or bottom <= 0:
        return RatioInterval(np.nan, np.nan, np.nan, "none")
    ratio = top / bottom
    (low1, high1), (low2, high2) = median_interval(first), median_interval(second)
    if not min(low1, low2) > 0:
        return RatioInterval(ratio, np.nan, np.nan, "medians")
    down = np.hypot(np.log(top / low1), np.log(high2 / bottom))
    up = np.hypot(np.log(high1 / top), np.log(bottom / low2))
    return RatioInterval(ratio, float(ratio * np.exp(-down)), float(ratio * np.exp(up)), "medians")


def ratio_of_sums(numerator, denominator) -> RatioInterval:
    """Sum over sum with customers as the unit (average order value = revenue / orders); log-delta range.

    The range is blank below 100 customers or when one customer holds more than a fifth of the numerator.
    """
    numerator, denominator = np.asarray(numerator, float), np.asarray(denominator, float)
    kept = np.isfinite(numerator) & np.isfinite(denominator)
    numerator, denominator = numerator[kept], denominator[kept]
    total = denominator.sum()
    if not len(numerator) or total <= 0:
        return RatioInterval(np.nan, np.nan, np.nan, "none")
    ratio = numerator.sum() / total
    n = len(numerator)
    if n < MIN_RATIO_N or ratio <= 0 or is_whale_ridden(numerator):
        return RatioInterval(float(ratio), np.nan, np.nan, "none")
    residual = numerator - ratio * denominator
    error = np.sqrt(residual.var(ddof=1) / n) / denominator.mean()
    half = Z * error / ratio
    return RatioInterval(float(ratio), float(ratio * np.exp(-half)), float(ratio * np.exp(half)), "means")


def _mean_is_fair(values: np.ndarray) -> bool:
    return len(values) >= MIN_RATIO_N and values.mean() > 0 and not is_whale_ridden(values)


def _known(values) -> np.ndarray:
    """The finite values as a float array; blanks (NaN, None) are left out."""
    array = np.asarray(list(values) if isinstance(values, range) else values, dtype=float).ravel()
    return array[np.isfinite(array)]
