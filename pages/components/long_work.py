"""Long work in threads of its own: a closed tab, a reload or another click neither ends nor doubles it.

A work is known by its key, which begins with the workspace's file. The page that started it watches it and so
does every later run that asks for the same key: after a reload the same bar goes on. The result goes to one
watcher; a work that was stopped or failed is told once.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.components.figures import only_our_stop
from pages.components.text import md

Tell = Callable[[float, str], bool]
Key = tuple[str, ...]
_KEPT_SECONDS = 600  # how long the result of a work waits when nobody looks
_STEP_SECONDS = 0.1
_QUIET_SECONDS = 0.3  # work that is done before this would only flicker


class StoppedError(BaseException):
    """Raised in the work by its ``tell`` after somebody pressed Stop.

    No ``Exception``: whatever catches those in the work must not go on, and an open transaction rolls back.
    """


@dataclass
class Work:
    """One piece of long work: how far it is, and how it ended."""

    key: Key
    title: str
    about: Any = None  # what the page wants back when it did not succeed
    can_stop: bool = True
    owner: str = ""
    share: float = 0.0
    what: str = ""
    result: Any = None
    error: BaseException | None = None
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _done: threading.Event = field(default_factory=threading.Event)

    def tell(self, share: float, what: str) -> bool:
        """Called by the work: how far it is; raises ``StoppedError`` once it is to stop."""
        if self._stop.is_set():
            raise StoppedError
        self.share, self.what = min(max(share, 0.0), 1.0), what
        return True

    def stop(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    @property
    def is_stopping(self) -> bool:
        return self._stop.is_set()

    @property
    def is_done(self) -> bool:
        return self._done.is_set()

    @property
    def was_stopped(self) -> bool:
        return isinstance(self.error, StoppedError)

    def run(self, do: Callable[[Work], Any]) -> None:
        try:
            self.result = do(self)
        except BaseException as error:  # noqa: BLE001 - handed to the page that watches, which raises it again
            self.error = error
        finally:
            self.ended = time.monotonic()
            self._done.set()


_lock = threading.Lock()
_works: dict[Key, Work] = {}


def new_key(path: str, kind: str) -> Key:
    """A key for a work that is like no other: each batch of files is read and loaded by itself."""
    return (path, kind, uuid.uuid4().hex[:8])


def begin(
    key: Key, title: str, do: Callable[[Work], Any], *, about: Any = None, can_stop: bool = True
) -> Work:
    """Start a work in a thread of its own, or give back the one of the same key that runs already."""
    with _lock:
        now = time.monotonic()
        for old in [k for k, w in _works.items() if w.ended is not None and now - w.ended > _KEPT_SECONDS]:
            del _works[old]
        known = _works.get(key)
        if known is not None and not known.is_done:
            return known
        work = _works[key] = Work(key, title, about, can_stop, _session())
    threading.Thread(target=work.run, args=(do,), name=f"work {key[1:]}", daemon=True).start()
    return work


def known(key: Key) -> Work | None:
    """The work of a key that runs, or whose end nobody has seen."""
    with _lock:
        return _works.get(key)


def forget(key: Key) -> None:
    """Take note of how a work ended; it may be started anew."""
    with _lock:
        work = _works.get(key)
        if work is not None and work.is_done:
            del _works[key]


def mine(path: str, kind: str) -> list[Work]:
    """Works of a kind in a workspace that this session began, or a session that is gone (before a reload, say)."""
    with _lock:
        found = [w for w in _works.values() if w.key[:2] == (path, kind)]
    return [w for w in found if w.owner == _session() or not _is_here(w.owner)]


def stop_mine(key: Key) -> None:
    """Stop a work that this session began and needs no more; one that others asked for first goes on."""
    work = known(key)
    if work is not None and work.owner == _session():
        work.stop()
        forget(key)


def _is_here(session: str) -> bool:
    return runtime.exists() and runtime.get_instance().is_active_session(session)


def watch(work: Work) -> None:
    """Show how far a work is until it is done. Any other click leaves it running and the watching ends.

    The script only looks: the work has its thread, and talking to the page is how Streamlit ends a run.
    """
    if work._done.wait(_QUIET_SECONDS):
        return
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, text=md(work.title))
        if work.can_stop:
            only_our_stop()
            st.button(
                "Stop",
                key=f"work.stop_{'_'.join(work.key[1:])}",
                on_click=work.stop,
                disabled=work.is_stopping,
                icon=":material/close:",
            )
    while not work._done.wait(_STEP_SECONDS):
        bar.progress(work.share, text=_words(work))
    place.empty()


def watched(key: Key, title: str, do: Callable[[Work], Any], *, again: str) -> Work | None:
    """A work that is done, started when it does not run yet; None after it was stopped.

    After a stop a button called ``again`` starts it anew. An error of the work is raised here.
    """
    work = known(key) or begin(key, title, do)
    watch(work)
    if work.was_stopped:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info("Stopped; nothing was changed.", icon=":material/close:")
            st.button(md(again), key=f"work.again_{'_'.join(key[1:])}", on_click=forget, args=(key,))
        return None
    forget(key)
    if work.error is not None:
        raise work.error
    return work


def _words(work: Work) -> str:
    seconds = time.monotonic() - work.began
    shown = md(work.what or work.title)
    if work.is_stopping:
        return f"Stopping: {shown}"
    return f"{shown}, {seconds:.0f} s" if seconds > 2 else shown


def _session() -> str:
    run = get_script_run_ctx(suppress_warning=True)
    return run.session_id if run is not None else ""
