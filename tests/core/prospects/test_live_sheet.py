"""The workbook reckons the points as the workbench does: a weight changed in either gives the same scores."""

import shutil
from functools import cache

import numpy as np
import openpyxl
import pandas as pd
import pytest

from icp_core.export.workbook import workbook
from icp_core.prospects.comparable import prepare
from icp_core.prospects.fit import rank
from icp_core.prospects.model import Scorecard, whole_points
from icp_core.prospects.scorecard import fit_scorecard
from icp_core.prospects.sheet import live_scores
from icp_core.segments.conditions import Condition, Segment
from tests.core.export import sample_profile
from tests.core.export.office import recalculated
from tests.core.prospects.telling import telling_facts

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
ICP = Segment(
    (Condition("industry", "is_any_of", ("Logistics",)), Condition("employees", "between", (50, 200)))
)


@cache
def card() -> Scorecard:
    return fit_scorecard(telling_facts(600), ICP)


def leads(n: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    pick = lambda values: rng.choice(np.array([*values, None], dtype=object), n)  # noqa: E731
    return pd.DataFrame(
        {
            "account_name": [f"Firm {i}" for i in range(n)],
            "industry": pick(("Logistics", "Retail", "SaaS", "Mining")),
            "employee_band": pick(("2–10", "11–100", "51–200", "201–2,000", "10,001+", "120")),
            "country": pick(("US", "UK", "DE", "Chile")),
            "lead_source": pick(("Inbound", "Event")),
            "tech_stack": [["SAP"] if i % 3 else ["Netsuite", "Excel"] for i in range(n)],
        }
    )


def reckoned(path, weights: list[float], tmp_path) -> dict[str, tuple[int, str]]:
    """Points and tier per name, as LibreOffice reckons them with these weights."""
    book = openpyxl.load_workbook(path)
    for j, weight in enumerate(weights):
        book["Scorecard"].cell(7, 5 + j).value = weight
    sheet = recalculated(book, tmp_path, SOFFICE, "Scorecard")
    return {row[0]: (row[1], row[2]) for row in sheet.iter_rows(min_row=9, values_only=True) if row[0]}


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed, so nothing reckons the formulas")
@pytest.mark.filterwarnings("ignore:.*extension is not supported")  # of LibreOffice's own
def test_a_weight_changed_in_the_workbook_gives_the_scores_of_the_workbench_to_the_unit(tmp_path):
    frame = leads()
    ready = prepare(frame, card())
    live = live_scores(card(), ready, frame["account_name"].tolist())
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook(sample_profile.full(), telling_facts(600), scorecard=live))
    keys = [item.key for item in card().used]
    rng = np.random.default_rng(1)

    for round_ in range(3):
        moved = {key: float(rng.integers(0, 100)) for key in keys[:round_]}
        weights = [moved.get(key, weight) for key, weight in zip(keys, live.weights, strict=True)]
        ranked = rank(ready, card().with_weights(moved) if moved else card())
        expected = dict(
            zip(frame["account_name"], zip(ranked["fit_points"], ranked["tier"], strict=True), strict=True)
        )

        assert reckoned(path, weights, tmp_path) == expected


def test_a_half_is_rounded_as_spreadsheets_round_it():
    assert [whole_points(v) for v in (0.5, 1.5, 2.5, -0.5, -2.5, 2.4999999999)] == [1, 2, 3, -1, -3, 3]
