"""PostgreSQL as a `Lab`: one database that is emptied between uses, watched by a session of its own."""

from __future__ import annotations

import re
from typing import Any

import psycopg
from psycopg import sql as names

from tests.engines.lab import Dump, Lab, Session, SqlError, stop
from tests.engines.postgresql_catalogs import CATALOGS, LEFTOVERS, POSITIONS, ROWS
from tests.engines.process import Supervised
from tests.engines.servers import Address, Engine

# The account that tests use: a superuser, but not the one that owns the system catalogs, so that DROP OWNED BY
# empties a database in milliseconds.
OWNER = "partway"
DATABASE = "partway_lab"

# COPY from standard input, with its data after the semicolon as psql reads it.
COPY = re.compile(
    r"(?P<statement>\s*COPY\b[^;]*\bFROM\s+STDIN\b[^;]*);[^\n]*\n(?P<data>.*?)\n?\\\.\s*\Z", re.I | re.S
)


class PostgresqlSession(Session):
    """A connection that sends every text by the simple query protocol, as psql does."""

    def __init__(self, address: Address, user: str = OWNER, database: str = DATABASE) -> None:
        self._connection = psycopg.connect(
            host=address.host,
            port=address.port,
            user=user,
            password=address.password or None,
            dbname=database,
            autocommit=True,
            prepare_threshold=None,
            options="-c client_min_messages=error -c lock_timeout=10s",  # a test that blocks itself must end
        )

    def run(self, sql: str) -> list[tuple[object, ...]]:
        try:
            if copy := COPY.match(sql):
                with self._connection.cursor().copy(copy["statement"].encode()) as target:
                    target.write(copy["data"].encode() + b"\n")
                return []
            cursor = self._connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            raise SqlError(error.sqlstate or type(error).__name__, str(error).partition("\n")[0]) from error

    def script(self, sql: str) -> None:
        self.run(sql)

    def close(self) -> None:
        self._connection.close()


