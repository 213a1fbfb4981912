"""Whatever is typed, the page stays one page, is accessible, and can be read back letter by letter, in order.

``pdftotext`` (Debian's poppler-utils) reads the page as other programs do.
"""

import os
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from icp_core.export.page_text import plain
from icp_core.export.pdf import one_pager
from icp_core.profile.model import Job, Statement
from tests.core.export import sample_profile
from tests.core.export.pages import squeezed, with_lists, with_texts

NAUGHTY = Path(__file__).resolve().parents[4] / "shared" / "data" / "naughty" / "blns.txt"
BATCH = 12


@pytest.fixture(autouse=True, scope="module")
def reader():
    if shutil.which("pdftotext") is None:
        reason = "pdftotext is missing: install Debian's package poppler-utils."
        pytest.skip(reason)


def read(data: bytes, tmp_path) -> str:
    """The text in the order of the page's content."""
    path = tmp_path / "page.pdf"
    path.write_bytes(data)
    made = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"],
        capture_output=True,
        check=True,
        env=os.environ,
    )
    return made.stdout.decode("utf-8")


def letters(text: str) -> str:
    """What must be the same before and after: composed letters without space, hyphen and marks of direction."""
    kept = (c for c in squeezed(plain(text)) if unicodedata.category(c) not in ("Cf", "Mn", "Cn"))
    return "".join(kept)


def with_lines(texts) -> object:
    """A page with the texts as jobs, none of them cut."""
    return sample_profile.sparse().model_copy(
        update={"jobs": [Job(text=text) for text in texts], "pains": [], "triggers": []}
    )


def missing(texts, found: str) -> list[str]:
    """Texts that do not follow one another in what was read."""
    at, lost = 0, []
    for text in texts:
        wanted = letters(text)
        place = found.find(wanted, at)
        if place < 0:
            lost.append(text)
        else:
            at = place + len(wanted)
    return lost


LINES = {
    "markup of the engine": ['#panic("x")', "*b* _i_ $x^2$", "<label> @ref `raw`", "#let x = 1; // c /* d */", "= Heading"],
    "Markdown": ["**bold** [a](http://x.example)", "# Title", "1. one", "> quote", "| a | b |", "![i](x.png)"],
    "HTML": ["<script>alert(1)</script>", "&lt;b&gt; &amp;", "<img src=x onerror=y>", "<!-- c -->"],
    "tokens of 170 letters": ["x" * 170, "Donaudampfschiff" * 11],
    "emoji": ["Cheers 🎉 all round", "👩‍⚕️ and 🇩🇪 and ❤️ too", "✅ done"],
    "figures between letters": ["50–250 staff, +44 20, −3.5 %", "€1,234.50 a month", "10:30–11:45", "1/2 × 3"],
    "accents": ["Ça ira, Überfluss, señal, Łódź, ﬁn", "e\u0301te\u0301", "Ελλάδα", "Привет, мир"],
    "spreadsheet formulas": ["=1+1", "+A1", "-cmd|' /C calc'!A0", "@SUM(A1)", "{=x}"],
    "quotes and brackets": ["“a” 'b' «c» „d“", "{[(<>)]}", "a\\b/c|d", "“unclosed"],
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_what_is_typed_is_read_back_from_the_page_in_order(name, tmp_path):
    made = one_pager(with_lines(LINES[name]))

    assert made.pages == 1 and made.cut == ()
    assert missing(LINES[name], letters(read(made.data, tmp_path))) == []


TURNED = {
    "Hebrew": ["מרפאות שיניים עם 12–60 עובדים", "ABC Ltd ב־12 ערים", "לקוחות של ABC Ltd ב־12 ערים"],
    "Arabic": [
        "شركة توزيع فيها 50–250 موظفًا",
        "الرقم +44 20 7946، بلا رد",
        "نخطط كل المواقع في جدول واحد ونعرف من يغيب هذا الأسبوع",
        "لا يحتاجون إلى برنامج آخر، العملاء يحجزون عبر ABC Ltd",
    ],
    "Persian": ["برنامه‌ریزی گروه‌ها در ۱۲ شهر", "چرا پول می‌دهند؟"],
}  # fmt: skip


@pytest.mark.parametrize("name", TURNED)
def test_right_to_left_words_and_figures_are_read_in_the_order_they_are_said(name, tmp_path):
    texts = TURNED[name]
    made = one_pager(with_lines(texts).model_copy(update={"statement": Statement(text=texts[0])}))

    assert made.pages == 1 and made.cut == ()
    assert missing(texts, letters(read(made.data, tmp_path))) == []


@pytest.mark.parametrize("script", ["Hebrew", "Arabic"])
def test_a_whole_page_from_right_to_left_is_read_in_order(script, tmp_path):
    words = iter([text for text in TURNED[script] if "+44" not in text] * 500)  # such figures are no names
    profile = with_texts(lambda s: next(words))
    made = one_pager(profile)
    lines = [line.text for line in (*profile.who, *profile.jobs)]

    assert made.pages == 1 and not any("accessible" in note for note in made.cut)
    assert missing(lines, letters(read(made.data, tmp_path))) == []


FULL = {
    "as it is": (sample_profile.full, False),
    "texts × 20": (lambda: with_texts(lambda s: " ".join([s] * 20)), True),
    "lists × 4": (lambda: with_lists(4), True),
    "no charts": (
        lambda: sample_profile.full().model_copy(update={"lifts": [], "retention_ideal": []}),
        False,
    ),
}


@pytest.mark.parametrize("name", FULL)
def test_a_full_page_is_read_in_its_order_and_what_was_cut_is_told(name, tmp_path):
    build, must_cut = FULL[name]
    profile = build()
    made = one_pager(profile)
    found = letters(read(made.data, tmp_path))
    lines = [profile.who[0], profile.jobs[0], profile.pains[0], profile.channels[0]]
    starts = [line.text[:24].rsplit(" ", 1)[0] for line in lines]

    assert made.pages == 1 and bool(made.cut) == must_cut
    assert not any("accessible" in note for note in made.cut)
    assert missing(starts, found) == []


@pytest.mark.soak
@pytest.mark.skipif(not NAUGHTY.exists(), reason="the shared list of naughty strings is not here")
def test_every_naughty_string_is_printed_as_it_is(tmp_path):
    lines = NAUGHTY.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
    strings = [s for s in lines if s and not s.startswith("#") and letters(s)]
    lost = []
    for at in range(0, len(strings), BATCH):
        batch = strings[at : at + BATCH]
        made = one_pager(with_lines(batch))
        assert made.pages == 1
        if any("No typeface" in note or "cannot be mapped" in note for note in made.cut):
            continue  # the page said which letters no typeface has; they cannot be read back
        readable = [s for s in batch if len(plain(s)) < 600]
        lost += missing(readable, letters(read(made.data, tmp_path)))

    assert lost == []
