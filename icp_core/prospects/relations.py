"""Who on a prospect list is a customer already, and who stands on it twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_core.vocabulary.names import company_domain, normalised_email, normalised_name, normalised_place
from icp_core.vocabulary.places import country_code


@dataclass(frozen=True, eq=False)
class Relations:
    """Per prospect: matched to a customer (and which), a repeat of an earlier row (and of which, by position)."""

    is_customer: np.ndarray
    customer: tuple[str, ...]
    reason: tuple[str, ...]
    is_duplicate: np.ndarray
    first: np.ndarray


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    if name not in frame.columns:
        return [""] * len(frame)
    return ["" if v is None or v is pd.NA or v != v else str(v) for v in frame[name].tolist()]


@dataclass(frozen=True)
class Who:
    """By what each row is recognised, in the form in which two spellings are equal; "" = not known."""

    domains: list[str]
    emails: list[str]
    names: list[str]
    places: list[str]


def who(frame: pd.DataFrame, name: str, with_names: bool = True) -> Who:
    """Who stands in each row; ``name`` is the column of names, used also beside a domain if ``with_names``."""
    emails = [normalised_email(e) if e else "" for e in _texts(frame, "email")]
    domains = [
        company_domain(d, e) if d or e else "" for d, e in zip(_texts(frame, "domain"), emails, strict=True)
    ]
    countries = _places(_texts(frame, "country"))
    # A name decides only where there is no domain, or against the customers' names.
    names = [
        normalised_name(v) if v and (with_names or not d) else ""
        for v, d in zip(_texts(frame, name), domains, strict=True)
    ]
    return Who(domains, emails, names, countries)


def _places(texts: Sequence[str]) -> list[str]:
    known = {text: (country_code(text) or normalised_place(text)) if text else "" for text in set(texts)}
    return [known[text] for text in texts]


def relations(frame: pd.DataFrame, customers: pd.DataFrame | None = None) -> Relations:
    """Match a list with the customers and with itself: the same web domain, e-mail address, or name.

    ``frame``: account_name, domain, email, country (those it has). ``customers``: customer_name, domain, and
    email and country where known. A name alone decides only when no other domain or country speaks against it.
    """
    n = len(frame)
    known = customers is not None and len(customers) > 0
    mine = who(frame, "account_name", known)
    first = _repeats(mine, n)
    found, reason = [""] * n, [""] * n
    if known:
        theirs = who(customers, "customer_name", True)
        shown = _texts(customers, "customer_name")
        at, reason = matched(mine, theirs)
        found = ["" if i < 0 else shown[i] or "a customer" for i in at]
    return Relations(
        np.array([bool(m) for m in found], dtype=bool) if n else np.zeros(0, dtype=bool),
        tuple(found),
        tuple(reason),
        first >= 0,
        first,
    )


def matched(mine: Who, theirs: Who) -> tuple[list[int], list[str]]:
    """Per row of ``mine`` the position in ``theirs`` of the same company or person (-1 = none), and why."""
    by_domain, by_email, by_name = _index(theirs.domains), _index(theirs.emails), _index(theirs.names)
    found, reason = [], []
    for domain, email, name, place in zip(mine.domains, mine.emails, mine.names, mine.places, strict=True):
        at, why = -1, ""
        if domain and domain in by_domain:
            at, why = by_domain[domain], "Same web domain."
        elif email and email in by_email:
            at, why = by_email[email], "Same e-mail address."
        elif name and name in by_name:
            same = by_name[name]
            against = (domain and theirs.domains[same] and domain != theirs.domains[same]) or (
                place and theirs.places[same] and place != theirs.places[same]
            )
            if not against:
                at, why = same, "Same name after removing the legal form."
        found.append(at)
        reason.append(why)
    return found, reason


def _index(values: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for i, value in enumerate(values):
        if value:
            found.setdefault(value, i)
    return found


def _repeats(mine: Who, n: int) -> np.ndarray:
    """Position of the earlier row that says the same thing; -1 = none."""
    out = np.full(n, -1, dtype=np.int64)
    by_email: dict[str, int] = {}
    by_domain: dict[str, int] = {}
    by_name: dict[tuple[str, str], int] = {}
    for i in range(n):
        domain, email, name, place = mine.domains[i], mine.emails[i], mine.names[i], mine.places[i]
        keys: list[tuple[dict, object]] = []
        if email:
            keys.append((by_email, email))
        if domain:
            keys.append((by_domain, domain))
        elif name:
            keys.append((by_name, (name, place)))
        for table, key in keys:
            at = table.setdefault(key, i)
            if at != i and out[i] < 0:
                out[i] = at
    return out
