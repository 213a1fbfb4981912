"""The ICP on one slide for a deck: native text and a native chart, so that everything can be edited there."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence

from icp_core.charts.theme import LIGHT
from icp_core.export.labels import day_words, figure_label, figure_value, labels
from icp_core.export.page_text import plain
from icp_core.export.redact import redacted, shareable
from icp_core.profile.model import Figure, Profile

_WIDE, _HIGH = 13.333, 7.5  # inches: a 16:9 slide
_FACE = "Calibri"
_MOST_FIGURES, _MOST_LINES, _LONGEST = 6, 4, 110
_LINE = 130  # letters of a line in a column
# A file with the moment it was made inside would differ every time.
_MADE = dt.datetime(2000, 1, 1)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def slide(profile: Profile, *, language: str | None = None, personal: bool = False) -> bytes:
    """One editable PowerPoint slide: sentence, rule, key figures as a native bar chart, and the main lines.

    The same profile gives the same bytes. Text is cut at a word where a box has no room for more; e-mails and
    phone numbers are left out unless ``personal``. Hidden sections and hidden lines stay out.
    """
    from pptx import Presentation
    from pptx.util import Inches

    if not personal:
        profile = shareable(profile)
    words = labels(language or profile.meta.language or "en")
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDE), Inches(_HIGH)
    page = deck.slides.add_slide(deck.slide_layouts[5])
    _title(page, profile, words, personal)
    hidden = set(profile.hidden_sections)
    figures = [f for f in profile.figures if f.ideal_value is not None and f.others_value][:_MOST_FIGURES]
    if figures and "figures" not in hidden:
        _chart(page, figures, words)
    columns = [
        [
            (words["jobs"], "jobs", [j.text for j in _shown(profile.jobs)]),
            (words["pains"], "pains", [p.text for p in _shown(profile.pains)]),
            (
                words["disqualifiers"],
                "disqualifiers",
                [d.words + (f" ({d.why})" if d.why else "") for d in profile.disqualifiers if d.accepted],
            ),
        ],
        [
            (words["triggers"], "triggers", [t.text for t in _shown(profile.triggers)]),
            (
                words["implications"],
                "implications",
                [f"{words.get(i.team, i.team)}: {i.text}" for i in _shown(profile.implications)],
            ),
        ],
    ]
    for place, parts in enumerate(columns):
        shown = [(title, lines) for title, key, lines in parts if lines and key not in hidden]
        if shown:
            _column(page, 6.55 + place * 3.3, shown, personal)
    meta = profile.meta
    footer = f"{words['as_of']} {day_words(meta.as_of, words)} · n = {_counts(profile)}"
    _text(page, 0.5, 7.0, 12.3, 0.3, [(footer, 10, False, LIGHT.mute)], personal)
    core = deck.core_properties
    core.title, core.author, core.last_modified_by = _clean(meta.name, personal), "", ""
    core.created = core.modified = _MADE
    out = io.BytesIO()
    deck.save(out)
    return _same_every_time(out.getvalue())


def _counts(profile: Profile) -> str:
    """Customers inside beside the others, as the footer says it."""
    evidence = profile.criteria_evidence
    if evidence is None or evidence.n is None:
        return "?"
    return f"{evidence.n:,}" + (f" / {evidence.n_rest:,}" if evidence.n_rest is not None else "")


def _shown(lines: Iterable) -> list:
    return [line for line in lines if not line.hidden and line.text.strip()][:_MOST_LINES]


def _clean(text: str, personal: bool, most: int = _LONGEST) -> str:
    flat = _CONTROL.sub("", plain(text))
    flat = flat if personal else redacted(flat)
    if len(flat) <= most:
        return flat
    return flat[: most - 1].rsplit(" ", 1)[0] + "…"


def _title(page, profile: Profile, words, personal: bool) -> None:
    from pptx.util import Inches

    box = page.shapes.title
    box.left, box.top, box.width, box.height = Inches(0.5), Inches(0.3), Inches(12.3), Inches(0.7)
    box.text_frame.text = _clean(profile.meta.name, personal, 70)
    paragraph = box.text_frame.paragraphs[0]
    paragraph.alignment = 1
    _style(paragraph.runs, 30, True, LIGHT.ink)
    sentence = profile.statement.text.replace("**", "")
    rule = f"{words['rule']}: {profile.criteria_words}" if profile.criteria_words else ""
    lines = [(_clean(sentence, personal, 220), 16, False, LIGHT.ink)]
    if rule:
        lines.append((_clean(rule, personal, 180), 12, False, LIGHT.mute))
    _text(page, 0.5, 1.0, 12.3, 1.1, lines, True)


def _style(runs, size: float, bold: bool, colour: str) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    for run in runs:
        run.font.name, run.font.size, run.font.bold = _FACE, Pt(size), bold
        run.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())


def _text(page, left, top, width, height, lines: Sequence[tuple[str, float, bool, str]], personal: bool):
    from pptx.util import Inches, Pt

    box = page.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    frame = box.text_frame
    frame.word_wrap = True
    for i, (text, size, bold, colour) in enumerate(lines):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = _clean(text, personal, 240)
        paragraph.space_after = Pt(3)
        _style([run], size, bold, colour)


def _column(page, left: float, parts: Sequence[tuple[str, Sequence[str]]], personal: bool) -> None:
    lines: list[tuple[str, float, bool, str]] = []
    each = max(2, 7 // len(parts))
    for title, texts in parts:
        lines.append((title, 14, True, LIGHT.ideal))
        lines += [("• " + _clean(text, personal, _LINE), 12, False, LIGHT.ink) for text in texts[:each]]
    _text(page, left, 2.15, 3.15, 4.7, lines, personal)


def _chart(page, figures: Sequence[Figure], words) -> None:
    """Ideal and others as a native bar chart, each figure as a share of the larger of the two (others = 100 %)."""
    from pptx.chart.data import CategoryChartData
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Inches, Pt

    data = CategoryChartData(number_format="0%")
    data.categories = [
        _clean(
            f"{figure_label(f, words)}: {figure_value(f.ideal, words)} / {figure_value(f.others, words)}",
            True,
        )
        for f in reversed(figures)
    ]
    pairs = [_pair(f) for f in reversed(figures)]
    data.add_series(words["others"], [other for _, other in pairs])
    data.add_series(words["ideal"], [ideal for ideal, _ in pairs])
    chart = page.shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED, Inches(0.4), Inches(2.1), Inches(5.95), Inches(4.8), data
    ).chart
    chart.has_legend, chart.has_title = True, False
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.font.size, chart.font.name = Pt(12), _FACE
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    for series, colour in zip(chart.plots[0].series, (LIGHT.rest, LIGHT.ideal), strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
    chart.plots[0].gap_width = 45


def _pair(figure: Figure) -> tuple[float, float]:
    """Both values as shares of the larger; an NPS starts at its lowest, −100."""
    ideal, others = figure.ideal_value or 0.0, figure.others_value or 0.0
    if figure.key == "nps":
        ideal, others = ideal + 100, others + 100
    longest = max(ideal, others, 1e-9)
    return max(ideal, 0.0) / longest, max(others, 0.0) / longest


def _same_every_time(content: bytes) -> bytes:
    """The same parts with one date: an archive notes when each part was written, also in the chart's workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith(".xlsx"):
                part = _same_every_time(part)
            elif name.endswith("docProps/core.xml"):
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", part)
            info = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, part)
    return out.getvalue()
