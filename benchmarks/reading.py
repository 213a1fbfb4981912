"""How long reading takes here, beside DuckDB and python-calamine alone: ``python benchmarks/reading.py``.

Prints seconds and ratios for a CSV of 100 MB and a workbook of 1,000,000 cells (best of three runs each, taken
in turns so that a busy machine slows both). The whole of ``read_file`` counts: hash, archive checks, child
process, recognition of the dialect and the header, and the way back.
"""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from icp_core.gather.read import read_file  # noqa: E402 - the project is found only now

CSV_BYTES = 100_000_000
SHEET_ROWS, SHEET_COLUMNS = 100_000, 10
ROUNDS = 3


def write_csv(path: Path) -> None:
    """A regular CSV: ids, names with commas and quotes, dates, amounts, blanks, texts."""
    rng = random.Random(1)
    names = ["Acme, Inc.", "Globex", "Initech GmbH", 'Umbrella "East"', "Söhne & Co"]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "name", "date", "amount", "country", "email", "notes", "quantity"])
        number = 0
        while stream.tell() < CSV_BYTES:
            for _ in range(2000):
                number += 1
                day = f"2025-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
                amount = f"{rng.random() * 1000:.2f}"
                country = rng.choice(["DE", "FR", "US", ""])
                row = [number, f"{rng.choice(names)} {number % 9999}", day, amount, country]
                writer.writerow(
                    [*row, f"user{number}@example.com", "some free text about the customer", number % 17]
                )


def write_workbook(path: Path) -> None:
    """A sheet of a million cells: texts, whole and broken numbers, dates as text, blanks."""
    rng = random.Random(2)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.append([f"column {i}" for i in range(SHEET_COLUMNS)])
    for number in range(SHEET_ROWS - 1):
        row = [number, f"Customer {number % 5000}", rng.random() * 100, number % 97, "DE"]
        sheet.append(
            [*row, "2025-01-31", round(rng.random(), 2), f"u{number}@example.com", None, number * 1.5]
        )
    book.save(path)


def with_duckdb(path: Path) -> int:
    """DuckDB with the settings given, all texts, into Arrow: the least that has to be done."""
    header = path.open(encoding="utf-8").readline().rstrip("\n").split(",")
    query = (
        "SELECT * FROM read_csv($path, auto_detect = false, header = true, columns = $columns, delim = ',',"
        " quote = '\"', escape = '\"', strict_mode = true)"
    )
    with duckdb.connect(config={"threads": 2}) as con:
        params = {"path": str(path), "columns": {name.strip(): "VARCHAR" for name in header}}
        return con.sql(query, params=params).to_arrow_table().num_rows


def with_calamine(path: Path) -> int:
    """python-calamine alone, into Python values."""
    return len(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())


def with_us(path: Path) -> int:
    reading = read_file(path)
    if reading.error:
        raise SystemExit(reading.error)
    return sum(table.n_rows for table in reading.tables)


def seconds(run: Callable[[Path], int], path: Path) -> float:
    start = time.perf_counter()
    run(path)
    return time.perf_counter() - start


def start_of_child() -> float:
    """Seconds until a process has loaded what reading a text table needs."""
    code = "import icp_core.gather.child, icp_core.gather.handover, icp_core.gather.text_tables"
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[1])
    return time.perf_counter() - start


def compare(title: str, path: Path, alone: Callable[[Path], int], alone_name: str, bar: float) -> None:
    alone_best = us_best = float("inf")
    for _ in range(ROUNDS):
        alone_best = min(alone_best, seconds(alone, path))
        us_best = min(us_best, seconds(with_us, path))
    ratio = us_best / alone_best
    sys.stdout.write(
        f"{title}: {us_best:.2f} s, {alone_name} alone {alone_best:.2f} s, ratio {ratio:.2f} (bar {bar})\n"
    )


def main() -> None:
    """Write the two files, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        table, book = Path(folder) / "orders.csv", Path(folder) / "orders.xlsx"
        write_csv(table)
        write_workbook(book)
        compare(f"CSV of {table.stat().st_size / 1e6:.0f} MB", table, with_duckdb, "DuckDB", 1.5)
        compare("workbook of 1,000,000 cells", book, with_calamine, "python-calamine", 1.3)
        sys.stdout.write(
            f"start of the child process: {min(start_of_child() for _ in range(ROUNDS)):.2f} s\n"
        )


if __name__ == "__main__":
    main()
