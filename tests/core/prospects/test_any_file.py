"""A list in any shape comes back whole: every row, column, heading and the order, with our columns at the end."""

import csv
import io

import pytest
from openpyxl import Workbook

from icp_core.errors import IcpError
from icp_core.prospects.fit import ADDED, score_file
from icp_core.workspace import Workspace
from tests.core.prospects.test_fit import icp_json

HEAD = ["Company", "Website", "Industry", "Number of Employees", "Country", "Remark", "Remark"]
ROWS = [
    ["Alpha, Ltd", "alpha.example", "Logistics", "120", "UK", "a", "b"],
    ["Beta\nGmbH", "beta.example", "Retail", "51-200", "DE", "", "Grün"],
    ["Gamma", "gamma.example", "", "11-100", "", "c", ""],
]
BLANK = [""] * 7
TOTAL = ["Total", *BLANK[1:]]


def csv_file(rows, head=HEAD, delimiter=",", encoding="utf-8", above="", newline="\n") -> bytes:
    out = io.StringIO()
    out.write(above)
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    writer.writerows([head, *rows])
    return out.getvalue().encode(encoding)


def sheet_file(rows, head=HEAD) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in [head, *rows]:
        book.active.append([cell or None for cell in row])
    book.save(out)
    return out.getvalue()


def scored(tmp_path, name: str, content: bytes) -> list[list[str]]:
    path = tmp_path / name
    path.write_bytes(content)
    with Workspace.in_memory() as workspace:
        found, _ = score_file(workspace, icp_json(), path)
    return list(csv.reader(io.StringIO(found.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    "name, content, rows",
    [
        ("semicolons.csv", csv_file(ROWS, delimiter=";", encoding="cp1252", newline="\r\n"), ROWS),
        ("utf16.txt", csv_file(ROWS, delimiter="\t", encoding="utf-16"), ROWS),
        ("titled.csv", csv_file(ROWS, above="Leads of spring\n\n"), ROWS),
        ("gaps.csv", csv_file([ROWS[0], BLANK, *ROWS[1:], BLANK, TOTAL]), [ROWS[0], BLANK, *ROWS[1:], BLANK, TOTAL]),
        ("sheet.xlsx", sheet_file([ROWS[0], BLANK, *ROWS[1:]]), [ROWS[0], BLANK, *ROWS[1:]]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_every_row_column_and_heading_comes_back_in_its_place(tmp_path, name, content, rows):
    found = scored(tmp_path, name, content)

    assert found[0] == [*HEAD, *ADDED]
    assert [row[:7] for row in found[1:]] == rows
    by_name = {row[0]: dict(zip(ADDED, row[7:], strict=True)) for row in found[1:]}
    assert by_name["Alpha, Ltd"]["tier"] == "A"
    assert all(by_name[row[0]]["fit_points"].isdigit() for row in ROWS)
    for gap in {row[0] for row in rows} - {row[0] for row in ROWS}:
        assert by_name[gap]["fit_points"] == "" and by_name[gap]["reasons"].startswith("Not scored: ")


def test_cells_beyond_the_heading_are_kept(tmp_path):
    found = scored(tmp_path, "long.csv", csv_file([*ROWS * 4, [*ROWS[2], "more", "and more"]]))

    assert found[0] == [*HEAD, "", "", *ADDED]
    assert found[-1][:9] == [*ROWS[2], "more", "and more"]
    assert found[1][7:9] == ["", ""] and found[1][9].isdigit()


def test_columns_named_like_ours_keep_their_names_and_content(tmp_path):
    head = [*HEAD[:5], "tier", "fit_points"]
    found = scored(tmp_path, "again.csv", csv_file(ROWS, head=head))

    assert found[0][:7] == head and found[0][7:9] == ["fit_points (2)", "tier (2)"]
    assert [row[5:7] for row in found[1:]] == [row[5:7] for row in ROWS]


def test_a_list_whose_kind_nobody_sees_is_still_read_as_prospects(tmp_path):
    """The domain is found as a domain, so a repeat is seen as one."""
    path = tmp_path / "short.csv"
    path.write_bytes(csv_file([*ROWS, ROWS[0]]))
    with Workspace.in_memory() as workspace:
        _, summary = score_file(workspace, icp_json(), path)

    assert "1 repeat an earlier row" in summary


def test_a_list_that_shares_nothing_with_the_score_is_told_so(tmp_path):
    path = tmp_path / "names.csv"
    path.write_bytes(
        csv_file([["Ana", "ana@example.com"], ["Juan", "juan@example.com"]], head=["nombre", "email"])
    )
    with Workspace.in_memory() as workspace:
        _, summary = score_file(workspace, icp_json(), path)

    assert "nothing that the score looks at" in summary


def test_an_icp_that_has_nothing_to_score_by_says_so(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_bytes(csv_file(ROWS))
    nothing = '{"scorecard": {"message": "Nobody gets points yet."}}'
    with Workspace.in_memory() as workspace, pytest.raises(IcpError, match="Nobody gets points yet"):
        score_file(workspace, nothing, path)
