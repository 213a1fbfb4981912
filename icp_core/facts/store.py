"""Facts of a workspace: built after every import, kept in the file, read back for every page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date

import duckdb
import pandas as pd
import pyarrow as pa

from icp_core.facts import engine
from icp_core.facts.as_of import latest_date
from icp_core.facts.build import custom_name
from icp_core.facts.catalogue import Attribute, Facts, arrow_of, describe_column
from icp_core.facts.columns import DERIVED_ATTRIBUTES
from icp_core.facts.measures import MEASURES, kinds_behind
from icp_core.facts.options import FactOptions
from icp_core.facts.traits import KINDS_WITH_TRAITS, attribute_of, traits_of_rows
from icp_core.gather.records import (
    LINKED_KINDS,
    csat_scales,
    currencies,
    frame_of,
    linked_sql,
    rate_table,
    recognitions,
    workspace_currency,
)
from icp_core.sql import first_row, quote_identifier
from icp_core.vocabulary import FIELDS
from icp_core.workspace import Workspace

_KIND_OF_TYPE = {
    "number": "number",
    "money": "number",
    "percent": "number",
    "score": "number",
    "date": "date",
    "yes_no": "yes_no",
    "multi": "multi",
    "band": "band",
}
_PERSON_FIELDS = ("age", "age_band", "gender", "income_band", "education", "household", "lifestyle")
_COMPANY_FIELDS = ("employees", "employee_band", "company_revenue", "company_revenue_band", "industry")
# Facts that were stored by themselves have no accounts beside them.
_COLUMNS_OF_ACCOUNTS = """
SELECT column_name
FROM duckdb_columns()
WHERE table_name = 'account_facts' AND database_name = current_database()
"""
DEAL_COUNTS = ("deals", "deals_won", "deals_lost", "deals_open")
IDENTITY = ("customer_id", "customer_name", "domain")
# Text that names or locates one customer describes nobody else.
_NOT_ATTRIBUTES = frozenset(
    {
        "account_id",
        "account_name",
        "email",
        "person_name",
        "phone",
        "postal_code",
        "parent_account",
        "currency",
    }
)


def refresh(
    workspace: Workspace,
    *,
    as_of: date | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Facts | None:
    """Build the facts anew from all counted rows and keep them; None when nothing is loaded yet.

    ``as_of`` is the day everything is measured on: the given one, else the one set for the workspace,
    else the last day that anything happened in the data.
    """
    tell = progress or (lambda share, what: None)
    with workspace.transaction(checkpoint=True) as con:
        currency = workspace_currency(workspace)
        tell(0.1, "Collecting the rows of each kind")
        warnings = _collect(workspace, con, currency)
        if first_row(con, "SELECT count(*) FROM links")[0] == 0:
            for table in ("facts", "account_facts"):
                con.execute(f"DROP TABLE IF EXISTS {table}")
            con.execute("DELETE FROM meta WHERE key = 'facts'")
            _next_version(con)
            return None
        names = {kind: f"k_{kind}" for kind in (*LINKED_KINDS, "costs")}
        if as_of is None:
            as_of = _day_of_data(workspace, con, names)
        tell(0.3, "Measuring every customer")
        custom = _custom_columns(con)
        traits = traits_of_rows(con, custom)
        options = FactOptions(
            custom=tuple(custom),
            traits=tuple((t.kind, t.column, t.name) for t in traits),
            **{"csat_scale": (0.0, 1.0), **workspace.setting("facts", {})},
        )
        measured = engine.run(con, names, as_of, options, into="facts", accounts_into="account_facts")
        tell(0.8, "Describing the attributes")
        custom |= {custom_name(t.name): (t.label, t.type) for t in traits}
        facts = _facts(workspace, con, measured, custom, currency, as_of, warnings)
        _store(con, facts)
        if not len(facts):
            return None
    return replace(facts, fingerprint=workspace.facts_fingerprint())


def _day_of_data(workspace: Workspace, con: duckdb.DuckDBPyConnection, names: dict[str, str]) -> date:
    """The day set for the workspace, else the last day anything happened up to today, else today."""
    set_day = workspace.setting("as_of")
    if set_day:
        return date.fromisoformat(set_day)
    tables = {kind: engine.unbound(con, name) for kind, name in names.items()}
    today = workspace.clock().date()
    return latest_date(tables, lambda expression: engine.frame(con, expression), not_after=today) or today


def _collect(workspace: Workspace, con: duckdb.DuckDBPyConnection, currency: str) -> list[str]:
    """Make the temporary tables ``k_<kind>``; returns what the reader should know."""
    rates = rate_table(workspace, currency)
    seen = currencies(con)
    con.register(
        "incoming",
        pa.table(
            {
                "currency": pa.array(seen, pa.string()),
                "rate": pa.array([rates.rate(code) for code in seen], pa.float64()),
            }
        ),
    )
    con.execute("CREATE OR REPLACE TEMP TABLE rates AS SELECT * FROM incoming")
    con.unregister("incoming")
    for kind in LINKED_KINDS:
        con.execute(f"CREATE OR REPLACE TEMP TABLE k_{kind} AS {linked_sql(con, kind)}")
    for kind in LINKED_KINDS:
        _one_scale(con, kind)
    _lines_of_orders(con)
    con.execute(f"CREATE OR REPLACE TEMP TABLE k_costs AS {linked_sql(con, 'costs')}")
    missing = [code for code in seen if rates.rate(code) is None]
    warnings = [
        f"Amounts in {code} are left out: there is no rate from {code} to {currency}. Set one on the Data page."
        for code in missing
    ]
    converted = [code for code in seen if code != currency and code not in missing]
    if converted:
        shown = ", ".join(f"1 {code} = {rates.rate(code):.4g} {currency}" for code in converted)
        warnings.append(f"Amounts in other currencies are converted: {shown}.")
    return warnings


def _one_scale(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Bring satisfaction answers to 0–1: every file has a scale of its own, and scales cannot be mixed."""
    for import_id, (worst, best) in csat_scales(con, kind).items():
        con.execute(
            f"UPDATE k_{kind} SET csat = (csat - $worst) / ($best - $worst) WHERE import_id = $id",
            {"worst": worst, "best": best, "id": import_id},
        )


