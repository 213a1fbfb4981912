"""Validation of the written rule: holds where it is true, says so where it is not, asks for more when few."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from icp_core.facts.catalogue import Facts, facts_from_frame
from icp_core.profile.disqualify import evidence_of
from icp_core.profile.model import Evidence
from icp_core.profile.validate import believed_share, holdout, validate
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.discover import discover

AS_OF = date(2026, 1, 1)
OUTCOMES = ["value_per_month", "ltv", "revenue", "churned", "tenure_months", "customer_since", "nps"]
HOTELS = Segment((Condition("industry", "is_any_of", ("Hotels",)),))


def customers(n: int = 1500, *, ratio: float = 2.5, later_ratio: float | None = None, seed: int = 4) -> Facts:
    """Hotels (one in five) are worth ``ratio`` times as much, and ``later_ratio`` among the last third to come."""
    rng = np.random.default_rng(seed)
    hotel = rng.random(n) < 0.2
    tenure = rng.uniform(1, 48, n)
    late = tenure < np.quantile(tenure, 0.33)
    factor = np.where(hotel, np.where(late, later_ratio or ratio, ratio), 1.0)
    value = np.exp(rng.normal(5, 0.7, n)) * factor
    life = rng.exponential(1 / np.where(hotel, 0.004, 0.02))
    stay = np.minimum(tenure, life)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "industry": pd.Series(np.where(hotel, "Hotels", rng.choice(["Retail", "Banks"], n)), dtype="str"),
            "value_per_month": value,
            "ltv": value * stay,
            "revenue": value * stay,
            "churned": pd.Series(life < tenure).astype("boolean"),
            "tenure_months": stay,
            "customer_since": pd.Timestamp(AS_OF) - pd.to_timedelta((tenure * 30.4).astype(int), unit="D"),
            "nps": np.clip(rng.normal(np.where(hotel, 9, 7), 1.5, n).round(), 0, 10),
        }
    )
    return facts_from_frame(frame, as_of=AS_OF, outcomes=OUTCOMES)


def test_a_true_rule_holds_on_customers_set_aside_and_on_later_ones():
    found = validate(customers(), HOTELS)

    assert found.verdict == "Solid"
    assert found.message.endswith("holds for customers set aside and for later customers.")
    for parts in (found.holdout, found.time_split):
        assert sum(part.n for part in parts) == found.n
        value, nps = parts[1].check("value"), parts[1].check("nps")
        assert value.low < 2.5 < value.high and value.holds and value.effect_kind == "ratio"
        assert nps.holds and nps.effect > 20
    kept = found.holdout[1].check("retention")
    assert kept.holds and kept.inside > kept.rest and kept.effect_kind == "points"


def test_figures_agree_with_counting_by_hand():
    facts = customers()
    frame = facts.frame
    found = validate(facts, HOTELS)

    hotel = frame["industry"] == "Hotels"
    value = found.everyone.check("value")
    assert value.inside == frame.loc[hotel, "value_per_month"].median()
    assert value.rest == frame.loc[~hotel, "value_per_month"].median()
    assert value.effect == pytest.approx(value.inside / value.rest)
    assert (value.n_inside, value.n_rest) == (hotel.sum(), (~hotel).sum())
    assert found.share_customers == hotel.mean()
    assert found.share_revenue == pytest.approx(frame.loc[hotel, "revenue"].sum() / frame["revenue"].sum())
    high = frame["value_per_month"] >= frame["value_per_month"].quantile(0.75)
    good = high & ~frame["churned"].astype(bool)
    assert found.tightness == pytest.approx(good[hotel].mean())
    assert found.reach == pytest.approx(hotel[good].mean())
    assert found.base == pytest.approx(good.mean())


def test_a_rule_that_has_stopped_being_true_fails_on_later_customers():
    found = validate(customers(3000, later_ratio=0.4), HOTELS)

    assert found.time_split[0].check("value").holds is True
    assert found.time_split[1].check("value").holds is False
    assert found.verdict == "Hint" and "later customers are clearly worse" in found.message


def test_a_rule_without_effect_is_not_called_clear_and_the_number_needed_is_named():
    found = validate(customers(700, ratio=1.12, seed=1), HOTELS)

    assert found.verdict == "Hint"
    assert found.n_enough > 700
    assert f"About {found.n_enough:,} customers would be enough" in found.message


def test_few_customers_are_not_split_and_the_reason_is_said():
    found = validate(customers(250), HOTELS)

    assert found.holdout is None and "none are set aside" in found.holdout_note
    few = validate(customers(60), HOTELS)
    assert few.holdout is None and few.time_split is None
    assert few.verdict == "Too few to say"


def test_without_dates_the_time_check_is_left_out_and_the_rest_stands():
    facts = customers()
    dateless = facts_from_frame(facts.frame.drop(columns="customer_since"), as_of=AS_OF, outcomes=OUTCOMES)

    found = validate(dateless, HOTELS)

    assert found.time_split is None and "not known when customers came" in found.time_note
    assert found.verdict == "Likely"


def test_the_customers_set_aside_stay_the_same_whoever_else_is_there():
    facts = customers()
    aside = holdout(facts)
    order = np.random.default_rng(0).permutation(len(facts))
    turned = facts_from_frame(facts.frame.iloc[order], as_of=AS_OF, outcomes=OUTCOMES)

    assert np.array_equal(holdout(turned), aside[order])
    assert np.array_equal(holdout(facts.only(np.arange(len(facts)) < 700)), aside[:700])
    assert aside.mean() == pytest.approx(0.3, abs=0.03)
    assert not np.array_equal(holdout(facts, seed=1), aside)


def test_a_rule_found_with_everybody_is_not_called_sealed():
    open_, sealed = validate(customers(), HOTELS), validate(customers(), HOTELS, sealed=True)

    assert not open_.is_sealed and "found with them" in open_.holdout_note
    assert sealed.is_sealed and "never looked at" in sealed.holdout_note


def test_the_validation_survives_json():
    found = validate(customers(250), HOTELS)

    text = json.dumps(found.to_dict(), allow_nan=False)

    back = json.loads(text)
    assert back["n_inside"] == found.n_inside
    assert back["everyone"]["checks"][0]["measure"] == "value"
    assert back["holdout"] is None


def test_the_outcome_asked_for_carries_the_verdict():
    found = validate(customers(), HOTELS, outcome="retention")

    assert found.everyone.checks[0].measure == "retention"
    assert "staying" in found.message.lower()


def test_everybody_or_nobody_inside_gives_no_figure_and_no_error():
    for segment in (Segment(), Segment((Condition("industry", "is_any_of", ("Farms",)),))):
        found = validate(customers(500), segment)

        assert found.verdict == "Too few to say"
        assert json.dumps(found.to_dict(), allow_nan=False)


def noise(n: int, seed: int) -> Facts:
    """Customers of whom nothing says what they are worth, who came over four years."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({f"a{j}": rng.choice(list("abcde")[: 2 + j % 4], n) for j in range(22)})
    frame["customer_id"] = [f"c{i}" for i in range(n)]
    frame["value_per_month"] = np.exp(rng.normal(5, 1.2, n))
    frame["customer_since"] = pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(30, 1400, n), unit="D")
    return facts_from_frame(frame, as_of=AS_OF, outcomes=["value_per_month", "customer_since"])


