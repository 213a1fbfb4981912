"""Satisfaction in words: from 0 (bad) to 1 (good)."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
    "excellent": 1.0, "very good": 1.0, "very happy": 1.0, "fair": 0.5, "average": 0.5, "poor": 0.0, "very poor": 0.0, "very bad": 0.0,
    "very unhappy": 0.0, "terrible": 0.0,
    "muy satisfecho": 1.0, "satisfecho": 1.0, "insatisfecho": 0.0, "muy insatisfecho": 0.0,
}  # fmt: skip
# Asked, but not answered.
NO_SCORE = frozenset(("offered", "unoffered", "received", "not offered", "not rated", "no rating"))

# Where a column also holds the stronger word, the plain one is a step weaker: “satisfied” beside “very satisfied”.
_STRONGER = re.compile(
    r"^(?:very|extremely|completely|sehr|très|muy|muito|molto|zeer)\b|^(?:excellent|terrible)$"
)
_PLAIN = {
    "satisfied": 0.75, "good": 0.75, "happy": 0.75, "zufrieden": 0.75, "satisfait": 0.75, "satisfecho": 0.75, "satisfeito": 0.75,
    "soddisfatto": 0.75, "tevreden": 0.75, "dissatisfied": 0.25, "unsatisfied": 0.25, "bad": 0.25, "poor": 0.25, "unhappy": 0.25,
    "unzufrieden": 0.25, "insatisfait": 0.25, "insatisfecho": 0.25, "insatisfeito": 0.25, "insoddisfatto": 0.25, "ontevreden": 0.25,
}  # fmt: skip


def weaker_words(texts: Iterable[str]) -> dict[str, str]:
    """What plain words of satisfaction are worth beside stronger ones of their side; empty where there are none.

    >>> weaker_words(["Very satisfied", "Satisfied", "Dissatisfied"]), weaker_words(["Good", "Bad"])
    ({'satisfied': '0.75'}, {})
    """
    words = {text.casefold().strip() for text in texts}
    strong = {SCORE_WORDS[word] for word in words if word in SCORE_WORDS and _STRONGER.match(word)}
    return {word: str(worth) for word, worth in _PLAIN.items() if word in words and round(worth) in strong}


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
