"""Cohort tables of customers and of revenue; a click on a cell shows who began then."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from icp_core.charts.retention import cohort_name, cohorts
from icp_core.facts.catalogue import Facts
from icp_core.facts.columns import names
from icp_core.retention.cohorts import bought, kept, members
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.membership import members as inside_of
from icp_core.stats.wording import count
from icp_core.workspace import Workspace
from pages.components import cached, state
from pages.components.downloads import download_csv
from pages.components.figures import palette, show_chart
from pages.components.text import md

PERIODS = ("month", "quarter", "year")
_BY, _COHORT = "retention.period", "retention.cohort"
_MOST = 16
_ROW, _HEAD = 24, 46  # pixels
_SHOWN = 200


def cohorts_part(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """Customers kept, and revenue, by when they began; within the segment."""
    by = _period()
    inside = inside_of(facts, segment)
    mask = inside if segment else None
    history = cached.history_of(str(workspace.path), workspace.facts_fingerprint(), facts.as_of, workspace)
    st.caption(
        f"{'Within the segment' if segment else 'All customers'}. Periods that are not over are blank."
    )
    drawn = 0
    if facts.has("customer_since") and facts.has("churned"):
        table = kept(facts, by, mask)
        drawn += _draw(
            table,
            by,
            "share",
            None,
            f"Still customers, by the {by} they began in",
            "kept",
            facts.churn_definition,
        )
    orders = history.orders
    if len(orders):
        own = orders[orders["customer_id"].isin(facts.frame.loc[inside, "customer_id"])]
        if len(own):
            table = bought(own, facts.as_of, by)
            note = "Revenue of the period over all customers of the cohort, refunds taken off."
            drawn += _draw(
                table, by, "revenue_per_customer", facts.currency, f"Revenue per customer, by the {by} of the first order",
                "revenue", note,
            )  # fmt: skip
    if not drawn:
        st.info(
            "Cohorts need the day customers began and who has left, or dated orders. Load them on the Data page.",
            icon=":material/upload_file:",
        )
        return
    _members(facts, by)


def _period() -> str:
    now = state.kept(_BY, "quarter")
    state.set_widget(_BY, now)
    st.segmented_control(
        "Cohorts by",
        PERIODS,
        key=_BY,
        format_func=str.capitalize,
        on_change=lambda: state.keep(_BY, state.widget(_BY) or now),
    )
    return now


def _draw(
    table: pd.DataFrame, by: str, value: str, currency: str | None, title: str, key: str, note: str
) -> int:
    """Draw the newest cohorts and their first periods; 1 if there was anything to draw."""
    if table.empty or table[value].notna().sum() == 0:
        return 0
    starts = sorted(table["cohort"].unique())
    newest = table[table["cohort"].isin(starts[-_MOST:]) & (table["period"] < _MOST)]
    if not newest[value].notna().any():
        return 0
    more = (
        ""
        if len(starts) <= _MOST
        else f" The newest {_MOST} of {count(len(starts))} cohorts; the download has all."
    )
    rows = newest.loc[newest[value].notna(), "cohort"].nunique()
    show_chart(
        cohorts(newest, by, value=value, currency=currency, title=title, palette=palette().name),
        key=f"retention.chart_cohorts_{key}",
        height=_HEAD + _ROW * rows,
        on_click=_choose,
        note=f"{md(note)} Pale: fewer than ten customers. Click a cell to see who began then.{more}",
    )
    download_csv("Download", lambda: table, f"cohorts-{key}.csv", key=f"retention.download_{key}")
    return 1


def _choose(mark: dict[str, Any]) -> None:
    state.keep(_COHORT, mark.get("start"))


def _members(facts: Facts, by: str) -> None:
    """The customers of the chosen cohort."""
    start = state.kept(_COHORT)
    if not start or not facts.has("customer_since"):
        return
    day = pd.Timestamp(str(start))
    who = members(facts, day.date(), by)
    st.markdown(
        f"**Began in {md(cohort_name(day.to_period({'month': 'M', 'quarter': 'Q', 'year': 'Y'}[by]).start_time, by))}: {count(who.sum())} customers**"
    )
    frame = facts.frame[who]
    columns = {"Customer": names(frame)}
    for name in ("customer_since", "churned", "churned_on", "revenue", "ltv"):
        if name in frame and facts.has(name):
            about = facts.catalogue[name]
            columns[about.label] = frame[name].dt.date if about.kind == "date" else frame[name]
    st.dataframe(pd.DataFrame(columns).head(_SHOWN), placeholder="", hide_index=True, height=260)
    with st.container(horizontal=True):
        st.button(
            "Look at them",
            key="retention.look_cohort",
            icon=":material/tune:",
            help="Make them the segment",
            on_click=_look_at,
            args=(day, by),
        )
        st.button("Close", key="retention.close_cohort", on_click=state.keep, args=(_COHORT, None))


def _look_at(day: pd.Timestamp, by: str) -> None:
    period = day.to_period({"month": "M", "quarter": "Q", "year": "Y"}[by])
    span = (period.start_time.date().isoformat(), period.end_time.date().isoformat())
    state.set_segment(Segment((Condition("customer_since", "between", span),)))
