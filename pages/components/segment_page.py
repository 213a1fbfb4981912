"""The parts of the Segments page, from the sentence to "Make this my ICP"."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from icp_core.charts import retention as retention_charts
from icp_core.charts import segments as segment_charts
from icp_core.charts.theme import Chart
from icp_core.facts.catalogue import Facts
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.dashboard import Dashboard, customer_rows, customers, dashboard
from icp_core.segments.facets import informative
from icp_core.segments.groupings import can_group
from icp_core.segments.narrow import narrow
from icp_core.stats.phrases import HINT, TOO_FEW
from icp_core.stats.wording import count, months, rate
from pages.components import state
from pages.components.downloads import download_csv
from pages.components.feedback import problems_as_messages
from pages.components.figures import Card, comparison_card, figure_strip, palette, show_chart
from pages.components.parts import behind
from pages.components.segment_picker import save_and_open, segment_filters, segment_line
from pages.components.text import distinct, md, plain

SHOWN_ROWS = 200
# Months both curves must reach before an average of months kept means anything.
SHORTEST_HORIZON = 6
_HEAD_START = 0.02  # seconds the charts get before the rest of the page is worked out
_ROW_HEIGHT, _TABLE_HEIGHT = 35, 320  # pixels
_HEAT_A, _HEAT_B, _BUBBLE, _COLUMNS = (
    "segments.heat_a",
    "segments.heat_b",
    "segments.bubble",
    "segments.columns",
)


@dataclass(frozen=True, eq=False)
class View:
    """What the page shows of the segment: its figures, and its charts by name."""

    found: Dashboard
    charts: dict[str, Chart]


def view(facts: Facts) -> View:
    """All that follows a filter, worked out before the first of it is sent.

    So it arrives together: the browser goes through the whole page for every batch that comes.
    """
    with problems_as_messages(stop=False):
        state.known_segment(facts)
    found, look = _dashboard(facts), palette().name
    return View(found, _charts(found, look) if found.n else {})


def _charts(found: Dashboard, look: str) -> dict[str, Chart]:
    drawn = {"value": segment_charts.distribution(found, look)}
    if found.bubbles is not None:
        has_churn = found.bubbles.frame["churn"].notna().any()
        draw = segment_charts.bubbles if has_churn else segment_charts.value_bars
        drawn[draw.__name__] = draw(found, found.bubbles, look)
    if found.heat is not None:
        drawn["heat"] = segment_charts.heat_map(found, found.heat, look)
    if found.retention is not None:
        drawn["kept"] = retention_charts.kept_curves(found.retention, look)
    if len(found.deals):
        drawn["deals"] = segment_charts.deals(found, look)
    return drawn


def head(facts: Facts, found: Dashboard) -> Callable[[], None]:
    """The key figures beside the rest, and above them the place for the segment in words.

    What is returned draws the words and the chips: after the charts, which follow the finger first.
    """
    line = st.container()
    figure_strip(_cards(found), label="The segment beside the rest")
    if not found.n:
        st.info(
            "Nobody meets all of these conditions. Remove one, or undo.", icon=":material/filter_alt_off:"
        )

    def words() -> None:
        with line:
            segment_line(facts)

    return words


def _dashboard(facts: Facts) -> Dashboard:
    heat, bubble = _axes(facts)
    return dashboard(facts, state.segment(), heat=heat, bubble=bubble)


def _axes(facts: Facts) -> tuple[tuple[str, str] | None, str | None]:
    """The attributes of the heat map and of the bubbles: those chosen, else the most telling ones."""
    names = _choices(facts)
    # What the segment already settles has little left to compare.
    free = [n for n in names if n not in state.segment().attributes] or names
    chosen = [state.kept(key) for key in (_HEAT_A, _HEAT_B, _BUBBLE)]
    a, b, bubble = (name if name in names else None for name in chosen)
    bubble = bubble or next(iter(free), None)
    a = a or next((n for n in free if n != b), None)
    b = b if b != a else None
    b = b or next((n for n in free if n != a and not _same_thing(n, a)), None)
    return ((a, b) if a and b else None), bubble


def _same_thing(first: str, second: str) -> bool:
    """True for a number and its bands: a heat map of the two would be a diagonal."""
    stems = {name.removesuffix("_band").removesuffix("s") for name in (first, second)}
    return len(stems) == 1


def _choices(facts: Facts) -> list[str]:
    """Attributes to draw by: those known before the sale first, they are what one can choose customers by."""
    table = narrow(facts)

    def make() -> list[str]:
        usable = [name for name in informative(table) if can_group(table, name)]
        return sorted(usable, key=lambda name: not table.about(name).known_before)

    return table.keep(("choices",), make)


def _cards(found: Dashboard) -> list[Card]:
    has_rest = not found.is_everyone and found.n > 0
    share = "everyone" if found.is_everyone else f"{rate(found.segment.share)} of {count(found.all.n)}"
    cards = [
        Card(
            "Customers",
            count(found.n),
            share,
            of_segment=has_rest,
            tip=("Customers that meet every condition.",),
        )
    ]
    if has_rest and found.segment.share_value == found.segment.share_value:
        cards.append(
            Card(
                "Share of revenue",
                rate(found.segment.share_value),
                f"from {rate(found.segment.share)} of customers",
                tip=("Their part of all revenue known, refunds taken off.",),
            )
        )
    shown = [one for one in found.comparisons if found.n and (one.segment.n or one.rest.n)]
    return cards + [comparison_card(one, has_rest=has_rest) for one in shown]


def filters(facts: Facts) -> None:
    """The filters, and saving."""
    with st.container(key="segments_filters"):
        save_and_open(facts)
        segment_filters(facts)


def charts(facts: Facts, shown: View) -> None:
    """Value, heat map, bubbles, retention and deals; a click adds the condition."""
    found, drawn = shown.found, shown.charts
    if not found.n:
        return
    value, groups = st.columns(2, gap="medium")
    cells, kept = st.columns(2, gap="medium")
    with value:
        show_chart(
            drawn["value"],
            key="segments.chart_value",
            name="Distribution of value; its figures are in the text before the chart.",
            on_click=lambda bin_: _choose_value(found, bin_),
            note="Share of customers by value."
            if found.is_everyone
            else "Bars: the segment. Grey line: the rest. Share of customers by value.",
        )
    with groups:
        _bubble_chart(found, drawn)
    with cells:
        _heat_chart(found, drawn)
    with kept:
        _retention_chart(found, drawn)
        if "deals" in drawn:
            show_chart(
                drawn["deals"],
                key="segments.chart_deals",
                name="What becomes of deals; the figures are in the text before the chart.",
                height=150,
            )
        elif found.why_no_deals:
            st.caption(f"Nothing is said of deals here. {md(found.why_no_deals)}")
    _charts_first()
    # What one chooses beside a chart is drawn after all charts: they follow the finger first.
    if found.bubbles is not None:
        with groups:
            _choice_of(facts, {"Bubbles by": (_BUBBLE, found.bubbles.groups.attribute)})
    if found.heat is not None:
        axes = {
            "Rows": (_HEAT_A, found.heat.rows.attribute),
            "Columns": (_HEAT_B, found.heat.columns.attribute),
        }
        with cells:
            _choice_of(facts, axes)


def _charts_first() -> None:
    """After a change of a filter, let the charts be sent and drawn before the counts and the table are.

    The browser draws only when it has worked through all that has arrived, and the server sends only while
    the script holds still.
    """
    if state.is_following():
        time.sleep(_HEAD_START)


def _bubble_chart(found: Dashboard, drawn: dict[str, Chart]) -> None:
    groups = found.bubbles
    name = next((n for n in ("bubbles", "value_bars") if n in drawn), None)
    if groups is None or name is None:
        return
    show_chart(
        drawn[name],
        key=f"segments.chart_{name}",
        name="Value and churn by group; the figures are in the text before the chart.",
        on_click=lambda mark: _add(groups.conditions(str(mark.get("group")))),
        note="Right is worth more, low loses fewer; size is the number of customers."
        if name == "bubbles"
        else "Typical value and number of customers. Pale: fewer than ten, too few to say.",
    )


def _heat_chart(found: Dashboard, drawn: dict[str, Chart]) -> None:
    heat = found.heat
    if heat is None:
        return
    chart = drawn["heat"]
    show_chart(
        chart,
        key="segments.chart_heat",
        name="Heat map of typical value; its figures are in the text before the chart.",
        height=70 + 46 * _shown_rows(len(set(chart.data["row"].to_pylist())), len(heat.rows)),
        on_click=lambda cell: _add(heat.conditions(str(cell.get("row")), str(cell.get("column")))),
        note="Typical value and number of customers. Hatched: fewer than ten, too few to say.",
    )


def _shown_rows(filled: int, of_all: int) -> int:
    """For how many rows the heat map has room: it keeps its height while few rows fall empty."""
    return of_all if filled * 3 >= of_all * 2 else max(1, filled)


def _retention_chart(found: Dashboard, drawn: dict[str, Chart]) -> None:
    if found.retention is None:
        return
    note = ""
    if found.retention.horizon >= SHORTEST_HORIZON and found.retention.verdict != TOO_FEW:
        # A difference that may be luck is none to speak of, as on the cards.
        is_luck = found.retention.verdict == HINT
        note = (
            f"Within {found.retention.horizon} months they stay {months(found.retention.months_segment)} on average, "
            f"the rest {months(found.retention.months_rest)}. {'No clear difference' if is_luck else found.retention.verdict}."
        )
    show_chart(
        drawn["kept"],
        key="segments.chart_kept",
        name="Share of customers kept by month; the figures are in the text before the chart.",
        height=220,
        note=note,
    )


def _choice_of(facts: Facts, axes: dict[str, tuple[str, str]]) -> None:
    """A button that names the attributes of a chart and opens their choice; ``axes``: label → key, attribute now."""
    now = " × ".join(facts.catalogue[attribute].label for _, attribute in axes.values())

    def panel() -> None:
        for label, (name, attribute) in axes.items():
            _attribute_choice(facts, label, name, attribute)

    key = "segments.choose_" + "_".join(name.split(".")[1] for name, _ in axes.values())
    behind(f"By {plain(now)}", panel, key=key, icon=":material/tune:")


def _attribute_choice(facts: Facts, label: str, name: str, now: str) -> None:
    key = f"{name}_choice"
    state.set_widget(key, now)
    labels = distinct({name: facts.catalogue[name].label for name in _choices(facts)})
    st.selectbox(
        label,
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        on_change=lambda: state.keep(name, state.widget(key)),
    )


def _add(conditions: tuple[Condition, ...]) -> None:
    segment = state.segment()
    for attribute in dict.fromkeys(c.attribute for c in conditions):
        segment = segment.setting(attribute, *(c for c in conditions if c.attribute == attribute))
    state.set_segment(segment)


def _choose_value(found: Dashboard, bin_: dict[str, Any]) -> None:
    low, high = bin_.get("low"), bin_.get("high")
    if found.value_name and isinstance(low, (int, float)) and isinstance(high, (int, float)):
        _add((Condition(found.value_name, "between", (float(low), float(high))),))


# -- customers, comparison, the ICP ----------------------------------------------------------------


def customer_table(facts: Facts, found: Dashboard) -> None:
    """The segment's customers, highest value first, with the columns one chooses and a download."""
    if not found.n:
        return
    st.header("Customers")
    columns = [c for c in state.kept(_COLUMNS) or _default_columns(facts) if c in facts.frame.columns]
    rows = customer_rows(facts, found, columns, SHOWN_ROWS)
    st.dataframe(
        rows,
        placeholder="",
        hide_index=True,
        height=min(_TABLE_HEIGHT, _ROW_HEIGHT * (len(rows) + 1) + 3),
        column_config=_column_config(facts, columns),
    )
    if found.n > SHOWN_ROWS:
        st.caption(f"The {SHOWN_ROWS} of highest value out of {count(found.n)}; the download has all.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        download_csv(
            "Download CSV",
            lambda: customers(facts, found, list(facts.frame.columns)),
            "segment.csv",
            key="segments.download",
        )
        behind(
            "Columns",
            lambda: _choose_columns(facts, columns),
            key="segments.columns_panel",
            icon=":material/view_column:",
        )


