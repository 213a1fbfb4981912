"""Take e-mails, phone numbers, links and handles out of people's words before they are printed.

>>> redacted("Write to jo.doe@example.com or +44 20 7946 0958, see https://x.example/a, ask @jodoe.")
'Write to [e-mail] or [phone], see [link], ask [handle].'
>>> redacted("We grew 40–60 % in 2024 and saved €1,200,000.")
'We grew 40–60 % in 2024 and saved €1,200,000.'
"""

from __future__ import annotations

import re

from icp_core.profile.model import STATEMENT_LISTS, Profile, Quote, Statement

_LISTS = (*STATEMENT_LISTS, "hypotheses")
_WORDS = frozenset({"text", "desired", "impact_of", "when", "words"})

_EMAIL = re.compile(r"[\w.+%'-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"\b(?:https?://|ftp://|www\.)[^\s<>\"'”’)\]]+|\bmailto:\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@])@[A-Za-z_]\w{2,}(?:\.\w+)*")
# A phone number starts with + or 0 or a bracket and has 7 to 15 figures with at most one separator between;
# amounts use commas and dates are caught by their shape, so neither is taken for one.
_PHONE = re.compile(r"(?<![\w€$£.,/-])(?:\+|00|\(?0)\d?(?:[ ./()-]{0,2}\d){6,14}(?!\w|,\d)")
_SPELT_PHONE = re.compile(r"(?<![\w€$£.,-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w|,\d)")
_DATE = re.compile(r"0?\d[./-]\d{1,2}[./-](?:\d{4}|\d{2})")
_TRAILING = ".,;:!?"


def redacted(text: str) -> str:
    """The text with e-mails, links, handles and phone numbers replaced by a word in brackets."""
    text = _EMAIL.sub("[e-mail]", text)
    text = _LINK.sub(_keeping_stop("[link]"), text)
    text = _HANDLE.sub("[handle]", text)
    text = _PHONE.sub(lambda m: m[0] if _DATE.fullmatch(m[0]) else "[phone]", text)
    return _SPELT_PHONE.sub("[phone]", text)


def _keeping_stop(word: str):
    def put(match: re.Match) -> str:
        stripped = match[0].rstrip(_TRAILING)
        return word + match[0][len(stripped) :]

    return put


def quote_words(quote: Quote, *, personal: bool = False) -> str:
    """What was said; private details only when personal data is asked for."""
    if personal:
        return quote.text
    text = quote.text
    if quote.person and len(quote.person) > 2:
        for name in (quote.person, *quote.person.split()):
            if len(name) > 2:
                text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "[name]", text)
        text = text.replace("[name] [name]", "[name]")
    return redacted(text)


def quote_signature(quote: Quote, *, personal: bool = False) -> str:
    """Who said it: role, company size and place; the name before them only when asked for."""
    if personal and quote.person:
        return f"{quote.person}, {quote.signature}"
    return redacted(quote.signature)


def shareable(profile: Profile) -> Profile:
    """The profile as it may leave the house: nobody is named, and no address or number of a person is in it.

    Quotes and lines made from what customers said lose names, e-mails, phone numbers, links and handles. What
    the user wrote or edited stays as written.
    """
    kept = profile.model_copy(deep=True)
    kept.meta.author = ""
    kept.quotes = [_unsigned(quote) for quote in kept.quotes]
    said = kept.messaging
    lines: list[Statement] = [kept.statement, *said.say, *said.prove, *said.avoid, *kept.drop_out]
    lines += [kept.buying_team] if kept.buying_team is not None else []
    for name in _LISTS:
        lines += getattr(kept, name)
    for line in lines:
        if line.evidence is None:
            continue
        if not line.edited:
            for field in _WORDS & set(type(line).model_fields):
                setattr(line, field, _without_names(getattr(line, field), line.evidence.quotes))
        line.evidence.quotes = [_unsigned(quote) for quote in line.evidence.quotes]
        line.evidence.customer_ids = [known for known in line.evidence.customer_ids if "@" not in known]
    return kept


def _unsigned(quote: Quote) -> Quote:
    known = quote.customer_id if quote.customer_id and "@" not in quote.customer_id else None
    return quote.model_copy(update={"text": quote_words(quote), "person": None, "customer_id": known})


def _without_names(text: str, quotes: list[Quote]) -> str:
    for quote in quotes:
        text = quote_words(quote.model_copy(update={"text": text}))
    return redacted(text)
