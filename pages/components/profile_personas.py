"""Personas on the Profile page: kept apart from the ICP, attached to it when wanted."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from icp_core.profile import versions
from icp_core.profile.edits import with_personas
from icp_core.profile.model import Profile
from icp_core.workspace import Workspace

_LABELS = {
    "name": "Made-up name",
    "role": "Role",
    "seniority": "Seniority",
    "background": "Background",
    "goals": "Goals",
    "challenges": "Challenges",
    "tools": "Tools",
    "power": "Power to buy",
}
_POWER = ["Decides", "Signs", "Can veto", "Influences", "Uses it"]
_TOPIC = "persona"


def personas_section(workspace: Workspace, profile: Profile) -> None:
    """All personas of the workspace in one table; those ticked are printed with the ICP."""
    st.markdown("#### Personas")
    st.caption(
        "Persons behind the decision, written by you: made-up names, never a customer’s. Those attached are printed "
        "as assumptions; the others stay here for later."
    )
    known = {d.key: d.value for d in workspace.decisions(_TOPIC)}
    known |= {p.name: p.model_dump() for p in profile.personas}
    attached = {p.name for p in profile.personas}
    if not known:
        known = {"": {"role": next((role.role for role in profile.buying_roles), "")}}
    columns = ["attached", *_LABELS]
    table = pd.DataFrame(
        [
            {"attached": name in attached} | {k: str(v.get(k, "")) for k in _LABELS}
            for name, v in known.items()
        ],
        columns=columns,
    ).astype({k: "str" for k in _LABELS} | {"attached": "bool"})
    after = st.data_editor(
        table,
        key=f"profile.personas_{len(known)}",
        disabled=workspace.is_read_only,
        num_rows="dynamic",
        hide_index=True,
        column_config={k: st.column_config.TextColumn(v) for k, v in _LABELS.items()}
        | {
            "attached": st.column_config.CheckboxColumn("Attached", default=True),
            "power": st.column_config.SelectboxColumn("Power to buy", options=_POWER),
        },
    )
    if st.button("Keep the personas", key="profile.keep_personas", disabled=workspace.is_read_only):
        rows = [
            {k: v for k, v in row.items() if isinstance(v, (str, bool))} for row in after.to_dict("records")
        ]
        for key in known:
            workspace.withdraw(_TOPIC, key)
        for persona in with_personas(profile, rows).personas:
            workspace.decide(_TOPIC, persona.name, persona.model_dump())
        versions.keep_draft(workspace, with_personas(profile, [r for r in rows if r.get("attached", True)]))
        st.rerun()
