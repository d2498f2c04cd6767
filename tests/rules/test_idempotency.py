"""What the idempotency rules say, and do not say, where several things come together."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from partway.core.diagnostic import Diagnostic, Group
from partway.core.edit import Applicability
from partway.core.source import SourceFile
from partway.linting import Selection, lint
from partway.tools.choice import Choice
from tests.rules.documentation import NAMES

SAFE, UNSAFE, NONE = Applicability.SAFE, Applicability.UNSAFE, None


class Case(NamedTuple):
    """A text on a dialect, and for each finding its line, its rule and how its fix may be applied."""

    about: str
    dialect: str
    text: str
    expected: list[tuple[int, str, Applicability | None]]
    tool: str = "sql"
    server: tuple[int, ...] = ()


CASES = [
    Case("one statement is kept or lost alone", "mysql", "CREATE TABLE a (id int);", []),
    Case(
        "dropped before it is made",
        "mysql",
        "DROP TABLE IF EXISTS a;\nCREATE TABLE a (id int);\nCREATE INDEX i ON a (id);",
        [],
    ),
    Case(
        "a part of what is dropped and made again",
        "postgresql",
        "DROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT 1 AS a;\nCOMMENT ON VIEW v IS 'x';",
        [],
    ),
    Case(
        "what is temporary is gone at a repeat",
        "postgresql",
        "CREATE TEMP TABLE t AS SELECT 1 AS a;\nCREATE INDEX ON t (a);\nINSERT INTO t VALUES (2);\nCREATE TABLE u ();",
        [(4, "unguarded-create", SAFE)],
    ),
    Case(
        "the tool's transaction loses all",
        "postgresql",
        "CREATE TABLE a (id int);\nALTER TABLE b ADD COLUMN c int;\nINSERT INTO a VALUES (1);",
        [],
        tool="flyway",
    ),
    Case(
        "COMMIT keeps what stands above it",
        "postgresql",
        "BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\nBEGIN;\nDROP TABLE b;\nCOMMIT;",
        [(2, "unguarded-create", SAFE), (5, "unguarded-drop", SAFE)],
    ),
    Case(
        "no version named: words of any version are believed",
        "postgresql",
        "CREATE OR REPLACE TRIGGER t AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();\nCREATE TABLE b ();",
        [(2, "unguarded-create", SAFE)],
    ),
    Case(
        "an older version does not take them",
        "postgresql",
        "CREATE OR REPLACE TRIGGER t AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();",
        [(1, "ineffective-guard", SAFE)],
        server=(13,),
    ),
    Case(
        "only the major version named",
        "mysql",
        "CREATE TRIGGER IF NOT EXISTS t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = 1;",
        [],
        server=(8, 0),
    ),
    Case(
        "taken and ignored",
        "mariadb",
        "ALTER TABLE a ADD FOREIGN KEY IF NOT EXISTS (b) REFERENCES c (id);",
        [(1, "ineffective-guard", SAFE)],
    ),
    Case(
        "taken without a name",
        "mariadb",
        "ALTER TABLE a ADD INDEX IF NOT EXISTS (b);\nALTER TABLE a ADD UNIQUE IF NOT EXISTS (c);",
        [],
    ),
    Case(
        "a guard whose table has another name in the end",
        "mysql",
        "ALTER TABLE a ADD COLUMN b int;\nRENAME TABLE a TO c;",
        [(1, "unguarded-add", UNSAFE), (2, "unguarded-rename", SAFE)],
    ),
    Case(
        "a table made under another name, which a repeat makes and renames again",
        "sqlite",
        "CREATE TABLE new (id int);\nDROP TABLE old;\nALTER TABLE new RENAME TO old;",
        [(1, "unguarded-create", UNSAFE), (2, "unguarded-drop", UNSAFE)],
    ),
    Case(
        "tables exchanged: with a guard on the second, another run would drop the new one",
        "postgresql",
        "ALTER TABLE a RENAME TO old;\nALTER TABLE b RENAME TO a;\nDROP TABLE old;",
        [(1, "unguarded-rename", UNSAFE), (2, "unguarded-rename", NONE)],
    ),
    Case(
        "columns exchanged",
        "mariadb",
        "ALTER TABLE t RENAME COLUMN a TO old;\nALTER TABLE t RENAME COLUMN b TO a;\nSELECT 1;",
        [(1, "unguarded-rename", UNSAFE), (2, "unguarded-rename", NONE)],
    ),
    Case(
        "one ALTER TABLE is one finding",
        "postgresql",
        "ALTER TABLE a ADD COLUMN b int, DROP COLUMN c, ADD CHECK (b > 0);\nDROP TABLE d;",
        [(1, "unguarded-add", UNSAFE), (2, "unguarded-drop", SAFE)],
    ),
    Case(
        "rows for a table that has no key",
        "postgresql",
        "CREATE TABLE IF NOT EXISTS a (b int);\nINSERT INTO a VALUES (1);\nCOMMENT ON TABLE a IS 'x';",
        [(2, "repeated-insert", NONE)],
    ),
    Case(
        "alone in a file that is sent as one query",
        "postgresql",
        "CREATE INDEX CONCURRENTLY i ON a (b);",
        [(1, "unguarded-create", NONE)],
        tool="golang-migrate",
    ),
    Case(
        "refused in the transaction, so that nothing is left",
        "postgresql",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (b);\nCREATE TABLE c ();",
        [],
        tool="golang-migrate",
    ),
    Case(
        "DELIMITER after a word",
        "mysql",
        "DELIMITER $$\nDROP PROCEDURE IF EXISTS p$$\nCREATE PROCEDURE p()\nBEGIN\nSELECT 1;\nEND$$\n"
        "DROP PROCEDURE IF EXISTS q$$\nCREATE PROCEDURE q()\nBEGIN\nSELECT 1;\nEND$$",
        [],
    ),
    Case(
        "what a failed DROP INDEX CONCURRENTLY leaves can be dropped again",
        "postgresql",
        "DROP INDEX CONCURRENTLY i;",
        [],
    ),
    Case(
        "a guard would take the new column's primary key for the old one",
        "mysql",
        "ALTER TABLE a DROP PRIMARY KEY;\nALTER TABLE a ADD COLUMN id int PRIMARY KEY AUTO_INCREMENT;",
        [(1, "unguarded-drop", UNSAFE), (2, "unguarded-add", SAFE)],
    ),
    Case(
        "a nameless constraint takes the name of the one dropped before",
        "mysql",
        "SET @s = IF((SELECT COUNT(*) FROM information_schema.table_constraints WHERE constraint_schema = DATABASE()"
        " AND table_name = 'a' AND constraint_name = 'a_ibfk_1') > 0, 'ALTER TABLE a DROP FOREIGN KEY a_ibfk_1',"
        " 'SELECT 1');\nPREPARE p FROM @s;\nEXECUTE p;\nALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (b);",
        [],
    ),
    Case(
        "rows with random keys never conflict",
        "postgresql",
        "INSERT INTO a SELECT gen_random_uuid(), b FROM c;\nDROP TABLE IF EXISTS c;",
        [(1, "repeated-insert", NONE)],
    ),
    Case(
        "a procedure is told to drop it before",
        "mysql",
        "CALL drop_index('a', 'i');\nCREATE INDEX i ON a (b);\nCREATE INDEX j ON a (c);",
        [(3, "unguarded-create", SAFE)],
    ),
]


def _findings(case: Case) -> list[Diagnostic]:
    source = SourceFile(NAMES.get(case.tool, "001_example.sql"), case.text)
    choice = Choice(tool=case.tool, dialect=case.dialect, server=case.server)
    return lint(source, choice, Selection((str(Group.IDEMPOTENCY),))).diagnostics


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_findings(case: Case) -> None:
    """The findings, each with its line, its rule and its fix."""
    source = SourceFile("", case.text)
    found = [
        (source.position(one.span.start).line, one.rule, one.fix.applicability if one.fix else None)
        for one in _findings(case)
    ]
    assert found == case.expected


@pytest.mark.parametrize(
    ("tool", "text", "reason"),
    [
        ("sql", "CREATE TABLE a ();\nDROP TABLE b;", "clients run it statement by statement"),
        ("sql", "BEGIN;\nCREATE TABLE a ();\nCOMMIT;\nDROP TABLE b;", "COMMIT on line 3 keeps it"),
        (
            "dbmate",
            "-- migrate:up transaction:false\nCREATE TABLE a ();\nDROP TABLE b;\n-- migrate:down\n",
            "",
        ),
    ],
)
def test_message_names_the_commit_point(tool: str, text: str, reason: str) -> None:
    """A finding says why the operation is kept here."""
    found = _findings(Case("", "postgresql", text, [], tool=tool))
    assert bool(found) == bool(reason)
    assert not reason or reason in found[0].message


def test_what_the_statement_makes_anew_is_not_what_is_gone() -> None:
    """The new primary key has the old one's name, so it is the column that a second run misses."""
    text = (
        "ALTER TABLE a DROP CONSTRAINT a_pkey, DROP COLUMN id, ADD PRIMARY KEY (b);\nCREATE TABLE c (id int);"
    )
    found = lint(SourceFile("x.sql", text), Choice(tool="sql", dialect="postgresql"), Selection())
    assert "the column is gone" in next(
        one.message for one in found.diagnostics if one.rule == "unguarded-drop"
    )
