"""The Prospects page as a user meets it."""

import pytest

from icp_core.gather import load
from icp_core.segments.conditions import Condition, Segment
from icp_core.workspace import Workspace, workspace_path
from pages.components import cached

ICP = Segment(
    (Condition("industry", "is_any_of", ("Logistics",)), Condition("employees", "between", (50, 200)))
)
LEADS = "Company,Website,Industry,Number of Employees,Country,Lead Source\n" + "".join(
    f"Firm {i:02d},firm{i}.example,{industry},{size},{country},Inbound\n"
    for i, (industry, size, country) in enumerate(
        [
            ("Logistics", 120, "UK"),
            ("Retail", 8, "DE"),
            ("SaaS", "", "US"),
            ("", 90, "UK"),
            ("Mining", 40, "FR"),
        ]
        * 6
    )
)


def settled(app):
    assert not app.exception, [e.message for e in app.exception]
    return app


@pytest.fixture
def facts(facts):
    """The made-up customers, the ideal ones worth five times: otherwise the points would learn nothing but noise."""
    frame = facts.frame
    ideal = (frame["industry"] == "Logistics") & frame["employees"].between(50, 200)
    money = [c for c in ("value_per_month", "ltv", "revenue") if c in frame]
    frame.loc[ideal, money] *= 5
    frame.loc[ideal, "churned"] = False
    return facts


@pytest.fixture
def with_leads(home, facts, tmp_path):
    """A workspace with a lead list and an ICP, beside 600 made-up customers."""
    path = tmp_path / "leads.csv"
    path.write_text(LEADS, encoding="utf-8")
    with Workspace.open(workspace_path("My workspace")) as workspace:
        preview = load.preview(workspace, path, path.name, corrections={"0": {"kind": "prospects"}})
        load.import_preview(workspace, preview)
        workspace.decide("icp", "criteria", ICP.to_dict())
    return facts


def test_an_empty_workspace_says_what_to_do_next(app, open_page):
    page = settled(open_page(app, "prospects"))

    assert "Drop your exports on the Data page" in page.info[0].value


def test_without_a_list_the_page_asks_for_one_and_still_scores_one_company(app, open_page, facts):
    page = settled(open_page(app, "prospects"))

    assert any("No prospect list is loaded yet" in info.value for info in page.info)
    page.text_input(key="prospects.form_name").set_value("Northwind")
    page.selectbox(key="prospects.form_industry").set_value("Logistics")
    settled(next(b for b in page.button if b.label == "Show the fit").click().run())
    assert any("of 100" in m.value for m in page.markdown)


def test_the_list_is_ranked_with_reasons(app, open_page, with_leads):
    page = settled(open_page(app, "prospects"))
    table = next(d.value for d in page.dataframe if "Name" in d.value.columns)

    assert len(table) == 30
    assert table["Score"].is_monotonic_decreasing
    assert table["Tier"].iloc[0] == "A"
    assert set(table["Name"].iloc[:6]) == {f"Firm {i:02d}" for i in range(0, 30, 5)}
    assert "every criterion of the ICP" in table["For"].iloc[0]


def test_a_tier_filter_leaves_only_that_tier(app, open_page, with_leads):
    page = settled(open_page(app, "prospects"))
    settled(page.button_group(key="prospects.tiers").set_value(["A"]).run())
    table = next(d.value for d in page.dataframe if "Name" in d.value.columns)

    assert set(table["Tier"]) == {"A"}


def test_a_moved_weight_is_marked_and_reranks(app, open_page, with_leads):
    page = settled(open_page(app, "prospects"))
    key = next(
        s.key
        for s in page.slider
        if s.key.startswith("prospects.weight_") and s.key != "prospects.weight_icp"
    )
    before = next(d.value for d in page.dataframe if "Name" in d.value.columns)
    settled(page.slider(key=key).set_value(90).run())
    after = next(d.value for d in page.dataframe if "Name" in d.value.columns)

    assert "set by hand" in page.slider(key=key).label
    assert sum("set by hand" in s.label for s in page.slider) == 1
    assert before["Score"].tolist() != after["Score"].tolist()


def test_kept_weights_outlive_the_session(app, open_page, with_leads):
    page = settled(open_page(app, "prospects"))
    settled(page.slider(key="prospects.weight_icp").set_value(95).run())
    settled(page.button(key="prospects.keep").click().run())

    with_hand = next(s for s in settled(page.run()).slider if s.key == "prospects.weight_icp")
    assert "set by hand" in with_hand.label


def test_a_link_opens_one_prospect(app, open_page, with_leads):
    page = settled(open_page(app, "prospects", prospect="1-2"))

    assert any("Firm 00" in m.value for m in page.markdown)
    assert any("of 100" in m.value for m in page.markdown)


def test_a_link_to_a_prospect_that_is_gone_says_so(app, open_page, with_leads):
    page = settled(open_page(app, "prospects", prospect="9-999"))

    assert any("no longer on the list" in c.value for c in page.caption)


def test_a_visit_puts_the_tiers_on_record(app, open_page, with_leads):
    page = settled(open_page(app, "prospects"))

    assert any("None of the 30 prospects scored since" in m.value for m in page.markdown)
    record = cached.workspace_at(str(workspace_path("My workspace"))).cursor()
    tiers = record.execute("SELECT tier, count(*) FROM prospect_scores GROUP BY 1").fetchall()
    assert sum(n for _, n in tiers) == 30 and dict(tiers)["A"] >= 6


def test_a_moved_threshold_can_be_kept_and_taken_back(app, open_page, with_leads):
    page = settled(open_page(app, "prospects"))
    learned = page.slider(key="prospects.least_A").value
    settled(page.slider(key="prospects.least_A").set_value(99).run())
    settled(page.button(key="prospects.keep").click().run())
    assert page.slider(key="prospects.least_A").value == 99

    settled(page.button(key="prospects.reset").click().run())
    assert page.slider(key="prospects.least_A").value == learned
