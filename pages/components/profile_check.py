"""Does the ICP hold on customers it was not built on?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Profile
from icp_core.profile.validate import Check, Part, Validation, validate
from icp_core.stats.wording import NO_DIFFERENCE, count, interval_words, money, points, rate, score, times
from pages.components.figures import Card, evidence_dots, figure_strip
from pages.components.text import md

_SPEAK = {"ratio": times, "points": points, "score": score}


def checks(facts: Facts, profile: Profile | None) -> None:
    """Tightness and reach, then later and held-out customers beside the promise."""
    if profile is None or not profile.criteria:
        st.info(
            "Take a segment as the ICP first; then this page checks whether it holds.", icon=":material/info:"
        )
        return
    found = validate(facts, profile.criteria, outcome=profile.meta.outcome)
    st.markdown(f"**{md(found.message)}**")
    evidence_dots(found.verdict, found.n_inside)
    figure_strip(_reach(found), label="Tightness and reach")
    st.markdown("#### Customers who came later")
    st.caption(md(found.time_note))
    if found.time_split:
        _beside(facts, *found.time_split)
    st.markdown("#### Customers set aside")
    st.caption(md(found.holdout_note))
    if found.holdout:
        _beside(facts, *found.holdout)


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
    rows = []
    for check in built_on.checks:
        other = checked_on.check(check.measure)
        rows.append(
            {
                "Figure": check.label,
                f"{built_on.label} ({count(built_on.n_inside)} inside)": _words(facts, check),
                f"{checked_on.label} ({count(checked_on.n_inside)} inside)": _words(facts, other)
                if other
                else "too few",
                "Holds": _holds(other),
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _words(facts: Facts, check: Check) -> str:
    """Inside beside the rest, and the difference with its likely range."""
    if check.effect_kind == "ratio":
        inside, rest = money(facts.currency, check.inside), money(facts.currency, check.rest)
    elif check.effect_kind == "points":
        inside, rest = rate(check.inside), rate(check.rest)
    else:
        inside, rest = score(check.inside), score(check.rest)
    speak = _SPEAK.get(check.effect_kind, times)
    span = interval_words(check.low, check.high, "%" if check.effect_kind == "points" else None)
    return f"{inside}, others {rest}: {speak(check.effect)}" + (f" ({span})" if span else "")


def _holds(check: Check | None) -> str:
    if check is None:
        return "Too few to say"
    if check.holds is None:
        more = f"; about {count(check.n_needed)} customers would tell" if check.n_needed else ""
        return NO_DIFFERENCE.capitalize() + more
    return "Yes" if check.holds else "No, the other way round"
