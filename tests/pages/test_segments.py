"""The Segments page as a user meets it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from benchmarks.made_customers import made_facts
from icp_core.facts.catalogue import facts_from_frame
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.dashboard import dashboard
from icp_core.workspace import Workspace, workspace_path
from pages.components.segment_picker import values_of

APP = str(Path(__file__).resolve().parents[2] / "app.py")
LOGISTICS = Segment((Condition("industry", "is_any_of", ("Logistics",)),))
NOBODY = Segment((Condition("industry", "is_any_of", ("Mining",)),))


class Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data):
        if data.strip():
            self.found.append(data.strip())


def html_words(app) -> str:
    """All text of the app's own HTML (the strip of figures, the sentence)."""
    parser = Words()
    for element in app.get("html"):
        parser.feed(re.sub(r"<style>.*?</style>", "", element.proto.body, flags=re.DOTALL))
    return " ".join(parser.found)


def address(app) -> Segment:
    """The segment in the address bar."""
    written = app.query_params["segment"]
    return Segment.from_query(written if isinstance(written, str) else written[0])


def settled(app):
    assert not app.exception, [e.message for e in app.exception]
    return app


def test_an_empty_workspace_says_what_to_do_next(app, open_page):
    page = settled(open_page(app, "segments"))

    assert page.title[0].value == "Segments"
    assert "Drop your exports on the Data page" in page.info[0].value
    assert not page.multiselect


def test_the_figures_of_all_customers_stand_at_first(app, open_page, facts):
    page = settled(open_page(app, "segments"))

    assert "All customers" in html_words(page)
    assert "600" in html_words(page) and "everyone" in html_words(page)
    assert len(page.get("vega_lite_chart")) == 5
    assert all(chart.proto.alt for chart in page.get("vega_lite_chart"))


def test_a_link_that_cannot_be_read_is_told_and_the_page_stands_below(app, open_page, facts):
    page = settled(open_page(app, "segments", segment="[[1]]"))

    assert "cannot be read" in page.error[0].value
    assert "All customers" in html_words(page)
    assert len(page.get("vega_lite_chart")) == 5


def test_curves_that_hardly_differ_are_said_to_show_no_clear_difference(app, open_page, facts):
    page = settled(open_page(app, "segments", segment=LOGISTICS.to_query()))

    assert dashboard(facts, LOGISTICS).retention.verdict == "Hint"
    assert re.search(r"on average, the rest [\d.]+ months\. No clear difference\.", html_words(page))


def test_a_filter_changes_every_figure_and_the_address(app, open_page, facts):
    page = open_page(app, "segments")
    before = html_words(page)

    settled(page.multiselect(key="segment.filter_industry").select("Logistics").run())

    after, expected = html_words(page), dashboard(facts, LOGISTICS)
    assert before != after
    assert "Industry is Logistics" in after
    assert f"Customers {expected.n}" in after
    assert f"others {expected.comparison('ltv').words('rest')}" in after
    assert address(page) == LOGISTICS


def test_a_filter_changes_only_the_rows_of_the_charts(app, open_page, facts):
    start = Segment((*LOGISTICS.conditions, Condition("employees", "at_least", 14.0)))
    page = open_page(app, "segments", segment=start.to_query())
    before = [(c.proto.spec, c.proto.alt, c.proto.id) for c in page.get("vega_lite_chart")]
    rows = [c.proto.datasets[0].data.data for c in page.get("vega_lite_chart")]

    slider = page.select_slider(key="segment.filter_employees")
    settled(slider.set_value((25.0, slider.value[1])).run())

    charts = page.get("vega_lite_chart")
    # A changed specification or alternative text makes the browser throw the drawn chart away.
    assert [(c.proto.spec, c.proto.alt, c.proto.id) for c in charts] == before
    assert all(c.proto.datasets[0].data.data != r for c, r in zip(charts, rows, strict=True))


