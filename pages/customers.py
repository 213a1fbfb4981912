"""Customers: who are our best customers, and what do they have in common?"""

import streamlit as st

from pages.components import customers_best, customers_economics, customers_value, state
from pages.components.feedback import nothing_loaded, problems_as_messages
from pages.components.parts import parts

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
parts(PARTS, key="customers.part")

st.page_link("pages/segments.py", label="Next: compare kinds of customers", icon=":material/arrow_forward:")
