"""Where the typefaces of the printed page lie: the bundled ones, and a folder the user may fill.

Bundled are Source Sans 3, Source Serif 4, Amiri for Arabic and Persian, Noto Sans Hebrew and Noto Emoji (all SIL
Open Font License, texts beside the files). Amiri draws each Arabic letter as one glyph, also lam before alef:
typefaces that draw dots or such pairs apart come back doubled or turned round when a program reads the PDF. Chinese, Japanese and Korean need one large font of your own: put a TTF or
OTF such as *Noto Sans CJK SC* into ``own_fonts()`` (or the folder named by the environment variable
``ICP_FONTS``), then open the page anew. Without it the page is still made, and says which characters are
missing.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import typst
from platformdirs import user_data_path

FONTS = Path(__file__).resolve().parent / "fonts"


def own_fonts() -> Path:
    """The folder for the user's own typefaces; it need not exist."""
    named = os.environ.get("ICP_FONTS")
    return Path(named) if named else user_data_path("icp-workbench", appauthor=False) / "fonts"


def typst_fonts() -> typst.Fonts:
    """The typefaces for the page, read once per folder content; safe to share between threads."""
    own = own_fonts()
    files = sorted(f.name for f in own.iterdir()) if own.is_dir() else []
    return _load(str(own) if files else "", tuple(files))


@cache
def _load(own: str, files: tuple[str, ...]) -> typst.Fonts:
    """``files`` only serve as the key: a new file in the folder is seen without a restart."""
    paths = [str(FONTS), own] if own else [str(FONTS)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=paths)
