"""A list goes in, the same list comes out, with scores that say why."""

import csv
import io
import json
import time
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from benchmarks.made_customers import made_facts
from icp_core.errors import IcpError
from icp_core.facts.catalogue import Attribute
from icp_core.profile.model import SCHEMA
from icp_core.prospects.comparable import pasted, prepare
from icp_core.prospects.fit import ADDED, fits, rank, score_prospects
from icp_core.prospects.mapping import match_columns
from icp_core.prospects.model import About, Refusal, Scorecard
from icp_core.prospects.relations import relations
from icp_core.prospects.score_file import score_file
from icp_core.prospects.scorecard import fit_scorecard
from icp_core.prospects.sheet import live_scores
from icp_core.segments.conditions import Condition, Segment
from icp_core.workspace import Workspace
from tests.core.prospects.telling import telling_facts

ICP = Segment(
    (Condition("industry", "is_any_of", ("Logistics",)), Condition("employees", "between", (50, 200)))
)
SMALL_RETAIL = Refusal(
    conditions=[
        Condition("industry", "is_any_of", ("Retail",)).to_dict(),
        Condition("employees", "less_than", 30).to_dict(),
    ],
    words="Small retailers",
    why="they leave",
)


@cache
def card() -> Scorecard:
    return fit_scorecard(telling_facts(600), ICP).model_copy(update={"refusals": [SMALL_RETAIL]})


@cache
def icp_json() -> str:
    return json.dumps(
        {"schema": SCHEMA, "criteria": ICP.to_dict()["conditions"], "scorecard": card().to_dict()}
    )


LIST = (
    "Company,Website,Industry,Number of Employees,Country,Remark\n"
    "Alpha Ltd,alpha.example,Logistics,120,UK,=HYPERLINK(1)\n"
    'Beta GmbH,beta.example,Retail,51-200,DE,"+49 30 1, ext"\n'
    "Gamma SA,gamma.example,,11-100,,-5\n"
    "Delta BV,delta.example,Retail,12,NL,@home\n"
)


def scored_file(tmp_path, text: str = LIST, icp: str | None = None, name: str = "leads.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with Workspace.in_memory() as workspace:
        content, summary = score_file(workspace, icp or icp_json(), path)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")))), summary, content


def test_every_row_column_and_order_of_the_list_stays(tmp_path):
    rows, summary, _ = scored_file(tmp_path)

    assert rows[0] == [*LIST.splitlines()[0].split(","), *ADDED]
    assert [row[:3] for row in rows[1:]] == [
        ["Alpha Ltd", "alpha.example", "Logistics"],
        ["Beta GmbH", "beta.example", "Retail"],
        ["Gamma SA", "gamma.example", ""],
        ["Delta BV", "delta.example", "Retail"],
    ]
    assert summary.startswith("4 of 4 rows scored")


def test_cells_that_look_like_formulas_stay_text(tmp_path):
    rows, _, _ = scored_file(tmp_path)

    assert [row[5] for row in rows[1:]] == ["'=HYPERLINK(1)", "'+49 30 1, ext", "-5", "'@home"]


def test_the_same_list_twice_gives_the_same_bytes(tmp_path):
    assert scored_file(tmp_path)[2] == scored_file(tmp_path)[2]


def test_a_list_scored_before_keeps_its_old_columns_and_gets_numbered_new_ones(tmp_path):
    first = scored_file(tmp_path)[2].decode("utf-8-sig")
    rows, _, _ = scored_file(tmp_path, first, name="again.csv")

    again = 6 + len(ADDED)
    assert rows[0][6:again] == list(ADDED)
    assert rows[0][again:] == [f"{name} (2)" for name in ADDED]
    assert [row[again] for row in rows[1:]] == [row[6] for row in rows[1:]]


def test_the_better_fit_scores_higher_and_a_refused_one_falls_to_d(tmp_path):
    rows, _, _ = scored_file(tmp_path)
    by_name = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}

    assert int(by_name["Alpha Ltd"]["fit_points"]) > int(by_name["Gamma SA"]["fit_points"])
    assert by_name["Alpha Ltd"]["tier"] == "A"
    assert by_name["Delta BV"]["tier"] == "D"
    assert by_name["Delta BV"]["disqualified_by"] == "Small retailers (they leave)"
    assert by_name["Beta GmbH"]["disqualified_by"] == ""
    assert "every criterion of the ICP" in by_name["Alpha Ltd"]["reasons"]
    assert by_name["Gamma SA"]["ask_next"] != ""


