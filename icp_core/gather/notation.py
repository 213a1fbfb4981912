"""How a column writes its values: decimal mark, order of day and month, currency, scale. Decided per column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from icp_core.gather.evidence import ColumnEvidence
from icp_core.vocabulary.bands import mangled_year
from icp_core.vocabulary.dates import ambiguous_example, date_order
from icp_core.vocabulary.headers import header_words, without_unit
from icp_core.vocabulary.money import currency_code, decimal_mark, parse_money, parse_number
from icp_core.vocabulary.scores import weaker_words

NUMERIC = frozenset(("number", "money", "percent", "score"))
_AMBIGUOUS_THREE = re.compile(r"^[^\d]*[1-9]\d{0,2}[.,]\d{3}[^\d]*$")  # 0.100 can only be decimals
# Counted in whole things, so that three digits behind a mark are thousands.
_COUNTED = frozenset(("employees", "active_users", "sessions", "events", "new_customers", "referrals"))
_DOLLARS = re.compile(
    r"^[^\d]*[$£][^\d.]*\d{1,3},\d{3}$"
)  # where these signs are used, a comma parts thousands
_LOW_IS_BEST = re.compile(
    r"1\s*(=|is|:|–|-)\s*(best|excellent|very good|very satisfied|sehr gut|sehr zufrieden|très|muy|molto|zeer)",
    re.IGNORECASE,
)
# A heading that says which end is good leaves nothing to ask.
_HIGH_IS_BEST = re.compile(
    r"(?<!\d)(5|6|7|10|100)\s*(=|is|:|–|-)\s*(best|excellent|great|very (?:good|satisfied|happy)|sehr (?:gut|zufrieden)|très|muy|molto|zeer)"
    r"|(?<!\d)[01]\s*(=|is|:|–|-)\s*(worst|poor|bad|very (?:bad|poor|dissatisfied|unhappy)|not at all|gar nicht|sehr (?:schlecht|unzufrieden))",
    re.IGNORECASE,
)
_FEW_TO_JUDGE = 10
# "0 = not at all likely, 10 = extremely likely", "0-10", "von 0 bis 10": the question itself names its ends.
_NAMES_0_TO_10 = re.compile(
    r"(?<!\d)0\s*(?:=|:|-|–|—|\.\.|to\b|bis\b|à|a\b|tot\b)(?:.*\D)?10(?!\d)", re.IGNORECASE | re.DOTALL
)
# "(1-5)", "von 1 bis 7", "1 = not at all, 5 = very": another scale that the question names by itself.
_NAMED_SCALE = re.compile(
    r"(?<![\d.,])([01])\s*(?:-|–|—|\.\.|to\b|bis\b|à|a\b|tot\b)\s*(5|6|7|10|100)(?!\d)"
    r"|(?<![\d.,])([01])\s*[=:].*\b(5|6|7|10|100)\s*[=:]",
    re.IGNORECASE | re.DOTALL,
)
_NAMES_NPS = re.compile(r"(?<![^\W_])nps(?![^\W_])|net promoter", re.IGNORECASE)
_UNIT = r"[€£$]|EUR|USD|GBP|CHF|CAD|AUD|PLN|SEK|NOK|DKK|CZK|BRL|MXN"
_THOUSANDS = re.compile(
    rf"^(?:in )?(?:(?:{_UNIT})\s*)?(?:[kT]|['’,.]?000'?s?|Tsd\.?|Tausend|thousands?|thous\.?|milliers|miles|mil|migliaia|duizend(?:en)?)"
    rf"(?:\s+(?:de|d'|di|of))?\s*(?:{_UNIT}|euros?|dollars?)?$",
    re.IGNORECASE,
)
_MILLIONS = re.compile(
    rf"^(?:in )?(?:(?:{_UNIT})\s*)?(?:MM?|Mio\.?|Mill?\.?|millions?|Millionen|millones|milhões|milioni|miljoen(?:en)?)"
    rf"(?:\s+(?:de|d'|di|of))?\s*(?:{_UNIT}|euros?|dollars?)?$",
    re.IGNORECASE,
)
# Several customers of one deal or person: the first is the main one.
_SEVERAL_IDS = re.compile(r"^[\w-]+(?:\s*;\s*[\w-]+)+$")
_SCALES = ((1, 5), (1, 7), (0, 10), (1, 10), (0, 100))


def notation(
    header: str,
    type_: str,
    field: str | None,
    e: ColumnEvidence,
    given: Mapping[str, Any],
    table_order: str | None,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Options of one column and what must be asked about it.

    ``given`` are options that the vendor or user has set; they win. ``table_order`` is the order of day and month
    proven by the table's other date columns.
    """
    options: dict[str, Any] = {}
    asks: tuple[str, ...] = ()
    given = dict(given)
    maybe_cents = given.pop("maybe_cents", False)
    if type_ in NUMERIC:
        values = list(e.counts)
        mark = decimal_mark(values)
        if mark:
            options["decimal"] = mark
            doubtful = [v for v in values if _AMBIGUOUS_THREE.match(v)]
            told = field in _COUNTED or bool(doubtful) and all(_DOLLARS.match(v) for v in doubtful)
            if (
                doubtful
                and not told
                and all(_AMBIGUOUS_THREE.match(v) or not re.search(r"[.,]", v) for v in values)
            ):
                asks = (
                    f"Is “{doubtful[0]}” in “{header}” more than a thousand, or a number with three decimals?",
                )
    if type_ == "money":
        code = _currency(header, e)
        if code:
            options["currency"] = code
        times = _times(header)
        if times:
            options["times"] = times
        elif maybe_cents and "times" not in given:
            asks = _cents(header, e)
    elif field == "tenure_months":
        times = _months_each(header)
        if times:
            options["times"] = times
        elif "times" not in given and _may_count_years(header, e):
            asks = (f"Is “{header}” counted in months, or in years?",)
    elif type_ == "date":
        order = given.get("date_order") or date_order(e.counts)
        if order is None:
            order = table_order
            if order is None:
                example = ambiguous_example(e.counts)
                order = "dmy"
                if example:
                    asks = (_day_or_month(example),)
        options["date_order"] = order
    elif type_ == "score":
        options |= _scale(header, field, e)
        weaker = weaker_words(e.counts) if field == "csat" else {}
        if weaker:
            options["values"] = weaker
        if options.get("asks"):
            asks = (options.pop("asks"),)
    elif field == "account_id" and e.share(_SEVERAL_IDS.match) > 0:
        options["part"] = "^([^;]+)"
    elif type_ == "band":
        years = {mangled_year(v) for v in e.counts} - {None}
        if years:
            options["saved_in"] = max(years)
    elif type_ == "multi":
        mark = e.part_separator()
        if mark is None and any(";" in v for v in e.counts):
            mark = ";"
        options["splitter"] = mark or ";"
    return {**options, **given}, asks


