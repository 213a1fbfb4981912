"""Unit economics: what customers cost to win, how fast that pays back, and how deals are won and lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_core.errors import NotEnoughDataError, UnknownColumnError
from icp_core.facts.catalogue import Facts
from icp_core.facts.columns import numbers, per_month
from icp_core.facts.winners import known_only_for_winners
from icp_core.stats.intervals import median_interval, wilson
from icp_core.stats.wording import count, rate

# Ways in which a customer comes by itself; everything else that is known was fetched.
_INBOUND = (
    r"organic|inbound|website|web ?site|webinar|content|blog|seo|direct traffic|^direct$|word of mouth|referral|referred"
    r"|empfehlung|recommend|social|newsletter|community|review|marketplace|contact form|sign.?up|self.?serve|pr\b"
)
# An attribute filled for winners this much more often than for losers was written after the win.


@dataclass(frozen=True)
class UnitEconomics:
    """Economics of a group of customers; money in the workspace currency, NaN (None) where not known.

    ``cac`` is the average cost of winning one (a sum divided by a count, so that it adds up), ``cac_typical`` the
    median; ``ltv_cac`` compares averages of the customers where both are known; ``payback_months`` is the average
    cost over the average value per month; ``cycle_days`` the median with its range.
    """

    n: int
    ltv: float
    ltv_typical: float
    cac: float
    cac_typical: float
    n_cac: int
    ltv_cac: float
    payback_months: float
    cycle_days: float
    cycle_low: float
    cycle_high: float
    n_cycle: int
    won: int
    lost: int
    open: int
    win_rate: float
    win_low: float
    win_high: float
    inbound: float
    inbound_low: float
    inbound_high: float
    n_source: int


def unit_economics(
    facts: Facts, mask=None, accounts: pd.DataFrame | None = None, accounts_mask=None
) -> UnitEconomics:
    """Economics of the customers in ``mask`` (all without one).

    Win rates need the accounts that never bought, too: ``accounts`` is the table of all accounts with the columns of
    the facts (see ``engine.run``), ``accounts_mask`` the same segment there. Without it the win rate is blank.
    """
    inside = np.ones(len(facts), dtype=bool) if mask is None else np.asarray(mask, dtype=bool)
    frame = facts.frame[inside]
    ltv, cac = numbers(frame, "ltv"), numbers(frame, "cac")
    monthly = per_month(facts, floor_months=1.0)[inside]
    both = np.isfinite(ltv) & np.isfinite(cac)
    paid = np.isfinite(monthly) & np.isfinite(cac)
    cycle = numbers(frame, "sales_cycle_days")
    cycle = cycle[np.isfinite(cycle)]
    won, lost, undecided = _deal_counts(accounts, accounts_mask)
    win_low, win_high = wilson(won, won + lost)
    inbound, n_source = _inbound(frame)
    inbound_low, inbound_high = wilson(inbound, n_source)
    return UnitEconomics(
        n=len(frame),
        ltv=_mean(ltv),
        ltv_typical=_median(ltv),
        cac=_mean(cac),
        cac_typical=_median(cac),
        n_cac=int(np.isfinite(cac).sum()),
        ltv_cac=_over(_mean(ltv[both]), _mean(cac[both])),
        payback_months=_over(_mean(cac[paid]), _mean(monthly[paid])),
        cycle_days=_median(cycle),
        cycle_low=median_interval(cycle).low,
        cycle_high=median_interval(cycle).high,
        n_cycle=len(cycle),
        won=won,
        lost=lost,
        open=undecided,
        win_rate=_over(won, won + lost),
        win_low=win_low,
        win_high=win_high,
        inbound=_over(inbound, n_source),
        inbound_low=inbound_low,
        inbound_high=inbound_high,
        n_source=n_source,
    )


def _filled_after_the_sale(accounts: pd.DataFrame, attribute: str) -> str | None:
    if attribute not in accounts.columns:
        raise UnknownColumnError(attribute, accounts.columns)
    won, lost = numbers(accounts, "deals_won"), numbers(accounts, "deals_lost")
    winners, losers = np.nan_to_num(won) > 0, (np.nan_to_num(lost) > 0) & ~(np.nan_to_num(won) > 0)
    filled = accounts[attribute].notna().to_numpy(bool)
    return known_only_for_winners(attribute, filled[winners], filled[losers])


def win_rate_by(accounts: pd.DataFrame, attribute: str) -> pd.DataFrame:
    """Win rate by the levels of an attribute, highest first; open deals count nowhere.

    ``accounts`` holds all accounts, also those that never bought, with deals_won and deals_lost. Returns group, won,
    lost, decided, rate, low, high (Wilson). Raises ``NotEnoughDataError`` with the reason for an attribute that is
    known only for winners.
    """
    reason = _filled_after_the_sale(accounts, attribute)
    if reason:
        raise NotEnoughDataError(reason)
    part = accounts[[attribute, "deals_won", "deals_lost"]].dropna(subset=[attribute])
    if len(part) and isinstance(part[attribute].iloc[0], (list, tuple, np.ndarray)):
        part = part.explode(attribute).dropna(subset=[attribute])
    sums = part.groupby(part[attribute].astype(str))[["deals_won", "deals_lost"]].sum()
    table = pd.DataFrame(
        {
            "group": sums.index.to_numpy(),
            "won": sums["deals_won"].to_numpy(int),
            "lost": sums["deals_lost"].to_numpy(int),
        }
    )
    table["decided"] = table["won"] + table["lost"]
    table = table[table["decided"] > 0].reset_index(drop=True)
    return _with_rate(table, "won", "decided").sort_values(
        ["rate", "decided", "group"], ascending=[False, False, True], kind="stable", ignore_index=True
    )


def lost_reasons(deals: pd.DataFrame) -> pd.DataFrame:
    """Why deals were lost, most frequent first: reason, n, share (of lost deals with a reason), amount, low, high.

    ``deals`` has one row per deal (see ``engine.deals_frame``). The reason "not given" comes last and has no share.
    """
    lost = deals[deals["outcome"] == "lost"]
    reason = lost["lost_reason"].fillna("").astype(str).str.strip()
    said = reason[reason != ""]
    counts = said.value_counts()
    amounts = lost["amount"].groupby(reason).sum(min_count=1)
    names = sorted(counts.index, key=lambda name: (-counts[name], name))
    table = pd.DataFrame({"reason": names, "n": [int(counts[n]) for n in names]})
    table["share"] = table["n"] / max(len(said), 1)
    table["amount"] = [float(amounts.get(name, np.nan)) for name in names]
    table["low"], table["high"] = wilson(table["n"], np.full(len(table), len(said)))
    silent = len(lost) - len(said)
    if silent:
        blank = float(amounts.get("", np.nan))
        table.loc[len(table)] = ["not given", silent, np.nan, blank, np.nan, np.nan]
    return table


def funnel(deals: pd.DataFrame) -> pd.DataFrame:
    """Where deals stand and where they are lost, by stage, in the order of the pipeline.

    Returns stage, n (deals that reached it or a later stage, as far as exports tell), open, lost (deals whose last
    stage it was), drop_out (lost / n, 0–1), low, high. The order is that of the stages' mean probability, else of how
    many deals stand in them. Exports that keep only "lost" as the last stage cannot tell where: then lost is 0
    and one row "lost, stage not kept" holds them.
    """
    stage = deals["stage"].fillna("").astype(str).str.strip()
    names_end = stage.str.lower().str.contains(r"\b(?:lost|won|verloren|gewonnen|perdu|gagn)", regex=True) | (
        stage == ""
    )
    table = pd.DataFrame(
        {"stage": stage, "outcome": deals["outcome"], "probability": numbers(deals, "probability")}
    )
    inside = table[~names_end.to_numpy()].assign(
        **{o: table["outcome"].eq(o) for o in ("open", "lost", "won")}
    )
    # Sums of yes/no stay whole numbers also where no deal stands in a stage.
    counts = inside.groupby("stage").agg(
        open=("open", "sum"), lost=("lost", "sum"), won=("won", "sum"), probability=("probability", "mean")
    )
    counts["here"] = counts["open"] + counts["lost"] + counts["won"]
    counts = counts.reset_index().sort_values(
        ["probability", "here", "stage"], ascending=[True, False, True], kind="stable", ignore_index=True
    )
    beyond = int((table["outcome"][names_end.to_numpy()] == "won").sum())
    counts["n"] = counts["here"][::-1].cumsum()[::-1] + beyond
    counts = counts[["stage", "n", "open", "lost"]]
    counts = _with_rate(counts, "lost", "n").rename(columns={"rate": "drop_out"})
    unplaced = int((table["outcome"][names_end.to_numpy()] == "lost").sum())
    if unplaced:
        counts.loc[len(counts)] = ["lost, stage not kept", unplaced, 0, unplaced, np.nan, np.nan, np.nan]
    return counts


def closed_by_month(deals: pd.DataFrame) -> pd.DataFrame:
    """Deals by the month they were decided in, oldest first: month, won, lost, decided, rate, low, high, amount (won)."""
    decided = deals[deals["outcome"].isin(["won", "lost"]) & deals["closed_on"].notna()]
    month = pd.to_datetime(decided["closed_on"]).dt.to_period("M").dt.to_timestamp()
    won = decided["outcome"] == "won"
    table = pd.DataFrame(
        {
            "won": won.groupby(month).sum().astype(int),
            "lost": (~won).groupby(month).sum().astype(int),
            "amount": decided["amount"].where(won).groupby(month).sum(min_count=1),
        }
    )
    table = table.rename_axis("month").reset_index()
    table["decided"] = table["won"] + table["lost"]
    return _with_rate(table, "won", "decided")[
        ["month", "won", "lost", "decided", "rate", "low", "high", "amount"]
    ]


def by_group(facts: Facts, attribute: str) -> pd.DataFrame:
    """Economics of every level of an attribute, largest first: group, then the fields of ``UnitEconomics``."""
    if attribute not in facts.frame.columns:
        raise UnknownColumnError(attribute, facts.frame.columns)
    column = facts.frame[attribute]
    rows = []
    for level, n in column.dropna().astype(str).value_counts().items():
        inside = (column.astype("object").astype(str) == level).to_numpy() & column.notna().to_numpy()
        rows.append({"group": level, **vars(unit_economics(facts, inside))} | {"n": int(n)})
    return pd.DataFrame(rows)


def _with_rate(table: pd.DataFrame, k: str, n: str) -> pd.DataFrame:
    low, high = wilson(table[k].to_numpy(float), table[n].to_numpy(float))
    share = table[k].to_numpy(float) / np.where(table[n] > 0, table[n], np.nan)
    return table.assign(rate=share, low=low, high=high)


def _deal_counts(accounts: pd.DataFrame | None, mask) -> tuple[int, int, int]:
    if accounts is None:
        return 0, 0, 0
    part = accounts if mask is None else accounts[np.asarray(mask, dtype=bool)]
    sums = [np.nansum(numbers(part, name)) for name in ("deals_won", "deals_lost", "deals_open")]
    return int(sums[0]), int(sums[1]), int(sums[2])


def _inbound(frame: pd.DataFrame) -> tuple[int, int]:
    if "lead_source" not in frame:
        return 0, 0
    known = frame["lead_source"].dropna().astype(str)
    return int(known.str.lower().str.contains(_INBOUND, regex=True).sum()), len(known)


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _median(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _over(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom and np.isfinite(bottom) and bottom > 0 else float("nan")


def words(economics: UnitEconomics) -> str:
    """The win rate as a sentence, with what it rests on."""
    if not economics.won + economics.lost:
        return "No decided deals."
    return (
        f"{rate(economics.win_rate)} of {count(economics.won + economics.lost)} decided deals were won; "
        f"{count(economics.open)} open ones are not counted."
    )
