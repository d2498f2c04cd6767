"""What a rule is asked about: one section of a migration with everything that was found out about it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from partway.core.edit import Fix
from partway.core.migration import Migration, Section
from partway.core.operation import Action, Operation
from partway.core.source import Span
from partway.dialects.dialect import Dialect, Row

T = TypeVar("T")


class Kept(StrEnum):
    """Why what has run up to a commit point is kept when the migration stops after it."""

    ALONE = "alone"  # no transaction is open: each statement commits by itself
    IMPLICIT = "implicit"  # this statement commits, whatever transaction is open
    EXPLICIT = "explicit"  # a COMMIT is written here


class CommitPoint(NamedTuple):
    """A place where a failure leaves work behind: everything up to operation `after` (its index in the section) stays.

    `span` is the statement that makes it so.
    """

    after: int
    span: Span
    kept: Kept


class Exposure(NamedTuple):
    """An operation that a repeat of the section runs into: it is done already if the section stops after `stop`.

    `stop` is None where the operation's own failure leaves something behind (`leaves`, in words).
    """

    operation: int
    stop: CommitPoint | None
    leaves: str = ""


class Flow(NamedTuple):
    """How a section runs: its commit points in order, and what explicit control the text has.

    `transactional` lists the operations that run inside a transaction, of the tool's or of the text's making. `own`
    are the operations inside a transaction that the text itself opens. `open_at_end` is the BEGIN that nothing ends.
    `elsewhere` are the operations that production does not run: what a failure costs is told without them.
    `nested` are transaction-control statements inside the tool's own transaction. `units` counts the pieces that are
    kept or lost as one. `lasting` lists the operations that leave something behind in the database.
    """

    commit_points: tuple[CommitPoint, ...]
    transactional: frozenset[int]
    own: frozenset[int]
    open_at_end: Span | None
    nested: tuple[Span, ...]
    units: int
    lasting: tuple[int, ...] = ()
    elsewhere: frozenset[int] = frozenset()


class Case(NamedTuple):
    """A section, how it runs, and which of its operations a repeat would run into."""

    migration: Migration
    section: Section
    dialect: Dialect
    operations: tuple[Operation, ...]
    flow: Flow
    exposures: dict[int, Exposure]
    write_guard: Callable[[int], Fix | None]
    validated_elsewhere: Callable[[str], bool]
    known: dict[Callable[[Case], Any], Any]  # see `once`

    def once(self, work: Callable[[Case], T]) -> T:
        """What a function makes of this case: worked out for the first rule that asks, handed on to the others."""
        if work not in self.known:
            self.known[work] = work(self)
        known: T = self.known[work]
        return known

    def has(self, kind: str) -> bool:
        """Whether an action of this kind is in the section: most rules are about kinds that it has none of."""
        return kind in self.once(_kinds)

    @property
    def guards(self) -> bool:
        """Whether anything in the section is guarded."""
        return self.once(_guarded)

    def row(self, action: Action) -> Row | None:
        """The dialect's row for an action."""
        return self.dialect.row(action.kind, action.traits, self.migration.server)

    def line(self, span: Span) -> int:
        """The line a span begins on, from 1."""
        return self.migration.source.position(span.start).line

    def text(self, span: Span) -> str:
        """What a span holds."""
        return self.migration.source.text[span.start : span.end]


def _kinds(case: Case) -> frozenset[str]:
    return frozenset([action.kind for operation in case.operations for action in operation.actions])


def _guarded(case: Case) -> bool:
    return any(action.guard is not None for operation in case.operations for action in operation.actions)
