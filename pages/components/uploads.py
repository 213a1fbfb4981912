"""Files on their way in: dropped, understood, corrected, loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from icp_core.errors import IcpError
from icp_core.facts import store
from icp_core.gather import load, reader_process
from icp_core.gather.changes import MOST_SHOWN, changed_rows
from icp_core.gather.correct import laid_over
from icp_core.gather.raw_table import RawTable, RawTranscript, ReadSettings
from icp_core.sample import SETS, load_sample
from icp_core.vocabulary import FIELDS, VENDORS
from icp_core.workspace import Workspace
from pages.components import doubts, long_work, state
from pages.components.mapping_editor import corrected, kind_choice
from pages.components.reading_form import reading_form
from pages.components.remarks import remarks
from pages.components.text import distinct, md

ACCEPTED = [
    "csv",
    "tsv",
    "tab",
    "txt",
    "xlsx",
    "xlsm",
    "xls",
    "xlsb",
    "ods",
    "xml",
    "vtt",
    "srt",
    "docx",
    "md",
    "zip",
    "gz",
]
_LOOKS = {"preview": "Preview", "columns": "Columns", "reading": "How it was read"}
_TALKS_SHOWN = 5  # of the interviews of one file, with their speakers
_FEW = 3  # of so many files the first rows are shown at once
_PENDING = "data.pending"
_WORK = "files"  # reading and loading, among the long works of a workspace


@dataclass(frozen=True)
class Waiting:
    """A file in the inbox that is not loaded yet, with what the user changed about it."""

    preview: load.FilePreview
    corrections: dict[str, dict[str, Any]] = field(default_factory=dict)
    round: int = 0  # how often it was read; fresh widgets each time

    @property
    def key(self) -> str:
        return self.preview.sha256[:12]

    def told(self, i: int) -> dict[str, Any]:
        return self.corrections.get(str(i), {})


def imported(workspace: Workspace) -> pd.DataFrame:
    return load.imports(workspace)


def drop_zone(workspace: Workspace, *, first: bool) -> None:
    """The place to drop files; with nothing loaded yet also the sample data."""
    reader_process.get_ready()
    generation = state.kept("data.uploads", 0)
    files = st.file_uploader(
        "Drop your exports here: customers, deals, orders, subscriptions, surveys, interviews, notes, prospects",
        type=ACCEPTED,
        accept_multiple_files=True,
        key=f"data.upload_{generation}",
        help="CSV, Excel and OpenDocument as they come from your CRM, shop, billing or survey tool; "
        "transcripts as VTT, SRT, DOCX or TXT. Everything stays on this machine.",
    )
    if files:
        state.keep("data.uploads", generation + 1)
        _take(workspace, files)
        st.rerun()
    if first and not waiting():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("No files at hand?")
            for name, label in SETS.items():
                st.button(
                    f"Try it with sample data: {label}",
                    key=f"data.sample_{name}",
                    on_click=state.keep,
                    args=("data.sample", name),
                    icon=":material/science:",
                )
        chosen = state.kept("data.sample")
        if chosen:
            state.keep("data.sample", None)
            _load_sample(workspace, chosen)


def work_under_way(workspace: Workspace) -> None:
    """Watch what this session has read and loaded, also when a reload came between, and take over what came out."""
    for work in long_work.mine(str(workspace.path), _WORK):
        long_work.watch(work)
        long_work.forget(work.key)
        known = {w.key: w for w in waiting()}
        if work.error is None:
            state.keep(_PENDING, list((known | {w.key: w for w in work.result or ()}).values()))
            st.rerun()
        state.keep(_PENDING, list(({w.key: w for w in work.about or ()} | known).values()))
        if not work.was_stopped:
            raise work.error
        st.info("Stopped; nothing was loaded.", icon=":material/close:")


def _begin(
    workspace: Workspace, title: str, do: Callable[[long_work.Work], Any], about: Any = None
) -> long_work.Work:
    return long_work.begin(long_work.new_key(str(workspace.path), _WORK), title, do, about=about)


def _load_sample(workspace: Workspace, which: str) -> None:
    def do(work: long_work.Work) -> None:
        with workspace.transaction(checkpoint=True):  # stopped in the middle, nothing of it stays
            load_sample(workspace, which, progress=work.tell)

    _begin(workspace, "Reading the sample files", do)
    st.rerun()


def _take(workspace: Workspace, files: list) -> None:
    """Copy uploads to the inbox, let the widget's own copies go, and look at them."""
    taken = [(load.receive(workspace, upload.name, upload), upload.name) for upload in files]

    def do(work: long_work.Work) -> list[Waiting]:
        found: list[Waiting] = []
        for i, (path, name) in enumerate(taken):

            def tell(share: float, what: str, before: int = i) -> None:
                work.tell((before + share) / len(taken), what)

            try:
                preview = load.preview(
                    workspace, path, name, cancelled=lambda: work.is_stopping, progress=tell
                )
            except long_work.StoppedError:
                break  # those read so far stay
            if not work.is_stopping:
                found.append(Waiting(preview))
        return found

    _begin(workspace, "Reading", do)


