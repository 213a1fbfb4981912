"""A table that is loaded already, understood otherwise: see what would change, change it, take it back.

The text as it was read is kept beside its typed form, so nothing is uploaded again. A correction keeps the
import's id, its place among newer and older exports, and is remembered for the next file of the same shape.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from icp_core.errors import ImportRefusedError
from icp_core.gather import convert, link, row_status
from icp_core.gather.load import TablePreview, remember, remembered, stored_table
from icp_core.gather.mapping import ColumnMapping, Recognition, recognition_from_dict, recognition_to_dict
from icp_core.gather.raw_table import Problem, RawTable
from icp_core.gather.recognise import recognise, with_corrections
from icp_core.sql import first_row, quote_identifier
from icp_core.vocabulary import FIELDS, KINDS
from icp_core.workspace import Workspace

# So many rows are looked at to show examples; the effect counts all of them.
_SHOWN_ROWS = 500


@dataclass(frozen=True, eq=False)
class Effect:
    """What a correction would change, before it is made.

    ``kind_before`` and ``kind_after``: what the table holds. ``columns``: one row per column understood otherwise: column (heading), before, after (what it is, in words),
    cells (how many cells read differently), example_before, example_after (the first such cell; None = blank).
    Then, of the table's rows: how many count, how many cells cannot be read, before and after.
    """

    kind_before: str | None
    kind_after: str
    columns: pd.DataFrame
    rows_before: int
    rows_after: int
    unread_before: int
    unread_after: int

    @property
    def is_nothing(self) -> bool:
        """Whether the table would say exactly what it says now."""
        return (
            self.columns.empty and self.kind_before == self.kind_after and self.rows_before == self.rows_after
        )


def looked_at(
    workspace: Workspace, import_id: int, corrections: Mapping[str, Any] | None = None
) -> TablePreview:
    """The first rows of a loaded table as it is understood now, or as it would be under ``corrections``."""
    table, recognition, _ = stored_table(workspace.cursor(), import_id, rows=_SHOWN_ROWS)
    found = _understood(table, recognition, corrections)
    return TablePreview(table, found, convert.typed_table(table, found) if found.kind else None, "same")


def effect(
    workspace: Workspace,
    import_id: int,
    corrections: Mapping[str, Any],
    *,
    progress: Callable[[float, str], object] | None = None,
) -> Effect:
    """What ``corrections`` would change of a loaded table; nothing is written.

    ``progress`` is told the share done and what is done now, and may raise to stop.

    Raises
    ------
    ImportRefusedError
        The import was undone, or the corrected table would be of no kind.
    """
    con, tell = workspace.cursor(), progress or (lambda share, what: None)
    tell(0.0, "Reading the table anew")
    table, before, _ = stored_table(con, import_id)
    tell(0.2, "Reading the table anew")
    after, typed = _corrected(table, before, corrections)
    tell(0.5, "Comparing with what stands there now")
    old = con.sql(
        f"SELECT * FROM {quote_identifier(f'typed_{int(import_id)}')} ORDER BY _row"
    ).to_arrow_table()
    con.register("corrected", typed.arrow)
    try:
        changed = [
            _column_change(con, import_id, was, now, before.kind, after.kind, old.column_names)
            for was, now in zip(before.columns, after.columns, strict=True)
            if _reading(was, before) != _reading(now, after)
        ]
    finally:
        con.unregister("corrected")
    tell(0.7, "Comparing with what stands there now")
    columns = ["column", "before", "after", "cells", "example_before", "example_after"]
    return Effect(
        kind_before=before.kind,
        kind_after=after.kind,
        # The same meaning in another kind of table is no change of the column.
        columns=pd.DataFrame([c for c in changed if c[1] != c[2] or c[3]], columns=columns),
        rows_before=old.num_rows,
        rows_after=typed.arrow.num_rows,
        unread_before=len(convert.typed_table(table, before).problems),
        unread_after=len(typed.problems),
    )


def correct_import(workspace: Workspace, import_id: int, corrections: Mapping[str, Any]) -> None:
    """Understand a loaded table otherwise; ``undo_correction`` takes it back.

    ``corrections`` as for ``with_corrections``: ``{"kind": …, "columns": {heading: {"field", "type", "options",
    "include"}}, "keep_rows": [reason]}``. They are remembered for files of this shape, on top of what was
    remembered before.

    Raises
    ------
    ImportRefusedError
        The import was undone, or the corrected table would be of no kind.
    """
    table, before, _ = stored_table(workspace.cursor(), import_id)
    after, typed = _corrected(table, before, corrections)
    known = remembered(workspace, before.shape)
    history = workspace.decision("correction", str(int(import_id)), [])
    with workspace.transaction(checkpoint=True) as con:
        _write(workspace, con, import_id, table, before, after, typed)
        remember(workspace, before.shape, laid_over(known or {}, corrections))
        entry = {"recognition": recognition_to_dict(before), "remembered": known}
        workspace.decide("correction", str(int(import_id)), [*history, entry])


def corrections_made(workspace: Workspace, import_id: int) -> int:
    """How many corrections of a loaded table can be taken back."""
    return len(workspace.decision("correction", str(int(import_id)), []))


def undo_correction(workspace: Workspace, import_id: int) -> None:
    """Take the last correction of a loaded table back: the table, and what is remembered for its shape.

    Raises
    ------
    ImportRefusedError
        There is none, or the import was undone.
    """
    history = workspace.decision("correction", str(int(import_id)), [])
    if not history:
        raise ImportRefusedError("No correction of this table is left to take back. Reload the page.")
    table, before, _ = stored_table(workspace.cursor(), import_id)
    restored = recognition_from_dict(history[-1]["recognition"])
    with workspace.transaction(checkpoint=True) as con:
        _write(workspace, con, import_id, table, before, restored, convert.typed_table(table, restored))
        known = history[-1]["remembered"]
        if known is None:
            workspace.withdraw("mapping", before.shape)
        else:
            remember(workspace, before.shape, known)
        if history[:-1]:
            workspace.decide("correction", str(int(import_id)), history[:-1])
        else:
            workspace.withdraw("correction", str(int(import_id)))


def laid_over(known: Mapping[str, Any], corrections: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of a table before, with what is said now on top; a new kind makes what was said of columns void.

    >>> laid_over({"columns": {"Day": {"type": "date"}}}, {"columns": {"Day": {"options": {"date_order": "mdy"}}}})
    {'columns': {'Day': {'type': 'date', 'options': {'date_order': 'mdy'}}}}
    """
    columns = {} if "kind" in corrections else dict(known.get("columns") or {})
    for name, entry in (corrections.get("columns") or {}).items():
        before = columns.get(name, {})
        options = {**before.get("options", {}), **entry.get("options", {})}
        columns[name] = {**before, **entry, **({"options": options} if options else {})}
    keep = list(dict.fromkeys([*known.get("keep_rows", ()), *corrections.get("keep_rows", ())]))
    laid = {**known, **corrections, "columns": columns}
    return {**laid, "keep_rows": keep} if keep else laid


