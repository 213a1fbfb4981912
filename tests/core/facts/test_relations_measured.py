"""Customers, answers, usage, tickets and costs: who counts as one, and what is said of each."""

from datetime import date

import ibis
import numpy as np
import pytest

from icp_core.facts import engine
from icp_core.facts.as_of import latest_date
from icp_core.facts.build import MEASURE_COLUMNS, build
from icp_core.facts.measures import MEASURES
from icp_core.facts.options import FactOptions
from icp_core.facts.tables import KINDS_READ, columns_of
from tests.core.facts.conftest import put


def customer(customer_id, **rest):
    return {"customer_id": customer_id, "account_name": customer_id.upper(), **rest}


def test_every_measure_column_is_described_in_order():
    assert list(MEASURES) == list(MEASURE_COLUMNS)
    assert all(m.formula and m.description and m.blank and m.source for m in MEASURES.values())


def test_facts_have_every_column_whatever_is_loaded(measure):
    columns = None
    for tables in (
        {"customers": [customer("a")]},
        {"orders": [{"customer_id": "a", "ordered_on": date(2025, 1, 1), "amount": 1.0}]},
        {"deals": [{"customer_id": "a", "status": "won"}]},
        {"responses": [{"customer_id": "a", "nps": 9.0}]},
    ):
        facts, _ = measure(**tables)
        assert len(facts) == 1
        assert columns is None or columns == list(facts.columns)
        columns = list(facts.columns)
    assert columns[-len(MEASURE_COLUMNS) :] == list(MEASURE_COLUMNS)


def test_leads_of_the_crm_are_not_customers(measure):
    rows = [
        customer("lead", lifecycle="Lead"),
        customer("opp", lifecycle="opportunity"),
        customer("cust", lifecycle="customer"),
        customer("bought", lifecycle="lead", customer_since=date(2025, 1, 1)),
        customer("former", lifecycle="Former customer"),
        customer("prospect", customer_type="Prospect"),
        customer("plain"),
    ]
    facts, _ = measure(customers=rows)
    assert sorted(facts.index) == ["bought", "cust", "former", "plain"]


def test_the_stage_of_life_tells_who_is_a_customer_before_the_type(measure):
    rows = [
        customer("both", lifecycle="Customer", customer_type="Prospect"),
        customer("lead", lifecycle="Lead", customer_type="Customer"),
        customer("typed", customer_type="Customer - Direct"),
    ]
    facts, _ = measure(customers=rows)
    assert sorted(facts.index) == ["both", "typed"]


def test_partners_and_vendors_are_no_customers_where_others_are_called_so(measure):
    partners = [customer("p", customer_type="Technology Partner"), customer("v", customer_type="Vendor")]
    sold_to = customer("c", customer_type="Customer - Channel")
    buyer = customer("r", customer_type="Reseller", total_revenue=10.0)

    facts, _ = measure(customers=[*partners, sold_to, buyer])
    alone, _ = measure(customers=partners)

    assert sorted(facts.index) == ["c", "r"]
    assert sorted(alone.index) == ["p", "v"]


def test_where_deals_are_loaded_an_account_without_a_win_is_no_customer(measure):
    rows = [customer("won"), customer("lost"), customer("silent"), customer("says", lifecycle="Customer")]
    deals = [{"customer_id": "won", "status": "won"}, {"customer_id": "lost", "status": "lost"}]
    facts, _ = measure(customers=rows, deals=deals)
    assert sorted(facts.index) == ["says", "won"]


def test_of_several_rows_of_one_customer_the_last_known_value_counts(measure):
    rows = [
        customer("a", import_id=1, industry="Retail", country="DE"),
        customer("a", import_id=2, industry="SaaS", employees=40.0),
    ]
    facts, measured = measure(customers=rows)
    row = facts.loc["a"]
    assert (row.industry, row.country, row.employees, row.employee_band) == ("SaaS", "DE", 40.0, "11–50")
    assert not measured.options.one_row_each


@pytest.mark.parametrize(
    ("employees", "band"),
    [
        (1, "1–10"),
        (10, "1–10"),
        (11, "11–50"),
        (1000, "501–1,000"),
        (1001, "1,001–5,000"),
        (10_001, "10,001+"),
        (0, None),
    ],
)
def test_head_counts_fall_into_the_usual_bands(measure, employees, band):
    facts, _ = measure(customers=[customer("a", employees=float(employees))])
    found = facts.loc["a"].employee_band
    assert found == band if band else not isinstance(found, str)


