"""Customers with a column per month, quarter or year: what finance keeps, read as value and time."""

from datetime import date

import pytest

from icp_core.gather.answers import answers
from icp_core.gather.convert import typed_table
from icp_core.gather.recognise import recognise, with_corrections
from tests.core.gather.tables import raw_table

FIRMS = ["Birch Ltd", "Cedar Ltd", "Elm Ltd", "Fir Ltd"]


def typed(header, rows, corrections=None):
    table = raw_table(header, rows)
    found = recognise(table)
    return found, typed_table(table, with_corrections(found, corrections) if corrections else found)


def column(table, name):
    return table.arrow.column(name).to_pylist()


MONTHS = [
    ["Jan-24", "Feb-24", "Mar-24", "Apr-24"],
    ["2024-01", "2024-02", "2024-03", "2024-04"],
    ["January 2024", "February 2024", "March 2024", "April 2024"],
    ["01/2024", "02/2024", "03/2024", "04/2024"],
    ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"],
    ["MRR Jan 2024", "MRR Feb 2024", "MRR Mar 2024", "MRR Apr 2024"],
    ["Jan. '24", "Feb. '24", "März '24", "Apr. '24"],
]


@pytest.mark.parametrize("months", MONTHS, ids=lambda months: months[0])
def test_months_that_bring_the_same_again_are_a_subscription(months):
    rows = [
        ["Birch Ltd", "Pro", "100", "100", "100", "100"],
        ["Cedar Ltd", "Pro", "0", "50", "50", "50"],
        ["Elm Ltd", "Basic", "80", "80", "0", "0"],
        ["Fir Ltd", "Basic", "", "", "20", "25"],
    ]

    found, table = typed(["Customer", "Plan", *months], rows)

    assert found.kind == "customers"
    assert column(table, "total_revenue") == [400.0, 150.0, 160.0, 45.0]
    assert column(table, "mrr") == [100.0, 50.0, 0.0, 25.0]
    since = [date(2024, 1, 1), date(2024, 2, 1), date(2024, 1, 1), date(2024, 3, 1)]
    assert column(table, "customer_since") == since
    assert column(table, "churned_on") == [None, None, date(2024, 3, 1), None]
    assert column(table, "last_activity_on")[2] == date(2024, 2, 29)
    assert not table.custom  # a month's amount is part of the value, and no attribute


@pytest.mark.parametrize(
    "years",
    [["Umsatz 2022", "Umsatz 2023", "Umsatz 2024"], ["2022", "2023", "2024"], ["FY2022", "FY2023", "FY2024"],
     ["2024 Revenue", "2023 Revenue", "2022 Revenue"]],
    ids=lambda years: years[0],
)  # fmt: skip
def test_years_add_up_and_nobody_has_left_by_them(years):
    rows = [[name, "1.200,50", "0,00", "2.000,00"] for name in FIRMS]

    _, table = typed(["Kunde", *years], rows)

    assert column(table, "total_revenue") == [3200.5] * 4
    assert column(table, "customer_since") == [date(2022, 1, 1)] * 4
    assert column(table, "churned_on") == [None] * 4


def test_it_asks_whether_they_are_what_the_customers_paid_and_takes_no_for_an_answer():
    header = ["Customer", "2022", "2023", "2024"]
    rows = [[name, str(10 * i), "7", "5"] for i, name in enumerate(FIRMS)]
    found, _ = typed(header, rows)
    assert [ask for c in found.columns for ask in c.asks] == [
        "Are “2022” to “2024” what you earned with each customer in these periods?"
    ]

    first = next(c for c in found.columns if c.name == "2022")
    yes, no = answers(first, first.asks[0], found.kind)

    _, kept = typed(header, rows, {"columns": {"2022": yes.change}})
    _, table = typed(header, rows, {"columns": {"2022": no.change}})

    assert column(kept, "total_revenue") == [12.0, 22.0, 32.0, 42.0]
    assert column(table, "total_revenue") == [None] * 4
    assert column(table, "customer_since") == [None] * 4


@pytest.mark.parametrize(
    "columns",
    [
        ["Visits 2022", "Visits 2023", "Visits 2024"],  # no money
        ["2022", "2024", "2025"],  # not one after the other
        ["Top 10", "Top 20", "Top 30"],
        ["2023", "2024"],  # two bare years may be anything
    ],
)
def test_other_columns_with_numbers_in_their_headings_stay_what_they_are(columns):
    rows = [[name, *("7" for _ in columns)] for name in FIRMS]

    found, table = typed(["Customer", *columns], rows)

    assert column(table, "total_revenue") == [None] * 4
    assert all(c.include for c in found.columns)


def test_a_column_with_the_total_is_believed_and_the_periods_say_since_when():
    rows = [[name, "0", "20", "30", "51"] for name in FIRMS]

    _, table = typed(["Customer", "Revenue 2022", "Revenue 2023", "Revenue 2024", "Total revenue"], rows)

    assert column(table, "total_revenue") == [51.0] * 4
    assert column(table, "customer_since") == [date(2023, 1, 1)] * 4
    assert not table.custom


def test_a_day_that_the_list_gives_wins_over_the_first_period():
    rows = [[name, "2019-05-01", "10", "20", "30"] for name in FIRMS]

    _, table = typed(["Customer", "Customer since", "2022", "2023", "2024"], rows)

    assert column(table, "customer_since") == [date(2019, 5, 1)] * 4


def test_a_cell_that_is_no_amount_is_listed_and_the_rest_adds_up():
    rows = [[f"Firm {i} Ltd", "10", str(20 + i), "30"] for i in range(30)]
    rows[0][2] = "see note"

    _, table = typed(["Customer", "2022", "2023", "2024"], rows)

    assert column(table, "total_revenue") == [40.0, *(60.0 + i for i in range(1, 30))]
    assert [(p.column, p.value) for p in table.problems] == [("2023", "see note")]