def test_an_icp_without_a_scorecard_is_scored_by_its_criteria(tmp_path):
    old = json.dumps({"schema": SCHEMA, "criteria": ICP.to_dict()["conditions"], "disqualifiers": []})
    rows, summary, _ = scored_file(tmp_path, icp=old)
    points = [int(row[6]) for row in rows[1:]]

    assert points[0] == 100 and points[3] == 0
    assert "its criteria" in summary


@pytest.mark.parametrize(
    "text, says",
    [
        ("not json", "not readable JSON"),
        ("[]", "holds no ICP"),
        ('{"a": 1}', "not an ICP of this program"),
        (json.dumps({"schema": SCHEMA, "criteria": []}), "no criteria"),
    ],
)
def test_a_file_that_is_no_icp_is_told(tmp_path, text, says):
    with pytest.raises(IcpError, match=says):
        scored_file(tmp_path, icp=text)


def test_a_missing_list_is_told(tmp_path):
    with Workspace.in_memory() as workspace, pytest.raises(IcpError, match="There is no file"):
        score_file(workspace, icp_json(), tmp_path / "none.csv")


def test_own_columns_are_found_by_their_heading_whatever_stands_before_it():
    about = {
        "number_of_sites": About(label="Number of sites", kind="number"),
        "planning": About(label="Dispatch planning today", kind="category", known=["Whiteboard", "Paper"]),
        "logo_colour": About(label="Logo colour", kind="category", known=["Red", "Blue"]),
    }
    frame = pd.DataFrame({"a": [1.0, 3.0], "b": ["Paper", "Whiteboard"], "c": ["x", "y"]})
    labels = {
        "a": "Organization - Number of locations (sites)",
        "b": "Organization - Planning",
        "c": "Organization - Notes",
    }

    found = {m.attribute: m for m in match_columns(frame, about, labels)}

    assert found["number_of_sites"].column == "a" and found["number_of_sites"].taken
    assert found["planning"].column == "b" and found["planning"].taken
    assert found["logo_colour"].column is None


def test_the_users_word_on_a_column_wins():
    about = {"sites": About(label="Sites", kind="number")}
    frame = pd.DataFrame({"sites": [1.0], "branches": [9.0]})
    labels = {"sites": "Sites", "branches": "Branches"}

    said = match_columns(frame, about, labels, {"sites": "branches"})[0]
    none = match_columns(frame, about, labels, {"sites": None})[0]

    assert (said.column, said.by_hand) == ("branches", True)
    assert none.column is None and none.taken


def test_two_lists_that_call_the_same_thing_differently_keep_both_answers():
    """The heading that is the attribute's own must not take the rows of the list that calls it otherwise."""
    facts = telling_facts(600)
    sites = facts.frame.assign(number_of_sites=np.arange(600) % 7 + 1.0)
    about = Attribute("number_of_sites", "Number of sites", "number", known_before=True)
    known = replace(facts, frame=sites, catalogue=facts.catalogue | {"number_of_sites": about}, _memory={})
    judged = fit_scorecard(known, Segment((Condition("number_of_sites", "at_least", 3),)))
    frame = pd.DataFrame(
        {
            "import_id": [1, 1, 2, 2],
            "number_of_sites": [np.nan, np.nan, 5.0, 1.0],
            "organization_number_of_sites": [4.0, 2.0, np.nan, np.nan],
        }
    )
    labels = {
        "number_of_sites": "Number of sites",
        "organization_number_of_sites": "Organization - Number of sites",
    }

    both = prepare(frame, judged, labels=labels)
    told = prepare(frame, judged, labels=labels, said={"number_of_sites": "organization_number_of_sites"})

    assert fits(judged, both).tolist() == fits(judged, told).tolist() == [True, False, True, False]
    shown = next(m for m in both.matches if m.attribute == "number_of_sites")
    assert shown.label == "Organization - Number of sites / Number of sites"


def test_answers_of_several_lists_are_joined_row_by_row():
    frame = pd.DataFrame(
        {
            "import_id": [1, 2, 1, 2],
            "industry": ["Logistics", "Retail", None, "logistics"],
            "employees": [100.0, np.nan, 20.0, np.nan],
            "employee_band": [None, "51–200", None, None],
        }
    )

    together = score_prospects(frame, card())
    apart = [score_prospects(frame[frame["import_id"] == i], card()) for i in (1, 2)]

    columns = ["fit_points", "low", "high", "reasons", "ask_next"]
    for i, alone in zip((1, 2), apart, strict=True):
        assert (
            together[(frame["import_id"] == i).to_numpy()][columns].values.tolist()
            == alone[columns].values.tolist()
        )


