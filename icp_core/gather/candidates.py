"""Which fields could a column be? By its heading, by its content, and by both together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from icp_core.gather.evidence import ColumnEvidence
from icp_core.gather.fit import TWINS, fit
from icp_core.gather.questions import (
    asks_effort,
    asks_satisfaction,
    asks_to_recommend,
    asks_who,
    asks_why,
    in_an_unread_language,
    is_question,
)
from icp_core.vocabulary import FIELDS, KINDS, synonyms
from icp_core.vocabulary.deal_words import LOST, WON
from icp_core.vocabulary.headers import clean_header, header_key, header_words, without_unit
from icp_core.vocabulary.names import company_domain
from icp_core.vocabulary.scores import SCORE_WORDS

# How sure a heading alone makes us, before the content is asked.
_EXACT, _EXACT_LOOSE, _CONTAINED, _SIMILAR = 0.95, 0.86, 0.7, 0.62
# Below this a mapping is not proposed at all.
MINIMUM = 0.42

# Headings that mean several things: right often, not nearly always.
_LOOSE_KEYS = frozenset(
    """size source channel role position title function service text reason id number name date start end total rating
    score area tools users period plan value type status segment site web contact account person member role team level
    code reference order transaction payment item description location state region tier term contract note notes
    comment topic tags tag category group day time timestamp month week created closed active usage actions feature
    event module spend revenue sales margin profit cost health stage phase fase etapa data datum fecha fonte canal land
    ort uf cap cep me status result resultado outcome confidence frequency seats users events visits churn left
    segmento customer client contact lead prospect organization company""".split()
) - frozenset(("churn", "company", "organization", "customer", "client"))
# Somebody else's name, address or firm: never the row's own identity (FORMATS 0.5).
_OTHERS = frozenset(
    """owner parent manager rep assistant asst associated creator modified updated assigned agent assignee csm ae partner
    referrer referred supplier vendor reseller competitor besitzer betreuer responsable propietario proprietario eigenaar
    verantwortlicher ultimate secondary emergency spouse kundenbetreuer proprietaire bdr sdr specialist vertrieb verkaufer seller
    salesperson previous former referring distributor lieferant fournisseur proveedor fornecedor fornitore leverancier agency
    agentur agence agencia agenzia muttergesellschaft konzern holding""".split()
)
# Pages about somebody on other sites, and pictures: no web domain of theirs.
_PAGES_ELSEWHERE = re.compile(
    "linkedin|twitter|facebook|instagram|xing|youtube|github|crunchbase|avatar|logo|image|photo|picture|record|hubspot"
)
_OF_RECORDS = frozenset(("customers", "prospects", "contacts", "deals"))
_OTHER_PHRASES = (("created", "by"), ("modified", "by"), ("referred", "by"), ("deal", "name"), ("opportunity", "name"),
                  ("account", "site"), ("file", "name"), ("product", "name"), ("program", "name"), ("campaign", "name"),
                  ("plan", "name"), ("event", "name"), ("user", "name"))  # fmt: skip
# Codes of things that are no customers.
_NOT_A_CUSTOMER = frozenset(
    """usage event log row session record transaction invoice order ticket case message product item line index payment
    opportunity deal subscription contract response review survey""".split()
)
_IDENTITY = frozenset(("account_id", "account_name", "domain", "email", "person_name", "contact_id", "phone"))
# Words that say too little to be trusted inside a longer heading.
_GENERIC = frozenset(
    """id name number no nr code type status date day time total amount value price rate score size level group category
    source channel description title text note notes reason comment comments data state region area product item
    service plan order account customer client company contact person user users created start end period month title
    role position team event events left churn active usage ticket case issue members web site url tools industry city
    country land age term contract tier package function department division degree income education health feature
    module actions parent owner ae rep csm ort stadt ville pais me cap uf cep tax shipping discount margin cost profit
    spend sales revenue quantity units items seats pieces topic tags priority severity summary subject language finished
    ces nps mrr arr cac ltv clv gm acv tcv lead prospect tech""".split()
)
# Generic words that still carry a field as the last word of a heading ("HQ country", "Contact email").
_HEADS = {
    "country": "country", "city": "city", "industry": "industry", "currency": "currency", "quantity": "quantity",
    "mrr": "mrr", "arr": "arr", "nps": "nps", "csat": "csat", "website": "domain", "domain": "domain",
    "email": "email", "mail": "email", "employees": "employees", "headcount": "employees", "plan": "plan",
    "stage": "stage", "priority": "priority", "subject": "subject", "gender": "gender", "age": "age", "cac": "cac",
    "sku": "product_id", "qty": "quantity", "discount": "discount", "tax": "tax", "firma": "account_name",
    "company": "account_name", "pays": "country", "land": "country", "umsatz": "total_revenue", "datum": "ordered_on",
    "state": "region", "province": "region", "region": "region", "zip": "postal_code",
    "comment": "comment", "comments": "comment", "feedback": "comment", "coupon": "coupon",
}  # fmt: skip

# A name of a person or a thing, not of the company.
_NAMES_A_THING = frozenset(
    """first last middle given family maiden nick user login full your person contact file sheet table product item plan
    program campaign event feature list tag field state province country city street discount tax group team stage
    pipeline primer segundo primeiro ultimo proprio de""".split()
)
# “karin.vogt” has the form of a web address, and is a person.
_LOOKS_LIKE_A_SITE = re.compile(
    r"^https?://|^www\.|\.(?:[a-z]{2}|com|net|org|info|biz|dev|app|tech|shop|store|online|cloud|edu|gov|agency|digital)(?:/|$)",
    re.IGNORECASE,
)
_NETWORK_ADDRESS = re.compile(r"^(?:\d{1,3}\.){3}\d{1,3}$|^(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}$")
# “Phone 1” and “Name 1” are the first of several; those that follow stay attributes of their own.
_FIRST_OF_SEVERAL = re.compile(r"(?<=[^\W\d])[ _.-]*1$")
# “Betrag ohne MwSt.” and “Amount excl. VAT” are the amount, not the tax.
_BESIDE_TAX = re.compile(
    r"[\s,(/-]+(?:excl?\.?|excluding|without|net of|before|ohne|exkl\.?|hors|sin|senza|sem|zonder)\s*"
    r"(?:vat|tax(?:es)?|gst|mwst\.?|ust\.?|tva|taxes?|iva|btw|impuestos|impostos)\)?\s*$",
    re.IGNORECASE,
)
# “score_0_10”, “Note (0 à 10)”, “Rating 1-5”: the scale belongs to the answers.
_SCALE = re.compile(r"[\s_(\[,:-]+[01]\s*(?:-|–|_|to|bis|à|a|tot)\s*(?:5|7|10|100)[)\]]?\s*$", re.IGNORECASE)
# “Tax 5%”, “TVA 20 %”: so does the rate.
_TAX_RATE = re.compile(r"\s+\d{1,2}(?:[.,]\d+)?\s*%\s*$")
# “company.category.industry”, “address/city”, “billing__country”: nested records, flattened.
_PATH = re.compile(r"^[a-z_$][\w$]*(?:(?:\.|/|__)[A-Za-z_$][\w$]*)+$")
_STEP = re.compile(r"\.|/|__")
# What the last step of a path says only with the one before it (“plan.name”, “order.id”).
_SAYS_NOTHING_ALONE = frozenset(("id", "name", "type", "code", "number", "status", "value", "key", "date"))
# “Your company”, “Votre fonction”: forms speak to the one who fills them in.
_YOURS = re.compile(
    r"^(?:your|ihre?|deine?|votre|vos|su|tu|sua|seu|vostra|il (?:tuo|suo)|la (?:tua|sua)|uw|jouw)\s+(?=\S)",
    re.IGNORECASE,
)
# What headings made for machines, ledgers and narrow columns are short for.
_SHORT_FOR = {
    "no": "number", "nr": "number", "nro": "numero", "num": "number", "dt": "date", "qty": "quantity", "amt": "amount", "inv": "invoice",
    "cust": "customer", "acct": "account", "nm": "name", "cnt": "count", "desc": "description", "prod": "product", "curr": "currency",
    "emp": "employee", "ord": "order", "rev": "revenue", "addr": "address", "ctry": "country", "org": "organization", "subs": "subscription",
    "tel": "telephone", "art": "artikel", "bez": "bezeichnung", "deb": "debitoren", "kd": "kunden", "best": "bestell", "rg": "rechnungs", "vertr": "vertreter", "monatl": "monatlicher",
}  # fmt: skip
# Endings that say in which form something is kept, not what it is.
_FORMS_OF_KEEPING = frozenset(
    "cd code desc description nm name txt text val value nk sk key iso iso2 iso3 flag".split()
)
_NAME_HEADS = frozenset(("name", "nom", "nombre", "nome", "naam"))

# “Email subscription status” is about letters sent, not about what the customer pays for.
_OF_MAILINGS = frozenset("email mail sms newsletter marketing mailing push".split())

# “Subscription age” is no person's, “Number of purchases” no sum of money.
_THINGS_WITH_AN_AGE = frozenset(
    "account subscription contract company device equipment vehicle deal ticket domain firm".split()
)
_COUNTING_WORDS = frozenset("number num count no nr anzahl nombre numero aantal times frequency".split())
_SUMS = frozenset(("amount", "total_revenue", "total_margin", "company_revenue", "mrr", "arr", "line_amount", "order_total", "cost", "cac"))  # fmt: skip

# “First gift date”, “Dernier séjour”: the ends of what happened with somebody, not a day or a sum of the row itself.
_FIRST_WORDS = frozenset(
    "first erste erster erstes premier premiere 1er 1ere primer primera primeiro primeira primo prima eerste".split()
)
_LAST_WORDS = frozenset("last latest letzte letzter letztes dernier derniere ultimo ultima laatste".split())
_DAY_WORDS = frozenset("date day on datum tag jour fecha dia data giorno dag".split())
_OF_THE_ROW = frozenset(("ordered_on", "amount", "order_total", "line_amount", "order_id"))

# “Billing status” is spelled much like “billing state” and is something else.
_WORDS_OF_STATE = frozenset(("status", "state", "stage", "date", "data", "rate"))

_STATUS_WORDS = {
    "gender": frozenset("male female m f man woman men women männlich weiblich homme femme hombre mujer divers other diverse "
                        "non-binary masculino feminino femenino maschio femmina man vrouw uomo donna".split()),
    "interval": frozenset("month year monthly yearly annual annually quarter quarterly week weekly day daily monatlich "
                          "jährlich mensuel annuel mensual anual mensile annuale maandelijks jaarlijks".split()),
    "priority": frozenset("low medium normal high urgent critical p1 p2 p3 p4 niedrig mittel hoch dringend".split()),
    "nps_group": frozenset("promoter promoters passive passives detractor detractors neutral".split()),
}  # fmt: skip
_OUTCOME = re.compile(f"{WON}|{LOST}", re.IGNORECASE)
_SUBSCRIPTION_WORDS = frozenset(
    "active trialing past_due canceled cancelled unpaid incomplete paused expired trial ended".split()
)
_ORDER_WORDS = frozenset(
    "paid refunded shipped completed delivered pending voided authorized partially_refunded fulfilled cancelled canceled "
    "processing on-hold returned draft open overdue".split()
)


@dataclass(frozen=True)
class Candidate:
    """One field a column could be, how sure, and why in one sentence."""

    field: str
    confidence: float
    reason: str
    by: str  # "name" | "part" | "content"


def path_tails(heading: str) -> tuple[str, ...]:
    """The ends of a heading that is a path through nested records, longest first; () for any other heading.

    >>> path_tails("person.employment.title"), path_tails("address/city"), path_tails("N. Dipendenti")
    (('employment.title', 'title'), ('city',), ())
    """
    if not _PATH.match(heading):
        return ()
    steps = _STEP.split(heading)
    tails = (".".join(steps[i:]) for i in range(1, len(steps)))
    return tuple(tail for tail in tails if tail.casefold() not in _SAYS_NOTHING_ALONE)


@cache
def _spelled_words(kind: str) -> dict[tuple[str, ...], str]:
    by_words: dict[tuple[str, ...], str] = {}
    for name in FIELDS[kind]:
        by_words.setdefault(header_words(name), name)
    for key, name in synonyms(kind).items():
        by_words.setdefault((key,), name)
    return by_words


def _long_spellings(words: tuple[str, ...]) -> Iterator[str]:
    """Keys of a heading with its short words written out, and without how it is kept.

    >>> list(_long_spellings(("inv", "dt"))), list(_long_spellings(("industry", "cd", "desc")))
    (['invoicedate'], ['industrycddescription', 'industry'])
    """
    written = tuple(_SHORT_FOR.get(word, word) for word in words)
    if written != words:
        yield "".join(written)
    kept = list(written)
    while len(kept) > 1 and kept[-1] in _FORMS_OF_KEEPING:
        kept.pop()
    if 1 <= len(kept) < len(written) - 1 or (len(kept) < len(written) and len(kept) > 1):
        yield "".join(kept)


def _names_somebody_else(words: Sequence[str]) -> bool:
    if _OTHERS & set(words):
        return True
    pairs = list(zip(words, words[1:], strict=False))
    return any(phrase in pairs for phrase in _OTHER_PHRASES)


def by_heading(header: str, kind: str) -> list[tuple[str, float, str]]:
    """Fields a heading suggests in a kind of table: (field, how sure, why), without looking at the content."""
    cleaned = clean_header(header)
    known = synonyms(kind)
    bare, unit = without_unit(cleaned)
    plainer = bare
    for aside in (_YOURS, _BESIDE_TAX, _SCALE, _TAX_RATE, _FIRST_OF_SEVERAL):
        plainer = aside.sub("", plainer).strip()
    for text, loss in (
        (cleaned, 0.0),
        (bare, 0.01),
        (plainer, 0.02),
        *((tail, 0.03) for tail in path_tails(bare)),
    ):
        key = header_key(text)
        if key in known:
            if loss == 0.03 and known[key] in _IDENTITY and _names_somebody_else(header_words(bare)):
                continue
            sure = _EXACT_LOOSE if key in _LOOSE_KEYS or key in KINDS[kind].loose else _EXACT
            return [(known[key], sure - loss, f"The heading “{cleaned}” is a known one.")]
    words = header_words(plainer)
    if not words or len(words) > 8:
        return []
    for key in _long_spellings(words):
        if key in known and not (_names_somebody_else(words) and known[key] in _IDENTITY):
            return [(known[key], _EXACT_LOOSE - 0.03, f"The heading “{cleaned}” is short for a known one.")]
    found: list[tuple[str, float, str]] = []
    somebody_else = _names_somebody_else(words)
    for length in range(len(words) - 1, 0, -1):
        for start in range(len(words) - length + 1):
            part = words[start : start + length]
            key = "".join(part)
            name = known.get(key)
            is_last = start + length == len(words)
            if name is None and length == 1 and is_last:
                name = _HEADS.get(key)
            if name not in FIELDS[kind] or (somebody_else and name in _IDENTITY):
                continue
            if name == "status" and _OF_MAILINGS & set(words):
                continue
            if name == "age" and _THINGS_WITH_AN_AGE & set(words):
                continue
            if name in _SUMS and _COUNTING_WORDS & set(words):
                continue
            if name in _OF_THE_ROW and words[0] in _FIRST_WORDS | _LAST_WORDS:
                continue
            if length == 1 and key in _GENERIC and not (is_last and key in _HEADS and len(words) <= 3):
                continue
            if len(key) < 3:
                continue
            sure = _CONTAINED - 0.12 * (1 - length / len(words)) - (0.0 if is_last else 0.06)
            shown = " ".join(part)
            found.append((name, sure, f"The heading “{cleaned}” holds “{shown}”."))
        if found:
            break
    if not found and len(words) >= 3:  # “Total room revenue” says total revenue, and of what
        for left_out in range(1, len(words) - 1):
            name = known.get("".join(words[:left_out] + words[left_out + 1 :]))
            if name and not (somebody_else and name in _IDENTITY):
                sure = _SIMILAR - 0.04 * (len(words) > 3)
                found.append((name, sure, f"The heading “{cleaned}” holds the words of a known one."))
                break
    if (
        not found
        and len(words) in (2, 3)
        and words[-1] in _NAME_HEADS
        and not somebody_else
        and not _NAMES_A_THING & set(words)
        and "account_name" in FIELDS[kind]
    ):
        found.append(("account_name", 0.52, f"The heading “{cleaned}” speaks of a name."))
    if not found and len(words) >= 2 and words[-1] in _DAY_WORDS or not found and len(words) == 2:
        found += _of_a_history(words, cleaned, FIELDS[kind])
    key = "".join(words)
    if not found and len(key) >= 6:
        near = process.extractOne(key, known.keys(), scorer=fuzz.ratio, score_cutoff=88)
        if near and not (somebody_else and known[near[0]] in _IDENTITY) and words[-1] not in _WORDS_OF_STATE:
            found.append(
                (known[near[0]], _SIMILAR, f"The heading “{cleaned}” is spelled much like a known one.")
            )
    return found


_OF_THE_WHOLE = re.compile(
    r"\b(?:overall|in general|insgesamt|alles in allem|dans l'ensemble|globalement|en general|no geral|complessivamente|over het algemeen)\b",
    re.IGNORECASE,
)
_ONE_ITEM = re.compile(r"(?:\s[-–]\s[^-–?]{1,80}|\[[^\]]{1,80}\]|[:?]\.\S.{0,80})$")


def _of_a_history(
    words: Sequence[str], heading: str, fields: Mapping[str, object]
) -> list[tuple[str, float, str]]:
    """The first or the last day of something is when a customer came or was last seen; its content must be days."""
    for name, ends in (("customer_since", _FIRST_WORDS), ("last_activity_on", _LAST_WORDS)):
        if words[0] in ends and name in fields:
            which = "first" if ends is _FIRST_WORDS else "last"
            return [(name, _SIMILAR, f"The heading “{heading}” speaks of the {which} time.")]
    return []


def _by_question(header: str, evidence: ColumnEvidence) -> list[tuple[str, float, str]]:
    """Fields that a survey question asks for."""
    cleaned = clean_header(header)
    few_words = len(cleaned.split()) <= 2
    if asks_to_recommend(cleaned) and evidence.scores_0_10 > 0.95 and not evidence.is_empty:
        return [("nps", 0.95, "It asks how likely one is to recommend, answered from 0 to 10.")]
    if asks_effort(cleaned) and evidence.numbers > 0.9 and evidence.between(0, 10) and not few_words:
        return [("ces", 0.75, "It asks how easy something was, answered with a number.")]
    if asks_satisfaction(cleaned):
        # Of several such questions the one about the whole is meant, not one item of a list.
        sure = 0.8 + 0.04 * bool(_OF_THE_WHOLE.search(cleaned)) - 0.05 * bool(_ONE_ITEM.search(cleaned))
        if evidence.numbers > 0.9 and evidence.between(0, 10):
            return [("csat", sure, "It asks how satisfied one is, answered with a number.")]
        if _share_of_words(evidence, frozenset(SCORE_WORDS)) > 0.9:
            return [
                ("csat", sure, "It asks how satisfied one is, answered in words such as “very satisfied”.")
            ]
    asked = asks_who(cleaned) if evidence.with_letters > 0.8 and evidence.mean_words <= 5 else None
    if asked:
        return [(asked, 0.86, "It asks the respondent for it.")]
    if (
        asks_why(cleaned)
        and evidence.with_letters > 0.8
        and evidence.mean_words >= 2
        and evidence.n_distinct >= 2
    ):
        sure = 0.82 if evidence.is_free_text or evidence.mean_words >= 3 else 0.6
        return [("comment", sure, "It asks for a reason or comment and holds free text.")]
    return []


def _share_of_words(evidence: ColumnEvidence, words: frozenset[str]) -> float:
    return evidence.share(lambda v: v.casefold() in words)


# So many rows show whether values repeat.
_ENOUGH = 8


def _are_colleagues(e: ColumnEvidence) -> bool:
    """A few addresses of one company that come back on many rows: who looks after the rows, not whom they are about."""
    if e.n_filled < _ENOUGH or e.distinct_share > 0.5:
        return False
    domains = {company_domain(None, value) for value in e.sample}
    return len(domains) == 1 and "" not in domains


def by_content(kind: str, e: ColumnEvidence) -> list[tuple[str, float, str]]:
    """Fields that the values alone suggest, whatever the heading says in whatever language."""
    if e.is_empty:
        return []
    found: list[tuple[str, float, str]] = []
    if e.emails > 0.8:
        colleagues = kind in _OF_RECORDS and _are_colleagues(e)
        return [] if colleagues else [("email", 0.8, "It holds e-mail addresses.")]
    if e.domains > 0.8 and e.share(_LOOKS_LIKE_A_SITE.search) > 0.5:
        return [("domain", 0.72, "It holds web addresses.")]
    if e.currencies > 0.95 and e.with_letters > 0.9:
        return [("currency", 0.7, "It holds currencies.")]
    if (
        e.countries > 0.8
        and e.with_letters > 0.9
        and (e.n_distinct >= 3 or e.share(lambda v: len(v) > 3) > 0.9)
    ):
        found.append(("country", 0.74, "It holds countries."))
    if e.industries > 0.8 and e.n_distinct > 1:
        found.append(("industry", 0.7, "It holds names of industries."))
    repeats = kind in ("customers", "prospects") and e.n_filled >= _ENOUGH and e.distinct_share < 0.5
    if e.legal_forms > 0.3 and not repeats:
        found.append(("account_name", 0.74, "It holds company names (legal forms such as GmbH or Ltd)."))
    if e.bands > 0.85 and e.money_ranges > 0.3:
        found.append(("company_revenue_band", 0.5, "It holds ranges of money."))
    elif e.bands_or_mangled > 0.85 and e.dates < 0.9 and e.n_distinct <= 15:
        found.append(("employee_band", 0.55, "It holds ranges of size."))
        found.append(("age_band", 0.5, "It holds ranges of years."))
    for name, words in _STATUS_WORDS.items():
        if e.n_distinct <= 15 and _share_of_words(e, words) > 0.85 and e.n_distinct > 1:
            found.append((name, 0.68, f"Its values are those of “{name.replace('_', ' ')}”."))
    if e.n_distinct <= 40 and e.mean_words <= 4 and e.share(_OUTCOME.search) > 0.1 and kind == "deals":
        few = e.n_distinct <= 4
        found.append(("status" if few else "stage", 0.7, "Its values speak of won and lost."))
    if kind == "subscriptions" and e.n_distinct <= 10 and _share_of_words(e, _SUBSCRIPTION_WORDS) > 0.8:
        found.append(("status", 0.66, "Its values are states of a subscription."))
    if kind == "orders" and e.n_distinct <= 15 and _share_of_words(e, _ORDER_WORDS) > 0.7:
        found.append(("status", 0.62, "Its values are states of an order."))
    if kind == "responses":
        if e.scores_0_10 > 0.98 and e.between(0, 10) and e.n_distinct >= 6 and "0" in e.counts:
            found.append(("nps", 0.55, "It holds whole numbers from 0 to 10."))
        if e.is_free_text and e.mean_words > 5:
            found.append(("comment", 0.5, "It holds free text."))
    if e.person_like > 0.85 and e.n_distinct > 10 and e.distinct_share > 0.6 and e.countries < 0.3:
        found.append(("person_name", 0.5, "It holds names of people."))
    return found


def _is_called_something_else(heading: str) -> bool:
    """Whether a heading is a known spelling, in any kind, of what is neither a code nor a name (“Phone”, “Age”)."""
    if re.match(r"^\d{2,4}\D\d|^\d+$", heading):
        return True  # a month or a number stands over figures
    key = header_key(without_unit(heading)[0])
    meant = {synonyms(kind).get(key): kind for kind in KINDS}
    return any(name and FIELDS[kind][name].type not in ("id", "name") for name, kind in meant.items())


def by_place(
    kind: str, columns: Sequence[tuple[str, ColumnEvidence]], has_headings: bool
) -> dict[int, list[tuple[str, float, str]]]:
    """Fields that a column's content suggests next to the other columns: the ids, days and amounts of an order log."""
    found: dict[int, list[tuple[str, float, str]]] = {}
    if kind not in ("orders", "usage", "customers"):
        return found
    sure = 0.6 if not has_headings else 0.5
    dates = [i for i, (_, e) in enumerate(columns) if e.dates > 0.9 and not e.is_empty]
    numbers = [
        i for i, (_, e) in enumerate(columns) if e.numbers > 0.97 and i not in dates and not e.is_empty
    ]
    with_decimals = [i for i in numbers if columns[i][1].integers < 0.7]
    whole = [i for i in numbers if i not in with_decimals]
    small = [i for i in whole if columns[i][1].between(-1e4, 1e4) and columns[i][1].n_distinct <= 300]
    ids = [
        i
        for i, (_, e) in enumerate(columns)
        if not e.is_empty and i not in dates and i not in with_decimals
        and (e.codes > 0.8 or e.integers > 0.97) and e.n_distinct >= 20 and e.share(lambda v: len(v) >= 3) > 0.5
        and e.share(lambda v: _NETWORK_ADDRESS.match(v) is not None) < 0.5
        and not _is_called_something_else(columns[i][0])
    ]  # fmt: skip
    if kind == "orders":
        if dates:
            found.setdefault(dates[0], []).append(("ordered_on", sure, "It is the first column of days."))
        if with_decimals:
            last = with_decimals[-1]
            found.setdefault(last, []).append(("amount", sure - 0.05, "It is the last column of amounts."))
        counts = [
            i
            for i in small
            if i not in ids[:1] and columns[i][1].between(-1e4, 1e4) and columns[i][1].distinct_share < 0.2
        ]
        if counts and with_decimals:
            found.setdefault(counts[-1], []).append(
                ("quantity", sure - 0.1, "It holds small whole numbers beside an amount.")
            )
        repeated = [i for i in ids if columns[i][1].distinct_share < 0.95]
        unique = [i for i in ids if columns[i][1].distinct_share >= 0.95]
        if repeated:
            found.setdefault(repeated[0], []).append(
                ("account_id", sure, "It holds codes that come back in several rows.")
            )
        if unique:
            found.setdefault(unique[0], []).append(
                ("order_id", sure - 0.04, "It holds a different code in every row.")
            )
        return found
    ids = [i for i in ids if not _NOT_A_CUSTOMER & set(header_words(columns[i][0]))]
    if ids and columns[ids[0]][1].distinct_share > 0.98 and columns[ids[0]][1].n_filled > 20:
        found.setdefault(ids[0], []).append(("account_id", sure, "It holds a different code in every row."))
    return found


