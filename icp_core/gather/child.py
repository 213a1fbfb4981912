"""The throw-away process in which one upload is parsed: ``python -m icp_core.gather.child FOLDER MEMORY SECONDS``.

It binds itself to MEMORY bytes and SECONDS of processor time and waits for a line on its standard input. Then
it says ``begun``, reads ``request.json`` in FOLDER, writes ``t0.arrow``, ``t1.arrow`` … and, last, ``report.json``, and
says ``done``. If it is killed, aborts or panics it never says so, and the parent tells the user. When the parent is
gone, it removes FOLDER: what was read holds personal data. With ``--ahead`` it
gets ready for a file that nobody has uploaded yet, and leaves when none comes.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
from pathlib import Path
from threading import Timer

_NOT_NEEDED = 75  # exit code of a process that waited in vain
_PATIENCE_SECONDS = 900.0
_WARM_UP_LINES = 60_000  # enough that the reader of large tables is loaded too


class _Without:
    """Keeps packages out that pyarrow loads if it can; nothing here needs them, and they take half a second."""

    def __init__(self, *names: str):
        self.names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in self.names:
            raise ModuleNotFoundError(name, name=name)


def main(folder: Path, memory_bytes: int, cpu_seconds: int, ahead: bool) -> int:
    """Parse one file inside the limits and write what was found; returns the exit code."""
    answer = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not pass for an answer
    _confine(memory_bytes, cpu_seconds)
    sys.meta_path.insert(0, _Without("pandas", "numpy"))
    sys.setswitchinterval(0.0005)  # so that a thread which works outside Python's lock gets it back at once
    gc.disable()  # this process ends before cycles matter, and a million cells make collections slow
    from icp_core.gather import handover  # after the limits are set, so that they hold for every library

    patience = Timer(_PATIENCE_SECONDS, os._exit, (_NOT_NEEDED,))
    patience.daemon = True
    if ahead:
        patience.start()
        _warm_up(folder, memory_bytes)
    if not sys.stdin.buffer.readline():  # the parent is gone and cannot tidy up
        shutil.rmtree(folder, ignore_errors=True)
        return _NOT_NEEDED
    patience.cancel()
    _say(answer, b"begun\n")
    try:
        handover.parse_into(folder, json.loads((folder / "request.json").read_text("utf-8")))
    except MemoryError:
        (folder / "out_of_memory").touch()
        return 3
    _say(answer, b"done\n")
    # The parent takes what it wants and ends this process. When it was killed before, nobody else tidies up.
    sys.stdin.buffer.read()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # nobody waits for millions of texts to be given back one by one


def _say(answer: int, word: bytes) -> None:
    try:
        os.write(answer, word)
    except BrokenPipeError:
        return  # the parent was killed; the end of the input says so too, and what was read is removed


def _warm_up(folder: Path, memory_bytes: int) -> None:
    """Load what most files need, by reading a made-up table under the limits of the file to come."""
    from icp_core.gather import sheet_xml, transcripts, workbooks  # noqa: F401 - loading them is the purpose
    from icp_core.gather.limits import Limits
    from icp_core.gather.parse import read_in_process

    made_up = folder / "warm_up"
    made_up.write_text("number,name\n" + '123456,"Name of one, and more"\n' * _WARM_UP_LINES, "utf-8")
    read_in_process(made_up, limits=Limits(max_memory_bytes=memory_bytes), sha256="")
    made_up.unlink()


def _confine(memory_bytes: int, cpu_seconds: int) -> None:
    """Bound this process's memory and processor time, where the platform can."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit there
        return
    for what, bound in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, cpu_seconds)):
        _, hard = resource.getrlimit(what)
        if hard != resource.RLIM_INFINITY:
            bound = min(bound, hard)
        try:
            resource.setrlimit(what, (bound, hard))
        except (ValueError, OSError):  # macOS refuses RLIMIT_AS; the other limits still hold
            continue
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):
        return


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), "--ahead" in sys.argv))
