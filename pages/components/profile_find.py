"""Find the kinds of customer that are better, and own up to how much was tried."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from icp_core.charts.discovery import candidates_beside_luck
from icp_core.facts.catalogue import Facts
from icp_core.profile.disqualify import price
from icp_core.profile.model import Profile
from icp_core.segments.conditions import Segment
from icp_core.segments.discover import Candidate, Discovery
from icp_core.segments.outcomes import OUTCOMES, knows
from icp_core.segments.target import default_outcome
from icp_core.stats.phrases import more_needed
from icp_core.stats.wording import (
    NO_DIFFERENCE,
    count,
    effect_words,
    figure,
    interval_words,
    listed,
    n_words,
    points,
    rate,
    score,
    times,
)
from icp_core.workspace import Workspace
from pages.components import profile_document, state
from pages.components.data_care import attribute_editor
from pages.components.figures import evidence_dots, palette, show_chart
from pages.components.profile_refuse import price_words, refuse_button
from pages.components.searches import discovery_of
from pages.components.text import md

_MEANS = {
    "worth": "What a customer brings in its first months: value a month times the months it stays. The usual choice: "
    "by value alone, the best-paying kind may be the one that leaves first.",
    "value": "Value per month while a customer.",
    "retention": "Share still there after some months; customers still here count as long as they have been seen.",
    "ltv": "All a customer has brought so far; favours old accounts.",
    "nps": "Latest answer to the 0–10 question.",
    "best": "The best-customer score of the Customers page, at its usual weights.",
    "won": "Share of accounts that were won, among all whose deals were decided.",
}
# Other names of a finding that are spelt out.
_ALIASES_SHOWN = 3
_METHOD = (
    "Every rule of up to three conditions over attributes known before the sale is scored by ranks, so that one giant "
    "cannot make a segment. The outcome is then shuffled 199 times and the whole search repeated: what the best of "
    "those reach is the line of luck. The effect is reduced by what a search wins by luck alone in resamples of the "
    "customers, and stability says how often the rule comes back in them."
)


def search_panel(workspace: Workspace, facts: Facts, profile: Profile | None) -> None:
    """Choose an outcome, search, take a finding as the ICP, or refuse one of the search downwards."""
    known = [outcome for outcome in OUTCOMES if knows(facts, outcome)]
    if not known:
        st.info(
            "Nothing says yet what a customer is worth or whether it stays. Load orders, subscriptions or a survey first.",
            icon=":material/info:",
        )
        return
    first = state.kept("profile.outcome") or default_outcome(facts)
    outcome = st.segmented_control(
        "Better means more",
        known,
        format_func=OUTCOMES.get,
        default=first if first in known else known[0],
        key="profile.outcome",
    )
    outcome = outcome or known[0]
    if state.kept("profile.outcome") != outcome:
        state.keep("profile.outcome", outcome)
    st.caption(_MEANS[outcome])
    worse = st.toggle(
        "Look for the worse kinds instead",
        key="profile.worse",
        help="The same search downwards: whom you may want to refuse, each with its price.",
    )
    found = _search(facts, outcome, -1 if worse else +1)
    if found is not None:
        _findings(workspace, facts, profile, found)
    else:
        _without_claim()
    with st.expander("Which attributes take part, and why others do not"):
        st.caption(
            "Untick one to leave it out; tick one to let it in against the advice. Findings then say so."
        )
        attribute_editor(workspace, facts, key="profile")


def _findings(workspace: Workspace, facts: Facts, profile: Profile | None, found: Discovery) -> None:
    st.markdown(f"**{md(found.message)}**")
    if found.candidates:
        look = "dark" if palette().name == "dark" else "light"
        show_chart(
            candidates_beside_luck(found, look), key="profile.luck", height=56 + 46 * len(found.candidates)
        )
    for i, candidate in enumerate(found.candidates):
        _card(workspace, facts, profile, found, candidate, i)
    if not found.standing and found.direction > 0:
        _without_claim()
    with st.expander("How the search works, and its figures"):
        st.markdown(_METHOD)
        if found.definition:
            st.markdown(f"{md(found.outcome_label)}: {md(found.definition)}.")
        if found.candidates:
            st.dataframe(_details(found), hide_index=True)
        for attribute, reason in found.skipped:
            about = facts.catalogue.get(attribute)
            st.caption(f"Left out: {md(about.label if about else attribute)}. {md(reason)}")


def _without_claim() -> None:
    """What can be done where no kind of customer is better: describe, all of them or some chosen by hand."""
    st.caption(
        "A page can still describe your customers: all of them, or some you choose yourself with the filters of the "
        "Segments page. It then describes and claims nothing."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Describe all customers",
            key="profile.describe_all",
            disabled=not state.may_edit(),
            icon=":material/description:",
        ):
            profile_document.take(Segment())
        st.page_link("pages/segments.py", label="Go to Segments", icon=":material/arrow_forward:")


def _search(facts: Facts, outcome: str, direction: int) -> Discovery | None:
    found = discovery_of(facts, outcome, direction)
    if found is None:
        st.info(
            f"There are too few customers with a known “{OUTCOMES[outcome]}” for a search, or all have the same. About "
            "100 would be enough for a first one.",
            icon=":material/info:",
        )
    return found


def _unit(found: Discovery, candidate: Candidate) -> str:
    """What an effect is counted in, as ``effect_words`` calls it."""
    if candidate.effect_kind != "score":
        return candidate.effect_kind
    return "nps" if found.outcome == "nps" else (found.unit or "count")


def _spoken(found: Discovery, candidate: Candidate, effect: float) -> str:
    if candidate.effect_kind == "ratio":
        return times(effect)
    if candidate.effect_kind == "points":
        return points(effect)
    return score(effect) if found.outcome == "nps" else figure(effect, found.unit)


def _typical(facts: Facts, found: Discovery, candidate: Candidate) -> str:
    """The figures inside and outside, in their unit."""
    unit = found.unit or (facts.currency if found.outcome in ("worth", "value", "ltv") else None)
    if candidate.effect_kind == "points":
        unit = "%"
    return f"{figure(candidate.typical_in, unit)}, others {figure(candidate.typical_rest, unit)}"


def _range(candidate: Candidate) -> str:
    unit = {"ratio": "×", "points": "%"}.get(candidate.effect_kind)
    return interval_words(candidate.low, candidate.high, unit)


def _card(
    workspace: Workspace,
    facts: Facts,
    profile: Profile | None,
    found: Discovery,
    candidate: Candidate,
    i: int,
) -> None:
    whom = "accounts with a decided deal" if found.outcome == "won" else "customers"
    with st.container(border=True, gap="small"):
        st.markdown(f"**{md(f'{i + 1}. {candidate.words}')}**")
        said = effect_words(
            candidate.effect, candidate.effect_raw, _unit(found, candidate), clear=candidate.stands
        )
        span = _range(candidate) if candidate.stands else ""
        st.markdown(
            f"{md(found.outcome_label)}: {md(_typical(facts, found, candidate))} · {md(said)}"
            + (f", {md(span)}" if span else "")
        )
        evidence_dots(
            candidate.verdict,
            candidate.n,
            tip=(
                f"{rate(candidate.share)} of the {whom}.",
                f"Came back in {rate(candidate.stability)} of the resamples.",
                f"Strength {candidate.z:.1f}; luck reaches {found.luck_line:.1f}.",
            ),
        )
        st.caption(f"{rate(candidate.share)} of the {whom}. {_steadiness(candidate)}")
        if candidate.stands and candidate.adjusted_for:
            parts = [
                f"“{md(a.label)}”: {md(_spoken(found, candidate, a.effect))}"
                for a in candidate.adjusted_for
                if not a.inseparable
            ]
            if parts:
                st.caption("Among customers alike in " + "; alike in ".join(parts) + ".")
        for warning in candidate.warnings:
            st.caption(f":material/warning: {md(warning)}")
        if candidate.aliases:
            st.caption(_other_names(candidate))
        if found.direction < 0:
            st.markdown(md(price_words(facts, price(facts, candidate.segment))))
        with st.container(horizontal=True):
            if found.direction < 0:
                refuse_button(workspace, facts, profile, candidate.segment, f"profile.refuse_found_{i}")
            else:
                _take_button(candidate, i)
            if st.button("Look at it", key=f"profile.look_{i}"):
                state.set_segment(candidate.segment)
                st.switch_page("pages/segments.py")


def _take_button(candidate: Candidate, i: int) -> None:
    if st.button(
        "Take as ICP",
        key=f"profile.take_{i}",
        disabled=not state.may_edit(),
        type="primary" if i == 0 and candidate.stands else "secondary",
        help=None if candidate.stands else "It could be luck: the page will say so.",
    ):
        state.set_segment(candidate.segment)
        profile_document.take(candidate.segment)


def _other_names(candidate: Candidate) -> str:
    """The rules that pick nearly the same customers: the first few by name, the others counted."""
    shown = [md(alias) for alias in candidate.aliases[:_ALIASES_SHOWN]]
    more = candidate.n_aliases - len(shown)
    names = [*shown, f"{count(more)} more rule{'' if more == 1 else 's'}"] if more else shown
    return "Nearly the same customers: " + listed(names, joint="or")


def _steadiness(candidate: Candidate) -> str:
    """How often the rule returns, and for a hint how many more customers of this kind would tell."""
    said = f"Found again in {rate(candidate.stability)} of resamples."
    more = None if candidate.stands else more_needed(candidate.p_adjusted, candidate.n)
    return f"{said} It could be luck; about {count(more)} more of this kind would tell." if more else said


def _details(found: Discovery) -> pd.DataFrame:
    """All figures of the candidates, for those who want them."""
    return pd.DataFrame(
        {
            "Rule": [c.words for c in found.candidates],
            "n": [n_words(c.n) for c in found.candidates],
            "As seen": [_spoken(found, c, c.effect_raw) for c in found.candidates],
            "Reduced for luck": [_spoken(found, c, c.effect) for c in found.candidates],
            "Likely": [_range(c) or NO_DIFFERENCE for c in found.candidates],
            "Strength": [f"{c.z:.1f}" for c in found.candidates],
            "Luck reaches": [f"{found.luck_line:.1f}" for _ in found.candidates],
            "Adjusted p": [f"{c.p_adjusted:.3f}" for c in found.candidates],
            "Found again": [rate(c.stability) for c in found.candidates],
        }
    )
