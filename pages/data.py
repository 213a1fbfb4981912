"""Data: what is loaded, and can it be trusted?"""

import streamlit as st

from icp_core.errors import WorkspaceError
from pages.components import (
    data_care,
    data_correct,
    data_loaded,
    data_matches,
    data_safety,
    review,
    state,
    uploads,
)
from pages.components.feedback import ENGINE_FAILURES, nothing_loaded, problems_as_messages
from pages.components.first_steps import first_steps

with problems_as_messages():
    state.begin("data")

st.title("Data")
st.caption("What is loaded, and can it be trusted?")

try:
    workspace = state.workspace()
    facts = state.facts()
    loaded = uploads.imported(workspace)
except (WorkspaceError, *ENGINE_FAILURES) as problem:
    with problems_as_messages():
        if not state.may_edit():
            raise WorkspaceError("This workspace does not open. Tell an editor of your team.") from problem
        data_safety.rescue(problem)
    st.stop()

if workspace.is_read_only:
    with problems_as_messages():
        if loaded.empty:
            nothing_loaded()
        data_loaded.summary(workspace, facts)
        data_loaded.reconciliation_table(workspace)
        data_loaded.health_table(workspace, facts)
    st.stop()

with problems_as_messages(stop=False):
    if facts is not None:
        review.review_banner(workspace, facts)
    uploads.work_under_way(workspace)
    uploads.drop_zone(workspace, first=loaded.empty)
    uploads.waiting_files(workspace)

if loaded.empty:
    if not uploads.waiting():
        first_steps()
    st.stop()

with problems_as_messages(stop=False):
    data_loaded.summary(workspace, facts)
    data_loaded.reconciliation_table(workspace)

# The key keeps the open one open, whatever comes and goes above.
sections = st.tabs(
    ["Health", "Same customer?", "Correct a table", "Attributes", "Imports", "Settings"], key="data.tab"
)
with sections[0], problems_as_messages(stop=False):
    data_loaded.health_table(workspace, facts)
with sections[1], problems_as_messages(stop=False):
    data_matches.match_review(workspace)
with sections[2], problems_as_messages(stop=False):
    data_correct.correct_table(workspace)
with sections[3], problems_as_messages(stop=False):
    data_care.attribute_editor(workspace, facts)
with sections[4], problems_as_messages(stop=False):
    data_loaded.imports_list(workspace)
with sections[5], problems_as_messages(stop=False):
    data_care.settings(workspace, facts)
    data_care.keep_and_delete(workspace)
    data_safety.erase_one(workspace)

if facts is not None:
    st.page_link(
        "pages/segments.py",
        label="Next: which kinds of customer are worth more and stay longer",
        icon=":material/arrow_forward:",
    )
elif loaded["kind"].isin(["responses", "transcript", "notes"]).any():
    st.page_link(
        "pages/voice.py", label="Next: what they say, in their words", icon=":material/arrow_forward:"
    )
