"""Bad files of every kind end as a table or as one sentence; nothing crashes, hangs or is lost."""

import random
import resource
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icp_core.facts import store
from icp_core.gather import load, reconcile
from icp_core.gather.archive_checks import sniff
from icp_core.gather.encoding import Encoding, decode, find_encoding
from icp_core.gather.html_tables import is_html
from icp_core.gather.limits import Limits
from icp_core.gather.read import read_file, read_in_process
from icp_core.workspace import Workspace
from tests.trust.bad_files import ANY, HEADER, ROWS, bad_file, seeds

LIMITS = Limits(max_memory_bytes=1500 << 20, cpu_seconds=40, wall_seconds=40)
_SLOW_SECONDS = 45  # the limit above, and a busy machine


def letters_lost(content: bytes, reading) -> Counter:
    """Letters of a text file that stand neither in a table nor among what is told to stand outside it."""
    [encoding] = {t.settings.encoding for t in reading.tables}
    mark = find_encoding(content).mark_bytes
    text = decode(content, Encoding(encoding, mark))
    found = Counter()
    for table in reading.tables:
        for row in table.header:
            found.update(c for cell in row for c in cell or "" if c.isalpha())
        for i in range(len(table.columns)):
            found.update(c for cell in table.column_values(i) for c in cell or "" if c.isalpha())
        for told in (*table.leftovers, *table.problems):
            found.update(c for c in told.value or "" if c.isalpha())
    return Counter(c for c in text if c.isalpha()) - found


def answered(path: Path):
    """Text is read in this process, to be quick; what may end a process, in one of its own."""
    if path.read_bytes()[:2] in (b"PK", b"\xd0\xcf", b"\x1f\x8b"):
        return read_file(path, limits=LIMITS)
    return read_in_process(path, limits=LIMITS)


def judged(number: int, content: bytes, path: Path, reading) -> list[str]:
    """What is wrong with how a file was answered."""
    wrong = []
    if not (reading.tables or reading.transcripts):
        if not (reading.error and reading.error.endswith(".") and "Traceback" not in reading.error):
            wrong.append(f"{number}: no table and no sentence: {reading.error!r}")
    for table in reading.tables:
        names = {t.cells.num_columns == len(t.columns) for t in reading.tables}
        if names != {True} or len(table.row_numbers) != table.n_rows:
            wrong.append(f"{number}: the parts of a table do not fit together")
    is_text = reading.tables and sniff(path, LIMITS).kind == "text"
    if is_text and not is_html(decode(content, find_encoding(content))):
        lost = letters_lost(content, reading)
        if lost:
            wrong.append(f"{number}: letters lost: {dict(lost.most_common(5))}")
    return wrong


def books_agree(workspace: Workspace) -> bool:
    books = reconcile.reconciliation(workspace)
    parts = books[["rejected", "dropped", "duplicate", "superseded", "merged", "counted"]].sum(axis=1)
    return bool((books["read"] == parts).all())


def good_workspace(folder: Path) -> Workspace:
    """A workspace in which one good file stands, which no bad one may touch."""
    path = folder / "good.csv"
    path.write_text("\n".join(",".join(str(c) for c in row) for row in [HEADER, *ROWS]) + "\n")
    workspace = Workspace.open(folder / "w.duckdb", clock=lambda: datetime(2026, 1, 1))
    reading = read_in_process(path, file_name="good.csv")
    assert load.import_preview(workspace, load.preview_reading(workspace, path, "good.csv", reading))
    return workspace


def load_all(workspace: Workspace, readings: list) -> tuple[int, list[str]]:
    """Load what could be read of a batch; how many tables, and what is wrong afterwards."""
    loaded, wrong = 0, []
    before = rows_of_the_good_file(workspace)
    chosen = []
    for number, path, reading in readings:
        name = f"{number}.bad"
        preview = load.preview_reading(workspace, path, name, reading, None)
        chosen.append(load.Chosen(preview, modes={i: "append" for i in range(len(preview.tables))}))
    loaded = len(load.import_batch(workspace, chosen))
    store.refresh(workspace)
    if rows_of_the_good_file(workspace) != before:
        wrong.append(f"{readings[0][0]}…: rows of the good file changed")
    if not books_agree(workspace):
        wrong.append(f"{readings[0][0]}…: the books do not agree")
    return loaded, wrong


