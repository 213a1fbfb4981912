"""Transcripts: speakers, times and words come out of every layout; notes and labels do not become speech."""

from __future__ import annotations

from collections import Counter

import pytest

from icp_core.gather.parse import read_in_process
from tests.core.gather.files import docx_bytes, read_bytes, workbook_bytes
from tests.core.gather.real_data import shared_file


def one(reading):
    assert reading.error is None, reading.error
    assert len(reading.transcripts) == 1 and not reading.tables
    return reading.transcripts[0]


def said(transcript):
    return [(u.speaker, u.start_s, u.text) for u in transcript.utterances]


def test_zoom_meeting_gives_its_known_cues_speakers_and_words():
    found = one(read_in_process(shared_file("transcripts/meeting001_transcript.vtt")))
    counts = Counter(u.speaker for u in found.utterances)
    spoken = sum(len(u.text.split()) + len((u.speaker or "").split()) for u in found.utterances)

    assert len(found.utterances) == 300
    assert sorted(counts.values(), reverse=True) == [242, 45, 7, 3, 2, 1]
    assert counts[None] == 2
    assert spoken == 8837
    assert found.utterances[0].start_s == 4.859
    assert found.layout == "zoom-vtt"


def test_founder_interview_gives_its_known_turns():
    found = one(read_in_process(shared_file("transcripts/founders-talk-52.md")))
    counts = Counter(u.speaker for u in found.utterances)

    assert sorted(counts.values(), reverse=True) == [74, 74, 1]
    assert next(u.start_s for u in found.utterances if u.start_s is not None) == 4 * 60 + 9
    assert any("Break" in note for note in found.notes)
    assert not any("\\[" in u.text for u in found.utterances)


def test_teams_vtt_reads_voices_with_and_without_closing_tag(tmp_path):
    text = (
        "WEBVTT\n\n0a1b/12-0\n00:00:03.120 --> 00:00:06.480\n<v Jane Doe>We sell &amp; ship\nmugs.</v>\n\n"
        "0a1b/13-0\n00:00:07.000 --> 00:00:08.000\n<v Bo Kim>Nice\n\n"
        "0a1b/14-0\n00:01:07.000 --> 00:01:08.000\n<v Jane Doe>Yes.</v> <v Bo Kim>Ok.</v>\n"
    )

    found = one(read_bytes(tmp_path, text))

    assert said(found) == [
        ("Jane Doe", 3.12, "We sell & ship mugs."),
        ("Bo Kim", 7.0, "Nice"),
        ("Jane Doe", 67.0, "Yes."),
        ("Bo Kim", 67.0, "Ok."),
    ]
    assert found.layout == "teams-vtt"


def test_zoom_cue_without_a_name_goes_on_with_the_speaker_where_names_mark_changes(tmp_path):
    cues = [
        "Ann Lee - Acme: Hello there",
        "and welcome",
        "so glad",
        "Bo Kim: One thing: price",
        "matters",
        "Ann Lee - Acme: I see",
    ]
    text = "WEBVTT\n\n" + "\n\n".join(
        f"{i}\n00:00:0{i}.000 --> 00:00:0{i}.900\n{cue}" for i, cue in enumerate(cues, 1)
    )

    found = one(read_bytes(tmp_path, text))

    assert [u.speaker for u in found.utterances] == ["Ann Lee - Acme"] * 3 + ["Bo Kim"] * 2 + [
        "Ann Lee - Acme"
    ]
    assert found.utterances[3].text == "One thing: price"


def test_meet_vtt_parts_two_speakers_of_one_cue(tmp_path):
    text = (
        "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n(Jane Doe)\nHello all\n\n"
        "00:00:04.000 --> 00:00:08.000\n(Jane Doe)\nShall we?\n-\n\n(Bo Kim)\nYes please\n"
    )

    found = one(read_bytes(tmp_path, text))

    assert [(u.speaker, u.text) for u in found.utterances] == [
        ("Jane Doe", "Hello all"),
        ("Jane Doe", "Shall we?"),
        ("Bo Kim", "Yes please"),
    ]


