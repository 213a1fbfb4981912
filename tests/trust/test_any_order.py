"""Any order of work keeps a workspace true to a simple model of it."""

import json
import shutil
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from icp_core.erasure import erase_customer
from icp_core.facts import store
from icp_core.gather import link, load
from icp_core.gather.read import read_in_process
from icp_core.profile import versions
from icp_core.profile.model import Meta, Profile, Statement
from icp_core.workspace import Workspace

FIRMS = tuple("Harbour Lakeside Copperfield Northwind Quarry Zephyr Umbra Kestrel".split())
some_firms = st.sets(st.sampled_from(FIRMS), min_size=2)


class AnyOrder(RuleBasedStateMachine):
    """Files of customers; the model knows which firms each import brought and what was decided."""

    @initialize()
    def start(self):
        self.folder = Path(tempfile.mkdtemp())
        self.now = datetime(2026, 1, 1)
        self.workspace = Workspace.open(self.folder / "w.duckdb", clock=self.tick)
        self.imports, self.merged, self.draft = {}, set(), None
        self.versions, self.active, self.backups, self.files = [], None, {}, 0

    def tick(self):
        self.now += timedelta(seconds=1)
        return self.now

    def teardown(self):
        self.workspace.close()
        shutil.rmtree(self.folder)

    def state(self):
        return (dict(self.imports), set(self.merged), self.draft, list(self.versions), self.active)

    @rule(firms=some_firms)
    def import_a_file(self, firms):
        self.files += 1
        path = self.folder / f"f{self.files}.csv"
        # Headers of their own, so that each file stands beside the others and is no newer export of one.
        lines = [f"Account ID,Company name,Domain,Own {self.files}"]
        lines += [f"ID-{f},{f} Works,{f.lower()}.example,{self.files}" for f in sorted(firms)]
        path.write_text("\n".join(lines) + "\n")
        preview = self.look(path)
        [report] = load.import_preview(self.workspace, preview)
        store.refresh(self.workspace)
        self.imports[report.import_id] = frozenset(firms)
        assert self.look(path).tables[0].mode == "same"
        assert load.import_preview(self.workspace, self.look(path)) == []

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

    @rule(pair=st.permutations(FIRMS).map(lambda p: tuple(sorted(p[:2]))))
    def merge_or_part(self, pair):
        left, right = (f"ID-{f}".lower() for f in pair)
        if pair in self.merged:
            self.workspace.withdraw("merge", "\x1f".join(pair))
            self.merged.discard(pair)
        else:
            self.workspace.decide(
                "merge", "\x1f".join(pair), {"left": left, "right": right, "verdict": "different"}
            )
            self.merged.add(pair)
        link.link_rows(self.workspace)
        store.refresh(self.workspace)

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
        imports, merged, self.draft, saved, self.active = self.backups[copy]
        self.imports, self.merged, self.versions = dict(imports), set(merged), list(saved)

    @precondition(lambda self: any(self.imports.values()))
    @rule(data=st.data())
    def erase(self, data):
        firm = data.draw(st.sampled_from(sorted(set().union(*self.imports.values()))))
        found = self.workspace.cursor().execute("SELECT customer_id, customer_name FROM accounts").fetchall()
        erase_customer(self.workspace, next(i for i, name in found if name.startswith(firm)))
        self.imports = {i: firms - {firm} for i, firms in self.imports.items()}
        self.merged = {pair for pair in self.merged if firm not in pair}
        for path in self.folder.rglob("*.duckdb*"):
            assert f"{firm} Works".encode() not in path.read_bytes()

    @rule()
    def close_and_open(self):
        self.workspace.close()
        self.workspace = Workspace.open(self.folder / "w.duckdb", clock=self.tick)

    @invariant()
    def the_workspace_is_as_the_model_says(self):
        con = self.workspace.cursor()
        rows = con.execute("SELECT import_id, rows_read FROM imports").fetchall()
        assert dict(rows) == {i: len(firms) for i, firms in self.imports.items()}
        firms = set().union(*self.imports.values()) if self.imports else set()
        names = con.execute("SELECT customer_name FROM accounts").fetchall()
        assert sorted(name.split()[0] for (name,) in names) == sorted(firms)
        facts = store.load_facts(self.workspace)
        assert (0 if facts is None else len(facts)) == len(firms)
        assert len(self.workspace.decisions("merge")) == len(self.merged)
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
