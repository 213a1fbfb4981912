"""Retention by any attribute: curves of its groups side by side, with a test of whether they differ."""

from __future__ import annotations

import numpy as np
import pandas as pd

from icp_core.errors import NotEnoughDataError, UnknownColumnError
from icp_core.facts.catalogue import Facts
from icp_core.retention.churn_rates import groups_of
from icp_core.retention.survival import THIN_AT_RISK, Retention, durations_of, of_groups
from icp_core.stats.tests import LogRank
from icp_core.stats.wording import count

# More curves than this cannot be told apart.
MAX_GROUPS = 6


def survival_by(
    facts: Facts,
    attribute: str,
    mask=None,
    *,
    max_groups: int = MAX_GROUPS,
    horizon_months: float | None = None,
) -> Retention:
    """Curves, months kept and log-rank test by the groups of an attribute, largest group first.

    The largest groups get a curve each; those of fewer than 10 customers, and the rest beyond ``max_groups``, are folded
    into "other (7 groups)". Of a multi-select a customer counts in the curve of each of its members; the groups
    then overlap and the test is blank. ``mask`` keeps a segment. Raises ``NotEnoughDataError`` when no customer
    has the attribute, a length of stay and a churn answer.
    """
    if attribute not in facts.catalogue or attribute not in facts.frame.columns:
        raise UnknownColumnError(attribute, facts.catalogue)
    durations, left = durations_of(facts)
    table = pd.DataFrame(
        {"group": groups_of(facts, attribute).to_numpy(object), "t": durations, "left": left}
    )
    if mask is not None:
        table = table[np.asarray(mask, dtype=bool)]
    table = table.explode("group").dropna()
    if table.empty:
        about = facts.catalogue[attribute].label
        raise NotEnoughDataError(f"No customer has {about}, a length of stay and a churn answer at once.")
    table = _folded(table, max_groups)
    found = of_groups(table["t"], table["left"], table["group"], horizon_months)
    if facts.catalogue[attribute].kind == "multi":
        return found._replace(log_rank=LogRank(np.nan, 0, np.nan))
    return found


def _folded(table: pd.DataFrame, max_groups: int) -> pd.DataFrame:
    """Rows with small groups folded into one, largest group first, the folded one last."""
    sizes = table["group"].value_counts()
    ranked = sorted(sizes.index, key=lambda name: (-sizes[name], str(name)))
    large = [name for name in ranked if sizes[name] >= THIN_AT_RISK][:max_groups]
    small = [name for name in ranked if name not in large]
    if len(small) == 1 or not large:
        large, small = ranked[: max(max_groups, len(large) + len(small))], []
    other = f"other ({count(len(small))} groups)"
    names = table["group"].where(table["group"].isin(large), other)
    order = {name: place for place, name in enumerate([*large, other])}
    table = table.assign(group=names)
    return table.iloc[np.argsort(names.map(order).to_numpy(), kind="stable")]
