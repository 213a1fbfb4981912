"""The scorecard sheet: yellow weights, live points. Change a weight and every score follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from openpyxl.formatting.rule import DataBarRule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from icp_core.errors import UnknownColumnError
from icp_core.export.live_points import ItemAnswers, places, points_sheet
from icp_core.export.sheets import Book
from icp_core.facts.catalogue import Facts, facts_from_frame
from icp_core.profile.model import Profile
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members

# More live rows than this make a spreadsheet slow; the sheet says so.
MOST_ROWS = 5_000
TIERS = {"A": 75.0, "B": 50.0, "C": 25.0}
_LAST_TIER = "D"


@dataclass(frozen=True)
class ScoreItem:
    """One line of a scorecard: whoever belongs to ``segment`` gets ``points``."""

    label: str
    segment: Segment
    points: float


@dataclass(frozen=True, eq=False)
class LiveScores:
    """Rows to score live; the refused are in tier D. ``tiers``: least points of A, B and C.

    ``met`` has a row per name and a column per label. Without ``answers`` it is 0 to 1, the part of the item's
    points the row gets, and points = 100 × Σ weight × met ÷ Σ weight, in whole points. With ``answers`` (one per
    label) it is the place of the row's answer among them (-1 = not known), and the points are reckoned from the
    weights as in the workbench, to the unit.
    """

    labels: Sequence[str]
    weights: Sequence[float]
    names: Sequence
    met: np.ndarray
    refused: np.ndarray
    note: str = ""
    tiers: Mapping[str, float] = field(default_factory=lambda: dict(TIERS))
    answers: Sequence[ItemAnswers] = ()


def score_items(profile: Profile, facts: Facts) -> list[ScoreItem]:
    """One item per condition of the ICP; together they make 100 points, shared by how much each sets apart.

    A condition whose customers are worth no more than others still counts, with the smallest weight.
    """
    known, _ = profile.criteria.known_to(facts.catalogue)
    singles = [Segment((c,)) for c in known.conditions]
    if not singles:
        return []
    weights = [_rarity(members(facts, s)) for s in singles]
    total = sum(weights)
    points = [round(100 * w / total) for w in weights]
    points[int(np.argmax(points))] += 100 - sum(points)
    return [ScoreItem(s.words(facts.catalogue), s, p) for s, p in zip(singles, points, strict=True)]


def _rarity(inside: np.ndarray) -> float:
    """A condition few customers meet tells more than one that nearly all meet (bits, at least a quarter)."""
    share = (inside.sum() + 1) / (len(inside) + 2)
    return max(0.25, float(-np.log2(share)))


def live_scores(
    items: Sequence[ScoreItem],
    profile: Profile,
    facts: Facts,
    customers: pd.DataFrame,
    prospects: pd.DataFrame | None,
) -> LiveScores:
    """The items for prospects when they carry the attributes, for customers otherwise."""
    names, source, note = _scored(items, customers, facts, prospects)
    met = [members(source, item.segment)[: len(names)] for item in items]
    return LiveScores(
        labels=[item.label for item in items],
        weights=[item.points for item in items],
        names=names,
        met=np.array(met, dtype=float).T.reshape(len(names), len(items)),
        refused=_refused(profile, source)[: len(names)],
        note=note,
    )


def scorecard_sheet(book: Book, live: LiveScores) -> None:
    """Write the sheet: tiers and weights yellow and open, everything else reckoned from them."""
    names, refused = list(live.names)[:MOST_ROWS], live.refused
    n = len(live.labels)
    sheet = book.sheet("Scorecard", (34, 10, 8, 11, *(18,) * n), freeze="E9")
    ws = sheet.ws
    first_item = 5
    last_letter = get_column_letter(first_item + max(n, 1) - 1)
    first_letter = get_column_letter(first_item)
    top, first_row = 7, 9
    last_row = first_row + len(names) - 1

    weights = DataValidation(
        type="decimal",
        operator="between",
        formula1="0",
        formula2="100",
        showErrorMessage=True,
        errorTitle="Weight",
        error="A weight is a number from 0 to 100.",
        promptTitle="Weight",
        prompt="0 to 100. The scores follow.",
        showInputMessage=True,
    )
    ws.data_validations.append(weights)
    ws.protection.sheet = True
    ws.protection.formatColumns = ws.protection.sort = ws.protection.autoFilter = False

    sheet.add(sheet.text("Scorecard", "title"), height=26)
    sheet.add(
        sheet.text(
            "Change a yellow cell: points and tiers follow. 100 points = the best answer to every item.",
            "mute",
        )
    )
    sheet.add(sheet.text(live.note, "mute"))
    tier_cells = []
    cells = [sheet.text("Tiers from … points", "strong")]
    for k, (tier, least) in enumerate(live.tiers.items()):
        cells += [sheet.text(f"{tier} from", "mute"), sheet.number(least, "weight")]
        tier_cells.append((tier, f"${get_column_letter(3 + 2 * k)}$4"))
        weights.add(f"{get_column_letter(3 + 2 * k)}4")
    sheet.add(*cells)
    sheet.gap()
    sheet.add(
        sheet.text("Item", "strong"), None, None, None, *(sheet.text(label, "head") for label in live.labels),
        height=54,
    )  # fmt: skip
    sheet.add(
        sheet.text("Weight", "strong"), None, None, None,
        *(
            sheet.number(max(0.0, min(100.0, w)), "exact weight" if live.answers else "weight")
            for w in live.weights
        ),
    )  # fmt: skip
    if n:
        weights.add(f"{first_letter}{top}:{last_letter}{top}")
    each = "points" if live.answers else "share met, 0 to 1"
    heads = ("Name", "Points", "Tier", "Walk away", *(each for _ in live.labels))
    sheet.add(*(sheet.text(h, "head") for h in heads))
    row_weights = f"${first_letter}${top}:${last_letter}${top}"
    known = places(live.answers) if live.answers else None
    for i, name in enumerate(names):
        r = first_row + i
        points = "0"
        if known is not None:
            points = f"{known.base}+SUM({first_letter}{r}:{last_letter}{r})"
        elif n:
            points = (
                f"IF(SUM({row_weights})=0,0,ROUND(100*SUMPRODUCT({row_weights},{first_letter}{r}:{last_letter}{r})"
                f"/SUM({row_weights}),0))"
            )
        tier = f'"{_LAST_TIER}"'
        for label, place in reversed(tier_cells):
            tier = f'IF(B{r}>={place},"{label}",{tier})'
        sheet.add(
            sheet.value(name),
            sheet.formula(f"={points}"),
            sheet.formula(f'=IF(D{r}=1,"{_LAST_TIER}",{tier})', "strong"),
            sheet.number(int(refused[i]), "whole"),
            *(
                sheet.number(float(part))
                if known is None
                else sheet.formula(f"={known.cells[j][int(part)]}" if part >= 0 else "=0", "whole")
                for j, part in enumerate(live.met[i])
            ),
        )
    if names:
        ws.conditional_formatting.add(
            f"B{first_row}:B{last_row}",
            DataBarRule(start_type="num", start_value=0, end_type="num", end_value=100, color="8FC4BF"),
        )
        ws.auto_filter.ref = f"A{first_row - 1}:{get_column_letter(4 + n)}{last_row}"
    if live.answers:
        weight_cells = [f"Scorecard!${get_column_letter(first_item + j)}${top}" for j in range(n)]
        points_sheet(book, live.answers, weight_cells)


def _scored(
    items: Sequence[ScoreItem], customers: pd.DataFrame, facts: Facts, prospects: pd.DataFrame | None
) -> tuple[list, Facts, str]:
    """Whom the sheet scores: their names, the facts about them, a line that says so."""
    needed = {c.attribute for item in items for c in item.segment.conditions}
    if prospects is not None and len(prospects) and needed and needed <= set(prospects.columns):
        kinds = {name: facts.catalogue[name].kind for name in needed if name in facts.catalogue}
        source = facts_from_frame(prospects.head(MOST_ROWS), as_of=facts.as_of, kinds=kinds)
        names = _names(prospects.head(MOST_ROWS))
        return names, source, _note("prospects", len(prospects))
    names = _names(customers.head(MOST_ROWS))
    return names, facts, _note("customers", len(customers))


def _note(whom: str, n: int) -> str:
    if n > MOST_ROWS:
        return f"The first {MOST_ROWS:,} of {n:,} {whom} are scored here; a larger list is scored in the workbench."
    return f"All {n:,} {whom} are scored."


def _names(frame: pd.DataFrame) -> list:
    for name in ("account_name", "customer_name", "name", "customer_id", "account_id", "domain"):
        if name in frame.columns:
            return frame[name].tolist()
    return [f"Row {i + 1}" for i in range(len(frame))]


def _refused(profile: Profile, facts: Facts) -> np.ndarray:
    """Who meets an accepted disqualifier; one about something not known here refuses nobody."""
    out = np.zeros(len(facts), dtype=bool)
    for refusal in profile.disqualifiers:
        if not (refusal.accepted and refusal.segment):
            continue
        try:
            out |= members(facts, refusal.segment)
        except UnknownColumnError:
            continue
    return out
