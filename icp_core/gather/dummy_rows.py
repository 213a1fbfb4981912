"""Rows somebody typed to try the system out: found by their names, left out with a reason unless the user wants them.

Only what says plainly that it is a test counts. A firm may be called Test Rite or Example Engineering, so a
name must consist of such words alone, begin with TEST in capitals, or say that it is not to be used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow.compute as pc

from icp_core.gather.mapping import ColumnMapping, RowRule
from icp_core.gather.raw_table import RawTable

REASON = "Looks like a test: it is named like one."
# More than this share is no slip of the keyboard but what the table is about.
_MOST = 0.1
_FIELDS = ("account_name", "person_name", "deal_name", "email")

_TRIAL = r"(?:tests?|testing|testkunde|testfirma|testaccount|testuser|dummy|asdf\w*|qwertz?y?|xxx+|fake|do not use|please ignore)"
_FILLER = (
    r"(?:account|company|customer|client|user|person|lead|deal|order|contact|record|entry|kunde|kundin|firma|konto"
    r"|cliente|client|empresa|gmbh|inc|ltd|llc|sarl|bv|please|ignore|delete|me|de|no|nr|\d+)"
)
_NAME = rf"(?i:^\W*{_TRIAL}(?:[\W_]+(?:{_TRIAL}|{_FILLER}))*\W*$|\bdo not use\b|\bplease ignore\b|\bbitte löschen\b)"
_EMAIL = (
    r"(?i:^(?:test|testuser|dummy|asdf\w*)[\d._+-]*@(?:test|example|asdf\w*|mailinator)\.(?:com|org|net|de)$)"
)
_CAPITALS = r"^TEST[\s:_/-]"


def dummy_rules(
    table: RawTable, columns: Sequence[ColumnMapping], names: Sequence[str] = ()
) -> tuple[RowRule, ...]:
    """Rules that leave out the test rows of a table; none where more than a tenth of the rows would go.

    ``names`` are further raw headings that hold names (first and last names).
    """
    rules = []
    for column in columns:
        if not (column.include and column.field in _FIELDS) and column.name not in names:
            continue
        pattern = _EMAIL if column.field == "email" else _NAME
        values = table.cells.column(column.index)
        if column.field != "email" and not _all_capitals(values):
            pattern = f"{pattern}|{_CAPITALS}"
        if column.name in names and column.field is None:
            pattern = r"^(?i:tests?|dummy|asdf\w*)$"
        hits = pc.sum(pc.match_substring_regex(pc.utf8_trim_whitespace(values), pattern)).as_py() or 0
        if 0 < hits <= max(1, _MOST * table.n_rows):
            rules.append(RowRule(column.name, "matches_case", (pattern,), REASON))
    return tuple(rules)


def _all_capitals(values) -> bool:
    """Whether the names of a table are written in capitals anyway, so that TEST says nothing."""
    sample = [v for v in values.slice(0, 200).to_pylist() if v and re.search(r"[A-Za-z]", v)]
    return sum(v == v.upper() for v in sample) > 0.5 * len(sample)
