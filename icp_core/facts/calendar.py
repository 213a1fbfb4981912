"""Dates and lengths of time in Ibis, written so that every engine agrees.

``delta`` and ``least`` of blanks differ between engines; whole days since 1970 and pairwise blanks do not.
"""

from __future__ import annotations

from datetime import date
from functools import reduce

import ibis

DAYS_PER_MONTH = 365.25 / 12
DAYS_PER_YEAR = 365.25


def day_number(when: ibis.expr.types.DateValue | date) -> ibis.expr.types.IntegerValue:
    """Days since 1 January 1970."""
    return (ibis.literal(when) if isinstance(when, date) else when).epoch_days().cast("int64")


def days_between(start, end):
    """Days from ``start`` to ``end``; blank when either is; negative when reversed."""
    return day_number(end) - day_number(start)


def months_between(start, end):
    """Months of 30.4375 days from ``start`` to ``end`` as a float; blank when either is."""
    return days_between(start, end).cast("float64") / ibis.literal(DAYS_PER_MONTH, "float64")


def earliest(*dates):
    """The earliest of several dates, blanks left out."""
    return reduce(lambda a, b: ibis.least(ibis.coalesce(a, b), ibis.coalesce(b, a)), dates)


def latest(*dates):
    """The latest of several dates, blanks left out."""
    return reduce(lambda a, b: ibis.greatest(ibis.coalesce(a, b), ibis.coalesce(b, a)), dates)


def at_least(value, floor: float):
    """``value``, but no less than ``floor``; blank stays blank."""
    return ibis.ifelse(value < floor, ibis.literal(floor, "float64"), value.cast("float64"))


def ratio(top, bottom):
    """``top / bottom`` in floats; blank where the bottom is 0 or blank."""
    return top.cast("float64") / bottom.cast("float64").nullif(ibis.literal(0.0, "float64"))
