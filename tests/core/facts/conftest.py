"""Small workspaces typed in the test: each table is a list of dicts; what is not said is blank."""

from datetime import date, datetime

import duckdb
import pytest

from icp_core.facts import engine
from icp_core.facts.options import FactOptions
from icp_core.facts.tables import columns_of
from icp_core.gather import load
from icp_core.workspace import Workspace

DUCK = {
    "float64": "DOUBLE",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "array<string>": "VARCHAR[]",
    "int64": "BIGINT",
}


@pytest.fixture
def con():
    """A locked-down connection, as a workspace gives it."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection


def put(con, kind, rows, extra=()):
    """Make the table of a kind from dicts; every vocabulary column exists. Returns the table's name."""
    columns = columns_of(kind) | {name: "string" for name in extra}
    typed = ", ".join(f"{quote(name)} {DUCK.get(kind_of, 'VARCHAR')}" for name, kind_of in columns.items())
    con.execute(f"CREATE OR REPLACE TABLE {kind} ({typed})")
    for number, row in enumerate(rows, 1):
        filled = {"import_id": 1, "_row": number} | row
        names = ", ".join(quote(c) for c in filled)
        marks = ", ".join(f"${i}" for i in range(1, len(filled) + 1))
        con.execute(f"INSERT INTO {kind} ({names}) VALUES ({marks})", list(filled.values()))
    return kind


def quote(name):
    return '"' + name.replace('"', '""') + '"'


@pytest.fixture
def measure(con):
    """``measure(orders=[…], customers=[…], as_of=…)`` → (facts by customer_id, Measured)."""

    def run(as_of=date(2026, 1, 1), options=None, **tables):
        names = {kind: put(con, kind, rows) for kind, rows in tables.items()}
        measured = engine.run(con, names, as_of, options or FactOptions(), accounts_into="everyone")
        frame = con.execute("SELECT * FROM facts").df().set_index("customer_id")
        return frame, measured

    return run


@pytest.fixture
def loaded(tmp_path):
    """A function that loads files by name and text, in that order, and gives the workspace."""
    with Workspace.open(tmp_path / "w.duckdb", clock=lambda: datetime(2026, 1, 1)) as workspace:

        def load_all(**files):
            for name, text in files.items():
                path = tmp_path / f"{name}.csv"
                path.write_text(text, encoding="utf-8")
                load.import_preview(workspace, load.preview(workspace, path, path.name))
            return workspace

        yield load_all
