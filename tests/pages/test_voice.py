"""The Voice page as a user meets it: read, review by buttons, edit themes, say who is who."""

import re
import shutil
import threading
import time
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from benchmarks.made_answers import survey_csv as survey_csv_of
from icp_core.segments.conditions import Condition, Segment
from icp_core.voice import collect, review
from icp_core.voice.codes import suggest
from icp_core.workspace import Workspace, workspace_path
from pages.components import long_work, state
from tests.pages.voice_workspace import TALK, customers_csv, load_files, survey_csv


class Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data):
        if data.strip():
            self.found.append(data.strip())


def html_words(app) -> str:
    parser = Words()
    for element in app.get("html"):
        parser.feed(re.sub(r"<style>.*?</style>", "", element.proto.body, flags=re.DOTALL))
    return " ".join(parser.found)


def words(app) -> str:
    kinds = ("markdown", "caption", "info", "success", "error", "warning")
    return " ".join(e.value for kind in kinds for e in getattr(app, kind)) + " " + html_words(app)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("voice")
    load_files(folder, {"customers.csv": customers_csv(), "survey.csv": survey_csv(), "talk.vtt": TALK})
    return folder


@pytest.fixture
def survey(home, loaded):
    """A home with 24 customers, their answers and one interview."""
    shutil.copytree(loaded, home, dirs_exist_ok=True)
    return home


@pytest.fixture
def open_tab(app, open_page):
    def opened(name: str, **query):
        app.session_state["voice.tabs"] = name
        page = open_page(app, "voice", **query)
        assert not page.exception, [e.message for e in page.exception]
        return page

    return opened


def press(page, key):
    page = page.button(key=key).click().run()
    assert not page.exception, [e.message for e in page.exception]
    return page


def decided(home, topic):
    with Workspace.open(workspace_path("My workspace", home)) as workspace:
        return {d.key: d.value for d in workspace.decisions(topic)}


def let_go():
    """Close the app's workspace so that a test may look into the file."""
    import streamlit as st

    st.cache_resource.clear()


def test_an_empty_workspace_says_what_to_do_next(app, open_page):
    page = open_page(app, "voice")

    assert page.title[0].value == "Voice"
    assert "Drop your exports on the Data page" in page.info[0].value
    assert not page.tabs


def written(about: str, i: int) -> str:
    """A sentence nobody else writes the same way."""
    when = ["on Mondays", "at the end of the month", "after holidays", "in the evening", "every single time"]
    return (
        f"{about} {when[i % 5]} when {i + 2} of us work on {['big', 'small', 'new'][i % 3]} sites, honestly"
    )


def test_a_survey_alone_is_read_before_any_customer_is_loaded(home, open_tab):
    rows = ["Respondent ID,How do you run it?,What hinders you most?"]
    rows += [
        f'{i},{"At home" if i % 3 else "At work"},"{written("The export of invoices is slow", i)}"'
        for i in range(40)
    ]
    load_files(home, {"survey.csv": "\n".join(rows)})

    page = open_tab("Answers")
    assert "No customers are loaded yet" in words(page) and "40 answered" in words(page)
    for tab in ("Scores", "Themes", "Phrases", "Codes", "Interviews", "Team notes"):
        open_tab(tab)
    assert "40 texts put together" in words(open_tab("Themes"))


def test_customers_without_a_survey_are_told_how_to_get_scores(open_tab, facts):
    page = open_tab("Scores")

    assert "Load a survey on the Data page" in words(page)
    assert not page.get("vega_lite_chart")


@pytest.mark.parametrize("tab", ["Answers", "Themes", "Phrases", "Codes", "Interviews", "Team notes"])
def test_customers_who_said_nothing_get_a_next_step_on_every_tab(tab, open_tab, facts):
    page = open_tab(tab)

    assert page.info or page.caption
    assert not page.error


