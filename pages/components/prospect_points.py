"""The points: what each answer is worth, weights and thresholds to move, which column is which."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from icp_core.prospects import lists
from icp_core.prospects.scorecard import TARGETS, outcomes
from icp_core.stats.wording import count
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.prospect_data import MORE, WEIGHTS, Now
from pages.components.prospect_tiers import histogram
from pages.components.text import md, plain

_TARGET_LABELS = {"good": "Good customers", "kept": "Customers kept", "won": "Deals won"}


def points(workspace: Workspace, now: Now) -> None:
    """Sliders on the left, what every answer is worth on the right."""
    left, right = st.columns([1, 1.5], gap="large")
    with left:
        _target(workspace, now)
        _weights(workspace, now)
    with right:
        if len(now.prospects) and now.card.used:
            histogram(now, key="points")
        _worth(now)
        _columns(workspace, now)
        _left_out(now)


def _target(workspace: Workspace, now: Now) -> None:
    facts = state.facts()
    known = outcomes(facts, now.ready.accounts)
    options = [key for key in TARGETS if key in known and known[key].enough]
    if len(options) < 2:
        return
    state.set_widget("prospects.target", now.card.target if now.card.target in options else options[0])
    st.selectbox(
        "Learn the points from",
        options,
        format_func=lambda key: (
            f"{_TARGET_LABELS[key]} ({count(known[key].n_good)} of {count(known[key].n)})"
        ),
        key="prospects.target",
        disabled=workspace.is_read_only,
        on_change=lambda: workspace.decide(lists.CHOICES, lists.TARGET, state.widget("prospects.target")),
    )


def _weights(workspace: Workspace, now: Now) -> None:
    st.markdown("**Weights**")
    st.caption(
        "How much each line weighs beside the others; the 100 points are shared accordingly. The list follows at once."
    )
    moved = state.kept(WEIGHTS) or {}
    shown = [
        i
        for i in now.card.items
        if _learned(now, i.key) > 0 or i.key in moved or i.key in state.kept(MORE, [])
    ]
    for item in sorted(shown, key=lambda i: _learned(now, i.key), reverse=True):
        key = f"prospects.weight_{item.key}"
        state.set_widget(key, round(moved.get(item.key, _learned(now, item.key))))
        mark = " · set by hand" if item.hand_set else ""
        st.slider(
            f"{md(item.label)}{mark}",
            0,
            100,
            key=key,
            on_change=_moved,
            args=(item.key, key),
            help=f"Learned from your customers: {_learned(now, item.key):.0f}. It decides {item.weight:.0f} of the 100 points.",
        )
    others = [i.key for i in now.card.items if i.key not in {s.key for s in shown}]
    if others:
        labels = {i.key: plain(i.label) for i in now.card.items}
        st.multiselect(
            f"Give weight to another ({len(others)})",
            others,
            format_func=lambda key: labels[key],
            key="prospects.more",
            on_change=lambda: state.keep(MORE, [*state.kept(MORE, []), *state.widget("prospects.more", [])]),
            help="Your customers show no difference by these, so they decide nothing unless you say so.",
        )


def _learned(now: Now, key: str) -> float:
    return next((i.weight for i in now.ready.card.items if i.key == key), 0.0)


def _moved(item: str, key: str) -> None:
    state.keep(WEIGHTS, (state.kept(WEIGHTS) or {}) | {item: float(state.widget(key, 0))})


def _worth(now: Now) -> None:
    st.markdown("**What each answer is worth**")
    st.caption(f"Somebody of whom nothing is known starts at {now.card.base}. 100 is the best there can be.")
    rows = []
    for item in now.card.used:
        for level in sorted(item.levels, key=lambda level: -level.points):
            if level.points or item.kind != "levels":
                rate = 100 * level.good / level.n if level.n else None
                rows.append((plain(item.label), plain(level.name), level.points, level.n or None, rate))
    st.dataframe(
        pd.DataFrame(rows, columns=["Line", "Answer", "Points", "Customers", "Good"]),
        hide_index=True,
        height=min(420, 40 + 35 * max(1, len(rows))),
        column_config={
            "Points": st.column_config.NumberColumn(format="%+d"),
            "Good": st.column_config.NumberColumn(format="%.1f %%"),
        },
    )


def _columns(workspace: Workspace, now: Now) -> None:
    """Which column of the list answers which attribute; corrections are remembered."""
    if not len(now.prospects):
        return
    with st.expander("Which column of the list is which", icon=":material/view_column:"):
        loaded = now.ready.loaded
        options = ["", *(c for c in loaded.labels if c in loaded.frame.columns)]
        for match in now.prospects.matches:
            if match.attribute not in now.card.attributes and match.column is None:
                continue
            key = f"prospects.column_{match.attribute}"
            choice = options if match.column in (None, *options) else [match.column, *options]
            state.set_widget(key, match.column if match.taken and match.column else "")
            state_words = (
                match.reason if match.taken or not match.column else f"Perhaps {match.label}: {match.reason}"
            )
            st.selectbox(
                md(now.card.label(match.attribute)),
                choice,
                format_func=lambda c: (
                    plain(loaded.labels.get(c, c.replace("_", " "))) if c else "not in the list"
                ),
                key=key,
                help=md(state_words),
                disabled=workspace.is_read_only,
                on_change=_column_said,
                args=(workspace, match.attribute, key),
            )


def _column_said(workspace: Workspace, attribute: str, key: str) -> None:
    workspace.decide(lists.MAPPING, attribute, {"column": state.widget(key) or None})


def _left_out(now: Now) -> None:
    if not now.card.left_out:
        return
    with st.expander(f"Left out ({len(now.card.left_out)})", icon=":material/block:"):
        facts = state.facts()
        for name, reason in now.card.left_out:
            label = facts.catalogue[name].label if name in facts.catalogue else name
            st.markdown(f"- **{md(label)}**: {md(reason)}")
