"""Interviews: who is who and whose it is, to read, to search, to code, several side by side."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.segments.conditions import Segment
from icp_core.stats.wording import count
from icp_core.voice import review
from icp_core.voice.codes import LABELS
from icp_core.voice.collect import Interview, interviews
from icp_core.voice.transcripts import reading_view, search
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.text import md, plain
from pages.components.voice_reading import codes, said

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
        _hits(search(view, words), words)
    _coder(workspace)
    marked = codes(workspace)
    chosen = [found[name] for name in kept]
    for column, one in zip(st.columns(len(chosen), gap="medium"), chosen, strict=True):
        with column:
            _interview(workspace, facts, one, view[view["file_name"].eq(one.transcript.file_name)], marked)


def _hits(hits: pd.DataFrame, words: str) -> None:
    if hits.empty:
        st.caption(md(f"Nobody says “{words.strip()}”."))
        return
    with st.container(border=True):
        st.markdown(f"**{count(len(hits))} turn{'' if len(hits) == 1 else 's'}**")
        for row in hits.head(_SHOWN_HITS).itertuples():
            st.markdown(
                f"- {md(row.speaker or 'Unknown')} {md(row.time)} · {md(row.title)}  \n  {md(row.snippet)}"
            )


# -- one interview -----------------------------------------------------------------------------------


def _interview(
    workspace: Workspace, facts: Facts, one: Interview, view: pd.DataFrame, marked: pd.DataFrame
) -> None:
    name = one.transcript.file_name
    st.markdown(f"## {md(one.transcript.title or name)}")
    _whose(workspace, facts, one)
    with st.expander("Who is who", expanded=any(p.is_guess for p in one.parties)):
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
        if any(p.is_guess for p in one.parties):
            st.caption("Guessed from who asks and who talks. What the interviewer says is never quoted.")
            st.button(
                "That is right",
                key=f"voice.roles_right_{one.import_id}",
                disabled=workspace.is_read_only,
                on_click=_keep_told,
                args=(workspace, one, {p.name: p.role for p in one.parties}, one.customer_id),
            )
    _reading(workspace, one, view, marked)


def _whose(workspace: Workspace, facts: Facts, one: Interview) -> None:
    """Whose interview it is; without it nothing said counts for a customer."""
    key = f"voice.whose_{one.import_id}"
    named = facts.frame["customer_name"].astype(object).where(facts.frame["customer_name"].notna(), None)
    names = {
        customer: str(name or customer)
        for customer, name in zip(facts.frame["customer_id"], named, strict=True)
    }
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
                        st.button(
                            "Code this",
                            key=f"voice.turn_{one.import_id}_{row.turn}",
                            disabled=workspace.is_read_only,
                            type="tertiary",
                            icon=":material/label:",
                            on_click=state.keep,
                            args=(_SELECTED, (verbatim, row.text)),
                        )
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


def _coder(workspace: Workspace) -> None:
    """The words of the chosen turn, cut down by hand, and the code they get."""
    chosen = state.kept(_SELECTED)
    if chosen is None:
        return
    verbatim, text = chosen
    with st.container(border=True):
        words = st.text_area(
            "Keep the words that matter", text, key=f"voice.coded_words_{verbatim}", height=110
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            code = st.selectbox(
                "Code", list(LABELS), format_func=lambda c: LABELS[c], key="voice.coded_as", width=240
            )
            if st.button("Add code", key="voice.add_code", type="primary", disabled=not words.strip()):
                review.add_code(workspace, verbatim, words, code)
                state.keep(_SELECTED, None)
                st.rerun()
            st.button("Cancel", key="voice.cancel_code", on_click=state.keep, args=(_SELECTED, None))
