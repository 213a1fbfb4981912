"""Charts of the Customers page: concentration, what best customers share, shares and amounts by group."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pandas as pd
import pyarrow as pa

from icp_core.charts.theme import PALETTES, Chart, source, spec_of
from icp_core.stats.phrases import HINT, MIN_N, TOO_FEW, dots_text
from icp_core.stats.wording import count, figure, interval_words, rate
from icp_core.value.concentration import TOP_SHARES, Concentration

CLICK = "click"


# -- concentration ---------------------------------------------------------------------------------


def pareto(curve: pd.DataFrame, held: Concentration, palette: str = "light") -> Chart:
    """Share of revenue held by the top customers, with the top 1, 5, 10 and 20 of 100 marked.

    Rows: ``customers``, ``value`` (0–1), ``words`` (marked points only), ``tip``.
    """
    shares = (held.top1, held.top5, held.top10, held.top20)
    x, y = curve["share_customers"].tolist(), curve["share_value"].tolist()
    marks = [(p, s) for p, s in zip(TOP_SHARES, shares, strict=True) if s == s]
    # With few customers the top hundredth and the top twentieth are the same customer: said once.
    seen: dict[float, tuple[float, str]] = {}
    for p, s in marks:
        seen[s] = (p, f"top {rate(p)}: {rate(s)}")
    rows = pa.table(
        {
            "customers": [*x, *(p for p, _ in seen.values())],
            "value": [*y, *seen],
            "words": [*([None] * len(x)), *(w for _, w in seen.values())],
            "tip": [
                f"The top {rate(a)} of customers hold {rate(b)}"
                for a, b in zip([*x, *(p for p, _ in seen.values())], [*y, *seen], strict=True)
            ],
        }
    )
    title = "Share of revenue held by the top customers"
    if held.n and held.top20 == held.top20:
        title = f"The top fifth hold {rate(held.top20)} of the revenue"
    return Chart(_pareto_spec(palette), rows, title, f"{held.words} {count(held.n)} customers.")


@cache
def _pareto_spec(name: str) -> dict:
    palette = PALETTES[name]
    share = alt.Axis(format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 1], grid=True)
    x = alt.X("customers:Q", title="Customers, largest first", axis=share, scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("value:Q", title=None, axis=share, scale=alt.Scale(nice=False))
    base = alt.Chart(source())
    line = base.transform_filter("datum.words == null").mark_line(color=palette.ink).encode(x=x, y=y)
    even = (
        base.transform_filter("datum.words == null")
        .mark_line(color=palette.rest, strokeDash=[3, 3], strokeWidth=1)
        .encode(x=x, y=alt.Y("customers:Q"))
    )
    hover = base.mark_point(opacity=0, size=80).encode(
        x=x, y=y, tooltip=[alt.Tooltip("tip:N", title="Share")]
    )
    dots = base.transform_filter("datum.words != null").encode(x=x, y=y)
    return spec_of(
        alt.layer(
            even,
            line,
            hover,
            dots.mark_point(color=palette.ink, filled=True, size=45),
            dots.mark_text(align="left", dx=9, dy=4, color=palette.ink).encode(text="words:N"),
        ),
        palette,
    )


# -- what they share -------------------------------------------------------------------------------


def shared(table: pd.DataFrame, palette: str = "light") -> Chart:
    """What best customers have more (or less) often than the others; a click chooses the row.

    Rows: ``what``, ``best``, ``others`` (0–1), ``words``, ``attribute``, ``level``, ``place``.
    """
    frame = table.reset_index(drop=True)
    what = [_what(row.label, row.level) for row in frame.itertuples()]
    words = [
        f"{count(row.n_best)} of {count(row.n_known)} · others {row.share_rest:.0%} {dots_text(row.verdict)}"
        for row in frame.itertuples()
    ]
    rows = pa.table(
        {
            "what": what,
            "best": frame["share_best"].tolist(),
            "others": frame["share_rest"].tolist(),
            "end": np.maximum(frame["share_best"], frame["share_rest"]).tolist(),
            "words": words,
            "sure": [str(v) for v in frame["verdict"]],
            "attribute": frame["attribute"].tolist(),
            "level": frame["level"].tolist(),
            "place": list(range(len(frame))),
        }
    )
    sure = not set(frame["verdict"]) <= {HINT, TOO_FEW}
    title = "In what the best customers differ" if sure else "In what the best customers may differ"
    alt_text = f"{title}: " + ("; ".join(frame["words"]) or "nothing known") + "."
    return Chart(_shared_spec(palette), rows, title, alt_text, CLICK)


def _what(label: str, level: str) -> str:
    return label if level == "yes" else f"{label}: {level}"


@cache
def _shared_spec(name: str) -> dict:
    palette = PALETTES[name]
    y = alt.Y(
        "what:N", sort=alt.EncodingSortField("place", op="min"), title=None,
        axis=alt.Axis(labelColor=palette.ink, labelLimit=160, grid=False),
    )  # fmt: skip
    scale = alt.Scale(domain=[0, 2.2], nice=False)
    x = alt.X("best:Q", title=None, axis=None, scale=scale)
    tips = [
        alt.Tooltip("what:N", title="What"),
        alt.Tooltip("words:N", title="Best customers"),
        alt.Tooltip("sure:N", title="How sure"),
    ]
    click = alt.selection_point(name=CLICK, fields=["attribute", "level"], on="click", clear="dblclick")
    base = alt.Chart(source()).encode(y=y)
    bars = (
        base.mark_bar(
            color=palette.ink, opacity=0.75, cursor="pointer", cornerRadiusEnd=3, height={"band": 0.55}
        )
        .encode(x=x, tooltip=tips)
        .add_params(click)
    )
    others = base.mark_tick(color=palette.rest, thickness=3, size=20).encode(
        x=alt.X("others:Q", scale=scale, axis=None), tooltip=tips
    )
    words = base.mark_text(align="left", dx=5, color=palette.ink, fontSize=11).encode(
        x=alt.X("end:Q", scale=scale, axis=None), text="words:N"
    )
    return spec_of(alt.layer(bars, others, words), palette)


# -- a figure per group, with its range ------------------------------------------------------------


def by_group(
    groups: Sequence[str],
    values: Sequence[float],
    *,
    title: str,
    unit: str | None,
    n: Sequence[int] | None = None,
    low: Sequence[float] | None = None,
    high: Sequence[float] | None = None,
    of: str = "customers",
    of_segment: bool = False,
    palette: str = "light",
) -> Chart:
    """One bar per group from zero, with likely range and n in words; the order is kept, thin groups are hatched.

    Rows: ``group``, ``value``, ``low``, ``high``, ``n``, ``words``, ``tip``, ``thin``, ``place``, ``end``, ``room``.
    ``of_segment`` draws in the accent, which only ever means the segment.
    """
    # Lists: a sorted frame's columns would answer by label, not by place.
    groups, value = list(groups), np.asarray(values, dtype=float)
    kept = np.flatnonzero(np.isfinite(value))
    size = [None] * len(value) if n is None else [int(k) for k in n]
    bottom = np.full(len(value), np.nan) if low is None else np.asarray(low, dtype=float)
    top = np.full(len(value), np.nan) if high is None else np.asarray(high, dtype=float)
    thin = [size[i] is not None and size[i] < MIN_N for i in kept]
    end = [float(np.nanmax([value[i], top[i], 0.0])) for i in kept]
    words = [figure(value[i], unit) + ("" if size[i] is None else f" · n {count(size[i])}") for i in kept]
    spans = [interval_words(bottom[i], top[i], unit) for i in kept]
    rows = pa.table(
        {
            "group": [str(groups[i]) for i in kept],
            "value": value[kept].tolist(),
            "low": [None if np.isnan(v) else float(v) for v in bottom[kept]],
            "high": [None if np.isnan(v) else float(v) for v in top[kept]],
            "n": pa.array([size[i] for i in kept], pa.int64()),
            "words": words,
            "tip": [
                ", ".join(
                    filter(
                        None,
                        [figure(value[i], unit), span, "" if size[i] is None else f"{count(size[i])} {of}"],
                    )
                )
                + (f". {TOO_FEW}." if few else "")
                for i, span, few in zip(kept, spans, thin, strict=True)
            ],
            "thin": thin,
            "place": list(range(len(kept))),
            "end": end,
            "zero": [0.0] * len(kept),
            "room": [1.6 * max(end, default=1.0)] * len(kept),
        }
    )
    alt_text = f"{title}: " + (
        "; ".join(f"{groups[i]} {w}" for i, w in zip(kept, words, strict=True)) or "nothing known"
    )
    return Chart(_by_group_spec(palette, of_segment), rows, title, f"{alt_text}.")


@cache
def _by_group_spec(name: str, of_segment: bool) -> dict:
    palette = PALETTES[name]
    y = alt.Y(
        "group:N", sort=alt.EncodingSortField("place", op="min"), title=None,
        axis=alt.Axis(labelColor=palette.ink, labelLimit=150, grid=False),
    )  # fmt: skip
    x = alt.X("value:Q", title=None, axis=None, scale=alt.Scale(zero=True, nice=False))
    tips = [alt.Tooltip("group:N", title="Group"), alt.Tooltip("tip:N", title="Figure")]
    base = alt.Chart(source()).encode(y=y)
    room = base.mark_point(opacity=0).encode(x=alt.X("room:Q", title=None, axis=None))
    bars = base.mark_bar(
        color=palette.ideal if of_segment else palette.rest, cornerRadiusEnd=3, height={"band": 0.6}
    ).encode(x=x, tooltip=tips, opacity=alt.condition("datum.thin", alt.value(0.3), alt.value(0.9)))
    hatch = (
        base.transform_filter("datum.thin")
        .mark_text(text="╱╱╱", align="left", dx=3, color=palette.mute, fontSize=10, clip=True)
        .encode(x=alt.X("zero:Q", title=None, axis=None))
    )
    spans = (
        base.transform_filter("isValid(datum.low)")
        .mark_rule(color=palette.ink, strokeWidth=1.5)
        .encode(x=alt.X("low:Q", title=None, axis=None), x2=alt.X2("high:Q"), tooltip=tips)
    )
    words = base.mark_text(align="left", dx=6, color=palette.ink, fontSize=11).encode(
        x=alt.X("end:Q", title=None, axis=None), text="words:N"
    )
    return spec_of(alt.layer(room, bars, hatch, spans, words), palette)


# -- deals by month --------------------------------------------------------------------------------


def won_by_month(table: pd.DataFrame, palette: str = "light") -> Chart:
    """Share of decided deals that were won, by the month of the decision, with likely ranges.

    Rows: ``month``, ``rate``, ``low``, ``high``, ``tip``.
    """
    month, share, low, high = (table[c].tolist() for c in ("month", "rate", "low", "high"))
    rows = pa.table(
        {
            "month": [m.date().isoformat() for m in month],
            "rate": share,
            "low": low,
            "high": high,
            "tip": [
                f"{rate(r)}, {interval_words(a, b, '%')}: {count(w)} of {count(d)}"
                for r, a, b, w, d in zip(share, low, high, table["won"], table["decided"], strict=True)
            ],
        }
    )
    title = "Deals won, by the month they were decided in"
    ends = ""
    if len(table):
        ends = f": {month[0]:%b %Y} {rate(share[0])}, {month[-1]:%b %Y} {rate(share[-1])}"
    return Chart(_won_spec(palette), rows, title, f"{title}{ends}.")


@cache
def _won_spec(name: str) -> dict:
    palette = PALETTES[name]
    x = alt.X(
        "month:T", title=None, axis=alt.Axis(grid=False, format="%b %Y", tickCount=6, labelOverlap=True)
    )
    y = alt.Y("rate:Q", title=None, axis=alt.Axis(format=".0%", tickCount=4), scale=alt.Scale(domain=[0, 1]))
    base = alt.Chart(source())
    band = base.mark_area(color=palette.rest, opacity=0.25).encode(
        x=x, y=alt.Y("low:Q", title=None), y2="high:Q"
    )
    line = base.mark_line(color=palette.ink).encode(x=x, y=y)
    dots = base.mark_point(color=palette.ink, filled=True, size=25).encode(
        x=x,
        y=y,
        tooltip=[alt.Tooltip("month:T", format="%b %Y", title="Month"), alt.Tooltip("tip:N", title="Won")],
    )
    return spec_of(alt.layer(band, line, dots), palette)


def clear_enough(table: pd.DataFrame, most: int = 8) -> pd.DataFrame:
    """Rows of ``what_they_share`` worth a look: those that are more than a hint, else the first few hints.

    A hint is what the best customers have more often than the others; that they have something less often by a hair
    tells nothing.
    """
    sure = table[~table["verdict"].isin([HINT, TOO_FEW])]
    return (sure if len(sure) else table[table["difference"] > 0]).head(most)
