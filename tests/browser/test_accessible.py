"""Every page passes the checks of axe-core: contrast, names, labels, order of headings; light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.steps import PAGES, go, settle
from tests.browser.test_journeys import load_sample

# Streamlit's own elements, not ours to change: the list of pages in the side bar, the drop zone's role.
OF_STREAMLIT = {"list", "listitem", "presentation-role-conflict"}


def _faults(page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in found
        if fault["id"] not in OF_STREAMLIT
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_fault_of_access(page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.reload()
    settle(page)
    load_sample(page)
    faults = {}
    for title in PAGES:
        if title != "Data":
            go(page, title)
            page.wait_for_timeout(1500)
            settle(page)
        faults |= {f"{title} {i}": fault for i, fault in enumerate(_faults(page))}
    assert faults == {}


def test_the_checks_see_a_fault(page):
    page.get_by_role("heading", level=1).wait_for()
    page.evaluate(
        "document.querySelector('h1').insertAdjacentHTML('afterend', '<p style=\"color:#999\">pale</p>')"
    )
    assert any(fault.startswith("color-contrast") for fault in _faults(page))
