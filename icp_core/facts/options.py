"""The choices behind the facts: where churn and revenue come from, and which scales hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ChurnRule = Literal["auto", "flag", "date", "status", "subscription", "inactivity", "none"]
RevenueSource = Literal["auto", "orders", "subscriptions", "total_revenue", "deals", "recurring"]
LtvBasis = Literal["auto", "margin", "revenue"]

CHURN_RULES = ("flag", "date", "status", "subscription", "inactivity")
REVENUE_SOURCES = ("orders", "subscriptions", "total_revenue", "deals", "recurring")


@dataclass(frozen=True)
class FactOptions:
    """Choices that ``build`` follows.

    ``"auto"`` lets ``engine.resolve`` look at the data first; ``build`` on its own reads "auto" as the first
    source that knows the customer. ``inactivity_days`` is the silence after which a customer without a contract
    counts as lost. ``custom`` names further columns of the customers table to carry along, ``traits`` (kind, column,
    name of the attribute) those of other tables in which a customer's rows all say the same. ``csat_scale``
    is (worst, best) of the satisfaction answers; blank means 0–1. ``one_row_each`` promises that the customers
    table holds each customer once, which spares a sort.
    """

    churn_rule: ChurnRule = "auto"
    inactivity_days: int | None = None
    revenue_source: RevenueSource = "auto"
    ltv_basis: LtvBasis = "auto"
    custom: tuple[str, ...] = ()
    traits: tuple[tuple[str, str, str], ...] = ()
    csat_scale: tuple[float, float] | None = None
    one_row_each: bool = False
