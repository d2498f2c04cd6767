"""A migration: what a tool will run, in order, and in which transactions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple, overload

from partway.core.operation import Operation
from partway.core.postcondition import Postcondition
from partway.core.source import SourceFile, Span


class Mode(StrEnum):
    """How a tool runs a migration. Public: the value of `--transaction` and of `transaction` in JSON."""

    PER_MIGRATION = "per-migration"
    NONE = "none"
    WHOLE_RUN = "whole-run"


class TransactionMode(NamedTuple):
    """How this tool runs this section, and how we know.

    `reason` completes "... because": "Flyway runs each migration in one transaction". `opt_out` is the directive in
    the file that turned the tool's transaction off. `implicit` is set where the tool sends the file as one
    multi-statement query (or one pipeline): all or nothing without a BEGIN, and what an engine refuses in a
    transaction is refused unless it is alone in the file. `pipeline` says that it is one pipeline of the extended
    protocol, where such a statement is also accepted as the first one, and right behind a COMMIT. `mixable` is False
    where the tool refuses a file that holds both statements that the engine refuses in a transaction and others.
    `reopens` says that the tool switches autocommit off, so that after a COMMIT, or a statement that commits by
    itself, the next statement is in a transaction again. `uncertain` says that nobody knows whether a transaction
    surrounds the section, though something says that one may: then what would be kept without one is no finding.
    """

    mode: Mode
    reason: str
    opt_out: Span | None = None
    implicit: bool = False
    pipeline: bool = False
    mixable: bool = True
    reopens: bool = False
    uncertain: bool = False


class Control(StrEnum):
    """What a statement does to the transaction around it, where it is written for that alone."""

    BEGIN = "begin"
    COMMIT = "commit"
    ROLLBACK = "rollback"
    SAVEPOINT = "savepoint"
    RELEASE = "release"
    ROLLBACK_TO = "rollback-to"


class Setting(NamedTuple):
    """A session setting that a statement changes: its name, its value as written, and whether it ends with the
    transaction (SET LOCAL) or puts the setting back (RESET, SET ... TO DEFAULT)."""

    name: str
    value: str
    local: bool = False
    reset: bool = False


class Step(NamedTuple):
    """One statement of a migration: operations, or transaction control, or a session setting, or nothing of note.

    `by_tool` says that the transaction control is the tool's own doing, as where its `autocommit_block()` commits.
    """

    span: Span
    operations: tuple[Operation, ...] = ()
    control: Control | None = None
    settings: tuple[Setting, ...] = ()
    by_tool: bool = False


class LaterSteps(Sequence[Step]):
    """Steps that are worked out when somebody looks at them: few ask what a tool derives."""

    __slots__ = ("_steps", "_work")

    def __init__(self, work: Callable[[], Sequence[Step]]) -> None:
        self._work: Callable[[], Sequence[Step]] | None = work
        self._steps: tuple[Step, ...] = ()

    def _all(self) -> tuple[Step, ...]:
        if self._work is not None:
            self._steps = tuple(self._work())
            self._work = None
        return self._steps

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | Sequence[Step]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())

    def __eq__(self, other: object) -> bool:
        return self._all() == (other._all() if isinstance(other, LaterSteps) else other)

    def __hash__(self) -> int:
        return hash(self._all())


class Trouble(NamedTuple):
    """Something in the text that could not be read: an unterminated string, a statement that stops half way."""

    span: Span
    message: str


class Section(NamedTuple):
    """The part of a migration that runs in one direction: "up" or "down". `queries` are stretches of it that the tool
    sends as one query each, where it sends the other statements one by one. `derived` says that nobody has written it:
    the tool makes it from the text of the other direction."""

    name: str
    span: Span
    steps: Sequence[Step]
    transaction: TransactionMode
    queries: tuple[Span, ...] = ()
    derived: bool = False

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation in order."""
        return tuple([operation for step in self.steps for operation in step.operations])


class Comment(NamedTuple):
    """A comment in the migration's own language, delimiters included."""

    span: Span
    text: str


class Migration(NamedTuple):
    """A file read: which tool runs it, on which dialect and server version, and its sections.

    `server` is the server's version as numbers, empty when nobody said. `identity` is what the tool calls this
    migration (a version, a name); empty for plain SQL. `tool` and `dialect` are the public names; `dialect_assumed`
    says that nothing named the dialect and the commonest was taken. `comment` begins a line comment in the file's
    language; `embedded` are the stretches of a program that are SQL. `remade` says of statements that make tables anew,
    by their place, what those tables have or lack afterwards. `refused` says of a file that the tool which is there
    does not load, so that it runs nowhere any more, why that is so.
    """

    source: SourceFile
    tool: str
    dialect: str
    server: tuple[int, ...]
    identity: str
    sections: tuple[Section, ...]
    comments: tuple[Comment, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    dialect_assumed: bool = False
    comment: str = "--"
    embedded: tuple[Span, ...] = ()
    remade: tuple[tuple[Span, tuple[Postcondition, ...]], ...] = ()
    refused: str = ""
