"""The date the facts speak of: proposed from the newest day anything happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import ibis
import pandas as pd
from ibis import Table

# Days on which something happened; plans, period ends and expected dates lie ahead and say nothing. The day a deal
# closes is a plan until it is won or lost.
_HAPPENED = {
    "customers": ("customer_since", "churned_on", "created_on", "last_activity_on"),
    "orders": ("ordered_on", "cancelled_on"),
    "subscriptions": ("created_on", "started_on", "cancel_requested_on", "period_start_on"),
    "deals": ("created_on", "closed_on"),
    "usage": ("period_on",),
    "tickets": ("opened_on", "solved_on"),
    "responses": ("answered_on",),
    "notes": ("noted_on",),
}


def latest_date(
    tables: Mapping[str, Table], run: Callable[[ibis.Expr], pd.DataFrame], *, not_after: date | None = None
) -> date | None:
    """The newest day anything happened in any table; None when no table has a date.

    ``run`` executes an expression (see ``engine.frame``). Days after ``not_after`` (today, as the caller knows it)
    are slips of the pen and left out.
    """
    newest = []
    for kind, columns in _HAPPENED.items():
        table = tables.get(kind)
        if table is None:
            continue
        for column in (c for c in columns if c in table.columns):
            kept = _decided(table) if column == "closed_on" else table
            if not_after is not None:
                kept = kept.filter(kept[column].cast("date") <= ibis.literal(not_after))
            found = run(kept.agg(newest=kept[column].cast("date").max())).iloc[0].newest
            if not pd.isna(found):
                newest.append(pd.Timestamp(found).date())
    return max(newest) if newest else None


def _decided(deals: Table) -> Table:
    """The deals that are won or lost."""
    said = [deals[name].fill_null(False) for name in ("is_won", "is_closed") if name in deals.columns]
    return deals.filter(ibis.or_(*said)) if said else deals.limit(0)
