"""A read-only session on PostgreSQL, through SQLAlchemy and psycopg."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from partway.dialects.catalog import catalog
from partway.live.sessions.session import Limits, Row, Session
from partway.live.unreachable import Reason
from partway.live.url import Address

#: What libpq takes from a URL besides host, port, user, password and database.
_PASSED = frozenset(
    """sslmode sslrootcert sslcert sslkey sslcrl sslcompression sslpassword sslsni ssl_min_protocol_version
    ssl_max_protocol_version channel_binding gssencmode krbsrvname gsslib service passfile hostaddr
    target_session_attrs load_balance_hosts requirepeer require_auth""".split()  # noqa: SIM905 - a list of words
)
#: JDBC's and Go's words for libpq's.
_RENAMED = {"sslfactory": "", "ssl": "", "sslkeyfile": "sslkey", "sslcertfile": "sslcert"}

_BY_STATE = {
    "28P01": Reason.PASSWORD,
    "28000": Reason.PASSWORD,
    "3D000": Reason.DATABASE,
    "53300": Reason.CONNECTIONS,
    "57014": Reason.TIMEOUT,
    "55P03": Reason.LOCKED,
    "42501": Reason.RIGHTS,
    "57P01": Reason.LOST,
    "57P02": Reason.LOST,
    "25P03": Reason.LOST,
    "57P05": Reason.LOST,
}
#: libpq gives no code when a connection fails; its words are the C locale's, a server's may be any language's.
_BY_WORDS = (
    (r"password authentication failed|no password supplied|authentication failed", Reason.PASSWORD),
    (r"database \"[^\n]*\" does not exist", Reason.DATABASE),
    (r"connection refused|no such file or directory", Reason.REFUSED),
    (
        r"translate host name|resolve host|name or service not known|nodename nor servname|getaddrinfo",
        Reason.HOST,
    ),
    (r"timeout|timed out", Reason.TIMEOUT),
    (r"too many (clients|connections)|remaining connection slots", Reason.CONNECTIONS),
    (r"no pg_hba\.conf entry", Reason.RIGHTS),
    (r"\bssl\b|certificate|\btls\b", Reason.TLS),
    (r"server closed the connection|terminating connection|connection is (closed|lost|bad)", Reason.LOST),
)

_HELLO = """
SELECT current_setting('server_version_num')::int, current_database(), current_schemas(false)::text[],
  current_user::text, current_setting('transaction_read_only')
"""


class PostgresqlSession(Session):
    """A session in one transaction that is read-only and sees one state of the catalog.

    The transaction is what holds behind a connection pooler too; the session's own default is set as well, where the
    server takes it when connecting.
    """

    dialect = "postgresql"

    def __init__(self, address: Address, limits: Limits) -> None:
        super().__init__(address, limits)
        self._connection: Any = None
        with self.deadline(limits.connect + 1):
            self._connection = self._connect()
        self.database = ""
        self.path: tuple[str, ...] = ()
        with self.deadline(limits.statement + 1):
            self._begin()

    def _connect(self) -> Any:
        import psycopg

        settings = "-c default_transaction_read_only=on"
        try:
            return self._open(settings)
        except psycopg.OperationalError as error:
            if "unsupported startup parameter" not in str(error):
                raise
            return self._open("")  # a pooler: the transaction alone must do

    def _open(self, settings: str) -> Any:
        from sqlalchemy import URL, NullPool, create_pool_from_url

        address = self.address
        options = {_RENAMED.get(key, key): value for key, value in address.options}
        arguments: dict[str, Any] = {key: value for key, value in options.items() if key in _PASSED and value}
        if options.get("") == "true" and "sslmode" not in arguments:
            arguments["sslmode"] = "require"  # JDBC's ssl=true
        arguments["connect_timeout"] = max(2, int(self.limits.connect))  # libpq takes less for nothing
        arguments["application_name"] = "partway"
        arguments["autocommit"] = True
        arguments["prepare_threshold"] = None
        if settings:
            arguments["options"] = settings
        host: dict[str, Any] = {"host": address.host or None, "port": address.port}
        if "," in address.host or address.host.startswith("/"):
            arguments |= {key: value for key, value in host.items() if value}
            host = {}
        url = URL.create(
            "postgresql+psycopg",
            username=address.user or None,
            password=address.password or None,
            database=address.database or None,
            **host,
        )
        pool = create_pool_from_url(url, poolclass=NullPool, connect_args=arguments)
        fairy = pool.connect()
        connection = fairy.dbapi_connection
        fairy.detach()
        return connection

    def _begin(self) -> None:
        milliseconds = round(self.limits.statement * 1000), round(self.limits.lock * 1000)
        quoted = catalog("postgresql").identifier
        path = ", ".join(quoted(schema) for schema in self.address.schemas)
        statements = [
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            f"SET LOCAL statement_timeout = {milliseconds[0]}",
            f"SET LOCAL lock_timeout = {milliseconds[1]}",
            *([f"SET LOCAL search_path = {path}"] if path else []),
            _HELLO,
        ]
        self.round_trips += 1
        cursor = self._connection.execute(";".join(statements))
        while cursor.nextset():
            pass
        number, self.database, path_found, self.user, read_only = cursor.fetchone()
        if read_only != "on":
            raise RuntimeError("the transaction is not read-only")
        self.path = tuple(path_found)
        self.server = (number // 10000, number % 10000)

    def look_in(self, schemas: Sequence[str]) -> None:
        """From here on names without a schema are looked for in these, or with none as the server has it. Raises
        Unreachable."""
        quoted = catalog("postgresql").identifier
        own = schemas or self.address.schemas
        words = f"SET LOCAL search_path = {', '.join(map(quoted, own))}" if own else "RESET search_path"
        with self.deadline(self.limits.statement + 1):
            self.round_trips += 1
            cursor = self._connection.execute(f"{words}; SELECT current_schemas(false)::text[]")
            cursor.nextset()
            self.path = tuple(cursor.fetchone()[0])

    def rest(self) -> None:
        """End the transaction: an open one keeps the server from clearing away rows."""
        with self.deadline(self.limits.statement + 1):
            self.round_trips += 1
            self._connection.execute("ROLLBACK")

    def again(self) -> None:
        """Begin another transaction: to see what is there by now, or after an error, which ends what one can do."""
        with self.deadline(self.limits.statement + 1):
            self.round_trips += 1
            self._connection.execute("ROLLBACK")
            self._begin()

    def _run(self, sql: str, parameters: Mapping[str, object] | None) -> list[Row]:
        rows: list[Row] = self._connection.execute(sql, parameters).fetchall()
        return rows

    def _reason(self, error: Exception) -> tuple[Reason, str]:
        said = str(error)
        state = getattr(error, "sqlstate", None) or ""
        if state in _BY_STATE:
            return _BY_STATE[state], said
        if state.startswith("08"):
            return Reason.LOST, said
        if type(error).__name__ == "ConnectionTimeout":
            return Reason.TIMEOUT, said
        lower = said.lower()
        for pattern, reason in _BY_WORDS:
            if re.search(pattern, lower):
                return reason, re.sub(r"^.*?(?:FATAL|failed|error):\s*", "", said, flags=re.DOTALL)
        return (
            Reason.LOST if self._connection is not None and self._connection.closed else Reason.OTHER
        ), said

    def _cut(self) -> None:
        with suppress(Exception):
            twin = socket.socket(fileno=os.dup(self._connection.fileno()))
            twin.shutdown(socket.SHUT_RDWR)
            twin.close()

    def close(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
