"""The Segments page as it is usually written, to measure ours beside it: see ``benchmarks/live_browser.py``.

The same page in content: eight filters with counts that follow the other filters and histograms over the ranges,
ten figures of the segment beside the rest with likely ranges, averages and numbers, five charts of the same
things, a click on a bubble or a cell, the table. Written the usual way: one query per filter, figure block and
chart, Altair objects built on every run, figures by ``st.metric``, the whole script run again, Streamlit as it
is configured for ours. Left out, in favour of this page: tests of the differences, the address, undo, chips,
saved segments, hidden text for screen readers.
"""

import math
import os

import altair as alt
import duckdb
import pandas as pd
import streamlit as st

st.set_page_config(layout="wide")
CATEGORIES = ("industry", "country", "lead_source", "employee_band")
RANGES = ("employees", "founded_year")
FIGURES = ("ltv", "sales_cycle_days", "value_per_month", "mrr", "cac", "aov", "orders")
VALUE = "ltv IS NOT NULL"


@st.cache_resource
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(os.environ["USUAL_PAGE_FILE"], read_only=True)


def query(statement: str) -> pd.DataFrame:
    return connection().cursor().execute(statement).df()


@st.cache_data
def levels(column: str) -> list[str]:
    return query(f"SELECT DISTINCT {column} FROM facts WHERE {column} IS NOT NULL ORDER BY 1")[
        column
    ].tolist()


STOPS = {
    "employees": [1, 5, 9, 14, 20, 28, 38, 52, 73, 110, 160, 230, 400, 700, 1500, 30000],
    "founded_year": list(range(1960, 2026, 5)),
}
# The same segment stands as in ours when the measurement begins.
st.session_state.setdefault("industry", ["Logistics", "SaaS", "Retail"])


def conditions() -> dict[str, str]:
    """What stands in the filters, by attribute."""
    found = {}
    for column in (*CATEGORIES, "tech", "has_api"):
        chosen = st.session_state.get(column) or []
        if column == "has_api" and chosen:
            found[column] = f"has_api = {chosen == 'Yes'}"
        elif chosen:
            found[column] = f"{column} IN ({', '.join(repr(v) for v in chosen)})"
    for column in RANGES:
        low, high = st.session_state.get(column) or (None, None)
        if low is not None and (low, high) != (STOPS[column][0], STOPS[column][-1]):
            found[column] = f"{column} BETWEEN {low} AND {high}"
    return found


def where(found: dict[str, str], without: str = "") -> str:
    return " AND ".join(c for name, c in found.items() if name != without) or "TRUE"


def figures(clause: str) -> pd.Series:
    """Median with its likely range by order statistics, average and number of each measure; shares."""
    counts = query(f"SELECT {', '.join(f'count({c}) {c}' for c in FIGURES)} FROM facts WHERE {clause}").iloc[
        0
    ]
    parts = []
    for c in FIGURES:
        half = 0.98 / math.sqrt(max(counts[c], 4))
        parts.append(
            f"quantile_disc({c}, [{0.5 - half}, {0.5 + half}]) AS {c}_range, median({c}) AS {c}, avg({c}) AS {c}_mean"
        )
    return query(
        f"SELECT count(*) AS n, sum(revenue) AS revenue, count(churned) AS churn_n, avg(CAST(churned AS INT)) AS churn,"
        " count(nps) AS nps_n, 100 * avg(CASE WHEN nps >= 9 THEN 1 WHEN nps <= 6 THEN -1 WHEN nps IS NOT NULL THEN 0 END)"
        f" AS nps, sum(deals_won) / sum(deals_won + deals_lost) AS won, {', '.join(parts)} FROM facts WHERE {clause}"
    ).iloc[0]  # fmt: skip


