"""Scores put on record on the day they were given, and what became of those prospects: did tier A win more?

The record holds no name: who a prospect is stands there as digests of its web domain, e-mail address and name,
so that a later export can be compared with it even when the list is gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from icp_core.facts.catalogue import Facts
from icp_core.gather import records
from icp_core.prospects.comparable import Prospects
from icp_core.prospects.relations import Who, matched, who
from icp_core.prospects.tiers import NAMES
from icp_core.sql import first_row
from icp_core.stats.intervals import share_difference, wilson
from icp_core.stats.phrases import MIN_N
from icp_core.stats.wording import count, on_date, rate
from icp_core.workspace import Workspace

COLUMNS = ["tier", "scored", "won", "lost", "open", "share", "low", "high"]

_CHANGED = """
WITH last AS (
    SELECT who, arg_max(fit_points, scored_on) AS fit_points, arg_max(tier, scored_on) AS tier
    FROM prospect_scores
    GROUP BY who
)
SELECT incoming.*
FROM incoming
LEFT JOIN last USING (who)
WHERE last.who IS NULL OR last.fit_points <> incoming.fit_points OR last.tier <> incoming.tier
"""


@dataclass(frozen=True, eq=False)
class CameTrue:
    """What became of scored prospects.

    ``table``: per tier ``scored``, ``won``, ``lost``, ``open`` (prospects), ``share`` won of those decided with
    its likely range ``low``–``high`` (0 to 1; of all scored where no lost deal is known). ``holds``: True = tier
    A won more than the others, False = it won less, None = not clear. ``message`` says it with its numbers.
    """

    table: pd.DataFrame
    holds: bool | None
    message: str


def put_on_record(workspace: Workspace, prospects: Prospects, ranked: pd.DataFrame) -> int:
    """Note tier and points of every prospect whose score is new or has changed; returns how many were noted.

    ``ranked`` has fit_points and tier in the order of the list. Customers and repeats are left out, and so is
    who has neither domain, address nor name. What is noted twice on one day stands there once, as last noted.
    Nothing is noted for somebody who may only look.
    """
    if workspace.is_read_only:
        return 0
    known = prospects.relations
    told = who(prospects.frame, "account_name")
    rows = np.flatnonzero(~known.is_customer & ~known.is_duplicate & (ranked["tier"] != "").to_numpy())
    rows = [i for i in rows.tolist() if told.domains[i] or told.emails[i] or told.names[i]]
    if not rows:
        return 0
    hidden = _digests(workspace, told, rows)
    keys = [
        d or e or n + p
        for d, e, n, p in zip(hidden.domains, hidden.emails, hidden.names, hidden.places, strict=True)
    ]
    incoming = pa.table(
        {
            "who": keys,
            "domain": hidden.domains,
            "email": hidden.emails,
            "name": hidden.names,
            "place": hidden.places,
            "fit_points": pa.array(ranked["fit_points"].to_numpy()[rows], pa.int16()),
            "tier": ranked["tier"].to_numpy()[rows].astype(str),
        }
    )
    con = workspace.cursor()
    con.register("incoming", incoming)
    changed = con.sql(_CHANGED).to_arrow_table()
    con.unregister("incoming")
    if not changed.num_rows:
        return 0
    with workspace.transaction() as writing:
        writing.register("changed", changed)
        today = {"today": workspace.clock().date()}
        writing.execute(
            "DELETE FROM prospect_scores WHERE scored_on = $today AND who IN (SELECT who FROM changed)", today
        )
        writing.execute(
            "INSERT INTO prospect_scores "
            "SELECT who, domain, email, name, place, $today, fit_points, tier FROM changed",
            today,
        )
        writing.unregister("changed")
    return changed.num_rows


def _digests(workspace: Workspace, told: Who, rows: Sequence[int] | None = None) -> Who:
    """The same keys as digests that only this workspace can compare."""
    salt = first_row(workspace.cursor(), "SELECT value FROM meta WHERE key = 'workspace_id'")[0]
    chosen = range(len(told.domains)) if rows is None else rows
    return Who(
        *(
            [_digest(salt, texts[i]) for i in chosen]
            for texts in (told.domains, told.emails, told.names, told.places)
        )
    )


def _digest(salt: str, text: str) -> str:
    return hashlib.blake2b(f"{salt}:{text}".encode(), digest_size=12).hexdigest() if text else ""


def forget(workspace: Workspace, identities: pd.DataFrame) -> int:
    """Take out of the record whoever has a domain, address or name of ``identities`` (customer_name, domain,
    email); returns how many entries went."""
    hidden = _digests(workspace, who(identities, "customer_name"))
    with workspace.transaction() as con:
        gone = con.execute(
            "DELETE FROM prospect_scores WHERE list_contains($domains, domain) "
            "OR list_contains($emails, email) OR list_contains($names, name)",
            {
                "domains": _filled(hidden.domains),
                "emails": _filled(hidden.emails),
                "names": _filled(hidden.names),
            },
        ).fetchall()
    return int(gone[0][0])


def _filled(texts: Iterable[str]) -> list[str]:
    return sorted({text for text in texts if text}) or ["-"]


# -- what became of them ---------------------------------------------------------------------------


def outcomes_since(workspace: Workspace, facts: Facts) -> pd.DataFrame:
    """When each account was won or lost: customer_id, customer_name, domain, email, country, won_on, lost_on."""
    con = workspace.cursor()
    named = con.execute(
        "SELECT customer_id, customer_name, domain, details->>'email' AS email, details->>'country' AS country "
        "FROM accounts ORDER BY customer_id"
    ).df()
    deals = records.frame(workspace, "deals")
    closed = pd.DataFrame({"customer_id": pd.Series(dtype=object), "won_on": [], "lost_on": []})
    if len(deals):
        won = deals["is_won"].fillna(False).astype(bool)
        lost = ~won & deals["is_closed"].fillna(False).astype(bool)
        day = pd.to_datetime(deals["closed_on"])
        each = pd.DataFrame(
            {"customer_id": deals["customer_id"], "won_on": day.where(won), "lost_on": day.where(lost)}
        )
        closed = each.groupby("customer_id", as_index=False).agg(
            won_on=("won_on", "min"), lost_on=("lost_on", "max")
        )
    found = named.merge(closed, on="customer_id", how="left")
    if facts.has("customer_since"):
        since = pd.to_datetime(facts.frame.set_index("customer_id")["customer_since"])
        began = found["customer_id"].map(since)
        found["won_on"] = pd.to_datetime(found["won_on"]).fillna(began)
    return found


def came_true(workspace: Workspace, facts: Facts) -> CameTrue | None:
    """Compare the tier that prospects were in with what became of them afterwards; None when none is on record.

    A prospect counts by the last tier it was given before the day it was won or lost; who was won before the
    first score says nothing and is left out.
    """
    record = workspace.cursor().execute("SELECT * FROM prospect_scores ORDER BY who, scored_on").df()
    if record.empty:
        return None
    record["scored_on"] = pd.to_datetime(record["scored_on"])
    each = record.groupby("who", sort=True)
    first, last = each.head(1).set_index("who"), each.tail(1).set_index("who")
    accounts = outcomes_since(workspace, facts)
    theirs = _digests(workspace, who(accounts, "customer_name"))
    mine = Who(*(first[c].tolist() for c in ("domain", "email", "name", "place")))
    at, _ = matched(mine, theirs)
    won_on, lost_on = (_days(accounts[c], at) for c in ("won_on", "lost_on"))
    began = first["scored_on"].to_numpy()
    is_won, is_lost = won_on > began, lost_on > began
    is_lost &= ~is_won
    before = won_on <= began
    decided_on = np.where(is_won, won_on, np.where(is_lost, lost_on, np.datetime64("NaT")))
    limit = record["who"].map(pd.Series(decided_on, index=first.index))
    in_time = record[limit.isna() | (record["scored_on"] < limit)].groupby("who").tail(1).set_index("who")
    tier = in_time["tier"].reindex(first.index).fillna(last["tier"]).to_numpy()
    return _judged(tier[~before], is_won[~before], is_lost[~before], record["scored_on"].min().date())


def _days(column: pd.Series, at: Sequence[int]) -> np.ndarray:
    days = np.append(pd.to_datetime(column).to_numpy(dtype="datetime64[ns]"), np.datetime64("NaT"))
    return days[np.asarray(at, dtype=int)]


def _judged(tier: np.ndarray, won: np.ndarray, lost: np.ndarray, since: date) -> CameTrue:
    """The table by tier and the sentence: tier A beside all others."""
    known_lost = bool(lost.any())
    counted = (won | lost) if known_lost else np.ones(len(tier), dtype=bool)
    rows = []
    for name in NAMES:
        here = tier == name
        k, n = int((won & here).sum()), int((counted & here).sum())
        low, high = (float(v) for v in wilson(k, n)) if n else (float("nan"), float("nan"))
        lost_here = int((lost & here).sum())
        rows.append(
            (
                name,
                int(here.sum()),
                k,
                lost_here,
                int(here.sum()) - k - lost_here,
                k / n if n else float("nan"),
                low,
                high,
            )
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    top = tier == NAMES[0]
    (k1, n1), (k2, n2) = ((int((won & side).sum()), int((counted & side).sum())) for side in (top, ~top))
    if not (won | lost).any():
        return CameTrue(
            table,
            None,
            f"None of the {count(len(tier))} prospects scored since {on_date(since)} has been won or lost yet.",
        )
    of = "decided" if known_lost else "scored"
    if min(n1, n2) < MIN_N:
        return CameTrue(
            table,
            None,
            f"Too few to say whether tier A wins more: {count(n1)} in tier A and {count(n2)} in the others are {of} "
            f"since {on_date(since)}; {MIN_N} of each are needed.",
        )
    low, high = share_difference(k1, n1, k2, n2)
    shares = (
        f"of {count(n1)} prospects {of} in tier A {rate(k1 / n1)} were won, of {count(n2)} in the others "
        f"{rate(k2 / n2)} (difference likely {100 * low:+.0f} to {100 * high:+.0f} points)."
    )
    holds = True if low > 0 else False if high < 0 else None
    says = {True: "Tier A won more", False: "Tier A won less", None: "No clear difference yet"}[holds]
    return CameTrue(table, holds, f"{says}: {shares}")
