"""Find and Refuse on the Profile page: what is said of a finding, of no finding, and of whom to refuse."""

from dataclasses import replace

import pytest

from icp_core.charts.discovery import candidates_beside_luck
from icp_core.charts.theme import PALETTES
from icp_core.profile import versions
from icp_core.profile.disqualify import price
from icp_core.profile.draft import draft
from icp_core.profile.model import Disqualifier, Evidence
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.confounding import Adjustment
from icp_core.segments.discover import Candidate, Discovery
from icp_core.segments.leaks import LEFT_OUT, leaks
from icp_core.workspace import Workspace, workspace_path
from pages.components import cached
from pages.components.data_care import told_of_attributes

LOGISTICS = Segment((Condition("industry", "is_any_of", ("Logistics",)),))
RETAIL = Segment((Condition("industry", "is_any_of", ("Retail",)),))


def candidate(segment=LOGISTICS, **other) -> Candidate:
    told = dict(
        segment=segment, words="Industry is Logistics", n=61, share=0.102, effect_raw=2.9, effect=2.4, low=1.9,
        high=2.9, effect_kind="ratio", z=6.1, z_own=6.1, p_adjusted=0.005, stability=0.95, verdict="Solid",
        aliases=("Company size is 51–200",), n_aliases=4,
        adjusted_for=(Adjustment("when they became customers", 2.3, 0.95, False, False),),
        warnings=("“Plan” takes part on your word. It is known only after the sale.",),
        typical_in=2400.0, typical_rest=1000.0,
    )  # fmt: skip
    return Candidate(**told | other)


def discovery(*candidates, message="Said by the search.", tried=4242) -> Discovery:
    return Discovery(
        "value", "Value per month", 1, 600, tried, 4.3, candidates,
        "Solid" if candidates else "Hint", message, (("plan", "It is known only after the sale."),),
        "typical customer", "EUR", 900,
    )  # fmt: skip


@pytest.fixture
def searched(monkeypatch):
    """What the search of the page finds."""

    def finds(found):
        for page in ("profile_find", "profile_document"):
            monkeypatch.setattr(
                f"pages.components.{page}.discovery_of", lambda facts, outcome, direction=1: found
            )

    return finds


@pytest.fixture
def workspace(home, facts) -> Workspace:
    return cached.workspace_at(str(workspace_path("My workspace")))


def settled(app):
    assert not app.exception, [e.message for e in app.exception]
    return app


def words(app) -> str:
    shown = [m.value for m in app.markdown] + [c.value for c in app.caption]
    return "\n".join(shown).replace("\\", "")  # without the signs that keep Markdown from reading them


def button(app, key):
    return next(b for b in app.button if b.key == key)


def keys(app) -> set:
    return {b.key for b in app.button}


def test_a_finding_is_told_with_what_stands_behind_it(app, open_page, facts, searched):
    searched(discovery(candidate(), candidate(RETAIL, words="Industry is Retail", verdict="Hint", p_adjusted=0.3,
                                              warnings=(), aliases=(), n_aliases=0, adjusted_for=(), z=3.2)))  # fmt: skip

    page = settled(open_page(app, "profile"))

    said = words(page)
    assert "Said by the search." in said
    assert "1. Industry is Logistics" in said and "2. Industry is Retail" in said
    assert "about 2.4×" in said and "likely 1.9–2.9" in said
    assert "10.2 % of the customers. Found again in 95 % of resamples." in said
    assert "“when they became customers”: 2.3×" in said
    assert "Nearly the same customers: Company size is 51–200 or 3 more rules" in said
    assert "takes part on your word" in said
    assert "It could be luck; about" in said and "no clear difference" in said
    assert "Left out: Plan. It is known only after the sale." in said
    details = page.dataframe[0].value
    assert details["Luck reaches"].tolist() == ["4.3", "4.3"] and details["Adjusted p"].tolist()[0] == "0.005"


def test_where_nothing_stands_the_page_claims_nothing_and_shows_another_way(app, open_page, facts, searched):
    searched(
        discovery(
            message="No kind of customer is clearly better by “Value per month”: 4,242 rules were tried."
        )
    )

    page = settled(open_page(app, "profile"))

    said = words(page)
    assert "No kind of customer is clearly better" in said and "4,242 rules were tried" in said
    assert "It then describes and claims nothing." in said
    assert not any(key and key.startswith("profile.take_") for key in keys(page))


def test_where_nothing_stands_one_click_describes_all_customers_and_claims_nothing(
    app, open_page, facts, searched, workspace
):
    none = discovery(message="No kind of customer is clearly better by “Value per month”.")
    searched(none)
    page = settled(open_page(app, "profile"))

    button(page, "profile.describe_all").click()
    page = settled(page.run())

    drafted = versions.draft_of(workspace)
    assert not drafted.criteria and "no kind of customer is singled out" in drafted.statement.text
    assert none.message in [w.value.replace("\\", "") for w in page.warning]
    told = " ".join(h.proto.body for h in page.get("html"))
    assert "A description, no claim:" in told and "Ideal customer:" not in told


def test_too_few_customers_are_told_how_many_would_do(app, open_page, facts, searched):
    searched(None)

    page = settled(open_page(app, "profile"))

    assert any("too few customers" in i.value and "100 would be enough" in i.value for i in page.info)


