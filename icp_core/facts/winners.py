"""What is known of accounts only after they were won: of no use to compare won with lost."""

from __future__ import annotations

import numpy as np

from icp_core.stats.wording import rate

_MIN_FILLED_RATIO = 0.25
_MIN_DECIDED = 10


def known_only_for_winners(words: str, winners: np.ndarray, losers: np.ndarray) -> str | None:
    """The reason why no win rate may be split by this attribute; None where it may.

    An attribute that is filled in after the sale is blank for nearly all who were lost: every level of it would
    "win" always. ``winners`` and ``losers`` tell of each account whether the attribute is known of it; fewer than
    ten of either say nothing.

    >>> known_only_for_winners("plan", np.ones(40, bool), np.zeros(60, bool))
    '“plan” is known for 100 % of the accounts that were won but only 0 % of those that were lost: it is filled in \
after the sale, so a win rate by it would mean nothing.'
    >>> known_only_for_winners("industry", np.ones(40, bool), np.ones(60, bool)) is None
    True
    """
    if len(winners) < _MIN_DECIDED or len(losers) < _MIN_DECIDED:
        return None
    of_winners, of_losers = float(winners.mean()), float(losers.mean())
    if of_winners > 0 and of_losers < _MIN_FILLED_RATIO * of_winners:
        return (
            f"“{words}” is known for {rate(of_winners)} of the accounts that were won but only {rate(of_losers)} of "
            "those that were lost: it is filled in after the sale, so a win rate by it would mean nothing."
        )
    return None
