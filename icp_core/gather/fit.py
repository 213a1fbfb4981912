"""Does a column's content suit a field? Content can refuse a mapping that its heading suggests, or prove one."""

from __future__ import annotations

import re
from collections.abc import Callable

from icp_core.gather.evidence import ColumnEvidence
from icp_core.vocabulary import Field
from icp_core.vocabulary.headers import header_words
from icp_core.vocabulary.scores import NO_SCORE, SCORE_WORDS

# Fit is 0 (cannot be), 0.5 (nothing speaks against it) to 1 (this is what such a column looks like).
_CANNOT, _MAY, _LIKELY, _TYPICAL = 0.0, 0.5, 0.8, 1.0

# Fields whose heading is the same and whose content tells them apart.
TWINS = {
    "employees": "employee_band",
    "employee_band": "employees",
    "company_revenue": "company_revenue_band",
    "company_revenue_band": "company_revenue",
    "age": "age_band",
    "age_band": "age",
    "gross_margin_rate": "total_margin",
    "total_margin": "gross_margin_rate",
    "country": "region",
    "person_name": "email",
    "mrr": "plan",
    "churned": "churned_on",
    "churned_on": "churned",
    "is_closed": "closed_on",
    "nps": "csat",
}


_SIZE_WORDS = frozenset(
    """micro small medium large enterprise smb sme mid midsize startup corporate solo tiny big klein mittel mittelgroß groß
    petite moyenne grande pme pequeña mediana pequena média piccola media grandi klein middelgroot groot kmu
    low middle high upper young adult senior teen""".split()
)


def _identifier(e: ColumnEvidence) -> float:
    if e.is_free_text or e.emails > 0.5:
        return _CANNOT
    if e.integers > 0.9 or e.codes > 0.6:
        return _TYPICAL
    return _MAY if e.mean_words <= 3 else 0.2


def _name(e: ColumnEvidence) -> float:
    if e.emails > 0.5 or e.dates > 0.5 or e.with_letters < 0.5 or e.yes_nos > 0.9 or e.mean_words > 9:
        return _CANNOT
    if e.codes > 0.8 and e.mean_words < 1.2:
        return 0.3
    return _TYPICAL if e.legal_forms > 0.15 else _LIKELY


def _category(e: ColumnEvidence) -> float:
    if e.dates > 0.8 or e.emails > 0.5 or e.is_free_text and e.mean_words > 12:
        return _CANNOT
    if e.with_letters < 0.5:
        return 0.4 if e.n_distinct <= 60 and e.integers > 0.9 else 0.1 if e.numbers > 0.8 else 0.4
    return _LIKELY if e.n_distinct <= max(60, 0.5 * e.n_filled) else _MAY


def _is_numeric(e: ColumnEvidence) -> bool:
    return e.numbers >= 0.8 or (e.numbers >= 0.5 and e.numbers_by_row >= 0.9)


def _numeric(e: ColumnEvidence) -> float:
    if not _is_numeric(e):
        return _CANNOT
    return _TYPICAL if e.numbers > 0.97 else _LIKELY


def _money(e: ColumnEvidence) -> float:
    if not _is_numeric(e) or e.percent_signs > 0.5:
        return _CANNOT
    return _TYPICAL if e.money_signs > 0.5 or e.numbers > 0.97 else _LIKELY


def _percent(e: ColumnEvidence) -> float:
    if not _is_numeric(e):
        return _CANNOT
    return _TYPICAL if e.percent_signs > 0.5 or e.between(-100, 100) else 0.2


def _score(e: ColumnEvidence) -> float:
    if e.scores_0_10 > 0.95:
        return _TYPICAL
    if e.numbers > 0.9 and e.between(0, 100):
        return _LIKELY
    return (
        0.6
        if 1 < e.n_distinct <= 12
        and e.share(lambda v: v.casefold() in SCORE_WORDS or v.casefold() in NO_SCORE) > 0.6
        else _CANNOT
    )


def _date(e: ColumnEvidence) -> float:
    if e.dates > 0.8 or (e.dates >= 0.5 and e.dates_by_row >= 0.9):
        return _TYPICAL
    serials = e.numbers > 0.9 and e.between(20_000, 73_050) and e.n_distinct > 1
    return _LIKELY if serials or e.epochs > 0.9 or e.dates > 0.5 else _CANNOT


def _yes_no(e: ColumnEvidence) -> float:
    if e.yes_nos > 0.95 and e.n_distinct <= 6:
        return _TYPICAL
    return _CANNOT


