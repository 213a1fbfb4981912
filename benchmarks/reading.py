"""How long reading takes here, beside DuckDB and python-calamine alone: ``python benchmarks/reading.py``.

Prints seconds and ratios for a CSV of 100 MB and a workbook of 1,000,000 cells (median and best of nine runs each,
taken in turns so that a busy machine slows both; a single lucky run of either decides nothing). The whole of ``read_file`` counts: archive checks, child process,
recognition of the dialect and the header, and the way back. It is measured as the app calls it (a process
started ahead, the hash known from the copying of the upload) and once more from nothing. Then the whole way of
the CSV: copied into the inbox, read, recognised, typed, and loaded into a workspace.
"""

from __future__ import annotations

import csv
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from icp_core.gather import load, reader_process  # noqa: E402 - the project is found only now
from icp_core.gather.read import read_file, sha256_of  # noqa: E402
from icp_core.workspace import Workspace  # noqa: E402

CSV_BYTES = 100_000_000
SHEET_ROWS, SHEET_COLUMNS = 100_000, 10
ROUNDS = 9


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


def with_duckdb_loaded(path: Path) -> None:
    """DuckDB alone into a table of a database file, which is what the whole way ends in."""
    header = path.open(encoding="utf-8").readline().rstrip("\n").split(",")
    database = path.with_suffix(".duckdb")
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database), config={"threads": 2}) as con:
        query = (
            "CREATE TABLE t AS SELECT * FROM read_csv($path, auto_detect = false, header = true, columns = $columns,"
            " delim = ',', quote = '\"', escape = '\"', strict_mode = true)"
        )
        con.execute(query, {"path": str(path), "columns": {name.strip(): "VARCHAR" for name in header}})
        con.execute("CHECKPOINT")


def with_us(path: Path, **known: str) -> int:
    reading = read_file(path, **known)
    if reading.error:
        raise SystemExit(reading.error)
    return sum(table.n_rows for table in reading.tables)


def load_whole(path: Path) -> dict[str, float]:
    """Seconds of each step from the upload to the loaded table, in a new workspace."""
    steps = {}
    with tempfile.TemporaryDirectory() as home, Workspace.open(Path(home) / "w.duckdb") as workspace:
        start = time.perf_counter()
        with path.open("rb") as upload:
            received = load.receive(workspace, path.name, upload)
        steps["copy and hash"] = time.perf_counter() - start
        preview = load.preview(workspace, received, path.name)
        steps["read, recognise, type"] = time.perf_counter() - start - sum(steps.values())
        load.import_preview(workspace, preview)
        steps["load"] = time.perf_counter() - start - sum(steps.values())
    return steps


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def compare(title: str, path: Path, alone: Callable[[Path], int], alone_name: str, bar: float) -> None:
    digest = sha256_of(path)
    taken: dict[str, list[float]] = {"alone": [], "ready": [], "new": []}
    for _ in range(ROUNDS):
        taken["alone"].append(seconds(lambda: alone(path)))
        reader_process.get_ready()
        time.sleep(1.0)  # the user looks for the file
        taken["ready"].append(seconds(lambda: with_us(path, sha256=digest)))
        reader_process.dismiss()
        taken["new"].append(seconds(lambda: with_us(path)))
    for word, of in (("median", statistics.median), ("best", min)):
        alone_s, ready_s, new_s = (of(taken[way]) for way in ("alone", "ready", "new"))
        sys.stdout.write(
            f"{title}, {word} of {ROUNDS}: {alone_name} alone {alone_s:.2f} s, we {ready_s:.2f} s, ratio "
            f"{ready_s / alone_s:.2f} (bar {bar}); without anything ready {new_s:.2f} s\n"
        )


def main() -> None:
    """Write the two files, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        table, book = Path(folder) / "orders.csv", Path(folder) / "orders.xlsx"
        write_csv(table)
        write_workbook(book)
        sys.stdout.write(f"load of the machine: {os.getloadavg()[0]:.1f}\n")
        compare(f"CSV of {table.stat().st_size / 1e6:.0f} MB", table, with_duckdb, "DuckDB", 1.5)
        compare("workbook of 1,000,000 cells", book, with_calamine, "python-calamine", 1.3)
        loaded = min(seconds(lambda: with_duckdb_loaded(table)) for _ in range(3))
        steps = min((load_whole(table) for _ in range(2)), key=lambda found: sum(found.values()))
        sys.stdout.write(
            f"the CSV from upload to loaded: {sum(steps.values()):.2f} s ("
            + ", ".join(f"{name} {spent:.2f}" for name, spent in steps.items())
            + f"); DuckDB alone into a database file, all texts: {loaded:.2f} s\n"
        )


if __name__ == "__main__":
    main()
