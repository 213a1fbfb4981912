"""The ICP in one sentence, made from its conditions by readable rules; no word is claimed that is not there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from icp_core.facts.catalogue import Attribute
from icp_core.segments.conditions import Condition, Segment
from icp_core.stats.wording import listed
from icp_core.vocabulary.bands import joined_bands

_ARTICLE_AN = tuple("aeiouAEIOU")
_NOUN = {"account": "company", "person": "person"}
# Fields that say what sort of company or person it is, and so stand before the noun.
_BEFORE_NOUN = ("customer_type", "gender", "age_band", "industry")
# "Number of sites: at least 3" is said "at least 3 sites".
_COUNTED = re.compile(r"^(?:number|no\.?|count|#) (?:of )?", re.IGNORECASE)
_PLACES = ("country", "region", "city")
# What a range of these fields counts: nobody says "a company with 50–200 company size".
_COUNTS = {"employee_band": "employees"}
# Countries that stand with "the" in running text, beside those whose name begins with United.
_WITH_ARTICLE = frozenset(
    {"Bahamas", "Central African Republic", "Comoros", "Czech Republic", "Dominican Republic", "EU", "Gambia", "Maldives",
     "Marshall Islands", "Netherlands", "Philippines", "Seychelles", "Solomon Islands", "UAE", "UK", "US", "USA"}
)  # fmt: skip
_AGES = ("age", "age_band")
_YES, _NO = frozenset({"yes", "true", "ja", "oui", "sí", "si"}), frozenset({"no", "false", "nein", "non"})


def statement(segment: Segment, catalogue: Mapping[str, Attribute], unit: str = "account") -> str:
    """The segment as a sentence; ``**…**`` marks the conditions as key facts.

    >>> about = {
    ...     "industry": Attribute("industry", "Industry", "category"),
    ...     "employees": Attribute("employees", "Employees", "number"),
    ...     "country": Attribute("country", "Country", "category"),
    ... }
    >>> conditions = (
    ...     Condition("country", "is_any_of", ["France", "Spain"]),
    ...     Condition("employees", "between", (50, 200)),
    ...     Condition("industry", "is_any_of", ["Logistics"]),
    ... )
    >>> statement(Segment(conditions), about)
    'A **Logistics** company with **50–200 employees** in **France or Spain**.'
    >>> statement(Segment((Condition("country", "is_none_of", ["France"]),)), about)
    'A company outside **France**.'
    >>> statement(Segment((Condition("country", "is_any_of", ["United Kingdom", "Ireland"]),)), about)
    'A company in **Ireland or the United Kingdom**.'
    >>> statement(Segment(), about)
    'Any company: no condition is set yet.'
    """
    noun = _NOUN.get(unit, "company")
    if not segment:
        return f"Any {noun}: no condition is set yet."
    before, aged, with_, in_, outside, that = [], [], [], [], [], []
    for condition in segment.conditions:
        about = catalogue.get(condition.attribute)
        if condition.attribute in _AGES and (years := _aged(condition, about)):
            aged.append(_marked(years))
        elif condition.operator == "is_any_of" and condition.attribute in _BEFORE_NOUN:
            before.append(_marked(_either(condition, about)))
        elif condition.operator == "is_any_of" and condition.attribute in _PLACES:
            in_.append(_marked(_places(condition)))
        elif condition.operator == "is_none_of" and condition.attribute in _PLACES:
            outside.append(_marked(_places(condition)))
        elif condition.operator == "has_any_of" or condition.operator == "has_all_of":
            joint = "and" if condition.operator == "has_all_of" else "or"
            that.append(f"uses {_marked(listed(list(condition.value), joint))}")
        else:
            with_.append(_marked(phrase(condition, about)))
    text = " ".join([*before, noun])
    article = "An" if text.lstrip("*").startswith(_ARTICLE_AN) else "A"
    text = f"{article} {text}"
    if aged:
        text += f" {listed(aged)}"
    if with_:
        text += f" with {listed(with_)}"
    if in_:
        text += f" in {listed(in_)}"
    if outside:
        text += f" outside {listed(outside)}"
    if that:
        text += f" that {listed(that)}"
    return text + "."


def _either(condition: Condition, about: Attribute | None) -> str:
    values = [str(v) for v in condition.value]
    return listed(joined_bands(values) if about is not None and about.kind == "band" else values, "or")


def _places(condition: Condition) -> str:
    names = [str(v) for v in condition.value]
    has_article = [name in _WITH_ARTICLE or name.startswith("United ") for name in names]
    return listed([f"the {n}" if the else n for n, the in zip(names, has_article, strict=True)], "or")


def _said(condition: Condition, label: str) -> str:
    """What stands beside a value: the attribute's name in running text, or what its ranges count."""
    lower = label if label[:2].isupper() else label[:1].lower() + label[1:]
    return _COUNTS.get(condition.attribute, _COUNTED.sub("", lower))


def _quoted(condition: Condition, about: Attribute | None) -> str:
    """Values of several words in quotation marks, so that they stand apart from the words around them."""
    if about is not None and about.kind == "band":
        return _either(condition, about)
    return listed([f"“{v}”" if " " in str(v).strip() else str(v) for v in condition.value], "or")


def _aged(condition: Condition, about: Attribute | None) -> str:
    """An age as people say it: ``aged 35 or more``; empty for conditions that have no such form."""
    label = about.label if about else condition.attribute
    words = condition.words({condition.attribute: about} if about else {})[len(label) :].strip()
    if condition.operator == "at_least":
        return f"aged {words.removeprefix('at least ')} or more"
    if condition.operator == "at_most":
        return f"aged {words.removeprefix('at most ')} or less"
    if condition.operator in ("more_than", "less_than"):
        return f"aged {words.replace('more than', 'over').replace('less than', 'under')}"
    if condition.operator == "between":
        return f"aged {words}"
    if condition.operator == "is_any_of" and all(str(v)[:1].isdigit() for v in condition.value):
        return f"aged {_either(condition, about)}"
    return ""


