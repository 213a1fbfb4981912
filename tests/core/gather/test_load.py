"""Importing loses nothing, can be undone, and the same file twice changes nothing."""

from datetime import datetime

import pytest

from icp_core.errors import ImportRefusedError
from icp_core.facts import store
from icp_core.gather import correct, load, reconcile
from icp_core.gather.recognise import recognise
from icp_core.voice.collect import interviews
from icp_core.workspace import Workspace
from tests.core.gather.files import workbook_bytes, zip_bytes

CUSTOMERS = """Account ID,Company name,Domain,Industry,Employees,Country
A1,Northwind Cleaning GmbH,northwind.example,Facilities,120,Germany
A2,Lakeside Logistics Ltd,lakeside.example,Logistics,45,United Kingdom
A3,Copperfield Foods,copperfield.example,Food,9,Ireland
A2,Lakeside Logistics Ltd,lakeside.example,Logistics,50,United Kingdom
A4,Testa Company,testa.example,Food,1,Ireland
"""
NEWER = """Account ID,Company name,Domain,Industry,Employees,Country
A1,Northwind Cleaning GmbH,northwind.example,Facilities,140,Germany
A2,Lakeside Logistics Ltd,lakeside.example,Logistics,50,United Kingdom
A5,Harbour Bakery,harbour.example,Food,15,Ireland
"""
ORDERS = """Order ID,Account ID,Order date,Amount,Currency
O1,A1,2025-01-10,100.00,EUR
O2,A1,2025-03-10,250.50,EUR
O3,A2,2025-02-01,80.00,EUR
O3,A2,2025-02-01,80.00,EUR
O4,A3,2025-02-30,40.00,EUR
"""


@pytest.fixture
def workspace(tmp_path):
    ticks = iter(range(100_000))
    with Workspace.open(
        tmp_path / "w.duckdb", clock=lambda: datetime(2026, 1, 1, 0, 0, 0, next(ticks))
    ) as opened:
        yield opened


def bring(workspace, tmp_path, name, text, **how):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    preview = load.preview(workspace, path, name)
    return preview, load.import_preview(workspace, preview, **how)


def customer_ids(workspace):
    facts = store.refresh(workspace)
    return sorted(facts.frame["customer_id"])


