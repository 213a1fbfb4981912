"""Text tables: the right dialect, every cell as it stands, nothing lost."""

from __future__ import annotations

import csv
import json
import time

import pytest

from icp_core.gather import fast_csv
from icp_core.gather.limits import FAST_FROM_BYTES
from icp_core.gather.parse import read_in_process
from tests.core.gather.files import csv_text, gzip_bytes, one_table, read_bytes, rows_of
from tests.core.gather.real_data import shared_file, shared_files

ROWS = [
    ["customer", "city", "since", "revenue"],
    ["Acme, Inc.", "Köln", "2024-01-31", "1200.50"],
    ['Globex "East"', "Łódź", "2024-02-28", "80"],
    ["Initech", "", "2023-12-01", "7"],
    ["Umbrella\nCorp", "Paris", "2022-07-14", "12000"],
]

KNOWN_SHAPES = {
    "cdnow/CDNOW_sample.txt": (6919, 5, ()),
    "cdnow/cdnow_customers_summary.csv": (2357, 4, (1,)),
    "telco/Telco-Customer-Churn.csv": (7043, 21, (1,)),
    "online_retail/online_retail_2010-12.csv": (42481, 8, (1,)),
    "surveymonkey/StarWars.csv": (1186, 38, (1, 2)),
    "surveymonkey/flying-etiquette.csv": (1040, 27, (1,)),
    "surveymonkey/thanksgiving-2015-poll-data.csv": (1058, 65, (1,)),
    "surveygizmo/20160115235816-SurveyExport.csv": (1706, 37, (1,)),
    "surveygizmo/themes/hinderances_themes.csv": (763, 3, (1,)),
    "surveygizmo/themes/roles.csv": (741, 4, (1,)),
    "google_forms/spack-user-survey-2020-responses.csv": (170, 48, (1,)),
    "voc/datasets_phase_1_text_data.csv": (10334, 8, (1,)),
    "entity_matching/csv_example_messy_input.csv": (3337, 32, (1,)),
    "entity_matching/csv_example_input_with_true_ids.csv": (3337, 33, (1,)),
}


@pytest.mark.parametrize("name", KNOWN_SHAPES)
def test_reference_file_has_its_known_rows_columns_and_header(name):
    n_rows, n_columns, header_rows = KNOWN_SHAPES[name]

    found = one_table(read_in_process(shared_file(name), sha256=""))

    assert (found.n_rows, len(found.columns), found.settings.header_rows) == (n_rows, n_columns, header_rows)
    assert len(found.row_numbers) == n_rows
    assert not found.leftovers and not found.problems


@pytest.mark.parametrize("name", [name for name in KNOWN_SHAPES if "CDNOW" not in name])
def test_reference_file_has_the_cells_of_the_csv_module(name):
    path = shared_file(name)
    found = one_table(read_in_process(path, sha256=""))
    encoding = "utf-8-sig" if found.settings.encoding == "utf-8" else found.settings.encoding
    with path.open(encoding=encoding, newline="") as stream:
        expected = [row for row in csv.reader(stream, delimiter=found.settings.delimiter) if row]

    assert rows_of(found) == expected[len(found.settings.header_rows) :]


def test_cdnow_keeps_leading_zeros_and_has_no_invented_header():
    found = one_table(read_in_process(shared_file("cdnow/CDNOW_sample.txt"), sha256=""))

    assert rows_of(found)[0] == ["00004", "0001", "19970101", "2", "29.33"]
    assert found.header == ()
    assert found.columns[0] == "Column 1"
    assert len(set(found.column_values(1))) == 2357


