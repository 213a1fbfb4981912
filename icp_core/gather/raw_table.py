"""What a reader hands over: text exactly as it stood in the file, and where each row came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa


@dataclass(frozen=True)
class Problem:
    """One thing that was not right in an input: what, where, what was done or should be done."""

    row: int | None  # 1-based line or sheet row in the source; None = the whole table
    column: str | None
    value: str | None
    problem: str
    fix: str

    def as_dict(self) -> dict:
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "problem": self.problem,
            "fix": self.fix,
        }


@dataclass(frozen=True)
class ReadSettings:
    """How a file is (to be) read. ``None`` means: find out. What was found comes back in the same shape."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None  # "" = quoting off
    escape: str | None = None  # asked for: "" = quotes are doubled; found: None says so
    header_rows: tuple[int, ...] | None = None  # 1-based source rows that make the header; () = no header
    comment: str | None = None  # "" = no line is a comment
    lenient: bool | None = None  # True when the strict reading refused the file

    def as_dict(self) -> dict:
        return {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "quote": self.quote,
            "escape": self.escape,
            "header_rows": None if self.header_rows is None else list(self.header_rows),
            "comment": self.comment,
            "lenient": self.lenient,
        }


@dataclass(frozen=True)
class RawTable:
    """One table of a file, all text.

    ``cells`` has one string column per table column, named ``c0`` … ``cN`` (NULL = empty cell), and
    nothing else; ``row_numbers`` gives the 1-based line (text) or row (sheet) each record started on.
    ``columns`` are the header texts as read, made unique with `` (2)``; ``header`` the raw header rows
    (a Qualtrics file has three). What was not placed in the table (title lines, footers, comments) is
    in ``leftovers`` as ``Problem`` rows, never dropped in silence.
    """

    file_name: str
    sheet: str | None
    columns: tuple[str, ...]
    header: tuple[tuple[str, ...], ...]
    cells: pa.Table
    row_numbers: pa.Array
    settings: ReadSettings
    leftovers: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    hidden: bool = False  # a hidden sheet
    notes: tuple[str, ...] = ()  # plain sentences about how it was read
    units: tuple[
        str | None, ...
    ] = ()  # what a workbook shows beside the figures of each column: "€", "%"; () = unknown
    cells_file: Path | None = (
        None  # the Arrow file in the scratch folder that the cells are mapped from, if any
    )

    @property
    def n_rows(self) -> int:
        return self.cells.num_rows

    def column_values(self, index: int) -> list[str | None]:
        return self.cells.column(index).to_pylist()


@dataclass(frozen=True)
class Utterance:
    """One turn of an interview."""

    speaker: str | None
    start_s: float | None
    text: str
    row: int


@dataclass(frozen=True)
class RawTranscript:
    """An interview as read: who said what, when."""

    file_name: str
    title: str | None
    layout: str  # zoom-vtt, teams-vtt, teams-docx, otter, srt, markdown, plain …
    utterances: tuple[Utterance, ...]
    leftovers: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def speakers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(u.speaker for u in self.utterances if u.speaker))


@dataclass(frozen=True)
class FileReading:
    """Everything found in one file. ``error`` set = nothing could be read, and why."""

    file_name: str
    sha256: str
    tables: tuple[RawTable, ...] = ()
    transcripts: tuple[RawTranscript, ...] = ()
    error: str | None = None
    warnings: tuple[str, ...] = field(default=())
