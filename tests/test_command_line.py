"""The main job without a browser: inspect, build and score, as others rely on them."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from icp_core.build import load_files
from icp_core.facts import store
from icp_core.gather import load
from icp_core.profile import holdout, versions
from icp_core.segments.conditions import Segment
from icp_core.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "sample_data" / "b2b"
FILES = sorted(str(p) for p in SAMPLE.glob("*") if p.suffix in (".csv", ".xlsx", ".vtt"))
KEYS = {
    "schema", "as_of", "unit", "currency", "counts", "churn", "outcome", "measures", "concentration", "candidates",
    "criteria", "statement", "disqualifiers", "ideal_of_ideal", "validation", "voice", "verdict", "warnings",
    "version", "review_on",
}  # fmt: skip


def run(*arguments: str, expect: int = 0) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [sys.executable, "-m", "icp_core", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == expect, done.stderr
    return done


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("build")
    done = run("build", *FILES, "--out", str(out), "--workspace", str(out / "kept.duckdb"))
    (out / "said.txt").write_text(done.stdout, encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def icp(built):
    return json.loads((built / "icp.json").read_text(encoding="utf-8"))


def test_the_readme_shows_what_the_commands_print(built, tmp_path):
    """The verdict, the statement and the line about the lead list, word for word."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    icp = json.loads((built / "icp.json").read_text(encoding="utf-8"))
    leads, out = SAMPLE / "lead-list.csv", tmp_path / "scored.csv"
    told = run("score", "--icp", str(built / "icp.json"), str(leads), "--out", str(out)).stdout

    assert f"\n{icp['verdict']}\n{icp['statement']}\n" in readme
    assert f"\n{told}```" in readme


def test_build_writes_every_output(built):
    assert {p.name for p in built.iterdir()} >= {
        "icp.json", "icp.pdf", "icp.xlsx", "icp.md", "reconciliation.csv",
    }  # fmt: skip


def test_build_finds_the_planted_ideal_customer(icp):
    top = icp["candidates"][0]

    assert icp["criteria"] == top["conditions"]
    conditions = {c["attribute"]: (c["operator"], c["value"]) for c in icp["criteria"]}
    assert conditions["industry"] == ("is_any_of", ["Facilities Services"])
    assert conditions["employees"] == ("between", [50, 200])
    assert any(value == 3 and operator == "at_least" for operator, value in conditions.values())
    assert top["verdict"] == "Solid"
    assert 2.0 < top["effect"] < 3.1


def test_build_says_everything_others_rely_on(icp):
    assert set(icp) >= KEYS
    assert set(icp["measures"]) == {"all", "icp", "rest"}
    assert icp["measures"]["icp"]["n"] + icp["measures"]["rest"]["n"] == icp["counts"]["customers"]
    assert icp["measures"]["icp"]["churn_rate"] < 0.1 < icp["measures"]["rest"]["churn_rate"]
    assert icp["measures"]["icp"]["ltv_interval"][0] < icp["measures"]["icp"]["ltv_median"]
    assert 0 < icp["concentration"]["top1"] < icp["concentration"]["top20"] < 1


def test_a_build_opens_the_customers_set_aside_for_its_rule_and_counts_it(built, icp):
    checked = icp["validation"]

    assert checked["holdout"][1]["label"] == "Customers set aside"
    assert checked["openings"] == 1 and checked["openings_note"] == "Opened for this rule alone."
    said = (built / "said.txt").read_text(encoding="utf-8")
    assert f"Checked: {checked['message']}" in said
    assert f"opened the {checked['holdout'][1]['n']} customers set aside for this rule" in said
    with Workspace.open(built / "kept.duckdb") as workspace:
        rule = Segment.from_dict({"conditions": icp["criteria"]})
        assert holdout.openings(workspace) == 1 and holdout.is_opened(workspace, rule)


def test_a_kept_workspace_opens_in_the_app_with_the_icp_of_the_page(built):
    page = json.loads((built / "icp.json").read_text(encoding="utf-8"))
    with Workspace.open(built / "kept.duckdb") as workspace:
        rule = Segment.from_dict(workspace.decision("icp", "criteria"))
        draft = versions.draft_of(workspace)
        assert versions.is_of(workspace, store.load_facts(workspace).fingerprint)

    assert rule == draft.criteria and rule
    assert draft.statement.text == page["profile"]["statement"]["text"]


