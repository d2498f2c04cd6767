"""From text to guarded text, and how a text is run on an engine statement by statement, as migration tools do."""

from __future__ import annotations

from typing import NamedTuple

from partway.core.edit import Applicability, Edit, Fix, apply_edits
from partway.core.operation import Operation
from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.dialects.dialect import Version
from partway.sql.guards import guard
from partway.sql.lexer import CUT, lex
from partway.sql.reader import Reading, read_steps
from partway.sql.statements import split
from tests.engines.lab import Lab


class Guarded(NamedTuple):
    """A text after its fixes, and the fixes, None for an operation that has none."""

    text: str
    fixes: list[Fix | None]

    @property
    def safe(self) -> bool:
        """Whether every fix may be applied without asking."""
        return all(fix is not None and fix.applicability is Applicability.SAFE for fix in self.fixes)


def version(lab: Lab) -> Version:
    """The engine's version as Partway is told it."""
    return tuple(int(part) for part in lab.server_version.split("."))


def read(text: str, name: str, server: Version = ()) -> Reading:
    """The text read whole."""
    return read_steps(text, 0, len(text), dialect_named(name), server, "up")


def operations(text: str, name: str, server: Version = ()) -> list[Operation]:
    """Its operations in order."""
    return [operation for step in read(text, name, server).steps for operation in step.operations]


def guarded(text: str, name: str, server: Version = (), **options: object) -> Guarded:
    """The text with the guard of each operation that has one written into it."""
    newline = SourceFile("x.sql", text).newline
    edits: list[Edit] = []
    fixes: list[Fix | None] = []
    for operation in operations(text, name, server):
        fix = guard(text, operation, dialect_named(name), server, newline=newline, **options)  # type: ignore[arg-type]  # options by their names
        fixes.append(fix)
        edits += fix.edits if fix is not None else ()
    return Guarded(apply_edits(text, edits), fixes)


def statements(text: str, name: str) -> list[str]:
    """The statements as a client sends them: without terminators and client commands."""
    tokens = lex(text, dialect_named(name).lexis).tokens
    return [text[s.span.start : s.span.end] for s in split(tokens) if s.tokens[0][0] != CUT]


def run(lab: Lab, text: str) -> None:
    """Run each statement of a text by itself in one session."""
    lab.execute(*statements(text, lab.dialect))
