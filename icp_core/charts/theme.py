"""One look for every chart: palettes, type, and the shape a finished chart has.

A chart module authors its specification once per palette with Altair over ``source()`` (a dataset known
only by name) and keeps the dict that ``spec_of`` returns; a chart is then that dict plus a small frame.

>>> import altair as alt, pandas as pd
>>> bars = alt.Chart(source()).mark_bar(color=LIGHT.ideal).encode(x="n:Q", y="level:N")
>>> spec = spec_of(bars, LIGHT)
>>> chart = Chart(spec, pd.DataFrame({"n": [3], "level": ["Retail"]}), "Customers", "Retail 3 customers")
>>> chart.with_data()["datasets"]["rows"]
[{'n': 3, 'level': 'Retail'}]
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa

# The name under which every specification looks for its rows.
ROWS = "rows"
# Quoted: a name that ends in a figure is no valid family otherwise, and its text would vanish.
FONT = "'Source Sans 3', sans-serif"
SERIF = "'Source Serif 4', serif"
FONT_SIZE = 12


@dataclass(frozen=True)
class Palette:
    """The colours of one ground. ``ideal`` only ever means the segment or the ICP."""

    name: str
    ink: str
    soft: str  # second ink: sentences under a title
    mute: str  # labels; at least 4.5:1 on paper
    paper: str
    tint: str  # cards, the strip of figures
    ideal: str
    rest: str
    rest_text: str  # "others" as text: the grey of ``rest`` dark enough to read
    against: str
    hair: str  # rules, grids
    sequential: tuple[str, ...]  # heat maps: little → much
    diverging: tuple[str, ...]  # effects around 1×: below → none → above


LIGHT = Palette(
    name="light",
    ink="#17212B",
    soft="#2E3A45",
    mute="#5B6670",
    paper="#FFFFFF",
    tint="#F4F2EC",
    ideal="#0B6E69",
    rest="#A9B1B7",
    rest_text="#626C75",
    against="#B4491F",
    hair="#D8DCDF",
    sequential=("#F1F6F5", "#C9E1DE", "#94C6C1", "#56A39D", "#0B6E69", "#06413E"),
    diverging=("#8F3512", "#B4491F", "#DDA58D", "#EEEDEA", "#8FC4BF", "#0B6E69", "#06413E"),
)
DARK = Palette(
    name="dark",
    ink="#E8ECEF",
    soft="#CDD5DA",
    mute="#A3AEB7",
    paper="#12191F",
    tint="#1B242C",
    ideal="#4DB6AC",
    rest="#6B7780",
    rest_text="#9AA6AF",
    against="#E08A5F",
    hair="#2C3740",
    sequential=("#18242A", "#1D3A3D", "#235653", "#32807A", "#4DB6AC", "#A9E2DB"),
    diverging=("#F2B597", "#E08A5F", "#8A573F", "#2A343C", "#2C6A65", "#4DB6AC", "#A9E2DB"),
)
PALETTES = {"light": LIGHT, "dark": DARK}


def config(palette: Palette, font_size: int = FONT_SIZE) -> dict[str, Any]:
    """The Vega-Lite configuration all charts share."""
    axis = {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": font_size,
        "titleFontSize": font_size,
        "titleFontWeight": "normal",
        "labelColor": palette.mute,
        "titleColor": palette.mute,
        "domain": False,
        "ticks": False,
        "gridColor": palette.hair,
        "gridWidth": 0.6,
        "labelPadding": 5,
    }
    heading = {"font": FONT, "color": palette.ink, "fontSize": font_size + 1, "anchor": "start"}
    return {
        "font": FONT,
        "background": "transparent",
        "padding": 0,
        "view": {"stroke": None},
        "axis": axis,
        "text": {"font": FONT, "fontSize": font_size, "color": palette.ink},
        "title": heading | {"fontWeight": 600, "subtitleColor": palette.mute, "subtitleFont": FONT},
        "header": {
            "labelFont": FONT,
            "titleFont": FONT,
            "labelColor": palette.ink,
            "labelFontSize": font_size,
        },
        "legend": {
            "labelFont": FONT,
            "titleFont": FONT,
            "labelColor": palette.mute,
            "titleColor": palette.mute,
            "labelFontSize": font_size,
            "titleFontSize": font_size,
            "titleFontWeight": "normal",
        },
        "range": {
            "ramp": list(palette.sequential),
            "heatmap": list(palette.sequential),
            "diverging": list(palette.diverging),
            "category": [palette.ideal, palette.rest, palette.against, palette.mute],
        },
        "bar": {"color": palette.rest},
        "line": {"color": palette.ideal, "strokeWidth": 2},
        "rule": {"color": palette.ink},
        "point": {"color": palette.ideal, "filled": True},
    }


def source() -> alt.NamedData:
    """The rows of a chart that are given only when it is shown."""
    return alt.NamedData(ROWS)


def spec_of(chart: alt.TopLevelMixin, palette: Palette, *, font_size: int = FONT_SIZE) -> dict[str, Any]:
    """The chart as a plain dict in this palette: transparent, filling its container, without data."""
    spec = chart.to_dict(validate=False, context={"pre_transform": False})
    own = spec.get("config", {})
    spec["config"] = config(palette, font_size) | {
        key: value for key, value in own.items() if key != "view" or "stroke" in value
    }
    spec.setdefault("autosize", {"type": "fit", "contains": "padding"})
    spec.pop("datasets", None)
    return spec


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart ready to show: specification, its rows, a title that says what is seen, an alternative text.

    ``selection`` names the parameter of the specification whose click adds a condition, or None.
    """

    spec: dict[str, Any]
    data: pd.DataFrame | pa.Table
    title: str
    alt: str
    selection: str | None = None

    def with_data(self) -> dict[str, Any]:
        """The specification with its rows inside, for SVG, PNG and tests."""
        return self.spec | {"datasets": {ROWS: self.records()}}

    def records(self) -> list[dict[str, Any]]:
        """The rows as plain JSON values; dates as ISO text, blanks as None."""
        frame = self.data.to_pandas() if isinstance(self.data, pa.Table) else self.data
        return json.loads(frame.to_json(orient="records", date_format="iso"))
