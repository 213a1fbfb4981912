"""Which attributes must not be criteria because they came after the sale or are made from the outcome.

A leak looks like a splendid criterion and cannot be used on a prospect. What the vocabulary knows comes
with the catalogue; this module adds what the data give away. A strong real attribute is not a leak, so
the tests ask for more than strength: the same order as an outcome, levels that settle it, or cells that
are filled for one kind of customer only. Size and place of a company (fields the vocabulary knows as
known before the sale) may follow the outcome as closely as they like: price per head is no leak.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from icp_core.facts.catalogue import Attribute, Facts
from icp_core.vocabulary import FIELDS

# Everything is measured on at most so many customers (evenly spread), which is plenty for such strong signs.
_MOST_ROWS = 5_000
_LEAST_ROWS = 30
# Share of customers with a value of their own from which a column names customers.
_UNIQUE_SHARE = 0.9
# Rank correlation from which a number is the outcome in another form; measured headcount × price stays below.
_SAME_ORDER = 0.95
# Rank correlation with the time as a customer from which a number grows with it.
_GROWS_WITH_TIME = 0.8
# Share of the ranks of an outcome that the levels of a category settle.
_SETTLED = 0.85
# A category that leaves at most this share of the errors of guessing tells a yes/no outcome.
_ERRORS_LEFT = 0.1
# Filled for at least half of one kind of customer and (almost) never for the other.
_OFTEN, _NEVER = 0.5, 0.02
# A date that keeps the order in which they came, or lies within a quarter of it for most.
_DATE_ORDER, _NEAR_DAYS, _NEAR_SHARE = 0.7, 92, 0.5
# The reason of an attribute that the user took out of searches.
LEFT_OUT = "You left it out."
_TIME = ("tenure_months", "active_months")
_SINCE = ("customer_since", "first_order_on")
# Header words of columns that staff or systems fill in once there is a contact or a customer.
_AFTERWARDS = re.compile(
    r"\b(health score|customer health|churn\w*|cancel\w*|renewal\w*|lead (score|quality|grade)|tags?|"
    r"days to close|time to close|closed? (date|on)|sales cycle\w*|"
    r"last (activity|contact\w*|login|seen|order|purchase|notable activity))\b"
)  # fmt: skip
_ID_WORDS = re.compile(r"\b(id|ids|uuid|guid|key|nr|no|number|code|index)\b")


def leaks(facts: Facts) -> dict[str, str]:
    """Attributes that must not be criteria, each with the reason in one sentence.

    Returns
    -------
    dict
        In catalogue order: name of the attribute → reason. Attributes that may be used are absent.
        Fewer than 30 customers: only what the catalogue says.

    Examples
    --------
    >>> from datetime import date
    >>> from icp_core.facts.catalogue import facts_from_frame
    >>> n = 60
    >>> frame = pd.DataFrame({
    ...     "revenue": np.arange(n) * 10.0,
    ...     "discounted": np.arange(n) * 9.0 + 5,
    ...     "seats": (np.arange(n) * 7 % n) * 1.0,
    ... })
    >>> leaks(facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["revenue"]))
    {'discounted': 'It puts customers in the same order as “Revenue”, so it is made from it or comes with it.'}
    """
    suspected = _suspected(facts)
    return {name: reason for name, reason in suspected.items() if facts.catalogue[name].leak != ""}


def overruled(facts: Facts) -> dict[str, str]:
    """Attributes the user lets take part against the guard's advice → what the guard says of each."""
    suspected = _suspected(facts)
    return {name: reason for name, reason in suspected.items() if facts.catalogue[name].leak == ""}


def _suspected(facts: Facts) -> dict[str, str]:
    """What the guard says of each attribute, whether or not it was overruled; found once per facts."""
    if "suspected" not in facts._memory:
        facts._memory["suspected"] = _found_suspects(facts)
    return facts._memory["suspected"]


