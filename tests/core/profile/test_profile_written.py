"""The profile says what the data say, keeps what people wrote, and survives JSON and versions."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from icp_core.errors import IcpError
from icp_core.export.markdown import markdown
from icp_core.facts.catalogue import Attribute, facts_from_frame
from icp_core.profile import sentence, versions
from icp_core.profile.disqualify import ideal_of_ideal
from icp_core.profile.draft import draft, months_later
from icp_core.profile.model import Job, Pain, Profile, Statement
from icp_core.profile.questions import open_questions
from icp_core.profile.traits import apart, who
from icp_core.segments.conditions import Condition, Segment
from icp_core.workspace import Workspace

AS_OF = date(2026, 10, 31)
ICP = Segment((Condition("industry", "is_any_of", ["Logistics"]), Condition("sites", "at_least", 3)))


@pytest.fixture(scope="module")
def facts():
    """400 customers; logistics firms of three sites or more are worth three times and never leave."""
    rng = np.random.default_rng(7)
    n = 400
    industry = rng.choice(["Logistics", "Retail", "Food"], n)
    sites = rng.integers(1, 7, n).astype(float)
    ideal = (industry == "Logistics") & (sites >= 3)
    value = rng.lognormal(5, 0.5, n) * np.where(ideal, 3, 1)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i:03d}" for i in range(n)],
            "customer_name": [f"Company {i}" for i in range(n)],
            "industry": industry,
            "sites": sites,
            "colour": rng.choice(["red", "blue", "green"], n),
            "tool": np.where(
                ideal & (rng.random(n) < 0.8), "SAP", rng.choice(["Excel", "SAP"], n, p=[0.8, 0.2])
            ),
            "value_per_month": value,
            "ltv": value * 20,
            "revenue": value * 20,
            "churned": pd.array(np.where(ideal, False, rng.random(n) < 0.4), dtype="boolean"),
            "tenure_months": rng.integers(6, 50, n).astype(float),
        }
    )
    return facts_from_frame(
        frame,
        as_of=AS_OF,
        outcomes=["value_per_month", "ltv", "revenue", "churned", "tenure_months"],
        labels={"industry": "Industry", "sites": "Number of sites", "tool": "Tool", "colour": "Colour"},
    )


@pytest.fixture(scope="module")
def profile(facts):
    return draft(facts, ICP)


def test_the_sentence_is_made_of_the_conditions_and_nothing_else(profile):
    assert profile.statement.text == "A **Logistics** company with **at least 3 sites**."


def test_figures_stand_beside_the_others_with_their_numbers(profile, facts):
    inside = (facts.frame["industry"] == "Logistics") & (facts.frame["sites"] >= 3)
    ltv = next(f for f in profile.figures if f.key == "ltv")

    assert ltv.n_ideal == int(inside.sum())
    assert ltv.ideal_value == pytest.approx(facts.frame.loc[inside, "ltv"].median())
    assert ltv.others_value == pytest.approx(facts.frame.loc[~inside, "ltv"].median())
    assert ltv.low < ltv.ideal_value < ltv.high
    assert ltv.better is True


def test_who_they_are_names_a_trait_that_sets_them_apart_and_no_noise(profile):
    labels = [trait.label for trait in profile.who]

    assert labels == ["Industry", "Number of sites", "Tool"]
    tool = profile.who[2]
    assert tool.text == "SAP"
    assert tool.share_ideal > 0.6 > 0.4 > tool.share_others


def test_traits_of_a_random_segment_are_only_its_criteria(facts):
    rng = np.random.default_rng(0)
    found = 0
    for _ in range(20):
        shuffled = facts.frame.assign(group=rng.choice(["in", "out"], len(facts)))
        random = facts_from_frame(shuffled, as_of=AS_OF, outcomes=["ltv"])
        traits = apart(random, Segment((Condition("group", "is_any_of", ["in"]),)))
        found += len(traits) > 1

    assert found <= 2


def test_every_statement_has_evidence_or_is_an_assumption(profile):
    for section in ("who", "channels", "implications"):
        for line in getattr(profile, section):
            assert line.is_assumption == (line.evidence is None)
            if line.evidence:
                assert line.evidence.n is not None


def test_what_no_data_speak_of_becomes_a_question_and_no_filler(profile):
    assert profile.jobs == [] and profile.pains == []
    assert any("hire you to do" in question for question in profile.open_questions)
    assert open_questions(profile) == profile.open_questions


def test_writing_it_anew_keeps_what_people_wrote(facts, profile):
    own = profile.model_copy(
        update={
            "jobs": [Job(text="Plan every site before noon", edited=True)],
            "pains": [Pain(text="One spreadsheet per site")],
            "meta": profile.meta.model_copy(update={"name": "The stretched one", "company": "Acme"}),
            "hidden_sections": ["market"],
        }
    )

    again = draft(facts, ICP, former=own)

    assert [job.text for job in again.jobs] == ["Plan every site before noon"]
    assert [pain.text for pain in again.pains] == ["One spreadsheet per site"]
    assert (again.meta.name, again.meta.company) == ("The stretched one", "Acme")
    assert again.hidden_sections == ["market"]


def test_an_edited_sentence_does_not_outlive_its_criteria(facts, profile):
    edited = profile.model_copy(update={"statement": Statement(text="Our darling", edited=True)})

    other = draft(facts, Segment((Condition("industry", "is_any_of", ["Retail"]),)), former=edited)

    assert other.statement.text == "A **Retail** company."


def test_too_few_customers_are_said_and_not_hidden(facts):
    few = draft(
        facts, Segment((Condition("ltv", "more_than", float(facts.frame["ltv"].nlargest(5).iloc[-1])),))
    )

    assert any("too few" in warning for warning in few.warnings)
    assert any("outcome, not a trait" in warning for warning in few.warnings)


def test_no_condition_is_a_description_and_no_claim(facts):
    everyone = draft(facts, Segment())

    assert everyone.statement.text == "All **400 customers**: no kind of customer is singled out."
    assert all(figure.difference == "" for figure in everyone.figures)
    assert "describes all customers" in everyone.warnings[0]


def test_the_profile_survives_json(profile):
    again = Profile.from_json(profile.to_json())

    assert again == profile
    assert again.to_json() == profile.to_json()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"meta": {"as_of": "never"}}'])
def test_a_damaged_profile_is_refused_in_words(text):
    with pytest.raises(IcpError, match="not a readable ICP"):
        Profile.from_json(text)


def test_the_ideal_of_the_ideal_is_drawn_when_one_stands(facts):
    wide = Segment((Condition("industry", "is_any_of", ["Logistics"]),))
    found = ideal_of_ideal(facts, wide)

    card = draft(facts, wide, ideal=found).ideal_of_ideal

    assert "sites" in card.segment.attributes and "industry" in card.segment.attributes
    assert card.evidence.verdict == "Solid"
    assert card.facts[0][1] == "accounts"


def test_the_same_data_give_the_same_profile(facts, profile):
    assert draft(facts, ICP).to_json() == profile.to_json()


# -- versions -------------------------------------------------------------------------------------


@pytest.fixture
def workspace(tmp_path):
    with Workspace.open(tmp_path / "w.duckdb", clock=lambda: datetime(2026, 11, 1, 9)) as opened:
        yield opened


def test_exactly_one_version_is_active(workspace, profile):
    for note in ("first", "second", "third"):
        versions.save(workspace, profile, note=note, author="Mia")
    versions.restore(workspace, 2)

    history = versions.history(workspace)

    assert [(v.number, v.is_active) for v in history] == [(3, False), (2, True), (1, False)]
    assert versions.active(workspace).note == "second"
    assert versions.draft_of(workspace).meta.version == "2"


def test_comparing_versions_tells_who_enters_who_leaves_and_what_they_bring(facts, profile):
    wider = draft(facts, Segment((Condition("industry", "is_any_of", ["Logistics"]),)))

    difference = versions.compare(facts, profile, wider)

    entering = (facts.frame["industry"] == "Logistics") & (facts.frame["sites"] < 3)
    assert len(difference.entering) == int(entering.sum())
    assert difference.leaving.empty
    assert difference.revenue_in == pytest.approx(facts.frame.loc[entering, "revenue"].sum())


def test_drift_is_seen_when_the_market_changed_and_not_before(facts, profile):
    changed = facts.frame.copy()
    inside = (changed["industry"] == "Logistics") & (changed["sites"] >= 3)
    changed.loc[inside, ["ltv", "revenue", "value_per_month"]] *= 0.3
    later = facts_from_frame(
        changed, as_of=AS_OF, outcomes=["value_per_month", "ltv", "revenue", "churned", "tenure_months"]
    )

    assert versions.drift(facts, profile) == []
    assert any("Lifetime value moved" in words for words in versions.drift(later, profile))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [(date(2026, 11, 30), 3, date(2027, 2, 28)), (date(2026, 1, 15), 6, date(2026, 7, 15))],
)
def test_a_review_falls_on_the_same_day_some_months_later(day, months, expected):
    assert months_later(day, months) == expected


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition("uses", "has_all_of", ["SAP", "Slack"]), "A company that uses **SAP and Slack**."),
        (Condition("active", "is_no"), "A company with **no active**."),
        (Condition("country", "is_any_of", ["Italy"]), "A company in **Italy**."),
        (Condition("industry", "is_any_of", ["IT"]), "An **IT** company."),
        (Condition("industry", "is_none_of", ["IT"]), "A company with **industry other than IT**."),
    ],
)
def test_conditions_read_as_english(condition, words):
    kinds = {"uses": "multi", "active": "yes_no", "country": "category", "industry": "category"}
    catalogue = {name: Attribute(name, name.capitalize(), kind) for name, kind in kinds.items()}

    assert sentence.statement(Segment((condition,)), catalogue) == words


def test_who_lines_are_limited_to_what_fits_the_page(facts):
    assert len(who(facts, ICP)) <= 8


def test_customers_who_bring_more_but_leave_more_often_are_said_to(facts):
    frame = facts.frame.copy()
    inside = (frame["industry"] == "Logistics") & (frame["sites"] >= 3)
    frame["churned"] = pd.array(np.where(inside, True, np.arange(len(frame)) % 5 == 0), dtype="boolean")
    other = facts_from_frame(
        frame, as_of=AS_OF, outcomes=["value_per_month", "ltv", "revenue", "churned", "tenure_months"]
    )

    warnings = draft(other, ICP).warnings

    assert any("They bring more, but they leave more often" in warning for warning in warnings)
    assert not any("leave more often" in warning for warning in draft(facts, ICP).warnings)


def test_nobody_is_said_to_leave_more_often_because_they_came_earlier():
    rng = np.random.default_rng(5)
    n = 2400
    old = rng.random(n) < 0.5
    rich = old & (rng.random(n) < 0.6)
    seen = np.where(old, rng.integers(40, 72, n), rng.integers(1, 14, n)).astype(float)
    life = rng.exponential(80, n)
    value = np.exp(rng.normal(4, 0.5, n)) * np.where(rich, 2.5, 1.0)
    frame = pd.DataFrame(
        {
            "plan": pd.Series(np.where(rich, "Gold", "Plain"), dtype="str"),
            "tenure_months": np.minimum(seen, life),
            "churned": pd.array(life < seen, dtype="boolean"),
            "value_per_month": value,
        }
    )
    facts = facts_from_frame(
        frame, as_of=date(2026, 1, 1), outcomes=["tenure_months", "churned", "value_per_month"]
    )
    gold = Segment((Condition("plan", "is_any_of", ["Gold"]),))

    written = draft(facts, gold)

    lost = next(f for f in written.figures if f.key == "churn")
    assert lost.better is False
    assert any("because they have been customers for longer" in words for words in written.warnings)
    assert not any("leave more often" in line.text for line in written.implications)


def test_without_an_icp_the_page_describes_everyone_and_compares_with_nobody():
    rng = np.random.default_rng(8)
    n = 500
    frame = pd.DataFrame(
        {
            "plan": pd.Series(rng.choice(["Gold", "Plain"], n), dtype="str"),
            "tenure_months": rng.integers(1, 40, n).astype(float),
            "churned": pd.array(rng.random(n) < 0.3, dtype="boolean"),
            "value_per_month": np.exp(rng.normal(4, 0.5, n)),
        }
    )
    facts = facts_from_frame(
        frame, as_of=date(2026, 1, 1), outcomes=["tenure_months", "churned", "value_per_month"]
    )

    written = draft(facts, Segment())

    assert written.statement.text == "All **500 customers**: no kind of customer is singled out."
    assert {f.key for f in written.figures} >= {"churn", "value_per_month"}
    assert written.lifts == [] and written.retention_others == []
    months = [p.month for p in written.retention_ideal]
    assert months[0] == 0 and len(months) > 20
    said = markdown(written)
    assert "| | everyone | n |" in said and "no clear difference" not in said


def test_recurring_revenue_that_is_the_value_a_month_is_told_once(facts):
    outcomes = ["value_per_month", "mrr", "ltv", "revenue", "churned", "tenure_months"]
    same = facts.frame.assign(mrr=facts.frame["value_per_month"] * 1.001)
    other = facts.frame.assign(mrr=facts.frame["value_per_month"] * 0.7)

    keys = [
        [f.key for f in draft(facts_from_frame(frame, as_of=AS_OF, outcomes=outcomes), ICP).figures]
        for frame in (same, other)
    ]

    assert "mrr" not in keys[0] and "value_per_month" in keys[0]
    assert {"mrr", "value_per_month"} <= set(keys[1])


def test_curves_that_do_not_differ_as_a_whole_are_not_called_longer(profile):
    clear = profile.model_copy(update={"retention_is_clear": True})

    assert profile.retention_is_clear is True
    assert clear.who_stays_longer == "ideal"
    assert clear.model_copy(update={"retention_is_clear": False}).who_stays_longer == ""


def test_what_is_charged_with_every_order_is_no_first_product(facts):
    inside = (facts.frame["industry"] == "Logistics") & (facts.frame["sites"] >= 3)
    frame = facts.frame.assign(first_product=np.where(inside, "POSTAGE", "Box"))
    bought = frame.assign(first_product=np.where(inside, "Postage scale", "Box"))

    said = [
        [s.text for s in draft(facts_from_frame(f, as_of=AS_OF, outcomes=["value_per_month"]), ICP).behaviour]
        for f in (frame, bought)
    ]

    assert not any("POSTAGE" in text for text in said[0])
    assert any(text.startswith("Buy Postage scale first") for text in said[1])


def test_a_few_weeks_of_data_are_called_first_hints(facts):
    since = pd.Timestamp(AS_OF) - pd.to_timedelta(np.arange(len(facts.frame)) % 20, unit="D")
    young = facts_from_frame(
        facts.frame.assign(customer_since=since), as_of=AS_OF, outcomes=["value_per_month"]
    )
    old = facts_from_frame(
        facts.frame.assign(customer_since=since - pd.DateOffset(years=1)),
        as_of=AS_OF,
        outcomes=["value_per_month"],
    )

    assert "The data cover 19 days only" in draft(young, ICP).warnings[0]
    assert not any("days only" in warning for warning in draft(old, ICP).warnings)
