"""The profile as a document: statements with their dots, evidence beside them, every line editable."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from icp_core.charts.print import lift_words
from icp_core.export.labels import asked_words, labels
from icp_core.facts.catalogue import Facts
from icp_core.profile import versions
from icp_core.profile.behind import line_at
from icp_core.profile.compose import compose
from icp_core.profile.draft import with_section
from icp_core.profile.model import (
    BuyingRole,
    Implication,
    Job,
    Pain,
    Profile,
    Share,
    Statement,
    Trait,
    Trigger,
)
from icp_core.prospects.market import seen_in
from icp_core.segments.conditions import Segment
from icp_core.segments.target import default_outcome
from icp_core.stats.phrases import dots_text
from icp_core.stats.wording import count, effect_words, interval_words, rate
from icp_core.workspace import Workspace
from pages.components import long_work, state
from pages.components.figures import Card, evidence_dots, figure_strip, sentence
from pages.components.profile_evidence import evidence_panel, why
from pages.components.profile_market import market_section
from pages.components.profile_personas import personas_section
from pages.components.profile_plan import hypotheses_section
from pages.components.searches import discovery_of
from pages.components.text import md

# The tabs of the page, and the key of the one that is open.
TABS = ("Find", "Describe", "Refuse", "Check")
TAB = "profile.tab"


@dataclass(frozen=True)
class Section:
    """A list of the profile: where it is, what it is called, which fields a person writes."""

    name: str
    title: str
    fields: tuple[tuple[str, str], ...]
    kind: type[Statement] | None


SECTIONS = (
    Section("who", "Who they are", (("label", "What"), ("text", "Is")), Trait),
    Section("jobs", "What they hire us to do", (("kind", "Kind"), ("text", "Job")), Job),
    Section(
        "pains",
        "What hurts them",
        (("text", "Today"), ("desired", "Wanted"), ("impact", "Cost of today")),
        Pain,
    ),
    Section("triggers", "What sets them looking", (("text", "Trigger"), ("when", "When")), Trigger),
    Section("objections", "What holds them back", (("text", "Objection"),), Statement),
    Section(
        "buying_roles", "Who decides", (("role", "Role"), ("part", "Part"), ("text", "Does what")), BuyingRole
    ),
    Section("buying_criteria", "What decides it", (("text", "Criterion"),), Share),
    Section("channels", "Where to find them", (("text", "Channel"),), Share),
    Section("values", "What they value", (("text", "Value"),), Statement),
    Section("behaviour", "How they behave", (("text", "Behaviour"),), Statement),
    Section("implications", "What we do next", (("team", "Team"), ("text", "Next")), Implication),
)
_PRINTED = "Printed"
MESSAGES = (("say", "Say"), ("prove", "Prove"), ("avoid", "Avoid"))


def current(workspace: Workspace, facts: Facts) -> Profile | None:
    """The draft of the chosen criteria; drafted anew when the criteria or the data changed."""
    chosen = workspace.decision("icp", "criteria")
    draft = versions.draft_of(workspace)
    if chosen is None:
        return draft
    segment, lost = Segment.from_dict(chosen).known_to(facts.catalogue)
    if lost:
        names = ", ".join(sorted({c.attribute for c in lost}))
        st.warning(f"Left out of the criteria, because these customers have no such attribute: {md(names)}.")
    is_of_data = (
        draft is not None and draft.meta.as_of == facts.as_of and versions.is_of(workspace, facts.fingerprint)
    )
    if draft is not None and is_of_data and draft.criteria == segment:
        return draft
    return redraft(workspace, facts, segment, draft)


def take(segment: Segment) -> None:
    """Make a segment the ICP and go on where it is described."""
    state.choose_icp(segment)
    state.keep(TAB, "Describe")
    st.rerun()


def open_tab(profile: Profile | None) -> None:
    """Before the tabs are drawn: the one asked for; on coming to the page the document, or the search while there is none."""
    if wanted := state.kept(TAB):
        state.keep(TAB, None)
    elif state.widget(TAB) not in TABS:
        wanted = "Describe" if profile else "Find"
    if wanted:
        state.set_widget(TAB, wanted)


def redraft(workspace: Workspace, facts: Facts, segment: Segment, former: Profile | None) -> Profile:
    """Write the profile anew from the evidence; what the user wrote stays."""
    profile = _composed(workspace, facts, segment, former)
    if not workspace.is_read_only:
        versions.keep_written(workspace, profile, facts.fingerprint)
    return profile


def _composed(workspace: Workspace, facts: Facts, segment: Segment, former: Profile | None) -> Profile:
    """The profile of a segment, written in a thread of its own; when somebody stops it, the page ends with the offer to go on."""
    # What better means belongs to the criteria: looking at another outcome on Find changes no profile.
    same = former is not None and former.criteria == segment
    outcome = former.meta.outcome if same else state.kept("profile.outcome") or default_outcome(facts)
    found = discovery_of(facts, outcome)
    candidate = next((c for c in (found.candidates if found else ()) if c.segment == segment), None)

    def write(work: long_work.Work) -> Profile:
        return compose(
            workspace,
            facts,
            segment,
            candidate=candidate,
            former=former,
            outcome=outcome,
            outcome_label=found.outcome_label if found else "",
            seen=seen_in(workspace, facts, segment),
            verdict=found.message if found else "",
            tell=work.tell,
        )[0]

    asked = (workspace.fingerprint(), segment.to_query(), outcome, former.to_json() if former else "")
    digest = hashlib.sha1("\x1f".join(asked).encode(), usedforsecurity=False).hexdigest()
    work = long_work.watched(
        (str(workspace.path), "draft", digest), "Writing the profile", write, again="Go on"
    )
    if work is None:
        st.stop()
    return work.result


def document(workspace: Workspace, facts: Facts, profile: Profile | None) -> None:
    """The document left, the evidence of the chosen statement right."""
    if profile is None:
        st.info(
            "No ideal customer is chosen yet. Take a finding on the left tab, or a segment of your own on the Segments page.",
            icon=":material/target:",
        )
        st.page_link("pages/segments.py", label="Go to Segments", icon=":material/arrow_forward:")
        hypotheses_section(workspace, facts, None)
        return
    _head(workspace, facts, profile)
    left, right = st.columns([2.2, 1], gap="large")
    with left, st.container(key="profile_lines"):
        for section in SECTIONS:
            with st.container(gap="xxsmall"):
                _section(workspace, facts, profile, section)
        _buying_facts(profile)
        _quotes(profile)
        _apart(profile)
        _stay(profile)
        _refusals(profile)
        _messages(workspace, profile)
        if profile.open_questions:
            st.markdown("**Still open**")
            for question in profile.open_questions:
                st.markdown(f"- {md(question)}")
        personas_section(workspace, profile)
        market_section(workspace, facts, profile)
        hypotheses_section(workspace, facts, profile)
    with right, st.container(key="profile_evidence"):
        evidence_panel(workspace, facts, profile)


def _head(workspace: Workspace, facts: Facts, profile: Profile) -> None:
    lead = "Ideal customer:" if profile.criteria else "A description, no claim:"
    sentence(profile.statement.text.replace("**", ""), lead=lead)
    figure_strip(
        [
            Card(
                label=f.label,
                value=f.ideal,
                rest=f"others {f.others}" if f.others else "everyone",
                difference=f.difference or ("no clear difference" if f.others else ""),
                verdict=f.verdict,
                n=f.n_ideal,
                better=f.better,
                tip=(f.definition, f"n {count(f.n_ideal)} and {count(f.n_others)}"),
            )
            for f in profile.figures
        ],
        label="The ideal beside the others",
    )
    _figures_behind(profile)
    for warning in profile.warnings:
        st.warning(md(warning), icon=":material/warning:")
    _best_part(profile)
    with st.container(horizontal=True):
        with st.popover("Name and wording", icon=":material/edit:"):
            _wording(workspace, profile)
        if st.button(
            "Write it anew from the data",
            key="profile.redraft",
            disabled=workspace.is_read_only,
            icon=":material/refresh:",
            help="Your own lines stay.",
        ):
            redraft(workspace, facts, profile.criteria, profile)
            st.rerun()
        if versions.can_undo(workspace) and st.button(
            "Undo the last edit", key="profile.undo", disabled=workspace.is_read_only, icon=":material/undo:"
        ):
            former = versions.undo(workspace)
            if former is not None and former.criteria != profile.criteria:
                state.choose_icp(former.criteria)
            st.rerun()


def _best_part(profile: Profile) -> None:
    """The ideal of the ideal, only where it stands."""
    best = profile.ideal_of_ideal
    if best is None:
        return
    with st.container(border=True, gap="small"):
        st.markdown(f"**Ideal of the ideal: {md(best.name)}**")
        st.markdown(md(best.text))
        e = best.evidence
        if e is not None:
            evidence_dots(e.verdict, e.n, tip=(e.method,))
            if e.effect is not None:
                span = interval_words(e.low, e.high, {"ratio": "×", "points": "%"}.get(e.effect_kind))
                said = effect_words(e.effect, e.effect_raw, e.effect_kind)
                st.caption(f"Beside the rest of the ICP {md(said)}" + (f", {md(span)}." if span else "."))
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button("Look at it", key="profile.look_best"):
                state.set_segment(best.segment)
                st.switch_page("pages/segments.py")
            if e is not None:
                why("ideal_of_ideal", 0, "What stands behind it")


def _wording(workspace: Workspace, profile: Profile) -> None:
    meta = profile.meta
    with st.form("profile.wording", border=False):
        name = st.text_input("Name of the ICP", meta.name)
        text = st.text_area("The sentence (two stars before and after a key fact)", profile.statement.text)
        company = st.text_input("Your company", meta.company)
        offer = st.text_input("What you offer", meta.offer)
        author = st.text_input("Author", meta.author)
        if st.form_submit_button("Keep", disabled=workspace.is_read_only) and name.strip() and text.strip():
            changed = profile.model_copy(
                update={
                    "meta": meta.model_copy(
                        update={
                            "name": name.strip(),
                            "company": company.strip(),
                            "offer": offer.strip(),
                            "author": author.strip(),
                        }
                    ),
                    "statement": profile.statement.model_copy(
                        update={
                            "text": text.strip(),
                            "edited": profile.statement.edited or text.strip() != profile.statement.text,
                        }
                    ),
                }
            )
            versions.keep_draft(workspace, changed)
            st.rerun()


# -- sections ------------------------------------------------------------------------------------------


def _section(workspace: Workspace, facts: Facts, profile: Profile, section: Section) -> None:
    lines: list[Statement] = getattr(profile, section.name)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"## {section.title}")
        editing = st.toggle("Edit", key=f"profile.edit_{section.name}", disabled=workspace.is_read_only)
        if st.button(
            "Anew",
            key=f"profile.anew_{section.name}",
            disabled=workspace.is_read_only,
            type="tertiary",
            icon=":material/refresh:",
            help="Write this section anew from the data. Lines of your own without data stay, and so do all other sections.",
        ):
            _anew(workspace, facts, profile, section.name)
    if editing:
        _edit(workspace, profile, section)
        return
    if not lines:
        st.caption("Nothing yet.")
    for i, line in enumerate(lines):
        _line(section, line, i)


def _anew(workspace: Workspace, facts: Facts, profile: Profile, section: str) -> None:
    fresh = _composed(workspace, facts, profile.criteria, None)
    versions.keep_draft(workspace, with_section(profile, fresh, section))
    st.rerun()


def _line(section: Section, line: Statement, i: int) -> None:
    words = " · ".join(md(getattr(line, name)) for name, _ in section.fields if getattr(line, name))
    if isinstance(line, Trait) and line.share_ideal is not None:
        others = f", others {rate(line.share_others)}" if line.share_others is not None else ""
        words += f" ({rate(line.share_ideal)}{others})"
    if isinstance(line, Share) and line.share is not None:
        words += f" ({rate(line.share)})"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if line.hidden:
            words = f":gray[{words}] :material/visibility_off:"
        st.markdown(f"*{words}*" if line.is_assumption else words)
        why(section.name, i, dots_of(line))
        if line.asked is not None:
            st.caption(f"{_MARKS[line.status]} {md(asked_words(line, labels()))}", width="content")


_MARKS = {
    "confirmed": ":material/check_circle:",
    "refuted": ":material/cancel:",
    "open": ":material/help:",
    "": "",
}


def _edit(workspace: Workspace, profile: Profile, section: Section) -> None:
    lines: list[Statement] = getattr(profile, section.name)
    before = pd.DataFrame(
        [{label: getattr(line, name) or "" for name, label in section.fields} for line in lines],
        columns=[label for _, label in section.fields],
        dtype="str",
    ).assign(**{_PRINTED: [not line.hidden for line in lines]})
    after = st.data_editor(
        before,
        key=f"profile.editor_{section.name}_{len(lines)}",
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "Kind": st.column_config.SelectboxColumn(
                options=["Functional", "Emotional", "Social"], required=True
            ),
            _PRINTED: st.column_config.CheckboxColumn(default=True, help="Off: kept, but not on the page."),
        },
    )
    if st.button(
        "Keep changes", key=f"profile.keep_{section.name}", disabled=workspace.is_read_only, type="primary"
    ):
        kept = [_changed(section, lines, index, row) for index, row in after.iterrows()]
        edited = [line for line in kept if line is not None]
        versions.keep_draft(workspace, profile.model_copy(update={section.name: edited}))
        st.rerun()


def _changed(section: Section, lines: list[Statement], index, row: pd.Series) -> Statement | None:
    """A line after editing: words changed by hand are marked; a new line is an assumption."""
    values = {name: str(row[label]).strip() for name, label in section.fields if isinstance(row[label], str)}
    if not values.get("text"):
        return None
    old = lines[index] if isinstance(index, int) and index < len(lines) else None
    # A cell nobody has touched yet comes back blank: then the line is printed.
    hidden = row[_PRINTED] in (False, "False")
    if old is None:
        return section.kind(**values, edited=True, hidden=hidden)
    if all(getattr(old, name) == value for name, value in values.items()):
        return old.model_copy(update={"hidden": hidden})
    values["hidden"] = hidden
    return old.model_copy(update=values | {"edited": True})


def dots_of(line: Statement) -> str:
    """Strength of evidence as dots, or that there is none."""
    return "○ assumption" if line.is_assumption else "●" * line.dots + "○" * (3 - line.dots)


def _told(section: str, i: int, text: str, label: str, *, tail: str = "", assumed: bool = False) -> None:
    """A line that is not edited here, with what stands behind it."""
    words = md(text) + (f" :gray[{md(tail)}]" if tail else "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"*{words}*" if assumed else words)
        why(section, i, label)


def _figures_behind(profile: Profile) -> None:
    """The sentence and the figures as names to click: what stands behind each."""
    titles = {-1: "The sentence"} | {i: f.label for i, f in enumerate(profile.figures)}

    def picked() -> None:
        chosen = state.widget("profile.figure")
        if chosen is not None:
            state.keep("profile.chosen", ("statement", 0) if chosen < 0 else ("figures", chosen))

    # Only a click chooses: what is shown beside the document says which one it was.
    state.set_widget("profile.figure", None)
    st.pills(
        "What stands behind",
        list(titles),
        format_func=lambda i: md(titles[i]),
        key="profile.figure",
        on_change=picked,
    )


def _buying_facts(profile: Profile) -> None:
    """How many take part and where deals are lost, as the data tell it."""
    if profile.buying_team is None and not profile.drop_out:
        return
    with st.container(gap="xxsmall"):
        st.markdown("## How they buy")
        if profile.buying_team is not None:
            _told("buying_team", 0, profile.buying_team.text, dots_of(profile.buying_team))
        for i, stage in enumerate(profile.drop_out):
            _told("drop_out", i, f"Lost at {stage.text} ({rate(stage.share)})", dots_of(stage))


def _quotes(profile: Profile) -> None:
    if not profile.quotes:
        return
    with st.container(gap="xxsmall"):
        st.markdown("## In their words")
        for i, quote in enumerate(profile.quotes):
            _told("quotes", i, f"“{quote.text}”", "Who said it", tail=quote.signature)


def _apart(profile: Profile) -> None:
    if not profile.lifts:
        return
    with st.container(gap="xxsmall"):
        st.markdown("## What sets them apart")
        for i, lift in enumerate(profile.lifts):
            clear = lift.low > 1 or lift.high < 1
            _told("lifts", i, f"{lift.label} · {lift_words(lift.ratio)}", "●●●" if clear else "●○○")


def _stay(profile: Profile) -> None:
    """What the printed curve comes to."""
    kept = line_at(profile, "retention")
    if kept is None or kept.evidence is None:
        return
    with st.container(gap="xxsmall"):
        st.markdown("## How long they stay")
        _told("retention", 0, kept.words, dots_text(kept.evidence.verdict))


def _refusals(profile: Profile) -> None:
    accepted = [(i, d) for i, d in enumerate(profile.disqualifiers) if d.accepted]
    if not accepted:
        return
    with st.container(gap="xxsmall"):
        st.markdown("## Walk away when")
        for i, one in accepted:
            dots = (
                "○ assumption"
                if one.evidence is None
                else "●" * one.evidence.dots + "○" * (3 - one.evidence.dots)
            )
            _told("disqualifiers", i, " · ".join(p for p in (one.words, one.why) if p), dots)
        st.caption("Their price stands on the tab Refuse.")


def _messages(workspace: Workspace, profile: Profile) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("## What to tell them")
        editing = st.toggle("Edit", key="profile.edit_messaging", disabled=workspace.is_read_only)
    if not editing:
        with st.container(gap="xxsmall"):
            for part, title in MESSAGES:
                for i, line in enumerate(getattr(profile.messaging, part)):
                    _told(
                        f"messaging.{part}",
                        i,
                        f"{title} · {line.text}",
                        dots_of(line),
                        assumed=line.is_assumption,
                    )
        if not any(getattr(profile.messaging, part) for part, _ in MESSAGES):
            st.caption("Nothing yet.")
        return
    columns = st.columns(3)
    for column, (part, title) in zip(columns, MESSAGES, strict=True):
        lines: list[Statement] = getattr(profile.messaging, part)
        now = "\n".join(line.text for line in lines)
        text = column.text_area(
            title,
            now,
            key=f"profile.message_{part}_{hash(now)}",
            disabled=workspace.is_read_only,
            help="One line each.",
        )
        if text != now:
            by_text = {line.text: line for line in lines}
            wanted = [line.strip() for line in text.splitlines() if line.strip()]
            kept = [by_text.get(line) or Statement(text=line, edited=True) for line in wanted]
            messaging = profile.messaging.model_copy(update={part: kept})
            versions.keep_draft(workspace, profile.model_copy(update={"messaging": messaging}))
            st.rerun()
