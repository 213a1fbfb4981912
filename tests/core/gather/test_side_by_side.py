"""Tables beside each other on one sheet are read each by itself; a table with an empty column in it stays one."""

from __future__ import annotations

import pytest

from icp_core.gather.grid_tables import GridLayout, tables_in_grid
from tests.core.gather.files import read_bytes, rows_of, workbook_bytes

CUSTOMERS = [["Customer", "Country", "ARR"], *([f"Firm {n}", "DE", 1000 + n] for n in range(9))]
CODES = [["Code", "Meaning"], ["A", "Large account"], ["B", "Small account"], ["C", "Partner"]]


def beside(*tables: list[list[object]], gap: int = 1) -> list[list[object]]:
    """Rows of a sheet with the tables next to each other, top-aligned."""
    height = max(map(len, tables))
    rows = []
    for index in range(height):
        row: list[object] = []
        for table in tables:
            row += table[index] if index < len(table) else [None] * len(table[0])
            row += [None] * gap
        rows.append(row[:-gap])
    return rows


def grid_of(rows: list[list[object]]) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def found_in(rows: list[list[object]]) -> list[tuple[tuple[str, ...], int]]:
    grid = grid_of(rows)
    return [
        (table.names, len(table.rows))
        for table in tables_in_grid(
            grid, list(range(1, len(grid) + 1)), GridLayout(joiner=" | ", grouped_totals=True)
        )
    ]


@pytest.mark.parametrize("gap", [1, 2])
@pytest.mark.parametrize("turned", [False, True])
def test_a_legend_beside_a_table_is_a_table_of_its_own(gap, turned):
    tables = (CODES, CUSTOMERS) if turned else (CUSTOMERS, CODES)
    expected = [(("Customer", "Country", "ARR"), 9), (("Code", "Meaning"), 3)]

    assert found_in(beside(*tables, gap=gap)) == (expected[::-1] if turned else expected)


def test_tables_of_one_length_under_the_same_names_are_two():
    new = [["Account", "Amount"], *([f"New {n}", 10 * n] for n in range(6))]
    lost = [["Account", "Amount", "Reason"], *([f"Lost {n}", 7 * n, "price"] for n in range(6))]

    assert found_in(beside(new, lost)) == [
        (("Account", "Amount"), 6),
        (("Account", "Amount", "Reason"), 6),
    ]


def test_headers_in_different_rows_make_two_tables():
    lower = [[None, None], [None, None], ["Plan", "Price"], *([f"Plan {n}", n] for n in range(7))]

    assert found_in(beside(CUSTOMERS, lower)) == [
        (("Customer", "Country", "ARR"), 9),
        (("Plan", "Price"), 7),
    ]


def test_three_tables_below_a_title_are_three_and_the_title_is_listed(tmp_path):
    months = [["Month", "Cost"], *([f"2025-{n:02d}", 100 * n] for n in range(1, 13))]
    rows = [["Overview of the year"], [], *beside(CUSTOMERS, CODES, months)]
    reading = read_bytes(tmp_path, workbook_bytes({"All": rows}), "overview.xlsx")

    assert [(table.sheet, table.columns, table.n_rows) for table in reading.tables] == [
        ("All (1)", ("Customer", "Country", "ARR"), 9),
        ("All (2)", ("Code", "Meaning"), 3),
        ("All (3)", ("Month", "Cost"), 12),
    ]
    assert [problem.value for problem in reading.tables[0].leftovers] == ["Overview of the year"]
    assert rows_of(reading.tables[1]) == [["A", "Large account"], ["B", "Small account"], ["C", "Partner"]]
    assert reading.tables[1].row_numbers.to_pylist() == [4, 5, 6]


def test_tables_beside_each_other_in_a_text_file_are_two(tmp_path):
    text = "\n".join(",".join(row) for row in grid_of(beside(CUSTOMERS, CODES)))
    reading = read_bytes(tmp_path, text, "both.csv")

    assert [(table.columns, table.n_rows) for table in reading.tables] == [
        (("Customer", "Country", "ARR"), 9),
        (("Code", "Meaning"), 3),
    ]


def test_a_long_sheet_with_another_table_beside_it_is_read_as_two(tmp_path):
    orders = [["Order", "Day", "Amount"], *([f"O-{n}", "2025-03-01", n] for n in range(4000))]
    codes = [["Code", "Meaning"], *([f"C{n}", f"Meaning of {n}"] for n in range(700))]
    reading = read_bytes(tmp_path, workbook_bytes({"S": beside(orders, codes)}), "orders.xlsx")

    assert [table.n_rows for table in reading.tables] == [4000, 700]


@pytest.mark.parametrize(
    "rows",
    [
        beside(CUSTOMERS, [["Change", "Share"], *([n, n / 10] for n in range(9))]),  # figures set apart
        beside(
            [["", "Q1", ""], ["Region", "Plan", "Actual"], *([f"R{n}", n, n + 1] for n in range(6))],
            [["Q2", ""], ["Plan", "Actual"], *([n, n + 2] for n in range(6))],
        ),
        beside(CUSTOMERS, [["Note", "Owner"], *([["late", "Ann"], [None, None]] * 4), [None, None]]),
        beside(CUSTOMERS, [["Remark"], ["to be checked"], *[[None]] * 8]),
    ],
    ids=["spaced", "grouped", "sparse", "one column"],
)
def test_an_empty_column_inside_a_table_does_not_cut_it(rows):
    assert len(found_in(rows)) == 1
