"""Tests of difference against published numbers."""

import numpy as np
import pytest

from icp_core.stats.tests import benjamini_hochberg, log_rank_of_counts, mann_whitney


def _counts(*groups):
    """At-risk and event counts at every event time, from (durations, events) per group."""
    times = sorted({t for durations, events in groups for t, e in zip(durations, events, strict=True) if e})
    at_risk = [[sum(d >= t for d in durations) for t in times] for durations, _ in groups]
    events = [[sum(d == t and e for d, e in zip(*group, strict=True)) for t in times] for group in groups]
    return at_risk, events


# Freireich et al. (1963), remission of leukaemia in weeks; chi-square 16.79 in Kleinbaum & Klein (2012), ch. 2.
MERCAPTOPURINE = (
    [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
    [1] * 9 + [0] * 12,
)
PLACEBO = ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [1] * 21)


def test_log_rank_gives_the_textbook_value_of_the_leukaemia_trial():
    result = log_rank_of_counts(*_counts(MERCAPTOPURINE, PLACEBO))
    assert result.chi2 == pytest.approx(16.79, abs=0.005)
    assert result.df == 1
    assert result.p_value == pytest.approx(4.17e-5, rel=0.01)


def test_log_rank_does_not_depend_on_the_order_of_groups():
    third = ([3, 9, 14, 20, 30], [1, 0, 1, 1, 0])
    at_risk, events = map(np.array, _counts(MERCAPTOPURINE, PLACEBO, third))
    forward = log_rank_of_counts(at_risk, events)
    backward = log_rank_of_counts(at_risk[::-1], events[::-1])
    assert forward.chi2 == pytest.approx(backward.chi2) and forward.df == 2


def test_log_rank_of_one_group_is_blank():
    assert np.isnan(log_rank_of_counts([[5, 4]], [[1, 1]]).chi2)
    assert np.isnan(log_rank_of_counts([[5, 4], [0, 0]], [[1, 1], [0, 0]]).p_value)


def test_mann_whitney_counts_ties_as_half():
    assert mann_whitney([1, 2], [1, 2]).probability_larger == 0.5
    assert mann_whitney([5, 5], [5, 5]) == (0.5, 1.0)
    assert mann_whitney([0, 0, 1], [1, 2, 3]).probability_larger == pytest.approx(0.5 / 9)


# Benjamini & Hochberg (1995), section 3.2: four of fifteen hypotheses are rejected at .05.
def test_benjamini_hochberg_rejects_the_four_of_its_paper():
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
    ]
    p += [0.7590, 1.0]
    corrected = benjamini_hochberg(p)
    assert (corrected <= 0.05).sum() == 4
    assert corrected[3] == pytest.approx(0.0095 * 15 / 4)
    assert np.all(np.diff(corrected) >= 0)


def test_benjamini_hochberg_leaves_blanks_blank():
    corrected = benjamini_hochberg([0.04, np.nan, 0.02])
    assert corrected[[0, 2]] == pytest.approx([0.04, 0.04]) and np.isnan(corrected[1])
