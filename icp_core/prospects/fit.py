"""Score prospects: points, range, tier, reasons in words, what may refuse them, what to ask next."""

from __future__ import annotations

import numpy as np
import pandas as pd

from icp_core.errors import IcpError
from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Profile
from icp_core.prospects.answers import NO, YES, all_true, canonical, truth
from icp_core.prospects.comparable import Prospects, identities, prepare
from icp_core.prospects.encode import Column, Scores, score
from icp_core.prospects.model import Item, Scorecard
from icp_core.prospects.questions import ask_next, known_counts
from icp_core.prospects.refusals import open_words, refused, refused_words
from icp_core.prospects.tiers import NAMES, tier_of
from icp_core.segments.conditions import Condition, number_words
from icp_core.stats.wording import listed

# Columns that every list gets at its end.
ADDED = (
    "fit_points",
    "tier",
    "reasons",
    "disqualified_by",
    "known_attributes",
    "ask_next",
    "may_be_refused",
)
_MOST_REASONS = 3


def rank(prospects: Prospects, card: Scorecard) -> pd.DataFrame:
    """What moves with weights and thresholds: fit_points, low, high, tier, in the order of the list; fast.

    A prospect who meets a disqualifier is in tier D whatever its points. A scorecard without points gives
    blanks and no tier.
    """
    return _ranked(prospects, card, score(card, prospects.encoded))


def _ranked(prospects: Prospects, card: Scorecard, found: Scores) -> pd.DataFrame:
    if not card.used:
        nothing = np.full(len(prospects), np.nan)
        return pd.DataFrame({"fit_points": nothing, "low": nothing, "high": nothing, "tier": ""})
    hit = refused(prospects.held, len(prospects))
    tier = np.where(hit, NAMES[-1], tier_of(found.points, card.thresholds))
    return pd.DataFrame({"fit_points": found.points, "low": found.low, "high": found.high, "tier": tier})


def score_prospects(
    prospects: Prospects | pd.DataFrame,
    card: Scorecard,
    profile: Profile | None = None,
    facts: Facts | None = None,
) -> pd.DataFrame:
    """Score a list; one row per row of the list, in its order.

    Returns
    -------
    DataFrame
        fit_points (0–100), low, high (what it can still become), tier (A–D), reasons (three for, three against,
        in words), disqualified_by (blank = nothing), known_attributes ("4 of 7"), ask_next (the question whose
        answer would move the prospect most), may_be_refused (disqualifiers that a missing answer leaves open; blank =
        none, or refused already), is_customer, is_duplicate (yes/no), outside (blank = familiar).
    """
    if isinstance(prospects, pd.DataFrame):
        customers = identities(facts) if facts is not None else None
        prospects = prepare(prospects, card, customers=customers)
    if profile is not None and not card.refusals and profile.disqualifiers:
        raise IcpError(
            "The scorecard was made without the ICP's disqualifiers. Make it again from the profile."
        )
    found = score(card, prospects.encoded)
    out = _ranked(prospects, card, found)
    n, total = len(prospects), len(card.attributes)
    out["reasons"] = reasons(prospects, card, found)
    out["disqualified_by"] = refused_words(prospects.held, n)
    out["known_attributes"] = [f"{k} of {total}" for k in known_counts(prospects, card)]
    out["ask_next"] = ask_next(prospects, card, found)
    out["may_be_refused"] = open_words(prospects.held, card, n)
    out["is_customer"] = prospects.relations.is_customer
    out["customer"] = prospects.relations.customer
    out["is_duplicate"] = prospects.relations.is_duplicate
    out["outside"] = list(prospects.outside)
    return out


def reasons(prospects: Prospects, card: Scorecard, found: Scores) -> list[str]:
    """Per prospect the three strongest reasons for and against, with their points."""
    items = {item.key: item for item in card.used}
    parts = found.parts
    if not parts.shape[1]:
        return [f"Not scored: {card.message}"] * len(parts)
    worded = [_worded(items[key], prospects, card) for key in found.keys]
    texts = [words for words, _ in worded]
    # Prospects with the same answers have the same reasons: each set of answers is worded once.
    codes = np.stack([column for _, column in worded], axis=1).astype(np.int64)
    sizes = codes.max(axis=0, initial=0) + 1
    if np.log2(sizes.astype(float)).sum() < 62:
        _, at, which = np.unique(codes @ _radix(sizes), return_index=True, return_inverse=True)
    else:
        _, at, which = np.unique(codes, axis=0, return_index=True, return_inverse=True)
    said = [
        _said([(points, texts[j][code]) for j, (points, code) in enumerate(zip(mine, row, strict=True))])
        for mine, row in zip(parts[at].tolist(), codes[at].tolist(), strict=True)
    ]
    return np.array(said, dtype=object)[which.ravel()].tolist()


