"""One-pager: the page to print, sign and send."""

import streamlit as st

from pages.components import (
    one_pager_parts,
    one_pager_said,
    one_pager_sheet,
    one_pager_versions,
    profile_document,
    review,
    state,
)
from pages.components.feedback import nothing_loaded, problems_as_messages

st.title("One-pager")
st.caption("The page to print, sign and send: preview, downloads, versions, review.")

with problems_as_messages():
    workspace, facts = state.workspace(), state.facts()
if facts is None or not len(facts):
    with problems_as_messages():
        one_pager_said.words_only(workspace)
    nothing_loaded("The page and its downloads")
with problems_as_messages():
    profile = profile_document.current(workspace, facts)
if profile is None:
    one_pager_parts.no_profile()
    st.stop()

review.review_banner(workspace, facts)
review.scored_before(workspace, facts)
one_pager_sheet.sheet(workspace, facts)
with problems_as_messages(stop=False):
    one_pager_versions.history(workspace, facts)
st.page_link("pages/prospects.py", label="Next: which prospects fit", icon=":material/arrow_forward:")
