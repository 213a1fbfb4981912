"""Do the points know good customers they have not seen?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from icp_core.charts import prospects as charts
from icp_core.prospects.scorecard import seen_table
from icp_core.stats.wording import count, rate
from pages.components.figures import Card, figure_strip, palette, show_chart
from pages.components.prospect_data import Now
from pages.components.text import md, plain


def checks(now: Now) -> None:
    """Held-out figures of the learned points, then what became of scored prospects."""
    card, found = now.ready.card, now.ready.card.checks
    if found.auc is None:
        st.info(md(card.message), icon=":material/info:")
        _seen(now)
        _comeback(now)
        return
    st.caption(
        f"Each fifth of your {count(card.n)} customers was scored by points learned from the others, {found.repeats} times over. "
        "The ICP itself was found on all of them, so the figures are a little kind. Weights set by hand are not in them."
    )
    slope = found.slope
    figure_strip(
        [
            Card("Told apart", rate(found.auc), f"likely {rate(found.auc_low)}–{rate(found.auc_high)}", of_segment=False,
                 tip=("How often a good customer scores higher than another (AUC). Luck gives 50 %.",)),
            Card("Best fifth", f"{found.lift_top:.1f}×" if found.lift_top else "–", "good ones beside the average", of_segment=False,
                 tip=("Good customers among the best-scored fifth, beside all customers.",)),
            Card("Boldness", f"{slope:.2f}" if slope else "–", "1 = as foretold", of_segment=False,
                 tip=("Calibration slope: below 1 the points promise too much, above 1 too little.",)),
            Card("Customers", count(card.n), f"{count(card.n_good)} good", of_segment=False,
                 tip=(f"Good: {card.target_label}.",)),
        ],
        label="Checks",
    )  # fmt: skip
    left, right = st.columns(2, gap="large")
    with left:
        base = card.n_good / card.n
        rows = [
            {"tier": t.name, "times": t.times, "low": t.low / base, "high": t.high / base, "n": t.n}
            for t in card.tiers
            if t.times is not None and t.low is not None
        ]
        if rows:
            show_chart(
                charts.tier_rates(pd.DataFrame(rows), base, palette().name),
                key="prospects.chart_tiers",
                height=220,
            )
    with right:
        show_chart(
            charts.foretold_and_seen(pd.DataFrame(found.tenths), palette().name),
            key="prospects.chart_foretold",
            height=220,
            note=_worst(found),
        )
    left, right = st.columns(2, gap="large")
    with left:
        if found.by_score:
            show_chart(
                charts.lift_curve(found.by_score, palette().name), key="prospects.chart_lift", height=220
            )
    with right:
        _by_group(now)
    _comeback(now)


def _by_group(now: Now) -> None:
    found = now.ready.card.checks.by_group
    if not found:
        return
    st.markdown("**By kind of customer**")
    st.dataframe(
        pd.DataFrame(
            [
                (plain(g["group"]), g["n"], rate(g["auc"]), f"{rate(g['low'])}–{rate(g['high'])}")
                for g in found
            ],
            columns=["Customers", "Number", "Told apart", "Likely"],
        ),
        hide_index=True,
    )


def _seen(now: Now) -> None:
    """Without learned points: what the customers show, answer by answer."""
    card = now.ready.card
    rows = seen_table(card)
    if rows.empty:
        return
    st.markdown("**What your customers show so far**")
    st.caption(
        f"Share of good customers ({md(card.target_label)}) by answer, as seen and reduced for luck. "
        f"Among all it is {rate(card.n_good / max(1, card.n))}. No points come from it."
    )
    st.dataframe(
        rows.assign(attribute=rows["attribute"].map(plain), answer=rows["answer"].map(plain)).rename(
            columns={
                "attribute": "Attribute",
                "answer": "Answer",
                "n": "Customers",
                "good": "Good",
                "seen": "As seen",
                "reduced": "Reduced for luck",
            }
        ),
        hide_index=True,
        height=min(420, 40 + 35 * len(rows)),
        column_config={
            "As seen": st.column_config.NumberColumn(format="percent"),
            "Reduced for luck": st.column_config.NumberColumn(format="percent"),
        },
    )


def _worst(found) -> str:
    if found.worst_tenth is None:
        return "Grey: seen. Line: foretold."
    one = found.tenths[found.worst_tenth]
    return (
        f"Grey: seen. Line: foretold. Furthest off in group {found.worst_tenth + 1}: "
        f"{rate(one['expected'])} foretold, {rate(one['seen'])} seen (n = {count(one['n'])})."
    )


def _comeback(now: Now) -> None:
    """Did A win more? What became of prospects by the tier they were in before."""
    found = now.ready.learned
    st.markdown("**Did tier A win more?**")
    if found is None:
        st.caption(
            "The tier of every prospect is put on record the day it is scored. As soon as later exports show who was won "
            "or lost, this page compares them."
        )
        return
    st.markdown(md(found.message))
    table = found.table
    decided = (table["won"] + table["lost"]) > 0
    if not decided.any():
        return
    shown = pd.DataFrame(
        {
            "Tier": table["tier"],
            "Scored": table["scored"],
            "Won": table["won"],
            "Lost": table["lost"],
            "Open": table["open"],
            "Share won": [rate(v) if d else "" for v, d in zip(table["share"], decided, strict=True)],
            "Likely": [
                f"{rate(a)}–{rate(b)}" if d else ""
                for a, b, d in zip(table["low"], table["high"], decided, strict=True)
            ],
        }
    )
    st.dataframe(shown, hide_index=True)
    st.caption("By the tier a prospect was in before its deal was decided, not by the tier it has now.")
