"""Sign-in with a provider of OpenID Connect that runs here: teams, roles, strangers, signing out.

Needs the extra ``auth`` and ``pip install oidc-provider-mock``; skipped without them.
"""

import pytest
from playwright.sync_api import Page, expect

from icp_core.sample import load_sample
from icp_core.workspace import Workspace, workspace_path
from tests.browser.steps import free_port, serving, settle

pytest.importorskip("authlib", reason="Sign-in is an extra: pip install icp-workbench[auth]")
provider = pytest.importorskip("oidc_provider_mock", reason="The provider for tests: oidc-provider-mock")

SECRETS = """
[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "{cookie}"
client_id = "icp"
client_secret = "not-looked-at-by-the-mock"
server_metadata_url = "{provider}/.well-known/openid-configuration"

[teams.sales]
editors = ["mia@team.example"]
viewers = ["*@team.example"]

[teams.board]
viewers = ["ada@board.example"]
"""


@pytest.fixture
def team_server(tmp_path):
    home, address = tmp_path / "home", f"http://localhost:{free_port()}"
    with Workspace.open(workspace_path("sales", home)) as workspace:
        load_sample(workspace)
    with provider.run_server_in_thread() as running:
        secrets = tmp_path / "secrets.toml"
        secrets.write_text(
            SECRETS.format(
                address=address, provider=f"http://localhost:{running.server_port}", cookie="k" * 40
            )
        )
        plain = {"AUTHLIB_INSECURE_TRANSPORT": "1"}
        with serving(home, "--secrets.files", str(secrets), address=address, env=plain):
            yield address


def sign_in(browser, address: str, email: str) -> Page:
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    page.goto(f"{address}/segments")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=60_000)
    settle(page)
    assert "customers" not in page.inner_text("body"), page.inner_text("body")
    assert page.get_by_test_id("stSidebarNav").count() == 0
    page.get_by_role("button", name="Sign in").click()
    page.get_by_placeholder("sub").fill(email)
    page.get_by_role("button", name="Authorize", exact=True).click()
    page.wait_for_url(f"{address}/**", timeout=30_000)
    settle(page)
    return page


def test_an_editor_changes_a_viewer_looks_and_a_stranger_sees_nothing(browser, team_server):
    mia = sign_in(browser, team_server, "mia@team.example")
    expect(mia.get_by_text("may change this workspace")).to_be_visible()
    expect(mia.get_by_test_id("stFileUploaderDropzone")).to_be_visible()
    expect(mia.get_by_text("customers").first).to_be_visible()

    jo = sign_in(browser, team_server, "jo@team.example")
    expect(jo.get_by_text("may look at this workspace")).to_be_visible()
    expect(jo.get_by_text("customers").first).to_be_visible()
    assert jo.get_by_test_id("stFileUploaderDropzone").count() == 0

    ada = sign_in(browser, team_server, "ada@board.example")
    expect(ada.get_by_text("may look at this workspace")).to_be_visible()
    assert ada.get_by_text("Facilities Services").count() == 0

    eve = sign_in(browser, team_server, "eve@elsewhere.example")
    expect(eve.get_by_text("belongs to no team here")).to_be_visible()
    assert eve.get_by_test_id("stSidebarNav").count() == 0

    jo.get_by_role("button", name="Sign out").click()
    jo.wait_for_timeout(1500)
    jo.goto(team_server)
    settle(jo)
    expect(jo.get_by_role("button", name="Sign in")).to_be_visible()
