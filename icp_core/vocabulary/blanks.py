"""The many names of nothing, and yes and no in several languages."""

from __future__ import annotations

BLANK_WORDS = frozenset(
    """- -- --- – — . .. ? ?? n/a n.a. n.a na n/d nd #n/a #na #null! #value! #ref! #div/0! #name? null none nil nan nat
    undefined unknown unspecified missing blank empty (not set) (blank) (empty) (none) (null) (unknown) (other/unknown)
    [null] <null> <na> select --select-- -none- --none-- \\n unbekannt k.a. k.a keine inconnu desconocido desconhecido
    sconosciuto onbekend tbd tba""".split()
) | frozenset(
    ("no value", "not set", "not specified", "not available", "not provided", "not applicable", "not known",
     "please select", "- select -", "-- select --", "-- none --", "- none -", "no data", "no answer", "prefer not to say",
     "prefer not to answer", "rather not say", "keine angabe", "nicht angegeben", "non renseigné", "non spécifié",
     "sin especificar", "não informado", "non specificato", "niet opgegeven", "<nil>", "not selected")
)  # fmt: skip
# In free text and survey answers these are answers, not blanks.
_ANSWERS_TOO = frozenset(
    (
        "none",
        "unknown",
        "missing",
        "na",
        "nd",
        "keine",
        "nil",
        "?",
        "??",
        "select",
        "tbd",
        "tba",
        "empty",
        "blank",
    )
)

TRUE_WORDS = frozenset(
    """yes y true t 1 1.0 ja j wahr oui vrai si sí verdadero sim s verdadeiro vero waar x ✓ ✔ on checked won gewonnen
    churned attrited exited lost left cancelled canceled inactive gekündigt résilié""".split()
)
FALSE_WORDS = frozenset(
    """no n false f 0 0.0 nein falsch non faux falso não nao nee onwaar ✗ ✘ off unchecked open
    active retained existing stayed current aktiv actif activo ativo attivo actief""".split()
)
_PLAIN_TRUE = frozenset(
    """yes y true t 1 1.0 ja j wahr oui vrai si sí verdadero sim s verdadeiro vero waar tak prawda ano áno igen evet kyllä da да
    doğru igaz はい 是 예 x ✓ ✔ ☑ on checked""".split()
)
_PLAIN_FALSE = frozenset(
    """no n false f 0 0.0 nein falsch non faux falso não nao nee nej nei onwaar nie fałsz ne nem hayır hayir ei nu нет
    yanlış hamis いいえ 否 아니요 ✗ ✘ ☐ off unchecked""".split()
)


def is_blank(text: str | None, *, free_text: bool = False) -> bool:
    """Say whether a cell says nothing. In free text, words such as "none" are an answer.

    >>> is_blank(" (not set) "), is_blank("N/A"), is_blank("none", free_text=True), is_blank("0")
    (True, True, False, False)
    """
    if text is None:
        return True
    word = text.strip().casefold()
    if not word:
        return True
    if word[0] in "([<" and word[-1] in ")]>":
        word = word[1:-1].strip() or word
    return word in BLANK_WORDS and not (free_text and word in _ANSWERS_TOO)


def yes_no(text: str | None) -> bool | None:
    """Read yes or no in a dozen languages; None when it is neither.

    >>> yes_no("Ja"), yes_no("FALSE"), yes_no("não"), yes_no("perhaps")
    (True, False, False, None)
    """
    if text is None:
        return None
    word = text.strip().strip("'").casefold().replace("i̇", "i")
    return True if word in _PLAIN_TRUE else False if word in _PLAIN_FALSE else None


def churn_word(text: str | None) -> bool | None:
    """Read whether a customer left from a yes/no or a word such as "Attrited Customer"; None when it is neither.

    >>> churn_word("Churned"), churn_word("Existing Customer"), churn_word("No")
    (True, False, False)
    """
    plain = yes_no(text)
    if plain is not None or text is None:
        return plain
    words = text.strip().casefold().split()
    if not words or len(words) > 2:
        return None
    return True if words[0] in TRUE_WORDS else False if words[0] in FALSE_WORDS else None
