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
# An amount as English writes it: the currency's sign, or its letters and a space, before the figure.
_AMOUNT = re.compile(r"([^\s\w.,;:+−–()/×%~<>-]|\b[A-Z]{1,3}\$?[ \u00a0])(\d[\d,]*(?:\.\d+)?)([MBT]?)")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)}) (\d{{4}})\b")
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
    ('29 Tage', '25.500\u202f€')
    """
    for unit in ("days", "day"):
        if said.endswith(f" {unit}"):
            return numbers_said(f"{said.removesuffix(unit)}{words[unit]}", words)
    return numbers_said(said, words)


def figure_difference(said: str, words: Mapping[str, str]) -> str:
    """A difference between two figures as the language says it.

    >>> figure_difference("about 48 % less", labels("de")), figure_difference("−23.7 points", labels("fr"))
    ('etwa 48 % weniger', '−23,7 points')
    """
    for key, shape in _DIFFERENCES.items():
        if found := shape.fullmatch(said):
            return words[key].format(x=numbers_said(found[1], words))
    return numbers_said(said, words)


def numbers_said(said: str, words: Mapping[str, str]) -> str:
    """Figures of ours as the language writes them: marks, and where the currency stands. Not for people's own words.

    >>> numbers_said("€9.4M", labels("de")), numbers_said("1,284", labels("fr")), numbers_said("2.8×", labels("en"))
    ('9,4\u202fMio.\u202f€', '1\u202f284', '2.8×')
    """
    if words["decimal_mark"] == ".":
        return said
    said = _AMOUNT.sub(lambda m: f"{m[2]}{words[f'unit_{m[3]}'] if m[3] else ''}\u202f{m[1].strip()}", said)
    marks = str.maketrans({",": words["thousands_mark"], ".": words["decimal_mark"]})
    return _NUMBER.sub(lambda m: m[0].translate(marks), said)


def counted(n: str, what: str, words: Mapping[str, str]) -> tuple[str, str]:
    """A number and what it counts in the page's language; a word that is not ours stays.

    >>> counted("1,254", "deals", labels("de")), counted("12", "CRM accounts", labels("de"))
    (('1.254', 'Verkäufe'), ('12', 'CRM accounts'))
    """
    return numbers_said(n, words), words.get(f"counted {what}", what)


def months_said(said: str, words: Mapping[str, str]) -> str:
    """Months with their year as the language calls them.

    >>> months_said("Oct 2021–May 2026", labels("de")), months_said("invoices.xlsx", labels("de"))
    ('Okt. 2021–Mai 2026', 'invoices.xlsx')
    """
    ours = words["months"].split()
    return _MONTH.sub(lambda m: f"{ours[_MONTHS.index(m[1])]} {m[2]}", said)


def _is_ours(figure: Figure) -> bool:
    return figure.label == _all()["en"].get(f"figure_{figure.key}")


def day_words(day: date, words: Mapping[str, str]) -> str:
    """A date as the language writes it.

    >>> day_words(date(2026, 3, 4), labels("de")), day_words(date(2026, 3, 4), labels("en"))
    ('4. März 2026', '4 Mar 2026')
    """
    month = words["months"].split()[day.month - 1]
    return f"{day.day}{words.get('day_mark', '')} {month} {day.year}"
