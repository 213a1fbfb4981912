"""Parts of the One-pager page: how it looks, the preview, downloads, versions, review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from icp_core.errors import IcpError
from icp_core.export.labels import labels, languages
from icp_core.export.markdown import markdown
from icp_core.export.page_content import SECTIONS
from icp_core.export.pdf import OnePager, one_pager
from icp_core.export.workbook import workbook
from icp_core.facts.catalogue import Facts
from icp_core.profile import versions
from icp_core.profile.draft import months_later
from icp_core.profile.model import Profile
from icp_core.stats.wording import count, money, on_date
from icp_core.workspace import Workspace
from pages.components import cached, state
from pages.components.downloads import download_bytes
from pages.components.searches import discovery_of
from pages.components.text import md, plain

_PAPERS = {"a4": "A4", "letter": "Letter"}
_LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
_MONTHS = {3: "3 months", 4: "4 months", 6: "6 months"}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TRIGGERS = (
    "A new product or price",
    "Customers buy in another way",
    "New competitors",
    "A milestone: round, market, team",
)


@dataclass(frozen=True)
class Look:
    """What the user chose for the page."""

    paper: str
    language: str
    personal: bool


def no_profile() -> None:
    """The empty state: what to do next."""
    st.info(
        "There is no ICP yet. Find one on the Profile page, or take a segment of your own.",
        icon=":material/target:",
    )
    st.page_link("pages/profile.py", label="Go to Profile", icon=":material/arrow_forward:")


def look_of_page(workspace: Workspace, profile: Profile) -> Look:
    """Paper, language, sections; kept with the profile."""
    paper = (
        st.segmented_control(
            "Paper", list(_PAPERS), format_func=_PAPERS.get, default="a4", key="one_pager.paper"
        )
        or "a4"
    )
    known = list(languages())
    language = st.selectbox(
        "Language of the headings",
        known,
        index=known.index(profile.meta.language) if profile.meta.language in known else 0,
        format_func=lambda code: _LANGUAGES.get(code, code),
        key="one_pager.language",
    )
    personal = st.checkbox(
        "Show names of persons",
        key="one_pager.personal",
        help="Off: quotes are signed by role and company size.",
    )
    words = labels("en")
    with st.popover("Sections", icon=":material/view_agenda:", width="stretch"):
        hidden = [
            section
            for section in SECTIONS
            if not st.checkbox(
                words.get(section, section.replace("_", " ").capitalize()),
                value=section not in profile.hidden_sections,
                key=f"one_pager.section_{section}",
            )
        ]
    if hidden != list(profile.hidden_sections) or language != profile.meta.language:
        changed = profile.model_copy(
            update={"hidden_sections": hidden, "meta": profile.meta.model_copy(update={"language": language})}
        )
        versions.keep_draft(workspace, changed)
        st.rerun()
    return Look(paper, language, personal)


def _page(profile: Profile, look: Look, format: str) -> OnePager:
    return cached.page_of(profile.to_json(), format, look.paper, look.language, look.personal)


def preview(profile: Profile, look: Look) -> None:
    """The page as it will be printed; what had to be cut is said."""
    page = _page(profile, look, "png")
    for sentence in page.cut:
        st.caption(f":material/content_cut: {md(sentence)}")
    st.image(page.data, width="stretch")
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
            profile, format=format, paper=look.paper, language=look.language, personal=look.personal
        ).data

    def excel() -> bytes:
        return workbook(
            profile,
            facts,
            candidates=found.candidates if found else (),
            segments=saved,
            personal=look.personal,
            language=look.language,
        )

    download_bytes("Download PDF", lambda: page("pdf"), f"{name}.pdf", "application/pdf", key="one_pager.pdf")
    download_bytes("Download Excel", excel, f"{name}.xlsx", _XLSX, key="one_pager.xlsx")
    with st.popover("Other formats", icon=":material/file_export:"):
        text = lambda: markdown(profile, language=look.language, personal=look.personal).encode()  # noqa: E731
        download_bytes("Markdown", text, f"{name}.md", "text/markdown", key="one_pager.md")
        download_bytes(
            "JSON",
            lambda: profile.to_json().encode(),
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
        upload = st.file_uploader("Bring back an ICP saved as JSON", type=["json"], key="one_pager.upload")
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
        if st.form_submit_button("Save as version", type="primary", icon=":material/verified:"):
            meta = profile.meta.model_copy(
                update={"review_on": months_later(workspace.clock().date(), months)}
            )
            saved = versions.save(
                workspace, profile.model_copy(update={"meta": meta}), note=note.strip(), author=author.strip()
            )
            st.toast(f"Version {saved.number} is in force.")
            st.rerun()


# -- review and versions -------------------------------------------------------------------------------


def review_banner(workspace: Workspace, facts: Facts) -> None:
    """A banner when the review is due, or when the data drifted from what was promised."""
    version = versions.active(workspace)
    if version is None:
        return
    today: date = workspace.clock().date()
    due = version.profile.meta.review_on
    reasons = [f"the review was due on {on_date(due)}"] if due and due <= today else []
    try:
        reasons += versions.drift(facts, version.profile)
    except IcpError as problem:
        reasons.append(str(problem))
    reasons += [d.value for d in workspace.decisions("review_trigger")]
    if not reasons:
        return
    st.warning(f"Time to review the ICP: {md('; '.join(reasons))}.", icon=":material/event_repeat:")
    with st.expander("What to do in a review"):
        st.markdown(
            "1. Load the newest exports on the Data page.\n"
            "2. Look at Check on the Profile page: does the promise still hold?\n"
            "3. Search again on Find and compare with the version in force below.\n"
            "4. Adjust, write down why, and save the next version."
        )


def history(workspace: Workspace, facts: Facts) -> None:
    """All versions; two compared on the same customers; an older one brought back; triggers of a review."""
    found = versions.history(workspace)
    st.markdown("#### Versions")
    if not found:
        st.caption("No version is saved yet. Save one when the page is right: it becomes the ICP in force.")
        return
    for version in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            words = f"**{version.number}** {md(version.note)} · {on_date(version.saved_at.date())}"
            st.markdown(
                words
                + (f" · {md(version.author)}" if version.author else "")
                + (" · in force" if version.is_active else "")
            )
            if not version.is_active and st.button("Bring back", key=f"one_pager.restore_{version.number}"):
                restored = versions.restore(workspace, version.number)
                state.choose_icp(restored.profile.criteria)
                st.rerun()
    if len(found) > 1:
        _comparison(facts, found)
    with st.expander("Something changed in the market?"):
        told = {d.value: d.key for d in workspace.decisions("review_trigger")}
        for i, trigger in enumerate(_TRIGGERS):
            ticked = st.checkbox(trigger, value=trigger in told, key=f"one_pager.trigger_{i}")
            if ticked and trigger not in told:
                workspace.decide("review_trigger", str(i), trigger)
                st.rerun()
            if not ticked and trigger in told:
                workspace.withdraw("review_trigger", told[trigger])
                st.rerun()


def _comparison(facts: Facts, found: list[versions.Version]) -> None:
    with st.expander("Compare two versions on the same customers"):
        numbers = [v.number for v in found]
        columns = st.columns(2)
        before = columns[0].selectbox("Before", numbers, index=1, key="one_pager.before")
        after = columns[1].selectbox("After", numbers, index=0, key="one_pager.after")
        by_number = {v.number: v.profile for v in found}
        difference = versions.compare(facts, by_number[before], by_number[after])
        st.markdown(f"Before: {md(difference.criteria_before)}")
        st.markdown(f"After: {md(difference.criteria_after)}")
        st.markdown(
            f"{count(difference.staying)} customers stay, {count(len(difference.entering))} enter "
            f"({md(money(facts.currency, difference.revenue_in))} revenue), {count(len(difference.leaving))} leave "
            f"({md(money(facts.currency, difference.revenue_out))})."
        )
        st.dataframe(difference.figures, hide_index=True)
