"""Openings of the customers set aside: kept and counted, as every look makes the next one a weaker test."""

from __future__ import annotations

from icp_core.segments.conditions import Segment
from icp_core.workspace import Workspace

TOPIC = "holdout"


def is_opened(workspace: Workspace, segment: Segment) -> bool:
    """True when the customers set aside were looked at for this rule."""
    return workspace.decision(TOPIC, segment.to_query()) is not None


def open_for(workspace: Workspace, segment: Segment, words: str, *, author: str = "") -> None:
    """Look at the customers set aside for this rule; kept for good."""
    if not is_opened(workspace, segment):
        workspace.decide(TOPIC, segment.to_query(), {"words": words}, author=author)


def openings(workspace: Workspace) -> int:
    """For how many different rules they were looked at."""
    return len(workspace.decisions(TOPIC))


def openings_words(n: int, *, sealed: bool = True) -> str:
    """What the number of openings means; ``sealed``: the search that found the rule never saw them.

    >>> openings_words(1)
    'Opened for this rule alone: a fair test.'
    >>> openings_words(1, sealed=False)
    'Opened for this rule alone.'
    >>> openings_words(4)
    'Opened for 4 rules so far: the best of 4 looks better than it is. Later customers are the fairer test.'
    """
    if n <= 0:
        return "Not opened yet."
    if n == 1:
        return "Opened for this rule alone: a fair test." if sealed else "Opened for this rule alone."
    return f"Opened for {n} rules so far: the best of {n} looks better than it is. Later customers are the fairer test."
