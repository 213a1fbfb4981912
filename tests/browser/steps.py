"""What a person does in the browser, and the app that runs for it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "Data",
    "Customers",
    "Segments",
    "Retention",
    "Voice",
    "Profile",
    "One-pager",
    "Prospects",
    "Research",
)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def serving(
    home: Path, *more: str, address: str = "", log=subprocess.DEVNULL, env: Mapping[str, str] | None = None
) -> Iterator[str]:
    """A running app that keeps its workspaces in ``home``; gives its address, and ends it afterwards."""
    address = address or f"http://127.0.0.1:{free_port()}"
    port = address.rpartition(":")[2]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "streamlit", "run", "app.py"),
            *("--server.port", port, "--server.headless", "true", *more),
        ],
        cwd=ROOT,
        env=os.environ | {"ICP_WORKBENCH_HOME": str(home)} | dict(env or {}),
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def settle(page: Page, timeout_s: float = 120) -> None:
    """Wait until the script has run and the page stands still."""
    page.wait_for_selector("[data-testid=stApp]", timeout=timeout_s * 1000)
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]').getAttribute('data-test-script-state') !== 'running'"
        " && document.querySelectorAll('[data-testid=stSkeleton]').length === 0",
        timeout=timeout_s * 1000,
    )
    page.wait_for_timeout(400)


def go(page: Page, title: str) -> None:
    """Open a page by its link in the side bar."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    page.get_by_role("heading", name=title, level=1).wait_for()
    settle(page)


def open_list(page: Page, box: Locator) -> None:
    """Open the list of a select box. Playwright scrolls to what it clicks, and scrolling shuts an open list."""
    box.scroll_into_view_if_needed()
    page.wait_for_timeout(400)
    options = page.get_by_role("option")
    for _ in range(5):
        box.locator("input").click()
        try:
            options.first.wait_for(timeout=3000)
            return
        except PlaywrightTimeoutError:
            page.keyboard.press("Escape")
    options.first.wait_for()
