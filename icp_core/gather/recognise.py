"""What is this table? Its kind, whose export it is, and what each column means, with confidence and reason."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from icp_core.gather.candidates import MINIMUM, Candidate, by_place, candidates, kind_hint, path_tails
from icp_core.gather.dummy_rows import dummy_rules
from icp_core.gather.evidence import ColumnEvidence, column_evidence
from icp_core.gather.fit import TWINS, custom_type, fit, holds_ranges
from icp_core.gather.joined_columns import BARE_NAMES, joined_columns, name_parts
from icp_core.gather.mapping import (
    ColumnMapping,
    Recognition,
    RowRule,
    recognition_from_dict,
    recognition_to_dict,
    slug_of,
    with_corrections,
)
from icp_core.gather.notation import notation
from icp_core.gather.periods import with_periods, without_ends_of_terms
from icp_core.gather.questions import is_question
from icp_core.gather.raw_table import Problem, RawTable
from icp_core.gather.sum_reports import matrix_problem, summary_problem
from icp_core.gather.vendor_signs import VendorMatch, vendor_match
from icp_core.gather.whose_list import (
    bears_signs_of_a_bought_list,
    lead_leaning,
    own_id_leaning,
    says_customer,
    tells_nothing_of_yours,
)
from icp_core.vocabulary import FIELDS, KINDS, Field
from icp_core.vocabulary.dates import date_order
from icp_core.vocabulary.deal_words import LOST, WON
from icp_core.vocabulary.headers import (
    clean_header,
    header_key,
    in_a_sentence,
    readable_header,
    without_unit,
)
from icp_core.vocabulary.money import currency_code
from icp_core.vocabulary.names import registrable_domain

__all__ = [
    "ColumnMapping",
    "Recognition",
    "RowRule",
    "recognise",
    "recognition_from_dict",
    "recognition_to_dict",
    "with_corrections",
]

# A kind needs this much evidence (weights in kinds.toml) to be proposed at all.
_LEAST_EVIDENCE = 1.6
_KINDS_OFFERED = 3  # where none has that much
# A list that names nobody needs one plain word on what became of the rows (“Churn”).
_NAMELESS = 1.2
# Lines above and below the table that are looked at for the signs of a vendor.
_AROUND = 40
# Below this the user is asked whether the column is understood right.
_ASK_BELOW = 0.7
# Kinds whose evidence differs by less than this are told apart by a question.
_CLOSE = 0.5
_OWN_IDS = frozenset(("contact_id", "deal_id", "order_id", "subscription_id", "ticket_id", "response_id"))
_OF_COMPANIES = frozenset(
    ("company_revenue", "company_revenue_band", "employees", "employee_band", "founded_year")
)
_NO_HEADING = re.compile(
    r"^(column|field|spalte|unnamed|colonne|columna|coluna|kolom|c|col|f|var|v|x)?[ _:.-]*\d+$", re.IGNORECASE
)

Assigned = dict[int, Candidate]


def _headings(table: RawTable) -> list[str]:
    """What each column asks or is called: the text of a second header row where the first holds only codes."""
    headings = [re.sub(r" \(\d+\)$", "", name) for name in table.columns]
    for row in table.header[1:]:
        if any("ImportId" in cell for cell in row if cell):
            continue
        for i, cell in enumerate(row[: len(headings)]):
            text = clean_header(re.sub(r"<[^>]{1,40}>", " ", cell or ""))
            if (
                text
                and " " not in headings[i]
                and len(text.split()) > 2
                and text.casefold() != headings[i].casefold()
            ):
                headings[i] = text
    return headings


def shape_of(columns: Sequence[str]) -> str:
    """The key under which corrections are remembered: equal for files with the same headings in the same order."""
    text = "\x1f".join(header_key(clean_header(name)) or name for name in columns)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def recognise(
    table: RawTable,
    *,
    remembered: Mapping[str, Any] | None = None,
    own_domains: Collection[str] = (),
    kind: str | None = None,
) -> Recognition:
    """Find out what a table is; ``kind`` is what the user said it is, if anything.

    ``remembered`` are the user's earlier corrections for files of this shape; ``own_domains`` the user's own web
    domains, so that an e-mail column of colleagues is not taken for the customers'. Every column of the table is
    returned in order. A column no field claims is a custom attribute; an empty or technical one is left out of the
    typed table (``include`` False). Confidence of .9 and above is given only to a vendor's own heading or a known
    spelling whose content fits. The file's name breaks ties between kinds, it never decides.
    """
    evidence = [column_evidence(table.cells.column(i)) for i in range(len(table.columns))]
    refused = matrix_problem(table)
    if refused:
        return _plain(table, evidence, (refused,))
    around = [problem.value for problem in table.leftovers[:_AROUND] if problem.value]
    match = vendor_match(table.columns, table.header, around, lambda index: evidence[index].counts)
    if match and kind not in (None, match.table.kind):
        match = None  # a vendor's other table, or not the vendor's at all
    if match and match.table.kind is None:
        return replace(
            _plain(table, evidence, _notes_of(match, table.columns)),
            vendor=match.table.vendor.name,
            vendor_reason=match.reason,
        )
    others: tuple[str, ...] = ()
    unseen: frozenset[int] = frozenset()
    if match:
        evidence, unseen = _without_unseen(evidence, match.table.about.get("unseen", ()))
        kind = match.table.kind
        assigned = _vendor_assignment(table, evidence, match)
        sure, why = 0.99, match.reason
    elif kind is not None:
        assigned = _assignment(table, evidence, kind, _has_headings(table), _own(own_domains))
        sure, why = 1.0, "You said so."
    else:
        kind, assigned, sure, why, others = _best_kind(table, evidence, own_domains)
        summary = summary_problem(table) if kind is None else None
        if summary:
            return _plain(table, evidence, (summary,))
    if kind == "customers" and not match:
        assigned = without_ends_of_terms(assigned, evidence, table.columns)
    found = _described(table, evidence, kind, assigned, match)
    found = tuple(_reading_unseen(c, match) if c.index in unseen else c for c in found)
    found, recipe = joined_columns(found if match else with_periods(found, kind), kind, match)
    recognition = Recognition(
        kind=kind,
        kind_confidence=round(sure, 2),
        kind_reason=why,
        vendor=match.table.vendor.name if match else None,
        vendor_reason=match.reason
        if match
        else "The headings are not those of a vendor we know; read as a plain table.",
        columns=found,
        shape=shape_of(table.columns),
        problems=_notes_of(match, table.columns),
        row_rules=(*_row_rules(found, match), *dummy_rules(table, found, recipe.get("person_name", ()))),
        asks=others,
        recipe=recipe,
    )
    return with_corrections(recognition, remembered) if remembered else recognition


def _without_unseen(
    evidence: Sequence[ColumnEvidence], codes: Sequence[str]
) -> tuple[list[ColumnEvidence], frozenset[int]]:
    """The columns without the codes a vendor writes for “seen but not answered”, and those that had one."""
    found = [e.without(codes) for e in evidence]
    return found, frozenset(i for i, e in enumerate(evidence) if e.n_filled > found[i].n_filled)


def _reading_unseen(column: ColumnMapping, match: VendorMatch) -> ColumnMapping:
    """The column with the vendor's codes for “not answered” read as blank."""
    blank = dict.fromkeys(match.table.about["unseen"], "")
    return replace(
        column, options={**column.options, "values": {**column.options.get("values", {}), **blank}}
    )


