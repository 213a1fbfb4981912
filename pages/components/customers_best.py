"""The best customers: sliders, the named list with reasons, pins, what they share, groups by buying."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from icp_core.charts.value import clear_enough, shared
from icp_core.facts.catalogue import Facts
from icp_core.facts.columns import names
from icp_core.gather.records import frame
from icp_core.segments.conditions import Segment
from icp_core.segments.shared import condition_of
from icp_core.stats.phrases import MEANINGS, TOO_FEW, dots_text
from icp_core.stats.wording import count, figure, listed, number, rate
from icp_core.value.best_customers import (
    DEFAULT_WEIGHTS,
    SIGNALS,
    best_customers,
    signals,
    what_they_share,
)
from icp_core.value.rfm_groups import rfm_groups
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.downloads import download_csv
from pages.components.figures import palette, sentence, show_chart
from pages.components.text import md, plain

PINS = "pin"
IN, OUT = "in", "out"
_WEIGHTS, _SHOWN = "customers.weights", 25
_MOST_FOUND = 8
_WHAT_COUNTS = {
    "value": "Value",
    "retention": "Staying",
    "growth": "Growth",
    "satisfaction": "NPS and CSAT",
    "engagement": "Engagement",
    "referrals": "Referrals",
    "support": "Low support load",
}
_MEANT = {
    "value": "Value so far per month as a customer; a history under a year counts as a year unless under contract.",
    "retention": "Months as a customer; those who left come last.",
    "growth": "More paid per month now than at first, as a share of the first amount.",
    "satisfaction": "The latest NPS answer, else CSAT.",
    "engagement": "Use of the product, else orders per year.",
    "referrals": "Customers they brought.",
    "support": "Tickets per month; fewer is better.",
}


def best_list(workspace: Workspace, facts: Facts) -> None:
    """Everything on the first tab."""
    pins = {d.key: d.value for d in workspace.decisions(PINS)}
    champions = champion_ids(workspace)
    # The list comes first on a narrow screen; the sliders beside it on a wide one.
    left, right = st.columns([2.6, 1], gap="large")
    with right:
        weights = _sliders(facts)
    table = best_customers(
        facts,
        weights=weights,
        pinned=[key for key, value in pins.items() if _side(value) == IN],
        unpinned=[key for key, value in pins.items() if _side(value) == OUT],
        champions=champions,
    )
    best = table[table["is_best"]]
    with left:
        _named(workspace, best, pins)
        _find(workspace, facts, pins)
        _taken_out(workspace, table, pins)
        _downloads(table)
    _what_they_share(facts, table)
    _rfm(facts)


def champion_ids(workspace: Workspace) -> list[str]:
    """Customers named in reviews or by colleagues (tables of kind "champions")."""
    return sorted(frame(workspace, "champions")["customer_id"].dropna().astype(str).unique())


# -- sliders ---------------------------------------------------------------------------------------


def _sliders(facts: Facts) -> dict[str, float]:
    """One slider per signal that has data; the others are named as missing."""
    known = [name for name, values in signals(facts).items() if np.isfinite(values).any()]
    weights = DEFAULT_WEIGHTS | state.kept(_WEIGHTS, {})
    st.markdown("**What counts**")
    for name in known:
        key = f"customers.weight_{name}"
        state.set_widget(key, float(weights[name]))
        st.slider(
            _WHAT_COUNTS[name],
            0.0,
            10.0,
            step=0.5,
            format="%.1f",
            key=key,
            help=_MEANT[name],
            on_change=_weighed,
            args=(name, key),
        )
    missing = [SIGNALS[name] for name in SIGNALS if name not in known]
    if missing:
        st.caption(f"Nothing is known of {listed(missing)}.")
    if any(weights[name] != DEFAULT_WEIGHTS[name] for name in known):
        st.button(
            "Back to the usual weights",
            key="customers.weights_reset",
            icon=":material/undo:",
            on_click=state.keep,
            args=(_WEIGHTS, {}),
        )
    return weights


def _weighed(name: str, key: str) -> None:
    state.keep(_WEIGHTS, state.kept(_WEIGHTS, {}) | {name: state.widget(key)})


# -- the list --------------------------------------------------------------------------------------


def _named(workspace: Workspace, best: pd.DataFrame, pins: Mapping[str, Any]) -> None:
    st.markdown(
        f"**{count(len(best))} best customers**",
        help="Score: the weighted mean of a customer's rank in each signal, from 0 to 100; what is not known counts "
        "as the middle. Out of all customers that have not left, whatever the segment.",
    )
    for place, row in enumerate(best.itertuples(), start=1):
        note = _note(pins.get(row.customer_id))
        marks = [word for word, on in (("pinned", row.pinned), ("champion", row.champion)) if on]
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(gap=None):
                st.markdown(
                    f"{place}. **{md(row.customer_name)}** · {number(row.score)}"
                    + (f" · {', '.join(marks)}" if marks else "")
                )
                st.caption(md(_sentence(row.why) + (f" “{note}”" if note else "")))
            _hand(workspace, row.customer_id, place, pins.get(row.customer_id))


def _sentence(why: str) -> str:
    return f"{why[:1].upper()}{why[1:]}." if why else "Good in all, best in nothing."


def _hand(workspace: Workspace, customer: str, place: int | str, value: Any) -> None:
    """Pin with a note, or take out."""
    with st.popover("Pinned" if _side(value) == IN else "Pin", icon=":material/push_pin:"):
        key = f"customers.note_{place}_{customer}"
        st.text_input("Note", value=_note(value), key=key, max_chars=200, placeholder="Why, in a few words")
        with st.container(horizontal=True):
            st.button(
                "Save the note" if _side(value) == IN else "Pin",
                key=f"customers.pin_{place}_{customer}",
                disabled=workspace.is_read_only,
                icon=":material/push_pin:",
                help="Always among the best, whatever the score",
                on_click=_decide,
                args=(workspace, customer, IN, key),
            )
            if _side(value):
                st.button(
                    "Unpin" if _side(value) == IN else "Take back",
                    key=f"customers.free_{place}_{customer}",
                    disabled=workspace.is_read_only,
                    icon=":material/undo:",
                    help="The score decides again",
                    on_click=workspace.withdraw,
                    args=(PINS, customer),
                )
            if _side(value) != OUT:
                st.button(
                    "Take out",
                    key=f"customers.out_{place}_{customer}",
                    disabled=workspace.is_read_only,
                    icon=":material/block:",
                    help="Never among the best",
                    on_click=_decide,
                    args=(workspace, customer, OUT, key),
                )


def _decide(workspace: Workspace, customer: str, side: str, key: str) -> None:
    workspace.decide(PINS, customer, {"side": side, "note": plain(state.widget(key) or "")})


def _side(value: Any) -> str:
    """ "in", "out" or nothing, from what was decided by hand."""
    return str(value.get("side", "")) if isinstance(value, Mapping) else ""


def _note(value: Any) -> str:
    return str(value.get("note", "")) if isinstance(value, Mapping) else ""


def _find(workspace: Workspace, facts: Facts, pins: Mapping[str, Any]) -> None:
    with st.expander("Pin somebody else", icon=":material/person_search:"):
        typed = (
            st.text_input("Name of the customer", key="customers.find", placeholder="Part of the name") or ""
        ).strip()
        if not typed:
            return
        called = pd.Series(names(facts.frame))
        hits = np.flatnonzero(called.str.contains(typed, case=False, regex=False).to_numpy(bool))
        if not len(hits):
            st.caption("No customer has this in the name.")
        for i in hits[:_MOST_FOUND]:
            customer = str(facts.frame["customer_id"].iloc[i])
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(md(called.iloc[i]))
                _hand(workspace, customer, "found", pins.get(customer))
        if len(hits) > _MOST_FOUND:
            st.caption(f"{count(len(hits) - _MOST_FOUND)} more; type more of the name.")


def _taken_out(workspace: Workspace, table: pd.DataFrame, pins: Mapping[str, Any]) -> None:
    out = table[table["unpinned"]]
    if not len(out):
        return
    with st.expander(f"Taken out by hand ({count(len(out))})", icon=":material/block:"):
        for row in out.itertuples():
            with st.container(horizontal=True, vertical_alignment="center"):
                note = _note(pins.get(row.customer_id))
                st.markdown(md(row.customer_name) + (f" · “{md(note)}”" if note else ""))
                _hand(workspace, row.customer_id, "out", pins.get(row.customer_id))


def _downloads(table: pd.DataFrame) -> None:
    with st.expander("All customers by score", icon=":material/format_list_numbered:"):
        shown = table.head(_SHOWN)
        used = [name for name in SIGNALS if table[name].notna().any()]
        st.dataframe(
            shown[["position", "customer_name", "score", *used]],
            placeholder="",
            hide_index=True,
            column_config={
                "position": st.column_config.NumberColumn("#", width="small"),
                "customer_name": "Customer",
                "score": st.column_config.ProgressColumn("Score", min_value=0, max_value=100, format="%.0f"),
            }
            | {
                name: st.column_config.NumberColumn(
                    _WHAT_COUNTS[name], format="%.2f", help=f"Rank from 0 (worst) to 1 (best). {_MEANT[name]}"
                )
                for name in used
            },
        )
        st.caption(
            f"The first {count(len(shown))} of {count(len(table))}. Each signal is a rank from 0 to 1."
        )
    download_csv(
        "Download the list",
        lambda: table[table["is_best"]].drop(columns=["row", "is_best"]),
        "best-customers.csv",
        key="customers.download",
    )


# -- what they share -------------------------------------------------------------------------------


def _what_they_share(facts: Facts, table: pd.DataFrame) -> None:
    st.header("What they share")
    is_best = np.zeros(len(facts), dtype=bool)
    is_best[table.loc[table["is_best"], "row"].to_numpy()] = True
    found = what_they_share(facts, is_best)
    if found.empty:
        st.caption(
            "No attribute is known of two best customers or more. Load a customer table with more columns on the Data page."
        )
        return
    shown = clear_enough(found)
    if shown.empty:
        st.caption("In nothing that is known do the best customers differ clearly from the others.")
        _all_compared(found)
        return
    sure = set(shown["verdict"]) - {TOO_FEW}
    said = "; ".join(f"{dots_text(word)} {word}: {MEANINGS[word]}" for word in MEANINGS if word in sure)
    note = (
        f"{said or 'Too few best customers to say; pin more, or take it as a start'}. "
        "Bar: share of the best customers; grey mark: share of the others. Click a bar to look at these customers."
    )
    show_chart(
        shared(shown, palette().name),
        key="customers.chart_shared",
        height=30 * len(shown) + 10,
        on_click=lambda mark: _look_at(facts, mark),
        note=note,
    )
    _look_at_one(facts, shown)
    if state.kept("customers.looked_at") and state.segment():
        words = state.segment().words(facts.catalogue)
        sentence(words[:1].upper() + words[1:], lead="Looking at:")
        st.page_link("pages/segments.py", label="See them on Segments", icon=":material/tune:")
    _all_compared(found)


def _all_compared(found: pd.DataFrame) -> None:
    with st.expander("All attributes compared", icon=":material/compare:"):
        st.dataframe(
            found[
                ["label", "level", "n_best", "n_known", "share_best", "share_rest", "low", "high", "verdict"]
            ],
            placeholder="",
            hide_index=True,
            column_config={
                "label": "Attribute",
                "level": "Value",
                "n_best": "Best with it",
                "n_known": "Best where known",
                "share_best": st.column_config.NumberColumn("Best", format="percent"),
                "share_rest": st.column_config.NumberColumn("The others", format="percent"),
                "low": st.column_config.NumberColumn(
                    "Difference from", format="percent", help="Likely range"
                ),
                "high": st.column_config.NumberColumn("Difference to", format="percent", help="Likely range"),
                "verdict": "How sure",
            },
        )


def _look_at_one(facts: Facts, shown: pd.DataFrame) -> None:
    """The same as a click on a bar, for the keyboard."""
    said = {f"{row.label}: {row.level}": (row.attribute, row.level) for row in shown.itertuples()}
    key = "customers.look_at"

    def looked() -> None:
        attribute, level = said.get(state.widget(key), (None, None))
        state.set_widget(key, None)
        _look_at(facts, {"attribute": attribute, "level": level})

    st.selectbox(
        "Look at the customers with",
        list(said),
        index=None,
        format_func=plain,
        key=key,
        placeholder="Choose one: it becomes the segment",
        on_change=looked,
    )


def _look_at(facts: Facts, mark: Mapping[str, Any]) -> None:
    attribute, level = str(mark.get("attribute")), str(mark.get("level"))
    if attribute in facts.catalogue:
        state.set_segment(Segment((condition_of(facts, attribute, level),)))
        state.keep("customers.looked_at", True)


# -- groups by buying ------------------------------------------------------------------------------


def _rfm(facts: Facts) -> None:
    groups = rfm_groups(facts)
    if groups.empty:
        return
    st.header("Groups by how they buy")
    st.dataframe(
        pd.DataFrame(
            {
                "Group": groups["group"],
                "Customers": [count(n) for n in groups["n"]],
                "Share": [rate(share) for share in groups["share"]],
                "Share of revenue": [rate(share) for share in groups["share_revenue"]],
                "Typical revenue": [figure(v, facts.currency) for v in groups["typical"]],
                "What it means": groups["meaning"],
            }
        ),
        hide_index=True,
    )
    st.caption(
        "By how long ago, how often and how much they bought; equal customers are always in one group."
    )
