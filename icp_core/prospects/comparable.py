"""A list of prospects made comparable with the customers: columns matched, answers encoded, disqualifiers held against it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from icp_core.errors import IcpError
from icp_core.facts.catalogue import Facts
from icp_core.gather.mapping import slug_of
from icp_core.prospects.answers import Answer, Spans, Texts, joined, part_of, value_key
from icp_core.prospects.encode import Encoded, encode
from icp_core.prospects.mapping import Match, match_lists, merged, taken
from icp_core.prospects.model import About, Scorecard
from icp_core.prospects.refusals import Held, held_against
from icp_core.prospects.relations import Relations, relations
from icp_core.prospects.scorecard import answers_of
from icp_core.vocabulary import FIELDS, clean_header, header_key, synonyms

# A category with more levels than this is too varied for a new one to be a surprise.
_VARIED = 40


@dataclass(frozen=True, eq=False)
class Prospects:
    """A list made comparable with the customers: its rows, its columns matched, every item encoded once."""

    frame: pd.DataFrame
    matches: tuple[Match, ...]
    answers: Mapping[str, Answer]
    encoded: Encoded
    held: tuple[Held, ...]  # each disqualifier held against every prospect
    outside: tuple[str, ...]
    relations: Relations

    def __len__(self) -> int:
        return len(self.frame)


def prepare(
    frame: pd.DataFrame,
    card: Scorecard,
    *,
    labels: Mapping[str, str] | None = None,
    said: Mapping[str, str | None] | None = None,
    customers: pd.DataFrame | None = None,
) -> Prospects:
    """Everything about a list that does not depend on weights and thresholds.

    ``frame`` has vocabulary fields and own columns; ``labels`` the headings of the own columns; ``said`` the
    user's corrections of which column is which; ``customers`` (customer_id, customer_name, domain, email) tells
    who is a customer already.
    """
    frame = frame.reset_index(drop=True)
    fields = FIELDS["customers"]
    named = (
        dict(labels)
        if labels is not None
        else {c: c.replace("_", " ") for c in frame.columns if c not in fields}
    )
    matches, answers = answered(frame, card.about, named, said)
    n = len(frame)
    return Prospects(
        frame=frame,
        matches=matches,
        answers=answers,
        encoded=encode(card.items, answers, n),
        held=held_against(card, answers, n),
        outside=_outside(card, answers, n),
        relations=relations(frame, customers),
    )


def answered(
    frame: pd.DataFrame,
    about: Mapping[str, About],
    labels: Mapping[str, str],
    said: Mapping[str, str | None] | None = None,
) -> tuple[tuple[Match, ...], dict[str, Answer]]:
    """Which column says what, list by list, and what all rows together say about each attribute."""
    each = match_lists(frame, about, labels, said)
    parts = [(rows, answers_of(frame.iloc[rows], about, taken(mine))) for rows, mine in each]
    names = {name for _, found in parts for name in found}
    answers = {
        name: joined([(rows, found[name]) for rows, found in parts if name in found], len(frame))
        for name in about
        if name in names
    }
    return merged([mine for _, mine in each]), answers


def _outside(card: Scorecard, answers: Mapping[str, Answer], n: int) -> tuple[str, ...]:
    """Per prospect what no customer is like, in words; empty where all that is known is familiar."""
    found = [""] * n
    for name in card.attributes:
        about, said = card.about.get(name), answers.get(name)
        if about is None or said is None:
            continue
        if isinstance(said, Texts) and about.kind == "category" and len(about.known) <= _VARIED:
            known = {value_key(name, v) for v in about.known}
            new = np.array([value_key(name, v) not in known for v in said.names] + [False])[said.codes]
            for i in np.flatnonzero(new):
                found[i] = found[i] or f"No customer has {about.label} “{said.names[said.codes[i]]}”."
        elif isinstance(said, Spans) and about.low is not None and about.high is not None:
            with np.errstate(invalid="ignore"):
                new = said.known & ((said.low > about.high) | (said.high < about.low))
            for i in np.flatnonzero(new):
                side = "as large" if said.low[i] > about.high else "as small"
                found[i] = found[i] or f"No customer's {about.label} is {side}."
    return tuple(found)


def only(prospects: Prospects, rows: np.ndarray) -> Prospects:
    """Some prospects of a list, in the order of ``rows`` (positions)."""
    known = prospects.relations
    return Prospects(
        frame=prospects.frame.iloc[rows].reset_index(drop=True),
        matches=prospects.matches,
        answers={name: part_of(found, rows) for name, found in prospects.answers.items()},
        encoded=Encoded(
            len(rows),
            {
                key: replace(column, codes=column.codes[rows])
                for key, column in prospects.encoded.columns.items()
            },
        ),
        held=tuple(one.of(rows) for one in prospects.held),
        outside=tuple(prospects.outside[i] for i in rows),
        relations=Relations(
            known.is_customer[rows],
            tuple(known.customer[i] for i in rows),
            tuple(known.reason[i] for i in rows),
            known.is_duplicate[rows],
            known.first[rows],
        ),
    )


def pasted(text: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """A heading line and one or more rows copied from a spreadsheet: frame by field or own column, and headings.

    Raises ``IcpError`` when there is no heading line with a row under it.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        raise IcpError("Paste two lines: the headings, and under them the row.")
    mark = max(("\t", ";", ","), key=lines[0].count)
    rows = list(csv.reader(lines, delimiter=mark))
    known, taken_names, labels, names = synonyms("prospects"), set(), {}, []
    for heading in rows[0]:
        field = known.get(header_key(clean_header(heading)))
        name = (
            field
            if field and field not in taken_names
            else slug_of(heading, taken_names | set(FIELDS["customers"]))
        )
        taken_names.add(name)
        names.append(name)
        if name != field:
            labels[name] = clean_header(heading)
    cells = [
        [cell.strip() or None for cell in row[: len(names)]] + [None] * (len(names) - len(row))
        for row in rows[1:]
    ]
    return pd.DataFrame(cells, columns=names, dtype=object), labels


def identities(facts: Facts) -> pd.DataFrame:
    """Who the customers are: customer_id, customer_name, domain (blank where the facts lack it)."""
    return facts.frame.reindex(columns=["customer_id", "customer_name", "domain"])
