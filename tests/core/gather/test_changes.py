"""A newer export says which rows it adds, changes and lacks before anything is done."""

from __future__ import annotations

from icp_core.gather import load
from icp_core.gather.changes import changed_rows
from icp_core.workspace import Workspace

OLD = "Record ID,Company name,Industry,Lifecycle Stage\n" + "".join(
    f"{i},Firm {i} Ltd,Retail,Customer\n" for i in range(1, 9)
)
NEW = (
    OLD.replace("2,Firm 2 Ltd,Retail", "2,Firm 2 Ltd,Banking")
    .replace("3,Firm 3 Ltd,Retail,Customer\n", "")
    .replace("4,Firm 4 Ltd,Retail", "4,Firm 4 Ltd,")
    + "77,Newcomer AG,Retail,Lead\n"
)


def test_the_rows_that_differ_are_shown_with_what_changes(tmp_path):
    with Workspace.in_memory() as workspace:
        for name, text in (("old.csv", OLD), ("new.csv", NEW)):
            (tmp_path / name).write_text(text)
        load.import_preview(workspace, load.preview(workspace, tmp_path / "old.csv", "old.csv"))
        (table,) = load.preview(workspace, tmp_path / "new.csv", "new.csv").tables

        c = table.changes
        assert (c.added, c.changed, c.unchanged, c.vanished) == (1, 2, 5, 1)
        shown = changed_rows(workspace.cursor(), c.previous_import, table.recognition, table.typed)

    assert shown.to_numpy().tolist() == [
        ["New", "Newcomer AG", ""],
        ["Changed", "Firm 2 Ltd", "Industry: Retail → Banking"],
        ["Changed", "Firm 4 Ltd", "Industry: Retail → blank"],
        ["Not in it any more", "Firm 3 Ltd", ""],
    ]


def test_whole_numbers_that_change_are_shown_without_a_point(tmp_path):
    with Workspace.in_memory() as workspace:
        for name, staff in (("old.csv", 70), ("new.csv", 79)):
            (tmp_path / name).write_text(
                f"Account ID,Company name,Employees\nA1,Firm 1.0,{staff}\nA2,Firm 2,5.5\n"
            )
        load.import_preview(workspace, load.preview(workspace, tmp_path / "old.csv", "old.csv"))
        (table,) = load.preview(workspace, tmp_path / "new.csv", "new.csv").tables
        previous = table.changes.previous_import
        shown = changed_rows(workspace.cursor(), previous, table.recognition, table.typed)
    assert shown.to_numpy().tolist() == [["Changed", "Firm 1.0", "Employees: 70 → 79"]]


def test_no_more_than_asked_for_is_listed(tmp_path):
    with Workspace.in_memory() as workspace:
        (tmp_path / "old.csv").write_text(OLD)
        (tmp_path / "new.csv").write_text(OLD.replace("Retail", "Banking"))
        load.import_preview(workspace, load.preview(workspace, tmp_path / "old.csv", "old.csv"))
        (table,) = load.preview(workspace, tmp_path / "new.csv", "new.csv").tables
        previous = table.changes.previous_import
        shown = changed_rows(workspace.cursor(), previous, table.recognition, table.typed, most=3)
    assert len(shown) == 3
