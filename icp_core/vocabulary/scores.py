"""Satisfaction in words: from 0 (bad) to 1 (good)."""

from __future__ import annotations

import re

SCORE_WORDS = {
    "good": 1.0, "great": 1.0, "happy": 1.0, "satisfied": 1.0, "positive": 1.0, "thumbs up": 1.0, "👍": 1.0,
    "good_with_comment": 1.0, "good with comment": 1.0, "okay": 0.5, "ok": 0.5, "neutral": 0.5, "bad": 0.0,
    "unhappy": 0.0, "dissatisfied": 0.0, "negative": 0.0, "thumbs down": 0.0, "👎": 0.0, "bad_with_comment": 0.0,
    "bad with comment": 0.0, "very satisfied": 1.0, "very dissatisfied": 0.0, "zufrieden": 1.0, "unzufrieden": 0.0,
    "extremely satisfied": 1.0, "completely satisfied": 1.0, "somewhat satisfied": 0.75, "fairly satisfied": 0.75,
    "neither satisfied nor dissatisfied": 0.5, "somewhat dissatisfied": 0.25, "fairly dissatisfied": 0.25,
    "extremely dissatisfied": 0.0, "completely dissatisfied": 0.0, "very unsatisfied": 0.0, "unsatisfied": 0.0,
    "sehr zufrieden": 1.0, "eher zufrieden": 0.75, "teils, teils": 0.5, "teils/teils": 0.5, "eher unzufrieden": 0.25,
    "sehr unzufrieden": 0.0, "très satisfait": 1.0, "satisfait": 1.0, "insatisfait": 0.0, "très insatisfait": 0.0,
    "plutôt satisfait": 0.75, "plutôt insatisfait": 0.25, "neutre": 0.5, "neutro": 0.5, "neutraal": 0.5,
    "algo satisfecho": 0.75, "algo insatisfecho": 0.25, "muito satisfeito": 1.0, "satisfeito": 1.0, "insatisfeito": 0.0,
    "muito insatisfeito": 0.0, "molto soddisfatto": 1.0, "soddisfatto": 1.0, "insoddisfatto": 0.0, "molto insoddisfatto": 0.0,
    "zeer tevreden": 1.0, "tevreden": 1.0, "ontevreden": 0.0, "zeer ontevreden": 0.0,
    "😀": 1.0, "😃": 1.0, "😄": 1.0, "😁": 1.0, "😊": 1.0, "🙂": 1.0, "😍": 1.0, "🤩": 1.0, "😐": 0.5, "😑": 0.5,
    "🙁": 0.0, "☹": 0.0, "☹️": 0.0, "😞": 0.0, "😟": 0.0, "😠": 0.0, "😡": 0.0, "😢": 0.0,
    "muy satisfecho": 1.0, "satisfecho": 1.0, "insatisfecho": 0.0, "muy insatisfecho": 0.0,
}  # fmt: skip
# Asked, but not answered.
NO_SCORE = frozenset(("offered", "unoffered", "received", "not offered", "not rated", "no rating"))

_STARS = re.compile(r"^[★⭐☆✩✰\ufe0f\s]+$")
_OF_FIVE = re.compile(r"^(\d(?:[.,]\d)?)\s*(?:/|of|out of|von|sur|de|di|van)\s*5$|^([0-5](?:[.,]\d)?)[\s-]*(?:stars?|sterne?|étoiles?|estrellas?|estrelas?|stelle|sterren)$", re.IGNORECASE)  # fmt: skip


def stars_of(text: str) -> float | None:
    """How many of five stars a text gives; None when it gives none.

    >>> stars_of("★★★★☆"), stars_of("⭐⭐"), stars_of("4.5 out of 5"), stars_of("3 stars"), stars_of("3")
    (4.0, 2.0, 4.5, 3.0, None)
    """
    text = text.strip()
    if text and _STARS.match(text):
        return float(sum(text.count(star) for star in "★⭐"))
    found = _OF_FIVE.match(text)
    return float((found[1] or found[2]).replace(",", ".")) if found else None
