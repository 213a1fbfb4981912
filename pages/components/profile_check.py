"""Does the ICP hold on customers it was not built on?"""

from __future__ import annotations

import streamlit as st

from icp_core.charts.likeness import likeness_chart
from icp_core.facts.catalogue import Facts
from icp_core.facts.history import decided, history_of
from icp_core.profile import holdout
from icp_core.profile.model import Profile
from icp_core.profile.validate import (
    HOLDOUT_FROM,
    Check,
    Part,
    Validation,
    believed_share,
    is_sealed,
    validate,
)
from icp_core.segments.leaks import guarded
from icp_core.segments.likeness import likeness
from icp_core.stats.wording import NO_DIFFERENCE, count, interval_words, money, points, rate, score, times
from icp_core.workspace import Workspace
from pages.components.figures import Card, evidence_dots, figure_strip, palette, show_chart
from pages.components.text import md

_SPEAK = {"ratio": times, "points": points, "score": score}


def checks(workspace: Workspace, facts: Facts, profile: Profile | None) -> None:
    """Tightness and reach, then later and held-out customers beside the promise."""
    if profile is None or not profile.criteria:
        st.info(
            "Take a segment as the ICP first; then this page checks whether it holds.", icon=":material/info:"
        )
        return
    opened = holdout.is_opened(workspace, profile.criteria)
    deals = None
    if profile.meta.outcome == "won":
        deals = decided(guarded(facts), history_of(workspace, facts.as_of).accounts)
    found = validate(
        facts,
        profile.criteria,
        outcome=profile.meta.outcome,
        opened=opened,
        sealed=_is_found(profile) and is_sealed(facts),
        believed=believed_share(profile.criteria_evidence),
        deals=deals,
    )
    st.markdown(f"**{md(found.message)}**")
    evidence_dots(found.verdict, found.n_inside)
    figure_strip(_reach(found), label="Tightness and reach")
    st.markdown("## Customers who came later")
    st.caption(md(found.time_note))
    if found.time_split:
        _beside(facts, *found.time_split)
    st.markdown("## Customers set aside")
    st.caption(md(found.holdout_note))
    if found.holdout:
        st.caption(holdout.openings_words(holdout.openings(workspace), sealed=found.is_sealed))
        _beside(facts, *found.holdout)
    elif not opened and len(facts) >= HOLDOUT_FROM:
        n = holdout.openings(workspace)
        if st.button(
            "Look at the customers set aside",
            key="profile.open_holdout",
            disabled=workspace.is_read_only,
            icon=":material/lock_open:",
            help="Looked at once for a finished rule it is a fair test; every further rule makes it a weaker one.",
        ):
            holdout.open_for(workspace, profile.criteria, profile.criteria_words)
            st.rerun()
        if n:
            st.caption(f"Opened for {n} other rule{'' if n == 1 else 's'} so far.")
    st.markdown("## For looking, not for claims")
    likeness_map(facts, profile)


def _is_found(profile: Profile) -> bool:
    """True when the criteria came out of the search, which leaves customers set aside alone; else somebody chose them."""
    evidence = profile.criteria_evidence
    return evidence is not None and evidence.effect_raw is not None


@st.fragment
def likeness_map(facts: Facts, profile: Profile) -> None:
    """The customers as a map on which near means alike; drawn when asked for."""
    if not st.toggle(
        "Map of the customers",
        key="profile.likeness",
        help="Every dot is a customer; those near each other are alike in what is known before the sale.",
    ):
        return
    found = likeness(facts, profile.criteria)
    if found is None:
        st.caption("Too little is known of the customers to draw a map.")
        return
    show_chart(likeness_chart(found, palette()), key="profile.likeness_map", height=420)
    st.caption(md(found.message))


def _reach(found: Validation) -> list[Card]:
    cards = [
        Card(
            "Customers inside",
            count(found.n_inside),
            rest=f"{rate(found.share_customers)} of {count(found.n)}",
        ),
        Card(
            "Tightness",
            rate(found.tightness),
            rest=f"among all {rate(found.base)}",
            tip=(
                "Share of good customers among those inside. Good: in the top quarter by value per month and still here.",
            ),
        ),
        Card(
            "Reach",
            rate(found.reach),
            rest="of all good customers",
            tip=("Share of all good customers that the ICP takes in.",),
        ),
    ]
    if found.share_revenue is not None:
        cards.insert(1, Card("Revenue inside", rate(found.share_revenue), rest="of all revenue"))
    return cards


def _beside(facts: Facts, built_on: Part, checked_on: Part) -> None:
    heads = [f"{part.label} ({count(part.n_inside)} inside)" for part in (built_on, checked_on)]
    pairs = [(check, checked_on.check(check.measure)) for check in built_on.checks]
    # A table whose cells wrap: figures, range and n of both parts are compared side by side.
    st.table(
        {
            "Figure": [md(check.label) for check, _ in pairs],
            md(heads[0]): [md(beside_words(facts, check)) for check, _ in pairs],
            md(heads[1]): [md(beside_words(facts, other) if other else "too few") for _, other in pairs],
            "Holds": [md(holds_words(other)) for _, other in pairs],
        },
        hide_index=True,
        border="horizontal",
    )


def beside_words(facts: Facts, check: Check) -> str:
    """Inside beside the rest, the difference with its likely range, and how many of each are known."""
    if check.effect_kind == "ratio":
        inside, rest = money(facts.currency, check.inside), money(facts.currency, check.rest)
    elif check.effect_kind == "points":
        inside, rest = rate(check.inside), rate(check.rest)
    else:
        inside, rest = score(check.inside), score(check.rest)
    speak = _SPEAK.get(check.effect_kind, times)
    span = interval_words(check.low, check.high, "%" if check.effect_kind == "points" else None)
    known = f"n = {count(check.n_inside)} and {count(check.n_rest)}"
    return f"{inside}, others {rest}: {speak(check.effect)} ({span + ', ' if span else ''}{known})"


def holds_words(check: Check | None) -> str:
    """Whether a figure holds, in words."""
    if check is None:
        return "Too few to say"
    if check.holds is None:
        more = f"; about {count(check.n_needed)} customers would tell" if check.n_needed else ""
        return NO_DIFFERENCE.capitalize() + more
    return "Yes" if check.holds else "No, the other way round"
