"""A text file: transcript, table in HTML, workbook in XML, or table of delimited cells – told apart by what is in it."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from icp_core.errors import UnreadableFileError
from icp_core.gather.encoding import Encoding, decode, find_encoding
from icp_core.gather.limits import FAST_FROM_BYTES, Limits
from icp_core.gather.raw_table import FileReading, ReadSettings

_MOST_TRANSCRIPT_CHARS = 20_000_000
_LOOKED_AT_BYTES = 1 << 20


def read_text_file(
    path: Path,
    file_name: str,
    *,
    settings: ReadSettings,
    limits: Limits,
    known_label: Callable[[str], bool] | None,
    scratch: Path,
) -> FileReading:
    """Read a text file of any kind. ``scratch`` is a folder for temporary files."""
    large = path.stat().st_size >= FAST_FROM_BYTES
    if large:
        from icp_core.gather.fast_csv import read_fast

        fast = partial(
            read_fast,
            path,
            file_name,
            settings=settings,
            limits=limits,
            known_label=known_label,
            scratch=scratch,
        )
        # DuckDB refuses text that is not UTF-8, so a look at the beginning is enough for a first try.
        table = fast(Encoding("utf-8")) if _starts_as_utf8(path, settings) else None
        if table is not None:
            return FileReading(file_name, "", (table,))
    data = path.read_bytes()
    encoding = _encoding(data, settings)
    if large and (encoding.name != "utf-8" or encoding.mark_bytes):
        table = fast(encoding)
        if table is not None:
            return FileReading(file_name, "", (table,))
    return _read_whole(decode(data, encoding), encoding, file_name, settings, limits, known_label)


def _read_whole(
    text: str,
    encoding: Encoding,
    file_name: str,
    settings: ReadSettings,
    limits: Limits,
    known_label: Callable[[str], bool] | None,
) -> FileReading:
    from icp_core.gather.html_tables import NO_TABLE, is_html, is_page_without_table, read_html_tables
    from icp_core.gather.spreadsheet_xml import is_spreadsheet_xml, read_spreadsheet_xml
    from icp_core.gather.text_tables import read_text_tables
    from icp_core.gather.transcripts import read_transcript

    if _is_json(text):
        raise UnreadableFileError("This is JSON, not a table. Export the data as CSV or Excel (.xlsx).")
    if is_spreadsheet_xml(text):
        sheets = read_spreadsheet_xml(
            text, file_name, settings=settings, limits=limits, known_label=known_label
        )
        return FileReading(file_name, "", tuple(sheets))
    if is_html(text):
        tables = read_html_tables(text, file_name, encoding.name, settings=settings, known_label=known_label)
        return FileReading(file_name, "", tuple(tables))
    if is_page_without_table(text):
        raise UnreadableFileError(NO_TABLE)
    if text[:64].lstrip("\ufeff \t\r\n").startswith("<?xml"):
        raise UnreadableFileError("This is XML, not a table. Export the data as CSV or Excel (.xlsx).")
    if _may_be_transcript(text, settings):
        transcript = read_transcript(text, file_name)
        if transcript is not None:
            return FileReading(file_name, "", transcripts=(transcript,))
    tables = read_text_tables(
        text, file_name, encoding, settings=settings, limits=limits, known_label=known_label
    )
    return FileReading(file_name, "", tuple(tables))


def _starts_as_utf8(path: Path, settings: ReadSettings) -> bool:
    with path.open("rb") as stream:
        head = stream.read(_LOOKED_AT_BYTES)
    if settings.encoding is not None or head.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return b"\0" not in head


def _encoding(data: bytes, settings: ReadSettings) -> Encoding:
    if settings.encoding is None:
        return find_encoding(data)
    try:
        name = codecs.lookup(settings.encoding).name
    except LookupError as error:
        raise UnreadableFileError(
            f"There is no encoding named “{settings.encoding}”. Choose for example utf-8 or cp1252."
        ) from error
    found = find_encoding(data)
    return replace(found, note=None) if found.mark_bytes else Encoding(name)


def _is_json(text: str) -> bool:
    """Whether a text is JSON, or JSON line by line."""
    start = text[:64].lstrip("\ufeff \t\r\n")
    if not start.startswith(("{", "[{", "[\n", "[ ", "[\r")):
        return False
    for piece in (text.split("\n", 1)[0], text):
        try:
            if isinstance(json.loads(piece), dict | list):
                return True
        except (ValueError, RecursionError):
            continue
    return False


def _may_be_transcript(text: str, settings: ReadSettings) -> bool:
    """Whether a text is worth being tried as a transcript: not when the user says how its cells are told apart."""
    fixed = (settings.delimiter, settings.quote, settings.escape, settings.header_rows)
    return len(text) < _MOST_TRANSCRIPT_CHARS and all(one is None for one in fixed)
