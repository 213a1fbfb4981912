"""One column of text to one column of values: each different text is read once, however often it stands there."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from icp_core.gather.evidence import unguarded
from icp_core.gather.mapping import ColumnMapping
from icp_core.vocabulary.bands import band_label, parse_band, plain_size, unmangled_band
from icp_core.vocabulary.blanks import BLANK_WORDS, churn_word, is_blank, yes_no
from icp_core.vocabulary.dates import parse_date
from icp_core.vocabulary.deal_words import LOST, OPEN, UNDER_WAY, WON
from icp_core.vocabulary.industries import industry_name
from icp_core.vocabulary.money import currency_code, parse_money, parse_number
from icp_core.vocabulary.names import normalised_email, registrable_domain
from icp_core.vocabulary.places import country_name
from icp_core.vocabulary.scores import NO_SCORE, SCORE_WORDS, stars_of

ARROW_TYPES: dict[str, pa.DataType] = {
    "number": pa.float64(),
    "money": pa.float64(),
    "percent": pa.float64(),
    "score": pa.float64(),
    "date": pa.date32(),
    "yes_no": pa.bool_(),
    "multi": pa.list_(pa.string()),
}  # every other type is text

_FREE_TEXT = frozenset(("text",))
_LEADING_NUMBER = re.compile(
    r"^\s*([+-]?\d+(?:[.,]\d+)?)(?:\s*(?:[-–—(:/=]|stars?\b|★|points?\b).*)?$", re.IGNORECASE
)
_ENOUGH_CUT = 3  # so many long ids do not all end in 0 by chance
_LOST_DIGITS = re.compile(r"^\d(?:[.,]\d+)?E\+\d+$", re.IGNORECASE)
_TIME_OF_DAY = r"[T ,]+(?:at |um |à )?\d{1,2}[:h]\d{2}.*$"
_INTERVAL_WORDS = (
    (r"(quarter|quartal|trimest|3.?month|kwartaal|every 3 months)", "quarter"),
    (r"(half|semi|6.?month|halbj)", "half-year"),
    (r"(year|annual|annuel|jahr|jähr|anual|annuale|jaar|12.?month|^yr)", "year"),
    (r"(week|woche|semana|semaine|settiman)", "week"),
    (r"(month|monat|mensu|mensual|mensal|mensile|maand|^mo$)", "month"),
    (r"(day|daily|tag|täg|jour|día|dia)", "day"),
)
_WON, _LOST, _OPEN = (re.compile(words, re.IGNORECASE) for words in (WON, LOST, f"{OPEN}|{UNDER_WAY}"))

_UNREAD = object()
# What forms write for a respondent who gave neither name nor address.
_NOBODY = frozenset(("anonymous", "anonym", "anonyme", "anónimo", "anônimo", "anonimo", "anoniem"))


@dataclass(frozen=True)
class Converted:
    """A column's values and the cells that could not be read: (row position, text)."""

    values: pa.Array
    unread: list[tuple[int, str]]
    currencies: pa.Array | None = None  # the currency written beside each amount


def _out_of_ten(mark: float, scale: Sequence[float]) -> Any:
    """A mark of a recommend question on 0 to 10, to the nearest whole: 4 of 1–5 is an 8, 90 of 0–100 a 9."""
    low, high = scale
    if not min(low, 0 if high == 10 else low) <= mark <= high:
        return _UNREAD
    return mark if high == 10 else math.floor(10 * (mark - low) / (high - low) + 0.5)


