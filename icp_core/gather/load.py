"""From a file to the workspace: look first, then import in one transaction, with undo.

``preview`` reads and recognises without changing anything; ``import_preview`` writes. Each import keeps
the text as read (``raw_<id>``) beside its typed form (``typed_<id>``), so a mapping can be corrected
without a new upload.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

from icp_core.errors import ImportRefusedError
from icp_core.gather import convert, link, reread, row_status
from icp_core.gather.changes import Changes, changes_between
from icp_core.gather.raw_table import FileReading, RawTable, RawTranscript, ReadSettings
from icp_core.gather.read import read_file
from icp_core.gather.recognise import (
    Recognition,
    recognise,
    recognition_from_dict,
    recognition_to_dict,
    with_corrections,
)
from icp_core.sql import first_row, quote_identifier
from icp_core.vocabulary import KINDS
from icp_core.workspace import Workspace

TRANSCRIPT = "transcript"
# Loaded interviews, oldest first. Each is called by its file, out of an archive also by which of those in it.
INTERVIEWS = """
SELECT import_id, file_name || coalesce(' · ' || sheet, '') AS name, recognition, vendor AS layout, sha256
FROM imports
WHERE kind = 'transcript'
ORDER BY import_id
"""


@dataclass(frozen=True)
class TablePreview:
    """One table of a file, understood but not yet loaded."""

    table: RawTable
    recognition: Recognition
    typed: convert.TypedTable | None  # None when the kind is not known yet
    mode: str  # "new" | "same" | "update"; without a key for its rows "replace" | "append"
    changes: Changes | None = None

    @property
    def title(self) -> str:
        sheet = f" · {self.table.sheet}" if self.table.sheet else ""
        return f"{self.table.file_name}{sheet}"


_READ_SHARE = 0.4  # of the time from a file to its preview
_WRITTEN_SHARE = 0.4  # of the time to load files, before rows are matched


@dataclass(frozen=True)
class FilePreview:
    """A file as it would be loaded. ``error`` set: it cannot be read, and why."""

    file_name: str
    path: Path
    sha256: str
    tables: tuple[TablePreview, ...] = ()
    transcripts: tuple[RawTranscript, ...] = ()
    error: str | None = None
    warnings: tuple[str, ...] = ()

    def member_of(self, transcript: RawTranscript) -> str | None:
        """Which file of an archive an interview is; None where it is the file itself."""
        return None if transcript.file_name == self.file_name else transcript.file_name


@dataclass(frozen=True)
class ImportReport:
    """What one import did; the parts add up to ``read``."""

    import_id: int
    file_name: str
    sheet: str | None
    kind: str
    vendor: str | None
    mode: str
    read: int
    rejected: int = 0
    dropped: int = 0
    duplicate: int = 0
    superseded: int = 0
    problems: int = 0
    notes: tuple[str, ...] = field(default=())

    @property
    def loaded(self) -> int:
        return self.read - self.rejected - self.dropped - self.duplicate


def receive(workspace: Workspace, file_name: str, content: BinaryIO) -> Path:
    """Copy an upload into the workspace's inbox under the hash of its content; returns that path."""
    digest = hashlib.sha256()
    suffix = Path(file_name).suffix.lower()
    suffix = suffix if suffix.isascii() and suffix[1:].isalnum() and len(suffix) <= 6 else ""
    partial = (
        workspace.inbox / f"{hashlib.sha256(file_name.encode('utf-8', 'replace')).hexdigest()[:16]}.partial"
    )
    with partial.open("wb") as target:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
            target.write(chunk)
    path = workspace.inbox / f"{digest.hexdigest()}{suffix}"
    shutil.move(partial, path)
    return path


def _hash_in_name(workspace: Workspace, path: Path) -> str | None:
    """The hash that :func:`receive` took while it copied the file, so that it need not be taken again."""
    kept = workspace.path is not None and path.parent == workspace.inbox
    return path.stem if kept and len(path.stem) == 64 else None


def remembered(workspace: Workspace, shape: str) -> Mapping[str, Any] | None:
    """The user's corrections for files with the same headers, if any."""
    return workspace.decision("mapping", shape)


def remember(workspace: Workspace, shape: str, corrections: Mapping[str, Any]) -> None:
    """Keep corrections for the next file of the same shape."""
    workspace.decide("mapping", shape, dict(corrections))


