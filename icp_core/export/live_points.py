"""Whole points that follow the weights inside the workbook, reckoned as the workbench reckons them.

The 100 points are shared among what each item can add and take, by weight and largest remainders; an answer gets the
part of its item's points that its evidence asks for. Every step is a formula, so a changed weight gives the score the
workbench would give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from icp_core.export.sheets import Book

TITLE = "Points"
_FIRST = 5  # row of the first part


@dataclass(frozen=True)
class ItemAnswers:
    """One item and its answers.

    ``adds`` and ``takes`` are the shares of its weight it can add and take (0 to 1). ``answers``: per answer its
    name and the part of what can be added (0 to 1) or taken (-1 to 0) it gets. ``across``: per range over several
    answers its name, the first and last of them, and the share of each.
    """

    label: str
    adds: float
    takes: float
    answers: tuple[tuple[str, float], ...]
    across: tuple[tuple[str, int, int, tuple[float, ...]], ...] = ()


@dataclass(frozen=True)
class Places:
    """Where the points stand: per item the cell of each answer, then of each range across; and of the base."""

    cells: tuple[tuple[str, ...], ...]
    base: str


def places(items: Sequence[ItemAnswers]) -> Places:
    """The cells that ``points_sheet`` will fill, for formulas on sheets before it."""
    row = _first_answer(items)
    cells = []
    for item in items:
        n = len(item.answers) + len(item.across)
        cells.append(tuple(f"{TITLE}!$D${row + k}" for k in range(n)))
        row += n
    return Places(tuple(cells), f"{TITLE}!$H$2")


def _first_answer(items: Sequence[ItemAnswers]) -> int:
    return _FIRST + 2 * len(items) + 3


def points_sheet(book: Book, items: Sequence[ItemAnswers], weights: Sequence[str]) -> None:
    """Write the sheet; ``weights`` is the cell of each item's weight."""
    sheet = book.sheet(TITLE, (34, 30, 12, 12, 12, 12, 12, 12))
    sheet.ws.protection.sheet = True
    n_parts, first_answer = 2 * len(items), _first_answer(items)
    last = _FIRST + n_parts - 1
    lows, row = [], first_answer
    for item in items:
        lows.append(f"MIN(0,D{row}:D{row + len(item.answers) - 1})")
        row += len(item.answers) + len(item.across)
    sheet.add(sheet.text("Points of each answer", "title"), height=26)
    sheet.add(
        sheet.text("They follow the weights on the scorecard. Nobody known starts at:", "mute"),
        None, None, None, None, None, None, sheet.formula(f"=-({'+'.join(lows)})"),
    )  # fmt: skip
    sheet.gap()
    heads = ("Item", "Part", "Weight", "Share", "Exact", "Rounded down", "Left over", "Points")
    sheet.add(*(sheet.text(h, "head") for h in heads))
    total = "+".join(weights)
    for j, (item, weight) in enumerate(zip(items, weights, strict=True)):
        for k, (part, share) in enumerate((("can add", item.adds), ("can take", item.takes))):
            r = _FIRST + 2 * j + k
            before = f"+SUMPRODUCT(--(G${_FIRST}:G{r - 1}=G{r}))" if r > _FIRST else ""
            rank = f"SUMPRODUCT(--(G${_FIRST}:G${last}>G{r})){before}+1"
            sheet.add(
                sheet.text(item.label),
                sheet.text(part),
                sheet.formula(f"={weight}"),
                sheet.number(share),
                sheet.formula(f"=IF(({total})=0,0,100*C{r}*D{r}/({total}))"),
                sheet.formula(f"=INT(E{r}+0.000000001)"),
                sheet.formula(f"=ROUND(E{r}-F{r},9)"),
                sheet.formula(
                    f"=F{r}+IF(AND(({total})>0,{rank}<=100-SUM(F${_FIRST}:F${last})),1,0)", "strong"
                ),
            )
    sheet.gap()
    sheet.add(sheet.text("What an answer is worth", "strong"))
    sheet.add(*(sheet.text(h, "head") for h in ("Item", "Answer", "Part", "Points")))
    row = first_answer
    for j, item in enumerate(items):
        add, take = f"H${_FIRST + 2 * j}", f"H${_FIRST + 2 * j + 1}"
        own = row
        for name, part in item.answers:
            sheet.add(
                sheet.text(item.label),
                sheet.text(name),
                sheet.number(part),
                sheet.formula(f"=ROUND({add if part >= 0 else take}*C{row},0)", "strong"),
            )
            row += 1
        for name, first, last_answer, shares in item.across:
            parts = "+".join(
                f"{share!r}*D{own + first + k}"
                for k, share in zip(range(last_answer - first + 1), shares, strict=True)
            )
            sheet.add(
                sheet.text(item.label), sheet.text(name), None, sheet.formula(f"=ROUND({parts},0)", "strong")
            )
            row += 1
