"""Draft the ICP from evidence: every sentence comes from a figure or a code by a readable rule.

What has no data behind it is not filled in; it becomes an open question.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.profile import sentence, traits
from icp_core.profile.behaviour import behaviour
from icp_core.profile.behind import figure_evidence
from icp_core.profile.buying import Buying
from icp_core.profile.market import cautions
from icp_core.profile.model import (
    STATEMENT_LISTS,
    BuyingRole,
    Disqualifier,
    Evidence,
    Figure,
    Hypothesis,
    IdealOfIdeal,
    Implication,
    Job,
    Lift,
    Market,
    Messaging,
    Meta,
    Pain,
    Profile,
    Quote,
    Share,
    Stage,
    Statement,
    SurvivalPoint,
    Trait,
    Trigger,
    Verdict,
)
from icp_core.profile.questions import open_questions
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.dashboard import Dashboard, dashboard
from icp_core.segments.discover import Candidate
from icp_core.segments.figures import Comparison
from icp_core.segments.leaks import overruled
from icp_core.segments.membership import members
from icp_core.segments.standing import good_and_bad
from icp_core.stats import wording
from icp_core.stats.intervals import share_difference, wilson
from icp_core.stats.phrases import HINT, LIKELY, MIN_N, SOLID, TOO_FEW

REVIEW_MONTHS = 3
_MOST_FIGURES = 6
_ALIKE = 0.02  # two figures this near each other tell the same
_SHORT_DAYS = 92  # a quarter: before that nobody can have stayed, bought again or left in earnest
_MOST_CHANNELS = 5
_MOST_OBJECTIONS, _MOST_ROLES = 4, 4
_CURVE_MONTHS = 36


@dataclass(frozen=True)
class Heard:
    """What the customers say, ready for the page (see ``profile.hear``); all lists may be empty."""

    jobs: tuple[Job, ...] = ()
    pains: tuple[Pain, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    objections: tuple[Statement, ...] = ()
    values: tuple[Statement, ...] = ()
    buying_criteria: tuple[Share, ...] = ()
    buying_roles: tuple[BuyingRole, ...] = ()
    channels: tuple[Share, ...] = ()
    quotes: tuple[Quote, ...] = ()
    counts: tuple[tuple[str, str, str], ...] = field(default=())  # lines for the evidence footer
    said: Mapping[str, int] = field(
        default_factory=dict
    )  # answers, interviews, notes, tickets without customers
    nps: Mapping[str, object] | None = None  # score, low, high, n of all answers; None: nobody was asked
    csat: Mapping[str, object] | None = None
    themes: tuple[Mapping[str, object], ...] = ()  # name, n, share, verbatim
    phrases: tuple[Mapping[str, object], ...] = ()  # phrase, n
    complaints: tuple[Pain, ...] = ()  # what they write to support about
    codes: pd.DataFrame = field(default_factory=pd.DataFrame, compare=False)  # their coded sentences


def draft(
    facts: Facts,
    segment: Segment,
    *,
    candidate: Candidate | None = None,
    disqualifiers: Sequence[Disqualifier] = (),
    ideal: Candidate | None = None,
    heard: Heard | None = None,
    bought: Buying | None = None,
    market: Market | None = None,
    hypotheses: Sequence[Hypothesis] = (),
    former: Profile | None = None,
    company: str = "",
    offer: str = "",
    author: str = "",
    outcome: str = "value",
) -> Profile:
    """The profile of a segment, from what the data say.

    Parameters
    ----------
    facts
        One row per customer.
    segment
        The criteria of the ICP.
    candidate
        The finding the segment came from, if it was discovered: its corrected effect becomes the evidence.
    disqualifiers
        Priced kinds of customer that are no fit.
    ideal
        The best sub-segment inside, where one stands.
    heard
        What customers say (jobs, pains, quotes …).
    bought
        How they buy, from deals and surveys (see ``profile.buying``).
    hypotheses
        What the business plan expects, already checked.
    former
        The profile before: lines the user wrote or edited, hidden sections, name and offer are kept.

    Returns
    -------
    Profile
        Statements with evidence; ``open_questions`` for what no data speak of.
    """
    heard, bought = heard or Heard(), bought or Buying()
    board = dashboard(facts, segment)
    inside = members(facts, segment)
    good, _ = good_and_bad(facts)
    profile = Profile(
        meta=Meta(
            name=sentence.short_name(segment, facts.catalogue, facts.unit),
            company=company,
            offer=offer,
            author=author,
            as_of=facts.as_of,
            review_on=months_later(facts.as_of, REVIEW_MONTHS),
            unit=facts.unit,
            currency=facts.currency,
            outcome=outcome,
        ),
        statement=Statement(
            text=sentence.statement(segment, facts.catalogue, facts.unit) if segment else _everyone(facts),
            evidence=_criteria_evidence(facts, segment, board, candidate),
        ),
        criteria=segment,
        criteria_words=segment.words(facts.catalogue),
        criteria_evidence=_criteria_evidence(facts, segment, board, candidate),
        figures=figures(board),
        who=traits.who(facts, segment),
        lifts=_lifts(facts, segment, good, disqualifiers),
        channels=channels(facts, inside) or list(heard.channels),
        disqualifiers=list(disqualifiers),
        ideal_of_ideal=ideal_of_ideal(facts, segment, ideal),
        jobs=list(heard.jobs),
        pains=list(heard.pains),
        triggers=list(heard.triggers),
        objections=[*heard.objections, *bought.objections][:_MOST_OBJECTIONS],
        behaviour=behaviour(facts, segment),
        values=list(heard.values),
        buying_criteria=list(bought.criteria or heard.buying_criteria),
        buying_roles=[*heard.buying_roles, *bought.roles][:_MOST_ROLES],
        cycle=_cycle(board, bought),
        buying_team=bought.team,
        drop_out=list(bought.drop_out),
        hypotheses=list(hypotheses),
        quotes=list(heard.quotes),
        market=market,
        retention_ideal=_curve(board, "segment"),
        retention_others=_curve(board, "rest"),
        retention_is_clear=None if board.retention is None else board.retention.is_clear,
        evidence_base=evidence_base(facts, heard),
        warnings=_warnings(facts, segment, board),
    )
    profile.implications = implications(
        profile, facts, segment, heard, bought, gone_sooner=_gone_sooner(board)
    )
    profile.messaging = messaging(profile, bought, facts)
    if former is not None:
        _keep_own_words(profile, former)
    profile.open_questions = open_questions(profile)
    return profile


def _everyone(facts: Facts) -> str:
    return f"All **{wording.count(len(facts))} customers**: no kind of customer is singled out."


def months_later(day: date, months: int) -> date:
    """The same day some months on; the last of the month where there is no such day.

    >>> months_later(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    return (pd.Timestamp(day) + pd.DateOffset(months=months)).date()


# -- figures ---------------------------------------------------------------------------------------


def figures(board: Dashboard) -> list[Figure]:
    """The key figures of the strip, ideal beside others, in words and with the numbers behind them.

    Of a segment of everyone they stand alone: nobody is left to compare with.
    """
    found = []
    for c in board.comparisons:
        if not c.segment.n or (board.rest.n and not c.rest.n) or _says_the_same(c, board):
            continue
        found.append(
            Figure(
                key=c.kind.key,
                label=c.kind.label,
                ideal=c.words("segment"),
                others=c.words("rest") if c.rest.n else "",
                difference=c.difference if c.is_clear and c.rest.n else "",
                ideal_value=_number(c.segment.value),
                others_value=_number(c.rest.value),
                low=_number(c.segment.low),
                high=_number(c.segment.high),
                n_ideal=c.segment.n,
                n_others=c.rest.n,
                verdict=c.verdict if c.rest.n else _verdict_alone(c.segment.n),
                better=c.better if c.rest.n else None,
                definition=c.kind.definition,
            )
        )
    return found[:_MOST_FIGURES]


def _says_the_same(comparison: Comparison, board: Dashboard) -> bool:
    """Recurring revenue that is the value a month: one figure, told once."""
    value = board.comparison("value_per_month")
    if comparison.kind.key != "mrr" or value is None:
        return False
    pairs = ((comparison.segment.value, value.segment.value), (comparison.rest.value, value.rest.value))
    return all(math.isclose(one, other, rel_tol=_ALIKE) for one, other in pairs if not math.isnan(other))


def _verdict_alone(n: int) -> Verdict:
    return SOLID if n >= 30 else HINT if n >= MIN_N else TOO_FEW


def _number(value: float) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _criteria_evidence(
    facts: Facts, segment: Segment, board: Dashboard, candidate: Candidate | None
) -> Evidence:
    n, rest = board.segment.n, board.rest.n
    sources = sorted({facts.catalogue[a].source for a in segment.attributes if a in facts.catalogue} - {""})
    share = _number(board.segment.share_value)
    if candidate is not None and candidate.segment == segment:
        return Evidence(
            n=n,
            n_rest=rest,
            effect=candidate.effect,
            effect_raw=candidate.effect_raw,
            low=_number(candidate.low),
            high=_number(candidate.high),
            effect_kind=candidate.effect_kind,
            verdict=candidate.verdict,
            method="Found by search; the effect is reduced for the luck of having searched.",
            sources=sources,
            revenue_share=share,
        )
    best = next(
        (c for c in board.comparisons if c.kind.key in ("value_per_month", "ltv") and c.is_clear), None
    )
    return Evidence(
        n=n,
        n_rest=rest,
        effect=None if best is None or not best.rest.value else best.segment.value / best.rest.value,
        effect_kind="" if best is None else "ratio",
        verdict=TOO_FEW if n < MIN_N else (best.verdict if best else HINT),
        method="Chosen by hand; the figures beside the rest are as seen in this data.",
        sources=sources,
        revenue_share=share,
    )


def _curve(board: Dashboard, group: str) -> list[SurvivalPoint]:
    if board.retention is None:
        return []
    curve = board.retention.curve
    mine = curve[(curve["group"] == group) & (curve["month"] <= min(_CURVE_MONTHS, board.retention.horizon))]
    return [
        SurvivalPoint(month=float(r.month), survival=r.kept, low=r.low, high=r.high, at_risk=int(r.at_risk))
        for r in mine.itertuples()
        if not math.isnan(r.kept)
    ]


def _cycle(board: Dashboard, bought: Buying) -> list[Stage]:
    """The stages of the sale; where only its whole length is known, the figure of the strip, so that both agree."""
    whole = board.comparison("cycle")
    if len(bought.cycle) == 1 and whole is not None and whole.segment.n >= MIN_N:
        return [bought.cycle[0].model_copy(update={"days": float(whole.segment.value)})]
    return list(bought.cycle)


def _lifts(
    facts: Facts, segment: Segment, good: np.ndarray, disqualifiers: Sequence[Disqualifier]
) -> list[Lift]:
    refused = [Segment(d.segment.conditions, d.words) for d in disqualifiers if d.segment]
    return traits.lifts(facts, segment, good, refused)


# -- what the tables say beyond figures --------------------------------------------------------------


def channels(facts: Facts, inside: np.ndarray) -> list[Share]:
    """Where the ideal customers came from: each lead source with its share, beside the others'."""
    if not facts.has("lead_source"):
        return []
    source = facts.frame["lead_source"]
    known = source.notna().to_numpy()
    n_in, n_out = int((known & inside).sum()), int((known & ~inside).sum())
    if n_in < MIN_N:
        return []
    lines = []
    counts = source[inside].value_counts()
    for name, hits in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_CHANNELS]:
        out = int((source[~inside] == name).sum())
        low, high = wilson(hits, n_in)
        difference = share_difference(hits, n_in, out, n_out)
        clear = difference[0] > 0 or difference[1] < 0
        lines.append(
            Share(
                text=str(name),
                share=hits / n_in,
                evidence=Evidence(
                    n=n_in,
                    n_rest=n_out,
                    effect=hits / n_in,
                    low=float(low),
                    high=float(high),
                    effect_kind="share",
                    verdict=LIKELY if clear else HINT,
                    method=f"Share of the ideal customers whose source is known; others {wording.rate(out / n_out) if n_out else 'not known'}.",
                    sources=[facts.catalogue["lead_source"].source],
                    segment=Segment((Condition("lead_source", "is_any_of", [str(name)]),)),
                ),
            )
        )
    return lines


