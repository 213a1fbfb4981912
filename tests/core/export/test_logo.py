"""A logo cannot run, reach out or swell; and what leaves the house names nobody."""

import io
import json

import pytest
from PIL import Image

from icp_core.errors import ExportError, IcpError
from icp_core.export.logo import MAX_BYTES, as_svg, safe_logo
from icp_core.export.redact import shareable
from icp_core.profile.model import SCHEMA, Evidence, Job, Profile, Quote
from tests.core.export import sample_profile

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"{}>{}<rect width="9" height="9"/></svg>'


@pytest.mark.parametrize(
    ("attributes", "inside", "gone"),
    [
        (' onload="alert(1)"', "", "alert"),
        ("", "<script>alert(1)</script>", "alert"),
        ("", '<image href="http://x.example/a.png"/>', "x.example"),
        ("", '<rect style="fill:url(http://x.example)"/>', "x.example"),
        ("", "<style>@import 'http://x.example';</style>", "x.example"),
        ("", "<foreignObject>secret</foreignObject>", "secret"),
    ],
)
def test_what_runs_or_reaches_out_is_taken_out_of_a_drawing(attributes, inside, gone):
    kept = safe_logo(SVG.format(attributes, inside).encode()).decode()

    assert gone not in kept and "<rect" in kept


@pytest.mark.parametrize(
    "content",
    [
        b"no picture",
        b"<svg" + b" " * MAX_BYTES,
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 200 + b"</g>" * 200 + b"</svg>",
    ],
)
def test_a_harmful_or_unreadable_logo_is_refused_in_words(content):
    with pytest.raises(ExportError, match="logo"):
        safe_logo(content)


def test_a_photograph_becomes_a_small_picture():
    out = io.BytesIO()
    Image.new("RGB", (2400, 600), "navy").save(out, "JPEG")

    assert 'width="900" height="225"' in as_svg(out.getvalue())


def test_what_leaves_the_house_names_nobody_and_own_words_stay():
    quote = Quote(
        text="Ruth Adler here, ruth@adler.example", person="Ruth Adler", customer_id="ruth@adler.example"
    )
    heard = Job(text="Ruth Adler plans the day", evidence=Evidence(quotes=[quote]))
    own = Job(text="See www.example.com", edited=True)
    profile = sample_profile.full().model_copy(update={"quotes": [quote], "jobs": [heard, own]})

    text = shareable(profile).to_json()

    assert "Adler" not in text and "adler.example" not in text and profile.meta.author not in text
    assert "See www.example.com" in text and profile.jobs[0].text == "Ruth Adler plans the day"


def test_a_profile_of_the_first_version_is_read_and_one_of_a_later_version_refused():
    data = json.loads(sample_profile.full().to_json())
    for name in ("personas", "drop_out", "buying_team"):
        data.pop(name)

    assert Profile.from_json(json.dumps(data | {"schema": "icp-workbench/1"})).schema_id == SCHEMA
    assert Profile.from_json(json.dumps({"schema": SCHEMA, "profile": data})).who == sample_profile.full().who
    with pytest.raises(IcpError, match="another version"):
        Profile.from_json(json.dumps(data | {"schema": "icp-workbench/9"}))
