"""A workspace keeps what it acknowledged and says clearly why it cannot be opened."""

import os
import signal
import subprocess
import sys
import textwrap
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from icp_core.errors import NewerWorkspaceError, WorkspaceDamagedError, WorkspaceError
from icp_core.workspace import Workspace, workspace_names, workspace_path

ROOT = Path(__file__).resolve().parents[2]
CLOCK = iter(datetime(2026, 1, 1, 0, i // 60, i % 60) for i in range(3600)).__next__


@pytest.fixture
def path(tmp_path):
    return tmp_path / "acme.duckdb"


def test_decisions_survive_closing_and_opening(path):
    with Workspace.open(path, clock=CLOCK) as workspace:
        workspace.decide("pin", "c1", {"why": "reference"}, author="Mia")

    with Workspace.open(path, clock=CLOCK) as workspace:
        [decision] = workspace.decisions("pin")

    assert (decision.key, decision.value, decision.author) == ("c1", {"why": "reference"}, "Mia")


def test_a_later_decision_replaces_the_earlier_and_withdrawing_forgets_it(path):
    with Workspace.open(path, clock=CLOCK) as workspace:
        workspace.decide("theme", "t1", "Speed")
        workspace.decide("theme", "t1", "Slow planning")
        assert workspace.decision("theme", "t1") == "Slow planning"

        workspace.withdraw("theme", "t1")

        assert workspace.decisions("theme") == []


def test_a_failing_change_leaves_nothing_behind(path):
    with Workspace.open(path, clock=CLOCK) as workspace:
        before = workspace.fingerprint()
        with pytest.raises(KeyError), workspace.transaction():
            workspace.decide("pin", "c1", 1)
            raise KeyError

        assert workspace.decisions("pin") == []
        assert workspace.fingerprint() == before


def test_every_committed_change_gives_a_new_fingerprint(path):
    with Workspace.open(path, clock=CLOCK) as workspace:
        seen = [workspace.fingerprint()]
        for i in range(3):
            workspace.set_setting("x", i)
            seen.append(workspace.fingerprint())

    assert len(set(seen)) == 4


def test_restoring_a_backup_brings_the_old_state_back_and_keeps_the_new_one(path):
    with Workspace.open(path, clock=CLOCK) as workspace:
        workspace.decide("pin", "old", 1)
        backup = workspace.back_up()
        workspace.decide("pin", "new", 2)

        workspace.restore(backup)

        assert [d.key for d in workspace.decisions("pin")] == ["old"]
        with duckdb.connect(str(workspace.backups()[-1]), read_only=True) as kept:
            assert kept.execute("SELECT count(*) FROM decisions").fetchone() == (2,)


def test_only_three_backups_are_kept(path):
    with Workspace.open(path, clock=CLOCK) as workspace:
        made = [workspace.back_up() for _ in range(5)]

        assert workspace.backups() == made[-3:]


def test_deleting_leaves_no_file(path):
    workspace = Workspace.open(path, clock=CLOCK)
    (workspace.inbox / "upload.csv").write_text("secret")
    workspace.back_up()

    workspace.delete()

    assert list(path.parent.iterdir()) == []


def test_a_file_that_is_no_database_is_refused_and_left_alone(path):
    path.write_bytes(b"name,value\n" * 500)

    with pytest.raises(WorkspaceDamagedError, match="damaged and was left as it is"):
        Workspace.open(path)

    assert path.read_bytes() == b"name,value\n" * 500


def test_a_database_of_another_program_is_refused(path):
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE theirs (x INT)")

    with pytest.raises(WorkspaceDamagedError, match="not a workspace of this program"):
        Workspace.open(path)


def test_a_newer_schema_is_refused_without_touching_the_file(path):
    with Workspace.open(path, clock=CLOCK) as workspace, workspace.transaction() as con:
        con.execute("UPDATE meta SET value = '999' WHERE key = 'schema_version'")

    with pytest.raises(NewerWorkspaceError, match="newer version"):
        Workspace.open(path)


def test_a_damaged_file_names_the_last_good_copy(path):
    with Workspace.open(path, clock=CLOCK) as workspace:
        workspace.decide("pin", "a", "x" * 100_000)
        backup = workspace.back_up()
    content = bytearray(path.read_bytes())
    content[100:9000] = b"\x00" * 8900
    path.write_bytes(content)

    with pytest.raises(WorkspaceDamagedError, match=backup.name):
        Workspace.open(path)


def test_a_second_process_is_told_that_the_workspace_is_open(path):
    code = textwrap.dedent(f"""
        from icp_core.errors import WorkspaceLockedError
        from icp_core.workspace import Workspace
        try:
            Workspace.open({str(path)!r})
        except WorkspaceLockedError as error:
            print(error)
    """)
    with Workspace.open(path, clock=CLOCK):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        )

    assert "is open in another window or program" in done.stdout


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system that can kill a process at once")
def test_what_was_acknowledged_survives_a_killed_process(path):
    code = textwrap.dedent(f"""
        from icp_core.workspace import Workspace
        workspace = Workspace.open({str(path)!r})
        for i in range(10_000):
            workspace.decide("pin", str(i), i)
            print(i, flush=True)
    """)
    child = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    acknowledged = [int(child.stdout.readline()) for _ in range(40)]
    os.kill(child.pid, signal.SIGKILL)
    child.stdout.close()
    child.wait()

    with Workspace.open(path, clock=CLOCK) as workspace:
        kept = {int(d.key) for d in workspace.decisions("pin")}

    assert set(acknowledged) <= kept


@pytest.mark.parametrize(
    "attack",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')",
        "ATTACH '/tmp/other.duckdb'",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ],
)
def test_the_connection_reaches_nothing_outside(path, attack):
    with Workspace.open(path, clock=CLOCK) as workspace, pytest.raises(duckdb.Error):
        workspace.cursor().execute(attack)


def test_a_workspace_name_never_leaves_its_folder(tmp_path):
    for name in ("../../etc/passwd", "a/b", "..", "", "con\x00", "Ünï cödé"):
        assert workspace_path(name, tmp_path).parent == tmp_path

    Workspace.open(workspace_path("Team A", tmp_path)).close()

    assert workspace_names(tmp_path) == ["team-a"]


def test_a_closed_workspace_says_so(path):
    workspace = Workspace.open(path, clock=CLOCK)
    workspace.close()

    with pytest.raises(WorkspaceError, match="is closed"):
        workspace.cursor()


def test_uploads_expire_after_thirty_days_or_what_the_operator_says(path, monkeypatch):
    now = datetime(2026, 6, 30)
    with Workspace.open(path) as workspace:
        for name, day in (("old", 1), ("new", 29)):
            upload = workspace.inbox / name
            upload.write_text("secret")
            when = datetime(2026, 6 if day > 1 else 5, day).timestamp()
            os.utime(upload, (when, when))

    with Workspace.open(path, clock=lambda: now) as workspace:
        assert [p.name for p in workspace.inbox.iterdir()] == ["new"]

    monkeypatch.setenv("ICP_WORKBENCH_KEEP_UPLOADS_DAYS", "0")
    with Workspace.open(path, clock=lambda: now) as workspace:
        assert list(workspace.inbox.iterdir()) == []
