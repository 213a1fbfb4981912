"""How long a list of prospects takes: made comparable, scored with reasons, ranked again after a weight moved.

    python benchmarks/prospect_speed.py                # 100,000 prospects
    python benchmarks/prospect_speed.py --prospects 20000

Wall-clock seconds; "ranked again" is the median of twenty moved weights, and holds everything a slider sets off:
weights, tiers measured anew on the customers, points, tiers, the histogram, and the 300 rows shown with reasons.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from benchmarks.made_customers import made_facts
from icp_core.charts.prospects import score_histogram
from icp_core.facts.catalogue import Facts
from icp_core.prospects import fit, lists
from icp_core.prospects.comparable import identities, only, prepare
from icp_core.prospects.model import Refusal
from icp_core.prospects.scorecard import fit_scorecard
from icp_core.segments.conditions import Condition, Segment

ICP = Segment(
    (Condition("industry", "is_any_of", ("Logistics",)), Condition("employees", "between", (50, 200)))
)
REFUSAL = Refusal(
    conditions=[
        Condition("employees", "at_most", 50).to_dict(),
        Condition("lead_source", "is_any_of", ("Event",)).to_dict(),
    ],
    words="Employees at most 50 and Lead source is Event",
)
BARS = {"scored": 3.0, "ranked again": 0.150}
SHOWN = 300


def customers() -> Facts:
    """Six hundred made-up customers of whom logistics firms and those of 50–200 people are worth more."""
    facts = made_facts(600)
    times = np.where(facts.frame["industry"] == "Logistics", 3.0, 1.0)
    times = times * np.where(facts.frame["employees"].between(50, 200), 2.0, 1.0)
    frame = facts.frame.assign(value_per_month=facts.frame["value_per_month"] * times)
    return replace(facts, frame=frame, _memory={})


def prospects(n: int) -> pd.DataFrame:
    """A list with names and domains, a fifth of the answers missing."""
    rng = np.random.default_rng(0)
    pick = lambda values: rng.choice(np.array([*values, None], dtype=object), n)  # noqa: E731
    return pd.DataFrame(
        {
            "account_name": [f"Firm {i} GmbH" for i in range(n)],
            "domain": [f"firm{i}.example" for i in range(n)],
            "industry": pick(("Logistics", "Retail", "SaaS", "Mining")),
            "employees": np.where(rng.random(n) < 0.2, np.nan, rng.integers(1, 3000, n)),
            "country": pick(("US", "UK", "DE", "Chile")),
            "lead_source": pick(("Inbound", "Event", "Outbound", "Partner")),
        }
    )


def measure(n: int) -> dict[str, float]:
    """Seconds per step."""
    facts = customers()
    card = fit_scorecard(facts, ICP).model_copy(update={"refusals": [REFUSAL]})
    behind = lists.judged(card, facts)
    frame = prospects(n)
    taken = {}
    start = time.perf_counter()
    ready = prepare(frame, card, customers=identities(facts))
    taken["made comparable"] = time.perf_counter() - start
    fit.score_prospects(ready, card)
    taken["scored"] = time.perf_counter() - start
    again = []
    for i in range(20):
        start = time.perf_counter()
        moved = lists.reweighed(card, {"employees": 20.0 + 3 * i}, ["employees"], behind)
        ranked = fit.rank(ready, moved)
        score_histogram(ranked["fit_points"].to_numpy(), moved.thresholds, {"MQL": 10, "SQL": 20})
        order = np.lexsort((-ranked["high"], -ranked["fit_points"], ranked["tier"]))
        fit.score_prospects(only(ready, order[:SHOWN]), moved)
        again.append(time.perf_counter() - start)
    taken["ranked again"] = float(np.median(again))
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--prospects", type=int, default=100_000)
    told = parser.parse_args()
    for step, seconds in measure(told.prospects).items():
        bar = f" (bar {BARS[step]:g} s)" if step in BARS else ""
        print(f"{told.prospects:,} prospects, {step}: {seconds:.3f} s{bar}")


if __name__ == "__main__":
    main()
