"""The prospect lists of a workspace and the scorecard in force there: what a page or a build asks for."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.gather import load, records
from icp_core.profile.model import Profile
from icp_core.prospects import tiers
from icp_core.prospects.as_read import as_read
from icp_core.prospects.comparable import Prospects, identities, prepare
from icp_core.prospects.encode import Encoded, score
from icp_core.prospects.fit import ADDED
from icp_core.prospects.mapping import match_lists, merged, taken
from icp_core.prospects.model import About, Scorecard
from icp_core.prospects.score_file import beside
from icp_core.prospects.scorecard import fit_scorecard, outcomes
from icp_core.sql import first_row
from icp_core.workspace import Workspace

# Topics under which the user's choices are kept.
MAPPING, CHOICES = "prospect_mapping", "scorecard"
TARGET, WEIGHTS, THRESHOLDS, LINES = "target", "weights", "thresholds", "lines"


@dataclass(frozen=True, eq=False)
class ProspectList:
    """All prospects loaded, one row each; ``labels``: heading of each column the vocabulary does not know."""

    frame: pd.DataFrame
    labels: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.frame)


def prospect_list(workspace: Workspace) -> ProspectList:
    """Prospects of all lists loaded; import_id and _row tell where each stands."""
    frame = records.frame(workspace, "prospects")
    labels = {slug: label for slug, (label, _) in records.own_columns(workspace, "prospects").items()}
    return ProspectList(frame, labels)


def names_of(loaded: ProspectList) -> list[str]:
    """What to call each prospect: company, else person, domain, e-mail address, else its row."""
    frame = loaded.frame
    names = pd.Series([None] * len(frame), dtype=object)
    for column in ("account_name", "person_name", "domain", "email"):
        if column in frame.columns:
            names = names.where(names.notna(), frame[column].astype(object).reset_index(drop=True))
    return [str(n) if isinstance(n, str) else f"Row {r}" for n, r in zip(names, frame["_row"], strict=True)]


def known_customers(workspace: Workspace, facts: Facts) -> pd.DataFrame:
    """Who is a customer: customer_id, customer_name, domain, email, country (blank = not known)."""
    details = dict(workspace.cursor().execute("SELECT customer_id, details FROM accounts").fetchall())
    found = identities(facts)
    said = [json.loads(details.get(c) or "{}") for c in found["customer_id"]]
    for name in ("email", "country"):
        found[name] = [d.get(name) for d in said]
    return found


def accounts(workspace: Workspace) -> pd.DataFrame | None:
    """Companies that bought and that did not, measured alike; None when nothing is loaded."""
    con = workspace.cursor()
    if not first_row(
        con, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'account_facts' AND NOT temporary"
    ):
        return None
    return records.frame_of(con.sql("SELECT * FROM account_facts ORDER BY customer_id").to_arrow_table())


def state_of(workspace: Workspace) -> str:
    """Changes with what the scores depend on beside the facts: the lists loaded and the user's choices."""
    loaded = workspace.cursor().execute("SELECT import_id FROM imports ORDER BY import_id").fetchall()
    said = [[d.key, d.value] for topic in (MAPPING, CHOICES) for d in workspace.decisions(topic)]
    return json.dumps([[i for (i,) in loaded], said])


def corrections(workspace: Workspace) -> dict[str, str | None]:
    """The user's word on which column is which: attribute → column, None = the list does not have it."""
    return {d.key: d.value.get("column") for d in workspace.decisions(MAPPING)}


def scorecard_for(
    workspace: Workspace,
    facts: Facts,
    profile: Profile | None,
    loaded: ProspectList | None = None,
    *,
    seed: int = 0,
) -> Scorecard:
    """The scorecard in force: learned from the customers, by the user's own target, weights and thresholds.

    Only attributes that the loaded prospects have give points (and the ICP's criteria).
    """
    card = fit_scorecard(
        facts,
        profile,
        target=workspace.decision(CHOICES, TARGET, "auto"),
        accounts=accounts(workspace),
        attributes=attributes_of(facts, loaded, corrections(workspace)),
        seed=seed,
    )
    return adjusted(card, workspace, judged(card, facts, accounts(workspace)))


@dataclass(frozen=True, eq=False)
class Judged:
    """The customers behind a scorecard, encoded, with their outcome ``y`` (1 = good)."""

    encoded: Encoded
    y: np.ndarray


def judged(card: Scorecard, facts: Facts, found: pd.DataFrame | None = None) -> Judged | None:
    """The customers the points were learned from; None when the points come from the criteria."""
    outcome = outcomes(facts, found).get(card.target)
    if card.source != "outcomes" or outcome is None:
        return None
    rows = outcome.y >= 0
    ready = prepare(outcome.facts.frame[rows], card)
    return Judged(ready.encoded, outcome.y[rows].astype(float))


