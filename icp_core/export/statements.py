"""Every statement of a profile as one flat list: for the evidence sheet and the page in the workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from icp_core.export.labels import asked_words
from icp_core.export.redact import quote_signature, quote_words
from icp_core.profile.model import Evidence, Profile, Statement, Trait


@dataclass(frozen=True)
class Entry:
    """One line of the profile. ``lead`` stands before the text (a label, a strength, a team)."""

    key: str
    section: str
    lead: str
    text: str
    evidence: Evidence | None
    status: str = ""
    edited: bool = False
    is_claim: bool = True

    @property
    def is_assumption(self) -> bool:
        return self.is_claim and self.evidence is None

    @property
    def line(self) -> str:
        return f"{self.lead}: {self.text}" if self.lead and self.text else self.lead or self.text


def entries(profile: Profile, words: Mapping[str, str], *, personal: bool = False) -> list[Entry]:
    """The profile's statements in reading order; hidden ones and blank ones are left out."""
    return [e for e in _entries(profile, words, personal) if e.text.strip() or e.lead.strip()]


def _entries(profile: Profile, words: Mapping[str, str], personal: bool) -> Iterator[Entry]:
    def of(key: str, statement: Statement, lead: str = "", text: str | None = None) -> Iterator[Entry]:
        if not statement.hidden:
            body = statement.text if text is None else text
            status = asked_words(statement, words) or statement.status
            yield Entry(key, words[key], lead, body, statement.evidence, status, statement.edited)

    yield from of("kicker", profile.statement, text=profile.statement.text.replace("**", ""))
    if profile.criteria_words:
        yield Entry("rule", words["rule"], "", profile.criteria_words, profile.criteria_evidence)
    for trait in profile.who:
        yield from of("who", trait, trait.label, _beside_others(trait, words))
    for key in ("behaviour", "values", "objections"):
        for statement in getattr(profile, key):
            yield from of(key, statement)
    for trigger in profile.triggers:
        said = ", ".join(part for part in (trigger.text, trigger.when) if part)
        yield from of("triggers", trigger, trigger.strength, said)
    for job in profile.jobs:
        yield from of("jobs", job, words.get(job.kind, job.kind))
    for pain in profile.pains:
        said = " → ".join(part for part in (pain.text, pain.desired) if part)
        cost = " ".join(part for part in (pain.impact, pain.impact_of) if part)
        yield from of("pains", pain, "", f"{said} ({cost})" if cost else said)
    for channel in profile.channels:
        yield from of("channels", channel, "", _with_share(channel.text, channel.share))
    for role in profile.buying_roles:
        said = ", ".join(part for part in (words.get(role.part, role.part), role.text) if part)
        yield from of("buying", role, role.role, said)
    if profile.buying_team is not None:
        yield from of("buying", profile.buying_team)
    for stage in profile.drop_out:
        yield from of("buying", stage, words["lost_at"], _with_share(stage.text, stage.share))
    for criterion in profile.buying_criteria:
        yield from of("decides", criterion, "", _with_share(criterion.text, criterion.share))
    for persona in profile.personas:
        yield Entry("personas", words["personas"], persona.name, persona.words, None)
    for quote in profile.quotes:
        signed = " · ".join(p for p in (quote_signature(quote, personal=personal), quote.source) if p)
        yield Entry(
            "quotes",
            words["quotes"],
            "",
            f"“{quote_words(quote, personal=personal)}” {signed}",
            Evidence(sources=[quote.source] if quote.source else [], method="Said by a customer."),
            is_claim=False,
        )
    for refusal in profile.disqualifiers:
        if refusal.accepted:
            said = ", ".join(part for part in (refusal.words, refusal.why) if part)
            if refusal.price and refusal.price.n:
                price = refusal.price
                said += f" ({words['refused'].format(good=f'{price.good_refused:,}', n=f'{price.n:,}')})"
            yield Entry("disqualifiers", words["disqualifiers"], "", said, refusal.evidence)
    best = profile.ideal_of_ideal
    if best is not None and best.name:
        facts = ", ".join(f"{value} {what}" for value, what in best.facts)
        said = ". ".join(part.rstrip(".") for part in (best.text, facts) if part)
        yield Entry("ideal_of_ideal", words["ideal_of_ideal"], best.name, said, best.evidence)
    for key in ("say", "prove", "avoid"):
        for statement in getattr(profile.messaging, key):
            yield from of("messaging", statement, words[key])
    for step in profile.implications:
        if not step.hidden:
            yield Entry(
                "implications",
                words["implications"],
                words.get(step.team, step.team),
                step.text,
                step.evidence,
                step.status,
                step.edited,
                is_claim=False,
            )


def _beside_others(trait: Trait, words: Mapping[str, str]) -> str:
    """A trait with how many of the ideal customers have it, beside the others: "Yes (71 %, others 21 %)"."""
    if trait.share_ideal is None:
        return trait.text
    others = "" if trait.share_others is None else f", {words['others']} {trait.share_others * 100:.0f} %"
    return f"{trait.text} ({trait.share_ideal * 100:.0f} %{others})"


def _with_share(text: str, share: float | None) -> str:
    return text if share is None else f"{text} {share * 100:.0f} %"
