"""Cohorts: customers who began together, how many of them are still there, and what they bring, period by period."""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts

Period = Literal["month", "quarter", "year"]
_FREQUENCIES = {"month": "M", "quarter": "Q", "year": "Y"}


def kept(facts: Facts, by: Period = "quarter", mask=None) -> pd.DataFrame:
    """Customers of each cohort still there at the end of each period since they began.

    A cohort is everybody whose ``customer_since`` lies in one calendar month, quarter or year. Customers who left on
    an unknown day, or of whom nobody knows whether they left, are not counted. Returns one row per cohort and
    period, oldest first: cohort (first day), period (0 = the one they began in), n (cohort size), customers (still
    there), share (0–1). Periods that are not over by the facts' date are blank, never zero.
    """
    frame = facts.frame if mask is None else facts.frame[np.asarray(mask, dtype=bool)]
    left = frame["churned"].astype("boolean")
    known = (
        frame["customer_since"].notna() & left.notna() & ~(left.fillna(False) & frame["churned_on"].isna())
    )
    frame, left = frame[known], left[known].fillna(False).to_numpy(bool)
    start = _period(frame["customer_since"], by)
    gone = np.full(len(frame), np.iinfo(np.int64).max, dtype=np.int64)
    gone[left] = _ordinal(_period(frame["churned_on"][left], by))
    begun = _ordinal(start)
    last = _last_finished(facts.as_of, by)
    rows = []
    for cohort in np.unique(begun):
        own = gone[begun == cohort]
        for period in range(int(max(last, cohort) - cohort) + 1):
            over = cohort + period <= last
            rows.append((cohort, period, len(own), float((own > cohort + period).sum()) if over else np.nan))
    return _table(rows, by, ["customers"]).pipe(lambda t: t.assign(share=t["customers"] / t["n"]))


def bought(orders: pd.DataFrame, as_of: date, by: Period = "quarter") -> pd.DataFrame:
    """Customers of each cohort who ordered in each period since their first order, and what they spent.

    ``orders`` has customer_id, ordered_on, value (one row per order). Returns one row per cohort and period, oldest
    first: cohort (first day), period, n (cohort size), customers (who ordered), share (0–1), revenue,
    revenue_per_customer (over the whole cohort). Periods not over by ``as_of`` are blank; finished ones in which nobody
    ordered are 0.
    """
    dated = orders[pd.to_datetime(orders["ordered_on"]) <= pd.Timestamp(as_of)]
    when = _ordinal(_period(dated["ordered_on"], by))
    table = pd.DataFrame(
        {
            "customer_id": dated["customer_id"].to_numpy(),
            "when": when,
            "value": dated["value"].to_numpy(float),
        }
    )
    table["cohort"] = table.groupby("customer_id")["when"].transform("min")
    sizes = table.groupby("cohort")["customer_id"].nunique()
    cells = table.groupby(["cohort", "when"]).agg(
        customers=("customer_id", "nunique"), revenue=("value", "sum")
    )
    last = _last_finished(as_of, by)
    rows = []
    for cohort, size in sizes.items():
        for period in range(int(max(last, cohort) - cohort) + 1):
            key = (cohort, cohort + period)
            if cohort + period > last:
                rows.append((cohort, period, size, np.nan, np.nan))
            elif key in cells.index:
                rows.append(
                    (
                        cohort,
                        period,
                        size,
                        float(cells.loc[key, "customers"]),
                        float(cells.loc[key, "revenue"]),
                    )
                )
            else:
                rows.append((cohort, period, size, 0.0, 0.0))
    found = _table(rows, by, ["customers", "revenue"])
    found.insert(4, "share", found["customers"] / found["n"])
    return found.assign(revenue_per_customer=found["revenue"] / found["n"])


def members(facts: Facts, cohort: date, by: Period = "quarter") -> np.ndarray:
    """Customers of one cohort, as a mask over the frame: what a click on a row of ``kept`` shows."""
    start = _period(facts.frame["customer_since"], by)
    return (start == pd.Timestamp(cohort).to_period(_FREQUENCIES[by])).fillna(False).to_numpy(bool)


def _period(dates: pd.Series, by: Period) -> pd.Series:
    return pd.to_datetime(dates).dt.to_period(_FREQUENCIES[by])


def _ordinal(periods: pd.Series) -> np.ndarray:
    return periods.astype("int64").to_numpy()


def _last_finished(as_of: date, by: Period) -> int:
    """Ordinal of the newest period that is over at the end of the day ``as_of``."""
    current = pd.Timestamp(as_of).to_period(_FREQUENCIES[by])
    return current.ordinal if current.end_time.date() <= as_of else current.ordinal - 1


def _table(rows: list[tuple], by: Period, columns: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["cohort", "period", "n", *columns])
    starts = {
        o: pd.Period(ordinal=int(o), freq=_FREQUENCIES[by]).start_time for o in table["cohort"].unique()
    }
    return table.assign(cohort=pd.to_datetime(table["cohort"].map(starts)))
