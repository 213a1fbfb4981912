"""Interviews: nobody's words get lost, and the customer is told from the interviewer."""

import re
from pathlib import Path

import pytest

from icp_core.gather.raw_table import RawTranscript, Utterance
from icp_core.voice import transcripts as T

DATA = (Path(__file__).parents[3] / "../shared/data/transcripts").resolve()
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data is absent")


def talk(*said, name="call.vtt"):
    return RawTranscript(
        name, None, "plain", tuple(Utterance(who, float(i), text, i) for i, (who, text) in enumerate(said))
    )


def founders(number):
    """The markdown interview, read straight: **Name:** starts a turn, other paragraphs go on."""
    said = []
    for row, paragraph in enumerate(
        (DATA / f"founders-talk-{number}.md").read_text(encoding="utf-8").split("\n\n")
    ):
        match = re.match(r"\*\*(.+?):\*\*\s*(.*)", paragraph.strip(), re.DOTALL)
        if match:
            said.append([match[1], match[2], row])
        elif said and paragraph.strip():
            said[-1][1] += " " + paragraph.strip()
    return RawTranscript(
        "f.md", None, "markdown", tuple(Utterance(who, None, text, row) for who, text, row in said)
    )


@needs_data
def test_founder_interview_knows_host_from_guest():
    transcript = founders(52)

    found = {speaker.name: speaker for speaker in T.speakers(transcript)}

    assert found["Adam Stacoviak"].n_turns == 74 and found["Pia Mancini"].n_turns == 74
    assert found["Pia Mancini"].role == "customer" and found["Pia Mancini"].is_guess
    assert found["Adam Stacoviak"].role == "interviewer"
    assert [name for name, speaker in found.items() if speaker.role == "aside"] == [
        name for name in found if name not in ("Adam Stacoviak", "Pia Mancini")
    ]


@needs_data
def test_zoom_captions_become_turns_without_losing_a_word():
    blocks = (DATA / "meeting001_transcript.vtt").read_text(encoding="utf-8").replace("\r", "").split("\n\n")
    cues = []
    for block in blocks:
        lines = block.strip().split("\n")
        if any("-->" in line for line in lines):
            text = " ".join(lines[[("-->" in line) for line in lines].index(True) + 1 :])
            match = re.match(r"([A-Z][\w. ]+?): (.*)", text)
            cues.append((match[1], match[2]) if match else (None, text))
    transcript = talk(*cues)

    frame = T.turns(transcript)

    assert len(cues) == 300
    before = sorted(word for _, text in cues for word in text.split())
    assert sorted(word for text in frame["text"] for word in text.split()) == before
    assert not (frame["speaker"] == frame["speaker"].shift()).any()
    assert len(T.speakers(transcript)) == 5


def test_an_own_address_tells_the_interviewer_for_sure():
    transcript = talk(
        ("Ana (ana@us.io)", "We grew fast, and planning broke down."),
        ("Ben (ben@them.com)", "Is that so? Why? When?"),
    )

    found = {
        speaker.name: (speaker.role, speaker.is_guess)
        for speaker in T.speakers(transcript, own_domains=["us.io"])
    }

    assert found == {"Ana (ana@us.io)": ("interviewer", False), "Ben (ben@them.com)": ("customer", False)}


def test_the_side_a_recorder_names_tells_the_customer_for_sure():
    transcript = talk(
        ("Ana (internal)", "We grew fast, and planning broke down."),
        ("Ben (external)", "Is that so? Why? When?"),
    )

    found = {speaker.name: (speaker.role, speaker.is_guess) for speaker in T.speakers(transcript)}

    assert found == {"Ana (internal)": ("interviewer", False), "Ben (external)": ("customer", False)}


def test_the_users_word_on_who_is_who_wins():
    transcript = talk(
        ("A", "What happened then? And why?"), ("B", "We lost a client over a missed shift that night.")
    )

    found = {s.name: s for s in T.speakers(transcript, chosen={"A": "customer"})}

    assert found["A"].role == "customer" and not found["A"].is_guess


def test_search_finds_all_words_and_shows_the_place():
    view = T.reading_view(
        [talk(("A", "x " * 100 + "the payroll interface is missing"), ("B", "no interface"))]
    )

    found = T.search(view, "interface PAYROLL")

    assert found["speaker"].tolist() == ["A"] and "payroll interface" in found["snippet"][0]
    assert found["snippet"][0].startswith("…")


def test_several_interviews_stay_apart():
    view = T.reading_view(
        [
            talk(("A", "Why now?"), ("B", "We grew fast that year."), name="1.vtt"),
            talk(("B", "Hello"), name="2.vtt"),
        ],
        customers={"1.vtt": "c1"},
    )

    assert view["interview"].tolist() == ["1.vtt", "1.vtt", "2.vtt"]
    assert view["customer_id"].tolist()[:2] == ["c1", "c1"] and view["customer_id"].isna()[2]
    assert view.loc[view["file_name"] == "1.vtt", "is_customer"].tolist() == [False, True]
