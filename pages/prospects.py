"""Prospects: who fits, why, and what to ask next?"""

import streamlit as st

from pages.components import (
    profile_document,
    prospect_checks,
    prospect_data,
    prospect_form,
    prospect_list,
    prospect_points,
    state,
)
from pages.components.feedback import nothing_loaded, problems_as_messages

st.title("Prospects")
st.caption("Who fits, why, and what to ask next? Every score is a sum you can follow.")

with problems_as_messages():
    workspace, facts = state.workspace(), state.facts()
if facts is None or not len(facts):
    nothing_loaded("Prospects")
with problems_as_messages():
    profile = profile_document.current(workspace, facts)
    data = prospect_data.ready(workspace, facts, profile)


@st.fragment
def live() -> None:
    """All that follows a weight, a threshold or a filter; only this part runs again."""
    with problems_as_messages():
        now = prospect_data.in_force(data)
        prospect_list.head(workspace, now)
        names = ["List", "One opportunity", "Points", "Checks"]
        tabs = dict(zip(names, st.tabs(names, key="prospects.tab"), strict=True))
        with tabs["List"], problems_as_messages(stop=False):
            prospect_list.listing(workspace, now, profile, facts)
        with tabs["One opportunity"], problems_as_messages(stop=False):
            prospect_form.opportunity(now)
        with tabs["Points"], problems_as_messages(stop=False):
            prospect_points.points(workspace, now)
        with tabs["Checks"], problems_as_messages(stop=False):
            prospect_checks.checks(now)


live()
