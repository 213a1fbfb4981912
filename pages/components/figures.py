"""Figures and charts on the page: the strip of figures, dots of evidence, charts in the page's colours.

All own HTML of the app is made here, from text that passed ``safe_html``; nothing else calls ``st.html``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from icp_core.charts.theme import DARK, FONT, LIGHT, ROWS, SERIF, Chart, Palette
from icp_core.segments.figures import Comparison
from icp_core.stats.phrases import MEANINGS, TOO_FEW, dots_text
from icp_core.stats.wording import count, figure, interval_words, n_words
from pages.components import state
from pages.components.text import md, safe_html

# The mark in the browser's tab: a local file, as an icon by name would be fetched from another host.
ICON = str(Path(__file__).with_name("icon.png"))
# Name and mark over the side bar, as outlines: no font has to be there.
_LOGO = {name: str(Path(__file__).with_name(f"logo-{name}.svg")) for name in ("light", "dark")}

# What the browser calls the two typefaces that Streamlit brings along.
_SANS, _SERIF = "Source Sans, sans-serif", "Source Serif, serif"


@dataclass(frozen=True)
class Card:
    """One figure of a strip, in words: label, value, the rest beside it, how sure; ``tip`` on hover or focus."""

    label: str
    value: str
    rest: str = ""
    difference: str = ""
    verdict: str = ""
    n: int | None = None
    better: bool | None = None
    of_segment: bool = True  # accent means the segment; a figure of everyone is in ink
    tip: tuple[str, ...] = ()


def palette() -> Palette:
    """The palette of the theme the reader has chosen."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def page_style() -> None:
    """Once per run: the few rules of style that all pages share."""
    found = palette()
    st.logo(_LOGO[found.name], size="large", icon_image=ICON)
    st.html(_STYLE + _colours(found))


def figure_strip(cards: Iterable[Card], *, label: str = "Key figures") -> None:
    """Show figures side by side; on a narrow screen they wrap. Readable by a screen reader as a list."""
    items = "".join(_card_html(card) for card in cards)
    st.html(f'<div class="icp-strip" role="list" aria-label="{safe_html(label)}">{items}</div>')


def _card_html(card: Card) -> str:
    tone = {True: " icp-better", False: " icp-worse", None: ""}[card.better]
    dots = (
        f'<span class="icp-dots" aria-hidden="true">{dots_text(card.verdict)}</span>' if card.verdict else ""
    )
    sure = " ".join(
        part
        for part in (
            card.verdict,
            f"({n_words(card.n)})" if card.n is not None and card.verdict else "",
        )
        if part
    )
    tip = "".join(f"<p>{safe_html(line)}</p>" for line in card.tip if line)
    clear = card.better is not None
    lines = [
        f'<div class="icp-label">{safe_html(card.label)}</div>',
        f'<div class="icp-value{"" if card.of_segment else " icp-ink"}">{safe_html(card.value)}</div>',
    ]
    if card.rest:
        lines.append(f'<div class="icp-rest">{safe_html(card.rest)}</div>')
    if card.difference:
        lines.append(f'<div class="icp-difference{tone}">{safe_html(card.difference)}</div>')
    if sure and clear:
        lines.append(f'<div class="icp-sure">{dots} {safe_html(sure)}</div>')
    return (
        f'<div class="icp-card" role="listitem" tabindex="0">{"".join(lines)}'
        f'{f"""<div class="icp-tip" role="tooltip">{tip}</div>""" if tip else ""}</div>'
    )