def rows_of_the_good_file(workspace: Workspace) -> list:
    return workspace.cursor().execute("SELECT * FROM raw_1 ORDER BY _row").fetchall()


def test_bad_files_end_as_a_table_or_a_sentence_and_nothing_is_lost(tmp_path):
    good = seeds()
    wrong, readings = [], []
    for number in range(60):
        bad = bad_file(number, good)
        if len(bad.content) > 400_000:  # the long runs read these too
            continue
        path = tmp_path / f"f{number}"
        path.write_bytes(bad.content)
        reading = answered(path)
        wrong += judged(number, bad.content, path, reading)
        if not reading.error:
            readings.append((number, path, reading))
    assert len(readings) > 15
    with good_workspace(tmp_path) as workspace:
        loaded, more = load_all(workspace, readings)

    assert wrong + more == []
    assert loaded > 5


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, 5000, 250))
def test_five_thousand_bad_files_crash_hang_and_lose_nothing(tmp_path, first):
    """Each through a process of its own, as an upload goes; every fifty, what could be read is loaded."""
    good = seeds(tmp_path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told, slowest, wrong, loaded = Counter(), 0.0, [], 0

    def look(number):
        bad = bad_file(number, good)
        path = tmp_path / f"f{number}"
        path.write_bytes(bad.content)
        start = time.monotonic()
        reading = read_file(path, limits=LIMITS)
        seconds = time.monotonic() - start
        faults = judged(number, bad.content, path, reading)
        if seconds > _SLOW_SECONDS:
            faults.append(f"{number}: took {seconds:.0f} s")
        return bad, path, reading, seconds, [f"{fault} ({bad.format}, {bad.done})" for fault in faults]

    for batch in range(first, first + 250, 50):
        readings = []
        with ThreadPoolExecutor(2) as pool:
            for bad, path, reading, seconds, faults in pool.map(look, range(batch, batch + 50)):
                wrong += faults
                slowest = max(slowest, seconds)
                kind = how_it_ended(reading.error)
                told[kind] += 1
                if kind in ("reader died", "stopped"):
                    print(kind, bad.number, bad.format, bad.done, f"{seconds:.0f} s")  # noqa: T201
                if kind == "read":
                    readings.append((bad.number, path, reading))
        folder = tmp_path / f"b{batch}"
        folder.mkdir()
        with good_workspace(folder) as workspace:
            n, more = load_all(workspace, readings)
        loaded += n
        wrong += more
        for path in tmp_path.glob("f*"):
            path.unlink()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(  # noqa: T201
        f"from {first}: {dict(told)}, slowest {slowest:.0f} s, {loaded} tables loaded, "
        f"memory + {(after - before) / 1000:.0f} MB, wrong: {wrong}"
    )

    assert wrong == []
    assert told["read"] > 50 and told["refused"] > 50


def how_it_ended(error: str | None) -> str:
    if error is None:
        return "read"
    if "in a way that stops its reader" in error:
        return "reader died"
    return "stopped" if "was stopped" in error or "needs more memory" in error else "refused"


# -- one reader at a time --------------------------------------------------------------------------------

_QUICK = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
_LONG = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
GOOD = {
    name: contents[0] for name, contents in seeds().items() if name in ("text table", "xlsx", "ods", "html table", "docx", "vtt", "srt", "txt", "zip", "gz")
}  # fmt: skip


def a_reader_answers(folder: Path, name: str, choices: list[tuple[int, int]]) -> None:
    content = GOOD[name]
    for which, seed in choices:
        content = ANY[which % len(ANY)](random.Random(seed), content or b"x")[:300_000]
    path = folder / "upload"
    path.write_bytes(content)
    reading = answered(path)
    assert judged(0, content, path, reading) == []


choices = st.lists(st.tuples(st.integers(0, len(ANY) - 1), st.integers(0, 2**32)), min_size=1, max_size=4)


@pytest.mark.parametrize("name", GOOD)
def test_a_reader_answers_whatever_was_done_to_the_file(tmp_path, name):
    @_QUICK
    @given(choices)
    def holds(done):
        a_reader_answers(tmp_path, name, done)

    holds()


@pytest.mark.soak
@pytest.mark.parametrize("name", GOOD)
def test_a_reader_answers_whatever_was_done_to_the_file_for_long(tmp_path, name):
    @_LONG
    @given(choices)
    def holds(done):
        a_reader_answers(tmp_path, name, done)

    holds()