def test_vtt_notes_are_left_over_not_spoken(tmp_path):
    text = "WEBVTT - Kickoff\n\nNOTE made by hand\n\n00:01.000 --> 00:02.000\nAnn: Hi\n\n00:03.000 --> 00:04.000\nAnn: Bye\n"

    found = one(read_bytes(tmp_path, text))

    assert [u.text for u in found.utterances] == ["Hi", "Bye"]
    assert [p.value for p in found.leftovers] == ["WEBVTT - Kickoff", "NOTE made by hand"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_srt_with_any_line_end_and_mark(tmp_path, end, mark):
    text = mark + end.join(
        [
            "1",
            "00:00:01,500 --> 00:00:03,000",
            "Ann: We lost",
            "two deals",
            "",
            "2",
            "01:00:04,000 --> 01:00:05,000",
            "Bo: Why?",
            "",
            "3",
            "01:00:06,000 --> 01:00:07,000",
            "Ann: Price",
            "",
        ]
    )

    found = one(read_bytes(tmp_path, text.encode()))

    assert said(found) == [
        ("Ann", 1.5, "We lost two deals"),
        ("Bo", 3604.0, "Why?"),
        ("Ann", 3606.0, "Price"),
    ]
    assert found.layout == "srt"


def test_otter_text_with_unknown_speakers_and_times_alone(tmp_path):
    text = (
        "Sidney  55:21  \nWe tried three tools. None of them worked.\n\nUnknown Speaker  1:02:03  \nWhat broke first?\n\n"
        "1:02:15  \nAnd what did it cost?\n\nSpeaker 1  1:03:00  \nTwo weeks.\n\nTranscribed by https://otter.ai\n"
    )

    found = one(read_bytes(tmp_path, text))

    assert said(found) == [
        ("Sidney", 3321.0, "We tried three tools. None of them worked."),
        ("Unknown Speaker", 3723.0, "What broke first?"),
        ("Unknown Speaker", 3735.0, "And what did it cost?"),
        ("Speaker 1", 3780.0, "Two weeks."),
    ]
    assert [p.value for p in found.leftovers] == ["Transcribed by https://otter.ai"]
    assert found.layout == "otter"


def test_teams_document_with_soft_breaks(tmp_path):
    content = docx_bytes(
        [
            "Kickoff-20260615_133555-Meeting Transcript",
            "15 June 2026, 03:35am",
            "27m 42s",
            "Nick Miller started transcription",
            "David Mulholland   0:03\nMorning all.\nShall we start?",
            "Nick Miller   1:00:10\nYes, go ahead.",
            "Nick Miller stopped transcription",
        ]
    )

    found = one(read_bytes(tmp_path, content))

    assert said(found) == [
        ("David Mulholland", 3.0, "Morning all.\nShall we start?"),
        ("Nick Miller", 3610.0, "Yes, go ahead."),
    ]
    assert found.title == "Kickoff-20260615_133555-Meeting Transcript"
    assert len(found.leftovers) == 5
    assert found.layout == "teams-docx"


@pytest.mark.parametrize(
    ("begun", "ended"),
    [("hat die Transkription gestartet", "hat die Transkription beendet"), ("a démarré la transcription", "a arrêté la transcription"), ("inició la transcripción", "detuvo la transcripción")],
)  # fmt: skip
def test_the_end_of_a_recording_is_nobodys_words_in_any_language(tmp_path, begun, ended):
    lines = [f"Ann Lee {begun}", "Ann Lee   0:03\nWarum?", "Bo Kim   0:09\nGewohnheit.", f"Ann Lee {ended}"]

    found = one(read_bytes(tmp_path, docx_bytes(lines)))

    assert said(found) == [("Ann Lee", 3.0, "Warum?"), ("Bo Kim", 9.0, "Gewohnheit.")]


def test_document_whose_transcript_is_a_table(tmp_path):
    rows = [
        ["00:01", "Ann", "Why did you switch?"],
        ["00:05", "Bo", "The old tool lost data."],
        ["00:09", "Ann", "And now?"],
        ["00:12", "Bo", "Now it works."],
    ]

    found = one(read_bytes(tmp_path, docx_bytes(["Interview"], [rows])))

    assert said(found)[1] == ("Bo", 5.0, "The old tool lost data.")
    assert found.speakers == ("Ann", "Bo")


def test_document_with_neither_table_nor_transcript_is_refused(tmp_path):
    reading = read_bytes(
        tmp_path, docx_bytes(["Dear all,", "please find the minutes attached.", "Best regards"])
    )

    assert "neither a table nor a transcript" in reading.error


@pytest.mark.parametrize(
    "text",
    [
        "Ann: Why did you look for a tool?\nBo: We lost an order.\nIt cost us a lot.\nAnn: How much?\nBo: Two weeks.\n",
        "[00:00:02] Ann: Why did you look for a tool?\n[00:00:09] Bo: We lost an order.\nIt cost us a lot.\n[00:01:00] Ann: How much?\n[00:01:02] Bo: Two weeks.\n",
        "Ann (00:00:02): Why did you look for a tool?\nBo (00:00:09): We lost an order.\nIt cost us a lot.\nAnn (00:01:00): How much?\nBo (00:01:02): Two weeks.\n",
        "**Ann** (00:00:02)\n\nWhy did you look for a tool?\n\n**Bo** (00:00:09)\n\nWe lost an order.\n\nIt cost us a lot.\n\n**Ann** (00:01:00)\n\nHow much?\n\n**Bo** (00:01:02)\n\nTwo weeks.\n",
        "00:00:02\nAnn\nWhy did you look for a tool?\n\n00:00:09\nBo\nWe lost an order.\nIt cost us a lot.\n\n00:01:00\nAnn\nHow much?\n\n00:01:02\nBo\nTwo weeks.\n",
        "Ann\n00:00:02\nWhy did you look for a tool?\n\nBo\n00:00:09\nWe lost an order.\nIt cost us a lot.\n\nAnn\n00:01:00\nHow much?\n\nBo\n00:01:02\nTwo weeks.\n",
        "## Ann\nWhy did you look for a tool?\n\n## Bo\nWe lost an order.\nIt cost us a lot.\n\n## Ann\nHow much?\n\n## Bo\nTwo weeks.\n",
        "_Ann_: Why did you look for a tool?\n\n_Bo_: We lost an order.\nIt cost us a lot.\n\n_Ann_: How much?\n\n_Bo_: Two weeks.\n",
        "> **Ann:** Why did you look for a tool?\n>\n> **Bo:** We lost an order.\n> It cost us a lot.\n>\n> **Ann:** How much?\n>\n> **Bo:** Two weeks.\n",
        "[Ann] 00:00:02\nWhy did you look for a tool?\n\n[Bo] 00:00:09\nWe lost an order.\nIt cost us a lot.\n\n[Ann] 00:01:00\nHow much?\n\n[Bo] 00:01:02\nTwo weeks.\n",
        "Interviewer: Ann Lee\nCustomer: Bo Kim, Quarry\n\nAnn: Why did you look for a tool?\nBo: We lost an order.\nIt cost us a lot.\nAnn: How much?\nBo: Two weeks.\n",
        "Ann 00:00:02\nWhy did you look for a tool?\nBo 00:00:09\nWe lost an order.\nIt cost us a lot.\nAnn 00:01:00\nHow much?\nBo 00:01:02\nTwo weeks.\n",
        "Ann:\nWhy did you look for a tool?\n\nBo:\nWe lost an order.\nIt cost us a lot.\n\nAnn:\nHow much?\n\nBo:\nTwo weeks.\n",
    ],
    ids=[
        "names",
        "times and names",
        "names with times",
        "markdown roles",
        "time above name",
        "name above time",
        "headings",
        "slanted",
        "quoted",
        "brackets",
        "who is who above",
        "one blank between",
        "names alone",
    ],
)
def test_plain_layouts_give_the_same_turns(tmp_path, text):
    found = one(read_bytes(tmp_path, text))

    assert [(u.speaker, u.text) for u in found.utterances] == [
        ("Ann", "Why did you look for a tool?"),
        ("Bo", "We lost an order.\nIt cost us a lot."),
        ("Ann", "How much?"),
        ("Bo", "Two weeks."),
    ]
    if "00:" in text:
        assert [u.start_s for u in found.utterances] == [2.0, 9.0, 60.0, 62.0]


def test_labels_do_not_become_speakers(tmp_path):
    text = (
        "Interview with Acme\nParticipants: Ann, Bo\nAgenda: pains\nAnn: Where does it hurt?\nBo: Here is one thing: reports.\n"
        "Bo: See http://x.com for more\nAnn: Thanks.\nBo: Sure.\n"
    )

    found = one(read_bytes(tmp_path, text))

    assert found.speakers == ("Ann", "Bo")
    assert [p.value for p in found.leftovers] == [
        "Interview with Acme",
        "Participants: Ann, Bo",
        "Agenda: pains",
    ]
    assert found.utterances[1].text == "Here is one thing: reports."


@pytest.mark.parametrize(
    "text",
    [
        "id,comment\n1,Ann: good\n2,Bo: bad\n3,Ann: fine\n",
        "Name: Value\n",
        " 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n 00021 0002 19970101  3   63.34\n",
        "time;speaker;text\n00:01;Ann;Hello\n00:02;Bo;Hi\n",
    ],
)
def test_tables_in_text_files_stay_tables(tmp_path, text):
    reading = read_bytes(tmp_path, text, "notes.txt")

    assert not reading.transcripts
    assert len(reading.tables) == 1


def test_the_host_of_a_talk_is_a_speaker_and_a_host_named_above_it_is_none(tmp_path):
    turns = ["**Host:** What bothers you?", "**Maria:** Invoices take a week.", "**Host:** And then?"]
    talk = "\n\n".join(["# Interview", *turns, "**Maria:** We switched."])
    above = "\n\n".join(
        ["# Call", "**Host:** Ann", "**Maria:** Slow.", "**Eva:** Why?", "**Maria:** No idea."]
    )

    spoken = one(read_bytes(tmp_path, talk, "talk.md")).utterances
    called = one(read_bytes(tmp_path, above, "call.md"))

    assert [u.speaker for u in spoken] == ["Host", "Maria", "Host", "Maria"]
    assert called.speakers == ("Maria", "Eva")
    assert "**Host:** Ann" in [problem.value for problem in called.leftovers]


BELOW = "Action items:\nSend the offer\nSummary: all agreed\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("talk.txt", "Ann: Where does it hurt?\nBo: Reports.\nIn every week.\nAnn: Why?\nBo: Habit.\n\n" + BELOW),
        ("otter.txt", "Ann  0:03  \nWhere does it hurt?\n\nBo  0:09  \nReports.\nIn every week.\n\nAnn  0:12  \nWhy?\n\nBo  0:15  \nHabit.\n\n" + BELOW),
        ("talk.md", "**Ann:** Where does it hurt?\n\n**Bo:** Reports.\nIn every week.\n\n**Ann:** Why?\n\n**Bo:** Habit.\n\n## Action items\n\n- **Offer:** send\n\n**Summary:** all agreed\n"),
    ],
)  # fmt: skip
def test_what_is_written_below_a_talk_is_nobodys_words(tmp_path, name, text):
    found = one(read_bytes(tmp_path, text, name))

    assert [(u.speaker, u.text) for u in found.utterances] == [
        ("Ann", "Where does it hurt?"),
        ("Bo", "Reports.\nIn every week."),
        ("Ann", "Why?"),
        ("Bo", "Habit."),
    ]
    below = [line for line in text.split("Habit.")[1].split("\n") if line]
    assert [p.value for p in found.leftovers] == below


