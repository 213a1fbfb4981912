"""What the XML of an XLSX sheet says and a cell reader does not: hidden columns, formulas never calculated."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path

_HEAD_BYTES = 1 << 16
_MOST_BYTES = 16 << 20  # larger sheets are searched for formulas only so far
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_EMPTY_FORMULA = re.compile(rb"</(?:\w+:)?f>(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>")


@dataclass(frozen=True)
class SheetMarks:
    """Hidden columns (1-based) and the number of formulas without a value."""

    hidden_columns: frozenset[int] = frozenset()
    formulas_without_value: int = 0


def marks_of_sheets(path: Path) -> dict[str, SheetMarks]:
    """Marks by sheet name; empty for files that are not XLSX or XLSM."""
    if not zipfile.is_zipfile(path):
        return {}
    marks: dict[str, SheetMarks] = {}
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
            return {}
        targets = {
            _attribute(tag, b"Id"): _attribute(tag, b"Target")
            for tag in re.findall(
                rb"<(?:\w+:)?Relationship\s[^>]*>", archive.read("xl/_rels/workbook.xml.rels")
            )
        }
        for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
            target = targets.get(_attribute(tag, b"id"), "")
            member = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join("xl", target))
            )
            if member in names:
                with archive.open(member) as stream:
                    marks[_attribute(tag, b"name")] = _marks(stream)
    return marks


def _marks(stream) -> SheetMarks:
    head = stream.read(_HEAD_BYTES)
    hidden: set[int] = set()
    for tag in _COLUMN.findall(head.partition(b"<sheetData")[0]):
        if _attribute(tag, b"hidden") in ("1", "true"):
            first, last = int(_attribute(tag, b"min") or 0), int(_attribute(tag, b"max") or 0)
            hidden.update(range(first, min(last, first + 20_000) + 1))
    empty, piece, read = 0, head, len(head)
    formulas = b"<f" in head
    while piece and formulas:
        tail = piece[-200:]
        empty += len(_EMPTY_FORMULA.findall(piece))
        if read >= _MOST_BYTES:
            break
        more = stream.read(1 << 20)
        read += len(more)
        # The overlap must not be counted twice, so it starts after the last cell that was complete.
        cut = tail.rfind(b"</c>")
        piece = (tail[cut + 4 :] if cut >= 0 else b"") + more if more else b""
    return SheetMarks(frozenset(hidden), empty)


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"[\s:]" + name + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    if not found:
        return ""
    return unescape((found.group(1) or found.group(2) or b"").decode("utf-8", "replace"))
