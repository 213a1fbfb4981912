"""The columns that facts are made from, per kind of table, and how a missing one becomes blank."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
from ibis import Table

from icp_core.vocabulary import FIELDS

# Ibis type of each field type of the vocabulary; everything else is text.
_IBIS_TYPES = {
    "number": "float64",
    "money": "float64",
    "percent": "float64",
    "score": "float64",
    "date": "date",
    "yes_no": "boolean",
    "multi": "array<string>",
}
_KEYS = {"customer_id": "string", "import_id": "int64", "_row": "int64"}

KINDS_READ = ("customers", "orders", "subscriptions", "deals", "usage", "tickets", "responses", "costs")


def columns_of(kind: str) -> dict[str, str]:
    """Name and Ibis type of every column a table of this kind must have.

    >>> columns_of("usage")["period_on"], columns_of("usage")["customer_id"]
    ('date', 'string')
    """
    fields = {name: _IBIS_TYPES.get(field.type, "string") for name, field in FIELDS[kind].items()}
    return _KEYS | fields


def conform(tables: Mapping[str, Table]) -> dict[str, Table]:
    """All tables that facts are made from, each with every column of its kind.

    A missing column is blank; a missing table is empty. At least one table must be given. Other columns
    (custom attributes) stay.
    """
    some = next(iter(tables.values()))
    return {kind: _complete(tables.get(kind), columns_of(kind), some) for kind in KINDS_READ}


def _complete(table: Table | None, columns: Mapping[str, str], some: Table) -> Table:
    if table is None:
        # Blanks cut from a table that exists: an empty table that every engine can plan.
        blanks = {name: ibis.null(kind) for name, kind in columns.items()}
        return some.select(**blanks).filter(ibis.literal(False))
    known = table.schema()
    wanted = {}
    for name, kind in columns.items():
        if name not in known:
            wanted[name] = ibis.null(kind)
        elif str(known[name]).replace("!", "") != kind:
            wanted[name] = table[name].cast(kind)
    return table.mutate(**wanted) if wanted else table
