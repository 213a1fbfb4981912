"""Value under contract: survival × margin, discounted, capped, and never infinite."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from icp_core.errors import NotEnoughDataError
from icp_core.value import contract, lifetime

TELCO = (Path(__file__).parents[3] / "../shared/data/telco/Telco-Customer-Churn.csv").resolve()


@pytest.fixture(scope="module")
def telco():
    if not TELCO.exists():
        pytest.skip("the shared Telco file is not beside this checkout")
    frame = pd.read_csv(TELCO)
    return (
        frame["tenure"].to_numpy(float),
        (frame["Churn"] == "Yes").to_numpy(float),
        frame["Contract"].to_numpy(),
    )


def test_five_years_are_foreseen_from_two_on_real_subscribers(telco):
    months, left, _ = telco
    seen_for = np.minimum(months, 24)
    left_by_then = np.where(months <= 24, left, 0)
    forecast = contract.extended_curve(seen_for, left_by_then, 60).survival[:60].sum()
    truth = contract.extended_curve(months, left, 60).survival[:60].sum()
    assert (round(forecast, 1), round(truth, 1)) == (46.3, 46.8)


def test_value_is_capped_where_next_to_nobody_leaves(telco):
    months, left, kind = telco
    own = kind == "Two year"
    curve = contract.extended_curve(months[own], left[own], 60)
    # Revenue ÷ churn says infinity here; sixty months cannot be worth more than sixty.
    assert 59 < contract.value_of_new(curve, 1.0, 60, 0.0) < 60


def test_value_by_hand():
    # Of 40 customers 20 leave at month 1; nobody later until month 4.
    curve = contract.extended_curve([1.0] * 20 + [4.0] * 20, [1] * 20 + [0] * 20, 6)
    assert curve.observed_months == 4
    assert curve.survival[:5].tolist() == [1, 0.5, 0.5, 0.5, 0.5]
    # Nobody left in months 2 to 4 of 20 customers: 3 / 40 customer-months is the highest likely risk.
    assert curve.tail_risk == pytest.approx(3 / 40)
    assert curve.survival[5] == pytest.approx(0.5 * (1 - 3 / 40))
    assert contract.value_of_new(curve, 10.0, 3, 0.0) == pytest.approx(10 * (1 + 0.5 + 0.5))
    assert contract.value_of_new(curve, 10.0, 3, 0.1) == pytest.approx(
        10 * (1 + 0.5 / 1.1 ** (1 / 12) + 0.5 / 1.1 ** (1 / 6))
    )


def test_without_any_departure_the_rule_of_three_speaks():
    curve = contract.extended_curve([10.0] * 30, [0] * 30, 36)
    assert curve.tail_risk == pytest.approx(3 / (30 * 5))
    assert "Nobody left" in curve.note
    assert curve.survival[36] < 1


def test_those_who_stayed_long_are_expected_to_stay_on():
    rng = np.random.default_rng(0)
    # A third leave early, the others hardly ever: having survived the early months is good news.
    short = rng.random(3000) < 0.33
    stay = np.where(short, rng.exponential(3, 3000), rng.exponential(200, 3000))
    seen = rng.uniform(1, 48, 3000)
    curve = contract.extended_curve(np.minimum(stay, seen), stay <= seen, 36)
    new, old = contract.months_ahead(curve, [0, 24], 36, 0.0)
    assert new < 0.8 * old <= 36


def test_nobody_known_is_refused():
    with pytest.raises(NotEnoughDataError):
        contract.extended_curve([np.nan], [1], 36)


def test_customers_who_left_bring_nothing_more(facts_of):
    rng = np.random.default_rng(1)
    left = rng.random(300) < 0.4
    facts = facts_of(
        {
            "customer_id": [f"c{i}" for i in range(300)],
            "mrr": 100.0,
            "churned": left,
            "tenure_months": rng.integers(1, 40, 300).astype(float),
            "ltv": 1000.0,
            "revenue": 1000.0,
            "margin": 600.0,
        }
    )
    result = lifetime.expected(facts)
    assert result.method == "contract" and result.horizon_months == 36
    assert (result.frame.loc[left, "value_ahead"] == 0).all()
    ahead = result.frame.loc[~left, "value_ahead"]
    # Margin, not revenue: at most 60 a month for 36 months.
    assert 0 < ahead.min() and ahead.max() < 60 * 36
    kept = lifetime.with_expected(facts, result)
    assert kept.frame["expected_ltv"].tolist() == (1000 + result.frame["value_ahead"]).tolist()
    assert "discounted by 10 % a year" in kept.notes["expected_ltv"]
