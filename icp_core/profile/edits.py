"""Single edits of a profile by hand: the words change, the evidence stays, and the line is marked as edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from icp_core.profile.model import (
    BuyingRole,
    Implication,
    Job,
    Pain,
    Persona,
    Profile,
    Share,
    Statement,
    Trait,
    Trigger,
)

KINDS: dict[str, type[Statement]] = {
    "who": Trait,
    "behaviour": Statement,
    "jobs": Job,
    "pains": Pain,
    "triggers": Trigger,
    "objections": Statement,
    "values": Statement,
    "channels": Share,
    "buying_roles": BuyingRole,
    "buying_criteria": Share,
    "implications": Implication,
    "messaging.say": Statement,
    "messaging.prove": Statement,
    "messaging.avoid": Statement,
}


def with_line(profile: Profile, section: str, index: int, field: str, value: str) -> Profile:
    """One field of one line changed.

    ``section`` is a key of ``KINDS``. An ``index`` behind the last line adds one: it has no evidence, so it is
    an assumption. A line whose ``text`` is emptied goes.

    >>> from datetime import date
    >>> from icp_core.profile.model import Meta
    >>> profile = Profile(meta=Meta(as_of=date(2026, 1, 1)), statement=Statement(text="Bakeries"))
    >>> more = with_line(profile, "jobs", 0, "text", "Bake on time")
    >>> [(j.text, j.is_assumption) for j in more.jobs], with_line(more, "jobs", 0, "text", " ").jobs
    ([('Bake on time', True)], [])
    """
    part = section.partition(".")[2]
    lines = list(getattr(profile.messaging, part) if part else getattr(profile, section))
    value = " ".join(value.split())
    if index >= len(lines):
        if value:
            lines.append(KINDS[section](**({"text": ""} | {field: value}), edited=True))
    elif field == "text" and not value:
        lines.pop(index)
    elif getattr(lines[index], field) != value:
        data = lines[index].model_dump() | {field: value, "edited": True}
        lines[index] = type(lines[index]).model_validate(data)
    if part:
        return profile.model_copy(update={"messaging": profile.messaging.model_copy(update={part: lines})})
    return profile.model_copy(update={section: lines})


def with_personas(profile: Profile, rows: Iterable[Mapping[str, object]]) -> Profile:
    """The personas attached to the ICP, one per row; rows without a name are left out."""
    found = []
    for row in rows:
        told = {key: " ".join(str(row.get(key) or "").split()) for key in Persona.model_fields}
        if told["name"]:
            found.append(Persona(**told))
    return profile.model_copy(update={"personas": found})


def with_statement(profile: Profile, text: str) -> Profile:
    """The sentence in other words; empty words change nothing."""
    text = " ".join(text.split())
    if not text or text == profile.statement.text:
        return profile
    statement = profile.statement.model_copy(update={"text": text, "edited": True})
    return profile.model_copy(update={"statement": statement})


def with_meta(profile: Profile, field: str, value: str) -> Profile:
    """Name, company, offer or author changed; the name cannot be empty."""
    value = " ".join(value.split())
    if field == "name" and not value:
        return profile
    return profile.model_copy(update={"meta": profile.meta.model_copy(update={field: value})})
