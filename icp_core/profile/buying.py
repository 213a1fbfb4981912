"""How the ideal customers buy, as the deals and the survey tell: how long, why they were lost, what decides, who."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.facts.history import with_accounts
from icp_core.profile.model import BuyingRole, Evidence, Share, Stage, Statement, Trait
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.stats.intervals import share_difference, wilson
from icp_core.stats.phrases import HINT, LIKELY, MIN_N, TOO_FEW
from icp_core.stats.wording import count, number, rate
from icp_core.value.economics import funnel
from icp_core.voice.choices import chosen, questions_of

_MOST_REASONS, _MOST_CRITERIA, _MOST_ROLES = 3, 5, 3
_MIN_SHARE = 0.08
_LEAST_LOST = 3
# What a survey question must speak of to tell what decides, or who somebody is (en, de, fr, es).
_DECIDES = re.compile(
    r"\b(matters?|important|importance|decid\w*|decisive|criteri\w*|choos\w*|chose|value most|priorit\w*|"
    r"wichtig\w*|entscheid\w*|kriteri\w*|critère\w*|décid\w*|choisi\w*|importan\w*|criterio\w*|decid\w*|eleg\w*)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(your|ihre?|votre|su|tu)\b[^?]{0,20}\b(role|job title|position|function|rolle|funktion|fonction|poste|rôle|puesto|cargo|rol)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Buying:
    """What is known of how they buy; every list may be empty."""

    cycle: tuple[Stage, ...] = ()
    objections: tuple[Statement, ...] = ()
    criteria: tuple[Share, ...] = ()
    roles: tuple[BuyingRole, ...] = ()
    lead_with: tuple[Trait, ...] = ()  # what matters to them clearly more than to others
    not_lead_with: tuple[Trait, ...] = ()  # … and clearly less
    team: Statement | None = None  # how many people take part
    drop_out: tuple[Share, ...] = ()  # share of deals lost at each stage, worst first


def buying(
    facts: Facts,
    segment: Segment,
    *,
    deals: pd.DataFrame | None = None,
    accounts: pd.DataFrame | None = None,
    responses: pd.DataFrame | None = None,
    questions: Sequence = (),
    contacts: pd.DataFrame | None = None,
) -> Buying:
    """From deals, survey answers and contacts of the companies that meet the criteria.

    Parameters
    ----------
    deals, accounts
        As in ``facts.history.History``: lost deals count when the account meets the criteria, whether or not it
        ever bought.
    responses, questions
        Survey answers and the survey's questions (see ``voice.collect``).
    contacts
        People of the accounts, with ``customer_id`` and ``job_title`` or ``buying_role``.
    """
    survey = facts.sources.get("responses", "survey")
    ids = set(facts.frame["customer_id"][members(facts, segment)]) if "customer_id" in facts.frame else set()
    alike = ids | _accounts_alike(facts, segment, accounts)
    reasons = _lost_reasons(deals, alike, facts.sources.get("deals", "deals")) if deals is not None else ()
    criteria: tuple[Share, ...] = ()
    roles: tuple[BuyingRole, ...] = ()
    more: tuple[Trait, ...] = ()
    less: tuple[Trait, ...] = ()
    if responses is not None and "customer_id" in responses:
        criteria, roles, more, less = _asked(responses, questions, ids, survey)
    return Buying(
        cycle=_cycle(deals, ids) if deals is not None else (),
        objections=reasons,
        criteria=criteria,
        roles=_contact_roles(contacts, ids, facts.sources.get("contacts", "contacts")) or roles,
        lead_with=more,
        not_lead_with=less,
        team=_team(contacts, ids, facts),
        drop_out=_drop_out(deals, alike, facts.sources.get("deals", "deals")) if deals is not None else (),
    )


def _accounts_alike(facts: Facts, segment: Segment, accounts: pd.DataFrame | None) -> set[str]:
    if accounts is None or accounts.empty or any(a not in accounts.columns for a in segment.attributes):
        return set()
    everyone = with_accounts(facts, accounts)
    return set(everyone.frame["customer_id"][members(everyone, segment)])


def _cycle(deals: pd.DataFrame, ids: set[str]) -> tuple[Stage, ...]:
    """The typical days from the first entry of a won deal to its closing: one stage, as exports hold no more."""
    if "cycle_days" not in deals or "customer_id" not in deals:
        return ()
    days = deals.loc[deals["outcome"].eq("won") & deals["customer_id"].isin(ids), "cycle_days"].dropna()
    return (
        (Stage(label="from entry to won", days=float(days.median())),)
        if len(days) >= MIN_N and days.median() > 0
        else ()
    )


def _drop_out(deals: pd.DataFrame, ids: set[str], source: str) -> tuple[Share, ...]:
    """At which stages deals with such companies are lost; empty where the export keeps only "lost"."""
    if not {"customer_id", "stage", "outcome"} <= set(deals):
        return ()
    mine = deals[deals["customer_id"].isin(ids)]
    if len(mine) < MIN_N:
        return ()
    stages = funnel(mine)
    stages = stages[stages["drop_out"].notna() & (stages["n"] >= MIN_N) & (stages["lost"] >= _LEAST_LOST)]
    worst = stages.sort_values(["drop_out", "stage"], ascending=[False, True], kind="stable")
    return tuple(
        Share(
            text=str(row.stage),
            share=float(row.drop_out),
            evidence=Evidence(
                n=int(row.n),
                of="deals",
                effect=float(row.drop_out),
                low=float(row.low),
                high=float(row.high),
                effect_kind="share",
                verdict=LIKELY if row.n >= 30 else HINT,
                method=f"{count(int(row.lost))} of {count(int(row.n))} deals that reached the stage were lost there.",
                sources=[source],
                customer_ids=_ids(
                    mine[mine["outcome"].eq("lost") & mine["stage"].astype(str).eq(str(row.stage))]
                ),
            ),
        )
        for row in worst.head(_MOST_REASONS).itertuples()
    )


def _team(contacts: pd.DataFrame | None, ids: set[str], facts: Facts) -> Statement | None:
    """How many people of an ideal customer are known, typically; None with fewer than ten such customers."""
    if contacts is None or contacts.empty or "customer_id" not in contacts:
        return None
    sizes = contacts.dropna(subset=["customer_id"]).groupby("customer_id").size()
    mine, others = sizes[sizes.index.isin(ids)], sizes[~sizes.index.isin(ids)]
    if len(mine) < MIN_N or mine.median() < 1:
        return None
    beside = f" (others {number(float(others.median()))})" if len(others) >= MIN_N else ""
    people = number(float(mine.median()))
    return Statement(
        text=f"Typically {people} {'person' if people == '1' else 'people'} on the account{beside}",
        evidence=Evidence(
            n=len(mine),
            n_rest=len(others),
            verdict=LIKELY if len(mine) >= 30 else HINT,
            method="Typical number of contacts known at an ideal customer; not all of them need take part.",
            sources=[facts.sources.get("contacts", "contacts")],
            customer_ids=sorted(mine.index.astype(str)),
        ),
    )


def _ids(rows: pd.DataFrame) -> list[str]:
    """The customers or accounts of rows, each once."""
    return sorted(set(rows["customer_id"].dropna().astype(str)))


def _lost_reasons(deals: pd.DataFrame, ids: set[str], source: str) -> tuple[Statement, ...]:
    """Why deals with such companies were lost, commonest first, beside all other lost deals."""
    if "lost_reason" not in deals or "customer_id" not in deals:
        return ()
    lost = deals[deals["outcome"].eq("lost") & deals["lost_reason"].notna()]
    mine = lost["customer_id"].isin(ids).to_numpy()
    n_in, n_out = int(mine.sum()), int((~mine).sum())
    if n_in < MIN_N:
        return ()
    lines = []
    counts = lost.loc[mine, "lost_reason"].astype(str).value_counts()
    for reason, hits in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_REASONS]:
        if hits / n_in < _MIN_SHARE or hits < 2:
            continue
        low, high = wilson(hits, n_in)
        out = int((lost.loc[~mine, "lost_reason"].astype(str) == reason).sum())
        gap = share_difference(hits, n_in, out, n_out) if n_out else (0.0, 0.0)
        lines.append(
            Statement(
                text=f"{reason} ({rate(round(hits / n_in, 2))} of lost deals)",
                evidence=Evidence(
                    n=n_in,
                    n_rest=n_out,
                    of="lost deals",
                    effect=hits / n_in,
                    low=float(low),
                    high=float(high),
                    effect_kind="share",
                    verdict=LIKELY if n_in >= 30 or gap[0] > 0 or gap[1] < 0 else HINT,
                    method=f"{count(hits)} of {count(n_in)} lost deals with a reason, among companies that meet the criteria"
                    + (
                        f"; {rate(round(out / n_out, 2))} of the other {count(n_out)} lost deals."
                        if n_out
                        else "."
                    ),
                    sources=[source],
                    customer_ids=_ids(lost[mine & lost["lost_reason"].astype(str).eq(reason).to_numpy()]),
                ),
            )
        )
    return tuple(lines)


def _asked(
    responses: pd.DataFrame, questions: Sequence, ids: set[str], source: str
) -> tuple[tuple[Share, ...], tuple[BuyingRole, ...], tuple[Trait, ...], tuple[Trait, ...]]:
    """What the ideal customers ticked when asked what matters, who they said they are, and what sets the
    ticks apart from those of the others. Of several answers of one customer the last counts.
    """
    known = responses[responses["customer_id"].notna()]
    if "answered_on" in known:
        known = known.sort_values("answered_on", kind="stable")
    known = known.drop_duplicates("customer_id", keep="last")
    mine = known[known["customer_id"].isin(ids)].reset_index(drop=True)
    others = known[~known["customer_id"].isin(ids)].reset_index(drop=True)
    criteria: tuple[Share, ...] = ()
    roles: tuple[BuyingRole, ...] = ()
    more: tuple[Trait, ...] = ()
    less: tuple[Trait, ...] = ()
    if len(mine) < MIN_N:
        return criteria, roles, more, less
    for question in questions_of(responses, questions):
        if question.kind not in ("choice", "multi"):
            continue
        is_role = bool(_ROLE.search(question.label))
        if not is_role and not _DECIDES.search(question.label):
            continue
        ticks, n = _ticks(mine, question)
        if n < MIN_N:
            continue
        ranked = sorted(((a, len(who)) for a, who in ticks.items()), key=lambda item: (-item[1], item[0]))
        if is_role and not roles:
            roles = tuple(
                BuyingRole(
                    role=answer,
                    text=f"{rate(round(k / n, 2))} of those asked",
                    evidence=_share_evidence(ticks[answer], n, question.label, source),
                )
                for answer, k in ranked[:_MOST_ROLES]
                if k / n >= _MIN_SHARE
            )
        elif not is_role and not criteria:
            criteria = tuple(
                Share(
                    text=answer,
                    share=k / n,
                    evidence=_share_evidence(ticks[answer], n, question.label, source),
                )
                for answer, k in ranked[:_MOST_CRITERIA]
                if k / n >= _MIN_SHARE
            )
            more, less = _apart(ticks, n, *_ticks(others, question), question.label, source)
    return criteria, roles, more, less


def _ticks(answers: pd.DataFrame, question) -> tuple[dict[str, list[str]], int]:
    """Which customers chose each answer, and how many answered; one row of ``answers`` per customer."""
    picked = chosen(answers, question).drop_duplicates(["row", "answer"])
    who = answers["customer_id"].astype(str).iloc[picked["row"]].to_numpy()
    ticks = {str(answer): sorted(ids) for answer, ids in pd.Series(who).groupby(picked["answer"].to_numpy())}
    return ticks, int(picked["row"].nunique())


def _apart(
    mine: dict[str, list[str]],
    n: int,
    others: dict[str, list[str]],
    n_others: int,
    question: str,
    source: str,
) -> tuple[tuple[Trait, ...], tuple[Trait, ...]]:
    """Answers the ideal customers chose clearly more, and clearly less, often than the others."""
    if n_others < MIN_N:
        return (), ()
    more, less = [], []
    for answer in sorted({*mine, *others}):
        a, b = len(mine.get(answer, ())), len(others.get(answer, ()))
        # As many differences are looked at as there are answers: only wide ones count.
        low, high = share_difference(a, n, b, n_others)
        if low <= 0.05 and high >= -0.05:
            continue
        line = Trait(
            text=answer,
            share_ideal=a / n,
            share_others=b / n_others,
            evidence=Evidence(
                n=n,
                n_rest=n_others,
                effect=a / n - b / n_others,
                low=float(low),
                high=float(high),
                effect_kind="share",
                verdict=LIKELY,
                method=f"Share of the ideal customers who chose it beside the others, asked “{question}”.",
                sources=[source],
                customer_ids=mine.get(answer, []),
            ),
        )
        (more if low > 0.05 else less).append((abs(a / n - b / n_others), line))
    order = [
        tuple(line for _, line in sorted(part, key=lambda x: (-x[0], x[1].text))) for part in (more, less)
    ]
    return order[0][:2], order[1][:2]


def _share_evidence(who: list[str], n: int, question: str, source: str) -> Evidence:
    k = len(who)
    low, high = wilson(k, n)
    return Evidence(
        n=n,
        effect=k / n,
        low=float(low),
        high=float(high),
        effect_kind="share",
        verdict=TOO_FEW if n < MIN_N else LIKELY if n >= 30 else HINT,
        method=f"{count(k)} of the {count(n)} ideal customers who answered “{question}”.",
        sources=[source],
        customer_ids=who,
    )


def _contact_roles(contacts: pd.DataFrame | None, ids: set[str], source: str) -> tuple[BuyingRole, ...]:
    """Job titles of the contacts at ideal customers, by the share of these customers that have such a one."""
    if contacts is None or contacts.empty or "customer_id" not in contacts:
        return ()
    mine = contacts[contacts["customer_id"].isin(ids)]
    title = next((c for c in ("job_title", "department") if c in mine and mine[c].notna().any()), None)
    n = mine["customer_id"].nunique()
    if title is None or n < MIN_N:
        return ()
    counts = mine.dropna(subset=[title]).groupby(mine[title].astype(str))["customer_id"].nunique()
    part = "buying_role" if "buying_role" in mine else None
    lines = []
    for name, k in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_ROLES]:
        if k / n < _MIN_SHARE:
            continue
        has_it = mine[title].astype(str) == name
        said = mine.loc[has_it, part].dropna().mode() if part else []
        level = mine.loc[has_it, "seniority"].dropna().mode() if "seniority" in mine else []
        lines.append(
            BuyingRole(
                role=name,
                part=str(said.iloc[0]) if len(said) else "",
                seniority=str(level.iloc[0]) if len(level) else "",
                text=f"known at {rate(round(k / n, 2))} of them",
                evidence=_share_evidence(_ids(mine[has_it]), n, "contacts", source).model_copy(
                    update={
                        "method": f"{count(k)} of {count(n)} ideal customers with contacts have one.",
                    }
                ),
            )
        )
    return tuple(lines)
