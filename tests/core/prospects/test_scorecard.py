"""Points that add up, never speak against the ICP, and know what they do not know."""

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from benchmarks.made_customers import made_facts
from icp_core.errors import IcpError
from icp_core.facts.catalogue import facts_from_frame
from icp_core.profile.model import Evidence, Meta, Profile, Statement
from icp_core.prospects import evidence
from icp_core.prospects.comparable import prepare
from icp_core.prospects.fit import arithmetic, rank, score_prospects
from icp_core.prospects.model import Scorecard
from icp_core.prospects.scorecard import fit_scorecard, outcomes
from icp_core.segments.conditions import Condition, Segment
from tests.core.prospects.telling import telling_facts

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
ICP = Segment(
    (
        Condition("industry", "is_any_of", ("Logistics",)),
        Condition("employees", "between", (50, 200)),
        Condition("country", "is_any_of", ("US", "UK")),
    )
)
INDUSTRIES = ["Logistics", "Retail", "SaaS", "Mining", None]
COUNTRIES = ["US", "UK", "DE", "Chile", None]
SOURCES = ["Inbound", "Event", None]


@cache
def card() -> Scorecard:
    return fit_scorecard(telling_facts(600), ICP)


@cache
def criteria_card() -> Scorecard:
    return fit_scorecard(made_facts(600).only(np.arange(600) < 25), ICP)


@cache
def hand_card() -> Scorecard:
    return card().with_weights({"lead_source": 40.0, "employees": 5.0})


prospects = st.fixed_dictionaries(
    {
        "industry": st.sampled_from(INDUSTRIES),
        "employees": st.one_of(st.none(), st.integers(1, 5000).map(float)),
        "country": st.sampled_from(COUNTRIES),
        "lead_source": st.sampled_from(SOURCES),
        "tech_stack": st.one_of(st.none(), st.lists(st.sampled_from(["Shopify", "SAP", "Xero"]), min_size=1)),
        "has_api": st.sampled_from([True, False, None]),
    }
)


def frame_of(rows: list[dict]) -> pd.DataFrame:
    names = ["industry", "employees", "country", "lead_source", "tech_stack", "has_api"]
    found = pd.DataFrame(rows, columns=names, dtype=object)
    found["employees"] = found["employees"].astype(float)
    return found


@pytest.mark.parametrize("made", [card, criteria_card, hand_card])
@given(rows=st.lists(prospects, min_size=1, max_size=8))
@settings(phases=PHASES, max_examples=15, deadline=None)
def test_the_points_of_every_row_add_up_to_its_score(made, rows):
    frame = frame_of(rows)
    scored = score_prospects(frame, made())

    for i in range(len(frame)):
        one = prepare(frame.iloc[[i]], made())
        assert made().base + sum(p for _, p in arithmetic(one, made())) == scored["fit_points"][i]
    assert scored["fit_points"].between(0, 100).all()
    assert (scored["low"] <= scored["fit_points"]).all() and (scored["fit_points"] <= scored["high"]).all()


@pytest.mark.parametrize("made", [card, criteria_card, hand_card])
@given(row=prospects, filling=prospects)
@settings(phases=PHASES, max_examples=30, deadline=None)
def test_the_range_contains_the_score_of_every_filling(made, row, filling):
    filled = {name: filling[name] if value is None else value for name, value in row.items()}

    before, after = (score_prospects(frame_of([r]), made()).iloc[0] for r in (row, filled))

    assert before["low"] <= after["fit_points"] <= before["high"]
    assert before["low"] <= after["low"] and after["high"] <= before["high"]


@pytest.mark.parametrize("made", [card, criteria_card, hand_card])
@given(row=prospects, which=st.sampled_from(["industry", "employees", "country"]), value=st.integers(50, 200))
@settings(phases=PHASES, max_examples=15, deadline=None)
def test_meeting_one_more_criterion_never_lowers_the_score(made, row, which, value):
    met = row | {which: {"industry": "Logistics", "employees": float(value), "country": "UK"}[which]}
    outside = {
        "industry": ["Retail", "SaaS", "Mining", None],
        "employees": [None, 20.0, 900.0],
        "country": ["DE", None],
    }

    for other in outside[which]:
        without = row | {which: other}
        scores = score_prospects(frame_of([without, met]), made())["fit_points"]
        assert scores[1] >= scores[0]


