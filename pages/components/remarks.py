"""What was not right in a file, cell by cell and line by line: where, what stands there, what to do."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from icp_core.gather.raw_table import Problem

_SHOWN = 200
_LABELS = {
    "row": "Row",
    "column": "Column",
    "value": "What stands there",
    "problem": "What about it",
    "fix": "What to do",
}


def remarks(problems: Sequence[Problem]) -> None:
    """A table of the first remarks; columns in which nothing is said are left out."""
    frame = pd.DataFrame([problem.as_dict() for problem in problems[:_SHOWN]])
    frame = frame.dropna(axis="columns", how="all")
    st.dataframe(frame, placeholder="", hide_index=True, column_config=_LABELS)
    if len(problems) > _SHOWN:
        st.caption(f"The first {_SHOWN} of {len(problems):,} are shown.")