def waiting() -> list[Waiting]:
    return state.kept(_PENDING, [])


def _renew(changed: Waiting) -> None:
    state.keep(_PENDING, [changed if w.key == changed.key else w for w in waiting()])


def _forget(*keys: str) -> None:
    state.keep(_PENDING, [w for w in waiting() if w.key not in keys])


def waiting_files(workspace: Workspace) -> None:
    """A card per waiting file, then one button that loads them all."""
    files = waiting()
    if not files:
        return
    for file in files:
        with st.container(border=True):
            _card(workspace, file)
    ready = [f for f in files if _brings_something(workspace, f)]
    with st.container(horizontal=True):
        if st.button(
            f"Load {len(ready)} file{'s' if len(ready) != 1 else ''}" if ready else "Nothing new to load",
            type="primary",
            disabled=not ready,
            key="data.load",
            icon=":material/check:",
        ):
            _load(workspace, ready)
        st.button(
            "Put them aside" if len(files) > 1 else "Put it aside",
            key="data.discard",
            on_click=_forget,
            args=[f.key for f in files],
        )


def _brings_something(workspace: Workspace, file: Waiting) -> bool:
    """Whether loading the file would change anything."""
    preview = file.preview
    return any(
        table.recognition.kind
        and not table.table.hidden
        and not file.told(i).get("skip")
        and file.told(i).get("mode", table.mode) != "same"
        for i, table in enumerate(preview.tables)
    ) or any(not load.is_loaded(workspace, preview, transcript) for transcript in preview.transcripts)


def _load(workspace: Workspace, files: list[Waiting]) -> None:
    batch = [
        load.Chosen(
            file.preview,
            skip=frozenset(int(k) for k, c in file.corrections.items() if c.get("skip")),
            modes={int(k): c["mode"] for k, c in file.corrections.items() if c.get("mode")},
        )
        for file in files
    ]

    def do(work: long_work.Work) -> None:
        with workspace.transaction(checkpoint=True):  # files, corrections and facts: all or nothing
            load.import_batch(workspace, batch, progress=lambda share, what: work.tell(share / 2, what))
            for file in files:
                _remember(workspace, file)
            store.refresh(workspace, progress=lambda share, what: work.tell(0.5 + share / 2, what))

    work = _begin(workspace, "Loading", do, about=files)
    _forget(*(file.key for file in files))
    long_work.watch(work)  # here, where the button was pressed; after any other click at the top of the page
    st.rerun()


def _remember(workspace: Workspace, file: Waiting) -> None:
    for k, correction in file.corrections.items():
        told = {name: correction[name] for name in ("kind", "columns", "keep_rows") if correction.get(name)}
        if told:
            load.remember(workspace, file.preview.tables[int(k)].recognition.shape, told)


# -- one card ----------------------------------------------------------------------------------------


