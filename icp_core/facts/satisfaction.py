"""Answers: the latest recommendation score and satisfaction of each customer."""

from __future__ import annotations

from datetime import date

import ibis
from ibis import Table


def per_customer(
    responses: Table, tickets: Table, as_of: date, csat_scale: tuple[float, float] | None
) -> tuple[Table, Table, Table]:
    """Three tables by customer_id: responses (a count), survey_nps (0–10), survey_csat (0–1).

    Of several answers the latest day counts; several people on that day are averaged. Scores outside 0–10,
    and satisfaction outside its scale, are blank. Satisfaction is asked in surveys and after tickets.
    """
    answers = responses.filter(
        responses.answered_on.isnull() | (responses.answered_on <= ibis.literal(as_of))
    )
    n = answers.group_by("customer_id").agg(responses=answers.count().cast("float64"))
    nps = _latest(answers.select("customer_id", day="answered_on", value="nps"), (0.0, 10.0), "survey_nps")
    solved_on = ibis.coalesce(tickets.solved_on, tickets.opened_on)
    rated = tickets.select("customer_id", day=solved_on, value="csat")
    rated = rated.filter(rated.day.isnull() | (rated.day <= ibis.literal(as_of)))
    asked = answers.select("customer_id", day="answered_on", value="csat").union(rated)
    low, high = csat_scale or (0.0, 1.0)
    csat = _latest(asked, (low, high), "survey_csat")
    csat = csat.mutate(survey_csat=(csat.survey_csat - low) / ibis.literal(float(high - low), "float64"))
    return n, nps, csat


def _latest(scores: Table, scale: tuple[float, float], name: str) -> Table:
    """Mean score of each customer's latest day with a score; undated answers count as the oldest."""
    low, high = scale
    valid = scores.filter((scores.value >= low) & (scores.value <= high))
    valid = valid.mutate(day=valid.day.fill_null(ibis.literal(date(1900, 1, 1))))
    newest = valid.group_by("customer_id").agg(newest=valid.day.max())
    kept = valid.join(newest, ["customer_id", valid.day == newest.newest])
    return kept.group_by("customer_id").agg(**{name: kept.value.mean()})
