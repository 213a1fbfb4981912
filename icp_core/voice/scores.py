"""NPS and CSAT with their likely range: counted straight from the answers, beside the customers who are silent."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.stats.intervals import (
    Z,
    median_interval,
    nps_difference,
    nps_interval,
    share_difference,
    wilson,
)
from icp_core.stats.phrases import HINT, LIKELY, LIKELY_P, SOLID, TOO_FEW, Verdict
from icp_core.stats.tests import benjamini_hochberg, mann_whitney
from icp_core.voice.exact import share_p

PROMOTER_FROM, DETRACTOR_TO = 9, 6
# Below 10 answers no score is shown, below 30 it is a hint at best (METHODS: Lewis & Sauro 2021).
MIN_ANSWERS, SURE_ANSWERS = 10, 30
# "Known well enough" = within ±10 points of NPS, ±5 points of CSAT; twice that is still "Likely".
NPS_MARGIN, CSAT_MARGIN = 10.0, 0.05
# Satisfied = at least three quarters up the scale: 4 and 5 of 1–5, 6 and 7 of 1–7, 2 of 0–2, 8–10 of 1–10.
SATISFIED_FROM = 0.75
# A pause this long between answers starts a new survey wave.
WAVE_GAP_DAYS = 30
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
            f"{n / sent:.0%} of those asked answered. Below {LOW_RESPONSE_RATE:.0%} the silent may think otherwise: "
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


def latest_answers(responses: pd.DataFrame) -> pd.DataFrame:
    """The latest scored answer of each person (without a person: of each customer; unknown ones all stay)."""
    scored = responses[responses["nps"].notna()] if "nps" in responses else responses
    who = pd.Series([None] * len(scored), index=scored.index, dtype=object)
    for name in ("email", "person_name", "customer_id"):
        if name in scored:
            column = scored[name].astype(object)
            prefix = (
                ""
                if name == "customer_id"
                else (scored["customer_id"].astype(str) + "|" if "customer_id" in scored else "")
            )
            who = who.where(who.notna(), (prefix + column.astype(str)).where(column.notna(), None))
    order = scored.assign(_who=who, _i=range(len(scored)))
    if "answered_on" in order:
        order = order.sort_values(["answered_on", "_i"], na_position="first", kind="stable")
    keep = order["_who"].isna() | ~order["_who"].duplicated(keep="last")
    return order[keep].sort_values("_i").drop(columns=["_who", "_i"]).reset_index(drop=True)


def score_trend(responses: pd.DataFrame, by: Literal["quarter", "month", "wave"] = "quarter") -> pd.DataFrame:
    """NPS per period, oldest first; answers without a date are left out.

    A wave ends with a pause of more than 30 days. Columns: ``period`` (text), ``starts_on``, ``n``,
    ``score``, ``low``, ``high``, ``promoters``, ``passives``, ``detractors``, ``verdict``, and against the
    period before: ``change``, ``change_low``, ``change_high`` (points; blank for the first) and ``changed``
    (True when the range of the change leaves out 0).
    """
    columns = ["period", "starts_on", "n", "score", "low", "high", "promoters", "passives", "detractors"]
    columns += ["verdict", "change", "change_low", "change_high", "changed"]
    if not {"answered_on", "nps"} <= set(responses.columns):
        return pd.DataFrame(columns=columns)
    known = responses[responses["answered_on"].notna() & responses["nps"].notna()].sort_values("answered_on")
    days = pd.to_datetime(known["answered_on"])
    if by == "wave":
        keys = (days.diff().dt.days > WAVE_GAP_DAYS).cumsum()
    else:
        keys = days.dt.to_period("Q" if by == "quarter" else "M")
    rows, before = [], None
    for key, part in known.groupby(keys.to_numpy(), sort=True):
        start = pd.to_datetime(part["answered_on"]).min()
        period = {"quarter": f"{start:%Y} Q{start.quarter}", "month": f"{start:%b %Y}"}.get(by, "")
        period = period or f"Wave {int(key) + 1}, {start:%b %Y}"
        found = nps(part)
        groups = (found.promoters, found.passives, found.detractors)
        low, high = nps_difference(groups, before.groups) if before else (math.nan, math.nan)
        rows.append(
            [period, start.normalize(), found.n, found.score, found.low, found.high, *groups, found.verdict]
            + [found.score - before.score if before else math.nan, low, high, bool(low > 0 or high < 0)]
        )
        before = _Before(found.score, groups)
    return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True)
class _Before:
    score: float
    groups: tuple[int, int, int]


def joined(responses: pd.DataFrame, facts: Facts, columns: Sequence[str]) -> pd.DataFrame:
    """The answers with columns of the customer beside them (prefix ``_``); answers without a customer are blank."""
    wanted = [
        name for name in dict.fromkeys(columns) if name in facts.frame.columns and name != "customer_id"
    ]
    known = facts.frame[["customer_id", *wanted]].rename(columns={name: f"_{name}" for name in wanted})
    known["customer_id"] = known["customer_id"].astype(object)
    left = responses.assign(customer_id=responses["customer_id"].astype(object))
    return left.merge(known, on="customer_id", how="left", validate="many_to_one")


def scores_by(
    responses: pd.DataFrame,
    facts: Facts,
    attributes: Sequence[str] | None = None,
    *,
    least: int = MIN_ANSWERS,
) -> pd.DataFrame:
    """NPS of every group of every attribute beside all other answers, clearest differences first.

    ``attributes``: names of category, band, yes/no or multi-select columns of the facts (default: all
    that describe a customer). Groups with fewer than ``least`` answers on either side are left out.
    The test compares customers (average score each) by Mann–Whitney; p-values are corrected for the
    number of groups (Benjamini–Hochberg). Columns: ``attribute, label, group, n, n_customers, score, low,
    high, rest_n, rest_score, difference, difference_low, difference_high, p_value, p_adjusted, stands,
    verdict``.
    """
    if attributes is None:
        attributes = [a.name for a in facts.attributes() if a.kind in ("category", "band", "yes_no", "multi")]
    answered = responses[responses["nps"].notna() & responses["customer_id"].notna()]
    frame = _with_averages(joined(answered, facts, attributes))
    rows = []
    for name in attributes:
        if f"_{name}" not in frame:
            continue
        about = facts.catalogue[name]
        values = frame[f"_{name}"]
        for level in _levels(values, about.kind):
            inside = _has(values, about.kind, level)
            rows.append(_beside(frame, inside, values.notna().to_numpy(), name, about.label, str(level)))
    return _judged([row for row in rows if row["n"] >= least and row["rest_n"] >= least])


def _levels(values: pd.Series, kind: str) -> list:
    if kind == "multi":
        values = values.dropna().explode().dropna()
    return sorted(values.dropna().unique().tolist(), key=str)


def _has(values: pd.Series, kind: str, level) -> np.ndarray:
    if kind == "multi":
        return np.array([isinstance(v, (list, tuple, np.ndarray)) and level in list(v) for v in values])
    return values.eq(level).fillna(False).to_numpy(bool)


def score_beside_rest(responses: pd.DataFrame, facts: Facts, mask: np.ndarray) -> pd.DataFrame:
    """NPS of the segment (boolean over the customers of ``facts``) beside the rest, as one row of ``scores_by``."""
    answered = responses[responses["nps"].notna() & responses["customer_id"].notna()]
    inside = (
        answered["customer_id"].isin(set(facts.frame["customer_id"][np.asarray(mask, bool)])).to_numpy(bool)
    )
    known = answered["customer_id"].isin(set(facts.frame["customer_id"])).to_numpy(bool)
    return _judged([_beside(_with_averages(answered), inside, known, "segment", "Segment", "Segment")])


def _with_averages(answered: pd.DataFrame) -> pd.DataFrame:
    """The answers with the average score of their customer beside them."""
    return answered.assign(_average=answered.groupby("customer_id")["nps"].transform("mean"))


def _beside(frame, inside, known, name, label, group) -> dict:
    first, rest = frame[inside & known], frame[~inside & known]
    a, b = nps(first), nps(rest)
    low, high = nps_difference(
        (a.promoters, a.passives, a.detractors), (b.promoters, b.passives, b.detractors)
    )
    # A customer with many respondents counts once: its average stands on its first row.
    once = frame["_average"].to_numpy(float), ~frame["customer_id"].duplicated().to_numpy()
    test = mann_whitney(once[0][once[1] & inside & known], once[0][once[1] & ~inside & known])
    return {
        "attribute": name,
        "label": label,
        "group": group,
        "n": a.n,
        "n_customers": int(first["customer_id"].nunique()),
        "score": a.score,
        "low": a.low,
        "high": a.high,
        "rest_n": b.n,
        "rest_score": b.score,
        "difference": a.score - b.score,
        "difference_low": low,
        "difference_high": high,
        "p_value": test.p_value,
    }


_BESIDE = (
    "attribute label group n n_customers score low high rest_n rest_score difference difference_low".split()
)
_BESIDE += "difference_high p_value p_adjusted stands verdict".split()


def _judged(rows: list[dict]) -> pd.DataFrame:
    if not rows:
        return pd.DataFrame(columns=_BESIDE)
    frame = pd.DataFrame(rows)
    frame["p_adjusted"] = benjamini_hochberg(frame["p_value"])
    apart = (frame["difference_low"] > 0) | (frame["difference_high"] < 0)
    frame["stands"] = (
        (frame["p_adjusted"] <= LIKELY_P) & apart & (frame[["n", "rest_n"]].min(axis=1) >= MIN_ANSWERS)
    )
    frame["verdict"] = [
        TOO_FEW if min(row.n, row.rest_n) < MIN_ANSWERS else LIKELY if row.stands else HINT
        for row in frame.itertuples()
    ]
    order = ["p_adjusted", "p_value", "attribute", "group"]
    return frame.sort_values(order, kind="stable").reset_index(drop=True)[_BESIDE]


_SILENT_MEASURES = ("ltv", "revenue", "mrr", "tenure_months")


def respondents_beside_silent(responses: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Are those who answered like those who did not? Typical value and churn of both, with ranges.

    One row per measure that the facts hold: ``measure, label, unit, respondents, respondents_low,
    respondents_high, n_respondents, silent, silent_low, silent_high, n_silent, p_value, p_adjusted,
    differs``. Money and months are medians, churn is a share (0–1). ``differs`` means that the score
    speaks for customers unlike the silent ones.
    """
    answered = responses.loc[responses["nps"].notna() if "nps" in responses else slice(None), "customer_id"]
    spoke = facts.frame["customer_id"].isin(set(answered.dropna())).to_numpy(bool)
    rows = []
    for name in (*_SILENT_MEASURES, "churned"):
        if not facts.has(name):
            continue
        about = facts.catalogue[name]
        values = facts.frame[name].astype("float64").to_numpy()
        a, b = values[spoke & np.isfinite(values)], values[~spoke & np.isfinite(values)]
        if not len(a) or not len(b):
            continue
        if name == "churned":
            (low_a, high_a), (low_b, high_b) = wilson(a.sum(), len(a)), wilson(b.sum(), len(b))
            centre_a, centre_b = a.mean(), b.mean()
            p_value = share_p(int(a.sum()), len(a), int(b.sum()), len(b))
        else:
            (low_a, high_a), (low_b, high_b) = median_interval(a), median_interval(b)
            centre_a, centre_b = np.median(a), np.median(b)
            p_value = mann_whitney(a, b).p_value
        rows.append(
            [name, about.label, "%" if name == "churned" else about.unit, centre_a, low_a, high_a, len(a)]
            + [centre_b, low_b, high_b, len(b), p_value]
        )
    columns = [
        "measure",
        "label",
        "unit",
        "respondents",
        "respondents_low",
        "respondents_high",
        "n_respondents",
    ]
    columns += ["silent", "silent_low", "silent_high", "n_silent", "p_value"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["p_adjusted"] = benjamini_hochberg(frame["p_value"]) if len(frame) else []
    enough = frame[["n_respondents", "n_silent"]].min(axis=1) >= MIN_ANSWERS
    frame["differs"] = (frame["p_adjusted"] <= LIKELY_P) & enough
    return frame


def people_by_value(
    responses: pd.DataFrame,
    facts: Facts,
    group: Literal["promoters", "passives", "detractors"],
    value: str = "ltv",
) -> pd.DataFrame:
    """Promoters, passives or detractors (latest answer of each person), the most valuable customers first.

    Columns: ``customer_id, customer_name, person_name, job_title, nps, answered_on, comment, value, churned``;
    blank value or churn = not known.
    """
    latest = latest_answers(responses[responses["nps"].notna()])
    score = latest["nps"].astype(float)
    chosen = {
        "promoters": score >= PROMOTER_FROM,
        "passives": (score > DETRACTOR_TO) & (score < PROMOTER_FROM),
        "detractors": score <= DETRACTOR_TO,
    }[group]
    frame = joined(latest[chosen], facts, ["customer_name", value, "churned"])
    frame = frame.rename(
        columns={f"_{value}": "value", "_churned": "churned", "_customer_name": "customer_name"}
    )
    columns = [
        "customer_id",
        "customer_name",
        "person_name",
        "job_title",
        "nps",
        "answered_on",
        "comment",
        "value",
        "churned",
    ]
    frame = frame.reindex(columns=columns)
    return frame.sort_values(
        ["value", "nps"], ascending=[False, True], na_position="last", kind="stable"
    ).reset_index(drop=True)


def share_difference_of(first: Score, second: Score) -> tuple[float, float, float]:
    """Difference of two CSAT scores with its likely range (shares, 0–1)."""
    low, high = share_difference(first.promoters, first.n, second.promoters, second.n)
    return first.score - second.score, low, high