def test_star_wars_answers_count_as_published():
    found = one_table(read_in_process(shared_file("surveymonkey/StarWars.csv"), sha256=""))
    seen = [sum(value is not None for value in found.column_values(i)) for i in range(3, 9)]
    first = [sum(value == "1" for value in found.column_values(i)) for i in range(9, 15)]

    assert seen == [673, 571, 550, 607, 758, 738]
    assert first == [129, 32, 36, 204, 289, 146]
    assert found.columns[3].startswith("Which of the following Star Wars films have you seen?")
    assert found.columns[3].endswith("Star Wars: Episode I  The Phantom Menace")


@pytest.mark.parametrize("path", shared_files("csv_spectrum/csvs/*.csv"), ids=lambda path: path.stem)
def test_csv_spectrum_equals_its_truth(path):
    truth = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_text("utf-8"))
    found = one_table(read_in_process(path, sha256=""))
    records = [dict(zip(found.columns, row, strict=True)) for row in rows_of(found)]

    if path.stem == "location_coordinates":  # its truth is one object, of another telephone number
        records[0]["Contact Phone Number"] = truth["Contact Phone Number"]
        truth = [truth]
    if path.stem == "newlines_crlf":  # its truth has CRLF in the cell, the file handed out LF
        truth = [{key: value.replace("\r\n", "\n") for key, value in record.items()} for record in truth]
    if path.stem == "utf8":
        assert records[1] == {"a": "4", "b": "5", "c": "ʤ"}
    assert records == truth


def test_no_naughty_string_is_lost_or_changed():
    path = shared_file("naughty/blns.txt")
    reading = read_in_process(path, sha256="")
    cells = [
        value
        for table in reading.tables
        for i in range(len(table.columns))
        for value in table.column_values(i)
        if value
    ]
    header = [cell for table in reading.tables for row in table.header for cell in row if cell]
    left = [problem.value for table in reading.tables for problem in table.leftovers]
    lines = [line for line in path.read_text("utf-8").split("\n") if line.strip()]

    assert sorted(cells + header + left) == sorted(lines)


def test_naughty_strings_survive_a_quoted_column():
    strings = [
        line
        for line in shared_file("naughty/blns.txt").read_text("utf-8").split("\n")
        if line and not line.startswith("#")
    ]
    text = csv_text([["id", "text"], *([str(i), s] for i, s in enumerate(strings))], end="\n")
    from icp_core.gather.encoding import Encoding
    from icp_core.gather.limits import Limits
    from icp_core.gather.raw_table import ReadSettings
    from icp_core.gather.text_tables import read_text_tables

    (found,) = read_text_tables(text, "x", Encoding("utf-8"), settings=ReadSettings(), limits=Limits())

    assert found.column_values(1) == strings


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ":", "^", "~", "\x1f"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end(tmp_path, delimiter, end):
    rows = [[cell.replace("\n", end) for cell in row] for row in ROWS]

    found = one_table(read_bytes(tmp_path, csv_text(rows, delimiter, end)))

    assert [list(found.columns), *rows_of(found)] == rows
    assert found.settings.delimiter == delimiter


@pytest.mark.parametrize("delimiter", ["||", "::", "~|~", "; ", "|;|"])
def test_delimiters_of_several_characters(tmp_path, delimiter):
    rows = [
        ["name", "city", "revenue"],
        ["Acme", "Köln", "12.5"],
        ["Globex", "", "80"],
        ["Initech", "Paris", "7"],
    ]

    found = one_table(read_bytes(tmp_path, "\n".join(delimiter.join(row) for row in rows)))

    assert [list(found.columns), *rows_of(found)] == rows


