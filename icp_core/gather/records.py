"""The rows of each kind of table, as loaded: one relation per kind over all imports.

Nothing is stored twice: a kind is the union of the typed tables of its imports, less the rows that do
not count (rejected, dropped, duplicate, superseded), plus the customer each row belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from icp_core.gather.recognise import Recognition, recognition_from_dict
from icp_core.sql import first_row, quote_identifier
from icp_core.vocabulary import FIELDS, KINDS
from icp_core.vocabulary.money import RateTable
from icp_core.workspace import Workspace

DUCKDB_TYPE = {
    "number": "DOUBLE",
    "money": "DOUBLE",
    "percent": "DOUBLE",
    "score": "DOUBLE",
    "date": "DATE",
    "yes_no": "BOOLEAN",
    "multi": "VARCHAR[]",
}  # every other type of field is VARCHAR

# Kinds whose rows belong to a customer. Prospects are kept apart; costs belong to a channel.
LINKED_KINDS = (
    "customers",
    "contacts",
    "deals",
    "orders",
    "subscriptions",
    "usage",
    "tickets",
    "responses",
    "notes",
    "champions",
)


def import_ids(con: duckdb.DuckDBPyConnection, kind: str) -> list[int]:
    """Ids of the imports of one kind, oldest first."""
    rows = con.execute(
        "SELECT import_id FROM imports WHERE kind = $kind ORDER BY import_id", {"kind": kind}
    ).fetchall()
    return [import_id for (import_id,) in rows]


def recognitions(con: duckdb.DuckDBPyConnection, kind: str) -> dict[int, Recognition]:
    """How each import of one kind was understood, by import id."""
    rows = con.execute(
        "SELECT import_id, recognition FROM imports WHERE kind = $kind ORDER BY import_id", {"kind": kind}
    ).fetchall()
    return {import_id: recognition_from_dict(json.loads(text)) for import_id, text in rows}


def csat_scales(con: duckdb.DuckDBPyConnection, kind: str) -> dict[int, tuple[float, float]]:
    """(worst, best) satisfaction by import id, where a file has a column for it; the best is the highest number."""
    scales = {}
    for import_id, recognition in recognitions(con, kind).items():
        scale = next((c.options.get("scale") for c in recognition.columns if c.field == "csat"), None)
        if scale and float(scale[1]) > float(scale[0]):
            scales[import_id] = (float(scale[0]), float(scale[1]))
    return scales


def column_type(kind: str, field: str) -> str:
    return DUCKDB_TYPE.get(FIELDS[kind][field].type, "VARCHAR")


def rows_sql(con: duckdb.DuckDBPyConnection, kind: str) -> str:
    """SQL text: all counted rows of ``kind`` with ``import_id``, ``_row`` and every field of the kind.

    Tables are named by import id (a number), so no user text reaches the statement.
    """
    ids = import_ids(con, kind)
    columns = con.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE list_contains($tables, table_name)",
        {"tables": [f"typed_{int(i)}" for i in ids]},
    ).fetchall()
    as_text = _texts_where_types_differ(columns)
    parts = [
        f"SELECT {int(i)}::BIGINT AS import_id, *{as_text.get(i, '')} FROM {quote_identifier(f'typed_{int(i)}')}"
        for i in ids
    ]
    # A field the vocabulary gained since the tables were loaded is blank in all of them.
    known = {column for _, column, _ in columns}
    blank = [
        f"NULL::{column_type(kind, field)} AS {quote_identifier(field)}"
        for field in FIELDS[kind]
        if field not in known
    ]
    if blank or not parts:
        start = [] if parts else ["NULL::BIGINT AS import_id", "NULL::BIGINT AS _row"]
        parts.append(f"SELECT {', '.join([*start, *blank])} WHERE false")
    return f"""
        SELECT t.*
        FROM ({" UNION ALL BY NAME ".join(parts)}) AS t
        ANTI JOIN row_status AS s ON s.import_id = t.import_id AND s.row = t._row
    """


def _texts_where_types_differ(columns: Iterable[tuple[str, str, str]]) -> dict[int, str]:
    """``REPLACE`` clauses by import: a column of the user's own that two tables hold in different types is text in both.

    ``columns`` are table (``typed_<import id>``), column and type.
    """
    columns = list(columns)
    types: dict[str, set[str]] = {}
    for _, column, kind in columns:
        types.setdefault(column, set()).add(kind)
    clauses: dict[int, list[str]] = {}
    for table, column, kind in columns:
        if len(types[column]) > 1 and kind != "VARCHAR":
            name = quote_identifier(column)
            clauses.setdefault(int(table.removeprefix("typed_")), []).append(f"{name}::VARCHAR AS {name}")
    return {i: f" REPLACE ({', '.join(parts)})" for i, parts in clauses.items()}


def rate_table(workspace: Workspace, currency: str) -> RateTable:
    """Rates into ``currency``: the built-in table with the user's own over it (decisions ``rate``, ``GBP>EUR``)."""
    own = {}
    for decision in workspace.decisions("rate"):
        source, _, target = decision.key.partition(">")
        if target == currency:
            own[source] = float(decision.value)
    return RateTable.default(currency).with_rates(own)


