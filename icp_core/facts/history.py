"""What lies behind the facts of a workspace: its orders, deals, accounts, and what each sign says of who has left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import ibis
import numpy as np
import pandas as pd

from icp_core.facts import build, churn, engine
from icp_core.facts import orders as order_facts
from icp_core.facts.catalogue import Facts, describe_column
from icp_core.facts.choices import before_assembling
from icp_core.facts.customers import is_customer
from icp_core.facts.options import FactOptions
from icp_core.facts.tables import conform
from icp_core.gather.records import (
    LINKED_KINDS,
    currencies,
    frame_of,
    import_ids,
    linked_sql,
    rate_table,
    workspace_currency,
)
from icp_core.sql import first_row
from icp_core.workspace import Workspace


@dataclass(frozen=True, eq=False)
class History:
    """Orders, deals and accounts of a workspace; money in its currency, blank frames where nothing is loaded.

    ``orders``: customer_id, order_key, ordered_on, value, margin (see ``engine.orders_frame``). ``deals``: one row
    per deal with outcome (see ``engine.deals_frame``). ``accounts``: the columns of the facts for every account,
    also those that never bought, with is_customer.
    """

    orders: pd.DataFrame
    deals: pd.DataFrame
    accounts: pd.DataFrame


@dataclass(frozen=True, eq=False)
class ChurnSigns:
    """What each source says about who has left.

    ``sources``: rule, words, known (customers it speaks of), left. ``conflicts``: see ``churn.conflicts``.
    ``gap_days`` and ``silence_days`` are the pauses between orders and since the last one, ``span_days`` how long
    orders have been watched: with them ``rhythm`` judges any threshold.
    """

    sources: pd.DataFrame
    conflicts: pd.DataFrame
    gap_days: np.ndarray
    silence_days: np.ndarray
    span_days: float

    def rhythm(self, threshold_days: int | None = None) -> churn.Rhythm:
        """The buying rhythm, at its own threshold or at a given one."""
        return churn.rhythm(self.gap_days, self.silence_days, threshold_days, self.span_days)


@contextmanager
def _converted(workspace: Workspace, *kinds: str) -> Iterator[tuple[duckdb.DuckDBPyConnection, set[str]]]:
    """A cursor with a temporary table ``k_<kind>`` for each loaded kind: rows with customer, one currency."""
    with workspace.cursor() as con:
        rates = rate_table(workspace, workspace_currency(workspace))
        con.execute("CREATE OR REPLACE TEMP TABLE rates (currency VARCHAR, rate DOUBLE)")
        for code in currencies(con):
            con.execute("INSERT INTO rates VALUES ($code, $rate)", {"code": code, "rate": rates.rate(code)})
        loaded = {kind for kind in kinds if import_ids(con, kind)}
        for kind in sorted(loaded):
            con.execute(f"CREATE OR REPLACE TEMP TABLE k_{kind} AS {linked_sql(con, kind)}")
        yield con, loaded


def history_of(workspace: Workspace, as_of: date) -> History:
    """Read the orders, deals and accounts of a workspace, as of the day of its facts."""
    with _converted(workspace, "orders", "deals") as (con, loaded):
        orders = engine.orders_frame(con, "k_orders", as_of) if "orders" in loaded else _NO_ORDERS.copy()
        deals = engine.deals_frame(con, "k_deals", as_of) if "deals" in loaded else _NO_DEALS.copy()
        accounts = pd.DataFrame()
        if first_row(
            con, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'account_facts' AND NOT temporary"
        ):
            accounts = frame_of(con.sql("SELECT * FROM account_facts ORDER BY customer_id").to_arrow_table())
    return History(orders, deals, accounts)


_NO_ORDERS = pd.DataFrame(
    {"customer_id": [], "order_key": [], "ordered_on": pd.to_datetime([]), "value": [], "margin": []}
)
_NO_DEALS = pd.DataFrame(
    {
        "stage": [],
        "outcome": [],
        "lost_reason": [],
        "amount": [],
        "probability": [],
        "closed_on": pd.to_datetime([]),
    }
)


def churn_signs(workspace: Workspace, as_of: date) -> ChurnSigns:
    """Ask every source who has left, with the choices saved for the workspace."""
    options = FactOptions(**workspace.setting("facts", {}))
    with _converted(workspace, *LINKED_KINDS) as (con, loaded):
        tables = {kind: engine.unbound(con, f"k_{kind}") for kind in sorted(loaded)}

        def small(expression: ibis.Expr) -> pd.DataFrame:
            return engine.frame(con, expression)

        options = before_assembling(tables, options, small)
        whole, gaps, silences, span = None, np.array([]), np.array([]), float("inf")
        if "orders" in loaded:
            whole = _stored(con, "whole", order_facts.whole_orders(conform(tables)["orders"], as_of))
            gaps = small(order_facts.gaps(whole).select("gap_days"))["gap_days"].to_numpy(float)
            stood = whole.filter(whole.stands & whole.ordered_on.notnull())
            last = small(
                stood.group_by("customer_id").agg(last=stood.ordered_on.max(), first=stood.ordered_on.min())
            )
            today = pd.Timestamp(as_of)
            silences = (today - pd.to_datetime(last["last"])).dt.days.to_numpy(float)
            span = float((today - pd.to_datetime(last["first"]).min()).days) if len(last) else float("nan")
        row = _stored(con, "assembled", build.assembled(tables, as_of, options, whole))
        days = options.inactivity_days or churn.rhythm(gaps, silences, span_days=span).threshold_days
        customers = row.filter(is_customer(row))
        says = churn.signs(customers, as_of, days)
        counts = small(
            customers.agg(
                **{f"known {name}": said.notnull().cast("int64").sum() for name, said in says.items()},
                **{f"left {name}": said.fill_null(False).cast("int64").sum() for name, said in says.items()},
            )
        ).fillna(0).iloc[0]  # fmt: skip
        combinations, contradictory = churn.disagreeing(row, as_of, days)
        conflicts = churn.conflicts(small(contradictory), small(combinations))
    sources = pd.DataFrame(
        [(name, words, int(counts[f"known {name}"]), int(counts[f"left {name}"])) for name, words in churn.SIGNS.items()],
        columns=["rule", "words", "known", "left"],
    )  # fmt: skip
    # A date column without any date says nothing; with some it says "still here" by its blanks.
    said = (sources["known"] > 0) & ~((sources["rule"] == "date") & (sources["left"] == 0))
    stated = conflicts[(conflicts["first"] != "inactivity") & (conflicts["second"] != "inactivity")]
    return ChurnSigns(sources[said].reset_index(drop=True), stated, gaps, silences, span)


def _stored(con: duckdb.DuckDBPyConnection, name: str, expression: ibis.Table) -> ibis.Table:
    con.execute(f'CREATE OR REPLACE TEMP TABLE "signs: {name}" AS {engine.sql(expression)}')
    return engine.unbound(con, f"signs: {name}")


def with_accounts(facts: Facts, accounts: pd.DataFrame) -> Facts:
    """The facts' attributes over all accounts, also those that never bought, for win rates of a segment."""
    known = [name for name in facts.catalogue if name in accounts.columns]
    return replace(
        facts,
        frame=accounts.reset_index(drop=True),
        catalogue={name: facts.catalogue[name] for name in known},
        _memory={},
    )


