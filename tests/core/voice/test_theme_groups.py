"""Themes by kind of customer: customers are counted once, and only planted differences stand."""

from datetime import date

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import facts_from_frame
from icp_core.voice import theme_groups as G
from icp_core.voice.themes import find_themes

_WORDS = {
    "billing": "invoice billing refund charged",
    "speed": "slow loading lag waiting",
    "team": "friendly helpful people kind",
}


def planted():
    """120 customers; the lost ones speak of billing, the others of anything."""
    rng = np.random.default_rng(8)
    lost = np.arange(120) < 45
    topic = np.where(lost & (rng.random(120) < 0.8), "billing", rng.choice(["speed", "team"], 120))
    texts = [" ".join(rng.permutation(_WORDS[t].split())[:3]) for t in topic]
    frame = pd.DataFrame(
        {
            "verbatim_id": [f"v{i}" for i in range(120)],
            "customer_id": [f"c{i}" for i in range(120)],
            "text": texts,
        }
    )
    table = pd.DataFrame(
        {"customer_id": frame["customer_id"], "churned": pd.array(lost, dtype="boolean"), "revenue": 10.0}
    )
    facts = facts_from_frame(table, as_of=date(2026, 1, 1), outcomes=["churned", "revenue"])
    responses = pd.DataFrame(
        {"customer_id": frame["customer_id"], "nps": np.where(topic == "billing", 2.0, 9.0)}
    )
    return find_themes(frame, facts, k=3, method="words"), facts, responses


def test_the_theme_of_lost_customers_stands_out():
    themes, facts, _ = planted()

    table = G.themes_between(themes, *reversed(G.kept_and_lost(facts)))

    top = table.loc[table["difference"].idxmax()]
    assert "invoice" in top["name"].lower() + " ".join(themes.frame()["quote"]) and top["stands"]
    assert top["heard_first"] == 45 and top["heard_second"] == 75
    assert top["difference_low"] > 0.5


def test_segment_and_rest_share_out_all_customers():
    themes, facts, _ = planted()
    mask = np.arange(120) % 2 == 0

    table = G.themes_between(themes, *G.segment_and_rest(facts, mask))

    assert (table["n_first"] + table["n_second"]).tolist() == [t.n_people for t in themes.shown()]


def test_a_customer_with_promoters_and_detractors_is_neither():
    responses = pd.DataFrame(
        {"customer_id": ["a", "a", "b"], "person_name": ["x", "y", "z"], "nps": [10, 1, 9]}
    )

    assert G.promoters_and_detractors(responses) == ({"b"}, set())


def test_scores_of_a_theme_are_those_of_its_customers():
    themes, facts, responses = planted()

    table = G.theme_scores(themes, responses, facts)

    worst = table.loc[table["nps"].idxmin()]
    assert worst["nps"] == -100 and worst["lost"] == worst["n_known"] == worst["detractors"]
    assert table["n_people"].sum() == 120
    assert np.isclose(table["revenue_share"].sum(), 1)


def test_without_churn_or_scores_the_groups_are_empty():
    themes, _, _ = planted()

    table = G.themes_between(themes, set(), set())

    assert set(table["verdict"]) == {"Too few to say"} and not table["stands"].any()