def test_customers_and_repeats_on_the_list_are_told_apart():
    frame = pd.DataFrame(
        {
            "account_name": ["Alpha Limited", "Beta", "Gamma", "beta gmbh", "Alpha"],
            "domain": [
                "https://www.alpha.example/x",
                "beta.example",
                None,
                "www.beta.example",
                "other.example",
            ],
            "country": ["UK", "DE", "FR", "DE", "UK"],
        }
    )
    customers = pd.DataFrame(
        {
            "customer_name": ["ALPHA Ltd", "Gamma SARL"],
            "domain": ["alpha.example", None],
            "country": ["UK", "France"],
        }
    )
    found = relations(frame, customers)

    assert found.is_customer.tolist() == [True, False, True, False, False]
    assert found.customer[0] == "ALPHA Ltd"
    assert found.is_duplicate.tolist() == [False, False, False, True, False]


def test_a_pasted_row_is_read_by_its_headings():
    frame, labels = pasted("Company\tIndustry\tNumber of Employees\tSites\nNorthwind\tLogistics\t120\t4")

    assert frame.iloc[0].to_dict() == {
        "account_name": "Northwind", "industry": "Logistics", "employees": "120", "sites": "4",
    }  # fmt: skip
    assert labels == {"sites": "Sites"}
    assert (
        score_prospects(prepare(frame, card(), labels=labels), card())["fit_points"][0]
        >= card().thresholds["A"]
    )


def test_a_single_pasted_line_asks_for_the_headings():
    with pytest.raises(IcpError, match="two lines"):
        pasted("Northwind\tLogistics")


def test_only_those_who_meet_every_criterion_for_sure_count_for_the_market():
    frame = pd.DataFrame(
        {"industry": ["Logistics", "Logistics", "Retail"], "employees": [100.0, None, 100.0]}
    )

    assert fits(card(), prepare(frame, card())).tolist() == [True, False, False]


def test_the_live_sheet_gives_the_same_points():
    frame = pd.DataFrame({"industry": ["Logistics", "Retail", None], "employees": [100.0, 5.0, None]})
    ready = prepare(frame, card())
    live = live_scores(card(), ready, ["a", "b", "c"])
    expected = dict(zip("abc", score_prospects(ready, card())["fit_points"], strict=True))

    assert sum(live.weights) == pytest.approx(100)
    assert [item.label for item in live.answers] == list(live.labels)
    told = {
        name: [item.answers[int(a)][0] if a >= 0 else "" for item, a in zip(live.answers, row, strict=True)]
        for name, row in zip(live.names, live.met, strict=True)
    }
    assert "Logistics" in told["a"] and "Retail" in told["b"] and set(told["c"]) == {""}
    assert list(live.names) == sorted(expected, key=lambda name: -expected[name])


def test_a_range_across_an_edge_is_named_as_it_stands_on_the_list():
    frame = pd.DataFrame({"industry": ["Logistics"], "employee_band": ["11–100"]})
    settled = fit_scorecard(made_facts(600), ICP).with_weights({"employees": 60.0})

    said = score_prospects(frame, settled)

    assert "Employees 11–100 (" in said["reasons"][0]
    assert said["known_attributes"][0].startswith("1 of ")


@pytest.mark.soak
def test_a_hundred_thousand_prospects_are_scored_in_three_seconds_and_reranked_at_once():
    rng = np.random.default_rng(0)
    n = 100_000
    frame = pd.DataFrame(
        {
            "account_name": [f"Firm {i} GmbH" for i in range(n)],
            "domain": [f"firm{i}.example" for i in range(n)],
            "industry": rng.choice(np.array(["Logistics", "Retail", "SaaS", None], dtype=object), n),
            "employees": rng.integers(1, 3000, n).astype(float),
            "country": rng.choice(np.array(["US", "UK", "DE"], dtype=object), n),
        }
    )
    start = time.process_time()
    ready = prepare(frame, card())
    score_prospects(ready, card())
    scored = time.process_time()
    rank(ready, card().with_weights({"employees": 60.0}))

    assert scored - start < 3.0
    assert time.process_time() - scored < 0.15
