"""What describes the customer though it stands in another table: columns in which all rows of a customer agree."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

import duckdb

from icp_core.facts.customers import ATTRIBUTES
from icp_core.gather.candidates import by_heading
from icp_core.gather.mapping import ColumnMapping
from icp_core.gather.records import recognitions
from icp_core.sql import first_row, quote_identifier
from icp_core.vocabulary import FIELDS

# Tables in which a customer has several rows, so that its data can tell what belongs to the customer.
KINDS_WITH_TRAITS = ("orders", "subscriptions", "deals")
_TYPES = frozenset({"category", "number", "yes_no", "band", "money", "percent", "date", "country"})
_TEXTS = frozenset({"category", "country", "name"})
_CUSTOMERS_LOOKED_AT = 20_000
_FEWEST_CUSTOMERS = 20  # with several rows; fewer may agree by chance
_AGREE = 0.9  # beyond what rows drawn at random would
_MOST_VALUES = 0.5  # of the customers; more different texts are names


_SURE_HEADING = 0.8


@dataclass(frozen=True)
class Trait:
    """A column in the rows of ``kind`` and the attribute of the customer it becomes."""

    kind: str
    column: str
    name: str
    label: str
    type: str


def attribute_of(column: ColumnMapping) -> str | None:
    """The attribute a column of orders, subscriptions or deals would be; None for a field of theirs, or left out.

    It bears the name that a customer list's column of this heading would have.
    """
    if column.field is not None or not column.include or column.type not in _TYPES:
        return None
    for field, sure, _ in by_heading(column.name, "customers")[:1]:
        about = FIELDS["customers"][field]
        alike = about.type == column.type or {about.type, column.type} <= _TEXTS
        if sure >= _SURE_HEADING and field in ATTRIBUTES and alike:
            return field
    return column.slug


def traits_of_rows(con: duckdb.DuckDBPyConnection, known: Container[str]) -> list[Trait]:
    """The columns of orders, subscriptions and deals that describe the customer, told from the data.

    A column is one when the rows of nearly every customer that has several say the same, far beyond what rows drawn
    at random would: a segment, an age, a sales region. Reads the tables ``k_<kind>``. A column of the user's own that
    the customer list has too (``known``) is left out; of two columns for one attribute the first is taken.
    """
    found: dict[str, Trait] = {}
    for kind in KINDS_WITH_TRAITS:
        columns = [c for recognition in recognitions(con, kind).values() for c in recognition.columns]
        candidates = {c.slug: (c, name) for c in columns if (name := attribute_of(c)) and name not in known}
        if candidates:
            _look_at_some_customers(con, kind)
        for column, name in candidates.values():
            if name not in found and _describes_customers(con, column.slug, column.type):
                found[name] = Trait(kind, column.slug, name, column.label, column.type)
    con.execute("DROP TABLE IF EXISTS looked_at")
    return list(found.values())


def _look_at_some_customers(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Keep all rows of some customers, in ``event`` what they have several of: the lines of one order agree anyway."""
    event = "coalesce(order_id, _row::VARCHAR)" if kind == "orders" else "_row::VARCHAR"
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE looked_at AS
        SELECT *, {event} AS event
        FROM k_{kind}
        WHERE customer_id IN (
            SELECT customer_id FROM k_{kind} GROUP BY customer_id ORDER BY hash(customer_id) LIMIT $most
        )
        """,
        {"most": _CUSTOMERS_LOOKED_AT},
    )


def _describes_customers(con: duckdb.DuckDBPyConnection, slug: str, type_: str) -> bool:
    """Kappa of the agreement within customers: 1 = all agree, 0 = as rows drawn at random would."""
    column = quote_identifier(slug)
    several, agreeing, by_chance, values, customers = first_row(
        con,
        f"""
        WITH each AS (
            SELECT count(DISTINCT event) > 1 AS several, min({column}) = max({column}) AS agrees
            FROM looked_at WHERE {column} IS NOT NULL GROUP BY customer_id
        ),
        shares AS (
            SELECT count(*) / sum(count(*)) OVER () AS share
            FROM looked_at WHERE {column} IS NOT NULL GROUP BY {column}
        )
        SELECT
            count(*) FILTER (several),
            count(*) FILTER (several AND agrees),
            (SELECT sum(share * share) FROM shares),
            (SELECT count(*) FROM shares),
            count(*)
        FROM each
        """,
    )
    if several < _FEWEST_CUSTOMERS or by_chance > 1 - 1e-9:
        return False
    if type_ in ("category", "country") and values > _MOST_VALUES * customers:
        return False
    return (agreeing / several - by_chance) / (1 - by_chance) >= _AGREE