def _radix(sizes: np.ndarray) -> np.ndarray:
    """Factors that turn a row of codes into one number, a different one for every row."""
    return np.concatenate([[1], np.cumprod(sizes[:-1])]).astype(np.int64)


def _said(each: list[tuple[int, str]]) -> str:
    good = sorted((e for e in each if e[0] > 0), key=lambda e: -e[0])[:_MOST_REASONS]
    bad = sorted((e for e in each if e[0] < 0), key=lambda e: e[0])[:_MOST_REASONS]
    said = []
    if good:
        said.append("For: " + "; ".join(f"{words} (+{points})" for points, words in good))
    if bad:
        said.append("Against: " + "; ".join(f"{words} (−{-points})" for points, words in bad))
    return ". ".join(said) if said else "Nothing known speaks for or against."


def level_texts(item: Item, column: Column) -> list[str]:
    """The words of each code of an item."""
    words = [level_words(item, level.name) for level in item.levels]
    words += [f"{item.label} not known", f"{item.label} new to us"]
    for *_, (low, high) in column.across:
        end = f"–{number_words(high)}" if np.isfinite(high) else " or more"
        words.append(f"{item.label} {number_words(low)}{end}")
    return words


def _worded(item: Item, prospects: Prospects, card: Scorecard) -> tuple[list[str], np.ndarray]:
    """The words of each code, and the codes; of several conditions the words name those that fail."""
    codes = prospects.encoded.columns[item.key].codes
    if item.kind != "conditions" or len(item.conditions) < 2:
        return level_texts(item, prospects.encoded.columns[item.key]), codes
    conditions = [Condition.from_dict(c) for c in item.conditions]
    labels = [card.label(canonical(c.attribute)) for c in conditions]
    failed = np.zeros(len(codes), dtype=np.int64)
    for i, condition in enumerate(conditions):
        verdict = truth(condition, prospects.answers, len(codes))
        failed |= np.where(verdict == NO, 1 << i, 0)
    masks, which = np.unique(np.where(codes == 0, failed, 0), return_inverse=True)
    words = ["", "Meets every criterion of the ICP", "ICP not settled"]
    for mask in masks:
        names = dict.fromkeys(label for i, label in enumerate(labels) if mask >> i & 1)
        words.append(f"Outside the ICP by {listed(list(names))}")
    return words, np.where(codes == 0, 3 + which.ravel(), np.minimum(codes, 2))


def level_words(item: Item, level: str) -> str:
    """One answer in words: ``Industry: Logistics``, ``Employees 50–200``, ``Whole ICP met``."""
    if item.kind == "conditions":
        if item.key == "icp":
            return (
                "Meets every criterion of the ICP"
                if level == "met"
                else "Not every criterion of the ICP is met"
            )
        return item.label if level == "met" else f"Not: {item.label}"
    if item.kind == "member":
        return item.label if level == "with" else f"{item.label}: no"
    return f"{item.label} {level}" if item.kind == "spans" else f"{item.label}: {level}"


def arithmetic(one: Prospects, card: Scorecard) -> list[tuple[str, int]]:
    """How the score of the first prospect adds up: (words, points) per line, weightiest line first."""
    found = score(card, one.encoded)
    items = {item.key: item for item in card.used}
    lines = []
    for j, key in enumerate(found.keys):
        words, codes = _worded(items[key], one, card)
        lines.append((words[codes[0]], int(found.parts[0, j])))
    return lines


def tells(prospects: Prospects, card: Scorecard) -> bool:
    """Whether the list has anything the scorecard looks at; else everybody has the same score."""
    columns = [prospects.encoded.columns[item.key] for item in card.used]
    return any((column.codes != column.n_levels).any() for column in columns)


def meets_icp(card: Scorecard, prospects: Prospects) -> np.ndarray:
    """Who meets every criterion of the ICP for sure."""
    n = len(prospects)
    conditions = [Condition.from_dict(c) for c in card.criteria]
    if not conditions:
        return np.zeros(n, dtype=bool)
    return all_true([truth(c, prospects.answers, n) for c in conditions], n) == YES


def fits(card: Scorecard, prospects: Prospects) -> np.ndarray:
    """Boolean per prospect: meets every criterion of the ICP and no disqualifier."""
    return meets_icp(card, prospects) & ~refused(prospects.held, len(prospects))
