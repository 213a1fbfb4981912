"""Versions of the ICP: saved with note and author, exactly one active, compared on the same customers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from icp_core.errors import IcpError
from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Profile
from icp_core.segments.dashboard import dashboard
from icp_core.segments.membership import members
from icp_core.sql import first_row
from icp_core.stats.phrases import MIN_N
from icp_core.stats.wording import rate
from icp_core.workspace import Workspace

DRAFT = ("profile", "draft")  # topic and key of the draft being edited
_FORMER = "former draft"  # topic: one entry per edit, the key counts up
_MOST_FORMER = 20
REVIEW_TRIGGER = "review_trigger"  # topic: what the user saw change in the market


@dataclass(frozen=True)
class Version:
    """One saved state of the ICP."""

    number: int
    is_active: bool
    profile: Profile
    note: str
    author: str
    saved_at: datetime


def save(workspace: Workspace, profile: Profile, *, note: str = "", author: str = "") -> Version:
    """Save the profile as the next version and make it the active one.

    What had called for a review (``review_trigger``) is settled with it.
    """
    with workspace.transaction(checkpoint=True) as con:
        number = first_row(con, "SELECT coalesce(max(version), 0) + 1 FROM profiles")[0]
        meta = profile.meta.model_copy(
            update={
                "version": str(number),
                "status": "Approved",
                "note": note,
                "author": author or profile.meta.author,
            }
        )
        kept = profile.model_copy(update={"meta": meta})
        con.execute("UPDATE profiles SET active = false")
        con.execute(
            "INSERT INTO profiles VALUES ($version, true, $profile, $note, $author, $at)",
            {
                "version": number,
                "profile": kept.to_json(),
                "note": note,
                "author": meta.author,
                "at": workspace.clock(),
            },
        )
        workspace.decide(*DRAFT, kept.to_json())
        for told in workspace.decisions(REVIEW_TRIGGER):
            workspace.withdraw(REVIEW_TRIGGER, told.key)
    return history(workspace)[0]


def history(workspace: Workspace) -> list[Version]:
    """All versions, newest first."""
    return _read(workspace, only_active=False)


def _read(workspace: Workspace, *, only_active: bool) -> list[Version]:
    rows = (
        workspace.cursor()
        .execute(
            "SELECT version, active, profile, note, author, saved_at FROM profiles WHERE active OR $all "
            "ORDER BY version DESC",
            {"all": not only_active},
        )
        .fetchall()
    )
    return [
        Version(n, active, Profile.from_json(text), note, author, at)
        for n, active, text, note, author, at in rows
    ]


def active(workspace: Workspace) -> Version | None:
    """The version in force, or None before the first save."""
    return next(iter(_read(workspace, only_active=True)), None)


def restore(workspace: Workspace, number: int) -> Version:
    """Make an older version the active one again; the newer ones stay in the history, and the draft can be undone to."""
    chosen = next((v for v in history(workspace) if v.number == number), None)
    if chosen is None:
        raise IcpError(f"There is no version {number}. Reload the page.")
    with workspace.transaction(checkpoint=True) as con:
        con.execute("UPDATE profiles SET active = (version = $number)", {"number": number})
        before = workspace.decision(*DRAFT)
        if before is not None and before != chosen.profile.to_json():
            _remember(workspace, before)
        workspace.decide(*DRAFT, chosen.profile.to_json())
    return next(v for v in history(workspace) if v.number == number)


def draft_of(workspace: Workspace) -> Profile | None:
    """The profile being edited, or None before the first draft."""
    text = workspace.decision(*DRAFT)
    return None if text is None else Profile.from_json(text)


def keep_draft(workspace: Workspace, profile: Profile) -> None:
    """Keep an edit of the draft; nothing typed is lost by a rerun or a closed tab, and the last edits can be undone.

    An approved version that is changed is a draft again.
    """
    before = workspace.decision(*DRAFT)
    if before == profile.to_json():
        return
    meta = profile.meta.model_copy(update={"status": "Draft", "version": "draft", "note": ""})
    after = profile.model_copy(update={"meta": meta}).to_json()
    if before is not None:
        _remember(workspace, before)
    workspace.decide(*DRAFT, after)


# The facts the draft was written from, by their fingerprint.
_WRITTEN_FROM = "draft.facts"


def keep_written(workspace: Workspace, profile: Profile, facts_fingerprint: str) -> None:
    """Keep a draft just written from the facts of this fingerprint (see ``is_of``)."""
    keep_draft(workspace, profile)
    workspace.set_setting(_WRITTEN_FROM, facts_fingerprint)


def is_of(workspace: Workspace, facts_fingerprint: str) -> bool:
    """False when other data were loaded since the draft was written; a draft of unknown origin is taken as it is."""
    return workspace.setting(_WRITTEN_FROM, facts_fingerprint) == facts_fingerprint


def _remember(workspace: Workspace, before: str) -> None:
    """Keep the last states, each in its own row: an edit writes little, however long the profile."""
    kept = workspace.decision_keys(_FORMER)
    for key in kept[: 1 - _MOST_FORMER]:
        workspace.withdraw(_FORMER, key)
    workspace.decide(_FORMER, f"{int(kept[-1]) + 1 if kept else 1:09d}", before)


def can_undo(workspace: Workspace) -> bool:
    """True while there is a former state of the draft."""
    return bool(workspace.decision_keys(_FORMER))


def undo(workspace: Workspace) -> Profile | None:
    """Bring back the draft as it was before the last edit; None when there is none."""
    former = workspace.decision_keys(_FORMER)
    if not former:
        return None
    before = workspace.decision(_FORMER, former[-1])
    workspace.withdraw(_FORMER, former[-1])
    workspace.decide(*DRAFT, before)
    return Profile.from_json(before)


_COMPARED = {
    "name": "The name",
    "statement": "The sentence",
    "who": "Who they are",
    "behaviour": "What they do",
    "jobs": "What they hire us to do",
    "pains": "What hurts them",
    "triggers": "What sets them looking",
    "objections": "What holds them back",
    "values": "What they care about",
    "channels": "Where to find them",
    "buying_roles": "Who decides",
    "buying_criteria": "What decides it",
    "disqualifiers": "Walk away when",
    "messaging": "What to tell them",
    "implications": "What we do next",
}


@dataclass(frozen=True)
class Difference:
    """Two profiles on the same customers. Revenue in the facts' currency; NaN when not known."""

    entering: pd.DataFrame  # customer_id, customer_name, revenue
    leaving: pd.DataFrame
    staying: int
    revenue_in: float
    revenue_out: float
    criteria_before: str
    criteria_after: str
    figures: pd.DataFrame  # figure, before, after: both on today's customers; then as they were promised
    lines: pd.DataFrame  # section, change (new, gone), line


