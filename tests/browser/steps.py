"""What a person does in the browser."""

from playwright.sync_api import Page


def settle(page: Page, timeout_s: float = 120) -> None:
    """Wait until the script has run and the page stands still."""
    page.wait_for_selector("[data-testid=stApp]", timeout=timeout_s * 1000)
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]').getAttribute('data-test-script-state') !== 'running'"
        " && document.querySelectorAll('[data-testid=stSkeleton]').length === 0",
        timeout=timeout_s * 1000,
    )
    page.wait_for_timeout(400)


def go(page: Page, title: str) -> None:
    """Open a page by its link in the side bar."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    page.get_by_role("heading", name=title, level=1).wait_for()
    settle(page)
