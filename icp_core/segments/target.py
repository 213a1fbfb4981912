"""What "better" means in a search: one score per customer to rank by, and an effect people can read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata

from icp_core.errors import NotEnoughDataError, UnknownColumnError
from icp_core.facts.catalogue import Facts
from icp_core.segments.outcomes import knows
from icp_core.stats.intervals import nps_difference, ratio_of_medians, share_difference
from icp_core.value.best_customers import SIGNALS, best_customers

EffectKind = Literal["ratio", "points", "score"]

# Departures from which value and staying are weighed together by default, and the share of customers with a
# value of whom it must be known whether they left.
_DEPARTURES, _CHURN_KNOWN = 10, 0.8
# Months at which kept shares are compared; the longest that a third of the customers can speak to.
_HORIZONS = (60, 48, 36, 24, 18, 12, 6, 3)
_SEEN_SHARE = 1 / 3
# A ratio of typical values needs most customers above zero.
_POSITIVE_SHARE = 0.6
_Z = norm.ppf(0.975)
_LABELS = {
    "worth": "Worth (value × staying)",
    "value": "Value per month",
    "ltv": "Lifetime value",
    "retention": "Customers kept",
    "nps": "NPS",
    "best": "Best-customer score",
    "won": "Won deals",
}


@dataclass(frozen=True, eq=False)
class Target:
    """The outcome of a search for the customers whose outcome is known.

    ``rows`` are their positions in the facts; ``score`` is what the search ranks by (higher = better;
    already a normal score of ranks for money and numbers); ``values`` are the figures people read. ``also`` is
    a part of the score (the rest adds up to it) that may find a rule by itself: with worth that is value, since
    staying only blurs a kind that pays more and stays as long as others.
    ``effect_kind`` says how a difference is told: "ratio" of typical values, "points" of a share (0–1)
    or "score" (difference of NPS or of averages).
    """

    outcome: str
    label: str
    rows: np.ndarray
    score: np.ndarray
    values: np.ndarray
    effect_kind: EffectKind
    measure: Callable[[np.ndarray], float]
    compare: Callable[[np.ndarray, np.ndarray], tuple[float, float]]
    unit: str | None
    definition: str
    horizon: int | None = None
    events: np.ndarray | None = field(default=None, repr=False)
    also: np.ndarray | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def scores(self) -> np.ndarray:
        """All that rules are found by (scores × customers), ``score`` first."""
        return np.array([self.score] if self.also is None else [self.score, self.also])

    def effect(self, inside: np.ndarray, rows: np.ndarray | None = None) -> float:
        """Members against the rest, on the scale where differences add up (log for ratios); NaN = none."""
        values = self.values if rows is None else self.values[rows]
        first, second = self.measure(values[inside]), self.measure(values[~inside])
        if self.effect_kind != "ratio":
            return first - second
        return float(np.log(first / second)) if first > 0 and second > 0 else float("nan")

    def error(self, inside: np.ndarray) -> tuple[float, float]:
        """How far below and above the effect its likely range reaches, on the scale of ``effect``."""
        effect = self.effect(inside)
        low, high = self.compare(self.values[inside], self.values[~inside])
        if self.effect_kind == "ratio":
            low, high = (float(np.log(x)) if x > 0 else float("nan") for x in (low, high))
        return effect - low, high - effect

    @property
    def spread(self) -> float:
        """How far customers lie apart (standard deviation), on the scale of ``effect``."""
        if self.effect_kind == "points":
            return float((self.events if self.events is not None else self.values).std())
        if self.effect_kind == "ratio" and self.values.ndim > 1:
            return float(self.score.std())  # the score of worth is a logarithm already
        if self.effect_kind == "ratio":
            positive = self.values[self.values > 0]
            return float(np.log(positive).std()) if len(positive) else 0.0
        return float(self.values.std())

    def told(self, effect: float) -> float:
        """An effect as people read it: 1.6 for a ratio, 0.12 for twelve points, a plain difference else."""
        return float(np.exp(effect)) if self.effect_kind == "ratio" else float(effect)


def target(
    facts: Facts, outcome: str, rows: np.ndarray | None = None, *, horizon: int | None = None
) -> Target:
    """The outcome as scores and figures, for the customers of ``rows`` (all) whose outcome is known.

    "worth" is value per active month times the months kept, "value" value per active month, "ltv" lifetime
    value, "retention" the share kept (customers still here count as long as they have been seen), "nps" the
    latest answer, "best" the best-customer score, "won" whether any deal was won; any other name is a column
    of the facts. Staying is looked at over ``horizon`` months (None = see ``kept_horizon``).

    Raises
    ------
    UnknownColumnError
        The outcome is no column of the facts.
    NotEnoughDataError
        Nothing loaded tells the outcome, or fewer than 30 customers have one.
    """
    rows = np.arange(len(facts)) if rows is None else rows
    if outcome == "worth":
        made = _worth(facts, rows, horizon)
    elif outcome == "retention":
        made = _retention(facts, rows, horizon)
    else:
        made = _measure(facts, outcome, rows)
    if len(made) < 30:
        raise NotEnoughDataError(
            f"“{made.label}” is known for {len(made)} customers. A search needs at least 30; "
            "load the table that holds it, or choose another outcome."
        )
    return made


def default_outcome(facts: Facts) -> str:
    """What "better" means unless the user says otherwise: worth where value and departures are both known well.

    Ranked by value alone, the best-paying kind of customer may be the one that leaves first. "value" where
    nothing at all is known.
    """
    for outcome in ("worth", "value", "retention", "ltv", "nps", "won"):
        if not knows(facts, outcome):
            continue
        if outcome == "worth":
            churned = facts.frame["churned"]
            paying = facts.frame["value_per_month"].notna()
            known = float(churned[paying].notna().mean())
            if known < _CHURN_KNOWN or int((churned == True).sum()) < _DEPARTURES:  # noqa: E712
                continue
        try:
            target(facts, outcome)
        except NotEnoughDataError:
            continue
        return outcome
    return "value"


def rank_scores(values: np.ndarray) -> np.ndarray:
    """Ranks as normal scores (van der Waerden); equal values share their average rank."""
    return norm.ppf(rankdata(values) / (len(values) + 1))


_NEEDED = {
    "worth": "what customers pay and who has left",
    "value": "orders, subscriptions or invoices",
    "ltv": "orders, subscriptions or invoices",
    "retention": "subscriptions, an end date or orders over time",
    "nps": "a survey with the 0–10 question",
    "best": "what the best-customer score is made of",
    "won": "deals with their outcome",
}


def _column(facts: Facts, outcome: str, *names: str) -> str:
    """The first of these columns that has values."""
    for name in names:
        if facts.has(name):
            return name
    if outcome in _NEEDED:
        raise NotEnoughDataError(
            f"Nothing loaded so far says “{_LABELS[outcome]}”. Load {_NEEDED[outcome]}, or choose another outcome."
        )
    if names[0] in facts.frame.columns:
        raise NotEnoughDataError(f"“{outcome}” is blank for every customer. Choose another outcome.")
    raise UnknownColumnError(names[0], [a.name for a in facts.outcomes()] or list(facts.frame.columns))


def _measure(facts: Facts, outcome: str, rows: np.ndarray) -> Target:
    if outcome == "best" and not facts.has("best_score"):
        facts = _with_best_score(facts)
    candidates = {
        "value": ("value_per_month",),
        "best": ("best_score",),
        "won": ("won", "is_won", "deals_won"),
    }.get(outcome, (outcome,))
    name = _column(facts, outcome, *candidates)
    about = facts.catalogue.get(name)
    label = _LABELS.get(outcome) or (about.label if about else outcome)
    column = facts.frame[name].iloc[rows]
    if name == "deals_won" and not (column == 0).any():
        raise NotEnoughDataError(
            "Every customer here won a deal. To see whom you win, load the deals that were lost as well."
        )
    yes_no = pd.api.types.is_bool_dtype(column.dtype)
    known = column.notna().to_numpy()
    values = column[known].astype(float).to_numpy()
    if name == "deals_won":
        values, yes_no = (values > 0).astype(float), True
    finite = np.isfinite(values)
    values, rows = values[finite], rows[known][finite]
    unit = about.unit if about else None
    if yes_no or (len(values) and set(np.unique(values)) <= {0.0, 1.0}):
        return Target(
            outcome, label, rows, values, values, "points", _mean, _share_range, "%",
            "share of customers with yes",
        )  # fmt: skip
    if outcome == "nps" or name == "nps":
        return Target(
            outcome, label, rows, rank_scores(values), values, "score", _nps, _nps_range, "nps",
            "promoters (9–10) less detractors (0–6), per 100 answers",
        )  # fmt: skip
    score = rank_scores(values) if len(values) else values
    positive = float((values > 0).mean()) if len(values) else 0.0
    if outcome != "best" and positive >= _POSITIVE_SHARE and not (values < 0).mean() > 0.05:
        return Target(
            outcome, label, rows, score, values, "ratio", _median, _median_range, unit,
            "typical (median) customer against the typical other customer",
        )  # fmt: skip
    return Target(
        outcome, label, rows, score, values, "score", _mean, _mean_range, unit,
        "average customer against the average other customer",
    )  # fmt: skip


def _with_best_score(facts: Facts) -> Facts:
    """The facts with the best-customer score at its usual weights; blank where no part of it is known."""
    scored = best_customers(facts, n=0)
    known = scored[list(SIGNALS)].notna().any(axis=1).to_numpy()
    score = np.full(len(facts), np.nan)
    score[scored["row"].to_numpy()[known]] = scored["score"].to_numpy()[known]
    return replace(facts, frame=facts.frame.assign(best_score=score), _memory={})


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _median(values: np.ndarray) -> float:
    return float(np.median(values)) if len(values) else float("nan")


def _nps(values: np.ndarray) -> float:
    return 100 * float((values >= 9).mean() - (values <= 6).mean()) if len(values) else float("nan")


def _share_range(inside: np.ndarray, rest: np.ndarray) -> tuple[float, float]:
    return tuple(share_difference(inside.sum(), len(inside), rest.sum(), len(rest)))


def _nps_range(inside: np.ndarray, rest: np.ndarray) -> tuple[float, float]:
    counts = [
        (int((v >= 9).sum()), int(((v > 6) & (v < 9)).sum()), int((v <= 6).sum())) for v in (inside, rest)
    ]
    return tuple(nps_difference(*counts))


def _median_range(inside: np.ndarray, rest: np.ndarray) -> tuple[float, float]:
    ratio = ratio_of_medians(inside, rest)
    return ratio.low, ratio.high


def _mean_range(inside: np.ndarray, rest: np.ndarray) -> tuple[float, float]:
    if len(inside) < 2 or len(rest) < 2:
        return float("nan"), float("nan")
    half = _Z * float(np.sqrt(inside.var(ddof=1) / len(inside) + rest.var(ddof=1) / len(rest)))
    difference = float(inside.mean() - rest.mean())
    return difference - half, difference + half


def _worth(facts: Facts, rows: np.ndarray, horizon: int | None) -> Target:
    """What a customer brings in the first months: typical value a month × average months kept of them.

    The score of a customer is its part in the logarithm of that product: the rank of its value (as a normal
    score, as wide as the logarithms of the values lie) plus its part in the average of the months kept,
    relative to that average. So one outcome weighs value against staying at their true rate of exchange.
    """
    name = _column(facts, "worth", "value_per_month")
    months, left, rows = _stays(facts, "worth", rows)
    paid = pd.to_numeric(facts.frame[name].iloc[rows]).astype(float).to_numpy()
    known = np.isfinite(paid)
    months, left, paid, rows = months[known], left[known], paid[known], rows[known]
    about = facts.catalogue.get(name)
    horizon = horizon or kept_horizon(months)
    label = f"Worth over {horizon} months"
    if (paid > 0).mean() < _POSITIVE_SHARE or not left.any():
        why = (
            "Nobody has left"
            if not left.any()
            else f"“{_LABELS['value']}” is above zero for too few customers"
        )
        raise NotEnoughDataError(
            f"{why}, so value and staying cannot be weighed together. Choose another outcome."
        )
    spread = float(np.log(paid[paid > 0]).std())
    average, _ = months_kept(months, left, horizon)
    by_value = spread * rank_scores(paid)
    score = by_value + months_parts(months, left, horizon) / average

    def brought(part: np.ndarray) -> float:
        return _median(part[:, 2]) * months_kept(part[:, 0], part[:, 1], horizon)[0]

    def brought_range(inside: np.ndarray, rest: np.ndarray) -> tuple[float, float]:
        ratio = ratio_of_medians(inside[:, 2], rest[:, 2])
        kept = [months_kept(part[:, 0], part[:, 1], horizon) for part in (inside, rest)]
        if min(mean for mean, _ in kept) <= 0:
            return float("nan"), float("nan")
        stayed = kept[0][0] / kept[1][0]
        half = _Z * float(np.hypot(*(error / mean for mean, error in kept)))
        with np.errstate(invalid="ignore"):
            down = np.hypot(np.log(ratio.ratio / ratio.low), half)
            up = np.hypot(np.log(ratio.high / ratio.ratio), half)
        return float(ratio.ratio * stayed * np.exp(-down)), float(ratio.ratio * stayed * np.exp(up))

    return Target(
        "worth", label, rows, score, np.column_stack([months, left, paid]), "ratio", brought, brought_range,
        about.unit if about else None,
        f"typical value a month × average months kept of the first {horizon}", horizon, left, by_value,
    )  # fmt: skip


def months_kept(months: np.ndarray, left: np.ndarray, horizon: float) -> tuple[float, float]:
    """Average months kept of the first ``horizon`` (area under Kaplan–Meier) with its standard error.

    References
    ----------
    Royston & Parmar 2013.

    Examples
    --------
    >>> months_kept(np.array([6.0, 12.0, 12.0]), np.array([1.0, 0.0, 0.0]), 12)[0]
    10.0
    """
    if not len(months):
        return float("nan"), float("nan")
    times, departures, at_risk, kept = _product_limit(months, left, horizon)
    widths = np.diff(np.concatenate([[0.0], times, [horizon]]))
    areas = np.concatenate([[1.0], kept]) * widths
    ahead = areas[::-1].cumsum()[::-1][1:]
    alive = at_risk > departures
    variance = ahead[alive] ** 2 * departures[alive] / (at_risk[alive] * (at_risk[alive] - departures[alive]))
    return float(areas.sum()), float(np.sqrt(variance.sum()))


def months_parts(months: np.ndarray, left: np.ndarray, horizon: float) -> np.ndarray:
    """Each customer's part in the average months kept of the first ``horizon``; together they are zero.

    A departure costs the months that an average customer still had ahead; having been seen longer without
    leaving earns what others lost meanwhile. On average over customers alike the part does not depend on how
    long they have been seen, so old accounts get no bonus (influence function of the restricted mean;
    Andersen, Klein & Rosthøj 2003).

    >>> months_parts(np.array([6.0, 12.0, 12.0]), np.array([1.0, 0.0, 0.0]), 12).round(6).tolist()
    [-4.0, 2.0, 2.0]
    """
    times, departures, at_risk, kept = _product_limit(months, left, horizon)
    if not len(times):
        return np.zeros(len(months))
    widths = np.diff(np.concatenate([times, [horizon]]))
    ahead = (kept * widths)[::-1].cumsum()[::-1]
    n = len(months)
    # Months an average customer loses by leaving at each time, per customer still watched then.
    loss = np.divide(ahead * n, at_risk - departures, out=np.zeros(len(times)), where=at_risk > departures)
    earned = np.concatenate([[0.0], np.cumsum(loss * departures / at_risk)])
    place = np.searchsorted(times, months, "right")
    gone = (left > 0) & (months <= horizon)
    return earned[place] - np.where(gone, loss[np.maximum(place - 1, 0)], 0.0)


def _product_limit(
    months: np.ndarray, left: np.ndarray, horizon: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Times of departures up to ``horizon``, departures and customers at risk then, share kept after."""
    times, departures = np.unique(months[(left > 0) & (months <= horizon)], return_counts=True)
    at_risk = len(months) - np.searchsorted(np.sort(months), times, "left")
    return times, departures, at_risk, np.cumprod(1 - departures / np.maximum(at_risk, 1))


