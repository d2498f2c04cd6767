"""How guarded text looks: as its author would have written it, in their case and indentation, line ends and all."""

from __future__ import annotations

import pytest

from partway.core.edit import Applicability, apply_edits, overlaps
from partway.core.operation import Repeat
from partway.dialects import dialect_named
from partway.sql.guards import guard
from tests.guards.helper import guarded, operations

GOOSE = ("-- +goose StatementBegin", "-- +goose StatementEnd")


def test_block_keeps_the_statement_as_it_stands() -> None:
    """Indented with its author's step; no line that begins inside a string or a comment moves."""
    text = """\
BEGIN;

  -- Orders need a user.
  alter table orders
    add constraint fk foreign key (user_id) references users, /* since
  2020 */
    add constraint c check (note <> 'two
lines'); -- done
"""
    assert (
        guarded(text, "postgresql", (15,)).text
        == """\
BEGIN;

  -- Orders need a user.
  do $partway$
  begin
    if not exists (
      select from pg_catalog.pg_constraint
      where conrelid = to_regclass('orders') and conname = 'fk'
    ) or not exists (
      select from pg_catalog.pg_constraint
      where conrelid = to_regclass('orders') and conname = 'c'
    ) then
      alter table orders
        add constraint fk foreign key (user_id) references users, /* since
  2020 */
        add constraint c check (note <> 'two
lines');
    end if;
  end
  $partway$; -- done
"""
    )


def test_line_ends_and_tabs() -> None:
    """A file of Windows lines and tabs stays one."""
    text = "CREATE TYPE mood AS ENUM (\r\n\t'sad',\r\n\r\n\t'ok'\r\n)\r\n"
    fixed = guarded(text, "postgresql", (15,)).text
    assert fixed.count("\r\n") == fixed.count("\n")
    assert (
        "\r\n\t\tCREATE TYPE mood AS ENUM (\r\n\t\t\t'sad',\r\n\r\n\t\t\t'ok'\r\n\t\t);\r\n\tEND IF;\r\nEND"
        in fixed
    )


def test_statements_on_one_line() -> None:
    """What stands before a statement on its line stays there."""
    text = "BEGIN; CREATE TYPE a AS ENUM ('x'); COMMIT;"
    fixed = guarded(text, "postgresql", (15,)).text
    assert fixed.startswith("BEGIN; \nDO $partway$\nBEGIN\n")
    assert fixed.endswith("\n        CREATE TYPE a AS ENUM ('x');\n    END IF;\nEND\n$partway$; COMMIT;")


def test_a_tag_that_the_statement_uses() -> None:
    """The dollar quote of the block is never one of the statement's."""
    fixed = guarded("CREATE DOMAIN d AS text DEFAULT $partway$x$partway$;", "postgresql", (15,)).text
    assert fixed.startswith("DO $partway2$\n")
    assert fixed.endswith("END\n$partway2$;")


def test_prepared() -> None:
    """On MySQL the statement becomes a string, its quotes doubled, its comments kept."""
    text = "  alter table t\n    add a text default 'it''s', -- why\n    add b int;  -- more\n"
    assert (
        guarded(text, "mysql", (8, 4)).text
        == """\
  set @partway = if(
    not exists (
      select 1 from information_schema.columns
      where table_schema = database() and table_name = 't' and column_name = 'a'
    ) or not exists (
      select 1 from information_schema.columns
      where table_schema = database() and table_name = 't' and column_name = 'b'
    ),
    'alter table t
    add a text default ''it''''s'', -- why
    add b int',
    'do 0'
  );
  prepare partway from @partway;
  execute partway;
  deallocate prepare partway;  -- more
"""
    )


def test_names_keep_their_case() -> None:
    """Only keywords follow the statement's case."""
    fixed = guarded('alter table "ORDERS" add constraint "AND NOT" check (a > 0);', "postgresql", (15,)).text
    assert """where conrelid = to_regclass('"ORDERS"') and conname = 'AND NOT'""" in fixed


def test_a_tool_puts_its_lines_around_blocks() -> None:
    """Goose splits at every semicolon unless told where a statement begins and ends."""
    text = "-- +goose Up\nALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);\nALTER TABLE t ADD COLUMN b int;\n"
    lines = guarded(text, "postgresql", (15,), wrap=GOOSE).text.splitlines()
    assert lines[:3] == ["-- +goose Up", GOOSE[0], "DO $partway$"]
    assert lines[-3:] == ["$partway$;", GOOSE[1], "ALTER TABLE t ADD COLUMN IF NOT EXISTS b int;"]
    text = "CREATE INDEX CONCURRENTLY i ON t (a);\n"
    lines = guarded(text, "postgresql", (15,), wrap=GOOSE).text.splitlines()
    assert (lines[0], *lines[-3:]) == (
        GOOSE[0],
        "$partway$;",
        GOOSE[1],
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);",
    )


def test_a_statement_of_its_own_goes_where_the_tool_says() -> None:
    """Not between the lines that say where the statement begins and ends."""
    text = f"{GOOSE[0]}\nCREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END;\n{GOOSE[1]}\n"
    fixed = guarded(text, "mysql", (5, 7), before=0).text
    assert fixed.splitlines()[:2] == ["DROP TRIGGER IF EXISTS g;", GOOSE[0]]


