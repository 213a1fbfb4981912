"""How strong the found kinds of customer are, beside what shuffled data reach."""

from __future__ import annotations

from functools import cache

import altair as alt
import pandas as pd

from icp_core.charts.theme import PALETTES, Chart, source, spec_of
from icp_core.segments.discover import Discovery
from icp_core.stats.wording import n_words


def candidates_beside_luck(found: Discovery, palette: str = "light") -> Chart:
    """One bar per candidate, its strength; the line is what the best of shuffled data rarely passes.

    Rows: ``rule`` (words), ``strength`` (z), ``luck`` (the line), ``stands`` (yes/no), ``label``.
    """
    frame = pd.DataFrame(
        [
            {
                "rule": f"{i}. {c.words}",
                "strength": abs(c.z),
                "luck": found.luck_line,
                "stands": c.stands,
                "label": f"{c.verdict}, {n_words(c.n)}",
            }
            for i, c in enumerate(found.candidates, 1)
        ],
        columns=["rule", "strength", "luck", "stands", "label"],
    )
    n = int(frame["stands"].sum())
    title = {
        0: "Nothing found here passes what luck reaches",
        1: "One kind of customer passes what luck reaches",
    }.get(n, f"{n} kinds of customer pass what luck reaches")
    alt_text = f"{title}. Shuffled data reach a strength of {found.luck_line:.1f}. " + " ".join(
        f"{row.rule}: strength {row.strength:.1f}." for row in frame.itertuples()
    )
    return Chart(_spec(palette, found.direction < 0), frame, title, alt_text)


@cache
def _spec(name: str, is_worse: bool) -> dict:
    palette = PALETTES[name]
    found, luck = (palette.against, palette.ink) if is_worse else (palette.ideal, palette.against)
    base = alt.Chart(source())
    # The words stand above their bar: beside it a rule of three conditions would be cut, on a phone all of them.
    y = alt.Y("rule:N", sort=None, title=None, axis=None)
    longest = base.transform_aggregate(longest="max(strength)").transform_calculate(
        room="datum.longest * 1.3"
    )
    room = longest.mark_point(opacity=0).encode(x="room:Q")
    colour = alt.Color(
        "stands:N", scale=alt.Scale(domain=[True, False], range=[found, palette.rest]), legend=None
    )
    tips = [alt.Tooltip("rule:N", title="Kind"), alt.Tooltip("label:N", title="Verdict")]
    axis = alt.Axis(labels=False, ticks=False, grid=False, titlePadding=18)
    bars = base.mark_bar(height=13, yOffset=9).encode(
        x=alt.X("strength:Q", title=" ", axis=axis), y=y, color=colour, tooltip=tips
    )
    rules = base.mark_text(align="left", baseline="middle", dy=-10, limit=680, color=palette.ink).encode(
        x=alt.value(0), y=y, text="rule:N", tooltip=tips
    )
    # Beyond the line where the bar ends before it, so that the line crosses no words; those above it stand on paper.
    words = (
        base.transform_calculate(at="max(datum.strength, datum.luck)")
        .mark_text(align="left", dx=5, dy=9, color=palette.ink)
        .encode(x="at:Q", y=y, text="label:N")
    )
    ground = base.mark_text(
        align="left", baseline="middle", dy=-10, limit=680, stroke=palette.paper, strokeWidth=5, opacity=1
    ).encode(x=alt.value(0), y=y, text="rule:N")
    line = base.mark_rule(strokeDash=[5, 4], strokeWidth=1.5, color=luck).encode(x="max(luck):Q")
    named = (
        base.transform_aggregate(luck="max(luck)")
        .mark_text(align="center", baseline="top", dy=5, color=luck)
        .encode(x="luck:Q", y=alt.value(alt.expr("height")), text=alt.value("what luck reaches"))
    )
    return spec_of(room + line + ground + bars + rules + words + named, palette)
