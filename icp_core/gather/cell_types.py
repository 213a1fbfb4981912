"""What a single cell looks like: only the shape of its text, used to find delimiters and headers."""

from __future__ import annotations

import re
from functools import lru_cache

EMPTY = "empty"
NUMBER = "number"
DATE = "date"
EMAIL = "email"
URL = "url"
YES_NO = "yes_no"
CODE = "code"
WORD = "word"
LONG = "long"

TYPED = frozenset({NUMBER, DATE, EMAIL, URL, YES_NO, CODE})
LABEL_LENGTH = 120  # survey questions are headers too, but a header rarely runs longer

_NUMBER = re.compile(
    r"""^\(?\s*[-+−]?\s*(?:[$€£¥₹₺₽₴₪₫]|[A-Z]{3}\s|kr\.?\s|R\$|US\$|Rs\.?)?\s*[-+−]?
        (?:\d{1,3}(?:[,.'’  \u202f]\d{2,3})*[,.'’  \u202f]\d{3}|\d+)?(?:[.,]\d+)?(?:[eE][-+]?\d+)?
        \s*(?:[$€£¥₹₺₽₴₪₫%円元원]|[kKmM]|kr\.?|zł|Kč|Ft|TL|руб\.?|грн\.?|lei|[A-Z]{3})?\s*\)?-?$""",
    re.VERBOSE,
)
_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zé]{0,6}\.?"
_TIME = r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?"
_ZONE = r"(?:\s*(?:Z|UTC|GMT)?\s*(?:[-+]\d{1,2}:?\d{0,2})?)?"
_DAY = (
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}|(?:19|20)\d{{6}}"
    rf"|\d{{4}}\. ?\d{{1,2}}\. ?\d{{1,2}}\.?|\d{{1,2}}\. \d{{1,2}}\. ?\d{{4}}|\d{{4}}[年년] ?\d{{1,2}}[月월](?: ?\d{{1,2}}[日일])?"
    rf"|\d{{1,2}}\.?[\s-]{_MONTH}[\s,-]*\d{{2,4}}|{_MONTH}\s\d{{1,2}},?\s\d{{4}}|{_MONTH}[\s-]\d{{2,4}}|\d{{4}}-\d{{2}})"
)
_DATE = re.compile(rf"^(?:{_DAY}(?:[T,\s]\s*{_TIME}{_ZONE})?|{_TIME}{_ZONE})$", re.IGNORECASE)
_EMAIL = re.compile(r"^<?[^@\s<>,;]+@[^@\s<>,;]+\.[A-Za-z]{2,}>?$")
_URL = re.compile(
    r"^(?:[a-z][a-z0-9+.-]*://\S+|www\.\S+\.\S+|(?:[a-z0-9-]+\.)+(?:com|org|net|io|de|co|uk|fr|eu|app|ai)(?:/\S*)?)$",
    re.IGNORECASE,
)
_YES_NO = re.compile(r"^(?:yes|no|true|false|y|n|ja|nein|oui|non|si|sí|não|sim)$", re.IGNORECASE)
_CODE = re.compile(r"^(?=\S*\d)[A-Za-z0-9][A-Za-z0-9_\-./#:{}]*$")
_HEX = re.compile(r"^[{(]?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}[)}]?$")
# Possessive throughout: a long code of letters with one digit in it must not be tried in every split.
_IDENTIFIER = re.compile(r"^[A-Za-z_$#%]++(?:[. ][A-Za-z]++(?:_[A-Za-z]++)*+)*+(?:_?\d{1,3})?$")


def cell_type(text: str) -> str:
    """Name the shape of one cell.

    >>> [cell_type(t) for t in ("", "1.234,50 €", "2026-01-30 15:55", "a@b.co", "Yes", "AB-1201", "Company name")]
    ['empty', 'number', 'date', 'email', 'yes_no', 'code', 'word']
    """
    return _short_type(text) if len(text) <= 2 * LABEL_LENGTH else _long_type(text)


def _long_type(text: str) -> str:
    stripped = text.strip()
    return LONG if len(stripped) > LABEL_LENGTH else _short_type(stripped)


@lru_cache(maxsize=65_536)
def _short_type(text: str) -> str:
    stripped = text.strip()
    if not stripped:
        return EMPTY
    if len(stripped) > LABEL_LENGTH:
        return LONG
    has_digit = any(char.isdigit() for char in stripped)
    if has_digit:
        if _DATE.match(stripped):
            return DATE
        if _NUMBER.match(stripped):
            return NUMBER
    if "@" in stripped and _EMAIL.match(stripped):
        return EMAIL
    if "." in stripped and _URL.match(stripped):
        return URL
    if _YES_NO.match(stripped):
        return YES_NO
    if has_digit and (_HEX.match(stripped) or (_CODE.match(stripped) and not _IDENTIFIER.match(stripped))):
        return CODE
    return WORD


def is_blank(cells: list[str] | tuple[str, ...]) -> bool:
    """Whether a row holds nothing but white space."""
    return not any(cell and not cell.isspace() for cell in cells)


def filled(cells: list[str] | tuple[str, ...]) -> int:
    """How many cells of a row hold something."""
    return sum(1 for cell in cells if cell and not cell.isspace())
