"""What the XML of an XLSX sheet says and a cell reader does not: hidden columns, formulas never calculated."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import IO

_HEAD_BYTES = 1 << 16
_MOST_BYTES = 16 << 20  # larger sheets are searched only so far
_MOST_ERRORS = 5000
_ERROR_CELL = re.compile(
    rb'(<(?:\w+:)?c\s[^>]*t="e"[^>]*>)(?:<(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>|<(?:\w+:)?f[^>]*/>)?<(?:\w+:)?v>([^<]*)<'
)
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_EMPTY_FORMULA = re.compile(rb"</(?:\w+:)?f>(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>")


@dataclass(frozen=True)
class SheetMarks:
    """Hidden columns (from 1), the number of formulas without a value, and error cells (row, column, text)."""

    hidden_columns: frozenset[int] = frozenset()
    formulas_without_value: int = 0
    errors: tuple[tuple[int, int, str], ...] = ()


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


def _marks(stream: IO[bytes]) -> SheetMarks:
    piece = stream.read(_HEAD_BYTES)
    hidden: set[int] = set()
    for tag in _COLUMN.findall(piece.partition(b"<sheetData")[0]):
        if _attribute(tag, b"hidden") in ("1", "true"):
            first, last = int(_attribute(tag, b"min") or 0), int(_attribute(tag, b"max") or 0)
            hidden.update(range(first, min(last, first + 20_000) + 1))
    empty, errors, read = 0, [], len(piece)
    while piece:
        more = stream.read(1 << 20) if read < _MOST_BYTES else b""
        read += len(more)
        # A cell cut in two waits for its other half.
        cut = max(piece.rfind(b"</c>"), piece.rfind(b":c>")) + 4 if more else len(piece)
        whole, rest = piece[:cut], piece[cut:]
        if b"<f" in whole or b":f" in whole:
            empty += len(_EMPTY_FORMULA.findall(whole))
        if b't="e"' in whole and len(errors) < _MOST_ERRORS:
            for tag, text in _ERROR_CELL.findall(whole):
                row, column = place_of(_attribute(tag, b"r"))
                if row:
                    errors.append((row, column, text.decode("utf-8", "replace")))
        piece = rest + more if more else b""
    return SheetMarks(frozenset(hidden), empty, tuple(errors[:_MOST_ERRORS]))


def place_of(reference: str) -> tuple[int, int]:
    """Row and column (from 1) of a cell reference; zeros when it is none.

    >>> place_of("AB12")
    (12, 28)
    """
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", reference)
    if not found:
        return 0, 0
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    return int(found.group(2)), column


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"[\s:]" + name + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    if not found:
        return ""
    return unescape((found.group(1) or found.group(2) or b"").decode("utf-8", "replace"))
