"""Forget one customer everywhere: rows, words, decisions, profile versions, uploads, backups.

``erase_customer`` deletes and blackens in one transaction, settles customers and facts anew, and then has the
file rewritten, because deleted text stays in the unused pages of a database file. What remains is a record of
who asked when and how much went, without a word about whom.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from icp_core.errors import IcpError
from icp_core.facts import store
from icp_core.gather import link
from icp_core.gather.load import INTERVIEWS
from icp_core.gather.records import LINKED_KINDS
from icp_core.prospects import learning
from icp_core.sql import first_row, quote_identifier
from icp_core.vocabulary.names import is_free_mail, normalised_name
from icp_core.voice.readings import PREFIX as READINGS
from icp_core.workspace import Workspace

TOPIC = "erasure"
GONE = "[erased]"

_IDENTITY = ("account_id", "account_name", "domain", "email", "person_name", "phone")
# By these alone a row that belongs to no customer is taken as the same one; ids of other systems are not.
_ANYWHERE = ("account_name", "domain", "email")
# Topics whose keys are ids of customers.
_KEYED = ("pin", "merge")
_REBUILT = ("meta", "decisions", "profiles", "accounts", "links", "match_proposals", "facts", "account_facts")
_WORDS_SAID = 4  # so many words in a row are somebody's own, fewer are anybody's


@dataclass(frozen=True)
class Erasure:
    """The record of one erasure: who asked, when, how much went. No personal data."""

    author: str
    erased_at: datetime
    rows: int  # rows of uploaded tables and turns of interviews
    cells: int  # mentions in rows that stay, blackened
    decisions: int
    versions: int  # versions of the profile that quoted or named the customer
    files: int  # uploads


@dataclass
class _Person:
    """What a customer is known by, and what was said."""

    ids: set[str] = field(default_factory=set)  # lower case: ids, names, domains, addresses
    terms: set[str] = field(default_factory=set)  # what is blackened wherever it stands
    said: str = ""

    def is_one(self, value: object) -> bool:
        return isinstance(value, str) and value.strip().lower() in self.ids

    def was_said(self, text: str, words: int = _WORDS_SAID) -> bool:
        plain = _plain(text)
        return len(plain.split()) >= words and plain in self.said

    def hear(self, texts: Iterable[str | None]) -> None:
        found = [_plain(t) for t in texts if t]
        self.said = "\n".join([self.said, *(t for t in found if len(t.split()) > 1)])

    @cached_property
    def pattern(self) -> re.Pattern | None:
        parts = [rf"[\w.+%-]+@{re.escape(t)}" for t in self.terms if _is_domain(t)]
        parts += [re.escape(t) for t in sorted(self.terms, key=len, reverse=True)]
        return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else None


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _is_domain(term: str) -> bool:
    return "." in term and " " not in term and "@" not in term


def erase_customer(workspace: Workspace, customer_id: str, *, author: str = "") -> Erasure:
    """Erase a customer from the whole workspace, its uploads and its backups; returns the record.

    Rows of tables that belong to the customer go, also those set aside as duplicates or older exports, and those
    of prospect lists with the same name, domain or address; interviews linked to the customer go; mentions of
    the name, domain, addresses or phone numbers in other rows, decisions and profile versions are blackened, and
    quotes of the customer leave every version. A name of one word that is also a value of other customers
    (a city, say) is only removed from rows of this customer. A later upload can bring the customer back.

    Raises
    ------
    IcpError
        There is no such customer.
    WorkspaceError
        The file could not be rewritten; the customer is deleted, and opening the workspace finishes the rest.
    """
    with workspace.transaction() as con:
        if first_row(con, "SELECT 1 FROM accounts WHERE customer_id = $id", {"id": customer_id}) is None:
            raise IcpError("There is no such customer. Reload the page.")
        person = _known_by(con, customer_id)
        typed = _tables(con, "typed_")
        doomed = _rows_of(con, customer_id, person, typed)
        _listen(con, person, doomed)
        spoken, affected = _erase_interviews(workspace, con, customer_id, person)
        person.terms = _telling(con, person, typed, doomed)
        rows = spoken + _delete_rows(con, doomed)
        rows += learning.forget(workspace, _identities(con))
        decisions = _clean_decisions(con, customer_id, person)
        versions = _clean_json(con, "profiles", "version", "profile", customer_id, person)
        con.execute("DELETE FROM meta WHERE starts_with(key, $prefix)", {"prefix": f"set.{READINGS}"})
        _clean_json(con, "meta", "key", "value", customer_id, person, where="key LIKE 'set.%'")
        cells = _blacken(con, person)
        affected |= {
            first_row(con, "SELECT sha256 FROM imports WHERE import_id = $id", {"id": i})[0] for i in doomed
        }
        link.link_rows(workspace)
        store.refresh(workspace)
        files = _remove_uploads(workspace, con, affected)
        record = Erasure(author.strip(), workspace.clock(), rows, cells, decisions, versions, files)
        workspace.decide(
            TOPIC,
            record.erased_at.isoformat(),
            {k: v for k, v in asdict(record).items() if k not in ("author", "erased_at")},
            author=record.author,
        )
        workspace.rewrite_later()
    workspace.rewrite()
    return record


def erasures(workspace: Workspace) -> list[Erasure]:
    """The records of all erasures, oldest first."""
    return [
        Erasure(author=d.author, erased_at=datetime.fromisoformat(d.key), **d.value)
        for d in workspace.decisions(TOPIC)
    ]


# -- who it is ---------------------------------------------------------------------------------------


def _tables(con: duckdb.DuckDBPyConnection, prefix: str) -> dict[int, list[str]]:
    """Columns of the tables ``typed_<id>`` or ``raw_<id>`` by import."""
    found: dict[int, list[str]] = {}
    for table, column in con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE starts_with(table_name, $prefix) ORDER BY ALL",
        {"prefix": prefix},
    ).fetchall():
        found.setdefault(int(table.removeprefix(prefix)), []).append(column)
    return found


def _known_by(con: duckdb.DuckDBPyConnection, customer_id: str) -> _Person:
    """Ids, names, domains and addresses of the customer's rows that no other customer's rows have."""
    con.execute("CREATE OR REPLACE TEMP TABLE known_by (field VARCHAR, value VARCHAR)")
    for other in (False, True):
        side = "<>" if other else "="
        for import_id, columns in _tables(con, "typed_").items():
            for name in set(_IDENTITY) & set(columns):
                cell = f"trim(t.{quote_identifier(name)})"
                rows = f"""
                    FROM {quote_identifier(f"typed_{import_id}")} AS t
                    JOIN links AS l ON l.import_id = {import_id} AND l.row = t._row
                    WHERE l.customer_id {side} $id AND {cell} <> ''
                """
                con.execute(
                    f"DELETE FROM known_by WHERE field = '{name}' AND lower(value) IN (SELECT lower({cell}) {rows})"
                    if other
                    else f"INSERT INTO known_by SELECT DISTINCT '{name}', {cell} {rows}",
                    {"id": customer_id},
                )
    con.execute(
        "DELETE FROM known_by WHERE field = 'domain' AND list_contains($free, lower(value))", {"free": []}
    )
    name, domain = first_row(
        con, "SELECT customer_name, domain FROM accounts WHERE customer_id = $id", {"id": customer_id}
    )
    values = {value for (value,) in con.execute("SELECT DISTINCT value FROM known_by").fetchall()}
    person = _Person(terms={v for v in values if "@" in v or not is_free_mail(f"x@{v}")})
    person.ids = {v.lower() for v in values} | {customer_id.lower()}
    names = [v for (v,) in _of(con, "account_name")]
    person.ids |= {normalised_name(v) for v in names} - {""}
    person.terms |= {_short(v) for v in names}
    if name:
        person.ids.add(name.strip().lower())
    if domain:
        person.ids.add(domain.lower())
    return person


def _identities(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every name, domain and address the customer is known by, one a row: customer_name, domain, email."""
    names = {"account_name": "customer_name", "domain": "domain", "email": "email"}
    found = [{names[f]: v} for f in names for (v,) in _of(con, f)]
    return pd.DataFrame(found, columns=list(names.values()), dtype=object)


