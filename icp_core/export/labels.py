"""The words of the page in several languages; English fills every gap."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("labels.toml")


@cache
def _all() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def languages() -> tuple[str, ...]:
    """Languages with labels of their own."""
    return tuple(_all())


def labels(language: str = "en") -> Mapping[str, str]:
    """Every label in ``language`` ("de", "de-AT"); an unknown language reads English.

    >>> labels("de")["who"], labels("xx")["who"]
    ('Wer sie sind', 'Who they are')
    """
    own = _all().get(language.replace("_", "-").split("-")[0].lower(), {})
    return _all()["en"] | own


def day_words(day: date, words: Mapping[str, str]) -> str:
    """A date as the language writes it.

    >>> day_words(date(2026, 3, 4), labels("de")), day_words(date(2026, 3, 4), labels("en"))
    ('4. März 2026', '4 Mar 2026')
    """
    month = words["months"].split()[day.month - 1]
    return f"{day.day}{words.get('day_mark', '')} {month} {day.year}"
