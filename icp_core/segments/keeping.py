"""Who stays: the product-limit curve of a segment and of the rest, from counts per month."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_core.segments.narrow import Chosen, Narrow
from icp_core.stats.phrases import LIKELY_P, MIN_N, Verdict, verdict
from icp_core.stats.tests import log_rank_of_counts

MAX_MONTHS = 120
_Z = 1.959964


@dataclass(frozen=True, eq=False)
class Keeping:
    """Share of customers kept by months since they began.

    ``curve``: ``group`` (segment | rest), ``month``, ``at_risk``, ``kept``, ``low``, ``high`` (0–1), cut
    where fewer than ten customers remain. ``months_segment`` and ``months_rest`` are the months kept on
    average within ``horizon`` months, the last month both curves reach (the only one, where there is no rest); NaN for
    a missing one.
    """

    curve: pd.DataFrame
    horizon: int
    months_segment: float
    months_rest: float
    verdict: Verdict
    is_clear: bool

    def kept_at(self, group: str, month: int) -> float:
        """Share kept at a month (0–1); NaN beyond the curve."""
        found = self.curve[(self.curve["group"] == group) & (self.curve["month"] == month)]["kept"]
        return float(found.iloc[0]) if len(found) else math.nan


def keeping(table: Narrow, chosen: Chosen) -> Keeping | None:
    """The curves of the chosen customers and of all others; None without tenure or churn."""
    if not (table.has("tenure_months") and table.has("churned")):
        return None
    codes = table.keep(("keeping codes",), lambda: _codes(table))
    size = 2 * (MAX_MONTHS + 1)
    totals = table.keep(("keeping totals",), lambda: np.bincount(codes, minlength=size + 1))
    mine = chosen.counts(codes, totals)
    counts = [part.reshape(MAX_MONTHS + 1, 2) for part in (mine[:size], (totals - mine)[:size])]
    curves = [product_limit(part[:, 1], part[:, 0]) for part in counts]
    reach = [len(curve["month"]) for curve in curves if len(curve["month"])]
    horizon = max(min(reach, default=0) - 1, 0)
    months = [
        float(curve["kept"][:horizon].sum()) if horizon and len(curve["month"]) else math.nan
        for curve in curves
    ]
    at_risk = [part.sum(axis=1)[::-1].cumsum()[::-1] for part in counts]
    test = log_rank_of_counts(at_risk, [part[:, 1] for part in counts])
    n = int(min(part.sum() for part in counts))
    clear = n >= MIN_N and not math.isnan(test.p_value) and test.p_value <= LIKELY_P
    stability = None
    if not math.isnan(test.p_value):
        stability = float(0.5 * math.erfc(-(math.sqrt(max(test.chi2, 0)) - _Z) / math.sqrt(2)))
    return Keeping(
        pd.DataFrame(
            {
                "group": ["segment"] * len(curves[0]["month"]) + ["rest"] * len(curves[1]["month"]),
                **{name: np.concatenate([c[name] for c in curves]) for name in curves[0]},
            }
        ),
        horizon,
        *months,
        verdict(None if math.isnan(test.p_value) else test.p_value, stability, n),
        clear,
    )


def _codes(table: Narrow) -> np.ndarray:
    """Month of the end of what is known × 2 + whether the customer left then; unknown tenure is last."""
    months = table.numbers("tenure_months")
    left = table.coded("churned").codes == 1
    known = np.isfinite(months)
    month = np.clip(np.floor(np.where(known, months, 0)), 0, MAX_MONTHS).astype(np.int64)
    # Beyond the last month everybody is simply still there.
    left = left & (month < MAX_MONTHS)
    return np.where(known, month * 2 + left, 2 * (MAX_MONTHS + 1)).astype(np.uint16)


def product_limit(left: np.ndarray, censored: np.ndarray) -> dict[str, np.ndarray]:
    """Kaplan–Meier from counts per month: ``month``, ``at_risk``, ``kept``, ``low``, ``high``.

    Those who left in month t are counted gone from t + 1 on. The curve ends where fewer than ten customers
    remain, or fewer than half of a group that began with less than twenty. Ranges by the log-log transform (Kalbfleisch & Prentice 1980).
    """
    at_risk = (left + censored)[::-1].cumsum()[::-1]
    size = int((at_risk >= min(MIN_N, max(1, at_risk[0] // 2))).sum()) if at_risk[0] else 0
    left, at_risk = left[:size], at_risk[:size]
    kept = np.cumprod(1 - left / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.cumsum(np.where(at_risk > left, left / (at_risk * (at_risk - left)), 0.0))
        bend = _Z * np.sqrt(spread) / np.abs(np.log(kept))
        low, high = kept ** np.exp(bend), kept ** np.exp(-bend)
    certain = (kept >= 1) | (kept <= 0)
    low, high = np.where(certain, kept, low), np.where(certain, kept, high)
    # The share at the beginning of a month is what the months before left over.
    kept, low, high = (np.concatenate([[1.0], part[:-1]])[:size] for part in (kept, low, high))
    return {"month": np.arange(size), "at_risk": at_risk, "kept": kept, "low": low, "high": high}
