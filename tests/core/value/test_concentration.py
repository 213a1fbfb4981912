"""Concentration: who holds how much, and what is typical beside the average."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_core.value.concentration import concentration, pareto_curve, typical, whales


def test_shares_count_the_next_whole_customer():
    held = concentration([40.0, 30, 20] + [1] * 10)
    # Of 13 customers: the top 1 % and 5 % are one, the top 10 % two, the top 20 % three.
    assert held[:4] == (0.4, 0.4, 0.7, 0.9)
    assert (held.largest, held.n, held.total) == (0.4, 13, 100)


def test_returns_count_in_the_total():
    assert concentration([60.0, 60, -20]).largest == 0.6


def test_nothing_sold_has_no_shares():
    assert math.isnan(concentration([]).top1) and math.isnan(concentration([-5, 0]).top20)
    assert concentration([]).words == "Nothing is known of what customers paid."
    assert pareto_curve([]).empty


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=300), st.floats(0.01, 100))
def test_shares_grow_with_the_group_and_ignore_the_currency(values, rate):
    held, converted = concentration(values), concentration([v * rate for v in values])
    assert held.largest <= held.top1 + 1e-12
    assert held.top1 <= held.top5 <= held.top10 <= held.top20 <= 1 + 1e-12
    assert converted[:5] == pytest.approx(held[:5], rel=1e-9)


def test_curve_runs_from_nobody_to_everybody_and_agrees_with_the_shares():
    values = np.random.default_rng(0).lognormal(5, 1.5, 1000)
    curve = pareto_curve(values)
    assert curve.iloc[0].tolist() == [0, 0] and curve.iloc[-1].tolist() == pytest.approx([1, 1])
    assert len(curve) <= 200
    at_20 = np.interp(0.2, curve["share_customers"], curve["share_value"])
    assert at_20 == pytest.approx(concentration(values).top20, abs=0.002)


def test_whales_are_named(facts_of):
    facts = facts_of(
        {"customer_name": ["Moby", *[f"Small {i}" for i in range(30)]], "revenue": [60.0] + [2.0] * 30}
    )
    named = whales(facts)
    assert named["customer_name"].tolist() == ["Moby"]
    assert named["words"].iloc[0] == "Moby holds 50 % (€60)"


def test_the_average_of_a_group_ruled_by_one_has_no_range():
    group = typical([10.0] * 30 + [1000.0])
    assert group.median == 10 and math.isnan(group.mean_low)
    assert group.median_low == group.median_high == 10


def test_typical_and_average_come_with_their_ranges():
    values = np.random.default_rng(1).lognormal(6, 0.8, 150)
    group = typical(values)
    assert group.median_low < group.median < group.median_high
    assert group.mean_low < group.mean < group.mean_high
    assert group.median < group.mean and group.n == 150
