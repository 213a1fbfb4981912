"""The Customers page as a user meets it."""

import pandas as pd
import pytest
import streamlit as st

from benchmarks.made_customers import made_facts
from icp_core.charts.value import clear_enough
from icp_core.facts.catalogue import facts_from_frame
from icp_core.facts.history import History
from icp_core.segments.conditions import Condition, Segment
from icp_core.value.best_customers import best_customers, what_they_share
from icp_core.workspace import Workspace, workspace_path

PARTS = ("Best customers", "Concentration", "Cost and deals", "Lifetime value")
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


def listed(app) -> list[str]:
    """The names on the list, in order."""
    return [m.value.split("**")[1] for m in app.markdown if m.value[:1].isdigit() and "**" in m.value]


def part(app, open_page, name: str, **query):
    app.session_state["customers.part"] = name
    return settled(open_page(app, "customers", **query))


def names_of(table) -> list[str]:
    return table.loc[table["is_best"], "customer_name"].tolist()


@pytest.fixture
def pinned(home):
    """What was decided by hand, as the workspace file keeps it."""

    def read() -> dict:
        with Workspace.open(workspace_path("My workspace")) as workspace:
            return {d.key: d.value for d in workspace.decisions("pin")}

    return read


def test_an_empty_workspace_says_what_to_do_next(app, open_page):
    page = settled(open_page(app, "customers"))

    assert "Drop your exports on the Data page" in page.info[0].value
    assert not page.slider


def test_ten_customers_are_named_with_the_reason_for_each(app, open_page, facts):
    page = settled(open_page(app, "customers"))
    table = best_customers(facts)

    assert listed(page) == names_of(table)
    assert len(listed(page)) == 10
    assert all(why in words(page) for why in (w[1:40] for w in table.loc[table["is_best"], "why"]))


def test_only_signals_with_data_have_a_slider_and_the_others_are_named(app, open_page, facts):
    page = settled(open_page(app, "customers"))

    assert [s.label for s in page.slider] == ["Value", "Staying", "NPS and CSAT"]
    assert "Nothing is known of growth, engagement, referrals and low support load." in words(page)


def test_a_slider_changes_the_list_at_once_and_can_be_undone(app, open_page, facts):
    page = open_page(app, "customers")
    before = listed(page)

    settled(page.slider(key="customers.weight_value").set_value(0.0).run())
    settled(page.slider(key="customers.weight_satisfaction").set_value(10.0).run())

    assert listed(page) != before
    assert "10 of 10" in words(page)
    settled(page.button(key="customers.weights_reset").click().run())
    assert listed(page) == before


def test_weights_survive_a_visit_to_another_page(app, open_page, facts):
    page = open_page(app, "customers")
    page.slider(key="customers.weight_value").set_value(0.0).run()
    moved = listed(page)

    page.switch_page("pages/data.py").run()
    page.switch_page("pages/customers.py").run()

    assert page.slider(key="customers.weight_value").value == 0.0
    assert listed(page) == moved


def test_a_pin_with_a_note_survives_a_restart(app, open_page, facts, pinned):
    page = open_page(app, "customers")
    somebody = str(facts.frame["customer_name"].iloc[-1])
    key = str(facts.frame["customer_id"].iloc[-1])
    page.text_input(key="customers.find").input(somebody).run()
    page.text_input(key=f"customers.note_found_{key}").input("Our first reference").run()

    settled(page.button(key=f"customers.pin_found_{key}").click().run())

    assert somebody in listed(page)
    assert "“Our first reference”" in words(page)
    st.cache_resource.clear()
    assert pinned() == {key: {"side": "in", "note": "Our first reference"}}


def test_a_customer_taken_out_leaves_the_list_and_can_come_back(app, open_page, facts, pinned):
    page = open_page(app, "customers")
    first = best_customers(facts).iloc[0]

    settled(page.button(key=f"customers.out_1_{first.customer_id}").click().run())
    assert first.customer_name not in listed(page)
    assert len(listed(page)) == 10

    settled(page.button(key=f"customers.free_out_{first.customer_id}").click().run())
    assert listed(page)[0] == first.customer_name
    st.cache_resource.clear()
    assert pinned() == {}


def test_champions_of_the_workspace_are_marked(app, open_page, facts, monkeypatch):
    best = best_customers(facts).iloc[0]
    named = pd.DataFrame({"customer_id": [best.customer_id, None]})
    monkeypatch.setattr("pages.components.customers_best.frame", lambda workspace, kind: named)

    page = settled(open_page(app, "customers"))

    marked = [m.value for m in page.markdown if "champion" in m.value]
    assert len(marked) == 1 and best.customer_name in marked[0]


