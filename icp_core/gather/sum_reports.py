"""Reports that hold sums by group and no records: matrix and summary reports of a CRM."""

from __future__ import annotations

import re

from icp_core.gather.raw_table import Problem, RawTable
from icp_core.vocabulary.headers import clean_header

_MATRIX_SIGN = re.compile(r"→\s*$")
_MATRIX_VALUES = re.compile(r"^(sum of |average of |avg of |max of |min of |record count)", re.IGNORECASE)


def matrix_problem(table: RawTable) -> Problem | None:
    """Why a matrix report, which holds sums and no records, is refused; None for any other table."""
    raw = [cell for row in table.header for cell in row if cell] or list(table.columns)
    arrows = [cell for cell in raw if _MATRIX_SIGN.search(cell)]
    sums = [cell for cell in raw if _MATRIX_VALUES.match(clean_header(cell))]
    if arrows and len(sums) >= 2:
        return _sums_only("matrix", arrows[0])
    return None


def summary_problem(table: RawTable) -> Problem | None:
    """Why a report that is nothing but sums under one or two headings is refused; None for any other table."""
    sums = [name for name in table.columns if _MATRIX_VALUES.match(clean_header(name))]
    return _sums_only("summary", sums[0]) if len(sums) >= max(2, len(table.columns) - 2) else None


def _sums_only(which: str, heading: str) -> Problem:
    return Problem(
        None,
        clean_header(heading),
        None,
        f"This is a {which} report: it holds sums by group, not one row per record.",
        "Export the report again as “Details Only”.",
    )
