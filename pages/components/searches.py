"""Searches for better customers, kept for the session: the same customers are not searched twice."""

from __future__ import annotations

import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.facts.history import history_of
from icp_core.profile.compose import search
from icp_core.segments.discover import Discovery
from pages.components import long_work, state

_KEPT = "searches"
_MOST = 8


def discovery_of(facts: Facts, outcome: str, direction: int = +1) -> Discovery | None:
    """What a search found in this state of the data, upwards or (−1) downwards; None when there are too few customers.

    The search has its own thread and goes on after a reload; while it runs the page shows how far it is. When
    somebody stops it, the page ends here with the offer to search again.
    """
    kept = state.kept(_KEPT, {})
    key = (facts.fingerprint, outcome, direction)
    if key not in kept:
        accounts = history_of(state.workspace(), facts.as_of).accounts if outcome == "won" else None
        work = long_work.watched(
            (str(state.workspace().path), "search", facts.fingerprint, outcome, str(direction)),
            "Searching",
            lambda work: search(facts, outcome, direction=direction, accounts=accounts, progress=work.tell),
            again="Search again",
        )
        if work is None:
            st.stop()
        kept = dict(list(kept.items())[1 - _MOST :]) | {key: work.result}
        state.keep(_KEPT, kept)
    return kept[key]
