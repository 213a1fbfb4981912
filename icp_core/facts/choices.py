"""The choices left open: which source tells churn and revenue, decided from what the data holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce

import ibis
import numpy as np
import pandas as pd
from ibis import Table

from icp_core.facts import churn, orders, subscriptions
from icp_core.facts.calendar import days_between
from icp_core.facts.options import REVENUE_SOURCES, FactOptions
from icp_core.facts.tables import conform
from icp_core.stats.wording import count, listed

Runner = Callable[[ibis.Expr], pd.DataFrame]

# Margins known for fewer customers than this would make two kinds of LTV of one column.
_MARGIN_COVERAGE = 0.8

_REVENUE_SENTENCES = {
    "orders": "Revenue is the net value of orders, refunds and cancellations taken off.",
    "subscriptions": "Revenue is what subscriptions accrued: monthly recurring revenue × months active.",
    "total_revenue": "Revenue is the total each customer paid, as the customer table gives it.",
    "deals": "Revenue is the amount of won deals.",
    "recurring": "Revenue is what customers pay a month, as the customer table or a won deal gives it, × months active.",
    "none": "Nothing in the data says what customers paid.",
    "auto": "Revenue comes from the first source that knows the customer: orders, subscriptions, totals, won deals, monthly amounts.",
}
_KEY_OF = {
    "deals": "deal_id",
    "subscriptions": "subscription_id",
    "responses": "response_id",
    "tickets": "ticket_id",
}
_SOURCE_WORDS = {
    "orders": "orders",
    "subscriptions": "subscriptions",
    "total_revenue": "the totals of the customer table",
    "deals": "won deals",
    "recurring": "monthly recurring revenue",
}


@dataclass(frozen=True)
class Resolved:
    """Options without "auto", and the sentences that tell of each choice."""

    options: FactOptions
    churn_definition: str
    revenue_definition: str
    notes: Mapping[str, str]
    warnings: tuple[str, ...]
    counts: Mapping[str, int]
    rhythm: churn.Rhythm
    conflicts: pd.DataFrame


def before_assembling(tables: Mapping[str, Table], options: FactOptions, run: Runner) -> FactOptions:
    """Settle what ``assembled`` needs to know: the satisfaction scale, and whether customers are listed once."""
    t = conform(tables)
    options = _with_scale(t, options, run)
    if "customers" not in t:
        return options
    only = t["customers"].filter(t["customers"].customer_id.notnull())
    each = run(only.agg(n=only.count(), n_ids=only.customer_id.nunique())).iloc[0]
    return replace(options, one_row_each=bool(each.n == each.n_ids))


def resolve(
    tables: Mapping[str, Table],
    row: Table,
    whole: Table | None,
    as_of: date,
    options: FactOptions,
    run: Runner,
) -> Resolved:
    """Look at the data through ``run`` and settle what ``options`` leaves open.

    ``row`` is ``build.assembled``, ``whole`` is ``orders.whole_orders`` (None without orders).
    Churn: see ``churn.choose_rule``. Revenue: orders if there are any, else subscriptions, else the total of the
    customer table, else won deals, else what they are said to pay a month; never added up. LTV is margin when margin is known for four of five
    customers with revenue, else revenue.
    """
    seen_rhythm = _rhythm(whole, as_of, options, run)
    days = options.inactivity_days or seen_rhythm.threshold_days
    seen = run(_evidence(row, as_of, days)).iloc[0].fillna(0)
    counts = _counts(conform(tables), whole, run)
    options, churn_sentence = _churn(options, seen, counts, days, seen_rhythm)
    options, notes, warnings = _revenue(options, seen)
    combinations, contradictory = churn.disagreeing(row, as_of, days)
    conflicts = churn.conflicts(run(contradictory), run(combinations))
    # Silence only contradicts where it is asked; under a stated churn it is slipping, not a contradiction.
    stated = conflicts[(conflicts["first"] != "inactivity") & (conflicts["second"] != "inactivity")]
    warnings += [f"Sources disagree about who has left. {words}" for words in stated["words"]]
    if whole is not None and options.churn_rule in ("inactivity", "none"):
        notes["rhythm"] = seen_rhythm.sentence
    return Resolved(
        options=options,
        churn_definition=churn_sentence,
        revenue_definition=notes["revenue"],
        notes={key: words for key, words in notes.items() if words},
        warnings=tuple(warnings),
        counts=counts,
        rhythm=seen_rhythm,
        conflicts=stated,
    )


def _evidence(row: Table, as_of: date, inactivity_days: int | None) -> Table:
    """One row: how many accounts each source knows, and how many of them it says have left."""
    says = churn.signs(row, as_of, inactivity_days)
    known = {f"known_{name}": says[name].notnull().cast("int64").sum() for name in says}
    left = {f"left_{name}": says[name].fill_null(False).cast("int64").sum() for name in says}
    order_margin = ibis.coalesce(row.order_margin, row.order_revenue * row.gross_margin_rate)
    monthly = subscriptions.told_monthly(row)
    income = {
        "orders": (row.order_revenue, order_margin),
        "subscriptions": (row.accrued, row.accrued * row.gross_margin_rate),
        "total_revenue": (row.total_revenue, row.total_revenue * row.gross_margin_rate),
        "deals": (row.won_amount, row.won_amount * row.gross_margin_rate),
        "recurring": (monthly, monthly * row.gross_margin_rate),
    }
    money = {f"income_{name}": value.notnull().cast("int64").sum() for name, (value, _) in income.items()}
    margin = {
        f"margin_{name}": (value.notnull() & ibis.coalesce(earned, row.total_margin).notnull())
        .cast("int64")
        .sum()
        for name, (value, earned) in income.items()
    }
    return row.agg(**known, **left, **money, **margin)


def _churn(options: FactOptions, seen, counts, days, rhythm: churn.Rhythm) -> tuple[FactOptions, str]:
    rule = options.churn_rule
    if rule == "auto":
        rule = churn.choose_rule(
            {name: seen[f"known_{name}"] for name in churn.SIGNS},
            {name: seen[f"left_{name}"] for name in churn.SIGNS},
            has_contracts=counts["subscriptions"] > 0,
            rhythm_days=days,
        )
    if rule == "inactivity" and days is None:
        rule = "none"
    sentence = churn.definition(rule, days)
    if rule == "inactivity":
        sentence = f"{sentence[:-1]} ({rhythm.sentence[:-1]})."
    return replace(options, churn_rule=rule, inactivity_days=days if rule == "inactivity" else None), sentence


def _revenue(options: FactOptions, seen) -> tuple[FactOptions, dict[str, str], list[str]]:
    present = [name for name in REVENUE_SOURCES if seen[f"income_{name}"] > 0]
    source = options.revenue_source
    if source == "auto":
        source = present[0] if present else "orders"
    notes = {"revenue": _REVENUE_SENTENCES[source if source in present else "none"]}
    warnings = []
    others = [name for name in present if name != source]
    if others and source in present:
        words = listed([_SOURCE_WORDS[name] for name in others])
        notes["revenue"] += f" Amounts of {words} are not added."
    basis = options.ltv_basis
    if basis == "auto":
        enough = seen[f"margin_{source}"] >= _MARGIN_COVERAGE * max(seen[f"income_{source}"], 1)
        basis = "margin" if enough and seen[f"margin_{source}"] > 0 else "revenue"
    notes["ltv_basis"] = (
        "LTV is gross margin so far."
        if basis == "margin"
        else "LTV is revenue so far: the margin is not known."
    )
    missing = int(seen[f"income_{source}"] - seen[f"margin_{source}"])
    if basis == "margin" and missing:
        notes["ltv_basis"] += f" For {count(missing)} customers the usual margin rate stands in."
    elif basis == "revenue" and seen[f"margin_{source}"] > 0:
        n = count(int(seen[f"margin_{source}"]))
        warnings.append(f"Margin is known for {n} customers only, too few to rank all of them by it.")
    return replace(options, revenue_source=source, ltv_basis=basis), notes, warnings


def _rhythm(whole: Table | None, as_of: date, options: FactOptions, run: Runner) -> churn.Rhythm:
    """The rhythm of all orders; gaps and silences are counted by length first, so that few rows come back."""
    if whole is None:
        return churn.rhythm([], [], options.inactivity_days)
    gaps = orders.gaps(whole)
    by_length = run(gaps.group_by("gap_days").agg(n=gaps.count()))
    stood = whole.filter(whole.stands & whole.ordered_on.notnull())
    last = stood.group_by("customer_id").agg(last_on=stood.ordered_on.max())
    span = run(stood.agg(days=days_between(stood.ordered_on.min(), ibis.literal(as_of)))).iloc[0].days
    silences = run(last.group_by(days=days_between(last.last_on, ibis.literal(as_of))).agg(n=last.count()))
    return churn.rhythm(
        np.repeat(by_length["gap_days"].to_numpy(float), by_length["n"].to_numpy(int)),
        np.repeat(silences["days"].to_numpy(float), silences["n"].to_numpy(int)),
        options.inactivity_days,
        float("nan") if pd.isna(span) else float(span),
    )


def _with_scale(t: Mapping[str, Table], options: FactOptions, run: Runner) -> FactOptions:
    """The satisfaction scale, from the answers given, where the mapping does not say it."""
    asked = [t[kind].select("csat") for kind in ("responses", "tickets", "customers") if kind in t]
    if options.csat_scale is not None or not asked:
        return options
    everything = reduce(lambda a, b: a.union(b), asked)
    found = run(everything.agg(low=everything.csat.min(), high=everything.csat.max())).iloc[0]
    return replace(options, csat_scale=csat_scale(found.low, found.high))


def csat_scale(lowest: float, highest: float) -> tuple[float, float] | None:
    """(worst, best) of the usual satisfaction scales that the answers fit; None for 0–1 or no answers.

    >>> csat_scale(1, 5), csat_scale(2, 7), csat_scale(0, 88), csat_scale(0, 1)
    ((1.0, 5.0), (1.0, 7.0), (0.0, 100.0), None)
    """
    if pd.isna(highest) or highest <= 1:
        return None
    for best in (2.0, 5.0, 7.0, 10.0, 100.0):
        if highest <= best:
            return (0.0 if best in (2.0, 10.0, 100.0) or lowest < 1 else 1.0, best)
    return (0.0, float(highest))


def _counts(t: Mapping[str, Table], whole: Table | None, run: Runner) -> dict[str, int]:
    """How many different orders, deals, subscriptions, responses … the tables hold; 0 when not loaded."""
    found = dict.fromkeys(("orders", "deals", "subscriptions", "responses", "usage", "tickets"), 0)
    if whole is not None:
        found["orders"] = int(run(whole.agg(n=whole.stands.cast("int64").sum())).iloc[0].fillna(0).n)
    for kind, key in _KEY_OF.items():
        if kind in t:
            table = t[kind]
            row_name = table.import_id.cast("string") + "/" + table._row.cast("string")
            found[kind] = int(run(table.agg(n=ibis.coalesce(table[key], row_name).nunique())).iloc[0].n)
    if "usage" in t:
        found["usage"] = int(run(t["usage"].agg(n=t["usage"].count())).iloc[0].n)
    return found
