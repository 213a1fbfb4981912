"""BG/NBD and Gamma-Gamma against the published numbers of CDNOW, and planted truths."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from icp_core.errors import NotEnoughDataError
from icp_core.value import lifetime, repeat_purchase


# Fader, Hardie & Lee (2005), Marketing Science 24, Table 2; expectations as in their spreadsheet.
def test_cdnow_gives_the_published_parameters(cdnow_summary):
    model = repeat_purchase.fit_bg_nbd(
        cdnow_summary["frequency"], cdnow_summary["recency"], cdnow_summary["T"]
    )
    assert (round(model.r, 6), round(model.alpha, 5)) == (0.242593, 4.41353)
    assert (round(model.a, 6), round(model.b, 6)) == (0.792886, 2.425753)
    assert round(model.log_likelihood, 4) == -9582.4256
    assert not model.is_degenerate
    assert round(float(repeat_purchase.expected_orders(model, [2], [30.43], [38.86], 39)[0]), 5) == 1.22591
    assert round(float(repeat_purchase.probability_alive(model, [2], [30.43], [38.86])[0]), 5) == 0.72661


# The holdout forecast of README: 1,653.41 orders expected of all 2,357 customers in 39 weeks.
def test_cdnow_forecast_of_all_customers(cdnow_summary):
    s = cdnow_summary
    model = repeat_purchase.fit_bg_nbd(s["frequency"], s["recency"], s["T"])
    forecast = repeat_purchase.expected_orders(model, s["frequency"], s["recency"], s["T"], 39)
    assert forecast.sum() == pytest.approx(1653.41, abs=0.05)


# Fader & Hardie (2013), The Gamma-Gamma Model of Monetary Value: 6.25, 3.74, 15.44 on the 946 repeat buyers.
def test_cdnow_gives_the_published_spending(cdnow_orders):
    summary = lifetime.summarised(cdnow_orders[cdnow_orders["ordered_on"] <= "1997-09-30"], date(1997, 9, 30))
    repeaters = summary[summary["repeats"] > 0]
    model = repeat_purchase.fit_gamma_gamma(repeaters["repeats"], repeaters["repeat_value"])
    assert len(summary) == 2357 and len(repeaters) == 946
    assert (round(model.p, 2), round(model.q, 2), round(model.v, 2)) == (6.25, 3.74, 15.44)


def test_summary_of_transactions_agrees_with_the_published_one(cdnow_orders, cdnow_summary):
    summary = lifetime.summarised(cdnow_orders[cdnow_orders["ordered_on"] <= "1997-09-30"], date(1997, 9, 30))
    assert (summary["repeats"].to_numpy() == cdnow_summary["frequency"].to_numpy()).all()
    assert summary["last_days"].to_numpy() / 7 == pytest.approx(
        cdnow_summary["recency"].to_numpy(), abs=0.006
    )
    assert summary["age_days"].to_numpy() / 7 == pytest.approx(cdnow_summary["T"].to_numpy(), abs=0.006)


def simulated(n, seed, r=0.6, alpha=20.0, a=0.9, b=2.5):
    """Customers of a BG/NBD world: repeats, last, age (days)."""
    rng = np.random.default_rng(seed)
    age = rng.integers(100, 400, n).astype(float)
    rate, leave = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    x, last, now, alive = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, bool)
    while alive.any():
        now = np.where(alive, now + rng.exponential(1 / np.maximum(rate, 1e-12)), now)
        alive &= now < age
        x += alive
        last = np.where(alive, now, last)
        alive &= rng.random(n) > leave
    return x, last, age


def test_planted_parameters_are_found_again():
    model = repeat_purchase.fit_bg_nbd(*simulated(40_000, seed=1))
    assert (model.r, model.alpha) == pytest.approx((0.6, 20.0), rel=0.06)
    assert (model.a, model.b) == pytest.approx((0.9, 2.5), rel=0.12)


def test_the_unit_of_time_changes_nothing_but_alpha():
    x, last, age = simulated(3000, seed=2)
    days, weeks = repeat_purchase.fit_bg_nbd(x, last, age), repeat_purchase.fit_bg_nbd(x, last / 7, age / 7)
    assert (weeks.r, weeks.a, weeks.b) == pytest.approx((days.r, days.a, days.b), rel=1e-4)
    assert weeks.alpha == pytest.approx(days.alpha / 7, rel=1e-4)


def test_a_slope_by_hand_agrees_with_the_analytic_one():
    x, last, age = simulated(300, seed=3)
    sample = repeat_purchase._Customers.grouped(x, last / 40, age / 40)
    point = np.array([0.5, 2.0, 0.8, 2.2])
    _, slope = repeat_purchase._log_likelihood(point, sample)
    for i in range(4):
        step = np.zeros(4)
        step[i] = 1e-6
        up, _ = repeat_purchase._log_likelihood(point + step, sample)
        down, _ = repeat_purchase._log_likelihood(point - step, sample)
        assert slope[i] == pytest.approx((up - down) / 2e-6, rel=1e-4)


def test_customers_who_never_leave_make_a_degenerate_fit():
    rng = np.random.default_rng(4)
    age = rng.integers(100, 400, 800).astype(float)
    x = rng.poisson(rng.gamma(2.0, 1 / 30, 800) * age).astype(float)
    last = np.where(x > 0, age * (1 - rng.beta(1, np.maximum(x, 1))), 0.0)
    assert repeat_purchase.fit_bg_nbd(x, last, age).is_degenerate


def test_a_customer_with_one_order_is_never_declared_gone_or_alive(cdnow_orders, facts_of):
    facts = facts_of(
        {"customer_id": sorted(cdnow_orders["customer_id"].unique()), "ltv": 1.0}, date(1998, 6, 30)
    )
    frame = lifetime.by_repeat_purchase(facts, cdnow_orders, 12).frame.set_index("customer_id")
    n = cdnow_orders.groupby("customer_id")["ordered_on"].nunique()
    once = n[n == 1].index
    assert frame.loc[once, "alive"].isna().all()
    # However large the single order: no more than those who came back twice as often bring.
    assert frame.loc[once, "value_ahead"].max() < frame.loc[n[n >= 3].index, "value_ahead"].median()


def test_the_forecast_is_tried_on_the_past(cdnow_orders):
    tried = lifetime.tried_on_the_past(cdnow_orders, date(1998, 6, 30))
    before = cdnow_orders[cdnow_orders["ordered_on"] > "1997-12-31"]
    assert tried.n == 2357
    assert tried.actual == pytest.approx(before["value"].sum(), rel=0.01)
    assert abs(tried.bias) < 0.3
    assert tried.words.startswith("Tested on your last 5.9 months: came out")


def test_a_forecast_that_was_far_off_comes_with_a_warning(monkeypatch, cdnow_orders, facts_of):
    facts = facts_of(
        {"customer_id": sorted(cdnow_orders["customer_id"].unique()), "ltv": 1.0}, date(1998, 6, 30)
    )
    for bias, words in (
        (0.5, "off by more than 30 %"),
        (-0.31, "off by more than 30 %"),
        (np.nan, "could not be tried"),
    ):
        tried = lifetime.Backtest(6.0, 2357, 100.0, 100.0, bias)
        monkeypatch.setattr(lifetime, "tried_on_the_past", lambda *_, result=tried: result)
        assert any(words in w for w in lifetime.by_repeat_purchase(facts, cdnow_orders, 12).warnings)
    assert (
        lifetime.Backtest(6.0, 2357, 83.0, 100.0, -0.17).words
        == "Tested on your last 6 months: came out 17 % low."
    )


def test_forecasts_are_refused_below_200_customers_or_60_repeaters():
    with pytest.raises(NotEnoughDataError, match="needs 200 customers; there are 199"):
        repeat_purchase.enough_or_refuse(199, 150)
    with pytest.raises(NotEnoughDataError, match="needs 60 customers with two orders; there are 59"):
        repeat_purchase.enough_or_refuse(5000, 59)
    repeat_purchase.enough_or_refuse(200, 60)


def test_few_orders_leave_value_so_far_with_the_reason(cdnow_orders, facts_of):
    some = cdnow_orders[cdnow_orders["customer_id"] < "0100"]
    facts = facts_of({"customer_id": sorted(some["customer_id"].unique()), "ltv": 1.0}, date(1998, 6, 30))
    result = lifetime.expected(facts, some)
    assert result.method == "historic" and "needs 200 customers" in result.refused
    assert result.frame["expected_ltv"].isna().all()


def test_a_degenerate_fit_falls_back_to_the_buying_gaps(monkeypatch, cdnow_orders, facts_of):
    monkeypatch.setattr(repeat_purchase.BgNbd, "is_degenerate", property(lambda self: True))
    facts = facts_of(
        {"customer_id": sorted(cdnow_orders["customer_id"].unique()), "ltv": 1.0}, date(1998, 6, 30)
    )
    result = lifetime.by_repeat_purchase(facts, cdnow_orders, 12)
    assert result.method == "buying gaps"
    assert any("nobody ever leaves" in w for w in result.warnings)
    assert result.frame["orders_ahead"].min() == 0


def test_frequent_buyers_who_spend_more_are_warned_about(facts_of):
    rng = np.random.default_rng(5)
    rows = []
    for i in range(300):
        n = 1 + rng.poisson(3)
        for day in sorted(rng.integers(0, 700, n)):
            rows.append((f"c{i}", pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(day)), 20.0 * n))
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_on", "value"])
    facts = facts_of({"customer_id": [f"c{i}" for i in range(300)], "ltv": 1.0})
    result = lifetime.by_repeat_purchase(facts, orders, 12)
    assert any("spend more per order" in w for w in result.warnings)
