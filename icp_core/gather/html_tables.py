"""Tables in HTML: what several web tools write into files that they call ``.xls``."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pyarrow as pa

from icp_core.errors import UnreadableFileError
from icp_core.gather.grid_tables import GridLayout, tables_in_grid
from icp_core.gather.raw_table import RawTable, ReadSettings
from icp_core.gather.text_tables import string_columns

_LOOKS_LIKE_HTML = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|table|meta|style)\b",
    re.I | re.S,
)
_MOST_SPAN = 1000
NO_TABLE = "The file is a web page without a table, perhaps a page to sign in. Export the data as CSV or Excel (.xlsx)."


def is_html(text: str) -> bool:
    """Whether a text is HTML with a table in it.

    >>> is_html("<html><table><tr><td>a</td></tr></table></html>"), is_html("a,<table>")
    (True, False)
    """
    return bool(_LOOKS_LIKE_HTML.match(text[:4000])) and "<table" in text[:2_000_000].lower()


def is_page_without_table(text: str) -> bool:
    """Whether a text is a web page with no table at all: a sign-in page saved instead of the export, say.

    >>> is_page_without_table("<!DOCTYPE html><html><body>Please sign in</body></html>")
    True
    """
    return bool(_LOOKS_LIKE_HTML.match(text[:4000])) and not is_html(text)


def read_html_tables(
    text: str,
    file_name: str,
    encoding: str,
    *,
    settings: ReadSettings,
    known_label: Callable[[str], bool] | None,
) -> list[RawTable]:
    """Read all tables of an HTML page; ``row_numbers`` count the rows of all its tables from 1.

    Raises :class:`UnreadableFileError` when no table holds a cell.
    """
    parser = _Tables()
    parser.feed(text)
    parser.close()
    tables: list[RawTable] = []
    row = 1
    for rows in parser.tables:
        numbers = list(range(row, row + len(rows)))
        row += len(rows)
        layout = GridLayout(
            row_word="row",
            joiner=" | ",
            comment="",
            header_numbers=settings.header_rows,
            known_label=known_label,
            grouped_totals=True,
        )
        for found in tables_in_grid(rows, numbers, layout):
            tables.append(
                RawTable(
                    file_name=file_name,
                    sheet=None,
                    columns=found.names,
                    header=found.header,
                    cells=string_columns(found.rows, len(found.names)),
                    row_numbers=pa.array(found.numbers, pa.int64()),
                    settings=ReadSettings(encoding=encoding, header_rows=found.header_numbers, lenient=False),
                    leftovers=tuple(found.leftovers),
                    problems=tuple(found.problems),
                    notes=("The file is a web page with a table, whatever its name says.", *found.notes),
                )
            )
    if not tables:
        raise UnreadableFileError(NO_TABLE)
    return tables


class _Tables(HTMLParser):
    """Collects the cells of all tables; cells that span rows are repeated, cells that span columns are not."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._hanging: dict[int, tuple[int, str]] = {}  # column → rows still to fill, text
        self._coming: dict[int, tuple[int, str]] = {}  # the same for the next row
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._silent += 1
        elif tag == "table":
            self._end_row()
            self.tables.append([])
            self._hanging, self._coming = {}, {}
        elif tag == "tr":
            self._end_row()
            if not self.tables:
                self.tables.append([])
            self._row = []
        elif tag in ("td", "th"):
            self._end_cell()
            if self._row is None:
                self._row = []
            spans = dict(attrs)
            self._span = (_span(spans.get("colspan")), _span(spans.get("rowspan")))
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table", "thead", "tbody"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        text = "\n".join(" ".join(line.split()) for line in "".join(self._cell).split("\n")).strip()
        self._cell = None
        self._take_hanging()
        columns, rows = self._span
        if rows > 1:
            self._coming[len(self._row)] = (rows - 1, text)
        self._row.append(text)
        self._row.extend([""] * (columns - 1))

    def _take_hanging(self) -> None:
        """Repeat the cells that hang down from rows above at the place reached."""
        while self._row is not None and len(self._row) in self._hanging:
            left, text = self._hanging.pop(len(self._row))
            if left > 1:
                self._coming[len(self._row)] = (left - 1, text)
            self._row.append(text)

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self._take_hanging()
            if self.tables:
                self.tables[-1].append(self._row)
            self._hanging, self._coming = self._coming, {}
            self._row = None


def _span(text: str | None) -> int:
    return min(int(text), _MOST_SPAN) if text and text.strip().isdecimal() and int(text) > 0 else 1
