"""What was acknowledged is there after a kill, a full disk, a damaged log or file, or an older version."""

import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from icp_core import workspace as workspace_module
from icp_core.errors import WorkspaceDamagedError, WorkspaceError
from icp_core.profile import versions
from icp_core.sql import column_names
from icp_core.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
ROWS = 25

# Imports small files one after the other and says after each that it is done.
IMPORTER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from icp_core.gather import load
    from icp_core.gather.read import read_in_process, sha256_of
    from icp_core.workspace import Workspace

    path, folder, first = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    load.read_file = lambda file, file_name, settings, **_: read_in_process(
        file, file_name=file_name, settings=settings, sha256=sha256_of(file)
    )
    workspace = Workspace.open(path)
    print("open", flush=True)
    for i in range(first, first + 500):
        file = folder / f"customers-{i}.csv"
        lines = ["Account ID,Company name,Domain,Industry,Employees"]
        lines += [f"A{i}-{k},Harbour Works {i} {k},harbour{i}x{k}.example,Foods,{k + 1}" for k in range(%d)]
        file.write_text("\\n".join(lines) + "\\n", encoding="utf-8")
        preview = load.preview(workspace, file, file.name)
        print("start", i, flush=True)
        load.import_preview(workspace, preview, modes={0: "append"})
        print("done", i, flush=True)
""") % ROWS  # fmt: skip


def killed_after(path, folder, first, seconds, *, at_start=0):
    """Let the importer run and kill it so many seconds after its ``at_start``-th import began; the imports acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", IMPORTER, str(path), str(folder), str(first)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    begun = 0
    heard = []
    while begun <= at_start:
        line = child.stdout.readline()
        assert line, "the importer ended by itself"
        heard.append(line)
        begun += line.startswith("start")
    time.sleep(seconds)
    os.kill(child.pid, signal.SIGKILL)
    heard += child.stdout.read().splitlines()
    child.stdout.close()
    child.wait()
    return {int(line.split()[1]) for line in heard if line.startswith("done")}


def what_is_whole(path):
    """Numbers of the imports that are complete; fails when one is there by half."""
    with Workspace.open(path) as workspace:
        con = workspace.cursor()
        names = dict(con.execute("SELECT import_id, file_name FROM imports").fetchall())
        tables = {
            name
            for (name,) in con.execute(
                "SELECT table_name FROM duckdb_tables() WHERE NOT temporary"
            ).fetchall()
            if name.startswith(("raw_", "typed_"))
        }
        assert tables == {f"{kind}_{i}" for i in names for kind in ("raw", "typed")}
        for table in tables:
            assert con.execute(f"SELECT count(*) FROM {table}").fetchone() == (ROWS,)
        links = con.execute("SELECT import_id, count(*) FROM links GROUP BY 1").fetchall()
        assert dict(links) == dict.fromkeys(names, ROWS)
        assert con.execute("SELECT count(*) FROM accounts").fetchone()[0] == ROWS * len(names)
    return {int(name.removeprefix("customers-").removesuffix(".csv")) for name in names.values()}


def kill_often(tmp_path, times, seed):
    chance = random.Random(seed)
    promised, first = set(), 0
    path = tmp_path / "w.duckdb"
    for round_ in range(times):
        if round_ % 10 == 0:
            shutil.rmtree(tmp_path, ignore_errors=True)
            tmp_path.mkdir()
            promised = set()
        promised |= killed_after(path, tmp_path, first, chance.uniform(0, 0.4), at_start=chance.randrange(3))
        first += 500
        assert promised <= what_is_whole(path)
    return promised


def test_an_acknowledged_import_survives_a_kill_at_any_moment(tmp_path):
    promised = kill_often(tmp_path / "home", times=4, seed=7)

    assert promised


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_two_hundred_kills_lose_nothing(tmp_path, seed):
    kill_often(tmp_path / "home", times=10, seed=seed)


READER = "import sys; from icp_core.gather.read import read_file; read_file(sys.argv[1])"


def test_a_kill_while_a_file_is_read_leaves_nothing_of_it_in_the_temporary_folder(tmp_path):
    upload, scratch = tmp_path / "x.csv", tmp_path / "scratch"
    scratch.mkdir()
    upload.write_text("id,name\n" + "\n".join(f"{i},Zorblatt {i}" for i in range(20_000)))
    server = subprocess.Popen(
        [sys.executable, "-c", READER, str(upload)], cwd=ROOT, env=os.environ | {"TMPDIR": str(scratch)}
    )
    until = time.monotonic() + 300  # a busy machine takes its time; a free one a second
    while not list(scratch.glob("icp-read-*/request.json")) and time.monotonic() < until:
        time.sleep(0.002)
    os.kill(server.pid, signal.SIGKILL)
    server.wait()

    while list(scratch.iterdir()) and time.monotonic() < until:
        time.sleep(0.05)

    assert list(scratch.iterdir()) == []


