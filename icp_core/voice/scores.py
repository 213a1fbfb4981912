"""NPS and CSAT with their likely range: counted straight from the answers, beside the customers who are silent."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from icp_core.stats.intervals import Z, nps_interval, wilson
from icp_core.stats.phrases import HINT, LIKELY, SOLID, TOO_FEW, Verdict
from icp_core.stats.wording import rate

PROMOTER_FROM, DETRACTOR_TO = 9, 6
# Below 10 answers no score is shown, below 30 it is a hint at best (METHODS: Lewis & Sauro 2021).
MIN_ANSWERS, SURE_ANSWERS = 10, 30
# "Known well enough" = within ±10 points of NPS, ±5 points of CSAT; twice that is still "Likely".
NPS_MARGIN, CSAT_MARGIN = 10.0, 0.05
# Satisfied = at least three quarters up the scale: 4 and 5 of 1–5, 6 and 7 of 1–7, 2 of 0–2, 8–10 of 1–10.
SATISFIED_FROM = 0.75
# Loaded satisfaction scores are kept between the ends of their scale.
KEPT_SCALE = (0.0, 1.0)
LOW_RESPONSE_RATE = 0.30


@dataclass(frozen=True)
class Score:
    """One score with its likely range.

    NPS: ``score``, ``low``, ``high`` from −100 to 100 and the three groups counted. CSAT: shares (0–1),
    ``promoters`` the satisfied, ``detractors`` the others, ``passives`` 0. NaN = no answers.
    ``answers_needed``: how many more answers make it known within ±10 points (CSAT ±5), 0 when they are
    there, None when even everybody's answer is not enough to say. ``response_rate`` None = nobody knows
    how many were asked. ``notes``: plain warnings.
    """

    measure: Literal["nps", "csat"]
    n: int
    score: float
    low: float
    high: float
    promoters: int
    passives: int
    detractors: int
    verdict: Verdict
    answers_needed: int | None
    population: int | None = None
    sent: int | None = None
    response_rate: float | None = None
    blank: int = 0
    notes: tuple[str, ...] = ()


def nps(responses: pd.DataFrame, population: int | None = None, *, sent: int | None = None) -> Score:
    """Net Promoter Score of the answers: share of 9–10 less share of 0–6.

    ``responses`` has ``nps`` (0–10, blank = no answer; blanks and values off the scale never count).
    ``population`` is the number of customers (or persons) who could have answered: the range narrows as
    the answers come to cover it. ``sent`` is the number of people asked.

    >>> score = nps(pd.DataFrame({"nps": [10] * 20 + [8] * 8 + [3] * 4 + [None]}))
    >>> score.n, score.score, round(score.low, 1), round(score.high, 1), score.blank
    (32, 50.0, 21.8, 69.6, 1)
    """
    values, blank = _scores(responses)
    return _nps_of(values, blank, population, sent)


def _scores(responses: pd.DataFrame) -> tuple[np.ndarray, int]:
    if "nps" not in responses:
        return np.empty(0), len(responses)
    values = pd.to_numeric(responses["nps"], errors="coerce").to_numpy(float, na_value=np.nan)
    kept = np.isfinite(values) & (values >= 0) & (values <= 10)
    return values[kept], int((~kept).sum())


def _groups(values: np.ndarray) -> tuple[int, int, int]:
    promoters = int((values >= PROMOTER_FROM).sum())
    detractors = int((values <= DETRACTOR_TO).sum())
    return promoters, len(values) - promoters - detractors, detractors


def _nps_of(values, blank=0, population=None, sent=None) -> Score:
    promoters, passives, detractors = _groups(values)
    found = nps_interval(promoters, passives, detractors, population)
    n = found.n
    needed = None
    if n:
        p, q = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
        needed = answers_needed(100 * math.sqrt(p + q - (p - q) ** 2), NPS_MARGIN, n, population)
    return Score(
        measure="nps",
        n=n,
        score=float(found.score),
        low=float(found.low),
        high=float(found.high),
        promoters=promoters,
        passives=passives,
        detractors=detractors,
        verdict=_verdict(n, (found.high - found.low) / 2, NPS_MARGIN, population),
        answers_needed=needed if n else MIN_ANSWERS,
        population=population,
        sent=sent,
        response_rate=_response_rate(n, sent),
        blank=blank,
        notes=_notes(n, sent),
    )


def _response_rate(n: int, sent: int | None) -> float | None:
    return n / sent if sent else None


def _notes(n: int, sent: int | None) -> tuple[str, ...]:
    notes = []
    if sent and n > sent:
        notes.append(f"More answers ({n:,}) than people asked ({sent:,}): check the number of invitations.")
    elif sent and n / sent < LOW_RESPONSE_RATE:
        notes.append(
            f"{rate(n / sent)} of those asked answered. Below {rate(LOW_RESPONSE_RATE)} the silent may think otherwise: "
            "compare respondents with the rest."
        )
    return tuple(notes)


def _verdict(n: int, half_width: float, margin: float, population: int | None) -> Verdict:
    if population and n >= population:
        return SOLID
    if n < MIN_ANSWERS:
        return TOO_FEW
    if n < SURE_ANSWERS or not half_width <= 2 * margin:
        return HINT
    return SOLID if half_width <= margin else LIKELY


def answers_needed(spread: float, margin: float, n: int = 0, population: int | None = None) -> int:
    """How many answers are still missing until the range is ``± margin``.

    ``spread`` is the standard deviation of one answer in the units of ``margin`` (NPS points: 100·√(p+q−(p−q)²)).
    With a ``population`` the finite-population correction lowers the number; never more than all of it.

    >>> answers_needed(50, 5)
    385
    >>> answers_needed(50, 5, population=1000)
    278
    """
    needed = max((Z * spread / margin) ** 2, float(MIN_ANSWERS))
    if population is not None:
        needed = min(needed / (1 + (needed - 1) / max(population, 1)), population)
    return max(0, math.ceil(needed - 1e-9) - n)


@dataclass(frozen=True)
class Scale:
    """From the worst (``low``) to the best (``high``) value; ``high < low`` means that 1 is best.

    ``question`` is set when the answers do not tell and somebody must say.
    """

    low: float
    high: float
    question: str = ""


_SCALES = ((0, 1), (0, 2), (1, 3), (1, 4), (1, 5), (0, 5), (1, 6), (1, 7), (0, 10), (1, 10), (0, 100))
_COMMON_SCALES = ((0, 1), (1, 5), (1, 7), (0, 10), (1, 10), (0, 100))


def guess_scale(values: Sequence[float] | pd.Series) -> Scale:
    """The smallest usual scale that holds all answers, with a question when another fits as well.

    >>> guess_scale([5, 4, 5, 1, 3])
    Scale(low=1, high=5, question='')
    >>> guess_scale([4, 3, 4]).question
    'The answers run from 3 to 4. Is the scale 1–4, 1–5 or another?'
    """
    known = pd.to_numeric(pd.Series(values), errors="coerce").dropna()
    if known.empty:
        return Scale(1, 5, "There are no answers yet. Which scale is used?")
    lowest, highest = float(known.min()), float(known.max())
    fitting = [scale for scale in _SCALES if scale[0] <= lowest and highest <= scale[1]]
    if not fitting:
        return Scale(
            lowest,
            highest,
            f"The answers run from {lowest:g} to {highest:g}. What are the ends of the scale?",
        )
    fitting.sort(key=lambda scale: (scale[1], scale[1] - scale[0]))
    low, high = fitting[0]
    rare = (low, high) not in _COMMON_SCALES and len(known) < SURE_ANSWERS
    if highest < high or lowest == highest or rare:
        shown = ", ".join(f"{a}–{b}" for a, b in fitting[:2]) + (" or another" if len(fitting) > 2 else "")
        return Scale(low, high, f"The answers run from {lowest:g} to {highest:g}. Is the scale {shown}?")
    return Scale(low, high)


def csat(
    responses: pd.DataFrame,
    population: int | None = None,
    *,
    column: str = "csat",
    scale: Scale | tuple[float, float] | None = None,
    sent: int | None = None,
) -> Score:
    """Share of satisfied answers (upper quarter of the scale: 4 and 5 of 1–5) with Wilson's range.

    ``scale`` gives the worst and the best value, ``(5, 1)`` when 1 is best; without it the scale is
    guessed and a note asks when it is in doubt. Blanks and values off the scale never count.

    >>> csat(pd.DataFrame({"csat": [5, 5, 4, 2, 1, None]})).score
    0.6
    """
    values = (
        pd.to_numeric(responses[column], errors="coerce") if column in responses else pd.Series(dtype=float)
    )
    used = guess_scale(values) if scale is None else scale if isinstance(scale, Scale) else Scale(*scale)
    level = ((values - used.low) / (used.high - used.low)).to_numpy(float, na_value=np.nan)
    kept = np.isfinite(level) & (level >= 0) & (level <= 1)
    n, satisfied = int(kept.sum()), int((level[kept] >= SATISFIED_FROM - 1e-9).sum())
    low, high = wilson(satisfied, n)
    share = satisfied / n if n else math.nan
    if population is not None and n:
        shrink = math.sqrt(max(population - n, 0) / max(population - 1, 1))
        low, high = share - (share - low) * shrink, share + (high - share) * shrink
    adjusted = (satisfied + 2) / (n + 4)
    spread = math.sqrt(adjusted * (1 - adjusted))
    return Score(
        measure="csat",
        n=n,
        score=share,
        low=low,
        high=high,
        promoters=satisfied,
        passives=0,
        detractors=n - satisfied,
        verdict=_verdict(n, (high - low) / 2, CSAT_MARGIN, population),
        answers_needed=answers_needed(spread, CSAT_MARGIN, n, population) if n else MIN_ANSWERS,
        population=population,
        sent=sent,
        response_rate=_response_rate(n, sent),
        blank=len(responses) - n,
        notes=((used.question,) if used.question else ()) + _notes(n, sent),
    )


@dataclass(frozen=True, eq=False)
class CleanResponses:
    """Answers to count (``frame``) and those left out (``removed``: response_id, customer_id, row, reason)."""

    frame: pd.DataFrame
    removed: pd.DataFrame


_TEST_WORDS = re.compile(
    r"^\W*(?:test(?:ing)?|tester|testuser|test user|asdf+|qwerty|foo|bar|lorem ipsum.*|dummy)\W*\d*\W*$", re.I
)
_TEST_STATUS = re.compile(r"preview|test|spam|void|deleted", re.I)
_TEST_MAIL = re.compile(r"@(?:example\.(?:com|org|net)|test\.com)$|^test(?:er|ing)?\d*@", re.I)


def clean_responses(responses: pd.DataFrame) -> CleanResponses:
    """Leave out test answers and repeated rows, and say which and why; nothing is lost unseen.

    A repetition is the same ``response_id``, or the same person on the same day with the same score and
    the same words. Two answers of one person at different times both stay.
    """
    reasons = pd.Series([""] * len(responses), index=responses.index, dtype=object)
    blank = pd.Series([None] * len(responses), index=responses.index, dtype=object)

    def text(name: str) -> pd.Series:
        return (
            responses[name].astype(object).where(responses[name].notna(), None)
            if name in responses
            else blank
        )

    for name, pattern, reason in (
        ("status", _TEST_STATUS, "marked “{}” by the survey tool"),
        ("email", _TEST_MAIL, "test address {}"),
        ("person_name", _TEST_WORDS, "test person “{}”"),
        ("comment", _TEST_WORDS, "test words “{}”"),
    ):
        for index, value in text(name).items():
            if value is not None and not reasons[index] and pattern.search(str(value).strip()):
                reasons[index] = "Test answer: " + reason.format(str(value).strip()[:40])
    ids = text("response_id")
    open_rows = reasons.eq("")
    repeated = ids.notna() & ids[open_rows].duplicated(keep="first").reindex(ids.index, fill_value=False)
    reasons[repeated & open_rows] = "Repeated: this response id is already counted"
    who = text("email").where(text("email").notna(), text("person_name"))
    signature = [
        None if person is None else (str(person).lower(), str(day)[:10], str(score), str(said))
        for person, day, score, said in zip(
            who, text("answered_on"), text("nps"), text("comment"), strict=True
        )
    ]
    seen: set = set()
    for index, mark in zip(responses.index, signature, strict=True):
        if mark is None or reasons[index]:
            continue
        if mark in seen:
            reasons[index] = "Repeated: the same person gave the same answer on the same day"
        seen.add(mark)
    out = reasons.ne("")
    removed = pd.DataFrame(
        {
            "response_id": ids[out].to_numpy(),
            "customer_id": text("customer_id")[out].to_numpy(),
            "row": np.flatnonzero(out.to_numpy()),
            "reason": reasons[out].to_numpy(),
        }
    )
    return CleanResponses(responses[~out].reset_index(drop=True), removed)
