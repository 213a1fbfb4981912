"""Sentences suggested as job, pain, trigger, objection …: by transparent cues, then by what people decided."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from icp_core.voice.words import cleaned, language_of, languages_met, sentences, stem, tokens

LABELS = {
    "job_functional": "Job (functional)",
    "job_emotional": "Job (emotional)",
    "job_social": "Job (social)",
    "pain": "Pain",
    "trigger": "Trigger",
    "objection": "Objection",
    "criterion": "Criterion",
    "decision_maker": "Decision maker",
    "channel": "Channel",
    "value": "Value",
}
PARTS = ("situation", "desired", "impact")
# A weaker suggestion would waste the reader's time; a second code on one sentence must be surer still.
LEAST_CONFIDENCE, SECOND_CONFIDENCE = 0.45, 0.55
# Fewer decided sentences teach nothing (METHODS: F1 .37 at 200 labels); each code needs some yes and some no.
LEAST_LABELS, LEAST_EACH = 30, 5
LEARNED_CONFIDENCE = 0.65
# The question gives meaning to the first sentences of an answer only.
# (alone it suffices for the first two only).
_SENTENCES_UNDER_A_QUESTION, _SENTENCES_BY_QUESTION_ALONE = 4, 2
_TELL_EVERY = 200  # sentences
# "That was the moment." says nothing without the sentence before it.
_POINTS_BACK = re.compile(r"(?:that|this|those|das|dies|cela|c'est|eso|esto)\b", re.IGNORECASE)
_POINTING_WORDS = 7
_CALLS_TO_TELL = re.compile(
    r"(?:and |so |ok(?:ay)?,? |then )?(?:tell me|walk me|talk me|describe|explain|erzählen sie|beschreiben sie|racontez|décrivez|"
    r"cuénteme|cuéntame|describa)\b",
    re.IGNORECASE,
)
# Outside a question, this many words say something; "Yes, by hand." does not stand alone.
_LEAST_WORDS = 4


@dataclass(frozen=True)
class Cue:
    """One sign in a sentence (or, with ``asks``, in the question before it) that suggests a code."""

    code: str
    part: str
    name: str
    weight: float
    pattern: re.Pattern
    unless: re.Pattern | None
    asks: bool


@cache
def _lexicon(language: str) -> dict:
    source = files(__package__).joinpath("cues", f"{language}.toml")
    if not re.fullmatch(r"[a-z]{2}", language) or not source.is_file():
        return {}
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def lexicon_fingerprint() -> str:
    """Changes when any cue does."""
    folder = files(__package__).joinpath("cues")
    texts = [entry.read_bytes() for entry in sorted(folder.iterdir(), key=lambda e: e.name)]
    return hashlib.sha1(b"".join(texts), usedforsecurity=False).hexdigest()[:12]


@cache
def cues(language: str) -> tuple[Cue, ...]:
    """The cues of a language (en, de, fr, es); none for others."""
    return tuple(
        Cue(
            code=entry["code"],
            part=entry.get("part", ""),
            name=entry["name"],
            weight=float(entry["weight"]),
            pattern=re.compile(entry["pattern"], re.IGNORECASE),
            unless=re.compile(entry["unless"], re.IGNORECASE) if "unless" in entry else None,
            asks=bool(entry.get("asks", False)),
        )
        for entry in _lexicon(language).get("cue", ())
    )


@cache
def _vetoes(language: str) -> dict[str, re.Pattern]:
    """Per code the words that withdraw all its cues but those of the past ("used to cost")."""
    return {
        code: re.compile(pattern, re.IGNORECASE)
        for code, pattern in _lexicon(language).get("veto", {}).items()
    }


@dataclass(frozen=True)
class _Praise:
    """Praise without a "but": withdraws codes that are less sure than ``below``."""

    codes: frozenset[str]
    below: float
    words: re.Pattern
    but: re.Pattern

    def is_all_of(self, sentence: str) -> bool:
        return bool(self.words.search(sentence)) and not self.but.search(sentence)


@cache
def _praise(language: str) -> _Praise | None:
    entry = _lexicon(language).get("praise")
    if entry is None:
        return None
    words, but = (re.compile(entry[name], re.IGNORECASE) for name in ("words", "but"))
    return _Praise(frozenset(entry["codes"]), float(entry["below"]), words, but)


@cache
def lexicon_roles() -> tuple[re.Pattern, dict[str, re.Pattern]]:
    """How roles are named in English, and the signs of the part they play in a decision."""
    roles = _lexicon("en")["roles"]
    return re.compile(roles["role"], re.IGNORECASE), {
        part: re.compile(sign, re.IGNORECASE) for part, sign in roles["parts"].items()
    }


@dataclass(frozen=True)
class Impact:
    """A cost named in words: ``kind`` hours | money | percent | count, ``words`` "€40k a year"."""

    kind: str
    amount: float
    words: str


_NUMBER = r"(?:\d{1,3}(?:[.,\s]\d{3})+|\d+(?:[.,]\d+)?)"
_WORD_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "half a": 0.5, "half an": 0.5,
}  # fmt: skip
_SAID_NUMBER = "|".join(sorted((w for w in _WORD_NUMBERS if w not in ("a", "an")), key=len, reverse=True))
_PER = (
    r"(?:\s*(?:(?:every|each|a|an|per|/|in a|pro|jede[nrs]?|par|por|al?)\s*(?:single\s)?(?:hour|day|morning|night|week|month|quarter|"
    r"year|order|customer|route|planner|person|truck|site|tag|woche|monat|jahr|jour|semaine|mois|an|día|semana|mes|año)|daily|weekly|monthly|yearly))?"
)
_TIME = re.compile(
    rf"\b(?P<n>{_NUMBER}|{_SAID_NUMBER})(?:\s*(?:to|or|-|–)\s*(?P<m>{_NUMBER}|{_SAID_NUMBER}))?(?:\s|-)*"
    rf"(?P<unit>hours?|hrs?|h|days?|weeks?|minutes?|mins?|months?|stunden?|tage?|minuten|heures?|jours?|horas?|días?)\b{_PER}",
    re.IGNORECASE,
)
_MONEY = re.compile(
    rf"(?:(?P<sign>[€$£¥]|\b(?:EUR|USD|GBP|CHF)\b)\s?(?P<n>{_NUMBER})\s?(?P<k>k|m|bn|thousand|million|mio)?\b"
    rf"|\b(?P<n2>{_NUMBER})\s?(?P<k2>k|m|bn|thousand|million|mio\.?)?\s?(?P<sign2>[€$£]|\b(?:euros?|dollars?|pounds?|EUR|USD|GBP|CHF)\b)){_PER}",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    rf"\b(?P<n>{_NUMBER})\s?(?:%|percent\b|per cent\b|prozent\b|pour cent\b|por ciento\b)", re.IGNORECASE
)
_HOURS = {"h": 1.0, "d": 8.0, "w": 40.0, "m": 1 / 60, "s": 1.0, "t": 8.0, "j": 8.0}


def _amount(text: str) -> float:
    text = text.strip().lower()
    if text in _WORD_NUMBERS:
        return float(_WORD_NUMBERS[text])
    if re.fullmatch(r"\d{1,3}(?:[.,\s]\d{3})+", text):
        return float(re.sub(r"\D", "", text))
    return float(text.replace(",", "."))


def impacts(text: str) -> tuple[Impact, ...]:
    """Hours, money and percentages a text names, in the order they stand.

    Time is in working hours (a day 8, a week 40); of a range the mean.

    >>> [(i.kind, i.amount, i.words) for i in impacts("We lose 11 hours a week and about €40k a year, 12 % of it avoidable")]
    [('hours', 11.0, '11 hours a week'), ('money', 40000.0, '€40k a year'), ('percent', 0.12, '12 %')]
    """
    found = []
    for match in _TIME.finditer(text):
        n = _amount(match["n"])
        mean = (n + _amount(match["m"])) / 2 if match["m"] else n
        unit = match["unit"].lower()
        rate = 160.0 if unit.startswith("month") else _HOURS[unit[0]]
        found.append((match.start(), Impact("hours", round(mean * rate, 4), match[0].strip())))
    for match in _MONEY.finditer(text):
        factor = (match["k"] or match["k2"] or "").lower().rstrip(".")
        scale = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "mio": 1e6, "bn": 1e9}.get(factor, 1.0)
        found.append(
            (match.start(), Impact("money", _amount(match["n"] or match["n2"]) * scale, match[0].strip()))
        )
    for match in _PERCENT.finditer(text):
        found.append((match.start(), Impact("percent", _amount(match["n"]) / 100, match[0].strip())))
    return tuple(impact for _, impact in sorted(found, key=lambda item: item[0]))


SUGGESTION_COLUMNS = [
    "sentence_id", "verbatim_id", "customer_id", "source", "role", "speaker", "said_on", "kind", "sentence", "position",
    "code", "part", "cue", "matched", "confidence", "status", "impact", "impact_kind", "impact_amount", "respondent",
]  # fmt: skip


def sentence_frame(verbatims: pd.DataFrame) -> pd.DataFrame:
    """One row per sentence of a customer (or of a note), with the question it answers.

    Adds ``sentence_id`` (stable), ``sentence``, ``position`` (0 = first), ``own`` (without the sentence
    before it that a "That was …" points to) and ``asked`` (the question of the survey, or the interviewer's last) to the columns of ``verbatims``.
    """
    rows, asked, source = [], "", None
    for record in verbatims.to_dict("records"):
        if record.get("kind") == "interview":
            if record["source"] != source:
                asked, source = "", record["source"]
            if not record.get("by_customer", True):
                asked = _question_in(record["text"], asked)
                continue
            question = asked
        else:
            question = record.get("question") or ""
        before = ""
        for position, sentence in enumerate(sentences(cleaned(record["text"]))):
            own = sentence
            if before and _POINTS_BACK.match(own) and len(tokens(own)) <= _POINTING_WORDS:
                sentence = f"{before} {own}"
            # "Oh yes." is no context of its own: it stays together with what it follows.
            before = own if len(tokens(own)) >= _LEAST_WORDS else f"{before} {own}".strip()
            digest = hashlib.sha1(
                f"{record['verbatim_id']}\x1f{position}\x1f{own}".encode(), usedforsecurity=False
            ).hexdigest()[:16]
            row = {**record, "sentence_id": digest, "sentence": sentence, "own": own, "position": position}
            rows.append(row | {"asked": question})
    columns = [*verbatims.columns, "sentence_id", "sentence", "own", "position", "asked"]
    return pd.DataFrame(rows, columns=columns)


def _question_in(said: str, before: str) -> str:
    """What an interviewer's turn asks: its last question, or its call to tell; a nod ("I see.") leaves the one before."""
    parts = sentences(cleaned(said))
    asking = [part for part in parts if part.endswith("?") or _CALLS_TO_TELL.match(part)]
    if asking:
        return " ".join(asking[-2:])
    return before if len(tokens(said)) < _LEAST_WORDS else ""


def suggest(
    verbatims: pd.DataFrame,
    decisions: Sequence[Mapping] = (),
    *,
    language: str | None = None,
    seed: int = 0,
    progress: Callable[[float, str], object] | None = None,
) -> pd.DataFrame:
    """Suggested codes of every sentence that carries a cue, and the decisions already made.

    Parameters
    ----------
    verbatims
        As from ``verbatims()``.
    decisions
        In the order made, the last of a sentence and code wins: ``{"sentence_id", "code", "verdict":
        "accepted" | "rejected" | "changed" | "added", "new_code"?, "part"?, "text"?, "verbatim_id"?}``. "changed"
        puts ``new_code`` in place of ``code``; "added" codes words the user selected (``text`` of
        ``verbatim_id``). From 30 decided sentences on they teach the suggestions.
    language
        "en", "de", "fr", "es"; told from each text when not given.
    progress
        Is told the share done (0–1) and what is done now; what it raises stops the work.

    Returns
    -------
    pandas.DataFrame
        One row per sentence and code, in reading order: who said it, ``sentence``, ``code``, ``part`` (of a
        pain), ``cue`` (why it is suggested, in words), ``matched`` (the words that fired), ``confidence``
        (0–1), ``status`` (suggested | accepted | rejected), ``impact`` (words, blank when none is named),
        ``impact_kind``, ``impact_amount``.
    """
    if progress is not None:
        progress(0.0, "Taking texts apart")
    frame = sentence_frame(verbatims)
    rows = []
    usual = language or next(iter(languages_met(verbatims["text"].astype(str).iloc[:300])), "en")
    for i, record in enumerate(frame.to_dict("records")):
        if progress is not None and i % _TELL_EVERY == 0:
            progress(0.1 + 0.75 * i / len(frame), "Looking for jobs, pains and triggers")
        spoken = language or _language(record["text"], usual)
        rows.extend(_coded(record, spoken))
    if progress is not None:
        progress(0.85, "Learning from what was decided")
    found = pd.DataFrame(rows, columns=SUGGESTION_COLUMNS)
    found = _learned(found, frame, decisions, seed)
    return _decided(found, frame, decisions)


def _language(text: str, usual: str) -> str:
    told = language_of([text]) if len(text) > 40 else None
    return told if told and cues(told) else usual


def _coded(record: Mapping, language: str) -> list[dict]:
    """Rows of one sentence: its best code, and a second one that is sure enough."""
    # Cues are written with a plain apostrophe; phones and word processors write another one.
    sentence = record["own"].replace("’", "'")
    n_words = len(tokens(sentence))
    is_question = sentence.rstrip("\"'”’").endswith("?")
    points_nowhere = record["sentence"] == record["own"] and n_words <= 5 and _POINTS_BACK.match(sentence)
    if n_words < _LEAST_WORDS or is_question or points_nowhere:
        return []
    doubt: dict[str, float] = {}
    fired: dict[str, list[tuple[float, Cue, str]]] = {}
    for cue in cues(language):
        if cue.asks:
            if not record["asked"] or record["position"] >= _SENTENCES_UNDER_A_QUESTION:
                continue
            match = cue.pattern.search(record["asked"])
            words = ""
        else:
            match = cue.pattern.search(sentence)
            words = match[0].strip() if match else ""
        if not match or (cue.unless is not None and cue.unless.search(sentence)):
            continue
        doubt[cue.code] = doubt.get(cue.code, 1.0) * (1 - cue.weight)
        fired.setdefault(cue.code, []).append((cue.weight, cue, words))
    for code, pattern in _vetoes(language).items():
        if code in doubt and pattern.search(sentence):
            del doubt[code]
    named = impacts(sentence)
    if named and "pain" in doubt:
        doubt["pain"] *= 0.75
    praise = _praise(language)
    if praise is not None and praise.is_all_of(sentence):
        doubt = {c: d for c, d in doubt.items() if c not in praise.codes or 1 - d >= praise.below}
    ranked = sorted(
        ((1 - value, code) for code, value in doubt.items()), key=lambda item: (-item[0], item[1])
    )
    rows = []
    for rank, (confidence, code) in enumerate(ranked[:2]):
        if confidence < (SECOND_CONFIDENCE if rank else LEAST_CONFIDENCE):
            continue
        if all(cue.asks for _, cue, _ in fired[code]) and record["position"] >= _SENTENCES_BY_QUESTION_ALONE:
            continue
        strongest = sorted(fired[code], key=lambda item: -item[0])
        part = next((cue.part for _, cue, _ in strongest if cue.part), "")
        row = {name: record.get(name) for name in SUGGESTION_COLUMNS}
        row |= {
            "code": code,
            "part": part,
            "cue": "; ".join(dict.fromkeys(cue.name for _, cue, _ in strongest)),
            "matched": "; ".join(dict.fromkeys(words for _, _, words in strongest if words)),
            "confidence": round(confidence, 3),
            "status": "suggested",
        }
        rows.append(row | _impact_of(named if code == "pain" else ()))
    return rows


def _impact_of(named: Sequence[Impact]) -> dict:
    # Money says more than hours, hours more than a percentage of something unnamed.
    order = {"money": 0, "hours": 1, "percent": 2}
    best = min(named, key=lambda impact: order[impact.kind], default=None)
    if best is None:
        return {"impact": "", "impact_kind": "", "impact_amount": np.nan}
    return {"impact": best.words, "impact_kind": best.kind, "impact_amount": best.amount}


def _final(decisions: Iterable[Mapping]) -> dict[tuple[str, str], Mapping]:
    """The last decision of each sentence and code; added ones by their own words."""
    return {(d.get("sentence_id") or _added_id(d), d["code"]): d for d in decisions}


def _added_id(decision: Mapping) -> str:
    basis = f"{decision.get('verbatim_id', '')}\x1f{decision.get('text', '')}"
    return hashlib.sha1(basis.encode(), usedforsecurity=False).hexdigest()[:16]


def _decided(found: pd.DataFrame, frame: pd.DataFrame, decisions: Sequence[Mapping]) -> pd.DataFrame:
    """Put the user's decisions over the suggestions; what they added stands too."""
    records = found.to_dict("records")
    at = {(row["sentence_id"], row["code"]): row for row in records}
    by_sentence = {row["sentence_id"]: row for row in frame.to_dict("records")}
    by_verbatim = {row["verbatim_id"]: row for row in frame.to_dict("records")[::-1]}
    for (sentence_id, code), decision in _final(decisions).items():
        row = at.get((sentence_id, code))
        if decision["verdict"] == "rejected":
            if row is not None:
                row["status"] = "rejected"
            continue
        new_code = decision.get("new_code") or code
        if row is None:
            base = by_sentence.get(sentence_id) or by_verbatim.get(decision.get("verbatim_id"))
            if base is None:  # the text is no longer loaded; the decision waits for it
                continue
            row = {name: base.get(name) for name in SUGGESTION_COLUMNS}
            row |= {"sentence_id": sentence_id, "sentence": decision.get("text") or base["sentence"]}
            row |= {"cue": "chosen by hand", "matched": "", "part": ""}
            row |= _impact_of(impacts(row["sentence"]) if new_code == "pain" else ())
            records.append(row)
        twin = at.get((sentence_id, new_code))
        if twin is not None and twin is not row:
            twin["status"] = "rejected"
        if new_code == "pain":
            row |= _impact_of(impacts(row["sentence"]))
        row |= {"code": new_code, "status": "accepted", "confidence": 1.0}
        row["part"] = decision.get("part") or (row["part"] or "situation" if new_code == "pain" else "")
    return pd.DataFrame(records, columns=SUGGESTION_COLUMNS).reset_index(drop=True)


def labels_of(frame: pd.DataFrame, decisions: Sequence[Mapping]) -> pd.DataFrame:
    """What the decisions say about sentences: ``sentence``, ``code``, ``yes``, one row per sentence and code."""
    known = dict(zip(frame["sentence_id"], frame["sentence"], strict=True))
    rows = []
    for (sentence_id, code), decision in _final(decisions).items():
        sentence = decision.get("text") or known.get(sentence_id)
        if not sentence:
            continue
        final = decision.get("new_code") or code
        if decision["verdict"] == "rejected" or final != code:
            rows.append((sentence, code, False))
        if decision["verdict"] != "rejected":
            rows.append((sentence, final, True))
    return pd.DataFrame(rows, columns=["sentence", "code", "yes"]).drop_duplicates(ignore_index=True)


def _learned(
    found: pd.DataFrame, frame: pd.DataFrame, decisions: Sequence[Mapping], seed: int
) -> pd.DataFrame:
    """Mix the cues' confidence with what the decided sentences teach; add sentences that look like accepted ones."""
    labels = labels_of(frame, decisions)
    if labels["sentence"].nunique() < LEAST_LABELS or frame.empty:
        return found
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectors = TfidfVectorizer(
        tokenizer=lambda text: [stem(word) for word in tokens(text)], token_pattern=None, lowercase=False,
        ngram_range=(1, 2), sublinear_tf=True, min_df=1,
    )  # fmt: skip
    vectors.fit(pd.concat([labels["sentence"], frame["sentence"]], ignore_index=True))
    matrix = vectors.transform(frame["sentence"])
    row_of = {sentence_id: i for i, sentence_id in enumerate(frame["sentence_id"])}
    extra = []
    for code, part in labels.groupby("code", sort=True):
        accepted = set(part.loc[part["yes"], "sentence"])
        # A sentence accepted for another code says no to this one, unless it was accepted here as well.
        refused = (
            set(labels.loc[labels["yes"], "sentence"]) | set(part.loc[~part["yes"], "sentence"])
        ) - accepted
        if min(len(accepted), len(refused)) < LEAST_EACH:
            continue
        texts = sorted(accepted) + sorted(refused)
        model = LogisticRegression(C=4.0, class_weight="balanced", random_state=seed, max_iter=500)
        model.fit(vectors.transform(texts), [True] * len(accepted) + [False] * len(refused))
        sure = model.predict_proba(matrix)[:, 1]
        mine = found["code"].eq(code)
        at = [row_of[s] for s in found.loc[mine, "sentence_id"]]
        found.loc[mine, "confidence"] = np.round((found.loc[mine, "confidence"] + sure[at]) / 2, 3)
        suggested = set(found.loc[mine, "sentence_id"])
        for i in np.flatnonzero(sure >= LEARNED_CONFIDENCE):
            record = frame.iloc[i]
            if record["sentence_id"] in suggested or len(tokens(record["sentence"])) < _LEAST_WORDS:
                continue
            row = {name: record.get(name) for name in SUGGESTION_COLUMNS}
            row |= {
                "code": code,
                "part": "situation" if code == "pain" else "",
                "cue": "like sentences you accepted",
            }
            row |= {"matched": "", "confidence": round(float(sure[i]) / 2 + 0.2, 3), "status": "suggested"}
            extra.append(row | _impact_of(impacts(record["sentence"]) if code == "pain" else ()))
    if extra:
        found = pd.concat([found, pd.DataFrame(extra, columns=SUGGESTION_COLUMNS)], ignore_index=True)
        order = found["sentence_id"].map(row_of)
        found = found.iloc[np.lexsort((-found["confidence"], order))].reset_index(drop=True)
    return found[found["confidence"] >= LEAST_CONFIDENCE / 2].reset_index(drop=True)
