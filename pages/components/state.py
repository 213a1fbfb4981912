"""The session's state: the only module that touches ``st.session_state`` and the address bar.

What a person decided lives in the workspace file. Here live only the choices of the moment: which
workspace, which segment, what is compared. The segment is also in the address, so a link opens the
same view and two tabs do not disturb each other.
"""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

from icp_core.errors import IcpError, WorkspaceError
from icp_core.facts.catalogue import Facts
from icp_core.segments.conditions import Segment
from icp_core.workspace import Decision, Workspace, workspace_path
from pages.components import access, cached

DEFAULT_WORKSPACE = "My workspace"
MAX_COMPARED = 4
_MAX_UNDO = 50

# Keys under which the session keeps its values; widget keys are "page.widget" and never start with "_icp".
_WORKSPACE, _SEGMENT, _PAST, _FUTURE = "_icp.workspace", "_icp.segment", "_icp.past", "_icp.future"
_URL_SEEN, _PAGE, _COMPARED, _KEPT = "_icp.url", "_icp.page", "_icp.compared", "_icp.kept"
_SAVED = "_icp.saved"
_QUERY = "segment"


# -- workspace and customers -----------------------------------------------------------------------


def _inside_app() -> None:
    """Run ``app.py`` around the page, also when a link to a page opens the first session of a process.

    Until ``st.navigation`` was called once, Streamlit takes the folder ``pages`` for an app of the old kind
    and runs the page alone: without style, groups or the segment of the address.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def workspace_name() -> str:
    name = st.session_state.get(_WORKSPACE)
    return name if name is not None and access.may_see(name) else access.first_workspace(DEFAULT_WORKSPACE)


def workspace() -> Workspace:
    """The workspace of this session, opened (and created) when first needed.

    Raises
    ------
    WorkspaceError
        The file is locked, damaged, or of a newer version; the message says what to do.
    """
    _inside_app()
    name = workspace_name()
    if not access.may_see(name):
        raise WorkspaceError("Sign in to see the workspaces of your team.")
    opened = cached.workspace_at(str(workspace_path(name)))
    return opened if access.may_edit(name) else opened.read_only()


def my_name() -> str:
    """The name of the person who signed in; "" where nobody signs in."""
    return str(st.user.get("name") or st.user.get("email") or "") if access.is_configured() else ""


def may_edit() -> bool:
    """Whether this session may change its workspace."""
    return access.may_edit(workspace_name())


def choose_workspace(name: str) -> None:
    """Work in another workspace; the segment starts anew, as attributes differ.

    Raises
    ------
    WorkspaceError
        It belongs to a team this person is not of.
    """
    if not access.may_see(name):
        raise WorkspaceError(f"“{name}” belongs to another team. Ask whoever runs this server.")
    if name != workspace_name():
        st.session_state[_WORKSPACE] = name
        for key in (_SEGMENT, _PAST, _FUTURE, _COMPARED, _KEPT, _SAVED):
            st.session_state.pop(key, None)
        _write_url(Segment())


def forget_all() -> None:
    """Start anew after the workspace was deleted or replaced: no segment, no caches, nothing kept."""
    path = str(workspace_path(workspace_name()))
    for key in [k for k in st.session_state if str(k).startswith("_icp.")]:
        del st.session_state[key]
    _write_url(Segment())
    cached.forget_workspace(path)


def facts() -> Facts | None:
    """Facts of the workspace, or None while no customers are loaded."""
    here = workspace()
    return cached.facts_of(str(here.path), here.facts_fingerprint(), here)


# -- the segment -----------------------------------------------------------------------------------


def segment() -> Segment:
    """The segment this session looks at; all customers at first."""
    return st.session_state.get(_SEGMENT, Segment())


def set_segment(new: Segment) -> None:
    """Look at ``new`` from now on, on every page; the former one can be brought back."""
    old = segment()
    if new == old and new.name == old.name:
        return
    if new != old:
        st.session_state[_PAST] = [*st.session_state.get(_PAST, []), old][-_MAX_UNDO:]
        st.session_state[_FUTURE] = []
    st.session_state[_SEGMENT] = new
    _write_url(new)


def can_undo() -> bool:
    return bool(st.session_state.get(_PAST))


def can_redo() -> bool:
    return bool(st.session_state.get(_FUTURE))


def undo() -> None:
    """Back to the segment before the last change."""
    _travel(_PAST, _FUTURE)


def redo() -> None:
    """Forward again to the segment that ``undo`` left."""
    _travel(_FUTURE, _PAST)


def _travel(source: str, target: str) -> None:
    stack = st.session_state.get(source, [])
    if stack:
        st.session_state[target] = [*st.session_state.get(target, []), segment()]
        st.session_state[source] = stack[:-1]
        st.session_state[_SEGMENT] = stack[-1]
        _write_url(stack[-1])


def known_segment(facts: Facts) -> Segment:
    """The segment as far as these customers have its attributes; says which conditions were left out."""
    known, lost = segment().known_to(facts.catalogue)
    if lost:
        st.session_state[_SEGMENT] = known
        _write_url(known)
        raise IcpError(
            "Left out, because these customers have no such attribute: "
            + ", ".join(sorted({c.attribute for c in lost}))
            + ". The rest of the segment stands."
        )
    return known


# -- the address -----------------------------------------------------------------------------------


def begin(page: str) -> None:
    """Bring the address and the session together at the start of every full run.

    A link or the browser's back button changes the address: the segment follows it. Opening another
    page drops the address's parameters: the address follows the segment.
    """
    _inside_app()
    st.session_state.pop(_SAVED, None)
    seen, on_same_page = st.session_state.get(_URL_SEEN), st.session_state.get(_PAGE) == page
    st.session_state[_PAGE] = page
    written = st.query_params.get(_QUERY)
    if written is not None and written != seen:
        try:
            arrived = Segment.from_query(written)
        except IcpError:
            _write_url(segment())
            raise
        set_segment(arrived)
        st.session_state[_URL_SEEN] = written
    elif written is None and seen is not None and on_same_page:
        set_segment(Segment())
        st.session_state[_URL_SEEN] = None
    elif written is None:
        _write_url(segment())


def _write_url(value: Segment) -> None:
    text = value.to_query() if value else None
    st.session_state[_URL_SEEN] = text
    if text is None:
        st.query_params.pop(_QUERY, None)
    elif st.query_params.get(_QUERY) != text:
        st.query_params[_QUERY] = text


def linked(name: str) -> str | None:
    """A parameter of the address other than the segment, such as the prospect a link points at."""
    return st.query_params.get(name)


def link(name: str, value: str | None) -> None:
    """Write such a parameter, or take it away."""
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


# -- saved segments, comparison, the ICP -----------------------------------------------------------


def saved_segments() -> dict[str, Segment]:
    """Segments saved in the workspace by name, oldest first."""
    return {d.key: Segment.from_dict(d.value) for d in saved_decisions()}


def saved_decisions() -> list[Decision]:
    """The saved segments with their owner, note and date, oldest first; asked anew on every full run of a page."""
    if _SAVED not in st.session_state:
        st.session_state[_SAVED] = workspace().decisions("segments")
    return st.session_state[_SAVED]


def save_segment(value: Segment, name: str, *, owner: str = "", note: str = "") -> Segment:
    """Keep a segment in the workspace under a name and look at it under that name."""
    name = " ".join(name.split())
    if not name:
        raise IcpError("Give the segment a name, then save it.")
    named = Segment(value.conditions, name)
    workspace().decide("segments", name, named.to_dict() | {"note": note.strip()}, author=owner.strip())
    st.session_state.pop(_SAVED, None)
    set_segment(named)
    return named


def saved_as(name: str) -> Decision | None:
    """Who saved a segment under this name, when and with which note; None when nobody did."""
    return next((d for d in saved_decisions() if d.key == name), None)


def forget_segment(name: str) -> None:
    """Remove a saved segment; the customers stay as they are."""
    workspace().withdraw("segments", name)
    st.session_state.pop(_SAVED, None)
    st.session_state[_COMPARED] = [n for n in compared() if n != name]


def compared() -> list[str]:
    """Names of the saved segments that stand side by side, at most four."""
    return list(st.session_state.get(_COMPARED, []))


def compare(names: list[str]) -> None:
    st.session_state[_COMPARED] = list(names)[:MAX_COMPARED]


def choose_icp(value: Segment) -> None:
    """Take a segment as the criteria of the ICP; the profile is drafted from it."""
    workspace().decide("icp", "criteria", value.to_dict())


def is_following() -> bool:
    """True while only a part of the page runs again, after a change of one of its widgets."""
    run = get_script_run_ctx(suppress_warning=True)
    return run is not None and bool(run.fragment_ids_this_run)


def is_drawing() -> bool:
    """True while the page is drawn; false while a click is answered, which comes before."""
    run = get_script_run_ctx(suppress_warning=True)
    return run is None or run.has_script_started


def draw_again() -> None:
    """Have the whole page drawn again after this run."""
    run = get_script_run_ctx(suppress_warning=True)
    if run is not None and run.script_requests is not None:
        run.script_requests.request_rerun(
            RerunData(query_string=run.query_string, page_script_hash=run.page_script_hash)
        )


# -- plain values of a page that outlive a visit to another page -----------------------------------


def kept(name: str, default: Any = None) -> Any:
    """A plain value a page kept under ``page.name``; widget values alone vanish with their page."""
    return st.session_state.get(_KEPT, {}).get(name, default)


def keep(name: str, value: Any) -> None:
    st.session_state[_KEPT] = st.session_state.get(_KEPT, {}) | {name: value}


def widget(key: str, default: Any = None) -> Any:
    """The value of a widget, for its callback."""
    return st.session_state.get(key, default)


def set_widget(key: str, value: Any) -> None:
    """Give a widget its value before it is drawn."""
    st.session_state[key] = value
