"""Research kit: whom to ask what, how many, and what the answers say about the hypotheses."""

import io
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from docx import Document as Word

from icp_core.export.crm import csv_bytes
from icp_core.facts.catalogue import facts_from_frame
from icp_core.profile.model import BuyingRole, Evidence, Job, Meta, Pain, Profile, Share, Statement, Trigger
from icp_core.voice import research_kit as R


@pytest.fixture
def profile():
    return Profile(
        meta=Meta(as_of=date(2026, 1, 1)),
        statement=Statement(text="Logistics firms"),
        jobs=[Job(text="Plan all sites at once")],
        pains=[
            Pain(text="Hours typed twice", evidence=Evidence(n=5)),
            Pain(text="Missed shifts"),
            Pain(text="Old", hidden=True),
        ],
        triggers=[Trigger(text="Second branch opened")],
        channels=[Share(text="Trade association, regional meeting")],
    )


def test_hypotheses_are_the_shown_lines_with_assumptions_first(profile):
    found = R.hypotheses(profile)

    assert [h.text for h in found if h.section == "pains"] == ["Missed shifts", "Hours typed twice"]
    assert "Old" not in {h.text for h in found}


def test_survey_options_are_the_hypotheses_and_can_be_refuted(profile):
    questions = {question.name: question for question in R.survey(profile, offer="Tidelane")}

    assert questions["pains"].options == (
        "Missed shifts",
        "Hours typed twice",
        "Something else",
        "None of these",
    )
    assert "Tidelane" in questions["nps"].text and "objections" not in questions


def test_guide_and_survey_download_as_word_markdown_and_csv(profile):
    guide = R.interview_guide(profile, offer="Tidelane")
    survey = R.survey(profile)

    paragraphs = Word(io.BytesIO(guide.docx())).paragraphs
    text = "\n".join(p.text for p in paragraphs)
    ticks = [p for p in paragraphs if p.text.startswith("☐")]
    assert ticks and all(p.style.name == "Normal" for p in ticks)
    sheet = csv_bytes(R.survey_table(survey)).decode("utf-8-sig")

    assert "How did you first hear of Tidelane?" in text and "☐ Missed shifts" in text
    assert "- [ ] Missed shifts" in guide.markdown() and guide.markdown().startswith("# Interview guide")
    assert "multiple choice (several answers),Missed shifts" in sheet
    assert "Missed shifts" in R.survey_document(survey).markdown()


def test_words_of_customers_do_not_become_links_or_formulas(profile):
    profile.pains = [Pain(text="=HYPERLINK(1)"), Pain(text="![x](http://a.b)\x00")]

    sheet = csv_bytes(R.survey_table(R.survey(profile))).decode("utf-8-sig")
    guide = R.interview_guide(profile)

    assert ",'=HYPERLINK(1)" in sheet
    assert "![x]" not in guide.markdown()
    assert guide.docx()


def test_sample_size_matches_the_textbook():
    # Cochran 1977: 385 for ±5 points in a large population, 278 of 1,000, 80 of 100.
    assert R.sample_plan(10**9).answers == 385
    assert R.sample_plan(1000).answers == 278
    assert R.sample_plan(100).answers == 80


def test_too_few_customers_are_said_to_be_too_few():
    plan = R.sample_plan(200, response_rate=0.3)

    assert not plan.reachable and plan.invitations == 200 and plan.best_margin > 0.05
    assert "asking everybody" in plan.words


def test_list_to_ask_is_balanced_over_groups_and_segment():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i:03}" for i in range(200)],
            "ltv": rng.lognormal(7, 1, 200),
            "churned": pd.array(rng.random(200) < 0.25, dtype="boolean"),
        }
    )
    facts = facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["ltv", "churned"])
    inside = rng.random(200) < 0.4

    people = R.whom_to_ask(facts, inside, n=30, leave_out=["c000"])

    assert people["group"].value_counts().to_dict() == {"best": 10, "average": 10, "lost": 10}
    assert people.groupby("group")["in_segment"].mean().between(0.4, 0.6).all()
    assert people.loc[people["group"] == "lost", "churned"].all()
    assert (
        people.loc[people["group"] == "best", "value"].min()
        > people.loc[people["group"] == "average", "value"].max()
    )
    assert people["customer_id"].is_unique and "c000" not in set(people["customer_id"])
    assert people.equals(R.whom_to_ask(facts, inside, n=30, leave_out=["c000"]))


def test_a_line_after_a_list_is_a_paragraph_of_its_own_in_markdown(profile):
    written = R.interview_guide(profile).markdown()

    assert "\n\nListen for (do not read out):\n\n- [ ] " in written
    assert "\n\n\n" not in written


