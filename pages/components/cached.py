"""What is kept between reruns, each under the workspace and the state of its data it was made from.

The connection is keyed by the file's path: one process may open a file only once. Facts and what is reckoned
from them alone are keyed by file, workspace and version of the data, and shared by the sessions that look at this
workspace: fifty people must not keep fifty copies of all customers. Nobody changes them in place (a test holds
it). What depends on the choices of one person is kept with the session.
"""

from __future__ import annotations

import gc
from datetime import date
from pathlib import Path

import streamlit as st

from icp_core.export.brand import Brand
from icp_core.export.pdf import OnePager, one_pager
from icp_core.facts import history, store
from icp_core.facts.catalogue import Facts
from icp_core.gather import link
from icp_core.profile.model import Profile
from icp_core.value import lifetime
from icp_core.workspace import Workspace

_WORKSPACES = 8  # so many states of workspaces are kept in memory at once


@st.cache_resource(show_spinner=False, on_release=Workspace.close)
def workspace_at(path: str) -> Workspace:
    """The open workspace of a file; one per process."""
    return Workspace.open(Path(path))


@st.cache_resource(show_spinner="Opening your customers …", max_entries=_WORKSPACES)
def facts_of(path: str, fingerprint: str, _workspace: Workspace) -> Facts | None:
    """The facts of a workspace in one state of its data; None when no customers are loaded.

    ``fingerprint`` is part of the key: a new upload must never be answered with the old count.
    """
    return store.load_facts(_workspace)


def forget_workspace(path: str) -> None:
    """Close a workspace and drop what was kept of it, for every session."""
    workspace_at.clear(path)
    for kept in (facts_of, history_of, churn_signs_of, lifetime_of):
        kept.clear()


def forget_results() -> None:
    """Drop what was made of customers' data; the workspaces stay open."""
    for kept in (facts_of, history_of, churn_signs_of, lifetime_of, page_of):
        kept.clear()


@st.cache_resource(show_spinner=False)
def settle_memory() -> bool:
    """Once per process: leave the imported modules out of garbage collection, which runs on every rerun."""
    gc.collect()
    gc.freeze()
    return True


@st.cache_data(show_spinner=False, scope="session", max_entries=30)
def page_of(
    profile: str,
    format: str,
    paper: str,
    language: str,
    personal: bool,
    accent: str,
    against: str,
    logo: bytes | None,
    _step_hint: int | None = None,
) -> OnePager:
    """The printed page of a profile (as JSON) in one look; the hint saves time and changes nothing."""
    return one_pager(
        Profile.from_json(profile),
        format=format,
        paper=paper,
        language=language,
        personal=personal,
        brand=Brand(accent, against, logo),
        step_hint=_step_hint,
    )


@st.cache_resource(show_spinner="Reading orders and deals", max_entries=_WORKSPACES)
def history_of(path: str, fingerprint: str, as_of: date, _workspace: Workspace) -> history.History:
    """Orders, deals and accounts behind the facts."""
    return history.history_of(_workspace, as_of)


@st.cache_resource(show_spinner="Asking every source who has left", max_entries=_WORKSPACES)
def churn_signs_of(path: str, fingerprint: str, as_of: date, _workspace: Workspace) -> history.ChurnSigns:
    """What each source says about who has left."""
    return history.churn_signs(_workspace, as_of)


@st.cache_resource(show_spinner="Working out what customers will bring", max_entries=_WORKSPACES)
def lifetime_of(path: str, fingerprint: str, _facts: Facts, _orders) -> lifetime.Lifetime:
    """Expected lifetime value of every customer, by the method the data can carry."""
    return lifetime.expected(_facts, _orders)


@st.cache_data(show_spinner="Going through the merges", scope="session", max_entries=2)
def merges_of(path: str, fingerprint: str, _workspace: Workspace):
    """Every merge between rows of different identity, with its reason."""
    return link.merges(_workspace)
