"""Groups of customers by how they answered a survey: few, describable, crossed with value and churn, or none.

Answers are grouped by k-means; k is the number of groups that comes back in resamples (adjusted Rand index,
Hubert & Arabie 1985). Groups count only when they lie further apart than those of answers shuffled question by
question, which have no groups by construction.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from icp_core.facts.catalogue import Facts
from icp_core.stats.intervals import share_difference, wilson
from icp_core.stats.phrases import HINT, LIKELY, MIN_N, TOO_FEW, Verdict
from icp_core.stats.tests import mann_whitney
from icp_core.stats.wording import count, listed, rate
from icp_core.voice.choices import Question, chosen, questions_of

Tell = Callable[[float, str], object]

MIN_ANSWERS = 60
_MOST_GROUPS = 6
_RESAMPLES, _SHUFFLES = 10, 15
_CLEARLY = 4.0  # standard deviations beyond what shuffled answers reach
# A grouping that resamples agree on less than this is an accident.
STABLE = 0.6
_MIN_GROUP = 0.08
_MIN_TICKED, _MOST_TICKED = 0.03, 0.97
_MOST_TRAITS = 4
_APART = 0.15  # difference of shares from which an answer describes a group
_STEPS = 0.5  # … and of standard deviations for a scale


@dataclass(frozen=True)
class GroupTrait:
    """An answer that sets a group apart: share who chose it (0–1), or the mean on a scale, beside the rest.

    ``words`` can be understood without the survey: an answer like “No” brings its question along.
    """

    words: str
    inside: float
    rest: float
    is_scale: bool


@dataclass(frozen=True)
class SurveyGroup:
    """One group. ``value`` is the typical value a month, ``churn`` the share that left (NaN = not known)."""

    name: str
    n: int
    share: float
    traits: tuple[GroupTrait, ...]
    value: float
    value_rest: float
    churn: float
    churn_low: float
    churn_high: float
    churn_rest: float
    verdict: Verdict  # of its difference in value or churn from the rest


@dataclass(frozen=True, eq=False)
class SurveyGroups:
    """What the answers fall into. ``members``: ``customer_id``, ``row`` (of the answers), ``group`` (name); biggest group first.

    ``stability`` is 0–1. Empty ``groups`` mean that the answers fall into none; ``message`` says why.
    """

    groups: tuple[SurveyGroup, ...]
    members: pd.DataFrame
    n: int
    stability: float
    message: str


def survey_groups(
    responses: pd.DataFrame,
    questions: Sequence,
    facts: Facts | None = None,
    *,
    seed: int = 0,
    tell: Tell | None = None,
) -> SurveyGroups:
    """Group the answers to choice and scale questions.

    Parameters
    ----------
    responses
        One row per answer; ``customer_id`` ties it to the facts. Of several answers of a customer the last row
        counts.
    questions
        The survey's own questions (``name``, ``label``, ``kind``; see ``voice.collect.questions``). Open ones are
        left out, and so are satisfaction scores: they are outcomes.
    tell
        Called with (0–1, what is being done) between the steps; what it raises ends the work.

    Returns
    -------
    SurveyGroups
        The same answers and seed give the same groups.
    """
    who = (
        responses["customer_id"].astype(object)
        if "customer_id" in responses
        else pd.Series(None, index=responses.index, dtype=object)
    )
    last = ~(who.notna() & who.duplicated(keep="last"))
    kept = responses[last.to_numpy()].reset_index(drop=True)
    table, about = _encoded(kept, [q for q in questions_of(responses, questions) if q.kind != "text"])
    answered = np.isfinite(table).any(axis=1) if table.size else np.zeros(len(kept), dtype=bool)
    n = int(answered.sum())
    rows = np.flatnonzero(answered)
    nothing = pd.DataFrame({"customer_id": [], "row": [], "group": []})
    if table.shape[1] < 3:
        return SurveyGroups(
            (),
            nothing,
            n,
            0.0,
            "Groups need a survey with at least one question to choose from, or two scales.",
        )
    if n < MIN_ANSWERS:
        return SurveyGroups(
            (), nothing, n, 0.0, f"{count(n)} answers are too few for groups; about {MIN_ANSWERS} are needed."
        )
    say = tell or (lambda share, what: None)
    raw = table[answered]
    points = _points(raw, about)
    # Many small groupings: threads inside each would only wait for one another.
    with threadpool_limits(limits=1):
        best = _best_grouping(points, seed, say)
        stands = best is not None and _beyond_luck(raw, about, best[0], seed, say)
    if best is None:
        said = (
            f"The {count(n)} answers fall into no separate groups: grouped again they come out differently."
        )
        return SurveyGroups((), nothing, n, 0.0, said)
    labels, stability = best
    if not stands:
        said = f"The {count(n)} answers fall into no separate groups: shuffled answers look just as grouped."
        return SurveyGroups((), nothing, n, stability, said)
    order = [int(g) for g in pd.Series(labels).value_counts().index]
    inside_of = [labels == g for g in order]
    traits = [_traits(raw, inside, about) for inside in inside_of]
    names = _names(traits)
    ids = kept["customer_id"].to_numpy()[rows] if "customer_id" in kept else np.full(n, None)
    value, churned = _outcomes(facts, ids)
    groups = tuple(
        _group(name, found, inside, value, churned)
        for name, found, inside in zip(names, traits, inside_of, strict=True)
    )
    named = {g: name for g, name in zip(order, names, strict=True)}
    who_is = pd.DataFrame({"customer_id": ids, "row": rows, "group": [named[int(g)] for g in labels]})
    said = (
        f"{count(n)} answers fall into {len(groups)} groups that come back in resamples "
        f"(agreement {rate(round(stability, 2))})."
    )
    return SurveyGroups(groups, who_is, n, stability, said)


# -- answers as numbers ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Column:
    words: str
    question: str
    is_scale: bool
    label: str = ""  # of the question, where the answer alone says nothing


# Answers that say nothing without their question.
_SHORT = re.compile(
    r"\W*(yes|no|true|false|none|never|always|often|sometimes|rarely|other|maybe|unsure|not sure|n/?a|"
    r"(strongly |somewhat )?(dis)?agree|neither|don'?t know|i don'?t (know|understand)\b.*|[\d\W]+)\W*",
    re.IGNORECASE,
)
_QUESTION_LETTERS = 60


def _about_what(question: str) -> str:
    """A question in few words: its end after the last dash or colon where it has several parts, cut at a word.

    >>> _about_what("Do you consider yourself a fan?")
    'Do you consider yourself a fan'
    >>> _about_what("Which of the following characters do you know, if any, from the films - Han Solo")
    'Han Solo'
    """
    text = " ".join(question.split()).strip(" ?:")
    if len(text) > _QUESTION_LETTERS:
        text = re.split(r"\s[-–:]\s|\s?[\[\]]", text)[-1].strip(" ?:") or text
    if len(text) <= _QUESTION_LETTERS:
        return text
    return text[:_QUESTION_LETTERS].rsplit(" ", 1)[0] + " …"


def _in_few_words(questions: Iterable[str]) -> dict[str, str]:
    """Each question in few words; those that begin alike are told by their end.

    >>> alike = "Would you personally say that you are a very great friend of the"
    >>> list(_in_few_words([f"{alike} hills?", f"{alike} beach?"]).values())
    ['… say that you are a very great friend of the hills', '… say that you are a very great friend of the beach']
    """
    short = {question: _about_what(question) for question in questions}
    taken = Counter(short.values())
    for question, words in short.items():
        text = " ".join(question.split()).strip(" ?:")
        if taken[words] > 1 and len(text) > _QUESTION_LETTERS:
            short[question] = "… " + text[-_QUESTION_LETTERS:].split(" ", 1)[-1]
    return short


def _clear_of_questions(about: list[_Column]) -> list[_Column]:
    """The columns with words that are understood alone: short answers, and those to several questions, name theirs."""
    asked: dict[str, set[str]] = {}
    for column in about:
        asked.setdefault(column.words.casefold(), set()).add(column.question)
    short = _in_few_words(dict.fromkeys(column.label for column in about))
    return [
        replace(c, words=f"{short[c.label]}: {c.words}")
        if not c.is_scale and c.label and (_SHORT.fullmatch(c.words) or len(asked[c.words.casefold()]) > 1)
        else c
        for c in about
    ]


def _encoded(responses: pd.DataFrame, questions: Sequence[Question]) -> tuple[np.ndarray, list[_Column]]:
    """One column per answer (1 chosen, 0 not, NaN not asked) or scale."""
    columns: list[np.ndarray] = []
    about: list[_Column] = []
    n = len(responses)
    for question in questions:
        picked = chosen(responses, question)
        if picked.empty:
            continue
        if question.kind in ("number", "grid", "ranking"):
            for item, part in picked.groupby("item", sort=True):
                values = pd.to_numeric(part["answer"], errors="coerce")
                if values.notna().mean() < 0.9 or values.nunique() < 3:
                    continue
                column = np.full(n, np.nan)
                column[part["row"].to_numpy()] = values.to_numpy(float)
                columns.append(column)
                about.append(_Column(str(item) or question.label, question.name, True))
            continue
        asked = np.zeros(n, dtype=bool)
        asked[picked["row"].unique()] = True
        for answer, part in picked.groupby("answer", sort=True):
            column = np.where(asked, 0.0, np.nan)
            column[part["row"].to_numpy()] = 1.0
            if _MIN_TICKED <= np.nanmean(column) <= _MOST_TICKED:
                columns.append(column)
                about.append(_Column(str(answer), question.name, False, question.label))
    return (np.column_stack(columns) if columns else np.empty((n, 0))), _clear_of_questions(about)


def _points(raw: np.ndarray, about: Sequence[_Column]) -> np.ndarray:
    """Standardised, blanks in the middle, every question with the same total weight."""
    mean = np.nanmean(raw, axis=0)
    filled = np.where(np.isfinite(raw), raw, mean)
    spread = filled.std(axis=0)
    points = (filled - mean) / np.where(spread > 0, spread, 1.0)
    sizes: dict[str, int] = {}
    for column in about:
        sizes[column.question] = sizes.get(column.question, 0) + 1
    return points / np.sqrt([sizes[c.question] for c in about])


# -- grouping --------------------------------------------------------------------------------------


def _grouped(points: np.ndarray, k: int, seed: int):
    from sklearn.cluster import KMeans

    return KMeans(k, n_init=2, random_state=seed).fit(points)


def _best_grouping(points: np.ndarray, seed: int, say: Tell) -> tuple[np.ndarray, float] | None:
    """The number of groups resamples agree on most; None when they agree on none."""
    from sklearn.metrics import adjusted_rand_score

    rng = np.random.default_rng(seed)
    n = len(points)
    draws = [rng.choice(n, size=n, replace=True) for _ in range(_RESAMPLES)]
    best: tuple[float, np.ndarray] | None = None
    for k in range(2, _MOST_GROUPS + 1):
        say(0.6 * (k - 2) / (_MOST_GROUPS - 1), f"Trying {k} groups, and whether they come back")
        labels = _grouped(points, k, seed).labels_
        if np.bincount(labels).min() < max(MIN_N, _MIN_GROUP * n):
            continue
        agreed = [adjusted_rand_score(labels, _grouped(points[d], k, seed).predict(points)) for d in draws]
        stability = float(np.mean(agreed))
        # Of two that are as stable the finer one says more.
        if stability >= STABLE and (best is None or stability > best[0] - 0.02):
            best = (stability, labels)
    return None if best is None else (best[1], best[0])


def _beyond_luck(raw: np.ndarray, about: Sequence[_Column], labels: np.ndarray, seed: int, say: Tell) -> bool:
    """Do the groups lie further apart than those of answers shuffled question by question, by a clear margin?"""
    k = int(labels.max()) + 1
    seen = _separation(_points(raw, about), k, seed)
    rng = np.random.default_rng(seed + 1)
    questions = list(dict.fromkeys(c.question for c in about))
    own = [np.array([c.question == q for c in about]) for q in questions]
    if len(questions) == 1:  # within one question the answers themselves are shuffled
        own = [np.arange(len(about)) == j for j in range(len(about))]
    luck = []
    for turn in range(_SHUFFLES):
        say(0.6 + 0.4 * turn / _SHUFFLES, "Grouping shuffled answers, to see what luck does")
        shuffled = raw.copy()
        for mask in own:
            shuffled[:, mask] = raw[rng.permutation(len(raw))][:, mask]
        luck.append(_separation(_points(shuffled, about), k, seed))
    return seen > max(luck) and seen > np.mean(luck) + _CLEARLY * np.std(luck)


def _separation(points: np.ndarray, k: int, seed: int) -> float:
    """Share of all spread that lies between the groups (0–1)."""
    total = float(((points - points.mean(axis=0)) ** 2).sum())
    return 1 - float(_grouped(points, k, seed).inertia_) / total if total else 0.0


# -- what sets them apart --------------------------------------------------------------------------


def _traits(raw: np.ndarray, inside: np.ndarray, about: Sequence[_Column]) -> tuple[GroupTrait, ...]:
    found = []
    for j, column in enumerate(about):
        mine, others = raw[inside, j], raw[~inside, j]
        mine, others = mine[np.isfinite(mine)], others[np.isfinite(others)]
        if not len(mine) or not len(others):
            continue
        gap = float(mine.mean() - others.mean())
        spread = float(np.nanstd(raw[:, j])) or 1.0
        strength = gap / spread
        if (abs(strength) >= _STEPS) if column.is_scale else (gap >= _APART):
            trait = GroupTrait(column.words, float(mine.mean()), float(others.mean()), column.is_scale)
            found.append((-abs(strength), trait))
    return tuple(trait for _, trait in sorted(found, key=lambda f: (f[0], f[1].words))[:_MOST_TRAITS])


def _names(traits: Sequence[tuple[GroupTrait, ...]]) -> list[str]:
    """A name from the first answers that set each group apart; the same name is never given twice."""
    names: list[str] = []
    for i, found in enumerate(traits):
        words = [
            (f"high: {t.words}" if t.inside > t.rest else f"low: {t.words}") if t.is_scale else t.words
            for t in found
        ]
        choices = [listed(words[:k]) for k in (2, 3, 4)] if words else ["Nothing in particular"]
        fresh = [c[:1].upper() + c[1:] for c in choices if c[:1].upper() + c[1:] not in names]
        names.append(fresh[0] if fresh else f"{choices[0][:1].upper()}{choices[0][1:]} ({i + 1})")
    return names


def _outcomes(facts: Facts | None, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Value a month and churn (1, 0) of each answer's customer; NaN where not known."""
    unknown = np.full(len(ids), np.nan)
    if facts is None or "customer_id" not in facts.frame:
        return unknown, unknown.copy()
    frame = facts.frame.set_index("customer_id")
    name = next((c for c in ("value_per_month", "ltv", "revenue") if facts.has(c)), None)
    value = frame[name].astype(float).reindex(ids).to_numpy() if name else unknown
    if not facts.has("churned"):
        return value, unknown.copy()
    return value, frame["churned"].astype("Float64").reindex(ids).to_numpy(dtype=float, na_value=np.nan)


