"""How a waiting file was read: each setting can be changed, and the first rows follow at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from icp_core.errors import IcpError
from icp_core.gather import load, reread
from icp_core.gather.cutting import BLANK_PAIR, BLANK_RUN
from icp_core.gather.raw_table import RawTable, ReadSettings
from pages.components import state
from pages.components.remarks import remarks
from pages.components.text import distinct, md

_SHOWN_ROWS = 8
_ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows, western Europe",
    "cp1250": "Windows, central Europe",
    "cp1251": "Windows, Cyrillic",
    "cp1253": "Windows, Greek",
    "cp1254": "Windows, Turkish",
    "cp1257": "Windows, Baltic",
    "iso8859-1": "ISO Latin 1",
    "iso8859-2": "ISO Latin 2",
    "mac_roman": "Mac Roman",
    "cp850": "DOS, western Europe",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16, big end first",
    "shift_jis": "Japanese, Shift JIS",
    "gb18030": "Chinese, GB 18030",
    "big5": "Chinese, Big5",
    "cp949": "Korean",
}
_DELIMITERS = {
    ",": "Comma ,",
    ";": "Semicolon ;",
    "\t": "Tab",
    "|": "Bar |",
    BLANK_PAIR: "Columns set apart by blanks",
    BLANK_RUN: "Any blank",
    "": "Nothing: one column",
}
_QUOTES = {'"': 'Double "', "'": "Single '", "": "None"}
_ESCAPES = {"": 'Written twice ""', "\\": 'With a backslash \\"'}
_COMMENTS = {"": "No sign", "#": "#", "//": "//", "%": "%", "!": "!"}
_LOOKED = "data.reading_looked"


@st.fragment
def reading_form(
    file: load.FilePreview, position: int, *, key: str, on_apply: Callable[[ReadSettings], Any]
) -> None:
    """What was found about the writing of one table, to change; ``on_apply`` is called with the settings chosen."""
    table = file.tables[position].table
    try:
        chosen = _chosen(table, key)
    except IcpError as problem:
        st.error(md(problem), icon=":material/error:")
        return
    if chosen is None:
        _first_rows(table)
        _left_over(table)
        return
    looked = _looked_at(file, position, chosen, key)
    if looked.error or not looked.tables:
        st.error(md(looked.error or "Read that way, the file holds no table."), icon=":material/error:")
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**Read that way**: {md(_words(looked.tables))}")
        wanted = st.button(
            "Read it that way", type="primary", key=f"data.reread_{key}", icon=":material/check:"
        )
    if wanted:
        try:
            with st.spinner("Reading the whole file that way"):
                on_apply(chosen)
        except IcpError as problem:
            st.error(md(problem), icon=":material/error:")
            return
        st.rerun()
    _first_rows(looked.tables[0])
    _left_over(looked.tables[0])


def _chosen(table: RawTable, key: str) -> ReadSettings | None:
    """The settings on the screen; None while they are those the table was read with."""
    found = table.settings
    rows_found = ", ".join(str(row) for row in found.header_rows or ())
    columns = st.columns(3)
    if found.encoding is None:  # a workbook
        header = columns[0].text_input(
            "Header in row", rows_found, key=f"data.header_{key}", help=_HEADER_HELP
        )
        return ReadSettings(header_rows=_rows(header)) if header.strip() != rows_found else None
    encoding = _choice(columns[0], "Letters written as", _ENCODINGS, found.encoding, f"data.encoding_{key}")
    delimiter = _choice(
        columns[1], "Between cells", _DELIMITERS, found.delimiter or "", f"data.delimiter_{key}", more=True
    )
    header = columns[2].text_input("Header in row", rows_found, key=f"data.header_{key}", help=_HEADER_HELP)
    columns = st.columns(3)
    quote = _choice(columns[0], "Quotes around cells", _QUOTES, found.quote or "", f"data.quote_{key}")
    escape = _choice(columns[1], "A quote in a cell", _ESCAPES, found.escape or "", f"data.escape_{key}")
    comment = _choice(
        columns[2],
        "Lines left out start with",
        _COMMENTS,
        found.comment or "",
        f"data.comment_{key}",
        more=True,
    )
    chosen = replace(found, encoding=encoding, delimiter=delimiter, quote=quote, escape=escape or None)
    same_comment, same_header = comment == (found.comment or ""), header.strip() == rows_found
    if chosen == found and same_comment and same_header:
        return None
    # What was not touched is found out anew where it depends on the rest: where the header is, what are comments.
    return ReadSettings(
        encoding=encoding,
        delimiter=delimiter.replace("\\t", "\t"),
        quote=quote,
        escape=escape,
        comment=None if same_comment else comment,
        header_rows=None if same_header else _rows(header),
    )


_HEADER_HELP = "Several rows: 1, 2. Empty: the file has no header."


def _choice(
    place: Any, label: str, options: dict[str, str], found: str, key: str, *, more: bool = False
) -> str:
    """A box with the usual choices and what was found; ``more``: any other may be typed."""
    values = list(options) if found in options else [found, *options]
    chosen = place.selectbox(
        md(label),
        values,
        index=values.index(found),
        format_func=lambda value: options.get(value, value),
        key=key,
        accept_new_options=more,
        help="Choose, or type any other." if more else None,
    )
    return found if chosen is None else chosen


def _looked_at(file: load.FilePreview, position: int, chosen: ReadSettings, key: str) -> Any:
    """The file's beginning read under these settings, once per choice."""
    asked = (key, chosen)
    known = state.kept(_LOOKED)
    if known is None or known[0] != asked:
        tables = [t.table for t in file.tables]
        known = (asked, reread.look_at(file.path, file.file_name, tables, position, chosen))
        state.keep(_LOOKED, known)
    return known[1]


def _words(tables: tuple[RawTable, ...]) -> str:
    columns = len(tables[0].columns)
    said = "1 column" if columns == 1 else f"{columns:,} columns"
    rows = tables[0].settings.header_rows or ()
    said += f", header in row {' and '.join(str(row) for row in rows)}" if rows else ", no header"
    return said if len(tables) == 1 else f"{said}; {len(tables)} tables, this is the first"


def _first_rows(table: RawTable) -> None:
    head = table.cells.slice(0, _SHOWN_ROWS).to_pandas()
    head.columns = list(distinct(dict(enumerate(table.columns))).values())
    st.dataframe(head, placeholder="", hide_index=True)


def _left_over(table: RawTable) -> None:
    if not table.leftovers:
        return
    n = len(table.leftovers)
    st.caption(
        ("1 line stands" if n == 1 else f"{n:,} lines stand")
        + " outside the table (titles, totals, footers):"
    )
    remarks(table.leftovers)


def _rows(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdigit() and int(part) > 0 for part in parts):
        raise IcpError(
            f"“{text}” names no rows. Write the row's number, e.g. 3, or 1, 2 for a header of two rows."
        )
    return tuple(int(part) for part in parts)
