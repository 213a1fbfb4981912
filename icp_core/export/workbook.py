"""The workbook: the page, what stands behind it, the customers, and a scorecard that reckons live."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from openpyxl.chart import BarChart, Reference, ScatterChart, Series
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.drawing.text import Font as DrawingFont
from openpyxl.formatting.rule import DataBarRule
from openpyxl.utils import get_column_letter

from icp_core.charts.theme import LIGHT
from icp_core.export.labels import day_words, labels
from icp_core.export.page_content import market_words
from icp_core.export.privacy import persons_left_out, without_persons
from icp_core.export.redact import redacted, shareable
from icp_core.export.scorecard_sheet import (
    LiveScores,
    ScoreItem,
    live_scores,
    score_items,
    scorecard_sheet,
)
from icp_core.export.sheets import (
    ACCENT,
    FACE,
    HAIR,
    Book,
    SheetWriter,
    height_for,
    unique_headings,
    width_for,
)
from icp_core.export.statements import Entry, entries
from icp_core.facts.catalogue import Attribute, Facts
from icp_core.profile.model import Evidence, Profile
from icp_core.segments.conditions import Segment
from icp_core.segments.dashboard import Dashboard, dashboard
from icp_core.segments.membership import members
from icp_core.stats.phrases import dots_text

_SAMPLE_ROWS = 400
_STYLE_OF_UNIT = {"%": "share", "months": "number", "days": "number", "count": "whole"}
_STYLE_OF_EFFECT = {"ratio": "ratio", "points": "share", "share": "share"}
_GREY = LIGHT.rest.removeprefix("#")


def workbook(
    profile: Profile,
    facts: Facts,
    *,
    candidates: Sequence[Any] = (),
    prospects: pd.DataFrame | None = None,
    scorecard: Sequence[ScoreItem] | LiveScores | None = None,
    segments: Sequence[Segment] = (),
    dictionary: Iterable[Attribute] | None = None,
    personal: bool = False,
    language: str | None = None,
) -> bytes:
    """The whole ICP as an XLSX file.

    ``candidates`` are what a search found (``discover``), ``segments`` saved segments to set beside the ICP,
    ``prospects`` a table printed as given, ``scorecard`` the items with their points, or rows already scored
    item by item (without it, one item a condition of the ICP), ``dictionary`` the attributes to explain (all of the facts by default). Columns
    that name persons are left out unless ``personal``. Figures are values; only the scorecard has formulas,
    which follow its yellow weights. The same input gives the same bytes.
    """
    if not personal:
        profile = shareable(profile)
    words = labels(language or profile.meta.language or "en")
    meta = profile.meta
    known, lost = profile.criteria.known_to(facts.catalogue)
    inside = members(facts, known)
    board = dashboard(facts, known)
    if personal:
        customers, left_out = facts.frame, ()
    else:
        customers, left_out = without_persons(facts)
    lines = entries(profile, words, personal=personal)

    book = Book(title=f"{meta.name} – {words['kicker']}", author=meta.company, made_on=meta.as_of)
    page = book.sheet("One-pager", (20, 46, 15, 15, 18, 10, 16))
    evidence = book.sheet("Evidence", (22, 60, 14, 8, 16, 9, 9, 11, 11, 11, 11, 10, 46, 42, 60), freeze="C2")
    figures = book.sheet("Segments", (44, 16, 16, 16, 22, 16, 14, 14, 12, 12, 60))
    curve = (
        book.sheet("Retention", (10, 14, 14, 14, 12, 14, 14, 14, 12, 14)) if profile.retention_ideal else None
    )

    first_row = _evidence_sheet(evidence, lines, personal=personal)
    bars = _segments_sheet(figures, profile, facts, board, candidates, segments)
    if curve is not None:
        _retention_sheet(curve, profile)
    _customers_sheet(book, customers, facts, inside)
    if prospects is not None:
        _prospects_sheet(book, prospects if personal else persons_left_out(prospects))
    if not isinstance(scorecard, LiveScores):
        items = score_items(profile, facts) if scorecard is None else list(scorecard)
        scorecard = live_scores(items, profile, facts, customers, prospects)
    scorecard_sheet(book, scorecard)
    explained = facts.catalogue.values() if dictionary is None else dictionary
    _dictionary_sheet(book, facts, explained, without_values=left_out)
    notes = [f"Left out because the data no longer have it: {c.attribute}" for c in lost] + list(
        profile.warnings
    )
    notes.append(
        "Persons are named in this file."
        if personal
        else "Persons are not named in this file"
        + (f"; left out: {', '.join(facts.catalogue[c].label for c in left_out)}." if left_out else ".")
    )
    free_row = _page_sheet(page, profile, words, lines, evidence.title, first_row, notes)
    _page_charts(page, free_row, figures, bars, curve, profile, words)
    return book.to_bytes()


# ---- the page ------------------------------------------------------------------------------------------


def _page_sheet(
    sheet: SheetWriter,
    profile: Profile,
    words: Mapping[str, str],
    lines: list[Entry],
    evidence_title: str,
    evidence_row: int,
    notes: list[str],
) -> int:
    """Write the page; returns the first of the rows left free for charts."""
    meta = profile.meta
    ws = sheet.ws
    ws.page_setup.orientation = "portrait"
    ws.page_setup.fitToHeight = 1
    ws.print_options.horizontalCentered = True
    about = " · ".join(part for part in (words["kicker"], meta.company, meta.offer) if part)
    sheet.add(sheet.text(about, "mute"))
    sheet.add(sheet.text(meta.name, "title"), height=28)
    version = f" · {words['version']} {meta.version}" if meta.version.lower() != meta.status.lower() else ""
    status = f"{words.get(meta.status, meta.status)}{version} · {words['as_of']} "
    status += day_words(meta.as_of, words)
    if meta.review_on:
        status += f" · {words['next_review']} {day_words(meta.review_on, words)}"
    sheet.add(sheet.text(status, "mute"))
    sentence = profile.statement.text.replace("**", "")
    row = sheet.add(sheet.text(sentence, "lead"), height=height_for((sentence, 105), line=16))
    sheet.merge(row, 1, 7)
    if profile.criteria_words:
        rule = f"{words['rule']}: {profile.criteria_words}"
        row = sheet.add(sheet.text(rule, "mute_wrap"), height=height_for((rule, 130)))
        sheet.merge(row, 1, 7)
    sheet.gap()
    if profile.figures:
        beside = bool(profile.criteria)
        heads = (
            *("", "", words["ideal" if beside else "everyone"]),
            *((words["others"], "Difference") if beside else ("", "")),
            *("n", words["evidence"]),
        )
        sheet.add(*(sheet.text(h, "head") for h in heads))
        for figure in profile.figures:
            sheet.add(
                sheet.text(figure.label, "strong"),
                sheet.text(figure.definition, "mute_wrap"),
                sheet.text(figure.ideal, "figure"),
                sheet.text(figure.others, "wrap"),
                sheet.text(
                    figure.difference or (words["no_difference"] if beside else ""),
                    "wrap" if figure.difference else "mute_wrap",
                ),
                sheet.number(figure.n_ideal or None, "whole"),
                sheet.text(f"{dots_text(figure.verdict)} {figure.verdict}"),
                height=height_for((figure.definition, 48), least=20),
            )
        sheet.gap()
    chart_row = sheet.row
    sheet.gap(_CHART_ROWS)
    section = ""
    for i, entry in enumerate(lines):
        if entry.key in ("kicker", "rule"):
            continue
        if entry.section != section:
            section = entry.section
            sheet.add(*(sheet.text(section if k == 0 else "", "section") for k in range(7)), height=17)
        row = sheet.add(
            sheet.text(entry.lead, "mute_wrap"),
            sheet.text(entry.text, "guess" if entry.is_assumption else "wrap"),
            None,
            None,
            None,
            None,
            sheet.link(_strength(entry), evidence_title, evidence_row + i) if entry.is_claim else None,
            height=height_for((entry.text, 95), (entry.lead, 19)),
        )
        sheet.merge(row, 2, 6)
    sheet.gap()
    base = " · ".join(
        " ".join(part for part in (n, what) if part) + (f", {when}" if when else "")
        for n, what, when in profile.evidence_base
    )
    market = " · ".join(f"{n} {what}" for n, what in market_words(profile, words))
    for label, text in ((words["evidence"], base), (words["market"], market), ("", " ".join(notes))):
        if text:
            row = sheet.add(
                sheet.text(label, "mute_wrap"),
                sheet.text(text, "mute_wrap"),
                height=height_for((text, 110)),
            )
            sheet.merge(row, 2, 7)
    ws.print_area = f"A1:G{sheet.row - 1}"
    return chart_row


_CHART_ROWS = 13


def _strength(entry: Entry) -> str:
    if entry.evidence is None:
        return "○ assumption"
    n = f", n = {entry.evidence.n:,}" if entry.evidence.n is not None else ""
    return f"{dots_text(entry.evidence.verdict)}{n}"


def _page_charts(
    page: SheetWriter,
    at: int,
    figures: SheetWriter,
    bars: tuple[str, int, int] | None,
    curve: SheetWriter | None,
    profile: Profile,
    words: Mapping[str, str],
) -> None:
    """Native charts in the rows from ``at`` on: a typical figure beside the rest, and who stays."""
    if bars is not None:
        label, row, columns = bars
        chart = BarChart()
        chart.type, chart.legend, chart.gapWidth = "bar", None, 60
        chart.title = label
        chart.add_data(Reference(figures.ws, min_col=2, max_col=1 + columns, min_row=row), from_rows=True)
        chart.set_categories(Reference(figures.ws, min_col=2, max_col=1 + columns, min_row=_FIGURE_HEAD))
        chart.series[0].graphicalProperties = GraphicalProperties(solidFill=_GREY)
        mine = DataPoint(idx=0)
        mine.graphicalProperties = GraphicalProperties(solidFill=ACCENT)
        chart.series[0].data_points = [mine]
        _plain_axes(chart)
        chart.x_axis.scaling.orientation, chart.y_axis.crosses = "maxMin", "max"
        chart.y_axis.scaling.min = 0
        chart.y_axis.number_format, chart.y_axis.numFmt.sourceLinked = "#,##0", False
        chart.width, chart.height = 10.6, 6.2
        page.ws.add_chart(chart, f"A{at}")
    if curve is not None:
        chart = ScatterChart()
        chart.style, chart.title = 2, words["retention_plain"]
        chart.y_axis.number_format = "0%"
        rows = len(profile.retention_ideal)
        groups = [(2, words["curve_ideal"], ACCENT, rows)]
        if profile.retention_others:
            groups.append((6, words["curve_others"], _GREY, len(profile.retention_others)))
        for column, name, colour, n in groups:
            months = Reference(curve.ws, min_col=1 if column == 2 else 10, min_row=2, max_row=n + 1)
            series = Series(Reference(curve.ws, min_col=column, min_row=2, max_row=n + 1), months, title=name)
            series.graphicalProperties.line.solidFill = colour
            series.graphicalProperties.line.width = 22000
            series.marker.symbol, series.smooth = "none", False
            chart.series.append(series)
        chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
        chart.y_axis.majorUnit = 0.25
        chart.x_axis.scaling.min = 0
        chart.x_axis.scaling.max = max(p.month for p in (*profile.retention_ideal, *profile.retention_others))
        chart.legend.position = "b"
        _plain_axes(chart)
        chart.width, chart.height = 12.6, 6.2
        page.ws.add_chart(chart, f"C{at}" if bars is not None else f"A{at}")


def _plain_axes(chart) -> None:
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.majorTickMark = "none"
        axis.txPr = _small_type(900, bold=False)
    if chart.x_axis.majorGridlines is not None:
        chart.x_axis.majorGridlines = None
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=HAIR, w=6000))
    if chart.title is not None:
        for paragraph in chart.title.tx.rich.p:
            paragraph.pPr = ParagraphProperties(defRPr=_characters(1100, bold=True))
            for run in paragraph.r or ():
                run.rPr = _characters(1100, bold=True)


def _characters(size: int, *, bold: bool) -> CharacterProperties:
    return CharacterProperties(sz=size, b=bold, latin=DrawingFont(typeface=FACE))


def _small_type(size: int, *, bold: bool) -> RichText:
    properties = ParagraphProperties(defRPr=_characters(size, bold=bold))
    return RichText(p=[Paragraph(pPr=properties, endParaRPr=_characters(size, bold=bold))])


def _heads(sheet: SheetWriter, heads: Sequence[str], numeric: Iterable[int]) -> list:
    """A row of headings; those over numbers stand right."""
    right = set(numeric)
    return [sheet.text(head, "head_right" if i in right else "head") for i, head in enumerate(heads)]


# ---- evidence ------------------------------------------------------------------------------------------

_EVIDENCE_HEADS = (
    "Section",
    "Statement",
    "Standing",
    "Dots",
    "Verdict",
    "n",
    "n others",
    "Effect",
    "Effect as seen",
    "Likely from",
    "Likely to",
    "Kind of effect",
    "Method",
    "Sources",
    "Quotes",
)


def _evidence_sheet(sheet: SheetWriter, lines: list[Entry], *, personal: bool) -> int:
    """One row per statement; returns the row of the first."""
    sheet.add(*_heads(sheet, _EVIDENCE_HEADS, range(5, 11)), height=30)
    first = sheet.row
    for entry in lines:
        evidence = entry.evidence or Evidence()
        standing = "Assumption" if entry.is_assumption else "Evidence" if entry.is_claim else ""
        standing = ", ".join(
            part for part in (standing, entry.status, "edited" if entry.edited else "") if part
        )
        style = _STYLE_OF_EFFECT.get(evidence.effect_kind, "number")
        quotes = "\n".join(
            f"“{q.text if personal else redacted(q.text)}” {q.signature}" for q in evidence.quotes
        )
        sources = "\n".join(evidence.sources)
        sheet.add(
            sheet.text(entry.section, "wrap"),
            sheet.text(entry.line, "guess" if entry.is_assumption else "wrap"),
            sheet.text(standing, "wrap"),
            sheet.text(dots_text(evidence.verdict) if entry.evidence else "○"),
            sheet.text(evidence.verdict if entry.evidence and entry.is_claim else ""),
            sheet.number(evidence.n, "whole"),
            sheet.number(evidence.n_rest, "whole"),
            sheet.number(evidence.effect, style),
            sheet.number(evidence.effect_raw, style),
            sheet.number(evidence.low, style),
            sheet.number(evidence.high, style),
            sheet.text(evidence.effect_kind),
            sheet.text(evidence.method, "wrap"),
            sheet.text(sources, "wrap"),
            sheet.text(quotes, "wrap"),
            height=height_for((entry.line, 56), (evidence.method, 43), (sources, 38), (quotes, 57)),
        )
    sheet.table(1, _EVIDENCE_HEADS, sheet.row - 1)
    return first


# ---- segments ------------------------------------------------------------------------------------------

_FIGURE_HEAD = 4


def _segments_sheet(
    sheet: SheetWriter,
    profile: Profile,
    facts: Facts,
    board: Dashboard,
    candidates: Sequence[Any],
    segments: Sequence[Segment],
) -> tuple[str, int, int] | None:
    """Figures of the ICP beside the rest and all, then what the search found, then saved segments.

    Returns label and row of the figure worth a chart, and how many groups it has.
    """
    sheet.add(sheet.text("The ICP beside the rest", "title"), height=26)
    sheet.add(sheet.text(profile.criteria_words or board.words, "mute"))
    sheet.gap()
    heads = ("Figure", "ICP", "Rest", "All", "Difference", "Verdict", "ICP likely from", "ICP likely to", "n ICP", "n rest", "What it is")  # fmt: skip
    sheet.add(*_heads(sheet, heads, (1, 2, 3, 6, 7, 8, 9)))
    sheet.add(
        sheet.text("Customers", "strong"),
        *(sheet.number(g.n, "whole") for g in (board.segment, board.rest, board.all)),
    )
    sheet.add(
        sheet.text("Share of customers", "strong"),
        *(sheet.number(g.share, "share") for g in (board.segment, board.rest, board.all)),
    )
    sheet.add(
        sheet.text("Share of revenue", "strong"),
        *(sheet.number(g.share_value, "share") for g in (board.segment, board.rest, board.all)),
    )
    chart = None
    for comparison in board.comparisons:
        kind, one, other = comparison.kind, comparison.segment, comparison.rest
        every = board.all.get(kind.key)
        style = _STYLE_OF_UNIT.get(comparison.unit or "", "number")
        named = bool(comparison.unit) and comparison.unit != "nps" and style == "number"
        unit = f" ({comparison.unit})" if named else ""
        typical = ", typical" if kind.kind == "typical" else ""
        label = f"{kind.label}{typical}{unit}"
        row = sheet.add(
            sheet.text(label, "strong"),
            sheet.number(one.value, style),
            sheet.number(other.value, style),
            sheet.number(every.value, style),
            sheet.text(comparison.difference, "text" if comparison.is_clear else "mute"),
            sheet.text(comparison.verdict),
            sheet.number(one.low, style),
            sheet.number(one.high, style),
            sheet.number(one.n, "whole"),
            sheet.number(other.n, "whole"),
            sheet.text(kind.definition, "mute"),
        )
        if chart is None and kind.kind == "typical" and one.n and other.n:
            chart = (label, row, 3)
        if kind.kind == "typical":
            sheet.add(
                sheet.text(f"{kind.label}, average{unit}", "mute"),
                *(sheet.number(m.mean, style) for m in (one, other, every)),
            )
    if candidates:
        _candidates(sheet, facts, candidates)
    if segments:
        _saved(sheet, facts, segments)
    return chart


def _candidates(sheet: SheetWriter, facts: Facts, candidates: Sequence[Any]) -> None:
    sheet.gap()
    sheet.add(sheet.text("Kinds of customer the search found", "section"))
    if any(
        found.n < members(facts, found.segment.known_to(facts.catalogue)[0]).sum() for found in candidates
    ):
        said = (
            "Counted on the customers that were searched; some were set aside to check the findings on them."
        )
        sheet.add(sheet.text(said, "mute"))
    heads = ("Kind", "Customers", "Share", "Effect", "In this data", "Verdict", "Likely from", "Likely to", "Returns in resamples", "", "Mind")  # fmt: skip
    sheet.add(*_heads(sheet, heads, (1, 2, 3, 4, 6, 7, 8)), height=30)
    for found in candidates:
        style = _STYLE_OF_EFFECT.get(found.effect_kind, "number")
        sheet.add(
            sheet.text(found.words, "wrap"),
            sheet.number(found.n, "whole"),
            sheet.number(found.share, "share"),
            sheet.number(found.effect, style),
            sheet.number(found.effect_raw, style),
            sheet.text(found.verdict),
            sheet.number(found.low, style),
            sheet.number(found.high, style),
            sheet.number(found.stability, "share"),
            None,
            sheet.text(" ".join(str(w) for w in found.warnings), "mute"),
            height=height_for((found.words, 36)),
        )


def _saved(sheet: SheetWriter, facts: Facts, segments: Sequence[Segment]) -> None:
    sheet.gap()
    sheet.add(sheet.text("Saved segments", "section"))
    boards = [(s, dashboard(facts, s.known_to(facts.catalogue)[0])) for s in segments]
    kinds = list(dict.fromkeys(c.kind.key for _, board in boards for c in board.comparisons))
    names = {c.kind.key: c.kind.label for _, board in boards for c in board.comparisons}
    units = {c.kind.key: c.unit for _, board in boards for c in board.comparisons}
    heads = ("Segment", "Customers", "Share", *(names[k] for k in kinds), "Rule")
    sheet.add(*_heads(sheet, heads, range(1, len(heads) - 1)))
    for segment, board in boards:
        sheet.add(
            sheet.text(segment.name or board.words, "wrap"),
            sheet.number(board.segment.n, "whole"),
            sheet.number(board.segment.share, "share"),
            *(
                sheet.number(board.segment.get(k).value, _STYLE_OF_UNIT.get(units[k] or "", "number"))
                for k in kinds
            ),
            sheet.text(board.words, "mute"),
            height=height_for((segment.name or board.words, 36)),
        )


def _retention_sheet(sheet: SheetWriter, profile: Profile) -> None:
    heads = ("Month", "ICP kept", "likely from", "likely to", "at risk", "Rest kept", "likely from", "likely to", "at risk", "Month (rest)")  # fmt: skip
    sheet.add(*_heads(sheet, heads, range(len(heads))))
    ideal, others = profile.retention_ideal, profile.retention_others
    for i in range(max(len(ideal), len(others))):
        cells: list[Any] = []
        for points in (ideal, others):
            p = points[i] if i < len(points) else None
            row = [None] * 4 if p is None else [
                *(sheet.number(v, "share") for v in (p.survival, p.low, p.high)),
                sheet.number(p.at_risk, "whole"),
            ]  # fmt: skip
            cells.append((None if p is None else sheet.number(p.month), row))
        sheet.add(cells[0][0], *cells[0][1], *cells[1][1], cells[1][0])


# ---- customers, prospects, dictionary ------------------------------------------------------------------


def _customers_sheet(book: Book, frame: pd.DataFrame, facts: Facts, inside) -> SheetWriter:
    names = [n for n in ("customer_name", "customer_id") if n in frame.columns]
    names += [n for n in frame.columns if n not in names]
    titles = [facts.catalogue[n].label if n in facts.catalogue else n for n in names]
    headings = unique_headings([titles[0], "In the ICP", *titles[1:]] if names else ["In the ICP"])
    styles = [_style(facts.catalogue.get(n), frame[n]) for n in names]
    sample = frame.head(_SAMPLE_ROWS)
    widths = [width_for(t, sample[n].tolist()) for n, t in zip(names, titles, strict=True)]
    widths = [*widths[:1], 11, *widths[1:]]
    sheet = book.sheet("Customers", widths, freeze="B2")
    numeric = [i + (i > 0) for i, style in enumerate(styles) if style]
    sheet.add(*_heads(sheet, headings, numeric))
    columns = [frame[n].tolist() for n in names]
    for i, belongs in enumerate(inside):
        cells = [sheet.value(c[i], s) for c, s in zip(columns, styles, strict=True)]
        sheet.add(*cells[:1], sheet.text("yes" if belongs else "no"), *cells[1:])
    sheet.table(1, headings, sheet.row - 1)
    for name in ("ltv", "revenue"):
        if name in names and len(frame):
            position = names.index(name) + 1 + (1 if names.index(name) else 0)
            _data_bars(sheet, position, sheet.row - 1)
    return sheet


def _style(attribute: Attribute | None, column: pd.Series) -> str | None:
    """One number format for a whole column: decimals everywhere or nowhere."""
    if not pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
        return None
    if attribute is not None and attribute.name.endswith("year"):
        return "year"
    if attribute is not None and attribute.unit == "%":
        return "share"
    filled = column.dropna()
    return "whole" if len(filled) and (filled == filled.round()).all() else "decimal"


def _data_bars(sheet: SheetWriter, column: int, last_row: int) -> None:
    letter = get_column_letter(column)
    rule = DataBarRule(start_type="num", start_value=0, end_type="max", color="8FC4BF", showValue=True)
    sheet.ws.conditional_formatting.add(f"{letter}2:{letter}{last_row}", rule)


def _prospects_sheet(book: Book, frame: pd.DataFrame) -> SheetWriter:
    headings = unique_headings(frame.columns)
    columns = [frame.iloc[:, i].tolist() for i in range(frame.shape[1])]
    widths = [width_for(h, c[:_SAMPLE_ROWS]) for h, c in zip(headings, columns, strict=True)]
    sheet = book.sheet("Prospects", widths, freeze="B2")
    sheet.add(*(sheet.text(h, "head") for h in headings))
    for row in zip(*columns, strict=True):
        sheet.add(*(sheet.value(v) for v in row))
    if headings:
        sheet.table(1, headings, sheet.row - 1)
    for i, name in enumerate(frame.columns, 1):
        if str(name) in ("fit_points", "points") and len(frame):
            _data_bars(sheet, i, sheet.row - 1)
    return sheet


_DICTIONARY_HEADS = (
    "Attribute",
    "Name in the data",
    "Role",
    "Kind",
    "Unit",
    "Known before the sale",
    "Mind",
    "Description",
    "Source",
    "Filled",
    "Share filled",
    "Different values",
    "Values",
)
_LEVELS_SHOWN = 12


def _dictionary_sheet(
    book: Book, facts: Facts, attributes: Iterable[Attribute], *, without_values: Collection[str]
) -> None:
    sheet = book.sheet("Data dictionary", (30, 24, 12, 12, 10, 14, 40, 50, 30, 10, 10, 12, 60), freeze="B2")
    sheet.add(*(sheet.text(head, "head") for head in _DICTIONARY_HEADS))
    for a in attributes:
        levels = ", ".join(a.levels[:_LEVELS_SHOWN]) + (" …" if len(a.levels) > _LEVELS_SHOWN else "")
        if a.name in without_values or a.role == "identity":
            levels = ""
        sheet.add(
            sheet.text(a.label, "strong"),
            sheet.text(a.name),
            sheet.text("measure" if a.role == "outcome" else a.role),
            sheet.text(a.kind.replace("_", "/")),
            sheet.text(a.unit or ""),
            sheet.text("yes" if a.known_before and a.role == "attribute" else "no"),
            sheet.text(a.leak or "", "wrap"),
            sheet.text(a.description, "wrap"),
            sheet.text(a.source or facts.sources.get(a.name, ""), "wrap"),
            sheet.number(a.n_filled, "whole"),
            sheet.number(a.n_filled / len(facts) if len(facts) else None, "share"),
            sheet.number(a.n_distinct, "whole"),
            sheet.text(redacted(levels), "wrap"),
        )
    sheet.table(1, _DICTIONARY_HEADS, sheet.row - 1)
