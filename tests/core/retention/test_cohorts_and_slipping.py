"""Cohorts, churn by attribute, and customers whose rhythm broke."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from icp_core.errors import UnknownColumnError
from icp_core.facts.catalogue import facts_from_frame
from icp_core.retention import cohorts
from icp_core.retention.churn_rates import churn_by
from icp_core.retention.slipping import slipping

OUTCOMES = [
    "churned",
    "churned_on",
    "customer_since",
    "ltv",
    "orders",
    "recency_days",
    "contraction_mrr",
    "mrr",
]


def facts_of(columns, as_of=date(2025, 8, 15)):
    return facts_from_frame(
        pd.DataFrame(columns), as_of=as_of, outcomes=[c for c in columns if c in OUTCOMES]
    )


@pytest.fixture
def quarters():
    return facts_of(
        {
            "customer_since": pd.to_datetime(
                ["2025-01-05", "2025-02-01", "2025-03-30", "2025-04-02", "2025-07-01"]
            ),
            "churned": pd.array([False, True, True, False, False], dtype="boolean"),
            "churned_on": pd.to_datetime([None, "2025-05-01", None, None, None]),
        }
    )


def test_unfinished_quarters_are_blank_never_zero(quarters):
    table = cohorts.kept(quarters, "quarter")
    cells = {
        (c.strftime("%Y-%m"), p): (n, k)
        for c, p, n, k in table[["cohort", "period", "n", "customers"]].values
    }
    # The third customer left on an unknown day and is not counted.
    assert cells[("2025-01", 0)] == (2, 2.0)
    assert cells[("2025-01", 1)] == (2, 1.0)
    assert cells[("2025-04", 0)] == (1, 1.0)
    assert np.isnan(cells[("2025-07", 0)][1])
    assert ("2025-04", 2) not in cells


def test_a_period_is_finished_on_its_last_day(quarters):
    end = facts_of(
        {c: quarters.frame[c] for c in ("customer_since", "churned", "churned_on")}, date(2025, 9, 30)
    )
    table = cohorts.kept(end, "quarter")
    assert table["customers"].notna().all()


def test_cohorts_of_buyers_count_customers_and_money():
    orders = pd.DataFrame(
        {
            "customer_id": ["a", "a", "a", "b", "b", "c"],
            "ordered_on": pd.to_datetime(
                ["2025-01-03", "2025-01-09", "2025-03-01", "2025-01-05", "2025-02-01", "2025-02-10"]
            ),
            "value": [10.0, 5, 20, 7, 3, 9],
        }
    )
    table = cohorts.bought(orders, date(2025, 3, 20), "month")
    january = table[table["cohort"] == "2025-01-01"].set_index("period")
    assert january["customers"].tolist()[:2] == [2, 1] and np.isnan(january["customers"].get(2, np.nan))
    assert january["revenue"].tolist()[:2] == [22, 3]
    assert january["revenue_per_customer"].iloc[0] == 11
    finished = table.dropna(subset=["revenue"])
    assert finished["revenue"].sum() == orders[orders["ordered_on"] < "2025-03-01"]["value"].sum()


def test_months_in_which_nobody_of_a_cohort_ordered_are_zero():
    orders = pd.DataFrame(
        {
            "customer_id": ["a", "a"],
            "ordered_on": pd.to_datetime(["2025-01-03", "2025-04-09"]),
            "value": [1.0, 2.0],
        }
    )
    table = cohorts.bought(orders, date(2025, 4, 30), "month")
    assert table["revenue"].tolist() == [1, 0, 0, 2]


def test_a_cell_shows_its_customers(quarters):
    assert cohorts.members(quarters, date(2025, 1, 1)).tolist() == [True, True, True, False, False]


def test_churn_rates_add_up_to_the_customers_known():
    facts = facts_of(
        {
            "industry": ["A", "A", "B", "B", None, "B"],
            "churned": pd.array([True, False, True, True, True, None], dtype="boolean"),
            "tools": [["x", "y"], ["x"], ["y"], None, ["x"], ["x"]],
            "size": [1.0, 2, 3, 4, 5, 6],
        }
    )
    table = churn_by(facts, "industry")
    assert table[["group", "n", "churned", "rate"]].values.tolist() == [["B", 2, 2, 1.0], ["A", 2, 1, 0.5]]
    by_tool = churn_by(facts, "tools").set_index("group")
    assert by_tool.loc["x", "n"] == 3 and by_tool.loc["y", "n"] == 2
    by_size = churn_by(facts, "size")
    assert by_size["n"].sum() == 5 and "up to" in " ".join(by_size["group"])
    with pytest.raises(UnknownColumnError):
        churn_by(facts, "colour")


def test_slipping_compares_each_customer_with_their_own_rhythm():
    first = pd.to_datetime(["2025-01-01"] * 5)
    facts = facts_of(
        {
            "customer_id": ["weekly", "yearly", "left", "few", "less"],
            "orders": [21.0, 3, 21, 2, 21],
            "first_order_on": first,
            "last_order_on": first + pd.to_timedelta([140, 700, 140, 30, 140], unit="D"),
            "recency_days": [60.0, 60, 60, 200, 5],
            "churned": pd.array([False, False, True, False, False], dtype="boolean"),
            "ltv": [1200.0, 9000, 5000, 100, 600],
            "active_months": [12.0] * 5,
            "contraction_mrr": [0.0, 0, 0, 0, 30],
            "mrr": [np.nan] * 4 + [70],
        }
    )
    table = slipping(facts)
    # Sixty days are long for a weekly buyer and nothing for a yearly one.
    assert table["customer_id"].tolist() == ["weekly", "less"]
    assert table["value_at_risk"].tolist() == [1200.0, 360.0]
    assert table["reason"].tolist() == [
        "No order for 60 days, 8.6× the usual gap of 7 days.",
        "Pays €30 a month less than at the start.",
    ]
    assert slipping(facts, np.array([False] * 5)).empty
