"""Word documents as lines and tables, read without a word processor and without trusting their XML."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

import pyarrow as pa

from icp_core.errors import UnreadableFileError
from icp_core.gather.archive_checks import DAMAGED_ARCHIVE
from icp_core.gather.grid_tables import GridLayout, tables_in_grid
from icp_core.gather.raw_table import FileReading, RawTable, ReadSettings
from icp_core.gather.text_tables import string_columns

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass
class Document:
    """Paragraphs in reading order (line breaks inside are ``\\n``) and the tables as rows of cell texts.

    Rows of tables also stand among the paragraphs, as ``first cell: other cells``, because some recorders
    write a transcript as a table.
    """

    paragraphs: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)


def document_of(path: Path) -> Document:
    """Read a ``.docx`` file.

    Raises :class:`UnreadableFileError` when it is damaged or declares entities (which no writer does).
    """
    try:
        with zipfile.ZipFile(path) as archive:
            xml = archive.read("word/document.xml")
        if re.search(rb"<!(?:DOCTYPE|ENTITY)", xml):
            raise UnreadableFileError(
                "The document holds declarations that no word processor writes; it is not opened."
            )
        root = ElementTree.fromstring(xml)  # noqa: S314 - no declarations, and this runs in the child process
    except (*DAMAGED_ARCHIVE, ElementTree.ParseError, ExpatError, KeyError) as error:
        raise UnreadableFileError(
            "The document is damaged and cannot be read. Open it in Word, save it again, and upload that."
        ) from error
    document = Document()
    body = root.find(f"{_W}body")
    for element in body if body is not None else []:
        if element.tag == f"{_W}p":
            document.paragraphs.append(_paragraph(element))
        elif element.tag == f"{_W}tbl":
            rows = [
                ["\n".join(_paragraph(p) for p in cell.iter(f"{_W}p")) for cell in row.iter(f"{_W}tc")]
                for row in element.iter(f"{_W}tr")
            ]
            document.tables.append(rows)
            document.paragraphs.extend(_as_turn(row) for row in rows)
        elif element.tag == f"{_W}sdt":
            document.paragraphs.extend(_paragraph(p) for p in element.iter(f"{_W}p"))
    return document


def tables_of(document: Document, file_name: str, known_label: Callable[[str], bool] | None) -> FileReading:
    """The tables of a document as raw tables; refused when there are none."""
    tables = []
    for number, rows in enumerate(document.tables, 1):
        layout = GridLayout(row_word="row", joiner=" | ", comment="", known_label=known_label)
        for table in tables_in_grid(rows, list(range(1, len(rows) + 1)), layout):
            tables.append(
                RawTable(
                    file_name=file_name,
                    sheet=f"Table {number}",
                    columns=table.names,
                    header=table.header,
                    cells=string_columns(table.rows, len(table.names)),
                    row_numbers=pa.array(table.numbers, pa.int64()),
                    settings=ReadSettings(header_rows=table.header_numbers),
                    leftovers=tuple(table.leftovers),
                    problems=tuple(table.problems),
                    notes=tuple(table.notes),
                )
            )
    if not tables:
        raise UnreadableFileError(
            "The document holds neither a table nor a transcript with speakers. "
            "A transcript needs lines such as “Jane Doe: …” or “Jane Doe   0:03”."
        )
    return FileReading(file_name, "", tuple(tables))


def _paragraph(element: ElementTree.Element) -> str:
    parts: list[str] = []
    for node in element.iter():
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif node.tag == f"{_W}tab":
            parts.append("\t")
    return "".join(parts)


def _as_turn(cells: list[str]) -> str:
    """A row of a table as a line of a transcript: time in front, speaker, colon, text."""
    texts = [" ".join(cell.split()) for cell in cells if cell.strip()]
    clock = next(
        (text for text in texts if re.fullmatch(r"[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}[\])]?", text)), None
    )
    others = [text for text in texts if text != clock]
    if len(others) < 2:
        return " ".join(texts)
    front = f"[{clock.strip('[]()')}] " if clock else ""
    return f"{front}{others[0].rstrip(':')}: {' '.join(others[1:])}"
