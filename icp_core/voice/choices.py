"""Choice questions of a survey: counted with ranges, the segment beside the rest, and what marks the best customers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import band_order
from icp_core.stats.intervals import share_difference, wilson
from icp_core.stats.phrases import HINT, LIKELY, LIKELY_P, MIN_N, TOO_FEW
from icp_core.stats.tests import benjamini_hochberg
from icp_core.voice.exact import share_p

QuestionKind = Literal["choice", "multi", "grid", "ranking", "number", "text"]

# "Rate these: [Speed]" (Google Forms), "Rate these: - Speed" and "Rate these: – Speed" (Qualtrics),
# "Speed:Rate these" (SurveyGizmo) and the joined header rows of SurveyMonkey.
_ITEM_LAST = re.compile(
    r"^(?P<stem>.{3,}?)\s*(?:\[(?P<a>[^\[\]]+(?:\[[^\]]*\])?[^\]]*)\]|\s[-–—›|/]\s(?P<b>.{1,200}))$",
    re.DOTALL,
)
_ITEM_FIRST = re.compile(r"^(?P<b>[^:]{1,80}):\s*(?P<stem>[^:].{10,})$", re.DOTALL)
# More different answers than this in one column and it is not a list to choose from.
_MOST_ANSWERS = 40
_TICKS = frozenset("yes 1 true x ✓ checked selected ja oui sí".split())
_NO_TICKS = frozenset(["no", "0", "false", "unchecked", "not selected", "nein", "non"])
_SPLITTERS = (";", ",", "|", "\n")
# A cell list is a multi-select when its parts repeat this much more than whole cells do.
_REPEAT_GAIN = 2.0


@dataclass(frozen=True)
class Question:
    """One question and the columns that hold its answers (several for grids and spread multi-selects)."""

    name: str
    label: str
    kind: QuestionKind
    columns: tuple[str, ...]
    items: tuple[str, ...] = ()  # label of each column of a grid, ranking or spread multi-select


def questions_of(responses: pd.DataFrame, questions: Sequence) -> tuple[Question, ...]:
    """Put columns together that belong to one question, in the order of ``questions``.

    ``questions``: descriptions with ``name`` (column of ``responses``), ``label`` and ``kind``. Columns whose
    labels share a stem ("Rate … [Price]", "Rate … [Speed]") become one question: a spread *multi* when
    every column holds a single answer (its own name, or a tick), a *ranking* when the columns hold
    the places 1 to the number of items, one list of answers (*multi* without items) when the items are only
    numbered ("Tool #1", "Tool #2"), else a *grid*.
    """
    known = [q for q in questions if q.name in responses]
    stems: dict[str, list[tuple]] = {}
    split = {q.name: _stem_and_item(q.label) for q in known}
    for q in known:
        stems.setdefault(_key(split[q.name][0]), []).append((q, split[q.name][1]))
    found, done = [], set()
    for q in known:
        if q.name in done:
            continue
        stem, item = split[q.name]
        members = stems[_key(stem)]
        if item is not None and len(members) > 1 and any(m.kind != "text" for m, _ in members):
            columns = tuple(m.name for m, _ in members)
            done |= set(columns)
            items = tuple(i or m.label for m, i in members)
            if len({re.sub(r"\d+", "", item) for item in items}) == 1:
                found.append(Question(columns[0], stem, "multi", columns))
            else:
                kind = _kind_of_block(responses, columns, items)
                found.append(Question(columns[0], stem, kind, columns, items))
            continue
        kind = {"multi": "multi", "number": "number", "text": "text", "date": "text"}.get(q.kind, "choice")
        found.append(Question(q.name, q.label, kind, (q.name,)))
    return tuple(found)


def _stem_and_item(label: str) -> tuple[str, str | None]:
    label = " ".join(label.split())
    last, first = _ITEM_LAST.match(label), _ITEM_FIRST.match(label)
    # "Tool / App #1:Which tools …": what parts the item from the question is the colon, not the sign inside the item.
    if last and not (first and len(last["stem"]) < len(first["b"])):
        return last["stem"].strip(), (last["a"] or last["b"]).strip()
    if first:
        return first["stem"].strip(), first["b"].strip()
    return label, None


def _key(stem: str) -> str:
    return re.sub(r"\W+", " ", stem.lower()).strip()


def _kind_of_block(responses: pd.DataFrame, columns: Sequence[str], items: Sequence[str]) -> QuestionKind:
    levels = [set(map(_answer, responses[c].dropna())) - {None} for c in columns]
    if all(len(level) <= 1 or {a.lower() for a in level} <= _TICKS | _NO_TICKS for level in levels):
        return "multi"
    places = {str(i + 1) for i in range(len(columns))}
    if len(columns) > 2 and all(level <= places for level in levels):
        return "ranking"
    return "grid"


def _answer(value) -> str | None:
    """An answer as text; whole numbers without a decimal point; blanks None."""
    if value is None or value is pd.NA or value != value:
        return None
    if isinstance(value, (bool, np.bool_)):
        return "Yes" if value else "No"
    if isinstance(value, (int, float, np.number)) and float(value).is_integer():
        return str(int(value))
    text = " ".join(str(value).split())
    return text or None


def chosen(responses: pd.DataFrame, question: Question) -> pd.DataFrame:
    """Who chose what: ``row`` (position in ``responses``), ``item`` ("" unless a grid), ``answer``; one row per choice."""
    rows: list[tuple[int, str, str]] = []
    if question.kind in ("grid", "ranking"):
        for column, item in zip(question.columns, question.items, strict=True):
            rows += [(i, item, a) for i, v in enumerate(responses[column]) if (a := _answer(v)) is not None]
    elif question.kind == "multi" and question.items:
        for column, item in zip(question.columns, question.items, strict=True):
            answers = map(_answer, responses[column])
            rows += [
                (i, "", item) for i, a in enumerate(answers) if a is not None and a.lower() not in _NO_TICKS
            ]
    elif question.kind == "multi":
        for column in question.columns:
            whole = len(question.columns) > 1  # one answer a column: nothing in it is parted
            members = [[a] if (a := _answer(v)) else [] for v in responses[column]] if whole else None
            for i, value in enumerate(members or _members(responses[column])):
                rows += [(i, "", answer) for answer in value]
    else:
        rows += [
            (i, "", a) for i, v in enumerate(responses[question.columns[0]]) if (a := _answer(v)) is not None
        ]
    picks = pd.DataFrame(rows, columns=["row", "item", "answer"])
    picks["answer"] = _one_spelling(picks["answer"])
    return picks.drop_duplicates(ignore_index=True)


def _one_spelling(answers: pd.Series) -> pd.Series:
    """Typed answers that differ in capitals or the closing stop only become the spelling used most."""
    plain = answers.str.casefold().str.rstrip(" .!")
    spellings = pd.DataFrame({"plain": plain, "answer": answers}).value_counts(sort=False).reset_index()
    spellings = spellings.sort_values(["plain", "count", "answer"], ascending=[True, False, True])
    usual = spellings.drop_duplicates("plain").set_index("plain")["answer"]
    return plain.map(usual).astype(answers.dtype)


def _members(column: pd.Series) -> list[list[str]]:
    """The answers of every cell of a multi-select, from lists or from text joined by ; , or |."""
    listed = column.map(lambda v: isinstance(v, (list, tuple, np.ndarray)))
    if listed.any():
        return [
            [a for v in value if (a := _answer(v))] if is_list else []
            for value, is_list in zip(column, listed, strict=True)
        ]
    texts = [_answer(value) for value in column]
    splitter = splitter_of([text for text in texts if text])
    return [[] if text is None else members_of(text, splitter) for text in texts]


def splitter_of(texts: Sequence[str]) -> str | None:
    """What joins the answers of a multi-select cell; None when each cell is one answer.

    >>> splitter_of(["Email;Phone", "Phone", "Email;Chat", "Chat;Phone"])
    ';'
    """
    for splitter in _SPLITTERS:
        parts = [part for text in texts for part in members_of(text, splitter)]
        if len(parts) > len(texts) and len(set(texts)) / max(len(set(parts)), 1) >= min(
            _REPEAT_GAIN, len(texts) / 3
        ):
            return splitter
    return next((s for s in (";", "|") if any(s in text for text in texts)), None)


def members_of(text: str, splitter: str | None) -> list[str]:
    """Answers of one cell; a comma inside brackets does not part them.

    >>> members_of("Cloud (AWS, Azure), Laptop", ",")
    ['Cloud (AWS, Azure)', 'Laptop']
    """
    if splitter is None:
        return [text]
    parts, depth, current = [], 0, ""
    for sign in text:
        depth += (sign in "([") - (sign in ")]" and depth > 0)
        if sign == splitter and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += sign
    return [part.strip() for part in [*parts, current] if part.strip()]


def counts(responses: pd.DataFrame, question: Question) -> pd.DataFrame:
    """How many chose each answer: ``item, answer, n, n_asked, share, low, high``.

    ``n_asked`` are those who answered the question (its item, in a grid); blank cells never count. Order:
    items as in the file; answers by size for bands and numbers, else most chosen first.
    """
    picks = chosen(responses, question)
    rows = []
    items = question.items if question.kind in ("grid", "ranking") else ("",)
    for item in items:
        part = picks[picks["item"] == item]
        asked = part["row"].nunique()
        tally = part["answer"].value_counts()
        for answer in _ordered(tally):
            low, high = wilson(int(tally[answer]), asked)
            rows.append([item, answer, int(tally[answer]), asked, tally[answer] / asked, low, high])
    return pd.DataFrame(rows, columns=["item", "answer", "n", "n_asked", "share", "low", "high"])


def _ordered(tally: pd.Series) -> list[str]:
    numbered = [bool(re.match(r"^\W*\d", str(answer))) for answer in tally.index]
    if len(tally) and all(numbered):
        return sorted(tally.index, key=band_order)
    return sorted(tally.index, key=lambda answer: (-tally[answer], answer))


_BARS = [
    "item",
    "answer",
    "n",
    "n_asked",
    "share",
    "low",
    "high",
    "n_rest",
    "n_rest_asked",
    "share_rest",
    "low_rest",
]
_BARS += ["high_rest", "difference", "difference_low", "difference_high", "p_value", "p_adjusted", "stands"]


def bars(responses: pd.DataFrame, question: Question, inside: np.ndarray) -> pd.DataFrame:
    """The answers of the segment beside those of the rest, with ranges.

    ``inside``: boolean over the rows of ``responses``. Columns of ``counts`` for the segment, the same with
    ``_rest``, ``difference`` (share − share of the rest, 0–1) with its range, ``p_adjusted`` (Fisher's test,
    corrected for the answers of this question) and ``stands``.
    """
    inside = np.asarray(inside, bool)
    picks = chosen(responses, question)
    in_segment = inside[picks["row"].to_numpy(int)] if len(picks) else np.empty(0, bool)
    rows = []
    for whole in counts(responses, question).itertuples():
        at_item = (picks["item"] == whole.item).to_numpy()
        asked = picks.loc[at_item & in_segment, "row"].nunique()
        rest_asked = picks.loc[at_item & ~in_segment, "row"].nunique()
        picked = at_item & (picks["answer"] == whole.answer).to_numpy()
        rows.append(
            _beside(
                whole.item,
                whole.answer,
                int((picked & in_segment).sum()),
                asked,
                int((picked & ~in_segment).sum()),
                rest_asked,
            )
        )
    frame = pd.DataFrame(rows, columns=_BARS[:-2])
    frame["p_adjusted"] = benjamini_hochberg(frame["p_value"]) if len(frame) else []
    frame["stands"] = (frame["p_adjusted"] <= LIKELY_P) & (
        frame[["n_asked", "n_rest_asked"]].min(axis=1) >= MIN_N
    )
    return frame[_BARS]


def _beside(item, answer, k, n, k_rest, n_rest) -> list:
    (low, high), (low_rest, high_rest) = wilson(k, n), wilson(k_rest, n_rest)
    share, rest = k / n if n else np.nan, k_rest / n_rest if n_rest else np.nan
    gap = share_difference(k, n, k_rest, n_rest)
    p_value = share_p(k, n, k_rest, n_rest)
    return [
        item,
        answer,
        k,
        n,
        share,
        low,
        high,
        k_rest,
        n_rest,
        rest,
        low_rest,
        high_rest,
        share - rest,
        gap.low,
        gap.high,
        p_value,
    ]


def markers(
    responses: pd.DataFrame, questions: Sequence[Question], best: np.ndarray, *, least: int = MIN_N
) -> pd.DataFrame:
    """Which answers mark the best customers, over all choice questions, clearest first.

    ``best``: boolean over the rows of ``responses``. Answers given fewer than ``least`` times or by nearly
    all are left out; p-values are corrected for every answer tried. Columns: ``question, label`` and those
    of ``bars``, ``times`` (how many times as frequent among the best; inf when the rest never chose it)
    and ``verdict``.
    """
    parts = []
    for question in questions:
        if question.kind in ("text", "number"):
            continue
        frame = bars(responses, question, best)
        total, asked = frame["n"] + frame["n_rest"], frame["n_asked"] + frame["n_rest_asked"]
        if question.kind == "choice" and len(frame) > _MOST_ANSWERS:
            continue
        frame = frame[(total >= least) & (asked - total >= least)]
        parts.append(frame.assign(question=question.name, label=question.label))
    columns = ["question", "label", *_BARS, "times", "verdict"]
    if not parts:
        return pd.DataFrame(columns=columns)
    table = pd.concat(parts, ignore_index=True)
    table["p_adjusted"] = benjamini_hochberg(table["p_value"])
    enough = table[["n_asked", "n_rest_asked"]].min(axis=1) >= MIN_N
    table["stands"] = (table["p_adjusted"] <= LIKELY_P) & enough
    with np.errstate(divide="ignore", invalid="ignore"):
        table["times"] = table["share"].to_numpy(float) / table["share_rest"].to_numpy(float)
    table["verdict"] = np.where(~enough, TOO_FEW, np.where(table["stands"], LIKELY, HINT))
    order = ["p_adjusted", "p_value", "question", "item", "answer"]
    return table.sort_values(order, kind="stable").reset_index(drop=True)[columns]
