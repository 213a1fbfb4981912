"""A text file: transcript, table in HTML, or table of delimited cells – told apart by what is in it."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from icp_core.errors import UnreadableFileError
from icp_core.gather.encoding import Encoding, decode, find_encoding
from icp_core.gather.html_tables import is_html, read_html_tables
from icp_core.gather.limits import FAST_FROM_BYTES, Limits
from icp_core.gather.raw_table import FileReading, ReadSettings
from icp_core.gather.text_tables import read_text_tables
from icp_core.gather.transcripts import read_transcript


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
    data = path.read_bytes()
    encoding = _encoding(data, settings)
    if len(data) >= FAST_FROM_BYTES:
        from icp_core.gather.fast_csv import read_fast

        table = read_fast(
            path,
            data,
            file_name,
            encoding,
            settings=settings,
            limits=limits,
            known_label=known_label,
            scratch=scratch,
        )
        if table is not None:
            return FileReading(file_name, "", (table,))
    text = decode(data, encoding)
    if is_html(text):
        return FileReading(
            file_name,
            "",
            tuple(
                read_html_tables(text, file_name, encoding.name, settings=settings, known_label=known_label)
            ),
        )
    transcript = read_transcript(text, file_name) if may_be_transcript(text, settings) else None
    if transcript is not None:
        return FileReading(file_name, "", transcripts=(transcript,))
    tables = read_text_tables(
        text, file_name, encoding, settings=settings, limits=limits, known_label=known_label
    )
    return FileReading(file_name, "", tuple(tables))


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


def may_be_transcript(text: str, settings: ReadSettings) -> bool:
    """Whether a text is worth being tried as a transcript: not when the user says how its cells are told apart."""
    fixed = (settings.delimiter, settings.quote, settings.escape, settings.header_rows)
    return len(text) < 20_000_000 and all(one is None for one in fixed)