def _short(name: str) -> str:
    """A company's name without its legal form.

    >>> _short("Acme Kettenwerke GmbH & Co. KG")
    'Acme Kettenwerke'
    """
    words = name.split()
    while len(words) > 1 and normalised_name(" ".join(words[:-1])) == normalised_name(name):
        words.pop()
    return " ".join(words)


def _of(con: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str]]:
    return con.execute("SELECT DISTINCT value FROM known_by WHERE field = $name", {"name": name}).fetchall()


def _rows_of(
    con: duckdb.DuckDBPyConnection, customer_id: str, person: _Person, typed: dict[int, list[str]]
) -> dict[int, set[int]]:
    """Rows to delete by import: the customer's own, and rows of nobody that carry the same identity."""
    found: dict[int, set[int]] = {}
    for import_id, row in con.execute(
        "SELECT import_id, row FROM links WHERE customer_id = $id", {"id": customer_id}
    ).fetchall():
        found.setdefault(import_id, set()).add(row)
    kinds = dict(con.execute("SELECT import_id, kind FROM imports").fetchall())
    for import_id, columns in typed.items():
        fields = (*_ANYWHERE, "account_id") if kinds.get(import_id) in LINKED_KINDS else _ANYWHERE
        same = [
            f"lower(trim(t.{quote_identifier(f)})) IN (SELECT lower(value) FROM known_by WHERE field = '{f}')"
            for f in fields
            if f in columns
        ]
        if not same:
            continue
        rows = con.execute(
            f"""
            SELECT t._row
            FROM {quote_identifier(f"typed_{import_id}")} AS t
            ANTI JOIN links AS l ON l.import_id = {import_id} AND l.row = t._row
            WHERE {" OR ".join(same)}
            """
        ).fetchall()
        found.setdefault(import_id, set()).update(row for (row,) in rows)
    return {import_id: rows for import_id, rows in found.items() if rows}


