"""The two charts of the printed page: what sets the ideal apart, and how much longer they stay."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol

import altair as alt
import pandas as pd

from icp_core.charts.theme import LIGHT, Chart, Palette, source, spec_of

# Widths are those of a column of the page in CSS pixels, so that 11 px print as about 7.6 pt.
COLUMN_PX = 250
ROW_PX = 16.5
TOP_PX, FOOT_PX = 2, 18
_TYPE = 11
_LABEL_LETTERS = 24
_LETTER_PX = 5.3  # mean width of a letter at that size
_MOST_LIFTS = 9
_MOST_TIMES = 8.0  # rarer or likelier than this is drawn at the edge of the scale
_MOST_TICKS = 4
_MOST_SAID = 20  # beyond that the figure only says that hardly anybody good lacks the trait
_TICKS = {0.125: "⅛×", 0.25: "¼×", 0.5: "½×", 1: "1×", 2: "2×", 4: "4×", 8: "8×"}


class TraitLift(Protocol):
    """How many times likelier the ideal are to have a trait (1 = as likely), with its likely range."""

    label: str
    ratio: float
    low: float
    high: float


class CurvePoint(Protocol):
    """Share kept (0–1) after so many months, with its likely range."""

    month: float
    survival: float
    low: float
    high: float


def lift_chart(
    lifts: Sequence[TraitLift],
    *,
    caption: str = "",
    palette: Palette = LIGHT,
    most: int = _MOST_LIFTS,
    names: bool = True,
    say: Callable[[float], str] | None = None,
) -> Chart:
    """Dots with intervals on a scale of times: how much likelier the ideal are to have each trait.

    Likeliest first; at most ``most`` traits, those farthest from 1× kept. With ``names=False`` the labels are
    left to the page, whose typefaces know more scripts; ``say`` writes a ratio in the page's language; rows are ``ROW_PX`` high below ``TOP_PX``.
    """
    kept = sorted(lifts, key=lambda lift: -abs(log2(lift.ratio)))[:most]
    kept = sorted(kept, key=lambda lift: -lift.ratio)
    low = min([0.5, *(lift.low for lift in kept)])
    high = max([2.0, *(lift.high for lift in kept)])
    rows = pd.DataFrame(
        {
            "place": range(len(kept)),
            "label": [_short(lift.label) for lift in kept],
            "ratio": [_within(lift.ratio) for lift in kept],
            "low": [_within(lift.low) for lift in kept],
            "high": [_within(lift.high) for lift in kept],
            "words": [(say or lift_words)(lift.ratio) for lift in kept],
            "side": ["more" if lift.ratio >= 1 else "less" for lift in kept],
        }
    )
    low, high = max(1 / _MOST_TIMES, low / 1.08), min(_MOST_TIMES, high * 1.08)
    letters = max((len(label) for label in rows["label"]), default=0) if names else 0
    spec = _lift_spec(low, high, _ticks(low, high), letters, palette)
    said = "; ".join(
        f"{lift.label} {lift_words(lift.ratio)}, likely {lift_words(lift.low)} to {lift_words(lift.high)}"
        for lift in kept
    )
    return Chart(spec, rows, caption, f"{caption}: {said}." if caption else f"{said}.")


@lru_cache(maxsize=32)
def _lift_spec(low: float, high: float, ticks: tuple[float, ...], letters: int, palette: Palette) -> dict:
    words = "{" + ",".join(f"'{t}':'{w}'" for t, w in _TICKS.items()) + "}"
    scale = alt.Scale(type="log", base=2, domain=[low, high], nice=False)
    axis = alt.Axis(
        values=list(ticks),
        labelExpr=f"{words}[datum.value]",
        labelOverlap=False,
        title=None,
        offset=2,
        grid=True,
    )

    def along(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    label = alt.Y(
        "place:O",
        title=None,
        axis=alt.Axis(labels=False, grid=False, labelPadding=0),
        scale=alt.Scale(padding=0),
    )
    tone = alt.Color(
        "side:N",
        scale=alt.Scale(domain=["more", "less"], range=[palette.ideal, palette.against]),
        legend=None,
    )
    rows = alt.Chart(source()).encode(y=label)
    one = alt.Chart(source()).mark_rule(stroke=palette.ink, strokeWidth=1).encode(x=alt.datum(1, scale=scale))
    labels = rows.mark_text(align="right", dx=-10, color=palette.ink).encode(x=alt.value(0), text="label:N")
    spans = rows.mark_rule(strokeWidth=2.4, opacity=0.38).encode(x=along("low"), x2="high:Q", color=tone)
    points = rows.mark_circle(size=44, opacity=1).encode(x=along("ratio"), color=tone)
    words_at = rows.mark_text(align="left", dx=9, fontWeight=600).encode(
        x=alt.value("width"), text="words:N", color=tone
    )
    layers = one + spans + points + words_at
    spec = spec_of(layers + labels if letters else layers, palette, font_size=_TYPE)
    # Own margins: names and figures stand outside the plot, where fitting by itself takes room twice.
    margins = {"left": 12 + round(letters * _LETTER_PX), "right": 36, "top": TOP_PX, "bottom": FOOT_PX}
    return spec | {"autosize": {"type": "none"}, "padding": margins}


def retention_chart(
    ideal: Sequence[CurvePoint],
    others: Sequence[CurvePoint],
    *,
    names: tuple[str, str] = ("Ideal", "Others"),
    caption: str = "",
    palette: Palette = LIGHT,
) -> Chart:
    """Share of customers kept by months since the start, both groups with their likely range."""
    parts, said = [], []
    for name, points in zip(names, (ideal, others), strict=True):
        if not points:
            continue
        parts += [
            {
                "group": name,
                "month": p.month,
                "kept": p.survival,
                "low": p.low,
                "high": p.high,
                "words": "",
            }
            for p in sorted(points, key=lambda p: p.month)
        ]
        last = parts[-1]
        last["words"] = f"{name} {round(last['kept'] * 100)} %"
        said.append(f"{name}: {round(last['kept'] * 100)} % kept after {last['month']:g} months")
    rows = pd.DataFrame(parts, columns=["group", "month", "kept", "low", "high", "words"])
    end = float(rows["month"].max()) if len(rows) else 12.0
    floor = max(0.0, float(rows["low"].min()) // 0.1 / 10) if len(rows) else 0.0
    if floor < 0.3:
        floor = 0.0
    rows["at"] = _apart(rows, floor)
    letters = max((len(words) for words in rows["words"]), default=8)
    spec = _retention_spec(names, end, round(floor, 2), letters, palette)
    return Chart(spec, rows, caption, f"{caption}: {'; '.join(said)}." if caption else f"{'; '.join(said)}.")


def _apart(rows: pd.DataFrame, floor: float) -> list[float]:
    """Height of each end label: the two are moved apart when their lines end close together."""
    at = rows["kept"].tolist()
    ends = [i for i, words in enumerate(rows["words"]) if words]
    needed = (1 - floor) * 0.13
    if len(ends) == 2 and abs(at[ends[0]] - at[ends[1]]) < needed:
        upper, lower = sorted(ends, key=lambda i: -at[i])
        middle = (at[upper] + at[lower]) / 2
        at[upper], at[lower] = middle + needed / 2, middle - needed / 2
    return at


@lru_cache(maxsize=32)
def _retention_spec(names: tuple[str, str], end: float, floor: float, letters: int, palette: Palette) -> dict:
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120) if end / s <= 6), 240)
    room = end * letters * 0.029
    x = alt.X(
        "month:Q",
        title=None,
        scale=alt.Scale(domain=[0, end + room], nice=False),
        axis=alt.Axis(values=[m for m in range(0, int(end) + 1, step)], grid=False, labelOverlap=False),
    )
    middle = round((1 + floor) / 2, 3)
    scale = alt.Scale(domain=[floor, 1], zero=False, nice=False)
    axis = alt.Axis(
        values=[floor, middle, 1],
        labelExpr="round(datum.value * 100) + ' %'",
        labelOverlap=False,
        gridDash=[1, 0],
    )

    def up(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title=None, scale=scale, axis=axis)

    tone = alt.Color(
        "group:N",
        legend=None,
        scale=alt.Scale(domain=list(names), range=[palette.ideal, palette.rest_text]),
    )
    base = alt.Chart(source()).encode(x=x, color=tone)
    band = base.mark_area(opacity=0.14).encode(y=up("low"), y2="high:Q")
    line = base.mark_line(strokeWidth=2).encode(y=up("kept"))
    ends = (
        base.transform_filter("datum.words != ''")
        .mark_text(align="left", dx=5, fontWeight=600)
        .encode(y=up("at"), text="words:N")
    )
    return spec_of(band + line + ends, palette, font_size=_TYPE)


def log2(value: float) -> float:
    """How far a ratio is from 1×, in doublings."""
    return math.log2(_within(value))


def _within(value: float) -> float:
    """A ratio the scale can show; a ratio of 0 has no place on a scale of times."""
    return min(_MOST_TIMES, max(1 / _MOST_TIMES, float(value)))


def _ticks(low: float, high: float) -> tuple[float, ...]:
    """Doublings and halvings within the scale, so few that their labels stand apart; 1× is always one."""
    step = math.ceil(math.log2(high / low) / _MOST_TICKS)
    return tuple(t for t in _TICKS if low <= t <= high and round(math.log2(t)) % step == 0)


def lift_words(value: float) -> str:
    """How many times likelier, in the letters a chart has room for: ``4.6×``, ``>20×``, ``<0.1×``."""
    if value > _MOST_SAID:
        return f">{_MOST_SAID}×"
    if value >= 9.95:
        return f"{value:.0f}×"
    return f"{value:.1f}×" if value >= 0.095 else "<0.1×"


def _short(label: str) -> str:
    return label if len(label) <= _LABEL_LETTERS else label[: _LABEL_LETTERS - 1].rstrip() + "…"
