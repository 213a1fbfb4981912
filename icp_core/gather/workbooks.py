"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS): every sheet with a table, as text, with what Excel hides in it.

Dates become ``YYYY-MM-DD`` or ``YYYY-MM-DD HH:MM:SS``, numbers their shortest text with at most 15
significant digits (what Excel itself keeps), booleans ``TRUE`` / ``FALSE``; error cells are NULL with a problem.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
from icp_core.gather.archive_checks import DAMAGED_WORKBOOK, LOCKED
from icp_core.gather.cell_types import is_blank
from icp_core.gather.grid_tables import GridLayout, GridTable, tables_in_grid
from icp_core.gather.large_sheets import read_large
from icp_core.gather.limits import Limits
from icp_core.gather.raw_table import FileReading, Problem, RawTable, ReadSettings
from icp_core.gather.sheet_cells import text_grid
from icp_core.gather.sheet_xml import SheetMarks, marks_of_sheets
from icp_core.gather.text_tables import string_columns

_MOST_ERROR_PROBLEMS = 200
_MATRIX_HEAD = re.compile(r"[→]\s*$")


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
        with ThreadPoolExecutor(1) as beside:  # both sides leave Python's lock while they unpack
            coming = beside.submit(marks_of_sheets, path)
            book = CalamineWorkbook.from_path(str(path))
            for meta in book.sheets_metadata:
                if meta.typ != SheetTypeEnum.WorkSheet or sheet not in (None, meta.name):
                    continue
                cells = book.get_sheet_by_name(meta.name)
                reader = _SheetReader(
                    meta.name, coming.result().get(meta.name, SheetMarks()), limits, known_label
                )
                fixed = settings if sheet is not None else replace(settings, header_rows=None)
                hidden = meta.visible != SheetVisibleEnum.Visible
                tables += [replace(table, hidden=hidden) for table in reader.tables(cells, file_name, fixed)]
                warnings += reader.warnings
    except PasswordError as error:
        raise UnreadableFileError(LOCKED) from error
    except (CalamineError, ZipError, XmlError, WorksheetNotFound, zipfile.BadZipFile, OSError) as error:
        raise UnreadableFileError(DAMAGED_WORKBOOK) from error
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


@dataclass(frozen=True)
class _Shape:
    """A table found on a sheet: its head, its cells, their sheet rows, and the sheet columns left of it."""

    table: GridTable
    cells: pa.Table
    numbers: pa.Array
    left: int


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
                f"The sheet “{self.name}” spans {sheet.height:,} rows and {sheet.width:,} columns; at most "
                f"{self.limits.max_cells:,} cells are read. "
                "Delete the stray cells far from the table, or save the table as CSV."
            )
        values = sheet.to_python(skip_empty_area=True)
        top, left = sheet.start
        for row, column, figure in self.marks.constants:
            if 0 <= row - top - 1 < len(values) and 0 <= column - left - 1 < len(values[row - top - 1]):
                values[row - top - 1][column - left - 1] = figure
        # calamine hands error cells over as blanks; their places are in the XML.
        listed = [(row - top - 1, column - left - 1, text) for row, column, text in self.marks.errors]
        layout = GridLayout(
            row_word="row",
            joiner=" | ",
            comment="",
            header_numbers=settings.header_rows,
            known_label=self.known_label,
            grouped_totals=True,
        )
        merged = [area for area in sheet.merged_cell_ranges or [] if area[1][0] > area[0][0]]
        large = None if merged else read_large(values, layout, top)
        if large is not None:
            self._refuse_matrix(large.head)
            clean_arrows(large.head)
            numbers = pa.arange(top + 1 + large.first_row, top + 1 + large.first_row + large.cells.num_rows)
            shape = _Shape(large.head, large.cells, numbers, left)
            yield self._raw(shape, file_name, settings, [*large.errors, *listed], top)
            return
        grid, errors = text_grid(values)
        numbers = list(range(top + 1, top + 1 + len(grid)))
        filled_down = self._fill_merged(grid, sheet, top, left)
        found = tables_in_grid(grid, numbers, layout)
        found = [table for table in found if table.rows or len(table.names) > 1]
        for table in found:
            self._refuse_matrix(table)
        for index, table in enumerate(found):
            _fill_groups(table)
            clean_arrows(table)
            shape = _Shape(
                table, string_columns(table.rows, len(table.names)), pa.array(table.numbers, pa.int64()), left
            )
            sheet_name = self.name if len(found) == 1 else f"{self.name} ({index + 1})"
            yield self._raw(shape, file_name, settings, errors + listed, top, filled_down, sheet_name)

    def _raw(
        self,
        shape: _Shape,
        file_name: str,
        settings: ReadSettings,
        errors: list[tuple[int, int, str]],
        top: int,
        filled_down: int = 0,
        sheet_name: str | None = None,
    ) -> RawTable:
        table = shape.table
        if len(table.names) > self.limits.max_columns:
            raise UnreadableFileError(
                f"The sheet “{self.name}” has {len(table.names):,} columns; at most {self.limits.max_columns:,} are read."
            )
        notes = list(table.notes)
        hidden = [
            name
            for name, column in zip(table.names, table.kept_columns, strict=True)
            if shape.left + column + 1 in self.marks.hidden_columns
        ]
        if hidden:
            notes.append(f"Hidden columns are read too: {', '.join(hidden[:12])}.")
        if filled_down:
            notes.append(f"{filled_down:,} cells under merged cells were filled with the merged value.")
        if self.marks.formulas_without_value:
            notes.append(
                f"{self.marks.formulas_without_value:,} formulas hold no calculated value and are blank. "
                "Open the workbook in Excel or LibreOffice and save it to calculate them."
            )
        return RawTable(
            file_name=file_name,
            sheet=sheet_name or self.name,
            columns=table.names,
            header=table.header,
            cells=shape.cells,
            row_numbers=shape.numbers,
            settings=replace(settings, header_rows=table.header_numbers),
            leftovers=tuple(table.leftovers),
            problems=(*self._error_problems(shape, errors, top), *table.problems),
            notes=tuple(notes),
            units=tuple(self.marks.units.get(shape.left + column + 1) for column in table.kept_columns),
        )

    def _error_problems(self, shape: _Shape, errors: list[tuple[int, int, str]], top: int) -> list[Problem]:
        table, numbers = shape.table, shape.numbers
        column_of = {column: name for column, name in zip(table.kept_columns, table.names, strict=True)}
        if not len(numbers):
            return []
        first, last = numbers[0].as_py(), numbers[-1].as_py()
        inside = [
            (row + top + 1, column, text)
            for row, column, text in errors
            if first <= row + top + 1 <= last and column in column_of
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
