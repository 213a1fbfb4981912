"""Deciding codes one by one, and editing themes: decisions kept in the workspace, in order, and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.sql import first_row
from icp_core.voice.codes import LABELS
from icp_core.voice.themes import Themes, renamed
from icp_core.workspace import Workspace

CODE, THEME, INTERVIEW = "code", "theme", "interview"
_MEMORY = "voice.themes."
QUESTION_MARK = ": "
# The best are the top fifth by value, as in the list of whom to ask.
BEST_FROM = 0.8
_QUICK = ("rename", "hide", "show")


def said_fingerprint(workspace: Workspace) -> str:
    """Changes when other things were said, or by other customers; codes and themes do not change it.

    The key for analyses of all texts: they must not run again after each decision.
    """
    row = first_row(
        workspace.cursor(),
        """
        SELECT (SELECT value FROM meta WHERE key = 'workspace_id'),
               (SELECT coalesce(bit_xor(hash(import_id, file_name, kind, recognition)), 0) FROM imports),
               (SELECT coalesce(bit_xor(hash(import_id, row, customer_id)), 0) FROM links),
               (SELECT coalesce(bit_xor(hash(import_id, row)), 0) FROM row_status),
               (SELECT coalesce(bit_xor(hash(topic, key, value)), 0) FROM decisions
                WHERE topic IN ('note', 'interview'))
        """,
    )
    return ":".join(str(part) for part in row)


def of_customers(frame: pd.DataFrame, facts: Facts, mask: np.ndarray | None) -> pd.DataFrame:
    """The rows of the customers in ``mask`` (boolean over ``facts``); all rows when it is None."""
    if mask is None:
        return frame
    ids = set(facts.frame["customer_id"][np.asarray(mask, bool)])
    return frame[frame["customer_id"].isin(ids)].reset_index(drop=True)


def of_kind(texts: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The texts of one kind (response, ticket, note, interview); "" keeps all.

    "response: Why?" keeps the answers to one question ("response: " those to the main one).
    """
    if not kind:
        return texts
    kind, one_question, question = kind.partition(QUESTION_MARK)
    chosen = texts["kind"].eq(kind)
    if one_question:
        chosen &= texts["question"].eq(question)
    return texts[chosen].reset_index(drop=True)


def open_questions(texts: pd.DataFrame, least: int = 20) -> dict[str, int]:
    """The open questions with at least ``least`` answers, most answered first: label ("" the main one) → answers."""
    asked = texts.loc[texts["kind"].eq("response"), "question"].value_counts()
    return {str(label): int(n) for label, n in asked.items() if n >= least}


def best_by_value(facts: Facts) -> set:
    """Ids of the customers in the top fifth by value (lifetime value, else revenue, else MRR); empty when unknown."""
    name = next((n for n in ("ltv", "revenue", "mrr") if facts.has(n)), None)
    if name is None:
        return set()
    rank = facts.frame[name].astype("float64").rank(pct=True)
    return set(facts.frame["customer_id"][(rank > BEST_FROM).to_numpy(bool)])


# -- codes -----------------------------------------------------------------------------------------


def decide_code(
    workspace: Workspace,
    row: Mapping[str, Any],
    verdict: str,
    *,
    new_code: str | None = None,
    author: str = "",
) -> str:
    """Keep what a person says of a suggested code ("accepted", "rejected", "changed"); returns its key."""
    if new_code is not None and new_code not in LABELS:
        raise ValueError(f"no such code: {new_code}")
    key = f"{row['sentence_id']}|{row['code']}"
    value = {
        "sentence_id": row["sentence_id"],
        "code": row["code"],
        "verdict": verdict,
        "text": row["sentence"],
        "verbatim_id": row["verbatim_id"],
    }
    if new_code:
        value["new_code"] = new_code
    workspace.decide(CODE, key, value, author=author)
    return key


def add_code(workspace: Workspace, verbatim_id: str, text: str, code: str, *, author: str = "") -> str:
    """Code words somebody selected in a text; returns the key of the decision."""
    if code not in LABELS:
        raise ValueError(f"no such code: {code}")
    text = " ".join(text.split())
    key = f"{verbatim_id}|{code}|{text}"
    workspace.decide(
        CODE, key, {"code": code, "verdict": "added", "text": text, "verbatim_id": verbatim_id}, author=author
    )
    return key


def code_decisions(workspace: Workspace) -> list[dict]:
    """All decisions on codes, in the order made."""
    return [d.value for d in workspace.decisions(CODE)]


def overlaid(suggested: pd.DataFrame, decisions: Sequence[Mapping]) -> pd.DataFrame:
    """Suggestions with the verdicts made since they were computed; nothing is read or learned again.

    The same columns as from ``suggest``. Words that somebody selected ("added") are not among them: those need
    the texts, so ``suggest`` runs again.
    """
    found = suggested.copy()
    at = {(s, c): i for i, (s, c) in enumerate(zip(found["sentence_id"], found["code"], strict=True))}
    status, code, part = found["status"].tolist(), found["code"].tolist(), found["part"].tolist()
    for decision in decisions:
        i = at.get((decision.get("sentence_id"), decision["code"]))
        if i is None:
            continue
        if decision["verdict"] == "rejected":
            status[i] = "rejected"
            continue
        new_code = decision.get("new_code") or decision["code"]
        twin = at.get((decision["sentence_id"], new_code))
        if twin is not None and twin != i:
            status[twin] = "rejected"
        status[i], code[i] = "accepted", new_code
        part[i] = (part[i] or "situation") if new_code == "pain" else ""
    return found.assign(status=status, code=code, part=part)


