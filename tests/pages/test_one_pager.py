"""The One-pager page as a user meets it."""

from datetime import date

import pytest

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
