"""Value under contract: what a customer still brings, from the survival curve, the margin and a discount.

Never average revenue ÷ churn: that runs to infinity where few leave. The curve is capped at a horizon, and beyond
the observed months the risk of leaving stays what it was in the last half of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from icp_core.errors import NotEnoughDataError
from icp_core.retention.survival import THIN_AT_RISK, kaplan_meier
from icp_core.stats.wording import count, rate

DEFAULT_HORIZON_MONTHS = 36
# A usual cost of capital; shown and editable.
DEFAULT_ANNUAL_DISCOUNT = 0.10
# Above this nobody has left in so many months, the true monthly risk is likely no higher (rule of three).
_RULE_OF_THREE = 3.0


class Curve(NamedTuple):
    """Monthly survival from month 0 on, and where it comes from.

    ``survival[t]`` is the share still here after t months. ``observed_months`` is where the data ends,
    ``tail_risk`` the monthly risk of leaving beyond, ``note`` a sentence about it.
    """

    survival: np.ndarray
    observed_months: int
    tail_risk: float
    note: str


def extended_curve(duration_months, event, horizon_months: int) -> Curve:
    """The Kaplan–Meier curve by month up to ``horizon_months`` (at least), with a flat risk beyond the data.

    Observed months end where fewer than 10 customers are at risk. The risk beyond is departures per
    customer-month in the last half of the observed months. Where nobody left there, it is 3 / customer-months, the
    highest risk that fits such luck, so that nobody is kept for ever.
    """
    curve = kaplan_meier(duration_months, event)
    if curve.empty:
        raise NotEnoughDataError("No customer has both a length of stay and a churn answer.")
    month, survival = curve["month"].to_numpy(), curve["survival"].to_numpy()
    durations = np.asarray(duration_months, dtype=float)
    left = np.asarray(event, dtype=float)
    known = np.isfinite(durations) & (durations >= 0) & np.isfinite(left)
    durations, left = durations[known], left[known]
    ordered = np.sort(durations)
    end = int(np.floor(ordered[-THIN_AT_RISK] if len(ordered) >= THIN_AT_RISK else ordered[-1]))
    end = max(end, 1)
    half = end / 2
    exposure = float(np.clip(durations, half, end).sum() - half * len(durations))
    departures = float(((durations > half) & (durations <= end) & (left > 0)).sum())
    said = f"from month {count(end)} on the risk of the months {count(half)} to {count(end)} goes on"
    if exposure <= 0:
        exposure, departures = float(durations.sum()), float(left.sum())
    if departures == 0:
        risk = _RULE_OF_THREE / max(exposure, _RULE_OF_THREE)
        note = (
            f"Nobody left in {count(exposure)} customer-months, so the highest likely risk is used: "
            f"{rate(risk)} a month."
        )
    else:
        risk = departures / exposure
        note = f"Seen for {count(end)} months; {said}: {rate(risk)} a month."
    grid = np.arange(0, max(horizon_months, 1) + 1)
    seen = survival[np.searchsorted(month, np.minimum(grid, end) + 1e-9, side="right") - 1]
    beyond = np.maximum(grid - end, 0)
    return Curve(seen * (1 - min(risk, 1.0)) ** beyond, end, risk, note)


def value_of_new(
    curve: Curve,
    margin_per_month: float,
    horizon_months: int,
    annual_discount: float = DEFAULT_ANNUAL_DISCOUNT,
) -> float:
    """What a new customer brings within the horizon: margin × Σ S(t) / (1 + d)^(t/12), t = 0 … horizon − 1."""
    months = np.arange(horizon_months)
    return float(
        margin_per_month * (curve.survival[:horizon_months] * _discount(months, annual_discount)).sum()
    )


def months_ahead(
    curve: Curve, age_months, horizon_months: int, annual_discount: float = DEFAULT_ANNUAL_DISCOUNT
) -> np.ndarray:
    """Discounted months that customers of the given ages will still pay within the horizon.

    For age u: Σ S(u + t) / S(u) / (1 + d)^(t/12), t = 1 … horizon. Ages beyond the curve have its flat risk.
    """
    ages = np.maximum(np.nan_to_num(np.asarray(age_months, dtype=float)), 0).astype(int)
    oldest = int(ages.max(initial=0)) + horizon_months + 1
    survival = curve.survival
    if len(survival) < oldest + 1:
        extra = np.arange(1, oldest + 2 - len(survival))
        survival = np.concatenate([survival, survival[-1] * (1 - min(curve.tail_risk, 1.0)) ** extra])
    months = np.arange(1, horizon_months + 1)
    discount = _discount(months, annual_discount)
    by_age = np.zeros(oldest)
    for age in np.unique(ages):
        now = survival[age]
        # Where the curve has fallen to nothing, whoever is still here faces the flat risk.
        kept = survival[age + months] / now if now > 0 else (1 - min(curve.tail_risk, 1.0)) ** months
        by_age[age] = (kept * discount).sum()
    return by_age[ages]


def _discount(months: np.ndarray, annual_discount: float) -> np.ndarray:
    return (1 + annual_discount) ** (-months / 12)