def test_the_figures_of_every_chart_stand_as_text(app, open_page, facts):
    page = settled(open_page(app, "segments", segment=LOGISTICS.to_query()))
    seen = dashboard(facts, LOGISTICS).comparison("ltv")

    hidden = [b for e in page.get("html") if 'class="icp-hidden"' in (b := e.proto.body)]
    assert len(hidden) == len(page.get("vega_lite_chart")) == 5
    assert f"typical {seen.words()} in the segment (n = {seen.segment.n:,})" in " ".join(hidden)


def test_a_segment_saved_elsewhere_is_there_after_a_full_run(app, open_page, facts):
    page = open_page(app, "segments")
    page_workspace().decide("segments", "Movers", LOGISTICS.to_dict() | {"name": "Movers"})
    page.run()

    page.session_state["segments.save_or_open"] = True
    page.run()

    assert page.button(key="segment.open_0").label == "Movers"


def test_a_link_opens_the_same_segment(app, open_page, facts):
    page = settled(open_page(app, "segments", segment=LOGISTICS.to_query()))

    assert "Industry is Logistics" in html_words(page)
    assert page.multiselect(key="segment.filter_industry").value == ["Logistics"]


@pytest.mark.parametrize(
    "link", ["nonsense", '[["industry","is_any_of",5]]', '[["a"]]', '{"x": 1}', "[[1,2,3]]", "null"]
)
def test_a_damaged_link_is_told_and_does_no_harm(app, open_page, facts, link):
    page = open_page(app, "segments", segment=link)

    assert not page.exception
    assert page.error


def test_a_link_with_an_attribute_these_customers_lack_names_it(app, open_page, facts):
    link = Segment((*LOGISTICS.conditions, Condition("shoe_size", "at_least", 40))).to_query()
    page = settled(open_page(app, "segments", segment=link))

    assert "shoe" in page.error[0].value
    assert "Industry is Logistics" in html_words(page)


def test_the_segment_survives_a_visit_to_another_page(app, open_page, facts):
    page = open_page(app, "segments", segment=LOGISTICS.to_query())
    page.switch_page("pages/data.py").run()
    page.query_params.clear()
    settled(page.switch_page("pages/segments.py").run())

    assert "Industry is Logistics" in html_words(page)
    assert address(page) == LOGISTICS


def test_nobody_inside_shows_a_way_back_and_no_traceback(app, open_page, facts):
    page = settled(open_page(app, "segments", segment=NOBODY.to_query()))

    assert "Nobody meets all of these conditions" in page.info[0].value
    assert "0 % of" in html_words(page) and "everyone" not in html_words(page)
    assert not page.get("vega_lite_chart")

    settled(page.button(key="segment.clear").click().run())
    assert "All customers" in html_words(page)


def test_undo_and_redo_walk_through_the_changes(app, open_page, facts):
    page = open_page(app, "segments")
    page.multiselect(key="segment.filter_industry").select("SaaS").run()
    page.multiselect(key="segment.filter_country").select("US").run()

    settled(page.button(key="segment.undo").click().run())
    assert "Industry is SaaS" in html_words(page) and "Country" not in html_words(page).split("Customers")[0]
    settled(page.button(key="segment.undo").click().run())
    assert "All customers" in html_words(page)
    assert page.button(key="segment.undo").disabled

    settled(page.button(key="segment.redo").click().run())
    assert "Industry is SaaS" in html_words(page)


def test_a_chip_removes_its_condition(app, open_page, facts):
    both = Segment((*LOGISTICS.conditions, Condition("employees", "at_least", 50)))
    page = open_page(app, "segments", segment=both.to_query())

    settled(page.button(key="segment.chip_0").click().run())

    assert address(page) == Segment(both.conditions[1:])


def test_a_range_filter_reads_as_at_least_when_only_its_lower_end_moves(app, open_page, facts):
    page = open_page(app, "segments")
    slider = page.select_slider(key="segment.filter_employees")

    settled(slider.set_value((25.0, float(facts.frame["employees"].max()))).run())

    segment = address(page)
    assert [c.operator for c in segment.conditions] == ["at_least"]
    assert dashboard(facts, segment).n < 600


