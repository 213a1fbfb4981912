"""Customers: who are our best customers, and what do they have in common?"""

import streamlit as st

from pages.components import customers_best, customers_economics, customers_value, state
from pages.components.feedback import nothing_loaded, problems_as_messages

st.title("Customers")
st.caption("Who are our best customers, and what do they have in common?")

with problems_as_messages():
    workspace, facts = state.workspace(), state.facts()
if facts is None or not len(facts):
    nothing_loaded("Customers")


@st.fragment
def best() -> None:
    """The list follows the sliders; only this part runs again."""
    with problems_as_messages(stop=False):
        customers_best.best_list(workspace, facts)


PARTS = {
    "Best customers": best,
    "Concentration": lambda: customers_value.concentration_part(facts),
    "Cost and deals": lambda: customers_economics.economics_part(workspace, facts),
    "Lifetime value": lambda: customers_value.lifetime_part(workspace, facts),
}
names = list(PARTS)
opened = state.kept("customers.part", names[0])
for name, tab in zip(
    names, st.tabs(names, default=opened, key="customers.part", on_change="rerun"), strict=True
):
    if tab.open:
        with tab, problems_as_messages(stop=False):
            state.keep("customers.part", name)
            PARTS[name]()

st.page_link("pages/segments.py", label="Next: compare kinds of customers", icon=":material/arrow_forward:")
