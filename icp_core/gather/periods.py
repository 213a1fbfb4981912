"""Columns of months, quarters or years, as finance keeps customers: one row each, what came in beside it; ends of contracts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa

from icp_core.gather.candidates import Candidate
from icp_core.gather.evidence import ColumnEvidence
from icp_core.gather.mapping import ColumnMapping
from icp_core.vocabulary import KINDS
from icp_core.vocabulary.dates import month_number
from icp_core.vocabulary.headers import clean_header, header_key

_YEAR = r"(?:19|20)\d{2}"
_BESIDE = r"(?P<words>[^\d]*?)[\s_:/.-]*"
_PATTERNS = tuple(
    re.compile(pattern.replace("YEAR", _YEAR), re.IGNORECASE)
    for pattern in (
        rf"^{_BESIDE}(?P<year>YEAR)[-/. _]?(?P<month>0[1-9]|1[0-2])(?:[-/.]01(?:[ T]00:00(?::00)?)?)?$",
        rf"^{_BESIDE}(?:01[-/.])?(?P<month>0?[1-9]|1[0-2])[-/.](?P<year>YEAR)$",
        r"^(?P<words>(?:[^\W\d_]+[\s_-]+)*?)(?P<name>[^\W\d_]{3,10})\.?[\s_'’-]*(?P<year>YEAR|\d{2})$",
        r"^(?P<year>YEAR)[\s_-]*(?P<name>[^\W\d_]{3,10})\.?(?P<words>)$",
        rf"^{_BESIDE}Q(?P<quarter>[1-4])[\s_/'’-]*(?P<year>YEAR|\d{{2}})$",
        rf"^{_BESIDE}(?P<year>YEAR)[\s_/-]*Q(?P<quarter>[1-4])$",
        rf"^{_BESIDE}(?:FY[\s_-]*)?(?P<year>YEAR)$",
        r"^(?:FY[\s_-]*)?(?P<year>YEAR)[\s_-]*(?P<words>[^\d]*)$",
    )
)
_FEWEST, _FEWEST_NAMED = (
    3,
    2,
)  # two bare years beside each other may be anything; “Revenue 2023”, “Revenue 2024” are not
_MONEY_WORDS = re.compile(
    r"mrr|arr|revenue|sales|spend|turnover|billed|billing|invoiced|paid|income|amount|umsatz|erl[öo]s|ca\b|chiffre|ventas"
    r"|facturaci|faturamento|receita|fatturato|ricavi|omzet|net|total",
    re.IGNORECASE,
)
_EVERYBODY = 0.9
# Of two neighbouring months with money, so many bring the same where customers pay by subscription.
_SAME_AGAIN = 0.6


@dataclass(frozen=True)
class Period:
    """What a heading says: its words beside the period, the first day, and how many months it lasts."""

    words: str
    start: date
    months: int


def period_of(heading: str) -> Period | None:
    """The period that a heading names; None when it names none.

    >>> period_of("Umsatz 2023"), period_of("Jan-24").start, period_of("Q3 2024").months
    (Period(words='Umsatz', start=datetime.date(2023, 1, 1), months=12), datetime.date(2024, 1, 1), 3)
    >>> period_of("2024-07").start, period_of("MRR Okt 24"), period_of("Size 2-10"), period_of("Top 100")
    (datetime.date(2024, 7, 1), Period(words='MRR', start=datetime.date(2024, 10, 1), months=1), None, None)
    """
    text = clean_header(heading)
    for pattern in _PATTERNS:
        found = pattern.match(text)
        if not found:
            continue
        said = found.groupdict()
        year = int(said["year"]) + (2000 if len(said["year"]) == 2 else 0)
        words = said["words"].strip(" _:/.-()")
        if said.get("quarter"):
            return Period(words, date(year, 3 * int(said["quarter"]) - 2, 1), 3)
        if said.get("name"):
            month = month_number(said["name"])
            if month is None:
                continue
            return Period(words, date(year, month, 1), 1)
        if said.get("month"):
            return Period(words, date(year, int(said["month"]), 1), 1)
        return Period(words, date(year, 1, 1), 12)
    return None


def without_ends_of_terms(
    assigned: Mapping[int, Candidate], evidence: Sequence[ColumnEvidence], columns: Sequence[str]
) -> dict[int, Candidate]:
    """The fields found in a customer list, less a bare “End” that nearly every customer has.

    That is the end of the running contract: they have not all left.
    """
    bare = {header_key(word) for word in KINDS["customers"].loose}
    return {
        i: c
        for i, c in assigned.items()
        if c.field != "churned_on"
        or header_key(clean_header(columns[i])) not in bare
        or evidence[i].filled_share <= _EVERYBODY
    }


def with_periods(columns: Sequence[ColumnMapping], kind: str | None) -> tuple[ColumnMapping, ...]:
    """The columns, those of a series of periods put together as the total revenue of each customer.

    The first column of the series stands for all and asks whether they are, unless a column of the table is their
    total already; its option ``periods`` names the columns
    with the first day of each and their length in months. Columns of other tables stay as they are.
    """
    series = _series(columns) if kind == "customers" else []
    if not series:
        return tuple(columns)
    periods = [[column.name, period.start.isoformat(), period.months] for column, period in series]
    given = next((c for c in columns if c.field == "total_revenue" and c.confidence >= 0.9), None)
    (first, _), (last, _) = series[0], series[-1]
    stands_for_all = given or first
    total = {"options": {**stands_for_all.options, "periods": periods}}
    if given is None:
        total |= {
            "field": "total_revenue",
            "type": "money",
            "label": "Total revenue",
            "slug": "total_revenue",
            "confidence": 0.65,
            "reason": f"“{first.name}” to “{last.name}” are {len(series)} periods of the same length, with an amount each.",
            "asks": (
                f"Are “{first.name}” to “{last.name}” what you earned with each customer in these periods?",
            ),
        }
    added = f"It is added up under “{stands_for_all.name}”."
    names = {name for name, _, _ in periods}
    found = []
    for column in columns:
        if column is stands_for_all:
            column = replace(column, **total)
        elif column.name in names:
            column = replace(column, field=None, include=False, reason=added, asks=())
        elif column.field == "total_revenue":
            column = replace(column, field=None, confidence=0.5, asks=())
        found.append(column)
    return tuple(found)


def _series(columns: Sequence[ColumnMapping]) -> list[tuple[ColumnMapping, Period]]:
    """The columns of amounts that are periods one after the other, oldest first; empty when there is no one series."""
    groups: dict[tuple[str, int], list[tuple[ColumnMapping, Period]]] = defaultdict(list)
    for column in columns:
        period = period_of(column.name)
        sure = column.field is not None and column.confidence >= 0.9
        if period and not sure and column.type in ("number", "money", "id", "yes_no"):
            groups[header_key(period.words), period.months].append((column, period))
    found = [
        sorted(group, key=lambda one: one[1].start)
        for group in groups.values()
        if len(group) >= (_FEWEST_NAMED if group[0][1].words else _FEWEST) and _one_after_the_other(group)
    ]
    if len(found) > 1:  # revenue by year beside orders by year
        found = [group for group in found if _MONEY_WORDS.search(group[0][1].words)]
    elif found and found[0][0][1].words and not _MONEY_WORDS.search(found[0][0][1].words):
        return []  # visits, logins, tickets by month
    return found[0] if len(found) == 1 else []


def _one_after_the_other(group: Sequence[tuple[ColumnMapping, Period]]) -> bool:
    numbers = sorted(12 * period.start.year + period.start.month for _, period in group)
    return all(b - a == group[0][1].months for a, b in zip(numbers, numbers[1:], strict=False))


def measured(amounts: np.ndarray, starts: Sequence[date], months: int) -> dict[str, pa.Array]:
    """What a table of amounts (customers × periods, blank = NaN) says of each customer.

    ``total_revenue``; ``customer_since``, the first day of the first period with money; ``last_activity_on``, the
    last day of the last one. Where the same amount comes again month by month, it is a subscription: ``mrr`` is
    that of the last month, and ``churned_on`` the first day without money for good.
    """
    known = np.isfinite(amounts)
    some = known.any(axis=1)
    paid = np.nan_to_num(amounts) > 0
    ever = paid.any(axis=1)
    n_periods = amounts.shape[1]
    first = np.where(ever, paid.argmax(axis=1), -1)
    last = np.where(ever, n_periods - 1 - paid[:, ::-1].argmax(axis=1), -1)
    days = np.array([*starts, _next(starts[-1], months)], dtype="datetime64[D]")
    total = np.where(some, np.nansum(np.where(known, amounts, 0.0), axis=1), np.nan)
    found = {
        "total_revenue": _numbers(total),
        "customer_since": _days(days[first], ever),
        "last_activity_on": _days(days[last + 1] - np.timedelta64(1, "D"), ever),
    }
    pairs = paid[:, 1:] & paid[:, :-1]
    same = pairs & (amounts[:, 1:] == amounts[:, :-1])
    if months == 1 and pairs.any() and same.sum() >= _SAME_AGAIN * pairs.sum():
        now = amounts[:, -1]
        found["mrr"] = _numbers(np.where(ever, np.nan_to_num(now), np.nan))
        found["churned_on"] = _days(days[last + 1], ever & (last < n_periods - 1))
    return found


def _next(start: date, months: int) -> date:
    number = 12 * start.year + start.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _numbers(values: np.ndarray) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=True)


def _days(days: np.ndarray, known: np.ndarray) -> pa.Array:
    return pa.array(days.astype("datetime64[D]"), pa.date32(), mask=~known)
