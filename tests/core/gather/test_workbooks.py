"""Workbooks: every sheet, every visible cell as text, and what Excel hides is said."""

from __future__ import annotations

import datetime as dt
import shutil
import struct
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp_core.gather.convert import typed_table
from icp_core.gather.large_sheets import column_of_texts
from icp_core.gather.parse import read_in_process
from icp_core.gather.read import read_file
from icp_core.gather.recognise import recognise
from icp_core.gather.sheet_cells import number_text
from tests.core.gather.files import (
    binary_workbook_bytes,
    one_table,
    read_bytes,
    rows_of,
    sheet_xml_workbook,
    workbook_bytes,
    zip_bytes,
)
from tests.core.gather.real_data import shared_file

ACCOUNTS = [
    ["Account", "Since", "Revenue", "Active"],
    ["Acme", dt.date(2024, 1, 31), 1200.5, True],
    ["Globex", dt.date(2023, 5, 1), 80, False],
]
ACCOUNT_TEXTS = [["Acme", "2024-01-31", "1200.5", "TRUE"], ["Globex", "2023-05-01", "80", "FALSE"]]


def test_survey_workbook_has_its_known_answers_although_it_claims_more_rows():
    found = one_table(
        read_in_process(shared_file("google_forms/spack-user-survey-2020-responses.xlsx"), sha256="")
    )

    assert (found.sheet, found.n_rows, len(found.columns)) == ("Form Responses 1", 170, 48)
    assert found.column_values(0)[0] == "2020-11-17 18:23:58"


def test_survey_workbook_and_csv_hold_the_same_answers():
    book = one_table(
        read_in_process(shared_file("google_forms/spack-user-survey-2020-responses.xlsx"), sha256="")
    )
    text = one_table(
        read_in_process(shared_file("google_forms/spack-user-survey-2020-responses.csv"), sha256="")
    )

    assert book.columns == text.columns
    same = sum(
        a == b
        for i in range(1, 48)
        for a, b in zip(book.column_values(i), text.column_values(i), strict=True)
    )
    assert same >= 0.99 * 47 * 170


def test_cells_become_their_shortest_exact_text(tmp_path):
    rows = [
        ["text", "whole", "long", "noise", "small", "flag", "day", "moment", "time", "span"],
        [
            " a ",
            45384,
            123456789012345,
            0.1 + 0.2,
            12.5,
            True,
            dt.datetime(2024, 1, 2),
            dt.datetime(2024, 1, 2, 3, 4, 5),
            dt.time(7, 30),
            dt.timedelta(hours=30),
        ],
        [
            "007",
            7,
            1e15,
            1 / 3,
            -0.25,
            False,
            dt.datetime(2024, 12, 31),
            dt.datetime(2024, 1, 2),
            dt.time(23, 59, 59),
            dt.timedelta(minutes=5),
        ],
    ]

    found = rows_of(one_table(read_bytes(tmp_path, workbook_bytes({"S": rows}))))

    assert found[0] == [
        " a ",
        "45384",
        "123456789012345",
        "0.3",
        "12.5",
        "TRUE",
        "2024-01-02",
        "2024-01-02 03:04:05",
        "07:30:00",
        "30:00:00",
    ]
    assert found[1][:8] == [
        "007",
        "7",
        "1000000000000000",
        "0.333333333333333",
        "-0.25",
        "FALSE",
        "2024-12-31",
        "2024-01-02 00:00:00",
    ]


def test_several_sheets_in_order_with_hidden_ones_marked(tmp_path):
    def hide(book):
        book["Hidden"].sheet_state = "hidden"

    content = workbook_bytes(
        {"Hidden": ACCOUNTS, "Empty": [], "Accounts": ACCOUNTS, "Deals": [["Deal", "Amount"], ["New", 5]]},
        prepare=hide,
    )
    reading = read_bytes(tmp_path, content)

    assert [(t.sheet, t.hidden, t.n_rows) for t in reading.tables] == [
        ("Hidden", True, 2),
        ("Accounts", False, 2),
        ("Deals", False, 1),
    ]


