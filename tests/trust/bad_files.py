"""Bad files without end: good files of every format that is read, damaged or made spiteful in some way.

``bad_file(number, seeds)`` is the same file for the same number, so a finding is repeated by its number alone.
"""

from __future__ import annotations

import gzip
import io
import random
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.core.gather.files import docx_bytes, sheet_xml_workbook, workbook_bytes, zip_bytes
from tests.dirty_tables import make_table

Damage = Callable[[random.Random, bytes], bytes]
HEADER = ["Account ID", "Company name", "Domain", "Industry", "Employees", "Customer since", "Revenue"]
ROWS = [
    [f"A{i}", f"Harbour Works {i}", f"harbour{i}.example", "Foods", 5 + i, f"2025-03-{1 + i % 28:02}", 99.5 * i]
    for i in range(40)
]  # fmt: skip
TURNS = [("Interviewer", "What happened then?"), ("Quilla", "We lost three hours, every week."), ("Interviewer", "And now?")]  # fmt: skip


@dataclass(frozen=True)
class BadFile:
    """One file: what it was made from, what was done to it, and its bytes."""

    number: int
    format: str
    done: str
    content: bytes


# -- good files --------------------------------------------------------------------------------------


def _stamp(seconds: int, mark: str) -> str:
    return f"00:00:{seconds:02}{mark}000"


def _transcript(mark: str, head: str) -> bytes:
    lines = [head] if head else []
    for i, (who, said) in enumerate(TURNS):
        lines += [str(i + 1), f"{_stamp(4 * i, mark)} --> {_stamp(4 * i + 3, mark)}", f"{who}: {said}", ""]
    return "\n".join(lines).encode()


def _html() -> bytes:
    cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in [HEADER, *ROWS])
    return f"<html><body><table>{cells}</table></body></html>".encode()


def _spreadsheet_ods() -> bytes:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>'
            for c in row
        )
        + "</table:table-row>"
        for row in [HEADER, *ROWS]
    )
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    return zip_bytes(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        }
    )


def _with_macro(book: bytes) -> bytes:
    return _rezipped(
        book, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1Attribute VB_Name" + bytes(600)}
    )


def seeds(office_folder: Path | None = None) -> dict[str, list[bytes]]:
    """Good files by format; XLS only with LibreOffice at hand and a folder for it to write into."""
    book = workbook_bytes(
        {"Customers": [HEADER, *ROWS], "Notes": [["Role", "Note"], ["Sales", "They like it"]]}
    )
    csv = "\n".join(",".join(str(c) for c in row) for row in [HEADER, *ROWS]).encode() + b"\n"
    found = {
        "text table": [csv, *(make_table(i).content for i in range(60))],
        "xlsx": [book],
        "xlsm": [_with_macro(book)],
        "ods": [_spreadsheet_ods()],
        "html table": [_html()],
        "docx": [docx_bytes([f"{who}: {said}" for who, said in TURNS], [[HEADER, [str(c) for c in ROWS[0]]]])],
        "vtt": [_transcript(".", "WEBVTT\n")],
        "srt": [_transcript(",", "")],
        "txt": ["\n\n".join(f"{who}: {said}" for who, said in TURNS).encode()],
        "zip": [zip_bytes({"customers.csv": csv, "call.vtt": _transcript(".", "WEBVTT\n"), "book.xlsx": book})],
        "gz": [gzip.compress(csv, mtime=0)],
    }  # fmt: skip
    office = shutil.which("soffice")
    if office and office_folder is not None:
        (office_folder / "book.xlsx").write_bytes(book)
        command = [office, "--headless", "--convert-to", "xls", "--outdir", str(office_folder), str(office_folder / "book.xlsx")]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        found["xls"] = [(office_folder / "book.xls").read_bytes()]
    return found


# -- damage to any file ------------------------------------------------------------------------------


def _bits(rng: random.Random, content: bytes) -> bytes:
    hit = bytearray(content)
    for _ in range(rng.choice([1, 2, 8, 40])):
        hit[rng.randrange(len(hit))] ^= 1 << rng.randrange(8)
    return bytes(hit)


def _noise(rng: random.Random, content: bytes) -> bytes:
    at, n = rng.randrange(len(content)), rng.choice([1, 16, 400])
    return content[:at] + rng.randbytes(n) + content[at + rng.choice([0, n]) :]


def _cut_off(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content))]


def _middle_lost(rng: random.Random, content: bytes) -> bytes:
    a, b = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    return content[:a] + content[b:]


def _zeros(rng: random.Random, content: bytes) -> bytes:
    at, n = rng.randrange(len(content)), rng.choice([1, 64, 4096])
    return content[:at] + bytes(min(n, len(content) - at)) + content[at + n :]


def _repeated(rng: random.Random, content: bytes) -> bytes:
    a, b = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    return content[:b] + content[a:b] * rng.choice([1, 2, 30]) + content[b:]


