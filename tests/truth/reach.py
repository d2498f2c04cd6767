"""Which rows of a dialect's table a statement of the set reaches, as Partway reads it on that server version."""

from __future__ import annotations

from typing import NamedTuple

from partway.core.operation import Action
from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.dialects.dialect import Row, Version
from partway.tools.choice import Choice
from partway.tools.reading import read
from tests.truth.cases import Case
from tests.truth.verdicts import as_file


class Reached(NamedTuple):
    """One action of a statement, and the row that says what becomes of it; None for a kind that has no row."""

    action: Action
    row: Row | None


def numbered(version: str) -> Version:
    """A server version as the tables compare it."""
    return tuple(int(part) for part in version.split("."))


def reached(case: Case, dialect: str, server_version: str) -> list[Reached]:
    """The actions of the case's own statements, in order; of what stands above them none."""
    file = as_file(case, dialect)
    source = SourceFile("case.sql", file.text)
    start = sum(len(line) for line in file.text.splitlines(keepends=True)[: file.line - 1])
    version = numbered(server_version)
    table = dialect_named(dialect)
    return [
        Reached(action, table.row(action.kind, action.traits, version))
        for section in read(source, Choice("sql", dialect, version)).sections
        for operation in section.operations
        if operation.span.start >= start
        for action in operation.actions
    ]