def test_sep_line_names_the_delimiter_and_is_listed(tmp_path):
    found = one_table(read_bytes(tmp_path, "sep=;\r\nname;note\r\nAcme;a,b\r\nGlobex;c,d\r\n"))

    assert rows_of(found) == [["Acme", "a,b"], ["Globex", "c,d"]]
    assert found.row_numbers.to_pylist() == [3, 4]
    assert found.settings.header_rows == (2,)
    assert [p.row for p in found.leftovers] == [1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings(tmp_path, encoding):
    found = one_table(read_bytes(tmp_path, csv_text(ROWS, "\t").encode(encoding)))

    assert [list(found.columns), *rows_of(found)] == ROWS


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", ["Müller", "Café", "naïve", "señor", "“quoted” – dash", "100 €"]),
        ("cp1250", ["Łódź", "źródło", "Dvořák", "žluťoučký", "gęś", "Kraków"]),
        ("cp1251", ["Москва", "Санкт-Петербург", "выручка", "клиент", "договор", "отток"]),
        ("mac_roman", ["Müller", "Café", "naïve", "señor", "größte", "Zürich"]),
        ("shift_jis", ["東京都", "大阪府の顧客", "売上高", "お客様の声", "とても良い", "解約しました"]),
    ],
)
def test_code_pages(tmp_path, encoding, words):
    rows = [["id", "text", "amount"], *([str(i), word, str(i * 7)] for i, word in enumerate(words))]

    found = one_table(read_bytes(tmp_path, csv_text(rows).encode(encoding)))

    assert rows_of(found) == rows[1:]


def test_stray_bytes_in_utf8_are_letters_and_are_said(tmp_path):
    good = "".join(f"{i},Zürich größer,{i}\n" for i in range(30))
    content = ("id,text,n\n" + good).encode() + b"99,caf\xe9,1\n"

    found = one_table(read_bytes(tmp_path, content))

    assert rows_of(found)[-1] == ["99", "café", "1"]
    assert any("not UTF-8" in note for note in found.notes)


def test_single_quotes_and_backslash_escapes(tmp_path):
    single = "id,text,n\n1,'a, b',2\n2,'it is ''so''',3\n3,plain,4\n"
    escaped = 'id,text,n\n1,"say \\"hi\\", now",2\n2,"C:\\\\temp",3\n3,plain,4\n'

    assert rows_of(one_table(read_bytes(tmp_path, single))) == [
        ["1", "a, b", "2"],
        ["2", "it is 'so'", "3"],
        ["3", "plain", "4"],
    ]
    assert rows_of(one_table(read_bytes(tmp_path, escaped))) == [
        ["1", 'say "hi", now', "2"],
        ["2", "C:\\temp", "3"],
        ["3", "plain", "4"],
    ]


def test_stray_quotes_are_read_tolerantly_and_said(tmp_path):
    text = 'id,text,n\n1,"the 12" record",2\n2,"open,3\n3,fine,4\n4,"ok, good",5\n5,x,6\n'

    found = one_table(read_bytes(tmp_path, text))

    assert found.settings.lenient
    assert rows_of(found) == [
        ["1", 'the 12" record', "2"],
        ["2", '"open', "3"],
        ["3", "fine", "4"],
        ["4", "ok, good", "5"],
        ["5", "x", "6"],
    ]
    assert any("tolerantly" in note for note in found.notes)


def test_short_rows_are_padded_and_counted_long_rows_keep_their_surplus(tmp_path):
    text = (
        "name,city,n\n"
        + "".join(f"A{i},Köln,{i}\n" for i in range(20))
        + "short,Bonn\nlong,Ulm,5,extra,more\n"
    )

    found = one_table(read_bytes(tmp_path, text))

    assert rows_of(found)[20:] == [["short", "Bonn", ""], ["long", "Ulm", "5"]]
    assert [(p.row, p.value) for p in found.leftovers] == [(23, "extra,more")]
    assert [p.row for p in found.problems] == [22]


def test_rows_quoted_as_a_whole_are_opened(tmp_path):
    all_wrapped = '"id,text,n"\n"1,""a, b"",2"\n"2,c,3"\n'
    some = 'id,text,n\n1,c,2\n"2,""a, b"",3"\n3,d,4\n4,e,5\n'

    assert rows_of(one_table(read_bytes(tmp_path, all_wrapped))) == [["1", "a, b", "2"], ["2", "c", "3"]]
    assert rows_of(one_table(read_bytes(tmp_path, some)))[1] == ["2", "a, b", "3"]


