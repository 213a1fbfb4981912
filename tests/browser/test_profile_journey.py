"""What a person decides on the Profile page, from the leak guard to the customers set aside, in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import go, settle
from tests.browser.test_journeys import load_sample


def press_box(page: Page, row: str, column: str) -> None:
    """Press the box of a row in the last table. It is drawn as a picture, so the way there is by arrow keys."""
    table = page.get_by_test_id("stDataFrame").last
    first = table.locator("tbody tr td:first-child")
    expect(first.filter(has_text=re.compile(f"^{row}$"))).to_have_count(1, timeout=30_000)
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # the page may still move under the mouse
    down = first.all_text_contents().index(row)
    across = table.locator("[role=columnheader]").all_text_contents().index(column)
    cell = page.get_by_test_id("stDataFrame").last.locator("tbody tr").nth(down).locator("td").nth(across)
    before = cell.text_content() or ""
    for _ in range(4):  # keys that come while the table is drawn anew are lost
        box = table.bounding_box()
        page.mouse.click(box["x"] + 60, box["y"] + 50)  # the first cell
        page.wait_for_timeout(200)
        for key, times in (("ArrowDown", down), ("ArrowRight", across)):
            for _ in range(times):
                page.keyboard.press(key, delay=20)
        page.keyboard.press("Space")
        try:
            expect(cell).not_to_have_text(before, timeout=5000)
            break
        except AssertionError:
            settle(page)
    settle(page)


def test_from_the_leak_guard_to_the_customers_set_aside(page):
    load_sample(page)
    go(page, "Profile")
    page.get_by_text("Which attributes take part").click()
    press_box(page, "Plan", "Takes part")

    on_my_word = "“Plan” takes part on your word. It is known only after somebody has become a customer."
    expect(page.get_by_text(on_my_word)).to_be_visible(timeout=60_000)

    page.get_by_role("button", name="Take as ICP").first.click()
    expect(page.get_by_text("Ideal customer:").first).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="Refuse").click()
    settle(page)
    price = re.compile(r"would have turned away \d+ customers: \d+ good ones, \d+ bad ones avoided")
    n = page.get_by_text(price).count()
    page.get_by_role("button", name="Do not refuse them").first.click()
    settle(page)
    turned_down = page.get_by_text("Not refused, on your word (1)")
    expect(turned_down).to_be_visible()
    turned_down.click()
    page.get_by_role("button", name="Refuse them after all").click()
    expect(turned_down).to_have_count(0, timeout=60_000)
    expect(page.get_by_text(price)).to_have_count(n)
    page.get_by_role("button", name="Refuse them", exact=True).first.click()
    expect(page.get_by_text("Refused on your word.")).to_be_visible()

    page.get_by_role("tab", name="Check").click()
    page.get_by_role("button", name="Look at the customers set aside").click()
    settle(page)
    expect(page.get_by_text("Opened for this rule alone.")).to_be_visible(timeout=60_000)
    expect(
        page.get_by_role("columnheader", name=re.compile(r"Customers set aside \(\d+ inside\)"))
    ).to_be_visible()
