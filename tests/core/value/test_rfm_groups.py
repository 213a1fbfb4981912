"""RFM groups as a table."""

from datetime import date

import pandas as pd

from icp_core.facts.catalogue import facts_from_frame
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.segments.shared import condition_of
from icp_core.value.best_customers import what_they_share
from icp_core.value.rfm_groups import rfm_groups


def facts():
    frame = pd.DataFrame(
        {
            "recency_days": [10.0, 20.0, 400.0, 30.0, None],
            "orders": [12.0, 6.0, 1.0, 1.0, None],
            "revenue": [900.0, 500.0, 50.0, 50.0, None],
            "size": [50.0, 40.0, 3.0, 2.0, 1.0],
            "tools": [["A", "B"], ["A"], ["B"], ["B"], None],
        }
    )
    return facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["recency_days", "orders", "revenue"])


def test_groups_are_counted_with_their_part_of_the_revenue():
    found = rfm_groups(facts())

    assert found[["group", "n"]].values.tolist() == [["Loyal", 2], ["New", 1], ["Lost", 1]]
    assert found["share_revenue"].round(3).tolist() == [0.933, 0.033, 0.033]
    assert found["typical"].tolist() == [700.0, 50.0, 50.0]


def test_without_orders_there_are_no_groups():
    bare = facts_from_frame(pd.DataFrame({"industry": ["a", "b"]}), as_of=date(2026, 1, 1))

    assert rfm_groups(bare).empty


def test_a_finding_becomes_the_segment_of_exactly_the_customers_it_counts():
    known = facts()
    found = what_they_share(known, [True, True, False, False, False])

    for row in found.itertuples():
        inside = members(known, Segment((condition_of(known, row.attribute, row.level),)))
        assert inside[:2].sum() == row.n_best
    assert {"size", "tools"} <= set(found["attribute"])