def ideal_of_ideal(facts: Facts, segment: Segment, found: Candidate | None) -> IdealOfIdeal | None:
    """The card of the strongest sub-segment, with its own figures; None where none stands."""
    if found is None or not found.stands:
        return None
    extra = Segment(tuple(c for c in found.segment.conditions if c not in segment.conditions))
    whole = Segment((*segment.conditions, *extra.conditions), "Ideal of the ideal")
    board = dashboard(facts, whole)
    cells = [(wording.count(board.segment.n), "accounts" if facts.unit == "account" else "customers")]
    if not math.isnan(board.segment.share_value):
        cells.append((wording.rate(board.segment.share_value), "of revenue"))
    words = {"ltv": "LTV", "churn": "churned"}
    cells += [
        (c.words("segment"), words[c.kind.key])
        for c in board.comparisons
        if c.kind.key in words and c.segment.n
    ]
    share = wording.rate(board.segment.n / max(1, len(facts)))
    return IdealOfIdeal(
        name=sentence.short_name(extra, facts.catalogue, facts.unit),
        segment=whole,
        text=f"{share} of the customers: inside the ICP, {extra.words(facts.catalogue)}.",
        facts=cells[:4],
        evidence=Evidence(
            n=found.n,
            effect=_number(found.effect),
            effect_raw=_number(found.effect_raw),
            low=_number(found.low),
            high=_number(found.high),
            effect_kind=found.effect_kind,
            verdict=found.verdict,
            method="Found by search inside the ICP, beside the rest of the ICP; the effect is reduced for luck.",
            sources=sorted(
                {facts.catalogue[a].source for a in extra.attributes if a in facts.catalogue} - {""}
            ),
            n_rest=max(0, int(members(facts, segment).sum()) - found.n),
        ),
    )


