"""Retention as far as it can be trusted: months kept end where a group has fewer than ten customers left."""

from __future__ import annotations

import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.retention.comparison import survival_by
from icp_core.retention.survival import Retention, survival_of


def fair_horizon(curves: pd.DataFrame) -> float | None:
    """The last month up to which every group still has ten customers or more; None where one never has.

    >>> from icp_core.retention.survival import kaplan_meier
    >>> fair_horizon(kaplan_meier([5] * 12 + [9] * 12, [1] * 12 + [0] * 12))
    9.0
    """
    fair = curves[~curves["thin"]].groupby("group", sort=False)["month"].max()
    if len(fair) < curves["group"].nunique() or fair.empty or fair.min() <= 0:
        return None
    return float(fair.min())


def fair_survival(facts: Facts, mask=None) -> Retention:
    """``survival_of`` with months kept over the months that can be trusted."""
    found = survival_of(facts, mask)
    horizon = fair_horizon(found.curves)
    return found if horizon is None else survival_of(facts, mask, horizon_months=horizon)


def fair_survival_by(facts: Facts, attribute: str, mask=None) -> Retention:
    """``survival_by`` with months kept over the months that can be trusted."""
    found = survival_by(facts, attribute, mask)
    horizon = fair_horizon(found.curves)
    return found if horizon is None else survival_by(facts, attribute, mask, horizon_months=horizon)
