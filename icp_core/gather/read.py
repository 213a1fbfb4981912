"""Read one uploaded file: text exactly as it stood in it, whatever the file is, without risk to the server.

The bytes are parsed in a child process with bounds on memory, processor time and waiting time. A file
that panics its parser, hangs or explodes becomes one sentence in :attr:`FileReading.error`.
"""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from icp_core.errors import UnreadableFileError
from icp_core.gather import handover
from icp_core.gather.archive_checks import sniff
from icp_core.gather.limits import Limits
from icp_core.gather.parse import read_in_process
from icp_core.gather.raw_table import FileReading, ReadSettings
from icp_core.gather.reader_process import ReaderProcess, keep_ready, processes

__all__ = ["Limits", "read_file", "read_in_process", "sha256_of"]

_TOO_SLOW = (
    "Reading the file took longer than {seconds:.0f} seconds and was stopped. "
    "Export fewer columns or a shorter period, or save the table as CSV."
)
_TOO_MUCH_MEMORY = (
    "Reading the file needs more memory than is allowed ({megabytes:,.0f} MB). "
    "Export fewer columns or a shorter period, or save the table as CSV."
)
_OUT_OF_MEMORY = (
    b"memory allocation",
    b"memoryerror",
    b"bad_alloc",
    b"out of memory",
    b"outofmemory",
    b"cannot allocate",
    b"failed to map segment",
)
_DAMAGED = (
    "The file is damaged in a way that stops its reader. "
    "Open it in Excel or a text editor, save it as .xlsx or CSV, and upload that."
)


def read_file(
    path: Path,
    *,
    file_name: str | None = None,
    settings: ReadSettings | None = None,
    limits: Limits | None = None,
    sheet: str | None = None,
    sha256: str | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> FileReading:
    """Read every table and transcript of one file in a child process.

    Parameters
    ----------
    path
        The file on disk. Its name is used only for messages; what it is, is told from its bytes.
    file_name
        The name the user knows it by (default: the name of ``path``).
    settings
        How to read a text table or where a header is; ``None`` (or a field that is ``None``) = find out.
    limits
        Bounds on size, memory and time; ``None`` = those of the environment (``Limits.from_environment``).
    sheet
        Read only this sheet (workbooks) or member (archives); settings then apply to it alone.
    sha256
        The hash of the file, where it is known already; ``None`` = it is taken while the file is parsed.
    cancelled
        Asked some ten times a second; the reading stops when it answers True.

    Returns
    -------
    FileReading
        Tables and transcripts in the order of the file. ``error`` is one sentence, what is wrong and what
        to do, when nothing could be read. Never raises for what is in the file.
    """
    path = Path(path)
    name = file_name or path.name
    limits = limits or Limits.from_environment()
    try:
        sniff(path, limits)
    except UnreadableFileError as refused:
        return FileReading(name, sha256_of(path), error=str(refused))
    except OSError as error:
        return FileReading(
            name, "", error=f"The file cannot be opened ({error.strerror or error}). Upload it again."
        )
    digest = [sha256] if sha256 else []
    hashing = Thread(target=lambda: digest or digest.append(sha256_of(path)))
    hashing.start()
    seconds = limits.seconds_for(path.stat().st_size)
    try:
        for reader in processes(limits):
            try:
                handover.write_request(reader.folder, path.resolve(), name, settings, limits, sheet)
                failure = _parse(reader, limits, seconds, cancelled)
                if failure is not None and reader.was_gone():
                    continue
                hashing.join()
                if failure is not None:
                    return FileReading(name, digest[0], error=failure)
                return handover.read_reading(reader.folder, name, digest[0])
            finally:
                reader.close(wait=False)
        raise AssertionError("a process that was not started ahead is never gone")
    finally:
        hashing.join()
        keep_ready()


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as hexadecimal text."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _parse(
    reader: ReaderProcess, limits: Limits, seconds: float, cancelled: Callable[[], bool] | None
) -> str | None:
    """Let the process parse; None when its report is there, else the sentence that says why not."""
    reader.begin()
    deadline = time.monotonic() + seconds
    while not reader.ended(min(0.1, max(0.001, deadline - time.monotonic()))):
        if cancelled is not None and cancelled():
            return "The reading was cancelled."
        if time.monotonic() >= deadline:
            return _TOO_SLOW.format(seconds=seconds)
    outcome = reader.outcome()
    if outcome == 0 and (reader.folder / "report.json").exists():
        return None
    if (reader.folder / "out_of_memory").exists() or _mentions_memory(reader.folder / "stderr.txt"):
        return _TOO_MUCH_MEMORY.format(megabytes=limits.max_memory_bytes / 1e6)
    if outcome == -getattr(signal, "SIGXCPU", 24):
        return _TOO_SLOW.format(seconds=limits.cpu_seconds)
    if os.name == "posix" and outcome == -signal.SIGKILL:  # the system's own out-of-memory killer
        return _TOO_MUCH_MEMORY.format(megabytes=limits.max_memory_bytes / 1e6)
    return _DAMAGED


def _mentions_memory(stderr: Path) -> bool:
    """Whether the dying child said that memory ran out (an abort leaves no other trace)."""
    with stderr.open("rb") as stream:
        stream.seek(max(0, stderr.stat().st_size - 20_000))
        text = stream.read().lower()
    return any(words in text for words in _OUT_OF_MEMORY)
