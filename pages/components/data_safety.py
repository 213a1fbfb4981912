"""When a workspace does not open: what is left and what to do. And forgetting one customer for good."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from icp_core.erasure import Erasure, erase_customer, erasures
from icp_core.errors import NewerWorkspaceError, WorkspaceError, WorkspaceLockedError
from icp_core.stats import wording
from icp_core.workspace import Workspace, workspace_path
from pages.components import cached, long_work, state
from pages.components.text import md, plain

_MOST_FOUND = 20


def rescue(problem: Exception) -> None:
    """Say why the workspace does not open and offer the way back; the damaged file is kept."""
    if isinstance(problem, WorkspaceError):
        st.error(md(problem), icon=":material/error:")
    else:
        st.error("A part of the workspace's file cannot be read: it is damaged.", icon=":material/error:")
    path = workspace_path(state.workspace_name())
    cached.forget_workspace(str(path))
    if isinstance(problem, NewerWorkspaceError | WorkspaceLockedError):
        st.button("Try again", key="data.try_again", icon=":material/refresh:")
        return
    copies = Workspace.rescues(path)
    if copies:
        chosen = st.radio(
            "Good copies",
            copies,
            format_func=lambda copy: _described(copy, path),
            key="data.rescue_choice",
        )
        if st.button("Go on with this copy", key="data.rescue", type="primary"):
            _put_in_place(path, chosen)
    else:
        st.markdown("There is no good copy beside it.")
    st.caption("The damaged file is not deleted: it is kept in the folder of the backups.")
    if st.button("Start with an empty workspace", key="data.start_anew"):
        _put_in_place(path, None)


def _described(copy: Path, path: Path) -> str:
    changed = datetime.fromtimestamp(copy.stat().st_mtime)
    words = f"{wording.on_date(changed.date())}, {changed:%H:%M}"
    if copy == path:
        return f"What can be read of it: everything up to the last import, {words} (changes made after it may be lost)"
    return f"Backup of {words}"


def _put_in_place(path: Path, copy: Path | None) -> None:
    Workspace.rescue(path, copy)
    cached.forget_workspace(str(path))
    st.rerun()


def erase_one(workspace: Workspace) -> None:
    """Erase one customer everywhere, after the name was typed."""
    with st.expander("Erase one customer"):
        st.markdown(
            "Removes one customer from every table, quote, version of the profile, upload and backup, and writes "
            "the file anew. This cannot be undone. A later upload with the same customer brings it back."
        )
        wanted = st.text_input("Find the customer by name, id or domain", key="data.erase_search").strip()
        names = _found(workspace, wanted) if wanted else {}
        if wanted and not names:
            st.caption("No customer has this in the name, id or domain.")
        chosen = (
            st.selectbox(
                "Customer",
                list(names),
                index=None,
                format_func=lambda customer: plain(names.get(customer, customer)),
                placeholder="Choose a customer",
                key="data.erase_who",
            )
            if names
            else None
        )
        if chosen:
            typed = st.text_input(f"Type {md(names[chosen])} to confirm", key="data.erase_name")
            author = st.text_input("Who erases it, for the record", key="data.erase_author")
            if st.button(
                "Erase for good",
                key="data.erase",
                disabled=" ".join(typed.split()) != plain(names[chosen]),
                icon=":material/person_remove:",
            ):
                record = _erased(workspace, chosen, plain(author))
                cached.forget_results()
                st.toast(f"Erased: {record.rows:,} rows, {record.files:,} uploads")
                st.rerun()
        for record in erasures(workspace):
            by = f" by {md(record.author)}" if record.author else ""
            parts = {
                "row": record.rows,
                "mention": record.cells,
                "decision": record.decisions,
                "version": record.versions,
                "upload": record.files,
            }
            words = ", ".join(f"{n:,} {what}{'' if n == 1 else 's'}" for what, n in parts.items() if n)
            st.caption(f"{wording.on_date(record.erased_at.date())}{by}: {md(words)}")


def _erased(workspace: Workspace, customer_id: str, author: str) -> Erasure:
    """Erase in a thread of its own: a closed tab must not leave it half done."""
    work = long_work.begin(
        (str(workspace.path), "erase", customer_id),
        "Erasing and writing the file anew",
        lambda work: erase_customer(workspace, customer_id, author=author),
        can_stop=False,
    )
    long_work.watch(work)
    long_work.forget(work.key)
    if work.error is not None:
        raise work.error
    return work.result


def _found(workspace: Workspace, wanted: str) -> dict[str, str]:
    """Names of the customers that ``wanted`` may mean, by id."""
    return dict(
        workspace.cursor()
        .execute(
            """
            SELECT customer_id, coalesce(customer_name, customer_id)
            FROM accounts
            WHERE contains(lower(concat_ws(' ', customer_name, customer_id, domain)), lower($wanted))
            ORDER BY length(customer_name), customer_name, customer_id
            LIMIT $most
            """,
            {"wanted": wanted, "most": _MOST_FOUND},
        )
        .fetchall()
    )
