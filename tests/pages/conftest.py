"""The app with made-up customers, without a browser."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from benchmarks.made_customers import made_facts

APP = str(Path(__file__).resolve().parents[2] / "app.py")


class _InsideApp(PagesManager):
    def __init__(self, *args, **kwargs):
        PagesManager.uses_pages_directory = False
        super().__init__(*args, **kwargs)


@pytest.fixture(autouse=True)
def pages_run_inside_the_app(monkeypatch):
    """AppTest forgets before each run that the app uses ``st.navigation`` and would run a page alone.

    A real server knows it from its first session on.
    """
    monkeypatch.setattr("streamlit.testing.v1.app_test.PagesManager", _InsideApp)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty folder for workspaces; nothing is kept from another test."""
    monkeypatch.setenv("ICP_WORKBENCH_HOME", str(tmp_path))
    st.cache_resource.clear()
    yield tmp_path
    st.cache_resource.clear()


@pytest.fixture
def facts(monkeypatch):
    """600 made-up customers in place of those of the workspace."""
    found = made_facts(600)
    monkeypatch.setattr("icp_core.facts.store.load_facts", lambda workspace: found)
    return found


@pytest.fixture
def app(home):
    """The app, not yet run. ``open_page(app, "segments")`` goes to a page."""
    return AppTest.from_file(APP, default_timeout=30)


@pytest.fixture
def open_page():
    def opened(app: AppTest, name: str, **query: str) -> AppTest:
        for key, value in query.items():
            app.query_params[key] = value
        return app.switch_page(f"pages/{name}.py").run()

    return opened
