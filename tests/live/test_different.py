"""No false "applied": what has the name, but is not what the operation makes, is `different`, on every engine."""

from __future__ import annotations

import pytest

from partway.live.own import State
from tests.engines.plugin import Labs
from tests.live.helper import stand

_ALL = ("postgresql18", "postgresql15", "mysql", "mariadb", "sqlite")
_POSTGRESQL = ("postgresql18", "postgresql15")
_MYSQL = ("mysql", "mariadb")
_T = "CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE w (id int PRIMARY KEY); CREATE TABLE t (a int, b int, c int); "

#: Engines, what is there, what the migration would make, and a word of the reason.
CASES = [
    (_ALL, "CREATE TABLE t (a int)", "CREATE TABLE t (a bigint)", "type"),
    (_ALL, "CREATE TABLE t (a int)", "CREATE TABLE t (a int, b int)", "b"),
    (_ALL, "CREATE TABLE t (a int)", "ALTER TABLE t ADD COLUMN a varchar(20)", "type"),
    (_ALL, "CREATE TABLE t (a varchar(10))", "ALTER TABLE t ADD COLUMN a varchar(20)", "type"),
    (_ALL, "CREATE TABLE t (a int)", "ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 0", "nullable"),
    (_ALL, "CREATE TABLE t (a int DEFAULT 1)", "ALTER TABLE t ADD COLUMN a int DEFAULT 2", "default"),
    (
        _ALL,
        "CREATE TABLE t (a varchar(9) DEFAULT 'x')",
        "ALTER TABLE t ADD COLUMN a varchar(9) DEFAULT 'y'",
        "default",
    ),
    (_ALL, _T + "CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (b)", "columns"),
    (_ALL, _T + "CREATE INDEX i ON t (a, b)", "CREATE INDEX i ON t (b, a)", "columns"),
    (_ALL, _T + "CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (a, b)", "columns"),
    (_ALL, _T + "CREATE INDEX i ON t (a)", "CREATE UNIQUE INDEX i ON t (a)", "unique"),
    (_ALL, _T + "CREATE UNIQUE INDEX i ON t (a)", "CREATE INDEX i ON t (a)", "unique"),
    (
        (*_POSTGRESQL, "sqlite"),
        _T + "CREATE INDEX i ON w (id)",
        "CREATE INDEX i ON t (a)",
        "name of a index on",
    ),
    (
        (*_POSTGRESQL, "sqlite", "mysql"),
        _T + "CREATE INDEX i ON t (a)",
        "CREATE INDEX i ON t (a DESC)",
        "keys",
    ),
    (
        (*_POSTGRESQL, "sqlite"),
        _T + "CREATE INDEX i ON t (a)",
        "CREATE INDEX i ON t (a) WHERE b > 0",
        "predicate",
    ),
    (
        (*_POSTGRESQL, "sqlite"),
        _T + "CREATE INDEX i ON t (a) WHERE b > 1",
        "CREATE INDEX i ON t (a) WHERE b > 0",
        "predicate",
    ),
    (_POSTGRESQL, _T + "CREATE INDEX i ON t (a)", "CREATE INDEX i ON t USING hash (a)", "method"),
    (_POSTGRESQL, _T + "CREATE POLICY p ON t USING (a > 1)", "CREATE POLICY p ON t USING (a > 2)", "using"),
    (
        _POSTGRESQL,
        _T + "CREATE POLICY p ON t USING (a > 1)",
        "CREATE POLICY p ON t USING (a > 1) WITH CHECK (a > 2)",
        "check",
    ),
    (_POSTGRESQL, _T + "CREATE POLICY p ON t", "CREATE POLICY p ON t FOR SELECT", "for"),
    (_POSTGRESQL, _T + "CREATE POLICY p ON t", "CREATE POLICY p ON t AS RESTRICTIVE", "permissive"),
    ((*_POSTGRESQL, "mariadb"), "CREATE SEQUENCE s", "CREATE SEQUENCE s INCREMENT 10", "increment"),
    (("mariadb",), "CREATE SEQUENCE s", "CREATE SEQUENCE s START WITH 5 NOCACHE", "start 1; cache 1000"),
    (_POSTGRESQL, _T + "CREATE SEQUENCE s", "CREATE SEQUENCE s OWNED BY t.a", "owned-by"),
    (
        _POSTGRESQL,
        _T + "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a)",
        "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a) DEFERRABLE",
        "deferrable",
    ),
    (
        _POSTGRESQL,
        _T + "CREATE INDEX i ON t (lower(a::text))",
        "CREATE INDEX i ON t (upper(a::text))",
        "keys",
    ),
    (_MYSQL, "CREATE TABLE t (n varchar(50), INDEX i (n(5)))", "CREATE INDEX i ON t (n(10))", "keys"),
    (
        _ALL,
        "CREATE TABLE x (a int); CREATE VIEW t AS SELECT a FROM x",
        "CREATE TABLE t (a int)",
        "name of a view",
    ),
    (
        _ALL,
        "CREATE TABLE v (a int); CREATE TABLE x (a int)",
        "CREATE VIEW v AS SELECT a FROM x",
        "name of a table",
    ),
    (
        _ALL,
        "CREATE TABLE x (a int, b int); CREATE VIEW v AS SELECT a FROM x",
        "CREATE VIEW v AS SELECT b FROM x",
        "definition",
    ),
    (
        _ALL,
        "CREATE TABLE x (a int); CREATE VIEW v AS SELECT a FROM x WHERE a > 1",
        "CREATE VIEW v AS SELECT a FROM x WHERE a > 2",
        "definition",
    ),
    (_POSTGRESQL, "CREATE SEQUENCE s", "CREATE TABLE s (a int)", "name of a sequence"),
    (
        _POSTGRESQL + _MYSQL,
        _T + "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1)",
        "expression",
    ),
    (
        _POSTGRESQL,
        _T + "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
        "ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)",
        "",
    ),
    (
        _POSTGRESQL + _MYSQL,
        _T + "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (id)",
        "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES w (id)",
        "references",
    ),
    (
        _POSTGRESQL + _MYSQL,
        _T + "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (id)",
        "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES u (id)",
        "columns",
    ),
    (
        _POSTGRESQL + _MYSQL,
        _T + "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (id)",
        "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (id) ON DELETE CASCADE",
        "on-delete",
    ),
    (
        _POSTGRESQL + _MYSQL,
        _T + "ALTER TABLE t ADD CONSTRAINT c UNIQUE (a, b)",
        "ALTER TABLE t ADD CONSTRAINT c UNIQUE (b, a)",
        "columns",
    ),
    (_POSTGRESQL, _T + "ALTER TABLE t ADD PRIMARY KEY (a)", "ALTER TABLE t ADD PRIMARY KEY (b)", "columns"),
    (_POSTGRESQL, "CREATE TYPE e AS ENUM ('a', 'b')", "CREATE TYPE e AS ENUM ('a', 'c')", "values"),
    (_POSTGRESQL, "CREATE TYPE e AS ENUM ('a', 'b')", "CREATE TYPE e AS ENUM ('b', 'a')", "values"),
    (_POSTGRESQL, "CREATE TYPE e AS (a int)", "CREATE TYPE e AS ENUM ('a')", "kind"),
    (_POSTGRESQL, "CREATE TYPE e AS (a int)", "CREATE TYPE e AS (a int, b text)", "attributes"),
    (_POSTGRESQL, "CREATE TABLE e (a int)", "CREATE TYPE e AS ENUM ('a')", "kind"),
    (_POSTGRESQL, "CREATE DOMAIN d AS int", "CREATE DOMAIN d AS text", "type"),
    (
        _POSTGRESQL,
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$",
        "body",
    ),
    (
        _POSTGRESQL,
        _T + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';"
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';"
        "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g()",
        "definition",
    ),
    (
        _MYSQL,
        _T + "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
        "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2",
        "definition",
    ),
    (
        _MYSQL,
        _T + "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
        "CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW SET @a = 1",
        "definition",
    ),
    (
        ("sqlite",),
        _T + "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
        "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 2; END",
        "definition",
    ),
    (
        _MYSQL,
        "CREATE TABLE t (a int) PARTITION BY HASH (a) PARTITIONS 4",
        "CREATE TABLE t (a int) PARTITION BY HASH (a) PARTITIONS 5",
        "partitions 4",
    ),
    (
        _MYSQL,
        "CREATE TABLE t (a int, b int)",
        "CREATE TABLE t (a int, b int) PARTITION BY KEY (b)",
        "partition",
    ),
    (
        _MYSQL,
        "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '10.0.0.1')",
        "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '10.0.0.2')",
        "server s is there",
    ),
    (_MYSQL, "CREATE PROCEDURE p() SELECT 1", "CREATE PROCEDURE p() SELECT 2", "body"),
    (_MYSQL, "CREATE TABLE t (e enum('a','b'))", "ALTER TABLE t ADD COLUMN e enum('a','c')", "type"),
    (_MYSQL, "CREATE TABLE t (a int)", "ALTER TABLE t ADD COLUMN a int unsigned", "type"),
    (_POSTGRESQL, "CREATE TABLE t (a int)", "CREATE TABLE t (a serial)", "type"),
    (
        (*_POSTGRESQL, "mysql", "mariadb"),
        "CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a * 2) STORED)",
        "ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (a * 3) STORED",
        "generated",
    ),
    # Both names of a rename, or neither.
    (_ALL, "CREATE TABLE a (x int); CREATE TABLE b (x int)", "ALTER TABLE a RENAME TO b", "table"),
    (_ALL, "CREATE TABLE t (c int)", "ALTER TABLE t RENAME COLUMN a TO b", "column"),
]


