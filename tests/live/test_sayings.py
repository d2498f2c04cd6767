"""What is said of things that are there: seen on the server before it was said, after, and when it is said anew."""

from __future__ import annotations

import pytest

from tests.engines.plugin import Labs
from tests.live.helper import stand

SETUP = """
CREATE TABLE t (a int CONSTRAINT positive CHECK (a > 0)); CREATE INDEX t_a ON t (a);
CREATE SCHEMA "Ü b"; CREATE TABLE "Ü b"."Größe" (x int CONSTRAINT "c'c" CHECK (x > 0));
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
CREATE TYPE mood AS ENUM ('sad'); CREATE DOMAIN d AS int CONSTRAINT dc CHECK (VALUE > 0); CREATE SEQUENCE s;
CREATE TRIGGER tg BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tr(); CREATE POLICY po ON t;
CREATE RULE ru AS ON DELETE TO t DO INSTEAD NOTHING; CREATE VIEW v AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW mv AS SELECT 1 AS a; CREATE COLLATION co (provider = libc, locale = 'C');
CREATE STATISTICS st ON a, (a + 1) FROM t; CREATE ROLE "App"; CREATE ROLE bob; CREATE PUBLICATION pub FOR TABLE t;
CREATE TEXT SEARCH CONFIGURATION ts (COPY = simple); CREATE FOREIGN DATA WRAPPER fw;
CREATE SERVER sv FOREIGN DATA WRAPPER fw;
"""

COMMENTED = """
FUNCTION f(int)|FUNCTION f(a text)|FUNCTION tr|PROCEDURE p(int)|ROUTINE p(int)|AGGREGATE total(int)
CONSTRAINT positive ON t|CONSTRAINT "c'c" ON "Ü b"."Größe"|CONSTRAINT dc ON DOMAIN d|INDEX t_a|INDEX public.t_a
SCHEMA "Ü b"
TYPE mood|TYPE public.mood|DOMAIN d|TRIGGER tg ON t|POLICY po ON public.t|RULE ru ON t|EXTENSION plpgsql
DATABASE partway_lab|ROLE "App"|SEQUENCE s|VIEW v|MATERIALIZED VIEW mv|COLLATION co|STATISTICS st|LANGUAGE sql
PUBLICATION pub|TEXT SEARCH CONFIGURATION ts|SERVER sv|FOREIGN DATA WRAPPER fw|COLUMN "Ü b"."Größe".x
TABLE "Ü b"."Größe"
"""


def _goes_through(labs: Labs, statements: tuple[str, ...], setup: str = SETUP) -> None:
    """Each statement is seen when it has run, and not before, the next one taking its place."""
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(setup)
    text = ";\n".join(statements)
    for count in range(len(statements) + 1):
        if count:
            lab.execute(statements[count - 1])
        stands = stand(lab, text)
        assert stands.fits == (count,), (text, count, stands)


@pytest.mark.parametrize("thing", COMMENTED.replace("\n", "|").strip("|").split("|"))
def test_comments(thing: str, labs: Labs) -> None:
    texts = ("'It''s \"it\"'", r"'with a \ and -- none'", r"E'tab\t\'q\''", "$$ours$$", "'имя'")
    _goes_through(labs, tuple(f"COMMENT ON {thing} IS {text}" for text in texts))


@pytest.mark.parametrize("engine", ["postgresql18", "postgresql15"])
def test_routines_whose_types_are_not_there(engine: str, labs: Labs) -> None:
    """To ask for them by their signature fails on some versions, and then nothing would be told at all."""
    lab = labs(engine)
    lab.fresh()
    text = (
        'CREATE TYPE "Odd Type" AS ENUM ();'
        "CREATE FUNCTION f(a \"Odd Type\"[]) RETURNS int LANGUAGE sql AS 'SELECT 1';"
        "COMMENT ON FUNCTION f(a \"Odd Type\"[]) IS 'x'"
    )
    assert stand(lab, text).fits == (0,)
    lab.script(text)
    assert stand(lab, text).fits == (3,)
    for odd in (
        "a int b c",
        "nosuch.type",
        "${TYPE}",
        "a select",
        "a timestamp(3) with time zone",
        "interval day",
    ):
        states = stand(lab, f"COMMENT ON FUNCTION f({odd}) IS 'x'").states
        assert [str(one.state) for one in states] in (["unknown"], ["pending"])


def test_a_comment_is_taken_away(labs: Labs) -> None:
    setup = f"{SETUP} COMMENT ON FUNCTION f(int) IS 'x'; COMMENT ON INDEX t_a IS 'y'"
    _goes_through(labs, ("COMMENT ON FUNCTION f(int) IS NULL", "COMMENT ON INDEX t_a IS ''"), setup)


