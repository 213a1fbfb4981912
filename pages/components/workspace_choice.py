"""Which workspace this session works in: another one, or a new one, beside where they are kept."""

from __future__ import annotations

import streamlit as st

from icp_core.workspace import default_folder, workspace_names, workspace_path
from pages.components import access, state
from pages.components.text import md


def workspace_choice() -> None:
    """The name of the workspace in the side bar; a press shows the others and makes a new one."""
    here = workspace_path(state.workspace_name()).stem
    # A key of its own for each: the list, which lies over the page, closes when another one is chosen.
    chosen = f"workspace.choice_{here}"
    with st.sidebar.popover(
        md(state.workspace_name()), icon=":material/database:", width="stretch", key=chosen
    ):
        roles = access.my_roles()
        names = workspace_names() if roles is None else [workspace_path(name).stem for name in roles]
        others = [name for name in names if name != here]
        for name in others:
            st.button(
                md(name),
                key=f"workspace.open_{name}",
                on_click=state.choose_workspace,
                args=(name,),
                type="tertiary",
                icon=":material/folder_open:",
            )
        if roles is not None:
            return
        with st.form("workspace.new", border=False, clear_on_submit=True):
            name = st.text_input("A new workspace", max_chars=60, placeholder="Team or product")
            if st.form_submit_button("Make it") and name.strip():
                state.choose_workspace(name.strip())
                st.rerun()
        st.caption(
            f"One file each, kept in {md(default_folder())}. Set ICP\\_WORKBENCH\\_HOME to keep them elsewhere."
        )
