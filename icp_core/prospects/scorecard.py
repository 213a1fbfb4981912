"""Fit a scorecard: from customers' outcomes where there are enough, else from the criteria of the ICP."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Attribute, Facts
from icp_core.profile.model import Profile
from icp_core.prospects import evidence
from icp_core.prospects.answers import (
    PAIRS,
    UNKNOWN,
    YES,
    Answer,
    Members,
    Spans,
    Texts,
    answer,
    canonical,
    columns_of,
    pieces,
    text_key,
    truth,
    value_key,
)
from icp_core.prospects.checks import check
from icp_core.prospects.encode import Encoded, encode
from icp_core.prospects.model import About, Cut, Item, Level, Refusal, Scorecard, apportioned
from icp_core.prospects.tiers import tiers_of
from icp_core.segments.conditions import Condition, Segment, number_words
from icp_core.segments.leaks import leaks
from icp_core.segments.standing import good_and_bad
from icp_core.stats.wording import rate
from icp_core.vocabulary.bands import EMPLOYEE_BANDS

# Fewer customers, or fewer of either outcome, carry no points; from so many on they are more than a hint.
LEAST_CUSTOMERS, LEAST_EACH, ENOUGH_CUSTOMERS = 30, 10, 100
# A numeric attribute gets one range per ten of the rarer outcome, within these limits, none with fewer customers.
_PER_RANGE, _FEWEST_RANGES, _MOST_RANGES = 10, 5, 8
# Beside an edge of the ICP a thin range would only be a splinter of what the criterion speaks of.
_THIN_RANGE, _THIN_AT_ICP = 0.02, 0.05
# Members of a multi-select that are items of their own: the most frequent ones with enough customers.
_MOST_MEMBERS, _LEAST_MEMBER = 6, 0.05
# An item that decides fewer of the 100 points than this decides nothing.
_LEAST_WEIGHT = 2.0
# The ICP decides at least this share of the points, however little the customers at hand show.
_ICP_SHARE = 0.3
_MOST_LEVELS = 200
_SPREAD = np.linspace(0, 1, 101)
WHOLE = "icp"
_NO_CRITERIA = Segment()

TARGETS = {
    "good": "in the top quarter by value per month and still here",
    "kept": "customers who stayed",
    "won": "deals won",
}


@dataclass(frozen=True, eq=False)
class Outcome:
    """Which customers (or accounts) are good (1), which are not (0); -1 = not known. ``facts`` are theirs."""

    key: str
    label: str
    facts: Facts
    y: np.ndarray

    @property
    def n(self) -> int:
        return int((self.y >= 0).sum())

    @property
    def n_good(self) -> int:
        return int((self.y == 1).sum())

    @property
    def enough(self) -> bool:
        return self.n >= LEAST_CUSTOMERS and min(self.n_good, self.n - self.n_good) >= LEAST_EACH


def outcomes(facts: Facts, accounts: pd.DataFrame | None = None) -> dict[str, Outcome]:
    """The outcomes the points can be learned from, those with both kinds of customer.

    ``accounts`` describes also companies that never bought (columns of the facts, deals_won, deals_lost).
    """
    found = {}
    good, _ = good_and_bad(facts)
    y = good.astype(int)
    found["good"] = Outcome("good", TARGETS["good"], facts, y)
    if facts.has("churned"):
        churned = facts.frame["churned"]
        y = np.where(churned.isna(), -1, np.where(churned.fillna(False).astype(bool), 0, 1))
        found["kept"] = Outcome("kept", TARGETS["kept"], facts, y)
    if accounts is not None and {"deals_won", "deals_lost"} <= set(accounts.columns):
        won = accounts["deals_won"].fillna(0).to_numpy() > 0
        lost = accounts["deals_lost"].fillna(0).to_numpy() > 0
        shown = accounts[[c for c in accounts.columns if c in facts.catalogue]].reset_index(drop=True)
        y = np.where(won, 1, np.where(lost, 0, -1))
        found["won"] = Outcome("won", TARGETS["won"], replace(facts, frame=shown, _memory={}), y)
    return {key: one for key, one in found.items() if 0 < one.n_good < one.n}


def fit_scorecard(
    facts: Facts,
    profile: Profile | Segment | None = None,
    *,
    target: str = "auto",
    accounts: pd.DataFrame | None = None,
    attributes: Collection[str] | None = None,
    weights: Mapping[str, float] | None = None,
    seed: int = 0,
) -> Scorecard:
    """Points per answer, learned from customers and never against the ICP.

    Parameters
    ----------
    profile
        The ICP: more of its criteria met never lowers a score; its accepted disqualifiers refuse.
    target
        What the points tell apart: ``good`` customers from others, ``kept`` from lost, ``won`` from lost deals;
        ``auto`` takes kept for an ICP about retention, else good.
    accounts
        Companies that bought and that did not (table ``account_facts``), for ``won``.
    attributes
        Only these (those a prospect list has); the ICP's own stay. None = all known before the sale.
    weights
        Weights set by hand, by the key of the item.

    Returns
    -------
    Scorecard
        With checks on held-out customers and tiers. Under 30 customers, under 10 of either outcome, or where
        learned points tell held-out customers apart no better than luck, the points come from the ICP's criteria
        alone and ``verdict`` is ``no score``; without criteria nothing has points. The items then still hold
        what the customers show, level by level.
    """
    segment = profile.criteria if isinstance(profile, Profile) else (profile or Segment())
    segment, _ = segment.known_to(facts.catalogue)
    known = outcomes(facts, accounts)
    outcome = _chosen(known, target, profile if isinstance(profile, Profile) else None)
    usable, left_out = usable_attributes(facts, segment, attributes)
    card = card_of(facts, usable, segment, profile, left_out)
    written = profile if isinstance(profile, Profile) else None
    if outcome is None or not outcome.enough:
        card = _from_criteria(card, facts, segment, written, outcome, usable, _too_few(outcome, len(facts)))
    else:
        learned = _from_outcomes(card, outcome, usable, segment, profile, seed)
        if learned.checks.is_luck:
            reason = _luck(learned, outcome)
            card = _from_criteria(card, facts, segment, written, outcome, usable, reason)
        else:
            card = learned
    return card.with_weights(weights) if weights else card


def card_of(
    facts: Facts,
    usable: list[Attribute],
    segment: Segment = _NO_CRITERIA,
    profile: Profile | Segment | None = None,
    left_out: Sequence[tuple[str, str]] = (),
) -> Scorecard:
    """A scorecard without points yet: what it asks about, whom it refuses, what is left out."""
    written = profile if isinstance(profile, Profile) else None
    return Scorecard(
        criteria=segment.to_dict()["conditions"],
        refusals=refusals(written) if written else [],
        about=_about(facts, usable, segment, written),
        left_out=list(left_out),
    )


def _chosen(known: Mapping[str, Outcome], target: str, profile: Profile | None) -> Outcome | None:
    if target in known:
        return known[target]
    wanted = (
        ("kept", "good") if profile is not None and profile.meta.outcome == "retention" else ("good", "kept")
    )
    order = [known[key] for key in (*wanted, "won") if key in known]
    return next((one for one in order if one.enough), order[0] if order else None)


def usable_attributes(
    facts: Facts, segment: Segment, only: Collection[str] | None = None
) -> tuple[list[Attribute], list[tuple[str, str]]]:
    """Attributes that may give points, and those left out with the reason."""
    leaking = leaks(facts)
    wanted = {canonical(a) for a in segment.attributes}
    usable, left_out = [], []
    for about in facts.attributes():
        name = about.name
        if name in PAIRS and PAIRS[name] in facts.catalogue:
            continue
        if about.kind in ("text", "date"):
            continue
        reason = leaking.get(name)
        if reason is None and not about.known_before:
            reason = "It is known only after the sale."
        if reason is None and only is not None and canonical(name) not in {canonical(a) for a in only}:
            reason = "The prospect list does not have it."
        if reason and canonical(name) not in wanted:
            left_out.append((name, reason))
        elif about.n_distinct > 1:
            usable.append(about)
    return usable, left_out


def refusals(profile: Profile) -> list[Refusal]:
    """The accepted disqualifiers that a prospect can be held against."""
    return [
        Refusal(conditions=d.segment.to_dict()["conditions"], words=d.words, why=d.why)
        for d in profile.disqualifiers
        if d.accepted and d.segment
    ]


def _about(
    facts: Facts, usable: list[Attribute], segment: Segment, profile: Profile | None
) -> dict[str, About]:
    names = [canonical(a.name) for a in usable]
    names += [canonical(a) for a in segment.attributes]
    if profile is not None:
        names += [canonical(a) for d in profile.disqualifiers for a in d.segment.attributes]
    found = {}
    for name in dict.fromkeys(names):
        about = next((facts.catalogue[c] for c in columns_of(name) if c in facts.catalogue), None)
        if about is None:
            continue
        spread = None
        if about.kind == "number":
            values = facts.frame[about.name].dropna()
            spread = (float(values.min()), float(values.max())) if len(values) else None
        found[name] = About(
            label=about.label,
            kind=about.kind,
            known=list(about.levels[:_MOST_LEVELS]),
            low=spread[0] if spread else None,
            high=spread[1] if spread else None,
        )
    return found


def answers_of(frame: pd.DataFrame, about: Mapping[str, About], columns: Mapping[str, str] | None = None):
    """What a frame says about each attribute; ``columns`` names its column where it is called otherwise."""
    found: dict[str, Answer] = {}
    for name, one in about.items():
        places = columns_of(name)
        if columns and name in columns:
            places = (columns[name], *places) if columns[name] else ()
        said = answer(frame, name, one.kind, places)
        if said is not None:
            found[name] = said
    return found


# -- items -----------------------------------------------------------------------------------------


def items_of(
    answers: Mapping[str, Answer],
    about: Mapping[str, About],
    usable: list[Attribute],
    segment: Segment,
    y: np.ndarray,
) -> list[Item]:
    """The lines of the scorecard, without points: one per attribute, per frequent member, and the whole ICP."""
    found: list[Item] = []
    for attribute in usable:
        name = canonical(attribute.name)
        said = answers.get(name)
        if said is None:
            continue
        mine = [c for c in segment.conditions if canonical(c.attribute) == name]
        if isinstance(said, Members):
            found += _member_items(name, attribute, said, mine)
        elif isinstance(said, Spans):
            found.append(_span_item(name, attribute, said, mine, y))
        else:
            found.append(_text_item(name, attribute, said, mine))
    placed = {item.attribute for item in found if item.kind in ("levels", "spans")}
    for i, condition in enumerate(segment.conditions):
        if canonical(condition.attribute) not in placed:
            found.append(condition_item(f"{WHOLE}_{i}", [condition], about))
    if len(segment.conditions) > 1:
        found.append(condition_item(WHOLE, list(segment.conditions), about))
    return [item for item in found if len(item.levels) > 1]


def condition_item(key: str, conditions: list[Condition], about: Mapping[str, About]) -> Item:
    """An item that asks whether conditions hold together."""
    if len(conditions) > 1:
        label = "Whole ICP"
    else:
        label = condition_words(conditions[0], about)
    return Item(
        key=key,
        attribute=canonical(conditions[0].attribute) if len(conditions) == 1 else WHOLE,
        label=label,
        kind="conditions",
        conditions=[c.to_dict() for c in conditions],
        levels=[Level(name="not met"), Level(name="met")],
        is_criterion=True,
    )


def condition_words(condition: Condition, about: Mapping[str, About]) -> str:
    found = about.get(canonical(condition.attribute))
    label = found.label if found else condition.attribute.replace("_", " ").capitalize()
    return condition.words({condition.attribute: Attribute(condition.attribute, label, "category")})


def _text_item(name: str, about: Attribute, said: Texts, mine: list[Condition]) -> Item:
    counts: dict[str, int] = {}
    shown: dict[str, str] = {}
    each = np.bincount(said.codes[said.known], minlength=len(said.names))
    for i in np.argsort(-each, kind="stable"):
        key = value_key(name, said.names[i])
        shown.setdefault(key, said.names[i])
        counts[key] = counts.get(key, 0) + int(each[i])
    order = sorted(counts, key=lambda key: (-counts[key], shown[key]))[:_MOST_LEVELS]
    return Item(
        key=name,
        attribute=name,
        label=about.label,
        kind="levels",
        source=about.kind,
        levels=[Level(name=shown[key]) for key in order if counts[key]],
        is_criterion=bool(mine),
    )


def _member_items(name: str, about: Attribute, said: Members, mine: list[Condition]) -> list[Item]:
    n = int(said.known.sum())
    wanted = {text_key(str(v)) for c in mine for v in (c.value if isinstance(c.value, tuple) else (c.value,))}
    counts = {key: int(has.sum()) for key, has in said.has.items()}
    frequent = [
        key
        for key in sorted(counts, key=lambda k: (-counts[k], k))
        if max(10, _LEAST_MEMBER * n) <= counts[key] <= n - max(10, _LEAST_MEMBER * n)
    ]
    # Members the ICP speaks of are judged by its own condition, which may name several of them.
    return [
        Item(
            key=f"{name}:{key}",
            attribute=name,
            label=f"{about.label} include {said.names[key]}",
            kind="member",
            source="multi",
            member=said.names[key],
            levels=[Level(name="without"), Level(name="with")],
        )
        for key in [k for k in frequent if k not in wanted][:_MOST_MEMBERS]
    ]


def _span_item(name: str, about: Attribute, said: Spans, mine: list[Condition], y: np.ndarray) -> Item:
    exact = said.known & (said.low == said.high)
    middle = np.where(np.isfinite(said.high), (said.low + said.high) / 2, said.low)[said.known]
    cuts = _cuts(name, said, middle, exact.any(), mine, y)
    return Item(
        key=name,
        attribute=name,
        label=about.label,
        kind="spans",
        source=about.kind,
        cuts=cuts,
        spread=[float(f"{v:.4g}") for v in np.quantile(middle, _SPREAD)] if len(middle) else [],
        levels=[Level(name=words) for words in _range_words(cuts, name)],
        is_criterion=bool(mine),
    )


def _cuts(
    name: str, said: Spans, middle: np.ndarray, exact: bool, mine: list[Condition], y: np.ndarray
) -> list[Cut]:
    """Where ranges part: the edges of the ICP first, then even shares, at round numbers."""
    chosen: list[Cut] = []
    for condition in mine:
        for low, high in pieces(condition):
            if math.isfinite(low):
                chosen.append(_cut_from(low, opens=True))
            if math.isfinite(high):
                chosen.append(_cut_from(high, opens=False))
    if not exact:
        wanted = sorted({float(v) for v in said.low[said.known]})[1:]
    elif name == "employees":
        wanted = [float(low) for low, _ in EMPLOYEE_BANDS[1:]]
    else:
        wanted = [float(f"{v:.3g}") for v in _even_shares(middle, y[said.known])]
    of_icp = {c.edge for c in chosen}
    for value in dict.fromkeys(wanted):
        edges = sorted([-np.inf, np.inf, *(c.edge for c in chosen), value])
        at = edges.index(value)
        if edges.count(value) > 1:
            continue
        sides = [
            (((middle >= edges[at - 1]) & (middle < value)).mean(), edges[at - 1]),
            (((middle >= value) & (middle < edges[at + 1])).mean(), edges[at + 1]),
        ]
        if all(share >= (_THIN_AT_ICP if edge in of_icp else _THIN_RANGE) for share, edge in sides):
            chosen.append(Cut(value=value))
    unique = {c.edge: c for c in chosen}
    return [unique[edge] for edge in sorted(unique)]


def _even_shares(values: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Where the values part into even shares, when good ones and others weigh the same in sum.

    Where one of the two is rare, it needs the finer ranges where the rare ones are.
    """
    n_good = y.sum()
    fewer = int(min(n_good, len(y) - n_good))
    n_ranges = int(np.clip(fewer // _PER_RANGE, _FEWEST_RANGES, _MOST_RANGES))
    shares = np.arange(1, n_ranges) / n_ranges
    if not fewer:
        return np.quantile(values, shares)
    order = np.argsort(values, kind="stable")
    weight = np.where(y[order] == 1, 1 / n_good, 1 / (len(y) - n_good)).cumsum() / 2
    return values[order][np.searchsorted(weight, shares)]


def _cut_from(value: float, *, opens: bool) -> Cut:
    """The cut before a span that opens at ``value``, or after one that closes there; shown as a round number."""
    shown = float(f"{value:.12g}")
    if opens:
        return Cut(value=shown, after=value > shown)
    return Cut(value=shown, after=value >= shown)


def _range_words(cuts: list[Cut], name: str) -> list[str]:
    if not cuts:
        return ["any"]

    def shown(value: float) -> str:
        return f"{int(value)}" if name.endswith("year") and float(value).is_integer() else number_words(value)

    def top(cut: Cut) -> str:
        if cut.after:
            return shown(cut.value)
        return shown(cut.value - 1) if cut.value.is_integer() and abs(cut.value) < 1e5 else shown(cut.value)

    words = [f"{shown(cuts[0].value)} or less" if cuts[0].after else f"under {shown(cuts[0].value)}"]
    for before, after in zip(cuts, cuts[1:], strict=False):
        start = shown(before.value + 1) if before.after and before.value.is_integer() else shown(before.value)
        words.append(start if start == top(after) else f"{start}–{top(after)}")
    last = cuts[-1]
    words.append(f"over {shown(last.value)}" if last.after else f"{shown(last.value)} or more")
    return words


# -- points from outcomes --------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Learner:
    """Customers with a known outcome, encoded once: ``points`` learns from all of them or from some.

    ``card`` is the scorecard without items; ``codes`` the level of each customer per item of ``items``.
    """

    card: Scorecard
    items: list[Item]
    frame: pd.DataFrame
    answers: Mapping[str, Answer]
    encoded: Encoded
    codes: list[np.ndarray]
    y: np.ndarray
    trusted: Mapping[str, float]
    meets: list[list[int]]

    def points(self, rows: np.ndarray | None = None) -> Scorecard:
        """The scorecard learned from the customers marked True in ``rows``; None = all."""
        chosen = np.ones(len(self.y), dtype=bool) if rows is None else rows
        codes, y = [c[chosen] for c in self.codes], self.y[chosen]
        sizes = [len(item.levels) for item in self.items]
        found = evidence.fit(codes, sizes, y, [item.kind == "spans" for item in self.items])
        return _pointed(self.card, self.items, found, codes, y, self.trusted, self.meets)


def learner(
    card: Scorecard,
    outcome: Outcome,
    usable: list[Attribute],
    segment: Segment,
    profile: Profile | Segment | None = None,
) -> Learner:
    """What is needed to learn points by ``outcome`` from the attributes in ``usable``."""
    rows = outcome.y >= 0
    frame = outcome.facts.frame[rows].reset_index(drop=True)
    y = outcome.y[rows].astype(float)
    answers = answers_of(frame, card.about)
    items = items_of(answers, card.about, usable, segment, y)
    encoded = encode(items, answers, len(frame))
    return Learner(
        card=card,
        items=items,
        frame=frame,
        answers=answers,
        encoded=encoded,
        codes=[_settled(encoded, item) for item in items],
        y=y,
        trusted=_trusted(items, profile),
        meets=[_criteria_met(item, segment) for item in items],
    )


def _from_outcomes(
    card: Scorecard,
    outcome: Outcome,
    usable: list[Attribute],
    segment: Segment,
    profile: Profile | Segment | None,
    seed: int,
) -> Scorecard:
    behind = learner(card, outcome, usable, segment, profile)
    y = behind.y
    whole = behind.points()
    groups = _groups(behind.frame, behind.answers, card, segment)
    checks, held_out = check(behind.points, behind.encoded, y, seed=seed, groups=groups)
    n, n_good = len(y), int(y.sum())
    thresholds, tiers = tiers_of(held_out, y)
    verdict = "usable" if n >= ENOUGH_CUSTOMERS else "hint"
    return whole.model_copy(
        update={
            "source": "outcomes",
            "target": outcome.key,
            "target_label": outcome.label,
            "n": n,
            "n_good": n_good,
            "checks": checks,
            "thresholds": thresholds,
            "tiers": tiers,
            "verdict": verdict,
            "message": _message(verdict, n, n_good, outcome, checks.auc),
        }
    )


def _message(verdict: str, n: int, n_good: int, outcome: Outcome, auc: float | None) -> str:
    text = f"Points learned from {n:,} customers, {n_good:,} of them good ({outcome.label})."
    if verdict == "hint":
        return text + f" A hint: with {ENOUGH_CUSTOMERS} customers the points would stand on their own."
    if auc is not None:
        text += f" On customers set aside, a good one scores higher than another in {rate(auc)} of pairs."
    return text


def _settled(encoded: Encoded, item: Item) -> np.ndarray:
    """Codes of one item where a range across levels counts as not known, for fitting."""
    column = encoded.columns[item.key]
    return np.minimum(column.codes, len(item.levels))


def _trusted(items: list[Item], profile: Profile | Segment | None) -> dict[str, float]:
    """How much of the whole ICP's effect is left after the luck of having searched for it."""
    if not isinstance(profile, Profile) or profile.criteria_evidence is None:
        return {}
    found = profile.criteria_evidence
    if found.effect_kind != "ratio" or not found.effect or not found.effect_raw or found.effect_raw <= 1:
        return {}
    left = math.log(max(found.effect, 1.0)) / math.log(found.effect_raw)
    return {item.key: float(np.clip(left, 0.0, 1.0)) for item in items if item.key == WHOLE}


def _criteria_met(item: Item, segment: Segment) -> list[int]:
    """Per level, how many of the ICP's conditions on this attribute it meets for sure."""
    if item.kind == "conditions":
        return [0, 1]
    mine = [c for c in segment.conditions if canonical(c.attribute) == item.attribute]
    if not mine or item.kind == "member":
        return [0] * len(item.levels)
    n = len(item.levels)
    if item.kind == "spans":
        edges = [-np.inf, *(cut.edge for cut in item.cuts), np.inf]
        said: Answer = Spans(
            np.array([max(e, -1e300) for e in edges[:-1]]),
            np.array([np.nextafter(e, -np.inf) if np.isfinite(e) else 1e300 for e in edges[1:]]),
        )
    else:
        said = Texts(np.arange(n, dtype=np.int32), tuple(level.name for level in item.levels))
    verdicts = [truth(c, {item.attribute: said}, n) == YES for c in mine]
    return np.sum(verdicts, axis=0).astype(int).tolist()


def _pointed(
    card: Scorecard,
    items: list[Item],
    found: evidence.Fit,
    codes: list[np.ndarray],
    y: np.ndarray,
    trusted: Mapping[str, float],
    meets: list[list[int]],
) -> Scorecard:
    """The items with their evidence, weights and points; a level that meets more of the ICP never has fewer."""
    shapes, weights = [], []
    for item, woe, b, met in zip(items, found.woe, found.b, meets, strict=True):
        woe = never_against(woe * trusted.get(item.key, 1.0), met)
        shapes.append(woe)
        weights.append(float(b * _span(woe)))
    _heed_icp(items, shapes, weights, codes, meets)
    total = sum(weights)
    made = []
    for item, woe, weight, column in zip(items, shapes, weights, codes, strict=True):
        kept = weight if total > 0 and 100 * weight / total >= _LEAST_WEIGHT else 0.0
        made.append(_counted(item, woe, column, y).model_copy(update={"weight": kept}))
    doubled = math.log(2) / total * 100 if total > 0 else None
    return apportioned(card.model_copy(update={"items": made, "points_to_double": doubled}))


def _counted(item: Item, woe: np.ndarray, codes: np.ndarray, y: np.ndarray) -> Item:
    """The item with its evidence, and with how many customers gave each answer."""
    size = len(item.levels)
    n = np.bincount(codes[codes < size], minlength=size)
    k = np.bincount(codes[codes < size], weights=y[codes < size], minlength=size)
    levels = [
        level.model_copy(update={"n": int(n[i]), "good": int(k[i]), "woe": float(woe[i])})
        for i, level in enumerate(item.levels)
    ]
    return item.model_copy(update={"levels": levels})


def _span(woe: np.ndarray) -> float:
    return max(0.0, float(woe.max())) - min(0.0, float(woe.min()))


def _heed_icp(
    items: list[Item],
    shapes: list[np.ndarray],
    weights: list[float],
    codes: list[np.ndarray],
    meets: list[list[int]],
) -> None:
    """Give the ICP at least its share of the points, in place: the printed page and the score must not part ways.

    It goes to the whole ICP where it has several criteria, else to the one it has. Where the customers show
    no difference, who meets it stands above who does not by the share of customers that do.
    """
    place = next((i for i, item in enumerate(items) if item.key == WHOLE), None)
    if place is None:
        place = next((i for i, item in enumerate(items) if item.is_criterion), None)
    if place is None:
        return
    rest = sum(weights) - weights[place]
    least = _ICP_SHARE / (1 - _ICP_SHARE) * rest if rest > 0 else 1.0
    if weights[place] >= least and _span(shapes[place]) > 0:
        return
    met = np.array(meets[place])
    top = met == met.max()
    if shapes[place][top].max() <= 0 or shapes[place][~top].max(initial=0.0) > 0:
        known = codes[place] < len(met)
        share = float(np.clip(top[codes[place][known]].mean(), 0.02, 0.98)) if known.any() else 0.5
        shapes[place] = np.where(top, 1 - share, -share)
    weights[place] = max(weights[place], least)


def never_against(woe: np.ndarray, met: list[int]) -> np.ndarray:
    """Evidence that never speaks against the ICP: who meets more of its conditions has at least as much.

    >>> never_against(np.array([0.4, -0.2, 0.1]), [0, 1, 1]).tolist()
    [-0.2, 0.0, 0.1]
    """
    out = woe.astype(float).copy()
    if not any(met):
        return out
    met_array = np.array(met)
    cap = np.inf
    for step in sorted(set(met), reverse=True):
        here = met_array == step
        out[here] = np.minimum(out[here], cap)
        cap = min(cap, float(out[here].min()))
    # What meets every condition is never worse than somebody of whom nothing is known.
    full = met_array == max(met)
    out[full] = np.maximum(out[full], 0.0)
    out[met_array == 0] = np.minimum(out[met_array == 0], 0.0) if max(met) == 1 else out[met_array == 0]
    return out


def _groups(
    frame: pd.DataFrame, answers: Mapping[str, Answer], card: Scorecard, segment: Segment
) -> dict[str, np.ndarray]:
    """Groups in which the checks are repeated: the levels of the ICP's first category, else of the largest one."""
    names = [*(canonical(a) for a in segment.attributes), *card.about]
    name = next(
        (n for n in names if isinstance(answers.get(n), Texts) and 2 <= len(answers[n].names) <= 30), None
    )
    if name is None:
        return {}
    said = answers[name]
    counts = np.bincount(said.codes[said.known], minlength=len(said.names))
    order = np.argsort(-counts, kind="stable")[:5]
    return {f"{card.label(name)}: {said.names[i]}": said.codes == i for i in order}


# -- points from the criteria ----------------------------------------------------------------------


def _too_few(outcome: Outcome | None, n_customers: int) -> str:
    n = outcome.n if outcome else n_customers
    fewer = min(outcome.n_good, n - outcome.n_good) if outcome else 0
    need = (
        f"at least {LEAST_CUSTOMERS} customers are needed, and there are {n}"
        if n < LEAST_CUSTOMERS
        else f"at least {LEAST_EACH} of each kind are needed, and there are {fewer}"
    )
    return f"Too few outcomes to learn points from: {need}."


def _luck(learned: Scorecard, outcome: Outcome) -> str:
    found = learned.checks
    return (
        f"What your {outcome.n:,} customers show does not tell the good ones ({outcome.label}) better than luck: on "
        f"customers set aside, points learned from it put a good one higher in {rate(found.auc)} of pairs "
        f"(likely {rate(found.auc_low)} to {rate(found.auc_high)}; luck 50 %)."
    )


def _from_criteria(
    card: Scorecard,
    facts: Facts,
    segment: Segment,
    profile: Profile | None,
    outcome: Outcome | None,
    usable: list[Attribute],
    reason: str,
) -> Scorecard:
    """Points from the ICP's criteria, ``reason`` saying why; beside them what the customers show, without points."""
    answers = answers_of(facts.frame, card.about)
    shares = {}
    for i, condition in enumerate(segment.conditions):
        held = truth(condition, answers, len(facts))
        known = int((held != UNKNOWN).sum())
        shares[i] = ((held == YES).sum() + 1) / (known + 2)
    then = (
        "So the points come from the ICP's criteria."
        if segment
        else "So nobody gets points yet: choose an ICP, and its criteria give them."
    )
    beside = _seen(card, outcome, usable, segment) if outcome is not None else []
    return criteria_card(card, list(segment.conditions), shares, _lifts(profile), beside).model_copy(
        update={
            "target": outcome.key if outcome else "good",
            "target_label": outcome.label if outcome else TARGETS["good"],
            "n": outcome.n if outcome else len(facts),
            "n_good": outcome.n_good if outcome else 0,
            "message": " ".join(filter(None, (reason, then, _lift_words(profile) if segment else ""))),
        }
    )


def _lift_words(profile: Profile | None) -> str:
    """What the whole ICP promises where no tier is measured; blank when nobody measured it."""
    found = profile.criteria_evidence if profile is not None else None
    if found is None or found.effect_kind != "ratio" or not found.effect:
        return ""
    span = f", likely {found.low:.1f}–{found.high:.1f}×" if found.low and found.high else ""
    by = f" by “{profile.meta.outcome_label}”" if profile.meta.outcome_label else ""
    return f"Customers who meet all of them stand at about {found.effect:.1f}× the others{by} (reduced for luck{span})."


def _seen(card: Scorecard, outcome: Outcome, usable: list[Attribute], segment: Segment) -> list[Item]:
    """Attributes with what the customers show, level by level and reduced for luck; without weight."""
    behind = learner(card, outcome, usable, segment)
    found = []
    for item, codes, met in zip(behind.items, behind.codes, behind.meets, strict=True):
        if item.kind != "conditions":
            woe, *_ = evidence.weigh(codes, len(item.levels), behind.y, item.kind == "spans")
            found.append(_counted(item, never_against(woe, met), codes, behind.y))
    return found


def seen_table(card: Scorecard) -> pd.DataFrame:
    """What the customers show, a row per answer: attribute, answer, n, good, seen and reduced (shares, 0 to 1).

    ``reduced`` is the share of good ones after shrinking towards the average. Answers nobody gave are left out.
    """
    p0 = card.n_good / card.n if card.n else 0.0
    rows = [
        (item.label, level.name, level.n, level.good, level.good / level.n, _share(p0, level.woe))
        for item in card.items
        if item.kind != "conditions" and 0 < p0 < 1
        for level in item.levels
        if level.n
    ]
    return pd.DataFrame(rows, columns=["attribute", "answer", "n", "good", "seen", "reduced"])


def _share(p0: float, woe: float) -> float:
    return 1 / (1 + (1 - p0) / p0 * math.exp(-woe))


def _lifts(profile: Profile | None) -> float:
    """One number for how strong the ICP is beside the others, reduced for luck; 2 when nobody measured it."""
    found = profile.criteria_evidence if profile is not None else None
    if found is None or found.effect_kind != "ratio" or not found.effect:
        return 2.0
    return max(1.05, float(found.effect))


def criteria_card(
    card: Scorecard,
    conditions: list[Condition],
    shares: Mapping[int, float],
    lift: float = 2.0,
    beside: Sequence[Item] = (),
) -> Scorecard:
    """Points from the criteria alone: a criterion few customers meet tells more than one that nearly all meet.

    ``shares`` is the share of customers that meet each condition (a half where it is not known); ``lift`` the
    effect of the whole ICP, corrected for luck, which sets how bold the evidence reads; ``beside`` are items
    that have no points unless a weight is set by hand.
    """
    items = []
    for i, condition in enumerate(conditions):
        share = float(np.clip(shares.get(i, 0.5), 0.02, 0.98))
        strength = max(0.25, -math.log2(share))
        item = condition_item(f"{WHOLE}_{i}", [condition], card.about)
        woe = math.log(lift)
        levels = [
            Level(name="not met", woe=-woe * share),
            Level(name="met", woe=woe * (1 - share)),
        ]
        items.append(item.model_copy(update={"levels": levels, "weight": strength}))
    return apportioned(
        card.model_copy(update={"source": "criteria", "items": [*items, *beside], "verdict": "no score"})
    )