def decided(facts: Facts, accounts: pd.DataFrame) -> Facts | None:
    """All accounts with a deal that was decided, won or lost, and whether any was won; None when none was lost.

    ``accounts`` are those of ``History``. The frame holds identity and attributes, ``won`` (yes/no, the one
    outcome) and ``created_on`` where it is known. Measures of customers are left out: those lost have none.
    """
    if not {"deals_won", "deals_lost"} <= set(accounts.columns):
        return None
    won = accounts["deals_won"].fillna(0).to_numpy() > 0
    lost = accounts["deals_lost"].fillna(0).to_numpy() > 0
    if not (lost & ~won).any() or not won.any():
        return None
    kept = [a.name for a in facts.catalogue.values() if a.role != "outcome" and a.name in accounts.columns]
    dates = [c for c in ("created_on",) if c in accounts.columns and c not in kept]
    frame = accounts.loc[won | lost, [*kept, *dates]].reset_index(drop=True)
    frame["won"] = pd.array(won[won | lost], dtype="boolean")
    about = describe_column(
        frame["won"], "won", label="Won deals", role="outcome", known_before=False,
        description="Any deal of the account was won; the others were lost.",
    )  # fmt: skip
    return replace(
        facts,
        frame=frame,
        catalogue={name: facts.catalogue[name] for name in kept} | {"won": about},
        fingerprint=f"{facts.fingerprint} with decided deals",
        _memory={},
    )