def _group(
    name: str, traits: tuple[GroupTrait, ...], inside: np.ndarray, value: np.ndarray, churned: np.ndarray
) -> SurveyGroup:
    mine, others = value[inside & np.isfinite(value)], value[~inside & np.isfinite(value)]
    left, left_others = churned[inside & np.isfinite(churned)], churned[~inside & np.isfinite(churned)]
    low, high = wilson(int(left.sum()), len(left)) if len(left) else (np.nan, np.nan)
    clear = False
    if min(len(mine), len(others)) >= MIN_N:
        clear = mann_whitney(mine, others).p_value < 0.01
    if min(len(left), len(left_others)) >= MIN_N:
        gap = share_difference(int(left.sum()), len(left), int(left_others.sum()), len(left_others))
        clear = clear or gap[0] > 0 or gap[1] < 0
    few = max(len(mine), len(left)) < MIN_N
    return SurveyGroup(
        name=name,
        n=int(inside.sum()),
        share=float(inside.mean()),
        traits=traits,
        value=float(np.median(mine)) if len(mine) else float("nan"),
        value_rest=float(np.median(others)) if len(others) else float("nan"),
        churn=float(left.mean()) if len(left) else float("nan"),
        churn_low=float(low),
        churn_high=float(high),
        churn_rest=float(left_others.mean()) if len(left_others) else float("nan"),
        verdict=TOO_FEW if few else LIKELY if clear else HINT,
    )
