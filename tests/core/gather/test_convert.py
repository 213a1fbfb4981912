"""From text to typed cells: every notation, nothing lost in silence, order totals counted once."""

from __future__ import annotations

import datetime as dt
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp_core.gather.cells import read_column
from icp_core.gather.convert import typed_table
from icp_core.gather.mapping import ColumnMapping
from icp_core.gather.raw_table import RawTable, ReadSettings
from icp_core.gather.read import read_file
from icp_core.gather.recognise import recognise, with_corrections
from icp_core.vocabulary import FIELDS
from tests.core.gather.real_data import shared_file
from tests.core.gather.tables import raw_table


def column_of(values: list[str | None], type_: str, field: str | None = None, **options):
    """One column read as ``type_``: (values, texts that could not be read)."""
    mapping = ColumnMapping(0, "x", field, type_, "X", "x", 1.0, "", options=options)
    read = read_column(pa.chunked_array([pa.array(values, pa.string())]), mapping)
    return read.values.to_pylist(), [text for _, text in read.unread]


def test_online_retail_nets_the_known_revenue_with_cancellations():
    table = read_file(shared_file("online_retail/online_retail_2010-12.csv")).tables[0]
    typed = typed_table(table, recognise(table)).arrow
    known = typed.filter(pc.is_valid(typed["account_id"]))
    assert typed.num_rows == 42_481
    assert round(pc.sum(known["amount"]).as_py(), 2) == 554_604.02
    assert pc.count_distinct(typed["order_id"]).as_py() == 2_025
    assert pc.count_distinct(known["account_id"]).as_py() == 948
    assert typed["account_id"].null_count == 15_631
    cancelled = typed.filter(pc.starts_with(typed["order_id"], "C"))
    assert cancelled.num_rows == 728
    assert pc.max(cancelled["amount"]).as_py() <= 0
    assert typed["account_id"][0].as_py() == "17850"


def test_telco_types_and_its_eleven_blank_totals():
    table = read_file(shared_file("telco/Telco-Customer-Churn.csv")).tables[0]
    result = typed_table(table, recognise(table))
    assert result.arrow.num_rows == 7_043
    assert result.arrow["total_revenue"].null_count == 11
    assert pc.sum(result.arrow["churned"]).as_py() == 1_869
    assert result.problems == []


def test_cdnow_ids_keep_their_zeros_and_days_read():
    table = read_file(shared_file("cdnow/CDNOW_sample.txt")).tables[0]
    typed = typed_table(table, recognise(table)).arrow
    assert typed.num_rows == 6_919
    assert typed["account_id"][0].as_py() == "00004"
    assert pc.count_distinct(typed["account_id"]).as_py() == 2_357
    assert typed["ordered_on"][0].as_py() == dt.date(1997, 1, 1)


def test_google_forms_answers_all_read():
    table = read_file(shared_file("google_forms/spack-user-survey-2020-responses.csv")).tables[0]
    result = typed_table(table, recognise(table))
    assert result.arrow.num_rows == 170
    assert result.problems == []
    assert result.arrow["answered_on"].null_count == 0


def test_star_wars_answers_count_as_published():
    table = read_file(shared_file("surveymonkey/StarWars.csv")).tables[0]
    result = typed_table(table, recognise(table))
    assert result.arrow.num_rows == 1_186
    seen = [c.slug for c in result.custom if c.name.startswith("Which of the following Star Wars films")]
    assert [result.arrow.num_rows - result.arrow[slug].null_count for slug in seen] == [
        673,
        571,
        550,
        607,
        758,
        738,
    ]


def test_every_field_of_the_kind_is_there_with_its_type():
    table = raw_table(["Company", "Employees"], [["Firm A Ltd", "5"], ["Firm B Ltd", "9"]])
    typed = typed_table(table, recognise(table)).arrow
    assert typed.column_names[: 1 + len(FIELDS["customers"])] == ["_row", *FIELDS["customers"]]
    types = {
        name: str(typed.schema.field(name).type)
        for name in ("tech_stack", "mrr", "created_on", "churned", "city")
    }
    assert types == {"tech_stack": "list<item: string>", "mrr": "double", "created_on": "date32[day]", "churned": "bool", "city": "string"}  # fmt: skip
    assert typed["_row"].to_pylist() == [2, 3]


