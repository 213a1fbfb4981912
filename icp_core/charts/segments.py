"""Charts of the Segments page: distribution of value, heat map, bubbles, deals. Numbers come ready-made."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd
import pyarrow as pa

from icp_core.charts import labels
from icp_core.charts.theme import PALETTES, Chart, Palette, source, spec_of
from icp_core.segments.dashboard import Bubbles, Dashboard, Heat
from icp_core.segments.groupings import short_number
from icp_core.stats.wording import currency_symbol, figure, in_sentence, rate

# What a click on each chart returns: one point with these fields.
CLICK = "click"
SEGMENT_WORDS, REST_WORDS = "segment", "the rest"
# The bubbles: room at the ends of the axes, least and largest area, and the narrowest plot they are drawn on (pixels).
_PAD_X, _PAD_Y, _BUBBLE_SIZES, _NARROWEST = 40, 34, (40, 800), (270, 215)
_MONEY_LABEL = (
    "(datum.value >= 1e6 ? format(datum.value / 1e6, '.3~g') + 'M' : "
    "datum.value >= 1e3 ? format(datum.value / 1e3, '.3~g') + 'k' : format(datum.value, '.3~g'))"
)
# The first word, and the others under it: a third line would lie on the cells. Both are cut to the width of the
# column, so that no heading runs into the next.
_FITS = "max(4, floor(bandwidth('x') / 5.7))"
_TWO_LINES = (
    "length(split(datum.label, ' ')) > 2 ? "
    f"[truncate(split(datum.label, ' ')[0], {_FITS}), truncate(join(slice(split(datum.label, ' '), 1), ' '), {_FITS})]"
    f" : length(split(datum.label, ' ')) > 1 ? "
    f"[truncate(split(datum.label, ' ')[0], {_FITS}), truncate(split(datum.label, ' ')[1], {_FITS})]"
    f" : truncate(datum.label, {_FITS})"
)


# -- distribution ----------------------------------------------------------------------------------


def distribution(found: Dashboard, palette: str = "light") -> Chart:
    """How value is spread: shares of the segment's and of the rest's customers per bin of value.

    Rows: ``low``, ``high``, ``share``, ``n``, ``group``, ``tip``; values on a log axis. A click chooses
    the bin.
    """
    frame = found.distribution
    sign = currency_symbol(found.currency)
    low, high, share, group, n = (frame[c].tolist() for c in ("low", "high", "share", "group", "n"))
    bins = [f"{sign}{short_number(a)}–{short_number(b)}" for a, b in zip(low, high, strict=True)]
    tips = [
        f"{REST_WORDS if g == 'rest' else 'all' if found.is_everyone else SEGMENT_WORDS}: {k:,} customers, {rate(s)}"
        for g, k, s in zip(group, n, share, strict=True)
    ]
    words: list[str | None] = [None] * len(low)
    key = _value_key(found)
    for side, said in (("segment", "typical" if found.is_everyone else SEGMENT_WORDS), ("rest", REST_WORDS)):
        value = getattr(found, side).get(key).value
        if value > 0:
            for column, cell in (
                (low, value), (high, None), (share, None), (n, None), (bins, None), (tips, None),
                (group, f"{side} typical"), (words, f"{said} {figure(value, found.currency)}"),
            ):  # fmt: skip
                column.append(cell)
    rows = pa.table(
        {
            "low": low,
            "high": high,
            "share": share,
            "group": group,
            "n": n,
            "bin": bins,
            "tip": tips,
            "words": words,
        }
    )
    return Chart(
        _distribution_spec(palette), rows, _distribution_title(found), _distribution_alt(found), CLICK
    )


@cache
def _distribution_spec(name: str) -> dict:
    palette = PALETTES[name]
    scale = alt.Scale(type="log", nice=False)
    axis = alt.Axis(title=None, grid=False, labelExpr=_MONEY_LABEL, tickCount=5, labelSeparation=14)
    x = alt.X("low:Q", scale=scale, axis=axis)
    y = alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%", tickCount=3))
    tips = [alt.Tooltip("bin:N", title="Value"), alt.Tooltip("tip:N", title="Customers")]
    click = alt.selection_point(name=CLICK, fields=["low", "high"], on="click", clear="dblclick")
    base = alt.Chart(source())
    bars = (
        base.transform_filter("datum.group == 'segment'")
        .mark_rect(color=palette.ideal, opacity=0.85, cursor="pointer", stroke=palette.paper, strokeWidth=1)
        .encode(x=x, x2="high:Q", y=y, y2=alt.Y2Datum(0), tooltip=tips)
        .add_params(click)
    )
    rest = (
        base.transform_filter("datum.group == 'rest'")
        .mark_line(interpolate="step-after", color=palette.rest, strokeWidth=2)
        .encode(x=x, y=y, tooltip=tips)
    )
    marks = [bars, rest]
    for group, colour, text_colour in (
        ("rest typical", palette.rest, palette.rest_text),
        ("segment typical", palette.ideal, palette.ideal),
    ):
        one = base.transform_filter(f"datum.group == '{group}'")
        marks.append(one.mark_rule(color=colour, strokeDash=[4, 3], strokeWidth=1.5).encode(x=x))
        marks.append(
            one.mark_text(
                align="left", dx=-3, dy=-16 if group.startswith("segment") else -3, baseline="bottom",
                color=text_colour, fontWeight=600,
            ).encode(x=x, y=alt.value(0), text="words:N")
        )  # fmt: skip
    return spec_of(alt.layer(*marks), palette)


def _value_key(found: Dashboard) -> str:
    return {"ltv": "ltv", "mrr": "mrr"}.get(found.value_name or "", found.value_name or "")


def _distribution_title(found: Dashboard) -> str:
    seen = found.comparison(_value_key(found))
    if seen is None or not seen.is_clear:
        return f"{found.value_label or 'Value'} of a customer"
    return (
        f"They are worth {seen.difference} the rest"
        if seen.better
        else f"They are worth {seen.difference} than the rest"
    )


def _distribution_alt(found: Dashboard) -> str:
    seen = found.comparison(_value_key(found))
    if seen is None:
        return f"Distribution of {found.value_label} over {found.n:,} customers."
    return (
        f"Distribution of {found.value_label}: typical {seen.words()} in the segment (n = {seen.segment.n:,}), "
        f"{seen.words('rest')} in the rest (n = {seen.rest.n:,})."
    )


# -- heat map --------------------------------------------------------------------------------------


def heat_map(found: Dashboard, heat: Heat, palette: str = "light") -> Chart:
    """Typical value by two attributes; n in every cell, thin cells (n < 10) pale and marked.

    Rows: ``row``, ``column``, ``n``, ``typical``, ``strength`` (0–1 on a log scale, drives the colour),
    ``words``, ``thin``. A click chooses the cell.
    """
    cells = heat.cells
    kept = np.flatnonzero(cells["n"].to_numpy())
    row, column, n, typical, thin = (
        cells[c].to_numpy()[kept] for c in ("row", "column", "n", "typical", "thin")
    )
    words = [figure(v, found.currency) for v in typical]
    rows = pa.table(
        {
            "row": row.astype(object),
            "column": column.astype(object),
            "row_place": kept // len(heat.columns),
            "column_place": kept % len(heat.columns),
            "n": n,
            "typical": typical,
            "thin": thin,
            "strength": _strength(typical, thin),
            "words": words,
            "mark": ["" if v != v else short_number(_rounded(v)) for v in typical],
            "count": [f"n {k:,}" for k in n],
        }
    )
    title = f"Typical {in_sentence(found.value_label)} by {heat.rows.label} and {heat.columns.label}"
    alt_text = _heat_alt(
        heat,
        [r for r, t in zip(zip(typical, row, column, words, n, strict=True), thin, strict=True) if not t],
    )
    return Chart(_heat_spec(palette), rows, title, alt_text, CLICK)


def _strength(typical: np.ndarray, thin: np.ndarray) -> np.ndarray:
    """Where each value lies between the least and the most fair one, on a log scale (0–1); thin ones 0."""
    fair = ~thin & (typical > 0)
    if not fair.any():
        return np.zeros(len(typical))
    logs = np.log(np.where(fair, typical, 1.0))
    low, high = logs[fair].min(), logs[fair].max()
    return np.where(fair, (logs - low) / (high - low) if high > low else 0.5, 0.0)


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


# Narrow is also a column that some word of the names does not fit into.
_NARROW_COLUMNS = "(bandwidth('x') < 44 || test(regexp('\\\\S{' + (floor(bandwidth('x') / 5.7) + 1) + ',}'), join(domain('x'), ' ')))"


def _by_width(narrow: str, wide: str) -> alt.ExprRef:
    """One of two values of the heat map's column names, as wide as its columns are."""
    return alt.ExprRef(f"{_NARROW_COLUMNS} ? {narrow} : {wide}")


