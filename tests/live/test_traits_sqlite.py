"""A table of SQLite is not taken for another kind of table that has its name: virtual, STRICT, WITHOUT ROWID."""

from __future__ import annotations

import pytest

from tests.engines.plugin import Labs
from tests.live.helper import stand, told_apart

#: What is made, what another one of its name would be made by, and a word of why it is another.
CASES = [
    (
        "CREATE VIRTUAL TABLE v USING fts5(a, tokenize = 'porter')",
        "CREATE VIRTUAL TABLE v USING fts5(a)",
        "module-arguments",
    ),
    ("CREATE VIRTUAL TABLE v USING fts5(a)", "CREATE VIRTUAL TABLE v USING fts5(a, b)", "module-arguments"),
    ("CREATE VIRTUAL TABLE v USING FTS4", "CREATE VIRTUAL TABLE v USING fts5(a)", "module fts5"),
    ("CREATE TABLE v (a int)", "CREATE VIRTUAL TABLE v USING fts5(a)", "module fts5"),
    ("CREATE VIRTUAL TABLE v USING fts4(a)", "CREATE TABLE v (a)", "module"),
    ("CREATE TABLE v (a int) STRICT", "CREATE TABLE v (a int)", "strict"),
    ("CREATE TABLE v (a int)", "CREATE TABLE v (a int) STRICT", "strict"),
    (
        "CREATE TABLE v (a int PRIMARY KEY) WITHOUT ROWID, STRICT",
        "CREATE TABLE v (a int PRIMARY KEY) STRICT",
        "rowid",
    ),
    ("CREATE TABLE v (a int PRIMARY KEY)", "CREATE TABLE v (a int PRIMARY KEY) WITHOUT ROWID", "rowid"),
]


@pytest.mark.parametrize(("made", "other", "word"), CASES, ids=[f"{case[0]}, {case[1]}" for case in CASES])
def test_another_one_of_the_name_is_different(made: str, other: str, word: str, labs: Labs) -> None:
    lab = labs("sqlite")
    lab.fresh()
    lab.execute("CREATE TABLE other (a int)")
    assert word in told_apart(lab, made, other)


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE v (a int); CREATE TABLE w (a int) STRICT; DROP TABLE v; ALTER TABLE w RENAME TO v",
        "CREATE TABLE v (a int) STRICT; ALTER TABLE v ADD COLUMN b text",
        "CREATE TABLE v AS SELECT 1 AS a; CREATE VIRTUAL TABLE w USING fts5(a); ALTER TABLE w RENAME TO x",
    ],
)
def test_what_is_said_later_counts(text: str, labs: Labs) -> None:
    lab = labs("sqlite")
    lab.fresh()
    lab.execute("CREATE TABLE other (a int)")
    assert stand(lab, text).point == (-1, 0)
    lab.script(text)
    assert all(one.state == "applied" for one in stand(lab, text).states)
