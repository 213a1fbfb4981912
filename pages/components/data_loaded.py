"""What is in the workspace: customers, reconciliation, health, imports."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.gather import health, load, reconcile
from icp_core.stats import wording
from icp_core.workspace import Workspace
from pages.components.downloads import download_csv
from pages.components.remeasure import change_and_measure
from pages.components.text import md

# A table of so many lines is shown whole; a longer one scrolls.
_SEEN_WHOLE = 25
# What became of rows that do not count.
_STATUS = {
    "rejected": "Not readable",
    "dropped": "Set aside by rule",
    "duplicate": "Duplicate",
    "superseded": "Replaced by newer",
    "merged": "Merged",
}


def summary(workspace: Workspace, facts: Facts | None) -> None:
    """How many customers, as of when, and by which definitions."""
    if facts is None or not len(facts):
        known = reconcile.n_known(workspace)
        st.info(
            f"The files name {known:,} companies and people, and none of them counts as a customer: nobody bought, "
            "or is called a customer. Load orders, subscriptions or won deals, or say under “Correct a table” which "
            "column tells who is one."
            if known
            else "What is loaded names no customer yet. Load a customer list, orders or subscriptions.",
            icon=":material/group_off:",
        )
        return
    counts = facts.counts
    parts = [f"{len(facts):,} customers"]
    for key, word in (
        ("orders", "orders"),
        ("subscriptions", "subscriptions"),
        ("deals", "deals"),
        ("responses", "survey answers"),
        ("interviews", "interviews"),
        ("notes", "notes"),
    ):
        if counts.get(key):
            parts.append(f"{counts[key]:,} {word if counts[key] != 1 else word.removesuffix('s')}")
    st.markdown(f"**{' · '.join(parts)}**, as of {wording.on_date(facts.as_of)}")
    known = reconcile.n_known(workspace)
    if known > len(facts):
        st.caption(
            f"The files name {known:,} companies and people. {len(facts):,} of them count as customers: those that "
            "bought or are called customers; the others are leads or only asked."
        )
    with st.container(border=True):
        for text in (facts.revenue_definition, facts.churn_definition, *facts.warnings):
            if text:
                st.caption(md(text))


def reconciliation_table(workspace: Workspace) -> None:
    """Rows read and what became of them; the sums agree."""
    frame = reconcile.reconciliation(workspace)
    total = frame[list(reconcile.COLUMNS)].sum()
    aside = total["read"] - total["counted"]
    st.markdown(
        f"Rows read **{total['read']:,}** = counted **{total['counted']:,}**"
        + "".join(
            f" + {word} {total[key]:,}"
            for key, word in (
                ("rejected", "not readable"),
                ("dropped", "set aside by rule"),
                ("duplicate", "duplicates"),
                ("superseded", "replaced by newer"),
                ("merged", "merged into one customer"),
            )
            if total[key]
        )
    )
    st.dataframe(
        reconcile.with_total(frame).drop(
            columns=["import_id", *(c for c in reconcile.COLUMNS[1:] if not total[c])]
        ),
        hide_index=True,
        height="content" if len(frame) <= _SEEN_WHOLE else "auto",
        column_config={
            "file": "File",
            "table": "Table",
            "read": st.column_config.NumberColumn("Read", format="localized"),
            **{key: st.column_config.NumberColumn(word, format="localized") for key, word in _STATUS.items()},
            "counted": st.column_config.NumberColumn("Counted", format="localized"),
            "without_customer": st.column_config.NumberColumn(
                "of these without customer",
                format="localized",
                help="Counted rows that belong to no customer and reach no figure per customer.",
            ),
        },
    )
    with st.container(horizontal=True):
        download_csv(
            "Reconciliation",
            lambda: reconcile.with_total(reconcile.reconciliation(workspace)),
            "reconciliation.csv",
            key="data.reconciliation",
        )
        if len(problems := reconcile.problems(workspace)):
            download_csv(
                f"{len(problems):,} remarks on cells and rows",
                lambda: reconcile.problems(workspace),
                "remarks.csv",
                key="data.problems",
            )
    if aside:
        rows = "row that does" if aside == 1 else f"{aside:,} rows that do"
        with st.expander(f"The {rows} not count, and why"):
            _rows_set_aside(workspace, frame[frame["read"] > frame["counted"]])


def _rows_set_aside(workspace: Workspace, frame: pd.DataFrame) -> None:
    """The rows that do not count of one of the files that have such."""
    named = frame.set_index("import_id")["file"]
    chosen = st.selectbox("File", named.index.tolist(), format_func=named.get, key="data.aside_file")
    rows = reconcile.rows_set_aside(workspace, int(chosen))
    st.dataframe(
        rows.replace({"status": _STATUS}),
        placeholder="",
        hide_index=True,
        column_config={
            "row": st.column_config.NumberColumn("Row", format="localized"),
            "status": "What became of it",
            "reason": st.column_config.TextColumn("Why", width="large"),
        },
    )


def health_table(workspace: Workspace, facts: Facts | None) -> None:
    """How well each field is filled, what looks odd, what gaps cost."""
    for gap in health.gaps(workspace):
        st.warning(md(gap.text), icon=":material/info:")
    frame = health.health(workspace, facts.as_of if facts is not None else workspace.clock().date())
    if frame.empty:
        st.markdown("No table is loaded: interviews have no fields to judge.")
        return
    frame["filled"] *= 100
    st.dataframe(
        # What looks odd comes first.
        frame.sort_values("suspicious", key=lambda odd: odd == "", kind="stable"),
        placeholder="",
        hide_index=True,
        height="content" if len(frame) <= _SEEN_WHOLE else "auto",
        column_config={
            "table": "Table",
            "field": "Field",
            "filled": st.column_config.ProgressColumn("Filled", min_value=0, max_value=100, format="%.0f %%"),
            "distinct": st.column_config.NumberColumn(
                "Different values",
                help=f"Counted; in tables of more than {health.COUNTED_UP_TO:,} rows, about how many",
                format="localized",
            ),
            "suspicious": st.column_config.TextColumn("Looks odd", width="large"),
        },
    )


def imports_list(workspace: Workspace) -> None:
    """Every import with its undo."""
    st.caption("Taking an import back removes its rows and brings back what it had replaced.")
    for row in load.imports(workspace).itertuples():
        with st.container(horizontal=True, vertical_alignment="center"):
            sheet = f" · {md(row.sheet)}" if isinstance(row.sheet, str) else ""
            st.markdown(
                f"**{md(row.file_name)}{sheet}** {md(load.kind_label(row.kind).lower())}, {row.rows_read:,} rows, "
                f"{wording.on_date(row.imported_at.date())}"
            )
            if st.button("Undo", key=f"data.undo_{row.import_id}", icon=":material/undo:"):
                change_and_measure(
                    workspace,
                    ("undo import", str(row.import_id)),
                    "Taking the import back",
                    partial(load.undo_import, workspace, int(row.import_id)),
                )
                st.rerun()