def _reader(column: ColumnMapping) -> Callable[[str], Any]:
    """How one text of this column is read; ``_UNREAD`` = it cannot be."""
    options: Mapping[str, Any] = column.options
    decimal = options.get("decimal")
    kind = column.type

    def number(value: str) -> Any:
        read = parse_number(value, decimal)
        return _UNREAD if read is None else read

    def score(value: str) -> Any:
        word = value.casefold()
        if column.field != "nps" and word in SCORE_WORDS:
            return SCORE_WORDS[word]
        if word in NO_SCORE:
            return None
        read = stars_of(value)
        if read is None:
            found = _LEADING_NUMBER.match(value.removesuffix("%").rstrip())
            if not found:
                return _UNREAD
            read = float(found.group(1).replace(",", "."))
        if options.get("best") == "low" and options.get("scale"):
            # Turned round, so that in every file more is better.
            read = options["scale"][0] + options["scale"][1] - read
        return _out_of_ten(read, options.get("scale") or (0, 10)) if column.field == "nps" else read

    def day(value: str) -> Any:
        read = parse_date(value, options.get("date_order") or "dmy")
        return _UNREAD if read is None else read

    def said(value: str) -> Any:
        if column.field == "is_won":
            read = yes_no(value)
            if read is None:
                read = True if _WON.search(value) else False if _LOST.search(value) else None
                return _UNREAD if read is None and not _OPEN.search(value) else read
            return read
        read = churn_word(value) if column.field in ("churned", "is_closed") else yes_no(value)
        if read is None:
            return _UNREAD
        return not read if options.get("inverted") else read

    def band(value: str) -> Any:
        read = parse_band(value) or unmangled_band(value, options.get("saved_in"))
        if read is None:
            plain = plain_size(value)
            plain = parse_number(value) if plain is None else plain
            return _UNREAD if plain is None else band_label(plain, plain)
        sign = re.match(r"^\D*([$€£])", value)
        return band_label(*read, prefix=sign.group(1) if sign else "")

    def several(value: str) -> Any:
        mark = options.get("splitter") or ";"
        named = options.get("values") or {}
        if mark == " / ":
            value = value.removeprefix("/ ")  # a form that puts a stroke before each answer
        parts = dict.fromkeys(named.get(part.strip().casefold(), part.strip()) for part in value.split(mark))
        parts.pop("", None)
        return list(parts) or None

    def email(value: str) -> Any:
        if whole := normalised_email(value):
            return whole
        for part in re.split(r"[,;]\s*", value):
            read = normalised_email(part)
            if read:
                return read
        return None if value.casefold() in _NOBODY else _UNREAD

    def domain(value: str) -> Any:
        return registrable_domain(value) or _UNREAD

    def currency(value: str) -> Any:
        return currency_code(value) or _UNREAD

    def country(value: str) -> Any:
        return country_name(value) or " ".join(value.split())

    def identifier(value: str) -> Any:
        return value[:-2] if options.get("whole") and value.endswith(".0") else value

    def label(value: str) -> Any:
        value = " ".join(value.split())
        if column.field == "person_name" and value.casefold() in _NOBODY:
            return None
        if column.field == "industry":
            return industry_name(value)
        if column.field == "interval":
            return next(
                (name for words, name in _INTERVAL_WORDS if re.search(words, value.casefold())), value
            )
        return value

    readers: dict[str, Callable[[str], Any]] = {
        "number": number, "money": number, "percent": number, "score": score, "date": day, "yes_no": said,
        "band": band, "multi": several, "email": email, "domain": domain, "currency": currency, "country": country,
        "id": identifier, "text": str, "url": str, "name": label, "category": label,
    }  # fmt: skip
    return readers[kind]


# From so many different texts on, the plainly written ones are read in one stroke.
_MANY = 500
_NUMBER_STYLES = {
    ".": (r"^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?$", ",", "."),
    ",": (r"^[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?$", ".", ","),
    None: (r"^[+-]?\d+$", "", ""),
}
_PLAIN_TEXT = r"^[^'=\s(\[<].*[^\s]$"


def _fast_numbers(texts: pa.Array, decimal: str | None) -> tuple[pa.Array, np.ndarray]:
    """Numbers written in the column's own style, in one stroke: (values, which were read)."""
    pattern, thousands, mark = _NUMBER_STYLES[decimal]
    plain = pc.match_substring_regex(texts, pattern)
    read = plain.to_numpy(zero_copy_only=False)
    written = pc.if_else(plain, texts, pa.scalar(None, pa.string()))
    if thousands:
        written = pc.replace_substring(written, thousands, "")
    if mark == ",":
        written = pc.replace_substring(written, ",", ".")
    return pc.cast(written, pa.float64()), read


