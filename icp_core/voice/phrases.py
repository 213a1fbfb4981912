"""Phrases that several customers use, and those that set the best customers apart, ready to quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

import numpy as np
import pandas as pd
from scipy.stats import norm

from icp_core.facts.catalogue import Facts
from icp_core.stats.phrases import LIKELY_P
from icp_core.stats.tests import benjamini_hochberg
from icp_core.voice.words import cleaned, languages_met, stop_words

LONGEST = 4  # words
# A phrase is dropped when a longer one is said by this share of its people: "hours a week" for "a week".
CLOSED_SHARE = 0.8
# Weight of the common background in the contrast, as a share of everything said (Monroe 2008, informative prior).
_PRIOR_SHARE = 0.1
_TELL_EVERY = 500  # texts
Progress = Callable[[float, str], object]
_CLAUSE_END = re.compile(r"[.,;:!?()\[\]{}\"“”…|/\n]+|\s[-–—]\s")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


def people(verbatims: pd.DataFrame) -> pd.Series:
    """Who speaks, as one key a row: the customer, else the speaker, else the survey's row, else the text itself."""
    who = verbatims["customer_id"].astype(object)
    who = who.where(who.notna(), None)
    for name, prefix in (("speaker", "speaker "), ("respondent", ""), ("verbatim_id", "text ")):
        if name in verbatims:
            named = verbatims[name].astype(object)
            who = who.where(who.notna(), (prefix + named.astype(str)).where(named.notna(), None))
    return who


def grams(text: str, stops: Collection[str], shortest: int = 2, longest: int = LONGEST) -> set[str]:
    """Word groups of a text that lie within one clause and neither start nor end with a stop word.

    >>> sorted(grams("It takes hours a week, sadly", {"a", "it"}))
    ['hours a week', 'takes hours', 'takes hours a week']
    """
    found = set()
    for clause in _CLAUSE_END.split(cleaned(text).lower().replace("’", "'")):
        words = _WORD.findall(clause)
        content = [word not in stops and len(word) > 1 and not word.isdigit() for word in words]
        for start, starts_well in enumerate(content):
            if not starts_well:
                continue
            for stop in range(start + shortest, min(start + longest, len(words)) + 1):
                if content[stop - 1]:
                    found.add(" ".join(words[start:stop]))
    return found


def _stops(texts: Iterable[str]) -> frozenset[str]:
    return stop_words(*(languages_met(texts) or ("en",)))


