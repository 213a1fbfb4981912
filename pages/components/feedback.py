"""Problems and news of the core as messages on the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import streamlit as st

from icp_core.errors import IcpError
from pages.components.text import md

# What the engine raises when the file under it is damaged, gone, or on a full disk.
ENGINE_FAILURES = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException)


@contextmanager
def problems_as_messages(*, stop: bool = True) -> Iterator[None]:
    """Show an ``IcpError`` as a message; anything else is our bug and goes to the log.

    ``stop=False`` lets the rest of the page go on without the part that failed.
    """
    try:
        yield
    except IcpError as problem:
        st.error(md(problem), icon=":material/error:")
        if stop:
            st.stop()
    except ENGINE_FAILURES:
        st.error(
            "A part of the workspace's file cannot be read or written. The Data page shows what can be done.",
            icon=":material/error:",
        )
        st.stop()


def nothing_loaded(what: str = "Figures") -> None:
    """The empty state of every page that needs customers: what to do next, and stop."""
    st.info(
        f"{what} appear here as soon as your customers are loaded. "
        "Drop your exports on the Data page, or try it with the sample data.",
        icon=":material/upload_file:",
    )
    st.page_link("pages/data.py", label="Go to Data", icon=":material/arrow_forward:")
    st.stop()
