"""How fast the Segments page follows a filter: the data side, beside a raw scan and beside pandas.

    python -m benchmarks.live [CUSTOMERS ...]        default: 100000 1000000

Per size, 30 changes of one filter while up to three others stand. Each change runs every way in turn, so
that other work on the machine hits all alike; medians in milliseconds, wall and processor time (all threads).

- raw scan: DuckDB, ``count(*), avg(ltv)`` with the same filter, text columns, ``IN`` lists
- dashboard: everything the page draws (figures with ranges, distribution, heat map, bubbles, retention, deals)
- counts: the numbers beside the values of eight filters
- charts: rows of the five charts, ready to send
- pandas: the same figures worked out the usual way, one group-by per chart, no ranges
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import duckdb
import numpy as np
import pandas as pd

from benchmarks.made_customers import COUNTRIES, INDUSTRIES, SOURCES, made_facts
from icp_core.charts import retention as retention_charts
from icp_core.charts import segments as segment_charts
from icp_core.facts.catalogue import Facts
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.dashboard import Dashboard, dashboard
from icp_core.segments.facets import facet, informative
from icp_core.segments.narrow import narrow

N_TWEAKS = 30
HEAT, BUBBLE = ("industry", "country"), "industry"


def tweaks(seed: int = 1) -> list[Segment]:
    """Segments that differ from the one before in one filter, with one to four filters."""
    rng = np.random.default_rng(seed)
    segment = Segment((Condition("industry", "is_any_of", INDUSTRIES[:2]),))
    found = []
    for _ in range(N_TWEAKS):
        name = str(rng.choice(["industry", "country", "lead_source", "employees"]))
        if name == "employees":
            low = float(rng.integers(1, 120))
            condition = Condition(name, "between", (low, low * float(rng.integers(3, 40))))
        else:
            levels = {"industry": INDUSTRIES, "country": COUNTRIES, "lead_source": SOURCES}[name]
            chosen = rng.choice(np.array(levels, dtype=object), int(rng.integers(2, 5)), replace=False)
            condition = Condition(name, "is_any_of", tuple(chosen))
        segment = segment.setting(name, condition)
        found.append(segment)
    return found


def raw_where(segment: Segment) -> str:
    """The filter as somebody would write it by hand; values are from the constants above."""
    parts = []
    for c in segment.conditions:
        if c.operator == "between":
            parts.append(f"{c.attribute} BETWEEN {c.value[0]} AND {c.value[1]}")
        else:
            parts.append(f"{c.attribute} IN ({', '.join(repr(v) for v in c.value)})")
    return " AND ".join(parts)


def raw_scan(facts: Facts) -> Callable[[Segment], object]:
    con = duckdb.connect()
    con.execute("SET threads = 2")
    con.register("frame", facts.frame[["industry", "country", "lead_source", "employees", "ltv"]])
    con.execute("CREATE TABLE facts AS SELECT * FROM frame")
    return lambda segment: con.execute(
        f"SELECT count(*), avg(ltv) FROM facts WHERE {raw_where(segment)}"
    ).fetchone()


def usual_pandas(facts: Facts) -> Callable[[Segment], object]:
    frame = facts.frame.drop(columns=["tech_stack"]).copy()
    for name in ("industry", "country", "lead_source"):
        frame[name] = frame[name].astype("category")
    bins = np.geomspace(100, frame["ltv"].max(), 25)

    def run(segment: Segment):
        mask = np.ones(len(frame), dtype=bool)
        for c in segment.conditions:
            column = frame[c.attribute]
            mask &= column.between(*c.value) if c.operator == "between" else column.isin(c.value)
        parts = []
        for part in (frame[mask], frame[~mask]):
            medians = part[
                ["ltv", "value_per_month", "mrr", "sales_cycle_days", "cac", "aov", "orders"]
            ].median()
            parts.append(
                (medians, part["churned"].mean(), part["nps"].mean(), np.histogram(part["ltv"], bins)[0])
            )
        inside = frame[mask]
        heat = inside.groupby(["industry", "country"], observed=True)["ltv"].agg(["size", "median"])
        groups = inside.groupby("industry", observed=True).agg({"ltv": ["size", "median"], "churned": "mean"})
        kept = frame.groupby([mask, frame["tenure_months"].astype(int)])["churned"].agg(["size", "sum"])
        return parts, heat, groups, kept

    return run


def chart_rows(found: Dashboard) -> list[pd.DataFrame]:
    charts = [
        segment_charts.distribution(found),
        segment_charts.heat_map(found, found.heat),
        segment_charts.bubbles(found, found.bubbles),
        segment_charts.deals(found),
        retention_charts.kept_curves(found.retention),
    ]
    return [chart.data for chart in charts]


def timed(what: Callable[[], object]) -> tuple[float, float, object]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = what()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000, result


def measure(n: int) -> None:
    facts = made_facts(n)
    opened, _, table = timed(lambda: narrow(facts))
    first = timed(lambda: (dashboard(facts, Segment(), heat=HEAT, bubble=BUBBLE), informative(table)))[0]
    names = informative(table)[:8]
    ways: dict[str, Callable[[Segment], object]] = {
        "raw scan": raw_scan(facts),
        "dashboard": lambda s: dashboard(facts, s, heat=HEAT, bubble=BUBBLE),
        "counts beside values": lambda s: [facet(table, s, name) for name in names],
        "chart rows": lambda s: chart_rows(dashboard(facts, s, heat=HEAT, bubble=BUBBLE)),
        "pandas, usual": usual_pandas(facts),
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    shares = []
    for segment in tweaks():
        for name, run in ways.items():
            wall, cpu, result = timed(lambda run=run, segment=segment: run(segment))
            times[name].append((wall, cpu))
            if name == "raw scan":
                count = result[0]
            elif name == "dashboard":
                assert result.n == count, (segment, result.n, count)
                shares.append(result.segment.share)
    raw = statistics.median(cpu for _, cpu in times["raw scan"])
    print(
        f"\n{n:,} customers · share inside, median {statistics.median(shares):.1%}, {min(shares):.1%}–{max(shares):.1%}"
    )
    print(f"opening the narrow table {opened:.0f} ms, first dashboard and order of filters {first:.0f} ms")
    print(f"{'way':24}{'wall':>9}{'wall p95':>10}{'cpu':>9}{'× raw, cpu':>12}")
    for name, rows in times.items():
        walls, cpus = zip(*rows, strict=True)
        p95 = sorted(walls)[int(len(walls) * 0.95)]
        cpu = statistics.median(cpus)
        print(f"{name:24}{statistics.median(walls):9.1f}{p95:10.1f}{cpu:9.1f}{cpu / raw:12.2f}")


if __name__ == "__main__":
    for size in [int(a) for a in sys.argv[1:]] or [100_000, 1_000_000]:
        measure(size)
