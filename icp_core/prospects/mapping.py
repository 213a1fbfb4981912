"""Which column of a prospect list says what the customers' attribute says, when the two are called differently."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from icp_core.prospects.answers import band_ends, columns_of, text_key, value_key
from icp_core.prospects.model import About
from icp_core.vocabulary import FIELDS
from icp_core.vocabulary.headers import header_words

# Likeness (0–1) from which a column is taken, and from which it is only proposed.
TAKE, PROPOSE = 0.8, 0.5
_FILLER = frozenset(
    ("number", "of", "no", "nr", "the", "a", "count", "total", "organization", "company", "lead", "person")
)
_NUMBERS = ("number", "band", "date")


@dataclass(frozen=True)
class Match:
    """A customers' attribute and the list's column for it; ``column`` None = the list does not have it.

    ``taken``: it is used; else it is only proposed to the user. ``by_hand``: the user said so.
    """

    attribute: str
    column: str | None
    label: str
    score: float
    reason: str
    taken: bool
    by_hand: bool = False


def match_columns(
    frame: pd.DataFrame,
    about: Mapping[str, About],
    labels: Mapping[str, str],
    said: Mapping[str, str | None] | None = None,
) -> list[Match]:
    """For every attribute the column that holds it.

    ``labels`` are the headings of the list's own columns (slug → heading); ``said`` the user's corrections
    (attribute → column, or None for "not in the list"). A column of the vocabulary is its own attribute.
    """
    said = said or {}
    vocabulary = set(FIELDS["customers"])
    free = [c for c in labels if c in frame.columns and frame[c].notna().any()]
    found: dict[str, Match] = {}
    for name in about:
        if name in said:
            column = said[name]
            found[name] = Match(name, column, _shown(column, labels), 1.0, "You said so.", True, True)
            continue
        own = next((c for c in columns_of(name) if c in frame.columns and frame[c].notna().any()), None)
        if own is not None and (name in vocabulary or own in labels):
            found[name] = Match(name, own, _shown(own, labels), 1.0, "The same attribute.", True)
    used = {m.column for m in found.values() if m.column}
    shared = _shared_words([labels[c] for c in free])
    offers = sorted(
        (
            (-score, name, column, reason)
            for name, one in about.items()
            if name not in found
            for column in free
            if column not in used
            for score, reason in [_likeness(frame[column], labels[column], name, one, shared)]
            if score >= PROPOSE
        ),
    )
    for negative, name, column, reason in offers:
        if name in found or column in used:
            continue
        found[name] = Match(name, column, labels[column], -negative, reason, -negative >= TAKE)
        used.add(column)
    return [
        found.get(name, Match(name, None, "", 0.0, "No column of the list looks like it.", False))
        for name in about
    ]


def match_lists(
    frame: pd.DataFrame,
    about: Mapping[str, About],
    labels: Mapping[str, str],
    said: Mapping[str, str | None] | None = None,
) -> list[tuple[np.ndarray, list[Match]]]:
    """The same for every list in the frame (``import_id`` tells them apart): its rows by position, its matches.

    Two lists may call the same thing differently, and each has only its own columns. A correction holds for the
    lists that have the column; "not in the list" for all of them.
    """
    n = len(frame)
    codes = pd.factorize(frame["import_id"])[0] if "import_id" in frame.columns and n else np.zeros(n, int)
    found = []
    for code in range(int(codes.max(initial=0)) + 1):
        rows = np.flatnonzero(codes == code)
        part = frame if len(rows) == n else frame.iloc[rows]
        filled = {c for c in part.columns if part[c].notna().any()}
        mine = {name: c for name, c in (said or {}).items() if c is None or c in filled}
        found.append((rows, match_columns(part, about, labels, mine)))
    return found


def merged(each: Sequence[Sequence[Match]]) -> tuple[Match, ...]:
    """What to show of the matches of several lists: per attribute the best one, with all columns it was found in."""
    out = []
    for found in zip(*each, strict=True):
        best = max(found, key=lambda m: (m.by_hand, m.taken, m.column is not None))
        names = dict.fromkeys(m.label for m in found if m.taken and m.label)
        out.append(replace(best, label=" / ".join(names)) if best.taken and len(names) > 1 else best)
    return tuple(out)


def taken(matches: Sequence[Match]) -> dict[str, str]:
    """Attribute → column for the matches in use; ``""`` where the user said that the list does not have it."""
    return {m.attribute: m.column or "" for m in matches if m.taken}


def _shown(column: str | None, labels: Mapping[str, str]) -> str:
    if column is None:
        return ""
    if column in labels:
        return labels[column]
    field = FIELDS["customers"].get(column)
    return field.label if field else column


def _shared_words(headings: Sequence[str]) -> Collection[str]:
    """Words at the start of most headings ("Organization - …"): they name the table, not the column."""
    first = [header_words(h)[0] for h in headings if header_words(h)]
    return {word for word in set(first) if len(first) >= 3 and first.count(word) > len(first) / 2}


def _words(heading: str, shared: Collection[str]) -> list[str]:
    words = [w for w in header_words(re.sub(r"[()]", " ", heading)) if w not in shared]
    telling = [w for w in words if w not in _FILLER]
    return telling or words


def _likeness(
    column: pd.Series, heading: str, name: str, about: About, shared: Collection[str]
) -> tuple[float, str]:
    theirs, ours = _words(heading, shared), _words(about.label, ())
    label = max(
        fuzz.token_set_ratio(" ".join(theirs), " ".join(ours)) if set(ours) & set(theirs) else 0.0,
        fuzz.token_sort_ratio(" ".join(theirs), " ".join(ours)),
    )
    label /= 100
    numeric = pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)
    if about.kind in ("number", "date") and not numeric and not _is_ranges(column):
        return 0.0, ""
    if about.kind in ("category", "text", "multi", "yes_no") and numeric:
        return 0.0, ""
    overlap = _overlap(column, name, about)
    if overlap is None:
        score = label if label >= 0.6 else 0.0
        return min(score, 0.99), f"“{heading}” reads like “{about.label}”."
    score = 0.5 * label + 0.5 * overlap if label < 0.95 else max(label * 0.85, 0.5 * label + 0.5 * overlap)
    if label < 0.3:
        score = min(score, TAKE - 0.01)
    if overlap < 0.1:
        score = min(score, TAKE - 0.01)
    return min(score, 0.99), (
        f"“{heading}” reads like “{about.label}”, and {overlap:.0%} of its values are known from the customers."
        if label >= 0.6
        else f"{overlap:.0%} of the values of “{heading}” are known from “{about.label}”."
    )


def _is_ranges(column: pd.Series) -> bool:
    shown = column.dropna().astype(str).head(50)
    return len(shown) > 0 and (shown.map(lambda v: band_ends(v)[0] == band_ends(v)[0])).mean() > 0.7


def _overlap(column: pd.Series, name: str, about: About) -> float | None:
    """Share of the filled cells whose value the customers' attribute has too; None for numbers."""
    if about.kind in _NUMBERS or not about.known:
        return None
    known = {value_key(name, v) for v in about.known} | {text_key(v) for v in about.known}
    filled = column.dropna()
    if len(filled) and isinstance(filled.iloc[0], (list, tuple)):
        filled = filled.explode().dropna()
    if filled.empty:
        return 0.0
    counts = filled.astype(str).value_counts()
    hits = sum(int(n) for value, n in counts.items() if value_key(name, value) in known)
    return hits / len(filled)
