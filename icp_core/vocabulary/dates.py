"""Calendar dates in the notations of exports; day or month first is a property of the column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

DATE_ORDERS = ("ymd", "dmy", "mdy")
_EARLIEST, _LATEST = 1900, 2100

_MONTH_NAMES = """
january jan januar jänner janvier janv enero ene janeiro gennaio gen januari stycznia styczeń sty ledna leden január
february feb februar février févr fév febrero fevereiro fev febbraio februari lutego luty lut února únor február febr
march mar märz mrz mär mars marzo março maart mrt marca marzec března březen március márc
april apr avril avr abril abr aprile kwietnia kwiecień kwi dubna duben április ápr
may mai mayo maio mag maggio mei maja maj května květen május máj
june jun juni juin junio junho giugno giu czerwca czerwiec cze června červen június jún
july jul juli juillet juil julio julho luglio lug lipca lipiec lip července červenec július júl
august aug août aoû agosto ago augustus augusti sierpnia sierpień sie srpna srpen augusztus
september sep sept septembre septiembre setembro set settembre września wrzesień wrz září zář szeptember szept
october oct oktober okt octobre octubre outubro out ottobre ott października październik paź října říjen október
november nov novembre noviembre novembro listopada listopad lis listopadu
december dec dezember dez décembre déc diciembre dic dezembro dicembre desember grudnia grudzień gru prosince prosinec
"""


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(c for c in text if not unicodedata.combining(c))


_MONTHS = {
    _plain(name): number
    for number, line in enumerate(_MONTH_NAMES.strip().splitlines(), start=1)
    for name in line.split()
}


def month_number(word: str) -> int | None:
    """The month a name or its abbreviation stands for in a dozen languages; None when it is none.

    >>> month_number("Okt"), month_number("févr."), month_number("Monday")
    (10, 2, None)
    """
    return _MONTHS.get(_plain(word.rstrip(".")))


_TIME = r"(?:[T ,]+(?:at |um |à )?\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?\s?[Mm]\.?)?\s*(?:Z|UTC|GMT|[A-Z]{3,4})?\s*(?:[+-]\d{1,2}:?\d{0,2})?(?:\s*\([^)]*\))?)?"
_YEAR_FIRST = re.compile(rf"^(\d{{4}})[-/. ](\d{{1,2}})[-/. ](\d{{1,2}}){_TIME}$")
_YEAR_LAST = re.compile(rf"^(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?$")
_MONTH_OF_YEAR = re.compile(r"^(\d{4})[-/.](\d{1,2})$|^(\d{1,2})/(\d{4})$")
_QUARTER = re.compile(r"^(?:Q([1-4])[\s/-]*(\d{4})|(\d{4})[\s/-]*Q([1-4]))$", re.IGNORECASE)
# "2026. 03. 07.", "7. 3. 2026", "2026年3月7日": the marks that some languages write between the parts.
_YEAR_FIRST_DOTS = re.compile(r"^(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\.?(?=\s|$)")
_YEAR_LAST_DOTS = re.compile(r"^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})\.?(?=\s|$)")
_EAST_ASIAN = re.compile(r"^(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日일])?")
_WEEKDAY = r"(?:[^\W\d]{2,10}\.?,?\s+)?"
_DAY_NAME_YEAR = re.compile(
    rf"^{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th|\.|er|º|°)?[\s/-]+(?:de |of )?([^\W\d]{{3,12}})\.?[\s/,-]+(?:de )?(\d{{4}}|\d{{2}}){_TIME}$"
)
_NAME_DAY_YEAR = re.compile(
    rf"^{_WEEKDAY}([^\W\d]{{3,12}})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){_TIME}$"
)
_YEAR_NAME_DAY = re.compile(rf"^(\d{{4}})\.?[\s-]([^\W\d]{{3,12}})\.?[\s-](\d{{1,2}})\.?{_TIME}$")
_NAME_YEAR = re.compile(r"^([^\W\d]{3,10})\.?[\s/-]+(?:de )?(\d{4})$")
_UNIX_STYLE = re.compile(
    r"^[^\W\d]{3},?\s+([^\W\d]{3})\s+(\d{1,2})\s+\d{2}:\d{2}:\d{2}(?:\s+\S+)?\s+(\d{4})(?:\s.*)?$"
)
_SERIAL = re.compile(r"^(\d{5})(?:[.,](\d+))?$")
_EPOCH = re.compile(r"^(\d{10})(?:\d{3})?(?:\.\d+)?$")
_EXCEL_ZERO = date(1899, 12, 30)


def _date(year: int, month: int, day: int) -> date | None:
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _usual_marks(text: str) -> str:
    """A date with one mark between its parts, whatever its language writes there."""
    if "\u5e74" in text or "\ub144" in text:
        return _EAST_ASIAN.sub(lambda found: "-".join(part for part in found.groups() if part), text)
    if text.count(".") < 2:
        return text
    return _YEAR_LAST_DOTS.sub(r"\1.\2.\3", _YEAR_FIRST_DOTS.sub(r"\1.\2.\3", text))


def excel_serial(text: str) -> date | None:
    """Read the day number of a spreadsheet (1 = 1 January 1900); None outside 1927–2100.

    >>> excel_serial("45384.3479")
    datetime.date(2024, 4, 2)
    """
    found = _SERIAL.match(text.strip())
    if not found:
        return None
    number = int(found.group(1))
    return _EXCEL_ZERO + timedelta(days=number) if 10_000 <= number <= 73_050 else None


@lru_cache(maxsize=200_000)
def parse_date(text: str | None, order: str | None = None) -> date | None:
    """Read one date as it stands in the file (a time of day and its zone are left aside).

    ``order`` is the column's order of day and month: "dmy", "mdy" or "ymd"; None reads ``03/04/2025`` only
    when it can mean one thing. Spreadsheet serials, ``20250131`` and Unix times are read too.

    >>> parse_date("2025-03-04T10:15:30.000Z"), parse_date("04.03.2025"), parse_date("04.03.2025", "dmy")
    (datetime.date(2025, 3, 4), None, datetime.date(2025, 3, 4))
    >>> parse_date("11/23/2025, 9:03 AM"), parse_date("4. März 2025"), parse_date("2026/09/27 3:00:00 PM GMT+3")
    (datetime.date(2025, 11, 23), datetime.date(2025, 3, 4), datetime.date(2026, 9, 27))
    """
    if not text:
        return None
    text = _usual_marks(" ".join(text.split()).lstrip("'"))
    if len(text) > 70 or not any(c.isdigit() for c in text):
        return None
    found = _YEAR_FIRST.match(text)
    if found:
        year, second, third = (int(part) for part in found.groups()[:3])
        return _date(year, second, third) or (_date(year, third, second) if second > 12 else None)
    found = _YEAR_LAST.match(text)
    if found:
        first, second, year = int(found.group(1)), int(found.group(3)), _year(found.group(4))
        if order == "ymd" and len(found.group(4)) == 2:
            return _date(_year(f"{first:02d}"), second, int(found.group(4)))
        if first > 12 or second > 12:
            return _date(year, second, first) if first > 12 else _date(year, first, second)
        if order == "mdy":
            return _date(year, first, second)
        if order == "dmy" or first == second:
            return _date(year, second, first)
        return None
    found = _COMPACT.match(text)
    if found and _date(*(int(part) for part in found.groups())):
        return _date(*(int(part) for part in found.groups()))
    if text[0].isdigit():
        found = _MONTH_OF_YEAR.match(text)
        if found:
            year, month = (
                (found.group(1), found.group(2)) if found.group(1) else (found.group(4), found.group(3))
            )
            return _date(int(year), int(month), 1)
        serial = excel_serial(text)
        if serial:
            return serial
        found = _EPOCH.match(text)
        if found:
            return date(1970, 1, 1) + timedelta(seconds=int(found.group(1)))
    found = _QUARTER.match(text)
    if found:
        quarter, year = (
            (found.group(1), found.group(2)) if found.group(1) else (found.group(4), found.group(3))
        )
        return _date(int(year), 3 * int(quarter) - 2, 1)
    for pattern, parts in (
        (_DAY_NAME_YEAR, (3, 2, 1)),
        (_NAME_DAY_YEAR, (3, 1, 2)),
        (_YEAR_NAME_DAY, (1, 2, 3)),
        (_UNIX_STYLE, (3, 1, 2)),
    ):
        found = pattern.match(text)
        if found:
            month = month_number(found.group(parts[1]))
            if month:
                return _date(_year(found.group(parts[0])), month, int(found.group(parts[2])))
    found = _NAME_YEAR.match(text)
    if found:
        month = month_number(found.group(1))
        return _date(int(found.group(2)), month, 1) if month else None
    return None


def date_order(values: Iterable[str]) -> str | None:
    """Decide whether day or month comes first in a column; any number above 12 decides. None = nothing tells.

    Points between the numbers are only written where the day comes first.

    When both orders are proven by different cells the majority wins; the cells of the minority still read
    right, because a number above 12 cannot be a month.

    >>> date_order(["03/04/2025", "23/11/2025"]), date_order(["03/04/2025", "11/23/2025"]), date_order(["2025-01-31"])
    ('dmy', 'mdy', 'ymd')
    >>> date_order(["03/04/2025", "05/06/2025"]) is None, date_order(["03.04.2025", "05.06.2025"])
    (True, 'dmy')
    """
    day_first = month_first = year_first = ambiguous = dotted = 0
    for value in values:
        text = _usual_marks(" ".join(value.split()).lstrip("'"))
        found = _YEAR_LAST.match(text)
        if found:
            first, second = int(found.group(1)), int(found.group(3))
            if first > 12 >= second:
                day_first += 1
            elif second > 12 >= first:
                month_first += 1
            elif first != second and found.group(2) != ".":
                ambiguous += 1
            elif first != second:
                dotted += 1
        elif _YEAR_FIRST.match(text) or _COMPACT.match(text):
            year_first += 1
    if day_first or month_first:
        return "dmy" if day_first >= month_first else "mdy"
    if ambiguous:
        return None
    return "ymd" if year_first and not dotted else "dmy"


def ambiguous_example(values: Iterable[str]) -> str | None:
    """Return the first value that reads as two different days, for the question put to the user."""
    for value in values:
        text = _usual_marks(" ".join(value.split()).lstrip("'"))
        if _YEAR_LAST.match(text) and parse_date(text) is None and parse_date(text, "dmy"):
            return text
    return None
