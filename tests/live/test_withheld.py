"""What MySQL and MariaDB withhold, for want of rights or behind a lock, is unknown: no sign that it is not there."""

from __future__ import annotations

import time

import pytest

from partway.live.connect import Limits
from tests.engines.plugin import Labs
from tests.live.helper import stand, states


def test_how_a_sequence_counts_that_another_session_has_locked(labs: Labs) -> None:
    lab = labs("mariadb")
    lab.fresh()
    lab.script("CREATE SEQUENCE s INCREMENT 5; CREATE SEQUENCE z")
    with lab.connect() as other:
        other.run("LOCK TABLES s WRITE")
        began = time.monotonic()
        stands = stand(lab, "ALTER SEQUENCE s INCREMENT BY 5", limits=Limits(lock=1.0))
        assert time.monotonic() - began < 9
        assert [one.state for one in stands.states] == ["unknown"]
        assert stand(lab, "CREATE SEQUENCE s", limits=Limits(lock=1.0)).states[0].state == "applied"
    assert states(lab, "ALTER SEQUENCE s INCREMENT BY 5") == ["applied"]


def _as_bob(url: str) -> str:
    return url.replace("root@", "bob:secret@")


def test_how_a_sequence_counts_that_the_account_may_not_read(labs: Labs) -> None:
    lab = labs("mariadb")
    lab.fresh()
    lab.script("CREATE SEQUENCE s INCREMENT 5; CREATE USER bob IDENTIFIED BY 'secret'")
    lab.script("GRANT ALTER ON partway_lab.* TO bob")
    stands = stand(lab, "ALTER SEQUENCE s INCREMENT BY 5", _as_bob(lab.url))
    assert [one.state for one in stands.states] == ["unknown"]


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
@pytest.mark.parametrize(
    "statement",
    [
        "GRANT SELECT (a) ON t TO bob",
        "GRANT EXECUTE ON PROCEDURE p TO bob",
        "GRANT reader TO bob",
        "REVOKE ALL ON partway_lab.* FROM bob",
    ],
)
def test_privileges_that_the_account_may_not_read(engine: str, statement: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE TABLE t (a int); CREATE PROCEDURE p() SELECT 1; CREATE ROLE reader")
    lab.script("CREATE USER bob IDENTIFIED BY 'secret'; GRANT CREATE ON partway_lab.* TO bob")
    assert [one.state for one in stand(lab, statement, _as_bob(lab.url)).states] == ["unknown"]


@pytest.mark.parametrize(
    ("engine", "statement"),
    [
        ("mysql", "CREATE TABLESPACE fast ADD DATAFILE 'fast.ibd'"),
        ("mysql", "CREATE RESOURCE GROUP batch TYPE = USER"),
        ("mysql", "INSTALL PLUGIN mysql_no_login SONAME 'mysql_no_login.so'"),
        ("mysql", "INSTALL COMPONENT 'file://component_validate_password'"),
        ("mysql", "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '10.0.0.1')"),
        ("mariadb", "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '10.0.0.1')"),
        ("mysql", "ALTER USER ann ACCOUNT LOCK"),
        ("mariadb", "ALTER USER ann ACCOUNT LOCK"),
        ("mariadb", "CREATE PACKAGE tools AS PROCEDURE tidy(); END"),
        ("mariadb", "ALTER TABLE t ADD PERIOD FOR term (s, e)"),
    ],
)
def test_what_is_there_is_not_taken_for_missing(engine: str, statement: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE USER ann; CREATE USER bob IDENTIFIED BY 'secret'")
    lab.script("CREATE TABLE t (s date NOT NULL, e date NOT NULL); CREATE TABLE seen (a int)")
    lab.script("GRANT SELECT ON seen TO bob")
    with lab.connect() as session:
        if "PACKAGE" in statement:
            session.run("SET sql_mode = ORACLE")
        session.run(statement)
    assert stand(lab, statement).states[0].state == "applied"
    assert stand(lab, statement, _as_bob(lab.url)).states[0].state in ("unknown", "applied")
