"""How the ideal customers behave: what they buy first, how often, how much they use it; beside the others."""

from __future__ import annotations

import math
import re

import numpy as np

from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Evidence, Statement
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.membership import members
from icp_core.stats.intervals import share_difference
from icp_core.stats.phrases import HINT, LIKELY, MIN_N, SOLID, TOO_FEW
from icp_core.stats.tests import mann_whitney
from icp_core.stats.wording import number, rate

_MOST_LINES = 4
_MIN_SHARE = 0.15
# "price_scale_year_eur" is a name for machines and tells the reader nothing.
# Lines of an invoice that nobody comes for: a segment abroad pays postage first of all.
_CHARGE = re.compile(
    r"(?i)^(?:\W|\d|postage|carriage|shipping|delivery|freight|handling|packaging|discount|rebate|surcharge|fees?|charges?|"
    r"bank|manual|adjustment|dotcom|costs?|and|versand(?:kosten)?|porto|verpackung|rabatt|livraison|frais|de|port|remise|env[ií]o|gastos)+$"
)
_CODE = re.compile(r"^\w+[_]\w+$|^\S{24,}$")
_P_SOLID, _P_LIKELY = 0.01, 0.05
# Share of a typical value by which the ideal must differ to be worth a line.
_WORTH = 0.10


def behaviour(facts: Facts, segment: Segment) -> list[Statement]:
    """Lines in which the ideal customers differ clearly from the others, clearest first; at most four.

    They describe what happens after the sale: they are no criteria. Empty for a segment of everyone.
    """
    inside = members(facts, segment)
    if not segment or min(inside.sum(), (~inside).sum()) < MIN_N:
        return []
    found = [
        _level(facts, inside, "plan", "Plan {level}"),
        _level(facts, inside, "first_product", "Buy {level} first"),
    ]
    found += [
        _typical(facts, inside, "order_frequency", "Order {ideal} times a year (others {rest})"),
        _typical(facts, inside, "active_users", "{ideal} people use it (others {rest})"),
    ]
    found += [
        _share(facts, inside, "expansion_mrr", "{share} buy more later (others {rest})"),
        _share(facts, inside, "referrals", "{share} refer others (others {rest})"),
        _share(facts, inside, "tickets", "{share} write to support (others {rest})"),
    ]
    ranked = sorted((f for f in found if f is not None), key=lambda f: -f[0])
    return [line for _, line in ranked[:_MOST_LINES]]


def _evidence(facts: Facts, name: str, n_in: int, n_out: int, p: float, **more) -> Evidence | None:
    if p > _P_LIKELY or min(n_in, n_out) < MIN_N:
        return None
    return Evidence(
        n=n_in,
        n_rest=n_out,
        verdict=SOLID if p <= _P_SOLID and n_in >= 30 else LIKELY if n_in >= MIN_N else TOO_FEW,
        sources=[facts.catalogue[name].source] if facts.catalogue[name].source else [],
        segment=Segment((Condition(name, "is_known"),)),
        **more,
    )


def _level(facts: Facts, inside: np.ndarray, name: str, says: str) -> tuple[float, Statement] | None:
    """The level that is commoner among the ideal than among the others, by the widest margin."""
    if not facts.has(name):
        return None
    column = facts.frame[name]
    known = column.notna().to_numpy()
    n_in, n_out = int((known & inside).sum()), int((known & ~inside).sum())
    if min(n_in, n_out) < MIN_N:
        return None
    best = None
    for level in column[inside & known].astype(str).value_counts().index[:8]:
        hit = (column.astype(str) == level).to_numpy() & known
        a, b = int((hit & inside).sum()), int((hit & ~inside).sum())
        low, high = share_difference(a, n_in, b, n_out)
        if a / n_in < _MIN_SHARE or low <= 0 or _CODE.match(level) or _CHARGE.match(level):
            continue
        if best is None or low > best[0]:
            best = (low, high, level, a, b)
    if best is None:
        return None
    low, high, level, a, b = best
    evidence = Evidence(
        n=n_in,
        n_rest=n_out,
        effect=a / n_in - b / n_out,
        low=low,
        high=high,
        effect_kind="share",
        verdict=SOLID if low > 0.1 and n_in >= 30 else LIKELY if n_in >= MIN_N else HINT,
        method="Share of the ideal customers beside the share of the others, where it is known.",
        sources=[facts.catalogue[name].source] if facts.catalogue[name].source else [],
        segment=Segment((Condition(name, "is_any_of", [level]),)),
    )
    shares = f"{rate(round(a / n_in, 2))}, others {rate(round(b / n_out, 2))}"
    text = f"{says.format(level=level)} ({shares})"
    return low, Statement(text=text, evidence=evidence)


def _typical(facts: Facts, inside: np.ndarray, name: str, says: str) -> tuple[float, Statement] | None:
    if not facts.has(name):
        return None
    values = facts.frame[name].astype(float).to_numpy()
    mine, others = values[inside & np.isfinite(values)], values[~inside & np.isfinite(values)]
    if min(len(mine), len(others)) < MIN_N:
        return None
    a, b = float(np.median(mine)), float(np.median(others))
    if max(abs(a), abs(b)) == 0 or abs(a - b) < _WORTH * max(abs(a), abs(b)):
        return None
    p = mann_whitney(mine, others).p_value
    evidence = _evidence(
        facts,
        name,
        len(mine),
        len(others),
        p,
        effect=a / b if b else None,
        effect_kind="ratio" if b else "",
        method="Typical (middle) value of the ideal customers beside that of the others; compared by ranks.",
    )
    if evidence is None:
        return None
    text = says.format(ideal=number(a), rest=number(b))
    return min(1.0, -math.log10(max(p, 1e-12)) / 12), Statement(text=text, evidence=evidence)


def _share(facts: Facts, inside: np.ndarray, name: str, says: str) -> tuple[float, Statement] | None:
    """Share of customers with more than nothing of a measure."""
    if not facts.has(name):
        return None
    values = facts.frame[name].astype(float).to_numpy()
    known = np.isfinite(values)
    n_in, n_out = int((known & inside).sum()), int((known & ~inside).sum())
    if min(n_in, n_out) < MIN_N:
        return None
    a, b = int((inside & known & (values > 0)).sum()), int((~inside & known & (values > 0)).sum())
    low, high = share_difference(a, n_in, b, n_out)
    if low <= 0 <= high or max(a / n_in, b / n_out) < _MIN_SHARE:
        return None
    evidence = Evidence(
        n=n_in,
        n_rest=n_out,
        effect=a / n_in - b / n_out,
        low=low,
        high=high,
        effect_kind="share",
        verdict=SOLID if min(abs(low), abs(high)) > 0.1 and n_in >= 30 else LIKELY,
        method="Share of the ideal customers beside the share of the others, where it is known.",
        sources=[facts.catalogue[name].source] if facts.catalogue[name].source else [],
        segment=Segment((Condition(name, "more_than", 0.0),)),
    )
    text = says.format(share=rate(round(a / n_in, 2)), rest=rate(round(b / n_out, 2)))
    return min(abs(low), abs(high)), Statement(text=text, evidence=evidence)
