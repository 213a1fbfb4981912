"""Problems and news of the core as messages on the page; an error nobody caught is a sentence too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import streamlit as st

from icp_core.errors import IcpError
from pages.components import state
from pages.components.text import md

# What the engine raises when the file under it is damaged, gone, or on a full disk.
ENGINE_FAILURES = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException)

_UNCAUGHT = "feedback.uncaught"


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
    except ENGINE_FAILURES as problem:
        st.error(md(in_words(problem)), icon=":material/error:")
        st.stop()


def in_words(error: Exception) -> str:
    """What went wrong and what to do, for whoever sits there; nothing of an unknown error but that it happened.

    >>> in_words(IcpError("Give the segment a name.")), in_words(ValueError("jo@example.com"))[:37]
    ('Give the segment a name.', 'Something went wrong in the program, ')
    """
    if isinstance(error, IcpError):
        return str(error)
    if isinstance(error, ENGINE_FAILURES):
        return (
            "A part of the workspace's file cannot be read or written. The Data page shows what can be done."
        )
    return (
        "Something went wrong in the program, and what you asked for was not done. What was saved before is intact. "
        "Try again; if it comes back, tell whoever runs this program: its log says where it happened."
    )


def uncaught(error: Exception) -> bool:
    """Say an error that nobody caught: Streamlit asks this before it would show a message of its own.

    An error in the answer to a click ends the run before the page is drawn: it is kept, and the page drawn again with it.
    """
    if state.is_drawing():
        st.error(md(in_words(error)), icon=":material/error:")
    else:
        state.keep(_UNCAUGHT, in_words(error))
        state.draw_again()
    return True


def what_went_wrong() -> None:
    """What the last click could not do, at the top of the page, once."""
    words = state.kept(_UNCAUGHT)
    if words:
        state.keep(_UNCAUGHT, None)
        st.error(md(words), icon=":material/error:")


def nothing_loaded(what: str = "Figures") -> None:
    """The empty state of every page that needs customers: what to do next, and stop."""
    st.info(
        f"{what} appear here as soon as your customers are loaded. "
        "Drop your exports on the Data page, or try it with the sample data.",
        icon=":material/upload_file:",
    )
    st.page_link("pages/data.py", label="Go to Data", icon=":material/arrow_forward:")
    st.stop()
