"""Every lookup of every catalog: false before the object is made, true afterwards, false again once it is dropped."""

from __future__ import annotations

import pytest

from partway.core.postcondition import Name, Postcondition
from partway.dialects.catalog import condition
from tests.engines.plugin import Labs

P = Postcondition
T, ODD = Name("t"), Name("Größe 'x'", "Im Büro")

_ARGUMENTS = """a integer = 1, "B, c" double precision default 2, numeric(10, 2) default (1 + 2),
    timestamp with time zone default '2020-01-01, 10:00', out d int, character varying(3) default 'x'"""
_PARSER = """CREATE TEXT SEARCH PARSER d
    (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype)"""

#: The object, what has to be there before it, what makes it, what removes it.
POSTGRESQL: list[tuple[Postcondition, str, str, str]] = [
    (P("table", T), "", "CREATE TABLE t ()", "DROP TABLE t"),
    (P("table", T), "", "CREATE TABLE t (a int) PARTITION BY LIST (a)", "DROP TABLE t"),
    (
        P("table", ODD),
        'CREATE SCHEMA "Im Büro"',
        'CREATE TABLE "Im Büro"."Größe \'x\'" ()',
        'DROP TABLE "Im Büro"."Größe \'x\'"',
    ),
    (
        P("column", Name("A"), table=T),
        "CREATE TABLE t ()",
        'ALTER TABLE t ADD "A" int',
        'ALTER TABLE t DROP "A"',
    ),
    (P("index", Name("i"), table=T), "CREATE TABLE t (a int)", "CREATE INDEX i ON t (a)", "DROP INDEX i"),
    (P("index", Name("i")), "CREATE TABLE t (a int)", "CREATE INDEX i ON t (a)", "DROP INDEX i"),
    (
        P("index", Name("i"), table=T, attributes=(("valid", "yes"),)),
        "CREATE TABLE t (a int)",
        "CREATE INDEX i ON t (a)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass",
    ),
    (
        P("constraint", Name("c"), table=T),
        "CREATE TABLE t (a int)",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
        "ALTER TABLE t DROP CONSTRAINT c",
    ),
    (
        P("constraint", Name("c"), table=T, attributes=(("valid", "yes"),)),
        "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
        "ALTER TABLE t VALIDATE CONSTRAINT c",
        "ALTER TABLE t DROP CONSTRAINT c",
    ),
    (
        P("constraint", Name(""), table=T, attributes=(("kind", "primary key"),)),
        "CREATE TABLE t (a int)",
        "ALTER TABLE t ADD PRIMARY KEY (a)",
        "ALTER TABLE t DROP CONSTRAINT t_pkey",
    ),
    (
        P("domain-constraint", Name("c"), table=Name("User")),
        'CREATE DOMAIN "User" AS int',
        'ALTER DOMAIN "User" ADD CONSTRAINT c CHECK (VALUE > 0)',
        'ALTER DOMAIN "User" DROP CONSTRAINT c',
    ),
    (P("type", Name("user")), "", "CREATE TYPE \"user\" AS ENUM ('a')", 'DROP TYPE "user"'),
    (P("type", T, attributes=(("kind", "composite"),)), "", "CREATE TYPE t AS (a int)", "DROP TYPE t"),
    (
        P("type", Name("r"), attributes=(("kind", "range"),)),
        "",
        "CREATE TYPE r AS RANGE (subtype = float8)",
        "DROP TYPE r",
    ),
    (
        P("enum-value", Name("it's"), table=Name("user")),
        "CREATE TYPE \"user\" AS ENUM ('a')",
        "ALTER TYPE \"user\" ADD VALUE 'it''s'",
        'DROP TYPE "user"',
    ),
    (
        P("attribute", Name("b"), table=T),
        "CREATE TYPE t AS (a int)",
        "ALTER TYPE t ADD ATTRIBUTE b int",
        "ALTER TYPE t DROP ATTRIBUTE b",
    ),
    (P("domain", Name("d")), "", "CREATE DOMAIN d AS int", "DROP DOMAIN d"),
    (P("view", Name("v")), "", "CREATE VIEW v AS SELECT 1 AS a", "DROP VIEW v"),
    (
        P("materialized-view", Name("v")),
        "",
        "CREATE MATERIALIZED VIEW v AS SELECT 1 AS a",
        "DROP MATERIALIZED VIEW v",
    ),
    (P("sequence", Name("s", "public")), "", "CREATE SEQUENCE s", "DROP SEQUENCE s"),
    (
        P("function", Name("f"), attributes=(("arguments", "integer, text[]"),)),
        "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION f(a int, b text[]) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP FUNCTION f(int, text[])",
    ),
    (
        P("function", Name("f"), attributes=(("arguments", f"{_ARGUMENTS}, variadic rest text[]"),)),
        "",
        f"CREATE FUNCTION f({_ARGUMENTS}, variadic rest text[] DEFAULT ARRAY['']) LANGUAGE sql AS 'SELECT 1'",
        "DROP FUNCTION f",
    ),
    (
        P("procedure", Name("f"), attributes=(("arguments", ""),)),
        "",
        "CREATE PROCEDURE f() LANGUAGE sql AS 'SELECT 1'",
        "DROP PROCEDURE f",
    ),
    (
        P("aggregate", Name("f"), attributes=(("arguments", "integer"),)),
        "",
        "CREATE AGGREGATE f(int) (sfunc = int4pl, stype = int)",
        "DROP AGGREGATE f(int)",
    ),
    (
        P("trigger", Name("g"), table=T),
        "CREATE TABLE t (); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        "DROP TRIGGER g ON t",
    ),
    (
        P("event-trigger", Name("g")),
        "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE EVENT TRIGGER g ON ddl_command_end EXECUTE FUNCTION f()",
        "DROP EVENT TRIGGER g",
    ),
    (
        P("policy", Name("p p"), table=T),
        "CREATE TABLE t ()",
        'CREATE POLICY "p p" ON t',
        'DROP POLICY "p p" ON t',
    ),
    (
        P("rule", Name("r"), table=T),
        "CREATE TABLE t ()",
        "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING",
        "DROP RULE r ON t",
    ),
    (P("schema", Name("Tenant 1")), "", 'CREATE SCHEMA "Tenant 1"', 'DROP SCHEMA "Tenant 1"'),
    (
        P("extension", Name("plpgsql")),
        "DROP EXTENSION plpgsql",
        "CREATE EXTENSION plpgsql",
        "DROP EXTENSION plpgsql",
    ),
    (P("role", Name("guest")), "", "CREATE ROLE guest", "DROP ROLE guest"),
    (P("publication", Name("p")), "", "CREATE PUBLICATION p", "DROP PUBLICATION p"),
    (
        P("subscription", Name("s")),
        "",
        "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false, slot_name = NONE)",
        "DROP SUBSCRIPTION s",
    ),
    (
        P("foreign-data-wrapper", Name("w")),
        "",
        "CREATE FOREIGN DATA WRAPPER w",
        "DROP FOREIGN DATA WRAPPER w",
    ),
    (
        P("server", Name("s")),
        "CREATE FOREIGN DATA WRAPPER w",
        "CREATE SERVER s FOREIGN DATA WRAPPER w",
        "DROP SERVER s",
    ),
    (
        P("foreign-table", T),
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w",
        "CREATE FOREIGN TABLE t (a int) SERVER s",
        "DROP FOREIGN TABLE t",
    ),
    (
        P("cast", Name("(t as integer)")),
        "CREATE TYPE t AS ENUM ('a'); CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE CAST (t AS integer) WITH FUNCTION f(t)",
        "DROP CAST (t AS integer)",
    ),
    (P("collation", Name("c")), "", 'CREATE COLLATION c FROM "C"', "DROP COLLATION c"),
    (
        P("conversion", Name("c")),
        "",
        "CREATE CONVERSION c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
        "DROP CONVERSION c",
    ),
    (
        P("statistics", Name("s")),
        "CREATE TABLE t (a int, b int)",
        "CREATE STATISTICS s ON a, b FROM t",
        "DROP STATISTICS s",
    ),
    (
        P("text-search-configuration", Name("c")),
        "",
        "CREATE TEXT SEARCH CONFIGURATION c (COPY = simple)",
        "DROP TEXT SEARCH CONFIGURATION c",
    ),
    (
        P("text-search-dictionary", Name("d")),
        "",
        "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple)",
        "DROP TEXT SEARCH DICTIONARY d",
    ),
    (
        P("text-search-template", Name("d")),
        "",
        "CREATE TEXT SEARCH TEMPLATE d (LEXIZE = dsimple_lexize)",
        "DROP TEXT SEARCH TEMPLATE d",
    ),
    (
        P("text-search-parser", Name("d")),
        "",
        _PARSER,
        "DROP TEXT SEARCH PARSER d",
    ),
    (
        P("partition", Name("p1"), table=Name("p")),
        "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 (a int)",
        "ALTER TABLE p ATTACH PARTITION p1 DEFAULT",
        "ALTER TABLE p DETACH PARTITION p1",
    ),
    (
        P("identity", Name("a"), table=T),
        "CREATE TABLE t (a int NOT NULL)",
        "ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY",
        "ALTER TABLE t ALTER a DROP IDENTITY",
    ),
    (
        P("access-method", Name("m")),
        "",
        "CREATE ACCESS METHOD m TYPE TABLE HANDLER heap_tableam_handler",
        "DROP ACCESS METHOD m",
    ),
    (P("language", Name("l")), "", "CREATE LANGUAGE l HANDLER plpgsql_call_handler", "DROP LANGUAGE l"),
]

