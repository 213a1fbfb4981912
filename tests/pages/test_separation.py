"""What sessions share is keyed by workspace and state of the data, and nobody changes it in place."""

import pandas as pd

from icp_core.workspace import Workspace, workspace_path
from pages.components import cached

PAGES = (
    "customers",
    "segments",
    "retention",
    "voice",
    "profile",
    "one_pager",
    "prospects",
    "research",
    "data",
)


def seen(facts):
    frame = facts.frame
    plain = frame.astype({c: str for c in frame.columns if frame[c].dtype == object})
    return list(frame.columns), pd.util.hash_pandas_object(plain).tolist(), dict(facts.catalogue)


def test_no_page_changes_the_facts_that_sessions_share(app, facts, open_page):
    before = seen(facts)

    for name in PAGES:
        open_page(app, name)
        assert not app.exception, name

    assert seen(facts) == before


def test_two_workspaces_of_the_same_data_share_nothing(home):
    paths = [workspace_path(name, home) for name in ("One", "Two")]
    workspaces = [Workspace.open(path) for path in paths]
    try:
        keys = [(str(w.path), w.facts_fingerprint()) for w in workspaces]
        assert keys[0][1] != keys[1][1]
        for (path, fingerprint), workspace in zip(keys, workspaces, strict=True):
            assert cached.facts_of(path, fingerprint, workspace) is None
    finally:
        for workspace in workspaces:
            workspace.close()


def test_a_deleted_workspace_is_forgotten_for_every_session(facts, home, monkeypatch):
    with Workspace.open(workspace_path("One", home)) as workspace:
        path, fingerprint = str(workspace.path), workspace.facts_fingerprint()
        kept = cached.facts_of(path, fingerprint, workspace)
        assert cached.facts_of(path, fingerprint, workspace) is kept
        other = facts.only(facts.frame["ltv"] > 0)
        monkeypatch.setattr("icp_core.facts.store.load_facts", lambda workspace: other)

        cached.forget_workspace(path)

        assert cached.facts_of(path, fingerprint, workspace) is other