def test_a_summary_above_a_talk_does_not_silence_it(tmp_path):
    text = "## Summary\n\n- **Pain:** reports\n\n## Transcript\n\n**Ann:** Why?\n\n**Bo:** Habit.\n\n**Ann:** And?\n\n**Bo:** That is all.\n"

    found = one(read_bytes(tmp_path, text, "talk.md"))

    assert [u.speaker for u in found.utterances] == ["Ann", "Bo", "Ann", "Bo"]
    assert "- **Pain:** reports" in [p.value for p in found.leftovers]


def test_a_table_of_utterances_is_one_interview_per_call(tmp_path):
    text = (
        "call_id,call_title,utterance,speaker_name,speaker_email,speaker_affiliation\n"
        "c1,Demo,How do you plan?,Ann Lee,ann@us.com,internal\n"
        'c1,Demo,"In a spreadsheet, it hurts",Bo Kim,bo@quarry.com,external\n'
        "c2,Demo,We need more speed,Cy Orr,cy@cat.com,external\n"
        "c1,Demo,,Bo Kim,bo@quarry.com,external\n"
    )

    first, second = read_bytes(tmp_path, text, "calls.csv").transcripts

    assert said(first) == [
        ("Ann Lee (internal)", None, "How do you plan?"),
        ("Bo Kim (external)", None, "In a spreadsheet, it hurts"),
    ]
    assert said(second) == [("Cy Orr (external)", None, "We need more speed")]
    assert (first.file_name, second.file_name) == ("Demo (c1)", "Demo (c2)")
    assert [p.row for p in first.leftovers] == [5]
    assert first.notes == ("Not kept with the interview: “speaker_email”.",)