def _choose_columns(facts: Facts, columns: list[str]) -> None:
    state.set_widget("segments.columns_choice", columns)
    labels = distinct(
        {n: facts.catalogue[n].label if n in facts.catalogue else n for n in facts.frame.columns}
    )
    st.multiselect(
        "Columns of the table",
        list(labels),
        format_func=labels.__getitem__,
        key="segments.columns_choice",
        on_change=lambda: state.keep(_COLUMNS, state.widget("segments.columns_choice")),
    )


def _default_columns(facts: Facts) -> list[str]:
    wanted = ["customer_name", *_choices(facts)[:5], "ltv", "value_per_month", "churned", "nps"]
    table = narrow(facts)
    found = [name for name in dict.fromkeys(wanted) if table.has(name)]
    return found or ["customer_id"]


def _column_config(facts: Facts, columns: list[str]) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for name in columns:
        about = facts.catalogue.get(name)
        if about is None:
            continue
        if about.kind == "date":
            config[name] = st.column_config.DateColumn(about.label, format="D MMM YYYY")
        elif about.kind == "number" and about.unit == "%":
            config[name] = st.column_config.NumberColumn(about.label, format="percent")
        elif about.kind == "number":
            style = "%.0f" if about.name.endswith("year") else "localized"
            config[name] = st.column_config.NumberColumn(about.label, format=style)
        else:
            config[name] = about.label
    return config


