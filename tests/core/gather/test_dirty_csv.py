"""Generated dirty files: the header is found, and every cell comes back or is listed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp_core.gather.cutting import Dialect, NotStrictError, cut
from icp_core.gather.encoding import Encoding, decode, find_encoding
from icp_core.gather.limits import Limits
from icp_core.gather.raw_table import ReadSettings
from icp_core.gather.text_tables import read_text_tables
from tests.core.gather.files import csv_text, rows_of
from tests.dirty_tables import DirtyTable, dirty_tables, make_table


def read(content: bytes, **fixed):
    encoding = find_encoding(content)
    return read_text_tables(
        decode(content, encoding), "x", encoding, settings=ReadSettings(**fixed), limits=Limits()
    )


def header_is_found(table: DirtyTable) -> bool:
    found = read(table.content)
    return len(found) == 1 and found[0].settings.header_rows == table.header_lines


@pytest.mark.parametrize("kind", ["one", "none", "units", "groups", "preamble"])
def test_header_is_found_without_knowing_any_label(kind):
    hits = sum(header_is_found(make_table(seed, kind)) for seed in range(5000, 5060))

    assert hits >= 0.9 * 60


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["one", "none", "units", "groups", "preamble"])
def test_header_is_found_in_thousands_of_files(kind):
    hits = sum(header_is_found(make_table(seed, kind)) for seed in range(1000))

    assert hits >= 0.95 * 1000


@settings(max_examples=60, deadline=None)
@given(dirty_tables("one"))
def test_rows_come_back_cell_for_cell(table):
    (found,) = read(table.content)

    assert rows_of(found) == table.rows
    assert found.row_numbers.to_pylist() == table.row_lines
    assert [list(row) for row in found.header] == table.header_rows


@settings(max_examples=60, deadline=None)
@given(dirty_tables())
def test_no_cell_is_dropped_in_silence(table):
    found = read(table.content)
    kept = Counter(
        cell for one in found for row in (*rows_of(one), *one.header) for cell in row if cell.strip()
    )
    left = " ".join(problem.value or "" for one in found for problem in one.leftovers)
    everything = Counter(
        cell for record in cut(table.text, Dialect(table.delimiter)) for cell in record.cells if cell.strip()
    )

    for cell, count in (everything - kept).items():
        assert left.count(cell) >= count, cell


CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_any_text_survives_quoting_when_the_dialect_is_given(rows, delimiter):
    rows = [[f"r{index}", *row] for index, row in enumerate(rows)]
    text = csv_text(rows, delimiter, "\n", quote_all=True)

    (found,) = read_text_tables(
        text,
        "x",
        Encoding("utf-8"),
        settings=ReadSettings(delimiter=delimiter, quote='"', header_rows=(), comment=""),
        limits=Limits(),
    )

    expected = [row for row in rows if any(cell.strip() for cell in row)]
    width = len(found.columns)
    assert [[cell for cell in row] for row in rows_of(found)] == [row[:width] for row in expected]
    assert all(not cell.strip() for row in expected for cell in row[width:])


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("a1\",;\n\r\\ '|\t"), max_size=60), st.sampled_from([",", ";", "||"]))
def test_the_two_cutters_agree_and_the_tolerant_one_never_fails(text, delimiter):
    dialect = Dialect(delimiter)
    tolerant = [record.cells for record in cut(text, dialect, lenient=True)]

    assert "".join("".join(cells) for cells in tolerant).count("a") == text.count("a")
    try:
        strict = [record.cells for record in cut(text, dialect)]
    except NotStrictError:
        return
    if "\r" not in text and '"' in text and len(delimiter) == 1:
        from icp_core.gather.cutting import _Scanner

        scanned = [record.cells for record in _Scanner(text, dialect, False, None).records()]
        assert scanned == strict


@settings(max_examples=80, deadline=None)
@given(st.binary(min_size=1, max_size=400))
def test_random_bytes_give_tables_or_a_sentence(content):
    from icp_core.errors import UnreadableFileError

    try:
        found = read(content)
    except UnreadableFileError as refused:
        assert str(refused).endswith(".")
        return
    assert all(len(table.columns) == table.cells.num_columns for table in found)


@pytest.mark.parametrize(
    "damage",
    ["extra delimiter", "missing delimiter", "extra quote", "no last line end", "two last line ends"],
)
def test_one_damaged_row_leaves_the_others_alone(damage):
    rows = [
        ["name", "city", "since", "amount"],
        *([f"Company {i}", f"Town, {i}", f"2025-01-{i:02d}", f"{i}.5"] for i in range(10, 28)),
    ]
    lines = csv_text(rows, ",", "\n").rstrip("\n").split("\n")
    end = "\n"
    if damage == "extra delimiter":
        lines[7] += ",surplus"
    elif damage == "missing delimiter":
        lines[7] = "Company 16,2025-01-16,16.5"
    elif damage == "extra quote":
        lines[7] = 'Company "16,"Town, 16",2025-01-16,16.5'
    elif damage == "no last line end":
        end = ""
    else:
        end = "\n\n"

    (found,) = read(("\n".join(lines) + end).encode())
    kept = rows_of(found)

    assert found.columns == tuple(rows[0])
    assert len(kept) == 18
    assert [row for i, row in enumerate(kept) if i != 6] == [row for i, row in enumerate(rows[1:]) if i != 6]
