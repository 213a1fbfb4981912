"""When the ICP is to be looked at again, and why: the day has come, the market changed, or the data drifted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from icp_core.errors import IcpError
from icp_core.facts.catalogue import Facts
from icp_core.profile import versions
from icp_core.profile.versions import Version
from icp_core.stats.wording import on_date
from icp_core.workspace import Workspace

# What a person may see before the data do.
TRIGGERS = (
    "A new product or price",
    "Customers buy in another way",
    "New competitors",
    "A milestone: round, market, team",
)
# The same steps each time, so that two reviews can be compared.
STEPS = (
    "Load the newest exports on the Data page.",
    "Look at Check on the Profile page: does the promise still hold?",
    "Search again on Find and compare with the version in force under Versions on the One-pager.",
    "Adjust, write down why, and save the next version.",
)


def told(workspace: Workspace) -> dict[str, str]:
    """The changes somebody ticked since the last version was saved, each with the key to take it back."""
    return {d.value: d.key for d in workspace.decisions(versions.REVIEW_TRIGGER)}


def tell(workspace: Workspace, trigger: str, happened: bool) -> None:
    """Note that something changed in the market, or take it back; saving the next version settles it."""
    known = told(workspace)
    if happened and trigger not in known:
        workspace.decide(versions.REVIEW_TRIGGER, str(TRIGGERS.index(trigger)), trigger)
    elif not happened and trigger in known:
        workspace.withdraw(versions.REVIEW_TRIGGER, known[trigger])


def drifted(facts: Facts, version: Version) -> list[str]:
    """Where today's customers no longer agree with what a version promised, in words; see ``versions.drift``."""
    try:
        return versions.drift(facts, version.profile)
    except IcpError as problem:
        return [str(problem).rstrip(".")]


def reasons(
    version: Version | None, *, today: date, drift: Iterable[str] = (), ticked: Iterable[str] = ()
) -> list[str]:
    """Why a version is due for a review, in words; empty while it is not, or while there is none.

    >>> reasons(None, today=date(2026, 1, 1), ticked=["New competitors"])
    []
    """
    if version is None:
        return []
    due = version.profile.meta.review_on
    passed = [f"the review was due on {on_date(due)}"] if due and due <= today else []
    return [*passed, *drift, *ticked]
