"""A reload, a closed tab and Stop, in the middle of long work, in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import settle

CUSTOMERS = re.compile(r"\d+ customers")
N_FILES = 11  # of the sample


def load_is_under_way(page: Page) -> None:
    page.get_by_role("button", name="Companies (B2B)").click()
    expect(page.get_by_test_id("stProgress").first).to_be_visible(timeout=30_000)


def is_loaded_once(page: Page) -> None:
    expect(page.get_by_text(CUSTOMERS).first).to_be_visible(timeout=120_000)
    settle(page)
    page.get_by_role("tab", name="Imports").click()
    expect(page.get_by_role("button", name="Undo").first).to_be_visible()
    settle(page)
    assert page.get_by_role("button", name="Undo").count() <= N_FILES


def test_a_reload_in_the_middle_of_loading_neither_ends_nor_doubles_it(page):
    load_is_under_way(page)

    page.reload()
    settle(page)

    is_loaded_once(page)


def test_a_tab_closed_in_the_middle_of_loading_and_of_a_search_loses_nothing(page, server):
    first = page.context.new_page()
    first.goto(server)
    settle(first)
    load_is_under_way(first)
    first.close()

    page.reload()
    settle(page)
    is_loaded_once(page)

    second = page.context.new_page()
    second.goto(f"{server}/profile")
    second.get_by_role("heading", name="Profile", level=1).wait_for()  # the search begins below it
    second.close()
    go_at_once(page, "Profile")
    page.reload()
    expect(page.get_by_text("Employees 50–200").first).to_be_visible(timeout=120_000)
    settle(page)

    page.get_by_role("button", name="Take as ICP").first.click()
    page.wait_for_url("**segment=**")  # the draft begins
    page.reload()
    expect(page.get_by_text("Who they are").first).to_be_visible(timeout=120_000)
    settle(page)
    assert page.get_by_role("button", name="Undo the last edit").count() == 0  # it was written once


def go_at_once(page: Page, title: str) -> None:
    """Open a page and do not wait for it."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    page.get_by_role("heading", name=title, level=1).wait_for()


def test_stop_in_the_middle_of_loading_leaves_the_workspace_empty(page):
    load_is_under_way(page)

    page.get_by_role("button", name="Stop", exact=True).click()

    expect(page.get_by_text("Stopped; nothing was loaded.")).to_be_visible(timeout=60_000)
    settle(page)
    expect(page.get_by_role("button", name="Companies (B2B)")).to_be_visible()
    assert page.get_by_text(CUSTOMERS).count() == 0
