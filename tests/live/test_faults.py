"""Databases that cannot be asked: one short message each, within the time allowed, without a secret."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from partway.cli.main import main
from partway.live.connect import Limits, connect
from partway.live.unreachable import Reason, Unreachable
from partway.live.url import read_url
from tests.engines.lab import Lab, SqlError
from tests.engines.plugin import Labs
from tests.engines.servers import WITH_PASSWORD
from tests.live.helper import look, operations

SECRET = "hush-Zk41!"
_NOBODY = 65534
SERVERS = ("postgresql18", "postgresql15", "mysql", "mariadb")
SHORT = Limits(connect=2, statement=2, lock=1)


def refusal(url: str, limits: Limits = SHORT) -> Unreachable:
    """Why this database cannot be asked."""
    began = time.monotonic()
    with pytest.raises(Unreachable) as caught:
        connect(read_url(url), limits).close()
    assert time.monotonic() - began < limits.connect + limits.statement + limits.lock + 2
    message = str(caught.value)
    assert SECRET not in message
    assert "\n" not in message
    assert len(message) < 300
    assert caught.value.__cause__ is None  # a driver's own error may hold what it was given
    return caught.value


@pytest.mark.parametrize("scheme", ["postgresql", "mysql", "mariadb"])
def test_nobody_listens(scheme: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert refusal(f"{scheme}://me:{SECRET}@127.0.0.1:{port}/x").reason is Reason.REFUSED


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_no_such_host(scheme: str) -> None:
    error = refusal(f"{scheme}://me:{SECRET}@no-such-host.invalid/x", Limits(8, 2, 1))
    assert error.reason is Reason.HOST
    assert "no-such-host.invalid" in str(error)


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_accepts_and_never_answers(scheme: str) -> None:
    with _silent() as port:
        error = refusal(f"{scheme}://me:{SECRET}@127.0.0.1:{port}/x")
    assert error.reason is Reason.TIMEOUT


@contextmanager
def _silent() -> Iterator[int]:
    """A port on which connections are accepted and nothing is ever said."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
