"""Nobody is refused on a guess, and nobody's open refusal is silent."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from icp_core.prospects.comparable import prepare
from icp_core.prospects.encode import score
from icp_core.prospects.fit import score_prospects
from icp_core.prospects.model import Refusal, Scorecard
from icp_core.prospects.questions import asked_about, questions
from icp_core.prospects.refusals import likely_refused, open_to_refusal, refused
from icp_core.prospects.score_file import score_file
from icp_core.prospects.scorecard import fit_scorecard
from icp_core.segments.conditions import Condition, Segment
from icp_core.workspace import Workspace
from tests.core.prospects.telling import telling_facts
from tests.core.prospects.test_fit import icp_json
from tests.core.prospects.test_scorecard import PHASES, frame_of, prospects

ICP = Segment(
    (Condition("industry", "is_any_of", ("Logistics",)), Condition("employees", "between", (50, 200)))
)
TINY_EVENT = Refusal(
    conditions=[
        Condition("employees", "at_most", 19).to_dict(),
        Condition("lead_source", "is_any_of", ("Event",)).to_dict(),
    ],
    words="Employees at most 19 and Lead source is Event",
    why="they leave",
)
FAR = Refusal(conditions=[Condition("country", "is_any_of", ("Chile",)).to_dict()], words="Country is Chile")


@cache
def card() -> Scorecard:
    return fit_scorecard(telling_facts(600), ICP)


def with_refusals(*refusals: Refusal) -> Scorecard:
    return card().model_copy(update={"refusals": list(refusals)})


def one(card: Scorecard, **known) -> pd.Series:
    return score_prospects(pd.DataFrame([known]), card).iloc[0]


def test_a_band_across_the_edge_of_a_disqualifier_says_so_and_asks():
    found = one(with_refusals(TINY_EVENT), industry="Logistics", employee_band="2–50", lead_source="Event")

    assert found["disqualified_by"] == ""
    assert found["may_be_refused"] == (
        "May be refused: Employees at most 19 and Lead source is Event (they leave). Ask: Employees?"
    )
    assert found["ask_next"].startswith("Employees? Best: 50–200; refused if at most 19 (moves the score")


def test_a_band_nearly_within_a_disqualifier_is_likely_refused_but_keeps_its_tier():
    judged = with_refusals(TINY_EVENT)
    near = one(judged, industry="Logistics", employee_band="12–20", lead_source="Event")
    free = one(card(), industry="Logistics", employee_band="12–20", lead_source="Event")

    assert near["may_be_refused"].startswith("Likely refused: Employees at most 19")
    assert near["tier"] == free["tier"] and near["fit_points"] == free["fit_points"]
    assert near["ask_next"].startswith("Employees? Refused if at most 19")


def test_of_two_missing_answers_both_are_asked_and_nothing_is_likely():
    found = one(with_refusals(TINY_EVENT), industry="Logistics")

    assert found["may_be_refused"].startswith("May be refused: ")
    assert found["may_be_refused"].endswith("Ask: Employees? Lead source?")


def test_what_is_refused_already_or_escapes_for_sure_is_not_open():
    judged = with_refusals(TINY_EVENT, FAR)
    refused_by_country = one(judged, employee_band="2–20", lead_source="Event", country="Chile")
    escapes = one(judged, employee_band="2–20", lead_source="Inbound", country="UK")

    assert refused_by_country["disqualified_by"] == "Country is Chile"
    assert refused_by_country["may_be_refused"] == "" and escapes["may_be_refused"] == ""
    assert "refused if" not in refused_by_country["ask_next"].casefold()


def test_an_answer_that_only_refuses_is_asked_where_it_is_worth_more_than_points():
    judged = with_refusals(
        Refusal(conditions=[Condition("tech_stack", "has_any_of", ("SAP",)).to_dict()], words="Uses SAP")
    )
    judged.about.setdefault(
        "tech_stack", judged.about["industry"].model_copy(update={"label": "Tech stack", "kind": "multi"})
    )
    best = {"industry": "Logistics", "employees": 120.0, "country": "UK", "lead_source": "Inbound"}
    ready = prepare(pd.DataFrame([best]), judged)

    first = questions(ready, judged, score(judged, ready.encoded))[0]

    assert "tech_stack" in asked_about(judged)
    assert first.text.startswith("Tech stack?") and first.refused_if == "refused if includes SAP"
    assert first.words.startswith("Tech stack? Refused if includes SAP (moves the score by up to ")


@given(row=prospects, filling=prospects)
@settings(phases=PHASES, max_examples=60, deadline=None)
def test_no_answer_contradicts_what_was_said_of_a_refusal(row, filling):
    """Sure stays sure; what can change is announced, with the question that changes it."""
    judged = with_refusals(TINY_EVENT, FAR)
    filled = {name: filling[name] if value is None else value for name, value in row.items()}
    before, after = (prepare(frame_of([r]), judged).held for r in (row, filled))

    for old, new in zip(before, after, strict=True):
        if old.verdict[0] >= 0:
            assert new.verdict[0] == old.verdict[0]
        elif new.verdict[0] >= 0:
            asked = {name for name, missing in old.asks.items() if missing[0]}
            changed = {name for name in row if row[name] is None and filled[name] is not None}
            assert asked & changed
    assert bool(open_to_refusal(before, 1)[0]) == (
        not refused(before, 1)[0] and any(h.verdict[0] == -1 for h in before)
    )
    assert not likely_refused(before, 1)[0] or open_to_refusal(before, 1)[0]


@pytest.mark.parametrize(
    "band, likely",
    [("2–20", True), ("2-20", True), ("2–50", False), ("1–18", None), ("21–50", None), ("20+", None)],
)
def test_likely_needs_a_range_that_lies_nearly_within(band, likely):
    """None = not open at all: within for sure, or outside for sure."""
    ready = prepare(
        pd.DataFrame([{"employee_band": band, "lead_source": "Event"}]), with_refusals(TINY_EVENT)
    )

    assert open_to_refusal(ready.held, 1)[0] == (likely is not None)
    assert likely_refused(ready.held, 1)[0] == bool(likely)


def test_the_command_line_counts_those_who_may_be_refused(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text(
        "Company,Website,Industry,Number of Employees\n"
        "Alpha,alpha.example,Retail,12\n"
        "Beta,beta.example,Retail,20-40\n"
        "Gamma,gamma.example,Retail,25-30\n"
        "Delta,delta.example,Retail,100\n"
    )
    with Workspace.in_memory() as workspace:
        _, summary = score_file(workspace, icp_json(), path)

    assert "1 are refused, 2 more may be (1 likely)." in summary


def test_a_long_list_is_told_in_words_once_per_kind():
    rng = np.random.default_rng(0)
    n = 5_000
    frame = pd.DataFrame(
        {
            "employee_band": rng.choice(np.array(["2–20", "1–18", None], dtype=object), n),
            "lead_source": rng.choice(np.array(["Event", "Inbound", None], dtype=object), n),
        }
    )
    scored = score_prospects(frame, with_refusals(TINY_EVENT))

    for i in rng.choice(n, 40, replace=False).tolist():
        assert (
            scored["may_be_refused"][i]
            == one(with_refusals(TINY_EVENT), **frame.iloc[i].to_dict())["may_be_refused"]
        )
    assert set(scored["may_be_refused"]) == {
        "",
        "Likely refused: Employees at most 19 and Lead source is Event (they leave). Ask: Employees?",
        "May be refused: Employees at most 19 and Lead source is Event (they leave). Ask: Employees?",
        "May be refused: Employees at most 19 and Lead source is Event (they leave). Ask: Lead source?",
        "May be refused: Employees at most 19 and Lead source is Event (they leave). Ask: Employees? Lead source?",
    }