def test_the_best_answer_everywhere_scores_one_hundred_and_the_worst_zero():
    assert card().base + sum(item.high for item in card().used) == 100
    assert card().base + sum(item.low for item in card().used) == 0


def test_a_planted_kind_of_customer_scores_higher_than_others():
    scored = score_prospects(
        frame_of(
            [
                {"industry": "Logistics", "employees": 120.0, "country": "UK"},
                {"industry": "Retail", "employees": 8.0, "country": "UK"},
                {"industry": None, "employees": None, "country": None},
            ]
        ),
        card(),
    )

    assert scored["fit_points"][0] > 60 > scored["fit_points"][2] > scored["fit_points"][1]
    assert scored["fit_points"][2] == card().base
    assert "every criterion of the ICP" in scored["reasons"][0]
    assert scored["ask_next"][0] == "" or "moves the score" in scored["ask_next"][0]
    assert scored["known_attributes"][2].startswith("0 of ")


def test_a_range_fully_inside_a_criterion_counts_and_one_across_its_edge_does_not():
    rows = pd.DataFrame(
        {
            "industry": ["Logistics"] * 4,
            "country": ["UK"] * 4,
            "employee_band": ["51–200", "201–1,000", "11–100", "11–49"],
        }
    )
    scored = score_prospects(rows, card())

    assert scored["reasons"][0].startswith("For: Meets every criterion")
    assert "Outside the ICP by Employees" in scored["reasons"][1]
    assert "Outside the ICP" not in scored["reasons"][2] and "every criterion" not in scored["reasons"][2]
    assert scored["ask_next"][2].startswith("Employees? Best: 50–200")
    assert scored["low"][2] < scored["high"][2]
    assert "Outside the ICP by Employees" in scored["reasons"][3]


def test_an_answer_no_customer_gave_is_worth_nothing_and_is_named():
    known, new = (
        score_prospects(pd.DataFrame({"industry": [name]}), card()).iloc[0]
        for name in ("Logistics", "Mining")
    )

    assert new["fit_points"] <= known["fit_points"]
    assert "No customer has Industry “Mining”" in new["outside"]
    assert known["outside"] == ""


def test_spelling_case_and_country_codes_do_not_matter():
    left = pd.DataFrame({"industry": ["logistics "], "country": ["United Kingdom"], "employees": [90.0]})
    right = pd.DataFrame({"industry": ["Logistics"], "country": ["UK"], "employees": [90.0]})

    assert score_prospects(left, card())["fit_points"][0] == score_prospects(right, card())["fit_points"][0]


def test_a_scorecard_survives_json_to_the_unit():
    import json

    from icp_core.outputs import _plain

    again = Scorecard.from_dict(json.loads(json.dumps(_plain(card().to_dict()))))
    frame = frame_of([{"industry": i, "employees": e} for i in INDUSTRIES for e in (9.0, 50.0, 200.0, 201.0)])

    assert rank(prepare(frame, again), again).equals(rank(prepare(frame, card()), card()))


def test_a_damaged_scorecard_is_refused_with_the_place():
    with pytest.raises(IcpError, match="items"):
        Scorecard.from_dict({"items": 5})


def test_a_weight_set_by_hand_is_marked_and_one_hundred_stays_the_best():
    moved = card().with_weights({"lead_source": 60.0})
    item = next(i for i in moved.items if i.key == "lead_source")

    assert item.hand_set and not any(i.hand_set for i in moved.items if i.key != "lead_source")
    assert abs(item.high - item.low - item.weight) <= 1 and item.weight > 30
    assert moved.base + sum(i.high for i in moved.used) == 100


def test_what_is_known_only_after_the_sale_gives_no_points():
    assert "plan" not in {item.attribute for item in card().items}
    assert dict(card().left_out)["plan"] == "only known after the sale"


def test_a_column_made_from_the_outcome_is_left_out_with_the_reason():
    facts = made_facts(400)
    frame = facts.frame.assign(credit=facts.frame["ltv"] * 3 + 7)
    leaking = facts_from_frame(
        frame, as_of=facts.as_of, outcomes=[a.name for a in facts.outcomes()], known_after=("plan",)
    )

    left_out = dict(fit_scorecard(leaking, ICP).left_out)

    assert "same order" in left_out["credit"]


