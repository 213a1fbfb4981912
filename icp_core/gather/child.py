"""The throw-away process in which an upload is parsed: ``python -m icp_core.gather.child FOLDER``.

The parent writes ``request.json`` into FOLDER; this process writes ``t0.arrow``, ``t1.arrow`` … and, last,
``report.json``. If it is killed, aborts or panics there is no report, and the parent says so.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path


class _Without:
    """Keeps packages out that pyarrow loads if it can; nothing here needs them, and they take half a second."""

    def __init__(self, *names: str):
        self.names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in self.names:
            raise ModuleNotFoundError(name, name=name)


def main(folder: Path) -> int:
    """Parse one file inside the limits of the request and write what was found; returns the exit code."""
    request = json.loads((folder / "request.json").read_text("utf-8"))
    limits = request["limits"]
    _confine(limits["max_memory_bytes"], limits["cpu_seconds"])
    sys.meta_path.insert(0, _Without("pandas", "numpy"))
    gc.disable()  # this process ends before cycles matter, and a million cells make collections slow
    from icp_core.gather import handover  # after the limits are set, so that they hold for every library

    try:
        handover.parse_into(folder, request)
    except MemoryError:
        (folder / "out_of_memory").touch()
        return 3
    return 0


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
    raise SystemExit(main(Path(sys.argv[1])))
