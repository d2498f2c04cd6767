"""Reading only what changed gives exactly what reading everything gives, whatever is typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partway.core.source import SourceFile
from partway.dialects import NAMES
from partway.sql.earlier import Earlier
from partway.tools.choice import Choice
from partway.tools.reading import read

_STATEMENTS = [
    "CREATE TABLE a (id int PRIMARY KEY, n text);",
    "CREATE TABLE b (id serial PRIMARY KEY);",
    "ALTER TABLE a ADD COLUMN c int, ADD CONSTRAINT k CHECK (c > 0);",
    "INSERT INTO a (id) VALUES (1);",
    "INSERT INTO b DEFAULT VALUES;",
    "UPDATE a SET n = n || 'x';",
    "-- a comment; with a semicolon",
    "/* a longer\n   comment */",
    "DO $$ BEGIN IF to_regtype('t') IS NULL THEN CREATE TYPE t AS ENUM ('a'); END IF; END $$;",
    "SET @s = 'DROP TABLE a'; PREPARE s FROM @s; EXECUTE s;",
    "CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW BEGIN UPDATE b SET id = 1; END;",
    "BEGIN;",
    "COMMIT;",
    "DROP TABLE b;",
    "DELIMITER //\nCREATE PROCEDURE p() BEGIN DROP TABLE a; END //\nDELIMITER ;\nCALL p();",
    "COPY a FROM stdin;\n1\tx\n\\.\n",
    "REINDEX TABLE a;",
    "COMMENT ON TABLE a IS 'it''s';",
]  # fmt: skip
_PIECES = [
    ";", "'", '"', "$$", "--", "/*", "*/", "\n", " ", "x", "CREATE TABLE z (i int);", "END", "`", "BEGIN", "\\", "",
    "DELIMITER //\n",
]  # fmt: skip
texts = st.lists(st.sampled_from(_STATEMENTS), min_size=1, max_size=12).map("\n".join)
edits = st.lists(
    st.tuples(st.integers(0, 600), st.integers(0, 12), st.sampled_from(_PIECES)), min_size=1, max_size=8
)


def _edited(text: str, edit: tuple[int, int, str]) -> str:
    at, length, piece = edit
    at = min(at, len(text))
    return text[:at] + piece + text[at + length :]


@pytest.mark.parametrize("dialect", NAMES)
@pytest.mark.parametrize("tool", ["sql", "goose"])
@given(text=texts, changes=edits)
@settings(max_examples=250, deadline=None)
def test_reading_what_changed_equals_reading_everything(
    dialect: str, tool: str, text: str, changes: list[tuple[int, int, str]]
) -> None:
    if tool == "goose":
        text = f"-- +goose Up\n{text}\n-- +goose Down\n{text}\n"
    earlier = Earlier()
    choice = Choice(tool, dialect)
    read(SourceFile("1_x.sql", text), choice, earlier)
    for change in changes:
        text = _edited(text, change)
        again = read(SourceFile("1_x.sql", text), choice, earlier)
        whole = read(SourceFile("1_x.sql", text), choice)
        assert again.sections == whole.sections
        assert again.comments == whole.comments
        assert again.troubles == whole.troubles


def test_statements_that_did_not_change_are_kept() -> None:
    text = "\n".join(f"CREATE TABLE t{number} (id int);" for number in range(50))
    earlier = Earlier()
    choice = Choice("sql", "postgresql")
    first = read(SourceFile("x.sql", text), choice, earlier).sections[0].steps
    changed = text.replace("t25 (id int)", "t25 (id bigint)")
    again = read(SourceFile("x.sql", changed), choice, earlier).sections[0].steps
    assert all(a is b for a, b in zip(first[:25], again[:25], strict=True))
    assert again[25].operations[0].postconditions[1].attributes == (("type", "bigint"),)
    assert again[49].span.start == first[49].span.start + len("big")