@pytest.mark.parametrize(
    ("engine", "setup", "statement", "word"),
    [
        pytest.param(engine, setup, statement, word, id=f"{engine}-{number}")
        for number, (engines, setup, statement, word) in enumerate(CASES)
        for engine in engines
    ],
)
def test_something_else_has_the_name(engine: str, setup: str, statement: str, word: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script(setup)
    (state,) = stand(lab, statement).states
    assert state.state is State.DIFFERENT, state
    assert word in state.reason


#: Engines and pairs that are the same though they are spelled apart: what is there, what the migration says.
SAME = [
    (
        _POSTGRESQL,
        "CREATE TABLE t (a varchar(10), b int4, c timestamptz)",
        "CREATE TABLE t (a character varying(10), b integer, c timestamp with time zone)",
    ),
    (
        _POSTGRESQL,
        "CREATE TABLE t (a text DEFAULT 'x', b numeric(5), c boolean DEFAULT true)",
        "CREATE TABLE t (a text DEFAULT 'x'::text, b decimal(5,0), c bool DEFAULT TRUE)",
    ),
    (
        _POSTGRESQL,
        "CREATE TABLE t (a int[], b timestamp(3) DEFAULT now())",
        "CREATE TABLE t (a integer array, b timestamp(3) without time zone DEFAULT now())",
    ),
    (
        _POSTGRESQL,
        "CREATE TABLE t (a int GENERATED BY DEFAULT AS IDENTITY, b bigserial)",
        "CREATE TABLE t (a integer GENERATED BY DEFAULT AS IDENTITY, b serial8)",
    ),
    (
        _POSTGRESQL,
        "CREATE TABLE t (a varchar(9)); ALTER TABLE t ADD CONSTRAINT c CHECK (a IN ('x', 'y'))",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a IN ('x', 'y'))",
    ),
    (
        _POSTGRESQL,
        "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a BETWEEN 1 AND 9)",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a >= 1 AND a <= 9)",
    ),
    (
        _POSTGRESQL,
        "CREATE TABLE t (a text); CREATE INDEX i ON t (lower(a)) WHERE a <> ''",
        "CREATE INDEX i ON t USING btree (lower(a)) WHERE a != ''",
    ),
    (
        _POSTGRESQL,
        "CREATE SCHEMA s; CREATE TYPE s.mood AS ENUM ('a'); CREATE TABLE t (m s.mood DEFAULT 'a')",
        "CREATE TABLE t (m s.mood DEFAULT 'a')",
    ),
    (
        _POSTGRESQL,
        'CREATE TABLE "Größe" ("Naïve Spalte" int); CREATE INDEX "Ü" ON "Größe" ("Naïve Spalte")',
        'CREATE INDEX "Ü" ON "Größe" ("Naïve Spalte")',
    ),
    (
        _MYSQL,
        "CREATE TABLE t (a int(11), b bool, c varchar(5) DEFAULT 'x', d decimal)",
        "CREATE TABLE t (a integer, b tinyint(1), c varchar(5) DEFAULT 'x', d numeric(10,0))",
    ),
    (
        _MYSQL,
        "CREATE TABLE t (a timestamp DEFAULT CURRENT_TIMESTAMP, j json)",
        "CREATE TABLE t (a timestamp DEFAULT now(), j JSON)",
    ),
    (
        _MYSQL,
        "CREATE TABLE t (a varchar(9), CONSTRAINT c CHECK (a in ('x','y') and a <> 'z'))",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a IN ('x', 'y') AND a != 'z')",
    ),
    (
        _MYSQL,
        "CREATE TABLE t (`Größe` int, INDEX `i 1` (`Größe`))",
        "CREATE INDEX `i 1` ON t (`größe`)",
    ),
    (
        ("sqlite",),
        "CREATE TABLE t (a VARCHAR(10) DEFAULT 'x')",
        "create table t (a varchar ( 10 ) default 'x')",
    ),
    (
        ("sqlite",),
        'CREATE TABLE "T ü" ("a b" int); CREATE INDEX i ON "T ü" ("a b")',
        "CREATE INDEX i ON [T ü] (`a b`)",
    ),
    (
        ("sqlite",),
        "CREATE TABLE t (a int); CREATE VIEW v /* as it is */ AS SELECT sum(a) AS n FROM t -- (all of them);",
        "CREATE VIEW v AS SELECT sum(a) AS n FROM t",
    ),
    (
        _MYSQL,
        "CREATE PROCEDURE p() BEGIN SELECT 1; END",
        "CREATE PROCEDURE p() BEGIN\n# the first\nSELECT 1; /* and only */ -- one\nEND",
    ),
]

