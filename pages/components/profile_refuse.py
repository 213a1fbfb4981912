"""Whom to refuse, and what refusing would have cost."""

from __future__ import annotations

import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.profile import versions
from icp_core.profile.disqualify import chosen, price
from icp_core.profile.model import Disqualifier, Price, Profile
from icp_core.segments.conditions import Segment
from icp_core.stats.wording import count, money, rate
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.figures import evidence_dots
from pages.components.profile_document import redraft
from pages.components.text import md

_TOPIC, _REJECTED, _ACCEPTED = "disqualifier", "rejected", "accepted"


def refusals(workspace: Workspace, facts: Facts, profile: Profile | None) -> None:
    """The disqualifiers with their price; reject one, add the segment at hand, write one as an assumption."""
    if profile is None:
        st.info(
            "Take a segment as the ICP first; then this page says whom to refuse.", icon=":material/info:"
        )
        return
    st.caption(
        "Kinds of customer that leave, or bring little. Each has its price: the good ones you would have refused. "
        "What your data propose is in force until you turn it down; what you refuse yourself stays."
    )
    for i, one in enumerate(profile.disqualifiers):
        _card(workspace, facts, profile, one, i)
    if not profile.disqualifiers:
        turned_down = any(d.value == _REJECTED for d in workspace.decisions(_TOPIC))
        st.markdown(
            "Nobody is refused."
            if turned_down
            else "No kind of customer is clearly worse. Nothing to refuse on this evidence."
        )
    _rejected(workspace, facts, profile)
    with st.container(border=True):
        current = state.segment()
        # Who is wanted cannot be refused in the same breath, and nobody twice.
        known = [profile.criteria, *(d.segment for d in profile.disqualifiers)]
        if (
            current
            and current not in known
            and st.button(
                f"Add the segment at hand: {md(current.words(facts.catalogue))}",
                key="profile.refuse_segment",
                disabled=workspace.is_read_only,
                icon=":material/add:",
            )
        ):
            _keep(workspace, profile, [*profile.disqualifiers, chosen(facts, current)])
        with st.form("profile.refuse_form", border=False, clear_on_submit=True):
            words = st.text_input("Or write one without data (it is printed as an assumption)")
            why = st.text_input("Why")
            if st.form_submit_button("Add", disabled=workspace.is_read_only) and words.strip():
                _keep(
                    workspace,
                    profile,
                    [*profile.disqualifiers, Disqualifier(words=words.strip(), why=why.strip())],
                )


def _card(workspace: Workspace, facts: Facts, profile: Profile, one: Disqualifier, i: int) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(f"**{md(one.words)}**" + (f" · {md(one.why)}" if one.why else ""))
        if one.evidence:
            evidence_dots(one.evidence.verdict, one.evidence.n, tip=(one.evidence.method,))
        elif one.segment:
            st.caption("○ Chosen by you; the price is measured on your customers.")
        else:
            st.caption("○ Assumption: no data behind it.")
        if one.price:
            st.markdown(md(price_words(facts, one.price)))
        found = bool(one.evidence and one.segment)
        decision = workspace.decision(_TOPIC, one.segment.to_query()) if one.segment else None
        if decision == _ACCEPTED:
            st.caption(":material/check: Refused on your word.")
        with st.container(horizontal=True):
            if (
                found
                and decision is None
                and st.button(
                    "Refuse them",
                    key=f"profile.refuse_{i}",
                    disabled=workspace.is_read_only,
                    icon=":material/check:",
                    help="It then stays in force, even if new data no longer propose it.",
                )
            ):
                workspace.decide(_TOPIC, one.segment.to_query(), _ACCEPTED)
                st.rerun()
            if st.button(
                "Do not refuse them" if found else "Remove",
                key=f"profile.unrefuse_{i}",
                disabled=workspace.is_read_only,
                icon=":material/close:",
                help="It is not proposed again unless you take it back below." if found else None,
            ):
                if one.segment:
                    workspace.decide(_TOPIC, one.segment.to_query(), _REJECTED)
                _keep(workspace, profile, [d for d in profile.disqualifiers if d is not one])


def refuse_button(
    workspace: Workspace, facts: Facts, profile: Profile | None, segment: Segment, key: str
) -> None:
    """Refuse a kind of customer that the search downwards found; offered once, and not of whom one wants."""
    known = [profile.criteria, *(d.segment for d in profile.disqualifiers)] if profile else []
    if st.button(
        "Refuse them",
        key=key,
        disabled=workspace.is_read_only or profile is None or segment in known,
        icon=":material/block:",
        help="Take an ICP first." if profile is None else "It then stands on Refuse, with its price.",
    ):
        workspace.decide(_TOPIC, segment.to_query(), _ACCEPTED)
        _keep(workspace, profile, [*profile.disqualifiers, chosen(facts, segment)])


def price_words(facts: Facts, p: Price) -> str:
    return (
        f"Refusing them would have turned away {count(p.n)} customers: {count(p.good_refused)} good ones, "
        f"{count(p.bad_avoided)} bad ones avoided, {money(facts.currency, p.revenue_lost)} revenue lost "
        f"({rate(p.revenue_lost_share)} of all)."
    )


def _rejected(workspace: Workspace, facts: Facts, profile: Profile) -> None:
    """The proposals turned down, each with its price and a way back."""
    turned_down = [d.key for d in workspace.decisions(_TOPIC) if d.value == _REJECTED]
    if not turned_down:
        return
    with st.expander(f"Not refused, on your word ({count(len(turned_down))})"):
        for i, key in enumerate(turned_down):
            segment, lost = Segment.from_query(key).known_to(facts.catalogue)
            if lost or not segment:
                continue
            st.markdown(f"**{md(segment.words(facts.catalogue))}**")
            st.markdown(md(price_words(facts, price(facts, segment))))
            if st.button(
                "Refuse them after all",
                key=f"profile.refuse_again_{i}",
                disabled=workspace.is_read_only,
                icon=":material/undo:",
            ):
                workspace.withdraw(_TOPIC, key)
                redraft(workspace, facts, profile.criteria, profile)
                st.rerun()


def _keep(workspace: Workspace, profile: Profile, disqualifiers: list[Disqualifier]) -> None:
    versions.keep_draft(workspace, profile.model_copy(update={"disqualifiers": disqualifiers}))
    st.rerun()
