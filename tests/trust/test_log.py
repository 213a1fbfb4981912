"""The server's log keeps where the program failed, never what a cell said."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Ways an error reaches the log: Streamlit's own, a logger of somebody else, one caused by another, one with a text.
WAYS = {
    "the app": "handle_uncaught_app_exception(error)",
    "another logger": "logging.getLogger('somebody.else').exception('failed')",
    "the root": "logging.exception('failed')",
    "a logger made later": "get_logger('streamlit.later').error('failed', exc_info=error)",
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_failing_puts_a_cell_into_the_log(way):
    code = textwrap.dedent(f"""
        import logging
        from streamlit.error_util import handle_uncaught_app_exception
        from streamlit.logger import get_logger
        from pages.components import security

        security.keep_data_out_of_the_log()
        security.keep_data_out_of_the_log()  # twice is the same
        cell = "-".join(["zq", "secret"]) + " jo@example.com"
        try:
            try:
                int(cell)
            except ValueError as inner:
                raise KeyError(cell) from inner
        except KeyError as error:
            {WAYS[way]}
    """)

    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    log = ended.stdout + ended.stderr
    assert ended.returncode == 0, log
    assert "zq-secret" not in log and "jo@example.com" not in log
    assert "ValueError" in log and "KeyError" in log and 'File "<string>", line' in log
