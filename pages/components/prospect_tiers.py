"""Where the scores lie and where the tiers part: histogram, thresholds to move, what a tier promises, keep or undo."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from icp_core.charts import prospects as charts
from icp_core.prospects import lists, tiers
from icp_core.prospects.model import Tier
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.figures import palette, show_chart
from pages.components.prospect_data import MORE, THRESHOLDS, WEIGHTS, Now


def tier_of_card(now: Now, name: str) -> Tier | None:
    return next((t for t in now.card.tiers if t.name == name), None)


def spread(workspace: Workspace, now: Now) -> None:
    """The histogram with the thresholds to move under it, and what each tier promises."""
    left, right = st.columns([1.5, 1], gap="large")
    with left:
        histogram(now, key="list")
        _thresholds(now)
    with right:
        _tier_table(now)
        _lines(workspace, now)


def histogram(now: Now, *, key: str) -> None:
    """How many prospects score how much, with the thresholds of the moment."""
    lines = {"MQL": now.card.thresholds.get(now.card.mql, 0), "SQL": now.card.thresholds.get(now.card.sql, 0)}
    show_chart(
        charts.score_histogram(
            now.ranked["fit_points"].to_numpy()[now.fresh], now.card.thresholds, lines, palette().name
        ),
        key=f"prospects.chart_scores_{key}",
        height=190,
    )


def _thresholds(now: Now) -> None:
    columns = dict(zip("ABC", st.columns(3, gap="medium"), strict=True))
    for name in ("A", "B", "C"):
        key = f"prospects.least_{name}"
        state.set_widget(key, now.card.thresholds[name])
        with columns[name]:
            st.slider(f"Tier {name} from", 0, 100, key=key, on_change=_threshold_moved, args=(now, name, key))


def _threshold_moved(now: Now, name: str, key: str) -> None:
    state.keep(THRESHOLDS, now.card.thresholds | {name: int(state.widget(key))})


def _tier_table(now: Now) -> None:
    counts = now.ranked["tier"][now.fresh].value_counts()
    rows = []
    for name in tiers.NAMES:
        found = tier_of_card(now, name)
        promise = "not measured"
        if found and found.rate is not None and found.times is not None:
            scale = found.times / found.rate if found.rate else 0.0
            promise = f"{found.times:.1f}× ({found.low * scale:.1f}–{found.high * scale:.1f}×)"
        like = f" as {', '.join(found.alike)}" if found and found.alike else ""
        rows.append((name, f"{now.card.thresholds.get(name, 0)}+", int(counts.get(name, 0)), promise + like))
    st.markdown("**How likely a tier turns out good**")
    st.dataframe(
        pd.DataFrame(rows, columns=["Tier", "Score", "Prospects", "Beside the average"]), hide_index=True
    )
    if now.card.tiers:
        st.caption(
            "Beside the average of your customers, scored as if they were not known. "
            "Tiers that do not differ share their figure."
        )
    else:
        st.caption(
            "Points from the criteria alone promise no figure: it takes outcomes that the points can be held against."
        )


def _lines(workspace: Workspace, now: Now) -> None:
    columns = dict(zip(("mql", "sql"), st.columns(2), strict=True))
    for key, label, tip in (
        (
            "mql",
            "Marketing hands on from",
            "Marketing qualified lead (MQL): the lowest tier marketing hands on.",
        ),
        ("sql", "Sales calls from", "Sales qualified lead (SQL): the lowest tier sales calls."),
    ):
        widget = f"prospects.{key}"
        state.set_widget(widget, getattr(now.card, key))
        with columns[key]:
            st.selectbox(
                label, list(tiers.NAMES), key=widget, format_func=lambda tier: f"Tier {tier}", help=tip,
                disabled=workspace.is_read_only, on_change=_line_moved, args=(workspace,),
            )  # fmt: skip


def _line_moved(workspace: Workspace) -> None:
    workspace.decide(
        lists.CHOICES,
        lists.LINES,
        {"mql": state.widget("prospects.mql"), "sql": state.widget("prospects.sql")},
    )


# -- keep or undo what was moved by hand -------------------------------------------------------------


def moved_by_hand(workspace: Workspace, now: Now) -> None:
    """What was moved in this session, to keep or to take back; and the way back from what was kept."""
    moved = bool(state.kept(WEIGHTS) or state.kept(THRESHOLDS))
    kept = any(workspace.decision(lists.CHOICES, name) for name in (lists.WEIGHTS, lists.THRESHOLDS))
    if not (moved or kept):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if moved:
            st.markdown(":material/tune: Weights or tiers are moved by hand, in this session only.")
            st.button(
                "Keep these", key="prospects.keep", disabled=workspace.is_read_only, icon=":material/save:", type="primary",
                on_click=_keep, args=(workspace, now),
            )  # fmt: skip
        else:
            st.markdown(":material/tune: Weights or tiers are as you set them.")
        st.button(
            "As learned",
            key="prospects.reset",
            disabled=workspace.is_read_only,
            icon=":material/undo:",
            on_click=_reset,
            args=(workspace,),
        )


def _keep(workspace: Workspace, now: Now) -> None:
    # All weights are kept, or the proportions would change with the next data.
    weights = {i.key: round(i.weight, 4) for i in now.card.items}
    by_hand = [i.key for i in now.card.items if i.hand_set]
    with workspace.transaction():
        if by_hand:
            workspace.decide(lists.CHOICES, lists.WEIGHTS, {"weights": weights, "by_hand": by_hand})
        workspace.decide(lists.CHOICES, lists.THRESHOLDS, now.card.thresholds)
    state.keep(WEIGHTS, None)
    state.keep(THRESHOLDS, None)
    st.toast("Kept. They hold for every list and for exports.")


def _reset(workspace: Workspace) -> None:
    state.keep(WEIGHTS, None)
    state.keep(THRESHOLDS, None)
    state.keep(MORE, [])
    with workspace.transaction():
        workspace.withdraw(lists.CHOICES, lists.WEIGHTS)
        workspace.withdraw(lists.CHOICES, lists.THRESHOLDS)