def test_one_sheet_can_be_asked_for_with_its_own_header(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook_bytes({"A": ACCOUNTS, "B": [["x", "y"], ["Name", "Amount"], ["Acme", 3]]}))
    from icp_core.gather.raw_table import ReadSettings

    found = one_table(read_in_process(path, sheet="B", settings=ReadSettings(header_rows=(2,)), sha256=""))

    assert found.columns == ("Name", "Amount")
    assert [p.value for p in found.leftovers] == ["x | y"]
    assert "no table on a sheet named" in read_in_process(path, sheet="C", sha256="").error


def test_title_block_spacer_columns_and_any_first_column(tmp_path):
    rows = [
        [None] * 3 + ["Customers of 2026"],
        [],
        [None] * 3 + ["Account", None, "Revenue"],
        [None] * 3 + ["Acme", None, 5],
        [None] * 3 + ["Globex", None, 7.25],
    ]

    found = one_table(read_bytes(tmp_path, workbook_bytes({"S": rows})))

    assert found.columns == ("Account", "Revenue")
    assert rows_of(found) == [["Acme", "5"], ["Globex", "7.25"]]
    assert found.row_numbers.to_pylist() == [4, 5]
    assert [(p.row, p.value) for p in found.leftovers] == [(1, "Customers of 2026")]


def test_cells_merged_downwards_are_filled_and_said(tmp_path):
    rows = [
        ["Region", "Account", "Revenue"],
        ["North", "Acme", 1],
        [None, "Globex", 2],
        ["South", "Initech", 3],
    ]

    found = one_table(
        read_bytes(tmp_path, workbook_bytes({"S": rows}, prepare=lambda book: book["S"].merge_cells("A2:A3")))
    )

    assert [row[0] for row in rows_of(found)] == ["North", "North", "South"]
    assert any("merged" in note for note in found.notes)


def test_blank_cells_that_are_not_merged_stay_blank(tmp_path):
    rows = [
        ["Region", "Account", "Revenue"],
        ["North", "Acme", 1],
        [None, "Globex", 2],
        ["South", "Initech", 3],
    ]

    assert [row[0] for row in rows_of(one_table(read_bytes(tmp_path, workbook_bytes({"S": rows}))))] == [
        "North",
        "",
        "South",
    ]


def test_header_of_two_merged_rows_is_joined(tmp_path):
    rows = [
        ["Account", "2025", None, "2026", None],
        [None, "Orders", "Revenue", "Orders", "Revenue"],
        ["Acme", 3, 10.5, 4, 12],
        ["Globex", 1, 2.5, 0, 0],
    ]

    def merge(book):
        for area in ("B1:C1", "D1:E1", "A1:A2"):
            book["S"].merge_cells(area)

    found = one_table(read_bytes(tmp_path, workbook_bytes({"S": rows}, prepare=merge)))

    assert found.columns == ("Account", "2025 - Orders", "2025 - Revenue", "2026 - Orders", "2026 - Revenue")
    assert rows_of(found)[0] == ["Acme", "3", "10.5", "4", "12"]


def test_error_cells_are_blank_and_listed(tmp_path):
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>Account</t></is></c><c r="B1" t="inlineStr"><is><t>Rate</t></is></c></row>'
    cells += '<row r="2"><c r="A2" t="inlineStr"><is><t>Acme</t></is></c><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    cells += '<row r="3"><c r="A3" t="inlineStr"><is><t>Globex</t></is></c><c r="B3"><v>0.5</v></c></row>'

    found = one_table(read_bytes(tmp_path, sheet_xml_workbook(cells, "A1:B3")))

    assert rows_of(found) == [["Acme", ""], ["Globex", "0.5"]]
    assert [(p.row, p.column, p.value) for p in found.problems] == [(2, "Rate", "#DIV/0!")]


def test_formulas_without_a_value_are_said(tmp_path):
    rows = [["Account", "Revenue", "Double"], ["Acme", 5, "=B2*2"], ["Globex", 7, "=B3*2"]]

    found = one_table(read_bytes(tmp_path, workbook_bytes({"S": rows})))

    assert rows_of(found) == [["Acme", "5", ""], ["Globex", "7", ""]]
    assert any(note.startswith("2 formulas hold no calculated value") for note in found.notes)


def test_two_tables_on_one_sheet(tmp_path):
    rows = [*ACCOUNTS, [], [], ["Deal", "Stage", "Amount"], ["New", "Won", 5], ["Old", "Lost", 6.5]]

    reading = read_bytes(tmp_path, workbook_bytes({"S": rows}))

    assert [table.columns for table in reading.tables] == [
        ("Account", "Since", "Revenue", "Active"),
        ("Deal", "Stage", "Amount"),
    ]
    assert [table.sheet for table in reading.tables] == ["S (1)", "S (2)"]
    assert rows_of(reading.tables[0]) == ACCOUNT_TEXTS