@pytest.mark.parametrize(
    ("values", "decimal", "expected"),
    [
        (["1,234.56", "7"], ".", [1234.56, 7]),
        (["1.234,56", "49,00", "1.191"], ",", [1234.56, 49, 1191]),
        (["1 234,56", "1\u00a0000,5"], ",", [1234.56, 1000.5]),
        (
            ["(123.45)", "600.00  ", "$1,450.00", "250k", "1.2M", "-3"],
            ".",
            [-123.45, 600, 1450, 250_000, 1_200_000, -3],
        ),
        (["€1.191", "€ 2.040,50"], ",", [1191, 2040.5]),
        (["1'234.50", "1’000"], ".", [1234.5, 1000]),
        (["'12", "12-", "+7"], None, [12, -12, 7]),
        (["1,5 Mio. €", "250 Tsd. €", "1.2 million", "3 bn"], ",", [1_500_000, 250_000, 1_200_000, 3e9]),
    ],
)
def test_amounts_in_every_notation(values, decimal, expected):
    assert column_of(values, "money", decimal=decimal) == (expected, [])


def test_whole_thousands_with_dots_are_decided_by_the_column():
    table = raw_table(
        ["Company", "Annual Revenue"], [["A Ltd", "€1.191"], ["B Ltd", "€49.000"], ["C Ltd", "€2,50"]]
    )
    assert typed_table(table, recognise(table)).arrow["company_revenue"].to_pylist() == [1191.0, 49000.0, 2.5]


@pytest.mark.parametrize(
    ("values", "expected"),
    [(["45%", "7 %"], [0.45, 0.07]), (["60", "10"], [0.6, 0.1]), (["0.6", "0.25", "1"], [0.6, 0.25, 1.0])],
)
def test_percentages_become_shares_by_column(values, expected):
    assert column_of(values, "percent", decimal=".")[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("values", "order", "expected"),
    [
        (["23/11/2025", "03/04/2025"], "dmy", [(2025, 11, 23), (2025, 4, 3)]),
        (["11/23/2025, 9:03 AM", "3/4/2025"], "mdy", [(2025, 11, 23), (2025, 3, 4)]),
        (["2021-03-01T10:15:30.000Z", "2017-07-18 08:28:09", "2024-05-01 10:00:00 +0000"], "ymd", [(2021, 3, 1), (2017, 7, 18), (2024, 5, 1)]),
        (["45384.3479", "45384"], "ymd", [(2024, 4, 2), (2024, 4, 2)]),
        (["20250131", "15 June 2026, 03:35am", "Jan 5, 2025", "4. März 2025", "3 févr. 2024"], "dmy", [(2025, 1, 31), (2026, 6, 15), (2025, 1, 5), (2025, 3, 4), (2024, 2, 3)]),
    ],
)  # fmt: skip
def test_days_in_every_notation(values, order, expected):
    assert column_of(values, "date", date_order=order) == ([dt.date(*day) for day in expected], [])


def test_ranges_share_one_label_and_mangled_ones_come_back():
    values = [
        "11-50",
        "1,001–5,000 employees",
        "10,001+",
        "251-1K",
        "Nov-50",
        "2-Oct",
        "10-Feb",
        "1950-11-01 00:00:00",
        "< 10",
        "5 to 25",
    ]
    assert column_of(values, "band") == (
        ["11–50", "1,001–5,000", "10,001+", "251–1,000", "11–50", "2–10", "2–10", "11–50", "0–9", "5–25"], [],
    )  # fmt: skip


def test_a_size_column_mangled_by_a_spreadsheet_is_still_a_size_column():
    rows = [[f"Firm {i} Ltd", ("Nov-50", "51-200", "2-Oct")[i % 3]] for i in range(12)]
    table = raw_table(["Company", "Employees"], rows)
    assert typed_table(table, recognise(table)).arrow["employee_band"].to_pylist()[:3] == [
        "11–50",
        "51–200",
        "2–10",
    ]


