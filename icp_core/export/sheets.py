"""The mechanics of a workbook: styled cells, one door for text, tables, and the same bytes every time.

Rows are streamed, so that a hundred thousand customers need little memory.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.writer.excel import ExcelWriter

from icp_core.charts.theme import LIGHT
from icp_core.export.crm import DANGEROUS_STARTS

FACE = "Calibri"
MOST_CHARACTERS = 32_767
_CUT = " … (cut)"
_TITLE_LETTERS = 31
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")
_A4 = 9
_MOST_LINES = 30
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_WIDEST, _NARROWEST = 60, 8

ACCENT = LIGHT.ideal.removeprefix("#")
INK = LIGHT.ink.removeprefix("#")
MUTE = LIGHT.mute.removeprefix("#")
TINT = LIGHT.tint.removeprefix("#")
HAIR = LIGHT.hair.removeprefix("#")
AGAINST = LIGHT.against.removeprefix("#")
YELLOW = "FFF2B3"

# name → (font, fill, alignment, number format, border below, unlocked)
_STYLES: dict[str, dict[str, Any]] = {
    "text": {},
    "wrap": {"wrap": True},
    "title": {"size": 20, "bold": True},
    "lead": {"size": 12, "wrap": True},
    "section": {"size": 12, "bold": True, "color": ACCENT, "rule": True},
    "head": {"bold": True, "fill": TINT, "wrap": True},
    "head_right": {"bold": True, "fill": TINT, "wrap": True, "right": True},
    "strong": {"bold": True},
    "figure": {"bold": True, "color": ACCENT, "size": 13, "wrap": True},
    "mute": {"color": MUTE},
    "mute_wrap": {"color": MUTE, "wrap": True},
    "guess": {"italic": True, "wrap": True},
    "against": {"color": AGAINST, "wrap": True},
    "link": {"color": ACCENT, "underline": True},
    # "_)" leaves a gap to the text of the next column.
    "number": {"format": "#,##0.00_)"},
    "decimal": {"format": "#,##0.00_)"},
    "whole": {"format": "#,##0_)"},
    "year": {"format": "0_)"},
    "share": {"format": "0.0%_)"},
    "ratio": {"format": '0.00"×"_)'},
    "date": {"format": "yyyy-mm-dd"},
    "weight": {"fill": YELLOW, "bold": True, "unlocked": True, "format": "General"},
    "exact weight": {"fill": YELLOW, "bold": True, "unlocked": True, "format": "0.0"},
    "score": {"format": "0_)", "bold": True},
}


def safe_text(value: object) -> str:
    """Text a cell can hold: control characters are shown by their symbol, too long text says it was cut.

    >>> safe_text("a\\x0bb"), len(safe_text("x" * 40000))
    ('a␋b', 32767)
    """
    out = []
    for c in str(value):
        if c in "\n\t":
            out.append(c)
        elif c == "\r":
            out.append("" if out and out[-1] == "\n" else "\n")
        elif c < " ":
            out.append(chr(0x2400 + ord(c)))
        elif c == "\x7f":
            out.append("␡")
        elif unicodedata.category(c) in ("Cs", "Cc") or ord(c) & 0xFFFE == 0xFFFE:
            out.append("\ufffd")
        else:
            out.append(c)
    text = "".join(out)
    if _utf16_length(text) <= MOST_CHARACTERS:
        return text
    text = text[: MOST_CHARACTERS - len(_CUT)]
    while _utf16_length(text) > MOST_CHARACTERS - len(_CUT):
        text = text[: -max(1, (_utf16_length(text) - MOST_CHARACTERS + len(_CUT)) // 2)]
    return text + _CUT


def _utf16_length(text: str) -> int:
    return len(text) + sum(c > "\uffff" for c in text) if not text.isascii() else len(text)


def legal_title(name: str, taken: Iterable[str] = ()) -> str:
    """A sheet name every spreadsheet accepts, unlike those ``taken`` (upper and lower case are one).

    >>> legal_title("A/B: [x]"), legal_title("Data", ["data"])
    ('A B x', 'Data 2')
    """
    clean = " ".join(_NO_TITLE.sub(" ", safe_text(name)).split()).strip("'")[:_TITLE_LETTERS] or "Sheet"
    used, title, i = {t.lower() for t in taken}, clean, 2
    while title.lower() in used:
        title = f"{clean[: _TITLE_LETTERS - len(str(i)) - 1]} {i}"
        i += 1
    return title


class Book:
    """A workbook being written, sheet by sheet from top to bottom."""

    def __init__(self, *, title: str, author: str, made_on: date):
        self._book = Workbook(write_only=True)
        stamp = datetime.combine(made_on, time())
        properties = self._book.properties
        properties.title, properties.creator = safe_text(title)[:250], safe_text(author)[:250]
        properties.lastModifiedBy = None
        properties.created = properties.modified = stamp
        # Formulas have no values yet: whoever opens the file reckons them.
        self._book.calculation.fullCalcOnLoad = True
        self._styles: dict[tuple[str, bool], Any] = {}
        self._n_tables = 0

    def sheet(self, name: str, widths: Sequence[float] = (), *, freeze: str | None = None) -> SheetWriter:
        """A new sheet; column widths in characters."""
        ws = self._book.create_sheet(legal_title(name, self._book.sheetnames))
        for i, width in enumerate(widths, 1):
            ws.column_dimensions[get_column_letter(i)].width = width
        if freeze:
            ws.freeze_panes = freeze
        ws.sheet_view.showGridLines = False
        ws.page_setup.orientation = "landscape"
        ws.page_setup.paperSize = _A4
        ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
        ws.sheet_properties.pageSetUpPr.fitToPage = True
        ws.page_margins = PageMargins(0.4, 0.4, 0.4, 0.4, 0.2, 0.2)
        return SheetWriter(self, ws)

    def table_name(self) -> str:
        """A name no other table has."""
        self._n_tables += 1
        return f"Table{self._n_tables}"

    def look(self, ws, style: str, quoted: bool):
        """The style of a cell, made once per book; ``quoted`` keeps text as text when it is edited."""
        key = (style, quoted)
        if key not in self._styles:
            spec = _STYLES[style]
            cell = WriteOnlyCell(ws)
            cell.font = Font(
                name=FACE,
                size=spec.get("size", 10),
                bold=spec.get("bold", False),
                italic=spec.get("italic", False),
                underline="single" if spec.get("underline") else None,
                color=spec.get("color", INK),
            )
            if "fill" in spec:
                cell.fill = PatternFill("solid", start_color=spec["fill"], end_color=spec["fill"])
            cell.alignment = Alignment(
                vertical="top",
                wrap_text=spec.get("wrap", False),
                horizontal="right" if spec.get("right") else None,
                indent=1 if spec.get("right") else 0,
            )
            if "format" in spec:
                cell.number_format = spec["format"]
            if spec.get("rule"):
                cell.border = Border(bottom=Side("thin", color=HAIR))
            if spec.get("unlocked"):
                cell.protection = Protection(locked=False)
            if quoted:
                cell.quotePrefix = True
            self._styles[key] = cell._style
        return self._styles[key]

    def to_bytes(self) -> bytes:
        """The file; the same content gives the same bytes."""
        out = io.BytesIO()
        with _SameBytes(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            ExcelWriter(self._book, archive).write_data()
        return out.getvalue()


class SheetWriter:
    """One sheet: rows are added from the top; ``row`` is the number of the next one."""

    def __init__(self, book: Book, ws):
        self.book, self.ws, self.row = book, ws, 1

    @property
    def title(self) -> str:
        return self.ws.title

    def text(self, value: object, style: str = "text"):
        """The only door for text: whatever it starts with, it stays text."""
        content = safe_text(value)
        cell = WriteOnlyCell(self.ws)
        cell._value = content
        cell.data_type = "s"
        cell._style = copy(self.book.look(self.ws, style, content.startswith(DANGEROUS_STARTS)))
        return cell

    def number(self, value: Any, style: str = "number"):
        """A number; blank when not known or not finite. A whole number of style "number" has no decimals."""
        if value is None or value is pd.NA or not math.isfinite(value):
            return self.text("", style) if style == "weight" else None
        cell = WriteOnlyCell(self.ws)
        whole = float(value).is_integer()
        cell._value = int(value) if whole else float(value)
        cell.data_type = "n"
        if whole and style == "number":
            style = "whole"
        cell._style = copy(self.book.look(self.ws, style, False))
        return cell

    def formula(self, formula: str, style: str = "score"):
        """A formula of our own; never one with text of the user's."""
        cell = WriteOnlyCell(self.ws)
        cell._value = formula
        cell.data_type = "f"
        cell._style = copy(self.book.look(self.ws, style, False))
        return cell

    def day(self, value: Any):
        if value is None or value is pd.NaT or value is pd.NA:
            return None
        cell = WriteOnlyCell(self.ws)
        stamp = pd.Timestamp(value)
        if stamp.year < 1900:
            return self.text(stamp.date().isoformat())
        cell._value = stamp.to_pydatetime().replace(tzinfo=None)
        cell.data_type = "d"
        cell._style = copy(self.book.look(self.ws, "date", False))
        return cell

    def link(self, text: object, sheet: str, row: int = 1):
        """Text that leads to a row of another sheet."""
        cell = self.text(text, "link")
        place = sheet.replace("'", "''")
        cell.hyperlink = Hyperlink(ref="A1", location=f"'{place}'!A{row}", display=None)
        cell._style = copy(self.book.look(self.ws, "link", False))
        return cell

    def value(self, value: Any, style: str | None = None):
        """A value of any kind, as its own type: number, date, yes/no, list, text; blank stays empty."""
        if value is None or value is pd.NA or value is pd.NaT:
            return None
        if isinstance(value, str):
            return self.text(value, style or "text")
        if isinstance(value, (bool, np.bool_)):
            return self.text("yes" if value else "no")
        if isinstance(value, (int, float, np.integer, np.floating)):
            return self.number(value, style or "number")
        if isinstance(value, (date, datetime, pd.Timestamp, np.datetime64)):
            return self.day(value)
        if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
            return self.text("; ".join(str(v) for v in value))
        return self.text(value, style or "text")

    def add(self, *cells: Any, height: float | None = None) -> int:
        """Write a row of cells (None = empty); returns its number."""
        if height is not None:
            self.ws.row_dimensions[self.row].height = height
        self.ws.append(cells)
        self.row += 1
        return self.row - 1

    def gap(self, rows: int = 1) -> None:
        for _ in range(rows):
            self.add()

    def merge(self, row: int, first: int, last: int) -> None:
        """Join cells of one row, so that long text has room."""
        self.ws.merged_cells.add(f"{get_column_letter(first)}{row}:{get_column_letter(last)}{row}")

    def table(self, first_row: int, headings: Sequence[str], last_row: int) -> None:
        """Make the rows a filterable table; ``headings`` must be those written in ``first_row``."""
        if last_row <= first_row:
            return
        area = f"A{first_row}:{get_column_letter(len(headings))}{last_row}"
        name = self.book.table_name()
        table = Table(displayName=name, name=name, ref=area)
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        table._initialise_columns()
        for column, heading in zip(table.tableColumns, headings, strict=True):
            column.name = heading
        # Not ``add_table``: it warns about columns that are set here.
        self.ws._tables.add(table)


