"""Boards that repeat one header under the title of each group come back as one table."""

from __future__ import annotations

from tests.core.gather.files import one_table, read_bytes, rows_of, workbook_bytes

HEADER = ["Name", "Owner", "Value"]
ACTIVE = [["Acme", "Ann", 100], ["Globex", "Bo", 250], ["Initech", "Ann", 50]]
WON = [["Hooli", "Cy", 70], ["Umbrella", "Bo", 30], ["Stark", "Cy", 20]]


def board(*, sums: tuple[object, object] = (400, 120)) -> list[list[object]]:
    return [
        ["Deals of the year"],
        [],
        ["Active deals"],
        HEADER,
        *ACTIVE,
        [None, None, sums[0]],
        [],
        ["Closed won"],
        HEADER,
        *WON,
        [None, None, sums[1]],
    ]


def test_groups_of_a_board_are_one_table_with_their_titles_as_a_column(tmp_path):
    found = one_table(read_bytes(tmp_path, workbook_bytes({"board": board()}), "board.xlsx"))

    assert found.columns == ("Name", "Owner", "Value", "Group")
    assert rows_of(found) == [
        *([*map(str, row), "Active deals"] for row in ACTIVE),
        *([*map(str, row), "Closed won"] for row in WON),
    ]
    assert [problem.value for problem in found.leftovers] == [
        "Deals of the year", "Active deals", " |  | 400", "Closed won", " |  | 120",
    ]  # fmt: skip


def test_a_last_row_that_is_not_the_sum_stays_a_record(tmp_path):
    found = one_table(read_bytes(tmp_path, workbook_bytes({"board": board(sums=(399, 120))}), "board.xlsx"))

    assert ["", "", "399", "Active deals"] in rows_of(found)
    assert ["", "", "120", "Closed won"] not in rows_of(found)


def test_tables_under_one_header_without_titles_stay_apart(tmp_path):
    rows = [HEADER, *ACTIVE, [], HEADER, *WON]
    reading = read_bytes(tmp_path, workbook_bytes({"S": rows}), "two.xlsx")

    assert [table.n_rows for table in reading.tables] == [3, 3]
