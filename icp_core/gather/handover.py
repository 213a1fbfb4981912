"""How a reading travels from the child process to the server: Arrow files for cells, JSON for the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa

from icp_core.gather.arrow_file import open_arrow, write_arrow
from icp_core.gather.limits import Limits
from icp_core.gather.raw_table import FileReading, Problem, RawTable, RawTranscript, ReadSettings, Utterance

ROW_COLUMN = "row"


def settings_from_dict(found: dict) -> ReadSettings:
    """The inverse of :meth:`ReadSettings.as_dict`."""
    rows = found.get("header_rows")
    return ReadSettings(**{**found, "header_rows": None if rows is None else tuple(rows)})


def write_request(
    folder: Path, path: Path, file_name: str, settings: ReadSettings | None, limits: Limits, sheet: str | None
) -> None:
    """Write what the child is asked to do."""
    request = {
        "path": str(path),
        "file_name": file_name,
        "settings": None if settings is None else settings.as_dict(),
        "limits": limits.as_dict(),
        "sheet": sheet,
    }
    (folder / "request.json").write_text(json.dumps(request), "utf-8")


def parse_into(folder: Path, request: dict) -> None:
    """Parse the requested file in this process and write the result into ``folder``."""
    from icp_core.gather.parse import read_in_process

    reading = read_in_process(
        Path(request["path"]),
        file_name=request["file_name"],
        settings=None if request["settings"] is None else settings_from_dict(request["settings"]),
        limits=Limits(**request["limits"]),
        sheet=request["sheet"],
        sha256="",
        scratch=folder,
    )
    write_reading(folder, reading)


def write_reading(folder: Path, reading: FileReading) -> None:
    """Write tables as ``tN.arrow`` and everything else as ``report.json`` (written last, in one step).

    Rows whose numbers do not simply count on go into ``rN.arrow``.
    """
    tables = []
    for index, table in enumerate(reading.tables):
        cells = folder / f"t{index}.arrow"
        if table.cells_file is not None:
            table.cells_file.rename(cells)
        else:
            write_arrow(cells, table.cells.schema, table.cells.to_batches())
        first = _counted_from(table.row_numbers)
        if first is None:
            rows = pa.record_batch([table.row_numbers], names=[ROW_COLUMN])
            write_arrow(folder / f"r{index}.arrow", rows.schema, [rows])
        tables.append(_table_report(table) | {"first_row": first})
    report = {
        "error": reading.error,
        "warnings": list(reading.warnings),
        "tables": tables,
        "transcripts": [_transcript_report(transcript) for transcript in reading.transcripts],
    }
    unfinished = folder / "report.part"
    unfinished.write_text(json.dumps(report), "utf-8")
    unfinished.rename(folder / "report.json")


def read_reading(folder: Path, file_name: str, sha256: str) -> FileReading:
    """Take over what the child wrote; the cells are mapped from disk, not copied, where the platform can."""
    report = json.loads((folder / "report.json").read_text("utf-8"))
    tables = []
    for index, found in enumerate(report["tables"]):
        cells, first = open_arrow(folder / f"t{index}.arrow"), found["first_row"]
        if first is None:
            rows = open_arrow(folder / f"r{index}.arrow").column(ROW_COLUMN).combine_chunks()
        else:
            rows = pa.arange(first, first + cells.num_rows)
        tables.append(
            RawTable(
                file_name=found["file_name"],
                sheet=found["sheet"],
                columns=tuple(found["columns"]),
                header=tuple(tuple(row) for row in found["header"]),
                cells=cells,
                row_numbers=rows,
                settings=settings_from_dict(found["settings"]),
                leftovers=tuple(Problem(**problem) for problem in found["leftovers"]),
                problems=tuple(Problem(**problem) for problem in found["problems"]),
                hidden=found["hidden"],
                notes=tuple(found["notes"]),
                units=tuple(found["units"]),
            )
        )
    transcripts = tuple(
        RawTranscript(
            file_name=found["file_name"],
            title=found["title"],
            layout=found["layout"],
            utterances=tuple(Utterance(*utterance) for utterance in found["utterances"]),
            leftovers=tuple(Problem(**problem) for problem in found["leftovers"]),
            notes=tuple(found["notes"]),
        )
        for found in report["transcripts"]
    )
    return FileReading(
        file_name, sha256, tuple(tables), transcripts, report["error"], tuple(report["warnings"])
    )


def _counted_from(rows: pa.Array) -> int | None:
    """The first number of rows that simply count on; None of any others."""
    if not len(rows):
        return None
    first = rows[0].as_py()
    return first if rows.equals(pa.arange(first, first + len(rows))) else None


def _table_report(table: RawTable) -> dict:
    return {
        "file_name": table.file_name,
        "sheet": table.sheet,
        "columns": list(table.columns),
        "header": [list(row) for row in table.header],
        "settings": table.settings.as_dict(),
        "leftovers": [problem.as_dict() for problem in table.leftovers],
        "problems": [problem.as_dict() for problem in table.problems],
        "hidden": table.hidden,
        "notes": list(table.notes),
        "units": list(table.units),
    }


def _transcript_report(transcript: RawTranscript) -> dict:
    return {
        "file_name": transcript.file_name,
        "title": transcript.title,
        "layout": transcript.layout,
        "utterances": [[u.speaker, u.start_s, u.text, u.row] for u in transcript.utterances],
        "leftovers": [problem.as_dict() for problem in transcript.leftovers],
        "notes": list(transcript.notes),
    }
