"""The banner of a due review, on every page where the ICP is looked at, and the changes a person ticks."""

from __future__ import annotations

import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.profile import review, versions
from icp_core.workspace import Workspace
from pages.components.prospect_data import came_true
from pages.components.text import md


def review_banner(workspace: Workspace, facts: Facts) -> None:
    """That it is time to review the ICP, why, and the same steps each time; nothing while it is not."""
    version = versions.active(workspace)
    if version is None:
        return
    key = (str(workspace.path), facts.fingerprint, version.number)
    reasons = review.reasons(
        version,
        today=workspace.clock().date(),
        drift=_drift(*key, facts, version),
        ticked=review.told(workspace),
    )
    learned = came_true(workspace, facts)
    if learned is not None and learned.holds is False:
        reasons.append("prospects in tier A were won less often than others")
    if not reasons:
        return
    with st.container(key="review_banner"):
        st.warning(f"Time to review the ICP: {md('; '.join(reasons))}.", icon=":material/event_repeat:")
        with st.expander("What to do in a review"):
            st.markdown("\n".join(f"{i}. {step}" for i, step in enumerate(review.STEPS, 1)))
            if learned is not None:
                st.markdown(f"**Prospects scored before.** {md(learned.message)}")


@st.cache_data(show_spinner=False, scope="session", max_entries=4)
def _drift(path: str, fingerprint: str, number: int, _facts: Facts, _version: versions.Version) -> list[str]:
    return review.drifted(_facts, _version)


def scored_before(workspace: Workspace, facts: Facts) -> None:
    """What became of prospects that were scored before, once there is something to say."""
    learned = came_true(workspace, facts)
    if learned is not None and learned.holds is not False:
        st.caption(f"Prospects scored before. {md(learned.message)}")


def market_changes(workspace: Workspace) -> None:
    """Tick what changed in the market: it calls for a review until the next version is saved."""
    with st.expander("Something changed in the market?"):
        told = review.told(workspace)
        for i, trigger in enumerate(review.TRIGGERS):
            ticked = st.checkbox(
                trigger, value=trigger in told, key=f"one_pager.trigger_{i}", disabled=workspace.is_read_only
            )
            if ticked != (trigger in told):
                review.tell(workspace, trigger, ticked)
                st.rerun()
