"""How the page looks: paper, language, names, which sections in which order, logo and colours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from icp_core.charts.theme import LIGHT
from icp_core.errors import ExportError
from icp_core.export import arrangement
from icp_core.export.brand import Brand, brand_of, keep_brand, keep_paper, paper_of
from icp_core.export.labels import labels, languages
from icp_core.profile import versions
from icp_core.profile.model import Profile
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.text import md

PAPERS = {"a4": "A4", "letter": "Letter"}
_LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
_PLACES = {"columns": "In the columns", "band": "At the foot", "frame": "Around them"}
_NAMES = {"figures": "Key figures", "warnings": "Cautions"}


@dataclass(frozen=True)
class Look:
    """What the user chose for the page."""

    paper: str
    language: str
    personal: bool
    brand: Brand


def look_of_page(workspace: Workspace, profile: Profile) -> Look:
    """Paper, language, sections, logo and colours; all but the names are kept in the workspace."""
    left, right = st.columns([1, 1.4])
    paper = _paper(workspace, left)
    language = _language(workspace, profile, right)
    personal = st.checkbox(
        "Show names of persons",
        key="one_pager.personal",
        help="Off: quotes are signed by role and company size.",
    )
    with st.expander("Sections", icon=":material/view_agenda:"):
        _sections(workspace, profile)
    with st.expander("Logo and colours", icon=":material/palette:"):
        brand = _brand(workspace)
    return Look(paper, language, personal, brand)


def _paper(workspace: Workspace, place) -> str:
    key = "one_pager.paper"
    state.set_widget(key, paper_of(workspace))

    def chosen() -> None:
        keep_paper(workspace, state.widget(key) or paper_of(workspace))

    place.segmented_control(
        "Paper",
        list(PAPERS),
        format_func=PAPERS.get,
        key=key,
        on_change=chosen,
        disabled=workspace.is_read_only,
    )
    return paper_of(workspace)


def _language(workspace: Workspace, profile: Profile, place) -> str:
    key, known = "one_pager.language", list(languages())
    now = profile.meta.language if profile.meta.language in known else known[0]
    state.set_widget(key, now)

    def chosen() -> None:
        meta = profile.meta.model_copy(update={"language": state.widget(key)})
        versions.keep_draft(workspace, profile.model_copy(update={"meta": meta}))

    place.selectbox(
        "Language of the headings",
        known,
        format_func=lambda code: _LANGUAGES.get(code, code),
        key=key,
        on_change=chosen,
        disabled=workspace.is_read_only,
    )
    return now


# -- sections --------------------------------------------------------------------------------------------


def _sections(workspace: Workspace, profile: Profile) -> None:
    """Every section with something to print: shown or not, and moved up or down among its own."""
    st.caption("Tick what the page shows. The arrows move a section; empty sections are not listed.")
    words = labels("en")
    with st.container(key="one_pager_sections", gap="xxsmall"):
        for place, title in _PLACES.items():
            there = [s for s in arrangement.arranged(profile, place) if not arrangement.is_empty(profile, s)]
            if not there:
                continue
            st.markdown(f"**{title}**")
            for i, section in enumerate(there):
                name = _NAMES.get(section) or words.get(section, section)
                with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
                    _visible(workspace, profile, section, name)
                    if place in arrangement.MOVABLE:
                        _arrow(workspace, profile, section, name, -1, disabled=i == 0)
                        _arrow(workspace, profile, section, name, 1, disabled=i == len(there) - 1)
    if profile.section_order or profile.hidden_sections:
        st.button(
            "As it was",
            key="one_pager.usual",
            disabled=workspace.is_read_only,
            icon=":material/restart_alt:",
            type="tertiary",
            help="Show every section, in the usual order.",
            on_click=versions.keep_draft,
            args=(workspace, arrangement.in_usual_order(profile)),
        )


def _visible(workspace: Workspace, profile: Profile, section: str, name: str) -> None:
    key = f"one_pager.section_{section}"
    state.set_widget(key, section not in profile.hidden_sections)

    def ticked() -> None:
        versions.keep_draft(workspace, arrangement.shown(profile, section, bool(state.widget(key))))

    st.checkbox(md(name), key=key, on_change=ticked, width="stretch", disabled=workspace.is_read_only)


def _arrow(workspace: Workspace, profile: Profile, section: str, name: str, by: int, *, disabled: bool):
    way = "up" if by < 0 else "down"

    def go() -> None:
        versions.keep_draft(workspace, arrangement.moved(profile, section, by))

    st.button(
        "",
        key=f"one_pager.{way}_{section}",
        icon=f":material/arrow_{way}ward:",
        type="tertiary",
        help=f"Move “{md(name)}” {way}",
        disabled=disabled or workspace.is_read_only,
        on_click=go,
    )


# -- logo and colours ------------------------------------------------------------------------------------


def _brand(workspace: Workspace) -> Brand:
    brand = brand_of(workspace)
    problem = state.kept("one_pager.brand_problem")
    if problem:
        st.error(md(problem))
    turn = state.kept("one_pager.logo_turn", 0)
    key = f"one_pager.logo_{turn}"

    def brought() -> None:
        upload = state.widget(key)
        if upload is not None:
            _keep(workspace, lambda: replace(brand_of(workspace), logo=upload.getvalue()))
            state.keep("one_pager.logo_turn", turn + 1)

    st.file_uploader(
        "Logo",
        type=["png", "jpg", "jpeg", "svg"],
        key=key,
        on_change=brought,
        disabled=workspace.is_read_only,
        max_upload_size=1,
        help="PNG, JPEG or SVG, at most 400 kB. Scripts and links inside an SVG are taken out.",
    )
    columns = st.columns(2)
    _colour(workspace, columns[0], "Main colour", "accent", brand.accent)
    _colour(workspace, columns[1], "Warning colour", "against", brand.against)
    for note in brand.readable()[1]:
        st.caption(f":material/contrast: {md(note)}")
    with st.container(horizontal=True):
        if brand.logo is not None:
            st.button(
                "Remove the logo",
                key="one_pager.logo_off",
                disabled=workspace.is_read_only,
                icon=":material/close:",
                on_click=_keep,
                args=(workspace, lambda: replace(brand_of(workspace), logo=None)),
            )
        if (brand.accent, brand.against) != (LIGHT.ideal, LIGHT.against):
            st.button(
                "Usual colours",
                key="one_pager.colours_off",
                disabled=workspace.is_read_only,
                icon=":material/restart_alt:",
                on_click=_keep,
                args=(workspace, lambda: Brand(logo=brand_of(workspace).logo)),
            )
    return brand


def _colour(workspace: Workspace, place, label: str, field: str, now: str) -> None:
    key = f"one_pager.{field}"
    state.set_widget(key, now)

    def picked() -> None:
        _keep(workspace, lambda: replace(brand_of(workspace), **{field: str(state.widget(key))}))

    place.color_picker(md(label), key=key, on_change=picked, disabled=workspace.is_read_only)


def _keep(workspace: Workspace, changed: Callable[[], Brand]) -> None:
    """Keep a changed brand; what is wrong with it is told at the place where it was chosen."""
    state.keep("one_pager.brand_problem", None)
    try:
        keep_brand(workspace, changed())
    except ExportError as problem:
        state.keep("one_pager.brand_problem", str(problem))