def test_answers_confirm_refute_or_leave_open(profile):
    pains = [["Missed shifts"]] * 30 + [["Missed shifts", "Something else"]] * 10 + [["None of these"]] * 19
    pains += [["Hours typed twice"]]
    responses = pd.DataFrame(
        {"pains": pains, "how": ["Trade association, regional meeting"] * 20 + [None] * 40}
    )

    table = R.check_hypotheses(R.hypotheses(profile), responses).set_index("text")

    assert table.loc["Missed shifts", ["status", "n", "n_asked"]].tolist() == ["confirmed", 40, 60]
    assert table.loc["Hours typed twice", "status"] == "refuted"
    assert table.loc["Trade association, regional meeting", ["status", "n", "n_asked"]].tolist() == [
        "confirmed",
        20,
        20,
    ]
    assert table.loc["Second branch opened", ["status", "words"]].tolist() == ["open", "not asked yet"]


def test_of_several_answers_of_one_customer_the_last_one_counts(profile):
    responses = pd.DataFrame(
        {
            "customer_id": ["A", "B", "A", "B", None, None],
            "answered_on": pd.to_datetime(
                ["2026-02-01", "2026-01-01", "2026-01-01", "2026-03-01", "2026-01-01", "2026-01-01"]
            ),
            "pains": [
                ["Missed shifts"], ["Missed shifts"], ["Hours typed twice"], None, ["Missed shifts"], ["Hours typed twice"],
            ],
        }
    )  # fmt: skip

    table = R.check_hypotheses(R.hypotheses(profile), responses).set_index("text")

    # A's newer answer, the only one of B (an empty cell is no answer), and both of whom nobody knows.
    assert table.loc["Missed shifts", ["n", "n_asked"]].tolist() == [3, 4]
    assert table.loc["Hours typed twice", ["n", "n_asked"]].tolist() == [1, 4]


def test_a_role_with_a_stroke_is_found_however_the_cell_was_parted():
    team = SimpleNamespace(
        buying_roles=[BuyingRole(text="", role=r) for r in ("Director / owner", "Planner")]
    )
    chosen = [["Planner;Director", "owner"]] * 12 + [["Director", "owner"]] * 8 + [["None of these"]] * 10

    table = R.check_hypotheses(
        [R.hypothesis("buying_roles", role) for role in team.buying_roles],
        pd.DataFrame({"buying_roles": chosen}),
    ).set_index("text")

    assert table["n"].to_dict() == {"Director / owner": 20, "Planner": 12}


def test_a_line_heard_after_the_survey_is_not_refuted_by_it():
    heard = SimpleNamespace(
        pains=[Pain(text="Slow on Mondays", evidence=Evidence(n=3)), Pain(text="A guess")]
    )
    answers = pd.DataFrame({"pains": [["Something else"]] * 40})

    table = R.check_hypotheses(R.hypotheses(heard), answers).set_index("text")

    assert table.loc["Slow on Mondays", ["status", "n_asked"]].tolist() == ["open", 0]
    assert table.loc["A guess", ["status", "n_asked"]].tolist() == ["refuted", 40]


def test_a_few_answers_leave_every_hypothesis_open(profile):
    responses = pd.DataFrame({"pains": [["Missed shifts"]] * 9})

    assert set(R.check_hypotheses(R.hypotheses(profile), responses)["status"]) == {"open"}


def test_a_line_that_names_a_small_share_does_not_fall_because_few_choose_it():
    named = SimpleNamespace(channels=[Share(text="Referrals", share=0.16), Share(text="Fairs", share=0.5)])
    answers = pd.DataFrame({"channels": ["Referrals"] * 14 + ["Fairs"] * 12 + ["None of these"] * 74})

    table = R.check_hypotheses(R.hypotheses(named), answers).set_index("text")

    assert table["status"].to_dict() == {"Referrals": "confirmed", "Fairs": "refuted"}


def test_an_answer_is_not_found_inside_a_longer_one(profile):
    responses = pd.DataFrame({"pains": ["Missed shifts at night; Other"] * 20})

    table = R.check_hypotheses(R.hypotheses(profile), responses).set_index("text")

    assert table.loc["Missed shifts", "n"] == 0


def test_what_customers_are_asked_does_not_tell_our_figures():
    lost = SimpleNamespace(
        objections=[
            Statement(text="Price too high (20 % of lost deals)"),
            Statement(text="Too small for us."),
        ]
    )
    survey = {question.name: question for question in R.survey(lost)}
    answers = pd.DataFrame({"hesitated": ["Price too high"] * 9 + ["None of these"] * 6})

    (price, _) = R.check_hypotheses(R.hypotheses(lost), answers).to_dict("records")

    assert survey["objections"].options[:2] == ("Price too high", "Too small for us")
    assert (price["n"], price["n_asked"], price["status"]) == (9, 15, "confirmed")
