"""Curves, months kept and risky months against published numbers, and the promises around them."""

import math
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp_core.facts.catalogue import facts_from_frame
from icp_core.retention import survival

TELCO = (Path(__file__).parents[3] / "../shared/data/telco/Telco-Customer-Churn.csv").resolve()

# Freireich et al. (1963), weeks of remission under 6-MP; survival as printed in Kleinbaum & Klein (2012), ch. 2.
MERCAPTOPURINE = (
    [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
    [1] * 9 + [0] * 12,
)
PLACEBO = ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [1] * 21)


@pytest.fixture(scope="module")
def telco():
    if not TELCO.exists():
        pytest.skip("the shared Telco file is not beside this checkout")
    frame = pd.read_csv(TELCO)
    return frame["tenure"], (frame["Churn"] == "Yes").astype(int), frame["Contract"]


def test_curve_gives_the_textbook_values_of_the_leukaemia_trial():
    curve = survival.kaplan_meier(*MERCAPTOPURINE)
    left = curve[curve["events"] > 0]
    assert left["month"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert left["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    expected = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert left["survival"].tolist() == pytest.approx(expected, abs=5e-5)


# The log-log range of the same trial, as R's survfit(conf.type = "log-log") prints it.
def test_range_is_log_log():
    curve = survival.kaplan_meier(*MERCAPTOPURINE)
    at_six = curve[curve["month"] == 6].iloc[0]
    assert (at_six["low"], at_six["high"]) == pytest.approx((0.620, 0.952), abs=5e-4)
    last = curve[curve["month"] == 23].iloc[0]
    assert (last["low"], last["high"]) == pytest.approx((0.188, 0.680), abs=2e-3)


def test_curve_that_falls_to_nobody_has_a_blank_range_there():
    curve = survival.kaplan_meier(*PLACEBO)
    assert curve["survival"].iloc[-1] == 0
    assert math.isnan(curve["low"].iloc[-1]) and math.isnan(curve["high"].iloc[-1])
    assert curve["low"].iloc[:-1].between(0, 1).all()


def test_telco_curves_match_to_the_printed_digits(telco):
    months, left, contract = telco
    everybody = survival.survival_at(survival.kaplan_meier(months, left))
    assert everybody["survival"].round(6).tolist() == [0.843200, 0.788736, 0.748545, 0.708840]
    by_contract = survival.survival_at(survival.kaplan_meier(months, left, contract))
    found = {name: part["survival"].round(6).tolist() for name, part in by_contract.groupby("group")}
    assert found == {
        "Month-to-month": [0.703097, 0.585915, 0.491104, 0.397264],
        "One year": [0.990808, 0.978272, 0.959307, 0.916547],
        "Two year": [1.0, 1.0, 0.998676, 0.995719],
    }


def test_telco_log_rank_matches_to_the_printed_digits(telco):
    months, left, contract = telco
    result = survival.log_rank(months, left, contract)
    assert round(result.chi2, 4) == 2352.8725 and result.df == 2


def test_months_kept_of_telco_within_five_years(telco):
    months, left, contract = telco
    kept = survival.months_kept(months, left, 60)
    assert round(kept.months, 1) == 46.8
    monthly = contract == "Month-to-month"
    # The error of the estimate (.454), not the spread of the months themselves.
    assert math.sqrt(survival.months_kept(months[monthly], left[monthly], 60).variance) == pytest.approx(
        0.454, abs=5e-4
    )


def test_months_kept_is_the_area_under_the_curve():
    # survival 1 until month 1, 3/4 until 2, 1/2 until 3: 1 + .75 + .5
    kept = survival.months_kept([1, 2, 2, 3], [1, 1, 0, 0], 3)
    assert kept.months == 2.25
    # A = 1.25 and .5; d/(n(n-d)) = 1/12 and 1/6
    assert kept.variance == pytest.approx(1.25**2 / 12 + 0.5**2 / 6)


def test_months_kept_never_reaches_beyond_the_last_customer_seen():
    assert survival.months_kept([1, 2, 2, 3], [1, 1, 0, 0], 60).horizon_months == 3


def test_groups_are_compared_over_a_horizon_all_have_been_seen_for():
    result = survival.of_groups([5, 9, 12, 30], [1, 0, 1, 0], ["new", "new", "old", "old"], 60)
    assert result.months_kept["horizon_months"].tolist() == [9, 9]


def test_thin_tails_are_marked_below_ten_at_risk():
    curve = survival.kaplan_meier(range(1, 21), [1] * 20)
    assert curve[~curve["thin"]]["at_risk"].min() == 10
    assert curve[curve["thin"]]["at_risk"].max() == 9


def test_months_after_the_last_customer_are_blank():
    at = survival.survival_at(survival.kaplan_meier([6, 7, 8], [1, 0, 0]), [6, 8, 12])
    assert at["survival"].tolist()[:2] == pytest.approx([2 / 3, 2 / 3])
    assert math.isnan(at["survival"].iloc[2])


def test_blank_and_negative_durations_are_left_out():
    curve = survival.kaplan_meier([1, 2, np.nan, -3, 2], [1, 0, 1, 1, np.nan])
    assert curve["at_risk"].iloc[0] == 2


def test_nobody_gives_an_empty_curve():
    assert survival.kaplan_meier([], []).empty
    assert survival.hazard([], []).empty
    assert survival.months_kept([], [], 12).n == 0


def test_fractions_of_months_are_counted_to_the_day():
    whole = survival.kaplan_meier([1, 2, 2, 3], [1, 1, 0, 0])
    part = survival.kaplan_meier([1, 2, 2, 3.5], [1, 1, 0, 0])
    assert part["survival"].tolist() == whole["survival"].tolist()
    assert part["month"].tolist()[1:] == pytest.approx([1, 2, 3.5], abs=0.02)


def test_hazard_finds_the_risky_month():
    # Of 100 customers 30 leave in month 3, 2 in month 1 and one after it in month 7.
    months = [1] * 2 + [2.4] * 30 + [7] + [12] * 67
    risk = survival.hazard(months, [1] * 33 + [0] * 67)
    assert risk.loc[risk["rate"].idxmax(), "month"] == 3
    third = risk[risk["month"] == 3].iloc[0]
    assert (third["at_risk"], third["events"], third["rate"]) == (98, 30, pytest.approx(30 / 98))
    assert risk["events"].sum() == 33


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=80), st.randoms())
def test_curve_agrees_with_counting_by_hand_and_ignores_row_order(customers, random):
    shuffled = list(customers)
    random.shuffle(shuffled)
    curve = survival.kaplan_meier([t for t, _ in shuffled], [e for _, e in shuffled])
    by_hand = 1.0
    for time in sorted({t for t, e in customers if e}):
        at_risk = sum(t >= time for t, _ in customers)
        gone = sum(t == time and e for t, e in customers)
        by_hand *= 1 - gone / at_risk
        row = curve[(curve["month"] == time) & (curve["events"] > 0)].iloc[0]
        assert (row["at_risk"], row["events"]) == (at_risk, gone)
        assert row["survival"] == pytest.approx(by_hand, abs=1e-12)


def test_segment_stands_beside_the_rest():
    frame = pd.DataFrame(
        {
            "tenure_months": [3.0, 20, 24, 30, 2, 4, 5, 30, np.nan],
            "churned": [False, False, False, True, True, True, True, False, True],
        }
    )
    facts = facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["tenure_months", "churned"])
    result = survival.survival_of(facts, np.array([True] * 4 + [False] * 5), horizon_months=24)
    kept = result.months_kept.set_index("group")["months"]
    assert list(kept.index) == ["segment", "rest"]
    assert kept["segment"] > 2 * kept["rest"]
    assert result.at_months.set_index(["group", "month"]).loc[("segment", 12), "at_risk"] == 3
