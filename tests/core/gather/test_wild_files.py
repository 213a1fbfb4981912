"""Layouts of exports met in life: databases, mainframes, bookkeeping, ad reports, tables made by hand in Excel."""

from __future__ import annotations

import datetime as dt
import io
import json

import openpyxl
import pytest
import xlsxwriter

from icp_core import __main__ as command_line
from icp_core.gather.encoding import find_encoding
from tests.core.gather.files import one_table, read_bytes, rows_of, workbook_bytes, zip_bytes

NAMES = ["Ampere AG", "Brook & Sons", "Çelik Ltd", "Dune BV", "Ebro SL", "Fjord AS", "Grove Inc"]
CITIES = ["Bonn", "Leeds", "Izmir", "Delft", "Soria", "Bergen", "Austin"]


def records(*columns) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in zip(*columns, strict=True)]


def inspected(tmp_path, capsys, name: str, content: bytes | str) -> dict:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    command_line.main(["inspect", "--rows", "20", str(path)])
    found = json.loads(capsys.readouterr().out)
    assert found["error"] is None
    return found


def excel(write, **options) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    write(book, book.add_worksheet("Sheet"))
    book.close()
    return out.getvalue()


# -- places on the line --------------------------------------------------------------------------------

SPARSE = [*records(range(100, 107), NAMES, CITIES, range(1, 8))]
SPARSE[2][2] = SPARSE[4][1] = ""


def in_columns(rows, widths=(8, 16, 10)) -> str:
    return "".join(
        "".join(f"{c:<{w}}" for c, w in zip(r, (*widths, 4), strict=True)).rstrip() + "\n" for r in rows
    )


@pytest.mark.parametrize("ruler", [True, False])
def test_empty_cells_between_columns_of_blanks_stay_in_their_column(tmp_path, ruler):
    head = in_columns([["ID", "NAME", "CITY", "SEATS"]])
    drawn = in_columns([["-" * 6, "-" * 14, "-" * 8, "-----"]]) if ruler else ""
    text = head + drawn + in_columns(SPARSE) + ("\n7 rows selected.\n" if ruler else "")

    found = one_table(read_bytes(tmp_path, text))

    assert found.columns == ("ID", "NAME", "CITY", "SEATS")
    assert rows_of(found) == SPARSE


def test_a_cell_as_wide_as_its_column_is_cut_at_the_ruler(tmp_path):
    rows = [["1", "ABCDEFGH", "x"], ["2", "ABC", "y"], ["3", "AB DE GH", "z"]]
    lines = ["ID NAME     K", "-- -------- -", *(f"{a:<2} {b:<8} {c}" for a, b, c in rows)]
    assert rows_of(one_table(read_bytes(tmp_path, "\n".join(lines)))) == rows


def test_line_feeds_inside_unquoted_cells_of_a_file_of_crlf_lines(tmp_path):
    rows = records(NAMES, [f"Street {i}\nBackyard" for i in range(7)], range(7))
    text = "".join(";".join(row) + "\r\n" for row in [["Firm", "Address", "Seats"], *rows])

    found = one_table(read_bytes(tmp_path, text))

    assert rows_of(found) == rows
    assert found.row_numbers.to_pylist() == [2 + 2 * i for i in range(7)]
    assert any("line breaks without quotes" in note for note in found.notes)


# -- rows that are no records ---------------------------------------------------------------------------


def test_exports_put_together_by_hand_have_their_header_once(tmp_path):
    rows = records(NAMES, CITIES)
    text = "\n".join(",".join(row) for row in [["firm", "town"], *rows[:3], ["firm", "town"], *rows[3:]])

    found = one_table(read_bytes(tmp_path, text))

    assert found.columns == ("firm", "town") and rows_of(found) == rows
    assert [(p.row, p.problem) for p in found.leftovers] == [(5, "This line repeats the header.")]


def test_equal_records_are_no_header_again(tmp_path):
    rows = [["Dune BV", "12"], ["Ebro SL", "7"], ["Dune BV", "12"], ["Dune BV", "12"]]
    assert (
        rows_of(one_table(read_bytes(tmp_path, "\n".join(map(",".join, [["firm", "seats"], *rows]))))) == rows
    )


def test_remarks_of_name_and_value_above_a_table_of_two_columns(tmp_path):
    rows = records(NAMES, range(7))
    text = "Report,Firms\nOwner,Ann Lee\nFilter,all\n\n" + "\n".join(
        ",".join(r) for r in [["Firm", "Seats"], *rows]
    )

    found = one_table(read_bytes(tmp_path, text))

    assert found.columns == ("Firm", "Seats") and rows_of(found) == rows
    assert [p.row for p in found.leftovers] == [1, 2, 3]


def test_units_under_the_figures_only(tmp_path):
    rows = records(range(2010, 2017), NAMES, range(7), range(50, 57))
    head = [["Jahr", "Firma", "Filialen", "Umsatz"], ["", "", "Anzahl", "1000"]]

    found = one_table(read_bytes(tmp_path, "\n".join(";".join(row) for row in [*head, *rows])))

    assert found.columns == ("Jahr", "Firma", "Filialen", "Umsatz") and rows_of(found) == rows