def test_blank_rows_nul_characters_and_blanks_at_the_ends_of_cells(tmp_path):
    found = one_table(read_bytes(tmp_path, b"id,text\n1, a \n\n,\n2,b\0c\n"))

    assert rows_of(found) == [["1", " a "], ["2", "b\0c"]]
    assert found.row_numbers.to_pylist() == [2, 5]


def test_unnamed_columns_and_repeated_names_stay_apart(tmp_path):
    found = one_table(read_bytes(tmp_path, ",name,Name,name\n1,a,b,c\n2,d,e,f\n"))

    assert found.columns == ("Column 1", "name", "Name (2)", "name (3)")


def test_what_the_user_fixes_is_kept(tmp_path):
    text = "a;b\n1,5;2\n2,5;3\n"

    by_comma = one_table(read_bytes(tmp_path, text, delimiter=",", header_rows=()))
    headless = one_table(read_bytes(tmp_path, text, header_rows=()))
    second = one_table(read_bytes(tmp_path, text, header_rows=(2,)))

    assert rows_of(by_comma)[1] == ["1", "5;2"]
    assert rows_of(headless)[0] == ["a", "b"]
    assert second.columns == ("1,5", "2") and [p.value for p in second.leftovers] == ["a;b"]


def test_a_cell_of_ten_megabytes(tmp_path):
    long = "x" * 10_000_000

    found = one_table(read_bytes(tmp_path, f'id,text\n1,"{long}"\n2,b\n'))

    assert [len(value) for value in found.column_values(1)] == [10_000_000, 1]


@pytest.mark.parametrize("content", [b"", b"\n\n \n", b"\xef\xbb\xbf"])
def test_a_file_without_a_cell_is_refused_in_words(tmp_path, content):
    reading = read_bytes(tmp_path, content)

    assert not reading.tables
    assert reading.error.endswith("Export it again.")


def test_gzip_of_a_text_table(tmp_path):
    found = one_table(read_bytes(tmp_path, gzip_bytes(csv_text(ROWS).encode())))

    assert rows_of(found) == ROWS[1:]


def large_rows(n: int) -> list[list[str]]:
    notes = ["", "plain text about the customer", 'with "quotes", and more', "ends, here", "Köln"]
    return [
        [f"C-{i:06d}", f"2025-{i % 12 + 1:02d}-{i % 28 + 1:02d}", f"{i * 7 % 991}.50", notes[i % 5]]
        for i in range(n)
    ]


@pytest.mark.parametrize(
    "case",
    [
        "plain",
        "crlf",
        "preamble",
        "quoted line breaks",
        "blank lines",
        "footer",
        "cp1252",
        "mark",
        "semicolon",
        "a cell of five million letters",
    ],
)
def test_large_files_take_the_fast_path_and_give_the_same(tmp_path, monkeypatch, case):
    rows = large_rows(27_000)
    header = ["customer id", "since", "amount", "note"]
    end, delimiter, encoding = "\n", ",", "utf-8"
    if case == "crlf":
        end = "\r\n"
    if case == "quoted line breaks":
        rows[3][3] = "two\nlines"
        rows[21_000][3] = "three\nlines\nhere"
    if case == "a cell of five million letters":
        rows[15_000][3] = "word " * 999_999 + "words"
    if case == "semicolon":
        delimiter = ";"
    text = csv_text([header, *rows], delimiter, end)
    if case == "preamble":
        text = "Report of customers\nAs of 2026-11-23\n\n" + text
    if case == "blank lines":
        lines = text.split("\n")
        text = "\n".join([*lines[:15_000], "", "", *lines[15_000:]])
    if case == "footer":
        text += '\n"Grand Totals (27000 records)"\n"Confidential Information - Do Not Distribute"\n'
    if case == "cp1252":
        encoding = "cp1252"
    content = (b"\xef\xbb\xbf" if case == "mark" else b"") + text.encode(encoding)
    assert len(content) > FAST_FROM_BYTES
    results = []
    real = fast_csv.read_fast
    monkeypatch.setattr(fast_csv, "read_fast", lambda *a, **k: results.append(real(*a, **k)) or results[-1])

    fast = one_table(read_bytes(tmp_path, content))
    monkeypatch.setattr(fast_csv, "read_fast", lambda *a, **k: None)
    slow = one_table(read_bytes(tmp_path, content))

    assert results[0] is not None, "the fast path refused a regular file"
    assert rows_of(fast) == rows_of(slow) == rows
    assert fast.columns == slow.columns == tuple(header)
    assert fast.row_numbers.to_pylist() == slow.row_numbers.to_pylist()
    assert [(p.row, p.value) for p in fast.leftovers] == [(p.row, p.value) for p in slow.leftovers]
    assert fast.settings == slow.settings