# ------------------------------------------------------------------------------------------- kind and assignment


def _own(domains: Collection[str]) -> frozenset[str]:
    return frozenset(registrable_domain(domain) or domain for domain in domains)


def _has_headings(table: RawTable) -> bool:
    return not all(_NO_HEADING.match(name) for name in table.columns)


def _best_kind(
    table: RawTable, evidence: Sequence[ColumnEvidence], own_domains: Collection[str]
) -> tuple[str | None, Assigned, float, str, tuple[str, ...]]:
    own, has_headings = _own(own_domains), _has_headings(table)
    ranked: list[tuple[float, float, str, Assigned]] = []
    for kind in KINDS:
        assigned = _assignment(table, evidence, kind, has_headings, own)
        score, hint = _kind_score(table, evidence, kind, assigned)
        if score > 0:
            ranked.append((score, hint, kind, assigned))
    ranked.sort(key=lambda entry: (-(entry[0] + entry[1]), entry[2]))
    if not ranked or ranked[0][0] < _LEAST_EVIDENCE:
        listed = _plain_list(table, evidence, ranked) or _nameless_list(table, evidence, own_domains)
        if listed is not None:
            return listed
    if not ranked or ranked[0][0] < _LEAST_EVIDENCE:
        reason = "Too few columns are ones we know. Say what one row is."
        *others, last = [KINDS[kind].row for _, _, kind, _ in ranked[:_KINDS_OFFERED]] or [""]
        question = f"Is each row {', '.join(others)}{', or ' if others else ''}{last}?"
        return None, {}, 0.0, reason, (question,) if last else ()
    score, hint, kind, assigned = ranked[0]
    second = ranked[1][0] + ranked[1][1] if len(ranked) > 1 else 0.0
    margin = score + hint - second
    sure = min(0.97, (0.55 + 0.42 * (1 - math.exp(-1.1 * margin))) * (1 - 0.5 * math.exp(-score)))
    shown = sorted(
        assigned.items(), key=lambda item: -KINDS[kind].signals.get(item[1].field, 0) * item[1].confidence
    )
    names = ", ".join(f"“{clean_header(table.columns[i])}”" for i, _ in shown[:3])
    asks: tuple[str, ...] = ()
    bought = bears_signs_of_a_bought_list(table)
    runner_up = ranked[1][2] if len(ranked) > 1 else "prospects"
    if kind in ("customers", "prospects") and not hint and tells_nothing_of_yours(table, assigned):
        sure = min(sure, 0.65)
        other = "prospects" if kind == "customers" else "customers"
        by_kind = {name: found for _, _, name, found in ranked}
        if runner_up != other and margin < _CLOSE:
            other = runner_up
        elif bought and kind == "customers" and other in by_kind:
            kind, other, assigned = other, kind, by_kind[other]
        asks = (f"Is each row {KINDS[kind].row}, or {KINDS[other].row}?",)
    elif kind == "contacts" and bought:
        sure = min(sure, 0.65)
        asks = (f"Is each row {KINDS['contacts'].row}, or {KINDS['prospects'].row}?",)
    elif sure < _ASK_BELOW and len(ranked) > 1:
        asks = (f"Is each row {KINDS[kind].row}, or {KINDS[runner_up].row}?",)
    return kind, assigned, sure, f"Each row looks like {KINDS[kind].row}: {names}.", asks


