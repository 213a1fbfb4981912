"""Customers as dots on a map of likeness, the ideal ones highlighted."""

from __future__ import annotations

from functools import cache

import altair as alt

from icp_core.charts.theme import PALETTES, Chart, Palette, source, spec_of
from icp_core.segments.likeness import Likeness
from icp_core.stats.wording import count


def likeness_chart(found: Likeness, palette: Palette) -> Chart:
    """One dot per customer; near means alike. Rows: ``name``, ``x``, ``y``, ``group`` (Ideal, Others)."""
    rows = found.points.assign(group=found.points["inside"].map({True: "Ideal", False: "Others"}))
    rows = rows.sort_values("inside", kind="stable")[["name", "x", "y", "group"]].reset_index(drop=True)
    n = int(found.points["inside"].sum())
    title = "Customers by likeness"
    said = f"{title}: {count(len(rows))} dots, {count(n)} of them the ideal customers. {found.message}"
    return Chart(_spec(palette.name), rows, title, said)


@cache
def _spec(name: str) -> dict:
    palette = PALETTES[name]
    tone = alt.Scale(domain=["Ideal", "Others"], range=[palette.ideal, palette.rest])
    plain = alt.Axis(labels=False, ticks=False, grid=False, domain=False)
    dots = (
        alt.Chart(source())
        .mark_circle(size=38)
        .encode(
            x=alt.X("x:Q", title="near means alike", axis=plain),
            y=alt.Y("y:Q", title=None, axis=plain),
            color=alt.Color(
                "group:N", scale=tone, legend=alt.Legend(title=None, orient="top", symbolType="circle")
            ),
            opacity=alt.condition(alt.datum.group == "Ideal", alt.value(0.9), alt.value(0.35)),
            tooltip=[alt.Tooltip("name:N", title="Customer"), alt.Tooltip("group:N", title="Group")],
        )
    )
    return spec_of(dots, palette)
