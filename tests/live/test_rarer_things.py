"""What is said of rarer things of PostgreSQL: foreign data, text search, operators, replication."""

from __future__ import annotations

import pytest

from tests.engines.plugin import Labs
from tests.live.helper import stand

ENGINES = ("postgresql18", "postgresql15")

FOREIGN = """
CREATE FOREIGN DATA WRAPPER files; CREATE SERVER remote FOREIGN DATA WRAPPER files OPTIONS (host 'x');
CREATE FOREIGN TABLE far (id int) SERVER remote; CREATE ROLE bob; CREATE ROLE "Ann" LOGIN
"""

#: What is there, and statements of which each one changes what the one before it said.
CHANGES = {
    "servers": (
        FOREIGN,
        [
            "ALTER SERVER remote OPTIONS (ADD port '5432', ADD \"Db Name\" 'it''s')",
            "ALTER SERVER remote VERSION '2' OPTIONS (SET host 'y')",
            "ALTER SERVER remote OPTIONS (SET host 'z', DROP port)",
            "ALTER SERVER remote OPTIONS (password 'sesame')",
            "ALTER FOREIGN DATA WRAPPER files VALIDATOR postgresql_fdw_validator",
            "ALTER FOREIGN DATA WRAPPER files NO VALIDATOR OPTIONS (debug 'true')",
            "ALTER FOREIGN DATA WRAPPER files OPTIONS (SET debug 'false')",
            "ALTER SERVER remote OPTIONS (DROP password)",
        ],
    ),
    "mappings": (
        FOREIGN,
        [
            "CREATE USER MAPPING FOR bob SERVER remote OPTIONS (user 'x')",
            "CREATE USER MAPPING FOR public SERVER remote",
            "CREATE USER MAPPING IF NOT EXISTS FOR \"Ann\" SERVER remote OPTIONS (user 'x', password 'sesame')",
            "ALTER USER MAPPING FOR bob SERVER remote OPTIONS (SET user 'y', ADD password 'sesame')",
            "ALTER USER MAPPING FOR bob SERVER remote OPTIONS (DROP password)",
            "DROP USER MAPPING FOR PUBLIC SERVER remote",
            "DROP USER MAPPING IF EXISTS FOR bob SERVER remote",
            "DROP SERVER remote CASCADE",
        ],
    ),
    "foreign tables": (
        FOREIGN,
        [
            "ALTER FOREIGN TABLE far OPTIONS (ADD path 'x')",
            "ALTER FOREIGN TABLE far ALTER COLUMN id OPTIONS (heading 'a')",
            "ALTER FOREIGN TABLE far OPTIONS (SET path 'y', format 'csv')",
            "ALTER FOREIGN TABLE far ALTER id OPTIONS (SET heading 'b')",
            "ALTER FOREIGN TABLE far RENAME TO further",
            "ALTER FOREIGN TABLE further OPTIONS (DROP format)",
            "ALTER FOREIGN TABLE further RENAME id TO number",
            "ALTER FOREIGN TABLE further ALTER number OPTIONS (DROP heading)",
        ],
    ),
}


