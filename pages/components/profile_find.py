"""Find the kinds of customer that are better, and own up to how much was tried."""

from __future__ import annotations

import streamlit as st

from icp_core.charts.discovery import candidates_beside_luck
from icp_core.facts.catalogue import Facts
from icp_core.segments.discover import Candidate, Discovery
from icp_core.stats.wording import count, effect_words, n_words, rate
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.figures import evidence_dots, palette, show_chart
from pages.components.searches import discovery_of
from pages.components.text import md

_OUTCOMES = {
    "value": ("Value a month", "value_per_month"),
    "retention": ("Staying", "churned"),
    "nps": ("NPS", "nps"),
    "ltv": ("Lifetime value", "ltv"),
    "won": ("Won deals", "deals_won"),
}
_METHOD = (
    "Every rule of up to three conditions over attributes known before the sale is scored by ranks, so that one giant "
    "cannot make a segment. The outcome is then shuffled 199 times and the whole search repeated: what the best of "
    "those reach is the line of luck. The effect is reduced by what a search wins by luck alone in resamples of the "
    "customers, and stability says how often the rule comes back in them."
)


def search_panel(workspace: Workspace, facts: Facts) -> None:
    """Choose an outcome, search, take a finding as the ICP."""
    known = {key: label for key, (label, column) in _OUTCOMES.items() if facts.has(column)}
    if not known:
        st.info(
            "Nothing says yet what a customer is worth or whether it stays. Load orders, subscriptions or a survey first.",
            icon=":material/info:",
        )
        return
    outcome = st.segmented_control(
        "Better means more",
        list(known),
        format_func=known.get,
        default=state.kept("profile.outcome", next(iter(known))),
        key="profile.outcome",
    )
    outcome = outcome or next(iter(known))
    if state.kept("profile.outcome") != outcome:
        state.keep("profile.outcome", outcome)
    found = _search(facts, outcome)
    if found is None:
        return
    st.markdown(f"**{md(found.message)}**")
    st.caption(
        f"{count(found.n_rules_tried)} rules tried on {count(found.n)} customers. {md(found.definition)}"
    )
    if found.candidates:
        look = "dark" if palette().name == "dark" else "light"
        show_chart(
            candidates_beside_luck(found, look), key="profile.luck", height=60 + 44 * len(found.candidates)
        )
    for i, candidate in enumerate(found.candidates):
        _card(workspace, facts, found, candidate, i)
    with st.expander("How the search works, and what it left out"):
        st.markdown(_METHOD)
        for attribute, reason in found.skipped:
            about = facts.catalogue.get(attribute)
            st.caption(f"{md(about.label if about else attribute)}: {md(reason)}")


def _search(facts: Facts, outcome: str) -> Discovery | None:
    found = discovery_of(facts, outcome)
    if found is None:
        st.info(
            "There are too few customers for a search. About 100 with a known outcome would be enough for a first one.",
            icon=":material/info:",
        )
    return found


def _unit(found: Discovery, candidate: Candidate) -> str:
    """What an effect is counted in, as ``effect_words`` calls it."""
    if candidate.effect_kind != "score":
        return candidate.effect_kind
    return "nps" if found.outcome == "nps" else (found.unit or "count")


def _card(workspace: Workspace, facts: Facts, found: Discovery, candidate: Candidate, i: int) -> None:
    with st.container(border=True):
        st.markdown(f"**{md(candidate.words)}**")
        said = effect_words(
            candidate.effect, candidate.effect_raw, _unit(found, candidate), clear=candidate.stands
        )
        st.markdown(
            f"{md(found.outcome_label)}: {md(said)} · {n_words(candidate.n)} ({rate(candidate.share)} of the customers)"
        )
        evidence_dots(
            candidate.verdict,
            candidate.n,
            tip=(
                f"Came back in {rate(candidate.stability)} of the resamples.",
                f"Strength {candidate.z:.1f}; luck reaches {found.luck_line:.1f}.",
            ),
        )
        for warning in candidate.warnings:
            st.caption(f":material/warning: {md(warning)}")
        if candidate.aliases:
            st.caption("Nearly the same customers: " + "; ".join(md(a) for a in candidate.aliases[:3]))
        with st.container(horizontal=True):
            if st.button(
                "Take as ICP",
                key=f"profile.take_{i}",
                type="primary" if i == 0 and candidate.stands else "secondary",
            ):
                state.set_segment(candidate.segment)
                state.choose_icp(candidate.segment)
                st.rerun()
            if st.button("Look at it", key=f"profile.look_{i}"):
                state.set_segment(candidate.segment)
                st.switch_page("pages/segments.py")
