"""What the workbook tells of prospects: the list with its scores, and the live sheet with the same points, to the unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_core.export.live_points import ItemAnswers
from icp_core.export.scorecard_sheet import MOST_ROWS, LiveScores
from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Profile
from icp_core.prospects import lists
from icp_core.prospects.comparable import Prospects, prepare
from icp_core.prospects.encode import Column, score
from icp_core.prospects.fit import level_texts, score_prospects
from icp_core.prospects.model import Item, Scorecard, level_part, reach
from icp_core.prospects.refusals import refused
from icp_core.stats.wording import count
from icp_core.workspace import Workspace


def live_scores(card: Scorecard, rows: Prospects, names: Sequence, what: str = "prospects") -> LiveScores:
    """The best rows with the answer they give to each item; ``names`` is one name per row.

    Prospects who are customers already, or repeat an earlier row, are left out.
    """
    found = score(card, rows.encoded)
    items = card.used
    aside = rows.relations.is_customer | rows.relations.is_duplicate
    kept = np.flatnonzero(~aside) if what == "prospects" else np.arange(len(rows))
    best = kept[np.argsort(-found.points[kept], kind="stable")[:MOST_ROWS]]
    shown = f"All {count(len(kept))} {what} are scored."
    if len(kept) > len(best):
        shown = f"The best {count(len(best))} of {count(len(kept))} {what} are scored here."
    if len(rows) > len(kept):
        shown += (
            f" {count(len(rows) - len(kept))} rows are customers already or repeat another, and are left out."
        )
    return LiveScores(
        labels=[item.label for item in items],
        weights=[item.weight for item in items],
        names=[names[i] for i in best],
        met=np.stack([_places(rows.encoded.columns[item.key])[best] for item in items], axis=1),
        refused=refused(rows.held, len(rows))[best],
        note=f"{shown} {card.message}".strip(),
        tiers={name: float(least) for name, least in card.thresholds.items()},
        answers=[_answers(item, rows.encoded.columns[item.key]) for item in items],
    )


def _answers(item: Item, column: Column) -> ItemAnswers:
    """What the sheet must know of an item to reckon the points of each answer by itself."""
    up, down = reach(item)
    span = up + down
    return ItemAnswers(
        label=item.label,
        adds=up / span if span else 0.0,
        takes=down / span if span else 0.0,
        answers=tuple((level.name, level_part(level.woe, up, down)) for level in item.levels),
        across=tuple(
            (words, first, last, shares)
            for words, (first, last, shares, _) in zip(
                level_texts(item, column)[len(item.levels) + 2 :], column.across, strict=True
            )
        ),
    )


def _places(column: Column) -> np.ndarray:
    """Per row the place of its answer among the item's answers and ranges across; -1 = not known, or new."""
    beyond = column.codes - column.n_levels
    return np.where(beyond < 0, column.codes, np.where(beyond < 2, -1, column.codes - 2))


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
