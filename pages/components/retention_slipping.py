"""Slipping: customers still here whose rhythm broke, the dearest first."""

from __future__ import annotations

import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.facts.columns import numbers
from icp_core.retention.slipping import BROKEN_AT, MIN_ORDERS, slipping
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.stats.wording import count, figure
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.downloads import download_csv
from pages.components.figures import Card, figure_strip
from pages.components.text import md

_WHO = "retention.slipping_who"
_SHOWN = 100
_WORDS = {"icp": "The ICP", "segment": "The segment", "all": "All customers"}


def slipping_part(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """Who slips among the customers of the ICP, of the segment, or all."""
    icp = _icp(workspace, facts)
    choices = {"icp": icp, "segment": segment, "all": Segment()}
    options = [name for name, value in choices.items() if value or name == "all"]
    now = state.kept(_WHO)
    now = now if now in options else options[0]
    if len(options) > 1:
        state.set_widget(_WHO, now)
        st.segmented_control(
            "Among",
            options,
            format_func=_WORDS.__getitem__,
            key=_WHO,
            on_change=lambda: state.keep(_WHO, state.widget(_WHO) or now),
        )
    chosen = choices[now]
    if now == "icp":
        st.caption(md(f"ICP: {chosen.words(facts.catalogue)}."))
    table = slipping(facts, members(facts, chosen))
    meaning = (
        f"Still a customer, {MIN_ORDERS} orders or more, and silent for over {BROKEN_AT:.0f} times the usual gap between their "
        "orders; or paying less per month than at the start."
    )
    if table.empty:
        _nobody(facts, meaning)
        return
    figure_strip(
        [
            Card("Slipping", count(len(table)), "customers", of_segment=now != "all", tip=(meaning,)),
            Card(
                "Value at risk a year",
                figure(numbers(table, "value_at_risk").sum(), facts.currency),
                of_segment=now != "all",
                tip=("Their value per month × 12; for those who pay less, what was lost × 12.",),
            ),
        ],
        label="Slipping customers",
    )
    shown = table.head(_SHOWN)
    unit = f" ({facts.currency})" if facts.currency else ""
    st.dataframe(
        shown[["customer_name", "reason", "value_at_risk"]],
        placeholder="",
        hide_index=True,
        column_config={
            "customer_name": "Customer",
            "reason": st.column_config.TextColumn("Why", width="large"),
            "value_at_risk": st.column_config.NumberColumn(
                f"Value at risk a year{unit}", format="localized", step=1
            ),
        },
    )
    more = (
        f" The {_SHOWN} of highest value out of {count(len(table))}; the download has all."
        if len(table) > _SHOWN
        else ""
    )
    st.caption(f"{meaning}{more}")
    download_csv(
        "Download the list",
        lambda: table.drop(columns="row"),
        "slipping-customers.csv",
        key="retention.download_slipping",
    )


def _icp(workspace: Workspace, facts: Facts) -> Segment:
    """The criteria of the ICP as far as these customers have the attributes; nobody's choice means everyone."""
    chosen = workspace.decision("icp", "criteria")
    return Segment() if chosen is None else Segment.from_dict(chosen).known_to(facts.catalogue)[0]


def _nobody(facts: Facts, meaning: str) -> None:
    if not (facts.has("orders") or facts.has("contraction_mrr")):
        st.info(
            "Who is slipping shows in dated orders, or in what is paid per month at first and now. Load orders or "
            "subscriptions on the Data page.",
            icon=":material/upload_file:",
        )
        return
    st.info(f"Nobody is slipping. {meaning}", icon=":material/check_circle:")
