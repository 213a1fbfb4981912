"""Two teams with two workspaces on one busy server never see each other's customers."""

import re
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import WebSocketException

from benchmarks.live_users import User
from tests.browser.steps import go, settle

TEAMS = {"Zorblatt": "Quillfeather", "Xanthippe": "Wibblewort"}
PAGES = ("Customers", "Segments", "Retention", "Profile", "Prospects", "Data")


def upload(team: str, mark: str) -> dict:
    """Customers who all carry the mark of their team in every text."""
    lines = [
        f"Account ID,Company name,Industry,Country,Employees,Customer since,Status,Lifetime value,{mark} tier"
    ]
    for i in range(150):
        status = "Churned" if i % 4 == 0 else "Active"
        lines.append(
            f"{mark}-{i},{mark} Works {i},{mark} trade {i % 3},Germany,{5 + i},202{i % 4}-03-01,{status},{100 + i * 7},{mark} {i % 2}"
        )
    return {"name": f"{mark}.csv", "mimeType": "text/csv", "buffer": ("\n".join(lines) + "\n").encode()}


def choose_workspace(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebar").get_by_test_id("stPopover").get_by_role("button").first.click()
    box = page.get_by_label("A new workspace")
    box.fill(name)
    page.get_by_role("button", name="Make it").click()
    settle(page)


def noise(address: str, over: threading.Event) -> list[threading.Thread]:
    """Six more sessions that open the first page again and again."""

    def live(seed: int) -> None:
        while not over.is_set():
            try:
                with User(address, seed).connected() as socket:
                    message = BackMsg()
                    message.rerun_script.page_name = ""
                    socket.send(message.SerializeToString())
                    until = time.monotonic() + 2
                    while time.monotonic() < until and not over.is_set():
                        socket.recv(timeout=2)
            except (WebSocketException, OSError, TimeoutError):
                over.wait(0.5)

    threads = [threading.Thread(target=live, args=(seed,), daemon=True) for seed in range(6)]
    for thread in threads:
        thread.start()
    return threads


@pytest.fixture
def teams(browser, server):
    """One browser per team, each in a workspace of its own with its own customers loaded."""
    contexts, tabs = [], {}
    for team, mark in TEAMS.items():
        context = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
        contexts.append(context)
        tab = tabs[mark] = context.new_page()
        tab.goto(server)
        settle(tab)
        choose_workspace(tab, team)
        tab.locator("input[type=file]").first.set_input_files([upload(team, mark)])
    for tab in tabs.values():  # both are read at the same time, then loaded at the same time
        tab.get_by_role("button", name="Load 1 file").wait_for(timeout=60_000)
    for tab in tabs.values():
        tab.get_by_role("button", name="Load 1 file").click()
    for tab in tabs.values():
        expect(tab.get_by_text(re.compile("150 customers")).first).to_be_visible(timeout=120_000)
        settle(tab)
    yield tabs
    for context in contexts:
        context.close()


def sees_only_its_own(tab: Page, own: str) -> None:
    others = [mark for mark in TEAMS.values() if mark != own] + [
        t for t, mark in TEAMS.items() if mark != own
    ]
    shown = tab.content()
    assert [word for word in others if word in shown] == []


def downloaded(tab: Page) -> str:
    """What “Download CSV” gives; pressed once more when the browser drops the download on the busy machine."""
    for last in (False, True):
        with tab.expect_download(timeout=60_000) as waiting:
            # The bar at the top may lie over the button after scrolling.
            tab.get_by_role("button", name="Download CSV").first.evaluate("e => e.click()")
        if waiting.value.failure() is None or last:
            return Path(waiting.value.path()).read_text(encoding="utf-8")
        settle(tab)
    raise AssertionError("the second download is given back or raises")


def test_two_teams_on_a_busy_server_never_mix(teams, server):
    over = threading.Event()
    threads = noise(server, over)
    try:
        for title in PAGES:
            for tab in teams.values():  # clicked at once, so that both runs are under way together
                tab.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
            for mark, tab in teams.items():
                tab.get_by_role("heading", name=title, level=1).wait_for()
                settle(tab)
                sees_only_its_own(tab, mark)
        for mark, tab in teams.items():
            go(tab, "Segments")
            text = downloaded(tab)
            assert mark in text
            assert [other for other in TEAMS.values() if other != mark and other in text] == []
    finally:
        over.set()
        for thread in threads:
            thread.join(5)