#: Engines, what must be there first, and statements with comments, which some catalogs keep as they were written.
COMMENTED = [
    (_ALL, _T, "CREATE VIEW v AS SELECT sum(a) AS n -- all of them\nFROM t /* of that (one; */ WHERE b > 0"),
    (_ALL, _T, "CREATE VIEW v /* as it is */ AS -- it's so\nSELECT a FROM t"),
    (_ALL, "", "CREATE TABLE t (a varchar /* long */ (10) -- not more\n, b int)"),
    (
        _ALL,
        "",
        "CREATE TABLE t (a int DEFAULT 1 -- of all\n, CONSTRAINT c CHECK (a > 0 -- never\n AND a < 9))",
    ),
    (
        ("mysql", "mariadb"),
        _T,
        "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW -- it's so\nBEGIN # a\nSET NEW.a = 1; /* b */ END",
    ),
    (
        ("sqlite",),
        _T,
        "CREATE TRIGGER r AFTER INSERT ON t BEGIN -- it's so\nUPDATE t SET a = 1 /* b */ WHERE b = 2; END",
    ),
    ((*_POSTGRESQL, "sqlite"), _T, "CREATE INDEX i ON t (a /* first */, b) WHERE a > 0 -- none\n AND b > 0"),
    (
        ("sqlite",),
        "",
        "CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a -- it\n * 2) STORED)",
    ),
    (_MYSQL, "", "CREATE PROCEDURE p() -- it's so\nBEGIN\n-- the first\nSELECT 1; # one\nEND"),
    (_MYSQL, "", "CREATE FUNCTION f() RETURNS int DETERMINISTIC /* a */ RETURN 1 + -- b\n 2"),
    (
        _POSTGRESQL,
        "",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n-- it's so\nSELECT 1 /* one */\n$$",
    ),
]


@pytest.mark.parametrize(
    ("engine", "setup", "statement"),
    [
        pytest.param(engine, setup, statement, id=f"{engine}-{number}")
        for number, (engines, setup, statement) in enumerate(SAME)
        for engine in engines
    ],
)
def test_other_spellings_are_the_same(engine: str, setup: str, statement: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script(setup)
    (state,) = stand(lab, statement).states
    assert state.state is State.APPLIED, state


@pytest.mark.parametrize(
    ("engine", "setup", "statement"),
    [
        pytest.param(engine, setup, statement, id=f"{engine}-{number}")
        for number, (engines, setup, statement) in enumerate(COMMENTED)
        for engine in engines
    ],
)
def test_comments_say_nothing(engine: str, setup: str, statement: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    if setup:
        lab.script(setup)
    lab.execute(statement)
    (state,) = stand(lab, statement).states
    assert state.state is State.APPLIED, state
