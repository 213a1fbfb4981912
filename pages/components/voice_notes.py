"""Team notes: what sales, support and success hear, typed in or loaded, and the issues that come back."""

from __future__ import annotations

import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.stats.phrases import dots_text
from icp_core.stats.wording import count, rate
from icp_core.voice import notes, review
from icp_core.voice.statements import HINT_CUSTOMERS, statements
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.text import md, plain
from pages.components.voice_reading import codes, names_of

_TABLE_HEIGHT, _SHOWN_ISSUES = 360, 8
_NOBODY = "No customer in particular"


def notes_panel(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """The form left, what comes back right, all notes below."""
    left, right = st.columns([1, 1.2], gap="large")
    with left:
        _form(workspace, facts)
    with right:
        _recurring(workspace, facts, segment)
    _table(workspace, facts, segment)


def _form(workspace: Workspace, facts: Facts) -> None:
    names = names_of(facts)
    with st.form("voice.note", clear_on_submit=True):
        st.markdown("**What did you hear?**")
        text = st.text_area(
            "In their words, as far as you remember",
            key="voice.note_text",
            height=110,
            placeholder="They plan every week twice because the sheet is never up to date.",
        )
        customer = st.selectbox(
            "Customer",
            sorted(names, key=lambda c: names[c].lower()),
            format_func=lambda c: plain(names[c]),
            index=None,
            placeholder=_NOBODY,
            key="voice.note_customer",
        )
        role = st.selectbox("Your team", notes.ROLES, key="voice.note_role")
        if st.form_submit_button(
            "Keep the note", type="primary", icon=":material/add_comment:", disabled=workspace.is_read_only
        ):
            notes.add_note(workspace, text, role=role, customer_id=customer)
            state.keep("voice.note_kept", True)
            st.rerun()
    if state.kept("voice.note_kept"):
        state.keep("voice.note_kept", None)
        st.success("The note is kept and counts like loaded ones.", icon=":material/check:")
    st.caption("A whole file of notes (CSV or Excel) goes to the Data page.")


def _recurring(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """Issues two or more customers bring up, as the team noted them."""
    st.markdown("**What comes back**" + (" in the segment" if segment else ""))
    found = codes(workspace)
    mine = found[found["kind"].eq("note") & found["code"].isin(["pain", "objection"])]
    mine = review.of_customers(mine, facts, members(facts, segment) if segment else None)
    issues = [s for s in statements(mine, facts) if s.n_customers >= HINT_CUSTOMERS]
    if not issues:
        st.caption("No issue was noted for two customers yet.")
        return
    for one in sorted(issues, key=lambda s: (-s.n_customers, s.text))[:_SHOWN_ISSUES]:
        behind = f"{dots_text(one.verdict)} {one.verdict} · {count(one.n_customers)} customers"
        if one.revenue_share is not None:
            behind += f" · {rate(one.revenue_share)} of revenue"
        kind = "pain" if one.code == "pain" else "objection"
        st.markdown(f"**{md(one.text)}**  \n{md(behind)} · {kind}")


def _table(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    table = notes.team_notes(workspace)
    table = review.of_customers(table, facts, members(facts, segment) if segment else None)
    if table.empty:
        st.caption("No notes yet" + (" about customers of the segment." if segment else "."))
        return
    named = dict(zip(facts.frame["customer_id"], facts.frame["customer_name"], strict=True))
    shown = table.assign(customer=table["customer_id"].map(named)).sort_values(
        "noted_on", ascending=False, na_position="last", kind="stable"
    )
    st.dataframe(
        shown[["noted_on", "author_role", "customer", "note", "origin"]],
        hide_index=True,
        height=min(_TABLE_HEIGHT, 35 * (len(shown) + 1) + 3),
        column_config={
            "noted_on": st.column_config.DateColumn("When", format="D MMM YYYY"),
            "author_role": "Team",
            "customer": "Customer",
            "note": st.column_config.TextColumn("Note", width="large"),
            "origin": "From",
        },
    )
    typed = shown[shown["key"].notna()]
    if len(typed):
        newest = typed.iloc[0]
        st.button(
            "Take back the newest typed note",
            key="voice.note_undo",
            disabled=workspace.is_read_only,
            icon=":material/undo:",
            help=md(str(newest["note"])[:120]),
            on_click=notes.remove_note,
            args=(workspace, newest["key"]),
        )
