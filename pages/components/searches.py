"""Searches for better customers, kept for the session: the same customers are not searched twice."""

from __future__ import annotations

from icp_core.facts.catalogue import Facts
from icp_core.profile.compose import search
from icp_core.segments.discover import Discovery, Progress
from pages.components import state

_KEPT = "searches"
_MOST = 8


def discovery_of(facts: Facts, outcome: str, tell: Progress | None = None) -> Discovery | None:
    """What a search found in this state of the data; None when there are too few customers.

    Kept by hand and not by a cache decorator: ``tell`` draws progress on the page, which a cached function may not.
    """
    kept = state.kept(_KEPT, {})
    key = (facts.fingerprint, outcome)
    if key not in kept:
        kept = dict(list(kept.items())[1 - _MOST :]) | {key: search(facts, outcome, progress=tell)}
        state.keep(_KEPT, kept)
    return kept[key]
