"""Research: whom should we ask what next?"""

import streamlit as st

from icp_core.segments.conditions import Segment
from icp_core.voice import collect
from pages.components import research_kit, state
from pages.components.feedback import problems_as_messages
from pages.components.segment_picker import segment_picker

st.title("Research")
st.caption("Whom should we ask what next? A guide, a survey and a list, made from what you still assume.")

with problems_as_messages():
    workspace, facts = state.workspace(), state.facts()
if facts is None or not len(facts):
    facts, segment = collect.no_customers(), Segment()
else:
    segment = segment_picker(facts)
PARTS = {
    "Interview guide": research_kit.guide_panel,
    "Survey": research_kit.survey_panel,
    "Whom to ask": research_kit.people_panel,
    "How many": research_kit.sample_panel,
    "What came back": research_kit.answers_panel,
}
tabs = st.tabs(list(PARTS), key="research.tabs", on_change="rerun")
for tab, part in zip(tabs, PARTS.values(), strict=True):
    if tab.open:
        with tab, problems_as_messages(stop=False):
            part(workspace, facts, segment)

st.page_link("pages/data.py", label="Next: load the answers", icon=":material/arrow_forward:")