def test_a_preset_sets_the_last_months_before_the_day_of_the_data(app, open_page, facts):
    page = open_page(app, "segments")
    page.multiselect(key="segments.more_filters").select("Created on").run()
    presets = page.get("button_group")
    span = next(b for b in presets if b.key == "segment.filter_created_on_span")
    settled(span.select("12 months").run())

    assert address(page) == Segment((Condition("created_on", "at_least", "2025-07-01"),))
    assert dashboard(facts, address(page)).n < 600


def test_counts_beside_values_follow_the_other_filters(app, open_page, facts):
    page = open_page(app, "segments", segment=LOGISTICS.to_query())

    page.multiselect(key="segment.filter_country").select("US").run()

    frame = facts.frame
    n = ((frame["industry"] == "Logistics") & (frame["country"] == "US")).sum()
    assert f"Logistics\u2002·\u2002{n}" in page.multiselect(key="segment.filter_industry").options


def test_a_count_that_moved_on_never_becomes_a_value():
    about = made_facts(50).catalogue["industry"]

    assert values_of(about, ["Logistics\u2002·\u2002999", "Retail"]) == ["Logistics", "Retail"]


def test_a_saved_segment_is_kept_in_the_workspace(app, open_page, facts, home):
    page = open_page(app, "segments", segment=LOGISTICS.to_query())
    page.session_state["segments.save_or_open"] = True
    page.run()
    page.text_input(key="segment.name").set_value("Movers")
    page.text_input(key="segment.owner").set_value("Ann")
    page.text_input(key="segment.note").set_value("for [spring](http://x)")
    settled(page.button(key="segment.save").click().run())

    (kept,) = page_workspace().decisions("segments")
    assert (kept.key, Segment.from_dict(kept.value)) == ("Movers", LOGISTICS)
    assert (kept.author, kept.value["note"]) == ("Ann", "for [spring](http://x)")
    assert "Movers:" in html_words(page)
    said = next(c.value for c in page.caption if "Ann" in c.value)
    assert "](" not in said.replace("\\", "") or "\\[" in said


def page_workspace() -> Workspace:
    from pages.components import cached

    return cached.workspace_at(str(workspace_path("My workspace")))


def test_two_saved_segments_stand_side_by_side(app, open_page, facts):
    page = open_page(app, "segments")
    page_workspace().decide("segments", "Movers", LOGISTICS.to_dict() | {"name": "Movers"})
    page_workspace().decide("segments", "Miners", NOBODY.to_dict() | {"name": "Miners"})
    page.run()

    settled(page.multiselect(key="segments.compared").set_value(["Movers", "Miners"]).run())

    table = page.dataframe[-1].value
    assert list(table.columns) == ["Figure", "Movers", "Miners"]
    assert table.iloc[0]["Movers"].startswith(str(dashboard(facts, LOGISTICS).n))
    assert table.iloc[0]["Miners"].startswith("0")


def test_taking_the_segment_as_icp_keeps_its_criteria(app, open_page, facts):
    page = open_page(app, "segments", segment=LOGISTICS.to_query())
    page.button(key="segments.make_icp").click().run()

    assert Segment.from_dict(page_workspace().decision("icp", "criteria")) == LOGISTICS


def test_forty_attributes_do_not_drown_the_page(app, open_page, monkeypatch):
    many = made_facts(300, extra=40)
    monkeypatch.setattr("icp_core.facts.store.load_facts", lambda workspace: many)
    page = settled(open_page(app, "segments"))

    filters = [w for w in [*page.multiselect, *page.select_slider] if w.key.startswith("segment.filter_")]
    assert len(filters) <= 8
    more = page.multiselect(key="segments.more_filters")
    settled(more.set_value(["noise_7"]).run())
    assert page.multiselect(key="segment.filter_noise_7").options


