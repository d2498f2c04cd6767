"""SQLite as a `Lab`: a database file in a scratch folder."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
from pathlib import Path

from tests.engines.lab import Dump, Lab, Session, SqlError
from tests.engines.process import scratch_folder
from tests.engines.servers import Engine

# SQLite has no error code for it (SQLITE_ERROR stands for nearly everything), so the text has to tell.
REFUSALS = ("within a transaction", "inside a transaction", "cannot change into wal mode from")

# Settings that live in the file's header, as against those of one connection.
HEADER = ("user_version", "application_id", "journal_mode", "auto_vacuum", "encoding", "page_size")


class SqliteSession(Session):
    """A connection without Python's own transaction handling."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=2)

    def run(self, sql: str) -> list[tuple[object, ...]]:
        try:
            return self._connection.execute(sql).fetchall()
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise SqlError(getattr(error, "sqlite_errorname", type(error).__name__), str(error)) from error

    def script(self, sql: str) -> None:
        try:
            self._connection.executescript(sql)
        except sqlite3.Error as error:
            raise SqlError(error.sqlite_errorname, str(error)) from error

    def close(self) -> None:
        self._connection.close()


class SqliteLab(Lab):
    """Each `fresh` is a new file."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.address = None
        self.version = sqlite3.sqlite_version
        self._scratch = scratch_folder("sqlite")
        atexit.register(self.close)
        self.fresh()

    def fresh(self) -> None:
        shutil.rmtree(self._scratch / "current", ignore_errors=True)
        (self._scratch / "current").mkdir()
        self.path = self._scratch / "current" / "lab.db"
        self.url = f"sqlite:///{self.path}"

    def connect(self) -> Session:
        return SqliteSession(self.path)

    def dump(self, positions: bool = False) -> Dump:
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            master = connection.execute(
                "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"
            ).fetchall()
            rows = {
                name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"').fetchall()))
                for kind, name, _, _ in master
                if kind == "table"
                and (positions or name != "sqlite_sequence")
                and not name.startswith("sqlite_stat")
            }
            header = {pragma: connection.execute(f"PRAGMA {pragma}").fetchone() for pragma in HEADER}
            others = sorted(path.name for path in self.path.parent.iterdir() if path.suffix == ".attached")
            return {"schema": master, "rows": rows, "header": header, "other files": others}
        finally:
            connection.close()

    def close(self) -> None:
        shutil.rmtree(self._scratch, ignore_errors=True)

    def refused(self, error: SqlError) -> bool:
        return any(text in error.message for text in REFUSALS)
