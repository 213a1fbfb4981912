"""A file of prospects scored by an ICP alone, as on the command line: the list comes back whole, with scores."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from icp_core.errors import IcpError
from icp_core.export.crm import csv_bytes
from icp_core.gather import load
from icp_core.gather.recognise import recognise
from icp_core.gather.records import frame_of
from icp_core.profile.model import READABLE_SCHEMAS
from icp_core.prospects.answers import canonical
from icp_core.prospects.as_read import AsRead, as_read
from icp_core.prospects.comparable import Prospects, prepare
from icp_core.prospects.fit import ADDED, meets_icp, score_prospects, tells
from icp_core.prospects.model import About, Refusal, Scorecard
from icp_core.prospects.questions import asked_about
from icp_core.prospects.refusals import likely_refused, open_to_refusal
from icp_core.prospects.scorecard import criteria_card
from icp_core.prospects.tiers import NAMES
from icp_core.segments.conditions import Condition
from icp_core.stats.wording import count, rate
from icp_core.vocabulary import FIELDS
from icp_core.workspace import Workspace

NOTHING_KNOWN = (
    "The list has nothing that the score looks at, so nobody can be told from anybody. "
    "Name the columns as your customers' are, or add them."
)


def score_file(workspace: Workspace, icp_json_text: str, prospects_path: Path) -> tuple[bytes, str]:
    """Score a file by an ICP alone; returns the CSV and one sentence about it.

    Every row, column, heading and the order of the file stay; fit_points, tier, reasons, disqualified_by,
    known_attributes, ask_next and may_be_refused are added at the end. A row that is not a prospect (a total, an empty line)
    is kept without a score. The same file gives the same bytes.

    Raises
    ------
    IcpError
        The ICP or the list cannot be read, or the ICP has nothing to score by.
    """
    card = scorecard_of(icp_json_text)
    if not prospects_path.is_file():
        raise IcpError(f"There is no file {prospects_path}. Check the path.")
    preview = load.preview(workspace, prospects_path, prospects_path.name)
    if preview.error:
        raise IcpError(f"{prospects_path.name}: {preview.error}")
    tables = [t for t in preview.tables if not t.table.hidden and t.table.n_rows]
    if not tables:
        raise IcpError(f"{prospects_path.name} holds no table. Save the list as CSV or Excel and try again.")
    chosen = max(
        tables, key=lambda t: (t.recognition.kind in ("prospects", "customers", "contacts"), t.table.n_rows)
    )
    recognition = chosen.recognition
    if recognition.kind not in ("prospects", "customers"):
        recognition = recognise(chosen.table, kind="prospects")
    typed = load.understood(workspace, preview.sha256, chosen.table, recognition).typed
    labels = {c.slug: c.label for c in typed.custom}
    prospects = prepare(frame_of(typed.arrow), card, labels=labels)
    scored = score_prospects(prospects, card)
    scored.index = prospects.frame["_row"]
    table = chosen.table
    whole = as_read(prospects_path, table, only_table=len(preview.tables) == 1)
    left_out = dict([*typed.rejected_rows, *typed.dropped_rows])
    return csv_bytes(beside(whole, scored, left_out)), _summary(
        card, scored, table.n_rows, prospects, len(tables), chosen.title
    )


def beside(whole: AsRead, scored: pd.DataFrame, why_not: Mapping[int, str]) -> pd.DataFrame:
    """A list as it was read with our columns at the end; ``scored`` and ``why_not`` go by line or sheet row."""
    out, names, taken_names = list(zip(*whole.rows, strict=True)), list(whole.names), set(whole.names)
    for name in ADDED:
        values = scored[name].to_dict()
        column = [values.get(row) for row in whole.numbers]
        if name == "reasons":
            column = [
                values[row] if row in values else f"Not scored: {why_not.get(row, 'no record of a prospect')}"
                for row in whole.numbers
            ]
        out.append(tuple(column))
        names.append(free_name(name, taken_names))
    frame = pd.DataFrame({i: pd.Series(column, dtype=object) for i, column in enumerate(out)})
    frame.columns = names
    return frame


def free_name(name: str, taken_names: set[str]) -> str:
    """The name, numbered when the file has a column of that name already."""
    free, i = name, 2
    while free in taken_names:
        free, i = f"{name} ({i})", i + 1
    taken_names.add(free)
    return free


def _summary(
    card: Scorecard, scored: pd.DataFrame, n_rows: int, prospects: Prospects, n_tables: int, title: str
) -> str:
    tiers = ", ".join(f"{name} {count(int((scored['tier'] == name).sum()))}" for name in NAMES)
    n = len(prospects)
    refused = int((scored["disqualified_by"] != "").sum())
    open_too = int(open_to_refusal(prospects.held, n).sum())
    likely = int(likely_refused(prospects.held, n).sum())
    fits = int(meets_icp(card, prospects).sum())
    parts = [f"{count(len(scored))} of {count(n_rows)} rows scored: {tiers}."]
    parts.append(
        f"{count(fits)} meet the whole ICP ({rate(fits / max(1, len(scored)))}), {count(refused)} are refused{_more(open_too, likely)}."
    )
    repeats, unlike = int(prospects.relations.is_duplicate.sum()), sum(bool(o) for o in prospects.outside)
    if repeats:
        parts.append(f"{count(repeats)} repeat an earlier row.")
    if unlike:
        parts.append(f"{count(unlike)} outside what is known: no customer is like them.")
    missing = [
        card.label(m.attribute) for m in prospects.matches if not m.taken and m.attribute in asked_about(card)
    ]
    if missing:
        parts.append(f"Not in the list: {', '.join(missing)}.")
    if len(scored) and not tells(prospects, card):
        parts.append(NOTHING_KNOWN)
    if n_tables > 1:
        parts.append(f"Only {title} was scored; the file holds {n_tables} tables.")
    if card.source == "criteria":
        parts.append(card.message or "The points come from the ICP's criteria.")
    return " ".join(parts)


def _more(open_too: int, likely: int) -> str:
    """How many may be refused too, once more is known of them; blank when none."""
    if not open_too:
        return ""
    return f", {count(open_too)} more may be" + (f" ({count(likely)} likely)" if likely else "")


def scorecard_of(icp_json_text: str) -> Scorecard:
    """The scorecard inside an icp.json; one without a scorecard is scored by its criteria."""
    try:
        document = json.loads(icp_json_text)
    except json.JSONDecodeError as error:
        raise IcpError(f"The ICP is not readable JSON: {error}. Build it again.") from error
    if not isinstance(document, dict):
        raise IcpError("The ICP file holds no ICP. Build it again.")
    if document.get("scorecard"):
        card = Scorecard.from_dict(document["scorecard"])
        if not card.used:
            raise IcpError(f"This ICP has nothing to score by. {card.message}")
        return card
    conditions = document.get("criteria")
    if isinstance(conditions, dict):  # a profile exported by itself
        conditions = conditions.get("conditions")
    if document.get("schema") not in READABLE_SCHEMAS or not isinstance(conditions, list):
        raise IcpError(
            "The file is not an ICP of this program. Build one first, or export the profile as JSON."
        )
    if not conditions:
        raise IcpError("This ICP has no criteria to score by. Choose a segment as the ICP and build again.")
    return _bare_card(document, [Condition.from_dict(c) for c in conditions])


def _bare_card(document: Mapping, conditions: list[Condition]) -> Scorecard:
    refused = [
        Refusal(conditions=_conditions_of(d), words=str(d.get("words", "")), why=str(d.get("why") or ""))
        for d in document.get("disqualifiers") or []
        if _conditions_of(d) and d.get("accepted", True)
    ]
    about = {}
    for condition in [*conditions, *(Condition.from_dict(c) for r in refused for c in r.conditions)]:
        name = canonical(condition.attribute)
        about.setdefault(name, About(label=_field_label(name), kind=_kind_of(name, condition)))
    card = Scorecard(
        criteria=[c.to_dict() for c in conditions],
        refusals=refused,
        about=about,
        message="This ICP holds no scorecard, so the points come from its criteria.",
    )
    return criteria_card(card, conditions, {})


def _conditions_of(disqualifier: Mapping) -> list[dict]:
    segment = disqualifier.get("segment") or {}
    return list(disqualifier.get("conditions") or segment.get("conditions") or [])


def _field_label(name: str) -> str:
    field = FIELDS["customers"].get(name)
    return field.label if field else name.replace("_", " ").capitalize()


_NUMERIC = ("between", "at_least", "at_most", "more_than", "less_than")


def _kind_of(name: str, condition: Condition) -> str:
    field = FIELDS["customers"].get(name)
    by_type = {"number": "number", "money": "number", "percent": "number", "score": "number", "date": "date",
               "yes_no": "yes_no", "multi": "multi", "band": "band"}  # fmt: skip
    if field is not None:
        return by_type.get(field.type, "category")
    if condition.operator.startswith("has_"):
        return "multi"
    if condition.operator in ("is_yes", "is_no"):
        return "yes_no"
    value = condition.value[0] if isinstance(condition.value, tuple) and condition.value else condition.value
    if condition.operator in _NUMERIC:
        return "date" if isinstance(value, str) else "number"
    return "category"
