"""Does a finding hold among customers who are alike otherwise: same time of coming, same other attribute?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.segments.search import SAME_RULE, Scan, standardised, stratified_z
from icp_core.segments.selectors import Selectors

# Other attributes that are looked at, strongest first, and how strong one must be to matter.
_MOST_ATTRIBUTES = 5
_MATTERS_Z = 3.0
# The difference has gone when less than this share of it is left and the rest could be chance.
_GONE_SHARE, _GONE_Z = 0.5, 2.0
# Below this share of the comparisons the two things cannot be told apart.
_COMPARABLE_SHARE = 0.2


@dataclass(frozen=True)
class Adjustment:
    """The effect among customers alike in ``label``; ``share`` is how much of the difference is left."""

    label: str
    effect: float
    share: float
    vanishes: bool
    inseparable: bool

    def warning(self) -> str:
        """What to tell the reader; empty when the finding holds."""
        if self.inseparable:
            return f"It goes so closely with “{self.label}” that the two cannot be told apart in this data."
        if self.vanishes and self.share < -0.1:
            return f"Among customers alike in “{self.label}” the difference turns around."
        if self.vanishes:
            return (
                f"Among customers alike in “{self.label}” the difference all but vanishes: "
                f"“{self.label}” may be the true reason."
            )
        return ""


def cohorts(facts: Facts, rows: np.ndarray) -> np.ndarray | None:
    """The quarter each customer came in as a number, −1 = not known; None when nobody's is known."""
    if not facts.has("customer_since"):
        return None
    since = pd.to_datetime(facts.frame["customer_since"].iloc[rows])
    quarter = (since.dt.year * 4 + since.dt.quarter).fillna(-1).to_numpy().astype(np.int64)
    return quarter if len(np.unique(quarter)) > 1 else None


def adjustments(
    facts: Facts,
    chosen: Selectors,
    scan: Scan,
    rows: np.ndarray,
    score: np.ndarray,
    inside: np.ndarray,
    rule: tuple[int, ...],
    effect: float,
) -> tuple[Adjustment, ...]:
    """The effect adjusted for the cohort, and for the other attribute that takes most of it away.

    ``effect`` is the difference to be adjusted, on a scale where differences add up. An attribute that
    says the same in other words (a size band beside a headcount) is no other attribute.
    """
    y = standardised(score)
    subjects = {int(chosen.subject[i]) for i in rule}
    crude = float(y[inside].mean() - y[~inside].mean())
    weight = inside.sum() * (~inside).sum() / len(inside)
    result = []
    quarter = cohorts(facts, rows)
    if quarter is not None:
        result.append(_adjusted("when they became customers", y, inside, quarter, crude, weight, effect))
    others = [
        _adjusted(_label(facts, chosen.attributes[a]), y, inside, _strata(chosen, a), crude, weight, effect)
        for a in _strongest(chosen, scan, subjects)
        if not _is_twin(chosen, a, rule)
    ]
    if others:
        result.append(min(others, key=lambda a: a.share))
    return tuple(result)


def _label(facts: Facts, name: str) -> str:
    return facts.catalogue[name].label if name in facts.catalogue else name


def _strongest(chosen: Selectors, scan: Scan, subjects: set[int]) -> list[int]:
    """Other attributes by their best single condition in either direction."""
    single = np.abs(np.where(np.isfinite(scan.single), scan.single, 0.0))
    best = [
        (float(single[chosen.attribute == a].max()), a)
        for a in range(len(chosen.attributes))
        if int(chosen.subject[chosen.attribute == a][0]) not in subjects
    ]
    return [a for z, a in sorted(best, key=lambda entry: -entry[0])[:_MOST_ATTRIBUTES] if z >= _MATTERS_Z]


def _is_twin(chosen: Selectors, attribute: int, rule: tuple[int, ...]) -> bool:
    """True when some value of the attribute picks nearly the customers that a condition of the rule picks."""
    sizes = chosen.atoms.sum(axis=0) @ chosen.combine
    own = chosen.attribute == attribute
    for index in rule:
        condition = chosen.mask(index)
        shared = (condition.astype(np.float32) @ chosen.atoms) @ chosen.combine
        likeness = shared[own] / (condition.sum() + sizes[own] - shared[own])
        if likeness.max() >= SAME_RULE:
            return True
    return False


def _strata(chosen: Selectors, attribute: int) -> np.ndarray:
    """A number per customer for the value of one attribute; blanks and rare values are one stratum."""
    atoms = np.flatnonzero(chosen.combine[:, chosen.attribute == attribute].any(axis=1))
    strata = np.zeros(len(chosen.atoms), dtype=np.int64)
    for place, atom in enumerate(atoms[:60]):
        strata = np.where(chosen.atoms[:, atom], strata + place + 1, strata)
    return strata


def _adjusted(
    label: str,
    y: np.ndarray,
    inside: np.ndarray,
    strata: np.ndarray,
    crude: float,
    weight: float,
    effect: float,
) -> Adjustment:
    z, difference, comparable = stratified_z(y, inside, strata)
    sign = 1.0 if crude >= 0 else -1.0
    inseparable = comparable < _COMPARABLE_SHARE * weight
    share = difference / crude if crude and not inseparable else 1.0
    vanishes = not inseparable and share < _GONE_SHARE and sign * z < _GONE_Z
    return Adjustment(label, effect * share, float(share), vanishes, inseparable)
