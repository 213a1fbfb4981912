"""The scorecard as data: items with points that add up to the score. It survives a round trip through JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from icp_core.errors import IcpError
from icp_core.prospects.answers import canonical

SCHEMA = "icp-scorecard/1"
# The score of the best and of the worst prospect there can be.
BEST = 100


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Level(_Part):
    """One answer an item knows: how many customers gave it, how many of them are good, what it is worth.

    ``woe`` is its shrunken weight of evidence against the average customer; ``points`` its part of the score.
    """

    name: str
    n: int = 0
    good: int = 0
    woe: float = 0.0
    points: int = 0


class Cut(_Part):
    """Where one range of numbers ends and the next begins: at ``value``, or just ``after`` it."""

    value: float
    after: bool = False

    @property
    def edge(self) -> float:
        return float(np.nextafter(self.value, np.inf)) if self.after else self.value


class Item(_Part):
    """One line of the scorecard: an attribute, one member of a multi-select, or conditions that hold together.

    ``weight`` is how many of the 100 points the item decides. ``levels`` are in order; of ``member`` and
    ``conditions`` there are two: not met, met.
    """

    key: str
    attribute: str
    label: str
    kind: Literal["levels", "spans", "member", "conditions"]
    source: str = "category"  # kind of the attribute among the customers
    cuts: list[Cut] = Field(default_factory=list)
    spread: list[float] = Field(default_factory=list)  # customers' values at even shares, for ranges
    member: str = ""
    conditions: list[dict[str, Any]] = Field(default_factory=list)
    levels: list[Level] = Field(default_factory=list)
    weight: float = 0.0
    hand_set: bool = False
    is_criterion: bool = False

    @property
    def low(self) -> int:
        """Fewest points the item can give; not known gives 0."""
        return min(0, *(level.points for level in self.levels))

    @property
    def high(self) -> int:
        return max(0, *(level.points for level in self.levels))

    @property
    def best(self) -> Level:
        return max(self.levels, key=lambda level: level.points)


class Tier(_Part):
    """One of A, B, C, D among the customers themselves, scored as if they were not known.

    ``rate`` is the share of good ones with its likely range, ``times`` that share beside the average
    customer's; ``alike`` names tiers that do not differ from it and share its figures.
    """

    name: str
    least: int
    n: int = 0
    good: int = 0
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    times: float | None = None
    alike: list[str] = Field(default_factory=list)


class Checks(_Part):
    """How well the points told good customers from others on customers they had not seen."""

    auc: float | None = None
    auc_low: float | None = None
    auc_high: float | None = None
    by_chance: float = 0.5
    lift_top: float | None = None  # good ones among the best fifth beside the average
    slope: float | None = None  # 1 = chances as foretold; below 1 = too bold
    tenths: list[dict[str, float]] = Field(default_factory=list)  # share, expected, seen, n; best first
    worst_tenth: int | None = None  # position in tenths of the largest gap between foretold and seen
    by_group: list[dict[str, Any]] = Field(default_factory=list)  # group, n, auc
    by_score: list[tuple[int, int]] = Field(default_factory=list)  # per held-out score 0–100: n, good
    folds: int = 0
    repeats: int = 0

    @property
    def is_luck(self) -> bool:
        """True when the points may tell good customers from others no better than a coin."""
        return self.auc_low is None or self.auc_low <= self.by_chance


class Refusal(_Part):
    """A disqualifier: who meets all its conditions is refused, with the reason."""

    conditions: list[dict[str, Any]]
    words: str
    why: str = ""


class About(_Part):
    """What an attribute is called and holds, for lists scored without the customers at hand."""

    label: str
    kind: str
    known: list[str] = Field(default_factory=list)  # values seen among the customers, frequent first
    low: float | None = None
    high: float | None = None


class Scorecard(_Part):
    """Points per answer that add up to a score from 0 to 100, where 100 is the best prospect there can be.

    ``base`` is the score of somebody of whom nothing is known; the answers add to it or take from it.
    ``source``: the points come from the customers' outcomes, or from the ICP's criteria where there are too
    few of them. ``verdict``: usable, hint, or no score.
    """

    schema_id: str = Field(default=SCHEMA, alias="schema")
    source: Literal["outcomes", "criteria"] = "criteria"
    target: str = "good"
    target_label: str = ""
    n: int = 0
    n_good: int = 0
    base: int = 0
    items: list[Item] = Field(default_factory=list)
    criteria: list[dict[str, Any]] = Field(default_factory=list)
    refusals: list[Refusal] = Field(default_factory=list)
    about: dict[str, About] = Field(default_factory=dict)
    thresholds: dict[str, int] = Field(default_factory=lambda: {"A": 75, "B": 50, "C": 25})
    mql: str = "C"  # the lowest tier marketing hands on
    sql: str = "B"  # the lowest tier sales calls
    tiers: list[Tier] = Field(default_factory=list)
    checks: Checks = Field(default_factory=Checks)
    verdict: Literal["usable", "hint", "no score"] = "no score"
    message: str = ""
    left_out: list[tuple[str, str]] = Field(default_factory=list)
    points_to_double: float | None = None

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    @property
    def used(self) -> list[Item]:
        """The items that decide something, weightiest first."""
        return sorted((i for i in self.items if i.weight > 0), key=lambda i: -i.weight)

    @property
    def attributes(self) -> list[str]:
        """Attributes a prospect is asked about, weightiest first."""
        names = [i.attribute for i in self.used if i.kind != "conditions"]
        for item in self.used:
            if item.kind == "conditions":
                names += [a for a in asked_in(item.conditions) if a not in names]
        return list(dict.fromkeys(names))

    def label(self, attribute: str) -> str:
        found = self.about.get(attribute)
        return found.label if found else attribute.replace("_", " ").capitalize()

    def with_weights(self, weights: Mapping[str, float], by_hand: Collection[str] | None = None) -> Scorecard:
        """The scorecard with some weights set; the others keep their proportion, 100 stays the best.

        ``by_hand`` are the keys to mark as set by hand (all of ``weights`` by default).
        """
        marked = set(weights) if by_hand is None else set(by_hand)
        items = [
            item.model_copy(
                update={
                    "weight": max(0.0, float(weights.get(item.key, item.weight))),
                    "hand_set": item.hand_set or item.key in marked,
                }
            )
            for item in self.items
        ]
        return apportioned(self.model_copy(update={"items": items}))

    def to_dict(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Scorecard:
        """Read a scorecard back; one of another shape raises ``IcpError`` with the first fault."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            where = " → ".join(str(part) for part in first["loc"]) or "the scorecard"
            raise IcpError(
                f"The scorecard cannot be read: {where}: {first['msg']}. Build the ICP again."
            ) from error