def _found_suspects(facts: Facts) -> dict[str, str]:
    known = _firmographics()
    rows = np.unique(np.linspace(0, len(facts) - 1, min(len(facts), _MOST_ROWS)).astype(int))
    outcomes = _Outcomes(facts, rows) if len(facts) >= _LEAST_ROWS else None
    found = {}
    for attribute in facts.attributes():
        reason = attribute.leak or _named(attribute)
        if not reason and outcomes is not None:
            column = facts.frame[attribute.name].iloc[rows]
            reason = _from_data(attribute, column, outcomes, attribute.name in known)
        if reason:
            found[attribute.name] = reason
    return found


def guarded(facts: Facts) -> Facts:
    """The same facts with every leak found written into the catalogue, so that no criterion leaks."""
    found = leaks(facts)
    catalogue = {
        name: replace(about, leak=found[name]) if name in found else about
        for name, about in facts.catalogue.items()
    }
    return replace(facts, catalogue=catalogue)


def _firmographics() -> set[str]:
    """Fields of customers that the vocabulary knows to be known before the sale."""
    return {
        field.name
        for field in FIELDS["customers"].values()
        if field.role == "attribute" and field.known_before
    }


def _named(attribute: Attribute) -> str:
    if not attribute.known_before:
        return "It is known only after somebody has become a customer."
    words = re.sub(r"[^a-z0-9]+", " ", f"{attribute.name} {attribute.label}".lower())
    if _AFTERWARDS.search(words):
        return "By its name it is filled in by staff or systems after the first contact or the sale."
    return ""


class _Outcomes:
    """The measures of the customers looked at, ranked once."""

    def __init__(self, facts: Facts, rows: np.ndarray):
        self.numbers: dict[str, tuple[str, np.ndarray]] = {}
        self.yes_no: dict[str, tuple[str, np.ndarray]] = {}
        self.since: np.ndarray | None = None
        for about in facts.outcomes():
            column = facts.frame[about.name].iloc[rows]
            if about.kind == "yes_no":
                values = column.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
                self.yes_no[about.name] = (about.label, values)
            elif about.kind == "number":
                values = pd.to_numeric(column).to_numpy(dtype=float, na_value=np.nan)
                if np.isfinite(values).sum() >= _LEAST_ROWS:
                    self.numbers[about.name] = (about.label, ranked(values))
            elif about.kind == "date" and about.name in _SINCE and self.since is None:
                self.since = _days(column)


def ranked(values: np.ndarray) -> np.ndarray:
    """Ranks of the known values, NaN elsewhere."""
    known = np.isfinite(values)
    ranks = np.full(len(values), np.nan)
    ranks[known] = rankdata(values[known])
    return ranks


def _days(column: pd.Series) -> np.ndarray:
    days = pd.to_datetime(column).to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), np.nan, days.astype(float))


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    both = np.isfinite(first) & np.isfinite(second)
    if both.sum() < _LEAST_ROWS or first[both].std() == 0 or second[both].std() == 0:
        return 0.0
    return float(np.corrcoef(first[both], second[both])[0, 1])


def _from_data(attribute: Attribute, column: pd.Series, outcomes: _Outcomes, firmographic: bool) -> str:
    filled = column.notna().to_numpy()
    if filled.sum() < 10:
        return ""
    return (
        _names_customers(attribute, column, outcomes)
        or _filled_for_one_kind(filled, outcomes)
        or (_encodes_age(attribute, column, outcomes))
        or ("" if firmographic else _made_from(attribute, column, outcomes))
    )


def _names_customers(attribute: Attribute, column: pd.Series, outcomes: _Outcomes) -> str:
    if attribute.kind in ("multi", "date", "yes_no", "band"):
        return ""
    values = column.dropna()
    if len(values) < _LEAST_ROWS or values.nunique() < _UNIQUE_SHARE * len(values):
        return ""
    reason = "Nearly every customer has a value of its own, so it names customers and not kinds of them."
    if attribute.kind != "number":
        return reason
    # Turnover is nearly unique as well: a number is a name only if it is called so or was counted up.
    whole = bool((values == values.round()).all())
    words = re.sub(r"[^a-z0-9]+", " ", f"{attribute.name} {attribute.label}".lower())
    return reason if whole and values.nunique() == len(values) and _ID_WORDS.search(words) else ""


