"""What the business plan expects of the ideal customer, put to the test: confirmed, refuted or open.

A hypothesis tied to a condition is checked on the customers, one tied to a section of the profile on the
answers to a survey that asked for it, else on what customers say. Nothing but data changes its status.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from icp_core.errors import IcpError
from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Asked, Evidence, Hypothesis, Profile, Statement
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.segments.standing import good_and_bad
from icp_core.stats.intervals import wilson
from icp_core.stats.phrases import HINT, LIKELY, MIN_N, SOLID, TOO_FEW
from icp_core.stats.wording import count, rate, times
from icp_core.voice import research_kit
from icp_core.voice.phrases import people
from icp_core.voice.statements import LIKELY_CUSTOMERS, SAME_STATEMENT, SECTIONS
from icp_core.workspace import Workspace

TOPIC = "hypothesis"
# A condition under which customers are at most this many times likelier to be good makes no difference.
_NO_MATTER = 1.2
# A thing said by likely fewer than this share of those who spoke of such things is not theirs.
_RARE = 0.10
SECTION_TITLES = {
    "jobs": "What they hire us to do",
    "pains": "What hurts them",
    "triggers": "What sets them looking",
    "objections": "What holds them back",
    "buying_criteria": "What decides it",
    "channels": "Where to find them",
    "values": "What they value",
}


def enter(
    workspace: Workspace,
    text: str,
    *,
    segment: Segment | None = None,
    section: str = "",
    author: str = "",
) -> Hypothesis:
    """Keep a hypothesis; the same words and condition are kept once.

    Raises
    ------
    IcpError
        There are no words, or the section is not one of ``SECTION_TITLES``.
    """
    text = " ".join(text.split())
    if not text:
        raise IcpError("Write the hypothesis as one sentence.")
    if section and section not in SECTION_TITLES:
        raise IcpError(f"There is no section “{section}”. Choose one of: {', '.join(SECTION_TITLES)}.")
    segment = segment or Segment()
    digest = hashlib.sha1(f"{text}\x1f{segment.to_query()}\x1f{section}".encode(), usedforsecurity=False)
    found = Hypothesis(
        key=digest.hexdigest()[:12], text=text, segment=segment, section=section, status="open"
    )
    workspace.decide(
        TOPIC,
        found.key,
        {"text": text, "segment": segment.to_dict(), "section": section},
        author=author,
    )
    return found


def forget(workspace: Workspace, key: str) -> None:
    """Take a hypothesis back."""
    workspace.withdraw(TOPIC, key)


def entered(workspace: Workspace) -> list[Hypothesis]:
    """All hypotheses, oldest first, not yet checked."""
    return [
        Hypothesis(
            key=d.key,
            text=d.value["text"],
            segment=Segment.from_dict(d.value.get("segment") or {"conditions": []}),
            section=d.value.get("section", ""),
            status="open",
        )
        for d in workspace.decisions(TOPIC)
    ]


def check(
    expected: Sequence[Hypothesis],
    facts: Facts,
    *,
    codes: pd.DataFrame | None = None,
    responses: pd.DataFrame | None = None,
    questions: Sequence = (),
    ideal: Collection[str] | None = None,
    offer: str = "",
) -> list[Hypothesis]:
    """What the data say about each hypothesis.

    Parameters
    ----------
    expected
        As from ``entered``.
    codes
        Coded sentences of the ideal customers (see ``voice.codes.suggest``).
    responses, questions
        Survey answers and the survey's questions (see ``voice.collect``).
    ideal
        Ids of the ideal customers: theirs are the answers that count, everybody's only where none of them was
        asked.
    offer
        What is sold, as the survey names it.

    Returns
    -------
    list of Hypothesis
        In their order, with ``status`` confirmed, refuted or open, the reason in ``words`` and, where anything
        was counted, ``evidence``.
    """
    asked = asked_of(
        [research_kit.Hypothesis(h.section, h.text) for h in expected], responses, questions, ideal, offer
    )
    return [_checked(one, facts, codes, row) for one, row in zip(expected, asked, strict=True)]


def asked_of(
    expected: Sequence[research_kit.Hypothesis],
    responses: pd.DataFrame | None,
    questions: Sequence,
    ideal: Collection[str] | None,
    offer: str = "",
) -> list[Mapping[str, Any] | None]:
    """What a survey says of each hypothesis (a row of ``research_kit.check_hypotheses``); None: nobody was asked."""
    about = [one for one in expected if one.section]
    if responses is None or responses.empty or not about:
        return [None] * len(expected)
    table = research_kit.check_hypotheses(
        about, responses, questions, offer=offer or research_kit.OFFER, ideal=ideal
    )
    rows = dict(zip(about, table.astype(object).to_dict("records"), strict=True))
    return [rows[one] if one.section and rows[one]["n_asked"] else None for one in expected]


def marked(
    profile: Profile, responses: pd.DataFrame, questions: Sequence, ideal: Collection[str] | None
) -> Profile:
    """The profile with each line that a survey asked for marked confirmed, refuted or open, and by how many.

    An assumption that was asked gets the survey as its evidence; lines nobody was asked about lose old marks.
    """
    changed = {}
    for section in research_kit.SECTIONS:
        lines = [_unmarked(line) for line in getattr(profile, section)]
        expected = [research_kit.hypothesis(section, line) for line in lines]
        asked = asked_of(expected, responses, questions, ideal, profile.meta.offer)
        changed[section] = [
            line if row is None else _marked(line, row) for line, row in zip(lines, asked, strict=True)
        ]
    return profile.model_copy(update=changed)


def _unmarked(line: Statement) -> Statement:
    by_survey = line.evidence is not None and line.evidence.method.startswith(research_kit.BY_SURVEY)
    return line.model_copy(
        update={"status": "", "asked": None, "evidence": None if by_survey else line.evidence}
    )


def _marked(line: Statement, row: Mapping[str, Any]) -> Statement:
    found = _by_survey(row)
    return line.model_copy(
        update={
            "status": found["status"],
            "asked": Asked(n=row["n"], of=row["n_asked"]),
            "evidence": line.evidence or found["evidence"],
        }
    )


def _checked(one: Hypothesis, facts: Facts, codes, asked: Mapping[str, Any] | None) -> Hypothesis:
    if one.segment:
        return one.model_copy(update=_by_customers(one.segment, facts))
    if asked is not None and asked["n_asked"] >= MIN_N:
        return one.model_copy(update=_by_survey(asked))
    if one.section and codes is not None and len(codes):
        return one.model_copy(update=_by_words(one, codes))
    why = "No condition and no section is named, so no data can speak of it."
    if one.section:
        why = "Nobody among the ideal customers has spoken of it yet. The Research page helps to ask."
    return one.model_copy(update={"status": "open", "words": why, "evidence": None})


def _by_customers(segment: Segment, facts: Facts) -> dict:
    """Are customers who meet the condition likelier to be good ones? Ratio of shares (Katz 1978)."""
    known, lost = segment.known_to(facts.catalogue)
    if lost:
        return {
            "status": "open",
            "words": f"No attribute {', '.join(sorted({c.attribute for c in lost}))} is loaded.",
            "evidence": None,
        }
    has = members(facts, known)
    good, _ = good_and_bad(facts)
    n_in, n_out = int(has.sum()), int((~has).sum())
    a, b = float((good & has).sum()), float((good & ~has).sum())
    sources = sorted({facts.catalogue[x].source for x in known.attributes if x in facts.catalogue} - {""})
    if min(n_in, n_out) < MIN_N or a + b == 0:
        few = f"{count(min(n_in, n_out))} customers on one side: about 30 would tell."
        evidence = Evidence(n=n_in, n_rest=n_out, verdict=TOO_FEW, method=few, sources=sources)
        return {"status": "open", "words": few, "evidence": evidence}
    share_in, share_out = a / n_in, b / n_out
    if a == 0 or b == 0:
        a, b, n_in_, n_out_ = a + 0.5, b + 0.5, n_in + 1, n_out + 1
    else:
        n_in_, n_out_ = n_in, n_out
    ratio = (a / n_in_) / (b / n_out_)
    spread = 1.96 * math.sqrt(max(0.0, 1 / a - 1 / n_in_ + 1 / b - 1 / n_out_))
    low, high = ratio * math.exp(-spread), ratio * math.exp(spread)
    status = "confirmed" if low > 1 else "refuted" if high < _NO_MATTER else "open"
    words = f"{rate(share_in)} of {count(n_in)} are good customers, {rate(share_out)} of the others ({times(ratio)})."
    evidence = Evidence(
        n=n_in,
        n_rest=n_out,
        effect=ratio,
        low=low,
        high=high,
        effect_kind="ratio",
        verdict=HINT if status == "open" else SOLID if low > 1.3 or high < 0.9 else LIKELY,
        method="How many times likelier customers who meet the condition are to be good ones (top quarter by "
        "value and still here) than the others. Confirmed: likely more than once as likely. Refuted: likely "
        "less than 1.2 times.",
        sources=sources,
        segment=known,
    )
    return {"status": status, "words": words, "evidence": evidence}


def _by_survey(asked: Mapping[str, Any]) -> dict:
    evidence = Evidence(
        n=int(asked["n_asked"]),
        effect=float(asked["share"]),
        low=float(asked["low"]),
        high=float(asked["high"]),
        effect_kind="share",
        verdict=LIKELY if asked["status"] != "open" else HINT,
        method=f"{research_kit.BY_SURVEY} {'the ideal customers' if asked['of_ideal'] else 'all people'} asked who chose it. "
        "Confirmed: likely a quarter or more, or half of a share the line names; refuted: likely fewer.",
        sources=["survey"],
    )
    return {"status": asked["status"], "words": f"{asked['words']}.", "evidence": evidence}


def _by_words(one: Hypothesis, codes: pd.DataFrame) -> dict:
    """How many customers say the like, among those who speak of such things at all."""
    wanted = {code for code, section in SECTIONS.items() if section == one.section}
    part = codes[codes["code"].isin(wanted) & codes["status"].ne("rejected")]
    heard = people(part) if len(part) else pd.Series(dtype=object)
    n_heard = len(set(heard))
    if not n_heard:
        why = "Nobody among the ideal customers has spoken of such things yet."
        return {"status": "open", "words": why, "evidence": None}
    alike = np.array(_alike(one.text, part["sentence"].tolist()))
    who = np.asarray(heard)[alike]
    n = len(set(who))
    low, high = wilson(n, n_heard)
    if n >= LIKELY_CUSTOMERS:
        status = "confirmed"
    elif n_heard >= MIN_N and high < _RARE:
        status = "refuted"
    else:
        status = "open"
    words = f"{count(n)} of {count(n_heard)} customers who spoke of such things say the like."
    evidence = Evidence(
        n=n_heard,
        effect=n / n_heard,
        low=float(low),
        high=float(high),
        effect_kind="share",
        verdict=HINT if status == "open" else LIKELY,
        method=f"Sentences like the hypothesis, counted by customer. Confirmed: {LIKELY_CUSTOMERS} customers or more; "
        "refuted: likely fewer than a tenth of those who spoke of such things.",
        sources=sorted({str(s) for s in part["source"]}),
        sentence_ids=part["sentence_id"][alike].tolist(),
    )
    return {"status": status, "words": words, "evidence": evidence}


def _alike(text: str, sentences: Sequence[str]) -> list[bool]:
    """Which sentences say the like of a text: in the same group when the text leads it."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    from icp_core.voice.words import stem, stop_words, tokens

    stops = stop_words()
    words = [[stem(w) for w in tokens(t) if w not in stops and len(w) > 2] for t in (text, *sentences)]
    if not words[0] or not any(words[1:]):
        return [False] * len(sentences)
    vectors = TfidfVectorizer(analyzer=lambda ws: ws, sublinear_tf=True).fit_transform(words)
    likeness = (vectors[1:] @ vectors[0].T).toarray().ravel()
    return (likeness >= SAME_STATEMENT).tolist()
