import hashlib
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pikepdf
import pypdf
import pytest

from icp_core.errors import ExportError
from icp_core.export.brand import Brand, contrast
from icp_core.export.labels import labels, languages
from icp_core.export.pdf import one_pager
from icp_core.profile.model import Asked, Job, Meta, Profile, Quote, Statement, Trait
from tests.core.export import sample_profile
from tests.core.export.pages import pdf_text, squeezed, with_lists, with_texts

NAUGHTY = Path(__file__).resolve().parents[4] / "shared" / "data" / "naughty" / "blns.txt"


def pages(data: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(data)).pages)


@pytest.fixture(scope="module")
def full():
    return one_pager(sample_profile.full())


def test_a_full_profile_fits_one_page_and_nothing_is_cut(full):
    assert pages(full.data) == full.pages == 1
    assert full.cut == ()
    assert full.type_size_pt >= 7.5


def test_every_text_of_the_profile_can_be_read_from_the_page(full):
    profile = sample_profile.full()
    found = squeezed(pdf_text(full.data))

    said = [profile.meta.name, profile.meta.company, profile.statement.text.replace("**", "")]
    said += [profile.criteria_words, *(lift.label for lift in profile.lifts)]
    for key in ("who", "behaviour", "jobs", "pains", "triggers", "objections", "values", "channels"):
        said += [s.text for s in getattr(profile, key)]
    said += [q.text for q in profile.quotes] + [d.words for d in profile.disqualifiers]
    said += [r.role for r in profile.buying_roles] + [i.text for i in profile.implications]
    said += [f.label.upper() for f in profile.figures] + [f.ideal for f in profile.figures]
    missing = [text for text in said if squeezed(text) not in found]

    assert missing == []


def test_what_a_survey_said_of_a_line_is_printed_beside_it():
    profile = sample_profile.full()
    for n, key in enumerate(
        ("jobs", "pains", "triggers", "objections", "channels", "buying_roles", "buying_criteria")
    ):
        line = getattr(profile, key)[0]
        line.status, line.asked = ("confirmed", "refuted", "open")[n % 3], Asked(n=n + 20, of=60)

    page = one_pager(profile)
    found = " ".join(pdf_text(page.data).split())

    assert page.pages == 1
    marks = ["confirmed", "refuted", "open"]
    assert [f"{marks[n % 3]}, {n + 20} of 60 asked" in found for n in range(7)] == [True] * 7
    assert "bestätigt, 20 von 60 Befragten" in " ".join(
        pdf_text(one_pager(profile, language="de").data).split()
    )


def test_the_same_profile_gives_the_same_bytes_also_in_another_process(full):
    script = (
        "import hashlib; from tests.core.export import sample_profile; from icp_core.export.pdf import one_pager;"
        "print(hashlib.sha256(one_pager(sample_profile.full()).data).hexdigest())"
    )
    root = Path(__file__).resolve().parents[3]
    other = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=True
    ).stdout.strip()

    assert hashlib.sha256(one_pager(sample_profile.full()).data).hexdigest() == other
    assert hashlib.sha256(full.data).hexdigest() == other


def test_a_hint_of_the_last_size_changes_nothing_on_the_page(full):
    assert one_pager(sample_profile.full(), step_hint=full.step).data == full.data
    assert one_pager(sample_profile.full(), step_hint=0).step == full.step
    assert one_pager(sample_profile.full(), step_hint=999).step == full.step