_NAMED = "coalesce(account_id, account_name, domain, email) IS NOT NULL"


def _lines_of_orders(con: duckdb.DuckDBPyConnection) -> None:
    """Bring lines that name no customer together with the order that another row, or another table, tells of.

    They take its day, status and cancellation. Where its total stands there already, their amounts are blanked, so
    that its money counts once: the table that names the customer is believed, else the one loaded first.
    """
    loose = f"SELECT count(*) FROM k_orders WHERE order_id IS NOT NULL AND NOT ({_NAMED})"
    if first_row(con, loose)[0] == 0:
        return
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE heads AS
        SELECT order_id, customer_id, min(ordered_on) AS ordered_on, min(status) AS status, min(cancelled_on) AS cancelled_on
        FROM k_orders
        WHERE order_id IS NOT NULL AND {_NAMED}
        GROUP BY order_id, customer_id
        """
    )
    con.execute(
        f"""
        UPDATE k_orders AS o
        SET ordered_on = coalesce(o.ordered_on, h.ordered_on), status = coalesce(o.status, h.status),
            cancelled_on = coalesce(o.cancelled_on, h.cancelled_on)
        FROM heads AS h
        WHERE o.order_id = h.order_id AND o.customer_id = h.customer_id
            AND NOT ({_NAMED})
        """
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE told_twice AS
        SELECT order_id, customer_id, arg_min(import_id, (NOT named, import_id)) AS believed
        FROM (
            SELECT order_id, customer_id, import_id, bool_or({_NAMED}) AS named
            FROM k_orders
            WHERE order_id IS NOT NULL
            GROUP BY order_id, customer_id, import_id
            HAVING count(amount) > 0
        )
        GROUP BY order_id, customer_id
        HAVING count(*) > 1 AND NOT bool_and(named)
        """
    )
    con.execute(
        """
        UPDATE k_orders AS o SET amount = NULL
        FROM told_twice AS t
        WHERE o.order_id = t.order_id AND o.customer_id = t.customer_id AND o.import_id <> t.believed
        """
    )
    con.execute("DROP TABLE heads")
    con.execute("DROP TABLE told_twice")