@pytest.mark.parametrize(
    ("sizes", "meant"),
    [
        (["02. Okt", "Nov 50", "51-200"], ["2–10", "11–50", "51–200"]),
        (["10-févr", "01-oct", "nov.-50"], ["2–10", "1–10", "11–50"]),
        (["10/2/2026", "11/1/1950", "51-200"], ["2–10", "11–50", "51–200"]),
        # The first of a month: of the year it was saved in a day, of another one a month and a year.
        (["2026-05-01 00:00:00", "2025-05-01 00:00:00", "25-50"], ["1–5", "5–25", "25–50"]),
    ],
)  # fmt: skip
def test_sizes_that_spreadsheets_of_other_countries_turned_into_days_come_back(sizes, meant):
    table = raw_table(["Company", "Number of Employees"], [[f"Firm {i} Ltd", sizes[i % 3]] for i in range(9)])
    assert typed_table(table, recognise(table)).arrow["employee_band"].to_pylist()[:3] == meant


@pytest.mark.parametrize(
    "ranges",
    [["$0-$1M", "$1M-$10M", "$10B+"], ["€1m–€10m", "€10m–€50m", "€50m+"], ["1M-10M", "10M-50M", "1B+"]],
)
def test_ranges_of_money_under_an_unknown_heading_are_not_offered_as_company_size(ranges):
    table = raw_table(["Company", "Bracket"], [[f"Firm {i} Ltd", ranges[i % 3]] for i in range(9)])
    assert recognise(table, kind="customers").columns[1].field == "company_revenue_band"


@pytest.mark.parametrize(
    "sizes, employees, bands",
    [
        (["120", "75", "2-10", "1.200", "300", "44", "61", "80"],
         [120, 75, None, 1200, 300, 44, 61, 80], [None, None, "2–10", None, None, None, None, None]),
        (["11-50", "51-200", "ca. 120", "201-500", "unter 50", "1.200", "900", "2-10"],
         [None, None, 120, None, None, 1200, 900, None],
         ["11–50", "51–200", None, "201–500", "0–49", None, None, "2–10"]),
        (["1", "2-10", "11-50", "51-200", "1", "2-10", "11-50", "51-200"],
         [None] * 8, ["1", "2–10", "11–50", "51–200", "1", "2–10", "11–50", "51–200"]),
    ],
    ids=["numbers with a range", "ranges with numbers", "ranges alone"],
)  # fmt: skip
def test_a_size_column_of_numbers_and_ranges_loses_neither(sizes, employees, bands):
    table = raw_table(["Firma", "Mitarbeiter"], [[f"Firma {i} GmbH", size] for i, size in enumerate(sizes)])

    result = typed_table(table, recognise(table, kind="prospects"))

    assert result.arrow["employees"].to_pylist() == employees
    assert result.arrow["employee_band"].to_pylist() == bands
    assert result.problems == []


def test_yes_and_no_in_seven_languages_and_words_of_leaving():
    values = ["Ja", "nein", "OUI", "não", "sí", "vero", "0", "1.0"]
    assert column_of(values, "yes_no") == ([True, False, True, False, True, True, False, True], [])
    assert column_of(["Attrited Customer", "Existing Customer"], "yes_no", "churned") == ([True, False], [])


def test_active_is_the_opposite_of_left():
    rows = [[f"C{i:03d}", "Yes" if i % 3 else "No", "12.5"] for i in range(30)]
    table = raw_table(["Customer ID", "Active", "MRR"], rows)
    found = recognise(table)
    if found.column_of("churned"):
        assert typed_table(table, found).arrow["churned"].to_pylist()[:3] == [True, False, False]
    else:
        assert found.column_of("status").name == "Active"


@pytest.mark.parametrize(
    "blank", ["", " ", "-", "--", "N/A", "(not set)", "Select", "null", "NaN", "k. A.", "#N/A", "No value"]
)
def test_nothing_by_any_name_is_blank(blank):
    values, unread = column_of([blank, "5"], "number")
    if blank == "k. A.":
        assert unread == ["k. A."]
    else:
        assert (values, unread) == ([None, 5.0], [])