def locked_xls(file_pass: bytes, after: bytes = b"") -> bytes:
    """The beginning of an XLS workbook as far as its records say that, and how, the rest is encrypted."""
    begin = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0, 0, 0, 6)
    lock = struct.pack("<HH", 0x2F, len(file_pass)) + file_pass if file_pass else b""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + begin + b"\x86\0\0\0" + lock + after + bytes(2000)
    )


def locked_ods() -> bytes:
    """An OpenDocument sheet each of whose members is encrypted, as the manifest says."""
    method = '<manifest:algorithm manifest:algorithm-name="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/>'
    return zip_bytes(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": bytes(range(256)),
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml" manifest:size="900">'
            f"<manifest:encryption-data>{method}</manifest:encryption-data></manifest:file-entry></manifest:manifest>",
        }
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "locked",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\0" * 600
            + "EncryptedPackage".encode("utf-16-le")
            + b"\0" * 600,
            "password",
        ),
        ("damaged", b"PK\x03\x04" + b"garbage" * 100, "damaged"),
        ("cut off", workbook_bytes({"S": ACCOUNTS})[:-400], "damaged"),
        ("no sheets", zip_bytes({"xl/styles.xml": "<x/>"}), "damaged"),
        ("locked ods", zip_bytes({"mimetype": "x", "encrypted-package": "x"}), "password"),
        ("ods with locked members", locked_ods(), "password"),
        ("xls locked by RC4", locked_xls(struct.pack("<HHH", 1, 1, 1) + bytes(48)), "password"),
        ("xls locked by XOR", locked_xls(struct.pack("<HHH", 0, 0x1234, 0x5678)), "password"),
        ("no lock, only its number elsewhere", locked_xls(b"", bytes(600) + b"\x2f\0\6\0"), "damaged"),
        ("numbers", zip_bytes({"Index/Document.iwa": b"\0\1", "preview.jpg": b"\xff\xd8\xff"}), "Numbers"),
        (
            "slides",
            zip_bytes({"[Content_Types].xml": "<x/>", "ppt/presentation.xml": "<x/>"}),
            "presentation",
        ),
        ("sign-in page", b"<!DOCTYPE html>\n<html><body><p>Sign in, please</p></body></html>", "web page"),
        ("other xml", b'<?xml version="1.0"?>\n<firms><firm name="A"/><firm name="B"/></firms>', "XML"),
        ("empty", workbook_bytes({"S": []}), "empty"),
        (
            "old word",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"),
            "Word",
        ),
        ("broken xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 3000, "damaged"),
    ],
)
def test_what_cannot_be_read_is_one_clear_sentence(tmp_path, name, content, words):
    path = tmp_path / "upload.xlsx"
    path.write_bytes(content)

    reading = read_file(path)

    assert not reading.tables
    assert words in reading.error and reading.error.endswith(".")


@pytest.mark.parametrize("suffix", [".xls", ".XLS", ".ods", ".xlsb", ".csv", ".zip", ""])
def test_a_workbook_is_read_by_its_bytes_whatever_its_name_ends_with(tmp_path, suffix):
    path = tmp_path / f"accounts{suffix}"
    path.write_bytes(workbook_bytes({"S": ACCOUNTS}))

    (table,) = read_file(path).tables

    assert rows_of(table) == ACCOUNT_TEXTS and table.file_name == path.name


def test_a_binary_workbook_gives_its_cells(tmp_path):
    rows = [["Account", "Employees", "MRR"], ["Acme GmbH", 12.0, 99.5], ["Bäckerei", 3.0, 20.25]]

    found = one_table(read_bytes(tmp_path, binary_workbook_bytes("Accounts", rows), "accounts.xlsb"))

    assert (found.sheet, found.columns) == ("Accounts", ("Account", "Employees", "MRR"))
    assert rows_of(found) == [["Acme GmbH", "12", "99.5"], ["Bäckerei", "3", "20.25"]]