def comparison_card(one: Comparison, *, has_rest: bool) -> Card:
    """A compared figure as a card: typical first, the rest beside it, how sure."""
    mine, others = one.segment, one.rest
    unit = one.unit
    span = interval_words(mine.low, mine.high, unit)
    tip = [one.kind.definition]
    if mine.n:
        tip.append(
            f"Segment: {one.words(exact=True)}{f', {span}' if span else ''} ({count(mine.n)} {one.kind.of})."
        )
        if one.kind.kind == "typical":
            tip.append(f"Average {figure(mine.mean, unit, exact=True)}.")
    if has_rest and others.n:
        rest_span = interval_words(others.low, others.high, unit)
        tip.append(
            f"The rest: {one.words('rest', exact=True)}{f', {rest_span}' if rest_span else ''} "
            f"({count(others.n)} {one.kind.of})."
        )
        tip.append(
            "Too few customers to say."
            if one.verdict == TOO_FEW
            else f"{one.verdict}: {MEANINGS[one.verdict]}."
        )
    return Card(
        label=one.kind.label,
        value=one.words(),
        rest=f"others {one.words('rest')}" if has_rest else span,
        difference=(one.difference or one.verdict.lower()) if has_rest else "",
        verdict=one.verdict if has_rest else "",
        n=mine.n if has_rest else None,
        better=one.better if has_rest else None,
        of_segment=has_rest,
        tip=tuple(tip),
    )


def evidence_dots(verdict: str, n: int | None = None, *, tip: Iterable[str] = ()) -> None:
    """Three dots with the phrase beside them; hover or focus tells n, interval, method, source."""
    lines = "".join(f"<p>{safe_html(line)}</p>" for line in tip if line)
    words = safe_html(f"{verdict} ({n_words(n)})" if n is not None else verdict)
    st.html(
        f'<div class="icp-card icp-plain" tabindex="0"><span class="icp-dots" aria-hidden="true">'
        f"{dots_text(verdict)}</span> {words}"
        f'{f"""<div class="icp-tip" role="tooltip">{lines}</div>""" if lines else ""}</div>'
    )


def sentence(text: str, *, lead: str = "") -> None:
    """A sentence set large in the serif face: the segment, the ICP."""
    before = f'<span class="icp-lead">{safe_html(lead)}</span> ' if lead else ""
    st.html(f'<p class="icp-sentence">{before}{safe_html(text)}</p>')


def small_bars(counts: Iterable[int], *, chosen: tuple[int, int] | None = None, label: str) -> None:
    """A histogram behind a slider: one bar per step, those from ``chosen[0]`` to ``chosen[1]`` in accent."""
    counts = list(counts)
    top = max(counts, default=0) or 1
    low, high = chosen or (0, len(counts))
    bars = "".join(
        f'<i class="{"on" if low <= i < high else ""}" style="height:{max(6, round(100 * n / top)) if n else 2}%"></i>'
        for i, n in enumerate(counts)
    )
    st.html(f'<div class="icp-bars" role="img" aria-label="{safe_html(label)}">{bars}</div>')


def show_chart(
    chart: Chart,
    *,
    key: str,
    height: int = 260,
    on_click: Callable[[dict[str, Any]], None] | None = None,
    note: str = "",
    name: str = "",
) -> None:
    """Draw a chart under its title; a click on a mark calls ``on_click`` with the fields of the mark.

    The same ``key`` keeps the drawn view, so only the rows are exchanged and nothing jumps. A chart that
    follows a filter has a ``name`` that never changes, because the browser builds a chart anew when its
    alternative text does; its figures stand in a text of their own for screen readers, and its ``note``
    stands under the title.
    """
    if name:
        said = f'<p class="icp-note">{safe_html(note)}</p>' if note else ""
        st.html(
            f'<p class="icp-title">{safe_html(chart.title)}</p>{said}<p class="icp-hidden">{safe_html(chart.alt)}</p>'
        )
    else:
        st.markdown(f"**{md(chart.title)}**")
    if not len(chart.data):
        st.caption("Nothing to show for these customers.")
        return
    spec = _for_browser(chart.spec, height) | {"datasets": {ROWS: chart.data}}
    options: dict[str, Any] = {}
    # A mark that was chosen stays chosen in the browser; after a click the chart starts anew.
    clicks = state.kept(f"clicks.{key}", 0)
    drawn = f"{key}.{clicks}"
    if chart.selection and on_click is not None:

        def clicked() -> None:
            chosen = (state.widget(drawn) or {}).get("selection", {}).get(chart.selection) or []
            if chosen:
                state.keep(f"clicks.{key}", clicks + 1)
                on_click(dict(chosen[0]))

        options = {"on_select": clicked, "selection_mode": [chart.selection]}
    st.vega_lite_chart(
        spec=spec, key=drawn, theme=None, width="stretch", height=height, alt=name or chart.alt, **options
    )
    if note and not name:
        st.caption(note)


