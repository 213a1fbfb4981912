"""The list of prospects: key figures, histogram, filters, table, one prospect in detail, downloads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from icp_core.charts import prospects as charts
from icp_core.export.crm import csv_bytes
from icp_core.export.workbook import workbook
from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Profile
from icp_core.prospects import fit, lists, refusals, tiers
from icp_core.prospects.comparable import Prospects, only
from icp_core.prospects.encode import score
from icp_core.prospects.questions import known_counts, questions
from icp_core.prospects.sheet import live_scores
from icp_core.stats.wording import count, rate
from icp_core.workspace import Workspace
from pages.components import prospect_tiers, state
from pages.components.downloads import XLSX, download_bytes, download_csv
from pages.components.figures import Card, figure_strip, palette, show_chart
from pages.components.prospect_data import Now
from pages.components.text import md, plain

_SHOWN = 300
_NEW, _CUSTOMERS, _REPEATS = "Prospects", "Customers already", "Twice on the list"
_ALL, _NOT_REFUSED, _MAY_BE, _REFUSED = "All", "Not refused", "May be refused", "Refused"
_REFUSALS = (_ALL, _NOT_REFUSED, _MAY_BE, _REFUSED)


def head(workspace: Workspace, now: Now) -> None:
    """What the points rest on, what was moved by hand, and the list in six figures."""
    card = now.card
    st.markdown(md(card.message or "The points come from the ICP's criteria."))
    if not now.ready.has_profile:
        st.page_link(
            "pages/profile.py",
            label="No ICP yet: choose one, and its criteria count too",
            icon=":material/target:",
        )
    prospect_tiers.moved_by_hand(workspace, now)
    if not len(now.prospects) or not card.used:
        return
    if not fit.tells(now.prospects, card):
        st.warning(
            "The list has nothing that the score looks at, so nobody can be told from anybody. "
            "Under “Points” you can say which column is which.",
            icon=":material/view_column:",
        )
    fresh = now.fresh
    n = int(fresh.sum())
    fits = int((fit.fits(card, now.prospects) & fresh).sum())
    a = prospect_tiers.tier_of_card(now, "A")
    n_a = int(((now.ranked["tier"] == "A") & fresh).sum())
    held, total = now.prospects.held, len(now.prospects)
    refused = int((refusals.refused(held, total) & fresh).sum())
    undecided = int((refusals.open_to_refusal(held, total) & fresh).sum())
    customers = int(now.prospects.relations.is_customer.sum())
    known = [
        Card("New prospects", count(n), f"{count(len(now.prospects))} rows count", of_segment=False,
             tip=("Rows that are neither customers already nor on the list twice.",)),
        Card("Tier A", count(n_a), f"from {card.thresholds['A']} points", tip=(tiers.times_words(a),)),
        Card("Meet the whole ICP", count(fits), f"{rate(fits / max(1, n))} of the list",
             tip=("Share of a typical list that fits. Times all companies in your market, it is the market you can serve.",)),
        Card("Refused", count(refused), f"{count(undecided)} more may be" if undecided else "meet a disqualifier",
             of_segment=False,
             tip=("They meet a disqualifier and are in tier D whatever their points.",
                  *(["Of the others it takes an answer; the list says which."] if undecided else []))),
        Card("Customers already", count(customers), "shown apart", of_segment=False,
             tip=("Matched by web domain, e-mail address or name.",)),
    ]  # fmt: skip
    if card.checks.auc is not None:
        low, high = card.checks.auc_low, card.checks.auc_high
        known.append(
            Card("Told apart", rate(card.checks.auc), "of pairs; luck 50 %", of_segment=False,
                 tip=("On customers set aside: how often a good one scores higher than another.",
                      f"Likely {rate(low)} to {rate(high)}."))
        )  # fmt: skip
    figure_strip(known, label="The list at a glance")


def listing(workspace: Workspace, now: Now, profile: Profile | None, facts: Facts) -> None:
    """Histogram, filters, table, drawer, downloads; or what to do when no list is loaded."""
    if not len(now.prospects):
        st.info(
            "No prospect list is loaded yet. Drop a lead list from your CRM on the Data page: any columns, any order. "
            "Or try one company under “One opportunity”.",
            icon=":material/upload_file:",
        )
        st.page_link("pages/data.py", label="Go to Data", icon=":material/arrow_forward:")
        return
    if not now.card.used:
        st.info(
            f"{count(len(now.prospects))} prospects are loaded. They get points as soon as an ICP is chosen, "
            "or a weight is given by hand under “Points”.",
            icon=":material/target:",
        )
        return
    prospect_tiers.spread(workspace, now)
    rows = _filtered(now)
    _table(now, rows)
    _downloads(workspace, now, rows, profile, facts)


def _filtered(now: Now) -> np.ndarray:
    """Positions of the rows to show, best first."""
    known = now.prospects.relations
    with st.container(horizontal=True, vertical_alignment="bottom"):
        who = (
            st.segmented_control(
                "Show",
                [_NEW, _CUSTOMERS, _REPEATS],
                default=state.kept("prospects.who", _NEW),
                key="prospects.who_choice",
                on_change=lambda: state.keep("prospects.who", state.widget("prospects.who_choice") or _NEW),
            )
            or _NEW
        )
        chosen = st.pills("Tier", list(tiers.NAMES), selection_mode="multi", key="prospects.tiers")
        least = st.selectbox(
            "At least known",
            list(range(len(now.card.attributes) + 1)),
            format_func=lambda k: "anything" if k == 0 else f"{k} of {len(now.card.attributes)}",
            key="prospects.known",
        )
        refused = st.selectbox("Refusals", _REFUSALS, key="prospects.refused")
        search = st.text_input("Search", key="prospects.search", placeholder="Name of a company")
    keep = {
        _NEW: now.fresh,
        _CUSTOMERS: known.is_customer,
        _REPEATS: known.is_duplicate & ~known.is_customer,
    }[who]
    if chosen:
        keep = keep & now.ranked["tier"].isin(chosen).to_numpy()
    if least:
        keep = keep & (known_counts(now.prospects, now.card) >= least)
    keep = keep & _by_refusal(now.prospects, refused)
    if search:
        keep = keep & np.array([search.casefold() in name.casefold() for name in now.ready.names])
    order = np.lexsort((-now.ranked["high"], -now.ranked["fit_points"], now.ranked["tier"]))
    return order[keep[order]]


def _by_refusal(prospects: Prospects, wanted: str) -> np.ndarray:
    held, n = prospects.held, len(prospects)
    return {
        _ALL: lambda: np.ones(n, dtype=bool),
        _NOT_REFUSED: lambda: ~refusals.refused(held, n),
        _MAY_BE: lambda: refusals.open_to_refusal(held, n),
        _REFUSED: lambda: refusals.refused(held, n),
    }[wanted]()


def _details(now: Now, rows: np.ndarray) -> pd.DataFrame:
    return fit.score_prospects(only(now.prospects, rows), now.card)


def _table(now: Now, rows: np.ndarray) -> None:
    if not len(rows):
        st.info("Nobody on the list meets these filters.", icon=":material/filter_alt_off:")
        return
    shown = rows[:_SHOWN]
    scored = _details(now, shown)
    names = [now.ready.names[i] for i in shown]
    frame = pd.DataFrame(
        {
            "Tier": scored["tier"],
            "Score": scored["fit_points"],
            "Name": names,
            "For": [_half(text, "For: ") for text in scored["reasons"]],
            "Against": [_half(text, "Against: ") for text in scored["reasons"]],
            "Refused because": scored["disqualified_by"],
            "May be refused": scored["may_be_refused"],
            "Can become": [
                f"{a}–{b}" if a != b else "" for a, b in zip(scored["low"], scored["high"], strict=True)
            ],
            "Known": scored["known_attributes"],
            "Ask next": scored["ask_next"],
            "Mind": [
                f"Customer: {c}" if c else o
                for c, o in zip(scored["customer"], scored["outside"], strict=True)
            ],
        }
    )
    frame = frame.loc[:, [c for c in frame if c in ("Tier", "Score", "Name") or (frame[c] != "").any()]]
    event = st.dataframe(
        frame,
        placeholder="",
        hide_index=True,
        height=420,
        key="prospects.table",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Tier": st.column_config.TextColumn(width=45),
            "Score": st.column_config.ProgressColumn(min_value=0, max_value=100, format="%d", width=110),
            "Name": st.column_config.TextColumn(width="medium"),
            "For": st.column_config.TextColumn(width=330),
            "Against": st.column_config.TextColumn(width=330),
            "Ask next": st.column_config.TextColumn(width="medium"),
            "Refused because": st.column_config.TextColumn(width="medium"),
            "May be refused": st.column_config.TextColumn(width="medium"),
        },
    )
    more = f" of {count(len(rows))}" if len(rows) > len(shown) else ""
    st.caption(f"{count(len(shown))}{more} shown, best first. Choose a row to see how its score adds up.")
    picked = event.selection.rows
    if picked and picked[0] < len(shown):
        state.link("prospect", _link_of(now, int(shown[picked[0]])))
        _drawer(now, int(shown[picked[0]]))
    else:
        at = _linked(now)
        if at is not None:
            _drawer(now, at)


def _half(reasons: str, which: str) -> str:
    """The reasons for, or those against, without the word."""
    found = next((part for part in reasons.split(". Against: ") if part), "")
    if which == "For: ":
        return found.removeprefix("For: ") if found.startswith("For: ") else ""
    if reasons.startswith("Against: "):
        return reasons.removeprefix("Against: ")
    return reasons.split(". Against: ", 1)[1] if ". Against: " in reasons else ""


def _link_of(now: Now, i: int) -> str:
    row = now.ready.loaded.frame.iloc[i]
    return f"{int(row['import_id'])}-{int(row['_row'])}"


def _linked(now: Now) -> int | None:
    wanted = state.linked("prospect")
    if not wanted:
        return None
    frame = now.ready.loaded.frame
    keys = frame["import_id"].astype("int64").astype(str) + "-" + frame["_row"].astype("int64").astype(str)
    at = np.flatnonzero((keys == wanted).to_numpy())
    if not len(at):
        st.caption("The link points at a prospect that is no longer on the list.")
        return None
    return int(at[0])


def _drawer(now: Now, i: int) -> None:
    one = only(now.prospects, np.array([i]))
    with st.container(border=True):
        st.markdown(f"## {md(now.ready.names[i])}")
        verdict(now, one, key="row")
        st.page_link(
            "pages/prospects.py",
            label="Link to this prospect",
            icon=":material/link:",
            query_params={"prospect": _link_of(now, i)},
            help="Copy the address of this link to send the prospect to a colleague who works in the same workspace.",
        )


def verdict(now: Now, one: Prospects, *, key: str) -> None:
    """One prospect: tier and range in words, the arithmetic, what to ask."""
    scored = fit.score_prospects(one, now.card).iloc[0]
    span = ""
    if scored["low"] != scored["high"]:
        span = f", between {scored['low']} and {scored['high']} once all is known"
    promise = tiers.times_words(prospect_tiers.tier_of_card(now, scored["tier"]))
    st.markdown(
        f"**Tier {scored['tier']} · {scored['fit_points']} of 100**{span}. {md(promise[:1].upper() + promise[1:])}."
    )
    if scored["disqualified_by"]:
        st.error(f"Refused: {md(scored['disqualified_by'])}", icon=":material/block:")
    for words in refusals.possible(one.held, now.card):
        st.warning(md(words), icon=":material/help:")
    if scored["is_customer"]:
        st.info(f"A customer already: {md(scored['customer'])}.", icon=":material/handshake:")
    if scored["outside"]:
        st.warning(f"Outside what we know. {md(scored['outside'])}", icon=":material/explore:")
    left, right = st.columns([1.4, 1], gap="large")
    parts = fit.arithmetic(one, now.card)
    with left:
        show_chart(
            charts.arithmetic(
                [(plain(w), p) for w, p in parts], now.card.base, int(scored["fit_points"]), palette().name
            ),
            key=f"prospects.chart_{key}_{len(parts)}",
            height=60 + 30 * (len(parts) + 2),
        )
    with right:
        st.markdown("**Ask next**")
        asked = questions(one, now.card, score(now.card, one.encoded))
        if not asked:
            st.markdown("Nothing open moves the score.")
        for each in asked:
            st.markdown(f"- {md(each.apart)}")


# -- out -------------------------------------------------------------------------------------------


def _downloads(
    workspace: Workspace, now: Now, rows: np.ndarray, profile: Profile | None, facts: Facts
) -> None:
    frame = now.ready.loaded.frame

    def scored() -> pd.DataFrame:
        return fit.score_prospects(now.prospects, now.card)

    with st.container(horizontal=True):
        for import_id in frame["import_id"].drop_duplicates().astype(int).tolist():
            name = lists.file_name(workspace, import_id)
            download_bytes(
                f"{md(name)} with scores",
                lambda import_id=import_id: csv_bytes(
                    lists.download_frame(workspace, import_id, now.ready.loaded, scored())
                ),
                "scored-prospects.csv",
                "text/csv",
                key=f"prospects.download_{import_id}",
            )
        download_csv(
            "Top 100 by tier",
            lambda: lists.printed(now.ready.loaded, scored(), now.card, rows=_top(now)),
            "top-100.csv",
            key="prospects.download_top",
        )
        if profile is not None:
            download_bytes(
                "Workbook",
                lambda: workbook(
                    profile,
                    facts,
                    prospects=lists.printed(now.ready.loaded, scored(), now.card),
                    scorecard=live_scores(now.card, now.prospects, now.ready.names),
                ),
                "prospects.xlsx",
                XLSX,
                key="prospects.download_workbook",
            )
        download_csv(
            "Rows shown",
            lambda: lists.printed(now.ready.loaded, scored(), now.card, rows=rows),
            "prospects.csv",
            key="prospects.download_rows",
        )
    st.caption(
        "The first keeps every row, column and the order of your file, ready for import into HubSpot, Salesforce or Pipedrive. "
        "In the workbook the weights are live: change one, and the scores follow."
    )


def _top(now: Now) -> np.ndarray:
    order = np.lexsort((-now.ranked["fit_points"], now.ranked["tier"]))
    return order[now.fresh[order]][:100]
