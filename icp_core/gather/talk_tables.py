"""Interviews that come as a table: one row per turn, with who says it (what call recorders' exports are made into)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from icp_core.gather.raw_table import FileReading, Problem, RawTable, RawTranscript, Utterance
from icp_core.gather.transcripts import seconds_of
from icp_core.vocabulary.headers import header_key, without_unit

# Headings of each part, the surest first.
_SAID = ("utterance", "utterancetext", "transcripttext", "spokentext")
_MAY_BE_SAID = (
    "transcript",
    "text",
    "sentence",
    "content",
    "words",
    "message",
)  # where the speakers come back
_SPEAKER = ("speakername", "speaker", "speakerlabel", "sprecher", "orateur", "hablante", "spreker", "speakeremail", "speakerid")  # fmt: skip
_TALK = ("callid", "conversationid", "meetingid", "interviewid", "recordingid", "calltitle", "meetingtitle")
_TITLE = ("calltitle", "meetingtitle", "interviewtitle", "conversationtitle", "title")
_START = ("start", "starttime", "startsec", "startseconds", "starts", "startms", "startmilliseconds", "timestamp", "time", "offset")  # fmt: skip
_SIDE = ("speakeraffiliation", "affiliation")
_SIDES = frozenset(("internal", "external"))
_CLOCK = re.compile(r"^(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?$")


def with_talks(reading: FileReading) -> FileReading:
    """A reading whose tables of turns are interviews, one per call; all other tables stay tables."""
    tables, transcripts = [], list(reading.transcripts)
    for table in reading.tables:
        talks = () if table.hidden else talks_of(table)
        transcripts.extend(talks)
        if not talks:
            tables.append(table)
    return replace(reading, tables=tuple(tables), transcripts=tuple(transcripts))


def talks_of(table: RawTable) -> tuple[RawTranscript, ...]:
    """The talks of a table that names a speaker and what was said in each row; none of any other table.

    Calls stay in the order of the file and are told apart by their id, else by their title. Where the table says
    on whose side a speaker is, it stands behind the name: “Bo Kim (external)”.
    """
    keys = [header_key(without_unit(name)[0]) for name in table.columns]
    said, speaker = _place(keys, (*_SAID, *_MAY_BE_SAID)), _place(keys, _SPEAKER)
    if said is None or speaker is None:
        return ()
    if keys[said] not in _SAID and not _takes_turns(table.column_values(speaker)):
        return ()
    by_place = {name: _place(keys, wanted) for name, wanted in (("talk", _TALK), ("title", _TITLE), ("start", _START), ("side", _SIDE))}  # fmt: skip
    cells = {
        name: table.column_values(place) if place is not None else [None] * table.n_rows
        for name, place in {**by_place, "said": said, "speaker": speaker}.items()
    }
    used = {said, speaker, *by_place.values()}
    others = ", ".join(f"“{name}”" for i, name in enumerate(table.columns) if i not in used)
    notes = (f"Not kept with the interview: {others}.",) if others else ()
    in_ms = by_place["start"] is not None and _counts_ms(table.columns[by_place["start"]])
    talks: dict[str, list[int]] = {}
    for i, talk in enumerate(cells["talk"]):
        talks.setdefault((talk or "").strip(), []).append(i)
    rows = table.row_numbers.to_pylist()
    found = []
    for talk, places in talks.items():
        title = next((cells["title"][i] for i in places if cells["title"][i]), None)
        turns, left = [], []
        for i in places:
            text = (cells["said"][i] or "").strip()
            if text:
                name = _named(cells["speaker"][i], cells["side"][i])
                turns.append(Utterance(name, _seconds(cells["start"][i], in_ms), text, rows[i]))
            else:
                left.append(
                    Problem(
                        rows[i], table.columns[said], None, "Nothing is said in this row.", "Nothing to do."
                    )
                )
        if not turns:
            return ()
        call = ""
        if len(talks) > 1:
            call = f"{title} ({talk})" if title and title != talk else talk or "no call"
        name = " · ".join(part for part in (table.sheet, call) if part) or table.file_name
        above = () if found else table.leftovers
        found.append(RawTranscript(name, title, "table", tuple(turns), (*above, *left), notes))
    return tuple(found)


def _takes_turns(speakers: Sequence[str | None]) -> bool:
    """Whether a few voices speak again and again: a list of a conference's speakers names each once."""
    named = [name for name in speakers if name and name.strip()]
    return len(named) >= 3 and len(set(named)) <= 0.7 * len(named)


def _place(keys: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((keys.index(key) for key in wanted if key in keys), None)


def _named(speaker: str | None, side: str | None) -> str | None:
    name = " ".join((speaker or "").split())
    side = (side or "").strip().casefold()
    return (f"{name} ({side})" if side in _SIDES else name) or None


def _counts_ms(heading: str) -> bool:
    return bool(re.search(r"(?:[\W_]ms|milliseconds?)\W*$", heading, re.IGNORECASE))


def _seconds(text: str | None, in_ms: bool) -> float | None:
    """Seconds of a clock or a number; None of a date or anything else.

    >>> _seconds("1:05", False), _seconds("65000", True), _seconds("2026-05-01", False)
    (65.0, 65.0, None)
    """
    text = (text or "").strip()
    if _CLOCK.match(text):
        return seconds_of(text)
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text) / (1000 if in_ms else 1)
    return None