def evidence_base(facts: Facts, heard: Heard) -> list[tuple[str, str, str]]:
    """What the page rests on: number, what, from when to when or which file."""
    lines = []
    since = facts.frame["customer_since"].min() if facts.has("customer_since") else None
    span = f"to {wording.on_date(facts.as_of)}"
    if since is not None and not pd.isna(since):
        span = f"{since:%b %Y}–{facts.as_of:%b %Y}"
    lines.append((wording.count(len(facts)), "customers", span))
    for key, kind, word in (
        ("orders", "orders", "orders"),
        ("subscriptions", "subscriptions", "subscriptions"),
        ("deals", "deals", "deals"),
        ("responses", "responses", "survey answers"),
        ("interviews", "transcript", "interviews"),
        ("notes", "notes", "team notes"),
    ):
        if facts.counts.get(key):
            shown = word.removesuffix("s") if facts.counts[key] == 1 else word
            lines.append((wording.count(facts.counts[key]), shown, facts.sources.get(kind, "")))
    return [*lines, *heard.counts]


# -- what follows from it ----------------------------------------------------------------------------


def implications(
    profile: Profile,
    facts: Facts,
    segment: Segment,
    heard: Heard | None = None,
    bought: Buying | None = None,
    *,
    gone_sooner: bool = False,
) -> list[Implication]:
    """What each team can do next; each line repeats a finding, none adds a claim.

    ``gone_sooner`` says whether they leave sooner month for month, which a higher share of lost customers alone does
    not show.
    """
    lines = []
    labels = [facts.catalogue[a].label.lower() for a in segment.attributes if a in facts.catalogue]
    if labels:
        lines.append(
            Implication(
                team="Sales",
                text=_first_call(wording.listed(labels), len(labels), facts.unit),
                evidence=profile.criteria_evidence,
            )
        )
    ahead = [c for c in profile.channels if c.evidence and c.evidence.verdict in (SOLID, LIKELY)]
    if ahead:
        top = max(ahead, key=lambda c: c.share or 0)
        lines.append(
            Implication(
                team="Marketing",
                text=f"Be where they come from: {top.text} brings {wording.rate(top.share)} of them.",
                evidence=top.evidence,
            )
        )
    elif bought is not None and bought.lead_with:
        first = bought.lead_with[0]
        lines.append(
            Implication(
                team="Marketing",
                text=f"Lead with what matters more to them: {wording.in_sentence(_with_shares(first))}.",
                evidence=first.evidence,
            )
        )
    wish = next(iter(profile.pains or profile.buying_criteria), None)
    complaint = next(iter(heard.complaints if heard else ()), None)
    if complaint is not None and complaint.evidence is not None and complaint.evidence.n:
        # The commonest complaint is at least a fact about our product; what to build is a wish.
        lines.append(
            Implication(
                team="Product",
                text=f"Mend what they write to support about: {wording.in_sentence(complaint.text.rstrip('.'))} "
                f"({wording.count(complaint.evidence.n)} customers).",
                evidence=complaint.evidence,
            )
        )
    elif wish is not None:
        lines.append(
            Implication(
                team="Product",
                text=f"Work on what they name most: {wording.in_sentence(wish.text.rstrip('.'))}.",
                evidence=wish.evidence,
            )
        )
    if profile.objections:
        lines.append(
            Implication(
                team="Business development",
                text=_answer_to(profile.objections[0]),
                evidence=profile.objections[0].evidence,
            )
        )
    churn = next((f for f in profile.figures if f.key == "churn" and f.better is not None), None)
    if churn is not None and (churn.better or gone_sooner):
        follows = (
            "ask those who stay for referrals" if churn.better else "find out why before you win more of them"
        )
        word = "less" if churn.better else "more"
        lines.append(
            Implication(
                team="Success",
                text=f"They leave {word} often ({churn.ideal}, others {churn.others}): {follows}.",
                evidence=figure_evidence(churn, facts),
            )
        )
    return lines


