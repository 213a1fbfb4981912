"""The One-pager page as a user meets it."""

from datetime import date

import pytest

from icp_core.export.arrangement import arranged
from icp_core.export.brand import brand_of, paper_of
from icp_core.profile import versions
from icp_core.profile.draft import draft
from icp_core.profile.model import Job
from icp_core.segments.conditions import Condition, Segment
from icp_core.workspace import workspace_path
from pages.components import cached

LOGISTICS = Segment((Condition("industry", "is_any_of", ("Logistics",)),))
RETAIL = Segment((Condition("industry", "is_any_of", ("Retail",)),))


@pytest.fixture
def chosen(home, facts):
    workspace = cached.workspace_at(str(workspace_path("My workspace")))
    workspace.decide("icp", "criteria", LOGISTICS.to_dict())
    profile = draft(facts, LOGISTICS)
    versions.keep_draft(
        workspace, profile.model_copy(update={"jobs": [Job(text="Plan the day", edited=True)]})
    )
    return workspace


def settled(app):
    assert not app.exception, [e.message for e in app.exception]
    return app


def words(app) -> str:
    return "\n".join([m.value for m in app.markdown] + [c.value for c in app.caption])


def submit(app, label):
    return next(b for b in app.button if b.label == label)


def test_an_empty_workspace_says_what_to_do_next(app, open_page):
    page = settled(open_page(app, "one_pager"))

    assert page.title[0].value == "One-pager"
    assert "Drop your exports on the Data page" in page.info[0].value


def test_without_an_icp_the_page_leads_to_the_profile(app, open_page, facts):
    page = settled(open_page(app, "one_pager"))

    assert any("There is no ICP yet" in i.value for i in page.info)


def test_the_page_is_shown_as_picture_and_as_text(app, open_page, chosen):
    page = settled(open_page(app, "one_pager"))

    assert len(page.get("image")) == 1
    assert "Plan the day" in page.text[0].value


def test_a_hidden_section_leaves_the_page_and_stays_hidden(app, open_page, chosen):
    page = settled(open_page(app, "one_pager"))

    next(c for c in page.checkbox if c.key == "one_pager.section_jobs").uncheck()
    settled(page.run())
    settled(page.run())

    assert versions.draft_of(chosen).hidden_sections == ["jobs"]
    assert "Plan the day" not in page.text[0].value


def test_a_saved_version_is_in_force_with_its_note_and_a_review_day(app, open_page, chosen):
    page = settled(open_page(app, "one_pager"))

    next(t for t in page.text_input if t.label == "What changed").set_value("First one")
    settled(submit(page, "Save as version").click().run())

    found = versions.active(chosen)
    assert (found.number, found.note) == (1, "First one")
    assert found.profile.meta.review_on > date(2026, 1, 1)
    assert "First one" in words(page) and "in force" in words(page)


def test_two_versions_are_compared_and_an_older_one_comes_back(app, open_page, chosen, facts):
    versions.save(chosen, draft(facts, LOGISTICS), note="Logistics")
    versions.save(chosen, draft(facts, RETAIL), note="Retail")
    chosen.decide("icp", "criteria", RETAIL.to_dict())
    page = settled(open_page(app, "one_pager"))
    n_in = int((facts.frame["industry"] == "Retail").sum())

    assert f"**Who enters** ({n_in})" in words(page)
    assert "No data is newer" in words(page) or "Not clear yet" in words(page) or "The promise" in words(page)
    settled(next(b for b in page.button if b.key == "one_pager.restore_1").click().run())
    assert versions.active(chosen).number == 1
    assert versions.draft_of(chosen).criteria == LOGISTICS


def test_a_section_is_moved_by_its_arrows_and_the_order_is_kept(app, open_page, chosen):
    page = settled(open_page(app, "one_pager"))
    before = arranged(versions.draft_of(chosen), "columns")

    settled(next(b for b in page.button if b.key == "one_pager.up_jobs").click().run())
    after = arranged(versions.draft_of(chosen), "columns")
    settled(next(b for b in page.button if b.key == "one_pager.usual").click().run())

    assert after.index("jobs") < before.index("jobs")
    assert versions.draft_of(chosen).section_order == []


def test_colours_and_logo_are_kept_in_the_workspace_and_a_pale_colour_is_told(app, open_page, chosen):
    page = settled(open_page(app, "one_pager"))

    settled(page.color_picker(key="one_pager.accent").set_value("#ffcc00").run())
    logo = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="x()"><rect width="9" height="9"/></svg>'
    page.file_uploader(key="one_pager.logo_0").set_value(("logo.svg", logo, "image/svg+xml"))
    settled(page.run())

    kept = brand_of(chosen)
    assert kept.accent.lower() == "#ffcc00" and b"<rect" in kept.logo and b"onload" not in kept.logo
    assert "hard to read on white" in words(page)
    settled(next(b for b in page.button if b.key == "one_pager.logo_off").click().run())
    assert brand_of(chosen).logo is None


def test_a_file_that_is_no_picture_is_refused_in_words_and_nothing_is_kept(app, open_page, chosen):
    page = settled(open_page(app, "one_pager"))

    page.file_uploader(key="one_pager.logo_0").set_value(("logo.png", b"no picture", "image/png"))
    settled(page.run())

    assert any("logo cannot be read" in e.value for e in page.error)
    assert brand_of(chosen).logo is None


def test_paper_and_language_stay_chosen(app, open_page, chosen):
    page = settled(open_page(app, "one_pager"))

    settled(page.selectbox(key="one_pager.language").set_value("de").run())
    page.button_group(key="one_pager.paper").set_value("letter")
    settled(page.run())

    assert versions.draft_of(chosen).meta.language == "de"
    assert paper_of(chosen) == "letter"
    assert "Wofür sie uns brauchen" in page.text[0].value


def test_words_are_changed_beside_the_page_and_the_edit_can_be_undone(app, open_page, chosen):
    page = settled(open_page(app, "one_pager"))

    settled(page.selectbox(key="one_pager.words").set_value("jobs").run())
    settled(page.text_input(key="one_pager.line_jobs_0_1_text").set_value("Plan the week").run())
    assert "Plan the week" in page.text[0].value
    settled(page.text_input(key="one_pager.line_jobs_1_1_text").set_value("Sleep well").run())

    assert [j.text for j in versions.draft_of(chosen).jobs] == ["Plan the week", "Sleep well"]
    settled(next(b for b in page.button if b.key == "one_pager.undo").click().run())
    assert [j.text for j in versions.draft_of(chosen).jobs] == ["Plan the week"]


def test_an_approved_version_that_is_changed_is_a_draft_again(app, open_page, chosen):
    versions.save(chosen, versions.draft_of(chosen), note="First")
    page = settled(open_page(app, "one_pager"))
    assert versions.draft_of(chosen).meta.status == "Approved"

    settled(page.text_input(key="one_pager.meta_company").set_value("Harbourline").run())

    assert versions.draft_of(chosen).meta.status == "Draft"
    assert versions.active(chosen).profile.meta.company == ""
