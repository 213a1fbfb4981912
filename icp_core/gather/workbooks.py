"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS): every sheet with a table, as text, with what Excel hides in it.

Dates become ``YYYY-MM-DD`` or ``YYYY-MM-DD HH:MM:SS``, numbers their shortest text with at most 15
significant digits (what Excel itself keeps), booleans ``TRUE`` / ``FALSE``; error cells are NULL with a problem.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    WorksheetNotFound,
    XmlError,
    ZipError,
)

from icp_core.errors import UnreadableFileError
from icp_core.gather.cell_types import is_blank
from icp_core.gather.grid_tables import GridLayout, GridTable, tables_in_grid
from icp_core.gather.limits import Limits
from icp_core.gather.raw_table import FileReading, Problem, RawTable, ReadSettings
from icp_core.gather.sheet_xml import SheetMarks, marks_of_sheets
from icp_core.gather.text_tables import string_columns

ERROR_CELLS = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!"}
)
_MOST_ERROR_PROBLEMS = 200
_MATRIX_HEAD = re.compile(r"[→]\s*$")
_MIDNIGHT = dt.time(0, 0)


def read_workbook(
    path: Path,
    file_name: str,
    *,
    settings: ReadSettings,
    limits: Limits,
    sheet: str | None,
    known_label: Callable[[str], bool] | None,
) -> FileReading:
    """Read all sheets of a workbook that hold a table.

    Hidden sheets come back with ``hidden=True``. ``sheet`` restricts the reading to one sheet; then
    ``settings.header_rows`` (sheet rows, from 1) applies to it.

    Raises
    ------
    UnreadableFileError
        Locked, damaged, without any table, or a matrix report that holds no records.
    """
    tables: list[RawTable] = []
    warnings: list[str] = []
    try:
        book = CalamineWorkbook.from_path(str(path))
        marks = marks_of_sheets(path)
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet or (sheet is not None and meta.name != sheet):
                continue
            reader = _SheetReader(meta.name, marks.get(meta.name, SheetMarks()), limits, known_label)
            fixed = settings if sheet is not None else replace(settings, header_rows=None)
            hidden = meta.visible != SheetVisibleEnum.Visible
            for table in reader.tables(book.get_sheet_by_name(meta.name), file_name, fixed):
                tables.append(replace(table, hidden=hidden))
            warnings += reader.warnings
    except PasswordError as error:
        raise UnreadableFileError(
            "The workbook is locked with a password. Open it in Excel, remove the password and save it again."
        ) from error
    except (CalamineError, ZipError, XmlError, WorksheetNotFound, zipfile.BadZipFile, OSError) as error:
        raise UnreadableFileError(
            "The workbook is damaged and cannot be read. Open it in Excel, save it again as .xlsx, and upload that."
        ) from error
    if sheet is not None and not tables:
        raise UnreadableFileError(
            f"The workbook holds no table on a sheet named “{sheet}”. Choose another sheet."
        )
    if not any(not table.hidden for table in tables) and not tables:
        raise UnreadableFileError(
            warnings[0]
            if warnings
            else "The workbook holds no table: all its sheets are empty. Export it again."
        )
    return FileReading(file_name, "", tuple(tables), warnings=tuple(warnings))


