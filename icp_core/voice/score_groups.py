"""Scores beside each other: over time, by group, of those who answered beside the silent, and person by person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.stats.intervals import median_interval, nps_difference, share_difference, wilson
from icp_core.stats.phrases import HINT, LIKELY, LIKELY_P, TOO_FEW
from icp_core.stats.tests import benjamini_hochberg, mann_whitney
from icp_core.voice.exact import share_p
from icp_core.voice.scores import (
    DETRACTOR_TO,
    KEPT_SCALE,
    MIN_ANSWERS,
    PROMOTER_FROM,
    SATISFIED_FROM,
    Score,
    csat,
    nps,
)

# Which score: a column of the answers. "csat" runs from 0 to 1 between the ends of its scale.
Measure = Literal["nps", "csat"]
# A pause this long between answers starts a new survey wave.
WAVE_GAP_DAYS = 30


def _score(responses: pd.DataFrame, measure: Measure) -> Score:
    return nps(responses) if measure == "nps" else csat(responses, scale=KEPT_SCALE)


def score_difference(first: Score, second: Score) -> tuple[float, float, float]:
    """Difference of two scores of the same measure with its likely range (NPS points, or shares 0–1)."""
    if first.measure == "nps":
        low, high = nps_difference(
            (first.promoters, first.passives, first.detractors),
            (second.promoters, second.passives, second.detractors),
        )
    else:
        low, high = share_difference(first.promoters, first.n, second.promoters, second.n)
    return first.score - second.score, low, high


def latest_answers(responses: pd.DataFrame, measure: Measure = "nps") -> pd.DataFrame:
    """The latest scored answer of each person (without a person: of each customer; unknown ones all stay)."""
    scored = responses[responses[measure].notna()] if measure in responses else responses
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


def score_trend(
    responses: pd.DataFrame,
    by: Literal["quarter", "month", "wave"] = "quarter",
    measure: Measure = "nps",
) -> pd.DataFrame:
    """The score per period, oldest first; answers without a date are left out.

    A wave ends with a pause of more than 30 days. Columns: ``period`` (text), ``starts_on``, ``n``,
    ``score``, ``low``, ``high``, ``promoters``, ``passives``, ``detractors``, ``verdict``, and against the
    period before: ``change``, ``change_low``, ``change_high`` (in the units of the score; blank for the first) and ``changed``
    (True when the range of the change leaves out 0).
    """
    columns = ["period", "starts_on", "n", "score", "low", "high", "promoters", "passives", "detractors"]
    columns += ["verdict", "change", "change_low", "change_high", "changed"]
    if not {"answered_on", measure} <= set(responses.columns):
        return pd.DataFrame(columns=columns)
    known = responses[responses["answered_on"].notna() & responses[measure].notna()].sort_values(
        "answered_on"
    )
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
        found = _score(part, measure)
        groups = (found.promoters, found.passives, found.detractors)
        low, high = score_difference(found, before)[1:] if before else (math.nan, math.nan)
        rows.append(
            [period, start.normalize(), found.n, found.score, found.low, found.high, *groups, found.verdict]
            + [found.score - before.score if before else math.nan, low, high, bool(low > 0 or high < 0)]
        )
        before = found
    return pd.DataFrame(rows, columns=columns)


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
    measure: Measure = "nps",
) -> pd.DataFrame:
    """The score of every group of every attribute beside all other answers, clearest differences first.

    ``attributes``: names of category, band, yes/no or multi-select columns of the facts (default: all
    that describe a customer). Groups with fewer than ``least`` answers on either side are left out.
    The test compares customers (average score each) by Mann–Whitney; p-values are corrected for the
    number of groups (Benjamini–Hochberg). Columns: ``attribute, label, group, n, n_customers, score, low,
    high, rest_n, rest_score, difference, difference_low, difference_high, p_value, p_adjusted, stands,
    verdict``.
    """
    if attributes is None:
        attributes = [a.name for a in facts.attributes() if a.kind in ("category", "band", "yes_no", "multi")]
    answered = responses[responses[measure].notna() & responses["customer_id"].notna()]
    frame = _with_averages(joined(answered, facts, attributes), measure)
    rows = []
    for name in attributes:
        if f"_{name}" not in frame:
            continue
        about = facts.catalogue[name]
        values = frame[f"_{name}"]
        for level in _levels(values, about.kind):
            inside = _has(values, about.kind, level)
            rows.append(
                _beside(frame, inside, values.notna().to_numpy(), name, about.label, str(level), measure)
            )
    return _judged([row for row in rows if row["n"] >= least and row["rest_n"] >= least])


def _levels(values: pd.Series, kind: str) -> list:
    if kind == "multi":
        values = values.dropna().explode().dropna()
    return sorted(values.dropna().unique().tolist(), key=str)


def _has(values: pd.Series, kind: str, level) -> np.ndarray:
    if kind == "multi":
        return np.array([isinstance(v, (list, tuple, np.ndarray)) and level in list(v) for v in values])
    return values.eq(level).fillna(False).to_numpy(bool)


def score_beside_rest(
    responses: pd.DataFrame, facts: Facts, mask: np.ndarray, measure: Measure = "nps"
) -> pd.DataFrame:
    """The score of the segment (boolean over the customers of ``facts``) beside the rest, as one row of ``scores_by``."""
    answered = responses[responses[measure].notna() & responses["customer_id"].notna()]
    inside = (
        answered["customer_id"].isin(set(facts.frame["customer_id"][np.asarray(mask, bool)])).to_numpy(bool)
    )
    known = answered["customer_id"].isin(set(facts.frame["customer_id"])).to_numpy(bool)
    averaged = _with_averages(answered, measure)
    return _judged([_beside(averaged, inside, known, "segment", "Segment", "Segment", measure)])


def _with_averages(answered: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The answers with the average score of their customer beside them."""
    return answered.assign(_average=answered.groupby("customer_id")[measure].transform("mean"))