def _fast_texts(texts: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """Texts that are neither blank by some name nor guarded nor padded: (themselves, which they are)."""
    plain = pc.match_substring_regex(texts, _PLAIN_TEXT)
    blank = pc.is_in(pc.utf8_lower(texts), value_set=pa.array(sorted(BLANK_WORDS), pa.string()))
    plain = pc.and_(plain, pc.invert(blank))
    return pc.if_else(plain, texts, pa.scalar(None, pa.string())), plain.to_numpy(zero_copy_only=False)


def read_column(cells: pa.ChunkedArray, column: ColumnMapping) -> Converted:
    """Read all cells of a column as its type. A blank by any of its names is NULL; what cannot be read is NULL
    and listed. The column's notation (decimal mark, order of day and month …) is in ``column.options``.
    """
    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    currencies = _currencies(cells, column) if column.type == "money" else None
    if column.type == "date":
        cells = pc.replace_substring_regex(cells, _TIME_OF_DAY, "")
    coded = cells.dictionary_encode()
    texts = coded.dictionary
    options = dict(column.options)
    if column.type == "id" and len(texts):
        options["whole"] = _all_whole(texts)
        column = replace(column, options=options)
    arrow_type = ARROW_TYPES.get(column.type, pa.string())
    fast, done = pa.nulls(len(texts), arrow_type), np.zeros(len(texts), dtype=bool)
    as_written = not options.get("values") and not options.get("part") and not options.get("whole")
    if len(texts) > _MANY and as_written:
        if column.type in ("number", "money", "percent"):
            fast, done = _fast_numbers(texts, options.get("decimal"))
        elif column.type in ("id", "text", "url"):
            fast, done = _fast_texts(texts)
    left = np.flatnonzero(~done)
    values, unread = _read_each(texts.take(pa.array(left, pa.int64())).to_pylist(), column)
    slow = pa.array(values, arrow_type)
    if len(left) == len(texts):
        uniques = slow
    else:
        position = np.full(len(texts), -1, dtype="int64")
        position[left] = np.arange(len(left))
        where = pa.array(position, pa.int64(), mask=position < 0)
        uniques = pc.if_else(pa.array(done), fast, slow.take(where))
    if column.type == "percent" and not options.get("shares"):  # a workbook keeps 45 % as 0.45
        uniques = _as_share(texts, uniques)
    if column.type in ("money", "number") and options.get("times"):
        times = float(
            options["times"]
        )  # a hundredth is divided, so that 1990 cents are 19.9 to the last digit
        uniques = pc.multiply(uniques, times) if times >= 1 else pc.divide(uniques, round(1 / times))
    unread = [(int(left[i]), text) for i, text in unread]
    return Converted(uniques.take(coded.indices), _rows_of(unread, coded.indices), currencies)


def _read_each(texts: list[str], column: ColumnMapping) -> tuple[list[Any], list[tuple[int, str]]]:
    """Read different texts one by one: (values, those that could not be read by position)."""
    mapped: Mapping[str, str] = column.options.get("values") or {}
    part = re.compile(column.options["part"]) if column.options.get("part") else None
    read_one = _reader(column)
    free_text = column.type in _FREE_TEXT or (column.field is None and column.type in ("category", "multi"))
    values: list[Any] = []
    unread: list[tuple[int, str]] = []
    for i, text in enumerate(texts):
        value = None
        if not is_blank(text, free_text=free_text):
            text = unguarded(text.strip())
            if part:
                found = part.search(text)
                text = found.group(1).strip() if found else text
            text = mapped.get(text.casefold(), text)
            value = read_one(text) if text else None
            if value is _UNREAD:
                unread.append((i, text))
                value = None
        values.append(value)
    return values, unread


def _all_whole(texts: pa.Array) -> bool:
    """Ids that a spreadsheet or data frame turned into 17850.0."""
    with_point = pc.match_substring_regex(texts, r"^\d+\.0$")
    return bool(pc.any(with_point).as_py()) and not bool(
        pc.any(pc.match_substring_regex(texts, r"^\d+\.[1-9]")).as_py()
    )


def _as_share(texts: pa.Array, values: pa.Array) -> pa.Array:
    """Percentages as shares: a percent sign, or any value above 1, says that the column counts in hundredths."""
    signed = bool(pc.any(pc.match_substring(texts, "%")).as_py())
    highest = pc.max(pc.abs(values)).as_py()
    return pc.divide(values, 100.0) if signed or (highest is not None and highest > 1.0) else values


def _rows_of(unread: list[tuple[int, str]], indices: pa.Array) -> list[tuple[int, str]]:
    if not unread:
        return []
    texts = dict(unread)
    codes = pc.fill_null(indices, -1).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(np.isin(codes, list(texts)))
    return [(int(row), texts[int(codes[row])]) for row in rows]


def _currencies(cells: pa.Array, column: ColumnMapping) -> pa.Array | None:
    """The currency written in each cell; None when no cell has one."""
    coded = cells.dictionary_encode()
    signed = pc.match_substring_regex(coded.dictionary, r"[^\d.,\s'()+\-%kKmMbB]")
    if not pc.any(signed).as_py():
        return None
    decimal = column.options.get("decimal")
    found = [
        parse_money(text, decimal)[1] if is_signed and text else None
        for text, is_signed in zip(coded.dictionary.to_pylist(), signed.to_pylist(), strict=True)
    ]
    return pa.array(found, pa.string()).take(coded.indices) if any(found) else None


def lost_digits(cells: pa.ChunkedArray, *, in_workbook: bool = False) -> list[tuple[int, str]]:
    """Ids that a spreadsheet shortened to ``1.23457E+11``: the digits are gone and cannot be read back.

    A workbook keeps fifteen digits of a number: where all longer ids of a column end in 0, the others were cut.
    """
    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    hits = pc.fill_null(pc.match_substring_regex(cells, _LOST_DIGITS.pattern, ignore_case=True), False)
    if in_workbook:
        long = pc.fill_null(pc.match_substring_regex(cells, r"^\d{16,}$"), False)
        cut = pc.and_(long, pc.ends_with(cells, "0"))
        n_long, n_cut = (pc.sum(each).as_py() or 0 for each in (long, cut))
        if n_cut >= _ENOUGH_CUT and n_cut == n_long:
            hits = pc.or_(hits, cut)
    rows = np.flatnonzero(hits.to_numpy(zero_copy_only=False))
    return [(int(row), cells[int(row)].as_py()) for row in rows]


# Fields of a number, and the one for its ranges: a column may hold both.
RANGES_OF = {"employees": "employee_band", "company_revenue": "company_revenue_band", "age": "age_band"}
_FEW_SIZES = 3


def twin_of(field: str | None) -> str | None:
    """The field for the ranges of a number, or the one for the number of ranges; None when there is none.

    >>> twin_of("employees"), twin_of("employee_band"), twin_of("industry")
    ('employee_band', 'employees', None)
    """
    return next((band if field == n else n for n, band in RANGES_OF.items() if field in (n, band)), None)


def numbers_and_ranges(column: ColumnMapping, converted: Converted) -> dict[str, tuple[pa.Array, Converted]]:
    """A column of sizes told as numbers here and as ranges there, parted into the two fields; empty when it is not.

    The first of the pair is the values of the field, the second what is left unread.
    """
    number = next((n for n, band in RANGES_OF.items() if column.field in (n, band)), None)
    if number is None or column.type not in ("number", "money", "band"):
        return {}
    if column.type == "band":
        return _sizes_among_ranges(converted, number)
    if not converted.unread:
        return {}
    rows = [i for i, _ in converted.unread]
    ranges = read_column(
        pa.chunked_array([pa.array([t for _, t in converted.unread], pa.string())]),
        replace(column, type="band", options={}),
    )
    if ranges.values.null_count == len(rows):
        return {}
    found = dict(zip(rows, ranges.values.to_pylist(), strict=True))
    exact = {i: plain_size(label) for i, label in found.items() if label and plain_size(label) is not None}
    n = len(converted.values)
    bands = pa.array([None if i in exact else found.get(i) for i in range(n)], pa.string())
    written = pa.array([exact.get(i) for i in range(n)], pa.float64())
    left = [one for one in converted.unread if found.get(one[0]) is None]
    return {
        number: (pc.coalesce(converted.values, written), replace(converted, unread=left)),
        RANGES_OF[number]: (bands, replace(converted, unread=[])),
    }


def _sizes_among_ranges(converted: Converted, number: str) -> dict[str, tuple[pa.Array, Converted]]:
    """Plain numbers in a column of ranges are exact where there are several: “1” alone is the smallest range."""
    labels = {label: plain_size(label) for label in pc.unique(converted.values).to_pylist() if label}
    exact = {label: size for label, size in labels.items() if size is not None}
    if len(exact) < _FEW_SIZES:
        return {}
    values = converted.values.to_pylist()
    return {
        RANGES_OF[number]: (pa.array([None if v in exact else v for v in values], pa.string()), converted),
        number: (pa.array([exact.get(v) for v in values], pa.float64()), replace(converted, unread=[])),
    }
