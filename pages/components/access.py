"""Who is signed in and what they may do.

On one's own machine nobody signs in and everything is allowed. When the server's secrets hold ``[auth]``, people sign
in with OpenID Connect, see the workspaces of their teams only, and change them when they are editors there:

    [teams.sales]                      # the workspace "sales"
    editors = ["mia@example.com"]
    viewers = ["*@example.com"]        # everybody of this domain
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from icp_core.errors import IcpError
from icp_core.workspace import workspace_path
from pages.components.text import md

EDITOR, VIEWER = "editor", "viewer"
_SHORTEST_SECRET = 32


def roles_of(email: str, teams: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Role of a person by workspace; the stronger one counts, and workspaces of others are not in it.

    >>> teams = {"sales": {"editors": ["Mia@example.com"], "viewers": ["*@example.com"]}, "board": {"viewers": ["a@b.example"]}}
    >>> roles_of("mia@example.com", teams), roles_of("jo@example.com", teams), roles_of("jo@other.example", teams)
    ({'sales': 'editor'}, {'sales': 'viewer'}, {})
    """
    found = {}
    for name, team in teams.items():
        for role, who in ((VIEWER, team.get("viewers", ())), (EDITOR, team.get("editors", ()))):
            if any(_is_meant(email, one) for one in who):
                found[name] = role
    return found


def _is_meant(email: str, pattern: str) -> bool:
    email, pattern = email.strip().lower(), str(pattern).strip().lower()
    if pattern.startswith("*@"):
        return email.count("@") == 1 and email.endswith(pattern[1:]) and len(pattern) > 2
    return "@" in email and email == pattern


def is_configured() -> bool:
    """Whether people sign in on this server."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def my_roles() -> dict[str, str] | None:
    """Role of the person of this session by workspace; None where nobody signs in and everything is allowed."""
    if not is_configured():
        return None
    if not st.user.is_logged_in or st.user.get("email_verified") is False:
        return {}
    return roles_of(str(st.user.get("email") or ""), st.secrets.get("teams", {}))


def may_edit(name: str) -> bool:
    """Whether this session may change the workspace called ``name``."""
    roles = my_roles()
    if roles is None:
        return True
    return any(role == EDITOR and _same(name, one) for one, role in roles.items())


def may_see(name: str) -> bool:
    """Whether this session may look into the workspace called ``name``."""
    roles = my_roles()
    return roles is None or any(_same(name, one) for one in roles)


def first_workspace(default: str) -> str:
    """The workspace a session begins in."""
    return next(iter(my_roles() or {}), default)


def _same(name: str, other: str) -> bool:
    return workspace_path(name) == workspace_path(other)


def is_shut() -> bool:
    """Whether this session must stay outside: people sign in here, and this one is of no team (yet)."""
    return my_roles() == {}


def gate() -> None:
    """Let nobody past who is not signed in and of a team; shows what to do and ends the run."""
    if not is_configured():
        return
    _check_settings(st.secrets["auth"])
    if not st.user.is_logged_in:
        st.title("ICP Workbench")
        st.markdown("Sign in to see the workspaces of your team.")
        st.button("Sign in", type="primary", key="access.sign_in", on_click=st.login, icon=":material/login:")
        st.stop()
    email = str(st.user.get("email") or "")
    if not my_roles():
        st.title("ICP Workbench")
        st.error(
            f"{md(email or 'This account')} belongs to no team here. Ask whoever runs this server to add it.",
            icon=":material/block:",
        )
        _sign_out()
        st.stop()


def who_is_signed_in(name: str) -> None:
    """Name, role and the way out, in the side bar; nothing where nobody signs in."""
    if not is_configured():
        return
    role = (
        "may change this workspace"
        if may_edit(name)
        else "may look at this workspace. What would change it is greyed out; the editors of the team can do it."
    )
    with st.sidebar:
        st.caption(f"{md(st.user.get('email'))} {role}")
        _sign_out()


def _sign_out() -> None:
    st.button(
        "Sign out", key="access.sign_out", on_click=st.logout, type="tertiary", icon=":material/logout:"
    )


def _check_settings(auth: Mapping[str, Any]) -> None:
    """Refuse settings under which anybody could make a cookie for anybody.

    Raises
    ------
    IcpError
        The secret that signs the cookies is short, or there is no team.
    """
    if len(str(auth.get("cookie_secret", ""))) < _SHORTEST_SECRET:
        raise IcpError(
            f"The setting cookie_secret is shorter than {_SHORTEST_SECRET} characters. Put a random one into secrets.toml."
        )
    if not st.secrets.get("teams"):
        raise IcpError("Sign-in is set up, but secrets.toml names no team. Add one with its editors.")
