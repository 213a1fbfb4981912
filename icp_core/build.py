"""The main job without a browser: files in, the ICP out. The pages take the same steps one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from icp_core.errors import IcpError
from icp_core.export.brand import Brand, brand_of, paper_of
from icp_core.export.scorecard_sheet import LiveScores
from icp_core.facts import store
from icp_core.facts.catalogue import Facts
from icp_core.facts.history import decided, history_of
from icp_core.gather import load, reconcile
from icp_core.profile import holdout, validate, versions
from icp_core.profile.compose import compose, search
from icp_core.profile.draft import Heard
from icp_core.profile.hear import summed_up
from icp_core.profile.model import Profile
from icp_core.profile.said_only import said_only
from icp_core.prospects.learning import CameTrue, came_true, put_on_record
from icp_core.prospects.market import seen_in
from icp_core.prospects.model import Scorecard
from icp_core.prospects.sheet import printable
from icp_core.segments.conditions import Segment
from icp_core.segments.discover import Candidate, Discovery
from icp_core.segments.leaks import guarded
from icp_core.segments.target import default_outcome
from icp_core.value import lifetime
from icp_core.voice.collect import no_customers
from icp_core.workspace import Workspace

Tell = Callable[[float, str], None]


@dataclass(frozen=True)
class Build:
    """Everything one run found. ``profile`` is None when there are no customers at all."""

    facts: Facts | None
    profile: Profile | None
    discovery: Discovery | None
    validation: Mapping[str, Any]
    reconciliation: pd.DataFrame
    heard: Heard = field(default_factory=Heard)
    verdict: str = ""
    unread: tuple[str, ...] = ()
    scorecard: Scorecard | None = None
    prospects: pd.DataFrame | None = None
    live: LiveScores | None = None
    forecast: lifetime.Lifetime | None = None
    scored_before: CameTrue | None = None  # what became of prospects that an earlier run scored
    brand: Brand = field(default_factory=Brand)
    paper: str = "a4"


def load_files(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    mapping: Mapping[str, Mapping] | None = None,
    tell: Tell | None = None,
) -> list[str]:
    """Import files; returns one sentence per file that could not be used.

    ``mapping`` gives corrections by file name (and by ``file name::sheet``): the same shape as the user's
    corrections in the browser.
    """
    unread = []
    for i, path in enumerate(paths):
        if tell:
            tell(i / max(1, len(paths)), f"Reading {path.name}")
        if not path.is_file():
            raise IcpError(f"There is no file {path}. Check the path.")
        preview = load.preview(workspace, path, path.name, corrections=_corrections(path, mapping))
        if preview.error:
            unread.append(f"{path.name}: {preview.error}")
            continue
        reports = load.import_preview(workspace, preview)
        # The same file again changes nothing, and is no reason to complain: a review runs on what is loaded.
        if not reports and not any(table.mode == "same" for table in preview.tables):
            unread.append(f"{path.name}: nothing in it was recognised. Name its kind in a mapping file.")
    return unread


def _corrections(path: Path, mapping: Mapping[str, Mapping] | None) -> dict[str, Mapping] | None:
    """Corrections of a mapping file for one file: the same for each of its tables unless a table is named."""
    told = (mapping or {}).get(path.name)
    if not told:
        return None
    return {str(i): told for i in range(50)} if "tables" not in told else dict(told["tables"])


def build(
    workspace: Workspace,
    *,
    as_of: date | None = None,
    outcome: str | None = None,
    segment: Segment | None = None,
    unread: Sequence[str] = (),
    tell: Tell | None = None,
    seed: int = 0,
) -> Build:
    """From loaded tables to the drafted, validated profile.

    ``outcome`` is what "better" means (``outcomes.OUTCOMES``; None = ``target.default_outcome``).
    ``segment`` fixes the criteria; without it the best kind of customer that stands is taken, and where none
    stands the page describes all customers and claims nothing.
    """
    say = tell or (lambda share, what: None)
    say(0.1, "Measuring every customer")
    facts = store.refresh(workspace, as_of=as_of)
    accounted = reconcile.reconciliation(workspace)
    if facts is None:
        return _of_words(workspace, as_of, accounted, unread)
    say(0.3, "Searching the kinds of customer that are better")
    history = history_of(workspace, facts.as_of)
    outcome = outcome or default_outcome(facts)
    found = search(facts, outcome, accounts=history.accounts, seed=seed)
    chosen, candidate = _chosen(facts, found, segment)
    verdict = _verdict(found, chosen, candidate)
    say(0.5, "Writing the profile")
    profile, heard = compose(
        workspace,
        facts,
        chosen,
        candidate=candidate,
        outcome=outcome,
        outcome_label=found.outcome_label if found else "",
        seed=seed,
        seen=seen_in(workspace, facts, chosen),
        verdict=verdict,
    )
    heard = summed_up(workspace, facts, heard)
    checked = _checked(workspace, facts, profile, candidate, history.accounts) if chosen else {}
    say(0.9, "Scoring prospects")
    before = came_true(workspace, facts)
    to_print = printable(workspace, facts, profile, seed=seed)
    if to_print.prospects is not None:
        put_on_record(workspace, to_print.prospects, to_print.scored)
    _keep(workspace, facts, profile)
    forecast = lifetime.expected(facts, history.orders)
    return Build(
        facts,
        profile,
        found,
        checked,
        accounted,
        heard,
        verdict,
        tuple(unread),
        to_print.card,
        to_print.table,
        to_print.live,
        forecast,
        before,
        brand_of(workspace),
        paper_of(workspace),
    )


def _keep(workspace: Workspace, facts: Facts, profile: Profile) -> None:
    """Who opens the workspace in a browser finds this ICP there; one that somebody chose before stays."""
    if workspace.decision("icp", "criteria", None) is None:
        with workspace.transaction(checkpoint=True):
            workspace.decide("icp", "criteria", profile.criteria.to_dict())
            versions.keep_written(workspace, profile, facts.fingerprint)


def _of_words(
    workspace: Workspace, as_of: date | None, accounted: pd.DataFrame, unread: Sequence[str]
) -> Build:
    """Without a customer the page holds what people said, where they said anything."""
    found = said_only(workspace, as_of)
    profile, heard = found or (None, Heard())
    heard = summed_up(workspace, no_customers(), heard)
    return Build(
        None,
        profile,
        None,
        {},
        accounted,
        heard,
        verdict="No customer is named in any file." + (" The page holds what people said." if found else ""),
        unread=tuple(unread),
        brand=brand_of(workspace),
        paper=paper_of(workspace),
    )


def _chosen(
    facts: Facts, found: Discovery | None, segment: Segment | None
) -> tuple[Segment, Candidate | None]:
    if segment is not None:
        match = next((c for c in (found.candidates if found else ()) if c.segment == segment), None)
        return segment, match
    standing = found.standing if found else ()
    return (standing[0].segment, standing[0]) if standing else (Segment(), None)


def _checked(
    workspace: Workspace, facts: Facts, profile: Profile, candidate: Candidate | None, accounts: pd.DataFrame
) -> dict[str, Any]:
    """The validation of the finished rule, with how often the customers set aside were looked at so far.

    A run opens them for its rule, as the button of the Profile page does, and the workspace counts it: the same
    rule again is no further opening, another one is.
    """
    deals = decided(guarded(facts), accounts)
    found = validate.validate(
        facts,
        profile.criteria,
        outcome=profile.meta.outcome,
        sealed=candidate is not None and validate.is_sealed(facts),
        believed=validate.believed_share(profile.criteria_evidence),
        deals=deals,
    )
    if found.holdout is not None:
        holdout.open_for(workspace, profile.criteria, profile.criteria_words)
    openings = holdout.openings(workspace)
    return {
        **found.to_dict(),
        "openings": openings,
        "openings_note": holdout.openings_words(openings, sealed=found.is_sealed),
    }


def _verdict(found: Discovery | None, chosen: Segment, candidate: Candidate | None) -> str:
    if candidate is not None:
        return f"{candidate.verdict}: {found.message}"
    if found is None:
        return "Too few customers, or no outcome, to say which kind is better: the page describes, it does not claim."
    if chosen:
        return "The criteria were chosen by hand; the figures are as seen in this data."
    return found.message
