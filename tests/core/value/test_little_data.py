"""Nothing known, or next to nothing: every answer is empty or blank, none is a crash or a made-up figure."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from icp_core.facts.catalogue import facts_from_frame
from icp_core.facts.measures import MEASURES
from icp_core.retention import cohorts, survival
from icp_core.retention.churn_rates import churn_by
from icp_core.retention.slipping import slipping
from icp_core.value import best_customers, concentration, economics, lifetime

TYPES = {
    "customer_id": "str",
    "industry": "str",
    "ltv": "float64",
    "revenue": "float64",
    "mrr": "float64",
    "orders": "float64",
    "recency_days": "float64",
    "active_months": "float64",
    "tenure_months": "float64",
    "churned": "boolean",
    "churned_on": "datetime64[ns]",
    "customer_since": "datetime64[ns]",
    "first_order_on": "datetime64[ns]",
    "last_order_on": "datetime64[ns]",
}


@pytest.fixture(params=[0, 1, 3], ids=["nobody", "one", "three"])
def blank(request):
    """Customers of whom nothing is known but their ids."""
    frame = pd.DataFrame(
        {name: pd.Series([None] * request.param, dtype=kind) for name, kind in TYPES.items()}
    )
    frame["customer_id"] = [f"c{i}" for i in range(request.param)]
    return facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=[c for c in TYPES if c in MEASURES])


def test_retention_of_nobody_known_is_empty(blank):
    found = survival.survival_of(blank, np.zeros(len(blank), dtype=bool))
    assert found.curves.empty and found.at_months.empty and found.months_kept.empty
    assert np.isnan(found.log_rank.chi2)
    assert cohorts.kept(blank).empty and churn_by(blank, "industry").empty and slipping(blank).empty


def test_value_of_nobody_known_is_blank(blank):
    assert np.isnan(concentration.concentration(blank.frame["revenue"]).top1)
    assert concentration.typical(blank.frame["ltv"]).n == 0
    assert concentration.whales(blank).empty
    found = economics.unit_economics(blank)
    assert found.n == len(blank) and np.isnan(found.ltv) and np.isnan(found.win_rate)
    assert economics.by_group(blank, "industry").empty


def test_customers_of_whom_nothing_is_known_rank_alike(blank):
    table = best_customers.best_customers(blank)
    assert len(table) == len(blank) and (table["score"] == 50).all()
    assert set(best_customers.rfm(blank)["group"]) <= {"not known"}


def test_no_forecast_is_made_up(blank):
    found = lifetime.expected(blank, pd.DataFrame({"customer_id": [], "ordered_on": [], "value": []}))
    assert found.method == "historic" and found.refused
    assert found.frame["expected_ltv"].isna().all()