def _doomed_sql(con: duckdb.DuckDBPyConnection, rows: set[int]) -> str:
    con.register("doomed", pa.table({"row": pa.array(sorted(rows), pa.int64())}))
    return "SELECT row FROM doomed"


def _listen(con: duckdb.DuckDBPyConnection, person: _Person, doomed: dict[int, set[int]]) -> None:
    """Take note of every text in the rows that go, to find it again in profiles and decisions."""
    raw = _tables(con, "raw_")
    for import_id, rows in doomed.items():
        for column in raw.get(import_id, ()):
            if column == "_row":
                continue
            cell = quote_identifier(column)
            person.hear(
                text
                for (text,) in con.execute(
                    f"SELECT DISTINCT {cell} FROM {quote_identifier(f'raw_{import_id}')} "
                    f"WHERE _row IN ({_doomed_sql(con, rows)}) AND contains({cell}, ' ')"
                ).fetchall()
            )
        con.unregister("doomed")


def _erase_interviews(
    workspace: Workspace, con: duckdb.DuckDBPyConnection, customer_id: str, person: _Person
) -> tuple[int, set[str]]:
    """Delete the interviews of the customer; returns how many turns went and the uploads they came from."""
    turns, uploads = 0, set()
    for decision in workspace.decisions("interview"):
        if not isinstance(decision.value, dict) or decision.value.get("customer_id") != customer_id:
            continue
        roles = decision.value.get("roles") or {}
        person.terms |= {speaker for speaker, role in roles.items() if role == "customer"}
        for import_id, name, *_, sha256 in con.execute(INTERVIEWS).fetchall():
            if name != decision.key:
                continue
            said = con.execute(
                "SELECT text FROM utterances WHERE import_id = $id", {"id": import_id}
            ).fetchall()
            person.hear(text for (text,) in said)
            turns += len(said)
            uploads.add(sha256)
            for table in ("imports", "problems", "utterances"):
                con.execute(f"DELETE FROM {table} WHERE import_id = $id", {"id": import_id})
        workspace.withdraw("interview", decision.key)
    for decision in workspace.decisions("note"):
        if decision.value.get("customer_id") == customer_id:
            person.hear([decision.value.get("note")])
    return turns, uploads


