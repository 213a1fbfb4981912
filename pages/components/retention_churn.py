"""Who counts as lost: the definition in force, the other signs there are, and the figures that rest on it."""

from __future__ import annotations

import json
from dataclasses import fields

import pandas as pd
import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.facts.history import ChurnSigns
from icp_core.facts.options import FactOptions
from icp_core.retention.fair import fair_survival
from icp_core.segments.conditions import Segment
from icp_core.segments.dashboard import dashboard
from icp_core.segments.figures import Comparison
from icp_core.segments.membership import members
from icp_core.stats.wording import count, interval_words, months, n_words, rate
from icp_core.workspace import Workspace
from pages.components import cached, state
from pages.components.feedback import problems_as_messages
from pages.components.figures import Card, comparison_card, figure_strip
from pages.components.remeasure import change_and_measure
from pages.components.text import md

SETTING = "facts"
AUTO = "auto"
_RULE, _DAYS = "retention.rule", "retention.days"
_SHORTEST, _LONGEST = 7, 730
_SHOWN_CONFLICTS = 200


def definition_in_force(workspace: Workspace, facts: Facts) -> None:
    """The definition in words, what contradicts it, and a button to change it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Who counts as lost.** {md(facts.churn_definition or 'Nothing says who has left.')}")
        if len(facts.sources):
            # Asking every source takes seconds on large data: only once somebody wants to know.
            with st.popover(
                "Change", icon=":material/rule:", key="retention.change", on_change="rerun"
            ) as changing:
                if changing.open:
                    _choose(workspace, facts)
    conflicts = [words for words in facts.warnings if "disagree about who has left" in words]
    for words in conflicts:
        st.warning(md(words), icon=":material/compare_arrows:")


def figures(facts: Facts, segment: Segment) -> None:
    """Churned, months kept, share kept after one and two years: the segment beside the rest."""
    if not (facts.has("churned") and facts.has("tenure_months")):
        return
    inside = members(facts, segment)
    if not inside.any():
        st.info(
            "Nobody meets all of these conditions. Remove one, or undo.", icon=":material/filter_alt_off:"
        )
        return
    has_rest = bool(segment) and not inside.all()
    found = fair_survival(facts, inside if has_rest else None)
    churned = dashboard(facts, segment).comparison("churn")
    cards = [_churn_card(churned, facts, has_rest)] if churned is not None else []
    cards += _kept_cards(found, facts, has_rest)
    figure_strip(cards, label="Retention of the segment beside the rest")


def _churn_card(one: Comparison, facts: Facts, has_rest: bool) -> Card:
    card = comparison_card(one, has_rest=has_rest)
    tip = (*card.tip, facts.churn_definition)
    return Card(**{f.name: getattr(card, f.name) for f in fields(Card)} | {"tip": tip})


def _kept_cards(found, facts: Facts, has_rest: bool) -> list[Card]:
    mine = "segment" if has_rest else "all"
    kept = found.months_kept.set_index("group")
    at = found.at_months.set_index(["group", "month"])
    cards = []
    if mine in kept.index:
        one = kept.loc[mine]
        cards.append(
            Card(
                "Months kept",
                months(one.months),
                f"others {months(kept.loc['rest'].months)}"
                if "rest" in kept.index
                else interval_words(one.low, one.high, "months"),
                of_segment=has_rest,
                tip=(
                    f"How many of their first {months(one.horizon_months)} customers stay on average.",
                    f"{months(one.months)}, {interval_words(one.low, one.high, 'months')} ({n_words(int(one.n))}).",
                    facts.churn_definition,
                ),
            )
        )
    for month in (12, 24):
        if (
            (mine, month) not in at.index
            or at.loc[(mine, month)].thin
            or pd.isna(at.loc[(mine, month)].survival)
        ):
            continue
        one, rest = at.loc[(mine, month)], at.loc[("rest", month)] if ("rest", month) in at.index else None
        span = interval_words(one.low, one.high, "%")
        cards.append(
            Card(
                f"Kept after {month} months",
                rate(one.survival),
                span if rest is None else f"others {rate(rest.survival)}",
                of_segment=has_rest,
                tip=(
                    "Share still customers after so many months, counting everybody as long as they were seen.",
                    f"{rate(one.survival)}, {span}; {count(one.at_risk)} customers seen for so long.",
                    facts.churn_definition,
                ),
            )
        )
    return cards


# -- changing the definition -----------------------------------------------------------------------


def _choose(workspace: Workspace, facts: Facts) -> None:
    signs = cached.churn_signs_of(str(workspace.path), workspace.facts_fingerprint(), facts.as_of, workspace)
    saved = workspace.setting(SETTING, {})
    rules = [AUTO, *signs.sources["rule"]]
    said = {
        row.rule: f"{row.words[:1].upper()}{row.words[1:]}: {count(row.left)} of {count(row.known)} left"
        for row in signs.sources.itertuples()
    }
    now = saved.get("churn_rule", AUTO)
    st.radio(
        "A customer counts as lost by",
        rules,
        index=rules.index(now) if now in rules else 0,
        format_func=lambda rule: md(said.get(rule, "The best sign there is")),
        key=_RULE,
    )
    chosen = state.widget(_RULE) or now
    if chosen == "inactivity":
        _days(signs, saved)
    if st.button(
        "Use this",
        key="retention.use",
        disabled=workspace.is_read_only,
        type="primary",
        icon=":material/check:",
    ):
        with problems_as_messages(stop=False):
            _use(workspace)
            st.rerun()
    _conflicts(signs)


def _days(signs: ChurnSigns, saved: dict) -> None:
    own = signs.rhythm().threshold_days
    start = int(saved.get("inactivity_days") or own or 180)
    st.slider(
        "Days without an order",
        _SHORTEST,
        max(_LONGEST, start),
        start,
        key=_DAYS,
        help="After so many days without an order a customer counts as lost.",
    )
    chosen = int(state.widget(_DAYS, start) or start)
    judged = signs.rhythm(chosen)
    back = (
        "nobody was silent for so long"
        if judged.return_rate != judged.return_rate
        else (
            f"{rate(judged.return_rate)} of {count(judged.n_long_silences)} longer pauses ended with a new order"
        )
    )
    st.caption(f"At {count(chosen)} days: {back}. {md(signs.rhythm().sentence)}")


def _use(workspace: Workspace) -> None:
    """Keep the choice and measure every customer anew."""
    rule = state.widget(_RULE) or AUTO
    saved = {
        k: v for k, v in workspace.setting(SETTING, {}).items() if k not in ("churn_rule", "inactivity_days")
    }
    options = FactOptions(
        churn_rule=rule, inactivity_days=state.widget(_DAYS) if rule == "inactivity" else None
    )
    changed = {"churn_rule": options.churn_rule, "inactivity_days": options.inactivity_days}
    kept = saved | {k: v for k, v in changed.items() if v not in (None, AUTO)}
    change_and_measure(
        workspace,
        ("churn", json.dumps(kept, sort_keys=True)),
        "Measuring who left, and everybody anew",
        lambda: workspace.set_setting(SETTING, kept),
    )


def _conflicts(signs: ChurnSigns) -> None:
    if signs.conflicts.empty:
        return
    st.markdown("**Where the signs contradict each other**")
    for row in signs.conflicts.itertuples():
        st.markdown(f"- {md(row.words)}")
    ids = list(dict.fromkeys(i for row in signs.conflicts["customers"] for i in row))
    st.dataframe(pd.DataFrame({"Customer": ids[:_SHOWN_CONFLICTS]}), hide_index=True, height=150)
