"""Hypotheses from the business plan: entered first, confirmed or refuted by what is loaded."""

from __future__ import annotations

import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.profile import hypotheses, versions
from icp_core.profile.compose import tested_hypotheses
from icp_core.profile.model import Hypothesis, Profile
from icp_core.segments.conditions import Segment
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.text import md

_STATUS = {
    "confirmed": ":material/check_circle: **Confirmed**",
    "refuted": ":material/cancel: **Refuted**",
    "open": ":material/help: **Open**",
}
_NONE, _CONDITION = "", "segment"


def hypotheses_section(workspace: Workspace, facts: Facts, profile: Profile | None) -> None:
    """Each hypothesis with what became of it; a form to enter one."""
    st.markdown("## What the plan expects")
    found = profile.hypotheses if profile is not None else hypotheses.entered(workspace)
    if not found:
        st.caption("Write down what the business plan says of the customers; the data confirm or refute it.")
    for i, one in enumerate(found):
        _line(workspace, facts, profile, one, i)
    with st.popover("Enter a hypothesis", icon=":material/add:"):
        _form(workspace, facts, profile)


def _line(workspace: Workspace, facts: Facts, profile: Profile | None, one: Hypothesis, i: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{_STATUS.get(one.status, '')} {md(one.text)}", width="content")
        if one.evidence is not None:
            st.button(
                "●" * one.dots + "○" * (3 - one.dots),
                key=f"profile.why_hypotheses_{i}",
                type="tertiary",
                help="Show what stands behind it",
                on_click=state.keep,
                args=("profile.chosen", ("hypotheses", i)),
            )
        if st.button(
            "Remove", key=f"profile.forget_{one.key}", disabled=workspace.is_read_only, type="tertiary"
        ):
            hypotheses.forget(workspace, one.key)
            check_again(workspace, facts, profile)
            st.rerun()
    if one.words:
        st.caption(md(one.words))


def _form(workspace: Workspace, facts: Facts, profile: Profile | None) -> None:
    current = state.segment()
    about = {_NONE: "Nothing yet", **hypotheses.SECTION_TITLES}
    if current:
        about = {_CONDITION: f"Good customers meet: {current.words(facts.catalogue)}", **about}
    with st.form("profile.hypothesis", border=False, clear_on_submit=True):
        text = st.text_input("Hypothesis", placeholder="Our best customers plan in spreadsheets")
        section = st.selectbox(
            "What it speaks of",
            list(about),
            format_func=lambda key: about[key],
            help="Set filters on the Segments page to tie it to a condition.",
        )
        if (
            st.form_submit_button("Check it", type="primary", disabled=workspace.is_read_only)
            and text.strip()
        ):
            tied = section == _CONDITION
            hypotheses.enter(
                workspace, text, segment=current if tied else Segment(), section="" if tied else section
            )
            check_again(workspace, facts, profile)
            st.rerun()


def check_again(workspace: Workspace, facts: Facts, profile: Profile | None) -> None:
    """Put all hypotheses to the test and keep what came out with the profile."""
    if profile is not None:
        tested = tested_hypotheses(workspace, facts, profile.criteria, profile.meta.offer)
        versions.keep_draft(workspace, profile.model_copy(update={"hypotheses": tested}))
