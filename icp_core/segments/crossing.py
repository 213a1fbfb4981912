"""Customers by group, or by pair of groups: counts and typical value of any segment's part of each."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from icp_core.segments.groupings import Grouping
from icp_core.segments.narrow import Chosen, Narrow

_KEPT = 8  # prepared crossings per facts; each takes about ten bytes per customer
# Below this share of the customers it is cheaper to sort the few than to look through all.
_FEW = 1 / 6


class Crossing:
    """All customers by code (0 … ``size`` − 1), prepared once, so that a segment costs a look-up.

    ``people`` gives the customer of each code where one customer may have several (multi-select), else None.
    """

    def __init__(self, table: Narrow, codes: np.ndarray, people: np.ndarray | None, size: int):
        self.table, self.people, self.size = table, people, size
        self.codes = codes.astype(np.uint8 if size <= 256 else np.uint16)
        self.totals = np.bincount(self.codes, minlength=size)
        self._order: np.ndarray | None = None

    def counts(self, chosen: Chosen) -> np.ndarray:
        """Chosen customers per code."""
        if self.people is None:
            return chosen.counts(self.codes, self.totals)
        return np.bincount(self.codes[chosen.inside[self.people]], minlength=self.size)

    def typical(self, chosen: Chosen) -> np.ndarray:
        """Median value of the chosen customers per code; NaN where nobody's value is known.

        Rows are stored by value, so in any list of one code's rows the middle one is its median.
        """
        if self.people is None and chosen.n < _FEW * self.table.n:
            rows = chosen.rows[: np.searchsorted(chosen.rows, self.table.n_valued)]
            codes = self.codes[rows]
            rows = rows[np.argsort(codes, kind="stable")]
            edges = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=self.size))])
        else:
            self._prepare()
            hits = np.flatnonzero(chosen.inside.take(self._order))
            edges = np.searchsorted(hits, self._bounds)
            rows = self._order[hits]
        counts = np.diff(edges)
        filled = counts > 0
        starts, counts = edges[:-1][filled], counts[filled]
        result = np.full(self.size, np.nan)
        value = self.table.value
        result[filled] = (value[rows[starts + (counts - 1) // 2]] + value[rows[starts + counts // 2]]) / 2
        return result

    def _prepare(self) -> None:
        if self._order is None:
            people = np.arange(self.table.n) if self.people is None else self.people
            valued = people < self.table.n_valued
            codes = self.codes[valued]
            # Positions in the machine's own size are looked up twice as fast as small ones.
            self._order = people[valued][np.argsort(codes, kind="stable")].astype(np.intp)
            self._bounds = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=self.size))])


def crossing(table: Narrow, first: Grouping, second: Grouping | None = None) -> Crossing:
    """Customers by the groups of one attribute, or by the pairs of two (first × second, row by row).

    At most one of the two may be a multi-select.
    """
    kept: OrderedDict = table.keep(("crossings",), OrderedDict)
    key = (first.attribute, len(first), second and (second.attribute, len(second)))
    if key not in kept:
        kept[key] = _crossing(table, first, second)
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return kept[key]


def _crossing(table: Narrow, first: Grouping, second: Grouping | None) -> Crossing:
    if second is None:
        return Crossing(table, first.codes, first.rows, len(first) + 1)
    people = first.rows if first.rows is not None else second.rows
    a, b = (g.codes if g.rows is not None or people is None else g.codes[people] for g in (first, second))
    width = len(second) + 1
    return Crossing(table, a.astype(np.uint16) * width + b, people, (len(first) + 1) * width)