def _day_or_month(example: str) -> str:
    first, second = re.findall(r"\d+", example)[:2]
    months = ("January February March April May June July August September October November December").split()
    return (
        f"Is {example.split()[0].rstrip(',')} the {int(first)} {months[int(second) - 1]} "
        f"or the {int(second)} {months[int(first) - 1]}?"
    )


def _currency(header: str, e: ColumnEvidence) -> str | None:
    unit = without_unit(header)[1]
    for text in (unit, *re.findall(r"\bT?([A-Z]{3})\b|([€£$¥₹])", header)):
        text = "".join(text) if isinstance(text, tuple) else text
        code = currency_code(text)
        if code and (len(text) < 3 or text.isupper()):
            return code
    seen = {parse_money(value)[1] for value in e.sample} - {None}
    return seen.pop() if len(seen) == 1 else None


def _cents(header: str, e: ColumnEvidence) -> tuple[str, ...]:
    """The question whether whole amounts of a vendor whose interface counts in cents are cents too."""
    values = e.number_values
    if not values or any(value != int(value) for value in values):
        return ()
    example = max(e.counts, key=lambda text: parse_number(text) or 0.0)
    whole = int(parse_number(example) or 0)
    if whole < 1000:
        return ()
    return (f"Is “{example}” in “{header}” the amount {whole:,}, or {whole / 100:,.2f} counted in cents?",)


def _times(header: str) -> float | None:
    """What the amounts of a column count in, when the heading says so.

    >>> _times("CA annuel (k€)"), _times("Umsatz TEUR"), _times("Revenue ($M)"), _times("Amount (m)")
    (1000, 1000, 1000000, None)
    >>> _times("price_in_cents"), _times("Amount (cents)"), _times("Cents off coupon")
    (0.01, 0.01, None)
    """
    unit = without_unit(header)[1]
    if unit and unit.casefold() in ("cents", "cent", "centimes"):
        return 0.01
    if not unit or len(unit) < 3 and unit.isalpha():
        return None  # “(m)” may be months
    return 1000 if _THOUSANDS.match(unit) else 1_000_000 if _MILLIONS.match(unit) else None


