"""The Ideal Customer Profile as data: every sentence carries its evidence or is an assumption.

The page, the workbook, the filter and the score all hold this one object. It survives a round trip
through JSON; ``SCHEMA`` says which shape a file has.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from icp_core.errors import IcpError
from icp_core.segments.conditions import Segment

SCHEMA = "icp-workbench/2"
_FIRST = "icp-workbench/1"
READABLE_SCHEMAS = (SCHEMA, _FIRST)

Verdict = Literal["Solid", "Likely", "Hint", "Too few to say"]
_DOTS = {"Solid": 3, "Likely": 2, "Hint": 1, "Too few to say": 0}


def _segment(value: Any) -> Segment:
    return value if isinstance(value, Segment) else Segment.from_dict(value)


SegmentField = Annotated[Segment, BeforeValidator(_segment), PlainSerializer(lambda s: s.to_dict())]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", arbitrary_types_allowed=True, validate_assignment=True)


class Quote(_Part):
    """Somebody's own words. Printed with role and company size; the name only when asked for."""

    text: str
    role: str = ""
    company_size: str = ""
    place: str = ""
    source: str = ""  # "Interview 07", "NPS survey, Mar 2026"
    customer_id: str | None = None
    person: str | None = None  # never exported unless personal data is asked for

    @property
    def signature(self) -> str:
        """Who said it, without naming anybody."""
        return ", ".join(part for part in (self.role, self.company_size, self.place) if part) or "Customer"


class Evidence(_Part):
    """Why a statement may stand: how many, how much, how sure, from where."""

    n: int | None = None  # customers (or answers) inside
    n_rest: int | None = None
    of: str = "customers"  # what n counts
    effect: float | None = None  # corrected for luck where a search was made
    effect_raw: float | None = None
    low: float | None = None
    high: float | None = None
    effect_kind: Literal["ratio", "points", "months", "share", "score", ""] = ""
    verdict: Verdict = "Too few to say"
    method: str = ""  # one sentence
    sources: list[str] = Field(default_factory=list)
    quotes: list[Quote] = Field(default_factory=list)
    revenue_share: float | None = None
    segment: SegmentField | None = None  # the customers it counts: among the ideal ones, those who meet this
    sentence_ids: list[str] = Field(default_factory=list)  # the coded sentences it was made from
    customer_ids: list[str] = Field(default_factory=list)  # those it counts, where no segment tells them

    @property
    def dots(self) -> int:
        """0 to 3: how strong the evidence is."""
        return _DOTS[self.verdict]


class Asked(_Part):
    """What a survey says of a line: ``n`` of the ``of`` people asked chose it."""

    n: int
    of: int


class Statement(_Part):
    """One line of the profile. Without evidence it is an assumption, and printed as such."""

    text: str
    evidence: Evidence | None = None
    edited: bool = False  # the user changed the words; regenerating keeps them
    status: Literal["", "confirmed", "refuted", "open"] = ""  # of a hypothesis, once data speak
    asked: Asked | None = None  # where a survey asked for it
    hidden: bool = False

    @property
    def is_assumption(self) -> bool:
        return self.evidence is None

    @property
    def dots(self) -> int:
        return self.evidence.dots if self.evidence else 0


class Trait(Statement):
    """Who they are: ``label`` Industry, ``text`` Logistics, share among the ideal and among the others (0–1)."""

    label: str = ""
    facet: str = ""  # geography, technology, maturity, budget, customer_base; empty: another trait
    share_ideal: float | None = None
    share_others: float | None = None


class Lift(_Part):
    """What sets them apart: how many times likelier the ideal are to have a trait, with interval."""

    label: str
    ratio: float
    low: float
    high: float
    n: int
    segment: SegmentField | None = None  # the customers with the trait, among all


class Job(Statement):
    kind: Literal["Functional", "Emotional", "Social"] = "Functional"


class Pain(Statement):
    """``text`` is the current situation."""

    desired: str = ""
    impact: str = ""  # "11 h", "€1.3 M"
    impact_of: str = ""  # "of planner time a week"


class Trigger(Statement):
    strength: str = ""  # "3.1×" or "7 customers"
    when: str = ""


class BuyingRole(Statement):
    """``text`` says what the person does; ``role`` who; ``part`` Champion, Signs, Can veto, Uses it."""

    role: str = ""
    part: str = ""
    seniority: str = ""


