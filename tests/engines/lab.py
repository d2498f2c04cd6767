"""`Lab`: one engine to experiment on. Gives an empty database, runs SQL as a migration tool would, compares states."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, Self

from tests.engines.process import Supervised
from tests.engines.servers import ENGINES, Address, Engine

# Everything that an engine's catalogs and tables hold, by section: comparable with ==, printable as JSON. Holds no
# object numbers, file names or statistics, so that equal means "the same schema and the same data".
Dump = dict[str, object]

Ending = Literal["commit", "rollback"]


class SqlError(Exception):
    """A statement failed. `code` is the engine's: an SQLSTATE, an error number, or SQLite's message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[SqlError], tuple[str, str]]:
        return SqlError, (self.code, self.message)  # so that it can cross a process boundary


class Session(ABC):
    """One connection in autocommit mode: every statement is on its own unless SQL says BEGIN."""

    @abstractmethod
    def run(self, sql: str) -> list[tuple[object, ...]]:
        """Send one text as it stands and return the rows of its last result; `SqlError` when it fails."""

    @abstractmethod
    def script(self, sql: str) -> None:
        """Run several statements in one text; for set-up, where it does not matter who splits them."""

    @abstractmethod
    def close(self) -> None:
        """End the session; what it had not committed is lost."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Lab(ABC):
    """One engine with one current database, which `fresh` empties. Not for use by two threads at once."""

    engine: Engine
    # Where its server listens; None for SQLite, which has none.
    address: Address | None
    # As the engine says it, without build or distribution: "18.6", "10.11.19".
    version: str
    # What tools and Partway connect to: the current database.
    url: str

    @abstractmethod
    def fresh(self) -> None:
        """Make the current database empty, as if just created, and remove what tests left on the server."""

    @abstractmethod
    def connect(self) -> Session:
        """A new session in the current database."""

    @abstractmethod
    def dump(self, positions: bool = False) -> Dump:
        """Schema and data of the current database, and what the server holds beside it (roles, settings).

        With `positions`, also where sequences and AUTO_INCREMENT counters stand. Their gaps are no part of the
        data: engines let a failed or repeated INSERT consume numbers and never give them back.
        """

    @abstractmethod
    def close(self) -> None:
        """Drop the connections and stop the server if it is ours."""

    @abstractmethod
    def refused(self, error: SqlError) -> bool:
        """Whether the error says that the statement cannot run inside a transaction."""

    @property
    def name(self) -> str:
        """The engine's name in `ENGINES`, as "postgresql18"."""
        return self.engine.name

    @property
    def dialect(self) -> str:
        """What `--dialect` calls it."""
        return self.engine.dialect

    @property
    def server_version(self) -> str:
        """What `--server-version` calls it: major version on PostgreSQL, major.minor elsewhere."""
        parts = self.version.split(".")
        return parts[0] if self.dialect == "postgresql" else ".".join(parts[:2])

    def execute(self, *statements: str) -> None:
        """Run each text in one new session in autocommit mode; `SqlError` at the first failure."""
        with self.connect() as session:
            for statement in statements:
                session.run(statement)

    def script(self, sql: str) -> None:
        """Run a text of several statements in a new session."""
        with self.connect() as session:
            session.script(sql)

    def in_transaction(self, *statements: str, ending: Ending = "commit") -> None:
        """Run the statements between BEGIN and COMMIT or ROLLBACK in a new session; `SqlError` at the first failure."""
        with self.transaction(ending) as session:
            for statement in statements:
                session.run(statement)

    @contextmanager
    def transaction(self, ending: Ending) -> Iterator[Session]:
        """A session inside a transaction which ends as told, or by disconnecting when the block raises."""
        with self.connect() as session:
            session.run("BEGIN")
            yield session
            session.run(ending.upper())

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """The rows that a query gives in a new session."""
        with self.connect() as session:
            return session.run(sql)


def open_lab(name: str) -> Lab:
    """Start the engine of that name (see `ENGINES`); raises `Unavailable` with the reason where that is impossible."""
    if ENGINES[name].dialect == "sqlite":
        return attach_lab(name, None)
    address, server = ENGINES[name].open()
    return attach_lab(name, address, server)


def attach_lab(name: str, address: Address | None, server: Supervised | None = None) -> Lab:
    """A lab on a server that runs already; `close` stops it only if `server` is given. SQLite has no address."""
    engine = ENGINES[name]
    if address is None:
        from tests.engines.sqlite import SqliteLab

        return SqliteLab(engine)
    if engine.dialect == "postgresql":
        from tests.engines.postgresql import PostgresqlLab

        return PostgresqlLab(engine, address, server)
    from tests.engines.mysql import MysqlLab

    return MysqlLab(engine, address, server)


def differences(before: Dump, after: Dump) -> Sequence[str]:
    """The sections in which two dumps differ, for messages."""
    return [section for section in {**before, **after} if before.get(section) != after.get(section)]


def stop(server: Supervised | None) -> None:
    """Stop a server that is ours."""
    if server:
        server.stop()
