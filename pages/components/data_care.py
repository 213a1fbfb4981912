"""Decisions about the data: what an attribute means, dates, currency, backups."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from icp_core.facts.catalogue import Attribute, Facts
from icp_core.gather.records import currencies, rate_table
from icp_core.segments.leaks import LEFT_OUT, leaks, overruled
from icp_core.vocabulary.money import currency_codes
from icp_core.workspace import Workspace
from pages.components import cached, state
from pages.components.remeasure import change_and_measure
from pages.components.text import md

_KINDS = {
    "category": "Category",
    "number": "Number",
    "band": "Size band",
    "date": "Date",
    "yes_no": "Yes / no",
    "multi": "Several",
    "text": "Text",
}


def attribute_editor(workspace: Workspace, facts: Facts | None, *, key: str = "data") -> None:
    """Which attributes are known before somebody buys, and which take part in searches; every guess can be corrected."""
    if facts is None:
        st.markdown("Attributes stand here once customers are loaded.")
        return
    st.caption(
        "Only what is known before somebody buys can target prospects. Correct the guess where it is wrong."
    )
    leaking, insisted = leaks(facts), overruled(facts)
    before = pd.DataFrame(
        [
            {
                "name": a.name,
                "Attribute": a.label,
                "Kind": _KINDS[a.kind],
                "Filled": 100 * a.n_filled / max(1, len(facts)),
                "Different values": a.n_distinct,
                "Known before the sale": a.known_before,
                "Takes part": a.name not in leaking and a.kind != "text",
                "Why not": leaking.get(a.name) or _said_of(a, insisted),
                "From": a.source,
            }
            for a in facts.attributes()
        ]
    )
    if before.empty:
        st.markdown("No attributes are loaded: only what customers bought is known.")
        return
    after = st.data_editor(
        before,
        key=f"{key}.attributes_{workspace.fingerprint()}",
        hide_index=True,
        disabled=[c for c in before.columns if c not in ("Attribute", "Known before the sale", "Takes part")],
        column_config={
            "name": None,
            "Filled": st.column_config.ProgressColumn(min_value=0, max_value=100, format="%.0f %%"),
            "Different values": st.column_config.NumberColumn(format="localized"),
            "Takes part": st.column_config.CheckboxColumn(
                help="Whether searches may use it. Tick against the advice and every finding with it says so."
            ),
            "Why not": st.column_config.Column(width="large"),
        },
    )
    told = told_of_attributes(workspace, before.to_dict("records"), after.to_dict("records"))
    if told:
        change_and_measure(
            workspace,
            ("attributes", json.dumps(told, sort_keys=True)),
            "Measuring every customer anew",
            lambda: [workspace.decide("attribute", name, one) for name, one in told.items()],
            can_stop=False,
        )
        st.rerun()


def told_of_attributes(
    workspace: Workspace, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What a user changed in the rows of the editor: by attribute, what is to be kept of it.

    Ticking “Takes part” overrules the guard, unticking it leaves the attribute out of searches.
    """
    changed = {}
    for old, new in zip(before, after, strict=True):
        if old == new or not str(new["Attribute"]).strip():
            continue
        told = dict(workspace.decision("attribute", old["name"], {}))
        told |= {
            "label": str(new["Attribute"]).strip(),
            "known_before": bool(new["Known before the sale"]),
        }
        if new["Takes part"] and not old["Takes part"]:
            told["leak"] = ""
        elif old["Takes part"] and not new["Takes part"]:
            told["leak"] = LEFT_OUT
        changed[old["name"]] = told
    return changed


def _said_of(about: Attribute, insisted: Mapping[str, str]) -> str:
    if about.name in insisted:
        return f"Takes part on your word. {insisted[about.name]}"
    if about.kind == "text":
        return "Free text cannot be a criterion."
    return ""


