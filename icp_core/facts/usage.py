"""Usage: how much a customer does with the product now."""

from __future__ import annotations

from datetime import date

import ibis
from ibis import Table

from icp_core.facts.calendar import days_between

# Engagement "now": about a quarter, long enough for weekly and monthly reports alike.
WINDOW_DAYS = 90


def per_customer(usage: Table, as_of: date) -> Table:
    """One row per customer with usage rows: usage_events and active_users in the last 90 days of the report.

    The window ends with the newest period any customer has, so that a report that stops early does not
    read as silence. Customers of the report without rows in the window have 0. Where no events are counted,
    sessions stand in, then minutes.
    """
    counted = usage.filter(usage.period_on <= ibis.literal(as_of)).mutate(
        done=ibis.coalesce(usage.events, usage.sessions, usage.minutes)
    )
    newest = counted.period_on.max().over(ibis.window())
    counted = counted.mutate(recent=days_between(counted.period_on, newest) < WINDOW_DAYS)
    return counted.group_by("customer_id").agg(
        usage_events=_if_recent(counted, counted.done).sum(),
        active_users=_if_recent(counted, counted.active_users).max(),
        last_used_on=counted.period_on.max(where=counted.done > 0),
    )


def _if_recent(counted: Table, value: ibis.Value) -> ibis.Value:
    """The value of rows in the window, 0 of older ones; what a report never counts stays blank."""
    return ibis.ifelse(counted.recent | value.isnull(), value, ibis.literal(0.0, "float64"))
