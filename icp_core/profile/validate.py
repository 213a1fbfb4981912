"""Does the ICP, exactly as it is written, hold on customers set aside and on those who came later?"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from icp_core.errors import NotEnoughDataError, UnknownColumnError
from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Evidence
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.segments.outcomes import OUTCOMES
from icp_core.segments.standing import good_and_bad
from icp_core.segments.target import Target, target
from icp_core.stats.intervals import Z
from icp_core.stats.phrases import HINT, LIKELY, SOLID, TOO_FEW, Verdict
from icp_core.stats.wording import count

# Share of the customers set aside, and how many there must be at all.
HOLDOUT_SHARE, HOLDOUT_FROM = 0.30, 400
# From here on a search can spare the customers set aside; below, it needs all of them to find anything.
SEARCH_HOLDOUT_FROM = 5_000
# Share of the customers, by the day they came, on which the promise is measured; the later ones check it.
_EARLIER_SHARE = 0.70
_LATER_FROM = 100
# Customers a figure needs on each side.
_LEAST = 10
_POWER = 0.8416  # z of 80 %
_MEASURES = ("worth", "value", "ltv", "retention", "nps")


@dataclass(frozen=True)
class Check:
    """One figure of the ICP beside the rest.

    ``inside`` and ``rest`` are typical values, kept shares (0–1) or NPS; ``effect`` their ratio
    (``effect_kind`` "ratio") or difference, likely ``low``–``high``, less what the search won by luck where
    these customers took part in it. ``holds``: True = clearly better, False = clearly worse, None = not
    clear. ``n_needed``: customers at which the difference would be clear.
    """

    measure: str
    label: str
    n_inside: int
    n_rest: int
    inside: float
    rest: float
    effect: float
    low: float
    high: float
    effect_kind: str
    holds: bool | None
    n_needed: int | None


@dataclass(frozen=True)
class Part:
    """All figures for some of the customers."""

    label: str
    n: int
    n_inside: int
    checks: tuple[Check, ...]

    def check(self, measure: str) -> Check | None:
        return next((c for c in self.checks if c.measure == measure), None)


@dataclass(frozen=True)
class Validation:
    """What became of the promise.

    ``holdout`` and ``time_split`` hold two parts each: the customers the promise is measured on and those
    who check it; None where there are too few, and the note says so. ``is_sealed`` is True when the search
    never saw the customers set aside. ``tightness`` is the share of good customers among those inside
    (``base`` among all), ``reach`` the share of all good customers inside.
    """

    n: int
    n_inside: int
    share_customers: float
    share_revenue: float | None
    tightness: float
    base: float
    reach: float
    everyone: Part
    holdout: tuple[Part, Part] | None
    holdout_note: str
    is_sealed: bool
    time_split: tuple[Part, Part] | None
    time_note: str
    n_enough: int | None
    verdict: Verdict
    message: str

    def to_dict(self) -> dict[str, Any]:
        """The validation as plain JSON values; figures that are not known are null."""
        return _plain(asdict(self))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return value


def holdout(facts: Facts, seed: int = 0, share: float = HOLDOUT_SHARE) -> np.ndarray:
    """Which customers are set aside: a fixed draw by customer id, so new data never moves anybody across.

    The draw does not depend on the order of the rows or on who else is there.
    """
    ids = (
        facts.frame["customer_id"].astype(str)
        if "customer_id" in facts.frame
        else facts.frame.index.astype(str)
    )
    salt = f"set aside {seed}|"
    drawn = np.array([zlib.crc32((salt + one).encode("utf-8")) for one in ids], dtype=np.float64)
    return drawn < share * 2**32


def validate(
    facts: Facts,
    segment: Segment,
    *,
    outcome: str = "value",
    measures: Sequence[str] = _MEASURES,
    sealed: bool = False,
    opened: bool = True,
    believed: float = 1.0,
    deals: Facts | None = None,
    seed: int = 0,
) -> Validation:
    """Check a written rule on customers set aside (30 %) and on later customers.

    Parameters
    ----------
    segment
        The criteria of the ICP, as written.
    outcome
        The measure the verdict rests on; the others are shown beside it.
    sealed
        True when the rule was found without the customers set aside (see ``holdout``). Otherwise they
        took part in the search, and the note says that they repeat the promise rather than prove it.
    opened
        False leaves the customers set aside alone: a test that is looked at again and again is none.
    believed
        Share of the difference that is left when the luck of the search is taken off (see
        ``believed_share``; 1 = no search chose the rule). A rule looks good on every part of the customers it
        was chosen on, so the same is taken off there.
    deals
        Accounts with decided deals (``history.decided``): for the outcome "won" the checks are made on them,
        as every customer is a deal that was won.

    Returns
    -------
    Validation
        ``verdict``: Solid when both checks are clear, Likely when one is and the other does not
        contradict, Hint when neither is clear, Too few to say when neither could be made.
    """
    if outcome == "won" and deals is not None:
        others = validate(facts, segment, opened=False, seed=seed)
        won = validate(
            deals,
            segment,
            outcome="won",
            measures=(),
            sealed=sealed,
            opened=opened,
            believed=believed,
            seed=seed,
        )
        return replace(
            won,
            **{name: getattr(others, name) for name in ("n", "n_inside", "share_customers", "share_revenue")},
            **{name: getattr(others, name) for name in ("tightness", "base", "reach")},
        )
    inside = members(facts, segment)
    measures = tuple(dict.fromkeys((outcome, *measures)))
    whole = _Seen(facts, inside, measures)
    luck = {name: (1 - believed) * whole.effect(name) for name in measures} if believed < 1 else {}
    seen = replace(whole, luck=luck)
    everyone = seen.part(np.ones(len(facts), dtype=bool), "All customers")
    held, held_note = _held(seen, sealed, seed) if opened else (None, _unopened(seen, seed))
    later, later_note = _later(seen, sealed)
    main = next((m for m in measures if everyone.check(m)), outcome)
    enough = _enough(main, everyone, held, later, len(facts))
    if not opened and later is None and len(facts) >= HOLDOUT_FROM:
        verdict, message = HINT, "Not checked yet: the customers set aside are still to be looked at."
    else:
        verdict, message = _verdict(main, everyone, held, later, enough, len(facts))
    good, _ = good_and_bad(facts)
    return Validation(
        n=len(facts),
        n_inside=int(inside.sum()),
        share_customers=float(inside.mean()) if len(facts) else 0.0,
        share_revenue=_revenue_share(facts, inside),
        tightness=float(good[inside].mean()) if inside.any() else float("nan"),
        base=float(good.mean()) if len(facts) else float("nan"),
        reach=float(inside[good].mean()) if good.any() else float("nan"),
        everyone=everyone,
        holdout=held,
        holdout_note=held_note,
        is_sealed=bool(sealed and held),
        time_split=later,
        time_note=later_note,
        n_enough=enough,
        verdict=verdict,
        message=message,
    )


def _revenue_share(facts: Facts, inside: np.ndarray) -> float | None:
    for name in ("revenue", "total_revenue", "ltv"):
        if facts.has(name):
            revenue = facts.frame[name].astype(float).fillna(0.0).to_numpy()
            return float(revenue[inside].sum() / revenue.sum()) if revenue.sum() > 0 else None
    return None


def believed_share(evidence: Evidence | None) -> float:
    """Share of a found difference that is left when luck is taken off (0–1); 1 where no search chose the rule.

    >>> believed_share(Evidence(effect_kind="ratio", effect_raw=4.0, effect=2.0))
    0.5
    >>> believed_share(Evidence(effect_kind="points", effect_raw=0.2, effect=0.15))
    0.75
    """
    if evidence is None or evidence.effect_raw is None or evidence.effect is None:
        return 1.0
    seen, left = evidence.effect_raw, evidence.effect
    if evidence.effect_kind == "ratio":
        if min(seen, left) <= 0:
            return 1.0
        seen, left = math.log(seen), math.log(left)
    return round(min(max(left / seen, 0.0), 1.0), 6) if seen else 1.0


def part_of(facts: Facts, inside: np.ndarray, rows: np.ndarray, label: str, measures: Sequence[str]) -> Part:
    """The figures of the customers in ``rows``: those ``inside`` the segment beside the rest (both boolean)."""
    return _Seen(facts, inside, measures).part(rows, label)


@dataclass(frozen=True, eq=False)
class _Seen:
    """Whom a check looks at: the customers, who of them is inside, what is measured, and what luck is taken off each."""

    facts: Facts
    inside: np.ndarray
    measures: Sequence[str]
    luck: Mapping[str, float] = field(default_factory=dict)

    def effect(self, measure: str) -> float:
        """The difference among all customers, on the scale where differences add up; 0 where there is none."""
        aim = self._aim(measure, np.ones(len(self.facts), dtype=bool))
        effect = aim.effect(self.inside[aim.rows]) if aim else 0.0
        return effect if math.isfinite(effect) else 0.0

    def part(self, rows: np.ndarray, label: str) -> Part:
        """The figures of the customers in ``rows``."""
        return self._told(rows, label, {m: self._aim(m, rows) for m in self.measures}, took_part=True)

    def two(
        self, first: np.ndarray, second: np.ndarray, labels: tuple[str, str], *, took_part: bool = True
    ) -> tuple[Part, Part]:
        """The figures of those a promise is measured on and of those who check it, over the same months.

        ``took_part``: the search that chose the rule saw the second ones.
        """
        aims: tuple[dict, dict] = ({}, {})
        for m in self.measures:
            one, other = self._aim(m, first), self._aim(m, second)
            if one and other and one.horizon != other.horizon:
                shorter = min(one.horizon, other.horizon)
                one, other = self._aim(m, first, shorter), self._aim(m, second, shorter)
            aims[0][m], aims[1][m] = one, other
        return (
            self._told(first, labels[0], aims[0], took_part=True),
            self._told(second, labels[1], aims[1], took_part=took_part),
        )

    def _aim(self, measure: str, rows: np.ndarray, horizon: int | None = None) -> Target | None:
        try:
            return target(self.facts, measure, np.flatnonzero(rows), horizon=horizon)
        except (UnknownColumnError, NotEnoughDataError):
            return None

    def _told(
        self, rows: np.ndarray, label: str, aims: Mapping[str, Target | None], *, took_part: bool
    ) -> Part:
        luck = self.luck if took_part else {}
        checks = tuple(
            _check(m, aim, self.inside[aim.rows], luck.get(m, 0.0)) for m, aim in aims.items() if aim
        )
        return Part(label, int(rows.sum()), int(self.inside[rows].sum()), checks)


def _check(measure: str, aim: Target, inside: np.ndarray, luck: float) -> Check:
    n_inside, n_rest = int(inside.sum()), int((~inside).sum())
    first, second = aim.measure(aim.values[inside]), aim.measure(aim.values[~inside])
    effect = low = high = float("nan")
    holds, needed = None, None
    if min(n_inside, n_rest) >= _LEAST:
        effect = aim.effect(inside) - luck
        down, up = aim.error(inside)
        low, high = effect - down, effect + up
        if math.isfinite(down) and math.isfinite(up):
            holds = True if low > 0 else False if high < 0 else None
            needed = _needed(effect, (down + up) / (2 * Z), len(aim))
    return Check(
        measure, aim.label, n_inside, n_rest, first, second, aim.told(effect), aim.told(low), aim.told(high),
        aim.effect_kind, holds, needed,
    )  # fmt: skip


def _needed(effect: float, error: float, n: int) -> int | None:
    """Customers at which a difference of this size would be clear in four cases of five."""
    if not effect or error <= 0:
        return None
    needed = n * ((Z + _POWER) * error / abs(effect)) ** 2
    return math.ceil(needed) if needed < 1e7 else None


def _held(seen: _Seen, sealed: bool, seed: int) -> tuple[tuple[Part, Part] | None, str]:
    n = len(seen.facts)
    if n < HOLDOUT_FROM:
        return None, (
            f"With {count(n)} customers none are set aside; that needs about {HOLDOUT_FROM}. "
            "The effects reduced for luck stand in for it."
        )
    aside = holdout(seen.facts, seed)
    parts = seen.two(~aside, aside, ("The other customers", "Customers set aside"), took_part=not sealed)
    if sealed:
        return (
            parts,
            f"{count(int(aside.sum()))} customers were set aside before the search and never looked at.",
        )
    reduced = "differences are reduced for that, and " if seen.luck else ""
    return parts, (
        f"{count(int(aside.sum()))} customers are set aside by a fixed draw. The rule was found with them, "
        f"so they show how steady it is; {reduced}later customers are the harder test."
    )


def _unopened(seen: _Seen, seed: int) -> str:
    if len(seen.facts) < HOLDOUT_FROM:
        return _held(seen, False, seed)[1]
    aside = int(holdout(seen.facts, seed).sum())
    return f"{count(aside)} customers are set aside by a fixed draw and not looked at yet for this rule."


def is_sealed(facts: Facts) -> bool:
    """True when there are so many customers that a search leaves those set aside alone."""
    return len(facts) >= SEARCH_HOLDOUT_FROM


def searched(facts: Facts, seed: int = 0) -> Facts:
    """The customers a search may look at: all, or from 5,000 on those that are not set aside."""
    if not is_sealed(facts):
        return facts
    kept = facts.frame[~holdout(facts, seed)].reset_index(drop=True)
    return replace(facts, frame=kept, fingerprint=f"{facts.fingerprint} without those set aside", _memory={})


def _later(seen: _Seen, sealed: bool) -> tuple[tuple[Part, Part] | None, str]:
    facts = seen.facts
    name = next((n for n in ("customer_since", "first_order_on", "created_on") if facts.has(n)), None)
    if name is None:
        return None, "It is not known when customers came, so later customers cannot check the rule."
    since = pd.to_datetime(facts.frame[name])
    known = since.notna().to_numpy()
    if known.sum() < _LATER_FROM:
        return None, (
            f"The first day is known for {count(int(known.sum()))} customers; "
            f"a check on later customers needs {_LATER_FROM}."
        )
    day = since.dropna().sort_values().iloc[min(int(_EARLIER_SHARE * known.sum()), int(known.sum()) - 1)]
    later = known & (since >= day).to_numpy()
    earlier = known & ~later
    if min(later.sum(), earlier.sum()) < 30:
        return None, "Nearly all customers came at the same time, so later customers cannot check the rule."
    words = f"{day.day} {day:%b %Y}"
    parts = seen.two(earlier, later, (f"Came before {words}", f"Came from {words} on"))
    whom = "most" if sealed else "all"
    reduced = (
        f" The rule was found with {whom} of them, so differences are reduced for that." if seen.luck else ""
    )
    return parts, (
        f"{count(int(later.sum()))} customers who came from {words} on check what "
        f"{count(int(earlier.sum()))} earlier ones promise. They had less time, so staying is compared over "
        f"the months known of both.{reduced}"
    )


def _enough(
    main: str,
    everyone: Part,
    held: tuple[Part, Part] | None,
    later: tuple[Part, Part] | None,
    n: int,
) -> int | None:
    """Customers in all at which the smaller check would be clear, if the difference is as it looks now."""
    check = everyone.check(main)
    if check is None or check.n_needed is None:
        return None
    shares = [part[1].n / n for part in (held, later) if part is not None] or [HOLDOUT_SHARE]
    exact = check.n_needed / max(min(shares), 0.05)
    digits = 10 ** max(0, int(math.log10(max(exact, 1))) - 1)
    return int(math.ceil(exact / digits) * digits)


def _verdict(
    main: str,
    everyone: Part,
    held: tuple[Part, Part] | None,
    later: tuple[Part, Part] | None,
    enough: int | None,
    n: int,
) -> tuple[Verdict, str]:
    asked = [
        (name, parts[1].check(main))
        for name, parts in (("customers set aside", held), ("later customers", later))
        if parts is not None
    ]
    answers = [(name, c) for name, c in asked if c is not None and min(c.n_inside, c.n_rest) >= _LEAST]
    need = f" About {count(enough)} customers would be enough to tell." if enough and enough > n else ""
    if not answers:
        whole = everyone.check(main)
        few = whole.n_inside if whole else everyone.n_inside
        return (
            TOO_FEW,
            f"There are too few customers ({count(few)} inside) to check the rule on others.{need}",
        )
    labels = {c.label for _, c in answers}
    # Parts seen for different times carry different months in their label: then the outcome is named without.
    label = labels.pop() if len(labels) == 1 else OUTCOMES.get(main, answers[0][1].label)
    against = [name for name, c in answers if c.holds is False]
    clear = [name for name, c in answers if c.holds]
    if against:
        return (
            HINT,
            f"By “{label}” the rule does not hold: {' and '.join(against)} are clearly worse, not better.",
        )
    if len(clear) == len(answers) == 2:
        return SOLID, f"By “{label}” the rule holds for customers set aside and for later customers."
    if clear:
        missing = [name for name, _ in answers if name not in clear]
        tail = f" For {missing[0]} the difference is not clear.{need}" if missing else ""
        return LIKELY, f"By “{label}” the rule holds for {clear[0]}.{tail}"
    return HINT, f"By “{label}” the difference is not clear on customers who check the rule.{need}"
