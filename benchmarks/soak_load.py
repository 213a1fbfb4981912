"""Fifty people at once for ten minutes, then three hundred who only keep a tab open.

    python -m benchmarks.soak_load [CUSTOMERS] [--users 50] [--seconds 600] [--think 10] [--idle 300]

Each user speaks to the real server over a web socket of its own (see ``live_users``), opens the Segments page and
moves one end of a slider about every ten seconds. From sending the change until the run has ended, in
milliseconds; memory is that of the server process and of the processes it started. The exit code is 1 when a bar
is missed: no error, p95 of a change at most 450 ms, memory level (the second half of the time adds less than
50 MB), idle sessions add at most 60 MB.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.live_browser import Room, make_workspace, served
from benchmarks.live_users import User

P95_MS, LEVEL_MB, IDLE_MB = 450, 50, 60
_OPENED_AT_ONCE = 5  # the others wait, as people do not come in the same second


class Idler(User):
    """A tab that was opened and is looked at no more."""

    def live(self, until: threading.Event) -> None:
        with self.connected() as socket:
            self._open(socket)
            self.ready.set()
            while not until.is_set():
                until.wait(1)


@dataclass
class Soak:
    """What was measured."""

    errors: list[str] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    charts: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)  # MB, every ten seconds
    idle_mb: float = 0.0
    processor_ms: float = 0.0  # per change

    @property
    def p95(self) -> float:
        times = sorted(self.whole)
        return times[int(len(times) * 0.95)] if times else float("inf")

    @property
    def grown_mb(self) -> float:
        """How much more memory the second half of the time needed."""
        half = self.memory[len(self.memory) // 2 :]
        return max(half) - half[0] if half else 0.0


def memory_mb(pid: int) -> float:
    """Resident memory of a process and its children, without what they share with others, in MB."""
    total = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if int(entry.name) == pid or parent == pid:
                lines = (entry / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, IndexError, ValueError):  # ended in between
            continue
    return total / 1000


def _enter(users: list[User], over: threading.Event) -> list[threading.Thread]:
    threads = [threading.Thread(target=user.run, args=(over,), daemon=True) for user in users]
    for i, (user, thread) in enumerate(zip(users, threads, strict=True)):
        thread.start()
        if i % _OPENED_AT_ONCE == _OPENED_AT_ONCE - 1 or i == 0:
            user.ready.wait(180)
    for user in users:
        user.ready.wait(180)
    return threads


def soak(customers: int, n_users: int, seconds: float, think: float, n_idle: int) -> Soak:
    """Run the whole and return what was measured."""
    found = Soak()
    with tempfile.TemporaryDirectory() as folder:
        make_workspace(Path(folder), customers)
        with served("app.py", {"ICP_WORKBENCH_HOME": folder}) as (process, address):
            room = Room("ours", process, address)
            users, over = [User(address, seed, think) for seed in range(n_users)], threading.Event()
            opened = time.perf_counter()
            threads = _enter(users, over)
            print(f"{n_users} sessions opened in {time.perf_counter() - opened:.0f} s", flush=True)
            before = room.server_ms()
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                found.memory.append(memory_mb(process.pid))
                if len(found.memory) % 6 == 1:
                    print(
                        f"{found.memory[-1]:.0f} MB, {sum(len(u.whole) for u in users)} changes", flush=True
                    )
                over.wait(min(10, max(0, until - time.monotonic())))
            found.processor_ms = (room.server_ms() - before) / max(1, sum(len(u.whole) for u in users))
            over.set()
            for thread in threads:
                thread.join(30)
            if n_idle:
                sitting, left = [Idler(address, seed) for seed in range(n_idle)], threading.Event()
                first = _enter(sitting[:1], left)
                empty = memory_mb(process.pid)
                rest = _enter(sitting[1:], left)
                time.sleep(5)
                found.idle_mb = memory_mb(process.pid) - empty
                left.set()
                for thread in first + rest:
                    thread.join(30)
                users += sitting
    found.errors = [error for user in users for error in user.errors]
    found.whole = [t for user in users for t in user.whole]
    found.charts = [t for user in users for t in user.charts]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("customers", nargs="?", type=int, default=200_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--think", type=float, default=10)
    parser.add_argument("--idle", type=int, default=300)
    given = parser.parse_args()
    load = os.getloadavg()[0]
    found = soak(given.customers, given.users, given.seconds, given.think, given.idle)
    print(
        f"{given.customers:,} customers, {given.users} sessions, {given.seconds:.0f} s, think {given.think:.0f} s, "
        f"load {load:.1f}–{os.getloadavg()[0]:.1f}"
    )
    charts = sorted(found.charts)
    print(f"{len(found.whole)} changes, errors: {len(found.errors)} {sorted(set(found.errors))[:5]}")
    print(f"charts  median {statistics.median(charts):5.0f}   p95 {charts[int(len(charts) * 0.95)]:5.0f} ms")
    print(f"whole   median {statistics.median(found.whole):5.0f}   p95 {found.p95:5.0f} ms (bar {P95_MS})")
    print(f"processor time of the server per change {found.processor_ms:.0f} ms")
    print(
        f"memory {found.memory[0]:.0f} → {found.memory[-1]:.0f} MB, second half + {found.grown_mb:.0f} MB (bar {LEVEL_MB})"
    )
    print(f"{given.idle} idle sessions + {found.idle_mb:.0f} MB (bar {IDLE_MB})")
    reached = (
        not found.errors and found.p95 <= P95_MS and found.grown_mb <= LEVEL_MB and found.idle_mb <= IDLE_MB
    )
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