def height_for(*texts_and_letters: tuple[object, int], line: float = 13, least: float = 0) -> float:
    """Height of a row of wrapped texts, each in a column so many letters wide; spreadsheets do not reckon it."""
    lines = 1
    for text, letters in texts_and_letters:
        parts = str(text or " ").split("\n")
        lines = max(lines, sum(max(1, math.ceil(len(part) / max(1, letters))) for part in parts))
    return max(least, line * min(lines, _MOST_LINES) + 3)


def unique_headings(names: Iterable[object]) -> list[str]:
    """Headings of a table: text, none blank, none twice (upper and lower case are one).

    >>> unique_headings(["a", "A", ""])
    ['a', 'A (2)', 'Column 3']
    """
    out: list[str] = []
    used: set[str] = set()
    for i, name in enumerate(names, 1):
        base = " ".join(safe_text(name).split())[:200] or f"Column {i}"
        heading, n = base, 2
        while heading.lower() in used:
            heading = f"{base} ({n})"
            n += 1
        used.add(heading.lower())
        out.append(heading)
    return out


def width_for(heading: str, sample: Iterable[Any]) -> float:
    """A column width that shows the heading and most of the values."""
    lengths = sorted(len(str(v)) for v in sample if v is not None)
    typical = lengths[int(len(lengths) * 0.9)] if lengths else 0
    return float(min(_WIDEST, max(_NARROWEST, len(heading) + 4, typical + 2)))


class _SameBytes(zipfile.ZipFile):
    """A zip whose members all carry one fixed time."""

    def write(self, filename, arcname=None, compress_type=None, compresslevel=None):
        with open(filename, "rb") as source, self.open(self._info(arcname or filename), "w") as target:
            while block := source.read(1 << 20):
                target.write(block)

    def writestr(self, zinfo_or_arcname, data, compress_type=None, compresslevel=None):
        name = getattr(zinfo_or_arcname, "filename", zinfo_or_arcname)
        super().writestr(self._info(name), data)

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(str(name).replace("\\", "/").lstrip("/"), _FIXED_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return info
