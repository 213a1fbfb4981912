"""Whether the data can be trusted: what looks odd is counted, and a gap is told only where it costs something."""

from datetime import date

import pytest

from icp_core.facts import store
from icp_core.gather import health, load
from icp_core.workspace import Workspace

WITH_TENURE = "customerID,tenure,MonthlyCharges,Churn,gender\n" + "".join(
    f"C{i},{i % 40 + 1},{20 + i},{'Yes' if i % 4 == 0 else 'No'},{'Female' if i % 2 else 'Male'}\n"
    for i in range(60)
)
PLAIN = "Account ID,Company name,Web site\n" + "".join(f"A{i},Firm {i},firm{i}.example\n" for i in range(40))
ODD = """Account ID,Company name,Industry,Customer since,ARR,Currency
A1,Northwind Cleaning,Facilities,2024-01-10,1200,EUR
A2,Harbour Bakery,Food,2031-01-01,900,EUR
A3,Lakeside Logistics,Logistics,2023-05-01,-50,USD
A4,Copperfield Foods,,2022-05-01,700,EUR
"""


@pytest.fixture
def health_of(tmp_path):
    def loaded(text):
        path = tmp_path / "customers.csv"
        path.write_text(text, encoding="utf-8")
        workspace = Workspace.in_memory()
        load.import_preview(workspace, load.preview(workspace, path, path.name))
        return health.health(workspace, date(2026, 1, 1)), [gap.text for gap in health.gaps(workspace)]

    return loaded


def test_how_long_they_stay_is_no_gap_where_the_file_gives_it(health_of):
    _, gaps = health_of(WITH_TENURE)
    assert gaps == []


def test_every_gap_says_what_it_costs(health_of):
    _, gaps = health_of(PLAIN)
    assert [gap.split(":")[1].strip() for gap in gaps] == [
        "no churn date or status",
        "no start date",
        "no traits of the customers",
    ]


def test_what_looks_odd_is_counted_in_words(health_of):
    found, _ = health_of(ODD)
    odd = found.set_index("field")["suspicious"]
    assert odd["Customer since"] == "1 row after the day of the data"
    assert odd["ARR"] == "1 negative row"
    assert odd["Currency"] == "2 currencies; amounts are converted"
    assert found.set_index("field").loc["Industry", "filled"] == 0.75


def test_different_values_are_counted_not_estimated(health_of):
    text = "Account ID,Company name,Employees\n" + "".join(f"A{i},Firm {i},{i % 41}\n" for i in range(300))
    found, _ = health_of(text)
    assert found.set_index("field")["distinct"].to_dict() == {
        "Customer id": 300,
        "Customer name": 300,
        "Employees": 41,
    }


def test_tables_loaded_before_a_field_was_known_still_open(tmp_path):
    """A newer version of the app knows more fields than the tables of an older workspace have."""
    path = tmp_path / "customers.csv"
    path.write_text(ODD, encoding="utf-8")
    workspace = Workspace.in_memory()
    load.import_preview(workspace, load.preview(workspace, path, path.name))
    with workspace.transaction() as con:
        con.execute("ALTER TABLE typed_1 DROP COLUMN contract_type")
    found = health.health(workspace, date(2026, 1, 1))

    assert "Industry" in set(found["field"])
    assert len(store.refresh(workspace)) == 4
