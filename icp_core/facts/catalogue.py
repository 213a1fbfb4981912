"""What is known about the customers: the frame of facts and a description of each of its columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import duckdb
import pandas as pd

AttributeKind = Literal["category", "number", "band", "date", "yes_no", "multi", "text"]
Role = Literal["attribute", "outcome", "identity"]

# A text column with more levels than this share of its customers is free text, not a category.
_FREE_TEXT_SHARE = 0.5
_MAX_LEVELS = 200


@dataclass(frozen=True)
class Attribute:
    """One column of the facts, as people speak of it.

    ``levels`` are ordered: bands from small to large, categories and members of a multi-select from
    frequent to rare. ``known_before`` says whether the value is known before somebody buys; only such
    attributes may target prospects. ``leak`` holds the reason why a column must not be a criterion; "" says
    that the user looked at it and overruled the guard.
    """

    name: str
    label: str
    kind: AttributeKind
    role: Role = "attribute"
    unit: str | None = None
    levels: tuple[str, ...] = ()
    known_before: bool = True
    leak: str | None = None
    description: str = ""
    source: str = ""
    n_filled: int = 0
    n_distinct: int = 0

    @property
    def is_criterion(self) -> bool:
        """True when discovery and the ICP may use it without the user insisting."""
        return self.role == "attribute" and self.known_before and not self.leak and self.kind != "text"


@dataclass(frozen=True, eq=False)
class Facts:
    """One row per customer (``frame``), every column described (``catalogue``), as of one date.

    ``frame`` has a RangeIndex; text columns are ``str``, multi-selects hold lists or None, yes/no columns
    are nullable booleans, dates ``datetime64``, numbers ``float64``; blank always means *not known*.
    ``never_bought`` are the accounts with deals that are no customers, with the attributes of the customers and
    the counts of their deals: without them nearly every deal would look won. None where there are none.
    """

    frame: pd.DataFrame
    catalogue: Mapping[str, Attribute]
    as_of: date
    unit: Literal["account", "person"] = "account"
    currency: str = "EUR"
    churn_definition: str = ""
    revenue_definition: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    never_bought: Facts | None = None
    _memory: dict = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.frame)

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A cursor on an in-memory table ``facts``: the frame's columns plus ``_i``, the row's position."""
        if "con" not in self._memory:
            con = duckdb.connect()
            con.execute("SET enable_external_access = false")
            con.execute("SET python_enable_replacements = false")
            con.register("frame", arrow_of(self.frame, self.catalogue))
            con.execute("CREATE TABLE facts AS SELECT row_number() OVER () - 1 AS _i, * FROM frame")
            con.unregister("frame")
            con.execute("SET lock_configuration = true")
            self._memory["con"] = con
        return self._memory["con"].cursor()

    def attributes(self) -> list[Attribute]:
        """Attributes of the customers, in catalogue order (leaks included; see ``Attribute.leak``)."""
        return [a for a in self.catalogue.values() if a.role == "attribute"]

    def outcomes(self) -> list[Attribute]:
        return [a for a in self.catalogue.values() if a.role == "outcome"]

    def criteria(self) -> list[Attribute]:
        """Attributes that may describe an ideal customer: known before the sale, no leak, not free text."""
        return [a for a in self.catalogue.values() if a.is_criterion]

    def has(self, column: str) -> bool:
        """True when the column exists and at least one customer has a value."""
        return column in self.frame.columns and bool(self.frame[column].notna().any())

    def only(self, mask) -> Facts:
        """The same facts for the customers in ``mask`` (boolean array), renumbered from 0."""
        frame = self.frame[mask].reset_index(drop=True)
        return replace(
            self, frame=frame, fingerprint=self.fingerprint + f"|{len(frame)}", never_bought=None, _memory={}
        )

    def every(self, step: int) -> Facts:
        """The same facts for every ``step``-th customer, beginning with the first."""
        frame = self.frame.iloc[::step].reset_index(drop=True)
        return replace(self, frame=frame, fingerprint=f"{self.fingerprint}|every {step}", _memory={})


def arrow_of(frame: pd.DataFrame, catalogue: Mapping[str, Attribute]):
    """The frame as an Arrow table with stable types (multi-selects as lists of text, dates as DATE)."""
    import pyarrow as pa

    arrays, names = [], []
    for name in frame.columns:
        kind = catalogue[name].kind if name in catalogue else None
        column = frame[name]
        if kind == "multi":
            values = [None if v is None or isinstance(v, float) else [str(x) for x in v] for v in column]
            arrays.append(pa.array(values, type=pa.list_(pa.string())))
        elif kind == "date":
            arrays.append(
                pa.Array.from_pandas(pd.to_datetime(column)).cast(pa.timestamp("s")).cast(pa.date32())
            )
        elif kind == "number":
            arrays.append(pa.array(column.astype("float64").to_numpy(), type=pa.float64(), from_pandas=True))
        elif kind == "yes_no":
            arrays.append(pa.array(column.astype("boolean"), type=pa.bool_(), from_pandas=True))
        else:
            arrays.append(pa.array([None if pd.isna(v) else str(v) for v in column], type=pa.string()))
        names.append(name)
    return pa.table(arrays, names=names)


