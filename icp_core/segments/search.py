"""Search rules of one to three conditions by matrix products, and rank them against luck.

Scores are standardised once; a rule with members ``g`` has ``z = S_g / sqrt(n_g (N − n_g) / (N − 1))``
where ``S_g`` sums the scores of its ``n_g`` members (hypergeometric null variance). All pairs come from
one product of the 0/1 columns with themselves, weighted by the score; triples extend the best pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

from icp_core.segments.selectors import Selectors
from icp_core.stats.phrases import LIKELY_P

# Pairs that are extended by a third condition.
BEAM = 60
# A union of two levels is tried only where each of them is good by itself and they are about as good.
_PART_Z, _ALIKE_Z = 1.0, 2.0
# Conditions combined with one another; of more (some hundred attributes) the strongest by themselves are taken,
# on shuffled outcomes by the same rule. Up to so many all sizes of pairs are reckoned once and kept.
_MOST_COMBINED, _KEPT_SIZES = 800, 3_000
# Rows multiplied at once: bounds the memory of large searches.
_CHUNK = 25_000
# Rules of each length that are looked at closely: fewer where luck plays no part in their order.
_POOL, _POOL_OF_MANY, _MANY = 150, 50, 20_000
# How clearly each condition must beat the rule without it.
PRODUCTIVE_Z = 3.0
# Rules that share so many customers are one finding; nearly equal ones are other names for it.
SAME_FINDING, SAME_RULE = 0.5, 0.8
# What a further finding must still explain beside the ones before it.
_NEWS_Z = 2.0
# A part of a score finds no rule against which the rest of it speaks as clearly (one-sided 95 %).
_AGAINST_Z = -1.645

Rule = tuple[int, ...]
# Kinds of rules whose luck differs: one, two or three conditions, without or with a union.
KINDS = 6
# Long rules and unions must outdo luck by more, so that the many of them do not use up the chances of the
# few simple ones; shuffled outcomes are measured with the same handicap, so the test stays exact.
HANDICAP = np.array([0.0, 0.4, 0.0, 0.4, 0.4, 0.6])


@dataclass(frozen=True, eq=False)
class Scan:
    """z of every rule tried. ``active`` are the conditions in play; ``pairs`` is over them, upper triangle."""

    single: np.ndarray
    active: np.ndarray
    pairs: np.ndarray | None
    beam: np.ndarray
    triples: np.ndarray | None
    n_tried: int

    def best(self, is_union: np.ndarray) -> np.ndarray:
        """The largest z of each kind of rule; −inf where a kind has none."""
        top = np.full(KINDS, -np.inf)
        union = is_union[self.active]
        for flag in (False, True):
            chosen = self.active[union == flag]
            if len(chosen):
                top[int(flag)] = self.single[chosen].max()
        if self.pairs is not None and self.pairs.size:
            plain = ~union
            # Unions stand last among the active conditions, so the plain block is a corner.
            k = int(plain.sum())
            if k:
                top[2] = self.pairs[:k, :k].max()
            if k < len(union):
                top[3] = self.pairs[:, k:].max()
        if self.triples is not None and self.triples.size:
            beam_union = union[self.beam].any(axis=1)
            k = int((~union).sum())
            if (~beam_union).any() and k:
                top[4] = self.triples[~beam_union][:, :k].max()
            parts = [self.triples[beam_union]] if beam_union.any() else []
            if k < len(union):
                parts.append(self.triples[:, k:])
            if parts:
                top[5] = max(part.max() for part in parts)
        return top


class Space:
    """The conditions over one set of customers, ready to be searched again and again."""

    def __init__(self, chosen: Selectors, support: int, depth: int, rows: np.ndarray | None = None):
        self.selectors = chosen
        atoms = chosen.atoms if rows is None else chosen.atoms[rows]
        self.atoms = atoms.astype(np.float32)
        self.n = len(self.atoms)
        self.support, self.depth = support, depth
        self.is_union = chosen.parts[:, 0] >= 0
        self.plain = np.flatnonzero(~self.is_union)
        self.unions = np.flatnonzero(self.is_union)
        self.combine = chosen.combine
        self.single_n = self.atoms.sum(axis=0, dtype=np.float64) @ self.combine
        self.single_weight = self._weight(self.single_n)
        first, second = chosen.parts[self.unions].T
        self.union_variance = 1 / np.maximum(self.single_n[first], 1) + 1 / np.maximum(
            self.single_n[second], 1
        )
        self.pair_weight: np.ndarray | None = None
        if depth >= 2:
            self.together = _product(self.atoms, None)[0]
            if len(self.is_union) <= _KEPT_SIZES:
                self.pair_weight = self._pair_weight(np.arange(len(self.is_union)))

    def _pair_weight(self, conditions: np.ndarray) -> np.ndarray:
        """Weights (see ``_weight``) of all pairs of these conditions; 0 where both are about one subject."""
        if self.pair_weight is not None:
            return self.pair_weight[np.ix_(conditions, conditions)]
        combine, subject = self.combine[:, conditions], self.selectors.subject[conditions]
        used = np.flatnonzero(combine.any(axis=1))
        combine = combine[used]
        between = combine.T @ self.together[np.ix_(used, used)] @ combine
        return np.where(subject[:, None] != subject[None, :], self._weight(between), 0).astype(np.float32)

    def _weight(self, size: np.ndarray) -> np.ndarray:
        """1 / standard deviation of the sum of scores for groups of this size; 0 = too small or too large."""
        fits = (size >= self.support) & (size <= self.n - self.support)
        spread = np.sqrt(np.maximum(size * (self.n - size), 1.0) / (self.n - 1))
        return np.where(fits, 1.0 / spread, 0.0)

    def scan(self, scores: np.ndarray) -> Scan:
        """z of all rules: of several scores (scores × customers, any scale; standardised here) the best z counts."""
        ys = standardised_each(scores).astype(np.float32)
        totals = (ys @ self.atoms) @ self.combine
        singles = totals * self.single_weight
        first, second = self.selectors.parts[self.unions].T
        means = totals / np.maximum(self.single_n, 1)
        alike = np.abs(means[:, first] - means[:, second]) < _ALIKE_Z * np.sqrt(self.union_variance)
        good = ((singles[:, first] > _PART_Z) & (singles[:, second] > _PART_Z) & alike).any(axis=0)
        single = singles.max(axis=0)
        active = np.concatenate([self.plain, self.unions[good]]).astype(np.int64)
        if len(active) > _MOST_COMBINED:
            strongest = np.argpartition(-single[active], _MOST_COMBINED - 1)[:_MOST_COMBINED]
            active = active[np.sort(strongest)]
        usable = self.single_weight[active] > 0
        single = np.where(self.single_weight > 0, single, -np.inf)
        n_tried = int(usable.sum())
        if self.depth < 2 or not len(active):
            return Scan(single, active, None, np.zeros((0, 2), dtype=int), None, n_tried)
        combine, atoms, together = self.combine[:, active], self.atoms, self.together
        weight = self._pair_weight(active)
        used = np.flatnonzero(combine.any(axis=1))
        if len(used) < len(combine):
            combine, atoms, together = combine[used], atoms[:, used], together[np.ix_(used, used)]
        pairs = np.full(weight.shape, -np.inf, dtype=np.float32)
        for y in ys:
            shifted, shift = _product(atoms, y)
            sums = (shifted - shift * together).astype(np.float32)
            np.maximum(pairs, combine.T @ sums @ combine * weight, out=pairs)
        pairs = np.triu(pairs, 1)
        n_tried += int(np.count_nonzero(weight)) // 2
        if self.depth < 3:
            return Scan(single, active, pairs, np.zeros((0, 2), dtype=int), None, n_tried)
        flat = pairs.ravel()
        k = min(BEAM, flat.size)
        top = np.argpartition(-flat, k - 1)[:k]
        top = top[flat[top] > 0]
        beam = (
            np.column_stack(np.unravel_index(top, pairs.shape)) if len(top) else np.zeros((0, 2), dtype=int)
        )
        triples, extra = self._extend(ys, active, atoms, combine, beam)
        return Scan(single, active, pairs, beam, triples, n_tried + extra)

    def _extend(
        self, ys: np.ndarray, active: np.ndarray, atoms: np.ndarray, combine: np.ndarray, beam: np.ndarray
    ) -> tuple[np.ndarray, int]:
        """z of every pair of the beam with every third condition about another attribute, best of the scores."""
        if not len(beam):
            return np.zeros((0, len(active)), dtype=np.float32), 0
        needed, place = np.unique(beam, return_inverse=True)
        place = place.reshape(beam.shape)
        sums = np.zeros((len(ys), len(beam), atoms.shape[1]), dtype=np.float32)
        sizes = np.zeros(sums.shape[1:], dtype=np.float32)
        for start in range(0, self.n, _CHUNK):
            part = atoms[start : start + _CHUNK]
            masks = (combine[:, needed].T @ part.T > 0).astype(np.float32)
            inside = masks[place[:, 0]] * masks[place[:, 1]]
            sizes += inside @ part
            for total, y in zip(sums, ys, strict=True):
                total += (inside * y[start : start + _CHUNK]) @ part
        subject = self.selectors.subject[active]
        other = (subject[None, :] != subject[beam[:, :1]]) & (subject[None, :] != subject[beam[:, 1:]])
        weight = np.where(other, self._weight(sizes @ combine), 0)
        z = (total @ combine * weight for total in sums)
        return reduce(np.maximum, z).astype(np.float32), int(np.count_nonzero(weight))


def _product(atoms: np.ndarray, y: np.ndarray | None) -> tuple[np.ndarray, float]:
    """atomsᵀ · diag(y + shift) · atoms and the shift, in chunks of rows.

    The shift makes all scores positive, so each product is one of a matrix with its own transpose, which
    takes half the work; the caller takes it off with the counts.
    """
    if y is None:
        root, shift = None, 0.0
    else:
        shift = max(0.0, -float(y.min()))
        root = np.sqrt(y + np.float32(shift))
    total = np.zeros((atoms.shape[1], atoms.shape[1]), dtype=np.float64)
    for start in range(0, len(atoms), _CHUNK):
        part = atoms[start : start + _CHUNK]
        if root is not None:
            part = part * root[start : start + _CHUNK, None]
        total += part.T @ part
    return total, shift


def standardised_each(scores: np.ndarray) -> np.ndarray:
    """One score (customers) or several (scores × customers), each standardised: always scores × customers."""
    return np.array([standardised(score) for score in np.atleast_2d(scores)])


def standardised(score: np.ndarray) -> np.ndarray:
    """Mean 0, standard deviation 1 (over all customers); constant scores give zeros."""
    centred = score - score.mean()
    spread = centred.std()
    return centred / spread if spread > 1e-12 else np.zeros_like(centred)


@dataclass(frozen=True)
class Luck:
    """How far shuffled outcomes get, per kind of rule: their typical best z and its upper end.

    ``strength`` puts rules of all kinds on one scale: 0 = the typical best of shuffled data, 1 = reached
    by 5 of 100 shuffles for that kind of rule alone; then less the ``HANDICAP``. ``best`` holds each
    shuffle's best over all kinds, ``needed`` the strength that at most 5 of 100 shuffles reach with any.
    """

    middle: np.ndarray
    top: np.ndarray
    best: np.ndarray
    needed: float

    def strength(self, z: float, kind: int) -> float:
        return float((z - self.middle[kind]) / (self.top[kind] - self.middle[kind]) - HANDICAP[kind])

    def p_value(self, z: float, kind: int) -> float:
        """Share of shuffles whose best rule is at least as strong (Westfall & Young 1993, max-T).

        Given at the upper end of what so many shuffles can tell (see ``cautious_p``).
        """
        return cautious_p(int((self.best >= self.strength(z, kind)).sum()), len(self.best))

    def typical(self, kind: int) -> float:
        """The z of a rule of this kind that is as strong as the best of every second shuffle."""
        strength = float(np.median(self.best)) + HANDICAP[kind]
        return float(self.middle[kind] + strength * (self.top[kind] - self.middle[kind]))

    def line(self, kind: int) -> float:
        """The z a rule of this kind needs so that at most 5 of 100 shuffles have anything as strong."""
        return float(
            self.middle[kind] + (self.needed + HANDICAP[kind]) * (self.top[kind] - self.middle[kind])
        )


# One-sided 75 %: the share is measured on a hundred or two of shuffles, and an error of "finding" what is
# not there costs more than one of missing what is.
_CAUTION_Z = 0.67


def cautious_p(as_strong: int, n: int) -> float:
    """The p-value of a rule that so many of ``n`` shuffles match, with the error of counting on top.

    >>> cautious_p(0, 199), round(cautious_p(7, 199), 4), round(cautious_p(8, 199), 4)
    (0.005, 0.0487, 0.0543)
    """
    share = as_strong / n
    return min(1.0, (1 + as_strong) / (n + 1) + _CAUTION_Z * float(np.sqrt(share * (1 - share) / n)))


def needed_of(best: np.ndarray) -> float:
    """The strength to exceed for a p-value of at most 0.05 among these shuffles."""
    allowed = 0
    while allowed + 1 < len(best) and cautious_p(allowed + 1, len(best)) <= LIKELY_P:
        allowed += 1
    return float(np.sort(best)[-1 - allowed])


def luck_of(maxima: np.ndarray) -> Luck:
    """Summarise the best z per kind of rule (columns) of many shuffles (rows)."""
    maxima = np.where(np.isfinite(maxima), maxima, np.nan)
    middle, top = np.zeros(KINDS), np.ones(KINDS)
    for kind in range(KINDS):
        values = maxima[:, kind][np.isfinite(maxima[:, kind])]
        if len(values) >= 2 and values.max() > values.min():
            # Upper quantile from the middle and the spread: steadier than the fifth-largest of a hundred.
            middle[kind] = np.median(values)
            top[kind] = max(middle[kind] + 1.87 * values.std(), middle[kind] + 1e-6)
        elif len(values):
            middle[kind], top[kind] = values[0], values[0] + 1
    scaled = (maxima - middle) / (top - middle) - HANDICAP
    best = np.nanmax(np.where(np.isfinite(scaled), scaled, -np.inf), axis=1)
    return Luck(middle, top, best, needed_of(best))


def kind_of(rule: Rule, is_union: np.ndarray) -> int:
    """Which kind of rule this is (see ``KINDS``)."""
    return 2 * (len(rule) - 1) + int(is_union[list(rule)].any())


@dataclass(frozen=True, eq=False)
class Finding:
    """A rule that stands out, the customers it holds (positions in the searched rows), its other names.

    ``z`` is its own, ``news`` what is left of it among customers alike in the findings before.
    """

    rule: Rule
    z: float
    news: float
    members: np.ndarray
    aliases: tuple[Rule, ...] = ()


def findings(space: Space, scan: Scan, scores: np.ndarray, luck: Luck, most: int = 5) -> list[Finding]:
    """The strongest rules that are productive, differ from one another and each add something.

    A rule is productive when each of its conditions beats the rule without it [Webb 2007]. Findings
    overlap by less than half (Jaccard), share no condition, and must still matter among customers alike
    in the findings before, so a mere companion of a true attribute is no finding of its own. Of several scores
    (further ones are parts of the first) a rule is judged by the one that speaks for it most (see ``_judged``).
    """
    scores = np.atleast_2d(scores)
    ys = standardised_each(scores)
    rules = list(_leading(space, scan, _POOL if space.n < _MANY else _POOL_OF_MANY))
    if not rules:
        return []
    parents = {rule[:i] + rule[i + 1 :] for rule in rules for i in range(len(rule)) if len(rule) > 1}
    ordered = list(dict.fromkeys([*rules, *sorted(parents)]))
    place = {rule: i for i, rule in enumerate(ordered)}
    masks = _masks(space, ordered)
    sums = [_sums(masks, y) for y in ys]
    lines = np.array([luck.line(kind_of(rule, space.is_union)) for rule in ordered])
    z, by = _judged(scores, masks, sums, lines)
    ranked = []
    for rule in rules:
        at = place[rule]
        above = [place[rule[:i] + rule[i + 1 :]] for i in range(len(rule))] if len(rule) > 1 else []
        if z[at] > 0 and all(_gain(at, parent, *sums[by[at]]) > PRODUCTIVE_Z for parent in above):
            # Those that stand by the first score, those that stand by a part of it, and the others.
            group = by[at] if z[at] > lines[at] else len(ys)
            ranked.append((group, lines[at] - z[at], len(rule), rule))
    ranked.sort()
    chosen: list[dict] = []
    for *_, rule in ranked:
        strength, inside = float(z[place[rule]]), masks[place[rule]]
        family = [c for c in chosen if _same_family(space, masks, place, inside, rule, c)]
        if family:
            nearest = max(family, key=lambda c: jaccard(inside, c["members"]))
            if jaccard(inside, nearest["members"]) >= SAME_RULE:
                nearest["aliases"].append(rule)
            continue
        if len(chosen) == most:
            continue
        news = strength
        if chosen:
            y = ys[by[place[rule]]]
            news = min(news, stratified_z(y, inside, _cells([c["members"] for c in chosen]))[0])
        if news < _NEWS_Z:
            continue
        chosen.append({"rule": rule, "z": strength, "news": news, "members": inside, "aliases": []})
    return [Finding(c["rule"], c["z"], c["news"], c["members"], tuple(c["aliases"])) for c in chosen]


def _judged(
    scores: np.ndarray, masks: np.ndarray, sums: list[np.ndarray], lines: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """z of each rule and which score it is judged by: the first, or a part of it where only that passes the line.

    A part counts only where the rest of the first score is not clearly against the rule: customers who pay more
    are no better by worth when they clearly leave sooner. Shuffled outcomes are not held to that, which can only
    raise the line to beat.
    """
    n = masks.shape[1]
    size = sums[0][0]
    spread = np.sqrt(np.maximum(size * (n - size), 1.0) / (n - 1))
    best, by = sums[0][1] / spread, np.zeros(len(size), dtype=int)
    for k in range(1, len(sums)):
        z = sums[k][1] / spread
        rest = _sums(masks, standardised(scores[0] - scores[k]))[1] / spread
        better = (best <= lines) & (z > lines) & (rest > _AGAINST_Z)
        best, by = np.where(better, z, best), np.where(better, k, by)
    return best, by


def _gain(at: int, parent: int, size: np.ndarray, total: np.ndarray, squares: np.ndarray) -> float:
    """z of a rule within its parent: are its members better than the others of the parent?"""
    n, left = size[parent], size[parent] - size[at]
    if left < 1:
        return 0.0
    variance = max(squares[parent] / n - (total[parent] / n) ** 2, 1e-12)
    deviation = np.sqrt(variance * size[at] * left / max(n - 1, 1))
    return float((total[at] - size[at] * total[parent] / n) / deviation)


def _same_family(
    space: Space, masks: np.ndarray, place: dict, inside: np.ndarray, rule: Rule, other: dict
) -> bool:
    if jaccard(inside, other["members"]) >= SAME_FINDING or set(rule) & set(other["rule"]):
        return True
    subject = space.selectors.subject
    for i in rule:
        for j in other["rule"]:
            if subject[i] == subject[j]:
                both = jaccard(_condition(space, masks, place, i), _condition(space, masks, place, j))
                if both >= SAME_FINDING:
                    return True
    return False


def _condition(space: Space, masks: np.ndarray, place: dict, index: int) -> np.ndarray:
    if (index,) in place:
        return masks[place[(index,)]]
    return space.atoms @ space.combine[:, index] > 0


def _leading(space: Space, scan: Scan, pool: int) -> dict[Rule, float]:
    """The best rules of each length with their z, positive ones only."""
    rules: dict[Rule, float] = {}
    singles = scan.active[np.argsort(-scan.single[scan.active], kind="stable")][:pool]
    for i in singles:
        if scan.single[i] > 0 and np.isfinite(scan.single[i]):
            rules[(int(i),)] = float(scan.single[i])
    for table, first in ((scan.pairs, None), (scan.triples, scan.beam)):
        if table is None or not table.size:
            continue
        flat = table.ravel()
        k = min(3 * pool, flat.size)
        top = np.argpartition(-flat, k - 1)[:k]
        top = top[np.lexsort((top, -flat[top]))]
        kept = 0
        for position in top:
            if flat[position] <= 0 or kept > pool - 1:
                break
            row, column = divmod(int(position), table.shape[1])
            parts = (row, column) if first is None else (*first[row], column)
            rule = tuple(sorted(int(scan.active[p]) for p in parts))
            if rule not in rules:
                rules[rule] = float(flat[position])
                kept += 1
    return rules


def _masks(space: Space, rules: list[Rule]) -> np.ndarray:
    """Who each rule holds (rules × customers)."""
    needed = sorted({i for rule in rules for i in rule})
    place = {i: k for k, i in enumerate(needed)}
    columns = np.empty((len(needed), space.n), dtype=bool)
    for start in range(0, space.n, _CHUNK):
        part = space.atoms[start : start + _CHUNK]
        columns[:, start : start + _CHUNK] = space.combine[:, needed].T @ part.T > 0
    masks = np.empty((len(rules), space.n), dtype=bool)
    for row, rule in enumerate(rules):
        masks[row] = columns[place[rule[0]]]
        for i in rule[1:]:
            masks[row] &= columns[place[i]]
    return masks


def _sums(masks: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Three rows: members of each rule, their summed scores, their summed squares."""
    terms = np.column_stack([np.ones_like(y), y, y * y]).astype(np.float32)
    total = np.zeros((3, len(masks)))
    for start in range(0, masks.shape[1], _CHUNK):
        part = masks[:, start : start + _CHUNK].astype(np.float32)
        total += (part @ terms[start : start + _CHUNK]).T
    return total


