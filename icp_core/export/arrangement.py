"""Which sections the page shows and in which order; kept with the profile.

>>> from datetime import date
>>> from icp_core.profile.model import Job, Meta, Profile, Statement
>>> lines = {"jobs": [Job(text="Bake on time")], "values": [Statement(text="Honest flour")]}
>>> profile = Profile(meta=Meta(as_of=date(2026, 1, 1)), statement=Statement(text="Small bakeries"), **lines)
>>> arranged(moved(profile, "values", -1), "columns")[4:6]
('values', 'jobs')
"""

from __future__ import annotations

from icp_core.export.page_content import SECTIONS
from icp_core.profile.model import Profile

_BAND = ("ideal_of_ideal", "messaging", "implications")
_FRAME = ("figures", "open_questions", "evidence", "market", "warnings")
# The page has three places; a section moves within its own, and the frame stands still.
PLACES: dict[str, tuple[str, ...]] = {
    "columns": tuple(s for s in SECTIONS if s not in _BAND + _FRAME),
    "band": _BAND,
    "frame": _FRAME,
}
MOVABLE = ("columns", "band")


def arranged(profile: Profile, place: str) -> tuple[str, ...]:
    """The sections of a place in the order of the page, hidden ones too."""
    own = PLACES[place]
    first = [key for key in profile.section_order if key in own]
    return tuple(dict.fromkeys([*first, *own]))


def is_empty(profile: Profile, section: str) -> bool:
    """True when a section has nothing to print, shown or not."""
    if section == "apart":
        return not profile.lifts
    if section == "retention":
        return not profile.retention_ideal
    if section == "buying":
        return not (profile.buying_roles or profile.buying_criteria or profile.cycle)
    if section == "messaging":
        said = profile.messaging
        return not (said.say or said.prove or said.avoid)
    if section == "evidence":
        return not profile.evidence_base
    return section != "open_questions" and not getattr(profile, section)


def moved(profile: Profile, section: str, by: int) -> Profile:
    """The profile with a section one place later (``by`` = 1) or earlier (−1) on the page.

    It trades places with its neighbour that has something to print; at the end it stays.

    Raises
    ------
    ValueError
        The section does not move.
    """
    place = next((p for p in MOVABLE if section in PLACES[p]), None)
    if place is None:
        raise ValueError(f"The section {section!r} has a fixed place.")
    order = list(arranged(profile, place))
    there = [key for key in order if key == section or not is_empty(profile, key)]
    to = there.index(section) + by
    if not 0 <= to < len(there):
        return profile
    order.remove(section)
    order.insert(order.index(there[to]) + (by > 0), section)
    whole = [key for p in MOVABLE for key in (order if p == place else arranged(profile, p))]
    return profile.model_copy(update={"section_order": whole})


def shown(profile: Profile, section: str, visible: bool) -> Profile:
    """The profile with a section printed or not."""
    hidden = [key for key in profile.hidden_sections if key != section]
    return profile.model_copy(update={"hidden_sections": hidden if visible else [*hidden, section]})


def in_usual_order(profile: Profile) -> Profile:
    """The profile with every section shown, in the usual order."""
    return profile.model_copy(update={"section_order": [], "hidden_sections": []})