def _first_call(attributes: str, n: int, unit: str) -> str:
    word = "it decides" if n == 1 else "they decide"
    if unit == "person":
        return f"Look at {attributes} first: {word} who fits."
    return f"Ask for {attributes} in the first call; {word} who fits."


def _with_shares(line: Trait) -> str:
    ideal, others = (
        wording.rate(round(line.share_ideal or 0, 2)),
        wording.rate(round(line.share_others or 0, 2)),
    )
    return f"{line.text} ({ideal}, others {others})"


def _answer_to(objection: Statement) -> str:
    words = wording.in_sentence(objection.text.rstrip("."))
    if objection.evidence is not None and " lost deals " in objection.evidence.method:
        return f"Deals with them are lost most often like this: {words}."
    return f"Have an answer ready to: {words}."


def messaging(profile: Profile, bought: Buying | None = None, facts: Facts | None = None) -> Messaging:
    """What to tell them: in their own words where there are any, else what matters to them more than to others.

    To avoid is leading with what matters to them clearly less.
    """
    bought = bought or Buying()
    say = [Statement(text=f"“{job.text.rstrip('.')}.”", evidence=job.evidence) for job in profile.jobs[:2]]
    say += [Statement(text=line.text, evidence=line.evidence) for line in bought.lead_with[: 3 - len(say)]]
    prove = [
        Statement(
            text=_proof(f, profile.meta.unit),
            evidence=figure_evidence(f, facts),
        )
        for f in profile.figures
        if f.better and f.key in ("nps", "churn")
    ][:2]
    avoid = [
        Statement(text=f"Leading with {wording.in_sentence(_with_shares(line))}", evidence=line.evidence)
        for line in bought.not_lead_with
    ]
    return Messaging(say=say, prove=prove, avoid=avoid)


