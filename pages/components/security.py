"""What every answer of the server says to the browser, and what the log may hold.

The browser is told to load nothing from another host and to run no script but the app's own, so that text
from an upload could do nothing even where it was not escaped. The log keeps where the program failed, never
the message of an error: messages quote cells.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import traceback
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_MEDIA = "/media/"  # images and downloads made from customers' data


def own_script_hashes(page: bytes) -> list[str]:
    """CSP sources for the scripts that stand in Streamlit's own page.

    >>> own_script_hashes(b"<script>x</script><script src='a.js'></script>")
    ["'sha256-LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE='"]
    """
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(page)
    ]


def content_security_policy(page: bytes = b"") -> str:
    """The policy: everything from this server, nothing from elsewhere.

    Charts are drawn by Vega, which compiles their expressions (``unsafe-eval``); Streamlit styles its page with
    inline styles. Neither can be reached by text from an upload.
    """
    scripts = " ".join(["'self'", "'unsafe-eval'", *own_script_hashes(page)])
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' data: blob:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def security_headers() -> dict[str, str]:
    """Headers of every answer."""
    index = Path(st.__file__).parent / "static" / "index.html"
    return {
        "Content-Security-Policy": content_security_policy(index.read_bytes() if index.exists() else b""),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",  # the address holds the segment
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


class SecurityHeaders:
    """ASGI middleware that puts the headers on every answer; what is made of customers' data is never cached."""

    def __init__(self, app: ASGIApp):
        self.app = app
        self.headers = security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers[name] = value
                if _MEDIA in scope.get("path", ""):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, with_headers)


def middleware() -> list[Middleware]:
    """What runs around every request."""
    return [Middleware(SecurityHeaders)]


def without_message(error: BaseException) -> str:
    """Where an error came from, without what it says: its message may quote a cell.

    >>> try:
    ...     float("jo@example.com")
    ... except ValueError as wrong:
    ...     text = without_message(wrong)
    >>> "jo@" in text, text.splitlines()[-1]
    (False, 'ValueError')
    """
    lines = []
    seen: BaseException | None = error
    while seen is not None:
        frames = [
            f'  File "{f.filename}", line {f.lineno}, in {f.name}'
            for f in traceback.extract_tb(seen.__traceback__)
        ]
        lines = [*frames, type(seen).__name__, *lines]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(lines)


def keep_data_out_of_the_log() -> None:
    """From now on every log of this process holds kinds and places of errors only.

    All loggers make their records through one factory, so that none is forgotten. Streamlit would print errors past
    the logs wherever the package rich is installed: that is turned off.
    """
    st.set_option("logger.enableRich", False)
    made = logging.getLogRecordFactory()
    if made is not _record_without_message:
        _makers[:] = [made]
        logging.setLogRecordFactory(_record_without_message)


_makers: list[Callable[..., logging.LogRecord]] = []  # how records were made before


def _record_without_message(*told, **named) -> logging.LogRecord:
    record = _makers[0](*told, **named)
    if record.exc_info and isinstance(record.exc_info[1], BaseException):
        record.exc_text = without_message(record.exc_info[1])
        record.exc_info = None
    return record
