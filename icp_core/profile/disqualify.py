"""Who is no fit, what refusing them would have cost, and who is best of all inside the ICP."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from icp_core.errors import NotEnoughDataError, UnknownColumnError
from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Disqualifier, Evidence, Price
from icp_core.segments.conditions import Segment
from icp_core.segments.discover import Candidate, Discovery, discover
from icp_core.segments.membership import members
from icp_core.segments.search import SAME_FINDING, jaccard
from icp_core.segments.standing import good_and_bad
from icp_core.segments.target import default_outcome, kept_share, months_kept, target
from icp_core.stats.wording import count, figure, rate

# Customers a segment needs before a better part of it is looked for.
_LEAST_INSIDE = 60
# A disqualifier may touch at most this share of the ICP's own customers.
_MOST_OF_ICP = 0.10
# Among refused customers good ones are at most half as common as among all; a rule that refuses more is
# a poor bargain, however much worse the typical one may be.
_GOOD_LEFT = 0.5
_MOST_PROPOSED = 5
_REVENUE = ("revenue", "total_revenue", "ltv", "value_per_month")


def price(facts: Facts, segment: Segment) -> Price:
    """What refusing this segment would have cost and saved, had the rule always been in force.

    ``good_refused`` and ``bad_avoided`` count customers (see ``good_and_bad``); ``revenue_lost`` is all
    revenue the segment has brought, ``revenue_lost_share`` its share of all revenue (0–1).
    """
    inside = members(facts, segment)
    good, bad = good_and_bad(facts)
    name = next((name for name in _REVENUE if facts.has(name)), None)
    lost = share = 0.0
    if name is not None:
        revenue = facts.frame[name].astype(float).fillna(0.0).to_numpy()
        lost = float(revenue[inside].sum())
        share = lost / float(revenue.sum()) if revenue.sum() > 0 else 0.0
    return Price(
        n=int(inside.sum()),
        good_refused=int((inside & good).sum()),
        revenue_lost=lost,
        revenue_lost_share=share,
        bad_avoided=int((inside & bad).sum()),
    )


def chosen(facts: Facts, segment: Segment) -> Disqualifier:
    """A segment that somebody refuses on his own judgement, with its price."""
    words = segment.words(facts.catalogue)
    return Disqualifier(segment=segment, words=words[:1].upper() + words[1:], price=price(facts, segment))


def evidence_of(candidate: Candidate, discovery: Discovery, facts: Facts) -> Evidence:
    """A found candidate as evidence for a statement of the profile."""
    tried = (
        f"Best of {count(discovery.n_rules_tried)} rules tried on {count(discovery.n)} customers by "
        f"“{discovery.outcome_label}”; shuffled outcomes do as well in at most {rate(candidate.p_adjusted)} of cases; "
        f"found again in {rate(candidate.stability)} of resamples; effect reduced for luck."
    )
    return Evidence(
        n=candidate.n,
        n_rest=discovery.n - candidate.n,
        effect=_number(candidate.effect),
        effect_raw=_number(candidate.effect_raw),
        low=_number(candidate.low),
        high=_number(candidate.high),
        effect_kind=candidate.effect_kind,
        verdict=candidate.verdict,
        method=tried,
        sources=_sources(candidate.segment, facts),
    )


def _sources(segment: Segment, facts: Facts) -> list[str]:
    """Where the traits come from, and what the customers are worth and whether they stay."""
    names = (*segment.attributes, "value_per_month", "churned")
    files = [facts.catalogue[name].source for name in names if name in facts.catalogue]
    return sorted({file for source in files for file in source.split(", ") if file})


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def propose(
    facts: Facts,
    *,
    icp: Segment | None = None,
    outcomes: tuple[str, ...] | None = None,
    attributes: tuple[str, ...] | None = None,
    seed: int = 0,
    permutations: int = 199,
    bootstraps: int = 20,
    progress: Callable[[float, str], bool] | None = None,
) -> tuple[Disqualifier, ...]:
    """Kinds of customer that are clearly worse by value or that leave sooner, each with its price.

    Parameters
    ----------
    icp
        The search is among the customers outside it: beside the ICP's own customers all others look poor, and not
        being ideal is no reason to refuse. Segments that hold more than a tenth of the ICP are not proposed.
    outcomes
        What to search by, downwards; those the facts do not know are left out. None = worth (value where
        departures are not known well enough) and retention.

    Returns
    -------
    tuple of Disqualifier
        At most five, most bad customers per good one refused first; only findings beyond a hint, with at most half the
        share of good customers that is usual outside the ICP and more bad ones. Empty when there is none.
    """
    if outcomes is None:
        best = default_outcome(facts)
        outcomes = (best if best == "worth" else "value", "retention")
    wanted = members(facts, icp) if icp else np.zeros(len(facts), dtype=bool)
    if wanted.all():
        return ()
    among = facts.only(~wanted) if wanted.any() else facts
    good, bad = good_and_bad(facts)
    usual_good, usual_bad = good[~wanted].mean(), bad[~wanted].mean()
    proposed: list[tuple[np.ndarray, Disqualifier]] = []
    for number, outcome in enumerate(outcomes):
        try:
            found = discover(
                among, outcome, direction=-1, seed=seed, permutations=permutations, bootstraps=bootstraps,
                attributes=attributes, progress=_part_of(progress, number, len(outcomes)),
            )  # fmt: skip
        except (UnknownColumnError, NotEnoughDataError):
            continue
        for candidate in found.standing:
            inside = members(facts, candidate.segment)
            if (inside & wanted).sum() > _MOST_OF_ICP * max(wanted.sum(), 1):
                continue
            if good[inside].mean() > _GOOD_LEFT * usual_good or bad[inside].mean() <= usual_bad:
                continue
            if any(jaccard(inside, other) >= SAME_FINDING for other, _ in proposed):
                continue
            proposed.append((inside, _disqualifier(facts, among, candidate, found)))
    proposed.sort(key=lambda entry: -_worth(entry[1].price))
    return tuple(disqualifier for _, disqualifier in proposed[:_MOST_PROPOSED])


def _part_of(
    progress: Callable[[float, str], bool] | None, number: int, n: int
) -> Callable[[float, str], bool] | None:
    if progress is None:
        return None
    return lambda done, text: progress((number + done) / n, text)


def _worth(price: Price) -> float:
    return price.bad_avoided / (price.good_refused + 1)


def _disqualifier(facts: Facts, among: Facts, candidate: Candidate, found: Discovery) -> Disqualifier:
    return Disqualifier(
        segment=candidate.segment,
        words=candidate.words,
        why=_why(among, candidate, found),
        price=price(facts, candidate.segment),
        evidence=evidence_of(candidate, found, facts),
    )


def _why(facts: Facts, candidate: Candidate, found: Discovery) -> str:
    """The reason in a few words, figures of the segment beside those of the others.

    Of the two parts of worth the one that makes more of the difference is told.
    """
    outcome, inside, rest = found.outcome, candidate.typical_in, candidate.typical_rest
    months = found.horizon_months
    if outcome == "worth":
        outcome, inside, rest = _main_part(facts, candidate.segment)
    if outcome == "retention":
        return f"{rate(round(inside, 2))} stay {months} months, others {rate(round(rest, 2))}"
    if candidate.effect_kind == "points":
        return f"{found.outcome_label} {rate(inside)}, others {rate(rest)}"
    unit = found.unit or (facts.currency if outcome in ("value", "ltv") else None)
    what = " a month" if outcome == "value" else ""
    label = "" if what else f"{found.outcome_label} "
    return f"{label}{figure(inside, unit)}{what}, others {figure(rest, unit)}"


def _main_part(facts: Facts, segment: Segment) -> tuple[str, float, float]:
    """What sets a segment's worth apart more, value a month or staying, with its figures inside and outside."""
    aim = target(facts, "worth")
    inside = members(facts, segment)[aim.rows]
    parts = [aim.values[side].T for side in (inside, ~inside)]
    paid = [float(np.median(value)) for _, _, value in parts]
    stayed = [months_kept(months, left, aim.horizon)[0] for months, left, _ in parts]
    if min(*paid, *stayed) > 0 and abs(np.log(stayed[0] / stayed[1])) > abs(np.log(paid[0] / paid[1])):
        return "retention", *(kept_share(months, left, aim.horizon)[0] for months, left, _ in parts)
    return "value", *paid


def ideal_of_ideal(
    facts: Facts,
    icp: Segment,
    outcome: str = "value",
    *,
    seed: int = 0,
    permutations: int = 199,
    bootstraps: int = 20,
    progress: Callable[[float, str], bool] | None = None,
) -> Candidate | None:
    """The best part of the ICP, if one stands out beyond a hint; None otherwise.

    Its conditions come on top of the ICP's, its effect compares with the rest of the ICP. At least 60
    customers must be inside the ICP.
    """
    if members(facts, icp).sum() < _LEAST_INSIDE:
        return None
    try:
        found = discover(
            facts, outcome, within=icp, seed=seed, permutations=permutations, bootstraps=bootstraps,
            progress=progress,
        )  # fmt: skip
    except (UnknownColumnError, NotEnoughDataError):
        return None
    return found.standing[0] if found.standing else None
