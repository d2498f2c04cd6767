"""What the rules about transactions claim, against the engines: each text is sent as its tool sends it, and the rule
has to speak exactly where the engine refuses it, ignores it, keeps it or loses it."""

from __future__ import annotations

import psycopg
import pytest

from partway.core.diagnostic import Diagnostic, Severity
from partway.core.source import SourceFile
from partway.linting import Selection, lint
from partway.tools.choice import Choice
from tests.engines.lab import Lab, SqlError
from tests.engines.plugin import Labs
from tests.guards.helper import statements

POSTGRESQL = ["postgresql15", "postgresql18"]
MYSQL = ["mariadb", "mysql"]
REFUSED = "statement-refused-in-transaction"
_PATHS = {"supabase": "supabase/migrations/1_x.sql", "golang-migrate": "1_x.up.sql", "sqlx": "1_x.sql"}


def found(rule: str, text: str, dialect: str, tool: str) -> list[Diagnostic]:
    """The rule's findings in a file of this tool."""
    path = _PATHS.get(tool, "V1__x.sql" if tool == "flyway" else "1_x.sql")
    source = SourceFile(path, text)
    return lint(
        source, Choice(tool, dialect, (18,) if dialect == "postgresql" else ()), Selection((rule,))
    ).diagnostics


def one_query(lab: Lab, text: str) -> str:
    """Send a text as one simple query, as golang-migrate does; the error's code, empty for none."""
    with psycopg.connect(lab.url, autocommit=True) as connection:
        result = connection.pgconn.exec_(text.encode())
        return (result.error_field(psycopg.pq.DiagnosticField.SQLSTATE) or b"").decode()


def pipeline(lab: Lab, text: str) -> str:
    """Send the statements and a record of them as one pipeline, as Supabase does; the error's code, empty for none."""
    with psycopg.connect(lab.url, autocommit=True, prepare_threshold=None) as connection:
        try:
            with connection.pipeline():
                for statement in [*statements(text, "postgresql"), "INSERT INTO history VALUES (1)"]:
                    connection.execute(statement.encode())
        except psycopg.Error as error:
            return error.sqlstate or "?"
    return ""


def transaction(lab: Lab, text: str) -> str:
    """Run the statements in one transaction, as goose does; the error's code, empty for none."""
    try:
        lab.in_transaction(*statements(text, lab.dialect))
    except SqlError as error:
        return error.code
    return ""


_ALONE = "CREATE INDEX CONCURRENTLY i ON t (a);"
_SHAPES = [
    _ALONE,
    f"{_ALONE} CREATE INDEX CONCURRENTLY j ON t (a);",
    f"CREATE TABLE x (a int); {_ALONE}",
    f"{_ALONE} CREATE TABLE x (a int);",
    f"SET lock_timeout = '1s'; {_ALONE}",
    f"BEGIN; CREATE TABLE x (a int); COMMIT; {_ALONE}",
    f"BEGIN; {_ALONE} COMMIT;",
    "REINDEX TABLE CONCURRENTLY t;",
    "REINDEX TABLE t; REINDEX SCHEMA public;",
    "DROP INDEX CONCURRENTLY old; DROP INDEX IF EXISTS missing;",
    "VACUUM t;",
    "VACUUM t; ANALYZE t;",
    "ALTER TYPE mood ADD VALUE 'ok'; CREATE TABLE x (a int);",
    *(
        f"DO $x$ BEGIN {statement}; END $x$;"
        for statement in (
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            "DROP INDEX CONCURRENTLY old",
            "REINDEX TABLE CONCURRENTLY t",
            "VACUUM t",
            "CREATE DATABASE other",
            "DISCARD ALL",
            "ALTER TYPE mood ADD VALUE 'ok'",
            "CREATE INDEX i ON t (a)",
            "UPDATE t SET a = 1; COMMIT",
        )
    ),
]


