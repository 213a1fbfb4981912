"""Read one file in this process: find out what it is and hand it to its reader.

Used inside the child process of :mod:`icp_core.gather.read`; call it directly only for files you trust.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import cache
from pathlib import Path

from icp_core.errors import UnreadableFileError
from icp_core.gather.archive_checks import Sniffed, gunzip, members_to_read, sniff
from icp_core.gather.limits import Limits
from icp_core.gather.raw_table import FileReading, ReadSettings

KnownLabel = Callable[[str], bool]


def read_in_process(
    path: Path,
    *,
    file_name: str | None = None,
    settings: ReadSettings | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen, so one shared instance is safe
    sheet: str | None = None,
    known_label: KnownLabel | None = None,
    sha256: str | None = None,
    scratch: Path | None = None,
) -> FileReading:
    """Read every table and transcript of one file, without the protection of a child process.

    ``known_label`` tells whether a text is a column name the vocabulary knows (default: the vocabulary's own,
    when there is one). ``scratch`` is a folder for temporary files, which stay there; tables may be mapped from
    them. Without it they are removed. The rest is as in ``read_file``.
    """
    path = Path(path)
    name = file_name or path.name
    if sha256 is None:
        from icp_core.gather.read import sha256_of

        sha256 = sha256_of(path)
    known = known_label or _vocabulary_label
    try:
        sniffed = sniff(path, limits)
        with nullcontext(scratch) if scratch else tempfile.TemporaryDirectory() as own:
            reading = _read(path, name, sniffed, settings or ReadSettings(), limits, sheet, known, Path(own))
        _check_size(reading, limits)
        reading = _with_talks(reading)
    except UnreadableFileError as refused:
        return FileReading(name, sha256, error=str(refused))
    return replace(reading, sha256=sha256)


def _check_size(reading: FileReading, limits: Limits) -> None:
    """Refuse a table too large to work with, whatever kind of file it came from."""
    for table in reading.tables:
        if table.n_rows > limits.max_rows:
            raise UnreadableFileError(
                f"The table has {table.n_rows:,} rows; at most {limits.max_rows:,} are read. Export a shorter period."
            )


def _with_talks(reading: FileReading) -> FileReading:
    if not any(
        "speaker" in name.casefold() or "sprecher" in name.casefold()
        for t in reading.tables
        for name in t.columns
    ):
        return reading
    from icp_core.gather.talk_tables import with_talks

    return with_talks(reading)


def _read(
    path: Path,
    name: str,
    sniffed: Sniffed,
    settings: ReadSettings,
    limits: Limits,
    sheet: str | None,
    known: KnownLabel,
    scratch: Path,
) -> FileReading:
    if sniffed.kind == "gzip":
        unpacked = scratch / "unpacked"
        gunzip(path, unpacked, limits)
        inner = sniff(unpacked, limits)
        if inner.kind == "gzip":
            raise UnreadableFileError(
                "The .gz file holds another .gz file. Unpack it and upload what is inside."
            )
        return _read(unpacked, name, inner, settings, limits, sheet, known, scratch)
    if sniffed.kind == "zip":
        return _read_members(path, name, sniffed.members, settings, limits, sheet, known, scratch)
    if sniffed.kind in ("workbook", "ole"):
        from icp_core.gather.workbooks import read_workbook

        book = _rightly_named(path, sniffed, scratch)
        return read_workbook(book, name, settings=settings, limits=limits, sheet=sheet, known_label=known)
    if sniffed.kind == "docx":
        from icp_core.gather.transcripts import read_docx

        return read_docx(path, name, known_label=known)
    from icp_core.gather.text_files import read_text_file

    return read_text_file(path, name, settings=settings, limits=limits, known_label=known, scratch=scratch)


def _rightly_named(path: Path, sniffed: Sniffed, scratch: Path) -> Path:
    """A workbook under a name that ends as its format does: its reader goes by the name, many files bear a wrong one."""
    suffix, named = sniffed.workbook_suffix, path.suffix.lower()
    if named == suffix or (named, suffix) == (".xlsm", ".xlsx"):
        return path
    book = scratch / f"book{suffix}"
    shutil.copyfile(path, book)
    return book


def _read_members(
    path: Path,
    name: str,
    members: tuple[str, ...],
    settings: ReadSettings,
    limits: Limits,
    sheet: str | None,
    known: KnownLabel,
    scratch: Path,
) -> FileReading:
    """Read all files of an archive; what cannot be read is a warning as long as something can."""
    tables, transcripts, warnings = [], [], []
    for index, (member, content) in enumerate(members_to_read(path, members)):
        if sheet is not None and sheet != member:
            continue
        if content is None:
            warnings.append(f"{member}: It is damaged or locked inside the archive.")
            continue
        unpacked = scratch / f"member{index}"
        unpacked.write_bytes(content)
        try:
            inner = sniff(unpacked, limits)
            if inner.kind in ("zip", "gzip"):
                raise UnreadableFileError(
                    "It is an archive inside an archive. Unpack it and upload what is inside."
                )
            own = scratch / f"scratch{index}"
            own.mkdir()
            reading = _read(unpacked, member, inner, settings, limits, None, known, own)
        except UnreadableFileError as refused:
            warnings.append(f"{member}: {refused}")
            continue
        for table in reading.tables:
            tables.append(
                replace(table, file_name=name, sheet=table.sheet and f"{member} · {table.sheet}" or member)
            )
        transcripts.extend(reading.transcripts)
        warnings.extend(f"{member}: {warning}" for warning in reading.warnings)
    if any(table.n_rows for table in tables):
        for table in [table for table in tables if not table.n_rows]:  # a readme beside the tables
            warnings.append(f"{table.sheet}: It holds no table.")
            tables.remove(table)
    if not tables and not transcripts:
        detail = f" {warnings[0]}" if warnings else ""
        raise UnreadableFileError(f"The archive holds no table and no transcript that can be read.{detail}")
    return FileReading(name, "", tuple(tables), tuple(transcripts), warnings=tuple(warnings))


def _vocabulary_label(text: str) -> bool:
    return _vocabulary()(text)


@cache
def _vocabulary() -> KnownLabel:
    """The vocabulary's own judge of column names, loaded on first use because many files do not need it."""
    try:
        from icp_core.vocabulary import known_label
    except ImportError:
        return _knows_nothing
    return known_label


def _knows_nothing(text: str) -> bool:
    return False
