"""What statements only say of things that are there: the point is exact after each, and the last one wins."""

from __future__ import annotations

import pytest

from partway.live.failure import FailurePoint
from tests.engines.plugin import Labs
from tests.live.helper import operations, stand, states

_MYSQL = ("mysql", "mariadb")
_O = "CREATE TABLE o (a int)"

_GRANTED = """
CREATE TABLE t (a int, `b c` int); CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;
CREATE PROCEDURE p() SELECT 1; CREATE USER bob; CREATE USER ann@localhost; CREATE ROLE reader; CREATE ROLE writer
"""

#: Engines, what is there, and statements in turn; each changes what the one before it left.
CASES: list[tuple[tuple[str, ...], str, tuple[str, ...]]] = [
    (
        ("sqlite",),
        _O,
        ("PRAGMA user_version = 7", "PRAGMA main.user_version(8)", "PRAGMA application_id = 0x1F"),
    ),
    (
        ("sqlite",),
        _O,
        ("PRAGMA journal_mode = WAL", "CREATE TABLE t (a int)", "PRAGMA journal_mode = delete"),
    ),
    (
        ("mysql",),
        "CREATE TABLE t (a int, b int, INDEX i (a), CONSTRAINT c CHECK (a > 0))",
        (
            "ALTER TABLE t ALTER INDEX i INVISIBLE",
            "ALTER TABLE t ALTER CHECK c NOT ENFORCED",
            "ALTER TABLE t ALTER COLUMN a SET INVISIBLE",
            "ALTER TABLE t ALTER INDEX i VISIBLE",
            "ALTER TABLE t ALTER CONSTRAINT c ENFORCED",
        ),
    ),
    (
        ("mariadb",),
        "CREATE TABLE t (a int, b int, INDEX i (a))",
        (
            "ALTER TABLE t ALTER INDEX i IGNORED",
            "ALTER TABLE t ADD COLUMN c int",
            "ALTER TABLE t ALTER KEY IF EXISTS i NOT IGNORED",
        ),
    ),
    (
        _MYSQL,
        "CREATE TABLE t (a int)",
        (
            "ALTER TABLE t ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE 8",
            "ALTER TABLE t STATS_PERSISTENT=0, MAX_ROWS=5",
            "ALTER TABLE t KEY_BLOCK_SIZE=0, ROW_FORMAT=DYNAMIC",
            "ALTER TABLE t ROW_FORMAT=DEFAULT STATS_PERSISTENT=DEFAULT",
            "ALTER TABLE t COMMENT 'it''s'",
        ),
    ),
    (
        ("mariadb",),
        "CREATE SEQUENCE `Ü %s`",
        (
            "CREATE SEQUENCE s START WITH 7 NOCACHE CYCLE",
            "ALTER SEQUENCE s INCREMENT BY 5 CACHE=20",
            "ALTER SEQUENCE s MINVALUE -5 MAXVALUE 900 NOCYCLE",
            "ALTER SEQUENCE `Ü %s` INCREMENT -1",
            "ALTER SEQUENCE IF EXISTS s INCREMENT BY 6 RESTART 3",
            "DROP SEQUENCE s",
        ),
    ),
    (
        _MYSQL,
        "CREATE TABLE t (a int)",
        (
            "ALTER TABLE t PARTITION BY LIST (a) (PARTITION p0 VALUES IN (1), PARTITION p1 VALUES IN (2))",
            "ALTER TABLE t ADD PARTITION (PARTITION p2 VALUES IN (4), PARTITION p3 VALUES IN (5))",
            "ALTER TABLE t DROP PARTITION p0, p2",
            "ALTER TABLE t ADD COLUMN b int",
            "ALTER TABLE t REMOVE PARTITIONING",
        ),
    ),
    (
        _MYSQL,
        "CREATE TABLE t (a int, `b c` int)",
        (
            "ALTER TABLE t PARTITION BY HASH (a + 1) PARTITIONS 4",
            "ALTER TABLE t COALESCE PARTITION 1",
            "ALTER TABLE t ADD PARTITION PARTITIONS 6",
            "ALTER TABLE t PARTITION BY LINEAR KEY ALGORITHM = 2 (a, `b c`) PARTITIONS 3",
            "ALTER TABLE t ADD COLUMN c int",
            "ALTER TABLE t REMOVE PARTITIONING",
            "CREATE TABLE u (a int) PARTITION BY KEY (a) PARTITIONS 5",
            "ALTER TABLE u COALESCE PARTITION 2",
            "ALTER TABLE u PARTITION BY RANGE (a) (PARTITION pa VALUES LESS THAN (9))",
            "ALTER TABLE u ADD PARTITION (PARTITION pb VALUES LESS THAN (99))",
            "ALTER TABLE u PARTITION BY HASH (a)",
            "DROP TABLE t",
        ),
    ),
    (
        _MYSQL,
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1",
        (
            "ALTER EVENT e DISABLE COMMENT 'it''s'",
            "ALTER EVENT e ON SCHEDULE EVERY 2 HOUR ON COMPLETION PRESERVE",
            "ALTER EVENT e ENABLE",
            "ALTER EVENT e RENAME TO f",
            "ALTER EVENT f COMMENT 'another'",
            "DROP EVENT f",
        ),
    ),
    (
        _MYSQL,
        "CREATE PROCEDURE p() SELECT 1; CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1",
        (
            "ALTER PROCEDURE p COMMENT 'it''s' SQL SECURITY INVOKER",
            "ALTER FUNCTION f READS SQL DATA LANGUAGE SQL",
            "ALTER PROCEDURE p COMMENT 'another'",
        ),
    ),
    (
        _MYSQL,
        "CREATE TABLE t (a int)",
        (
            "ALTER DATABASE CHARACTER SET = latin1 COLLATE latin1_bin",
            "ALTER DATABASE DEFAULT COLLATE latin1_german1_ci",
            "ALTER SCHEMA CHARACTER SET utf8",
        ),
    ),
    (
        _MYSQL,
        "CREATE USER bob",
        (
            "GRANT SELECT, SHOW DATABASES, CREATE TEMPORARY TABLES ON *.* TO bob",
            "CREATE TABLE t (a int)",
            "REVOKE SELECT ON *.* FROM bob",
            "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '127.0.0.1')",
        ),
    ),
    (
        _MYSQL,
        _GRANTED,
        (
            "GRANT SELECT (a), INSERT (a, `b c`), UPDATE ON t TO bob, 'ann'@'localhost'",
            "GRANT EXECUTE ON FUNCTION f TO bob",
            "REVOKE INSERT (a) ON t FROM bob",
            "GRANT ALL ON PROCEDURE partway_lab.p TO ann@localhost WITH GRANT OPTION",
            "REVOKE ALL PRIVILEGES ON t FROM bob",
            "GRANT SELECT ON t TO bob",
            "REVOKE ALTER ROUTINE ON PROCEDURE partway_lab.p FROM ann@localhost",
            "DROP FUNCTION f",
        ),
    ),
    (
        _MYSQL,
        f"{_GRANTED}; GRANT INDEX ON partway_lab.* TO bob; GRANT PROCESS ON *.* TO ann@localhost",
        (
            "GRANT ALL ON partway_lab.* TO bob WITH GRANT OPTION",
            "CREATE TABLE u (a int)",
            "REVOKE DROP, GRANT OPTION ON partway_lab.* FROM bob",
            "REVOKE ALL ON partway_lab.* FROM bob",
            "GRANT SELECT, INSERT ON partway_lab.* TO bob",
            "GRANT ALL PRIVILEGES ON *.* TO 'ann'@'localhost'",
            "CREATE TABLE v (a int)",
            "REVOKE ALL ON *.* FROM 'ann'@'localhost'",
            "GRANT USAGE ON *.* TO bob WITH GRANT OPTION",
            "DROP USER bob",
        ),
    ),
    (
        _MYSQL,
        f"{_GRANTED}; GRANT SELECT ON t TO bob; GRANT EXECUTE ON PROCEDURE p TO ann@localhost",
        (
            "REVOKE ALL PRIVILEGES, GRANT OPTION FROM bob",
            "GRANT INSERT ON t TO bob",
            "REVOKE ALL, GRANT OPTION FROM 'ann'@'localhost'",
            "GRANT ALTER ROUTINE ON PROCEDURE p TO ann@localhost",
            "CREATE TABLE u (a int)",
            "REVOKE ALL PRIVILEGES, GRANT OPTION FROM ann@localhost, bob",
            "DROP USER bob",
        ),
    ),
    (
        _MYSQL,
        _GRANTED,
        (
            "GRANT reader TO bob, writer",
            "GRANT writer TO ann@localhost WITH ADMIN OPTION",
            "CREATE TABLE u (a int)",
            "REVOKE reader FROM bob",
            "REVOKE writer FROM 'ann'@'localhost'",
            "GRANT reader TO bob",
            "DROP ROLE reader",
        ),
    ),
    (
        _MYSQL,
        "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '10.0.0.1')",
        (
            "ALTER SERVER s OPTIONS (HOST '10.0.0.2', PORT 3307)",
            "ALTER SERVER s OPTIONS (USER 'it''s', DATABASE 'd', OWNER 'o', SOCKET '/s')",
            "CREATE SERVER z FOREIGN DATA WRAPPER mysql OPTIONS (HOST '10.0.0.3', PASSWORD 'secret', PORT 3306)",
            "ALTER SERVER s OPTIONS (HOST '10.0.0.3')",
            "DROP SERVER s",
        ),
    ),
    (
        _MYSQL,
        "CREATE USER bob; CREATE USER ann@localhost",
        (
            "ALTER USER bob, 'ann'@'localhost' ACCOUNT LOCK",
            "ALTER USER bob REQUIRE SSL",
            "ALTER USER ann@localhost REQUIRE X509 WITH MAX_QUERIES_PER_HOUR 5 MAX_USER_CONNECTIONS 7",
            "ALTER USER IF EXISTS bob ACCOUNT UNLOCK",
            "RENAME USER bob TO eve",
            "ALTER USER eve WITH MAX_UPDATES_PER_HOUR 9 MAX_CONNECTIONS_PER_HOUR 11",
            "DROP USER eve",
        ),
    ),
    (
        ("mysql",),
        "CREATE USER bob",
        ("ALTER USER bob COMMENT 'it''s'", "ALTER USER bob ACCOUNT LOCK COMMENT 'another'"),
    ),
    (
        ("mysql",),
        _O,
        (
            "CREATE TABLESPACE fast ADD DATAFILE 'fast.ibd'",
            "ALTER TABLESPACE fast AUTOEXTEND_SIZE = 4M",
            "ALTER TABLESPACE fast AUTOEXTEND_SIZE 8388608",
            "ALTER TABLESPACE fast RENAME TO quick",
            "CREATE TABLE t (a int)",
            "DROP TABLESPACE quick",
            "CREATE RESOURCE GROUP batch TYPE = USER",
            "ALTER TABLE t ADD COLUMN b int",
            "DROP RESOURCE GROUP batch",
            "INSTALL COMPONENT 'file://component_validate_password'",
            "ALTER TABLE t ADD COLUMN c int",
            "UNINSTALL COMPONENT 'file://component_validate_password'",
            "INSTALL PLUGIN mysql_no_login SONAME 'mysql_no_login.so'",
            "ALTER TABLE t ADD COLUMN d int",
            "UNINSTALL PLUGIN mysql_no_login",
        ),
    ),
    (
        ("mariadb",),
        "CREATE TABLE t (a int, s date NOT NULL, `e d` date NOT NULL)",
        (
            "ALTER TABLE t ADD PERIOD FOR term (s, `e d`)",
            "ALTER TABLE t ADD COLUMN b int",
            "ALTER TABLE t DROP PERIOD FOR term",
            "ALTER TABLE t ADD PERIOD IF NOT EXISTS FOR `an other` (s, `e d`)",
        ),
    ),
    (
        ("mysql",),
        "CREATE USER bob",
        (
            "GRANT BACKUP_ADMIN, BINLOG_ADMIN ON *.* TO bob WITH GRANT OPTION",
            "GRANT RELOAD, REPLICATION CLIENT, PROCESS ON *.* TO bob",
            "REVOKE BACKUP_ADMIN ON *.* FROM bob",
        ),
    ),
    (
        ("mysql",),
        f"{_GRANTED}; GRANT SELECT, INSERT ON t TO bob; GRANT writer TO bob",
        (
            "REVOKE IF EXISTS SELECT, UPDATE ON t FROM bob",
            "REVOKE IF EXISTS writer FROM bob IGNORE UNKNOWN USER",
        ),
    ),
    (
        _MYSQL,
        "CREATE TABLE t (a int, b varchar(20), c datetime)",
        (
            "ALTER TABLE t ALTER COLUMN a SET DEFAULT 5",
            "ALTER TABLE t ALTER a SET DEFAULT -1",
            "ALTER TABLE t ALTER b SET DEFAULT 'it''s'",
            "ALTER TABLE t ALTER c SET DEFAULT (CURRENT_TIMESTAMP)",
            "ALTER TABLE t ALTER a DROP DEFAULT",
            "ALTER TABLE t ALTER b SET DEFAULT (concat('a', 'b'))",
        ),
    ),
]

