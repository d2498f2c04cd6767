"""Whatever the text, reading gives steps whose spans lie inside it and in order, and never raises."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partway.analysis import analyse
from partway.core.migration import Migration
from partway.core.source import SourceFile
from partway.dialects import NAMES, dialect_named
from partway.rules import all_rules
from partway.sql.lexer import lex
from partway.tools.choice import TOOLS, Choice
from partway.tools.reading import read

# Words that begin, nest and end things: most mistakes hide between them.
_WORDS = [
    "CREATE", "TABLE", "ALTER", "DROP", "INDEX", "UNIQUE", "CONCURRENTLY", "IF", "NOT", "EXISTS", "ADD",
    "COLUMN", "CONSTRAINT", "FOREIGN", "KEY", "PRIMARY", "CHECK", "REFERENCES", "RENAME", "TO", "TYPE",
    "ENUM", "AS", "SELECT", "FROM", "WHERE", "INSERT", "INTO", "VALUES", "ON", "CONFLICT", "DO", "NOTHING",
    "UPDATE", "SET", "DELETE", "WITH", "RETURNING", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "END",
    "CASE", "WHEN", "THEN", "ELSE", "LOOP", "EXCEPTION", "OTHERS", "EXECUTE", "PREPARE", "CALL",
    "DELIMITER", "COPY", "STDIN", "FUNCTION", "TRIGGER", "PROCEDURE", "RULE", "VIEW", "MATERIALIZED",
    "POLICY", "SEQUENCE", "SCHEMA", "EXTENSION", "DOMAIN", "PARTITION", "OF", "ATTACH", "DETACH",
    "VALIDATE", "DEFAULT", "NULL", "USING", "MODIFY", "CHANGE", "ENGINE", "PRAGMA", "VACUUM", "GRANT",
    "REVOKE", "COMMENT", "IS", "OR", "REPLACE", "TEMPORARY", "LIKE", "UNION", "ALL", "JOIN", "MERGE",
    "MATCHED",
]  # fmt: skip
_MARKS = "( ) , ; . = := :: + - * / < > [ ] { } ' \" ` $$ $x$ -- /* */ /*! # \\ @ @@ ? ${a} {{b}} :p"
_LINES = ["\n", "\r\n", "\t", " ", "\n-- +goose Up\n", "\n-- migrate:up transaction:false\n", "\\.\n"]
_NAMES = [
    "t",
    "a",
    "b",
    "'x'",
    '"q"',
    "`m`",
    "1",
    "2.5",
    "int",
    "text",
    "é",
    "漢",
    "\U0001f600",
    "\u2028",
    "\x00",
]
_PIECES = [
    *_WORDS,
    *_MARKS.split(),
    *_LINES,
    *_NAMES,
    "-- partway: ignore[x]\n",
    "\n-- +goose StatementBegin\n",
]
soup = st.lists(st.sampled_from(_PIECES), max_size=60).map(" ".join)
glued = st.lists(st.sampled_from(_PIECES), max_size=60).map("".join)
texts = soup | glued | st.text(max_size=200)


def _read(text: str, tool: str, dialect: str) -> Migration:
    return read(SourceFile("migrations/1_x.sql", text), Choice(tool, dialect))


@pytest.mark.parametrize("dialect", NAMES)
@given(text=texts, tool=st.sampled_from(TOOLS))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_into_spans_inside_it(dialect: str, text: str, tool: str) -> None:
    migration = _read(text, tool, dialect)
    for section in migration.sections:
        at = section.span.start
        assert 0 <= section.span.start <= section.span.end <= len(text)
        for step in section.steps:
            assert at <= step.span.start <= step.span.end <= section.span.end
            at = step.span.start
            for operation in step.operations:
                assert 0 <= operation.span.start <= operation.span.end <= len(text)
                for action in operation.actions:
                    assert 0 <= action.span.start <= action.span.end <= len(text)


@pytest.mark.parametrize("dialect", NAMES)
@given(text=texts, tool=st.sampled_from(TOOLS))
@settings(max_examples=300, deadline=None)
def test_every_rule_bears_any_text(dialect: str, text: str, tool: str) -> None:
    analysis = analyse(_read(text, tool, dialect), all_rules().values())
    for diagnostic in analysis.diagnostics:
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
        assert diagnostic.message
        assert diagnostic.help


@pytest.mark.parametrize("dialect", NAMES)
@given(text=texts)
@settings(max_examples=400, deadline=None)
def test_tokens_stand_in_order_and_hold_the_text(dialect: str, text: str) -> None:
    at = 0
    for _, start, end, _ in lex(text, dialect_named(dialect).lexis).tokens:
        assert at <= start < end <= len(text)
        at = end


@pytest.mark.parametrize("dialect", NAMES)
@pytest.mark.parametrize(
    "piece",
    [
        *(
            "(",
            "'",
            '"',
            "$$",
            "/*",
            "`",
            "BEGIN ",
            "IF (",
            "NOT (",
            "CASE ",
            "DO $$ ",
            "${",
            "{{",
            "x.",
            ",",
            ";",
            "--",
        ),
        *("\\", " ", "CREATE RULE ( ; ", "CREATE TRIGGER x BEGIN ; "),
    ],
)
def test_a_long_run_of_one_thing_neither_hangs_nor_raises(dialect: str, piece: str) -> None:
    text = "CREATE TABLE t " + piece * 20_000
    analyse(_read(text, "sql", dialect), ())
    block = "DO $a$ BEGIN " + piece * 5_000 + " END $a$;"
    analyse(_read(block, "sql", dialect), ())
