"""Scores: NPS and CSAT with their ranges, who answered, how it moved, and whose scores differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from icp_core.charts import voice as charts
from icp_core.export.privacy import answers_without_persons
from icp_core.facts.catalogue import Facts
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.stats.phrases import LIKELY, TOO_FEW
from icp_core.stats.wording import (
    NO_DIFFERENCE,
    count,
    figure,
    interval_words,
    on_date,
    points,
    rate,
    score,
)
from icp_core.voice import collect, score_groups, scores
from icp_core.voice.review import of_customers
from icp_core.voice.score_groups import Measure
from icp_core.voice.scores import Score
from icp_core.workspace import Workspace
from pages.components.downloads import download_csv
from pages.components.figures import Card, figure_strip, palette, show_chart
from pages.components.text import md, plain
from pages.components.voice_reading import Answers, answers

_SURVEY, _SENT = "survey", "sent"
_NPS_MEANS = "Net Promoter Score: the share of 9 and 10 less the share of 0 to 6, from −100 to +100. Blank scores never count."
_CSAT_MEANS = "Satisfied: the share of answers in the upper quarter of the scale (4 and 5 of 1–5)."
_NO_TREND = "All answers are of one period: there is no trend to see yet."
_SCORES = ("NPS", "Satisfied, survey", "Satisfied, tickets")
_PERIODS = {"Quarter": "quarter", "Month": "month", "Wave": "wave"}
_GROUPS = {
    "nps": {"Promoters (9–10)": "promoters", "Passives (7–8)": "passives", "Detractors (0–6)": "detractors"},
    "csat": {"Satisfied": "promoters", "Not satisfied": "detractors"},
}
_FILES = {
    ("nps", "promoters"): "promoters",
    ("nps", "passives"): "passives",
    ("nps", "detractors"): "detractors",
    ("csat", "promoters"): "satisfied",
    ("csat", "detractors"): "not-satisfied",
}
_SHOWN_GROUPS, _TABLE_HEIGHT = 10, 320
_REMOVED_WIDTH = 560  # pixels: the reasons are sentences
_PEOPLE_COLUMNS = "customer_name value nps csat churned person_name job_title answered_on comment".split()


def scores_panel(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """All scores of the segment beside the rest."""
    found = answers(workspace)
    tickets = collect.tickets(workspace)
    mask = members(facts, segment) if segment else None
    cards = [
        *_nps(workspace, facts, found.frame, mask),
        *_csat(facts, "Satisfied, survey", found.frame, mask),
        *_csat(facts, "Satisfied, tickets", tickets, mask),
    ]
    if not cards:
        _no_scores()
        return
    figure_strip(cards, label="Scores")
    if len(found.frame) or len(found.clean.removed):
        _invitations(workspace, found, mask)
    kinds = _kinds(found.frame, tickets)
    name = next(iter(kinds))
    if len(kinds) > 1:
        chosen = st.segmented_control(
            "Score",
            [known for known in _SCORES if known in kinds],
            default=name,
            key="voice.score",
            label_visibility="collapsed",
        )
        name = chosen if chosen in kinds else name
    rows, measure = kinds[name]
    _who_answered(facts, rows, measure)
    left, right = st.columns(2, gap="medium")
    with left:
        _trend(of_customers(rows, facts, mask), measure, mask is not None)
    with right:
        _by_group(rows, facts, measure)
    _people(of_customers(rows, facts, mask), facts, measure)


def _kinds(frame: pd.DataFrame, tickets: pd.DataFrame) -> dict[str, tuple[pd.DataFrame, Measure]]:
    """The scores there are, by their name on the page, with the rows that hold them."""
    rated = tickets.rename(columns={"opened_on": "answered_on"})
    known = dict(zip(_SCORES, ((frame, "nps"), (frame, "csat"), (rated, "csat")), strict=True))
    return {name: (rows, m) for name, (rows, m) in known.items() if m in rows and rows[m].notna().any()}


def _no_scores() -> None:
    st.info(
        "Scores appear here as soon as answers with an NPS (0–10) or a satisfaction score are loaded. "
        "Load a survey on the Data page, or take the ready survey from Research.",
        icon=":material/poll:",
    )
    with st.container(horizontal=True):
        st.page_link("pages/data.py", label="Go to Data", icon=":material/arrow_forward:")
        st.page_link("pages/research.py", label="Go to Research", icon=":material/arrow_forward:")


# -- the strips --------------------------------------------------------------------------------------


def _nps(workspace: Workspace, facts: Facts, frame: pd.DataFrame, mask: np.ndarray | None) -> list[Card]:
    if "nps" not in frame or not frame["nps"].notna().any():
        return []
    sent = workspace.decision(_SURVEY, _SENT) if mask is None else None
    mine = scores.nps(of_customers(frame, facts, mask), sent=sent)
    cards = [_score_card("NPS", mine, _NPS_MEANS, frame, facts, mask)]
    groups = ((mine.promoters, "Promoters", "9 or 10"), (mine.passives, "Passives", "7 or 8"))
    for n, label, means in (*groups, (mine.detractors, "Detractors", "0 to 6")):
        cards.append(
            Card(
                label,
                count(n),
                rate(n / mine.n) if mine.n else "",
                of_segment=mask is not None,
                tip=(
                    f"Answers of {means}.",
                    f"{count(mine.n)} answers with a score, {count(mine.blank)} without.",
                ),
            )
        )
    cards.append(_needed_card(mine))
    if mine.response_rate is not None:
        cards.append(
            Card(
                "Response rate",
                rate(mine.response_rate),
                f"{count(mine.n)} of {count(mine.sent)} asked",
                of_segment=False,
                tip=("Answers with a score, of all who were asked.", *mine.notes),
            )
        )
    return cards


def _invitations(workspace: Workspace, found: Answers, mask: np.ndarray | None) -> None:
    """How many were asked, and the answers that do not count."""
    sent = workspace.decision(_SURVEY, _SENT)
    for note in scores.nps(found.frame, sent=sent).notes:
        st.caption(md(note))
    with st.container(horizontal=True):
        with st.popover("How many were asked?", icon=":material/outgoing_mail:"):
            asked = st.number_input(
                "Invitations sent",
                min_value=0,
                value=int(sent or 0),
                step=10,
                key="voice.sent",
                help="Survey tools export the answers only. With the number of invitations the response rate is known.",
            )
            if st.button("Keep", key="voice.keep_sent", disabled=workspace.is_read_only):
                workspace.decide(_SURVEY, _SENT, int(asked) or None)
                st.rerun()
        removed = found.clean.removed
        if len(removed):
            with st.popover(f"{count(len(removed))} answers do not count", icon=":material/block:"):
                st.dataframe(
                    removed[["row", "response_id", "reason"]],
                    hide_index=True,
                    width=_REMOVED_WIDTH,
                    column_config={"row": "Row", "response_id": "Answer", "reason": "Why"},
                )


def _score_card(
    label: str, mine: Score, means: str, frame: pd.DataFrame, facts: Facts, mask: np.ndarray | None
) -> Card:
    """A score with its range; for a segment the rest beside it and whether the difference stands."""
    if not mine.n:
        return Card(label, "not known", "no answers", of_segment=mask is not None, tip=(means,))
    span = charts.score_range(mine.low, mine.high)
    exact = f"{count(mine.n)} answers, {span}. {mine.verdict}: {_score_meaning(mine)}."
    if mask is None:
        return Card(
            label,
            score(mine.score),
            span,
            f"{mine.verdict} (n = {count(mine.n)})",
            of_segment=False,
            tip=(means, exact),
        )
    beside = score_groups.score_beside_rest(frame, facts, mask).iloc[0]
    gap = beside["difference"]
    if beside["verdict"] == TOO_FEW:
        words = TOO_FEW.lower()
    elif beside["stands"]:
        words = f"{'+' if gap > 0 else '−'}{abs(round(gap))} points"
    else:
        words = NO_DIFFERENCE
    return Card(
        label,
        score(mine.score),
        f"others {score(beside['rest_score'])}",
        words,
        beside["verdict"],
        mine.n,
        bool(gap > 0) if beside["stands"] else None,
        tip=(
            means,
            exact,
            f"The difference is likely {score(beside['difference_low'])} to {score(beside['difference_high'])} points.",
        ),
    )


def _score_meaning(found: Score) -> str:
    margin = _margin(found)
    return {
        "Solid": f"known within {margin}",
        "Likely": f"known within twice {margin}",
        "Hint": "the range is wide; ask more customers",
    }.get(found.verdict, "fewer than ten answers")


def _margin(found: Score) -> str:
    return (
        f"±{scores.NPS_MARGIN:.0f} points"
        if found.measure == "nps"
        else f"±{100 * scores.CSAT_MARGIN:.0f} points"
    )


def _needed_words(found: Score) -> str:
    if found.answers_needed is None:
        return "not known"
    return count(found.answers_needed) if found.answers_needed else "none"


def _needed_card(found: Score) -> Card:
    margin = _margin(found)
    return Card(
        "Answers still needed",
        _needed_words(found),
        f"to know it within {margin}",
        of_segment=False,
        tip=(
            f"How many more answers it takes until the likely range is {margin}, at the spread seen so far.",
        ),
    )


def _csat(facts: Facts, label: str, rows: pd.DataFrame, mask: np.ndarray | None) -> list[Card]:
    if "csat" not in rows or not rows["csat"].notna().any():
        return []
    mine = scores.csat(of_customers(rows, facts, mask), scale=scores.KEPT_SCALE)
    span = interval_words(mine.low, mine.high, "%")
    tip = (
        _CSAT_MEANS,
        f"{count(mine.n)} answers, {span}. {mine.verdict}: {_score_meaning(mine)}.",
        f"Answers still needed to know it within {_margin(mine)}: {_needed_words(mine)}.",
    )
    if mask is None or not mine.n:
        words = f"{mine.verdict} (n = {count(mine.n)})"
        return [Card(label, rate(mine.score), span, words, of_segment=mask is not None, tip=tip)]
    rest = scores.csat(of_customers(rows, facts, ~mask), scale=scores.KEPT_SCALE)
    gap, low, high = score_groups.score_difference(mine, rest)
    clear = (low > 0 or high < 0) and min(mine.n, rest.n) >= scores.MIN_ANSWERS
    return [
        Card(
            label,
            rate(mine.score),
            f"others {rate(rest.score)}",
            points(gap) if clear else NO_DIFFERENCE,
            LIKELY if clear else "",
            mine.n,
            gap > 0 if clear else None,
            tip=tip,
        )
    ]


# -- who answered ------------------------------------------------------------------------------------


def _who_answered(facts: Facts, frame: pd.DataFrame, measure: Measure) -> None:
    table = score_groups.respondents_beside_silent(frame, facts, measure)
    if table.empty:
        return
    st.markdown("**Those who answered, beside the silent**")
    figure_strip(
        [
            Card(
                row.label,
                figure(row.respondents, row.unit),
                f"silent {figure(row.silent, row.unit)}",
                "unlike the silent" if row.differs else NO_DIFFERENCE,
                of_segment=False,
                tip=(
                    "Typical (median) value, or the share that left.",
                    f"Answered: {count(row.n_respondents)} customers, "
                    f"{interval_words(row.respondents_low, row.respondents_high, row.unit)}.",
                    f"Silent: {count(row.n_silent)} customers, {interval_words(row.silent_low, row.silent_high, row.unit)}.",
                ),
            )
            for row in table.itertuples()
        ],
        label="Customers who answered beside those who did not",
    )
    if table["differs"].any():
        st.caption(
            "Customers who answered are unlike the silent ones: the score speaks for customers like them, not for all."
        )


# -- trend and groups --------------------------------------------------------------------------------


def _trend(frame: pd.DataFrame, measure: Measure, of_segment: bool) -> None:
    by = st.segmented_control(
        "Period", list(_PERIODS), default="Quarter", key="voice.period", label_visibility="collapsed"
    )
    period = _PERIODS.get(by or "", "quarter")
    periods = score_groups.score_trend(frame, period, measure)
    if len(periods) < 2:
        st.caption(_NO_TREND if len(periods) else "No answer has a date: there is no trend to see.")
        return
    note = "Bars are the likely range. " + ("Answers of the segment." if of_segment else "All answers.")
    if not periods["changed"].any():
        note += " No change from one period to the next is clear of luck."
    chart = charts.score_trend(periods, palette().name, measure=measure)
    show_chart(chart, key="voice.chart_trend", height=260, note=note)


def _by_group(frame: pd.DataFrame, facts: Facts, measure: Measure) -> None:
    groups = score_groups.scores_by(frame, facts, measure=measure)
    if groups.empty:
        st.caption("No group of customers has ten answers yet, so no scores are compared.")
        return
    chart = charts.score_groups(groups, palette().name, most=_SHOWN_GROUPS, measure=measure)
    n_clear = int(groups["stands"].sum())
    show_chart(
        chart,
        key="voice.chart_groups",
        height=charts.height_of(chart),
        note=f"Point: the group with its likely range; tick: all other answers. {count(len(groups))} groups compared, "
        + (f"{count(n_clear)} differ beyond luck (full colour)." if n_clear else "none differs beyond luck."),
    )


# -- people ------------------------------------------------------------------------------------------


def _people(frame: pd.DataFrame, facts: Facts, measure: Measure) -> None:
    st.header("Who said so")
    groups = _GROUPS[measure]
    chosen = st.segmented_control(
        "Group",
        list(groups),
        default=next(iter(groups)),
        key=f"voice.people_{measure}",
        label_visibility="collapsed",
    )
    name = groups.get(chosen or "", "promoters")
    value = next((v for v in ("ltv", "revenue", "mrr") if facts.has(v)), "ltv")
    table = score_groups.people_by_value(frame, facts, name, value, measure)
    if table.empty:
        st.caption("Nobody gave such a score.")
        return
    about = facts.catalogue.get(value)
    # What nobody filled in is no column to look at.
    shown = table.drop(columns=["customer_id"]).dropna(axis="columns", how="all")
    words = [w for w in ("customer_name", "person_name", "job_title", "comment") if w in shown]
    shown[words] = shown[words].astype(object).where(shown[words].notna(), "")
    if "value" in shown:
        shown["value"] = shown["value"].round()
    worth = f"{plain(about.label)}, {about.unit}" if about and about.unit else "Value"
    st.dataframe(
        shown,
        placeholder="",
        hide_index=True,
        height=min(_TABLE_HEIGHT, 35 * (len(table) + 1) + 3),
        # The list is by value: that is seen before the long words.
        column_order=[c for c in _PEOPLE_COLUMNS if c in shown],
        column_config={
            "customer_name": "Customer",
            "person_name": "Person",
            "job_title": "Role",
            "nps": st.column_config.NumberColumn("Score", format="%d"),
            "csat": st.column_config.NumberColumn("Of the scale", format="percent"),
            "answered_on": st.column_config.DateColumn("Answered", format="D MMM YYYY"),
            "comment": st.column_config.TextColumn("In their words", width="large"),
            "value": st.column_config.NumberColumn(worth, format="localized"),
            "churned": st.column_config.CheckboxColumn("Has left"),
        },
    )
    order = "the most valuable customers first" if "value" in shown else "no value is known of them"
    measured = f" Measured on {on_date(facts.as_of)}." if "value" in shown else ""
    people = f"{count(len(table))} {'person' if len(table) == 1 else 'people'}"
    st.caption(f"{people} by their latest answer, {order}.{measured}")
    with st.container(horizontal=True, vertical_alignment="center"):
        personal = st.checkbox(
            "With personal data",
            key="voice.personal",
            help="Names of persons, and addresses and numbers in their words, are left out unless asked for.",
        )
        download_csv(
            "Download CSV",
            lambda: table if personal else answers_without_persons(table, facts),
            f"{_FILES[measure, name]}.csv",
            key="voice.download_people",
        )