def test_the_score_is_counted_straight_from_the_file(survey, open_tab):
    # Of 24 scores 12 are tens, 6 eights and 6 threes: NPS = 50 % − 25 %.
    page = open_tab("Scores")

    shown = html_words(page)
    assert "NPS +25" in shown
    assert "Promoters 12 50 %" in shown
    assert "Passives 6 25 %" in shown and "Detractors 6 25 %" in shown
    assert "Hint (n = 24)" in shown


def test_the_response_rate_appears_once_the_invitations_are_known(survey, open_tab):
    page = open_tab("Scores")
    assert "Response rate" not in html_words(page)

    page.number_input(key="voice.sent").set_value(200).run()
    press(page, "voice.keep_sent")

    assert "Response rate 12 % 24 of 200 asked" in html_words(page)
    assert "12 % of those asked answered" in words(page)


def test_satisfaction_alone_is_followed_over_time_by_group_and_by_person(home, open_tab):
    rows = ["Response ID,Account ID,Date,How satisfied are you? (1-5),Why?"]
    rows += [
        f'R{i},A{i + 1},2026-0{1 + i % 6}-10,{5 if i % 2 else 2},"{written("The export is slow", i)}"'
        for i in range(24)
    ]
    load_files(home, {"customers.csv": customers_csv(), "survey.csv": "\n".join(rows)})

    page = open_tab("Scores")

    assert "Satisfied, survey 50 %" in html_words(page)
    said = " ".join(chart.proto.alt for chart in page.get("vega_lite_chart"))
    assert "Satisfaction per period: 2026 Q1 33.3 % (n 12); 2026 Q2 66.7 % (n 12)." in said
    assert "Industry: Cleaning 100 % · n 12, others 0 %" in said
    assert "12 people by their latest answer, the most valuable customers first" in words(page)


def test_answers_of_one_period_are_said_to_have_no_trend(home, open_tab):
    rows = ["Response ID,Date,How likely are you to recommend us? (0-10)"]
    rows += [f"R{i},2026-05-{10 + i},{4 + i % 7}" for i in range(14)]
    load_files(home, {"survey.csv": "\n".join(rows)})

    page = open_tab("Scores")

    assert "All answers are of one period: there is no trend to see yet." in words(page)
    assert "no value is known of them" in words(page) and "Measured on" not in words(page)


def test_a_segment_stands_beside_the_rest(survey, open_tab):
    page = open_tab("Scores", segment='[["industry","is_any_of",["Cleaning"]]]')

    # Every cleaning company gave a ten; of the others 6 gave eights and 6 threes.
    assert "NPS +100 others −50" in html_words(page)


def test_answers_are_bars_of_shares(survey, open_tab):
    page = open_tab("Answers")

    chart = page.get("vega_lite_chart")[0]
    assert "Spreadsheet" in chart.proto.alt and "33.3 % · 8" in chart.proto.alt


def test_a_renamed_theme_keeps_its_name(survey, open_tab):
    page = open_tab("Themes")
    theme = review_themes(survey)[0]
    page.session_state[f"voice.edit_{theme}"] = True
    page.run()

    page.text_input(key=f"voice.theme_{theme}_name").set_value("Payroll by hand").run()
    press(page, f"voice.theme_{theme}_rename")

    assert "## Payroll by hand" in [m.value for m in page.markdown]
    page.run()
    assert "## Payroll by hand" in [m.value for m in page.markdown]

    press(page, "voice.theme_undo")
    assert "## Payroll by hand" not in [m.value for m in page.markdown]


def review_themes(home) -> list[str]:
    """Ids of the themes of the survey answers, most people first."""
    from icp_core.facts.store import load_facts
    from icp_core.voice.themes import find_themes

    let_go()
    with Workspace.open(workspace_path("My workspace", home)) as workspace:
        texts = review.of_kind(collect.everything_said(workspace), "response")
        found = [t.theme_id for t in find_themes(texts, load_facts(workspace)).themes]
    let_go()
    return found


