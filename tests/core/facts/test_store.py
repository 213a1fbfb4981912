"""Facts of a workspace: kept, read back the same, described for people."""

from datetime import date, datetime

import pandas as pd
import pytest

from icp_core.facts import store
from icp_core.gather import load
from icp_core.workspace import Workspace

CUSTOMERS = """Account ID,Company name,Industry,Employees,Website,Uses,Sites,Health score
A1,Northwind Cleaning GmbH,Facilities,120,northwind.example,Slack; Excel,4,90
A2,Lakeside Logistics Ltd,Logistics,45,lakeside.example,Excel,1,20
A3,Copperfield Foods,Food,9,copperfield.example,Slack; SAP,2,
"""
ORDERS = """Order ID,Account ID,Order date,Amount
O1,A1,2025-01-10,100.00
O2,A1,2025-03-10,250.50
O3,A2,2025-02-01,80.00
"""


@pytest.fixture
def workspace(tmp_path):
    with Workspace.open(tmp_path / "w.duckdb", clock=lambda: datetime(2026, 1, 1)) as opened:
        for name, text in (("customers.csv", CUSTOMERS), ("orders.csv", ORDERS)):
            path = tmp_path / name
            path.write_text(text, encoding="utf-8")
            load.import_preview(opened, load.preview(opened, path, name))
        yield opened


def test_what_is_read_back_equals_what_was_built(workspace):
    built = store.refresh(workspace)

    read = store.load_facts(workspace)

    pd.testing.assert_frame_equal(read.frame, built.frame)
    assert read.catalogue == built.catalogue
    assert (read.as_of, read.currency, read.unit) == (built.as_of, built.currency, built.unit)
    assert read.fingerprint == built.fingerprint == workspace.facts_fingerprint()


def test_a_saved_segment_is_no_reason_to_read_the_facts_again(workspace):
    before = store.refresh(workspace).fingerprint

    workspace.decide("segments", "Big ones", {"conditions": []})
    assert workspace.facts_fingerprint() == before

    store.refresh(workspace)
    assert workspace.facts_fingerprint() != before


def test_the_day_of_the_data_is_the_last_day_anything_happened(workspace):
    assert store.refresh(workspace).as_of == date(2025, 3, 10)


def test_a_set_day_wins_over_the_data(workspace):
    workspace.set_setting("as_of", "2025-06-30")

    assert store.refresh(workspace).as_of == date(2025, 6, 30)
    assert store.refresh(workspace, as_of=date(2025, 7, 1)).as_of == date(2025, 7, 1)


def test_a_column_of_ones_own_becomes_an_attribute_of_its_kind(workspace):
    catalogue = store.refresh(workspace).catalogue

    sites = next(a for a in catalogue.values() if a.label == "Sites")
    assert (sites.kind, sites.role, sites.known_before) == ("number", "attribute", True)
    assert "customers.csv" in sites.source


def test_the_health_score_set_after_the_sale_is_no_criterion(workspace):
    facts = store.refresh(workspace)

    assert "health_score" not in {a.name for a in facts.criteria()}


def test_the_user_may_say_what_is_known_before_the_sale(workspace):
    workspace.decide("attribute", "industry", {"label": "Branch", "known_before": False})

    about = store.refresh(workspace).catalogue["industry"]

    assert (about.label, about.known_before, about.is_criterion) == ("Branch", False, False)


def test_nothing_loaded_means_no_facts():
    with Workspace.in_memory() as workspace:
        assert store.refresh(workspace) is None
        assert store.load_facts(workspace) is None


def test_facts_vanish_when_the_last_import_is_undone(workspace):
    store.refresh(workspace)
    for import_id in load.imports(workspace)["import_id"]:
        load.undo_import(workspace, int(import_id))

    assert store.refresh(workspace) is None
    assert store.load_facts(workspace) is None


def test_measures_agree_with_the_orders_by_hand(workspace):
    frame = store.refresh(workspace).frame.set_index("customer_id")

    assert frame.loc["A1", "revenue"] == pytest.approx(350.5)
    assert frame.loc["A1", "orders"] == 2
    assert frame.loc["A1", "aov"] == pytest.approx(175.25)
    assert pd.isna(frame.loc["A3", "revenue"])


def test_satisfaction_of_two_scales_is_brought_to_one(workspace, tmp_path):
    files = {
        "survey.csv": "Response ID,Account ID,Satisfaction (1-5),Submitted at\nR1,A1,5,2025-04-01\nR2,A2,1,2025-04-01\n"
        + "".join(f"R{i},A3,{1 + i % 5},2025-04-0{1 + i % 9}\n" for i in range(3, 40)),
        "tickets.csv": "Ticket ID,Account ID,Subject,Created at,Status,Satisfaction rating\n"
        + "".join(
            f"T{i},A1,Help,2025-05-0{1 + i % 9},solved,{'good' if i % 2 else 'bad'}\n" for i in range(20)
        ),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        load.import_preview(workspace, load.preview(workspace, path, name))

    csat = store.refresh(workspace).frame["csat"].dropna()

    assert len(csat) == 3
    assert csat.between(0, 1).all()