def said_yes(condition: Condition) -> bool | None:
    """True or False for a condition that asks for a plain yes or no, also where it is written as a word."""
    if condition.operator in ("is_yes", "is_no"):
        return condition.operator == "is_yes"
    if condition.operator == "is_any_of" and len(condition.value) == 1:
        word = str(condition.value[0]).strip().lower()
        return True if word in _YES else False if word in _NO else None
    return None


def _marked(text: str) -> str:
    return f"**{text.replace('**', '')}**"


def phrase(condition: Condition, about: Attribute | None) -> str:
    """One condition as a short noun phrase: ``50–200 employees``, ``plan Basic``, ``household “Two or more”``.

    >>> size = Attribute("employee_band", "Company size", "band")
    >>> phrase(Condition("employee_band", "is_any_of", ["201–500", "51–200"]), size)
    '51–500 employees'
    """
    label = about.label if about else condition.attribute
    lower = _said(condition, label)
    words = condition.words({condition.attribute: about} if about else {})
    rest = words[len(label) :].strip()
    if condition.attribute in _AGES and (years := _aged(condition, about)):
        return years
    yes = said_yes(condition)
    if yes is not None:
        return lower if yes else f"no {lower}"
    if about is not None and about.kind in ("number", "band") and about.unit in (None, "count"):
        if condition.operator in ("between", "at_least", "at_most", "more_than", "less_than"):
            return f"{rest} {lower}"
        if condition.operator == "is_any_of":
            return f"{_either(condition, about)} {lower}"
    if condition.operator == "is_any_of":
        return f"{lower} {_quoted(condition, about)}"
    if condition.operator == "is_none_of" and condition.attribute in _PLACES:
        return f"outside {_places(condition)}"
    if condition.operator == "is_none_of":
        return f"{lower} other than {_quoted(condition, about)}"
    return f"{lower} {rest}"


def short_name(segment: Segment, catalogue: Mapping[str, Attribute], unit: str = "account") -> str:
    """A name of a few words for the head of the page: the first conditions, plain.

    >>> about = {"industry": Attribute("industry", "Industry", "category")}
    >>> short_name(Segment((Condition("industry", "is_any_of", ["Logistics", "Retail"]),)), about)
    'Logistics or Retail'
    """
    if not segment:
        return "All customers" if unit == "account" else "Everyone"
    ordered = sorted(segment.conditions, key=lambda c: c.attribute not in _BEFORE_NOUN)
    parts = []
    for condition in ordered[:2]:
        about = catalogue.get(condition.attribute)
        named = condition.operator == "is_any_of" and condition.attribute in (*_BEFORE_NOUN, *_PLACES)
        # A value of several words says by itself what it is about: "Family with children".
        telling = (
            condition.operator == "is_any_of"
            and (about is None or about.kind == "category")
            and all(" " in str(v).strip() for v in condition.value)
        )
        parts.append(_either(condition, about) if named or telling else phrase(condition, about))
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


_TAG_WORDS = {
    "at_least": "{}+",
    "more_than": "Over {}",
    "at_most": "Up to {}",
    "less_than": "Under {}",
    "between": "{}",
}


def tag(condition: Condition, about: Attribute | None, *, bare: bool = False) -> str:
    """One condition in the fewest words, for a chart's axis: ``3+ sites``, ``Up to 9 employees``, ``Paid Social``.

    ``bare`` leaves the attribute's name out where a value speaks for itself: a name, an amount, a band.

    >>> tag(Condition("employees", "at_most", 9), Attribute("employees", "Employees", "number"))
    'Up to 9 employees'
    >>> tag(Condition("source", "is_any_of", ["Paid Social"]), Attribute("source", "Lead source", "category"))
    'Paid Social'
    """
    label = about.label if about else condition.attribute
    lower = _said(condition, label)
    if condition.attribute in _AGES and (years := _aged(condition, about)):
        return years[:1].upper() + years[1:]
    if condition.operator in _TAG_WORDS:
        words = condition.words({condition.attribute: about} if about else {})[len(label) :].strip()
        for lead in ("at least ", "at most ", "more than ", "less than "):
            words = words.removeprefix(lead)
        said = _TAG_WORDS[condition.operator].format(words)
        return said if bare and not words.replace(",", "").isdigit() else f"{said} {lower}"
    yes = said_yes(condition)
    if yes is not None:
        return label if yes else f"No {lower}"
    if condition.operator in ("is_any_of", "has_any_of"):
        values = _either(condition, about)
        return f"{values} {lower}" if about is not None and about.kind == "band" and not bare else values
    text = phrase(condition, about)
    return text[:1].upper() + text[1:]


def tags(segment: Segment, catalogue: Mapping[str, Attribute], most: int | None = None) -> str:
    """A segment in the fewest words: its conditions as tags, side by side.

    With ``most`` the names of attributes are left out when the words would be longer than that.
    """
    full = _joined([tag(c, catalogue.get(c.attribute)) for c in segment.conditions])
    if most is None or len(full) <= most:
        return full
    return _joined([tag(c, catalogue.get(c.attribute), bare=True) for c in segment.conditions])


def _joined(parts: list[str]) -> str:
    """Side by side; "Aged" and "No" begin small after the first."""
    later = [p[:1].lower() + p[1:] if p.startswith(("Aged ", "No ")) else p for p in parts[1:]]
    return ", ".join([*parts[:1], *later])
