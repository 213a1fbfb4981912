"""The Profile page as a user meets it."""

from datetime import date

import pytest

from icp_core.export.markdown import markdown
from icp_core.profile import hypotheses, review, versions
from icp_core.profile.draft import draft
from icp_core.profile.edits import with_personas
from icp_core.profile.market import MarketNumbers, typed
from icp_core.profile.model import Job, Quote
from icp_core.segments.conditions import Condition, Segment
from icp_core.workspace import workspace_path
from pages.components import cached

LOGISTICS = Segment((Condition("industry", "is_any_of", ("Logistics",)),))


@pytest.fixture
def chosen(home, facts):
    """The workspace of the page with logistics taken as the ICP and a draft with one line of the user's own."""
    workspace = cached.workspace_at(str(workspace_path("My workspace")))
    workspace.decide("icp", "criteria", LOGISTICS.to_dict())
    profile = draft(facts, LOGISTICS)
    own = profile.model_copy(update={"jobs": [Job(text="Plan the day", edited=True)]})
    versions.keep_draft(workspace, own)
    return workspace


def settled(app):
    assert not app.exception, [e.message for e in app.exception]
    return app


def button(app, key):
    return next(b for b in app.button if b.key == key)


def words(app) -> str:
    return "\n".join([m.value for m in app.markdown] + [c.value for c in app.caption])


def submit(app, label):
    return next(b for b in app.button if b.label == label)


def test_an_empty_workspace_says_what_to_do_next(app, open_page):
    page = settled(open_page(app, "profile"))

    assert page.title[0].value == "Profile"
    assert "Drop your exports on the Data page" in page.info[0].value


def test_without_a_choice_the_page_offers_the_search_and_takes_hypotheses(app, open_page, facts):
    page = settled(open_page(app, "profile"))

    assert any("No ideal customer is chosen yet" in i.value for i in page.info)
    assert "What the plan expects" in words(page)


def test_the_document_shows_each_section_with_its_evidence(app, open_page, chosen):
    page = settled(open_page(app, "profile"))

    assert "Plan the day" in words(page)
    assert any(b.label == "○ assumption" for b in page.button)
    assert "Logistics" in words(page)


def test_every_line_of_the_document_shows_what_stands_behind_it(app, open_page, chosen, facts):
    profile = draft(facts, LOGISTICS)
    quote = Quote(text="It saves us a day", role="Owner", source="Interview 3", customer_id="c1")
    versions.keep_draft(chosen, profile.model_copy(update={"quotes": [quote]}))
    page = settled(open_page(app, "profile"))

    keys = [b.key for b in page.button if str(b.key).startswith("profile.why_")]
    assert {k.rpartition("_")[0] for k in keys} >= {"profile.why_who", "profile.why_quotes"}
    for key in keys:
        settled(button(page, key).click().run())
        assert any(b.key == "profile.why_close" for b in page.button), key
    settled(button(page, "profile.why_quotes_0").click().run())
    assert "Said by one customer, word for word" in words(page) and "Interview 3" in words(page)

    figure = next(g for g in page.button_group if g.key == "profile.figure")
    figure.set_value(0)
    settled(page.run())
    shown = versions.draft_of(chosen).figures[0]
    assert f"{shown.label}: {shown.ideal}" in words(page) and shown.definition in words(page)


def test_an_edit_survives_a_rerun_and_can_be_undone(app, open_page, chosen):
    page = settled(open_page(app, "profile"))
    next(t for t in page.toggle if t.key == "profile.edit_messaging").set_value(True)
    settled(page.run())
    area = next(t for t in page.text_area if t.label == "Say")

    area.set_value("We plan your day")
    settled(page.run())
    settled(page.run())

    assert [s.text for s in versions.draft_of(chosen).messaging.say] == ["We plan your day"]
    settled(button(page, "profile.undo").click().run())
    assert [s.text for s in versions.draft_of(chosen).messaging.say] != ["We plan your day"]


def test_a_section_is_written_anew_and_edits_elsewhere_stay(app, open_page, chosen):
    page = settled(open_page(app, "profile"))
    before = versions.draft_of(chosen)
    versions.keep_draft(chosen, before.model_copy(update={"who": []}))
    settled(page.run())

    settled(button(page, "profile.anew_who").click().run())

    after = versions.draft_of(chosen)
    assert [t.text for t in after.who] == [t.text for t in before.who]
    assert [j.text for j in after.jobs] == ["Plan the day"]


