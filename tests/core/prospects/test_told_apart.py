"""How well few customers suffice to tell the good ones: the IBM Telco customers, kept or lost."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from icp_core.prospects import evidence
from icp_core.prospects.checks import auc

TELCO = (Path(__file__).parents[3] / "../shared/data/telco/Telco-Customer-Churn.csv").resolve()
NUMBERS = ["MonthlyCharges", "tenure"]

pytestmark = pytest.mark.skipif(not TELCO.exists(), reason="The shared Telco data are not here.")


def mean_auc(n: int, seeds: int) -> float:
    data = pd.read_csv(TELCO)
    y = (data["Churn"] == "No").to_numpy().astype(float)
    names = [c for c in data if c not in ("customerID", "Churn", "TotalCharges", *NUMBERS)]
    found = []
    for seed in range(seeds):
        order = np.random.default_rng(seed).permutation(len(data))
        train, test = order[:n], order[n : n + 2500]
        ranges = int(np.clip(min(y[train].sum(), n - y[train].sum()) // 10, 3, 5))
        codes, sizes = [], []
        for name in names:
            levels = {v: i for i, v in enumerate(sorted(data[name].iloc[train].astype(str).unique()))}
            codes.append(np.array([levels.get(v, len(levels)) for v in data[name].astype(str)]))
            sizes.append(len(levels))
        for name in NUMBERS:
            edges = np.unique(np.quantile(data[name].iloc[train], np.arange(1, ranges) / ranges))
            codes.append(np.searchsorted(edges, data[name].to_numpy(), side="right"))
            sizes.append(len(edges) + 1)
        fitted = evidence.fit([c[train] for c in codes], sizes, y[train])
        found.append(auc(fitted.log_odds([c[test] for c in codes]), y[test]))
    return float(np.mean(found))


def test_three_hundred_customers_tell_who_stays():
    assert mean_auc(300, 3) >= 0.81


@pytest.mark.soak
@pytest.mark.parametrize("n, least", [(50, 0.79), (100, 0.81), (300, 0.82)])
def test_few_customers_tell_who_stays_in_the_mean_of_many_draws(n, least):
    assert mean_auc(n, 30) >= least
