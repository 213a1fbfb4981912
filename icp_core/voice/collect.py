"""What people said, out of a workspace: answers, notes, tickets and interviews as the voice room reads them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import pandas as pd

from icp_core.facts.catalogue import Attribute, Facts, describe_column
from icp_core.gather.load import INTERVIEWS
from icp_core.gather.raw_table import RawTranscript, Utterance
from icp_core.gather.records import csat_scales, frame, own_columns, recognitions
from icp_core.voice.notes import team_notes
from icp_core.voice.transcripts import Speaker, speakers, turns
from icp_core.voice.verbatims import verbatims
from icp_core.workspace import Workspace

# Who or what a row is, not an answer to a question.
_NO_ANSWERS = frozenset(["id", "name", "domain", "email", "url"])
_KIND_OF_TYPE = {
    "category": "category",
    # Typed names of places and codes are answers to choose from, not words to read.
    "country": "category",
    "currency": "category",
    "band": "band",
    "multi": "multi",
    "number": "number",
    "score": "number",
    "percent": "number",
    "money": "number",
    "date": "date",
    "yes_no": "yes_no",
}


@dataclass(frozen=True)
class Interview:
    """One loaded interview: its turns, who is who, and whose it is once the user said so."""

    import_id: int
    transcript: RawTranscript
    parties: tuple[Speaker, ...]
    customer_id: str | None


def anything_said(workspace: Workspace) -> bool:
    """True when answers, interviews, tickets or notes are loaded, whoever they are from."""
    return bool(
        len(responses(workspace))
        or interviews(workspace)
        or len(team_notes(workspace))
        or len(frame(workspace, "tickets"))
    )


def no_customers() -> Facts:
    """Facts of nobody, for reading a survey or interviews before any customer is loaded."""
    columns = {"customer_id": pd.Series(dtype=object), "customer_name": pd.Series(dtype=object)}
    return Facts(frame=pd.DataFrame(columns), catalogue={}, as_of=date.min)


def responses(workspace: Workspace) -> pd.DataFrame:
    """Counted survey answers with ``customer_id`` (blank: not matched); satisfaction from 0 (worst) to 1 (best)."""
    return _on_one_scale(workspace, "responses")


def tickets(workspace: Workspace) -> pd.DataFrame:
    """Counted tickets with ``customer_id`` (blank: not matched); satisfaction from 0 (worst) to 1 (best)."""
    return _on_one_scale(workspace, "tickets")


def _on_one_scale(workspace: Workspace, kind: str) -> pd.DataFrame:
    """Every file has a scale of its own, and scales cannot be mixed."""
    rows = frame(workspace, kind)
    for import_id, (worst, best) in csat_scales(workspace.cursor(), kind).items():
        here = rows["import_id"].eq(import_id)
        rows["csat"] = rows["csat"].where(~here, (rows["csat"] - worst) / (best - worst))
    return rows


def questions(workspace: Workspace, answers: pd.DataFrame) -> list[Attribute]:
    """The survey's own questions, described; open ones have kind "text"."""
    return [
        describe_column(
            answers[slug], slug, label=label, kind=_KIND_OF_TYPE.get(type_, "text"), known_before=False
        )
        for slug, (label, type_) in own_columns(workspace, "responses").items()
        if type_ not in _NO_ANSWERS and slug in answers and answers[slug].notna().any()
    ]


def main_question(workspace: Workspace) -> str:
    """The question whose answers are read as the comment, in the words of the file; "" when there is none."""
    for recognition in recognitions(workspace.cursor(), "responses").values():
        for column in recognition.columns:
            if column.field == "comment":
                return column.name
    return ""


def interviews(workspace: Workspace) -> list[Interview]:
    """Loaded interviews, oldest import first, with the user's word on who is who."""
    con = workspace.cursor()
    found = []
    for import_id, file_name, about, layout, _ in con.execute(INTERVIEWS).fetchall():
        rows = con.execute(
            "SELECT speaker, start_s, text, row FROM utterances WHERE import_id = $id ORDER BY row",
            {"id": import_id},
        ).fetchall()
        transcript = RawTranscript(
            file_name=file_name,
            title=json.loads(about).get("title"),
            layout=layout or "",
            utterances=tuple(Utterance(*row) for row in rows),
        )
        told = workspace.decision("interview", f"{file_name}", {})
        found.append(
            Interview(
                import_id=import_id,
                transcript=transcript,
                parties=speakers(transcript, chosen=told.get("roles")),
                customer_id=told.get("customer_id"),
            )
        )
    return found


def utterances(workspace: Workspace) -> pd.DataFrame:
    """Turns of all interviews: customer_id, title, file_name, speaker, role, text, is_customer."""
    parts = []
    for interview in interviews(workspace):
        talk = turns(interview.transcript)
        roles = {party.name: party.role for party in interview.parties}
        parts.append(
            pd.DataFrame(
                {
                    "customer_id": interview.customer_id,
                    "title": interview.transcript.title,
                    "file_name": interview.transcript.file_name,
                    "speaker": talk["speaker"],
                    "role": talk["speaker"].map(roles),
                    "text": talk["text"],
                    "is_customer": talk["speaker"].map(roles).eq("customer"),
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def everything_said(workspace: Workspace) -> pd.DataFrame:
    """One row per text somebody said (see ``verbatims``), from everything loaded."""
    answers = responses(workspace)
    return verbatims(
        answers,
        team_notes(workspace),
        tickets(workspace),
        utterances(workspace),
        questions(workspace, answers),
    )
