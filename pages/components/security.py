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
from pathlib import Path

import streamlit
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
    index = Path(streamlit.__file__).parent / "static" / "index.html"
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


class _OnlyWhere(logging.Filter):
    """Leaves of an error its kind and its place."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], BaseException):
            error = record.exc_info[1]
            record.exc_info = None
            record.exc_text = without_message(error)
        return True


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
    """From now on the server's log holds kinds and places of errors only."""
    for name in _SPEAKERS:
        logger = logging.getLogger(name)
        if not any(isinstance(f, _OnlyWhere) for f in logger.filters):
            logger.addFilter(_OnlyWhere())


# Streamlit's modules that log an error of the app with its message.
_SPEAKERS = (
    "streamlit.error_util",
    "streamlit.runtime.app_session",
    "streamlit.runtime.scriptrunner.exec_code",
    "streamlit.runtime.scriptrunner.script_runner",
    "streamlit.runtime.fragment",
    "streamlit.web.server.starlette.starlette_websocket",
    "uvicorn.error",
)
