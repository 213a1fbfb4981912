"""The customers as columns of small numbers, stored by value: what makes a filter answer at once.

Everything here is in one row order: lifetime value from high to low, unknown values last. So the typical
(median) value of any group is the middle one of its rows, exact and without sorting. A condition is judged
once per distinct value of its attribute, by the same operator table that writes SQL, and then looked up by
code. Other medians come from counts per block of ranks, in which the rest is the total minus the segment.
Measured beside DuckDB statements in ``benchmarks/live.py``.
"""

from __future__ import annotations

import math
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from icp_core.errors import UnknownColumnError
from icp_core.facts.catalogue import Attribute, Facts
from icp_core.gather.records import BETWEEN
from icp_core.segments.conditions import Condition, Segment

# Measures that can stand for what a customer is worth, best first.
VALUE_MEASURES = ("ltv", "revenue", "total_revenue", "mrr", "arr", "won_amount")

# What is added up for a segment and the rest.
_SUMMED = (
    *VALUE_MEASURES, "value_per_month", "sales_cycle_days", "cac", "aov", "orders",
    "deals", "deals_won", "deals_lost", "deals_open",
)  # fmt: skip
_BLOCKS = 1024  # blocks of ranks per measure: few enough to count fast, small enough to search
_WORTH_THREADS = 500_000  # values to rank
_KEPT_MASKS = 256  # one byte per customer each
_KEPT_CHOSEN = 24  # the same
_COUNTING = 8  # so many of them may still be counted
_FEW = 1 / 16  # of all customers: so few are counted as fast as found to be near
_FINEST = 900  # bits behind the point
_BITS = 62  # of the sum of a column
_CHUNK = 8192  # customers whose columns are added up at once: they fit the processor's cache

_COMPARE: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "at_least": np.greater_equal,
    "at_most": np.less_equal,
    "more_than": np.greater,
    "less_than": np.less,
}
# One thread keeps the order of the rows, so verdict i belongs to level i.
_VERDICTS = """
SELECT coalesce({clause}, FALSE) AS inside
FROM levels
"""


@dataclass(frozen=True, eq=False)
class Coded:
    """A column as small whole numbers: 0 = not known, ``i`` = ``values[i - 1]``."""

    codes: np.ndarray
    values: tuple  # distinct values: text, or tuples of text for multi-selects
    n_levels: int


