"""The rules that keep the house in order, held by a machine."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE = ROOT / "icp_core"
MODULES = sorted(
    ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for p in CORE.rglob("*.py")
)

# Rooms from the ground up: a room may import rooms of a lower floor, or its own.
FLOORS = {
    "errors": 0,
    "sql": 1,
    "workspace": 1,
    "stats": 1,
    "vocabulary": 2,
    "gather": 3,
    "facts": 4,
    "segments": 5,
    "value": 5,
    "retention": 5,
    "voice": 5,
    "charts": 6,
    "profile": 6,
    "prospects": 7,
    "export": 7,
    "erasure": 8,
    "sample": 8,
    "build": 8,
    "outputs": 9,
    "__main__": 10,
    "": 10,
}
# Rooms of the same floor that may use each other, one way: (who, whom).
SAME_FLOOR = {
    ("segments", "retention"),
    ("segments", "value"),
    ("value", "retention"),
    ("voice", "segments"),
    ("prospects", "export"),
    ("workspace", "sql"),
}


def imported_modules(path: Path) -> set[str]:
    """Modules of the core that a file imports anywhere, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            if node.module == "icp_core":
                found |= {f"icp_core.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] in ("icp_core", "pages", "app", "streamlit")}


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


@pytest.mark.parametrize("path", sorted(CORE.rglob("*.py")), ids=lambda p: str(p.relative_to(CORE)))
def test_imports_in_the_core_point_one_way(path):
    own = room(".".join(path.relative_to(ROOT).with_suffix("").parts))
    own = "" if own == "__init__" else own

    wrong = []
    for module in imported_modules(path):
        assert module.split(".")[0] == "icp_core", f"{path.name} imports {module}: the core knows no page"
        other = room(module)
        if other in (own, "") or FLOORS[other] < FLOORS[own] or (own, other) in SAME_FLOOR:
            continue
        wrong.append(module)

    assert wrong == []


def test_the_core_never_loads_streamlit():
    code = "import sys, importlib\n" + "\n".join(
        f"importlib.import_module({m!r})" for m in MODULES if not m.endswith("__main__")
    )

    done = subprocess.run(
        [sys.executable, "-c", code + "\nprint('streamlit' in sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "False"


def test_no_file_hides_several_rooms():
    too_large = [p.name for p in ROOT.glob("icp_core/**/*.py") if p.stat().st_size > 40_000]

    assert too_large == []


def test_pages_stay_thin():
    lengths = {p.name: len(p.read_text(encoding="utf-8").splitlines()) for p in (ROOT / "pages").glob("*.py")}

    assert {name: n for name, n in lengths.items() if n > 150} == {}


def test_only_the_state_component_touches_session_state():
    others = [
        p.name
        for p in [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]
        if "session_state" in p.read_text(encoding="utf-8") and p.name != "state.py"
    ]

    assert others == []
