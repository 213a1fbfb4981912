"""Columns of the facts as plain arrays, and the value per month that small histories cannot inflate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts

# Attributes that are told from what customers did, not given of them.
DERIVED_ATTRIBUTES = ("first_product",)


def numbers(frame: pd.DataFrame, name: str) -> np.ndarray:
    """A column as floats, NaN where blank; all blank where there is no such column."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    return frame[name].to_numpy("float64", na_value=np.nan)


def has_left(frame: pd.DataFrame) -> np.ndarray:
    """True for customers known to have left."""
    if "churned" not in frame:
        return np.zeros(len(frame), dtype=bool)
    return frame["churned"].astype("boolean").fillna(False).to_numpy(bool)


def names(frame: pd.DataFrame) -> np.ndarray:
    """Names of the customers as text; their ids where there are none."""
    column = "customer_name" if "customer_name" in frame else "customer_id"
    return frame[column].astype(str).to_numpy(object)


def per_month(facts: Facts, floor_months: float = 12.0) -> np.ndarray:
    """Value so far per month, where a short history cannot look like a long one.

    Customers with recurring revenue are divided by their months (at least one); for others a history shorter than
    ``floor_months`` counts as so long, so that a single large order is not read as a monthly habit. In the order of
    the frame; NaN where the value is not known.
    """
    frame = facts.frame
    active = numbers(frame, "active_months")
    floor = np.where(np.isfinite(numbers(frame, "mrr")), 1.0, floor_months)
    return numbers(frame, "ltv") / np.maximum(np.where(np.isfinite(active), active, floor), floor)
