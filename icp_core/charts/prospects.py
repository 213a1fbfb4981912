"""Charts of the Prospects page: where the scores lie, what the points are made of, whether they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from icp_core.charts.theme import PALETTES, Chart, source, spec_of
from icp_core.stats.wording import count, rate

_STEP = 4


def score_histogram(
    points: np.ndarray, thresholds: Mapping[str, int], lines: Mapping[str, int], palette: str = "light"
) -> Chart:
    """How many prospects score how much; the lines are the thresholds of the tiers and of MQL and SQL.

    ``points`` are scores, ``thresholds`` least points of A, B, C, ``lines`` least points of MQL and SQL.
    Rows: ``kind`` bar (low, high, n, tier) or line (at, name).
    """
    edges = np.arange(0, 101 + _STEP, _STEP)
    counts, _ = np.histogram(points, bins=edges)
    bars = [
        {
            "kind": "bar",
            "low": int(a),
            "high": int(a) + _STEP,
            "n": int(n),
            "inside": int(a) + _STEP / 2 >= thresholds["A"],
        }
        for a, n in zip(edges[:-1], counts, strict=True)
    ]
    named: dict[int, list[str]] = {}
    for name, at in [*thresholds.items(), *lines.items()]:
        named.setdefault(int(at), []).append(name)
    # The lines rise above the bars, so that their names stand clear of them.
    top = round(1.35 * int(counts.max(initial=1)), 2)
    rules = [
        {"kind": "line", "at": at, "name": " · ".join(names), "n": top, "even": i % 2 == 0}
        for i, (at, names) in enumerate(sorted(named.items()))
    ]
    frame = pd.DataFrame([*bars, *rules])
    n_a = int((points >= thresholds["A"]).sum())
    share = rate(n_a / len(points)) if len(points) else "none"
    return Chart(
        _histogram(palette),
        frame,
        f"{count(n_a)} of {count(len(points))} score like the best customers",
        f"Scores of {count(len(points))} prospects from 0 to 100; {count(n_a)} ({share}) reach tier A at {thresholds['A']} points.",
    )  # fmt: skip


@cache
def _histogram(name: str) -> dict:
    palette = PALETTES[name]
    base = alt.Chart(source())
    scale = alt.Scale(domain=[0, 104], nice=False)
    bars = (
        base.transform_filter("datum.kind == 'bar'")
        .mark_bar(binSpacing=1, orient="vertical")
        .encode(
            x=alt.X(
                "low:Q",
                title="Score",
                scale=scale,
                axis=alt.Axis(grid=False, values=[0, 20, 40, 60, 80, 100]),
            ),
            x2="high:Q",
            y2=alt.datum(0),
            y=alt.Y("n:Q", title="Prospects", axis=alt.Axis(tickCount=4, format="d")),
            color=alt.Color(
                "inside:N",
                scale=alt.Scale(domain=[True, False], range=[palette.ideal, palette.rest]),
                legend=None,
            ),
            tooltip=[alt.Tooltip("low:Q", title="Score from"), alt.Tooltip("n:Q", title="Prospects")],
        )
    )
    lines = base.transform_filter("datum.kind == 'line'")
    rules = lines.mark_rule(strokeDash=[4, 3], color=palette.mute).encode(
        x=alt.X("at:Q", scale=scale), y="n:Q", y2=alt.datum(0)
    )
    # Thresholds close to each other: every other name stands a line lower.
    words = [
        lines.transform_filter(f"datum.even == {even}")
        .mark_text(align="left", dx=4, baseline="top", color=palette.ink, fontWeight=600)
        .encode(x=alt.X("at:Q", scale=scale), y=alt.value(at), text="name:N")
        for even, at in (("true", 0), ("false", 15))
    ]
    return spec_of(alt.layer(bars, rules, *words), palette)


def arithmetic(parts: Sequence[tuple[str, int]], base: int, total: int, palette: str = "light") -> Chart:
    """How one score adds up: the start, each answer's points, the sum.

    ``parts``: (words, points) in the order to show. Rows: ``step``, ``from``, ``to``, ``points``, ``tone``.
    """
    rows: list[dict[str, Any]] = [
        {"step": "Nothing known", "start": 0, "end": base, "label": f"{base}", "tone": "rest"}
    ]
    at = base
    for words, points in parts:
        tone = "for" if points > 0 else "against" if points < 0 else "rest"
        sign = f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"
        rows.append({"step": words, "start": at, "end": at + points, "label": sign, "tone": tone})
        at += points
    rows.append({"step": "Score", "start": 0, "end": total, "label": f"{total}", "tone": "for"})
    frame = pd.DataFrame(rows)
    frame["right"] = frame[["start", "end"]].max(axis=1)
    spoken = ", ".join(f"{words} {points:+d}" for words, points in parts if points)
    return Chart(
        _arithmetic(palette),
        frame,
        "How the score adds up",
        f"Start {base}, {spoken or 'nothing known'}: {total}.",
    )


@cache
def _arithmetic(name: str) -> dict:
    palette = PALETTES[name]
    base = alt.Chart(source())
    y = alt.Y("step:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, labelColor=palette.ink))
    bars = base.mark_bar(height={"band": 0.62}).encode(
        x=alt.X("start:Q", title=None, scale=alt.Scale(domain=[0, 112], nice=False), axis=alt.Axis(values=[0, 25, 50, 75, 100])),
        x2="end:Q",
        y=y,
        color=alt.Color(
            "tone:N",
            scale=alt.Scale(domain=["for", "against", "rest"], range=[palette.ideal, palette.against, palette.rest]),
            legend=None,
        ),
    )  # fmt: skip
    words = base.mark_text(align="left", dx=5, color=palette.ink).encode(x="right:Q", y=y, text="label:N")
    return spec_of(bars + words, palette)


def tier_rates(tiers: pd.DataFrame, base: float, palette: str = "light") -> Chart:
    """How much more often customers of a tier are good ones, with likely ranges; the line is the average customer.

    ``tiers``: tier, times, low, high (times the average), n. ``base`` the average customer's rate.
    """
    frame = tiers.assign(one=1.0, label=[f"{t:.1f}×" for t in tiers["times"]])
    best = frame.iloc[0] if len(frame) else None
    title = "How likely each tier is to turn out good"
    if best is not None and best["low"] > 1:
        title = f"Tier {best['tier']} turns out good {best['times']:.1f} times as often as the average"
    words = "; ".join(
        f"{r.tier} {r.times:.1f} times ({r.low:.1f} to {r.high:.1f})" for r in frame.itertuples()
    )
    return Chart(
        _tier_rates(palette), frame, title, f"Beside the average customer ({rate(base)} good): {words}."
    )


@cache
def _tier_rates(name: str) -> dict:
    palette = PALETTES[name]
    base = alt.Chart(source())
    y = alt.Y("tier:N", sort=None, title=None, axis=alt.Axis(labelColor=palette.ink, labelFontWeight=600))
    line = base.mark_rule(strokeDash=[4, 3], color=palette.mute).encode(x=alt.X("max(one):Q"))
    span = base.mark_rule(strokeWidth=3, color=palette.rest).encode(
        x=alt.X("low:Q", title="times the average customer", scale=alt.Scale(zero=True)), x2="high:Q", y=y
    )
    dots = base.mark_point(size=110, color=palette.ideal, filled=True, opacity=1).encode(
        x="times:Q",
        y=y,
        tooltip=[alt.Tooltip("tier:N", title="Tier"), alt.Tooltip("label:N", title="Times"), alt.Tooltip("n:Q", title="Customers")],
    )  # fmt: skip
    words = base.mark_text(dy=-13, color=palette.ink).encode(x="times:Q", y=y, text="label:N")
    return spec_of(line + span + dots + words, palette)


def lift_curve(by_score: Sequence[tuple[int, int]], palette: str = "light") -> Chart:
    """How many of the good customers are reached when the best-scored are called first; the dashes are luck.

    ``by_score``: customers and good ones per score from 0 to 100. Rows: ``share`` of customers called, ``good``
    share of the good ones among them, ``luck``.
    """
    counts = np.array(by_score, dtype=float).reshape(-1, 2)[::-1]
    counts = counts[counts[:, 0] > 0]
    reached = np.vstack([np.zeros(2), counts.cumsum(axis=0)]) / np.maximum(counts.sum(axis=0), 1)
    frame = pd.DataFrame({"share": reached[:, 0], "good": reached[:, 1], "luck": reached[:, 0]})
    fifth = float(np.interp(0.2, frame["share"], frame["good"]))
    return Chart(
        _lift_curve(palette),
        frame,
        f"The best fifth holds {rate(fifth)} of the good customers",
        f"Calling the best-scored fifth first reaches {rate(fifth)} of the good customers, "
        f"the best half {rate(float(np.interp(0.5, frame['share'], frame['good'])))}; by luck 20 % and 50 %.",
    )


@cache
def _lift_curve(name: str) -> dict:
    palette = PALETTES[name]
    base = alt.Chart(source())
    percent = {"axis": alt.Axis(format=".0%", tickCount=5), "scale": alt.Scale(domain=[0, 1])}
    x = alt.X("share:Q", title="Customers called, best score first", **percent)
    luck = base.mark_line(strokeDash=[4, 3], color=palette.mute).encode(x=x, y=alt.Y("luck:Q", **percent))
    line = base.mark_line(color=palette.ideal, strokeWidth=2.5).encode(
        x=x, y=alt.Y("good:Q", title="Good ones reached", **percent)
    )
    dots = base.mark_point(opacity=0, size=80).encode(
        x=x,
        y="good:Q",
        tooltip=[
            alt.Tooltip("share:Q", title="Called", format=".0%"),
            alt.Tooltip("good:Q", title="Good ones reached", format=".0%"),
        ],
    )
    return spec_of(luck + line + dots, palette)


def foretold_and_seen(tenths: pd.DataFrame, palette: str = "light") -> Chart:
    """Whether chances came out as foretold, from the best-scored customers to the worst.

    ``tenths``: expected, seen (shares 0–1), n; best first.
    """
    frame = tenths.reset_index(drop=True).assign(group=range(1, len(tenths) + 1))
    gap = (frame["expected"] - frame["seen"]).abs().max() if len(frame) else 0.0
    title = "Chances come out as foretold" if gap < 0.1 else "Foretold and seen, from best to worst score"
    words = "; ".join(f"{rate(r.expected)} foretold, {rate(r.seen)} seen" for r in frame.itertuples())
    return Chart(_foretold(palette), frame, title, f"From the best-scored customers to the worst: {words}.")


@cache
def _foretold(name: str) -> dict:
    palette = PALETTES[name]
    base = alt.Chart(source())
    x = alt.X("group:O", title="Customers from best to worst score", axis=alt.Axis(labelAngle=0))
    y = alt.Y("seen:Q", title="Good ones", axis=alt.Axis(format=".0%", tickCount=4))
    tips = [
        alt.Tooltip("n:Q", title="Customers"),
        alt.Tooltip("expected:Q", title="Foretold", format=".0%"),
        alt.Tooltip("seen:Q", title="Seen", format=".0%"),
    ]
    bars = base.mark_bar(color=palette.rest, width={"band": 0.7}).encode(x=x, y=y, tooltip=tips)
    line = base.mark_line(
        color=palette.ideal, point={"color": palette.ideal, "filled": True, "size": 40}
    ).encode(x=x, y=alt.Y("expected:Q"), tooltip=tips)
    return spec_of(bars + line, palette)
