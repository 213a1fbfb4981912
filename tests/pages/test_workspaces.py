"""Several workspaces on one machine, never mixed."""

from icp_core.workspace import Workspace, workspace_names, workspace_path


def test_a_new_workspace_is_made_and_the_first_one_can_be_opened_again(app, open_page, home):
    with Workspace.open(workspace_path("My workspace", home)) as first:
        first.decide("pin", "here", 1)
    page = open_page(app, "data")
    box = next(t for t in page.text_input if t.label == "A new workspace")
    box.set_value("Team North")
    next(b for b in page.button if b.label == "Make it").click().run()

    assert not page.exception
    assert workspace_names(home) == ["my-workspace", "team-north"]
    page.button(key="workspace.open_my-workspace").click().run()
    assert not page.exception
    assert page.session_state["_icp.workspace"] == "my-workspace"
