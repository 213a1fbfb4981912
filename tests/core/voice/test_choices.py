"""Choice questions: counted as the surveys' own reports count them."""

import csv
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from icp_core.voice import choices as C

DATA = (Path(__file__).parents[3] / "../shared/data").resolve()
needs_data = pytest.mark.skipif(not DATA.exists(), reason="../shared/data is absent")


def described(labels, kind="category"):
    return [SimpleNamespace(name=f"q{i}", label=label, kind=kind) for i, label in enumerate(labels)]


def star_wars():
    """The two header rows joined as the reader joins them: question - column."""
    with open(DATA / "surveymonkey/StarWars.csv", encoding="latin-1", newline="") as file:
        rows = list(csv.reader(file))
    labels, stem = [], ""
    for upper, lower in zip(rows[0], rows[1], strict=True):
        stem = upper or stem
        labels.append(stem if lower in ("", "Response") else f"{stem} - {lower}")
    frame = pd.DataFrame(rows[2:], columns=[f"q{i}" for i in range(len(labels))]).replace("", None)
    return frame, C.questions_of(frame, described(labels))


@needs_data
def test_star_wars_is_fifteen_questions_with_the_published_counts():
    frame, questions = star_wars()
    by_label = {question.label.split("?")[0][:40]: question for question in questions}

    seen = C.counts(frame, by_label["Which of the following Star Wars films h"])
    ranked = C.counts(frame, by_label["Please rank the Star Wars films in order"])

    assert len(frame) == 1186 and len(questions) == 15
    episodes = ["I ", "II ", "III ", "IV ", "V ", "VI "]
    n = [int(seen.loc[seen["answer"].str.contains(f"Episode {e}"), "n"].iloc[0]) for e in episodes]
    assert n == [673, 571, 550, 607, 758, 738]
    assert set(seen["n_asked"]) == {835}
    first = ranked[ranked["answer"] == "1"]
    n = [int(first.loc[first["item"].str.contains(f"Episode {e}"), "n"].iloc[0]) for e in episodes]
    assert n == [129, 32, 36, 204, 289, 146]


@needs_data
def test_numbered_answer_boxes_of_survey_gizmo_are_one_question():
    frame = pd.read_csv(DATA / "surveygizmo/20160115235816-SurveyExport.csv", dtype=str)
    labels = [label for label in frame.columns if label.startswith("Tool / Application #")]
    frame = frame.rename(columns={label: f"q{i}" for i, label in enumerate(labels)})

    (question,) = C.questions_of(frame, described(labels))
    table = C.counts(frame, question)

    typed = [
        {str(v).strip().rstrip(" .!").casefold() for v in row}
        for row in frame[["q0", "q1", "q2"]].dropna(how="all").values
    ]
    assert question.label.startswith("What tools and applications") and question.kind == "multi"
    assert table.iloc[0][["answer", "n"]].tolist() == ["git", sum("git" in answers for answers in typed)]
    assert table["n_asked"].iloc[0] == len(typed)


def test_typed_answers_that_differ_in_capitals_only_are_one_answer():
    frame = pd.DataFrame(
        {"q0": ["Data scientist", "data scientist", "Data scientist", "Student.", "Student", None]}
    )

    table = C.counts(frame, C.Question("q0", "Your role", "choice", ("q0",)))

    assert table[["answer", "n", "n_asked"]].values.tolist() == [["Data scientist", 3, 5], ["Student", 2, 5]]


@needs_data
def test_survey_gizmo_counts_answers_and_leaves_blanks_out():
    frame = pd.read_csv(DATA / "surveygizmo/20160115235816-SurveyExport.csv", dtype=str)
    label = "How often do you use Jupyter Notebook?"

    table = C.counts(frame, C.Question(label, label, "choice", (label,))).set_index("answer")

    assert len(frame) == 1706
    assert table["n"].to_dict() == {"Daily": 530, "Weekly": 392, "Monthly": 111} | {
        a: n for a, n in table["n"].items() if a not in ("Daily", "Weekly", "Monthly")
    }
    assert table["n_asked"].iloc[0] == 1706 - 615