def test_wrong_password(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE USER reader IDENTIFIED BY 'right'")
    assert lab.address is not None
    url = f"mysql://reader:{SECRET}@{lab.address.host}:{lab.address.port}/partway_lab"
    error = refusal(url)
    assert error.reason is Reason.PASSWORD
    assert "reader" in str(error)


@pytest.mark.parametrize("engine", ["postgresql18", "postgresql15"])
def test_wrong_password_on_postgresql(
    engine: str, labs: Labs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = labs(engine)
    if os.environ.get(lab.engine.url_variable):
        pytest.skip("somebody else's server asks for passwords as its own pg_hba.conf says")
    lab.fresh()
    lab.script(f"DROP ROLE IF EXISTS {WITH_PASSWORD}; CREATE ROLE {WITH_PASSWORD} LOGIN PASSWORD 'right'")
    assert lab.address is not None
    where = f"{lab.address.host}:{lab.address.port}/partway_lab"
    error = refusal(f"postgresql://{WITH_PASSWORD}:{SECRET}@{where}")
    assert error.reason is Reason.PASSWORD
    assert WITH_PASSWORD in str(error)
    none = refusal(f"postgresql://{WITH_PASSWORD}@{where}")
    assert none.reason is Reason.PASSWORD
    connect(read_url(f"postgresql://{WITH_PASSWORD}:right@{where}"), SHORT).close()
    file = tmp_path / "V1__a.sql"
    file.write_text("CREATE TABLE a (id int);\n")
    assert main(["status", str(file), "--database", f"postgresql://{WITH_PASSWORD}:{SECRET}@{where}"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert str(error) in err
    assert SECRET not in err
    lab.script(f"DROP ROLE {WITH_PASSWORD}")


@pytest.mark.parametrize("engine", ["postgresql18", "postgresql15"])
def test_a_role_that_does_not_exist(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    assert lab.address is not None
    error = refusal(f"postgresql://nobody:{SECRET}@{lab.address.host}:{lab.address.port}/partway_lab")
    assert "nobody" in str(error)


@pytest.mark.parametrize("engine", SERVERS)
def test_unknown_database(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    error = refusal(lab.url.rpartition("/")[0] + "/no_such_one")
    assert error.reason is Reason.DATABASE
    assert "no_such_one" in str(error)


@pytest.mark.parametrize("engine", [one for one in SERVERS if one != "mysql"])
def test_no_tls_where_it_is_asked_for(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    option = "sslmode=require" if lab.dialect == "postgresql" else "ssl-mode=REQUIRED"
    assert refusal(f"{lab.url}?{option}").reason is Reason.TLS


def test_no_such_file_and_none_is_made(tmp_path: Path) -> None:
    path = tmp_path / "missing.db"
    assert refusal(f"sqlite:///{path}").reason is Reason.DATABASE
    assert not path.exists()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("this is a long enough text which is not a database at all" * 20)
    session = connect(read_url(f"sqlite:///{path}"))
    with pytest.raises(Unreachable, match="not a SQLite database"):
        session.ask("SELECT name FROM sqlite_master")
    session.close()


def test_a_file_that_may_not_be_read() -> None:
    """Root may read everything, so where the tests run as root, somebody else asks."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder, "closed.db")
        path.write_bytes(b"")
        path.chmod(0)
        us = os.geteuid()
        try:
            if us == 0:
                os.seteuid(_NOBODY)
            assert refusal(f"sqlite:///{path}").reason is Reason.RIGHTS
        finally:
            os.seteuid(us)


@pytest.mark.parametrize("engine", ["postgresql18", "postgresql15"])
def test_locked_table_is_still_told_of(engine: str, labs: Labs) -> None:
    """Nothing waits for a lock that a migration in progress holds, and the answer says that there is one."""
    lab = labs(engine)
    lab.fresh()
    lab.script(
        "CREATE TABLE t (a int DEFAULT 5, b int); CREATE VIEW v AS SELECT a FROM t; CREATE TABLE u (a int)"
    )
    sql = (
        "ALTER TABLE t ADD COLUMN b int;\nALTER TABLE t ADD COLUMN c int DEFAULT 1;\nCREATE INDEX i ON t (a)"
    )
    with lab.transaction("rollback") as other:
        other.run("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        standing, snapshot = look(lab, sql, limits=SHORT)
        assert time.monotonic() - began < SHORT.statement
    assert [str(one.state) for one in standing.states] == ["applied", "pending", "pending"]
    assert [name.name for name in snapshot.locked] == ["t"]


@pytest.mark.parametrize("engine", ["postgresql18", "postgresql15"])
def test_a_view_on_a_locked_table_costs_the_view_alone(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE TABLE u (a int)")
    sql = "CREATE VIEW v AS SELECT a FROM t;\nCREATE TABLE u (a int)"
    with lab.transaction("rollback") as other:
        other.run("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        standing, snapshot = look(lab, sql, limits=SHORT)
    assert "view" in snapshot.unseen
    assert str(standing.states[1].state) == "applied"
    assert SECRET not in str(snapshot.unseen)


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
def test_locked_table_on_mysql(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE TABLE t (a int)")
    with lab.connect() as other:
        other.run("LOCK TABLES t WRITE")
        standing, _ = look(lab, "CREATE TABLE t (a int)", limits=SHORT)
        other.run("UNLOCK TABLES")
    assert str(standing.states[0].state) == "applied"


@pytest.mark.parametrize("engine", SERVERS)
def test_dropped_in_the_middle(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    session = connect(read_url(lab.url), SHORT)
    try:
        _kill(lab, session.ask(_OWN[lab.dialect])[0][0])
        with pytest.raises(Unreachable) as caught:
            session.ask("SELECT 1")
        assert caught.value.reason is Reason.LOST
    finally:
        session.close()


_OWN = dict.fromkeys(("mysql", "mariadb"), "SELECT connection_id()") | {
    "postgresql": "SELECT pg_backend_pid()"
}


def _kill(lab: Lab, number: int) -> None:
    words = f"SELECT pg_terminate_backend({number})" if lab.dialect == "postgresql" else f"KILL {number}"
    lab.execute(words)
    time.sleep(0.2)


@pytest.mark.parametrize("engine", SERVERS)
def test_a_query_that_takes_too_long_ends(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    session = connect(read_url(lab.url), Limits(2, 1, 1))
    sleep = (
        "SELECT pg_sleep(30)"
        if lab.dialect == "postgresql"
        else "SELECT SLEEP(30) + (SELECT COUNT(*) FROM t)"
    )
    if lab.dialect != "postgresql":
        lab.fresh()
        lab.script("CREATE TABLE t (a int)")
    began = time.monotonic()
    try:
        rows = session.ask(sleep)
        assert rows in ([(1,)], [(None,)]), rows  # MySQL cuts SLEEP short, and says so
    except Unreachable as error:
        assert error.reason is Reason.TIMEOUT  # noqa: PT017 - either will do
    finally:
        session.close()
    assert time.monotonic() - began < 6


@pytest.mark.parametrize("engine", SERVERS)
def test_no_connection_is_left(engine: str, labs: Labs) -> None:
    """Whatever happened, the server has no session of ours afterwards."""
    lab = labs(engine)
    lab.fresh()
    look(lab, "CREATE TABLE t (a int)")
    session = connect(read_url(lab.url), SHORT)
    with pytest.raises(Unreachable):
        session.ask("SELECT nonsense FROM nowhere")
    session.close()
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'partway'"
        if lab.dialect == "postgresql"
        else "SELECT COUNT(*) FROM information_schema.processlist WHERE id <> connection_id() AND db = 'partway_lab'"
    )
    for _ in range(50):
        if int(str(lab.rows(query)[0][0])) == 0:
            return
        time.sleep(0.1)
    pytest.fail("a session of ours is still there")


@pytest.mark.parametrize("engine", ["postgresql18", "postgresql15"])
def test_no_rights_on_tables_is_no_obstacle(engine: str, labs: Labs) -> None:
    """The catalog of PostgreSQL is open to everybody who may connect."""
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE TABLE t (a int); CREATE ROLE reader LOGIN; REVOKE ALL ON t FROM PUBLIC")
    assert lab.address is not None
    url = f"postgresql://reader@{lab.address.host}:{lab.address.port}/partway_lab"
    standing, _ = look(lab, "CREATE TABLE t (a int);\nCREATE TABLE u (a int)", url)
    assert [str(one.state) for one in standing.states] == ["applied", "pending"]


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
def test_no_rights_on_a_table_of_mysql(engine: str, labs: Labs) -> None:
    """MySQL hides from an account what it may not touch: it is told that there is nothing there."""
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE TABLE t (a int); CREATE TABLE u (a int)")
    lab.script("CREATE USER reader; GRANT SELECT ON partway_lab.t TO reader")
    assert lab.address is not None
    url = f"mysql://reader@{lab.address.host}:{lab.address.port}/partway_lab"
    standing, snapshot = look(lab, "CREATE TABLE t (a int);\nCREATE TABLE u (a int)", url)
    assert str(standing.states[0].state) == "applied"
    assert "reader" in snapshot.hidden
    assert str(standing.states[1].state) == "unknown"


@pytest.mark.parametrize("engine", SERVERS)
def test_several_threads_may_close(engine: str, labs: Labs) -> None:
    session = connect(read_url(labs(engine).url))
    threads = [threading.Thread(target=session.close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    with pytest.raises(Unreachable):
        session.ask("SELECT 1")


def test_fixture_statements_are_what_they_seem() -> None:
    assert [one.kind for one in operations("CREATE TABLE t (a int)", "mysql")] == ["create-table"]
    assert issubclass(SqlError, Exception)
