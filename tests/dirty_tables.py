"""Random tables and the dirt that real exports put on them, for property tests.

A :class:`DirtyTable` knows its own truth: the header, the rows, and which line of the file each stands on.
All choices come from one ``random.Random``, so Hypothesis (which draws the seed) can repeat any of them.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass, field

from hypothesis import strategies as st

NAMES = {
    "id": [
        "Id",
        "customer_id",
        "Kundennummer",
        "Ref #",
        "Ticket ID",
        "SKU",
        "numéro client",
        "Serial",
        "uid",
        "Key",
    ],
    "name": [
        "Name",
        "Company",
        "Account Name",
        "Firma",
        "full_name",
        "Entreprise",
        "Contact person",
        "Site",
        "Vendor",
    ],
    "city": ["City", "Ort", "Ville", "Billing City", "location", "Branch office", "Region", "Standort"],
    "choice": [
        "Status",
        "Plan",
        "Stage",
        "Channel",
        "Segment",
        "How satisfied are you?",
        "tier",
        "Kategorie",
        "Lost reason",
    ],
    "number": [
        "Amount",
        "Qty",
        "Umsatz 2025",
        "MRR (USD)",
        "Employees",
        "score",
        "Total price",
        "Seats",
        "Avg. days",
        "weight",
    ],
    "decimal": ["Rate", "Marge", "conversion", "Discount %", "avgValue", "Net Sales", "Temp", "Distance"],
    "date": ["Created", "Start Date (UTC)", "Datum", "closed_on", "Last activity", "Renewal", "Timestamp"],
    "email": ["E-mail", "Email Address", "contact_email", "Owner Email", "courriel"],
    "flag": ["Active", "Is Closed", "newsletter", "VIP", "Opt-in"],
    "text": [
        "Comment",
        "Notes",
        "Why did you leave?",
        "Beschreibung",
        "feedback",
        "Anything else you would like to tell us?",
    ],
}
WORDS = "alpha river stone market green cloud harbor light metro pioneer quartz summit vector willow zenith amber cedar delta".split()
CITIES = ["Berlin", "Lyon", "Porto", "Gdańsk", "Austin", "Köln", "Bath", "Milano", "Cork", "Oslo"]
CHOICES = [
    ["Open", "Won", "Lost"],
    ["Basic", "Pro", "Enterprise"],
    ["Very satisfied", "Satisfied", "Unsatisfied"],
    ["web", "phone", "partner"],
]
UNITS = {
    "number": ["EUR", "pcs", "(n)", "USD", "kg"],
    "decimal": ["%", "km", "(°C)", "EUR"],
    "date": ["(UTC)", "yyyy-mm-dd", "date"],
}
TITLES = [
    "Sales report",
    "Export of all accounts",
    "Acme GmbH",
    "Report generated for the board",
    "Kundenliste",
    "Survey results – confidential",
]


@dataclass
class DirtyTable:
    """A text file and the truth about the table in it."""

    header_rows: list[list[str]]  # as they stand in the file, a units row included
    rows: list[list[str]]
    header_lines: tuple[int, ...]
    row_lines: list[int]
    text: str
    encoding: str = "utf-8"
    delimiter: str = ","
    extra_lines: list[str] = field(default_factory=list)  # what stands above and below the table
    kind: str = "one"

    @property
    def content(self) -> bytes:
        return self.text.encode(self.encoding)


def column(rng: random.Random, kind: str, count: int) -> list[str]:
    """Values of one column."""
    blank = rng.choice([0.0, 0.0, 0.1, 0.4])
    choices = rng.choice(CHOICES)
    date_style = rng.choice(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d 10:%M:00"])
    prefix = rng.choice(["", "C-", "zcrm_", "00"])
    values = []
    for index in range(count):
        if kind == "id":
            value = f"{prefix}{1000 + index * rng.choice([1, 1, 3])}"
        elif kind == "name":
            value = (
                f"{rng.choice(WORDS).title()} {rng.choice(['Inc.', 'GmbH', 'Ltd', '& Sons', 'SA', 'Labs'])}"
            )
        elif kind == "city":
            value = rng.choice(CITIES)
        elif kind == "choice":
            value = rng.choice(choices)
        elif kind == "number":
            value = str(rng.randint(0, 5000))
        elif kind == "decimal":
            value = f"{rng.uniform(0, 100):.2f}"
        elif kind == "date":
            import datetime as dt

            value = (dt.datetime(2023, 1, 1) + dt.timedelta(days=rng.randint(0, 900))).strftime(date_style)
        elif kind == "email":
            value = f"{rng.choice(WORDS)}{index}@{rng.choice(WORDS)}.com"
        elif kind == "flag":
            value = rng.choice(["Yes", "No"])
        else:
            value = " ".join(rng.choice(WORDS) for _ in range(rng.randint(3, 14)))
        values.append("" if kind != "id" and rng.random() < blank else value)
    return values


def make_table(seed: int, kind: str | None = None, *, clean: bool = False) -> DirtyTable:
    """A random table. ``kind`` is one of ``one``, ``none``, ``units``, ``groups``, ``preamble`` (default: drawn)."""
    rng = random.Random(seed)
    kind = kind or rng.choice(["one", "none", "units", "groups", "preamble"])
    n_columns, n_rows = rng.randint(2, 12), rng.randint(3, 40)
    if kind == "groups":
        n_columns = max(n_columns, 4)
    kinds = [rng.choice(list(NAMES)) for _ in range(n_columns)]
    if not set(kinds) & {"id", "number", "decimal", "date", "email", "flag"}:
        kinds[0] = rng.choice(["id", "number", "date"])
    if kind == "units" and not set(kinds) & set(UNITS):
        kinds[-1] = "number"
    names: list[str] = []
    for one in kinds:
        options = [name for name in NAMES[one] if name not in names]
        names.append(rng.choice(options) if options else f"{one.title()} {len(names)}")
    columns = [column(rng, one, n_rows) for one in kinds]
    rows = [list(row) for row in zip(*columns, strict=True)]
    rows = [row if any(row) else [*row[:-1], "x"] for row in rows]
    header_rows: list[list[str]] = [] if kind == "none" else [names]
    if kind == "units":
        header_rows.append([rng.choice(UNITS[one]) if one in UNITS else "" for one in kinds])
    if kind == "groups":
        groups, width = [""] * n_columns, 0
        for index in range(n_columns):
            if width == 0:
                width = rng.randint(1, 3)
                groups[index] = f"{rng.choice(WORDS).title()} {index}"
            width -= 1
        if sum(bool(group) for group in groups) < 2 or all(groups):
            groups = [f"Part {1 + 2 * index // n_columns}" for index in range(n_columns)]
        header_rows.insert(0, groups)
    above = (
        _above(rng, n_columns)
        if kind == "preamble" or (kind != "one" and not clean and rng.random() < 0.3)
        else []
    )
    below = _below(rng, n_columns) if not clean and n_columns > 2 and rng.random() < 0.25 else []
    delimiter = rng.choice([",", ";", "\t", "|"])
    end = rng.choice(["\n", "\r\n"])
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    pad = rng.random() < 0.4
    extra = []
    for line in above:
        writer.writerow([*line, *[""] * (n_columns - len(line))] if pad else line)
        extra.append(delimiter.join(line))
    first = len(above) + 1
    writer.writerows(header_rows)
    writer.writerows(rows)
    for line in below:
        writer.writerow([*line, *[""] * (n_columns - len(line))] if pad else line)
        extra.append(delimiter.join(line))
    encoding = rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16"])
    return DirtyTable(
        header_rows=header_rows,
        rows=rows,
        header_lines=tuple(range(first, first + len(header_rows))),
        row_lines=list(range(first + len(header_rows), first + len(header_rows) + len(rows))),
        text=out.getvalue(),
        encoding=encoding,
        delimiter=delimiter,
        extra_lines=[line for line in extra if line.strip()],
        kind=kind,
    )


def _above(rng: random.Random, width: int) -> list[list[str]]:
    lines = [[rng.choice(TITLES)]]
    for _ in range(rng.randint(0, 4)):
        lines.append(
            rng.choice(
                [
                    [],
                    ["Created: 2026-11-23"],
                    ["Report date", "2026-11-23"][:width],
                    ["Filter: all accounts of the region, without test rows"],
                    ["Prepared by Ann Lee"],
                    ["User:", "ann.lee"][:width],
                ]
            )
        )
    if rng.random() < 0.5:
        lines.append([])
    return lines


def _below(rng: random.Random, width: int) -> list[list[str]]:
    lines: list[list[str]] = [[]] if rng.random() < 0.6 else []
    lines += rng.choice(
        [
            [["Grand Totals (12 records)"], ["Confidential Information - Do Not Distribute"]],
            [["Source: CRM export"]],
            [["Generated by Ann Lee"]],
            [["Copyright (c) 2026 Acme"]],
        ]
    )
    return lines


def dirty_tables(kind: str | None = None) -> st.SearchStrategy[DirtyTable]:
    """Random dirty tables for ``@given``."""
    return st.integers(0, 2**32 - 1).map(lambda seed: make_table(seed, kind))