def _telling(
    con: duckdb.DuckDBPyConnection, person: _Person, typed: dict[int, list[str]], doomed: dict[int, set[int]]
) -> set[str]:
    """The terms that point at this customer wherever they stand; plain words that others use are left alone."""
    telling = set()
    for term in person.terms:
        if len(term) < 3 or (term.isdigit() and len(term) < 7):
            continue
        single_word = term.isalpha()
        if single_word and _is_value_of_others(con, term, typed, doomed):
            continue
        telling.add(term)
    return telling


def _is_value_of_others(
    con: duckdb.DuckDBPyConnection, term: str, typed: dict[int, list[str]], doomed: dict[int, set[int]]
) -> bool:
    for import_id, columns in typed.items():
        text = [c for c in _text_columns(con, f"typed_{import_id}") if c in columns and c not in _IDENTITY]
        if not text:
            continue
        same = " OR ".join(f"lower(trim({quote_identifier(c)})) = $term" for c in text)
        found = first_row(
            con,
            f"SELECT 1 FROM {quote_identifier(f'typed_{import_id}')} "
            f"WHERE _row NOT IN ({_doomed_sql(con, doomed.get(import_id, set()))}) AND ({same}) LIMIT 1",
            {"term": term.lower()},
        )
        con.unregister("doomed")
        if found:
            return True
    return False


# -- what goes ---------------------------------------------------------------------------------------


def _delete_rows(con: duckdb.DuckDBPyConnection, doomed: dict[int, set[int]]) -> int:
    """Delete rows as read and as typed, their problems and status; each import counts fewer rows read."""
    total = 0
    raw = _tables(con, "raw_")
    for import_id, rows in doomed.items():
        chosen = _doomed_sql(con, rows)
        gone = 0
        for prefix in ("raw", "typed"):
            if prefix == "typed" or import_id in raw:
                deleted = con.execute(
                    f"DELETE FROM {quote_identifier(f'{prefix}_{import_id}')} WHERE _row IN ({chosen})"
                ).fetchall()
                gone = max(gone, deleted[0][0])
        for table in ("problems", "row_status", "links"):
            con.execute(f"DELETE FROM {table} WHERE import_id = $id AND row IN ({chosen})", {"id": import_id})
        con.execute(
            "UPDATE imports SET rows_read = rows_read - $n WHERE import_id = $id",
            {"n": gone, "id": import_id},
        )
        con.unregister("doomed")
        total += gone
    return total


def _clean_decisions(con: duckdb.DuckDBPyConnection, customer_id: str, person: _Person) -> int:
    """Drop decisions about the customer, blacken mentions in the others; returns how many changed."""
    changed = 0
    for topic, key, value in con.execute(
        "SELECT topic, key, value FROM decisions WHERE topic <> $own", {"own": TOPIC}
    ).fetchall():
        told = json.loads(value)
        where = {"topic": topic, "key": key}
        if _is_about(topic, key, told, customer_id, person):
            con.execute("DELETE FROM decisions WHERE topic = $topic AND key = $key", where)
            changed += 1
            continue
        cleaned, clean_key = _cleaned(told, customer_id, person), _cleaned_text(key, person)
        if cleaned != told or clean_key != key:
            con.execute(
                "DELETE FROM decisions WHERE topic = $topic AND key = $clean AND $clean <> $key",
                where | {"clean": clean_key},
            )
            con.execute(
                "UPDATE decisions SET value = $value, key = $clean WHERE topic = $topic AND key = $key",
                where | {"clean": clean_key, "value": json.dumps(cleaned, ensure_ascii=False)},
            )
            changed += 1
    return changed


def _is_about(topic: str, key: str, told: Any, customer_id: str, person: _Person) -> bool:
    if topic in _KEYED and any(person.is_one(part) for part in key.split("\x1f")):
        return True
    if not isinstance(told, dict):
        return False
    if told.get("customer_id") == customer_id or any(
        person.is_one(told.get(side)) for side in ("left", "right")
    ):
        return True
    text = told.get("text")
    return isinstance(text, str) and person.was_said(text, words=1)


