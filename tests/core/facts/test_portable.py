"""Operations that engines do differently stay out of the facts."""

import re
from pathlib import Path

import pytest

FACTS = Path(__file__).parents[3] / "icp_core" / "facts"
EXPRESSIONS = [
    FACTS / f"{name}.py"
    for name in (
        "build",
        "calendar",
        "churn",
        "costs",
        "customers",
        "deals",
        "orders",
        "satisfaction",
        "subscriptions",
        "tables",
        "tickets",
        "usage",
    )
]
# What silently differs or fails between DuckDB and Spark: calendar against elapsed days, estimates, the first of
# unordered rows, correlations and modes of samples, casts of floats to integers.
TRAPS = {
    r"\.delta\(": "use calendar.days_between",
    r"\.approx_\w+\(": "count exactly",
    r"\.mode\(": "use customers.most_common",
    r"\.first\(": "use a minimum or argmax over a unique key",
    r"\.collect\(": "group instead",
    r"\.corr\(": "compute it from the facts",
    r"86400": "use calendar.days_between",
}


@pytest.mark.parametrize("path", EXPRESSIONS, ids=lambda p: p.stem)
def test_no_operation_that_engines_do_differently(path):
    text = path.read_text(encoding="utf-8")
    found = [f"{trap}: {cure}" for trap, cure in TRAPS.items() if re.search(trap, text)]
    assert not found


def test_least_and_greatest_of_blanks_go_through_the_calendar():
    for path in EXPRESSIONS:
        if path.stem != "calendar":
            assert not re.search(r"ibis\.(least|greatest)\(", path.read_text(encoding="utf-8")), path.name
