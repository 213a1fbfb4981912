"""Scores go on record when they are given; later outcomes are held against them."""

import shutil
from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from icp_core.facts import store
from icp_core.gather import load
from icp_core.prospects import learning, lists
from icp_core.prospects.fit import rank
from icp_core.prospects.scorecard import fit_scorecard
from icp_core.segments.conditions import Condition, Segment
from icp_core.workspace import Workspace

ICP = Segment((Condition("industry", "is_any_of", ("Logistics",)),))
N = 60


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.now = datetime(2026, 3, 1, 12, 0)

    def __call__(self):
        return self.now


def put(workspace: Workspace, folder, name: str, lines: list[str], kind: str | None = None) -> int:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    preview = load.preview(workspace, path, name, corrections={"0": {"kind": kind}} if kind else None)
    return load.import_preview(workspace, preview)[0].import_id


def leads(fits) -> list[str]:
    return ["Company,Website,Industry"] + [
        f"Firm {i} GmbH,firm{i}.example,{'Logistics' if fits(i) else 'Retail'}" for i in range(N)
    ]


def deals(won, on: str, rows=range(N)) -> list[str]:
    return ["Deal ID,Deal name,Company,Website,Deal stage,Close date,Amount"] + [
        f"D{i},Deal {i},Firm {i} GmbH,firm{i}.example,{'Closed Won' if won(i) else 'Closed Lost'},{on},{1000 + i}"
        for i in rows
    ]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A folder with a workspace of 40 customers and 60 leads, 20 of them logistics firms."""
    home = tmp_path_factory.mktemp("home")
    with Workspace.open(home / "w.duckdb", clock=Clock()) as opened:
        put(
            opened,
            home,
            "customers.csv",
            ["Account ID,Company name,Website,Industry,Customer since"]
            + [f"A{i},Old {i},old{i}.example,{'Logistics' if i % 2 else 'Retail'},2024-01-0{1 + i % 9}" for i in range(40)],
        )  # fmt: skip
        put(opened, home, "leads.csv", leads(lambda i: i < 20), "prospects")
    return home


@pytest.fixture
def workspace(loaded, tmp_path):
    shutil.copytree(loaded, tmp_path / "home")
    with Workspace.open(tmp_path / "home" / "w.duckdb", clock=Clock()) as opened:
        yield opened


def score(workspace: Workspace) -> int:
    facts = store.refresh(workspace, as_of=date(2026, 2, 1))
    loaded = lists.prospect_list(workspace)
    card = fit_scorecard(facts, ICP)
    ready = lists.prepared(workspace, facts, card, loaded)
    return learning.put_on_record(workspace, ready, rank(ready, card))


def judge(workspace: Workspace) -> learning.CameTrue | None:
    facts = store.refresh(workspace, as_of=date(2026, 6, 1))
    return learning.came_true(workspace, facts)


def record(workspace: Workspace) -> pd.DataFrame:
    return workspace.cursor().execute("SELECT * FROM prospect_scores ORDER BY who, scored_on").df()


def test_nothing_is_compared_before_anything_was_scored(workspace):
    assert judge(workspace) is None


def test_tier_a_that_won_more_is_said_with_its_numbers(workspace, tmp_path):
    assert score(workspace) == N
    put(workspace, tmp_path, "deals.csv", deals(lambda i: i < 15 or i > 55, "2026-05-01"), "deals")

    found = judge(workspace)

    by_tier = found.table.set_index("tier")
    assert by_tier.loc["A", ["scored", "won", "lost", "open"]].tolist() == [20, 15, 5, 0]
    assert by_tier["won"].sum() == 19 and by_tier["lost"].sum() == 41
    assert found.holds is True and found.message.startswith(
        "Tier A won more: of 20 prospects decided in tier A 75 % were won, of 40 in the others 10 %"
    )
    assert by_tier.loc["A", "low"] < 0.75 < by_tier.loc["A", "high"]


def test_the_tier_of_that_time_counts_not_the_one_of_today(workspace, tmp_path):
    score(workspace)
    put(workspace, tmp_path, "deals.csv", deals(lambda i: i < 20, "2026-03-20"), "deals")
    workspace.clock.now += timedelta(days=90)
    put(workspace, tmp_path, "leads-new.csv", leads(lambda i: i >= 20), "prospects")
    score(workspace)

    by_tier = judge(workspace).table.set_index("tier")

    assert by_tier.loc["A", "won"] == 20 and by_tier.loc["A", "lost"] == 0


def test_what_was_decided_before_the_first_score_says_nothing(workspace, tmp_path):
    put(workspace, tmp_path, "deals.csv", deals(lambda i: False, "2026-02-01"), "deals")
    score(workspace)

    table = judge(workspace).table

    assert table["lost"].sum() == 0 and table["open"].sum() == N


def test_too_few_outcomes_are_called_too_few(workspace, tmp_path):
    score(workspace)
    put(workspace, tmp_path, "deals.csv", deals(lambda i: i % 2, "2026-05-01", range(4)), "deals")

    found = judge(workspace)

    assert found.holds is None and found.message.startswith("Too few to say")


def test_new_customers_count_as_won_where_there_are_no_deals(workspace, tmp_path):
    score(workspace)
    put(
        workspace,
        tmp_path,
        "customers-new.csv",
        ["Account ID,Company name,Website,Industry,Customer since"]
        + [f"B{i},Firm {i},www.firm{i}.example,Logistics,2026-04-1{i % 9}" for i in range(12)],
    )

    found = judge(workspace)

    assert found.table.set_index("tier").loc["A", "won"] == 12
    assert found.holds is True and "of 20 prospects scored in tier A 60 % were won" in found.message


def test_the_same_scores_twice_change_nothing_and_a_change_on_the_same_day_replaces(workspace, tmp_path):
    score(workspace)
    assert score(workspace) == 0

    put(workspace, tmp_path, "leads.csv", leads(lambda i: i >= 20), "prospects")
    assert score(workspace) == N
    assert len(record(workspace)) == N


def test_the_record_names_nobody_and_lives_in_every_backup(workspace):
    score(workspace)

    text = record(workspace).to_csv()
    copy = workspace.back_up("test")

    assert "firm" not in text.casefold() and "example" not in text
    with Workspace.open(copy) as restored:
        assert len(record(restored)) == N


def test_whoever_is_forgotten_leaves_the_record(workspace):
    score(workspace)
    hers = pd.DataFrame([{"customer_name": "Firm 7 AG", "domain": None, "email": None}], dtype=object)

    assert learning.forget(workspace, hers) == 1
    assert len(record(workspace)) == N - 1
