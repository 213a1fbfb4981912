"""Interview transcripts in the layouts that recorders write: who said what, when.

VTT (Teams, Zoom, Meet), SRT, Otter and other text, Markdown, and DOCX. What is not speech – titles, notes,
"started transcription" – is listed in the leftovers. Who of the speakers is the customer is not in these
files and is not guessed here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path

from icp_core.gather.raw_table import FileReading, Problem, RawTranscript, Utterance

_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_TIMING = re.compile(rf"^\s*({_CLOCK})\s*-->\s*({_CLOCK})")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"</?(?:v|c|i|b|u|ruby|rt|lang|font)(?:[.\s][^>]*)?>|<\d[\d:.]*>")
_MARKDOWN_TURN = re.compile(
    rf"^\s*(?:[-*+]\s+)?\*\*\[?([^\W_][^*]{{0,79}}?)\]?:?\*\*:?\s*(?:[(\[]({_CLOCK})[)\]])?:?\s*(.*)$"
)
_MARKDOWN_TIME = re.compile(rf"^\s*\\?[\[(]({_CLOCK})\\?[\])]\s*")
_NAME_THEN_TIME = re.compile(rf"^(?P<name>\S.{{0,78}}?)(?: {{2,}}|\t+ *)(?P<time>{_CLOCK})\s*$")
_TIME_ALONE = re.compile(rf"^[\[(]?({_CLOCK})[\])]?\s*$")
# “Ann Lee 10:03 AM”: only where the names come back, since a sentence may end in a time.
_NAME_SPACE_TIME = re.compile(
    rf"^(?P<name>\S(?:.{{0,60}}\S)?) (?P<time>{_CLOCK})(?:\s?[AaPp]\.?[Mm]\.?)?\s*$"
)
# “00:00:05 - Ann Lee” above what she says.
_TIME_DASH_NAME = re.compile(
    rf"^[\[(]?(?P<time>{_CLOCK})[\])]?\s+[-–—|]\s+(?P<name>[^\W\d_][^:]{{0,60}}?)\s*:?\s*$"
)
_BRACKETED = re.compile(rf"^[\[(]({_CLOCK})[\])]\s*(.*)$")
_NAME_BRACKET_TIME = re.compile(
    rf"^(?P<name>[^\s:\[(][^:\[(\n]{{0,70}}?)\s*[\[(](?P<time>{_CLOCK})[\])]\s*:?\s*(?P<text>.*)$"
)
_PREFIX = re.compile(r"^(?P<name>[^\W\d_][^:\n\t;|<>=\"“”]{0,60}?)\s*:\s+(?P<text>\S.*)$", re.DOTALL)
_PREFIX_ALONE = re.compile(r"^(?P<name>[^\W\d_][^:\n\t;|<>=\"“”]{0,60}?)\s*:\s*$")
_IN_BRACKETS = re.compile(r"^\(([^()]{2,60})\)$")
_TRANSCRIPTION = re.compile(
    r"\b(?:started|stopped) transcription\b|^transcribed by\b|^(?:recording|transcription) (?:started|stopped)"
    r"|\btranskription (?:gestartet|beendet|angehalten)$|\b(?:démarré|commencé|lancé|arrêté) la transcription$"
    r"|\b(?:inició|iniciado|detuvo|detenido) la transcripción$|\b(?:iniciou|interrompeu|parou) a transcrição$"
    r"|\bha (?:avviato|interrotto|arrestato) la trascrizione$|\b(?:de transcriptie|transcriptie) (?:gestart|gestopt|beëindigd)$",
    re.IGNORECASE,
)
_NO_SPEAKERS = frozenset(
    "participants attendees agenda summary keywords action action-items actions note notes http https ftp mailto date time "
    "location subject topic topics duration recording transcript title meeting next-steps links link url source speakers "
    "project company re from to cc sent chapters outline overview decisions questions summary-keywords teilnehmer datum thema "
    "zusammenfassung notizen participantes résumé for-example example ps warning important update edit tip".split()
)

# What stands below a talk, or between its parts, and was written, not said.
_SECTION = re.compile(
    r"^(?:#{1,6}\s+|\*\*)?(?:(?:ai[- ])?summary|meeting summary|action items?|next steps|to[- ]?dos?|key (?:takeaways|points)|takeaways|follow[- ]?ups?"
    r"|decisions|agenda|participants|attendees|chapters|outline|summary keywords|zusammenfassung|nächste schritte|aufgaben|teilnehmer"
    r"|résumé|prochaines étapes|resumen|próximos pasos|riepilogo|prossimi passi|samenvatting|actiepunten)\s*(?P<end>:?(?:\*\*)?:?)",
    re.IGNORECASE,
)

# Who leads a talk or is asked in it; said once above the talk, it only names the person.
_ROLES = frozenset(("host", "participant"))


@dataclass
class _Turns:
    """Utterances being collected, with what was left over."""

    utterances: list[Utterance] = field(default_factory=list)
    leftovers: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    title: str | None = None

    def add(self, speaker: str | None, start_s: float | None, text: str, row: int) -> None:
        self.utterances.append(Utterance(speaker or None, start_s, text.strip(), row))

    def leave(self, row: int, text: str, why: str = "This line is not speech.") -> None:
        self.leftovers.append(Problem(row, None, text, why, "Nothing to do if it is a title or a remark."))


def read_transcript(text: str, file_name: str) -> RawTranscript | None:
    """Read a text as a transcript; None when it is not one.

    Utterances are one per cue (VTT, SRT) or per turn (all others), in the order of the file; ``row`` is the
    line the cue or turn starts on, ``start_s`` seconds from the beginning where the file tells.

    >>> found = read_transcript("**Ann:** Hello.\\n\\n**Bo:** Hi, Ann.\\n\\n**Ann:** Bye.\\n", "talk.md")
    >>> found.layout, [u.speaker for u in found.utterances]
    ('markdown', ['Ann', 'Bo', 'Ann'])
    """
    lines = re.split(r"\r\n|\n|\r", text.lstrip("\ufeff"))
    head = next((line.strip() for line in lines if line.strip()), "")
    if head.startswith("WEBVTT"):
        turns, layout = _cues(lines)
    elif _is_srt(lines):
        turns, layout = _cues(lines)
        layout = "srt"
    else:
        lines = _with_names_beside_times(_with_plain_names(lines))
        layout = _text_layout(lines)
        if layout is None:
            return None
        turns = _TEXT_READERS[layout](lines)
    if not turns.utterances:
        return None
    _note_pseudo_speakers(turns)
    return RawTranscript(
        file_name, turns.title, layout, tuple(turns.utterances), tuple(turns.leftovers), tuple(turns.notes)
    )


def seconds_of(clock: str) -> float:
    """Seconds of a clock text ``h:mm:ss.mmm``, ``mm:ss`` or ``m:ss``.

    >>> seconds_of("00:02:30.060"), seconds_of("1:05")
    (150.06, 65.0)
    """
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return round(total, 3)


def read_docx(path: Path, file_name: str, *, known_label: Callable[[str], bool] | None) -> FileReading:
    """Read a Word document: a transcript when it is one, else the tables in it.

    Raises :class:`UnreadableFileError` when it holds neither.
    """
    from icp_core.gather.documents import document_of, tables_of

    document = document_of(path)
    lines = [line for paragraph in document.paragraphs for line in paragraph.split("\n")]
    text = "\n".join(lines)
    transcript = read_transcript(text, file_name)
    if transcript is not None:
        layout = {"otter": "teams-docx", "plain": "docx", "markdown": "docx"}.get(
            transcript.layout, transcript.layout
        )
        return FileReading(file_name, "", transcripts=(replace(transcript, layout=layout),))
    return tables_of(document, file_name, known_label)


def _is_srt(lines: list[str]) -> bool:
    filled = [line.strip() for line in lines[:60] if line.strip()]
    timings = sum(bool(_TIMING.match(line)) for line in filled)
    if not timings:
        return False
    return bool(filled[0].isdecimal() and len(filled) > 1 and _TIMING.match(filled[1])) or bool(
        _TIMING.match(filled[0])
    )


# --- cues: VTT and SRT ------------------------------------------------------------------------------------------


@dataclass
class _Cue:
    row: int
    start_s: float
    lines: list[str]


def _cues(lines: list[str]) -> tuple[_Turns, str]:
    turns = _Turns()
    cues: list[_Cue] = []
    index, size = 0, len(lines)
    while index < size:
        start = index
        while index < size and lines[index].strip():
            index += 1
        block = lines[start:index]
        index += 1
        if not block:
            continue
        timing = next((i for i, line in enumerate(block[:3]) if _TIMING.match(line)), None)
        if timing is None:
            if block[0].startswith("WEBVTT") or re.match(r"(?:NOTE|STYLE|REGION)\b", block[0]):
                for offset, line in enumerate(block):
                    if line.strip() != "WEBVTT":
                        turns.leave(start + 1 + offset, line)
            elif cues:
                cues[-1].lines += ["", *block]  # a blank line inside a cue
            else:
                for offset, line in enumerate(block):
                    turns.leave(start + 1 + offset, line)
            continue
        # Cues that follow each other without a blank line are parted at their timing lines.
        at = timing
        while at is not None:
            later = next((i for i in range(at + 1, len(block)) if _TIMING.match(block[i])), None)
            end = len(block) if later is None else later
            if later is not None and block[later - 1].strip().isdecimal():
                end = later - 1
            clock = _TIMING.match(block[at]).group(1)
            cues.append(_Cue(start + at + 1, seconds_of(clock), block[at + 1 : end]))
            at = later
    layout = _speak(cues, turns)
    return turns, layout


def _speak(cues: list[_Cue], turns: _Turns) -> str:
    """Tell the speakers of all cues; the layout they reveal."""
    joined = ["\n".join(cue.lines) for cue in cues]
    if any(_VOICE.search(text) for text in joined):
        _speak_voices(cues, joined, turns)
        return "teams-vtt"
    bracketed = sum(bool(cue.lines and _IN_BRACKETS.match(cue.lines[0].strip())) for cue in cues)
    if bracketed > 0.3 * len(cues):
        _speak_bracketed(cues, turns)
        return "meet-vtt"
    names = _prefix_names([" ".join(unescape(_TAG.sub("", text)).split("\n")) for text in joined])
    alone = _names_on_first_line(cues) if not names else set()
    named = 0
    spoken: list[tuple[str | None, str, _Cue]] = []
    for cue, text in zip(cues, joined, strict=True):
        plain = unescape(_TAG.sub("", text))
        found = _PREFIX.match(plain.strip())
        name = found.group("name").strip() if found else None
        first = cue.lines[0].strip() if cue.lines else ""
        if found and name in names:
            named += 1
            spoken.append((name, found.group("text"), cue))
        elif first in alone and len(cue.lines) > 1:
            named += 1
            spoken.append((first, "\n".join(cue.lines[1:]), cue))
        else:
            spoken.append((None, plain, cue))
    # A recorder that names the speaker in nearly every cue leaves the name out when it does not know; one
    # that names only changes leaves it out while the same person goes on.
    carries = bool(named) and named < 0.9 * len(cues)
    current = None
    for name, text, cue in spoken:
        current = name or (current if carries else None)
        turns.add(current, cue.start_s, " ".join(text.split("\n")), cue.row)
    unnamed = sum(utterance.speaker is None for utterance in turns.utterances)
    if named and unnamed:
        turns.notes.append(f"{unnamed} cues name no speaker.")
    return "zoom-vtt" if named else "vtt"


def _speak_voices(cues: list[_Cue], joined: list[str], turns: _Turns) -> None:
    current = None
    for cue, text in zip(cues, joined, strict=True):
        pieces = _VOICE.split(text)
        lead = unescape(_TAG.sub("", pieces[0])).strip()
        if lead:
            turns.add(current, cue.start_s, " ".join(lead.split("\n")), cue.row)
        for name, said in zip(pieces[1::2], pieces[2::2], strict=True):
            current = unescape(name).strip()
            turns.add(current, cue.start_s, " ".join(unescape(_TAG.sub("", said)).split("\n")), cue.row)


def _speak_bracketed(cues: list[_Cue], turns: _Turns) -> None:
    """``(Jane Doe)`` on a line of its own, then text; a ``-`` line parts two speakers in one cue."""
    current: str | None = None
    for cue in cues:
        said: list[str] = []
        row = cue.row
        for offset, line in enumerate(cue.lines, 1):
            stripped = line.strip()
            name = _IN_BRACKETS.match(stripped.removeprefix("- ").strip())
            if name:
                if said:
                    turns.add(current, cue.start_s, " ".join(said), row)
                    said = []
                current = name.group(1).strip()
                row = cue.row + offset
            elif stripped and stripped != "-":
                said.append(unescape(_TAG.sub("", stripped)))
        if said:
            turns.add(current, cue.start_s, " ".join(said), row)


def _prefix_names(texts: list[str]) -> set[str]:
    """Names before a colon that are speakers: short, not a label, and seen again (or in a text full of names)."""
    said = [
        (found.group("name").strip(), found.group("text"))
        for text in texts
        if (found := _PREFIX.match(text.strip())) and _is_name(found.group("name"))
    ]
    counts = Counter(name for name, _ in said)
    begun = next((i for i, (name, _) in enumerate(said) if counts[name] >= 2), 0)
    introduces = {name for name, text in said[:begun] if _introduces(text)}
    total = sum(counts.values())
    often = total >= 0.5 * max(len(texts), 1)
    names = {
        name
        for name, count in counts.items()
        if count >= 2
        or (often and _is_proper(name) and name.casefold() not in _ROLES and name not in introduces)
    }
    return names if sum(counts[name] for name in names) >= 2 or (often and names) else set()


def _introduces(text: str) -> bool:
    """Whether what follows a colon is only a name, as in “Interviewer: Ann Lee” above a talk."""
    return (
        2 <= len(text.split()) <= 6 and _is_proper(text) and not text.rstrip().endswith((".", "?", "!", "…"))
    )


def _names_on_first_line(cues: list[_Cue]) -> set[str]:
    firsts = Counter(cue.lines[0].strip() for cue in cues if len(cue.lines) > 1)
    names = {name for name, count in firsts.items() if count >= 2 and _is_name(name) and _is_proper(name)}
    return names if sum(firsts[name] for name in names) >= 0.5 * len(cues) else set()


def _is_name(text: str) -> bool:
    """Whether a text before a colon can be a speaker at all."""
    name = text.strip()
    words = name.split(" - ")[0].split()
    if not 1 <= len(words) <= 5 or name.casefold().replace(" ", "-") in _NO_SPEAKERS:
        return False
    return not re.search(r"[.!?]$|[,/\\@{}]", name) or bool(
        re.search(r"\b(?:Dr|Mr|Mrs|Ms|Prof|Jr|Sr|[A-Z])\.", name)
    )


def _is_proper(name: str) -> bool:
    """Whether every word of a name begins with a capital, a particle or a digit."""
    words = re.findall(r"\w[\w.'’-]*", name)
    small = {
        "de",
        "da",
        "del",
        "der",
        "den",
        "di",
        "du",
        "la",
        "le",
        "van",
        "von",
        "zu",
        "bin",
        "al",
        "el",
        "y",
        "e",
        "of",
    }
    return bool(words) and all(word[0].isupper() or word[0].isdigit() or word in small for word in words)


# --- turns: text, Markdown, Word --------------------------------------------------------------------------------


def _text_layout(lines: list[str]) -> str | None:
    """Which of the text layouts this is; None for a table or any other text."""
    filled = [line for line in lines[:3000] if line.strip()]
    if not filled:
        return None
    markdown = [found for line in filled if (found := _MARKDOWN_TURN.match(line))]
    if len(markdown) >= 2 and len(markdown) >= 0.15 * len(filled):
        names = Counter(found.group(1).strip() for found in markdown)
        if max(names.values()) >= 2 or any(found.group(2) for found in markdown) or len(filled) <= 6:
            return "markdown"
    otter = sum(
        bool((found := _NAME_THEN_TIME.match(line)) and _is_name(found.group("name"))) for line in filled
    )
    alone = sum(bool(_TIME_ALONE.match(line.strip())) for line in filled)
    speech = sum(len(line.split()) >= 3 for line in filled if not _NAME_THEN_TIME.match(line))
    if otter + alone >= 2 and otter + alone >= 0.1 * len(filled) and speech >= 0.5 * (otter + alone):
        return "otter"
    if any("otter.ai" in line for line in filled[-3:]) and otter + alone:
        return "otter"
    bracketed = sum(bool(_NAME_BRACKET_TIME.match(line)) for line in filled)
    if bracketed >= 2 and bracketed >= 0.3 * len(filled):
        return "plain"
    bare = [_without_clock(line)[1] for line in filled]
    names = _prefix_names(bare) | _alone_names(bare)
    counted = sum(
        1
        for line in bare
        if (found := _PREFIX.match(line.strip()) or _PREFIX_ALONE.match(line.strip()))
        and found.group("name").strip() in names
    )
    distinct = len(names)
    clocks = sum(bool(_BRACKETED.match(line)) for line in filled)
    if counted >= 3 and counted >= 0.3 * len(filled) and distinct >= 2 and counted >= 1.5 * distinct:
        return "plain"
    if clocks >= 3 and clocks >= 0.4 * len(filled):
        return "plain"
    return None


_QUOTED = re.compile(r"^\s*>\s?")
_HEADING_NAME = re.compile(rf"^#{{1,6}}\s+(?P<name>[^#:]{{2,60}}?)\s*(?P<time>[(\[]{_CLOCK}[)\]])?\s*$")
_SLANTED_NAME = re.compile(r"^([_*])(?P<name>[^\W_][^_*:]{0,60}?):?\1:?(?=\s|$)")


def _with_plain_names(lines: list[str]) -> list[str]:
    """The lines with speakers marked as Markdown mostly does, where they stand as headings, slanted or all quoted.

    >>> _with_plain_names(["## Ann Lee", "Why?", "## Bo", "Habit.", "## Ann Lee", "So?"])[:3]
    ['**Ann Lee**', 'Why?', '**Bo**']
    """
    filled = sum(bool(line.strip()) for line in lines)
    if filled and sum(bool(_QUOTED.match(line)) for line in lines) > 0.8 * filled:
        lines = [_QUOTED.sub("", line) for line in lines]
    for pattern in (_HEADING_NAME, _SLANTED_NAME):
        marked = {i: found for i, line in enumerate(lines) if (found := pattern.match(line.strip()))}
        if _come_back([found["name"] for found in marked.values()], 0.6):
            lines = list(lines)
            for i, found in marked.items():
                if _is_speaker(found["name"]):
                    time = f" {found['time']}" if found.groupdict().get("time") else ""
                    lines[i] = f"**{found['name']}**{time}{lines[i].strip()[found.end() :]}"
    return lines


def _with_names_beside_times(lines: list[str]) -> list[str]:
    """The lines with name and time on one of them, where a recorder writes them below each other or one blank apart.

    >>> _with_names_beside_times(["0:00", "Ann", "Why?", "0:05", "Bo", "Habit.", "0:09", "Ann", "Since when?"])[:3]
    ['', 'Ann  0:00', 'Why?']
    """
    times = {i: found[1] for i, line in enumerate(lines) if (found := _TIME_ALONE.match(line.strip()))}
    for step in (1, -1):
        named = {i: lines[i + step].strip() for i in times if 0 <= i + step < len(lines)}
        if len(named) >= 0.8 * len(times) and _come_back(list(named.values()), 0.8):
            beside = {i + step: f"{name}  {times[i]}" for i, name in named.items() if _is_speaker(name)}
            gone = {i for i in times if i + step in beside}
            return ["" if i in gone else beside.get(i, line) for i, line in enumerate(lines)]
    for pattern in (_NAME_SPACE_TIME, _TIME_DASH_NAME):
        told = {i: found for i, line in enumerate(lines) if (found := pattern.match(line.strip()))}
        if _come_back([found["name"] for found in told.values()], 1.0):
            return [
                f"{told[i]['name']}  {told[i]['time']}" if i in told else line for i, line in enumerate(lines)
            ]
    return lines


def _come_back(names: list[str], share: float) -> bool:
    """Whether so many of these are names of speakers, and the same few again and again."""
    fit = [name for name in names if _is_speaker(name)]
    return len(fit) >= max(3, share * len(names)) and len(set(fit)) <= 0.7 * len(fit)


def _is_speaker(text: str) -> bool:
    return (
        _is_name(text) and _is_proper(text) and len(text.split()) <= 5 and not text.endswith(("?", "!", "."))
    )


def _alone_names(texts: list[str]) -> set[str]:
    """Names that stand with their colon on a line of their own, seen again."""
    counts = Counter(
        found.group("name").strip()
        for text in texts
        if (found := _PREFIX_ALONE.match(text.strip())) and _is_name(found.group("name"))
    )
    return {name for name, count in counts.items() if count >= 2}


def _without_clock(line: str) -> tuple[float | None, str]:
    found = _BRACKETED.match(line.strip())
    if found:
        return seconds_of(found.group(1)), found.group(2)
    found = re.match(rf"^({_CLOCK})\s+(?=\S)(.*)$", line.strip())
    if found:
        return seconds_of(found.group(1)), found.group(2)
    return None, line.strip()


@dataclass
class _Open:
    """The turn being read."""

    speaker: str | None = None
    start_s: float | None = None
    row: int = 0
    lines: list[str] = field(default_factory=list)


def _close(turns: _Turns, turn: _Open | None, *, keep_empty: bool = False) -> None:
    if turn is not None and (turn.lines or keep_empty):
        turns.add(turn.speaker, turn.start_s, "\n".join(turn.lines), turn.row)
    elif turn is not None and turn.speaker:
        turns.leave(turn.row, turn.speaker, "A speaker without words.")


def _read_markdown(lines: list[str]) -> _Turns:
    turns = _Turns()
    turn: _Open | None = None
    named = Counter(found.group(1) for line in lines if (found := _MARKDOWN_TURN.match(line)))
    heard: set[str] = set()
    in_section = False
    for row, line in enumerate(lines, 1):
        stripped = line.strip()
        if not stripped:
            continue
        found = _MARKDOWN_TURN.match(line)
        if found and in_section and named[found.group(1)] < 2 and found.group(1).strip() not in heard:
            turns.leave(row, stripped)  # “- **Pain:** slow” below a summary
        elif found and not _is_remark(found.group(1), named[found.group(1)]):
            in_section = False
            heard.add(found.group(1).strip())
            _close(turns, turn, keep_empty=True)
            clock, text = found.group(2), found.group(3)
            early = _MARKDOWN_TIME.match(text)
            if early and clock is None:
                clock, text = early.group(1), text[early.end() :]
            text = _plain_markdown(text)
            turn = _Open(
                found.group(1).strip().rstrip(":"),
                seconds_of(clock) if clock else None,
                row,
                [text] if text else [],
            )
        elif _opens_section(stripped):
            _close(turns, turn, keep_empty=True)
            turn, in_section = None, True
            turns.leave(row, stripped)
        elif turn is None or stripped.startswith("#") or stripped in ("---", "***"):
            if stripped.startswith("# ") and turns.title is None:
                turns.title = stripped.lstrip("# ")
            turns.leave(row, stripped)
        else:
            turn.lines.append(_plain_markdown(stripped))
    _close(turns, turn, keep_empty=True)
    return turns


def _is_remark(name: str, seen: int) -> bool:
    label = name.strip().rstrip(":").casefold().replace(" ", "-")
    return label in _NO_SPEAKERS or (label in _ROLES and seen < 2)


def _opens_section(line: str) -> bool:
    """Whether a line opens a part that nobody speaks: a summary, the action items.

    >>> [_opens_section(t) for t in ("Action items:", "## Summary", "**Next steps**", "Summary: all agreed", "Decisions take long.")]
    [True, True, True, True, False]
    """
    found = _SECTION.match(line)
    return bool(found) and (bool(found["end"]) or (line.startswith("#") and found.end() == len(line)))


def _plain_markdown(text: str) -> str:
    return re.sub(r"\\([\[\]()*_#>`~!.+\-\\])", r"\1", text).strip()


def _read_otter(lines: list[str]) -> _Turns:
    turns = _Turns()
    turn: _Open | None = None
    speaker: str | None = None
    for row, line in enumerate(lines, 1):
        stripped = line.strip()
        if not stripped:
            continue
        found = _NAME_THEN_TIME.match(line.rstrip())
        alone = _TIME_ALONE.match(stripped)
        if _TRANSCRIPTION.search(stripped):
            turns.leave(row, stripped)
        elif found and _is_name(found.group("name")):
            _close(turns, turn)
            speaker = found.group("name").strip().strip("[]()")
            turn = _Open(speaker, seconds_of(found.group("time")), row)
        elif alone:
            _close(turns, turn)
            turn = _Open(speaker, seconds_of(alone.group(1)), row)
        elif turn is None or _opens_section(stripped):
            _close(turns, turn)
            turn = None
            if turns.title is None and not turns.utterances:
                turns.title = stripped
            turns.leave(row, stripped)
        else:
            turn.lines.append(stripped)
    _close(turns, turn)
    return turns


def _read_plain(lines: list[str]) -> _Turns:
    turns = _Turns()
    bare = [_without_clock(line)[1] for line in lines if line.strip()]
    names = _prefix_names(bare) | _alone_names(bare)
    turn: _Open | None = None
    for row, line in enumerate(lines, 1):
        stripped = line.strip()
        if not stripped:
            continue
        start, rest = _without_clock(line)
        bracket = _NAME_BRACKET_TIME.match(stripped) if start is None else None
        found = _PREFIX.match(rest) or _PREFIX_ALONE.match(rest)
        if _TRANSCRIPTION.search(stripped):
            turns.leave(row, stripped)
        elif bracket and _is_name(bracket.group("name")):
            _close(turns, turn)
            text = bracket.group("text").strip()
            turn = _Open(
                bracket.group("name").strip(), seconds_of(bracket.group("time")), row, [text] if text else []
            )
        elif found and found.group("name").strip() in names:
            _close(turns, turn)
            text = found.groupdict().get("text") or ""
            turn = _Open(found.group("name").strip(), start, row, [text] if text else [])
        elif start is not None:
            speaker = turn.speaker if turn else None
            _close(turns, turn)
            turn = _Open(speaker, start, row, [rest] if rest else [])
        elif turn is None or _opens_section(stripped):
            _close(turns, turn)
            turn = None
            if turns.title is None and not turns.utterances:
                turns.title = stripped
            turns.leave(row, stripped)
        else:
            turn.lines.append(stripped)
    _close(turns, turn)
    return turns


_TEXT_READERS = {"markdown": _read_markdown, "otter": _read_otter, "plain": _read_plain}


def _note_pseudo_speakers(turns: _Turns) -> None:
    """Say which names are probably no persons: they never say a word."""
    words: Counter[str] = Counter()
    for utterance in turns.utterances:
        if utterance.speaker:
            words[utterance.speaker] += len(re.findall(r"[^\W\d_]+", utterance.text))
    for name, count in words.items():
        if count == 0:
            turns.notes.append(f"“{name}” says nothing and is probably not a person.")
