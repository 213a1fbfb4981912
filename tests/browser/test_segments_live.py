"""Every interaction of the Segments page, by mouse and by keyboard, in a real browser."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from benchmarks.live_browser import make_workspace, served
from tests.browser.steps import settle
from tests.browser.test_journeys import figure

HEAT, BUBBLES, VALUE = ("segments.chart_heat", "segments.chart_bubbles", "segments.chart_value")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of an app whose workspace holds 3,000 made-up customers; one for all tests of this file."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ICP_WORKBENCH_HOME", str(home))
        make_workspace(home, 3000)
        with served("app.py", {}) as (_, found):
            yield found


@pytest.fixture
def segments(browser, address):
    """The Segments page in a tab of its own; fails the test when it shows a traceback."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.goto(f"{address}/segments")
    page.wait_for_selector("[data-testid=stVegaLiteChart] canvas", timeout=60_000)
    settle(page)
    yield page
    assert page.get_by_test_id("stException").count() == 0
    context.close()


def conditions(page: Page) -> list:
    """The conditions in the address bar."""
    written = parse_qs(urlsplit(page.url).query).get("segment")
    return json.loads(written[0]) if written else []


def wait_for_conditions(page: Page, n: int) -> list:
    page.wait_for_function(
        "n => JSON.parse(new URL(location).searchParams.get('segment') || '[]').length === n", arg=n
    )
    settle(page)
    return conditions(page)


def click_a_mark(page: Page, chart: str) -> None:
    """Click where the cursor says that a mark can be clicked."""
    canvas = page.locator(
        f"[class*='{chart.replace('.', '_')}'] canvas, [class*='{chart.replace('.', '-')}'] canvas"
    )
    canvas = canvas.first if canvas.count() else page.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    for down in range(8, int(box["height"]), 14):
        for right in range(20, int(box["width"]), 22):
            page.mouse.move(box["x"] + right, box["y"] + down)
            if canvas.evaluate("c => getComputedStyle(c).cursor") == "pointer":
                page.mouse.click(box["x"] + right, box["y"] + down)
                return
    raise AssertionError(f"nothing to click in {chart}")


def test_a_click_on_a_cell_adds_its_two_conditions_and_undo_takes_them_back(segments):
    page = segments
    click_a_mark(page, HEAT)
    found = wait_for_conditions(page, 2)
    assert len({attribute for attribute, *_ in found}) == 2

    page.get_by_role("button", name="Undo").click()
    wait_for_conditions(page, 0)
    expect(page.get_by_text("All customers").first).to_be_visible()
    page.get_by_role("button", name="Redo").click()
    assert wait_for_conditions(page, 2) == found


@pytest.mark.parametrize("chart", [BUBBLES, VALUE])
def test_a_click_on_a_bubble_or_a_bar_adds_its_condition(segments, chart):
    click_a_mark(segments, chart)

    assert len(wait_for_conditions(segments, 1)) == 1


def test_browser_back_brings_the_segment_before(segments):
    page = segments
    before = figure(page, "Customers")
    click_a_mark(page, HEAT)
    wait_for_conditions(page, 2)
    assert figure(page, "Customers") != before

    page.go_back()
    wait_for_conditions(page, 0)
    expect(page.locator(".icp-value").first).to_have_text(before)
    page.go_forward()
    assert len(wait_for_conditions(page, 2)) == 2


def test_two_tabs_keep_a_segment_each(segments, address):
    first = segments
    second = first.context.new_page()
    second.goto(f'{address}/segments?segment=[["employees","at_least",50]]')
    settle(second)
    click_a_mark(first, HEAT)
    mine = wait_for_conditions(first, 2)

    second.get_by_role("button", name="Clear", exact=True).click()
    wait_for_conditions(second, 0)
    assert conditions(first) == mine
    second.close()


def test_filters_answer_to_the_keyboard_alone(segments):
    page = segments
    box = page.get_by_test_id("stMultiSelect").filter(has_text="Industry").locator("input").first
    box.focus()
    page.keyboard.type("logis")
    page.keyboard.press("Enter")
    wait_for_conditions(page, 1)
    page.keyboard.press("Escape")
    expect(page.get_by_text("Industry is Logistics").first).to_be_visible()

    slider = page.locator("[class*=filter_employees] input[type=range]").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    found = wait_for_conditions(page, 2)
    assert [operator for _, operator, _ in found] == ["is_any_of", "at_least"]

    chip = page.get_by_role("button", name=re.compile("^.*Industry is Logistics"))
    chip.first.focus()
    page.keyboard.press("Enter")
    assert [attribute for attribute, *_ in wait_for_conditions(page, 1)] == ["employees"]


def test_all_but_these_turns_a_choice_round(segments):
    page = segments
    page.goto(page.url.split("?")[0] + '?segment=[["industry","is_any_of",["Logistics"]]]')
    settle(page)
    inside = int(figure(page, "Customers").replace(",", ""))
    page.get_by_text("All but these").first.click()
    page.wait_for_function("location.search.includes('is_none_of')")
    settle(page)

    everyone = int(
        re.search(r"of ([\d,]+)", page.locator(".icp-card").first.inner_text())[1].replace(",", "")
    )
    outside = int(figure(page, "Customers").replace(",", ""))
    # Customers of unknown industry are in neither.
    assert 0 < outside <= everyone - inside


def test_a_saved_segment_keeps_owner_and_note_and_opens_again(segments):
    page = segments
    click_a_mark(page, HEAT)
    found = wait_for_conditions(page, 2)
    page.get_by_role("button", name="Save or open").click()
    page.get_by_label("Name of this segment").fill("Spring")
    page.get_by_label("Owner").fill("Ann")
    page.get_by_label("Note").fill("for the fair")
    page.get_by_label("Note").press("Tab")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Spring:")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear", exact=True).click()
    wait_for_conditions(page, 0)

    page.get_by_role("button", name="Save or open").click()
    expect(page.get_by_text(re.compile("Ann · .* · for the fair"))).to_be_visible()
    page.get_by_role("button", name="Spring").click()
    assert wait_for_conditions(page, 2) == found


def test_every_chart_has_a_name_and_its_figures_as_text(segments):
    charts = segments.get_by_test_id("stVegaLiteChart")

    assert charts.count() == 5
    assert segments.locator(".icp-hidden").count() >= 5
    for said in segments.locator(".icp-hidden").all_inner_texts():
        assert re.search(r"\d", said), said


def test_the_heat_map_takes_any_two_attributes(segments):
    page = segments
    page.locator("[class*=choose_heat_a] button").first.click()
    page.get_by_label("Rows").click()
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    name = options.nth(4).inner_text()
    options.nth(4).click()
    settle(page)

    expect(page.locator(".icp-title", has_text=re.compile(f"by {re.escape(name)}"))).to_have_count(1)
