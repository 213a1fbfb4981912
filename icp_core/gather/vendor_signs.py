"""Which vendor's export is this? Read from the signatures in ``vocabulary/vendors``; there is no vendor code."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from icp_core.vocabulary import VENDORS, Vendor
from icp_core.vocabulary.headers import clean_header, header_key, without_unit


@dataclass(frozen=True)
class VendorTable:
    """One table of one vendor: a row of ``[[table]]`` in the vendor's file, ready for use."""

    vendor: Vendor
    about: Mapping[str, Any]
    columns: Mapping[str, str]  # header key -> field
    ignored: frozenset[str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]  # "" = ignored
    prefix: re.Pattern[str] | None = None  # what stands before every heading, one's own included

    @property
    def kind(self) -> str | None:
        """The kind of table; None for one whose rows are of no use here, as its notes say."""
        return self.about.get("kind")

    @property
    def name(self) -> str:
        return f"{self.vendor.label} {self.about['name']}"

    def field_of(self, header: str) -> str | None:
        """The field a heading means here; "" when the column is known to carry nothing; None when unknown."""
        cleaned = clean_header(header)
        for key in (header_key(cleaned), header_key(without_unit(cleaned)[0])):
            if key in self.columns:
                return self.columns[key]
            if key in self.ignored:
                return ""
        for pattern, field in self.patterns:
            if pattern.search(cleaned):
                return field
        return None

    def without_prefix(self, header: str) -> str:
        """The heading as its user named it: “Organization - Sector” is “Sector”, “custom.Country” is “Country”."""
        cleaned = clean_header(header)
        return self.prefix.sub("", cleaned) or cleaned if self.prefix else header


@dataclass(frozen=True)
class VendorMatch:
    """A vendor's table and how much of it was seen."""

    table: VendorTable
    n_known: int
    reason: str


@cache
def vendor_tables() -> tuple[VendorTable, ...]:
    """All tables of all vendors, parsed once."""
    return tuple(
        VendorTable(
            vendor=vendor,
            about=about,
            columns={header_key(name): field for name, field in about.get("columns", {}).items()},
            ignored=frozenset(header_key(name) for name in about.get("ignore", ())),
            patterns=tuple(
                (re.compile(pattern, re.IGNORECASE), field)
                for pattern, field in about.get("patterns", {}).items()
            ),
            prefix=re.compile(about["prefix"], re.IGNORECASE) if about.get("prefix") else None,
        )
        for vendor in VENDORS.values()
        for about in vendor.tables
    )


def _is_signed(about: Mapping[str, Any], cleaned: Sequence[str], keys: frozenset[str]) -> str | None:
    """Why the headings bear the signature of this table; None when they do not."""
    sign = about["signature"]
    wanted = [header_key(name) for name in sign.get("all", ())]
    if not all(key in keys for key in wanted):
        return None
    if any(name not in cleaned for name in sign.get("exact", ())):
        return None
    if any(header_key(name) in keys for name in sign.get("none", ())):
        return None
    seen = {header_key(name) for name in sign.get("any", ())} & keys
    needed = sign.get("any_needed", 1 if sign.get("any") else 0)
    own_id = "own_id" in sign and any(re.search(sign["own_id"], name) for name in cleaned)
    enough = own_id and any(header_key(name) in keys for name in sign["beside_own_id"])
    if len(seen) < needed and not enough:
        return None
    matching: list[str] = []
    for pattern in sign.get("patterns", ()):
        matching += [name for name in cleaned if re.search(pattern, name)]
    if len(set(matching)) < sign.get("patterns_needed", 1 if sign.get("patterns") else 0):
        return None
    if any(re.search(pattern, name) for pattern in sign.get("none_like", ()) for name in cleaned):
        return None
    first = sign.get("first")
    if first and (not cleaned or cleaned[0] not in first):
        return None
    telling = {
        header_key(name)
        for name in (*sign.get("all", ()), *sign.get("beside_own_id", ()), *sign.get("any", ()))
    }
    shown = [name for name in cleaned if header_key(name) in telling or name in matching]
    return ", ".join(f"“{name}”" for name in list(dict.fromkeys(shown))[:4])


def _reason(table: VendorTable, signs: str, by_lines: bool) -> str:
    if signs:
        return f"The headings {signs} are those of a {table.name} export."
    where = "The lines around the table" if by_lines else "The cells of its second header row"
    return f"{where} are those of a {table.name} export."


def vendor_match(
    columns: Sequence[str],
    header: Sequence[Sequence[str]] = (),
    around: Sequence[str] = (),
    values: Callable[[int], Collection[str]] = lambda index: (),
) -> VendorMatch | None:
    """The vendor table whose signature the headings bear and of which most headings are known; None = plain table.

    ``header`` are the raw header rows: some vendors are told by a second or third row. ``around`` are the lines
    above and below the table (a report's title, remarks), ``values`` gives the texts of a column by its index:
    some tables of a vendor differ in those only.
    """
    cleaned = [clean_header(re.sub(r" \(\d+\)$", "", name)) for name in columns]
    keys = frozenset(key for name in cleaned for key in (header_key(name), header_key(without_unit(name)[0])))
    below = [cell for row in header[1:] for cell in row if cell]

    def says(wanted: Mapping[str, str]) -> bool:
        """Whether some value of each named column matches its pattern."""
        places = {header_key(name): index for index, name in reversed(list(enumerate(cleaned)))}
        return all(
            header_key(name) in places
            and any(re.search(pattern, text) for text in values(places[header_key(name)]))
            for name, pattern in wanted.items()
        )

    best: VendorMatch | None = None
    best_rank: tuple[float, int] = (0.0, 0)
    for table in vendor_tables():
        in_rows = table.about["signature"].get("second_rows")
        if in_rows and not any(re.search(in_rows, cell) for cell in below):
            continue
        lines = table.about["signature"].get("around")
        if lines and sum(bool(re.search(lines, line)) for line in around) < table.about["signature"].get(
            "around_needed", 1
        ):
            continue
        wrong = table.about["signature"].get("no_values", {})
        if not says(table.about["signature"].get("values", {})) or (wrong and says(wrong)):
            continue
        signs = _is_signed(table.about, cleaned, keys)
        if signs is None:
            continue
        n_known = sum(1 for name in cleaned if table.field_of(name) is not None)
        rank = (table.about.get("weight", 0), n_known)
        if best is None or rank > best_rank:
            best = VendorMatch(table, n_known, _reason(table, signs, bool(lines)))
            best_rank = rank
    return best
