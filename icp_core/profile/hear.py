"""What the ideal customers say, put into the shapes of the profile."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.profile.draft import Heard
from icp_core.profile.model import BuyingRole, Job, Pain, Quote, Share, Statement, Trigger
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.voice.codes import suggest
from icp_core.voice.collect import everything_said
from icp_core.voice.phrases import shared_phrases
from icp_core.voice.statements import HINT_CUSTOMERS, VoiceStatement, statements
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
    found = statements(suggest(mine, decisions), facts)
    return Heard(
        jobs=tuple(Job(**s.fields()) for s in _best(found, "jobs", one_each=True)),
        pains=tuple(Pain(**s.fields()) for s in _best(found, "pains")),
        triggers=tuple(Trigger(**s.fields()) for s in _best(found, "triggers")),
        objections=tuple(Statement(**s.fields()) for s in _best(found, "objections")),
        values=tuple(Statement(**s.fields()) for s in _best(found, "values")),
        buying_criteria=tuple(Share(**s.fields()) for s in _best(found, "buying_criteria")),
        buying_roles=tuple(BuyingRole(**s.fields()) for s in _best(found, "buying_roles") if s.role),
        channels=tuple(Share(**s.fields()) for s in _best(found, "channels")),
        quotes=quotes(found),
        phrases=tuple(
            {"phrase": row.phrase, "n": int(row.n_customers)}
            for row in shared_phrases(mine, facts, most=_MOST_PHRASES).itertuples()
        ),
    )


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
    mine = sorted(
        (s for s in found if s.section == section and len(s.text) <= _LINE_CHARACTERS and _carries(s)),
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


def quotes(found: Sequence[VoiceStatement]) -> tuple[Quote, ...]:
    """A few sentences to print, of different customers, short enough to read and long enough to say something.

    They come from the statements most customers make; a quote is never the very line that stands on the page.
    """
    lines = {s.text for s in found}
    chosen: list[Quote] = []
    heard: set[str] = set()
    ranked = sorted(found, key=lambda s: (s.status != "accepted", -s.n_customers, s.text))
    for statement in ranked:
        for quote in statement.quotes:
            n_words = len(quote["text"].split())
            who = quote.get("customer_id") or quote["text"]
            if who in heard or quote["text"] in lines or not _QUOTE_WORDS[0] <= n_words <= _QUOTE_WORDS[1]:
                continue
            chosen.append(Quote(**quote))
            heard.add(who)
            break
        if len(chosen) == _MOST_QUOTES:
            break
    return tuple(chosen)
