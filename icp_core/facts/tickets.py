"""Tickets: how much support a customer asks for."""

from __future__ import annotations

from datetime import date

import ibis
from ibis import Table


def per_customer(tickets: Table, as_of: date) -> Table:
    """One row per customer with tickets: the number of different tickets opened up to ``as_of``."""
    counted = tickets.filter(tickets.opened_on.isnull() | (tickets.opened_on <= ibis.literal(as_of)))
    key = ibis.coalesce(
        counted.ticket_id, counted.import_id.cast("string") + "/" + counted._row.cast("string")
    )
    each = counted.select("customer_id", key=key).distinct()
    return each.group_by("customer_id").agg(tickets=each.count().cast("float64"))
