"""Whose row is this? Settled for all rows at once after every import, merge or undo."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import duckdb
import pandas as pd
import pyarrow as pa

from icp_core.gather.match import Matching, match
from icp_core.gather.records import LINKED_KINDS, rows_sql
from icp_core.sql import first_row, quote_identifier
from icp_core.vocabulary import FIELDS, KINDS
from icp_core.workspace import Workspace

IDENTITY = (
    "account_id",
    "account_name",
    "domain",
    "email",
    "person_name",
    "address",
    "phone",
    "city",
    "country",
)


# CRMs link a deal to its account by id or name; the place beside it may be where the deal is done.
_NO_IDENTITY = {"deals": frozenset(("city", "country"))}
# What rows that name no customer may share with one that does: the lines of an order, the usage of a subscription.
_REFERENCES = {"order_id": "Same order number.", "subscription_id": "Same subscription."}
# Fewer known numbers than this share of a table's, and they are another shop's that are equal by chance.
_KNOWN_REFERENCES = 0.5


def _identity_sql(con: duckdb.DuckDBPyConnection, kind: str) -> str:
    told = FIELDS[kind].keys() - _NO_IDENTITY.get(kind, frozenset())
    columns = ", ".join(
        quote_identifier(f) if f in told else f"NULL::VARCHAR AS {quote_identifier(f)}" for f in IDENTITY
    )
    return f"SELECT $kind_{kind} AS kind, import_id, _row AS row, {columns} FROM ({rows_sql(con, kind)})"


def link_rows(workspace: Workspace, *, progress: Callable[[float, str], None] | None = None) -> Matching:
    """Match all rows to customers and keep the result (accounts, links, proposals).

    Equal identities are matched once: ten million order lines of one customer are one question.
    ``progress`` is told the share done and what is done now, and may raise to stop.
    """
    tell = progress or (lambda share, what: None)
    with workspace.transaction() as con:
        tell(0.0, "Collecting who the rows speak of")
        distinct, decisions = _identities(workspace, con)
        tell(0.3, "Settling whose rows they are")
        matching = match(
            distinct, decisions, lambda share: tell(0.3 + 0.5 * share, "Settling whose rows they are")
        )
        tell(0.8, "Keeping whose rows they are")
        _store(con, matching)
        _link_by_reference(con)
        con.execute("DROP TABLE identities")
        con.execute("DROP TABLE identity_keys")
    return matching


def merges(workspace: Workspace) -> pd.DataFrame:
    """Every join of records that are not plainly the same, worked out anew from the rows: what was merged and why.

    Columns as in ``Matching.merges``: customer_id, left_id, left_name, right_id, right_name, reason, score.
    """
    con = workspace.cursor()
    found = _matching(workspace, con).merges
    con.execute("DROP TABLE identities")
    con.execute("DROP TABLE identity_keys")
    return found


def described(workspace: Workspace, customer_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """What the rows say about some customers, for a look side by side: label → value, blank ones left out."""
    con = workspace.cursor()
    ids = list(customer_ids)
    found: dict[str, dict[str, str]] = {}
    rows = con.execute(
        "SELECT customer_id, customer_name, domain, details FROM accounts WHERE list_contains($ids, customer_id)",
        {"ids": ids},
    ).fetchall()
    for customer_id, name, domain, details in rows:
        about = json.loads(details or "{}")
        values = {"Name": name, "Web domain": domain} | {
            label: about.get(key)
            for key, label in (("email", "E-mail"), ("city", "City"), ("country", "Country"))
        }
        found[customer_id] = {label: value for label, value in values.items() if value}
    counted = con.execute(
        """
        SELECT l.customer_id, i.kind, count(*)
        FROM links AS l JOIN imports AS i USING (import_id)
        WHERE list_contains($ids, l.customer_id)
        GROUP BY ALL ORDER BY ALL
        """,
        {"ids": ids},
    ).fetchall()
    for customer_id, kind, n in counted:
        line = f"{n:,} in {KINDS[kind].label.lower()}"
        about = found.setdefault(customer_id, {})
        about["Rows"] = f"{about['Rows']}, {line}" if "Rows" in about else line
    return found


def _matching(workspace: Workspace, con: duckdb.DuckDBPyConnection) -> Matching:
    return match(*_identities(workspace, con))


def _identities(workspace: Workspace, con: duckdb.DuckDBPyConnection) -> tuple[pa.Table, list[dict]]:
    """Who all rows speak of, each once, and what the user decided; leaves two temporary tables behind."""
    union = " UNION ALL ".join(_identity_sql(con, kind) for kind in LINKED_KINDS)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE identities AS {union}",
        {f"kind_{kind}": kind for kind in LINKED_KINDS},
    )
    keys = ", ".join(quote_identifier(f) for f in IDENTITY)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE identity_keys AS
        SELECT row_number() OVER (ORDER BY kind, import_id, row) AS key_id, *
        FROM (SELECT kind, import_id, min(row) AS row, {keys} FROM identities GROUP BY ALL)
        """
    )
    distinct = con.sql(
        f"SELECT kind, import_id, row, {keys} FROM identity_keys ORDER BY key_id"
    ).to_arrow_table()
    decisions = [
        {**decision.value, "key": decision.key} for decision in workspace.decisions("merge") if decision.value
    ]
    return distinct, decisions


