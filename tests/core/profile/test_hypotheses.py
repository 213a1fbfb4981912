"""What the business plan expects comes out confirmed, refuted or open, by counts and nothing else."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from icp_core.errors import IcpError
from icp_core.facts.catalogue import describe_column, facts_from_frame
from icp_core.profile.hypotheses import check, enter, entered, forget, marked
from icp_core.profile.model import Evidence, Hypothesis, Job, Meta, Pain, Profile, Statement
from icp_core.segments.conditions import Condition, Segment
from icp_core.voice import research_kit
from icp_core.workspace import Workspace


@pytest.fixture(scope="module")
def facts():
    """800 customers; those with three sites are good thrice as often, the colour is noise, 4 use a rare tool."""
    rng = np.random.default_rng(3)
    n = 800
    sites = rng.integers(1, 5, n).astype(float)
    good = rng.random(n) < np.where(sites >= 3, 0.45, 0.15)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "sites": sites,
            "colour": rng.choice(["red", "blue"], n),
            "tool": ["Rare"] * 4 + ["Usual"] * (n - 4),
            "value_per_month": np.where(good, 300.0, 100.0) + rng.random(n),
        }
    )
    return facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["value_per_month"])


def one(facts, attribute, operator, value):
    return check([Hypothesis(text="x", segment=Segment((Condition(attribute, operator, value),)))], facts)[0]


def test_a_condition_that_marks_good_customers_is_confirmed(facts):
    found = one(facts, "sites", "at_least", 3)

    assert found.status == "confirmed"
    assert found.evidence.low > 1.5 and found.evidence.n == int((facts.frame["sites"] >= 3).sum())
    assert "are good customers" in found.words


def test_a_condition_that_marks_the_worse_ones_is_refuted(facts):
    assert one(facts, "sites", "at_most", 2).status == "refuted"


def test_too_few_customers_leave_a_hypothesis_open(facts):
    found = one(facts, "tool", "is_any_of", ["Rare"])

    assert found.status == "open" and found.evidence.verdict == "Too few to say"


def test_an_attribute_that_is_not_loaded_leaves_it_open(facts):
    found = one(facts, "planet", "is_any_of", ["Mars"])

    assert found.status == "open" and "planet" in found.words and found.is_assumption


def codes(n_say, n_other):
    rows = [("They merge one spreadsheet per site by hand", i) for i in range(n_say)]
    rows += [
        (f"Invoices arrive late number {'abcdefghijklmnopqrstuvwxyz'[i % 26] * 4}", 1_000 + i)
        for i in range(n_other)
    ]
    return pd.DataFrame(
        {
            "sentence_id": [f"s{i}" for i in range(len(rows))],
            "customer_id": [f"c{c}" for _, c in rows],
            "speaker": None,
            "verbatim_id": [f"v{i}" for i in range(len(rows))],
            "source": "Interviews",
            "sentence": [text for text, _ in rows],
            "code": "pain",
            "status": "suggested",
        }
    )


@pytest.mark.parametrize(
    ("n_say", "n_other", "status"), [(7, 5, "confirmed"), (2, 10, "open"), (0, 45, "refuted"), (0, 5, "open")]
)
def test_words_confirm_by_six_customers_and_refute_only_when_many_say_otherwise(
    facts, n_say, n_other, status
):
    expected = [Hypothesis(text="Merging spreadsheets of every site by hand", section="pains")]

    found = check(expected, facts, codes=codes(n_say, n_other))[0]

    assert found.status == status
    assert f"{n_say} of {n_say + n_other} customers" in found.words


def test_a_survey_that_asked_goes_before_what_was_said_by_chance(facts):
    label = (
        next(q.text for q in research_kit.survey() if getattr(q, "section", "") == "pains")
        if any(getattr(q, "section", "") for q in research_kit.survey())
        else "pains"
    )
    answers = pd.DataFrame({"pains": ["Late invoices"] * 30 + ["Merging spreadsheets"] * 2})
    questions = [describe_column(answers["pains"], "pains", label=label, known_before=False)]

    found = check(
        [
            Hypothesis(text="Late invoices", section="pains"),
            Hypothesis(text="Merging spreadsheets", section="pains"),
        ],
        facts,
        codes=codes(9, 0),
        responses=answers,
        questions=questions,
    )

    assert [f.status for f in found] == ["confirmed", "refuted"]
    assert found[0].words == "30 of 32 chose it."


def test_hypotheses_are_kept_once_and_can_be_taken_back():
    workspace = Workspace.in_memory()
    sites = Segment((Condition("sites", "at_least", 3),))

    enter(workspace, "They run  three sites", segment=sites)
    again = enter(workspace, "They run three sites", segment=sites)
    other = enter(workspace, "Price decides", section="buying_criteria")

    assert [h.text for h in entered(workspace)] == ["They run three sites", "Price decides"]
    assert entered(workspace)[0].segment == sites
    forget(workspace, again.key)
    assert [h.key for h in entered(workspace)] == [other.key]
    with pytest.raises(IcpError, match="one sentence"):
        enter(workspace, "  ")


def lines_and_answers():
    """A profile that expects three pains and one job, and a survey of 40: 30 of ideal customers, 10 of others."""
    profile = Profile(
        meta=Meta(as_of=date(2026, 1, 1)),
        statement=Statement(text="x"),
        pains=[
            Pain(text="Late invoices"),
            Pain(text="Too many clicks", evidence=Evidence(n=4, method="Said so.")),
            Pain(text="No night shift"),
        ],
        jobs=[Job(text="Sleep well")],
    )
    chosen = [["Late invoices"]] * 15 + [["Late invoices", "Too many clicks"]] * 5 + [["None of these"]] * 20
    answers = pd.DataFrame({"customer_id": [f"c{i}" for i in range(40)], "pains": chosen})
    return profile, answers, {f"c{i}" for i in range(30)}


def test_a_survey_marks_the_lines_of_the_profile_by_what_ideal_customers_chose():
    profile, answers, ideal = lines_and_answers()

    found = marked(profile, answers, (), ideal)

    assert [(p.status, p.asked.n, p.asked.of) for p in found.pains] == [
        ("confirmed", 20, 30),
        ("open", 5, 30),
        ("refuted", 0, 30),
    ]
    assumption, heard, _ = found.pains
    assert not assumption.is_assumption and "ideal customers" in assumption.evidence.method
    assert heard.evidence.method == "Said so."
    assert found.jobs == profile.jobs


def test_answers_without_names_count_where_no_ideal_customer_was_asked():
    profile, answers, _ = lines_and_answers()

    found = marked(profile, answers, (), {"another"})

    assert (found.pains[0].asked.n, found.pains[0].asked.of) == (20, 40)
    assert "all people asked" in found.pains[0].evidence.method


def test_marks_go_when_the_answers_are_taken_back():
    profile, answers, ideal = lines_and_answers()

    again = marked(marked(profile, answers, (), ideal), answers.iloc[:0], (), ideal)

    assert again == profile
