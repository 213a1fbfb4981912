"""What a newer export of a table would change: how many rows are new, changed or gone, and which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd

from icp_core.gather import row_status
from icp_core.gather.convert import TypedTable
from icp_core.gather.mapping import Recognition
from icp_core.sql import quote_identifier

# So many rows of each sort are listed.
MOST_SHOWN = 200
NEW, CHANGED, GONE = "New", "Changed", "Not in it any more"
_AS_TEXT = (
    "CASE WHEN typeof({0}) = 'DOUBLE' THEN regexp_replace({0}::VARCHAR, '\\.0$', '') ELSE {0}::VARCHAR END"
)
_NAMES = ("account_name", "deal_name", "person_name", "subject", "product", "email", "account_id")


@dataclass(frozen=True)
class Changes:
    """What a newer export would do to the one loaded before."""

    previous_import: int
    added: int
    changed: int
    unchanged: int
    vanished: int


def _key_sql(key: Sequence[str]) -> str:
    return " || chr(31) || ".join(f"coalesce({quote_identifier(f)}::VARCHAR, '')" for f in key)


def _digests(
    con: duckdb.DuckDBPyConnection, table: str, key: Sequence[str], columns: list[str]
) -> dict[str, int]:
    """Key → digest of all rows with that key, in one number per key."""
    cells = ", ".join(quote_identifier(c) for c in columns)
    rows = con.execute(
        f"SELECT {_key_sql(key)} AS k, bit_xor(hash({cells})) FROM {quote_identifier(table)} GROUP BY 1"
    ).fetchall()
    return dict(rows)


def _compared(
    con: duckdb.DuckDBPyConnection, previous: int, recognition: Recognition, typed: TypedTable
) -> tuple[tuple[str, ...], list[str]]:
    """The key of the rows and the columns that both exports have; without a key the whole row is one."""
    before = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = $t", {"t": f"typed_{previous}"}
    ).fetchall()
    columns = sorted({name for (name,) in before} & set(typed.arrow.column_names) - {"_row"})
    return row_status.key_of(recognition.kind, typed.arrow) or tuple(columns), columns


def changes_between(
    con: duckdb.DuckDBPyConnection, previous: int, recognition: Recognition, typed: TypedTable
) -> Changes:
    """Count what a table changes against the import loaded before."""
    key, columns = _compared(con, previous, recognition, typed)
    con.register("incoming", typed.arrow)
    try:
        after = _digests(con, "incoming", key, columns)
    finally:
        con.unregister("incoming")
    before = _digests(con, f"typed_{previous}", key, columns)
    both = before.keys() & after.keys()
    changed = sum(before[k] != after[k] for k in both)
    return Changes(
        previous_import=previous,
        added=len(after.keys() - before.keys()),
        changed=changed,
        unchanged=len(both) - changed,
        vanished=len(before.keys() - after.keys()),
    )


def changed_rows(
    con: duckdb.DuckDBPyConnection,
    previous: int,
    recognition: Recognition,
    typed: TypedTable,
    most: int = MOST_SHOWN,
) -> pd.DataFrame:
    """The rows that are new, changed or gone, at most so many of each: change, row, difference.

    ``row`` is the name of the row, else its key; ``difference`` says which cells change, from what to what.
    """
    key, columns = _compared(con, previous, recognition, typed)
    con.register("incoming", typed.arrow)
    try:
        after = _digests(con, "incoming", key, columns)
        before = _digests(con, f"typed_{previous}", key, columns)
        added = sorted(after.keys() - before.keys())[:most]
        gone = sorted(before.keys() - after.keys())[:most]
        changed = sorted(k for k in before.keys() & after.keys() if before[k] != after[k])[:most]
        new_rows = _rows(con, "incoming", key, columns, [*added, *changed])
        old_rows = _rows(con, f"typed_{previous}", key, columns, [*gone, *changed])
    finally:
        con.unregister("incoming")
    labels = {c.slug: c.label for c in recognition.columns}
    lines = [(NEW, _named(new_rows[k], k), "") for k in added]
    lines += [
        (CHANGED, _named(new_rows[k], k), _difference(old_rows[k], new_rows[k], labels)) for k in changed
    ]
    lines += [(GONE, _named(old_rows[k], k), "") for k in gone]
    return pd.DataFrame(lines, columns=["change", "row", "difference"])


def _rows(
    con: duckdb.DuckDBPyConnection, table: str, key: Sequence[str], columns: list[str], wanted: Iterable[str]
) -> dict[str, dict[str, str | None]]:
    """Key → cells as text of one row with that key; whole numbers without a point."""
    cells = ", ".join(_AS_TEXT.format(f"any_value({quote_identifier(c)})") for c in columns)
    found = con.execute(
        f"""
        SELECT {_key_sql(key)} AS k, {cells} FROM {quote_identifier(table)}
        WHERE list_contains($wanted, {_key_sql(key)}) GROUP BY 1
        """,
        {"wanted": list(wanted)},
    ).fetchall()
    return {k: dict(zip(columns, row, strict=True)) for k, *row in found}


def _named(row: dict[str, str | None], key: str) -> str:
    return next((row[name] for name in _NAMES if row.get(name)), key.replace("\x1f", " · ")) or ""


def _difference(old: dict[str, str | None], new: dict[str, str | None], labels: dict[str, str]) -> str:
    parts = [
        f"{labels.get(c, c)}: {old[c] or 'blank'} → {new[c] or 'blank'}" for c in new if old.get(c) != new[c]
    ]
    return "; ".join(parts) or "Lines of it"
