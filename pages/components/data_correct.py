"""A table that is loaded already, read otherwise: asked, corrected, shown what it would change, taken back."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from icp_core.gather import correct, load
from icp_core.workspace import Workspace
from pages.components import doubts, long_work, state
from pages.components.mapping_editor import corrected, kind_choice
from pages.components.remeasure import change_and_measure
from pages.components.text import md
from pages.components.uploads import preview_rows

_LOOKS = {"columns": "Columns", "rows": "First rows"}
_SAID, _EFFECT, _TABLE = "data.correct_said", "data.correct_effect", "data.correct_table"
_ROUND = "data.correct_round"  # fresh widgets once a correction is made or left


def correct_table(workspace: Workspace) -> None:
    """Choose a loaded table and say what its columns truly are; nothing is uploaded again."""
    tables = load.imports(workspace)
    tables = tables[tables["kind"] != load.TRANSCRIPT].set_index("import_id")
    if tables.empty:
        st.markdown("No table is loaded that could be corrected.")
        return
    st.caption(
        "Was a column understood wrongly? Say what it is: the text of every file is kept, so nothing is uploaded again. "
        "What you say is remembered for the next file with the same headings."
    )
    chosen = st.selectbox(
        "Table",
        tables.index.tolist(),
        index=None,
        placeholder="Choose a table",
        format_func=lambda i: _title(tables.loc[i]),
        key=_TABLE,
    )
    if chosen is None:
        return
    said = _said(chosen)
    table = correct.looked_at(workspace, chosen, said)
    where = f"{chosen}_{state.kept(_ROUND, 0)}_{workspace.fingerprint()}"
    doubts.kind_questions(
        table.recognition.asks,
        key=f"data.correct_row_{where}",
        on_kind=lambda kind: _choose_kind(chosen, f"data.correct_kind_{where}", kind),
    )
    doubts.questions(
        table,
        said.get("columns", {}),
        key=f"data.correct_doubt_{where}",
        on_answer=lambda changes: _say(chosen, {"columns": changes}),
    )
    kind_choice(
        table.recognition.kind or "",
        key=f"data.correct_kind_{where}",
        on_change=_say_kind,
        args=(chosen, f"data.correct_kind_{where}"),
        may_be_left_out=False,
    )
    look = st.segmented_control(
        "Look at",
        list(_LOOKS),
        format_func=_LOOKS.get,
        default="columns",
        key="data.correct_look",
        label_visibility="collapsed",
    )
    if look == "columns":
        changes = corrected(table, key=f"data.correct_columns_{where}")
        if changes:
            _say(chosen, {"columns": changes})
            st.rerun()
    elif look == "rows":
        preview_rows(table)
    if said:
        _what_would_change(workspace, chosen, said)
    _take_back(workspace, chosen)


def _title(row: pd.Series) -> str:
    sheet = f" · {row.sheet}" if isinstance(row.sheet, str) else ""
    return f"{row.file_name}{sheet} ({load.kind_label(row.kind).lower()}, {row.rows_read:,} rows)"


def _said(import_id: int) -> dict[str, Any]:
    return state.kept(_SAID, {}).get(import_id, {})


def _say(import_id: int, change: dict[str, Any]) -> None:
    state.keep(_SAID, state.kept(_SAID, {}) | {import_id: correct.laid_over(_said(import_id), change)})


def _say_kind(import_id: int, key: str) -> None:
    _say(import_id, {"kind": state.widget(key)})


def _choose_kind(import_id: int, key: str, kind: str) -> None:
    state.set_widget(key, kind)
    _say_kind(import_id, key)


def _let_go(import_id: int) -> None:
    state.keep(_SAID, {i: said for i, said in state.kept(_SAID, {}).items() if i != import_id})
    state.keep(_ROUND, state.kept(_ROUND, 0) + 1)


def _effect(workspace: Workspace, import_id: int, said: dict[str, Any]) -> correct.Effect | None:
    """The effect, worked out once per change, beside the page: a million rows take seconds. None after a stop."""
    key = (str(workspace.fingerprint()), str(import_id), json.dumps(said, sort_keys=True, default=str))
    known = state.kept(_EFFECT)
    if known is None or known[0] != key:
        work = long_work.watched(
            (str(workspace.path), "effect", *key),
            "Reading the table anew",
            lambda work: correct.effect(workspace, import_id, said, progress=work.tell),
            again="Read it anew",
        )
        if work is None:
            return None
        known = (key, work.result)
        state.keep(_EFFECT, known)
    return known[1]


def _what_would_change(workspace: Workspace, import_id: int, said: dict[str, Any]) -> None:
    found = _effect(workspace, import_id, said)
    if found is None:
        return
    with st.container(border=True):
        st.markdown("**What would change**")
        if found.is_nothing:
            st.caption("Nothing: read that way, every cell says the same.")
        if found.kind_before != found.kind_after:
            before, after = (
                load.kind_label(kind).lower() for kind in (found.kind_before, found.kind_after) if kind
            )
            st.markdown(f"The table would hold **{md(after)}**, no longer {md(before)}.")
        if not found.columns.empty:
            st.dataframe(
                found.columns,
                placeholder="",
                hide_index=True,
                column_config={
                    "column": "Column",
                    "before": "Now",
                    "after": "Then",
                    "cells": st.column_config.NumberColumn("Cells that change", format="localized"),
                    "example_before": "For example",
                    "example_after": "becomes",
                },
            )
        lines = []
        if found.rows_before != found.rows_after:
            lines.append(f"Rows that count: {found.rows_before:,} now, {found.rows_after:,} then.")
        if found.unread_before != found.unread_after:
            lines.append(
                f"Cells that cannot be read: {found.unread_before:,} now, {found.unread_after:,} then."
            )
        if lines:
            st.caption(" ".join(lines))
        with st.container(horizontal=True):
            if st.button(
                "Correct it",
                type="primary",
                key="data.correct_apply",
                icon=":material/check:",
                disabled=found.is_nothing,
            ):
                if change_and_measure(
                    workspace,
                    ("correct", str(import_id)),
                    "Correcting the table",
                    partial(correct.correct_import, workspace, import_id, said),
                ):
                    _let_go(import_id)
                st.rerun()
            st.button("Leave it as it is", key="data.correct_drop", on_click=_let_go, args=(import_id,))


def _take_back(workspace: Workspace, import_id: int) -> None:
    n = correct.corrections_made(workspace, import_id)
    if not n:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("This table was corrected once." if n == 1 else f"This table was corrected {n:,} times.")
        if st.button("Undo the last correction", key="data.correct_undo", icon=":material/undo:"):
            if change_and_measure(
                workspace,
                ("undo correction", str(import_id)),
                "Taking the correction back",
                partial(correct.undo_correction, workspace, import_id),
            ):
                _let_go(import_id)
            st.rerun()
