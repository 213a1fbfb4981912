"""One opportunity: type in a company or paste a row, see its fit and what to ask."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from icp_core.prospects.answers import canonical
from icp_core.prospects.comparable import identities, pasted, prepare
from icp_core.prospects.model import About
from pages.components import state
from pages.components.prospect_data import Now
from pages.components.prospect_list import verdict
from pages.components.text import md, plain

_ROW = "prospects.one"


def opportunity(now: Now) -> None:
    """The form, and under it the fit of what was typed."""
    st.caption("What you do not know stays open: the score becomes a range, and you learn what to ask.")
    left, right = st.columns([1, 1.7], gap="large")
    with left:
        _form(now)
    with right:
        with st.expander("Or paste a row from a spreadsheet", icon=":material/content_paste:"):
            _paste()
        _fit(now)


def _fit(now: Now) -> None:
    """The fit of what was typed or pasted."""
    row = state.kept(_ROW)
    if not row:
        st.caption("The fit of the company appears here.")
        return
    frame = pd.DataFrame([row["values"]])
    one = prepare(
        frame,
        now.card,
        labels=row["labels"],
        customers=identities(state.facts()),
    )
    with st.container(border=True):
        st.markdown(f"## {md(row['name'])}")
        verdict(now, one, key="one")


def _form(now: Now) -> None:
    with st.form("prospects.form", border=True):
        name = st.text_input("Company or person", key="prospects.form_name")
        domain = st.text_input("Web domain", key="prospects.form_domain")
        values: dict[str, Any] = {}
        for attribute in now.card.attributes:
            values[attribute] = _field(attribute, now.card.about.get(attribute), now.card.label(attribute))
        for attribute in _asked_by_refusals(now):
            if attribute not in values:
                values[attribute] = _field(
                    attribute, now.card.about.get(attribute), now.card.label(attribute)
                )
        if st.form_submit_button("Show the fit", type="primary"):
            known = {k: v for k, v in values.items() if v not in (None, "", [])}
            state.keep(
                _ROW,
                {
                    "name": name.strip() or "This opportunity",
                    "values": {"account_name": name.strip() or None, "domain": domain.strip() or None}
                    | known,
                    "labels": {k: now.card.label(k) for k in known},
                },
            )


def _asked_by_refusals(now: Now) -> list[str]:
    from_rules = [c["attribute"] for r in now.card.refusals for c in r.conditions]
    return [canonical(a) for a in dict.fromkeys(from_rules)]


def _field(attribute: str, about: About | None, label: str) -> Any:
    key = f"prospects.form_{attribute}"
    kind = about.kind if about else "category"
    if kind == "number":
        return st.number_input(md(label), value=None, min_value=0.0, step=1.0, format="%g", key=key)
    if kind == "multi":
        return st.multiselect(md(label), list(about.known), format_func=plain, key=key)
    if kind == "yes_no":
        chosen = st.selectbox(md(label), ["", "Yes", "No"], format_func=lambda v: v or "not known", key=key)
        return chosen
    options = list(about.known) if about else []
    return st.selectbox(
        md(label),
        options,
        index=None,
        format_func=plain,
        key=key,
        placeholder="not known",
        accept_new_options=True,
    )


def _paste() -> None:
    with st.form("prospects.paste_form", border=False):
        text = st.text_area(
            "The heading line and one row",
            key="prospects.paste",
            height=120,
            placeholder="Company\tIndustry\tEmployees\nNorthwind Ltd\tLogistics\t120",
        )
        if st.form_submit_button("Read the row"):
            found, labels = pasted(text)
            values = found.iloc[0].to_dict()
            state.keep(
                _ROW,
                {
                    "name": str(values.get("account_name") or "This opportunity"),
                    "values": {k: v for k, v in values.items() if v},
                    "labels": labels,
                },
            )
