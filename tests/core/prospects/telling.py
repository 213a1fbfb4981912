"""Made-up customers from whom points can be learned: industry, size and country each tell of their own."""

from dataclasses import replace

import numpy as np

from benchmarks.made_customers import made_facts
from icp_core.facts.catalogue import Facts


def telling_facts(n: int) -> Facts:
    """Logistics firms are worth three times as much, firms of 50–200 people and those in the UK or US twice."""
    made = made_facts(n)
    frame = made.frame.copy()
    times = (
        np.where(frame["industry"] == "Logistics", 3.0, 1.0)
        * np.where(frame["employees"].between(50, 200), 2.0, 1.0)
        * np.where(frame["country"].isin(["UK", "US"]), 2.0, 1.0)
    )
    for column in ("value_per_month", "ltv", "revenue", "mrr"):
        frame[column] = frame[column] * times
    return replace(made, frame=frame, _memory={})
