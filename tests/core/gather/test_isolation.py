"""No upload can stop the server: bombs, panics, hangs and rubbish end as one sentence, quickly."""

from __future__ import annotations

import hashlib
import os
import random
import struct
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from icp_core.errors import IcpError
from icp_core.gather import reader_process
from icp_core.gather.limits import Limits
from icp_core.gather.read import read_file
from tests.core.gather.files import (
    csv_text,
    docx_bytes,
    gzip_bytes,
    one_table,
    rows_of,
    sheet_xml_workbook,
    workbook_bytes,
    zip_bytes,
)

SMALL = Limits(max_memory_bytes=1500 << 20, cpu_seconds=20, wall_seconds=20)
ROWS = [["id", "amount"], ["1", "5.5"], ["2", "7"]]


@pytest.fixture(autouse=True)
def nobody_waits():
    """No process that an app of another test has started ahead stands ready."""
    reader_process.dismiss()
    yield
    reader_process.dismiss()


def wait_for_tidying():
    for thread in threading.enumerate():
        if thread.name == reader_process.TIDYING:
            thread.join()


def refused(tmp_path, content, limits=SMALL, name="upload"):
    """The sentence with which this content is refused, at most ten seconds later."""
    path = tmp_path / name
    path.write_bytes(content)
    start = time.monotonic()
    reading = read_file(path, limits=limits)
    assert time.monotonic() - start < 10
    assert not reading.tables and not reading.transcripts
    assert reading.error and reading.error.endswith(".")
    assert "Traceback" not in reading.error
    return reading.error


def test_a_good_file_comes_back_with_its_hash_and_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(reader_process.tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_text(ROWS).encode())

    reading = read_file(path, file_name="Orders 2026.csv")

    assert rows_of(one_table(reading)) == ROWS[1:]
    assert reading.file_name == reading.tables[0].file_name == "Orders 2026.csv"
    assert reading.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    wait_for_tidying()
    assert os.listdir(tmp_path / "scratch") == []


def test_two_cells_far_apart_do_not_reserve_the_whole_sheet(tmp_path):
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'

    assert "stray cells" in refused(tmp_path, sheet_xml_workbook(cells, "A1:XFD1048576"))
    assert "stray cells" in refused(tmp_path, sheet_xml_workbook(cells, "A1:B2"))


def test_cells_without_references_or_far_apart_in_a_large_sheet_only_stop_the_child(tmp_path):
    filler = "".join(f'<row r="{i}"><c r="A{i}" t="str"><v>{i:040d}</v></c></row>' for i in range(1, 16_000))
    cells = filler + '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'

    message = refused(tmp_path, sheet_xml_workbook(cells, "A1:A16000"))

    assert "memory" in message or "stray cells" in message


def test_entities_are_not_expanded(tmp_path):
    laughs = (
        '<!DOCTYPE lolz [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9))
        + "]>"
    )
    book = sheet_xml_workbook('<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>')
    import io
    import zipfile

    source = zipfile.ZipFile(io.BytesIO(book))
    members = {name: source.read(name).decode() for name in source.namelist()}
    source.close()
    members["xl/worksheets/sheet1.xml"] = members["xl/worksheets/sheet1.xml"].replace("?>", "?>" + laughs, 1)

    refused(tmp_path, zip_bytes(members))
    assert "declarations" in refused(tmp_path, docx_bytes(["&j;"], prolog=laughs).replace(b"&amp;j;", b"&j;"))


def test_a_document_cannot_read_files_of_the_server(tmp_path):
    (tmp_path / "secret").write_text("top secret")
    outside = f'<!DOCTYPE w [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'

    assert "secret" not in refused(tmp_path, docx_bytes(["hello"], prolog=outside))


