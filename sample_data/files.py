"""Writing CSV and XLSX so that the same rows always give the same bytes."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

_ZIP_MOMENT = (2026, 11, 2, 8, 0, 0)


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    quote_all: bool = False,
    encoding: str = "utf-8",
) -> None:
    """One header row and the rows, comma separated, `\\n` line ends; `None` becomes an empty cell."""
    buffer = io.StringIO()
    writer = csv.writer(
        buffer, lineterminator="\n", quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    )
    writer.writerow(header)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    path.write_bytes(buffer.getvalue().encode(encoding))


def write_xlsx(path: Path, sheets: dict[str, list[Sequence[Any]]], widths: Sequence[int] = ()) -> None:
    """Plain workbook; its dates are fixed, and so are the times inside the zip."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(["" if cell is None else cell for cell in row] if not any(row) else list(row))
        for column, width in zip("ABCDEFGH", widths, strict=False):
            sheet.column_dimensions[column].width = width
    workbook.properties.creator = "Tidelane Accounts"
    buffer = io.BytesIO()
    workbook.save(buffer)
    path.write_bytes(_with_fixed_times(buffer.getvalue()))


def _with_fixed_times(workbook: bytes) -> bytes:
    """The same parts with one fixed time each; openpyxl writes the clock into the zip and into `core.xml`."""
    fixed = datetime(*_ZIP_MOMENT).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + fixed, data)
            target.writestr(zipfile.ZipInfo(entry.filename, _ZIP_MOMENT), data, zipfile.ZIP_DEFLATED)
    return result.getvalue()