def test_too_few_customers_give_no_learned_points_and_say_what_would_be_enough():
    made = criteria_card()

    assert made.source == "criteria" and made.verdict == "no score"
    assert "at least 30 customers are needed, and there are 25" in made.message
    assert made.used and all(item.kind == "conditions" for item in made.used) and made.checks.auc is None
    assert sum(item.weight for item in made.used) == pytest.approx(100)


def test_between_thirty_and_a_hundred_customers_the_points_are_a_hint():
    facts = made_facts(600)
    made = fit_scorecard(facts.only(np.arange(600) < 70), ICP)

    assert made.verdict == "hint" and "A hint" in made.message


def test_the_same_customers_give_the_same_scorecard():
    assert fit_scorecard(made_facts(300), ICP).to_dict() == fit_scorecard(made_facts(300), ICP).to_dict()


def noise(n: int = 300):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({f"noise_{i}": rng.choice(list("abcd"), n) for i in range(6)})
    frame["value_per_month"] = rng.lognormal(5, 1, n)
    return facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["value_per_month"])


def test_points_no_better_than_luck_are_not_used_and_without_an_icp_nobody_is_scored():
    made = fit_scorecard(noise())

    assert not made.used and made.source == "criteria" and made.verdict == "no score"
    assert "better than luck" in made.message and "choose an ICP" in made.message
    scored = score_prospects(pd.DataFrame({"noise_0": ["a", "b"]}), made)
    assert scored["fit_points"].isna().all() and (scored["tier"] == "").all()
    assert scored["reasons"][0].startswith("Not scored: ")


def test_points_no_better_than_luck_give_way_to_the_criteria_of_the_icp():
    icp = Segment((Condition("noise_0", "is_any_of", ("a",)), Condition("noise_1", "is_any_of", ("b", "c"))))
    made = fit_scorecard(noise(), icp)

    assert [item.label for item in made.used] == ["Noise 0 is a", "Noise 1 is b or c"]
    assert "better than luck" in made.message and "come from the ICP's criteria" in made.message
    assert made.checks.auc is None and not made.tiers


def test_points_from_the_criteria_say_what_the_icp_promises():
    icp = Segment((Condition("noise_0", "is_any_of", ("a",)),))
    profile = Profile(
        meta=Meta(as_of=date(2026, 1, 1), outcome_label="Value per month"),
        statement=Statement(text="One kind."),
        criteria=icp,
        criteria_evidence=Evidence(effect=1.62, effect_raw=2.4, low=1.2, high=2.1, effect_kind="ratio"),
    )

    message = fit_scorecard(noise(), profile).message

    assert "about 1.6× the others by “Value per month” (reduced for luck, likely 1.2–2.1×)" in message


def test_without_learned_points_the_table_shows_what_customers_show_and_a_hand_can_weigh_it():
    made = criteria_card()
    shown = next(item for item in made.items if item.key == "lead_source")

    assert shown.weight == 0 and sum(level.n for level in shown.levels) == 25
    assert any(level.woe for level in shown.levels)
    by_hand = made.with_weights({"lead_source": 30.0})
    assert next(i for i in by_hand.used if i.key == "lead_source").hand_set
    assert by_hand.base + sum(i.high for i in by_hand.used) == 100


def test_shrinkage_keeps_rare_levels_close_to_the_average():
    y = np.array([1.0] * 2 + [0.0] * 50 + [1.0] * 48)
    woe, own, n, k = evidence.weigh(np.array([0] * 2 + [1] * 98), 2, y)

    assert n.tolist() == [2, 98] and k.tolist() == [2, 48]
    raw = np.log(0.999 / 0.001)
    assert 0 < woe[0] < raw / 3
    assert own[0] < woe[0]  # a customer does not vouch for itself


def test_won_and_lost_accounts_are_a_target_of_their_own():
    accounts = made_facts(300).frame.assign(
        deals_won=lambda f: (f["industry"] == "SaaS").astype(float), deals_lost=1.0
    )
    made = fit_scorecard(made_facts(600), target="won", accounts=accounts)

    assert made.target == "won"
    assert made.used[0].attribute == "industry" and made.used[0].best.name == "SaaS"
    assert set(outcomes(made_facts(600), accounts)) == {"good", "kept", "won"}