def test_noise_and_leaks_are_in_no_candidate(icp):
    named = {c["attribute"] for candidate in icp["candidates"] for c in candidate["conditions"]}

    assert not named & {
        "favourite_conference",
        "logo_colour",
        "office_plant",
        "fiscal_year_end",
        "health_score",
    }


def test_the_planted_anti_segment_is_refused_with_its_price(icp):
    found = [
        d
        for d in icp["disqualifiers"]
        if any(c["attribute"] == "lead_source" and c["value"] == ["Paid Social"] for c in d["conditions"])
    ]

    assert found
    price = found[0]["price"]
    assert price["bad_avoided"] > 5 * max(1, price["good_refused"])


def test_the_page_is_one_page_and_carries_the_sentence(built, icp):
    pdf = PdfReader(built / "icp.pdf")

    assert len(pdf.pages) == 1
    text = " ".join(pdf.pages[0].extract_text().replace("\u200b", "").split())
    assert "Facilities Services" in text
    assert "Draft" in text


def test_the_workbook_opens_and_agrees_with_the_json(built, icp):
    book = load_workbook(built / "icp.xlsx")

    assert {"Evidence", "Customers", "Scorecard"} <= set(book.sheetnames)
    rows = sum(1 for row in book["Customers"].iter_rows(min_row=2, max_col=1, values_only=True) if row[0])
    assert rows >= icp["counts"]["customers"]


def test_the_reconciliation_adds_up(built):
    lines = (built / "reconciliation.csv").read_text(encoding="utf-8-sig").splitlines()
    header = lines[0].split(",")
    for line in lines[1:]:
        row = dict(zip(header, line.split(","), strict=True))
        parts = ("rejected", "dropped", "duplicate", "superseded", "merged", "counted")
        assert int(row["read"]) == sum(int(row[p]) for p in parts)


def test_the_same_call_twice_gives_the_same_json_and_pdf(built, tmp_path):
    run("build", *FILES, "--out", str(tmp_path))

    for name in ("icp.json", "icp.pdf", "icp.md", "reconciliation.csv"):
        assert (tmp_path / name).read_bytes() == (built / name).read_bytes(), name


def test_score_gives_the_lead_list_back_with_scores_and_the_same_file_twice(built, tmp_path):
    leads = SAMPLE / "lead-list.csv"
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    for out in (first, second):
        told = run("score", "--icp", str(built / "icp.json"), str(leads), "--out", str(out)).stdout

    (head, *rows), (own_head, *own) = (
        list(csv.reader(path.open(encoding="utf-8-sig", newline=""))) for path in (leads, first)
    )
    added = [
        "fit_points",
        "tier",
        "reasons",
        "disqualified_by",
        "known_attributes",
        "ask_next",
        "may_be_refused",
    ]
    assert first.read_bytes() == second.read_bytes()
    assert own_head == [*head, *added]
    assert [row[: len(head)] for row in own] == rows
    scored = [dict(zip(added, row[len(head) :], strict=True)) for row in own]
    assert all(0 <= int(one["fit_points"]) <= 100 and one["tier"] in "ABCD" for one in scored)
    best = max(scored, key=lambda one: int(one["fit_points"]))
    assert "Meets every criterion of the ICP" in best["reasons"]
    assert told.startswith("300 of 300 rows scored: A ")