#: Engines, what is there, and a statement of which the catalog cannot tell whether it ran.
UNTOLD = [
    (("sqlite",), _O, "PRAGMA auto_vacuum = FULL"),
    (("sqlite",), _O, "PRAGMA journal_mode = MEMORY"),
    (("sqlite",), _O, "PRAGMA user_version"),
    (
        _MYSQL,
        "CREATE TABLE t (a int PRIMARY KEY AUTO_INCREMENT)",
        "ALTER TABLE t AUTO_INCREMENT = 50",
    ),
    (
        _MYSQL,
        "CREATE TABLE t (a int) PARTITION BY HASH (a) PARTITIONS 4",
        "ALTER TABLE t COALESCE PARTITION 1",
    ),
    (
        _MYSQL,
        "CREATE TABLE t (a int) PARTITION BY HASH (a) PARTITIONS 4",
        "ALTER TABLE t ADD PARTITION PARTITIONS 1",
    ),
    (
        _MYSQL,
        "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '10.0.0.1')",
        "ALTER SERVER s OPTIONS (HOST '10.0.0.2', PASSWORD 'secret')",
    ),
    (_MYSQL, _GRANTED, "ALTER USER bob IDENTIFIED BY 'secret' ACCOUNT LOCK"),
    (_MYSQL, _GRANTED, "ALTER USER bob PASSWORD EXPIRE"),
    (_MYSQL, _GRANTED, "GRANT SELECT ON t TO CURRENT_USER"),
    (("mariadb",), "CREATE SEQUENCE s", "ALTER SEQUENCE s RESTART 50"),
    (("mariadb",), "CREATE SEQUENCE s", "ALTER SEQUENCE s NOMINVALUE"),
    (
        _MYSQL,
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1",
        "ALTER EVENT e ON SCHEDULE EVERY 2 DAY STARTS '2030-01-01 00:00:00'",
    ),
]


