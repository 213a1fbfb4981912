import pandas as pd
import pytest

from icp_core.charts.print import COLUMN_PX, lift_chart, retention_chart
from icp_core.charts.render import png, svg
from icp_core.charts.theme import DARK, LIGHT, PALETTES, Chart
from icp_core.export.brand import contrast
from icp_core.profile.model import Lift, SurvivalPoint
from tests.core.export import sample_profile


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_words_can_be_read_on_paper_and_on_cards(palette):
    for colour in (
        palette.ink,
        palette.soft,
        palette.mute,
        palette.ideal,
        palette.rest_text,
        palette.against,
    ):
        assert contrast(colour, palette.paper) >= 4.5
        assert contrast(colour, palette.tint) >= 4.5


def test_the_two_grounds_name_the_same_roles():
    assert len(LIGHT.sequential) == len(DARK.sequential)
    assert len(LIGHT.diverging) == len(DARK.diverging) and len(LIGHT.diverging) % 2 == 1


def test_lifts_are_drawn_likeliest_first_and_said_in_words():
    chart = lift_chart(list(reversed(sample_profile.full().lifts)), caption="Apart")

    assert chart.data["ratio"].is_monotonic_decreasing
    assert chart.alt.startswith("Apart: Two or more sites 3.3×, likely 2.6× to 4.2×; ")
    assert set(chart.data.loc[chart.data["ratio"] < 1, "side"]) == {"less"}


def test_of_many_lifts_the_strongest_are_kept():
    lifts = [Lift(label=f"t{i}", ratio=1 + i / 10, low=1, high=3, n=9) for i in range(20)]

    assert lift_chart(lifts).data["label"].tolist() == [f"t{i}" for i in range(19, 10, -1)]


def test_a_lift_of_nothing_has_a_place_on_the_scale():
    text = svg(lift_chart([Lift(label="never", ratio=0, low=0, high=0.2, n=40)]), COLUMN_PX, 60)

    assert "never" in text and "NaN" not in text


def test_the_svg_keeps_labels_as_text_in_the_bundled_face_and_is_the_same_twice():
    chart = lift_chart(sample_profile.full().lifts)
    text = svg(chart, COLUMN_PX, 140)

    assert "Two or more sites" in text and "3.3×" in text
    assert "'Source Sans 3'" in text
    assert text == svg(chart, COLUMN_PX, 140)
    assert f'width="{COLUMN_PX}"' in text and 'height="140"' in text


def test_end_labels_of_close_curves_do_not_overlap():
    points = [SurvivalPoint(month=m, survival=1 - m / 100, low=0.6, high=1, at_risk=9) for m in range(0, 25)]
    near = [p.model_copy(update={"survival": p.survival - 0.001}) for p in points]
    chart = retention_chart(points, near)
    at = chart.data.loc[chart.data["words"] != "", "at"].tolist()

    assert abs(at[0] - at[1]) > 0.04


def test_one_curve_alone_can_be_drawn():
    assert "Ideal 85 %" in svg(retention_chart(sample_profile.full().retention_ideal, []), COLUMN_PX, 100)


def test_a_chart_comes_as_png():
    assert png(lift_chart(sample_profile.full().lifts), 250, 120)[:8] == b"\x89PNG\r\n\x1a\n"


def test_blanks_and_dates_become_plain_json():
    data = pd.DataFrame({"on": pd.to_datetime(["2026-01-02", None]), "v": [1.5, None]})

    assert Chart({}, data, "", "").records() == [
        {"on": "2026-01-02T00:00:00.000", "v": 1.5},
        {"on": None, "v": None},
    ]
