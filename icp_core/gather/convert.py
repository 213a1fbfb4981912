"""From text to typed columns: every cell is read as its field's type, and every cell that cannot be is listed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from icp_core.gather.cells import (
    ARROW_TYPES,
    Converted,
    lost_digits,
    numbers_and_ranges,
    read_column,
    twin_of,
)
from icp_core.gather.mapping import ColumnMapping, Recognition, RowRule
from icp_core.gather.periods import measured
from icp_core.gather.raw_table import Problem, RawTable
from icp_core.vocabulary import FIELDS
from icp_core.vocabulary.deal_words import LOST, OPEN, WON

# Unread cells are listed one by one up to this many per column; the rest are counted in one line.
_LISTED_PER_COLUMN = 2_000
_CREDIT_NOTE = r"(credit|gutschrift|avoir|abono|nota de crédito|nota di credito|refund|storno|return)"
_TOTAL_LABEL = r"^\s*(?:(?:grand |sub-?)?totals?|subtotal|total general|summe|gesamt(?:summe)?|zwischensumme|totale|totaal|somme)\b[\s:]*(?:\(.*\))?$"

_IDENTITIES = frozenset(("account_id", "account_name", "domain", "email", "person_name"))

_EXPECTED = {
    "number": ("is not a number", "Correct the cell, or say that this column is text."),
    "money": ("is not an amount", "Correct the cell, or say that this column is text."),
    "percent": ("is not a percentage", "Correct the cell, or say that this column is text."),
    "score": ("is not a score on the scale", "Correct the cell, or set the scale of this column."),
    "date": ("is not a date", "Correct the cell, or set the order of day and month."),
    "yes_no": ("is neither yes nor no", "Correct the cell, or say that this column is a category."),
    "band": ("is not a range", "Correct the cell, or say that this column is a category."),
    "email": ("is not an e-mail address", "Correct the cell; the row is kept without it."),
    "domain": ("is not a company's web domain", "Correct the cell; the row is kept without it."),
    "currency": ("is not a currency", "Write its three-letter code, such as EUR."),
}


@dataclass(frozen=True)
class TypedTable:
    """A table ready to be loaded.

    ``arrow`` has ``_row`` (int64, the source row), then every field of the kind (NULL when unmapped), then the
    custom columns by slug, in the order of the source rows. Types: number, money, percent (0–1) and score are
    DOUBLE, dates DATE, yes_no BOOLEAN, multi a list of text, all else text. Money stays in the row's own
    currency. Satisfaction stays on its own scale (``options["scale"]`` of the column); where 1 is best it is
    turned round. A cell that cannot be read is NULL and one of ``problems``; its row is kept. ``rejected_rows`` (nothing in
    them) and ``dropped_rows`` (a rule of the vendor, a total) are not in ``arrow``; each has its reason.

    **Customers** whom no column names are known by their row: ``account_id`` is “Row 17 (3fa2)”, the row and the
    file's shape.

    **Orders** stay lines (``order_id`` repeats). ``amount`` is what the line adds to the order's net total, so
    that its sum over an order is that total exactly once: a line amount where the file has one; else the order's
    total less what was refunded, on the first line, and NULL on the others (a “total” that differs within the orders,
    or is quantity × unit price, is the line's); else quantity × unit price less the line's discount. Credit notes are
    negative. The currency column is filled from the row, the sign beside the amount, or the heading.
    """

    kind: str
    arrow: pa.Table
    problems: list[Problem] = field(default_factory=list)
    rejected_rows: list[tuple[int, str]] = field(default_factory=list)
    dropped_rows: list[tuple[int, str]] = field(default_factory=list)
    custom: tuple[ColumnMapping, ...] = ()


def typed_table(table: RawTable, recognition: Recognition) -> TypedTable:
    """Type a table as recognised; pure, a million rows in seconds.

    Raises ``ValueError`` when the kind is not known: it must be chosen first.
    """
    kind = recognition.kind
    if kind is None:
        raise ValueError("Say first what kind of table this is.")
    rows = table.row_numbers.to_numpy(zero_copy_only=False).astype("int64")
    cells = _completed(table, recognition)
    rejected, dropped = _left_out(table, cells, recognition)
    out = np.zeros(table.n_rows, dtype=bool)
    out[list(rejected)] = True
    out[list(dropped)] = True
    kept = np.flatnonzero(~out)
    if out.any():
        cells = cells.take(pa.array(kept))
    row_numbers = rows[kept]
    problems: list[Problem] = []
    known: dict[str, pa.Array] = {}
    custom: list[tuple[ColumnMapping, pa.Array]] = []
    currencies: pa.Array | None = None
    for column in recognition.columns:
        if not column.include:
            continue
        text = cells.column(column.index)
        converted = read_column(text, column)
        twin = twin_of(column.field)
        if twin in FIELDS[kind] and recognition.column_of(twin) is None:
            for name, (values, left) in numbers_and_ranges(column, converted).items():
                if name == column.field:
                    converted = replace(left, values=values)
                else:
                    known[name] = values
        problems += _problems(column, converted, row_numbers)
        if column.type == "id":
            lost = lost_digits(text, in_workbook=table.sheet is not None)
            problems += _lost_digit_problems(column, lost, row_numbers)
            if lost and column.field:  # what many ids were shortened to alike would make them one customer
                converted = replace(converted, values=_without(converted.values, [row for row, _ in lost]))
        if column.field is None:
            custom.append((column, converted.values))
            continue
        known[column.field] = _as_field(converted.values, column, kind)
        if converted.currencies is not None and currencies is None:
            currencies = converted.currencies
    n = len(kept)
    total = recognition.column_of("total_revenue")
    if total is not None:
        series = [name for name, _, _ in total.options.get("periods", ())]
        given = {c.field for c in recognition.columns if c.include and c.name not in series}
        by_period, unread = _by_period(cells, recognition, row_numbers)
        known = {**known, **{name: values for name, values in by_period.items() if name not in given}}
        problems += unread
    persons = _full_names(cells, recognition)
    if persons is not None and "person_name" not in known:
        known["person_name"] = persons
    if kind == "customers" and known.keys().isdisjoint(_IDENTITIES):
        # Nothing tells the customers apart but their place in the file; the shape keeps two such files apart.
        known["account_id"] = pa.array(
            [f"Row {row} ({recognition.shape[:4]})" for row in row_numbers], pa.string()
        )
    known = _with_currency(known, currencies, recognition, kind, n)
    if kind == "orders":
        known = _order_amounts(known, recognition.recipe, n)
    elif kind == "deals":
        known = _deal_results(known)
    elif kind == "customers":
        known = _left_for_good(known, recognition)
    arrays = {"_row": pa.array(row_numbers, pa.int64())}
    for name, about in FIELDS[kind].items():
        arrays[name] = known.get(name, pa.nulls(n, ARROW_TYPES.get(about.type, pa.string())))
    for column, values in custom:
        arrays[column.slug] = values
    return TypedTable(
        kind=kind,
        arrow=pa.table(arrays),
        problems=problems,
        rejected_rows=[(int(rows[i]), reason) for i, reason in sorted(rejected.items())],
        dropped_rows=[(int(rows[i]), reason) for i, reason in sorted(dropped.items())],
        custom=tuple(column for column, _ in custom),
    )


# ------------------------------------------------------------------------------------------- rows


def _completed(table: RawTable, recognition: Recognition) -> pa.Table:
    """Cells that the file leaves to be understood: told by a second column, by the line above, by the order."""
    recipe = recognition.recipe
    cells = table.cells
    by_name = {c.name: c.index for c in recognition.columns}
    for field_name, others in recipe.get("coalesce", {}).items():
        column = recognition.column_of(field_name)
        if column is not None:
            text = _without_blanks(cells.column(column.index))
            for other in others:
                if other in by_name:
                    text = pc.coalesce(text, _without_blanks(cells.column(by_name[other])))
            cells = _with_text(cells, column.index, text)
    for field_name in recipe.get("fill_down", ()):
        column = recognition.column_of(field_name)
        if column is not None:
            cells = _with_text(
                cells, column.index, pc.fill_null_forward(_without_blanks(cells.column(column.index)))
            )
    repeated = recipe.get("repeat_within")
    key = recognition.column_of(repeated["field"]) if repeated else None
    if key is not None:
        orders = pd.Series(cells.column(key.index).to_pylist(), dtype="object").factorize()[0]
        for column in recognition.columns:
            if column.field in repeated["fields"]:
                text = _without_blanks(cells.column(column.index))
                values = pd.Series(text.to_pylist(), dtype="object")
                first = values.groupby(orders).transform("first").where(orders >= 0, None)
                array = pa.array([None if v is None or v != v else v for v in first], pa.string())
                cells = _with_text(cells, column.index, pc.coalesce(text, array))
    return cells


def _by_period(
    cells: pa.Table, recognition: Recognition, row_numbers: np.ndarray
) -> tuple[dict[str, pa.Array], list[Problem]]:
    """What columns of months or years say together (see ``periods``), and cells of theirs that cannot be read."""
    total = recognition.column_of("total_revenue")
    series = total.options.get("periods")
    if not series:
        return {}, []
    by_name = {c.name: c for c in recognition.columns}
    amounts, problems = [], []
    for name, _, _ in series:
        column = replace(by_name[name], type="money")
        converted = read_column(cells.column(column.index), column)
        amounts.append(_numbers(converted.values, len(row_numbers)))
        if name != total.name:
            problems += _problems(column, converted, row_numbers)
    starts = [date.fromisoformat(start) for _, start, _ in series]
    return measured(np.column_stack(amounts), starts, series[0][2]), problems


def _without_blanks(text: pa.ChunkedArray) -> pa.Array:
    text = text.combine_chunks()
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(text), ""), pa.scalar(None, pa.string()), text)


def _with_text(cells: pa.Table, index: int, text: pa.Array) -> pa.Table:
    return cells.set_column(index, cells.column_names[index], text)


def _full_names(cells: pa.Table, recognition: Recognition) -> pa.Array | None:
    """First and last names put together; None when the table has no such pair."""
    parts = [
        c for name in recognition.recipe.get("person_name", ()) for c in recognition.columns if c.name == name
    ]
    if len(parts) != 2:
        return None
    first, last = (pc.utf8_trim_whitespace(_without_blanks(cells.column(c.index))) for c in parts)
    return pc.coalesce(pc.binary_join_element_wise(first, last, " "), first, last)


def _left_out(
    table: RawTable, cells: pa.Table, recognition: Recognition
) -> tuple[dict[int, str], dict[int, str]]:
    """Positions of rows that are no records: rejected (nothing in them) and dropped (a rule), with reasons."""
    used = [c for c in recognition.columns if c.include] or list(recognition.columns)
    filled = np.zeros((table.n_rows, len(used)), dtype=bool)
    for n, column in enumerate(used):
        text = pc.utf8_trim_whitespace(cells.column(column.index).combine_chunks())
        filled[:, n] = pc.fill_null(pc.not_equal(text, ""), False).to_numpy(zero_copy_only=False)
    n_filled = filled.sum(axis=1)
    rejected = {int(i): "The row is empty." for i in np.flatnonzero(n_filled == 0)}
    dropped: dict[int, str] = {}
    for rule in recognition.row_rules:
        column = next((c for c in recognition.columns if c.name == rule.column), None)
        if column is not None:
            for i in _rows_under(rule, cells.column(column.index)):
                if i not in rejected:
                    dropped.setdefault(i, rule.reason)
    if len(used) >= 4:
        sparse = (n_filled > 0) & (n_filled <= max(2, len(used) // 2))
        # The label stands in one of the first two columns, or in the row's first filled cell further on.
        first = np.argmax(filled, axis=1)
        for n, column in enumerate(used):
            rows = np.flatnonzero(sparse & ((first == n) | (n < 2)))
            text = cells.column(column.index).take(pa.array(rows)).combine_chunks()
            hits = pc.fill_null(pc.match_substring_regex(text, _TOTAL_LABEL, ignore_case=True), False)
            for i in rows[hits.to_numpy(zero_copy_only=False)]:
                dropped.setdefault(int(i), "A total line of the report, not a record.")
    return rejected, dropped


def _rows_under(rule: RowRule, text: pa.ChunkedArray) -> list[int]:
    text = pc.utf8_trim_whitespace(text.combine_chunks())
    filled = pc.fill_null(pc.not_equal(text, ""), False)
    if rule.test in ("filled", "blank"):
        hits = filled if rule.test == "filled" else pc.invert(filled)
    elif rule.test in ("matches", "matches_case"):
        hits = pc.match_substring_regex(text, rule.values[0], ignore_case=rule.test == "matches")
    else:
        wanted = pa.array([value.casefold() for value in rule.values], pa.string())
        listed = pc.is_in(pc.utf8_lower(text), value_set=wanted)
        hits = listed if rule.test == "in" else pc.and_(filled, pc.invert(listed))
    hits = (
        pc.and_(pc.fill_null(hits, False), filled) if rule.test in ("in", "matches", "matches_case") else hits
    )
    return [int(i) for i in np.flatnonzero(pc.fill_null(hits, False).to_numpy(zero_copy_only=False))]


# ------------------------------------------------------------------------------------------- columns


def _problems(column: ColumnMapping, converted: Converted, row_numbers: np.ndarray) -> list[Problem]:
    says, fix = _EXPECTED.get(column.type, ("cannot be read", "Correct the cell."))
    found = [
        Problem(int(row_numbers[i]), column.name, text, f"“{text[:80]}” {says}; left blank.", fix)
        for i, text in converted.unread[:_LISTED_PER_COLUMN]
    ]
    more = len(converted.unread) - len(found)
    if more > 0:
        found.append(Problem(None, column.name, None, f"{more:,} more cells: not read, left blank.", fix))
    return found


def _lost_digit_problems(
    column: ColumnMapping, lost: Sequence[tuple[int, str]], row_numbers: np.ndarray
) -> list[Problem]:
    left = "; left blank" if column.field else ""
    return [
        Problem(
            int(row_numbers[i]),
            column.name,
            value,
            f"“{value}” was shortened by a spreadsheet; digits of this id are lost{left}.",
            "Export again and open the file without a spreadsheet in between.",
        )
        for i, value in lost[:_LISTED_PER_COLUMN]
    ]


def _without(values: pa.Array, rows: Sequence[int]) -> pa.Array:
    """The values with those of some rows left blank."""
    gone = np.zeros(len(values), dtype=bool)
    gone[list(rows)] = True
    return pc.if_else(pa.array(gone), pa.scalar(None, values.type), values)


def _as_field(values: pa.Array, column: ColumnMapping, kind: str) -> pa.Array:
    """A column that was typed otherwise than its field (a size given in words) still fits the field's column."""
    wanted = ARROW_TYPES.get(FIELDS[kind][column.field].type, pa.string())
    if values.type == wanted:
        return values
    if pa.types.is_list(wanted):
        return pa.array([None if v is None else [str(v)] for v in values.to_pylist()], wanted)
    if pa.types.is_list(values.type):
        return pa.array([None if v is None else "; ".join(v) for v in values.to_pylist()], pa.string())
    if pa.types.is_string(wanted):
        return values.cast(pa.string())
    if pa.types.is_boolean(values.type) and pa.types.is_floating(wanted):
        return values.cast(wanted)
    return pa.nulls(len(values), wanted)


def _with_currency(
    known: dict[str, pa.Array], beside: pa.Array | None, recognition: Recognition, kind: str, n: int
) -> dict[str, pa.Array]:
    if "currency" not in FIELDS[kind]:
        return known
    currency = known.get("currency", pa.nulls(n, pa.string()))
    if beside is not None:
        currency = pc.coalesce(currency, beside)
    said = next(
        (
            c.options["currency"]
            for c in recognition.columns
            if c.include and c.field and c.options.get("currency")
        ),
        None,
    )
    if said and currency.null_count:
        has_money = _any_filled(known, kind, n)
        currency = pc.if_else(
            pc.and_(pc.is_null(currency), has_money), pa.scalar(said, pa.string()), currency
        )
    return {**known, "currency": currency}


def _any_filled(known: Mapping[str, pa.Array], kind: str, n: int) -> pa.Array:
    filled = pa.array(np.zeros(n, dtype=bool))
    for name, values in known.items():
        if FIELDS[kind][name].type == "money":
            filled = pc.or_(filled, pc.is_valid(values))
    return filled


# ------------------------------------------------------------------------------------------- orders and deals

_STILL_HERE = re.compile(
    r"\s*(?:active|live|current|aktiv|laufend|actif|activ[oa]|ativ[oa]|attiv[oa]|actief|in force)\b",
    re.IGNORECASE,
)
_MOST_RATES = 25  # different discounts; sums of money differ more


def _numbers(values: pa.Array | None, n: int) -> np.ndarray:
    if values is None:
        return np.full(n, np.nan)
    return values.to_numpy(zero_copy_only=False).astype(float)


def _order_amounts(known: dict[str, pa.Array], recipe: Mapping[str, Any], n: int) -> dict[str, pa.Array]:
    """Settle ``amount`` as promised in ``TypedTable``; a column without any figure is as good as none."""
    told = {name for name, values in known.items() if values.null_count < len(values)}
    refunded = np.nan_to_num(np.abs(_numbers(known.get("refunded_amount"), n)))
    order_ids = known.get("order_id")
    codes = None
    if order_ids is not None:
        codes = pc.fill_null(order_ids.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False)
    if "line_amount" in told and recipe.get("amount") != "order_total":
        amount = _numbers(known["line_amount"], n)
    elif "amount" in told:
        amount = _numbers(known["amount"], n)
        if codes is not None and _repeats_on_lines(amount, codes, known, n):
            amount = _first_only(amount, codes)
        amount = amount - refunded
    elif "order_total" in told:
        amount = _numbers(known["order_total"], n)
        if codes is not None and not _is_of_lines(amount, codes, known, n):
            amount = _first_only(amount, codes)
        amount = amount - refunded
    elif "unit_price" in told:
        quantity = _numbers(known["quantity"], n) if "quantity" in told else np.ones(n)
        amount = np.round(_less_discount(quantity * _numbers(known["unit_price"], n), known, n), 10)
    else:
        return known
    if "order_type" in known:
        is_note = pc.fill_null(
            pc.match_substring_regex(known["order_type"], _CREDIT_NOTE, ignore_case=True), False
        )
        amount = np.where(is_note.to_numpy(zero_copy_only=False), -np.abs(amount), amount)
    return {**known, "amount": pa.array(amount, pa.float64(), from_pandas=True)}


def _less_discount(full: np.ndarray, known: Mapping[str, pa.Array], n: int) -> np.ndarray:
    """The price of each line less its discount: a share of it where none is above 1 and they repeat, else an amount."""
    discount = np.nan_to_num(np.abs(_numbers(known.get("discount"), n)))
    if (discount <= 1.0).all() and len(np.unique(discount)) <= _MOST_RATES:
        return full * (1.0 - discount)
    fits = (discount <= np.nan_to_num(np.abs(full))).all()
    return full - np.sign(full) * discount if fits else full


def _first_only(amount: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Keep an order's total on the first of its lines that has one; blank on the others."""
    frame = pd.DataFrame({"order": codes, "amount": amount})
    has = frame["amount"].notna() & (frame["order"] >= 0)
    repeated = has & frame[has].duplicated("order").reindex(frame.index, fill_value=False)
    return np.where(repeated.to_numpy(), np.nan, amount)


def _repeats_on_lines(amount: np.ndarray, codes: np.ndarray, known: Mapping[str, pa.Array], n: int) -> bool:
    """Whether a column of amounts is the order's total written on each of its lines: the same on all lines of every
    order of several lines, though the lines differ in product, quantity or price; or what the lines come to together.
    """
    differing = [name for name in ("product", "product_id", "quantity", "unit_price") if name in known]
    lines = _lines_of_several(amount, codes, known, n)
    by_order = lines.groupby("order")
    if lines.empty or not differing or not (by_order["amount"].nunique() <= 1).mean() > 0.98:
        return False
    if by_order.ngroups >= _MANY_ORDERS:
        return True
    together = _near(by_order["worth"].sum(min_count=1), by_order["amount"].first())
    return bool(together.all() and not _near(lines["worth"], lines["amount"]).all())


def _is_of_lines(total: np.ndarray, codes: np.ndarray, known: Mapping[str, pa.Array], n: int) -> bool:
    """Whether a column called a total is that of each line: it differs within orders, or is quantity times price."""
    lines = _lines_of_several(total, codes, known, n)
    lines = lines[lines["amount"].notna()]
    lines = lines[lines.duplicated("order", keep=False)]
    if lines.empty:
        return False
    differs = (lines.groupby("order")["amount"].nunique() > 1).mean()
    return bool(differs > _DIFFERS or _near(lines["worth"], lines["amount"]).mean() > 0.95)


# So many orders of several lines do not have the same amount on all their lines by chance.
_MANY_ORDERS = 10
# Totals that differ within so many of the orders of several lines are no totals of orders.
_DIFFERS = 0.2


def _lines_of_several(
    amount: np.ndarray, codes: np.ndarray, known: Mapping[str, pa.Array], n: int
) -> pd.DataFrame:
    """Lines of orders that have several: order, amount, and what quantity times price comes to."""
    quantity = _numbers(known["quantity"], n) if "quantity" in known else np.ones(n)
    worth = _less_discount(quantity * _numbers(known.get("unit_price"), n), known, n)
    frame = pd.DataFrame({"order": codes, "amount": amount, "worth": worth})
    return frame[(frame["order"] >= 0) & frame.duplicated("order", keep=False)]


def _near(one: pd.Series, other: pd.Series) -> pd.Series:
    """Whether amounts agree but for rounding; blank agrees with nothing."""
    return (one - other).abs() <= 0.005 * other.abs() + 0.011


def _left_for_good(known: dict[str, pa.Array], recognition: Recognition) -> dict[str, pa.Array]:
    """A bare “End” beside the status of a customer who is still one is the end of a contract, and no day of leaving."""
    end = recognition.column_of("churned_on")
    if end is None or end.confidence >= 0.9 or "status" not in known:
        return known
    said = known["status"].dictionary_encode()
    here = pa.array([bool(_STILL_HERE.match(word)) for word in said.dictionary.to_pylist()], pa.bool_())
    here = pc.fill_null(here.take(said.indices), False)
    return {**known, "churned_on": pc.if_else(here, pa.scalar(None, pa.date32()), known["churned_on"])}


def _deal_results(known: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """Won and closed from what the file says; an open deal is never lost.

    The status tells before the stage: a lost deal keeps the stage it was in, be it “Contract signed”.
    """
    said = [known[name] for name in ("stage", "status") if name in known]
    if not said or {"is_won", "is_closed"} <= known.keys():
        return known
    won = lost = pa.scalar(False)
    for text in said:
        is_won, is_lost, is_open = (
            pc.fill_null(pc.match_substring_regex(text, words, ignore_case=True), False)
            for words in (WON, LOST, OPEN)
        )
        tells = pc.or_(pc.or_(is_won, is_lost), is_open)
        won, lost = pc.if_else(tells, is_won, won), pc.if_else(tells, is_lost, lost)
    if not pc.any(pc.or_(won, lost)).as_py():
        return known
    if "is_won" in known:
        return {**known, "is_closed": pc.or_(pc.or_(won, lost), pc.fill_null(known["is_won"], False))}
    result = pc.if_else(won, pa.scalar(True), pc.if_else(lost, pa.scalar(False), pa.scalar(None, pa.bool_())))
    return {"is_closed": pc.or_(won, lost), **known, "is_won": result}


def total_label(text: str) -> bool:
    """Say whether a cell labels a total line.

    >>> total_label("Grand Total"), total_label("Totals (5700 records)"), total_label("Total Energies")
    (True, True, False)
    """
    return bool(re.match(_TOTAL_LABEL, text, re.IGNORECASE))
