"""Can the data be trusted? What is filled, what looks odd, and what each gap costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from icp_core.gather.records import column_type, import_ids, own_columns, rows_sql
from icp_core.sql import first_row, quote_identifier
from icp_core.vocabulary import FIELDS, KINDS
from icp_core.workspace import Workspace

COUNTED_UP_TO = 200_000  # rows
# Fields whose absence takes a figure away: kind → (fields of which one is enough, what it costs).
_GAPS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "customers": (
        (
            ("churned_on", "churned", "status"),
            "no churn date or status: who left is judged from other tables, or from silence",
        ),
        (
            ("customer_since", "created_on", "closed_on", "tenure_months"),
            "no start date: tenure begins with the first purchase, and is unknown where no orders are loaded",
        ),
        (
            ("industry", "employees", "employee_band", "country", "age", "gender"),
            "no traits of the customers: segments can only be cut by what they bought",
        ),
    ),
    "orders": (
        (("ordered_on",), "no order date: recency, rhythm and cohorts cannot be told"),
        (("cost", "margin"), "no cost or margin: value is revenue, not profit"),
    ),
    "subscriptions": (
        (("ended_on", "cancel_requested_on"), "no end date: churn cannot be read from subscriptions"),
        (("amount", "mrr", "arr"), "no price: recurring revenue is unknown"),
    ),
    "deals": (
        (("created_on",), "no creation date: the sales cycle cannot be measured"),
        (("lost_reason",), "no lost reason: why deals fail stays unknown"),
    ),
    "responses": (
        (("nps", "csat"), "no score: only answers in words can be used"),
        (
            ("email", "account_id", "account_name", "domain"),
            "no link to a customer: answers cannot be compared by value",
        ),
    ),
}
_TEST_WORDS = r"(?i)\b(test|dummy|do not use|asdf|xxx)\b"


@dataclass(frozen=True)
class Gap:
    """A field nobody filled and what it costs."""

    kind: str
    text: str


def gaps(workspace: Workspace) -> list[Gap]:
    """What the loaded tables do not say, and what each gap costs; in the order of the kinds."""
    con = workspace.cursor()
    found = []
    for kind, wants in _GAPS.items():
        if not import_ids(con, kind):
            continue
        rows = rows_sql(con, kind)
        for fields, cost in wants:
            known = " + ".join(f"count({quote_identifier(f)})" for f in fields)
            if first_row(con, f"SELECT {known} FROM ({rows})")[0] == 0:
                found.append(Gap(kind, f"{KINDS[kind].label}: {cost}."))
    return found


def health(workspace: Workspace, as_of: date) -> pd.DataFrame:
    """Every field of every loaded kind: table, field, filled (0–1), distinct, suspicious, examples.

    ``suspicious`` says in words what looks odd and how often (dates after ``as_of``, negative amounts,
    several currencies, rows that look like tests); blank when nothing does. Fields nobody filled are left
    out here: ``gaps`` says what they cost. ``distinct`` is counted up to ``COUNTED_UP_TO`` rows and estimated in
    longer tables, where counting would keep the page waiting. Ordered by kind, then as the vocabulary lists the fields.
    """
    con = workspace.cursor()
    lines = []
    for kind in KINDS:
        if not import_ids(con, kind):
            continue
        own = own_columns(workspace, kind)
        fields = {f: (about.label, column_type(kind, f)) for f, about in FIELDS[kind].items()}
        present = {
            name
            for (name,) in con.execute(f"SELECT column_name FROM (DESCRIBE {rows_sql(con, kind)})").fetchall()
        }
        fields |= {slug: (label, "") for slug, (label, _) in own.items() if slug in present}
        lines += _health_of(con, kind, fields, as_of)
    return pd.DataFrame(lines, columns=["table", "field", "filled", "distinct", "suspicious"])


def _health_of(con, kind: str, fields: dict[str, tuple[str, str]], as_of: date) -> list[tuple]:
    rows = rows_sql(con, kind)
    n = first_row(con, f"SELECT count(*) FROM ({rows})")[0]
    different = "count(DISTINCT {})" if n <= COUNTED_UP_TO else "approx_count_distinct({})"
    parts, params = [], {}
    for field, (_, type_) in fields.items():
        column = quote_identifier(field)
        parts += [
            f"count({column})",
            different.format(column),
            _odd(kind, field, column, type_, params, as_of),
        ]
    cells = first_row(con, f"SELECT {', '.join(parts)} FROM ({rows})", params)
    lines = []
    for i, (field, (label, type_)) in enumerate(fields.items()):
        filled, distinct, odd = cells[3 * i : 3 * i + 3]
        if filled:
            words = _odd_words(kind, field, type_, odd or 0)
            lines.append((KINDS[kind].label, label, filled / n, min(distinct, filled), words))
    return lines


def _odd(kind: str, field: str, column: str, type_: str, params: dict, as_of: date) -> str:
    if type_ == "DATE" and not field.startswith(("expected", "period_end", "trial_end")):
        params["as_of"] = as_of
        return f"count(*) FILTER ({column} > $as_of)"
    if type_ == "DOUBLE" and FIELDS[kind][field].type == "money" and field not in ("amount", "line_amount"):
        return f"count(*) FILTER ({column} < 0)"
    if field == "currency":
        return f"count(DISTINCT upper({column})) - 1"
    if field in ("account_name", "person_name"):
        params["test_words"] = _TEST_WORDS
        return f"count(*) FILTER (regexp_matches({column}, $test_words))"
    return "0"


def _odd_words(kind: str, field: str, type_: str, odd: int) -> str:
    if odd <= 0:
        return ""
    rows = "row" if odd == 1 else "rows"
    if field == "currency":
        return f"{odd + 1} currencies; amounts are converted"
    if type_ == "DATE":
        return f"{odd:,} {rows} after the day of the data"
    if type_ == "DOUBLE":
        return f"{odd:,} negative {rows}"
    return f"{odd:,} {rows} that {'looks' if odd == 1 else 'look'} like {'a test' if odd == 1 else 'tests'}"
