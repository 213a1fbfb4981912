"""Curves of who stays."""

from __future__ import annotations

from functools import cache

import altair as alt
import pandas as pd

from icp_core.charts.theme import PALETTES, Chart, source, spec_of
from icp_core.segments.keeping import Keeping
from icp_core.stats.wording import months, rate


def kept_curves(found: Keeping, palette: str = "light") -> Chart:
    """Share of customers kept by month, segment against the rest, with likely ranges and end labels.

    Rows: ``group``, ``month``, ``kept``, ``low``, ``high`` (0–1), ``at_risk``, ``label`` (last month only).
    """
    frame = found.curve.copy()
    names = {"segment": "Segment", "rest": "The rest"}
    last = frame.groupby("group")["month"].transform("max")
    frame["label"] = [
        f"{names[g]} {kept:.0%}" if month == end else ""
        for g, month, kept, end in zip(frame["group"], frame["month"], frame["kept"], last, strict=True)
    ]
    ends = frame[frame["label"] != ""].set_index("group")["kept"]
    top = ends.idxmax() if len(ends) else ""
    frame["upper"] = frame["group"] == top
    frame["lower"] = frame["group"] != top
    frame["tip"] = [
        f"{rate(k)}, likely {rate(lo)}–{rate(hi)}, {n:,} customers"
        for k, lo, hi, n in zip(frame["kept"], frame["low"], frame["high"], frame["at_risk"], strict=True)
    ]
    return Chart(_kept_spec(palette), frame, _title(found), _alt(found, frame))


@cache
def _kept_spec(name: str) -> dict:
    palette = PALETTES[name]
    x = alt.X(
        "month:Q", title="Months since they began", axis=alt.Axis(grid=False, tickMinStep=6, format="d")
    )
    y = alt.Y(
        "kept:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
    )  # fmt: skip
    groups = alt.Scale(domain=["segment", "rest"], range=[palette.ideal, palette.rest])
    colour = alt.Color("group:N", scale=groups, legend=None)
    base = alt.Chart(source())
    band = base.mark_area(opacity=0.15, interpolate="step-after").encode(
        x=x, y=alt.Y("low:Q", title=None), y2="high:Q", color=colour
    )
    lines = base.mark_line(strokeWidth=2, interpolate="step-after").encode(x=x, y=y, color=colour)
    points = base.mark_point(opacity=0, size=60).encode(
        x=x, y=y,
        tooltip=[
            alt.Tooltip("group:N", title="Who"),
            alt.Tooltip("month:Q", title="Month"),
            alt.Tooltip("tip:N", title="Kept"),
        ],
    )  # fmt: skip
    text_scale = alt.Scale(domain=["segment", "rest"], range=[palette.ideal, palette.rest_text])
    ends = [
        base.transform_filter(f"datum.label != '' && datum.{'upper' if up else 'lower'}")
        .mark_text(align="left", dx=5, dy=-6 if up else 7, fontWeight=600)
        .encode(x=x, y=y, text="label:N", color=alt.Color("group:N", scale=text_scale, legend=None))
        for up in (True, False)
    ]
    return spec_of(alt.layer(band, lines, points, *ends).resolve_scale(color="independent"), palette)


def _title(found: Keeping) -> str:
    if not found.is_clear:
        return "How long they stay"
    return "They stay longer" if found.months_segment > found.months_rest else "They leave sooner"


def _alt(found: Keeping, frame: pd.DataFrame) -> str:
    if frame.empty:
        return "How long customers stay: nothing known."
    ends = frame[frame["label"] != ""]
    words = "; ".join(
        f"{label} kept at month {month}" for label, month in zip(ends["label"], ends["month"], strict=True)
    )
    if found.horizon:
        words += (
            f". Within {found.horizon} months the segment stays {months(found.months_segment)} on average, "
            f"the rest {months(found.months_rest)}"
        )
    return words + "."
