"""The words of the page in several languages; English fills every gap."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from icp_core.profile.model import Figure, Statement

# How English says a difference; the other languages say the same.
_DIFFERENCES = {
    "difference_less": re.compile(r"about (.+) less"),
    "difference_about": re.compile(r"about (.+)"),
    "difference_points": re.compile(r"(.+) points"),
    "difference_point": re.compile(r"(.+) point"),
}
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


def asked_words(line: Statement, words: Mapping[str, str]) -> str:
    """What a survey said of a line of the profile; empty when nobody was asked.

    >>> from icp_core.profile.model import Asked
    >>> line = Statement(text="Plan faster", status="confirmed", asked=Asked(n=34, of=50))
    >>> asked_words(line, labels("en")), asked_words(line, labels("de")), asked_words(Statement(text="x"), labels())
    ('confirmed, 34 of 50 asked', 'bestätigt, 34 von 50 Befragten', '')
    """
    if line.asked is None:
        return ""
    of = words["asked_of"].format(n=f"{line.asked.n:,}", of=f"{line.asked.of:,}")
    return f"{words[line.status]}, {of}" if line.status else of


def figure_label(figure: Figure, words: Mapping[str, str]) -> str:
    """The name of a key figure in the page's language; a name that is not ours stays."""
    return words.get(f"figure_{figure.key}", figure.label) if _is_ours(figure) else figure.label


def figure_value(said: str, words: Mapping[str, str]) -> str:
    """A value with its unit as the language calls it.

    >>> figure_value("29 days", labels("de")), figure_value("€25,500", labels("de"))
    ('29 Tage', '€25,500')
    """
    for unit in ("days", "day"):
        if said.endswith(f" {unit}"):
            return f"{said.removesuffix(unit)}{words[unit]}"
    return said


def figure_difference(said: str, words: Mapping[str, str]) -> str:
    """A difference between two figures as the language says it.

    >>> figure_difference("about 48 % less", labels("de")), figure_difference("−23.7 points", labels("fr"))
    ('etwa 48 % weniger', '−23.7 points')
    """
    for key, shape in _DIFFERENCES.items():
        if found := shape.fullmatch(said):
            return words[key].format(x=found[1])
    return said


def _is_ours(figure: Figure) -> bool:
    return figure.label == _all()["en"].get(f"figure_{figure.key}")


def day_words(day: date, words: Mapping[str, str]) -> str:
    """A date as the language writes it.

    >>> day_words(date(2026, 3, 4), labels("de")), day_words(date(2026, 3, 4), labels("en"))
    ('4. März 2026', '4 Mar 2026')
    """
    month = words["months"].split()[day.month - 1]
    return f"{day.day}{words.get('day_mark', '')} {month} {day.year}"
