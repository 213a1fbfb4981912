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
# What a bare name is called: a company's here, a person's there.
BARE_NAMES = frozenset(("name", "nom", "nombre", "nome", "naam", "namn", "navn", "nazwa"))


def name_parts(names: Sequence[str]) -> tuple[str, str] | None:
    """The headings of a first and a last name, if both are there: beside one, a bare “Name” is the other."""
    first = next((name for name in names if header_key(name) in _FIRST_NAMES), None)
    last = next((name for name in names if header_key(name) in _LAST_NAMES), None)
    told = header_key(first or last or "")
    if bool(first) != bool(last) and not told.startswith(("contact", "customer", "recipient")):
        bare = next((name for name in names if header_key(name) in BARE_NAMES), None)
        first, last = first or bare, last or bare
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
        parts = name_parts([c.name for c in columns if c.field is None])
        if parts:
            recipe["person_name"] = list(parts)
            used |= dict.fromkeys(parts, "First and last name are put together as the person.")
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
