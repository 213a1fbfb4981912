"""Which rows of an import count: those set aside, and those that a newer export of the same table renews."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from icp_core.gather.convert import TypedTable
from icp_core.gather.raw_table import Problem
from icp_core.sql import first_row, quote_identifier

# What makes a row of a kind the same thing in a newer export. An order keeps all its lines together.
KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "customers": (("account_id",), ("domain",), ("email",), ("account_name",)),
    "contacts": (("contact_id",), ("email",)),
    "deals": (("deal_id",),),
    "orders": (("order_id",),),
    "subscriptions": (("subscription_id",),),
    "usage": (("account_id", "period_on"), ("domain", "period_on"), ("email", "period_on")),
    "tickets": (("ticket_id",),),
    "responses": (("response_id",), ("email", "answered_on")),
    "prospects": (("account_id",), ("domain",), ("email",), ("account_name",)),
    "costs": (("period_on", "channel", "campaign"), ("period_on", "channel")),
}
# In these kinds one key stands on several rows (the lines of an order), so a repeated key is no duplicate.
_KEY_REPEATS = frozenset({"orders"})
# Rows that name nobody may be equal by chance: two people who tick the same boxes, or none, are two people.
_EQUAL_BY_CHANCE = frozenset({"responses"})


def mark_rows(con: duckdb.DuckDBPyConnection, import_id: int, typed: TypedTable) -> int:
    """Set aside the rows of an import that are no records or say a thing twice; returns how many are double."""
    _add(con, import_id, "rejected", typed.rejected_rows)
    _add(con, import_id, "dropped", typed.dropped_rows)
    return _mark_duplicates(con, import_id, typed.kind, typed.arrow)


def settle_superseded(con: duckdb.DuckDBPyConnection, shape: str) -> None:
    """Work out anew, for all exports of one shape from the oldest on, which rows a newer one has renewed."""
    exports = con.execute(
        "SELECT import_id, kind, mode FROM imports WHERE shape = $shape ORDER BY import_id", {"shape": shape}
    ).fetchall()
    con.execute(
        "DELETE FROM row_status WHERE status = 'superseded' AND list_contains($ids, import_id)",
        {"ids": [import_id for import_id, _, _ in exports]},
    )
    for import_id, kind, mode in exports:
        supersede(con, import_id, kind, shape, mode)


def key_of(kind: str, typed: pa.Table) -> tuple[str, ...] | None:
    """The fields that identify a row of this table, the first choice whose columns are mostly filled."""
    for key in KEYS.get(kind, ()):
        if typed.num_rows and all(typed.column(f).null_count <= 0.05 * typed.num_rows for f in key):
            return key
    return None


def _mark_duplicates(con: duckdb.DuckDBPyConnection, import_id: int, kind: str, typed: pa.Table) -> int:
    """Rows that say the same thing twice count once: the last of a repeated key, else the first of equal rows.

    Lines of an order are equal by chance (two boxes of the same screws), so orders know no duplicates here.
    """
    if kind in _KEY_REPEATS:
        return 0
    key = key_of(kind, typed)
    if key is None and kind in _EQUAL_BY_CHANCE:
        return 0
    table = quote_identifier(f"typed_{import_id}")
    if key is None:
        columns = ", ".join(quote_identifier(c) for c in typed.column_names if c != "_row")
        partition, order, reason = columns, "_row", "Every cell is the same as in an earlier row."
        filled = "TRUE"
    else:
        partition = ", ".join(quote_identifier(f) for f in key)
        order, reason = "_row DESC", f"The same {' and '.join(key).replace('_', ' ')} stands in a later row."
        filled = " AND ".join(f"{quote_identifier(f)} IS NOT NULL" for f in key)
    con.execute(
        f"""
        INSERT INTO row_status
        SELECT $id, _row, 'duplicate', $reason, $id
        FROM {table} AS t
        ANTI JOIN row_status AS s ON s.import_id = $id AND s.row = t._row
        WHERE {filled}
        QUALIFY row_number() OVER (PARTITION BY {partition} ORDER BY {order}) > 1
        """,
        {"id": import_id, "reason": reason},
    )
    return first_row(
        con,
        "SELECT count(*) FROM row_status WHERE import_id = $id AND status = 'duplicate'",
        {"id": import_id},
    )[0]


def supersede(con: duckdb.DuckDBPyConnection, import_id: int, kind: str, shape: str, mode: str) -> int:
    """Set aside the rows of older exports of the same table that this one renews; returns how many.

    ``mode`` is "update" (rows with the same key), "replace" (all rows) or anything else (none). Where a corrected
    table has no key any more, the whole older export is replaced: rows counted twice would be worse.
    """
    if mode not in ("update", "replace"):
        return 0
    older = con.execute(
        "SELECT import_id FROM imports WHERE kind = $kind AND shape = $shape AND import_id < $id",
        {"kind": kind, "shape": shape, "id": import_id},
    ).fetchall()
    if not older:
        return 0
    table = quote_identifier(f"typed_{import_id}")
    key = _stored_key(con, kind, table) if mode == "update" else None
    same_key = "TRUE"
    if key is not None:
        same_key = " AND ".join(
            f"n.{quote_identifier(f)} IS NOT DISTINCT FROM o.{quote_identifier(f)}" for f in key
        )
    count = 0
    for (old,) in older:
        rows = con.execute(
            f"""
            INSERT INTO row_status
            SELECT $old, o._row, 'superseded', $reason, $id
            FROM {quote_identifier(f"typed_{old}")} AS o
            ANTI JOIN row_status AS s ON s.import_id = $old AND s.row = o._row
            WHERE EXISTS (SELECT 1 FROM {table} AS n WHERE {same_key})
            RETURNING row
            """,
            {"old": old, "id": import_id, "reason": "A newer export of the same table has this row."},
        ).fetchall()
        count += len(rows)
    return count


def _stored_key(con: duckdb.DuckDBPyConnection, kind: str, table: str) -> tuple[str, ...] | None:
    fields = dict.fromkeys(f for key in KEYS.get(kind, ()) for f in key)
    if not fields:
        return None
    columns = ", ".join(quote_identifier(f) for f in fields)
    return key_of(kind, con.sql(f"SELECT {columns} FROM {table}").to_arrow_table())


def _add(con: duckdb.DuckDBPyConnection, import_id: int, status: str, rows: list[tuple[int, str]]) -> None:
    if not rows:
        return
    incoming = pa.table({"row": [r for r, _ in rows], "reason": [reason for _, reason in rows]})
    con.register("incoming", incoming)
    con.execute(
        "INSERT INTO row_status SELECT $id, row, $status, reason, $id FROM incoming",
        {"id": import_id, "status": status},
    )
    con.unregister("incoming")


def add_problems(con: duckdb.DuckDBPyConnection, import_id: int, problems: list[Problem]) -> None:
    """Keep what was not right with an import."""
    if not problems:
        return
    columns = {
        "row": pa.array([p.row for p in problems], pa.int64()),
        "column": pa.array([p.column for p in problems], pa.string()),
        "value": pa.array([p.value for p in problems], pa.string()),
        "problem": pa.array([p.problem for p in problems], pa.string()),
        "fix": pa.array([p.fix for p in problems], pa.string()),
    }
    con.register("incoming", pa.table(columns))
    con.execute(
        'INSERT INTO problems SELECT $id, row, "column", value, problem, fix FROM incoming', {"id": import_id}
    )
    con.unregister("incoming")
