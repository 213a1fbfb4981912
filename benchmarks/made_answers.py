"""Made-up survey answers, as many as wanted, all different, in the manner of customers of a planning tool."""

from __future__ import annotations

import numpy as np

_SUBJECTS = (
    "the payroll export",
    "the mobile app",
    "route planning",
    "onboarding of new staff",
    "the monthly invoice",
    "support on the phone",
    "the holiday calendar",
    "the report for our board",
    "the link to our accounting",
    "sign-off by the client",
)
_OPINIONS = (
    "is slow and we wait for minutes",
    "works without any trouble",
    "has to be typed twice by hand",
    "saves us hours a week",
    "is hard to find in the menu",
    "fails when two people work at once",
    "is what convinced us in the first place",
    "is too expensive for what it does",
    "was explained well and quickly",
    "still misses the second site",
)
_CAUSES = (
    "since we opened the third branch",
    "because nobody tells the crews",
    "when the season starts",
    "after the last update",
    "so that we can answer clients the same day",
    "and my boss asks for it every month",
    "although we pay for the large plan",
    "as the works council wants to see it",
)
_ENDS = (
    "We wish it were simpler.",
    "We would recommend it to others.",
    "We looked at two alternatives last year.",
    "The owner decides on that.",
    "It cost us a client once.",
    "Thank you.",
    "",
)


def answer(rng: np.random.Generator) -> str:
    """One answer of one to three sentences."""
    first = f"{rng.choice(_SUBJECTS)} {rng.choice(_OPINIONS)} {rng.choice(_CAUSES)}"
    crews = (
        f" We are {rng.integers(3, 900)} people on {rng.integers(1, 60)} sites." if rng.random() < 0.7 else ""
    )
    return f"{first[:1].upper()}{first[1:]}.{crews} {rng.choice(_ENDS)}".strip()


def survey_csv(n: int, n_customers: int = 3000, seed: int = 0) -> str:
    """A survey of ``n`` answers by ``n_customers`` customers: score, reason, a question to choose from."""
    rng = np.random.default_rng(seed)
    rows = [
        "Response ID,Account ID,Account name,Date,How likely are you to recommend us? (0-10),"
        "What is the reason for your score?,Which tool did you use before?"
    ]
    for i in range(n):
        who = int(rng.integers(n_customers))
        day = f"2026-{1 + i % 6:02d}-{1 + i % 28:02d}"
        tool = ["Spreadsheet", "Paper", "Another app"][int(rng.integers(3))]
        rows.append(f'R{i},A{who},Company {who},{day},{int(rng.integers(11))},"{answer(rng)}",{tool}')
    return "\n".join(rows) + "\n"
