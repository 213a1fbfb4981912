"""Run the facts inside DuckDB: Ibis writes the query, the workspace's own connection runs it.

Ibis cannot attach to a locked-down connection (it changes settings on the way in), and it need not: the
expressions are compiled against the columns the tables have, without any connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import duckdb
import ibis
import ibis.expr.operations as ops
import pandas as pd

from icp_core.facts import build as facts_build
from icp_core.facts import choices, churn, deals, orders
from icp_core.facts.options import FactOptions
from icp_core.facts.tables import conform
from icp_core.sql import first_row, quote_identifier
from icp_core.stats.wording import count

_DUCK_TYPES = {
    "BIGINT": "int64",
    "INTEGER": "int32",
    "SMALLINT": "int16",
    "TINYINT": "int8",
    "HUGEINT": "int64",
    "UBIGINT": "uint64",
    "UINTEGER": "uint32",
    "DOUBLE": "float64",
    "FLOAT": "float32",
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "VARCHAR[]": "array<string>",
}


@dataclass(frozen=True)
class Measured:
    """What was decided on the way to the facts: the options in force, each choice as a sentence, counts.

    ``rhythm`` is the buying rhythm with its honesty line; ``conflicts`` lists the sources that contradict each other
    about who has left (see ``churn.conflicts``).
    """

    options: FactOptions
    churn_definition: str
    revenue_definition: str
    notes: Mapping[str, str]
    warnings: tuple[str, ...]
    counts: Mapping[str, int]
    rhythm: churn.Rhythm
    conflicts: pd.DataFrame


def unbound(con: duckdb.DuckDBPyConnection, name: str) -> ibis.Table:
    """The DuckDB table or view ``name`` as an Ibis table that is compiled only, never executed by Ibis."""
    described = con.execute(f"DESCRIBE SELECT * FROM {quote_identifier(name)}").fetchall()  # noqa: S608
    return ibis.table({column: _DUCK_TYPES.get(kind, "string") for column, kind, *_ in described}, name=name)


def _has_rows(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """False for an empty table: leaving it out makes the query smaller, and says the same."""
    return first_row(con, f"SELECT 1 FROM {quote_identifier(name)} LIMIT 1") is not None  # noqa: S608


def orders_frame(con: duckdb.DuckDBPyConnection, name: str, as_of: date) -> pd.DataFrame:
    """Orders that stand, one row each, for forecasts and cohorts: customer_id, order_key, ordered_on, value, margin.

    ``name`` is the DuckDB table or view of kind orders; void orders and credit notes are netted (see
    ``orders.whole_orders``), undated ones left out.
    """
    each = orders.whole_orders(conform({"orders": unbound(con, name)})["orders"], as_of)
    kept = each.filter(each.stands & each.ordered_on.notnull())
    return frame(con, kept.select("customer_id", "order_key", "ordered_on", "value", "margin"))


def deals_frame(con: duckdb.DuckDBPyConnection, name: str, as_of: date) -> pd.DataFrame:
    """Deals, one row each, with their outcome ("won", "lost", "open"); see ``deals.outcomes``."""
    return frame(con, deals.outcomes(conform({"deals": unbound(con, name)})["deals"], as_of))


def sql(expression: ibis.Expr) -> str:
    """The DuckDB query of an expression."""
    return _compiled(expression.op())


@lru_cache(maxsize=64)
def _compiled(operation: ops.Node) -> str:
    """Compiling takes longer than running on small data, and the same tables are measured again and again."""
    return str(ibis.to_sql(operation.to_expr(), dialect="duckdb", pretty=False))


def frame(con: duckdb.DuckDBPyConnection, expression: ibis.Expr) -> pd.DataFrame:
    """Run an expression over tables of ``con``; for small results."""
    return con.execute(sql(expression)).df()


@contextmanager
def _scratch(
    con: duckdb.DuckDBPyConnection, prefix: str
) -> Iterator[Callable[[str, ibis.Table], ibis.Table]]:
    """A function that stores a step in a temporary table and gives it back as a table; dropped at the end."""
    made: list[str] = []

    def keep(step: str, expression: ibis.Table) -> ibis.Table:
        name = f"{prefix}: {step}"
        con.execute(f"CREATE OR REPLACE TEMP TABLE {quote_identifier(name)} AS {sql(expression)}")
        made.append(name)
        return unbound(con, name)

    try:
        yield keep
    finally:
        for name in made:
            con.execute(f"DROP TABLE IF EXISTS temp.{quote_identifier(name)}")


def run(
    con: duckdb.DuckDBPyConnection,
    names: Mapping[str, str],
    as_of: date,
    options: FactOptions | None = None,
    *,
    into: str = "facts",
    accounts_into: str | None = None,
) -> Measured:
    """Measure every customer: create (or replace) the table ``into`` and say what was decided.

    ``names`` gives the DuckDB table or view of each loaded kind. Choices left on "auto" are made from the
    data (see ``choices.resolve``). ``accounts_into`` also keeps the accounts that never bought, with a column
    is_customer: win rates are counted there.
    """
    tables = {kind: unbound(con, name) for kind, name in names.items() if _has_rows(con, name)}
    if not tables:
        raise ValueError("There is no table to measure customers from.")

    def small(expression: ibis.Expr) -> pd.DataFrame:
        return frame(con, expression)

    options = choices.before_assembling(tables, options or FactOptions(), small)
    with _scratch(con, into) as keep:
        whole = None
        if "orders" in tables:
            whole = keep("whole_orders", orders.whole_orders(conform(tables)["orders"], as_of))
        row = keep("assembled", facts_build.assembled(tables, as_of, options, whole))
        resolved = choices.resolve(tables, row, whole, as_of, options, small)
        everyone = keep("accounts", facts_build.measured(row, as_of, resolved.options))
        ends = frame(con, facts_build.leavers(row, as_of, resolved.options)).iloc[0].fillna(0)
        buyers = everyone.filter(everyone.is_customer).drop("is_customer").order_by("customer_id")
        con.execute(f"CREATE OR REPLACE TABLE {quote_identifier(into)} AS {sql(buyers)}")
        if accounts_into is not None:
            con.execute(f"CREATE OR REPLACE TABLE {quote_identifier(accounts_into)} AS {sql(everyone)}")
    return Measured(
        options=resolved.options,
        churn_definition=resolved.churn_definition,
        revenue_definition=resolved.revenue_definition,
        notes=resolved.notes,
        warnings=(*resolved.warnings, *_of_leaving(int(ends.n), int(ends.by_activity), int(ends.unknown))),
        counts=resolved.counts,
        rhythm=resolved.rhythm,
        conflicts=resolved.conflicts,
    )


def _of_leaving(n_left: int, by_activity: int, unknown: int) -> list[str]:
    """What an unknown day of leaving costs, as sentences."""
    said = []
    if unknown > facts_build.UNKNOWN_ENDS * n_left:
        said.append(
            f"{count(unknown)} of the {count(n_left)} customers who left have no date of leaving and no last order: "
            "how long customers stay cannot be told. Load a column with the date they left."
        )
    elif by_activity:
        said.append(
            f"{count(by_activity)} of the {count(n_left)} customers who left have no date of leaving: "
            "their last order or activity stands for it."
        )
    return said
