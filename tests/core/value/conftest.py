"""Facts typed in the test, and the CDNOW customers."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from icp_core.facts.catalogue import facts_from_frame
from icp_core.facts.measures import MEASURES

CDNOW = (Path(__file__).parents[3] / "../shared/data/cdnow").resolve()


@pytest.fixture
def facts_of():
    """``facts_of({"ltv": […], …})``: facts with these columns; measures are outcomes."""

    def make(columns, as_of=date(2026, 1, 1), **rest):
        frame = pd.DataFrame(columns)
        outcomes = [c for c in frame if c in MEASURES]
        units = {c: "EUR" for c in outcomes if MEASURES[c].unit == "money"}
        return facts_from_frame(frame, as_of=as_of, outcomes=outcomes, units=units, **rest)

    return make


@pytest.fixture(scope="session")
def cdnow_summary():
    if not CDNOW.exists():
        pytest.skip("the shared CDNOW files are not beside this checkout")
    return pd.read_csv(CDNOW / "cdnow_customers_summary.csv")


@pytest.fixture(scope="session")
def cdnow_orders():
    if not CDNOW.exists():
        pytest.skip("the shared CDNOW files are not beside this checkout")
    frame = pd.read_csv(
        CDNOW / "CDNOW_sample.txt",
        sep=r"\s+",
        header=None,
        names=["master_id", "customer_id", "day", "n", "value"],
        dtype={"customer_id": str, "day": str},
    )
    return frame.assign(ordered_on=pd.to_datetime(frame["day"]))[["customer_id", "ordered_on", "value"]]