def _for_browser(spec: dict[str, Any], height: int) -> Mapping[str, Any]:
    """The specification with the browser's names for the typefaces, drawn on canvas, at a fixed height."""
    # Chart modules keep their specifications, so the same object comes again; it is held here, so that its
    # id stays its own.
    held = _DRAWN.get((id(spec), height))
    if held is None or held[0] is not spec:
        held = _DRAWN[(id(spec), height)] = (spec, _translated(json.dumps(spec), height))
        while len(_DRAWN) > _MOST_DRAWN:
            _DRAWN.pop(next(iter(_DRAWN)), None)
    return held[1]


_DRAWN: dict[tuple[int, int], tuple[dict[str, Any], Mapping[str, Any]]] = {}
_MOST_DRAWN = 200


def _translated(spec: str, height: int) -> Mapping[str, Any]:
    found = json.loads(spec.replace(f'"{FONT}"', f'"{_SANS}"').replace(f'"{SERIF}"', f'"{_SERIF}"'))
    found["height"] = height
    found["usermeta"] = {"embedOptions": {"renderer": "canvas", "actions": False}}
    # A canvas has no marks to describe one by one; working the descriptions out costs more than drawing.
    config = found.setdefault("config", {})
    config["mark"] = config.get("mark", {}) | {"aria": False}
    return found


def _colours(found: Palette) -> str:
    return (
        "<style>:root{"
        f"--icp-ink:{found.ink};--icp-mute:{found.mute};--icp-paper:{found.paper};--icp-tint:{found.tint};"
        f"--icp-ideal:{found.ideal};--icp-rest:{found.rest};--icp-rest-text:{found.rest_text};"
        f"--icp-against:{found.against};--icp-hair:{found.hair};"
        "}</style>"
    )