@pytest.mark.parametrize("text", _SHAPES)
@pytest.mark.parametrize("tool", ["golang-migrate", "supabase"])
@pytest.mark.parametrize("name", POSTGRESQL)
def test_refused_on_postgresql(name: str, tool: str, text: str, labs: Labs) -> None:
    """There is a finding exactly where PostgreSQL says 25001, active_sql_transaction."""
    lab = labs(name)
    lab.fresh()
    lab.execute("CREATE TABLE t (a int)", "CREATE INDEX old ON t (a)", "CREATE TABLE history (a int)")
    lab.execute("CREATE TYPE mood AS ENUM ('sad')")
    sent = one_query if tool == "golang-migrate" else pipeline
    code = sent(lab, text)
    assert code in ("", "25001")
    assert bool(found(REFUSED, text, "postgresql", tool)) == (code == "25001")


_BLOCKS = [
    f"CREATE TABLE x (a int); {_ALONE}",
    f"{_ALONE} CREATE TABLE x (a int);",
    "CREATE TABLE x (a int); DROP TABLE missing;",
    _ALONE,
]


@pytest.mark.parametrize("text", _BLOCKS)
@pytest.mark.parametrize("name", POSTGRESQL)
def test_block_of_goose(name: str, text: str, labs: Labs) -> None:
    """Goose sends what stands between its StatementBegin and StatementEnd as one query, also without a transaction:
    several statements in it are refused, kept and lost together."""
    lab = labs(name)
    lab.fresh()
    lab.execute("CREATE TABLE t (a int)")
    code = one_query(lab, text)
    assert lab.rows("SELECT 1 FROM pg_class WHERE relname = 'x'") == []
    block = f"-- +goose StatementBegin\n{text}\n-- +goose StatementEnd\n"
    file = f"-- +goose NO TRANSACTION\n-- +goose Up\n{block}"
    assert bool(found(REFUSED, file, "postgresql", "goose")) == (code == "25001")
    assert not found("half-done-possible", file, "postgresql", "goose")
    apart = found("half-done-possible", file + "ALTER TABLE t ADD b int;\n", "postgresql", "goose")
    assert len(apart) == 1


@pytest.mark.parametrize(
    "text",
    [
        "VACUUM;",
        "PRAGMA journal_mode = WAL;",
        "PRAGMA journal_mode = MEMORY;",
        "PRAGMA synchronous = OFF;",
        "ATTACH ':memory:' AS side; DETACH side;",
        "CREATE TABLE x (a int);",
    ],
)
def test_refused_on_sqlite(text: str, labs: Labs) -> None:
    """There is a finding exactly where SQLite raises an error inside a transaction."""
    lab = labs("sqlite")
    lab.fresh()
    assert bool(found(REFUSED, text, "sqlite", "flyway")) == bool(transaction(lab, text))


_USES = [
    "UPDATE t SET mood = 'ok'::mood",
    "UPDATE t SET mood = CAST('ok' AS mood)",
    "UPDATE t SET mood = 'ok'",
    "INSERT INTO t VALUES (2, 'ok', 'x')",
    "INSERT INTO t (note) VALUES ('ok'::text)",
    "DELETE FROM t WHERE mood = 'ok'",
    "ALTER TABLE t ALTER mood SET DEFAULT 'ok'",
    "ALTER TABLE t ADD COLUMN other mood DEFAULT 'ok'",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (mood <> 'ok')",
    "CREATE INDEX i ON t (id) WHERE mood = 'ok'",
    "CREATE VIEW v AS SELECT * FROM t WHERE mood = 'ok'",
    "CREATE TABLE n (mood mood DEFAULT 'ok')",
    "CREATE POLICY p ON t USING (mood = 'ok')",
    "DO $$ BEGIN UPDATE t SET mood = 'ok'; END $$",
    "ALTER TYPE mood ADD VALUE 'fair' AFTER 'ok'",
    "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'",
    "COMMENT ON TYPE mood IS 'ok'",
    "UPDATE t SET mood = 'sad'",
    "CREATE FUNCTION f() RETURNS mood LANGUAGE plpgsql AS $$ BEGIN RETURN 'ok'::mood; END $$",
]


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize("name", POSTGRESQL)
def test_enum_value(name: str, use: str, labs: Labs) -> None:
    """There is a finding exactly where PostgreSQL says 55P04, unsafe use of new value."""
    lab = labs(name)
    lab.fresh()
    lab.execute("CREATE TYPE mood AS ENUM ('sad')", "CREATE TABLE t (id int, mood mood, note text)")
    lab.execute("INSERT INTO t VALUES (1, 'sad', 'x')")
    text = f"ALTER TYPE mood ADD VALUE 'ok';\n{use};"
    code = transaction(lab, text)
    assert code in ("", "55P04")
    assert bool(found("enum-value-used-before-commit", text, "postgresql", "flyway")) == (code == "55P04")


