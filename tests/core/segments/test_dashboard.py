"""Every live figure against the same figure worked out the long way with pandas."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu, norm

from benchmarks.made_customers import made_facts, made_frame
from icp_core.facts.catalogue import facts_from_frame
from icp_core.retention.survival import kaplan_meier
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.crossing import crossing
from icp_core.segments.dashboard import customer_rows, customers, dashboard
from icp_core.segments.deals import why_no_deals
from icp_core.segments.facets import facet, informative
from icp_core.segments.groupings import can_group, grouping, number_cuts
from icp_core.segments.membership import members
from icp_core.segments.narrow import Chosen, Ranked, narrow
from icp_core.stats.intervals import median_interval, nps_interval, wilson

FACTS = made_facts(3000, seed=11)
FRAME = FACTS.frame
IDEAL = Segment(
    (
        Condition("industry", "is_any_of", ("Logistics",)),
        Condition("country", "is_any_of", ("US", "UK")),
        Condition("employees", "between", (50, 200)),
    )
)
WIDE = Segment((Condition("employees", "at_least", 20),))


def inside(segment):
    return FRAME[members(FACTS, segment)]


@pytest.mark.parametrize("segment", [IDEAL, WIDE, Segment()], ids=["narrow", "wide", "everyone"])
@pytest.mark.parametrize("key", ["ltv", "value_per_month", "mrr", "sales_cycle_days", "cac", "aov", "orders"])
def test_typical_values_and_their_ranges_are_exact(segment, key):
    found = dashboard(FACTS, segment).segment["cycle" if key == "sales_cycle_days" else key]
    values = inside(segment)[key].dropna()

    assert found.value == pytest.approx(values.median(), rel=1e-12)
    assert (found.low, found.high) == tuple(median_interval(values))
    assert found.mean == pytest.approx(values.mean())
    assert found.n == len(values)


@pytest.mark.parametrize("segment", [IDEAL, WIDE], ids=["narrow", "wide"])
def test_the_rest_has_its_own_exact_figures(segment):
    others = FRAME[~members(FACTS, segment)]
    found = dashboard(FACTS, segment).rest

    assert found.n == len(others)
    assert found["ltv"].value == pytest.approx(others["ltv"].median(), rel=1e-12)
    assert found["churn"].value == pytest.approx(others["churned"].mean())
    assert found.share_value == pytest.approx(others["revenue"].sum() / FRAME["revenue"].sum())


@pytest.mark.parametrize("segment", [IDEAL, WIDE], ids=["narrow", "wide"])
def test_shares_and_nps_carry_their_ranges(segment):
    rows, found = inside(segment), dashboard(FACTS, segment).segment
    scores = rows["nps"].dropna()
    nps = nps_interval(int((scores >= 9).sum()), int(scores.between(7, 8).sum()), int((scores <= 6).sum()))
    left = int(rows["churned"].sum())
    won, lost = rows["deals_won"].sum(), rows["deals_lost"].sum()

    assert (found["churn"].value, found["churn"].n) == (pytest.approx(left / len(rows)), len(rows))
    assert (found["churn"].low, found["churn"].high) == wilson(left, len(rows))
    assert (found["nps"].value, found["nps"].low, found["nps"].high, found["nps"].n) == tuple(nps)
    assert found["win_rate"].value == pytest.approx(won / (won + lost))


def test_the_planted_ideal_stands_out_and_noise_does_not():
    ideal = dashboard(made_facts(20_000, seed=5), IDEAL)
    noise = dashboard(made_facts(20_000, seed=5), Segment((Condition("has_api", "is_yes"),)))

    assert ideal.comparison("ltv").verdict == "Solid"
    assert ideal.comparison("ltv").better is True
    assert 2.2 < ideal.comparison("ltv").effect < 3.0
    assert ideal.comparison("churn").better is True
    assert ideal.retention.is_clear and ideal.retention.months_segment > ideal.retention.months_rest
    assert [c.kind.key for c in noise.comparisons if c.is_clear] == []
    assert all(c.difference == "no clear difference" for c in noise.comparisons)


def test_luck_alone_rarely_looks_clear():
    rng = np.random.default_rng(1)
    table = made_frame(2000, seed=2)
    clear = 0
    for _ in range(30):
        facts = facts_from_frame(
            table[["ltv", "churned", "nps", "cac", "sales_cycle_days", "mrr"]].assign(
                group=rng.choice(["a", "b"], 2000)
            ),
            as_of=date(2026, 1, 1),
            outcomes=["ltv", "churned", "nps", "cac", "sales_cycle_days", "mrr"],
        )
        found = dashboard(facts, Segment((Condition("group", "is_any_of", ("a",)),)))
        clear += any(c.is_clear for c in found.comparisons)

    # One in twenty looks may mislead, over all figures together: 30 × 0.05 = 1.5 expected, more than 6 would be rare.
    assert clear <= 6


def test_fewer_than_ten_customers_are_too_few_to_say():
    few = Segment((Condition("customer_name", "is_any_of", tuple(f"Company {i}" for i in range(5))),))
    found = dashboard(FACTS, few)

    assert found.n == 5
    assert {c.verdict for c in found.comparisons} == {"Too few to say"}
    assert all(c.better is None for c in found.comparisons)


def test_nobody_inside_is_an_answer_not_an_error():
    nobody = Segment((Condition("industry", "is_any_of", ("Mining",)),))
    found = dashboard(FACTS, nobody, heat=("industry", "country"), bubble="industry")

    assert found.n == 0 and found.rest.n == len(FACTS)
    assert found.heat.cells["n"].sum() == 0 and found.bubbles.frame.empty
    assert np.isnan(found.segment["ltv"].value)


@pytest.mark.parametrize("segment", [IDEAL, WIDE, Segment()], ids=["narrow", "wide", "everyone"])
@pytest.mark.parametrize(
    ("a", "b"), [("industry", "country"), ("employee_band", "tech_stack"), ("tech_stack", "has_api")]
)
def test_heat_map_cells_agree_with_a_pandas_group_by(segment, a, b):
    found = dashboard(FACTS, segment, heat=(a, b)).heat
    rows = inside(segment).explode(a).explode(b)
    words = {True: "yes", False: "no"}
    for cell in found.cells.itertuples():
        if cell.row.startswith("other") or cell.column.startswith("other"):
            continue
        part = rows[
            (rows[a].map(lambda v: words.get(v, v)) == cell.row)
            & (rows[b].map(lambda v: words.get(v, v)) == cell.column)
        ]
        assert cell.n == len(part)
        assert cell.thin == (len(part) < 10)
        if len(part):
            assert cell.typical == pytest.approx(part["ltv"].median(), rel=1e-12)


def test_heat_map_keeps_everybody_whose_groups_are_known():
    found = dashboard(FACTS, Segment(), heat=("industry", "country")).heat

    assert found.cells["n"].sum() == FRAME[["industry", "country"]].dropna().shape[0]


@pytest.mark.parametrize(
    "name", ["industry", "country", "employees", "tech_stack", "has_api", "created_on", "employee_band"]
)
def test_choosing_a_group_selects_exactly_its_customers(name):
    found = dashboard(FACTS, Segment(), bubble=name).bubbles

    for row in found.frame.itertuples():
        chosen = Segment(found.conditions(row.group))
        assert members(FACTS, chosen).sum() == row.n, row.group


def test_bubbles_carry_churn_and_value_of_each_group():
    found = dashboard(FACTS, WIDE, bubble="industry").bubbles.frame.set_index("group")
    expected = (
        inside(WIDE)
        .groupby("industry")
        .agg(n=("ltv", "size"), typical=("ltv", "median"), churn=("churned", "mean"))
    )

    for group, row in expected.iterrows():
        assert found.loc[group, "n"] == row["n"]
        assert found.loc[group, "typical"] == pytest.approx(row["typical"], rel=1e-12)
        assert found.loc[group, "churn"] == pytest.approx(float(row["churn"]))


def test_distribution_counts_every_known_value_once():
    found = dashboard(FACTS, IDEAL).distribution

    assert found[found["group"] == "segment"]["n"].sum() == len(inside(IDEAL))
    assert found[found["group"] == "segment"]["share"].sum() == pytest.approx(1)
    assert found[found["group"] == "rest"]["share"].sum() == pytest.approx(1)


def test_retention_curve_is_the_product_limit_of_whole_months():
    found = dashboard(FACTS, WIDE).retention.curve
    rows = inside(WIDE)
    oracle = kaplan_meier(np.floor(rows["tenure_months"]) + 0.0, rows["churned"].astype(bool))
    curve = found[found["group"] == "segment"].set_index("month")
    at = oracle.set_index("month")["survival"]

    # A customer who leaves within month m is gone from m + 1 on; the oracle drops at m itself.
    for month in (1, 5, 12, 24, 36):
        assert curve.loc[month, "kept"] == pytest.approx(at[at.index <= month - 1].iloc[-1])


def test_deals_add_up_and_shares_are_of_deals_opened():
    found = dashboard(FACTS, WIDE).deals.set_index(["stage", "group"])
    rows = inside(WIDE)

    assert found.loc[("won", "segment"), "n"] == rows["deals_won"].sum()
    assert found.loc[("won", "segment"), "share"] == pytest.approx(
        rows["deals_won"].sum() / rows["deals"].sum()
    )
    assert found.loc[("opened", "segment"), "n"] + found.loc[("opened", "rest"), "n"] == FRAME["deals"].sum()


def test_customers_come_highest_value_first():
    found = dashboard(FACTS, IDEAL)
    top = customers(FACTS, found, ["customer_id", "ltv"], 10)

    expected = inside(IDEAL).sort_values("ltv", ascending=False).head(10)
    assert top["ltv"].tolist() == expected["ltv"].tolist()
    assert len(customers(FACTS, found, ["customer_id"])) == found.n


def test_row_order_of_the_facts_never_changes_a_figure():
    shuffled = facts_from_frame(
        made_frame(800, seed=4).sample(frac=1, random_state=1), as_of=FACTS.as_of, outcomes=["ltv", "churned"]
    )
    straight = facts_from_frame(made_frame(800, seed=4), as_of=FACTS.as_of, outcomes=["ltv", "churned"])

    assert dashboard(shuffled, WIDE).segment == dashboard(straight, WIDE).segment


def test_facts_without_any_measure_still_count_customers():
    facts = facts_from_frame(
        pd.DataFrame({"industry": ["a", "b", "a"]}), as_of=date(2026, 1, 1), kinds={"industry": "category"}
    )
    found = dashboard(facts, Segment((Condition("industry", "is_any_of", ("a",)),)), bubble="industry")

    assert found.n == 2 and found.comparisons == () and found.retention is None
    assert np.isnan(found.segment.share_value)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(st.none(), st.floats(-100, 100)), min_size=1, max_size=40), st.data())
def test_order_statistics_of_any_subset_are_exact(values, data):
    array = np.array([np.nan if v is None else v for v in values])
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(array), max_size=len(array))))
    ranked = Ranked(array)
    counts = Chosen(mask).counts(ranked.block, ranked.totals)[: ranked.n_blocks]
    expected = sorted(array[mask & np.isfinite(array)])

    assert [ranked.at(i, counts, mask) for i in range(len(expected))] == expected


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_both_ways_to_a_group_median_agree(share):
    table = narrow(FACTS)
    chosen = Chosen(np.random.default_rng(2).random(table.n) < share)
    found = crossing(table, grouping(table, "industry"))
    values = pd.Series(table.value[chosen.rows]).groupby(found.codes[chosen.rows]).median()

    typical = found.typical(chosen)
    for code, value in values.items():
        assert typical[code] == pytest.approx(value, rel=1e-12)


def test_counts_beside_values_follow_the_other_filters_not_their_own():
    table = narrow(FACTS)
    segment = Segment(
        (Condition("industry", "is_any_of", ("Logistics",)), Condition("country", "is_any_of", ("US",)))
    )
    found = facet(table, segment, "industry")

    expected = FRAME[FRAME["country"] == "US"]["industry"].value_counts()
    assert {k: v for k, v in found.counts.items() if v} == expected.to_dict()
    assert found.n_missing == FRAME[FRAME["country"] == "US"]["industry"].isna().sum()


def test_histogram_of_a_range_filter_counts_everybody_known():
    found = facet(narrow(FACTS), Segment(), "employees")

    assert sum(found.bars) == FRAME["employees"].notna().sum()
    assert (found.stops[0], found.stops[-1]) == (FRAME["employees"].min(), FRAME["employees"].max())


def test_telling_attributes_come_first_and_leaks_last():
    order = informative(narrow(made_facts(5000, seed=9, extra=30)))

    assert set(order[:4]) >= {"industry", "employees"}
    assert order[-1] == "plan"


def test_what_tells_who_leaves_stands_beside_what_tells_value():
    """An attribute known only since the sale is no criterion, and yet what people filter by first."""
    rng = np.random.default_rng(4)
    n = 2000
    contract = rng.choice(["Monthly", "Yearly"], n)
    services = rng.integers(0, 2, (n, 9))
    frame = pd.DataFrame({f"service {i}": np.where(services[:, i], "with", "without") for i in range(9)})
    frame["contract"] = contract
    frame["colour"] = rng.choice(["red", "blue"], n)
    frame["ltv"] = 100.0 + 50 * services.sum(axis=1) + rng.normal(0, 40, n)
    frame["churned"] = pd.array(rng.random(n) < np.where(contract == "Monthly", 0.45, 0.05), dtype="boolean")
    facts = facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["ltv", "churned"])
    order = informative(narrow(facts))

    assert order.index("contract") == 1, "the best of the two outcomes in turns"
    assert order[-1] == "colour"
    assert sorted(order) == sorted(c for c in frame if c not in ("ltv", "churned"))


def test_number_groups_are_round_and_cover_all():
    cuts = number_cuts(np.random.default_rng(0).lognormal(4, 1.2, 2000), 5, whole=False)

    assert len(cuts) == 4
    assert all(float(f"{c:.2g}") == c for c in cuts)


def test_identity_and_free_text_are_not_grouped():
    assert not can_group(narrow(FACTS), "customer_name")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 5), min_size=12, max_size=60), st.data())
def test_the_shift_by_ranks_is_that_of_mann_and_whitney(values, data):
    array = np.array(values, dtype=float)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(array), max_size=len(array))))
    if mask.all() or not mask.any() or len(set(values)) == 1:
        return
    ranked = Ranked(array)
    shift = ranked.shift(Chosen(mask).counts(ranked.block, ranked.totals))
    oracle = mannwhitneyu(array[mask], array[~mask], use_continuity=False, method="asymptotic")

    assert 2 * norm.sf(abs(shift)) == pytest.approx(oracle.pvalue)


def test_the_shift_of_very_many_customers_is_right_to_a_hundredth_of_a_standard_error():
    rng = np.random.default_rng(4)
    values = np.round(rng.lognormal(8, 1, 30_000))
    mask = rng.random(30_000) < np.where(values > 4000, 0.21, 0.2)
    ranked = Ranked(values)
    shift = ranked.shift(Chosen(mask).counts(ranked.block, ranked.totals))
    oracle = mannwhitneyu(values[mask], values[~mask], use_continuity=False, method="asymptotic")

    assert abs(shift) == pytest.approx(norm.isf(oracle.pvalue / 2), abs=0.01)


def with_lost_accounts(n_lost=400):
    """The made customers, and accounts that never bought: half of each in the same industry."""
    rng = np.random.default_rng(3)
    lost = pd.DataFrame(
        {
            "industry": rng.choice(["Logistics", "Retail"], n_lost),
            "deals": 1.0,
            "deals_won": 0.0,
            "deals_lost": 1.0,
        }
    )
    frame = FRAME.copy()
    catalogue = {name: FACTS.catalogue[name] for name in lost.columns}
    beyond = replace(FACTS, frame=lost, catalogue=catalogue, _memory={})
    return replace(FACTS, frame=frame, never_bought=beyond, _memory={}), lost


def test_the_win_rate_counts_the_deals_of_accounts_that_never_bought():
    facts, lost = with_lost_accounts()
    segment = Segment((Condition("industry", "is_any_of", ("Logistics",)),))
    found = dashboard(facts, segment)
    mine = FRAME[FRAME["industry"] == "Logistics"]
    won, lost_deals = (
        mine["deals_won"].sum(),
        mine["deals_lost"].sum() + (lost["industry"] == "Logistics").sum(),
    )

    assert found.segment["win_rate"].value == pytest.approx(won / (won + lost_deals))
    assert found.segment["win_rate"].n == won + lost_deals
    together = [found.segment["win_rate"], found.rest["win_rate"]]
    assert sum(m.n for m in together) == found.all["win_rate"].n
    shown = found.deals.set_index(["stage", "group"])["n"]
    assert shown["lost", "segment"] == lost_deals


def test_nothing_is_said_of_deals_where_lost_accounts_cannot_be_judged():
    facts, _ = with_lost_accounts()
    found = dashboard(facts, Segment((Condition("ltv", "at_least", 100.0),)))

    assert math.isnan(found.segment["win_rate"].value) and found.segment["win_rate"].n == 0
    assert len(found.deals) == 0 and "customers only" in found.why_no_deals
    assert why_no_deals(narrow(facts), found.chosen) == found.why_no_deals
    assert why_no_deals(narrow(facts), IDEAL.without("country").without("employees")) is None
    assert found.segment["churn"].n > 0, "everything else is still told"


def test_the_rows_on_the_screen_are_those_of_the_download():
    found = dashboard(FACTS, Segment((Condition("industry", "is_any_of", ("Logistics",)),)))
    columns = list(FRAME.columns)
    shown = customer_rows(FACTS, found, columns, 20)

    expected = customers(FACTS, found, columns, 20)
    assert shown.column_names == columns and shown.num_rows == 20
    for name in columns:
        assert shown[name].to_pylist() == pa.array(expected[name], from_pandas=True).to_pylist()
