"""What a migration calls, in the order in which it calls it, before it is known what that sends to the database."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from partway.core.source import Span
from partway.tools.rails.values import REST, UNKNOWN, Value

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.scope import Scope


#: The object of a look by a method of the project's own, whose `columns` are all the names that it is given.
SOMETHING: Final = "something"
#: The object of a look that takes a table, a view or an index of that name.
RELATION: Final = "relation"
#: The object of what is no look at all: `rescue`, which swallows the error that a second run ends with.
RESCUED: Final = "rescued"


#: A condition by its place, and whether what it asks for is to be there.
Asked = tuple[Span, bool]


class Look(NamedTuple):
    """A condition that looks at the database: the calls behind it run only while this object is there (`present`), or
    only while it is not. `said` is the method that asks, `columns` those of an index or a foreign key, `to_table` where
    that points to. `flaw` says why its answer is not to be trusted, in words. `chooses` says that other calls run where
    the answer is the other one: it need not ask whether anything is done. `upward` says that the way down does not ask:
    it stands in `dir.up` or `up_only`."""

    object: str
    table: str
    name: str
    present: bool
    span: Span
    said: str
    columns: tuple[str, ...] = ()
    to_table: str = ""
    flaw: str = ""
    chooses: bool = False
    upward: bool = False

    @property
    def asked(self) -> Asked:
        """Where the condition stands, and which answer is wanted: the other branch wants the other one."""
        return self.span, self.present

    def turned(self) -> Look:
        """The same look, for what runs where the answer is the other one."""
        return self._replace(present=not self.present)


Looks = tuple[Look, ...]


class FrameKind(StrEnum):
    """What a construct around a call does with it."""

    BLOCK = (
        "block"  # a call that runs its block once: say_with_time, safety_assured, transaction, change_table
    )
    CONDITION = (
        "condition"  # what stands in it runs on a condition that only a run decides, or the adapter does
    )
    WHOLE = "whole"  # what it runs, and how often, only a run tells: a loop over records, rescue, case
    PAST = "past"  # what stands in it comes after a way out of the method that was not taken
    REVERT = "revert"  # what stands in it is turned round


class Frame(NamedTuple):
    """A construct around a call, for those who write the call once more. `node` is the construct, of a condition the
    condition itself; `wanted` the answer with which the call runs, `decided` says that it is known, and `looks` are
    what the condition looks at. `branch` is the one of a `case` that the call stands in, `way` the way out that was
    not taken: not all of these hold. `raises` says that there the migration would have failed: what stands behind it
    runs wherever the migration does."""

    kind: FrameKind
    node: Node
    scope: Scope
    wanted: bool = True
    looks: Looks = ()
    decided: bool = False
    branch: Node | None = None
    way: tuple[Frame, ...] = ()
    raises: bool = False


class Block(NamedTuple):
    """A block that a call is given: the names of its parameters, its body, and what it knows."""

    parameters: tuple[str, ...]
    body: Node | None
    scope: Scope


class Command(NamedTuple):
    """One call: the method's name, its arguments and options, the conditions around it, and its place.

    `words` is the call in the migration's own words, where that is not its name (`t.remove`). `commands` are the
    calls that one of several consists of: a bulk change of a table, a block with its own directions. `inverted` says
    that it is the way back of what stands at its place, `scope` what the names in it stand for,
    `one_way` that the way back does not turn it round: what stands in `reversible`, or goes past the recorder.
    `frames` are the constructs around it, the outermost first. `aside` says that a transaction is open, and that it may
    not be one of the database that this goes to.
    """

    name: str
    args: tuple[Value, ...]
    options: dict[str, Value]
    node: Node
    span: Span
    looks: Looks = ()
    block: Block | None = None
    words: str = ""
    commands: tuple[Command, ...] = ()
    inverted: bool = False
    scope: Scope | None = None
    one_way: bool = False
    frames: tuple[Frame, ...] = ()
    aside: bool = False

    def arg(self, index: int) -> Value:
        """An argument by its place; UNKNOWN where a splat stands before it, None where there is none."""
        if index < len(self.args):
            return self.args[index]
        return UNKNOWN if UNKNOWN in self.args[-1:] and self.vague else None

    @property
    def vague(self) -> bool:
        """Whether a splat stands among the arguments, so that nobody knows how many there are."""
        return "*" in self.options

    def option(self, name: str, otherwise: Value = None) -> Value:
        """An option; UNKNOWN where `**options` that nobody knows may hold it."""
        if name in self.options:
            return self.options[name]
        return UNKNOWN if REST in self.options else otherwise


class Irreversible(Exception):  # as Rails calls it
    """A call that the way down of `change` cannot turn round."""

    def __init__(self, command: Command, why: str) -> None:
        super().__init__(why)
        self.command = command
        self.why = why
