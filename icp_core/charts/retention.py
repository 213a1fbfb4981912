"""Curves of who stays."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd
import pyarrow as pa

from icp_core.charts.theme import PALETTES, Chart, source, spec_of
from icp_core.retention.survival import Retention
from icp_core.retention.words import is_clear
from icp_core.segments.keeping import Keeping
from icp_core.stats.wording import count, currency_symbol, figure, interval_words, months, rate

CLICK = "click"
# Rows of one curve that are drawn; more cannot be told apart on a screen.
_MOST_STEPS = 240
# A month with fewer customers has a range that hides all others.
FAIR_MONTH = 25


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


# -- product-limit curves --------------------------------------------------------------------------

_NAMES = {"segment": "Segment", "rest": "The rest", "all": "Everyone"}


def survival(found: Retention, title: str = "How long they stay", palette: str = "light") -> Chart:
    """Curves of ``survival_of``: segment in accent, the rest in grey, everyone in ink; where few remain, pale.

    Rows: ``group``, ``month``, ``kept``, ``low``, ``high`` (0–1), ``thin``, ``tip``, ``label`` (end of the line),
    ``label_y``.
    """
    return Chart(_survival_spec(palette), _curve_rows(found), title, _curves_alt(title, found))


def survival_by(found: Retention, title: str, palette: str = "light") -> Chart:
    """Curves of ``retention.comparison.survival_by``, a line per group with its name.

    Rows as ``survival``, and ``tone``: longest | shortest where the groups clearly differ, else between.
    """
    rows = _curve_rows(found)
    ordered = found.months_kept.sort_values("months", kind="stable")["group"].astype(str).tolist()
    differ = is_clear(found) and len(ordered) > 1
    ends = {ordered[-1]: "longest", ordered[0]: "shortest"} if differ else {}
    tone = [ends.get(group, "between") for group in rows["group"].to_pylist()]
    return Chart(
        _groups_spec(palette), rows.append_column("tone", pa.array(tone)), title, _curves_alt(title, found)
    )


def _curve_rows(found: Retention) -> pa.Table:
    """Steps of all groups: at most some hundred each, with a first pale row where the thin tail begins."""
    parts, ends = [], []
    for name, curve in found.curves.groupby("group", sort=False):
        curve = curve.reset_index(drop=True)
        if len(curve) > _MOST_STEPS:
            curve = curve.iloc[np.unique(np.linspace(0, len(curve) - 1, _MOST_STEPS).astype(int))]
        fair, tail = curve[~curve["thin"]], curve[curve["thin"]]
        # The name stands at the last share that can be trusted, not where the pale tail happens to end.
        sure = fair if len(fair) else curve
        ends.append((str(name), sure["survival"].iloc[-1]))
        if len(tail) and len(fair):
            # The pale line begins where the full one ends.
            tail = pd.concat([fair.iloc[[-1]].assign(thin=True), tail])
        parts += [fair, tail]
    steps = pd.concat([p for p in parts if len(p)], ignore_index=True)
    heights = _spread([y for _, y in ends])
    last_month = float(steps["month"].max())
    group, month, kept, low, high, at_risk = (
        steps[c].tolist() for c in ("group", "month", "survival", "low", "high", "at_risk")
    )
    tips = [
        f"{rate(k)} kept, {interval_words(a, b, '%') or 'no range'}, {count(n)} customers still seen"
        for k, a, b, n in zip(kept, low, high, at_risk, strict=True)
    ]
    columns = {
        "group": [*map(str, group), *(g for g, _ in ends)],
        "month": [*month, *([last_month] * len(ends))],
        "kept": [*kept, *(y for _, y in ends)],
        "low": [*(None if v != v else v for v in low), *([None] * len(ends))],
        "high": [*(None if v != v else v for v in high), *([None] * len(ends))],
        "thin": [*steps["thin"].tolist(), *([None] * len(ends))],
        "tip": [*tips, *([None] * len(ends))],
        "label": [*([None] * len(steps)), *(f"{_short_name(g)} {y:.0%}" for g, y in ends)],
        "label_y": [*([None] * len(steps)), *heights],
    }
    return pa.table(columns)


def _short_name(group: str, most: int = 20) -> str:
    name = _NAMES.get(group, group)
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _spread(heights: list[float], gap: float = 0.085) -> list[float]:
    """Heights of labels moved apart until none covers another, in the order given."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed: list[float] = []
    for i in order:
        placed.append(max(heights[i], placed[-1] + gap if placed else 0.02))
    over = max(0.0, (placed[-1] if placed else 0.0) - 0.99)
    for k in range(len(placed) - 1, -1, -1):
        ceiling = placed[k] - over if k == len(placed) - 1 else placed[k + 1] - gap
        placed[k] = min(placed[k], ceiling)
    found = dict(zip(order, placed, strict=True))
    return [float(found[i]) for i in range(len(heights))]