def _understood(
    table: RawTable, recognition: Recognition, corrections: Mapping[str, Any] | None
) -> Recognition:
    if not corrections:
        return recognition
    kind = corrections.get("kind")
    if kind in KINDS and kind != recognition.kind:
        # The headings are looked at anew: another kind knows other fields.
        recognition = recognise(table, kind=kind)
    return with_corrections(recognition, corrections)


def _corrected(
    table: RawTable, before: Recognition, corrections: Mapping[str, Any]
) -> tuple[Recognition, convert.TypedTable]:
    after = _understood(table, before, corrections)
    if after.kind is None:
        raise ImportRefusedError("Say first what kind of table this is.")
    return after, convert.typed_table(table, after)


def _write(
    workspace: Workspace,
    con: duckdb.DuckDBPyConnection,
    import_id: int,
    table: RawTable,
    before: Recognition,
    after: Recognition,
    typed: convert.TypedTable,
) -> None:
    name = quote_identifier(f"typed_{int(import_id)}")
    con.execute(f"DROP TABLE {name}")
    con.register("incoming", typed.arrow)
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
    con.unregister("incoming")
    con.execute("DELETE FROM row_status WHERE import_id = $id", {"id": int(import_id)})
    row_status.mark_rows(con, import_id, typed)
    row_status.settle_superseded(con, before.shape)
    _renew_problems(con, import_id, table, before, [*after.problems, *typed.problems])
    con.execute(
        "UPDATE imports SET kind = $kind, vendor = $vendor, recognition = $recognition WHERE import_id = $id",
        {
            "id": int(import_id),
            "kind": after.kind,
            "vendor": after.vendor,
            "recognition": json.dumps(
                recognition_to_dict(after) | {"shape": before.shape}, ensure_ascii=False
            ),
        },
    )
    link.link_rows(workspace)


def _renew_problems(
    con: duckdb.DuckDBPyConnection, import_id: int, table: RawTable, before: Recognition, found: list[Problem]
) -> None:
    """Remarks of the reading stay; those of the mapping before make place for those of the mapping now."""
    stored = con.execute(
        'SELECT row, "column", value, problem, fix FROM problems WHERE import_id = $id',
        {"id": int(import_id)},
    ).fetchall()
    old = Counter(
        (p.row, p.column, p.value, p.problem, p.fix)
        for p in (*before.problems, *convert.typed_table(table, before).problems)
    )
    of_reading = Counter(stored) - old
    con.execute("DELETE FROM problems WHERE import_id = $id", {"id": int(import_id)})
    row_status.add_problems(con, import_id, [*(Problem(*row) for row in of_reading.elements()), *found])


# ------------------------------------------------------------------------------------------- the effect in words


def _reading(column: ColumnMapping, of: Recognition) -> tuple:
    return column.field, column.type, column.include, dict(column.options), of.kind if column.field else None


_TYPE_WORDS = {"yes_no": "yes / no", "band": "size band", "multi": "several of a list", "id": "id"}


def _in_words(column: ColumnMapping, kind: str | None) -> str:
    if not column.include:
        return "not used"
    if column.field and kind:
        return FIELDS[kind][column.field].label
    return f"attribute ({_TYPE_WORDS.get(column.type, column.type)})"


def _column_change(
    con: duckdb.DuckDBPyConnection,
    import_id: int,
    was: ColumnMapping,
    now: ColumnMapping,
    kind_before: str | None,
    kind_after: str | None,
    stored: list[str],
) -> tuple:
    old = quote_identifier(was.slug) if was.include and was.slug in stored else "NULL"
    new = quote_identifier(now.slug) if now.include else "NULL"
    cells, example_before, example_after = first_row(
        con,
        f"""
        SELECT count(*), min_by(before, _row), min_by(after, _row)
        FROM (
            SELECT _row, coalesce(o.before, chr(0)) AS before, coalesce(n.after, chr(0)) AS after
            FROM (SELECT _row, ({old})::VARCHAR AS before FROM {quote_identifier(f"typed_{int(import_id)}")}) AS o
            FULL JOIN (SELECT _row, ({new})::VARCHAR AS after FROM corrected) AS n USING (_row)
        )
        WHERE before <> after
        """,
    )
    blank = {chr(0): None}
    return (
        was.name,
        _in_words(was, kind_before),
        _in_words(now, kind_after),
        cells,
        blank.get(example_before, example_before),
        blank.get(example_after, example_after),
    )