def test_answers_that_say_none_are_answers_in_free_text():
    assert column_of(["None", "N/A", ""], "text")[0] == ["None", None, None]


def test_several_answers_split_and_do_not_repeat():
    assert column_of(["a; b;a;", "c"], "multi", splitter=";") == ([["a", "b"], ["c"]], [])


def test_countries_and_currencies_have_one_name():
    assert column_of(["Deutschland", "DE", "deu", "UK", "Atlantis"], "country")[0] == ["Germany", "Germany", "Germany", "United Kingdom", "Atlantis"]  # fmt: skip
    assert column_of(["eur", "€", "US Dollar", "Taler"], "currency") == (
        ["EUR", "EUR", "USD", None],
        ["Taler"],
    )


def test_scores_with_words_beside_them():
    assert column_of(["10 - Extremely likely", "0 (Not at all likely)", "7"], "score", "nps")[0] == [10, 0, 7]
    assert column_of(["11", "-1"], "score", "nps") == ([None, None], ["11", "-1"])


@pytest.mark.parametrize(
    ("words", "worth"),
    [
        (["Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Very dissatisfied"], [1, 0.75, 0.5, 0.25, 0]),
        (["sehr zufrieden", "zufrieden", "unzufrieden"], [1, 0.75, 0]),
        (["Excellent", "Good", "Fair", "Poor"], [1, 0.75, 0.5, 0]),
        (["Good", "Bad", "Good"], [1, 0, 1]),
        (["Satisfait", "Insatisfait"], [1, 0]),
    ],
)  # fmt: skip
def test_a_word_of_satisfaction_is_weaker_where_the_column_holds_a_stronger_one(words, worth):
    rows = [[str(i), "2024-05-13", word] for i, word in enumerate(words)]
    table = raw_table(["Response ID", "Submitted at", "How satisfied are you with us?"], rows)

    assert typed_table(table, recognise(table)).arrow["csat"].to_pylist() == worth


def test_marks_where_one_is_best_are_turned_round():
    assert column_of(["1", "5", "2"], "score", "csat", scale=[1, 5], best="low")[0] == [5, 1, 4]


def test_a_cell_that_cannot_be_read_is_blank_and_listed_and_its_row_kept():
    rows = [["Firm A Ltd", "12"], ["Firm B Ltd", "a dozen"], *[[f"Firm {i} Ltd", "5"] for i in range(20)]]
    table = raw_table(["Company", "Employees"], rows)
    result = typed_table(table, recognise(table))
    assert result.arrow["employees"].to_pylist()[:2] == [12.0, None]
    (problem,) = result.problems
    assert (problem.row, problem.column, problem.value) == (3, "Employees", "a dozen")
    assert result.arrow.num_rows == 22


def test_empty_and_total_rows_are_left_out_with_their_reason():
    rows = [
        ["Firm A Ltd", "5", "Kiel", "10.5"],
        [None, None, " ", None],
        ["Grand Total", None, None, "10.5"],
        ["Total Energies SE", "9", "Paris", "3.5"],
    ]
    table = raw_table(["Company", "Employees", "City", "MRR"], rows)
    result = typed_table(table, recognise(table))
    assert result.rejected_rows == [(3, "The row is empty.")]
    assert result.dropped_rows == [(4, "A total line of the report, not a record.")]
    assert result.arrow["account_name"].to_pylist() == ["Firm A Ltd", "Total Energies SE"]


def test_a_total_label_before_the_last_column_is_a_total_line_too():
    rows = [[f"RE-{i}", f"K{i}", f"0{i}.03.2026", f"{i},50"] for i in range(1, 6)]
    table = raw_table(
        ["Rechnungsnr.", "Kundennummer", "Rechnungsdatum", "Nettobetrag"],
        [*rows, [None, None, "Gesamtsumme", "17,50"]],
    )
    result = typed_table(table, recognise(table))
    assert [reason for _, reason in result.dropped_rows] == ["A total line of the report, not a record."]
    assert sum(v for v in result.arrow["amount"].to_pylist()) == pytest.approx(17.5)


