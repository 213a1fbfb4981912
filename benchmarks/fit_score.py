"""How well points learned from few customers tell the good ones among customers never seen, beside logistic regression.

    python benchmarks/fit_score.py                                   # the made-up sets
    python benchmarks/fit_score.py --telco Telco-Customer-Churn.csv  # and the IBM Telco customers, kept or lost
    python benchmarks/fit_score.py --more FOLDER                     # and what of PUBLIC lies in the folder as CSV

The public sets ship inside the packages ISLP (Caravan, Default, OJ) and pydataset (all others).
Points are the whole numbers that the product shows. The peer is scikit-learn's LogisticRegression (L2, C = 1) on
one-hot categories and standardised numbers, the middle value for a missing one. Both get the same attributes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import facts_from_frame
from icp_core.prospects.checks import auc
from icp_core.prospects.comparable import prepare
from icp_core.prospects.encode import score
from icp_core.prospects.model import Scorecard
from icp_core.prospects.scorecard import Learner, Outcome, card_of, learner
from icp_core.segments.conditions import Segment

UNSEEN = 2_500
# Bars of the product on Telco, by number of customers.
BARS = {50: 0.79, 100: 0.81, 300: 0.82}
# At this many customers points may lose so much against logistic regression.
AT, MAY_LOSE = 1_000, 0.03

# File → its outcome, the value that counts as good, columns that say the same as the outcome.
PUBLIC = {
    "Caravan": ("Purchase", "Yes", ()),
    "Default": ("default", "No", ()),
    "OJ": ("Purchase", "CH", ()),
    "HI": ("whi", "yes", ("Unnamed: 0",)),
    "Participation": ("lfp", "yes", ("Unnamed: 0",)),
    "badhealth": ("badh", 0, ("Unnamed: 0",)),
    "Hdma": ("deny", "no", ("Unnamed: 0",)),
    "Benefits": ("ui", "yes", ("Unnamed: 0",)),
    "Males": ("union", "yes", ("Unnamed: 0", "nr")),
    "Wages": ("union", "yes", ("Unnamed: 0",)),
    "Workinghours": ("owned", 1, ("Unnamed: 0", "mortgage")),
    "turnout": ("vote", 1, ("Unnamed: 0",)),
    "mid": ("conflict", 1, ("Unnamed: 0",)),
    "flchain": ("death", 1, ("Unnamed: 0", "futime", "chapter")),
    "VietNamI": ("insurance", 1, ("Unnamed: 0", "commune")),
    "Treatment": ("treat", True, ("Unnamed: 0",)),
    "Cracker": ("choice", "nabisco", ("Unnamed: 0", "id")),
    "nwtco": ("rel", 1, ("Unnamed: 0", "seqno", "edrel")),
    "Chile": ("vote", "Y", ("Unnamed: 0",)),
    "OFP": ("privins", "yes", ("Unnamed: 0",)),
    "colon": ("status", 1, ("Unnamed: 0", "id", "time", "etype", "study")),
    "Ketchup": ("Ketchup.choice", "heinz", ("Unnamed: 0", "Ketchup.hid", "Ketchup.id")),
    "Yogurt": ("choice", "yoplait", ("Unnamed: 0", "id")),
}


@dataclass(frozen=True, eq=False)
class Known:
    """Customers whose outcome is known: attributes, and ``y`` = 1 for a good one."""

    name: str
    frame: pd.DataFrame
    y: np.ndarray


def telco(path: Path, *, without: tuple[str, ...] = ()) -> Known:
    """The IBM Telco customers, kept or lost; the sum of all payments is left out, it tells who stayed."""
    data = pd.read_csv(path)
    y = (data["Churn"] == "No").to_numpy().astype(float)
    frame = data.drop(columns=["customerID", "Churn", "TotalCharges", *without])
    name = "telco" + "".join(f" without {column}" for column in without)
    return Known(name, frame.assign(SeniorCitizen=frame["SeniorCitizen"].map({0: "No", 1: "Yes"})), y)


def public(folder: Path) -> Iterator[Known]:
    for name, (outcome, good, aside) in PUBLIC.items():
        path = folder / f"{name}.csv"
        if path.exists():
            data = pd.read_csv(path).dropna(subset=[outcome])
            y = (data[outcome] == good).to_numpy().astype(float)
            yield Known(name, data.drop(columns=[outcome, *(c for c in aside if c in data)]), y)


def _made(name: str, frame: dict, log_odds: np.ndarray, share: float, rng: np.random.Generator) -> Known:
    """Customers good by chance, ``share`` of them on average."""
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2
        if (1 / (1 + np.exp(-(log_odds + middle)))).mean() < share:
            low = middle
        else:
            high = middle
    y = (rng.random(len(log_odds)) < 1 / (1 + np.exp(-(log_odds + low)))).astype(float)
    return Known(name, pd.DataFrame(frame), y)


def made(n: int = 8_000, seed: int = 11) -> Iterator[Known]:
    """Made-up sets with a truth that is hard for one or the other."""
    rng = np.random.default_rng(seed)
    numbers = {f"n{i}": rng.normal(size=n) for i in range(6)}
    straight = sum(w * x for w, x in zip((1.0, 0.8, 0.6, 0.4, 0, 0), numbers.values(), strict=True))
    yield _made("straight lines", numbers, straight, 0.3, rng)

    employees = np.round(np.exp(rng.normal(4.3, 1.3, n))).clip(1)
    age = rng.uniform(0, 40, n)
    levels = np.array([f"L{i}" for i in range(25)])
    effect = rng.normal(0, 0.8, 25)
    industry = rng.integers(0, 25, n)
    source = rng.integers(0, 5, n)
    humped = 1.8 * ((employees >= 50) & (employees <= 200)) - 1.2 * (np.abs(age - 20) > 12)
    told = humped + effect[industry] + 0.5 * (source == 0)
    frame = {
        "employees": employees,
        "age": age,
        "industry": levels[industry],
        "source": levels[source],
        "noise": levels[rng.integers(0, 8, n)],
    }
    yield _made("humps and many levels", frame, told, 0.3, rng)
    yield _made("rare good ones", frame, 1.3 * told, 0.05, rng)
    holed = {k: np.where(rng.random(n) < 0.35, None, v) for k, v in frame.items()}
    for name in ("employees", "age"):
        holed[name] = holed[name].astype(float)
    yield _made("a third missing", holed, told, 0.3, rng)
    alike = {
        f"copy{i}": np.where(rng.random(n) < 0.85, levels[source], levels[rng.integers(0, 5, n)])
        for i in range(6)
    }
    own = {f"own{i}": levels[rng.integers(0, 4, n)] for i in range(3)}
    steps = np.array([-0.8, 0.2, 0.6, 0.0])
    apart = sum(steps[np.char.lstrip(own[k].astype(str), "L").astype(int)] for k in own)
    yield _made("six copies of one thing", alike | own, 0.6 * (source == 0) + apart, 0.4, rng)
    yield from _many_levels(n, np.random.default_rng(seed + 1))
    pairs = {f"flag{i}": np.where(rng.random(n) < 0.5, "Yes", "No") for i in range(5)}
    both = 1.6 * ((pairs["flag0"] == "Yes") & (pairs["flag1"] == "Yes")) + 0.7 * (pairs["flag2"] == "Yes")
    yield _made("two together", pairs, both, 0.3, rng)


def _many_levels(n: int, rng: np.random.Generator) -> Iterator[Known]:
    """A place of 200 levels, a few of them large; with 3 % good ones, and with six in ten answers missing."""
    effect = rng.normal(0, 1, 201)
    place = rng.zipf(1.3, n).clip(max=200)
    employees = np.round(np.exp(rng.normal(4, 1.5, n))).clip(1)
    frame = {
        "place": np.array([f"P{i}" for i in range(201)])[place],
        "employees": employees,
        "source": np.array(list("abcd"))[rng.integers(0, 4, n)],
    }
    told = effect[place] + 0.6 * (employees > 80)
    yield _made("200 levels", frame, told, 0.3, rng)
    yield _made("200 levels, 3 % good", frame, 1.5 * effect[place] + 0.6 * np.log(employees), 0.03, rng)
    holed = {key: np.where(rng.random(n) < 0.6, None, values) for key, values in frame.items()}
    holed["employees"] = holed["employees"].astype(float)
    yield _made("six in ten missing", holed, told, 0.3, rng)


def learner_of(frame: pd.DataFrame, y: np.ndarray) -> Learner:
    """What the product learns points from, without an ICP, when these are its customers."""
    facts = facts_from_frame(frame.reset_index(drop=True), as_of=date(2026, 1, 1))
    usable = [a for a in facts.attributes() if a.kind not in ("text", "date") and a.n_distinct > 1]
    outcome = Outcome("kept", "customers who stayed", facts, y.astype(int))
    return learner(card_of(facts, usable), outcome, usable, Segment())


def points_of(card: Scorecard, frame: pd.DataFrame) -> np.ndarray:
    labels = {name: name for name in frame.columns}
    return score(card, prepare(frame, card, labels=labels).encoded).points


def peer(train: pd.DataFrame, y: np.ndarray, test: pd.DataFrame) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression

    columns = []
    for name in train.columns:
        if pd.api.types.is_numeric_dtype(train[name]) and not pd.api.types.is_bool_dtype(train[name]):
            middle, spread = train[name].median(), train[name].std() or 1.0
            columns.append(
                [
                    ((f[name].fillna(middle) - middle) / (spread or 1.0)).to_numpy()[:, None]
                    for f in (train, test)
                ]
            )
        else:
            levels = sorted(train[name].dropna().astype(str).unique())
            columns.append(
                [
                    np.stack([(f[name].astype(str) == v).to_numpy(float) for v in levels], axis=1)
                    if levels
                    else np.zeros((len(f), 0))
                    for f in (train, test)
                ]
            )
    a, b = (np.hstack([pair[i] for pair in columns]) for i in (0, 1))
    return LogisticRegression(C=1.0, max_iter=2_000).fit(a, y).decision_function(b)


def measure(known: Known, n: int, seeds: int) -> tuple[np.ndarray, np.ndarray] | None:
    """AUC of the points and of the peer, a number per draw; None when the set is too small or too few are good."""
    if len(known.y) < n + 500:
        return None
    mine, theirs = [], []
    for seed in range(seeds):
        order = np.random.default_rng(seed).permutation(len(known.y))
        train, test = order[:n], order[n : n + UNSEEN]
        good = known.y[train].sum()
        if min(good, n - good) < 10:
            continue
        card = learner_of(known.frame.iloc[train], known.y[train]).points()
        mine.append(auc(points_of(card, known.frame.iloc[test]), known.y[test]))
        theirs.append(
            auc(peer(known.frame.iloc[train], known.y[train], known.frame.iloc[test]), known.y[test])
        )
    return (np.array(mine), np.array(theirs)) if len(mine) >= seeds / 2 else None


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--telco", type=Path)
    parser.add_argument("--more", type=Path)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--customers", type=int, nargs="*", default=[50, 100, 300, 1_000])
    parser.add_argument("--only", default="", help="sets whose name contains this")
    told = parser.parse_args()
    sets = [*([telco(told.telco), telco(told.telco, without=("tenure",))] if told.telco else []), *made()]
    sets += public(told.more) if told.more else []
    print("set | customers | good | points | likely | logistic regression | difference | draws")
    for known in sets:
        if told.only not in known.name:
            continue
        for n in told.customers:
            found = measure(known, n, told.seeds)
            if found is None:
                continue
            mine, theirs = found
            half = 1.96 * mine.std(ddof=1) / np.sqrt(len(mine))
            gap = mine - theirs
            print(
                f"{known.name} | {n:,} | {known.y.mean():.0%} | {mine.mean():.4f} | ±{half:.4f} | "
                f"{theirs.mean():.4f} | {gap.mean():+.4f} ± {1.96 * gap.std(ddof=1) / np.sqrt(len(gap)):.4f} | {len(mine)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
