"""Numbers and amounts of money in every notation, and rates between currencies."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import pycountry

_SYMBOLS = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "MX$": "MXN", "R$": "BRL", "NT$": "TWD", "€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY", "₹": "INR", "₩": "KRW",
    "₺": "TRY", "₽": "RUB", "₴": "UAH", "₪": "ILS", "₫": "VND", "₱": "PHP", "฿": "THB", "৳": "BDT", "₦": "NGN",
    "zł": "PLN", "zl": "PLN", "Kč": "CZK", "Ft": "HUF", "лв": "BGN", "Fr.": "CHF", "SFr.": "CHF", "₡": "CRC",
    "Rs.": "INR", "Rs": "INR", "円": "JPY", "元": "CNY", "원": "KRW", "TL": "TRY", "руб.": "RUB", "руб": "RUB",
    "грн": "UAH", "lei": "RON", "Lei": "RON",
}  # fmt: skip
_SYMBOL_PATTERN = "|".join(sorted((re.escape(s) for s in _SYMBOLS), key=len, reverse=True))
_SUFFIXES = {
    "k": 1e3,
    "tsd": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "mm": 1e6,
    "mil": 1e6,  # with its dot: without, it is the Spanish thousand
    "b": 1e9,
    "bn": 1e9,
    "mrd": 1e9,
    "thousand": 1e3,
    "million": 1e6,
    "millions": 1e6,
    "billion": 1e9,
}
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_SUFFIX = re.compile(
    r"^(.*\d)(k|tsd\.?|thousand|mn|mm|mio\.?|mil\.|millions?|m|bn|billion|b|mrd\.?)$", re.IGNORECASE
)
_CODE_FIRST = re.compile(r"^([A-Za-z]{3})(?=[\s\d.,(+-])")
_CODE_LAST = re.compile(r"(?<=[\d\s.)])([A-Za-z]{3})$")
_SYMBOL = re.compile(rf"({_SYMBOL_PATTERN})")
# Crowns are of four countries: money, but of which currency the cell does not say.
_CROWNS = re.compile(r"^kr\.?\s*(?=[-+\d])|(?<=[\d,-])\s*kr\.?$", re.IGNORECASE)
_PLAIN = re.compile(r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$")
_GROUPED_COMMA = re.compile(r"^\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?$")
_GROUPED_DOT = re.compile(r"^\d{1,3}(?:\.\d{3})+(?:,\d+)?$")
_GROUPED_MARK = re.compile(r"^\d{1,3}(?:['’]\d{3})+(?:[.,]\d+)?$")
_DECIMAL_COMMA = re.compile(r"^\d*,\d+$")
_LONE_DOT_THREE = re.compile(r"^\d{1,3}\.\d{3}$")
_LONE_COMMA_THREE = re.compile(r"^\d{1,3},\d{3}$")


@cache
def currency_codes() -> frozenset[str]:
    """Three-letter codes of the currencies in use."""
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


@lru_cache(maxsize=10_000)
def currency_code(text: str | None) -> str | None:
    """Return the three-letter code for a code, symbol or short name; None when it is none.

    >>> currency_code("eur"), currency_code("€"), currency_code("US Dollar"), currency_code("maybe")
    ('EUR', 'EUR', 'USD', None)
    """
    if not text:
        return None
    text = text.strip()
    if text in _SYMBOLS:
        return _SYMBOLS[text]
    if len(text) == 3 and text.upper() in currency_codes():
        return text.upper()
    return _currency_names().get(text.casefold())


@cache
def _currency_names() -> dict[str, str]:
    names = {c.name.casefold(): c.alpha_3 for c in pycountry.currencies if hasattr(c, "alpha_3")}
    return names | {
        "us dollars": "USD", "dollar": "USD", "dollars": "USD", "u.s. dollar": "USD", "euros": "EUR", "pound": "GBP",
        "pounds": "GBP", "british pound": "GBP", "gb pound": "GBP", "sterling": "GBP", "yen": "JPY",
        "schweizer franken": "CHF", "franken": "CHF", "real": "BRL", "rupee": "INR", "rupees": "INR",
        "canadian dollar": "CAD", "australian dollar": "AUD",
    }  # fmt: skip


def _split_currency(text: str) -> tuple[str, str | None]:
    found = _SYMBOL.search(text)
    if found:
        return (text[: found.start()] + text[found.end() :]).strip(), _SYMBOLS[found.group(1)]
    for pattern in (_CODE_FIRST, _CODE_LAST):
        found = pattern.search(text)
        if found and found.group(1).upper() in currency_codes():
            return (text[: found.start()] + text[found.end() :]).strip(), found.group(1).upper()
    return _CROWNS.sub("", text) if "k" in text or "K" in text else text, None


@lru_cache(maxsize=200_000)
def parse_number(text: str | None, decimal: str | None = None) -> float | None:
    """Read one number; ``decimal`` is the column's decimal mark ("." or ","), None = judge this cell alone.

    Currency signs, percent signs (the figure stays: ``45%`` is 45), K/M/B suffixes, brackets or a trailing
    minus for negatives, blanks and apostrophes between thousands are understood. Not a number: None.

    >>> parse_number("1.234,56"), parse_number("1,234.56"), parse_number("1 234,56"), parse_number("(123.45)")
    (1234.56, 1234.56, 1234.56, -123.45)
    >>> parse_number("€1.191", decimal=","), parse_number("1.2M"), parse_number("250k"), parse_number("49,00")
    (1191.0, 1200000.0, 250000.0, 49.0)
    >>> parse_number("12 Mar") is None
    True
    """
    if text is None:
        return None
    text = text.strip()
    if not text or len(text) > 60:
        return None
    if text[0] == "'":
        text = text[1:].strip()
    if decimal != "," and _PLAIN.match(text) and not (decimal is None and _LONE_DOT_THREE.match(text)):
        return _finite(float(text))
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
    text, _ = _split_currency(text)
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
    text = text.removesuffix("%").strip()
    text = text.replace("\u2212", "-").replace("–", "-")
    if text.startswith(("-", "+")):
        negative ^= text[0] == "-"
        text = text[1:].strip()
    elif text.endswith("-") and len(text) > 1:
        negative, text = not negative, text[:-1].strip()
    factor = 1.0
    suffixed = _SUFFIX.match(_SPACES.sub("", text))
    if suffixed:
        text, factor = suffixed.group(1), _SUFFIXES[suffixed.group(2).casefold().rstrip(".")]
    if _SPACES.search(text):
        if not re.fullmatch(r"\d{1,3}(?:[\s\u00a0\u202f\u2009]\d{3})+(?:[.,]\d+)?", text):
            return None
        text = _SPACES.sub("", text)
    value = _unsigned(text, decimal)
    if value is None:
        return None
    return _finite((-value if negative else value) * factor)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _unsigned(text: str, decimal: str | None) -> float | None:
    if not text or not (text[0].isdigit() or text[0] in ".,"):
        return None
    if not text.isascii() and not _GROUPED_MARK.match(text):
        return None
    if _GROUPED_MARK.match(text):
        return float(re.sub(r"['’]", "", text).replace(",", "."))
    if decimal == ",":
        if _GROUPED_DOT.match(text):
            return float(text.replace(".", "").replace(",", "."))
        if _DECIMAL_COMMA.match(text) or text.isdigit():
            return float(text.replace(",", "."))
        # A dot that cannot divide thousands is a decimal dot even here ("12.5" among "12,50").
        return float(text) if _PLAIN.match(text) else (_both(text))
    if decimal == ".":
        if _GROUPED_COMMA.match(text):
            return float(text.replace(",", ""))
        if _PLAIN.match(text):
            return float(text)
        return float(text.replace(",", ".")) if _DECIMAL_COMMA.match(text) else _both(text)
    if _LONE_COMMA_THREE.match(text):
        return float(text.replace(",", ""))
    if _DECIMAL_COMMA.match(text):
        return float(text.replace(",", "."))
    if _PLAIN.match(text):
        return float(text)
    if _GROUPED_COMMA.match(text):
        return float(text.replace(",", ""))
    if _GROUPED_DOT.match(text):
        return float(text.replace(".", "").replace(",", "."))
    return None


def _both(text: str) -> float | None:
    if _GROUPED_COMMA.match(text):
        return float(text.replace(",", ""))
    if _GROUPED_DOT.match(text):
        return float(text.replace(".", "").replace(",", "."))
    return None


def decimal_mark(values: Iterable[str]) -> str | None:
    """Decide the decimal mark of a column: ",", "." or None when nothing tells (only whole numbers).

    A comma with one or two digits behind it, or dots before a comma, speak for the comma; the mirror image for
    the dot. ``1.191`` and ``1,191`` alone tell nothing: they count only if every value has exactly three digits
    behind the mark, which whole thousands do and measured decimals do not.

    >>> decimal_mark(["1.191", "49,00"]), decimal_mark(["1,234.50", "7"]), decimal_mark(["1.191", "2.040"])
    (',', '.', ',')
    >>> decimal_mark(["1", "22"]) is None
    True
    """
    comma = dot = dots_of_three = commas_of_three = 0
    for value in values:
        text, _ = _split_currency(value.strip().strip("()'%+-").strip())
        text = _SUFFIX.sub(r"\1", _SPACES.sub("", text).strip("()%+-"))
        if "," not in text and "." not in text:
            continue
        last_comma, last_dot = text.rfind(","), text.rfind(".")
        if last_comma >= 0 and last_dot >= 0:
            if last_comma > last_dot:
                comma += 1
            else:
                dot += 1
        elif last_comma >= 0:
            if text.count(",") > 1:
                dot += 1
            elif len(text) - last_comma - 1 == 3 and last_comma <= 3 and not text.startswith("0,"):
                commas_of_three += 1
            else:
                comma += 1
        elif text.count(".") > 1:
            comma += 1
        elif len(text) - last_dot - 1 == 3 and 0 < last_dot <= 3 and not text.startswith("0."):
            dots_of_three += 1
        else:
            dot += 1
    if comma or dot:
        return "," if comma > dot else "."
    if commas_of_three:
        return "."
    if dots_of_three:
        return ","
    return None


@lru_cache(maxsize=200_000)
def parse_money(text: str | None, decimal: str | None = None) -> tuple[float | None, str | None]:
    """Read an amount and the currency written beside it.

    >>> parse_money("€1.191,50"), parse_money("USD 12"), parse_money("99")
    ((1191.5, 'EUR'), (12.0, 'USD'), (99.0, None))
    """
    if text is None:
        return None, None
    value = parse_number(text, decimal)
    if value is None:
        return None, None
    return value, _split_currency(text.strip().strip("()'+- "))[1]


# Rounded yearly averages against the euro, in the manner of the European Central Bank's reference rates for
# 2024: one euro buys so many units. A starting point only: the user edits them on the data page.
_PER_EURO = {
    "EUR": 1.0, "USD": 1.082, "GBP": 0.847, "CHF": 0.953, "JPY": 163.9, "CAD": 1.482, "AUD": 1.64, "NZD": 1.788,
    "SEK": 11.43, "NOK": 11.63, "DKK": 7.459, "PLN": 4.306, "CZK": 25.12, "HUF": 395.3, "RON": 4.975, "BGN": 1.9558,
    "TRY": 35.57, "BRL": 5.828, "MXN": 19.83, "INR": 90.56, "CNY": 7.787, "HKD": 8.445, "SGD": 1.446, "KRW": 1475.0,
    "ZAR": 19.83, "ILS": 4.007, "THB": 38.18, "IDR": 17158.0, "MYR": 4.95, "PHP": 62.0, "AED": 3.974, "SAR": 4.058,
    "TWD": 34.75, "ARS": 990.0, "CLP": 1021.0, "COP": 4407.0, "PEN": 4.06, "UAH": 43.5, "ISK": 149.3, "NGN": 1600.0,
    "EGP": 49.0, "KES": 146.0, "VND": 27000.0, "PKR": 301.0, "BDT": 124.0, "MAD": 10.75, "RUB": 100.0,
}  # fmt: skip


@dataclass(frozen=True)
class RateTable:
    """What one unit of each currency is worth in the workspace's currency, ``base``.

    ``rates`` maps a currency to units of ``base`` for one of its units. ``RateTable.default(base)`` starts from
    rounded yearly averages for 2024, meant to be edited; ``edited`` names the currencies the user has set.

    >>> table = RateTable.default("EUR").with_rates({"usd": 0.9})
    >>> table.rate("USD"), table.rate("EUR"), table.rate("ZZZ"), table.convert(10, "USD")
    (0.9, 1.0, None, 9.0)
    """

    base: str
    rates: Mapping[str, float]
    edited: frozenset[str] = frozenset()

    @classmethod
    def default(cls, base: str = "EUR") -> RateTable:
        """Rates into ``base`` from the built-in table; a ``base`` the table does not know has only itself.

        >>> round(RateTable.default("GBP").rate("EUR"), 3), RateTable.default("XOF").rates
        (0.847, {'XOF': 1.0})
        """
        base = base.upper()
        if base not in _PER_EURO:
            return cls(base, {base: 1.0} if base else dict(_PER_EURO))
        return cls(base, {code: _PER_EURO[base] / units for code, units in _PER_EURO.items()})

    def with_rates(self, own: Mapping[str, float]) -> RateTable:
        """Lay the user's rates (currency -> units of ``base`` for one unit) over these."""
        codes = {code.upper(): float(rate) for code, rate in own.items()}
        for code, rate in codes.items():
            if not (rate > 0 and math.isfinite(rate)):
                raise ValueError(f"A rate must be above zero; {rate!r} for {code} is not.")
        return RateTable(self.base, {**self.rates, **codes}, self.edited | set(codes))

    def rate(self, currency: str) -> float | None:
        """Units of ``base`` for one unit of ``currency``; None when there is no rate."""
        return 1.0 if currency.upper() == self.base else self.rates.get(currency.upper())

    def convert(self, amount: float | None, currency: str | None) -> float | None:
        """Convert an amount; without a currency it is taken as already in ``base``; None without a rate."""
        if amount is None or not currency:
            return amount
        rate = self.rate(currency)
        return None if rate is None else amount * rate