def _said_by(
    verbatims: pd.DataFrame, shortest: int, progress: Progress | None
) -> tuple[dict[str, dict], pd.Series]:
    """Phrase → {person: position of the first text}, and the person of every row."""
    who = people(verbatims)
    texts = verbatims["text"].fillna("").astype(str)
    stops = _stops(texts.iloc[:: max(1, len(texts) // 400)])
    said: dict[str, dict] = {}
    for position, (person, text) in enumerate(zip(who, texts, strict=True)):
        if progress is not None and position % _TELL_EVERY == 0:
            progress(0.8 * position / len(texts), "Comparing phrases")
        for phrase in grams(text, stops, shortest):
            said.setdefault(phrase, {}).setdefault(person, position)
    return said, who


def shared_phrases(
    verbatims: pd.DataFrame,
    facts: Facts | None = None,
    *,
    least: int = 2,
    most: int | None = 100,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Phrases of two to four words said by at least ``least`` different people, most shared first.

    ``verbatims`` as from ``verbatims()``; only rows said by customers (or noted by the team) count when
    it has ``by_customer``. Phrases inside a longer one that the same people say are left out. Columns:
    ``phrase, n_people, n_customers, share_people`` (of all who spoke), ``revenue_share`` (of the customers
    behind it, blank without facts), ``example`` (the shortest text with it), ``example_id``,
    ``verbatim_ids`` (tuple). ``progress`` is told the share done and what is done now; what it raises stops the work.
    """
    verbatims = _customers_only(verbatims)
    said, who = _said_by(verbatims, 2, progress)
    kept = {phrase: holders for phrase, holders in said.items() if len(holders) >= least}
    kept = _stitched(_closed(kept), verbatims["text"].fillna("").astype(str).to_numpy(object))
    revenue, total = _revenue(facts)
    customers = verbatims["customer_id"].to_numpy(object)
    texts = verbatims["text"].fillna("").astype(str).to_numpy(object)
    ids = verbatims["verbatim_id"].to_numpy(object)
    n_all = max(who.nunique(), 1)
    ordered = sorted(kept.items(), key=lambda item: (-len(item[1]), -item[0].count(" "), item[0]))
    rows = []
    for phrase, holders in ordered[:most]:
        at = list(holders.values())
        behind = {customers[i] for i in at if customers[i] is not None and customers[i] == customers[i]}
        example = min(at, key=lambda i: (len(texts[i]) < 25, len(texts[i]), i))
        share = sum(revenue.get(c, 0.0) for c in behind) / total if total else np.nan
        rows.append(
            [phrase, len(holders), len(behind), len(holders) / n_all, share]
            + [texts[example], ids[example], tuple(ids[i] for i in at)]
        )
    columns = ["phrase", "n_people", "n_customers", "share_people", "revenue_share", "example", "example_id"]
    return pd.DataFrame(rows, columns=[*columns, "verbatim_ids"])


def _customers_only(verbatims: pd.DataFrame) -> pd.DataFrame:
    if "by_customer" not in verbatims:
        return verbatims
    return verbatims[verbatims["by_customer"].astype(bool) | verbatims["kind"].eq("note")].reset_index(
        drop=True
    )


def _closed(said: dict[str, dict]) -> dict[str, dict]:
    """Only phrases that no longer phrase says almost as often."""
    covered = set()
    for phrase, holders in said.items():
        words = phrase.split(" ")
        for size in range(1, len(words)):
            for start in range(len(words) - size + 1):
                shorter = " ".join(words[start : start + size])
                inside = said.get(shorter)
                if inside is not None and len(inside.keys() & holders.keys()) >= CLOSED_SHARE * len(inside):
                    covered.add(shorter)
    return {phrase: holders for phrase, holders in said.items() if phrase not in covered}


def _stitched(said: dict[str, dict], texts: np.ndarray) -> dict[str, dict]:
    """Phrases of the very same texts that overlap become one: "tax adviser asks for another export"."""
    together: dict[tuple, list[str]] = {}
    for phrase, holders in said.items():
        together.setdefault(tuple(sorted(holders.values())), []).append(phrase)
    result = {}
    for at, phrases in together.items():
        joined = _join(phrases, [_flat(texts[i]) for i in at]) if len(phrases) > 1 else phrases
        result |= {phrase: said[phrases[0]] for phrase in joined}
    return result


def _flat(text: str) -> str:
    return " ".join(_WORD.findall(cleaned(text).lower().replace("’", "'")))


def _join(phrases: list[str], flat: list[str]) -> list[str]:
    """Overlapping phrases of the first text joined, where all texts hold the joined one; else the longest."""
    spans = sorted((f" {flat[0]} ".find(f" {p} "), p) for p in phrases)
    runs: list[list[tuple[int, int, str]]] = []
    for start, phrase in spans:
        stop = start + len(phrase)
        if runs and start >= 0 and start < max(b for _, b, _ in runs[-1]):
            runs[-1].append((start, stop, phrase))
        else:
            runs.append([(start, stop, phrase)])
    joined = []
    for run in runs:
        whole = flat[0][run[0][0] : max(b for _, b, _ in run)]
        if run[0][0] >= 0 and all(f" {whole} " in f" {text} " for text in flat):
            joined.append(whole)
        else:
            joined.append(max((phrase for _, _, phrase in run), key=lambda phrase: (len(phrase), phrase)))
    return joined


def _revenue(facts: Facts | None) -> tuple[dict, float]:
    if facts is None or "revenue" not in facts.frame:
        return {}, 0.0
    values = facts.frame["revenue"].astype("float64").fillna(0).clip(lower=0)
    return dict(zip(facts.frame["customer_id"], values, strict=True)), float(values.sum())


def contrasting_phrases(
    verbatims: pd.DataFrame,
    best: Collection,
    *,
    least: int = 2,
    most: int | None = 30,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Words and phrases that the best customers use more (or less) than the rest, clearest first.

    ``best`` holds customer ids. Log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi &
    Quinn 2008, eq. 16 and 20), each person counted once a phrase; p-values corrected for all phrases
    tried (Benjamini–Hochberg). Columns: ``phrase, n_best, n_rest, share_best, share_rest, z, p_adjusted,
    stands, side`` ("best" or "rest"). People without a customer are left out.
    """
    verbatims = _customers_only(verbatims)
    verbatims = verbatims[verbatims["customer_id"].notna()].reset_index(drop=True)
    columns = ["phrase", "n_best", "n_rest", "share_best", "share_rest", "z", "p_adjusted", "stands", "side"]
    said, who = _said_by(verbatims, 1, progress)
    best = set(best)
    everyone = set(who)
    n_best, n_rest = len(everyone & best), len(everyone - best)
    kept = _closed({phrase: holders for phrase, holders in said.items() if len(holders) >= max(least, 2)})
    if not kept or not n_best or not n_rest:
        return pd.DataFrame(columns=columns)
    names = sorted(kept)
    inside = np.array([len(kept[name].keys() & best) for name in names], dtype=float)
    outside = np.array([len(kept[name]) for name in names], dtype=float) - inside
    background = inside + outside
    prior = background / background.sum() * max(_PRIOR_SHARE * background.sum(), 1.0)
    z = _log_odds_z(inside, inside.sum(), outside, outside.sum(), prior)
    frame = pd.DataFrame(
        {
            "phrase": names,
            "n_best": inside.astype(int),
            "n_rest": outside.astype(int),
            "share_best": inside / n_best,
            "share_rest": outside / n_rest,
            "z": z,
            "p_adjusted": benjamini_hochberg(2 * norm.sf(np.abs(z))),
        }
    )
    frame["stands"] = frame["p_adjusted"] <= LIKELY_P
    frame["side"] = np.where(frame["z"] > 0, "best", "rest")
    frame = frame.iloc[np.lexsort((frame["phrase"], -frame["z"].abs()))].reset_index(drop=True)
    return frame.head(most) if most else frame


def _log_odds_z(y1, n1, y2, n2, prior) -> np.ndarray:
    """Difference of the log-odds of each phrase, in standard errors."""
    total = prior.sum()
    first = np.log((y1 + prior) / (n1 + total - y1 - prior))
    second = np.log((y2 + prior) / (n2 + total - y2 - prior))
    return (first - second) / np.sqrt(1 / (y1 + prior) + 1 / (y2 + prior))
