"""What the tests of the printed page share: profiles under stress, and text as a reader finds it."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pypdf

from icp_core.export.page_text import without_marks
from icp_core.profile.model import Profile
from tests.core.export import sample_profile

# Fields that are choices or data, not text of somebody's.
_CHOICES = {
    "kind",
    "effect_kind",
    "verdict",
    "team",
    "key",
    "schema",
    "as_of",
    "review_on",
    "unit",
    "currency",
    "language",
    "status",
    "criteria",
    "segment",
    "outcome",
    "hidden_sections",
    "section_order",
}


def with_texts(change: Callable[[str], str]) -> Profile:
    """The full profile with every text of the user's changed."""
    return Profile.model_validate(_changed(json.loads(sample_profile.full().to_json()), change))


def with_lists(times: int) -> Profile:
    """The full profile with every list so many times as long."""
    data = json.loads(sample_profile.full().to_json())
    for key, value in data.items():
        if isinstance(value, list) and key not in ("retention_ideal", "retention_others"):
            data[key] = value * times
    return Profile.model_validate(data)


def _changed(part: Any, change: Callable[[str], str]) -> Any:
    if isinstance(part, dict):
        return {k: v if k in _CHOICES else _changed(v, change) for k, v in part.items()}
    if isinstance(part, list):
        return [_changed(v, change) for v in part]
    return change(part) if isinstance(part, str) and part else part


def pdf_text(data: bytes) -> str:
    """The text of a PDF, as a program reads it."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def squeezed(text: str) -> str:
    """Text without what setting it may add or drop: spaces, line ends, hyphens, direction marks."""
    text = without_marks(unicodedata.normalize("NFKC", text))
    return re.sub(r"[\s‐\-\u200b-\u200f\ufeff]", "", text)