MYSQL: list[tuple[Postcondition, str, str, str]] = [
    (P("table", T), "", "CREATE TABLE t (a int)", "DROP TABLE t"),
    (P("view", Name("it's")), "", "CREATE VIEW `it's` AS SELECT 1", "DROP VIEW `it's`"),
    (
        P("column", Name("A"), table=T),
        "CREATE TABLE t (b int)",
        "ALTER TABLE t ADD a int",
        "ALTER TABLE t DROP a",
    ),
    (
        P("index", Name("back\\slash"), table=T),
        "CREATE TABLE t (a int)",
        "CREATE INDEX `back\\slash` ON t (a)",
        "DROP INDEX `back\\slash` ON t",
    ),
    (
        P("constraint", Name("c"), table=T, attributes=(("kind", "check"),)),
        "CREATE TABLE t (a int)",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
        "ALTER TABLE t DROP CONSTRAINT c",
    ),
    (
        P("constraint", Name("c"), table=T, attributes=(("kind", "foreign key"),)),
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int)",
        "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p (id)",
        "ALTER TABLE t DROP FOREIGN KEY c",
    ),
    (
        P(
            "constraint",
            Name(""),
            table=T,
            attributes=(("kind", "foreign key"), ("columns", "a"), ("references", "p (id)")),
        ),
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int)",
        "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p (id)",
        "ALTER TABLE t DROP FOREIGN KEY c",
    ),
    (
        P("constraint", Name("any"), table=T, attributes=(("kind", "primary key"),)),
        "CREATE TABLE t (a int)",
        "ALTER TABLE t ADD CONSTRAINT any_name PRIMARY KEY (a)",
        "ALTER TABLE t DROP PRIMARY KEY",
    ),
    (
        P("partition", Name("p2"), table=T),
        "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p1 VALUES LESS THAN (1))",
        "ALTER TABLE t ADD PARTITION (PARTITION p2 VALUES LESS THAN (2))",
        "ALTER TABLE t DROP PARTITION p2",
    ),
    (
        P("trigger", Name("g"), table=T),
        "CREATE TABLE t (a int)",
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
        "DROP TRIGGER g",
    ),
    (P("procedure", Name("f")), "", "CREATE PROCEDURE f() SELECT 1", "DROP PROCEDURE f"),
    (
        P("function", Name("f")),
        "",
        "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1",
        "DROP FUNCTION f",
    ),
    (P("event", Name("e")), "", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1", "DROP EVENT e"),
    (P("schema", Name("Neues Schema")), "", "CREATE SCHEMA `Neues Schema`", "DROP SCHEMA `Neues Schema`"),
]