class Persona(_Part):
    """A person behind the decision, kept apart from the ICP and attached when wanted. Written by hand."""

    name: str  # "Olga Operations": a made-up name, never a customer's
    role: str = ""
    seniority: str = ""
    background: str = ""
    goals: str = ""
    challenges: str = ""
    tools: str = ""
    power: str = ""  # power to buy: decides, signs, can veto, influences, uses it

    @property
    def words(self) -> str:
        """All that is told of the persona, on one line."""
        who = ", ".join(part for part in (self.role, self.seniority, self.power) if part.strip())
        more = (self.background, self.goals, self.challenges, self.tools)
        return "; ".join(part.rstrip(".;") for part in (who, *more) if part.strip())


class Share(Statement):
    """A channel or criterion with the share of those asked (0–1)."""

    share: float | None = None


class Stage(_Part):
    """One step of the sales cycle."""

    label: str
    days: float


class Figure(_Part):
    """One key figure: the ideal beside the others, already in words, with the numbers behind them."""

    key: str  # ltv, value_per_month, arr, churn, nps, cac, cycle, aov, retention_24
    label: str
    ideal: str  # "€14,200"
    others: str
    difference: str = ""  # "2.4×", "−76 %", "+44"; empty = no clear difference
    ideal_value: float | None = None
    others_value: float | None = None
    low: float | None = None
    high: float | None = None
    n_ideal: int = 0
    n_others: int = 0
    verdict: Verdict = "Too few to say"
    better: bool | None = None  # True: in favour of the ideal; None: no clear difference
    definition: str = ""


class Price(_Part):
    """What refusing these customers would have cost and saved."""

    n: int = 0
    good_refused: int = 0
    revenue_lost: float = 0.0
    revenue_lost_share: float = 0.0
    bad_avoided: int = 0


class Disqualifier(_Part):
    """A segment that is no fit, the reason in words and its price."""

    segment: SegmentField = Field(default_factory=Segment)
    words: str
    why: str = ""  # "churn 61 %"
    price: Price | None = None
    evidence: Evidence | None = None
    accepted: bool = True

    @property
    def is_assumption(self) -> bool:
        return self.evidence is None


class Hypothesis(Statement):
    """A line of the business plan, put to the test.

    ``segment`` is the condition good customers are expected to meet, ``section`` the list of the profile the
    words belong to (jobs, pains …); either may be empty. ``status`` says what became of it, ``words`` why.
    """

    key: str = ""
    segment: SegmentField = Field(default_factory=Segment)
    section: str = ""
    words: str = ""


class IdealOfIdeal(_Part):
    """The strongest sub-segment inside the ICP, only where it stands."""

    name: str
    segment: SegmentField = Field(default_factory=Segment)
    text: str = ""
    facts: list[tuple[str, str]] = Field(default_factory=list)  # ("31", "accounts")
    evidence: Evidence | None = None


class Messaging(_Part):
    say: list[Statement] = Field(default_factory=list)
    prove: list[Statement] = Field(default_factory=list)
    avoid: list[Statement] = Field(default_factory=list)


class Implication(Statement):
    """What a team does next. ``team``: Marketing, Sales, Product, Business development, Success."""

    team: str = ""


class Market(_Part):
    """Market size: how many, how much, how it was reckoned. Blank = not known."""

    companies: float | None = None  # TAM, companies or persons
    matching: float | None = None  # SAM
    reachable: float | None = None  # SOM
    value_per_year: float | None = None
    ours_share: float | None = None
    reasoning: str = ""
    warning: str = ""
    evidence: Evidence | None = None  # of the share that matches, where a list of prospects shows it


class SurvivalPoint(_Part):
    month: float
    survival: float
    low: float
    high: float
    at_risk: int


def at_month(curve: list[SurvivalPoint], month: float) -> SurvivalPoint:
    """The last point of a curve up to a month."""
    return max((p for p in curve if p.month <= month), key=lambda p: p.month)


class Meta(_Part):
    name: str = "Ideal customer"  # the ICP's short name
    company: str = ""  # whose ICP it is
    offer: str = ""
    version: str = "draft"
    status: str = "Draft"
    author: str = ""
    note: str = ""
    as_of: date
    review_on: date | None = None
    unit: Literal["account", "person"] = "account"
    currency: str = "EUR"
    language: str = "en"
    outcome: str = "value"
    outcome_label: str = ""


# The parts of a profile that are lists of statements, in reading order.
STATEMENT_LISTS = (
    "who",
    "behaviour",
    "jobs",
    "pains",
    "triggers",
    "objections",
    "values",
    "channels",
    "buying_roles",
    "buying_criteria",
    "implications",
)


