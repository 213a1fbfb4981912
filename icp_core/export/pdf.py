"""The one-pager: a profile on exactly one page, as PDF, PNG or SVG.

>>> from datetime import date
>>> from icp_core.profile.model import Meta, Profile, Statement
>>> page = one_pager(Profile(meta=Meta(as_of=date(2026, 1, 1)), statement=Statement(text="Small bakeries")))
>>> page.pages, page.data[:5]
(1, b'%PDF-')
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import typst

from icp_core.errors import ExportError
from icp_core.export.brand import Brand
from icp_core.export.labels import labels
from icp_core.export.page_content import PageContent
from icp_core.export.page_text import RTL_LANGUAGES, page_text, plain
from icp_core.export.typefaces import typst_fonts
from icp_core.profile.model import Profile

_TEMPLATE = Path(__file__).resolve().with_name("one_pager.typ")
_STANDARDS = ["ua-1", "a-2a"]
_PREVIEW_PPI = 144.0
# Where the search for a size starts when nothing is known: 8.0 pt, right for a full page.
_USUAL_STEP = 11
# Each empty compile ages the engine's cache by one; after this many, results of earlier pages are dropped.
_EMPTY_COMPILES = 11
_PAPERS = {"a4": "a4", "letter": "us-letter"}
_UNSEEN = "\u200b"


@dataclass(frozen=True)
class OnePager:
    """A made page. ``cut`` says in plain sentences what was shortened or could not be shown; ``step`` is to
    be handed back as ``step_hint`` for the next edit; ``type_size_pt`` is the size of the running text.
    """

    data: bytes
    pages: int
    cut: tuple[str, ...]
    step: int
    type_size_pt: float


def one_pager(
    profile: Profile,
    *,
    format: Literal["pdf", "png", "svg"] = "pdf",
    paper: Literal["a4", "letter"] = "a4",
    language: str | None = None,
    brand: Brand | None = None,
    personal: bool = False,
    step_hint: int | None = None,
) -> OnePager:
    """Set the profile on one page.

    ``language`` picks the labels (English when blank or unknown), ``personal`` prints names and keeps
    e-mails in quotes, ``step_hint`` is the ``step`` of the page before the last edit and only saves time.
    The PDF is tagged (PDF/UA-1 and PDF/A-2a); the same input gives the same bytes. Safe in threads.

    Raises ``ExportError`` when the page cannot be made: the message names the cause.
    """
    if paper not in _PAPERS:
        raise ExportError(f"The paper “{paper}” is not known. Choose one of: {', '.join(_PAPERS)}.")
    if format not in ("pdf", "png", "svg"):
        raise ExportError(f"The format “{format}” is not known. Choose one of: pdf, png, svg.")
    language = language or profile.meta.language or "en"
    words = labels(language)
    look, notes = (brand or Brand()).readable()
    rtl = True if language.split("-")[0] in RTL_LANGUAGES else None
    builder = PageContent(profile, words, personal=personal, palette=look.palette(), rtl=rtl)
    content = builder.build()
    inputs = {
        "page": json.dumps(content, ensure_ascii=False, sort_keys=True),
        "look": json.dumps(
            {
                "title": f"{page_text(profile.meta.name)} – {words['kicker']}",
                "author": plain(profile.meta.author) if personal else plain(profile.meta.company),
                "description": plain(profile.statement.text.replace("**", "")),
                "day": [profile.meta.as_of.year, profile.meta.as_of.month, profile.meta.as_of.day],
                "paper": _PAPERS[paper],
                "lang": _language_code(language),
                "rtl": builder.rtl,
                "accent": look.accent,
                "against": look.against,
                "logo": look.logo_svg(),
                "step": _USUAL_STEP if step_hint is None else int(step_hint),
            },
            ensure_ascii=False,
            sort_keys=True,
        ),
    }
    data, fit, missing = _compile(inputs, format)
    cut = (*notes, *_missing_words(missing), *_cut_words(content, fit))
    return OnePager(
        data=data, pages=1, cut=cut, step=int(fit["step"]), type_size_pt=float(fit["type-size-pt"])
    )


def _language_code(language: str) -> str:
    code = language.replace("_", "-").split("-")[0].lower()
    return code if re.fullmatch(r"[a-z]{2,3}", code) else "en"


def _compile(inputs: dict[str, str], format: str) -> tuple[bytes, dict[str, Any], list[str]]:
    """Bytes, the size that was taken, and characters no typeface has."""
    fonts = typst_fonts()
    # One compiler per call: a shared one is not safe between threads. The fonts are shared.
    compiler = typst.Compiler(str(_TEMPLATE), root=str(_TEMPLATE.parent), font_paths=fonts, sys_inputs=inputs)
    missing: list[str] = []
    try:
        try:
            made = _render(compiler, format, _STANDARDS)
        except typst.TypstError as error:
            missing = _missing_characters(error)
            if not missing:
                raise
            made = _render(compiler, format, [])
        fit = json.loads(compiler.query("<fit>", field="value", one=True))
    except typst.TypstError as error:
        raise ExportError(f"The page could not be set: {_first_line(error)}") from error
    finally:
        for _ in range(_EMPTY_COMPILES):
            typst.compile(b"", font_paths=fonts)
    if isinstance(made, list):
        if len(made) != 1:
            raise ExportError("The page did not fit on one sheet. Hide a section and try again.")
        made = made[0]
    return made, fit, missing


def _render(compiler: typst.Compiler, format: str, standards: list[str]) -> bytes | list[bytes]:
    if format == "pdf":
        return compiler.compile(format="pdf", pdf_standards=standards)
    return compiler.compile(format=format, ppi=_PREVIEW_PPI)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]


def _missing_characters(error: Exception) -> list[str]:
    """The characters named in the engine's complaint about missing shapes."""
    text = " ".join(str(part) for part in (error, getattr(error, "hints", "")))
    if "could not be displayed" not in text:
        return []
    found = re.findall(r"the text [\"'`“](.+?)[\"'`”] could not be displayed", text)
    return list(dict.fromkeys(c for part in found for c in part)) or ["\ufffd"]


def _missing_words(characters: list[str]) -> Iterator[str]:
    if not characters:
        return
    named = ", ".join(f"{c} ({unicodedata.name(c, 'no name').lower()})" for c in characters[:5])
    yield (
        f"No typeface at hand has the character {named}. It prints as an empty box, and the page is not marked "
        "as accessible. Add a typeface that has it to the fonts folder, or use another character."
    )


def _cut_words(content: dict[str, Any], fit: dict[str, Any]) -> Iterator[str]:
    """What the size taken left out, section by section."""
    items, letters = int(fit["items"]), fit["letters"]
    long = 0
    for part in (*content["sections"], *content["band"]):
        lists = [part.get("items", []), part.get("bars", [])]
        if part["kind"] == "groups":
            lists = [group["items"] for group in part["items"]]
        for shown in lists:
            if len(shown) > items:
                yield f"{plain(part['title'])}: {items} of {len(shown)} are shown."
        if letters is not None:
            long += sum(_longer(shown, letters) for shown in lists)
    if letters is not None and long:
        number = "1 text was" if long == 1 else f"{long} texts were"
        yield f"{number} shortened to about {letters} characters to fit on one page."
    if not fit["fits"]:
        yield "The page was so full that the whole drawing was made smaller. Hide a section."


def _longer(items: list[Any], letters: int) -> int:
    texts = (
        text
        for item in items
        for text in (item.values() if isinstance(item, dict) else [item])
        if isinstance(text, str)
    )
    return sum(len(text.replace(_UNSEEN, "")) > letters for text in texts)