def test_a_finding_becomes_the_segment(app, open_page, facts):
    page = open_page(app, "customers")
    table = best_customers(facts).sort_values("row")
    first = clear_enough(what_they_share(facts, table["is_best"].to_numpy())).iloc[0]

    settled(page.selectbox(key="customers.look_at").select(f"{first.label}: {first.level}").run())

    written = page.query_params["segment"]
    chosen = Segment.from_query(written if isinstance(written, str) else written[0])
    assert chosen.attributes == (first.attribute,)
    assert "Looking at:" in html(page)


def test_names_are_shown_letter_by_letter(app, open_page, monkeypatch):
    found = made_facts(60)
    found.frame.loc[:, "customer_name"] = "![x](http://e.org/p.png) <img src=x> :red[a]"
    monkeypatch.setattr("icp_core.facts.store.load_facts", lambda workspace: found)

    page = settled(open_page(app, "customers"))

    assert all(r"!\[x\]" in name and r"\<img" in name for name in listed(page))


@pytest.mark.parametrize("name", PARTS)
def test_each_part_shows_with_an_empty_segment(app, open_page, facts, name):
    page = part(app, open_page, name, segment=NOBODY.to_query())

    assert not page.error
    if name == "Cost and deals":
        assert "Nobody meets all of these conditions" in words(page)


@pytest.mark.parametrize("name", PARTS)
def test_each_part_says_what_to_do_where_nothing_is_known(app, open_page, monkeypatch, name):
    bare = facts_from_frame(pd.DataFrame({"industry": ["a", "b"] * 10}), as_of=made_facts(5).as_of)
    monkeypatch.setattr("icp_core.facts.store.load_facts", lambda workspace: bare)

    page = part(app, open_page, name)

    assert not page.error
    assert (
        "Data page" in words(page)
        or "Nothing is forecast" in words(page)
        or "Nothing is known of" in words(page)
    )


def test_concentration_says_the_top_shares_and_names_whales(app, open_page, monkeypatch):
    found = made_facts(300)
    found.frame.loc[0, "revenue"] = found.frame["revenue"].sum()
    monkeypatch.setattr("icp_core.facts.store.load_facts", lambda workspace: found)

    page = part(app, open_page, "Concentration")

    assert "Company 0 holds 50" in words(page)
    assert "Largest customer" in html(page)


def test_the_lifetime_value_names_its_method_and_why(app, open_page, facts):
    page = part(app, open_page, "Lifetime value")

    assert "Survival × margin, because most customers pay a recurring amount" in words(page)
    assert "Still to come, typical" in html(page)


def test_a_forecast_from_too_few_customers_is_refused_with_the_reason(app, open_page, monkeypatch):
    found = made_facts(80)
    found = found.only([True] * 80)
    found.frame.loc[:, "mrr"] = float("nan")
    orders = pd.DataFrame(
        {
            "customer_id": found.frame["customer_id"],
            "order_key": found.frame["customer_id"],
            "ordered_on": pd.Timestamp("2026-01-01"),
            "value": 10.0,
            "margin": 1.0,
        }
    )
    monkeypatch.setattr("icp_core.facts.store.load_facts", lambda workspace: found)
    monkeypatch.setattr(
        "icp_core.facts.history.history_of",
        lambda workspace, as_of: History(orders, pd.DataFrame(), pd.DataFrame()),
    )

    page = part(app, open_page, "Lifetime value")

    assert "A forecast of orders needs 200 customers; there are 80" in words(page)


def test_a_forecast_that_could_not_be_tried_on_the_past_is_not_shown(app, open_page, monkeypatch):
    found = made_facts(300)
    found.frame.loc[:, "mrr"] = float("nan")
    ids = found.frame["customer_id"].tolist()
    days = [pd.Timestamp("2026-06-10") + pd.Timedelta(days=k) for k in (0, 9, 18)]
    orders = pd.DataFrame(
        [
            (i, f"{i}-{k}", day, 10.0 + n % 7, 1.0)
            for n, i in enumerate(ids)
            for k, day in enumerate(days[: 1 + n % 3])
        ],
        columns=["customer_id", "order_key", "ordered_on", "value", "margin"],
    )
    monkeypatch.setattr("icp_core.facts.store.load_facts", lambda workspace: found)
    monkeypatch.setattr(
        "icp_core.facts.history.history_of",
        lambda workspace, as_of: History(orders, pd.DataFrame(), pd.DataFrame()),
    )

    page = part(app, open_page, "Lifetime value")

    assert "rank by value so far" in page.warning[0].value
    assert "So far, typical" in html(page) and "Still to come" not in html(page)
    assert not page.dataframe


def test_economics_speak_of_the_segment_beside_the_rest(app, open_page, facts):
    segment = Segment((Condition("industry", "is_any_of", ("Logistics",)),))
    page = part(app, open_page, "Cost and deals", segment=segment.to_query())

    assert "Cost to win one" in html(page) and "others €" in html(page)
    assert page.selectbox(key="customers.economics_by").value == "industry"
