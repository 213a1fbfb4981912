"""The One-pager page before any customer is loaded: what people said, printed as that and nothing more."""

from __future__ import annotations

import streamlit as st

from icp_core.export.markdown import markdown
from icp_core.export.pdf import one_pager
from icp_core.profile.model import Profile
from icp_core.profile.said_only import said_only
from icp_core.voice import collect
from icp_core.voice.codes import lexicon_fingerprint
from icp_core.voice.review import code_decisions, said_fingerprint
from icp_core.workspace import Workspace
from pages.components import one_pager_look, one_pager_parts, state
from pages.components.downloads import download_bytes

_KEPT = "one_pager.said"


def words_only(workspace: Workspace) -> None:
    """The page of what people said with its downloads, and stop; nothing when nobody said anything."""
    if not collect.anything_said(workspace):
        return
    profile = _profile(workspace)
    if profile is None:
        return
    st.info(
        "No customers are loaded yet: this page holds what people said, and is no ideal customer profile. "
        "Load customers with what they buy, and the answers find them.",
        icon=":material/group_off:",
    )
    side, page = st.columns([1, 2.2], gap="medium")
    with side:
        top = st.container()
        look = one_pager_look.look_of_page(workspace, profile)
        with top:
            _downloads(profile, look)
        st.page_link("pages/data.py", label="Load customers", icon=":material/arrow_forward:")
    with page:
        one_pager_parts.preview(profile, look)
    st.stop()


def _downloads(profile: Profile, look: one_pager_look.Look) -> None:
    def pdf() -> bytes:
        return one_pager(
            profile, paper=look.paper, language=look.language, brand=look.brand, personal=look.personal
        ).data

    def text() -> bytes:
        return markdown(profile, language=look.language, personal=look.personal).encode()

    with st.container(horizontal=True, gap="small"):
        download_bytes("PDF", pdf, "what-people-say.pdf", "application/pdf", key="said.pdf", primary=True)
        download_bytes("Markdown", text, "what-people-say.md", "text/markdown", key="said.md")


def _profile(workspace: Workspace) -> Profile | None:
    key = (said_fingerprint(workspace), lexicon_fingerprint(), repr(code_decisions(workspace)))
    kept = state.kept(_KEPT)
    if kept is None or kept[0] != key:
        with st.spinner("Reading what people said", show_time=True):
            found = said_only(workspace)
        kept = (key, found[0] if found else None)
        state.keep(_KEPT, kept)
    return kept[1]
