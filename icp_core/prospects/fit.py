"""Score prospects: points, range, tier, reasons in words, what to ask next."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from icp_core.errors import IcpError
from icp_core.export.crm import csv_bytes
from icp_core.facts.catalogue import Attribute, Facts
from icp_core.gather import load
from icp_core.gather.mapping import slug_of
from icp_core.gather.recognise import recognise
from icp_core.gather.records import frame_of
from icp_core.profile.model import READABLE_SCHEMAS, Profile
from icp_core.prospects.answers import (
    NO,
    UNKNOWN,
    YES,
    Answer,
    Spans,
    Texts,
    all_true,
    canonical,
    part_of,
    truth,
    value_key,
)
from icp_core.prospects.as_read import AsRead, as_read
from icp_core.prospects.encode import Encoded, Scores, encode, score
from icp_core.prospects.mapping import Match, match_columns, taken
from icp_core.prospects.model import About, Item, Refusal, Scorecard
from icp_core.prospects.relations import Relations, relations
from icp_core.prospects.scorecard import answers_of, criteria_card
from icp_core.prospects.tiers import NAMES, tier_of
from icp_core.segments.conditions import Condition, number_words
from icp_core.stats.wording import count, listed, rate
from icp_core.vocabulary import FIELDS, clean_header, header_key, synonyms
from icp_core.workspace import Workspace

ADDED = ("fit_points", "tier", "reasons", "disqualified_by", "known_attributes", "ask_next")
NOTHING_KNOWN = (
    "The list has nothing that the score looks at, so nobody can be told from anybody. "
    "Name the columns as your customers' are, or add them."
)
_MOST_REASONS = 3
# A category with more levels than this is too varied for a new one to be a surprise.
_VARIED = 40


@dataclass(frozen=True, eq=False)
class Prospects:
    """A list made comparable with the customers: its rows, its columns matched, every item encoded once."""

    frame: pd.DataFrame
    matches: tuple[Match, ...]
    answers: Mapping[str, Answer]
    encoded: Encoded
    refused: Mapping[str, np.ndarray]  # words of a disqualifier → 1 hit, 0 not, -1 not known
    outside: tuple[str, ...]
    relations: Relations

    def __len__(self) -> int:
        return len(self.frame)


def prepare(
    frame: pd.DataFrame,
    card: Scorecard,
    *,
    labels: Mapping[str, str] | None = None,
    said: Mapping[str, str | None] | None = None,
    customers: pd.DataFrame | None = None,
) -> Prospects:
    """Everything about a list that does not depend on weights and thresholds.

    ``frame`` has vocabulary fields and own columns; ``labels`` the headings of the own columns; ``said`` the
    user's corrections of which column is which; ``customers`` (customer_id, customer_name, domain, email) tells
    who is a customer already.
    """
    frame = frame.reset_index(drop=True)
    fields = FIELDS["customers"]
    named = (
        dict(labels)
        if labels is not None
        else {c: c.replace("_", " ") for c in frame.columns if c not in fields}
    )
    matches = tuple(match_columns(frame, card.about, named, said))
    answers = answers_of(frame, card.about, taken(matches))
    n = len(frame)
    refused = {_refusal_words(r): _refused(r, answers, n) for r in card.refusals}
    return Prospects(
        frame=frame,
        matches=matches,
        answers=answers,
        encoded=encode(card.items, answers, n),
        refused=refused,
        outside=_outside(card, answers, n),
        relations=relations(frame, customers),
    )


def _refusal_words(refusal: Refusal) -> str:
    return f"{refusal.words} ({refusal.why})" if refusal.why else refusal.words


def _refused(refusal: Refusal, answers: Mapping[str, Answer], n: int) -> np.ndarray:
    return all_true([truth(Condition.from_dict(c), answers, n) for c in refusal.conditions], n)


def _outside(card: Scorecard, answers: Mapping[str, Answer], n: int) -> tuple[str, ...]:
    """Per prospect what no customer is like, in words; empty where all that is known is familiar."""
    found = [""] * n
    for name in card.attributes:
        about, said = card.about.get(name), answers.get(name)
        if about is None or said is None:
            continue
        if isinstance(said, Texts) and about.kind == "category" and len(about.known) <= _VARIED:
            known = {value_key(name, v) for v in about.known}
            new = np.array([value_key(name, v) not in known for v in said.names] + [False])[said.codes]
            for i in np.flatnonzero(new):
                found[i] = found[i] or f"No customer has {about.label} “{said.names[said.codes[i]]}”."
        elif isinstance(said, Spans) and about.low is not None and about.high is not None:
            with np.errstate(invalid="ignore"):
                new = said.known & ((said.low > about.high) | (said.high < about.low))
            for i in np.flatnonzero(new):
                side = "as large" if said.low[i] > about.high else "as small"
                found[i] = found[i] or f"No customer's {about.label} is {side}."
    return tuple(found)


# -- the scores ------------------------------------------------------------------------------------


def rank(prospects: Prospects, card: Scorecard) -> pd.DataFrame:
    """What moves with weights and thresholds: fit_points, low, high, tier, in the order of the list; fast.

    A prospect who meets a disqualifier is in tier D whatever its points. A scorecard without points gives
    blanks and no tier.
    """
    return _ranked(prospects, card, score(card, prospects.encoded))


def _ranked(prospects: Prospects, card: Scorecard, found: Scores) -> pd.DataFrame:
    if not card.used:
        nothing = np.full(len(prospects), np.nan)
        return pd.DataFrame({"fit_points": nothing, "low": nothing, "high": nothing, "tier": ""})
    hit = is_refused(prospects)
    tier = np.where(hit, NAMES[-1], tier_of(found.points, card.thresholds))
    return pd.DataFrame({"fit_points": found.points, "low": found.low, "high": found.high, "tier": tier})


def is_refused(prospects: Prospects) -> np.ndarray:
    """Boolean per prospect: meets every condition of a disqualifier for sure."""
    hits = [verdict == YES for verdict in prospects.refused.values()]
    return np.logical_or.reduce(hits) if hits else np.zeros(len(prospects), dtype=bool)


def score_prospects(
    prospects: Prospects | pd.DataFrame,
    card: Scorecard,
    profile: Profile | None = None,
    facts: Facts | None = None,
) -> pd.DataFrame:
    """Score a list; one row per row of the list, in its order.

    Returns
    -------
    DataFrame
        fit_points (0–100), low, high (what it can still become), tier (A–D), reasons (three for, three against,
        in words), disqualified_by (blank = nothing), known_attributes ("4 of 7"), ask_next (the question whose
        answer would move the score most), is_customer, is_duplicate (yes/no), outside (blank = familiar).
    """
    if isinstance(prospects, pd.DataFrame):
        customers = identities(facts) if facts is not None else None
        prospects = prepare(prospects, card, customers=customers)
    if profile is not None and not card.refusals and profile.disqualifiers:
        raise IcpError(
            "The scorecard was made without the ICP's disqualifiers. Make it again from the profile."
        )
    found = score(card, prospects.encoded)
    out = _ranked(prospects, card, found)
    known, asked = _known(prospects, card)
    total = len(card.attributes)
    out["reasons"] = reasons(prospects, card, found)
    out["disqualified_by"] = _disqualified(prospects)
    out["known_attributes"] = [f"{k} of {total}" for k in known.sum(axis=1)]
    out["ask_next"] = _ask_next(prospects, card, found, asked)
    out["is_customer"] = prospects.relations.is_customer
    out["customer"] = prospects.relations.customer
    out["is_duplicate"] = prospects.relations.is_duplicate
    out["outside"] = list(prospects.outside)
    return out


def reasons(prospects: Prospects, card: Scorecard, found: Scores) -> list[str]:
    """Per prospect the three strongest reasons for and against, with their points."""
    items = {item.key: item for item in card.used}
    parts = found.parts
    if not parts.shape[1]:
        return [f"Not scored: {card.message}"] * len(parts)
    worded = [_worded(items[key], prospects, card) for key in found.keys]
    texts = [words for words, _ in worded]
    # Prospects with the same answers have the same reasons: each set of answers is worded once.
    codes = np.stack([column for _, column in worded], axis=1).astype(np.int64)
    sizes = codes.max(axis=0, initial=0) + 1
    if np.log2(sizes.astype(float)).sum() < 62:
        _, at, which = np.unique(codes @ _radix(sizes), return_index=True, return_inverse=True)
    else:
        _, at, which = np.unique(codes, axis=0, return_index=True, return_inverse=True)
    said = [
        _said([(points, texts[j][code]) for j, (points, code) in enumerate(zip(mine, row, strict=True))])
        for mine, row in zip(parts[at].tolist(), codes[at].tolist(), strict=True)
    ]
    return np.array(said, dtype=object)[which.ravel()].tolist()


def _radix(sizes: np.ndarray) -> np.ndarray:
    """Factors that turn a row of codes into one number, a different one for every row."""
    return np.concatenate([[1], np.cumprod(sizes[:-1])]).astype(np.int64)


def _said(each: list[tuple[int, str]]) -> str:
    good = sorted((e for e in each if e[0] > 0), key=lambda e: -e[0])[:_MOST_REASONS]
    bad = sorted((e for e in each if e[0] < 0), key=lambda e: e[0])[:_MOST_REASONS]
    said = []
    if good:
        said.append("For: " + "; ".join(f"{words} (+{points})" for points, words in good))
    if bad:
        said.append("Against: " + "; ".join(f"{words} (−{-points})" for points, words in bad))
    return ". ".join(said) if said else "Nothing known speaks for or against."


def _texts(item: Item, encoded: Encoded) -> list[str]:
    """The words of each code of an item."""
    column = encoded.columns[item.key]
    words = [level_words(item, level.name) for level in item.levels]
    words += [f"{item.label} not known", f"{item.label} new to us"]
    for *_, (low, high) in column.across:
        end = f"–{number_words(high)}" if np.isfinite(high) else " or more"
        words.append(f"{item.label} {number_words(low)}{end}")
    return words


def _worded(item: Item, prospects: Prospects, card: Scorecard) -> tuple[list[str], np.ndarray]:
    """The words of each code, and the codes; of several conditions the words name those that fail."""
    codes = prospects.encoded.columns[item.key].codes
    if item.kind != "conditions" or len(item.conditions) < 2:
        return _texts(item, prospects.encoded), codes
    conditions = [Condition.from_dict(c) for c in item.conditions]
    labels = [card.label(canonical(c.attribute)) for c in conditions]
    failed = np.zeros(len(codes), dtype=np.int64)
    for i, condition in enumerate(conditions):
        verdict = truth(condition, prospects.answers, len(codes))
        failed |= np.where(verdict == NO, 1 << i, 0)
    masks, which = np.unique(np.where(codes == 0, failed, 0), return_inverse=True)
    words = ["", "Meets every criterion of the ICP", "ICP not settled"]
    for mask in masks:
        names = dict.fromkeys(label for i, label in enumerate(labels) if mask >> i & 1)
        words.append(f"Outside the ICP by {listed(list(names))}")
    return words, np.where(codes == 0, 3 + which.ravel(), np.minimum(codes, 2))


def level_words(item: Item, level: str) -> str:
    """One answer in words: ``Industry: Logistics``, ``Employees 50–200``, ``Whole ICP met``."""
    if item.kind == "conditions":
        if item.key == "icp":
            return (
                "Meets every criterion of the ICP"
                if level == "met"
                else "Not every criterion of the ICP is met"
            )
        return item.label if level == "met" else f"Not: {item.label}"
    if item.kind == "member":
        return item.label if level == "with" else f"{item.label}: no"
    return f"{item.label} {level}" if item.kind == "spans" else f"{item.label}: {level}"


def arithmetic(one: Prospects, card: Scorecard) -> list[tuple[str, int]]:
    """How the score of the first prospect adds up: (words, points) per line, weightiest line first."""
    found = score(card, one.encoded)
    items = {item.key: item for item in card.used}
    lines = []
    for j, key in enumerate(found.keys):
        words, codes = _worded(items[key], one, card)
        lines.append((words[codes[0]], int(found.parts[0, j])))
    return lines


def questions(one: Prospects, card: Scorecard) -> list[tuple[str, int]]:
    """Open questions about the first prospect, the one that could move its score most first."""
    gains = question_gains(one, card, score(card, one.encoded))[0]
    order = np.argsort(-gains, kind="stable")
    return [(question(card, card.attributes[j]), int(gains[j])) for j in order if gains[j] > 0]


def possible_refusals(one: Prospects) -> list[str]:
    """Disqualifiers that the first prospect may meet: nothing known speaks against them."""
    return [words for words, verdict in one.refused.items() if verdict[0] == UNKNOWN]


def tells(prospects: Prospects, card: Scorecard) -> bool:
    """Whether the list has anything the scorecard looks at; else everybody has the same score."""
    columns = [prospects.encoded.columns[item.key] for item in card.used]
    return any((column.codes != column.n_levels).any() for column in columns)


def known_counts(prospects: Prospects, card: Scorecard) -> np.ndarray:
    """How many attributes of the scorecard are known, per prospect."""
    return _known(prospects, card)[0].sum(axis=1)


def only(prospects: Prospects, rows: np.ndarray) -> Prospects:
    """Some prospects of a list, in the order of ``rows`` (positions)."""
    known = prospects.relations
    return Prospects(
        frame=prospects.frame.iloc[rows].reset_index(drop=True),
        matches=prospects.matches,
        answers={name: part_of(found, rows) for name, found in prospects.answers.items()},
        encoded=Encoded(
            len(rows),
            {
                key: replace(column, codes=column.codes[rows])
                for key, column in prospects.encoded.columns.items()
            },
        ),
        refused={words: verdict[rows] for words, verdict in prospects.refused.items()},
        outside=tuple(prospects.outside[i] for i in rows),
        relations=Relations(
            known.is_customer[rows],
            tuple(known.customer[i] for i in rows),
            tuple(known.reason[i] for i in rows),
            known.is_duplicate[rows],
            known.first[rows],
        ),
    )


def pasted(text: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """A heading line and one or more rows copied from a spreadsheet: frame by field or own column, and headings.

    Raises ``IcpError`` when there is no heading line with a row under it.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        raise IcpError("Paste two lines: the headings, and under them the row.")
    mark = max(("\t", ";", ","), key=lines[0].count)
    rows = list(csv.reader(lines, delimiter=mark))
    known, taken_names, labels, names = synonyms("prospects"), set(), {}, []
    for heading in rows[0]:
        field = known.get(header_key(clean_header(heading)))
        name = (
            field
            if field and field not in taken_names
            else slug_of(heading, taken_names | set(FIELDS["customers"]))
        )
        taken_names.add(name)
        names.append(name)
        if name != field:
            labels[name] = clean_header(heading)
    cells = [
        [cell.strip() or None for cell in row[: len(names)]] + [None] * (len(names) - len(row))
        for row in rows[1:]
    ]
    return pd.DataFrame(cells, columns=names, dtype=object), labels


