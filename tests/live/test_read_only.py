"""That nothing but reads is sent, as the servers themselves log it, and that a session refuses a write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from partway.live.connect import connect
from partway.live.unreachable import Unreachable
from partway.live.url import read_url
from tests.engines.lab import Lab
from tests.engines.plugin import Labs
from tests.live.helper import look
from tests.live.migrations import BY_ENGINE

ENGINES = ("postgresql18", "postgresql15", "mysql", "mariadb", "sqlite")
#: What a log may hold: reads, and settings of the session itself.
_READS = re.compile(
    r"\s*(SELECT\b|SHOW\b|BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY|ROLLBACK|COMMIT|"
    r"SET (LOCAL|SESSION|NAMES|AUTOCOMMIT|CHARACTER)\b|PRAGMA query_only = ON|PRAGMA read_uncommitted)",
    re.IGNORECASE,
)
_WRITES = re.compile(
    r"\b(INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE (TABLE|INDEX|VIEW)|ALTER (TABLE|SYSTEM)|DROP|TRUNCATE|GRANT|"
    r"INTO OUTFILE|nextval|setval|pg_terminate|pg_cancel|set_config|lo_import|dblink)\b",
    re.IGNORECASE,
)
EVERY_WRITE = {
    "postgresql": (
        "CREATE TABLE x (a int)",
        "INSERT INTO t VALUES (1)",
        "UPDATE t SET a = 1",
        "DELETE FROM t",
        "DROP TABLE t",
        "SELECT nextval('s')",
        "SET TRANSACTION READ WRITE",
    ),
    "mysql": ("CREATE TABLE x (a int)", "INSERT INTO t VALUES (1)", "UPDATE t SET a = 1", "DROP TABLE t"),
    "sqlite": (
        "CREATE TABLE x (a int)",
        "INSERT INTO t VALUES (1)",
        "DELETE FROM t",
        "DROP TABLE t",
        "VACUUM",
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_session_refuses_writes(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    for statement in EVERY_WRITE["mysql" if lab.dialect == "mariadb" else lab.dialect]:
        lab.fresh()
        lab.script("CREATE TABLE t (a int)")
        if lab.dialect == "postgresql":
            lab.script("CREATE SEQUENCE s")
        before = lab.dump(positions=True)
        session = connect(read_url(lab.url))
        with pytest.raises(Unreachable, match=r"(?i)read.?only|must be set before any query"):
            session.ask(statement)
        session.close()
        assert lab.dump(positions=True) == before


@pytest.mark.parametrize("engine", ["postgresql18", "postgresql15"])
def test_the_session_itself_is_read_only_beyond_the_transaction(engine: str, labs: Labs) -> None:
    session = connect(read_url(labs(engine).url))
    assert session.ask("SELECT current_setting('default_transaction_read_only')") == [("on",)]
    assert session.ask("SELECT current_setting('transaction_read_only')") == [("on",)]
    session.close()


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
def test_the_servers_log_holds_reads_alone(engine: str, labs: Labs) -> None:
    """The general log of everything that the server was sent while migrations of every kind were asked about."""
    lab = labs(engine)
    lab.fresh()
    with lab.connect() as admin:
        admin.run("SET GLOBAL log_output = 'TABLE'")
        admin.run("TRUNCATE mysql.general_log")
        admin.run("SET GLOBAL general_log = ON")
        try:
            for migration in BY_ENGINE[engine]:
                look(lab, migration.sql)
        finally:
            admin.run("SET GLOBAL general_log = OFF")
        rows = admin.run(
            "SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log"
            " WHERE command_type IN ('Query', 'Execute', 'Prepare') AND thread_id <> connection_id()"
        )
    _only_reads([str(row[0]) for row in rows], len(BY_ENGINE[engine]))


@pytest.mark.parametrize("engine", ["postgresql18", "postgresql15"])
def test_all_that_postgresql_is_sent_is_reads(engine: str, labs: Labs, tmp_path: Path) -> None:
    """What libpq itself traces of its own connections, byte by byte."""
    lab = labs(engine)
    lab.fresh()
    sent = _traced(lab, engine, tmp_path / "trace")
    _only_reads(sent, len(BY_ENGINE[engine]))


def _traced(lab: Lab, engine: str, path: Path) -> list[str]:
    from partway.live.sessions.postgresql import PostgresqlSession

    texts: list[str] = []
    opened = PostgresqlSession._open
    with pytest.MonkeyPatch.context() as patch:
        for migration in BY_ENGINE[engine]:
            with path.open("w+b") as file:
                patch.setattr(PostgresqlSession, "_open", _tracing(opened, file.fileno()))
                look(lab, migration.sql)
                file.seek(0)
                texts += _queries(file.read().decode(errors="replace"))
    return texts


def _tracing(opened: object, number: int) -> object:
    def open_(self: object, settings: str) -> object:
        connection = opened(self, settings)  # type: ignore[operator] # the method itself
        connection.pgconn.trace(number)
        return connection

    return open_


def _queries(trace: str) -> list[str]:
    """The texts of Query and Parse messages that went to the server."""
    message = re.compile(
        r'\tF\t\d+\t(?:Query|Parse)\t (?:"" )?"(.*?)"(?: \d+[^\n]*)?\n(?=\d{4}-|\Z)', re.DOTALL
    )
    return message.findall(trace)


def _only_reads(sent: list[str], migrations: int) -> None:
    assert len(sent) > migrations * 2, "the log holds too little to prove anything"
    bare = [re.sub(r"'(?:[^']|'')*'", "''", one) for one in sent]
    assert [one for one in bare if not _READS.match(one)] == []
    assert [one for one in bare if _WRITES.search(one)] == []
