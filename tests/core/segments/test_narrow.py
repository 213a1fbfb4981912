"""The columns of small numbers behind the live figures, and the frame they are made from."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.made_customers import made_facts
from icp_core.facts.catalogue import facts_from_frame
from icp_core.gather.records import frame_of
from icp_core.segments import facets
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.facets import informative
from icp_core.segments.figures import KINDS
from icp_core.segments.narrow import _SUMMED, Chosen, Narrow, Sums, narrow, rising

NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**6), 10**6).map(lambda cents: cents / 100),
    st.integers(-5, 5).map(float),
)


@given(st.lists(NUMBERS, max_size=60))
@settings(deadline=None)
def test_rising_is_a_stable_sort(values):
    values = np.array(values, dtype=float)

    assert rising(values).tolist() == np.argsort(values, kind="stable").tolist()


@pytest.mark.parametrize(
    "values",
    [[0.0, -0.0, 0.0], [1e300, -1e300, 5e-324], [0.001, 0.002, 0.0015], [2.0**53, 2.0**53 - 1], [42949673.0, 0.0]],
)  # fmt: skip
def test_rising_loses_nothing_of_values_that_are_no_hundredths(values):
    values = np.array(values)

    assert rising(values).tolist() == np.argsort(values, kind="stable").tolist()


@pytest.mark.parametrize(
    "lists",
    [
        [["a", "b"], None, ["a", "b"], ["b", "a"], []],
        [["a"], [""], [], ["a", None]],
        [[], [], None],
        [["x\x1fy"], ["x", "y"]],
    ],
)
def test_lists_of_a_frame_are_those_of_the_table(lists):
    frame = frame_of(pa.table({"tools": pa.array(lists, pa.list_(pa.string()))}))

    assert frame["tools"].tolist() == lists


def test_blanks_of_a_frame_are_one_thing_for_each_kind_of_column():
    table = pa.table(
        {
            "on": pa.array([date(2026, 2, 3), None], pa.date32()),
            "api": pa.array([True, None], pa.bool_()),
            "n": pa.array([1.5, None], pa.float64()),
            "name": pa.array(["x", None], pa.string()),
        }
    )
    frame = frame_of(table)

    assert frame["on"].iloc[0] == pd.Timestamp("2026-02-03") and frame["api"].dtype == "boolean"
    assert frame.isna().iloc[1].all() and not frame.isna().iloc[0].any()


def test_equal_lists_in_different_objects_are_one_selection():
    frame = pd.DataFrame({"tools": [["a", "b"], ["b"], ["a", "b"], None], "ltv": [4.0, 3.0, 2.0, 1.0]})
    facts = facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["ltv"])

    coded = narrow(facts).coded("tools")
    assert coded.values == (("a", "b"), ("b",))
    assert coded.codes.tolist() == [1, 2, 1, 0]


def test_measures_ranked_together_are_those_ranked_alone(monkeypatch):
    monkeypatch.setattr("icp_core.segments.narrow._WORTH_THREADS", 1)
    facts = made_facts(500)
    together, alone = Narrow(facts), Narrow(facts)
    together.rank_all(["ltv", "mrr", "cac"])

    for name in ("ltv", "mrr", "cac"):
        assert np.array_equal(together.ranked(name).order, alone.ranked(name).order)
        assert np.array_equal(together.ranked(name).block_ranks, alone.ranked(name).block_ranks)


def test_filters_of_many_customers_are_ordered_as_by_all_of_them(monkeypatch):
    facts = made_facts(6000)
    of_all = informative(Narrow(facts))
    monkeypatch.setattr(facets, "_ENOUGH_TO_ORDER", 3000)

    # What tells most about value leads either way.
    assert informative(Narrow(facts))[:2] == of_all[:2]
    assert set(informative(Narrow(facts))) == set(of_all)


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_a_tighter_segment_never_grows_and_the_rest_is_everybody_else(data):
    table = narrow(_SOME)
    conditions = data.draw(st.lists(st.sampled_from(_CONDITIONS), max_size=4, unique=True))
    one_more = data.draw(st.sampled_from(_CONDITIONS))
    loose, tight = Segment(tuple(conditions)), Segment((*conditions, one_more))

    inside, tighter = table.inside(loose), table.inside(tight)
    assert not (tighter & ~inside).any()
    assert inside.sum() + (~inside).sum() == table.n


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_customers_counted_from_those_before_are_those_counted_anew(data):
    table = Narrow(_SOME)
    columns = Sums({name: table.numbers(name) for name in ("ltv", "mrr", "deals")}, table.n)
    coded, ranked = table.coded("industry"), table.ranked("ltv")
    totals = np.bincount(coded.codes, minlength=coded.n_levels + 1)
    segment = Segment()
    for _ in range(6):
        segment = segment.setting(*_setting(data.draw(st.sampled_from(_CONDITIONS))))
        seen, anew = table.chosen(segment), Chosen(table.inside(segment))

        assert seen.n == anew.n and np.array_equal(seen.rows, anew.rows)
        assert np.array_equal(seen.counts(coded.codes, totals), anew.counts(coded.codes, totals))
        assert np.array_equal(
            seen.counts(ranked.block, ranked.totals), anew.counts(ranked.block, ranked.totals)
        )
        assert np.array_equal(seen.sums(columns), anew.sums(columns))


def _setting(condition):
    return condition.attribute, condition


_SUMMABLE = st.floats(-1e300, 1e300)  # thirty of them still have a sum


@given(st.lists(st.one_of(st.just(float("nan")), _SUMMABLE), max_size=30))
@settings(deadline=None)
def test_sums_in_whole_numbers_are_the_sums(values):
    values = np.array(values, dtype=float)
    columns = Sums({"x": values}, len(values))
    rows = np.arange(len(values)) % 2 == 0
    sizes = [abs(v) for v in values if v == v]

    found = Chosen(rows).sums(columns)[0] / columns.units[0]
    assert found == pytest.approx(
        math.fsum(v for v in values[rows] if v == v), abs=max(1e-12 * max(sizes, default=0), 1e-200)
    )


_SOME = made_facts(800)
_CONDITIONS = (
    Condition("industry", "is_any_of", ("Logistics", "SaaS")),
    Condition("industry", "is_none_of", ("Retail",)),
    Condition("country", "is_missing"),
    Condition("employees", "at_least", 50.0),
    Condition("employees", "between", (10.0, 300.0)),
    Condition("tech_stack", "has_any_of", ("SAP",)),
    Condition("tech_stack", "has_all_of", ("SAP", "NetSuite")),
    Condition("has_api", "is_yes"),
    Condition("ltv", "more_than", 4000.0),
    Condition("created_on", "at_least", "2024-01-01"),
)


def test_every_typical_figure_is_of_a_column_that_is_added_up():
    summed = narrow(_SOME)._columns_to_sum().place

    assert {kind.column for kind in KINDS if kind.kind == "typical"} <= set(_SUMMED)
    assert {"ltv", "revenue", "deals_open"} <= set(summed)
