"""Uploaded text is never code: payloads in names, headers and values, shown on every page, do nothing."""

import re
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import PAGES, go, settle

# Nobody listens there; a request is an attempt all the same.
ELSEWHERE = "http://elsewhere.invalid"
PAYLOADS = (
    f"![x]({ELSEWHERE}/a.png)",
    f"[click]({ELSEWHERE}/b)",
    f'<img src="{ELSEWHERE}/c.png" onerror="alert(1)">',
    f"<script src={ELSEWHERE}/d.js></script><svg onload=alert(2)>",
    "[go](javascript:alert(3))",
    ":material/delete: :red[red] :smile:",
    "$\\href{http://elsewhere.invalid/e}{x}$ $$\\includegraphics{http://elsewhere.invalid/f.png}$$",
    f'=HYPERLINK("{ELSEWHERE}/g")',
    "{{constructor.constructor('alert(4)')()}} ${alert(5)}",
    "\u202egnp.exe\u202c <b>bold</b> **bold** `code`",
    f"</style><style>@import url({ELSEWHERE}/h.css)</style>",
    f"<iframe src={ELSEWHERE}/i></iframe>{ELSEWHERE}/j www.elsewhere.invalid",
)


def quoted(cell) -> str:
    return '"' + str(cell).replace('"', '""') + '"'


def table(rows) -> str:
    return "\n".join(",".join(quoted(cell) for cell in row) for row in rows) + "\n"


def uploads():
    """Customers, orders, answers and prospects with a payload in every name, value and own column."""
    hot = PAYLOADS
    customers = [
        ["Account ID", "Company name", "Industry", "Country", "Customer since", "Status", hot[0], hot[2]]
    ]
    orders = [["Order ID", "Account ID", "Order date", "Order total", "Currency", "Product"]]
    answers = [
        ["Response ID", "Company", "Date", "How likely are you to recommend us? (0-10)", "Comment", hot[1]]
    ]
    for i in range(160):
        payload = hot[i % len(hot)]
        status = "Churned" if i % 4 == 3 else "Active"
        name = f"{payload} {i}"
        customers.append(
            [f"A{i}", name, hot[i % 5], "Germany", f"202{i % 4}-03-01", status, hot[i % 3], hot[i % 2]]
        )
        for k in range(1 + i % 3):
            orders.append(
                [f"O{i}-{k}", f"A{i}", f"2025-0{1 + k}-1{i % 9}", 100 + 400 * (i % 5 == 0), "EUR", payload]
            )
        said = f"We had a problem with {payload} and lost three hours, we want it to be faster"
        answers.append([f"R{i}", name, "2025-05-02", (i * 3) % 11, said, hot[i % 4]])
    prospects = [["Lead company", "Industry", "Country"]] + [
        [f"{p} GmbH", hot[i % 5], "Germany"] for i, p in enumerate(hot)
    ]
    named = {
        "![x](http:⁄⁄elsewhere.invalid⁄n.png) <img src=x onerror=alert(6)>.csv": customers,
        "orders :material:delete: **x**.csv": orders,
        "answers $x$ `y`.csv": answers,
        "leads [a](b).csv": prospects,
    }
    return [
        {"name": name, "mimeType": "text/csv", "buffer": table(rows).encode()} for name, rows in named.items()
    ]


@pytest.fixture
def watched(page: Page, server):
    """The page of a watched browser: every request to another host and every dialog is kept."""
    acted: list[str] = []
    page.context.on(
        "request",
        lambda r: (
            acted.append(r.url)
            if not r.url.startswith((server, server.replace("http", "ws", 1), "data:", "blob:"))
            else None
        ),
    )
    page.on("dialog", lambda dialog: (acted.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda m: acted.append(m.text) if "elsewhere.invalid" in m.text else None)
    yield page, acted


def nothing_acted(page: Page, acted: list[str]) -> None:
    assert acted == []
    assert page.locator("[data-testid=stException]").count() == 0
    made = page.evaluate(
        """() => [...document.querySelectorAll('[src],[href]')]
              .map(e => (e.getAttribute('src') || '') + ' ' + (e.getAttribute('href') || ''))
              .filter(a => a.includes('elsewhere.invalid') || a.includes('javascript:'))"""
    )
    assert made == []


def test_no_uploaded_text_acts_on_any_page(watched):
    page, acted = watched
    page.locator("input[type=file]").first.set_input_files(uploads())
    page.get_by_role("button", name=re.compile(r"^Load \d")).wait_for(timeout=60_000)
    settle(page)
    nothing_acted(page, acted)
    page.get_by_role("button", name=re.compile(r"^Load \d")).click()
    expect(page.get_by_text(re.compile(r"\d+ customers")).first).to_be_visible(timeout=120_000)
    settle(page)
    nothing_acted(page, acted)

    for title in (*PAGES[1:], PAGES[0]):
        link = page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True)
        if not link.count():
            continue
        go(page, title)
        tabs = page.get_by_role("tab")
        for i in range(tabs.count()):
            tabs.nth(i).click()
            settle(page)
        nothing_acted(page, acted)
        if title == "Segments":
            button = page.get_by_role("button", name="Make this my ICP")
            if button.count() and button.first.is_enabled():
                button.first.click()
                settle(page)
                nothing_acted(page, acted)


def test_every_answer_forbids_what_comes_from_elsewhere(server):
    for path in ("/", "/_stcore/health", "/segments", "/nothing-there.js"):
        try:
            answer = urllib.request.urlopen(server + path, timeout=5)
        except urllib.error.HTTPError as error:
            answer = error
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "http" not in policy and "*" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_browser_refuses_what_the_escape_would_miss(browser, server):
    """The second wall: a picture and a script of another host are refused even when they stand in the page."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server)
    settle(page)
    refused = page.evaluate(
        """(elsewhere) => new Promise(done => {
              const found = [];
              document.addEventListener('securitypolicyviolation', e => found.push(e.violatedDirective));
              const image = new Image(); image.src = elsewhere + '/x.png'; document.body.append(image);
              const script = document.createElement('script'); script.textContent = 'window.hit = 1';
              document.body.append(script);
              fetch(elsewhere + '/x').catch(() => 0);
              setTimeout(() => { image.remove(); done({found, hit: window.hit ?? null}); }, 800);
           })""",
        ELSEWHERE,
    )

    assert refused["hit"] is None
    assert {d.split("-elem")[0] for d in refused["found"]} >= {"img-src", "script-src", "connect-src"}
    context.close()
