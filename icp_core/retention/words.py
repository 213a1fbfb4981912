"""Retention in words: whether groups differ clearly, which months are risky, how churn is found."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.stats import binom, norm

from icp_core.retention.survival import Retention
from icp_core.stats.intervals import Z
from icp_core.stats.phrases import LIKELY_P, MIN_N, TOO_FEW, verdict
from icp_core.stats.wording import count, listed, months, rate

# Before so many months in common an average of months kept says nothing.
SHORTEST_HORIZON = 3
_MOST_MONTHS = 3


def is_clear(found: Retention) -> bool:
    """True where the groups differ by more than luck would do, and each is large enough to say so."""
    p = found.log_rank.p_value
    return not math.isnan(p) and p <= LIKELY_P and int(found.months_kept["n"].min()) >= MIN_N


def how_sure(found: Retention) -> str:
    """The fixed phrase for the difference between the groups."""
    p, chi2 = found.log_rank.p_value, found.log_rank.chi2
    if len(found.months_kept) < 2:
        return TOO_FEW
    stability = None
    if found.log_rank.df == 1 and not math.isnan(chi2):
        # How often a new sample like this one would again show the difference.
        stability = float(norm.sf(Z - math.sqrt(max(chi2, 0.0))))
    return verdict(None if math.isnan(p) else p, stability, int(found.months_kept["n"].min()))


def segment_beside_rest(found: Retention) -> str:
    """One sentence on ``survival_of`` with a segment: clearly longer, clearly shorter, or no clear difference."""
    kept = found.months_kept.set_index("group")
    if "segment" not in kept.index:
        return "Nobody in the segment has a length of stay and a churn answer."
    mine = kept.loc["segment"]
    if "rest" not in kept.index:
        return f"Within {months(mine.horizon_months)} they stay {months(mine.months)} on average."
    rest = kept.loc["rest"]
    n = f"(n = {count(mine.n)} and {count(rest.n)})"
    if min(mine.n, rest.n) < MIN_N:
        return f"Too few customers to say whether they stay longer {n}."
    if mine.horizon_months < SHORTEST_HORIZON:
        return f"Both sides were seen together for less than {SHORTEST_HORIZON} months: too short to compare {n}."
    figures = (
        f"within {months(mine.horizon_months)} the segment stays {months(mine.months)} on average, "
        f"the rest {months(rest.months)} {n}"
    )
    if not is_clear(found):
        return f"No clear difference: {figures}."
    side = "longer" if mine.months > rest.months else "shorter"
    return f"The segment clearly stays {side}: {figures}."


def between_groups(found: Retention, label: str) -> str:
    """One sentence on ``survival_by``: whether the groups of an attribute differ, and which stay longest."""
    kept = found.months_kept
    if len(kept) < 2:
        return f"All customers are in one group of {label}."
    if math.isnan(found.log_rank.p_value):
        return "A customer can be in several of these groups, so the difference is not tested."
    if int(kept["n"].min()) < MIN_N:
        return f"Too few customers in a group of {label} to say whether they differ."
    if not is_clear(found):
        return f"No clear difference between the groups of {label}."
    ordered = kept.sort_values("months", kind="stable")
    first, last = ordered.iloc[-1], ordered.iloc[0]
    return (
        f"The groups of {label} clearly differ: within {months(first.horizon_months)}, “{first.group}” stays "
        f"{months(first.months)} on average, “{last.group}” {months(last.months)}."
    )


def risky_months(found: pd.DataFrame) -> str:
    """The months in which clearly more leave than in a usual month, from ``survival.hazard`` of one group."""
    at_risk, events = found["at_risk"].to_numpy(int), found["events"].to_numpy(int)
    fair = at_risk >= MIN_N
    if not fair.any() or events[fair].sum() == 0:
        return "Nobody left in the months that can be judged."
    usual = events[fair].sum() / at_risk[fair].sum()
    luck = binom.sf(events - 1, np.maximum(at_risk, 1), usual) * int(fair.sum())
    risky = np.flatnonzero(fair & (luck <= LIKELY_P) & (events > 0))
    said = f"In a usual month {rate(usual)} leave."
    if not len(risky):
        return f"{said} No month stands out clearly."
    worst = sorted(risky, key=lambda i: -events[i] / at_risk[i])[:_MOST_MONTHS]
    words = [f"month {count(found['month'].iloc[i])} ({rate(events[i] / at_risk[i])})" for i in sorted(worst)]
    more = f", and {count(len(risky) - len(worst))} more" if len(risky) > len(worst) else ""
    return f"{said} Clearly riskier: {listed(words)}{more}."
