"""What is unsure about a table, asked right in its card: each question with its answers as buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from icp_core.gather.answers import alike, answers, kind_answers
from icp_core.gather.load import TablePreview
from pages.components.text import md

SURE = 0.9  # from here on a column is taken as right
_SHOWN = 6


def kind_questions(asks: Iterable[str], *, key: str, on_kind: Callable[[str], None]) -> None:
    """Ask what a row of the table is; each kind that comes into question is a button."""
    for number, question in enumerate(asks):
        st.warning(md(question), icon=":material/help:")
        with st.container(horizontal=True):
            for kind, words in kind_answers(question):
                st.button(md(words), key=f"{key}_{number}_{kind}", on_click=on_kind, args=(kind,))


def questions(
    table: TablePreview,
    told: Mapping[str, Mapping[str, Any]],
    *,
    key: str,
    on_answer: Callable[[dict[str, dict[str, Any]]], None],
) -> None:
    """Ask about the doubtful columns; an answer stays on the card and can be changed.

    ``told`` holds what the user said so far by column; the question answered stands in it under ``asked``.
    ``on_answer`` gets the corrections of one answer.
    """
    found = table.recognition
    open_ = [(c, q) for c in found.columns if c.include for q in c.asks]
    settled = [(c, told[c.name]["asked"]) for c in found.columns if told.get(c.name, {}).get("asked")]
    shown = settled + open_[:_SHOWN]
    if open_:
        n = len(open_)
        st.warning(f"{n} {'questions' if n > 1 else 'question'} about this table", icon=":material/help:")
    for number, (column, question) in enumerate(shown):
        choices = answers(column, question, found.kind)
        answered = (column, question) in settled
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"{md(question)}" if column.name in question else f"**{md(column.name)}**: {md(question)}"
            )
            for n, choice in enumerate(choices):
                now = " (read so now)" if choice.is_current and not answered else ""
                st.button(
                    md(choice.label) + now,
                    key=f"{key}_{column.index}_{number}_{n}",
                    type="primary" if answered and choice.is_current else "secondary",
                    on_click=_answer,
                    args=(table, column, question, choice.change, on_answer),
                )
    if len(open_) > _SHOWN:
        st.caption(f"{len(open_) - _SHOWN} more questions follow as you answer, or set them under Columns.")
    likely = [c for c in found.columns if c.include and c.field and not c.asks and c.confidence < SURE]
    if likely:
        pairs = ", ".join(f"“{md(c.name)}” as {md(c.label.lower())}" for c in likely[:_SHOWN])
        more = f" and {len(likely) - _SHOWN} more" if len(likely) > _SHOWN else ""
        st.caption(f"Taken by likeness: {pairs}{more}. Change it under Columns.")


def _answer(table: TablePreview, column, question: str, change: dict[str, Any], on_answer: Callable) -> None:
    changes = {name: dict(change) for name in alike(table.recognition.columns, column, change)}
    changes[column.name]["asked"] = question
    on_answer(changes)


def by_reason(rows: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    """Lines that were left out, by reason, in the order of the file."""
    found: dict[str, list[int]] = {}
    for row, reason in rows:
        found.setdefault(reason, []).append(row)
    return found
