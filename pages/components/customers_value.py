"""Concentration and lifetime value: how much hangs on few, and what customers will bring."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from icp_core.charts.value import pareto
from icp_core.facts.catalogue import Facts
from icp_core.facts.columns import names, numbers
from icp_core.stats.wording import count, figure, interval_words, months, rate
from icp_core.value.concentration import TOP_SHARES, Typical, concentration, pareto_curve, typical, whales
from icp_core.value.lifetime import MAX_BIAS, Lifetime
from icp_core.workspace import Workspace
from pages.components import cached
from pages.components.downloads import download_csv
from pages.components.figures import Card, figure_strip, palette, show_chart
from pages.components.text import md

_SHOWN = 15
METHODS = {
    "contract": "Survival × margin, because most customers pay a recurring amount and it is known who left",
    "repeat purchase": "Repeat purchase (BG/NBD and Gamma-Gamma), because customers order without a contract",
    "buying gaps": "Buying gaps: each customer's own rhythm goes on",
    "historic": "Value so far, nothing forecast",
}


# -- concentration ---------------------------------------------------------------------------------


def concentration_part(facts: Facts) -> None:
    """Pareto curve, top shares, whales; typical beside average. Speaks of all customers."""
    revenue = numbers(facts.frame, "revenue")
    held = concentration(revenue)
    if not held.n or held.top20 != held.top20:
        st.info(
            "Nothing is known of what customers paid. Load orders, subscriptions or a column of revenue on the Data page.",
            icon=":material/upload_file:",
        )
        return
    st.markdown(md(held.words))
    figure_strip(_top_cards(held, facts), label="Share of revenue of the top customers, all customers")
    left, right = st.columns([1.6, 1], gap="large")
    with left:
        show_chart(
            pareto(pareto_curve(revenue), held, palette().name),
            key="customers.chart_pareto",
            height=300,
            note=f"All {count(held.n)} customers with revenue. Dashed: if all brought the same. {md(facts.revenue_definition)}",
        )
    with right:
        _whales(facts)
    _typical(facts)


def _top_cards(held, facts: Facts) -> list[Card]:
    shares = (held.top1, held.top5, held.top10, held.top20)
    cards = [
        Card(
            f"Top {top:.0%}".replace("%", " %"),
            rate(share),
            f"{count(max(1, -int(-top * held.n // 1)))} of {count(held.n)}",
            of_segment=False,
            tip=(f"Share of all revenue that the largest {top:.0%} of customers hold, refunds taken off.",),
        )
        for top, share in zip(TOP_SHARES, shares, strict=True)
    ]
    largest = Card(
        "Largest customer",
        rate(held.largest),
        f"of {figure(held.total, facts.currency)}",
        of_segment=False,
        tip=("Share of all revenue that the one largest customer holds.",),
    )
    return [*cards, largest]


def _whales(facts: Facts) -> None:
    found = whales(facts)
    st.markdown("**Customers who hold a twentieth or more**")
    if found.empty:
        st.caption("None: losing any one customer would cost less than 5 % of the revenue.")
    for words in found["words"]:
        st.markdown(f"- {md(words)}")


def _typical(facts: Facts) -> None:
    st.markdown("**Typical before average**")
    shown = [
        (facts.catalogue[column].label, typical(numbers(facts.frame, column)))
        for column in ("ltv", "revenue", "value_per_month")
        if facts.has(column)
    ]
    st.dataframe(
        pd.DataFrame(
            {
                "Figure": [label for label, _ in shown],
                "Typical": [_with_span(t.median, t.median_low, t.median_high, facts) for _, t in shown],
                "Average": [_average(t, facts) for _, t in shown],
                "n": [count(t.n) for _, t in shown],
            }
        ),
        hide_index=True,
    )
    st.caption(
        "Typical: half of the customers are above, half below. A few large customers pull the average up."
    )


def _with_span(value: float, low: float, high: float, facts: Facts) -> str:
    span = interval_words(low, high, facts.currency)
    return f"{figure(value, facts.currency)}{f' ({span})' if span else ''}"


def _average(found: Typical, facts: Facts) -> str:
    if found.mean_low != found.mean_low:
        return f"{figure(found.mean, facts.currency)} (no range: few customers decide it)"
    return _with_span(found.mean, found.mean_low, found.mean_high, facts)


# -- lifetime value --------------------------------------------------------------------------------


def lifetime_part(workspace: Workspace, facts: Facts) -> None:
    """The method with its reason and its test on the past; what customers are expected to bring."""
    history = cached.history_of(str(workspace.path), workspace.facts_fingerprint(), facts.as_of, workspace)
    found = cached.lifetime_of(str(workspace.path), facts.fingerprint, facts, history.orders)
    st.markdown(f"**Method:** {md(METHODS[found.method])}.")
    st.markdown(md(found.sentence))
    if found.refused:
        st.info(f"Nothing is forecast. {md(found.refused)}", icon=":material/info:")
    if not _trusted(found):
        st.warning(md(found.warnings[-1]), icon=":material/warning:")
    elif found.warnings:
        with st.expander("How it was worked out", icon=":material/functions:"):
            for words in found.warnings:
                st.markdown(f"- {md(words)}")
    figure_strip(_lifetime_cards(facts, found), label="Lifetime value of all customers")
    _ahead(facts, found)
    basis = facts.notes.get("ltv_basis", "")
    st.caption(md(f"All customers. {basis} {facts.revenue_definition}"))


def _trusted(found: Lifetime) -> bool:
    """False where the forecast could not be tried on the past, or came out far off."""
    return found.backtest is None or bool(abs(found.backtest.bias) <= MAX_BIAS)


def _untried(found: Lifetime) -> bool:
    return found.backtest is not None and found.backtest.bias != found.backtest.bias


def _lifetime_cards(facts: Facts, found: Lifetime) -> list[Card]:
    so_far = typical(numbers(facts.frame, "ltv"))
    cards = [_money_card("So far, typical", so_far, facts, "What a typical customer has brought until now.")]
    # What nobody could try is not shown: a few weeks of orders would be drawn out to a year.
    if found.method == "historic" or _untried(found):
        return cards
    ahead = typical(numbers(found.frame, "value_ahead"))
    expected = typical(numbers(found.frame, "expected_ltv"))
    cards += [
        _money_card(
            "Still to come, typical",
            ahead,
            facts,
            f"Expected within the next {months(found.horizon_months)}.",
        ),
        _money_card("Lifetime value, typical", expected, facts, found.sentence),
    ]
    if found.backtest is not None and found.backtest.n:
        test = found.backtest
        cards.append(
            Card(
                "Tested on the past",
                rate(abs(test.bias)) + (" low" if test.bias < 0 else " high"),
                f"last {months(test.months)}",
                of_segment=False,
                tip=(
                    test.words,
                    f"Forecast {figure(test.forecast, facts.currency)}, true {figure(test.actual, facts.currency)}, "
                    f"{count(test.n)} customers.",
                ),
            )
        )
    return cards


def _money_card(label: str, found: Typical, facts: Facts, definition: str) -> Card:
    span = interval_words(found.median_low, found.median_high, facts.currency)
    return Card(
        label,
        figure(found.median, facts.currency),
        span,
        of_segment=False,
        tip=(
            definition,
            f"Average {figure(found.mean, facts.currency, exact=True)}. {count(found.n)} customers.",
        ),
    )


def _ahead(facts: Facts, found: Lifetime) -> None:
    if found.method == "historic" or _untried(found):
        return
    table = found.frame.assign(customer_name=names(facts.frame), so_far=numbers(facts.frame, "ltv"))
    table = table.sort_values("expected_ltv" if _trusted(found) else "so_far", ascending=False, kind="stable")
    columns = ["customer_name", "so_far", "value_ahead", "expected_ltv"]
    if table["alive"].between(0.001, 0.999).any():
        columns.append("alive")
    money, unit = {"format": "localized", "step": 1}, f" ({facts.currency})" if facts.currency else ""
    st.dataframe(
        table[columns].head(_SHOWN).round(2),
        placeholder="",
        hide_index=True,
        column_config={
            "customer_name": "Customer",
            "so_far": st.column_config.NumberColumn(f"So far{unit}", **money),
            "value_ahead": st.column_config.NumberColumn(f"To come{unit}", **money),
            "expected_ltv": st.column_config.NumberColumn(f"Lifetime value{unit}", **money),
            "alive": st.column_config.NumberColumn(
                "Still a customer", format="percent", help="Chance; blank for customers with a single order"
            ),
        },
    )
    download_csv(
        "Download all",
        lambda: table.drop(columns="orders_ahead"),
        "lifetime-value.csv",
        key="customers.ltv_download",
    )