def compare(facts: Facts, before: Profile, after: Profile) -> Difference:
    """Who enters and who leaves when ``before`` becomes ``after``, judged on today's customers.

    Raises
    ------
    UnknownColumnError
        A criterion of one version is no longer among the attributes.
    """
    old, new = members(facts, before.criteria), members(facts, after.criteria)
    columns = [c for c in ("customer_id", "customer_name", "revenue") if c in facts.frame]
    entering, leaving = facts.frame.loc[new & ~old, columns], facts.frame.loc[old & ~new, columns]
    money = (
        (lambda frame: float(frame["revenue"].sum()))
        if "revenue" in columns
        else (lambda frame: float("nan"))
    )
    return Difference(
        entering=entering.reset_index(drop=True),
        leaving=leaving.reset_index(drop=True),
        staying=int((old & new).sum()),
        revenue_in=money(entering),
        revenue_out=money(leaving),
        criteria_before=before.criteria.words(facts.catalogue),
        criteria_after=after.criteria.words(facts.catalogue),
        figures=_figures_of_both(facts, before, after),
        lines=_changed_lines(before, after),
    )


def _figures_of_both(facts: Facts, before: Profile, after: Profile) -> pd.DataFrame:
    """What both criteria come to on the same customers, beside what each version promised when it was saved."""
    old, new = (
        {c.kind.key: c for c in dashboard(facts, p.criteria).comparisons if c.segment.n}
        for p in (before, after)
    )
    promised = [{f.key: f.ideal for f in p.figures} for p in (before, after)]
    labels = {f.key: f.label for p in (before, after) for f in p.figures}
    rows = []
    for key, label in labels.items():
        today = [side[key].words() if key in side else "" for side in (old, new)]
        rows.append((label, *today, promised[0].get(key, ""), promised[1].get(key, "")))
    return pd.DataFrame(rows, columns=["figure", "before", "after", "promised before", "promised after"])


def _changed_lines(before: Profile, after: Profile) -> pd.DataFrame:
    """Lines that one version has and the other has not, section by section."""
    rows = []
    for section, label in _COMPARED.items():
        was, now = _texts(before, section), _texts(after, section)
        rows += [(label, "new", text) for text in now if text not in was]
        rows += [(label, "gone", text) for text in was if text not in now]
    return pd.DataFrame(rows, columns=["section", "change", "line"])


def _texts(profile: Profile, section: str) -> list[str]:
    if section == "name":
        return [profile.meta.name]
    if section == "statement":
        return [profile.statement.text.replace("**", "")]
    if section == "disqualifiers":
        return [d.words for d in profile.disqualifiers if d.accepted]
    if section == "messaging":
        said = profile.messaging
        return [line.text for line in (*said.say, *said.prove, *said.avoid)]
    lines = getattr(profile, section)
    return [f"{line.label}: {line.text}" if section == "who" else line.text for line in lines]


# A share that moved by more than this since the version was saved is worth a look.
_DRIFT_SHARE = 0.05


def drift(facts: Facts, profile: Profile) -> list[str]:
    """Where today's customers no longer agree with the figures a version was saved with, in words.

    A figure drifts when today's value lies outside the likely range it was saved with, at ten customers or
    more; the mix drifts when the share of customers inside moved by five points. Empty while nothing did.

    Raises
    ------
    UnknownColumnError
        A criterion is no longer among the attributes.
    """
    board = dashboard(facts, profile.criteria)
    found = []
    today = {c.kind.key: c for c in board.comparisons}
    for figure in profile.figures:
        now = today.get(figure.key)
        if now is None or now.segment.n < MIN_N or figure.low is None or figure.high is None:
            continue
        value = now.segment.value
        if not math.isnan(value) and not figure.low <= value <= figure.high:
            found.append(f"{figure.label} moved from {figure.ideal} to {now.words()}")
    saved = profile.criteria_evidence
    if saved is not None and saved.n is not None and saved.n_rest is not None and saved.n + saved.n_rest:
        before = saved.n / (saved.n + saved.n_rest)
        if abs(before - board.segment.share) > _DRIFT_SHARE:
            found.append(
                f"the share of customers inside moved from {rate(before)} to {rate(board.segment.share)}"
            )
    return found