@cache
def _heat_spec(name: str) -> dict:
    palette = PALETTES[name]
    y = alt.Y(
        "row:N", sort=alt.EncodingSortField("row_place", op="min"), title=None,
        axis=alt.Axis(labelColor=palette.ink, labelLimit=96, grid=False),
    )  # fmt: skip
    x = alt.X(
        "column:N", sort=alt.EncodingSortField("column_place", op="min"), title=None,
        axis=alt.Axis(
            labelColor=palette.ink, orient="top", labelOverlap=False, labelFontSize=11,
            # Names stand level on two lines while the columns are wide enough, else aslant on one.
            labelExpr=f"{_NARROW_COLUMNS} ? datum.label : {_TWO_LINES}",
            labelAngle=_by_width("-38", "0"), labelAlign=_by_width("'left'", "'center'"),
            labelLimit=_by_width("96", "120"),
            # Of two lines the engine sets the first one above the axis and lets the second hang down: room for it.
            labelPadding=_by_width("5", "19"),
        ),
    )  # fmt: skip
    tips = [
        alt.Tooltip("row:N", title="Row"),
        alt.Tooltip("column:N", title="Column"),
        alt.Tooltip("words:N", title="Typical value"),
        alt.Tooltip("n:Q", title="Customers"),
    ]
    click = alt.selection_point(name=CLICK, fields=["row", "column"], on="click", clear="dblclick")
    base = alt.Chart(source()).encode(x=x, y=y)
    scale = alt.Scale(domain=[0, 1], range=list(palette.sequential))
    cells = (
        base.mark_rect(cursor="pointer", cornerRadius=3, stroke=palette.paper, strokeWidth=2)
        .encode(
            color=alt.condition(
                "datum.thin", alt.value(palette.tint), alt.Color("strength:Q", scale=scale, legend=None)
            ),
            tooltip=tips,
        )
        .add_params(click)
    )
    hatch = (
        base.transform_filter("datum.thin")
        .mark_text(text="╱ ╱ ╱", color=palette.hair, fontSize=16, tooltip=None, cursor="pointer")
        .encode()
    )
    light = palette.paper if palette.name == "light" else "#0C1114"
    ink = alt.condition(
        f"!datum.thin && datum.strength {'>' if palette.name == 'light' else '>'} 0.6",
        alt.value(light),
        alt.value(palette.ink),
    )
    values = (
        base.transform_filter("!datum.thin").mark_text(dy=-6, fontWeight=600).encode(text="mark:N", color=ink)
    )
    counts = base.mark_text(dy=9, fontSize=10).encode(text="count:N", color=ink)
    return spec_of(alt.layer(cells, hatch, values, counts), palette)


