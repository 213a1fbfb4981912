"""Charts of the Voice page: they render, say what is seen, and colour only the segment in accent."""

import json

import pandas as pd
import pytest

from icp_core.charts import voice
from icp_core.charts.render import svg
from icp_core.charts.theme import DARK, LIGHT

EVIL = "One <plan> for “all” sites | ' \" }}"
SHARES = pd.DataFrame(
    {
        "name": [EVIL, "Less paper"],
        "n": [20, 30],
        "n_asked": [60, 60],
        "share": [1 / 3, 0.5],
        "low": [0.23, 0.38],
        "high": [0.46, 0.62],
        "n_rest": [5, 30],
        "n_asked_rest": [60, 60],
        "share_rest": [1 / 12, 0.5],
        "low_rest": [0.04, 0.38],
        "high_rest": [0.18, 0.62],
        "stands": [True, False],
    }
)
PERIODS = pd.DataFrame(
    {
        "period": ["2026 Q1", "2026 Q2"],
        "score": [-10.8, 27.0],
        "low": [-35.5, 2.5],
        "high": [15.5, 47.5],
        "n": [37, 40],
        "change": [float("nan"), 37.8],
        "changed": [False, True],
    }
)
GROUPS = pd.DataFrame(
    {
        "label": ["Industry", "Plan"],
        "group": ["Logistics", EVIL],
        "score": [53.0, -27.0],
        "low": [38.0, -51.0],
        "high": [64.0, 1.0],
        "rest_score": [-5.0, 29.0],
        "n": [89, 38],
        "stands": [True, False],
    }
)
CHARTS = {
    "trend": lambda look: voice.score_trend(PERIODS, look),
    "groups": lambda look: voice.score_groups(GROUPS, look),
    "pairs": lambda look: voice.share_pairs(SHARES, look, title="What matters"),
    "alone": lambda look: voice.share_pairs(SHARES, look, title="What matters", second=None),
    "kept": lambda look: voice.share_pairs(SHARES, look, title="Who", first="kept", second="lost"),
}


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("name", CHARTS)
def test_each_chart_draws_in_both_palettes_without_data_in_its_specification(name, look):
    chart = CHARTS[name](look)

    assert "<svg" in svg(chart, 350, voice.height_of(chart) if name != "trend" else 260)
    assert EVIL not in json.dumps(chart.spec, ensure_ascii=False)
    assert chart.alt.endswith(".")


def test_a_specification_is_authored_once_per_palette():
    assert CHARTS["pairs"]("light").spec is CHARTS["pairs"]("light").spec
    assert CHARTS["pairs"]("light").spec is not CHARTS["pairs"]("dark").spec


@pytest.mark.parametrize(("look", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_accent_means_the_segment_and_nothing_else(look, palette):
    own_marks = {name: dict(chart(look).spec) for name, chart in CHARTS.items()}
    for spec in own_marks.values():
        spec.pop("config")
    coloured = {name for name, spec in own_marks.items() if palette.ideal in json.dumps(spec)}

    assert coloured == {"pairs"}


def test_the_title_says_what_is_seen_and_nothing_more():
    assert voice.score_trend(PERIODS).title == "NPS rose in 2026 Q2"
    assert voice.score_trend(PERIODS.assign(changed=False)).title == "NPS over time"
    assert voice.score_groups(GROUPS).title == "Industry: Logistics score higher"
    assert voice.score_groups(GROUPS.assign(stands=False)).title == "NPS by group"


def test_the_alternative_text_carries_the_figures():
    assert voice.score_trend(PERIODS).alt == "NPS per period: 2026 Q1 −11 (n 37); 2026 Q2 +27 (n 40)."
    assert "Less paper, rest: rest 50 % · 30" not in voice.share_pairs(SHARES, title="T").alt
    assert "Less paper, segment: 50 % · 30" in voice.share_pairs(SHARES, title="T").alt
    assert "(no clear difference)" in voice.score_groups(GROUPS).alt


def test_nobody_asked_is_no_bar_of_zero():
    empty_rest = SHARES.assign(n_asked_rest=0, n_rest=0, share_rest=float("nan"))

    rows = voice.share_pairs(empty_rest, title="T").data

    assert set(rows.loc[rows["side"] >= 0, "side"]) == {0}


def test_a_chart_is_as_high_as_its_rows():
    one, two = (voice.share_pairs(SHARES.head(n), title="T") for n in (1, 2))

    assert voice.height_of(two) == 2 * voice.height_of(one)


def test_a_range_of_scores_reads_in_words():
    assert voice.score_range(-3.2, 29.6) == "likely −3 to +30"
    assert voice.score_range(float("nan"), 5) == ""