@pytest.mark.parametrize("damage", ["ragged", "stray quote", "total row"])
def test_large_irregular_files_leave_the_fast_path_and_lose_nothing(tmp_path, damage):
    rows = large_rows(27_000)
    lines = csv_text([["customer id", "since", "amount", "note"], *rows], ",", "\n").split("\n")
    lines[18_000] = {"ragged": "a,b", "stray quote": 'a,2025-01-01,"x" y,z', "total row": "Subtotal,,5,"}[
        damage
    ]
    found = one_table(read_bytes(tmp_path, "\n".join(lines)))

    kept = rows_of(found)
    if damage == "total row":
        assert len(kept) == 26_999 and found.leftovers[0].row == 18_001
    else:
        assert len(kept) == 27_000
        assert (
            kept[17_999]
            == {"ragged": ["a", "b", "", ""], "stray quote": ["a", "2025-01-01", '"x" y', "z"]}[damage]
        )
    assert kept[-1] == rows[-1]


@pytest.mark.parametrize(
    ("text", "columns", "n_rows"),
    [
        (
            "Name,City,Country\nAnn,Berlin,Germany\nBo,Paris,France\nCy,Oslo,Norway\n",
            ("Name", "City", "Country"),
            3,
        ),
        ("Kundenname;Ort;Betrag in EUR\n", ("Kundenname", "Ort", "Betrag in EUR"), 0),
        ("Email\na@x.com\nb@y.com\n", ("Email",), 2),
        ("a@x.com\nb@y.com\nc@z.com\n", ("Column 1",), 3),
        ("Region,2019,2020,2021\nNorth,5,6,7\nSouth,4,3,9\n", ("Region", "2019", "2020", "2021"), 2),
        ("1,2,3\n4,5,6\n7,8,9\n", ("Column 1", "Column 2", "Column 3"), 3),
        ("1,5;2,5;x\n2,25;3,75;y\n10,00;0,5;z\n", ("Column 1", "Column 2", "Column 3"), 3),
        ("name,amount\n1,Ann,5\n2,Bo,6\n3,Cy,7\n", ("Column 1", "name", "amount"), 3),
        ("Time,Speed\n[s],[m/s]\n1,2\n2,3\n", ("Time", "Speed"), 2),
        ("| Name | Age |\n|---|---|\n| Ann | 5 |\n| Bo | 6 |\n", ("Name", "Age"), 2),
        (
            "Full name     City name    Amount\nAnn Lee       New York     5\nBo Kim        Paris        12\n",
            ("Full name", "City name", "Amount"),
            2,
        ),
        (
            "Q1,Q2,Q3\nAgree,Agree,Disagree\nNeutral,Agree,Agree\nDisagree,Neutral,Agree\n",
            ("Q1", "Q2", "Q3"),
            3,
        ),
        (
            "Group A,,Group B,\nName,Value,Name,Value\n(text),(n),(text),(n)\na,1,b,2\nc,3,d,4\n",
            ("Group A - Name", "Group A - Value", "Group B - Name", "Group B - Value"),
            2,
        ),
    ],
)
def test_small_tables_of_every_build(tmp_path, text, columns, n_rows):
    found = one_table(read_bytes(tmp_path, text))

    assert found.columns == columns
    assert found.n_rows == n_rows


