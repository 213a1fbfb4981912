"""Best customers: a weighted rank over what a company values, corrected by hand, with the reason for each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

from icp_core.facts.catalogue import Facts
from icp_core.facts.columns import has_left, names, numbers, per_month
from icp_core.stats import intervals, phrases
from icp_core.stats.tests import benjamini_hochberg
from icp_core.stats.wording import count, figure, listed, rate

# How many customers a first list names.
DEFAULT_N = 10

SIGNALS: dict[str, str] = {
    "value": "value per month",
    "retention": "staying",
    "growth": "growth",
    "satisfaction": "satisfaction",
    "engagement": "engagement",
    "referrals": "referrals",
    "support": "low support load",
}
# Where the sliders stand at first: value leads, staying follows, the rest tips the scale.
DEFAULT_WEIGHTS: dict[str, float] = {
    "value": 5.0,
    "retention": 2.0,
    "growth": 1.0,
    "satisfaction": 1.0,
    "engagement": 1.0,
    "referrals": 1.0,
    "support": 0.5,
}
# A customer stands out in a signal from this rank on.
_STANDS_OUT = 0.8


def best_customers(
    facts: Facts,
    *,
    weights: Mapping[str, float] | None = None,
    n: int = DEFAULT_N,
    pinned: Collection[str] = (),
    unpinned: Collection[str] = (),
    champions: Collection[str] = (),
) -> pd.DataFrame:
    """Every customer with a best-customer score and its parts, best first.

    Each signal is the customer's rank among those where it is known, 0 (worst) to 1 (best), ties together; what
    is not known counts as the middle. The score is the weighted mean × 100. The first ``n`` that have not left are
    the best customers; ``pinned`` ids are in whatever their score, ``unpinned`` are out. ``champions`` are ids named
    in reviews or by colleagues; they are marked, not scored.

    Returns customer_id, customer_name, score, one column per signal in ``SIGNALS`` (blank where not known), position
    (1 = best), is_best, pinned, unpinned, champion, why (one line), row (position in the facts).
    """
    given = DEFAULT_WEIGHTS if weights is None else weights
    weights = {name: max(0.0, float(given.get(name, 0.0))) for name in SIGNALS}
    raw = signals(facts)
    ranks = {name: _rank(values) for name, values in raw.items()}
    used = {name: weight for name, weight in weights.items() if np.isfinite(ranks[name]).any() and weight > 0}
    total = sum(used.values())
    score = np.full(len(facts), 50.0)
    if total:
        score = (
            sum(w * np.where(np.isfinite(ranks[name]), ranks[name], 0.5) for name, w in used.items())
            / total
            * 100
        )
    ids = facts.frame["customer_id"].astype(str)
    table = pd.DataFrame(
        {
            "customer_id": ids,
            "customer_name": names(facts.frame),
            "score": score,
            **ranks,
            "pinned": ids.isin(set(pinned)),
            "unpinned": ids.isin(set(unpinned)),
            "champion": ids.isin(set(champions)),
            "row": np.arange(len(facts)),
        }
    )
    left = has_left(facts.frame)
    table["may"] = ~left & ~table["unpinned"] & ~table["pinned"]
    table = table.sort_values(
        ["score", "customer_id"], ascending=[False, True], kind="stable", ignore_index=True
    )
    chosen = table["may"] & (table["may"].cumsum() <= max(0, n - int(table["pinned"].sum())))
    table["is_best"] = chosen | table["pinned"]
    table["position"] = np.arange(1, len(table) + 1)
    # Reasons are written for those who are looked at; for a million others nobody reads them.
    shown = table["is_best"] | (table["position"] <= 5 * n)
    table["why"] = ""
    table.loc[shown, "why"] = [_why(facts, raw, row) for row in table[shown].itertuples()]
    return table.drop(columns="may")


def signals(facts: Facts) -> dict[str, np.ndarray]:
    """The raw value of each signal, higher is better, in the order of the frame; NaN where not known.

    value: per month, a short history not read as a habit (``facts.columns.per_month``). retention: months kept, those who
    left below everyone who stayed. growth: expansion less contraction over first MRR. satisfaction: NPS answer, else
    CSAT × 10. engagement: events, else active users, else orders per year. referrals. support: fewer tickets per
    month.
    """
    get = partial(numbers, facts.frame)
    months = np.maximum(np.nan_to_num(get("active_months"), nan=1.0), 1.0)
    tenure = get("tenure_months")
    left = has_left(facts.frame)
    kept = np.where(left, np.nan_to_num(tenure) - 1e6, tenure)
    mrr, more, less = get("mrr"), get("expansion_mrr"), get("contraction_mrr")
    first = mrr - np.nan_to_num(more) + np.nan_to_num(less)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.where(first > 0, (more - less) / first, np.nan)
    satisfaction = np.where(np.isfinite(get("nps")), get("nps"), get("csat") * 10)
    engagement = get("usage_events")
    for other in ("active_users", "order_frequency"):
        if not np.isfinite(engagement).any():
            engagement = get(other)
    tickets = get("tickets")
    if np.isfinite(tickets).any():
        tickets = np.nan_to_num(tickets)
    referrals = get("referrals")
    return {
        "value": per_month(facts),
        "retention": kept,
        "growth": growth,
        "satisfaction": satisfaction,
        "engagement": engagement,
        "referrals": referrals,
        "support": -tickets / months,
    }


def what_they_share(facts: Facts, is_best) -> pd.DataFrame:
    """Attributes in which the best customers differ from the rest, clearest first.

    ``is_best`` is a mask in the order of the frame. Every level of every attribute that may be a criterion is
    compared among customers where the attribute is known (numbers: above the customers' median). Returns
    attribute, label, level, n_best, share_best, share_rest (0–1), difference, low, high (Newcombe), p_adjusted
    (hypergeometric, over all comparisons by Benjamini–Hochberg), verdict, words. Levels fewer than two best
    customers have are left out.
    """
    best = np.asarray(is_best, dtype=bool)
    rows, p_values = [], []
    for attribute in facts.criteria():
        for level, has, known in _levels(facts, attribute):
            inside, outside = best & known, ~best & known
            k1, n1, k2, n2 = (
                int((has & inside).sum()),
                int(inside.sum()),
                int((has & outside).sum()),
                int(outside.sum()),
            )
            if k1 < 2 or n1 == 0 or n2 == 0:
                continue
            p_values.append(_two_sided(k1, n1, k2, n2))
            low, high = intervals.share_difference(k1, n1, k2, n2)
            rows.append(
                (
                    attribute.name,
                    attribute.label,
                    level,
                    k1,
                    n1,
                    k1 / n1,
                    k2 / n2,
                    k1 / n1 - k2 / n2,
                    low,
                    high,
                )
            )
    columns = [
        "attribute",
        "label",
        "level",
        "n_best",
        "n_known",
        "share_best",
        "share_rest",
        "difference",
        "low",
        "high",
    ]
    table = pd.DataFrame(rows, columns=columns)
    table["p_adjusted"] = benjamini_hochberg(p_values) if rows else []
    table["verdict"] = [
        phrases.verdict(p, None, int(n)) for p, n in zip(table["p_adjusted"], table["n_known"], strict=True)
    ]
    table["words"] = [
        f"{row.label} {row.level}: {count(row.n_best)} of {count(row.n_known)} best customers ({rate(row.share_best)}), "
        f"{rate(row.share_rest)} of the others"
        for row in table.itertuples()
    ]
    table = table.assign(_size=-table["difference"].abs())
    table = table.sort_values(["p_adjusted", "_size", "attribute", "level"], kind="stable", ignore_index=True)
    return table.drop(columns="_size")


def rfm(facts: Facts) -> pd.DataFrame:
    """Recency, frequency and money of each customer in five classes each, by fixed cuts, and a named group.

    Equal customers are always in the same class. recency: 5 = ordered within 30 days, then 90, 180, 365, longer;
    frequency: 5 = ten orders or more, then 5, 3, 2, 1; money: fifths of revenue, cut between different
    amounts. Blank without orders. Returns customer_id, recency, frequency, money, group, in the order of the frame.
    """
    get = partial(numbers, facts.frame)
    silent, orders, revenue = get("recency_days"), get("orders"), get("revenue")
    recency = 5.0 - np.searchsorted([30, 90, 180, 365], silent, side="left")
    frequency = np.searchsorted([1, 2, 3, 5, 10], orders, side="right").astype(float)
    known = np.isfinite(silent) & np.isfinite(orders) & (orders > 0)
    money = np.full(len(facts), np.nan)
    paid = known & np.isfinite(revenue)
    if paid.any():
        cuts = np.quantile(revenue[paid], [0.2, 0.4, 0.6, 0.8])
        money[paid] = 1 + np.searchsorted(cuts, revenue[paid], side="left")
    recency, frequency = np.where(known, recency, np.nan), np.where(known, frequency, np.nan)
    group = np.select(
        [
            ~known,
            (recency >= 4) & (frequency >= 4),
            (recency >= 4) & (frequency >= 2),
            (recency >= 4),
            (recency >= 2) & (frequency >= 3),
            (recency >= 2),
            (frequency >= 3),
        ],
        ["not known", "Loyal", "Coming back", "New", "Slipping regulars", "Slipping", "Lost regulars"],
        default="Lost",
    )
    return pd.DataFrame(
        {
            "customer_id": facts.frame["customer_id"].astype(str),
            "recency": recency,
            "frequency": frequency,
            "money": money,
            "group": group,
        }
    )


def _rank(values: np.ndarray) -> np.ndarray:
    """Rank among the known values from 0 to 1, equal values sharing the mean rank."""
    ranks = pd.Series(values).rank(method="average")
    n = ranks.notna().sum()
    return ((ranks - 1) / (n - 1)).to_numpy() if n > 1 else ranks.where(ranks.isna(), 0.5).to_numpy()


def _why(facts: Facts, raw: Mapping[str, np.ndarray], row) -> str:
    """The signals in which a customer stands out, strongest first, with the figure."""
    out = []
    for name in SIGNALS:
        place = getattr(row, name)
        if np.isfinite(place) and place >= _STANDS_OUT:
            out.append((-place, _signal_words(facts, name, raw[name][row.row], row.row, place)))
    words = [text for _, text in sorted(out, key=lambda item: item[0]) if text][:3]
    if row.champion:
        words.append("named a champion")
    if row.pinned and not words:
        return "pinned by hand"
    return listed(words)


def _signal_words(facts: Facts, name: str, value: float, row: int, place: float) -> str:
    top = f"top {rate(max(1 - place, 0.001))}" if place < 1 else "highest"
    if name == "value":
        # A history that counts as longer than it is has no monthly figure that anybody knows: say what they brought.
        monthly = numbers(facts.frame, "value_per_month")[row]
        if np.isfinite(monthly) and not np.isclose(monthly, value):
            return f"{figure(numbers(facts.frame, 'ltv')[row], facts.currency)} so far ({top})"
        return f"{figure(value, facts.currency)} a month ({top})"
    if name == "retention":
        return f"with you for {figure(value, 'months')}" if value >= 1 else ""
    if name == "growth":
        return f"grew by {rate(value)}" if value > 0 else ""
    if name == "satisfaction":
        return f"answers {figure(value, None)} of 10"
    if name == "referrals":
        return f"{count(value)} {'referral' if value == 1 else 'referrals'}" if value > 0 else ""
    if name == "engagement":
        return f"{top} in engagement"
    return "hardly needs support"


def _levels(facts: Facts, attribute):
    """(level in words, has it, is known) for each level of an attribute."""
    column = facts.frame[attribute.name]
    known = column.notna().to_numpy(bool)
    if attribute.kind == "multi":
        for level in attribute.levels:
            yield (
                level,
                np.array([isinstance(v, (list, tuple, np.ndarray)) and level in v for v in column]),
                known,
            )
    elif attribute.kind == "number":
        values = column.to_numpy("float64", na_value=np.nan)
        if known.any():
            middle = float(np.nanmedian(values))
            yield (
                f"above {figure(middle, attribute.unit)}",
                np.nan_to_num(values, nan=-np.inf) > middle,
                known,
            )
    elif attribute.kind == "yes_no":
        yield "yes", column.astype("boolean").fillna(False).to_numpy(bool), known
    elif attribute.kind in ("category", "band"):
        text = column.astype(object).to_numpy()
        for level in attribute.levels:
            yield level, text == level, known


def _two_sided(k1: int, n1: int, k2: int, n2: int) -> float:
    """Twice the smaller tail of drawing ``k1`` by luck (hypergeometric), at most 1."""
    all_k, all_n = k1 + k2, n1 + n2
    upper = hypergeom.sf(k1 - 1, all_n, all_k, n1)
    lower = hypergeom.cdf(k1, all_n, all_k, n1)
    return float(min(1.0, 2 * min(upper, lower)))
