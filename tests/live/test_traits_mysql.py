"""Things of MySQL and MariaDB, such as routines and events, are not taken for what is made if they only have its name,
and what is said of them later counts."""

from __future__ import annotations

import pytest

from tests.engines.plugin import Labs
from tests.live.helper import stand, told_apart

ENGINES = ("mysql", "mariadb")
_T = "CREATE TABLE t (a int, b int);"
_DAILY = "CREATE EVENT e ON SCHEDULE EVERY 1 DAY"

#: What has to be there, what is made, what another one of its name would be made by, and a word of why it is another.
CASES = [
    (
        "",
        "CREATE FUNCTION f() RETURNS integer(11) DETERMINISTIC RETURN 1",
        "CREATE FUNCTION f() RETURNS bigint DETERMINISTIC RETURN 1",
        "returns bigint",
    ),
    (
        "",
        (
            "CREATE FUNCTION f(a INT, `B` varchar(10) CHARACTER SET latin1, c dec) RETURNS char(3) CHARACTER SET latin1"
            " COMMENT 'x' NOT DETERMINISTIC NO SQL SQL SECURITY INVOKER RETURN 'a\\'b''c'"
        ),
        (
            "CREATE FUNCTION f(a INT, `B` varchar(20) CHARACTER SET latin1, c dec) RETURNS char(3) CHARACTER SET latin1"
            " COMMENT 'x' NOT DETERMINISTIC NO SQL SQL SECURITY INVOKER RETURN 'a\\'b''c'"
        ),
        "varchar(20)",
    ),
    (
        "",
        "CREATE FUNCTION f(e enum('a,b', 'c'), n national varchar(3), d double precision) RETURNS bool NO SQL RETURN 1",
        "CREATE FUNCTION f(e enum('a,b', 'c'), n national varchar(3)) RETURNS bool NO SQL RETURN 1",
        "arguments",
    ),
    (
        "",
        "CREATE PROCEDURE f(a int, INOUT b bigint unsigned, OUT c text) MODIFIES SQL DATA BEGIN SET b = 1; END",
        "CREATE PROCEDURE f(a int, OUT b bigint unsigned, OUT c text) MODIFIES SQL DATA BEGIN SET b = 1; END",
        "arguments",
    ),
    (
        "",
        "CREATE FUNCTION f(a int) RETURNS int DETERMINISTIC RETURN 1",
        "CREATE FUNCTION f(a int) RETURNS int NOT DETERMINISTIC READS SQL DATA RETURN 1",
        "deterministic",
    ),
    (
        "",
        "CREATE DEFINER=CURRENT_USER PROCEDURE f(j json) SQL SECURITY INVOKER SELECT 1",
        "CREATE DEFINER=CURRENT_USER PROCEDURE f(j json) SQL SECURITY DEFINER SELECT 1",
        "security definer",
    ),
    (
        "",
        "CREATE PROCEDURE f() SELECT 'a\\\\b'",
        "CREATE PROCEDURE f() SELECT 'ab', 1",
        "body",
    ),
    (_T, f"{_DAILY} DO DELETE FROM t", "CREATE EVENT e ON SCHEDULE EVERY 2 DAY DO DELETE FROM t", "2 day"),
    (
        _T,
        f"{_DAILY} ON COMPLETION PRESERVE DISABLE COMMENT 'do it' DO DELETE FROM t WHERE a = 'x'",
        f"{_DAILY} ON COMPLETION NOT PRESERVE DISABLE COMMENT 'do it' DO DELETE FROM t WHERE a = 'x'",
        "not preserve",
    ),
    (_T, f"{_DAILY} DISABLE DO DELETE FROM t", f"{_DAILY} ENABLE DO DELETE FROM t", "enabled"),
    (
        _T,
        f"{_DAILY} STARTS '2036-01-01 00:00:00' DO BEGIN DELETE FROM t;  SELECT 'a''b', \"c\"; END",
        f"{_DAILY} STARTS '2036-01-01 00:00:00' DO BEGIN DELETE FROM t; SELECT 'a''c', \"c\"; END",
        "event body",
    ),
    (
        _T,
        "CREATE EVENT e ON SCHEDULE AT '2036-01-01 10:00:00' DO DELETE FROM t",
        "CREATE EVENT e ON SCHEDULE AT '2037-01-01 10:00:00' DO DELETE FROM t",
        "event at",
    ),
    (
        "",
        "CREATE DATABASE partway_other CHARACTER SET latin1",
        "CREATE SCHEMA partway_other DEFAULT CHARACTER SET utf8mb4",
        "utf8mb4",
    ),
    (
        "",
        "CREATE DATABASE partway_other DEFAULT CHARSET = 'utf8' COLLATE utf8_bin",
        "CREATE DATABASE partway_other DEFAULT CHARSET = 'utf8' COLLATE utf8_general_ci",
        "utf8_general_ci",
    ),
    ("", "CREATE USER partway_some@localhost", "CREATE USER partway_some@localhost ACCOUNT LOCK", "lock"),
    (
        "",
        "CREATE USER partway_some@localhost, partway_other IDENTIFIED BY 'sesame' REQUIRE SSL ACCOUNT LOCK",
        "CREATE USER partway_some@localhost, partway_other IDENTIFIED BY 'sesame' REQUIRE X509 ACCOUNT LOCK",
        "require",
    ),
    (
        "",
        "CREATE USER partway_some WITH MAX_USER_CONNECTIONS 3",
        "CREATE USER partway_some WITH MAX_USER_CONNECTIONS 4",
        "sessions",
    ),
    ("", "CREATE TABLE o (a int) ENGINE=InnoDB", "CREATE TABLE o (a int) ENGINE = 'MyISAM'", "engine"),
    (
        "",
        "CREATE TABLE o (a int) DEFAULT CHARSET=utf8 COLLATE 'utf8_bin', AUTO_INCREMENT=5 ENGINE=HEAP COMMENT='x'",
        "CREATE TABLE o (a int) DEFAULT CHARSET=utf8 COLLATE 'utf8_bin', AUTO_INCREMENT=5 ENGINE=HEAP COMMENT='y'",
        "comment",
    ),
    (
        "",
        "CREATE TABLE o (a int) CHARACTER SET = latin1 ROW_FORMAT=DYNAMIC",
        "CREATE TABLE o (a int) CHARACTER SET utf8mb4 ROW_FORMAT=DYNAMIC",
        "charset",
    ),
    (
        "",
        "CREATE TABLE o (a int) COLLATE=utf8mb4_bin",
        "CREATE TABLE o (a int) COLLATE latin1_bin",
        "collation",
    ),
    (
        "",
        "CREATE TABLE o (a int) ROW_FORMAT=COMPACT",
        "CREATE TABLE o (a int) ROW_FORMAT = REDUNDANT",
        "row_format",
    ),
    (
        "",
        "CREATE TABLE o (a int) ENGINE=InnoDB PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (9))",
        "CREATE TABLE o (a int) ENGINE=InnoDB",
        "partitioned",
    ),
    (
        "",
        "CREATE TABLE o (a int)",
        "CREATE TABLE o (a int) PARTITION BY LIST (a) (PARTITION p VALUES IN (9))",
        "partitioned",
    ),
    (
        "",
        "CREATE TABLE o (a int) PARTITION BY HASH (a) PARTITIONS 4",
        "CREATE TABLE o (a int)",
        "partitioned",
    ),
    ("", "CREATE TABLE o (`partition` int) AS SELECT 1 AS b", "CREATE TABLE o (a int)", "column"),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("setup", "made", "other", "word"), CASES, ids=[case[2] for case in CASES])
