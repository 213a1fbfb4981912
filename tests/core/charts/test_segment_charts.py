"""Charts of the Segments page: they render, say what is seen, and carry no text of a user in their specification."""

import json
from datetime import date

import pandas as pd
import pytest

from benchmarks.made_customers import made_facts
from icp_core.charts import retention, segments
from icp_core.charts.render import svg
from icp_core.facts.catalogue import facts_from_frame
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.dashboard import dashboard

FACTS = made_facts(4000, seed=21)
IDEAL = Segment(
    (
        Condition("industry", "is_any_of", ("Logistics",)),
        Condition("country", "is_any_of", ("US", "UK")),
        Condition("employees", "between", (50, 200)),
    )
)
SEEN = dashboard(FACTS, IDEAL, heat=("lead_source", "has_api"), bubble="lead_source")
CHARTS = {
    "distribution": lambda look: segments.distribution(SEEN, look),
    "heat_map": lambda look: segments.heat_map(SEEN, SEEN.heat, look),
    "bubbles": lambda look: segments.bubbles(SEEN, SEEN.bubbles, look),
    "value_bars": lambda look: segments.value_bars(SEEN, SEEN.bubbles, look),
    "deals": lambda look: segments.deals(SEEN, look),
    "kept": lambda look: retention.kept_curves(SEEN.retention, look),
}


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("name", CHARTS)
def test_each_chart_draws_in_both_palettes_without_data_in_its_specification(name, look):
    chart = CHARTS[name](look)
    drawn = svg(chart, 420, 260)

    assert drawn.startswith("<svg") and drawn.count("<path") + drawn.count("<text") > 5
    assert "datasets" not in chart.spec and "values" not in json.dumps(chart.spec.get("data"))
    assert chart.title and chart.alt
    assert len(chart.data) <= 300


def test_the_same_chart_has_the_same_specification_whatever_the_segment():
    other = dashboard(FACTS, Segment(), heat=("lead_source", "has_api"), bubble="lead_source")

    assert segments.distribution(other).spec is segments.distribution(SEEN).spec
    assert segments.bubbles(other, other.bubbles).spec is segments.bubbles(SEEN, SEEN.bubbles).spec
    assert retention.kept_curves(other.retention).spec is retention.kept_curves(SEEN.retention).spec


def test_titles_say_what_is_seen_only_when_it_is_clear():
    noise = dashboard(FACTS, Segment((Condition("has_api", "is_yes"),)))

    assert retention.kept_curves(SEEN.retention).title == "They stay longer"
    assert retention.kept_curves(noise.retention).title == "How long they stay"
    assert segments.distribution(SEEN).title.startswith("They are worth about 2")
    assert segments.distribution(noise).title == "Lifetime value of a customer"


def test_alternative_texts_carry_the_figures():
    chart = segments.distribution(SEEN)
    mine = SEEN.comparison("ltv")

    assert mine.words() in chart.alt and f"n = {mine.segment.n:,}" in chart.alt
    assert all(f"n = {n:,}" in CHARTS["bubbles"]("light").alt for n in SEEN.bubbles.frame["n"])


def test_thin_cells_of_a_heat_map_are_marked_and_uncoloured():
    few = dashboard(FACTS, IDEAL, heat=("lead_source", "founded_year"))
    rows = segments.heat_map(few, few.heat).data.to_pandas()

    assert rows["thin"].any()
    assert (rows["n"] > 0).all()
    assert (rows[rows["thin"]]["strength"] == 0).all()


@pytest.mark.parametrize("text", ["datum.x'); alert(1)", "</script><b>", "{{constructor}}", "a\"b'c\\d"])
def test_hostile_labels_reach_the_chart_as_rows_only(text):
    frame = pd.DataFrame(
        {"kind": [text, "b"] * 30, "ltv": range(1, 61), "churned": [True, False, False] * 20}
    )
    facts = facts_from_frame(
        frame,
        as_of=date(2026, 1, 1),
        outcomes=["ltv", "churned"],
        kinds={"kind": "category"},
        labels={"kind": text},
    )
    found = dashboard(facts, Segment(), bubble="kind")
    chart = segments.bubbles(found, found.bubbles)

    assert text not in json.dumps(chart.spec)
    assert text in chart.data["group"].to_pylist()
    assert svg(chart, 300, 200).startswith("<svg")