def test_ids_stay_text_and_shortened_ones_are_reported_and_name_nobody():
    rows = [["007", "Firm A Ltd"], ["1.23457E+11", "Firm B Ltd"], ["1.23457E+11", "Firm C Ltd"]]
    table = raw_table(["Customer ID", "Company"], rows)
    result = typed_table(table, recognise(table))
    assert result.arrow["account_id"].to_pylist() == ["007", None, None]
    assert [p.value for p in result.problems] == ["1.23457E+11", "1.23457E+11"]
    assert "left blank" in result.problems[0].problem


@pytest.mark.parametrize(
    ("written", "meant"),
    [("'+56954886178", "+56954886178"), ("'Ann O'Hara", "Ann O'Hara"), ("'acme", "acme"), ('="00123"', "00123"),
     ("'s-Hertogenbosch", "'s-Hertogenbosch"), ("'t Hoekje", "'t Hoekje"), ("'Great' they said", "'Great' they said")],
)  # fmt: skip
def test_one_leading_guard_is_stripped_and_other_marks_stay(written, meant):
    assert column_of([written], "text") == ([meant], [])


def test_an_id_of_another_system_is_no_measure():
    rows = [[f"Firm {i} Ltd", str(4700 + i), str(1 + i % 3)] for i in range(30)]
    found = recognise(raw_table(["Company", "External ID", "Pipeline ID"], rows), kind="customers")
    assert [c.type for c in found.columns[1:]] == ["id", "category"]


@pytest.mark.parametrize(
    ("won", "lost"),
    [("Closed Won", "Closed Lost"), ("Gesloten gewonnen", "Gesloten verloren"), ("Fermée/Gagnée", "Fermée/Perdue"),
     ("Fechado e ganho", "Fechado e perdido"), ("Chiuso vinto", "Chiuso perso"), ("Zamknięta - wygrana", "Zamknięta - przegrana"),
     ("Vunnen", "Förlorad"), ("受注", "失注")],
)  # fmt: skip
def test_won_and_lost_are_understood_in_many_languages_without_a_known_heading(won, lost):
    rows = [[f"D{i}", f"Firm {i} Ltd", (won, lost, "Demo")[i % 3], "10", "2025-01-02"] for i in range(9)]
    table = raw_table(["Deal name", "Company", "Xyz", "Amount", "Close date"], rows)
    result = typed_table(table, recognise(table, kind="deals")).arrow
    assert result["is_won"].to_pylist()[:3] == [True, False, None]
    assert result["is_closed"].to_pylist()[:3] == [True, True, False]


def test_an_invoice_total_repeated_on_its_lines_counts_once():
    rows = []
    for number in range(12):
        rows += [
            [f"INV-{number}", "2024-05-01", "Firm A Ltd", product, "100.00"] for product in ("Chair", "Table")
        ]
    table = raw_table(["Invoice number", "Invoice date", "Customer", "Product", "Amount"], rows)
    assert pc.sum(typed_table(table, recognise(table)).arrow["amount"]).as_py() == 1_200.0


def test_amounts_that_differ_by_line_are_all_counted():
    rows = []
    for number in range(12):
        rows += [
            [f"INV-{number}", "2024-05-01", "Firm A Ltd", p, a]
            for p, a in (("Chair", "40.00"), ("Table", "60.00"))
        ]
    table = raw_table(["Invoice number", "Invoice date", "Customer", "Product", "Amount"], rows)
    assert pc.sum(typed_table(table, recognise(table)).arrow["amount"]).as_py() == 1_200.0


LINES = [
    ["1", "2024-05-01", "Quarry Inc", "Mug", "1", "40"],
    ["1", "2024-05-01", "Quarry Inc", "Plate", "2", "30"],
    ["2", "2024-05-02", "Bettina AG", "Mug", "1", "40"],
    ["3", "2024-05-03", "Bettina AG", "Mug", "2", "40"],
    ["3", "2024-05-03", "Bettina AG", "Cup", "4", "20"],
]


