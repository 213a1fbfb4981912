"""A page of what people said, where no customer is known yet: it is marked as that and claims no ideal customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from icp_core.profile.draft import Heard
from icp_core.profile.hear import hear
from icp_core.profile.model import Evidence, Figure, Meta, Profile, Statement
from icp_core.segments.conditions import Segment
from icp_core.stats.phrases import HINT, LIKELY, MIN_N, TOO_FEW
from icp_core.stats.wording import count, interval_words, listed, rate, score
from icp_core.voice import choices, collect
from icp_core.voice.scores import KEPT_SCALE, Score, clean_responses, csat, nps
from icp_core.workspace import Workspace

NAME = "What people say"
UNKNOWN = (
    "Nobody in these files is known as a customer: no value, churn or kind of customer stands behind this page. "
    "Load customers with what they buy, and the answers find them."
)
# The page has room for a few questions; the Voice page has them all.
_MOST_ANSWERS = 5
_ONE_OF = {"responses": "survey answer", "interviews": "interview", "notes": "team note", "tickets": "ticket"}


def said_only(workspace: Workspace, as_of: date | None = None) -> tuple[Profile, Heard] | None:
    """The page and what was heard, from answers, interviews, notes and tickets alone; None when nothing was said.

    ``as_of`` is the day printed on the page: the last day somebody said something when not given.
    """
    answers = clean_responses(collect.responses(workspace)).frame
    said = collect.everything_said(workspace)
    if answers.empty and said.empty:
        return None
    counts = _counted(answers, said)
    heard = replace(hear(workspace, collect.no_customers(), Segment()), said=counts)
    profile = Profile(
        meta=Meta(
            name=NAME, status="No ICP yet", version="", as_of=as_of or _last_day(answers, said, workspace)
        ),
        statement=Statement(
            text=f"What people say in **{_sources(counts)}**. No ideal customer is singled out.",
            evidence=Evidence(n=len(answers) or None, verdict=HINT, method="Counted in what was loaded."),
        ),
        figures=_figures(answers),
        behaviour=_answered(workspace, answers),
        jobs=list(heard.jobs),
        pains=list(heard.pains or heard.complaints),
        triggers=list(heard.triggers),
        objections=list(heard.objections),
        values=list(heard.values),
        channels=list(heard.channels),
        buying_roles=list(heard.buying_roles),
        buying_criteria=list(heard.buying_criteria),
        quotes=list(heard.quotes),
        evidence_base=[(n, what, "") for n, what in _in_words(counts)],
        open_questions=["Who of them is a customer, and what are they worth?"],
        warnings=[UNKNOWN],
    )
    return profile, heard


def _last_day(answers: pd.DataFrame, said: pd.DataFrame, workspace: Workspace) -> date:
    today = workspace.clock().date()
    days = pd.concat([pd.to_datetime(answers.get("answered_on")), pd.to_datetime(said["said_on"])]).dropna()
    days = days[days <= pd.Timestamp(today)]
    return days.max().date() if len(days) else today


def _counted(answers: pd.DataFrame, said: pd.DataFrame) -> dict[str, int]:
    kinds = said["kind"]
    counts = {
        "responses": len(answers),
        "interviews": said.loc[kinds.eq("interview"), "source"].nunique(),
        "notes": int(kinds.eq("note").sum()),
        "tickets": int(kinds.eq("ticket").sum()),
    }
    return {kind: n for kind, n in counts.items() if n}


def _in_words(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(count(n), _ONE_OF[kind] + ("" if n == 1 else "s")) for kind, n in counts.items()]


def _sources(counts: Mapping[str, int]) -> str:
    return listed([f"{n} {what}" for n, what in _in_words(counts)])


def _asked(label: str) -> str:
    label = label.rstrip(" :.")
    return label if label.endswith("?") else f"{label}:"


def _figures(answers: pd.DataFrame) -> list[Figure]:
    found = []
    for key, label, mine in (
        ("nps", "NPS", nps(answers)),
        ("csat", "Satisfied", csat(answers, scale=KEPT_SCALE)),
    ):
        if mine.n >= MIN_N:
            found.append(_figure(key, label, mine))
    return found


def _figure(key: str, label: str, mine: Score) -> Figure:
    unit = "nps" if key == "nps" else "%"
    return Figure(
        key=key,
        label=label,
        ideal=score(mine.score) if key == "nps" else rate(mine.score),
        others="",
        ideal_value=mine.score,
        low=mine.low,
        high=mine.high,
        n_ideal=mine.n,
        verdict=mine.verdict,
        definition=f"{count(mine.n)} answers, {interval_words(mine.low, mine.high, unit)}.",
    )


def _answered(workspace: Workspace, answers: pd.DataFrame) -> list[Statement]:
    """The commonest answer of each question with answers to choose from, those most people answered first."""
    lines = []
    for question in choices.questions_of(answers, collect.questions(workspace, answers)):
        if question.kind not in ("choice", "multi"):
            continue
        table = choices.counts(answers, question)
        if table.empty or table["n_asked"].iloc[0] < MIN_N:
            continue
        top = table.iloc[0]
        n = int(top["n_asked"])
        lines.append(
            Statement(
                text=f"{_asked(question.label)} {top['answer']} ({rate(top['share'])})",
                evidence=Evidence(
                    n=n,
                    effect=float(top["share"]),
                    low=float(top["low"]),
                    high=float(top["high"]),
                    effect_kind="share",
                    verdict=LIKELY if n >= 3 * MIN_N else HINT if n >= MIN_N else TOO_FEW,
                    method="The commonest answer, as a share of those who answered.",
                ),
            )
        )
    lines.sort(key=lambda line: -(line.evidence.n or 0) if line.evidence else 0)
    return lines[:_MOST_ANSWERS]
