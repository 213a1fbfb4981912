"""NPS and CSAT: counted right, with a range that holds what it promises."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from icp_core.facts.catalogue import facts_from_frame
from icp_core.voice import score_groups, scores


def responses(groups, **columns):
    values = [10.0] * groups[0] + [8.0] * groups[1] + [2.0] * groups[2]
    return pd.DataFrame({"nps": values, **columns})


def test_nps_counts_groups_and_ignores_blanks_and_values_off_the_scale():
    frame = pd.DataFrame({"nps": [10, 9, 8, 7, 6, 0, None, 11, -1]})

    found = scores.nps(frame)

    assert (found.promoters, found.passives, found.detractors) == (2, 2, 2)
    assert found.n == 6 and found.score == 0 and found.blank == 3


def test_nps_range_matches_the_worked_adjusted_wald_example():
    # METHODS: at a mix of 50/30/20 the range is ±21 points at n = 50 and ±11 at n = 200.
    for n, half in ((50, 21), (200, 11)):
        found = scores.nps(responses((n // 2, int(n * 0.3), n // 5)))
        assert (found.high - found.low) / 2 == pytest.approx(half, abs=0.6)


@pytest.mark.parametrize("n", [10, 20, 50])
@pytest.mark.parametrize("mix", [(0.5, 0.3, 0.2), (0.3, 0.4, 0.3), (0.6, 0.25, 0.15)])
def test_nps_range_holds_the_truth_as_often_as_promised(n, mix):
    rng = np.random.default_rng(7)
    truth = 100 * (mix[0] - mix[2])
    drawn, times = np.unique(rng.multinomial(n, mix, size=4000), axis=0, return_counts=True)
    held = 0
    for groups, repeated in zip(drawn, times, strict=True):
        found = scores.nps(responses(groups))
        held += repeated * (found.low <= truth <= found.high)

    assert 0.93 <= held / 4000 <= 0.97


def test_nps_of_everybody_is_known_without_a_range():
    found = scores.nps(responses((6, 2, 4)), population=12)

    assert found.low == found.score == found.high
    assert found.verdict == "Solid" and found.answers_needed == 0


def test_few_answers_are_too_few_to_say_and_tell_how_many_are_missing():
    found = scores.nps(responses((4, 2, 1)))

    assert found.verdict == "Too few to say"
    more = scores.nps(responses((4 + 140, 2 + 70, 1 + 35)))
    assert found.answers_needed == pytest.approx(more.n + more.answers_needed - 7, rel=0.15)


def test_no_answers_give_no_number():
    found = scores.nps(pd.DataFrame({"nps": [None, None]}))

    assert found.n == 0 and np.isnan(found.score) and found.verdict == "Too few to say"


def test_low_response_rate_is_named():
    found = scores.nps(responses((10, 5, 5)), sent=200)

    assert found.response_rate == 0.1
    assert "10 %" in found.notes[0]


@pytest.mark.parametrize(
    "values, scale, share",
    [
        ([1, 2, 3, 4, 5], (1, 5), 0.4),
        ([1, 2, 3, 4, 5], (5, 1), 0.4),  # 1 is best: 1 and 2 are satisfied
        ([5, 5, 5, 1], (5, 1), 0.25),
        ([1, 5, 6, 7], (1, 7), 0.5),
        ([0, 1, 2, 2], (0, 2), 0.5),
        ([0, 1, 1, 1], None, 0.75),
    ],
)
def test_csat_counts_the_upper_quarter_of_any_scale(values, scale, share):
    assert scores.csat(pd.DataFrame({"csat": values}), scale=scale).score == share


def test_csat_asks_when_the_scale_is_in_doubt():
    found = scores.csat(pd.DataFrame({"csat": [3, 4, 4]}))

    assert "Is the scale" in found.notes[0]


def test_test_answers_and_repetitions_are_left_out_visibly():
    frame = pd.DataFrame(
        {
            "response_id": ["1", "2", "2", "3", "4", "5"],
            "customer_id": ["a", "b", "b", "c", "c", None],
            "email": ["x@a.io", "y@b.io", "y@b.io", "z@c.io", "z@c.io", "qa@example.com"],
            "answered_on": pd.to_datetime(["2026-01-01"] * 6),
            "nps": [9, 8, 8, 3, 3, 10],
            "comment": ["fine", "good", "good", "slow", "slow", "hello"],
        }
    )

    clean = scores.clean_responses(frame)

    assert clean.frame["response_id"].tolist() == ["1", "2", "3"]
    assert clean.removed["row"].tolist() == [2, 4, 5]
    assert len(clean.frame) + len(clean.removed) == len(frame)
    assert clean.removed["reason"].str.contains("Repeated").sum() == 2


def test_a_word_that_only_contains_test_is_no_test_answer():
    frame = pd.DataFrame({"response_id": ["1"], "comment": ["Testing took too long"], "nps": [4]})

    assert scores.clean_responses(frame).removed.empty


def test_latest_answer_of_each_person_counts_and_colleagues_stay_apart():
    frame = pd.DataFrame(
        {
            "customer_id": ["a", "a", "a"],
            "person_name": ["Ana", "Ana", "Ben"],
            "answered_on": pd.to_datetime(["2026-03-01", "2026-01-01", "2026-01-01"]),
            "nps": [9, 2, 7],
        }
    )

    assert score_groups.latest_answers(frame)["nps"].tolist() == [9, 7]


def test_trend_splits_waves_at_pauses():
    days = ["2026-01-05", "2026-01-20", "2026-04-02", "2026-04-03"]
    frame = pd.DataFrame({"answered_on": pd.to_datetime(days), "nps": [10, 9, 2, 9]})

    trend = score_groups.score_trend(frame, by="wave")

    assert trend["n"].tolist() == [2, 2] and trend["score"].tolist() == [100, 0]
    assert trend["change"].tolist()[1] == -100


def planted(seed=3, customers=240):
    """Logistics customers score 9–10, others anything; only one of two answers."""
    rng = np.random.default_rng(seed)
    industry = rng.choice(["Logistics", "Retail", "SaaS"], customers)
    ltv = np.where(industry == "Logistics", 5000, 1000) * rng.lognormal(0, 0.4, customers)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(customers)],
            "industry": industry,
            "coin": rng.choice(["heads", "tails"], customers),
            "ltv": ltv,
            "churned": pd.array(rng.random(customers) < 0.3, dtype="boolean"),
        }
    )
    facts = facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["ltv", "churned"], units={"ltv": "EUR"})
    nps = np.where(industry == "Logistics", rng.integers(8, 11, customers), rng.integers(2, 11, customers))
    answers = pd.DataFrame({"customer_id": frame["customer_id"], "nps": nps.astype(float)})
    return facts, answers


def test_scores_by_attribute_find_the_planted_difference_and_no_other():
    facts, answers = planted()

    table = score_groups.scores_by(answers, facts)

    standing = table[table["stands"]]
    assert table.iloc[0]["group"] == "Logistics" and table.iloc[0]["difference"] > 40
    assert set(standing["attribute"]) == {"industry"}
    logistics = table[table["group"] == "Logistics"].iloc[0]
    beside = score_groups.score_beside_rest(answers, facts, facts.frame["industry"] == "Logistics").iloc[0]
    assert beside["score"] == logistics["score"] and beside["rest_score"] == logistics["rest_score"]


def test_silent_customers_are_seen():
    facts, answers = planted()
    rich = facts.frame["ltv"] > facts.frame["ltv"].median()

    table = score_groups.respondents_beside_silent(answers[rich], facts).set_index("measure")

    assert table.loc["ltv", "differs"]
    assert table.loc["ltv", "respondents"] > table.loc["ltv", "silent"]
    assert not table.loc["churned", "differs"]


def test_promoters_are_listed_by_value():
    facts, answers = planted()

    listed = score_groups.people_by_value(answers, facts, "promoters")

    assert listed["value"].is_monotonic_decreasing
    assert (listed["nps"] >= 9).all() and len(listed) == (answers["nps"] >= 9).sum()


def test_satisfaction_is_compared_like_the_nps():
    facts, answers = planted()
    happy = answers["customer_id"].isin(
        facts.frame.loc[facts.frame["industry"].eq("Logistics"), "customer_id"]
    )
    frame = answers.assign(
        csat=np.where(happy, 1.0, np.where(np.arange(len(answers)) % 2, 0.75, 0.25)),
        answered_on=pd.to_datetime("2026-01-05") + pd.to_timedelta(np.arange(len(answers)), unit="D"),
    )

    table = score_groups.scores_by(frame, facts, measure="csat")
    first = table.iloc[0]
    satisfied = score_groups.people_by_value(frame, facts, "promoters", measure="csat")
    trend = score_groups.score_trend(frame, measure="csat")

    assert first["group"] == "Logistics" and first["score"] == 1.0 and first["stands"]
    assert first["difference"] == pytest.approx(1.0 - first["rest_score"])
    assert len(satisfied) == (frame["csat"] >= 0.75).sum() and satisfied["value"].is_monotonic_decreasing
    assert trend["n"].sum() == len(frame) and trend["score"].between(0, 1).all()