@pytest.mark.parametrize("heading", ["Total", "Order Total", "Amount"])
@pytest.mark.parametrize(
    ("figures", "worth"),
    [
        (["40", "60", "40", "80", "80"], [100.0, 40.0, 160.0]),  # what each line comes to
        (["100", "100", "40", "160", "160"], [100.0, 40.0, 160.0]),  # what the order comes to, on each line
        (["100", "", "40", "160", ""], [100.0, 40.0, 160.0]),  # the same on its first line only
    ],
    ids=["of the line", "of the order, repeated", "of the order, once"],
)
def test_a_total_is_the_lines_or_the_orders_by_its_figures(heading, figures, worth):
    rows = [[*line, figure] for line, figure in zip(LINES, figures, strict=True)]
    table = raw_table(
        ["Order ID", "Order Date", "Customer", "Product", "Quantity", "Unit Price", heading], rows
    )

    typed = typed_table(table, recognise(table)).arrow

    sums = typed.group_by("order_id").aggregate([("amount", "sum")]).sort_by("order_id")
    assert sums["amount_sum"].to_pylist() == worth


def test_the_currency_comes_from_the_row_the_sign_or_the_heading():
    rows = [
        ["O1", "2024-05-01", "Firm A Ltd", "€10"],
        ["O2", "2024-05-02", "Firm B Ltd", "£5"],
        ["O3", "2024-05-03", "Firm B Ltd", "7"],
    ]
    table = raw_table(["Order number", "Order date", "Customer", "Amount"], rows)
    assert typed_table(table, recognise(table)).arrow["currency"].to_pylist() == ["EUR", "GBP", None]
    table = raw_table(
        ["Order number", "Order date", "Customer", "Amount (USD)"], [[*row[:3], "5"] for row in rows]
    )
    assert typed_table(table, recognise(table)).arrow["currency"].to_pylist() == ["USD"] * 3


def test_first_and_last_names_are_put_together():
    rows = [["Ann", "Lee", "ann@acme.com", "Acme Inc"], ["", "Voss", "jo@beta.ch", "Beta AG"]]
    table = raw_table(["First name", "Last name", "Email", "Company"], rows)
    result = typed_table(table, recognise(table))
    assert result.arrow["person_name"].to_pylist() == ["Ann Lee", "Voss"]
    assert result.custom == ()


def test_a_corrected_decimal_mark_changes_the_figures():
    table = raw_table(["Company", "MRR"], [["A Ltd", "1.191"], ["B Ltd", "2.040"]])
    found = recognise(table)
    assert any("thousand" in ask for ask in found.column_of("mrr").asks)
    dotted = with_corrections(found, {"columns": {"MRR": {"options": {"decimal": "."}}}})
    assert typed_table(table, dotted).arrow["mrr"].to_pylist() == [1.191, 2.04]


def test_a_table_without_a_kind_must_be_named_first():
    with pytest.raises(ValueError, match="kind"):
        typed_table(*(lambda t: (t, recognise(t)))(raw_table(["a", "b"], [["x", "y"]])))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)), min_size=1, max_size=30),
    st.sampled_from([(".", ","), (",", "."), (",", " ")]),
)
def test_numbers_written_with_any_pair_of_marks_come_back(numbers, marks):
    decimal, thousands = marks
    texts = [f"{x:,.2f}".replace(",", "_").replace(".", decimal).replace("_", thousands) for x in numbers]
    values, unread = column_of(texts, "number", decimal=decimal)
    assert unread == []
    assert values == pytest.approx(numbers, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.dates(dt.date(1950, 1, 1), dt.date(2069, 12, 31)), min_size=1, max_size=30),
    st.sampled_from(
        [
            ("%d/%m/%Y", "dmy"),
            ("%m/%d/%Y", "mdy"),
            ("%d.%m.%y", "dmy"),
            ("%Y-%m-%d 10:15", "ymd"),
            ("%d-%m-%Y", "dmy"),
        ]
    ),
)
def test_days_written_in_any_order_come_back(days, style):
    pattern, order = style
    days = [day for day in days if "%y" not in pattern or 1970 <= day.year < 2070] or [dt.date(2024, 2, 29)]
    assert column_of([day.strftime(pattern) for day in days], "date", date_order=order) == (days, [])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.text(max_size=12)), min_size=1, max_size=20),
    st.sampled_from(
        [
            "number",
            "money",
            "percent",
            "score",
            "date",
            "yes_no",
            "band",
            "multi",
            "email",
            "domain",
            "currency",
            "country",
            "id",
            "text",
            "name",
            "category",
        ]
    ),
)
def test_any_text_in_any_column_is_read_blank_or_listed(values, type_):
    read, unread = column_of(values, type_)
    assert len(read) == len(values)
    assert all(text.strip() for text in unread)


