"""Market size on the page: what was reckoned and how, and the numbers a person knows better."""

from __future__ import annotations

import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.profile import versions
from icp_core.profile.market import MarketNumbers, keep_typed, market, numbers_from, typed
from icp_core.profile.model import Profile
from icp_core.prospects.market import seen_in
from icp_core.stats.phrases import dots_text
from icp_core.stats.wording import count, currency_symbol, money, rate
from icp_core.workspace import Workspace
from pages.components.figures import Card, figure_strip
from pages.components.profile_evidence import why
from pages.components.text import md


def market_section(workspace: Workspace, facts: Facts, profile: Profile) -> None:
    """TAM, SAM and SOM with the reasoning; a form for typed numbers."""
    st.markdown("## How large the market is")
    found = profile.market
    if not profile.criteria:
        st.caption("Choose criteria first: without them everybody is the market.")
        return
    if found is None:
        st.caption("Not known yet. Load a list of prospects on the Data page, or type the numbers.")
    else:
        noun = "persons" if profile.meta.unit == "person" else "companies"
        cards = [
            Card("Market", _known(found.companies), rest=noun, of_segment=False, tip=("TAM: all there are.",))
        ]
        cards.append(
            Card("Match", _known(found.matching), rest="meet the criteria", tip=("SAM: the ICP's market.",))
        )
        if found.reachable is not None:
            cards.append(Card("Within reach", count(found.reachable), rest="now", tip=("SOM",)))
        if found.value_per_year is not None:
            cards.append(
                Card("Worth", money(facts.currency, found.value_per_year), rest="a year, all that match")
            )
        if found.ours_share is not None:
            cards.append(Card("Ours today", rate(found.ours_share), rest="of those that match"))
        figure_strip(cards, label="Market size")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":gray[{md(found.reasoning[:1].upper() + found.reasoning[1:])}]")
            if found.matching is not None:
                e = found.evidence
                why("market", 0, "○ assumption" if e is None else dots_text(e.verdict))
        if found.warning:
            st.warning(md(found.warning), icon=":material/warning:")
    with st.popover("Type the numbers", icon=":material/edit:"):
        _form(workspace, facts, profile)


def _known(value: float | None) -> str:
    return "not known" if value is None else count(value)


def _form(workspace: Workspace, facts: Facts, profile: Profile) -> None:
    now = typed(workspace)
    with st.form("profile.market", border=False):
        st.caption("Leave a field empty to take it from the data.")
        companies = st.number_input("Companies in the market", min_value=0, value=_whole(now.companies))
        fit = st.number_input("Share that matches (%)", 0.0, 100.0, _percent(now.fit_share))
        reach = st.number_input("Of those, share within reach (%)", 0.0, 100.0, _percent(now.reachable_share))
        symbol = md(currency_symbol(facts.currency).strip() or "money")
        each = st.number_input(f"Value of one a year ({symbol})", min_value=0.0, value=now.value_a_year)
        if st.form_submit_button("Reckon", type="primary", disabled=workspace.is_read_only):
            record = {
                "companies": companies,
                "fit_percent": fit,
                "reachable_percent": reach,
                "value_a_year": each,
            }
            numbers = numbers_from(record)
            keep_typed(workspace, numbers)
            _reckon(workspace, facts, profile, numbers)


def _reckon(workspace: Workspace, facts: Facts, profile: Profile, numbers: MarketNumbers) -> None:
    found = market(facts, profile.criteria, numbers, seen_in(workspace, facts, profile.criteria))
    versions.keep_draft(workspace, profile.model_copy(update={"market": found}))
    st.rerun()


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100
