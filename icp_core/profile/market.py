"""Market size: companies × share that fits × value a year, with the reasoning and what to beware of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from icp_core.errors import IcpError
from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Evidence, Market
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.stats.intervals import wilson
from icp_core.stats.phrases import HINT, MIN_N, SOLID, TOO_FEW
from icp_core.stats.wording import count, money, rate
from icp_core.workspace import Workspace

_TOPIC, _KEY = "market", "numbers"
# Beyond these shares an ICP no longer says whom to leave out …
_LOOSE_CUSTOMERS, _LOOSE_MARKET = 0.60, 0.50
# … and below these there is little to grow on: room for so many times today's ideal customers.
_ROOM = 3.0
_NARROW_CUSTOMERS, _NARROW_REVENUE = 0.03, 0.05


@dataclass(frozen=True)
class Seen:
    """What a list of prospects shows: how many, of how many enough is known, how many meet every criterion.

    ``n_new``: of those who match, the ones that are no customers yet.
    """

    n: int
    n_known: int
    n_match: int
    n_new: int

    @property
    def share(self) -> float | None:
        """Share that fits among those of whom enough is known (0–1); None under ten."""
        return self.n_match / self.n_known if self.n_known >= MIN_N else None


@dataclass(frozen=True)
class MarketNumbers:
    """Numbers typed by the user; None = take it from the data, or leave it unknown.

    ``companies`` in the whole market; ``fit_share`` of them that match and ``reachable_share`` of those that
    can be reached (0–1); ``value_a_year`` one ideal customer brings.
    """

    companies: float | None = None
    fit_share: float | None = None
    reachable_share: float | None = None
    value_a_year: float | None = None


def typed(workspace: Workspace) -> MarketNumbers:
    """The numbers the user typed; all None before."""
    kept = workspace.decision(_TOPIC, _KEY, {})
    return MarketNumbers(**{f.name: kept.get(f.name) for f in fields(MarketNumbers)})


def keep_typed(workspace: Workspace, numbers: MarketNumbers) -> None:
    """Keep the numbers.

    Raises
    ------
    IcpError
        A share is not between 0 and 1, or a number is negative.
    """
    for name, value in asdict(numbers).items():
        if value is None:
            continue
        if value < 0 or (name.endswith("_share") and value > 1):
            raise IcpError(
                "A number of the market must not be negative, and a share must lie between 0 and 100 %."
            )
    workspace.decide(_TOPIC, _KEY, asdict(numbers))


def value_a_year(facts: Facts, segment: Segment) -> tuple[float, int] | None:
    """What an ideal customer that is still here brings a year on average, and how many that rests on.

    The average and not the typical value: a market is a sum. Recurring revenue where it is known, else
    value per month; None with fewer than ten customers.
    """
    inside = members(facts, segment)
    if facts.has("churned"):
        inside &= ~facts.frame["churned"].fillna(False).astype(bool).to_numpy()
    for name, factor in (("arr", 1.0), ("mrr", 12.0), ("value_per_month", 12.0)):
        if facts.has(name):
            values = facts.frame[name].astype(float).to_numpy()[inside]
            values = values[np.isfinite(values)]
            if len(values) >= MIN_N:
                return float(values.mean() * factor), len(values)
    return None


def market(
    facts: Facts, segment: Segment, numbers: MarketNumbers | None = None, seen: Seen | None = None
) -> Market | None:
    """The market for a segment, in the shape of the profile; None when neither numbers nor prospects are there.

    Typed numbers go before the list of prospects. ``companies`` is the market (TAM), ``matching`` those that
    meet the criteria (SAM), ``reachable`` those within reach (SOM), ``value_per_year`` what all that match
    would bring a year.
    """
    numbers = numbers or MarketNumbers()
    if seen is not None and not seen.n:
        seen = None
    companies = numbers.companies if numbers.companies is not None else (seen.n if seen else None)
    if companies is None or not segment:
        return None
    noun = "persons" if facts.unit == "person" else "companies"
    said = []
    from_list = numbers.companies is None
    share = numbers.fit_share
    if from_list:
        said.append(f"{count(companies)} {noun} on the list of prospects")
    else:
        said.append(f"{count(companies)} {noun} in the market, as typed")
    matching = None
    if share is not None:
        matching = companies * share
        said.append(f"{rate(share)} of them match, as typed: {count(round(matching))}")
    elif seen is not None and from_list:
        matching = float(seen.n_match)
        unknown = f"; of {count(seen.n - seen.n_known)} too little is known" if seen.n > seen.n_known else ""
        said.append(f"{count(seen.n_match)} match every criterion{unknown}")
    elif seen is not None and seen.share is not None:
        matching = companies * seen.share
        said.append(
            f"{rate(seen.share)} match ({count(seen.n_match)} of {count(seen.n_known)} on the list of prospects): "
            f"{count(round(matching))}"
        )
    reachable = None
    if matching is not None and numbers.reachable_share is not None:
        reachable = matching * numbers.reachable_share
        said.append(f"{rate(numbers.reachable_share)} of those within reach, as typed")
    elif seen is not None and from_list and share is None:
        if seen.n_new < seen.n_match:
            reachable = float(seen.n_new)
            said.append(f"{count(seen.n_new)} of those are no customers yet")
    each, n_each = numbers.value_a_year, 0
    if each is None and (found := value_a_year(facts, segment)) is not None:
        each, n_each = found
    total = matching * each if matching is not None and each is not None else None
    if total is not None and each is not None:
        basis = f"the average of {count(n_each)} ideal customers" if n_each else "as typed"
        said.append(
            f"times {money(facts.currency, each)} a year ({basis}) makes {money(facts.currency, total)} a year"
        )
    here = _ideal_here(facts, segment)
    ours = here / matching if matching and not from_list else None
    counted = seen is not None and share is None and matching is not None
    return Market(
        companies=companies,
        matching=None if matching is None else float(round(matching)),
        reachable=None if reachable is None else float(round(reachable)),
        value_per_year=total,
        ours_share=ours if ours is not None and ours <= 1 else None,
        reasoning="; ".join(said) + ".",
        warning=" ".join(cautions(facts, segment, matching, companies, from_list=from_list)),
        evidence=_share_seen(seen, said) if counted else None,
    )


def _share_seen(seen: Seen, said: list[str]) -> Evidence:
    """How sure the share that matches is: it was counted on the prospects of whom enough is known."""
    low, high = wilson(seen.n_match, seen.n_known) if seen.n_known else (None, None)
    # A list of which little is known may differ from the rest of itself, however many it names.
    much = seen.n_known >= MIN_N and seen.n_known * 2 >= seen.n
    return Evidence(
        n=seen.n_match,
        n_rest=seen.n_known - seen.n_match,
        of="prospects",
        effect=seen.share,
        low=low,
        high=high,
        effect_kind="share",
        verdict=SOLID if much else HINT if seen.n_known >= MIN_N else TOO_FEW,
        method="; ".join(said) + ".",
        sources=["the lists of prospects"],
    )


def _ideal_here(facts: Facts, segment: Segment) -> int:
    inside = members(facts, segment)
    if facts.has("churned"):
        inside &= ~facts.frame["churned"].fillna(False).astype(bool).to_numpy()
    return int(inside.sum())


def cautions(
    facts: Facts,
    segment: Segment,
    matching: float | None = None,
    companies: float | None = None,
    *,
    from_list: bool = False,
) -> list[str]:
    """Whether the ICP is too narrow to grow on or too loose to steer by, in sentences; empty when neither.

    ``from_list``: the market is a list of prospects, which says nothing about our part of the market.
    """
    inside = members(facts, segment)
    share = float(inside.mean()) if len(facts) else 0.0
    here = _ideal_here(facts, segment)
    revenue = None
    if facts.has("revenue"):
        amounts = facts.frame["revenue"].astype(float).fillna(0.0).to_numpy()
        revenue = float(amounts[inside].sum() / amounts.sum()) if amounts.sum() > 0 else None
    found = []
    if segment and share > _LOOSE_CUSTOMERS:
        found.append(f"Too loose to steer by: {rate(share)} of today's customers match.")
    if matching is not None and companies and matching / companies > _LOOSE_MARKET:
        found.append(f"Too loose to steer by: {rate(matching / companies)} of the market matches.")
    if share < _NARROW_CUSTOMERS and (revenue is None or revenue < _NARROW_REVENUE):
        part = "" if revenue is None else f" and {rate(revenue)} of the revenue"
        found.append(f"Too narrow to grow on: it covers {rate(share)} of today's customers{part}.")
    if matching is not None and not from_list:
        if here > matching:
            found.append(
                f"{count(here)} customers match already, more than the {count(round(matching))} the market is said to hold: check the numbers."
            )
        elif matching < _ROOM * max(here, 1):
            found.append(
                f"Too narrow to grow on: the market holds {count(round(matching))} that match, and {count(here)} are customers already."
            )
    return found


def numbers_from(record: Mapping[str, Any]) -> MarketNumbers:
    """Numbers of a form: blank and zero mean "not typed"; shares come in percent.

    >>> numbers_from({"companies": 5000, "fit_percent": 12.5, "reachable_percent": None, "value_a_year": 0})
    MarketNumbers(companies=5000.0, fit_share=0.125, reachable_share=None, value_a_year=None)
    """

    def known(name: str, scale: float = 1.0) -> float | None:
        value = record.get(name)
        return float(value) / scale if value else None

    return MarketNumbers(
        known("companies"),
        known("fit_percent", 100.0),
        known("reachable_percent", 100.0),
        known("value_a_year"),
    )