def asked_in(conditions: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(canonical(c["attribute"]) for c in conditions))


def apportioned(card: Scorecard) -> Scorecard:
    """Give every level whole points so that the best prospect has exactly 100 and the worst exactly 0.

    Each item gets its share of the 100 by weight, split into what it can add and what it can take by its
    levels' evidence (largest remainders); so points are whole numbers and add up to the score for everyone.
    """
    parts: list[float] = []
    for item in card.items:
        up, down = reach(item)
        span = up + down
        parts += [item.weight * up / span, item.weight * down / span] if span > 0 else [0.0, 0.0]
    total = sum(parts)
    if total <= 0:
        return card.model_copy(update={"base": 0})
    whole = _largest_remainders(np.array(parts) * BEST / total, BEST)
    items = []
    for i, item in enumerate(card.items):
        up, down = reach(item)
        top, bottom = int(whole[2 * i]), int(whole[2 * i + 1])
        levels = [
            level.model_copy(update={"points": _points(level.woe, up, down, top, bottom)})
            for level in item.levels
        ]
        items.append(item.model_copy(update={"levels": levels, "weight": item.weight * BEST / total}))
    return card.model_copy(update={"items": items, "base": -sum(item.low for item in items)})


def reach(item: Item) -> tuple[float, float]:
    """How far the evidence of an item's levels speaks for (first) and against (second)."""
    woes = [level.woe for level in item.levels]
    return max(0.0, *woes, 0.0), max(0.0, -min(*woes, 0.0))


def _points(woe: float, up: float, down: float, top: int, bottom: int) -> int:
    return whole_points((top if woe >= 0 else bottom) * level_part(woe, up, down))


def level_part(woe: float, up: float, down: float) -> float:
    """Which part of what its item can add (0 to 1) or take (-1 to 0) a level gets."""
    if woe > 0:
        return woe / up
    return woe / down if woe < 0 else 0.0


def whole_points(points: float) -> int:
    """The nearest whole number, a half away from zero, as spreadsheets round.

    >>> whole_points(2.5), whole_points(-2.5), whole_points(0.4)
    (3, -3, 0)
    """
    # A half that reckoning has moved by a hair is still a half, here and in a spreadsheet.
    return int(np.sign(points) * np.floor(abs(round(points, 9)) + 0.5))


def _largest_remainders(shares: np.ndarray, total: int) -> np.ndarray:
    whole = np.floor(shares + 1e-9)
    missing = int(total - whole.sum())
    order = np.argsort(-np.round(shares - whole, 9), kind="stable")
    whole[order[:missing]] += 1
    return whole
