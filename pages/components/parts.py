"""The parts of a page behind tabs and buttons; only the open one is worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from pages.components import state
from pages.components.feedback import problems_as_messages
from pages.components.text import md


def parts(draw: Mapping[str, Callable[[], None]], *, key: str) -> None:
    """Tabs by name; the one last open is open again when the reader comes back to the page."""
    names = list(draw)
    if state.widget(key) not in names:
        state.set_widget(key, state.kept(key) if state.kept(key) in names else names[0])
    for name, tab in zip(names, st.tabs(names, key=key, on_change="rerun"), strict=True):
        if tab.open:
            state.keep(key, name)
            with tab, problems_as_messages(stop=False):
                draw[name]()


def behind(label: str, draw: Callable[[], None], *, key: str, icon: str, width: str = "content") -> None:
    """A button that opens a panel; what is in the panel is worked out only while it is open."""
    panel = st.popover(md(label), icon=icon, width=width, key=key, on_change="rerun")
    if panel.open:
        with panel:
            draw()