def _plain_list(
    table: RawTable, evidence: Sequence[ColumnEvidence], ranked: Sequence[tuple[float, float, str, Assigned]]
) -> tuple[str | None, Assigned, float, str, tuple[str, ...]] | None:
    """A table that only names somebody once per row: taken as customers, and asked. None when it does not."""
    parts = name_parts(table.columns)
    assigned = next((found for _, _, kind, found in ranked if kind == "customers"), {})
    if not assigned and parts:
        assigned = _assignment(table, evidence, "customers", True, frozenset())
    named = [
        i
        for i, c in assigned.items()
        if c.field in ("account_id", "account_name", "domain", "email", "person_name") and c.by == "name"
    ]
    unique = [i for i in named if evidence[i].distinct_share > 0.93 and evidence[i].filled_share > 0.9]
    if not unique and not (parts and not named):
        return None
    what = (
        f"“{clean_header(table.columns[unique[0]])}” is" if unique else f"“{parts[0]}” and “{parts[1]}” are"
    )
    return (
        "customers",
        assigned,
        0.4,
        f"Little is known about this table, but {what} different in every row.",
        ("Is each row one customer? Choose what the table holds if not.",),
    )


# Several of these describe people or firms, even if none is named.
_TRAITS = frozenset(("age", "age_band", "gender", "job_title", "education", "household", "income_band", "industry", "employees",
                     "employee_band"))  # fmt: skip
_TRAITS_OF_A_LIST = 3


def _nameless_list(
    table: RawTable, evidence: Sequence[ColumnEvidence], own_domains: Collection[str]
) -> tuple[str | None, Assigned, float, str, tuple[str, ...]] | None:
    """A table that says what became of customers but names none of them: each row is taken as one, and asked."""
    assigned = _assignment(table, evidence, "customers", _has_headings(table), _own(own_domains))
    named = {c.field: c.confidence for c in assigned.values() if c.by == "name"}
    signals = KINDS["customers"].signals
    outcomes = [name for name in named if FIELDS["customers"][name].role == "outcome" and signals.get(name)]
    if not outcomes and len(_TRAITS & set(named)) >= _TRAITS_OF_A_LIST:
        shown = ", ".join(
            f"“{clean_header(table.columns[i])}”" for i, c in assigned.items() if c.field in _TRAITS
        )
        return (
            "customers",
            assigned,
            0.4,
            f"It describes somebody in each row ({shown}), but no column tells one from another.",
            (f"Is each row {KINDS['customers'].row}, or {KINDS['prospects'].row}?",),
        )
    if not outcomes or sum(signals.get(name, 0.15) * sure for name, sure in named.items()) < _NAMELESS:
        return None
    shown = next(i for i, c in assigned.items() if c.field == outcomes[0])
    return (
        "customers",
        assigned,
        0.5,
        f"“{clean_header(table.columns[shown])}” speaks of customers, but no column tells one from another.",
        ("No column names the customers. Is each row one customer?",),
    )


