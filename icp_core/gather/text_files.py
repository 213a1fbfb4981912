"""A text file: transcript, table in HTML, or table of delimited cells – told apart by what is in it."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from icp_core.errors import UnreadableFileError
from icp_core.gather.encoding import Encoding, decode, find_encoding
from icp_core.gather.limits import Limits
from icp_core.gather.raw_table import FileReading, ReadSettings
from icp_core.gather.text_tables import read_text_tables


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
    text = decode(data, encoding)
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
