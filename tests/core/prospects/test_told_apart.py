"""How well few customers suffice to tell the good ones among others never seen, beside logistic regression."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.fit_score import AT, BARS, MAY_LOSE, learner_of, made, measure, telco
from icp_core.facts.catalogue import facts_from_frame
from icp_core.prospects import evidence
from icp_core.prospects.checks import check
from icp_core.prospects.scorecard import fit_scorecard

TELCO = (Path(__file__).parents[3] / "../shared/data/telco/Telco-Customer-Churn.csv").resolve()
needs_telco = pytest.mark.skipif(not TELCO.exists(), reason="The shared Telco data are not here.")


@needs_telco
def test_three_hundred_customers_tell_who_stays():
    mine, _ = measure(telco(TELCO), 300, 4)

    assert mine.mean() >= BARS[300]


@needs_telco
@pytest.mark.soak
@pytest.mark.parametrize("n", BARS)
def test_few_customers_tell_who_stays_in_the_mean_of_many_draws(n):
    mine, _ = measure(telco(TELCO), n, 100)

    assert mine.mean() >= BARS[n]


@pytest.mark.soak
def test_a_thousand_customers_tell_nearly_as_much_as_logistic_regression_does():
    sets = [*made(), *([telco(TELCO), telco(TELCO, without=("tenure",))] if TELCO.exists() else [])]
    lost = {}
    for known in sets:
        mine, theirs = measure(known, AT, 10)
        lost[known.name] = (theirs - mine).mean()

    assert max(lost.values()) <= MAY_LOSE, lost


def test_a_steep_number_is_told_by_its_own_end_even_where_good_ones_are_rare():
    """Ranges with even shares of all customers put nine in ten of the rare ones into one range."""
    rng = np.random.default_rng(5)
    balance = rng.normal(size=4_000)
    y = rng.random(4_000) < 1 / (1 + np.exp(5.5 - 3 * balance))
    frame = pd.DataFrame({"balance": balance, "churned": pd.array(~y, dtype="boolean")})
    facts = facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["churned"])

    card = fit_scorecard(facts, target="kept")

    perfect = (balance[y][:, None] > balance[~y]).mean()
    assert card.checks.auc > perfect - 0.02


def test_ranges_cut_by_the_outcome_do_not_flatter_noise():
    found = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame(rng.normal(size=(150, 6)), columns=[f"n{i}" for i in range(6)])
        behind = learner_of(frame, (rng.random(150) < 0.8).astype(float))
        checks, _ = check(behind.points, behind.encoded, behind.y)
        found.append(checks.auc)

    assert np.mean(found) < 0.53


def test_a_number_that_rises_steadily_is_read_as_a_line_from_few_customers():
    codes = np.repeat(np.arange(6), 10)
    y = np.concatenate([np.repeat([1.0, 0.0], [k, 10 - k]) for k in (2, 3, 2, 6, 5, 8)])

    as_names, *_ = evidence.weigh(codes, 6, y)
    as_ranges, *_ = evidence.weigh(codes, 6, y, ordered=True)

    assert as_names[2] < as_names[1]  # a wobble of one customer
    assert (np.diff(as_ranges) > 0).all()


def test_a_large_level_that_stands_out_does_not_drown_among_many_thin_ones():
    n = np.array([250, 180, *[5] * 114])
    k = np.array([31, 0, 1, 1, *[0] * 112])

    assert evidence.chance(n, k) < 1e-6
    assert evidence.chance(np.full(116, 9), np.tile([1, 0], 58)) > 0.2