def _alone(statement: str, state: str) -> str:
    """A statement's state, where nothing stands around it: so many more or fewer than before tell nothing by
    themselves."""
    return "unknown" if "COALESCE" in statement or "PARTITION PARTITIONS" in statement else state


@pytest.mark.parametrize(
    ("engine", "setup", "statements"),
    [
        pytest.param(engine, setup, statements, id=f"{engine}-{number}")
        for number, (engines, setup, statements) in enumerate(CASES)
        for engine in engines
    ],
)
def test_the_point_is_exact(engine: str, setup: str, statements: tuple[str, ...], labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    if setup:
        lab.script(setup)
    for count in range(len(statements) + 1):
        if count:
            lab.execute(statements[count - 1])
            assert states(lab, statements[count - 1]) == [_alone(statements[count - 1], "applied")]
        if count < len(statements):
            assert states(lab, statements[count]) == [_alone(statements[count], "pending")]
        standing = stand(lab, ";\n".join(statements))
        assert standing.point == FailurePoint(count - 1, count), (count, standing)


@pytest.mark.parametrize(
    ("engine", "setup", "statement"),
    [
        pytest.param(engine, setup, statement, id=f"{engine}-{number}")
        for number, (engines, setup, statement) in enumerate(UNTOLD)
        for engine in engines
    ],
)
def test_what_cannot_be_told_is_unknown(engine: str, setup: str, statement: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    if setup:
        lab.script(setup)
    assert states(lab, statement) == ["unknown"]
    lab.execute(statement)
    assert states(lab, statement) == ["unknown"]


@pytest.mark.parametrize("engine", _MYSQL)
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '10.0.0.2', PASSWORD 'sesame')",
        "ALTER SERVER s OPTIONS (HOST '10.0.0.2', PASSWORD 'sesame')",
        "ALTER USER bob IDENTIFIED BY 'sesame' ACCOUNT LOCK",
        "CREATE USER ann IDENTIFIED BY 'sesame'",
    ],
)
def test_a_password_is_shown_nowhere(engine: str, statement: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE USER bob; CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '10.0.0.1')")
    assert "sesame" not in repr(stand(lab, statement))
    assert "sesame" not in repr([one.postconditions for one in operations(statement, engine)])
