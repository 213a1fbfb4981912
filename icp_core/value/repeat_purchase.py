"""Buying without a contract: who is still a customer and how many orders are to come (BG/NBD), at what value
(Gamma-Gamma).

Sources: Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24, 275-284 (BG/NBD);
Fader & Hardie (2013), The Gamma-Gamma Model of Monetary Value. Numbers of equations refer to these papers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, gammaln, hyp2f1

from icp_core.errors import NotEnoughDataError
from icp_core.stats.wording import count

# With fewer the fit is degenerate in many samples, and the forecast swings between half and double.
MIN_CUSTOMERS, MIN_REPEATERS = 200, 60
# The longest age is scaled to this many units: the likelihood is then well shaped whatever the time unit.
_SCALED_AGE = 10.0
_STARTS = ((1.0, 5.0, 1.0, 2.0), (0.3, 1.0, 0.5, 5.0))
_ROUGH_ROWS = 20_000


class BgNbd(NamedTuple):
    """Parameters in the time unit of the data; ``log_likelihood`` over customers."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    @property
    def is_degenerate(self) -> bool:
        """True where the fit says that nobody, or nobody but a few, ever leaves: no forecast may rest on it."""
        return bool(
            self.a < 0.02 or self.b > 1000 or self.a + self.b > 1e4 or not np.isfinite(self.log_likelihood)
        )


class GammaGamma(NamedTuple):
    """Parameters of spending per order, in the currency of the data."""

    p: float
    q: float
    v: float


def fit_bg_nbd(x, t_x, age) -> BgNbd:
    """Fit BG/NBD by maximum likelihood.

    ``x`` repeat orders after the first, ``t_x`` time from first to last order, ``age`` time from first order to
    today, all per customer in one unit of time. Customers of age 0 tell nothing and are left out.
    Equal customers are counted once with a weight, the gradient is analytic, and the search starts twice.
    """
    x, t_x, age = (np.asarray(v, dtype=float) for v in (x, t_x, age))
    kept = (age > 0) & np.isfinite(x) & np.isfinite(t_x)
    x, t_x, age = x[kept], np.minimum(t_x[kept], age[kept]), age[kept]
    if not len(x):
        raise NotEnoughDataError("No customer has been known for longer than a day.")
    scale = _SCALED_AGE / age.max()
    sample = _Customers.grouped(x, t_x * scale, age * scale)
    # Both starts run on a thinned sample where there is a large one; the better one goes on to the end.
    rough = sample.thinned(_ROUGH_ROWS)
    best = min((_climb(rough, np.log(start)) for start in _STARTS), key=lambda found: found.fun)
    if rough is not sample:
        best = _climb(sample, best.x)
    r, alpha, a, b = np.exp(best.x)
    # Times were scaled by a constant: each repeat order contributes its logarithm to the likelihood.
    likelihood = -best.fun * sample.weight.sum() + (sample.weight * sample.x).sum() * np.log(scale)
    return BgNbd(float(r), float(alpha / scale), float(a), float(b), float(likelihood))


