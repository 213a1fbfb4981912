"""The Data page when the workspace does not open, and when a customer asks to be forgotten."""

import pytest

from icp_core.facts import store
from icp_core.gather import load
from icp_core.workspace import Workspace, workspace_path

CUSTOMERS = b"""Account ID,Company name,Industry,Employees
A1,Northwind Cleaning GmbH,Facilities,120
A2,Lakeside Logistics Ltd,Logistics,45
"""


@pytest.fixture
def path(home):
    path = workspace_path("My workspace", home)
    upload = home / "customers.csv"
    upload.write_bytes(CUSTOMERS)
    with Workspace.open(path) as workspace:
        load.import_preview(workspace, load.preview(workspace, upload, "customers.csv"))
        store.refresh(workspace)
        workspace.back_up()
    return path


def words(app):
    return " ".join(e.value for kind in ("markdown", "caption", "error") for e in getattr(app, kind))


def damage(path):
    content = bytearray(path.read_bytes())
    content[100:9000] = b"\x00" * 8900
    path.write_bytes(content)


def test_a_damaged_workspace_is_put_right_from_the_page(app, open_page, path):
    damage(path)

    page = open_page(app, "data")
    assert not page.exception
    assert "damaged" in words(page)
    page.button(key="data.rescue").click().run()

    assert not page.exception
    assert "2 customers" in words(page)
    assert len(list(path.with_suffix(".backups").glob("*.damaged"))) == 1


def test_one_may_start_anew_and_the_damaged_file_is_kept(app, open_page, path):
    damage(path)
    broken = path.read_bytes()

    page = open_page(app, "data")
    page.button(key="data.start_anew").click().run()

    assert not page.exception
    assert page.button(key="data.sample_b2b")
    assert broken in [p.read_bytes() for p in path.with_suffix(".backups").iterdir()]


def test_other_pages_say_where_to_repair(app, open_page, path):
    damage(path)

    page = open_page(app, "segments")

    assert not page.exception
    assert "restore it from the Data page" in words(page)


def test_a_customer_is_erased_only_after_the_name_was_typed(app, open_page, path):
    page = open_page(app, "data")
    page.text_input(key="data.erase_search").set_value("northwind").run()
    page.selectbox(key="data.erase_who").select_index(0).run()
    assert page.button(key="data.erase").disabled

    page.text_input(key="data.erase_name").set_value("Northwind Cleaning GmbH").run()
    page.text_input(key="data.erase_author").set_value("Mia").run()
    page.button(key="data.erase").click().run()

    assert not page.exception
    assert "by Mia: 1 row" in words(page)
    assert b"Northwind" not in b"".join(p.read_bytes() for p in path.parent.rglob("*.duckdb"))
