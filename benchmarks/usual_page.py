"""The Segments page as it is usually written, to measure ours beside it: see ``benchmarks/live_browser.py``.

One query per chart, Altair objects built on every run, figures by ``st.metric``, the whole script run again.
Fewer figures than ours: no ranges, no rest, no counts beside the values, no address, no undo.
"""

import os

import altair as alt
import duckdb
import streamlit as st

st.set_page_config(layout="wide")
VALUE = "ltv IS NOT NULL"


@st.cache_resource
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(os.environ["USUAL_PAGE_FILE"], read_only=True)


def query(statement: str):
    return connection().cursor().execute(statement).df()


@st.cache_data
def levels(column: str) -> list[str]:
    return query(f"SELECT DISTINCT {column} FROM facts WHERE {column} IS NOT NULL ORDER BY 1")[
        column
    ].tolist()


st.title("Segments")
left, right = st.columns([1, 3.2])
parts = ["TRUE"]
with left:
    for column in ("industry", "country", "lead_source", "employee_band"):
        chosen = st.multiselect(column, levels(column))
        if chosen:
            parts.append(f"{column} IN ({', '.join(repr(v) for v in chosen)})")
    stops = [1, 5, 9, 14, 20, 28, 38, 52, 73, 110, 160, 230, 400, 700, 1500, 30000]
    low, high = st.select_slider("employees", stops, value=(stops[0], stops[-1]), key="employees")
    if (low, high) != (stops[0], stops[-1]):
        parts.append(f"employees BETWEEN {low} AND {high}")
where = " AND ".join(parts)

with right:
    figures = query(
        "SELECT count(*) n, median(ltv) ltv, avg(CAST(churned AS INT)) churn, avg(nps) nps, median(cac) cac,"
        f" median(aov) aov FROM facts WHERE {where}"
    ).iloc[0]
    for place, (name, value) in zip(st.columns(6), figures.items(), strict=True):
        place.metric(name, f"{value:,.2f}")
    first, second = st.columns(2)
    with first:
        spread = query(
            f"SELECT round(log10(greatest(ltv, 1)) * 8) / 8 AS bin, count(*) n FROM facts WHERE {where} AND {VALUE} GROUP BY 1"
        )
        st.altair_chart(alt.Chart(spread).mark_bar().encode(x="bin:Q", y="n:Q", tooltip=["bin", "n"]))
    with second:
        groups = query(
            "SELECT industry, count(*) n, median(ltv) ltv, avg(CAST(churned AS INT)) churn"
            f" FROM facts WHERE {where} GROUP BY 1"
        )
        st.altair_chart(
            alt.Chart(groups)
            .mark_circle()
            .encode(x="ltv:Q", y="churn:Q", size="n:Q", tooltip=["industry", "n", "ltv", "churn"])
        )
    first, second = st.columns(2)
    with first:
        cells = query(
            f"SELECT industry, country, count(*) n, median(ltv) ltv FROM facts WHERE {where} GROUP BY 1, 2"
        )
        base = alt.Chart(cells).encode(x="country:N", y="industry:N")
        st.altair_chart(
            base.mark_rect().encode(color="ltv:Q", tooltip=["n", "ltv"]) + base.mark_text().encode(text="n:Q")
        )
    with second:
        kept = query(
            "SELECT CAST(tenure_months AS INT) AS month, count(*) n, sum(CAST(churned AS INT)) AS gone"
            f" FROM facts WHERE {where} GROUP BY 1 ORDER BY 1"
        )
        at_risk = kept["n"][::-1].cumsum()[::-1]
        kept["kept"] = (1 - kept["gone"] / at_risk).cumprod()
        st.altair_chart(alt.Chart(kept).mark_line().encode(x="month:Q", y="kept:Q"))
        deals = query(f"SELECT sum(deals_won) won, sum(deals_lost) lost FROM facts WHERE {where}").T
        deals = deals.reset_index().set_axis(["stage", "n"], axis=1)
        st.altair_chart(alt.Chart(deals).mark_bar().encode(x="n:Q", y="stage:N"))
    st.dataframe(
        query(
            f"SELECT customer_name, industry, country, ltv FROM facts WHERE {where} ORDER BY ltv DESC NULLS LAST LIMIT 200"
        )
    )
