"""Themes of open answers as cards, and how people edit them; phrases ready to quote."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from icp_core.charts import voice as charts
from icp_core.export.privacy import answers_without_persons
from icp_core.facts.catalogue import Facts
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.stats.wording import count, rate, score
from icp_core.voice import collect, review
from icp_core.voice.theme_groups import (
    kept_and_lost,
    promoters_and_detractors,
    segment_and_rest,
    theme_scores,
    themes_between,
)
from icp_core.voice.themes import LEAST_LABELS, Theme, Themes
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.downloads import download_csv
from pages.components.figures import palette, show_chart
from pages.components.text import md, plain
from pages.components.voice_reading import (
    answers,
    contrasts,
    edit_themes,
    kinds_said,
    phrases,
    said,
    themes,
)

_SHOWN_PHRASES, _TABLE_HEIGHT, _SHOWN_VERBATIMS, _SHOWN_THEMES = 60, 420, 50, 12
_OF, _READ, _NEW = "voice.texts_of", "voice.theme_read", "new"
_SOURCES = {
    "response": "Survey answers",
    "ticket": "Tickets",
    "note": "Team notes",
    "interview": "Interviews",
    "": "Everything",
}
_SEGMENT, _KEPT, _PROMOTERS = "Segment | the rest", "Kept | lost", "Promoters | detractors"


def nothing_said() -> None:
    """The empty state of the parts that live on people's words."""
    st.info(
        "Nobody's words are loaded yet. Load a survey with open answers, support tickets, interviews or team notes "
        "on the Data page, or type a note under Team notes.",
        icon=":material/chat_bubble:",
    )
    st.page_link("pages/data.py", label="Go to Data", icon=":material/arrow_forward:")