def test_the_fast_path_and_the_careful_path_agree():
    random = np.random.default_rng(4)
    texts = [f"{x:.2f}" for x in random.uniform(-5_000, 5_000, 3_000)] + ["1,234.50", "(7.5)", "x"]
    fast, unread = column_of(texts, "money", decimal=".")
    slow = [column_of([text], "money", decimal=".")[0][0] for text in texts]
    assert fast == slow
    assert unread == ["x"]


def test_three_hundred_thousand_rows_type_in_seconds():
    n = 300_000
    random = np.random.default_rng(5)
    cells = pa.table(
        {
            "c0": pa.array([f"O{i}" for i in range(n)]),
            "c1": pa.array([f"C{i}" for i in random.integers(0, 40_000, n)]),
            "c2": pa.array([f"{d:02d}/{m:02d}/2024 10:{s:02d}" for d, m, s in zip(random.integers(1, 29, n), random.integers(1, 13, n), random.integers(0, 60, n), strict=True)]),
            "c3": pa.array([f"{x:.2f}" for x in random.uniform(1, 9_000, n)]),
            "c4": pa.array(random.choice(["Chair", "Table", "Lamp"], n)),
        }
    )  # fmt: skip
    columns = ("Order number", "Customer ID", "Order date", "Amount", "Product")
    table = RawTable(
        "big.csv", None, columns, (columns,), cells, pa.array(range(2, n + 2), pa.int64()), ReadSettings()
    )
    start = time.process_time()
    result = typed_table(table, recognise(table))
    assert result.arrow.num_rows == n
    assert result.problems == []
    assert time.process_time() - start < 6


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("CA annuel (k€)", 12_500.0),
        ("Jahresumsatz TEUR", 12_500.0),
        ("Annual revenue ($M)", 12_500_000.0),
        ("Annual revenue", 12.5),
    ],
)
def test_amounts_in_thousands_or_millions_are_read_as_the_heading_says(heading, expected):
    rows = [[f"Acme {n} Ltd", "12.5"] for n in range(9)]
    table = raw_table(["Company", heading], rows)
    typed = typed_table(table, recognise(table, kind="customers"))
    assert typed.arrow.column("company_revenue")[0].as_py() == expected


def test_the_end_of_a_running_contract_is_no_day_of_leaving():
    header = ["Customer", "Contract value (€)", "Start", "End", "Status"]
    rows = [
        [f"Firm {i} Ltd", str(1000 + i), "2022-02-01", f"2025-{i + 1:02d}-01", "Active"] for i in range(12)
    ]

    found = recognise(raw_table(header, rows))

    assert [c.field for c in found.columns] == [
        "account_name", "total_revenue", "customer_since", None, "status",
    ]  # fmt: skip


def test_a_bare_end_counts_only_for_those_whose_status_is_not_active():
    header = ["Customer", "Contract value (€)", "Start", "End", "Status"]
    states = ["Active", "Cancelled", "Expired"]
    rows = [
        [f"Firm {i} Ltd", "900", "2022-02-01", "" if i % 4 == 3 else "2025-03-01", states[i % 3]]
        for i in range(24)
    ]
    table = raw_table(header, rows)

    typed = typed_table(table, recognise(table)).arrow

    left = dict(zip(typed["account_name"].to_pylist(), typed["churned_on"].to_pylist(), strict=True))
    assert left["Firm 0 Ltd"] is None  # active
    assert left["Firm 1 Ltd"] == left["Firm 2 Ltd"] == dt.date(2025, 3, 1)
    assert left["Firm 7 Ltd"] is None  # no end
