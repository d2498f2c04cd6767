"""SQL in strings of a program: its operations stand at their places in the program."""

from __future__ import annotations

from partway.core.source import Span
from partway.dialects import dialect_named
from partway.tools.embedded import Piece, hole, read_sql
from partway.tools.setup import Setup

SETUP = Setup("sql", dialect_named("postgresql"))


def _pieces(program: str, *parts: tuple[str, str]) -> list[Piece]:
    """Pieces by what they mean and how they are written, in order."""
    found = []
    at = 0
    for meant, written in parts:
        at = program.index(written, at)
        span = Span(at, at + len(written))
        found.append(Piece(meant, span, exact=meant == written) if meant else hole(span))
        at += len(written)
    return found


def test_a_string_without_escapes_is_read_where_it_stands() -> None:
    program = 'execute "DROP TABLE users; DROP TABLE roles"'
    inside = "DROP TABLE users; DROP TABLE roles"
    (first, second) = read_sql(program, _pieces(program, (inside, inside)), SETUP, "up").steps
    assert [program[slice(*step.span)] for step in (first, second)] == [
        "DROP TABLE users",
        "DROP TABLE roles",
    ]


def test_after_an_escape_offsets_still_hold() -> None:
    program = r"""execute "DROP TABLE \"Users\"; DROP TABLE roles" """
    parts = [("DROP TABLE ", "DROP TABLE "), ('"', r"\""), ("Users", "Users"), ('"', r"\"")]
    pieces = _pieces(program, *parts, ("; DROP TABLE roles", "; DROP TABLE roles"))
    first, second = read_sql(program, pieces, SETUP, "up").steps
    assert first.operations[0].target == "Users"
    assert program[slice(*second.span)] == "DROP TABLE roles"


def test_a_name_that_only_a_run_tells_is_not_guessed() -> None:
    program = 'execute "ALTER TABLE #{table} ADD COLUMN age integer"'
    parts = [("ALTER TABLE ", "ALTER TABLE "), ("", "#{table}"), (" ADD COLUMN age integer",) * 2]
    (step,) = read_sql(program, _pieces(program, *parts), SETUP, "up").steps
    (operation,) = step.operations
    assert (operation.kind, operation.target, operation.postconditions) == ("add-column", "?.age", ())


def test_a_value_that_only_a_run_tells_leaves_the_names_alone() -> None:
    program = 'execute "UPDATE users SET age = #{age}"'
    (step,) = read_sql(
        program, _pieces(program, ("UPDATE users SET age = ",) * 2, ("", "#{age}")), SETUP, "up"
    ).steps
    assert (step.operations[0].kind, step.operations[0].target) == ("update", "users")
