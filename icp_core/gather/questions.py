"""Survey questions: which column asks whether one would recommend, how satisfied one is, and why."""

from __future__ import annotations

import re
import unicodedata

_RECOMMEND = re.compile(
    r"recommend|\bnps\b|net promoter|how likely|likelihood to|refer (us|our|a friend)|weiterempf|empfehlen|recommand"
    r"|recom(i?end|iend)|raccomand|consigli|aanbev|aanra(a)?d|would you tell|\bindicari|rekommender|anbefal|suosittel|polec"
    r"|doporuc|ajanl|tavsiye|рекоменд|порад|勧め|薦|すすめ|推荐|추천|συστην|συστησ"
)
# The small words without which hardly a question of our seven languages is asked.
_SMALL_WORDS = frozenset(
    """the you your how what which is are do does of to in us we our der die das wie sie ihr ihre ist sind und fur von mit uns was
    welche le les vous votre vos est que quel quelle comment pour nous des une el los las usted su como cual cuanto es una por
    nos voce seu sua qual quanto nao uma para com il gli come quale quanto che e di per noi suo sua hoe het een van wat welke u uw
    ons zijn met""".split()
)
_SATISFIED = re.compile(
    r"satisf|\bcsat\b|how happy|zufrieden|content(e)? de|soddisf|satisfech|tevreden|rate (your|our|the|us)|overall experience"
    r"|how would you rate|bewerten sie"
)
_EFFORT = re.compile(r"\bces\b|how easy|effort|wie einfach|facilité|che sforzo|facil fue|makkelijk")
_WHY = re.compile(
    r"\bwhy\b|reason|tell us more|anything else|what (could|can|should|would) we|improve|comment|feedback|in your own words"
    r"|main reason|warum|wieso|grund|pourquoi|raison|por que|porque|motivo|perche|waarom|reden|what do you (like|love)"
    r"|verbesser|verbeter|amelior|mejorar|melhorar|miglior"
)
# Questions for who answers. “Your company” may also be asked for its size, trade or plans: those are not its name.
_YOUR = r"\b(?:your|ihr[e]?|dein[e]?|votre|vos|su|tu|sua|seu|suo|uw|je|jouw)\b"
_COMPANY = r"(?:company|organi[sz]ation|employer|firm|unternehmen|firma|entreprise|societe|organisme|empresa|azienda|bedrijf|organisatie)"
_ASKS_COMPANY = re.compile(
    rf"{_COMPANY}.{{0,12}}\b(?:name|called|nom|nombre|nome|naam)\b|\b(?:name|called|nom|nombre|nome|naam)\b.{{0,16}}{_COMPANY}"
    rf"|(?:which|what|welche[ms]?|bei welche[mr]|quelle|dans quelle|que|en que|qual|em que|quale|per quale|welk|bij welk) {_COMPANY}\b"
    rf"|wie heisst ihre? {_COMPANY}|how is your {_COMPANY} called"
)
_ASKS_ROLE = re.compile(
    rf"{_YOUR} (?:current |present |actuel(?:le)? )?(?:job title|job role|job position|role|position|title|funktion|rolle|fonction|poste"
    r"|cargo|puesto|funcao|ruolo|functie|rol)\b"
)
_ASKS_NAME = re.compile(
    rf"{_YOUR} (?:full |complete |first and last )?(?:name|nom|nombre|nome|naam)\b|wie heissen sie|come si chiama|como se llama usted"
)
_NOT_WHO = re.compile(
    r"size|how (?:many|long|big|large|likely|often)|industr|sector|branche|secteur|settore|kind of|type of|email|e-mail|phone|wie viele|wie gross"
    r"|combien|cuant|quant|hoeveel|recommend|satisf|why|warum|pourquoi|best describes|does your|help|describe"
)
_NOT_A_REASON = re.compile(r"\bhow (often|many|much|long)\b")


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in text if not unicodedata.combining(c))


def asks_to_recommend(header: str) -> bool:
    """Say whether a heading asks how likely somebody is to recommend, in seven languages.

    >>> asks_to_recommend("Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?"), asks_to_recommend("Your role?")
    (True, False)
    """
    return bool(_RECOMMEND.search(_plain(header)))


def in_an_unread_language(header: str) -> bool:
    """Say whether a sentence holds none of the small words of the languages whose questions are understood.

    >>> in_an_unread_language("Ako pravdepodobne nás odporučíte?"), in_an_unread_language("How long do you use it?")
    (True, False)
    """
    return not _SMALL_WORDS & set(re.findall(r"[^\W\d_]+", _plain(header)))


def asks_satisfaction(header: str) -> bool:
    """Say whether a heading asks how satisfied somebody is."""
    return bool(_SATISFIED.search(_plain(header)))


def asks_effort(header: str) -> bool:
    """Say whether a heading asks how easy something was."""
    return bool(_EFFORT.search(_plain(header)))


def asks_why(header: str) -> bool:
    """Say whether a heading asks for a reason or a comment in free words."""
    plain = _plain(header)
    return bool(_WHY.search(plain)) and not _NOT_A_REASON.search(plain)


def asks_who(header: str) -> str | None:
    """The field of the respondent that a question asks for: the company, the job or the name; None for any other.

    >>> asks_who("Which company do you work for?"), asks_who("Quelle est votre fonction ?"), asks_who("What's your name?")
    ('account_name', 'job_title', 'person_name')
    >>> asks_who("What is the size of your company?"), asks_who("Which features does your company use?")
    (None, None)
    """
    plain = _plain(header).replace("’", "'").replace("ß", "ss")
    if not is_question(header) or len(plain.split()) > 12 or _NOT_WHO.search(plain):
        return None
    if _ASKS_COMPANY.search(plain):
        return "account_name"
    if _ASKS_ROLE.search(plain):
        return "job_title"
    return "person_name" if _ASKS_NAME.search(plain) else None


def is_question(header: str) -> bool:
    """Say whether a heading is a sentence put to somebody rather than a label.

    >>> is_question("What kind of user are you?"), is_question("Country")
    (True, False)
    """
    return header.rstrip().endswith("?") or len(header.split()) >= 6
