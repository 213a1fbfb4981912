"""Cells that break programs go in, are reckoned with, shown and printed, and break nothing."""

from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from icp_core.export.crm import csv_bytes
from icp_core.export.markdown import markdown
from icp_core.export.pdf import one_pager
from icp_core.export.workbook import workbook
from icp_core.facts import store
from icp_core.gather import load
from icp_core.profile.model import Job, Meta, Profile, Quote, Statement, Trait
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.dashboard import dashboard
from icp_core.workspace import Workspace

HUGE = "wide " * 200_000  # 1 MB
CELLS = {
    "NUL": b"Acme\x00Works",
    "controls": b"Acme\x01\x02\x07\x1b[31mWorks\x7f",
    "half a surrogate": b"Acme\xed\xa0\x80Works",
    "no UTF-8": b"Acme\xff\xfeWorks",
    "right to left": "Acme\u202egnp.skroW\u2066".encode(),
    "stacked marks": ("Acme" + "\u0301" * 300).encode(),
    "beyond the plane": "Acme \U0001f469\u200d\U0001f680 \U000e0041".encode(),
    "no character": "Acme\ufffe\uffffWorks".encode(),
    "typst": rb'#import "/etc/passwd" #read("/etc/passwd") $x$ @ref <label> \u{41}',
    "formula": b"=cmd|' /C calc'!A0",
    "another formula": b"@SUM(1+1)*cmd|' /C calc'!A0",
    "SQL": b'"; DROP TABLE imports; --',
    "template": b"{{7*7}} ${7*7} %s %n",
    "path": b"../../../../etc/passwd",
    "huge": HUGE.encode(),
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A workspace in which every hostile cell is a customer's name, industry and own column."""
    folder = tmp_path_factory.mktemp("hostile")
    head = b"Account ID,Company name,Industry,Country,Lifetime value,Remark " + CELLS["formula"]
    lines = [head]
    for i in range(60):
        cell = list(CELLS.values())[i % len(CELLS)]
        quoted = b'"' + cell.replace(b'"', b'""') + b'"'
        name = quoted if i < len(CELLS) else b"Plain %d" % i
        remark = quoted if i < len(CELLS) and len(cell) < 1000 else b"fine"
        lines.append(
            b"A%d,%s,%s,Germany,%d,%s" % (i, name, quoted if len(cell) < 1000 else b"wide", 100 + i, remark)
        )
    file = folder / "x.csv"
    file.write_bytes(b"\r\n".join(lines) + b"\r\n")
    with Workspace.open(folder / "w.duckdb", clock=lambda: datetime(2026, 1, 1)) as workspace:
        preview = load.preview(workspace, file, "x\u202evsc.csv")
        assert preview.error is None
        reports = load.import_preview(workspace, preview, modes={})
        facts = store.refresh(workspace)
        assert sum(r.read for r in reports) == 60
        yield workspace, facts


def test_every_hostile_row_is_a_customer_and_no_table_fell(loaded):
    workspace, facts = loaded

    assert len(facts) == 60
    assert workspace.cursor().execute("SELECT count(*) FROM imports").fetchall() == [(1,)]
    [table] = [
        n
        for (n,) in workspace.cursor().execute("SELECT table_name FROM duckdb_tables()").fetchall()
        if n == "raw_1"
    ]
    assert workspace.cursor().execute(f"SELECT max(length(c1)) FROM {table}").fetchone() == (len(HUGE),)


def test_a_segment_of_hostile_values_counts_its_customers(loaded):
    _, facts = loaded
    for value in facts.catalogue["industry"].levels:
        found = dashboard(facts, Segment((Condition("industry", "is_any_of", [value]),)))
        assert 0 < found.segment.n <= 8
        assert Segment.from_query(
            Segment((Condition("industry", "is_any_of", [value]),)).to_query()
        ).conditions


def hostile_profile(text):
    return Profile(
        meta=Meta(as_of=date(2026, 1, 1), name=text[:200], company=text[:200]),
        statement=Statement(text=f"A company like {text}"),
        who=[Trait(label=text[:100], text=text)],
        jobs=[Job(text=text)],
        quotes=[Quote(text=text, role=text[:100], source=text[:100])],
    )


@pytest.mark.parametrize("name", CELLS)
def test_every_hostile_cell_is_printed_as_letters(loaded, name):
    _, facts = loaded
    profile = hostile_profile(CELLS[name].decode("utf-8", "replace")[:20_000])

    page = one_pager(profile)
    book = load_workbook(BytesIO(workbook(profile, facts)))

    if name != "stacked marks":  # the reader of the test gives up on 300 marks on one letter
        text = "".join(p.extract_text() for p in PdfReader(BytesIO(page.data)).pages)
        assert "root:" not in text
    assert len(page.data) < 5_000_000
    formulas = [
        c.value
        for s in book.worksheets
        for row in s.iter_rows()
        for c in row
        if c.data_type == "f" and "cmd" in str(c.value)
    ]
    assert formulas == []
    assert markdown(profile)


def test_a_table_for_other_programs_has_no_formula_and_no_control_character(loaded):
    _, facts = loaded

    text = csv_bytes(facts.frame).decode("utf-8-sig")

    assert "\x00" not in text and "\x1b" not in text
    assert "\n=cmd" not in text and ",=cmd" not in text and ',"=cmd' not in text and ",@SUM" not in text
