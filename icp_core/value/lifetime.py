"""Lifetime value: what customers brought, and what they are expected to bring, by a method the data can carry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from icp_core.errors import NotEnoughDataError
from icp_core.facts.calendar import DAYS_PER_MONTH
from icp_core.facts.catalogue import Facts
from icp_core.facts.columns import numbers
from icp_core.retention.survival import durations_of
from icp_core.stats.wording import months, number, rate
from icp_core.value import contract, repeat_purchase

Method = Literal["contract", "repeat purchase", "buying gaps", "historic"]

REPEAT_HORIZON_MONTHS = 12
# A forecast that was this far off on the customer's own past is not shown without a warning.
MAX_BIAS = 0.30
# The spending model assumes that frequent buyers do not spend more per order.
_MAX_CORRELATION = 0.3
_SILENT_GAPS = 3.0
# A contract type of its own curve needs this many customers.
_MIN_CURVE = 100


class Backtest(NamedTuple):
    """The forecast tried on the last months: money forecast and true, and how far off (−0.17 = 17 % low)."""

    months: float
    n: int
    forecast: float
    actual: float
    bias: float

    @property
    def words(self) -> str:
        """Stands beside every forecast."""
        if np.isnan(self.bias):
            return "Not tested: too few orders in the last months."
        side = "low" if self.bias < 0 else "high"
        came = "about right" if abs(self.bias) < 0.005 else f"{rate(round(abs(self.bias), 2))} {side}"
        return f"Tested on your last {months(self.months)}: came out {came}."


@dataclass(frozen=True)
class Lifetime:
    """Expected value per customer and how it was found.

    ``frame`` has one row per customer of the facts, in their order: customer_id, alive (0–1, chance of still being a
    customer; blank where the data cannot tell), orders_ahead, value_ahead (currency, within ``horizon_months``),
    expected_ltv (value so far + value ahead). ``sentence`` names the method; ``refused`` says why no better
    one is used.
    """

    frame: pd.DataFrame
    method: Method
    sentence: str
    horizon_months: int
    backtest: Backtest | None = None
    warnings: tuple[str, ...] = ()
    refused: str = ""
    model: repeat_purchase.BgNbd | None = None
    spending: repeat_purchase.GammaGamma | None = None


def expected(
    facts: Facts,
    orders: pd.DataFrame | None = None,
    *,
    horizon_months: int | None = None,
    annual_discount: float = contract.DEFAULT_ANNUAL_DISCOUNT,
) -> Lifetime:
    """Expected lifetime value of every customer, by the method the data can carry.

    Contracts (recurring revenue known for half of the customers, with churn and tenure): survival × margin,
    discounted, 36 months. Repeat purchase (``orders``, see ``engine.orders_frame``): BG/NBD and Gamma-Gamma over 12
    months. Otherwise value so far, with the reason in ``refused``.
    """
    if _is_contractual(facts):
        return by_contract(facts, horizon_months or contract.DEFAULT_HORIZON_MONTHS, annual_discount)
    if orders is None or orders.empty:
        return historic(facts, "There are neither contracts with churn nor dated orders to forecast from.")
    try:
        return by_repeat_purchase(facts, orders, horizon_months or REPEAT_HORIZON_MONTHS, annual_discount)
    except NotEnoughDataError as error:
        return historic(facts, str(error))


def historic(facts: Facts, refused: str = "") -> Lifetime:
    """Value so far, nothing forecast."""
    frame = _blank_frame(facts)
    frame["expected_ltv"] = np.nan
    return Lifetime(frame, "historic", "Value so far; nothing is forecast.", 0, refused=refused)


def by_contract(facts: Facts, horizon_months: int, annual_discount: float) -> Lifetime:
    """Survival × margin, discounted, within the horizon; a curve per contract type where 100 customers have it."""
    durations, left = durations_of(facts)
    monthly = _margin_per_month(facts)
    groups = np.full(len(facts), "all customers", dtype=object)
    if facts.has("contract_type"):
        kinds = facts.frame["contract_type"].astype(object)
        large = kinds.value_counts().loc[lambda n: n >= _MIN_CURVE].index
        groups = np.where(kinds.isin(large), kinds, groups).astype(object)
    ahead, notes = np.zeros(len(facts)), []
    for group in pd.unique(groups):
        own = groups == group
        fitted = own if group != "all customers" else np.ones(len(facts), dtype=bool)
        curve = contract.extended_curve(durations[fitted], left[fitted], horizon_months)
        ahead[own] = contract.months_ahead(curve, durations[own], horizon_months, annual_discount)
        notes.append(f"{group}: {curve.note}")
    still_here = left != 1
    frame = _blank_frame(facts)
    frame["alive"] = np.where(np.isnan(left), np.nan, still_here.astype(float))
    frame["value_ahead"] = np.where(still_here, monthly * ahead, 0.0)
    frame["expected_ltv"] = numbers(facts.frame, "ltv") + frame["value_ahead"]
    sentence = (
        f"Value so far plus survival × margin of the next {months(horizon_months)}, discounted by "
        f"{rate(annual_discount)} a year."
    )
    return Lifetime(frame, "contract", sentence, horizon_months, warnings=tuple(notes))


def by_repeat_purchase(
    facts: Facts, orders: pd.DataFrame, horizon_months: int, annual_discount: float = 0.0
) -> Lifetime:
    """BG/NBD + Gamma-Gamma within the horizon, with its own backtest; the gap rule where the fit is degenerate.

    Raises ``NotEnoughDataError`` below 200 customers or 60 with a repeat order.
    """
    orders = orders[
        orders["ordered_on"].notna() & (pd.to_datetime(orders["ordered_on"]) <= pd.Timestamp(facts.as_of))
    ]
    summary = summarised(orders, facts.as_of)
    repeat_purchase.enough_or_refuse(len(summary), int((summary["repeats"] > 0).sum()))
    forecast = _forecast(summary, horizon_months * DAYS_PER_MONTH)
    backtest = tried_on_the_past(orders, facts.as_of)
    warnings = list(forecast.warnings)
    if np.isnan(backtest.bias):
        warnings.append("The forecast could not be tried on your own past; rank by value so far.")
    elif abs(backtest.bias) > MAX_BIAS:
        warnings.append(
            f"The forecast is off by more than {rate(MAX_BIAS)} on your own past; rank by value so far."
        )
    mid = (1 + annual_discount) ** (-horizon_months / 24)
    share = _margin_share(facts)
    ahead = pd.DataFrame(
        {
            "alive": forecast.alive,
            "orders_ahead": forecast.orders,
            "value_ahead": forecast.value * share * mid,
        }
    ).set_axis(summary["customer_id"], axis=0)
    frame = _blank_frame(facts)
    found = ahead.reindex(frame["customer_id"])
    for column in ("alive", "orders_ahead", "value_ahead"):
        frame[column] = found[column].to_numpy()
    frame["expected_ltv"] = numbers(facts.frame, "ltv") + frame["value_ahead"]
    how = "BG/NBD and Gamma-Gamma models" if forecast.method == "repeat purchase" else "the buying gaps"
    sentence = f"Value so far plus the orders of the next {months(horizon_months)} by {how}. {backtest.words}"
    return Lifetime(
        frame,
        forecast.method,
        sentence,
        horizon_months,
        backtest,
        tuple(warnings),
        "",
        forecast.model,
        forecast.spending,
    )


def summarised(orders: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """What the models need to know of each customer; several orders on one day are one.

    ``orders`` has customer_id, ordered_on, value (one row per order). Returns customer_id, repeats, last_days
    (first to last order), age_days (first order to ``as_of``), repeat_value (mean of orders after the first;
    blank without), total_value, sorted by customer_id.
    """
    frame = pd.DataFrame(
        {
            "customer_id": orders["customer_id"].astype(str),
            "day": pd.to_datetime(orders["ordered_on"]).dt.normalize(),
            "value": orders["value"].astype(float),
        }
    )
    days = frame.groupby(["customer_id", "day"], sort=True, as_index=False)["value"].sum()
    by = days.groupby("customer_id", sort=True)
    summary = by.agg(
        n=("day", "size"), first=("day", "min"), last=("day", "max"), total_value=("value", "sum")
    )
    first_value = by["value"].first()
    repeats = summary["n"] - 1
    repeat_value = (summary["total_value"] - first_value) / repeats.where(repeats > 0)
    return pd.DataFrame(
        {
            "customer_id": summary.index.to_numpy(),
            "repeats": repeats.to_numpy(float),
            "last_days": (summary["last"] - summary["first"]).dt.days.to_numpy(float),
            "age_days": (pd.Timestamp(as_of) - summary["first"]).dt.days.to_numpy(float),
            "repeat_value": repeat_value.to_numpy(float),
            "total_value": summary["total_value"].to_numpy(float),
        }
    )


def tried_on_the_past(orders: pd.DataFrame, as_of: date) -> Backtest:
    """Forecast the last third of the data (at most a year) from what came before it, and compare the money.

    Only customers who had already bought are forecast and counted.
    """
    when = pd.to_datetime(orders["ordered_on"])
    span = (pd.Timestamp(as_of) - when.min()).days
    held_days = int(min(span / 3, 365))
    split = as_of - timedelta(days=held_days)
    before = orders[when <= pd.Timestamp(split)]
    after = orders[when > pd.Timestamp(split)]
    blank = Backtest(held_days / DAYS_PER_MONTH, 0, np.nan, np.nan, np.nan)
    if before.empty or held_days < 14:
        return blank
    summary = summarised(before, split)
    if (summary["repeats"] > 0).sum() < repeat_purchase.MIN_REPEATERS:
        return blank
    forecast = float(_forecast(summary, held_days).value.sum())
    known = after["customer_id"].astype(str).isin(set(summary["customer_id"]))
    actual = float(after.loc[known, "value"].sum())
    bias = forecast / actual - 1 if actual > 0 else np.nan
    return Backtest(held_days / DAYS_PER_MONTH, len(summary), forecast, actual, bias)


@dataclass(frozen=True)
class _Forecast:
    alive: np.ndarray
    orders: np.ndarray
    value: np.ndarray
    method: Method
    warnings: tuple[str, ...] = ()
    model: repeat_purchase.BgNbd | None = None
    spending: repeat_purchase.GammaGamma | None = None


def _forecast(summary: pd.DataFrame, horizon_days: float) -> _Forecast:
    x, t_x, age, z = (
        summary[c].to_numpy(float) for c in ("repeats", "last_days", "age_days", "repeat_value")
    )
    model = repeat_purchase.fit_bg_nbd(x, t_x, age)
    spending = repeat_purchase.fit_gamma_gamma(x, z)
    each = repeat_purchase.expected_value(spending, x, z)
    # Where the spending model has no mean, single buyers are worth what repeat orders usually are.
    each = np.where(np.isfinite(each), each, np.nanmedian(z))
    warnings = []
    repeated = (x > 0) & np.isfinite(z)
    if repeated.sum() > 2 and x[repeated].std() > 0 and z[repeated].std() > 0:
        correlation = float(np.corrcoef(x[repeated], z[repeated])[0, 1])
        if correlation > _MAX_CORRELATION:
            warnings.append(
                f"Frequent buyers also spend more per order (correlation {number(correlation)}), "
                "which the spending model does not know: it is too low for them."
            )
    if model.is_degenerate:
        orders = _by_gaps(x, t_x, age, horizon_days)
        warnings.append("The model would say that nobody ever leaves; the buying gaps are used instead.")
        nothing = np.full(len(x), np.nan)
        return _Forecast(nothing, orders, orders * each, "buying gaps", tuple(warnings), model, spending)
    alive = repeat_purchase.probability_alive(model, x, t_x, age)
    orders = repeat_purchase.expected_orders(model, x, t_x, age, horizon_days)
    # By construction the model cannot doubt a customer with one order: better to say nothing.
    alive = np.where(x > 0, alive, np.nan)
    return _Forecast(alive, orders, orders * each, "repeat purchase", tuple(warnings), model, spending)


def _by_gaps(x, t_x, age, horizon_days: float) -> np.ndarray:
    """Own repeat rate goes on, unless the silence is longer than three own gaps."""
    gap = np.where(x > 0, t_x / np.maximum(x, 1), np.inf)
    awake = (age - t_x) <= _SILENT_GAPS * np.maximum(gap, 1)
    return np.where((x > 0) & awake, x / np.maximum(age, 1) * horizon_days, 0.0)


def with_expected(facts: Facts, lifetime: Lifetime) -> Facts:
    """The facts with ``expected_ltv`` filled in, and the method in the notes."""
    frame = facts.frame.assign(expected_ltv=lifetime.frame["expected_ltv"].to_numpy())
    notes = {**facts.notes, "expected_ltv": f"{lifetime.sentence} {lifetime.refused}".strip()}
    return replace(facts, frame=frame, notes=notes, _memory={})


def _is_contractual(facts: Facts) -> bool:
    return all(facts.has(c) for c in ("mrr", "churned", "tenure_months")) and bool(
        facts.frame["mrr"].notna().mean() >= 0.5
    )


def _margin_per_month(facts: Facts) -> np.ndarray:
    return numbers(facts.frame, "mrr") * _margin_share(facts)


def _margin_share(facts: Facts) -> float:
    """Margin per unit of revenue over all customers where both are known; 1 where value is revenue."""
    margin, revenue = numbers(facts.frame, "margin"), numbers(facts.frame, "revenue")
    both = np.isfinite(margin) & np.isfinite(revenue)
    if not both.any() or revenue[both].sum() <= 0:
        return 1.0
    return float(margin[both].sum() / revenue[both].sum())


def _blank_frame(facts: Facts) -> pd.DataFrame:
    frame = pd.DataFrame({"customer_id": facts.frame["customer_id"].astype(str)})
    return frame.assign(alive=np.nan, orders_ahead=np.nan, value_ahead=np.nan, expected_ltv=np.nan)