def _assignment(
    table: RawTable, evidence: Sequence[ColumnEvidence], kind: str, has_headings: bool, own: frozenset[str]
) -> Assigned:
    offers: dict[int, list[Candidate]] = {}
    headings = _headings(table)
    in_parts = name_parts(table.columns)  # first and last name: no third column is the person
    for i, (name, e) in enumerate(zip(table.columns, evidence, strict=True)):
        header = headings[i] if not _NO_HEADING.match(name) else ""
        found = candidates(header, e, kind)
        if own and e.emails > 0.8:
            domains = [registrable_domain(value) for value in e.sample]
            if sum(domain in own for domain in domains) > 0.5 * len(domains):
                found = [c for c in found if c.field not in ("email", "domain")]
        if kind == "customers" and header_key(without_unit(name)[0]) in _ALIVE_KEYS and e.yes_nos > 0.95:
            # “Active: yes” is no state among many but says who left, turned round.
            found = [replace(c, field="churned") if c.field == "status" else c for c in found]
        if in_parts and name in in_parts:
            found = []
        elif in_parts:
            found = [c for c in found if c.field != "person_name" or c.by == "name"]
        if any(c.field == "account_name" for c in found) or header_key(name) in _NAMES_OR_NUMBERS:
            found = _name_or_number_of_customer(name, found, e, kind)
        offers[i] = found
    by_name = {c.field for found in offers.values() for c in found if c.by == "name"}
    if kind == "customers" and (in_parts or _OF_PEOPLE & by_name):
        if (
            "account_name" not in by_name and "domain" not in by_name
        ):  # people have no turnover, they bring some
            offers = {i: _of_people(found) for i, found in offers.items()}
    named = {c.field for found in offers.values() for c in found if c.by == "name"}
    if kind in ("customers", "prospects"):
        offers = _told_by_neighbours(table, offers, named)
    if named & {"order_total", "line_amount", "unit_price"}:
        named.add("amount")  # what an order is worth is told already
    places = by_place(kind, list(zip(table.columns, evidence, strict=True)), has_headings)
    for i, extra in places.items():
        if any(c.by == "name" for c in offers[i]):
            continue
        for field, sure, reason in extra:
            suits = fit(FIELDS[kind][field], evidence[i])
            if field not in named and suits > 0 and all(c.field != field for c in offers[i]):
                offers[i].append(Candidate(field, sure if suits >= 0.5 else sure * 0.6, reason, "content"))
    return _one_to_one(offers, headings, evidence, kind)


_NAMES_OR_NUMBERS = frozenset(("auftraggeber", "debitor", "kunde", "customer", "client", "cliente", "klant"))


def _name_or_number_of_customer(
    name: str, found: Sequence[Candidate], e: ColumnEvidence, kind: str
) -> list[Candidate]:
    """A heading that bears the customer's name here and its number there (“Kunde”) is what its cells say.

    Digits alone are the number, words the name; cells that are neither leave it as it is.
    """
    if header_key(name) not in _NAMES_OR_NUMBERS or e.is_empty:
        return list(found)
    if e.share(re.compile(r"^[A-Za-z]{0,4}[-_]?\d{3,12}$").search) > 0.98:
        field, what, which = "account_id", "numbers only", "number"
    elif e.share(re.compile(r"[^\W\d]{2}.*\s.*[^\W\d]{2}").search) > 0.7:
        field, what, which = "account_name", "words", "name"
    else:
        return list(found)
    if field not in FIELDS[kind]:
        return list(found)
    reason = f"“{clean_header(name)}” holds {what}, so it is the customer's {which}."
    kept = [c for c in found if c.field not in ("account_name", "account_id")]
    return [Candidate(field, 0.9, reason, "name"), *kept]


def _of_people(found: Sequence[Candidate]) -> list[Candidate]:
    turned = [
        replace(c, field="total_revenue", confidence=min(c.confidence, 0.86))
        for c in found
        if c.field == "company_revenue" and all(other.field != "total_revenue" for other in found)
    ]
    return [*(c for c in found if c.field not in _OF_COMPANIES), *turned]


# A company's second name, beside the one it goes by.
_SECOND_NAMES = frozenset(
    ("legalname", "tradingname", "tradename", "registeredname", "tradestyle", "officialname")
)
# Only people have these, so a bare “Name” beside them is a person's.
_OF_PEOPLE = frozenset(("age", "age_band", "gender"))
_COMPANY_IDS = frozenset(
    ("companyid", "accountid", "organizationid", "organisationid", "orgid", "workspaceid", "tenantid")
)
_PERSON_IDS = frozenset(("userid", "memberid", "subscriberid", "contactid", "personid"))


def _told_by_neighbours(
    table: RawTable, offers: Mapping[int, Sequence[Candidate]], named: Collection[str]
) -> dict[int, list[Candidate]]:
    """Headings that the other columns make plain: “Name” beside “Company”, “Revenue” beside headcount, “User ID”
    beside “Company ID”."""
    keys = {i: header_key(without_unit(table.columns[i])[0]) for i in offers}
    theirs = bool({"employees", "employee_band", "founded_year"} & set(named))
    beside = any(
        c.field == "account_name"
        and c.confidence >= 0.8
        and keys[i] not in BARE_NAMES
        and not (theirs and keys[i] in _SECOND_NAMES)
        for i, found in offers.items()
        for c in found
    ) or (bool(_OF_PEOPLE & set(named)) and not theirs)
    of_company = any(keys[i] in _COMPANY_IDS for i in offers)
    told: dict[int, list[Candidate]] = {}
    for i, found in offers.items():
        found = list(found)
        if theirs and keys[i] in _SECOND_NAMES and any(key in BARE_NAMES for key in keys.values()):
            found = [c for c in found if c.field != "account_name"]
        if beside and "person_name" not in named and keys[i] in BARE_NAMES:
            found = [
                replace(c, field="person_name") if c.field == "account_name" else c
                for c in found
                if c.field != "person_name"
            ]
        if theirs and "company_revenue" not in named and keys[i] in _ANY_REVENUE:
            found = [replace(c, field="company_revenue") if c.field == "total_revenue" else c for c in found]
        if of_company and keys[i] in _PERSON_IDS:
            found = [c for c in found if c.field != "account_id"]
        told[i] = found
    return told