def test_a_footnote_below_a_sheet_is_no_record_but_group_rows_stay(tmp_path):
    rows = [[*row] for row in records(NAMES, CITIES, range(7))]
    noted = workbook_bytes({"S": [["Firm", "Town", "Seats"], *rows, [], ["* without trial seats"]]})
    found = one_table(read_bytes(tmp_path, noted))
    assert rows_of(found) == rows and found.leftovers[-1].value == "* without trial seats"

    grouped = [["North"], *rows[:3], ["South"], *rows[3:], [], ["East"]]
    found = one_table(read_bytes(tmp_path, workbook_bytes({"S": [["Firm", "Town", "Seats"], *grouped]})))
    assert ["East", "", ""] in rows_of(found)


def test_a_pivot_table_is_named_by_its_years(tmp_path):
    rows = records(NAMES, range(7), range(10, 17), range(20, 27))
    sheet = [
        ["Region", "(All)"],
        [],
        ["Sum of Seats", "Column Labels"],
        ["Row Labels", 2025, 2026, "Grand Total"],
    ]
    figures = [[row[0], *map(int, row[1:])] for row in rows]

    found = one_table(
        read_bytes(tmp_path, workbook_bytes({"Pivot": [*sheet, *figures, ["Grand Total", 1, 2, 3]]}))
    )

    assert found.columns == ("Row Labels", "2025", "2026", "Grand Total") and rows_of(found) == rows


def test_a_readme_beside_the_tables_of_an_archive_is_said_not_loaded(tmp_path):
    text = "\n".join(",".join(row) for row in [["firm", "town"], *records(NAMES, CITIES)])
    reading = read_bytes(tmp_path, zip_bytes({"a/firms.csv": text, "a/readme.txt": "Exported yesterday.\n"}))
    assert [table.sheet for table in reading.tables] == ["a/firms.csv"]
    assert reading.warnings == ("a/readme.txt: It holds no table.",)


# -- code pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Müşteri;Şehir\nŞahin;İstanbul\nAğaoğlu;Muğla\n", "cp1254"),
        ("Įmonė;Miestas\nŽalgiris;Šiauliai\nĄžuolas;Klaipėda\n", "cp1257"),
        ("Uzņēmums;Pilsēta\nĶekava;Rīga\nJūra;Liepāja\n", "cp1257"),
        ("Firma;Ort\nMüller;Köln\nGröße;Fürth\n", "cp1252"),
        ("Ügyfél;Székhely\nŐrsi;Győr\nTűz;Pécs\n", "cp1250"),
    ],
)
def test_code_pages_of_turkish_and_baltic_texts_are_told_from_western_ones(text, page):
    assert find_encoding(text.encode(page)).name == page


def test_one_line_of_another_code_page_leaves_the_others_utf8(tmp_path):
    lines = [f"{name};Köln".encode() for name in NAMES[:3]] + ["Größe;Fürth".encode("cp1252")]
    found = one_table(read_bytes(tmp_path, b"\n".join([b"Firma;Ort", *lines])))
    assert rows_of(found)[0] == ["Ampere AG", "Köln"] and rows_of(found)[-1] == ["Größe", "Fürth"]


# -- workbooks -----------------------------------------------------------------------------------------


def spreadsheet_xml(rows, more: str = "") -> str:
    def cell(value) -> str:
        kind = (
            "String" if isinstance(value, str) else "DateTime" if isinstance(value, dt.datetime) else "Number"
        )
        shown = value.isoformat() if isinstance(value, dt.datetime) else str(value).replace("&", "&amp;")
        return f'<Cell><Data ss:Type="{kind}">{shown}</Data></Cell>'

    body = "".join("<Row>" + "".join(map(cell, row)) + "</Row>" for row in rows)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n{more}<Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Worksheet ss:Name="Firms"><Table>{body}</Table></Worksheet></Workbook>'
    )


def test_a_workbook_written_as_xml_is_read(tmp_path):
    day = dt.datetime(2026, 3, 7)
    rows = [[name, city, 1.5 + i, day] for i, (name, city) in enumerate(zip(NAMES, CITIES, strict=True))]

    found = one_table(
        read_bytes(tmp_path, spreadsheet_xml([["Firm", "Town", "Sum", "Since"], *rows]), "old.xls")
    )

    assert found.sheet == "Firms" and found.columns == ("Firm", "Town", "Sum", "Since")
    assert rows_of(found)[0] == ["Ampere AG", "Bonn", "1.5", "2026-03-07"]


def test_a_workbook_written_as_xml_may_be_damaged_or_hostile_and_is_refused_in_words(tmp_path):
    whole = spreadsheet_xml([["Firm", "Town"], ["a", "b"]])
    cut = read_bytes(tmp_path, whole[: len(whole) - 30], "old.xls")
    hostile = read_bytes(tmp_path, spreadsheet_xml([["a"]], '<!DOCTYPE x [<!ENTITY a "aaaa">]>'), "old.xls")
    assert "damaged" in cut.error and "entities" in hostile.error


