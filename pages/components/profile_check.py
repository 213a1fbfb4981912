"""Does the ICP hold on customers it was not built on?"""

from __future__ import annotations

import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Profile
from icp_core.profile.validate import validate
from pages.components.figures import evidence_dots
from pages.components.text import md


def checks(facts: Facts, profile: Profile | None) -> None:
    """Later customers and held-out customers beside the promise, tightness and reach."""
    if profile is None or not profile.criteria:
        st.info(
            "Take a segment as the ICP first; then this page checks whether it holds.", icon=":material/info:"
        )
        return
    found = validate(facts, profile.criteria)
    st.write(found)
    evidence_dots("Hint", None, tip=(md(""),))
