"""Themes by kind of customer: segment and rest, kept and lost, promoters and detractors."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.stats.intervals import share_difference, wilson
from icp_core.stats.phrases import HINT, LIKELY, LIKELY_P, MIN_N, TOO_FEW
from icp_core.stats.tests import benjamini_hochberg
from icp_core.voice.exact import share_p
from icp_core.voice.score_groups import latest_answers
from icp_core.voice.scores import DETRACTOR_TO, PROMOTER_FROM
from icp_core.voice.themes import Themes


def segment_and_rest(facts: Facts, mask: np.ndarray) -> tuple[set, set]:
    """Customer ids inside and outside a segment (``mask``: boolean over the customers)."""
    inside = np.asarray(mask, bool)
    ids = facts.frame["customer_id"].to_numpy(object)
    return set(ids[inside]), set(ids[~inside])


def kept_and_lost(facts: Facts) -> tuple[set, set]:
    """Customer ids that stay and that left; those whose churn is not known are in neither."""
    if "churned" not in facts.frame:
        return set(), set()
    churned = facts.frame["churned"].astype("boolean")
    ids = facts.frame["customer_id"]
    return set(ids[churned.eq(False).fillna(False)]), set(ids[churned.fillna(False)])


def promoters_and_detractors(responses: pd.DataFrame) -> tuple[set, set]:
    """Customer ids by their latest scores; a customer with both kinds of people is in neither."""
    if "nps" not in responses or "customer_id" not in responses:
        return set(), set()
    latest = latest_answers(responses[responses["nps"].notna() & responses["customer_id"].notna()])
    score = latest["nps"].astype(float)
    high = set(latest.loc[score >= PROMOTER_FROM, "customer_id"])
    low = set(latest.loc[score <= DETRACTOR_TO, "customer_id"])
    return high - low, low - high


def themes_between(themes: Themes, first: Collection, second: Collection) -> pd.DataFrame:
    """How many customers of two groups speak of each theme, among those of the group who said anything.

    Columns: ``theme_id, name, n_first, heard_first, share_first, low_first, high_first``, the same for
    ``second``, ``difference`` (share_first − share_second, 0–1) with ``difference_low`` and ``_high``,
    ``p_value``, ``p_adjusted`` (corrected for the number of themes), ``stands`` and ``verdict``. Order of the
    themes; hidden themes and texts without a customer are left out.
    """
    first, second = set(first), set(second)
    known = themes.texts[themes.texts["customer_id"].notna()]
    heard = set(known["customer_id"])
    n_first, n_second = len(heard & first), len(heard & second)
    rows = []
    for theme in themes.shown():
        said = set(known.loc[known["theme_id"] == theme.theme_id, "customer_id"])
        a, b = len(said & first), len(said & second)
        gap = share_difference(a, n_first, b, n_second)
        p_value = share_p(a, n_first, b, n_second)
        share_a, share_b = a / n_first if n_first else np.nan, b / n_second if n_second else np.nan
        rows.append(
            [theme.theme_id, theme.name, a, n_first, share_a, *wilson(a, n_first)]
            + [b, n_second, share_b, *wilson(b, n_second), share_a - share_b, gap.low, gap.high, p_value]
        )
    columns = ["theme_id", "name"]
    columns += [f"{c}_{side}" for side in ("first", "second") for c in ("n", "heard", "share", "low", "high")]
    frame = pd.DataFrame(
        rows, columns=[*columns, "difference", "difference_low", "difference_high", "p_value"]
    )
    frame["p_adjusted"] = benjamini_hochberg(frame["p_value"]) if len(frame) else []
    enough = min(n_first, n_second) >= MIN_N
    frame["stands"] = (frame["p_adjusted"] <= LIKELY_P) & enough
    frame["verdict"] = [TOO_FEW if not enough else LIKELY if stands else HINT for stands in frame["stands"]]
    return frame


def theme_scores(themes: Themes, responses: pd.DataFrame, facts: Facts | None = None) -> pd.DataFrame:
    """What the customers behind each theme score and do.

    Columns: ``theme_id, name, n_people, share_people, revenue_share, n_scored, promoters, detractors, nps``
    (counts of people's latest scores and points; blank below ten scores), ``n_known, lost`` (customers whose
    churn is known, and how many left), ``lost_share`` with ``low`` and ``high`` (0–1).
    """
    latest = pd.DataFrame({"customer_id": [], "nps": []})
    if "nps" in responses and "customer_id" in responses:
        latest = latest_answers(responses[responses["nps"].notna() & responses["customer_id"].notna()])
    # Plain objects: text columns of pandas compare a set anew for every theme, thirty times as slowly.
    owners, scores = latest["customer_id"].astype(object), latest["nps"].astype(float)
    behind = themes.texts["customer_id"].astype(object).groupby(themes.texts["theme_id"].to_numpy(object))
    speakers = {theme_id: set(part.dropna()) for theme_id, part in behind}
    kept, lost = kept_and_lost(facts) if facts is not None else (set(), set())
    rows = []
    for theme in themes.shown():
        said = speakers.get(theme.theme_id, set())
        score = scores[owners.isin(said)]
        high, low = int((score >= PROMOTER_FROM).sum()), int((score <= DETRACTOR_TO).sum())
        points = 100 * (high - low) / len(score) if len(score) >= MIN_N else np.nan
        gone, known = len(said & lost), len(said & (lost | kept))
        rows.append(
            [theme.theme_id, theme.name, theme.n_people, theme.share_people, theme.revenue_share, len(score)]
            + [high, low, points, known, gone, gone / known if known else np.nan, *wilson(gone, known)]
        )
    columns = (
        "theme_id name n_people share_people revenue_share n_scored promoters detractors nps n_known lost"
    )
    return pd.DataFrame(rows, columns=[*columns.split(), "lost_share", "low", "high"])
