"""Subscriptions and deals: recurring revenue, growth, ends, wins and losses."""

from datetime import date

import numpy as np
import pytest

from icp_core.facts.calendar import DAYS_PER_MONTH
from icp_core.facts.options import FactOptions


def sub(customer, began, **rest):
    return {"customer_id": customer, "started_on": date.fromisoformat(began), **rest}


def test_recurring_revenue_is_amount_times_quantity_per_month(measure):
    rows = [
        sub("monthly", "2025-01-01", amount=100.0, quantity=3.0, interval="month"),
        sub("yearly", "2025-01-01", amount=1200.0, interval="year"),
        sub("quarterly", "2025-01-01", amount=300.0, interval="Quarterly"),
        sub("two-yearly", "2025-01-01", amount=2400.0, interval="year", interval_count=2.0),
        sub("half-yearly", "2025-01-01", amount=600.0, interval="month", interval_count=6.0),
        sub("weekly", "2025-01-01", amount=7.0, interval="week"),
        sub("given", "2025-01-01", amount=999.0, mrr=50.0),
    ]
    facts, measured = measure(subscriptions=rows)
    assert facts["mrr"].round(2).to_dict() == {
        "monthly": 300.0,
        "yearly": 100.0,
        "quarterly": 100.0,
        "two-yearly": 100.0,
        "half-yearly": 100.0,
        "weekly": round(DAYS_PER_MONTH, 2),
        "given": 50.0,
    }
    assert facts.loc["yearly"].arr == pytest.approx(1200)
    assert measured.counts["subscriptions"] == 7


def test_revenue_accrues_by_the_month_until_the_end_or_the_as_of_date(measure):
    rows = [
        sub("ended", "2025-01-01", amount=100.0, interval="month", ended_on=date(2025, 7, 1)),
        sub("runs", "2025-01-01", amount=100.0, interval="month"),
        sub("ends later", "2025-01-01", amount=100.0, interval="month", ended_on=date(2026, 5, 1)),
    ]
    facts, measured = measure(subscriptions=rows)
    assert facts.loc["ended"].revenue == pytest.approx(100 * 181 / DAYS_PER_MONTH)
    assert facts.loc["runs"].revenue == pytest.approx(100 * 365 / DAYS_PER_MONTH)
    assert facts.loc["ends later"].revenue == facts.loc["runs"].revenue
    assert facts["churned"].to_dict() == {"ended": True, "runs": False, "ends later": False}
    assert facts.loc["ended"].churned_on.date() == date(2025, 7, 1)
    assert facts.loc["ended"].mrr == 0
    assert "what subscriptions accrued" in measured.revenue_definition
    assert measured.churn_definition == "A customer counts as lost when all subscriptions have ended."


def test_growth_is_from_the_first_to_the_present_recurring_revenue(measure):
    rows = [
        sub("grew", "2025-01-01", amount=100.0, ended_on=date(2025, 6, 1)),
        sub("grew", "2025-06-01", amount=160.0),
        sub("shrank", "2025-01-01", amount=100.0, ended_on=date(2025, 6, 1)),
        sub("shrank", "2025-06-01", amount=70.0),
        sub("left", "2025-01-01", amount=100.0, ended_on=date(2025, 6, 1)),
    ]
    facts, _ = measure(subscriptions=rows)
    assert (facts.loc["grew"].expansion_mrr, facts.loc["grew"].contraction_mrr) == (60.0, 0.0)
    assert (facts.loc["shrank"].expansion_mrr, facts.loc["shrank"].contraction_mrr) == (0.0, 30.0)
    assert np.isnan(facts.loc["left"].expansion_mrr)
    assert not facts.loc["grew"].churned and facts.loc["left"].churned


def test_cancelled_for_the_period_end_lives_until_then(measure):
    rows = [
        sub(
            "later",
            "2025-01-01",
            amount=1.0,
            status="active",
            cancel_at_period_end=True,
            period_end_on=date(2026, 2, 1),
        ),
        sub(
            "before",
            "2025-01-01",
            amount=1.0,
            status="active",
            cancel_at_period_end=True,
            period_end_on=date(2025, 9, 1),
        ),
        sub("asked", "2025-01-01", amount=1.0, status="canceled", cancel_requested_on=date(2025, 5, 5)),
    ]
    facts, _ = measure(subscriptions=rows)
    assert facts["churned"].to_dict() == {"later": False, "before": True, "asked": True}
    assert facts.loc["before"].churned_on.date() == date(2025, 9, 1)
    assert facts.loc["asked"].churned_on.date() == date(2025, 5, 5)


