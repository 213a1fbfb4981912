"""The customers set aside stay unseen until somebody opens them, and every opening is counted."""

from benchmarks.made_customers import made_facts
from icp_core.profile import holdout
from icp_core.profile.validate import holdout as set_aside
from icp_core.profile.validate import is_sealed, searched, validate
from icp_core.segments.conditions import Condition, Segment
from icp_core.workspace import Workspace

LOGISTICS = Segment((Condition("industry", "is_any_of", ("Logistics",)),))
RETAIL = Segment((Condition("industry", "is_any_of", ("Retail",)),))


def test_customers_set_aside_are_not_looked_at_before_they_are_opened():
    facts = made_facts(600)

    closed, opened = validate(facts, LOGISTICS, opened=False), validate(facts, LOGISTICS)

    assert closed.holdout is None and "not looked at yet" in closed.holdout_note
    assert opened.holdout is not None


def test_openings_are_counted_once_per_rule():
    workspace = Workspace.in_memory()

    holdout.open_for(workspace, LOGISTICS, "Logistics")
    holdout.open_for(workspace, LOGISTICS, "Logistics")
    holdout.open_for(workspace, RETAIL, "Retail")

    assert holdout.openings(workspace) == 2
    assert holdout.is_opened(workspace, RETAIL)
    assert "Opened for 2 rules" in holdout.openings_words(2)


def test_from_5000_customers_on_a_search_never_sees_those_set_aside():
    small, large = made_facts(600), made_facts(5_200)

    assert searched(small) is small and not is_sealed(small)
    seen = set(searched(large).frame["customer_id"])
    hidden = set(large.frame["customer_id"][set_aside(large)])
    assert is_sealed(large) and not seen & hidden and len(seen) + len(hidden) == 5_200
