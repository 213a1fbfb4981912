"""Retention in words: clear differences are called clear, others are not, and few customers say nothing."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.made_customers import made_facts
from icp_core.retention import words
from icp_core.retention.fair import fair_horizon, fair_survival
from icp_core.retention.survival import hazard, kaplan_meier, of_groups

RNG = np.random.default_rng(3)


def two_groups(hazard_a: float, hazard_b: float, n: int, names=("segment", "rest")):
    leaves = np.concatenate([RNG.exponential(1 / hazard_a, n), RNG.exponential(1 / hazard_b, n)])
    seen = np.minimum(leaves, 40)
    return of_groups(seen, leaves < 40, [names[0]] * n + [names[1]] * n, 36)


def test_a_planted_difference_is_called_clear_and_its_side_named():
    assert words.segment_beside_rest(two_groups(0.01, 0.06, 300)).startswith(
        "The segment clearly stays longer: within 36 months"
    )
    assert words.segment_beside_rest(two_groups(0.06, 0.01, 300)).startswith(
        "The segment clearly stays shorter"
    )


def test_a_difference_that_would_return_in_new_data_is_solid():
    assert words.how_sure(two_groups(0.01, 0.06, 300)) == "Solid"


def test_equal_groups_are_not_called_different():
    said = [words.segment_beside_rest(two_groups(0.03, 0.03, 150)) for _ in range(20)]

    assert sum(text.startswith("No clear difference") for text in said) >= 17


def test_few_customers_say_nothing_however_large_the_difference():
    found = two_groups(0.001, 0.5, 8)

    assert (
        words.segment_beside_rest(found) == "Too few customers to say whether they stay longer (n = 8 and 8)."
    )
    assert words.how_sure(found) == "Too few to say"


def test_groups_of_an_attribute_that_differ_are_named():
    found = two_groups(0.01, 0.08, 200, names=("Yearly", "Monthly"))

    assert "clearly differ" in words.between_groups(found, "Plan")
    assert "“Yearly” stays" in words.between_groups(found, "Plan")


def test_a_planted_risky_month_is_found_and_no_other():
    months = RNG.integers(1, 37, 3000).astype(float)
    left = RNG.random(3000) < 0.02
    months[:250], left[:250] = 13, True

    said = words.risky_months(hazard(months, left))

    assert "Clearly riskier: month 13 (" in said and said.count("month ") == 2


def test_steady_leaving_has_no_risky_month():
    leaves = np.ceil(RNG.exponential(30, 3000))
    found = hazard(np.minimum(leaves, 36), leaves <= 36)

    assert words.risky_months(found[found["month"] <= 36]).endswith("No month stands out clearly.")


def test_months_kept_end_where_ten_customers_are_left():
    facts = made_facts(400)
    found = fair_survival(facts, (facts.frame["industry"] == "Finance").fillna(False).to_numpy(bool))
    horizon = found.months_kept["horizon_months"].iloc[0]

    for _, curve in found.curves.groupby("group"):
        assert curve.loc[curve["month"] <= horizon, "at_risk"].min() >= 10


def test_there_is_no_fair_horizon_for_a_tiny_group():
    curves = kaplan_meier([1, 2, 3] * 20 + [4, 5], [1] * 62, ["large"] * 60 + ["tiny"] * 2)

    assert fair_horizon(curves) is None
    assert fair_horizon(curves[curves["group"] == "large"]) == pytest.approx(3.0)


def test_nobody_left_is_told():
    assert words.risky_months(hazard([5.0] * 30, [0] * 30)) == "Nobody left in the months that can be judged."
    assert isinstance(hazard([], []), pd.DataFrame)
