"""From a segment to the whole profile: refusals, the ideal of the ideal, what is said, then the draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from icp_core.errors import NotEnoughDataError
from icp_core.facts.catalogue import Attribute, Facts
from icp_core.facts.history import decided, history_of
from icp_core.gather.records import frame
from icp_core.profile import disqualify, hypotheses
from icp_core.profile.buying import Buying, buying
from icp_core.profile.draft import Heard, draft
from icp_core.profile.hear import hear
from icp_core.profile.market import Seen, market, typed
from icp_core.profile.model import Disqualifier, Hypothesis, Profile
from icp_core.profile.validate import searched
from icp_core.segments.conditions import Segment
from icp_core.segments.discover import Candidate, Discovery, discover
from icp_core.segments.leaks import guarded
from icp_core.segments.membership import members
from icp_core.voice import collect
from icp_core.workspace import Workspace

Tell = Callable[[float, str], None]


def search(
    facts: Facts,
    outcome: str,
    *,
    direction: int = +1,
    accounts: pd.DataFrame | None = None,
    seed: int = 0,
    progress=None,
) -> Discovery | None:
    """The better kinds of customer by an outcome (``direction`` −1: the worse); None when the customers cannot carry it.

    From 5,000 customers on those set aside take no part (see ``validate.searched``). Whom deals are won with
    is searched among all ``accounts`` whose deals were decided (see ``history.decided``).
    """
    try:
        among = searched(judged_by(facts, outcome, accounts))
        return discover(among, outcome, direction=direction, seed=seed, progress=progress)
    except NotEnoughDataError:
        return None


def judged_by(facts: Facts, outcome: str, accounts: pd.DataFrame | None) -> Facts:
    """Those an outcome is known of: the customers, or for won deals all accounts with a decided deal."""
    if outcome != "won" or accounts is None:
        return facts
    return decided(guarded(facts), accounts) or facts


def compose(
    workspace: Workspace,
    facts: Facts,
    segment: Segment,
    *,
    candidate: Candidate | None = None,
    former: Profile | None = None,
    outcome: str = "value",
    outcome_label: str = "",
    seed: int = 0,
    seen: Seen | None = None,
    verdict: str = "",
    tell: Tell | None = None,
) -> tuple[Profile, Heard]:
    """The drafted profile of a segment and what was heard from its customers.

    Disqualifiers the user rejected (decisions ``disqualifier``) stay out, accepted ones stay in whether or not
    they are proposed again; ``former`` hands on the user's own words (see ``draft``); ``seen`` is what the loaded
    prospects show of the market; ``verdict`` is what the search said, printed where nobody is singled out.
    """
    say = tell or (lambda share, what: None)
    say(0.1, "Searching the kinds of customer to refuse")
    refused = _decided(workspace, facts, segment, _refused(facts, segment, seed))
    say(0.4, "Searching for the ideal of the ideal")
    ideal = disqualify.ideal_of_ideal(facts, segment, outcome, seed=seed) if segment else None
    say(0.6, "Listening to what customers say")
    heard = hear(workspace, facts, segment)
    answers = collect.responses(workspace)
    questions = collect.questions(workspace, answers)
    say(0.8, "Reading how they buy")
    bought = _bought(workspace, facts, segment, answers, questions)
    offer = former.meta.offer if former else ""
    tested = _tested(workspace, facts, segment, heard, answers, questions, offer)
    say(0.9, "Writing the page")
    profile = draft(
        facts,
        segment,
        candidate=candidate,
        disqualifiers=refused,
        ideal=ideal,
        heard=heard,
        bought=bought,
        market=market(facts, segment, typed(workspace), seen),
        hypotheses=tested,
        former=former,
        outcome=outcome,
    )
    profile.meta.outcome_label = outcome_label
    if verdict and not segment:
        profile.warnings = [verdict, *profile.warnings]
    return hypotheses.marked(profile, answers, questions, _ids(facts, segment)), heard


def tested_hypotheses(
    workspace: Workspace, facts: Facts, segment: Segment, offer: str = ""
) -> list[Hypothesis]:
    """All hypotheses entered in the workspace, checked on the customers of a segment."""
    answers = collect.responses(workspace)
    questions = collect.questions(workspace, answers)
    return _tested(workspace, facts, segment, hear(workspace, facts, segment), answers, questions, offer)


def _tested(
    workspace: Workspace,
    facts: Facts,
    segment: Segment,
    heard: Heard,
    answers: pd.DataFrame,
    questions: Sequence[Attribute],
    offer: str,
) -> list[Hypothesis]:
    return hypotheses.check(
        hypotheses.entered(workspace),
        facts,
        codes=heard.codes,
        responses=answers,
        questions=questions,
        ideal=_ids(facts, segment),
        offer=offer,
    )


def _ids(facts: Facts, segment: Segment) -> set[str]:
    return set(facts.frame["customer_id"][members(facts, segment)])


def _bought(workspace: Workspace, facts: Facts, segment: Segment, answers, questions) -> Buying:
    before = history_of(workspace, facts.as_of)
    return buying(
        facts,
        segment,
        deals=before.deals,
        accounts=before.accounts,
        responses=answers,
        questions=questions,
        contacts=frame(workspace, "contacts"),
    )


def _decided(
    workspace: Workspace, facts: Facts, icp: Segment, proposed: Sequence[Disqualifier]
) -> list[Disqualifier]:
    """What is refused after the user's decisions: proposals but for the rejected ones, then what was accepted before."""
    decided = {d.key: d.value for d in workspace.decisions("disqualifier")}
    keys = {d.segment.to_query() for d in proposed}
    accepted = [
        segment
        for segment, lost in (
            Segment.from_query(key).known_to(facts.catalogue)
            for key, value in decided.items()
            if value == "accepted" and key not in keys
        )
        if segment and segment != icp and not lost
    ]
    return [
        *(d for d in proposed if decided.get(d.segment.to_query()) != "rejected"),
        *(disqualify.chosen(facts, segment) for segment in accepted),
    ]


def _refused(facts: Facts, chosen: Segment, seed: int) -> tuple[Disqualifier, ...]:
    try:
        return disqualify.propose(facts, icp=chosen, seed=seed)
    except NotEnoughDataError:
        return ()
