"""Words and sentences of what people write: cleaning, splitting, stop words, languages, light stems."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files

_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)[@#](?=\w)\w+")
_MARKUP = re.compile(r"<[^<>]{1,200}>|&(?:nbsp|amp|lt|gt|quot|#\d+);")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*", re.UNICODE)
_SPACES = re.compile(r"\s+")
# A full stop ends a sentence unless it follows a short abbreviation or a lone initial.
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]?\w)|\s*\n+\s*|\s*[•·]\s+")
_ABBREVIATIONS = frozenset(
    "e.g i.e etc. mr mrs ms dr prof vs approx inc ltd co corp no nr st z.b d.h usw ca bzw evtl p.ex sr sra dott".split()
)
# Fewer hits than this share of the words and the language is not told.
_LANGUAGE_SHARE = 0.08


@cache
def _lists() -> dict[str, dict[str, frozenset[str]]]:
    data = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    return {
        language: {name: frozenset(_plain(text).split()) for name, text in lists.items()}
        for language, lists in data.items()
    }


def languages() -> tuple[str, ...]:
    """The languages with a list of stop words, as ISO 639-1 codes."""
    return tuple(_lists())


@cache
def stop_words(*codes: str) -> frozenset[str]:
    """Words that carry no theme, of the given languages (of all known ones when none is given)."""
    return frozenset().union(*(_lists()[c]["stop"] for c in (codes or languages()) if c in _lists()))


@cache
def _languages_of_stop_words() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for language, lists in _lists().items():
        for word in lists["stop"]:
            found[word] = (*found.get(word, ()), language)
    return found


def cleaned(text: object) -> str:
    """The text without markup, links, e-mail addresses and handles, its spaces single; blank gives "".

    >>> cleaned("see https://x.io/a  @support please")
    'see please'
    """
    if text is None or text != text:
        return ""
    text = _MARKUP.sub(" ", str(text))
    text = _HANDLE.sub(" ", _LINK.sub(" ", text))
    return _SPACES.sub(" ", text).strip()


def _plain(text: str) -> str:
    return text.lower().replace("’", "'")


def tokens(text: str) -> list[str]:
    """Lower-case words without digits and punctuation; apostrophes inside words stay.

    >>> tokens("We don't plan 3 Tours!")
    ['we', "don't", 'plan', 'tours']
    """
    return _TOKEN.findall(_plain(text))


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order; bullets and line breaks end a sentence too.

    >>> sentences("We waited, e.g. for data. It hurt! Now fine")
    ['We waited, e.g. for data.', 'It hurt!', 'Now fine']
    """
    parts: list[str] = []
    for part in _SENTENCE_END.split(str(text)):
        part = part.strip(" \t\r\n-–•*")
        if not part:
            continue
        last = parts[-1].rsplit(" ", 1)[-1].rstrip(".").lower() if parts else ""
        if (
            parts
            and parts[-1].endswith(".")
            and (last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha()))
        ):
            parts[-1] += " " + part
        else:
            parts.append(part)
    return parts


def language_of(texts: Iterable[str]) -> str | None:
    """The language most of the texts are in, by their small words; None when it cannot be told.

    >>> language_of(["wir planen die Touren mit der Hand und das dauert"])
    'de'
    """
    spoken = _languages_of_stop_words()
    hits: Counter[str] = Counter(dict.fromkeys(_lists(), 0))
    total = 0
    for text in texts:
        words = [word for word in tokens(text) if len(word) > 1]
        total += len(words)
        for word in words:
            for language in spoken.get(word, ()):
                hits[language] += 1
    if not total:
        return None
    (language, n), (_, second) = sorted(hits.items(), key=lambda item: (-item[1], item[0] != "en"))[:2]
    # Short words like "a" and "no" are small words of several languages: one hit, or a tie, tells nothing.
    return language if n >= max(2, _LANGUAGE_SHARE * total) and (n > second or language == "en") else None


def languages_met(texts: Iterable[str], least: float = 0.02) -> tuple[str, ...]:
    """Languages that at least a share ``least`` of the texts are in, most frequent first."""
    counts = Counter(language_of([text]) for text in texts)
    total = sum(counts.values())
    counts.pop(None, None)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(code for code, n in ordered if n >= least * total)


@cache
def _nothing() -> tuple[frozenset[str], frozenset[str]]:
    lists = _lists().values()
    return frozenset().union(*(entry["nothing"] for entry in lists)), frozenset().union(
        *(entry["fillers"] for entry in lists)
    )


def is_non_answer(text: object) -> bool:
    """True for answers that say nothing: blank, "n/a", "nothing at the moment", "keine Angabe", "…".

    >>> is_non_answer("Nothing at present."), is_non_answer("No export"), is_non_answer("?")
    (True, False, True)
    """
    words = tokens(cleaned(text))
    if not words:
        return True
    nothing, fillers = _nothing()
    if all(len(word) == 1 for word in words):
        return True
    if len(words) > 10:
        return False
    return any(word in nothing for word in words) and all(
        word in nothing or word in fillers for word in words
    )


def stem(word: str) -> str:
    """A light stem: plural and the commonest endings go, so that "routes" and "route" meet.

    >>> stem("planning"), stem("routes"), stem("waited"), stem("boss"), stem("companies")
    ('plan', 'rout', 'wait', 'boss', 'compani')
    """
    word = word.split("'")[0] if "'" in word else word
    if len(word) <= 3:
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "i"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ingly", "edly", "ing", "ed", "ly", "ment", "ness"):
        if (
            word.endswith(ending)
            and len(word) - len(ending) >= 3
            and re.search(r"[aeiouyäöü]", word[: -len(ending)])
        ):
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    if len(word) > 3 and word.endswith("y"):
        word = word[:-1] + "i"
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def content_words(text: str, stops: Collection[str] | None = None) -> list[str]:
    """Words that carry meaning: no stop words, at least three letters, not stemmed."""
    stops = stop_words() if stops is None else stops
    return [word for word in tokens(cleaned(text)) if len(word) > 2 and word not in stops]
