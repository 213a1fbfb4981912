"""Retention by attribute."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from icp_core.errors import NotEnoughDataError
from icp_core.facts.catalogue import facts_from_frame
from icp_core.retention.comparison import survival_by


@pytest.fixture
def facts():
    rng = np.random.default_rng(0)
    n = 600
    plan = np.where(np.arange(n) % 2 == 0, "Basic", "Pro")
    stay = rng.exponential(np.where(plan == "Pro", 30, 10))
    seen = rng.uniform(1, 36, n)
    frame = pd.DataFrame(
        {
            "plan": plan,
            "city": [f"City {i % 40}" if i < 200 else "Capital" for i in range(n)],
            "tools": [["x", "y"] if i % 3 == 0 else ["x"] for i in range(n)],
            "colour": [None] * n,
            "tenure_months": np.minimum(stay, seen),
            "churned": stay <= seen,
        }
    )
    frame["colour"] = frame["colour"].astype(object)
    return facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["tenure_months", "churned"])


def test_a_planted_difference_is_seen(facts):
    found = survival_by(facts, "plan", horizon_months=24)
    kept = found.months_kept.set_index("group")["months"]
    assert kept["Pro"] > 1.5 * kept["Basic"]
    assert found.log_rank.p_value < 1e-6 and found.log_rank.df == 1


def test_small_groups_are_folded_and_come_last(facts):
    found = survival_by(facts, "city")
    groups = list(dict.fromkeys(found.curves["group"]))
    assert groups == ["Capital", "other (40 groups)"]
    assert found.curves.groupby("group")["at_risk"].max().sum() == 600


def test_overlapping_groups_have_curves_but_no_test(facts):
    found = survival_by(facts, "tools")
    assert set(found.curves["group"]) == {"x", "y"}
    assert np.isnan(found.log_rank.chi2)


def test_an_attribute_of_nobody_is_refused(facts):
    with pytest.raises(NotEnoughDataError, match="No customer has Colour"):
        survival_by(facts, "colour")
