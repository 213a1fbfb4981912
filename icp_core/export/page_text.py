"""Text made safe to set in a narrow column, in any script; it is only ever data, never markup."""

from __future__ import annotations

import re
import unicodedata

RTL_LANGUAGES = frozenset({"ar", "he", "fa", "ur"})

_UNBROKEN_SCRIPTS = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef"
# Scripts that break anywhere need no help; other tokens this long would overflow a column.
_TOKEN = re.compile(rf"[^\s{_UNBROKEN_SCRIPTS}]+")
_LONG_TOKEN = 20
_DROPPED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn"})
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAK = "\u200b"
_EVERY = 6
_LTR_ISOLATE, _RTL_ISOLATE, _END_ISOLATE = "\u2066", "\u2067", "\u2069"
# A figure and its unit, or the short word it counts, stay on one line; so does a dot between two facts.
_UNIT_GAP = re.compile(r"(?<=\d) (?=\d{3}\b|[%€$£h]($|\W)|[^\W\d_]{1,5}\b)|(?<=\S) (?=· )")
_RUNT = 6
_WORDS_PER_LINE = 3
_TURNED = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
# Right-to-left words in other words, with the figures between them.
_TURNED_RUN = re.compile(rf"[{_TURNED}](?:[^A-Za-zÀ-\u058f]*[\d{_TURNED}])?")
# A range, a signed figure, a number in groups ("+44 20 7946") and Latin words side by side read from left to right.
_RANGE = re.compile(
    r"[+−-]?\d[\d.,]*\s?[–-]\s?\d[\d.,]*|[+−]\d[\d.,]*(?:[ -]\d+)*|[A-Za-zÀ-ɏ][\w.&'’-]*(?: [\dA-Za-zÀ-ɏ][\w.&'’-]*)+",
    re.ASCII,
)


def plain(text: object) -> str:
    """The text in composed form on one line, without control characters and direction overrides.

    >>> plain("e\\u0301 \\x00a\\n b")
    'é a b'
    """
    composed = unicodedata.normalize("NFC", str(text))
    kept = (
        " " if c.isspace() else c
        for c in composed
        if (c.isspace() or unicodedata.category(c) not in _DROPPED_CATEGORIES) and c not in _BIDI_CONTROLS
    )
    return " ".join("".join(kept).split())


def is_rtl(text: str) -> bool:
    """True when a letter of a right-to-left script is in the text."""
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)


def mostly_rtl(text: str) -> bool:
    """True when most letters belong to right-to-left scripts."""
    letters = [unicodedata.bidirectional(c) for c in text if c.isalpha()]
    return sum(kind in ("R", "AL") for kind in letters) * 2 > len(letters)


def page_text(text: object, *, rtl: bool = False, token: int = _LONG_TOKEN) -> str:
    """Text for the page: words of ``token`` letters and more may break, the last short word does not stand alone, and every string
    of another direction is isolated, so that "50–250" or "+44" keep their order.
    """
    flat = plain(text)
    if not flat:
        return ""
    flat = _TOKEN.sub(lambda m: _breakable(m) if len(m[0]) >= token else m[0], flat)
    if not is_rtl(flat):
        flat = _UNIT_GAP.sub("\u00a0", flat)
        head, _, last = flat.rpartition(" ")
        if head.count(" ") >= _WORDS_PER_LINE and len(last) < _RUNT:
            flat = f"{head}\u00a0{last}"
    else:
        flat = _RANGE.sub(lambda m: f"{_LTR_ISOLATE}{m[0]}{_END_ISOLATE}", flat)
        # Its words are boxes on the page, which tell no direction: the isolates say it.
        if mostly_rtl(flat):
            return f"{_RTL_ISOLATE}{flat}{_END_ISOLATE}"
        flat = _TURNED_RUN.sub(lambda m: f"{_RTL_ISOLATE}{m[0]}{_END_ISOLATE}", flat)
        return f"{_LTR_ISOLATE}{flat}{_END_ISOLATE}"
    return f"{_LTR_ISOLATE}{flat}{_END_ISOLATE}" if rtl else flat


def without_marks(text: str) -> str:
    """Page text as it was typed: breaks and isolates taken out (for comparing extracted text).

    >>> without_marks(page_text("a" * 30)) == "a" * 30
    True
    """
    marks = _BIDI_CONTROLS | {_BREAK, "\u2060", "\u00ad"}
    return "".join(" " if c == "\u00a0" else c for c in text if c not in marks)


def _breakable(match: re.Match) -> str:
    """A break may stand after every few characters, never inside a letter with its accents or joiners."""
    out, since = [], 0
    for character in match[0]:
        joined = unicodedata.combining(character) or character in "\u200d\ufe0e\ufe0f"
        if since >= _EVERY and not joined and not (out and out[-1] == "\u200d"):
            out.append(_BREAK)
            since = 0
        out.append(character)
        since += 1
    return "".join(out)