def _disqualified(prospects: Prospects) -> list[str]:
    out = [""] * len(prospects)
    for words, verdict in prospects.refused.items():
        for i in np.flatnonzero(verdict == YES):
            out[i] = f"{out[i]}; {words}" if out[i] else words
    return out


def _known(prospects: Prospects, card: Scorecard) -> tuple[np.ndarray, list[str]]:
    """Which attributes of the scorecard are settled, per prospect; and their names."""
    names = card.attributes
    known = np.zeros((len(prospects), len(names)), dtype=bool)
    settled = {
        item.attribute: prospects.encoded.columns[item.key] for item in card.used if item.kind != "conditions"
    }
    for j, name in enumerate(names):
        if name in settled:
            known[:, j] = settled[name].known
        elif name in prospects.answers:
            known[:, j] = _condition_known(prospects, card, name)
    return known, names


def _condition_known(prospects: Prospects, card: Scorecard, name: str) -> np.ndarray:
    """Settled when every condition about the attribute is true or false."""
    out = prospects.answers[name].known.copy()
    for condition in card.criteria:
        if canonical(condition["attribute"]) == name:
            out &= truth(Condition.from_dict(condition), prospects.answers, len(prospects)) >= 0
    return out


def _ask_next(prospects: Prospects, card: Scorecard, found: Scores, names: Sequence[str]) -> list[str]:
    """The open question that could move the score most; blank when nothing is open."""
    gain = question_gains(prospects, card, found)
    if not gain.shape[1]:
        return [""] * len(prospects)
    best = gain.argmax(axis=1)
    most = gain[np.arange(len(gain)), best]
    texts = [question(card, name) for name in names]
    return [
        f"{texts[j]} (moves the score by up to {g})" if g > 0 else "" for j, g in zip(best, most, strict=True)
    ]


