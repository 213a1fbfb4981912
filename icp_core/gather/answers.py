"""The answers a doubtful column can be given: each question as a few choices, each choice as a correction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from icp_core.gather.mapping import ColumnMapping
from icp_core.vocabulary import FIELDS, KINDS
from icp_core.vocabulary.headers import in_a_sentence

_DAYS = re.compile(r"\bthe (\d+ \w+) or the (\d+ \w+)\?")
_THOUSANDS = re.compile(r"“([^”]*[.,][^”]*)”.* more than a thousand")
_CENTS = re.compile(r" the amount ([\d,]+), or ([\d,.]+) counted in cents\?$")
_HIGHEST = re.compile(r"(?:above|up to|run from [\d.]+ to) ([\d.]+\d|\d)")
_SCALES = ((0, 10), (1, 10), (1, 5), (1, 7), (0, 5), (0, 100))


@dataclass(frozen=True)
class Answer:
    """One choice: its words, what it changes of the column, and whether the file is read that way now."""

    label: str
    change: dict[str, Any] = field(default_factory=dict)
    is_current: bool = False


def answers(column: ColumnMapping, question: str, kind: str | None) -> tuple[Answer, ...]:
    """The choices for one of a column's questions (``column.asks``), the present reading first among equals.

    A change is a correction of the column as ``with_corrections`` takes it: ``{"field", "type", "options"}``.
    """
    days = _DAYS.search(question)
    if days:
        order = column.options.get("date_order")
        return tuple(
            Answer(day, {"options": {"date_order": name}}, order == name)
            for day, name in zip(days.groups(), ("dmy", "mdy"), strict=True)
        )
    thousand = _THOUSANDS.search(question)
    if thousand:
        return _of_mark(thousand[1], column)
    cents = _CENTS.search(question)
    if cents:
        times = column.options.get("times", 1)
        return (
            Answer(cents[1], {"options": {"times": 1}}, times == 1),
            Answer(f"{cents[2]} (counted in cents)", {"options": {"times": 0.01}}, times == 0.01),
        )
    if question.endswith("counted in months, or in years?"):
        times = column.options.get("times", 1)
        return (
            Answer("Months", {"options": {"times": 1}}, times == 1),
            Answer("Years", {"options": {"times": 12}}, times == 12),
        )
    if column.options.get("periods") and question.startswith("Are "):
        return (
            Answer("Yes, what we earned", {"field": "total_revenue"}, column.field == "total_revenue"),
            Answer("No, leave them out", {"field": None, "include": False}, False),
        )
    if "earned with" in question:
        return tuple(
            Answer(words, {"field": name}, column.field == name)
            for words, name in (
                ("What the customer earns", "company_revenue"),
                ("What we earned", "total_revenue"),
            )
        )
    if "to recommend?" in question:
        return tuple(
            Answer(
                words,
                {"field": name, "options": {"scale": column.options.get("scale")}},
                column.field == name,
            )
            for words, name in (("How satisfied", "csat"), ("How likely to recommend", "nps"))
        )
    if "scale" in question.casefold() or "best mark" in question:
        return _of_scale(column, question)
    label = FIELDS[kind][column.field].label if kind and column.field else ""
    if not label:
        return ()
    return (
        Answer(f"Yes, {in_a_sentence(label)}", {"field": column.field}, True),
        Answer("No, an attribute of its own", {"field": None}),
    )


def kind_answers(question: str) -> tuple[tuple[str, str], ...]:
    """The kinds a question about the rows of a table offers: (kind, words for the button), in its order.

    >>> kind_answers("Is each row one possible customer, or one customer in one period?")
    (('prospects', 'One possible customer'), ('usage', 'One customer in one period'))
    """
    rows = {about.row: name for name, about in KINDS.items()}
    words = "|".join(re.escape(row) for row in sorted(rows, key=len, reverse=True))
    return tuple((rows[row], row[:1].upper() + row[1:]) for row in re.findall(words, question))


def _of_mark(example: str, column: ColumnMapping) -> tuple[Answer, ...]:
    mark = "," if "," in example else "."
    other = "." if mark == "," else ","
    digits = example.replace(mark, "")
    now = column.options.get("decimal")
    return (
        Answer(f"{digits} (thousands)", {"options": {"decimal": other}}, now == other),
        Answer(f"{example.replace(',', '.')} (decimals)", {"options": {"decimal": mark}}, now == mark),
    )


def _of_scale(column: ColumnMapping, question: str) -> tuple[Answer, ...]:
    """The scales that hold all answers, the present one first; where only its good end is asked, just that."""
    scale = tuple(float(v) for v in column.options.get("scale") or ())
    low_is_best = column.options.get("best") == "low"
    highest = _HIGHEST.search(question)
    least = float(highest[1]) if highest else scale[1] if scale else 0
    others = [] if "best mark" in question else [s for s in _SCALES if s[1] >= least and s != scale]
    offered = [scale, *others] if scale else others
    found = [
        Answer(
            f"{low:g} to {high:g}, {high:g} is best",
            {"options": {"scale": [low, high], "best": "high"}},
            scale == (low, high) and not low_is_best,
        )
        for low, high in offered[:4]
    ]
    if scale:
        low, high = scale
        found.append(
            Answer(
                f"{low:g} to {high:g}, {low:g} is best",
                {"options": {"scale": [low, high], "best": "low"}},
                low_is_best,
            )
        )
    return tuple(found)


def alike(columns: Sequence[ColumnMapping], asked: ColumnMapping, change: dict[str, Any]) -> list[str]:
    """Columns one answer settles: the order of days and the decimal mark are one habit of a file."""
    options = set(change.get("options", {}))
    names = [asked.name]
    for habit, types in (("date_order", ("date",)), ("decimal", ("number", "money", "percent"))):
        if habit in options:
            names += [
                c.name for c in columns if c.name != asked.name and c.include and c.asks and c.type in types
            ]
    return names
