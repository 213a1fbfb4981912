"""The Research page: guide, survey, whom to ask, how many, what came back."""

import shutil

import pytest

from icp_core.profile.hypotheses import enter
from icp_core.workspace import Workspace, workspace_path
from tests.pages.test_voice import html_words, words
from tests.pages.voice_workspace import customers_csv, keep_profile, load_files

PAIN, UNASKED = "Everything is typed twice", "Nobody answers the phone"


def answers_csv() -> str:
    """Of 20 who were asked, 15 choose the first pain and one the second."""
    rows = ["Response ID,Account ID,How likely are you to recommend us? (0-10),pains"]
    for i in range(20):
        chosen = PAIN if i < 15 else UNASKED if i == 15 else "None of these"
        rows.append(f"B{i + 1},A{i + 1},9,{chosen}")
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("research")
    load_files(folder, {"customers.csv": customers_csv()})
    keep_profile(folder)
    return folder


@pytest.fixture
def profiled(home, loaded):
    """A home with 24 customers and a profile of two pains."""
    shutil.copytree(loaded, home, dirs_exist_ok=True)
    return home


@pytest.fixture
def open_tab(app, open_page):
    def opened(name: str, **query):
        app.session_state["research.tabs"] = name
        page = open_page(app, "research", **query)
        assert not page.exception, [e.message for e in page.exception]
        return page

    return opened


def test_before_any_customer_is_loaded_the_guide_is_there_and_the_list_says_what_it_needs(app, open_page):
    page = open_page(app, "research")
    assert page.title[0].value == "Research"
    assert [b for b in page.get("download_button") if b.key == "research.guide_docx"]

    app.session_state["research.tabs"] = "Whom to ask"
    page = app.run()
    assert "drawn from your customers" in page.info[0].value

    app.session_state["research.tabs"] = "How many"
    page = app.run()
    assert not page.exception


def test_without_a_profile_the_questions_are_general_and_the_way_is_shown(open_tab, facts):
    page = open_tab("Survey")

    assert "No hypotheses yet" in page.info[0].value
    assert "How likely" in words(page)


def test_the_guide_lists_what_to_listen_for(profiled, open_tab):
    page = open_tab("Interview guide")

    assert "Listen for" in words(page) and PAIN in words(page)
    assert "the board" in words(page)


def test_the_survey_offers_the_hypotheses_as_answers(profiled, open_tab):
    page = open_tab("Survey")

    shown = words(page)
    assert PAIN in shown and UNASKED in shown
    labels = {button.proto.label for button in page.get("download_button")}
    assert labels == {"Word", "Markdown", "CSV for a survey tool"}


def test_those_to_ask_are_best_average_and_lost(profiled, open_tab):
    page = open_tab("Whom to ask")

    assert "Best" in words(page) and "Lost 4" in words(page)
    table = page.dataframe[0].value
    assert set(table["group"]) == {"Best", "Average", "Lost"}


def test_the_sample_size_is_that_of_the_textbook(profiled, open_tab):
    page = open_tab("How many")
    page.number_input(key="research.population").set_value(1000).run()

    # Cochran (1977) with N = 1000, ±5 points: 278 answers; at 30 % 927 invitations.
    assert "Answers needed 278 of 1,000" in html_words(page)
    assert "Invitations 927" in html_words(page)
    assert "Nulty (2008" in words(page)


def test_answers_that_came_back_confirm_or_refute(profiled, open_tab):
    load_files(profiled, {"back.csv": answers_csv()})

    page = open_tab("What came back")

    table = page.dataframe[0].value.set_index("text")
    assert table.loc[PAIN, "status"] == "Confirmed" and table.loc[PAIN, "n"] == 15
    assert table.loc[UNASKED, "status"] == "Refuted" and table.loc[UNASKED, "n_asked"] == 20


def test_before_any_answer_every_hypothesis_is_open(profiled, open_tab):
    page = open_tab("What came back")

    assert "None of the 2 hypotheses was asked yet" in words(page)
    assert set(page.dataframe[0].value["status"]) == {"Not asked yet"}


def test_hypotheses_of_the_business_plan_are_asked_too(profiled, open_tab):
    with Workspace.open(workspace_path("My workspace", profiled)) as workspace:
        enter(workspace, "They read the trade magazine", section="channels")

    page = open_tab("Survey")

    assert "They read the trade magazine" in words(page)
