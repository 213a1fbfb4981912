"""Customers: who counts as one, what they are called, and what is known about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import ibis
from ibis import Table

from icp_core.vocabulary import FIELDS

# Attributes of the customers table, in its order; plan, contract and the rest of them.
ATTRIBUTES = tuple(name for name, field in FIELDS["customers"].items() if field.role == "attribute")

# Words of a CRM under which somebody is not, or not yet, a customer.
_NOT_YET = (
    r"^\s*(lead|prospect|subscriber|mql|sql|sal|marketing.?qualified|sales.?qualified|opportunit|target|suspect"
    r"|cold|interessent|contact|unqualified|disqualified|competitor|press|analyst|investor|partner.?prospect)"
)
_IS_ONE = r"(customer|client|kunde|cliente|klant|churn|former|evangelist|member|buyer|user|account.?active)"
# Those whom a list of accounts names beside the customers.
_NONE_OF_OURS = (
    r"(partner|reseller|vendor|supplier|lieferant|fournisseur|proveedor|fornecedor|fornitore|leverancier)"
)

# Bands as the vocabulary labels them; upper end included.
EMPLOYEE_BANDS = (
    (10, "1–10"),
    (50, "11–50"),
    (200, "51–200"),
    (500, "201–500"),
    (1_000, "501–1,000"),
    (5_000, "1,001–5,000"),
    (10_000, "5,001–10,000"),
)
_LARGEST_BAND = "10,001+"


def one_row_each(customers: Table, columns: Sequence[str], *, unique: bool) -> Table:
    """The customers table with one row per customer: of several rows, the last one read that knows a value."""
    if unique:
        return customers.select("customer_id", *columns)
    read = ibis.row_number().over(ibis.window(order_by=[customers.import_id, customers._row]))
    rows = customers.select("customer_id", *columns, read_as=read)
    latest = {name: rows[name].argmax(rows.read_as, where=rows[name].notnull()) for name in columns}
    return rows.group_by("customer_id").agg(**latest)


def most_common(table: Table, column: str, name: str) -> Table:
    """Per customer the value that occurs most often; of equals the first in the alphabet."""
    known = table.filter(table[column].notnull() & table.customer_id.notnull())
    seen = known.group_by("customer_id", value=known[column]).agg(n=known.count())
    most = seen.group_by("customer_id").agg(most=seen.n.max())
    tops = seen.join(most, ["customer_id", seen.n == most.most])
    return tops.group_by("customer_id").agg(**{name: tops["value"].min()})


def steady(table: Table, columns: Mapping[str, str]) -> Table:
    """Per customer what columns say in which all its rows say the same; ``columns``: column → name in the result."""
    known = table.filter(table.customer_id.notnull())
    return known.group_by("customer_id").agg(
        **{name: known[column].min() for column, name in columns.items()}
    )


def everyone(tables: Mapping[str, Table], whole: Table | None = None) -> Table:
    """Every customer_id of any table once: customer_id. ``whole`` orders stand for their many lines."""
    parts = []
    for kind, table in tables.items():
        source = whole if kind == "orders" and whole is not None else table
        parts.append(source.filter(source.customer_id.notnull()).select("customer_id").distinct())
    return reduce(lambda a, b: a.union(b), parts).distinct()


def names(tables: Mapping[str, Table]) -> Table:
    """Name and domain that any table gives a customer: customer_id, any_name, any_domain."""
    parts = []
    for table in tables.values():
        told = table.filter(table.account_name.notnull() | table.domain.notnull())
        parts.append(told.select("customer_id", "account_name", "domain"))
    told = reduce(lambda a, b: a.union(b), parts)
    return told.group_by("customer_id").agg(any_name=told.account_name.max(), any_domain=told.domain.max())


def employee_band(employees):
    """The band of a head count; blank where the count is blank or below one."""
    branches = [(employees < 1.0, ibis.null("string"))]
    branches += [(employees <= float(upper), ibis.literal(label)) for upper, label in EMPLOYEE_BANDS]
    return ibis.cases(
        *branches, else_=ibis.ifelse(employees.notnull(), ibis.literal(_LARGEST_BAND), ibis.null("string"))
    )


def is_customer(row: Table):
    """True where an account has bought, or is listed as a customer and nothing speaks against it.

    ``row`` holds bought (yes/no), listed (yes/no), any_use (answers, tickets or usage), deals, deals_won,
    deals_exist (yes/no: the workspace holds deals), lifecycle, customer_type and status.
    An account whose only trace is a lost or open deal, or that the CRM calls a lead, is a prospect. The stage of life
    tells before the type (a company may stay “Prospect” by type long after it became a customer), the type before the
    status. Where some are called customers, partners and vendors are none.
    """
    said = ibis.coalesce(*(_told(row[c]) for c in ("lifecycle", "customer_type", "status")))
    some_are = said.cast("int64").max().over(ibis.window()) == 1
    is_other = ibis.coalesce(row.customer_type, "").lower().re_search(_NONE_OF_OURS) & some_are.fill_null(
        False
    )
    is_one = said.fill_null(False)
    not_yet = ~ibis.coalesce(said, ~is_other)
    only_talks = (row.deals > 0).fill_null(False) & (row.deals_won.fill_null(0.0) == 0.0)
    traced = row.any_use | (row.listed & (is_one | ~row.deals_exist))
    return row.bought | (traced & ~not_yet & (is_one | ~only_talks))


def _told(column):
    """Whether a word of the CRM calls an account a customer; blank where it says neither."""
    text = ibis.coalesce(column, "").lower()
    return ibis.cases(
        (text.re_search(_NOT_YET), False), (text.re_search(_IS_ONE), True), else_=ibis.null("boolean")
    )
