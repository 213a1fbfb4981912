"""Who is refused for sure, who may be, and which answer would settle it.

A disqualifier whose conditions are not all known yet is not silent: a list that says 2–10 employees neither meets
nor escapes "at most 9". Nobody is refused on a guess, but the prospect says so, and what to ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from icp_core.facts.catalogue import Attribute
from icp_core.prospects.answers import UNKNOWN, YES, Answer, Spans, all_true, canonical, pieces, truth
from icp_core.prospects.model import Refusal, Scorecard
from icp_core.segments.conditions import Condition
from icp_core.stats.wording import listed

# An open disqualifier is likely when so large a share of the customers of that kind would meet it.
LIKELY = 0.8
# Fewer customers in a range than this do not tell how they lie in it.
_LEAST_INSIDE = 5


@dataclass(frozen=True, eq=False)
class Held:
    """One disqualifier held against every prospect.

    ``verdict``: 1 = meets it for sure, 0 = does not, -1 = open. Where it is open, ``likely`` says that what is known
    lies nearly within it, and ``asks`` (attribute → yes/no per prospect) which answers are missing.
    """

    words: str
    verdict: np.ndarray
    likely: np.ndarray
    asks: Mapping[str, np.ndarray]
    when: Mapping[str, str]  # attribute → the answer that counts: "at most 9"

    def of(self, rows: np.ndarray) -> Held:
        """The same for some prospects, by position."""
        return replace(
            self,
            verdict=self.verdict[rows],
            likely=self.likely[rows],
            asks={name: asked[rows] for name, asked in self.asks.items()},
        )


def held_against(card: Scorecard, answers: Mapping[str, Answer], n: int) -> tuple[Held, ...]:
    """Every disqualifier of the scorecard, held against ``n`` prospects."""
    return tuple(_held(refusal, card, answers, n) for refusal in card.refusals)


def _held(refusal: Refusal, card: Scorecard, answers: Mapping[str, Answer], n: int) -> Held:
    conditions = [Condition.from_dict(c) for c in refusal.conditions]
    each = [truth(condition, answers, n) for condition in conditions]
    verdict = all_true(each, n)
    is_open = verdict == UNKNOWN
    share = np.ones(n)
    asks: dict[str, np.ndarray] = {}
    when: dict[str, list[str]] = {}
    for condition, said in zip(conditions, each, strict=True):
        name = canonical(condition.attribute)
        missing = is_open & (said == UNKNOWN)
        asks[name] = asks.get(name, False) | missing
        when.setdefault(name, []).append(answer_words(condition))
        share[missing] *= _share_inside(condition, answers.get(name), _spread(card, name), missing)
    return Held(
        words=f"{refusal.words} ({refusal.why})" if refusal.why else refusal.words,
        verdict=verdict,
        likely=is_open & (share >= LIKELY),
        asks=asks,
        when={name: listed(words) for name, words in when.items()},
    )


def answer_words(condition: Condition) -> str:
    """The condition without its attribute: ``at most 9``, ``Paid Social``."""
    named = {condition.attribute: Attribute(condition.attribute, "", "category")}
    return condition.words(named).strip(" :").removeprefix("is ")


def _spread(card: Scorecard, name: str) -> np.ndarray:
    """The customers' values at even shares; empty when the scorecard does not hold them."""
    item = next((i for i in card.items if i.kind == "spans" and i.attribute == name), None)
    return np.array(item.spread if item is not None else [], dtype=float)


def _share_inside(
    condition: Condition, found: Answer | None, spread: np.ndarray, rows: np.ndarray
) -> np.ndarray:
    """For prospects of whom only a range is known, the share of the customers in that range who meet the condition;
    0 where nothing is known."""
    if not isinstance(found, Spans):
        return np.zeros(int(rows.sum()))
    ends = np.stack([found.low[rows], found.high[rows]], axis=1)
    # Blanks are no range; as one number they need no reckoning of their own.
    unique, which = np.unique(np.nan_to_num(ends, nan=-np.inf), axis=0, return_inverse=True)
    spans = pieces(condition)
    shares = np.array([_share_of(low, high, spans, spread) for low, high in unique.tolist()])
    if condition.operator == "is_none_of":
        shares = np.where(unique[:, 0] == -np.inf, 0.0, 1 - shares)
    return shares[which.ravel()]


def _share_of(low: float, high: float, spans: list[tuple[float, float]], spread: np.ndarray) -> float:
    if not np.isfinite(low):
        return 0.0
    values = spread[(spread >= low) & (spread <= high)]
    if len(values) < _LEAST_INSIDE:
        if not np.isfinite(high):
            return 0.0
        values = np.linspace(low, np.ceil(high), int(min(200, np.ceil(high) - low + 1)))
    inside = np.zeros(len(values), dtype=bool)
    for first, last in spans:
        inside |= (values >= first) & (values <= last)
    return float(inside.mean())