def test_a_subscription_that_will_not_renew_ends_with_its_period(measure):
    rows = [
        sub("over", "2024-01-01", amount=10.0, status="non_renewing", period_end_on=date(2025, 6, 1)),
        sub("lives", "2024-01-01", amount=10.0, status="non_renewing", period_end_on=date(2026, 6, 1)),
        sub("renews", "2024-01-01", amount=10.0, status="active", period_end_on=date(2026, 6, 1)),
    ]
    facts, _ = measure(subscriptions=rows)
    assert facts["churned"].to_dict() == {"over": True, "lives": False, "renews": False}
    assert facts.loc["over"].churned_on.date() == date(2025, 6, 1)


def test_a_cancellation_ends_a_subscription_of_which_no_status_is_known(measure):
    rows = [
        sub("left", "2024-01-01", mrr=10.0, cancel_requested_on=date(2025, 6, 1)),
        sub("paid on", "2024-01-01", mrr=10.0, cancel_requested_on=date(2025, 12, 1), period_end_on=date(2026, 3, 1)),
        sub("stays", "2025-12-01", mrr=10.0),
        sub("active", "2024-01-01", mrr=10.0, cancel_requested_on=date(2025, 12, 1), status="active"),
    ]  # fmt: skip
    facts, _ = measure(subscriptions=rows)
    assert facts["churned"].to_dict() == {"left": True, "paid on": False, "stays": False, "active": False}
    assert facts.loc["left"].churned_on.date() == date(2025, 6, 1)


def test_trials_are_not_customers_yet(measure):
    rows = [
        sub("trial", "2025-12-20", amount=1.0, status="trialing", trial_end_on=date(2026, 1, 20)),
        sub("paid", "2025-01-01", amount=1.0, status="active"),
    ]
    facts, _ = measure(subscriptions=rows)
    assert list(facts.index) == ["paid"]


def test_two_missed_bills_end_a_subscription_of_which_nothing_else_is_known(measure):
    rows = [
        sub("silent", "2025-01-01", amount=1.0, interval="month", period_end_on=date(2025, 9, 1)),
        sub("late", "2025-01-01", amount=1.0, interval="month", period_end_on=date(2025, 12, 1)),
    ]
    facts, _ = measure(subscriptions=rows)
    assert facts["churned"].to_dict() == {"silent": True, "late": False}


def test_an_end_before_the_beginning_lasts_no_time(measure):
    facts, _ = measure(subscriptions=[sub("slip", "2025-06-01", amount=1.0, ended_on=date(2025, 1, 1))])
    assert (facts.loc["slip"].tenure_months, facts.loc["slip"].revenue) == (0.0, 0.0)


def deal(customer, number, stage, **rest):
    return {"customer_id": customer, "deal_id": number, "stage": stage, **rest}


def test_open_deals_are_never_lost(measure):
    rows = [
        deal("a", "1", "Closed Won", amount=500.0, created_on=date(2025, 1, 1), closed_on=date(2025, 3, 2)),
        deal("a", "2", "Closed Lost", amount=100.0),
        deal("a", "3", "Negotiation", is_won=False),
        deal("a", "4", "Proposal", is_closed=False, is_won=False, closed_on=date(2025, 2, 1)),
        deal("b", "5", "Negotiation"),
        deal("b", "6", "closedlost"),
    ]
    facts, _ = measure(deals=rows)
    row = facts.loc["a"]
    assert (row.deals, row.deals_won, row.deals_lost, row.deals_open, row.win_rate) == (4, 1, 1, 2, 0.5)
    assert (row.won_amount, row.revenue, row.sales_cycle_days) == (500.0, 500.0, 60)
    assert row.customer_since.date() == date(2025, 3, 2)
    # An account with only lost and open deals is a prospect; win rates still see it.
    assert list(facts.index) == ["a"]


def test_the_status_of_a_deal_tells_before_its_stage(measure):
    rows = [
        deal("a", "1", "Contract signed", status="Lost"),
        deal("a", "2", "Contract signed", status="Open"),
        deal("a", "3", "Contract signed"),
        deal("a", "4", "Demo", status="Won"),
    ]
    row = measure(deals=rows)[0].loc["a"]
    assert (row.deals_won, row.deals_lost, row.deals_open) == (2, 1, 1)


def test_what_stands_beside_a_deal_describes_an_account_that_no_list_describes(measure):
    deals = [
        deal("a", "1", "Closed Won", industry="Retail", employees=40.0, country="Germany"),
        deal("a", "2", "Closed Won", industry="Banking"),
        deal("b", "3", "Closed Won", industry="Retail", employees=7.0),
    ]
    listed = [{"customer_id": "b", "industry": "Construction"}]

    facts, _ = measure(deals=deals, customers=listed)

    a, b = facts.loc["a"], facts.loc["b"]
    assert (a.industry, a.employees, a.employee_band, a.country) == ("Banking", 40.0, "11–50", "Germany")
    assert (b.industry, b.employees, b.employee_band) == ("Construction", 7.0, "1–10")


