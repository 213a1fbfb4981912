"""Conditions and segments as data: one table of operators yields SQL, words, JSON and the URL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from icp_core.errors import IcpError, UnknownOperatorError
from icp_core.facts.catalogue import Attribute
from icp_core.sql import quoted_column
from icp_core.stats.wording import money

Value = str | float | int | bool | tuple | None


@dataclass(frozen=True)
class Operator:
    """One way to compare: its SQL, its words, which kinds of attribute it suits, what value it takes."""

    sql: str  # {column} and {value} are replaced; {value} by a bound parameter
    words: str  # {label} and {value}
    kinds: frozenset[str]
    takes: str  # "none" | "list" | "number" | "range" | "date" | "text"
    words_of_dates: str = ""  # where dates are compared in other words than numbers


def _kinds(*names: str) -> frozenset[str]:
    return frozenset(names)


_TEXTLIKE = _kinds("category", "band", "text")
_ORDERED = _kinds("number", "date")
_ALL = _kinds("category", "band", "text", "number", "date", "yes_no", "multi")

# NULL never matches a condition except is_missing: a customer whose industry is unknown is neither in
# "industry is SaaS" nor in "industry is not SaaS".
OPERATORS: dict[str, Operator] = {
    "is_any_of": Operator("list_contains({value}, {column})", "{label} is {value}", _TEXTLIKE, "list"),
    "is_none_of": Operator(
        "NOT list_contains({value}, {column})", "{label} is not {value}", _TEXTLIKE, "list"
    ),
    "has_any_of": Operator(
        "list_has_any({column}, {value})", "{label} includes {value}", _kinds("multi"), "list"
    ),
    "has_all_of": Operator(
        "list_has_all({column}, {value})", "{label} includes all of {value}", _kinds("multi"), "list"
    ),
    "has_none_of": Operator(
        "NOT list_has_any({column}, {value})", "{label} includes none of {value}", _kinds("multi"), "list"
    ),
    "between": Operator("{column} BETWEEN {low} AND {high}", "{label} {value}", _ORDERED, "range"),
    "at_least": Operator(
        "{column} >= {value}", "{label} at least {value}", _ORDERED, "number", "{label} {value} or later"
    ),
    "at_most": Operator(
        "{column} <= {value}", "{label} at most {value}", _ORDERED, "number", "{label} {value} or earlier"
    ),
    "more_than": Operator(
        "{column} > {value}", "{label} more than {value}", _ORDERED, "number", "{label} after {value}"
    ),
    "less_than": Operator(
        "{column} < {value}", "{label} less than {value}", _ORDERED, "number", "{label} before {value}"
    ),
    "is_yes": Operator("{column} IS TRUE", "{label}: yes", _kinds("yes_no"), "none"),
    "is_no": Operator("{column} IS FALSE", "{label}: no", _kinds("yes_no"), "none"),
    "contains": Operator(
        "contains(lower({column}), lower({value}))", "{label} contains {value}", _TEXTLIKE, "text"
    ),
    "is_missing": Operator("{column} IS NULL", "{label} is not known", _ALL, "none"),
    "is_known": Operator("{column} IS NOT NULL", "{label} is known", _ALL, "none"),
}


@dataclass(frozen=True)
class Condition:
    """One statement about one attribute: ``Condition("employees", "between", (50, 200))``."""

    attribute: str
    operator: str
    value: Value = None

    def __post_init__(self):
        if self.operator not in OPERATORS:
            raise UnknownOperatorError(
                f"The comparison “{self.operator}” on “{self.attribute}” is not known to this version. "
                f"Choose one of: {', '.join(OPERATORS)}."
            )
        object.__setattr__(self, "value", _clean_value(self.attribute, OPERATORS[self.operator], self.value))

    def sql(self, known: Iterable[str], prefix: str) -> tuple[str, dict[str, Any]]:
        """The condition as SQL with bound parameters named ``{prefix}…``."""
        operator = OPERATORS[self.operator]
        column = quoted_column(self.attribute, list(known))
        if operator.takes == "none":
            return operator.sql.format(column=column), {}
        if operator.takes == "range":
            low, high = self.value
            cast = "::DATE" if isinstance(low, str) else ""
            text = operator.sql.format(column=column, low=f"${prefix}a{cast}", high=f"${prefix}b{cast}")
            return text, {f"{prefix}a": low, f"{prefix}b": high}
        bound = list(self.value) if operator.takes == "list" else self.value
        slot = f"${prefix}"
        if operator.takes == "list":
            slot += "::VARCHAR[]"
        elif operator.takes == "number" and isinstance(bound, str):
            slot += "::DATE"
        return operator.sql.format(column=column, value=slot), {prefix: bound}

    def words(self, catalogue: Mapping[str, Attribute]) -> str:
        """The condition as people say it, e.g. ``industry is Logistics or Retail``."""
        about = catalogue.get(self.attribute)
        label = about.label if about else self.attribute
        operator = OPERATORS[self.operator]
        are_dates = operator.takes == "number" and isinstance(self.value, str)
        words = operator.words_of_dates if are_dates else operator.words
        return words.format(label=label, value=_value_words(self, about))

    def to_dict(self) -> dict:
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"attribute": self.attribute, "operator": self.operator, "value": value}

    @classmethod
    def from_dict(cls, data: Mapping) -> Condition:
        if not isinstance(data, Mapping) or not isinstance(data.get("attribute"), str):
            raise IcpError("A saved condition is damaged: it names no attribute. Remove it and set it again.")
        value = data.get("value")
        return cls(
            data["attribute"], str(data.get("operator")), tuple(value) if isinstance(value, list) else value
        )


def _clean_value(attribute: str, operator: Operator, value: Value) -> Value:
    """Bring a value into its one canonical form, so that equal conditions are equal and hashable."""
    wrong = IcpError(f"The condition on “{attribute}” needs a {operator.takes}, but got {value!r}.")
    if operator.takes == "none":
        return None
    if operator.takes == "list":
        if isinstance(value, str) or not isinstance(value, (list, tuple, set, frozenset)):
            raise wrong
        return tuple(sorted({str(v) for v in value}))
    if operator.takes == "range":
        if isinstance(value, str) or not isinstance(value, (list, tuple)) or len(value) != 2:
            raise wrong
        low, high = (_point(v, wrong) for v in value)
        if isinstance(low, str) != isinstance(high, str):
            raise wrong
        return (low, high) if low <= high else (high, low)
    if operator.takes == "number":
        return _point(value, wrong)
    if not isinstance(value, str):
        raise wrong
    return value


def _point(value: Any, wrong: IcpError) -> float | str:
    """A number, or a date as ISO text."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10]).isoformat()
        except ValueError:
            raise wrong from None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        raise wrong
    return float(value)


