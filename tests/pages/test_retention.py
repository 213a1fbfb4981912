"""The Retention page as a user meets it."""

from datetime import date, timedelta

import pandas as pd
import pytest
import streamlit as st

from benchmarks.made_customers import AS_OF, made_facts
from icp_core.facts import store
from icp_core.facts.catalogue import facts_from_frame
from icp_core.facts.history import churn_signs, history_of
from icp_core.gather import load
from icp_core.retention.fair import fair_survival
from icp_core.retention.words import segment_beside_rest
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.membership import members
from icp_core.stats.wording import rate
from icp_core.workspace import Workspace, workspace_path

PARTS = ("Segment and the rest", "By attribute", "Cohorts", "Slipping")
RETAIL = Segment((Condition("industry", "is_any_of", ("Retail",)),))
NOBODY = Segment((Condition("industry", "is_any_of", ("Mining",)),))


def settled(app):
    assert not app.exception, [e.message for e in app.exception]
    return app


def words(app) -> str:
    return " ".join(
        [*(m.value for m in app.markdown), *(c.value for c in app.caption), *(i.value for i in app.info)]
    )


def html(app) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def charts(app) -> list[str]:
    return [chart.proto.alt for chart in app.get("vega_lite_chart")]


def part(app, open_page, name: str, **query):
    app.session_state["retention.part"] = name
    return settled(open_page(app, "retention", **query))


@pytest.fixture
def loaded(home, tmp_path):
    """A workspace whose churn column, status and orders tell different stories about who has left."""
    customers = ["Account ID,Company name,Industry,Churned,Status"]
    orders = ["Order ID,Account ID,Order date,Amount"]
    for i in range(60):
        flag, status = ("yes" if i < 12 else "no"), ("Cancelled" if i < 15 else "Active")
        customers.append(f"A{i},Firm {i} Ltd,{'Food' if i % 2 else 'Metal'},{flag},{status}")
        # Every 30 days for a year; the last ten customers stopped half a year ago.
        last = 180 if i >= 50 else 0
        for k in range(12):
            day = date(2026, 6, 30) - timedelta(days=last + 30 * k + i % 5)
            orders.append(f"O{i}-{k},A{i},{day.isoformat()},{100 + i}.00")
    with Workspace.open(workspace_path("My workspace")) as workspace:
        for name, lines in (("customers.csv", customers), ("orders.csv", orders)):
            path = tmp_path / name
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            load.import_preview(workspace, load.preview(workspace, path, name))
        store.refresh(workspace)
    return home


def test_an_empty_workspace_says_what_to_do_next(app, open_page):
    page = settled(open_page(app, "retention"))

    assert "Drop your exports on the Data page" in page.info[0].value


def test_the_definition_stands_beside_the_figures(app, open_page, facts):
    page = settled(open_page(app, "retention"))

    assert "**Who counts as lost.** status" in words(page)
    assert "Churned" in html(page) and "Months kept" in html(page) and "Kept after 12 months" in html(page)
    assert rate(facts.frame["churned"].astype(float).mean()) in html(page)


def test_a_segment_stands_beside_the_rest_in_words_without_p_values(app, open_page, facts):
    page = settled(open_page(app, "retention", segment=RETAIL.to_query()))

    said = segment_beside_rest(fair_survival(facts, members(facts, RETAIL)))
    assert said.replace("%", "\\%") in words(page) or said in words(page)
    assert "others" in html(page)
    assert "p =" not in words(page) and "p-value" not in words(page)
    [numbers] = [f.value for f in page.dataframe if "Month 0" in f.value]
    assert numbers["Customers"].tolist() == ["Segment", "The rest"]


@pytest.mark.parametrize("name", PARTS)
def test_each_part_stands_an_empty_segment(app, open_page, facts, name):
    page = part(app, open_page, name, segment=NOBODY.to_query())

    assert not page.error
    assert "Nobody meets all of these conditions" in words(page)


@pytest.mark.parametrize("name", PARTS)
def test_each_part_says_what_to_do_where_nothing_is_known(app, open_page, monkeypatch, name):
    bare = facts_from_frame(pd.DataFrame({"industry": ["a", "b"] * 10}), as_of=AS_OF)
    monkeypatch.setattr("icp_core.facts.store.load_facts", lambda workspace: bare)

    page = part(app, open_page, name)

    assert not page.error
    assert "Load " in words(page) and "Data page" in words(page)


def test_any_attribute_splits_curves_and_churn(app, open_page, facts):
    page = part(app, open_page, "By attribute")
    before = charts(page)

    settled(page.selectbox(key="retention.by").select("country").run())

    assert page.selectbox(key="retention.by").value == "country"
    assert len(charts(page)) == 3 and charts(page) != before
    assert "other (" in charts(page)[0] or "US" in charts(page)[0]