MARIADB = [
    *MYSQL,
    (P("table", T), "", "CREATE TABLE t (a int) WITH SYSTEM VERSIONING", "DROP TABLE t"),
    (P("sequence", Name("s")), "", "CREATE SEQUENCE s", "DROP SEQUENCE s"),
]

SQLITE: list[tuple[Postcondition, str, str, str]] = [
    (P("table", Name("it's")), "", 'CREATE TABLE "IT\'s" (a)', 'DROP TABLE "it\'s"'),
    (P("column", Name("a"), table=T), "CREATE TABLE t (b)", "ALTER TABLE t ADD A int", "DROP TABLE t"),
    (P("index", Name("i"), table=T), "CREATE TABLE t (a)", "CREATE INDEX i ON t (a)", "DROP INDEX i"),
    (P("view", Name("v", "main")), "", "CREATE VIEW v AS SELECT 1", "DROP VIEW v"),
    (
        P("trigger", Name("g"), table=T),
        "CREATE TABLE t (a)",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
        "DROP TRIGGER g",
    ),
]

CASES = [
    (engine, *case)
    for engine, cases in {
        "postgresql18": POSTGRESQL,
        "postgresql15": POSTGRESQL,
        "mysql": MYSQL,
        "mariadb": MARIADB,
        "sqlite": SQLITE,
    }.items()
    for case in cases
]


@pytest.mark.parametrize(
    ("engine_name", "fact", "setup", "make", "drop"),
    CASES,
    ids=[f"{case[0]}: {case[3][:50]}" for case in CASES],
)
def test_condition(
    engine_name: str, fact: Postcondition, setup: str, make: str, drop: str, labs: Labs
) -> None:
    """The condition follows the object."""
    lab = labs(engine_name)
    lab.fresh()
    sql = condition(lab.dialect, fact)
    assert sql is not None
    with lab.connect() as session:
        for statement in filter(None, setup.split("; ")):
            session.run(statement)

        def holds() -> bool:
            return bool(session.run(f"SELECT {sql}")[0][0])

        assert not holds()
        session.run(make)
        assert holds()
        session.run(drop)
        assert not holds()


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb", "sqlite"])
def test_what_cannot_be_asked(dialect: str) -> None:
    """A nameless constraint, a routine of types that only the server knows, an unknown kind: no condition rather than a
    wrong one."""
    assert condition(dialect, P("constraint", Name(""), table=T, attributes=(("kind", "check"),))) is None
    assert condition(dialect, P("column", Name("a"))) is None
    assert condition(dialect, P("weather", Name("rain"))) is None
    of_column = (("arguments", "a users.id%TYPE"),)
    assert condition("postgresql", P("function", Name("f"), attributes=of_column)) is None
