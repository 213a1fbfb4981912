"""Charts of the Segments page: they render, say what is seen, and carry no text of a user in their specification."""

import json
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.made_customers import made_facts
from icp_core.charts import labels, retention, segments
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


def crowd(n_groups: int, seed: int = 5, churned=None):
    """Customers in groups that differ little, so that their bubbles lie close together."""
    rng = np.random.default_rng(seed)
    kinds = [f"Kind of shop {i}" for i in range(n_groups)]
    kind = rng.choice(np.array(kinds, dtype=object), 1500)
    frame = pd.DataFrame({"kind": kind, "ltv": rng.lognormal(8, 1, 1500).round(2)})
    frame["churned"] = rng.random(1500) < 0.3 if churned is None else churned(kind)
    facts = facts_from_frame(
        frame, as_of=date(2026, 1, 1), outcomes=["ltv", "churned"], kinds={"kind": "category"}
    )
    found = dashboard(facts, Segment(), bubble="kind")
    return segments.bubbles(found, found.bubbles)


def texts_of(drawn: str) -> list[tuple[float, float, str, str]]:
    """Texts in the plot or beside it, without the rims of names: position, which end is held, words."""
    marks = [m for m in re.findall(r"<text ([^>]*)>([^<]*)</text>", drawn) if "stroke=" not in m[0]]
    places = [(re.search(r"translate\(([-\d.]+),([-\d.]+)\)", about), about, words) for about, words in marks]
    return [
        (float(at[1]), float(at[2]), re.search(r'text-anchor="(\w+)"', about)[1], words)
        for at, about, words in places
    ]


@pytest.mark.parametrize("width", [330, 420, 640])
@pytest.mark.parametrize("n_groups", [2, 6, 13])
def test_names_of_bubbles_never_lie_on_each_other(width, n_groups):
    chart = crowd(n_groups)
    names = [t for t in texts_of(svg(chart, width, 260)) if t[3].startswith("Kind of shop")]
    held = {"middle": 0.5, "start": 0.0, "end": 1.0}
    boxes = [(x - 76 * held[side], y - 9, x + 76 * (1 - held[side]), y + 2) for x, y, side, _ in names]

    assert len(names) == sum(side != "" for side in chart.data["side"].to_pylist()) >= min(n_groups, 5)
    for i, first in enumerate(boxes):
        for second in boxes[i + 1 :]:
            apart = (
                first[0] >= second[2]
                or second[0] >= first[2]
                or first[1] >= second[3]
                or second[1] >= first[3]
            )
            assert apart, (first, second)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(1, 30)), min_size=1, max_size=14))
def test_a_name_finds_a_clear_side_or_is_left_out(bubbles):
    width, height = 270.0, 215.0
    x = np.array([40 + a * (width - 80) for a, _, _ in bubbles])
    y = np.array([34 + b * (height - 68) for _, b, _ in bubbles])
    names = ["m" * letters for *_, letters in bubbles]
    found = labels.sides(x, y, np.full(len(x), 8.0), names, width, height)

    assert found[0] != labels.NOWHERE
    boxes = [
        labels._box(a, b, name, *labels.SIDES[side])
        for a, b, name, side in zip(x, y, names, found, strict=True)
        if side
    ]
    assert not any(labels._meet(first, second) for i, first in enumerate(boxes) for second in boxes[i + 1 :])
    assert all(box[0] >= 0 and box[2] <= width for box in boxes)


@pytest.mark.parametrize("gone", [False, True])
def test_the_axis_of_churn_says_nothing_below_nobody_or_above_everybody(gone):
    chart = crowd(3, churned=lambda kind: (kind == "Kind of shop 0") != gone)
    said = [words for *_, words in texts_of(svg(chart, 420, 260)) if words.endswith("%")]

    assert {"0%", "100%"} <= set(said)
    assert all(0 <= int(words.rstrip("%")) <= 100 for words in said)
    assert all(0 <= share <= 1 for share in chart.data["churn"].to_pylist())


def test_nobody_who_left_is_likely_nobody_at_least():
    chart = crowd(3, churned=lambda kind: kind == "Kind of shop 0")

    said = dict(zip(chart.data["group"].to_pylist(), chart.data["churn_words"].to_pylist(), strict=True))
    assert said["Kind of shop 1"].startswith("0 %, likely 0 %–")
    assert said["Kind of shop 0"].endswith("–100 %")
