"""Migrations made at random, each stopped at every point: its resume ends as an undisturbed run, or is refused."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings

from tests.engines.plugin import Labs
from tests.resume.sql.crash import crash
from tests.resume.sql.migrations import Case
from tests.resume.sql.random_migrations import SETUP, migrations

#: Found so: what was in the way of a table's columns, of an index's, a name that two tables have in turn,
#: of an index that is made and dropped, and two tables that change places and keep columns of one name.
FOUND = (
    """\
ALTER TABLE users RENAME TO roles;
ALTER TABLE roles RENAME TO users;
DROP INDEX by_name;
DROP TABLE users;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, own_1 TEXT);
""",
    """\
ALTER TABLE users ADD COLUMN note TEXT;
DROP INDEX by_name;
CREATE INDEX IF NOT EXISTS by_note ON users (name);
CREATE INDEX by_name ON posts (name);
ALTER TABLE posts RENAME TO roles;
""",
    """\
ALTER TABLE posts RENAME TO roles;
ALTER TABLE roles RENAME COLUMN name TO email;
ALTER TABLE roles RENAME TO posts;
ALTER TABLE users RENAME TO roles;
DROP INDEX IF EXISTS by_name;
""",
    """\
DROP INDEX by_name;
CREATE TABLE roles (id INTEGER PRIMARY KEY, name TEXT, own_1 TEXT);
CREATE INDEX by_note ON roles (name, id);
DROP INDEX by_note;
""",
    """\
ALTER TABLE posts ADD COLUMN email VARCHAR(1);
ALTER TABLE posts RENAME TO roles;
ALTER TABLE users RENAME TO posts;
ALTER TABLE roles RENAME TO users;
""",
)


UNHURRIED = settings(
    max_examples=16,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)


@UNHURRIED
@given(case=migrations())
@example(case=Case("columns", SETUP, FOUND[0]))
@example(case=Case("index", SETUP, FOUND[1]))
@example(case=Case("names", SETUP, FOUND[2]))
@example(case=Case("dropped again", SETUP, FOUND[3]))
@example(case=Case("changed places", SETUP, FOUND[4]))
def test_no_resume_ends_otherwise(labs: Labs, case: Case) -> None:
    # Always by an error: to kill takes a process of its own, and is done elsewhere.
    tally = crash(labs("sqlite"), case, 0, kills=False)
    assert not tally.wrong, f"{case.up}\n{tally.wrong[0]}"


@UNHURRIED
@given(case=migrations())
@example(case=Case("changed places", SETUP, FOUND[4]))
def test_nor_where_no_earlier_migration_tells_what_was_there(labs: Labs, case: Case) -> None:
    tally = crash(labs("sqlite"), case, 0, kills=False, known=False)
    assert not tally.wrong, f"{case.up}\n{tally.wrong[0]}"