def test_the_number_format_of_a_workbook_tells_currency_and_percent(tmp_path, capsys):
    def write(book, sheet):
        euro = book.add_format({"num_format": "#,##0.00 [$€-407]"})
        share = book.add_format({"num_format": "0.0%"})
        sheet.write_row(0, 0, ["Company", "Spent", "Discount"])
        for i, name in enumerate(NAMES):
            sheet.write(1 + i, 0, name)
            sheet.write(1 + i, 1, 100.5 + i, euro)
            sheet.write(1 + i, 2, 0.2 * i, share)

    table = inspected(tmp_path, capsys, "book.xlsx", excel(write))["tables"][0]

    kinds = {c["name"]: (c["type"], c["unit"]) for c in table["columns"]}
    assert kinds["Spent"] == ("money", "EUR") and kinds["Discount"][0] == "percent"
    assert [round(row["discount"], 1) for row in table["rows"]] == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2]


def test_size_bands_that_excel_keeps_as_days_come_back(tmp_path, capsys):
    def write(book, sheet):
        day = book.add_format({"num_format": "mmm-yy"})
        sheet.write_row(0, 0, ["Company", "Employees"])
        for i, name in enumerate(NAMES):
            sheet.write(1 + i, 0, name)
            value = [dt.datetime(1950, 11, 1), dt.datetime(2026, 10, 2), "51-200"][i % 3]
            sheet.write(1 + i, 1, value) if isinstance(value, str) else sheet.write_datetime(
                1 + i, 1, value, day
            )

    table = inspected(tmp_path, capsys, "book.xlsx", excel(write))["tables"][0]
    assert [row["employee_band"] for row in table["rows"][:3]] == ["11–50", "2–10", "51–200"]


def test_days_counted_from_1904_are_read_as_excel_shows_them(tmp_path):
    def write(book, sheet):
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["Firm", "Since"])
        for i, name in enumerate(NAMES):
            sheet.write(1 + i, 0, name)
            sheet.write_datetime(1 + i, 1, dt.datetime(2026, 1, 1 + i), day)

    found = one_table(read_bytes(tmp_path, excel(write, date_1904=True)))
    assert [row[1] for row in rows_of(found)] == [f"2026-01-0{i + 1}" for i in range(7)]


def test_formulas_never_calculated_are_said(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Firm", "Seats", "Sum"])
    for i, name in enumerate(NAMES):
        book.active.append([name, i, f"=B{i + 2}*5"])
    out = io.BytesIO()
    book.save(out)
    found = one_table(read_bytes(tmp_path, out.getvalue()))
    assert any("7 formulas hold no calculated value" in note for note in found.notes)


# -- notations -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "texts", "kind", "first"),
    [
        ("Teljesítés", ["2026. 03. 07.", "2026. 11. 30."], "date", "2026-03-07"),
        ("Datum vystavení", ["7. 3. 2026", "30. 11. 2026"], "date", "2026-03-07"),
        ("受注日", ["2026年3月7日", "2026年11月30日"], "date", "2026-03-07"),
        ("Data", ["7 października 2026", "30 listopada 2026"], "date", "2026-10-07"),
        ("updated_at", ["1767225600000", "1767312000000"], "date", "2026-01-01"),
        ("created", ["1767225600", "1767312000"], "date", "2026-01-01"),
        ("Fizetve", ["igen", "nem"], "yes_no", True),
        ("Uhrazeno", ["ano", "ne"], "yes_no", True),
        ("Referenz", ["✓", "✗"], "yes_no", True),
        ("Invoice Value", ["Rs. 32,45,057.00", "Rs. 1,200.50"], "money", 3_245_057.0),
        ("売上", ["3,200円", "41,500円"], "money", 3200.0),
        ("Belopp", ["1 200,50 kr", "900,00 kr"], "number", 1200.5),
        ("Tracking", ["9007199254740993", "9007199254740995"], "id", "9007199254740993"),
        ("Account No", ['="000100"', '="000101"'], "id", "000100"),
    ],
)  # fmt: skip
def test_notations_of_many_countries(tmp_path, capsys, heading, texts, kind, first):
    values = [texts[i % 2] for i in range(7)]
    quoted = [[name, '"' + value.replace('"', '""') + '"'] for name, value in zip(NAMES, values, strict=True)]
    text = "\n".join(",".join(row) for row in [["Company", heading], *quoted])

    table = inspected(tmp_path, capsys, "list.csv", text)["tables"][0]

    column = table["columns"][1]
    assert column["type"] == kind
    assert first in table["rows"][0].values()


def test_ten_digits_under_a_heading_that_says_no_time_are_no_days(tmp_path, capsys):
    text = "Company,Reference\n" + "".join(
        f"{name},{1767225600 + i * 86400}\n" for i, name in enumerate(NAMES)
    )
    table = inspected(tmp_path, capsys, "list.csv", text)["tables"][0]
    assert table["columns"][1]["type"] != "date"
