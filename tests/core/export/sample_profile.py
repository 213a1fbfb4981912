"""A realistic profile of an invented company, for looking at and for tests; and the sparse beginning of one."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import facts_from_frame
from icp_core.profile.model import (
    BuyingRole,
    Disqualifier,
    Evidence,
    Figure,
    IdealOfIdeal,
    Implication,
    Job,
    Lift,
    Market,
    Messaging,
    Meta,
    Pain,
    Price,
    Profile,
    Quote,
    Share,
    Stage,
    Statement,
    SurvivalPoint,
    Trait,
    Trigger,
)
from icp_core.segments.conditions import Condition, Segment

SOLID = Evidence(
    n=112,
    n_rest=528,
    effect=2.4,
    effect_raw=2.9,
    low=1.9,
    high=2.9,
    effect_kind="ratio",
    verdict="Solid",
    method="Median of the group against the rest, corrected for the search.",
    sources=["customers.csv", "invoices.xlsx"],
)
LIKELY = SOLID.model_copy(update={"verdict": "Likely", "n": 41})
HINT = SOLID.model_copy(update={"verdict": "Hint", "n": 17})
RULE = Segment(
    (
        Condition("industry", "is_any_of", ["Dental clinics", "Veterinary clinics"]),
        Condition("employees", "between", [12, 60]),
        Condition("sites", "at_least", 2),
    ),
    name="Growing clinic group",
)


def _figure(key, label, ideal, others, difference, values, better=True, verdict="Solid", n=112):
    return Figure(
        key=key,
        label=label,
        ideal=ideal,
        others=others,
        difference=difference,
        ideal_value=values[0],
        others_value=values[1],
        n_ideal=n,
        n_others=528,
        verdict=verdict,
        better=better,
        low=values[0] * 0.9,
        high=values[0] * 1.1,
        definition=f"{label}: the middle customer of each group.",
    )


def _curve(monthly: float, spread: float) -> list[SurvivalPoint]:
    return [
        SurvivalPoint(
            month=m,
            survival=monthly**m,
            low=max(0.0, monthly**m - spread * m / 24),
            high=min(1.0, monthly**m + spread * m / 24),
            at_risk=max(5, 112 - 3 * m),
        )
        for m in range(0, 37, 2)
    ]


def full() -> Profile:
    """Everything filled."""
    return Profile(
        meta=Meta(
            name="The growing clinic group",
            company="Plumage",
            offer="Scheduling and recalls for clinics",
            version="2.1",
            status="Approved",
            author="Ines Okafor",
            as_of=date(2026, 11, 21),
            review_on=date(2027, 2, 21),
        ),
        statement=Statement(
            text="A **dental or veterinary group** with **12–60 staff** at **two or more sites**, run by a practice "
            "manager who still fills gaps in the diary by phone and has **opened or bought a site in the last "
            "year**.",
            evidence=SOLID,
        ),
        criteria=RULE,
        criteria_words="industry is Dental clinics or Veterinary clinics, employees 12–60 and sites at least 2",
        criteria_evidence=SOLID,
        figures=[
            _figure("ltv", "LTV, typical", "€14,200", "€5,900", "2.4×", (14200, 5900)),
            _figure("arr", "Yearly contract", "€6,480", "€3,120", "2.1×", (6480, 3120)),
            _figure("churn", "Yearly churn", "5.2 %", "17.8 %", "−71 %", (5.2, 17.8)),
            _figure("nps", "NPS", "+58", "+21", "+37", (58, 21), verdict="Likely", n=64),
            _figure("cac", "Cost to acquire", "€1,910", "€2,060", "", (1910, 2060), None, "Hint"),
            _figure("cycle", "Sales cycle", "34 days", "57 days", "−23 d", (34, 57), verdict="Likely"),
        ],
        who=[
            Trait(label=a, text=b, share_ideal=c, share_others=d, evidence=e)
            for a, b, c, d, e in [
                ("Industry", "Dental 61 %, veterinary 39 %", 1.0, 0.34, SOLID),
                ("People", "12–60 staff, 3–9 of them at reception", 0.78, 0.29, SOLID),
                ("Sites", "2–7, most opened since 2021", 0.74, 0.22, SOLID),
                ("Where", "Germany 38 %, Austria 22 %, Benelux 17 %", 0.77, 0.61, LIKELY),
                ("Systems", "Practice software with an open calendar", 0.69, 0.4, LIKELY),
                ("Maturity", "One person owns the diary of all sites", 0.58, 0.27, LIKELY),
                ("Their own base", "4,000–20,000 patients", None, None, None),
            ]
        ],
        lifts=[
            Lift(label=a, ratio=r, low=lo, high=hi, n=n)
            for a, r, lo, hi, n in [
                ("Two or more sites", 3.3, 2.6, 4.2, 83),
                ("Veterinary clinics", 2.7, 2.0, 3.6, 44),
                ("12–60 staff", 2.6, 2.1, 3.3, 87),
                ("Open calendar", 1.7, 1.4, 2.1, 77),
                ("Came by referral", 1.6, 1.2, 2.2, 39),
                ("Bought on discount", 0.5, 0.34, 0.74, 21),
                ("Single practitioner", 0.22, 0.12, 0.41, 8),
            ]
        ],
        behaviour=[
            Statement(text="Send recalls in the first two weeks", evidence=LIKELY),
            Statement(text="Add a second site within nine months", evidence=LIKELY),
        ],
        jobs=[
            Job(
                kind="Functional",
                text="When a patient cancels, fill the gap the same day without three phone calls.",
                evidence=LIKELY,
            ),
            Job(
                kind="Emotional",
                text="Leave on time, knowing that Monday’s diary holds at every site.",
                evidence=HINT,
            ),
            Job(kind="Social", text="Be the group whose patients never wait on the line."),
        ],
        pains=[
            Pain(
                text="Each site keeps its own diary",
                desired="One diary, every chair visible",
                impact="9 h",
                impact_of="of desk time a week",
                evidence=LIKELY,
            ),
            Pain(
                text="Gaps are noticed at noon",
                desired="Filled from a waiting list by eight",
                impact="€1,150",
                impact_of="a month and chair",
                evidence=LIKELY,
            ),
            Pain(
                text="Recalls depend on who is in",
                desired="They go out by themselves",
                impact="1 in 5",
                impact_of="recalls forgotten",
            ),
        ],
        triggers=[
            Trigger(text="Opens or buys a site", strength="3.1×", when="within 12 months", evidence=SOLID),
            Trigger(
                text="Changes practice software", strength="2.2×", when="within 6 months", evidence=LIKELY
            ),
            Trigger(text="Front-desk lead resigns", strength="7 of 19", when="in interviews", evidence=HINT),
        ],
        objections=[
            Statement(text="“Our patients are used to the phone.”", evidence=HINT),
            Statement(text="Moving the diaries in a running week"),
        ],
        values=[Statement(text="Calm waiting rooms before full ones", evidence=HINT)],
        channels=[
            Share(text=a, share=s, evidence=LIKELY)
            for a, s in [
                ("Another clinic", 0.44),
                ("Software partner", 0.31),
                ("Regional fairs", 0.24),
                ("Trade journals", 0.13),
            ]
        ],
        buying_roles=[
            BuyingRole(role="Practice manager", part="Champion", text="opens 72 % of deals", evidence=LIKELY),
            BuyingRole(
                role="Owner", part="Signs", text="joins in week 2, asks for the payback", evidence=LIKELY
            ),
            BuyingRole(role="IT contractor", part="Can veto", text="asks where data lie", evidence=HINT),
            BuyingRole(role="Reception", part="Uses it", text="must see a cancelled slot refill"),
        ],
        buying_criteria=[
            Share(text=a, share=s, evidence=LIKELY)
            for a, s in [
                ("Works with their software", 0.36),
                ("Seen at another clinic", 0.27),
                ("Live in two weeks", 0.21),
                ("Price", 0.16),
            ]
        ],
        cycle=[
            Stage(label="First call", days=3),
            Stage(label="Demo", days=8),
            Stage(label="Trial", days=14),
            Stage(label="Sign", days=9),
        ],
        quotes=[
            Quote(
                text="I was ringing forty people to fill two chairs.",
                role="Practice manager",
                company_size="28 staff",
                place="Graz",
                source="Interview 04",
                person="Ruth Adler",
            ),
            Quote(
                text="When the second site opened, the paper diary was finished.",
                role="Owner",
                company_size="35 staff",
                place="Aachen",
                source="Interview 09",
            ),
            Quote(
                text="If reception likes it by Friday, I pay on Monday.",
                role="Owner",
                company_size="19 staff",
                place="Ghent",
                source="NPS survey, Sep 2026",
            ),
        ],
        disqualifiers=[
            Disqualifier(
                words="One practitioner without reception",
                why="churn 41 %",
                evidence=SOLID,
                price=Price(
                    n=96, good_refused=4, revenue_lost=61000, revenue_lost_share=0.012, bad_avoided=39
                ),
            ),
            Disqualifier(
                words="Practice software without an open calendar",
                why="setup 3.4×",
                evidence=LIKELY,
                price=Price(
                    n=58, good_refused=5, revenue_lost=82000, revenue_lost_share=0.016, bad_avoided=22
                ),
            ),
            Disqualifier(words="Wants a discount before the trial", why=""),
        ],
        ideal_of_ideal=IdealOfIdeal(
            name="Veterinary groups with a new site",
            text="A quarter of the ideal: 3+ sites, the newest under a year old, referred by another clinic.",
            facts=[("27", "accounts"), ("44 %", "of margin"), ("€21,600", "LTV"), ("1.9 %", "churn")],
            evidence=LIKELY,
        ),
        messaging=Messaging(
            say=[
                Statement(text="“Every chair full by eight.”", evidence=HINT),
                Statement(text="“One diary for all your sites.”", evidence=LIKELY),
            ],
            prove=[
                Statement(text="Two-week trial on one site’s own diary", evidence=LIKELY),
                Statement(text="Three groups on the same software", evidence=HINT),
            ],
            avoid=[
                Statement(text="“Digital patient journey”"),
                Statement(text="Discounts before the trial", evidence=LIKELY),
            ],
        ),
        implications=[
            Implication(team="Sales", text="Ask for sites and software in the first call."),
            Implication(team="Marketing", text="Move a third of paid search to software partners."),
            Implication(team="Product", text="Bring the waiting list to the phone."),
            Implication(team="Success", text="Look at fill rate with the owner on day 45."),
        ],
        market=Market(
            companies=8200, matching=1460, reachable=390, value_per_year=9_400_000, ours_share=0.077
        ),
        retention_ideal=_curve(0.9955, 0.05),
        retention_others=_curve(0.984, 0.03),
        evidence_base=[
            ("640", "accounts", "Jan 2022–Nov 2026"),
            ("7,312", "invoices", "2022–26"),
            ("418", "deals won or lost", "2024–26"),
            ("173", "survey answers", "31 % of 558"),
            ("19", "interviews", "2026"),
        ],
    )


def sparse() -> Profile:
    """The first hour: criteria, figures and three assumptions."""
    whole = full()
    return Profile(
        meta=whole.meta.model_copy(update={"status": "Draft", "version": "draft", "review_on": None}),
        statement=Statement(
            text="A **dental or veterinary clinic** with **12–60 staff** at **two or more sites**.",
            evidence=SOLID,
        ),
        criteria=RULE,
        criteria_words=whole.criteria_words,
        criteria_evidence=SOLID,
        figures=whole.figures[:5],
        jobs=[Job(text="Fill a cancelled appointment the same day.")],
        pains=[Pain(text="Each site keeps its own diary.")],
        triggers=[Trigger(text="Opens or buys a site")],
        evidence_base=whole.evidence_base[:2],
    )


def facts(n: int = 240):
    """Customers of the invented company, made by a seed."""
    rng = np.random.default_rng(7)
    industry = rng.choice(["Dental clinics", "Veterinary clinics", "Physiotherapy", "Law firms"], n)
    employees = np.round(rng.lognormal(3, 0.8, n)).clip(1, 900)
    sites = rng.integers(1, 6, n).astype(float)
    ideal = np.isin(industry, RULE.conditions[0].value) & (employees >= 12) & (employees <= 60) & (sites >= 2)
    ltv = np.round(rng.lognormal(8.4, 0.6, n) * np.where(ideal, 2.4, 1.0), 2)
    frame = pd.DataFrame(
        {
            "customer_id": [f"A{i:04d}" for i in range(n)],
            "customer_name": [f"Clinic {i} GmbH" for i in range(n)],
            "domain": [f"clinic{i}.example" for i in range(n)],
            "industry": industry,
            "employees": employees,
            "sites": sites,
            "software": [["Dampsoft", "Excel"] if i % 3 else ["Excel"] for i in range(n)],
            "email": [f"someone{i}@clinic{i}.example" for i in range(n)],
            "owner": ["Ines Okafor"] * n,
            "notes": [
                '=HYPERLINK("http://x")' if i == 3 else f"call desk{i}@clinic.example" for i in range(n)
            ],
            "ltv": ltv,
            "churned": pd.array(rng.random(n) < np.where(ideal, 0.1, 0.35), dtype="boolean"),
            "customer_since": pd.to_datetime("2022-01-01") + pd.to_timedelta(rng.integers(0, 1500, n), "D"),
        }
    )
    frame.loc[5, "ltv"] = np.nan
    return facts_from_frame(
        frame,
        as_of=date(2026, 11, 21),
        outcomes=["ltv", "churned"],
        labels={"ltv": "Lifetime value", "industry": "Industry", "employees": "Employees"},
        kinds={"notes": "text", "email": "text"},
        units={"ltv": "EUR"},
    )