def test_the_page_is_tagged_and_declares_the_accessible_standards(full):
    with pikepdf.open(io.BytesIO(full.data)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("en")
        with document.open_metadata() as found:
            assert found["pdfuaid:part"] == "1"
            assert (found["pdfaid:part"], found["pdfaid:conformance"]) == ("2", "A")
            assert "The growing clinic group" in str(found["dc:title"])


def test_charts_and_dots_have_words_for_those_who_do_not_see_them(full):
    with pikepdf.open(io.BytesIO(full.data)) as document:
        alts = [str(o.Alt) for o in document.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]

    assert any("Two or more sites 3.3×" in alt for alt in alts)
    assert any("85 % kept after 36 months" in alt for alt in alts)
    assert "strong evidence" in alts and "assumption, without evidence" in alts


STRESS = {
    "texts half as long again": lambda: with_texts(lambda s: s + " " + s[: len(s) // 2]),
    "texts twice as long": lambda: with_texts(lambda s: f"{s} {s}"),
    "texts twenty times as long": lambda: with_texts(lambda s: " ".join([s] * 20)),
    "every list four times as long": lambda: with_lists(4),
    "tokens of 170 letters": lambda: with_texts(lambda s: "x" * 170),
    "right to left with figures": lambda: with_texts(lambda s: "شركة توزيع 50–250 موظفًا"),
    "Hebrew": lambda: with_texts(lambda s: "מרפאות שיניים 12–60 עובדים"),
    "emoji": lambda: with_texts(lambda s: s[:10] + " 🎉 👩‍⚕️ 🇩🇪 ❤️"),
    "typst markup": lambda: with_texts(lambda s: '#panic("x") *b* $x$ <l> \\u{41} @r `c` // /* #read("a")'),
    "HTML and Markdown": lambda: with_texts(lambda s: "<script>alert(1)</script> [a](javascript:x) **"),
    "no charts": lambda: sample_profile.full().model_copy(update={"lifts": [], "retention_ideal": []}),
    "nothing at all": lambda: Profile(meta=Meta(as_of=date(2026, 1, 1)), statement=Statement(text="")),
}


@pytest.mark.parametrize("name", STRESS)
def test_the_page_stays_one_page(name):
    profile = STRESS[name]()

    made = one_pager(profile)

    assert pages(made.data) == 1
    assert made.type_size_pt >= 6.3
    assert not any("accessible" in note for note in made.cut)
    start = squeezed(profile.meta.name)[:24]
    assert start in squeezed(pdf_text(made.data)) or "right to left" in name or name == "Hebrew"


def test_markup_prints_as_itself():
    text = '#panic("x") *b* $x$ <label> \\u{41} {{7*7}} @ref'
    made = one_pager(_with_job(text))

    assert squeezed(text) in squeezed(pdf_text(made.data))


def test_figures_keep_their_order_between_right_to_left_words():
    made = one_pager(_with_job("الهاتف +44 والحجم 50–250 موظفًا", language="ar"))
    found = squeezed(pdf_text(made.data))

    assert "50–250" in found
    assert "+44" in found


def test_a_character_no_typeface_has_is_named_and_the_page_still_made():
    made = one_pager(_with_job("歯科医院"))

    assert pages(made.data) == 1
    assert any("歯" in note and "cjk unified ideograph" in note for note in made.cut)
    with pikepdf.open(io.BytesIO(made.data)) as document, document.open_metadata() as found:
        assert "pdfuaid:part" not in found


def test_a_typeface_in_the_folder_of_ones_own_is_used(tmp_path, monkeypatch):
    thai = next(Path("/usr/share/fonts").rglob("NotoSansThai-Regular.ttf"), None)
    if thai is None:
        pytest.skip("no Thai typeface on this machine to put into the folder")
    monkeypatch.setenv("ICP_FONTS", str(tmp_path))
    before = one_pager(_with_job("กขค")).cut
    (tmp_path / thai.name).write_bytes(thai.read_bytes())

    assert "thai character" in before[0]
    assert one_pager(_with_job("กขค")).cut == ()


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the shared list of naughty strings is not here")
@pytest.mark.parametrize("part", range(4))
def test_naughty_strings_never_break_the_page(part):
    lines = NAUGHTY.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
    strings = [line for line in lines if line and not line.startswith("#")][part::4]
    profile = sample_profile.sparse().model_copy(
        update={
            "jobs": [Job(text=s) for s in strings],
            "quotes": [Quote(text=s, role=s) for s in strings],
            "who": [Trait(label=s, text=s) for s in strings],
        }
    )

    assert pages(one_pager(profile).data) == 1


def test_twenty_pages_in_parallel_threads_are_all_right():
    profile = sample_profile.sparse()
    expected = one_pager(profile).data

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: one_pager(profile).data, range(20)))

    assert all(data == expected for data in made)


def test_what_had_to_be_cut_is_said():
    made = one_pager(with_lists(4))

    assert any(note.startswith("Who they are: ") and "of 24 are shown" in note for note in made.cut)


def test_a_text_that_was_cut_is_named_with_its_section_or_its_words():
    long = one_pager(with_texts(lambda s: " ".join([s] * 20)))
    label = "Companies with more than two hundred employees and a warehouse"
    lift = sample_profile.full().lifts[0].model_copy(update={"label": label})
    small = one_pager(sample_profile.full().model_copy(update={"lifts": [lift]}))

    assert any("characters to fit on one page: " in note and "What hurts them (" in note for note in long.cut)
    assert small.cut == (f"Cut with “…” because the place is small: “{label}”.",)


def test_a_young_page_asks_what_is_still_to_find_out():
    text = squeezed(pdf_text(one_pager(sample_profile.sparse()).data))

    assert squeezed("Still to find out") in text
    assert squeezed("Who opens the deal, who signs, who can stop it?") in text
    assert squeezed("What hurts them today") not in text  # a pain is there already


def test_assumptions_are_named_in_the_key_and_evidence_alone_is_not():
    sure = Statement(text="Small bakeries", evidence=sample_profile.SOLID)
    profile = Profile(meta=Meta(as_of=date(2026, 1, 1)), statement=sure)

    assert "assumption" not in pdf_text(one_pager(profile).data)
    assert "assumption" in pdf_text(one_pager(profile.model_copy(update={"jobs": [Job(text="x")]})).data)


def test_a_draft_says_so():
    assert "Draft" in pdf_text(one_pager(sample_profile.sparse()).data)


def test_empty_sections_leave_no_heading():
    text = pdf_text(one_pager(sample_profile.sparse()).data)

    for heading in ("Who they are", "Walk away when", "In their words", "They stay longer", "How they buy"):
        assert heading not in text


def test_sections_can_be_hidden_and_reordered():
    profile = sample_profile.full()
    profile.hidden_sections = ["pains"]
    profile.section_order = ["disqualifiers", "quotes"]
    text = pdf_text(one_pager(profile).data)

    assert "What hurts them" not in text
    assert text.index("Walk away when") < text.index("In their words") < text.index("Who they are")


def test_an_unclear_difference_is_said_and_not_praised(full):
    assert "no clear difference" in pdf_text(full.data)


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_label_and_makes_a_page(language):
    own = labels(language)
    text = pdf_text(one_pager(sample_profile.full(), language=language).data)

    assert set(own) >= set(labels("en"))
    if language != "en":
        assert sum(own[key] == labels("en")[key] for key in labels("en")) < 15
    assert squeezed(own["pains"]) in squeezed(text)
    assert squeezed(own["disqualifiers"]) in squeezed(text)


def test_names_of_figures_and_differences_follow_the_language_and_own_names_stay():
    profile = sample_profile.full()
    ours = profile.figures[0].model_copy(
        update={"key": "cycle", "label": "Sales cycle", "ideal": "29 days", "difference": "about 48 % less"}
    )
    own = profile.figures[1].model_copy(
        update={"key": "ltv", "label": "Our own name", "difference": "+9 points"}
    )
    text = squeezed(
        pdf_text(one_pager(profile.model_copy(update={"figures": [ours, own]}), language="de").data)
    )

    for said in ("Verkaufsdauer".upper(), "29 Tage", "etwa 48 % weniger", "OUR OWN NAME", "+9 Punkte"):
        assert squeezed(said) in text, said


def test_letter_paper_is_letter_size():
    page = pypdf.PdfReader(io.BytesIO(one_pager(sample_profile.sparse(), paper="letter").data)).pages[0]

    assert (round(page.mediabox.width), round(page.mediabox.height)) == (612, 792)


def test_the_preview_is_the_same_page_as_png():
    made = one_pager(sample_profile.sparse(), format="png")

    assert made.data[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(made.data[16:20]) == 1191


def test_the_page_comes_as_svg_too():
    assert one_pager(sample_profile.sparse(), format="svg").data[:4] == b"<svg"


def test_names_and_addresses_stay_off_the_page_unless_asked_for():
    quote = Quote(
        text="Ruth Adler here, write to ruth@adler.example or @ruthadler.", person="Ruth Adler", role="Owner"
    )
    profile = sample_profile.sparse().model_copy(update={"quotes": [quote]})

    shown = pdf_text(one_pager(profile).data)
    asked = pdf_text(one_pager(profile, personal=True).data)

    assert "Adler" not in shown and "ruth@" not in shown and "Ines Okafor" not in shown
    assert "Ruth Adler, Owner" in asked


def test_brand_colours_are_made_readable_and_this_is_said():
    made = one_pager(sample_profile.sparse(), brand=Brand(accent="#FFCC00"))
    brand, notes = Brand(accent="#FFCC00").readable()

    assert contrast(brand.accent, "#FFFFFF") >= 4.5
    assert notes[0] in made.cut


def test_a_logo_is_printed_and_a_wrong_one_refused():
    logo = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
    )

    assert one_pager(sample_profile.sparse(), brand=Brand(logo=logo)).data[:5] == b"%PDF-"
    with pytest.raises(ExportError, match="logo cannot be read"):
        one_pager(sample_profile.sparse(), brand=Brand(logo=b"no picture"))


def test_an_unknown_paper_is_refused_with_the_choices():
    with pytest.raises(ExportError, match="a4, letter"):
        one_pager(sample_profile.sparse(), paper="a3")


def _with_job(text: str, language: str = "en") -> Profile:
    return Profile(
        meta=Meta(as_of=date(2026, 1, 1), language=language),
        statement=Statement(text="Small clinics"),
        jobs=[Job(text=text)],
    )


@pytest.mark.soak
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_two_hundred_edits_keep_memory_level():
    def megabytes() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

    profile, made = sample_profile.full(), one_pager(sample_profile.full())
    before = megabytes()
    for i in range(200):
        profile.jobs[0].text = f"When patient {i} cancels, fill the gap the same day."
        made = one_pager(profile, format="png" if i % 2 else "pdf", step_hint=made.step)

    assert megabytes() - before < 60


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", ["9,4 Mio. €", "2,8×", "1.284"]),
        ("fr", ["9,4 M €", "2,8×", "1 284"]),
        ("es", ["9,4 M €", "1.284"]),
    ],
)
def test_figures_of_ours_are_written_as_the_language_does(language, said):
    profile = sample_profile.full()
    figure = profile.figures[0].model_copy(update={"ideal": "€9.4M", "difference": "about 2.8×"})
    base = [("1,284", "customers", "Oct 2021–May 2026")]
    changed = profile.model_copy(update={"figures": [figure], "evidence_base": base})
    text = squeezed(pdf_text(one_pager(changed, language=language).data))

    assert [s for s in said if squeezed(s) not in text] == []
    assert squeezed(labels(language)["counted customers"]) in text
    assert "9.4M" not in text and "1,284" not in text
    assert squeezed(profile.jobs[0].text) in text
