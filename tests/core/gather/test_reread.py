"""Reading a table otherwise: which tables share its text or sheet, and the quick look at the first rows."""

from __future__ import annotations

from icp_core.gather import reread
from icp_core.gather.raw_table import ReadSettings
from tests.core.gather.files import read_bytes, rows_of, workbook_bytes, zip_bytes

FIRST = "firm,seats\n" + "".join(f"Firm {i},{i}\n" for i in range(8))
SECOND = "town,leads,share\n" + "".join(f"Town {i},{i},{i}%\n" for i in range(9))


def sources(reading):
    return [reread.source_of(reading.tables, i) for i in range(len(reading.tables))]


def test_two_tables_of_one_text_are_read_anew_together(tmp_path):
    reading = read_bytes(tmp_path, f"{FIRST}\n\n{SECOND}")
    assert sources(reading) == [(None, (0, 1)), (None, (0, 1))]


def test_tables_of_an_archive_and_of_a_sheet_know_where_they_are_from(tmp_path):
    archive = read_bytes(tmp_path, zip_bytes({"a.csv": f"{FIRST}\n\n{SECOND}", "b.csv": FIRST}))
    assert sources(archive) == [("a.csv", (0, 1)), ("a.csv", (0, 1)), ("b.csv", (2,))]

    rows = [line.split(",") for line in FIRST.splitlines()]
    more = [line.split(",") for line in SECOND.splitlines()]
    book = read_bytes(tmp_path, workbook_bytes({"Sales": [*rows, [], [], *more], "Plan (2)": rows}))
    assert sources(book) == [("Sales", (0, 1)), ("Sales", (0, 1)), ("Plan (2)", (2,))]


def test_a_large_text_is_looked_at_at_its_beginning(tmp_path):
    text = "a;b,c\n" + "".join(f"{i};x,y\n" for i in range(60_000))
    reading = read_bytes(tmp_path, text, "large.csv")

    looked = reread.look_at(
        tmp_path / "large.csv", "large.csv", reading.tables, 0, ReadSettings(delimiter=",")
    )

    assert looked.error is None and looked.tables[0].columns == ("a;b", "c")
    assert 1000 < looked.tables[0].n_rows < 60_000


def test_a_member_of_an_archive_is_looked_at_under_other_settings(tmp_path):
    reading = read_bytes(tmp_path, zip_bytes({"a.csv": FIRST, "b.csv": SECOND}), "both.zip")
    looked = reread.look_at(
        tmp_path / "both.zip", "both.zip", reading.tables, 1, ReadSettings(header_rows=())
    )
    assert looked.tables[0].columns[0] == "Column 1" and rows_of(looked.tables[0])[0][0] == "town"
