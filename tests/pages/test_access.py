"""Sign-in, teams and roles: nobody signs in on one's own machine; where people do, they see and change only their own."""

import re
import shutil

import pytest

from icp_core.errors import ReadOnlyError, WorkspaceError
from icp_core.facts import store
from icp_core.profile import versions
from icp_core.profile.compose import compose
from icp_core.sample import load_sample
from icp_core.segments.conditions import Condition, Segment
from icp_core.workspace import Workspace, workspace_path
from pages.components import access, cached

PAGES = (
    "customers",
    "segments",
    "retention",
    "voice",
    "profile",
    "one_pager",
    "prospects",
    "research",
    "data",
)


@pytest.fixture
def roles(monkeypatch):
    """Sign-in as it stands after the provider said who it is: the roles of this person."""
    told = {}
    monkeypatch.setattr(access, "my_roles", lambda: told)
    return told


def test_without_settings_nobody_signs_in_and_everything_is_allowed(app, open_page):
    page = open_page(app, "data")

    assert access.my_roles() is None and access.may_edit("anything") and access.may_see("anything")
    assert page.file_uploader and not [b for b in page.button if b.key == "access.sign_out"]


@pytest.mark.parametrize(
    ("email", "role"),
    [
        ("mia@team.example", "editor"),
        ("MIA@TEAM.EXAMPLE ", "editor"),
        ("jo@team.example", "viewer"),
        ("jo@evil-team.example", None),
        ("jo@team.example.evil", None),
        ("a@b@team.example", None),
        ("", None),
        ("*@team.example", "viewer"),
    ],
)
def test_a_role_belongs_to_an_address_or_its_whole_domain(email, role):
    teams = {
        "Sales": {"editors": ["mia@team.example"], "viewers": ["*@team.example"]},
        "Board": {"viewers": ["*@", "*", ""]},
    }

    assert access.roles_of(email, teams) == ({"Sales": role} if role else {})


def everything_in(path):
    with Workspace.open(path) as workspace:
        con = workspace.cursor()
        tables = [
            n
            for (n,) in con.execute(
                "SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY 1"
            ).fetchall()
        ]
        return {t: sorted(map(repr, con.execute(f'SELECT * FROM "{t}"').fetchall())) for t in tables}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A workspace in which everything is there that a page can offer to change: an ICP, versions, a saved segment."""
    path = tmp_path_factory.mktemp("made") / "sales.duckdb"
    criteria = Segment((Condition("industry", "is_any_of", ["Facilities Services"]),), "Facilities")
    with Workspace.open(path) as workspace:
        facts = load_sample(workspace)
        assert len(facts) > 100
        workspace.decide("icp", "criteria", criteria.to_dict())
        workspace.decide("segments", "Facilities", criteria.to_dict() | {"note": ""})
        profile, _ = compose(workspace, facts, criteria)
        versions.keep_draft(workspace, profile)
        versions.save(workspace, profile, note="First")
        versions.save(workspace, profile, note="Second")
    return path


@pytest.fixture
def sales(home, made):
    """The workspace of the team “Sales”, made once and copied."""
    path = workspace_path("Sales", home)
    shutil.copyfile(made, path)
    return path


def test_who_may_look_sees_every_page_and_changes_nothing(app, sales, roles, open_page):
    before = everything_in(sales)
    roles["Sales"] = "viewer"
    app.default_timeout = 600

    for name in PAGES:
        page = open_page(app, name)
        assert not page.exception, name
        assert not [e.value for e in page.error], name

    assert not [b for b in page.button if b.key in ("data.delete", "data.erase", "data.load")]
    assert not page.file_uploader
    cached.forget_workspace(str(sales))
    assert everything_in(sales) == before


def families(page):
    """The controls left open, one of each family: what differs by a number or an id only is the same control."""
    found = {}
    for kind in ("button", "checkbox", "toggle", "text_input", "text_area"):
        for one in getattr(page, kind):
            if not one.disabled and one.key:
                found.setdefault((kind, re.sub(r"[\d.]*\d", "", one.key)), one.key)
    return found


@pytest.mark.parametrize("name", PAGES)
def test_no_control_left_open_to_who_may_look_is_refused(app, sales, roles, open_page, name):
    """What would change the workspace is greyed out; what is left open does what it says."""
    roles["Sales"] = "viewer"
    app.default_timeout = 600
    page = open_page(app, name)
    pressed = []
    for (kind, _), key in families(page).items():
        one = next((w for w in getattr(page, kind) if w.key == key and not w.disabled), None)
        if one is None:  # an earlier press took it away
            continue
        if kind == "button":
            one.click()
        else:
            one.set_value(not one.value if kind in ("checkbox", "toggle") else f"{one.value or ''}x")
        page.run()
        pressed.append(key)
        assert not page.exception, key
        assert [e.value for e in page.error if "may look at" in e.value] == [], key

    assert pressed or name not in ("customers", "profile", "prospects")


def test_every_way_of_changing_a_workspace_is_refused_to_who_may_only_look(tmp_path):
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        workspace.decide("pin", "a", 1)
        copy = workspace.back_up()
        view = workspace.read_only()

        for change in (
            lambda: view.decide("pin", "b", 1),
            lambda: view.withdraw("pin", "a"),
            lambda: view.set_setting("as_of", "2026-01-01"),
            lambda: store.refresh(view),
            lambda: view.inbox,
            view.back_up,
            lambda: view.restore(copy),
            view.rewrite,
            view.delete,
            view.close,
        ):
            with pytest.raises(ReadOnlyError, match="look at “w” but not change"):
                change()
        workspace.rewrite()  # the file is swapped; the other view follows

        assert [d.key for d in view.decisions("pin")] == ["a"]


def test_another_teams_workspace_cannot_be_opened_by_its_name(app, home, roles, open_page):
    roles["Sales"] = "editor"
    page = open_page(app, "data")
    page.session_state["_icp.workspace"] = "Board"

    page.run()

    assert not workspace_path("Board", home).exists()
    assert workspace_path("Sales", home).exists()


def test_who_is_of_no_team_opens_nothing(home, roles):
    from pages.components import state

    with pytest.raises(WorkspaceError, match="Sign in"):
        state.workspace()