@dataclass(frozen=True)
class _Customers:
    """Different (x, t_x, age) with the number of customers that have them; x also as a code of its levels."""

    x: np.ndarray
    t_x: np.ndarray
    age: np.ndarray
    weight: np.ndarray
    levels: np.ndarray
    code: np.ndarray

    @classmethod
    def grouped(cls, x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> _Customers:
        order = np.argsort(_one_key(x, t_x, age), kind="stable")
        x, t_x, age = x[order], t_x[order], age[order]
        first = np.ones(len(x), dtype=bool)
        first[1:] = (x[1:] != x[:-1]) | (t_x[1:] != t_x[:-1]) | (age[1:] != age[:-1])
        weight = np.diff(np.append(np.flatnonzero(first), len(x))).astype(float)
        return cls.of(x[first], t_x[first], age[first], weight)

    @classmethod
    def of(cls, x, t_x, age, weight) -> _Customers:
        levels, code = np.unique(x, return_inverse=True)
        return cls(x, t_x, age, weight, levels, code)

    def thinned(self, n_rows: int) -> _Customers:
        """Every k-th row, so that at most ``n_rows`` are left; itself when it is no larger."""
        if len(self.x) <= n_rows:
            return self
        step = slice(None, None, -(-len(self.x) // n_rows))
        return _Customers.of(self.x[step], self.t_x[step], self.age[step], self.weight[step])


def _one_key(x, t_x, age) -> np.ndarray:
    """One number per customer that brings equal ones together (others may share it: rows are compared after)."""
    return x * 1e7 + t_x * 1e4 * np.pi + age * np.e


def _climb(sample: _Customers, start: np.ndarray):
    """Maximise the likelihood from one start, in the logarithms of the parameters."""
    total = sample.weight.sum()

    def negative(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = _log_likelihood(np.exp(parameters), sample)
        return -value / total, -slope * np.exp(parameters) / total

    return minimize(
        negative,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-12, 14)] * 4,
        options={"maxiter": 500, "ftol": 1e-15, "gtol": 1e-9},
    )


def _log_likelihood(parameters, s: _Customers):
    """Sum of equation 6 over customers and its slope in (r, alpha, a, b).

    The two ways to be silent (still alive; dropped out after the last order) are added on the log scale. What
    depends on the number of orders alone is computed once per number.
    """
    r, alpha, a, b = parameters
    n = s.levels
    repeat = n > 0
    safe = np.where(repeat, n, 1.0)
    odds = np.where(repeat, np.log(a) - np.log(b + safe - 1), -np.inf)[s.code]
    power = (r + n)[s.code]
    log_age, log_last = np.log(alpha + s.age), np.log(alpha + s.t_x)
    alive = -power * log_age
    # log(1 + e^d): the dropped-out term relative to the one alive.
    ahead = odds - power * (log_last - log_age)
    small = np.exp(-np.abs(ahead))
    share_gone = np.where(ahead > 0, 1.0, small) / (1 + small)
    both = alive + np.maximum(ahead, 0) + np.log1p(small)
    value = (s.weight * both).sum()
    of_each = np.bincount(s.code, weights=s.weight, minlength=len(n))
    gone_each = np.bincount(s.code, weights=s.weight * share_gone, minlength=len(n))
    constant = gammaln(r + n) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) + gammaln(b + n) - gammaln(b)
    value += (of_each * (constant - gammaln(a + b + n))).sum()
    blended = s.weight * (log_age + share_gone * (log_last - log_age))
    of_r = (of_each * (digamma(r + n) - digamma(r) + np.log(alpha))).sum() - blended.sum()
    per_time = (1 - share_gone) / (alpha + s.age) + share_gone / (alpha + s.t_x)
    of_alpha = s.weight.sum() * r / alpha - (s.weight * power * per_time).sum()
    common = digamma(a + b) - digamma(a + b + n)
    of_a = (of_each * common + gone_each / a).sum()
    of_b = (
        of_each * (common + digamma(b + n) - digamma(b)) - gone_each / np.where(repeat, b + safe - 1, 1.0)
    ).sum()
    return value, np.array([of_r, of_alpha, of_a, of_b])


def probability_alive(model: BgNbd, x, t_x, age) -> np.ndarray:
    """Chance that each customer is still one; 1 by construction for those with a single order."""
    x, t_x, age = (np.asarray(v, dtype=float) for v in (x, t_x, age))
    r, alpha, a, b, _ = model
    odds = np.where(
        x > 0,
        np.exp(
            np.log(a)
            - np.log(b + np.maximum(x, 1) - 1)
            + (r + x) * (np.log(alpha + age) - np.log(alpha + t_x))
        ),
        0.0,
    )
    return 1 / (1 + odds)


def expected_orders(model: BgNbd, x, t_x, age, horizon: float) -> np.ndarray:
    """Orders each customer will place in the next ``horizon`` units of time (equation 10)."""
    x, t_x, age = (np.asarray(v, dtype=float) for v in (x, t_x, age))
    r, alpha, a, b, _ = model
    # The closed form has a hole at a = 1; next to it the value is the same to six digits.
    a = a if abs(a - 1) > 1e-6 else 1 + 1e-6
    z = horizon / (alpha + age + horizon)
    series = hyp2f1(r + x, b + x, a + b + x - 1, z)
    shrink = np.exp((r + x) * (np.log(alpha + age) - np.log(alpha + age + horizon)))
    per_alive = (a + b + x - 1) / (a - 1) * (1 - shrink * series)
    return per_alive * probability_alive(model, x, t_x, age)


def fit_gamma_gamma(x, mean_value) -> GammaGamma:
    """Fit spending per order by maximum likelihood over customers with repeat orders.

    ``x`` number of repeat orders, ``mean_value`` their average value (the first order left out); customers
    without repeat orders or without positive value are not used.
    """
    x, z = np.asarray(x, dtype=float), np.asarray(mean_value, dtype=float)
    kept = (x > 0) & (z > 0) & np.isfinite(z)
    x, z = x[kept], z[kept]
    if len(x) < 2:
        raise NotEnoughDataError("Too few customers ordered twice to tell what a repeat order is worth.")
    scale = float(np.median(z))
    z = z / scale

    def negative(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        p, q, v = np.exp(parameters)
        log_all = np.log(v + x * z)
        value = (
            gammaln(p * x + q)
            - gammaln(p * x)
            - gammaln(q)
            + q * np.log(v)
            + (p * x - 1) * np.log(z)
            + p * x * np.log(x)
            - (p * x + q) * log_all
        )
        of_p = x * (digamma(p * x + q) - digamma(p * x) + np.log(z) + np.log(x) - log_all)
        of_q = digamma(p * x + q) - digamma(q) + np.log(v) - log_all
        of_v = q / v - (p * x + q) / (v + x * z)
        slope = np.array([of_p.sum(), of_q.sum(), of_v.sum()])
        return -value.sum() / len(x), -slope * np.exp(parameters) / len(x)

    best = None
    for start in ((5.0, 4.0, 0.5), (1.0, 2.0, 1.0)):
        found = minimize(
            negative,
            np.log(start),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-8, 12)] * 3,
            options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-9},
        )
        if best is None or found.fun < best.fun:
            best = found
    p, q, v = np.exp(best.x)
    return GammaGamma(float(p), float(q), float(v * scale))


def expected_value(model: GammaGamma, x, mean_value) -> np.ndarray:
    """Average value of each customer's orders to come: own orders count the more, the more there are."""
    x = np.asarray(x, dtype=float)
    z = np.where(x > 0, np.nan_to_num(np.asarray(mean_value, dtype=float)), 0.0)
    p, q, v = model
    return p * (v + x * z) / (p * x + q - 1) if q > 1 else np.where(x > 0, z, np.nan)


def enough_or_refuse(n_customers: int, n_repeaters: int) -> None:
    """Raise ``NotEnoughDataError`` with the reason where a forecast would be a guess."""
    if n_customers < MIN_CUSTOMERS:
        raise NotEnoughDataError(
            f"A forecast of orders needs {MIN_CUSTOMERS} customers; there are {count(n_customers)}. "
            "Rank by what customers were worth so far."
        )
    if n_repeaters < MIN_REPEATERS:
        raise NotEnoughDataError(
            f"A forecast of orders needs {MIN_REPEATERS} customers with two orders; there are {count(n_repeaters)}. "
            "Rank by what customers were worth so far."
        )
