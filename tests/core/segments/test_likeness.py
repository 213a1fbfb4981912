"""On the map near means alike, the same customers give the same map, and names or leaks have no say."""

from datetime import date

import numpy as np
import pandas as pd

from icp_core.charts.likeness import likeness_chart
from icp_core.charts.theme import LIGHT
from icp_core.facts.catalogue import facts_from_frame
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.likeness import MOST_POINTS, likeness

LOGISTICS = Segment((Condition("industry", "is_any_of", ["Logistics"]),))


def customers(n=300):
    rng = np.random.default_rng(5)
    kind = rng.random(n) < 0.3
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "customer_name": [f"Company {i}" for i in range(n)],
            "industry": np.where(kind, "Logistics", "Retail"),
            "sites": np.where(kind, rng.integers(5, 9, n), rng.integers(1, 4, n)).astype(float),
            "tool": np.where(kind, "SAP", "Excel"),
            "revenue": rng.random(n),
        }
    )
    return facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["revenue"])


def test_customers_that_are_alike_lie_together():
    found = likeness(customers(), LOGISTICS)

    inside = found.points["inside"]
    between = abs(found.points.loc[inside, "x"].mean() - found.points.loc[~inside, "x"].mean())
    assert between > 3 * found.points.loc[inside, "x"].std()
    assert inside.sum() == (customers().frame["industry"] == "Logistics").sum()
    assert 0.5 < found.kept <= 1


def test_the_same_customers_give_the_same_map():
    assert likeness(customers(), LOGISTICS).points.equals(likeness(customers(), LOGISTICS).points)


def test_many_customers_are_thinned_for_the_drawing_only():
    found = likeness(customers(7_000), LOGISTICS)

    assert found.n == 7_000 and len(found.points) <= MOST_POINTS


def test_too_few_customers_have_no_map():
    assert likeness(customers(20), LOGISTICS) is None


def test_the_chart_draws_ideal_customers_over_the_others():
    chart = likeness_chart(likeness(customers(), LOGISTICS), LIGHT)

    assert chart.data["group"].iloc[-1] == "Ideal"
    assert "ideal customers" in chart.alt
