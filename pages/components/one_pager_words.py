"""The words of the page, edited beside the preview: every line in its own box, kept as soon as it is left."""

from __future__ import annotations

import streamlit as st

from icp_core.profile import versions
from icp_core.profile.edits import with_line, with_meta, with_statement
from icp_core.profile.model import Profile
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.profile_document import MESSAGES, SECTIONS, Section
from pages.components.text import md

_HEAD, _QUOTES = "head", "quotes"
_MOST_LETTERS = 600


def words_of_page(workspace: Workspace, profile: Profile) -> None:
    """Choose a section, then change its lines; the preview follows."""
    by_name = {section.name: section for section in SECTIONS}
    titles = {_HEAD: "Title and sentence"} | {s.name: s.title for s in SECTIONS}
    titles |= {f"messaging.{part}": f"What to tell them: {title.lower()}" for part, title in MESSAGES}
    name = st.selectbox("Section", list(titles), format_func=titles.get, key="one_pager.words")
    with st.container(key="one_pager_words", gap="xsmall"):
        if name == _HEAD:
            _head(workspace, profile)
        elif name.startswith("messaging."):
            _lines(workspace, profile, name, Section(name, titles[name], (("text", "Line"),), None))
        else:
            _lines(workspace, profile, name, by_name[name])
    if versions.can_undo(workspace):
        st.button(
            "Undo the last edit",
            key="one_pager.undo",
            disabled=workspace.is_read_only,
            icon=":material/undo:",
            type="tertiary",
            on_click=_undo,
            args=(workspace, profile),
        )


def _undo(workspace: Workspace, profile: Profile) -> None:
    former = versions.undo(workspace)
    if former is not None and former.criteria != profile.criteria:
        state.choose_icp(former.criteria)


def _head(workspace: Workspace, profile: Profile) -> None:
    meta = profile.meta
    for field, label, now in (
        ("name", "Name of the ICP", meta.name),
        ("company", "Your company", meta.company),
        ("offer", "What you offer", meta.offer),
    ):
        key = f"one_pager.meta_{field}"
        state.set_widget(key, now)

        def changed(field=field, key=key) -> None:
            versions.keep_draft(workspace, with_meta(profile, field, str(state.widget(key))))

        st.text_input(
            md(label), key=key, on_change=changed, disabled=workspace.is_read_only, max_chars=_MOST_LETTERS
        )
    state.set_widget("one_pager.sentence", profile.statement.text)

    def said() -> None:
        versions.keep_draft(workspace, with_statement(profile, str(state.widget("one_pager.sentence"))))

    st.text_area(
        "The sentence (two stars before and after a key fact)",
        key="one_pager.sentence",
        on_change=said,
        disabled=workspace.is_read_only,
        max_chars=_MOST_LETTERS,
    )


def _lines(workspace: Workspace, profile: Profile, name: str, section: Section) -> None:
    part = name.partition(".")[2]
    lines = getattr(profile.messaging, part) if part else getattr(profile, name)
    for i, line in enumerate([*lines, None]):
        if line is None and lines:
            st.caption("A new line of your own: it is printed as an assumption.")
        for field, label in section.fields:
            if line is None and field != "text":
                continue
            key = f"one_pager.line_{name}_{i}_{len(lines)}_{field}"
            state.set_widget(key, "" if line is None else str(getattr(line, field) or ""))

            def changed(i=i, field=field, key=key) -> None:
                typed = str(state.widget(key) or "")
                versions.keep_draft(workspace, with_line(profile, name, i, field, typed))

            if line is not None and line.is_assumption:
                label += " (assumption)"
            st.text_input(
                md(label),
                key=key,
                on_change=changed,
                disabled=workspace.is_read_only,
                max_chars=_MOST_LETTERS,
                placeholder="New line" if line is None else None,
                label_visibility="collapsed" if len(section.fields) == 1 or line is None else "visible",
            )
        if len(section.fields) > 1 and i < len(lines) - 1:
            st.divider()