@dataclass
class _SheetReader:
    name: str
    marks: SheetMarks
    limits: Limits
    known_label: Callable[[str], bool] | None
    warnings: list[str] = field(default_factory=list)

    def tables(self, sheet: CalamineSheet, file_name: str, settings: ReadSettings) -> Iterator[RawTable]:
        """The tables of one sheet, top to bottom."""
        if sheet.total_height == 0 or sheet.start is None:
            return
        if sheet.height * sheet.width > self.limits.max_cells:
            raise UnreadableFileError(
                f"The sheet “{self.name}” spans {sheet.height:,} rows and {sheet.width:,} columns. "
                "Delete the stray cells far from the table, or save the table as CSV."
            )
        values = sheet.to_python(skip_empty_area=True)
        top, left = sheet.start
        grid, errors = text_grid(values)
        # calamine hands error cells over as blanks; their places are in the XML.
        errors += [(row - top - 1, column - left - 1, text) for row, column, text in self.marks.errors]
        numbers = list(range(top + 1, top + 1 + len(grid)))
        filled_down = self._fill_merged(grid, sheet, top, left)
        layout = GridLayout(
            row_word="row",
            joiner=" | ",
            comment="",
            header_numbers=settings.header_rows,
            known_label=self.known_label,
            grouped_totals=True,
        )
        found = tables_in_grid(grid, numbers, layout)
        found = [table for table in found if table.rows or len(table.names) > 1]
        for table in found:
            self._refuse_matrix(table)
        for index, table in enumerate(found):
            _fill_groups(table)
            clean_arrows(table)
            yield self._raw(table, file_name, settings, left, errors, top, filled_down, index, len(found))

    def _raw(
        self,
        table: GridTable,
        file_name: str,
        settings: ReadSettings,
        left: int,
        errors: list[tuple[int, int, str]],
        top: int,
        filled_down: int,
        index: int,
        total: int,
    ) -> RawTable:
        if len(table.names) > self.limits.max_columns:
            raise UnreadableFileError(
                f"The sheet “{self.name}” has {len(table.names):,} columns; at most {self.limits.max_columns:,} are read."
            )
        notes = list(table.notes)
        hidden = [
            name
            for name, column in zip(table.names, table.kept_columns, strict=True)
            if left + column + 1 in self.marks.hidden_columns
        ]
        if hidden:
            notes.append(f"Hidden columns are read too: {', '.join(hidden[:12])}.")
        if filled_down:
            notes.append(f"{filled_down:,} cells under merged cells were filled with the merged value.")
        if self.marks.formulas_without_value:
            notes.append(
                f"{self.marks.formulas_without_value:,} formulas hold no calculated value and are blank. "
                "Open the workbook in Excel and save it to calculate them."
            )
        return RawTable(
            file_name=file_name,
            sheet=self.name if total == 1 else f"{self.name} ({index + 1})",
            columns=table.names,
            header=table.header,
            cells=string_columns(table.rows, len(table.names)),
            row_numbers=pa.array(table.numbers, pa.int64()),
            settings=replace(settings, header_rows=table.header_numbers),
            leftovers=tuple(table.leftovers),
            problems=(*self._error_problems(table, errors, top), *table.problems),
            notes=tuple(notes),
        )

    def _error_problems(
        self, table: GridTable, errors: list[tuple[int, int, str]], top: int
    ) -> list[Problem]:
        column_of = {column: name for column, name in zip(table.kept_columns, table.names, strict=True)}
        if not table.numbers:
            return []
        inside = [
            (row + top + 1, column, text)
            for row, column, text in errors
            if table.numbers[0] <= row + top + 1 <= table.numbers[-1] and column in column_of
        ]
        problems = [
            Problem(
                number,
                column_of[column],
                text,
                f"The cell holds the error {text}; it is read as blank.",
                "Mend the formula in the workbook.",
            )
            for number, column, text in inside[:_MOST_ERROR_PROBLEMS]
        ]
        if len(inside) > _MOST_ERROR_PROBLEMS:
            more = len(inside) - _MOST_ERROR_PROBLEMS
            problems.append(
                Problem(None, None, None, f"{more:,} more cells hold errors.", "Mend the formulas.")
            )
        return problems

    def _fill_merged(self, grid: list[list[str]], sheet: CalamineSheet, top: int, left: int) -> int:
        """Write the value of cells merged downwards into each of them; how many were filled.

        A merge to the right stands over columns as a group name and is left to the header.
        """
        done = 0
        for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or []:
            if last_row == first_row or last_column - first_column > 0:
                continue
            row, column = first_row - top, first_column - left
            if not (0 <= row < len(grid) and 0 <= column < len(grid[row])):
                continue
            text = grid[row][column]
            if not text:
                continue
            for below in range(row + 1, min(last_row - top, len(grid) - 1) + 1):
                if not grid[below][column] and not is_blank(grid[below]):
                    grid[below][column] = text
                    done += 1
        return done

    def _refuse_matrix(self, table: GridTable) -> None:
        """A pivoted report has no records to read; say how to get them."""
        names = [cell for row in table.header for cell in row]
        arrows = sum(bool(_MATRIX_HEAD.search(name)) for name in names)
        sums = sum(bool(re.match(r"(?:Sum|Average|Avg) of |Record Count", name.strip())) for name in names)
        titled = any(_MATRIX_HEAD.search((problem.value or "").strip(" |")) for problem in table.leftovers)
        if (arrows or titled) and (sums >= 2 or arrows):
            raise UnreadableFileError(
                "This is a matrix report: it holds totals, not the records behind them. In Salesforce choose "
                "“Export”, then “Details Only” (export details), and upload that file."
            )


