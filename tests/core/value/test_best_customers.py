"""Best customers: what ranks them, what the hand corrects, and what they share."""

import numpy as np
import pytest

from icp_core.value.best_customers import (
    DEFAULT_WEIGHTS,
    SIGNALS,
    best_customers,
    rfm,
    signals,
    what_they_share,
)


@pytest.fixture
def facts(facts_of):
    n = 60
    rng = np.random.default_rng(0)
    months = rng.integers(6, 40, n).astype(float)
    return facts_of(
        {
            "customer_id": [f"c{i:02d}" for i in range(n)],
            "customer_name": [f"Company {i}" for i in range(n)],
            "ltv": np.r_[np.arange(1, n) * 100.0, 10.0],
            "active_months": np.full(n, 20.0),
            "tenure_months": months,
            "churned": [i == 58 for i in range(n)],
            "nps": np.where(np.arange(n) % 3 == 0, 9.0, np.nan),
            "referrals": np.where(np.arange(n) == 57, 4.0, 0.0),
            "industry": ["SaaS" if i >= 50 else "Retail" for i in range(n)],
        }
    )


def test_ten_are_named_and_whoever_left_is_not_among_them(facts):
    table = best_customers(facts)
    assert table["is_best"].sum() == 10
    assert "c58" not in set(table.loc[table["is_best"], "customer_id"])
    assert table["score"].is_monotonic_decreasing
    assert table["position"].tolist() == list(range(1, 61))


def test_pinned_are_in_unpinned_are_out_and_the_number_stays(facts):
    plain = set(best_customers(facts).query("is_best")["customer_id"])
    first = best_customers(facts)["customer_id"].iloc[0]
    table = best_customers(facts, pinned=["c59"], unpinned=[first])
    chosen = set(table.query("is_best")["customer_id"])
    assert "c59" in chosen and first not in chosen and len(chosen) == 10
    assert len(chosen & plain) >= 8
    assert table.set_index("customer_id").loc["c59", "why"] == "pinned by hand"


def test_a_slider_moves_the_list(facts):
    only_referrals = best_customers(facts, weights={"referrals": 1.0}, n=1)
    assert only_referrals.query("is_best")["customer_id"].tolist() == ["c57"]
    only_value = best_customers(facts, weights={"value": 1.0}, n=2).query("is_best")["customer_id"].tolist()
    assert only_value == ["c57", "c56"]
    assert set(DEFAULT_WEIGHTS) == set(SIGNALS)


def test_weights_of_nothing_leave_everybody_equal(facts):
    assert (best_customers(facts, weights={})["score"] == 50).all()


def test_each_one_says_why(facts):
    why = best_customers(facts, n=3).query("is_best").set_index("customer_id")["why"]
    assert "a month" in why["c57"] and "4 referrals" in why["c57"]


def test_what_is_not_known_neither_helps_nor_harms(facts_of):
    facts = facts_of({"ltv": [100.0, 100, 100], "nps": [10.0, np.nan, 0]})
    order = best_customers(facts)["customer_id"].tolist()
    assert order == ["c0", "c1", "c2"]


def test_champions_are_marked_but_not_scored(facts):
    plain = best_customers(facts).set_index("customer_id")["score"]
    table = best_customers(facts, champions=["c57"]).set_index("customer_id")
    assert table.loc["c57", "champion"] and "named a champion" in table.loc["c57", "why"]
    assert (table["score"] == plain.loc[table.index]).all()


def test_a_single_large_order_is_not_read_as_a_monthly_habit(facts_of):
    facts = facts_of(
        {
            "customer_id": ["once", "monthly"],
            "ltv": [900.0, 1200.0],
            "orders": [1.0, 24.0],
            "active_months": [0.1, 12.0],
        }
    )
    value = signals(facts)["value"]
    assert value[1] > value[0]


def test_equal_customers_have_equal_ranks_whatever_their_row(facts_of):
    facts = facts_of({"ltv": [5.0, 5.0, 5.0, 1.0], "active_months": [12.0] * 4})
    table = best_customers(facts).set_index("customer_id")
    assert table.loc[["c0", "c1", "c2"], "value"].nunique() == 1


def test_a_short_history_is_told_by_what_it_brought_not_by_a_month_nobody_knows(facts_of):
    facts = facts_of(
        {
            "ltv": [13_000.0, 24_000.0, 100.0, 50.0, 10.0, 5.0],
            "active_months": [0.7, 24.0, 24.0, 24.0, 24.0, 24.0],
            "tenure_months": [0.7, 24.0, 24.0, 24.0, 24.0, 24.0],
            "value_per_month": [13_000.0, 1_000.0, 4.2, 2.1, 0.4, 0.2],
        }
    )
    why = best_customers(facts).set_index("customer_id")["why"]
    assert "13,000 so far" in why["c0"] and "a month" not in why["c0"]
    assert "0.7" not in why["c0"], "days are no reason to be best"
    assert "1,000 a month" in why["c1"]


def test_what_the_best_share_comes_with_its_evidence(facts):
    best = np.arange(60) >= 50
    shared = what_they_share(facts, best)
    first = shared.iloc[0]
    assert (first["attribute"], first["level"]) == ("industry", "SaaS")
    assert (first["share_best"], first["share_rest"]) == (1.0, 0.0)
    assert first["low"] > 0.5 and first["p_adjusted"] < 0.001
    assert first["words"] == "Industry SaaS: 10 of 10 best customers (100 %), 0 % of the others"


def test_luck_is_not_called_a_shared_trait(facts_of):
    rng = np.random.default_rng(3)
    n = 400
    columns = {f"trait_{j}": rng.choice(["a", "b", "c"], n) for j in range(15)}
    facts = facts_of({"ltv": rng.lognormal(5, 1, n)} | columns)
    shared = what_they_share(facts, rng.permutation(n) < 20)
    assert set(shared["verdict"]) == {"Hint"}


def test_rfm_keeps_equal_customers_together(facts_of):
    facts = facts_of(
        {
            "recency_days": [10.0, 30, 31, 400, np.nan],
            "orders": [1.0, 1, 10, 3, np.nan],
            "revenue": [50.0, 50, 900, 20, np.nan],
        }
    )
    groups = rfm(facts)
    assert groups["recency"].tolist()[:4] == [5, 5, 4, 1]
    assert groups["frequency"].tolist()[:4] == [1, 1, 5, 3]
    assert groups["money"][0] == groups["money"][1]
    assert groups["group"].tolist() == ["New", "New", "Loyal", "Lost regulars", "not known"]
