"""Cleaning, splitting and masking of what people write."""

from types import SimpleNamespace

import pandas as pd
import pytest

from icp_core.voice import words
from icp_core.voice.verbatims import verbatims


@pytest.mark.parametrize(
    "text",
    [
        "n/a",
        "Nothing.",
        "nothing at present",
        "Keine Angabe",
        "-",
        "…",
        "N.A.",
        None,
        "rien",
        "no comment",
        "??",
    ],
)
def test_answers_that_say_nothing_are_told(text):
    assert words.is_non_answer(text)


@pytest.mark.parametrize(
    "text", ["No export to Excel", "Great", "Nothing works", "The price", "Nichts klappt"]
)
def test_short_answers_that_say_something_stay(text):
    assert not words.is_non_answer(text)


@pytest.mark.parametrize(
    "text, language",
    [
        ("Wir planen die Touren noch mit der Hand", "de"),
        ("Nous faisons le planning dans un tableur et c'est long", "fr"),
        ("Tenemos que hacerlo todo a mano y es muy lento", "es"),
        ("We do it all by hand and it is slow", "en"),
        ("App", None),
    ],
)
def test_the_language_is_told_by_small_words(text, language):
    assert words.language_of([text]) == language


def test_links_handles_and_addresses_are_stripped():
    assert words.cleaned("see https://a.b/c and @you at me@x.io <b>now</b>") == "see and at now"


def answers(**columns):
    frame = {"customer_id": ["a", None], "nps": [9, 3], "comment": ["Saves us time", "n/a"]}
    return pd.DataFrame(frame | columns)


def test_verbatims_keep_their_id_in_a_longer_file():
    short = verbatims(answers())
    longer = verbatims(pd.concat([answers(comment=["Too slow", "ok now"]), answers()], ignore_index=True))

    assert set(short["verbatim_id"]) < set(longer["verbatim_id"])


def test_verbatims_gather_all_sources_without_non_answers():
    notes = pd.DataFrame(
        {"customer_id": ["a"], "noted_on": ["2026-01-02"], "author_role": ["Sales"], "note": ["Budget cut"]}
    )
    tickets = pd.DataFrame(
        {"customer_id": ["a"], "subject": ["Export fails"], "comment": ["Export fails since May"]}
    )
    talk = pd.DataFrame(
        {
            "title": ["Call"] * 2,
            "speaker": ["Me", "Ana"],
            "text": ["Why now?", "We grew fast"],
            "is_customer": [False, True],
        }
    )

    found = verbatims(answers(), notes, tickets, talk)

    assert found["text"].tolist() == [
        "Saves us time",
        "Budget cut",
        "Export fails since May",
        "Why now?",
        "We grew fast",
    ]
    assert found["source"].tolist() == ["NPS survey", "Team notes", "Tickets", "Call", "Call"]
    assert found["by_customer"].tolist() == [True, False, True, False, True]
    assert found["verbatim_id"].is_unique


def test_the_role_comes_from_the_question_that_asks_for_it():
    asked = SimpleNamespace(name="q4", label="What is your role?", kind="category")

    found = verbatims(answers(q4=["Dispatcher", "Owner"]), questions=[asked])

    assert found["role"].tolist() == ["Dispatcher"] and found["text"].tolist() == ["Saves us time"]
