"""Run the facts inside DuckDB: Ibis writes the query, the workspace's own connection runs it.

Ibis cannot attach to a locked-down connection (it changes settings on the way in), and it need not: the
expressions are compiled against the columns the tables have, without any connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb
import ibis
import pandas as pd

from icp_core.facts import build as facts_build
from icp_core.facts import choices
from icp_core.facts.options import FactOptions
from icp_core.sql import quote_identifier

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
    """What was decided on the way to the facts: the options in force, each choice as a sentence, counts."""

    options: FactOptions
    churn_definition: str
    revenue_definition: str
    notes: Mapping[str, str]
    warnings: tuple[str, ...]
    counts: Mapping[str, int]


def unbound(con: duckdb.DuckDBPyConnection, name: str) -> ibis.Table:
    """The DuckDB table or view ``name`` as an Ibis table that is compiled only, never executed by Ibis."""
    described = con.execute(f"DESCRIBE SELECT * FROM {quote_identifier(name)}").fetchall()  # noqa: S608
    return ibis.table({column: _DUCK_TYPES.get(kind, "string") for column, kind, *_ in described}, name=name)


def sql(expression: ibis.Expr) -> str:
    """The DuckDB query of an expression."""
    return str(ibis.to_sql(expression, dialect="duckdb", pretty=False))


def frame(con: duckdb.DuckDBPyConnection, expression: ibis.Expr) -> pd.DataFrame:
    """Run an expression over tables of ``con``; for small results."""
    return con.execute(sql(expression)).df()


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
    tables = {kind: unbound(con, name) for kind, name in names.items()}
    if not tables:
        raise ValueError("There is no table to measure customers from.")
    resolved = choices.resolve(
        tables, as_of, options or FactOptions(), lambda expression: frame(con, expression)
    )
    everyone = facts_build.accounts(tables, as_of, resolved.options)
    kept = accounts_into or f"{into}_accounts"
    con.execute(f"CREATE OR REPLACE TEMP TABLE {quote_identifier(kept)} AS {sql(everyone)}")
    con.execute(
        f"CREATE OR REPLACE TABLE {quote_identifier(into)} AS "  # noqa: S608
        f"SELECT * EXCLUDE (is_customer) FROM {quote_identifier(kept)} WHERE is_customer ORDER BY customer_id"
    )
    if accounts_into is None:
        con.execute(f"DROP TABLE {quote_identifier(kept)}")
    return Measured(
        options=resolved.options,
        churn_definition=resolved.churn_definition,
        revenue_definition=resolved.revenue_definition,
        notes=resolved.notes,
        warnings=resolved.warnings,
        counts=resolved.counts,
    )
