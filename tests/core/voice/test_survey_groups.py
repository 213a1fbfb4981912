"""Answers fall into the groups that were planted, and shuffled answers into none."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from icp_core.facts.catalogue import describe_column, facts_from_frame
from icp_core.voice.survey_groups import survey_groups


def survey(n=240, planted=True, seed=1):
    """Two kinds: planners tick plans and rate ease high, accountants tick invoices and rate it low."""
    rng = np.random.default_rng(seed)
    planner = rng.random(n) < 0.5
    if not planted:
        kind = [rng.random(n) < 0.5 for _ in range(3)]
    else:
        kind = [planner] * 3
    ticks = [
        [a for a, p in zip(("Plans", "Crews", "Invoices", "Taxes"), ps, strict=True) if rng.random() < p]
        or ["Other"]
        for ps in np.where(kind[0][:, None], [0.85, 0.7, 0.1, 0.1], [0.1, 0.15, 0.85, 0.7])
    ]
    role = np.where(rng.random(n) < np.where(kind[1], 0.85, 0.15), "Planner", "Accountant")
    ease = np.clip(np.round(rng.normal(np.where(kind[2], 5.5, 3.0), 0.9)), 1, 7)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "q1": pd.Series(ticks, dtype=object),
            "q2": role,
            "q3": ease,
        }
    )
    questions = [
        describe_column(frame["q1"], "q1", label="What matters?", kind="multi", known_before=False),
        describe_column(frame["q2"], "q2", label="Your role?", kind="category", known_before=False),
        describe_column(frame["q3"], "q3", label="Ease of use", kind="number", known_before=False),
    ]
    value = np.where(planner, 300.0, 100.0) * rng.lognormal(0, 0.3, n)
    known = pd.DataFrame(
        {
            "customer_id": frame["customer_id"],
            "value_per_month": value,
            "churned": pd.array(rng.random(n) < np.where(planner, 0.05, 0.4), dtype="boolean"),
        }
    )
    facts = facts_from_frame(known, as_of=date(2026, 1, 1), outcomes=["value_per_month", "churned"])
    return frame, questions, facts, planner


def test_planted_groups_are_found_named_and_crossed_with_value_and_churn():
    frame, questions, facts, planner = survey()

    found = survey_groups(frame, questions, facts)

    assert len(found.groups) == 2 and found.stability > 0.9
    by_name = {g.name: g for g in found.groups}
    plans = next(g for name, g in by_name.items() if "Plan" in name or "Crews" in name or "Planner" in name)
    money = next(g for g in found.groups if g is not plans)
    assert plans.value > 2 * money.value and plans.churn < money.churn
    assert plans.verdict == "Likely"
    assert any(t.is_scale and t.words == "Ease of use" and t.inside > 5 for t in plans.traits)
    right = (found.members["group"] == plans.name).to_numpy() == planner[found.members["row"]]
    assert right.mean() > 0.95


@pytest.mark.parametrize("seed", range(4))
def test_answers_without_groups_give_none(seed):
    frame, questions, facts, _ = survey(planted=False, seed=seed)

    found = survey_groups(frame, questions, facts)

    assert found.groups == () and "no separate groups" in found.message


def test_the_same_answers_give_the_same_groups():
    frame, questions, facts, _ = survey()

    first, second = survey_groups(frame, questions, facts), survey_groups(frame, questions, facts)

    assert first.groups == second.groups and first.members.equals(second.members)


def test_too_few_answers_say_how_many_are_needed():
    frame, questions, facts, _ = survey(n=40)

    found = survey_groups(frame, questions, facts)

    assert found.groups == () and found.message == "40 answers are too few for groups; about 60 are needed."


def yes_and_no(n=200, seed=3, labels=None):
    """Two kinds who differ in three yes/no questions, of which the answers alone say nothing."""
    rng = np.random.default_rng(seed)
    fan = rng.random(n) < 0.5
    labels = labels or {
        "seen": "Have you seen any of the films?",
        "fan": "Do you consider yourself a fan?",
        "books": "Please tell us which of these you know, if any, of all that was written - The books",
    }
    frame = pd.DataFrame({"customer_id": [f"c{i}" for i in range(n)]})
    for name in labels:
        frame[name] = np.where(rng.random(n) < np.where(fan, 0.9, 0.1), "Yes", "No")
    questions = [
        describe_column(frame[name], name, label=label, kind="category", known_before=False)
        for name, label in labels.items()
    ]
    return frame, questions


def test_an_answer_that_says_nothing_alone_brings_its_question_along():
    found = survey_groups(*yes_and_no())

    said = {t.words for group in found.groups for t in group.traits}
    assert said >= {
        "Have you seen any of the films: Yes",
        "Do you consider yourself a fan: No",
        "The books: Yes",
    }
    assert "Yes" not in said and "No" not in said
    names = [group.name for group in found.groups]
    assert len(set(names)) == len(names) == 2 and all(": Yes" in name or ": No" in name for name in names)


def test_long_questions_that_begin_alike_are_told_apart():
    begin = "Do you consider yourself to be somebody who is a great friend of the"
    labels = {"sea": f"{begin} sea?", "hills": f"{begin} hills?", "city": "Do you live in a city?"}

    found = survey_groups(*yes_and_no(labels=labels))

    said = [t.words for group in found.groups for t in group.traits]
    assert {words.rpartition(": ")[0][-5:] for words in said} == {"e sea", "hills", " city"}
    assert all(len(set(t.words for t in g.traits)) == len(g.traits) for g in found.groups)


def test_the_work_says_how_far_it_is_and_can_be_stopped():
    told = []
    survey_groups(*yes_and_no(), tell=lambda share, what: told.append((share, what)))
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert {"groups" in what or "shuffled" in what for _, what in told} == {True}

    class StopError(Exception):
        """What the page raises when somebody presses Stop."""

    def stop(share, what):
        if share > 0.3:
            raise StopError

    with pytest.raises(StopError):
        survey_groups(*yes_and_no(), tell=stop)
