"""Everything people said, in one frame: survey answers, notes, tickets, interview turns."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import pandas as pd

from icp_core.voice.words import is_non_answer

COLUMNS = [
    "verbatim_id",
    "customer_id",
    "source",
    "role",
    "said_on",
    "speaker",
    "text",
    "kind",
    "question",
    "by_customer",
    "respondent",
]


def verbatims(
    responses: pd.DataFrame | None = None,
    notes: pd.DataFrame | None = None,
    tickets: pd.DataFrame | None = None,
    utterances: pd.DataFrame | None = None,
    questions: Sequence = (),
) -> pd.DataFrame:
    """One row per text somebody said, in the order given, non-answers left out.

    Parameters
    ----------
    responses
        ``customer_id, response_id, answered_on, comment, person_name, job_title, nps`` and question
        columns; ``comment`` and every question of kind "text" count as open answers.
    notes
        ``customer_id, noted_on, author, author_role, note``: what the team heard.
    tickets
        ``customer_id, opened_on, subject, comment, category``.
    utterances
        ``customer_id, title|file_name, speaker, role, said_on, text, is_customer``; turns of the
        interviewer (``is_customer`` false) are kept with ``by_customer`` false.
    questions
        Descriptions with ``name``, ``label`` and ``kind`` of the columns of ``responses``.

    Any column may be missing. Returns ``verbatim_id`` (the same for the same words of the same customer,
    whatever file brings them), ``customer_id`` (None: not matched), ``source`` ("NPS survey", "Survey",
    "Team notes", "Tickets" or the name of the interview), ``role``, ``said_on``, ``speaker``, ``text``,
    ``kind`` (response | note | ticket | interview), ``question`` (label, "" for the main one) and
    ``by_customer`` (False: an interviewer or a colleague is speaking; notes report what was heard) and
    ``respondent`` (the same for all answers in one row of a survey; None elsewhere), by which somebody without a
    name is counted once.
    """
    parts = []
    if responses is not None and len(responses):
        source = "NPS survey" if "nps" in responses and responses["nps"].notna().any() else "Survey"
        open_questions = [("comment", "")]
        open_questions += [
            (q.name, q.label) for q in questions if q.kind == "text" and q.name not in _NOT_OPEN
        ]
        asked_role = next(
            (q.name for q in questions if q.kind != "text" and _ASKS_ROLE.search(q.label)), None
        )
        if asked_role in responses and not _filled(responses, "job_title"):
            responses = responses.assign(job_title=responses[asked_role])
        for name, label in open_questions:
            if name in responses:
                part = _part(
                    responses, name, "response", source, "answered_on", "person_name", "job_title", label
                )
                parts.append(part.assign(respondent=[f"answer {i}" for i in part.index]))
    if notes is not None and len(notes):
        parts.append(_part(notes, "note", "note", "Team notes", "noted_on", "author", "author_role"))
    if tickets is not None and len(tickets):
        said = _column(tickets, "comment")
        subject = _column(tickets, "subject")
        both = [_joined(a, b) for a, b in zip(subject, said, strict=True)]
        parts.append(
            _part(
                tickets.assign(_said=both),
                "_said",
                "ticket",
                "Tickets",
                "opened_on",
                "person_name",
                "job_title",
            )
        )
    if utterances is not None and len(utterances):
        parts.append(_interviews(utterances))
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    frame = pd.concat([part.assign(**_NOBODY) if "respondent" not in part else part for part in parts])
    frame = frame.reset_index(drop=True)
    frame = frame[~frame["text"].map(is_non_answer).astype(bool)].reset_index(drop=True)
    frame["verbatim_id"] = _ids(frame)
    return frame[COLUMNS]


_NOBODY = {"respondent": None}
# Text columns of a survey that hold who somebody is, not what they say.
_NOT_OPEN = frozenset(
    "comment response_id customer_id account_id account_name domain email person_name job_title status language phone "
    "nps_group city region country".split()
)


_ASKS_ROLE = re.compile(
    r"\b(?:your (?:current )?(?:role|position|job)|job title|job role|ihre (?:rolle|funktion|position)|votre (?:rôle|fonction|poste)"
    r"|tu (?:rol|puesto|cargo)|su (?:rol|puesto|cargo))\b",
    re.IGNORECASE,
)


def _filled(frame: pd.DataFrame, name: str) -> bool:
    return name in frame and bool(frame[name].notna().any())


def _column(frame: pd.DataFrame, name: str) -> list:
    if name not in frame:
        return [None] * len(frame)
    return [None if value is None or value != value or value is pd.NA else value for value in frame[name]]


def _joined(subject, said) -> str | None:
    parts = [str(part).strip() for part in (subject, said) if part]
    if len(parts) == 2 and parts[1].startswith(parts[0]):
        return parts[1]
    return (
        ". ".join(part.rstrip(".") if i == 0 and len(parts) == 2 else part for i, part in enumerate(parts))
        or None
    )


def _part(frame, text, kind, source, said_on, speaker, role, question="") -> pd.DataFrame:
    part = pd.DataFrame(
        {
            "customer_id": _column(frame, "customer_id"),
            "source": source,
            "role": _column(frame, role),
            "said_on": pd.to_datetime(pd.Series(_column(frame, said_on), dtype=object), errors="coerce"),
            "speaker": _column(frame, speaker),
            "text": _column(frame, text),
            "kind": kind,
            "question": question,
            "by_customer": kind != "note",
        }
    )
    return part[part["text"].notna()].assign(text=lambda f: f["text"].astype(str).str.strip())


def _interviews(frame: pd.DataFrame) -> pd.DataFrame:
    named = [
        a or b or "Interview"
        for a, b in zip(_column(frame, "title"), _column(frame, "file_name"), strict=True)
    ]
    part = _part(frame, "text", "interview", "Interview", "said_on", "speaker", "role")
    part["source"] = pd.Series(named)[part.index]
    # The party somebody is in the talk is not a role in the company.
    part["role"] = part["role"].where(~part["role"].isin(["customer", "interviewer", "aside"]), None)
    if "is_customer" in frame:
        told = pd.Series(_column(frame, "is_customer"), dtype=object)[part.index]
        part["by_customer"] = [value is None or bool(value) for value in told]
    return part


def _ids(frame: pd.DataFrame) -> list[str]:
    """Stable ids: kind, customer, day and words; a true repetition gets a running number."""
    seen: dict[str, int] = {}
    ids = []
    for row in frame.itertuples():
        day = "" if pd.isna(row.said_on) else f"{row.said_on:%Y-%m-%d}"
        basis = "\x1f".join(
            [row.kind, str(row.customer_id or ""), day, row.question, " ".join(row.text.lower().split())]
        )
        digest = hashlib.sha1(basis.encode("utf-8"), usedforsecurity=False).hexdigest()[:16]
        seen[digest] = seen.get(digest, 0) + 1
        ids.append(digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")
    return ids
