"""ICP Workbench: one page per question, in four groups. Run with ``streamlit run app.py``.

The file plays two parts. ``streamlit run`` imports it and finds ``app``, the server with its security headers;
the server then runs it as the script of every session.
"""

from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from pages.components import access, cached, feedback, security, state
from pages.components.figures import ICON, page_style
from pages.components.workspace_choice import workspace_choice

GROUPS = {
    "Gather": [("data", "Data", "upload_file")],
    "Understand": [
        ("customers", "Customers", "group"),
        ("segments", "Segments", "tune"),
        ("retention", "Retention", "trending_down"),
        ("voice", "Voice", "forum"),
    ],
    "Define": [("profile", "Profile", "target"), ("one_pager", "One-pager", "description")],
    "Apply": [("prospects", "Prospects", "checklist"), ("research", "Research", "quiz")],
}

HOME = "data"


def navigation() -> dict[str, list]:
    """The pages by group; the first is where a new user lands."""
    folder = Path(__file__).parent / "pages"
    return {
        group: [
            st.Page(f"pages/{name}.py", title=title, icon=f":material/{icon}:", default=name == HOME)
            for name, title, icon in pages
            if (folder / f"{name}.py").exists()
        ]
        for group, pages in GROUPS.items()
    }


async def home(request: Request) -> RedirectResponse:
    """The first page lives at "/"; somebody typed its name behind the address."""
    return RedirectResponse(request.url.replace(path=request.url.path.removesuffix(HOME)))


def show() -> None:
    """One run of one session: the page the reader is on."""
    st.set_page_config(page_title="ICP Workbench", page_icon=ICON, layout="wide")
    cached.settle_memory()
    page = st.navigation(
        {group: pages for group, pages in navigation().items() if pages},
        expanded=True,
        position="hidden" if access.is_shut() else "sidebar",
    )
    page_style()
    with feedback.problems_as_messages():
        access.gate()
    workspace_choice()
    access.who_is_signed_in(state.workspace_name())
    feedback.what_went_wrong()
    with feedback.problems_as_messages(stop=False):
        state.begin(page.url_path or HOME)
    with feedback.problems_as_messages():
        page.run()


if __name__ == "__main__":
    show()
else:
    security.keep_data_out_of_the_log()
    app = st.App(
        __file__,
        middleware=security.middleware(),
        routes=[Route(f"/{HOME}", home)],
        on_script_error=feedback.uncaught,
    )