def _store(con: duckdb.DuckDBPyConnection, matching: Matching) -> None:
    for table in ("accounts", "links", "match_proposals"):
        con.execute(f"DELETE FROM {table}")
    customers = matching.customers
    extra = [c for c in customers.columns if c not in ("customer_id", "customer_name", "domain")]
    details = [
        json.dumps({c: v for c, v in zip(extra, row, strict=True) if isinstance(v, str)}, ensure_ascii=False)
        for row in customers[extra].itertuples(index=False)
    ]
    con.register(
        "incoming",
        pa.table(
            {
                "customer_id": _text(customers["customer_id"]),
                "customer_name": _text(customers["customer_name"]),
                "domain": _text(customers["domain"]),
                "details": pa.array(details, pa.string()),
            }
        ),
    )
    con.execute("INSERT INTO accounts SELECT * FROM incoming")
    con.unregister("incoming")
    links = matching.links
    con.register(
        "incoming",
        pa.table(
            {
                "import_id": pa.array(links["import_id"], pa.int64()),
                "row": pa.array(links["row"], pa.int64()),
                "customer_id": _text(links["customer_id"]),
                "reason": _text(links["reason"]),
                "score": pa.array(links["score"], pa.float64()),
            }
        ),
    )
    same = " AND ".join(
        f"i.{quote_identifier(f)} IS NOT DISTINCT FROM k.{quote_identifier(f)}" for f in IDENTITY
    )
    con.execute(
        f"""
        INSERT INTO links
        SELECT i.import_id, i.row, l.customer_id, l.reason, l.score
        FROM incoming AS l
        JOIN identity_keys AS k ON k.import_id = l.import_id AND k.row = l.row
        JOIN identities AS i ON i.import_id = k.import_id AND {same}
        """
    )
    con.unregister("incoming")
    proposals = matching.proposals
    con.register(
        "incoming",
        pa.table(
            {c: _text(proposals[c]) for c in ("left_id", "left_name", "right_id", "right_name")}
            | {"score": pa.array(proposals["score"], pa.float64()), "reason": _text(proposals["reason"])}
        ),
    )
    con.execute("INSERT INTO match_proposals SELECT * FROM incoming")
    con.unregister("incoming")


def _link_by_reference(con: duckdb.DuckDBPyConnection) -> None:
    """Give rows that name nobody the customer of the rows with the same order or subscription number."""
    for field, reason in _REFERENCES.items():
        kinds = [kind for kind in LINKED_KINDS if field in FIELDS[kind]]
        if not _rows_of_nobody(con, kinds):
            continue
        union = " UNION ALL ".join(
            f"SELECT import_id, _row AS row, {field} AS reference FROM ({rows_sql(con, kind)}) WHERE {field} IS NOT NULL"
            for kind in kinds
        )
        con.execute(f"CREATE OR REPLACE TEMP TABLE numbered AS {union}")
        con.execute(
            """
            CREATE OR REPLACE TEMP TABLE nobodys AS
            SELECT n.* FROM numbered AS n ANTI JOIN links AS l ON l.import_id = n.import_id AND l.row = n.row
            """
        )
        con.execute(
            """
            INSERT INTO links
            WITH owners AS (
                SELECT n.reference, min(l.customer_id) AS customer_id
                FROM numbered AS n
                JOIN links AS l ON l.import_id = n.import_id AND l.row = n.row
                WHERE n.reference IN (SELECT reference FROM nobodys)
                GROUP BY n.reference
                HAVING count(DISTINCT l.customer_id) = 1
            ),
            found AS (SELECT n.*, o.customer_id FROM nobodys AS n LEFT JOIN owners AS o USING (reference)),
            related AS (
                SELECT import_id FROM found
                GROUP BY import_id HAVING count(customer_id) >= $known * count(*)
            )
            SELECT f.import_id, f.row, f.customer_id, $reason, 1.0
            FROM found AS f SEMI JOIN related AS r USING (import_id)
            WHERE f.customer_id IS NOT NULL
            """,
            {"known": _KNOWN_REFERENCES, "reason": reason},
        )
        con.execute("DROP TABLE numbered")
        con.execute("DROP TABLE nobodys")


def _rows_of_nobody(con: duckdb.DuckDBPyConnection, kinds: Sequence[str]) -> int:
    """How many rows of these kinds belong to no customer: counted, which is much faster than looking for them."""
    union = " UNION ALL ".join(
        f"SELECT import_id, count(*) AS n FROM ({rows_sql(con, kind)}) GROUP BY import_id" for kind in kinds
    )
    (missing,) = first_row(
        con,
        f"""
        SELECT coalesce(sum(r.n - coalesce(l.n, 0)), 0)
        FROM ({union}) AS r
        LEFT JOIN (SELECT import_id, count(*) AS n FROM links GROUP BY import_id) AS l USING (import_id)
        """,
    )
    return int(missing)


def _text(values) -> pa.Array:
    return pa.array([None if v is None or v != v else str(v) for v in values], pa.string())
