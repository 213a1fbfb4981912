"""Churn: the chain of definitions, the sentence in force, contradictions, and the buying rhythm."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from icp_core.facts import churn
from icp_core.facts.options import FactOptions


def customer(customer_id, **rest):
    return {"customer_id": customer_id, "account_name": customer_id.upper(), **rest}


def test_the_flag_comes_first_and_the_date_fills_its_blanks(measure):
    rows = [
        customer("a", churned=True, churned_on=date(2025, 6, 1), customer_since=date(2024, 6, 1)),
        customer("b", churned=False, customer_since=date(2025, 1, 1)),
        customer("c", churned_on=date(2025, 8, 1)),
        customer("d"),
    ]
    facts, measured = measure(customers=rows)
    assert facts["churned"].tolist()[:3] == [True, False, True]
    assert pd.isna(facts["churned"]["d"])
    assert facts.loc["a"].churned_on.date() == date(2025, 6, 1)
    assert facts.loc["a"].tenure_months == pytest.approx(12, abs=0.01)
    assert measured.churn_definition == "A customer counts as lost when the churn column says so."


def test_a_churn_date_says_of_everybody_else_that_they_are_here(measure):
    rows = [
        customer("a", churned_on=date(2025, 6, 1)),
        customer("b"),
        customer("c", churned_on=date(2026, 6, 1)),
    ]
    facts, measured = measure(customers=rows)
    assert facts["churned"].tolist() == [True, False, False]
    assert measured.options.churn_rule == "date"


def test_status_words_are_read(measure):
    rows = [
        customer("a", status="Active"),
        customer("b", status="Inactive"),
        customer("c", status="Gekündigt"),
        customer("d", status="???"),
    ]
    facts, measured = measure(customers=rows)
    assert facts["churned"].tolist()[:3] == [False, True, True] and pd.isna(facts["churned"]["d"])
    assert measured.options.churn_rule == "status"


def test_tenure_as_given_stands_where_there_are_no_dates(measure):
    rows = [
        customer("a", tenure_months=34.0, churned=False, total_revenue=1889.5, mrr=56.95),
        customer("b", tenure_months=2.0, churned=True, total_revenue=108.15, mrr=53.85),
    ]
    facts, _ = measure(customers=rows)
    assert facts["tenure_months"].to_dict() == {"a": 34.0, "b": 2.0}
    assert facts.loc["b"].value_per_month == pytest.approx(108.15 / 2)
    assert facts.loc["a"].revenue == 1889.5


def test_leaving_on_an_unknown_day_leaves_the_length_of_stay_blank(measure):
    rows = [customer("a", churned=True, customer_since=date(2024, 1, 1)), customer("b", churned=False)]
    facts, _ = measure(customers=rows)
    assert np.isnan(facts.loc["a"].tenure_months)


def weekly_orders(customer_id, first, n, gap=7):
    return [
        {
            "customer_id": customer_id,
            "order_id": f"{customer_id}{i}",
            "ordered_on": date.fromordinal(date.fromisoformat(first).toordinal() + gap * i),
            "amount": 10.0,
        }
        for i in range(n)
    ]


def test_silence_longer_than_the_rhythm_counts_as_leaving(measure):
    rows = weekly_orders("steady", "2025-01-06", 51) + weekly_orders("gone", "2025-01-06", 20)
    facts, measured = measure(as_of=date(2025, 12, 25), orders=rows)
    assert measured.options.inactivity_days == 7
    assert facts["churned"].to_dict() == {"steady": False, "gone": True}
    assert facts.loc["gone"].churned_on.date() == date(2025, 5, 26)
    assert measured.churn_definition.startswith("A customer counts as lost after 7 days without an order")


def test_the_threshold_of_silence_can_be_moved(measure):
    rows = weekly_orders("steady", "2025-01-06", 51) + weekly_orders("gone", "2025-01-06", 20)
    facts, measured = measure(options=FactOptions(inactivity_days=60), orders=rows)
    assert facts["churned"].to_dict() == {"steady": False, "gone": True}
    assert "60 days" in measured.churn_definition


def test_silence_says_nothing_about_customers_under_contract(measure):
    subs = [{"customer_id": "gone", "started_on": date(2025, 1, 1), "amount": 5.0, "status": "active"}]
    facts, measured = measure(orders=weekly_orders("gone", "2025-01-06", 30), subscriptions=subs)
    assert measured.options.churn_rule == "subscription"
    assert not facts.loc["gone"].churned


def test_the_rule_can_be_chosen(measure):
    rows = [customer("a", churned=False, status="Former customer")]
    facts, measured = measure(options=FactOptions(churn_rule="status"), customers=rows)
    assert facts.loc["a"].churned
    assert measured.churn_definition == "A customer counts as lost when the status says so."


def test_contradictions_between_sources_are_counted_and_named():
    says = pd.DataFrame(
        {
            "customer_id": list("abcd"),
            "flag": pd.array([True, False, False, None], dtype="boolean"),
            "subscription": pd.array([True, True, False, True], dtype="boolean"),
            "date": pd.array([False] * 4, dtype="boolean"),
        }
    )
    found = churn.conflicts(says)
    assert found[["first", "second", "n_both", "n_conflicts"]].values.tolist() == [
        ["flag", "subscription", 3, 1]
    ]
    assert found["customers"].iloc[0] == ["b"]
    assert found["words"].iloc[0] == (
        "1 of 3 customers: 1 left by the end of all subscriptions but not by the churn column."
    )


def test_rhythm_is_the_95th_percentile_of_the_gaps_with_its_honesty_line():
    gaps = [10] * 90 + [40] * 6 + [100] * 4
    found = churn.rhythm(gaps, [5, 20, 90, 200])
    assert (found.threshold_days, found.n_gaps) == (40, 100)
    # Longer pauses: four ended with an order, two still last.
    assert found.return_rate == pytest.approx(4 / 6)
    assert found.sentence.endswith("66.7 % of longer pauses ended with a new order.")


def test_too_few_gaps_make_no_rhythm():
    assert churn.rhythm([10] * 19, [5]).threshold_days is None


def test_a_month_of_orders_is_too_short_to_call_anybody_lost(measure):
    rows = []
    for i in range(25):
        rows += weekly_orders(f"c{i}", "2025-12-01", 3)
    facts, measured = measure(as_of=date(2025, 12, 12), orders=rows)
    assert measured.options.churn_rule == "none" and facts["churned"].isna().all()
    assert measured.notes["rhythm"] == ("The orders span 11 days, too short to tell a pause from leaving.")
    facts, measured = measure(as_of=date(2026, 3, 1), orders=rows)
    assert measured.options.inactivity_days == 7


def test_contradictions_are_warned_about_with_their_customers(measure):
    rows = [customer("a", churned=False), customer("b", churned=True), customer("c", churned=False)]
    subs = [
        {"customer_id": "a", "started_on": date(2025, 1, 1), "ended_on": date(2025, 6, 1), "amount": 5.0},
        {"customer_id": "b", "started_on": date(2025, 1, 1), "ended_on": date(2025, 6, 1), "amount": 5.0},
    ]
    facts, measured = measure(customers=rows, subscriptions=subs)
    assert measured.conflicts[["first", "second", "n_both", "n_conflicts"]].values.tolist() == [
        ["flag", "subscription", 2, 1]
    ]
    assert measured.conflicts["customers"].iloc[0] == ["a"]
    assert measured.warnings == (
        "Sources disagree about who has left. 1 of 2 customers: "
        "1 left by the end of all subscriptions but not by the churn column.",
    )
    # The churn column is in force until somebody chooses otherwise.
    assert not facts.loc["a"].churned


def test_the_stage_customer_says_nothing_where_nobody_is_named_as_gone(measure):
    subs = [{"customer_id": "a", "started_on": date(2025, 1, 1), "ended_on": date(2025, 6, 1), "amount": 5.0}]
    _, measured = measure(customers=[customer("a", lifecycle="customer")], subscriptions=subs)
    assert measured.conflicts.empty and measured.warnings == ()


def test_stages_tell_who_left_where_some_are_named_as_gone(measure):
    rows = [customer("a", lifecycle="Customer"), customer("b", lifecycle="Former customer"), customer("c")]
    facts, measured = measure(customers=rows)
    assert measured.options.churn_rule == "status"
    assert facts["churned"].tolist()[:2] == [False, True] and pd.isna(facts["churned"]["c"])


def test_the_last_order_stands_for_an_unknown_day_of_leaving(measure):
    rows = [
        customer("a", churned=True, customer_since=date(2025, 1, 1)),
        customer("b", churned=False, customer_since=date(2025, 1, 1)),
    ]
    orders = [
        {"customer_id": "a", "order_id": "1", "ordered_on": date(2025, 7, 1), "amount": 10.0},
        {"customer_id": "b", "order_id": "2", "ordered_on": date(2025, 7, 1), "amount": 10.0},
    ]
    facts, measured = measure(customers=rows, orders=orders)
    assert facts["tenure_months"].round(1).to_dict() == {"a": 5.9, "b": 12.0}
    assert measured.warnings == (
        "1 of the 1 customers who left have no date of leaving: their last order or activity stands for it.",
    )


def test_a_curve_of_only_those_who_stayed_is_not_told(measure):
    rows = [customer(f"gone {i}", churned=True, customer_since=date(2025, 1, 1)) for i in range(4)]
    rows += [customer(f"here {i}", churned=False, customer_since=date(2025, 1, 1)) for i in range(6)]
    facts, measured = measure(customers=rows)
    assert facts["churned"].sum() == 4
    assert facts["tenure_months"].isna().all()
    assert facts["active_months"].notna().sum() == 6
    assert "how long customers stay cannot be told" in measured.warnings[0]
