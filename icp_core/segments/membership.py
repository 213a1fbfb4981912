"""Who belongs to a segment."""

from __future__ import annotations

import numpy as np

from icp_core.facts.catalogue import Facts
from icp_core.segments.conditions import Segment


def members(facts: Facts, segment: Segment) -> np.ndarray:
    """Boolean array over the rows of ``facts.frame``: True where every condition holds.

    The rows come from the same SQL that draws the dashboard, so there is one meaning of a segment.

    Raises
    ------
    UnknownColumnError
        A condition names an attribute the facts lack.
    """
    inside = np.zeros(len(facts), dtype=bool)
    if not segment:
        return ~inside
    where, params = segment.where(facts.frame.columns)
    rows = facts.connection().execute(f"SELECT _i FROM facts WHERE {where}", params).fetchnumpy()["_i"]
    inside[rows] = True
    return inside
