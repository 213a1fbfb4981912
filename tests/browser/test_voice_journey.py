"""From an interview to words on the page, in a real browser."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.steps import go, settle

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "b2b"
FILES = ["hubspot-companies.csv", "stripe-subscriptions.csv", "interview-zoom.vtt"]
CUSTOMER = "Kelphurst"


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    settle(page)


def sentence(page: Page) -> str:
    """The sentence under review."""
    return page.get_by_test_id("stMain").get_by_role("heading", level=2).first.inner_text().strip()


def test_an_interview_becomes_words_on_the_page(page, server):
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files([SAMPLE / name for name in FILES])
    load = page.get_by_role("button", name=f"Load {len(FILES)} files")
    expect(load).to_be_visible(timeout=120_000)
    load.click()
    expect(page.get_by_text("Rows read").first).to_be_visible(timeout=120_000)
    settle(page)

    go(page, "Voice")
    open_tab(page, "Interviews")
    expect(page.get_by_text("Who is who")).to_be_visible()
    whose = page.get_by_role("combobox", name="Whose interview is it?")
    whose.click()
    whose.fill(CUSTOMER)
    page.get_by_role("option").first.click()
    settle(page)

    open_tab(page, "Codes")
    accepted = []
    for _ in range(3):
        shown = sentence(page)
        accepted.append(shown)
        page.keyboard.press("a")
        page.wait_for_function(
            "text => document.querySelector('[data-testid=stMain] h2').innerText.trim() !== text", arg=shown
        )
        settle(page)
    expect(page.get_by_text("3 decided")).to_be_visible()

    page.goto(f'{server}/segments?segment=[["industry","is_any_of",["Facilities Services"]]]')
    settle(page)
    page.get_by_role("button", name="Make this my ICP").click()
    page.get_by_role("heading", name="Profile", level=1).wait_for()
    settle(page)
    go(page, "One-pager")
    expect(page.get_by_test_id("stImage").first).to_be_visible(timeout=60_000)
    page.get_by_text("The page as text").click()
    settle(page)

    words = " ".join(page.get_by_test_id("stMain").inner_text().split())
    assert [text for text in accepted if " ".join(text.rstrip(".").split()) in words]