def _curves_alt(title: str, found: Retention) -> str:
    words = [
        f"{_NAMES.get(row.group, row.group)} {rate(row.survival)} kept after {row.month} months"
        for row in found.at_months.itertuples()
        if row.survival == row.survival and not row.thin
    ]
    return f"{title}: " + ("; ".join(words) or "too few customers stay long enough to say") + "."


@cache
def _survival_spec(name: str) -> dict:
    palette = PALETTES[name]
    domain = ["segment", "rest", "all"]
    lines = alt.Scale(domain=domain, range=[palette.ideal, palette.rest, palette.ink])
    texts = alt.Scale(domain=domain, range=[palette.ideal, palette.rest_text, palette.ink])
    colour = alt.Color("group:N", scale=lines, legend=None)
    return _curves(palette, colour, alt.Color("group:N", scale=texts, legend=None), band=True)


@cache
def _groups_spec(name: str) -> dict:
    palette = PALETTES[name]
    domain = ["longest", "shortest", "between"]
    lines = alt.Scale(domain=domain, range=[palette.ink, palette.against, palette.rest])
    texts = alt.Scale(domain=domain, range=[palette.ink, palette.against, palette.rest_text])
    colour = alt.Color("tone:N", scale=lines, legend=None)
    return _curves(palette, colour, alt.Color("tone:N", scale=texts, legend=None), band=False)


def _curves(palette, colour, text_colour, *, band: bool) -> dict:
    x = alt.X(
        "month:Q", title="Months since they began",
        axis=alt.Axis(grid=False, tickMinStep=6, tickCount=6, format="d"), scale=alt.Scale(nice=False),
    )  # fmt: skip
    y = alt.Y(
        "kept:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
    )  # fmt: skip
    base = alt.Chart(source())
    fair, tail = base.transform_filter("datum.thin === false"), base.transform_filter("datum.thin === true")
    step = {"interpolate": "step-after"}
    group = alt.Detail("group:N")
    # Among many lines the one under the cursor stands out.
    hover = alt.selection_point(
        name="near", fields=["group"], on="pointerover", clear="pointerout", nearest=True
    )
    wide = alt.condition(hover, alt.value(3.2), alt.value(2), empty=False)
    layers = []
    if band:
        layers.append(
            fair.mark_area(opacity=0.15, **step).encode(
                x=x, y=alt.Y("low:Q", title=None), y2="high:Q", color=colour
            )
        )
    layers += [
        fair.mark_line(**step).encode(x=x, y=y, color=colour, detail=group, size=wide),
        tail.mark_line(strokeWidth=1.2, opacity=0.45, strokeDash=[3, 3], **step).encode(
            x=x, y=y, color=colour, detail=group
        ),
        base.transform_filter("isValid(datum.tip)")
        .mark_point(opacity=0, size=50)
        .encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("group:N", title="Who"),
                alt.Tooltip("month:Q", title="Month", format=".1f"),
                alt.Tooltip("tip:N", title="Kept"),
            ],
        )
        .add_params(hover),
        base.transform_filter("isValid(datum.label)")
        .mark_text(align="left", dx=6, fontWeight=600, fontSize=11)
        .encode(
            x=x,
            y=alt.Y("label_y:Q", title=None),
            text="label:N",
            color=text_colour,
            opacity=alt.condition(hover, alt.value(1), alt.value(0.92), empty=True),
        ),
    ]
    return spec_of(alt.layer(*layers).resolve_scale(color="independent"), palette)


