"""Did the promise of a version hold on what came after it: new customers, and the old ones that left since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Profile
from icp_core.profile.validate import Part, part_of
from icp_core.segments.membership import members
from icp_core.stats.intervals import share_difference
from icp_core.stats.phrases import MIN_N
from icp_core.stats.wording import NO_DIFFERENCE, count, on_date, rate

_CAME = ("customer_since", "first_order_on", "created_on")
_MEASURES = ("value", "ltv", "nps")


@dataclass(frozen=True)
class Hindsight:
    """What became of a version's promise.

    ``newcomers`` holds the figures of customers who came after the version's day (None: too few, or unknown
    when anybody came). ``left``: among customers of that day the share that left since, inside and in the
    rest. ``holds``: True = better as promised, False = the other way round, None = not clear.
    """

    since: date
    n_new: int
    n_new_inside: int
    newcomers: Part | None
    n_stayed: tuple[int, int]
    left: tuple[float, float] | None
    holds: bool | None
    message: str


def hindsight(facts: Facts, version: Profile) -> Hindsight:
    """Judge a version's rule on data from after its ``as_of``.

    Raises
    ------
    UnknownColumnError
        A criterion of the version is no longer among the attributes.
    """
    since = version.meta.as_of
    if facts.as_of <= since:
        later = f"No data is newer than {on_date(since)} yet. Load newer exports, and the promise is judged on them."
        return Hindsight(since, 0, 0, None, (0, 0), None, None, later)
    inside = members(facts, version.criteria)
    name = next((n for n in _CAME if facts.has(n)), None)
    if name is None:
        return Hindsight(since, 0, 0, None, (0, 0), None, None, "It is not known when customers came.")
    came = pd.to_datetime(facts.frame[name])
    new = (came > pd.Timestamp(since)).to_numpy()
    found = part_of(facts, inside, new, f"Came after {on_date(since)}", _MEASURES) if new.any() else None
    sides = (int((new & inside).sum()), int((new & ~inside).sum()))
    clear = [c.holds for c in (found.checks if found else ()) if c.holds is not None]
    n_stayed, left, left_holds = _left_since(facts, inside, came, since)
    if left_holds is not None:
        clear.append(left_holds)
    holds = None if not clear else False if False in clear else True
    return Hindsight(
        since,
        int(new.sum()),
        sides[0],
        found if min(sides) >= MIN_N else None,
        n_stayed,
        left,
        holds,
        _message(since, int(new.sum()), sides, holds, left),
    )


def _left_since(
    facts: Facts, inside: np.ndarray, came: pd.Series, since: date
) -> tuple[tuple[int, int], tuple[float, float] | None, bool | None]:
    """Of those who were customers on that day, the share that left since, inside and in the rest."""
    if not facts.has("churned_on"):
        return (0, 0), None, None
    gone = pd.to_datetime(facts.frame["churned_on"])
    day = pd.Timestamp(since)
    there = (came <= day).to_numpy() & ~(gone <= day).to_numpy()
    left = there & (gone > day).to_numpy()
    n_in, n_out = int((there & inside).sum()), int((there & ~inside).sum())
    if min(n_in, n_out) < MIN_N:
        return (n_in, n_out), None, None
    a, b = int((left & inside).sum()), int((left & ~inside).sum())
    low, high = share_difference(a, n_in, b, n_out)
    return (n_in, n_out), (a / n_in, b / n_out), True if high < 0 else False if low > 0 else None


def _message(
    since: date, n_new: int, sides: tuple[int, int], holds: bool | None, left: tuple[float, float] | None
) -> str:
    gone = (
        ""
        if left is None
        else f" Since then {rate(left[0])} of those inside left, {rate(left[1])} of the others."
    )
    came = f"{count(n_new)} customers came after {on_date(since)}, {count(sides[0])} of them inside."
    if not n_new and left is None:
        return f"No data is newer than {on_date(since)} yet."
    if holds is True:
        return f"The promise held. {came}{gone}"
    if holds is False:
        return f"The promise did not hold: what came after points the other way. {came}{gone}"
    return f"Not clear yet: {NO_DIFFERENCE} in what came after. {came}{gone}"
