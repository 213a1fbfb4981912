"""Charts of the Voice page: the score over time, by group, and shares of the segment beside the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import altair as alt
import pandas as pd

from icp_core.charts.theme import PALETTES, Chart, source, spec_of
from icp_core.stats.wording import count, interval_words, is_blank, rate, score

SEGMENT, REST = "segment", "rest"
# Room on the right of a bar for its words, as a part of the longest bar.
_ROOM = 1.3
ROW_HEIGHT, PAIR_HEIGHT = 42, 60  # pixels of a row with one bar, and with two; its name stands above


def score_range(low: float, high: float) -> str:
    """The likely range of a score: "likely +9 to +30"."""
    return "" if is_blank(low) or is_blank(high) else f"likely {score(low)} to {score(high)}"


@dataclass(frozen=True)
class _Shown:
    """How a measure is called and written."""

    name: str
    figure: Callable[[float], str]
    span: Callable[[float, float], str]
    domain: tuple[float, float]
    axis: str


_MEASURES = {
    "nps": _Shown("NPS", score, score_range, (-100, 100), "d"),
    "csat": _Shown("Satisfaction", rate, lambda low, high: interval_words(low, high, "%"), (0, 1), ".0%"),
}


# -- the score over time ---------------------------------------------------------------------------


def score_trend(periods: pd.DataFrame, palette: str = "light", *, measure: str = "nps") -> Chart:
    """The score per period with its likely range; ``measure`` is "nps" or "csat".

    ``periods`` as from ``voice.score_groups.score_trend``. Rows: ``period``, ``score``, ``low``, ``high``, ``n``,
    ``words`` (the score), ``count`` ("n 37"), ``span``.
    """
    shown = _MEASURES[measure]
    rows = periods[["period", "score", "low", "high", "n"]].assign(
        place=range(len(periods)),
        words=[shown.figure(value) for value in periods["score"]],
        count=[f"n {count(n)}" for n in periods["n"]],
        label=[f"{p}|n {count(n)}" for p, n in zip(periods["period"], periods["n"], strict=True)],
        span=[shown.span(low, high) for low, high in zip(periods["low"], periods["high"], strict=True)],
    )
    title, said = _trend_title(periods, shown.name), _trend_alt(rows, shown.name)
    return Chart(_trend_spec(palette, measure), rows, title, said)


def _trend_title(periods: pd.DataFrame, measure: str) -> str:
    if len(periods) > 1 and bool(periods["changed"].iloc[-1]):
        went = "rose" if periods["change"].iloc[-1] > 0 else "fell"
        return f"{measure} {went} in {periods['period'].iloc[-1]}"
    return f"{measure} over time"


def _trend_alt(rows: pd.DataFrame, measure: str) -> str:
    said = "; ".join(
        f"{p} {w} ({c})" for p, w, c in zip(rows["period"], rows["words"], rows["count"], strict=True)
    )
    return f"{measure} per period: {said}."


@cache
def _trend_spec(name: str, measure: str) -> dict:
    palette, shown = PALETTES[name], _MEASURES[measure]
    x = alt.X(
        "label:N",
        sort=alt.EncodingSortField("place", op="min"),
        title=None,
        axis=alt.Axis(
            labelAngle=0,
            grid=False,
            labelColor=palette.ink,
            labelOverlap=True,
            labelExpr="split(datum.label, '|')",
        ),
    )
    y = alt.Y(
        "score:Q", title=None, axis=alt.Axis(tickCount=4, format=shown.axis), scale=alt.Scale(zero=True)
    )
    tips = [
        alt.Tooltip("period:N", title="Period"),
        alt.Tooltip("words:N", title=shown.name),
        alt.Tooltip("span:N", title="Range"),
        alt.Tooltip("n:Q", title="Answers", format=","),
    ]
    base = alt.Chart(source()).encode(x=x, tooltip=tips)
    spans = base.mark_rule(strokeWidth=7, opacity=0.28, color=palette.ink, strokeCap="round").encode(
        y=alt.Y("low:Q", title=None), y2="high:Q"
    )
    line = base.mark_line(color=palette.ink, strokeWidth=1.5).encode(y=y)
    dots = base.mark_point(color=palette.ink, filled=True, size=60, opacity=1).encode(y=y)
    words = base.encode(y=y, text="words:N")
    # A rim in the colour of the ground keeps the figure readable where the line crosses it.
    rim = words.mark_text(dy=-14, fontWeight=600, stroke=palette.paper, strokeWidth=4, strokeJoin="round")
    ink = words.mark_text(dy=-14, fontWeight=600, color=palette.ink)
    return spec_of(alt.layer(spans, line, dots, rim, ink), palette)


# -- the score by group ----------------------------------------------------------------------------


def score_groups(
    groups: pd.DataFrame, palette: str = "light", *, most: int = 10, measure: str = "nps"
) -> Chart:
    """The score of groups with their likely range, all other answers beside it.

    ``groups`` as from ``voice.score_groups.scores_by``; ``measure`` is "nps" or "csat"; the first ``most`` are drawn. Rows: ``name``, ``score``,
    ``low``, ``high``, ``rest_score``, ``n``, ``stands``, ``words``.
    """
    part, shown = groups.head(most), _MEASURES[measure]
    rows = pd.DataFrame(
        {
            "name": [f"{label}: {group}" for label, group in zip(part["label"], part["group"], strict=True)],
            "place": range(len(part)),
            "score": part["score"].astype(float),
            "low": part["low"].astype(float),
            "high": part["high"].astype(float),
            "rest_score": part["rest_score"].astype(float),
            "n": part["n"],
            "stands": part["stands"].astype(bool),
            "words": [
                f"{shown.figure(value)} · n {count(n)}"
                for value, n in zip(part["score"], part["n"], strict=True)
            ],
            "others": [shown.figure(value) for value in part["rest_score"]],
            "span": [shown.span(low, high) for low, high in zip(part["low"], part["high"], strict=True)],
        }
    ).reset_index(drop=True)
    n_clear = int(part["stands"].sum())
    title = f"{shown.name} by group"
    if n_clear:
        first = rows[rows["stands"]].iloc[0]
        title = f"{first['name']} score {'higher' if first['score'] > first['rest_score'] else 'lower'}"
    said = "; ".join(
        f"{name} {words}, others {others}" + ("" if stands else " (no clear difference)")
        for name, words, others, stands in zip(
            rows["name"], rows["words"], rows["others"], rows["stands"], strict=True
        )
    )
    return Chart(_groups_spec(palette, measure), rows, title, f"{shown.name} by group: {said}.")


@cache
def _groups_spec(name: str, measure: str) -> dict:
    palette, shown = PALETTES[name], _MEASURES[measure]
    y = alt.Y("name:N", sort=alt.EncodingSortField("place", op="min"), title=None, axis=None)
    x = alt.X(
        "score:Q",
        title=None,
        axis=alt.Axis(tickCount=5, format=shown.axis),
        scale=alt.Scale(domain=list(shown.domain), nice=False),
    )
    tips = [
        alt.Tooltip("name:N", title="Group"),
        alt.Tooltip("words:N", title=shown.name),
        alt.Tooltip("span:N", title="Range"),
        alt.Tooltip("others:N", title="All others"),
    ]
    colour = alt.condition("datum.stands", alt.value(palette.ink), alt.value(palette.rest))
    # Name and figure stand on a line of their own above the range, so that narrow screens have room for both.
    base = alt.Chart(source()).encode(y=y, yOffset=alt.value(8), tooltip=tips)
    spans = base.mark_rule(strokeWidth=6, opacity=0.3, strokeCap="round").encode(
        x=alt.X("low:Q", title=None), x2="high:Q", color=colour
    )
    rest = base.mark_tick(color=palette.rest_text, thickness=2, height=14).encode(x="rest_score:Q")
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(x=x, color=colour)
    above = base.encode(yOffset=alt.value(-10))
    names = above.mark_text(align="left", color=palette.ink, limit=alt.ExprRef("width - 80")).encode(
        x=alt.value(0), text="name:N"
    )
    words = above.mark_text(align="right", fontSize=11, color=palette.ink).encode(
        x=alt.value("width"), text="words:N"
    )
    return spec_of(alt.layer(spans, rest, dots, names, words), palette)


# -- shares of two groups beside each other --------------------------------------------------------


def share_pairs(
    rows: pd.DataFrame,
    palette: str = "light",
    *,
    title: str,
    of: str = "customers",
    first: str = SEGMENT,
    second: str | None = REST,
) -> Chart:
    """Shares of two groups as pairs of bars with their likely ranges, in the order given.

    ``rows``: ``name, n, n_asked, share, low, high`` of the first group, and the same with ``_rest``, and
    ``stands``; ``second=None`` draws the first group alone. Names of the groups stand on the bars' words
    of the first row. Rows of the chart: ``name``, ``place``, ``group``, ``share``, ``low``, ``high``,
    ``words``, ``stands``.
    """
    parts = [_side(rows, "", first, first if second else "")]
    if second:
        parts.append(_side(rows, "_rest", second, second))
    data = pd.concat(parts, ignore_index=True)
    data = data[data["n_asked"] > 0].reset_index(drop=True)
    longest = float(data["high"].max()) if len(data) else 1.0
    said = "; ".join(
        f"{name}, {group}: {words}"
        for name, group, words in zip(data["name"], data["group"], data["words"], strict=True)
    )
    names = data.drop_duplicates("place")[["name", "place"]].assign(
        side=-1, group="", words="", tip="", stands=False
    )
    data = pd.concat([names, data], ignore_index=True).assign(room=longest * _ROOM)
    # Accent means the segment, and only the segment.
    colours = "one" if not second else "segment" if first == SEGMENT else "plain"
    return Chart(_pairs_spec(palette, colours), data, title, f"{title}. Share of {of}: {said}.")


def _side(rows: pd.DataFrame, ending: str, group: str, spoken: str) -> pd.DataFrame:
    share, n, asked = rows[f"share{ending}"], rows[f"n{ending}"], rows[f"n_asked{ending}"]
    leading = [f"{spoken} " if spoken and i == 0 else "" for i in range(len(rows))]
    return pd.DataFrame(
        {
            "name": rows["name"].astype(str).to_numpy(),
            "place": range(len(rows)),
            "group": group,
            "side": 1 if ending else 0,
            "share": share.to_numpy(float),
            "low": rows[f"low{ending}"].to_numpy(float),
            "high": rows[f"high{ending}"].to_numpy(float),
            "n": n.to_numpy(),
            "n_asked": asked.to_numpy(),
            "stands": rows["stands"].to_numpy(bool) if "stands" in rows else False,
            "words": [
                f"{lead}{rate(value)} · {count(k)}" for lead, value, k in zip(leading, share, n, strict=True)
            ],
            "tip": [
                f"{count(k)} of {count(m)}, {interval_words(low, high, '%')}" if m else ""
                for k, m, low, high in zip(n, asked, rows[f"low{ending}"], rows[f"high{ending}"], strict=True)
            ],
        }
    )


@cache
def _pairs_spec(name: str, colours: str) -> dict:
    palette = PALETTES[name]
    y = alt.Y(
        "name:N",
        sort=alt.EncodingSortField("place", op="min"),
        title=None,
        axis=None,
        scale=alt.Scale(paddingInner=0.12),
    )
    lines = [-1, 0] if colours == "one" else [-1, 0, 1]
    offset = alt.YOffset("side:N", sort=lines, scale=alt.Scale(domain=lines, paddingInner=0.08))
    x = alt.X("share:Q", title=None, axis=None, scale=alt.Scale(zero=True, nice=False))
    both = {
        "segment": [palette.ideal, palette.rest],
        "plain": [palette.ink, palette.rest],
        "one": [palette.rest, palette.rest],
    }[colours]
    colour = alt.Color("side:N", scale=alt.Scale(domain=[0, 1], range=both), legend=None)
    tips = [
        alt.Tooltip("name:N", title="Answer"),
        alt.Tooltip("group:N", title="Who"),
        alt.Tooltip("words:N", title="Share · number"),
        alt.Tooltip("tip:N", title="Counted"),
    ]
    whole = alt.Chart(source()).encode(y=y, yOffset=offset)
    base = whole.transform_filter("datum.side >= 0").encode(tooltip=tips)
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        x=x,
        color=colour,
        opacity=alt.condition("datum.stands || datum.side == 1", alt.value(1), alt.value(0.6)),
    )
    spans = base.mark_rule(color=palette.ink, opacity=0.45, strokeWidth=1.5).encode(
        x=alt.X("low:Q", title=None, axis=None), x2="high:Q"
    )
    words = base.mark_text(align="left", dx=5, fontSize=11, color=palette.ink).encode(
        x=alt.X("high:Q", title=None, axis=None), text="words:N"
    )
    room = base.mark_point(opacity=0).encode(x=alt.X("room:Q", title=None, axis=None))
    # The name stands on a line of its own above the bars: whole, also on a narrow screen.
    names = (
        whole.transform_filter("datum.side < 0")
        .mark_text(align="left", baseline="middle", color=palette.ink, limit=alt.ExprRef("width"))
        .encode(x=alt.value(0), text="name:N")
    )
    return spec_of(alt.layer(bars, spans, words, room, names), palette)


def height_of(chart: Chart) -> int:
    """Pixels a chart of rows needs, so that it fits its content."""
    data = chart.data
    n_rows = int(data["place"].nunique()) if len(data) else 1
    is_pair = "side" in data and bool((data["side"] == 1).any())
    return (0 if "side" in data else 24) + n_rows * (PAIR_HEIGHT if is_pair else ROW_HEIGHT)


# -- shapes that other rooms' tables come in ---------------------------------------------------------


def of_bars(bars: pd.DataFrame) -> pd.DataFrame:
    """``voice.choices.bars`` (or ``counts``) in the shape of ``share_pairs``; items of grids lead the answer."""
    names = [
        f"{item}: {answer}" if item else answer
        for item, answer in zip(bars["item"], bars["answer"], strict=True)
    ]
    return bars.rename(columns={"n_rest_asked": "n_asked_rest"}).assign(name=names)


def of_themes(between: pd.DataFrame) -> pd.DataFrame:
    """``voice.theme_groups.themes_between`` in the shape of ``share_pairs``."""
    named = {"heard_first": "n_asked", "heard_second": "n_asked_rest"}
    for part in ("n", "share", "low", "high"):
        named |= {f"{part}_first": part, f"{part}_second": f"{part}_rest"}
    return between.rename(columns=named)


def of_codes(table: pd.DataFrame) -> pd.DataFrame:
    """``voice.statements.codes_by_segment`` in the shape of ``share_pairs``."""
    return table.rename(columns={"n_heard": "n_asked", "n_rest_heard": "n_asked_rest", "label": "name"})


def of_hypotheses(table: pd.DataFrame) -> pd.DataFrame:
    """``voice.research_kit.check_hypotheses`` in the shape of ``share_pairs``; what stands is not open."""
    names = [f"{label}: {text}" for label, text in zip(table["label"], table["text"], strict=True)]
    return table.assign(name=names, stands=table["status"].ne("open")).reset_index(drop=True)
