"""Who the ideal customers are and what sets them apart: shares of traits among the ideal and the others."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from icp_core.facts.catalogue import Attribute, Facts
from icp_core.profile.model import Evidence, Lift, Trait
from icp_core.profile.sentence import said_yes, tags
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.leaks import leaks
from icp_core.segments.membership import members
from icp_core.stats.intervals import share_difference
from icp_core.stats.phrases import HINT, LIKELY, MIN_N, SOLID, TOO_FEW
from icp_core.stats.wording import rate

_MOST_TRAITS = 8
_MOST_LIFTS = 8
_LUCK = 0.01
# What the chart of the page has room for.
_AXIS_LETTERS = 24
# Columns that say the same in another form: the one on the left is told from the one on the right.
_TWINS = {
    "employee_band": "employees",
    "company_revenue_band": "company_revenue",
    "age_band": "age",
    "region": "country",
}
_MIN_FILLED = 0.3
_MIN_SHARE = 0.15  # a trait that fewer of the ideal share describes nobody


@dataclass(frozen=True)
class Described:
    """One trait of the ideal: the condition that holds for them, and how often it holds where."""

    condition: Condition
    about: Attribute
    hits_in: int
    n_in: int
    hits_out: int
    n_out: int

    @property
    def share_in(self) -> float:
        return self.hits_in / self.n_in if self.n_in else math.nan

    @property
    def share_out(self) -> float:
        return self.hits_out / self.n_out if self.n_out else math.nan

    @property
    def contrast(self) -> float:
        """How far the shares differ in standard errors; the order of the list."""
        pooled = (self.hits_in + self.hits_out) / max(1, self.n_in + self.n_out)
        spread = math.sqrt(pooled * (1 - pooled) * (1 / max(1, self.n_in) + 1 / max(1, self.n_out)))
        return (self.share_in - self.share_out) / spread if spread else 0.0


def _candidate(facts: Facts, about: Attribute, inside: np.ndarray) -> Condition | None:
    """The condition on one attribute that says most about the customers inside: a level, or their middle range."""
    column = facts.frame[about.name]
    mine = column[inside].dropna()
    if len(mine) < MIN_N:
        return None
    if about.kind in ("category", "band"):
        counts = mine.astype(str).value_counts()
        top = counts.index[0]
        # Two levels that together hold most are one trait: "Logistics or Field service".
        # … but "yes or no" says nothing.
        answers = any(said_yes(Condition(about.name, "is_any_of", [v])) is not None for v in counts.index[:2])
        if (
            len(counts) > 1
            and counts.iloc[0] < 0.6 * len(mine)
            and counts.iloc[1] > 0.2 * len(mine)
            and not answers
        ):
            return Condition(about.name, "is_any_of", [top, counts.index[1]])
        return Condition(about.name, "is_any_of", [top])
    if about.kind == "multi":
        counts = mine.explode().dropna().value_counts()
        return Condition(about.name, "has_any_of", [str(counts.index[0])]) if len(counts) else None
    if about.kind == "yes_no":
        return Condition(about.name, "is_yes" if mine.astype(bool).mean() >= 0.5 else "is_no")
    if about.kind == "number":
        low, high = np.quantile(mine.astype(float), [0.1, 0.9])
        return Condition(about.name, "between", (_neat(low, down=True), _neat(high, down=False)))
    return None


def _neat(value: float, *, down: bool) -> float:
    """Round outward to two significant digits, so that the range reads well and loses nobody inside it."""
    if value == 0 or not math.isfinite(value):
        return 0.0
    step = 10 ** (math.floor(math.log10(abs(value))) - 1)
    step = max(step, 1.0) if abs(value) >= 10 or float(value).is_integer() else step
    return float((math.floor if down else math.ceil)(value / step) * step)


def describe(facts: Facts, segment: Segment) -> list[Described]:
    """Traits known before the sale, the criteria of the segment first, then by how far they set it apart."""
    inside = members(facts, segment)
    found: list[Described] = []
    leaking = leaks(facts)
    for about in facts.criteria():
        if about.name in leaking and about.name not in segment.attributes:
            continue
        own = [c for c in segment.conditions if c.attribute == about.name]
        known = facts.frame[about.name].notna().to_numpy()
        if not own and (not inside.any() or known[inside].mean() < _MIN_FILLED):
            continue
        conditions = own or [_candidate(facts, about, inside)]
        for condition in conditions:
            if condition is None or condition.operator in ("is_missing", "is_known"):
                continue
            hits = members(facts, Segment((condition,)))
            found.append(
                Described(
                    condition,
                    about,
                    int((hits & inside).sum()),
                    int((known & inside).sum()),
                    int((hits & ~inside).sum()),
                    int((known & ~inside).sum()),
                )
            )
    criteria = set(segment.attributes)
    kept = [d for d in found if d.about.name in criteria or d.share_in >= _MIN_SHARE]
    return sorted(kept, key=lambda d: (d.about.name not in criteria, -d.contrast, d.about.label))


def apart(facts: Facts, segment: Segment) -> list[Described]:
    """The criteria, and the other traits that set the customers of the segment apart beyond luck.

    A trait that is no criterion must be commoner among them than among the others with a probability of luck
    that is small enough for all traits looked at together (Holm 1979). Traits that say a criterion over
    again (its size band, say) are left out.
    """
    criteria = set(segment.attributes)
    every = describe(facts, segment)
    said = {_TWINS.get(name, name) for name in criteria}
    others = [
        d
        for d in every
        if d.about.name not in criteria and _TWINS.get(d.about.name, d.about.name) not in said
    ]
    chance = sorted((float(norm.sf(d.contrast)), i) for i, d in enumerate(others))
    kept: set[int] = set()
    for rank, (p, i) in enumerate(chance):
        if p > _LUCK / (len(chance) - rank):
            break
        kept.add(i)
    own = [d for d in every if d.about.name in criteria]
    return [*own, *(d for i, d in enumerate(others) if i in kept)]


def who(facts: Facts, segment: Segment, source: str = "") -> list[Trait]:
    """The lines of "who they are": label, what holds, share among the ideal and among the others (see ``apart``).

    After what sets them apart come place, technology, maturity, budget and the size of their own customer base,
    as far as the data know them: these lines describe, and their verdict says whether others differ.
    """
    lines = [_trait(d, source) for d in apart(facts, segment)][:_MOST_TRAITS]
    told = {line.facet for line in lines}
    return [*lines, *_facet_lines(facts, segment, told)][:_MOST_TRAITS]


def _trait(d: Described, source: str, text: str = "") -> Trait:
    both = d.n_in and d.n_out
    low, high = share_difference(d.hits_in, d.n_in, d.hits_out, d.n_out) if both else (math.nan, math.nan)
    return Trait(
        label=d.about.label,
        text=text or _value_words(d),
        facet=facet_of(d.about),
        share_ideal=d.share_in,
        share_others=None if math.isnan(d.share_out) else d.share_out,
        evidence=Evidence(
            n=d.n_in,
            n_rest=d.n_out,
            effect=None if math.isnan(d.share_out) else d.share_in - d.share_out,
            low=_known(low),
            high=_known(high),
            effect_kind="share",
            verdict=_verdict(d, low),
            method="Share of the ideal customers with this trait, beside the share of the others, where it is known; "
            "corrected for the number of traits looked at.",
            sources=[d.about.source or source],
            segment=Segment((d.condition,)),
        ),
    )


# What sort of thing a trait tells, by field of the vocabulary, else by a word in the column's own name.
_FACET_OF_FIELD = {
    "country": "geography",
    "region": "geography",
    "city": "geography",
    "tech_stack": "technology",
    "founded_year": "maturity",
    "income_band": "budget",
}
_FACET_OF_WORD = (
    ("budget", re.compile(r"budget|spending|income|einkommen|presupuesto", re.IGNORECASE)),
    (
        "customer_base",
        re.compile(
            r"\b(customers|clients|patients|members|subscribers|end users|kunden|clientes)\b", re.IGNORECASE
        ),
    ),
    (
        "maturity",
        re.compile(r"\b(founded|years in business|stage|maturity|reife|madurez|maturité)\b", re.IGNORECASE),
    ),
    (
        "technology",
        re.compile(r"\b(tools?|systems?|software|technolog\w*|erp|crm|platform)\b", re.IGNORECASE),
    ),
)
_MOST_LEVELS = 3


def facet_of(about: Attribute) -> str:
    """geography, technology, maturity, budget, customer_base, or empty for other traits."""
    if about.name in _FACET_OF_FIELD:
        return _FACET_OF_FIELD[about.name]
    return next((facet for facet, word in _FACET_OF_WORD if word.search(about.label)), "")


def _facet_lines(facts: Facts, segment: Segment, told: Collection[str]) -> list[Trait]:
    """Where they are, what they run …: one line for each facet the data know and ``told`` does not.

    They describe; whether they set the ideal apart is in the verdict.
    """
    inside = members(facts, segment)
    leaking = leaks(facts)
    lines: dict[str, Trait] = {}
    for about in facts.criteria():
        facet = facet_of(about)
        if not facet or facet in told or facet in lines or about.name in leaking:
            continue
        known = facts.frame[about.name].notna().to_numpy()
        if known[inside].mean() < _MIN_FILLED or (known & inside).sum() < MIN_N:
            continue
        condition, text = _most_common(facts, about, inside)
        if condition is None:
            continue
        hits = members(facts, Segment((condition,)))
        d = Described(
            condition,
            about,
            int((hits & inside).sum()),
            int((known & inside).sum()),
            int((hits & ~inside).sum()),
            int((known & ~inside).sum()),
        )
        if d.share_in >= _MIN_SHARE:
            lines[facet] = _trait(d, about.source, text)
    return list(lines.values())


def _most_common(facts: Facts, about: Attribute, inside: np.ndarray) -> tuple[Condition | None, str]:
    """The commonest levels with their shares, in words; for numbers the middle range."""
    if about.kind not in ("category", "band"):
        return _candidate(facts, about, inside), ""
    shares = facts.frame[about.name][inside].dropna().astype(str).value_counts(normalize=True)
    top = shares[shares >= _MIN_SHARE].head(_MOST_LEVELS)
    if not len(top):
        return None, ""
    if about.kind == "band":
        order = {level: i for i, level in enumerate(about.levels)}
        top = top.sort_index(key=lambda levels: [order.get(level, len(order)) for level in levels])
    words = (
        ", ".join(f"{level} {rate(round(share, 2))}" for level, share in top.items()) if len(top) > 1 else ""
    )
    return Condition(about.name, "is_any_of", [str(level) for level in top.index]), words


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _verdict(d: Described, low: float):
    if not d.n_out:  # a segment of everyone: a plain share, compared with nobody
        return SOLID if d.n_in >= 30 else HINT if d.n_in >= MIN_N else TOO_FEW
    if min(d.n_in, d.n_out) < MIN_N:
        return TOO_FEW
    if not low > 0:
        return HINT
    return SOLID if low > 0.1 and d.n_in >= 30 else LIKELY


def _value_words(d: Described) -> str:
    words = d.condition.words({d.about.name: d.about})
    text = (
        words.removeprefix(d.about.label)
        .strip()
        .removeprefix("is ")
        .removeprefix("includes ")
        .removeprefix(": ")
    )
    return text[:1].upper() + text[1:] if text else d.about.label


def lifts(facts: Facts, segment: Segment, good: np.ndarray, refused: Sequence[Segment] = ()) -> list[Lift]:
    """How many times likelier a customer with a trait is to be a good one, against customers without it.

    ``good`` marks the good customers (see ``segments.standing``). Ratio of shares with the interval on
    the log scale (Katz 1978), half a customer added to empty cells. Traits of the ICP come first, then those
    of the disqualifiers in ``refused``; traits that fewer than ten customers have are left out.
    """
    if not segment:
        return []
    found = [
        _lift(
            facts,
            tags(Segment((d.condition,)), facts.catalogue, _AXIS_LETTERS),
            Segment((d.condition,)),
            good,
        )
        for d in apart(facts, segment)
    ]
    against = [_lift(facts, tags(s, facts.catalogue, _AXIS_LETTERS), s, good) for s in refused]
    up = sorted((f for f in found if f is not None), key=lambda f: -f.ratio)
    down = sorted((f for f in against if f is not None), key=lambda f: -f.ratio)
    return [*up[: _MOST_LIFTS - min(3, len(down))], *down[:3]]


def _lift(facts: Facts, label: str, one: Segment, good: np.ndarray) -> Lift | None:
    has = members(facts, one)
    n_in, n_out = int(has.sum()), int((~has).sum())
    if min(n_in, n_out) < MIN_N:
        return None
    a, b = float((good & has).sum()), float((good & ~has).sum())
    if a + b == 0:
        return None
    if a == 0 or b == 0:
        a, b, n_in, n_out = a + 0.5, b + 0.5, n_in + 1, n_out + 1
    ratio = (a / n_in) / (b / n_out)
    spread = 1.96 * math.sqrt(max(0.0, 1 / a - 1 / n_in + 1 / b - 1 / n_out))
    return Lift(
        label=label,
        ratio=ratio,
        low=ratio * math.exp(-spread),
        high=ratio * math.exp(spread),
        n=int(has.sum()),
        segment=one,
    )