_YEARS = frozenset(
    "year years yr yrs yearly jahr jahre jahren an ans annees ano anos anni jaar jaren".split()
)
_DAYS = frozenset("day days tag tage tagen jour jours dia dias giorni dag dagen".split())
_MONTHS = frozenset("month months mth mths mo monat monate monaten mois mes meses mesi maand maanden".split())
# Nobody's oldest customer came this many months ago, but this many years ago.
_FEW_MONTHS = 15


def _months_each(header: str) -> float | None:
    """How many months one of a column's figures stands for, when the heading says so.

    >>> _months_each("Tenure (years)"), _months_each("Ancienneté (jours)"), _months_each("Tenure")
    (12, 0.03333333333333333, None)
    """
    words = set(header_words(header))
    return 12 if words & _YEARS else 1 / 30 if words & _DAYS else None


def _may_count_years(header: str, e: ColumnEvidence) -> bool:
    """Whether figures under a heading without a unit are so small that they may be years."""
    values = e.number_values
    return (
        not _MONTHS & set(header_words(header))
        and e.n_filled >= _FEW_TO_JUDGE
        and bool(values)
        and max(values) <= _FEW_MONTHS
    )


def _scale(header: str, field: str | None, e: ColumnEvidence) -> dict[str, Any]:
    found: dict[str, Any] = {}
    values = e.number_values
    named = _named_scale(header, values)
    if named:
        found["scale"] = named
    elif field == "nps":
        found["scale"] = [0, 10]
        if values and min(values) >= 1 and max(values) == 10 and e.n_filled > 50:
            found["asks"] = f"No answer to “{header}” is 0. Does its scale run from 0 to 10, or from 1 to 10?"
        elif values and max(values) <= 5 and e.n_filled > 20:
            found["asks"] = (
                f"No answer to “{header}” is above {max(values):g}. Does its scale run from 0 to 10?"
            )
        elif values and 0 <= min(values) and max(values) <= 100 and _median(e) > 10:
            found["scale"] = [0, 100]
            found["asks"] = (
                f"Answers to “{header}” go up to {max(values):g}. Does its scale run from 0 to 100?"
            )
    elif values:
        low, high = min(values), max(values)
        fitting = [s for s in _SCALES if s[0] <= low and high <= s[1]]
        scale = fitting[0] if fitting else (low, high)
        found["scale"] = [scale[0], scale[1]]
        if high < scale[1]:
            found["asks"] = (
                f"The answers to “{header}” run from {low:g} to {high:g}. Is the scale {scale[0]:g} to {scale[1]:g}?"
            )
    else:
        found["scale"] = [0, 1]
    if _LOW_IS_BEST.search(header):
        found["best"] = "low"
    elif field == "csat" and values and _NAMES_NPS.search(header):
        low, high = found["scale"]
        found["asks"] = (
            f"“{header}” is answered from {low:g} to {high:g}. "
            "Is it how satisfied one is, or how likely one is to recommend?"
        )
    elif field == "csat" and "asks" not in found and not _HIGH_IS_BEST.search(header):
        found |= _which_end(header, found["scale"], e)
    return found


def _named_scale(header: str, values: Sequence[float]) -> list[int] | None:
    """The ends of a scale that the heading names, where no answer lies beyond them.

    >>> _named_scale("How happy are you (1-5)?", [2, 5]), _named_scale("Scale of 0 = poor to 10", [8])
    ([1, 5], [0, 10])
    """
    found = _NAMED_SCALE.search(header)
    ends = [int(end) for end in found.groups() if end] if found else []
    if not ends and _NAMES_0_TO_10.search(header):
        ends = [0, 10]
    return ends if ends and all(ends[0] <= value <= ends[1] for value in values) else None


def _median(e: ColumnEvidence) -> float:
    """The middle answer of a column of marks."""
    marks = sorted(
        mark for text, n in e.counts.items() for mark in [parse_number(text)] * n if mark is not None
    )
    return marks[len(marks) // 2] if marks else 0.0


def _which_end(header: str, scale: Sequence[float], e: ColumnEvidence) -> dict[str, Any]:
    """A question where most marks are low: customers may be unhappy, or 1 may be the best mark."""
    low, high = scale
    marks = [(parse_number(text), n) for text, n in e.counts.items()]
    given = sum(n for mark, n in marks if mark is not None)
    if low < 1 or given < _FEW_TO_JUDGE:
        return {}
    average = sum(mark * n for mark, n in marks if mark is not None) / given
    if average >= (low + high) / 2:
        return {}
    return {
        "asks": f"The answers to “{header}” average {average:.1f} of {low:g} to {high:g}. "
        f"Is {high:g} the best mark, or {low:g}?"
    }
