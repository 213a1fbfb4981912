"""What can be known: kinds of table, fields, spellings, and the exports of known vendors. All of it is data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from icp_core.vocabulary.headers import clean_header, header_key

__all__ = [
    "FIELDS",
    "KINDS",
    "VENDORS",
    "Field",
    "Kind",
    "Vendor",
    "clean_header",
    "header_key",
    "known_label",
    "synonyms",
]

FIELD_TYPES = (
    "id",
    "text",
    "name",
    "domain",
    "email",
    "url",
    "category",
    "country",
    "currency",
    "number",
    "money",
    "percent",
    "score",
    "date",
    "yes_no",
    "band",
    "multi",
)
ROLES = ("identity", "attribute", "outcome", "detail")


@dataclass(frozen=True)
class Field:
    """One thing a table can say about its rows.

    ``type`` is one of ``FIELD_TYPES``; ``role`` one of ``ROLES``; ``known_before`` says whether the value is
    known before somebody buys (only such fields can describe a prospect).
    """

    name: str
    label: str
    type: str
    role: str
    known_before: bool
    description: str


@dataclass(frozen=True)
class Kind:
    """One kind of table: what a row is and what speaks for it."""

    name: str
    label: str
    row: str
    needs: tuple[str, ...]
    needs_also: tuple[str, ...]
    signals: dict[str, float]
    unique_identity: bool
    loose: frozenset[str]  # keys of spellings that mean several things here
    file_words: tuple[str, ...]
    bought: frozenset[str]  # words and keys of headings that sellers of lists write


@dataclass(frozen=True)
class Vendor:
    """How one vendor's export looks: the parsed content of a file in ``vocabulary/vendors``."""

    name: str
    label: str
    tables: tuple[dict, ...] = field(default=())


def _toml(*path: str) -> dict:
    return tomllib.loads(resources.files(__name__).joinpath(*path).read_text(encoding="utf-8"))


def _load() -> tuple[dict[str, Kind], dict[str, dict[str, Field]], dict[str, dict[str, str]]]:
    described = {}
    for name in ("fields.toml", "outcomes.toml", "events.toml"):
        described |= _toml(name)["field"]
    kinds: dict[str, Kind] = {}
    fields: dict[str, dict[str, Field]] = {}
    spelled: dict[str, dict[str, str]] = {}
    for kind, entry in _toml("kinds.toml")["kind"].items():
        kinds[kind] = Kind(
            name=kind,
            label=entry["label"],
            row=entry["row"],
            needs=tuple(entry["needs"]),
            needs_also=tuple(entry.get("needs_also", ())),
            signals=dict(entry["signals"]),
            unique_identity=entry.get("unique_identity", False),
            loose=frozenset(header_key(word) for word in entry.get("loose", ())),
            file_words=tuple(entry.get("file_words", ())),
            bought=frozenset(header_key(word) for word in entry.get("bought", ())),
        )
        fields[kind] = {
            name: Field(
                name=name,
                label=described[name]["label"],
                type=described[name]["type"],
                role=described[name]["role"],
                known_before=described[name].get("known_before", False),
                description=described[name].get("description", ""),
            )
            for name in entry["fields"]
        }
        # A spelling given under the kind wins over the general one; within a level, the first field wins.
        own = entry.get("synonyms", {})
        by_key: dict[str, str] = {}
        for name in entry["fields"]:
            for spelling in (*own.get(name, ()),):
                by_key.setdefault(header_key(spelling), name)
        for name in entry["fields"]:
            for spelling in (name, *described[name]["synonyms"]):
                by_key.setdefault(header_key(spelling), name)
        by_key.pop("", None)
        spelled[kind] = by_key
    return kinds, fields, spelled


KINDS, FIELDS, _SPELLED = _load()


def synonyms(kind: str) -> dict[str, str]:
    """Header keys (see ``header_key``) of one kind and the field each means."""
    return _SPELLED[kind]


@cache
def _all_labels() -> frozenset[str]:
    labels = {key for by_key in _SPELLED.values() for key in by_key}
    for vendor in VENDORS.values():
        for table in vendor.tables:
            labels.update(header_key(name) for name in table.get("columns", {}))
            labels.update(header_key(name) for name in table.get("ignore", ()))
            labels.update(header_key(name) for name in table.get("known", ()))
    labels.discard("")
    return frozenset(labels)


def known_label(text: str) -> bool:
    """Say whether ``text`` is a column heading known from any kind or vendor.

    >>> known_label("Company name"), known_label("Kundennummer"), known_label("4711")
    (True, True, False)
    """
    return header_key(clean_header(text)) in _all_labels()


def _load_vendors() -> dict[str, Vendor]:
    found: dict[str, Vendor] = {}
    for entry in sorted(resources.files(__name__).joinpath("vendors").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            data = tomllib.loads(entry.read_text(encoding="utf-8"))
            name = entry.name.removesuffix(".toml")
            found[name] = Vendor(name=name, label=data["label"], tables=tuple(data["table"]))
    return found


VENDORS = _load_vendors()
