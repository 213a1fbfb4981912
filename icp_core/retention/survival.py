"""How long customers stay: Kaplan–Meier curves, months kept, risky months, and whether groups differ.

Customers who are still here count as long as they have been seen; nothing is assumed about the rest.
"""

from __future__ import annotations

from typing import NamedTuple

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from icp_core.facts.calendar import DAYS_PER_MONTH
from icp_core.facts.catalogue import Facts
from icp_core.stats.intervals import Interval, Z, wilson
from icp_core.stats.tests import LogRank, log_rank_of_counts

# Below this many customers at risk a curve is drawn grey: one departure would move it by ten points.
THIN_AT_RISK = 10
HEADLINE_MONTHS = (12, 24, 36, 48)

# Steps: customers per group and time; those still at risk; survival and Greenwood's sum at each departure.
# product() and not exp(sum(ln())): the latter fails where nobody is left.
_CURVES = """
WITH counted AS (
    SELECT grp, t, count(*) AS n, sum(ev)::BIGINT AS d FROM acc GROUP BY ALL
), remaining AS (
    SELECT grp, t, n, d, sum(n) OVER (PARTITION BY grp ORDER BY t DESC)::BIGINT AS y FROM counted
), stepped AS (
    SELECT *,
           product(1.0 - d / y) OVER steps AS s,
           sum(CASE WHEN d < y THEN d / (y * (y - d)::DOUBLE) END) OVER steps AS gw
    FROM remaining
    WHERE d > 0 OR n = y
    WINDOW steps AS (PARTITION BY grp ORDER BY t ROWS UNBOUNDED PRECEDING)
)
SELECT grp, t, y, d, s, coalesce(gw, 0) AS gw FROM stepped ORDER BY grp, t
"""


class MonthsKept(NamedTuple):
    """Average months a customer stays within the first ``horizon_months`` (restricted mean), with its range."""

    months: float
    low: float
    high: float
    horizon_months: float
    variance: float
    n: int


class Retention(NamedTuple):
    """Curves of several groups with what stands beside them; see ``survival_of``."""

    curves: pd.DataFrame
    log_rank: LogRank
    months_kept: pd.DataFrame
    at_months: pd.DataFrame


def kaplan_meier(duration_months, event, group=None) -> pd.DataFrame:
    """Share of customers still here after each month, by the Kaplan–Meier estimate.

    Parameters
    ----------
    duration_months
        Months each customer has been seen. Blank and negative ones are left out. Whole months are taken as they
        are, others to the day.
    event
        True (1) where the customer left at the end of the duration, False (0) where still here; blank left out.
    group
        Label of each customer's group; blank labels are left out. None makes one group, "all".

    Returns
    -------
    pandas.DataFrame
        One row per group and departure time, in the order of first appearance of the groups, then time: ``group``,
        ``month`` (float), ``at_risk`` and ``events`` (customers), ``survival`` (0–1), ``low`` and ``high`` (log-log
        range by Greenwood's variance, Kalbfleisch & Prentice 1980; blank at 0), ``thin`` (fewer than 10 at
        risk). Each group begins at month 0 with survival 1 and ends where its last customer was seen.

    Examples
    --------
    >>> curve = kaplan_meier([1, 2, 2, 3], [1, 1, 0, 0])
    >>> curve[["month", "at_risk", "events", "survival"]].values.tolist()
    [[0.0, 4.0, 0.0, 1.0], [1.0, 4.0, 1.0, 0.75], [2.0, 3.0, 1.0, 0.5], [3.0, 1.0, 0.0, 0.5]]
    """
    times, events, codes, labels, unit = _prepared(duration_months, event, group)
    return _shaped(_counted(times, events, codes), np.bincount(codes, minlength=len(labels)), labels, unit)