def _card(workspace: Workspace, file: Waiting) -> None:
    preview = file.preview
    if preview.error:
        st.markdown(f"**{md(preview.file_name)}** cannot be read")
        st.error(md(preview.error), icon=":material/error:")
        st.button("Put it aside", key=f"data.aside_{file.key}", on_click=_forget, args=(file.key,))
        return
    for warning in preview.warnings:
        st.warning(md(warning), icon=":material/warning:")
    for transcript in preview.transcripts[:_TALKS_SHOWN]:
        _interview(workspace, preview, transcript)
    more = preview.transcripts[_TALKS_SHOWN:]
    if more:
        turns = sum(len(transcript.utterances) for transcript in more)
        st.caption(
            f"And {len(more):,} more {'interview' if len(more) == 1 else 'interviews'}, {turns:,} turns."
        )
    for i, table in enumerate(preview.tables):
        if not table.table.hidden:
            _table_card(workspace, file, i, table)
    for i, table in enumerate(preview.tables):
        if table.table.hidden:
            _hidden_sheet(file, i, table)
    if len(waiting()) > 1:
        st.button(
            "Put this file aside",
            key=f"data.aside_{file.key}",
            on_click=_forget,
            args=(file.key,),
            type="tertiary",
            icon=":material/close:",
        )


def _interview(workspace: Workspace, file: load.FilePreview, transcript: RawTranscript) -> None:
    speakers = ", ".join(transcript.speakers) or "nobody named"
    member = file.member_of(transcript)
    title = f"{file.file_name} · {member}" if member else file.file_name
    n = len(transcript.utterances)
    st.markdown(f"**{md(title)}** is an **interview**, {n:,} {'turn' if n == 1 else 'turns'}")
    st.caption(f"Speakers: {md(speakers)}. Who is the customer is asked on the Voice page.")
    for note in transcript.notes:
        st.caption(md(note))
    if transcript.leftovers and st.toggle(
        "Show what is not part of the talk", key=f"data.outside_{file.sha256[:12]}_{transcript.file_name}"
    ):
        remarks(transcript.leftovers)
    if load.is_loaded(workspace, file, transcript):
        st.info("This very interview is loaded already; nothing changes.", icon=":material/done_all:")


def _hidden_sheet(file: Waiting, i: int, table: load.TablePreview) -> None:
    """A sheet hidden in the workbook: named, left out, taken in by a click."""
    with st.container(horizontal=True, vertical_alignment="center"):
        n = table.table.n_rows
        st.caption(
            f"“{md(table.table.sheet)}” ({n:,} {'row' if n == 1 else 'rows'}) is hidden in the workbook and left out."
        )
        st.button("Take it in", key=f"data.show_{file.key}_{i}_{file.round}", on_click=_show, args=(file, i))


def _show(file: Waiting, i: int) -> None:
    _renew(replace(file, preview=load.shown(file.preview, i)))


def _table_card(workspace: Workspace, file: Waiting, i: int, table: load.TablePreview) -> None:
    found = table.recognition
    where = f"{file.key}_{i}_{file.round}"
    if file.told(i).get("skip"):
        st.markdown(f"**{md(table.title)}** is left out, {table.table.n_rows:,} rows")
        kind_choice("", key=f"data.kind_{where}", on_change=_corrected_kind, args=(workspace, file, i))
        return
    vendor = f"{md(VENDORS[found.vendor].label)} " if found.vendor in VENDORS else ""
    what = load.kind_label(found.kind).lower() if found.kind else "not recognised yet"
    st.markdown(f"**{md(table.title)}** is {vendor}**{what}**, {table.table.n_rows:,} rows")
    st.caption(md(found.kind_reason))
    for problem in found.problems:
        st.warning(md(f"{problem.problem} {problem.fix or ''}"), icon=":material/warning:")
    if found.kind is None and not found.asks:
        st.warning("Say what this table holds, or it is left out.", icon=":material/help:")
    doubts.kind_questions(
        found.asks, key=f"data.row_{where}", on_kind=lambda kind: _chosen_kind(workspace, file, i, kind)
    )
    if found.kind is not None:
        doubts.questions(
            table,
            file.told(i).get("columns", {}),
            key=f"data.doubt_{where}",
            on_answer=lambda changes: _answered(workspace, file.key, i, changes),
        )
    _what_happens(workspace, file, i, table)
    _as_read(table.table)
    _rows_left_out(workspace, file, i, table, where)
    kind_choice(
        found.kind or "", key=f"data.kind_{where}", on_change=_corrected_kind, args=(workspace, file, i)
    )
    look = st.segmented_control(
        "Look at",
        list(_LOOKS),
        format_func=_LOOKS.get,
        default="preview" if len(waiting()) <= _FEW else None,
        key=f"data.look_{where}",
        label_visibility="collapsed",
    )
    if look == "columns":
        changes = corrected(table, key=f"data.columns_{where}")
        if changes:
            _apply(workspace, file, i, {"columns": changes})
            st.rerun()
    elif look == "preview":
        preview_rows(table)
    elif look == "reading":
        reading_form(
            file.preview,
            i,
            key=where,
            on_apply=lambda chosen: _read_again(workspace, file.key, i, chosen),
        )


