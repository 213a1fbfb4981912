"""Customers made up from a seed, in the shape of the facts: for measurements and for tests of the pages.

Planted: logistics firms of 50–200 people in the US or UK are worth about 2.5 times the others and stay
longer; tiny retailers leave. Everything else is noise.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts, facts_from_frame

AS_OF = date(2026, 6, 30)
INDUSTRIES = (
    "Retail",
    "SaaS",
    "Logistics",
    "Manufacturing",
    "Healthcare",
    "Agencies",
    "Education",
    "Finance",
)
COUNTRIES = ("US", "UK", "DE", "FR", "NL", "IE", "SE", "ES", "IT", "PL", "AT", "CH")
SOURCES = ("Inbound", "Referral", "Outbound", "Event", "Partner")
TOOLS = ("Shopify", "Salesforce", "HubSpot", "SAP", "NetSuite", "Excel", "Xero")
BANDS = ((10, "1–10"), (50, "11–50"), (200, "51–200"), (1000, "201–1,000"), (10**9, "1,001+"))
OUTCOMES = (
    "ltv", "revenue", "value_per_month", "mrr", "orders", "aov", "tenure_months", "churned", "nps", "deals",
    "deals_won", "deals_lost", "deals_open", "sales_cycle_days", "cac", "health_score",
)  # fmt: skip


def made_frame(n: int, seed: int = 7, extra: int = 0) -> pd.DataFrame:
    """``n`` customers, one row each; ``extra`` adds noise attributes."""
    rng = np.random.default_rng(seed)
    pick = lambda options, p=None: rng.choice(np.array(options, dtype=object), size=n, p=p)  # noqa: E731
    employees = np.round(np.exp(rng.normal(4.3, 1.3, n))).clip(1)
    industry, country = pick(INDUSTRIES), pick(COUNTRIES, _falling(len(COUNTRIES)))
    ideal = (
        (industry == "Logistics") & (employees >= 50) & (employees <= 200) & np.isin(country, ["US", "UK"])
    )
    bad = (industry == "Retail") & (employees < 30)
    ltv = np.exp(rng.normal(8.6, 1.0, n)) * np.where(ideal, 2.5, 1) * np.where(bad, 0.5, 1)
    age = rng.uniform(1, 60, n)
    hazard = np.where(ideal, 0.006, np.where(bad, 0.05, 0.02))
    leaves = rng.exponential(1 / hazard)
    churned, tenure = leaves < age, np.minimum(leaves, age)
    nps = np.clip(np.round(rng.normal(np.where(ideal, 8.8, 7.2), 2.2)), 0, 10)
    won = 1 + rng.poisson(0.4, n)
    lost = rng.poisson(np.where(ideal, 0.5, 1.1))
    still_open = rng.poisson(0.2, n)
    orders = 1 + rng.poisson(5, n)
    bounds = np.array([b for b, _ in BANDS])
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{i:07d}" for i in range(n)],
            "customer_name": [f"Company {i}" for i in range(n)],
            "industry": industry,
            "employees": employees,
            "employee_band": np.array([b for _, b in BANDS], dtype=object)[
                np.searchsorted(bounds, employees, side="left")
            ],
            "country": country,
            "lead_source": pick(SOURCES),
            "tech_stack": [list(TOOLS[a : a + k]) for a, k in zip(rng.integers(0, 6, n), rng.integers(1, 3, n), strict=True)],
            "founded_year": rng.integers(1960, 2025, n).astype(float),
            "has_api": rng.random(n) < 0.4,
            "created_on": pd.Timestamp(AS_OF) - pd.to_timedelta((age * 30.44).astype(int), unit="D"),
            "plan": pick(("Starter", "Team", "Business")),
            "ltv": ltv.round(2),
            "revenue": (ltv * 1.4).round(2),
            "value_per_month": (ltv / np.maximum(tenure, 1)).round(2),
            "mrr": (ltv / 30).round(2),
            "orders": orders.astype(float),
            "aov": (ltv * 1.4 / orders).round(2),
            "tenure_months": tenure.round(2),
            "churned": churned,
            "nps": np.where(rng.random(n) < 0.35, nps, np.nan),
            "deals": (won + lost + still_open).astype(float),
            "deals_won": won.astype(float),
            "deals_lost": lost.astype(float),
            "deals_open": still_open.astype(float),
            "sales_cycle_days": np.round(rng.gamma(4, np.where(ideal, 10, 16))),
            "cac": np.round(rng.gamma(3, 600)),
        }
    )  # fmt: skip
    for i in range(extra):
        frame[f"noise_{i}"] = pick(("alpha", "beta", "gamma", "delta"))
    for name, share in (("industry", 0.03), ("employees", 0.05), ("employee_band", 0.05), ("country", 0.02)):
        frame.loc[rng.random(n) < share, name] = None
    frame["has_api"] = frame["has_api"].astype("boolean").mask(rng.random(n) < 0.1)
    frame["churned"] = frame["churned"].astype("boolean")
    return frame


def _falling(k: int) -> np.ndarray:
    weights = 1 / np.arange(1, k + 1)
    return weights / weights.sum()


def made_facts(n: int, seed: int = 7, extra: int = 0) -> Facts:
    """Facts of ``n`` made-up customers."""
    return facts_from_frame(
        made_frame(n, seed, extra),
        as_of=AS_OF,
        kinds={"employee_band": "band"},
        outcomes=OUTCOMES,
        known_after=("plan",),
        leaks={"plan": "only known after the sale"},
        labels={"ltv": "Lifetime value", "lead_source": "Lead source", "has_api": "Has an API"},
        units={"ltv": "EUR", "revenue": "EUR", "mrr": "EUR", "tenure_months": "months"},
        churn_definition="status",
        fingerprint=f"made-{n}-{seed}-{extra}",
    )
