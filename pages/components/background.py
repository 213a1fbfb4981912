"""Long work beside the page: it shows how far it is, can be stopped, and goes on while another page is read."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import streamlit as st

from icp_core.errors import IcpError
from pages.components import state
from pages.components.text import md

_JOBS = "jobs"
# Work that is done before this would only flicker.
_QUIET_S, _LOOK_EVERY_S = 0.4, 0.2

# Readings share the machine: more at once would only make each slower.
_WORKERS = ThreadPoolExecutor(4, thread_name_prefix="reading")

Tell = Callable[[float, str], None]


class _Stopped(IcpError):
    """The user stopped the work."""


class _Job:
    """One piece of work in a thread of its own; it never touches the page."""

    def __init__(self, key: Any, make: Callable[[Tell], Any]):
        self.key = key
        self.share, self.what = 0.0, ""
        self.is_stopped = False
        self._result = _WORKERS.submit(make, self._tell)

    def _tell(self, share: float, what: str) -> None:
        if self.is_stopped:
            raise _Stopped("Stopped.")
        self.share, self.what = min(max(share, 0.0), 1.0), what

    def stop(self) -> None:
        self.is_stopped = True
        self._result.cancel()

    def ended_within(self, seconds: float) -> bool:
        return bool(wait([self._result], timeout=seconds).done)

    def made(self) -> Any:
        """What was made; raises what went wrong."""
        return self._result.result()


def worked_out(name: str, key: Any, make: Callable[[Tell], Any], about: str) -> Any:
    """What ``make`` returns; until then the page shows how far it is and a button to stop.

    ``make`` runs in a thread of its own and must not touch the page or the session; it is handed a function to tell its
    progress (0–1, what it does now), which raises once the user has stopped it. A run of the page that is cut
    short leaves the work going: the next run under the same ``name`` and ``key`` waits for it.
    """
    jobs: dict[str, _Job] = state.kept(_JOBS, {})
    job = jobs.get(name)
    if job is None or job.key != key:
        if job is not None:
            job.stop()
        job = _Job(key, make)
        state.keep(_JOBS, {**state.kept(_JOBS, {}), name: job})
    if not job.is_stopped and not job.ended_within(_QUIET_S):
        _wait(name, job, about)
    if job.is_stopped:
        st.info(
            f"Stopped: {md(about)}. Nothing is lost; it starts again when you want it.",
            icon=":material/pause_circle:",
        )
        st.button(
            "Start again",
            key=f"jobs.again_{name}",
            on_click=_forget,
            args=(name,),
            icon=":material/play_arrow:",
        )
        st.stop()
    _forget(name)
    return job.made()


def _wait(name: str, job: _Job, about: str) -> None:
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, text=md(about))
        st.button("Stop reading", key=f"jobs.stop_{name}", on_click=job.stop, icon=":material/close:")
    while not job.ended_within(_LOOK_EVERY_S):
        # Talking to the page is also how Streamlit ends this run when somebody presses a button.
        bar.progress(
            job.share, text=md(f"{about}: {job.what[:1].lower()}{job.what[1:]}" if job.what else about)
        )
    place.empty()


def _forget(name: str) -> None:
    state.keep(_JOBS, {other: job for other, job in state.kept(_JOBS, {}).items() if other != name})
