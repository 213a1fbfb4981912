"""Column headings, made comparable: vendors change case, blanks and marks between versions."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SORT_ARROWS = "↑↓→▲▼"
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARENTHESIS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
# A unit written behind the heading without brackets: “MRR in €”, “Umsatz TEUR”, “Gross margin %”.
_TRAILING_UNIT = re.compile(
    r"\s+(?:in\s+)?(€|\$|£|%|k€|T€|TEUR|EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK|BRL|MXN|CAD|AUD|INR|JPY)\s*$"
)
_IN_CENTS = re.compile(r"[\s_-]+(?:in[\s_-]+)?(cents?|centimes)\s*$", re.IGNORECASE)
_NOT_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=20_000)
def clean_header(text: str) -> str:
    """Return a heading without byte-order mark, odd blanks, sort arrows and required-field stars; case is kept.

    >>> clean_header("\\ufeffAccount Owner\\u00a0 ↑"), clean_header("*ContactName"), clean_header("Line\\none")
    ('Account Owner', 'ContactName', 'Line one')
    """
    text = unicodedata.normalize("NFKC", text.replace("\ufeff", ""))
    text = " ".join(text.split())
    return text.strip(_SORT_ARROWS + "* ")


def readable_header(text: str) -> str:
    """Return a heading as one would say it: names made for machines are parted into words, others stay.

    >>> [readable_header(t) for t in ("InternetService", "first_purchase_date", "StreamingTV", "seats", "NPS")]
    ['Internet service', 'First purchase date', 'Streaming TV', 'Seats', 'NPS']
    """
    text = clean_header(text)
    if " " in text or not re.fullmatch(r"[^\W\d]\w*", text):
        return text
    words = _CAMEL.sub(" ", text).replace("_", " ").split()
    if len(words) < 2:
        return text.capitalize() if text.islower() and len(text) > 3 else text
    said = " ".join(w if w.isupper() and len(w) <= 4 else w.lower() for w in words)
    return said[:1].upper() + said[1:]


def in_a_sentence(label: str) -> str:
    """A label in the middle of a sentence: small first letter, unless it is an abbreviation.

    >>> in_a_sentence("Customer id"), in_a_sentence("MRR"), in_a_sentence("NPS group")
    ('customer id', 'MRR', 'NPS group')
    """
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


@lru_cache(maxsize=20_000)
def header_words(text: str) -> tuple[str, ...]:
    """Split a heading into lower-case words without accents: blanks, punctuation and CamelCase divide.

    >>> header_words("InvoiceNo"), header_words("# Employees"), header_words("État d'avancement")
    (('invoice', 'no'), ('number', 'employees'), ('etat', 'd', 'avancement'))
    """
    text = clean_header(text).replace("#", " number ").replace("%", " percent ").replace("№", " number ")
    text = _CAMEL.sub(" ", text)
    text = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return tuple(_NOT_WORD.sub(" ", text).split())


@lru_cache(maxsize=20_000)
def header_key(text: str) -> str:
    """Return the form in which two spellings of one heading are equal.

    >>> header_key("Number of Employees") == header_key("numberofemployees") == header_key("NumberOfEmployees")
    True
    """
    return "".join(header_words(text))


def without_unit(text: str) -> tuple[str, str | None]:
    """Split a trailing unit, in brackets or a currency, off a heading.

    >>> without_unit("MRR (EUR)"), without_unit("Created (UTC)"), without_unit("Country")
    (('MRR', 'EUR'), ('Created', 'UTC'), ('Country', None))
    >>> without_unit("MRR in €"), without_unit("Umsatz TEUR"), without_unit("amount_in_cents")
    (('MRR', '€'), ('Umsatz', 'TEUR'), ('amount', 'cents'))
    """
    text = clean_header(text)
    found = _PARENTHESIS.search(text) or _TRAILING_UNIT.search(text) or _IN_CENTS.search(text)
    if not found or not text[: found.start()].strip():
        return text, None
    return text[: found.start()].strip(), found.group(1).strip()
