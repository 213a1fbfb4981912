"""How long the server takes for a change of a filter while ten people change filters at the same time.

    python -m benchmarks.live_users [CUSTOMERS] [--users 10] [--seconds 20]

Each user speaks to the real server over a web socket of its own, as the browser does, and moves one end of a
slider about every two seconds, not in step with the others. Everybody looks at industries of their own, so nobody
is served from what another one asked. In milliseconds, from sending the change:

- charts: until the last chart's rows have arrived
- all: until the run has ended, with the 20 ms in which the script holds still for the charts (see
  ``segment_page``) taken off
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from benchmarks.live_browser import Room, make_workspace, served
from benchmarks.made_customers import INDUSTRIES

PAUSE = 2.0
HEAD_START_MS = 20


@dataclass
class User:
    """One open session and what was measured in it."""

    address: str
    seed: int
    pause: float = PAUSE
    charts: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    ready: threading.Event = field(default_factory=threading.Event)

    def run(self, until: threading.Event) -> None:
        """Live, and keep how it ended when the server or the page failed."""
        try:
            self.live(until)
        except (OSError, TimeoutError, WebSocketException) as error:
            self.errors.append(f"{type(error).__name__}: {error}")
        finally:
            self.ready.set()

    def live(self, until: threading.Event) -> None:
        rng = random.Random(self.seed)
        with self.connected() as socket:
            slider, fragment = self._open(socket)
            self.ready.set()
            options = list(slider.options)
            until.wait(rng.uniform(0, self.pause))
            middle = len(options) // 2
            while not until.is_set():
                ends = options[rng.randint(1, middle)], options[rng.randint(middle + 1, len(options) - 1)]
                self._change(socket, slider.id, fragment, list(ends))
                until.wait(rng.uniform(0.8, 1.2) * self.pause)

    def connected(self) -> ClientConnection:
        """A web socket of its own, as the browser opens it."""
        return connect(
            self.address.replace("http", "ws") + "/_stcore/stream",
            subprotocols=["streamlit"],
            origin=self.address,
            max_size=None,
        )

    def _open(self, socket: ClientConnection):
        message = BackMsg()
        message.rerun_script.page_name = "segments"
        chosen = random.Random(self.seed).sample(INDUSTRIES, 3)
        written = json.dumps([["industry", "is_any_of", chosen]])
        message.rerun_script.query_string = urllib.parse.urlencode({"segment": written})
        socket.send(message.SerializeToString())
        found = None
        while True:
            seen = self._heard(socket)
            element = seen.delta.new_element
            if element.WhichOneof("type") == "slider" and "filter_employees" in element.slider.id:
                found = element.slider, seen.delta.fragment_id
            if seen.WhichOneof("type") == "script_finished" and found:
                return found

    def _heard(self, socket: ClientConnection) -> ForwardMsg:
        """The next message; an exception or an error shown on the page is kept."""
        seen = ForwardMsg.FromString(socket.recv(timeout=120))
        element = seen.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(element.exception.type)
        elif kind == "alert" and element.alert.format == Alert.ERROR:
            self.errors.append(element.alert.body)
        elif (
            seen.WhichOneof("type") == "script_finished"
            and seen.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR
        ):
            self.errors.append("compile error")
        return seen

    def _change(self, socket: ClientConnection, slider: str, fragment: str, value: list[str]) -> None:
        message = BackMsg()
        message.rerun_script.page_name = "segments"
        message.rerun_script.fragment_id = fragment
        state = message.rerun_script.widget_states.widgets.add()
        state.id = slider
        state.string_array_value.data.extend(value)
        start, chart = time.perf_counter(), 0.0
        socket.send(message.SerializeToString())
        while True:
            seen = self._heard(socket)
            if seen.delta.new_element.WhichOneof("type") == "vega_lite_chart":
                chart = time.perf_counter()
            if seen.WhichOneof("type") == "script_finished":
                break
        self.charts.append((chart - start) * 1000)
        self.whole.append((time.perf_counter() - start) * 1000 - HEAD_START_MS)


def run(customers: int, n_users: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        make_workspace(Path(folder), customers)
        with served("app.py", {"ICP_WORKBENCH_HOME": folder}) as (process, address):
            users, over = [User(address, seed) for seed in range(n_users)], threading.Event()
            threads = [threading.Thread(target=user.run, args=(over,), daemon=True) for user in users]
            for user, thread in zip(users, threads, strict=True):
                thread.start()
                user.ready.wait(120)
            room, load = Room("ours", process, address), os.getloadavg()[0]
            before, changes = room.server_ms(), sum(len(u.whole) for u in users)
            over.wait(seconds)
            used = room.server_ms() - before
            changes = sum(len(u.whole) for u in users) - changes
            over.set()
            for thread in threads:
                thread.join(10)
    print(
        f"{customers:,} customers · {n_users} users · {changes} changes · load {load:.1f}–{os.getloadavg()[0]:.1f}"
    )
    for name in ("charts", "whole"):
        times = sorted(t for u in users for t in getattr(u, name)[1:])
        print(
            f"{name:8} median {statistics.median(times):5.0f}   p95 {times[int(len(times) * 0.95)]:5.0f} ms"
        )
    print(f"processor time of the server per change {used / max(changes, 1):.0f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("customers", nargs="?", type=int, default=100_000)
    parser.add_argument("--users", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    run(given.customers, given.users, given.seconds)
