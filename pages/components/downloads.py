"""Downloads that are made only when somebody clicks, and never carry a formula into a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from icp_core.export.crm import csv_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download_csv(label: str, rows: Callable[[], pd.DataFrame], file_name: str, *, key: str) -> None:
    """A button that downloads ``rows()`` as CSV, opened safely by Excel and by a CRM.

    ``rows`` is called on the click, so no file with customer data waits on the server before.
    """

    def made() -> bytes:
        return csv_bytes(rows())

    st.download_button(
        label,
        made,
        file_name,
        "text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )


def download_bytes(
    label: str, make: Callable[[], bytes], file_name: str, mime: str, *, key: str, primary: bool = False
) -> None:
    """A button that downloads what ``make()`` returns, made on the click."""
    st.download_button(
        label,
        make,
        file_name,
        mime,
        key=key,
        icon=":material/download:",
        on_click="ignore",
        type="primary" if primary else "secondary",
    )
