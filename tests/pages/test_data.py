"""The Data page: drop a file, see what it is, correct it, load it, take it back."""

import pytest

from icp_core.facts.store import load_facts
from icp_core.workspace import Workspace, workspace_path

CUSTOMERS = b"""Account ID,Company name,Industry,Employees,Country,Lifetime value
A1,Northwind Cleaning GmbH,Facilities,120,Germany,500
A2,Lakeside Logistics Ltd,Logistics,45,United Kingdom,100
A3,Copperfield Foods,Food,9,Ireland,50
"""
EVIL = b"""Account ID,Company name,Industry,Employees
A1,![x](http://127.0.0.1:9/x.png),<script>alert(1)</script>,120
A2,[click](javascript:alert(1)),**bold**,45
"""


def messages(app):
    return " ".join(
        e.value for kind in ("markdown", "caption", "info", "warning", "error") for e in getattr(app, kind)
    )


def drop(app, name, content, mime="text/csv"):
    app.file_uploader[0].set_value((name, content, mime))
    return app.run()


def press(app, key):
    return app.button(key=key).click().run()


def kept(home):
    with Workspace.open(workspace_path("My workspace", home)) as workspace:
        return load_facts(workspace)


@pytest.fixture
def page(app, open_page):
    return open_page(app, "data")


def test_an_empty_workspace_offers_files_and_sample_data(page):
    assert not page.exception
    assert page.title[0].value == "Data"
    assert [b.key for b in page.button if b.key and b.key.startswith("data.sample_")] == [
        "data.sample_b2b",
        "data.sample_b2c",
    ]


def test_a_dropped_file_is_understood_before_anything_is_loaded(page):
    drop(page, "customers.csv", CUSTOMERS)

    assert not page.exception
    assert "customers" in messages(page) and "3 rows" in messages(page)
    assert "Rows read" not in messages(page)


def test_loading_a_file_shows_customers_and_a_reconciliation_that_adds_up(page):
    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.load")

    assert not page.exception
    assert "3 customers" in messages(page)
    assert "Rows read **3** = counted **3**" in messages(page)


def test_undoing_the_only_import_brings_the_empty_page_back(page):
    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.load")
    press(page, "data.undo_1")

    assert not page.exception
    assert "3 customers" not in messages(page)
    assert page.button(key="data.sample_b2b")


def test_putting_a_file_aside_loads_nothing(page):
    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.discard")

    assert not page.exception
    assert not [b for b in page.button if b.key == "data.load"]


def test_the_user_says_what_a_table_is(page):
    drop(page, "customers.csv", CUSTOMERS)
    box = next(b for b in page.selectbox if b.key.startswith("data.kind_"))
    box.select("prospects").run()

    assert not page.exception
    assert "possible customers" in messages(page) or "prospects" in messages(page)


def test_a_file_that_cannot_be_read_is_a_message_and_the_page_goes_on(page):
    drop(page, "broken.xlsx", b"PK\x03\x04 nothing", "application/octet-stream")

    assert not page.exception
    assert "cannot be read" in messages(page)


def test_uploaded_text_is_never_markup(page):
    drop(page, "customers.csv", EVIL)
    press(page, "data.load")

    assert not page.exception
    shown = messages(page)
    for payload in ("![x](http", "[click](javascript", "<script>"):
        assert payload not in shown


def test_the_day_of_measurement_can_be_changed(page, home):
    import datetime

    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.load")
    page.date_input(key="data.as_of").set_value(datetime.date(2026, 6, 30)).run()

    assert not page.exception
    assert "as of 30 Jun 2026" in messages(page)


def test_a_file_of_the_same_content_is_said_to_change_nothing(page):
    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.load")
    drop(page, "again.csv", CUSTOMERS)

    assert not page.exception
    assert "nothing changes" in messages(page)
