"""What the workbook tells of prospects: the list with its scores, and the live sheet with the same points, to the unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_core.export.scorecard_sheet import MOST_ROWS, LiveScores
from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Profile
from icp_core.prospects import lists
from icp_core.prospects.comparable import Prospects, prepare
from icp_core.prospects.encode import score
from icp_core.prospects.fit import score_prospects
from icp_core.prospects.model import Scorecard
from icp_core.prospects.refusals import refused
from icp_core.stats.wording import count
from icp_core.workspace import Workspace


def live_scores(card: Scorecard, rows: Prospects, names: Sequence, what: str = "prospects") -> LiveScores:
    """The best rows with the part of each item's points they get; ``names`` is one name per row.

    Prospects who are customers already, or repeat an earlier row, are left out.
    """
    found = score(card, rows.encoded)
    items = {item.key: item for item in card.used}
    aside = rows.relations.is_customer | rows.relations.is_duplicate
    kept = np.flatnonzero(~aside) if what == "prospects" else np.arange(len(rows))
    best = kept[np.argsort(-found.points[kept], kind="stable")[:MOST_ROWS]]
    met = np.zeros((len(best), len(found.keys)))
    for j, key in enumerate(found.keys):
        item = items[key]
        met[:, j] = (found.parts[best, j] - item.low) / max(1, item.high - item.low)
    shown = f"All {count(len(kept))} {what} are scored."
    if len(kept) > len(best):
        shown = f"The best {count(len(best))} of {count(len(kept))} {what} are scored here."
    if len(rows) > len(kept):
        shown += (
            f" {count(len(rows) - len(kept))} rows are customers already or repeat another, and are left out."
        )
    return LiveScores(
        labels=[items[key].label for key in found.keys],
        weights=[float(items[key].high - items[key].low) for key in found.keys],
        names=[names[i] for i in best],
        met=met,
        refused=refused(rows.held, len(rows))[best],
        note=f"{shown} {card.message}".strip(),
        tiers={name: float(least) for name, least in card.thresholds.items()},
    )


def customers_live(card: Scorecard, facts: Facts) -> LiveScores:
    """The customers on the live sheet, where no prospects are loaded."""
    rows = prepare(facts.frame, card)
    return live_scores(
        card, rows, facts.frame.get("customer_name", facts.frame["customer_id"]).tolist(), "customers"
    )


@dataclass(frozen=True, eq=False)
class Printable:
    """The scorecard in force and, where prospects are loaded, the list with its scores.

    ``table`` is what the workbook prints, ``live`` its live sheet: prospects, else customers, else nothing.
    """

    card: Scorecard
    prospects: Prospects | None = None
    scored: pd.DataFrame | None = None
    table: pd.DataFrame | None = None
    live: LiveScores | None = None


def printable(workspace: Workspace, facts: Facts, profile: Profile | None, *, seed: int = 0) -> Printable:
    """Score what is loaded by the weights and thresholds kept in the workspace."""
    loaded = lists.prospect_list(workspace)
    card = lists.scorecard_for(workspace, facts, profile, loaded, seed=seed)
    if not len(loaded):
        return Printable(card, live=customers_live(card, facts) if card.used else None)
    ready = lists.prepared(workspace, facts, card, loaded)
    scored = score_prospects(ready, card)
    return Printable(
        card,
        ready,
        scored,
        lists.printed(loaded, scored, card),
        live_scores(card, ready, lists.names_of(loaded)) if card.used else None,
    )
