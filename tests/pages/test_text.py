"""People's own text reaches Streamlit's Markdown and HTML only as letters."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.components.text import md, plain, safe_html

ROOT = Path(__file__).resolve().parents[2]
BLNS = ROOT / "../shared/data/naughty/blns.txt"


def unescaped(shown: str) -> str:
    return re.sub(r"\\([\\`*_\[\]{}#<>&$~|+=.)-])", r"\1", shown).replace("\u2060", "")


def naughty() -> list[str]:
    if not BLNS.exists():
        pytest.skip("The list of naughty strings is not at hand (../shared/data/naughty/blns.txt).")
    return [
        line for line in BLNS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]


def test_every_naughty_string_is_shown_letter_by_letter():
    for text in naughty():
        shown = md(text)
        assert unescaped(shown) == plain(text).replace("\u2060", "")
        assert "\n" not in shown and "\x00" not in shown
        bare = re.sub(r"\\.", "", shown)
        assert not re.search(r"[\[\]<>`*_$~|&]", bare), text
        assert not re.search(r"https?://", shown), text


def test_no_naughty_string_opens_a_tag():
    for text in naughty():
        assert "<" not in safe_html(text) and '"' not in safe_html(text) and "'" not in safe_html(text)
        assert html.unescape(safe_html(text)) == plain(text)


@pytest.mark.parametrize(
    ("text", "must_not_hold"),
    [
        ("![x](http://evil.example/x.png)", r"!\["),
        ("see www.evil.example", r"www\."),
        ("mail me@evil.example", r"@e"),
        (":material/delete:", r":m"),
        (":smile:", r":s"),
        (":red[danger]", r":r"),
        ("# title", r"^#"),
        ("- item", r"^-"),
        ("3. item", r"^3\."),
        ("a\n\n# b", r"\n"),
        ("javascript://evil", r"javascript://"),
        ("a\u202eb", "\u202e"),
    ],
)
def test_what_markdown_would_act_on_is_broken(text, must_not_hold):
    assert not re.search(must_not_hold, md(text))


@given(st.text())
def test_escaping_loses_no_letter(text):
    assert unescaped(md(text)) == plain(text).replace("\u2060", "") or "\\" in plain(text)


def test_plain_words_stay_as_they_are():
    for text in ("Logistics, 50–200 staff", "O'Brien (Dublin)", "Customer since at least 3 Apr 2025", "12 %"):
        assert md(text) == text


def test_only_one_module_makes_html_and_none_allows_it_in_markdown():
    makers, unsafe = set(), set()
    for path in [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        if re.search(r"\bst\.html\(|components\.v1|st\.iframe", text):
            makers.add(path.name)
        if "unsafe_allow_html" in text:
            unsafe.add(path.name)

    assert makers <= {"figures.py"}
    assert unsafe == set()