def test_if_not_exists_that_hides_an_invalid_index() -> None:
    """The half that is there already is not written twice. Only the caller knows what the section drops."""
    text = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);"
    (operation,) = operations(text, "postgresql")
    half = operation._replace(actions=tuple(a._replace(repeat=Repeat.FAILS) for a in operation.actions))
    fix = guard(text, half, dialect_named("postgresql"), (15,), newline="\n")
    assert fix is not None
    assert fix.title == "Drop the index first if it is INVALID"
    assert apply_edits(text, fix.edits).endswith(f"$partway$;\n{text}")


def test_delimiter() -> None:
    """A statement of its own ends as its neighbours do."""
    text = "DELIMITER //\nCREATE DEFINER=`a`@`b` PROCEDURE db.`my proc`()\nBEGIN\n  SELECT 1;\nEND //\nDELIMITER ;\n"
    fixed = guarded(text, "mysql", (8, 0, 28)).text
    assert fixed == text.replace("CREATE", "DROP PROCEDURE IF EXISTS db.`my proc`//\nCREATE")
    assert guarded(text, "mysql", (8, 0, 29)).text == text.replace("PROCEDURE", "PROCEDURE IF NOT EXISTS")


def test_delimiter_that_could_be_a_name() -> None:
    """`END$$` ends there, and so does what is put before."""
    text = "DELIMITER $$\nCREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\nEND$$\nDELIMITER ;\n"
    fixed = guarded(text, "mysql", (5, 7)).text
    assert fixed == text.replace("CREATE", "DROP PROCEDURE IF EXISTS p$$\nCREATE")


def test_trigger_before_postgresql_14() -> None:
    """OR REPLACE came with 14."""
    text = "CREATE TRIGGER g AFTER UPDATE OF a, b ON app.t EXECUTE PROCEDURE f();"
    assert guarded(text, "postgresql", (13,)).text == f"DROP TRIGGER IF EXISTS g ON app.t;\n{text}"
    assert guarded(text, "postgresql", (14,)).text == text.replace("CREATE", "CREATE OR REPLACE")


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        (
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > :limit);",
            "postgresql",
        ),  # psql puts no values into a block
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) \\g\nSELECT 1;", "postgresql"),
        ("DO $$ BEGIN CREATE TYPE mood AS ENUM ('a'); END $$;", "postgresql"),  # the block is its author's
        ("CREATE DATABASE d;", "postgresql"),
        ("ALTER TABLE p DETACH PARTITION q CONCURRENTLY;", "postgresql"),
        ("CREATE OPERATOR + (leftarg = t%TYPE, function = f);", "postgresql"),  # a type that is not told
        ("/*!50100 ALTER TABLE t ADD COLUMN a int */;", "mysql"),
        ("ALTER TABLE t ADD CHECK (a > 0);", "mysql"),
        ("RENAME TABLE a TO c, b TO a, c TO b;", "mysql"),  # it leaves the names that were there before
        ("ALTER TABLE t DROP CONSTRAINT t_a_check, ADD CHECK (a > 1);", "postgresql"),
        ("ALTER TABLE t ADD COLUMN a int", "sqlite"),
    ],
)
def test_no_guard(text: str, dialect: str) -> None:
    """Where there is no true guard there is no fix."""
    assert not any(guarded(text, dialect).fixes)


def test_alone() -> None:
    """A statement that must stay alone in its file gets nothing beside it, and no guard that hides an INVALID index."""
    text = "CREATE INDEX CONCURRENTLY i ON t (a);"
    assert guarded(text, "postgresql", (15,), alone=True).fixes == [None]
    assert guarded("DROP INDEX CONCURRENTLY i;", "postgresql", (15,), alone=True).safe


def test_reused_names_are_unsafe() -> None:
    """The caller knows whether a name means something else later in the section."""
    assert not guarded("DROP TABLE t;", "postgresql", (15,), reused=True).safe
    assert guarded("DROP TABLE t;", "postgresql", (15,)).safe


def test_placeholder_in_a_string_is_unsafe() -> None:
    """What a tool puts in place of `${x}` may hold a quote, which would end the string that PREPARE takes."""
    (fix,) = guarded("ALTER TABLE ${prefix}users ADD COLUMN a int;", "mysql", (8, 4)).fixes
    assert fix is not None
    assert fix.applicability is Applicability.UNSAFE


def test_edits_insert_and_never_overlap() -> None:
    """Nothing that the author wrote is written anew."""
    for text, dialect in (
        ("ALTER TABLE t ADD CHECK (a > 'x'), ADD UNIQUE (a);", "postgresql"),
        ("CREATE INDEX CONCURRENTLY ON t (a);", "postgresql"),
        ("ALTER TABLE t ADD a text DEFAULT 'x\\\\', ADD INDEX (a)", "mysql"),
    ):
        (fix,) = guarded(text, dialect).fixes
        assert fix is not None
        assert not overlaps(fix.edits)
        assert all(edit.span.start == edit.span.end for edit in fix.edits)