class Profile(_Part):
    """The whole ICP. Lists may be empty: an empty section does not appear on the page."""

    schema_id: str = Field(default=SCHEMA, alias="schema")
    meta: Meta
    statement: Statement  # the sentence; **…** marks key facts
    criteria: SegmentField = Field(default_factory=Segment)
    criteria_words: str = ""
    criteria_evidence: Evidence | None = None
    figures: list[Figure] = Field(default_factory=list)
    who: list[Trait] = Field(default_factory=list)
    lifts: list[Lift] = Field(default_factory=list)
    behaviour: list[Statement] = Field(default_factory=list)
    jobs: list[Job] = Field(default_factory=list)
    pains: list[Pain] = Field(default_factory=list)
    triggers: list[Trigger] = Field(default_factory=list)
    objections: list[Statement] = Field(default_factory=list)
    values: list[Statement] = Field(default_factory=list)
    channels: list[Share] = Field(default_factory=list)
    buying_roles: list[BuyingRole] = Field(default_factory=list)
    buying_criteria: list[Share] = Field(default_factory=list)
    buying_team: Statement | None = None  # how many people take part
    cycle: list[Stage] = Field(default_factory=list)
    drop_out: list[Share] = Field(default_factory=list)  # share of deals lost at each stage
    quotes: list[Quote] = Field(default_factory=list)
    disqualifiers: list[Disqualifier] = Field(default_factory=list)
    ideal_of_ideal: IdealOfIdeal | None = None
    messaging: Messaging = Field(default_factory=Messaging)
    implications: list[Implication] = Field(default_factory=list)
    market: Market | None = None
    hypotheses: list[Hypothesis] = Field(default_factory=list)
    personas: list[Persona] = Field(default_factory=list)
    retention_ideal: list[SurvivalPoint] = Field(default_factory=list)
    retention_others: list[SurvivalPoint] = Field(default_factory=list)
    # Whether the curves differ as a whole; None = not known, as in older files.
    retention_is_clear: bool | None = None
    evidence_base: list[tuple[str, str, str]] = Field(
        default_factory=list
    )  # ("1,284", "CRM accounts", "Jan 2023–Oct 2026")
    open_questions: list[str] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
    hidden_sections: list[str] = Field(default_factory=list)
    section_order: list[str] = Field(default_factory=list)

    model_config = ConfigDict(
        extra="ignore", arbitrary_types_allowed=True, populate_by_name=True, validate_assignment=True
    )

    @property
    def who_stays_longer(self) -> Literal["ideal", "others", ""]:
        """Whose curve may be called the longer one: the curves differ as a whole and their ranges part at the end."""
        ideal, others = self.retention_ideal, self.retention_others
        if not ideal or not others or self.retention_is_clear is False:
            return ""
        month = min(max(p.month for p in ideal), max(p.month for p in others))
        mine, theirs = at_month(ideal, month), at_month(others, month)
        return "ideal" if mine.low > theirs.high else "others" if theirs.low > mine.high else ""

    def to_json(self) -> str:
        """Stable JSON: the same profile gives the same text."""
        return self.model_dump_json(by_alias=True, indent=1)

    @classmethod
    def from_json(cls, text: str | bytes) -> Profile:
        """Read a profile back, also one of an older version or the ``icp.json`` a build wrote.

        Raises
        ------
        IcpError
            The file has another shape, or a newer version of the workbench wrote it.
        """
        try:
            return cls.model_validate(_upgraded(json.loads(text)))
        except ValidationError as error:
            first = error.errors()[0]
            where = " → ".join(str(part) for part in first["loc"]) or "the file"
            raise IcpError(
                f"This is not a readable ICP: {where}: {first['msg']}. Export it again as JSON."
            ) from error
        except (ValueError, RecursionError) as error:
            raise IcpError("This is not a readable ICP: the file is no JSON. Export it again.") from error


def _upgraded(data: Any) -> Any:
    """The data of a profile in today's shape."""
    if isinstance(data, dict) and isinstance(data.get("profile"), dict):
        data = data["profile"]  # icp.json holds the profile beside the figures of a build
    if not isinstance(data, dict):
        return data
    schema = data.get("schema", SCHEMA)
    if schema == _FIRST:
        # Version 1 knew neither facets of traits nor team, drop-out and personas: blank says "not told".
        return data | {"schema": SCHEMA}
    if schema != SCHEMA:
        raise IcpError(
            f"This ICP was written by another version of the workbench ({str(schema)[:40]}). Update this one, then load it."
        )
    return data