def kaplan_meier_query(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The bare curves of a table or view ``acc`` (grp, t, ev) of ``con``: grp, t, y (at risk), d, s, gw.

    ``t`` is an integer (months or days), ``ev`` 1 or 0.
    """
    return con.execute(_CURVES).df()


def log_rank(duration_months, event, group) -> LogRank:
    """Do the groups leave at different speed? (Mantel 1966); blank with fewer than two groups.

    >>> result = log_rank([1, 2, 3, 6, 7, 8], [1, 1, 1, 1, 1, 0], list("aaabbb"))
    >>> result.df, round(result.chi2, 3)
    (1, 5.052)
    """
    times, events, codes, labels, _ = _prepared(duration_months, event, group)
    at_risk, left = _count_grid(times, events, codes, len(labels))
    return log_rank_of_counts(at_risk, left)


def months_kept(duration_months, event, horizon_months: float) -> MonthsKept:
    """Average months kept within the horizon: the area under the curve (Royston & Parmar 2013).

    The horizon shrinks to the last month anybody was seen. The variance is that of the estimate,
    Σ A² d / (n (n − d)), A being the area still to come at each departure.

    >>> months_kept([1, 2, 2, 3], [1, 1, 0, 0], 3).months
    2.25
    """
    curve = kaplan_meier(duration_months, event)
    if curve.empty:
        return MonthsKept(np.nan, np.nan, np.nan, float(horizon_months), np.nan, 0)
    return _area(curve, horizon_months)


def months_kept_difference(first: MonthsKept, second: MonthsKept) -> Interval:
    """Likely range of the difference in months kept of two groups (same horizon)."""
    half = Z * np.sqrt(first.variance + second.variance)
    difference = first.months - second.months
    return Interval(float(difference - half), float(difference + half))


def survival_at(curves: pd.DataFrame, months=HEADLINE_MONTHS) -> pd.DataFrame:
    """Survival of each group after the given months, from ``kaplan_meier``.

    Returns one row per group and month: group, month, survival, low, high. Months after a group's last customer
    was seen are blank, not carried forward.
    """
    rows = []
    for name, curve in curves.groupby("group", sort=False):
        month = curve["month"].to_numpy()
        for wanted in months:
            if wanted > month[-1] + 1e-9:
                rows.append((name, wanted, np.nan, np.nan, np.nan))
            else:
                seen = curve.iloc[int(np.searchsorted(month, wanted + 1e-9, side="right")) - 1]
                rows.append((name, wanted, seen["survival"], seen["low"], seen["high"]))
    return pd.DataFrame(rows, columns=["group", "month", "survival", "low", "high"])


def at_risk_table(duration_months, event, group=None, months=(0, *HEADLINE_MONTHS)) -> pd.DataFrame:
    """Customers still seen at the beginning of each of the given months: group, month, at_risk."""
    times, _, codes, labels, unit = _prepared(duration_months, event, group)
    rows = []
    for code, label in enumerate(labels):
        own = np.sort(times[codes == code])
        for month in months:
            rows.append(
                (label, month, len(own) - int(np.searchsorted(own, month * unit - 1e-9, side="left")))
            )
    return pd.DataFrame(rows, columns=["group", "month", "at_risk"])


def hazard(duration_months, event, group=None) -> pd.DataFrame:
    """Risk of leaving in each month of being a customer, to find the risky months.

    Returns one row per group and month with customers: group, month (1 = the first month), at_risk (at its
    beginning), events (departures during it), rate (events / at_risk, 0–1), low, high (Wilson), thin. A departure
    at whole month m belongs to month m; one at month 0 to the first.
    """
    times, events, codes, labels, unit = _prepared(duration_months, event, group)
    month = np.maximum(np.ceil(times / unit - 1e-9).astype(np.int64), 1)
    frames = []
    for code, label in enumerate(labels):
        own = codes == code
        seen = np.bincount(month[own])
        left = np.bincount(month[own], weights=events[own], minlength=len(seen)).astype(int)
        at_risk = seen[::-1].cumsum()[::-1]
        low, high = wilson(left[1:], at_risk[1:])
        frames.append(
            pd.DataFrame(
                {
                    "group": label,
                    "month": np.arange(1, len(seen)),
                    "at_risk": at_risk[1:],
                    "events": left[1:],
                    "rate": left[1:] / at_risk[1:],
                    "low": low,
                    "high": high,
                    "thin": at_risk[1:] < THIN_AT_RISK,
                }
            )
        )
    columns = ["group", "month", "at_risk", "events", "rate", "low", "high", "thin"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def of_groups(duration_months, event, group, horizon_months: float | None = None) -> Retention:
    """Curves, log-rank test, months kept and headline months of several groups together.

    Months kept use one horizon for all: the given one, but no longer than every group has been seen. Groups
    without anybody at risk do not appear.
    """
    curves = kaplan_meier(duration_months, event, group)
    seen = curves.groupby("group", sort=False)["month"].max()
    shared = float(seen.min()) if len(seen) else np.nan
    horizon = min(horizon_months, shared) if horizon_months is not None else shared
    kept = [(name, *_area(curve, horizon)) for name, curve in curves.groupby("group", sort=False)]
    return Retention(
        curves=curves,
        log_rank=log_rank(duration_months, event, group),
        months_kept=pd.DataFrame(kept, columns=["group", *MonthsKept._fields]),
        at_months=_with_at_risk(survival_at(curves), at_risk_table(duration_months, event, group)),
    )


def survival_of(facts: Facts, mask=None, *, horizon_months: float | None = None) -> Retention:
    """Retention of a segment ("segment") beside the rest ("rest"); without a mask, of everybody ("all").

    Customers whose tenure or churn is not known are left out.
    """
    labels = np.full(len(facts), "all", dtype=object)
    if mask is not None:
        labels = np.where(np.asarray(mask, dtype=bool), "segment", "rest").astype(object)
    # The segment comes first whatever the order of rows.
    order = np.argsort(labels != "segment", kind="stable")
    durations, left = durations_of(facts)
    return of_groups(durations[order], left[order], labels[order], horizon_months)


def durations_of(facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """(months seen, left 1/0) of each customer in the order of the frame; NaN where not known."""
    frame = facts.frame
    blank = np.full(len(frame), np.nan)
    durations = (
        frame["tenure_months"].to_numpy("float64", na_value=np.nan) if "tenure_months" in frame else blank
    )
    left = (
        frame["churned"].astype("Float64").to_numpy("float64", na_value=np.nan)
        if "churned" in frame
        else blank
    )
    return durations, left


def _with_at_risk(at_months: pd.DataFrame, at_risk: pd.DataFrame) -> pd.DataFrame:
    """Headline survival with the customers still seen then, and whether they are too few (thin)."""
    joined = at_months.merge(at_risk, on=["group", "month"], how="left")
    return joined.assign(thin=joined["at_risk"] < THIN_AT_RISK)


def _area(curve: pd.DataFrame, horizon_months: float) -> MonthsKept:
    month, survival = curve["month"].to_numpy(), curve["survival"].to_numpy()
    horizon = float(min(horizon_months, month[-1]))
    inside = month < horizon
    edges = np.append(month[inside], horizon)
    steps = survival[inside] * np.diff(edges)
    left, seen = curve["events"].to_numpy(float)[inside], curve["at_risk"].to_numpy(float)[inside]
    to_come = steps[::-1].cumsum()[::-1]
    spread = np.where(
        (left > 0) & (left < seen), left / np.where(seen > left, seen * (seen - left), 1.0), 0.0
    )
    variance = float((to_come**2 * spread).sum())
    total = float(steps.sum())
    half = Z * float(np.sqrt(variance))
    n = int(curve["at_risk"].iloc[0])
    return MonthsKept(total, max(0.0, total - half), min(horizon, total + half), horizon, variance, n)


def _prepared(duration_months, event, group):
    """Integer times, events, group codes and labels of the customers that can be counted; units per month."""
    durations = np.asarray(pd.Series(duration_months, dtype="float64"))
    events = np.asarray(pd.Series(event).astype("Float64").to_numpy("float64", na_value=np.nan))
    if group is None:
        codes, labels = np.zeros(len(durations), dtype=np.int64), ["all"]
    else:
        codes, found = pd.factorize(np.asarray(group, dtype=object), use_na_sentinel=True)
        labels = list(found)
    if not len(durations) == len(events) == len(codes):
        raise ValueError("Durations, events and groups must be of one length.")
    kept = np.isfinite(durations) & (durations >= 0) & np.isfinite(events) & (codes >= 0)
    durations, events, codes = durations[kept], events[kept].astype(np.int8), codes[kept].astype(np.int32)
    whole = bool(np.all(durations == np.floor(durations)))
    unit = 1.0 if whole else DAYS_PER_MONTH
    times = (durations if whole else np.round(durations * DAYS_PER_MONTH)).astype(np.int32)
    present = np.unique(codes)
    if len(present) < len(labels):
        codes = np.searchsorted(present, codes).astype(np.int32)
        labels = [labels[i] for i in present]
    return times, events, codes, labels, unit


def _counted(times: np.ndarray, events: np.ndarray, codes: np.ndarray) -> pd.DataFrame:
    with duckdb.connect() as con:
        con.register("acc", pa.table({"grp": codes, "t": times, "ev": events}))
        return kaplan_meier_query(con)


def _shaped(raw: pd.DataFrame, sizes: np.ndarray, labels: list, unit: float) -> pd.DataFrame:
    """Raw steps as the public frame: a row at month 0 for each group, likely ranges, labels."""
    starts = raw.groupby("grp", as_index=False).agg(t=("t", "min"))
    starts = starts[starts["t"] > 0]
    starts = starts.assign(t=0, y=sizes[starts["grp"].to_numpy(int)], d=0, s=1.0, gw=0.0)
    rows = pd.concat([starts, raw], ignore_index=True)
    rows = rows.sort_values(["grp", "t"], kind="stable", ignore_index=True)
    survival, gw = rows["s"].to_numpy(float), rows["gw"].to_numpy(float)
    low, high = np.where(survival == 1, 1.0, np.nan), np.where(survival == 1, 1.0, np.nan)
    inside = (survival > 0) & (survival < 1)
    log_s = np.log(survival[inside])
    centre, half = np.log(-log_s), Z * np.sqrt(gw[inside]) / log_s
    low[inside], high[inside] = np.exp(-np.exp(centre - half)), np.exp(-np.exp(centre + half))
    return pd.DataFrame(
        {
            "group": np.asarray(labels, dtype=object)[rows["grp"].to_numpy(int)] if len(rows) else [],
            "month": rows["t"].to_numpy(float) / unit,
            "at_risk": rows["y"].to_numpy(np.int64),
            "events": rows["d"].to_numpy(np.int64),
            "survival": survival,
            "low": low,
            "high": high,
            "thin": rows["y"].to_numpy(np.int64) < THIN_AT_RISK,
        }
    )


def _count_grid(times, events, codes, n_groups):
    """At-risk and departure counts, group × departure time."""
    departures = np.unique(times[events > 0])
    at_risk = np.zeros((n_groups, len(departures)))
    left = np.zeros((n_groups, len(departures)))
    for code in range(n_groups):
        own = codes == code
        ordered = np.sort(times[own])
        at_risk[code] = len(ordered) - np.searchsorted(ordered, departures, side="left")
        gone = np.sort(times[own & (events > 0)])
        left[code] = np.searchsorted(gone, departures, "right") - np.searchsorted(gone, departures, "left")
    return at_risk, left
