"""Unit economics: what customers cost to win, how deals end; the segment beside the rest, and by attribute."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from icp_core.charts.value import by_group as group_bars
from icp_core.charts.value import won_by_month
from icp_core.errors import NotEnoughDataError
from icp_core.facts.catalogue import Facts
from icp_core.facts.history import History, with_accounts
from icp_core.segments.deals import why_no_deals
from icp_core.segments.facets import informative
from icp_core.segments.membership import members
from icp_core.segments.narrow import narrow
from icp_core.stats.wording import count, figure, interval_words, months, n_words, rate, times
from icp_core.value.economics import (
    UnitEconomics,
    by_group,
    closed_by_month,
    funnel,
    lost_reasons,
    unit_economics,
    win_rate_by,
    words,
)
from icp_core.workspace import Workspace
from pages.components import cached, state
from pages.components.figures import Card, figure_strip, palette, show_chart
from pages.components.segment_picker import segment_picker
from pages.components.text import md, plain

_ATTRIBUTE = "customers.economics_by"
_MOST_LEVELS, _MOST_ROWS = 30, 12
_BAR = 27  # pixels


def economics_part(workspace: Workspace, facts: Facts) -> None:
    """The strip, the table by attribute, how deals end. Here the current segment counts."""
    segment = segment_picker(facts)
    history = cached.history_of(str(workspace.path), workspace.facts_fingerprint(), facts.as_of, workspace)
    mine, rest = _both(facts, history)
    if not mine.n:
        st.info(
            "Nobody meets all of these conditions. Remove one, or undo.", icon=":material/filter_alt_off:"
        )
        return
    cards = _cards(facts, mine, rest if segment else None)
    if not cards:
        st.info(
            "Nothing is known of what customers cost or how deals end. Load a CRM export of deals, or a table of costs, "
            "on the Data page.",
            icon=":material/upload_file:",
        )
        return
    figure_strip(cards, label="Unit economics of the segment beside the rest")
    if mine.won + mine.lost:
        st.caption(md(words(mine)))
    _by_attribute(facts, history)
    _deals(history)


def _both(facts: Facts, history: History) -> tuple[UnitEconomics, UnitEconomics | None]:
    segment = state.segment()
    inside = members(facts, segment)
    accounts, among = None, None
    # Where lost accounts cannot be judged by a condition, every deal would look won: nothing is said then.
    if len(history.accounts) and not why_no_deals(narrow(facts), segment):
        accounts = history.accounts
        among = members(with_accounts(facts, accounts), segment)
    mine = unit_economics(facts, inside, accounts, among)
    if not segment:
        return mine, None
    return mine, unit_economics(facts, ~inside, accounts, None if among is None else ~among)


def _cards(facts: Facts, mine: UnitEconomics, rest: UnitEconomics | None) -> list[Card]:
    money = facts.currency

    def card(label, name, said, n, definition, span="") -> Card | None:
        value = getattr(mine, name)
        if value != value:
            return None
        other = "" if rest is None else f"others {said(getattr(rest, name))}"
        tip = [definition, f"{said(value)}{f', {span}' if span else ''} ({n_words(n)})."]
        return Card(label, said(value), other or span, of_segment=rest is not None, tip=tuple(tip))

    spans = [
        interval_words(mine.cycle_low, mine.cycle_high, "days"),
        interval_words(mine.win_low, mine.win_high, "%"),
        interval_words(mine.inbound_low, mine.inbound_high, "%"),
    ]
    found = [
        card(
            "Cost to win one", "cac", lambda v: figure(v, money), mine.n_cac,
            f"Average cost of winning a customer; the typical one cost {figure(mine.cac_typical, money)}.",
        ),
        card(
            "LTV : CAC", "ltv_cac", times, mine.n_cac,
            "Average lifetime value so far over average cost, of customers where both are known.",
        ),
        card(
            "Payback", "payback_months", months, mine.n_cac,
            "Months until a customer has brought what it cost: average cost over average value per month.",
        ),
        card(
            "Sales cycle", "cycle_days", lambda v: figure(v, "days"), mine.n_cycle,
            "Days from the deal's creation to the won deal, typical.", spans[0],
        ),
        card(
            "Win rate", "win_rate", rate, mine.won + mine.lost,
            "Won deals out of those won or lost; open ones are not counted.", spans[1],
        ),
        card(
            "Inbound", "inbound", rate, mine.n_source,
            "Share of customers who came by themselves: search, content, referral, webinar.", spans[2],
        ),
    ]  # fmt: skip
    return [one for one in found if one is not None]


# -- by attribute ----------------------------------------------------------------------------------


def _by_attribute(facts: Facts, history: History) -> None:
    names = [
        a.name
        for a in facts.attributes()
        if a.kind in ("category", "band") and 2 <= a.n_distinct <= _MOST_LEVELS
    ]
    if not names:
        return
    st.header("By attribute")
    names.sort(key=(informative(narrow(facts)) + names).index)
    chosen = state.kept(_ATTRIBUTE)
    chosen = chosen if chosen in names else names[0]
    state.set_widget(_ATTRIBUTE, chosen)
    st.selectbox(
        "Attribute",
        names,
        format_func=lambda name: plain(facts.catalogue[name].label),
        key=_ATTRIBUTE,
        on_change=lambda: state.keep(_ATTRIBUTE, state.widget(_ATTRIBUTE)),
    )
    left, right = st.columns([1.4, 1], gap="large")
    with left:
        _table(facts, chosen)
    with right:
        _win_rates(facts, history, chosen)


def _table(facts: Facts, attribute: str) -> None:
    found = by_group(facts, attribute).head(_MOST_ROWS)
    shown = {
        facts.catalogue[attribute].label: found["group"],
        "n": [count(n) for n in found["n"]],
        "LTV, typical": [figure(v, facts.currency) for v in found["ltv_typical"]],
        "Cost to win": [figure(v, facts.currency) for v in found["cac"]],
        "LTV : CAC": [times(v) for v in found["ltv_cac"]],
        "Payback": [months(v) for v in found["payback_months"]],
        "Cycle": [figure(v, "days") for v in found["cycle_days"]],
        "Inbound": [rate(v) for v in found["inbound"]],
    }
    known = {
        "LTV : CAC": "ltv_cac",
        "Payback": "payback_months",
        "Cost to win": "cac",
        "Cycle": "cycle_days",
        "Inbound": "inbound",
    }
    st.markdown(f"**Economics by {md(facts.catalogue[attribute].label)}**")
    st.dataframe(
        pd.DataFrame({k: v for k, v in shown.items() if k not in known or found[known[k]].notna().any()}),
        placeholder="",
        hide_index=True,
    )
    few = int((found["n"] < 10).sum())
    st.caption(f"All customers.{f' {count(few)} groups have fewer than ten: too few to say.' if few else ''}")


def _win_rates(facts: Facts, history: History, attribute: str) -> None:
    if not len(history.accounts) or attribute not in history.accounts:
        return
    label = facts.catalogue[attribute].label
    try:
        found = win_rate_by(history.accounts, attribute)
    except NotEnoughDataError as refused:
        st.markdown(f"**Win rate by {md(label)}**")
        st.caption(f"Not shown. {md(refused)}")
        return
    found = found.head(_MOST_ROWS)
    show_chart(
        group_bars(
            found["group"], found["rate"], title=f"Win rate by {plain(label)}", unit="%", n=found["decided"],
            low=found["low"], high=found["high"], of="decided deals", palette=palette().name,
        ),
        key="customers.chart_win",
        height=_BAR * max(2, len(found)),
        note="Won out of decided deals, all accounts; line: likely range. Open deals are not counted.",
    )  # fmt: skip


# -- deals -----------------------------------------------------------------------------------------


def _deals(history: History) -> None:
    deals = history.deals
    if deals.empty:
        return
    st.header("How deals end")
    st.caption("All deals, whatever the segment.")
    left, right = st.columns(2, gap="large")
    with left:
        reasons = lost_reasons(deals)
        told = reasons[reasons["share"].notna()].head(_MOST_ROWS)
        silent = int(reasons.loc[reasons["share"].isna(), "n"].sum())
        if len(told):
            show_chart(
                group_bars(
                    told["reason"], told["share"], title="Why deals are lost", unit="%", n=told["n"],
                    low=told["low"], high=told["high"], of="lost deals", palette=palette().name,
                ),
                key="customers.chart_lost",
                height=_BAR * max(2, len(told)),
                note=f"Share of the lost deals with a reason. {f'{count(silent)} lost deals have none.' if silent else ''}",
            )  # fmt: skip
    with right:
        _funnel(funnel(deals))
        months_closed = closed_by_month(deals)
        if len(months_closed) > 1:
            show_chart(won_by_month(months_closed, palette().name), key="customers.chart_months", height=200)


def _funnel(stages: pd.DataFrame) -> None:
    placed = stages[stages["drop_out"].notna()]
    if len(placed):
        show_chart(
            group_bars(
                placed["stage"], placed["n"], title="Deals by stage", unit="count", palette=palette().name
            ),
            key="customers.chart_funnel",
            height=_BAR * max(2, len(placed)),
            note="Deals that reached the stage or a later one.",
        )
        if placed["lost"].sum():
            show_chart(
                group_bars(
                    placed["stage"], placed["drop_out"], title="Share lost at each stage", unit="%", n=placed["n"],
                    low=placed["low"], high=placed["high"], of="deals", palette=palette().name,
                ),
                key="customers.chart_drop",
                height=_BAR * max(2, len(placed)),
            )  # fmt: skip
    unplaced = stages[stages["drop_out"].isna()]
    if len(unplaced):
        st.caption(
            f"{count(unplaced['lost'].sum())} lost deals keep only “lost” as their stage, so nobody can say at which stage "
            "they were lost. Export the deals with the stage they were in before."
        )
