"""Which kinds of customer are better? Rules of one to three conditions that outdo luck, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import norm
from threadpoolctl import threadpool_limits

from icp_core.errors import IcpError, NotEnoughDataError, UnknownColumnError
from icp_core.facts.catalogue import Attribute, Facts
from icp_core.segments.conditions import Segment
from icp_core.segments.confounding import Adjustment, adjustments
from icp_core.segments.leaks import leaks, overruled
from icp_core.segments.luck import corrected, resample, shuffle_luck, support_for
from icp_core.segments.membership import members
from icp_core.segments.search import Finding, Luck, Rule, Space, findings, kind_of
from icp_core.segments.selectors import Selectors, selectors
from icp_core.segments.target import EffectKind, Target, default_outcome, target
from icp_core.stats.phrases import LIKELY, LIKELY_P, SOLID, TOO_FEW, Verdict, dots, verdict

Progress = Callable[[float, str], bool]

# The example by which "enough customers" is told: a tenth of all, worth twice as much (or 20 points better).
_EXAMPLE_SHARE, _EXAMPLE_RATIO, _EXAMPLE_POINTS = 0.10, 2.0, 0.20
_POWER_Z = norm.ppf(0.8)
# Keeps the shuffles of seed s apart from data that were drawn with the same seed.
_OWN_STREAM = 0x1C9F
# Other names of a finding that are put into words.
_NAMED = 5
# Where shuffled data do better more often than not, a rule is not even a hint.
_NO_HINT_P = 0.5


class Cancelled(IcpError):
    """The search was stopped before it was done; nothing was changed."""


@dataclass(frozen=True)
class Candidate:
    """A kind of customer that is better (or worse) than the rest, with what stands behind it.

    ``effect_raw`` is the difference as seen, ``effect`` the one to believe, reduced for luck, with its
    likely range ``low``–``high``. ``effect_kind`` "ratio": 1.6 = 1.6 times the typical rest; "points":
    0.12 = twelve points of a share; "score": plain difference (NPS, averages). ``z`` is the strength beside
    ``Discovery.luck_line``: the rule's own z (``z_own``) on a scale where all rules have the same luck to
    beat, since longer rules are more often strong by luck; after the first candidate only what is left
    of it among customers alike in the candidates before. ``p_adjusted`` belongs to this strength.
    ``stability`` is the share of resamples in which the rule returns. ``aliases`` are rules that hold nearly the
    same customers, strongest first, the first few of ``n_aliases``.
    """

    segment: Segment
    words: str
    n: int
    share: float
    effect_raw: float
    effect: float
    low: float
    high: float
    effect_kind: EffectKind
    z: float
    z_own: float
    p_adjusted: float
    stability: float
    verdict: Verdict
    aliases: tuple[str, ...]
    n_aliases: int
    adjusted_for: tuple[Adjustment, ...]
    warnings: tuple[str, ...]
    typical_in: float
    typical_rest: float

    @property
    def stands(self) -> bool:
        """True when the finding is more than a hint."""
        return self.verdict in (SOLID, LIKELY)


@dataclass(frozen=True)
class Discovery:
    """What a search found. ``luck_line`` is the z that the best of shuffled data rarely passes (5 in 100)."""

    outcome: str
    outcome_label: str
    direction: int
    n: int
    n_rules_tried: int
    luck_line: float
    candidates: tuple[Candidate, ...]
    verdict: Verdict
    message: str
    skipped: tuple[tuple[str, str], ...]
    definition: str = ""
    unit: str | None = None
    n_enough: int | None = None
    horizon_months: int | None = None  # horizon of kept shares

    @property
    def standing(self) -> tuple[Candidate, ...]:
        """The candidates that are more than a hint."""
        return tuple(c for c in self.candidates if c.stands)


def discover(
    facts: Facts,
    outcome: str | None = None,
    *,
    direction: int = +1,
    max_conditions: int = 3,
    seed: int = 0,
    permutations: int = 199,
    bootstraps: int = 20,
    within: Segment | None = None,
    attributes: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Discovery:
    """Search the kinds of customer that are better by an outcome, and say how far luck alone would get.

    Parameters
    ----------
    facts
        One row per customer. Customers whose outcome is blank take no part.
    outcome
        A key of ``outcomes.OUTCOMES`` or a column of the facts; None = ``target.default_outcome``.
    direction
        +1 looks for higher outcomes, −1 for lower ones.
    max_conditions
        Longest rule, 1 to 3.
    permutations, bootstraps
        Shuffles of the outcome behind ``p_adjusted``; resamples behind the correction and ``stability``.
    within
        Search only inside this segment.
    attributes
        Use these instead of all criteria: the user's own choice, which overrules the leak guard.
    progress
        Called with (0–1, what is being done); returning False stops the search.

    Returns
    -------
    Discovery
        Up to five candidates, strongest first, hints included (see ``Discovery.standing``); the same
        customers and seed give the same result.

    Raises
    ------
    Cancelled, NotEnoughDataError, UnknownColumnError

    References
    ----------
    Westfall & Young 1993 (max-T), Efron & Gong 1983 (optimism), Webb 2007 (productive rules).
    """
    tell = _teller(progress)
    rows = np.arange(len(facts)) if within is None else np.flatnonzero(members(facts, within))
    if len(rows) < 30:
        raise NotEnoughDataError(
            f"There are {len(rows)} customers to search among; at least 30 are needed. Load more customers."
        )
    aim = target(facts, outcome or default_outcome(facts), rows)
    used, skipped, insisted = _attributes(facts, attributes, aim)
    n, support = len(aim), support_for(len(aim))
    tell(0.02, "Preparing the attributes")
    chosen = selectors(facts, used, aim.rows, support)
    skipped = (*skipped, *chosen.skipped)
    about = _About(facts, aim, direction, insisted)
    if not chosen.conditions or n < 2 * support:
        return _nothing(about, skipped, "No attribute has values shared by enough customers to compare.")
    scores = direction * aim.scores
    if scores[0].std() < 1e-12:
        return _nothing(about, skipped, "All customers have the same outcome, so nothing sets them apart.")
    depth = max(1, min(3, max_conditions))
    # Many small products: threads inside each would only wait for one another.
    with threadpool_limits(limits=1, user_api="blas"):
        return _search(about, chosen, skipped, scores, depth, seed, permutations, bootstraps, tell)


def _search(
    about: _About,
    chosen: Selectors,
    skipped: tuple[tuple[str, str], ...],
    scores: np.ndarray,
    depth: int,
    seed: int,
    permutations: int,
    bootstraps: int,
    tell: Callable[[float, str], None],
) -> Discovery:
    """Search, measure luck, resample, adjust."""
    aim = about.target
    # An own stream: data drawn from the same seed must not be shuffled by the numbers it was drawn with.
    shuffling, resampling = (
        np.random.default_rng(s) for s in np.random.SeedSequence([seed, _OWN_STREAM]).spawn(2)
    )
    space = Space(chosen, support_for(len(aim)), depth)
    scan = space.scan(scores)
    tell(0.10, f"Tried {scan.n_tried:,} rules; measuring what luck can do")
    luck = shuffle_luck(
        chosen, scores, depth, permutations, shuffling,
        lambda done: tell(0.10 + 0.50 * done, "Shuffling outcomes"), space,
    )  # fmt: skip
    found = findings(space, scan, scores, luck)
    resampled = resample(
        chosen, aim, about.direction, found, luck, depth, bootstraps, resampling,
        lambda done: tell(0.60 + 0.35 * done, "Resampling customers"),
    )  # fmt: skip
    line = luck.line(kind_of(found[0].rule, space.is_union) if found else min(2 * depth - 2, 2))
    candidates = []
    for rank, finding in enumerate(found):
        if luck.p_value(finding.news, kind_of(finding.rule, space.is_union)) > _NO_HINT_P:
            continue
        adjusted = adjustments(
            about.facts, chosen, scan, aim.rows, scores[0], finding.members,
            finding.rule, aim.effect(finding.members),
        )  # fmt: skip
        optimism, stability = resampled.optimism[rank], resampled.stability[rank]
        candidates.append(
            _candidate(about, chosen, space, finding, luck, optimism, stability, adjusted, line)
        )
    tell(1.0, "Done")
    return _discovery(about, scan.n_tried, line, tuple(candidates), skipped)


def _teller(progress: Progress | None) -> Callable[[float, str], None]:
    def tell(done: float, text: str) -> None:
        if progress is not None and progress(done, text) is False:
            raise Cancelled("The search was stopped. Start it again whenever you like.")

    return tell


@dataclass(frozen=True, eq=False)
class _About:
    """What all candidates of one search share."""

    facts: Facts
    target: Target
    direction: int
    overruled: dict[str, str]


def _attributes(
    facts: Facts, names: Sequence[str] | None, aim: Target
) -> tuple[list[Attribute], tuple[tuple[str, str], ...], dict[str, str]]:
    """Attributes to search over, those left out with the reason, and leaks the user insists on."""
    leaking, insisted = leaks(facts), overruled(facts)
    if names is not None:
        unknown = [name for name in names if name not in facts.catalogue]
        if unknown:
            raise UnknownColumnError(unknown[0], list(facts.catalogue))
        used = [facts.catalogue[name] for name in names if facts.catalogue[name].kind != "text"]
        text = tuple(
            (n, "Free text cannot be a criterion.") for n in names if facts.catalogue[n].kind == "text"
        )
        return used, text, insisted | {name: leaking[name] for name in names if name in leaking}
    used, skipped = [], []
    for attribute in facts.attributes():
        if attribute.name in leaking:
            skipped.append((attribute.name, leaking[attribute.name]))
        elif attribute.kind == "text":
            skipped.append((attribute.name, "Free text cannot be a criterion."))
        elif attribute.kind == "date" and attribute.leak != "":
            skipped.append((attribute.name, "A date mostly tells how long they have been customers."))
        else:
            used.append(attribute)
    return used, tuple(skipped), insisted


def segment_of(rule: Rule, chosen: Selectors) -> Segment:
    """The rule as a segment, its conditions in the order of the attributes."""
    return Segment(tuple(chosen.conditions[i] for i in rule))


def _candidate(
    about: _About,
    chosen: Selectors,
    space: Space,
    finding: Finding,
    luck: Luck,
    optimism: float,
    stability: float,
    adjusted: tuple[Adjustment, ...],
    line: float,
) -> Candidate:
    aim, catalogue, n = about.target, about.facts.catalogue, int(finding.members.sum())
    kind = kind_of(finding.rule, space.is_union)
    p_value = luck.p_value(finding.news, kind)
    raw = aim.effect(finding.members)
    seen = about.direction * raw
    reduced = seen
    if np.isfinite(seen):
        reduced = about.direction * corrected(
            seen, finding.z, p_value, n, len(aim), optimism, luck.typical(kind)
        )
    # The correction is itself uncertain by about its own size.
    down, up = (float(np.hypot(side, raw - reduced)) for side in aim.error(finding.members))
    low, high = reduced - down, reduced + up
    phrase = verdict(p_value, float(stability), n)
    if phrase == SOLID and low <= 0 <= high:
        # That they differ is sure, but not that the difference is worth a thing.
        phrase = LIKELY
    if p_value <= LIKELY_P:
        # More than a hint: that there is no difference at all is not among the likely values.
        low, high = (max(low, 0.0), high) if about.direction > 0 else (low, min(high, 0.0))
    segment = segment_of(finding.rule, chosen)
    warnings = [a.warning() for a in adjusted if a.warning()]
    warnings += [
        f"“{catalogue[c.attribute].label}” takes part on your word. {about.overruled[c.attribute]}"
        for c in segment.conditions
        if c.attribute in about.overruled
    ]
    return Candidate(
        segment=segment,
        words=segment.words(catalogue),
        n=n,
        share=n / len(aim),
        effect_raw=aim.told(raw),
        effect=aim.told(reduced),
        low=aim.told(low),
        high=aim.told(high),
        effect_kind=aim.effect_kind,
        z=finding.news - luck.line(kind) + line,
        z_own=finding.z,
        p_adjusted=p_value,
        stability=float(stability),
        verdict=phrase,
        aliases=tuple(segment_of(rule, chosen).words(catalogue) for rule in finding.aliases[:_NAMED]),
        n_aliases=len(finding.aliases),
        adjusted_for=tuple(replace(a, effect=aim.told(a.effect)) for a in adjusted),
        warnings=tuple(warnings),
        typical_in=aim.measure(aim.values[finding.members]),
        typical_rest=aim.measure(aim.values[~finding.members]),
    )


def _nothing(about: _About, skipped: tuple, why: str) -> Discovery:
    aim = about.target
    return Discovery(
        aim.outcome, aim.label, about.direction, len(aim), 0, 0.0, (), TOO_FEW, why, skipped,
        aim.definition, aim.unit, None, aim.horizon,
    )  # fmt: skip


def _discovery(
    about: _About, tried: int, line: float, candidates: tuple[Candidate, ...], skipped: tuple
) -> Discovery:
    aim = about.target
    enough = customers_enough(aim, line)
    standing = [c for c in candidates if c.stands]
    better = "better" if about.direction > 0 else "worse"
    whom = "accounts with a decided deal" if aim.outcome == "won" else "customers"
    tried_words = f"{tried:,} {'rule was' if tried == 1 else 'rules were'} tried on {len(aim):,} {whom}"
    if standing:
        count = "One kind" if len(standing) == 1 else f"{len(standing)} kinds"
        message = (
            f"{count} of customer {'is' if len(standing) == 1 else 'are'} clearly {better} by "
            f"“{aim.label}”. {tried_words}; all effects are reduced for luck."
        )
    else:
        message = f"No kind of customer is clearly {better} by “{aim.label}”: {tried_words}, " + (
            "and shuffled data do as well as the best of them." if candidates else "and none stands out."
        )
        if enough:
            message += " " + _enough_words(aim, enough, len(aim))
    best = max((c.verdict for c in candidates), key=dots, default="Hint" if len(aim) >= 100 else TOO_FEW)
    return Discovery(
        aim.outcome, aim.label, about.direction, len(aim), tried, float(line), candidates, best, message,
        skipped, aim.definition, aim.unit, enough, aim.horizon,
    )  # fmt: skip


def customers_enough(aim: Target, line: float) -> int | None:
    """Customers at which four searches in five would find a clear example group (a tenth, twice as good)."""
    spread = aim.spread
    gain = {"ratio": np.log(_EXAMPLE_RATIO), "points": _EXAMPLE_POINTS, "score": 0.5 * spread}[
        aim.effect_kind
    ]
    shift = gain / spread if spread > 1e-9 else 0.0
    if shift <= 0:
        return None
    share = _EXAMPLE_SHARE * (1 - _EXAMPLE_SHARE)
    needed = ((max(line, 3.0) + _POWER_Z) / shift) ** 2 / share
    digits = 10 ** max(0, int(np.log10(needed)) - 1)
    return int(np.ceil(needed / digits) * digits)


def _enough_words(aim: Target, enough: int, n: int) -> str:
    example = {
        "ratio": "worth twice as much",
        "points": "20 points better",
        "score": "half a standard deviation better",
    }[aim.effect_kind]
    if n >= enough:
        return f"A group of one in ten customers, {example}, would very likely have been found."
    return f"To find a group of one in ten customers, {example}, about {enough:,} customers are enough."
