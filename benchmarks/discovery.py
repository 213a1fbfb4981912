"""How long a discovery takes, and whether it finds what was planted.

    python benchmarks/discovery.py                  # 100,000 customers × 40 attributes, and 600 × 20, by value and by worth
    python benchmarks/discovery.py --customers 20000 --attributes 20
    python benchmarks/discovery.py --peer           # the same pairs with pysubgroup, if it is installed

The peer belongs into an environment of its own (``pip install pysubgroup``); it has no significance test,
so its time covers the search only.
"""

from __future__ import annotations

import argparse
import time
from datetime import date

import numpy as np
import pandas as pd

LEVELS = (3, 5, 4, 8, 6)


def customers(n: int, n_attributes: int, seed: int = 7) -> pd.DataFrame:
    """Customers with attributes of chance: three in four categories, one in four numbers; one planted group.

    Where a1 is L1 and a2 is L1 (1 customer in 20) customers are worth 2.5 times as much.
    """
    rng = np.random.default_rng(seed)
    columns = {}
    for j in range(n_attributes):
        if j % 4 == 3:
            columns[f"n{j}"] = np.round(np.exp(rng.normal(4, 1, n)))
        else:
            size = LEVELS[j % len(LEVELS)]
            columns[f"a{j}"] = pd.Series(
                np.array([f"L{i}" for i in range(size)])[rng.integers(0, size, n)], dtype="str"
            )
    frame = pd.DataFrame(columns)
    planted = (frame["a1"] == "L1") & (frame["a2"] == "L1") if n_attributes > 2 else frame["a0"] == "L1"
    frame["value_per_month"] = np.exp(rng.normal(5, 1.2, n)) * np.where(planted, 2.5, 1.0)
    return frame


def with_departures(frame: pd.DataFrame, seed: int = 8) -> pd.DataFrame:
    """The same customers, seen for up to four years; three in a hundred leave each month, whoever they are."""
    rng = np.random.default_rng(seed)
    seen, life = rng.uniform(1, 48, len(frame)), rng.exponential(1 / 0.03, len(frame))
    left = pd.Series(life < seen).astype("boolean")
    return frame.assign(tenure_months=np.minimum(seen, life), churned=left)


def measure(n: int, n_attributes: int, repeats: int, outcome: str) -> None:
    from icp_core.facts.catalogue import facts_from_frame
    from icp_core.segments.discover import discover

    outcomes = ["value_per_month", "tenure_months", "churned"]
    facts = facts_from_frame(
        with_departures(customers(n, n_attributes)), as_of=date(2026, 1, 1), outcomes=outcomes
    )
    seconds, work = [], []
    for _ in range(repeats):
        start, busy = time.perf_counter(), time.process_time()
        found = discover(facts, outcome)
        seconds.append(time.perf_counter() - start)
        work.append(time.process_time() - busy)
    best = found.candidates[0].words if found.candidates else "nothing"
    print(
        f"{n:>8,} customers × {n_attributes} attributes by {outcome}: {min(seconds):.2f} s best of {repeats} "
        f"({', '.join(f'{s:.2f}' for s in seconds)}), {min(work):.2f} s of processor time; {found.n_rules_tried:,} rules; best: {best}"
    )


def measure_peer(n: int, n_attributes: int, depth: int) -> None:
    import pysubgroup

    frame = customers(n, n_attributes)
    frame["score"] = frame.pop("value_per_month").rank()
    start, busy = time.perf_counter(), time.process_time()
    target = pysubgroup.NumericTarget("score")
    space = pysubgroup.create_selectors(frame, ignore=["score"])
    task = pysubgroup.SubgroupDiscoveryTask(
        frame, target, space, result_set_size=5, depth=depth, qf=pysubgroup.StandardQFNumeric(0.5)
    )
    found = pysubgroup.BeamSearch(beam_width=60).execute(task)
    seconds, work = time.perf_counter() - start, time.process_time() - busy
    print(
        f"{n:>8,} customers × {n_attributes} attributes, pysubgroup beam 60, depth {depth}: {seconds:.1f} s, "
        f"{work:.1f} s of processor time"
    )
    print(found.to_dataframe()[["quality", "subgroup"]].head(3).to_string(index=False))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--customers", type=int)
    parser.add_argument("--attributes", type=int, default=40)
    parser.add_argument("--depth", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--peer", action="store_true")
    options = parser.parse_args()
    if options.peer:
        measure_peer(options.customers or 100_000, options.attributes, options.depth)
        return
    sizes = [(options.customers, options.attributes)] if options.customers else [(600, 20), (100_000, 40)]
    for n, n_attributes in sizes:
        for outcome in ("value", "worth"):
            measure(n, n_attributes, options.repeats, outcome)


if __name__ == "__main__":
    main()
