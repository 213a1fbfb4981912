"""Facts at scale: 1,000,000 customers and 10,000,000 order lines in DuckDB, beside pandas measuring the same; and
Kaplan–Meier curves of 20 groups beside a plain GROUP BY of the same columns.

Run: python benchmarks/facts.py [--customers 1000000] [--lines 10000000] [--no-pandas]
Prints seconds and ratios; both sides are checked to give the same numbers.
"""

from __future__ import annotations

import argparse
import time
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from icp_core.facts import engine
from icp_core.facts.options import FactOptions
from icp_core.retention import survival
from icp_core.value import repeat_purchase

AS_OF = date(2025, 12, 31)

_CUSTOMERS = """
CREATE TABLE customers AS
SELECT 'c' || i AS customer_id, 1::BIGINT AS import_id, i::BIGINT AS _row, 'Company ' || i AS account_name,
       'Industry ' || (hash(i) % 20) AS industry, (hash(i + 7) % 5000)::DOUBLE AS employees,
       'Country ' || (hash(i + 11) % 15) AS country
FROM range($customers) t(i)
"""
_ORDERS = """
CREATE TABLE orders AS
SELECT 'c' || (hash(i // 3) % $customers) AS customer_id, 2::BIGINT AS import_id, i::BIGINT AS _row,
       'o' || (i // 3) AS order_id, DATE '2022-01-01' + (hash(i // 3 + 5) % 1460)::INT AS ordered_on,
       CASE WHEN i % 97 = 0 THEN -1 ELSE 1 END * (5 + hash(i + 3) % 20000 / 100.0)::DOUBLE AS amount,
       (3 + hash(i + 9) % 90 / 10.0)::DOUBLE AS cost, 'Product ' || (hash(i + 1) % 300) AS product
FROM range($lines) t(i)
"""


def measured_by_pandas(orders: pd.DataFrame) -> pd.DataFrame:
    """The order measures of ``facts.build`` in pandas: orders, revenue, first, last, gaps, credit notes."""
    each = orders.groupby(["customer_id", "order_id"], as_index=False, sort=False).agg(
        ordered_on=("ordered_on", "min"), value=("amount", "sum"), cost=("cost", "sum")
    )
    each["size"] = (each["value"].abs() * 100).round()
    notes = each[each["value"] < -0.005].groupby(["customer_id", "size"]).size().rename("n_notes")
    each = each.merge(notes, how="left", left_on=["customer_id", "size"], right_index=True)
    each = each.sort_values(["ordered_on", "order_id"], ascending=[False, True], kind="stable")
    place = each.groupby(["customer_id", "size", each["value"] > 0.005]).cumcount()
    each["stands"] = (each["value"] > 0.005) & ~(place < each["n_notes"].fillna(0))
    stood = each[each["stands"]]
    by, all_by = stood.groupby("customer_id"), each.groupby("customer_id")
    facts = pd.DataFrame({"revenue": all_by["value"].sum(), "cost": all_by["cost"].sum()})
    facts["orders"] = by.size()
    facts["first_order_on"], facts["last_order_on"] = by["ordered_on"].min(), by["ordered_on"].max()
    facts["refunds"] = -each[each["value"] < 0].groupby("customer_id")["value"].sum()
    days = stood[["customer_id", "ordered_on"]].drop_duplicates().sort_values(["customer_id", "ordered_on"])
    gaps = days.groupby("customer_id")["ordered_on"].diff().dt.days.dropna()
    threshold = int(np.ceil(np.quantile(gaps, 0.95)))
    facts["recency_days"] = (pd.Timestamp(AS_OF) - facts["last_order_on"]).dt.days
    facts["churned"] = facts["recency_days"] > threshold
    first = orders.merge(facts["first_order_on"], left_on="customer_id", right_index=True)
    first = first[(first["ordered_on"] == first["first_order_on"]) & (first["amount"] > 0)]
    spent = first.groupby(["customer_id", "product"], as_index=False)["amount"].sum()
    spent = spent.sort_values(["amount", "product"], ascending=[False, True]).drop_duplicates("customer_id")
    facts["first_product"] = spent.set_index("customer_id")["product"]
    return facts