def _custom_columns(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    """Columns of customer tables that the vocabulary does not know: slug → (label, type)."""
    found: dict[str, tuple[str, str]] = {}
    for recognition in recognitions(con, "customers").values():
        for column in recognition.columns:
            if column.field is None and column.include:
                label, kind = found.setdefault(column.slug, (column.label, column.type))
                if kind != column.type:  # numbers in one table, words in another: words
                    found[column.slug] = (label, "category")
    return found


def _sources(con: duckdb.DuckDBPyConnection) -> tuple[dict[str, str], dict[str, str]]:
    """Per kind the files it came from; per field of the customer table ``file · column``."""
    by_kind: dict[str, list[str]] = {}
    for kind, file_name in con.execute("SELECT kind, file_name FROM imports ORDER BY import_id").fetchall():
        if file_name not in by_kind.setdefault(kind, []):
            by_kind[kind].append(file_name)
    files = dict(con.execute("SELECT import_id, file_name FROM imports").fetchall())
    fields = {}
    for kind in ("customers", *KINDS_WITH_TRAITS):
        for import_id, recognition in recognitions(con, kind).items():
            for column in recognition.columns:
                name = column.slug if kind == "customers" else attribute_of(column)
                if name:
                    fields.setdefault(name, f"{files[import_id]} · {column.name}")
    return {kind: ", ".join(names) for kind, names in by_kind.items()}, fields


def _facts(
    workspace: Workspace,
    con: duckdb.DuckDBPyConnection,
    measured: engine.Measured,
    custom: dict[str, tuple[str, str]],
    currency: str,
    as_of: date,
    remarks: list[str],
) -> Facts:
    sources, field_sources = _sources(con)
    frame = frame_of(con.sql("SELECT * FROM facts ORDER BY customer_id").to_arrow_table())
    frame = frame[[*IDENTITY, *(c for c in frame.columns if c not in IDENTITY and c not in _NOT_ATTRIBUTES)]]
    overrides = {d.key: d.value for d in workspace.decisions("attribute")}
    catalogue = {}
    for name in frame.columns:
        about = _describe(frame[name], name, custom, currency, field_sources, sources)
        if about is not None:
            catalogue[name] = _overridden(about, overrides.get(name))
    frame = frame[list(catalogue)]
    counts = dict(measured.counts) | {"customers": len(frame)}
    for kind, key in (("notes", "notes"), ("transcript", "interviews"), ("usage", "usage_rows")):
        counts[key] = first_row(
            con,
            "SELECT coalesce(sum(CASE WHEN kind = 'transcript' THEN 1 ELSE rows_read END), 0)::BIGINT"
            " FROM imports WHERE kind = $kind",
            {"kind": kind},
        )[0]
    return Facts(
        frame=frame,
        catalogue=catalogue,
        as_of=as_of,
        unit=workspace.setting("unit") or unit_of(frame, people=_names_people(con)),
        currency=currency,
        churn_definition=measured.churn_definition,
        revenue_definition=measured.revenue_definition,
        counts=counts,
        warnings=(*remarks, *measured.warnings),
        sources=sources,
        notes=dict(measured.notes),
        never_bought=_never_bought(con, catalogue, as_of),
    )


def _never_bought(
    con: duckdb.DuckDBPyConnection, catalogue: dict[str, Attribute], as_of: date
) -> Facts | None:
    """Accounts with deals that never became customers: their attributes and deals; None where there are none."""
    columns = {r[0] for r in con.execute(_COLUMNS_OF_ACCOUNTS).fetchall()}
    if "deals" not in columns:
        return None
    kept = [
        a.name
        for a in catalogue.values()
        if a.name in columns and (a.role != "outcome" or a.name in DEAL_COUNTS)
    ]
    quoted = ", ".join(quote_identifier(name) for name in kept)
    frame = frame_of(
        con.sql(
            f"SELECT {quoted} FROM account_facts WHERE NOT is_customer AND deals > 0 ORDER BY customer_id"  # noqa: S608
        ).to_arrow_table()
    )
    return Facts(frame, {name: catalogue[name] for name in kept}, as_of) if len(frame) else None


def _names_people(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether customers are called by first and last name or private e-mail, and never by a company's name."""
    companies = people = 0
    for kind in LINKED_KINDS:
        fields = FIELDS[kind]
        counted = [
            f"count({field})" if field in fields else "0"
            for field in ("account_name", "person_name", "email")
        ]
        named, persons, mails = first_row(con, f"SELECT {', '.join(counted)} FROM k_{kind}")
        companies += named
        people += max(persons, mails) if kind in ("customers", "orders", "subscriptions") else 0
    with_domain, all_accounts = first_row(con, "SELECT count(domain), count(*) FROM accounts")
    return people > 0 and companies == 0 and with_domain < 0.5 * all_accounts


def unit_of(frame: pd.DataFrame, *, people: bool = False) -> str:
    """``person`` when what is known are traits or names of people and not of companies, else ``account``."""

    def known(columns) -> bool:
        return any(c in frame and frame[c].notna().any() for c in columns)

    return "person" if (people or known(_PERSON_FIELDS)) and not known(_COMPANY_FIELDS) else "account"


def _describe(
    column: pd.Series,
    name: str,
    custom: dict[str, tuple[str, str]],
    currency: str,
    field_sources: dict[str, str],
    sources: dict[str, str],
) -> Attribute | None:
    """Describe one column of the facts; None for a column in which nothing is known."""
    if name in IDENTITY:
        label = {"customer_id": "Customer id", "customer_name": "Customer", "domain": "Web domain"}[name]
        return describe_column(column, name, label=label, kind="text", role="identity", known_before=True)
    if not column.notna().any():
        return None
    source = field_sources.get(name, "")
    if name in MEASURES:
        measure = MEASURES[name]
        # A customer list that tells the measure itself is known by its column; without one it tells nothing.
        elsewhere = sources.keys() - (
            {"customers"} if measure.source.startswith("customers, else") else set()
        )
        return describe_column(
            column,
            name,
            label=measure.label,
            role="outcome",
            unit=currency if measure.unit == "money" else measure.unit,
            known_before=False,
            description=measure.description,
            source=source
            or ", ".join(dict.fromkeys(sources[kind] for kind in kinds_behind(name, elsewhere))),
        )
    if name in FIELDS["customers"]:
        field = FIELDS["customers"][name]
        return describe_column(
            column,
            name,
            label=field.label,
            kind=_kind(field.type, column),
            unit=currency if field.type == "money" else "%" if field.type == "percent" else None,
            known_before=field.known_before,
            leak=None if field.role != "outcome" else "It is part of the outcome.",
            description=field.description,
            source=source,
        )
    if name in DERIVED_ATTRIBUTES:
        return describe_column(
            column, name, known_before=False, source=source, description="The product of the first order."
        )
    label, type_ = custom.get(name, (None, "text"))
    return describe_column(
        column,
        name,
        label=label,
        kind=_kind(type_, column),
        unit=currency if type_ == "money" else None,
        source=source or ", ".join(sorted(set(sources.values()))),
        description="A column of your own file.",
    )


def _kind(type_: str, column: pd.Series):
    """Kind of attribute of a field type; text-like ones are a category when their values recur."""
    return _KIND_OF_TYPE.get(type_)


def _overridden(about: Attribute, override: dict | None) -> Attribute:
    """The attribute as the user corrected it: label, whether it is known before the sale, leak overruled."""
    if not override:
        return about
    changes = {k: override[k] for k in ("label", "known_before", "leak") if k in override}
    return replace(about, **changes)


def _next_version(con: duckdb.DuckDBPyConnection) -> None:
    version = first_row(con, "SELECT value::BIGINT + 1 FROM meta WHERE key = 'facts_version'") or (1,)
    con.execute(
        "INSERT OR REPLACE INTO meta VALUES ('facts_version', $version)", {"version": str(version[0])}
    )


def _store(con: duckdb.DuckDBPyConnection, facts: Facts) -> None:
    con.register("incoming", arrow_of(facts.frame, facts.catalogue))
    con.execute("CREATE OR REPLACE TABLE facts AS SELECT * FROM incoming")
    con.unregister("incoming")
    about = {
        "catalogue": [asdict(a) for a in facts.catalogue.values()],
        "as_of": facts.as_of.isoformat(),
        "unit": facts.unit,
        "currency": facts.currency,
        "churn_definition": facts.churn_definition,
        "revenue_definition": facts.revenue_definition,
        "counts": dict(facts.counts),
        "warnings": list(facts.warnings),
        "sources": dict(facts.sources),
        "notes": dict(facts.notes),
    }
    _next_version(con)
    con.execute(
        "INSERT OR REPLACE INTO meta VALUES ('facts', $about)",
        {"about": json.dumps(about, ensure_ascii=False)},
    )


def load_facts(workspace: Workspace) -> Facts | None:
    """The facts as last built, or None when there are no customers yet."""
    con = workspace.cursor()
    exists = first_row(con, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'facts' AND NOT temporary")
    row = first_row(con, "SELECT value FROM meta WHERE key = 'facts'")
    if not exists or row is None:
        return None
    about = json.loads(row[0])
    catalogue = {a["name"]: Attribute(**{**a, "levels": tuple(a["levels"])}) for a in about.pop("catalogue")}
    as_of = about.pop("as_of")
    # Stored in the order of their ids, and DuckDB gives rows in the order stored: sorting again costs a second.
    frame = frame_of(con.sql("SELECT * FROM facts").to_arrow_table())
    return Facts(
        frame=frame,
        catalogue=catalogue,
        as_of=date.fromisoformat(as_of),
        warnings=tuple(about.pop("warnings")),
        fingerprint=workspace.facts_fingerprint(),
        never_bought=_never_bought(con, catalogue, date.fromisoformat(as_of)),
        **about,
    )
