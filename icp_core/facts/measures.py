"""What each measure of the facts means: label, unit, formula, source, and what blank says.

``docs/metrics.md`` tells the same at length; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One measure column. ``unit`` is "money" for the workspace's currency, else a unit of ``stats.wording``.

    ``better`` is +1 where more is better, −1 where less is, 0 where neither. ``blank`` says when it is not known.
    """

    name: str
    label: str
    unit: str | None
    description: str
    formula: str
    source: str
    blank: str
    better: int = 1


def _measures(*rows: tuple) -> dict[str, Measure]:
    return {row[0]: Measure(*row) for row in rows}


MEASURES: dict[str, Measure] = _measures(
    (
        "revenue",
        "Revenue",
        "money",
        "What the customer has paid so far, refunds and cancellations taken off.",
        "Σ net value of orders; or Σ MRR × months active; or the given total; or Σ won deals; or the given MRR "
        "(ARR / 12) × months active, at least one. Never added up.",
        "orders, else subscriptions, else customers, else deals",
        "The source of revenue in force does not mention the customer.",
    ),
    (
        "margin",
        "Gross margin",
        "money",
        "What is left of the revenue after direct cost.",
        "Σ margin of order lines (margin, or amount − cost); else the given margin; else revenue × margin rate.",
        "orders, else customers",
        "Neither cost nor margin is known.",
    ),
    (
        "orders",
        "Orders",
        "count",
        "Number of orders that stand.",
        "Different order ids (days, where there is no id), less cancelled and fully credited ones.",
        "orders",
        "No order rows.",
    ),
    (
        "aov",
        "Average order value",
        "money",
        "What an order brings on average.",
        "Net value of orders / orders.",
        "orders",
        "No order stands.",
    ),
    (
        "order_frequency",
        "Orders per year",
        None,
        "How often the customer orders.",
        "orders / (max(active_months, 1) / 12).",
        "orders",
        "No orders, or no length of stay.",
    ),
    (
        "first_order_on",
        "First order",
        None,
        "Day of the first order that stands.",
        "min(order date).",
        "orders",
        "No dated order.",
        0,
    ),
    (
        "last_order_on",
        "Last order",
        None,
        "Day of the latest order that stands.",
        "max(order date).",
        "orders",
        "No dated order.",
        0,
    ),
    (
        "customer_since",
        "Customer since",
        None,
        "First day as a customer.",
        "Earliest of given date, first order, first subscription, first won deal; else the day the record was made.",
        "customers, orders, subscriptions, deals",
        "No date at all.",
        0,
    ),
    (
        "tenure_months",
        "Months as a customer",
        "months",
        "How long the customer has stayed, up to the day of leaving.",
        "(churned_on or as-of date − customer_since) / 30.4375 days; the given months where there are no dates; for "
        "customers who left on an unknown day, up to the last order or activity.",
        "as customer_since",
        "No date; for everybody, where more than 10 % of those who left have no known end.",
    ),
    (
        "active_months",
        "Active months",
        "months",
        "Months over which value was brought.",
        "As tenure_months; where that is not known, up to the last order or activity.",
        "as customer_since",
        "No date, and no last order or activity.",
    ),
    (
        "recency_days",
        "Days since the last order",
        "days",
        "How long the customer has been silent.",
        "as-of date − last order (last activity where there are no orders).",
        "orders, else customers",
        "No order and no activity date.",
        -1,
    ),
    (
        "refunds",
        "Refunds",
        "money",
        "What went back to the customer; already taken off revenue.",
        "Σ credit notes + Σ refunded amounts.",
        "orders",
        "No order rows.",
        -1,
    ),
    (
        "mrr",
        "Monthly recurring revenue",
        "money",
        "What the customer pays per month now.",
        "Σ over active subscriptions of amount × quantity / months per bill; else the given MRR; else ARR / 12.",
        "subscriptions, else customers, else won deals",
        "No subscription and none given.",
    ),
    (
        "arr",
        "Annual recurring revenue",
        "money",
        "What the customer pays per year under contract.",
        "12 × MRR of subscriptions; else the given ARR; else 12 × MRR.",
        "subscriptions, else customers",
        "As MRR.",
    ),
    (
        "expansion_mrr",
        "Expansion",
        "money",
        "Growth of what the customer pays per month since the start.",
        "max(MRR now − MRR at the first subscription, 0), for customers who still pay.",
        "subscriptions",
        "No subscriptions, or all have ended.",
    ),
    (
        "contraction_mrr",
        "Contraction",
        "money",
        "Decline of what the customer pays per month since the start.",
        "max(MRR at the first subscription − MRR now, 0), for customers who still pay.",
        "subscriptions",
        "No subscriptions, or all have ended.",
        -1,
    ),
    (
        "ltv",
        "Lifetime value so far",
        "money",
        "What the customer has been worth so far: margin when it is known, else revenue.",
        "margin, where known for four of five customers with revenue (the usual rate stands in for the rest); else revenue.",
        "as margin and revenue",
        "Revenue is not known.",
    ),
    (
        "value_per_month",
        "Value per month",
        "money",
        "Lifetime value so far per active month, so that old accounts are not favoured.",
        "ltv / max(active_months, 1); the given MRR where that is the source of revenue and the months are not known.",
        "as ltv and active_months",
        "Neither is known.",
    ),
    (
        "expected_ltv",
        "Expected lifetime value",
        "money",
        "Value so far plus what is expected, by the method the data can carry.",
        "ltv + margin × Σ survival, discounted (contracts); ltv + BG/NBD orders × Gamma-Gamma value (repeat purchase).",
        "as ltv, tenure_months, churned, orders",
        "Too little data for a forecast; the reason stands beside it.",
    ),
    (
        "churned",
        "Has left",
        None,
        "Whether the customer has left, by the churn definition in force.",
        "Churn column; else churn date; else status; else end of all subscriptions; else silence beyond the threshold.",
        "customers, subscriptions, orders",
        "The source in force says nothing about the customer.",
        -1,
    ),
    (
        "churned_on",
        "Left on",
        None,
        "Day the customer left.",
        "Given date; else end of the last subscription; else last order + threshold.",
        "customers, subscriptions, orders",
        "Still a customer, or the day is not known.",
        0,
    ),
    (
        "churn_reason",
        "Reason for leaving",
        None,
        "The reason given for leaving.",
        "Given reason; else that of the subscription that ended last.",
        "customers, subscriptions",
        "Still a customer, or no reason given.",
        0,
    ),
    (
        "nps",
        "NPS answer",
        None,
        "Latest answer 0 to 10 to how likely the customer is to recommend.",
        "Mean of the answers of the customer's latest day with one.",
        "responses, else customers",
        "Never answered.",
    ),
    (
        "csat",
        "Satisfaction",
        "%",
        "Latest satisfaction, from 0 (worst) to 1 (best).",
        "(answer − worst) / (best − worst) of the scale; mean of the latest day.",
        "responses and tickets, else customers",
        "Never answered.",
    ),
    (
        "responses",
        "Survey answers",
        "count",
        "Number of survey answers.",
        "Rows of survey responses.",
        "responses",
        "No answers.",
    ),
    (
        "deals",
        "Deals",
        "count",
        "Number of deals of any outcome.",
        "Different deal ids.",
        "deals",
        "No deals.",
        0,
    ),
    (
        "deals_won",
        "Deals won",
        "count",
        "Number of won deals.",
        "Deals whose flag, status or stage says won.",
        "deals",
        "No deals.",
    ),
    (
        "deals_lost",
        "Deals lost",
        "count",
        "Number of lost deals; open ones are never counted as lost.",
        "Deals whose status or stage says lost, or that are closed and not won.",
        "deals",
        "No deals.",
        -1,
    ),
    (
        "deals_open",
        "Deals open",
        "count",
        "Number of deals still open.",
        "Deals neither won nor lost.",
        "deals",
        "No deals.",
        0,
    ),
    (
        "win_rate",
        "Win rate",
        "%",
        "Share of decided deals that were won.",
        "deals_won / (deals_won + deals_lost).",
        "deals",
        "No decided deal.",
    ),
    (
        "won_amount",
        "Amount won",
        "money",
        "Total amount of won deals.",
        "Σ amount of won deals.",
        "deals",
        "No won deal has an amount.",
    ),
    (
        "sales_cycle_days",
        "Sales cycle",
        "days",
        "Days from opening a deal to winning it.",
        "Median of closing day − opening day over won deals.",
        "deals",
        "No won deal has both days.",
        -1,
    ),
    (
        "cac",
        "Cost of winning the customer",
        "money",
        "What was spent to win the customer.",
        "Given cost; else spend that names the customer; else spend of the channel in the month / customers it won.",
        "customers, else costs",
        "No spend is known for the channel and month.",
        -1,
    ),
    (
        "tickets",
        "Support tickets",
        "count",
        "Number of support tickets.",
        "Different ticket ids.",
        "tickets",
        "No tickets.",
        -1,
    ),
    (
        "usage_events",
        "Usage",
        "count",
        "How much the customer did with the product in the last 90 days of the usage report.",
        "Σ events (sessions or minutes where no events are counted) of the last 90 days of the report.",
        "usage",
        "Not in the usage report.",
    ),
    (
        "active_users",
        "Active users",
        "count",
        "Most users active in one period of the last 90 days of the usage report.",
        "max(active users).",
        "usage",
        "Not in the usage report.",
    ),
    (
        "referrals",
        "Referrals",
        "count",
        "How many others the customer has brought.",
        "As given.",
        "customers",
        "Not given.",
    ),
    (
        "health_score",
        "Health score",
        None,
        "Customer health as another system computes it.",
        "As given.",
        "customers",
        "Not given.",
    ),
)


def kinds_behind(name: str, loaded: Collection[str]) -> tuple[str, ...]:
    """The kinds of table a measure is made from, of those that are loaded; "else" asks for the first that is there.

    >>> kinds_behind("revenue", ("customers", "subscriptions")), kinds_behind("csat", ("responses", "tickets"))
    (('subscriptions',), ('responses', 'tickets'))
    >>> kinds_behind("value_per_month", ("customers", "orders"))
    ('orders', 'customers')
    """
    said = MEASURES[name].source
    if said.startswith("as "):
        parts = [kinds_behind(other, loaded) for other in re.findall(r"\w+", said[3:]) if other in MEASURES]
        return tuple(dict.fromkeys(kind for part in parts for kind in part))
    for choice in said.split("else"):
        if found := tuple(kind for kind in re.findall(r"\w+", choice) if kind in loaded):
            return found
    return ()