def preview(
    workspace: Workspace,
    path: Path,
    file_name: str,
    *,
    settings: ReadSettings | None = None,
    corrections: Mapping[str, Mapping] | None = None,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> FilePreview:
    """Read and recognise a file without changing the workspace.

    ``corrections`` maps the position of a table in the file (as text: ``"0"``) to what the user changed;
    corrections remembered for the same shape apply first. ``cancelled`` is asked while the file is read;
    ``progress`` is told the share done and what is done now, and may raise to stop.
    """
    if progress:
        progress(0.0, f"Reading {file_name}")
    reading = read_file(
        path,
        file_name=file_name,
        settings=settings,
        sha256=_hash_in_name(workspace, path),
        cancelled=cancelled,
    )
    return preview_reading(workspace, path, file_name, reading, corrections, progress)


def preview_reading(
    workspace: Workspace,
    path: Path,
    file_name: str,
    reading: FileReading,
    corrections: Mapping[str, Mapping] | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> FilePreview:
    """Recognise what was read of a file, without changing the workspace; ``progress`` as in ``preview``."""
    if reading.error:
        return FilePreview(file_name, path, reading.sha256, error=reading.error, warnings=reading.warnings)
    tables = []
    for i, table in enumerate(reading.tables):
        if progress:
            progress(_READ_SHARE + (1 - _READ_SHARE) * i / len(reading.tables), f"Understanding {file_name}")
        tables.append(_preview_table(workspace, reading, table, (corrections or {}).get(str(i))))
    return FilePreview(
        file_name=file_name,
        path=path,
        sha256=reading.sha256,
        tables=tuple(tables),
        transcripts=reading.transcripts,
        warnings=reading.warnings,
    )


def corrected_preview(
    workspace: Workspace, file: FilePreview, corrections: Mapping[str, Mapping]
) -> FilePreview:
    """A preview under the user's corrections, from the text read before: nothing is read again."""
    tables = tuple(t.table for t in file.tables)
    reading = FileReading(file.file_name, file.sha256, tables, file.transcripts, warnings=file.warnings)
    return preview_reading(workspace, file.path, file.file_name, reading, corrections)


def shown(file: FilePreview, position: int) -> FilePreview:
    """A preview in which a sheet hidden in its workbook is a table like the others."""
    tables = list(file.tables)
    tables[position] = replace(tables[position], table=replace(tables[position].table, hidden=False))
    return replace(file, tables=tuple(tables))


def read_again(
    workspace: Workspace,
    file: FilePreview,
    position: int,
    settings: ReadSettings,
    corrections: Mapping[str, Mapping] | None = None,
) -> FilePreview:
    """A preview with one table read under other settings; tables of other sheets of the file stay as they are.

    Tables found in the same text or sheet are read anew with it. ``corrections`` are those of the other tables;
    where the number of tables changes, those behind the ones read anew are let go.

    Raises
    ------
    ImportRefusedError
        The file cannot be read that way; the message says why.
    """
    tables = [t.table for t in file.tables]
    sheet, places = reread.source_of(tables, position)
    reading = read_file(
        file.path, file_name=file.file_name, settings=settings, sheet=sheet, sha256=file.sha256 or None
    )
    if reading.error or not reading.tables:
        raise ImportRefusedError(reading.error or "Read that way, the file holds no table.")
    hidden = tables[position].hidden
    tables[places[0] : places[-1] + 1] = [replace(table, hidden=hidden) for table in reading.tables]
    if len(tables) != len(file.tables):
        corrections = {k: c for k, c in (corrections or {}).items() if int(k) < places[0]}
    whole = FileReading(file.file_name, file.sha256, tuple(tables), file.transcripts, warnings=file.warnings)
    return preview_reading(workspace, file.path, file.file_name, whole, corrections)


def _preview_table(
    workspace: Workspace, reading: FileReading, table: RawTable, corrections: Mapping | None
) -> TablePreview:
    found = recognise(table)
    told = [c for c in (remembered(workspace, found.shape), corrections) if c]
    kind = next((c["kind"] for c in reversed(told) if c.get("kind")), None)
    if kind in KINDS and kind != found.kind:
        found = recognise(table, kind=kind)  # other fields are looked for, not only the common ones kept
    for correction in told:
        found = with_corrections(found, correction)
    return understood(workspace, reading.sha256, table, found)


def understood(workspace: Workspace, sha256: str, table: RawTable, recognition: Recognition) -> TablePreview:
    """The preview of a table under a given recognition (e.g. after the user changed a column)."""
    if recognition.kind is None:
        return TablePreview(table, recognition, None, "new")
    typed = convert.typed_table(table, recognition)
    con = workspace.cursor()
    same = first_row(
        con,
        """
        SELECT import_id, recognition FROM imports
        WHERE sha256 = $sha256 AND sheet IS NOT DISTINCT FROM $sheet AND kind = $kind
        ORDER BY import_id DESC LIMIT 1
        """,
        {"sha256": sha256, "sheet": table.sheet, "kind": recognition.kind},
    )
    if same and _meaning(recognition_from_dict(json.loads(same[1]))) == _meaning(recognition):
        return TablePreview(table, recognition, typed, "same")
    previous = first_row(
        con,
        """
        SELECT import_id FROM imports
        WHERE kind = $kind AND shape = $shape
        ORDER BY import_id DESC LIMIT 1
        """,
        {"kind": recognition.kind, "shape": recognition.shape},
    )
    if previous is None:
        return TablePreview(table, recognition, typed, "new")
    changes = changes_between(con, previous[0], recognition, typed)
    if row_status.key_of(recognition.kind, typed.arrow) is not None:
        return TablePreview(table, recognition, typed, "update", changes)
    # Without a key only the whole rows can be compared: mostly the same means the same table once more.
    again = changes.unchanged >= 0.5 * min(
        changes.unchanged + changes.added, changes.unchanged + changes.vanished
    )
    return TablePreview(
        table, recognition, typed, "replace" if again and changes.unchanged else "append", changes
    )


def _meaning(recognition: Recognition) -> tuple:
    """What of a recognition decides the typed table; reasons and confidence may differ with the file's name."""
    columns = [(c.name, c.field, c.type, c.include, sorted(c.options.items())) for c in recognition.columns]
    return recognition.kind, columns, sorted(rule.reason for rule in recognition.row_rules)


def import_preview(
    workspace: Workspace,
    file: FilePreview,
    *,
    skip: Collection[int] = (),
    modes: Mapping[int, str] | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> list[ImportReport]:
    """Load every understood table of a file; all or nothing. Then whose row is whose is settled anew.

    ``modes`` overrides per table: ``update`` (newer rows take the place of older ones with the same key),
    ``append`` (both count), ``replace`` (the older export no longer counts). A table loaded before without
    any change is left alone.

    Raises
    ------
    ImportRefusedError
        The file could not be read, or nothing in it is understood yet.
    """
    return import_batch(workspace, [Chosen(file, frozenset(skip), modes or {})], progress=progress)


@dataclass(frozen=True)
class Chosen:
    """A file to load: positions of tables to leave out, and how a newer export is taken (position → mode)."""

    file: FilePreview
    skip: frozenset[int] = frozenset()
    modes: Mapping[int, str] = field(default_factory=dict)


def import_batch(
    workspace: Workspace,
    batch: Sequence[Chosen],
    *,
    progress: Callable[[float, str], None] | None = None,
) -> list[ImportReport]:
    """Load several files at once, all or nothing; whose row is whose is settled once, after the last.

    A table that comes twice in the batch, or in a newer export beside the older, is judged against what the
    batch itself has loaded so far, so that no row counts twice.

    Raises
    ------
    ImportRefusedError
        A file could not be read.
    """
    for chosen in batch:
        if chosen.file.error:
            raise ImportRefusedError(f"{chosen.file.file_name}: {chosen.file.error}")
    reports: list[ImportReport] = []
    shapes: set[tuple[str | None, str]] = set()
    with workspace.transaction(checkpoint=True) as con:
        for n, chosen in enumerate(batch):
            file = chosen.file
            if progress:
                progress(_WRITTEN_SHARE * n / len(batch), f"Loading {file.file_name}")
            for i, table in enumerate(file.tables):
                if i in chosen.skip or table.recognition.kind is None or table.table.hidden:
                    continue
                shape = (table.recognition.kind, table.recognition.shape)
                mode = chosen.modes.get(i, table.mode)
                if shape in shapes or _is_outdated(con, table):
                    # In between another window, or this batch, loaded a table of this shape.
                    table = understood(workspace, file.sha256, table.table, table.recognition)
                    mode = "same" if table.mode == "same" else chosen.modes.get(i, table.mode)
                if mode == "same":
                    continue
                shapes.add(shape)
                reports.append(_import_table(workspace, con, file, table, mode))
            for transcript in file.transcripts:
                report = _import_transcript(workspace, con, file, transcript)
                if report:
                    reports.append(report)
        if reports:
            link.link_rows(
                workspace,
                progress=progress
                and (lambda share, what: progress(_WRITTEN_SHARE + (1 - _WRITTEN_SHARE) * share, what)),
            )
    return reports


def _is_outdated(con: duckdb.DuckDBPyConnection, table: TablePreview) -> bool:
    """Whether what a preview was compared with is not the newest import of its shape any more."""
    newest = first_row(
        con,
        "SELECT max(import_id) FROM imports WHERE kind = $kind AND shape = $shape",
        {"kind": table.recognition.kind, "shape": table.recognition.shape},
    )[0]
    if table.mode == "same":
        return newest is None
    return newest != (table.changes.previous_import if table.changes else None)


def _next_id(con: duckdb.DuckDBPyConnection) -> int:
    # Ids are never used again, so that a decision about an undone import cannot reach another one.
    row = first_row(con, "SELECT value FROM meta WHERE key = 'last_import'")
    import_id = int(row[0]) + 1 if row else 1
    con.execute("INSERT OR REPLACE INTO meta VALUES ('last_import', $id)", {"id": str(import_id)})
    return import_id


def _import_table(
    workspace: Workspace, con: duckdb.DuckDBPyConnection, file: FilePreview, preview: TablePreview, mode: str
) -> ImportReport:
    table, recognition, typed = preview.table, preview.recognition, preview.typed
    import_id = _next_id(con)
    raw = table.cells.append_column("_row", pa.array(table.row_numbers, type=pa.int64()))
    for name, content in ((f"raw_{import_id}", raw), (f"typed_{import_id}", typed.arrow)):
        con.register("incoming", content)
        con.execute(f"CREATE TABLE {quote_identifier(name)} AS SELECT * FROM incoming")
        con.unregister("incoming")
    duplicates = row_status.mark_rows(con, import_id, typed)
    superseded = row_status.supersede(con, import_id, recognition.kind, recognition.shape, mode)
    problems = [*table.problems, *table.leftovers, *recognition.problems, *typed.problems]
    row_status.add_problems(con, import_id, problems)
    con.execute(
        """
        INSERT INTO imports VALUES ($import_id, $file_name, $sheet, $sha256, $kind, $vendor, $shape, $mode,
                                    $imported_at, $rows_read, $recognition, $settings, $notes)
        """,
        {
            "import_id": import_id,
            "file_name": file.file_name,
            "sheet": table.sheet,
            "sha256": file.sha256,
            "kind": recognition.kind,
            "vendor": recognition.vendor,
            "shape": recognition.shape,
            "mode": mode,
            "imported_at": workspace.clock(),
            "rows_read": table.n_rows,
            "recognition": json.dumps(recognition_to_dict(recognition), ensure_ascii=False),
            "settings": json.dumps(
                table.settings.as_dict() | {"units": list(table.units)}, ensure_ascii=False
            ),
            "notes": json.dumps(list(table.notes), ensure_ascii=False),
        },
    )
    return ImportReport(
        import_id=import_id,
        file_name=file.file_name,
        sheet=table.sheet,
        kind=recognition.kind,
        vendor=recognition.vendor,
        mode=mode,
        read=table.n_rows,
        rejected=len(typed.rejected_rows),
        dropped=len(typed.dropped_rows),
        duplicate=duplicates,
        superseded=superseded,
        problems=len(problems),
        notes=table.notes,
    )


def is_loaded(workspace: Workspace, file: FilePreview, transcript: RawTranscript) -> bool:
    """Whether this very interview is loaded already."""
    return _is_loaded(workspace.cursor(), file, transcript)


def _is_loaded(con: duckdb.DuckDBPyConnection, file: FilePreview, transcript: RawTranscript) -> bool:
    found = first_row(
        con,
        "SELECT 1 FROM imports WHERE sha256 = $sha256 AND kind = $kind AND sheet IS NOT DISTINCT FROM $sheet",
        {"sha256": file.sha256, "kind": TRANSCRIPT, "sheet": file.member_of(transcript)},
    )
    return found is not None


def _import_transcript(
    workspace: Workspace, con: duckdb.DuckDBPyConnection, file: FilePreview, transcript: RawTranscript
) -> ImportReport | None:
    if _is_loaded(con, file, transcript):
        return None
    import_id = _next_id(con)
    spoken = transcript.utterances
    con.register(
        "incoming",
        pa.table(
            {
                "row": pa.array([u.row for u in spoken], pa.int64()),
                "speaker": pa.array([u.speaker for u in spoken], pa.string()),
                "start_s": pa.array([u.start_s for u in spoken], pa.float64()),
                "text": pa.array([u.text for u in spoken], pa.string()),
            }
        ),
    )
    con.execute(
        "INSERT INTO utterances SELECT $id, row, speaker, start_s, text FROM incoming", {"id": import_id}
    )
    con.unregister("incoming")
    row_status.add_problems(con, import_id, list(transcript.leftovers))
    con.execute(
        """
        INSERT INTO imports VALUES ($import_id, $file_name, $sheet, $sha256, $kind, $vendor, $shape, 'new',
                                    $imported_at, $rows_read, $recognition, '{}', $notes)
        """,
        {
            "import_id": import_id,
            "file_name": file.file_name,
            "sheet": file.member_of(transcript),
            "sha256": file.sha256,
            "kind": TRANSCRIPT,
            "vendor": transcript.layout,
            "shape": transcript.layout,
            "imported_at": workspace.clock(),
            "rows_read": len(spoken),
            "recognition": json.dumps({"title": transcript.title, "speakers": list(transcript.speakers)}),
            "notes": json.dumps(list(transcript.notes), ensure_ascii=False),
        },
    )
    return ImportReport(
        import_id=import_id,
        file_name=file.file_name,
        sheet=file.member_of(transcript),
        kind=TRANSCRIPT,
        vendor=transcript.layout,
        mode="new",
        read=len(spoken),
        problems=len(transcript.leftovers),
        notes=transcript.notes,
    )


def undo_import(workspace: Workspace, import_id: int) -> None:
    """Take one import back: its rows go, rows it had set aside count again, the rest is settled anew."""
    with workspace.transaction(checkpoint=True) as con:
        known = first_row(con, "SELECT shape FROM imports WHERE import_id = $id", {"id": import_id})
        if known is None:
            raise ImportRefusedError("This import was already undone. Reload the page.")
        for table in ("imports", "problems", "links", "utterances", "row_status"):
            con.execute(f"DELETE FROM {table} WHERE import_id = $id", {"id": import_id})
        con.execute(f"DROP TABLE IF EXISTS {quote_identifier(f'raw_{int(import_id)}')}")
        con.execute(f"DROP TABLE IF EXISTS {quote_identifier(f'typed_{int(import_id)}')}")
        row_status.settle_superseded(con, known[0])
        workspace.withdraw("correction", str(int(import_id)))
        link.link_rows(workspace)


def stored_table(
    con: duckdb.DuckDBPyConnection, import_id: int, *, rows: int | None = None
) -> tuple[RawTable, Recognition, FilePreview]:
    """An import's text as it was read (its first ``rows``), with how it was understood."""
    row = first_row(
        con,
        "SELECT file_name, sheet, sha256, recognition, settings, notes FROM imports WHERE import_id = $id",
        {"id": import_id},
    )
    if row is None:
        raise ImportRefusedError("This import was already undone. Reload the page.")
    file_name, sheet, sha256, recognition, settings, notes = row
    found = recognition_from_dict(json.loads(recognition))
    limit = "" if rows is None else f" LIMIT {int(rows)}"
    raw = con.sql(
        f"SELECT * FROM {quote_identifier(f'raw_{int(import_id)}')} ORDER BY _row{limit}"
    ).to_arrow_table()
    stored = json.loads(settings)
    units = tuple(stored.pop("units", ()))  # files loaded by an older version have none
    stored["header_rows"] = None if stored.get("header_rows") is None else tuple(stored["header_rows"])
    table = RawTable(
        file_name=file_name,
        sheet=sheet,
        columns=tuple(c.name for c in sorted(found.columns, key=lambda c: c.index)),
        header=(),
        cells=raw.drop_columns(["_row"]),
        row_numbers=raw.column("_row").combine_chunks(),
        settings=replace(ReadSettings(), **stored),
        notes=tuple(json.loads(notes)),
        units=units,
    )
    return table, found, FilePreview(file_name, Path(file_name), sha256)


_IMPORTS = """
SELECT i.import_id, i.file_name, i.sheet, i.kind, i.vendor, i.mode, i.imported_at, i.rows_read,
       (SELECT count(*) FROM problems AS p WHERE p.import_id = i.import_id) AS problems
FROM imports AS i
ORDER BY i.import_id
"""


def imports(workspace: Workspace):
    """Frame of all imports, oldest first: import_id, file_name, sheet, kind, vendor, mode, imported_at, rows_read, problems."""
    return workspace.cursor().execute(_IMPORTS).df()


def kind_label(kind: str) -> str:
    """What a kind of table is called on the screen."""
    return "Interview" if kind == TRANSCRIPT else KINDS[kind].label
