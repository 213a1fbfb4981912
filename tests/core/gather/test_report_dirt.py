"""What report writers put around tables: drawn lines, totals, remarks, years, quoted figures, code pages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp_core.gather.encoding import find_encoding
from icp_core.vocabulary.dates import date_order
from tests.core.gather.files import csv_text, one_table, read_bytes, rows_of, workbook_bytes

WORDS = st.text(st.sampled_from("abcdefghij"), min_size=3, max_size=9).map(str.title)
RECORDS = st.lists(st.tuples(WORDS, st.integers(0, 99_999), st.integers(0, 999)), min_size=4, max_size=12)


@settings(max_examples=40, deadline=None)
@given(RECORDS, st.sampled_from(["psql", "mysql", "sap"]))
def test_lines_drawn_around_a_table_are_no_records(tmp_path_factory, records, style):
    rows = [
        ["id", "name", "amount"],
        *([str(100 + i), name, str(n)] for i, (name, n, _) in enumerate(records)),
    ]
    outer = "" if style == "psql" else "|"
    lines = [outer + "|".join(f" {cell:<9} " for cell in row) + outer for row in rows]
    rule = {
        "psql": "-----------+-----------+-----------",
        "mysql": "+-----------+-----------+",
        "sap": "-" * 40,
    }[style]
    drawn = [lines[0], rule, *lines[1:]] if style == "psql" else [rule, lines[0], rule, *lines[1:], rule]

    found = one_table(read_bytes(tmp_path_factory.mktemp("t"), "\n".join(drawn) + "\n"))

    assert found.columns == ("id", "name", "amount")
    assert [[cell.strip() for cell in row] for row in rows_of(found)] == rows[1:]
    assert sum(problem.problem == "This line is only drawn." for problem in found.leftovers) == drawn.count(
        rule
    )


@settings(max_examples=40, deadline=None)
@given(RECORDS)
def test_quoted_figures_stay_whole_below_title_lines(tmp_path_factory, records):
    rows = [["Campaign", "Clicks", "Cost", "Views"]]
    rows += [[name, f"{n + 1000:,}", f"{m}.50", f"{m + 1000:,}"] for name, n, m in records]
    text = 'Campaign report\n"January 1, 2026 - January 31, 2026"\n' + csv_text(rows)

    found = one_table(read_bytes(tmp_path_factory.mktemp("t"), text))

    assert rows_of(found) == rows[1:]
    assert len(found.leftovers) == 2


@pytest.mark.parametrize("place", ["first", "last"])
def test_a_total_among_days_is_no_record_wherever_it_stands(tmp_path, place):
    days = [[f"2026-01-{i:02d}", str(i * 10), str(i)] for i in range(1, 15)]
    total = [["Total", "1050", "105"]]
    rows = [["Date", "Views", "Likes"], *(total + days if place == "first" else days + total)]

    found = one_table(read_bytes(tmp_path, csv_text(rows)))

    assert rows_of(found) == days
    assert [problem.value for problem in found.leftovers] == ["Total,1050,105"]


def test_totals_of_several_levels_at_the_end_are_no_records(tmp_path):
    rows = [["Campaign", "Target", "Clicks"], *([f"Brand {i}", str(i), str(i * 3)] for i in range(9))]
    totals = [["Total: Campaigns", "--", "108"], ["Total: Account", "--", "108"]]

    found = one_table(read_bytes(tmp_path, csv_text(rows + totals)))

    assert rows_of(found) == rows[1:]


def test_a_customer_named_total_stays(tmp_path):
    rows = [
        ["Company", "Country", "Orders"],
        ["Total", "FR", "12"],
        *([f"Firm {c}", "DE", "3"] for c in "abcdefgh"),
    ]

    assert rows_of(one_table(read_bytes(tmp_path, csv_text(rows)))) == rows[1:]


def test_remarks_of_name_and_value_above_a_table_are_no_table(tmp_path):
    head = "Account;538A;\nKind;Current\nCurrency;EUR\nDate;03/05/2020\nBalance;154,22\n\n"
    rows = [
        ["Date", "Text", "Amount"],
        ["03/05/2020", "Card", "-12,40"],
        ["02/05/2020", "Transfer", "120,00"],
    ]

    found = one_table(read_bytes(tmp_path, head + csv_text(rows, ";")))

    assert found.columns == ("Date", "Text", "Amount")
    assert len(found.leftovers) == 5


def test_years_in_jumps_name_columns_between_remarks_and_numbered_footnotes(tmp_path):
    above = "Doctors by region and speciality\n" + "*" * 60 + "\nRegion:;Germany\n\n"
    rows = [["", "1985", "1993", "2000", "2005", "2006"]]
    rows += [
        [f"Speciality {c}", str(i), str(2 * i), str(3 * i), str(i + 7), ""] for i, c in enumerate("abcdefgh")
    ]
    below = '\n"1.";"Until 1992 only a part."\n"2.";"Figures of 31 December."\n'

    found = one_table(read_bytes(tmp_path, above + csv_text(rows, ";") + below))

    assert found.columns[1:] == ("1985", "1993", "2000", "2005", "2006")
    assert rows_of(found) == rows[1:]
    assert len(found.leftovers) == 5


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (["x", "y"], [["A1", "34"], ["A2", "36"], ["A3", "35"]]),
        (
            ["id", "100022", "100025"],
            [["id1", "TRUE", "FALSE"], ["id2", "TRUE", "TRUE"], ["id3", "FALSE", "TRUE"]],
        ),
    ],
)
def test_labels_that_look_like_values_are_told_by_contrast(tmp_path, header, body):
    assert one_table(read_bytes(tmp_path, csv_text([header, *body]))).columns == tuple(header)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Číslo účtu;Název účtu;Částka\n1;Příjemce;5\n", "cp1250"),
        ("Łódź;Gdańsk;zażółć gęślą jaźń\n", "cp1250"),
        ("Müller;José;Çelik;Håkon\n", "cp1252"),
        ("São Paulo;Ação;Conceição\n", "cp1252"),
        ("Prénom;Hélène;Ça;œuvre\n", "cp1252"),
    ],
)
def test_code_page_is_that_of_a_language(text, encoding):
    assert find_encoding(text.encode(encoding)).name == encoding


def test_a_remark_quoted_whole_stays_one_cell_above_two_columns(tmp_path):
    text = 'Export\n"Filter: all accounts, without test rows"\nOpt-in,Total price\n' + "Yes,12\nNo,15\n" * 9

    found = one_table(read_bytes(tmp_path, text))

    assert found.columns == ("Opt-in", "Total price")
    assert [problem.value for problem in found.leftovers] == [
        "Export",
        "Filter: all accounts, without test rows",
    ]


@pytest.mark.parametrize("firms", [6, 4000])
@pytest.mark.parametrize(
    ("total", "grand"),
    [
        ("Nord Ergebnis", "Gesamtergebnis"),
        ("Summe Nord", "Summe"),
        ("Total Norte", "Total general"),
        ("Nord Totale", "Totale complessivo"),
        ("Totaal Noord", "Eindtotaal"),
    ],
)
def test_totals_of_groups_in_other_languages_are_no_records(tmp_path, total, grand, firms):
    records = [["Nord", f"Firma {n}", "DE", n, n * 2] for n in range(firms)]
    named = ["Nord", "Total Energies", "FR", 7, 14]  # a customer may be called so
    rows = [
        ["Region", "Kunde", "Land", "Umsatz", "Kosten"],
        *records,
        named,
        [total, None, None, 9, 9],
        [grand, None, None, 9, 9],
    ]

    found = one_table(read_bytes(tmp_path, workbook_bytes({"S": rows}), "report.xlsx"))

    assert found.n_rows == firms + 1
    assert [problem.value.split(" |")[0] for problem in found.leftovers] == [total, grand]


def test_lines_that_end_as_on_old_macs_are_in_their_code_page():
    text = "\r".join(["Firma;Ort", *(f"Müller {n};Köln" for n in range(9))])

    assert find_encoding(text.encode("mac_roman")).name == "mac_roman"
    assert find_encoding(text.replace("\r", "\r\n").encode("cp1252")).name == "cp1252"


def test_points_between_day_and_month_leave_nothing_to_ask():
    assert date_order(["01.03.2024", "05.06.2024"]) == "dmy"
    assert date_order(["01.03.2024", "05/06/2024"]) is None
