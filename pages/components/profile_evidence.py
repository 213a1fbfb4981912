"""Evidence on demand: what stands behind the chosen statement, with its customers and where it comes from."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from icp_core.export.privacy import answers_without_persons
from icp_core.facts.catalogue import Facts
from icp_core.profile import hypotheses
from icp_core.profile.behind import AMONG_ALL, Line, customers_behind, line_at
from icp_core.profile.hear import hear
from icp_core.profile.model import Evidence, Profile
from icp_core.stats.wording import count, interval_words, points, rate, score, times
from icp_core.workspace import Workspace
from pages.components import cached, state
from pages.components.downloads import download_csv
from pages.components.figures import evidence_dots
from pages.components.text import md

_EFFECTS = {"ratio": times, "points": points, "score": score, "share": rate}
_UNITS = {"share": "%", "points": "%", "ratio": "×", "score": "nps"}
_MOST_ROWS = 200
_NOTHING = ("criteria", 0)
_FIRST = ("customer_id", "customer_name", "said", "source")


def evidence_panel(workspace: Workspace, facts: Facts, profile: Profile) -> None:
    """The line chosen in the document: its strength, numbers, method, files, quotes and customers."""
    name, i = state.kept("profile.chosen", _NOTHING)
    line = line_at(profile, name, i, facts)
    if line is None:
        (name, i), line = _NOTHING, line_at(profile, "criteria")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("## Evidence")
        if name != "criteria":
            st.button(
                "Close",
                key="profile.why_close",
                type="tertiary",
                icon=":material/close:",
                on_click=state.keep,
                args=("profile.chosen", _NOTHING),
            )
    st.markdown(f"**{md(line.words)}**")
    if name == "criteria":
        st.caption("Click the dots beside a line to see what stands behind it.")
    if line.evidence is None:
        _assumption(workspace, name, line)
        return
    show_evidence(line.evidence, line.unit)
    _customers(workspace, facts, profile, name, line.evidence)


def why(section: str, i: int, label: str) -> None:
    """The button that shows what stands behind a line, in the column beside the document."""
    st.button(
        md(label),
        key=f"profile.why_{section}_{i}",
        type="tertiary",
        help="Show what stands behind this line",
        on_click=state.keep,
        args=("profile.chosen", (section, i)),
    )


def _assumption(workspace: Workspace, name: str, line: Line) -> None:
    st.markdown("*Assumption.* Somebody wrote it; no data speaks of it yet.")
    if name not in hypotheses.SECTION_TITLES:
        st.caption("The Research page helps to ask for it.")
        return
    known = {(h.section, h.text) for h in hypotheses.entered(workspace)}
    if (name, line.words) in known:
        st.caption("It is a question now: the survey of the Research page asks for it.")
        st.page_link("pages/research.py", label="Go to Research", icon=":material/arrow_forward:")
    elif st.button(
        "Ask customers about it",
        key="profile.ask",
        disabled=workspace.is_read_only,
        icon=":material/help:",
        help="It becomes a hypothesis and a question of the survey; answers confirm or refute it.",
    ):
        hypotheses.enter(workspace, line.words, section=name)
        st.rerun()


def show_evidence(evidence: Evidence, unit: str | None = None) -> None:
    """n, interval, method, sources and quotes behind a statement; ``unit`` is that of a range that names none."""
    evidence_dots(evidence.verdict, evidence.n)
    lines = []
    if evidence.n is not None:
        rest = f" beside {count(evidence.n_rest)} others" if evidence.n_rest else ""
        of = evidence.of.removesuffix("s") if evidence.n == 1 else evidence.of
        lines.append(f"{count(evidence.n)} {of}{rest}")
    speak = _EFFECTS.get(evidence.effect_kind)
    if evidence.effect is not None and speak:
        of_whom = " of those who spoke of such things" if evidence.sentence_ids else ""
        lines.append(f"about {speak(evidence.effect)}{of_whom}")
        if evidence.effect_raw is not None and speak(evidence.effect_raw) != speak(evidence.effect):
            lines.append(f"{speak(evidence.effect_raw)} in this data, reduced for luck")
    if evidence.low is not None and evidence.high is not None:
        unit = _UNITS.get(evidence.effect_kind, unit)
        lines.append(interval_words(evidence.low, evidence.high, unit))
    if evidence.revenue_share is not None:
        lines.append(f"{rate(evidence.revenue_share)} of revenue behind it")
    st.markdown("\n".join(f"- {md(line)}" for line in lines))
    if evidence.method:
        st.caption(md(evidence.method))
    if evidence.sources:
        st.caption("From " + md("; ".join(s for s in evidence.sources if s)))
    for quote in evidence.quotes:
        st.markdown(f"> {md(quote.text)}")
        st.caption(md(", ".join(p for p in (quote.signature, quote.source) if p)))


def _customers(workspace: Workspace, facts: Facts, profile: Profile, name: str, evidence: Evidence) -> None:
    if evidence.of == "prospects":
        st.page_link("pages/prospects.py", label="See them one by one", icon=":material/arrow_forward:")
        return
    codes = _codes(workspace, facts, profile) if evidence.sentence_ids else None
    names = _account_names(workspace, facts) if evidence.customer_ids else None
    found = customers_behind(
        facts, profile.criteria, evidence, codes, among_all=name in AMONG_ALL, names=names
    )
    if not len(found):
        return
    deals = evidence.of != "customers"
    title = "Sentences" if evidence.sentence_ids else "Accounts" if deals else "Customers"
    with st.expander(f"{title} behind it ({count(len(found))})"):
        labels = {c: facts.catalogue[c].label if c in facts.catalogue else None for c in found.columns}
        labels |= {"said": "Said", "source": "From", "customer_name": "Customer"}
        order = ["customer_name", "said", "source", *(c for c in found.columns if c not in _FIRST)]
        st.dataframe(
            found.head(_MOST_ROWS),
            placeholder="",
            hide_index=True,
            column_order=[c for c in order if c in found.columns],
            column_config={c: st.column_config.Column(label) for c, label in labels.items() if label},
        )
        if len(found) > _MOST_ROWS:
            st.caption(f"The first {_MOST_ROWS} are shown; the download holds all {count(len(found))}.")
        download_csv(
            "Download",
            lambda: answers_without_persons(found, facts, words="said"),
            "behind-the-statement.csv",
            key="profile.behind",
        )


def _codes(workspace: Workspace, facts: Facts, profile: Profile) -> pd.DataFrame:
    """Coded sentences of the ideal customers, read once per state of data, criteria and decisions."""
    key = (facts.fingerprint, profile.criteria, len(workspace.decisions("code")))
    kept = state.kept("profile.codes")
    if kept is None or kept[0] != key:
        kept = (key, hear(workspace, facts, profile.criteria).codes)
        state.keep("profile.codes", kept)
    return kept[1]


def _account_names(workspace: Workspace, facts: Facts) -> pd.Series | None:
    """Names by id of all accounts, those that never bought included: deals with them are lost, too."""
    accounts = cached.history_of(
        str(workspace.path), workspace.facts_fingerprint(), facts.as_of, workspace
    ).accounts
    if accounts is None or not {"customer_id", "customer_name"} <= set(accounts.columns):
        return None
    return accounts.drop_duplicates("customer_id").set_index("customer_id")["customer_name"]