def review_queue(
    codes: pd.DataFrame, *, code: str | None = None, first: Sequence = (), later: Sequence = ()
) -> pd.DataFrame:
    """Suggestions that wait for a decision: customers of ``first`` lead, then the surest; ``later`` come last.

    ``code`` keeps one code only; ``first`` holds customer ids, ``later`` sentence ids the reader put off.
    """
    open_rows = codes[codes["status"].eq("suggested")]
    if code is not None:
        open_rows = open_rows[open_rows["code"].eq(code)]
    keys = pd.DataFrame(
        {
            "later": open_rows["sentence_id"].isin(set(later)),
            "others": ~open_rows["customer_id"].isin(set(first)),
            "doubt": -open_rows["confidence"].astype(float),
        },
        index=open_rows.index,
    )
    return open_rows.loc[keys.sort_values(list(keys.columns), kind="stable").index].reset_index(drop=True)


def codes_of_texts(codes: pd.DataFrame) -> dict[str, str]:
    """The labels of the codes of each text (by ``verbatim_id``), in words; rejected ones left out."""
    live = codes[codes["status"].ne("rejected")]
    found: dict[str, list[str]] = {}
    for verbatim_id, code in zip(live["verbatim_id"], live["code"], strict=True):
        found.setdefault(verbatim_id, []).append(LABELS[code])
    return {verbatim_id: ", ".join(dict.fromkeys(labels)) for verbatim_id, labels in found.items()}


# -- themes ----------------------------------------------------------------------------------------


def theme_edits(workspace: Workspace, of: str = "") -> list[dict]:
    """The edits of the themes of one kind of text (``of``: response, ticket, note, interview, "" = all), in order."""
    return [value for _, value in _theme_decisions(workspace, of)]


def _theme_decisions(workspace: Workspace, of: str) -> list[tuple[str, dict]]:
    decisions = sorted(workspace.decisions(THEME), key=lambda d: d.key)
    return [(d.key, d.value) for d in decisions if d.value.get("of", "") == of]


def remembered_themes(workspace: Workspace, of: str = "") -> Mapping[str, list[str]]:
    """Where ``find_themes`` starts (its ``previous``), so that the edits find their themes; empty before the first.

    While the same things are said, that is where the edited themes themselves started: they come out the same
    to the text. In a longer file it is the edited themes.
    """
    kept = workspace.setting(_MEMORY + of)
    if kept is None or not theme_edits(workspace, of):
        return {}
    return kept["start"] if kept["said"] == said_fingerprint(workspace) else kept["themes"]


def edit_theme(
    workspace: Workspace, themes: Themes, edit: Mapping, *, of: str = "", author: str = ""
) -> None:
    """Keep an edit after all earlier ones, with the themes it was made on, so that it finds them again."""
    last = max((int(d.key) for d in workspace.decisions(THEME)), default=0)
    memory = {
        "said": said_fingerprint(workspace),
        "start": remembered_themes(workspace, of),
        "themes": {theme_id: list(ids) for theme_id, ids in themes.memory.items()},
    }
    with workspace.transaction():
        workspace.set_setting(_MEMORY + of, memory)
        workspace.decide(THEME, f"{last + 1:06d}", {**edit, "of": of}, author=author)


def move_texts(themes: Themes, verbatim_ids: Sequence[str], theme_id: str) -> dict:
    """The edit that puts texts into a theme; those already there are confirmed, and teach as well."""
    there = set(themes.texts.loc[themes.texts["theme_id"].eq(theme_id), "verbatim_id"])
    do = "confirm" if set(verbatim_ids) <= there else "move"
    return {"do": do, "verbatim_ids": list(verbatim_ids), "theme": theme_id}


def texts_to_new_theme(workspace: Workspace, verbatim_ids: Sequence[str], name: str) -> dict:
    """The edit that makes a theme of its own out of texts."""
    number = max((int(d.key) for d in workspace.decisions(THEME)), default=0) + 1
    return {"do": "move", "verbatim_ids": list(verbatim_ids), "theme": f"own{number}", "name": name.strip()}


def placed_by_hand(edits: Sequence[Mapping]) -> int:
    """How many texts a person has put into a theme or confirmed there."""
    return len({v for edit in edits if edit["do"] in ("move", "confirm") for v in edit["verbatim_ids"]})


def undo_theme_edit(workspace: Workspace, of: str = "") -> dict | None:
    """Take the last edit of these themes back and return it; None when there is none."""
    decisions = _theme_decisions(workspace, of)
    if not decisions:
        return None
    key, value = decisions[-1]
    workspace.withdraw(THEME, key)
    return value


def edited_at_once(themes: Themes, edit: Mapping) -> Themes | None:
    """The themes after an edit that moves no text (rename, hide, show); None for the others."""
    if edit["do"] not in _QUICK or edit["theme"] not in {t.theme_id for t in themes.themes}:
        return None
    if edit["do"] == "rename":
        return renamed(themes, {edit["theme"]: str(edit["name"]).strip()})
    hidden = edit["do"] == "hide"
    return replace(
        themes,
        themes=tuple(replace(t, hidden=hidden) if t.theme_id == edit["theme"] else t for t in themes.themes),
    )