def test_turns_in_a_table_keep_their_times(tmp_path):
    rows = [["Speaker", "Start (ms)", "Text"], ["Ann", 1500, "Why?"], ["Bo", 9000, "Habit, mostly"], ["Ann", 12000, "And?"]]  # fmt: skip

    found = one(read_bytes(tmp_path, workbook_bytes({"Talk": rows}), "talk.xlsx"))

    assert said(found) == [("Ann", 1.5, "Why?"), ("Bo", 9.0, "Habit, mostly"), ("Ann", 12.0, "And?")]


def test_a_list_of_speakers_is_no_talk(tmp_path):
    text = "Speaker,Time,Content\nAnn Lee,09:00,Planning at scale\nBo Kim,10:00,Pricing\nCy Orr,11:00,Churn\nDi Fox,12:00,Hiring\n"

    reading = read_bytes(tmp_path, text, "programme.csv")

    assert not reading.transcripts and len(reading.tables) == 1


def test_two_words_said_once_are_speech_and_no_introduction(tmp_path):
    found = one(read_bytes(tmp_path, "Ann: Good Morning\nBo: Hi Ann\nAnn: How do you plan?\n"))

    assert [(u.speaker, u.text) for u in found.utterances][1] == ("Bo", "Hi Ann")


def test_a_time_a_dash_and_the_name_stand_above_what_is_said(tmp_path):
    text = "00:00:05 - Ann Lee\nHow was it?\n\n00:00:11 - Bo Kim\nSlow at first.\n\n00:00:20 - Ann Lee\nAnd now?\n"

    found = one(read_bytes(tmp_path, text))

    assert said(found) == [
        ("Ann Lee", 5.0, "How was it?"),
        ("Bo Kim", 11.0, "Slow at first."),
        ("Ann Lee", 20.0, "And now?"),
    ]