def _proof(f: Figure, unit: str) -> str:
    """A figure as a sentence one may say to a customer."""
    alike = "companies like theirs" if unit == "account" else "customers like them"
    if f.key == "churn" and f.ideal_value is not None and f.ideal_value < 0.5:
        return f"{wording.rate(round(1 - f.ideal_value, 2))} of {alike} are still with us"
    if f.key == "nps":
        return f"{alike[:1].upper()}{alike[1:]} recommend us: NPS {f.ideal}"
    return f"{f.label}: {f.ideal}, others {f.others}"


def _gone_sooner(board: Dashboard) -> bool:
    """Whether the segment's customers leave sooner than others, month for month; without curves, by the churn rate."""
    kept = board.retention
    if kept is not None and kept.horizon:
        return kept.is_clear and kept.months_segment < kept.months_rest
    churn = board.comparison("churn")
    return churn is not None and churn.better is False


def _against(board: Dashboard) -> list[str]:
    """What clearly speaks against the ideal customers: worth more, say, but gone sooner.

    Judged by the curves where there are any: of customers who have been here longer more have left, even
    where they stay as long as others.
    """
    value = next(
        (c for c in board.comparisons if c.kind.key in ("value_per_month", "ltv") and c.better), None
    )
    churn = board.comparison("churn")
    if churn is None or churn.better is not False:
        return []
    kept = board.retention
    if kept is not None and not _gone_sooner(board):
        sooner = "stay longer" if kept.is_clear else "stay about as long"
        return [
            f"More of them have left ({churn.words('segment')}, others {churn.words('rest')}) because they have been "
            f"customers for longer: month for month they {sooner} (of the first {kept.horizon} months "
            f"{kept.months_segment:.0f}, others {kept.months_rest:.0f})."
        ]
    more = "They bring more, but they" if value is not None else "They"
    return [
        f"{more} leave more often: {churn.words('segment')}, others {churn.words('rest')}. "
        "Search by Worth or Staying as well before you settle on them."
    ]


