"""Figures in words, one way everywhere: money, rates, months, scores, ranges, effects.

Headlines carry at most three significant digits; ``exact=True`` gives the full figure for tooltips and
exports. A blank figure reads "not known".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from babel.numbers import get_currency_precision, get_currency_symbol

NOT_KNOWN = "not known"
NO_DIFFERENCE = "no clear difference"
_MINUS = "−"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(text: str, value: float) -> str:
    return _MINUS + text if value < 0 else text


def is_blank(value) -> bool:
    """True for None and every kind of not-a-number."""
    if value is None:
        return True
    try:
        return math.isnan(value) or math.isinf(value)
    except TypeError:
        return bool(value is not value or str(value) in ("<NA>", "NaT"))


def significant(value: float, digits: int = 3) -> float:
    """Round to so many significant digits.

    >>> significant(14234), significant(0.012345)
    (14200.0, 0.0123)
    """
    if value == 0 or is_blank(value):
        return float(value)
    return float(round(value, digits - 1 - math.floor(math.log10(abs(value)))))


def number(value: float, *, digits: int = 3, exact: bool = False) -> str:
    """A plain number with thousands separators.

    >>> number(14234), number(3.14159), number(0.5), number(14234.567, exact=True)
    ('14,200', '3.14', '0.5', '14,234.57')
    """
    if is_blank(value):
        return NOT_KNOWN
    value = float(value)
    if exact:
        return _signed(_trimmed(f"{abs(value):,.2f}"), value)
    value = significant(value, digits)
    places = 0 if value == 0 else max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return _signed(_trimmed(f"{abs(value):,.{places}f}"), value)


def count(value: float) -> str:
    """A count, never rounded.

    >>> count(12045)
    '12,045'
    """
    return NOT_KNOWN if is_blank(value) else _signed(f"{abs(int(value)):,}", value)


def n_words(n: int) -> str:
    """The number of customers behind a figure.

    >>> n_words(1204)
    'n = 1,204'
    """
    return f"n = {count(n)}"


def money(currency: str | None, value: float, *, digits: int = 3, exact: bool = False) -> str:
    """An amount with its currency; millions and more are shortened in headlines.

    >>> money("EUR", 14234), money("USD", 1234567), money("CHF", -89.5), money("EUR", 14234.5, exact=True)
    ('€14,200', '$1.23M', '−CHF 89.5', '€14,234.50')
    """
    if is_blank(value):
        return NOT_KNOWN
    value = float(value)
    symbol = currency_symbol(currency or "")
    if exact:
        return _signed(f"{symbol}{abs(value):,.{_precision(currency or 'EUR')}f}", value)
    rounded = abs(significant(value, digits))
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if rounded >= size:
            return _signed(f"{symbol}{number(rounded / size, digits=digits)}{letter}", value)
    text = number(rounded, digits=digits)
    if _precision(currency or "EUR") == 0 and rounded < 100:
        text = f"{rounded:.0f}"
    return _signed(symbol + text, value if rounded else 0)


@lru_cache(maxsize=256)
def currency_symbol(currency: str) -> str:
    """What stands before an amount: "€", "$", or the code and a space when there is no common sign."""
    if not currency:
        return ""
    symbol = get_currency_symbol(currency, locale="en_US")
    return symbol + " " if symbol[-1].isalpha() else symbol


@lru_cache(maxsize=256)
def _precision(currency: str) -> int:
    return get_currency_precision(currency)


def _tenths_words(tenths: int) -> str:
    return _signed(f"{_trimmed(f'{abs(tenths) / 10:.1f}')} %", tenths)


# Charts say hundreds of shares for every move of a filter.
_TENTHS = tuple(map(_tenths_words, range(1001)))


def rate(value: float, *, exact: bool = False) -> str:
    """A share (0–1) as a percentage with one decimal; a whole number stays whole.

    >>> rate(0.1234), rate(0.08), rate(1), rate(0.0004), rate(0.12345, exact=True)
    ('12.3 %', '8 %', '100 %', 'under 0.1 %', '12.345 %')
    """
    if is_blank(value):
        return NOT_KNOWN
    value = float(value)
    if exact:
        return _signed(f"{_trimmed(f'{abs(value) * 100:.4f}')} %", value)
    if 0 < abs(value) < 0.0005:
        return "under 0.1 %"
    if 0.9995 <= value < 1:
        return "over 99.9 %"
    tenths = round(round(value * 100, 1) * 10)
    return _TENTHS[tenths] if 0 <= tenths <= 1000 else _tenths_words(tenths)


def points(value: float) -> str:
    """A difference of two shares (0.12 = twelve points).

    >>> points(0.118), points(-0.01)
    ('11.8 points', '−1 point')
    """
    if is_blank(value):
        return NOT_KNOWN
    shown = round(float(value) * 100, 1)
    unit = "point" if abs(shown) == 1 else "points"
    return f"{_signed(_trimmed(f'{abs(shown):.1f}'), shown)} {unit}"


def months(value: float) -> str:
    """A length of time in months, whole from ten on.

    >>> months(14.3), months(3.46), months(1), months(0.4)
    ('14 months', '3.5 months', '1 month', 'under a month')
    """
    return _length(value, "month")


def days(value: float) -> str:
    """A length of time in days.

    >>> days(34.2), days(1)
    ('34 days', '1 day')
    """
    return _length(value, "day")


def _length(value: float, unit: str) -> str:
    if is_blank(value):
        return NOT_KNOWN
    value = float(value)
    if 0 < value < 0.5:
        return f"under a {unit}"
    text = f"{abs(value):,.0f}" if abs(value) >= 9.95 else _trimmed(f"{abs(value):.1f}")
    return f"{_signed(text, value)} {unit if text == '1' else unit + 's'}"


def times(value: float) -> str:
    """A ratio.

    >>> times(1.63), times(12.4), times(0.456)
    ('1.6×', '12×', '0.46×')
    """
    if is_blank(value):
        return NOT_KNOWN
    value = float(value)
    places = 0 if value >= 9.95 else 1 if value >= 0.995 else 2
    return f"{value:,.{places}f}×"


def score(value: float) -> str:
    """An NPS, with its sign.

    >>> score(42.4), score(-7), score(0)
    ('+42', '−7', '0')
    """
    if is_blank(value):
        return NOT_KNOWN
    shown = round(float(value))
    return f"+{shown}" if shown > 0 else _signed(str(abs(shown)), shown)


def on_date(value: date | None) -> str:
    """A date as people read it.

    >>> on_date(date(2026, 11, 21))
    '21 Nov 2026'
    """
    return NOT_KNOWN if value is None or is_blank_date(value) else f"{value.day} {value:%b %Y}"


def is_blank_date(value) -> bool:
    """True for NaT, the blank among dates."""
    return bool(value != value)


# How each unit of a measure is written; other units follow the number.
UNIT_WORDS: dict[str, Callable[[float], str]] = {
    "%": rate,
    "months": months,
    "days": days,
    "×": times,
    "nps": score,
    "count": count,
}


def figure(value, unit: str | None, *, exact: bool = False) -> str:
    """A value in the words of its unit: "%", "months", "days", "×", "nps", a currency code, or none.

    >>> figure(14234, "EUR"), figure(0.123, "%"), figure(7.5, None), figure(3, "orders")
    ('€14,200', '12.3 %', '7.5', '3 orders')
    """
    if is_blank(value):
        return NOT_KNOWN
    if unit == "%":
        return rate(value, exact=exact)
    if unit in UNIT_WORDS:
        return UNIT_WORDS[unit](value)
    if unit and len(unit) == 3 and unit.isupper():
        return money(unit, value, exact=exact)
    text = number(value, exact=exact)
    return f"{text} {unit}" if unit else text


def interval_words(low: float, high: float, unit: str | None = None) -> str:
    """A likely range; empty when there is none.

    >>> interval_words(12400, 16300), interval_words(0.12, 0.18, "%"), interval_words(12400, 16300, "EUR")
    ('likely 12,400–16,300', 'likely 12–18 %', 'likely €12,400–16,300')
    """
    if is_blank(low) or is_blank(high):
        return ""
    left, right = figure(low, unit), figure(high, unit)
    if left == right:
        return f"likely {left}"
    joint = "–"
    if left.startswith(_MINUS) or right.startswith(_MINUS):
        joint = " to "
    if unit and len(unit) == 3 and unit.isupper() and joint == "–":
        right = right.removeprefix(currency_symbol(unit))
    for suffix in (" %", " months", " days", "×"):
        if left.endswith(suffix) and right.endswith(suffix):
            left = left.removesuffix(suffix)
    return f"likely {left}{joint}{right}"


def typical_words(value: float, low: float, high: float, n: int, unit: str | None = None) -> str:
    """A typical value with its likely range and the number behind it.

    >>> typical_words(640, 520, 790, 48)
    'typical 640, likely 520–790 (n = 48)'
    """
    span = interval_words(low, high, unit)
    return f"typical {figure(value, unit)}{', ' + span if span else ''} ({n_words(n)})"


def effect_words(
    corrected: float, raw: float | None = None, kind: str = "ratio", *, clear: bool = True
) -> str:
    """A difference, corrected for luck, with the one seen in this data when that was larger.

    ``kind`` is "ratio" (1.6 = 1.6 times), "points" (0.12 = twelve points), "months", or a unit of
    ``figure``. ``clear=False`` says that the difference could be luck.

    >>> effect_words(1.6, 2.4)
    'about 1.6× (2.4× in this data, reduced for luck)'
    >>> effect_words(0.251, 0.26, "points")
    'about 25.1 points (26 points in this data, reduced for luck)'
    >>> effect_words(1.1, 1.4, clear=False)
    'no clear difference'
    """
    if is_blank(corrected):
        return NOT_KNOWN
    if not clear:
        return NO_DIFFERENCE
    speak = {"ratio": times, "points": points, "months": months}.get(kind, lambda value: figure(value, kind))
    said = f"about {speak(corrected)}"
    if raw is None or is_blank(raw) or speak(raw) == speak(corrected):
        return said
    return f"{said} ({speak(raw)} in this data, reduced for luck)"


def in_sentence(text: str) -> str:
    """A name as it stands within a sentence: its first letter small, unless it is an abbreviation.

    >>> in_sentence("Lifetime value so far"), in_sentence("MRR")
    ('lifetime value so far', 'MRR')
    """
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def listed(words: list[str], joint: str = "and", most: int | None = None) -> str:
    """Words in a row as a sentence has them.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c", "d"], most=2)
    ('a, b and c', 'a, b and 2 more')
    """
    words = [str(word) for word in words]
    if most is not None and len(words) > most:
        words = [*words[:most], f"{len(words) - most} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"