def _beside(frame, inside, known, name, label, group, measure) -> dict:
    first, rest = frame[inside & known], frame[~inside & known]
    a, b = _score(first, measure), _score(rest, measure)
    difference, low, high = score_difference(a, b)
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
        "difference": difference,
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


def respondents_beside_silent(
    responses: pd.DataFrame, facts: Facts, measure: Measure = "nps"
) -> pd.DataFrame:
    """Are those who answered like those who did not? Typical value and churn of both, with ranges.

    One row per measure that the facts hold: ``measure, label, unit, respondents, respondents_low,
    respondents_high, n_respondents, silent, silent_low, silent_high, n_silent, p_value, p_adjusted,
    differs``. Money and months are medians, churn is a share (0–1). ``differs`` means that the score
    speaks for customers unlike the silent ones.
    """
    answered = responses.loc[
        responses[measure].notna() if measure in responses else slice(None), "customer_id"
    ]
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
    measure: Measure = "nps",
) -> pd.DataFrame:
    """Promoters, passives or detractors (latest answer of each person), the most valuable customers first.

    Of a satisfaction score the promoters are the satisfied, the detractors all others. Columns: ``customer_id,
    customer_name, person_name, job_title``, the measure, ``answered_on, comment, value, churned``; blank
    value or churn = not known.
    """
    latest = latest_answers(responses[responses[measure].notna()], measure)
    score = latest[measure].astype(float)
    high = PROMOTER_FROM if measure == "nps" else SATISFIED_FROM
    low = score <= DETRACTOR_TO if measure == "nps" else score < high
    chosen = {"promoters": score >= high, "passives": ~low & (score < high), "detractors": low}[group]
    frame = joined(latest[chosen], facts, ["customer_name", value, "churned"])
    frame = frame.rename(
        columns={f"_{value}": "value", "_churned": "churned", "_customer_name": "customer_name"}
    )
    columns = [
        "customer_id",
        "customer_name",
        "person_name",
        "job_title",
        measure,
        "answered_on",
        "comment",
        "value",
        "churned",
    ]
    frame = frame.reindex(columns=columns)
    return frame.sort_values(
        ["value", measure], ascending=[False, True], na_position="last", kind="stable"
    ).reset_index(drop=True)
