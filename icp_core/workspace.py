"""A workspace: one DuckDB file that holds everything a team loaded and decided.

This is the only module that connects to the file. The connection is locked down before any user text
reaches it: no file system, no extensions, no settings. Every change is one transaction; what was
acknowledged survives a killed process.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import platformdirs

from icp_core.errors import (
    NewerWorkspaceError,
    ReadOnlyError,
    WorkspaceDamagedError,
    WorkspaceError,
    WorkspaceLockedError,
)
from icp_core.sql import first_row, quote_identifier

SUFFIX = ".duckdb"
_KEPT_BACKUPS = 3
_ASIDE = ".damaged"
_REWRITE_DUE = "rewrite_due"
_WAIT_FOR_READERS = 3.0  # seconds
_KEEP_UPLOADS_DAYS = 30

# Each entry lifts the schema by one; its position + 1 is the version it makes. Never edit one that has
# shipped: add another.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE imports (
        import_id      BIGINT PRIMARY KEY,
        file_name      VARCHAR NOT NULL,
        sheet          VARCHAR,
        sha256         VARCHAR NOT NULL,
        kind           VARCHAR NOT NULL,
        vendor         VARCHAR,
        shape          VARCHAR NOT NULL,
        mode           VARCHAR NOT NULL,
        imported_at    TIMESTAMP NOT NULL,
        rows_read      BIGINT NOT NULL,
        recognition    VARCHAR NOT NULL,
        settings       VARCHAR NOT NULL,
        notes          VARCHAR NOT NULL
    );
    CREATE TABLE row_status (
        import_id BIGINT NOT NULL, row BIGINT NOT NULL, status VARCHAR NOT NULL, reason VARCHAR NOT NULL,
        by_import BIGINT NOT NULL
    );
    CREATE TABLE problems (
        import_id BIGINT NOT NULL, row BIGINT, "column" VARCHAR, value VARCHAR,
        problem VARCHAR NOT NULL, fix VARCHAR NOT NULL
    );
    CREATE TABLE decisions (
        topic VARCHAR NOT NULL, key VARCHAR NOT NULL, value VARCHAR NOT NULL, author VARCHAR NOT NULL,
        decided_at TIMESTAMP NOT NULL, PRIMARY KEY (topic, key)
    );
    CREATE TABLE profiles (
        version BIGINT PRIMARY KEY, active BOOLEAN NOT NULL, profile VARCHAR NOT NULL, note VARCHAR NOT NULL,
        author VARCHAR NOT NULL, saved_at TIMESTAMP NOT NULL
    );
    CREATE TABLE accounts (
        customer_id VARCHAR PRIMARY KEY, customer_name VARCHAR, domain VARCHAR, details VARCHAR NOT NULL
    );
    CREATE TABLE links (
        import_id BIGINT NOT NULL, row BIGINT NOT NULL, customer_id VARCHAR NOT NULL,
        reason VARCHAR NOT NULL, score DOUBLE NOT NULL
    );
    CREATE TABLE match_proposals (
        left_id VARCHAR NOT NULL, left_name VARCHAR, right_id VARCHAR NOT NULL, right_name VARCHAR,
        score DOUBLE NOT NULL, reason VARCHAR NOT NULL
    );
    CREATE TABLE utterances (
        import_id BIGINT NOT NULL, row BIGINT NOT NULL, speaker VARCHAR, start_s DOUBLE, text VARCHAR NOT NULL
    );
    """,
    # Which tier a prospect was in when. Who it is stands there only as a digest.
    """
    CREATE TABLE prospect_scores (
        who VARCHAR NOT NULL, domain VARCHAR NOT NULL, email VARCHAR NOT NULL, name VARCHAR NOT NULL,
        place VARCHAR NOT NULL, scored_on DATE NOT NULL, fit_points SMALLINT NOT NULL, tier VARCHAR NOT NULL
    );
    """,
)


def default_folder() -> Path:
    """Where workspaces live unless ``ICP_WORKBENCH_HOME`` says otherwise."""
    home = os.environ.get("ICP_WORKBENCH_HOME")
    return Path(home) if home else Path(platformdirs.user_data_dir("icp-workbench", appauthor=False))


