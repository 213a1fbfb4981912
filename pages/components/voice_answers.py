"""Choice questions of a survey: bars of the segment beside the rest, and answers that mark the best customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from icp_core.charts import voice as charts
from icp_core.facts.catalogue import Facts
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.stats.wording import count, rate, times
from icp_core.voice import choices
from icp_core.voice.choices import Question
from icp_core.voice.review import best_by_value
from icp_core.workspace import Workspace
from pages.components import state
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
