"""Retention: who stays, and for how long?"""

import streamlit as st

from pages.components import retention_churn, retention_cohorts, retention_curves, retention_slipping, state
from pages.components.feedback import nothing_loaded, problems_as_messages
from pages.components.parts import parts
from pages.components.segment_picker import segment_picker

st.title("Retention")
st.caption("Who stays, and for how long?")

with problems_as_messages():
    workspace, facts = state.workspace(), state.facts()
if facts is None or not len(facts):
    nothing_loaded("Retention")

with problems_as_messages():
    segment = segment_picker(facts)
    retention_churn.definition_in_force(workspace, facts)
    retention_churn.figures(facts, segment)

PARTS = {
    "Segment and the rest": lambda: retention_curves.beside_the_rest(facts, segment),
    "By attribute": lambda: retention_curves.by_attribute(facts, segment),
    "Cohorts": lambda: retention_cohorts.cohorts_part(workspace, facts, segment),
    "Slipping": lambda: retention_slipping.slipping_part(workspace, facts, segment),
}
parts(PARTS, key="retention.part")

st.page_link("pages/profile.py", label="Next: find the ideal customer", icon=":material/arrow_forward:")
