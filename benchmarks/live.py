"""How fast the Segments page follows a filter: the data side, beside a raw scan and beside pandas.

    python -m benchmarks.live [CUSTOMERS ...] [--write]        default: 100000 1000000

``--write`` puts the tables into ``docs/measurements.md``.

Per size, 30 changes of one filter while up to three others stand. Each change runs every way in turn, so
that other work on the machine hits all alike; medians in milliseconds, wall and processor time (all threads).

- raw scan: DuckDB, ``count(*), avg(ltv)`` with the same filter, text columns, ``IN`` lists
- dashboard: everything the page draws (figures with ranges, distribution, heat map, bubbles, retention, deals)
- counts: the numbers beside the values of eight filters
- charts: rows of the five charts, ready to send
- pandas, polars: the same figures worked out the usual way, one group-by per chart, no ranges (polars only
  where it is installed; the app does not need it)
- rerun: the whole page run again after a change of a filter, without a browser
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

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

ROOT = Path(__file__).resolve().parents[1]
PAPER = ROOT / "docs" / "measurements.md"
BEGIN, END = "<!-- written by benchmarks/live.py -->", "<!-- end -->"
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


def usual_polars(facts: Facts) -> Callable[[Segment], object]:
    import polars as pl  # no dependency of the app: compared with only where somebody installed it

    frame = pl.from_pandas(facts.frame.drop(columns=["tech_stack"])).with_columns(
        pl.col(name).cast(pl.Categorical) for name in ("industry", "country", "lead_source")
    )
    bins = np.geomspace(100, facts.frame["ltv"].max(), 25).tolist()
    measures = ["ltv", "value_per_month", "mrr", "sales_cycle_days", "cac", "aov", "orders"]

    def run(segment: Segment):
        parts = []
        for c in segment.conditions:
            column = pl.col(c.attribute)
            parts.append(
                column.is_between(*c.value) if c.operator == "between" else column.is_in(list(c.value))
            )
        inside = pl.all_horizontal(parts).fill_null(False)
        both = frame.lazy().with_columns(inside.alias("inside"))
        mine = both.filter("inside")
        return pl.collect_all(
            [
                both.group_by("inside").agg(
                    pl.len(), *(pl.median(name) for name in measures), pl.mean("churned"), pl.mean("nps")
                ),
                both.group_by("inside", pl.col("ltv").cut(bins)).len(),
                mine.group_by("industry", "country").agg(pl.len(), pl.median("ltv")),
                mine.group_by("industry").agg(pl.len(), pl.median("ltv"), pl.mean("churned")),
                both.group_by("inside", pl.col("tenure_months").cast(pl.Int32)).agg(
                    pl.len(), pl.sum("churned")
                ),
            ]
        )

    return run


def page_rerun(facts: Facts) -> Callable[[Segment], object]:
    """The page run again in this process, as the browser's change of a filter does, without a browser."""
    from streamlit.testing.v1 import AppTest

    from icp_core.facts import store

    home = tempfile.mkdtemp()
    os.environ["ICP_WORKBENCH_HOME"] = home
    store.load_facts = lambda workspace: facts
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.switch_page("pages/segments.py").run()
    assert not page.exception

    def run(segment: Segment):
        page.query_params["segment"] = segment.to_query()
        page.run()

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


def measure(n: int) -> str:
    """The table of one size, as Markdown."""
    facts = made_facts(n)
    opened, _, table = timed(lambda: narrow(facts))
    first = timed(lambda: (dashboard(facts, Segment(), heat=HEAT, bubble=BUBBLE), informative(table)))[0]
    names = informative(table)[:8]
    ways: dict[str, Callable[[Segment], object]] = {
        "raw scan": raw_scan(facts),
        "dashboard": lambda s: dashboard(facts, s, heat=HEAT, bubble=BUBBLE),
        "counts beside values": lambda s: [facet(table, s, name) for name in names],
        "rows of the charts": lambda s: chart_rows(dashboard(facts, s, heat=HEAT, bubble=BUBBLE)),
        "pandas, usual": usual_pandas(facts),
    }
    if importlib.util.find_spec("polars"):
        ways["polars, usual"] = usual_polars(facts)
    ways["rerun of the page"] = page_rerun(facts)
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
    middle = {name: statistics.median(wall for wall, _ in rows) for name, rows in times.items()}
    lines = [
        f"{n:,} customers, load {os.getloadavg()[0]:.1f}; inside the segment: median {statistics.median(shares):.0%}, "
        f"{min(shares):.1%} to {max(shares):.0%}. Narrow table {opened:.0f} ms, first dashboard and order of filters "
        f"{first:.0f} ms.",
        "",
        "| way | wall, ms | p95 | processor | × raw, wall |",
        "|---|---|---|---|---|",
    ]
    for name, rows in times.items():
        walls, cpus = zip(*rows, strict=True)
        p95 = sorted(walls)[int(len(walls) * 0.95)]
        lines.append(
            f"| {name} | {middle[name]:.1f} | {p95:.1f} | {statistics.median(cpus):.1f} | {middle[name] / middle['raw scan']:.1f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("customers", nargs="*", type=int)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/measurements.md")
    given = parser.parse_args()
    tables = [measure(size) for size in given.customers or [100_000, 1_000_000]]
    print("\n\n".join(tables))
    if given.write:
        block = "\n".join([BEGIN, "", "\n\n".join(tables), "", END])
        text = PAPER.read_text(encoding="utf-8")
        PAPER.write_text(
            re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: block, text, flags=re.DOTALL),
            encoding="utf-8",
        )
