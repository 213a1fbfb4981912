"""Tests of difference: log-rank, Mann–Whitney, and Benjamini–Hochberg over many of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import chi2, mannwhitneyu


class LogRank(NamedTuple):
    """Chi-square of the log-rank test with its degrees of freedom and p-value; NaN with one group."""

    chi2: float
    df: int
    p_value: float


class RankTest(NamedTuple):
    """Mann–Whitney: the chance that a value of the first group is the larger one, and the p-value."""

    probability_larger: float
    p_value: float


def log_rank_of_counts(at_risk, events) -> LogRank:
    """Log-rank test (Mantel 1966) from counts: one row per group, one column per event time.

    ``at_risk[g, t]`` are the customers of group g still there just before time t, ``events[g, t]`` those
    who leave at t.

    >>> result = log_rank_of_counts([[3, 2, 1], [3, 3, 3]], [[1, 1, 1], [0, 0, 0]])
    >>> round(result.chi2, 4), result.df
    (5.0517, 1)
    """
    n, d = np.asarray(at_risk, dtype=float), np.asarray(events, dtype=float)
    present = n.sum(axis=1) > 0
    n, d = n[present], d[present]
    df = len(n) - 1
    total_n, total_d = n.sum(axis=0), d.sum(axis=0)
    kept = (total_n > 1) & (total_d > 0)
    if df < 1 or not kept.any():
        return LogRank(np.nan, max(df, 0), np.nan)
    n, d, total_n, total_d = n[:, kept], d[:, kept], total_n[kept], total_d[kept]
    share = n / total_n
    surplus = (d - share * total_d).sum(axis=1)
    spread = total_d * (total_n - total_d) / (total_n - 1)
    covariance = np.diag((share * spread).sum(axis=1)) - (share * spread) @ share.T
    # One group is redundant: their surpluses add up to zero.
    value = float(surplus[:-1] @ np.linalg.pinv(covariance[:-1, :-1], hermitian=True) @ surplus[:-1])
    return LogRank(value, df, float(chi2.sf(value, df)))


def mann_whitney(first, second) -> RankTest:
    """Do the values of one group tend to be larger? (Mann & Whitney 1947, ties corrected).

    >>> mann_whitney([9, 10, 9, 8], [3, 4, 5]).probability_larger
    1.0
    """
    first, second = np.asarray(first, float), np.asarray(second, float)
    first, second = first[np.isfinite(first)], second[np.isfinite(second)]
    if not len(first) or not len(second):
        return RankTest(np.nan, np.nan)
    both = np.concatenate([first, second])
    if both.min() == both.max():
        return RankTest(0.5, 1.0)
    result = mannwhitneyu(first, second, alternative="two-sided", method="asymptotic")
    return RankTest(float(result.statistic / (len(first) * len(second))), float(result.pvalue))


def benjamini_hochberg(p_values) -> np.ndarray:
    """P-values corrected for their number (Benjamini & Hochberg 1995); blanks stay blank.

    >>> benjamini_hochberg([0.01, 0.02, 0.03]).round(3).tolist()
    [0.03, 0.03, 0.03]
    """
    p = np.asarray(p_values, dtype=float)
    corrected = np.full(p.shape, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    if not len(known):
        return corrected
    order = known[np.argsort(p[known], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    corrected[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return corrected
