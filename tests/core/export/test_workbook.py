import io
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from icp_core.export.scorecard_sheet import LiveScores, ScoreItem
from icp_core.export.sheets import legal_title, safe_text
from icp_core.export.workbook import workbook
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.dashboard import dashboard
from icp_core.segments.membership import members
from tests.core.export import sample_profile
from tests.core.export.office import recalculated

DANGEROUS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "{=1}", "'=1", "％=1"]
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def opened(data: bytes, **options):
    return openpyxl.load_workbook(io.BytesIO(data), **options)


@pytest.fixture(scope="module")
def facts():
    return sample_profile.facts()


@pytest.fixture(scope="module")
def made(facts):
    return workbook(sample_profile.full(), facts)


def test_the_workbook_has_its_sheets_and_the_same_bytes_twice(made, facts):
    book = opened(made)

    assert book.sheetnames == [
        "One-pager",
        "Evidence",
        "Segments",
        "Retention",
        "Customers",
        "Scorecard",
        "Data dictionary",
    ]
    assert workbook(sample_profile.full(), facts) == made


def test_formulas_stand_only_in_the_scorecard(made):
    book = opened(made)
    with_formulas = {
        sheet.title for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    }

    assert with_formulas == {"Scorecard"}
    assert book.calculation.fullCalcOnLoad


def test_text_never_turns_into_a_formula(facts):
    frame = facts.frame.assign(customer_name=(DANGEROUS * 40)[: len(facts)])
    profile = sample_profile.full()
    for statement, text in zip([*profile.who, *profile.jobs], DANGEROUS, strict=False):
        statement.text = text
    profile.meta.name = "=NOW()"
    prospects = pd.DataFrame({"=A1": DANGEROUS, "name": DANGEROUS})
    book = opened(workbook(profile, replace(facts, frame=frame, _memory={}), prospects=prospects))

    kinds = {
        (sheet.title, cell.data_type)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and any(d in cell.value for d in DANGEROUS)
    }
    assert {kind for title, kind in kinds} == {"s"}
    assert book["Customers"]["A2"].value == "=1+1"
    assert book["Customers"]["A2"].quotePrefix
    assert book["Prospects"]["A2"].data_type == "s"
    assert book["Scorecard"]["A9"].data_type == "s"
    assert book["One-pager"]["A2"].data_type == "s"


def test_control_characters_are_shown_and_too_long_text_says_it_was_cut():
    assert safe_text("a\x00b\x1bc") == "a␀b␛c"
    assert safe_text("a\ud800\ufffe") == "a\ufffd\ufffd"
    assert len(safe_text("🎉" * 20_000)) * 2 <= 32_767 + 20
    assert safe_text("x" * 40_000).endswith("… (cut)")


def test_sheet_names_are_legal_and_different():
    assert legal_title("a" * 40) == "a" * 31
    assert legal_title("Q1/Q2: [now]?*") == "Q1 Q2 now"
    assert legal_title("''") == "Sheet"
    assert legal_title("a" * 40, ["A" * 31]) == "a" * 29 + " 2"


def test_customers_are_all_there_with_their_membership(made, facts):
    sheet = opened(made)["Customers"]
    rows = list(sheet.iter_rows(values_only=True))
    inside = members(facts, sample_profile.RULE)

    assert len(rows) == len(facts) + 1
    assert [row[1] == "yes" for row in rows[1:]] == inside.tolist()
    assert sheet.freeze_panes == "B2"
    assert (
        list(sheet.tables.values())[0].ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}{len(rows)}"
    )
    position = rows[0].index("Lifetime value")
    assert rows[1][position] == facts.frame["ltv"][0]
    assert rows[6][position] is None
    assert rows[2][rows[0].index("Software")] == "Dampsoft; Excel"
    assert rows[1][rows[0].index("Customer since")].date() == facts.frame["customer_since"][0].date()


def test_persons_are_left_out_unless_asked_for(facts):
    def text_of(data: bytes) -> str:
        return " ".join(
            str(v) for sheet in opened(data) for row in sheet.iter_rows(values_only=True) for v in row if v
        )

    shown = text_of(workbook(sample_profile.full(), facts))
    asked = text_of(workbook(sample_profile.full(), facts, personal=True))

    assert "someone1@" not in shown and "Ines Okafor" not in shown and "desk4@" not in shown
    assert "Clinic 1 GmbH" in shown
    assert "left out: Email, Owner" in shown
    assert "someone1@clinic1.example" in asked
    assert "Persons are named in this file" in asked