def question_gains(prospects: Prospects, card: Scorecard, found: Scores) -> np.ndarray:
    """Prospects × attributes: by how many points the answer could move the score; 0 when it is known."""
    names = card.attributes
    at = {name: j for j, name in enumerate(names)}
    gain = np.zeros((len(prospects), len(names)), dtype=np.int32)
    items = {item.key: item for item in card.used}
    known, _ = _known(prospects, card)
    for j, key in enumerate(found.keys):
        item = items[key]
        if item.kind != "conditions":
            gain[:, at[item.attribute]] += found.open_points[:, j]
            continue
        # An open criterion can settle the whole: its points count for every attribute still open in it.
        for name in dict.fromkeys(canonical(c["attribute"]) for c in item.conditions):
            gain[:, at[name]] += np.where(known[:, at[name]], 0, found.open_points[:, j])
    return gain


def question(card: Scorecard, name: str) -> str:
    """The question about one attribute, with the answer that would be best."""
    label = card.label(name)
    wanted = [c for c in card.criteria if canonical(c["attribute"]) == name]
    if wanted:
        condition = Condition.from_dict(wanted[0])
        named = {condition.attribute: Attribute(condition.attribute, "", "category")}
        return f"{label}? Best: {condition.words(named).strip(' :').removeprefix('is ')}"
    item = next((i for i in card.used if i.attribute == name and i.kind in ("levels", "spans")), None)
    if item is not None:
        return f"{label}? Best: {item.best.name}"
    return f"{label}?"