def state_of(workspace):
    """Everything an import may touch, as values to compare."""
    con = workspace.cursor()
    tables = ("imports", "row_status", "problems", "accounts", "links", "match_proposals", "utterances")
    return {t: sorted(map(repr, con.execute(f"SELECT * FROM {t}").fetchall())) for t in tables} | {
        "tables": sorted(
            n for (n,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
        )
    }


def test_every_row_read_is_accounted_for(workspace, tmp_path):
    bring(workspace, tmp_path, "customers.csv", CUSTOMERS)
    bring(workspace, tmp_path, "orders.csv", ORDERS)

    frame = reconcile.reconciliation(workspace)

    parts = ["rejected", "dropped", "duplicate", "superseded", "merged", "counted"]
    assert (frame["read"] == frame[parts].sum(axis=1)).all()
    assert frame["read"].tolist() == [5, 5]
    total = reconcile.with_total(frame).iloc[-1]
    assert (total["file"], total["read"], total["counted"]) == ("All files", 10, frame["counted"].sum())


def test_a_repeated_key_counts_once_and_the_later_row_wins(workspace, tmp_path):
    bring(workspace, tmp_path, "customers.csv", CUSTOMERS)

    facts = store.refresh(workspace)

    lakeside = facts.frame.set_index("customer_name").loc["Lakeside Logistics Ltd"]
    assert lakeside["employees"] == 50
    aside = reconcile.rows_set_aside(workspace, 1)
    assert aside[["row", "status"]].values.tolist() == [[3, "duplicate"]]


def test_lines_of_an_order_are_no_duplicates(workspace, tmp_path):
    _, [report] = bring(workspace, tmp_path, "orders.csv", ORDERS)

    assert report.duplicate == 0


def test_an_impossible_date_is_a_problem_and_the_row_is_kept(workspace, tmp_path):
    bring(workspace, tmp_path, "orders.csv", ORDERS)

    problems = reconcile.problems(workspace)

    bad = problems[problems["value"] == "2025-02-30"]
    assert bad["row"].tolist() == [6]
    assert bad["column"].tolist() == ["Order date"]
    assert reconcile.reconciliation(workspace)["counted"].tolist() == [5]


def test_the_same_file_twice_changes_nothing(workspace, tmp_path):
    bring(workspace, tmp_path, "customers.csv", CUSTOMERS)
    before = state_of(workspace)

    preview, reports = bring(workspace, tmp_path, "customers.csv", CUSTOMERS)

    assert preview.tables[0].mode == "same"
    assert reports == []
    assert state_of(workspace) == before


def test_a_newer_export_says_what_it_would_change_before_it_does(workspace, tmp_path):
    bring(workspace, tmp_path, "customers.csv", CUSTOMERS)

    path = tmp_path / "customers (1).csv"
    path.write_text(NEWER, encoding="utf-8")
    changes = load.preview(workspace, path, path.name).tables[0].changes

    assert (changes.added, changes.changed, changes.vanished) == (1, 2, 2)
    assert len(load.imports(workspace)) == 1


def test_a_newer_export_renews_rows_and_keeps_the_vanished(workspace, tmp_path):
    bring(workspace, tmp_path, "customers.csv", CUSTOMERS)
    bring(workspace, tmp_path, "newer.csv", NEWER)

    frame = store.refresh(workspace).frame.set_index("customer_id")

    assert sorted(frame.index) == ["A1", "A2", "A3", "A4", "A5"]
    assert frame.loc["A1", "employees"] == 140


def test_replacing_lets_the_older_export_no_longer_count(workspace, tmp_path):
    bring(workspace, tmp_path, "customers.csv", CUSTOMERS)
    bring(workspace, tmp_path, "newer.csv", NEWER, modes={0: "replace"})

    assert customer_ids(workspace) == ["A1", "A2", "A5"]


def test_undo_restores_the_exact_state_before(workspace, tmp_path):
    bring(workspace, tmp_path, "customers.csv", CUSTOMERS)
    before = state_of(workspace)
    _, [report] = bring(workspace, tmp_path, "newer.csv", NEWER)
    assert state_of(workspace) != before

    load.undo_import(workspace, report.import_id)

    assert state_of(workspace) == before


def test_undoing_twice_is_refused_with_a_clear_message(workspace, tmp_path):
    _, [report] = bring(workspace, tmp_path, "customers.csv", CUSTOMERS)
    load.undo_import(workspace, report.import_id)

    with pytest.raises(ImportRefusedError, match="already undone"):
        load.undo_import(workspace, report.import_id)


def test_ids_of_undone_imports_are_never_used_again(workspace, tmp_path):
    _, [first] = bring(workspace, tmp_path, "customers.csv", CUSTOMERS)
    load.undo_import(workspace, first.import_id)

    _, [second] = bring(workspace, tmp_path, "customers.csv", CUSTOMERS)

    assert second.import_id == first.import_id + 1


def test_a_corrected_column_takes_effect_without_a_new_upload_and_is_remembered(workspace, tmp_path):
    _, [report] = bring(workspace, tmp_path, "customers.csv", CUSTOMERS)

    correct.correct_import(workspace, report.import_id, {"columns": {"Industry": {"include": False}}})

    assert "industry" not in store.refresh(workspace).catalogue
    path = tmp_path / "later.csv"
    path.write_text(NEWER, encoding="utf-8")
    later = load.preview(workspace, path, path.name).tables[0].recognition
    assert not next(c for c in later.columns if c.name == "Industry").include


def test_a_correction_shows_what_it_would_change_before_it_is_made(workspace, tmp_path):
    _, [report] = bring(workspace, tmp_path, "customers.csv", CUSTOMERS)
    before = state_of(workspace)

    found = correct.effect(
        workspace,
        report.import_id,
        {"columns": {"Employees": {"field": None, "type": "category"}, "Country": {"include": False}}},
    )

    assert found.columns["column"].tolist() == ["Employees", "Country"]
    assert found.columns["before"].tolist() == ["Employees", "Country"]
    assert found.columns["after"].tolist() == ["attribute (category)", "not used"]
    assert found.columns["cells"].tolist()[1] == 5
    assert (found.rows_before, found.rows_after) == (5, 5)
    assert state_of(workspace) == before


def test_a_correction_taken_back_restores_the_exact_state_and_what_was_remembered(workspace, tmp_path):
    _, [first] = bring(workspace, tmp_path, "customers.csv", CUSTOMERS)
    bring(workspace, tmp_path, "newer.csv", NEWER)
    correct.correct_import(workspace, first.import_id, {"columns": {"Country": {"include": False}}})
    once, known = state_of(workspace), load.remembered(workspace, shape_of_first(workspace))
    assert known == {"columns": {"Country": {"include": False}}}

    correct.correct_import(workspace, first.import_id, {"columns": {"Account ID": {"field": None}}})
    assert correct.corrections_made(workspace, first.import_id) == 2
    assert state_of(workspace) != once
    correct.undo_correction(workspace, first.import_id)

    assert state_of(workspace) == once
    assert load.remembered(workspace, shape_of_first(workspace)) == known
    correct.undo_correction(workspace, first.import_id)
    assert load.remembered(workspace, shape_of_first(workspace)) is None
    with pytest.raises(ImportRefusedError, match="left to take back"):
        correct.undo_correction(workspace, first.import_id)


def shape_of_first(workspace):
    return workspace.cursor().execute("SELECT shape FROM imports ORDER BY import_id").fetchone()[0]


def test_a_corrected_older_export_stays_behind_the_newer_one(workspace, tmp_path):
    _, [first] = bring(workspace, tmp_path, "customers.csv", CUSTOMERS)
    bring(workspace, tmp_path, "newer.csv", NEWER)

    correct.correct_import(workspace, first.import_id, {"columns": {"Country": {"include": False}}})

    frame = store.refresh(workspace).frame.set_index("customer_id")
    assert sorted(frame.index) == ["A1", "A2", "A3", "A4", "A5"]
    assert frame.loc["A1", "employees"] == 140
    table = reconcile.reconciliation(workspace)
    assert table["import_id"].tolist() == [1, 2] and table["superseded"].tolist() == [2, 0]


def test_undoing_the_middle_of_three_exports_counts_no_row_twice(workspace, tmp_path):
    bring(workspace, tmp_path, "customers.csv", CUSTOMERS)
    _, [middle] = bring(workspace, tmp_path, "newer.csv", NEWER)
    bring(workspace, tmp_path, "newest.csv", NEWER.replace("140", "150"))

    load.undo_import(workspace, middle.import_id)

    table = reconcile.reconciliation(workspace)
    assert table["superseded"].tolist() == [2, 0]
    assert store.refresh(workspace).frame.set_index("customer_id").loc["A1", "employees"] == 150


def test_a_table_of_another_kind_looks_for_the_fields_of_that_kind(workspace, tmp_path):
    _, [report] = bring(workspace, tmp_path, "customers.csv", CUSTOMERS)

    correct.correct_import(workspace, report.import_id, {"kind": "prospects"})

    assert load.imports(workspace)["kind"].tolist() == ["prospects"]
    found = correct.looked_at(workspace, report.import_id).recognition
    assert found.column_of("employees").name == "Employees"
    correct.undo_correction(workspace, report.import_id)
    assert load.imports(workspace)["kind"].tolist() == ["customers"]


def test_remarks_of_the_reading_outlive_a_correction(workspace, tmp_path):
    _, [report] = bring(
        workspace, tmp_path, "orders.csv", ORDERS + "O5,A1,2025-04-01,7.00,EUR,one cell too many\n"
    )
    before = reconcile.problems(workspace)
    assert len(before) >= 2

    correct.correct_import(
        workspace, report.import_id, {"columns": {"Order date": {"type": "text", "field": None}}}
    )

    left = reconcile.problems(workspace)
    assert not left["column"].eq("Order date").any() and len(left) == len(before) - 1


def test_a_file_that_cannot_be_read_changes_nothing(workspace, tmp_path):
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04 this is no workbook")
    preview = load.preview(workspace, path, path.name)

    with pytest.raises(ImportRefusedError, match="broken.xlsx"):
        load.import_preview(workspace, preview)

    assert load.imports(workspace).empty


def test_an_upload_is_kept_under_its_hash_whatever_its_name(workspace, tmp_path):
    source = tmp_path / "evil"
    source.write_bytes(b"a,b\n1,2\n")
    with source.open("rb") as content:
        path = load.receive(workspace, "../../etc/passwd.csv", content)

    assert path.parent == workspace.inbox
    assert path.name.endswith(".csv")
    assert [p.name for p in workspace.inbox.iterdir()] == [path.name]


def test_amounts_of_two_currencies_are_converted_and_never_added_up_mixed(workspace, tmp_path):
    text = ORDERS.replace("O2,A1,2025-03-10,250.50,EUR", "O2,A1,2025-03-10,250.50,GBP")
    bring(workspace, tmp_path, "orders.csv", text)
    workspace.decide("rate", "GBP>EUR", 2.0)

    facts = store.refresh(workspace)

    assert facts.currency == "EUR"
    assert facts.frame.set_index("customer_id").loc["A1", "revenue"] == pytest.approx(100 + 2 * 250.5)
    assert any("1 GBP = 2 EUR" in warning for warning in facts.warnings)


def test_a_currency_without_a_rate_is_left_out_and_said(workspace, tmp_path):
    text = ORDERS.replace("O2,A1,2025-03-10,250.50,EUR", "O2,A1,2025-03-10,250.50,XOF")
    bring(workspace, tmp_path, "orders.csv", text)

    facts = store.refresh(workspace)

    assert facts.frame.set_index("customer_id").loc["A1", "revenue"] == pytest.approx(100)
    assert any("no rate from XOF to EUR" in warning for warning in facts.warnings)


def test_a_value_that_looks_like_sql_is_only_a_value(workspace, tmp_path):
    name = "Robert'); DROP TABLE imports;--"
    header = 'Account ID,Company name,Industry,Employees,"Attr ""x""; DROP TABLE links"'
    text = f'{header}\nA1,"{name}",Food,10,yes\nA2,Other,Food,20,no\n'
    bring(workspace, tmp_path, "customers.csv", text)

    facts = store.refresh(workspace)

    assert name in set(facts.frame["customer_name"])
    assert len(load.imports(workspace)) == 1


def preview_of(workspace, tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return load.preview(workspace, path, name)


def test_an_older_and_a_newer_export_dropped_together_count_no_row_twice(workspace, tmp_path):
    batch = [
        load.Chosen(preview_of(workspace, tmp_path, "customers.csv", CUSTOMERS)),
        load.Chosen(preview_of(workspace, tmp_path, "customers (1).csv", NEWER)),
    ]

    reports = load.import_batch(workspace, batch)

    assert [r.mode for r in reports] == ["new", "update"]
    assert customer_ids(workspace) == ["A1", "A2", "A3", "A4", "A5"]


def test_a_batch_gives_the_same_customers_as_one_file_after_the_other(workspace, tmp_path):
    texts = {"customers.csv": CUSTOMERS, "orders.csv": ORDERS}
    load.import_batch(
        workspace, [load.Chosen(preview_of(workspace, tmp_path, n, t)) for n, t in texts.items()]
    )

    with Workspace.open(tmp_path / "other.duckdb") as other:
        for name, text in texts.items():
            bring(other, tmp_path, name, text)
        links = "SELECT import_id, row, customer_id, reason FROM links ORDER BY ALL"
        assert workspace.cursor().execute(links).fetchall() == other.cursor().execute(links).fetchall()


def test_a_deal_joins_its_account_by_name_wherever_the_deal_is_done(workspace, tmp_path):
    accounts = "Account ID,Company name,Industry,Country\nA1,Northwind GmbH,Retail,Germany\nA2,Lakeside Ltd,Food,Ireland\n"
    deals = "Deal name,Company name,Stage,Amount,Close date,Country\nD1,Northwind GmbH,Closed Won,10,2025-01-02,Austria\n"

    bring(workspace, tmp_path, "accounts.csv", accounts)
    bring(workspace, tmp_path, "deals.csv", deals)

    assert customer_ids(workspace) == ["A1"]


def test_two_windows_that_load_the_same_file_at_once_count_it_once(workspace, tmp_path):
    first = preview_of(workspace, tmp_path, "customers.csv", CUSTOMERS)
    second = preview_of(workspace, tmp_path, "customers.csv", CUSTOMERS)
    newer = preview_of(workspace, tmp_path, "newer.csv", NEWER)

    load.import_preview(workspace, first)

    assert load.import_preview(workspace, second, modes={0: "append"}) == []
    [report] = load.import_preview(workspace, newer)
    assert report.mode == "update"
    assert len(customer_ids(workspace)) == 5


VALUES = {
    "yes/no": ["Yes", "No"],
    "text": ["gold plan", "silver"],
    "number": ["3.5", "7"],
    "date": ["2025-01-02", "2025-03-04"],
    "several": ["a;b", "b;c"],
}


@pytest.mark.parametrize(("first", "second"), [(a, b) for a in VALUES for b in VALUES if a != b])
def test_a_column_of_two_files_in_different_types_stays_with_every_value_in_words(
    workspace, tmp_path, first, second
):
    for name, kind in (("a", first), ("b", second)):
        rows = [f"{name}{i},{name} Works {i},Germany,{VALUES[kind][i % 2]},{i}" for i in range(8)]
        text = "\n".join([f"Account ID,Company name,Country,Zorb,Own {name}", *rows]) + "\n"
        bring(workspace, tmp_path, f"{name}.csv", text, modes={0: "append"})

    facts = store.refresh(workspace)

    assert len(facts) == 16
    assert facts.frame["zorb"].notna().all()


def test_a_batch_with_an_unreadable_file_loads_nothing(workspace, tmp_path):
    good = preview_of(workspace, tmp_path, "customers.csv", CUSTOMERS)
    bad = preview_of(workspace, tmp_path, "broken.xlsx", "PK\x03\x04 this is no workbook")

    with pytest.raises(ImportRefusedError, match="broken.xlsx"):
        load.import_batch(workspace, [load.Chosen(good), load.Chosen(bad)])

    assert load.imports(workspace).empty


TRIALS = "".join(
    f"B{i},{name},b{i}.example,Food,{i},Ireland\n"
    for i, name in enumerate(
        [
            "Test Rite Ltd",
            "Contest Foods",
            "TEST Kunde",
            "test account 2",
            *(f"Bakery {n}" for n in range(20)),
        ]
    )
)


def with_trials():
    return "Account ID,Company name,Domain,Industry,Employees,Country\n" + TRIALS


def test_rows_named_like_a_test_are_left_out_with_a_reason_and_the_sums_agree(workspace, tmp_path):
    bring(workspace, tmp_path, "customers.csv", with_trials())

    aside = reconcile.rows_set_aside(workspace, 1)

    assert aside["row"].tolist() == [4, 5]
    assert set(aside["status"]) == {"dropped"} and "test" in aside["reason"][0]
    [line] = reconcile.reconciliation(workspace).to_dict("records")
    assert (line["read"], line["dropped"], line["counted"]) == (24, 2, 22)


def test_the_user_may_keep_rows_that_look_like_tests_and_is_remembered(workspace, tmp_path):
    preview = preview_of(workspace, tmp_path, "customers.csv", with_trials())
    reason = preview.tables[0].typed.dropped_rows[0][1]
    load.remember(workspace, preview.tables[0].recognition.shape, {"keep_rows": [reason]})

    assert preview_of(workspace, tmp_path, "customers.csv", with_trials()).tables[0].typed.dropped_rows == []


def test_a_list_of_tests_is_not_taken_for_test_rows(workspace, tmp_path):
    rows = "".join(f"T{i},Test {i},Lab\n" for i in range(30))

    preview = preview_of(workspace, tmp_path, "labs.csv", "Customer ID,Company,Kind\n" + rows)

    assert preview.tables[0].typed.dropped_rows == []


def test_saying_what_a_table_is_looks_for_the_fields_of_that_kind(workspace, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Name,Website,Closing,Stage,Value\nAnna,a.example,2026-03-04,Won,10\n", encoding="utf-8")

    preview = load.preview(workspace, path, path.name, corrections={"0": {"kind": "deals"}}).tables[0]

    assert preview.recognition.kind == "deals"
    assert {c.field for c in preview.recognition.columns} >= {"deal_name", "stage", "amount"}


def test_people_known_by_first_and_last_name_are_customers_called_by_both(workspace, tmp_path):
    bring(workspace, tmp_path, "members.csv", "Vorname;Nachname;Umsatz\nAnna;Meier;12,50\nBea;Schulz;7,00\n")

    facts = store.refresh(workspace)

    assert sorted(facts.frame["customer_name"]) == ["Anna Meier", "Bea Schulz"]
    assert facts.unit == "person"
    assert facts.frame["revenue"].tolist() == [12.5, 7.0]


SURVEY = """Submitted,How likely are you to recommend us?,Which do you use?,Why do you say so?
2024-03-14,9,Reports,
2024-03-14,9,Reports,
2024-03-15,3,Alerts,Too slow for us
2024-03-16,,,
2024-03-16,,,
"""


def test_equal_answers_of_nameless_people_are_answers_of_different_people(workspace, tmp_path):
    bring(workspace, tmp_path, "survey.csv", SURVEY)

    assert reconcile.reconciliation(workspace)[["read", "duplicate", "counted"]].values.tolist() == [
        [5, 0, 5]
    ]


def test_the_same_answers_saved_again_replace_the_older_file_unless_told_otherwise(workspace, tmp_path):
    bring(workspace, tmp_path, "survey.csv", SURVEY)

    preview, _ = bring(workspace, tmp_path, "survey-2.csv", SURVEY + "2024-03-17,10,Reports,Fast\n")

    assert preview.tables[0].mode == "replace"
    assert reconcile.reconciliation(workspace)["counted"].tolist() == [0, 6]


def test_other_answers_to_the_same_survey_are_added_beside(workspace, tmp_path):
    bring(workspace, tmp_path, "survey.csv", SURVEY)
    later = SURVEY.replace("2024-03", "2024-06")

    preview, _ = bring(workspace, tmp_path, "survey-june.csv", later)

    assert preview.tables[0].mode == "append"
    assert reconcile.reconciliation(workspace)["counted"].tolist() == [5, 5]


def test_each_step_of_reading_and_loading_is_told_and_may_stop_it(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text("Company,City\n" + "".join(f"Firm {i},Bonn\n" for i in range(30)))
    with Workspace.in_memory() as workspace:
        told: list[tuple[float, str]] = []
        chosen = load.Chosen(
            load.preview(workspace, path, path.name, progress=lambda share, what: told.append((share, what)))
        )
        assert [what for _, what in told] == ["Reading firms.csv", "Understanding firms.csv"]

        def stop(share: float, what: str) -> None:
            if what.startswith("Keeping"):
                raise InterruptedError

        with pytest.raises(InterruptedError):
            load.import_batch(workspace, [chosen], progress=stop)
        assert load.imports(workspace).empty  # nothing half done stays

        told.clear()
        load.import_batch(workspace, [chosen], progress=lambda share, what: told.append((share, what)))
        shares = [share for share, _ in told]
        assert shares == sorted(shares) and len(shares) >= 4 and shares[-1] > 0.8
        assert len(load.imports(workspace)) == 1


def test_a_loaded_workbook_keeps_the_currency_of_its_number_format_when_its_kind_is_corrected(
    workspace, tmp_path
):
    def in_dollars(book):
        for row in book.active.iter_rows(min_row=2, min_col=3, max_col=3):
            row[0].number_format = "[$$-409]#,##0.00"

    rows = [["Customer", "Contract date", "Price"], *([f"Firm {n}", "2025-01-31", 90 + n] for n in range(12))]
    path = tmp_path / "prices.xlsx"
    path.write_bytes(workbook_bytes({"S": rows}, prepare=in_dollars))
    preview = load.preview(workspace, path, path.name)
    load.import_preview(workspace, preview)

    table, found, _ = load.stored_table(workspace.cursor(), 1)
    again = recognise(table, kind="orders")

    assert table.units == preview.tables[0].table.units == (None, None, "$")
    assert (
        again.column_of("amount" if again.column_of("amount") else "unit_price").options["currency"] == "USD"
    )


def test_every_interview_of_an_archive_is_loaded_once_and_called_by_its_own_name(workspace, tmp_path):
    call = (
        "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann>{}\n\n00:05.000 --> 00:09.000\n<v Bo>We wait for hours.\n"
    )
    path = tmp_path / "calls.zip"
    path.write_bytes(zip_bytes({"one.vtt": call.format("What now?"), "two.vtt": call.format("And then?")}))

    file = load.preview(workspace, path, path.name)
    reports = load.import_preview(workspace, file)
    again = load.import_preview(workspace, load.preview(workspace, path, path.name))

    assert [(r.file_name, r.sheet, r.read) for r in reports] == [
        ("calls.zip", "one.vtt", 2),
        ("calls.zip", "two.vtt", 2),
    ]
    assert again == [] and all(load.is_loaded(workspace, file, t) for t in file.transcripts)
    assert [i.transcript.file_name for i in interviews(workspace)] == [
        "calls.zip · one.vtt",
        "calls.zip · two.vtt",
    ]


def test_calls_of_two_tables_in_an_archive_are_kept_apart_though_they_are_numbered_alike(workspace, tmp_path):
    table = "Call ID,Speaker,Text\n" + "".join(
        f"{call},{who},{said}\n"
        for call in (1, 2)
        for who, said in (
            ("Ann", "What now?"),
            ("Bo", "We wait for TIME."),
            ("Ann", "Why?"),
            ("Bo", "Nobody knows."),
        )
    )
    path = tmp_path / "calls.zip"
    path.write_bytes(
        zip_bytes({"may.csv": table.replace("TIME", "hours"), "june.csv": table.replace("TIME", "days")})
    )

    reports = load.import_preview(workspace, load.preview(workspace, path, path.name))

    names = [interview.transcript.file_name for interview in interviews(workspace)]
    assert len(reports) == len(set(names)) == 4
    assert all(name.startswith(("calls.zip · may.csv · ", "calls.zip · june.csv · ")) for name in names)
