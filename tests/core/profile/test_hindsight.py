"""A version is judged on data from after its day: a planted change of the market is seen, and undo brings edits back."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from icp_core.facts.catalogue import facts_from_frame
from icp_core.profile import versions
from icp_core.profile.behind import customers_behind, line_at
from icp_core.profile.draft import draft, with_section
from icp_core.profile.hindsight import hindsight
from icp_core.profile.model import STATEMENT_LISTS, Evidence, Job, Statement
from icp_core.segments.conditions import Condition, Segment
from icp_core.workspace import Workspace
from tests.core.export import sample_profile

FIRST, SECOND = date(2025, 6, 30), date(2026, 6, 30)
LOGISTICS = Segment((Condition("industry", "is_any_of", ["Logistics"]),))
RETAIL = Segment((Condition("industry", "is_any_of", ["Retail"]),))


def customers(as_of, after="same"):
    """600 customers up to the first day, 300 more until the second; ``after="turned"``: retail is better from then on."""
    rng = np.random.default_rng(11)
    n = 900
    came = [date(2022, 1, 1) + timedelta(days=int(d)) for d in np.linspace(0, 1276, 600)]
    came += [FIRST + timedelta(days=1 + int(d)) for d in np.linspace(0, 350, 300)]
    industry = rng.choice(["Logistics", "Retail"], n)
    better = industry == "Logistics"
    late = np.arange(n) >= 600
    if after == "turned":
        better = np.where(late, ~better, better)
    value = rng.lognormal(4, 0.5, n) * np.where(better, 3, 1)
    leaves_late = rng.random(n) < np.where((industry == "Logistics") == (after == "same"), 0.05, 0.4)
    gone = [
        FIRST + timedelta(days=90) if leave and not new else None
        for leave, new in zip(leaves_late, late, strict=True)
    ]
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "industry": industry,
            "customer_since": pd.to_datetime(came),
            "churned_on": pd.to_datetime([g if g and g <= as_of else None for g in gone]),
            "value_per_month": value,
            "ltv": value * 12,
            "revenue": value * 12,
        }
    )
    frame["churned"] = pd.array(frame["churned_on"].notna(), dtype="boolean")
    kept = frame[frame["customer_since"] <= pd.Timestamp(as_of)].reset_index(drop=True)
    return facts_from_frame(
        kept,
        as_of=as_of,
        outcomes=["value_per_month", "ltv", "revenue", "churned", "churned_on", "customer_since"],
    )


def test_a_promise_that_held_is_said_to_have_held():
    version = draft(customers(FIRST), LOGISTICS)

    found = hindsight(customers(SECOND), version)

    assert found.since == FIRST and found.n_new == 300
    assert found.holds is True and found.message.startswith("The promise held.")
    assert found.newcomers.check("value").effect == pytest.approx(3, rel=0.25)
    assert found.left[0] < 0.1 < 0.3 < found.left[1]


def test_a_market_that_turned_is_seen():
    version = draft(customers(FIRST), LOGISTICS)

    found = hindsight(customers(SECOND, "turned"), version)

    assert found.holds is False and "did not hold" in found.message
    assert found.newcomers.check("value").holds is False


def test_without_newer_data_hindsight_says_so():
    version = draft(customers(FIRST), LOGISTICS)

    found = hindsight(customers(FIRST), version)

    assert found.n_new == 0 and found.holds is None and found.newcomers is None


def test_two_versions_are_compared_on_the_customers_of_today():
    facts = customers(SECOND)
    before, after = draft(customers(FIRST), LOGISTICS), draft(facts, RETAIL)

    found = versions.compare(facts, before, after)

    in_logistics = facts.frame["industry"] == "Logistics"
    assert len(found.leaving) == in_logistics.sum() and len(found.entering) == (~in_logistics).sum()
    assert found.staying == 0
    assert found.revenue_out == pytest.approx(facts.frame.loc[in_logistics, "revenue"].sum())
    assert set(found.lines["change"]) == {"new", "gone"}


def test_figures_of_two_versions_are_told_on_the_same_customers():
    before, after = draft(customers(FIRST), LOGISTICS), draft(customers(FIRST), RETAIL)
    turned = customers(SECOND, "turned")

    found = versions.compare(turned, before, after).figures.set_index("figure")

    today = {f.label: f.ideal for f in draft(turned, LOGISTICS).figures}
    promised = {f.label: f.ideal for f in before.figures}
    assert found["before"].to_dict() == {label: today[label] for label in found.index}
    assert found["promised before"].to_dict() == {label: promised[label] for label in found.index}
    assert (found["before"] != found["promised before"]).any()


def test_the_same_version_twice_differs_in_nothing():
    facts = customers(SECOND)
    found = versions.compare(facts, draft(facts, LOGISTICS), draft(facts, LOGISTICS))

    assert len(found.entering) == len(found.leaving) == len(found.lines) == 0


def test_bringing_back_a_version_can_be_undone_and_a_review_is_settled_by_saving():
    workspace = Workspace.in_memory()
    workspace.decide(versions.REVIEW_TRIGGER, "0", "A new product or price")
    first = versions.save(workspace, draft(customers(FIRST), LOGISTICS))
    edited = first.profile.model_copy(update={"jobs": [Job(text="Plan", edited=True)]})
    versions.keep_draft(workspace, edited)

    versions.restore(workspace, 1)

    assert versions.draft_of(workspace).jobs == first.profile.jobs
    assert [j.text for j in versions.undo(workspace).jobs] == ["Plan"]
    assert workspace.decisions(versions.REVIEW_TRIGGER) == []


def test_the_last_edits_can_be_undone_one_by_one():
    workspace = Workspace.in_memory()
    first = draft(customers(FIRST), LOGISTICS)
    second = first.model_copy(update={"jobs": [Job(text="Plan", edited=True)]})
    for state in (first, second, second.model_copy(update={"objections": [Statement(text="Price")]})):
        versions.keep_draft(workspace, state)

    assert [j.text for j in versions.undo(workspace).jobs] == ["Plan"]
    assert versions.undo(workspace) == first
    assert versions.draft_of(workspace) == first and not versions.can_undo(workspace)
    assert versions.undo(workspace) is None


def test_one_section_is_written_anew_and_the_others_keep_their_edits():
    facts = customers(FIRST)
    fresh = draft(facts, LOGISTICS)
    edited = fresh.model_copy(
        update={
            "who": [
                fresh.who[0].model_copy(update={"text": "Changed", "edited": True}),
                fresh.who[0].model_copy(update={"text": "Own line", "evidence": None}),
            ],
            "jobs": [Job(text="Mine", edited=True)],
        }
    )

    found = with_section(edited, fresh, "who")

    assert [t.text for t in found.who] == ["Own line", *(t.text for t in fresh.who)]
    assert [j.text for j in found.jobs] == ["Mine"]


def test_every_kind_of_line_tells_what_stands_behind_it():
    profile = sample_profile.full()
    places = [("statement", 0), ("criteria", 0), ("ideal_of_ideal", 0)]
    places += [(f"messaging.{part}", i) for part in ("say", "prove", "avoid") for i in range(2)]
    for name in (*STATEMENT_LISTS, "figures", "lifts", "quotes", "disqualifiers"):
        places += [(name, i) for i in range(len(getattr(profile, name)))]
    lines = {place: line_at(profile, *place) for place in places}

    assert not [place for place, line in lines.items() if line is None and place[0] != "messaging.avoid"]
    assert all(line.words for line in lines.values() if line)
    first = lines["figures", 0].evidence
    assert (first.low, first.high, first.n) == (
        profile.figures[0].low,
        profile.figures[0].high,
        profile.figures[0].n_ideal,
    )
    assert lines["quotes", 0].evidence.quotes == [profile.quotes[0]]
    refused = profile.disqualifiers[0].model_copy(update={"segment": RETAIL})
    counted = line_at(profile.model_copy(update={"disqualifiers": [refused]}), "disqualifiers").evidence
    assert counted.segment == RETAIL
    assert line_at(profile, "jobs", 99) is None and line_at(profile, "nothing of the kind") is None


def test_the_curve_says_how_many_were_seen_that_long_and_whether_the_ranges_part():
    profile = sample_profile.full()
    facts = customers(FIRST)
    kept = line_at(profile, "retention", facts=facts)
    last = profile.retention_ideal[-1]

    assert kept.words == "Still customers after 36 months: 85 %, others 56 %"
    assert (kept.evidence.low, kept.evidence.high) == (last.low, last.high)
    assert kept.evidence.n == max(p.at_risk for p in profile.retention_ideal)
    assert f"{last.at_risk} of the ideal ones have been seen that long" in kept.evidence.method
    assert kept.evidence.verdict == "Solid"
    alike = profile.model_copy(update={"retention_others": profile.retention_ideal})
    assert line_at(alike, "retention").evidence.verdict == "Hint"
    behind = customers_behind(facts, LOGISTICS, kept.evidence)
    assert len(behind) == (facts.frame["industry"] == "Logistics").sum()
    assert line_at(profile.model_copy(update={"retention_ideal": []}), "retention") is None


def test_the_market_is_an_assumption_until_a_list_of_prospects_backs_it():
    profile = sample_profile.full()
    typed = line_at(profile, "market")
    counted = profile.market.model_copy(update={"evidence": Evidence(n=120, of="prospects", verdict="Solid")})

    assert typed.words == "The market: 1,460 companies match" and typed.evidence is None
    assert line_at(profile.model_copy(update={"market": counted}), "market").evidence.n == 120
    assert line_at(profile.model_copy(update={"market": None}), "market") is None


def test_those_whom_a_survey_or_a_lost_deal_counts_are_named_by_their_ids():
    facts = customers(FIRST)
    known = str(facts.frame["customer_id"].iloc[0])
    found = customers_behind(
        facts, LOGISTICS, Evidence(customer_ids=[known, "never"]), names=pd.Series({"never": "Lost Ltd"})
    )

    assert sorted(found["customer_id"]) == sorted([known, "never"])
    assert found.set_index("customer_id").loc["never", "customer_name"] == "Lost Ltd"


def test_the_customers_behind_a_statement_are_those_it_counts():
    facts = customers(FIRST)
    codes = pd.DataFrame(
        {
            "sentence_id": ["s1", "s2"],
            "customer_id": ["c1", "c2"],
            "sentence": ["Aye", "Nay"],
            "source": ["Survey", "Notes"],
        }
    )

    inside = customers_behind(facts, LOGISTICS)
    trait = customers_behind(facts, LOGISTICS, Evidence(segment=RETAIL))
    said = customers_behind(facts, LOGISTICS, Evidence(sentence_ids=["s2"]), codes)

    assert len(inside) == (facts.frame["industry"] == "Logistics").sum()
    assert inside["revenue"].is_monotonic_decreasing
    assert len(trait) == 0
    assert said[["customer_id", "said"]].to_numpy().tolist() == [["c2", "Nay"]]


def test_a_version_of_today_waits_for_newer_data():
    facts = customers(FIRST)
    judged = hindsight(facts, draft(facts, LOGISTICS))

    assert judged.message.startswith("No data is newer than 30 Jun 2025 yet.")
    assert judged.holds is None and judged.left is None


def test_a_new_name_is_among_what_the_page_says_differently():
    facts = customers(FIRST)
    before = draft(facts, LOGISTICS)
    after = before.model_copy(update={"meta": before.meta.model_copy(update={"name": "Haulers"})})

    assert versions.compare(facts, before, after).lines.values.tolist() == [
        ["The name", "new", "Haulers"],
        ["The name", "gone", before.meta.name],
    ]
