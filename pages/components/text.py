"""The one door for people's own text into Streamlit's Markdown and into HTML.

Names of customers, values, column labels, comments: whatever came from a file passes ``md`` before it
reaches a label, title, caption, metric, button, tab, expander, toast, message or ``help=``, and ``safe_html``
before it reaches ``st.html``.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping

_JOINER = "\u2060"  # invisible; keeps two characters from being read as one sign

# Characters that mean something to Markdown wherever they stand.
_ANYWHERE = re.compile(r"([\\`*_\[\]{}#<>&$~|])")
# … and those that mean something only at the start of a line.
_AT_START = re.compile(r"^(\s*)(?:([-+=])|(\d{1,9})([.)]))")
# Addresses become links, and ``:name`` becomes an icon, a colour or an emoji, even when escaped.
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*:)(?=//)", re.IGNORECASE)
_WWW = re.compile(r"\b(www)(?=\.)", re.IGNORECASE)
_MAIL = re.compile(r"@(?=\w)")
_NAMED = re.compile(r":(?=[\w+\-/\\])")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]+")


def plain(text: object) -> str:
    """Text on one line, without control characters or marks that turn the reading direction around."""
    return _CONTROLS.sub(" ", str(text)).strip()


def distinct(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels by name, on one line, told apart by their name where two are the same: a list must not mix them up.

    >>> distinct({"a": "Size", "b": "Size", "c": "Plan"})
    {'a': 'Size (a)', 'b': 'Size (b)', 'c': 'Plan'}
    """
    shown = {name: plain(label) for name, label in labels.items()}
    counts = Counter(shown.values())
    return {name: f"{label} ({name})" if counts[label] > 1 else label for name, label in shown.items()}


def md(text: object) -> str:
    r"""Escape ``text`` so that Streamlit shows it letter by letter.

    >>> md("![x](http://example.org/x.png)").startswith(r"!\[x\](http:")
    True
    >>> md("Logistics & Retail"), md("1. first"), md("plain words, 50–200")
    ('Logistics \\& Retail', '1\\. first', 'plain words, 50–200')
    """
    text = _ANYWHERE.sub(r"\\\1", plain(text))
    text = _AT_START.sub(
        lambda m: m[1] + (f"\\{m[2]}" if m[2] else f"{m[3]}\\{m[4]}"),
        text,
    )
    text = _SCHEME.sub(rf"\1{_JOINER}", text)
    text = _WWW.sub(rf"\1{_JOINER}", text)
    text = _MAIL.sub(f"@{_JOINER}", text)
    return _NAMED.sub(f":{_JOINER}", text)


def safe_html(text: object) -> str:
    """Escape ``text`` for HTML, quotes included.

    >>> safe_html('<img src="x">')
    '&lt;img src=&quot;x&quot;&gt;'
    """
    return html.escape(plain(text), quote=True)
