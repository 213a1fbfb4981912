"""Concentration: how much hangs on few customers, and what is typical beside the average."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.facts.columns import names, numbers
from icp_core.stats import intervals
from icp_core.stats.wording import figure, rate

TOP_SHARES = (0.01, 0.05, 0.10, 0.20)
# A customer with this share of the total is named: losing it would be felt.
WHALE_SHARE = 0.05
_CURVE_POINTS = 200


class Concentration(NamedTuple):
    """Shares of the total (0–1) that the top 1, 5, 10 and 20 of 100 customers hold, and the largest one alone."""

    top1: float
    top5: float
    top10: float
    top20: float
    largest: float
    n: int
    total: float

    @property
    def words(self) -> str:
        """One sentence for the page."""
        if self.n == 0 or math.isnan(self.top20):
            return "Nothing is known of what customers paid."
        return (
            f"The top fifth of customers hold {rate(self.top20)} of the revenue, the top hundredth {rate(self.top1)}; "
            f"the largest customer holds {rate(self.largest)}."
        )


class Typical(NamedTuple):
    """What a customer is typically (median) and on average worth, with likely ranges (blank where none holds)."""

    median: float
    median_low: float
    median_high: float
    mean: float
    mean_low: float
    mean_high: float
    n: int
    top1: float
    largest: float


def concentration(values) -> Concentration:
    """Shares of the top customers in the total; the top p of n customers are the ceil(p · n) largest.

    Negative values (more returned than bought) count in the total, so that shares agree with the books; blanks are
    left out. NaN when the total is not positive.

    >>> concentration([50, 30, 10, 5, 5]).top20
    0.5
    """
    ordered = _ordered(values)
    n, total = len(ordered), float(ordered.sum())
    if n == 0 or total <= 0:
        return Concentration(*[math.nan] * 5, n, total)
    running = ordered.cumsum()
    tops = [float(running[min(n, math.ceil(share * n - 1e-9)) - 1] / total) for share in TOP_SHARES]
    return Concentration(*tops, float(ordered[0] / total), n, total)


def pareto_curve(values) -> pd.DataFrame:
    """Cumulated share of the total by share of customers, largest first: share_customers, share_value (0–1).

    Begins at (0, 0), ends at (1, 1), at most some 200 rows, denser at the top where it bends.
    """
    ordered = _ordered(values)
    n, total = len(ordered), float(ordered.sum())
    if n == 0 or total <= 0:
        return pd.DataFrame({"share_customers": [], "share_value": []})
    running = np.concatenate([[0.0], ordered.cumsum()])
    steps = np.unique(np.round(n * np.linspace(0, 1, _CURVE_POINTS) ** 2).astype(int))
    return pd.DataFrame({"share_customers": steps / n, "share_value": running[steps] / total})


def whales(facts: Facts, column: str = "revenue") -> pd.DataFrame:
    """Customers who hold a twentieth of the total or more: customer_id, customer_name, value, share, words."""
    values = numbers(facts.frame, column)
    total = np.nansum(values)
    if not total > 0:
        share = np.zeros(len(values))
    else:
        share = np.nan_to_num(values) / total
    order = [i for i in np.argsort(-share, kind="stable") if share[i] >= WHALE_SHARE]
    unit = facts.catalogue[column].unit if column in facts.catalogue else None
    found = facts.frame.iloc[order]
    called = names(found)
    return pd.DataFrame(
        {
            "customer_id": found["customer_id"].astype(str).to_numpy(),
            "customer_name": called,
            "value": values[order],
            "share": share[order],
            "words": [
                f"{name} holds {rate(part)} ({figure(value, unit)})"
                for name, part, value in zip(called, share[order], values[order], strict=True)
            ],
        }
    )


def typical(values, seed: int = 0) -> Typical:
    """Typical and average value of a group with likely ranges; the average's is blank where one customer rules.

    >>> typical([1, 2, 3, 4, 5, 6, 7]).median
    4.0
    """
    values = np.asarray(values, dtype=float)
    values = values[np.isfinite(values)]
    if not len(values):
        return Typical(*[math.nan] * 6, 0, math.nan, math.nan)
    held = concentration(values)
    middle = intervals.median_interval(values)
    average = intervals.mean_interval_bootstrap_t(values, seed)
    return Typical(
        float(np.median(values)),
        *middle,
        float(values.mean()),
        *average,
        len(values),
        held.top1,
        held.largest,
    )


def _ordered(values) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return np.sort(array[np.isfinite(array)])[::-1]
