"""Codes: one suggested sentence at a time, decided by keyboard; then how often each code comes up, and where."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from icp_core.charts import voice as charts
from icp_core.facts.catalogue import Facts
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.stats.phrases import dots_text
from icp_core.stats.wording import count, listed, on_date, rate
from icp_core.voice import review
from icp_core.voice.codes import LABELS
from icp_core.voice.phrases import people
from icp_core.voice.statements import VoiceStatement, codes_across, codes_by_segment
from icp_core.voice.words import tokens
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.downloads import download_csv
from pages.components.figures import palette, show_chart
from pages.components.text import md, plain
from pages.components.voice_reading import added_up, codes, names_of, said
from pages.components.voice_themes import nothing_said

_LATER, _LAST, _CHANGING, _ONLY = "voice.later", "voice.last_codes", "voice.changing", "voice.only"
# Ten codes, ten figures on the keyboard; C and R belong to the browser app itself.
_KEYS = "1234567890"
_ALL = "All codes"
_SHOWN_STATEMENTS = 8
_SHOWN_QUOTES, _MOST_SAVED = 3, 4
_CONTEXT_CHARACTERS, _WHOLE_CHARACTERS = 400, 900
# Below this the words alone often mean something else.
_WEAK = 0.55
_SHOWN_BELOW = "voice.decided_below"
_COUNTED, _ACCEPTED = "voice.counted", "Only accepted ones"


def codes_panel(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """The review, then what came of it."""
    if said(workspace).empty:
        nothing_said()
        return

    @st.fragment
    def reviewing() -> None:
        _review(workspace, facts, segment)
        decided = _n_decided(codes(workspace))
        if decided != state.kept(_SHOWN_BELOW, decided) and st.button(
            "Count these decisions below",
            key="voice.refresh_codes",
            type="tertiary",
            icon=":material/refresh:",
        ):
            st.rerun()

    # A first long reading belongs to the page, not to the part that runs again.
    found = codes(workspace)
    state.keep(_SHOWN_BELOW, _n_decided(found))
    reviewing()
    st.divider()
    _by_segment(workspace, found, facts, segment)
    _statements(workspace, found, facts, segment)


# -- the review --------------------------------------------------------------------------------------


def _review(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    found = codes(workspace)
    ids = set(facts.frame["customer_id"][members(facts, segment)]) if segment else set()
    only = state.kept(_ONLY)
    queue = review.review_queue(found, code=only, first=ids, later=state.kept(_LATER, ()))
    decided = _n_decided(found)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(
            f"**Is this what they mean?** {count(len(queue))} to review, {count(decided)} decided",
            width="content",
        )
        options = [_ALL, *LABELS.values()]
        state.set_widget("voice.only_choice", LABELS.get(only, _ALL))
        st.selectbox(
            "Code",
            options,
            key="voice.only_choice",
            width=220,
            label_visibility="collapsed",
            on_change=_narrowed,
        )
    if queue.empty:
        st.success("Everything is decided. New texts bring new suggestions.", icon=":material/done_all:")
        _undo_button(workspace)
        return
    row = queue.iloc[0].to_dict()
    # The buttons stand above, so that they stay in place while sentences differ in length.
    _buttons(workspace, row)
    _sentence(workspace, facts, row)


def _n_decided(found: pd.DataFrame) -> int:
    return int(found["status"].ne("suggested").sum())


def _narrowed() -> None:
    chosen = state.widget("voice.only_choice")
    state.keep(_ONLY, next((code for code, label in LABELS.items() if label == chosen), None))


def _sentence(workspace: Workspace, facts: Facts, row: dict[str, Any]) -> None:
    """The sentence large, what it is suggested as and why, who said it, and what stands around it."""
    label = LABELS[row["code"]] + (f", {row['part']}" if row["part"] else "")
    unsure = " · a weak sign only" if row["confidence"] < _WEAK else ""
    with st.container(border=True):
        st.markdown(f":material/label: **{md(label)}**{unsure}")
        st.markdown(f"## {md(row['sentence'])}")
        why = f"Suggested because: {row['cue']}" + (f" (“{row['matched']}”)" if row["matched"] else "")
        if row["impact"]:
            why += f". Names a cost: {row['impact']}"
        st.caption(md(why + "."))
        st.caption(md(_who(facts, row)))
        context = _context(said(workspace), row)
        if context:
            st.markdown(context)


def _who(facts: Facts, row: dict[str, Any]) -> str:
    name = names_of(facts).get(row["customer_id"], "")
    when = on_date(row["said_on"]) if row["said_on"] == row["said_on"] and row["said_on"] is not None else ""
    spoken = [v for v in (row["speaker"], row["role"]) if isinstance(v, str) and v]
    return " · ".join([*spoken, name or "customer not known", str(row["source"]), *([when] if when else [])])


def _context(texts: pd.DataFrame, row: dict[str, Any]) -> str:
    """What was said around the sentence: its whole text, and in an interview the question before it."""
    at = texts.index[texts["verbatim_id"].eq(row["verbatim_id"])]
    if not len(at):
        return ""
    here = texts.loc[at[0]]
    parts = []
    if here["kind"] == "interview" and at[0] > 0 and texts.loc[at[0] - 1, "source"] == here["source"]:
        before = texts.loc[at[0] - 1]
        parts.append(f"> {md(before['speaker'] or 'Before')}: {md(before['text'][-_CONTEXT_CHARACTERS:])}")
    elif here["question"]:
        parts.append(f"> Asked: {md(here['question'])}")
    if plain(here["text"]) != plain(row["sentence"]):
        parts.append(f"> {md(here['text'][:_WHOLE_CHARACTERS])}")
    return "\n>\n".join(parts)


def _buttons(workspace: Workspace, row: dict[str, Any]) -> None:
    shut = workspace.is_read_only
    with st.container(horizontal=True):
        _act("Accept", "A", "check", _decide, (workspace, row, "accepted"), kind="primary", disabled=shut)
        _act("Change", "E", "swap_horiz", _toggle_change, (), disabled=shut)
        _act("Reject", "X", "close", _decide, (workspace, row, "rejected"), disabled=shut)
        _act("Next", "N", "arrow_forward", _later, (row["sentence_id"],))
        _undo_button(workspace)
    if state.kept(_CHANGING):
        with st.container(horizontal=True):
            for shortcut, (code, label) in zip(_KEYS, LABELS.items(), strict=True):
                if code != row["code"]:
                    _act(label, shortcut, "label", _decide, (workspace, row, "changed", code))


def _act(
    label: str, shortcut: str, icon: str, act, args: tuple, *, kind: str = "secondary", disabled: bool = False
) -> None:
    st.button(
        label,
        key=f"voice.code_{label.lower().replace(' ', '_')}",
        icon=f":material/{icon}:",
        shortcut=shortcut,
        type=kind,
        disabled=disabled,
        on_click=act,
        args=args,
    )


def _undo_button(workspace: Workspace) -> None:
    if state.kept(_LAST):
        _act("Undo", "U", "undo", _undo, (workspace,))


def _decide(workspace: Workspace, row: dict[str, Any], verdict: str, new_code: str | None = None) -> None:
    key = review.decide_code(workspace, row, verdict, new_code=new_code)
    state.keep(_LAST, [*state.kept(_LAST, []), key])
    state.keep(_CHANGING, False)


def _undo(workspace: Workspace) -> None:
    *before, last = state.kept(_LAST, [])
    workspace.withdraw(review.CODE, last)
    state.keep(_LAST, before)


def _later(sentence_id: str) -> None:
    later = [s for s in state.kept(_LATER, []) if s != sentence_id]
    state.keep(_LATER, [*later, sentence_id])
    state.keep(_CHANGING, False)


def _toggle_change() -> None:
    state.keep(_CHANGING, not state.kept(_CHANGING))


# -- what came of it ---------------------------------------------------------------------------------


def _by_segment(workspace: Workspace, found: pd.DataFrame, facts: Facts, segment: Segment) -> None:
    mask = members(facts, segment)
    n_suggested, n_accepted = (int(found["status"].eq(s).sum()) for s in ("suggested", "accepted"))
    if n_accepted and n_suggested and st.toggle(_ACCEPTED, key=_COUNTED):
        found, n_suggested = found[found["status"].eq("accepted")], 0
    spoken = said(workspace)
    heard = spoken.loc[spoken["by_customer"].astype(bool) | spoken["kind"].eq("note"), "customer_id"].dropna()
    table = codes_by_segment(found, facts, mask, set(heard))
    if table.empty:
        st.caption(
            "No sentence with a code belongs to a known customer yet. Say under Interviews whose interview it is."
        )
        return
    clear = table[table["stands"]]
    title = "What comes up, and among whom"
    if segment and len(clear):
        top = clear.iloc[clear["difference"].abs().argmax()]
        title = f"{top['label']} comes up {'more' if top['difference'] > 0 else 'less'} in the segment"
    chart = charts.share_pairs(
        charts.of_codes(table), palette().name, title=title, second=charts.REST if segment else None
    )
    note = f"Share of the {count(table['n_heard'].max())} customers who spoke"
    if segment:
        note += f" in the segment and {count(table['n_rest_heard'].max())} in the rest"
        note += "" if len(clear) else ". No clear difference"
    if n_suggested:
        note += (
            f". {count(n_suggested)} of {count(n_suggested + n_accepted)} are suggestions nobody has reviewed: "
            "some are wrong"
        )
    show_chart(
        chart,
        key="voice.chart_codes",
        height=charts.height_of(chart),
        note=note + ". Rejected ones do not count.",
    )
    _table(found, facts, segment, mask, set(heard))


def _table(
    found: pd.DataFrame, facts: Facts, segment: Segment, mask: np.ndarray, heard: Collection[str]
) -> None:
    """Codes down, groups of customers across: everyone, this segment and the rest, then the saved segments."""
    groups = {"All customers": np.ones(len(facts), bool)}
    if segment:
        groups |= {"This segment": mask, "The rest": ~mask}
    for name, saved in list(state.saved_segments().items())[-_MOST_SAVED:]:
        known, _ = saved.known_to(facts.catalogue)
        if known and known != segment:
            groups[name] = members(facts, known)
    table = codes_across(found, facts, groups, heard)
    sizes = table.groupby("group")["n_heard"].max()
    everyone = table[table["group"].eq("All customers")].set_index("label")
    shown = pd.DataFrame(index=everyone.index)
    for name in groups:
        part = table[table["group"].eq(name)].set_index("label")
        shown[f"{plain(name)} ({count(sizes[name])} spoke)"] = [
            f"{rate(share)} · {count(n)}" if n else "–"
            for share, n in zip(part["share"], part["n"], strict=True)
        ]
    if everyone["revenue_share"].notna().any():
        shown["Of all revenue"] = [rate(share) for share in everyone["revenue_share"]]
    st.markdown("**Codes by segment**")
    st.dataframe(shown.reset_index(names="Code"), hide_index=True)
    note = "Share of the customers who spoke, and how many."
    if "Of all revenue" in shown:
        note += " The last column is the part of all revenue that customers with this code bring."
    if len(groups) == 1:
        note += " Segments you save on the Segments page get a column each."
    st.caption(note)
    download_csv("Download CSV", lambda: table, "codes.csv", key="voice.download_codes")


def _statements(workspace: Workspace, found: pd.DataFrame, facts: Facts, segment: Segment) -> None:
    """Sentences that say the same, with the customers and the revenue behind them."""
    mine = review.of_customers(found, facts, members(facts, segment) if segment else None)
    live = mine[mine["status"].ne("rejected")]
    st.markdown("**What it adds up to**" + (" in the segment" if segment else ""))
    if live.empty:
        st.caption("Nothing yet: no sentence of these customers carries a code.")
        return
    decisions = repr(review.code_decisions(workspace))
    who = people(live).groupby(live["code"]).nunique()
    accepted = live[live["status"].eq("accepted")]["code"].value_counts()
    for code, label in LABELS.items():
        if code not in who.index:
            continue
        n = int(who[code])
        title = f"{label} ({count(n)} {'person' if n == 1 else 'people'}, {_reviewed(accepted.get(code, 0))})"
        part = st.expander(title, key=f"voice.adds_up_{code}", on_change="rerun")
        if part.open:  # sentences are put together for those who look
            key = (review.said_fingerprint(workspace), segment.to_query() if segment else "", code, decisions)
            with part:
                _added(added_up(live[live["code"].eq(code)], facts, key), names_of(facts))
    st.page_link("pages/profile.py", label="Write them into the profile", icon=":material/arrow_forward:")


def _reviewed(n_accepted: int) -> str:
    return f"{count(n_accepted)} accepted" if n_accepted else "suggested"


def _added(found: Sequence[VoiceStatement], names: Mapping[str, str]) -> None:
    """Each statement with what stands behind it, who said it in these words, and what others said."""
    for one in found[:_SHOWN_STATEMENTS]:
        lines = [f"**{md(one.text)}**"]
        if one.desired:
            lines.append(f"→ {md(one.desired)}")
        st.markdown("  \n".join([*lines, md(_behind(one))]))
        same = [q for q in one.quotes if _same_words(q["text"], one.text)]
        signed = [_signature(q, names) for q in same[:_SHOWN_QUOTES]]
        if signed:
            st.caption(md("; ".join(dict.fromkeys(signed))))
        # The same words from several people are counted above; to read them again tells nothing.
        others = {plain(q["text"]): q for q in reversed(one.quotes) if q not in same}
        for quote in list(reversed(others.values()))[: _SHOWN_QUOTES - 1]:
            st.markdown(f"> {md(quote['text'])}  \n> – {md(_signature(quote, names))}")
    if len(found) > _SHOWN_STATEMENTS:
        st.caption(f"{count(len(found) - _SHOWN_STATEMENTS)} more, each said by fewer customers.")


def _signature(quote: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Who said it: the role, the customer, and where."""
    who = ", ".join(p for p in (quote["role"], names.get(quote["customer_id"], "customer not known")) if p)
    return f"{who} ({quote['source']})"


def _same_words(first: str, second: str) -> bool:
    return tokens(first) == tokens(second)


def _behind(one: VoiceStatement) -> str:
    parts = [
        f"{dots_text(one.verdict)} {one.verdict}",
        f"{count(one.n_customers)} customer" + ("" if one.n_customers == 1 else "s"),
    ]
    if one.revenue_share is not None:
        parts.append(f"{rate(one.revenue_share)} of revenue")
    if one.impact:
        parts.append(f"costs {plain(one.impact)}")
    parts.append("accepted" if one.status == "accepted" else "suggested, not reviewed")
    parts.append(listed(list(one.sources), most=2))
    return " · ".join(parts)
