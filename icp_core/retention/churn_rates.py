"""Churn rates: the share of customers who have left, by any attribute."""

from __future__ import annotations

import numpy as np
import pandas as pd

from icp_core.errors import UnknownColumnError
from icp_core.facts.catalogue import Facts
from icp_core.stats.intervals import wilson
from icp_core.stats.wording import figure

_BINS = 4


def churn_by(facts: Facts, attribute: str, mask=None) -> pd.DataFrame:
    """Churn rate of each level of an attribute, highest first.

    Numbers are cut at their quartiles, equal values together; of a multi-select a customer counts under each of its
    members. Customers of whom nobody knows whether they left, or without the attribute, are not counted.
    Returns group, n, churned (customers), rate (0–1), low, high (Wilson).
    """
    if attribute not in facts.catalogue or attribute not in facts.frame.columns:
        raise UnknownColumnError(attribute, facts.catalogue)
    frame = facts.frame if mask is None else facts.frame[np.asarray(mask, dtype=bool)]
    left = frame["churned"].astype("boolean")
    groups = groups_of(facts, attribute).loc[frame.index]
    table = pd.DataFrame({"group": groups.to_numpy(object), "left": left.to_numpy(object)})
    table = table.explode("group").dropna()
    counts = (
        table.assign(left=table["left"].astype(bool)).groupby("group", sort=True)["left"].agg(["size", "sum"])
    )
    found = pd.DataFrame(
        {
            "group": counts.index.to_numpy(),
            "n": counts["size"].to_numpy(int),
            "churned": counts["sum"].to_numpy(int),
        }
    )
    low, high = wilson(found["churned"].to_numpy(float), found["n"].to_numpy(float))
    found = found.assign(rate=found["churned"] / found["n"], low=low, high=high)
    return found.sort_values(
        ["rate", "n", "group"], ascending=[False, False, True], kind="stable", ignore_index=True
    )


def groups_of(facts: Facts, attribute: str) -> pd.Series:
    """The group of each customer under an attribute, as text (a list for multi-selects); blank where not known."""
    column, about = facts.frame[attribute], facts.catalogue[attribute]
    if about.kind == "yes_no":
        return column.astype("boolean").map({True: "yes", False: "no"}).astype(object)
    if about.kind == "date":
        return pd.to_datetime(column).dt.year.astype("Int64").astype("string").astype(object)
    if about.kind != "number":
        return column.astype(object)
    values = column.to_numpy("float64", na_value=np.nan)
    known = values[np.isfinite(values)]
    if not len(known):
        return pd.Series([None] * len(column), index=column.index, dtype=object)
    cuts = np.unique(np.quantile(known, np.linspace(0, 1, _BINS + 1)[1:-1]))
    edges = [-np.inf, *cuts, np.inf]
    labels = [_between(low, high, about.unit) for low, high in zip(edges, edges[1:], strict=False)]
    place = np.searchsorted(cuts, values, side="left")
    return pd.Series(
        [labels[p] if np.isfinite(v) else None for p, v in zip(place, values, strict=True)],
        index=column.index,
    )


def _between(low: float, high: float, unit: str | None) -> str:
    if np.isinf(low):
        return f"up to {figure(high, unit)}"
    if np.isinf(high):
        return f"over {figure(low, unit)}"
    return f"{figure(low, unit)} to {figure(high, unit)}"
