"""Whom to refuse, and what refusing would have cost."""

from __future__ import annotations

import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.profile import versions
from icp_core.profile.disqualify import price
from icp_core.profile.model import Disqualifier, Profile
from icp_core.stats.wording import count, money, rate
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.figures import evidence_dots
from pages.components.text import md


def refusals(workspace: Workspace, facts: Facts, profile: Profile | None) -> None:
    """The disqualifiers with their price; reject one, add the segment at hand, write one as an assumption."""
    if profile is None:
        st.info(
            "Take a segment as the ICP first; then this page says whom to refuse.", icon=":material/info:"
        )
        return
    st.caption(
        "Kinds of customer that leave, or bring little. Each has its price: the good ones you would have refused."
    )
    for i, one in enumerate(profile.disqualifiers):
        _card(workspace, facts, profile, one, i)
    if not profile.disqualifiers:
        st.markdown("No kind of customer is clearly worse. Nothing to refuse on this evidence.")
    with st.container(border=True):
        current = state.segment()
        if current and st.button(
            f"Add the segment at hand: {md(current.words(facts.catalogue))}",
            key="profile.refuse_segment",
            icon=":material/add:",
        ):
            words = current.words(facts.catalogue)
            added = Disqualifier(
                segment=current, words=words[:1].upper() + words[1:], price=price(facts, current)
            )
            _keep(workspace, profile, [*profile.disqualifiers, added])
        with st.form("profile.refuse_form", border=False, clear_on_submit=True):
            words = st.text_input("Or write one without data (it is printed as an assumption)")
            why = st.text_input("Why")
            if st.form_submit_button("Add") and words.strip():
                _keep(
                    workspace,
                    profile,
                    [*profile.disqualifiers, Disqualifier(words=words.strip(), why=why.strip())],
                )


def _card(workspace: Workspace, facts: Facts, profile: Profile, one: Disqualifier, i: int) -> None:
    with st.container(border=True):
        st.markdown(f"**{md(one.words)}**" + (f" · {md(one.why)}" if one.why else ""))
        if one.evidence:
            evidence_dots(one.evidence.verdict, one.evidence.n, tip=(one.evidence.method,))
        elif one.is_assumption:
            st.caption("○ Assumption: no data behind it.")
        if one.price:
            p = one.price
            st.markdown(
                f"Refusing them would have turned away {count(p.n)} customers: {count(p.good_refused)} good ones, "
                f"{count(p.bad_avoided)} bad ones avoided, {md(money(facts.currency, p.revenue_lost))} revenue lost "
                f"({rate(p.revenue_lost_share)} of all)."
            )
        if st.button("Remove", key=f"profile.unrefuse_{i}", icon=":material/close:"):
            if one.segment:
                workspace.decide("disqualifier", one.segment.to_query(), "rejected")
            _keep(workspace, profile, [d for d in profile.disqualifiers if d is not one])


def _keep(workspace: Workspace, profile: Profile, disqualifiers: list[Disqualifier]) -> None:
    versions.keep_draft(workspace, profile.model_copy(update={"disqualifiers": disqualifiers}))
    st.rerun()