def workspace_path(name: str, folder: Path | None = None) -> Path:
    """File of the workspace called ``name``; only letters, digits, ``-`` and ``_`` reach the file system.

    >>> workspace_path("../Böse & Co", Path("/data")).name
    'böse-co.duckdb'
    """
    slug = re.sub(r"[^\w-]+", "-", name.strip().lower()).strip("-_")[:60] or "workspace"
    return (folder or default_folder()) / f"{slug}{SUFFIX}"


def workspace_names(folder: Path | None = None) -> list[str]:
    """Names of the workspaces in a folder, by name."""
    folder = folder or default_folder()
    return sorted(p.stem for p in folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []


def _utc_now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Decision:
    """Something a person settled: a mapping, a merge, a pin, a theme name."""

    topic: str
    key: str
    value: Any
    author: str
    decided_at: datetime


class Workspace:
    """One open workspace. Use ``Workspace.open(path)`` or ``Workspace.in_memory()``; close when done."""

    is_read_only = False

    def __init__(self, path: Path | None, clock: Callable[[], datetime]):
        self.path = path
        self.clock = clock
        self._lock = threading.RLock()
        self._con: duckdb.DuckDBPyConnection | None = None
        self._cursors: weakref.WeakSet[duckdb.DuckDBPyConnection] = weakref.WeakSet()
        self._cursors_lock = threading.Lock()
        self._depth = 0
        self._open_cursor: duckdb.DuckDBPyConnection | None = None
        self._owner: int | None = None

    # -- opening and closing ---------------------------------------------------------------------

    @classmethod
    def open(cls, path: Path | str, *, clock: Callable[[], datetime] = _utc_now) -> Workspace:
        """Open the file, creating it when missing, and lift an older schema (after a backup).

        Raises
        ------
        WorkspaceLockedError
            Another process has it open.
        WorkspaceDamagedError
            The file is not a workspace or is broken; the message names the newest backup.
        NewerWorkspaceError
            A newer version of the workbench wrote it.
        """
        workspace = cls(Path(path), clock)
        workspace._connect()
        if workspace.setting(_REWRITE_DUE):
            workspace.rewrite()
        workspace.expire_uploads()
        return workspace

    @classmethod
    def in_memory(cls, *, clock: Callable[[], datetime] = _utc_now) -> Workspace:
        """A workspace that is gone when closed; for one-off builds and tests."""
        workspace = cls(None, clock)
        workspace._connect()
        return workspace

    def _connect(self) -> None:
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        is_new = self.path is None or not self.path.exists()
        try:
            con = duckdb.connect(str(self.path) if self.path else ":memory:")
        except (duckdb.Error, OSError) as error:
            raise self._why_not_open(error) from error
        try:
            version = self._schema_version(con)
            if version > len(MIGRATIONS):
                raise NewerWorkspaceError(
                    f"“{self.name}” was written by a newer version of the workbench "
                    f"(schema {version}, this one knows {len(MIGRATIONS)}). Update the workbench; the file is unchanged."
                )
            if version < len(MIGRATIONS):
                if not is_new and version > 0:
                    con.execute("CHECKPOINT")
                    self._copy_to(self._backup_file(f"schema-{version}"))
                self._migrate(con, version)
            self._lock_down(con)
            self._compare_with_promises(con)
        except duckdb.Error as error:
            con.close()
            raise self._why_not_open(error) from error
        except WorkspaceError:
            con.close()
            raise
        self._con = con

    def _schema_version(self, con: duckdb.DuckDBPyConnection) -> int:
        tables = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        if not tables:
            return 0
        if "meta" not in tables:
            raise WorkspaceDamagedError(
                f"“{self.name}” is a DuckDB file, but not a workspace of this program. Choose another file; it is unchanged."
            )
        row = first_row(con, "SELECT value FROM meta WHERE key = 'schema_version'")
        return int(row[0]) if row else 0

    def _migrate(self, con: duckdb.DuckDBPyConnection, version: int) -> None:
        con.execute("BEGIN")
        if version == 0:
            con.execute("CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
            con.execute(
                "INSERT INTO meta VALUES ('workspace_id', $id), ('data_version', '0')",
                {"id": uuid.uuid4().hex},
            )
        for script in MIGRATIONS[version:]:
            con.execute(script)
        con.execute(
            "INSERT OR REPLACE INTO meta VALUES ('schema_version', $version)",
            {"version": str(len(MIGRATIONS))},
        )
        con.execute("COMMIT")
        con.execute("CHECKPOINT")  # without its log a workspace must still be known as one

    def _lock_down(self, con: duckdb.DuckDBPyConnection) -> None:
        for setting in (
            "enable_external_access = false",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "python_enable_replacements = false",
            "lock_configuration = true",
        ):
            con.execute(f"SET {setting}")

    def _why_not_open(self, error: Exception) -> WorkspaceError:
        text = str(error)
        if "set lock on file" in text or "different configuration" in text or "already open" in text:
            return WorkspaceLockedError(
                f"“{self.name}” is open in another window or program. Close that one, then open it again."
            )
        if "newer version" in text.lower() or "higher version" in text.lower():
            return NewerWorkspaceError(
                f"“{self.name}” was written by a newer version of the database engine. Update the workbench; the file is unchanged."
            )
        if isinstance(error, PermissionError) or "permission" in text.lower():
            return WorkspaceError(
                f"“{self.path}” may not be written. Check its rights or choose another folder."
            )
        copies = self.backups()
        hope = (
            f"The last good copy is {copies[-1].name} in {copies[-1].parent}: restore it from the Data page."
            if copies
            else "There is no backup beside it."
        )
        return WorkspaceDamagedError(f"“{self.name}” is damaged and was left as it is. {hope}")

    # -- what was promised -----------------------------------------------------------------------
    #
    # The engine takes a damaged length in its log for a write that was cut off: it opens the file without the changes
    # after it and says nothing. So the number of the last change that was acknowledged stands in a file of
    # its own; a database that knows fewer has lost some.

    @property
    def _promises(self) -> Path:
        return self.path.with_suffix(".promised")

    def _promise(self, workspace_id: str, version: int) -> None:
        if self.path is None:
            return
        try:
            self._promises.write_text(f"{workspace_id} {version}", encoding="ascii")
        except OSError:  # a full disk: the number there is lower than the truth, and nothing is missed by it
            return

    def _compare_with_promises(self, con: duckdb.DuckDBPyConnection) -> None:
        if self.path is None:
            return
        told = dict(
            con.execute(
                "SELECT key, value FROM meta WHERE key IN ('workspace_id', 'data_version')"
            ).fetchall()
        )
        version = int(told["data_version"])
        try:
            workspace_id, _, promised = self._promises.read_text(encoding="ascii").partition(" ")
        except (OSError, ValueError):
            workspace_id, promised = "", ""
        missing = (
            int(promised) - version if promised.isdecimal() and workspace_id == told["workspace_id"] else 0
        )
        if missing > 0:
            raise WorkspaceDamagedError(
                f"“{self.name}” holds {missing:,} {'change' if missing == 1 else 'changes'} fewer than were saved: its log is "
                "damaged, or an older copy was put in its place. It was left as it is; the Data page offers what there is."
            )
        self._promise(told["workspace_id"], version)

    def close(self) -> None:
        """Close the file; the workspace cannot be used afterwards."""
        with self._lock:
            if self._con is not None:
                with self._cursors_lock:
                    # A cursor left open keeps the old file in use; the next connection would see it.
                    for cursor in self._cursors:
                        cursor.close()
                    self._cursors.clear()
                    self._con.close()
                    self._con = None

    def read_only(self) -> Workspace:
        """The same open workspace for somebody who may look at everything and change nothing."""
        return _ReadOnly(self)

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *exc) -> None:
        self.close()

    # -- reading and writing ---------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self.path.stem if self.path else "in memory"

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of the locked-down connection (inside a transaction: the transaction's own)."""
        if self._open_cursor is not None and self._owner == threading.get_ident():
            return self._open_cursor
        if self._con is None:
            with self._lock:  # while the file is swapped for a restored or rewritten one, wait
                pass
        with self._cursors_lock:
            if self._con is None:
                raise WorkspaceError(f"“{self.name}” is closed. Open it again.")
            cursor = self._con.cursor()
            self._cursors.add(cursor)
        return cursor

    @contextmanager
    def transaction(self, *, checkpoint: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """All or nothing: commits at the end, rolls back on any error; nested calls join the outer one.

        ``checkpoint`` writes everything into the main file afterwards, so that a damaged write-ahead
        log cannot cost an import. A full disk raises ``WorkspaceError``; the file is reopened and whole.
        """
        with self._lock:
            if self._depth:
                yield self._open_cursor
                return
            cursor = self.cursor()
            self._owner = threading.get_ident()
            self._open_cursor, self._depth = cursor, 1
            try:
                cursor.execute("BEGIN")
                yield cursor
                cursor.execute(
                    "UPDATE meta SET value = (value::BIGINT + 1)::VARCHAR WHERE key = 'data_version'"
                )
                workspace_id, version = self.fingerprint().split(":")
                cursor.execute("COMMIT")
                self._promise(workspace_id, int(version))
                if checkpoint and self.path is not None:
                    self._checkpoint(cursor, seconds=0)
            except duckdb.FatalException as error:
                self._open_cursor, self._depth = None, 0
                self._reopen()
                raise WorkspaceError(
                    "The change could not be written: the disk is full or cannot be written. Free some space and try again; "
                    "everything saved before is intact."
                ) from error
            except BaseException:
                # Also on interrupt: a half-done change must never be committed by the next one.
                self._roll_back(cursor)
                raise
            finally:
                self._open_cursor, self._depth = None, 0

    def _checkpoint(self, con: duckdb.DuckDBPyConnection, *, seconds: float) -> bool:
        """Write the log into the main file; False when another session kept reading all the while."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                con.execute("CHECKPOINT")
                return True
            except duckdb.TransactionException:
                if time.monotonic() >= deadline:
                    return False  # what is committed stands in the log, and the next checkpoint takes it over
                time.sleep(0.05)

    def _roll_back(self, cursor: duckdb.DuckDBPyConnection) -> None:
        try:
            cursor.execute("ROLLBACK")
        except duckdb.TransactionException:
            return  # the engine already gave the transaction up
        except duckdb.FatalException:
            self._reopen()

    def _reopen(self) -> None:
        self.close()
        self._connect()

    def fingerprint(self) -> str:
        """Changes with every committed change; the key for caches."""
        rows = dict(
            self.cursor()
            .execute("SELECT key, value FROM meta WHERE key IN ('workspace_id', 'data_version')")
            .fetchall()
        )
        return f"{rows['workspace_id']}:{rows['data_version']}"

    def facts_fingerprint(self) -> str:
        """Changes when the facts are built anew; a saved segment or an edited profile leaves it as it is."""
        con = self.cursor()
        rows = dict(
            con.execute(
                "SELECT key, value FROM meta WHERE key IN ('workspace_id', 'facts_version')"
            ).fetchall()
        )
        return f"{rows['workspace_id']}:facts {rows.get('facts_version', '0')}"

    def setting(self, key: str, default: Any = None) -> Any:
        """A setting of the workspace (JSON), or ``default``."""
        row = first_row(self.cursor(), "SELECT value FROM meta WHERE key = $key", {"key": f"set.{key}"})
        return default if row is None else json.loads(row[0])

    def set_setting(self, key: str, value: Any) -> None:
        with self.transaction() as con:
            con.execute(
                "INSERT OR REPLACE INTO meta VALUES ($key, $value)",
                {"key": f"set.{key}", "value": json.dumps(value, ensure_ascii=False)},
            )

    def decide(self, topic: str, key: str, value: Any, *, author: str = "") -> None:
        """Keep a decision under (topic, key); a later one replaces it."""
        with self.transaction() as con:
            con.execute(
                "INSERT OR REPLACE INTO decisions VALUES ($topic, $key, $value, $author, $at)",
                {
                    "topic": topic,
                    "key": key,
                    "value": json.dumps(value, ensure_ascii=False),
                    "author": author,
                    "at": self.clock(),
                },
            )

    def withdraw(self, topic: str, key: str) -> None:
        """Forget a decision; nothing happens when there is none."""
        with self.transaction() as con:
            con.execute(
                "DELETE FROM decisions WHERE topic = $topic AND key = $key", {"topic": topic, "key": key}
            )

    def decisions(self, topic: str) -> list[Decision]:
        """Decisions of one topic, oldest first."""
        rows = (
            self.cursor()
            .execute(
                "SELECT topic, key, value, author, decided_at FROM decisions WHERE topic = $topic ORDER BY decided_at, key",
                {"topic": topic},
            )
            .fetchall()
        )
        return [Decision(t, k, json.loads(v), a, at) for t, k, v, a, at in rows]

    def decision(self, topic: str, key: str, default: Any = None) -> Any:
        """The value decided under (topic, key), or ``default``."""
        row = first_row(
            self.cursor(),
            "SELECT value FROM decisions WHERE topic = $topic AND key = $key",
            {"topic": topic, "key": key},
        )
        return default if row is None else json.loads(row[0])

    def decision_keys(self, topic: str) -> list[str]:
        """The keys decided under a topic, in order; cheap where the values are long."""
        rows = (
            self.cursor()
            .execute("SELECT key FROM decisions WHERE topic = $topic ORDER BY key", {"topic": topic})
            .fetchall()
        )
        return [key for (key,) in rows]

    # -- files beside the database ---------------------------------------------------------------

    @property
    def inbox(self) -> Path:
        """Folder for uploads, named by their content; only of workspaces with a file."""
        if self.path is None:
            raise WorkspaceError("A workspace in memory keeps no uploads.")
        folder = self.path.with_suffix(".inbox")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def expire_uploads(self) -> int:
        """Remove uploads older than 30 days (``ICP_WORKBENCH_KEEP_UPLOADS_DAYS``); returns how many.

        What was read from them stays in the workspace. Done whenever it is opened.
        """
        if self.path is None or not self.path.with_suffix(".inbox").is_dir():
            return 0
        told = os.environ.get("ICP_WORKBENCH_KEEP_UPLOADS_DAYS", "")
        oldest = self.clock() - timedelta(days=int(told) if told.isdecimal() else _KEEP_UPLOADS_DAYS)
        removed = 0
        for upload in self.inbox.iterdir():
            if datetime.fromtimestamp(upload.stat().st_mtime, UTC).replace(tzinfo=None) < oldest:
                upload.unlink()
                removed += 1
        return removed

    def backups(self) -> list[Path]:
        """Backup files, oldest first."""
        if self.path is None:
            return []
        return sorted(
            self.path.with_suffix(".backups").glob(f"*{SUFFIX}"), key=lambda p: (p.stat().st_mtime_ns, p.name)
        )

    def _backup_file(self, label: str) -> Path:
        folder = self.path.with_suffix(".backups")
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{self.clock():%Y%m%d-%H%M%S}-{label}{SUFFIX}"

    def _copy_to(self, target: Path) -> Path:
        try:
            shutil.copyfile(self.path, target)
        except OSError as error:
            target.unlink(missing_ok=True)
            raise WorkspaceError(
                f"The copy could not be written to {target.parent}: {error.strerror}."
            ) from error
        return target

    def back_up(self, label: str = "manual") -> Path:
        """Write a copy beside the workspace, check that it opens, keep the newest three; returns its path."""
        if self.path is None:
            raise WorkspaceError("A workspace in memory cannot be backed up. Open one with a file.")
        with self._lock:
            if not self._checkpoint(self._con, seconds=_WAIT_FOR_READERS):
                raise WorkspaceError(
                    "Another window is reading the workspace, so no copy was made. Try again in a moment."
                )
            target = self._copy_to(self._backup_file(label))
        try:
            with duckdb.connect(str(target), read_only=True) as copy:
                first_row(copy, "SELECT count(*) FROM meta")
        except duckdb.Error as error:
            target.unlink(missing_ok=True)
            raise WorkspaceError(
                "The copy could not be read back and was removed. Try again, or check the disk."
            ) from error
        for old in self.backups()[:-_KEPT_BACKUPS]:
            old.unlink(missing_ok=True)
        return target

    def restore(self, backup: Path) -> None:
        """Replace the workspace's content by a backup; today's state is backed up first."""
        if backup not in self.backups():
            raise WorkspaceError(f"{backup.name} is not a backup of “{self.name}”. Choose one from the list.")
        with self._lock:
            kept = self._copy_to(backup.with_suffix(".restoring"))
            try:
                shutil.copyfile(backup, kept)
                self.back_up("before-restore")
                self.close()
                _remove(self._promises)
                _remove(self.path.with_suffix(SUFFIX + ".wal"))
                os.replace(kept, self.path)
            finally:
                kept.unlink(missing_ok=True)
            self._connect()

    # -- a workspace that does not open ----------------------------------------------------------

    @classmethod
    def rescues(cls, path: Path | str, *, clock: Callable[[], datetime] = _utc_now) -> list[Path]:
        """Good copies of a workspace that does not open, the best first.

        The file itself stands first when only its log is damaged: it holds everything up to the last import at least.
        Then the backups that open, newest first.
        """
        shut = cls(Path(path), clock)
        found = [shut.path] if shut._opens_without_log() else []
        return found + [copy for copy in reversed(shut.backups()) if _opens(copy)]

    @classmethod
    def rescue(cls, path: Path | str, copy: Path | None, *, clock: Callable[[], datetime] = _utc_now) -> None:
        """Put a copy from ``rescues`` in the place of a workspace that does not open; None starts an empty one.

        The damaged files are not deleted but set aside beside the backups.
        """
        shut = cls(Path(path), clock)
        if copy is not None and copy not in cls.rescues(path, clock=clock):
            raise WorkspaceError("This copy is not there any more. Reload the page.")
        fresh = shut.path.with_suffix(".rescued")
        try:
            if copy is not None:
                shutil.copyfile(copy, fresh)
            aside = shut._backup_file("aside")
            for damaged in (shut.path, shut._log):
                if damaged.exists():
                    os.replace(damaged, aside.with_name(aside.stem + damaged.suffix + _ASIDE))
            _remove(shut._promises)
            if copy is not None:
                os.replace(fresh, shut.path)
        except OSError as error:
            raise WorkspaceError(
                f"The copy could not be put back: {error.strerror}. Free some space or check the folder's rights."
            ) from error
        finally:
            fresh.unlink(missing_ok=True)

    @property
    def _log(self) -> Path:
        return self.path.with_suffix(SUFFIX + ".wal")

    def _opens_without_log(self) -> bool:
        trial = self.path.with_suffix(".trial")
        try:
            shutil.copyfile(self.path, trial)
            return _opens(trial)
        except OSError:
            return False
        finally:
            trial.unlink(missing_ok=True)

    # -- leaving nothing behind ------------------------------------------------------------------

    def rewrite_later(self) -> None:
        """Within a change: note that deleted text must also leave the file, so that a crash cannot skip it."""
        self.set_setting(_REWRITE_DUE, True)

    def rewrite(self) -> None:
        """Write what the workspace holds into a fresh file and drop all older copies.

        Deleted text stays in the pages of a database file; only a file that never held it is free of it. The
        file is swapped in one step: after a crash there is the old one or the new one. The backups go, as they
        hold the deleted text, and one new backup is made. When a crash comes between, opening does the rest.

        Raises
        ------
        WorkspaceError
            The fresh file could not be written (a full disk, say); the workspace stands as it was and the
            rewriting is done when it is opened next.
        """
        if self.path is None:
            return
        with self._lock:
            if self._depth:
                raise WorkspaceError("A change is under way. Finish it, then rewrite the file.")
            fresh = self.path.with_suffix(".rewriting")
            _remove(fresh)
            self.close()
            try:
                _copied(self.path, fresh)
                _remove(self.path.with_suffix(SUFFIX + ".wal"))
                os.replace(fresh, self.path)
            except (duckdb.Error, OSError) as error:
                raise WorkspaceError(
                    "The file could not be rewritten, so deleted text is still in its unused pages. "
                    "Free some space, then open the workspace again; it stands as it was."
                ) from error
            finally:
                _remove(fresh)
                _remove(fresh.with_name(fresh.name + ".wal"))
                self._connect()
            for copy in [*self.backups(), *self.path.with_suffix(".backups").glob(f"*{_ASIDE}")]:
                copy.unlink(missing_ok=True)
            with self.transaction(checkpoint=True) as con:
                con.execute("DELETE FROM meta WHERE key = $key", {"key": f"set.{_REWRITE_DUE}"})
            self.back_up("rewritten")

    def delete(self) -> list[Path]:
        """Remove the workspace for good: file, log, uploads, backups. Returns what was removed."""
        if self.path is None:
            raise WorkspaceError("A workspace in memory is gone when it is closed.")
        with self._lock:
            self.close()
            targets = [
                self.path,
                self.path.with_suffix(SUFFIX + ".wal"),
                self.path.with_suffix(SUFFIX + ".tmp"),
                self.path.with_suffix(".inbox"),
                self.path.with_suffix(".backups"),
                self._promises,
            ]
            return [target for target in targets if _remove(target)]


class _ReadOnly(Workspace):
    """A workspace through which nothing can be changed: every way of writing is refused."""

    is_read_only = True

    def __init__(self, opened: Workspace):
        # One state for both: when the file is swapped under the other one, this one sees the new connection.
        self.__dict__ = opened.__dict__

    def transaction(self, *, checkpoint: bool = False):
        raise ReadOnlyError(
            f"You may look at “{self.name}” but not change it. Ask an editor of your team, or work in a workspace of your own."
        )

    @property
    def inbox(self) -> Path:
        self.transaction()

    def back_up(self, label: str = "manual") -> Path:
        self.transaction()

    def restore(self, backup: Path) -> None:
        self.transaction()

    def rewrite(self) -> None:
        self.transaction()

    def delete(self) -> list[Path]:
        self.transaction()

    def close(self) -> None:
        self.transaction()


def _remove(path: Path) -> bool:
    if path.is_dir():
        shutil.rmtree(path)
        return True
    if path.exists():
        path.unlink()
        return True
    return False


def _opens(path: Path) -> bool:
    """Whether a copy is a readable workspace, every table of it."""
    try:
        con = duckdb.connect(str(path), read_only=True)
    except (duckdb.Error, OSError):
        return False
    try:
        tables = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        for table in tables:
            # Reads every block, so that a copy is only offered when all of it can be read.
            con.execute(f"SELECT max(hash(t)) FROM {quote_identifier(table)} AS t").fetchall()
        return "meta" in tables
    except duckdb.Error:
        return False
    finally:
        con.close()


def _copied(source: Path, target: Path) -> None:
    """Copy every table into a new database file and compare the counts; the source is only read."""
    con = duckdb.connect(":memory:")
    try:
        for path, alias, mode in ((source, "source", "(READ_ONLY)"), (target, "target", "")):
            con.execute("ATTACH '{}' AS {} {}".format(str(path).replace("'", "''"), alias, mode))
        con.execute("COPY FROM DATABASE source TO target")
        tables = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'source'"
        ).fetchall()
        for (table,) in tables:
            counts = {
                first_row(con, f"SELECT count(*) FROM {alias}.{quote_identifier(table)}")
                for alias in ("source", "target")
            }
            if len(counts) > 1:
                raise duckdb.Error("a table was not copied whole")
        con.execute("CHECKPOINT target")
    finally:
        con.close()