def test_an_assumption_becomes_a_question_for_research(app, open_page, chosen):
    page = settled(open_page(app, "profile"))

    settled(button(page, "profile.why_jobs_0").click().run())
    settled(button(page, "profile.ask").click().run())

    assert [(h.section, h.text) for h in hypotheses.entered(chosen)] == [("jobs", "Plan the day")]
    assert "It is a question now" in words(page)


def test_typed_numbers_give_the_market_with_its_reasoning(app, open_page, chosen):
    page = settled(open_page(app, "profile"))
    fields = {n.label: n for n in page.number_input}

    fields["Companies in the market"].set_value(10_000)
    fields["Share that matches (%)"].set_value(10.0)
    settled(submit(page, "Reckon").click().run())

    assert typed(chosen) == MarketNumbers(companies=10_000.0, fit_share=0.1)
    assert versions.draft_of(chosen).market.matching == 1_000
    assert "10,000 companies in the market, as typed" in words(page)


def test_a_hypothesis_is_checked_as_soon_as_it_is_entered(app, open_page, chosen):
    hypotheses.enter(chosen, "They are in logistics", segment=LOGISTICS)
    page = settled(open_page(app, "profile"))
    field = next(t for t in page.text_input if t.label == "Hypothesis")

    field.set_value("Price decides")
    settled(submit(page, "Check it").click().run())

    found = versions.draft_of(chosen).hypotheses
    assert [h.text for h in found] == ["They are in logistics", "Price decides"]
    assert found[0].status in ("confirmed", "refuted", "open") and found[0].evidence is not None
    assert found[1].status == "open"


def test_opening_the_customers_set_aside_is_asked_for_and_counted(app, open_page, chosen):
    page = settled(open_page(app, "profile"))
    assert "not looked at yet for this rule" in words(page)

    settled(button(page, "profile.open_holdout").click().run())

    assert len(chosen.decisions("holdout")) == 1
    assert "Opened for this rule alone" in words(page)


def test_personas_are_kept_apart_and_the_attached_ones_reach_the_page(app, open_page, chosen):
    chosen.decide("persona", "Olga", {"name": "Olga", "role": "Head of planning"})
    page = settled(open_page(app, "profile"))

    draft = versions.draft_of(chosen)
    versions.keep_draft(
        chosen, with_personas(draft, [{"name": "Olga", "goals": "Sleep well"}, {"name": " "}])
    )
    settled(page.run())

    assert [p.name for p in versions.draft_of(chosen).personas] == ["Olga"]
    assert "Olga" in markdown(versions.draft_of(chosen))
    settled(next(b for b in page.button if b.key == "profile.keep_personas").click().run())
    assert [d.key for d in chosen.decisions("persona")] == ["Olga"]
    assert versions.draft_of(chosen).personas[0].goals == "Sleep well"


@pytest.mark.parametrize("name", ["data", "profile", "one_pager"])
def test_a_due_review_is_told_wherever_the_profile_is_looked_at(name, app, open_page, chosen, facts):
    profile = versions.draft_of(chosen)
    meta = profile.meta.model_copy(update={"review_on": date(2020, 1, 1)})
    versions.save(chosen, profile.model_copy(update={"meta": meta}), note="First")
    review.tell(chosen, "New competitors", True)
    page = settled(open_page(app, name))

    told = [w.value for w in page.warning if "Time to review the ICP" in w.value]
    assert len(told) == 1 and "1 Jan 2020" in told[0] and "New competitors" in told[0]
    assert all(step in words(page) for step in review.STEPS)


def test_newly_loaded_data_write_the_profile_anew_and_keep_the_users_words(app, open_page, chosen, facts):
    stale = versions.draft_of(chosen).model_copy(
        update={"evidence_base": [("1", "survey answer", "old.csv")]}
    )
    versions.keep_written(chosen, stale, "of other data")

    settled(open_page(app, "profile"))

    fresh = versions.draft_of(chosen)
    assert fresh.evidence_base != stale.evidence_base
    assert [job.text for job in fresh.jobs] == ["Plan the day"]
    assert versions.is_of(chosen, facts.fingerprint)
