"""The profile as a document: statements with their dots, evidence beside them, every line editable."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from icp_core.facts.catalogue import Facts
from icp_core.profile import versions
from icp_core.profile.compose import compose
from icp_core.profile.model import (
    BuyingRole,
    Evidence,
    Implication,
    Job,
    Pain,
    Profile,
    Share,
    Statement,
    Trait,
    Trigger,
)
from icp_core.segments.conditions import Segment
from icp_core.stats.wording import count, interval_words, points, rate, score, times
from icp_core.workspace import Workspace
from pages.components import state
from pages.components.figures import Card, evidence_dots, figure_strip, sentence
from pages.components.searches import discovery_of
from pages.components.text import md


@dataclass(frozen=True)
class Section:
    """A list of the profile: where it is, what it is called, which fields a person writes."""

    name: str
    title: str
    fields: tuple[tuple[str, str], ...]
    kind: type[Statement]


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
_MESSAGES = (("say", "Say"), ("prove", "Prove"), ("avoid", "Avoid"))


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
    if draft is not None and draft.criteria == segment and draft.meta.as_of == facts.as_of:
        return draft
    return redraft(workspace, facts, segment, draft)


def redraft(workspace: Workspace, facts: Facts, segment: Segment, former: Profile | None) -> Profile:
    """Write the profile anew from the evidence; what the user wrote stays."""
    bar = st.progress(0.0, text="Writing the profile")
    outcome = state.kept("profile.outcome", "value")
    found = discovery_of(facts, outcome)
    candidate = next((c for c in (found.candidates if found else ()) if c.segment == segment), None)
    profile, _ = compose(
        workspace,
        facts,
        segment,
        candidate=candidate,
        former=former,
        outcome=outcome,
        outcome_label=found.outcome_label if found else "",
        tell=lambda share, what: bar.progress(share, text=md(what)),
    )
    versions.keep_draft(workspace, profile)
    bar.empty()
    return profile


def document(workspace: Workspace, facts: Facts, profile: Profile | None) -> None:
    """The document left, the evidence of the chosen statement right."""
    if profile is None:
        st.info(
            "No ideal customer is chosen yet. Take a finding on the left tab, or a segment of your own on the Segments page.",
            icon=":material/target:",
        )
        st.page_link("pages/segments.py", label="Go to Segments", icon=":material/arrow_forward:")
        return
    _head(workspace, facts, profile)
    left, right = st.columns([2.2, 1], gap="large")
    with left:
        for section in SECTIONS:
            with st.container(gap="xxsmall"):
                _section(workspace, profile, section)
        _messages(workspace, profile)
        if profile.open_questions:
            st.markdown("**Still open**")
            for question in profile.open_questions:
                st.markdown(f"- {md(question)}")
    with right:
        _evidence(profile)


def _head(workspace: Workspace, facts: Facts, profile: Profile) -> None:
    sentence(profile.statement.text.replace("**", ""), lead="Ideal customer:")
    figure_strip(
        [
            Card(
                label=f.label,
                value=f.ideal,
                rest=f"others {f.others}",
                difference=f.difference or "no clear difference",
                verdict=f.verdict,
                n=f.n_ideal,
                better=f.better,
                tip=(f.definition, f"n {count(f.n_ideal)} and {count(f.n_others)}"),
            )
            for f in profile.figures
        ],
        label="The ideal beside the others",
    )
    for warning in profile.warnings:
        st.warning(md(warning), icon=":material/warning:")
    with st.container(horizontal=True):
        with st.popover("Name and wording", icon=":material/edit:"):
            _wording(workspace, profile)
        if st.button(
            "Write it anew from the data",
            key="profile.redraft",
            icon=":material/refresh:",
            help="Your own lines stay.",
        ):
            redraft(workspace, facts, profile.criteria, profile)
            st.rerun()


def _wording(workspace: Workspace, profile: Profile) -> None:
    meta = profile.meta
    with st.form("profile.wording", border=False):
        name = st.text_input("Name of the ICP", meta.name)
        text = st.text_area("The sentence (mark key facts with **two stars**)", profile.statement.text)
        company = st.text_input("Your company", meta.company)
        offer = st.text_input("What you offer", meta.offer)
        author = st.text_input("Author", meta.author)
        if st.form_submit_button("Keep") and name.strip() and text.strip():
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


def _section(workspace: Workspace, profile: Profile, section: Section) -> None:
    lines: list[Statement] = getattr(profile, section.name)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"#### {section.title}")
        editing = st.toggle("Edit", key=f"profile.edit_{section.name}")
    if editing:
        _edit(workspace, profile, section)
        return
    if not lines:
        st.caption("Nothing yet.")
    for i, line in enumerate(lines):
        _line(section, line, i)


def _line(section: Section, line: Statement, i: int) -> None:
    words = " · ".join(md(getattr(line, name)) for name, _ in section.fields if getattr(line, name))
    if isinstance(line, Trait) and line.share_ideal is not None:
        others = f", others {rate(line.share_others)}" if line.share_others is not None else ""
        words += f" ({rate(line.share_ideal)}{others})"
    if isinstance(line, Share) and line.share is not None:
        words += f" ({rate(line.share)})"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"*{words}*" if line.is_assumption else words, width="content")
        dots = "●" * line.dots + "○" * (3 - line.dots) if not line.is_assumption else "○ assumption"
        st.button(
            dots,
            key=f"profile.why_{section.name}_{i}",
            type="tertiary",
            help="Show what stands behind this line",
            on_click=state.keep,
            args=("profile.chosen", (section.name, i)),
        )


def _edit(workspace: Workspace, profile: Profile, section: Section) -> None:
    lines: list[Statement] = getattr(profile, section.name)
    before = pd.DataFrame(
        [{label: getattr(line, name) or "" for name, label in section.fields} for line in lines],
        columns=[label for _, label in section.fields],
        dtype="str",
    )
    after = st.data_editor(
        before,
        key=f"profile.editor_{section.name}_{len(lines)}",
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "Kind": st.column_config.SelectboxColumn(
                options=["Functional", "Emotional", "Social"], required=True
            )
        },
    )
    if st.button("Keep changes", key=f"profile.keep_{section.name}", type="primary"):
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
    if old is None:
        return section.kind(**values, edited=True)
    if all(getattr(old, name) == value for name, value in values.items()):
        return old
    return old.model_copy(update=values | {"edited": True})


def _messages(workspace: Workspace, profile: Profile) -> None:
    st.markdown("#### What to tell them")
    columns = st.columns(3)
    for column, (part, title) in zip(columns, _MESSAGES, strict=True):
        lines: list[Statement] = getattr(profile.messaging, part)
        now = "\n".join(line.text for line in lines)
        text = column.text_area(title, now, key=f"profile.message_{part}_{hash(now)}", help="One line each.")
        if text != now:
            by_text = {line.text: line for line in lines}
            wanted = [line.strip() for line in text.splitlines() if line.strip()]
            kept = [by_text.get(line) or Statement(text=line, edited=True) for line in wanted]
            messaging = profile.messaging.model_copy(update={part: kept})
            versions.keep_draft(workspace, profile.model_copy(update={"messaging": messaging}))
            st.rerun()


# -- evidence ------------------------------------------------------------------------------------------


def _evidence(profile: Profile) -> None:
    st.markdown("#### Evidence")
    name, i = state.kept("profile.chosen", ("criteria", 0))
    lines = getattr(profile, name, None) if name != "criteria" else None
    if lines is not None and i < len(lines):
        line = lines[i]
        st.markdown(f"**{md(line.text)}**")
        evidence = line.evidence
    else:
        st.markdown(f"**{md(profile.criteria_words or 'all customers')}**")
        evidence = profile.criteria_evidence
    if evidence is None:
        st.markdown(
            "*Assumption.* Somebody wrote it; no data speaks of it yet. The Research page helps to ask for it."
        )
        return
    show_evidence(evidence)


_EFFECTS = {"ratio": times, "points": points, "score": score, "share": rate}


def show_evidence(evidence: Evidence) -> None:
    """n, interval, method, sources and quotes behind a statement."""
    evidence_dots(evidence.verdict, evidence.n)
    lines = []
    if evidence.n is not None:
        rest = f" beside {count(evidence.n_rest)} others" if evidence.n_rest else ""
        lines.append(f"{count(evidence.n)} customers{rest}")
    speak = _EFFECTS.get(evidence.effect_kind)
    if evidence.effect is not None and speak:
        lines.append(f"about {speak(evidence.effect)}")
        if evidence.effect_raw is not None and speak(evidence.effect_raw) != speak(evidence.effect):
            lines.append(f"{speak(evidence.effect_raw)} in this data, reduced for luck")
    if evidence.low is not None and evidence.high is not None:
        unit = "%" if evidence.effect_kind in ("share", "points") else None
        lines.append(interval_words(evidence.low, evidence.high, unit))
    if evidence.revenue_share is not None:
        lines.append(f"{rate(evidence.revenue_share)} of revenue behind it")
    for line in lines:
        st.markdown(f"- {md(line)}")
    if evidence.method:
        st.caption(md(evidence.method))
    if evidence.sources:
        st.caption("From " + md("; ".join(s for s in evidence.sources if s)))
    for quote in evidence.quotes:
        st.markdown(f"> {md(quote.text)}")
        st.caption(md(", ".join(p for p in (quote.signature, quote.source) if p)))