def _two_files_in_one(rng: random.Random, content: bytes) -> bytes:
    """A polyglot: the head of something else before the file, or the file behind something else."""
    other = rng.choice(
        [b"%PDF-1.7\n", b"GIF89a\x01\x00\x01\x00", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"MZ\x90\x00", b"<html><script>x</script>",
         b"\x1f\x8b\x08\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"SQLite format 3\x00", b"a,b\n1,2\n", b"WEBVTT\n\n"]
    )  # fmt: skip
    return other + content if rng.random() < 0.6 else content + other * rng.choice([1, 50])


def _huge_cell(rng: random.Random, content: bytes) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] + rng.choice([b"x", b"wide ", b'"', b",", b"\n", b"<b>", b"\xe2\x80\xae"]) * 300_000 + content[at:]  # fmt: skip


def _spite(rng: random.Random, content: bytes) -> bytes:
    """Characters that break programs, put between others."""
    hit = content
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(hit))
        hit = hit[:at] + rng.choice(SPITE) + hit[at:]
    return hit


SPITE = (
    b"\x00", b"\x01\x02\x07\x1b[31m", b"\x0b", b"\x0c", b"\x1c\x1d\x1e\x1f", b"\x85", b"\xe2\x80\xa8", b"\xed\xa0\x80", b"\xff\xfe",
    "\u202egnp.exe\u2066".encode(), ("e" + "\u0301" * 200).encode(), "\U0001f469\u200d\U0001f680".encode(), b"=cmd|' /C calc'!A0",
    b'"; DROP TABLE imports; --', b"{{7*7}}", b"../../../etc/passwd", b"NaN", b"Infinity", b"1e400", b"-1e-400", b"9" * 400,
    b"0x7fffffff", b"99999-99-99", b"0000-00-00", b"\r", b"\r\r\n", b'"', b'""', b"'", b"\\", b"\t", b";", b",,,,,,,,,,",
)  # fmt: skip

ANY: tuple[Damage, ...] = (_bits, _noise, _cut_off, _middle_lost, _zeros, _repeated, _two_files_in_one, _huge_cell, _spite)  # fmt: skip


# -- damage inside an archive: the archive itself stays in order -----------------------------------------


def _rezipped(content: bytes, changed: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zip_bytes({**members, **changed})


def _one_member(rng: random.Random, content: bytes) -> bytes:
    """A member damaged as any file may be."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = rng.choice(archive.namelist())
        member = archive.read(name)
    return _rezipped(content, {name: rng.choice(ANY)(rng, member or b"x")})


_XML_TRICKS = (
    (b"?>", b'?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    (b"?>", b'?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;">]>'),
    (b"?>", b'?><!DOCTYPE a SYSTEM "http://elsewhere.invalid/x.dtd">'),
    (b">", b">" + b"<a>" * 20_000),
    (b">", b">" + b"<a>" * 3000 + b"</a>" * 3000),
    (b">", b"><![CDATA[" + b"]" * 5000 + b"]]>"),
    (b">", b">&x;&#0;&#xD800;&#x110000;&nothing;"),
    (b"<v>", b"<v>" + b"9" * 5000),
    (b"<v>", b"<v>-1</v><v>"),
    (b"<v>", b"<v>99999999999"),
    (b"<v>", b"<v>1e999"),
    (b't="s"', b't="e"'),
    (b't="n"', b't="s"'),
    (b't="s"', b't="d"'),
    (b'r="A1"', b'r="XFD1048576"'),
    (b'r="A2"', b'r="A99999999999"'),
    (b'r="B2"', b'r="1"'),
    (b'r="2"', b'r="1048576"'),
    (b'r="3"', b'r="-3"'),
    (b"<row ", b'<row spans="1:16384" hidden="1" '),
    (b"A1:G41", b"A1:XFD1048576"),
    (b"A1:G41", b"ZZZZ1:A0"),
    (b"<sheetData>", b"<sheetData><row/><row><c/></row>"),
    (b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1000000000">'),
    (b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="1000000000" '),
    (b'"string"', b'"date" office:date-value="0000-99-99T99:99:99"'),
    (b'"string"', b'"float" office:value="1e999"'),
    (b"sheetId=", b'state="veryHidden" sheetId='),
    (b"Target=", b'TargetMode="External" Target="file:///etc/'),
    (b'Target="', b'Target="../../../../'),
    (b"UTF-8", b"UTF-7"),
    (b"utf-8", b"utf-16"),
    (b"<w:p>", b"<w:p>" * 3000),
    (b"count=", b'uniqueCount="4000000000" count='),
    (b"xmlns", b"xmlns:a"),
)


def _xml_trick(rng: random.Random, content: bytes) -> bytes:
    """A trick of XML or of spreadsheets at a place where it fits."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    fitting = [
        (name, old, new)
        for name, member in members.items()
        for old, new in _XML_TRICKS
        if old in member and name.endswith((".xml", ".rels"))
    ]
    if not fitting:
        return _one_member(rng, content)
    name, old, new = rng.choice(fitting)
    places = members[name].count(old)
    head = members[name].split(old)
    at = rng.randrange(places) + 1
    return _rezipped(content, {name: old.join(head[:at]) + new + old.join(head[at:])})