def _answered(workspace: Workspace, key: str, i: int, changes: dict) -> None:
    file = next((w for w in waiting() if w.key == key), None)
    if file is not None:
        _apply(workspace, file, i, {"columns": changes})


def _as_read(table: RawTable) -> None:
    """What was odd in reading the table, and where lines stand that are not in it."""
    if table.notes:
        st.caption(md(" ".join(table.notes)))
    lines = [problem.row for problem in table.leftovers if problem.row]
    if lines:
        some = ", ".join(f"{line:,}" for line in lines[:5]) + (" …" if len(lines) > 5 else "")
        n = "1 row stands" if len(lines) == 1 else f"{len(lines):,} rows stand"
        st.caption(f"{n} outside the table (row {some}); “{_LOOKS['reading']}” lists them.")


def _rows_left_out(workspace: Workspace, file: Waiting, i: int, table: load.TablePreview, where: str) -> None:
    """Rows that will not count, by reason; those a rule took out may be counted after all."""
    if table.typed is None:
        return
    for reason, rows in doubts.by_reason(table.typed.dropped_rows).items():
        with st.container(horizontal=True, vertical_alignment="center"):
            some = ", ".join(f"{r:,}" for r in rows[:5]) + (" …" if len(rows) > 5 else "")
            n = "1 row is" if len(rows) == 1 else f"{len(rows):,} rows are"
            st.caption(f"{n} left out (line {some}). {md(reason)}")
            if any(rule.reason == reason for rule in table.recognition.row_rules):
                st.button(
                    "Count it" if len(rows) == 1 else "Count them",
                    key=f"data.keep_{where}_{abs(hash(reason))}",
                    on_click=_keep_rows,
                    args=(workspace, file, i, reason),
                )


def _keep_rows(workspace: Workspace, file: Waiting, i: int, reason: str) -> None:
    _apply(workspace, file, i, {"keep_rows": [*file.told(i).get("keep_rows", []), reason]})


def _rows(n: int) -> str:
    return "1 row is" if n == 1 else f"{n:,} rows are"


def _what_changes(workspace: Workspace, file: Waiting, i: int, table: load.TablePreview) -> None:
    """The rows that are new, changed or gone, if asked for."""
    c = table.changes
    n = c.added + c.changed + c.vanished
    if not n or not st.toggle(
        "Show the row that differs" if n == 1 else f"Show the {n:,} rows that differ",
        key=f"data.differ_{file.key}_{i}",
    ):
        return
    st.dataframe(
        changed_rows(workspace.cursor(), c.previous_import, table.recognition, table.typed),
        placeholder="",
        hide_index=True,
        column_config={"change": "Change", "row": "Row", "difference": "From what to what"},
    )
    if max(c.added, c.changed, c.vanished) > MOST_SHOWN:
        st.caption(f"The first {MOST_SHOWN} of each are shown.")


