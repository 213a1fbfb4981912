"""Raw rows become one row of facts per customer, as of a date; pure, and the same on every engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
from ibis import Table

from icp_core.facts import churn, costs, customers, deals, orders, satisfaction, subscriptions, tickets, usage
from icp_core.facts.calendar import (
    at_least,
    days_between,
    earliest,
    latest,
    months_between,
    ratio,
)
from icp_core.facts.columns import DERIVED_ATTRIBUTES
from icp_core.facts.options import FactOptions
from icp_core.facts.tables import blanks, columns_of, conform, side_by_side
from icp_core.vocabulary import FIELDS

IDENTITY = ("customer_id", "customer_name", "domain")
# Attributes that come from other tables than customers, all known only after the sale.
MEASURE_COLUMNS = (
    "revenue",
    "margin",
    "orders",
    "aov",
    "order_frequency",
    "first_order_on",
    "last_order_on",
    "customer_since",
    "tenure_months",
    "active_months",
    "recency_days",
    "refunds",
    "mrr",
    "arr",
    "expansion_mrr",
    "contraction_mrr",
    "ltv",
    "value_per_month",
    "expected_ltv",
    "churned",
    "churned_on",
    "churn_reason",
    "nps",
    "csat",
    "responses",
    "deals",
    "deals_won",
    "deals_lost",
    "deals_open",
    "win_rate",
    "won_amount",
    "sales_cycle_days",
    "cac",
    "tickets",
    "usage_events",
    "active_users",
    "referrals",
    "health_score",
)
# Custom columns travel under this mark, so that one named like a measure never meets it.
_INNER = "custom: "
# Columns of the customers table that measures need beside the attributes.
_GIVEN = (
    "account_name",
    "person_name",
    "domain",
    "created_on",
    "closed_on",
    "customer_since",
    "status",
    "churned",
    "churned_on",
    "churn_reason",
    "mrr",
    "arr",
    "tenure_months",
    "total_revenue",
    "gross_margin_rate",
    "total_margin",
    "cac",
    "nps",
    "csat",
    "health_score",
    "referrals",
    "last_activity_on",
)
# What a customer's contacts can say when the customer table does not.
_OF_CONTACTS = ("job_title", "seniority", "department", "persona", "employee_band")
# What a list of deals may say of the account beside each deal.
_OF_DEALS = ("industry", "employees", "employee_band", "company_revenue", "country", "city")
_FAMILY_NUMBERS = (
    "order_revenue",
    "order_margin",
    "orders",
    "refunds",
    "sub_mrr",
    "first_mrr",
    "accrued",
    "n_subscriptions",
    "deals",
    "deals_won",
    "deals_lost",
    "deals_open",
    "won_amount",
    "deal_mrr",
    "sales_cycle_days",
    "win_rate",
    "usage_events",
    "active_users",
    "responses",
    "survey_nps",
    "survey_csat",
    "tickets",
    "direct_cac",
)
# More leavers than this without a known end, and how long customers stay cannot be told.
UNKNOWN_ENDS = 0.10
_FAMILY_DATES = ("first_order_on", "last_order_on", "sub_since", "sub_over_on", "won_on", "last_used_on")


def build(tables: Mapping[str, Table], as_of: date, options: FactOptions | None = None) -> Table:
    """One row per customer: identity, attributes, custom columns, then ``MEASURE_COLUMNS``.

    ``tables`` holds Ibis tables by kind, each with customer_id, import_id and _row beside the vocabulary's
    fields, amounts in one currency. Missing kinds and columns are blank. Cost rows may have a blank
    customer_id (spend of a channel). Blank means *not known* in every column; nothing after ``as_of`` counts.
    Accounts that never bought are left out (see ``customers.is_customer``); ``accounts`` keeps them.
    """
    everyone = accounts(tables, as_of, options)
    return everyone.filter(everyone.is_customer).drop("is_customer")


def accounts(tables: Mapping[str, Table], as_of: date, options: FactOptions | None = None) -> Table:
    """Like ``build``, with prospects too and a yes/no column is_customer: what win rates are counted on."""
    options = options or FactOptions()
    return measured(assembled(tables, as_of, options), as_of, options)


def measured(row: Table, as_of: date, options: FactOptions) -> Table:
    """The facts from ``assembled`` rows under ``options``: cheap, so that a choice can be changed live."""
    row = _with_value(_with_time(row, as_of, options), options)
    columns = {name: row[name] for name in (*IDENTITY, *customers.ATTRIBUTES, *DERIVED_ATTRIBUTES)}
    columns |= {custom_name(name): row[_INNER + name] for name in (*_customs(options), *_own_traits(options))}
    columns |= {name: value.name(name) for name, value in _measures(row, options).items()}
    return row.select(**columns, is_customer=customers.is_customer(row))


def leavers(row: Table, as_of: date, options: FactOptions) -> Table:
    """One row: n customers who left, by_activity of them whose last order or activity stands for the unknown day
    of leaving, unknown of them without even that."""
    row = _with_time(row, as_of, options)
    left = row.filter(row.has_left.fill_null(False) & customers.is_customer(row))
    return left.agg(
        n=left.count(),
        by_activity=left.by_activity.cast("int64").sum(),
        unknown=left.end_unknown.cast("int64").sum(),
    )


def custom_name(slug: str) -> str:
    """The facts column of a custom column; one that is called like a fact is marked as given.

    >>> custom_name("team_size"), custom_name("orders")
    ('team_size', 'orders_as_given')
    """
    taken = (*IDENTITY, *customers.ATTRIBUTES, *DERIVED_ATTRIBUTES, *MEASURE_COLUMNS)
    return f"{slug}_as_given" if slug in taken else slug


def _customs(options: FactOptions) -> list[str]:
    return list(dict.fromkeys(name for name in options.custom if name not in FIELDS["customers"]))


def _own_traits(options: FactOptions) -> list[str]:
    """Columns of other tables that are no attribute of the vocabulary."""
    return [name for _, _, name in options.traits if name not in customers.ATTRIBUTES]


def assembled(
    tables: Mapping[str, Table], as_of: date, options: FactOptions | None = None, whole: Table | None = None
) -> Table:
    """Every account once, with what each family of tables knows side by side; no choice is made yet.

    ``whole`` is ``orders.whole_orders``, where somebody has computed it already. Of ``options`` only ``custom``,
    ``traits``, ``csat_scale`` and ``one_row_each`` matter here.
    """
    options = options or FactOptions()
    t = conform(tables)
    of_customers = {kind: t[kind] for kind in t if kind != "costs"}
    if "orders" in t and whole is None:
        whole = orders.whole_orders(t["orders"], as_of)
    row = side_by_side(
        customers.everyone(of_customers, whole),
        [customers.names(of_customers), *_families(t, tables.get("contacts"), as_of, options, whole)],
    )
    row = blanks(
        row, {name: kind for name, kind in _columns_of_families(options).items() if name not in row.columns}
    )
    # The company's own figure comes before what stands beside its deals, and that before what its people said of it.
    row = row.mutate(**{name: ibis.coalesce(row[name], row[f"deal_{name}"]) for name in _OF_DEALS})
    of_company = {name: row[name] for name in _OF_CONTACTS}
    of_company["employee_band"] = ibis.coalesce(row.employee_band, customers.employee_band(row.employees))
    row = row.mutate(
        customer_name=ibis.coalesce(row.account_name, row.any_name, row.person_name, row.customer_id),
        domain=ibis.coalesce(row.domain, row.any_domain),
        country=ibis.coalesce(row.country, row.order_country),
        plan=ibis.coalesce(row.plan, row.sub_plan),
        lead_source=ibis.coalesce(row.lead_source, row.deal_source),
        **{name: ibis.coalesce(of_company[name], row[f"contact_{name}"]) for name in _OF_CONTACTS},
        **{
            name: ibis.coalesce(of_company.get(name, row[name]), row[_INNER + name])
            for _, _, name in options.traits
            if name in customers.ATTRIBUTES
        },
        listed=row.listed.fill_null(False),
        began_on=ibis.coalesce(
            earliest(row.customer_since, row.first_order_on, row.sub_since, row.won_on, row.closed_on),
            row.created_on,
        ),
        silent_days=days_between(
            ibis.coalesce(row.last_order_on, row.last_activity_on), ibis.literal(as_of)
        ).cast("float64"),
        bought=(
            row.orders.notnull()
            | row.n_subscriptions.notnull()
            | (row.deals_won > 0).fill_null(False)
            | (row.total_revenue > 0).fill_null(False)
            | (row.mrr > 0).fill_null(False)
            | row.customer_since.notnull()
        ),
        any_use=row.responses.notnull() | row.tickets.notnull() | row.usage_events.notnull(),
        deals_exist=row.deals.count().over(ibis.window()) > 0,
        lifecycle_tells=churn.says_left(row.lifecycle).cast("int64").max().over(ibis.window()) == 1,
    )
    if "costs" not in t:
        return blanks(row, {"shared_cac": "float64"})
    newcomers = row.filter(row.bought).select("customer_id", since_on="began_on", source="lead_source")
    return side_by_side(row, [costs.shared(t["costs"], newcomers, as_of)])


def _families(
    t: Mapping[str, Table], contacts: Table | None, as_of: date, options: FactOptions, whole: Table | None
) -> list[Table]:
    """One table per family that was loaded, each with one row per customer."""
    parts = []
    if "customers" in t:
        own = {_INNER + name: t["customers"][name] for name in _customs(options)}
        listed = t["customers"].mutate(**own) if own else t["customers"]
        listed = listed.filter(listed.customer_id.notnull())
        wanted = [*_GIVEN, *customers.ATTRIBUTES, *own]
        each = customers.one_row_each(listed, wanted, unique=options.one_row_each)
        parts.append(each.mutate(listed=ibis.literal(True)))
    if "orders" in t:
        parts.append(orders.per_customer(whole))
        parts.append(orders.first_products(t["orders"], as_of))
        parts.append(customers.most_common(t["orders"], "country", "order_country"))
    if "subscriptions" in t:
        parts.append(subscriptions.per_customer(t["subscriptions"], as_of))
    if "deals" in t:
        parts.append(deals.per_customer(t["deals"], as_of))
        parts.append(deals.told_of_accounts(t["deals"], _OF_DEALS))
    if "usage" in t:
        parts.append(usage.per_customer(t["usage"], as_of))
    if "responses" in t:
        parts += satisfaction.scores(t["responses"], as_of)
    if "responses" in t or "tickets" in t:
        parts.append(satisfaction.csat(t.get("responses"), t.get("tickets"), as_of, options.csat_scale))
    if "tickets" in t:
        parts.append(tickets.per_customer(t["tickets"], as_of))
    if "costs" in t:
        parts.append(costs.direct(t["costs"], as_of))
    for kind in t:
        steady = {column: _INNER + name for of, column, name in options.traits if of == kind}
        if steady:
            parts.append(customers.steady(t[kind], steady))
    for column in _OF_CONTACTS:
        if contacts is not None and column in contacts.columns:
            parts.append(customers.most_common(contacts, column, f"contact_{column}"))
    return parts


def _columns_of_families(options: FactOptions) -> dict[str, str]:
    """Every column ``assembled`` relies on, with its type: what is blank when a family was not loaded."""
    types = columns_of("customers")
    own = {name: types[name] for name in (*_GIVEN, *customers.ATTRIBUTES)}
    own |= {
        _INNER + name: "string" for name in (*_customs(options), *(name for _, _, name in options.traits))
    }
    numbers = dict.fromkeys(_FAMILY_NUMBERS, "float64")
    dates = dict.fromkeys(_FAMILY_DATES, "date")
    texts = dict.fromkeys(
        ("first_product", "order_country", "sub_plan", "sub_reason", "deal_source"), "string"
    )
    texts |= {f"contact_{name}": "string" for name in _OF_CONTACTS}
    texts |= {f"deal_{name}": types[name] for name in _OF_DEALS}
    return own | numbers | dates | texts | {"listed": "boolean", "sub_all_over": "boolean"}


def _with_time(row: Table, as_of: date, options: FactOptions) -> Table:
    """has_left, left_on, tenure and active months; a customer who left stays as long as until the day of leaving.

    Where that day is unknown, the last order or activity stands for it. Where too many leavers have neither, nobody
    has a tenure: only those who stayed would, and every curve would say that all stay.
    """
    churned, churned_on = churn.decided(row, as_of, options.churn_rule, options.inactivity_days)
    row = row.mutate(has_left=churned, left_on=churned_on)
    today = ibis.literal(as_of)
    gone = row.has_left.fill_null(False)
    gone_undated = gone & row.left_on.isnull()
    until = ibis.ifelse(gone_undated, ibis.null("date"), ibis.coalesce(row.left_on, today))
    by_dates = at_least(months_between(row.began_on, until), 0.0)
    told = ibis.coalesce(by_dates, row.tenure_months)
    last_seen = latest(row.last_order_on, row.last_activity_on)
    seen = at_least(months_between(row.began_on, last_seen), 0.0)
    ended = ibis.coalesce(told, ibis.ifelse(gone_undated, seen, ibis.null("float64")))
    row = row.mutate(
        by_activity=gone_undated & told.isnull() & seen.notnull(),
        end_unknown=gone & row.began_on.notnull() & ended.isnull(),
        ended=ended,
        active_months=ibis.coalesce(told, seen),
    )
    everyone = ibis.window()
    n_left = row.has_left.fill_null(False).cast("int64").sum().over(everyone)
    n_unknown = row.end_unknown.cast("int64").sum().over(everyone)
    fair = (n_unknown <= UNKNOWN_ENDS * n_left).fill_null(True)
    return row.mutate(stayed=ibis.ifelse(fair, row.ended, ibis.null("float64")))


def _with_value(row: Table, options: FactOptions) -> Table:
    """income, its margin, and ltv by the basis in force; sources of revenue are never added up."""
    # Who left and pays nothing now has paid before, nobody knows how much. The first month is paid when it begins.
    monthly = subscriptions.told_monthly(row)
    stopped = row.has_left.fill_null(False) & (monthly <= 0)
    row = row.mutate(monthly=ibis.ifelse(stopped, ibis.null("float64"), monthly))
    sources = {
        "orders": row.order_revenue,
        "subscriptions": row.accrued,
        "total_revenue": row.total_revenue,
        "deals": row.won_amount,
        "recurring": row.monthly * at_least(row.active_months, 1.0),
    }
    if options.revenue_source == "auto":
        income = ibis.coalesce(*sources.values())
    else:
        income = sources[options.revenue_source]
    of_orders = row.order_margin if options.revenue_source in ("auto", "orders") else ibis.null("float64")
    margin = ibis.coalesce(of_orders, row.total_margin, income * row.gross_margin_rate)
    row = row.mutate(income=income, earned=margin)
    if options.ltv_basis == "revenue":
        return row.mutate(worth=row.income)
    if options.ltv_basis == "auto":
        return row.mutate(worth=ibis.coalesce(row.earned, row.income))
    both = row.earned.notnull() & row.income.notnull()
    everyone = ibis.window()
    usual = ratio(row.earned.sum(where=both).over(everyone), row.income.sum(where=both).over(everyone))
    return row.mutate(worth=ibis.coalesce(row.earned, row.income * usual))


def _measures(row: Table, options: FactOptions) -> dict[str, ibis.Value]:
    """The measure columns, in the order of ``MEASURE_COLUMNS``."""
    return (
        _order_measures(row)
        | _contract_measures(row)
        | _value_measures(row, options)
        | _relation_measures(row, options)
    )


def _order_measures(row: Table) -> dict[str, ibis.Value]:
    return {
        "revenue": row.income,
        "margin": row.earned,
        "orders": row.orders,
        "aov": ratio(row.order_revenue, row.orders),
        "order_frequency": ratio(row.orders, at_least(row.active_months, 1.0) / 12.0),
        "first_order_on": row.first_order_on,
        "last_order_on": row.last_order_on,
        "customer_since": row.began_on,
        "tenure_months": row.stayed,
        "active_months": row.active_months,
        "recency_days": row.silent_days,
        "refunds": row.refunds,
    }


def _contract_measures(row: Table) -> dict[str, ibis.Value]:
    mrr = ibis.coalesce(row.sub_mrr, row.mrr, row.arr / 12.0, row.deal_mrr)
    stays = ~row.sub_all_over
    grown = ibis.ifelse(stays, row.sub_mrr - row.first_mrr, ibis.null("float64"))
    return {
        "mrr": mrr,
        "arr": ibis.coalesce(row.sub_mrr * 12.0, row.arr, mrr * 12.0),
        "expansion_mrr": at_least(grown, 0.0),
        "contraction_mrr": at_least(0.0 - grown, 0.0),
    }


def _value_measures(row: Table, options: FactOptions) -> dict[str, ibis.Value]:
    return {
        "ltv": row.worth,
        "value_per_month": _value_per_month(row, options),
        # Expected value needs a fitted model: value.lifetime fills it in.
        "expected_ltv": ibis.null("float64"),
        "churned": row.has_left,
        "churned_on": row.left_on,
        "churn_reason": ibis.ifelse(
            row.has_left, ibis.coalesce(row.churn_reason, row.sub_reason), ibis.null("string")
        ),
    }


def _value_per_month(row: Table, options: FactOptions) -> ibis.Value:
    """Value so far by month; where only the monthly amount is told, that also serves customers of unknown age."""
    so_far = ratio(row.worth, at_least(row.active_months, 1.0))
    if options.revenue_source not in ("auto", "recurring"):
        return so_far
    monthly = row.monthly * row.gross_margin_rate if options.ltv_basis == "margin" else row.monthly
    return ibis.coalesce(so_far, monthly)


def _relation_measures(row: Table, options: FactOptions) -> dict[str, ibis.Value]:
    low, high = options.csat_scale or (0.0, 1.0)
    given_csat = ibis.ifelse(
        (row.csat >= low) & (row.csat <= high),
        (row.csat - low) / ibis.literal(float(high - low), "float64"),
        ibis.null("float64"),
    )
    given_nps = ibis.ifelse((row.nps >= 0.0) & (row.nps <= 10.0), row.nps, ibis.null("float64"))
    return {
        "nps": ibis.coalesce(row.survey_nps, given_nps),
        "csat": ibis.coalesce(row.survey_csat, given_csat),
        "responses": row.responses,
        "deals": row.deals,
        "deals_won": row.deals_won,
        "deals_lost": row.deals_lost,
        "deals_open": row.deals_open,
        "win_rate": row.win_rate,
        "won_amount": row.won_amount,
        "sales_cycle_days": row.sales_cycle_days,
        "cac": ibis.coalesce(row.cac, row.direct_cac, row.shared_cac),
        "tickets": row.tickets,
        "usage_events": row.usage_events,
        "active_users": row.active_users,
        "referrals": row.referrals,
        "health_score": row.health_score,
    }
