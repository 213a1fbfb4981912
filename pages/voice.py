"""Voice: what do they say, in which words?"""

import streamlit as st

from icp_core.segments.conditions import Segment
from icp_core.voice import collect
from pages.components import (
    state,
    voice_answers,
    voice_codes,
    voice_interviews,
    voice_notes,
    voice_scores,
    voice_themes,
)
from pages.components.feedback import nothing_loaded, problems_as_messages
from pages.components.segment_picker import segment_picker

st.title("Voice")
st.caption("What do they say, in which words? Everything follows the segment.")

with problems_as_messages():
    workspace, facts = state.workspace(), state.facts()
if facts is None or not len(facts):
    if not collect.anything_said(workspace):
        nothing_loaded("Scores, themes and quotes")
    st.caption(
        ":material/group_off: No customers are loaded yet: nobody's value or churn stands behind these words. "
        "Load them on the Data page; answers and interviews then find their customers."
    )
    facts, segment = collect.no_customers(), Segment()
else:
    segment = segment_picker(facts)
PARTS = {
    "Scores": voice_scores.scores_panel,
    "Answers": voice_answers.answers_panel,
    "Themes": voice_themes.themes_panel,
    "Phrases": voice_themes.phrases_panel,
    "Codes": voice_codes.codes_panel,
    "Interviews": voice_interviews.interviews_panel,
    "Team notes": voice_notes.notes_panel,
}
# Only the open part is worked out: reading many texts takes its time.
tabs = st.tabs(list(PARTS), key="voice.tabs", on_change="rerun")
for tab, part in zip(tabs, PARTS.values(), strict=True):
    if tab.open:
        with tab, problems_as_messages(stop=False):
            part(workspace, facts, segment)

st.page_link("pages/profile.py", label="Next: the profile, in their words", icon=":material/arrow_forward:")
