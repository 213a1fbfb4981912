"""What a file really is, and whether unpacking it is safe: looked at before anything is parsed.

Only the directory of an archive and a bounded stretch of its members are read here, so these checks
may run in the server process itself.
"""

from __future__ import annotations

import io
import mmap
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from icp_core.errors import UnreadableFileError
from icp_core.gather.limits import Limits

HEAD_BYTES = 4096
SHEET_HEAD_BYTES = 1 << 16
SMALL_SHEET_BYTES = 1 << 20  # a sheet this small is looked through for cells that lie far apart
NESTED_ARCHIVES = (".zip", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz", ".tgz")

# What Python's zipfile raises for a member that is damaged, packed in an unknown way, or locked with a password.
DAMAGED_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
)

# Where the stream of an XLS workbook begins (BIFF 5 and 8: a BOF record that says "globals"), and what says it is locked.
_XLS_GLOBALS = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")
_FILE_PASS = 0x2F
_OLE_SECTOR = 512

_OLE_NAMES = ("EncryptedPackage", "EncryptionInfo", "WordDocument", "Workbook", "Book")

_OTHER_FORMATS = (
    (b"%PDF", "a PDF document", "Export the data behind it as CSV or Excel."),
    (b"\x89PNG", "a picture", "Upload the table itself as CSV or Excel."),
    (b"\xff\xd8\xff", "a picture", "Upload the table itself as CSV or Excel."),
    (b"GIF8", "a picture", "Upload the table itself as CSV or Excel."),
    (b"PAR1", "a Parquet file", "Export it as CSV or Excel."),
    (b"ARROW1", "an Arrow file", "Export it as CSV or Excel."),
    (b"SQLite format 3", "a SQLite database", "Export its tables as CSV."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it and upload the files inside."),
    (b"Rar!", "a RAR archive", "Unpack it and upload the files inside."),
    (b"BZh", "a bzip2 archive", "Unpack it and upload the file inside."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it and upload the file inside."),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it and upload the file inside."),
    (b"{\\rtf", "a rich-text document", "Save it as .docx or .txt."),
    (b"\x7fELF", "a program", "Upload a table or a transcript."),
    (b"MZ\x90", "a program", "Upload a table or a transcript."),
    (b"\x1aE\xdf\xa3", "a video", "Upload its transcript (VTT, SRT, DOCX or TXT)."),
    (b"OggS", "a sound file", "Upload its transcript (VTT, SRT, DOCX or TXT)."),
    (b"ID3", "a sound file", "Upload its transcript (VTT, SRT, DOCX or TXT)."),
)
# Zip packages that are no archives of tables: how one of their members is named.
_OTHER_PACKAGES = (
    (".iwa", "a document of Apple Numbers, Pages or Keynote."),
    ("ppt/presentation.xml", "a presentation, not a table or a transcript."),
)
# Whatever program a workbook comes from, two that open it are named.
LOCKED = (
    "The workbook is locked with a password. Open it in Excel or LibreOffice, save it without the password "
    "and upload that."
)
DAMAGED_WORKBOOK = (
    "The workbook is damaged and cannot be read. Open it in Excel or LibreOffice, save it again as .xlsx "
    "and upload that."
)
_DAMAGED = (
    "The file is damaged or cut off: it starts like a workbook or a zip archive but cannot be opened. "
    "Export or download it again."
)


@dataclass(frozen=True)
class Sniffed:
    """What the first bytes (and an archive's directory) say about a file.

    ``kind`` is ``text``, ``gzip``, ``zip`` (of other files), ``workbook`` (XLSX, XLSM, XLSB, ODS),
    ``ole`` (XLS, or something locked with a password) or ``docx``.
    """

    kind: str
    members: tuple[str, ...] = ()

    @property
    def workbook_suffix(self) -> str:
        """How the name of a workbook of this format truly ends."""
        if self.kind == "ole":
            return ".xls"
        if not any(name.startswith("xl/") for name in self.members):
            return ".ods"
        return ".xlsb" if any(name.endswith("workbook.bin") for name in self.members) else ".xlsx"


def sniff(path: Path, limits: Limits) -> Sniffed:
    """Tell the kind of a file by its bytes and refuse what is unsafe or cannot be a table or a transcript.

    Raises :class:`UnreadableFileError` with one sentence saying what the file is and what to do.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFileError("The file is empty. Export it again.")
    if size > limits.max_bytes:
        raise UnreadableFileError(
            f"The file has {size / 1e6:,.0f} MB; at most {limits.max_bytes / 1e6:,.0f} MB are read. "
            "Export fewer columns or a shorter period."
        )
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _sniff_zip(path, limits)
    if head.startswith(b"\x1f\x8b"):
        return Sniffed("gzip")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _sniff_ole(path)
    if re.match(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08]\x00", head):  # BIFF 2 to 5 outside an OLE container
        return Sniffed("ole")
    for magic, what, advice in _OTHER_FORMATS:
        if head.startswith(magic):
            raise UnreadableFileError(f"This is {what}, not a table or a transcript. {advice}")
    if head[4:8] == b"ftyp":
        raise UnreadableFileError(
            "This is a video or sound file. Upload its transcript (VTT, SRT, DOCX or TXT)."
        )
    if _looks_binary(head):
        raise UnreadableFileError(
            "The file is not text and not a workbook this program knows. Export it as CSV or Excel (.xlsx)."
        )
    return Sniffed("text")


def gunzip(path: Path, target: Path, limits: Limits) -> None:
    """Unpack a ``.gz`` file into ``target``, stopping at the limits."""
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    most = min(limits.max_unpacked_bytes, max(limits.max_ratio * path.stat().st_size, 16 << 20))
    written = 0
    with path.open("rb") as source, target.open("wb") as sink:
        while chunk := source.read(1 << 16):
            while chunk:
                try:
                    piece = inflater.decompress(chunk, 1 << 20)
                except zlib.error as error:
                    raise UnreadableFileError("The .gz file is damaged. Download it again.") from error
                written += len(piece)
                if written > most:
                    raise UnreadableFileError(_too_big_unpacked(written, limits))
                sink.write(piece)
                chunk = inflater.unconsumed_tail
                if inflater.eof:
                    chunk = inflater.unused_data
                    if not chunk.startswith(b"\x1f\x8b"):
                        break
                    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    if not inflater.eof:
        raise UnreadableFileError("The .gz file is cut off before its end. Download it again.")


def check_sheets(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse a workbook one of whose sheets spans more cells than it can hold.

    Spreadsheet readers reserve memory for the whole rectangle between the first and the last cell, so
    two cells in opposite corners can need gigabytes.
    """
    for info in archive.infolist():
        if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", info.filename):
            continue
        with archive.open(info) as stream:
            text = stream.read(SMALL_SHEET_BYTES if info.file_size <= SMALL_SHEET_BYTES else SHEET_HEAD_BYTES)
        spans = [
            _reference(found) for found in re.findall(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{1,3}[0-9]{1,7})"', text)
        ]
        if not spans:
            continue
        rows = max(row for row, _ in spans) - min(row for row, _ in spans) + 1
        columns = max(column for _, column in spans) - min(column for _, column in spans) + 1
        if info.file_size <= SMALL_SHEET_BYTES and rows * columns > max(
            limits.max_cells / 10, 400 * len(spans)
        ):
            far = max(found for found in spans)
            raise UnreadableFileError(
                f"A sheet ({info.filename}) holds {len(spans):,} cells but reaches to row {far[0]:,}, column "
                f"{far[1]:,}. Delete the stray cells far from the table, or save the table as CSV."
            )


def _sniff_zip(path: Path, limits: Limits) -> Sniffed:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            _check_directory(infos, limits)
            names = tuple(info.filename for info in infos)
            if "word/document.xml" in names:
                return Sniffed("docx", names)
            if any(name.startswith("xl/") for name in names):
                if any(name.endswith(("workbook.xml", "workbook.bin")) for name in names):
                    check_sheets(archive, limits)
                    return Sniffed("workbook", names)
                raise UnreadableFileError(DAMAGED_WORKBOOK)
            if "encrypted-package" in names and "mimetype" in names:  # a whole OpenDocument file, locked
                raise UnreadableFileError(LOCKED)
            for sign, what in _OTHER_PACKAGES:
                if any(name.endswith(sign) for name in names):
                    raise UnreadableFileError(f"This is {what} Export the table as CSV or Excel (.xlsx).")
            if "content.xml" in names and "mimetype" in names:
                if b"opendocument.spreadsheet" in archive.read("mimetype")[:200]:
                    return Sniffed("workbook", names)
                raise UnreadableFileError(
                    "This is an OpenDocument text, not a spreadsheet. Save it as .docx or .txt."
                )
            return Sniffed("zip", names)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise UnreadableFileError(_DAMAGED) from error
    except RuntimeError as error:
        # zipfile's word for "a password is needed"; a packing it does not know is a kind of it.
        if type(error) is not RuntimeError:
            raise UnreadableFileError(_DAMAGED) from error
        raise UnreadableFileError("The archive is locked with a password. Save it without one.") from error


def _check_directory(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(infos) > limits.max_entries:
        raise UnreadableFileError(
            f"The archive holds {len(infos):,} files; at most {limits.max_entries:,} are read. Upload the tables alone."
        )
    unpacked = sum(info.file_size for info in infos)
    if unpacked > limits.max_unpacked_bytes:
        raise UnreadableFileError(_too_big_unpacked(unpacked, limits))
    for info in infos:
        parts = re.split(r"[\\/]", info.filename)
        if ".." in parts or info.filename.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", info.filename):
            raise UnreadableFileError(
                "The archive holds a file whose path leads out of the archive, so it is not opened. "
                "Upload the tables alone."
            )
        if info.file_size > (1 << 20) and info.file_size > limits.max_ratio * max(info.compress_size, 1):
            raise UnreadableFileError(
                f"“{parts[-1]}” inside the file grows {info.file_size // max(info.compress_size, 1):,}-fold when "
                "unpacked; it looks like an attack and is not opened. Export the table again as CSV."
            )
        if info.filename.lower().endswith(NESTED_ARCHIVES):
            raise UnreadableFileError(
                f"The archive holds another archive (“{parts[-1]}”). Unpack it and upload the tables."
            )


def _sniff_ole(path: Path) -> Sniffed:
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        names = {name for name in _OLE_NAMES if data.find(name.encode("utf-16-le")) >= 0}
        locked = names & {"EncryptedPackage", "EncryptionInfo"} or _has_file_pass(data)
    if locked:
        raise UnreadableFileError(LOCKED)
    if "WordDocument" in names and not names & {"Workbook", "Book"}:
        raise UnreadableFileError("This is an old Word document (.doc). Save it as .docx or .txt.")
    return Sniffed("ole")


def _has_file_pass(data: mmap.mmap) -> bool:
    """Whether an XLS workbook names, right behind its beginning, how its records are encrypted.

    The record (FILEPASS) stands before all records with content, so one sector of the stream tells.
    """
    for start in _XLS_GLOBALS.finditer(data):
        at = start.start()
        end = min(len(data), at + _OLE_SECTOR)
        while at + 4 <= end:
            record, length = struct.unpack_from("<HH", data, at)
            if record == _FILE_PASS:
                return True
            if record == 0:
                break
            at += 4 + length
    return False


def _looks_binary(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return False
    nuls = head.count(0)
    if nuls and (utf16 := _utf16_order(head)):
        text = head[: len(head) // 2 * 2].decode(utf16, "replace")
        return sum(char.isprintable() or char in "\t\r\n" for char in text) < 0.9 * len(text)
    control = sum(1 for byte in head if byte < 32 and byte not in (0, 9, 10, 11, 12, 13, 27, 28, 29, 30, 31))
    return control > 0.05 * len(head) or nuls > 0.30 * len(head)


def _utf16_order(head: bytes) -> str | None:
    """The byte order of UTF-16 text without a mark, told by where its zeros stand."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.1 * half else None


def _reference(cell: bytes) -> tuple[int, int]:
    letters = cell.rstrip(b"0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + (letter - 64)
    return int(cell[len(letters) :]), column


def _too_big_unpacked(size: int, limits: Limits) -> str:
    return (
        f"Unpacked, the file has more than {min(size, limits.max_unpacked_bytes) / 1e6:,.0f} MB, which is more than "
        "is read. Export fewer columns or a shorter period, as CSV."
    )


def members_to_read(path: Path, names: tuple[str, ...]) -> list[tuple[str, bytes | None]]:
    """Return name and bytes of the files in an archive, without folders, hidden files and resource forks.

    The bytes are None where a member is damaged or locked; the others can be read all the same.
    """
    found: list[tuple[str, bytes | None]] = []
    with zipfile.ZipFile(path) as archive:
        for name in names:
            base = name.rsplit("/", 1)[-1]
            if not base or base.startswith(".") or name.startswith("__MACOSX/"):
                continue
            stream = io.BytesIO()
            try:
                with archive.open(name) as source:
                    while piece := source.read(1 << 20):
                        stream.write(piece)
            except DAMAGED_ARCHIVE:
                found.append((name, None))
                continue
            found.append((name, stream.getvalue()))
    return found