def test_archives_that_explode_are_refused_before_unpacking(tmp_path):
    zeros = b"0,0\n" * 8_000_000

    assert "-fold" in refused(tmp_path, zip_bytes({"rows.csv": zeros}))
    assert "-fold" in refused(
        tmp_path,
        zip_bytes(
            {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": zeros}
        ),
    )
    assert "more than" in refused(
        tmp_path, gzip_bytes(zeros), Limits(max_unpacked_bytes=4 << 20, wall_seconds=20)
    )


def test_a_lying_size_in_an_archive_is_noticed(tmp_path):
    content = bytearray(zip_bytes({"rows.csv": b"0,0\n" * 200_000}))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 100)

    refused(tmp_path, bytes(content))


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"../../etc/cron.csv": "a,b\n1,2\n"}, "leads out"),
        ({"/etc/cron.csv": "a,b\n1,2\n"}, "leads out"),
        ({"C:\\x.csv": "a,b\n1,2\n"}, "leads out"),
        ({"inner.zip": b"PK"}, "another archive"),
        ({"readme.png": b"\x89PNG\r\n\x1a\n" + bytes(100)}, "no table"),
    ],
)
def test_archives_with_suspicious_members_are_refused(tmp_path, members, words):
    assert words in refused(tmp_path, zip_bytes(members))


def test_an_archive_of_very_many_files_is_refused(tmp_path):
    assert "files" in refused(
        tmp_path, zip_bytes({f"{i}.csv": "a" for i in range(300)}), Limits(max_entries=200)
    )


def test_a_quote_that_is_never_closed_costs_little(tmp_path):
    path = tmp_path / "open.csv"
    path.write_bytes(b'id,text,n\n1,"open,2\n' + b'2,"some, plain text here",3\n' * 100_000)

    start = time.monotonic()
    table = one_table(read_file(path))

    assert time.monotonic() - start < 30
    assert table.n_rows == 100_001
    assert table.settings.lenient


def test_time_memory_and_cancel_stop_the_child(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_bytes(b"id,text,n\n" + b"2,some plain text here,3\n" * 300_000)

    assert "longer than" in read_file(path, limits=Limits(wall_seconds=0.05)).error
    assert "memory" in read_file(path, limits=Limits(max_memory_bytes=90 << 20)).error
    assert read_file(path, cancelled=lambda: True).error == "The reading was cancelled."


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.abort()",
        "raise BaseException('PanicException')",
        "import os; os._exit(0)",
        "import sys; sys.exit(0)",
    ],
)
def test_a_child_that_dies_is_a_sentence(tmp_path, monkeypatch, code):
    path = tmp_path / "rows.csv"
    path.write_bytes(b"a,b\n1,2\n")
    real = subprocess.Popen
    monkeypatch.setattr(
        reader_process.subprocess, "Popen", lambda command, **more: real([sys.executable, "-c", code], **more)
    )

    assert "damaged" in read_file(path).error


def test_missing_and_too_large_files_are_sentences(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_bytes(b"a,b\n1,2\n")

    assert "cannot be opened" in read_file(tmp_path / "absent.csv").error
    assert "MB" in read_file(path, limits=Limits(max_bytes=3)).error


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"SQLite format 3\0", "SQLite"),
        (b"PAR1", "Parquet"),
        (b"\x7fELF\2\1\1", "program"),
        (b"\0\0\0\x18ftypmp42", "video"),
        (bytes(range(256)), "not text"),
    ],
)
def test_other_kinds_of_file_are_named_whatever_they_are_called(tmp_path, head, words):
    assert words in refused(tmp_path, head + b"\0\1\2\3" * 500, name="data.csv")


def test_random_and_truncated_files_end_as_table_or_sentence(tmp_path):
    rng = random.Random(11)
    book = workbook_bytes({"S": [["a", "b"], *([f"x{i}", i] for i in range(50))]})
    contents = [rng.randbytes(rng.randint(1, 4000)) for _ in range(6)]
    contents += [book[: rng.randint(1, len(book))] for _ in range(6)]
    for _ in range(8):
        hit = bytearray(book)
        for _ in range(rng.randint(1, 30)):
            hit[rng.randrange(len(hit))] = rng.randrange(256)
        contents.append(bytes(hit))

    def check(number):
        path = tmp_path / f"f{number}"
        path.write_bytes(contents[number])
        return read_file(path, limits=SMALL)

    with ThreadPoolExecutor(2) as pool:
        for reading in pool.map(check, range(len(contents))):
            assert reading.tables or (reading.error and reading.error.endswith("."))


