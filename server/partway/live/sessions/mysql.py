"""A read-only session on MySQL and MariaDB, through SQLAlchemy and PyMySQL."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from partway.live.sessions.session import Limits, Row, Session
from partway.live.unreachable import Reason
from partway.live.url import Address

_BY_NUMBER = {
    1045: Reason.PASSWORD,
    1698: Reason.PASSWORD,
    1524: Reason.PASSWORD,
    1049: Reason.DATABASE,
    1044: Reason.RIGHTS,
    1142: Reason.RIGHTS,
    1143: Reason.RIGHTS,
    1227: Reason.RIGHTS,
    1040: Reason.CONNECTIONS,
    1203: Reason.CONNECTIONS,
    1226: Reason.CONNECTIONS,
    1205: Reason.LOCKED,
    1969: Reason.TIMEOUT,  # MariaDB's max_statement_time
    3024: Reason.TIMEOUT,  # MySQL's max_execution_time
    2005: Reason.HOST,
    2006: Reason.LOST,
    2026: Reason.TLS,
    3159: Reason.TLS,
    1927: Reason.LOST,
    1053: Reason.LOST,
}
_TLS_FILES = {
    "ssl_ca": ("ssl_ca", "sslca", "ssl-ca", "sslrootcert"),
    "ssl_cert": ("ssl_cert", "sslcert", "ssl-cert"),
    "ssl_key": ("ssl_key", "sslkey", "ssl-key"),
}
#: The words with which URLs ask for TLS, in any tool's spelling.
_MODES = ("ssl-mode", "ssl_mode", "sslmode", "tls", "ssl", "usessl", "requiressl", "sslaccept")


class MysqlSession(Session):
    """A session whose transactions are all read-only. Which of the two dialects it speaks, the server says."""

    dialect = "mysql"

    def __init__(self, address: Address, limits: Limits) -> None:
        super().__init__(address, limits)
        self._connection: Any = None
        with self.deadline(limits.connect + limits.statement + 1):
            self._connection = self._connect()
        said = str(self._connection.get_server_info())
        self.dialect = "mariadb" if "mariadb" in said.lower() else "mysql"
        # Before 11.0 MariaDB said 5.5.5- first, for old replicas.
        numbers = re.match(r"(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)", said)
        self.server = tuple(map(int, numbers.groups())) if numbers else ()
        self.database = address.database
        self.path = (address.database,) if address.database else ()
        self._begin()

    def _connect(self) -> Any:
        from sqlalchemy import URL, NullPool, create_pool_from_url

        address = self.address
        arguments: dict[str, Any] = {
            "connect_timeout": max(1, int(self.limits.connect)),
            "read_timeout": max(1, int(self.limits.connect)),  # of the greeting, which may never come
            "write_timeout": max(1, int(self.limits.statement)),
            "autocommit": True,
            "charset": "utf8mb4",
            "program_name": "partway",
            "local_infile": False,
            "init_command": "SET SESSION TRANSACTION READ ONLY",
        }
        arguments |= self._tls()
        host: dict[str, Any] = {"host": address.host or None, "port": address.port}
        pipe = (
            address.host
            if address.host.startswith("/")
            else address.option("unix_socket", "socket", "socketpath")
        )
        if pipe:
            arguments["unix_socket"] = pipe
            host = {}
        url = URL.create(
            "mysql+pymysql",
            username=address.user or None,
            password=address.password or None,
            database=address.database or None,
            **host,
        )
        fairy = create_pool_from_url(url, poolclass=NullPool, connect_args=arguments).connect()
        connection: Any = fairy.dbapi_connection
        fairy.detach()
        connection._read_timeout = max(1, int(self.limits.statement + self.limits.lock))
        return connection

    def _tls(self) -> dict[str, Any]:
        address = self.address
        found: dict[str, Any] = {}
        for name, spellings in _TLS_FILES.items():
            if value := address.option(*spellings):
                found[name] = value
        mode = address.option(*_MODES).lower().replace("-", "_")
        if mode in ("disabled", "disable", "false", "0"):
            return {"ssl_disabled": True}
        if mode in ("verify_ca", "verify_full", "verify_identity", "strict", "true") or found:
            found["ssl_verify_cert"] = mode not in ("required", "require", "skip_verify")
            found["ssl_verify_identity"] = mode in ("verify_identity", "verify_full", "strict", "true")
        if mode in ("required", "require", "skip_verify", "accept_invalid_certs"):
            found["ssl"] = {"check_hostname": False, "verify_mode": False}
        return found

    def _begin(self) -> None:
        waits = f"lock_wait_timeout = {max(1, round(self.limits.lock))}"
        slow = {
            "mariadb": f"max_statement_time = {self.limits.statement}",
            "mysql": f"max_execution_time = {round(self.limits.statement * 1000)}",
        }[self.dialect]
        self.ask(f"SET SESSION {waits}, {slow}")

    def _run(self, sql: str, parameters: Mapping[str, object] | None) -> list[Row]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())

    def _reason(self, error: Exception) -> tuple[Reason, str]:
        number, said = (*error.args, "", "")[:2]
        said = str(said or error)
        if number in _BY_NUMBER:
            return _BY_NUMBER[number], said
        lower = said.lower()
        if "timed out" in lower or isinstance(error, TimeoutError):
            return Reason.TIMEOUT, said
        if number == 2003:
            if "refused" in lower or "no such file" in lower:
                return Reason.REFUSED, said
            if re.search(r"name or service|nodename|getaddrinfo|name resolution|not known", lower):
                return Reason.HOST, said
        if number in (2013, 2055) or isinstance(error, (ConnectionError, EOFError)):
            return Reason.LOST, said
        if "ssl" in lower or "tls" in lower or "certificate" in lower:
            return Reason.TLS, said
        return Reason.OTHER, said

    def _cut(self) -> None:
        with suppress(Exception):
            self._connection._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
