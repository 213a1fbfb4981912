"""Satisfaction in words: from 0 (bad) to 1 (good)."""

from __future__ import annotations

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
    "muy satisfecho": 1.0, "satisfecho": 1.0, "insatisfecho": 0.0, "muy insatisfecho": 0.0,
}  # fmt: skip
# Asked, but not answered.
NO_SCORE = frozenset(("offered", "unoffered", "received", "not offered", "not rated", "no rating"))
