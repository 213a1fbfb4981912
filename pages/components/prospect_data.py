"""What the Prospects page works on: the scorecard as learned, as set by hand, and the list in its light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Profile
from icp_core.prospects import fit, learning, lists
from icp_core.prospects.comparable import Prospects
from icp_core.prospects.learning import CameTrue
from icp_core.prospects.lists import ProspectList
from icp_core.prospects.model import Scorecard
from icp_core.workspace import Workspace
from pages.components import state

WEIGHTS, THRESHOLDS, MORE = "prospects.weights", "prospects.thresholds", "prospects.more_weights"


@dataclass(frozen=True, eq=False)
class Ready:
    """Learned once per state of the data: nothing here depends on a slider."""

    card: Scorecard
    loaded: ProspectList
    prospects: Prospects
    names: list[str]
    has_profile: bool
    accounts: pd.DataFrame | None
    behind: lists.Judged | None
    learned: CameTrue | None  # what became of prospects scored before


@dataclass(frozen=True, eq=False)
class Now:
    """The list by the weights and thresholds of the moment."""

    ready: Ready
    card: Scorecard
    ranked: pd.DataFrame  # fit_points, low, high, tier
    fresh: np.ndarray  # neither a customer already nor a repeat

    @property
    def prospects(self) -> Prospects:
        return self.ready.prospects


def ready(workspace: Workspace, facts: Facts, profile: Profile | None) -> Ready:
    """The scorecard and the list, learned anew only when data, ICP or choices changed; the scores go on record."""
    text = profile.to_json() if profile is not None else ""
    return _ready(
        str(workspace.path), facts.fingerprint, lists.state_of(workspace), text, workspace, facts, profile
    )


@st.cache_resource(show_spinner="Learning points from your customers", scope="session", max_entries=2)
def _ready(
    path: str,
    fingerprint: str,
    decided: str,
    profile_text: str,
    _workspace: Workspace,
    _facts: Facts,
    _profile: Profile | None,
) -> Ready:
    loaded = lists.prospect_list(_workspace)
    card = lists.scorecard_for(_workspace, _facts, _profile, loaded)
    prospects = lists.prepared(_workspace, _facts, card, loaded)
    learning.put_on_record(_workspace, prospects, fit.rank(prospects, card))
    names = lists.names_of(loaded)
    found = lists.accounts(_workspace)
    return Ready(
        card=card,
        loaded=loaded,
        prospects=prospects,
        names=names,
        has_profile=_profile is not None,
        accounts=found,
        behind=lists.judged(card, _facts, found),
        learned=came_true(_workspace, _facts),
    )


def came_true(workspace: Workspace, facts: Facts) -> CameTrue | None:
    """What became of prospects scored before; None when none is on record."""
    return _came_true(str(workspace.path), facts.fingerprint, workspace.fingerprint(), workspace, facts)


@st.cache_resource(show_spinner=False, scope="session", max_entries=1)
def _came_true(
    path: str, fingerprint: str, decided: str, _workspace: Workspace, _facts: Facts
) -> CameTrue | None:
    return learning.came_true(_workspace, _facts)


def in_force(data: Ready) -> Now:
    """The scorecard with the sliders as they stand, and every prospect ranked by it."""
    card = data.card
    weights = state.kept(WEIGHTS) or {}
    if weights:
        card = lists.reweighed(card, weights, list(weights), data.behind)
    if state.kept(THRESHOLDS):
        card = lists.rethresholded(card, state.kept(THRESHOLDS), data.behind)
    known = data.prospects.relations
    fresh = ~known.is_customer & ~known.is_duplicate
    return Now(data, card, fit.rank(data.prospects, card), fresh)