def _stays(facts: Facts, outcome: str, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Months seen and whether they left (0/1) of the customers for whom both are known, and their rows."""
    _column(facts, outcome, "churned")
    _column(facts, outcome, "tenure_months")
    churned = facts.frame["churned"].iloc[rows]
    months = pd.to_numeric(facts.frame["tenure_months"].iloc[rows]).astype(float).to_numpy()
    known = churned.notna().to_numpy() & np.isfinite(months)
    left = churned[known].astype(bool).to_numpy().astype(float)
    return np.maximum(months[known], 0.0), left, rows[known]


def _retention(facts: Facts, rows: np.ndarray, horizon: int | None) -> Target:
    months, left, rows = _stays(facts, "retention", rows)
    horizon = horizon or kept_horizon(months)
    values = np.column_stack([months, left])

    def kept(part: np.ndarray) -> float:
        return kept_share(part[:, 0], part[:, 1], horizon)[0]

    def kept_range(inside: np.ndarray, rest: np.ndarray) -> tuple[float, float]:
        (first, error1), (second, error2) = (kept_share(p[:, 0], p[:, 1], horizon) for p in (inside, rest))
        half = _Z * float(np.hypot(error1, error2))
        return first - second - half, first - second + half

    return Target(
        "retention", f"Customers kept after {horizon} months", rows, martingale_score(months, left), values,
        "points", kept, kept_range, "%", f"share kept {horizon} months (Kaplan–Meier)", horizon, left,
    )  # fmt: skip


def kept_horizon(months: np.ndarray) -> int:
    """The longest common horizon that at least a third of the customers have been seen for."""
    for horizon in _HORIZONS:
        if (months >= horizon).mean() >= _SEEN_SHARE:
            return horizon
    return 1


def martingale_score(months: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Minus the martingale residual: expected less observed departures (Nelson–Aalen); higher = stays.

    Its z over a group tracks the log-rank test.

    >>> martingale_score(np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 1.0])).round(3).tolist()
    [-0.667, 0.333, 0.333]
    """
    if not len(months):
        return months
    times, place = np.unique(months, return_inverse=True)
    departures = np.bincount(place, weights=left)
    leaving_sample = np.bincount(place)
    at_risk = len(months) - np.concatenate([[0], np.cumsum(leaving_sample)[:-1]])
    hazard = np.cumsum(departures / at_risk)
    return hazard[place] - left


def kept_share(months: np.ndarray, left: np.ndarray, horizon: float) -> tuple[float, float]:
    """Kaplan–Meier share kept at ``horizon`` with its standard error (Greenwood); NaN without customers."""
    if not len(months):
        return float("nan"), float("nan")
    _, departures, at_risk, shares = _product_limit(months, left, horizon)
    if not len(shares):
        return 1.0, 0.0
    kept = float(shares[-1])
    alive = at_risk > departures
    spread = (departures[alive] / (at_risk[alive] * (at_risk[alive] - departures[alive]))).sum()
    return kept, kept * float(np.sqrt(spread))