def number_words(value: float) -> str:
    """A number without needless digits: ``1,200``, ``0.5``."""
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def _date_words(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day.strftime('%b %Y')}"


def _point_words(value: float | str, about: Attribute | None) -> str:
    if isinstance(value, str):
        return _date_words(value)
    unit = about.unit if about else None
    if about and about.name.endswith("year"):
        return f"{int(value)}"
    if unit == "%":
        return f"{number_words(value * 100)} %"
    if unit in (None, "count"):
        return number_words(value)
    # A unit of three capitals is a currency; the others stand behind the number.
    return money(unit, value) if len(unit) == 3 and unit.isupper() else f"{number_words(value)} {unit}"


def _value_words(condition: Condition, about: Attribute | None) -> str:
    operator = OPERATORS[condition.operator]
    if operator.takes == "list":
        order = {level: i for i, level in enumerate(about.levels)} if about and about.kind == "band" else {}
        values = sorted(condition.value, key=lambda v: (order.get(v, len(order)), v))
        joiner = " and " if condition.operator == "has_all_of" else " or "
        if len(values) <= 1:
            return "".join(values) or "nothing"
        return ", ".join(values[:-1]) + joiner + values[-1]
    if operator.takes == "range":
        low, high = condition.value
        if isinstance(low, str):
            return f"from {_date_words(low)} to {_date_words(high)}"
        low_words, high_words = _point_words(low, about), _point_words(high, about)
        unit = about.unit if about else None
        if unit and unit != "count" and low_words.endswith(f" {unit}"):
            low_words = low_words.removesuffix(f" {unit}")
        return f"{low_words}–{high_words}"
    if operator.takes == "number":
        return _point_words(condition.value, about)
    if operator.takes == "text":
        return f"“{condition.value}”"
    return ""


