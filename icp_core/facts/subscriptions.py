"""Subscriptions: monthly recurring revenue, what accrued so far, growth, and when the last one ended."""

from __future__ import annotations

from datetime import date

import ibis
from ibis import Table

from icp_core.facts.calendar import DAYS_PER_MONTH, at_least, days_between, months_between, ratio

ENDED_WORDS = r"(cancel|ended|expired|terminat|churn|inactiv|closed|gek[uü]ndigt|beendet|résili|opgezegd)"
_ALIVE_WORDS = r"^(active|activ|aktiv|live|past.?due|unpaid|renew|current|in.?force|on.?hold)"
_LAST_TERM = r"(non.?renew|not.?renewing|cancels? at|won.?t renew)"
_UNPAID_WORDS = r"(trial|incomplete|draft|pending|future|not.?started)"
# Months per billing interval; a week and a day by the average month.
_INTERVALS = (
    (r"(half|semi|6.?month|bi.?annual|halbj)", 6.0),
    (r"(quarter|quartal|trimest|3.?month|kwartaal)", 3.0),
    (r"(year|annual|annuel|jahr|jähr|anual|jaar|12.?month|yr)", 12.0),
    (r"(fortnight|bi.?week|2.?week)", 14.0 / DAYS_PER_MONTH),
    (r"(week|woche|semana|semaine)", 7.0 / DAYS_PER_MONTH),
    (r"(day|dai|tag|täg|jour|día)", 1.0 / DAYS_PER_MONTH),
)


def interval_months(subscriptions: Table):
    """Months between two bills; a month where nothing is said."""
    text = subscriptions.interval.lower()
    branches = [(text.re_search(words), ibis.literal(months, "float64")) for words, months in _INTERVALS]
    every = ibis.cases(*branches, else_=ibis.literal(1.0, "float64"))
    times = ibis.ifelse(
        subscriptions.interval_count > 0, subscriptions.interval_count, ibis.literal(1.0, "float64")
    )
    return every * times.fill_null(1.0)


def terms(subscriptions: Table, as_of: date) -> Table:
    """One row per subscription that was ever paid: customer_id, mrr, began_on, over_on, is_over, reason, plan.

    ``over_on`` is the day it ended, up to ``as_of``. A subscription cancelled for the end of its period lives
    until then. One without any status or end whose period passed two bills ago is over.
    """
    t = subscriptions
    today = ibis.literal(as_of)
    status = t.status.lower()
    per_bill = interval_months(t)
    mrr = ibis.coalesce(t.mrr, t.arr / 12.0, ratio(t.amount * t.quantity.fill_null(1.0), per_bill))
    began_on = ibis.coalesce(t.started_on, t.trial_end_on, t.created_on, t.period_start_on)
    says_over = status.re_search(ENDED_WORDS).fill_null(False)
    says_alive = status.re_search(_ALIVE_WORDS).fill_null(False)
    unpaid = (
        status.re_search(_UNPAID_WORDS).fill_null(False)
        | (began_on > today).fill_null(False)
        | ((t.trial_end_on > today) & t.ended_on.isnull()).fill_null(False)
    )
    overdue = (
        t.status.isnull()
        & t.ended_on.isnull()
        & (days_between(t.period_end_on, today).cast("float64") > per_bill * (2.0 * DAYS_PER_MONTH))
    ).fill_null(False)
    at_period_end = t.cancel_at_period_end.fill_null(False) | status.re_search(_LAST_TERM).fill_null(False)
    announced = ibis.cases(
        (at_period_end, ibis.coalesce(t.period_end_on, t.cancel_requested_on)),
        (says_over, ibis.coalesce(t.cancel_requested_on, t.period_end_on)),
        (
            t.status.isnull() & t.cancel_requested_on.notnull(),
            ibis.coalesce(t.period_end_on, t.cancel_requested_on),
        ),
        (overdue, t.period_end_on),
        else_=ibis.null("date"),
    )
    over_on = ibis.coalesce(t.ended_on, announced)
    is_over = (over_on <= today).fill_null(False) | (says_over & over_on.isnull())
    # An end before the beginning is a slip of the pen: it lasted no time.
    ended = ibis.ifelse(is_over, over_on, ibis.null("date"))
    ended = ibis.ifelse((ended < began_on).fill_null(False), began_on, ended)
    return t.filter(~unpaid | (says_alive & ~(began_on > today).fill_null(False))).select(
        "customer_id",
        "plan",
        mrr=mrr,
        began_on=began_on,
        over_on=ended,
        is_over=is_over,
        reason=t.cancel_reason,
    )


def per_customer(subscriptions: Table, as_of: date) -> Table:
    """One row per subscriber: sub_mrr, first_mrr, accrued revenue, first start, all ended and when, reason, plan.

    ``accrued`` is MRR × months from start to end or ``as_of``: revenue by the month, not by the bill.
    """
    each = terms(subscriptions, as_of)
    months = at_least(months_between(each.began_on, ibis.coalesce(each.over_on, ibis.literal(as_of))), 0.0)
    first = ibis.window(group_by="customer_id")
    each = each.mutate(
        accrued=each.mrr * months,
        first_on=each.began_on.min().over(first),
        last_over_on=each.over_on.max().over(first),
    )
    alive = ~each.is_over
    at_first = each.began_on == each.first_on
    return each.group_by("customer_id").agg(
        sub_mrr=ibis.ifelse(alive, each.mrr, ibis.literal(0.0, "float64")).sum(),
        first_mrr=each.mrr.sum(where=at_first),
        accrued=each.accrued.sum(),
        sub_since=each.began_on.min(),
        sub_all_over=each.is_over.cast("int64").min() == 1,
        sub_over_on=each.over_on.max(),
        sub_reason=each.reason.max(where=each.over_on == each.last_over_on),
        sub_plan=ibis.coalesce(each.plan.max(where=alive), each.plan.max()),
        n_subscriptions=each.count().cast("float64"),
    )


def told_monthly(row: Table) -> ibis.Value:
    """What the customer table, or else a won deal, says a customer pays a month."""
    return ibis.coalesce(row.mrr, row.arr / 12.0, row.deal_mrr)


def active_at(subscriptions: Table, as_of: date, when: date) -> Table:
    """MRR each customer paid on the day ``when``, as seen from ``as_of``: customer_id, mrr."""
    each = terms(subscriptions, as_of)
    day = ibis.literal(when)
    runs = (each.began_on.isnull() | (each.began_on <= day)) & (each.over_on.isnull() | (each.over_on > day))
    each = each.filter(runs & ~(each.is_over & each.over_on.isnull()))
    return each.group_by("customer_id").agg(mrr=each.mrr.sum())
