"""What CREATE and ALTER say of a thing is read to its end, whatever stands there, half typed or not."""

from __future__ import annotations

import pytest

from partway.dialects import dialect_named
from partway.sql.reader import read_steps
from partway.sql.table_said import said_in


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
@pytest.mark.parametrize(
    "options", ["UNION = (a, b) ENGINE = MyISAM", "(b int) ENGINE = MyISAM", "FOO ((), (x)) ENGINE=MyISAM"]
)
def test_what_stands_in_parentheses_is_passed_over(dialect: str, options: str) -> None:
    text = f"CREATE TABLE t (a int) {options}"
    (step,) = read_steps(text, 0, len(text), dialect_named(dialect), (), "up").steps
    assert ("engine", "myisam") in step.operations[0].postconditions[0].attributes


HALF_TYPED = (
    "CREATE TABLE p PARTITION OF m FOR VALUES WITH (MODULUS 4, REMAINDER 1) WITH (fillfactor = 70)",
    "CREATE TABLE o (a int) PARTITION BY HASH (a) PARTITIONS 4",
    "ALTER OPERATOR ==== (int, int) SET (RESTRICT = eqsel, JOIN = eqjoinsel)",
    "CREATE EVENT TRIGGER e ON sql_drop WHEN TAG IN ('DROP TABLE') EXECUTE PROCEDURE f()",
    "CREATE STATISTICS st (ndistinct, mcv) ON b, a FROM t",
    "CREATE SERVER o TYPE 'x' VERSION '3' FOREIGN DATA WRAPPER w OPTIONS (host 'a')",
    "CREATE FUNCTION f(a int) RETURNS varchar(10) CHARACTER SET utf8mb4 DETERMINISTIC RETURN 1",
    "CREATE PUBLICATION p FOR TABLE t, ONLY u WITH (publish = 'insert')",
    "CREATE VIRTUAL TABLE v USING fts5(a, b)",
)


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb", "sqlite"])
@pytest.mark.parametrize("text", HALF_TYPED)
def test_every_beginning_is_read(dialect: str, text: str) -> None:
    for end in range(1, len(text) + 1):
        for step in read_steps(text, 0, end, dialect_named(dialect), (), "up").steps:
            assert all(one.kind for one in step.operations)


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_every_beginning_of_the_options_of_a_framework_is_read(dialect: str) -> None:
    text = "ENGINE=MyISAM COMMENT='x (' PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (1))"
    for end in range(len(text) + 1):
        assert all(key for key, _ in said_in(text[:end], dialect_named(dialect)))
    assert dict(said_in(text, dialect_named(dialect))) == {
        "engine": "myisam", "comment": "'x ('", "partitioned": "yes",
    }  # fmt: skip