def test_a_hidden_theme_can_be_shown_again(survey, open_tab):
    page = open_tab("Themes")
    theme = review_themes(survey)[0]
    n_before = sum(m.value.startswith("## ") for m in page.markdown)
    page.session_state[f"voice.edit_{theme}"] = True
    page.run()

    press(page, f"voice.theme_{theme}_hide")
    assert sum(m.value.startswith("## ") for m in page.markdown) == n_before - 1

    press(page, f"voice.theme_{theme}_show")
    assert sum(m.value.startswith("## ") for m in page.markdown) == n_before


def test_themes_of_one_question_leave_the_others_out(home, open_tab):
    rows = ["Respondent ID,What hinders you most?,What do you like best?"]
    rows += [
        f'{i},"{written("The export of invoices is slow", i)}","{written("Friendly people answer the phone", i)}"'
        for i in range(30)
    ]
    load_files(home, {"survey.csv": "\n".join(rows)})
    page = open_tab("Themes")
    assert "What do you like best? (30)" in page.selectbox(key="voice.asked_themes").options

    page = page.selectbox(key="voice.asked_themes").set_value("response: ").run()

    assert "30 texts put together" in words(page) and "invoices" not in words(page)


def test_chosen_texts_move_to_a_theme_of_their_own(survey, open_tab):
    page = open_tab("Themes")
    opener = next(b.key for b in page.button if (b.key or "").startswith("voice.texts_"))
    page = press(page, opener)
    key = opener.replace("voice.texts_", "voice.in_")
    picks = [c.key for c in page.checkbox if c.key.startswith(f"{key}_pick_")]
    for pick in picks[:2]:
        page = page.checkbox(key=pick).check().run()
    page = page.selectbox(key=f"{key}_into").set_value("new").run()
    page = page.text_input(key=f"{key}_new").set_value("Typed twice").run()

    page = press(page, f"{key}_move")

    assert "Typed twice" in words(page)
    let_go()
    (edit,) = decided(survey, "theme").values()
    assert edit["do"] == "move" and {f"{key}_pick_{v}" for v in edit["verbatim_ids"]} >= set(picks[:2])
    assert len(edit["verbatim_ids"]) > 2  # the same words of others went along


def test_a_second_visit_reads_nothing_again(survey, open_tab, app, monkeypatch):
    open_tab("Themes")
    open_tab("Codes")
    app.session_state[state._KEPT] = {}

    def refuse(*args, **kwargs):
        raise AssertionError("read again")

    monkeypatch.setattr("pages.components.voice_reading.suggest", refuse)
    monkeypatch.setattr("pages.components.voice_reading.group_texts", refuse)
    page = open_tab("Themes")
    assert [b for b in page.button if (b.key or "").startswith("voice.texts_")]
    page = open_tab("Codes")
    assert "to review" in words(page)


def test_a_long_reading_shows_how_far_it_is_and_can_be_stopped(survey, open_tab, monkeypatch):
    told, go_on = threading.Event(), threading.Event()

    def slow(texts, decisions=(), *, progress):
        progress(0.4, "Looking for jobs, pains and triggers")
        told.set()
        go_on.wait(30)
        progress(0.5, "Looking further")
        raise AssertionError("went on after the stop")

    seen = []

    def look(share, text=""):
        seen.append((share, text))
        if told.is_set():
            long_work.known(state.kept("readings")["codes"]).stop()
            go_on.set()

    with monkeypatch.context() as patched:
        patched.setattr("pages.components.voice_reading.suggest", slow)
        patched.setattr(long_work.st, "progress", lambda *a, **k: SimpleNamespace(progress=look))
        page = open_tab("Codes")

    assert seen[-1] == (0.4, seen[-1][1]) and "Looking for jobs" in seen[-1][1]
    assert "Stopped" in words(page)
    page = press(page, next(b.key for b in page.button if b.label == "Start again"))
    assert "to review" in words(page)