def test_custom_columns_come_along_and_never_overwrite_a_measure(con):
    put(con, "customers", [customer("a", team="Blue", orders="many")], extra=("team", "orders"))
    engine.run(con, {"customers": "customers"}, date(2026, 1, 1), FactOptions(custom=("team", "orders")))
    row = con.execute("SELECT team, orders_as_given, orders FROM facts").fetchone()
    assert row == ("Blue", "many", None)


def test_an_awkward_custom_column_name_is_only_a_name(con):
    name = 'x"; DROP TABLE customers; --'
    put(con, "customers", [customer("a", **{name: "kept"})], extra=(name,))
    engine.run(con, {"customers": "customers"}, date(2026, 1, 1), FactOptions(custom=(name,)))
    assert con.execute('SELECT "x""; DROP TABLE customers; --" FROM facts').fetchone() == ("kept",)
    assert con.execute("SELECT count(*) FROM customers").fetchone() == (1,)


def test_the_latest_answer_counts_and_people_of_one_day_are_averaged(measure):
    rows = [
        {"customer_id": "a", "answered_on": date(2025, 1, 1), "nps": 3.0},
        {"customer_id": "a", "answered_on": date(2025, 6, 1), "nps": 10.0},
        {"customer_id": "a", "answered_on": date(2025, 6, 1), "nps": 9.0},
        {"customer_id": "a", "answered_on": date(2026, 6, 1), "nps": 0.0},
        {"customer_id": "b", "nps": 11.0},
    ]
    facts, _ = measure(responses=rows)
    assert (facts.loc["a"].nps, facts.loc["a"].responses) == (9.5, 3)
    assert np.isnan(facts.loc["b"].nps)


@pytest.mark.parametrize(
    ("answers", "first"), [((1, 5, 4), 0.0), ((1, 7, 4), 0.0), ((0.0, 1.0, 0.5), 0.0), ((0, 2, 1), 0.0)]
)
def test_satisfaction_is_brought_to_0_to_1_from_its_scale(measure, answers, first):
    rows = [
        {"customer_id": c, "answered_on": date(2025, 1, 1), "csat": float(v)}
        for c, v in zip("abc", answers, strict=True)
    ]
    facts, _ = measure(responses=rows)
    assert facts.loc["a"].csat == first and facts.loc["b"].csat == 1.0
    assert 0 < facts.loc["c"].csat < 1


def test_satisfaction_after_tickets_counts_and_tickets_are_counted_once(measure):
    rows = [
        {"customer_id": "a", "ticket_id": "1", "opened_on": date(2025, 1, 1), "csat": 1.0},
        {"customer_id": "a", "ticket_id": "1", "opened_on": date(2025, 1, 1)},
        {"customer_id": "a", "ticket_id": "2", "opened_on": date(2025, 2, 1)},
        {"customer_id": "a", "ticket_id": "3", "opened_on": date(2026, 2, 1)},
    ]
    facts, _ = measure(tickets=rows)
    assert (facts.loc["a"].tickets, facts.loc["a"].csat) == (2, 1.0)


def test_usage_is_that_of_the_last_90_days_of_the_report(measure):
    rows = [
        {"customer_id": "a", "period_on": date(2025, 9, 1), "events": 50.0, "active_users": 4.0},
        {"customer_id": "a", "period_on": date(2025, 8, 1), "events": 30.0, "active_users": 6.0},
        {"customer_id": "a", "period_on": date(2025, 1, 1), "events": 999.0, "active_users": 99.0},
        {"customer_id": "quiet", "period_on": date(2025, 1, 1), "events": 7.0},
    ]
    facts, _ = measure(usage=rows)
    assert (facts.loc["a"].usage_events, facts.loc["a"].active_users) == (80.0, 6.0)
    assert facts.loc["quiet"].usage_events == 0.0


def test_a_report_that_counts_no_users_leaves_them_unknown(measure):
    rows = [
        {"customer_id": "a", "period_on": date(2025, 9, 1), "events": 50.0},
        {"customer_id": "a", "period_on": date(2025, 1, 1), "events": 9.0},
    ]
    facts, _ = measure(usage=rows)

    assert facts.loc["a"].usage_events == 50.0
    assert np.isnan(facts.loc["a"].active_users)


