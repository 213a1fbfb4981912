"""What each column of a table is: shown with its reason, changed in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from icp_core.gather.load import TablePreview
from icp_core.vocabulary import FIELDS, KINDS
from pages.components import state

OWN = "An attribute of your own"
_TYPES = {
    "category": "Category",
    "number": "Number",
    "money": "Money",
    "percent": "Percent",
    "date": "Date",
    "yes_no": "Yes / no",
    "band": "Size band",
    "multi": "Several of a list",
    "score": "Score",
    "text": "Text",
    "id": "Id",
    "name": "Name",
    "domain": "Web domain",
    "email": "E-mail",
    "url": "Web address",
    "country": "Country",
    "currency": "Currency",
}


def kind_choice(
    kind: str, *, key: str, on_change: Callable, args: Sequence, may_be_left_out: bool = True
) -> None:
    """A box to say what kind of table this is; the empty choice leaves it out."""
    options = ["", *KINDS] if may_be_left_out else list(KINDS)
    if state.widget(key) is None:
        state.set_widget(key, kind)
    st.selectbox(
        "This table holds",
        options,
        format_func=lambda kind: KINDS[kind].label if kind else "Leave it out",
        key=key,
        on_change=on_change,
        args=args,
    )


def _sample_of(table: TablePreview, index: int) -> str:
    values = table.table.cells.column(index).slice(0, 200).unique().to_pylist()
    return " · ".join(str(v)[:30] for v in values if v is not None)[:90]


def corrected(table: TablePreview, *, key: str) -> dict[str, dict[str, Any]]:
    """Show the columns; return what the user changed since: column → field, type, include."""
    kind = table.recognition.kind
    fields = FIELDS[kind] if kind else {}
    labels = {name: f.label for name, f in fields.items()}
    by_label = {label: name for name, label in labels.items()}
    before = pd.DataFrame(
        [
            {
                "Column": c.name,
                "What it is": labels.get(c.field, OWN) if c.field else OWN,
                "Examples": _sample_of(table, c.index),
                "Type": _TYPES.get(c.type, c.type),
                "Use": c.include,
                "Sure": c.confidence,
                "Why": c.reason,
            }
            for c in table.recognition.columns
        ]
    )
    after = st.data_editor(
        before,
        key=key,
        hide_index=True,
        disabled=["Column", "Examples", "Sure", "Why"],
        column_config={  # narrow enough that how sure it is, and why, is in sight
            "Column": st.column_config.TextColumn(width=150),
            "Examples": st.column_config.TextColumn(width=180),
            "What it is": st.column_config.SelectboxColumn(
                options=[OWN, *by_label], required=True, width=150
            ),
            "Type": st.column_config.SelectboxColumn(
                options=list(_TYPES.values()), required=True, width="small"
            ),
            "Use": st.column_config.CheckboxColumn(width=60),
            "Sure": st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent", width=100),
            "Why": st.column_config.TextColumn(width="large"),
        },
    )
    type_of = {label: name for name, label in _TYPES.items()}
    changes: dict[str, dict[str, Any]] = {}
    for old, new in zip(before.to_dict("records"), after.to_dict("records"), strict=True):
        change: dict[str, Any] = {}
        if new["What it is"] != old["What it is"]:
            change["field"] = by_label.get(new["What it is"])
        if new["Type"] != old["Type"]:
            change["type"] = type_of.get(new["Type"], "text")
        if new["Use"] != old["Use"]:
            change["include"] = bool(new["Use"])
        if change:
            changes[old["Column"]] = change
    return changes
