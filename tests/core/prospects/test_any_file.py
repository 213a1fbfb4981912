"""A list in any shape comes back whole: every row, column, heading and the order, with our columns at the end."""

import csv
import io

import pandas as pd
import pytest
from openpyxl import Workbook

from icp_core.errors import IcpError
from icp_core.facts import store
from icp_core.gather import load
from icp_core.profile.model import Meta, Profile, Statement
from icp_core.prospects import lists
from icp_core.prospects.comparable import prepare
from icp_core.prospects.fit import ADDED, score_prospects
from icp_core.prospects.score_file import score_file
from icp_core.prospects.scorecard import fit_scorecard
from icp_core.prospects.sheet import live_scores, printable
from icp_core.segments.conditions import Condition, Segment
from icp_core.workspace import Workspace
from tests.core.prospects.test_fit import card as fit_card
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


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Customers and a lead list with a gap, a total and a heading that stands twice, uploaded as in the browser."""
    customers = [["Account ID", "Company name", "Industry", "Customer since"]] + [
        [f"A{i}", f"Old {i}", "Logistics" if i % 2 else "Retail", "2024-01-05"] for i in range(40)
    ]
    files = {
        "customers.csv": csv_file(customers[1:], head=customers[0]),
        "leads.csv": csv_file([ROWS[0], BLANK, *ROWS[1:], BLANK, TOTAL]),
    }
    with Workspace.open(tmp_path_factory.mktemp("home") / "w.duckdb") as opened:
        for name, content in files.items():
            kept = load.receive(opened, name, io.BytesIO(content))
            told = {"0": {"kind": "prospects"}} if name == "leads.csv" else None
            load.import_preview(opened, load.preview(opened, kept, name, corrections=told))
        yield opened


def test_the_download_of_the_page_gives_the_list_back_whole_too(workspace):
    facts = store.refresh(workspace)
    loaded = lists.prospect_list(workspace)
    card = fit_scorecard(facts, Segment((Condition("industry", "is_any_of", ("Logistics",)),)))
    scored = score_prospects(lists.prepared(workspace, facts, card, loaded), card)

    frame = lists.download_frame(workspace, int(loaded.frame["import_id"].iloc[0]), loaded, scored)

    assert list(frame.columns) == [*HEAD, *ADDED]
    read = [[cell or "" for cell in row[:7]] for row in frame.itertuples(index=False)]
    assert read == [ROWS[0], BLANK, *ROWS[1:], BLANK, TOTAL]
    assert frame["fit_points"].notna().tolist() == [True, False, True, True, False, False]


def test_the_workbook_has_the_list_and_a_live_sheet_with_the_same_points(workspace):
    facts = store.refresh(workspace)
    profile = Profile(
        meta=Meta(as_of=facts.as_of),
        statement=Statement(text="A logistics company."),
        criteria=Segment((Condition("industry", "is_any_of", ("Logistics",)),)),
    )

    found = printable(workspace, facts, profile)

    assert found.table["fit_points"].tolist() == sorted(found.scored["fit_points"], reverse=True)
    assert len(found.live.names) == len(found.table)
    assert len(found.live.answers) == len(found.live.labels) == len(found.card.used)


def test_the_live_sheet_leaves_customers_and_repeats_out():
    card = fit_card()
    frame = pd.DataFrame(
        {
            "account_name": ["New One", "Old 1", "New One"],
            "domain": ["new.example", "old.example", "new.example"],
            "industry": ["Logistics"] * 3,
        }
    )
    customers = pd.DataFrame({"customer_name": ["Old 1 Ltd"], "domain": ["old.example"]})

    live = live_scores(card, prepare(frame, card, customers=customers), ["a", "b", "c"])

    assert live.names == ["a"]
    assert "2 rows are customers already or repeat another" in live.note
