"""Market size: the arithmetic is shown, typed numbers go first, and too narrow or too loose is said."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from icp_core.errors import IcpError
from icp_core.facts.catalogue import facts_from_frame
from icp_core.profile.market import (
    MarketNumbers,
    Seen,
    cautions,
    keep_typed,
    market,
    typed,
    value_a_year,
)
from icp_core.segments.conditions import Condition, Segment
from icp_core.workspace import Workspace

LOGISTICS = Segment((Condition("industry", "is_any_of", ["Logistics"]),))


def customers(n_ideal=40, n_other=160, value=100.0):
    n = n_ideal + n_other
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "industry": ["Logistics"] * n_ideal + ["Retail"] * n_other,
            "value_per_month": [value] * n_ideal + [10.0] * n_other,
            "revenue": [value * 10] * n_ideal + [100.0] * n_other,
            "churned": pd.array([False] * n, dtype="boolean"),
        }
    )
    return facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["value_per_month", "revenue", "churned"])


def test_the_market_is_companies_times_fit_share_times_value_a_year():
    found = market(
        customers(), LOGISTICS, MarketNumbers(companies=10_000, fit_share=0.12, reachable_share=0.25)
    )

    assert (found.companies, found.matching, found.reachable) == (10_000, 1_200, 300)
    assert found.value_per_year == pytest.approx(1_200 * 100 * 12)
    assert found.ours_share == pytest.approx(40 / 1_200)
    assert "10,000 companies in the market, as typed" in found.reasoning
    assert "€1,200 a year (the average of 40 ideal customers)" in found.reasoning
    assert found.warning == ""


def test_a_list_of_prospects_is_the_market_until_numbers_are_typed():
    seen = Seen(n=300, n_known=250, n_match=50, n_new=45)

    from_list = market(customers(), LOGISTICS, None, seen)
    with_total = market(customers(), LOGISTICS, MarketNumbers(companies=5_000), seen)

    assert (from_list.companies, from_list.matching, from_list.reachable) == (300, 50, 45)
    assert from_list.ours_share is None
    assert "of 50 too little is known" in from_list.reasoning
    assert with_total.matching == 1_000  # 50 of the 250 that are known


def test_the_share_counted_on_a_list_of_prospects_carries_its_evidence_and_a_typed_one_none():
    seen = Seen(n=300, n_known=250, n_match=50, n_new=45)
    counted = market(customers(), LOGISTICS, None, seen).evidence
    little_known = market(customers(), LOGISTICS, None, Seen(n=300, n_known=40, n_match=8, n_new=8)).evidence

    assert (counted.n, counted.n_rest, counted.of, counted.verdict) == (50, 200, "prospects", "Solid")
    assert counted.low < 0.2 < counted.high and "50 match every criterion" in counted.method
    assert little_known.verdict == "Hint"
    assert market(customers(), LOGISTICS, MarketNumbers(5_000, fit_share=0.1), seen).evidence is None
    assert market(customers(), LOGISTICS, MarketNumbers(companies=5_000)).evidence is None


def test_customers_who_left_do_not_count_for_the_value_a_year():
    facts = customers()
    left = facts.frame.assign(
        churned=pd.array([i < 20 for i in range(200)], dtype="boolean"),
        value_per_month=np.where(np.arange(200) < 20, 1_000.0, facts.frame["value_per_month"]),
    )

    each, n = value_a_year(
        facts_from_frame(left, as_of=date(2026, 1, 1), outcomes=["value_per_month", "churned"]), LOGISTICS
    )

    assert (each, n) == (1_200.0, 20)


def test_an_icp_of_nearly_everyone_is_too_loose_and_a_tiny_one_too_narrow():
    loose = cautions(customers(150, 50), LOGISTICS)
    narrow = cautions(customers(2, 198, value=10.0), LOGISTICS)
    saturated = cautions(customers(), LOGISTICS, matching=60, companies=1_000)
    impossible = cautions(customers(), LOGISTICS, matching=20, companies=1_000)

    assert loose == ["Too loose to steer by: 75 % of today's customers match."]
    assert narrow == ["Too narrow to grow on: it covers 1 % of today's customers and 1 % of the revenue."]
    assert saturated[0].startswith(
        "Too narrow to grow on: the market holds 60 that match, and 40 are customers"
    )
    assert "check the numbers" in impossible[0]
    assert cautions(customers(), LOGISTICS, matching=600, companies=10_000) == []


def test_nothing_is_made_up_without_numbers_prospects_or_criteria():
    assert market(customers(), LOGISTICS) is None
    assert market(customers(), Segment(), MarketNumbers(companies=100)) is None
    only_total = market(customers(), LOGISTICS, MarketNumbers(companies=100))
    assert only_total.matching is None and only_total.value_per_year is None


def test_typed_numbers_are_kept_and_impossible_ones_refused():
    workspace = Workspace.in_memory()

    keep_typed(workspace, MarketNumbers(companies=500.0, fit_share=0.2))

    assert typed(workspace) == MarketNumbers(companies=500.0, fit_share=0.2)
    with pytest.raises(IcpError, match="between 0 and 100"):
        keep_typed(workspace, MarketNumbers(companies=500.0, fit_share=1.2))
