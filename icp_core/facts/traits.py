"""What describes the customer though it stands in another table: columns in which all rows of a customer agree."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from icp_core.gather.records import recognitions
from icp_core.sql import first_row, quote_identifier

# Tables in which a customer has several rows, so that its data can tell what belongs to the customer.
KINDS_WITH_TRAITS = ("orders", "subscriptions", "deals")
_TYPES = frozenset({"category", "number", "yes_no", "band", "money", "percent", "date", "country"})
_CUSTOMERS_LOOKED_AT = 20_000
_FEWEST_CUSTOMERS = 20  # with several rows; fewer may agree by chance
_AGREE = 0.9  # beyond what rows drawn at random would
_MOST_VALUES = 0.5  # of the customers; more different texts are names


@dataclass(frozen=True)
class Trait:
    """A column of the user's own in the rows of ``kind``."""

    kind: str
    slug: str
    label: str
    type: str


def traits_of_rows(con: duckdb.DuckDBPyConnection, known: dict[str, tuple[str, str]]) -> list[Trait]:
    """The columns of orders, subscriptions and deals that describe the customer, told from the data.

    A column is one when the rows of nearly every customer that has several say the same, far beyond what rows drawn
    at random would: a segment, an age, a sales region. Reads the tables ``k_<kind>``. A column that the customer list
    has too (``known``), or an earlier kind, is left out.
    """
    found: dict[str, Trait] = {}
    for kind in KINDS_WITH_TRAITS:
        columns = [
            column
            for recognition in recognitions(con, kind).values()
            for column in recognition.columns
            if column.field is None and column.include and column.type in _TYPES and column.slug not in known
        ]
        if columns:
            _look_at_some_customers(con, kind)
        for column in columns:
            if column.slug not in found and _describes_customers(con, column.slug, column.type):
                found[column.slug] = Trait(kind, column.slug, column.label, column.type)
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