@dataclass(frozen=True)
class Segment:
    """Some customers: those for whom every condition holds. No condition = everyone.

    >>> from icp_core.facts.catalogue import Attribute
    >>> known = {"employees": Attribute("employees", "employees", "number")}
    >>> segment = Segment((Condition("employees", "between", (50, 200)),))
    >>> segment.words(known)
    'employees 50–200'
    >>> segment.where(known)
    ('("employees" BETWEEN $p0a AND $p0b)', {'p0a': 50.0, 'p0b': 200.0})
    >>> Segment.from_query(segment.to_query()) == segment
    True
    """

    conditions: tuple[Condition, ...] = ()
    name: str = field(default="", compare=False)

    def __post_init__(self):
        object.__setattr__(self, "conditions", tuple(dict.fromkeys(self.conditions)))

    def __bool__(self) -> bool:
        return bool(self.conditions)

    @property
    def attributes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(c.attribute for c in self.conditions))

    def where(self, known: Iterable[str]) -> tuple[str, dict[str, Any]]:
        """The segment as a WHERE clause over ``known`` columns, and its bound values."""
        known = list(known)
        clauses, params = [], {}
        for i, condition in enumerate(self.conditions):
            clause, bound = condition.sql(known, f"p{i}")
            clauses.append(f"({clause})")
            params |= bound
        return " AND ".join(clauses) or "TRUE", params

    def words(self, catalogue: Mapping[str, Attribute]) -> str:
        """One sentence; everyone is ``all customers``."""
        if not self.conditions:
            return "all customers"
        return " and ".join(c.words(catalogue) for c in self.conditions)

    def with_condition(self, condition: Condition) -> Segment:
        """The segment with ``condition`` in place of any other with the same attribute and operator."""
        kept = tuple(
            c
            for c in self.conditions
            if not (c.attribute == condition.attribute and c.operator == condition.operator)
        )
        return replace(self, conditions=(*kept, condition))

    def setting(self, attribute: str, *conditions: Condition) -> Segment:
        """The segment with ``conditions`` as the only ones about ``attribute``."""
        return replace(self.without(attribute), conditions=(*self.without(attribute).conditions, *conditions))

    def without(self, attribute: str) -> Segment:
        return replace(self, conditions=tuple(c for c in self.conditions if c.attribute != attribute))

    def known_to(self, catalogue: Mapping[str, Attribute]) -> tuple[Segment, tuple[Condition, ...]]:
        """The part whose attributes exist, and the conditions left out (e.g. an old link)."""
        lost = tuple(c for c in self.conditions if c.attribute not in catalogue)
        return replace(self, conditions=tuple(c for c in self.conditions if c not in lost)), lost

    def to_dict(self) -> dict:
        return {"name": self.name, "conditions": [c.to_dict() for c in self.conditions]}

    @classmethod
    def from_dict(cls, data: Mapping) -> Segment:
        return cls(
            tuple(Condition.from_dict(c) for c in data.get("conditions", ())), str(data.get("name", ""))
        )

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Segment:
        try:
            data = json.loads(text)
        except json.JSONDecodeError as error:
            raise IcpError("This saved segment is damaged and cannot be opened. Build it anew.") from error
        return cls.from_dict(data)

    def to_query(self) -> str:
        """The conditions as short text for the address bar (the browser encodes it)."""
        return json.dumps(
            [[c.attribute, c.operator, c.to_dict()["value"]] for c in self.conditions],
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @classmethod
    def from_query(cls, text: str) -> Segment:
        """Read ``to_query`` back; a damaged link raises ``IcpError``."""
        try:
            rows = json.loads(text)
            return cls(
                tuple(
                    Condition.from_dict({"attribute": attribute, "operator": operator, "value": value})
                    for attribute, operator, value in rows
                )
            )
        except (ValueError, TypeError, RecursionError) as error:
            raise IcpError("The link holds a segment that cannot be read; it was left aside.") from error
