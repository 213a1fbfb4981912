"""Likely ranges against published numbers, and the promises around them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp_core.stats import intervals


# Newcombe (1998), Statistics in Medicine 17, 857-872, Table I, method 3 (score).
@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_numbers_of_newcombe_1998(k, n, low, high):
    assert intervals.wilson(k, n) == pytest.approx((low, high), abs=5e-5)


# Newcombe (1998), Statistics in Medicine 17, 873-890, Table II, method 10.
@pytest.mark.parametrize(
    ("k1", "n1", "k2", "n2", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_share_difference_gives_the_numbers_of_newcombe_1998(k1, n1, k2, n2, low, high):
    assert intervals.share_difference(k1, n1, k2, n2) == pytest.approx((low, high), abs=6e-5)


def test_wilson_takes_arrays_and_leaves_empty_groups_blank():
    low, high = intervals.wilson(np.array([0, 1, 0]), np.array([20, 29, 0]))
    assert low[:2] == pytest.approx([0.0, 0.0061], abs=5e-5)
    assert high[:2] == pytest.approx([0.1611, 0.1718], abs=5e-5)
    assert np.isnan(low[2]) and np.isnan(high[2])


@given(n=st.integers(1, 5000), share=st.floats(0, 1))
def test_wilson_holds_the_share_and_stays_between_0_and_1(n, share):
    k = round(n * share)
    low, high = intervals.wilson(k, n)
    assert 0 <= low <= k / n + 1e-12 and k / n - 1e-12 <= high <= 1


def test_nps_interval_adds_three_answers_from_ten_on():
    # n' = 35: p = 20.75/35, q = 4.75/35; half = 1.96 sqrt((p + q - (p - q)^2) / 35)
    p, q = 20.75 / 35, 4.75 / 35
    half = 1.959964 * np.sqrt((p + q - (p - q) ** 2) / 35)
    result = intervals.nps_interval(20, 8, 4)
    assert (result.score, result.n) == (50.0, 32)
    assert (result.low, result.high) == pytest.approx((100 * (p - q - half), 100 * (p - q + half)), abs=1e-4)


def test_nps_interval_adds_two_answers_below_ten():
    p, q = 4.5 / 8, 1.5 / 8
    half = 1.959964 * np.sqrt((p + q - (p - q) ** 2) / 8)
    result = intervals.nps_interval(4, 1, 1)
    assert result.low == pytest.approx(100 * (p - q - half), abs=1e-3)


def test_nps_range_narrows_as_answers_cover_the_customers():
    everyone = intervals.nps_interval(20, 8, 4, population=32)
    many = intervals.nps_interval(20, 8, 4, population=40)
    few = intervals.nps_interval(20, 8, 4, population=100_000)
    assert everyone.low == everyone.high == 50.0
    assert many.high - many.low < 0.5 * (few.high - few.low)
    assert many.low <= many.score <= many.high


@pytest.mark.parametrize(("n", "nps", "floor"), [(10, 30, 0.93), (50, 30, 0.94), (20, 0, 0.93)])
def test_nps_range_holds_the_truth_about_95_times_in_100(n, nps, floor):
    rng = np.random.default_rng(5)
    detract = (0.8 - nps / 100) / 2
    draws = rng.multinomial(n, [0.8 - detract, 0.2, detract], size=3000)
    ranges = [intervals.nps_interval(*map(int, draw)) for draw in draws]
    held = np.mean([r.low <= nps <= r.high for r in ranges])
    assert held >= floor


# Ranks of the distribution-free interval: Conover (1999), Practical Nonparametric Statistics, Table A3.
@pytest.mark.parametrize(
    ("n", "low", "high"), [(6, 1, 6), (10, 2, 9), (20, 6, 15), (50, 18, 33), (100, 40, 61)]
)
def test_median_interval_takes_the_tabulated_ranks(n, low, high):
    assert intervals.median_interval(np.arange(1, n + 1)[::-1]) == (low, high)


def test_median_interval_is_blank_below_six_customers():
    assert all(np.isnan(intervals.median_interval([1, 2, 3, 4, 5])))


def test_median_interval_of_skewed_money_holds_the_truth():
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(600):
        low, high = intervals.median_interval(rng.lognormal(6, 1.5, size=50))
        held += low <= np.exp(6) <= high
    assert held / 600 >= 0.94


def test_mean_interval_leans_towards_the_long_tail():
    values = np.random.default_rng(3).lognormal(6, 1, size=200)
    low, high = intervals.mean_interval_bootstrap_t(values, seed=1)
    mean = values.mean()
    assert low < mean < high
    assert high - mean > 1.1 * (mean - low)


def test_mean_interval_beats_the_plain_one_on_skewed_money():
    rng = np.random.default_rng(4)
    truth = np.exp(1.2**2 / 2)
    held = plain = 0
    for i in range(150):
        values = rng.lognormal(0, 1.2, size=50)
        if intervals.is_whale_ridden(values):
            continue
        low, high = intervals.mean_interval_bootstrap_t(values, seed=i, resamples=400)
        held += low <= truth <= high
        half = 2.01 * values.std(ddof=1) / np.sqrt(50)
        plain += abs(values.mean() - truth) <= half
    assert held > plain


def test_mean_interval_is_hidden_when_one_customer_rules():
    values = np.r_[np.ones(50), 100.0]
    assert intervals.largest_share(values) == pytest.approx(100 / 150)
    assert all(np.isnan(intervals.mean_interval_bootstrap_t(values)))


def test_mean_interval_of_many_customers_agrees_with_resampling(monkeypatch):
    values = np.random.default_rng(8).lognormal(5, 1, size=25_000)
    quick = intervals.mean_interval_bootstrap_t(values)
    monkeypatch.setattr(intervals, "_MAX_RESAMPLED", 100_000)
    slow = intervals.mean_interval_bootstrap_t(values, seed=1, resamples=400)
    width = slow.high - slow.low
    assert quick.low == pytest.approx(slow.low, abs=0.08 * width)
    assert quick.high == pytest.approx(slow.high, abs=0.08 * width)


def test_mean_interval_is_the_same_for_the_same_seed():
    values = np.random.default_rng(3).lognormal(6, 1, size=80)
    assert intervals.mean_interval_bootstrap_t(values, 7) == intervals.mean_interval_bootstrap_t(values, 7)


def test_ratio_uses_means_only_with_a_hundred_customers_and_no_whale():
    rng = np.random.default_rng(0)
    first, second = rng.lognormal(1, 0.5, 300), rng.lognormal(0, 0.5, 300)
    assert intervals.ratio_of_means(first, second).method == "means"
    assert intervals.ratio_of_means(first[:99], second).method == "medians"
    assert intervals.ratio_of_means(np.r_[first, 2000.0], second).method == "medians"


@settings(max_examples=40, deadline=None)
@given(st.floats(0.001, 1000), st.integers(0, 50))
def test_ratio_does_not_depend_on_the_currency(factor, seed):
    rng = np.random.default_rng(seed)
    first, second = rng.lognormal(1, 0.6, 120), rng.lognormal(0, 0.6, 150)
    plain = intervals.ratio_of_means(first, second)
    scaled = intervals.ratio_of_means(first * factor, second * factor)
    assert scaled[:3] == pytest.approx(plain[:3], rel=1e-9)
    assert plain.low < plain.ratio < plain.high


def test_ratio_of_sums_is_blank_below_a_hundred_customers():
    revenue, orders = np.full(99, 30.0), np.full(99, 3.0)
    result = intervals.ratio_of_sums(revenue, orders)
    assert result.ratio == 10.0 and np.isnan(result.low)
    assert intervals.ratio_of_sums([], []).method == "none"


def test_blanks_never_count_as_values():
    assert intervals.median_interval([np.nan, 1, 2, 3, 4, 5, 6, np.nan]) == (1, 6)