def _heat_alt(heat: Heat, fair: list[tuple]) -> str:
    if not fair:
        return "Heat map of typical value; every cell holds fewer than ten customers."
    (_, *best), (_, *worst) = max(fair, key=lambda c: c[0]), min(fair, key=lambda c: c[0])
    return (
        f"Typical value by {heat.rows.label} and {heat.columns.label}: highest {best[2]} for {best[0]}, {best[1]} "
        f"(n = {best[3]:,}); lowest {worst[2]} for {worst[0]}, {worst[1]} (n = {worst[3]:,})."
    )


# -- bubbles ---------------------------------------------------------------------------------------


def bubbles(found: Dashboard, groups: Bubbles, palette: str = "light") -> Chart:
    """Typical value against churn, one bubble per group, sized by customers; right and low is best.

    Rows: ``group``, ``n``, ``churn``, ``typical``, ``words``, ``churn_words``, ``thin``, ``side`` (where the name
    stands, "" where it would lie on another). A click chooses the group. Without churn the groups stand as bars
    of value (``value_bars``).
    """
    group, n, churn, low, high, typical, thin = _columns(
        groups.frame, "churn", "group", "n", "churn", "low", "high", "typical", "thin"
    )
    words = [figure(v, found.currency) for v in typical]
    rows = pa.table(
        {
            "group": group,
            "n": n,
            "churn": churn,
            "typical": typical,
            "thin": thin,
            "words": words,
            "churn_words": [
                f"{rate(c)}, likely {rate(lo)}–{rate(hi)}" for c, lo, hi in zip(churn, low, high, strict=True)
            ],
            "side": _name_sides(group, n, churn, typical),
        }
    )
    title = f"Value and churn by {groups.groups.label}"
    alt_text = f"{title}: " + (
        "; ".join(
            f"{g} {w}, churn {rate(c)}, n = {k:,}" for g, w, c, k in zip(group, words, churn, n, strict=True)
        )
        or "nothing known"
    )
    return Chart(_bubble_spec(palette), rows, title, f"{alt_text}.", CLICK)


