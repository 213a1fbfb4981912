"""Fields told by several columns: a first and a last name, the days of winning and of losing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from icp_core.gather.mapping import ColumnMapping
from icp_core.gather.vendor_signs import VendorMatch
from icp_core.vocabulary import FIELDS
from icp_core.vocabulary.headers import header_key

_FIRST_NAMES = frozenset(
    header_key(name)
    for name in ("first name", "given name", "forename", "recipient first name", "Vorname", "prénom", "primer nombre",
                 "primeiro nome", "nome proprio", "voornaam", "contact first name", "customer first name")
)  # fmt: skip
_LAST_NAMES = frozenset(
    header_key(name)
    for name in ("last name", "surname", "family name", "recipient last name", "Nachname", "nom de famille", "apellido",
                 "apellidos", "sobrenome", "cognome", "achternaam", "contact last name", "customer last name")
)  # fmt: skip


def name_parts(names: Sequence[str]) -> tuple[str, str] | None:
    """The headings of a first and a last name, if both are there."""
    first = next((name for name in names if header_key(name) in _FIRST_NAMES), None)
    last = next((name for name in names if header_key(name) in _LAST_NAMES), None)
    return (first, last) if first and last else None


def joined_columns(
    columns: tuple[ColumnMapping, ...], kind: str | None, match: VendorMatch | None
) -> tuple[tuple[ColumnMapping, ...], dict[str, Any]]:
    """Fields told by several columns: a first and a last name; the days of winning and of losing.

    The recipe names the columns; ``convert`` puts them together. Columns used up are left out of the typed table.
    """
    recipe: dict[str, Any] = dict(match.table.about.get("recipe", {})) if match else {}
    used: dict[str, str] = {}
    mapped = {c.field for c in columns if c.field}
    if kind and "person_name" in FIELDS[kind] and "person_name" not in mapped:
        first = next(
            (c.name for c in columns if c.field is None and header_key(c.name) in _FIRST_NAMES), None
        )
        last = next((c.name for c in columns if c.field is None and header_key(c.name) in _LAST_NAMES), None)
        if first and last:
            recipe["person_name"] = [first, last]
            used |= dict.fromkeys((first, last), "First and last name are put together as the person.")
    for field in match.table.about.get("coalesce", ()) if match else ():
        main = next((c for c in columns if c.field == field), None)
        others = [
            c.name for c in columns if c.field is None and match and match.table.field_of(c.name) == field
        ]
        if main and others:
            recipe.setdefault("coalesce", {})[field] = others
            label = FIELDS[kind][field].label if kind else field
            used |= dict.fromkeys(others, f"Fills “{label}” where “{main.label}” is blank.")
    columns = tuple(replace(c, include=False, reason=used[c.name]) if c.name in used else c for c in columns)
    return columns, recipe