def facts_at_scale(n_customers: int, n_lines: int, with_pandas: bool) -> None:
    con = duckdb.connect()
    con.execute("SET threads = 2")
    con.execute(_CUSTOMERS, {"customers": n_customers})
    con.execute(_ORDERS, {"customers": n_customers, "lines": n_lines})
    started, cpu = time.perf_counter(), time.process_time()
    measured = engine.run(con, {"customers": "customers", "orders": "orders"}, AS_OF, FactOptions())
    ours, our_cpu = time.perf_counter() - started, time.process_time() - cpu
    n_columns = len(con.execute("DESCRIBE facts").fetchall())
    print(
        f"facts: {n_customers:,} customers, {n_lines:,} lines -> {n_columns} columns in {ours:.1f} s ({our_cpu:.1f} cpu s)"
    )
    print(f"       {measured.churn_definition}")
    if not with_pandas:
        return
    frame = con.execute("SELECT customer_id, order_id, ordered_on, amount, cost, product FROM orders").df()
    started, cpu = time.perf_counter(), time.process_time()
    theirs = measured_by_pandas(frame)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    print(
        f"pandas: the order measures alone in {seconds:.1f} s ({cpu:.1f} cpu s); {seconds / ours:.1f} times as long"
    )
    found = con.execute(
        "SELECT customer_id, revenue, orders, churned FROM facts WHERE orders IS NOT NULL"
    ).df()
    both = found.set_index("customer_id").join(theirs[["revenue", "orders", "churned"]].add_suffix("_pandas"))
    assert np.allclose(both["revenue"], both["revenue_pandas"])
    assert (both["orders"] == both["orders_pandas"].fillna(0)).all()
    known = both[both["orders"] > 0]
    print(f"       churned: {known['churned'].mean():.4f} and {known['churned_pandas'].mean():.4f}")


def curves_at_scale(n: int = 1_000_000, groups: int = 20) -> None:
    con = duckdb.connect()
    con.execute("SET threads = 2")
    con.execute(
        "CREATE TABLE acc AS SELECT (hash(i) % $groups)::INT AS grp, (hash(i + 3) % 1500)::INT AS t,"
        " (hash(i + 5) % 10 < 3)::INT AS ev FROM range($n) t(i)",
        {"n": n, "groups": groups},
    )

    work = {
        "plain": lambda: con.execute("SELECT grp, t, count(*), sum(ev) FROM acc GROUP BY ALL").df(),
        "curves": lambda: survival.kaplan_meier_query(con),
    }
    # Taken in turn, and the best of each: other work on the machine then falls on both alike.
    best = dict.fromkeys(work, float("inf"))
    for _ in range(15):
        for name, run in work.items():
            started = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - started)
    print(
        f"curves: {n:,} customers, {groups} groups: {best['curves'] * 1e3:.0f} ms; "
        f"plain GROUP BY {best['plain'] * 1e3:.0f} ms; {best['curves'] / best['plain']:.2f} times"
    )


def fit_at_scale(n: int = 1_000_000) -> None:
    rng = np.random.default_rng(0)
    age = rng.integers(100, 400, n).astype(float)
    rate, leave = rng.gamma(0.25, 1 / 30, n), rng.beta(0.8, 2.4, n)
    x, last, now, alive = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, bool)
    while alive.any():
        now = np.where(alive, now + rng.exponential(1 / np.maximum(rate, 1e-12)), now)
        alive &= now < age
        x += alive
        last = np.where(alive, np.floor(now), last)
        alive &= rng.random(n) > leave
    started = time.perf_counter()
    model = repeat_purchase.fit_bg_nbd(x, last, age)
    print(
        f"BG/NBD: {n:,} customers in {time.perf_counter() - started:.2f} s: "
        f"r {model.r:.3f} (true .250), a {model.a:.3f} (.800), b {model.b:.3f} (2.400)"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--customers", type=int, default=1_000_000)
    options.add_argument("--lines", type=int, default=10_000_000)
    options.add_argument("--no-pandas", action="store_true")
    asked = options.parse_args()
    facts_at_scale(asked.customers, asked.lines, not asked.no_pandas)
    curves_at_scale()
    fit_at_scale()


if __name__ == "__main__":
    main()