class Ranked:
    """A measure prepared for exact order statistics of any subset of customers.

    ``order`` are the rows with a known value, from small to large; ``block`` gives each row's block of
    ranks (the last block holds the unknown ones).
    """

    def __init__(self, values: np.ndarray):
        known = np.flatnonzero(np.isfinite(values))
        order = known[rising(values[known])]
        self.values = values[order]
        self.n = len(order)
        self.width = max(1, -(-self.n // _BLOCKS))
        self.n_blocks = -(-self.n // self.width) if self.n else 0
        self.block = np.full(len(values), self.n_blocks, dtype=np.uint16)
        self.block[order] = np.repeat(np.arange(self.n_blocks, dtype=np.uint16), self.width)[: self.n]
        self.totals = np.bincount(self.block, minlength=self.n_blocks + 1)
        self.block_ranks, self.ties = self._ranks()
        self.order = order.astype(np.int32)

    def _ranks(self) -> tuple[np.ndarray, float]:
        """Middle rank of each block (ranks from 1, equal values share theirs), and Σ(t³ − t) of ties."""
        if not self.n:
            return np.zeros(0), 0.0
        first = np.flatnonzero(np.concatenate([[True], self.values[1:] > self.values[:-1]]))
        size = np.diff(np.concatenate([first, [self.n]]))
        ranks = np.repeat(first + (size + 1) / 2, size)
        starts = np.arange(0, self.n, self.width)
        within = np.diff(np.concatenate([starts, [self.n]]))
        return np.add.reduceat(ranks, starts) / within, float((size.astype(float) ** 3 - size).sum())

    def shift(self, counts: np.ndarray) -> float:
        """Standard errors by which the customers with these counts per block lie above the others.

        Mann & Whitney (1947), normal approximation with ties; NaN when one side is empty. Up to 1,024 customers it
        is exact; of more, every customer of a block counts with the middle rank of the block, a thousandth of
        all ranks wide, which moves the result by a thousandth of a standard error.
        """
        counts = counts[: self.n_blocks]
        n = int(counts.sum())
        others = self.n - n
        if n == 0 or others == 0:
            return math.nan
        total, rank_sum = self.n, float(counts @ self.block_ranks)
        spread = n * others / 12 * (total + 1 - self.ties / (total * (total - 1)))
        gap = rank_sum - n * (total + 1) / 2
        return gap / math.sqrt(spread) if spread > 0 else 0.0

    def at(self, rank: int, counts: np.ndarray, inside: np.ndarray) -> float:
        """The value of this ``rank`` (from 0) among the customers where ``inside``."""
        ends = np.cumsum(counts)
        block = int(np.searchsorted(ends, rank, side="right"))
        first = block * self.width
        members = inside[self.order[first : first + self.width]]
        before = int(ends[block]) - int(counts[block])
        return float(self.values[first + np.flatnonzero(members)[rank - before]])


class Sums:
    """Columns to add up; blanks count as nothing.

    A customer's values lie side by side, as whole numbers so fine that all of a column together still fit
    64 bits: they add up to the same in any order, to thirteen digits of the total.
    """

    def __init__(self, columns: dict[str, np.ndarray], n: int):
        self.place = {name: i for i, name in enumerate(columns)}
        self.units = np.array([_unit(numbers) for numbers in columns.values()])
        self.values = np.empty((n, len(columns)), dtype=np.int64)
        # Some rows at a time: whole columns written side by side would pass through memory again and again.
        for start in range(0, n, _CHUNK):
            rows = slice(start, start + _CHUNK)
            for i, numbers in enumerate(columns.values()):
                part = np.rint(numbers[rows] * self.units[i])
                self.values[rows, i] = np.where(np.isfinite(part), part, 0)
        self.totals = self.values.sum(axis=0)


def _unit(numbers: np.ndarray) -> float:
    """The finest power of two in which the sizes of all numbers together are a whole number of 62 bits."""
    total = largest = 0.0
    for start in range(0, len(numbers), _CHUNK):
        sizes = np.abs(numbers[start : start + _CHUNK])
        sizes = sizes[np.isfinite(sizes)]
        with np.errstate(over="ignore"):
            total += float(sizes.sum())
        largest = max(largest, float(sizes.max(initial=0)))
    if math.isfinite(total):
        bits = math.log2(total) if total else 0.0
    else:
        bits = math.log2(largest) + math.log2(len(numbers))
    return 2.0 ** min(math.floor(_BITS - bits), _FINEST)


class Chosen:
    """Some customers of a narrow table: ``inside`` (True = chosen) and ``n``, how many.

    Counts and sums are taken over the smaller side; the other one is the total minus it. Where the customers
    ``near`` were counted before, only those that came and went since are counted: a filter moves by little.
    """

    def __init__(self, inside: np.ndarray, near: Chosen | None = None):
        self.inside = inside
        self.n = int(np.count_nonzero(inside))
        self._is_larger = 2 * self.n > len(inside)
        self._counts: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._sums: np.ndarray | None = None
        self._since: _Since | None = None
        if near is not None and min(self.n, len(inside) - self.n) > _FEW * len(inside):
            self._since = _Since(near, inside)

    @cached_property
    def rows(self) -> np.ndarray:
        """Positions of the chosen customers."""
        return np.flatnonzero(self.inside)

    @cached_property
    def outside(self) -> np.ndarray:
        """True for all others."""
        return ~self.inside

    @cached_property
    def _smaller(self) -> np.ndarray:
        return np.flatnonzero(self.outside) if self._is_larger else self.rows

    def counts(self, codes: np.ndarray, totals: np.ndarray) -> np.ndarray:
        """Chosen customers per code; ``totals`` are the counts over all customers."""
        held = self._counts.get(id(codes))
        if held is None:
            # The codes are held with their counts, so that their id stays their own.
            held = self._counts[id(codes)] = codes, self._count(codes, totals)
        return held[1]

    def _count(self, codes: np.ndarray, totals: np.ndarray) -> np.ndarray:
        since, size = self._since, len(totals)
        if since is not None and id(codes) in since.counts and len(since) < len(self._smaller):
            came, gone = (np.bincount(codes[rows], minlength=size) for rows in (since.came, since.gone))
            return since.counts[id(codes)][1] + came - gone
        found = np.bincount(codes[self._smaller], minlength=size)
        return totals - found if self._is_larger else found

    def sums(self, columns: Sums) -> np.ndarray:
        """Sum of each column over the chosen customers, in its units."""
        if self._sums is None:
            since = self._since
            if since is not None and since.sums is not None and len(since) < len(self._smaller):
                self._sums = since.sums + _sum_up(columns, since.came) - _sum_up(columns, since.gone)
            else:
                found = _sum_up(columns, self._smaller)
                self._sums = columns.totals - found if self._is_larger else found
        return self._sums

    def settle(self) -> None:
        """Let go of what only counting needs; the counts stay for those that come near."""
        self._since = None
        for name in ("rows", "outside", "_smaller"):
            self.__dict__.pop(name, None)


class _Since:
    """Who came and who went between customers counted before and those chosen now."""

    def __init__(self, near: Chosen, inside: np.ndarray):
        self.counts, self.sums = near._counts, near._sums
        moved = np.flatnonzero(near.inside != inside)
        now = inside[moved]
        self.came, self.gone = moved[now], moved[~now]

    def __len__(self) -> int:
        return len(self.came) + len(self.gone)


def _sum_up(columns: Sums, rows: np.ndarray) -> np.ndarray:
    found = np.zeros(len(columns.totals), dtype=np.int64)
    for start in range(0, len(rows), _CHUNK):
        found += columns.values.take(rows[start : start + _CHUNK], axis=0).sum(axis=0)
    return found


class Narrow:
    """The customers of one facts table in columns of numbers; see the module's text."""

    def __init__(self, facts: Facts):
        self.facts = facts
        self.n = len(facts)
        self.value_name = next((name for name in VALUE_MEASURES if facts.has(name)), None)
        raw = self._raw_numbers(self.value_name) if self.value_name else np.full(self.n, np.nan)
        known, unknown = np.flatnonzero(np.isfinite(raw)), np.flatnonzero(~np.isfinite(raw))
        # The negated values put the largest first.
        self.order = np.concatenate([known[rising(-raw[known])], unknown])
        self.value = raw[self.order]
        self.n_valued = len(known)
        self._kept: dict[tuple, object] = {}
        self._masks: OrderedDict[Condition, np.ndarray] = OrderedDict()
        self._chosen: OrderedDict[frozenset[Condition], Chosen] = OrderedDict()
        self._lock = Lock()

    # -- columns -----------------------------------------------------------------------------------

    def numbers(self, name: str) -> np.ndarray:
        """A number, yes/no (1/0) or date (days since 1970) column; NaN = not known."""
        return self._once(("numbers", name), lambda: self._raw_numbers(name)[self.order])

    def coded(self, name: str) -> Coded:
        """A column of text, yes/no or multi-select as codes; levels in the order of the catalogue."""
        return self._once(("coded", name), lambda: self._coded(name))

    def ranked(self, name: str) -> Ranked:
        return self._once(("ranked", name), lambda: Ranked(self.numbers(name)))

    def taken(self, name: str, rows: np.ndarray) -> pa.Array:
        """These rows (positions in the facts) of a column."""
        whole = self._once(("whole", name), lambda: _in_one_piece(self.facts.frame[name]))
        if whole is not None:
            return whole.take(pa.array(rows))
        return pa.array(self.facts.frame[name].array.take(rows), from_pandas=True)

    def summed(self, chosen: Chosen, name: str) -> tuple[float, float]:
        """Sum of a column over the chosen customers and over the rest; blanks count as nothing."""
        columns = self._once(("sums",), self._columns_to_sum)
        place = columns.place[name]
        mine, unit = int(chosen.sums(columns)[place]), columns.units[place]
        return mine / unit, (int(columns.totals[place]) - mine) / unit

    def _columns_to_sum(self) -> Sums:
        return Sums({name: self.numbers(name) for name in _SUMMED if self.has(name)}, self.n)

    def rank_all(self, names: Iterable[str]) -> None:
        """Rank several measures at once, one per processor; sorting lets other threads work."""
        missing = [name for name in names if ("ranked", name) not in self._kept]
        if self.n * len(missing) < _WORTH_THREADS:
            return
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(self.ranked, missing))

    def has(self, name: str) -> bool:
        """True when at least one customer has a value."""
        return self._once(("has", name), lambda: self.facts.has(name))

    def about(self, name: str) -> Attribute:
        try:
            return self.facts.catalogue[name]
        except KeyError:
            raise UnknownColumnError(name, self.facts.catalogue) from None

    def keep(self, key: tuple, make: Callable[[], object]):
        """Something made from all customers, made once."""
        return self._once(key, make)

    def _once(self, key: tuple, make: Callable[[], object]):
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def _raw_numbers(self, name: str) -> np.ndarray:
        about, column = self.about(name), self.facts.frame[name]
        if about.kind == "date":
            days = pd.to_datetime(column).to_numpy().astype("datetime64[D]")
            return np.where(np.isnat(days), np.nan, days.astype("int64"))
        if about.kind == "yes_no":
            return column.astype("boolean").to_numpy(dtype="float64", na_value=np.nan)
        return column.to_numpy(dtype="float64", na_value=np.nan)

    def _coded(self, name: str) -> Coded:
        about, column = self.about(name), self.facts.frame[name]
        if about.kind == "yes_no":
            numbers = self.numbers(name)
            codes = np.where(np.isnan(numbers), 0, 2 - np.nan_to_num(numbers)).astype(np.uint8)
            return Coded(codes, (True, False), 2)
        if about.kind == "multi":
            found, distinct = _distinct_lists(column)
            return Coded(_small(found + 1, len(distinct))[self.order], distinct, len(distinct))
        found, distinct = pd.factorize(column)
        distinct = [str(v) for v in distinct]
        place = {level: i for i, level in enumerate(about.levels)}
        ranks = sorted(range(len(distinct)), key=lambda i: (place.get(distinct[i], len(place)), distinct[i]))
        lookup = np.zeros(len(distinct) + 1, dtype=np.int64)
        lookup[np.asarray(ranks, dtype=np.int64)] = np.arange(1, len(distinct) + 1)
        # factorize marks the unknown with -1, which is the last place of the lookup: code 0.
        return Coded(
            _small(lookup[found], len(distinct))[self.order],
            tuple(distinct[i] for i in ranks),
            len(distinct),
        )

    # -- membership --------------------------------------------------------------------------------

    def mask(self, condition: Condition) -> np.ndarray:
        """True where the condition holds, in this order of rows."""
        with self._lock:
            if condition in self._masks:
                self._masks.move_to_end(condition)
                return self._masks[condition]
        found = self._judge(condition)
        with self._lock:
            self._masks[condition] = found
            while len(self._masks) > _KEPT_MASKS:
                self._masks.popitem(last=False)
        return found

    def inside(self, segment: Segment) -> np.ndarray:
        """True where every condition holds, in this order of rows."""
        masks = [self.mask(c) for c in segment.conditions]
        if not masks:
            return np.ones(self.n, dtype=bool)
        inside = masks[0]
        for mask in masks[1:]:
            inside = inside & mask
        return inside

    def chosen(self, segment: Segment) -> Chosen:
        """The customers of a segment, counted from those last looked at that differ in one attribute only."""
        key = frozenset(segment.conditions)
        with self._lock:
            if key in self._chosen:
                self._chosen.move_to_end(key)
                return self._chosen[key]
            near = self._near(key)
        found = Chosen(self.inside(segment), near)
        with self._lock:
            for held in list(self._chosen.values())[:-_COUNTING]:
                held.settle()
            self._chosen[key] = found
            while len(self._chosen) > _KEPT_CHOSEN:
                self._chosen.popitem(last=False)
        return found

    def _near(self, conditions: frozenset[Condition]) -> Chosen | None:
        """The customers last looked at that differ in one attribute: best in its value, else by having it or not."""
        attributes = {condition.attribute for condition in conditions}
        found = None
        for key in reversed(self._chosen):
            if len({condition.attribute for condition in key ^ conditions}) == 1:
                if {condition.attribute for condition in key} == attributes:
                    return self._chosen[key]
                found = found or self._chosen[key]
        return found

    def _judge(self, condition: Condition) -> np.ndarray:
        about = self.about(condition.attribute)
        if about.kind in ("number", "date"):
            return self._judge_numbers(condition)
        coded = self.coded(condition.attribute)
        verdicts = np.concatenate(
            [[condition.operator == "is_missing"], self._judge_levels(condition, coded)]
        )
        return verdicts[coded.codes]

    def _judge_numbers(self, condition: Condition) -> np.ndarray:
        numbers = self.numbers(condition.attribute)
        if condition.operator == "is_missing":
            return np.isnan(numbers)
        if condition.operator == "is_known":
            return ~np.isnan(numbers)
        if condition.operator == "between":
            low, high = (point(v) for v in condition.value)
            return (numbers >= low) & (numbers <= high)
        if condition.operator in _COMPARE:
            return _COMPARE[condition.operator](numbers, point(condition.value))
        return self._judge_by_sql(condition, numbers)

    def _judge_by_sql(self, condition: Condition, numbers: np.ndarray) -> np.ndarray:
        """A comparison of numbers that is not in the table above: by the engine, on every row."""
        return self._verdicts(condition, pa.array(numbers, from_pandas=True))

    def _judge_levels(self, condition: Condition, coded: Coded) -> np.ndarray:
        kind = self.about(condition.attribute).kind
        arrow = {"multi": pa.list_(pa.string()), "yes_no": pa.bool_()}.get(kind, pa.string())
        values = [list(v) for v in coded.values] if kind == "multi" else list(coded.values)
        return self._verdicts(condition, pa.array(values, type=arrow))

    def _verdicts(self, condition: Condition, values: pa.Array) -> np.ndarray:
        if not len(values):
            return np.zeros(0, dtype=bool)
        clause, params = condition.sql([condition.attribute], "p")
        levels = pa.table([values], names=[condition.attribute])
        con: duckdb.DuckDBPyConnection = self._once(("con",), _quiet_connection)
        with self._lock:
            cursor = con.cursor()
            cursor.register("levels", levels)
            found = cursor.execute(_VERDICTS.format(clause=clause), params).fetchnumpy()["inside"]
            cursor.unregister("levels")
        return np.asarray(found, dtype=bool)


def _in_one_piece(column: pd.Series) -> pa.Array | None:
    """Words of many rows as one array: rows are taken from many pieces a hundred times slower. None for other kinds."""
    if not isinstance(column.dtype, pd.StringDtype):
        return None
    words = pa.array(column.array)
    return words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words


def rising(values: np.ndarray) -> np.ndarray:
    """Positions of the values, none of them unknown, from small to large; equal ones in their order.

    The same as a stable sort; whole numbers and amounts with two decimals by sixteen bits at a time, which
    takes a third of the time.

    >>> rising(np.array([2.5, -1.0, 2.5])).tolist()
    [1, 0, 2]
    """
    with np.errstate(over="ignore"):
        whole = np.round(values * 100)
    low = whole.min(initial=0)
    # Only where nothing is lost do the whole numbers stand in the order of the values.
    if not whole.max(initial=0) < low + 2**32 or not np.array_equal(whole / 100, values):
        return np.argsort(values, kind="stable")
    halves = (whole - low).astype("<u4").view("<u2").reshape(-1, 2)
    order = np.argsort(halves[:, 0], kind="stable")
    return order[np.argsort(halves[order, 1], kind="stable")]


def _distinct_lists(column: pd.Series) -> tuple[np.ndarray, tuple]:
    """Multi-selects as codes (-1 = not known) and the distinct selections, in the order they first occur."""
    # Rows of a workspace share their list objects, so few are left to look into.
    objects = column.to_numpy(dtype=object)
    same, _ = pd.factorize(np.fromiter(map(id, objects), dtype=np.int64, count=len(objects)))
    firsts = np.zeros(int(same.max(initial=-1)) + 1, dtype=np.int64)
    firsts[same[::-1]] = np.arange(len(objects))[::-1]
    lists = pa.array(objects[firsts], type=pa.list_(pa.string()), from_pandas=True)
    joined = pc.binary_join(lists, BETWEEN).dictionary_encode()
    found = joined.indices.fill_null(-1).to_numpy().astype(np.int64)
    first = np.zeros(len(joined.dictionary), dtype=np.int64)
    known = np.flatnonzero(found >= 0)[::-1]
    first[found[known]] = known
    return found[same], tuple(tuple(lists[int(i)].as_py()) for i in first)


def narrow(facts: Facts) -> Narrow:
    """The narrow columns of these facts, made once per facts object."""
    if "narrow" not in facts._memory:
        facts._memory["narrow"] = Narrow(facts)
    return facts._memory["narrow"]


def _quiet_connection() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("SET enable_external_access = false")
    con.execute("SET python_enable_replacements = false")
    con.execute("SET threads = 1")
    con.execute("SET lock_configuration = true")
    return con


def point(value: float | str) -> float:
    """A bound of a condition as a number: itself, or the days of an ISO date."""
    if isinstance(value, str):
        return float(np.datetime64(value, "D").astype("int64"))
    return float(value)


def _small(codes: np.ndarray, n_levels: int) -> np.ndarray:
    """Codes in the smallest whole numbers that hold them."""
    return codes.astype(np.uint8 if n_levels < 255 else np.uint16 if n_levels < 65_535 else np.int32)