def holds_ranges(e: ColumnEvidence) -> bool:
    """Whether the column holds ranges, be it with plain numbers among them ("11–50" here, "120" there)."""
    ranges = e.bands_or_mangled
    return ranges > 0.7 or (ranges > 0.3 and ranges + e.numbers > 0.7)


def _band(e: ColumnEvidence) -> float:
    if holds_ranges(e):
        return _TYPICAL
    sized = e.share(lambda v: not _SIZE_WORDS.isdisjoint(v.casefold().replace("-", " ").split()))
    return _LIKELY if sized > 0.6 and e.n_distinct <= 15 else _CANNOT


def _text(e: ColumnEvidence) -> float:
    if e.emails > 0.8 or e.dates > 0.8:
        return _CANNOT
    return _TYPICAL if e.is_free_text else _MAY if e.with_letters > 0.5 else 0.1


def _country(e: ColumnEvidence) -> float:
    if e.countries > 0.6:
        return _TYPICAL
    return 0.3 if e.with_letters > 0.9 and e.n_distinct <= max(40, 0.2 * e.n_filled) else _CANNOT


_BY_TYPE: dict[str, Callable[[ColumnEvidence], float]] = {
    "id": _identifier,
    "name": _name,
    "domain": lambda e: (
        _CANNOT if e.on_one_site else _TYPICAL if e.domains > 0.7 else _MAY if e.domains > 0.3 else _CANNOT
    ),
    "url": lambda e: _TYPICAL if e.domains > 0.7 else _CANNOT,
    "email": lambda e: _TYPICAL if e.emails > 0.7 else _MAY if e.emails > 0.3 else _CANNOT,
    "category": _category,
    "country": _country,
    "currency": lambda e: _TYPICAL if e.currencies > 0.8 else _CANNOT,
    "number": _numeric,
    "money": _money,
    "percent": _percent,
    "score": _score,
    "date": _date,
    "yes_no": _yes_no,
    "band": _band,
    "multi": lambda e: (
        _TYPICAL if e.part_separator() else _MAY if e.with_letters > 0.7 and e.dates < 0.5 else 0.1
    ),
    "text": _text,
}


def _whole(low: float, high: float) -> Callable[[ColumnEvidence], float]:
    def judge(e: ColumnEvidence) -> float:
        if not _is_numeric(e):
            return _CANNOT
        return _TYPICAL if e.between(low, high) else 0.1

    return judge


def _nps(e: ColumnEvidence) -> float:
    if e.stars > 0.5:
        return _CANNOT
    if e.n_filled >= 10 and e.number_values and e.between(1, 5):
        return _MAY  # nobody gave 0 and nobody more than 5: five stars rather than eleven steps
    if e.scores_0_10 > 0.95 and e.between(0, 10):
        return _TYPICAL
    if e.scores_0_10 > 0.95 and not e.number_values:
        return _LIKELY
    return 0.3 if e.numbers > 0.9 and e.between(-100, 100) else _CANNOT


_BY_FIELD: dict[str, Callable[[ColumnEvidence], float]] = {
    "founded_year": _whole(1500, 2100),
    "age": _whole(0, 120),
    "tenure_months": _whole(0, 1200),
    "employees": lambda e: _whole(0, 5e6)(e) if e.bands_or_mangled < 0.5 else _CANNOT,
    "nps": _nps,
    "churned": lambda e: _TYPICAL if e.churn_words > 0.95 and e.n_distinct <= 6 else _CANNOT,
    "is_won": lambda e: (
        _TYPICAL if e.churn_words > 0.9 and e.n_distinct <= 6 else 0.2 if e.n_distinct <= 6 else _CANNOT
    ),
    "total_margin": lambda e: _CANNOT if e.percent_signs > 0.5 or e.between(0, 1) else _money(e),
    "region": lambda e: 0.3 if e.countries > 0.8 and e.n_distinct > 3 else _category(e),
    "city": lambda e: _CANNOT if e.numbers > 0.5 else _LIKELY if e.mean_words < 4 else 0.2,
    "postal_code": lambda e: _CANNOT if e.is_free_text or e.dates > 0.8 else _LIKELY,
    # Exports by internal names know their people by number.
    "owner": lambda e: _MAY if e.integers > 0.9 or e.codes > 0.8 else _name(e),
    "phone": lambda e: _TYPICAL if e.phones > 0.6 else 0.3,
    "interval": lambda e: _category(e) if e.with_letters > 0.5 else _CANNOT,
    "gender": lambda e: _LIKELY if e.n_distinct <= 12 else _CANNOT,
    "plan": lambda e: _CANNOT if e.money_signs > 0.5 or e.yes_nos > 0.95 else _category(e),
    "status": lambda e: _category(e) if e.n_distinct <= 60 else _CANNOT,
    "stage": lambda e: _category(e) if e.n_distinct <= 80 else _CANNOT,
    "priority": lambda e: _category(e) if e.n_distinct <= 20 else _CANNOT,
    "job_title": lambda e: _CANNOT if e.legal_forms > 0.3 else _category(e) if not e.is_free_text else 0.2,
    "product": lambda e: (
        _CANNOT if e.emails > 0.5 or e.dates > 0.8 else _LIKELY if e.with_letters > 0.5 else 0.3
    ),
    "comment": lambda e: (
        _TYPICAL if e.is_free_text else _MAY if e.with_letters > 0.5 and e.dates < 0.5 else _CANNOT
    ),
    "note": lambda e: (
        _TYPICAL if e.is_free_text else 0.3 if e.with_letters > 0.5 and e.dates < 0.5 else _CANNOT
    ),
    "person_name": lambda e: (
        min(_name(e), 0.3) if e.legal_forms > 0.2 else _TYPICAL if e.person_like > 0.6 else _name(e) - 0.2
    ),
}


