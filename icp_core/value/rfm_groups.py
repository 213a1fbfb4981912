"""RFM groups in one table: how many customers are in each, and what they bring."""

from __future__ import annotations

import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.facts.columns import numbers
from icp_core.value.best_customers import rfm

# From the freshest to the ones long gone.
ORDER: dict[str, str] = {
    "Loyal": "Ordered within 90 days, five times or more.",
    "Coming back": "Ordered within 90 days, two to four times.",
    "New": "Ordered within 90 days, once.",
    "Slipping regulars": "Last order 91 to 365 days ago, three orders or more.",
    "Slipping": "Last order 91 to 365 days ago, one or two orders.",
    "Lost regulars": "No order for over a year, three orders or more.",
    "Lost": "No order for over a year, one or two orders.",
}


def rfm_groups(facts: Facts) -> pd.DataFrame:
    """The groups of ``best_customers.rfm`` that hold anybody, freshest first.

    Returns group, meaning, n (customers), share (of those with orders, 0–1), revenue, share_revenue (0–1),
    typical (median revenue). Empty without orders.
    """
    each = rfm(facts)
    table = pd.DataFrame({"group": each["group"], "revenue": numbers(facts.frame, "revenue")})
    table = table[table["group"].isin(ORDER)]
    found = table.groupby("group").agg(
        n=("group", "size"), revenue=("revenue", "sum"), typical=("revenue", "median")
    )
    found = found.reindex([name for name in ORDER if name in found.index]).reset_index()
    total = found["revenue"].sum()
    return pd.DataFrame(
        {
            "group": found["group"],
            "meaning": [ORDER[name] for name in found["group"]],
            "n": found["n"],
            "share": found["n"] / max(int(found["n"].sum()), 1),
            "revenue": found["revenue"],
            "share_revenue": found["revenue"] / total if total > 0 else float("nan"),
            "typical": found["typical"],
        }
    )
