"""What luck can do: shuffled outcomes for the line to beat, resamples for the correction and stability."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import numpy as np

from icp_core.segments.search import Finding, Luck, Space, findings, jaccard, luck_of
from icp_core.segments.selectors import Selectors
from icp_core.segments.target import Target
from icp_core.stats.phrases import LIKELY_P

# Above this many customers luck is measured on a sample: the line for rank scores does not depend on n.
SAMPLED_ABOVE = 3_000
SHUFFLED_ROWS = 2_000
# Below this many customers the more cautious of two corrections is used.
FEW_CUSTOMERS = 300
# A resampled rule that shares at least so much (Jaccard) with a finding counts as its return.
RETURNED = 0.5
# Pieces of work between two reports of progress.
_BATCH = 10
# An average over fewer resamples says too little.
_ENOUGH_GAINS = 3


def support_for(n: int) -> int:
    """The least number of customers a rule must hold: 10, 3 % of all, 5 % when there are under 1,000.

    From 10,000 on 300 customers are enough while they are 1 %: among very many customers a small kind is seen as
    clearly, and a rule that must be larger than what is there takes in others and understates it.

    >>> [support_for(n) for n in (100, 999, 1_000, 10_000, 20_000, 100_000)]
    [10, 50, 30, 300, 300, 1000]
    """
    if n < 1000:
        return max(10, round(0.05 * n))
    return round(max(min(0.03 * n, 300), 0.01 * n))


def _support_in_sample(n: int, size: int) -> int:
    """The support that lets the same rules take part in a sample as among all ``n`` customers."""
    return max(10, round(support_for(n) * size / n))


def shuffle_luck(
    chosen: Selectors,
    scores: np.ndarray,
    depth: int,
    permutations: int,
    rng: np.random.Generator,
    step: Callable[[float], None],
    space: Space | None = None,
) -> Luck:
    """The best rules that shuffled outcomes reach, by the very search that is used on the real ones.

    Several ``scores`` (scores × customers) are shuffled together, so that one line holds for the best of them.
    """
    n = scores.shape[-1]
    if n > SAMPLED_ABOVE or space is None:
        rows = np.sort(rng.choice(n, size=min(n, SHUFFLED_ROWS), replace=False))
        space = Space(chosen, _support_in_sample(n, len(rows)), depth, rows)
        scores = scores[..., rows]
    shuffles = (scores[..., rng.permutation(scores.shape[-1])] for _ in range(permutations))
    maxima = _in_turn(lambda drawn: space.scan(drawn).best(space.is_union), shuffles, permutations, step)
    return luck_of(np.array(maxima))


def _in_turn(work: Callable, items: Iterable, n: int, step: Callable[[float], None]) -> list:
    """``work`` on each item, two at a time, results in order; ``step`` hears of progress and may stop it."""
    results, items = [], iter(items)
    with ThreadPoolExecutor(max_workers=2) as workers:
        while batch := list(islice(items, _BATCH)):
            results += workers.map(work, batch)
            step(len(results) / n)
    return results


@dataclass(frozen=True, eq=False)
class Resampled:
    """What resamples say of each finding: its optimism (× √members) and the share in which it returned."""

    optimism: np.ndarray
    stability: np.ndarray


def resample(
    chosen: Selectors,
    target: Target,
    direction: int,
    found: list[Finding],
    luck: Luck,
    depth: int,
    bootstraps: int,
    rng: np.random.Generator,
    step: Callable[[float], None],
) -> Resampled:
    """Repeat the whole search on resampled customers (Efron & Gong 1983).

    The optimism of a search is how much better its best rule looks in the resample it was found in than
    among all customers. It shrinks with the root of the group's size, so it is kept times that root and
    serves groups of any size; above 3,000 customers the resamples hold 3,000. A finding that returns in
    a share s of the resamples takes that share of its own optimism there, and 1 − s of the optimism of
    the search at its rank: the plain average over-corrects clear findings by what weaker rules gain.
    """
    n, most = len(target), len(found)
    size = min(n, SAMPLED_ABOVE)
    scores = direction * target.scores
    by_rank: list[list[float]] = [[] for _ in range(most)]
    own: list[list[float]] = [[] for _ in range(most)]
    returned = np.zeros(most)

    def search(rows: np.ndarray) -> tuple[list[np.ndarray], list[float]]:
        space = Space(chosen, _support_in_sample(n, size), depth, rows)
        drawn = scores[:, rows]
        again = findings(space, space.scan(drawn), drawn, luck, most=most)
        masks = [chosen.rule_mask(finding.rule) for finding in again]
        gains = [
            direction
            * (target.effect(finding.members, rows) - target.effect(mask))
            * np.sqrt(finding.members.sum())
            for finding, mask in zip(again, masks, strict=True)
        ]
        return masks, gains

    draws = (np.sort(rng.integers(0, n, size=size)) for _ in range(bootstraps if most else 0))
    for masks, gains in _in_turn(search, draws, bootstraps, step):
        for rank, gain in enumerate(gains):
            if np.isfinite(gain):
                by_rank[rank].append(gain)
        for i, finding in enumerate(found):
            likeness = [jaccard(mask, finding.members) for mask in masks]
            if likeness and max(likeness) >= RETURNED:
                returned[i] += 1
                gain = gains[int(np.argmax(likeness))]
                if np.isfinite(gain):
                    own[i].append(gain)
    stability = returned / max(bootstraps, 1)
    everything = [gain for gains in by_rank for gain in gains]
    overall = float(np.mean(everything)) if everything else 0.0
    optimism = np.zeros(most)
    for i in range(most):
        of_search = float(np.mean(by_rank[i])) if len(by_rank[i]) >= _ENOUGH_GAINS else overall
        of_rule = float(np.mean(own[i])) if len(own[i]) >= _ENOUGH_GAINS else of_search
        optimism[i] = max(0.0, stability[i] * of_rule + (1 - stability[i]) * of_search)
    return Resampled(optimism, stability)


def corrected(
    effect: float, z: float, p_value: float, members: int, n: int, optimism: float, typical: float
) -> float:
    """An effect (in the direction searched) reduced for luck, never beyond no effect at all.

    The optimism is taken off. Below 300 customers, and for mere hints, the effect is at most the share
    ``1 − (q50/z)²`` of what was seen, where q50 is the ``typical`` best z of shuffled data.
    """
    reduced = effect - optimism / np.sqrt(members)
    if n < FEW_CUSTOMERS or p_value > LIKELY_P:
        reduced = min(reduced, effect * max(0.0, 1 - (typical / z) ** 2))
    return max(0.0, reduced)