def test_enum_value_that_may_be_of_another_type(labs: Labs) -> None:
    """The same word for a column of another type goes through, so the finding is no more than a warning."""
    lab = labs("postgresql18")
    lab.fresh()
    lab.execute("CREATE TYPE mood AS ENUM ('sad')", "CREATE TABLE t (note text)")
    text = "ALTER TYPE mood ADD VALUE 'ok'; INSERT INTO t (note) VALUES ('ok');"
    assert not transaction(lab, text)
    (warning,) = found("enum-value-used-before-commit", text, "postgresql", "flyway")
    assert warning.severity is Severity.WARNING


def test_enum_of_the_same_transaction(labs: Labs) -> None:
    """A value of a type that is new itself can be used at once."""
    lab = labs("postgresql18")
    lab.fresh()
    text = "CREATE TYPE m AS ENUM ('a'); ALTER TYPE m ADD VALUE 'b'; CREATE TABLE t (m m DEFAULT 'b');"
    assert not transaction(lab, text)
    assert not found("enum-value-used-before-commit", text, "postgresql", "flyway")


@pytest.mark.parametrize("name", MYSQL)
def test_implicit_commit(name: str, labs: Labs) -> None:
    """What stands before a definition survives the ROLLBACK, and so does the definition."""
    lab = labs(name)
    lab.fresh()
    lab.execute("CREATE TABLE t (a int)")
    text = "START TRANSACTION; INSERT INTO t VALUES (1); ALTER TABLE t ADD b int; ROLLBACK;"
    lab.execute(*statements(text, lab.dialect))
    assert lab.rows("SELECT a, b FROM t") == [(1, None)]
    assert found("implicit-commit", text, lab.dialect, "sql")


@pytest.mark.parametrize("name", [*POSTGRESQL, *MYSQL, "sqlite"])
def test_uncommitted(name: str, labs: Labs) -> None:
    """What a BEGIN without end holds is gone when the connection is closed."""
    lab = labs(name)
    lab.fresh()
    lab.execute("CREATE TABLE t (a int)")
    text = "BEGIN; INSERT INTO t VALUES (1);"
    lab.execute(*statements(text, lab.dialect))
    assert lab.rows("SELECT a FROM t") == []
    assert found("uncommitted-transaction", text, lab.dialect, "sql")


@pytest.mark.parametrize("name", [*POSTGRESQL, *MYSQL, "sqlite"])
def test_embedded_commit(name: str, labs: Labs) -> None:
    """COMMIT inside the tool's transaction keeps what stands above, though the tool then rolls back."""
    lab = labs(name)
    lab.fresh()
    lab.execute("CREATE TABLE t (a int)")
    text = "INSERT INTO t VALUES (1); COMMIT; INSERT INTO missing VALUES (1);"
    assert transaction(lab, text)
    assert lab.rows("SELECT a FROM t") == [(1,)]
    (finding,) = found("embedded-transaction-control", text, lab.dialect, "flyway")
    assert finding.severity is Severity.WARNING


def test_embedded_begin(labs: Labs) -> None:
    """BEGIN inside a transaction is an error on SQLite, and a mere warning on PostgreSQL."""
    text = "BEGIN; CREATE TABLE x (a int);"
    for name, fails in (("sqlite", True), ("postgresql18", False)):
        lab = labs(name)
        lab.fresh()
        assert bool(transaction(lab, text)) == fails
        assert bool(found("embedded-transaction-control", text, lab.dialect, "flyway")) == fails


