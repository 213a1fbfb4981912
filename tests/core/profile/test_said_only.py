"""A survey or interviews alone give a page of what people said, marked as that."""

import json
import re
from datetime import date

import pytest

from icp_core.build import build
from icp_core.outputs import icp_json, write_all
from icp_core.profile.said_only import said_only
from icp_core.workspace import Workspace, workspace_path
from tests.pages.voice_workspace import TALK, load_files, survey_csv


def unnamed_survey() -> str:
    """The same answers without the column that says whose they are."""
    return "\n".join(re.sub(r"^([^,]*),[^,]*,", r"\1,", line) for line in survey_csv().splitlines())


@pytest.fixture
def words(tmp_path):
    def opened(files) -> Workspace:
        load_files(tmp_path, files)
        return Workspace.open(workspace_path("My workspace", tmp_path))

    return opened


def test_a_survey_alone_gives_a_page_that_claims_no_ideal_customer(words, tmp_path):
    with words({"survey.csv": unnamed_survey(), "talk.vtt": TALK}) as workspace:
        result = build(workspace)

    out = tmp_path / "out"
    out.mkdir()
    written = {path.name for path in write_all(result, out)}
    icp = json.loads(icp_json(result))
    page = (out / "icp.md").read_text(encoding="utf-8")

    assert written == {"icp.json", "icp.pdf", "icp.md", "reconciliation.csv"}
    assert icp["criteria"] == [] and icp["counts"] == {"responses": 24, "interviews": 1}
    assert icp["verdict"] == "No customer is named in any file. The page holds what people said."
    # Of 24 scores 12 are tens, 6 eights and 6 threes.
    assert icp["voice"]["nps"]["score"] == 25 and icp["voice"]["nps"]["n"] == 24
    assert sum(theme["n"] for theme in icp["voice"]["themes"]) > 0
    assert "24 survey answers and 1 interview" in page and "No ideal customer is singled out" in page
    assert "Which tool do you use today? App (33.3 %)" in page.replace("\\", "")
    assert "Nobody in these files is known as a customer" in page


def test_the_page_is_dated_by_the_last_thing_said(words):
    with words({"survey.csv": unnamed_survey()}) as workspace:
        profile, _ = said_only(workspace)
        earlier, _ = said_only(workspace, date(2026, 2, 1))

    assert profile.meta.as_of == date(2026, 6, 10) and earlier.meta.as_of == date(2026, 2, 1)


def test_nothing_said_gives_no_page(words):
    with words({}) as workspace:
        assert said_only(workspace) is None
        assert build(workspace).profile is None
