"""Who and what stands behind a statement: the customers it counts, the sentences it was made from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Evidence
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members

_SHOWN = ("customer_id", "customer_name", "revenue", "value_per_month", "customer_since", "churned")


def customers_behind(
    facts: Facts,
    criteria: Segment,
    evidence: Evidence | None = None,
    codes: pd.DataFrame | None = None,
    *,
    among_all: bool = False,
) -> pd.DataFrame:
    """The customers a statement counts, highest revenue first, with what they are worth.

    Parameters
    ----------
    criteria
        The ICP's criteria; without evidence all who meet them are meant.
    evidence
        Its ``segment`` narrows them (``among_all``: counts among all customers instead), its ``sentence_ids`` name
        sentences of ``codes``; with those the sentence and its source stand beside each customer.

    Returns
    -------
    pandas.DataFrame
        ``customer_id``, name, revenue, value a month, since, churned (as far as known), then ``said`` and ``source``.
    """
    columns = [c for c in _SHOWN if c in facts.frame]
    if evidence is not None and evidence.sentence_ids and codes is not None and len(codes):
        said = codes[codes["sentence_id"].isin(evidence.sentence_ids)]
        said = said.drop_duplicates("sentence_id")[["customer_id", "sentence", "source"]]
        said = said.rename(columns={"sentence": "said"})
        found = said.merge(facts.frame[columns], on="customer_id", how="left")
        return _ordered(found[[*columns, "said", "source"]])
    inside = np.ones(len(facts), dtype=bool) if among_all else members(facts, criteria)
    if evidence is not None and evidence.segment is not None:
        known, _ = evidence.segment.known_to(facts.catalogue)
        inside &= members(facts, known)
    return _ordered(facts.frame.loc[inside, columns])


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    by = next((c for c in ("revenue", "value_per_month") if c in frame), None)
    if by is not None:
        frame = frame.sort_values([by, "customer_id"], ascending=[False, True], kind="stable")
    return frame.reset_index(drop=True)
