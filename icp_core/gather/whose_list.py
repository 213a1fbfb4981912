"""Whose list is it: your customers, somebody's you could sell to, or rows of another kind that only name them?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from icp_core.gather.candidates import Candidate
from icp_core.gather.evidence import ColumnEvidence
from icp_core.gather.raw_table import RawTable
from icp_core.vocabulary import FIELDS, KINDS
from icp_core.vocabulary.headers import header_key, header_words

# Below this a column is not sure enough to prove anything about the list.
_SURE = 0.7
# Headings that can only be one kind's own id, and the kind. An order's may stand in a payment, a deal's in a customer.
_ROW_IDS = {
    "responseid": "responses",
    "respondentid": "responses",
    "ticketid": "tickets",
    "ticketnumber": "tickets",
    "caseid": "tickets",
    "usageid": "usage",
    "eventid": "usage",
}
# What only your own records say of a company, beside the outcomes.
_YOURS = frozenset(("plan", "status", "lifecycle", "contract_type"))
# “Kundennummer”, “customer_id”, “Klantnaam”: the heading itself says whose list it is.
_SAYS_CUSTOMER = re.compile(
    r"customer|client|cust|^kd|kund|klant|debit|member|subscriber|user|patient|shopper|guest|asiakas|zakaznik|klient|ugyfel|musteri"
)
_SAYS_NOT_YET = re.compile(r"potential|prospect|possible|target|lead|futur|interessent")
_IDENTITIES = frozenset(("account_id", "account_name", "email", "person_name", "customer_type"))


def tells_nothing_of_yours(table: RawTable, assigned: Mapping[int, Candidate]) -> bool:
    """Whether a list says of companies or people only what anybody could buy.

    No number, day or money of your own records, and no heading that calls them customers. Marks out of five may be
    the public's and prove nothing.
    """
    sure = {c.field for c in assigned.values() if c.confidence >= _SURE}
    outcomes = {f for f in sure if FIELDS["customers"][f].role == "outcome"} - {"csat"}
    return not (outcomes or sure & _YOURS or says_customer(table, {i: c.field for i, c in assigned.items()}))


def says_customer(table: RawTable, fields: Mapping[int, str]) -> bool:
    """Whether the heading of an id, a name or a type calls the rows customers (“Potential customer” does not)."""
    keys = [header_key(table.columns[i]) for i, field in fields.items() if field in _IDENTITIES]
    return any(_SAYS_CUSTOMER.search(key) and not _SAYS_NOT_YET.search(key) for key in keys)


def bears_signs_of_a_bought_list(table: RawTable) -> bool:
    """Whether a heading is one that sellers of lists and directories write (“NAICS Code”, “Total Funding Amount”)."""
    signs = KINDS["prospects"].bought
    long_signs = tuple(sign for sign in signs if len(sign) >= 6)
    keys = [header_key(name) for name in table.columns]
    return any(sign in key for key in keys for sign in long_signs) or any(
        signs & {key, *header_words(name)} for key, name in zip(keys, table.columns, strict=True)
    )


def own_id_leaning(table: RawTable, evidence: Sequence[ColumnEvidence], kind: str) -> float:
    """+1 for the kind whose own id (“Response ID”) is different in every row, −1.5 for all others; 0 without one."""
    named = {
        _ROW_IDS[key]
        for name, e in zip(table.columns, evidence, strict=True)
        if (key := header_key(name)) in _ROW_IDS and e.n_filled > 5 and e.distinct_share > 0.95
    }
    return 0.0 if not named else 1.0 if kind in named else -1.5


_LEAD_WORDS = re.compile(r"\b(lead|prospect|target|cold|suspect|mql|sql|interessent|new)\b", re.IGNORECASE)
_CUSTOMER_WORDS = re.compile(
    r"\b(customer|client|active|churned|kunde|kunden|cliente|klant|former)\b", re.IGNORECASE
)


def lead_leaning(evidence: Sequence[ColumnEvidence], by_field: Mapping[str, tuple[int, Candidate]]) -> float:
    """+1.5 when the stages of all rows speak of leads, −1.5 when some speak of customers, 0 when nothing is said."""
    for name in ("lifecycle", "status", "customer_type"):
        if name in by_field:
            values = evidence[by_field[name][0]]
            if values.share(_CUSTOMER_WORDS.search) > 0:
                return -1.5
            if values.share(_LEAD_WORDS.search) > 0.5:
                return 1.5
    return 0.0