def _name_sides(group: list[str], n: list[int], churn: list[float], typical: list[float]) -> list[str]:
    """Where each name stands on the narrowest plot; the largest group chooses first."""
    if not group:
        return []
    width, height = _NARROWEST
    x = _on_axis(np.log(typical), width, _PAD_X)
    y = height - _on_axis(np.array(churn), height, _PAD_Y)
    least, most = _BUBBLE_SIZES
    radius = np.sqrt((least + (most - least) * np.array(n) / max(n)) / np.pi)
    order = np.argsort(-np.array(n), kind="stable")
    found = labels.sides(x[order], y[order], radius[order], [group[i] for i in order], width, height)
    return [found[int(place)] for place in np.argsort(order)]


def _on_axis(values: np.ndarray, length: float, pad: float) -> np.ndarray:
    """Pixels along an axis that leaves ``pad`` free at both ends."""
    low, high = values.min(), values.max()
    share = (values - low) / (high - low) if high > low else np.full(len(values), 0.5)
    return pad + share * (length - 2 * pad)


def _columns(frame: pd.DataFrame, known: str, *names: str) -> list[list]:
    """Columns as lists, for the rows whose ``known`` column is filled and whose typical value is positive."""
    kept = np.flatnonzero(np.isfinite(frame[known].to_numpy()) & (frame["typical"].to_numpy() > 0))
    return [frame[name].to_numpy()[kept].tolist() for name in names]


@cache
def _bubble_spec(name: str) -> dict:
    palette = PALETTES[name]
    x = alt.X(
        "typical:Q", title="Typical value", scale=alt.Scale(type="log", nice=False, padding=_PAD_X),
        axis=alt.Axis(grid=True, labelExpr=_MONEY_LABEL, tickCount=4, labelSeparation=14),
    )  # fmt: skip
    # There is room beyond nobody and everybody for the bubbles, but nothing to say there.
    beyond = "datum.value < -1e-9 || datum.value > 1 + 1e-9"
    y = alt.Y(
        "churn:Q", title="Churned", scale=alt.Scale(zero=False, nice=False, padding=_PAD_Y),
        axis=alt.Axis(
            tickCount=4, labelExpr=f"{beyond} ? '' : format(datum.value, '.0%')",
            gridColor=alt.condition(beyond, alt.value("transparent"), alt.value(palette.hair)),
        ),
    )  # fmt: skip
    tips = [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("words:N", title="Typical value"),
        alt.Tooltip("churn_words:N", title="Churned"),
        alt.Tooltip("n:Q", title="Customers", format=","),
    ]
    click = alt.selection_point(name=CLICK, fields=["group"], on="click", clear="dblclick")
    base = alt.Chart(source()).encode(x=x, y=y)
    circles = (
        base.mark_circle(cursor="pointer", stroke=palette.paper, strokeWidth=1)
        .encode(
            size=alt.Size("n:Q", scale=alt.Scale(range=list(_BUBBLE_SIZES), zero=True), legend=None),
            color=alt.condition("datum.thin", alt.value(palette.rest), alt.value(palette.ideal)),
            opacity=alt.condition("datum.thin", alt.value(0.5), alt.value(0.75)),
            tooltip=tips,
        )
        .add_params(click)
    )
    # A name may have to cross a bubble: a rim of paper keeps it readable.
    looks = ({"stroke": palette.paper, "strokeWidth": 3, "strokeJoin": "round"}, {"color": palette.ink})
    names = [
        base.transform_filter(f"datum.side == '{side}'")
        .mark_text(dx=dx, dy=dy, align=held, baseline="middle", fontSize=11, limit=labels.LONGEST, **look)
        .encode(text="group:N")
        for look in looks
        for side, (dx, dy, held) in labels.SIDES.items()
    ]
    return spec_of(alt.layer(circles, *names), palette)


