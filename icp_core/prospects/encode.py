"""From what is known about prospects to the level each item gives them, and from levels to points.

Encoding is done once per list; a change of weights only looks the points up again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from icp_core.prospects.answers import (
    UNKNOWN,
    YES,
    Answer,
    Members,
    Spans,
    Texts,
    all_true,
    text_key,
    truth,
    value_key,
)
from icp_core.prospects.model import Item, Scorecard, whole_points
from icp_core.segments.conditions import Condition


@dataclass(frozen=True, eq=False)
class Column:
    """Codes of one item: a level, then ``n`` = not known, ``n`` + 1 = new to us, then ranges across levels.

    ``across`` holds for each such range the first and last level it touches, the share of customers in each, and its two ends.
    """

    codes: np.ndarray
    n_levels: int
    across: tuple[tuple[int, int, tuple[float, ...], tuple[float, float]], ...] = ()

    @property
    def known(self) -> np.ndarray:
        """True where the answer is settled, also when it is one no customer has given."""
        return (self.codes < self.n_levels) | (self.codes == self.n_levels + 1)

    def tables(self, item: Item) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Points, fewest and most possible points by code."""
        own = [level.points for level in item.levels]
        points, low, high = [*own, 0, 0], [*own, item.low, 0], [*own, item.high, 0]
        for first, last, shares, _ in self.across:
            reach = own[first : last + 1]
            points.append(whole_points(sum(p * s for p, s in zip(reach, shares, strict=True))))
            low.append(min(reach))
            high.append(max(reach))
        return np.array(points), np.array(low), np.array(high)


@dataclass(frozen=True, eq=False)
class Encoded:
    """A list of prospects as codes per item of one scorecard (by the item's key)."""

    n: int
    columns: Mapping[str, Column]


@dataclass(frozen=True, eq=False)
class Scores:
    """Per prospect the score and the lowest and highest it can become; ``parts`` are the points per item."""

    points: np.ndarray
    low: np.ndarray
    high: np.ndarray
    parts: np.ndarray  # prospects × items of ``keys``
    open_points: np.ndarray  # prospects × items: how far the missing answer can move the score
    keys: tuple[str, ...]


def encode(items: list[Item], answers: Mapping[str, Answer], n: int) -> Encoded:
    """Codes of every item for ``n`` prospects."""
    return Encoded(n, {item.key: _column(item, answers, n) for item in items})


def _column(item: Item, answers: Mapping[str, Answer], n: int) -> Column:
    size = len(item.levels)
    codes = np.full(n, size, dtype=np.int32)
    if item.kind == "conditions":
        conditions = [Condition.from_dict(c) for c in item.conditions]
        held = all_true([truth(c, answers, n) for c in conditions], n)
        codes[held != UNKNOWN] = held[held != UNKNOWN]
        return Column(codes, size)
    found = answers.get(item.attribute)
    if item.kind == "member" and isinstance(found, Members):
        has = found.has.get(text_key(item.member), np.zeros(n, dtype=bool))
        codes[found.known] = np.where(has[found.known], YES, 0)
    elif item.kind == "levels" and isinstance(found, Texts):
        place: dict[str, int] = {}
        for i, level in enumerate(item.levels):
            place.setdefault(value_key(item.attribute, level.name), i)
        table = np.array(
            [place.get(value_key(item.attribute, name), size + 1) for name in found.names] + [size],
            dtype=np.int32,
        )
        codes = table[found.codes]
    elif item.kind == "spans" and isinstance(found, Spans):
        return _span_column(item, found, codes)
    return Column(codes, size)


def _span_column(item: Item, found: Spans, codes: np.ndarray) -> Column:
    size = len(item.levels)
    edges = np.array([cut.edge for cut in item.cuts])
    known = found.known
    first = np.searchsorted(edges, found.low[known], side="right")
    last = np.searchsorted(edges, found.high[known], side="right")
    filled = np.where(first == last, first, -1).astype(np.int32)
    across: list[tuple[int, int, tuple[float, ...], tuple[float, float]]] = []
    split = np.flatnonzero(first != last)
    if len(split):
        spans = np.stack([found.low[known][split], found.high[known][split]], axis=1)
        unique, which = np.unique(spans, axis=0, return_inverse=True)
        filled[split] = size + 2 + which.ravel()
        for low, high in unique:
            a, b = (int(np.searchsorted(edges, end, side="right")) for end in (low, high))
            across.append((a, b, _shares(item, edges, low, high, a, b), (float(low), float(high))))
    codes[known] = filled
    return Column(codes, size, tuple(across))


def _shares(
    item: Item, edges: np.ndarray, low: float, high: float, first: int, last: int
) -> tuple[float, ...]:
    """In which levels the customers of this range are, as shares; even where there are none."""
    inside = [v for v in item.spread if low <= v <= high]
    if not inside:
        return (1 / (last - first + 1),) * (last - first + 1)
    counts = np.bincount(np.searchsorted(edges, inside, side="right") - first, minlength=last - first + 1)
    return tuple((counts / counts.sum()).tolist())


def score(card: Scorecard, encoded: Encoded) -> Scores:
    """Scores from 0 to 100; for every prospect base + points of its items = score, to the unit."""
    items = card.used
    parts = np.zeros((encoded.n, len(items)), dtype=np.int16)
    spans = np.zeros((encoded.n, len(items)), dtype=np.int16)
    low = np.full(encoded.n, card.base, dtype=np.int32)
    high = np.full(encoded.n, card.base, dtype=np.int32)
    for j, item in enumerate(items):
        column = encoded.columns[item.key]
        points, least, most = column.tables(item)
        parts[:, j] = points[column.codes]
        spans[:, j] = (most - least)[column.codes]
        low += least[column.codes]
        high += most[column.codes]
    points = card.base + parts.sum(axis=1, dtype=np.int32)
    return Scores(points, low, high, parts, spans, tuple(item.key for item in items))
