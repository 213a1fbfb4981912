"""What the ideal customers say, put into the shapes of the profile."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.profile.draft import Heard
from icp_core.profile.model import BuyingRole, Job, Pain, Quote, Share, Statement, Trigger
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.voice import collect, review, scores
from icp_core.voice.codes import suggest
from icp_core.voice.collect import everything_said
from icp_core.voice.phrases import shared_phrases
from icp_core.voice.scores import clean_responses
from icp_core.voice.statements import HINT_CUSTOMERS, VoiceStatement, statements
from icp_core.voice.themes import find_themes
from icp_core.workspace import Workspace

# How many lines of each section reach the page; the rest stays on the Voice page.
_MOST = {
    "jobs": 3,
    "pains": 3,
    "triggers": 4,
    "objections": 3,
    "values": 3,
    "buying_criteria": 5,
    "buying_roles": 4,
    "channels": 5,
}
_MOST_QUOTES = 3
_MOST_PHRASES = 20
_QUOTE_WORDS = (8, 32)
_LINE_CHARACTERS = 150
# Signs that a sentence tells how somebody chose among offers (en, de, fr, es).
_CHOOSING = re.compile(
    r"\b(looked at|compared|shortlist\w*|two others|(?:other|another) (?:vendors?|tools?|providers?|systems?|suppliers?)|"
    r"only this one|verglichen|andere[rn]? (?:anbieter|systeme)|comparé|(?:autres|deux) (?:outils|fournisseurs)|"
    r"comparado|comparamos|otros (?:proveedores|sistemas))\b",
    re.IGNORECASE,
)


def hear(workspace: Workspace, facts: Facts, segment: Segment) -> Heard:
    """Jobs, pains, triggers and the like said by the customers of ``segment``, those most customers say first.

    Text of unknown customers counts when the segment is everyone. Where the ideal customers have said nothing
    about a section, it stays empty: what others say is not put into their mouths.
    """
    said = everything_said(workspace)
    if said.empty:
        return Heard()
    mine = of_segment(said, facts, segment)
    if mine.empty:
        return Heard()
    decisions = [d.value for d in workspace.decisions("code")]
    # A ticket tells what is wrong with the product, not why somebody bought it: it speaks of nothing else.
    is_ticket = mine["kind"].eq("ticket").to_numpy()
    codes = suggest(mine[~is_ticket].reset_index(drop=True), decisions)
    found = statements(codes, facts)
    tickets = suggest(mine[is_ticket].reset_index(drop=True), decisions)
    complaints = [s for s in statements(tickets, facts) if s.section == "pains"]
    lines = {name: _best(found, name, one_each=name == "jobs") for name in _MOST}
    if not lines["pains"]:
        lines["pains"] = _best(complaints, "pains")
    printed = {s.text for part in lines.values() for s in part}
    return Heard(
        jobs=tuple(Job(**_fields(s)) for s in lines["jobs"]),
        pains=tuple(Pain(**_fields(s)) for s in lines["pains"]),
        triggers=tuple(Trigger(**_fields(s)) for s in lines["triggers"]),
        objections=tuple(Statement(**_fields(s)) for s in lines["objections"]),
        values=tuple(Statement(**_fields(s)) for s in lines["values"]),
        buying_criteria=tuple(Share(**_fields(s)) for s in lines["buying_criteria"]),
        buying_roles=tuple(BuyingRole(**_fields(s)) for s in lines["buying_roles"] if s.role),
        channels=tuple(Share(**_fields(s)) for s in lines["channels"]),
        complaints=tuple(Pain(**_fields(s)) for s in _best(complaints, "pains")),
        quotes=quotes(found, printed),
        phrases=tuple(
            {"phrase": row.phrase, "n": int(row.n_customers)}
            for row in shared_phrases(mine, facts, most=_MOST_PHRASES).itertuples()
        ),
        codes=pd.concat([codes, tickets[tickets["code"].eq("pain")]], ignore_index=True),
    )


def summed_up(workspace: Workspace, facts: Facts, heard: Heard) -> Heard:
    """What was heard with the scores of all answers and the themes of what people wrote, for ``icp.json``.

    Themes are those of the first kind of text there is (answers before tickets, notes and interviews), as the user
    edited them on the Voice page.
    """
    answers = clean_responses(collect.responses(workspace)).frame
    return replace(
        heard,
        nps=_as_data(scores.nps(answers)),
        csat=_as_data(scores.csat(answers, scale=scores.KEPT_SCALE)),
        themes=_themes(workspace, facts),
    )


def _as_data(found: scores.Score) -> dict[str, Any] | None:
    return {"score": found.score, "low": found.low, "high": found.high, "n": found.n} if found.n else None


def _themes(workspace: Workspace, facts: Facts) -> tuple[dict[str, Any], ...]:
    said = everything_said(workspace)
    kind = next((k for k in ("response", "ticket", "note", "interview") if said["kind"].eq(k).any()), None)
    if kind is None:
        return ()
    found = find_themes(
        review.of_kind(said, kind),
        facts,
        edits=review.theme_edits(workspace, kind),
        previous=review.remembered_themes(workspace, kind),
    )
    return tuple(
        {
            "name": theme.name,
            "n": theme.n_people,
            "share": theme.share_people,
            "share_revenue": theme.revenue_share,
            "verbatim": theme.quote,
        }
        for theme in found.shown()
    )


def _fields(statement: VoiceStatement) -> dict[str, Any]:
    """The statement in the shape of the profile, with the sentences it was made from."""
    fields = statement.fields()
    fields["evidence"] = fields["evidence"] | {"sentence_ids": list(statement.sentence_ids)}
    return fields


def of_segment(said: pd.DataFrame, facts: Facts, segment: Segment) -> pd.DataFrame:
    """The rows said by (or noted about) customers of the segment; everything when no condition is set."""
    if not segment:
        return said
    ids = set(facts.frame["customer_id"][members(facts, segment)])
    return said[said["customer_id"].isin(ids)].reset_index(drop=True)


def _best(found: Sequence[VoiceStatement], section: str, *, one_each: bool = False) -> list[VoiceStatement]:
    """The strongest statements of a section: accepted ones first, then by number of customers.

    ``one_each`` takes the best of each code before a second of any (a functional, an emotional, a social job).
    """
    kept = [_as_job(s) if section == "jobs" else s for s in found if s.section == section and _carries(s)]
    mine = sorted(
        (s for s in kept if s is not None and len(s.text) <= _LINE_CHARACTERS),
        key=lambda s: (s.status != "accepted", -s.n_customers, -(s.revenue_share or 0.0), s.text),
    )
    if one_each:
        first = {s.code: s for s in reversed(mine)}
        leading = [s for s in mine if first[s.code] is s]
        mine = [*leading, *(s for s in mine if s not in leading)]
    return mine[: _MOST[section]]


def _carries(statement: VoiceStatement) -> bool:
    """What one customer said once is no statement about many, unless somebody took it for one."""
    return statement.status == "accepted" or statement.n_customers >= HINT_CUSTOMERS


def _as_job(statement: VoiceStatement) -> VoiceStatement | None:
    """A job in a sentence that names one: how somebody chose among offers is no job.

    Another customer's sentence of the same group takes its place; None where there is none.
    """
    if statement.status == "accepted" or not _CHOOSING.search(statement.text):
        return statement
    other = next((q["text"] for q in statement.quotes if not _CHOOSING.search(q["text"]) and _own(q)), None)
    return None if other is None else replace(statement, text=other[:1].upper() + other[1:])


def _own(quote: Mapping[str, Any]) -> bool:
    """True for a customer's own words, False for what a colleague noted."""
    return not str(quote.get("role", "")).startswith("noted by")


