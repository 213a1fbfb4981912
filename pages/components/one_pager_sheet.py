"""The page beside what changes it. An edit runs only this part of the One-pager page again, so the picture follows at once."""

from __future__ import annotations

import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.workspace import Workspace
from pages.components import one_pager_look, one_pager_parts, one_pager_words, profile_document
from pages.components.feedback import problems_as_messages


@st.fragment
def sheet(workspace: Workspace, facts: Facts) -> None:
    """Look, words, downloads and the form of a version on the left; the page as it will be printed on the right."""
    with problems_as_messages():
        profile = profile_document.current(workspace, facts)
    if profile is None:
        return
    side, page = st.columns([1, 2.2], gap="medium")
    with side, problems_as_messages(stop=False):
        top = st.container()
        look = one_pager_look.look_of_page(workspace, profile)
        with st.expander("Words", icon=":material/edit:"):
            one_pager_words.words_of_page(workspace, profile)
        with top:
            one_pager_parts.downloads(workspace, facts, profile, look)
        one_pager_parts.version_form(workspace, profile)
    with page, problems_as_messages(stop=False):
        one_pager_parts.preview(profile, look)