def jaccard(first: np.ndarray, second: np.ndarray) -> float:
    """Shared members over all members of two groups."""
    union = np.count_nonzero(first | second)
    return np.count_nonzero(first & second) / union if union else 0.0


def _cells(masks: list[np.ndarray]) -> np.ndarray:
    """A number per customer: which of the groups it belongs to."""
    cells = np.zeros(len(masks[0]), dtype=np.int64)
    for mask in masks:
        cells = 2 * cells + mask
    return cells


def stratified_z(y: np.ndarray, inside: np.ndarray, strata: np.ndarray) -> tuple[float, float, float]:
    """z, mean difference of scores and weight, members against others of the same stratum (zeros if none).

    Strata count by how well they can compare: n₁n₀/(n₁+n₀) (Mantel & Haenszel weights).
    """
    _, codes = np.unique(strata, return_inverse=True)
    n = np.bincount(codes).astype(float)
    n_in = np.bincount(codes, weights=inside)
    both = (n_in > 0) & (n_in < n)
    if not both.any():
        return 0.0, 0.0, 0.0
    total = np.bincount(codes, weights=y)
    inner = np.bincount(codes, weights=y * inside)
    squares = np.bincount(codes, weights=y * y)
    spread = np.maximum(squares / n - (total / n) ** 2, 0)
    observed = (inner - n_in * total / n)[both]
    size, members = n[both], n_in[both]
    variance = (spread[both] * members * (size - members) / np.maximum(size - 1, 1)).sum()
    weight = (members * (size - members) / size).sum()
    z = observed.sum() / np.sqrt(variance) if variance > 1e-12 else 0.0
    return float(z), float(observed.sum() / weight), float(weight)