def test_another_one_of_the_name_is_different(
    engine: str, setup: str, made: str, other: str, word: str, labs: Labs
) -> None:
    lab = labs(engine)
    lab.fresh()
    if setup:
        lab.script(setup)
    assert word in told_apart(lab, made, other)


#: What is made, and what says something else of it later: what it is said to be at last counts.
CHANGED = [
    (f"{_T}{_DAILY} DO DELETE FROM t", "ALTER EVENT e ON SCHEDULE EVERY 2 DAY"),
    (f"{_T}{_DAILY} DO DELETE FROM t", "ALTER EVENT e DO DELETE FROM t WHERE a = 1"),
    (f"{_T}{_DAILY} DO DELETE FROM t", "ALTER EVENT e ON SCHEDULE EVERY '1:10' HOUR_MINUTE DISABLE"),
    (f"{_T}{_DAILY} DO DELETE FROM t", "ALTER EVENT e RENAME TO f"),
    ("CREATE FUNCTION f() RETURNS int DETERMINISTIC NO SQL RETURN 1", "ALTER FUNCTION f READS SQL DATA"),
    (
        "CREATE TABLE o (a int) ENGINE=InnoDB COMMENT 'x'",
        "ALTER TABLE o ENGINE=MyISAM COMMENT='y' ROW_FORMAT=DYNAMIC",
    ),
    (
        "CREATE TABLE o (a int) CHARSET latin1 ENGINE=InnoDB",
        "ALTER TABLE o DEFAULT CHARSET utf8mb4 ENGINE=MyISAM",
    ),
    (
        "CREATE TABLE o (a int) CHARSET latin1 COLLATE latin1_bin",
        "ALTER TABLE o CONVERT TO CHARACTER SET utf8mb4",
    ),
    ("CREATE TABLE o (a int) CHARSET latin1", "ALTER TABLE o COLLATE = utf8mb4_bin"),
    ("CREATE TABLE o (a int)", "ALTER TABLE o PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (9))"),
    ("CREATE TABLE o (a int)", "ALTER TABLE o PARTITION BY HASH (a) PARTITIONS 3"),
    (
        "CREATE TABLE o (a int) PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (9))",
        "ALTER TABLE o REMOVE PARTITIONING",
    ),
    (
        "CREATE TABLE u (a int) PARTITION BY HASH (a) PARTITIONS 3; CREATE TABLE o LIKE u",
        "ALTER TABLE o RENAME TO p",
    ),
    (
        "CREATE TABLE o (a int) PARTITION BY LIST (a) (PARTITION p VALUES IN (1), PARTITION q VALUES IN (2))",
        "ALTER TABLE o DROP PARTITION p",
    ),
    ("CREATE TABLE o (a int)", "RENAME TABLE o TO p; ALTER TABLE p PARTITION BY HASH (a)"),
    (
        "CREATE USER partway_some@localhost ACCOUNT LOCK",
        "ALTER USER partway_some@localhost IDENTIFIED BY 'sesame' ACCOUNT UNLOCK",
    ),
    (
        "CREATE USER partway_some, partway_other ACCOUNT LOCK",
        "ALTER USER partway_other, partway_some ACCOUNT UNLOCK PASSWORD EXPIRE",
    ),
    ("CREATE USER partway_some ACCOUNT LOCK", "ALTER USER partway_some ACCOUNT UNLOCK"),
    ("CREATE USER partway_some ACCOUNT LOCK", "RENAME USER partway_some TO partway_other"),
    ("CREATE DATABASE partway_other CHARSET latin1", "ALTER DATABASE partway_other CHARSET utf8mb4"),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("made", "changed"), CHANGED, ids=[case[1] for case in CHANGED])
def test_what_is_said_later_counts(engine: str, made: str, changed: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    text = f"{made};{changed}"
    assert stand(lab, text).point == (-1, 0)
    lab.script(text)
    assert all(one.state in ("applied", "unknown") for one in stand(lab, text).states)