def _one_to_one(
    offers: Mapping[int, Sequence[Candidate]],
    headings: Sequence[str],
    evidence: Sequence[ColumnEvidence],
    kind: str,
) -> Assigned:
    """Give each field to at most one column and each column at most one field, best in total."""
    rows = [i for i, found in offers.items() if found]
    names = list(FIELDS[kind])
    if not rows:
        return {}
    gain = np.zeros((len(rows), len(names) + len(rows)))
    by_cell: dict[tuple[int, int], Candidate] = {}
    for r, i in enumerate(rows):
        for c in offers[i]:
            column = names.index(c.field)
            # Among equals the one called just so wins (“Cost” before “Budget”), then the fuller, then the one further left.
            gain[r, column] = c.confidence**2 + 0.02 * evidence[i].filled_share - 1e-4 * i
            called = (headings[i], *path_tails(headings[i])[-1:])
            gain[r, column] += 0.03 * (header_key(c.field) in map(header_key, called))
            by_cell[r, column] = c
    taken = linear_sum_assignment(gain, maximize=True)
    return {
        rows[r]: by_cell[r, column]
        for r, column in zip(*taken, strict=True)
        if (r, column) in by_cell and by_cell[r, column].confidence >= MINIMUM
    }


def _kind_score(
    table: RawTable, evidence: Sequence[ColumnEvidence], kind: str, assigned: Assigned
) -> tuple[float, float]:
    """Evidence for a kind, and the tie-breaking hint of the file's name apart."""
    about = KINDS[kind]
    by_field = {c.field: (i, c) for i, c in assigned.items()}
    if not any(name in by_field for name in about.needs):
        return 0.0, 0.0
    if about.needs_also and not any(name in by_field for name in about.needs_also):
        return 0.0, 0.0
    sure = {"name": 1.0, "part": 0.8, "content": 0.7}
    score = sum(
        about.signals.get(c.field, 0.15)
        * c.confidence
        * sure[c.by]
        * (0.5 if evidence[i].is_empty else 1.0)
        # A bare “id”, “number” or “name” speaks for every kind alike.
        * (0.2 if c.field in (*_OWN_IDS, "deal_name") and c.confidence < 0.9 and c.by == "name" else 1.0)
        for i, c in assigned.items()
    )
    columns = sum(1 for e in evidence if not e.is_empty) or 1
    telling = [i for i, c in assigned.items() if about.signals.get(c.field) != 0 and not evidence[i].is_empty]
    score += 1.2 * len(telling) / columns
    identities = [
        by_field[n][0]
        for n in ("account_id", "account_name", "domain", "email", "person_name")
        if n in by_field
    ]
    repeats = [evidence[i].distinct_share for i in identities if evidence[i].n_filled > 5]
    own_id = next((by_field[n] for n in _OWN_IDS - {"order_id"} if n in by_field), None)
    if own_id and evidence[own_id[0]].n_filled > 20 and evidence[own_id[0]].distinct_share < 0.7:
        score -= 1.5  # a row of something else that only refers to it
    if about.unique_identity and repeats:
        score += 0.8 if max(repeats) > 0.93 else -2.0
    score += own_id_leaning(table, evidence, kind)
    if kind in ("orders", "usage", "subscriptions", "deals", "tickets") and repeats and min(repeats) < 0.9:
        score += 0.4
    questions = sum(1 for name in _headings(table) if is_question(clean_header(name)))
    if kind == "responses":
        score += (
            1.5 if questions >= 3 else 0.8 if questions and ("nps" in by_field or "csat" in by_field) else 0.0
        )
        if (
            not questions
            and "nps" not in by_field
            and "csat" not in by_field
            and "response_id" not in by_field
        ):
            score -= 1.0
        elif not questions and all(
            by_field[name][1].confidence < 0.9
            for name in ("nps", "csat", "ces", "comment", "response_id")
            if name in by_field
        ):
            score -= 1.2  # “Score” and “id” alone make no survey
    elif questions >= 3:
        score -= 1.0
    if kind == "orders" and "ordered_on" not in by_field:
        score -= 1.5
    if any(_tells_results(e) for e in evidence):
        score += {"deals": 1.5, "customers": -2.0, "prospects": -2.0}.get(kind, 0.0)
    if kind == "orders" and _has_headings(table) and all(c.by == "content" for _, c in _of_orders(by_field)):
        score -= 1.5  # places tell an order log only where there are no headings
    if kind == "champions":
        person = {"person_name", "email", "account_name"} & by_field.keys()
        score = score if person and "comment" in by_field and columns <= 8 else 0.0
    named = "person_name" in by_field or name_parts(table.columns) is not None
    if named and "person_name" not in by_field and "person_name" in FIELDS[kind]:
        score += 0.8 * about.signals.get("person_name", 0.15)
    if kind == "notes" and "author_role" not in by_field and by_field["note"][1].confidence < 0.9:
        score -= 1.2
    if kind == "notes" and not {"author", "author_role"} & by_field.keys() and _holds_scores(table, evidence):
        score -= 2.5  # a customer's remark beside a mark is an answer, not what a colleague noted
    if kind == "contacts" and not (named and "email" in by_field):
        score -= 0.8
    if kind in ("customers", "prospects"):
        score += lead_leaning(evidence, by_field) * (1 if kind == "prospects" else -1)
        outcomes = sum(
            1 for n in by_field if FIELDS["customers"].get(n) and FIELDS["customers"][n].role == "outcome"
        )
        score -= 0.5 * outcomes if kind == "prospects" else 0.0
        if kind == "customers":
            score += 0.15
        elif says_customer(table, {i: name for name, (i, _) in by_field.items()}):
            score -= 0.8
    hint = 0.5 if kind_hint(kind, table.file_name) or (table.sheet and kind_hint(kind, table.sheet)) else 0.0
    return score, hint