def _filled_for_one_kind(filled: np.ndarray, outcomes: _Outcomes) -> str:
    for label, values in outcomes.yes_no.values():
        yes, no = values == 1, values == 0
        if min(yes.sum(), no.sum()) < 10:
            continue
        for first, second, kind in ((yes, no, "is yes"), (no, yes, "is no")):
            if filled[first].mean() >= _OFTEN and filled[second].mean() <= _NEVER:
                return f"It is filled only for customers whose “{label}” {kind}, so it was written down afterwards."
    return ""


def _encodes_age(attribute: Attribute, column: pd.Series, outcomes: _Outcomes) -> str:
    if attribute.kind == "date":
        days = _days(column)
        if outcomes.since is not None:
            near = np.abs(days - outcomes.since)
            near = near[np.isfinite(near)]
            if len(near) >= 10 and (near <= _NEAR_DAYS).mean() >= _NEAR_SHARE:
                return (
                    "It lies close to the day they became customers, so it only tells how old the account is."
                )
        ranks, least = ranked(days), _DATE_ORDER
    elif attribute.kind == "number" and attribute.name not in _firmographics():
        ranks, least = ranked(pd.to_numeric(column).to_numpy(dtype=float, na_value=np.nan)), _GROWS_WITH_TIME
    else:
        return ""
    times = [outcomes.numbers[name][1] for name in _TIME if name in outcomes.numbers]
    if outcomes.since is not None:
        times.append(-outcomes.since)
    if any(abs(_correlation(ranks, ranked(time))) >= least for time in times):
        return "It goes with how long they have been customers, which nobody knows of a prospect."
    return ""


def _made_from(attribute: Attribute, column: pd.Series, outcomes: _Outcomes) -> str:
    if attribute.kind == "number":
        ranks = ranked(pd.to_numeric(column).to_numpy(dtype=float, na_value=np.nan))
        for label, ranks_of_outcome in outcomes.numbers.values():
            if abs(_correlation(ranks, ranks_of_outcome)) >= _SAME_ORDER:
                return f"It puts customers in the same order as “{label}”, so it is made from it or comes with it."
        groups = None
        if column.nunique() <= 12:
            groups = pd.factorize(column)[0]
    elif attribute.kind in ("category", "band", "yes_no"):
        groups = pd.factorize(column)[0]
    else:
        return ""
    if groups is None or not _is_grouping(groups):
        return ""
    for label, values in outcomes.yes_no.values():
        if _tells(groups, values):
            return f"It tells “{label}” almost without error, so it is part of it."
    for label, ranks_of_outcome in outcomes.numbers.values():
        if _settled(groups, ranks_of_outcome) >= _SETTLED:
            return f"Its values follow “{label}” so closely that it must be made from it."
    return ""


def _is_grouping(groups: np.ndarray) -> bool:
    """Few enough levels that following an outcome cannot be chance."""
    known = groups >= 0
    return known.sum() >= _LEAST_ROWS and groups.max() + 1 <= known.sum() / 10


def _tells(groups: np.ndarray, values: np.ndarray) -> bool:
    both = (groups >= 0) & np.isfinite(values)
    if both.sum() < _LEAST_ROWS:
        return False
    yes = np.bincount(groups[both], weights=values[both])
    n = np.bincount(groups[both])
    base = min(values[both].sum(), both.sum() - values[both].sum())
    return bool(base >= 10 and np.minimum(yes, n - yes).sum() <= _ERRORS_LEFT * base)


def _settled(groups: np.ndarray, ranks: np.ndarray) -> float:
    both = (groups >= 0) & np.isfinite(ranks)
    values = ranks[both]
    if len(values) < _LEAST_ROWS or values.std() == 0:
        return 0.0
    n = np.maximum(np.bincount(groups[both]), 1)
    mean = np.bincount(groups[both], weights=values) / n
    return float(mean[groups[both]].var() / values.var())