def fit(field: Field, evidence: ColumnEvidence) -> float:
    """How well the content suits the field, 0 to 1; an empty column says nothing (0.5)."""
    if evidence.is_empty:
        return _MAY
    judge = _BY_FIELD.get(field.name) or _BY_TYPE[field.type]
    return max(0.0, judge(evidence))


# A heading that says that its column holds moments, so that ten digits are seconds since 1970 and no key.
_SAYS_WHEN = re.compile(
    r"(?i:(?:^|[\s_.-])(?:created?|updated?|modified|changed|closed|opened|signed|joined|date|datum|fecha|time|timestamp|since|epoch"
    r"|login|seen|start(?:ed)?|end(?:ed)?|cancell?ed|expires?)(?:$|[\s_.-]))|(?:_at|_on|_ts|[a-z]At|[a-z]On|Time|Date|Timestamp)$"
)


def custom_type(e: ColumnEvidence, heading: str = "") -> str:
    """The type of a column that means nothing to the vocabulary, from its content; of a number also its heading."""
    if e.is_empty:
        return "text"
    if e.emails > 0.8:
        return "email"
    if e.dates > 0.9:
        return "date"
    if (
        e.yes_nos > 0.97
        and e.n_distinct <= 4
        and (
            e.share(lambda v: any(c.isdigit() for c in v)) < 0.5 or set(e.counts) <= {"0", "1", "0.0", "1.0"}
        )
    ):
        return "yes_no"
    if e.bands > 0.3 and e.numbers < 0.5 and e.bands_or_mangled + e.numbers > 0.9:
        return "band"
    if e.percent_signs > 0.8 and e.numbers > 0.9:
        return "percent"
    if e.phones > 0.8 and e.share(lambda v: v[0] in "+0(") > 0.5:
        return "text"
    if e.epochs > 0.95 and _SAYS_WHEN.search(heading):
        return "date"
    if e.numbers > 0.95:
        if e.money_signs > 0.8:
            return "money"
        if header_words(heading)[-1:] in (("id",), ("ids",), ("guid",)):
            return "category" if e.n_distinct <= 12 and e.distinct_share < 0.5 else "id"
        leading_zeros = e.share(lambda v: len(v) > 1 and v[0] == "0" and v.isdigit()) > 0.3
        long_ids = (
            e.distinct_share > 0.95
            and e.n_distinct > 20
            and e.share(lambda v: len(v) >= 7 and v.isdigit()) > 0.9
        )
        # A number keeps fifteen digits; more are a key of some system, and its last digits matter.
        too_long = e.share(lambda v: v.isdigit() and len(v) > 15) > 0.2
        return "id" if leading_zeros or long_ids or too_long else "number"
    if e.domains > 0.8:
        return "url"
    if e.countries > 0.85 and e.n_distinct > 2 and e.share(lambda v: len(v) > 2) > 0.5:
        return "country"
    if e.part_separator():
        return "multi"
    if e.codes > 0.8 and e.distinct_share > 0.8 and e.n_distinct > 20:
        return "id"
    if e.is_free_text or (e.distinct_share > 0.8 and e.n_distinct > 60):
        return "text"
    return "category"