class PostgresqlLab(Lab):
    """`fresh` drops what the tests' account owns, and makes the database anew only where that was not enough."""

    def __init__(self, engine: Engine, address: Address, server: Supervised | None) -> None:
        self.engine = engine
        self.address: Address = address
        self._server = server
        self._admin = PostgresqlSession(address, address.user, "postgres")
        self.version = str(self._admin.run("SHOW server_version")[0][0]).split(" ")[0]
        self.url = f"postgresql://{OWNER}:partway@{address.host}:{address.port}/{DATABASE}"
        self._observer: psycopg.Connection[Any] | None = None
        self._empty: list[Any] = []
        self._recreate()

    def _recreate(self) -> None:
        self._close_observer()
        if not self._admin.run(f"SELECT 1 FROM pg_roles WHERE rolname = '{OWNER}'"):
            self._admin.run(f"CREATE ROLE {OWNER} SUPERUSER LOGIN PASSWORD 'partway'")
        self._roll_back_prepared()
        self._drop_subscriptions()
        self._tidy_server()
        self._admin.run(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        self._admin.run(
            f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8' STRATEGY file_copy"
        )
        self.dump()  # opens the observer
        assert self._observer
        self._empty = self._observer.execute(LEFTOVERS).fetchall()

    def _tidy_server(self) -> None:
        """Remove roles, databases, settings and the like, which live outside any one database."""
        for (slot,) in self._admin.run("SELECT slot_name FROM pg_replication_slots WHERE NOT active"):
            self._admin.run(f"SELECT pg_drop_replication_slot('{slot}')")
        for (name,) in self._admin.run(
            f"SELECT quote_ident(datname) FROM pg_database WHERE oid > 16383 AND datname <> '{DATABASE}'"
        ):
            self._admin.run(f"ALTER DATABASE {name} IS_TEMPLATE false")
            self._admin.run(f"DROP DATABASE {name} WITH (FORCE)")
        for (name,) in self._admin.run("SELECT quote_ident(spcname) FROM pg_tablespace WHERE oid > 16383"):
            self._admin.run(f"DROP TABLESPACE {name}")
        for (name,) in self._admin.run(
            f"SELECT quote_ident(rolname) FROM pg_roles WHERE oid > 16383 AND rolname <> '{OWNER}'"
        ):
            self._admin.run(f"DROP OWNED BY {name} CASCADE")
            self._admin.run(f"DROP ROLE {name}")
        self._admin.run("ALTER SYSTEM RESET ALL")
        self._admin.run(f"ALTER ROLE {OWNER} RESET ALL")
        self._admin.run("ALTER ROLE ALL RESET ALL")

    def _roll_back_prepared(self) -> None:
        """A prepared transaction holds its locks until it is ended, from within its own database."""
        query = f"SELECT gid FROM pg_prepared_xacts WHERE database = '{DATABASE}'"
        for (gid,) in self._admin.run(query):
            self.execute(f"ROLLBACK PREPARED '{gid}'")

    def _drop_subscriptions(self) -> None:
        """A database with a subscription cannot be dropped; without its slot a subscription can."""
        found = self._admin.run(
            "SELECT quote_ident(subname) FROM pg_subscription s JOIN pg_database d ON d.oid = subdbid"
            f" WHERE datname = '{DATABASE}'"
        )
        for (name,) in found:
            with self.connect() as session:
                session.run(f"ALTER SUBSCRIPTION {name} DISABLE")
                session.run(f"ALTER SUBSCRIPTION {name} SET (slot_name = NONE)")
                session.run(f"DROP SUBSCRIPTION {name}")

    def fresh(self) -> None:
        if self._observer is None or self._observer.closed:
            return self._recreate()
        try:
            observer = self._observer
            observer.execute("RESET ALL")
            self._roll_back_prepared()
            if self.version >= "17":
                observer.execute("SET event_triggers = off")
            for (name,) in observer.execute(
                "SELECT quote_ident(rolname) FROM pg_roles WHERE oid > 16383 AND rolname <> current_user"
            ).fetchall():
                observer.execute(f"DROP OWNED BY {name} CASCADE".encode())
                observer.execute(f"DROP ROLE {name}".encode())
            observer.execute("DROP OWNED BY CURRENT_USER CASCADE")
            if observer.execute(LEFTOVERS).fetchall() != self._empty:
                self._recreate()
        except psycopg.Error:
            self._recreate()
        return None

    def connect(self) -> Session:
        return PostgresqlSession(self.address)

    def dump(self, positions: bool = False) -> Dump:
        if self._observer is None or self._observer.closed:
            # With nothing but pg_catalog on the path every name is printed with its schema.
            options = "-c client_min_messages=error -c search_path=pg_catalog -c lock_timeout=5s"
            self._observer = psycopg.connect(self.url, autocommit=True, prepare_threshold=0, options=options)
        found: Dump = dict(self._observer.execute(CATALOGS).fetchall())
        tables = [table for (table,) in self._observer.execute(ROWS).fetchall()]
        if tables:
            query = names.SQL(" UNION ALL ").join(
                names.SQL(
                    "SELECT {name}, (SELECT jsonb_agg(to_jsonb(x) ORDER BY to_jsonb(x)::text) FROM ONLY {table} x)"
                ).format(name=table, table=names.SQL(table))
                for table in tables
            )
            # UNION ALL promises no order.
            found["rows"] = dict(sorted(self._observer.execute(query, prepare=False).fetchall()))
        if positions:
            found["positions"] = {
                name: self._observer.execute(
                    names.SQL("SELECT last_value, is_called FROM {}").format(names.SQL(name)), prepare=False
                ).fetchone()
                for (name,) in self._observer.execute(POSITIONS).fetchall()
            }
        return found

    def _close_observer(self) -> None:
        if self._observer:
            self._observer.close()
            self._observer = None

    def close(self) -> None:
        self._close_observer()
        # A server that is not ours is left as it was found; another lab on it may have done that already.
        if not self._server and self._admin.run(f"SELECT 1 FROM pg_roles WHERE rolname = '{OWNER}'"):
            self._tidy_server()
            self._admin.run(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            self._admin.run(f"DROP ROLE {OWNER}")
        self._admin.close()
        stop(self._server)

    def refused(self, error: SqlError) -> bool:
        # active_sql_transaction: what PreventInTransactionBlock in the server's source raises.
        # invalid_transaction_termination: a procedure or DO block that says COMMIT.
        return error.code in {"25001", "2D000"}
