"""Does the scorecard know good customers it has not seen? Repeated cross-validation, in plain figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import rankdata

from icp_core.prospects.encode import Encoded, score
from icp_core.prospects.model import BEST, Checks, Scorecard

_FOLDS, _REPEATS = 5, 4
# More customers than this are checked on an even sample: the figures would not change.
_MOST_ROWS = 4_000
_LEAST_GROUP = 10
_NO_SLOPE = 50.0


def auc(scores: np.ndarray, y: np.ndarray) -> float:
    """How often a good one scores higher than another; ties count half [Mann & Whitney 1947].

    >>> auc(np.array([3, 2, 1]), np.array([1, 0, 0]))
    1.0
    """
    n1 = float(y.sum())
    n0 = len(y) - n1
    if not n1 or not n0:
        return float("nan")
    return float((rankdata(scores)[y == 1].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))


def auc_interval(value: float, n_good: int, n_other: int) -> tuple[float, float]:
    """Likely range of an AUC [Hanley & McNeil 1982]."""
    q1, q2 = value / (2 - value), 2 * value**2 / (1 + value)
    variance = (value * (1 - value) + (n_good - 1) * (q1 - value**2) + (n_other - 1) * (q2 - value**2)) / (
        n_good * n_other
    )
    half = 1.96 * math.sqrt(max(variance, 0.0))
    return max(0.0, value - half), min(1.0, value + half)


def folds_of(y: np.ndarray, n_folds: int, rng: np.random.Generator) -> np.ndarray:
    """A fold number per customer; good ones and others are spread evenly."""
    out = np.empty(len(y), dtype=int)
    for kind in (0, 1):
        rows = rng.permutation(np.flatnonzero(y == kind))
        out[rows] = np.arange(len(rows)) % n_folds
    return out


def check(
    fitted: Callable[[np.ndarray], Scorecard],
    encoded: Encoded,
    y: np.ndarray,
    *,
    seed: int = 0,
    groups: Mapping[str, np.ndarray] | None = None,
    n_folds: int = _FOLDS,
    repeats: int = _REPEATS,
) -> tuple[Checks, np.ndarray]:
    """The checks, and per customer the mean score of the scorecards that did not know that customer.

    ``fitted`` makes a scorecard from the customers marked True.
    """
    rng = np.random.default_rng(seed)
    n = len(y)
    if n > _MOST_ROWS:
        repeats = 1
    held_out = np.zeros(n)
    aucs = []
    for _ in range(repeats):
        fold = folds_of(y, n_folds, rng)
        this = np.zeros(n)
        for k in range(n_folds):
            card = fitted(fold != k)
            found = score(card, encoded)
            this[fold == k] = found.points[fold == k]
        aucs.append(auc(this, y))
        held_out += this / repeats
    whole = fitted(np.ones(n, dtype=bool))
    slopes_per_point = math.log(2) / whole.points_to_double if whole.points_to_double else 0.0
    slope = calibration_slope(held_out * slopes_per_point, y) if slopes_per_point else None
    value = float(np.mean(aucs))
    low, high = auc_interval(value, int(y.sum()), int(n - y.sum()))
    tenths, worst = _tenths(held_out * slopes_per_point, y)
    top = held_out >= np.quantile(held_out, 0.8)
    return Checks(
        auc=value,
        auc_low=low,
        auc_high=high,
        lift_top=float(y[top].mean() / y.mean()) if top.any() and y.mean() else None,
        slope=slope,
        tenths=tenths,
        worst_tenth=worst,
        by_group=[
            _group(name, held_out[rows], y[rows])
            for name, rows in (groups or {}).items()
            if min(y[rows].sum(), (1 - y[rows]).sum()) >= _LEAST_GROUP
        ],
        by_score=_by_score(held_out, y),
        folds=n_folds,
        repeats=repeats,
    ), held_out


def _by_score(scores: np.ndarray, y: np.ndarray) -> list[tuple[int, int]]:
    whole = np.clip(np.round(scores), 0, BEST).astype(int)
    n, good = (np.bincount(whole, weights=w, minlength=BEST + 1) for w in (np.ones(len(y)), y))
    return [(int(a), int(b)) for a, b in zip(n, good, strict=True)]


def _group(name: str, scores: np.ndarray, y: np.ndarray) -> dict:
    value = auc(scores, y)
    low, high = auc_interval(value, int(y.sum()), int((1 - y).sum()))
    return {"group": name, "n": len(y), "auc": value, "low": low, "high": high}


def calibration_slope(log_odds: np.ndarray, y: np.ndarray) -> float | None:
    """Slope of the outcome on the foretold log-odds: 1 = as foretold, below 1 = too bold [Cox 1958]."""
    x = log_odds - log_odds.mean()
    if x.std() < 1e-9:
        return None

    def loss(v: np.ndarray) -> float:
        eta = v[0] + v[1] * x
        return float(np.logaddexp(0, eta).sum() - y @ eta)

    v = np.array([math.log(y.mean() / (1 - y.mean())), 1.0])
    for _ in range(50):
        p = expit(v[0] + v[1] * x)
        w = p * (1 - p)
        gradient = np.array([(p - y).sum(), (x * (p - y)).sum()])
        hessian = np.array([[w.sum(), (w * x).sum()], [(w * x).sum(), (w * x * x).sum()]])
        step = -np.linalg.lstsq(hessian, gradient, rcond=None)[0]
        while loss(v + step) > loss(v) + 1e-12 and np.abs(step).max() > 1e-9:
            step = step / 2
        v = v + step
        if np.abs(step).max() < 1e-9:
            break
    # Scores that part the two kinds without an exception have no slope.
    return float(v[1]) if abs(v[1]) < _NO_SLOPE else None


def _tenths(log_odds: np.ndarray, y: np.ndarray) -> tuple[list[dict[str, float]], int | None]:
    """Customers by held-out score in up to ten even groups, best first: foretold and seen share of good ones."""
    n_groups = int(np.clip(len(y) // 10, 3, 10))
    p0 = float(y.mean())
    spread = np.clip(log_odds - log_odds.mean(), -25, 25)
    shift = brentq(lambda a: expit(a + spread).mean() - p0, -30, 30)
    foretold = expit(shift + spread)
    order = np.argsort(-log_odds, kind="stable")
    found = []
    for rows in np.array_split(order, n_groups):
        found.append(
            {
                "share": len(rows) / len(y),
                "n": float(len(rows)),
                "expected": float(foretold[rows].mean()),
                "seen": float(y[rows].mean()),
            }
        )
    gaps = [abs(t["expected"] - t["seen"]) for t in found]
    return found, int(np.argmax(gaps)) if gaps else None