@needs_data
def test_google_forms_multi_select_and_grid():
    frame = pd.read_csv(DATA / "google_forms/spack-user-survey-2020-responses.csv", dtype=str)
    questions = C.questions_of(
        frame, [SimpleNamespace(name=c, label=c, kind="category") for c in frame.columns]
    )
    column = "What OS do you use Spack on?"
    raw = Counter(part.strip() for cell in frame[column].dropna() for part in cell.split(","))

    table = C.counts(frame, C.Question(column, column, "multi", (column,))).set_index("answer")["n"]

    assert len(frame) == 170
    assert (
        table["CentOS"] == raw["CentOS"]
        and table["Ubuntu"] == raw["Ubuntu"]
        and table.sum() == sum(raw.values())
    )
    grids = {question.label: len(question.columns) for question in questions if question.kind == "grid"}
    assert grids == {
        "Rank these TBD Spack features by importance": 12,
        "How would you rate the overall quality of ...": 4,
    }


def test_ticks_over_several_columns_are_one_multi_select():
    frame = pd.DataFrame({"q0": ["Yes", "No", None], "q1": ["No", "No", "Yes"]})

    (question,) = C.questions_of(frame, described(["Channels [Email]", "Channels [Phone]"]))
    table = C.counts(frame, question).set_index("answer")["n"]

    assert question.kind == "multi" and table.to_dict() == {"Email": 1, "Phone": 1}


def test_lists_and_joined_text_count_alike():
    joined = pd.DataFrame({"q": ["A;B", "B", "A;B;C", None]})
    listed = pd.DataFrame({"q": [["A", "B"], ["B"], ["A", "B", "C"], None]})
    question = C.Question("q", "Q", "multi", ("q",))

    assert C.counts(joined, question).equals(C.counts(listed, question))
    assert C.counts(joined, question).set_index("answer")["n"].to_dict() == {"B": 3, "A": 2, "C": 1}


def test_bands_stand_in_their_own_order():
    frame = pd.DataFrame({"q": ["51–200", "11–50", "51–200", "1,001–5,000"]})

    assert C.counts(frame, C.Question("q", "Size", "choice", ("q",)))["answer"].tolist() == [
        "11–50",
        "51–200",
        "1,001–5,000",
    ]


def test_segment_and_rest_add_up_to_everybody():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"q": rng.choice(["a", "b", "c", None], 90)})
    inside = rng.random(90) < 0.4
    question = C.Question("q", "Q", "choice", ("q",))

    beside, whole = C.bars(frame, question, inside), C.counts(frame, question)

    assert (beside["n"] + beside["n_rest"]).tolist() == whole["n"].tolist()
    assert (beside["n_asked"] + beside["n_rest_asked"]).tolist() == whole["n_asked"].tolist()
    assert (
        (beside["difference_low"] <= beside["difference"])
        & (beside["difference"] <= beside["difference_high"])
    ).all()


def test_markers_find_the_planted_answer_among_many_questions():
    rng = np.random.default_rng(11)
    best = np.arange(300) < 80
    frame = pd.DataFrame({f"q{i}": rng.choice(list("abcd"), 300) for i in range(15)})
    frame["q7"] = np.where(best & (rng.random(300) < 0.7), "a", frame["q7"])
    questions = C.questions_of(frame, described([f"Question {i}?" for i in range(15)]))

    table = C.markers(frame, questions, best)

    top = table.iloc[0]
    assert (top["question"], top["answer"]) == ("q7", "a") and top["times"] > 2
    assert set(table.loc[table["stands"], "question"]) == {"q7"}


def test_markers_on_noise_stay_silent():
    stood = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame({f"q{i}": rng.choice(list("abc"), 150) for i in range(10)})
        questions = C.questions_of(frame, described([f"Question {i}?" for i in range(10)]))
        stood += bool(C.markers(frame, questions, rng.random(150) < 0.3)["stands"].any())

    assert stood <= 1


@needs_data
def test_analysts_codes_of_the_hindrances_count_as_a_multi_select():
    frame = pd.read_csv(DATA / "surveygizmo/themes/hinderances_themes.csv", sep=";", dtype=str)
    column = "hinderances_themes"

    table = C.counts(frame, C.Question(column, column, "multi", (column,)))

    assert table["n_asked"].iloc[0] == 669 and len(table) == 11