def test_json_is_named_and_refused(tmp_path):
    assert "JSON" in read_bytes(tmp_path, '{"a": 1}\n{"a": 2}\n').error
    assert "JSON" in read_bytes(tmp_path, '[{"a": 1},\n {"a": 2}]\n').error


def test_order_numbers_that_begin_with_a_hash_are_no_comments(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(
        "Name,Email,Total,Notes,Tags\n"
        + "".join(f"#{1001 + i},a{i}@shop.example,{i}.50,,\n" for i in range(30)),
        encoding="utf-8",
    )

    [table] = read_in_process(path).tables

    assert table.n_rows == 30
    assert table.column_values(0)[:2] == ["#1001", "#1002"]
    assert table.leftovers == ()


def test_a_survey_of_few_answers_with_two_header_rows_has_a_header_of_two_rows(tmp_path):
    content = (
        b"Respondent ID,Start Date,Email Address,How likely is it that you would recommend us?,Which do you use?,\n"
        b",,,Response,Reports,Alerts\n"
        b"118201,03/14/2024 10:00,a@one.example,10,Reports,\n"
        b"118202,03/15/2024 11:00,b@two.example,7,,Alerts\n"
        b"118203,03/16/2024 12:00,c@six.example,3,Reports,Alerts\n"
    )

    table = one_table(read_bytes(tmp_path, content, "answers.csv"))

    assert table.settings.header_rows == (1, 2)
    assert table.n_rows == 3
    assert table.columns[3:] == (
        "How likely is it that you would recommend us?",
        "Which do you use? - Reports",
        "Which do you use? - Alerts",
    )


@pytest.mark.parametrize(
    ("text", "n_rows"),
    [
        ("id,text,n\n" + '1,"' + "lorem ipsum, dolor\n" * 300_000 + '",2\n3,a,4\n', 2),
        ("id,text,n\n1,a,2\n" + "3," + "x" * 6_000_000 + ",4\n", 2),
        ("id,text,n\n1,a,2\n" + '3,"' + 'x "y" z, ' * 300_000 + '",4\n5,b,6\n', 3),
    ],
    ids=["quoted lines", "one word", "broken quotes"],
)
def test_a_cell_of_many_megabytes_is_read_at_once(tmp_path, text, n_rows):
    start = time.process_time()
    found = one_table(read_bytes(tmp_path, text))

    assert time.process_time() - start < 6
    assert (found.columns, found.n_rows) == (("id", "text", "n"), n_rows)
    read_chars = sum(len(cell) for row in rows_of(found) for cell in row)
    left_chars = sum(len(problem.value or "") for problem in found.leftovers)
    assert read_chars + left_chars > 0.95 * len(text)


def test_millions_of_columns_are_refused_at_once(tmp_path):
    start = time.process_time()
    refused = read_bytes(tmp_path, "1,2,3," * 1_000_000).error

    assert "3,000,001 columns; at most 20,000 are read" in refused
    assert time.process_time() - start < 4


def test_a_quoted_remark_with_a_comma_above_plain_lines_stays_one_remark(tmp_path):
    lines = ["Report for the board", '"Filter: all accounts, without test rows"', *(f"{1000 + i},2024-12-{1 + i:02d},{4330 - i},web" for i in range(12))]  # fmt: skip

    found = one_table(read_bytes(tmp_path, "\n".join(lines)))

    assert [p.value for p in found.leftovers] == [
        "Report for the board",
        "Filter: all accounts, without test rows",
    ]
    assert len(rows_of(found)) == 12
