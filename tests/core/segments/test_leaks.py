"""The leak guard: what came after the sale or is made from the outcome is named with its reason."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from icp_core.facts.catalogue import Facts, facts_from_frame
from icp_core.segments.leaks import leaks

AS_OF = date(2026, 1, 1)
OUTCOMES = ["revenue", "tenure_months", "customer_since", "churned", "value_per_month"]
N = 400


def customers(**extra) -> Facts:
    """Customers with usual outcomes plus the attributes under test."""
    return facts_from_frame(pd.DataFrame(base() | extra), as_of=AS_OF, outcomes=OUTCOMES)


def base() -> dict:
    rng = np.random.default_rng(1)
    tenure = rng.integers(1, 60, N).astype(float)
    per_month = np.exp(rng.normal(5, 0.8, N))
    return {
        "tenure_months": tenure,
        "customer_since": pd.Timestamp(AS_OF) - pd.to_timedelta((tenure * 30.4).astype(int), unit="D"),
        "value_per_month": per_month,
        "revenue": per_month * tenure,
        "churned": pd.Series(rng.random(N) < 0.3).astype("boolean"),
        "industry": pd.Series(rng.choice(["A", "B", "C"], N), dtype="str"),
    }


KNOWN = base()
RNG = np.random.default_rng(2)
LEFT = KNOWN["churned"].astype(bool).to_numpy()


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (np.log(KNOWN["revenue"]) * 3 + 1, "same order as “Revenue”"),
        (-KNOWN["value_per_month"] ** 2, "same order as “Value per month”"),
        (KNOWN["tenure_months"] * 80 + RNG.normal(0, 300, N), "how long they have been customers"),
        (KNOWN["customer_since"] - pd.to_timedelta(RNG.integers(1, 60, N), unit="D"), "close to the day they became"),
        (pd.Series(np.where(LEFT, RNG.choice(["price", "moved"], N), None), dtype="object"), "filled only for customers whose “Churned” is yes"),
        (pd.Series(np.where(~LEFT, RNG.choice(["spring", "autumn"], N), None), dtype="object"), "filled only for customers whose “Churned” is no"),
        (np.where(LEFT, "red", "green"), "tells “Churned” almost without error"),
        (pd.Series(pd.qcut(KNOWN["revenue"], 5, labels=list("abcde")).astype(str)), "made from it"),
        ([f"Company {i}" for i in range(N)], "a value of its own"),
    ],
    ids=["log of revenue", "square", "total so far", "created on", "reason", "offer", "light", "tier", "name"],
)  # fmt: skip
def test_a_leak_is_found_with_its_reason(column, reason):
    found = leaks(customers(suspect=column))

    assert reason in found["suspect"]
    assert found["suspect"].endswith(".")
    assert "industry" not in found


def test_a_running_number_is_an_id_and_turnover_is_not():
    found = leaks(
        customers(
            record_id=np.arange(N, dtype=float) + 7_000_000,
            row_index=np.arange(N, dtype=float),
            turnover=np.round(np.exp(np.random.default_rng(5).normal(15, 1, N))),
        )
    )

    assert "a value of its own" in found["record_id"] and "a value of its own" in found["row_index"]
    assert "turnover" not in found


def test_a_strong_real_attribute_is_no_leak():
    rng = np.random.default_rng(3)
    fits = rng.random(N) < 0.3
    facts = facts_from_frame(
        pd.DataFrame(
            {
                "industry": np.where(fits, "Hotels", "Retail"),
                "rooms": np.where(fits, 5, 1) * np.exp(rng.normal(3, 0.3, N)),
                "value_per_month": np.where(fits, 5, 1) * np.exp(rng.normal(5, 0.3, N)),
                "churned": pd.Series(rng.random(N) < np.where(fits, 0.05, 0.7)).astype("boolean"),
            }
        ),
        as_of=AS_OF,
        outcomes=["value_per_month", "churned"],
    )

    assert leaks(facts) == {}


def test_the_size_of_a_company_may_follow_the_outcome_as_closely_as_it_likes():
    found = leaks(
        customers(
            employees=np.round(KNOWN["value_per_month"] / 3), seats=np.round(KNOWN["value_per_month"] / 3)
        )
    )

    assert "employees" not in found
    assert "seats" in found


def test_the_catalogue_speaks_first_and_names_tell_the_rest():
    facts = facts_from_frame(
        pd.DataFrame(base() | {"plan": ["x", "y"] * (N // 2), "owner": ["p", "q"] * (N // 2),
                               "lead_quality": ["hot", "cold"] * (N // 2), "lead_magnet": ["a", "b"] * (N // 2)}),
        as_of=AS_OF, outcomes=OUTCOMES, known_after=["plan"], leaks={"owner": "Chosen by sales."},
    )  # fmt: skip

    found = leaks(facts)

    assert found["plan"] == "It is known only after somebody has become a customer."
    assert found["owner"] == "Chosen by sales."
    assert found["lead_quality"].startswith("By its name")
    assert "lead_magnet" not in found


def test_a_founding_year_is_no_account_age_and_few_customers_prove_nothing():
    year = 2026 - np.random.default_rng(9).integers(1, 60, N)
    assert "founded_year" not in leaks(customers(founded_year=year.astype(float)))

    few = customers(copy=KNOWN["revenue"]).only(np.arange(N) < 20)
    assert leaks(few) == {}


def test_noise_is_never_a_leak():
    rng = np.random.default_rng(11)
    noise = {f"x{i}": rng.normal(0, 1, N).round(1) for i in range(20)} | {
        f"c{i}": rng.choice(list("abcdefgh"), N) for i in range(20)
    }

    assert leaks(customers(**noise)) == {}