def settings(workspace: Workspace, facts: Facts | None) -> None:
    """The day of the data, the currency, the unit, the rates."""
    if facts is None:
        return
    columns = st.columns(3)
    # The keys hold what is in force: a control that kept its old value over newer data would set it as if by hand.
    day = columns[0].date_input(
        "Measured as of",
        facts.as_of,
        key=f"data.as_of_{facts.as_of}",
        help="Tenure, churn and recency are reckoned up to this day.",
    )
    at_hand = list(dict.fromkeys((facts.currency, *currencies(workspace.cursor()))))
    codes = [*at_hand, *sorted(currency_codes() - {*at_hand})]
    currency = columns[1].selectbox(
        "Currency of all figures",
        codes,
        format_func=lambda code: code or "Not said",
        key=f"data.currency_{facts.currency}",
    )
    unit = columns[2].radio(
        "A customer is",
        ["account", "person"],
        index=["account", "person"].index(facts.unit),
        format_func={"account": "a company", "person": "a person"}.get,
        key=f"data.unit_{facts.unit}",
        horizontal=True,
    )
    wanted = {"as_of": day.isoformat() if isinstance(day, date) else None, "currency": currency, "unit": unit}
    now = {"as_of": facts.as_of.isoformat(), "currency": facts.currency, "unit": facts.unit}
    changed = {key: value for key, value in wanted.items() if value != now[key]}
    if wanted["as_of"] and changed:
        change_and_measure(
            workspace,
            ("settings", json.dumps(changed, sort_keys=True)),
            "Measuring every customer anew",
            lambda: [workspace.set_setting(key, value) for key, value in changed.items()],
            can_stop=False,
        )
        st.rerun()
    _rates(workspace, facts)


def _rates(workspace: Workspace, facts: Facts) -> None:
    codes = [code for code in currencies(workspace.cursor()) if code != facts.currency]
    if not codes:
        return
    rates = rate_table(workspace, facts.currency)
    st.markdown("**Exchange rates**")
    st.caption(
        "Amounts are converted with these, never added up mixed. They are yearly averages to begin with."
    )
    for code in codes:
        now = rates.rate(code)
        value = st.number_input(
            f"1 {md(code)} in {md(facts.currency)}",
            min_value=0.0,
            value=now,
            format="%.5f",
            key=f"data.rate_{code}_{facts.currency}_{now}",
        )
        if value and (now is None or abs(value - now) > 1e-9):
            change_and_measure(
                workspace,
                ("rate", code, str(value)),
                "Converting all amounts",
                partial(workspace.decide, "rate", f"{code}>{facts.currency}", value),
                can_stop=False,
            )
            st.rerun()


def keep_and_delete(workspace: Workspace) -> None:
    """Where the data is; a copy of it; the end of it."""
    st.markdown("**This workspace**")
    st.caption("Everything is in one file on this machine; nothing is sent anywhere.")
    st.code(str(workspace.path), language=None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button("Back up now", key="data.backup", icon=":material/save:"):
            copy = workspace.back_up()
            st.toast(f"Saved as {md(copy.name)}")
        backups: list[Path] = workspace.backups()
        if backups:
            chosen = st.selectbox(
                "Backups", backups[::-1], format_func=lambda p: p.stem, key="data.backup_choice"
            )
            if st.button("Restore this one", key="data.restore", icon=":material/settings_backup_restore:"):
                workspace.restore(chosen)
                st.rerun()
    with st.expander("Delete this workspace"):
        st.markdown("Removes the file, the uploads and the backups for good. This cannot be undone.")
        typed = st.text_input(f"Type {md(workspace.name)} to confirm", key="data.delete_name")
        if st.button(
            "Delete for good",
            key="data.delete",
            disabled=typed.strip() != workspace.name,
            icon=":material/delete_forever:",
        ):
            path = str(workspace.path)
            workspace.delete()
            cached.forget_workspace(path)
            state.forget_all()
            st.rerun()
