"""Command line: ``inspect`` files, ``build`` an ICP from them, ``score`` a prospect list.

    python -m icp_core inspect FILE…
    python -m icp_core build FILE… --out DIR
    python -m icp_core score --icp icp.json PROSPECTS --out scored.csv

Exit status: 0 done; 2 the input cannot be used, with one clear line on standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from icp_core.errors import IcpError
from icp_core.gather import load, reader_process
from icp_core.gather.raw_table import Problem
from icp_core.segments.outcomes import OUTCOMES
from icp_core.workspace import Workspace


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m icp_core", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)

    look = commands.add_parser("inspect", help="show what would be read from files, and why")
    look.add_argument("files", nargs="+", type=Path, metavar="FILE")
    look.add_argument("--rows", type=int, default=0, metavar="N", help="also the first N typed rows")
    look.add_argument("--cells", action="store_true", help="also all cells as text")
    look.set_defaults(run=inspect)

    make = commands.add_parser("build", help="read files and write the ICP")
    make.add_argument("files", nargs="+", type=Path, metavar="FILE")
    make.add_argument("--out", type=Path, required=True, metavar="DIR")
    make.add_argument(
        "--as-of", type=_day, metavar="YYYY-MM-DD", help="day of measurement (default: last day in the data)"
    )
    make.add_argument(
        "--outcome",
        choices=tuple(OUTCOMES),
        help="what better means (default: worth, value and staying together, where both are known; else value)",
    )
    make.add_argument("--mapping", type=Path, metavar="FILE", help="JSON: corrections by file name")
    make.add_argument("--workspace", type=Path, metavar="FILE", help="keep everything in this workspace file")
    make.set_defaults(run=build)

    rank = commands.add_parser("score", help="rank a prospect list by an ICP")
    rank.add_argument("--icp", type=Path, required=True, metavar="icp.json")
    rank.add_argument("prospects", type=Path, metavar="PROSPECTS")
    rank.add_argument("--out", type=Path, required=True, metavar="scored.csv")
    rank.set_defaults(run=score)

    told = parser.parse_args(arguments)
    try:
        reader_process.get_ready()
        return told.run(told)
    except IcpError as problem:
        print(f"icp: {problem}", file=sys.stderr)
        return 2
    except OSError as problem:
        print(f"icp: {problem.filename or ''}: {problem.strerror or problem}", file=sys.stderr)
        return 2


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-10-31") from error


# -- inspect -------------------------------------------------------------------------------------------


def inspect(told: argparse.Namespace) -> int:
    """Print what would be read from each file, as JSON."""
    with Workspace.in_memory() as workspace:
        found = [_inspected(workspace, path, told.rows, told.cells) for path in told.files]
    json.dump(found if len(found) > 1 else found[0], sys.stdout, ensure_ascii=False, indent=1, default=str)
    print()
    return 2 if all(file.get("error") for file in found) else 0


def _inspected(workspace: Workspace, path: Path, rows: int, cells: bool) -> dict[str, Any]:
    if not path.is_file():
        return {"file": path.name, "error": f"There is no file {path}. Check the path.", "tables": []}
    preview = load.preview(workspace, path, path.name)
    return {
        "file": path.name,
        "error": preview.error,
        "warnings": list(preview.warnings),
        "tables": [_table(table, rows, cells) for table in preview.tables],
        "transcripts": [
            {
                "file": t.file_name,
                "kind": load.TRANSCRIPT,
                "layout": t.layout,
                "title": t.title,
                "utterances": len(t.utterances),
                "speakers": {name: sum(u.speaker == name for u in t.utterances) for name in t.speakers},
                "without_speaker": sum(u.speaker is None for u in t.utterances),
                "words": sum(len(u.text.split()) for u in t.utterances),
                "notes": list(t.notes),
                "problems": [p.as_dict() for p in t.leftovers],
            }
            for t in preview.transcripts
        ],
    }


def _table(preview: load.TablePreview, rows: int, cells: bool) -> dict[str, Any]:
    table, found, typed = preview.table, preview.recognition, preview.typed
    problems: list[Problem] = [
        *table.problems,
        *table.leftovers,
        *found.problems,
        *(typed.problems if typed else ()),
    ]
    out = {
        "sheet": table.sheet,
        "hidden": table.hidden,
        "kind": found.kind,
        "kind_confidence": round(found.kind_confidence, 3),
        "kind_reason": found.kind_reason,
        "asks": list(found.asks),
        "vendor": found.vendor,
        "encoding": table.settings.encoding,
        "delimiter": table.settings.delimiter,
        "header_rows": list(table.settings.header_rows or ()),
        "rows_read": table.n_rows,
        "rows_rejected": len(typed.rejected_rows) if typed else 0,
        "rows_dropped": len(typed.dropped_rows) if typed else 0,
        "columns": [
            {
                "name": c.name,
                "field": c.field,
                "type": c.type,
                "label": c.label,
                "confidence": round(c.confidence, 3),
                "reason": c.reason,
                "unit": c.options.get("currency") or c.options.get("unit"),
                "scale": c.options.get("scale"),
                "include": c.include,
                "asks": list(c.asks),
            }
            for c in found.columns
        ],
        "problems": [p.as_dict() for p in problems],
        "notes": list(table.notes),
    }
    if rows and typed is not None:
        out["rows"] = typed.arrow.slice(0, rows).to_pylist()
    if cells:
        out["header"] = [list(row) for row in table.header]
        out["cells"] = [list(row.values()) for row in table.cells.to_pylist()]
    return out


# -- build ---------------------------------------------------------------------------------------------


def build(told: argparse.Namespace) -> int:
    """Read the files, find and write the ICP: icp.json, icp.pdf, icp.xlsx, icp.md, reconciliation.csv."""
    # Charts, typesetting and the search are loaded only here: `inspect` answers without them.
    from icp_core.build import build as run_build
    from icp_core.build import load_files
    from icp_core.outputs import write_all

    mapping = _mapping(told.mapping)
    told.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        path = told.workspace or Path(scratch) / "build.duckdb"
        with Workspace.open(path) as workspace:
            unread = load_files(workspace, told.files, mapping=mapping, tell=_tell)
            if len(unread) == len(told.files):
                raise IcpError("None of the files could be used. " + " ".join(unread))
            result = run_build(workspace, as_of=told.as_of, outcome=told.outcome, unread=unread, tell=_tell)
            write_all(result, told.out)
    for sentence in unread:
        print(f"icp: left out: {sentence}", file=sys.stderr)
    print(result.verdict)
    if result.profile is not None:
        print(result.profile.statement.text.replace("**", ""))
    for sentence in _validation_words(result.validation, is_kept=told.workspace is not None):
        print(sentence)
    if result.scored_before is not None:
        print(result.scored_before.message)
    return 0


def _validation_words(checked: Mapping[str, Any], *, is_kept: bool) -> list[str]:
    """What the check of the rule came to, and how often the customers set aside were opened so far."""
    if not checked:
        return []
    said = [f"Checked: {checked['message']}"]
    if checked["holdout"] is not None:
        aside = checked["holdout"][1]["n"]
        note = (
            checked["openings_note"] if is_kept else "Openings are counted from run to run with --workspace."
        )
        said.append(f"This run opened the {aside:,} customers set aside for this rule. {note}")
    return said


def _mapping(path: Path | None) -> Mapping[str, Any]:
    if path is None:
        return {}
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise IcpError(f"{path.name} is not a readable JSON file: {error}.") from error
    if not isinstance(told, dict):
        raise IcpError(f"{path.name} must be a JSON object with a file name per key.")
    return told


def _tell(share: float, what: str) -> None:
    print(f"{share:4.0%} {what}", file=sys.stderr)


# -- score ---------------------------------------------------------------------------------------------


def score(told: argparse.Namespace) -> int:
    """Rank a prospect list: every input row, column and order stays; ours are added at the end."""
    from icp_core.prospects.score_file import score_file

    if not told.icp.is_file():
        raise IcpError(f"There is no file {told.icp}. Build an ICP first.")
    with (
        tempfile.TemporaryDirectory() as scratch,
        Workspace.open(Path(scratch) / "score.duckdb") as workspace,
    ):
        content, summary = score_file(workspace, told.icp.read_text(encoding="utf-8"), told.prospects)
    told.out.write_bytes(content)
    print(summary)
    return 0


if __name__ == "__main__":
    sys.exit(main())
