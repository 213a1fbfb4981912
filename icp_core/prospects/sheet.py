"""The scorecard on the workbook's live sheet: the same points as in the workbench, to the unit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from icp_core.export.scorecard_sheet import MOST_ROWS, LiveScores
from icp_core.facts.catalogue import Facts
from icp_core.prospects.encode import score
from icp_core.prospects.fit import Prospects, is_refused, prepare
from icp_core.prospects.model import Scorecard
from icp_core.stats.wording import count


def live_scores(card: Scorecard, rows: Prospects, names: Sequence, what: str = "prospects") -> LiveScores:
    """The best rows with the part of each item's points they get; ``names`` is one name per row."""
    found = score(card, rows.encoded)
    items = {item.key: item for item in card.used}
    best = np.argsort(-found.points, kind="stable")[:MOST_ROWS]
    met = np.zeros((len(best), len(found.keys)))
    for j, key in enumerate(found.keys):
        item = items[key]
        met[:, j] = (found.parts[best, j] - item.low) / max(1, item.high - item.low)
    shown = f"All {count(len(rows))} {what} are scored."
    if len(rows) > len(best):
        shown = f"The best {count(len(best))} of {count(len(rows))} {what} are scored here."
    return LiveScores(
        labels=[items[key].label for key in found.keys],
        weights=[float(items[key].high - items[key].low) for key in found.keys],
        names=[names[i] for i in best],
        met=met,
        refused=is_refused(rows)[best],
        note=f"{shown} {card.message}".strip(),
        tiers={name: float(least) for name, least in card.thresholds.items()},
    )


def customers_live(card: Scorecard, facts: Facts) -> LiveScores:
    """The customers on the live sheet, where no prospects are loaded."""
    rows = prepare(facts.frame, card)
    return live_scores(
        card, rows, facts.frame.get("customer_name", facts.frame["customer_id"]).tolist(), "customers"
    )
