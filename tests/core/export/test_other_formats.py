"""The slide, the briefs and the pictures: native, editable, reproducible, without persons."""

import io
import zipfile
from datetime import date

import pytest
from docx import Document
from pptx import Presentation
from pypdf import PdfReader

from icp_core.export.briefs import TEAMS, brief, briefs_docx, briefs_markdown
from icp_core.export.markdown import markdown
from icp_core.export.pdf import one_pager
from icp_core.export.pictures import charts_of, charts_zip
from icp_core.export.slide import slide
from icp_core.profile.model import Evidence, Hypothesis, Job, Meta, Profile, Statement
from tests.core.export.sample_profile import full as sample_profile


def bare() -> Profile:
    return Profile(meta=Meta(as_of=date(2026, 1, 1)), statement=Statement(text="Any company."))


def texts(content: bytes) -> list[str]:
    deck = Presentation(io.BytesIO(content))
    assert len(deck.slides) == 1
    return [s.text_frame.text for s in deck.slides[0].shapes if s.has_text_frame]


def test_the_slide_holds_name_sentence_and_a_native_chart_with_both_groups():
    profile = sample_profile()

    content = slide(profile)

    shown = "\n".join(texts(content))
    assert profile.meta.name in shown and profile.statement.text.replace("**", "") in shown
    charts = [s.chart for s in Presentation(io.BytesIO(content)).slides[0].shapes if s.has_chart]
    assert len(charts) == 1
    assert [s.name for s in charts[0].plots[0].series] == ["others", "ideal"]
    first = next(f for f in profile.figures if f.ideal_value is not None)
    assert any(first.ideal in c for c in charts[0].plots[0].categories)


def test_the_same_profile_gives_the_same_slide():
    assert slide(sample_profile()) == slide(sample_profile())


def test_an_empty_profile_and_odd_characters_still_make_a_slide():
    odd = bare().model_copy(update={"jobs": [Job(text="x\x0b" + "long " * 200), Job(text="<b>&</b>")]})

    shown = "\n".join(texts(slide(odd)))

    assert "<b>&</b>" in shown and "…" in shown


def test_hidden_lines_and_private_details_stay_off_the_slide():
    profile = bare().model_copy(
        update={"jobs": [Job(text="Secret", hidden=True), Job(text="Write to jo@example.com")]}
    )

    shown = "\n".join(texts(slide(profile)))

    assert "Secret" not in shown and "jo@example.com" not in shown and "[e-mail]" in shown


@pytest.mark.parametrize("team", TEAMS)
def test_a_brief_is_half_a_page_and_repeats_only_the_profile(team):
    profile = sample_profile()

    found = brief(profile, team)

    assert found.title == f"{team}: {profile.meta.name}"
    assert sum(len(lines) for _, lines in found.blocks) <= 24
    own = [i.text for i in profile.implications if i.team == team]
    assert not own or own[0] in dict(found.blocks)["Do next"]


def test_assumptions_say_so_in_a_brief():
    profile = bare().model_copy(update={"jobs": [Job(text="Plan the day")]})

    assert ("Plan the day (assumption)",) in [lines for _, lines in brief(profile, "Product").blocks]


def test_briefs_come_as_markdown_and_word_for_every_team():
    profile = sample_profile()

    text = briefs_markdown(profile)
    word = Document(io.BytesIO(briefs_docx(profile)))

    headings = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert headings == [f"{team}: {profile.meta.name}" for team in TEAMS]
    assert text.count("\n# ") == len(TEAMS) - 1


def test_charts_come_as_png_and_svg_and_an_empty_profile_has_none():
    names = zipfile.ZipFile(io.BytesIO(charts_zip(sample_profile()))).namelist()

    assert names == ["sets-them-apart.png", "sets-them-apart.svg", "stay-longer.png", "stay-longer.svg"]
    assert charts_of(bare()) == {}


def test_hypotheses_are_printed_with_what_became_of_them():
    kept = [
        Hypothesis(
            text="They plan in spreadsheets", status="confirmed", words="61 % of 90.", evidence=Evidence(n=90)
        ),
        Hypothesis(text="Price decides", status="open"),
    ]
    profile = bare().model_copy(update={"hypotheses": kept})

    printed = PdfReader(io.BytesIO(one_pager(profile).data)).pages[0].extract_text()

    assert (
        "What the plan expected" in printed
        and "confirmed" in printed
        and "They plan in spreadsheets" in printed
    )
    assert "**confirmed** They plan in spreadsheets, 61 % of 90." in markdown(profile)
