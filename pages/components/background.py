"""Reading what people said, beside the page: it shows how far it is, can be stopped, and is done once for everybody."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.components import long_work, state

_BEGUN = "readings"

Tell = Callable[[float, str], bool]


def worked_out(name: str, key: Any, make: Callable[[Tell], Any], about: str) -> Any:
    """What ``make`` returns; until then the page shows how far it is and a button to stop, and ends after a stop.

    ``make`` runs in a thread of its own and must not touch the page or the session; it is handed a function to tell its
    progress (0–1, what it does now), which ends the work once the user has stopped it. A reload, a closed tab and
    another session that asks for the same leave one work going. When this session asks for something else
    under the same ``name``, the former work is of no use any more and is stopped.
    """
    whole = (str(state.workspace().path), f"reading {name}", _digest(key))
    former = state.kept(_BEGUN, {}).get(name)
    if former is not None and former != whole:
        long_work.stop_mine(former)
    state.keep(_BEGUN, {**state.kept(_BEGUN, {}), name: whole})
    work = long_work.watched(whole, about, lambda work: make(work.tell), again="Start again")
    if work is None:
        st.stop()
    return work.result


def _digest(key: Any) -> str:
    return hashlib.sha1(repr(key).encode(), usedforsecurity=False).hexdigest()
