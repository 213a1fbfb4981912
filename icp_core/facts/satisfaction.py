"""Answers: the latest recommendation score and satisfaction of each customer."""

from __future__ import annotations

from datetime import date
from functools import reduce

import ibis
from ibis import Table


def scores(responses: Table, as_of: date) -> tuple[Table, Table]:
    """Two tables by customer_id: responses (how many answers), survey_nps (0–10, the latest).

    Of several answers the latest day counts; several people on that day are averaged. Scores outside 0–10
    are blank.
    """
    answers = _answered(responses, as_of)
    n = answers.group_by("customer_id").agg(responses=answers.count().cast("float64"))
    return n, _latest(
        answers.select("customer_id", day="answered_on", value="nps"), (0.0, 10.0), "survey_nps"
    )


def csat(
    responses: Table | None, tickets: Table | None, as_of: date, scale: tuple[float, float] | None
) -> Table:
    """The latest satisfaction of each customer, 0–1, asked in surveys or after tickets: customer_id, survey_csat."""
    asked = []
    if responses is not None:
        asked.append(_answered(responses, as_of).select("customer_id", day="answered_on", value="csat"))
    if tickets is not None:
        rated = tickets.select(
            "customer_id", day=ibis.coalesce(tickets.solved_on, tickets.opened_on), value="csat"
        )
        asked.append(rated.filter(rated.day.isnull() | (rated.day <= ibis.literal(as_of))))
    low, high = scale or (0.0, 1.0)
    found = _latest(reduce(lambda a, b: a.union(b), asked), (low, high), "survey_csat")
    return found.mutate(survey_csat=(found.survey_csat - low) / ibis.literal(float(high - low), "float64"))


def _answered(responses: Table, as_of: date) -> Table:
    return responses.filter(responses.answered_on.isnull() | (responses.answered_on <= ibis.literal(as_of)))


def _latest(scores: Table, scale: tuple[float, float], name: str) -> Table:
    """Mean score of each customer's latest day with a score; undated answers count as the oldest."""
    low, high = scale
    valid = scores.filter((scores.value >= low) & (scores.value <= high))
    valid = valid.mutate(day=valid.day.fill_null(ibis.literal(date(1900, 1, 1))))
    newest = valid.group_by("customer_id").agg(newest=valid.day.max())
    kept = valid.join(newest, ["customer_id", valid.day == newest.newest])
    return kept.group_by("customer_id").agg(**{name: kept.value.mean()})