# Everything else that changes a workspace: decisions, versions, backups, restoring, writing the file anew.
WORKER = textwrap.dedent("""
    import sys
    from datetime import date
    from icp_core.profile import versions
    from icp_core.profile.model import Meta, Profile, Statement
    from icp_core.workspace import Workspace

    workspace = Workspace.open(sys.argv[1])
    print("open", flush=True)
    for i in range(int(sys.argv[2]), int(sys.argv[2]) + 10_000):
        print("start", flush=True)
        workspace.decide("pin", str(i), {"number": i, "why": "x" * 500})
        print("done pin", i, flush=True)
        page = Profile(meta=Meta(as_of=date(2026, 1, 1)), statement=Statement(text=f"Version {i}. " + "y" * 2000))
        versions.keep_draft(workspace, page)
        versions.save(workspace, page, note=str(i))
        print("done version", i, flush=True)
        if i % 3 == 1:
            copy = workspace.back_up()
            workspace.restore(copy)
            print("done restore", i, flush=True)
        if i % 3 == 2:
            workspace.rewrite()
            print("done rewrite", i, flush=True)
""")


def work_and_kill(path, first, seconds):
    """Let the worker work and kill it; what it said was done, by kind."""
    child = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(path), str(first)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    heard = []
    while not any(line.startswith("start") for line in heard):
        line = child.stdout.readline()
        assert line, "the worker ended by itself"
        heard.append(line)
    time.sleep(seconds)
    os.kill(child.pid, signal.SIGKILL)
    heard += child.stdout.read().splitlines()
    child.stdout.close()
    child.wait()
    told = [line.split() for line in heard if line.startswith("done")]
    return {
        kind: {int(t[2]) for t in told if t[1] == kind} for kind in ("pin", "version", "restore", "rewrite")
    }


def kill_workers(folder, times, seed):
    """Kill again and again; numbers of what was promised by kind, all of it found each time."""
    chance = random.Random(seed)
    folder.mkdir()
    path, promised = folder / "w.duckdb", {}
    for round_ in range(times):
        for kind, numbers in work_and_kill(path, 10_000 * round_, chance.uniform(0, 0.8)).items():
            promised.setdefault(kind, set()).update(numbers)
        with Workspace.open(path) as workspace:
            pins = {int(d.key): d.value for d in workspace.decisions("pin")}
            saved = {int(v.note): v.profile.statement.text for v in versions.history(workspace)}
        assert promised["pin"] <= pins.keys() and promised["version"] <= saved.keys()
        assert all(pin == {"number": i, "why": "x" * 500} for i, pin in pins.items())
        assert all(text == f"Version {i}. " + "y" * 2000 for i, text in saved.items())
        assert len(pins) <= len(promised["pin"]) + round_ + 1
    return promised


def test_decisions_versions_backups_and_rewriting_survive_a_kill_at_any_moment(tmp_path):
    promised = kill_workers(tmp_path / "home", times=3, seed=3)

    assert promised["pin"] and promised["version"]


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_kills_of_other_work_lose_nothing(tmp_path, seed):
    promised = kill_workers(tmp_path / "home", times=10, seed=seed)

    assert promised["pin"] and promised["version"]


# -- a full disk -----------------------------------------------------------------------------------

FILLER = textwrap.dedent("""
    import resource, sys
    from icp_core.errors import WorkspaceError
    from icp_core.workspace import Workspace
    import random

    workspace = Workspace.open(sys.argv[1])
    chance = random.Random(1)
    def add(i):
        with workspace.transaction(checkpoint=True):
            workspace.decide("pin", str(i), chance.randbytes(100_000).hex())
    most = 6_000_000
    if sys.argv[2] == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    kept = []
    for i in range(1000):
        try:
            add(i)
        except WorkspaceError as error:
            print("refused", error, flush=True)
            break
        kept.append(i)
        print("done", i, flush=True)
    assert {int(d.key) for d in workspace.decisions("pin")} >= set(kept), "lost while the disk is full"
    if sys.argv[2] == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    else:
        import pathlib
        pathlib.Path(sys.argv[2]).unlink()
    add(5000)
    print("done 5000", flush=True)
""")