@pytest.fixture
def refusing(workspace, facts, monkeypatch):
    """A profile of logistics with retail proposed for refusal, as a search that always proposes it."""
    proposal = Disqualifier(
        segment=RETAIL,
        words="Industry is Retail",
        why="stays 3 months",
        price=price(facts, RETAIL),
        evidence=Evidence(n=90, verdict="Likely", method="search"),
    )
    monkeypatch.setattr("icp_core.profile.disqualify.propose", lambda *a, **k: (proposal,))
    monkeypatch.setattr("icp_core.profile.disqualify.ideal_of_ideal", lambda *a, **k: None)
    workspace.decide("icp", "criteria", LOGISTICS.to_dict())
    versions.keep_draft(workspace, draft(facts, LOGISTICS, disqualifiers=[proposal]))
    return workspace


def refused(workspace) -> list[str]:
    return [d.words for d in versions.draft_of(workspace).disqualifiers]


def test_a_proposal_is_turned_down_and_taken_back_each_time_with_its_price(
    app, open_page, facts, searched, refusing
):
    searched(discovery(candidate()))
    page = settled(open_page(app, "profile"))
    told = price(facts, RETAIL)
    assert f"would have turned away {told.n:,} customers: {told.good_refused:,} good ones" in words(page)

    settled(button(page, "profile.unrefuse_0").click().run())

    assert refused(refusing) == [] and "Nobody is refused." in words(page)
    assert refusing.decision("disqualifier", RETAIL.to_query()) == "rejected"
    assert f"would have turned away {told.n:,} customers" in words(page), "its price stays in sight"

    settled(button(page, "profile.refuse_again_0").click().run())

    assert refused(refusing) == ["Industry is Retail"]
    assert refusing.decision("disqualifier", RETAIL.to_query()) is None


def test_what_is_accepted_stays_in_force_when_it_is_no_longer_proposed(
    app, open_page, facts, searched, refusing, monkeypatch
):
    searched(discovery(candidate()))
    page = settled(open_page(app, "profile"))

    settled(button(page, "profile.refuse_0").click().run())

    assert refusing.decision("disqualifier", RETAIL.to_query()) == "accepted"
    assert "Refused on your word." in words(page) and "profile.refuse_0" not in keys(page)
    monkeypatch.setattr("icp_core.profile.disqualify.propose", lambda *a, **k: ())
    other = Segment((Condition("industry", "is_any_of", ("Healthcare",)),))
    refusing.decide("icp", "criteria", other.to_dict())
    settled(page.run())
    assert refused(refusing) == ["Industry is Retail"]
    assert versions.draft_of(refusing).disqualifiers[0].price == price(facts, RETAIL)


def test_whom_one_wants_is_not_offered_for_refusal(app, open_page, facts, searched, refusing):
    searched(discovery(candidate()))

    page = settled(open_page(app, "profile", segment=LOGISTICS.to_query()))
    assert "profile.refuse_segment" not in keys(page)


def rows(facts):
    return [
        {"name": a.name, "Attribute": a.label, "Known before the sale": a.known_before, "Takes part": a.name not in leaks(facts)}
        for a in facts.attributes()
    ]  # fmt: skip


def test_the_editor_keeps_what_is_known_before_the_sale_and_overrules_the_guard(tmp_path, facts):
    before = rows(facts)
    named = before[0]["name"]

    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        assert told_of_attributes(workspace, before, [dict(row) for row in before]) == {}

        after = [dict(row) for row in before]
        after[0] |= {"Attribute": "Trade", "Known before the sale": not before[0]["Known before the sale"]}
        assert told_of_attributes(workspace, before, after) == {
            named: {"label": "Trade", "known_before": not before[0]["Known before the sale"]}
        }

        out = [row | {"Takes part": False} if row["name"] == named else row for row in before]
        back = [row | {"Takes part": True} if row["name"] == named else row for row in before]
        assert told_of_attributes(workspace, back, out)[named]["leak"] == LEFT_OUT
        assert told_of_attributes(workspace, out, back)[named]["leak"] == ""


def test_the_search_downwards_tells_the_price_and_refuses_with_one_click(
    app, open_page, facts, searched, refusing
):
    searched(
        replace(
            discovery(candidate(RETAIL, words="Industry is Retail", effect=0.4, effect_raw=0.3)), direction=-1
        )
    )
    versions.keep_draft(refusing, draft(facts, LOGISTICS))
    page = settled(open_page(app, "profile"))
    told = price(facts, RETAIL)
    assert f"would have turned away {told.n:,} customers: {told.good_refused:,} good ones" in words(page)
    assert "profile.take_0" not in keys(page)

    settled(button(page, "profile.refuse_found_0").click().run())

    assert refused(refusing) == ["Industry is Retail"]
    assert refusing.decision("disqualifier", RETAIL.to_query()) == "accepted"
    assert button(page, "profile.refuse_found_0").disabled


def test_the_worse_kinds_are_never_drawn_in_the_colour_of_the_ideal():
    up, down = (
        str(candidates_beside_luck(replace(discovery(candidate()), direction=d)).spec["layer"])
        for d in (1, -1)
    )

    assert PALETTES["light"].ideal in up and PALETTES["light"].ideal not in down
    assert PALETTES["light"].against in down
