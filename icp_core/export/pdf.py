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
from typing import Any, Literal

import typst

from icp_core.errors import ExportError
from icp_core.export.brand import Brand
from icp_core.export.desk import desk_for
from icp_core.export.labels import labels
from icp_core.export.page_content import PageContent
from icp_core.export.page_text import RTL_LANGUAGES, is_rtl, page_text, plain
from icp_core.export.redact import shareable
from icp_core.export.typefaces import own_fonts, typst_fonts
from icp_core.profile.model import Profile

# Tried in this order; a script that PDF/A-2a cannot map back to text may still be read aloud.
_STANDARDS = (("ua-1", "a-2a"), ("ua-1",), ())
_MOST_NAMED = 5
_MOST_LETTERS_NAMED = 80
_PREVIEW_PPI = 144.0
# Where the search for a size starts when nothing is known: 8.0 pt, right for a full page.
_USUAL_STEP = 11
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
    author = profile.meta.author
    if not personal:
        profile = shareable(profile)
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
                "author": plain(author) if personal else plain(profile.meta.company),
                "description": plain(profile.statement.text.replace("**", "")),
                "day": [profile.meta.as_of.year, profile.meta.as_of.month, profile.meta.as_of.day],
                "paper": _PAPERS[paper],
                "lang": _language_code(language),
                "rtl": builder.rtl,
                "turned": is_rtl(json.dumps(content, ensure_ascii=False)),
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
    cut = (*notes, *missing, *_cut_words(content, fit, list(dict.fromkeys(builder.shortened))))
    return OnePager(
        data=data, pages=1, cut=cut, step=int(fit["step"]), type_size_pt=float(fit["type-size-pt"])
    )


def _language_code(language: str) -> str:
    code = language.replace("_", "-").split("-")[0].lower()
    return code if re.fullmatch(r"[a-z]{2,3}", code) else "en"


def _compile(inputs: dict[str, str], format: str) -> tuple[bytes, dict[str, Any], list[str]]:
    """Bytes, the size that was taken, and what could not be shown, in words."""
    fonts = typst_fonts()
    notes: list[str] = []
    try:
        with desk_for(inputs, fonts) as compiler:
            made = None
            for standards in _STANDARDS if format == "pdf" else _STANDARDS[-1:]:
                try:
                    made = _render(compiler, format, list(standards))
                    break
                except typst.TypstError as error:
                    if not standards or not _is_about_characters(error):
                        raise
            fit = json.loads(compiler.query("<fit>", field="value", one=True))
        if not standards:
            notes = list(_missing_words(inputs["page"], fonts, marked=format == "pdf"))
    except typst.TypstError as error:
        raise ExportError(f"The page could not be set: {_first_line(error)}") from error
    if isinstance(made, list):
        if len(made) != 1:
            raise ExportError("The page did not fit on one sheet. Hide a section and try again.")
        made = made[0]
    return made, fit, notes


def _render(compiler: typst.Compiler, format: str, standards: list[str]) -> bytes | list[bytes]:
    if format == "pdf":
        return compiler.compile(format="pdf", pdf_standards=standards)
    return compiler.compile(format=format, ppi=_PREVIEW_PPI)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]


def _is_about_characters(error: typst.TypstError) -> bool:
    return "could not be displayed" in str(error) or "missing codepoints" in str(error)


def _missing_words(page: str, fonts: typst.Fonts, *, marked: bool) -> Iterator[str]:
    """Names the characters of the page that no typeface at hand has."""
    missing = missing_characters(page, fonts)
    unmarked = ", and the page is not marked as accessible" if marked else ""
    if missing:
        named = ", ".join(f"{c} ({unicodedata.name(c, 'no name').lower()})" for c in missing[:_MOST_NAMED])
        more = " and more" if len(missing) > _MOST_NAMED else ""
        yield (
            f"No typeface at hand has {named}{more}. An empty box is printed instead{unmarked}. "
            f"Put a typeface that has it into {own_fonts()}, or use another character."
        )
    elif marked:
        yield "This script cannot be mapped back to text in full, so the page is not marked as accessible."


def missing_characters(text: str, fonts: typst.Fonts) -> list[str]:
    """Characters of ``text`` beyond the common ones that none of the typefaces can draw, at most a few."""
    unusual = sorted({c for c in text if ord(c) > 0x2FF and not unicodedata.combining(c) and c.isprintable()})
    missing: list[str] = []
    while unusual and len(missing) <= _MOST_NAMED:
        probe = '#set document(title: "x")\n#set text(lang: "en")\n#"' + " ".join(unusual) + '"'
        try:
            typst.compile(probe.encode(), font_paths=fonts, pdf_standards=["ua-1"])
            break
        except typst.TypstError as error:
            found = re.search(r"the text `?\"(.+?)\"`? could not be displayed", str(error))
            named = [c for c in (found[1] if found else "") if c in unusual]
            if not named:
                break
            missing += named
            unusual = [c for c in unusual if c not in named]
    return missing


def _cut_words(content: dict[str, Any], fit: dict[str, Any], shortened: list[str]) -> Iterator[str]:
    """What the size taken left out, section by section."""
    items, letters = int(fit["items"]), fit["letters"]
    long: dict[str, int] = {}
    for part in (*content["sections"], *content["band"]):
        if part["kind"] == "dots":
            continue
        lists = [part.get("items", []), part.get("bars", [])]
        if part["kind"] == "groups":
            lists = [group["items"] for group in part["items"]]
        if most := max((len(shown) for shown in lists if len(shown) > items), default=0):
            yield f"{plain(part['title'])}: {items} of {most} are shown."
        if letters is not None and (n := sum(_longer(shown, letters) for shown in lists)):
            long[plain(part["title"])] = n
    if long:
        number = "1 text was" if sum(long.values()) == 1 else f"{sum(long.values())} texts were"
        where = ", ".join(f"{title} ({n})" for title, n in long.items())
        yield f"{number} shortened to about {letters} characters to fit on one page: {where}."
    if shortened:
        named = ", ".join(f"“{_beginning(text)}”" for text in shortened[:_MOST_NAMED])
        more = f" and {len(shortened) - _MOST_NAMED} more" if len(shortened) > _MOST_NAMED else ""
        yield f"Cut with “…” because the place is small: {named}{more}."
    if not fit["fits"]:
        yield "The page was so full that the whole drawing was made smaller. Hide a section."


def _beginning(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS_NAMED else text[:_MOST_LETTERS_NAMED].rstrip() + "…"


def _longer(items: list[Any], letters: int) -> int:
    texts = (
        text
        for item in items
        for text in (item.values() if isinstance(item, dict) else [item])
        if isinstance(text, str)
    )
    return sum(len(text.replace(_UNSEEN, "")) > letters for text in texts)
