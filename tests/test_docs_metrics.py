"""The page of metrics tells what the code does: every measure, its formula, source and blank."""

import re
from pathlib import Path

import pytest

from icp_core.facts.churn import GAP_QUANTILE, MIN_GAPS
from icp_core.facts.measures import MEASURES
from icp_core.facts.options import CHURN_RULES
from icp_core.stats import phrases
from icp_core.value import best_customers, contract, repeat_purchase

PAGE = (Path(__file__).parents[1] / "docs" / "metrics.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_is_documented_with_formula_unit_blank_and_source(name):
    row = re.search(rf"^\| `{name}` \|.*$", PAGE, re.MULTILINE)
    assert row, f"docs/metrics.md does not tell of {name}"
    cells = [cell.strip() for cell in row.group().strip("|").split(" | ")]
    assert len(cells) == 6 and all(cells)
    assert cells[3] == MEASURES[name].formula
    assert cells[4] == MEASURES[name].source
    assert cells[5].rstrip(" |") == MEASURES[name].blank


def test_the_page_names_no_measure_that_does_not_exist():
    documented = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert documented == set(MEASURES)


def test_every_churn_rule_is_documented():
    for rule in CHURN_RULES:
        assert f"| {rule} |" in PAGE


def test_numbers_on_the_page_are_those_in_force():
    assert GAP_QUANTILE == 0.95 and f"it needs {MIN_GAPS} gaps" in PAGE
    needs = f"below {repeat_purchase.MIN_CUSTOMERS} customers or {repeat_purchase.MIN_REPEATERS} with a second order"
    assert needs in PAGE
    assert f"t = 1 … {contract.DEFAULT_HORIZON_MONTHS}" in PAGE
    assert f"d = {contract.DEFAULT_ANNUAL_DISCOUNT:.0%}".replace("%", " %") in PAGE
    assert best_customers.DEFAULT_WEIGHTS["value"] == 5 and "value per month (weight 5)" in PAGE
    assert phrases.SOLID_P == 0.01 and phrases.LIKELY_P == 0.05 and phrases.MIN_N == 10
