"""Parts of the One-pager page: how it looks, the preview, downloads, versions, review."""

from __future__ import annotations

from contextlib import nullcontext

import streamlit as st

from icp_core.export.briefs import briefs_docx, briefs_markdown
from icp_core.export.markdown import markdown
from icp_core.export.pdf import OnePager, one_pager
from icp_core.export.pictures import charts_of, charts_zip
from icp_core.export.redact import shareable
from icp_core.export.slide import slide
from icp_core.export.workbook import workbook
from icp_core.facts.catalogue import Facts
from icp_core.profile import versions
from icp_core.profile.draft import months_later
from icp_core.profile.model import Profile
from icp_core.prospects.sheet import printable
from icp_core.workspace import Workspace
from pages.components import cached, state
from pages.components.downloads import XLSX, download_bytes
from pages.components.one_pager_look import Look
from pages.components.searches import discovery_of
from pages.components.text import md, plain

_MONTHS = {3: "3 months", 4: "4 months", 5: "5 months", 6: "6 months"}
_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def no_profile() -> None:
    """The empty state: what to do next."""
    st.info(
        "There is no ICP yet. Find one on the Profile page, or take a segment of your own.",
        icon=":material/target:",
    )
    st.page_link("pages/profile.py", label="Go to Profile", icon=":material/arrow_forward:")


def _page(profile: Profile, look: Look, format: str) -> OnePager:
    brand = look.brand
    page = cached.page_of(
        profile.to_json(),
        format,
        look.paper,
        look.language,
        look.personal,
        brand.accent,
        brand.against,
        brand.logo,
        state.kept("one_pager.step"),
    )
    state.keep("one_pager.step", page.step)
    return page


def preview(profile: Profile, look: Look) -> None:
    """The page as it will be printed; what had to be cut is said."""
    # Only the first page is waited for in words: after an edit the former one stands until the new one is there.
    first = state.kept("one_pager.step") is None
    with st.spinner("Setting the page") if first else nullcontext():
        page = _page(profile, look, "png")
    with st.container(key="one_pager_page"):
        for sentence in page.cut:
            st.caption(f":material/content_cut: {md(sentence)}")
        st.image(
            page.data,
            width="stretch",
            alt=f"The printed page “{plain(profile.meta.name)}”; its text stands below.",
        )
        with st.expander("The page as text"):
            st.text(markdown(profile, language=look.language, personal=look.personal))


def downloads(workspace: Workspace, facts: Facts, profile: Profile, look: Look) -> None:
    """PDF and Excel first, the rest below; each is made when it is clicked.

    A click is answered outside this session: what the files need is gathered now, and no session cache is read then.
    """
    name = f"icp-{plain(profile.meta.version)}"
    found = discovery_of(facts, profile.meta.outcome)
    saved = tuple(state.saved_segments().values())

    def page(format: str) -> bytes:
        return one_pager(
            profile,
            format=format,
            paper=look.paper,
            language=look.language,
            brand=look.brand,
            personal=look.personal,
        ).data

    def excel() -> bytes:
        scored = printable(workspace, facts, profile)
        return workbook(
            profile,
            facts,
            candidates=found.candidates if found else (),
            segments=saved,
            prospects=scored.table,
            scorecard=scored.live,
            personal=look.personal,
            language=look.language,
        )

    with st.container(horizontal=True, gap="small"):
        download_bytes(
            "PDF", lambda: page("pdf"), f"{name}.pdf", "application/pdf", key="one_pager.pdf", primary=True
        )
        download_bytes("Excel", excel, f"{name}.xlsx", XLSX, key="one_pager.xlsx")
        others = st.popover("Other formats", icon=":material/file_export:")
    with others:
        text = lambda: markdown(profile, language=look.language, personal=look.personal).encode()  # noqa: E731
        download_bytes("Markdown", text, f"{name}.md", "text/markdown", key="one_pager.md")
        download_bytes(
            "JSON",
            lambda: (profile if look.personal else shareable(profile)).to_json().encode(),
            f"{name}.json",
            "application/json",
            key="one_pager.json",
        )
        download_bytes(
            "Picture (PNG)",
            lambda: page("png"),
            f"{name}.png",
            "image/png",
            key="one_pager.png",
        )
        download_bytes(
            "Drawing (SVG)",
            lambda: page("svg"),
            f"{name}.svg",
            "image/svg+xml",
            key="one_pager.svg",
        )
        download_bytes(
            "Slide (PowerPoint)",
            lambda: slide(profile, language=look.language, personal=look.personal),
            f"{name}.pptx",
            _PPTX,
            key="one_pager.pptx",
        )
        download_bytes(
            "Briefs for the teams (Word)",
            lambda: briefs_docx(profile, personal=look.personal),
            f"{name}-briefs.docx",
            _DOCX,
            key="one_pager.briefs_docx",
        )
        download_bytes(
            "Briefs for the teams (Markdown)",
            lambda: briefs_markdown(profile, personal=look.personal).encode(),
            f"{name}-briefs.md",
            "text/markdown",
            key="one_pager.briefs_md",
        )
        if charts_of(profile):
            download_bytes(
                "Charts (PNG and SVG)",
                lambda: charts_zip(profile, language=look.language),
                f"{name}-charts.zip",
                "application/zip",
                key="one_pager.charts",
            )
        upload = st.file_uploader(
            "Bring back an ICP saved as JSON",
            type=["json"],
            key="one_pager.upload",
            disabled=workspace.is_read_only,
        )
        if upload is not None and st.button("Use it", key="one_pager.use_upload"):
            brought = Profile.from_json(upload.getvalue())
            versions.keep_draft(workspace, brought)
            state.choose_icp(brought.criteria)
            st.rerun()


def version_form(workspace: Workspace, profile: Profile) -> None:
    """Save the page as the version in force."""
    with st.form("one_pager.version"):
        st.markdown("**Approve this version**")
        note = st.text_input("What changed", placeholder="First version")
        author = st.text_input("Who", profile.meta.author)
        months = st.select_slider("Review in", list(_MONTHS), format_func=_MONTHS.get)
        if st.form_submit_button(
            "Save as version", type="primary", icon=":material/verified:", disabled=workspace.is_read_only
        ):
            meta = profile.meta.model_copy(
                update={"review_on": months_later(workspace.clock().date(), months)}
            )
            saved = versions.save(
                workspace, profile.model_copy(update={"meta": meta}), note=note.strip(), author=author.strip()
            )
            st.toast(f"Version {saved.number} is in force.")
            st.rerun()
