"""What people type, name, decide and link to is letters on every page: tabs, expanders, popovers, tooltips, dialogs, addresses."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from icp_core.segments.conditions import Condition, Segment
from icp_core.workspace import workspace_path
from tests.browser.steps import PAGES, go, serving, settle
from tests.trust.payloads import ACTED_JS, EVERY
from tests.trust.told_everywhere import make

_MOST_TIPS = 40

# Opens everything there is on nine pages: minutes, and on a busy machine many.
pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def hot_home(tmp_path_factory):
    home = tmp_path_factory.mktemp("hot")
    make(workspace_path("My workspace", home))
    return home


@pytest.fixture(scope="module")
def hot_server(hot_home):
    """The app over a workspace that is full of payloads; nothing of them may stand in its log."""
    log_path = hot_home / "server.log"
    with log_path.open("w+") as log, serving(hot_home, log=log) as address:
        yield address
    said = log_path.read_text(encoding="utf-8", errors="replace")
    assert "zq" not in said and "elsewhere.invalid" not in said, said[-3000:]


class Watched:
    """A tab whose every request to another host, dialog and refused load is kept."""

    def __init__(self, browser, address: str):
        self.context = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(120_000)
        self.has_shown = False  # a payload, as letters
        self.address, self.acted = address, []
        own = (address, address.replace("http", "ws", 1), "data:", "blob:")
        self.context.on("request", lambda r: None if r.url.startswith(own) else self.acted.append(r.url))
        self.page.on("dialog", lambda d: (self.acted.append(f"dialog: {d.message}"), d.dismiss()))
        self.page.on("console", lambda m: self.acted.append(m.text) if "Content Security" in m.text else None)

    def check(self, where: str) -> None:
        assert self.acted == [], where
        assert self.page.evaluate(ACTED_JS) == [], where
        self.has_shown |= "zq" in self.page.content()

    def open_all(self, title: str) -> None:
        """Open whatever can be opened where the page stands, and look each time."""
        page = self.page
        for at in range(page.locator("[data-testid=stExpander]:visible summary").count()):
            fold = page.locator("[data-testid=stExpander]:visible summary").nth(at)
            if fold.is_visible() and fold.locator("xpath=..").get_attribute("open") is None:
                fold.click()
                settle(page)
        self.check(f"{title}: expanders")
        for at in range(page.locator("[data-testid=stMain] [data-testid=stPopover]:visible button").count()):
            button = page.locator("[data-testid=stMain] [data-testid=stPopover]:visible button").nth(at)
            if not button.is_visible() or button.is_disabled():
                continue
            button.click()
            settle(page)
            self.check(f"{title}: popover {at}")
            page.keyboard.press("Escape")
        tips = page.locator("[data-testid=stTooltipHoverTarget]:visible")
        for at in range(min(_MOST_TIPS, tips.count())):
            if tips.nth(at).is_visible():
                tips.nth(at).hover(force=True)
                page.wait_for_timeout(60)
        self.check(f"{title}: tooltips")


@pytest.fixture
def watched(browser, hot_server):
    tab = Watched(browser, hot_server)
    yield tab
    tab.context.close()


@pytest.mark.parametrize("title", PAGES)
def test_nothing_told_acts_on_any_part_of_a_page(watched, title):
    page = watched.page
    page.goto(watched.address)
    settle(page)
    go(page, title)
    watched.check(title)
    watched.open_all(title)
    for at in range(page.get_by_role("tab").count()):
        tab = page.get_by_role("tab").nth(at)
        if tab.is_visible():
            tab.click()
            settle(page)
            watched.open_all(f"{title}, tab {at}")
    assert watched.has_shown  # the payloads were there to be seen


def test_a_table_to_correct_and_a_customer_to_erase_are_letters(watched):
    page = watched.page
    page.goto(watched.address)
    settle(page)
    page.get_by_role("tab", name="Correct a table").click()
    for at in range(3):
        page.get_by_label("Table", exact=True).first.click()
        page.get_by_role("option").nth(at).click()
        settle(page)
        watched.check(f"table {at}")
        page.get_by_test_id("stMain").get_by_role("radio", name="First rows").or_(
            page.get_by_role("button", name="First rows")
        ).first.click()
        settle(page)
        watched.check(f"rows of table {at}")
    page.get_by_role("tab", name="Settings").click()
    page.get_by_text("Erase one customer").click()
    page.get_by_label("Find the customer by name, id or domain").fill("zqbold")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_label("Customer", exact=True).scroll_into_view_if_needed()  # scrolling would shut the list
    page.wait_for_timeout(500)
    page.get_by_label("Customer", exact=True).click()
    page.get_by_role("option").first.click()
    settle(page)
    watched.check("erase")
    page.get_by_role("tab", name="Same customer?").click()
    page.get_by_text("Show what was merged by itself").click()
    settle(page)
    watched.open_all("merges")


def test_names_of_workspaces_and_segments_are_letters(watched):
    page = watched.page
    for name in EVERY[:3]:
        page.goto(watched.address)
        settle(page)
        page.get_by_test_id("stSidebar").get_by_test_id("stPopover").get_by_role("button").first.click()
        page.get_by_label("A new workspace").fill(name[:60])
        page.get_by_role("button", name="Make it").click()
        settle(page)
        assert "zq" in page.get_by_test_id("stSidebar").inner_text()
        page.get_by_test_id("stSidebar").get_by_test_id("stPopover").get_by_role("button").first.click()
        watched.check(name)


def test_addresses_are_letters(watched):
    """A link is a text that somebody else wrote."""
    page = watched.page
    odd = [f"segment={quote(text)}" for text in EVERY]
    odd += [
        f"segment={quote(Segment((Condition(text, 'is_any_of', [text]),), text).to_query())}"
        for text in EVERY[:6]
    ]
    odd += [f"prospect={quote(text)}" for text in EVERY[:6]]
    for at, query in enumerate(odd):
        page.goto(f"{watched.address}/{'prospects' if query.startswith('prospect') else 'segments'}?{query}")
        settle(page)
        watched.check(f"{at}: {query}")
    page.goto(f"{watched.address}/{quote(EVERY[8], safe='')}")  # no such page
    settle(page)
    watched.check("no such page")


def test_a_typed_opportunity_and_a_pasted_row_are_letters(watched):
    page = watched.page
    page.goto(f"{watched.address}/prospects")
    settle(page)
    page.get_by_role("tab", name=re.compile("One opportunity", re.IGNORECASE)).click()
    page.get_by_label("Company or person").fill(EVERY[1])
    page.get_by_role("button", name="Show the fit").click()
    settle(page)
    watched.check("typed")
    page.get_by_text("Or paste a row from a spreadsheet").click()
    row = "\t".join(text.replace("\n", " ").replace("\t", " ") for text in EVERY[:7])
    page.get_by_label("The heading line and one row").fill(f"Company\t{row}\nzq{EVERY[0]}\t{row}")
    page.get_by_role("button", name="Read the row").click()
    settle(page)
    watched.check("pasted")