def themes_panel(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """What people speak of: one card a theme, the most people first."""
    if said(workspace).empty:
        nothing_said()
        return
    of = _source(workspace, "themes")
    found = themes(workspace, facts, of)
    shown = found.shown()
    if not shown:
        st.caption("No themes to show: there are too few texts, or all themes are hidden.")
    else:
        _between(workspace, facts, segment, found)
        scored = theme_scores(found, answers(workspace).frame, facts).set_index("theme_id")
        for i in range(0, len(shown), 2):
            for column, theme in zip(st.columns(2, gap="medium"), shown[i : i + 2], strict=False):
                with column:
                    _card(workspace, found, theme, scored.loc[theme.theme_id], of)
    _foot(workspace, found, of)
    opened = next((theme for theme in shown if theme.theme_id == state.kept(_READ)), None)
    if opened is not None:
        _texts(workspace, found, opened, of)


def _source(workspace: Workspace, place: str) -> str:
    """Which texts: answers, tickets, notes and interviews speak of different things, and so do questions."""
    kinds = kinds_said(workspace)
    kept = state.kept(_OF)
    kind = str(kept or "").partition(review.QUESTION_MARK)[0]
    if len(kinds) < 2:
        kind = kinds[0]
    else:
        options, key = [*kinds, ""], f"voice.source_{place}"
        kind = kind if kept is not None and kind in options else kinds[0]
        state.set_widget(key, kind)
        st.segmented_control(
            "Texts",
            options,
            format_func=lambda of: _SOURCES[of],
            key=key,
            label_visibility="collapsed",
            on_change=lambda: state.keep(_OF, state.widget(key)),
        )
    questions = review.open_questions(said(workspace)) if kind == "response" else {}
    if len(questions) < 2:
        return kind
    every = [kind, *(f"{kind}{review.QUESTION_MARK}{label}" for label in questions)]
    labels = dict(zip(every[1:], questions.items(), strict=True))
    main = collect.main_question(workspace) or "Comment"
    key = f"voice.asked_{place}"
    state.set_widget(key, kept if kept in every else kind)
    return st.selectbox(
        "Question",
        every,
        format_func=lambda of: (
            f"{plain(labels[of][0] or main)} ({count(labels[of][1])})"
            if of in labels
            else "All open questions"
        ),
        key=key,
        label_visibility="collapsed",
        on_change=lambda: state.keep(_OF, state.widget(key)),
    )


def _card(workspace: Workspace, found: Themes, theme: Theme, row: pd.Series, of: str) -> None:
    with st.container(border=True):
        st.markdown(f"## {md(theme.name)}")
        parts = [f"{rate(theme.share_people)} of those who spoke (n {count(theme.n_people)})"]
        if theme.revenue_share is not None:
            parts.append(f"{rate(theme.revenue_share)} of revenue")
        st.markdown(" · ".join(parts))
        st.markdown(f"> {md(theme.quote)}")
        st.caption(_who_speaks(row) + "Words: " + md(", ".join(theme.phrases[:5])) + ".")
        with st.container(horizontal=True):
            editing = st.popover(
                "Edit", icon=":material/edit:", key=f"voice.edit_{theme.theme_id}", on_change="rerun"
            )
            if editing.open:
                with editing:
                    _editor(workspace, found, theme, of)
            st.button(
                "Texts",
                icon=":material/list:",
                key=f"voice.texts_{theme.theme_id}",
                on_click=state.keep,
                args=(_READ, theme.theme_id),
            )


# Stays open while texts are moved, until it is closed.
@st.dialog("Texts of a theme", width="large", on_dismiss=lambda: state.keep(_READ, None))
def _texts(workspace: Workspace, found: Themes, theme: Theme, of: str) -> None:
    """Read a theme's texts, and put those that belong elsewhere where they belong."""
    key = f"voice.in_{theme.theme_id}"
    st.markdown(f"## {md(theme.name)}")
    texts = found.verbatims_of(theme.theme_id)
    words = st.text_input(
        "Search", key=f"{key}_search", placeholder="Search these texts", label_visibility="collapsed"
    )
    if words.strip():
        texts = texts[texts["text"].str.contains(words.strip(), case=False, regex=False)]
    # The same words of several people are one line, and move together.
    same = texts.groupby(texts["text"].str.casefold(), sort=False)
    place = st.container(horizontal=True, vertical_alignment="bottom")
    chosen: list[str] = []
    for _, alike in list(same)[:_SHOWN_VERBATIMS]:
        ids = alike["verbatim_id"].tolist()
        times = f" ({count(len(ids))} times)" if len(ids) > 1 else ""
        if st.checkbox(md(alike["text"].iloc[0]) + times, key=f"{key}_pick_{ids[0]}"):
            chosen += ids
    if same.ngroups > _SHOWN_VERBATIMS:
        st.caption(f"The {_SHOWN_VERBATIMS} most typical of {count(same.ngroups)}. Search to see others.")
    elif texts.empty:
        st.caption("No text holds these words.")
    names = {t.theme_id: t.name for t in found.shown() if t.theme_id != theme.theme_id} | {
        _NEW: "A new theme"
    }
    with place:
        into = st.selectbox(
            "Move to",
            list(names),
            index=None,
            format_func=lambda t: plain(names[t]),
            key=f"{key}_into",
            placeholder="Move to …",
            label_visibility="collapsed",
            width=260,
        )
        name = ""
        if into == _NEW:
            name = st.text_input(
                "Name",
                key=f"{key}_new",
                placeholder="Its name",
                max_chars=80,
                label_visibility="collapsed",
                width=200,
            )
        ready = bool(chosen) and into is not None and (into != _NEW or bool(name.strip()))
        if st.button(
            f"Move {count(len(chosen))}",
            key=f"{key}_move",
            type="primary",
            disabled=not ready or workspace.is_read_only,
        ):
            edit = (
                review.texts_to_new_theme(workspace, chosen, name)
                if into == _NEW
                else review.move_texts(found, chosen, into)
            )
            _edit(workspace, found, of, edit)
        if st.button("They belong here", key=f"{key}_stay", disabled=not chosen or workspace.is_read_only):
            _edit(workspace, found, of, review.move_texts(found, chosen, theme.theme_id))
    placed = review.placed_by_hand(review.theme_edits(workspace, of))
    st.caption(
        f"{count(placed)} texts placed by hand. From {LEAST_LABELS} on, in two themes or more, texts like them follow."
    )


def _who_speaks(row: pd.Series) -> str:
    """Kept and lost, promoters and detractors behind a theme, in words."""
    parts = []
    if row["n_known"]:
        parts.append(f"{count(row['n_known'] - row['lost'])} customers kept, {count(row['lost'])} lost.")
    if row["n_scored"]:
        parts.append(
            f"{count(row['promoters'])} promoters, {count(row['detractors'])} detractors"
            + (f" (NPS {score(row['nps'])})." if row["nps"] == row["nps"] else ".")
        )
    return " ".join(parts) + " " if parts else ""


def _editor(workspace: Workspace, found: Themes, theme: Theme, of: str) -> None:
    key = f"voice.theme_{theme.theme_id}"
    name = st.text_input("Name", theme.name, key=f"{key}_name", max_chars=80)
    if (
        st.button("Rename", key=f"{key}_rename", disabled=workspace.is_read_only, type="primary")
        and name.strip()
    ):
        _edit(workspace, found, of, {"do": "rename", "theme": theme.theme_id, "name": name.strip()})
    others = {t.theme_id: t.name for t in found.shown() if t.theme_id != theme.theme_id}
    if others:
        into = st.selectbox(
            "Merge with", list(others), format_func=lambda t: plain(others[t]), key=f"{key}_other", index=None
        )
        if st.button("Merge", key=f"{key}_merge", disabled=into is None or workspace.is_read_only):
            _edit(workspace, found, of, {"do": "merge", "themes": [theme.theme_id, into], "name": theme.name})
    with st.container(horizontal=True):
        if st.button(
            "Split in two", key=f"{key}_split", disabled=theme.n_texts < 2 or workspace.is_read_only
        ):
            _edit(workspace, found, of, {"do": "split", "theme": theme.theme_id, "into": 2})
        if st.button("Hide", key=f"{key}_hide", disabled=workspace.is_read_only):
            _edit(workspace, found, of, {"do": "hide", "theme": theme.theme_id})


def _edit(workspace: Workspace, found: Themes, of: str, edit: dict) -> None:
    edit_themes(workspace, found, edit, of)
    st.rerun()


def _foot(workspace: Workspace, found: Themes, of: str) -> None:
    """What was left out, hidden themes, and the way back."""
    hidden = [theme for theme in found.themes if theme.hidden]
    with st.container(horizontal=True, vertical_alignment="center"):
        if review.theme_edits(workspace, of) and st.button(
            "Undo the last edit",
            key="voice.theme_undo",
            disabled=workspace.is_read_only,
            icon=":material/undo:",
        ):
            review.undo_theme_edit(workspace, of)
            st.rerun()
        for theme in hidden:
            if st.button(
                f"Show “{md(theme.name)}”",
                key=f"voice.theme_{theme.theme_id}_show",
                disabled=workspace.is_read_only,
                icon=":material/visibility:",
            ):
                _edit(workspace, found, of, {"do": "show", "theme": theme.theme_id})
    how = "the words they share" if found.method == "words" else "what they mean"
    notes = [f"{count(len(found.texts))} texts put together by {how}."]
    if found.left_out:
        notes.append(f"{count(found.left_out)} say nothing (“none”, “n/a”) and do not count.")
    st.caption(md(" ".join([*notes, *found.notes, "Edits stay, also when a longer file is loaded."])))


def _between(workspace: Workspace, facts: Facts, segment: Segment, found: Themes) -> None:
    """Who speaks of what: two groups beside each other."""
    sides = {}
    if segment:
        sides[_SEGMENT] = (*segment_and_rest(facts, members(facts, segment)), "segment", "the rest")
    sides[_KEPT] = (*kept_and_lost(facts), "kept", "lost")
    sides[_PROMOTERS] = (*promoters_and_detractors(answers(workspace).frame), "promoters", "detractors")
    sides = {name: side for name, side in sides.items() if side[0] and side[1]}
    if not sides:
        return
    names = list(sides)
    chosen = st.segmented_control(
        "Compare", names, default=names[0], key="voice.themes_between", label_visibility="collapsed"
    )
    first, second, first_words, second_words = sides[chosen if chosen in sides else names[0]]
    table = themes_between(found, first, second)
    table = table[table["n_first"] + table["n_second"] > 0].head(_SHOWN_THEMES)
    if table.empty:
        return
    clear = table[table["stands"]]
    title = "Who speaks of what"
    if len(clear):
        top = clear.loc[clear["difference"].abs().idxmax()]
        more = first_words if top["difference"] > 0 else second_words
        title = f"“{plain(top['name'])}” comes up more among {more}"
    chart = charts.share_pairs(
        charts.of_themes(table), palette().name, title=title, first=first_words, second=second_words
    )
    heard = (
        f"{count(table['heard_first'].max())} and {count(table['heard_second'].max())} customers were heard. "
    )
    show_chart(
        chart,
        key="voice.chart_themes",
        height=charts.height_of(chart),
        note=heard
        + ("Full colour: differs beyond luck." if len(clear) else "No clear difference in any theme."),
    )


# -- phrases -----------------------------------------------------------------------------------------


def phrases_panel(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """Phrases two or more customers use, and those that set the segment (or the best customers) apart."""
    texts = said(workspace)
    if texts.empty:
        nothing_said()
        return
    of = _source(workspace, "phrases")
    texts = review.of_kind(texts, of)
    mask = members(facts, segment) if segment else None
    mine = review.of_customers(texts, facts, mask)
    key = (review.said_fingerprint(workspace), of, segment.to_query() if segment else "")
    table = phrases(mine, facts, key).head(_SHOWN_PHRASES)
    whose = "the segment" if segment else "the best fifth by value"
    if table.empty:
        st.info(
            "No phrase of two to four words is used by two customers here. Load more texts, or widen the segment.",
            icon=":material/format_quote:",
        )
    else:
        shares = ["share_people", "revenue_share"]
        shown = table.assign(**table[shares].astype(float).round(3))
        st.dataframe(
            shown[["phrase", "n_customers", "share_people", "revenue_share", "example"]],
            hide_index=True,
            height=min(_TABLE_HEIGHT, 35 * (len(table) + 1) + 3),
            column_config={
                "phrase": "Phrase",
                "n_customers": st.column_config.NumberColumn("Customers", format="localized"),
                "share_people": st.column_config.NumberColumn("Of those who spoke", format="percent"),
                "revenue_share": st.column_config.NumberColumn("Of revenue", format="percent"),
                "example": st.column_config.TextColumn("As somebody said it", width="large"),
            },
        )
        download_csv(
            "Download CSV",
            lambda: answers_without_persons(
                table.drop(columns=["verbatim_ids", "example_id"]), facts, words="example"
            ),
            "phrases.csv",
            key="voice.download_phrases",
        )
    st.markdown(f"**Words that set {whose} apart**")
    chosen = set(facts.frame["customer_id"][mask]) if mask is not None else review.best_by_value(facts)
    apart = contrasts(texts, chosen, (*key, "apart"))
    clear = apart[apart["stands"]] if len(apart) else apart
    if clear.empty:
        st.caption(f"None is clear of luck among {count(len(texts))} texts.")
        return
    for side, words in (("best", f"More often {whose}"), ("rest", "More often the others")):
        part = clear[clear["side"] == side]
        if len(part):
            said_by = "; ".join(
                f"“{row.phrase}” ({rate(row.share_best)} against {rate(row.share_rest)})"
                for row in part.head(12).itertuples()
            )
            st.markdown(f"- {words}: {md(said_by)}")
    st.caption("Share of customers who use the words; every phrase tried is allowed for.")