@pytest.mark.soak
def test_twenty_thousand_answers_open_in_five_seconds_after_the_first_reading(home, open_tab, app):
    load_files(home, {"survey.csv": survey_csv_of(20_000)})
    app.default_timeout = 600
    for tab in ("Themes", "Codes"):
        open_tab(tab)
    seconds = {}
    for tab in ("Themes", "Codes"):
        app.session_state[state._KEPT] = {}
        began = time.perf_counter()
        page = open_tab(tab)
        seconds[tab] = time.perf_counter() - began
        assert "Stop" not in [b.label for b in page.button]

    print(seconds)  # noqa: T201 – the figure for docs/measurements-voice.md
    assert max(seconds.values()) < 5


def test_codes_are_decided_by_buttons_that_show_their_keys(survey, open_tab):
    page = open_tab("Codes")
    with_keys = {b.key: b.proto.shortcut for b in page.button if b.key and b.key.startswith("voice.code_")}
    assert with_keys["voice.code_accept"].lower() == "a"
    assert with_keys["voice.code_reject"].lower() == "x"
    assert with_keys["voice.code_next"].lower() == "n"

    said = []
    for key in ("accept", "reject", "next"):
        said.append(sentence(page))
        press(page, f"voice.code_{key}")
    said.append(sentence(page))
    press(page, "voice.code_change")
    press(page, "voice.code_trigger")

    assert "12 to review, 3 decided" in words(page)
    let_go()
    kept = sorted((v["verdict"], v["text"], v.get("new_code")) for v in decided(survey, "code").values())
    assert kept == [
        ("accepted", said[0], None),
        ("changed", said[3], "trigger"),
        ("rejected", said[1], None),
    ]


def sentence(page) -> str:
    """The sentence under review, as it was said."""
    shown = next(m.value for m in page.markdown if m.value.startswith("## "))
    return shown.removeprefix("## ").replace("\\", "").replace("\u2060", "")


def test_a_decision_on_a_code_can_be_taken_back(survey, open_tab):
    page = open_tab("Codes")
    first = sentence(page)

    press(page, "voice.code_accept")
    press(page, "voice.code_undo")

    assert sentence(page) == first
    let_go()
    assert decided(survey, "code") == {}


def test_what_was_decided_reaches_the_codes_of_the_core(survey, open_tab):
    page = open_tab("Codes")
    press(page, "voice.code_accept")
    let_go()

    with Workspace.open(workspace_path("My workspace", survey)) as workspace:
        found = suggest(collect.everything_said(workspace), review.code_decisions(workspace))

    assert found["status"].eq("accepted").sum() == 1


def test_the_interview_says_who_is_who_and_whose_it_is(survey, open_tab):
    page = open_tab("Interviews")
    whose = next(s for s in page.selectbox if s.label == "Whose interview is it?")
    whose.set_value("A5").run()

    role = next(s for s in page.selectbox if s.label == "Tom Ash")
    assert role.value == "customer"
    role.set_value("aside").run()

    role = next(s for s in page.selectbox if s.label == "Tom Ash")
    assert role.value == "aside"
    page.switch_page("pages/data.py").run()
    page.session_state["voice.tabs"] = "Interviews"
    page.switch_page("pages/voice.py").run()
    assert next(s for s in page.selectbox if s.label == "Tom Ash").value == "aside"
    let_go()
    told = decided(survey, "interview")["talk.vtt"]
    assert told["customer_id"] == "A5"
    assert told["roles"]["Tom Ash"] == "aside"


def test_words_of_a_turn_are_coded_by_hand(survey, open_tab):
    page = open_tab("Interviews")
    turn = next(b for b in page.button if b.label == "Code this")
    turn.click().run()
    area = next(a for a in page.text_area if a.label == "Keep the words that matter")
    area.set_value("the spreadsheet is never up to date").run()
    page.selectbox(key="voice.coded_as").set_value("criterion").run()
    press(page, "voice.add_code")
    let_go()

    with Workspace.open(workspace_path("My workspace", survey)) as workspace:
        found = suggest(collect.everything_said(workspace), review.code_decisions(workspace))
    mine = found[found["cue"].eq("chosen by hand")].iloc[0]
    assert mine["sentence"] == "the spreadsheet is never up to date"
    assert mine["code"] == "criterion" and mine["status"] == "accepted"