_NAMES = ("account_name", "person_name")


def _are_options(e: ColumnEvidence) -> bool:
    """Whether answers were chosen from a few (“Where do you work?” – “University”), so that they name nobody."""
    return e.n_filled >= 40 and 8 * e.n_distinct <= e.n_filled


def candidates(
    header: str, evidence: ColumnEvidence, kind: str, *, allow_content: bool = True
) -> list[Candidate]:
    """All fields a column could be in a kind of table, each at its best, most likely first."""
    best: dict[str, Candidate] = {}
    fields = FIELDS[kind]

    def offer(name: str, sure: float, reason: str, by: str) -> None:
        if name not in fields or (name in _NAMES and is_question(header) and _are_options(evidence)):
            return
        suits = fit(fields[name], evidence)
        if suits <= 0.0:
            return
        if evidence.is_empty:
            sure, reason = min(sure, 0.75), reason + " The column is empty."
        elif suits < 0.5:
            sure, reason = sure * 0.6, reason + " Its content is not what one would expect."
        elif suits < 0.8:
            sure = min(sure - 0.07, 0.88)
        else:
            reason += " Its content fits." if by == "name" else ""
        if sure >= MINIMUM and (name not in best or best[name].confidence < sure):
            best[name] = Candidate(name, round(sure, 3), reason, by)

    named = by_heading(header, kind)
    for name, sure, reason in named:
        by = "name" if sure >= _EXACT_LOOSE - 0.02 else "part"
        offer(name, sure, reason, by)
        twin = TWINS.get(name)
        if twin in fields and fit(fields[name], evidence) < fit(fields[twin], evidence):
            offer(twin, sure - 0.02, reason, by)
    if kind in ("responses", "tickets"):
        for name, sure, reason in _by_question(header, evidence):
            offer(name, sure, reason, "name")
    words = header_words(header)
    if allow_content and not any(sure >= _EXACT_LOOSE - 0.02 for _, sure, _ in named):
        for name, sure, reason in by_content(kind, evidence):
            if name in _IDENTITY and _names_somebody_else(words):
                continue
            if name == "domain" and _PAGES_ELSEWHERE.search("".join(words)):
                continue
            understood = is_question(header) and not in_an_unread_language(header)
            if understood and name not in ("email", "comment"):
                continue
            offer(name, sure, reason, "content")
    return sorted(best.values(), key=lambda c: (-c.confidence, c.field))


def kind_hint(kind: str, text: str) -> bool:
    """Whether a file or sheet name holds a word that speaks for this kind."""
    words = set(header_words(text))
    return bool(words & {header_key(word) for word in KINDS[kind].file_words})


def known_share(columns: Sequence[str], by_field: Mapping[int, Candidate]) -> float:
    """Share of the columns that found a field."""
    return len(by_field) / len(columns) if columns else 0.0
