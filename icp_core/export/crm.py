"""CSV for a CRM or a spreadsheet: opens in Excel with the right letters, and never carries a formula.

>>> import pandas as pd
>>> csv_bytes(pd.DataFrame({"id": ["007"], "note": ["=1+1"], "mrr": [-5.5]})).decode("utf-8-sig").splitlines()
['id,note,mrr', "007,'=1+1,-5.5"]
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

# Control characters show nothing; some programs end a cell at them, and terminals act on them.
_CONTROLS = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]")
DANGEROUS_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
# A plain number is no formula; guarding it would turn amounts typed as text into words.
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """The rows as CSV: UTF-8 with byte order mark, columns and order as given, text never a formula.

    Text that starts like a formula gets a leading ``'``. Dates are ISO, yes/no reads ``yes``/``no``, lists
    are joined with ``; ``, blank stays empty; numbers are written in full, whole ones without decimals.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(str(name)) for name in frame.columns])
    columns = [_column_words(frame.iloc[:, i]) for i in range(frame.shape[1])]
    if columns:
        writer.writerows(zip(*columns, strict=True))
    return out.getvalue().encode("utf-8-sig", errors="replace")


def guarded(text: str) -> str:
    """The text without control characters, with a leading ``'`` when a spreadsheet would take it for a formula.

    >>> guarded("@SUM(A1)"), guarded("-5"), guarded("plain")
    ("'@SUM(A1)", '-5', 'plain')
    """
    text = _CONTROLS.sub("", text)
    if text.startswith(DANGEROUS_STARTS) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def _column_words(column: pd.Series) -> Iterable[str]:
    return [cell_words(value) for value in column.tolist()]


def cell_words(value: Any) -> str:
    """One value as CSV text."""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        return guarded("; ".join(str(v) for v in value))
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (float, np.floating)):
        if math.isnan(value):
            return ""
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    if isinstance(value, (datetime, pd.Timestamp)):
        stamp = pd.Timestamp(value)
        return stamp.date().isoformat() if stamp == stamp.normalize() else stamp.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return guarded(str(value))
