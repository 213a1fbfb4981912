"""How long 20,000 answers take to open on the Voice page in a real browser: first reading, then new visits.

    python -m benchmarks.voice_browser [ANSWERS] [--visits 3] [--browser /usr/bin/chromium]

Makes a survey of that many made-up answers, uploads it to a running app, and waits for Themes and Codes: the first
time they are read, with progress. Then the app is started anew, so that nothing is left in memory, and each visit is
a new browser session. Seconds from the press on the tab to its first theme or the first sentence to review.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.made_answers import survey_csv
from tests.browser.steps import go, serving, settle

_PATIENCE_MS = 600_000
_SHOWN = {"Themes": "Words: ", "Codes": "Is this what they mean?"}


def uploaded(page: Page, path: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
    load = page.get_by_role("button", name="Load 1 file")
    load.wait_for(timeout=_PATIENCE_MS)
    load.click()
    page.get_by_text("Rows read").first.wait_for(timeout=_PATIENCE_MS)
    settle(page)


def seconds_to(page: Page, tab: str, look: Callable[[], object] = lambda: None) -> float:
    """From the press on a tab of Voice to what it shows; ``look`` is called once while waiting."""
    began = time.perf_counter()
    page.get_by_role("tab", name=tab, exact=True).click()
    look()
    page.get_by_test_id("stMain").get_by_text(_SHOWN[tab]).first.wait_for(timeout=_PATIENCE_MS)
    return time.perf_counter() - began


def opened(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.goto(address)
    settle(page)
    return page


def measure(browser: Browser, n: int, visits: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, home = Path(folder) / "survey.csv", Path(folder) / "home"
        path.write_text(survey_csv(n), encoding="utf-8")
        with serving(home) as address:
            page = opened(browser, address)
            uploaded(page, path)
            go(page, "Voice")
            for tab in _SHOWN:
                seen: list[bool] = []

                def progress(page: Page = page, seen: list[bool] = seen) -> None:
                    page.wait_for_timeout(1500)
                    seen.append(page.get_by_role("button", name="Stop").count() > 0)

                took = seconds_to(page, tab, progress)
                print(f"first reading, {tab:<7}{took:7.1f} s   progress and Stop shown: {seen[0]}")
                settle(page)
            page.close()
        with serving(home) as address:
            for tab in _SHOWN:
                took = []
                for _ in range(visits):
                    page = opened(browser, address)
                    go(page, "Voice")
                    took.append(seconds_to(page, tab))
                    page.close()
                print(f"new visit, {tab:<11}" + ", ".join(f"{t:.1f}" for t in took) + " s")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("answers", nargs="?", type=int, default=20_000)
    arguments.add_argument("--visits", type=int, default=3)
    arguments.add_argument("--browser", default="/usr/bin/chromium")
    chosen = arguments.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chosen.browser, args=["--no-sandbox"])
        measure(chromium, chosen.answers, chosen.visits)
        chromium.close()
    print(f"load {os.getloadavg()[0]:.1f}")
