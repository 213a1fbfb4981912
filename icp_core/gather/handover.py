"""How a reading travels from the child process to the server: Arrow files for cells, JSON for the rest."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow as pa

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
    """Write tables as ``tN.arrow`` and everything else as ``report.json`` (written last, in one step)."""
    tables = []
    for index, table in enumerate(reading.tables):
        with_rows = table.cells.append_column(ROW_COLUMN, pa.chunked_array([table.row_numbers], pa.int64()))
        with (
            pa.OSFile(str(folder / f"t{index}.arrow"), "wb") as sink,
            pa.ipc.new_file(sink, with_rows.schema) as writer,
        ):
            writer.write_table(with_rows)
        tables.append(_table_report(table))
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
        source = folder / f"t{index}.arrow"
        # A mapped file may be deleted while in use on POSIX, but not on Windows.
        stream = pa.memory_map(str(source)) if os.name == "posix" else pa.BufferReader(source.read_bytes())
        both = pa.ipc.open_file(stream).read_all()
        rows = both.column(ROW_COLUMN)
        tables.append(
            RawTable(
                file_name=found["file_name"],
                sheet=found["sheet"],
                columns=tuple(found["columns"]),
                header=tuple(tuple(row) for row in found["header"]),
                cells=both.drop_columns([ROW_COLUMN]),
                row_numbers=rows.chunk(0) if rows.num_chunks == 1 else rows.combine_chunks(),
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