CHANGES |= {
    "text search": (
        """
        CREATE TEXT SEARCH CONFIGURATION plain (PARSER = "default");
        CREATE TEXT SEARCH DICTIONARY "Wörter" (TEMPLATE = simple);
        CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple, stopwords = english)
        """,
        [
            "ALTER TEXT SEARCH CONFIGURATION plain ADD MAPPING FOR word, asciiword WITH english_stem",
            "ALTER TEXT SEARCH DICTIONARY words (accept = false)",
            'ALTER TEXT SEARCH CONFIGURATION plain ALTER MAPPING FOR word WITH "Wörter", pg_catalog.simple',
            "ALTER TEXT SEARCH DICTIONARY public.words (accept = 'true', StopWords)",
            'ALTER TEXT SEARCH CONFIGURATION plain ALTER MAPPING FOR word WITH simple, "Wörter"',
            "ALTER TEXT SEARCH CONFIGURATION plain DROP MAPPING IF EXISTS FOR asciiword",
            "ALTER TEXT SEARCH CONFIGURATION plain RENAME TO odd",
            "ALTER TEXT SEARCH CONFIGURATION odd DROP MAPPING FOR word",
        ],
    ),
    "publications": (
        """
        CREATE TABLE a (x int); CREATE SCHEMA app; CREATE TABLE app.b (x int); CREATE TABLE c (x int);
        CREATE PUBLICATION news
        """,
        [
            "ALTER PUBLICATION news ADD TABLE c",
            "ALTER PUBLICATION news SET (publish = 'insert, update')",
            "ALTER PUBLICATION news SET TABLE a, app.b",
            "ALTER PUBLICATION news SET (publish_via_partition_root)",
            "ALTER PUBLICATION news ADD TABLE c",
            "ALTER PUBLICATION news DROP TABLE a",
            "ALTER PUBLICATION news SET (publish = 'delete', publish_via_partition_root = off)",
            "ALTER PUBLICATION news SET TABLE ONLY app.b",
            "ALTER TABLE app.b RENAME TO d",
            "ALTER PUBLICATION news ADD TABLE a",
        ],
    ),
    "subscriptions": (
        """
        CREATE SUBSCRIPTION mirror CONNECTION 'host=127.0.0.1 dbname=nowhere' PUBLICATION news
        WITH (connect = false, slot_name = NONE)
        """,
        [
            "ALTER SUBSCRIPTION mirror SET (synchronous_commit = 'on')",
            "ALTER SUBSCRIPTION mirror ADD PUBLICATION more, others WITH (refresh = false)",
            "ALTER SUBSCRIPTION mirror DROP PUBLICATION more WITH (refresh = false)",
            "ALTER SUBSCRIPTION mirror SET PUBLICATION fresh WITH (refresh = false)",
            "ALTER SUBSCRIPTION mirror SET (slot_name = 'slot', binary)",
            "ALTER SUBSCRIPTION mirror ENABLE",
            "ALTER SUBSCRIPTION mirror SET PUBLICATION others, more WITH (refresh = false)",
            "ALTER SUBSCRIPTION mirror DISABLE",
            "ALTER SUBSCRIPTION mirror SET (slot_name = NONE)",
        ],
    ),
    "types and triggers": (
        """
        CREATE TYPE own; CREATE FUNCTION own_in(cstring) RETURNS own IMMUTABLE STRICT LANGUAGE internal AS 'textin';
        CREATE FUNCTION own_out(own) RETURNS cstring IMMUTABLE STRICT LANGUAGE internal AS 'textout';
        CREATE FUNCTION own_send(own) RETURNS bytea IMMUTABLE STRICT LANGUAGE internal AS 'textsend';
        CREATE TYPE own (INPUT = own_in, OUTPUT = own_out, INTERNALLENGTH = VARIABLE, STORAGE = main);
        CREATE TYPE pair AS (a int, b text); CREATE TABLE t (a int, b text); CREATE STATISTICS st ON a, b FROM t;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EXTENSION pg_trgm;
        CREATE TRIGGER touch AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE INDEX t_a ON t (a);
        CREATE EVENT TRIGGER g ON ddl_command_end EXECUTE FUNCTION e(); CREATE MATERIALIZED VIEW mv AS SELECT 1 AS a
        """,
        [
            "ALTER TYPE own SET (STORAGE = extended, SEND = own_send)",
            "ALTER TABLE t OF pair",
            "ALTER EVENT TRIGGER g DISABLE",
            "ALTER STATISTICS st SET STATISTICS 100",
            "ALTER EVENT TRIGGER g ENABLE ALWAYS",
            "ALTER TABLE t NOT OF",
            "ALTER TRIGGER touch ON t DEPENDS ON EXTENSION pg_trgm",
            "ALTER FUNCTION f() DEPENDS ON EXTENSION pg_trgm",
            "ALTER STATISTICS st SET STATISTICS -1",
            "ALTER TABLE t OF public.pair",
            "ALTER INDEX t_a DEPENDS ON EXTENSION pg_trgm",
            "ALTER MATERIALIZED VIEW mv DEPENDS ON EXTENSION pg_trgm",
            "ALTER FUNCTION f() NO DEPENDS ON EXTENSION pg_trgm",
        ],
    ),
}