def _archive_trick(rng: random.Random, content: bytes) -> bytes:
    """Lies in an archive's directory, and members that should not be there."""
    trick = rng.randrange(8)
    if trick == 0:
        return _rezipped(content, {rng.choice(["../../x.csv", "/etc/x.csv", "C:\\x.csv", "a\x00b.csv", "x" * 60_000]): b"a,b\n1,2\n"})  # fmt: skip
    if trick == 1:
        return _rezipped(content, {"inner.zip": content, "inner.csv.gz": gzip.compress(b"a,b\n", mtime=0)})
    if trick == 2:
        return _rezipped(content, {f"{i}.csv": b"a,b\n1,2\n" for i in range(300)})
    if trick == 3:
        return _rezipped(content, {"zeros.csv": bytes(30_000_000)})
    at = content.rfind(b"PK\x01\x02")
    if at < 0:
        return _bits(rng, content)
    hit = bytearray(content)
    if trick == 4:  # another size than the truth
        struct.pack_into("<I", hit, at + rng.choice([20, 24]), rng.choice([0, 1, 100, 2**31, 2**32 - 1]))
    elif trick == 5:  # another way of packing
        struct.pack_into("<H", hit, at + 10, rng.choice([1, 6, 8, 9, 12, 14, 93, 99]))
    elif trick == 6:  # locked, or another offset
        hit[at + 8] |= 1
        struct.pack_into("<I", hit, at + 42, rng.randrange(2**32))
    else:
        out = io.BytesIO(content)
        with zipfile.ZipFile(out, "a") as archive:
            name = rng.choice(archive.namelist())
            archive.writestr("~" + name[1:], b"second")
        return out.getvalue().replace(b"~" + name[1:].encode(), name.encode())  # the same name twice
    return bytes(hit)


def _made_up(rng: random.Random) -> tuple[str, bytes]:
    """Files that never were good."""
    kind = rng.randrange(8)
    if kind == 0:
        return "noise", rng.randbytes(rng.randint(1, 6000))
    if kind == 1:
        return "noise behind a known head", rng.choice(
            [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b\x08\x00", b"\x09\x08\x10\x00", b"\x09\x04\x06\x00", b"WEBVTT\n", b"<html>"]
        ) + rng.randbytes(rng.randint(1, 6000))  # fmt: skip
    if kind == 2:
        letters = ",;\t|\"'\n\r\\ aé0.-:\u202e\ufeff\x00="
        return "text of separators", "".join(
            rng.choice(letters) for _ in range(rng.randint(1, 4000))
        ).encode()
    if kind == 3:
        width = rng.choice([1, 3, 2000, 30_000])
        return "a very wide table", b",".join(b"c%d" % i for i in range(width)) + b"\n" + b"1," * (width - 1) + b"1\n"  # fmt: skip
    if kind == 4:
        cells = "".join(
            f'<row r="{rng.choice([1, 2, 65536, 1048576])}"><c r="{rng.choice(["A1", "XFD1", "A1048576", "ZZ9", ""])}" '
            f't="{rng.choice(["s", "n", "b", "e", "str", "inlineStr", "d", "?"])}"><v>{rng.choice(["", "0", "-1", "1e308", "x", "99999"])}</v></c></row>'
            for _ in range(rng.randint(1, 30))
        )
        return "a workbook by hand", sheet_xml_workbook(
            cells, rng.choice(["A1", "A1:XFD1048576", "", "B2:A1"])
        )
    if kind == 5:
        return "deep nesting", rng.choice([b"[", b"{", b"<a>", b"<table><tr><td>", b"((", b'{"a":']) * rng.choice([10, 5000, 60_000])  # fmt: skip
    if kind == 6:
        return "a bomb", gzip.compress(rng.choice([b"0,0\n", b"\x00", b'"', b"a"]) * rng.choice([10, 30_000_000]), mtime=0)  # fmt: skip
    return "empty or blank", rng.choice([b"", b"\n", b" " * 5000, b"\xef\xbb\xbf", b"\xff\xfe", b'""', b",,,\n,,,\n", b"\x00" * 50])  # fmt: skip


def bad_file(number: int, good: dict[str, list[bytes]]) -> BadFile:
    """The bad file of this number."""
    rng = random.Random(number)
    if rng.random() < 0.12:
        done, content = _made_up(rng)
        return BadFile(number, "made up", done, content)
    name = rng.choice(sorted(good))
    content = rng.choice(good[name])
    tricks = [*ANY, _one_member, _one_member, _xml_trick, _xml_trick, _xml_trick, _archive_trick] if content[:2] == b"PK" else list(ANY)  # fmt: skip
    damage = rng.choice(tricks)
    content = damage(rng, content)
    if name == "gz" and rng.random() < 0.6:  # damage what is packed, not the packing
        damage = rng.choice(ANY)
        content = gzip.compress(damage(rng, rng.choice(good["text table"])), mtime=0)
    return BadFile(number, name, damage.__name__.strip("_").replace("_", " "), content)
