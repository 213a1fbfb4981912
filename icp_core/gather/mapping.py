"""What was understood of a table, as plain data that can be corrected, stored and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from icp_core.gather.raw_table import Problem
from icp_core.vocabulary import FIELDS
from icp_core.vocabulary.headers import header_words, readable_header


@dataclass(frozen=True)
class ColumnMapping:
    """How one column is understood.

    ``field`` None = a custom attribute. ``slug`` is its column in the typed table. ``options`` may hold
    ``decimal`` ("," or "."), ``times`` (1000 where the heading says thousands, 0.01 where it says cents), ``date_order`` ("dmy", "mdy", "ymd"), ``currency``, ``scale`` ([lowest, highest]),
    ``best`` ("low" when 1 is best), ``splitter``, ``inverted`` (yes means no), ``values`` (text -> text),
    ``part`` (a pattern whose first group is kept), ``saved_in`` (the year in which a spreadsheet turned ranges into days).
    """

    index: int
    name: str
    field: str | None
    type: str
    label: str
    slug: str
    confidence: float
    reason: str
    include: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowRule:
    """Rows that are left out of the typed table, and why.

    ``column`` is a raw header. ``test`` is "in", "not_in", "matches" (a pattern), "matches_case" (a pattern in
    which case counts), "filled" or "blank"; else texts are compared without case. Blank cells never match "in"
    and always pass "not_in".
    """

    column: str
    test: str
    values: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Recognition:
    """What one table is: its kind, whose export, and how each column is understood."""

    kind: str | None
    kind_confidence: float
    kind_reason: str
    vendor: str | None
    vendor_reason: str
    columns: tuple[ColumnMapping, ...]
    shape: str
    problems: tuple[Problem, ...] = ()
    row_rules: tuple[RowRule, ...] = ()
    asks: tuple[str, ...] = ()
    recipe: Mapping[str, Any] = field(default_factory=dict)  # how amounts and repeated cells are settled

    def column_of(self, name: str) -> ColumnMapping | None:
        """The included column mapped to a field, if any."""
        return next((c for c in self.columns if c.field == name and c.include), None)


def slug_of(name: str, taken: set[str]) -> str:
    """A column name from a heading: lower-case words joined by ``_``, unlike any in ``taken``.

    >>> slug_of("What's your role?", {"what_s_your_role"})
    'what_s_your_role_2'
    """
    base = "_".join(header_words(name))[:60].strip("_") or "column"
    if base[0].isdigit():
        base = f"c_{base}"
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}_{number}", number + 1
    return slug


def with_corrections(recognition: Recognition, corrections: Mapping[str, Any]) -> Recognition:
    """Apply what the user said: ``{"kind": …, "columns": {heading: {"field", "type", "options", "include"}}}``.

    ``{"keep_rows": [reason, …]}`` names the rules whose rows count after all.

    A corrected column is certain (confidence 1) and asks nothing more. A field moved to one column is taken from
    the column that had it. Headings and fields that do not exist are left aside, because corrections are
    remembered by the shape of a file and the vocabulary may have grown since.
    """
    kind = corrections.get("kind") or recognition.kind
    known = FIELDS.get(kind, {}) if kind else {}
    said: Mapping[str, Mapping[str, Any]] = corrections.get("columns") or {}
    claimed = {entry.get("field") for entry in said.values() if entry.get("field")}
    taken = {"_row", "customer_id", "import_id", *known}
    columns: list[ColumnMapping] = []
    for column in recognition.columns:
        entry = said.get(column.name)
        if entry is None:
            lost = column.field is not None and (column.field in claimed or column.field not in known)
            if lost:
                column = replace(
                    column, field=None, label=readable_header(column.name) or column.name, asks=()
                )
        else:
            column = _corrected(column, entry, kind)
        if column.field is None:
            slug = slug_of(column.name, taken)
            taken.add(slug)
            column = replace(column, slug=slug)
        else:
            column = replace(column, slug=column.field)
        columns.append(column)
    changed_kind = kind != recognition.kind
    return replace(
        recognition,
        kind=kind,
        kind_confidence=1.0 if corrections.get("kind") else recognition.kind_confidence,
        kind_reason="You said so." if corrections.get("kind") else recognition.kind_reason,
        columns=tuple(columns),
        row_rules=()
        if changed_kind
        else tuple(r for r in recognition.row_rules if r.reason not in corrections.get("keep_rows", ())),
        recipe={} if changed_kind else recognition.recipe,
        asks=() if corrections.get("kind") else recognition.asks,
    )


def _corrected(column: ColumnMapping, entry: Mapping[str, Any], kind: str | None) -> ColumnMapping:
    known = FIELDS.get(kind, {}) if kind else {}
    field_name = entry["field"] if "field" in entry else column.field
    if field_name not in known:
        field_name = None
    about = known.get(field_name) if field_name else None
    type_ = entry.get("type") or (about.type if about and "field" in entry else column.type)
    return replace(
        column,
        field=field_name,
        type=type_,
        label=about.label if about else readable_header(column.name) or column.name,
        confidence=1.0,
        reason="You said so.",
        include=entry.get("include", column.include or "field" in entry),
        options={**column.options, **(entry.get("options") or {})},
        asks=(),
    )


def recognition_to_dict(recognition: Recognition) -> dict[str, Any]:
    """The recognition as JSON-ready data; ``recognition_from_dict`` reads it back equal."""
    return {
        "kind": recognition.kind,
        "kind_confidence": recognition.kind_confidence,
        "kind_reason": recognition.kind_reason,
        "vendor": recognition.vendor,
        "vendor_reason": recognition.vendor_reason,
        "shape": recognition.shape,
        "asks": list(recognition.asks),
        "recipe": dict(recognition.recipe),
        "problems": [problem.as_dict() for problem in recognition.problems],
        "row_rules": [
            {"column": rule.column, "test": rule.test, "values": list(rule.values), "reason": rule.reason}
            for rule in recognition.row_rules
        ],
        "columns": [
            {
                "index": column.index,
                "name": column.name,
                "field": column.field,
                "type": column.type,
                "label": column.label,
                "slug": column.slug,
                "confidence": column.confidence,
                "reason": column.reason,
                "include": column.include,
                "options": dict(column.options),
                "asks": list(column.asks),
            }
            for column in recognition.columns
        ],
    }


def recognition_from_dict(data: Mapping[str, Any]) -> Recognition:
    """Read back what ``recognition_to_dict`` wrote."""
    return Recognition(
        kind=data["kind"],
        kind_confidence=data["kind_confidence"],
        kind_reason=data["kind_reason"],
        vendor=data["vendor"],
        vendor_reason=data["vendor_reason"],
        columns=tuple(
            ColumnMapping(**{**column, "asks": tuple(column["asks"])}) for column in data["columns"]
        ),
        shape=data["shape"],
        problems=tuple(Problem(**problem) for problem in data["problems"]),
        row_rules=tuple(RowRule(**{**rule, "values": tuple(rule["values"])}) for rule in data["row_rules"]),
        asks=tuple(data["asks"]),
        recipe=data["recipe"],
    )