_FEW_STATES = 15
_WON, _LOST = (re.compile(words, re.IGNORECASE) for words in (WON, LOST))


def _tells_results(e: ColumnEvidence) -> bool:
    """Whether some rows are won and others lost, in the words of whoever sells."""
    return e.n_distinct <= _FEW_STATES and e.share(_WON.search) > 0 and e.share(_LOST.search) > 0


def _of_orders(by_field: Mapping[str, tuple[int, Candidate]]) -> list[tuple[int, Candidate]]:
    """The columns found that speak of an order: its number, its day, what was sold and for how much."""
    return [entry for name, entry in by_field.items() if KINDS["orders"].signals.get(name)]


def _holds_scores(table: RawTable, evidence: Sequence[ColumnEvidence]) -> bool:
    """Whether some column is called a score and filled like one."""
    return any(
        c.field in ("nps", "csat", "ces") and c.by == "name" and c.confidence >= 0.7
        for heading, e in zip(_headings(table), evidence, strict=True)
        for c in candidates(heading, e, "responses")
    )


def _vendor_assignment(table: RawTable, evidence: Sequence[ColumnEvidence], match: VendorMatch) -> Assigned:
    """The vendor's own headings first; a custom column may still bear a known spelling."""
    kind = match.table.kind
    offers: dict[int, list[Candidate]] = {}
    headings = _headings(table)
    names = set(table.columns)
    for i, (name, e) in enumerate(zip(table.columns, evidence, strict=True)):
        bare = re.sub(r" \(\d+\)$", "", name)
        field = match.table.field_of(bare)
        if field is None and f"{bare}_NPS_GROUP" in names and kind == "responses":
            offers[i] = [Candidate("nps", 0.97, "Its NPS groups stand in a column of their own.", "vendor")]
        elif field is None:
            heading = match.table.without_prefix(headings[i])
            found = candidates(heading, e, kind, allow_content=match.table.about.get("by_content", False))
            offers[i] = [
                Candidate(c.field, min(c.confidence - 0.04, 0.9), c.reason, c.by)
                for c in found
                if c.by != "part"
            ]
        elif field:
            offers[i] = [_vendor_candidate(match, kind, field, bare, e)]
    claimed = {
        c.field for i, found in offers.items() for c in found if c.confidence >= 0.96 or c.by == "vendor"
    }
    for i, found in offers.items():
        offers[i] = [c for c in found if c.by == "vendor" or c.field not in claimed]
    ranks = {field: n for n, field in enumerate(match.table.about.get("prefer", ()))}
    return _preferred(_one_to_one_vendor(offers, evidence, kind, table, match), ranks)


