"""What a new workspace shows below the drop zone: what comes in, what comes out."""

import streamlit as st

from pages.components.text import md

_STEPS = (
    (
        "1. Drop what you have",
        "A list of customers with what they pay, or whether they left, is enough to begin. Orders, subscriptions, deals, "
        "survey answers and interviews add to it: they find their customer by id, web domain or e-mail.",
    ),
    (
        "2. See who is worth most and stays",
        "Every figure of a kind of customer stands beside the others, with its number and likely range. A search names "
        "the kinds that are clearly better, or says that none is. About a hundred customers are enough to begin.",
    ),
    (
        "3. Take one page with you",
        "The ideal customer on one page, PDF and Excel, with the evidence behind every line. The same rule ranks your "
        "prospects and says what to ask them.",
    ),
)


def first_steps() -> None:
    """Three steps from files to the page, and where the data stays."""
    for column, (title, words) in zip(st.columns(3, gap="medium", border=True), _STEPS, strict=True):
        with column:
            st.markdown(f"**{md(title)}**")
            st.caption(md(words))
    st.caption("Everything stays where this app runs; nothing is sent anywhere else.")