def fill(path, how):
    done = subprocess.run(
        [sys.executable, "-c", FILLER, str(path), how], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.splitlines()
    refused = [line for line in lines if line.startswith("refused")]
    promised = {line.split()[1] for line in lines if line.startswith("done")}
    assert len(refused) == 1
    assert "disk is full or cannot be written" in refused[0]
    assert len(promised) > 3 and "5000" in promised
    with Workspace.open(path) as workspace:
        assert promised <= {d.key for d in workspace.decisions("pin")}


@pytest.mark.skipif(os.name != "posix", reason="Limits on the size of a file exist on POSIX systems only.")
def test_a_file_that_cannot_grow_is_a_message_and_costs_nothing(tmp_path):
    fill(tmp_path / "w.duckdb", "limit")


def test_a_full_disk_is_a_message_and_costs_nothing(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("mount") is not None
    mounted = mounted and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)], capture_output=True
    ).returncode  # fmt: skip
    if not mounted:
        pytest.skip("A small disk cannot be made here: mounting needs root.")
    try:
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * 6_000_000)
        fill(disk / "w.duckdb", str(ballast))
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# -- damage ----------------------------------------------------------------------------------------


def left_open_log(path):
    """A workspace whose process was killed with a decision in the log only."""
    code = textwrap.dedent(f"""
        import os, signal
        from icp_core.workspace import Workspace
        workspace = Workspace.open({str(path)!r})
        with workspace.transaction(checkpoint=True):
            workspace.decide("pin", "in the file", 1)
        workspace.decide("pin", "in the log", "x" * 3000)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    log = path.with_suffix(".duckdb.wal")
    assert log.stat().st_size > 3000
    return log


def test_a_flipped_byte_in_the_log_is_refused_and_the_last_import_is_offered(tmp_path):
    path = tmp_path / "w.duckdb"
    log = left_open_log(path)
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 0x40
    log.write_bytes(content)

    with pytest.raises(WorkspaceDamagedError, match="damaged and was left as it is"):
        Workspace.open(path)
    [best, *_] = Workspace.rescues(path)
    Workspace.rescue(path, best)

    assert best == path
    with Workspace.open(path) as workspace:
        assert [d.key for d in workspace.decisions("pin")] == ["in the file"]
    aside = [p.name for p in path.with_suffix(".backups").iterdir()]
    assert len(aside) == 2 and all(name.endswith(".damaged") for name in aside)


N_IN_THE_LOG = 30


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """A workspace whose process was killed with thirty acknowledged decisions in the log."""
    folder = tmp_path_factory.mktemp("logged")
    code = textwrap.dedent(f"""
        import os, signal
        from icp_core.workspace import Workspace
        workspace = Workspace.open({str(folder / "w.duckdb")!r})
        for i in range({N_IN_THE_LOG}):
            workspace.decide("pin", str(i), "x" * 3000)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    return folder


def damage_is_noticed(logged, folder, damaged):
    """All decisions are there or the opening is refused and what can be read is offered. Whether it was refused."""
    shutil.copytree(logged, folder)
    path = folder / "w.duckdb"
    log = path.with_suffix(".duckdb.wal")
    log.write_bytes(damaged(log.read_bytes()))
    try:
        with Workspace.open(path) as workspace:
            assert len(workspace.decisions("pin")) == N_IN_THE_LOG
        return False
    except WorkspaceDamagedError:
        [best, *_] = Workspace.rescues(path)
        Workspace.rescue(path, best)
        with Workspace.open(path) as workspace:
            read = workspace.decisions("pin")
        assert all(d.value == "x" * 3000 for d in read) and len(read) < N_IN_THE_LOG
        return True


@pytest.mark.parametrize("share", [0, 0.3, 0.95])
def test_changes_that_the_engine_drops_in_silence_are_missed(logged, tmp_path, share):
    """A log cut short opens without the later changes, and so does one with a flipped bit in a length."""
    assert damage_is_noticed(logged, tmp_path / "w", lambda log: log[: int(len(log) * share)])


def flipped(seed):
    def damaged(log):
        chance, content = random.Random(seed), bytearray(log)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        return bytes(content)

    return damaged


@pytest.mark.soak
def test_a_bit_flipped_anywhere_in_the_log_is_noticed(logged, tmp_path):
    refused = [damage_is_noticed(logged, tmp_path / str(seed), flipped(seed)) for seed in range(400)]

    print(f"{sum(refused)} of {len(refused)} refused, none with less than was acknowledged")  # noqa: T201


def test_an_older_copy_put_in_place_by_hand_is_told(tmp_path):
    path = tmp_path / "w.duckdb"
    with Workspace.open(path) as workspace:
        older = workspace.back_up()
        workspace.decide("pin", "later", 1)
    shutil.copyfile(older, path)

    with pytest.raises(WorkspaceDamagedError, match="1 change fewer than were saved.*older copy"):
        Workspace.open(path)

    Workspace.rescue(path, path)
    with Workspace.open(path) as workspace:
        assert workspace.decisions("pin") == []


def test_an_undamaged_log_is_read_at_the_next_opening(tmp_path):
    path = tmp_path / "w.duckdb"
    left_open_log(path)

    with Workspace.open(path) as workspace:
        assert [d.key for d in workspace.decisions("pin")] == ["in the file", "in the log"]


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_file_is_never_read_as_if_it_were_whole(tmp_path, seed):
    path = tmp_path / "w.duckdb"
    with Workspace.open(path) as workspace:
        for i in range(40):
            workspace.decide("pin", f"c{i:02}", f"value {i} " * 400)
        whole = [(d.key, d.value) for d in workspace.decisions("pin")]
        workspace.back_up()
    content = bytearray(path.read_bytes())
    chance = random.Random(seed)
    if seed % 2:
        del content[chance.randrange(8192, len(content)) :]
    else:
        for _ in range(200):
            content[chance.randrange(0, len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)

    try:
        with Workspace.open(path) as workspace:
            read = [(d.key, d.value) for d in workspace.decisions("pin")]
    except (WorkspaceDamagedError, duckdb.Error):
        read = whole  # refused, not misread
    assert read == whole
    copy = next(c for c in Workspace.rescues(path) if c != path)
    Workspace.rescue(path, copy)
    with Workspace.open(path) as workspace:
        assert [(d.key, d.value) for d in workspace.decisions("pin")] == whole


def test_a_damaged_backup_is_not_offered(tmp_path):
    path = tmp_path / "w.duckdb"
    with Workspace.open(path) as workspace:
        workspace.decide("pin", "a", "x" * 100_000)
        bad, good = workspace.back_up("a"), workspace.back_up("b")
    bad.write_bytes(bad.read_bytes()[:20_000])
    path.write_bytes(b"nothing")

    assert Workspace.rescues(path) == [good]


def test_a_restore_holds_while_another_session_still_reads(tmp_path):
    path = tmp_path / "w.duckdb"
    with Workspace.open(path) as workspace:
        workspace.decide("pin", "old", 1)
        backup = workspace.back_up()
        workspace.decide("pin", "new", 2)
        reading = workspace.cursor()
        reading.execute("SELECT * FROM decisions")

        workspace.restore(backup)

        assert [d.key for d in workspace.decisions("pin")] == ["old"]
        workspace.decide("pin", "after", 3)
    with Workspace.open(path) as workspace:
        assert {d.key for d in workspace.decisions("pin")} == {"old", "after"}


def test_an_import_is_acknowledged_also_while_another_session_reads(tmp_path):
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        reading = workspace.cursor()
        reading.execute("SELECT * FROM range(1000000)")

        with workspace.transaction(checkpoint=True):
            workspace.decide("pin", "a", 1)

        assert workspace.decision("pin", "a") == 1


# -- versions --------------------------------------------------------------------------------------


def test_an_older_schema_is_lifted_after_a_copy_was_made(tmp_path, monkeypatch):
    path = tmp_path / "w.duckdb"
    with Workspace.open(path) as workspace:
        workspace.decide("pin", "a", 1)
    older = workspace_module.MIGRATIONS
    monkeypatch.setattr(workspace_module, "MIGRATIONS", (*older, "CREATE TABLE later (x INTEGER)"))

    with Workspace.open(path, clock=lambda: datetime(2026, 1, 2, 3, 4, 5)) as workspace:
        assert workspace.decision("pin", "a") == 1
        assert column_names(workspace.cursor(), "later") == ["x"]
        [copy] = workspace.backups()

    assert copy.name == f"20260102-030405-schema-{len(older)}.duckdb"
    with duckdb.connect(str(copy), read_only=True) as con:
        assert con.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchall() == [
            (str(len(older)),)
        ]


def test_a_failed_migration_leaves_the_file_at_its_old_schema(tmp_path, monkeypatch):
    path = tmp_path / "w.duckdb"
    with Workspace.open(path) as workspace:
        workspace.decide("pin", "a", 1)
    older = workspace_module.MIGRATIONS
    monkeypatch.setattr(
        workspace_module, "MIGRATIONS", (*older, "CREATE TABLE t (x INTEGER); SELECT nonsense")
    )

    with pytest.raises(WorkspaceError):
        Workspace.open(path)

    monkeypatch.setattr(workspace_module, "MIGRATIONS", older)
    with Workspace.open(path) as workspace:
        assert workspace.decision("pin", "a") == 1
