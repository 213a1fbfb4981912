"""Names in SQL. Values are always bound; a name passes through here or it does not reach the engine."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from icp_core.errors import UnknownColumnError


def quote_identifier(name: str) -> str:
    """Return ``name`` as a quoted SQL identifier.

    >>> quote_identifier('O"Brien; DROP TABLE x')
    '"O""Brien; DROP TABLE x"'
    """
    if not name or "\x00" in name:
        raise ValueError(f"{name!r} cannot name a column or table.")
    return '"' + name.replace('"', '""') + '"'


def quoted_column(name: str, known: Collection[str]) -> str:
    """Quote ``name`` if it is one of ``known``, else raise ``UnknownColumnError``."""
    if name not in known:
        raise UnknownColumnError(name, known)
    return quote_identifier(name)


_COLUMNS = """
SELECT column_name
FROM duckdb_columns()
WHERE table_name = $table
  AND database_name = current_database()
ORDER BY column_index
"""


def column_names(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Columns of ``table`` (or view) in order; empty when there is no such table."""
    return [name for (name,) in con.execute(_COLUMNS, {"table": table}).fetchall()]


def first_row(con: duckdb.DuckDBPyConnection, query: str, params: object = None) -> tuple | None:
    """The first row of a query, or None.

    Reads to the end: the engine refuses further work on a connection whose result is half read.
    """
    rows = con.execute(query, params).fetchall() if params is not None else con.execute(query).fetchall()
    return rows[0] if rows else None
