"""What to ask next: which open question could move a prospect most, by its points or by a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from icp_core.prospects.answers import canonical, truth
from icp_core.prospects.comparable import Prospects
from icp_core.prospects.encode import Scores
from icp_core.prospects.model import Scorecard, asked_in
from icp_core.prospects.refusals import answer_words, at_stake, refusing_answers
from icp_core.segments.conditions import Condition


@dataclass(frozen=True)
class Question:
    """An open question: how many points its answer can move the score by, and which answer refuses (blank = none)."""

    text: str
    gain: int
    refused_if: str

    @property
    def words(self) -> str:
        """The question with what hangs on it: ``Employees? Best: 50–200; refused if at most 9 (moves the score by up to 23)``."""
        words = self.text
        if self.refused_if:
            words += f"; {self.refused_if}" if "Best: " in words else f" R{self.refused_if[1:]}"
        return f"{words} (moves the score by up to {self.gain})" if self.gain else words

    @property
    def apart(self) -> str:
        """The same for a page: ``Employees? Best: 50–200 · moves the score by up to 23 · refused if at most 9``."""
        moves = f"moves the score by up to {self.gain}" if self.gain else ""
        return " · ".join(filter(None, (self.text, moves, self.refused_if)))


def known(prospects: Prospects, card: Scorecard) -> np.ndarray:
    """Prospects × attributes of the scorecard: which answers are settled."""
    names = card.attributes
    out = np.zeros((len(prospects), len(names)), dtype=bool)
    settled = {
        item.attribute: prospects.encoded.columns[item.key] for item in card.used if item.kind != "conditions"
    }
    for j, name in enumerate(names):
        if name in settled:
            out[:, j] = settled[name].known
        elif name in prospects.answers:
            out[:, j] = _condition_known(prospects, card, name)
    return out


def known_counts(prospects: Prospects, card: Scorecard) -> np.ndarray:
    """How many attributes of the scorecard are known, per prospect."""
    return known(prospects, card).sum(axis=1)


def _condition_known(prospects: Prospects, card: Scorecard, name: str) -> np.ndarray:
    """Settled when every condition about the attribute is true or false."""
    out = prospects.answers[name].known.copy()
    for condition in card.criteria:
        if canonical(condition["attribute"]) == name:
            out &= truth(Condition.from_dict(condition), prospects.answers, len(prospects)) >= 0
    return out


def asked_about(card: Scorecard) -> list[str]:
    """Attributes whose answer can matter: those with points, weightiest first, then those that only refuse."""
    refusing = [name for refusal in card.refusals for name in asked_in(refusal.conditions)]
    return list(dict.fromkeys([*card.attributes, *refusing]))


def gains(prospects: Prospects, card: Scorecard, found: Scores) -> np.ndarray:
    """Prospects × ``card.attributes``: by how many points the answer could move the score; 0 when it is known."""
    names = card.attributes
    at = {name: j for j, name in enumerate(names)}
    gain = np.zeros((len(prospects), len(names)), dtype=np.int32)
    items = {item.key: item for item in card.used}
    settled = known(prospects, card)
    for j, key in enumerate(found.keys):
        item = items[key]
        if item.kind != "conditions":
            gain[:, at[item.attribute]] += found.open_points[:, j]
            continue
        # An open criterion can settle the whole: its points count for every attribute still open in it.
        for name in dict.fromkeys(canonical(c["attribute"]) for c in item.conditions):
            gain[:, at[name]] += np.where(settled[:, at[name]], 0, found.open_points[:, j])
    return gain


def _worth(prospects: Prospects, card: Scorecard, found: Scores) -> tuple[np.ndarray, np.ndarray]:
    """Prospects × ``asked_about``: points an answer can move, and those together with what a refusal would cost."""
    names = asked_about(card)
    gain = np.zeros((len(prospects), len(names)))
    gain[:, : len(card.attributes)] = gains(prospects, card, found)
    stake = [at_stake(prospects.held, found.points, name) for name in names]
    return gain, gain + np.stack(stake, axis=1) if names else gain


def ask_next(prospects: Prospects, card: Scorecard, found: Scores) -> list[str]:
    """The open question whose answer could move the prospect most; blank when nothing is open."""
    names = asked_about(card)
    if not names or not card.used:
        return [""] * len(prospects)
    gain, worth = _worth(prospects, card, found)
    best = worth.argmax(axis=1)
    rows = np.arange(len(prospects))
    out = np.full(len(prospects), "", dtype=object)
    for j in np.unique(best):
        here = rows[(best == j) & (worth[rows, best] > 0)]
        refusing, codes = refusing_answers(prospects.held, names[j], len(prospects))
        asked = partial(question, card, names[j])
        # Prospects with the same question, gain and refusal share the words.
        keys = np.stack([gain[here, j], codes[here]], axis=1).astype(int)
        kinds, which = np.unique(keys, axis=0, return_inverse=True)
        texts = [Question(asked(g), g, refusing[code]).words for g, code in kinds.tolist()]
        out[here] = np.array([*texts, ""], dtype=object)[which.ravel()]
    return out.tolist()


def questions(one: Prospects, card: Scorecard, found: Scores) -> list[Question]:
    """Open questions about the first prospect, the one that could move it most first."""
    names = asked_about(card)
    if not names or not card.used:
        return []
    gain, worth = _worth(one, card, found)
    order = np.argsort(-worth[0], kind="stable")
    asked = []
    for j in order[worth[0][order] > 0].tolist():
        refusing, codes = refusing_answers(one.held, names[j], len(one))
        g = int(gain[0, j])
        asked.append(Question(question(card, names[j], g), g, refusing[codes[0]]))
    return asked


def question(card: Scorecard, name: str, gain: int) -> str:
    """The question about one attribute, with the answer that would be best where it can still move the score."""
    label = card.label(name)
    if not gain:
        return f"{label}?"
    wanted = [c for c in card.criteria if canonical(c["attribute"]) == name]
    if wanted:
        return f"{label}? Best: {answer_words(Condition.from_dict(wanted[0]))}"
    item = next((i for i in card.used if i.attribute == name and i.kind in ("levels", "spans")), None)
    if item is not None:
        return f"{label}? Best: {item.best.name}"
    return f"{label}?"