def identities(facts: Facts) -> pd.DataFrame:
    """Who the customers are: customer_id, customer_name, domain (blank where the facts lack it)."""
    return facts.frame.reindex(columns=["customer_id", "customer_name", "domain"])


# -- a file on the command line --------------------------------------------------------------------


def score_file(workspace: Workspace, icp_json_text: str, prospects_path: Path) -> tuple[bytes, str]:
    """Score a file by an ICP alone; returns the CSV and one sentence about it.

    Every row, column, heading and the order of the file stay; fit_points, tier, reasons, disqualified_by,
    known_attributes and ask_next are added at the end. A row that is not a prospect (a total, an empty line)
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
    refused = int((scored["disqualified_by"] != "").sum())
    fits = int(_fits(card, prospects).sum())
    parts = [f"{count(len(scored))} of {count(n_rows)} rows scored: {tiers}."]
    parts.append(
        f"{count(fits)} meet the whole ICP ({rate(fits / max(1, len(scored)))}), {count(refused)} are refused."
    )
    repeats, unlike = int(prospects.relations.is_duplicate.sum()), sum(bool(o) for o in prospects.outside)
    if repeats:
        parts.append(f"{count(repeats)} repeat an earlier row.")
    if unlike:
        parts.append(f"{count(unlike)} outside what is known: no customer is like them.")
    missing = [
        card.label(m.attribute) for m in prospects.matches if not m.taken and m.attribute in card.attributes
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


def _fits(card: Scorecard, prospects: Prospects) -> np.ndarray:
    """Who meets every criterion of the ICP for sure."""
    n = len(prospects)
    conditions = [Condition.from_dict(c) for c in card.criteria]
    if not conditions:
        return np.zeros(n, dtype=bool)
    return all_true([truth(c, prospects.answers, n) for c in conditions], n) == YES


def fits(card: Scorecard, prospects: Prospects) -> np.ndarray:
    """Boolean per prospect: meets every criterion of the ICP and no disqualifier."""
    return _fits(card, prospects) & ~is_refused(prospects)


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
