"""Where the names of bubbles stand, so that no two of them lie on each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# Places of a name beside its bubble, best first: horizontal shift, vertical shift, which end of it is held.
SIDES: dict[str, tuple[int, int, str]] = {
    "above": (0, -21, "center"),
    "below": (0, 21, "center"),
    "right": (19, 0, "left"),
    "left": (-19, 0, "right"),
}
NOWHERE = ""
LONGEST = 110  # pixels; longer names are cut by the drawing
_LETTER, _LINE = 6.4, 14  # pixels at the size names are set in, with some air
_HELD = {"center": 0.5, "left": 0.0, "right": 1.0}

Box = tuple[float, float, float, float]


def sides(
    x: np.ndarray, y: np.ndarray, radius: np.ndarray, names: Sequence[str], width: float, height: float
) -> list[str]:
    """For each bubble, on which side its name stands clear of all others; "" where it would stand clear on none.

    ``x``, ``y`` and ``radius`` in pixels of a plot of ``width`` × ``height``; the bubbles come in the order in
    which they may choose. A name keeps clear of other bubbles too, where it can. What is clear on this plot
    is clear on every wider one, as bubbles move apart and names do not grow.

    >>> sides(np.array([50.0, 60.0]), np.array([60.0, 60.0]), np.array([8.0, 8.0]), ["Retail", "SaaS"], 200, 120)
    ['above', 'below']
    """
    taken: list[Box] = []
    found = []
    circles = [(a - r, b - r, a + r, b + r) for a, b, r in zip(x, y, radius, strict=True)]
    for i, name in enumerate(names):
        boxes = {side: _box(x[i], y[i], name, *place) for side, place in SIDES.items()}
        inside = {
            s: b for s, b in boxes.items() if b[0] >= 0 and b[1] >= 0 and b[2] <= width and b[3] <= height
        }
        clear = [s for s, b in inside.items() if not any(_meet(b, other) for other in taken)]
        others = circles[:i] + circles[i + 1 :]
        best = [s for s in clear if not any(_meet(inside[s], other) for other in others)]
        side = next(iter([*best, *clear]), NOWHERE)
        if side:
            taken.append(boxes[side])
        found.append(side)
    return found


def _box(x: float, y: float, name: str, dx: int, dy: int, held: str) -> Box:
    wide = min(len(name) * _LETTER, LONGEST)
    left = x + dx - wide * _HELD[held]
    return left, y + dy - _LINE / 2, left + wide, y + dy + _LINE / 2


def _meet(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]