def test_customer_table_shows_the_highest_values_of_the_segment(app, open_page, facts):
    page = open_page(app, "segments", segment=LOGISTICS.to_query())
    shown = page.dataframe[0].value

    best = facts.frame[facts.frame["industry"] == "Logistics"].nlargest(3, "ltv")["customer_name"]
    assert shown["customer_name"].head(3).tolist() == best.tolist()


NAUGHTY = [
    "![x](http://evil.example/x.png)",
    "[click](http://evil.example)",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "$\\frac{1}{0}$",
    ":material/delete: :red[text]",
    "http://evil.example/auto",
    '=HYPERLINK("http://evil.example")',
    "'; DROP TABLE facts; --",
    "a\x00b\u202ec",
]


def test_hostile_values_labels_and_names_stay_letters(app, open_page, monkeypatch):
    base, all_of_them = made_facts(200), " ".join(NAUGHTY)
    frame = base.frame.assign(
        industry=[NAUGHTY[i % len(NAUGHTY)] for i in range(200)], customer_name=all_of_them
    )
    hostile = facts_from_frame(
        frame,
        as_of=base.as_of,
        outcomes=["ltv", "churned"],
        kinds={"industry": "category"},
        labels={"industry": all_of_them, "ltv": all_of_them},
    )
    monkeypatch.setattr("icp_core.facts.store.load_facts", lambda workspace: hostile)
    chips = tuple(Condition("industry", "is_none_of", (text,)) for text in NAUGHTY[1:])
    page = settled(open_page(app, "segments", segment=Segment(chips).to_query()))
    page_workspace().decide("segments", all_of_them, Segment(chips).to_dict() | {"name": all_of_them})
    settled(page.run())

    assert "Customers 20" in html_words(page)
    for element in page.get("html"):
        body = re.sub(r"<style>.*?</style>", "", element.proto.body, flags=re.DOTALL)
        assert set(re.findall(r"<(\w+)", body)) <= {"div", "span", "p", "i"}
    shown = [e.value for e in [*page.markdown, *page.caption, *page.error, *page.info]]
    shown += [e.label for e in [*page.button, *page.multiselect, *page.select_slider, *page.selectbox]]
    shown += [e.help for e in [*page.button, *page.multiselect] if e.help]
    for text in shown:
        bare = re.sub(r"\\.", "", text)
        assert not re.search(r"!\[|\]\(|<\w|https?://|\$|:red|:material/delete", bare), text
    specs = json.dumps([c.proto.spec for c in page.get("vega_lite_chart")])
    assert "evil.example" not in specs and "alert(1)" not in specs


def test_two_sessions_with_two_workspaces_never_mix(home, open_page, monkeypatch):
    customers = {"my-workspace": made_facts(300, seed=1), "other": made_facts(120, seed=2)}
    monkeypatch.setattr("icp_core.facts.store.load_facts", lambda workspace: customers[workspace.name])
    first, second = (AppTest.from_file(APP, default_timeout=30) for _ in range(2))
    second.session_state["_icp.workspace"] = "Other"

    open_page(first, "segments", segment=LOGISTICS.to_query())
    open_page(second, "segments")
    first.run()
    second.run()

    assert f"Customers {dashboard(customers['my-workspace'], LOGISTICS).n}" in html_words(first)
    assert "Customers 120" in html_words(second) and "All customers" in html_words(second)
    assert first.sidebar.get("popover")[0].proto.popover.label == "My workspace"
    assert second.sidebar.get("popover")[0].proto.popover.label == "Other"


def test_the_first_link_to_a_page_runs_inside_the_app(home, facts, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("ICP_WORKBENCH_HOME", str(home))
    monkeypatch.setattr("icp_core.facts.store.load_facts", lambda workspace: facts)
    page = AppTest.from_file(APP, default_timeout=30)
    page.query_params["segment"] = LOGISTICS.to_query()

    settled(page.switch_page("pages/segments.py").run())

    assert "Industry is Logistics" in html_words(page)
    assert any("icp-strip" in e.proto.body and "<style>" in e.proto.body for e in page.get("html"))
