"""What best customers share, as conditions: from a finding to the customers it names."""

from __future__ import annotations

import numpy as np

from icp_core.facts.catalogue import Facts
from icp_core.segments.conditions import Condition


def condition_of(facts: Facts, attribute: str, level: str) -> Condition:
    """The condition that says what a row of ``best_customers.what_they_share`` says.

    >>> import pandas as pd
    >>> from datetime import date
    >>> from icp_core.facts.catalogue import facts_from_frame
    >>> facts = facts_from_frame(pd.DataFrame({"sites": [1.0, 2.0, 9.0]}), as_of=date(2026, 1, 1))
    >>> condition_of(facts, "sites", "above 2")
    Condition(attribute='sites', operator='more_than', value=2.0)
    """
    about = facts.catalogue[attribute]
    if about.kind == "number":
        middle = float(np.nanmedian(facts.frame[attribute].to_numpy("float64", na_value=np.nan)))
        return Condition(attribute, "more_than", middle)
    if about.kind == "yes_no":
        return Condition(attribute, "is_yes")
    return Condition(attribute, "has_any_of" if about.kind == "multi" else "is_any_of", (level,))
