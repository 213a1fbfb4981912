"""The four fixed phrases that speak of certainty, and their dots."""

from __future__ import annotations

import math
from typing import Literal

from scipy.stats import norm

Verdict = Literal["Solid", "Likely", "Hint", "Too few to say"]

SOLID, LIKELY, HINT, TOO_FEW = "Solid", "Likely", "Hint", "Too few to say"

SOLID_P, LIKELY_P, SOLID_STABILITY = 0.01, 0.05, 0.7
# Below this many customers no statement is made at all.
MIN_N = 10

MEANINGS: dict[str, str] = {
    SOLID: "would very likely hold in new data",
    LIKELY: "would probably hold in new data",
    HINT: "could be luck; check with more customers",
    TOO_FEW: "too few customers to say",
}
_DOTS = {SOLID: 3, LIKELY: 2, HINT: 1, TOO_FEW: 0}


def verdict(p_adjusted: float | None, stability: float | None, n: int) -> Verdict:
    """How sure a finding is, from its luck-corrected probability, its stability (0–1) and its size.

    Blank ``p_adjusted`` (not tested) is a Hint; blank ``stability`` can at best be Likely.

    >>> verdict(0.005, 0.9, 48), verdict(0.005, 0.4, 48), verdict(0.2, 0.9, 48), verdict(0.001, 1.0, 6)
    ('Solid', 'Likely', 'Hint', 'Too few to say')
    """
    if n < MIN_N:
        return TOO_FEW
    if p_adjusted is None or math.isnan(p_adjusted) or p_adjusted > LIKELY_P:
        return HINT
    stable = stability is not None and not math.isnan(stability) and stability >= SOLID_STABILITY
    return SOLID if p_adjusted <= SOLID_P and stable else LIKELY


def dots(phrase: str) -> int:
    """Number of filled dots of a phrase: Solid 3, Likely 2, Hint 1, Too few to say 0."""
    return _DOTS[phrase]


def dots_text(phrase: str) -> str:
    """The dots as text.

    >>> dots_text("Likely")
    '●●○'
    """
    return "●" * dots(phrase) + "○" * (3 - dots(phrase))


def more_needed(p_value: float | None, n: int) -> int | None:
    """About how many more customers of this kind would tell a Hint from luck; None when nobody can say.

    Evidence grows with the root of the number of customers: the count at which the same difference
    would just be Likely, less those at hand.

    >>> more_needed(0.2, 40)
    54
    """
    if p_value is None or math.isnan(p_value) or p_value >= 0.9 or n <= 0:
        return None
    if p_value <= LIKELY_P:
        return 0
    seen, needed = norm.isf(p_value / 2), norm.isf(LIKELY_P / 2)
    return math.ceil(n * ((needed / seen) ** 2 - 1))