def currencies(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Codes of all currencies that counted rows are in, by name."""
    union = " UNION ".join(
        f"SELECT upper(currency) AS code FROM ({rows_sql(con, kind)})"
        for kind in KINDS
        if "currency" in FIELDS[kind]
    )
    return [
        code
        for (code,) in con.execute(f"SELECT code FROM ({union}) WHERE code IS NOT NULL ORDER BY 1").fetchall()
    ]


def workspace_currency(workspace: Workspace) -> str:
    """The currency figures are shown in: the user's choice, else the one most rows are in, else ``""``."""
    chosen = workspace.setting("currency")
    if chosen:
        return chosen
    con = workspace.cursor()
    for kind in ("orders", "subscriptions", "deals", "customers"):
        row = first_row(
            con,
            f"""
            SELECT upper(currency)
            FROM ({rows_sql(con, kind)})
            WHERE currency IS NOT NULL
            GROUP BY 1
            ORDER BY count(*) DESC, 1
            LIMIT 1
            """,
        )
        if row:
            return row[0]
    return ""


def linked_sql(con: duckdb.DuckDBPyConnection, kind: str) -> str:
    """SQL text: the rows of a kind with ``customer_id`` and money in the workspace's currency.

    Reads the temporary table ``rates(currency, rate)``; a currency without a rate gives NULL amounts, never
    amounts of mixed currencies. Costs belong to no customer: their ``customer_id`` is NULL.
    """
    fields = FIELDS[kind]
    money = [f for f, about in fields.items() if about.type == "money"]
    rows = rows_sql(con, kind)
    links = (
        "JOIN links AS l ON l.import_id = t.import_id AND l.row = t._row"
        if kind in LINKED_KINDS
        else "CROSS JOIN (SELECT NULL::VARCHAR AS customer_id) AS l"
    )
    if "currency" not in fields or not money:
        return f"SELECT t.*, l.customer_id FROM ({rows}) AS t {links}"
    converted = ", ".join(
        f"{quote_identifier(f)} * CASE WHEN t.currency IS NULL THEN 1 ELSE r.rate END AS {quote_identifier(f)}"
        for f in money
    )
    return f"""
        SELECT t.* REPLACE ({converted}), l.customer_id
        FROM ({rows}) AS t
        {links}
        LEFT JOIN rates AS r ON r.currency = upper(t.currency)
    """


def frame(workspace: Workspace, kind: str) -> pd.DataFrame:
    """All counted rows of a kind as a frame: import_id, _row, customer_id (blank = no customer), every field,
    then the columns of the user's own; in the order loaded. Money stays in each row's currency.
    """
    con = workspace.cursor()
    links = (
        "LEFT JOIN links AS l ON l.import_id = t.import_id AND l.row = t._row" if kind in LINKED_KINDS else ""
    )
    customer = "l.customer_id" if kind in LINKED_KINDS else "NULL::VARCHAR AS customer_id"
    table = con.sql(
        f"SELECT {customer}, t.* FROM ({rows_sql(con, kind)}) AS t {links} ORDER BY t.import_id, t._row"
    ).to_arrow_table()
    return frame_of(table)


def frame_of(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a frame whose blanks are one thing: lists or None, nullable booleans, dates, floats, text.

    Rows with the same list share one object: a list of a frame is never changed in place.
    """
    columns = {}
    for name in table.column_names:
        column = table.column(name)
        if pa.types.is_list(column.type):
            columns[name] = _lists(column.combine_chunks())
        elif pa.types.is_boolean(column.type):
            columns[name] = pd.Series(pd.BooleanDtype().__from_arrow__(column))
        elif pa.types.is_date(column.type):
            columns[name] = column.cast(pa.timestamp("s")).to_pandas()
        else:
            columns[name] = column.to_pandas()
    # Columns as they are: gathering them into one block would copy every number.
    return pd.DataFrame(columns, copy=False)


# Joins the members of a list into one text to tell lists apart; no file holds these letters.
BETWEEN = "\x1f\x00\x1f"


def _lists(column: pa.ListArray) -> pd.Series:
    """Lists as Python objects, one per distinct list: a million rows hold few different ones."""
    members = column.flatten()
    empty_text = pa.types.is_string(members.type) and pc.any(pc.equal(members, "")).as_py()
    # Joined, a blank member, an empty text or a number would be lost.
    if not pa.types.is_string(members.type) or members.null_count or empty_text:
        return pd.Series(column.to_pylist(), dtype=object)
    joined = pc.binary_join(column, BETWEEN).dictionary_encode()
    distinct = np.empty(len(joined.dictionary) + 1, dtype=object)
    for place, text in enumerate(joined.dictionary.to_pylist()):
        distinct[place] = text.split(BETWEEN) if text else []
    # The last place, None, is what -1 finds.
    return pd.Series(distinct[joined.indices.fill_null(-1).to_numpy()], dtype=object)


def own_columns(workspace: Workspace, kind: str) -> dict[str, tuple[str, str]]:
    """Columns of a kind that the vocabulary does not know (survey questions, say): slug → (label, type)."""
    found: dict[str, tuple[str, str]] = {}
    for recognition in recognitions(workspace.cursor(), kind).values():
        for column in recognition.columns:
            if column.field is None and column.include:
                found.setdefault(column.slug, (column.label, column.type))
    return found