def test_accounts_that_never_bought_are_kept_for_win_rates(con, measure):
    measure(deals=[deal("a", "1", "won"), deal("b", "2", "lost"), deal("c", "3", "open")])
    everyone = con.execute("SELECT customer_id, is_customer, deals_lost FROM everyone ORDER BY 1").fetchall()
    assert everyone == [("a", True, 0.0), ("b", False, 1.0), ("c", False, 0.0)]


def test_the_same_deal_read_twice_counts_once_as_last_read(measure):
    rows = [deal("a", "1", "Proposal", import_id=1), deal("a", "1", "Closed won", import_id=2, amount=10.0)]
    facts, _ = measure(deals=rows)
    assert (facts.loc["a"].deals, facts.loc["a"].deals_won) == (1, 1)


def test_revenue_is_never_added_up_across_sources(measure):
    orders = [{"customer_id": "a", "order_id": "1", "ordered_on": date(2025, 2, 1), "amount": 100.0}]
    won = [deal("a", "1", "won", amount=70.0, closed_on=date(2025, 2, 1))]
    listed = [{"customer_id": "a", "account_name": "A", "total_revenue": 130.0}]
    facts, measured = measure(orders=orders, deals=won, customers=listed)
    assert facts.loc["a"].revenue == 100.0
    assert measured.revenue_definition == (
        "Revenue is the net value of orders, refunds and cancellations taken off. "
        "Amounts of the totals of the customer table and won deals are not added."
    )


def test_a_monthly_amount_of_the_customer_table_stands_where_no_other_source_is_loaded(measure):
    rows = [
        {"customer_id": "here", "customer_since": date(2025, 1, 1), "mrr": 100.0},
        {"customer_id": "new", "customer_since": date(2025, 12, 25), "mrr": 100.0},
        {"customer_id": "yearly", "customer_since": date(2025, 1, 1), "arr": 600.0},
        {
            "customer_id": "left",
            "customer_since": date(2025, 1, 1),
            "mrr": 80.0,
            "churned_on": date(2025, 7, 1),
        },
        {
            "customer_id": "stopped",
            "customer_since": date(2025, 1, 1),
            "mrr": 0.0,
            "churned_on": date(2025, 7, 1),
        },
        {"customer_id": "free", "customer_since": date(2025, 1, 1), "mrr": 0.0},
        {"customer_id": "undated", "mrr": 70.0},
    ]
    facts, measured = measure(customers=rows)

    assert facts.loc["here"].revenue == pytest.approx(100 * 365 / DAYS_PER_MONTH)
    assert facts.loc["left"].revenue == pytest.approx(80 * 181 / DAYS_PER_MONTH)
    assert facts.loc["new"].revenue == 100  # the month that has begun is paid
    per_month = facts["value_per_month"]
    assert per_month.drop("stopped").round(6).to_dict() == {
        "here": 100.0, "new": 100.0, "yearly": 50.0, "left": 80.0, "free": 0.0, "undated": 70.0,
    }  # fmt: skip
    assert np.isnan(per_month["stopped"]) and np.isnan(facts.loc["undated"].ltv)
    assert "pay a month" in measured.revenue_definition


def test_a_monthly_amount_is_not_added_to_other_sources(measure):
    rows = [
        {"customer_id": "a", "customer_since": date(2025, 1, 1), "mrr": 100.0, "total_revenue": 500.0},
        {"customer_id": "b", "customer_since": date(2025, 1, 1), "mrr": 100.0},
    ]
    facts, measured = measure(customers=rows)

    assert facts.loc["a"].revenue == 500 and np.isnan(facts.loc["b"].revenue)
    assert np.isnan(facts.loc["b"].value_per_month)
    assert measured.revenue_definition.endswith("Amounts of monthly recurring revenue are not added.")


@pytest.mark.parametrize(
    ("source", "revenue"), [("deals", 70.0), ("total_revenue", 130.0), ("orders", 100.0)]
)
def test_the_source_of_revenue_can_be_chosen(measure, source, revenue):
    orders = [{"customer_id": "a", "order_id": "1", "ordered_on": date(2025, 2, 1), "amount": 100.0}]
    won = [deal("a", "1", "won", amount=70.0, closed_on=date(2025, 2, 1))]
    listed = [{"customer_id": "a", "account_name": "A", "total_revenue": 130.0}]
    facts, _ = measure(options=FactOptions(revenue_source=source), orders=orders, deals=won, customers=listed)
    assert facts.loc["a"].revenue == revenue