def test_a_schema_that_is_said_is_the_one_where_things_are_found(labs: Labs) -> None:
    once = (
        "COMMENT ON FUNCTION f(int) IS 'x'",
        "COMMENT ON FUNCTION public.f(int) IS 'y'",
        "CREATE TABLE n (a int)",
    )
    _goes_through(labs, once)


def test_a_comment_goes_with_what_it_is_on(labs: Labs) -> None:
    _goes_through(
        labs,
        (
            "COMMENT ON FUNCTION f(int) IS 'x'",
            "COMMENT ON TRIGGER tg ON t IS 'y'",
            "ALTER FUNCTION f(int) RENAME TO g",
            "ALTER TABLE t RENAME TO u",
            "DROP TRIGGER tg ON u",
            "COMMENT ON FUNCTION g(int) IS 'z'",
            "DROP FUNCTION g(int)",
        ),
    )


OWNED = """
FUNCTION f(int)|FUNCTION f(a text)|PROCEDURE p(int)|AGGREGATE total(int)|SCHEMA "Ü b"|TYPE mood|DOMAIN d
SEQUENCE s|VIEW v|MATERIALIZED VIEW mv|COLLATION co|STATISTICS st|PUBLICATION pub|TEXT SEARCH CONFIGURATION ts|SERVER sv
"""


@pytest.mark.parametrize("thing", OWNED.replace("\n", "|").strip("|").split("|"))
def test_owners(thing: str, labs: Labs) -> None:
    _goes_through(labs, (f"ALTER {thing} OWNER TO bob", f'ALTER {thing} OWNER TO "App"'))


GRANTED = """
USAGE ON SEQUENCE s|ALL ON SEQUENCE public.s|USAGE, CREATE ON SCHEMA "Ü b"|ALL ON SCHEMA "Ü b"
EXECUTE ON FUNCTION f(int), f(text)
ALL PRIVILEGES ON FUNCTION f(int)|EXECUTE ON PROCEDURE p(int)|USAGE ON TYPE mood|USAGE ON DOMAIN d
USAGE ON FOREIGN SERVER sv
CREATE, TEMP ON DATABASE partway_lab|SELECT (a) ON t|ALL (x) ON TABLE "Ü b"."Größe"|SELECT (a), INSERT (a) ON t
USAGE ON FOREIGN DATA WRAPPER fw|USAGE ON LANGUAGE sql|EXECUTE ON FUNCTION tr|EXECUTE ON ROUTINE f(int)
SELECT ON SEQUENCE s
"""


@pytest.mark.parametrize("what", GRANTED.replace("\n", "|").strip("|").split("|"))
def test_privileges(what: str, labs: Labs) -> None:
    _goes_through(
        labs,
        (f"GRANT {what} TO bob", f'GRANT {what} TO "App" WITH GRANT OPTION', f"REVOKE {what} FROM bob"),
    )
    given = f'{SETUP} GRANT {what} TO "App" WITH GRANT OPTION;'
    _goes_through(labs, (f'REVOKE GRANT OPTION FOR {what} FROM "App"',), given)


ON_ALL = """
SELECT ON ALL TABLES IN SCHEMA public|ALL ON ALL TABLES IN SCHEMA "Ü b"
SELECT, INSERT ON ALL TABLES IN SCHEMA public, "Ü b"
USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public|ALL PRIVILEGES ON ALL SEQUENCES IN SCHEMA public
EXECUTE ON ALL FUNCTIONS IN SCHEMA public|ALL ON ALL ROUTINES IN SCHEMA public
EXECUTE ON ALL PROCEDURES IN SCHEMA public
"""


@pytest.mark.parametrize("what", ON_ALL.replace("\n", "|").strip("|").split("|"))
def test_privileges_on_all_things_of_a_schema(what: str, labs: Labs) -> None:
    _goes_through(
        labs,
        (f"GRANT {what} TO bob", f'GRANT {what} TO "App" WITH GRANT OPTION', f"REVOKE {what} FROM bob"),
    )