def _what_happens(workspace: Workspace, file: Waiting, i: int, table: load.TablePreview) -> None:
    if table.mode == "same":
        st.info("This very table is loaded already; nothing changes.", icon=":material/done_all:")
    elif table.changes:
        c = table.changes
        st.info(
            f"A newer export of a table you loaded before: {_rows(c.added)} new, {c.changed:,} changed, "
            f"{c.unchanged:,} the same; {_rows(c.vanished)} no longer in it.",
            icon=":material/update:",
        )
        _what_changes(workspace, file, i, table)
        words = {
            "update": "Renew rows, keep the vanished",
            "replace": "Replace the older export",
            "append": "Add beside it",
        }
        if table.mode != "update":
            del words["update"]  # nothing in the rows says which is which
        mode = st.radio(
            "What to do",
            list(words),
            index=list(words).index(table.mode),
            format_func=words.get,
            horizontal=True,
            key=f"data.mode_{file.key}_{i}",
        )
        if mode != file.told(i).get("mode", table.mode):
            merged = file.corrections | {str(i): file.corrections.get(str(i), {}) | {"mode": mode}}
            _renew(replace(file, corrections=merged))


def _chosen_kind(workspace: Workspace, file: Waiting, i: int, kind: str) -> None:
    state.set_widget(f"data.kind_{file.key}_{i}_{file.round}", kind)
    _corrected_kind(workspace, file, i)


def _corrected_kind(workspace: Workspace, file: Waiting, i: int) -> None:
    kind = state.widget(f"data.kind_{file.key}_{i}_{file.round}")
    if kind == "":
        _renew(replace(file, corrections=file.corrections | {str(i): {**file.told(i), "skip": True}}))
    elif kind is not None:
        _apply(workspace, file, i, {"kind": kind, "columns": {}, "skip": False})


def _apply(workspace: Workspace, file: Waiting, i: int, change: dict) -> None:
    """Understand the file again under the user's correction."""
    merged = file.corrections | {str(i): laid_over(file.told(i), change)}
    try:
        preview = load.corrected_preview(workspace, file.preview, merged)
    except IcpError as problem:
        st.error(md(problem))
        return
    _renew(replace(file, preview=preview, corrections=merged))


def preview_rows(table: load.TablePreview) -> None:
    """The first rows of a table as they are understood, and the cells that were not read."""
    if table.typed is None:
        head = table.table.cells.slice(0, 20).to_pandas()
        head.columns = list(table.table.columns)
        st.dataframe(head, placeholder="", hide_index=True)
        return
    head = table.typed.arrow.slice(0, 20).to_pandas()
    labels = {name: about.label for name, about in FIELDS[table.typed.kind].items()}
    labels |= {c.slug: c.label for c in table.recognition.columns}
    shown = [c for c in head.columns if c != "_row" and head[c].notna().any()]
    named = distinct({name: labels.get(name, name) for name in shown})
    st.dataframe(
        head[shown].rename(columns=named),
        placeholder="",
        hide_index=True,
        column_config={named[name]: look for name in shown if (look := _look_of(head[name]))},
    )
    if table.typed.problems:
        n = len(table.typed.problems)
        st.caption(
            "1 cell could not be read as its type; the row is kept without it."
            if n == 1
            else f"{n:,} cells could not be read as their type; the rows are kept without them."
        )
        remarks(table.typed.problems)


def _look_of(values: pd.Series) -> Any:
    """How figures and days are written; None for all else, which stands as it is."""
    if pd.api.types.is_float_dtype(values):
        return st.column_config.NumberColumn(format="localized")
    is_day = isinstance(values.dropna().iloc[0], date)
    return st.column_config.DateColumn(format="D MMM YYYY") if is_day else None


def _read_again(workspace: Workspace, key: str, i: int, chosen: ReadSettings) -> None:
    """Read the whole file under the settings chosen; what was said about its other tables stays."""
    file = next((w for w in waiting() if w.key == key), None)
    if file is None:
        return
    others = {k: c for k, c in file.corrections.items() if k != str(i)}
    preview = load.read_again(workspace, file.preview, i, chosen, others)
    if len(preview.tables) != len(file.preview.tables):
        others = {k: c for k, c in others.items() if int(k) < i}
    _renew(Waiting(preview, others, file.round + 1))
