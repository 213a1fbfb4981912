"""Interviews to read: turns, who is the customer, search across several of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from icp_core.gather.raw_table import RawTranscript
from icp_core.voice.words import sentences, tokens

# A voice with less than this share of the words, or without a full sentence, is not a party to the talk ("Break").
_ASIDE_SHARE = 0.005
# Below this lead in questions the interviewer is told by who talks less.
_CLEAR_LEAD = 1.5
_ASKS = re.compile(
    r"^(?:and |so |but |ok(?:ay)?,? |well,? )*(?:what|how|why|who|when|where|which|can you|could you|would you|do you|did you|are you|"
    r"have you|is there|tell me|walk me|was|wie|was|warum|wer|wann|wo|welche|können sie|comment|pourquoi|qui|quand|quel|cómo|por qué|qué|quién|cuándo)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Speaker:
    """One voice of an interview. ``role``: customer | interviewer | aside; ``is_guess`` until somebody confirms."""

    name: str
    role: str
    reason: str
    is_guess: bool
    n_turns: int
    n_words: int
    n_questions: int


def turns(transcript: RawTranscript) -> pd.DataFrame:
    """The talk as turns: captions of one speaker in a row become one text, in order.

    Columns: ``interview`` (title, else file name), ``turn`` (from 0), ``speaker`` ("" = unknown), ``start_s``
    (blank without times), ``text``, ``row`` (first source row). Nothing is dropped.
    """
    name = transcript.title or transcript.file_name
    rows: list[dict] = []
    for said in transcript.utterances:
        speaker = said.speaker or ""
        if rows and rows[-1]["speaker"] == speaker:
            rows[-1]["text"] += " " + said.text.strip()
            continue
        rows.append(
            {
                "interview": name,
                "turn": len(rows),
                "speaker": speaker,
                "start_s": said.start_s,
                "text": said.text.strip(),
                "row": said.row,
            }
        )
    return pd.DataFrame(rows, columns=["interview", "turn", "speaker", "start_s", "text", "row"])


def speakers(
    transcript: RawTranscript,
    *,
    own_domains: Collection[str] = (),
    emails: Mapping[str, str] | None = None,
    chosen: Mapping[str, str] | None = None,
) -> tuple[Speaker, ...]:
    """Who is the customer and who asks, most words first.

    ``chosen`` (speaker → role) is the user's word and always wins. With ``own_domains`` an e-mail address in
    the speaker's name, or in ``emails`` (speaker → address), tells colleagues from customers. Otherwise
    it is a guess, marked as such: the interviewer asks most of the questions.
    """
    frame = turns(transcript)
    counts = []
    for name, part in frame[frame["speaker"] != ""].groupby("speaker", sort=False):
        n_words = sum(len(tokens(text)) for text in part["text"])
        n_questions = sum(_is_question(s) for text in part["text"] for s in sentences(text))
        counts.append((name, len(part), n_words, n_questions))
    total = sum(n_words for _, _, n_words, _ in counts) or 1
    parties = [entry for entry in counts if entry[2] / total >= _ASIDE_SHARE and entry[2] >= 5]
    told = {name: _by_side(name) or _by_domain(name, own_domains, emails or {}) for name, *_ in counts}
    guess = _guessed_interviewer([entry for entry in parties if told[entry[0]] is None])
    someone_asks = "interviewer" in told.values()
    found = []
    for name, n_turns, n_words, n_questions in counts:
        if chosen and name in chosen:
            role, reason, is_guess = chosen[name], "chosen by you", False
        elif told[name]:
            role, is_guess = told[name], False
            what = "marked in the file as" if _by_side(name) else "e-mail address"
            reason = f"{what} of your company" if role == "interviewer" else f"{what} of another company"
        elif (name, n_turns, n_words, n_questions) not in parties:
            role, reason, is_guess = "aside", "says almost nothing", True
        elif someone_asks:
            role, reason, is_guess = "customer", "the other side is from your company", True
        elif name == guess:
            role, reason, is_guess = "interviewer", f"asks most of the questions ({n_questions})", True
        else:
            role, reason, is_guess = (
                "customer",
                f"asks fewer questions ({n_questions}) and speaks {n_words:,} words",
                True,
            )
        found.append(Speaker(name, role, reason, is_guess, n_turns, n_words, n_questions))
    return tuple(sorted(found, key=lambda speaker: (-speaker.n_words, speaker.name)))


def _is_question(sentence: str) -> bool:
    return sentence.rstrip("\"'”’)").endswith("?") or bool(
        _ASKS.match(sentence) and not sentence.endswith(".")
    )


def _by_side(name: str) -> str | None:
    """The role of a speaker whose side the recorder names behind the name."""
    side = re.search(r"\((internal|external)\)$", name, re.IGNORECASE)
    return None if side is None else "interviewer" if side[1].casefold() == "internal" else "customer"


def _by_domain(name: str, own: Collection[str], emails: Mapping[str, str]) -> str | None:
    match = re.search(r"@([\w-]+(?:\.[\w-]+)+)", emails.get(name) or name)
    if not match or not own:
        return None
    return "interviewer" if match[1].lower() in {domain.lower() for domain in own} else "customer"


def _guessed_interviewer(parties: Sequence[tuple[str, int, int, int]]) -> str | None:
    """The voice with the most questions; when that is no clear lead, the one with the fewest words of the two."""
    if len(parties) < 2:
        return None
    ordered = sorted(parties, key=lambda entry: (-entry[3], entry[2]))
    first, second = ordered[0], ordered[1]
    if first[3] >= _CLEAR_LEAD * max(second[3], 1):
        return first[0]
    return min((first, second), key=lambda entry: (entry[2], entry[0]))[0]


def reading_view(
    transcripts: Sequence[RawTranscript],
    *,
    own_domains: Collection[str] = (),
    emails: Mapping[str, str] | None = None,
    chosen: Mapping[str, Mapping[str, str]] | None = None,
    customers: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Several interviews below each other, ready to read, search and code.

    ``chosen``: file name → (speaker → role); ``customers``: file name → customer_id. Columns of ``turns`` and
    ``file_name, title, time`` ("1:04:12"), ``role`` (customer | interviewer | aside), ``is_customer``
    and ``customer_id``; these are the ``utterances`` that ``verbatims()`` takes.
    """
    parts = []
    for transcript in transcripts:
        frame = turns(transcript)
        roles = {
            speaker.name: speaker.role
            for speaker in speakers(
                transcript,
                own_domains=own_domains,
                emails=emails,
                chosen=(chosen or {}).get(transcript.file_name),
            )
        }
        role = frame["speaker"].map(roles).fillna("aside").astype(object)
        parts.append(
            frame.assign(
                file_name=transcript.file_name,
                title=frame["interview"],
                time=[clock(second) for second in frame["start_s"]],
                party=role,
                is_customer=role == "customer",
                customer_id=(customers or {}).get(transcript.file_name),
            )
        )
    columns = [
        "interview",
        "turn",
        "speaker",
        "start_s",
        "text",
        "row",
        "file_name",
        "title",
        "time",
        "party",
    ]
    if not parts:
        return pd.DataFrame(columns=[*columns, "is_customer", "customer_id"])
    return pd.concat(parts, ignore_index=True)