def infer_kind(series: pd.Series) -> AttributeKind:
    """The kind of attribute a column of values is; text with few levels is a category."""
    filled = series.dropna()
    if pd.api.types.is_bool_dtype(series.dtype):
        return "yes_no"
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return "date"
    if pd.api.types.is_numeric_dtype(series.dtype):
        return "number"
    if len(filled) and isinstance(filled.iloc[0], (list, tuple)):
        return "multi"
    n_distinct = filled.nunique()
    if n_distinct > _MAX_LEVELS or (len(filled) > 20 and n_distinct > _FREE_TEXT_SHARE * len(filled)):
        return "text"
    return "category"


def levels_of(series: pd.Series, kind: AttributeKind) -> tuple[str, ...]:
    """Levels of a column in the order people read them: bands by size, others by frequency, then name."""
    filled = series.dropna()
    if kind == "multi":
        filled = filled.explode().dropna()
    if kind not in ("category", "band", "multi"):
        return ()
    counts = filled.astype(str).value_counts()
    if kind == "band":
        return tuple(sorted(counts.index, key=band_order))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(level for level, _ in ordered)


def band_order(label: str) -> tuple[float, float, str]:
    """Sort key of a band label by its lower, then upper bound; labels without numbers come last."""
    numbers = [
        float(n.replace(",", "")) * {"K": 1e3, "M": 1e6, "B": 1e9}.get(suffix.upper(), 1)
        for n, suffix in re.findall(r"(\d[\d,]*(?:\.\d+)?)\s?([KMBkmb]?)", label)
    ]
    if not numbers:
        return (float("inf"), float("inf"), label)
    if re.match(r"\s*(<|under|less|up to|bis|unter)", label, re.IGNORECASE):
        return (0.0, numbers[0], label)
    return (numbers[0], numbers[1] if len(numbers) > 1 else float("inf"), label)


def describe_column(
    series: pd.Series,
    name: str,
    *,
    label: str | None = None,
    kind: AttributeKind | None = None,
    role: Role = "attribute",
    **rest,
) -> Attribute:
    """Describe one column of the facts from its values and what is known about it."""
    kind = kind or infer_kind(series)
    filled = series.dropna()
    distinct = filled.explode().nunique() if kind == "multi" else filled.nunique()
    return Attribute(
        name=name,
        label=label or name.replace("_", " ").capitalize(),
        kind=kind,
        role=role,
        levels=levels_of(series, kind),
        n_filled=len(filled),
        n_distinct=int(distinct),
        **rest,
    )


def facts_from_frame(
    frame: pd.DataFrame,
    *,
    as_of: date,
    labels: Mapping[str, str] | None = None,
    kinds: Mapping[str, AttributeKind] | None = None,
    outcomes: Collection[str] = (),
    identity: Collection[str] = ("customer_id", "customer_name", "domain"),
    known_after: Collection[str] = (),
    leaks: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    unit: Literal["account", "person"] = "account",
    currency: str = "EUR",
    **rest,
) -> Facts:
    """Facts from a plain table, one row per customer; kinds and levels are found from the values.

    >>> frame = pd.DataFrame({"customer_id": ["a", "b"], "industry": ["SaaS", "Retail"], "ltv": [10.0, 5.0]})
    >>> facts = facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=["ltv"])
    >>> [a.name for a in facts.criteria()]
    ['industry']
    """
    frame = frame.reset_index(drop=True)
    if "customer_id" not in frame.columns:
        frame = frame.assign(customer_id=[f"c{i}" for i in range(len(frame))])
    catalogue = {}
    for name in frame.columns:
        role: Role = "identity" if name in identity else "outcome" if name in outcomes else "attribute"
        catalogue[name] = describe_column(
            frame[name],
            name,
            label=(labels or {}).get(name),
            kind=(kinds or {}).get(name) or ("text" if role == "identity" else None),
            role=role,
            unit=(units or {}).get(name),
            known_before=name not in known_after and role == "attribute",
            leak=(leaks or {}).get(name),
        )
    return Facts(frame=frame, catalogue=catalogue, as_of=as_of, unit=unit, currency=currency, **rest)
