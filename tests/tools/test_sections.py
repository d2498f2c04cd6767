"""How each tool's files fall into sections, and in which transactions they run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partway.core.migration import Migration, Mode
from partway.core.source import SourceFile
from partway.dialects import NAMES
from partway.tools.choice import TOOLS, Choice
from partway.tools.reading import read

PER, NONE, WHOLE = Mode.PER_MIGRATION, Mode.NONE, Mode.WHOLE_RUN
UP = "CREATE TABLE roles (id int);\n"
DOWN = "DROP TABLE roles;\n"


def migration(path: str, text: str, dialect: str = "postgresql", **choice: object) -> Migration:
    return read(SourceFile(path, text), Choice(dialect=dialect)._replace(**choice))  # type: ignore[arg-type]  # fields of a Choice by their names


def shape(found: Migration) -> list[tuple[str, list[str], Mode]]:
    """Name, kinds of operations and mode of each section."""
    return [(s.name, [o.kind for o in s.operations], s.transaction.mode) for s in found.sections]


# goose ----------------------------------------------------------------------------------------------------------------

GOOSE = f"-- licence\n\n-- +goose Up\n{UP}\n-- +goose Down\n{DOWN}"


def test_goose_has_a_way_up_and_a_way_down() -> None:
    found = migration("migrations/20240101120000_roles.sql", GOOSE)
    assert (found.tool, found.identity) == ("goose", "20240101120000")
    assert shape(found) == [("up", ["create-table"], PER), ("down", ["drop-table"], PER)]
    up, down = found.sections
    assert up.span.end == GOOSE.index("-- +goose Down")
    assert down.span.end == len(GOOSE)


@pytest.mark.parametrize(
    "line", ["-- +goose NO TRANSACTION", "-- +goose no transaction", "--+goose NO TRANSACTION"]
)
def test_goose_opts_out_both_ways_wherever_it_says_so(line: str) -> None:
    text = GOOSE.replace("-- +goose Up", f"{line}\r\n-- +goose Up")
    found = migration("1_roles.sql", text)
    assert [s.transaction.mode for s in found.sections] == [NONE, NONE]
    opt_out = found.sections[0].transaction.opt_out
    assert opt_out is not None
    assert text[slice(*opt_out)] == line


def test_goose_cuts_a_body_that_is_not_in_a_block() -> None:
    body = "CREATE FUNCTION f() RETURNS int AS $$\nBEGIN\n  RETURN 1;\nEND\n$$ LANGUAGE plpgsql;\n"
    found = migration("1_f.sql", f"-- +goose Up\n{body}")
    assert ["StatementBegin" in trouble.message for trouble in found.troubles] == [True]
    block = f"-- +goose Up\n-- +goose StatementBegin\n{body}-- +goose StatementEnd\n"
    assert migration("1_f.sql", block).troubles == ()


def test_goose_statements_over_several_lines_are_whole() -> None:
    text = "-- +goose Up\nCREATE TABLE a (\n  b int, -- first;\n  c text\n);\nSELECT 'x;y';\n"
    assert migration("1_a.sql", text).troubles == ()


# dbmate ---------------------------------------------------------------------------------------------------------------


def test_dbmate_has_a_way_up_and_a_way_down() -> None:
    found = migration("db/migrations/20240101_a.sql", f"-- migrate:up\n{UP}\n-- migrate:down\n{DOWN}")
    assert (found.tool, found.identity) == ("dbmate", "20240101")
    assert shape(found) == [("up", ["create-table"], PER), ("down", ["drop-table"], PER)]


@pytest.mark.parametrize(
    ("dialect", "mode", "implicit"),
    [("postgresql", PER, True), ("mysql", NONE, False), ("sqlite", NONE, False)],
)
def test_dbmate_opts_out_section_by_section(dialect: str, mode: Mode, implicit: bool) -> None:
    text = f"-- migrate:up transaction:false\n{UP}-- migrate:down\n{DOWN}"
    up, down = migration("1_a.sql", text, dialect).sections
    assert (up.transaction.mode, up.transaction.implicit) == (mode, implicit)
    assert up.transaction.opt_out is not None
    assert text[slice(*up.transaction.opt_out)] == "transaction:false"
    assert (down.transaction.mode, down.transaction.opt_out) == (PER, None)


def test_dbmate_takes_several_pairs() -> None:
    pair = f"-- migrate:up\n{UP}-- migrate:down\n{DOWN}"
    assert [s.name for s in migration("1_a.sql", pair * 2).sections] == ["up", "down"] * 2


# golang-migrate -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dialect", "setting", "mode", "implicit"),
    [
        ("postgresql", "", PER, True),
        ("postgresql", "x-multi-statement", NONE, False),
        ("mysql", "", NONE, False),
        ("mariadb", "", NONE, False),
        ("sqlite", "", PER, False),
        ("sqlite", "x-no-tx-wrap", NONE, False),
        ("sqlite", "x-multi-statement", PER, False),
    ],
)
def test_golang_migrate_by_driver(dialect: str, setting: str, mode: Mode, implicit: bool) -> None:
    settings = ((f"golang-migrate.{setting}", "true"),) if setting else ()
    found = migration("m/000002_roles.up.sql", UP, dialect, settings=settings)
    (section,) = found.sections
    assert (found.tool, found.identity, section.name) == ("golang-migrate", "000002", "up")
    assert (section.transaction.mode, section.transaction.implicit) == (mode, implicit)


def test_golang_migrate_keeps_the_way_down_in_a_file_of_its_own() -> None:
    assert shape(migration("m/2_roles.down.sql", DOWN)) == [("down", ["drop-table"], PER)]


# Flyway ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "identity", "section"),
    [
        ("V1__a.sql", "1", "up"),
        ("V1_2__a.sql", "1.2", "up"),
        ("U1.2__a.sql", "1.2", "down"),
        ("R__views.sql", "views", "up"),
        ("afterMigrate__grants.sql", "afterMigrate grants", "up"),
    ],
)
def test_flyway_names(name: str, identity: str, section: str) -> None:
    found = migration(f"db/migration/{name}", UP)
    assert (found.tool, found.identity) == ("flyway", identity)
    assert shape(found) == [(section, ["create-table"], PER)]


@pytest.mark.parametrize(
    ("statement", "dialect", "mode"),
    [
        ("CREATE INDEX CONCURRENTLY i ON t (c);", "postgresql", NONE),
        ("create unique index  concurrently i ON t (c);", "postgresql", NONE),
        ("DROP INDEX CONCURRENTLY i;", "postgresql", NONE),
        ("VACUUM;", "postgresql", NONE),
        # Its parser does not know these, and the server refuses them.
        ("REINDEX INDEX CONCURRENTLY i;", "postgresql", PER),
        ("-- CREATE INDEX CONCURRENTLY\nSELECT 1;", "postgresql", PER),
        ("ALTER TYPE t ADD VALUE 'x';", "postgresql", PER),
        ("PRAGMA foreign_keys = OFF;", "sqlite", NONE),
        ("VACUUM;", "sqlite", PER),
        ("CREATE TABLE a (b int);", "mysql", PER),
    ],
)
def test_flyway_does_without_a_transaction_where_it_sees_the_need(
    statement: str, dialect: str, mode: Mode
) -> None:
    (section,) = migration("V1__a.sql", f"{statement}\n", dialect).sections
    assert section.transaction.mode is mode
    assert (section.transaction.opt_out is not None) == (mode is NONE)


def test_flyway_before_postgresql_12_knows_add_value() -> None:
    text = "ALTER TYPE t ADD VALUE 'x';"
    assert migration("V1__a.sql", text, server=(11,)).sections[0].transaction.mode is NONE
    assert migration("V1__a.sql", text, server=(12,)).sections[0].transaction.mode is PER


@pytest.mark.parametrize(
    ("settings", "mode"),
    [
        ({"flyway.group": "true"}, WHOLE),
        ({"flyway.executeInTransaction": "false"}, NONE),
        ({"flyway.script.executeInTransaction": "false"}, NONE),
        ({"flyway.script.executeInTransaction": "true", "flyway.executeInTransaction": "false"}, PER),
    ],
)
def test_flyway_does_as_it_is_told(settings: dict[str, str], mode: Mode) -> None:
    found = migration("V1__a.sql", UP, settings=tuple(sorted(settings.items())))
    assert found.sections[0].transaction.mode is mode


# sqlx, Prisma, Supabase -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dialect", "version", "mode", "implicit"),
    [
        ("postgresql", "", PER, True),
        ("postgresql", "0.7.4", PER, False),
        ("mysql", "0.8", PER, False),
        ("sqlite", "0.8", PER, False),
        ("sqlite", "0.9.0", NONE, False),
    ],
)
def test_sqlx_opt_out_by_version(dialect: str, version: str, mode: Mode, implicit: bool) -> None:
    settings = (("sqlx.version", version),) if version else ()
    found = migration("migrations/3_a.sql", f"-- no-transaction\n{UP}", dialect, settings=settings)
    (section,) = found.sections
    assert (found.tool, found.identity) == ("sqlx", "3")
    assert (section.transaction.mode, section.transaction.implicit) == (mode, implicit)


def test_sqlx_opt_out_stands_at_the_very_beginning() -> None:
    found = migration("migrations/3_a.sql", f"\n-- no-transaction\n{UP}", tool="sqlx")
    assert (found.sections[0].transaction.mode, found.sections[0].transaction.implicit) == (PER, False)


@pytest.mark.parametrize(
    ("dialect", "version", "mode", "implicit"),
    [
        ("postgresql", "", PER, True),
        ("postgresql", "^6.2.0", PER, True),
        ("postgresql", "7.3.0", PER, True),
        ("postgresql", "^7.0.0", NONE, False),
        ("postgresql", "7.4.1", NONE, False),
        ("postgresql", "latest", PER, True),
        ("mysql", "", NONE, False),
        ("sqlite", "", NONE, False),
    ],
)
def test_prisma_has_no_transaction_of_its_own(dialect: str, version: str, mode: Mode, implicit: bool) -> None:
    path = "prisma/migrations/20240101120000_roles/migration.sql"
    found = migration(path, UP, dialect, settings=(("prisma.version", version),))
    (section,) = found.sections
    assert (found.tool, found.identity) == ("prisma", "20240101120000_roles")
    assert (section.transaction.mode, section.transaction.implicit) == (mode, implicit)


def test_supabase_sends_one_pipeline() -> None:
    found = migration("supabase/migrations/20240101120000_roles.sql", UP)
    (section,) = found.sections
    assert (found.identity, section.transaction.mode, section.transaction.implicit) == (
        "20240101120000",
        PER,
        True,
    )


# Plain files and what other runners write -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "sections"),
    [
        ("sql/roles.sql", UP, [("up", ["create-table"], NONE)]),
        ("sql/roles-down.sql", DOWN, [("down", ["drop-table"], NONE)]),
        ("sql/V0001.Roles.down.sql", DOWN, [("down", ["drop-table"], NONE)]),
        ("sql/001.undo.sql", DOWN, [("down", ["drop-table"], NONE)]),
        ("sql/countdown.sql", UP, [("up", ["create-table"], NONE)]),
        ("migrations/2018-01-14-171611_roles/up.sql", UP, [("up", ["create-table"], PER)]),
        ("migrations/2018-01-14-171611_roles/down.sql", DOWN, [("down", ["drop-table"], PER)]),
        ("m/1_a.mysql.up.sql", UP, [("up", ["create-table"], PER)]),
        ("m/1_a.mysql.autocommit.down.sql", DOWN, [("down", ["drop-table"], NONE)]),
        ("drizzle/0001_a.sql", f"{UP}--> statement-breakpoint\n{UP}", [("up", ["create-table"] * 2, WHOLE)]),
        (
            "m/1_a.sql",
            f"-- +migrate Up notransaction\n{UP}-- +migrate Down\n{DOWN}",
            [("up", ["create-table"], NONE), ("down", ["drop-table"], PER)],
        ),
        (
            "m/1_a.sql",
            f"{UP}---- create above / drop below ----\n{DOWN}",
            [("up", ["create-table"], PER), ("down", ["drop-table"], PER)],
        ),
        (
            "m/1_a.sql",
            f"-- Up Migration\n{UP}\n-- Down Migration\n{DOWN}",
            [("up", ["create-table"], WHOLE), ("down", ["drop-table"], WHOLE)],
        ),
        (
            "m/1_a.sql",
            f"-- // roles\n{UP}\n-- //@UNDO\n-- SQL to undo\n{DOWN}",
            [("up", ["create-table"], PER), ("down", ["drop-table"], PER)],
        ),
        (
            "conf/evolutions/default/1.sql",
            f"# --- !Ups\n{UP}\n# --- !Downs\n{DOWN}",
            [("up", ["create-table"], NONE), ("down", ["drop-table"], NONE)],
        ),
    ],
)
def test_plain_files(path: str, text: str, sections: list[tuple[str, list[str], Mode]]) -> None:
    found = migration(path, text)
    assert (found.tool, found.identity) == ("sql", "")
    assert shape(found) == sections


def test_diesel_opts_out_in_metadata() -> None:
    settings = (("diesel.run_in_transaction", "false"),)
    found = migration("m/2018-01_a/up.sql", UP, "sqlite", settings=settings)
    assert shape(found) == [("up", ["create-table"], NONE)]
    found = migration("m/2018-01_a/up.sql", UP, "postgresql", settings=settings)
    assert (found.sections[0].transaction.mode, found.sections[0].transaction.implicit) == (PER, True)


@pytest.mark.parametrize("tool", ["goose", "dbmate"])
def test_a_file_that_the_tool_refuses_is_in_trouble(tool: str) -> None:
    found = migration("m/1_roles.sql", UP, tool=tool)
    assert [trouble.message.split()[:2] for trouble in found.troubles] == [[tool, "refuses"]]
    assert migration("m/1_roles.sql", " \n", tool=tool).troubles == ()


# All ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("forced", list(Mode))
def test_a_demanded_mode_counts(forced: Mode) -> None:
    found = migration("1_roles.sql", GOOSE, transaction=forced.value)
    assert {s.transaction.mode for s in found.sections} == {forced}
    assert not any(s.transaction.implicit for s in found.sections)


def test_an_unknown_dialect_is_assumed_and_says_so() -> None:
    assert read(SourceFile("a/1.sql", "SELECT 1;"), Choice()).dialect_assumed
    told = read(SourceFile("a/1.sql", "SELECT 1;"), Choice(dialect="mysql", server=(8, 0)))
    assert (told.dialect, told.server, told.dialect_assumed) == ("mysql", (8, 0), False)
    seen = read(SourceFile("a/1.sql", "CREATE TABLE `a` (b int) ENGINE=InnoDB;"), Choice())
    assert (seen.dialect, seen.dialect_assumed) == ("mysql", False)


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("dialect", NAMES)
def test_every_mode_gives_a_reason_that_reads_as_a_sentence(tool: str, dialect: str) -> None:
    for text in (GOOSE, f"-- migrate:up\n{UP}", UP):
        for section in migration("m/1_roles.sql", text, dialect, tool=tool).sections:
            assert len(section.transaction.reason.split()) > 5
            assert not section.transaction.reason.endswith(".")


PIECES = st.sampled_from(
    (
        "-- +goose Up\n", "-- +goose Down\n", "-- +goose StatementBegin\n", "-- +goose StatementEnd\n",
        "-- migrate:up\n",
        "-- +goose NO TRANSACTION\n", "-- migrate:down transaction:false\n", "-- +migrate Up\n", "-- +migrate Down\n",
        "---- create above / drop below ----\n", "-- Up Migration\n", "-- Down Migration\n", "-- @UNDO\n", UP, DOWN,
        "$$", "'", "/*", "*/", ";", "\r\n", "--> statement-breakpoint\n", "BEGIN;", "é😀", "# --- !Downs",
    )
)  # fmt: skip


@given(
    st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join),
    st.sampled_from(TOOLS),
    st.sampled_from(NAMES),
)
def test_any_text_is_read_and_spans_stay_inside(text: str, tool: str, dialect: str) -> None:
    found = migration("m/1_a.up.sql", text, dialect, tool=tool)
    at = 0
    for section in found.sections:
        assert at <= section.span.start <= section.span.end <= len(text)
        at = section.span.end
        steps = [section.span.start, *(o for step in section.steps for o in step.span), section.span.end]
        assert steps == sorted(steps)
    for trouble in found.troubles:
        assert 0 <= trouble.span.start <= trouble.span.end <= len(text)


@pytest.mark.parametrize(
    ("tool", "reopens"), [("flyway", True), ("goose", False), ("dbmate", False), ("sqlx", False)]
)
def test_who_is_in_a_transaction_again_after_a_commit(tool: str, reopens: bool) -> None:
    """With autocommit off, as JDBC's, a row inserted behind a CREATE TABLE on MariaDB is lost in a failure; behind
    START TRANSACTION, as Go's drivers send it, the row is kept."""
    text = {"goose": GOOSE, "dbmate": f"-- migrate:up\n{UP}"}.get(tool, UP)
    found = migration("m/V1__a.sql", text, "mariadb", tool=tool)
    assert found.sections[0].transaction.reopens is reopens
