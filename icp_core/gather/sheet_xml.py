"""What the XML of an XLSX sheet says and a cell reader does not: hidden columns, formulas never calculated, units."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import IO

_HEAD_BYTES = 1 << 16
_MOST_BYTES = 16 << 20  # larger sheets are searched only so far
_MOST_ERRORS = 5000
_ERROR_CELL = re.compile(
    rb'(<(?:\w+:)?c\s[^>]*t="e"[^>]*>)(?:<(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>|<(?:\w+:)?f[^>]*/>)?<(?:\w+:)?v>([^<]*)<'
)
# A cell with a figure: neither a text, nor blank.
_FIGURE = re.compile(rb'<(?:\w+:)?c\s(?![^>]*\bt="(?:s|str|inlineStr|b|e)")[^>/]*>(?=<(?:\w+:)?[vf])')
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
# A formula that is only a figure (“=250.00”): bookkeeping exports write amounts so, often without the value beside it.
_CONSTANT = re.compile(
    rb"(<(?:\w+:)?c\s[^>]*>)<(?:\w+:)?f>\s*=?\s*(\(?\s*[-+]?\s*\d{1,15}(?:\.\d{1,10})?\s*\)?)\s*</(?:\w+:)?f>"
    rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?(?:<(?:\w+:)?v>[^<]*</(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_EMPTY_FORMULA = re.compile(rb"</(?:\w+:)?f>(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>")


@dataclass(frozen=True)
class SheetMarks:
    """Hidden columns (from 1), the number of formulas without a value, formulas that are only a figure and error cells
    (row, column, text), and the unit that the number format of a column shows: a currency sign or code, or ``%``."""

    hidden_columns: frozenset[int] = frozenset()
    formulas_without_value: int = 0
    constants: tuple[tuple[int, int, float], ...] = ()
    errors: tuple[tuple[int, int, str], ...] = ()
    units: Mapping[int, str] = field(default_factory=dict)


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
        shown = _units_of_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
        for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
            target = targets.get(_attribute(tag, b"id"), "")
            member = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join("xl", target))
            )
            if member in names:
                with archive.open(member) as stream:
                    marks[_attribute(tag, b"name")] = _marks(stream, shown)
    return marks


def _units_of_styles(styles: bytes) -> dict[int, str]:
    """What the number formats of a workbook show beside a figure, by the index of the cell style."""
    formats = {
        _attribute(tag, b"numFmtId"): _unit_of_format(_attribute(tag, b"formatCode"))
        for tag in re.findall(rb"<(?:\w+:)?numFmt\s[^>]*>", styles)
    }
    formats |= {"9": "%", "10": "%"}
    cells = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.S)
    tags = re.findall(rb"<(?:\w+:)?xf\s[^>]*>", cells.group()) if cells else []
    units = {index: formats.get(_attribute(tag, b"numFmtId")) for index, tag in enumerate(tags)}
    return {index: unit for index, unit in units.items() if unit}


def _unit_of_format(code: str) -> str | None:
    """The currency or the percent sign that a number format shows.

    >>> _unit_of_format("#,##0.00 [$€-407]"), _unit_of_format('0.0%'), _unit_of_format('#,##0 "CHF"'), _unit_of_format("0.00")
    ('€', '%', 'CHF', None)
    """
    positive = code.split(";")[0]
    found = re.search(r"\[\$([^\]-]+)", positive) or re.search(r'"\s*([€£$¥₹]|[A-Z]{3})\s*"', positive)
    if found:
        return found.group(1).strip() or None
    plain = re.sub(r'\[[^\]]*\]|"[^"]*"', "", positive)
    sign = re.search(r"[€£$¥₹%]", plain)
    return sign.group() if sign else None


def _units_of_columns(piece: bytes, shown: Mapping[int, str]) -> dict[int, str]:
    """The unit of each column whose figures all show the same one, judged by the first cells of a sheet."""
    seen: dict[int, Counter[str | None]] = defaultdict(Counter)
    for tag in _FIGURE.findall(piece):
        column = place_of(_attribute(tag, b"r"))[1]
        style = _attribute(tag, b"s")
        seen[column][shown.get(int(style)) if style.isdecimal() else None] += 1
    common = {column: counts.most_common(1)[0] for column, counts in seen.items() if column}
    return {
        column: unit
        for column, (unit, count) in common.items()
        if unit and count >= 0.8 * sum(seen[column].values())
    }


def _marks(stream: IO[bytes], shown: Mapping[int, str]) -> SheetMarks:
    piece = stream.read(_HEAD_BYTES)
    units = _units_of_columns(piece, shown) if shown else {}
    hidden: set[int] = set()
    for tag in _COLUMN.findall(piece.partition(b"<sheetData")[0]):
        if _attribute(tag, b"hidden") in ("1", "true"):
            first, last = int(_attribute(tag, b"min") or 0), int(_attribute(tag, b"max") or 0)
            hidden.update(range(first, min(last, first + 20_000) + 1))
    empty, constants, errors, read = 0, [], [], len(piece)
    while piece:
        more = stream.read(1 << 20) if read < _MOST_BYTES else b""
        read += len(more)
        # A cell cut in two waits for its other half.
        cut = max(piece.rfind(b"</c>"), piece.rfind(b":c>")) + 4 if more else len(piece)
        whole, rest = piece[:cut], piece[cut:]
        if b"<f" in whole or b":f" in whole:
            empty += len(_EMPTY_FORMULA.findall(whole))
            for found in _CONSTANT.finditer(whole):
                row, column = place_of(_attribute(found[1], b"r"))
                if row:
                    constants.append((row, column, float(re.sub(rb"[()\s]", b"", found[2]))))
                    empty -= bool(_EMPTY_FORMULA.search(found[0]))
        if b't="e"' in whole and len(errors) < _MOST_ERRORS:
            for tag, text in _ERROR_CELL.findall(whole):
                row, column = place_of(_attribute(tag, b"r"))
                if row:
                    errors.append((row, column, text.decode("utf-8", "replace")))
        piece = rest + more if more else b""
    return SheetMarks(frozenset(hidden), empty, tuple(constants), tuple(errors[:_MOST_ERRORS]), units)


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
