import re

from icp_core.export.markdown import escaped, markdown
from icp_core.profile.model import Asked, Job, Quote
from tests.core.export import sample_profile


def test_every_section_that_has_something_appears_once():
    text = markdown(sample_profile.full())
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)

    assert len(headings) == len(set(headings))
    assert headings[:3] == ["Who they are", "What sets them apart", "What they do"]
    assert "## Walk away when" in text
    assert text == markdown(sample_profile.full())


def test_assumptions_are_marked_and_evidence_carries_its_number():
    text = markdown(sample_profile.full())

    assert "*Be the group whose patients never wait on the line.* (assumption)" in text
    assert "fill the gap the same day without three phone calls. (fair, n = 41)" in text


def test_what_a_survey_said_of_a_line_stands_behind_it():
    profile = sample_profile.full()
    profile.jobs[2].status, profile.jobs[2].asked = "refuted", Asked(n=3, of=41)

    line = "*Be the group whose patients never wait on the line*, refuted, 3 of 41 asked (assumption)"
    assert line in markdown(profile)


def test_typed_text_is_never_markup():
    nasty = "# h\n- x\n![i](http://a.example/i.png) <img src=x onerror=1> [l](javascript:1) `c` *e* | t ~~s~~ &lt;"
    profile = sample_profile.sparse().model_copy(update={"jobs": [Job(text=nasty)]})
    line = next(x for x in markdown(profile).splitlines() if "javascript" in x)
    bare = re.sub(r"\\.", "", line.replace("- **Functional** *", "", 1).replace("* (assumption)", ""))

    assert not re.search(r"[<>\[\]()`*|~!#&]", bare)
    assert "http://" not in line and "javascript:" not in line


def test_a_line_never_starts_a_list_heading_or_rule():
    for start in ("- x", "1. x", "# x", "> x", "---", "+ x", "=== x", "1) x"):
        assert escaped(start).startswith("\\") or re.match(r"\d\\", escaped(start)), start


def test_a_table_cell_stays_one_cell():
    profile = sample_profile.full()
    profile.figures[0].label = "a | b\nc"
    row = next(x for x in markdown(profile).splitlines() if "a \\|" in x)

    assert len(re.findall(r"(?<!\\)\|", row)) == 6


def test_quotes_are_signed_without_names():
    quote = Quote(text="Call Ruth Adler on +49 30 1234567", person="Ruth Adler", role="Owner")
    profile = sample_profile.sparse().model_copy(update={"quotes": [quote]})

    assert "Adler" not in markdown(profile) and "1234567" not in markdown(profile)
    assert "Owner" in markdown(profile)
    assert "Ruth Adler, Owner" in markdown(profile, personal=True)


def test_hidden_sections_stay_hidden():
    profile = sample_profile.full()
    profile.hidden_sections = ["pains"]

    assert "## What hurts them" not in markdown(profile)