def test_a_search_shows_the_place_in_the_talk(survey, open_tab):
    page = open_tab("Interviews")

    page.text_input(key="voice.search").set_value("works council").run()

    assert "**1 turn**" in words(page) and "was worried that a planning tool" in words(page)
    assert "**works**  **council**" in words(page)


def test_a_place_that_was_searched_is_coded_sentence_by_sentence(survey, open_tab):
    page = open_tab("Interviews")
    page.text_input(key="voice.search").set_value("works council").run()
    page.button(key="voice.hit_0").click().run()
    ticks = [c for c in page.checkbox if c.key.startswith("voice.part_")]
    if ticks:
        page = ticks[0].check().run()
    kept = next(a for a in page.text_area if a.label == "Keep the words that matter").value
    assert "works council" in kept
    press(page, "voice.add_code")
    let_go()

    assert [d["text"] for d in decided(survey, "code").values()] == [kept]
    assert not [a for a in page.run().text_area if a.label == "Keep the words that matter"]


def test_codes_stand_beside_the_saved_segments_and_quotes_say_who_spoke(survey, open_tab):
    with Workspace.open(workspace_path("My workspace", survey)) as workspace:
        large = Segment((Condition("industry", "is_any_of", ("Cleaning",)),), "Cleaners")
        workspace.decide("segments", large.name, large.to_dict())
    page = open_tab("Codes")

    table = next(d.value for d in page.dataframe if "Code" in d.value)
    heads = [head.split(" (")[0] for head in table.columns]
    assert heads[:3] == ["Code", "All customers", "Cleaners"]
    page.session_state["voice.adds_up_pain"] = True
    page = page.run()
    assert "survey" in words(page) and "Amber" in words(page)


def test_a_typed_note_counts_like_a_loaded_one_and_can_be_taken_back(survey, open_tab):
    page = open_tab("Team notes")
    page.text_area(key="voice.note_text").set_value("They struggle because the sync fails every day")
    page.selectbox(key="voice.note_customer").set_value("A3")
    page.selectbox(key="voice.note_role").set_value("Support")
    page = next(b for b in page.button if b.label == "Keep the note").click().run()

    assert not page.exception
    assert "The note is kept" in words(page)
    let_go()
    with Workspace.open(workspace_path("My workspace", survey)) as workspace:
        said = collect.everything_said(workspace)
    note = said[said["kind"].eq("note")].iloc[0]
    assert (note["text"], note["customer_id"], note["role"]) == (
        "They struggle because the sync fails every day",
        "A3",
        "Support",
    )

    let_go()
    press(page.run(), "voice.note_undo")
    let_go()
    assert decided(survey, "note") == {}


def test_an_empty_note_is_refused_in_words(survey, open_tab):
    page = open_tab("Team notes")

    page = next(b for b in page.button if b.label == "Keep the note").click().run()

    assert "The note is empty" in page.error[0].value


def test_text_of_customers_is_never_markup(home, open_tab):
    evil = survey_csv().replace(
        "We waste two hours a week", "We waste ![x](http://127.0.0.1:9/x.png) two hours a week"
    )
    load_files(home, {"customers.csv": customers_csv(), "survey.csv": evil})

    for tab in ("Themes", "Codes"):
        page = open_tab(tab)
        for element in (*page.markdown, *page.caption):
            assert "![x](" not in element.value


def test_groups_among_the_answers_are_looked_for_when_asked_and_said_when_there_are_none(survey, open_tab):
    page = open_tab("Answers")
    assert "fall into" not in words(page).replace("Do the answers fall into groups?", "")

    page.button(key="voice.look_for_groups").click().run()

    assert not page.exception, [e.message for e in page.exception]
    assert "groups" in words(page).split("Do the answers fall into groups?")[1]
    assert not [b for b in page.button if b.key == "voice.look_for_groups"]
