"""Curves of who stays: the segment beside the rest, and any attribute."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from icp_core.charts import retention as charts
from icp_core.charts.value import by_group
from icp_core.facts.catalogue import Facts
from icp_core.retention import words
from icp_core.retention.churn_rates import churn_by
from icp_core.retention.fair import fair_survival, fair_survival_by
from icp_core.retention.survival import Retention, durations_of, hazard
from icp_core.segments.conditions import Segment
from icp_core.segments.facets import informative
from icp_core.segments.membership import members
from icp_core.segments.narrow import narrow
from icp_core.stats.phrases import TOO_FEW
from icp_core.stats.wording import count
from pages.components import state
from pages.components.figures import evidence_dots, palette, show_chart
from pages.components.text import md, plain

_BY = "retention.by"
_BAR, _MOST_BARS = 27, 14
_NAMES = {"segment": "Segment", "rest": "The rest", "all": "Everyone"}


def can_tell(facts: Facts) -> bool:
    """False, with what to do, where nobody knows who left or how long customers stayed."""
    if facts.has("churned") and facts.has("tenure_months"):
        return True
    told = next(
        (words for words in facts.warnings if "how long customers stay cannot be told" in words), None
    )
    if told:
        st.info(md(told), icon=":material/event_busy:")
        return False
    missing = "who has left" if not facts.has("churned") else "since when customers have been customers"
    st.info(
        f"Nothing in the data says {missing}. {md(facts.notes.get('rhythm', ''))} Load a column of status, a churn date, subscriptions or dated orders on "
        "the Data page.",
        icon=":material/upload_file:",
    )
    return False


def beside_the_rest(facts: Facts, segment: Segment) -> None:
    """Kaplan–Meier, numbers at risk, the difference in words, and the risky months."""
    if not can_tell(facts):
        return
    inside = members(facts, segment)
    if not inside.any():
        return
    has_rest = bool(segment) and not inside.all()
    found = fair_survival(facts, inside if has_rest else None)
    if "rhythm" in facts.notes:
        st.caption(
            "Silence is the sign of leaving: a customer counts as lost only so many days after the last order, so nobody "
            "can leave before that day, and those who bought once all leave on it."
        )
    left, right = st.columns([1.5, 1], gap="large")
    with left:
        _curves(found, has_rest)
    with right:
        _hazard(facts, inside, has_rest)


def _curves(found: Retention, has_rest: bool) -> None:
    if found.curves.empty:
        st.caption("No customer has both a length of stay and a churn answer.")
        return
    title = "How long they stay"
    if has_rest and words.is_clear(found):
        kept = found.months_kept.set_index("group")["months"]
        title = "They stay longer" if kept["segment"] > kept["rest"] else "They leave sooner"
    show_chart(
        charts.survival(found, title, palette().name),
        key="retention.chart_kept",
        height=300,
        note="Share still customers; the band is the likely range. Dashed and pale: fewer than ten customers left.",
    )
    if has_rest:
        st.markdown(md(words.segment_beside_rest(found)))
        sure = words.how_sure(found)
        evidence_dots(
            sure,
            int(found.months_kept["n"].min()) if sure != TOO_FEW else None,
            tip=("Compares in every month how many left on each side (log-rank).", "n is the smaller side."),
        )
    _at_risk(found)


def _at_risk(found: Retention) -> None:
    table = found.at_months
    start = {row.group: count(row.n) for row in found.months_kept.itertuples()}
    columns = {"Customers": [_NAMES.get(g, g) for g in start], "Month 0": list(start.values())}
    for month in table["month"].unique():
        cells = table[table["month"] == month].set_index("group")["at_risk"]
        columns[f"{month}"] = [count(cells[g]) if g in cells.index else "" for g in start]
    st.caption("Customers still seen at the beginning of the month")
    st.dataframe(pd.DataFrame(columns), hide_index=True)


def _hazard(facts: Facts, inside: np.ndarray, has_rest: bool) -> None:
    durations, left = durations_of(facts)
    label = np.where(inside, "segment", "rest") if has_rest else np.full(len(facts), "all")
    found = hazard(durations, left, label)
    mine = found[found["group"] != "rest"]
    show_chart(
        charts.hazard(found, palette().name),
        key="retention.chart_hazard",
        height=300,
        note="Share of those still there who leave in the month; lines are likely ranges."
        + (" Grey dashes: the rest." if has_rest else "")
        + f" Months with fewer than {charts.FAIR_MONTH} customers are left out.",
    )
    st.markdown(md(words.risky_months(mine)))


# -- by attribute ----------------------------------------------------------------------------------


def by_attribute(facts: Facts, segment: Segment) -> None:
    """Curves, months kept and churn rate of the groups of an attribute, within the segment."""
    if not can_tell(facts):
        return
    inside = members(facts, segment)
    usable = [a.name for a in facts.attributes() if a.kind != "text" and a.n_distinct > 1]
    names = [name for name in informative(narrow(facts)) if name in usable]
    names += [name for name in usable if name not in names]
    if not names or not inside.any():
        st.caption("No attribute is known that tells these customers apart.")
        return
    chosen = state.kept(_BY)
    chosen = chosen if chosen in names else names[0]
    state.set_widget(_BY, chosen)
    st.selectbox(
        "Attribute",
        names,
        format_func=lambda name: plain(facts.catalogue[name].label),
        key=_BY,
        on_change=lambda: state.keep(_BY, state.widget(_BY)),
    )
    st.caption("Within the segment." if segment else "All customers.")
    mask = inside if segment else None
    label = facts.catalogue[chosen].label
    left, right = st.columns(2, gap="large")
    with left:
        found = fair_survival_by(facts, chosen, mask)
        show_chart(
            charts.survival_by(found, f"How long they stay, by {plain(label)}", palette().name),
            key="retention.chart_by",
            height=320,
            note="Share still customers. Dashed and pale: fewer than ten left; the figure at a name is the last before. "
            "Where the groups clearly differ, the longest and the shortest stand out.",
        )
        st.markdown(md(words.between_groups(found, label)))
    with right:
        _churn_bars(facts, chosen, mask)
        _months_bars(found)


def _churn_bars(facts: Facts, attribute: str, mask) -> None:
    rates = churn_by(facts, attribute, mask)
    shown = rates.head(_MOST_BARS)
    more = f" {count(len(rates) - len(shown))} more groups are not shown." if len(rates) > len(shown) else ""
    show_chart(
        by_group(
            shown["group"], shown["rate"], title="Churned", unit="%", n=shown["n"], low=shown["low"],
            high=shown["high"], palette=palette().name,
        ),
        key="retention.chart_churned",
        height=_BAR * max(2, len(shown)),
        note=f"{md(facts.churn_definition)} Line: likely range; hatched: too few to say.{more}",
    )  # fmt: skip


def _months_bars(found: Retention) -> None:
    kept = found.months_kept.sort_values("months", ascending=False, kind="stable")
    horizon = kept["horizon_months"].iloc[0] if len(kept) else float("nan")
    if not horizon >= words.SHORTEST_HORIZON:
        return
    show_chart(
        by_group(
            kept["group"], kept["months"], title=f"Months kept of the first {horizon:.0f}", unit="months", n=kept["n"],
            low=kept["low"], high=kept["high"], palette=palette().name,
        ),
        key="retention.chart_months",
        height=_BAR * max(2, len(kept)),
        note="Average within the months in which every group has ten customers or more; line: likely range.",
    )  # fmt: skip
