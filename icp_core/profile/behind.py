"""What stands behind each line of a profile: its evidence, the customers it counts, the sentences it was made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Evidence, Figure, Profile, Quote, Statement, at_month
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.figures import KINDS
from icp_core.segments.membership import members
from icp_core.stats.phrases import HINT, SOLID
from icp_core.stats.wording import count, rate

_SHOWN = ("customer_id", "customer_name", "revenue", "value_per_month", "customer_since", "churned")
_MEASURED = {kind.key: kind for kind in KINDS}
_OF_FIGURE = {"share": "share", "nps": "score", "typical": ""}
# Sections whose evidence counts among all customers, not among the ideal ones.
AMONG_ALL = ("hypotheses", "disqualifiers", "lifts")


@dataclass(frozen=True)
class Line:
    """One line of the profile in words, with its evidence; without any it is an assumption.

    ``unit`` is what the evidence's range is in where its kind does not say it.
    """

    words: str
    evidence: Evidence | None
    unit: str | None = None


def line_at(profile: Profile, section: str, index: int = 0, facts: Facts | None = None) -> Line | None:
    """The line that a place of the profile holds; None where there is none (any more).

    ``section`` is a list of statements, "statement", "criteria", "figures", "lifts", "quotes", "disqualifiers",
    "ideal_of_ideal", "buying_team", "drop_out", "retention", "market", "hypotheses" or "messaging.say",
    "messaging.prove", "messaging.avoid". ``facts`` name the files behind a figure.

    >>> from datetime import date
    >>> from icp_core.profile.model import Job, Meta
    >>> lines = {"jobs": [Job(text="Bake on time")]}
    >>> profile = Profile(meta=Meta(as_of=date(2026, 1, 1)), statement=Statement(text="**Bakeries**"), **lines)
    >>> line_at(profile, "jobs"), line_at(profile, "statement").words, line_at(profile, "jobs", 7)
    (Line(words='Bake on time', evidence=None, unit=None), 'Bakeries', None)
    """
    if section == "criteria":
        return Line(profile.criteria_words or "all customers", profile.criteria_evidence)
    if section == "ideal_of_ideal":
        best = profile.ideal_of_ideal
        return None if best is None else Line(best.name, _counting(best.evidence, best.segment))
    if section in ("statement", "buying_team"):
        one = getattr(profile, section)
        return None if one is None else Line(one.text.replace("**", ""), one.evidence)
    if section == "retention":
        return _retention_line(profile, facts)
    if section == "market":
        return _market_line(profile)
    owner, _, part = section.rpartition(".")
    lines = getattr(getattr(profile, owner) if owner else profile, part, None)
    if not isinstance(lines, list) or not 0 <= index < len(lines):
        return None
    return _line(profile, section, lines[index], facts)


def _line(profile: Profile, section: str, one, facts: Facts | None) -> Line | None:
    if section == "figures":
        beside = f", others {one.others}" if one.others else ""
        clear = f", {one.difference}" if one.difference else ""
        unit = _MEASURED[one.key].unit if one.key in _MEASURED else None
        unit = profile.meta.currency if unit == "money" else unit
        return Line(f"{one.label}: {one.ideal}{beside}{clear}", figure_evidence(one, facts), unit)
    if section == "lifts":
        return Line(
            f"{one.label}: {_likelier(one.ratio)} to be a good customer",
            Evidence(
                n=one.n,
                effect=one.ratio,
                low=one.low,
                high=one.high,
                effect_kind="ratio",
                verdict=SOLID if one.low > 1 or one.high < 1 else HINT,
                method="How much likelier customers with this trait are to be good ones than those without it.",
                segment=one.segment,
            ),
            "×",
        )
    if section == "quotes":
        return Line(f"“{one.text}”", quote_evidence(one))
    if section == "disqualifiers":
        return Line(one.words, _counting(one.evidence, one.segment))
    return Line(one.text, one.evidence) if isinstance(one, Statement) else None


def _retention_line(profile: Profile, facts: Facts | None) -> Line | None:
    """What the curve comes to at its last month, beside that of the others."""
    ideal, others = profile.retention_ideal, profile.retention_others
    if not ideal:
        return None
    month = min(max(p.month for p in curve) for curve in (ideal, others) if curve)
    last = at_month(ideal, month)
    beside = f", others {rate(at_month(others, month).survival)}" if others else ""
    known = facts is not None and facts.has("churned")
    return Line(
        f"Still customers after {month:.0f} months: {rate(last.survival)}{beside}",
        Evidence(
            n=max(p.at_risk for p in ideal),
            n_rest=max((p.at_risk for p in others), default=0),
            effect=last.survival,
            low=last.low,
            high=last.high,
            effect_kind="share",
            verdict=SOLID if profile.who_stays_longer else HINT,
            method=(
                f"Share still customers {month:.0f} months after their start; those who are here for less count as long "
                f"as they have been seen. {count(last.at_risk)} of the ideal ones have been seen that long."
            ),
            sources=[facts.catalogue["churned"].source] if known else [],
            segment=Segment((Condition("churned", "is_known"),)) if known else None,
        ),
    )


def _market_line(profile: Profile) -> Line | None:
    """How the market was reckoned. Numbers somebody typed stay an assumption, unless a list of prospects backs them."""
    market = profile.market
    if market is None or market.matching is None:
        return None
    noun = "persons" if profile.meta.unit == "person" else "companies"
    return Line(f"The market: {count(market.matching)} {noun} match", market.evidence)


def _likelier(ratio: float) -> str:
    return "more than 20 times as likely" if ratio > 20 else f"{ratio:.2g} times as likely"


def _counting(evidence: Evidence | None, segment: Segment) -> Evidence | None:
    if evidence is None or evidence.segment is not None or not segment:
        return evidence
    return evidence.model_copy(update={"segment": segment})


def quote_evidence(quote: Quote) -> Evidence:
    """A customer's own words stand for themselves: who said them and where; they count for one."""
    return Evidence(
        n=1,
        verdict=HINT,
        method="Said by one customer, word for word. It shows how they say it, not how many think so.",
        sources=[quote.source] if quote.source else [],
        quotes=[quote],
        customer_ids=[quote.customer_id] if quote.customer_id else [],
    )