def kept_curve(clause: str, group: str) -> pd.DataFrame:
    found = query(
        "SELECT CAST(floor(tenure_months) AS INT) AS month, count(*) n, sum(CAST(churned AS INT)) AS gone"
        f" FROM facts WHERE {clause} AND tenure_months IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    at_risk = found["n"][::-1].cumsum()[::-1]
    kept = (1 - found["gone"] / at_risk).cumprod()
    half = 1.96 * kept * (found["gone"] / (at_risk * (at_risk - found["gone"]).clip(1))).cumsum() ** 0.5
    return found.assign(kept=kept, low=kept - half, high=kept + half, group=group)


st.title("Segments")
left, right = st.columns([1, 3.2])
chosen = conditions()
with left:
    for column in CATEGORIES:
        n = query(
            f"SELECT {column} v, count(*) n FROM facts WHERE {where(chosen, column)} GROUP BY 1"
        ).set_index("v")["n"]
        st.multiselect(column, levels(column), format_func=lambda v, n=n: f"{v} · {n.get(v, 0):,}", key=column)  # fmt: skip
    for column in RANGES:
        ends = STOPS[column]
        st.select_slider(column, ends, value=(ends[0], ends[-1]), key=column)
        bars = query(
            f"SELECT floor(24 * ln({column}) / ln({ends[-1]})) b, count(*) n FROM facts"
            f" WHERE {where(chosen, column)} AND {column} > 0 GROUP BY 1"
        )
        st.altair_chart(alt.Chart(bars).mark_bar().encode(x=alt.X("b:O", axis=None), y=alt.Y("n:Q", axis=None)).properties(height=40))  # fmt: skip
    n = query(
        f"SELECT has_api v, count(*) n FROM facts WHERE {where(chosen, 'has_api')} GROUP BY 1"
    ).set_index("v")["n"]
    st.pills("has_api", ["Yes", "No"], format_func=lambda v: f"{v} · {n.get(v == 'Yes', 0):,}", key="has_api")
    n = query(f"SELECT plan v, count(*) n FROM facts WHERE {where(chosen)} GROUP BY 1").set_index("v")["n"]
    st.caption(" · ".join(f"{v} {k:,}" for v, k in n.items()))

inside = where(chosen)
outside = f"NOT coalesce({inside}, FALSE)"
with right:
    mine, rest = figures(inside), figures(outside)
    shown = ["n", "churn", "nps", "won", *FIGURES]
    for start in (0, 6):
        for place, name in zip(st.columns(6), shown[start : start + 6], strict=False):
            span = mine.get(f"{name}_range")
            place.metric(
                name,
                f"{mine[name]:,.2f}",
                f"others {rest[name]:,.2f}",
                delta_color="off",
                help=f"Likely {span[0]:,.0f}–{span[1]:,.0f}, average {mine[f'{name}_mean']:,.0f}" if span is not None else None,
            )  # fmt: skip
    first, second = st.columns(2)
    with first:
        spread = pd.concat(
            query(
                "SELECT round(log10(greatest(ltv, 1)) * 8) / 8 AS bin, count(*) n,"
                f" count(*) / sum(count(*)) OVER () AS share, '{group}' AS grp FROM facts WHERE {clause} AND {VALUE} GROUP BY 1"
            )
            for group, clause in (("segment", inside), ("rest", outside))
        )
        base = alt.Chart(spread).encode(x="bin:Q", y="share:Q", tooltip=["bin", "n", "share"])
        st.altair_chart(
            base.transform_filter("datum.grp == 'segment'").mark_bar()
            + base.transform_filter("datum.grp == 'rest'").mark_line(interpolate="step")
        )
    with second:
        groups = query(
            "SELECT industry, count(*) n, median(ltv) ltv, avg(CAST(churned AS INT)) churn"
            f" FROM facts WHERE {inside} AND industry IS NOT NULL GROUP BY 1"
        )
        point = alt.selection_point(name="click", fields=["industry"])
        base = alt.Chart(groups).encode(x=alt.X("ltv:Q", scale=alt.Scale(type="log")), y="churn:Q")
        st.altair_chart(
            base.mark_circle().encode(size="n:Q", tooltip=["industry", "n", "ltv", "churn"]).add_params(point)
            + base.mark_text(dy=-15).encode(text="industry:N"),
            on_select="rerun",
        )
    first, second = st.columns(2)
    with first:
        cells = query(
            "SELECT industry, country, count(*) n, median(ltv) ltv, count(*) < 10 AS thin"
            f" FROM facts WHERE {inside} AND industry IS NOT NULL AND country IS NOT NULL GROUP BY 1, 2"
        )
        base = alt.Chart(cells).encode(x="country:N", y="industry:N")
        point = alt.selection_point(name="click", fields=["industry", "country"])
        st.altair_chart(
            base.mark_rect().encode(color="ltv:Q", tooltip=["n", "ltv"]).add_params(point)
            + base.transform_filter("datum.thin").mark_text(text="///")
            + base.mark_text(dy=-6).encode(text=alt.Text("ltv:Q", format=".2~s"))
            + base.mark_text(dy=8).encode(text="n:Q"),
            on_select="rerun",
        )
    with second:
        kept = pd.concat([kept_curve(inside, "segment"), kept_curve(outside, "rest")])
        base = alt.Chart(kept).encode(x="month:Q", color="group:N")
        st.altair_chart(
            base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q") + base.mark_line().encode(y="kept:Q")
        )
        deals = pd.concat(
            query(
                f"SELECT unnest(['won', 'lost', 'open']) stage, unnest([sum(deals_won), sum(deals_lost), sum(deals_open)])"
                f" / sum(deals) AS share, '{group}' AS grp FROM facts WHERE {clause}"
            )
            for group, clause in (("segment", inside), ("rest", outside))
        )  # fmt: skip
        st.altair_chart(
            alt.Chart(deals).mark_bar().encode(x="share:Q", y="stage:N", yOffset="grp:N", color="grp:N")
        )
    st.dataframe(
        query(
            f"SELECT customer_name, industry, country, ltv FROM facts WHERE {inside} ORDER BY ltv DESC NULLS LAST LIMIT 200"
        )
    )