def test_what_some_of_a_schema_have_tells_nothing_of_all(labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(f"{SETUP} CREATE SCHEMA empty; GRANT SELECT ON t TO bob")
    for text in (
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO bob",
        "REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM bob",
        "GRANT SELECT ON ALL TABLES IN SCHEMA empty TO bob",
    ):
        assert stand(lab, text).states[0].state == "unknown"
    lab.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO bob", "CREATE TABLE since (a int)")
    text = "GRANT SELECT ON ALL TABLES IN SCHEMA public TO bob; CREATE TABLE since (a int)"
    assert stand(lab, text).fits == (2,)


def test_everybody_may_run_functions_until_that_is_taken_away(labs: Labs) -> None:
    _goes_through(labs, ("REVOKE ALL ON FUNCTION f(int) FROM PUBLIC", "GRANT ALL ON FUNCTION f(int) TO bob"))


def test_what_cannot_be_read_takes_away_what_is_known(labs: Labs) -> None:
    """No more is claimed of a privilege than that it was given, where all of them are taken away since."""
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(SETUP)
    text = (
        "GRANT USAGE ON SEQUENCE s TO bob; GRANT SELECT ON t TO bob; CREATE TABLE n (a int);"
        "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM bob; REVOKE ALL ON ALL TABLES IN SCHEMA public FROM bob;"
        "CREATE TABLE m (a int)"
    )
    lab.script(text)
    assert stand(lab, text).fits == (6,)


def test_roles_in_roles(labs: Labs) -> None:
    _goes_through(labs, ('GRANT "App" TO bob',))
    _goes_through(labs, ('REVOKE "App" FROM bob',), f'{SETUP} GRANT "App" TO bob;')


DEFAULTS = """
IN SCHEMA public GRANT SELECT ON TABLES TO bob|IN SCHEMA "Ü b" GRANT ALL ON SEQUENCES TO bob, "App"
FOR ROLE bob IN SCHEMA public, "Ü b" GRANT ALL ON TABLES TO "App"|GRANT EXECUTE ON FUNCTIONS TO bob
FOR ROLE "App" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC|REVOKE ALL ON TYPES FROM PUBLIC|GRANT USAGE ON SCHEMAS TO bob
FOR USER bob GRANT USAGE, SELECT ON SEQUENCES TO "App" WITH GRANT OPTION
"""


@pytest.mark.parametrize("what", DEFAULTS.replace("\n", "|").strip("|").split("|"))
def test_default_privileges(what: str, labs: Labs) -> None:
    _goes_through(labs, (f"ALTER DEFAULT PRIVILEGES {what}",))


def test_default_privileges_of_whom_nobody_knows(labs: Labs) -> None:
    """Another role has given the same: whether that was the migration's own, nothing tells."""
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(SETUP)
    lab.script('ALTER DEFAULT PRIVILEGES FOR ROLE "App" IN SCHEMA public GRANT SELECT ON TABLES TO bob')
    text = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO bob"
    assert [str(one.state) for one in stand(lab, text).states] == ["unknown"]
    lab.script(text)
    assert [str(one.state) for one in stand(lab, text).states] == ["applied"]


def test_default_privileges_are_taken_away(labs: Labs) -> None:
    given = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO bob"
    taken = "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE INSERT ON TABLES FROM bob"
    _goes_through(labs, (given, taken))


SETTINGS = """
ROLE bob LOGIN|ROLE bob WITH CREATEDB NOINHERIT CONNECTION LIMIT 5|USER "App" SET search_path TO public
ROLE bob SET statement_timeout = 5000|ROLE bob IN DATABASE partway_lab SET work_mem TO '8MB'|ROLE bob SET role = "App"
ROLE bob SET search_path = app, "$user", "Ü b"|ROLE bob SET search_path TO 'x, Y'|ROLE bob SET search_path = ''
DATABASE partway_lab SET search_path TO "$user"|ROLE bob SET DateStyle = ISO, mdy|ROLE bob SET geqo_threshold = 3
DATABASE partway_lab SET TimeZone TO 'UTC'|ROLE bob SET extra_float_digits = -1|ROLE bob SET timezone = 'Asia/Tokyo'
DATABASE partway_lab SET statement_timeout = '10s'|DATABASE partway_lab CONNECTION LIMIT 50|ROLE bob BYPASSRLS
"""


@pytest.mark.parametrize("what", SETTINGS.replace("\n", "|").strip("|").split("|"))
def test_settings(what: str, labs: Labs) -> None:
    _goes_through(labs, (f"ALTER {what}",))


def test_settings_take_each_others_place(labs: Labs) -> None:
    once = (
        "ALTER ROLE bob SET work_mem = '1MB'",
        "ALTER ROLE bob SET work_mem = '2MB'",
        "ALTER ROLE bob CREATEDB",
    )
    _goes_through(labs, once)
    _goes_through(labs, ("ALTER ROLE bob RESET work_mem",), f"{SETUP} ALTER ROLE bob SET work_mem = '1MB';")


def test_settings_that_cannot_be_read_take_away_what_is_known(labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(SETUP)
    text = "ALTER ROLE bob SET work_mem = '1MB'; ALTER ROLE bob RESET ALL; CREATE TABLE n (a int)"
    lab.script(text)
    assert stand(lab, text).fits == (3,)


def test_a_password_is_shown_nowhere(labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(SETUP)
    for text in ("ALTER ROLE bob PASSWORD 'sesame'", "ALTER ROLE bob LOGIN PASSWORD 'sesame' CREATEDB"):
        assert "sesame" not in repr(stand(lab, text))
