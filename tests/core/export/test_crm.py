import csv
import io
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp_core.export.crm import csv_bytes, guarded


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_file_starts_with_the_mark_excel_looks_for():
    assert csv_bytes(pd.DataFrame({"name": ["Zürich"]})) == b"\xef\xbb\xbfname\r\nZ\xc3\xbcrich\r\n"


def test_columns_order_and_leading_zeros_stay():
    frame = pd.DataFrame({"z": ["007"], "a": [1.0], "m": [2.5]})

    assert rows_of(csv_bytes(frame)) == [["z", "a", "m"], ["007", "1", "2.5"]]


@pytest.mark.parametrize("start", ["=1+1", "+x", "-x", "@x", "\tx", "\rx", "\nx", "=cmd|' /C calc'!A0"])
def test_dangerous_starts_are_guarded(start):
    assert guarded(start) == "'" + start
    assert rows_of(csv_bytes(pd.DataFrame({start: [start]})))[0][0].startswith("'")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=5))
def test_what_is_written_is_read_back(values):
    frame = pd.DataFrame({"i": range(len(values)), "v": values})
    written = rows_of(csv_bytes(frame))
    expected = [guarded(v.encode("utf-8", "replace").decode()) for v in values]

    assert [row[1] for row in written[1:]] == expected


def test_every_kind_of_value_has_its_words():
    frame = pd.DataFrame(
        {
            "yes": pd.array([True, None], dtype="boolean"),
            "day": pd.to_datetime(["2026-01-02", None]),
            "on": [date(2026, 1, 2), None],
            "list": [["a", "b"], None],
            "number": [-3.25, np.nan],
            "text": ['a,b"c', None],
        }
    )

    assert rows_of(csv_bytes(frame))[1:] == [
        ["yes", "2026-01-02", "2026-01-02", "a; b", "-3.25", 'a,b"c'],
        ["", "", "", "", "", ""],
    ]


def test_no_rows_and_no_columns_still_make_a_file():
    assert csv_bytes(pd.DataFrame({"a": []})) == b"\xef\xbb\xbfa\r\n"
    assert csv_bytes(pd.DataFrame()) == b"\xef\xbb\xbf\r\n"
