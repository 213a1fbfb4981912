"""The columns that facts are made from, per kind of table, and how a missing one becomes blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    """The tables that facts are made from, each with every column of its kind; a missing column is blank.

    Other columns (custom attributes) stay; other kinds are left out.
    """
    return {kind: _complete(tables[kind], columns_of(kind)) for kind in KINDS_READ if kind in tables}


def blanks(table: Table, columns: Mapping[str, str]) -> Table:
    """The table with further columns that are blank: what a family of tables says when it was not loaded."""
    return table.mutate(**{name: ibis.null(kind) for name, kind in columns.items()})


def side_by_side(base: Table, parts: Sequence[Table]) -> Table:
    """``base`` and, for each of its customers, the columns of all ``parts`` (one row per customer each).

    One projection over one chain of joins: nested projections make the query slow to plan.
    """
    if not parts:
        return base
    joined, columns = base, {name: base[name] for name in base.columns}
    for number, part in enumerate(parts):
        key = f"key_{number}"
        renamed = part.rename({key: "customer_id"})
        joined = joined.left_join(renamed, base.customer_id == renamed[key])
        for name in part.columns:
            if name != "customer_id":
                if name in columns:
                    raise ValueError(f"Two families measure the same column, {name}.")
                columns[name] = renamed[name]
    return joined.select(**columns)


def _complete(table: Table, columns: Mapping[str, str]) -> Table:
    known = table.schema()
    wanted = {}
    for name, kind in columns.items():
        if name not in known:
            wanted[name] = ibis.null(kind)
        elif str(known[name]).replace("!", "") != kind:
            wanted[name] = table[name].cast(kind)
    return table.mutate(**wanted) if wanted else table
