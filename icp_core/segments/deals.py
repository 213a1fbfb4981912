"""Deals of a segment: those of its customers, and those of the accounts like them that never bought.

Counted on customers alone nearly every deal is a won one. So the accounts that never bought are judged by the same
conditions; where they cannot be, nothing is said of deals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from icp_core.facts.winners import known_only_for_winners
from icp_core.segments.conditions import Segment
from icp_core.segments.narrow import Chosen, Narrow, narrow

COUNTS = ("deals", "deals_won", "deals_lost", "deals_open")


@dataclass(frozen=True)
class Deals:
    """Numbers of deals by column of ``COUNTS``: of the segment, and of everyone; ``why_not`` when nothing can be said.

    >>> Deals({}, {}, "“Plan” is known only of customers.").segment
    {}
    """

    segment: Mapping[str, float]
    everyone: Mapping[str, float]
    why_not: str | None = None

    def __bool__(self) -> bool:
        return bool(self.everyone)

    def rest(self, column: str) -> float:
        return self.everyone[column] - self.segment[column]


def deals_of(table: Narrow, chosen: Chosen, segment: Segment) -> Deals:
    """The deals of the chosen customers of ``segment`` and of accounts that meet it and never bought."""
    known = [name for name in COUNTS if _known(table, name)]
    if not known:
        return Deals({}, {})
    reason = why_no_deals(table, segment)
    if reason:
        return Deals({}, {}, reason)
    also = None
    if table.facts.never_bought is not None:
        others = narrow(table.facts.never_bought)
        also = others, others.chosen(segment)
    mine, everyone = {}, {}
    for name in known:
        sides = ((table, chosen), also) if also else ((table, chosen),)
        sums = [t.summed(c, name) for t, c in sides if t.has(name)]
        mine[name] = sum(s[0] for s in sums)
        everyone[name] = sum(sum(s) for s in sums)
    return Deals(mine, everyone)


def why_no_deals(table: Narrow, segment: Segment) -> str | None:
    """Why it cannot be said which lost deals belong to ``segment``; None where it can."""
    return next((reason for name in segment.attributes if (reason := _why_not(table, name))), None)


def has_decided_deals(table: Narrow) -> bool:
    """True when deals were won and deals were lost, by customers or by accounts that never bought."""
    return all(_known(table, name) and _all(table, name) > 0 for name in ("deals_won", "deals_lost"))


def _known(table: Narrow, name: str) -> bool:
    others = table.facts.never_bought
    return table.has(name) or (others is not None and narrow(others).has(name))


def _all(table: Narrow, name: str) -> float:
    tables = [table.facts, table.facts.never_bought]
    return sum(float(f.frame[name].sum()) for f in tables if f is not None and f.has(name))


def _why_not(table: Narrow, attribute: str) -> str | None:
    """Why accounts that never bought cannot be judged by this attribute; None where they can."""
    others = table.facts.never_bought
    if others is None:
        return None
    return table.keep(("deals by", attribute), lambda: _judge(table, attribute))


def _judge(table: Narrow, attribute: str) -> str | None:
    about, others = table.about(attribute), table.facts.never_bought
    if attribute not in others.frame.columns:
        return (
            f"“{about.label}” is known of customers only, so it cannot be said which lost deals belong here."
        )
    frame = table.facts.frame
    won = frame["deals_won"].fillna(0).to_numpy() > 0 if "deals_won" in frame else np.ones(len(frame), bool)
    lost = (
        others.frame["deals_lost"].fillna(0).to_numpy() > 0
        if others.has("deals_lost")
        else np.zeros(len(others), bool)
    )
    return known_only_for_winners(
        about.label,
        frame[attribute].notna().to_numpy(bool)[won],
        others.frame[attribute].notna().to_numpy(bool)[lost],
    )
