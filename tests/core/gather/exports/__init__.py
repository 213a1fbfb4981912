"""Whole export files of every vendor, built from the known facts of their layouts, each with what it must be read as."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Rows = Iterable[Sequence[object]]


@dataclass(frozen=True)
class ExportFile:
    """A file as a vendor writes it.

    ``trap`` says what has broken importers here. ``kind`` and ``vendor`` are those of its first visible table;
    ``means`` what some of its headings are (None = no field, an attribute of its own or technical); ``values`` what
    some of the typed columns must hold, row by row; ``n`` how many rows count. ``says`` are words that must be told
    to the user. ``refused`` are words of the reason why the file (or its table) cannot be used.
    """

    name: str
    trap: str
    file: str
    content: Callable[[], bytes]
    vendor: str | None = None
    kind: str | None = None
    means: Mapping[str, str | None] = field(default_factory=dict)
    values: Mapping[str, Sequence[object]] = field(default_factory=dict)
    n: int | None = None
    says: tuple[str, ...] = ()
    refused: str = ""
    tables: int | None = 1


def text(
    rows: Rows,
    delimiter: str = ",",
    end: str = "\r\n",
    quote_all: bool = False,
    encoding: str = "utf-8",
    before: str = "",
    after: str = "",
) -> bytes:
    """Rows as a delimited text in an encoding, with lines before and after it."""
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return (before + out.getvalue() + after).encode(encoding)
