"""A read-only session on a SQLite file, through SQLAlchemy and Python's own sqlite3."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from partway.live.sessions.session import Limits, Row, Session
from partway.live.unreachable import Reason, Unreachable
from partway.live.url import Address


class SqliteSession(Session):
    """A file opened `mode=ro`: SQLite itself refuses every write, and makes no file that is not there."""

    dialect = "sqlite"

    def __init__(self, address: Address, limits: Limits) -> None:
        super().__init__(address, limits)
        import sqlite3

        self.server = tuple(map(int, sqlite3.sqlite_version.split(".")))
        self.database = "main"
        self.path = ("main",)
        self._connection: Any = None
        path = os.path.abspath(address.database)
        if not os.path.isfile(path):
            raise Unreachable(Reason.DATABASE, f"there is no file {address.database}")
        with self.deadline(limits.connect + 1):
            self._connection = self._connect(path)
        self.ask("PRAGMA query_only = ON")

    def _connect(self, path: str) -> Any:
        from sqlalchemy import URL, NullPool, create_pool_from_url

        url = URL.create(
            "sqlite+pysqlite", database=f"file:{quote(path)}", query={"mode": "ro", "uri": "true"}
        )
        arguments = {"timeout": self.limits.lock, "isolation_level": None, "check_same_thread": False}
        fairy = create_pool_from_url(url, poolclass=NullPool, connect_args=arguments).connect()
        connection = fairy.dbapi_connection
        fairy.detach()
        return connection

    def _run(self, sql: str, parameters: Mapping[str, object] | None) -> list[Row]:
        rows: list[Row] = self._connection.execute(sql, parameters or {}).fetchall()
        return rows

    def _reason(self, error: Exception) -> tuple[Reason, str]:
        said = str(error)
        code = getattr(error, "sqlite_errorname", "")
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return Reason.LOCKED, said
        if code.startswith(("SQLITE_PERM", "SQLITE_AUTH", "SQLITE_CANTOPEN")):
            return Reason.RIGHTS, said
        if code.startswith("SQLITE_READONLY"):
            # What a crash left in the middle of a transaction must be rolled back first, and that is a write.
            return Reason.OTHER, f"{said}: open it once with sqlite3, to finish what a crash interrupted"
        if code.startswith("SQLITE_NOTADB"):
            return Reason.OTHER, "this file is not a SQLite database"
        if code.startswith("SQLITE_INTERRUPT"):
            return Reason.TIMEOUT, said
        return Reason.OTHER, said

    def _cut(self) -> None:
        with suppress(Exception):
            self._connection.interrupt()

    def close(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
