"""What was said, read once for the session: answers, texts, suggested codes, themes.

Kept by hand and not by a cache decorator, because the first reading of many texts shows its progress on the
page. The key is what was said, not the workspace's every change: a decision must not start the reading anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from icp_core.facts.catalogue import Attribute, Facts
from icp_core.voice import collect, review
from icp_core.voice.choices import Question, questions_of
from icp_core.voice.codes import suggest
from icp_core.voice.phrases import contrasting_phrases, shared_phrases
from icp_core.voice.scores import CleanResponses, clean_responses
from icp_core.voice.statements import VoiceStatement, statements
from icp_core.voice.themes import Themes, find_themes
from icp_core.workspace import Workspace
from pages.components import state

_KEPT = "voice.read"
_MOST = 16
# So many decisions teach the suggestions again.
_LEARN_EVERY = 30
# Fewer texts are read at once: a progress line would only flicker.
_WORTH_TELLING = 1500


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
    return _kept(
        "said",
        review.said_fingerprint(workspace),
        lambda: collect.everything_said(workspace),
        "Reading what was said",
    )


def codes(workspace: Workspace) -> pd.DataFrame:
    """Suggested and decided codes; after every thirty decisions the suggestions learn from them."""
    texts, decisions = said(workspace), review.code_decisions(workspace)
    if texts.empty:
        return suggest(texts)
    # What is baked in: whole lots of decisions to learn from, and words added by hand, which need the texts.
    whole = len(decisions) // _LEARN_EVERY * _LEARN_EVERY
    baked = [d for i, d in enumerate(decisions) if i < whole or d["verdict"] == "added"]
    found = _kept(
        "codes",
        (review.said_fingerprint(workspace), repr(baked)),
        lambda: suggest(texts, baked),
        _telling(texts, "Looking for jobs, pains and triggers"),
    )
    return review.overlaid(found, decisions)


def kinds_said(workspace: Workspace) -> list[str]:
    """The kinds of text there are (response, ticket, note, interview), in this order."""
    present = set(said(workspace)["kind"])
    return [kind for kind in ("response", "ticket", "note", "interview") if kind in present]


def themes(workspace: Workspace, facts: Facts, of: str) -> Themes:
    """The themes of one kind of text ("" = of everything said), as edited."""
    texts, edits = review.of_kind(said(workspace), of), review.theme_edits(workspace, of)
    former = review.remembered_themes(workspace, of)
    return _kept(
        "themes",
        _themes_key(workspace, of, edits),
        lambda: find_themes(texts, facts, edits=edits, previous=former),
        _telling(texts, "Finding themes"),
    )


def edit_themes(workspace: Workspace, found: Themes, edit: dict, of: str) -> None:
    """Keep an edit; one that moves no text shows at once, without finding the themes again."""
    review.edit_theme(workspace, found, edit, of=of)
    at_once = review.edited_at_once(found, edit)
    if at_once is not None:
        _kept("themes", _themes_key(workspace, of, review.theme_edits(workspace, of)), lambda: at_once)


def _themes_key(workspace: Workspace, of: str, edits: Sequence[dict]) -> tuple:
    return review.said_fingerprint(workspace), of, repr(edits)


def phrases(texts: pd.DataFrame, facts: Facts, key: tuple) -> pd.DataFrame:
    """Phrases that two or more customers use; ``key`` tells whose texts these are."""
    return _kept("phrases", key, lambda: shared_phrases(texts, facts), _telling(texts, "Comparing phrases"))


def contrasts(texts: pd.DataFrame, chosen: set, key: tuple) -> pd.DataFrame:
    """Phrases that set the chosen customers apart."""
    return _kept(
        "contrasts", key, lambda: contrasting_phrases(texts, chosen), _telling(texts, "Comparing phrases")
    )


def added_up(found: pd.DataFrame, facts: Facts, key: tuple) -> tuple[VoiceStatement, ...]:
    """Coded sentences that say the same, put together."""
    return _kept(
        "statements", key, lambda: statements(found, facts), _telling(found, "Putting sentences together")
    )


def _telling(texts: pd.DataFrame, what: str) -> str:
    return f"{what} in {len(texts):,} texts" if len(texts) >= _WORTH_TELLING else ""


def _kept(name: str, key: Any, make: Callable[[], Any], telling: str = "") -> Any:
    """What was made under this name and key in this session, else made now while the page says so."""
    here = state.kept(_KEPT, {})
    whole = (name, str(state.workspace().path), key)
    if whole in here:
        return here[whole]
    if telling:
        with st.spinner(telling, show_time=True):
            made = make()
    else:
        made = make()
    state.keep(_KEPT, dict(list(state.kept(_KEPT, {}).items())[1 - _MOST :]) | {whole: made})
    return made
