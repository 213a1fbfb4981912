"""Versions on the One-pager page: the history, two versions compared, hindsight."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from icp_core.export.privacy import answers_without_persons
from icp_core.facts.catalogue import Facts
from icp_core.profile import versions
from icp_core.profile.hindsight import hindsight
from icp_core.stats.wording import count, money, on_date
from icp_core.workspace import Workspace
from pages.components import review, state
from pages.components.downloads import download_csv
from pages.components.feedback import problems_as_messages
from pages.components.profile_check import beside_words, holds_words
from pages.components.text import md


def history(workspace: Workspace, facts: Facts) -> None:
    """All versions; two compared on the same customers; an older one brought back; triggers of a review."""
    found = versions.history(workspace)
    st.markdown("## Versions")
    if not found:
        st.caption("No version is saved yet. Save one when the page is right: it becomes the ICP in force.")
        return
    for version in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            words = f"**{version.number}** {md(version.note)} · {on_date(version.saved_at.date())}"
            st.markdown(
                words
                + (f" · {md(version.author)}" if version.author else "")
                + (" · in force" if version.is_active else "")
            )
            if not version.is_active and st.button(
                "Bring back", key=f"one_pager.restore_{version.number}", disabled=workspace.is_read_only
            ):
                restored = versions.restore(workspace, version.number)
                state.choose_icp(restored.profile.criteria)
                st.rerun()
    if len(found) > 1:
        _comparison(facts, found)
    with problems_as_messages(stop=False):
        _hindsight(facts, found)
    review.market_changes(workspace)


def _comparison(facts: Facts, found: list[versions.Version]) -> None:
    with st.expander("Compare two versions on the same customers"):
        numbers = [v.number for v in found]
        columns = st.columns(2)
        before = columns[0].selectbox("Before", numbers, index=1, key="one_pager.before")
        after = columns[1].selectbox("After", numbers, index=0, key="one_pager.after")
        by_number = {v.number: v.profile for v in found}
        difference = versions.compare(facts, by_number[before], by_number[after])
        st.markdown(f"Before: {md(difference.criteria_before)}")
        st.markdown(f"After: {md(difference.criteria_after)}")
        st.markdown(
            f"{count(difference.staying)} customers stay, {count(len(difference.entering))} enter "
            f"({md(money(facts.currency, difference.revenue_in))} revenue), {count(len(difference.leaving))} leave "
            f"({md(money(facts.currency, difference.revenue_out))})."
        )
        st.caption("Both on today’s customers; beside them what each version promised when it was saved.")
        st.dataframe(
            difference.figures,
            hide_index=True,
            column_config={name: name.capitalize() for name in difference.figures.columns},
        )
        if len(difference.lines):
            st.markdown("**What the page says differently**")
            st.dataframe(
                difference.lines,
                hide_index=True,
                column_config={name: name.capitalize() for name in difference.lines.columns},
            )
        for title, rows, file_name in (
            ("Who enters", difference.entering, "entering.csv"),
            ("Who leaves", difference.leaving, "leaving.csv"),
        ):
            _who(facts, title, rows, file_name)


def _who(facts: Facts, title: str, rows: pd.DataFrame, file_name: str) -> None:
    """Customers who change sides between two versions, with a download."""
    if not len(rows):
        return
    st.markdown(f"**{title}** ({count(len(rows))})")
    labels = {
        c: st.column_config.Column(facts.catalogue[c].label) for c in rows.columns if c in facts.catalogue
    }
    st.dataframe(
        rows,
        hide_index=True,
        height=min(320, 38 + 35 * len(rows)),
        column_order=[c for c in rows.columns if c != "customer_id"] or None,
        column_config=labels | {"customer_name": st.column_config.Column("Customer")},
    )
    shown = rows if state.widget("one_pager.personal") else answers_without_persons(rows, facts)
    download_csv(f"Download: {title.lower()}", lambda: shown, file_name, key=f"one_pager.{file_name}")


def _hindsight(facts: Facts, found: list[versions.Version]) -> None:
    """Did the promise of an older version hold on what came after it?"""
    older = [v for v in found if v.profile.criteria]
    if not older:
        return
    with st.expander("In hindsight: did the promise hold?"):
        number = st.selectbox(
            "Version", [v.number for v in older], index=len(older) - 1, key="one_pager.hindsight"
        )
        version = next(v for v in older if v.number == number)
        judged = hindsight(facts, version.profile)
        st.markdown(f"**{md(judged.message)}**")
        promised = {"value": "value_per_month", "ltv": "ltv", "nps": "nps"}
        figures = {f.key: f for f in version.profile.figures}
        rows = []
        for check in judged.newcomers.checks if judged.newcomers else ():
            figure = figures.get(promised.get(check.measure, ""))
            rows.append(
                {
                    "Figure": check.label,
                    "Promised": f"{figure.ideal}, others {figure.others}"
                    if figure
                    else "not in this version",
                    "Since then": beside_words(facts, check),
                    "Holds": holds_words(check),
                }
            )
        if rows:
            st.dataframe(pd.DataFrame(rows), hide_index=True)
        elif judged.n_new:
            st.caption("Too few customers came since to compare their figures; ten on each side are needed.")
