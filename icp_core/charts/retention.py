"""Curves of who stays."""

from __future__ import annotations

from functools import cache

import altair as alt
import pyarrow as pa

from icp_core.charts.theme import PALETTES, Chart, source, spec_of
from icp_core.segments.keeping import Keeping
from icp_core.stats.wording import months, rate


def kept_curves(found: Keeping, palette: str = "light") -> Chart:
    """Share of customers kept by month, segment against the rest, with likely ranges and end labels.

    Rows: ``group``, ``month``, ``kept``, ``low``, ``high`` (0–1), ``at_risk``, ``label`` (last month only).
    """
    has_rest = bool((found.curve["group"] == "rest").any())
    names = {"segment": "Segment" if has_rest else "Everyone", "rest": "The rest"}
    group, month, kept, low, high, n = (
        found.curve[c].tolist() for c in ("group", "month", "kept", "low", "high", "at_risk")
    )
    last = {g: i for i, g in enumerate(group)}
    labels = [f"{names[g]} {kept[i]:.0%}" if i == last[g] else "" for i, g in enumerate(group)]
    upper = max(last, key=lambda g: kept[last[g]], default="")
    rows = pa.table(
        {
            "group": group,
            "month": month,
            "kept": kept,
            "low": low,
            "high": high,
            "at_risk": n,
            "label": labels,
            "upper": [g == upper for g in group],
            "lower": [g != upper for g in group],
            "tip": [
                f"{rate(k)}, likely {rate(lo)}–{rate(hi)}, {count:,} customers"
                for k, lo, hi, count in zip(kept, low, high, n, strict=True)
            ],
        }
    )
    ends = [(labels[i], month[i]) for i in last.values()]
    return Chart(_kept_spec(palette), rows, _title(found), _alt(found, ends))


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


def _alt(found: Keeping, ends: list[tuple[str, int]]) -> str:
    if not ends:
        return "How long customers stay: nothing known."
    words = "; ".join(f"{label} kept at month {month}" for label, month in ends)
    if found.horizon:
        words += (
            f". Within {found.horizon} months the segment stays {months(found.months_segment)} on average, "
            f"the rest {months(found.months_rest)}"
        )
    return words + "."
