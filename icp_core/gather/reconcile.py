"""Every row accounted for: read = rejected + dropped + duplicate + superseded + merged + counted."""

from __future__ import annotations

import pandas as pd

from icp_core.gather.load import kind_label
from icp_core.gather.records import LINKED_KINDS
from icp_core.sql import first_row
from icp_core.workspace import Workspace

COLUMNS = ("read", "rejected", "dropped", "duplicate", "superseded", "merged", "counted", "without_customer")

_RECONCILIATION = """
WITH set_aside AS (
    SELECT import_id,
           count(*) FILTER (status = 'rejected')   AS rejected,
           count(*) FILTER (status = 'dropped')    AS dropped,
           count(*) FILTER (status = 'duplicate')  AS duplicate,
           count(*) FILTER (status = 'superseded') AS superseded
    FROM row_status
    GROUP BY 1
),
linked AS (
    SELECT import_id, count(*) AS n, count(DISTINCT customer_id) AS customers
    FROM links
    GROUP BY 1
)
SELECT i.import_id,
       i.file_name,
       i.sheet,
       i.kind,
       i.vendor,
       i.rows_read                 AS read,
       coalesce(s.rejected, 0)     AS rejected,
       coalesce(s.dropped, 0)      AS dropped,
       coalesce(s.duplicate, 0)    AS duplicate,
       coalesce(s.superseded, 0)   AS superseded,
       CASE WHEN i.kind = 'customers' THEN coalesce(l.n - l.customers, 0) ELSE 0 END AS merged,
       coalesce(l.n, 0)            AS linked
FROM imports AS i
LEFT JOIN set_aside AS s USING (import_id)
LEFT JOIN linked AS l USING (import_id)
ORDER BY i.import_id
"""


_ROWS_SET_ASIDE = """
WITH linked AS (
    SELECT l.row, l.reason, min(l.row) OVER (PARTITION BY l.customer_id) AS first
    FROM links AS l JOIN imports AS i USING (import_id)
    WHERE l.import_id = $id AND i.kind = 'customers'
)
SELECT row, status, reason FROM row_status WHERE import_id = $id
UNION ALL
SELECT row, 'merged', 'One customer with row ' || first || '. ' || reason FROM linked WHERE row > first
ORDER BY row, status
"""


def reconciliation(workspace: Workspace) -> pd.DataFrame:
    """What became of every row, one line per import, oldest first.

    Columns: import_id, file, table (what it is), then counts of rows: ``read``; ``rejected`` (could not be
    read as a row), ``dropped`` (set aside by a rule, such as test answers), ``duplicate``, ``superseded``
    (a newer export has them), ``merged`` (several rows of one customer became one), ``counted``. They add
    up: read is the sum of the six after it. ``without_customer`` says how many of the counted rows belong
    to no customer and so reach no figure per customer.
    """
    frame = workspace.cursor().execute(_RECONCILIATION).df()
    set_aside = frame[["rejected", "dropped", "duplicate", "superseded", "merged"]].sum(axis=1)
    frame["counted"] = frame["read"] - set_aside
    linked = frame["kind"].isin(LINKED_KINDS)
    frame["without_customer"] = (frame["counted"] + frame["merged"] - frame["linked"]).where(linked, 0)
    frame["file"] = frame["file_name"] + frame["sheet"].map(lambda s: f" · {s}" if isinstance(s, str) else "")
    frame["table"] = [kind_label(kind) for kind in frame["kind"]]
    columns = ["import_id", "file", "table", *COLUMNS]
    counts = list(COLUMNS)
    frame[counts] = frame[counts].astype("int64")
    return frame[columns]


def with_total(frame: pd.DataFrame) -> pd.DataFrame:
    """A reconciliation with one more line, “All files”, that adds the others up."""
    total = {"import_id": None, "file": "All files", "table": "", **frame[list(COLUMNS)].sum().to_dict()}
    whole = pd.concat([frame.astype({"import_id": "Int64"}), pd.DataFrame([total])], ignore_index=True)
    return whole.astype({"import_id": "Int64", **dict.fromkeys(COLUMNS, "int64")})


def n_known(workspace: Workspace) -> int:
    """How many companies and people the loaded tables name, customers or not."""
    return int(first_row(workspace.cursor(), "SELECT count(*) FROM accounts")[0])


def rows_set_aside(workspace: Workspace, import_id: int) -> pd.DataFrame:
    """The rows of one import that do not count: row (in the file), status, reason; in file order.

    ``status`` is one of the columns of ``reconciliation``; of rows merged into one customer the first counts.
    """
    return workspace.cursor().execute(_ROWS_SET_ASIDE, {"id": import_id}).df()


def problems(workspace: Workspace, import_id: int | None = None) -> pd.DataFrame:
    """What was not right, row by row: import_id, file_name, row, column, value, problem, fix."""
    return (
        workspace.cursor()
        .execute(
            """
            SELECT p.import_id, i.file_name, p.row, p."column", p.value, p.problem, p.fix
            FROM problems AS p JOIN imports AS i USING (import_id)
            WHERE $id IS NULL OR p.import_id = $id
            ORDER BY p.import_id, p.row NULLS FIRST, p."column"
            """,
            {"id": import_id},
        )
        .df()
    )
