"""Profile: who is our ideal customer, and does it hold?"""

import streamlit as st

from pages.components import profile_check, profile_document, profile_find, profile_refuse, review, state
from pages.components.feedback import nothing_loaded, problems_as_messages

st.title("Profile")
st.caption("Who is our ideal customer, and does it hold?")

with problems_as_messages():
    workspace, facts = state.workspace(), state.facts()
if facts is None or not len(facts):
    nothing_loaded("The profile and its evidence")

# What comes and goes above the tabs keeps one place, so that they stay where they are and the open one stays open.
with st.container():
    with problems_as_messages():
        profile = profile_document.current(workspace, facts)
    with problems_as_messages(stop=False):
        review.review_banner(workspace, facts)
names = profile_document.TABS
profile_document.open_tab(profile)
tabs = dict(zip(names, st.tabs(names, key=profile_document.TAB, on_change="rerun"), strict=True))
with tabs["Describe"], problems_as_messages(stop=False):
    profile_document.document(workspace, facts, profile)
with tabs["Refuse"], problems_as_messages(stop=False):
    profile_refuse.refusals(workspace, facts, profile)
with tabs["Check"], problems_as_messages(stop=False):
    profile_check.checks(workspace, facts, profile)
# Last, so that a profile that is there already does not wait for a search.
with tabs["Find"], problems_as_messages(stop=False):
    profile_find.search_panel(workspace, facts, profile)

if profile is not None:
    st.page_link(
        "pages/one_pager.py", label="Next: the one-pager, ready to print", icon=":material/arrow_forward:"
    )