# -- what it means for the prospects ------------------------------------------------------------------


def refused(held: tuple[Held, ...], n: int) -> np.ndarray:
    """Boolean per prospect: meets every condition of a disqualifier for sure."""
    return _any([one.verdict == YES for one in held], n)


def open_to_refusal(held: tuple[Held, ...], n: int) -> np.ndarray:
    """Boolean per prospect: not refused, but an answer still missing may refuse it."""
    return _any([one.verdict == UNKNOWN for one in held], n) & ~refused(held, n)


def likely_refused(held: tuple[Held, ...], n: int) -> np.ndarray:
    """Boolean per prospect: open to a refusal that nearly all customers of that kind would meet."""
    return _any([one.likely for one in held], n) & ~refused(held, n)


def _any(each: list[np.ndarray], n: int) -> np.ndarray:
    return np.logical_or.reduce(each) if each else np.zeros(n, dtype=bool)


def refused_words(held: tuple[Held, ...], n: int) -> list[str]:
    """The disqualifiers each prospect meets for sure; blank = none."""
    return _joined([(one.verdict == YES, one.words) for one in held], n, "; ")


def open_words(held: tuple[Held, ...], card: Scorecard, n: int) -> list[str]:
    """The disqualifiers each prospect may meet, and what to ask; blank = none, or refused by another already.

    For example ``Likely refused: Employees at most 9. Ask: Employees?``
    """
    return _joined(_open_parts(held, card, n), n, " ")


def possible(held: tuple[Held, ...], card: Scorecard) -> list[str]:
    """The same for the first prospect, one text per disqualifier."""
    return [words for rows, words in _open_parts(held, card, len(held[0].verdict) if held else 0) if rows[0]]


def _open_parts(held: tuple[Held, ...], card: Scorecard, n: int) -> list[tuple[np.ndarray, str]]:
    """Per disqualifier and set of missing answers: for which prospects it is open, and in what words."""
    free = open_to_refusal(held, n)
    parts = []
    for one in held:
        for likely in (True, False):
            rows = free & (one.verdict == UNKNOWN) & (one.likely == likely)
            start = "Likely refused" if likely else "May be refused"
            for asked, these in _by_question(one, rows):
                ask = " ".join(f"{card.label(name)}?" for name in asked)
                parts.append((these, f"{start}: {one.words}. Ask: {ask}"))
    return parts


def _by_question(one: Held, rows: np.ndarray) -> list[tuple[list[str], np.ndarray]]:
    """The prospects in ``rows``, by the attributes that are missing for this disqualifier."""
    names = list(one.asks)
    mask = sum(
        (one.asks[name].astype(np.int64) << i for i, name in enumerate(names)), np.zeros(len(rows), int)
    )
    return [
        ([name for i, name in enumerate(names) if code >> i & 1], rows & (mask == code))
        for code in np.unique(mask[rows]).tolist()
    ]


def _joined(parts: list[tuple[np.ndarray, str]], n: int, joint: str) -> list[str]:
    out = [""] * n
    for rows, words in parts:
        for i in np.flatnonzero(rows).tolist():
            out[i] = f"{out[i]}{joint}{words}" if out[i] else words
    return out


def at_stake(held: tuple[Held, ...], points: np.ndarray, name: str) -> np.ndarray:
    """Points a prospect stands to lose by the answer about ``name``: all it has, shared among the answers that a
    disqualifier still needs. 0 where the answer refuses nobody, or the prospect is refused already."""
    out = np.zeros(len(points))
    for one in held:
        if name in one.asks:
            needed = np.sum([asked for asked in one.asks.values()], axis=0)
            out = np.maximum(out, np.where(one.asks[name], points / np.maximum(needed, 1), 0.0))
    return np.where(refused(held, len(points)), 0.0, out)


def refusing_answers(held: tuple[Held, ...], name: str, n: int) -> tuple[list[str], np.ndarray]:
    """In words what answer about ``name`` refuses, or may do so; and per prospect which of these words hold."""
    texts, codes = [""], np.zeros(n, dtype=np.int64)
    here = [one for one in held if name in one.asks]
    mask = sum((one.asks[name].astype(np.int64) << i for i, one in enumerate(here)), np.zeros(n, int))
    mask = np.where(refused(held, n), 0, mask)
    for mine in np.unique(mask[mask > 0]).tolist():
        chosen = [one for i, one in enumerate(here) if mine >> i & 1]
        codes[mask == mine] = len(texts)
        texts.append(f"refused if {listed(list(dict.fromkeys(one.when[name] for one in chosen)), 'or')}")
    return texts, codes