@pytest.mark.parametrize(
    ("text", "outlives"),
    [
        ("SET search_path = app", True),
        ("SET SESSION search_path = app", True),
        ("SET LOCAL search_path = app", False),
        ("SELECT pg_catalog.set_config('search_path', 'app', false)", True),
        ("SELECT pg_catalog.set_config('search_path', 'app', true)", False),
        ("SET search_path = app; RESET search_path", False),
        ("SET search_path = app; RESET ALL", False),
        ("SET search_path = app; SET search_path TO DEFAULT", False),
    ],
)
def test_setting_outlives_transaction(text: str, outlives: bool, labs: Labs) -> None:
    """SET is still in force behind the COMMIT, SET LOCAL is not."""
    lab = labs("postgresql18")
    lab.fresh()
    with lab.connect() as session:
        for statement in ("BEGIN", *statements(text, "postgresql"), "COMMIT"):
            session.run(statement)
        ((after,),) = session.run("SHOW search_path")
    assert (after == "app") == outlives
    assert bool(found("session-setting-left-behind", text, "postgresql", "sqlx")) == outlives


@pytest.mark.parametrize("name", MYSQL)
def test_set_local_is_for_the_session(name: str, labs: Labs) -> None:
    """On MySQL and MariaDB, LOCAL is another word for SESSION."""
    lab = labs(name)
    text = "SET LOCAL foreign_key_checks = 0"
    with lab.connect() as session:
        for statement in ("BEGIN", text, "COMMIT"):
            session.run(statement)
        ((after,),) = session.run("SELECT @@foreign_key_checks")
    assert after == 0
    assert found("session-setting-left-behind", text, lab.dialect, "golang-migrate")


def test_ignored_settings(labs: Labs) -> None:
    """PRAGMA foreign_keys does nothing inside a transaction, SET LOCAL nothing outside of one."""
    with labs("sqlite").connect() as session:
        for statement in ("PRAGMA foreign_keys = ON", "BEGIN", "PRAGMA foreign_keys = OFF"):
            session.run(statement)
        assert session.run("PRAGMA foreign_keys") == [(1,)]
    assert found("ignored-setting", "PRAGMA foreign_keys = OFF;", "sqlite", "sqlx")
    with labs("postgresql18").connect() as session:
        before = session.run("SHOW lock_timeout")
        session.run("SET LOCAL lock_timeout = '2s'")
        assert session.run("SHOW lock_timeout") == before
    text = "-- +goose NO TRANSACTION\n-- +goose Up\nSET LOCAL lock_timeout = '2s';\n"
    assert found("ignored-setting", text, "postgresql", "goose")


def test_dropping_with_foreign_keys_on(labs: Labs) -> None:
    """The harm of an ignored PRAGMA: DROP TABLE deletes the rows, and what refers to them goes with them."""
    with labs("sqlite").connect() as session:
        for statement in (
            "PRAGMA foreign_keys = ON",
            "CREATE TABLE owner (id integer PRIMARY KEY)",
            "CREATE TABLE thing (owner REFERENCES owner ON DELETE CASCADE)",
            "INSERT INTO owner VALUES (1)",
            "INSERT INTO thing VALUES (1)",
            "BEGIN",
            "PRAGMA foreign_keys = OFF",
            "DROP TABLE owner",
            "CREATE TABLE owner (id integer PRIMARY KEY)",
            "COMMIT",
        ):
            session.run(statement)
        assert session.run("SELECT * FROM thing") == []


def test_not_valid(labs: Labs) -> None:
    """A NOT VALID constraint says nothing about the rows that were there."""
    lab = labs("postgresql18")
    lab.fresh()
    lab.execute("CREATE TABLE t (a int)", "INSERT INTO t VALUES (-1)")
    lab.execute("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID")
    assert lab.rows("SELECT a FROM t") == [(-1,)]
    with pytest.raises(SqlError):
        lab.execute("ALTER TABLE t VALIDATE CONSTRAINT c")
