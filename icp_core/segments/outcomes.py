"""What "better" may mean: the outcomes a search can rank customers by, and what each needs to be known."""

from __future__ import annotations

from icp_core.facts.catalogue import Facts

# What "better" may mean, in the words a user chooses from; the first that the data carry is the default.
OUTCOMES = {
    "worth": "Worth",
    "value": "Value a month",
    "retention": "Staying",
    "ltv": "Lifetime value so far",
    "nps": "NPS",
    "best": "Best-customer score",
    "won": "Won deals",
}
# The columns each needs; of several in one place any will do.
_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "worth": (("value_per_month",), ("churned",), ("tenure_months",)),
    "value": (("value_per_month",),),
    "retention": (("churned",), ("tenure_months",)),
    "ltv": (("ltv",),),
    "nps": (("nps",),),
    "best": (("best_score", "ltv", "churned", "nps"),),
    "won": (("won", "is_won", "deals_won"),),
}


def knows(facts: Facts, outcome: str) -> bool:
    """True when the columns an outcome needs are there; a search may still find them too thin.

    >>> import pandas as pd
    >>> from datetime import date
    >>> from icp_core.facts.catalogue import facts_from_frame
    >>> facts = facts_from_frame(pd.DataFrame({"nps": [9.0, 3.0]}), as_of=date(2026, 1, 1), outcomes=["nps"])
    >>> [outcome for outcome in OUTCOMES if knows(facts, outcome)]
    ['nps', 'best']
    """
    if not all(any(facts.has(name) for name in names) for names in _COLUMNS[outcome]):
        return False
    return outcome != "worth" or bool((facts.frame["churned"] == True).any())  # noqa: E712 – blanks are no yes
