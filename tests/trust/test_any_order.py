"""Any order of work keeps a workspace true to a simple model of it."""

import json
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from icp_core.erasure import erase_customer
from icp_core.facts import store
from icp_core.gather import link, load, reconcile
from icp_core.gather.read import read_in_process
from icp_core.profile import versions
from icp_core.profile.model import Meta, Profile, Statement
from icp_core.workspace import Workspace

FIRMS = tuple("Harbour Lakeside Copperfield Northwind Quarry Zephyr Umbra Kestrel".split())
some_firms = st.sets(st.sampled_from(FIRMS), min_size=2)
two_firms = st.permutations(FIRMS).map(lambda firms: tuple(sorted(firms[:2])))


@dataclass(frozen=True)
class Loaded:
    """One import of the model: the export it is of, how it was taken, and the firms in it."""

    export: int
    mode: str
    firms: frozenset[str]


def rows_that_count(imports):
    """(import, firm) of every row that no newer import of the same export has renewed."""
    counting = set()
    for number, loaded in sorted(imports.items()):
        older = {(i, firm) for i, firm in counting if imports[i].export == loaded.export}
        if loaded.mode == "replace" and loaded.firms:
            counting -= older
        if loaded.mode == "update":
            counting -= {(i, firm) for i, firm in older if firm in loaded.firms}
        counting |= {(number, firm) for firm in loaded.firms}
    return counting


def customers_of(firms, decided):
    """The firms in groups of one customer each: decisions in their order, no group against a decided difference."""
    group = {firm: frozenset([firm]) for firm in firms}
    apart = [pair for pair, verdict in decided.items() if verdict == "different"]
    for (left, right), verdict in decided.items():
        if verdict != "same" or not {left, right} <= group.keys():
            continue
        both = group[left] | group[right]
        if not any(set(pair) <= both for pair in apart):
            group |= dict.fromkeys(both, both)
    return set(group.values())


