"""Slipping: customers whose rhythm broke but who have not left yet, the dearest first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.facts.columns import has_left, names, numbers, per_month
from icp_core.stats.wording import days, money, times

# A rhythm takes three orders to show; a pause of twice the usual one is the first sign of its end.
MIN_ORDERS = 3
BROKEN_AT = 2.0
_SHORTEST_PAUSE_DAYS = 14
_MONTHS_AT_RISK = 12


def slipping(facts: Facts, mask=None) -> pd.DataFrame:
    """Customers still here whose pause is over twice their own usual gap, or who pay less than at the start.

    ``mask`` keeps a segment (the ICP). Returns customer_id, customer_name, silent_days, usual_gap_days, times_usual,
    contraction (currency per month), value_at_risk (value per month × 12; for those who pay less what was lost
    × 12), reason, row (position in the facts); largest value at risk first.
    """
    frame = facts.frame
    inside = np.ones(len(frame), dtype=bool) if mask is None else np.asarray(mask, dtype=bool)
    orders, silent = numbers(frame, "orders"), numbers(frame, "recency_days")
    span = _days(frame, "last_order_on") - _days(frame, "first_order_on")
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.where(orders >= MIN_ORDERS, span / (orders - 1), np.nan)
        longer = silent / np.maximum(gap, 1)
    left = has_left(frame)
    broke = np.isfinite(longer) & (longer > BROKEN_AT) & (silent >= _SHORTEST_PAUSE_DAYS)
    less = np.nan_to_num(numbers(frame, "contraction_mrr"))
    chosen = np.flatnonzero(inside & ~left & (broke | (less > 0)))
    yearly = np.nan_to_num(per_month(facts)) * _MONTHS_AT_RISK
    at_risk = np.where(broke, yearly, less * _MONTHS_AT_RISK)
    table = pd.DataFrame(
        {
            "customer_id": frame["customer_id"].astype(str).to_numpy()[chosen],
            "customer_name": names(frame)[chosen],
            "silent_days": silent[chosen],
            "usual_gap_days": gap[chosen],
            "times_usual": np.where(broke, longer, np.nan)[chosen],
            "contraction": less[chosen],
            "value_at_risk": at_risk[chosen],
            "reason": [_reason(facts, broke[i], silent[i], gap[i], longer[i], less[i]) for i in chosen],
            "row": chosen,
        }
    )
    return table.sort_values(
        ["value_at_risk", "customer_id"], ascending=[False, True], kind="stable", ignore_index=True
    )


def _reason(facts: Facts, broke: bool, silent: float, gap: float, longer: float, less: float) -> str:
    if broke:
        return f"No order for {days(silent)}, {times(longer)} the usual gap of {days(gap)}."
    return f"Pays {money(facts.currency, less)} a month less than at the start."


def _days(frame: pd.DataFrame, name: str) -> np.ndarray:
    """Days since 1970 of a date column; NaN where blank."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    when = pd.to_datetime(frame[name])
    return ((when - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)).to_numpy(float)