def quotes(found: Sequence[VoiceStatement], printed: Collection[str] = ()) -> tuple[Quote, ...]:
    """A few sentences to print, of different customers, short enough to read and long enough to say something.

    Customers' own words go before what the team noted, one quote of each code before a second of any, and
    within a code those most customers agree with. A quote is never a line that stands on the page already.
    """
    offers = []
    for statement in found:
        for place, quote in enumerate(statement.quotes):
            if (
                quote["text"] in printed
                or not _QUOTE_WORDS[0] <= len(quote["text"].split()) <= _QUOTE_WORDS[1]
            ):
                continue
            rank = (
                not _own(quote),
                statement.status != "accepted",
                -statement.n_customers,
                place,
                quote["text"],
            )
            offers.append((rank, statement.code, quote))
    offers.sort(key=lambda offer: offer[0])
    chosen: list[Quote] = []
    heard: set[str] = set()
    codes: set[str] = set()
    for fresh in (True, False):
        for rank, code, quote in offers:
            who = quote.get("customer_id") or quote["text"]
            if len(chosen) == _MOST_QUOTES:
                return tuple(chosen)
            # While the customers' own words last, nobody else speaks for them.
            if who in heard or (fresh and (code in codes or rank[0])):
                continue
            chosen.append(Quote(**quote))
            heard.add(who)
            codes.add(code)
    return tuple(chosen)
