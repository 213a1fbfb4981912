"""A real server and a real browser: Debian's Chromium, or the Chrome that is installed."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.steps import serving, settle

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _browser() -> str | None:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return found or (MAC_CHROME if Path(MAC_CHROME).exists() else None)


@pytest.fixture(scope="session")
def browser():
    path = _browser()
    if path is None:
        reason = "No Chromium or Chrome found: install Debian's package chromium to run the browser tests."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-sync",
            ],
        )
        yield opened
        opened.close()


@pytest.fixture
def server(tmp_path):
    """The address of a running app with an empty home; its log is shown when a test fails."""
    with (tmp_path / "server.log").open("w+") as log:
        with serving(tmp_path / "home", log=log) as address:
            yield address
        log.seek(0)
        print(log.read()[-4000:])  # noqa: T201 – pytest shows it with a failing test


@pytest.fixture
def page(browser, server):
    """A tab of its own; fails the test when the page shows a traceback or calls another host."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    tab = context.new_page()
    outside: list[str] = []
    tab.on(
        "request",
        lambda request: (
            outside.append(request.url)
            if not request.url.startswith((server, server.replace("http", "ws"), "data:", "blob:"))
            else None
        ),
    )
    tab.goto(server)
    settle(tab)
    yield tab
    assert tab.locator("[data-testid=stException]").count() == 0
    assert outside == []
    context.close()