class AnyOrder(RuleBasedStateMachine):
    """Files of customers; the model knows which firms each import brought and what was decided."""

    @initialize()
    def start(self):
        self.folder = Path(tempfile.mkdtemp())
        self.now = datetime(2026, 1, 1)
        self.workspace = Workspace.open(self.folder / "w.duckdb", clock=self.tick)
        self.imports, self.decided, self.draft = {}, {}, None
        self.versions, self.active, self.backups, self.files, self.exports = [], None, {}, 0, 0

    def tick(self):
        self.now += timedelta(seconds=1)
        return self.now

    def teardown(self):
        self.workspace.close()
        shutil.rmtree(self.folder)

    def state(self):
        return (dict(self.imports), dict(self.decided), self.draft, list(self.versions), self.active)

    def written(self, export, firms):
        """A file of this export; headers of its own, so that other exports stand beside it."""
        self.files += 1
        path = self.folder / f"f{self.files}.csv"
        lines = [f"Account ID,Company name,Domain,Own {export}"]
        lines += [f"ID-{f},{f} Works,{f.lower()}.example,{self.files}" for f in sorted(firms)]
        path.write_text("\n".join(lines) + "\n")
        return path

    def load(self, path, export, firms, **modes):
        [report] = load.import_preview(self.workspace, self.look(path), **modes)
        store.refresh(self.workspace)
        self.imports[report.import_id] = Loaded(export, report.mode, frozenset(firms))
        assert self.look(path).tables[0].mode == "same"
        assert load.import_preview(self.workspace, self.look(path)) == []

    @rule(firms=some_firms)
    def import_a_file(self, firms):
        self.exports += 1
        self.load(self.written(self.exports, firms), self.exports, firms)

    @precondition(lambda self: self.imports)
    @rule(firms=some_firms, mode=st.sampled_from(["update", "append", "replace"]), data=st.data())
    def import_a_newer_export(self, firms, mode, data):
        export = data.draw(st.sampled_from(sorted({i.export for i in self.imports.values()})))
        path = self.written(export, firms)
        newest = max(number for number, i in self.imports.items() if i.export == export)
        before = self.imports[newest].firms

        [table] = self.look(path).tables

        assert table.mode == "update"
        assert (table.changes.previous_import, table.changes.added) == (newest, len(firms - before))
        assert (table.changes.vanished, table.changes.changed) == (len(before - firms), len(before & firms))
        self.load(path, export, firms, modes={0: mode})
        assert self.imports[max(self.imports)].mode == mode

    def look(self, path):
        reading = read_in_process(path, file_name=path.name, sha256=path.stem * 8)
        return load.preview_reading(self.workspace, path, path.name, reading, None)

    @precondition(lambda self: self.imports)
    @rule(data=st.data())
    def undo_an_import(self, data):
        chosen = data.draw(st.sampled_from(sorted(self.imports)))
        load.undo_import(self.workspace, chosen)
        store.refresh(self.workspace)
        del self.imports[chosen]

    def settle(self):
        link.link_rows(self.workspace)
        store.refresh(self.workspace)

    @rule(pair=two_firms, verdict=st.sampled_from(["same", "same", "different"]))
    def merge_or_tell_apart(self, pair, verdict):
        left, right = (f"ID-{f}" for f in pair)
        self.workspace.decide("merge", "\x1f".join(pair), {"left": left, "right": right, "verdict": verdict})
        self.settle()
        self.decided.pop(pair, None)  # a decision made again counts as the newest
        self.decided[pair] = verdict

    @precondition(lambda self: self.decided)
    @rule(data=st.data())
    def unmerge(self, data):
        pair = data.draw(st.sampled_from(sorted(self.decided)))
        self.workspace.withdraw("merge", "\x1f".join(pair))
        self.settle()
        del self.decided[pair]

    @rule(text=st.sampled_from(["A foods company.", "A metal company."]))
    def edit_the_draft(self, text):
        versions.keep_draft(
            self.workspace, Profile(meta=Meta(as_of=date(2026, 1, 1)), statement=Statement(text=text))
        )
        self.draft = text

    @precondition(lambda self: self.draft)
    @rule()
    def save_a_version(self):
        versions.save(self.workspace, versions.draft_of(self.workspace))
        self.versions.append(self.draft)
        self.active = len(self.versions)

    @precondition(lambda self: self.versions)
    @rule(data=st.data())
    def bring_a_version_back(self, data):
        number = data.draw(st.integers(1, len(self.versions)))
        versions.restore(self.workspace, number)
        self.active, self.draft = number, self.versions[number - 1]

    @rule()
    def back_up(self):
        self.backups[self.workspace.back_up()] = self.state()

    @precondition(lambda self: any(p.exists() for p in self.backups))
    @rule(data=st.data())
    def restore(self, data):
        copy = data.draw(st.sampled_from(sorted(p for p in self.backups if p.exists())))
        self.workspace.restore(copy)
        imports, decided, self.draft, saved, self.active = self.backups[copy]
        self.imports, self.decided, self.versions = dict(imports), dict(decided), list(saved)

    @precondition(lambda self: rows_that_count(self.imports))
    @rule(data=st.data())
    def erase(self, data):
        firms = {firm for _, firm in rows_that_count(self.imports)}
        gone = data.draw(st.sampled_from(sorted(customers_of(firms, self.decided), key=sorted)))
        found = self.workspace.cursor().execute("SELECT customer_id, customer_name FROM accounts").fetchall()
        erase_customer(self.workspace, next(i for i, name in found if name.split()[0] in gone))
        self.imports = {n: replace(i, firms=i.firms - gone) for n, i in self.imports.items()}
        self.decided = {pair: v for pair, v in self.decided.items() if gone.isdisjoint(pair)}
        for path in self.folder.rglob("*.duckdb*"):
            assert [f for f in gone if f"{f} Works".encode() in path.read_bytes()] == []

    @rule()
    def close_and_open(self):
        self.workspace.close()
        self.workspace = Workspace.open(self.folder / "w.duckdb", clock=self.tick)

    @invariant()
    def the_workspace_is_as_the_model_says(self):
        con = self.workspace.cursor()
        rows = con.execute("SELECT import_id, rows_read FROM imports").fetchall()
        assert dict(rows) == {n: len(i.firms) for n, i in self.imports.items()}
        counting = rows_that_count(self.imports)
        linked = con.execute("SELECT import_id, count(*) FROM links GROUP BY 1").fetchall()
        assert dict(linked) == Counter(number for number, _ in counting)
        books = reconcile.reconciliation(self.workspace)
        assert dict(zip(books["import_id"], books["superseded"], strict=True)) == {
            n: len(i.firms) - dict(linked).get(n, 0) for n, i in self.imports.items()
        }
        firms = {firm for _, firm in counting}
        names = con.execute("SELECT customer_name FROM accounts").fetchall()
        called = [name.split()[0] for (name,) in names]
        customers = customers_of(firms, self.decided)
        assert len(called) == len(customers) and all(set(called) & group for group in customers)
        facts = store.load_facts(self.workspace)
        assert (0 if facts is None else len(facts)) == len(customers)
        verdicts = {tuple(d.key.split("\x1f")): d.value["verdict"] for d in self.workspace.decisions("merge")}
        assert verdicts == self.decided
        draft = versions.draft_of(self.workspace)
        assert (draft and draft.statement.text) == self.draft
        saved = con.execute("SELECT version, active, profile FROM profiles ORDER BY version").fetchall()
        assert [json.loads(text)["statement"]["text"] for _, _, text in saved] == self.versions
        assert [n for n, is_active, _ in saved if is_active] == ([self.active] if self.active else [])


_COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


class TestAnyOrder(AnyOrder.TestCase):
    settings = settings(max_examples=4, stateful_step_count=12, derandomize=True, **_COMMON)


@pytest.mark.soak
class TestAnyOrderForLong(AnyOrder.TestCase):
    settings = settings(max_examples=150, stateful_step_count=40, **_COMMON)