def _vendor_candidate(match: VendorMatch, kind: str, field: str, name: str, e: ColumnEvidence) -> Candidate:
    twin = TWINS.get(field)
    if twin in FIELDS[kind] and fit(FIELDS[kind][field], e) <= 0.1 and fit(FIELDS[kind][twin], e) >= 0.8:
        field = twin
    about = FIELDS[kind][field]
    suits = fit(about, e)
    label = match.table.vendor.label
    reason = f"{label} calls it “{clean_header(name)}”."
    if e.is_empty:
        return Candidate(field, 0.95, reason + " The column is empty.", "vendor")
    if suits <= 0:
        return Candidate(field, 0.6, reason + " Its content is not what one would expect.", "vendor")
    return Candidate(field, 0.98 if suits >= 0.5 else 0.88, reason, "vendor")


def _one_to_one_vendor(
    offers: Mapping[int, Sequence[Candidate]], evidence: Sequence[ColumnEvidence], kind: str, table: RawTable,
    match: VendorMatch,
) -> Assigned:  # fmt: skip
    """Two headings of a vendor may mean one field (Billing and Shipping Country): filled first, then as listed."""
    listed = {key: n for n, key in enumerate(match.table.columns)}
    by_field: dict[str, list[tuple[tuple, int, Candidate]]] = {}
    for i, found in offers.items():
        for c in found:
            key = header_key(clean_header(re.sub(r" \(\d+\)$", "", table.columns[i])))
            rank = (c.by != "vendor", evidence[i].filled_share < 0.02, -c.confidence if c.by != "vendor" else 0,
                    listed.get(key, 999), i)  # fmt: skip
            by_field.setdefault(c.field, []).append((rank, i, c))
    assigned: Assigned = {}
    for _, entries in sorted(by_field.items(), key=lambda item: min(item[1])[0]):
        for _, i, c in sorted(entries, key=lambda entry: entry[0]):
            if i not in assigned:
                assigned[i] = c
                break
    return assigned


def _preferred(assigned: Assigned, ranks: Mapping[str, int]) -> Assigned:
    return dict(sorted(assigned.items(), key=lambda item: (ranks.get(item[1].field, 99), item[0])))


# ------------------------------------------------------------------------------------------- describing columns


def _table_order(evidence: Sequence[ColumnEvidence], columns: Sequence[int]) -> str | None:
    """The order of day and month that the table's date columns agree on; None when none proves one."""
    orders = {date_order(evidence[i].counts) for i in columns if any(_slashed(v) for v in evidence[i].counts)}
    orders -= {None, "ymd"}
    return orders.pop() if len(orders) == 1 else None


def _slashed(value: str) -> bool:
    return bool(re.match(r"^\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}", value))


def _described(
    table: RawTable,
    evidence: Sequence[ColumnEvidence],
    kind: str | None,
    assigned: Assigned,
    match: VendorMatch | None,
) -> tuple[ColumnMapping, ...]:
    fields = FIELDS.get(kind, {}) if kind else {}
    taken = {"_row", "customer_id", "import_id", *fields}
    types = {
        i: fields[assigned[i].field].type if i in assigned else custom_type(e, clean_header(table.columns[i]))
        for i, e in enumerate(evidence)
    }
    if match and match.table.about.get("joined_codes"):
        types |= {i: "multi" for i, e in enumerate(evidence) if i not in assigned and e.joined_codes}
    units = dict(enumerate(table.units))
    types |= {i: _type_shown(t, units.get(i)) for i, t in types.items() if i not in assigned}
    order = match.table.about.get("date_order") if match else None
    order = _table_order(evidence, [i for i, t in types.items() if t == "date"]) or order
    columns: list[ColumnMapping] = []
    headings = _headings(table)
    for i, (name, e) in enumerate(zip(table.columns, evidence, strict=True)):
        found = assigned.get(i)
        field = found.field if found else None
        type_ = _type_of(types[i], field, e)
        given = _vendor_options(match, name, field)
        if type_ == "money" and currency_code(units.get(i)):
            given.setdefault("currency", currency_code(units[i]))
        elif type_ == "percent" and units.get(i) == "%":
            given["shares"] = True
        if type_ == "multi" and e.joined_codes:
            given.setdefault("splitter", ",")
        if field == "churned" and header_key(without_unit(name)[0]) in _ALIVE_KEYS:
            given["inverted"] = True
        options, asks = notation(clean_header(headings[i]), type_, field, e, given, order)
        label = clean_header(headings[i]) or name
        include, why = True, "No field of the vocabulary; kept as an attribute of its own."
        if found is None:
            include, why = _kept_custom(name, e, match, why)
        elif field == "tenure_months" and asks:
            found = replace(found, confidence=min(found.confidence, 0.86))
        elif found.confidence < _ASK_BELOW:
            asks = (_asked(label, fields[field], e), *asks)
        elif _whose_revenue(kind, field, label, match):
            asks = (
                f"Is “{label}” what the customer earns in a year, or what you earned with the customer?",
                *asks,
            )
        slug = field or slug_of(name, taken)
        taken.add(slug)
        columns.append(
            ColumnMapping(
                index=i,
                name=name,
                field=field,
                type=type_,
                label=fields[field].label if field else readable_header(headings[i]) or name,
                slug=slug,
                confidence=found.confidence if found else _custom_confidence(e, kind),
                reason=found.reason if found else why,
                include=include,
                options=options,
                asks=asks if include else (),
            )
        )
    return tuple(columns)


