"""From an edit on the One-pager page to the new picture in a real browser, on the sample workspace.

    python -m benchmarks.one_pager_preview [EDITS]

Needs the test extra and Debian's chromium (or an installed Chrome). Prints the time from the key that ends an edit to
the new picture drawn, in milliseconds, and the load of the machine before and after.
"""

from __future__ import annotations

import os
import statistics
import sys
import time

from playwright.sync_api import Page

from docs.take_pictures import app_with_icp
from tests.browser.steps import settle

# Tells, once the picture is another one and drawn, how long that took since the key.
_WATCH = """() => {
  const picture = () => document.querySelector('.st-key-one_pager_page img');
  const before = picture().src, input = document.activeElement;
  window.__took = null;
  input.addEventListener('keydown', event => {
    if (event.key !== 'Enter') return;
    const start = performance.now();
    const look = () => {
      const now = picture();
      if (now && now.src !== before && now.complete && now.naturalWidth)
        now.decode().then(() => requestAnimationFrame(() => { window.__took = performance.now() - start; }));
      else requestAnimationFrame(look);
    };
    look();
  }, {once: true});
}"""


def edits(page: Page, count: int) -> list[float]:
    """Milliseconds of each edit of the first job."""
    took = []
    for i in range(count):
        box = page.locator(".st-key-one_pager_words input").last
        box.click()
        box.fill(f"Fill the gap of patient {i} the same day")
        page.evaluate(_WATCH)
        box.press("Enter")
        page.wait_for_function("window.__took !== null", timeout=60_000)
        took.append(page.evaluate("window.__took"))
        settle(page)
    return took


def main(count: int) -> None:
    with app_with_icp() as (browser, address):
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(f"{address}/one_pager")
        page.locator(".st-key-one_pager_page img").wait_for(timeout=180_000)
        settle(page)
        page.get_by_text("Words", exact=True).click()
        settle(page)
        before, start = os.getloadavg()[0], time.monotonic()
        took = edits(page, count)
        seconds = time.monotonic() - start
    print(f"{count} edits in {seconds:.0f} s, load {before:.1f} to {os.getloadavg()[0]:.1f}")
    print("  ".join(f"{ms:.0f}" for ms in took))
    print(f"median {statistics.median(took):.0f} ms, quickest {min(took):.0f}, slowest {max(took):.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