def test_cohorts_follow_the_period(app, open_page, monkeypatch):
    made = made_facts(600).frame
    began = pd.Timestamp(AS_OF) - pd.to_timedelta(made["tenure_months"] * 30.4, unit="D")
    left_on = pd.Series(pd.Timestamp(AS_OF), index=made.index).where(made["churned"].astype(bool))
    dated = facts_from_frame(
        made.assign(customer_since=began, churned_on=left_on),
        as_of=AS_OF,
        outcomes=("customer_since", "churned_on", "churned", "tenure_months"),
    )
    monkeypatch.setattr("icp_core.facts.store.load_facts", lambda workspace: dated)

    page = part(app, open_page, "Cohorts")
    assert "Still customers, by the quarter they began in" in words(page)

    settled(page.button_group(key="retention.period").set_value("year").run())
    assert "Still customers, by the year they began in" in words(page)
    assert "6 cohorts" in charts(page)[0]


def test_slipping_customers_are_listed_by_value_at_risk(app, open_page, loaded):
    page = part(app, open_page, "Slipping")

    [table] = [f.value for f in page.dataframe if "value_at_risk" in f.value]
    assert len(table) == 10
    assert table["value_at_risk"].is_monotonic_decreasing
    assert table["customer_name"].iloc[0] == "Firm 59 Ltd"
    assert "the usual gap of 30 days" in table["reason"].iloc[0]


def test_slipping_speaks_of_the_icp_where_there_is_one(app, open_page, loaded):
    with Workspace.open(workspace_path("My workspace")) as workspace:
        segment = Segment((Condition("industry", "is_any_of", ("Food",)),))
        workspace.decide("icp", "criteria", segment.to_dict())

    page = part(app, open_page, "Slipping")

    [table] = [f.value for f in page.dataframe if "value_at_risk" in f.value]
    assert "ICP: Industry is Food." in words(page)
    assert len(table) == 5


def test_sources_that_contradict_each_other_are_shown(app, open_page, loaded):
    page = settled(open_page(app, "retention"))

    [warning] = page.warning
    assert "3 of 60 customers: 3 left by the status but not by the churn column" in warning.value


def test_another_rule_changes_every_figure_and_is_kept(app, open_page, loaded):
    app.session_state["retention.change"] = True
    page = settled(open_page(app, "retention"))
    assert "20 %" in html(page)
    assert any(
        "the status" in option.lower() or "status" in option
        for option in page.radio(key="retention.rule").options
    )

    page.radio(key="retention.rule").set_value("status").run()
    settled(page.button(key="retention.use").click().run())

    assert "25 %" in html(page)
    assert "when the status says so" in words(page)
    st.cache_resource.clear()
    with Workspace.open(workspace_path("My workspace")) as workspace:
        assert workspace.setting("facts") == {"churn_rule": "status"}


def test_the_days_of_silence_show_how_many_came_back_and_decide(app, open_page, loaded):
    app.session_state["retention.change"] = True
    page = settled(open_page(app, "retention"))
    page.radio(key="retention.rule").set_value("inactivity").run()
    settled(page.slider(key="retention.days").set_value(20).run())
    assert "At 20 days: " in words(page) and "ended with a new order" in words(page)

    settled(page.slider(key="retention.days").set_value(100).run())
    assert "At 100 days: 0 %" in words(page).replace("\\", "")
    settled(page.button(key="retention.use").click().run())

    assert "after 100 days without an order" in words(page)
    assert rate(10 / 60) in html(page)
    st.cache_resource.clear()
    with Workspace.open(workspace_path("My workspace")) as workspace:
        assert workspace.setting("facts") == {"churn_rule": "inactivity", "inactivity_days": 100}


def test_what_lies_behind_the_facts_agrees_with_them(loaded):
    with Workspace.open(workspace_path("My workspace")) as workspace:
        facts = store.load_facts(workspace)
        before = workspace.fingerprint()
        history, signs = history_of(workspace, facts.as_of), churn_signs(workspace, facts.as_of)

        assert workspace.fingerprint() == before
    assert history.orders["value"].sum() == pytest.approx(facts.frame["revenue"].sum())
    assert len(history.orders) == facts.frame["orders"].sum() == 720
    assert signs.sources.set_index("rule")["left"].to_dict() == {"flag": 12, "status": 15, "inactivity": 10}
    assert signs.conflicts["n_conflicts"].tolist() == [3]
    assert signs.rhythm().threshold_days == 30


def test_the_part_last_open_is_open_again_after_a_visit_elsewhere(app, open_page, facts):
    page = part(app, open_page, "By attribute")
    assert page.selectbox(key="retention.by").value

    page.switch_page("pages/data.py").run()
    settled(page.switch_page("pages/retention.py").run())

    assert page.selectbox(key="retention.by").value
