"""Churn: who has left, by which sign, and where the signs contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import combinations

import ibis
import numpy as np
import pandas as pd
from ibis import Table

from icp_core.facts.calendar import days_between
from icp_core.facts.customers import is_customer
from icp_core.facts.options import CHURN_RULES
from icp_core.stats.wording import count, listed, rate

# A silence longer than this share of all gaps between two orders counts as leaving.
GAP_QUANTILE = 0.95
# Fewer gaps than this say nothing about a rhythm.
MIN_GAPS = 20
# Orders must span so many thresholds and days: in a shorter window nobody could be silent for so long and come back.
MIN_SPAN, MIN_SPAN_DAYS = 1.5, 60

_LEFT = (
    r"(churn|cancel|\blost\b|former|\bex\b|inactiv|not active|closed|terminat|ended|expired|deactivat|left"
    r"|gek[uü]ndigt|abgewandert|ehemalig|inaktiv|résili|perdu|inactif|baja|opgezegd)"
)
_HERE = r"(^\s*(active|aktiv|actif|activo|attivo|actief|current|live|paying|enabled|open|ok\b|customer|client|kunde)|renew)"

SIGNS: dict[str, str] = {
    "flag": "the churn column",
    "date": "the churn date",
    "status": "the status",
    "subscription": "the end of all subscriptions",
    "inactivity": "silence since the last order",
}


def signs(row: Table, as_of: date, inactivity_days: int | None) -> dict[str, ibis.expr.types.BooleanValue]:
    """What each source says about a customer: true = left, false = still here, blank = says nothing.

    ``row`` has churned, churned_on, status, lifecycle (as given), lifecycle_tells (see ``says_left``), sub_all_over and
    last_order_on.
    """
    today = ibis.literal(as_of)
    stage_here = row.lifecycle.lower().re_search(_HERE) & row.lifecycle_tells
    by_words = ibis.cases(
        (says_left(row.status) | (row.status.isnull() & says_left(row.lifecycle)), ibis.literal(True)),
        (row.status.lower().re_search(_HERE) | (row.status.isnull() & stage_here), ibis.literal(False)),
        else_=ibis.null("boolean"),
    )
    # Blank for everybody, but a column all the same.
    silent = row.last_order_on.isnull().nullif(row.last_order_on.isnull())
    if inactivity_days is not None:
        silent = days_between(row.last_order_on, today) > inactivity_days
    return {
        "flag": row.churned,
        "date": (row.churned_on <= today).fill_null(False),
        "status": by_words,
        "subscription": row.sub_all_over,
        "inactivity": silent,
    }


def says_left(words):
    """True where a status or lifecycle stage has a word for leaving.

    Many CRMs never move a customer on from the stage "customer": that stage says "still here" only where others
    are named as gone (column lifecycle_tells of ``build.assembled``).
    """
    return words.lower().re_search(_LEFT).fill_null(False)


def decided(row: Table, as_of: date, rule: str, inactivity_days: int | None):
    """(churned, churned_on) of each customer under one rule; "auto" asks the sources in turn."""
    says = signs(row, as_of, inactivity_days)
    today = ibis.literal(as_of)
    dated = ibis.ifelse(row.churned_on <= today, row.churned_on, ibis.null("date"))
    silent_on = ibis.null("date")
    if inactivity_days is not None:
        silent_on = (row.last_order_on.cast("timestamp") + ibis.interval(days=inactivity_days)).date()
    # A date of leaving is a statement too where the flag is blank.
    flagged = ibis.coalesce(says["flag"], dated.notnull().nullif(ibis.literal(False)))
    contract_on = ibis.coalesce(dated, row.sub_over_on)
    by_rule = {
        "flag": (flagged, contract_on),
        "date": (says["date"], dated),
        "status": (says["status"], contract_on),
        "subscription": (says["subscription"], row.sub_over_on),
        "inactivity": (says["inactivity"], silent_on),
        "none": (ibis.null("boolean"), ibis.null("date")),
        "auto": (
            ibis.coalesce(flagged, says["status"], says["subscription"], says["inactivity"]),
            ibis.coalesce(contract_on, silent_on),
        ),
    }
    churned, churned_on = by_rule[rule]
    return churned, ibis.ifelse(churned, churned_on, ibis.null("date"))


@dataclass(frozen=True)
class Rhythm:
    """How long customers are silent between two orders.

    ``threshold_days`` is the 95th percentile of the gaps of customers with two orders or more; blank when there
    are fewer than 20 gaps or the orders span too few days. ``return_rate`` (0–1) is the share of silences
    longer than the threshold after which the customer came back.
    """

    threshold_days: int | None
    n_gaps: int
    n_customers: int
    n_long_silences: int
    return_rate: float
    span_days: float = float("inf")

    @property
    def sentence(self) -> str:
        """The honesty line that stands beside the threshold."""
        if self.threshold_days is None and self.n_gaps >= MIN_GAPS:
            return f"The orders span {count(self.span_days)} days, too short to tell a pause from leaving."
        if self.threshold_days is None:
            return "Too few repeat orders to tell a rhythm."
        said = f"95 of 100 pauses between two orders are no longer than {count(self.threshold_days)} days"
        if not np.isnan(self.return_rate):
            said += f"; {rate(self.return_rate)} of longer pauses ended with a new order"
        return said + "."


def rhythm(
    gap_days, current_silence_days, threshold_days: int | None = None, span_days: float = float("inf")
) -> Rhythm:
    """The buying rhythm from past gaps and the silence of each customer since the last order (days).

    ``gap_days`` are the gaps of all customers pooled (see ``orders.gaps``). A given ``threshold_days`` (the
    slider) is judged instead of the percentile. ``span_days`` is how long the orders have been watched.

    >>> rhythm([30] * 95 + [100] * 5, [10, 200], threshold_days=60).return_rate
    0.8333333333333334
    """
    gaps = np.asarray(gap_days, dtype=float)
    gaps = gaps[np.isfinite(gaps)]
    silences = np.asarray(current_silence_days, dtype=float)
    silences = silences[np.isfinite(silences)]
    if threshold_days is None and len(gaps) >= MIN_GAPS:
        threshold_days = int(np.ceil(np.quantile(gaps, GAP_QUANTILE)))
        if span_days < max(MIN_SPAN * threshold_days, MIN_SPAN_DAYS):
            threshold_days = None
    if threshold_days is None:
        return Rhythm(None, len(gaps), len(silences), 0, float("nan"), span_days)
    ended, lasting = int((gaps > threshold_days).sum()), int((silences > threshold_days).sum())
    total = ended + lasting
    return Rhythm(
        threshold_days, len(gaps), len(silences), total, ended / total if total else float("nan"), span_days
    )


def choose_rule(
    known: Mapping[str, int], left: Mapping[str, int], *, has_contracts: bool, rhythm_days
) -> str:
    """The rule the data supports best: flag, date, status, subscription, then inactivity.

    ``known`` and ``left`` count, per source, the customers it speaks of and those it says have left. Status words
    count only when they name somebody who left. Silence means nothing where customers are under contract.
    """
    if known.get("flag", 0) > 0:
        return "flag"
    if left.get("date", 0) > 0:
        return "date"
    if left.get("status", 0) > 0:
        return "status"
    if known.get("subscription", 0) > 0:
        return "subscription"
    if known.get("inactivity", 0) > 0 and rhythm_days is not None and not has_contracts:
        return "inactivity"
    return "none"


def definition(rule: str, inactivity_days: int | None = None) -> str:
    """The definition in force, as the sentence that stands beside every churn figure."""
    if rule == "inactivity":
        return f"A customer counts as lost after {count(inactivity_days)} days without an order."
    return {
        "flag": "A customer counts as lost when the churn column says so.",
        "date": "A customer counts as lost from the churn date on.",
        "status": "A customer counts as lost when the status says so.",
        "subscription": "A customer counts as lost when all subscriptions have ended.",
        "none": "Nothing in the data says who has left.",
        "auto": "A customer counts as lost by the first sign there is: churn column, status, subscription end, silence.",
    }[rule]


def disagreeing(row: Table, as_of: date, inactivity_days: int | None) -> tuple[Table, Table]:
    """Two small tables of customers: how often each combination of signs occurs, and whose signs contradict.

    The first has one yes/no column per source and n; the second customer_id and the same columns.
    """
    says = signs(row, as_of, inactivity_days)
    each = row.select("customer_id", is_customer=is_customer(row), **says)
    each = each.filter(each.is_customer).drop("is_customer")
    combinations_seen = each.group_by(list(says)).agg(n=each.count())
    anybody_left = reduce(lambda a, b: a | b, [each[s].fill_null(False) for s in says])
    anybody_here = reduce(lambda a, b: a | b, [(~each[s]).fill_null(False) for s in says])
    return combinations_seen, each.filter(anybody_left & anybody_here)


def conflicts(says: pd.DataFrame, counted: pd.DataFrame | None = None) -> pd.DataFrame:
    """Where two sources contradict each other about who has left.

    ``says`` has customer_id and one nullable yes/no column per source (see ``signs``); ``counted`` the number n of
    customers by combination of the same columns, where ``says`` holds the contradictory ones only. Returns one
    row per pair of sources that contradict each other at least once, worst first: first, second, n_both (customers both
    speak of), n_conflicts, words (one sentence), customers (their ids).
    """
    counted = says.assign(n=1) if counted is None else counted
    present = [s for s in CHURN_RULES if s in counted.columns and counted[s].notna().any()]
    # A churn date column that is empty says nothing; a filled one says "still here" by its blanks.
    present = [s for s in present if s != "date" or counted[s].astype("boolean").fillna(False).any()]
    rows = []
    for first, second in combinations(present, 2):
        a, b = says[first].astype("boolean"), says[second].astype("boolean")
        differ = a.notna() & b.notna() & (a != b).fillna(False)
        if not differ.any():
            continue
        n = int(differ.sum())
        n_both = int(counted.loc[counted[first].notna() & counted[second].notna(), "n"].sum())
        left_first = int((a & differ).fillna(False).sum())
        parts = []
        if left_first:
            parts.append(f"{count(left_first)} left by {SIGNS[first]} but not by {SIGNS[second]}")
        if n - left_first:
            parts.append(f"{count(n - left_first)} left by {SIGNS[second]} but not by {SIGNS[first]}")
        words = f"{count(n)} of {count(n_both)} customers: {listed(parts)}."
        rows.append((first, second, n_both, n, words, list(says.loc[differ, "customer_id"])))
    frame = pd.DataFrame(rows, columns=["first", "second", "n_both", "n_conflicts", "words", "customers"])
    return frame.sort_values("n_conflicts", ascending=False, ignore_index=True, kind="stable")
