"""Choice questions of a survey: bars of the segment beside the rest, and answers that mark the best customers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import streamlit as st

from icp_core.charts import voice as charts
from icp_core.facts.catalogue import Attribute, Facts
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.stats.phrases import HINT
from icp_core.stats.wording import NO_DIFFERENCE, count, money, rate, times
from icp_core.voice import choices
from icp_core.voice.choices import Question
from icp_core.voice.review import best_by_value, said_fingerprint
from icp_core.voice.survey_groups import GroupTrait, survey_groups
from icp_core.workspace import Workspace
from pages.components import long_work, state
from pages.components.figures import palette, show_chart
from pages.components.text import md, plain
from pages.components.voice_reading import answers

_SHOWN_ANSWERS, _SHOWN_MARKERS = 16, 8
_QUESTION = "voice.question"


def answers_panel(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """One question at a time, then what all of them say of the best customers."""
    found = answers(workspace)
    questions = {q.name: q for q in found.questions if q.kind != "text"}
    if not questions:
        st.info(
            "Questions with answers to choose from appear here as soon as a survey with them is loaded. "
            "The Research page has a survey ready to send.",
            icon=":material/ballot:",
        )
        st.page_link("pages/research.py", label="Go to Research", icon=":material/arrow_forward:")
        return
    kept = state.kept(_QUESTION)
    state.set_widget("voice.question_choice", kept if kept in questions else next(iter(questions)))
    name = st.selectbox(
        "Question",
        list(questions),
        format_func=lambda n: plain(questions[n].label),
        key="voice.question_choice",
        on_change=lambda: state.keep(_QUESTION, state.widget("voice.question_choice")),
    )
    mask = members(facts, segment) if segment else None
    _bars(found.frame, facts, questions[name], mask)
    _markers(found.frame, facts, list(questions.values()))
    _groups(workspace, found.frame, facts, list(found.asked))


def _bars(frame: pd.DataFrame, facts: Facts, question: Question, mask: np.ndarray | None) -> None:
    if mask is None:
        table = choices.counts(frame, question)
    else:
        known = frame[frame["customer_id"].isin(set(facts.frame["customer_id"]))].reset_index(drop=True)
        inside = known["customer_id"].isin(set(facts.frame["customer_id"][mask])).to_numpy(bool)
        table = choices.bars(known, question, inside)
    if table.empty:
        st.caption("Nobody has answered this question yet.")
        return
    shown = charts.of_bars(table.head(_SHOWN_ANSWERS))
    chart = charts.share_pairs(
        shown,
        palette().name,
        title=plain(question.label),
        of="answers",
        second=None if mask is None else charts.REST,
    )
    note = f"Share of those who answered, with its likely range; {count(table['n_asked'].max())} answered"
    if mask is not None:
        note += f" in the segment, {count(table['n_rest_asked'].max())} in the rest"
        clear = table[table["stands"]]
        note += (
            ". Beyond luck: "
            + "; ".join(
                f"{row.answer} ({rate(row.share)}, others {rate(row.share_rest)})"
                for row in clear.head(4).itertuples()
            )
            if len(clear)
            else ". No clear difference"
        )
    if question.kind == "multi":
        note += ". Several answers were possible"
    if len(table) > _SHOWN_ANSWERS:
        note += f". {count(len(table) - _SHOWN_ANSWERS)} rarer answers are not drawn"
    show_chart(
        chart, key=f"voice.chart_answers_{question.name}", height=charts.height_of(chart), note=md(note) + "."
    )


def _markers(frame: pd.DataFrame, facts: Facts, questions: list[Question]) -> None:
    st.markdown("**Which answers mark the best customers?**")
    best = best_by_value(facts)
    if not best:
        st.caption("No value is known of these customers: load orders, subscriptions or won deals first.")
        return
    known = frame[frame["customer_id"].isin(set(facts.frame["customer_id"]))].reset_index(drop=True)
    table = choices.markers(known, questions, known["customer_id"].isin(best).to_numpy(bool))
    clear = table[table["stands"]]
    if clear.empty:
        st.caption(
            f"None is clear of luck: {count(len(table))} answers were compared between the best fifth by value and all others."
        )
        return
    for row in clear.head(_SHOWN_MARKERS).itertuples():
        st.markdown(
            f"- **{md(row.answer)}**: {rate(row.share)} of the best, {rate(row.share_rest)} of the others "
            f"({times(row.times)}, n {count(row.n)} and {count(row.n_rest)}). {md(row.verdict)}.  \n"
            f"  {md(row.label)}"
        )
    st.caption(
        f"The best are the top fifth by value. {count(len(table))} answers were compared; luck is allowed for."
    )


def _groups(workspace: Workspace, frame: pd.DataFrame, facts: Facts, questions: list[Attribute]) -> None:
    """Groups among those who answered, looked for when asked: it takes some seconds."""
    st.markdown("**Do the answers fall into groups?**")
    fingerprint = said_fingerprint(workspace)
    key = ("voice.groups", fingerprint, facts.fingerprint)
    kept = state.kept("voice.groups")
    if kept is None or kept[0] != key:
        if state.kept("voice.groups_asked") != key:
            if st.button("Look for groups", key="voice.look_for_groups", icon=":material/groups:"):
                state.keep("voice.groups_asked", key)
                st.rerun()
            st.caption("Groups are shown only where they come back in resamples of the answers.")
            return
        work = long_work.watched(
            (str(workspace.path), "groups", fingerprint),
            "Looking for groups among the answers",
            lambda work: survey_groups(frame, questions, facts, tell=work.tell),
            again="Look again",
        )
        if work is None:
            return
        kept = (key, work.result)
        state.keep("voice.groups", kept)
    found = kept[1]
    st.markdown(md(found.message))
    for group in found.groups:
        with st.container(border=True):
            st.markdown(f"**{md(group.name)}**: {count(group.n)} answers ({rate(group.share)})")
            st.markdown("\n".join(f"- {md(_trait_words(trait))}" for trait in group.traits))
            parts = []
            if not math.isnan(group.value):
                worth = money(facts.currency, group.value), money(facts.currency, group.value_rest)
                parts.append(f"{worth[0]} a month, others {worth[1]}")
            if not math.isnan(group.churn):
                parts.append(f"{rate(group.churn)} left, others {rate(group.churn_rest)}")
            if parts:
                sure = NO_DIFFERENCE if group.verdict == HINT else group.verdict
                st.caption(md("; ".join(parts) + f". {sure[:1].upper()}{sure[1:]}."))


def _trait_words(trait: GroupTrait) -> str:
    """An answer and how common it is in the group and outside, or the averages of a scale."""
    if trait.is_scale:
        return f"{trait.words}: {trait.inside:.1f} on average, others {trait.rest:.1f}"
    return f"{trait.words}: {rate(trait.inside)}, others {rate(trait.rest)}"