def clock(seconds: float | None) -> str:
    """A moment of the recording; blank when there are no times.

    >>> clock(252.7), clock(3852), clock(None)
    ('4:12', '1:04:12', '')
    """
    if seconds is None or seconds != seconds:
        return ""
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


def search(view: pd.DataFrame, words: str, context: int = 80) -> pd.DataFrame:
    """Turns that hold all the words (any order, any case, inside words too), with the place around the first.

    Adds ``snippet`` and ``at`` (position of the first hit in the text) to the rows found; "…" marks a cut.
    """
    wanted = words.lower().split()
    if not wanted:
        return view.iloc[:0].assign(snippet=pd.Series(dtype=str), at=pd.Series(dtype=int))
    lowered = view["text"].str.lower()
    hit = pd.Series(True, index=view.index)
    for word in wanted:
        hit &= lowered.str.contains(word, regex=False)
    found = view[hit]
    at = [text.lower().find(wanted[0]) for text in found["text"]]
    snippets = []
    for text, position in zip(found["text"], at, strict=True):
        start, stop = max(0, position - context), min(len(text), position + len(wanted[0]) + context)
        snippets.append(("…" if start else "") + text[start:stop].strip() + ("…" if stop < len(text) else ""))
    return found.assign(snippet=snippets, at=at).reset_index(drop=True)
