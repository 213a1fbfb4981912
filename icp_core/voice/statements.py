"""From coded sentences to statements: what was said, by how many customers, with how much revenue behind it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.stats.intervals import share_difference, wilson
from icp_core.stats.phrases import HINT, LIKELY, LIKELY_P, MIN_N, SOLID, TOO_FEW, Verdict
from icp_core.stats.tests import benjamini_hochberg
from icp_core.voice.codes import LABELS, lexicon_roles
from icp_core.voice.exact import share_p
from icp_core.voice.phrases import people
from icp_core.voice.words import stem, stop_words, tokens

# Where a code goes in the profile, and the kind of job it is there.
SECTIONS = {
    "job_functional": "jobs",
    "job_emotional": "jobs",
    "job_social": "jobs",
    "pain": "pains",
    "trigger": "triggers",
    "objection": "objections",
    "criterion": "buying_criteria",
    "decision_maker": "buying_roles",
    "channel": "channels",
    "value": "values",
}
_JOB_KINDS = {"job_functional": "Functional", "job_emotional": "Emotional", "job_social": "Social"}
# Interviews stop bringing new themes after about twelve, the main ones are heard within six
# (Guest, Bunce & Johnson 2006, Field Methods 18, 59-82).
SOLID_CUSTOMERS, LIKELY_CUSTOMERS, HINT_CUSTOMERS = 12, 6, 2
# Sentences this alike (cosine of their word weights) say the same thing.
SAME_STATEMENT = 0.3
_MOST_COMPARED, _ROWS_AT_ONCE = 3000, 2000
_QUOTES_KEPT = 5
_READABLE_WORDS = 14


@dataclass(frozen=True)
class VoiceStatement:
    """Sentences of one code that say the same thing; ``text`` is the clearest of them, word for word.

    ``n_customers`` counts distinct customers (people where the customer is unknown), ``share`` is their
    part of all customers with this code (0–1), ``revenue_share`` their part of all revenue (None: not
    known). ``status`` is "accepted" once a person accepted one of the sentences. ``quotes`` have the
    fields of a quote in the profile.
    """

    code: str
    text: str
    n_customers: int
    n_sentences: int
    share: float
    revenue_share: float | None
    verdict: Verdict
    status: str
    desired: str = ""
    impact: str = ""
    role: str = ""
    part: str = ""
    quotes: tuple[dict, ...] = ()
    sources: tuple[str, ...] = ()
    sentence_ids: tuple[str, ...] = ()
    is_own_words: bool = True

    @property
    def section(self) -> str:
        """The list of the profile it belongs in."""
        return SECTIONS[self.code]

    def fields(self) -> dict[str, Any]:
        """The statement in the shape of the profile: keyword arguments of Job, Pain, Trigger, BuyingRole, Share."""
        fields: dict[str, Any] = {
            "text": self.text,
            "evidence": {
                "n": self.n_customers,
                "effect": self.share,
                "effect_kind": "share",
                "verdict": self.verdict,
                "method": f"{_customers(self.n_customers)} "
                + ("said so in their own words" if self.is_own_words else "said so, as the team noted it")
                + "; sentences grouped by likeness, "
                + ("accepted by hand." if self.status == "accepted" else "suggested by cues, not reviewed."),
                "sources": list(self.sources),
                "quotes": [dict(quote) for quote in self.quotes],
                "revenue_share": self.revenue_share,
            },
        }
        if self.code in _JOB_KINDS:
            fields["kind"] = _JOB_KINDS[self.code]
        elif self.code == "pain":
            fields |= {"desired": self.desired, "impact": self.impact}
        elif self.code == "trigger":
            fields["strength"] = _customers(self.n_customers)
        elif self.code == "decision_maker":
            fields |= {"role": self.role, "part": self.part}
        elif self.code in ("criterion", "channel"):
            fields["share"] = self.share
        return fields


def _customers(n: int) -> str:
    return f"{n:,} customer" + ("" if n == 1 else "s")


def statement_verdict(n_customers: int, accepted: bool = True) -> Verdict:
    """How far a statement in customers' words may be trusted, by the number of different customers.

    Twelve or more: Solid; six: Likely; two: Hint; one: Too few to say. What nobody has reviewed is a Hint at most.

    >>> statement_verdict(12), statement_verdict(6), statement_verdict(2), statement_verdict(1)
    ('Solid', 'Likely', 'Hint', 'Too few to say')
    >>> statement_verdict(30, accepted=False)
    'Hint'
    """
    if n_customers < HINT_CUSTOMERS:
        return TOO_FEW
    if not accepted or n_customers < LIKELY_CUSTOMERS:
        return HINT
    return SOLID if n_customers >= SOLID_CUSTOMERS else LIKELY


def statements(
    codes: pd.DataFrame,
    facts: Facts | None = None,
    *,
    accepted_only: bool = False,
    merges: Sequence[Sequence[str]] = (),
    alike: float = SAME_STATEMENT,
) -> tuple[VoiceStatement, ...]:
    """Group the coded sentences that say the same and tell how many customers and how much revenue stand behind.

    ``codes`` as from ``suggest()``; rejected rows never count. ``merges``: lists of sentence ids that the
    user put together. Most customers first, then most revenue, within the order of ``LABELS``.
    """
    kept = codes[codes["status"].isin(["accepted"] if accepted_only else ["accepted", "suggested"])]
    kept = kept.assign(_who=people(kept), impact=kept["impact"].fillna(""))
    revenue, total, about = _behind(facts)
    merged = {sentence_id: i for i, ids in enumerate(merges) for sentence_id in ids}
    found = []
    for code in LABELS:
        part = kept[kept["code"] == code].to_dict("records")
        if not part:
            continue
        n_code = len({row["_who"] for row in part})
        desired = {row["verbatim_id"]: row["sentence"] for row in reversed(part) if row["part"] == "desired"}
        grouped, centre = same_statements([row["sentence"] for row in part], alike)
        grouped = _with_merges(grouped, [merged.get(row["sentence_id"]) for row in part])
        members: dict[int, list[int]] = {}
        for i, group in enumerate(grouped):
            members.setdefault(group, []).append(i)
        for rows in members.values():
            found.append(_statement(code, part, rows, centre, desired, n_code, revenue, total, about))
    order = list(LABELS)
    return tuple(
        sorted(
            found,
            key=lambda s: (
                order.index(s.code),
                -s.n_customers,
                -(s.revenue_share or 0),
                -s.n_sentences,
                s.text,
            ),
        )
    )


def same_statements(texts: Sequence[str], alike: float = SAME_STATEMENT) -> tuple[list[int], np.ndarray]:
    """Group number of each text, and for each text its mean likeness to its group (0–1).

    Word weights are tf-idf on light stems; the text most like others leads, all that are alike enough
    to it join, and so on. The same words in another order of rows give the same groups.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    stops = stop_words()
    words = [
        [stem(w) for w in tokens(text) if w not in stops and len(w) > 2] or [stem(w) for w in tokens(text)]
        for text in texts
    ]
    if not any(words):
        return list(range(len(texts))), np.ones(len(texts))
    matrix = TfidfVectorizer(
        analyzer=lambda ws: ws + [f"{a} {b}" for a, b in zip(ws, ws[1:], strict=False)], sublinear_tf=True
    )
    vectors = matrix.fit_transform(words)
    order = sorted(range(len(texts)), key=lambda i: texts[i])
    # All pairs of very many sentences would not fit; an even part of them finds what there is to say, the others join.
    compared = order[:: -(-len(texts) // _MOST_COMPARED)]
    groups = np.arange(len(texts))
    centre = np.ones(len(texts))
    groups[compared], centre[compared] = _leaders(
        vectors[compared], [texts[i] for i in compared], compared, alike
    )
    others = np.setdiff1d(order, compared)
    leaders = np.unique(groups[compared])
    for start in range(0, len(others), _ROWS_AT_ONCE):
        rows = others[start : start + _ROWS_AT_ONCE]
        likeness = (vectors[rows] @ vectors[leaders].T).toarray()
        best = likeness.argmax(axis=1)
        sure = likeness[np.arange(len(rows)), best]
        joins = sure >= alike
        groups[rows[joins]], centre[rows[joins]] = leaders[best[joins]], sure[joins]
    return groups.tolist(), centre


def _leaders(
    vectors, texts: Sequence[str], names: Sequence[int], alike: float
) -> tuple[np.ndarray, np.ndarray]:
    """The leader of each text, by its name, and the text's mean likeness to its group."""
    likeness = (vectors @ vectors.T).toarray()
    near = (likeness >= alike).sum(axis=1)
    order = sorted(range(len(texts)), key=lambda i: (-near[i], texts[i]))
    group = np.full(len(texts), -1)
    for leader in order:
        if group[leader] >= 0:
            continue
        mine = np.flatnonzero(likeness[leader] >= alike)
        group[mine[group[mine] < 0]] = leader
        group[leader] = leader
    order = np.argsort(group, kind="stable")
    centre = np.ones(len(texts))
    for rows in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        if len(rows) > 1:
            centre[rows] = likeness[np.ix_(rows, rows)].mean(axis=1)
    return np.asarray(names)[group], centre


def _with_merges(groups: list[int], merged: list[int | None]) -> list[int]:
    """The user's merges join whole groups."""
    joined = {group: group for group in groups}
    for number in {m for m in merged if m is not None}:
        members = sorted({joined[g] for g, m in zip(groups, merged, strict=True) if m == number})
        joined = {g: members[0] if target in members else target for g, target in joined.items()}
    return [joined[g] for g in groups]


def _behind(facts: Facts | None) -> tuple[dict, float, dict]:
    """Revenue per customer, its total, and per customer what a quote may show."""
    if facts is None:
        return {}, 0.0, {}
    frame = facts.frame
    about = {}
    wanted = [name for name in ("employee_band", "country", "industry") if name in frame]
    for record in frame[["customer_id", *wanted]].to_dict("records"):
        about[record["customer_id"]] = {k: v for k, v in record.items() if v is not None and v == v}
    if "revenue" not in frame:
        return {}, 0.0, about
    values = frame["revenue"].astype("float64").fillna(0).clip(lower=0)
    return dict(zip(frame["customer_id"], values, strict=True)), float(values.sum()), about


def _statement(code, part, rows, centre, desired, n_code, revenue, total, about) -> VoiceStatement:
    """One group of sentences (``rows`` of the records ``part``), the clearest sentence first."""
    ranked = sorted(rows, key=lambda i: (-_clearness(part[i], centre[i]), part[i]["sentence"]))
    group = [part[i] for i in ranked]
    best = group[0]
    customers = {row["customer_id"] for row in group if _filled(row["customer_id"])}
    by_person: dict = {}
    for row in group:
        by_person.setdefault(row["_who"], row)
    speakers = list(by_person.values())
    impacts = sorted((row["impact_amount"], row["impact"]) for row in group if row["impact"])
    wanted = [desired[row["verbatim_id"]] for row in group if row["verbatim_id"] in desired]
    if best["part"] == "desired":
        wanted = []
    accepted = any(row["status"] == "accepted" for row in group)
    role, role_part = _role(best["sentence"]) if code == "decision_maker" else ("", "")
    n = len(by_person)
    return VoiceStatement(
        code=code,
        text=_as_statement(best["sentence"]),
        n_customers=n,
        n_sentences=len(group),
        share=n / n_code,
        revenue_share=sum(revenue.get(c, 0.0) for c in customers) / total if total else None,
        verdict=statement_verdict(n, accepted),
        status="accepted" if accepted else "suggested",
        desired=_as_statement(wanted[0]) if wanted else "",
        impact=impacts[len(impacts) // 2][1] if impacts else "",
        role=role,
        part=role_part,
        quotes=tuple(_quote(row, about) for row in speakers[:_QUOTES_KEPT]),
        sources=tuple(sorted({str(row["source"]) for row in group})),
        sentence_ids=tuple(part[i]["sentence_id"] for i in rows),
        is_own_words=any(row["kind"] != "note" for row in group),
    )


def _clearness(row: Mapping, centre: float) -> float:
    """How well a sentence stands for its group: central, sure, of a readable length, with a cost named."""
    value = (
        centre + 0.5 * row["confidence"] + 0.3 * (row["status"] == "accepted") + 0.15 * bool(row["impact"])
    )
    # What a customer wrote or said goes before what a colleague noted.
    value -= 0.25 * (row["kind"] == "note")
    return value - 0.02 * abs(len(tokens(row["sentence"])) - _READABLE_WORDS)


def _filled(value) -> bool:
    return value is not None and value == value and value != ""


_LABELLED = re.compile(r"^[A-Z][\w ]{2,20}:\s+(?=\w)")


def _as_statement(sentence: str) -> str:
    """The words as a line of their own: without a note taker's label, with a capital."""
    text = _LABELLED.sub("", sentence.strip())
    return text[:1].upper() + text[1:]


def _role(sentence: str) -> tuple[str, str]:
    """Who is named, and the part they play: Signs, Can veto, Champion, Uses it."""
    pattern, parts = lexicon_roles()
    match = pattern.search(sentence)
    if not match:
        return "", ""
    name = re.sub(r"^(?:my|our|the)\s+", "", match[0].strip(), flags=re.IGNORECASE)
    name = name.upper() if re.fullmatch(r"(?i)c[a-z]o", name) else name[:1].upper() + name[1:]
    return name, next((part for part, sign in parts.items() if sign.search(sentence)), "")


def _quote(row: Mapping, about: Mapping[str, Mapping]) -> dict:
    known = about.get(row["customer_id"], {})
    source = str(row["source"])
    said_on = row["said_on"]
    if said_on is not None and said_on == said_on:
        source += f", {pd.Timestamp(said_on):%b %Y}"
    role = str(row["role"]) if _filled(row.get("role")) else ""
    if row["kind"] == "note":
        role = f"noted by {role}" if role else "noted by the team"
    return {
        "text": row["sentence"],
        "role": role,
        "company_size": f"{known['employee_band']} employees" if known.get("employee_band") else "",
        "place": str(known.get("country", "")),
        "source": source,
        "customer_id": row["customer_id"] if _filled(row["customer_id"]) else None,
        "person": str(row["speaker"]) if _filled(row["speaker"]) else None,
    }


def codes_by_segment(
    codes: pd.DataFrame, facts: Facts, mask: np.ndarray, spoken: Collection[str]
) -> pd.DataFrame:
    """How often each code comes up inside the segment and in the rest, among customers who spoke.

    ``mask``: boolean over the customers of ``facts``; ``spoken``: customers who said anything, with a code or
    without. One row per code that occurs, in the order of
    ``LABELS``: ``code, label, n, n_heard, share, low, high, n_rest, n_rest_heard, share_rest, low_rest,
    high_rest, difference, difference_low, difference_high, p_value, p_adjusted, stands``. Shares are 0–1;
    p-values are corrected for the number of codes.
    """
    known = facts.frame["customer_id"]
    inside = set(known[np.asarray(mask, bool)])
    live = codes[codes["status"].ne("rejected") & codes["customer_id"].isin(set(known))]
    heard = set(known) & set(spoken) | set(live["customer_id"])
    n_in, n_out = len(heard & inside), len(heard - inside)
    rows = []
    for code, label in LABELS.items():
        said = set(live.loc[live["code"] == code, "customer_id"])
        if not said:
            continue
        a, b = len(said & inside), len(said - inside)
        (low, high), (low_rest, high_rest) = wilson(a, n_in), wilson(b, n_out)
        gap = share_difference(a, n_in, b, n_out)
        p_value = share_p(a, n_in, b, n_out)
        share, rest = a / n_in if n_in else np.nan, b / n_out if n_out else np.nan
        rows.append(
            [code, label, a, n_in, share, low, high, b, n_out, rest, low_rest, high_rest]
            + [share - rest, gap.low, gap.high, p_value]
        )
    columns = "code label n n_heard share low high n_rest n_rest_heard share_rest low_rest high_rest".split()
    frame = pd.DataFrame(
        rows, columns=[*columns, "difference", "difference_low", "difference_high", "p_value"]
    )
    frame["p_adjusted"] = benjamini_hochberg(frame["p_value"]) if len(frame) else []
    frame["stands"] = (frame["p_adjusted"] <= LIKELY_P) & (min(n_in, n_out) >= MIN_N)
    return frame


def codes_across(
    codes: pd.DataFrame, facts: Facts, groups: Mapping[str, np.ndarray], spoken: Collection[str]
) -> pd.DataFrame:
    """How often each code comes up in several groups of customers, overlapping or not.

    ``groups``: name → boolean over the customers of ``facts``; ``spoken`` as in ``codes_by_segment``. One row per
    code that occurs and group: ``code, label, group, n, n_heard, share, revenue_share`` (of all revenue, that of the
    ``n`` customers; blank when not known).
    """
    known = facts.frame["customer_id"]
    revenue, total, _ = _behind(facts)
    live = codes[codes["status"].ne("rejected") & codes["customer_id"].isin(set(known))]
    heard = set(known) & set(spoken) | set(live["customer_id"])
    rows = []
    for code, label in LABELS.items():
        said = set(live.loc[live["code"] == code, "customer_id"])
        for name, mask in groups.items() if said else ():
            inside = set(known[np.asarray(mask, bool)])
            n, n_heard = len(said & inside), len(heard & inside)
            worth = sum(revenue.get(c, 0.0) for c in said & inside) / total if total else np.nan
            rows.append([code, label, name, n, n_heard, n / n_heard if n_heard else np.nan, worth])
    return pd.DataFrame(rows, columns="code label group n n_heard share revenue_share".split())
