"""What the papers promise is there."""

import re
from pathlib import Path

import icp_core

ROOT = Path(__file__).resolve().parents[1]
PAPERS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_page_stands_in_the_tour_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    app = (ROOT / "app.py").read_text(encoding="utf-8")
    titles = dict(re.findall(r'\("(\w+)", "([\w-]+)", "\w+"\)', app))
    pages = {p.stem for p in (ROOT / "pages").glob("*.py")}

    assert pages == set(titles)
    for title in titles.values():
        assert f"| {title} |" in readme, title


def test_every_link_between_the_papers_leads_somewhere():
    broken = []
    for paper in PAPERS:
        for target in re.findall(r"\]\(([^)#]+)\)", paper.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", target) and not (paper.parent / target).exists():
                broken.append(f"{paper.relative_to(ROOT)} → {target}")

    assert broken == []


def test_the_two_commands_of_the_readme_are_those_of_ci():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    [tests] = [line for line in readme.splitlines() if "python -m pytest" in line and "[test]" in line]
    command = tests.split("&&", 2)[-1].strip()

    assert command in script
    assert "streamlit run app.py" in readme


def test_constraints_pin_every_dependency_and_name_no_host():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pinned = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    block = re.search(r"^dependencies = \[(.*?)^\]", project, re.S | re.M).group(1)
    test = re.search(r"^test = \[(.*?)^\]", project, re.S | re.M).group(1)
    wanted = {re.split(r"[\[<>=]", name)[0].lower() for name in re.findall(r'"([^"]+)"', block + test)}

    assert wanted - pinned == set()
    assert "://" not in (ROOT / "constraints.txt").read_text(encoding="utf-8")


def test_the_public_names_exist():
    for name in icp_core.__all__:
        assert getattr(icp_core, name) is not None


def test_a_table_of_the_architecture_names_every_room():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {p.name for p in (ROOT / "icp_core").iterdir() if p.is_dir() and (p / "__init__.py").exists()}

    assert {room for room in rooms if f"{room}/" not in text and f"`{room}" not in text} == set()
