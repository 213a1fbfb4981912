"""A map of the customers on which near means alike: for looking, not for claims.

Every attribute known before the sale weighs the same; the two directions in which customers differ most are
drawn (principal components, Pearson 1901). What the map leaves out is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Attribute, Facts
from icp_core.segments.conditions import Segment
from icp_core.segments.leaks import leaks
from icp_core.segments.membership import members
from icp_core.stats.wording import count, listed, rate

_MIN_CUSTOMERS, _MIN_FILLED, _MIN_LEVEL = 30, 0.5, 0.02
_MOST_LEVELS = 20
MOST_POINTS = 3_000


@dataclass(frozen=True, eq=False)
class Likeness:
    """The map. ``points``: ``customer_id``, ``name``, ``x``, ``y``, ``inside`` (of the segment), one row per customer.

    ``kept``: share of all differences that two directions can show (0–1). ``axes``: the attributes that
    count most for each direction, in words.
    """

    points: pd.DataFrame
    kept: float
    axes: tuple[str, str]
    n: int
    message: str


def likeness(facts: Facts, segment: Segment) -> Likeness | None:
    """The customers on a plane, those of the segment marked; None with fewer than 30 customers or two attributes.

    The same customers give the same map. More than 3,000 customers are thinned evenly for the drawing; the map
    itself is made from all.
    """
    leaking = leaks(facts)
    parts, names = [], []
    for about in facts.criteria():
        if about.name in leaking or facts.frame[about.name].notna().mean() < _MIN_FILLED:
            continue
        block = _block(facts.frame[about.name], about)
        if block is not None:
            parts.append(block)
            names += [about.label] * block.shape[1]
    if len(facts) < _MIN_CUSTOMERS or len(parts) < 2:
        return None
    table = np.hstack(parts)
    from sklearn.decomposition import PCA

    found = PCA(n_components=2, svd_solver="full").fit(table)
    # A direction has no sign of its own: let the largest weight point right or up.
    turn = np.sign(found.components_[np.arange(2), np.abs(found.components_).argmax(axis=1)])
    place = found.transform(table) * turn
    inside = members(facts, segment)
    points = pd.DataFrame(
        {
            "customer_id": facts.frame["customer_id"].astype(str)
            if "customer_id" in facts.frame
            else facts.frame.index.astype(str),
            "name": facts.frame["customer_name"] if "customer_name" in facts.frame else "",
            "x": place[:, 0].round(4),
            "y": place[:, 1].round(4),
            "inside": inside,
        }
    )
    step = max(1, -(-len(points) // MOST_POINTS))
    kept = float(found.explained_variance_ratio_.sum())
    axes = (_axis(found.components_[0], names), _axis(found.components_[1], names))
    return Likeness(
        points.iloc[::step].reset_index(drop=True),
        kept,
        axes,
        len(points),
        f"{count(len(points))} customers by {count(len(parts))} attributes known before the sale. The map shows "
        f"{rate(round(kept, 2))} of their differences: left to right mostly {axes[0]}, bottom to top mostly {axes[1]}. "
        "Dots that lie apart differ; dots that lie together may still differ in what the map leaves out.",
    )


def _axis(weights: np.ndarray, names: list[str]) -> str:
    strength: dict[str, float] = {}
    for weight, name in zip(weights, names, strict=True):
        strength[name] = strength.get(name, 0.0) + float(weight**2)
    ranked = sorted(strength.items(), key=lambda item: (-item[1], item[0]))
    return listed([name for name, _ in ranked[:2]])


def _block(column: pd.Series, about: Attribute) -> np.ndarray | None:
    """One attribute as numbers whose total spread is one, so that none outweighs another; blanks lie in the middle."""
    if about.kind in ("number", "date"):
        values = pd.to_numeric(column, errors="coerce") if about.kind == "number" else column.rank()
        ranks = values.rank(pct=True).fillna(0.5).to_numpy()[:, None]
        return _scaled(ranks)
    if about.kind == "band":
        order = {level: i for i, level in enumerate(about.levels)}
        places = column.map(order).astype(float)
        return _scaled(places.fillna(places.mean()).to_numpy()[:, None])
    if about.kind == "yes_no":
        values = column.astype("Float64").fillna(column.astype("Float64").mean())
        return _scaled(values.to_numpy(dtype=float)[:, None])
    if about.kind == "multi":
        dummies = column.map(
            lambda v: "\x1f".join(v) if isinstance(v, (list, tuple)) else ""
        ).str.get_dummies("\x1f")
    elif about.kind == "category":
        dummies = pd.get_dummies(column.astype(object))
    else:
        return None
    common = dummies.columns[dummies.mean() >= _MIN_LEVEL][:_MOST_LEVELS]
    return _scaled(dummies[common].to_numpy(dtype=float)) if len(common) else None


def _scaled(block: np.ndarray) -> np.ndarray | None:
    spread = np.sqrt(block.var(axis=0).sum())
    return (block - block.mean(axis=0)) / spread if spread > 0 else None
