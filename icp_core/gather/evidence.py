"""What a column's values look like: the half of recognition that works in any language."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise

import pyarrow as pa
import pyarrow.compute as pc

from icp_core.vocabulary.bands import parse_band, unmangled_band
from icp_core.vocabulary.blanks import churn_word, is_blank, yes_no
from icp_core.vocabulary.dates import parse_date
from icp_core.vocabulary.industries import is_industry
from icp_core.vocabulary.money import currency_code, parse_money, parse_number
from icp_core.vocabulary.names import has_legal_form, normalised_email, registrable_domain
from icp_core.vocabulary.places import country_code
from icp_core.vocabulary.scores import stars_of

# Rows looked at: a run from the top shows repeats in neighbouring rows, a stride shows the whole file.
_HEAD_ROWS, _STRIDE_ROWS = 2_000, 3_000
# Different values put through the patterns; more change no decision.
_PATTERN_VALUES = 300
# A column that counts up is believed to number the rows from so many on; no more than the others are looked at.
_FEWEST_COUNTED_ROWS, _COUNTED_ROWS = 20, 1_000

_UUID = re.compile(r"^\{?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}?$")
_CODE = re.compile(r"^(?=.*\d)[A-Za-z0-9][A-Za-z0-9_\-./#]{2,}$")
_PREFIXED = re.compile(r"^[a-z]{2,5}_[A-Za-z0-9]{4,}$")
_MONEY_SIGN = re.compile(r"[$€£¥₹]|\b(?:USD|EUR|GBP|CHF)\b")
_INTEGER = re.compile(r"^[+-]?\d+(?:\.0+)?$")
_PHONE = re.compile(r"^'?\+?[\d\s()./-]{7,22}$")
_PERSON = re.compile(r"^[^\W\d_][^\W\d_'’.-]*\.?(?:[ -][^\W\d_][^\W\d_'’.-]*\.?){1,3}$")
_LEADING_SCORE = re.compile(r"^(10|\d)(?:\.0+)?(?:\s*[-–(:].*)?$")
_COMPACT_DATE = re.compile(r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$")
_NUMBER_ONLY = re.compile(r"^[\d.,\s]+$")


def _is_date(value: str) -> bool:
    if _NUMBER_ONLY.match(value) and "." in value and value.rstrip(".").count(".") != 2:
        return False
    if value.isdigit():
        return bool(_COMPACT_DATE.match(value))
    return parse_date(value, "dmy") is not None or parse_date(value, "mdy") is not None


# A mark before a text is a guard, unless it stands for letters left out (“'s-Gravenhage”, “'t Hoekje”) or opens a quote.
_GUARD = re.compile(r"^'(?=[\w+\-=@])(?!(?:s|t|n|k|em|til|tis|twas)\b)(?!.*'(?!\w))", re.IGNORECASE)


def unguarded(text: str) -> str:
    """A text without the guard that keeps a spreadsheet from reading it: ``'+49 221`` or ``="00123"``.

    >>> unguarded("'+49 221"), unguarded('="00123"'), unguarded("'Ann O'Hara"), unguarded("'s-Hertogenbosch")
    ('+49 221', '00123', "Ann O'Hara", "'s-Hertogenbosch")
    """
    if text[:1] == "'":
        text = _GUARD.sub("", text)
    if text.startswith('="') and text.endswith('"') and len(text) > 3:
        return text[2:-1].replace('""', '"')
    return text


def _host(text: str) -> str:
    """The host of a web address in lower case."""
    return re.split(r"[/?#:\s]", re.sub(r"^[a-z]+://", "", text.casefold()), maxsplit=1)[0]


@dataclass(frozen=True, eq=False)
class ColumnEvidence:
    """What one column's values look like. Shares are of the different non-blank values looked at."""

    n_rows: int
    n_looked_at: int
    n_filled: int
    counts: dict[str, int]  # value -> how often among the rows looked at, most frequent first

    @property
    def n_distinct(self) -> int:
        return len(self.counts)

    @property
    def is_empty(self) -> bool:
        return not self.counts

    def without(self, values: Collection[str]) -> ColumnEvidence:
        """The column as if these values were blank."""
        gone = {value: self.counts[value] for value in values if value in self.counts}
        if not gone:
            return self
        kept = {value: count for value, count in self.counts.items() if value not in gone}
        return ColumnEvidence(self.n_rows, self.n_looked_at, self.n_filled - sum(gone.values()), kept)

    @cached_property
    def sample(self) -> tuple[str, ...]:
        """Different values put through the patterns, spread over the column."""
        values = list(self.counts)
        if len(values) <= _PATTERN_VALUES:
            return tuple(values)
        step = len(values) / _PATTERN_VALUES
        return tuple(values[int(i * step)] for i in range(_PATTERN_VALUES))

    def share(self, test: Callable[[str], object]) -> float:
        """Share of the sample that passes ``test``; 0 for an empty column."""
        if not self.sample:
            return 0.0
        return sum(1 for value in self.sample if test(value)) / len(self.sample)

    def share_of_rows(self, test: Callable[[str], object]) -> float:
        """Share of the filled rows behind the sample that pass ``test``: one odd cell weighs as one row."""
        if not self.sample:
            return 0.0
        passing = sum(self.counts[value] for value in self.sample if test(value))
        return passing / sum(self.counts[value] for value in self.sample)

    @cached_property
    def numbers_by_row(self) -> float:
        return self.share_of_rows(lambda v: parse_number(v) is not None or parse_number(v, ",") is not None)

    @cached_property
    def dates_by_row(self) -> float:
        return self.share_of_rows(_is_date)

    @cached_property
    def filled_share(self) -> float:
        return self.n_filled / self.n_looked_at if self.n_looked_at else 0.0

    @cached_property
    def distinct_share(self) -> float:
        return self.n_distinct / self.n_filled if self.n_filled else 0.0

    @cached_property
    def numbers_the_rows(self) -> bool:
        """Whether the column counts its rows, from 0 or 1 on: what a spreadsheet or data frame adds of its own."""
        first = [*islice(self.counts, _COUNTED_ROWS)]
        return (
            len(first) >= _FEWEST_COUNTED_ROWS
            and self.n_distinct == self.n_filled == self.n_looked_at
            and first[0] in ("0", "1")
            and first == [str(number) for number in range(int(first[0]), int(first[0]) + len(first))]
        )

    @cached_property
    def emails(self) -> float:
        return self.share(
            lambda v: normalised_email(v.split(",")[0].split(";")[0]) or v.casefold() == "anonymous"
        )

    @cached_property
    def domains(self) -> float:
        return self.share(
            lambda v: "@" not in v and " " not in v and (registrable_domain(v) or v.startswith("http"))
        )

    @cached_property
    def on_one_site(self) -> bool:
        """Different pages of one web site (profiles, reviews), which is nobody's own."""
        if self.n_distinct < 3 or self.domains <= 0.7:
            return False
        hosts = {host.removeprefix("www.") for host in map(_host, self.sample) if host}
        return len(hosts) == 1

    @cached_property
    def numbers(self) -> float:
        return self.share(lambda v: parse_number(v) is not None or parse_number(v, ",") is not None)

    @cached_property
    def integers(self) -> float:
        return self.share(_INTEGER.match)

    @cached_property
    def money_signs(self) -> float:
        return self.share(lambda v: parse_money(v)[1])

    @cached_property
    def money_ranges(self) -> float:
        """Ranges of money rather than of heads: a currency stands beside them, or they reach a million."""
        return self.share(lambda v: (found := parse_band(v)) and (_MONEY_SIGN.search(v) or found[0] >= 1e6))

    @cached_property
    def percent_signs(self) -> float:
        return self.share(lambda v: v.endswith("%"))

    @cached_property
    def dates(self) -> float:
        return self.share(_is_date)

    @cached_property
    def epochs(self) -> float:
        """Moments counted in seconds or milliseconds since 1970, from the year 2000 on."""
        return self.share(
            lambda v: v.isdigit() and len(v) in (10, 13) and 946_684_800 <= int(v[:10]) < 2_208_988_800
        )

    @cached_property
    def yes_nos(self) -> float:
        return self.share(lambda v: yes_no(v) is not None)

    @cached_property
    def churn_words(self) -> float:
        return self.share(lambda v: churn_word(v) is not None)

    @cached_property
    def currencies(self) -> float:
        return self.share(currency_code) if self.n_distinct <= 60 else 0.0

    @cached_property
    def countries(self) -> float:
        return self.share(country_code)

    @cached_property
    def industries(self) -> float:
        return self.share(is_industry) if self.with_letters > 0.9 and self.n_distinct <= 200 else 0.0

    @cached_property
    def bands(self) -> float:
        return self.share(parse_band)

    @cached_property
    def bands_or_mangled(self) -> float:
        return self.share(lambda v: parse_band(v) or unmangled_band(v))

    @cached_property
    def codes(self) -> float:
        return self.share(
            lambda v: _UUID.match(v) or _PREFIXED.match(v) or (_CODE.match(v) and not _is_date(v))
        )

    @cached_property
    def phones(self) -> float:
        return self.share(lambda v: _PHONE.match(v) and sum(c.isdigit() for c in v) >= 7)

    @cached_property
    def legal_forms(self) -> float:
        return self.share(has_legal_form)

    @cached_property
    def person_like(self) -> float:
        return self.share(lambda v: _PERSON.match(v) and not has_legal_form(v) and v[:1].isupper())

    @cached_property
    def with_letters(self) -> float:
        return self.share(lambda v: any(c.isalpha() for c in v))

    @cached_property
    def scores_0_10(self) -> float:
        return self.share(lambda v: _LEADING_SCORE.match(v) or stars_of(v) is not None)

    @cached_property
    def stars(self) -> float:
        return self.share(lambda v: stars_of(v) is not None)

    @cached_property
    def mean_words(self) -> float:
        return sum(len(v.split()) for v in self.sample) / len(self.sample) if self.sample else 0.0

    @cached_property
    def number_values(self) -> tuple[float, ...]:
        parsed = (parse_number(v) if (stars := stars_of(v)) is None else stars for v in self.sample)
        return tuple(v for v in parsed if v is not None)

    @cached_property
    def semicolons(self) -> float:
        return self.share(lambda v: ";" in v)

    @cached_property
    def is_free_text(self) -> bool:
        """Sentences rather than labels."""
        return (
            self.with_letters >= 0.8
            and self.mean_words >= 4
            and (self.distinct_share > 0.5 or self.n_distinct > 60)
        )

    def between(self, low: float, high: float) -> bool:
        """All numbers of the sample lie in a range (and there are some)."""
        values = self.number_values
        return bool(values) and min(values) >= low and max(values) <= high

    def part_separator(self) -> str | None:
        """The mark between the several answers of one cell; None when cells hold one answer.

        A mark counts only if the parts recur: the parts of a list do, the clauses of a sentence do not. A stroke
        counts only where no other mark does: it may stand within an answer (“Owner / founder;Finance”).
        """
        if self.share(lambda v: v.startswith("/ ")) > 0.8:
            return " / "  # each answer behind its stroke: “ / Excel / Slack”
        best, best_gain = None, 0.0
        for mark in (";", ",", "|"):
            gain = self._gain_of_splitting(mark)
            if gain > best_gain * (1.1 if best else 1.0):
                best, best_gain = mark, gain
        return best or (" / " if self._gain_of_splitting(" / ") else None)

    @cached_property
    def joined_codes(self) -> bool:
        """Whether cells hold the numbers of several answers, counting up within the cell: “1,4,5” here, “2” there.

        One comma in a cell may be a decimal mark, so this is for columns of which it is known that it is not.
        """
        codes = [value.split(",") for value in self.counts]
        return any(len(parts) > 1 for parts in codes) and all(
            all(part.strip().isdecimal() and len(part.strip()) <= 3 for part in parts)
            and all(int(a) < int(b) for a, b in pairwise(parts))
            for parts in codes
        )

    def _gain_of_splitting(self, mark: str) -> float:
        """How much a mark looks like the one between answers: share of recurring parts × share of cells with it."""
        with_mark = [v for v in self.counts if mark in v]
        if (
            len(with_mark) < 2
            or (mark == "," and len(with_mark) < 0.1 * self.n_distinct)
            or self._numbers_with(mark)
        ):
            return 0.0
        n_parts = n_words = 0
        weight: dict[str, int] = {}
        for value in self.counts:
            for part in value.split(mark):
                part = part.strip()
                if part:
                    n_parts += 1
                    n_words += len(part.split())
                    weight[part] = weight.get(part, 0) + 1
        if not weight or n_words / n_parts > 6 or len(weight) > 400 or len(weight) >= 0.7 * n_parts:
            return 0.0
        recurring = sum(count for count in weight.values() if count > 1) / n_parts
        if recurring < (0.6 if mark == "," else 0.5):
            return 0.0
        return recurring * len(with_mark) / self.n_distinct

    def _numbers_with(self, mark: str) -> bool:
        return mark == "," and (self.numbers > 0.5 or self.bands > 0.3 or self.dates > 0.3)


def column_evidence(values: pa.ChunkedArray | pa.Array) -> ColumnEvidence:
    """Look at a column of text (NULL = empty cell): up to 5,000 rows, blanks by any name left out."""
    n_rows = len(values)
    if n_rows > _HEAD_ROWS + _STRIDE_ROWS:
        step = (n_rows - _HEAD_ROWS) / _STRIDE_ROWS
        rows = [*range(_HEAD_ROWS), *(_HEAD_ROWS + int(i * step) for i in range(_STRIDE_ROWS))]
        values = values.take(pa.array(rows))
    looked_at = len(values)
    counted = pc.value_counts(values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values)
    counts: dict[str, int] = {}
    for value, count in zip(counted.field(0).to_pylist(), counted.field(1).to_pylist(), strict=True):
        if is_blank(value):
            continue
        text = " ".join(value.split())
        text = unguarded(text)
        counts[text] = counts.get(text, 0) + count
    return ColumnEvidence(n_rows, looked_at, sum(counts.values()), counts)
