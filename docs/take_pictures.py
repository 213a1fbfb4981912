"""Take the pictures of the papers anew: every page of the sample workspace, wide, narrow and dark.

    python docs/take_pictures.py [PAGE …]

Needs the test extra and Debian's chromium (or an installed Chrome). Writes docs/images/.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from icp_core.profile.compose import search  # noqa: E402
from icp_core.sample import load_sample  # noqa: E402
from icp_core.workspace import Workspace, workspace_path  # noqa: E402
from tests.browser.steps import serving  # noqa: E402

PAGES = (
    "data",
    "customers",
    "segments",
    "retention",
    "voice",
    "profile",
    "one_pager",
    "prospects",
    "research",
)
LOOKS = {"": (1400, "light"), "-narrow": (390, "light"), "-dark": (1400, "dark")}
IMAGES = ROOT / "docs" / "images"


def workspace_with_icp(home: Path) -> None:
    """A workspace with the sample data and the ICP that the search finds in it."""
    with Workspace.open(workspace_path("My workspace", home)) as workspace:
        facts = load_sample(workspace)
        found = search(facts, "value")
        best = found.standing[0]
        workspace.decide("icp", "criteria", best.segment.to_dict())


def settle(page: Page) -> None:
    page.wait_for_selector("[data-testid=stApp]", timeout=60_000)
    page.wait_for_timeout(1500)
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]').getAttribute('data-test-script-state') !== 'running'"
        " && document.querySelectorAll('[data-testid=stSkeleton]').length === 0",
        timeout=120_000,
    )
    page.wait_for_timeout(1500)


def take(page: Page, address: str, name: str, suffix: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    page.goto(address if name == "data" else f"{address}/{name}")
    settle(page)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": min(int(height) + 20, 2400)})
    settle(page)
    page.screenshot(path=IMAGES / f"page-{name}{suffix}.png", scale="css")


@contextmanager
def app_with_icp() -> Iterator[tuple[Browser, str]]:
    """A browser and the address of an app over the sample data with an ICP."""
    chrome = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
    if chrome is None:
        sys.exit("No Chromium or Chrome found.")
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        workspace_with_icp(Path(home))
        browser = playwright.chromium.launch(executable_path=chrome, args=["--no-sandbox", "--disable-gpu"])
        with serving(Path(home)) as address:
            yield browser, address
        browser.close()


def main(pages: list[str]) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with app_with_icp() as (browser, address):
        for suffix, (width, scheme) in LOOKS.items():
            context = browser.new_context(color_scheme=scheme)
            page = context.new_page()
            for name in pages or PAGES:
                take(page, address, name, suffix, width)
            context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