# -- risky months ----------------------------------------------------------------------------------


def hazard(found: pd.DataFrame, palette: str = "light") -> Chart:
    """Share of customers who leave in each month of being a customer; months with few of them are left out.

    ``found`` is ``survival.hazard``. Rows: ``group``, ``month``, ``rate``, ``low``, ``high``, ``tip``.
    """
    frame = found[found["at_risk"] >= FAIR_MONTH]
    group, month, share, low, high, at_risk, left = (
        frame[c].tolist() for c in ("group", "month", "rate", "low", "high", "at_risk", "events")
    )
    rows = pa.table(
        {
            "group": [str(g) for g in group],
            "month": month,
            "rate": share,
            "low": low,
            "high": high,
            "tip": [
                f"{rate(r)} left, {interval_words(a, b, '%')}: {count(k)} of {count(n)}"
                for r, a, b, k, n in zip(share, low, high, left, at_risk, strict=True)
            ],
        }
    )
    title = "In which months they leave"
    mine = frame[frame["group"] != "rest"].sort_values(
        ["rate", "month"], ascending=[False, True], kind="stable"
    )
    worst = "; ".join(
        f"month {row.month} {rate(row.rate)} (n = {row.at_risk:,})" for row in mine.head(3).itertuples()
    )
    return Chart(_hazard_spec(palette), rows, title, f"{title}: {worst or 'too few customers to say'}.")


@cache
def _hazard_spec(name: str) -> dict:
    palette = PALETTES[name]
    x = alt.X(
        "month:Q", title="Month of being a customer",
        axis=alt.Axis(grid=False, tickMinStep=1, tickCount=8, format="d"), scale=alt.Scale(nice=False, padding=6),
    )  # fmt: skip
    y = alt.Y("rate:Q", title=None, axis=alt.Axis(format=".0%", tickCount=4), scale=alt.Scale(zero=True))
    tips = [
        alt.Tooltip("group:N", title="Who"),
        alt.Tooltip("month:Q", title="Month"),
        alt.Tooltip("tip:N", title="Left"),
    ]
    colour = alt.Color(
        "group:N",
        scale=alt.Scale(domain=["segment", "rest", "all"], range=[palette.ideal, palette.rest, palette.ink]),
        legend=None,
    )
    base = alt.Chart(source())
    rest = (
        base.transform_filter("datum.group == 'rest'")
        .mark_point(shape="stroke", filled=False, strokeWidth=2, size=45)
        .encode(x=x, y=y, color=colour, tooltip=tips)
    )
    mine = base.transform_filter("datum.group != 'rest'")
    spans = mine.mark_rule(opacity=0.35, strokeWidth=1.5).encode(
        x=x, y=alt.Y("low:Q", title=None), y2="high:Q", color=colour
    )
    dots = mine.mark_point(filled=True, size=28).encode(x=x, y=y, color=colour, tooltip=tips)
    return spec_of(alt.layer(rest, spans, dots), palette)


# -- cohorts ---------------------------------------------------------------------------------------