def text_grid(values: list[list]) -> tuple[list[list[str]], list[tuple[int, int, str]]]:
    """Turn the typed cells of a sheet into texts; also the places of error cells (row, column, text).

    A column of dates shows times only when at least one of them has a time other than midnight.

    >>> text_grid([["a", 45384.0, 12.5, True], ["b", 0.30000000000000004, "#N/A", ""]])[0]
    [['a', '45384', '12.5', 'TRUE'], ['b', '0.3', '', '']]
    """
    if not values:
        return [], []
    columns, errors = [], []
    for index, column in enumerate(zip(*values, strict=True)):
        kinds = set(map(type, column))
        if kinds == {str}:
            texts = list(column)
        elif kinds <= {str, float, int}:
            texts = [cell if type(cell) is str else number_text(cell) for cell in column]
        else:
            with_time = dt.datetime in kinds and any(
                type(cell) is dt.datetime and cell.time() != _MIDNIGHT for cell in column
            )
            texts = [_cell_text(cell, with_time) for cell in column]
        if str in kinds:
            bad = [row for row, text in enumerate(texts) if text in ERROR_CELLS]
            for row in bad:
                errors.append((row, index, texts[row]))
                texts[row] = ""
        columns.append(texts)
    return [list(row) for row in zip(*columns, strict=True)], sorted(errors)


def number_text(value: float | int) -> str:
    """The shortest text of a number with 15 significant digits; whole numbers without ``.0``.

    >>> number_text(45384.0), number_text(0.1 + 0.2), number_text(1e21)
    ('45384', '0.3', '1e+21')
    """
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if type(value) is int:
        return str(value)
    if value.is_integer() and abs(value) < 1e17:
        return str(int(value))
    return f"{value:.15g}"


def _cell_text(cell: object, with_time: bool) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, dt.datetime):
        rounded = cell if cell.microsecond < 500_000 else cell + dt.timedelta(seconds=1)
        return rounded.strftime("%Y-%m-%d %H:%M:%S") if with_time else cell.strftime("%Y-%m-%d")
    if isinstance(cell, dt.date):
        return cell.isoformat() + (" 00:00:00" if with_time else "")
    if isinstance(cell, dt.time):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, dt.timedelta):
        seconds = int(cell.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    return "" if cell is None else str(cell)


def clean_arrows(table: GridTable) -> None:
    """Take the sort arrows that report writers glue to a header off the column names (the header keeps them)."""
    table.names = tuple(re.sub(r"\s*[↑↓]\s*$", "", name) or name for name in table.names)


def _fill_groups(table: GridTable) -> None:
    """Fill down the columns by which a report is grouped: the value stands only in the first row of its group.

    Only where the report itself says that it is grouped: subtotal rows were set aside, and a leading
    column starts with a value and is otherwise mostly blank.
    """
    totals = [problem for problem in table.leftovers if "total, not a record" in problem.problem]
    if not totals or len(table.rows) < 2:
        return
    filled_names = []
    for j in range(min(4, len(table.names) - 1)):
        column = [row[j] for row in table.rows]
        blanks = sum(not cell.strip() for cell in column)
        if not column[0].strip() or not blanks:
            break
        current = ""
        for row in table.rows:
            current = row[j] if row[j].strip() else current
            row[j] = current
        filled_names.append(table.names[j])
    if filled_names:
        table.notes.append(f"The report is grouped; {', '.join(filled_names)} filled down in each group.")


def as_text_rows(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    """Rows of any cells as texts (for tables found in other documents)."""
    return text_grid([list(row) for row in rows])[0]