@pytest.mark.soak
def test_hundreds_of_damaged_workbooks_and_bombs_leave_the_server_flat(tmp_path):
    import resource

    rng = random.Random(5)
    book = workbook_bytes({"S": [["a", "b"], *([f"x{i}", i] for i in range(500))]})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(200):
        hit = bytearray(book)
        for _ in range(rng.randint(1, 60)):
            hit[rng.randrange(len(hit))] = rng.randrange(256)
        path = tmp_path / "f"
        path.write_bytes(bytes(hit) if number % 3 else bytes(hit)[: rng.randint(1, len(hit))])
        reading = read_file(path, limits=SMALL)
        assert reading.tables or reading.error.endswith(".")
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = b"0,0\n" * (1 << 18)
    bomb = b"".join([*(packer.compress(piece) for _ in range(1000)), packer.flush()])
    refused(tmp_path, bomb)
    (tmp_path / "quote").write_bytes(b'a,b\n1,"' + b"x,y\n" * 12_500_000)
    start = time.monotonic()
    read_file(tmp_path / "quote", limits=Limits(wall_seconds=60))
    assert time.monotonic() - start < 65
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (after - before) < 200_000  # kilobytes


def test_a_table_of_too_many_rows_is_refused_with_the_limit(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("name,size\n" + "a,1\n" * 500)

    assert "500 rows; at most 100 are read" in read_file(path, limits=Limits(max_rows=100)).error


def test_limits_come_from_the_environment(tmp_path, monkeypatch):
    path = tmp_path / "long.csv"
    path.write_text("name,size\n" + "a,1\n" * 500)
    monkeypatch.setenv("ICP_WORKBENCH_MAX_BYTES", "100")
    assert "MB" in read_file(path).error

    monkeypatch.setenv("ICP_WORKBENCH_MAX_BYTES", "plenty")
    with pytest.raises(IcpError, match="ICP_WORKBENCH_MAX_BYTES is “plenty”"):
        read_file(path)


@pytest.fixture
def ahead():
    """A process started ahead of the next file."""
    reader_process.get_ready()
    return reader_process._SPARE._ready


def test_a_process_started_ahead_reads_one_file_and_is_replaced(tmp_path, ahead):
    path = tmp_path / "rows.csv"
    path.write_bytes(csv_text(ROWS).encode())

    reading = read_file(path)

    assert rows_of(one_table(reading)) == ROWS[1:]
    wait_for_tidying()
    assert ahead.process.returncode is not None
    assert not ahead.folder.exists()
    assert reader_process._SPARE._ready not in (None, ahead)


def test_a_process_started_ahead_keeps_the_limits(tmp_path, ahead):
    path = tmp_path / "rows.csv"
    path.write_bytes(b"id,text,n\n" + b"2,some plain text here,3\n" * 300_000)

    assert read_file(path, cancelled=lambda: True).error == "The reading was cancelled."
    reader_process._SPARE.dismiss()
    tight = Limits(max_memory_bytes=250 << 20)
    reader_process.get_ready(tight)
    assert "memory" in read_file(path, limits=tight).error


def test_a_process_started_ahead_that_is_gone_costs_nothing_but_a_new_start(tmp_path, ahead):
    path = tmp_path / "rows.csv"
    path.write_bytes(csv_text(ROWS).encode())
    ahead.process.kill()

    assert rows_of(one_table(read_file(path))) == ROWS[1:]


def test_other_limits_than_those_of_the_process_ahead_get_a_process_of_their_own(tmp_path, ahead):
    path = tmp_path / "rows.csv"
    path.write_bytes(csv_text(ROWS).encode())

    assert rows_of(one_table(read_file(path, limits=SMALL))) == ROWS[1:]
    assert ahead.process.poll() is None


def test_a_process_started_ahead_leaves_when_its_parent_is_gone(tmp_path):
    code = (
        "from icp_core.gather import reader_process as r; r.get_ready(); "
        "print(r._SPARE._ready.process.pid, flush=True); import os; os._exit(0)"
    )
    parent = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    child = int(parent.stdout)

    for _ in range(100):
        if (
            not os.path.exists(f"/proc/{child}")
            or "Z" in open(f"/proc/{child}/stat").read().split(")")[1][:3]
        ):
            return
        time.sleep(0.1)
    pytest.fail("the process still waits")


@pytest.mark.parametrize(
    ("method", "flags", "said"), [(99, 0, "damaged or cut off"), (0, 1, "locked with a password")]
)
def test_an_unknown_packing_and_a_lock_are_told_apart(tmp_path, method, flags, said):
    path = tmp_path / "book.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    found = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # flags and method, in both directories
        start = found.find(mark) + at
        found[start : start + 4] = struct.pack("<HH", flags, method)
    path.write_bytes(found)

    assert said in read_file(path).error
