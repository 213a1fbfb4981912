"""Who is one customer: likely pairs side by side to decide, merges made with their reasons, each undone at will."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from icp_core.gather import link
from icp_core.workspace import Workspace
from pages.components import cached
from pages.components.remeasure import change_and_measure
from pages.components.text import md

_SHOWN_PROPOSALS = 8
_VERDICTS = {"same": "Same customer", "different": "Different customers"}


def match_review(workspace: Workspace) -> None:
    """Pairs that may be one customer, side by side; nothing is merged on a name alone."""
    _proposals(workspace)
    _merges(workspace)
    _decided_pairs(workspace)


def _proposals(workspace: Workspace) -> None:
    proposals = (
        workspace.cursor()
        .execute(
            "SELECT left_id, left_name, right_id, right_name, score, reason FROM match_proposals"
            " ORDER BY score DESC, left_name, right_name"
        )
        .df()
    )
    n = len(proposals)
    if not n:
        st.markdown("No pairs to decide: nobody looks like somebody else.")
        return
    st.markdown(f"**{n:,} {'pairs look' if n > 1 else 'pair looks'} alike, but not alike enough to merge.**")
    st.caption(
        "Your answer is remembered for the next file. Until then each counts as a customer of its own."
    )
    shown = proposals.head(_SHOWN_PROPOSALS)
    about = link.described(workspace, [*shown["left_id"], *shown["right_id"]])
    for row in shown.itertuples():
        with st.container(border=True):
            left, right, verdict = st.columns([4, 4, 2])
            _side(left, about.get(row.left_id, {"Name": row.left_name}), about.get(row.right_id, {}))
            _side(right, about.get(row.right_id, {"Name": row.right_name}), about.get(row.left_id, {}))
            for name, label in _VERDICTS.items():
                if verdict.button(label, key=f"data.{name}_{row.left_id}_{row.right_id}", width="stretch"):
                    decide_pair(workspace, row, name)
            st.caption(f"{md(row.reason)} Likeness {100 * row.score:.0f} of 100.")
    if n > _SHOWN_PROPOSALS:
        st.caption(f"{n - _SHOWN_PROPOSALS:,} more follow as you decide.")


def _side(place, about: dict[str, str], other: dict[str, str]) -> None:
    lines = []
    for label, value in about.items():
        if label == "Name":
            lines.append(f"**{md(value)}**")
        else:
            same = " (the same)" if other.get(label) == value and label != "Rows" else ""
            lines.append(f"{label}: {md(value)}{same}")
    place.markdown("  \n".join(lines))


def decide_pair(workspace: Workspace, pair: Any, verdict: str) -> None:
    """Remember whether two accounts are one customer, then settle all rows and facts anew."""
    left, right = pair.left_id, pair.right_id
    names = [
        name if isinstance(name, str) else known
        for name, known in ((pair.left_name, left), (pair.right_name, right))
    ]
    key, decided = f"{left}\x1f{right}", {"left": left, "right": right, "verdict": verdict, "names": names}
    _settle(workspace, key, lambda: workspace.decide("merge", key, decided))


def _settle(workspace: Workspace, what: str, decide: Callable[[], None]) -> None:
    """Take a decision and settle rows and facts by it, all or nothing."""

    def change() -> None:
        decide()
        link.link_rows(workspace)

    change_and_measure(workspace, ("merge", what), "Settling whose rows are whose", change)
    st.rerun()


def _merges(workspace: Workspace) -> None:
    if not st.toggle("Show what was merged by itself, and why", key="data.show_merges"):
        return
    found = cached.merges_of(str(workspace.path), workspace.facts_fingerprint(), workspace)
    found = found[found["reason"] != "You said they are the same."].reset_index(drop=True)
    if found.empty:
        st.caption("Nothing was merged: every row names its customer plainly.")
        return
    counts = found["reason"].value_counts()
    st.caption("; ".join(f"{md(reason.rstrip('.'))}: {n:,}" for reason, n in counts.items()))
    word = st.text_input("Find a customer", key="data.find_merge", placeholder="Part of a name or web domain")
    if word.strip():
        texts = found[["customer_id", "left_id", "left_name", "right_id", "right_name"]].astype(str)
        hit = texts.apply(lambda c: c.str.contains(word.strip(), case=False, regex=False)).any(axis=1)
        found = found[hit].reset_index(drop=True)
    chosen = st.dataframe(
        found[["left_name", "right_name", "reason", "score"]],
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"data.merges_{workspace.facts_fingerprint()}_{word}",
        column_config={
            "left_name": "This",
            "right_name": "and this count as one",
            "reason": "Because",
            "score": st.column_config.ProgressColumn("Sure", min_value=0, max_value=1, format="percent"),
        },
    )
    rows = chosen["selection"]["rows"]
    if rows and rows[0] < len(found):
        _take_apart(workspace, found.iloc[rows[0]])
    else:
        st.caption("Choose a row to take a merge back.")


def _take_apart(workspace: Workspace, row: pd.Series) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{md(row['left_name'])} and {md(row['right_name'])}: {md(row['reason'])}")
        if st.button("Keep them apart", key="data.take_apart", icon=":material/call_split:"):
            decide_pair(workspace, row, "different")


def _decided_pairs(workspace: Workspace) -> None:
    decided = workspace.decisions("merge")
    if not decided:
        return
    with st.expander(f"{len(decided)} decided {'pairs' if len(decided) > 1 else 'pair'}"):
        for decision in decided:
            with st.container(horizontal=True, vertical_alignment="center"):
                words = "one customer" if decision.value["verdict"] == "same" else "two customers"
                left, right = decision.value.get("names") or (decision.value["left"], decision.value["right"])
                st.markdown(f"{md(left)} and {md(right)}: {words}")
                if st.button("Undo", key=f"data.undecide_{decision.key}", icon=":material/undo:"):
                    _settle(workspace, decision.key, partial(workspace.withdraw, "merge", decision.key))
