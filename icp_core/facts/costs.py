"""Costs: what it took to win each customer."""

from __future__ import annotations

from datetime import date

import ibis
from ibis import Table

from icp_core.facts.calendar import ratio


def direct(costs: Table, as_of: date) -> Table:
    """Spend that names its customer: customer_id, direct_cac."""
    named = costs.filter(costs.customer_id.notnull() & _up_to(costs, as_of))
    return named.group_by("customer_id").agg(direct_cac=named.cost.sum())


def shared(costs: Table, newcomers: Table, as_of: date) -> Table:
    """Spend shared among the customers it won: customer_id, shared_cac.

    ``newcomers`` has customer_id, since_on and source (where the customer came from). Spend of a channel in a
    month is divided by the customers who came from that channel in that month (by ``new_customers`` of the
    cost table where it says so); spend of a channel nobody is known to come from by all newcomers of the
    month. Customers who came in a month without spend are blank, never 0.
    """
    spend = costs.filter(costs.customer_id.isnull() & costs.period_on.notnull() & _up_to(costs, as_of))
    spend = spend.select(
        "cost", "new_customers", month=spend.period_on.truncate("M"), channel=_key(spend.channel)
    )
    came = newcomers.filter(newcomers.since_on.notnull()).select(
        "customer_id", month=newcomers.since_on.truncate("M"), channel=_key(newcomers.source)
    )
    sources = came.filter(came.channel.notnull()).select(source="channel").distinct()
    spend = spend.left_join(sources, spend.channel == sources.source)
    spend = spend.group_by("month", channel=spend.source).agg(
        cost=spend.cost.sum(), stated=spend.new_customers.sum()
    )
    named = spend.filter(spend.channel.notnull())
    anywhere = spend.filter(spend.channel.isnull())
    by_channel = came.group_by("month", "channel").agg(n_new=came.count())
    by_month = came.group_by("month").agg(n_new=came.count())
    per_channel = named.join(by_channel, ["month", "channel"])
    per_channel = per_channel.select(
        "month", "channel", channel_cac=ratio(per_channel.cost, _divisor(per_channel))
    )
    per_month = anywhere.join(by_month, "month")
    per_month = per_month.select("month", month_cac=ratio(per_month.cost, _divisor(per_month)))
    each = came.left_join(per_channel, ["month", "channel"]).select("customer_id", "month", "channel_cac")
    each = each.left_join(per_month, "month").select("customer_id", "channel_cac", "month_cac")
    known = each.channel_cac.notnull() | each.month_cac.notnull()
    return each.filter(known).select(
        "customer_id", shared_cac=each.channel_cac.fill_null(0.0) + each.month_cac.fill_null(0.0)
    )


def _divisor(spend: Table):
    return ibis.ifelse(spend.stated > 0, spend.stated, spend.n_new.cast("float64"))


def _up_to(costs: Table, as_of: date):
    return costs.period_on.isnull() | (costs.period_on <= ibis.literal(as_of))


def _key(text):
    """Channel and lead source as people mean them: case and punctuation do not matter."""
    return text.lower().re_replace(r"[^a-z0-9]+", " ").strip().nullif("")