def _clean_json(
    con: duckdb.DuckDBPyConnection,
    table: str,
    key: str,
    column: str,
    customer_id: str,
    person: _Person,
    where: str = "true",
) -> int:
    changed = 0
    for one, text in con.execute(f"SELECT {key}, {column} FROM {table} WHERE {where}").fetchall():
        told = json.loads(text)
        cleaned = _cleaned(told, customer_id, person)
        if cleaned != told:
            changed += 1
            con.execute(
                f"UPDATE {table} SET {column} = $value WHERE {key} = $key",
                {"value": json.dumps(cleaned, ensure_ascii=False, indent=1), "key": one},
            )
    if table == "profiles" and (pattern := person.pattern):
        for one, note, author in con.execute("SELECT version, note, author FROM profiles").fetchall():
            con.execute(
                "UPDATE profiles SET note = $note, author = $author WHERE version = $version",
                {"note": pattern.sub(GONE, note), "author": pattern.sub(GONE, author), "version": one},
            )
    return changed


def _cleaned(value: Any, customer_id: str, person: _Person) -> Any:
    """A JSON value without the customer: quotes dropped, words and mentions blackened."""
    if isinstance(value, dict):
        return {
            _cleaned_text(k, person): _cleaned(v, customer_id, person)
            for k, v in value.items()
            if not _is_quote(v, customer_id, person)
        }
    if isinstance(value, list):
        return [_cleaned(v, customer_id, person) for v in value if not _is_quote(v, customer_id, person)]
    if not isinstance(value, str):
        return value
    if value[:1] == "{":
        try:
            inner = json.loads(value)
        except json.JSONDecodeError:
            return _cleaned_text(value, person)
        cleaned = _cleaned(inner, customer_id, person)
        return value if cleaned == inner else json.dumps(cleaned, ensure_ascii=False, indent=1)
    return _cleaned_text(value, person)


def _is_quote(value: Any, customer_id: str, person: _Person) -> bool:
    if not isinstance(value, dict) or "text" not in value or "customer_id" not in value:
        return False
    return value["customer_id"] == customer_id or person.was_said(str(value["text"]), words=2)


def _cleaned_text(text: str, person: _Person) -> str:
    if person.was_said(text):
        return GONE
    pattern = person.pattern
    return pattern.sub(GONE, text) if pattern else text


def _text_columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [
        name
        for (name,) in con.execute(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = $table AND data_type = 'VARCHAR' "
            "AND NOT internal AND schema_name = 'main' AND database_name = current_database()",
            {"table": table},
        ).fetchall()
    ]


def _blacken(con: duckdb.DuckDBPyConnection, person: _Person) -> int:
    """Replace mentions in all cells that stay; returns how many cells changed."""
    pattern = person.pattern
    if pattern is None:
        return 0
    con.register(
        "terms", pa.table({"term": pa.array([t.lower() for t in sorted(person.terms)], pa.string())})
    )
    tables = [
        name
        for (name,) in con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND NOT list_contains($rebuilt, table_name)",
            {"rebuilt": list(_REBUILT)},
        ).fetchall()
    ]
    changed = 0
    for table in tables:
        name = quote_identifier(table)
        for column in _text_columns(con, table):
            cell = quote_identifier(column)
            found = con.execute(
                f"SELECT t.rowid, any_value(t.{cell}) FROM {name} AS t "
                f"JOIN terms ON contains(lower(t.{cell}), terms.term) GROUP BY 1"
            ).fetchall()
            renewed = [(row, pattern.sub(GONE, text)) for row, text in found if pattern.search(text)]
            if renewed:
                con.register(
                    "incoming",
                    pa.table({"at": [row for row, _ in renewed], "text": [text for _, text in renewed]}),
                )
                con.execute(
                    f"UPDATE {name} SET {cell} = incoming.text FROM incoming WHERE {name}.rowid = incoming.at"
                )
                con.unregister("incoming")
                changed += len(renewed)
    con.unregister("terms")
    return changed


def _remove_uploads(workspace: Workspace, con: duckdb.DuckDBPyConnection, affected: set[str]) -> int:
    """Remove the uploads the rows came from, and uploads never loaded: nobody knows who is in those."""
    if workspace.path is None:
        return 0
    loaded = {sha for (sha,) in con.execute("SELECT sha256 FROM imports").fetchall()} - affected
    removed = 0
    for path in workspace.inbox.iterdir():
        if path.is_file() and path.name.partition(".")[0] not in loaded:
            path.unlink()
            removed += 1
    return removed