def test_what_a_search_won_by_luck_does_not_come_true_on_the_customers_it_searched():
    naive = honest = hints = 0
    for seed in range(10):
        facts = noise(900, seed)
        found = discover(facts, "value", permutations=49, bootstraps=3, seed=seed)
        for candidate in found.candidates[:1]:
            believed = believed_share(evidence_of(candidate, found, facts))
            hints += 1
            naive += validate(facts, candidate.segment).verdict in ("Solid", "Likely")
            checked = validate(facts, candidate.segment, believed=believed)
            honest += checked.verdict in ("Solid", "Likely")
            assert "differences are reduced for that" in checked.holdout_note

    assert hints >= 4 and naive >= 2, "a rule looks good on the customers it was found on"
    assert honest == 0


def test_luck_is_taken_off_where_the_search_looked_and_nowhere_else():
    facts = customers(5200)
    plain, reduced = (validate(facts, HOTELS, sealed=True, believed=share) for share in (1.0, 0.5))

    seen, unseen = reduced.holdout
    before = plain.holdout[0].check("value").effect
    luck = np.sqrt(plain.everyone.check("value").effect)
    assert seen.check("value").effect == pytest.approx(before / luck)
    assert unseen.check("value").effect == plain.holdout[1].check("value").effect
    assert reduced.time_split[1].check("value").effect < plain.time_split[1].check("value").effect
    assert "found with most of them" in reduced.time_note and "reduced" not in plain.time_note


def test_promise_and_check_look_at_the_same_months():
    found = validate(customers(2000), HOTELS, outcome="worth")

    for parts in (found.time_split, found.holdout):
        for measure in ("worth", "retention"):
            assert parts[0].check(measure).label == parts[1].check(measure).label
    late = found.time_split[1].check("retention").label
    assert late != found.everyone.check("retention").label, "later customers have been seen for fewer months"
    assert "By “Worth” the rule holds" in found.message


def test_an_effect_without_a_search_is_believed_whole():
    assert believed_share(None) == 1.0
    assert believed_share(Evidence(effect=1.4, effect_kind="ratio")) == 1.0
    assert believed_share(Evidence(effect=1.0, effect_raw=2.0, effect_kind="ratio")) == 0.0
    assert believed_share(Evidence(effect=-0.1, effect_raw=-0.2, effect_kind="points")) == 0.5