@pytest.mark.soak
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_other_workbook_formats_give_the_same_cells(tmp_path, suffix):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice, which writes this format for the test, is not installed")
    (tmp_path / "book.xlsx").write_bytes(workbook_bytes({"S": ACCOUNTS}))
    subprocess.run(
        [
            office,
            "--headless",
            "--convert-to",
            suffix,
            "--outdir",
            str(tmp_path),
            str(tmp_path / "book.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )

    found = one_table(read_file(tmp_path / f"book.{suffix}"))

    # LibreOffice writes the booleans of its own format as the numbers 1 and 0.
    flags = {"TRUE": "1", "FALSE": "0"} if suffix == "ods" else {}
    expected = [[flags.get(cell, cell) for cell in row] for row in ACCOUNT_TEXTS]
    assert [list(found.columns), *rows_of(found)] == [ACCOUNTS[0], *expected]


def large_rows(count: int) -> list[list[object]]:
    rows = []
    for i in range(count):
        day = dt.datetime(2024, 1, 1) + dt.timedelta(days=i % 500, hours=i % 2)
        rows.append(
            [
                f"A-{i}",
                i,
                i / 7,
                None if i % 3 else 0.1 * i,
                day,
                "Köln" if i % 2 else None,
                i % 5 == 0,
                1e-5 * i,
            ]
        )
    return rows


LARGE_HEADER = ["Account", "Number", "Ratio", "Sparse", "Day", "City", "Flag", "Small"]


def test_large_sheets_give_the_same_by_columns_as_by_rows(tmp_path, monkeypatch):
    from icp_core.gather import workbooks

    content = workbook_bytes({"S": [["A title"], [], LARGE_HEADER, *large_rows(3500)]})
    taken = []
    real = workbooks.read_large
    monkeypatch.setattr(workbooks, "read_large", lambda *a: taken.append(real(*a)) or taken[-1])
    fast = one_table(read_bytes(tmp_path, content))
    monkeypatch.setattr(workbooks, "read_large", lambda *a: None)
    slow = one_table(read_bytes(tmp_path, content))

    assert taken[0] is not None, "the fast path refused a regular sheet"
    assert fast.columns == slow.columns == tuple(LARGE_HEADER)
    assert rows_of(fast) == rows_of(slow)
    assert fast.row_numbers.to_pylist() == slow.row_numbers.to_pylist() == list(range(4, 3504))
    assert (fast.leftovers, fast.settings) == (slow.leftovers, slow.settings)


@pytest.mark.parametrize("row", [["Subtotal", 5], [], ["Confidential Information - Do Not Distribute"]])
def test_large_irregular_sheets_are_read_row_by_row(tmp_path, row):
    rows = [LARGE_HEADER, *large_rows(3200)]
    rows.insert(3100, row)

    found = one_table(read_bytes(tmp_path, workbook_bytes({"S": rows})))

    assert found.n_rows == 3200 or (
        row and "Confidential" in str(row[0]) and found.n_rows + len(found.leftovers) == 3201
    )
    assert rows_of(found)[-1][0] == "A-3199"


@given(
    st.lists(
        st.floats(min_value=-1e15, max_value=1e15, exclude_min=True, exclude_max=True)
        | st.builds(lambda n, places: n / 10**places, st.integers(-(10**15), 10**15), st.integers(1, 18)),
        min_size=1,
        max_size=40,
    )
)
@settings(deadline=None, max_examples=300)
def test_numbers_of_large_sheets_are_written_like_those_of_small_ones(numbers):
    assert column_of_texts(tuple(numbers))[0].to_pylist() == [number_text(n) for n in numbers]


def test_ids_longer_than_a_workbook_keeps_name_nobody_and_shorter_ones_do(tmp_path):
    def ids_of(first):
        rows = [["Kundennummer", "Firma"], *([first + i, f"Firma {i} GmbH"] for i in range(5))]
        table = one_table(read_bytes(tmp_path, workbook_bytes({"Kunden": rows}), "kunden.xlsx"))
        typed = typed_table(table, recognise(table))
        return typed.arrow["account_id"].to_pylist(), [p.problem for p in typed.problems]

    cut, problems = ids_of(12345678901234567)
    whole, none = ids_of(123456789012345)

    assert cut == [None] * 5
    assert len(problems) == 5 and "digits of this id are lost" in problems[0]
    assert whole == [str(123456789012345 + i) for i in range(5)] and none == []
