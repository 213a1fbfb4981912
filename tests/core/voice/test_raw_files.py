"""Known answers of public surveys, from the raw file through reading, loading and counting, as the pages see them."""

from pathlib import Path

import pytest

from icp_core.gather import load
from icp_core.gather.parse import read_in_process
from icp_core.voice import collect
from icp_core.voice.choices import counts, questions_of
from icp_core.voice.scores import clean_responses
from icp_core.workspace import Workspace

DATA = (Path(__file__).parents[3] / "../shared/data").resolve()
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="../shared/data is absent")


def answers_of(name):
    """The answers that count, and how often each answer of each question was given: by label, answer → n."""
    path = DATA / name
    with Workspace.in_memory() as workspace:
        load.import_preview(
            workspace, load.preview_reading(workspace, path, path.name, read_in_process(path))
        )
        frame = clean_responses(collect.responses(workspace)).frame
        questions = questions_of(frame, tuple(collect.questions(workspace, frame)))
        said = collect.everything_said(workspace)
    return frame, {q.label: counts(frame, q) for q in questions}, said


def table_of(tables, start):
    return next(table for label, table in tables.items() if label.startswith(start))


def test_two_header_rows_of_surveymonkey():
    frame, tables, _ = answers_of("surveymonkey/StarWars.csv")
    seen = table_of(tables, "Which of the following Star Wars films")
    ranked = table_of(tables, "Please rank the Star Wars films")

    # Fifteen questions with the number of the respondent, which is none to choose from.
    assert (len(frame), len(tables)) == (1186, 14)
    episodes = ["I ", "II ", "III ", "IV ", "V ", "VI "]
    n = [int(seen.loc[seen["answer"].str.contains(f"Episode {e}"), "n"].iloc[0]) for e in episodes]
    assert n == [673, 571, 550, 607, 758, 738] and set(seen["n_asked"]) == {835}
    first = ranked[ranked["answer"].eq("1")]
    n = [int(first.loc[first["item"].str.contains(f"Episode {e}"), "n"].iloc[0]) for e in episodes]
    assert n == [129, 32, 36, 204, 289, 146]


def test_sessions_of_surveygizmo():
    frame, tables, said = answers_of("surveygizmo/20160115235816-SurveyExport.csv")
    often = table_of(tables, "How often do you use").set_index("answer")

    assert frame["status"].value_counts().to_dict() == {"Complete": 779, "Partial": 927}
    assert often["n"][["Daily", "Weekly", "Monthly"]].tolist() == [530, 392, 111]
    assert set(often["n_asked"]) == {1706 - 615}
    assert not said["question"].str.startswith("Time Started").any()


@pytest.mark.parametrize(("ending", "red_hat"), [("csv", 95), ("xlsx", 92)])
def test_answers_of_google_forms_as_csv_and_as_workbook(ending, red_hat):
    frame, tables, _ = answers_of(f"google_forms/spack-user-survey-2020-responses.{ending}")
    systems = table_of(tables, "What OS do you use").set_index("answer")["n"]

    assert len(frame) == 170
    assert systems[["CentOS", "Red Hat", "Ubuntu", "macOS"]].tolist() == [97, red_hat, 79, 60]
    assert table_of(tables, "Rank these TBD Spack features")["item"].nunique() == 12
