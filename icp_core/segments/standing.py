"""Who counts as a good and who as a bad customer."""

from __future__ import annotations

import numpy as np

from icp_core.facts.catalogue import Facts

# The top and the bottom quarter by value per month.
_GOOD_FROM, _BAD_UP_TO = 0.75, 0.25
_VALUE = ("value_per_month", "ltv", "revenue", "total_revenue", "mrr", "arr")


def good_and_bad(facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """Two boolean arrays over the customers: who is good, who is bad (the others are neither).

    Good: in the top quarter by value per month (lifetime value or revenue where that is all there is) and
    not known to have left. Bad: left, or in the bottom quarter by value. Without any value, good is who
    is still here and bad who left. A blank value is neither top nor bottom.
    """
    left = np.zeros(len(facts), dtype=bool)
    known = np.zeros(len(facts), dtype=bool)
    if facts.has("churned"):
        churned = facts.frame["churned"]
        known = churned.notna().to_numpy()
        left = churned.fillna(False).astype(bool).to_numpy() & known
    name = next((name for name in _VALUE if facts.has(name)), None)
    if name is None:
        return known & ~left, left
    value = facts.frame[name].astype(float).to_numpy()
    low, high = np.nanquantile(value, [_BAD_UP_TO, _GOOD_FROM])
    if low == high:
        return known & ~left, left
    with np.errstate(invalid="ignore"):
        return (value >= high) & ~left, left | (value <= low)
