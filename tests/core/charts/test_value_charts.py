"""Charts of the Customers and Retention pages: they draw, say what is seen, keep figures with their groups."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from benchmarks.made_customers import made_facts
from icp_core.charts import retention, value
from icp_core.charts.render import svg
from icp_core.retention import cohorts as cohort_tables
from icp_core.retention.comparison import survival_by
from icp_core.retention.survival import durations_of, of_groups, survival_of
from icp_core.retention.survival import hazard as hazard_of
from icp_core.value.best_customers import best_customers, what_they_share
from icp_core.value.concentration import concentration, pareto_curve

FACTS = made_facts(3000, seed=5)
MASK = (FACTS.frame["industry"] == "Retail").fillna(False).to_numpy(bool)
BEST = best_customers(FACTS, n=40).sort_values("row")["is_best"].to_numpy()
REVENUE = FACTS.frame["revenue"].to_numpy()
ORDERS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "a", "c", "a"],
        "ordered_on": pd.to_datetime(["2025-01-05", "2025-01-20", "2025-04-02", "2025-05-01", "2025-08-01"]),
        "value": [100.0, 50.0, 80.0, 20.0, 10.0],
    }
)
BOUGHT = cohort_tables.bought(ORDERS, date(2025, 8, 15), "quarter")
MONTHS = pd.DataFrame(
    {
        "month": pd.to_datetime(["2026-01-01", "2026-02-01"]),
        "won": [3, 5],
        "decided": [6, 8],
        "rate": [0.5, 0.625],
        "low": [0.2, 0.3],
        "high": [0.8, 0.86],
    }
)
CHARTS = {
    "pareto": lambda look: value.pareto(pareto_curve(REVENUE), concentration(REVENUE), look),
    "shared": lambda look: value.shared(value.clear_enough(what_they_share(FACTS, BEST)), look),
    "by_group": lambda look: value.by_group(
        ["a", "b"], [0.5, 0.2], title="Churned", unit="%", n=[40, 5], palette=look
    ),
    "won_by_month": lambda look: value.won_by_month(MONTHS, look),
    "survival": lambda look: retention.survival(survival_of(FACTS, MASK), palette=look),
    "survival_by": lambda look: retention.survival_by(survival_by(FACTS, "industry"), "By industry", look),
    "hazard": lambda look: retention.hazard(
        hazard_of(*durations_of(FACTS), np.where(MASK, "segment", "rest")), look
    ),
    "cohorts": lambda look: retention.cohorts(
        BOUGHT,
        "quarter",
        value="revenue_per_customer",
        currency="EUR",
        title="Revenue per customer",
        palette=look,
    ),
}


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("name", CHARTS)
def test_each_chart_draws_in_both_palettes_without_data_in_its_specification(name, look):
    chart = CHARTS[name](look)
    drawn = svg(chart, 420, 260)

    assert drawn.startswith("<svg") and drawn.count("<path") + drawn.count("<text") > 5
    assert "datasets" not in chart.spec and "values" not in json.dumps(chart.spec.get("data"))
    assert chart.title and chart.alt.endswith(".")
    assert chart.spec is CHARTS[name](look).spec
    assert "NaN" not in json.dumps(chart.records())


def test_bars_keep_the_figures_of_their_group_when_a_frame_was_sorted():
    frame = pd.DataFrame({"group": ["low", "high"], "v": [1.0, 9.0], "n": [50, 70]}).sort_values(
        "v", ascending=False
    )

    rows = value.by_group(frame["group"], frame["v"], title="V", unit=None, n=frame["n"]).records()

    assert [(r["group"], r["value"], r["n"]) for r in rows] == [("high", 9.0, 70), ("low", 1.0, 50)]


def test_thin_groups_are_marked_and_say_so():
    rows = value.by_group(["many", "few"], [0.5, 1.0], title="Churned", unit="%", n=[40, 5]).records()

    assert [r["thin"] for r in rows] == [False, True]
    assert "Too few to say" in rows[1]["tip"] and "Too few" not in rows[0]["tip"]


def test_the_pareto_chart_says_the_top_shares_and_names_each_share_once():
    few = [50.0, 30.0, 10.0, 5.0, 5.0]
    chart = value.pareto(pareto_curve(few), concentration(few))
    words = [r["words"] for r in chart.records() if r["words"]]

    assert chart.title == "The top fifth hold 50 % of the revenue"
    assert words == ["top 20 %: 50 %"]


def test_a_curve_is_pale_where_fewer_than_ten_remain_and_is_named_by_its_last_fair_share():
    durations = [5.0] * 20 + [9.0] * 15 + [20.0]
    left = [1] * 20 + [0] * 15 + [1]
    chart = retention.survival(of_groups(durations, left, ["all"] * 36))
    rows = chart.records()

    [label] = [r["label"] for r in rows if r["label"]]
    assert label == "Everyone 44%"
    assert [r["kept"] for r in rows if r["thin"] is True][-1] == 0.0
    assert all(r["kept"] > 0.4 for r in rows if r["thin"] is False)


def test_names_at_the_ends_of_lines_never_cover_each_other():
    labels = [r for r in CHARTS["survival_by"]("light").records() if r["label"]]
    heights = sorted(r["label_y"] for r in labels)

    assert len(heights) == 7
    assert min(b - a for a, b in zip(heights, heights[1:], strict=False)) > 0.08
    assert 0 <= heights[0] and heights[-1] <= 1


def test_long_curves_are_thinned_for_the_screen_but_keep_their_ends():
    months = np.linspace(0.1, 80, 5000)
    found = of_groups(months, np.ones(5000), ["all"] * 5000)
    rows = [r for r in retention.survival(found).records() if r["thin"] is not None]

    assert len(rows) < 300
    assert max(r["month"] for r in rows) == found.curves["month"].max()


def test_unfinished_periods_of_a_cohort_have_no_cell():
    rows = CHARTS["cohorts"]("light").records()

    assert [(r["cohort"], r["period"], r["mark"]) for r in rows] == [
        ("Q1 2025 · 2", 0, "€75"),
        ("Q1 2025 · 2", 1, "€40"),
        ("Q2 2025 · 1", 0, "€20"),
    ]


def test_only_findings_beyond_a_hint_are_shown_when_there_are_any():
    table = pd.DataFrame({"verdict": ["Likely", "Hint", "Likely"], "difference": [-0.5, 0.1, 0.3]})

    assert value.clear_enough(table)["verdict"].tolist() == ["Likely", "Likely"]
    assert len(value.clear_enough(table.assign(verdict="Hint"))) == 2, "having less of it is no hint"
