"""Unit economics and deals: what is counted, what is refused."""

import math

import numpy as np
import pandas as pd
import pytest

from icp_core.errors import NotEnoughDataError, UnknownColumnError
from icp_core.value import economics


@pytest.fixture
def accounts():
    """Eighty accounts: 40 won, 40 lost; plan is written after the win, industry is known of all."""
    won = np.arange(80) < 40
    return pd.DataFrame(
        {
            "deals_won": won.astype(float),
            "deals_lost": (~won).astype(float),
            "deals_open": 0.0,
            "industry": np.where(np.arange(80) % 4 == 0, "SaaS", "Retail"),
            "plan": np.where(won, "Pro", None),
        }
    )


def test_economics_by_hand(facts_of):
    facts = facts_of(
        {
            "ltv": [1200.0, 2400.0, 600.0],
            "active_months": [12.0, 24.0, 6.0],
            "cac": [300.0, 500.0, np.nan],
            "sales_cycle_days": [30.0, 60.0, 90.0],
            "lead_source": ["Organic Search", "Outbound calls", "Referral"],
        }
    )
    found = economics.unit_economics(facts)
    assert (found.n, found.ltv, found.ltv_typical) == (3, 1400.0, 1200.0)
    assert (found.cac, found.n_cac) == (400.0, 2)
    assert found.ltv_cac == pytest.approx(1800 / 400)
    # 100 a month each: 400 come back in four months.
    assert found.payback_months == pytest.approx(4.0)
    assert found.cycle_days == 60 and math.isnan(found.cycle_low)
    assert (found.inbound, found.n_source) == (pytest.approx(2 / 3), 3)
    assert math.isnan(found.win_rate)


def test_open_deals_do_not_lower_the_win_rate(facts_of, accounts):
    facts = facts_of({"ltv": [1.0]})
    before = economics.unit_economics(facts, accounts=accounts)
    after = economics.unit_economics(facts, accounts=accounts.assign(deals_open=9.0))
    assert before.win_rate == after.win_rate == 0.5
    assert (after.open, before.won, before.lost) == (720, 40, 40)
    assert before.win_low < 0.5 < before.win_high
    assert economics.words(after) == "50 % of 80 decided deals were won; 720 open ones are not counted."


def test_what_is_known_only_of_winners_is_refused_with_the_reason(accounts):
    with pytest.raises(NotEnoughDataError, match="filled in after the sale"):
        economics.win_rate_by(accounts, "plan")
    assert len(economics.win_rate_by(accounts, "industry"))
    with pytest.raises(UnknownColumnError):
        economics.win_rate_by(accounts, "colour")


def test_win_rates_by_group_add_up_to_all_decided_deals(accounts):
    table = economics.win_rate_by(accounts, "industry")
    assert table["won"].sum() == 40 and table["decided"].sum() == 80
    assert table["rate"].tolist() == [0.5, 0.5]
    assert (table["low"] < table["rate"]).all() and (table["rate"] < table["high"]).all()


def test_lost_reasons_are_ranked_and_silence_comes_last():
    deals = pd.DataFrame(
        {
            "outcome": ["lost"] * 5 + ["won", "open"],
            "lost_reason": ["Price", "Price", "Timing", None, " ", "Price", "Price"],
            "amount": [10.0, 20, 5, 7, np.nan, 100, 100],
        }
    )
    table = economics.lost_reasons(deals)
    assert table["reason"].tolist() == ["Price", "Timing", "not given"]
    assert table["n"].tolist() == [2, 1, 2]
    assert table["share"].tolist()[:2] == pytest.approx([2 / 3, 1 / 3])
    assert table["amount"].tolist() == [30.0, 5.0, 7.0]


def test_a_funnel_of_decided_deals_only_says_that_the_stage_was_not_kept():
    deals = pd.DataFrame(
        {"stage": ["Closed won", "Closed lost", "Closed lost"], "outcome": ["won", "lost", "lost"]}, dtype="str"
    ).assign(probability=None)  # fmt: skip

    table = economics.funnel(deals)

    assert table[["stage", "n", "lost"]].values.tolist() == [["lost, stage not kept", 2, 2]]


def test_funnel_follows_the_pipeline_and_says_what_exports_do_not_keep():
    deals = pd.DataFrame(
        {
            "stage": ["Demo", "Demo", "Offer", "Offer", "Closed Won", "Closed Lost", "Demo"],
            "outcome": ["open", "lost", "open", "lost", "won", "lost", "open"],
            "probability": [0.2, 0.2, 0.6, 0.6, 1.0, 0.0, 0.2],
        }
    )
    table = economics.funnel(deals)
    assert table["stage"].tolist() == ["Demo", "Offer", "lost, stage not kept"]
    assert table["n"].tolist() == [6, 3, 1]
    assert table["drop_out"].tolist()[:2] == pytest.approx([1 / 6, 1 / 3])


def test_deals_are_shown_by_the_month_they_were_decided_in():
    deals = pd.DataFrame(
        {
            "outcome": ["won", "lost", "won", "open"],
            "closed_on": pd.to_datetime(["2025-03-01", "2025-03-09", "2025-05-01", "2025-03-02"]),
            "amount": [10.0, 20.0, 30.0, 40.0],
        }
    )
    table = economics.closed_by_month(deals)
    assert table["month"].dt.strftime("%Y-%m").tolist() == ["2025-03", "2025-05"]
    assert table[["won", "lost", "amount"]].values.tolist() == [[1, 1, 10], [1, 0, 30]]


def test_groups_cover_every_customer_whose_level_is_known(facts_of):
    facts = facts_of({"ltv": [1.0, 2, 3, 4], "industry": ["A", "A", "B", None]})
    table = economics.by_group(facts, "industry")
    assert table[["group", "n", "ltv"]].values.tolist() == [["A", 2, 1.5], ["B", 1, 3.0]]
