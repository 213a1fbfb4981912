"""Where pages are set: the engine keeps what it worked out for the last pages, so an edit costs only what it changed.

Two things make that so (docs/measurements-export.md). The page's data come as files: data given as inputs of the
engine count as a part of its library, and every line would be set anew. And what the engine remembers ages by one
with each compile: a few empty ones after each page drop what the last pages no longer used, so that memory stays
level. A desk is a private folder with the template and one engine; its data files are emptied as soon as the page is made.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Thread

import typst

_TEMPLATE = Path(__file__).resolve().with_name("one_pager.typ")
# The engine drops what ten compiles did not use: with these, what the last three pages did not use.
_EMPTY_COMPILES = 3
_MOST_IDLE = 2


class _Desk:
    """One engine and its folder; used by one thread at a time, as an engine is not safe between threads."""

    def __init__(self, fonts: typst.Fonts):
        self.fonts = fonts
        self._folder = tempfile.TemporaryDirectory(prefix="icp-page-")
        self._root = Path(self._folder.name)
        shutil.copyfile(_TEMPLATE, self._root / _TEMPLATE.name)
        self.compiler = typst.Compiler(
            str(self._root / _TEMPLATE.name), root=str(self._root), font_paths=fonts
        )

    def lay_out(self, data: Mapping[str, str]) -> None:
        for name, text in data.items():
            (self._root / f"{name}.json").write_text(text, encoding="utf-8")

    def clear(self) -> None:
        for file in self._root.glob("*.json"):
            file.write_bytes(b"")

    def close(self) -> None:
        self._folder.cleanup()


_idle: list[_Desk] = []
_lock = Lock()


@contextmanager
def desk_for(data: Mapping[str, str], fonts: typst.Fonts) -> Iterator[typst.Compiler]:
    """An engine with ``data`` (JSON texts by name) beside the template; of this thread alone until it is given back."""
    with _lock:
        found = next((desk for desk in reversed(_idle) if desk.fonts is fonts), None)
        if found is not None:
            _idle.remove(found)
    desk = found or _Desk(fonts)
    try:
        desk.lay_out(data)
        yield desk.compiler
    finally:
        desk.clear()
        _give_back(desk)
        # Nobody needs to wait for the tidying up.
        Thread(target=_forget_earlier_pages, args=(fonts,)).start()


def _give_back(desk: _Desk) -> None:
    with _lock:
        _idle.append(desk)
        surplus = _idle[:-_MOST_IDLE]
        del _idle[:-_MOST_IDLE]
    for other in surplus:
        other.close()


def _forget_earlier_pages(fonts: typst.Fonts) -> None:
    for _ in range(_EMPTY_COMPILES):
        typst.compile(b"", font_paths=fonts)