def value_bars(found: Dashboard, groups: Bubbles, palette: str = "light") -> Chart:
    """Typical value per group as bars, largest first. Rows: ``group``, ``typical``, ``n``, ``words``."""
    group, n, typical, thin = _columns(groups.frame, "typical", "group", "n", "typical", "thin")
    words = [f"{figure(v, found.currency)} · n {k:,}" for v, k in zip(typical, n, strict=True)]
    title = f"Typical value by {groups.groups.label}"
    alt_text = f"{title}: " + "; ".join(f"{g} {w}" for g, w in zip(group, words, strict=True))
    rows = pa.table({"group": group, "n": n, "typical": typical, "thin": thin, "words": words})
    return Chart(_bars_spec(palette), rows, title, alt_text, CLICK)


@cache
def _bars_spec(name: str) -> dict:
    palette = PALETTES[name]
    y = alt.Y(
        "group:N", sort="-x", title=None, axis=alt.Axis(labelColor=palette.ink, labelLimit=140, grid=False)
    )
    x = alt.X("typical:Q", title=None, axis=None, scale=alt.Scale(zero=True))
    click = alt.selection_point(name=CLICK, fields=["group"], on="click", clear="dblclick")
    base = alt.Chart(source()).encode(y=y, x=x)
    bars = (
        base.mark_bar(color=palette.ideal, cursor="pointer", cornerRadiusEnd=3)
        .encode(
            tooltip=[alt.Tooltip("group:N", title="Group"), alt.Tooltip("words:N", title="Typical value")],
            opacity=alt.condition("datum.thin", alt.value(0.4), alt.value(0.9)),
        )
        .add_params(click)
    )
    words = base.mark_text(align="left", dx=4, color=palette.ink, fontSize=11).encode(text="words:N")
    return spec_of(alt.layer(bars, words), palette)


# -- deals -----------------------------------------------------------------------------------------


def deals(found: Dashboard, palette: str = "light") -> Chart:
    """What becomes of deals: share of those opened per stage, segment beside the rest.

    Rows: ``stage``, ``group``, ``n``, ``share``, ``words``.
    """
    columns = (found.deals[name].tolist() for name in ("stage", "group", "n", "share"))
    seen = [row for row in zip(*columns, strict=True) if row[1] == "segment" or not found.is_everyone]
    some = {stage for stage, _, n, _ in seen if n}
    shown = [row for row in seen if row[0] != "opened" and row[0] in some]
    stage, group, n, share = (list(column) for column in zip(*shown, strict=True)) if shown else ([],) * 4
    words = [f"{rate(s)} · {k:,}" for s, k in zip(share, n, strict=True)]
    won = found.comparison("win_rate")
    title = "What becomes of deals" if found.is_everyone else "What becomes of their deals"
    if won is not None and won.is_clear:
        title = "Their deals are won more often" if won.better else "Their deals are won less often"
    alt_text = "Deals: " + "; ".join(f"{g} {s} {w}" for g, s, w in zip(group, stage, words, strict=True))
    rows = pa.table({"stage": stage, "group": group, "n": n, "share": share, "words": words})
    return Chart(_deals_spec(palette), rows, title, alt_text)


@cache
def _deals_spec(name: str) -> dict:
    palette = PALETTES[name]
    y = alt.Y(
        "stage:N", sort=["won", "lost", "still open"], title=None,
        axis=alt.Axis(labelColor=palette.ink, grid=False),
    )  # fmt: skip
    offset = alt.YOffset("group:N", sort=["segment", "rest"])
    x = alt.X("share:Q", title=None, axis=None, scale=alt.Scale(domain=[0, 1.15], nice=False))
    colour = alt.Color(
        "group:N",
        scale=alt.Scale(domain=["segment", "rest"], range=[palette.ideal, palette.rest]),
        legend=None,
    )
    base = alt.Chart(source()).encode(y=y, yOffset=offset, x=x)
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        color=colour,
        tooltip=[
            alt.Tooltip("group:N", title="Who"),
            alt.Tooltip("stage:N", title="Deals"),
            alt.Tooltip("words:N", title="Share · deals"),
        ],
    )
    words = base.mark_text(align="left", dx=4, fontSize=11, color=palette.ink).encode(text="words:N")
    return spec_of(alt.layer(bars, words), palette)


def colour_words(palette: Palette) -> dict[str, str]:
    """The two colours a reader must know, by the words that go with them."""
    return {SEGMENT_WORDS: palette.ideal, REST_WORDS: palette.rest}