def _asked(label: str, about: Field, e: ColumnEvidence) -> str:
    """The question about a column that is only likely to be a field, with a value to judge by."""
    what = {"date": f"the day of “{about.label}”", "yes_no": f"“{about.label}” with yes or no"}.get(
        about.type, f"the {in_a_sentence(about.label)}"
    )
    example = next((value for value in e.counts if value.strip()), "")
    shown = f", such as “{example[:40]}{'…' if len(example) > 40 else ''}”" if example else ""
    return f"Does “{label}” hold {what}{shown}?"


_ANY_REVENUE = frozenset(
    header_key(word)
    for word in ("revenue", "turnover", "sales", "Umsatz", "chiffre d'affaires", "ventas", "facturación", "faturamento",
                 "fatturato", "omzet")
)  # fmt: skip


def _whose_revenue(kind: str | None, field: str | None, label: str, match: VendorMatch | None) -> bool:
    """A bare “Revenue” in a list of companies may be theirs or yours: the two must not be mistaken."""
    return (
        kind == "customers"
        and match is None
        and field in ("company_revenue", "total_revenue")
        and header_key(without_unit(label)[0]) in _ANY_REVENUE
    )


_ALIVE_KEYS = frozenset(
    (
        "active",
        "isactive",
        "activecustomer",
        "stillactive",
        "aktiv",
        "istaktiv",
        "actif",
        "activo",
        "ativo",
        "attivo",
        "actief",
        "retained",
        "isretained",
    )
)


def _type_shown(type_: str, unit: str | None) -> str:
    """The type of a column of figures, when its workbook shows a currency or a percent sign beside them."""
    if type_ != "number" or not unit:
        return type_
    return "percent" if unit == "%" else "money" if currency_code(unit) else type_


def _type_of(type_: str, field: str | None, e: ColumnEvidence) -> str:
    if field and type_ == "band" and not e.is_empty and not holds_ranges(e):
        return "category"
    return type_


def _custom_confidence(e: ColumnEvidence, kind: str | None) -> float:
    return 0.5 if e.is_empty or kind is None else 0.8


def _kept_custom(name: str, e: ColumnEvidence, match: VendorMatch | None, why: str) -> tuple[bool, str]:
    if match and match.table.field_of(re.sub(r" \(\d+\)$", "", name)) == "":
        return (
            False,
            f"{match.table.vendor.label} writes this for its own use; it says nothing about the customer.",
        )
    if e.is_empty:
        return False, "The column is empty."
    if e.numbers_the_rows:
        return False, "It only numbers the rows."
    return True, why


def _vendor_options(match: VendorMatch | None, name: str, field: str | None) -> dict[str, Any]:
    if not match or not field:
        return {}
    about = match.table.about
    given = dict(about.get("options", {}).get(field, {}))
    values = about.get("values", {}).get(field)
    if values:
        given["values"] = {key.casefold(): value for key, value in values.items()}
    return given


def _row_rules(columns: Sequence[ColumnMapping], match: VendorMatch | None) -> tuple[RowRule, ...]:
    if not match:
        return ()
    rules: list[RowRule] = []
    by_key = {header_key(clean_header(c.name)): c.name for c in columns}
    by_field = {c.field: c.name for c in columns if c.field}
    for entry in match.table.about.get("rows", ()):
        if "place" in entry:
            column = columns[entry["place"] - 1].name
        elif "column" in entry:
            column = by_key.get(header_key(entry["column"]))
        else:
            column = by_field.get(entry["field"])
        if column:
            rules.append(RowRule(column, entry["test"], tuple(entry.get("values", ())), entry["reason"]))
    return tuple(rules)


def _notes_of(match: VendorMatch | None, columns: Sequence[str]) -> tuple[Problem, ...]:
    """What is to be known about a vendor's table; some of it only where a heading is missing (``without``)."""
    if not match:
        return ()
    keys = {header_key(name) for name in columns}
    return tuple(
        Problem(None, None, None, note["problem"], note["fix"])
        for note in match.table.about.get("notes", ())
        if header_key(note.get("without", "")) not in keys
    )


# ------------------------------------------------------------------------------------------- tables without records


def _plain(table: RawTable, evidence: Sequence[ColumnEvidence], problems: tuple[Problem, ...]) -> Recognition:
    columns = _described(table, evidence, None, {}, None)
    return Recognition(
        kind=None,
        kind_confidence=0.0,
        kind_reason=problems[0].problem,
        vendor=None,
        vendor_reason="Not looked for.",
        columns=columns,
        shape=shape_of(table.columns),
        problems=problems,
    )
