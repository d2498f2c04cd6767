"""What the writer of a resume migration is given, and what it gives back: the words that all tools share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple, Protocol, cast

from partway.core.edit import Edit
from partway.core.migration import Migration
from partway.core.operation import Operation
from partway.core.postcondition import Name, Postcondition
from partway.tools.beside import Beside
from partway.tools.history import File, History, Item, Order, Target

#: Facts of which all must hold, in alternatives of which one is enough. None at all: never.
Formula = tuple[tuple[Postcondition, ...], ...]


class CannotResume(Exception):
    """There is no resume migration that would be right. `advice` is one imperative, `query` lets a person decide.
    `undecided` is the number of the operation of which somebody has to say whether it ran, None where that would not
    help."""

    def __init__(
        self, reason: str, advice: str = "", query: str = "", *, undecided: int | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice
        self.query = query
        self.undecided = undecided


class Step(NamedTuple):
    """An operation that the resume migration holds.

    `number` is its place in the migration's way up, from 0. `unless` is what the catalog shows when it has run already,
    on every database that the resume may meet; an empty formula: it can simply run again. `joined`: nothing in the
    catalog shows whether it ran, and it must not run twice, so it runs where the step before it has just run, and
    nowhere else.
    `empty` is a table of the migration's own that the operation is the first to fill: where it has rows, it has run.
    The same of several that are joined and work with a temporary table, of which one fills that.
    `ran` says what is known of the database that was asked: True where it has run there, None where nobody knows.
    `blind`: nothing shows whether it ran, and nobody said so; it is written since it has not run on the database that
    was asked.
    `again`: where nobody knows whether it ran, it can run once more with all that follows it: it takes away and makes
    anew what holds no rows.
    """

    number: int
    operation: Operation
    unless: Formula = ()
    joined: bool = False
    empty: Name | None = None
    ran: bool | None = None
    blind: bool = False
    again: bool = False


class LeftOut(NamedTuple):
    """An operation that has run on the database that was asked, and that nothing could keep from running again."""

    number: int
    operation: Operation
    why: str


class Found(NamedTuple):
    """What a database showed: its name for people, when it was asked (a date and time in words), the sentence of
    `partway status`, and the number of operations that were known to have run."""

    database: str
    when: str
    sentence: str
    applied: int


class Request(NamedTuple):
    """A half-run migration, and what its resume migration has to do.

    `steps` and `left_out` are the operations of its way up in order. `order` are the project's migrations as the tool
    runs them, `files` their texts by path; `history` is what the tracking table says, None where nobody asked. `found`
    is None where no database was asked. `beside` are the project's other files, as the migration's reader saw them, for
    writers that read it once more. `here` are facts that hold together where the migration stopped, and had it stopped
    elsewhere would not; none where that point is not known. `alike_at_end`: they hold where all of it has run as well,
    and what is left would do something there.
    """

    migration: Migration
    file: File
    steps: tuple[Step, ...]
    left_out: tuple[LeftOut, ...]
    order: Order
    files: Mapping[str, File]
    target: Target
    table: Name | None = None
    history: History | None = None
    found: Found | None = None
    beside: Beside | None = None
    here: tuple[Postcondition, ...] = ()
    alike_at_end: bool = False

    @property
    def item(self) -> Item | None:
        """The migration's place in the order."""
        return next((item for item in self.order.items if item.path == self.file.path), None)

    @property
    def only_here(self) -> list[str]:
        """A sentence about what is written since it has not run on the database that was asked, though nothing would
        show elsewhere that it has; none where all of it shows."""
        blind = [named(step.operation) for step in self.steps if step.blind]
        return [f"Only for where this has not run, which shows nowhere: {', '.join(blind)}."] if blind else []

    @property
    def following(self) -> tuple[Item, ...]:
        """The migrations that come after it, in the tool's order."""
        item = self.item
        after = set(self.order.after(item.identity)) if item is not None else set()
        return tuple(one for one in self.order.items if one.identity in after)


class Whole(NamedTuple):
    """Operations that a tool's resume migration does over as one: those from `first` to `last` of the way up.

    `operations` are what is to be thought of them (the statements themselves, or one in their place), and the one at
    `telling` is the last of those that show anything: once it has run, all of them have.
    """

    first: int
    last: int
    operations: tuple[Operation, ...]
    telling: int = 0


class Change(NamedTuple):
    """Edits that another file of the project needs, and why."""

    path: str
    edits: tuple[Edit, ...]
    why: str


class Written(NamedTuple):
    """A file that is to be made."""

    path: str
    text: str


class Resumed(NamedTuple):
    """A resume migration: its file's path, its text, other files that have to be made (`beside`) or changed with it,
    and what a person has to know besides. `identity` is what the tool will call it; empty where the tool does not run
    it."""

    path: str
    text: str
    identity: str = ""
    beside: tuple[Written, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


class ResumeWriter(Protocol):
    """`tools/<folder>/resume.py`, imported only when a resume migration is wanted.

    Optional besides: `wholes(migration)`, the operations of its way up as the resume sees them, where it takes several
    of them as one; the plan is then made of those.
    """

    def visible(self, dialect: str, fact: Postcondition) -> bool:
        """Whether a resume migration of this tool can ask the catalog about a fact, or its opposite."""
        ...

    def resume(self, request: Request) -> Resumed:
        """The resume migration in the tool's own language, at the tool's own place. Raises CannotResume."""
        ...


@cache
def resume_writer(tool: str) -> ResumeWriter:
    """The writer of this tool; KeyError for one that has none."""
    name = f"partway.tools.{tool.replace('-', '_')}.resume"
    if find_spec(name) is None:
        raise KeyError(tool)
    return cast(ResumeWriter, import_module(name))


def named(operation: Operation) -> str:
    """An operation as people are told of it."""
    return f"{operation.kind} {operation.target}".strip()


def statements(steps: Sequence[Step]) -> list[tuple[Step, ...]]:
    """The steps by the statement or call that they come from, which runs as one in the migration's own language."""
    found: list[list[Step]] = []
    for step in steps:
        if found and found[-1][-1].operation.statement == step.operation.statement:
            found[-1].append(step)
        else:
            found.append([step])
    return [tuple(each) for each in found]
