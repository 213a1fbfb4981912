"""Writers of small test files: workbooks, documents, archives, and the exports of vendors by their known layouts."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

from icp_core.gather.parse import read_in_process
from icp_core.gather.raw_table import FileReading, RawTable, ReadSettings

EPOCH = dt.datetime(1899, 12, 30)


def read_bytes(folder: Path, content: bytes | str, name: str = "upload", **settings) -> FileReading:
    """Read a file of this content in this process."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_in_process(path, settings=ReadSettings(**settings) if settings else None, sha256="")


def one_table(reading: FileReading) -> RawTable:
    """The only table of a reading."""
    assert reading.error is None, reading.error
    assert len(reading.tables) == 1, [(table.sheet, table.columns) for table in reading.tables]
    return reading.tables[0]


def rows_of(table: RawTable) -> list[list[str]]:
    """All cells as texts, blanks as empty texts."""
    columns = [[value or "" for value in table.column_values(i)] for i in range(len(table.columns))]
    return [list(row) for row in zip(*columns, strict=True)]


def csv_text(
    rows: Iterable[Sequence[object]], delimiter: str = ",", end: str = "\r\n", quote_all: bool = False
) -> str:
    """Rows as a well-formed CSV."""
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return out.getvalue()


def workbook_bytes(sheets: dict[str, Iterable[Sequence[object]]], *, prepare=None) -> bytes:
    """An XLSX with these sheets; ``prepare(workbook)`` may change it before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if prepare is not None:
        prepare(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zip_bytes(members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def gzip_bytes(content: bytes) -> bytes:
    return gzip.compress(content)


def docx_bytes(
    paragraphs: Iterable[str], tables: Iterable[Sequence[Sequence[str]]] = (), prolog: str = ""
) -> bytes:
    """A Word document of paragraphs; a line break in a paragraph becomes a soft break."""
    from xml.sax.saxutils import escape

    def paragraph(text: str) -> str:
        runs = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(line) for line in text.split("\n"))
        return f'<w:p><w:r><w:t xml:space="preserve">{runs}</w:t></w:r></w:p>'

    body = "".join(paragraph(text) for text in paragraphs)
    for rows in tables:
        body += "<w:tbl>"
        for row in rows:
            body += "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
        body += "</w:tbl>"
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
    return zip_bytes({"[Content_Types].xml": "<Types/>", "word/document.xml": xml})


def sheet_xml_workbook(sheet_data: str, dimension: str = "A1") -> bytes:
    """The smallest workbook around hand-written sheet XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return zip_bytes(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{relations}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
            '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
            f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?><worksheet xmlns="{main}"><dimension ref="{dimension}"/>'
            f"<sheetData>{sheet_data}</sheetData></worksheet>",
        }
    )


def binary_workbook_bytes(sheet_name: str, rows: Sequence[Sequence[str | float]]) -> bytes:
    """A minimal XLSB of one sheet: texts and numbers in records of [MS-XLSB]."""

    def record(kind: int, content: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size, left = b"", len(content)
        while left > 127:
            size += bytes([left & 0x7F | 0x80])
            left >>= 7
        return head + size + bytes([left]) + content

    def text(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    last = max(map(len, rows)) - 1
    sheet = record(129) + record(148, struct.pack("<4I", 0, len(rows) - 1, 0, last)) + record(145)
    for number, row in enumerate(rows):
        sheet += record(0, struct.pack("<IIHBBBIII", number, 0, 300, 0, 0, 0, 1, 0, last))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            is_text = isinstance(value, str)
            sheet += record(
                6 if is_text else 5, place + (text(value) if is_text else struct.pack("<d", value))
            )
    sheet += record(146) + record(130)
    bundle = struct.pack("<II", 0, 1) + text("rId1") + text(sheet_name)
    book = record(131) + record(143) + record(156, bundle) + record(144) + record(132)
    schema = "http://schemas.openxmlformats.org"

    def relation(kind: str, target: str) -> str:
        kind = f"{schema}/officeDocument/2006/relationships/{kind}"
        return (
            f'<Relationships xmlns="{schema}/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'
        )

    return zip_bytes(
        {
            "[Content_Types].xml": f'<Types xmlns="{schema}/package/2006/content-types">'
            '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
            "_rels/.rels": relation("officeDocument", "xl/workbook.bin"),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": relation("worksheet", "worksheets/sheet1.bin"),
            "xl/worksheets/sheet1.bin": sheet,
        }
    )
