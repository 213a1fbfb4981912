"""Every vendor's export files, traps and all, told and typed by ``python -m icp_core inspect`` with no hint."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from icp_core.__main__ import main
from icp_core.gather import load
from icp_core.gather.parse import read_in_process
from tests.core.gather.exports import ExportFile
from tests.core.gather.exports.all_files import FILES

VENDORS = {
    "hubspot", "salesforce", "pipedrive", "zoho", "dynamics", "close", "stripe", "shopify", "woocommerce", "xero", "quickbooks", "qualtrics",
    "surveymonkey", "typeform", "google_forms", "microsoft_forms", "hotjar", "nps_tool", "zendesk", "intercom", "ga4", "posthog", "mixpanel",
}  # fmt: skip


def inspect_files(folder: Path, exports: list[ExportFile]) -> dict[str, dict[str, Any]]:
    """What ``inspect --rows`` prints of each file, by the export's name; all files in one run."""
    paths: list[Path] = []
    for number, each in enumerate(exports):
        paths.append(folder / str(number) / each.file)
        paths[-1].parent.mkdir()
        paths[-1].write_bytes(each.content())
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["inspect", "--rows", "50", *map(str, paths)]) == 0
    return {each.name: found for each, found in zip(exports, json.loads(out.getvalue()), strict=True)}


@pytest.fixture(scope="module")
def inspected(tmp_path_factory) -> dict[str, dict[str, Any]]:
    """All files, read in this process: a hundred children take a minute."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            load,
            "read_file",
            lambda path, *, file_name, settings, sha256, cancelled: read_in_process(
                path, file_name=file_name, settings=settings, sha256=""
            ),
        )
        return inspect_files(tmp_path_factory.mktemp("exports"), FILES)


def test_the_command_line_reads_them_in_its_child_process_alike(inspected, tmp_path):
    some = FILES[::15]
    assert inspect_files(tmp_path, some) == {each.name: inspected[each.name] for each in some}


def _told(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize("each", FILES, ids=lambda e: e.name)
def test_an_export_is_read_as_what_it_is(each: ExportFile, inspected):
    found = inspected[each.name]
    for words in each.says:
        assert words in _told(found)
    shown = [table for table in found["tables"] if not table["hidden"]]
    if each.refused:
        assert each.refused in _told(found)
        assert all(table["kind"] is None for table in shown)
        return
    assert found["error"] is None
    assert each.tables is None or len(shown) == each.tables
    table = shown[0]
    fields = {column["name"]: column["field"] for column in table["columns"]}

    assert (table["vendor"], table["kind"]) == (each.vendor, each.kind), table["kind_reason"]
    assert {name: fields.get(name, "no such column") for name in each.means} == each.means
    rows = table["rows"]
    assert each.n is None or len(rows) == each.n
    for field, values in each.values.items():
        assert [row[field] for row in rows] == list(values), field


@pytest.mark.parametrize("each", [e for e in FILES if not e.refused], ids=lambda e: e.name)
def test_no_row_and_no_cell_of_an_export_is_lost_in_silence(each: ExportFile, inspected):
    for table in inspected[each.name]["tables"]:
        if table["kind"] is not None:
            assert len(table["rows"]) + table["rows_rejected"] + table["rows_dropped"] == table["rows_read"]
            assert [p for p in table["problems"] if "left blank" in p["problem"]] == []


def test_every_vendor_of_the_vocabulary_has_export_files():
    assert {each.vendor for each in FILES} >= VENDORS


def test_every_export_says_which_trap_it_holds():
    assert all(each.trap for each in FILES)
    assert len({each.name for each in FILES}) == len(FILES)
