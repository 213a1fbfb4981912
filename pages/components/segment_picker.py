"""The filters: one per attribute by its type, the sentence and chips of the segment, save and open.

The segment is the one source: before a widget is drawn it gets its value from the segment, and a change
writes a new segment. So undo, a link, a click on a chart and a filter can never disagree.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from icp_core.facts.catalogue import Attribute, Facts
from icp_core.segments.conditions import Condition, Segment
from icp_core.segments.facets import MAIN_FILTERS, Facet, facet, informative
from icp_core.segments.groupings import day, short_number
from icp_core.segments.narrow import Narrow, narrow, point
from icp_core.stats.wording import on_date
from pages.components import state
from pages.components.feedback import problems_as_messages
from pages.components.figures import sentence, small_bars
from pages.components.parts import behind
from pages.components.text import distinct, md, plain

# Stands for "not known" among the values of a filter; no text from a file can hold this character.
_MISSING = "\x00missing"
# Between a value and its count. En spaces do not occur in ``_shown`` text, so the two can be parted again.
_GAP = "\u2002·\u2002"
_NEGATED = {"is_none_of", "has_none_of"}
_MODES = {"any": "has_any_of", "all": "has_all_of", "none": "has_none_of"}
_MORE = "segments.more"
_SAVE_OR_OPEN = "segments.save_or_open"
# Spans of time people ask for: words, and the months they reach back (None: the calendar year).
_SPANS = {"3 months": 3, "12 months": 12, "24 months": 24, "This year": None}


def segment_picker(facts: Facts) -> Segment:
    """Sentence, chips and, behind a button, the filters; for pages whose subject is something else."""
    segment = segment_line(facts)
    with st.popover("Change the segment", icon=":material/tune:"):
        segment_filters(facts)
    return segment


def segment_line(facts: Facts) -> Segment:
    """The segment in words, a chip per condition to remove it, undo, redo and clear; returns the segment."""
    with problems_as_messages(stop=False):
        state.known_segment(facts)
    segment = state.segment()
    words = segment.words(facts.catalogue)
    sentence(words[:1].upper() + words[1:], lead=f"{segment.name}:" if segment.name else "")
    with st.container(horizontal=True, gap="small"):
        for i, condition in enumerate(segment.conditions):
            st.button(
                md(plain(condition.words(facts.catalogue))[:60]),
                key=f"segment.chip_{i}",
                icon=":material/close:",
                help="Remove this condition",
                on_click=_remove,
                args=(condition,),
            )
        _tool("undo", "Undo the last change", state.undo, not state.can_undo())
        _tool("redo", "Redo", state.redo, not state.can_redo())
        if segment:
            st.button(
                "Clear",
                key="segment.clear",
                icon=":material/filter_alt_off:",
                help="All customers again",
                on_click=state.set_segment,
                args=(Segment(),),
            )
    return segment


def _tool(name: str, tip: str, act: Callable[[], None], disabled: bool) -> None:
    st.button(
        name.capitalize(),
        key=f"segment.{name}",
        icon=f":material/{name}:",
        help=tip,
        on_click=act,
        disabled=disabled,
    )


def _remove(condition: Condition) -> None:
    segment = state.segment()
    state.set_segment(Segment(tuple(c for c in segment.conditions if c != condition), segment.name))


def segment_filters(facts: Facts) -> None:
    """The most telling filters, those in use, and a search for all others."""
    table, segment = narrow(facts), state.segment()
    usable = [name for name in informative(table) if table.about(name).n_distinct > 0]
    main = usable[:MAIN_FILTERS]
    others = [n for n in usable if n not in main] + [a.name for a in facts.outcomes() if a.n_filled]
    more = [n for n in dict.fromkeys([*state.kept(_MORE, []), *segment.attributes]) if n in others]
    state.keep("segments.more_shown", more)
    for name in [*main, *more]:
        _filter(table, segment, name)
    if others:
        key = "segments.more_filters"
        labels = distinct({name: _label(table.about(name)) for name in others})
        state.set_widget(key, more)
        st.multiselect(
            f"More filters ({len(others)})",
            others,
            format_func=labels.__getitem__,
            key=key,
            placeholder="Search by name",
            on_change=_more_changed,
            args=(key,),
        )


def _more_changed(key: str) -> None:
    names = list(state.widget(key, []))
    state.keep(_MORE, names)
    segment = state.segment()
    dropped = set(state.kept("segments.more_shown", [])) - set(names)
    for name in dropped:
        segment = segment.without(name)
    state.set_segment(segment)


def _label(about: Attribute) -> str:
    return f"{plain(about.label)} (outcome)" if about.role == "outcome" else plain(about.label)


def _help(about: Attribute) -> str | None:
    parts = [about.description, about.source and f"From {about.source}."]
    if about.role == "outcome":
        parts.append("An outcome: it shows what happened, and cannot be a criterion of the ICP.")
    elif about.leak:
        parts.append(f"Not a criterion: {about.leak}.")
    elif not about.known_before:
        parts.append("Known only after somebody buys, so it cannot pick prospects.")
    return " ".join(md(part) for part in parts if part) or None


def _filter(table: Narrow, segment: Segment, name: str) -> None:
    about = table.about(name)
    found = facet(table, segment, name)
    conditions = tuple(c for c in segment.conditions if c.attribute == name)
    if about.kind in ("number", "date"):
        _range(table, found, conditions)
    else:
        {"yes_no": _yes_no, "text": _text}.get(about.kind, _levels)(found, conditions)


def _set(name: str, *conditions: Condition) -> None:
    state.set_segment(state.segment().setting(name, *conditions))


# -- levels: categories, bands, multi-selects ------------------------------------------------------


def _levels(found: Facet, conditions: tuple[Condition, ...]) -> None:
    about = found.attribute
    key = f"segment.filter_{about.name}"
    chosen = [v for c in conditions if isinstance(c.value, tuple) for v in map(str, c.value)]
    if any(c.operator == "is_missing" for c in conditions):
        chosen = [_MISSING]
    order = list(about.levels) or sorted(found.counts)
    options = [
        v for v in dict.fromkeys([*order, *chosen]) if v != _MISSING and (found.counts.get(v) or v in chosen)
    ]
    if found.n_missing or _MISSING in chosen:
        options.append(_MISSING)
    state.set_widget(key, [v for v in dict.fromkeys(chosen) if v in options])

    def shown(value: str) -> str:
        n = found.n_missing if value == _MISSING else found.counts.get(value, 0)
        return f"{_shown(value)}{_GAP}{n:,}"

    st.multiselect(
        md(_label(about)),
        options,
        format_func=shown,
        key=key,
        help=_help(about),
        placeholder="Any",
        on_change=_levels_changed,
        args=(about, key),
    )
    if chosen and chosen != [_MISSING]:
        _mode(about, key, conditions)


def _shown(value: str) -> str:
    return "Not known" if value == _MISSING else plain(value).replace("\u2002", " ")


def values_of(about: Attribute, held: list) -> list[str]:
    """The values a filter holds. A count that moved on meanwhile leaves the value with its old count."""
    by_words = {_shown(v): v for v in (*about.levels, _MISSING)}
    return [by_words.get(v.split(_GAP)[0], v) if _GAP in v else v for v in map(str, held)]


def _mode(about: Attribute, key: str, conditions: tuple[Condition, ...]) -> None:
    """Any, all or none of the chosen values."""
    operator = next((c.operator for c in conditions), "")
    if about.kind == "multi":
        mode_key = f"{key}_mode"
        now = next((m for m, o in _MODES.items() if o == operator), "any")
        state.set_widget(mode_key, now)
        st.segmented_control(
            "Customers with", list(_MODES), key=mode_key, label_visibility="collapsed",
            on_change=_levels_changed, args=(about, key),
        )  # fmt: skip
    else:
        state.set_widget(f"{key}_not", operator in _NEGATED)
        st.checkbox("All but these", key=f"{key}_not", on_change=_levels_changed, args=(about, key))


def _levels_changed(about: Attribute, key: str) -> None:
    values = values_of(about, state.widget(key) or [])
    was_missing = Condition(about.name, "is_missing") in state.segment().conditions
    if _MISSING in values and (not was_missing or values == [_MISSING]):
        _set(about.name, Condition(about.name, "is_missing"))
        return
    values = [v for v in values if v != _MISSING]
    if not values:
        _set(about.name)
        return
    if about.kind == "multi":
        operator = _MODES[state.widget(f"{key}_mode") or "any"]
    else:
        operator = "is_none_of" if state.widget(f"{key}_not") else "is_any_of"
    _set(about.name, Condition(about.name, operator, tuple(values)))


# -- yes/no ----------------------------------------------------------------------------------------


def _yes_no(found: Facet, conditions: tuple[Condition, ...]) -> None:
    about = found.attribute
    key = f"segment.filter_{about.name}"
    counts = {
        "is_yes": ("Yes", found.counts.get(True, 0)),
        "is_no": ("No", found.counts.get(False, 0)),
        "is_missing": ("Not known", found.n_missing),
    }
    operator = next((c.operator for c in conditions if c.operator in counts), None)
    options = [o for o, (_, n) in counts.items() if n or o == operator]
    state.set_widget(key, operator)
    st.pills(
        md(_label(about)),
        options,
        format_func=lambda o: f"{counts[o][0]} · {counts[o][1]:,}",
        key=key,
        help=_help(about),
        on_change=_yes_no_changed,
        args=(about.name, key),
    )


def _yes_no_changed(name: str, key: str) -> None:
    operator = state.widget(key)
    _set(name, *([Condition(name, operator)] if operator else []))


# -- numbers and dates -----------------------------------------------------------------------------


def _range(table: Narrow, found: Facet, conditions: tuple[Condition, ...]) -> None:
    about = found.attribute
    if len(found.stops) < 2:
        return
    key = f"segment.filter_{about.name}"
    first, last = found.stops[0], found.stops[-1]
    low, high = _bounds(conditions, first, last)
    said = _stop_words(about)
    words = {said(v): v for v in (*found.stops, low, high)}  # one stop per wording, the ends win
    stops = sorted(words.values())
    state.set_widget(key, (low, high))
    label = md(_label(about))
    if any(c.operator == "is_missing" for c in conditions):
        st.markdown(f"{label}: not known ({found.n_missing:,})")
        st.button("Any value", key=f"{key}_any", on_click=_set, args=(about.name,))
        return
    st.select_slider(
        label,
        stops,
        value=(low, high),  # tells the slider that it has two ends
        format_func=said,
        key=key,
        help=_help(about),
        on_change=_range_changed,
        args=(about, key, first, last),
    )
    at = [i for i in range(len(found.bars)) if low <= found.stops[i] and found.stops[i + 1] <= high]
    small_bars(
        found.bars,
        chosen=(at[0], at[-1] + 1) if at else (0, 0),
        label=f"{plain(about.label)}: {sum(found.bars):,} known, {found.n_missing:,} not known",
    )
    if about.kind == "date":
        _spans(about, conditions, table.facts.as_of)


def _spans(about: Attribute, conditions: tuple[Condition, ...], as_of: date) -> None:
    """The last months, or the year so far, up to the day of the data."""
    wanted = {words: _since(about, months, as_of) for words, months in _SPANS.items()}
    key = f"segment.filter_{about.name}_span"
    state.set_widget(key, next((w for w, c in wanted.items() if conditions == (c,)), None))
    st.pills(
        f"{md(_label(about))}, last",
        list(_SPANS),
        key=key,
        label_visibility="collapsed",
        on_change=lambda: _set(about.name, *([wanted[w]] if (w := state.widget(key)) else [])),
    )


def _since(about: Attribute, months: int | None, as_of: date) -> Condition:
    first = as_of.replace(month=1, day=1) if months is None else _months_before(as_of, months)
    return Condition(about.name, "at_least", first.isoformat())


def _months_before(day_: date, months: int) -> date:
    """The day after the same day so many months earlier, so that the span holds whole months.

    >>> _months_before(date(2026, 3, 31), 1), _months_before(date(2026, 6, 30), 12)
    (datetime.date(2026, 3, 1), datetime.date(2025, 7, 1))
    """
    year, month = divmod(day_.year * 12 + day_.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day_.day, last)) + timedelta(days=1)


def _stop_words(about: Attribute) -> Callable[[float], str]:
    if about.kind == "date":
        return lambda value: on_date(day(value))
    if about.name.endswith("year"):
        return lambda value: f"{value:.0f}"
    if about.unit == "%":
        return lambda value: f"{value * 100:.3g} %"
    return short_number


def _bounds(conditions: tuple[Condition, ...], first: float, last: float) -> tuple[float, float]:
    """Where the ends of the slider stand for these conditions."""
    low, high = first, last
    for condition in conditions:
        if condition.operator == "between":
            low, high = (point(v) for v in condition.value)
        elif condition.operator in ("at_least", "more_than"):
            low = point(condition.value)
        elif condition.operator in ("at_most", "less_than"):
            high = point(condition.value)
    return min(low, high), max(low, high)


def _range_changed(about: Attribute, key: str, first: float, last: float) -> None:
    low, high = state.widget(key)
    said = (lambda v: day(v)) if about.kind == "date" else float
    if low <= first and high >= last:
        _set(about.name)
    elif low <= first:
        _set(about.name, Condition(about.name, "at_most", said(high)))
    elif high >= last:
        _set(about.name, Condition(about.name, "at_least", said(low)))
    else:
        _set(about.name, Condition(about.name, "between", (said(low), said(high))))


# -- text ------------------------------------------------------------------------------------------


def _text(found: Facet, conditions: tuple[Condition, ...]) -> None:
    about = found.attribute
    key = f"segment.filter_{about.name}"
    state.set_widget(key, next((str(c.value) for c in conditions if c.operator == "contains"), ""))
    st.text_input(
        md(_label(about)),
        key=key,
        help=_help(about),
        placeholder="contains …",
        on_change=_text_changed,
        args=(about.name, key),
    )


def _text_changed(name: str, key: str) -> None:
    typed = (state.widget(key) or "").strip()
    _set(name, *([Condition(name, "contains", typed)] if typed else []))


# -- save and open ---------------------------------------------------------------------------------


def save_and_open(facts: Facts) -> None:
    """Save the segment under a name; open or forget a saved one."""

    def panel() -> None:
        _save(state.segment())
        _open(facts)

    behind("Save or open", panel, key=_SAVE_OR_OPEN, icon=":material/bookmark:", width="stretch")


def _save(segment: Segment) -> None:
    if not segment:
        st.caption("Set a filter, then give the segment a name here.")
        return
    held = state.saved_as(segment.name)
    name = st.text_input("Name of this segment", value=segment.name, key="segment.name", max_chars=80)
    owner = st.text_input(
        "Owner",
        value=held.author if held else state.kept("segments.owner", state.my_name()),
        key="segment.owner",
        max_chars=80,
    )
    note = st.text_input(
        "Note", value=held.value.get("note", "") if held else "", key="segment.note", max_chars=300,
        placeholder="What it is for",
    )  # fmt: skip
    if st.button(
        "Save", key="segment.save", disabled=not state.may_edit(), type="primary", icon=":material/save:"
    ):
        with problems_as_messages(stop=False):
            state.keep("segments.owner", owner)
            state.save_segment(segment, name, owner=owner, note=note)
            st.rerun()


def _open(facts: Facts) -> None:
    for i, saved in enumerate(state.saved_decisions()):
        one = Segment.from_dict(saved.value)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                md(saved.key),
                key=f"segment.open_{i}",
                help=md(one.words(facts.catalogue)),
                on_click=_open_saved,
                args=(one,),
                width="stretch",
            )
            st.button(
                "Forget",
                key=f"segment.forget_{i}",
                disabled=not state.may_edit(),
                icon=":material/delete:",
                help="Forget this saved segment",
                on_click=state.forget_segment,
                args=(saved.key,),
            )
        by = [saved.author, f"{saved.decided_at:%-d %b %Y}", saved.value.get("note", "")]
        st.caption(md(" · ".join(part for part in by if part)))


def _open_saved(segment: Segment) -> None:
    state.set_segment(segment)
    state.set_widget(_SAVE_OR_OPEN, False)
