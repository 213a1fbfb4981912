"""How many of the loaded prospects meet the criteria of the ICP: the market as far as a list shows it."""

from __future__ import annotations

import numpy as np

from icp_core.facts.catalogue import Facts
from icp_core.profile.market import Seen
from icp_core.prospects.answers import UNKNOWN, YES, all_true, truth
from icp_core.prospects.comparable import answered
from icp_core.prospects.lists import corrections, known_customers, prospect_list
from icp_core.prospects.model import About
from icp_core.prospects.relations import relations
from icp_core.segments.conditions import Segment
from icp_core.workspace import Workspace


def seen_in(workspace: Workspace, facts: Facts, segment: Segment) -> Seen | None:
    """Prospects of all lists, each counted once, that meet ``segment``; None when there are no prospects.

    A prospect of whom a needed attribute is not known counts as known only when another condition
    already rules it out.
    """
    loaded = prospect_list(workspace)
    if not len(loaded) or not segment:
        return None
    about = {
        name: About(label=a.label, kind=a.kind, known=list(a.levels[:200]))
        for name in segment.attributes
        if (a := facts.catalogue.get(name)) is not None
    }
    frame = loaded.frame.reset_index(drop=True)
    _, answers = answered(frame, about, loaded.labels, corrections(workspace))
    n = len(frame)
    verdict = all_true([truth(c, answers, n) for c in segment.conditions], n)
    related = relations(frame, known_customers(workspace, facts))
    once = ~np.array([bool(one) for one in related.is_duplicate])
    new = ~np.array([bool(one) for one in related.is_customer])
    return Seen(
        n=int(once.sum()),
        n_known=int((once & (verdict != UNKNOWN)).sum()),
        n_match=int((once & (verdict == YES)).sum()),
        n_new=int((once & new & (verdict == YES)).sum()),
    )