def test_spend_of_a_channel_is_shared_by_the_customers_it_won_that_month(measure):
    rows = [
        customer("ads1", customer_since=date(2025, 3, 3), lead_source="Paid Ads"),
        customer("ads2", customer_since=date(2025, 3, 20), lead_source="paid-ads"),
        customer("fair", customer_since=date(2025, 3, 9), lead_source="Trade fair"),
        customer("april", customer_since=date(2025, 4, 9), lead_source="Paid Ads"),
        customer("named", customer_since=date(2025, 4, 9)),
    ]
    costs = [
        {"period_on": date(2025, 3, 1), "channel": "Paid ads", "cost": 200.0},
        {"period_on": date(2025, 3, 1), "channel": "Billboards", "cost": 30.0},
        {"customer_id": "named", "period_on": date(2025, 4, 1), "cost": 77.0},
    ]
    facts, _ = measure(customers=rows, costs=costs)
    assert facts["cac"].dropna().to_dict() == {"ads1": 110.0, "ads2": 110.0, "fair": 10.0, "named": 77.0}


def test_the_stated_number_of_new_customers_divides_the_spend(measure):
    rows = [customer("a", customer_since=date(2025, 3, 3), lead_source="Ads")]
    costs = [{"period_on": date(2025, 3, 1), "channel": "Ads", "cost": 200.0, "new_customers": 8.0}]
    facts, _ = measure(customers=rows, costs=costs)
    assert facts.loc["a"].cac == 25.0


def test_contacts_tell_the_size_of_the_company_where_nobody_else_does(measure):
    rows = [customer("a"), customer("b", employees=7.0)]
    contacts = [
        {"customer_id": "a", "employee_band": "5–25"},
        {"customer_id": "b", "employee_band": "100–500"},
    ]
    facts, _ = measure(customers=rows, contacts=contacts)
    assert facts["employee_band"].to_dict() == {"a": "5–25", "b": "1–10"}


def test_contacts_tell_the_role_where_the_customer_table_does_not(measure):
    rows = [customer("a"), customer("b", job_title="CEO")]
    contacts = [
        {"customer_id": "a", "job_title": "Head of IT"},
        {"customer_id": "a", "job_title": "Head of IT"},
        {"customer_id": "a", "job_title": "Clerk"},
        {"customer_id": "b", "job_title": "Clerk"},
    ]
    facts, _ = measure(customers=rows, contacts=contacts)
    assert facts["job_title"].to_dict() == {"a": "Head of IT", "b": "CEO"}


def test_the_proposed_date_is_the_newest_day_anything_happened(con):
    put(
        con,
        "orders",
        [
            {"customer_id": "a", "ordered_on": date(2025, 3, 1)},
            {"customer_id": "a", "ordered_on": date(2225, 3, 1)},
        ],
    )
    put(
        con,
        "deals",
        [{"customer_id": "a", "created_on": date(2025, 4, 1), "expected_close_on": date(2025, 9, 9)}],
    )
    tables = {kind: engine.unbound(con, kind) for kind in ("orders", "deals")}

    def run(expression):
        return engine.frame(con, expression)

    assert latest_date(tables, run, not_after=date(2026, 1, 1)) == date(2025, 4, 1)
    assert latest_date(tables, run) == date(2225, 3, 1)
    assert latest_date({}, run) is None


def test_the_day_a_deal_was_won_or_lost_is_a_day_of_the_data_and_a_planned_one_is_not(con):
    def deal(closed_on, **result):
        return {"customer_id": "a", "created_on": date(2025, 4, 1), "closed_on": closed_on, **result}

    def newest(*rows):
        put(con, "deals", rows)
        return latest_date({"deals": engine.unbound(con, "deals")}, lambda e: engine.frame(con, e))

    assert newest(deal(date(2025, 9, 9), is_won=True)) == date(2025, 9, 9)
    assert newest(deal(date(2025, 8, 8), is_won=False, is_closed=True)) == date(2025, 8, 8)
    assert newest(deal(date(2025, 9, 9), is_won=False)) == date(2025, 4, 1)


def test_nothing_is_left_behind_in_the_workspace(con, measure):
    measure(orders=[{"customer_id": "a", "ordered_on": date(2025, 1, 1), "amount": 1.0}])
    assert [name for (name,) in con.execute("SHOW TABLES").fetchall()] == ["everyone", "facts", "orders"]


def test_facts_compile_for_engines_where_bigger_data_lives():
    tables = {kind: ibis.table(columns_of(kind), name=kind) for kind in KINDS_READ}
    expression = build(
        tables, date(2026, 1, 1), FactOptions(churn_rule="subscription", revenue_source="orders")
    )
    for dialect in ("databricks", "snowflake"):
        query = str(ibis.to_sql(expression, dialect=dialect)).upper()
        assert "CUSTOMER_ID" in query
        # What engines silently do differently: estimates, weeks, and numbers cut or rounded to integers.
        for trap in ("APPROX", "WEEK'", "AS INT)", "AS INTEGER)"):
            assert trap not in query