def figure_evidence(figure: Figure, facts: Facts | None = None) -> Evidence:
    """What stands behind a key figure: the ideal customers of whom it is known, with its likely range."""
    kind = _MEASURED.get(figure.key)
    effect_kind = _OF_FIGURE[kind.kind] if kind else ""
    source = (
        facts.catalogue[kind.column].source if kind and facts is not None and facts.has(kind.column) else ""
    )
    return Evidence(
        n=figure.n_ideal,
        n_rest=figure.n_others,
        effect=figure.ideal_value if effect_kind else None,
        low=figure.low,
        high=figure.high,
        effect_kind=effect_kind,
        verdict=figure.verdict,
        method=figure.definition,
        sources=[source] if source else [],
        segment=Segment((Condition(kind.column, "is_known"),)) if kind else None,
    )


def customers_behind(
    facts: Facts,
    criteria: Segment,
    evidence: Evidence | None = None,
    codes: pd.DataFrame | None = None,
    *,
    among_all: bool = False,
    names: pd.Series | None = None,
) -> pd.DataFrame:
    """The customers a statement counts, highest revenue first, with what they are worth.

    Parameters
    ----------
    criteria
        The ICP's criteria; without evidence all who meet them are meant.
    evidence
        Its ``segment`` narrows them (``among_all``: counts among all customers instead), its ``customer_ids`` name
        them, its ``sentence_ids`` name sentences of ``codes``; with those the sentence and its source stand beside each
        customer.
    names
        Names by id of accounts that are no customers (yet): those behind a lost deal.

    Returns
    -------
    pandas.DataFrame
        ``customer_id``, name, revenue, value a month, since, churned (as far as known), then ``said`` and ``source``.
    """
    columns = [c for c in _SHOWN if c in facts.frame]
    if evidence is not None and evidence.sentence_ids and codes is not None and len(codes):
        said = codes[codes["sentence_id"].isin(evidence.sentence_ids)]
        said = said.drop_duplicates("sentence_id")[["customer_id", "sentence", "source"]]
        said = said.rename(columns={"sentence": "said"})
        found = said.merge(facts.frame[columns], on="customer_id", how="left")
        return _ordered(found[[*columns, "said", "source"]])
    if evidence is not None and evidence.customer_ids:
        named = pd.DataFrame(
            {"customer_id": pd.Series(evidence.customer_ids, dtype=facts.frame["customer_id"].dtype)}
        )
        found = named.merge(facts.frame[columns], on="customer_id", how="left")
        if names is not None:
            told = found["customer_id"].map(names)
            found["customer_name"] = found["customer_name"].fillna(told) if "customer_name" in found else told
        return _ordered(found)
    inside = np.ones(len(facts), dtype=bool) if among_all else members(facts, criteria)
    if evidence is not None and evidence.segment is not None:
        known, _ = evidence.segment.known_to(facts.catalogue)
        inside &= members(facts, known)
    return _ordered(facts.frame.loc[inside, columns])


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    by = next((c for c in ("revenue", "value_per_month") if c in frame), None)
    if by is not None:
        frame = frame.sort_values([by, "customer_id"], ascending=[False, True], kind="stable")
    return frame.reset_index(drop=True)
