"""XML Spreadsheet 2003: what older programs write into files that they call ``.xls`` or ``.xml``."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

import pyarrow as pa

from icp_core.errors import UnreadableFileError
from icp_core.gather.archive_checks import DAMAGED_WORKBOOK
from icp_core.gather.grid_tables import GridLayout, tables_in_grid
from icp_core.gather.limits import Limits
from icp_core.gather.raw_table import RawTable, ReadSettings
from icp_core.gather.sheet_cells import text_grid
from icp_core.gather.text_tables import string_columns

_SPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_OPENING = re.compile(r"<(?:\w+:)?Workbook\s[^>]*urn:schemas-microsoft-com:office:spreadsheet", re.S)


def is_spreadsheet_xml(text: str) -> bool:
    """Whether a text is a workbook written as XML.

    >>> is_spreadsheet_xml('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">')
    True
    """
    return text.lstrip("\ufeff \r\n\t").startswith("<") and bool(_OPENING.search(text[:4000]))


def read_spreadsheet_xml(
    text: str,
    file_name: str,
    *,
    settings: ReadSettings,
    limits: Limits,
    known_label: Callable[[str], bool] | None,
) -> list[RawTable]:
    """Read all sheets of a workbook written as XML; ``row_numbers`` are rows of the sheet.

    Raises :class:`UnreadableFileError` when it is damaged, declares entities of its own, or holds no cell.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnreadableFileError(
            "The file declares XML entities of its own, which are not read. " + DAMAGED_WORKBOOK
        )
    tables: list[RawTable] = []
    try:
        for name, hidden, rows in _sheets(text, limits):
            tables += _tables(name, hidden, rows, file_name, settings, known_label)
    except ElementTree.ParseError as error:
        raise UnreadableFileError(DAMAGED_WORKBOOK) from error
    if not tables:
        raise UnreadableFileError("The workbook holds no table: all its sheets are empty. Export it again.")
    return tables


def _tables(
    name: str,
    hidden: bool,
    rows: list[list[object]],
    file_name: str,
    settings: ReadSettings,
    known_label: Callable[[str], bool] | None,
) -> Iterator[RawTable]:
    width = max((len(row) for row in rows), default=0)
    grid, _ = text_grid([[*row, *[""] * (width - len(row))] for row in rows])
    layout = GridLayout(
        row_word="row",
        joiner=" | ",
        comment="",
        header_numbers=settings.header_rows,
        known_label=known_label,
        grouped_totals=True,
    )
    found = [table for table in tables_in_grid(grid, range(1, len(grid) + 1), layout) if table.rows]
    for index, table in enumerate(found):
        yield RawTable(
            file_name=file_name,
            sheet=name if len(found) == 1 else f"{name} ({index + 1})",
            columns=table.names,
            header=table.header,
            cells=string_columns(table.rows, len(table.names)),
            row_numbers=pa.array(table.numbers, pa.int64()),
            settings=ReadSettings(header_rows=table.header_numbers, lenient=False),
            leftovers=tuple(table.leftovers),
            problems=tuple(table.problems),
            hidden=hidden,
            notes=tuple(table.notes),
        )


def _sheets(text: str, limits: Limits) -> Iterator[tuple[str, bool, list[list[object]]]]:
    """Name, whether hidden, and the cells of each sheet, one sheet in memory at a time."""
    # The declared encoding is that of the file; the text is decoded already.
    source = io.BytesIO(re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"), count=1).encode("utf-8"))
    rows: list[list[object]] = []
    cells = 0
    for _, element in ElementTree.iterparse(source):
        if element.tag == f"{_SPACE}Row":
            at = _number(element.get(f"{_SPACE}Index"), len(rows) + 1)
            row = _row(element)
            cells += len(row) + at - len(rows)
            if cells > limits.max_cells:
                raise UnreadableFileError(
                    f"The workbook spans more than the {limits.max_cells:,} cells that are read. "
                    "Save the table as CSV."
                )
            rows += [[] for _ in range(at - 1 - len(rows))]
            rows.append(row)
            element.clear()
        elif element.tag == f"{_SPACE}Worksheet":
            hidden = element.find(f"{_EXCEL}WorksheetOptions/{_EXCEL}Visible")
            yield element.get(f"{_SPACE}Name") or "Sheet", hidden is not None, rows
            rows = []
            element.clear()


def _row(element: ElementTree.Element) -> list[object]:
    row: list[object] = []
    for cell in element.iter(f"{_SPACE}Cell"):
        at = min(_number(cell.get(f"{_SPACE}Index"), len(row) + 1), 16_384)
        row += [""] * (at - 1 - len(row))
        data = cell.find(f"{_SPACE}Data")
        row.append("" if data is None else _value("".join(data.itertext()), data.get(f"{_SPACE}Type")))
        row += [""] * min(_number(cell.get(f"{_SPACE}MergeAcross"), 0), 16_384)
    return row


def _value(text: str, kind: str | None) -> object:
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return text.strip() == "1" if kind == "Boolean" else text


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else default