def test_where_customers_are_persons_their_names_are_left_out(facts):
    persons = replace(
        facts, unit="person", frame=facts.frame.assign(customer_id=facts.frame["email"]), _memory={}
    )
    rows = list(opened(workbook(sample_profile.full(), persons))["Customers"].iter_rows(values_only=True))

    assert "Customer name" not in rows[0] and "Domain" not in rows[0]
    assert rows[1][0] == "Customer 1"


def test_evidence_has_a_row_for_every_statement_and_the_page_links_to_it(made):
    book = opened(made)
    evidence, page = book["Evidence"], book["One-pager"]
    rows = {row[1].value: row for row in evidence.iter_rows(min_row=2)}
    job = rows["Functional: When a patient cancels, fill the gap the same day without three phone calls."]
    guess = rows["Social: Be the group whose patients never wait on the line."]

    assert [c.value for c in job][2:11] == ["Evidence", "●●○", "Likely", 41, 528, 2.4, 2.9, 1.9, 2.9]
    assert [c.value for c in guess][2:6] == ["Assumption", "○", None, None]
    links = {}
    for row in page.iter_rows():
        if row[6].hyperlink:
            links[row[1].value] = row[6].hyperlink.location
    assert links["Be the group whose patients never wait on the line."] == f"'Evidence'!A{guess[0].row}"


def test_the_page_prints_on_one_sheet_with_native_charts(made):
    page = opened(made)["One-pager"]

    assert page.page_setup.fitToHeight == page.page_setup.fitToWidth == 1
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert len(page._charts) == 2


def test_figures_in_the_workbook_are_those_of_the_screen(made, facts):
    rows = {row[0]: row for row in opened(made)["Segments"].iter_rows(values_only=True) if row[0]}
    board = dashboard(facts, sample_profile.RULE)

    assert rows["Customers"][1:4] == (board.segment.n, board.rest.n, board.all.n)
    assert rows["Lifetime value, typical (EUR)"][1:4] == pytest.approx(
        (board.segment["ltv"].value, board.rest["ltv"].value, board.all["ltv"].value)
    )
    assert rows["Churned"][1] == pytest.approx(board.segment["churn"].value)


def test_every_face_is_named(made):
    styles = zipfile.ZipFile(io.BytesIO(made)).read("xl/styles.xml").decode()
    book = opened(made)

    assert "Calibri" in styles
    assert all(
        cell.font.name == "Calibri"
        for sheet in book
        for row in sheet.iter_rows(max_row=40)
        for cell in row
        if cell.value is not None
    )


def test_weights_are_open_validated_and_make_a_hundred(made):
    sheet = opened(made)["Scorecard"]
    weights = [cell for cell in sheet[7][4:7]]

    assert sum(cell.value for cell in weights) == 100
    assert not any(cell.protection.locked for cell in weights)
    assert sheet.protection.sheet
    assert sheet["B9"].protection.locked
    checked = " ".join(str(v.sqref) for v in sheet.data_validations.dataValidation)
    assert "E7:G7" in checked
    assert weights[0].fill.start_color.rgb.endswith("FFF2B3")


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed, so nothing reckons the formulas")
@pytest.mark.filterwarnings("ignore:.*extension is not supported")  # of LibreOffice's own
def test_scores_follow_a_changed_weight_in_libreoffice(made, facts, tmp_path):
    book = opened(made)
    for column, weight in zip("EFG", (10, 0, 30), strict=True):
        book["Scorecard"][f"{column}7"] = weight
    sheet = recalculated(book, tmp_path, SOFFICE, "Scorecard")
    first, _, third = (members(facts, Segment((c,))) for c in sample_profile.RULE.conditions)
    expected = 100 * (10 * first + 30 * third) / 40

    points = [row[1] for row in sheet.iter_rows(min_row=9, values_only=True)]
    tiers = [row[2] for row in sheet.iter_rows(min_row=9, values_only=True)]
    refused = [row[3] for row in sheet.iter_rows(min_row=9, values_only=True)]
    expected = np.floor(expected + 0.5)
    assert points == expected.tolist()
    tier_of = ["A" if p >= 75 else "B" if p >= 50 else "C" if p >= 25 else "D" for p in expected]
    assert tiers == ["D" if no else tier for no, tier in zip(refused, tier_of, strict=True)]


