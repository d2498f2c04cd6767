"""Suppression comments: what they hide, and what is said about those that hide nothing."""

from __future__ import annotations

import pytest

from partway.core.edit import apply_edits
from partway.core.source import SourceFile
from partway.linting import Selection, lint
from partway.suppress import UNUSED
from partway.tools.choice import Choice

TABLE = "CREATE TABLE a (id int);\n"
#: Makes the statements before it exposed.
REST = "INSERT INTO b VALUES (1);\n"
DEFAULT = Selection(("unguarded-create", UNUSED))


def found(text: str, selection: Selection = DEFAULT, dialect: str = "mysql") -> list[tuple[str, int]]:
    """Rule and line of each finding."""
    linted = lint(SourceFile("a.sql", text), Choice("sql", dialect), selection)
    source = linted.migration.source
    return [(one.rule, source.position(one.span.start).line) for one in linted.diagnostics]


def fixed(text: str, selection: Selection = DEFAULT) -> str:
    """The text after the fixes of unused suppressions."""
    linted = lint(SourceFile("a.sql", text), Choice("sql", "mysql"), selection)
    edits = [edit for one in linted.diagnostics if one.rule == UNUSED and one.fix for edit in one.fix.edits]
    return apply_edits(text, edits)


def test_without_a_comment_the_finding_is_there() -> None:
    assert found(TABLE + REST) == [("unguarded-create", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "-- partway: ignore[unguarded-create]\n" + TABLE,
        "-- partway: ignore\n" + TABLE,
        "-- PARTWAY: ignore[unguarded-create]\n" + TABLE,
        "--partway:ignore[unguarded-create]\n" + TABLE,
        "# partway: ignore[unguarded-create] because we say so\n" + TABLE,
        "/* partway: ignore[ unguarded-create ] */\n" + TABLE,
        "/* partway: ignore[unguarded-create] */ " + TABLE,
        "/*\n * partway: ignore[unguarded-create]\n */\n" + TABLE,
        "CREATE TABLE a (id int); -- partway: ignore[unguarded-create]\n",
        "CREATE TABLE a (id int) /* partway: ignore[unguarded-create] */;\n",
        "CREATE TABLE a ( -- partway: ignore[unguarded-create]\n  id int\n);\n",
        "CREATE TABLE a (\n  id int\n); -- partway: ignore[unguarded-create]\n",
        "-- partway: ignore[unguarded-create]\n-- the table of all a\n" + TABLE,
        "-- the table of all a, partway: ignore[unguarded-create]\n" + TABLE,
        "-- partway: ignore-file[unguarded-create]\n\n" + TABLE,
        TABLE + "\n-- partway: ignore-file\n",
        "-- partway: ignore[unguarded-create]\r\n" + TABLE,
    ],
)
def test_hidden(text: str) -> None:
    assert found(text + REST) == []


@pytest.mark.parametrize(
    "text",
    [
        "-- partway: ignore[unguarded-create]\n\n" + TABLE,  # not above the line
        TABLE + "-- partway: ignore[unguarded-create]\n",
        "-- partway: ignored[unguarded-create]\n" + TABLE,
        "INSERT INTO b VALUES ('-- partway: ignore[unguarded-create]'); " + TABLE,
        "CREATE TABLE a (\n  id int, -- partway: ignore[unguarded-create]\n  b int\n);\n",  # in the middle
    ],
)
def test_not_hidden(text: str) -> None:
    assert "unguarded-create" in dict(found(text + REST))


def test_a_comment_above_one_statement_leaves_the_next_one_alone() -> None:
    text = "-- partway: ignore[unguarded-create]\n" + TABLE + TABLE.replace(" a ", " c ") + REST
    assert found(text) == [("unguarded-create", 3)]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("SELECT 1;\n-- partway: ignore[unguarded-create] why\nSELECT 2;\n", "SELECT 1;\nSELECT 2;\n"),
        ("SELECT 1;\r\n  -- partway: ignore\r\nSELECT 2;\r\n", "SELECT 1;\r\nSELECT 2;\r\n"),
        ("SELECT 1; -- partway: ignore[unguarded-create]\nSELECT 2;\n", "SELECT 1;\nSELECT 2;\n"),
        ("SELECT 1; -- partway: ignore[unguarded-create]", "SELECT 1;"),
        ("SELECT/* partway: ignore[unguarded-create] */1;\n", "SELECT 1;\n"),
        ("SELECT /* partway: ignore[unguarded-create] */ 1;\n", "SELECT 1;\n"),
        ("-- partway: ignore[]\nSELECT 1;\n", "SELECT 1;\n"),
        ("-- partway: ignore-file[unguarded-create]\nSELECT 1;\n", "SELECT 1;\n"),
        ("-- of old, partway: ignore[unguarded-create]\nSELECT 1;\n", "-- of old,\nSELECT 1;\n"),
        ("/* a\n   partway: ignore\n   b */\nSELECT 1;\n", "/* a\n\n   b */\nSELECT 1;\n"),
    ],
)
def test_an_unused_suppression_is_reported_and_can_be_taken_out(text: str, after: str) -> None:
    selection = Selection(None, ())
    assert [rule for rule, _ in found(text, selection)].count(UNUSED) == 1
    assert fixed(text, selection) == after
    assert UNUSED not in dict(found(after, selection))


def test_only_what_is_unused_is_taken_out() -> None:
    text = "-- partway: ignore[unguarded-create, unused-suppression]\n" + TABLE + REST
    assert found(text) == []
    text = "-- partway: ignore[unguarded-create, unguarded-create]\n" + TABLE + REST
    assert found(text) == []


def test_a_name_that_is_no_rules_is_reported_and_left() -> None:
    text = "-- partway: ignore[unguarded-crate, unguarded-create]\n" + TABLE + REST
    assert found(text) == [(UNUSED, 1)]
    assert fixed(text) == text


def test_a_rule_that_was_not_asked_is_not_unused() -> None:
    assert found("-- partway: ignore[unguarded-create]\nSELECT 1;\n", Selection((UNUSED,))) == []
    assert found("-- partway: ignore\nSELECT 1;\n", Selection((UNUSED,))) == []


def test_the_report_itself_can_be_ignored() -> None:
    assert (
        found("-- partway: ignore-file[unused-suppression]\n-- partway: ignore[nothing]\nSELECT 1;\n") == []
    )
    assert found("-- partway: ignore[nothing, unused-suppression]\nSELECT 1;\n") == [(UNUSED, 1)]
    assert found("SELECT 1; -- partway: ignore[nothing, unused-suppression]\n") == []


def test_postgresql_does_not_take_a_hash_for_a_comment() -> None:
    text = "CREATE TABLE a (b int DEFAULT 1 # 2); -- partway: ignore[unguarded-create]\n"
    assert ("unguarded-create", 1) not in found(text + REST, dialect="postgresql")
