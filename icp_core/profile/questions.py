"""What no data speak of yet, asked instead of filled in."""

from __future__ import annotations

from icp_core.profile.model import Profile

# What to ask where no data speak: by section, and by facet of "who".
QUESTIONS = {
    "jobs": "What do they hire you to do? Load interviews, survey comments or notes, or write it as an assumption.",
    "pains": "What hurts them today, and what would they rather have?",
    "triggers": "What happens just before they start to look?",
    "buying_roles": "Who decides, who signs, who can stop it?",
    "buying_criteria": "By what do they choose?",
    "drop_out": "At which stage are deals lost? Export the deals with the stage they were in before.",
    "channels": "Where do they learn about offers like yours? A lead source in the CRM would tell.",
    "objections": "What almost stopped them?",
    "values": "What do they care about beyond the task?",
    "disqualifiers": "Whom should sales refuse?",
    "quotes": "What do they say in their own words?",
    "market": "How many such companies are there? Load a prospect list or type the numbers.",
    "geography": "Where are they? A country or city of each customer would tell.",
    "maturity": "How mature are they: founded when, growing how fast, which stage?",
    "technology": "Which tools do they already run?",
    "budget": "Which budget do they have for this, and whose is it?",
    "customer_base": "How many customers of their own do they have?",
}
_FACETS = ("geography", "maturity", "technology", "budget", "customer_base")
# Nobody has deals, a technology stack or customers who is a customer as a person.
_OF_COMPANIES = ("drop_out", "maturity", "technology", "customer_base", "buying_roles")


def open_questions(profile: Profile) -> list[str]:
    """What no data speak of yet, as questions in the order of the page."""
    told = {trait.facet for trait in profile.who}
    asked = []
    for key, question in QUESTIONS.items():
        if profile.meta.unit == "person" and key in _OF_COMPANIES:
            continue
        known = key in told if key in _FACETS else bool(getattr(profile, key))
        if not known:
            asked.append(question)
    return asked
