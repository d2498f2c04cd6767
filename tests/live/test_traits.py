"""PostgreSQL's rarer things are not taken for what is made if they only have the name: a role that may do other things,
a trigger of other events, an operator that calls another function."""

from __future__ import annotations

import pytest

from tests.engines.plugin import Labs
from tests.live.helper import told_apart

ENGINES = ("postgresql18", "postgresql15")
_T = "CREATE TABLE t (a int, b int);"
_FIRED = "".join(
    f"CREATE FUNCTION {name}() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end';" for name in "fg"
)
_SAME = "".join(
    f"CREATE FUNCTION {name}(int, int) RETURNS bool LANGUAGE sql AS 'select true';" for name in "hk"
)
_CAST = "CREATE TYPE c AS (a int);" + "".join(
    f"CREATE FUNCTION {name}(c) RETURNS int LANGUAGE sql AS 'select 1';" for name in "xy"
)
_FOREIGN = (
    "CREATE FOREIGN DATA WRAPPER w; CREATE FOREIGN DATA WRAPPER v; CREATE SERVER s FOREIGN DATA WRAPPER w;"
)

#: What has to be there, what is made, what another one of its name would be made by, and a word of why it is another.
CASES = [
    (
        _T,
        "CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING",
        "CREATE RULE r AS ON UPDATE TO t DO INSTEAD NOTHING",
        "rule",
    ),
    (
        _T,
        "CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING",
        "CREATE RULE r AS ON INSERT TO t DO NOTIFY n",
        "rule",
    ),
    (
        _FIRED,
        "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
        "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION f()",
        "event",
    ),
    (
        _FIRED,
        "CREATE EVENT TRIGGER e ON sql_drop WHEN TAG IN ('DROP TABLE') EXECUTE PROCEDURE f()",
        "CREATE EVENT TRIGGER e ON sql_drop WHEN TAG IN ('DROP TABLE') EXECUTE PROCEDURE g()",
        "function",
    ),
    (
        _SAME,
        "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = h)",
        "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = k)",
        "function",
    ),
    (_T, "CREATE STATISTICS st ON a, b FROM t", "CREATE STATISTICS st (mcv) ON a, b FROM t", "kinds"),
    (
        _T + "ALTER TABLE t ADD c int",
        "CREATE STATISTICS st (ndistinct, mcv) ON b, a FROM t",
        "CREATE STATISTICS st (ndistinct, mcv) ON a, c FROM t",
        "columns",
    ),
    (
        "",
        "CREATE COLLATION o (locale = 'C')",
        "CREATE COLLATION o (LC_COLLATE = 'POSIX', LC_CTYPE = 'POSIX')",
        "locale",
    ),
    (
        "",
        "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple)",
        "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = ispell, dictfile = 'a')",
        "template",
    ),
    (
        "",
        "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, stopwords = 'english')",
        "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, stopwords = 'german')",
        "stopwords",
    ),
    (_T, "CREATE PUBLICATION p FOR TABLE t", "CREATE PUBLICATION p FOR ALL TABLES", "all tables"),
    (
        _T + "CREATE TABLE u (a int)",
        "CREATE PUBLICATION p FOR TABLE t, ONLY u WITH (publish = 'insert')",
        "CREATE PUBLICATION p FOR TABLE t, t2",
        "t2",
    ),
    (
        "",
        "CREATE AGGREGATE g(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')",
        "CREATE AGGREGATE g(int) (SFUNC = int4mul, STYPE = int, INITCOND = '0')",
        "transition",
    ),
    (
        _FOREIGN,
        "CREATE SERVER o TYPE 'x' VERSION '3' FOREIGN DATA WRAPPER w OPTIONS (host 'a')",
        "CREATE SERVER o TYPE 'x' VERSION '3' FOREIGN DATA WRAPPER v OPTIONS (host 'a')",
        "wrapper",
    ),
    (
        _FOREIGN,
        "CREATE SERVER o FOREIGN DATA WRAPPER w OPTIONS (host 'a')",
        "CREATE SERVER o FOREIGN DATA WRAPPER w OPTIONS (host 'b')",
        "option host",
    ),
    (
        _FOREIGN,
        "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'a', password 'sesame')",
        "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'b', password 'sesame')",
        "option user",
    ),
    (
        "",
        "CREATE FOREIGN DATA WRAPPER o",
        "CREATE FOREIGN DATA WRAPPER o VALIDATOR postgresql_fdw_validator",
        "validator",
    ),
    (
        _FOREIGN,
        "CREATE FOREIGN TABLE o (a int, b text OPTIONS (x 'y') NOT NULL) SERVER s",
        "CREATE FOREIGN TABLE o (a bigint) SERVER s",
        "type",
    ),
    (
        _FOREIGN,
        "CREATE FOREIGN TABLE o (a int) SERVER s",
        "CREATE FOREIGN TABLE o (a int, b int) SERVER s",
        "b",
    ),
    ("", "CREATE ROLE partway_some LOGIN", "CREATE ROLE partway_some LOGIN CREATEDB", "createdb"),
    (
        _CAST,
        "CREATE CAST (c AS int) WITH FUNCTION x(c) AS ASSIGNMENT",
        "CREATE CAST (c AS int) WITH FUNCTION y(c) AS ASSIGNMENT",
        "function",
    ),
    (
        _CAST,
        "CREATE CAST (c AS int) WITH FUNCTION x(c)",
        "CREATE CAST (c AS int) WITH FUNCTION x(c) AS IMPLICIT",
        "context",
    ),
    (
        "",
        "CREATE CONVERSION n FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
        "CREATE CONVERSION n FOR 'EUC_JP' TO 'UTF8' FROM euc_jp_to_utf8",
        "function",
    ),
    (
        "CREATE TABLE m (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE p PARTITION OF m FOR VALUES FROM ('1') TO (10)",
        "CREATE TABLE p PARTITION OF m FOR VALUES FROM (1) TO (20)",
        "bounds",
    ),
    (
        "CREATE TABLE m (a date) PARTITION BY RANGE (a)",
        "CREATE TABLE p PARTITION OF m FOR VALUES FROM (MINVALUE) TO ('2026-01-01')",
        "CREATE TABLE p PARTITION OF m FOR VALUES FROM (MINVALUE) TO ('2026-02-01')",
        "bounds",
    ),
    (
        "CREATE TABLE m (a text) PARTITION BY LIST (a)",
        "CREATE TABLE p PARTITION OF m FOR VALUES IN ('b', 'it''s')",
        "CREATE TABLE p PARTITION OF m FOR VALUES IN ('b', 'c')",
        "bounds",
    ),
    (
        "CREATE TABLE m (a int) PARTITION BY HASH (a)",
        "CREATE TABLE p PARTITION OF m FOR VALUES WITH (MODULUS 4, REMAINDER 1) WITH (fillfactor = 70)",
        "CREATE TABLE p PARTITION OF m FOR VALUES WITH (modulus 4, remainder 2)",
        "bounds",
    ),
    (
        "CREATE TABLE m (a int) PARTITION BY LIST (a); CREATE TABLE p (a int)",
        "ALTER TABLE m ATTACH PARTITION p FOR VALUES IN (1)",
        "ALTER TABLE m ATTACH PARTITION p DEFAULT",
        "bounds",
    ),
    ("", "CREATE TABLE o (a int)", "CREATE TABLE o (a int) PARTITION BY LIST (a)", "partitioned"),
    ("", "CREATE TABLE o (a int)", "CREATE UNLOGGED TABLE o (a int)", "persistence"),
    (_T, "CREATE INDEX i ON t (a) WHERE a > 1", "CREATE INDEX i ON t (a) INCLUDE (b) WHERE a > 1", "include"),
    (_T, "CREATE INDEX i ON t (a) INCLUDE (b)", "CREATE INDEX i ON t (b) INCLUDE (a)", "include"),
    (
        "",
        "CREATE TABLE o (a int GENERATED ALWAYS AS IDENTITY)",
        "CREATE TABLE o (a int GENERATED BY DEFAULT AS IDENTITY (START 1))",
        "given",
    ),
    (
        "",
        "CREATE FUNCTION f(a int) RETURNS varchar(10) LANGUAGE sql STABLE AS 'select 1::varchar'",
        "CREATE FUNCTION f(a int) RETURNS text LANGUAGE sql STABLE AS 'select 1::varchar'",
        "returns",
    ),
    (
        "CREATE TYPE c AS (a int)",
        "CREATE FUNCTION f() RETURNS SETOF public.c STRICT SECURITY DEFINER LANGUAGE sql AS 'select null::c'",
        "CREATE FUNCTION f() RETURNS c LANGUAGE sql AS 'select null::c'",
        "returns",
    ),
    (
        "",
        "CREATE FUNCTION f() RETURNS timestamp with time zone IMMUTABLE LANGUAGE sql RETURN '2026-01-01'::timestamptz",
        "CREATE FUNCTION f() RETURNS timestamptz STABLE LANGUAGE sql RETURN '2026-01-01'::timestamptz",
        "volatility",
    ),
    (
        "",
        "CREATE DOMAIN d AS int CHECK (value > 1) CONSTRAINT most CHECK (value < 9)",
        "CREATE DOMAIN d AS int CHECK (value > 2)",
        "check",
    ),
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
