"""What a new user does in the first ten minutes, in a real browser."""

import json
import re
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.steps import go, open_list, settle

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "b2b"


def load_sample(page: Page) -> None:
    page.get_by_role("button", name="Companies (B2B)").click()
    expect(page.get_by_text(re.compile(r"\d+ customers")).first).to_be_visible(timeout=120_000)
    settle(page)


def download(page: Page, name: str) -> bytes:
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("button", name=name, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def figure(page: Page, label: str) -> str:
    """The value of a card of the strip."""
    card = page.locator(
        ".icp-card", has=page.locator(".icp-label", has_text=re.compile(f"^{label}$", re.I))
    ).first
    return card.locator(".icp-value").inner_text()


def test_from_sample_data_to_a_signed_page(page):
    load_sample(page)
    go(page, "Segments")
    before = figure(page, "Lifetime value")

    box = page.get_by_test_id("stMultiSelect").filter(has_text="Industry")
    open_list(page, box)
    page.get_by_role("option", name=re.compile("Facilities Services")).first.click()
    page.keyboard.press("Escape")
    settle(page)

    assert figure(page, "Lifetime value") != before
    expect(page.get_by_text("Industry is Facilities Services").first).to_be_visible()
    assert "Facilities" in page.url

    go(page, "Data")
    go(page, "Segments")
    expect(page.get_by_text("Industry is Facilities Services").first).to_be_visible()

    page.get_by_role("button", name="Make this my ICP").click()
    page.get_by_role("heading", name="Profile", level=1).wait_for()
    settle(page)
    expect(page.get_by_text("A Facilities Services company").first).to_be_visible(timeout=60_000)

    go(page, "One-pager")
    expect(page.get_by_test_id("stImage").first).to_be_visible(timeout=60_000)
    pdf = PdfReader(BytesIO(download(page, "PDF")))
    assert len(pdf.pages) == 1
    assert "Facilities Services" in " ".join(pdf.pages[0].extract_text().replace("\u200b", "").split())
    book = load_workbook(BytesIO(download(page, "Excel")))
    assert {"Evidence", "Customers", "Scorecard"} <= set(book.sheetnames)


def test_the_search_finds_the_planted_customer_and_it_becomes_the_icp(page):
    load_sample(page)
    go(page, "Profile")
    expect(page.get_by_text("Employees 50–200").first).to_be_visible(timeout=60_000)

    page.get_by_role("button", name="Take as ICP").first.click()
    settle(page)

    expect(page.get_by_text("Ideal customer:").first).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="Check").click()
    expect(page.get_by_text("Customers who came later")).to_be_visible(timeout=60_000)


def test_files_dropped_by_hand_become_customers(page):
    """Drag and drop, not the file dialog: the browser builds the files and drops them on the zone."""
    names = ["hubspot-companies.csv", "stripe-subscriptions.csv", "nps-survey.csv"]
    files = [{"name": name, "text": (SAMPLE / name).read_text(encoding="utf-8")} for name in names]
    transfer = page.evaluate_handle(
        """files => {
            const transfer = new DataTransfer();
            for (const file of files) transfer.items.add(new File([file.text], file.name, {type: 'text/csv'}));
            return transfer;
        }""",
        json.loads(json.dumps(files)),
    )
    zone = page.get_by_test_id("stFileUploaderDropzone")
    zone.dispatch_event("dragenter", {"dataTransfer": transfer})
    zone.dispatch_event("dragover", {"dataTransfer": transfer})
    zone.dispatch_event("drop", {"dataTransfer": transfer})

    load = page.get_by_role("button", name="Load 3 files")
    expect(load).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Stripe subscriptions").first).to_be_visible()
    load.click()
    expect(page.get_by_text(re.compile(r"\d+ customers")).first).to_be_visible(timeout=120_000)
    settle(page)

    expect(page.get_by_text("Rows read").first).to_be_visible()
    go(page, "Segments")
    assert "%" in figure(page, "Churned")


def test_a_link_opens_the_same_segment_in_another_tab(page, server):
    load_sample(page)
    other = page.context.new_page()
    other.goto(f'{server}/segments?segment=[["employees","at_least",50]]')
    settle(other)

    expect(other.get_by_text("Employees at least 50").first).to_be_visible(timeout=60_000)
    go(page, "Segments")
    expect(page.get_by_text("All customers").first).to_be_visible()

    other.goto(f"{server}/data")
    expect(other.get_by_role("heading", name="Data", level=1)).to_be_visible()
    expect(other.get_by_text("Page not found")).to_have_count(0)