def side_by_side(facts: Facts) -> None:
    """Up to four saved segments beside each other."""
    saved = state.saved_segments()
    if len(saved) < 2:
        return
    st.header("Compare saved segments")
    labels = distinct({name: name for name in saved})
    state.set_widget("segments.compared", [n for n in state.compared() if n in saved])
    st.multiselect(
        "Segments to compare",
        list(saved),
        key="segments.compared",
        format_func=labels.__getitem__,
        max_selections=state.MAX_COMPARED,
        label_visibility="collapsed",
        placeholder="Choose up to four saved segments",
        on_change=lambda: state.compare(state.widget("segments.compared")),
    )
    names = [n for n in state.compared() if n in saved]
    if names:
        st.dataframe(_comparison_frame(facts, {labels[n]: saved[n] for n in names}), hide_index=True)


def _comparison_frame(facts: Facts, chosen: dict[str, Segment]) -> pd.DataFrame:
    columns: dict[str, list[str]] = {}
    for name, segment in chosen.items():
        known, _ = segment.known_to(facts.catalogue)
        found = dashboard(facts, known)
        columns[name] = [
            f"{count(found.n)} ({rate(found.segment.share)})",
            rate(found.segment.share_value),
            *(f"{c.words()} (n {count(c.segment.n)})" for c in found.comparisons),
        ]
    labels = ["Customers", "Share of revenue", *(c.kind.label for c in found.comparisons)]
    return pd.DataFrame({"Figure": labels, **columns})


def make_icp(found: Dashboard) -> None:
    """The next step: take the segment as the ideal customer."""
    if not found.chosen or not found.n:
        st.caption("Set filters until the figures please you, then take the segment as your ideal customer.")
        return
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(
            "Make this my ICP", key="segments.make_icp", disabled=not state.may_edit(), type="primary", icon=":material/arrow_forward:",
            help=md(f"Draft the profile from: {found.words}"),
        ):  # fmt: skip
            state.choose_icp(found.chosen)
            st.switch_page("pages/profile.py")
