"""The research kit: guide, survey, whom to ask, how many, and what the answers say of the hypotheses."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pandas as pd
import streamlit as st

from icp_core.charts import voice as charts
from icp_core.export.redact import shareable
from icp_core.facts.catalogue import Facts
from icp_core.profile import versions
from icp_core.profile.hypotheses import entered
from icp_core.profile.model import Profile, Statement
from icp_core.segments.conditions import Segment
from icp_core.segments.membership import members
from icp_core.stats.wording import count, figure, rate
from icp_core.voice import research_kit as kit
from icp_core.workspace import Workspace
from pages.components.downloads import download_bytes, download_csv
from pages.components.figures import Card, figure_strip, palette, show_chart
from pages.components.text import md, plain
from pages.components.voice_reading import answers

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_GROUPS = {"best": "Best", "average": "Average", "lost": "Lost"}
_TABLE_HEIGHT = 420
_USUAL_POPULATION = 500  # customers, until the real ones are known
_STATUS_ORDER = ("refuted", "open", "confirmed")
_STATUS = {
    "confirmed": ":material/check_circle: Confirmed",
    "refuted": ":material/cancel: Refuted",
    "open": ":material/help: Open",
}


def profile_of(workspace: Workspace) -> Profile | None:
    """The profile whose lines are the hypotheses: the draft, else the version in force."""
    draft = versions.draft_of(workspace)
    if draft is not None:
        return draft
    active = versions.active(workspace)
    return active.profile if active else None


def _offer(profile: Profile | None) -> str:
    return (profile.meta.offer if profile else "") or kit.OFFER


def expected_of(workspace: Workspace, profile: Profile | None) -> SimpleNamespace:
    """The lines customers can confirm or refute: those of the profile, and the hypotheses of the business plan."""
    # What is sent to customers names nobody who said it.
    profile = shareable(profile) if profile else None
    lines: dict[str, list] = {
        section: list(getattr(profile, section, ())) if profile else [] for section in kit.SECTIONS
    }
    for one in entered(workspace):
        if one.section in lines:
            lines[one.section].append(Statement(text=one.text))
    return SimpleNamespace(**lines)


def _without_hypotheses(expected: SimpleNamespace) -> None:
    if not kit.hypotheses(expected):
        st.info(
            "No hypotheses yet: the questions are general. Describe your ideal customer on the Profile page, "
            "then its lines become answers to choose from here.",
            icon=":material/target:",
        )
        st.page_link("pages/profile.py", label="Go to Profile", icon=":material/arrow_forward:")


# -- guide and survey --------------------------------------------------------------------------------


def guide_panel(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """Open questions by topic, with what to listen for."""
    profile = profile_of(workspace)
    expected = expected_of(workspace, profile)
    _without_hypotheses(expected)
    topics = dict(kit.topics())
    chosen = st.pills(
        "Topics", list(topics), format_func=lambda t: topics[t], selection_mode="multi", key="research.topics"
    )
    guide = kit.interview_guide(expected, _offer(profile), topics=chosen or None)
    _document(guide, "interview-guide", "guide")


def survey_panel(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """NPS with its reason, then the hypotheses as answers to choose from."""
    profile = profile_of(workspace)
    expected = expected_of(workspace, profile)
    _without_hypotheses(expected)
    questions = kit.survey(expected, _offer(profile))
    _document(kit.survey_document(questions), "survey", "survey", lambda: kit.survey_table(questions))
    st.caption(
        "Send it as it is: when the answers come back with these questions as headers, they are recognised and "
        "counted under “What came back”. Let the survey tool add the e-mail address, or customer_id from the list "
        "under “Whom to ask”: then the answers find their customers."
    )


def _document(
    document: kit.Document, name: str, key: str, table: Callable[[], pd.DataFrame] | None = None
) -> None:
    """A document to read and to download, as a table for a survey tool too where there is one."""
    with st.container(horizontal=True):
        download_bytes("Word", document.docx, f"{name}.docx", _WORD, key=f"research.{key}_docx")
        download_bytes(
            "Markdown",
            lambda: document.markdown().encode(),
            f"{name}.md",
            "text/markdown",
            key=f"research.{key}_md",
        )
        if table is not None:
            download_csv("CSV for a survey tool", table, f"{name}.csv", key=f"research.{key}_csv")
    shows = {
        "heading": "### {}",
        "text": "{}",
        "item": "- {}",
        "tick": "- :material/check_box_outline_blank: {}",
        "line": "\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_",
    }
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"## {md(document.title)}")
        lines: list[str] = []
        for kind, text in document.blocks:
            if kind not in ("item", "tick") and lines:
                st.markdown("\n".join(lines))
                lines = []
            shown = shows[kind].format(md(text))
            if kind in ("item", "tick"):
                lines.append(shown)
            else:
                st.markdown(shown)
        if lines:
            st.markdown("\n".join(lines))


# -- whom and how many -------------------------------------------------------------------------------


def people_panel(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """Customers to ask: best, average and lost in equal parts, in and outside the segment."""
    if not len(facts):
        st.info(
            "The list is drawn from your customers: load them on the Data page. Until then ask people you know who "
            "bought, who nearly bought, and who left.",
            icon=":material/upload_file:",
        )
        st.page_link("pages/data.py", label="Go to Data", icon=":material/arrow_forward:")
        return
    n = st.number_input(
        "How many customers?",
        min_value=3,
        max_value=max(3, min(500, len(facts))),
        value=min(30, max(3, len(facts))),
        step=3,
        key="research.n_people",
        help="Twelve interviews usually bring up all main themes of one kind of customer; six bring up the largest.",
    )
    skip = st.toggle("Leave out those who answered a survey", key="research.skip_answered")
    left_out = set(answers(workspace).frame["customer_id"].dropna()) if skip else set()
    value = next((v for v in ("ltv", "revenue", "mrr") if facts.has(v)), "ltv")
    table = kit.whom_to_ask(
        facts, members(facts, segment) if segment else None, n=int(n), value=value, leave_out=left_out
    )
    if table.empty:
        st.info(
            "Nobody is left to ask. Take the switch back, or load more customers.",
            icon=":material/group_off:",
        )
        return
    sizes = table["group"].value_counts()
    st.markdown(" · ".join(f"{label} {count(sizes.get(group, 0))}" for group, label in _GROUPS.items()))
    shown = table.assign(
        group=table["group"].map(_GROUPS), value=[figure(v, facts.currency) for v in table["value"]]
    )
    st.dataframe(
        shown[["group", "customer_name", "value", "why"]],
        hide_index=True,
        height=min(_TABLE_HEIGHT, 35 * (len(shown) + 1) + 3),
        column_config={
            "group": "Group",
            "customer_name": "Customer",
            "value": plain(facts.catalogue[value].label) if value in facts.catalogue else "Value",
            "why": st.column_config.TextColumn("Why", width="large"),
        },
    )
    st.caption(
        "Drawn at random within each group, so that the list does not favour those you know. The same data gives the same list."
    )
    download_csv("Download CSV", lambda: table, "whom-to-ask.csv", key="research.people_csv")


def sample_panel(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """How many answers and invitations a survey takes."""
    n_customers = int(members(facts, segment).sum()) if len(facts) else _USUAL_POPULATION
    left, right = st.columns(2, gap="large")
    with left:
        measure = st.segmented_control(
            "What do you want to know?",
            ["A share", "An NPS"],
            default="A share",
            key="research.measure",
            help="A share: how many have a problem, a wish, a habit.",
        )
        people = st.number_input(
            "How many could be asked?",
            min_value=1,
            value=max(1, n_customers),
            step=10,
            key="research.population",
        )
    with right:
        is_share = measure != "An NPS"
        margin = st.slider(
            "How exact? (± points)",
            1 if is_share else 2,
            20 if is_share else 40,
            5 if is_share else 10,
            key=f"research.margin_{'share' if is_share else 'nps'}",
        )
        response = st.slider(
            "Share who will answer, %", 1, 100, 30, key="research.response", help=kit.RULE_OF_THUMB_SOURCE
        )
    plan = kit.sample_plan(
        int(people),
        margin=margin / 100 if is_share else float(margin),
        response_rate=response / 100,
        measure="share" if is_share else "nps",
    )
    best = f"±{plan.best_margin * (100 if is_share else 1):.0f} points"
    figure_strip(
        [
            Card(
                "Answers needed",
                count(plan.answers),
                f"of {count(plan.population)}",
                of_segment=False,
                tip=("n₀ = 1.96² p(1 − p) ÷ margin², less for a small population (Cochran 1977).",),
            ),
            Card(
                "Invitations",
                count(plan.invitations),
                f"at {rate(plan.response_rate)} answering",
                of_segment=False,
                tip=(kit.RULE_OF_THUMB_SOURCE,),
            ),
            Card(
                "Asking everybody",
                best,
                "at that response rate",
                of_segment=False,
                tip=("The likely error when all are invited and this share answers.",),
            ),
        ],
        label="Sample size",
    )
    st.markdown(md(plan.words))
    st.caption(kit.RULE_OF_THUMB_SOURCE)


# -- what came back ----------------------------------------------------------------------------------


def answers_panel(workspace: Workspace, facts: Facts, segment: Segment) -> None:
    """Each hypothesis of the profile: confirmed, refuted or open, with n, as on the one-pager."""
    profile = profile_of(workspace)
    lines = expected_of(workspace, profile)
    expected = kit.hypotheses(lines)
    if not expected:
        _without_hypotheses(lines)
        return
    found = answers(workspace)
    ideal = None
    if profile is not None and profile.criteria and len(facts):
        criteria, _ = profile.criteria.known_to(facts.catalogue)
        ideal = set(facts.frame["customer_id"][members(facts, criteria)])
    table = kit.check_hypotheses(expected, found.frame, found.asked, offer=_offer(profile), ideal=ideal)
    table = table.sort_values("n_asked", key=lambda n: n.eq(0), kind="stable", ignore_index=True)
    asked = table[table["n_asked"] > 0]
    if asked.empty:
        st.info(
            f"None of the {count(len(table))} hypotheses was asked yet. Send the survey, then load the answers on the Data page: "
            "each hypothesis is then confirmed, refuted or open.",
            icon=":material/quiz:",
        )
        st.page_link("pages/data.py", label="Go to Data", icon=":material/arrow_forward:")
    else:
        sizes = asked["status"].value_counts()
        st.markdown(" · ".join(f"{_STATUS[s]} {count(sizes.get(s, 0))}" for s in reversed(_STATUS_ORDER)))
        chart = charts.share_pairs(
            charts.of_hypotheses(asked),
            palette().name,
            title="How many of those asked chose it",
            of="answers",
            second=None,
        )
        show_chart(chart, key="research.chart_answers", height=charts.height_of(chart))
    rounded = table.assign(**{name: table[name].astype(float).round(3) for name in ("share", "low", "high")})
    shown = rounded.assign(
        status=[
            _STATUS_WORDS[s] if n else "Not asked yet"
            for s, n in zip(table["status"], table["n_asked"], strict=True)
        ]
    )
    st.dataframe(
        shown[["status", "label", "text", "n", "n_asked", "share", "low", "high"]],
        hide_index=True,
        height=min(_TABLE_HEIGHT, 35 * (len(shown) + 1) + 3),
        column_config={
            "status": "Verdict",
            "label": "What",
            "text": st.column_config.TextColumn("Hypothesis", width="large"),
            "n": st.column_config.NumberColumn("Chose it", format="localized"),
            "n_asked": st.column_config.NumberColumn("Asked", format="localized"),
            "share": st.column_config.NumberColumn("Share", format="percent"),
            "low": st.column_config.NumberColumn("Likely from", format="percent"),
            "high": st.column_config.NumberColumn("to", format="percent"),
        },
    )
    st.caption(
        f"Confirmed: likely at least {rate(kit.ENOUGH_SHARE)} of those asked chose it, or half the share that the "
        "profile names when that is less. Refuted: likely fewer. "
        "Open: too few were asked, or the range holds both." + _WHOSE[bool(table["of_ideal"].any())]
    )
    download_csv("Download CSV", lambda: shown, "hypotheses.csv", key="research.hypotheses_csv")


_WHOSE = {
    True: " Counted are the ideal customers; where none of them was asked, everybody who answered. The same marks "
    "stand in the profile and on the one-pager.",
    False: " Counted is everybody who answered. The same marks stand in the profile and on the one-pager.",
}
_STATUS_WORDS = {"confirmed": "Confirmed", "refuted": "Refuted", "open": "Open"}