def test_data_that_cannot_carry_an_icp_still_gives_a_page_that_claims_nothing(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(
        "Account ID,Company name,Industry,Employees,Total revenue\n"
        + "".join(
            f"A{i},Company {i},{'Food' if i % 2 else 'Retail'},{i + 5},{1000 + i}\n" for i in range(12)
        ),
        encoding="utf-8",
    )

    run("build", str(path), "--out", str(tmp_path / "out"))

    icp = json.loads((tmp_path / "out" / "icp.json").read_text(encoding="utf-8"))
    assert icp["criteria"] == []
    assert "Too few" in icp["verdict"] or "enough" in icp["verdict"]
    assert len(PdfReader(tmp_path / "out" / "icp.pdf").pages) == 1


def test_input_that_cannot_be_used_at_all_ends_with_one_clear_line(tmp_path):
    path = tmp_path / "photo.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)

    done = run("build", str(path), "--out", str(tmp_path / "out"), expect=2)

    assert done.stderr.strip().splitlines()[-1].startswith("icp: ")
    assert "Traceback" not in done.stderr


def test_a_missing_file_is_named(tmp_path):
    done = run("build", str(tmp_path / "nothing.csv"), "--out", str(tmp_path / "out"), expect=2)

    assert "nothing.csv" in done.stderr


def test_inspect_tells_kind_vendor_columns_and_reasons():
    found = json.loads(run("inspect", str(SAMPLE / "stripe-subscriptions.csv"), "--rows", "2").stdout)

    [table] = found["tables"]
    assert (table["kind"], table["vendor"], table["delimiter"]) == ("subscriptions", "stripe", ",")
    by_name = {column["name"]: column for column in table["columns"]}
    assert by_name["Ended At (UTC)"]["field"] == "ended_on"
    assert all(0 <= c["confidence"] <= 1 and c["reason"] for c in table["columns"])
    assert len(table["rows"]) == 2


def test_a_mapping_file_corrects_what_was_recognised(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(
        "Account ID,Company name,Industry,Employees\nA1,A,Food,5\nA2,B,Retail,9\n", encoding="utf-8"
    )
    mapping = tmp_path / "mapping.json"
    mapping.write_text(
        json.dumps({"customers.csv": {"columns": {"Industry": {"include": False}}}}), encoding="utf-8"
    )

    run(
        "build", str(path), "--out", str(tmp_path / "out"), "--mapping", str(mapping), "--as-of", "2026-01-31"
    )

    icp = json.loads((tmp_path / "out" / "icp.json").read_text(encoding="utf-8"))
    assert icp["as_of"] == "2026-01-31"
    assert icp["counts"]["customers"] == 2


def real_file(*parts: str) -> str:
    path = (ROOT / ".." / "shared" / "data").joinpath(*parts).resolve()
    if not path.exists():
        pytest.skip(f"The reference file {parts[-1]} is not beside this checkout.")
    return str(path)


def test_the_untouched_export_of_a_telephone_company_gives_its_published_figures(tmp_path):
    path = real_file("telco", "Telco-Customer-Churn.csv")

    run("build", path, "--out", str(tmp_path))

    icp = json.loads((tmp_path / "icp.json").read_text(encoding="utf-8"))
    assert icp["counts"]["customers"] == 7043
    assert round(icp["churn"]["rate"] * icp["churn"]["n"]) == 1869
    kept = icp["measures"]["all"]["retention"]["months"]
    assert kept == {"12": 0.8432, "24": 0.788736, "36": 0.748545, "48": 0.70884}
    named = {c["attribute"] for found in icp["candidates"] for c in found["conditions"]}
    assert "gender" not in named


def test_the_untouched_export_of_a_web_shop_gives_its_published_figures(tmp_path):
    path = real_file("online_retail", "online_retail_2010-12.csv")

    run("build", path, "--out", str(tmp_path))

    icp = json.loads((tmp_path / "icp.json").read_text(encoding="utf-8"))
    customers = load_workbook(tmp_path / "icp.xlsx", read_only=True)["Customers"]
    header, *rows = list(customers.iter_rows(values_only=True))
    while "Revenue" not in (header or ()):
        header, *rows = rows
    revenue = [row[header.index("Revenue")] for row in rows]
    assert round(sum(v for v in revenue if isinstance(v, (int, float))), 2) == 554604.02
    assert icp["counts"]["customers"] == 948
    assert icp["concentration"] == {"top1": 0.194781, "top5": 0.391747, "top10": 0.509513, "top20": 0.65308}


def test_the_untouched_log_of_a_record_shop_gives_the_published_model(tmp_path):
    path = real_file("cdnow", "CDNOW_sample.txt")

    run("build", path, "--out", str(tmp_path), "--as-of", "1997-09-30")

    found = json.loads((tmp_path / "icp.json").read_text(encoding="utf-8"))["lifetime"]
    model = found["repeat_purchase"]
    assert found["method"] == "repeat purchase"
    # Fader, Hardie & Lee 2005 in weeks; time is in days here, so alpha is seven times theirs.
    assert (round(model["r"], 3), round(model["alpha"] / 7, 3)) == (0.243, 4.414)
    assert (round(model["a"], 3), round(model["b"], 3)) == (0.793, 2.426)
    assert abs(found["backtest"]["bias"]) < 0.1


def test_the_same_files_into_the_same_workspace_are_a_review_not_an_error(tmp_path):
    path = tmp_path / "customers.csv"
    rows = [f"A{i},Firm {i},Foods,2024-01-0{1 + i % 9}" for i in range(20)]
    path.write_text("\n".join(["Account ID,Company name,Industry,Customer since", *rows]), encoding="utf-8")

    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        assert load_files(workspace, [path]) == []
        assert load_files(workspace, [path]) == []
        assert len(load.imports(workspace)) == 1