_STYLE = """<style>
.icp-strip{display:grid;grid-template-columns:repeat(6,1fr);background:var(--icp-tint);
 border-radius:8px;padding:.35rem 0;font-variant-numeric:tabular-nums}
.icp-card{position:relative;padding:.65rem .8rem .6rem;color:var(--icp-ink);line-height:1.3;min-width:0}
.icp-strip .icp-card{border-left:1px solid var(--icp-hair);margin:.3rem 0}
.icp-strip .icp-card:nth-child(6n+1){border-left-color:transparent}
.icp-value.icp-ink{color:var(--icp-ink)}
.st-key-segments_filters{position:sticky;top:3.6rem;max-height:calc(100vh - 4.4rem);overflow-y:auto;scrollbar-width:thin}
[data-testid="stColumn"]:has(.st-key-profile_evidence){position:sticky;top:3.6rem;align-self:flex-start;max-height:calc(100vh - 4.4rem);overflow-y:auto;scrollbar-width:thin}
.st-key-profile_lines [data-testid="stHorizontalBlock"] h2,.st-key-profile_evidence [data-testid="stHorizontalBlock"] h2{padding:0 0 1rem}
.st-key-profile_lines [data-testid="stHorizontalBlock"]:has(>[class*="why_"]){flex-wrap:nowrap}
.st-key-profile_lines [data-testid="stBaseButton-tertiary"],.st-key-profile_evidence [data-testid="stBaseButton-tertiary"]{min-height:1.5rem;padding:0}
[data-testid="stColumn"]:has(.st-key-one_pager_page){position:sticky;top:3.6rem;align-self:flex-start}
.st-key-one_pager_page img{border:1px solid var(--icp-hair);border-radius:2px;max-height:calc(100vh - 6rem);width:auto!important;max-width:100%}
.st-key-one_pager_sections [data-testid="stBaseButton-tertiary"]{min-height:1.4rem;padding:0}
.icp-card:focus-visible{outline:2px solid var(--icp-ideal);outline-offset:-2px}
.icp-plain{background:none;padding:0;display:inline-block;font-size:.85rem}
.icp-label{font-size:.72rem;letter-spacing:.04em;text-transform:uppercase;color:var(--icp-mute)}
.icp-value{font-size:1.5rem;font-weight:600;color:var(--icp-ideal);line-height:1.2;white-space:nowrap}
.icp-rest{font-size:.82rem;color:var(--icp-rest-text)}
.icp-difference{font-size:.82rem;color:var(--icp-mute)}
.icp-difference.icp-better{color:var(--icp-ideal);font-weight:600}
.icp-difference.icp-worse{color:var(--icp-against);font-weight:600}
.icp-sure{font-size:.75rem;color:var(--icp-mute)}
.icp-dots{letter-spacing:.08em;color:var(--icp-ideal)}
.icp-tip{display:none;position:absolute;z-index:30;top:100%;left:0;width:17rem;max-width:80vw;background:var(--icp-paper);
 border:1px solid var(--icp-hair);border-radius:6px;padding:.5rem .7rem;box-shadow:0 4px 14px rgba(0,0,0,.18);
 font-size:.8rem;color:var(--icp-ink);white-space:normal}
.icp-tip p{margin:0 0 .3rem}
.icp-tip p:last-child{margin:0}
.icp-card:hover>.icp-tip,.icp-card:focus>.icp-tip{display:block}
.icp-sentence{font-family:"Source Serif",serif;font-size:1.45rem;line-height:1.35;margin:0;color:var(--icp-ink);overflow-wrap:anywhere}
.icp-lead{color:var(--icp-mute)}
.icp-title{font-weight:600;margin:0;color:var(--icp-ink)}
.icp-note{font-size:.875rem;line-height:1.35;margin:0;color:var(--icp-mute)}
.icp-hidden{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.icp-bars{display:flex;align-items:flex-end;gap:1px;height:34px;padding:0 .5rem}
.icp-bars i{flex:1;background:var(--icp-rest);opacity:.55;min-width:1px}
.icp-bars i.on{background:var(--icp-ideal);opacity:.9}
[data-testid="stHtml"]{overflow:visible}
[data-testid="stCaptionContainer"]{opacity:1;color:var(--icp-mute)}
[data-testid="stCaptionContainer"] :is(p,li,small){color:var(--icp-mute)}
[data-testid="stBaseButton-primary"],[data-testid="stBaseButton-primaryFormSubmit"]{color:var(--icp-paper)}
[data-testid="stPageLink-NavLink"] :is(span,p){white-space:normal;overflow:visible}
[data-testid="stMainBlockContainer"]{padding-top:3.2rem;padding-bottom:3rem}
@media (max-width:1200px){.st-key-segments_charts [data-testid="stHorizontalBlock"]{flex-wrap:wrap}
 .st-key-segments_charts [data-testid="stColumn"]{min-width:100%}}
@media (max-width:1150px){.icp-strip{grid-template-columns:repeat(4,1fr)}.icp-strip .icp-card{border-left-color:transparent}}
@media (max-width:640px){.st-key-segments_filters{position:static;max-height:20rem}[data-testid="stColumn"]:has(.st-key-profile_evidence),[data-testid="stColumn"]:has(.st-key-one_pager_page){position:static;max-height:none}[data-testid="stColumn"]:has(.st-key-profile-why_close){position:sticky;top:auto;bottom:0;max-height:42vh;z-index:20;background:var(--icp-paper);border-top:2px solid var(--icp-ideal);padding:.6rem 0}.st-key-one_pager_page img{max-height:none}.icp-strip{grid-template-columns:repeat(2,1fr)}.icp-value{font-size:1.25rem}.icp-sentence{font-size:1.2rem}
 [data-testid="stMainBlockContainer"]{padding-left:1rem;padding-right:1rem}}
</style>"""


def only_our_stop() -> None:
    """Take Streamlit's own Stop away from the corner while ours is there: it would only end the watching."""
    st.html('<style>[data-testid="stStatusWidget"] button { display: none; }</style>')