CHANGES |= {
    "operators": (
        """
        CREATE SCHEMA app; CREATE ROLE bob; CREATE OPERATOR ==== (leftarg = text, rightarg = text, function = texteq);
        CREATE OPERATOR CLASS twin FOR TYPE int USING btree AS OPERATOR 3 =, FUNCTION 1 btint4cmp(int, int)
        """,
        [
            "CREATE OPERATOR ==== (LEFTARG = int, RIGHTARG = integer, FUNCTION = int4eq, COMMUTATOR = ====)",
            "CREATE OPERATOR app.!!@ (function = int4abs, rightarg = int)",
            "ALTER OPERATOR ==== (int, int) SET (RESTRICT = eqsel, JOIN = eqjoinsel)",
            "COMMENT ON OPERATOR ==== (integer, int4) IS 'x'",
            "ALTER OPERATOR ==== (text, text) OWNER TO bob",
            "CREATE OPERATOR FAMILY twin USING hash",
            "CREATE OPERATOR CLASS twin FOR TYPE int USING hash FAMILY twin AS OPERATOR 1 =",
            "ALTER OPERATOR CLASS twin USING hash RENAME TO other",
            "ALTER OPERATOR FAMILY twin USING hash ADD OPERATOR 1 = (int8, bigint), FUNCTION 1 (bigint) hashint8(int8)",
            "ALTER OPERATOR FAMILY twin USING hash DROP FUNCTION 1 (bigint, bigint)",
            "COMMENT ON OPERATOR CLASS other USING hash IS 'y'",
            "ALTER OPERATOR FAMILY twin USING btree RENAME TO others",
            "ALTER OPERATOR ==== (int, int) SET SCHEMA app",
            "ALTER OPERATOR CLASS twin USING btree SET SCHEMA app",
            "DROP OPERATOR app.!!@ (none, int)",
            "DROP OPERATOR IF EXISTS app.==== (int4, int)",
            "DROP OPERATOR CLASS other USING hash",
            "DROP OPERATOR FAMILY IF EXISTS twin USING hash CASCADE",
        ],
    ),
    "transforms": (
        "CREATE TABLE t (a int)",
        [
            "CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal))",
            "CREATE TRANSFORM FOR double precision LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal))",
            "COMMENT ON TRANSFORM FOR int4 LANGUAGE sql IS 'x'",
            "COMMENT ON TABLE t IS 'y'",
            "DROP TRANSFORM FOR integer LANGUAGE sql",
            "DROP TRANSFORM IF EXISTS FOR float8 LANGUAGE sql",
        ],
    ),
    "schemas": (
        """
        CREATE SCHEMA app; CREATE EXTENSION pg_trgm; CREATE TYPE mood AS ENUM ('sad'); CREATE DOMAIN d AS int;
        CREATE TABLE t (m mood, n int); CREATE STATISTICS st ON m, n FROM t;
        CREATE TEXT SEARCH CONFIGURATION ts (COPY = simple);
        CREATE COLLATION co (provider = libc, locale = 'C'); CREATE TABLE keep (n int)
        """,
        [
            "ALTER EXTENSION pg_trgm SET SCHEMA app",
            "ALTER TYPE mood SET SCHEMA app",
            "ALTER TYPE app.mood ADD VALUE 'glad'",
            "ALTER DOMAIN public.d SET SCHEMA app",
            "ALTER STATISTICS st SET SCHEMA app",
            "ALTER COLLATION co SET SCHEMA app",
            "ALTER TEXT SEARCH CONFIGURATION ts SET SCHEMA app",
            "ALTER TEXT SEARCH CONFIGURATION app.ts RENAME TO tz",
            "DROP DOMAIN app.d",
        ],
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CHANGES)
def test_the_point_is_exact_after_every_change(engine: str, name: str, labs: Labs) -> None:
    setup, statements = CHANGES[name]
    lab = labs(engine)
    lab.fresh()
    lab.script(setup)
    text = ";\n".join(statements)
    for count in range(len(statements) + 1):
        if count:
            lab.execute(statements[count - 1])
            assert stand(lab, statements[count - 1]).states[0].state == "applied"
        if count < len(statements):
            assert stand(lab, statements[count]).states[0].state == "pending"
        stands = stand(lab, text)
        assert stands.point == (count - 1, count), (count, stands)
        assert "sesame" not in repr(stands)


def test_what_a_password_is_cannot_be_told(labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(FOREIGN + "; CREATE USER MAPPING FOR bob SERVER remote OPTIONS (password 'a')")
    text = "ALTER USER MAPPING FOR bob SERVER remote OPTIONS (SET password 'sesame')"
    assert stand(lab, text).states[0].state == "unknown"


def test_what_is_not_shown_to_the_session_is_unknown(labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(f"{FOREIGN}; CREATE ROLE reader LOGIN")
    lab.script("CREATE USER MAPPING FOR bob SERVER remote OPTIONS (user 'x', password 'a')")
    assert lab.address is not None
    url = f"postgresql://reader@{lab.address.host}:{lab.address.port}/partway_lab"
    for what, state in (
        ("DROP password", "unknown"),
        ("SET user 'x'", "unknown"),
        ("ADD more 'x'", "unknown"),
    ):
        text = f"ALTER USER MAPPING FOR bob SERVER remote OPTIONS ({what})"
        assert stand(lab, text, url).states[0].state == state
    assert stand(lab, "DROP USER MAPPING FOR bob SERVER remote", url).states[0].state == "pending"


def test_everybody_may_see_what_a_subscription_is_like(labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(f"{CHANGES['subscriptions'][0]}; CREATE ROLE reader LOGIN")
    assert lab.address is not None
    url = f"postgresql://reader@{lab.address.host}:{lab.address.port}/partway_lab"
    for what in ("ENABLE", "SET (binary, slot_name = 'x')", "SET PUBLICATION more", "ADD PUBLICATION more"):
        assert stand(lab, f"ALTER SUBSCRIPTION mirror {what}", url).states[0].state == "pending"
