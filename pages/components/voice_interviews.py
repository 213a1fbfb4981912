"""Interviews: who is who and whose it is, to read, to search, to code, several side by side."""

from __future__ import annotations

import re

import pandas as pd
import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.segments.conditions import Segment
from icp_core.stats.wording import count
from icp_core.voice import review
from icp_core.voice.codes import LABELS
from icp_core.voice.collect import Interview, interviews
from icp_core.voice.transcripts import reading_view, search
from icp_core.voice.words import sentences
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.text import md, plain
from pages.components.voice_reading import codes, names_of, said

_ROLES = {"customer": "Customer", "interviewer": "Interviewer (us)", "aside": "Neither"}
_OPEN, _SELECTED = "voice.interviews_open", "voice.turn"
_SIDE_BY_SIDE = 3
_HEIGHT, _SHOWN_HITS = 560, 40
_NOBODY = "Not known yet"


def interviews_panel(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """All interviews; up to three are read beside each other."""
    found = {one.transcript.file_name: one for one in interviews(workspace)}
    if not found:
        st.info(
            "No interview is loaded. Drop a transcript (VTT, SRT, DOCX or TXT) on the Data page; "
            "the Research page has an interview guide.",
            icon=":material/record_voice_over:",
        )
        with st.container(horizontal=True):
            st.page_link("pages/data.py", label="Go to Data", icon=":material/arrow_forward:")
            st.page_link("pages/research.py", label="Go to Research", icon=":material/arrow_forward:")
        return
    kept = [name for name in state.kept(_OPEN, []) if name in found] or list(found)[:1]
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        state.set_widget("voice.interviews_choice", kept)
        st.multiselect(
            "Interviews, up to three side by side",
            list(found),
            format_func=lambda name: plain(found[name].transcript.title or name),
            key="voice.interviews_choice",
            max_selections=_SIDE_BY_SIDE,
            on_change=lambda: state.keep(_OPEN, state.widget("voice.interviews_choice")),
        )
    words = right.text_input(
        "Search all interviews",
        key="voice.search",
        placeholder="words, in any order",
        icon=":material/search:",
    )
    view = reading_view(
        [one.transcript for one in found.values()],
        chosen={name: {p.name: p.role for p in one.parties} for name, one in found.items()},
        customers={name: one.customer_id for name, one in found.items() if one.customer_id},
    )
    if words.strip():
        _hits(workspace, search(view, words), words, kept)
    if state.kept(_SELECTED) is not None:
        _coder(workspace)
    marked = codes(workspace)
    chosen = [found[name] for name in kept]
    for column, one in zip(st.columns(len(chosen), gap="medium"), chosen, strict=True):
        with column:
            _interview(workspace, facts, one, view[view["file_name"].eq(one.transcript.file_name)], marked)


def _hits(workspace: Workspace, hits: pd.DataFrame, words: str, opened: list[str]) -> None:
    """The turns that hold the words, each to be coded on the spot or read in its interview."""
    if hits.empty:
        st.caption(md(f"Nobody says “{words.strip()}” in one turn."))
        return
    ids = _verbatim_ids(workspace, hits)
    with st.container(border=True, gap="small"):
        more = f", the first {_SHOWN_HITS} shown" if len(hits) > _SHOWN_HITS else ""
        st.markdown(f"**{count(len(hits))} turn{'' if len(hits) == 1 else 's'}**{more}")
        for i, row in enumerate(hits.head(_SHOWN_HITS).itertuples()):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.caption(
                    f"**{md(row.speaker or 'Unknown')}** {md(row.time)} · {md(row.title)}", width="content"
                )
                verbatim = ids.get((row.speaker, row.text.strip())) if row.party == "customer" else None
                if verbatim is not None:
                    _code_this(workspace, f"voice.hit_{i}", verbatim, row.text)
                if row.file_name not in opened:
                    st.button(
                        "Read it",
                        key=f"voice.open_{i}",
                        type="tertiary",
                        icon=":material/article:",
                        on_click=state.keep,
                        args=(_OPEN, [row.file_name, *opened][:_SIDE_BY_SIDE]),
                    )
            st.markdown(
                " ".join(
                    f"**{md(part)}**" if i % 2 else md(part)
                    for i, part in enumerate(_parted(row.snippet, words))
                )
            )


def _parted(snippet: str, words: str) -> list[str]:
    """The snippet cut around the words that hold what is searched for: they stand at odd places.

    >>> _parted("The works council said", "council work")
    ['The', 'works', '', 'council', 'said']
    """
    pattern = "|".join(re.escape(word) for word in words.split())
    parts = re.split(rf"(\S*(?:{pattern})\S*)", plain(snippet), flags=re.IGNORECASE)
    return [part.strip() for part in parts]


def _code_this(workspace: Workspace, key: str, verbatim: str, text: str) -> None:
    st.button(
        "Code this",
        key=key,
        disabled=workspace.is_read_only,
        type="tertiary",
        icon=":material/label:",
        on_click=state.keep,
        args=(_SELECTED, (verbatim, text)),
    )


# -- one interview -----------------------------------------------------------------------------------


def _interview(
    workspace: Workspace, facts: Facts, one: Interview, view: pd.DataFrame, marked: pd.DataFrame
) -> None:
    name = one.transcript.file_name
    st.markdown(f"## {md(one.transcript.title or name)}")
    _whose(workspace, facts, one)
    is_guess = any(p.is_guess for p in one.parties)
    with st.popover(
        "Who is who (guessed)" if is_guess else "Who is who",
        icon=":material/help:" if is_guess else ":material/group:",
        key=f"voice.who_{one.import_id}",
    ):
        for i, party in enumerate(one.parties):
            key = f"voice.role_{one.import_id}_{i}"
            state.set_widget(key, party.role)
            st.selectbox(
                md(party.name or "Unknown"),
                list(_ROLES),
                format_func=lambda role: _ROLES[role],
                key=key,
                help=md(f"{party.reason}; {count(party.n_words)} words"),
                disabled=workspace.is_read_only,
                on_change=_role_changed,
                args=(workspace, one, party.name, key),
            )
        if is_guess:
            st.caption("Guessed from who asks and who talks. What the interviewer says is never quoted.")
            st.button(
                "That is right",
                key=f"voice.roles_right_{one.import_id}",
                disabled=workspace.is_read_only,
                on_click=_keep_told,
                args=(workspace, one, {p.name: p.role for p in one.parties}, one.customer_id),
            )
    st.caption(_sides(one))
    _reading(workspace, one, view, marked)


def _sides(one: Interview) -> str:
    """Who speaks for the customer and who for us, on one line, so that readings side by side begin alike."""
    sides = {"customer": "Customer", "interviewer": "us"}
    told = [
        f"{label}: {md(', '.join(p.name or 'Unknown' for p in one.parties if p.role == role))}"
        for role, label in sides.items()
        if any(p.role == role for p in one.parties)
    ]
    return " · ".join(told) or "Nobody in this interview is taken for the customer."


def _whose(workspace: Workspace, facts: Facts, one: Interview) -> None:
    """Whose interview it is; without it nothing said counts for a customer."""
    key = f"voice.whose_{one.import_id}"
    names = names_of(facts)
    state.set_widget(key, one.customer_id if one.customer_id in names else None)
    st.selectbox(
        "Whose interview is it?",
        sorted(names, key=lambda c: names[c].lower()),
        format_func=lambda c: plain(names[c]),
        index=None,
        key=key,
        placeholder=_NOBODY,
        disabled=workspace.is_read_only,
        on_change=_whose_changed,
        args=(workspace, one, key),
    )


def _whose_changed(workspace: Workspace, one: Interview, key: str) -> None:
    _keep_told(workspace, one, _told_roles(one), state.widget(key))


def _role_changed(workspace: Workspace, one: Interview, speaker: str, key: str) -> None:
    roles = {p.name: p.role for p in one.parties} | {speaker: state.widget(key)}
    _keep_told(workspace, one, roles, one.customer_id)


def _told_roles(one: Interview) -> dict[str, str]:
    """Roles somebody confirmed; guesses stay guesses."""
    return {p.name: p.role for p in one.parties if not p.is_guess}


def _keep_told(workspace: Workspace, one: Interview, roles: dict[str, str], customer_id: str | None) -> None:
    workspace.decide(review.INTERVIEW, one.transcript.file_name, {"roles": roles, "customer_id": customer_id})


def _reading(workspace: Workspace, one: Interview, view: pd.DataFrame, marked: pd.DataFrame) -> None:
    """The talk, turn by turn; what the customer says can be coded."""
    ids = _verbatim_ids(workspace, view)
    coded = review.codes_of_texts(marked)
    with st.container(height=_HEIGHT, border=True, gap="small"):
        for row in view.itertuples():
            who = f"**{md(row.speaker or 'Unknown')}** {md(row.time)}"
            if row.party != "customer":
                st.caption(f"{who}  \n{md(row.text)}")
                continue
            verbatim = ids.get((row.speaker, row.text.strip()))
            with st.container(gap=None):
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    st.markdown(who, width="content")
                    if verbatim is not None:
                        _code_this(workspace, f"voice.turn_{one.import_id}_{row.turn}", verbatim, row.text)
                    if verbatim in coded:
                        st.caption(md(coded[verbatim]), width="content")
                st.markdown(md(row.text))


def _verbatim_ids(workspace: Workspace, view: pd.DataFrame) -> dict[tuple[str, str], str]:
    texts = said(workspace)
    mine = texts[
        texts["kind"].eq("interview") & texts["source"].isin(set(view["title"]) | set(view["file_name"]))
    ]
    return {
        (speaker or "", text): verbatim
        for speaker, text, verbatim in zip(mine["speaker"], mine["text"], mine["verbatim_id"], strict=True)
    }


# Over the page, so that the place in the talk is not lost.
@st.dialog("Code these words", width="large", on_dismiss=lambda: state.keep(_SELECTED, None))
def _coder(workspace: Workspace) -> None:
    """The words of the chosen turn, sentence by sentence or cut down by hand, and the code they get."""
    verbatim, text = state.kept(_SELECTED)
    parts = sentences(text)
    if len(parts) > 1:
        st.caption("Tick the sentences that matter; without a tick the whole turn is kept.")
        ticked = [
            part for i, part in enumerate(parts) if st.checkbox(md(part), key=f"voice.part_{verbatim}_{i}")
        ]
        text = " ".join(ticked) or text
    words = st.text_area(
        "Keep the words that matter", text, key=f"voice.coded_words_{verbatim}_{hash(text)}", height=110
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.selectbox(
            "Code", list(LABELS), format_func=lambda c: LABELS[c], key="voice.coded_as", width=240
        )
        if st.button("Add code", key="voice.add_code", type="primary", disabled=not words.strip()):
            review.add_code(workspace, verbatim, words, code)
            state.keep(_SELECTED, None)
            st.rerun()
        if st.button("Cancel", key="voice.cancel_code"):
            state.keep(_SELECTED, None)
            st.rerun()
