"""Long work has a thread of its own: begun once, watched by whoever asks, stopped on request, told to the end."""

import threading
import time

import pytest
from streamlit.testing.v1 import AppTest

from icp_core.errors import IcpError
from icp_core.workspace import Workspace
from pages.components import long_work, remeasure


def ended(work, seconds=5):
    deadline = time.monotonic() + seconds
    while not work.is_done and time.monotonic() < deadline:
        time.sleep(0.01)
    assert work.is_done
    return work


def test_a_work_of_the_same_key_is_not_begun_twice():
    go_on, runs = threading.Event(), []

    def do(work):
        runs.append(work)
        go_on.wait(5)
        return "done"

    first = long_work.begin(("w", "search", "x"), "Searching", do)
    second = long_work.begin(("w", "search", "x"), "Searching", do)
    other = long_work.begin(("v", "search", "x"), "Searching", do)
    go_on.set()

    assert first is second and other is not first
    assert ended(first).result == "done"
    assert ended(other) and len(runs) == 2


def test_a_stopped_import_leaves_nothing_of_itself(tmp_path):
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        begun, go_on = threading.Event(), threading.Event()

        def do(work):
            with workspace.transaction():
                workspace.decide("pin", "half", 1)
                begun.set()
                go_on.wait(5)
                work.tell(0.5, "second half")
                workspace.decide("pin", "whole", 1)

        work = long_work.begin(long_work.new_key("w", "files"), "Loading", do)
        begun.wait(5)
        work.stop()
        go_on.set()

        assert ended(work).was_stopped
        assert workspace.decisions("pin") == []
        workspace.decide("pin", "next", 1)  # the file is free again
        assert [d.key for d in workspace.decisions("pin")] == ["next"]


def test_an_error_of_the_work_reaches_the_page_that_watches():
    def do(work):
        raise IcpError("The disk is full.")

    work = ended(long_work.begin(("w", "erase", "x"), "Erasing", do))

    assert str(work.error) == "The disk is full." and not work.was_stopped
    long_work.forget(work.key)
    assert long_work.known(work.key) is None


def searching():
    import streamlit as st

    from pages.components import long_work

    def do(work):
        for i in range(100):
            work.tell(i / 100, "Step")
        return 42

    work = long_work.watched(("w", "search", "page"), "Searching", do, again="Search again")
    st.text("none" if work is None else str(work.result))


def test_a_page_shows_the_result_once_the_work_is_done():
    app = AppTest.from_function(searching).run()

    assert not app.exception
    assert app.text[0].value == "42"
    assert long_work.known(("w", "search", "page")) is None


def test_after_a_stop_the_page_offers_to_begin_again():
    go_on = threading.Event()

    def slow(work):
        go_on.wait(5)
        work.tell(0.1, "")

    work = long_work.begin(("w", "search", "page"), "Searching", slow)
    work.stop()
    go_on.set()
    ended(work)

    app = AppTest.from_function(searching).run()
    assert "Stopped" in app.info[0].value and app.text[0].value == "none"
    app.button(key="work.again_search_page").click().run()

    assert app.text[0].value == "42"


@pytest.fixture(autouse=True)
def nothing_kept():
    yield
    for key in list(long_work._works):
        ended(long_work._works[key])
        long_work.forget(key)


def test_a_change_that_is_asked_twice_is_made_once_and_measured_beside_the_page(tmp_path, monkeypatch):
    made, measured, go_on = [], [], threading.Event()
    monkeypatch.setattr(
        remeasure.store, "refresh", lambda workspace, progress: measured.append(threading.current_thread())
    )

    def change():
        made.append(threading.current_thread())
        go_on.wait(5)

    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        asked = [
            threading.Thread(
                target=remeasure.change_and_measure, args=(workspace, ("rate", "USD"), "Converting", change)
            )
            for _ in range(2)
        ]
        for one in asked:
            one.start()
        time.sleep(0.1)
        go_on.set()
        for one in asked:
            one.join(10)

    assert len(made) == len(measured) == 1
    assert made == measured and made[0] not in asked


def test_a_change_that_fails_is_taken_back_and_told(tmp_path, monkeypatch):
    def refuse(workspace, progress):
        raise IcpError("The disk is full.")

    monkeypatch.setattr(remeasure.store, "refresh", refuse)
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        with pytest.raises(IcpError, match="disk is full"):
            remeasure.change_and_measure(
                workspace, ("pin",), "Pinning", lambda: workspace.decide("pin", "x", 1)
            )
        assert workspace.decisions("pin") == []
