"""A workbook as LibreOffice shows it after it has recalculated every formula."""

import subprocess
from pathlib import Path

import openpyxl


def recalculated(book: openpyxl.Workbook, folder: Path, soffice: str, sheet: str):
    """Save the workbook in ``folder``, let LibreOffice recalculate it, and give a sheet of values."""
    book.save(folder / "changed.xlsx")
    subprocess.run(
        [soffice, f"-env:UserInstallation=file://{folder}/office", "--headless"]
        + ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out")]
        + [str(folder / "changed.xlsx")],
        check=True,
        capture_output=True,
        timeout=300,
    )  # fmt: skip
    return openpyxl.load_workbook(folder / "out" / "changed.xlsx", data_only=True)[sheet]
