"""Tiers with honest figures."""

import numpy as np
import pytest

from icp_core.charts.prospects import lift_curve
from icp_core.prospects.checks import auc, auc_interval, calibration_slope
from icp_core.prospects.model import Scorecard
from icp_core.prospects.scorecard import fit_scorecard
from icp_core.prospects.tiers import thresholds_of, tier_of, tiers_of, times_words, with_thresholds
from icp_core.stats.intervals import wilson
from tests.core.prospects.telling import telling_facts


def test_tiers_hold_a_fifth_three_tenths_three_tenths_and_a_fifth():
    scores = np.arange(0, 100)
    names = tier_of(scores, thresholds_of(scores))

    assert [int((names == n).sum()) for n in "ABCD"] == [20, 30, 30, 20]


def test_each_tier_has_its_rate_with_the_likely_range():
    scores = np.repeat([90, 60, 30, 5], [100, 150, 150, 100])
    good = np.concatenate([np.arange(100) < 60, np.arange(150) < 45, np.arange(150) < 15, np.arange(100) < 1])
    _, tiers = tiers_of(scores, good.astype(float))

    a = tiers[0]
    low, high = wilson(60, 100)
    assert (a.n, a.good, a.rate) == (100, 60, 0.6)
    assert (a.low, a.high) == pytest.approx((low, high))
    assert a.times == pytest.approx(0.6 / (121 / 500))
    assert all(not t.alike for t in tiers)
    assert times_words(a) == "2.5× as likely to turn out good as an average customer (likely 2.1–2.9×)"


def test_tiers_that_do_not_differ_share_their_figures():
    scores = np.repeat([90, 60, 30, 5], [100, 150, 150, 100])
    good = np.concatenate(
        [np.arange(100) < 60, np.arange(150) < 15, np.arange(150) < 15, np.arange(100) < 12]
    )
    _, tiers = tiers_of(scores, good.astype(float))

    assert tiers[1].alike == ["C", "D"]
    assert tiers[1].rate == tiers[3].rate == pytest.approx(42 / 400)


def test_moved_thresholds_never_cross():
    moved = with_thresholds(Scorecard(thresholds={"A": 80, "B": 50, "C": 20}), {"A": 40})

    assert moved.thresholds == {"A": 40, "B": 40, "C": 20}


def test_moved_thresholds_measure_the_tiers_anew_on_held_out_scores():
    card = fit_scorecard(telling_facts(400))
    moved = with_thresholds(card, {"A": 60, "B": 40, "C": 20})
    n, good = np.array(card.checks.by_score).T

    assert n.sum() == card.n and good.sum() == card.n_good
    assert [t.least for t in moved.tiers] == [60, 40, 20, 0]
    assert [t.n for t in moved.tiers] == [n[60:].sum(), n[40:60].sum(), n[20:40].sum(), n[:20].sum()]
    assert moved.tiers != card.tiers


def test_the_tiers_of_the_learned_thresholds_are_those_of_the_scorecard():
    card = fit_scorecard(telling_facts(400))

    assert with_thresholds(card, card.thresholds).tiers == card.tiers


def test_auc_agrees_with_counting_pairs():
    rng = np.random.default_rng(0)
    scores, y = rng.integers(0, 6, 60).astype(float), (rng.random(60) < 0.4).astype(float)
    pairs = [(a > b) + 0.5 * (a == b) for a in scores[y == 1] for b in scores[y == 0]]
    low, high = auc_interval(0.75, 50, 50)

    assert auc(scores, y) == pytest.approx(np.mean(pairs))
    assert low < 0.75 < high and high - low == pytest.approx(0.191, abs=0.01)


@pytest.mark.parametrize("spread", [0.5, 3.0, 12.0])
def test_the_slope_of_the_checks_is_that_of_logistic_regression_however_far_scores_lie_apart(spread):
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(1)
    foretold = np.concatenate([rng.normal(-spread, 1, 3000), rng.normal(spread / 4, spread / 3, 1000)])
    y = (rng.random(4000) < 1 / (1 + np.exp(1 - 0.8 * foretold))).astype(float)

    found = LogisticRegression(C=1e9, max_iter=5000, tol=1e-10).fit(foretold[:, None], y).coef_[0, 0]

    assert calibration_slope(foretold, y) == pytest.approx(found, rel=1e-3)


def test_scores_that_part_the_two_kinds_without_an_exception_have_no_slope():
    scores = np.arange(40.0)

    assert calibration_slope(scores, (scores >= 20).astype(float)) is None


def test_the_lift_curve_counts_good_ones_from_the_best_score_down():
    by_score = [(0, 0)] * 101
    by_score[90], by_score[40], by_score[10] = (20, 15), (30, 3), (50, 2)

    chart = lift_curve(by_score)

    assert chart.data["share"].tolist() == pytest.approx([0, 0.2, 0.5, 1])
    assert chart.data["good"].tolist() == pytest.approx([0, 0.75, 0.9, 1])
    assert chart.title == "The best fifth holds 75 % of the good customers"
