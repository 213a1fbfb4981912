"""What was said, read once for the session: answers, texts, suggested codes, themes.

Kept by hand and not by a cache decorator, because the first reading of many texts shows its progress on the
page and can be stopped there. The key is what was said, not the workspace's every change: a decision must not
start the reading anew. What takes long is kept in the workspace too, for the next visit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from icp_core.facts.catalogue import Attribute, Facts
from icp_core.voice import collect, readings, review
from icp_core.voice.choices import Question, questions_of
from icp_core.voice.codes import lexicon_fingerprint, suggest
from icp_core.voice.phrases import contrasting_phrases, shared_phrases
from icp_core.voice.scores import CleanResponses, clean_responses
from icp_core.voice.statements import VoiceStatement, statements
from icp_core.voice.themes import Grouping, Themes, group_texts, themes_of, weighed
from icp_core.voice.vectors import can_read_meaning
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.background import Tell, worked_out

_KEPT = "voice.read"
_MOST = 16
# So many decisions teach the suggestions again.
_LEARN_EVERY = 30


@dataclass(frozen=True, eq=False)
class Answers:
    """The survey answers that count, those left out, and the questions asked."""

    clean: CleanResponses
    asked: tuple[Attribute, ...]
    questions: tuple[Question, ...]

    @property
    def frame(self) -> pd.DataFrame:
        return self.clean.frame


def answers(workspace: Workspace) -> Answers:
    """Survey answers without test answers and repetitions."""

    def read() -> Answers:
        clean = clean_responses(collect.responses(workspace))
        asked = tuple(collect.questions(workspace, clean.frame))
        return Answers(clean, asked, questions_of(clean.frame, asked))

    return _kept("answers", review.said_fingerprint(workspace), read)


def said(workspace: Workspace) -> pd.DataFrame:
    """Every text somebody said."""
    return _kept("said", review.said_fingerprint(workspace), lambda: collect.everything_said(workspace))


def codes(workspace: Workspace) -> pd.DataFrame:
    """Suggested and decided codes; after every thirty decisions the suggestions learn from them."""
    texts, decisions = said(workspace), review.code_decisions(workspace)
    if texts.empty:
        return suggest(texts)
    # What is baked in: whole lots of decisions to learn from, and words added by hand, which need the texts.
    whole = len(decisions) // _LEARN_EVERY * _LEARN_EVERY
    baked = [d for i, d in enumerate(decisions) if i < whole or d["verdict"] == "added"]
    key = _digest(review.said_fingerprint(workspace), lexicon_fingerprint(), repr(baked))

    def read() -> pd.DataFrame:
        found = readings.kept_codes(workspace, key)
        if found is None:
            found = worked_out(
                "codes",
                key,
                lambda tell: suggest(texts, baked, progress=tell),
                _over("Suggesting codes", texts),
            )
            readings.keep_codes(workspace, key, found)
        return found

    return review.overlaid(_kept("codes", key, read), decisions)


def names_of(facts: Facts) -> dict[str, str]:
    """Names of the customers by id; the id where there is no name."""
    named = facts.frame["customer_name"].astype(object).where(facts.frame["customer_name"].notna(), None)
    return {c: str(n or c) for c, n in zip(facts.frame["customer_id"], named, strict=True)}


def kinds_said(workspace: Workspace) -> list[str]:
    """The kinds of text there are (response, ticket, note, interview), in this order."""
    present = set(said(workspace)["kind"])
    return [kind for kind in ("response", "ticket", "note", "interview") if kind in present]


def themes(workspace: Workspace, facts: Facts, of: str) -> Themes:
    """The themes of one kind of text ("" = of everything said), as edited."""
    texts, edits = review.of_kind(said(workspace), of), review.theme_edits(workspace, of)
    key = _themes_key(workspace, of, edits)

    def read() -> Themes:
        found = readings.kept_themes(workspace, of, key, texts)
        if found is None:
            found = _found_themes(workspace, texts, of, edits, key)
            readings.keep_themes(workspace, of, key, found)
        return found

    return weighed(_kept("themes", key, read), facts)


def _found_themes(
    workspace: Workspace, texts: pd.DataFrame, of: str, edits: Sequence[dict], key: str
) -> Themes:
    former = review.remembered_themes(workspace, of)
    start = _digest(review.said_fingerprint(workspace), of, repr(former))
    known: Grouping | None = _known("grouping", start)

    def work(tell: Tell) -> tuple[Grouping, Themes]:
        grouping = group_texts(texts, previous=former, progress=tell) if known is None else known
        return grouping, themes_of(grouping, edits=edits, progress=tell)

    # The grouping stays for the next edit: it is what takes long.
    grouping, found = worked_out(f"themes_{of}", key, work, _over("Finding themes", texts))
    _put("grouping", start, grouping)
    return found


def edit_themes(workspace: Workspace, found: Themes, edit: dict, of: str) -> None:
    """Keep an edit; one that moves no text shows at once, without finding the themes again."""
    review.edit_theme(workspace, found, edit, of=of)
    at_once = review.edited_at_once(found, edit)
    if at_once is not None:
        key = _themes_key(workspace, of, review.theme_edits(workspace, of))
        _put("themes", key, at_once)
        readings.keep_themes(workspace, of, key, at_once)


def _themes_key(workspace: Workspace, of: str, edits: Sequence[dict]) -> str:
    return _digest(review.said_fingerprint(workspace), of, repr(edits), str(can_read_meaning()))


def phrases(texts: pd.DataFrame, facts: Facts, key: tuple) -> pd.DataFrame:
    """Phrases that two or more customers use; ``key`` tells whose texts these are."""

    def read() -> pd.DataFrame:
        return worked_out(
            "phrases",
            key,
            lambda tell: shared_phrases(texts, facts, progress=tell),
            _over("Comparing phrases", texts),
        )

    return _kept("phrases", key, read)


def contrasts(texts: pd.DataFrame, chosen: set, key: tuple) -> pd.DataFrame:
    """Phrases that set the chosen customers apart."""

    def read() -> pd.DataFrame:
        return worked_out(
            "contrasts",
            key,
            lambda tell: contrasting_phrases(texts, chosen, progress=tell),
            _over("Comparing words", texts),
        )

    return _kept("contrasts", key, read)


def added_up(found: pd.DataFrame, facts: Facts, key: tuple) -> tuple[VoiceStatement, ...]:
    """Coded sentences that say the same, put together."""
    return _kept("statements", key, lambda: statements(found, facts))


def _over(what: str, texts: pd.DataFrame) -> str:
    return f"{what} in {len(texts):,} texts"


def _digest(*parts: str) -> str:
    return hashlib.sha1("\x1f".join(parts).encode(), usedforsecurity=False).hexdigest()


def _kept(name: str, key: Any, make: Callable[[], Any]) -> Any:
    """What was made under this name and key in this session, else made now."""
    made = _known(name, key)
    if made is None:
        made = make()
        _put(name, key, made)
    return made


def _known(name: str, key: Any) -> Any:
    return state.kept(_KEPT, {}).get((name, str(state.workspace().path), key))


def _put(name: str, key: Any, made: Any) -> None:
    whole = (name, str(state.workspace().path), key)
    state.keep(_KEPT, dict(list(state.kept(_KEPT, {}).items())[1 - _MOST :]) | {whole: made})
