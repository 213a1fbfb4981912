"""Deals: won, lost and open ones, what was won and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import reduce

import ibis
from ibis import Table

from icp_core.facts import customers
from icp_core.facts.calendar import days_between, ratio
from icp_core.vocabulary.deal_words import LOST, OPEN, WON


def outcomes(deals: Table, as_of: date) -> Table:
    """One row per deal: customer_id, deal_key, outcome ("won", "lost", "open"), amount, created_on, closed_on …

    A deal is lost only when its status, stage or closed flag says so: an open deal is never counted as lost.
    A deal closed after ``as_of`` is open. Of several rows of one deal the last one read counts.
    """
    key = ibis.coalesce(deals.deal_id, deals.import_id.cast("string") + "/" + deals._row.cast("string"))
    newest = ibis.window(
        group_by=[key], order_by=[deals.import_id.desc(nulls_first=False), deals._row.desc(nulls_first=False)]
    )
    d = deals.mutate(deal_key=key, newest=ibis.row_number().over(newest))
    d = d.filter((d.newest == 0) & ~(d.created_on > ibis.literal(as_of)).fill_null(False))
    # The status tells before the stage: a lost deal keeps the stage it was in.
    status = ibis.coalesce(d.status, "").lower()
    told = reduce(lambda a, b: a | b, [status.re_search(words) for words in (WON, LOST, OPEN)])
    said = ibis.ifelse(told, status, ibis.coalesce(d.stage, "").lower())
    says_won, says_lost = said.re_search(WON), said.re_search(LOST)
    later = (d.closed_on > ibis.literal(as_of)).fill_null(False)
    won = ibis.coalesce(d.is_won, says_won & ~says_lost) & ~later
    lost = (
        ~won & ~later & (says_lost | (d.is_closed.fill_null(False) & ~says_won & ~d.is_won.fill_null(False)))
    )
    return d.select(
        "customer_id",
        "deal_key",
        "amount",
        "mrr",
        "created_on",
        "closed_on",
        "stage",
        "pipeline",
        "lost_reason",
        "lead_source",
        "owner",
        "deal_type",
        "probability",
        outcome=ibis.cases((won, "won"), (lost, "lost"), else_="open"),
        cycle_days=ibis.ifelse(
            won & (d.closed_on >= d.created_on), days_between(d.created_on, d.closed_on), ibis.null("int64")
        ),
    )


def per_customer(deals: Table, as_of: date) -> Table:
    """One row per customer with deals: counts by outcome, win_rate, won_amount, sales_cycle_days, first win."""
    each = outcomes(deals, as_of)
    is_won, is_lost = each.outcome == "won", each.outcome == "lost"
    totals = each.group_by("customer_id").agg(
        deals=each.count().cast("float64"),
        deals_won=is_won.cast("int64").sum().cast("float64"),
        deals_lost=is_lost.cast("int64").sum().cast("float64"),
        deals_open=(each.outcome == "open").cast("int64").sum().cast("float64"),
        won_amount=each.amount.sum(where=is_won),
        deal_mrr=each.mrr.sum(where=is_won),
        sales_cycle_days=each.cycle_days.cast("float64").median(),
        won_on=ibis.coalesce(each.closed_on, each.created_on).min(where=is_won),
        last_won_on=ibis.coalesce(each.closed_on, each.created_on).max(where=is_won),
        deal_source=each.lead_source.min(),
    )
    return totals.mutate(win_rate=ratio(totals.deals_won, totals.deals_won + totals.deals_lost))


def told_of_accounts(deals: Table, columns: Sequence[str]) -> Table:
    """One row per customer: what the newest deal that says it says of the account, each column as ``deal_…``."""
    known = deals.filter(deals.customer_id.notnull())
    told = customers.one_row_each(known, columns, unique=False)
    return told.rename({f"deal_{name}": name for name in columns})