def reweighed(
    card: Scorecard, weights: Mapping[str, float], by_hand: Collection[str], behind: Judged | None
) -> Scorecard:
    """The scorecard with other weights; the tiers are the customers' fifths by the new scores."""
    card = card.with_weights(weights, by_hand)
    if behind is None:
        return card
    thresholds, found = tiers.tiers_of(score(card, behind.encoded).points.astype(float), behind.y)
    return card.model_copy(update={"thresholds": thresholds, "tiers": found})


def rethresholded(card: Scorecard, thresholds: Mapping[str, int], behind: Judged | None) -> Scorecard:
    """The scorecard with other thresholds. Tiers are measured on held-out scores; where weights were set by hand
    there are none, and the customers' own scores are taken."""
    if behind is not None and any(item.hand_set for item in card.items):
        return tiers.with_thresholds(
            card, thresholds, score(card, behind.encoded).points.astype(float), behind.y
        )
    return tiers.with_thresholds(card, thresholds)


def adjusted(card: Scorecard, workspace: Workspace, behind: Judged | None = None) -> Scorecard:
    """The scorecard with the weights, thresholds and lines the user set by hand."""
    said = workspace.decision(CHOICES, WEIGHTS)
    if said:
        card = reweighed(card, said["weights"], said["by_hand"], behind)
    moved = workspace.decision(CHOICES, THRESHOLDS)
    if moved:
        card = rethresholded(card, moved, behind)
    return card.model_copy(update=workspace.decision(CHOICES, LINES, {}))


def attributes_of(
    facts: Facts, loaded: ProspectList | None, said: Mapping[str, str | None] | None = None
) -> list[str] | None:
    """Attributes of the customers that the loaded prospects have too; None when none are loaded."""
    if loaded is None or not len(loaded):
        return None
    about = {a.name: About(label=a.label, kind=a.kind, known=list(a.levels[:200])) for a in facts.criteria()}
    each = [mine for _, mine in match_lists(loaded.frame, about, loaded.labels, said)]
    return list(taken(merged(each)))


def prepared(workspace: Workspace, facts: Facts, card: Scorecard, loaded: ProspectList) -> Prospects:
    """The loaded prospects, made comparable, with those who are customers already."""
    return prepare(
        loaded.frame,
        card,
        labels=loaded.labels,
        said=corrections(workspace),
        customers=known_customers(workspace, facts),
    )


def download_frame(
    workspace: Workspace, import_id: int, loaded: ProspectList, scored: pd.DataFrame
) -> pd.DataFrame:
    """One list as it was read, every row and column in its order, with our columns at the end.

    A row that did not count (a repeat, a total) is kept without a score and says why.
    """
    con = workspace.cursor()
    table, _, file = load.stored_table(con, import_id)
    of_file = con.execute("SELECT count(*) FROM imports WHERE sha256 = $sha", {"sha": file.sha256}).fetchall()
    # The upload itself, while it is kept: it still has the blank lines and the headings as typed.
    kept = sorted(workspace.inbox.glob(f"{file.sha256}*")) if workspace.path is not None else []
    whole = as_read(
        kept[0] if kept else file.path, table, only_table=bool(kept) and of_file == [(1,)] and not table.sheet
    )
    why = dict(
        con.execute(
            "SELECT row, reason FROM row_status WHERE import_id = $id", {"id": int(import_id)}
        ).fetchall()
    )
    mine = (loaded.frame["import_id"] == import_id).to_numpy()
    rows = loaded.frame.loc[mine, "_row"].to_numpy()
    return beside(whole, scored.loc[mine].set_index(rows), why)


def file_name(workspace: Workspace, import_id: int) -> str:
    """The file a list came from."""
    row = first_row(
        workspace.cursor(), "SELECT file_name FROM imports WHERE import_id = $id", {"id": int(import_id)}
    )
    return row[0] if row else "Prospects"


def printed(
    loaded: ProspectList, scored: pd.DataFrame, card: Scorecard, *, rows: np.ndarray | None = None
) -> pd.DataFrame:
    """Prospects for the workbook: who, score and reasons, then what the scorecard looks at; best first, or ``rows`` by position."""
    who = [
        c
        for c in ("account_name", "person_name", "domain")
        if c in loaded.frame and loaded.frame[c].notna().any()
    ]
    shown = [
        c for c in loaded.frame.columns if c in card.about or c in ("employee_band", "company_revenue_band")
    ]
    shown = [c for c in shown if loaded.frame[c].notna().any()]
    extra = [*ADDED[:2], "low", "high", *ADDED[2:], "is_customer"]
    frame = pd.concat(
        [loaded.frame[who].reset_index(drop=True), scored[extra], loaded.frame[shown].reset_index(drop=True)],
        axis=1,
    )
    if rows is None:
        rows = np.argsort(-scored["fit_points"].to_numpy(), kind="stable")
    return frame.iloc[rows].reset_index(drop=True)
