"""A small workspace in which people said something: customers, a survey, one interview."""

from datetime import date
from pathlib import Path

from icp_core.facts import store
from icp_core.gather import load
from icp_core.gather.parse import read_in_process
from icp_core.profile import versions
from icp_core.profile.model import Meta, Pain, Profile, Statement
from icp_core.segments.conditions import Segment
from icp_core.workspace import Workspace, workspace_path

NAMES = [
    "Amber",
    "Birch",
    "Cedar",
    "Dune",
    "Elm",
    "Fern",
    "Grove",
    "Heath",
    "Iris",
    "Juniper",
    "Kelp",
    "Larch",
]
NAMES += [
    "Moss",
    "Nettle",
    "Oak",
    "Pine",
    "Quince",
    "Reed",
    "Sage",
    "Thorn",
    "Umber",
    "Vine",
    "Willow",
    "Yarrow",
]
COMMENTS = [
    "We waste two hours a week on the payroll export because it has to be typed twice.",
    "The payroll export is slow and we type everything twice, that costs us hours.",
    "The mobile app is easy and the crew likes the mobile app.",
    "Support answers quickly and the onboarding was friendly.",
]
TALK = """WEBVTT

00:00:01.000 --> 00:00:06.000
<v Rita Vane>What made you look for something new, and how did you decide?</v>

00:00:07.000 --> 00:00:20.000
<v Tom Ash>We waste eleven hours a week on planning because the spreadsheet is never up to date.</v>

00:00:21.000 --> 00:00:24.000
<v Rita Vane>And what happened then? Who had to agree?</v>

00:00:25.000 --> 00:00:40.000
<v Tom Ash>When our second branch opened last spring, we started looking for a new planning tool straight away.</v>

00:00:41.000 --> 00:00:44.000
<v Rita Vane>What else did you look at?</v>

00:00:45.000 --> 00:01:05.000
<v Tom Ash>The works council was worried that a planning tool would be used to watch people, so it took three months.</v>
"""


def customers_csv() -> str:
    rows = ["Account ID,Company name,Industry,Employees,Country,Lifetime value,Churned"]
    for i, name in enumerate(NAMES):
        rows.append(
            f"A{i + 1},{name} Works GmbH,{'Cleaning' if i % 2 else 'Logistics'},{20 + 10 * i},Germany,"
            f"{1000 + 100 * i},{'yes' if i % 6 == 0 else 'no'}"
        )
    return "\n".join(rows) + "\n"


def survey_csv() -> str:
    rows = [
        "Response ID,Account ID,Date,How likely are you to recommend us? (0-10),What is the reason for your score?,Which tool do you use today?"
    ]
    for i in range(len(NAMES)):
        score = 10 if i % 2 else (3 if i % 4 else 8)
        rows.append(
            f'R{i + 1},A{i + 1},2026-0{1 + i % 6}-10,{score},"{COMMENTS[i % 4]}",{["Spreadsheet", "Paper", "App"][i % 3]}'
        )
    return "\n".join(rows) + "\n"


def load_files(home: Path, files: dict[str, str], name: str = "My workspace") -> None:
    """Load texts as if they were files, and measure the customers."""
    folder = home / "files"
    folder.mkdir(exist_ok=True)
    with Workspace.open(workspace_path(name, home)) as workspace:
        for file_name, text in files.items():
            path = folder / file_name
            path.write_text(text, encoding="utf-8")
            reading = read_in_process(path)
            load.import_preview(workspace, load.preview_reading(workspace, path, file_name, reading))
        store.refresh(workspace)


def keep_profile(home: Path) -> None:
    """A draft with three pains: two that the survey can speak of, and one nobody was asked about."""
    profile = Profile(
        meta=Meta(name="Planners", offer="the board", as_of=date(2026, 6, 10)),
        statement=Statement(text="Cleaning companies that plan by hand"),
        criteria=Segment(),
        pains=[Pain(text="Everything is typed twice"), Pain(text="Nobody answers the phone")],
    )
    with Workspace.open(workspace_path("My workspace", home)) as workspace:
        versions.keep_draft(workspace, profile)
