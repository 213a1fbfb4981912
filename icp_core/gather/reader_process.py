"""Processes that parse one file each and are gone; one may be started ahead, so that nobody waits for Python.

A process takes 0.2 to 0.4 seconds to start, as long as DuckDB needs for 100 MB of CSV. :func:`get_ready` starts
the next one while the user still looks for a file. Each process reads a single file, so nothing of one upload
can reach the next.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Lock, Thread

from icp_core.gather.limits import Limits

TIDYING = "reader process tidying up"  # the name of the threads that do
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


class ReaderProcess:
    """A child process and the folder it works in. Close it in any case."""

    def __init__(self, limits: Limits, *, ahead: bool = False):
        self.bounds = (limits.max_memory_bytes, limits.cpu_seconds)
        self._ahead = ahead
        self.folder = Path(tempfile.mkdtemp(prefix="icp-read-"))
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, [str(_PACKAGE_ROOT), os.environ.get("PYTHONPATH")])),
            "PYTHONIOENCODING": "utf-8",
            "MALLOC_ARENA_MAX": "2",  # arenas reserve address space, which counts against the bound
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "TMPDIR": str(self.folder),
        }
        command = [
            sys.executable,
            "-P",
            "-m",
            "icp_core.gather.child",
            str(self.folder),
            *map(str, self.bounds),
        ]
        with (self.folder / "stderr.txt").open("wb") as stderr:
            self.process = subprocess.Popen(
                [*command, "--ahead"] if ahead else command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=environment,
                cwd=self.folder,
                start_new_session=True,
            )
        self._said = [b"", b""]
        self._listener = Thread(target=self._listen, daemon=True)

    def begin(self) -> None:
        """Let it parse what ``request.json`` in its folder asks for."""
        try:
            self.process.stdin.write(b"go\n")
            self.process.stdin.flush()
        except OSError:  # it is gone already; its answer, which never comes, says so
            pass
        self._listener.start()

    def _listen(self) -> None:
        self._said = [self.process.stdout.readline(), self.process.stdout.readline()]

    def ended(self, seconds: float) -> bool:
        """Wait at most so long for its answer or its end; whether one has come."""
        self._listener.join(seconds)
        return not self._listener.is_alive()

    def outcome(self) -> int:
        """0 when all is written, else how it ended (a signal as a negative number); after :meth:`ended` only."""
        if self._said[1] == b"done\n":
            return 0
        return self.process.wait() or 1  # an end without a word is no good end

    def was_gone(self) -> bool:
        """Whether it was started ahead and had ended before it was asked for anything."""
        return self._ahead and not self._listener.is_alive() and not self._said[0]

    def close(self, *, wait: bool = True) -> None:
        """End it, whatever it is doing, and remove its folder.

        ``wait=False`` leaves both to a thread: the system takes a tenth of a second to take back what a large
        file filled. Python does not end before that thread has.
        """
        if self.process.poll() is None:
            self.process.kill()
        if wait:
            self._tidy_up()
        else:
            Thread(target=self._tidy_up, name=TIDYING).start()

    def _tidy_up(self) -> None:
        self.process.wait()
        if self._listener.ident is not None:
            self._listener.join()
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.close()
            except OSError:  # what it was told had not gone out yet
                continue
        shutil.rmtree(self.folder, ignore_errors=True)


class _Spare:
    """The one process kept ready. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ready: ReaderProcess | None = None
        self.wanted = False

    def get_ready(self, limits: Limits) -> None:
        with self._lock:
            if self._ready is not None and self._ready.process.poll() is None:
                return
            stale, self._ready = self._ready, ReaderProcess(limits, ahead=True)
            self.wanted = True
        if stale is not None:
            stale.close()

    def take(self, limits: Limits) -> ReaderProcess | None:
        """The process kept ready, when there is one with these bounds."""
        with self._lock:
            found = self._ready
            if found is None or found.bounds != (limits.max_memory_bytes, limits.cpu_seconds):
                return None
            self._ready = None
        return found

    def dismiss(self) -> None:
        with self._lock:
            found, self._ready = self._ready, None
        if found is not None:
            found.close()


_SPARE = _Spare()
atexit.register(_SPARE.dismiss)


def get_ready(limits: Limits | None = None) -> None:
    """Start the process for the next file ahead of it, and keep one ready from now on. Returns at once."""
    _SPARE.get_ready(limits or Limits.from_environment())


def processes(limits: Limits) -> Iterator[ReaderProcess]:
    """The process kept ready, when its bounds are these; then a new one, in case that one was gone."""
    spare = _SPARE.take(limits)
    if spare is not None:
        yield spare
    yield ReaderProcess(limits)


def keep_ready() -> None:
    """Replace the process that was used, when :func:`get_ready` was ever asked for one."""
    if _SPARE.wanted:
        get_ready()


def dismiss() -> None:
    """Send the process kept ready away and keep none from now on."""
    _SPARE.wanted = False
    _SPARE.dismiss()