def test_prospects_are_scored_where_they_carry_the_attributes(facts):
    prospects = pd.DataFrame(
        {
            "name": ["One", "Two"],
            "industry": ["Dental clinics", "Law firms"],
            "employees": [20.0, 20.0],
            "sites": [3.0, 1.0],
        }
    )
    book = opened(workbook(sample_profile.full(), facts, prospects=prospects))
    rows = list(book["Scorecard"].iter_rows(min_row=9, values_only=True))

    assert [row[0] for row in rows] == ["One", "Two"]
    assert [row[4:7] for row in rows] == [(1, 1, 1), (0, 1, 0)]
    assert list(book["Prospects"].iter_rows(values_only=True))[1][:2] == ("One", "Dental clinics")


def test_a_scorecard_of_ones_own_sets_the_points(facts):
    items = [ScoreItem("Vets", Segment((Condition("industry", "is_any_of", ["Veterinary clinics"]),)), 25)]
    sheet = opened(workbook(sample_profile.full(), facts, scorecard=items))["Scorecard"]

    assert (sheet["E6"].value, sheet["E7"].value) == ("Vets", 25)


def test_rows_scored_elsewhere_keep_their_parts_of_each_item(facts):
    live = LiveScores(["Size", "Place"], [70, 30], ["One"], np.array([[0.5, 1.0]]), np.array([False]), "n")
    sheet = opened(workbook(sample_profile.full(), facts, scorecard=live))["Scorecard"]

    assert [c.value for c in sheet[7]][4:6] == [70, 30]
    assert [c.value for c in sheet[9]][4:6] == [0.5, 1]
    assert sheet["C9"].value.startswith(
        '=IF(D9=1,"D",IF(B9>='
    )  # refused is tier D, with its points as they are
    assert sheet["B9"].value.startswith("=IF(SUM($E$7:$F$7)=0,0,ROUND(100*SUMPRODUCT($E$7:$F$7,E9:F9)")


def test_the_dictionary_explains_every_column(made, facts):
    rows = list(opened(made)["Data dictionary"].iter_rows(min_row=2, values_only=True))

    assert {row[1] for row in rows} == set(facts.catalogue)
    ltv = next(row for row in rows if row[1] == "ltv")
    assert (ltv[0], ltv[2], ltv[4], ltv[9]) == ("Lifetime value", "measure", "EUR", len(facts) - 1)


def test_criteria_the_data_no_longer_have_are_said(facts):
    profile = sample_profile.full()
    profile.criteria = Segment((*profile.criteria.conditions, Condition("moon", "is_yes")))
    book = opened(workbook(profile, facts))
    text = " ".join(str(v) for row in book["One-pager"].iter_rows(values_only=True) for v in row if v)

    assert "no longer have it: moon" in text


def test_a_sparse_profile_makes_a_workbook_too(facts):
    assert "One-pager" in opened(workbook(sample_profile.sparse(), facts)).sheetnames


@pytest.mark.soak
def test_a_hundred_thousand_customers_stay_within_64_megabytes(facts):
    import tracemalloc

    n = 100_000
    many = facts.frame.iloc[np.arange(n) % len(facts)].reset_index(drop=True)
    big = replace(facts, frame=many, _memory={})
    dashboard(big, sample_profile.RULE)
    tracemalloc.start()
    made = workbook(sample_profile.full(), big)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak - len(made) < 64e6
    assert Path(__file__).exists() and len(made) > 1e6


def test_without_a_currency_no_label_has_empty_brackets(facts):
    book = opened(workbook(sample_profile.full(), replace(facts, currency="", _memory={})))
    labels = [row[0] for row in book["Segments"].iter_rows(values_only=True) if row[0]]

    assert "Lifetime value, typical" in labels
    assert not [label for label in labels if "()" in str(label)]


def test_the_first_sheet_tells_how_many_of_the_others_have_a_trait_too(made):
    trait = next(t for t in sample_profile.full().who if t.share_others is not None)
    said = f"{trait.text} ({trait.share_ideal * 100:.0f} %, others {trait.share_others * 100:.0f} %)"

    assert said in [row[1] for row in opened(made)["One-pager"].iter_rows(values_only=True)]