def _warnings(facts: Facts, segment: Segment, board: Dashboard) -> list[str]:
    found = []
    n = board.segment.n
    if facts.has("customer_since"):
        seen = (pd.Timestamp(facts.as_of) - facts.frame["customer_since"].min()).days
        if seen < _SHORT_DAYS:
            found.append(
                f"The data cover {wording.count(seen)} days only: what customers are worth and how long they stay are first hints."
            )
    if not segment:
        found.append("No condition is set: the page describes all customers, not an ideal one.")
    elif n < MIN_N:
        found.append(
            f"Only {n} customers fit: too few to say anything about them. About 30 would be enough for a first figure."
        )
    elif n < 30:
        found.append(f"{n} customers fit: figures are hints. 30 or more would carry them.")
    if segment:
        found += cautions(facts, segment)
    found += _against(board)
    insisted = overruled(facts)
    for attribute in segment.attributes:
        about = facts.catalogue.get(attribute)
        if about is None:
            continue
        if about.role == "outcome":
            found.append(f"“{about.label}” is an outcome, not a trait: prospects cannot be judged by it.")
        elif attribute in insisted:
            found.append(f"“{about.label}” takes part on your word. {insisted[attribute]}")
        elif about.leak:
            found.append(f"“{about.label}” may leak the outcome: {about.leak}")
        elif not about.known_before:
            found.append(f"“{about.label}” is known only after the sale: prospects cannot be judged by it.")
    return found


# -- keeping what the user wrote ---------------------------------------------------------------------


def _keep_own_words(profile: Profile, former: Profile) -> None:
    """Carry over what the user wrote: own lines first, name, company, hidden sections, disqualifiers."""
    for name in STATEMENT_LISTS:
        own = [line for line in getattr(former, name) if line.edited or line.is_assumption]
        texts = {line.text for line in own}
        setattr(profile, name, [*own, *(line for line in getattr(profile, name) if line.text not in texts)])
    for part in ("say", "prove", "avoid"):
        own = [line for line in getattr(former.messaging, part) if line.edited or line.is_assumption]
        setattr(profile.messaging, part, [*own, *getattr(profile.messaging, part)][:4])
    if former.statement.edited and former.criteria == profile.criteria:
        profile.statement = former.statement
    for name in ("company", "offer", "author", "version", "status", "note", "language"):
        value = getattr(former.meta, name)
        if value:
            setattr(profile.meta, name, value)
    if former.criteria == profile.criteria:
        profile.meta.name = former.meta.name
    words = {d.words for d in profile.disqualifiers}
    profile.disqualifiers = [
        *(d for d in former.disqualifiers if d.is_assumption and d.words not in words),
        *profile.disqualifiers,
    ]
    profile.market = profile.market or former.market
    profile.personas = list(former.personas)
    profile.hidden_sections = list(former.hidden_sections)
    profile.section_order = list(former.section_order)


def with_section(profile: Profile, fresh: Profile, section: str) -> Profile:
    """One section taken from a fresh draft; all others stay as they are.

    In that section the user's own lines without data stay in front; lines made from data are replaced, edited or
    not. ``section`` is the name of a list of statements, "messaging", "quotes" or "statement".
    """
    new = getattr(fresh, section)
    if section in STATEMENT_LISTS:
        own = [line for line in getattr(profile, section) if line.is_assumption]
        texts = {line.text for line in own}
        new = [*own, *(line for line in new if line.text not in texts)]
    changed = profile.model_copy(update={section: new})
    return changed.model_copy(update={"open_questions": open_questions(changed)})
