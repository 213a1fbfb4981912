"""What a long reading found, kept in the workspace: the next visit opens at once, without reading again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from icp_core.voice.codes import SUGGESTION_COLUMNS
from icp_core.voice.themes import OTHER, Theme, Themes, texts_with_content
from icp_core.workspace import Workspace

# Erasing a customer drops everything under this prefix: it is derived, and made anew when asked for.
PREFIX = "voice.reading."
# Raised when the same texts would be read differently; kept readings of another number are not used.
READING = 1


def kept_codes(workspace: Workspace, key: str) -> pd.DataFrame | None:
    """Suggestions kept under ``key`` (see ``keep_codes``); None when there are none."""
    plain = _kept(workspace, "codes", key)
    if plain is None:
        return None
    frame = pd.DataFrame({name: pd.Series(plain[name], dtype=object) for name in SUGGESTION_COLUMNS})
    return frame.assign(
        said_on=pd.to_datetime(frame["said_on"]),
        position=frame["position"].astype(int),
        confidence=frame["confidence"].astype(float),
        impact_amount=frame["impact_amount"].astype(float),
    )


def keep_codes(workspace: Workspace, key: str, codes: pd.DataFrame) -> None:
    """Keep the result of ``suggest``; one is kept, the latest.

    ``key`` must change with everything the result depends on: the texts, the cues, what was learned from.
    """
    plain: dict[str, list] = {}
    for name in SUGGESTION_COLUMNS:
        values = codes[name].dt.strftime("%Y-%m-%d") if name == "said_on" and len(codes) else codes[name]
        plain[name] = [None if pd.isna(value) else value for value in values.tolist()]
    _keep(workspace, "codes", key, plain)


def kept_themes(workspace: Workspace, name: str, key: str, verbatims: pd.DataFrame) -> Themes | None:
    """Themes kept under ``name`` and ``key``, put on the texts they were found in; None when these are not all there."""
    plain = _kept(workspace, f"themes.{name}", key)
    return None if plain is None else _themes(plain, verbatims)


def keep_themes(workspace: Workspace, name: str, key: str, themes: Themes) -> None:
    """Keep the result of ``find_themes`` (without shares of revenue: ``weighed`` adds them); the latest of each name."""
    places = [theme.theme_id for theme in themes.themes] + [OTHER]
    at = {theme_id: i for i, theme_id in enumerate(places)}
    rows = zip(themes.texts["verbatim_id"], themes.texts["theme_id"], themes.texts["weight"], strict=True)
    plain = {
        "themes": [asdict(theme) for theme in themes.themes],
        "placed": {v: [at[t], float(w)] for v, t, w in rows},
        "method": themes.method,
        "memory": dict(themes.memory),
        "left_out": themes.left_out,
        "languages": list(themes.languages),
        "notes": list(themes.notes),
        "names": dict(themes.names),
    }
    _keep(workspace, f"themes.{name}", key, plain)


def _themes(plain: Mapping[str, Any], verbatims: pd.DataFrame) -> Themes | None:
    kept, _ = texts_with_content(verbatims)
    placed = plain["placed"]
    if set(kept["verbatim_id"]) != set(placed):
        return None
    themes = tuple(Theme(**{**theme, "phrases": tuple(theme["phrases"])}) for theme in plain["themes"])
    places = [theme.theme_id for theme in themes] + [OTHER]
    rows = [placed[v] for v in kept["verbatim_id"]]
    texts = kept.assign(
        theme_id=pd.Series([places[i] for i, _ in rows], dtype=object),
        weight=np.array([weight for _, weight in rows], dtype=float),
    )
    return Themes(
        themes=themes,
        texts=texts,
        method=plain["method"],
        memory=plain["memory"],
        left_out=plain["left_out"],
        languages=tuple(plain["languages"]),
        notes=tuple(plain["notes"]),
        names=plain["names"],
    )


def _keep(workspace: Workspace, name: str, key: str, found: Mapping[str, Any]) -> None:
    if workspace.is_read_only:
        return  # the next editor who looks keeps it
    workspace.set_setting(PREFIX + name, {"reading": READING, "key": key, "found": found})


def _kept(workspace: Workspace, name: str, key: str) -> Mapping[str, Any] | None:
    kept = workspace.setting(PREFIX + name)
    return kept["found"] if kept and kept["reading"] == READING and kept["key"] == key else None
