"""Segments: which kinds of customer are worth more and stay longer?"""

import streamlit as st

from icp_core.segments.narrow import narrow
from pages.components import segment_page, state
from pages.components.feedback import nothing_loaded, problems_as_messages

st.title("Segments")
st.caption("Which kinds of customer are worth more and stay longer? Move a filter: every figure follows.")

with problems_as_messages():
    facts = state.facts()
if facts is None or not len(facts):
    nothing_loaded("Segments")


@st.fragment
def live() -> None:
    """All that follows a filter; only this part runs again. Figures and charts come first, then the rest."""
    with problems_as_messages():
        shown = segment_page.view(facts)
        words = segment_page.head(facts, shown.found)
        left, right = st.columns([1, 3.2], gap="medium")
        with right, st.container(key="segments_charts"):
            segment_page.charts(facts, shown)
        words()
        with left:
            segment_page.filters(facts)
        with right:
            segment_page.customer_table(facts, shown.found)
            segment_page.side_by_side(facts)
        segment_page.make_icp(shown.found)


narrow(facts)
live()