def cohorts(
    table: pd.DataFrame,
    by: str,
    *,
    value: str = "share",
    currency: str | None = None,
    title: str = "Still customers, by when they began",
    palette: str = "light",
) -> Chart:
    """Cohorts by period as a heat map; unfinished periods stay blank. A click chooses the cohort.

    ``table`` is ``cohorts.kept`` or ``cohorts.bought``, ``value`` one of its columns: a share, or an amount in
    ``currency`` per customer. Rows: ``cohort`` (name), ``start`` (first day), ``period``, ``strength`` (0–1), ``mark``,
    ``tip``, ``place``.
    """
    frame = table[table[value].notna()].reset_index(drop=True)
    amount = frame[value].to_numpy(float)
    strength = amount
    if currency is not None:
        top = float(np.quantile(amount, 0.95)) if len(amount) else 1.0
        strength = np.clip(amount / top, 0, 1) if top > 0 else np.zeros(len(amount))
    names = [
        f"{cohort_name(start, by)} · {count(n)}" for start, n in zip(frame["cohort"], frame["n"], strict=True)
    ]
    said = [figure(v, "%" if currency is None else currency) for v in amount]
    rows = pa.table(
        {
            "cohort": names,
            "start": [start.date().isoformat() for start in frame["cohort"]],
            "period": frame["period"].tolist(),
            "strength": strength.tolist(),
            "mark": [f"{v:.0%}" if currency is None else _short(v, currency) for v in amount],
            "tip": [
                f"{words}{'' if currency is None else ' per customer'}, {count(k)} of {count(n)} customers"
                for words, k, n in zip(said, frame["customers"], frame["n"], strict=True)
            ],
            "place": [
                int(start.value // 10**9) if hasattr(start, "value") else 0 for start in frame["cohort"]
            ],
            "thin": [int(n) < 10 for n in frame["n"]],
        }
    )
    newest = table[table["period"] == 1].dropna(subset=[value])
    alt_text = f"{title}, {len(table['cohort'].unique())} cohorts"
    if len(newest):
        alt_text += f"; after one {by} typically {figure(newest[value].median(), '%' if currency is None else currency)}"
    return Chart(_cohort_spec(palette, by), rows, title, f"{alt_text}.", CLICK)


def cohort_name(start: pd.Timestamp, by: str) -> str:
    """A cohort as people call it.

    >>> cohort_name(pd.Timestamp("2026-04-01"), "quarter"), cohort_name(pd.Timestamp("2026-04-01"), "month")
    ('Q2 2026', 'Apr 2026')
    """
    if by == "year":
        return f"{start:%Y}"
    return f"Q{start.quarter} {start:%Y}" if by == "quarter" else f"{start:%b %Y}"


def _short(value: float, currency: str) -> str:
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{currency_symbol(currency)}{value / size:.3g}{letter}"
    return f"{currency_symbol(currency)}{value:.3g}"


@cache
def _cohort_spec(name: str, by: str) -> dict:
    palette = PALETTES[name]
    y = alt.Y(
        "cohort:N", sort=alt.EncodingSortField("place", op="min"), title=None,
        axis=alt.Axis(labelColor=palette.ink, labelLimit=110, grid=False),
    )  # fmt: skip
    x = alt.X(
        "period:O", title=f"{by.capitalize()}s since they began",
        axis=alt.Axis(orient="top", labelAngle=0, grid=False, labelOverlap=True),
    )  # fmt: skip
    click = alt.selection_point(name=CLICK, fields=["start", "period"], on="click", clear="dblclick")
    base = alt.Chart(source()).encode(x=x, y=y)
    scale = alt.Scale(domain=[0, 1], range=list(palette.sequential))
    cells = (
        base.mark_rect(cursor="pointer", cornerRadius=2, stroke=palette.paper, strokeWidth=1.5)
        .encode(
            color=alt.Color("strength:Q", scale=scale, legend=None),
            opacity=alt.condition("datum.thin", alt.value(0.45), alt.value(1)),
            tooltip=[
                alt.Tooltip("cohort:N", title="Began · customers"),
                alt.Tooltip("period:O", title=f"{by.capitalize()}s since"),
                alt.Tooltip("tip:N", title="Then"),
            ],
        )
        .add_params(click)
    )
    light = palette.paper if palette.name == "light" else "#0C1114"
    marks = base.mark_text(
        fontSize=10, tooltip=None, cursor="pointer", opacity=alt.expr("width > 560 ? 1 : 0")
    ).encode(
        text="mark:N",
        color=alt.condition("datum.strength > 0.6 && !datum.thin", alt.value(light), alt.value(palette.ink)),
    )
    return spec_of(alt.layer(cells, marks), palette)
