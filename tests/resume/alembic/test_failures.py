"""Failures as they happen: rows that break a key, duplicates under a unique index, a lock that is held."""

from __future__ import annotations

import re

import pytest

from tests.engines.lab import Lab
from tests.resume.alembic.case import BASE_FILE, FAILED_FILE, MARIADB, POSTGRESQL, Case
from tests.resume.alembic.crash import Stopper, must, resume_file
from tests.runners.plugin import Runners
from tests.runners.runner import changed

KEYED = Case(
    """
    op.add_column("users", sa.Column("nick", sa.String(9)))
    op.create_foreign_key("to_user", "posts", "users", ["user_id"], ["id"])
    op.create_index("by_title", "posts", ["title"])
    """,
    "pass",
)
UNIQUE = Case(
    """
    op.add_column("users", sa.Column("nick", sa.String(9)))
    with op.get_context().autocommit_block():
        op.create_index(
            "uq_age", "users", ["age"], unique=True, postgresql_concurrently=True
        )
    op.add_column("posts", sa.Column("rank", sa.Integer()))
    """,
    "pass",
)
VALIDATED = Case(
    """
    op.add_column("users", sa.Column("nick", sa.String(9)))
    op.create_foreign_key(
        "to_user",
        "posts",
        "users",
        ["user_id"],
        ["id"],
        postgresql_not_valid=True,
    )
    op.execute("ALTER TABLE posts VALIDATE CONSTRAINT to_user")
    """,
    "pass",
)


class Failure:
    """A revision that fails by itself, on an engine: what is in the way, and what takes it out of the way."""

    def __init__(self, runners: Runners, engine: str, case: Case, breaks: str, mends: str) -> None:
        self.runner = runners.alembic(engine)
        self.stopper = Stopper(self.runner, case)
        self.case = case
        self.breaks = breaks
        self.mends = mends

    def check(self, error: str) -> str:
        """That it fails so, and that the resume leads where it would have led without a failure; the resume's text."""
        runner, stopper = self.runner, self.stopper
        project = self.case.project(runner.lab.name)
        stopper.load(project)
        must(runner.up(BASE_FILE))
        runner.lab.execute(self.breaks)
        runner.lab.execute(self.mends)
        must(runner.up(FAILED_FILE))
        whole = runner.dump()
        stopper.load(project)
        must(runner.up(BASE_FILE))
        runner.lab.execute(self.breaks)
        outcome = runner.up(FAILED_FILE)
        assert re.search(error, outcome.error, re.IGNORECASE), outcome
        assert not outcome.recorded
        runner.lab.execute(self.mends)
        resumed = stopper.resumed(project)
        must(stopper.finished(resumed))
        assert not changed(whole, runner.dump())
        assert runner.again(resume_file(resumed)).verdict == "same"
        return resumed.files[resume_file(resumed)]


ORPHAN = "INSERT INTO posts (id, title, user_id) VALUES (9, 'nine', 99)"
ADOPTED = "DELETE FROM posts WHERE id = 9"


@pytest.mark.parametrize("engine", [*POSTGRESQL, *MARIADB])
def test_a_key_that_rows_break(engine: str, runners: Runners) -> None:
    text = Failure(runners, engine, KEYED, ORPHAN, ADOPTED).check("foreign key")
    assert 'if not has_foreign_key("posts", "to_user"):' in text


def test_duplicates_leave_an_invalid_index_which_is_built_anew(runners: Runners) -> None:
    twin = "INSERT INTO users (id, name, age) VALUES (9, 'ann', 31)"
    text = Failure(runners, "postgresql18", UNIQUE, twin, "DELETE FROM users WHERE id = 9").check("unique")
    assert "uq_age is left INVALID" in " ".join(text.split()) or "INVALID" in text
    assert 'op.drop_index("uq_age", table_name="users", postgresql_concurrently=True)' in text


def test_a_validation_that_rows_break(runners: Runners) -> None:
    Failure(runners, "postgresql18", VALIDATED, ORPHAN, ADOPTED).check("violates foreign key")


@pytest.mark.parametrize("engine", [*POSTGRESQL, *MARIADB])
def test_a_lock_that_is_not_given(engine: str, runners: Runners) -> None:
    runner = runners.alembic(engine)
    stopper = Stopper(runner, KEYED)
    _, whole, _ = stopper.undisturbed()
    stopper.load(KEYED.project(engine))
    must(runner.up(BASE_FILE))
    with Held(runner.lab):
        outcome = runner.up(FAILED_FILE)
    assert re.search("lock", outcome.error, re.IGNORECASE), outcome
    resumed = stopper.resumed(KEYED.project(engine))
    must(stopper.finished(resumed))
    assert not changed(whole, runner.dump())


class Held:
    """Another session, which is in the middle of changing the posts."""

    def __init__(self, lab: Lab) -> None:
        self.session = lab.connect()

    def __enter__(self) -> None:
        self.session.run("BEGIN")
        self.session.run("UPDATE posts SET title = title")

    def __exit__(self, *_: object) -> None:
        self.session.run("ROLLBACK")
        self.session.close()
