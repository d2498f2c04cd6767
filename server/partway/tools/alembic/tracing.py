"""Goes through a revision's `upgrade` once more, and notes which statements of the program led to each operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from partway.core.operation import Operation
from partway.core.source import SourceFile
from partway.tools.alembic.batch import Batch
from partway.tools.alembic.effects import Told
from partway.tools.alembic.flow import Flow, branches_of, handed
from partway.tools.alembic.looks import Condition
from partway.tools.alembic.reader import prepared
from partway.tools.alembic.request import Request, Statement
from partway.tools.draft import Draft
from partway.tools.python_program import Program
from partway.tools.python_scope import Scope
from partway.tools.python_strings import Text
from partway.tools.python_values import Call, listed, truth
from partway.tools.setup import Setup

if TYPE_CHECKING:
    from tree_sitter import Node


class Visit(NamedTuple):
    """A statement of the program that is being run; `number` tells its runs apart, in a loop say."""

    node: Node
    number: int


class Place(NamedTuple):
    """Where the program is: the statements that it is in, from `upgrade` inwards, through the file's functions; the
    texts that names stand for there; and the conditions that hold."""

    trail: tuple[Visit, ...]
    texts: Mapping[str, str]
    conditions: tuple[Condition, ...]


class Run(NamedTuple):
    """An operation with its place. `call` is what was called, and `request` and `sent` are the directive and the
    statement that it comes from; None for what is no directive. `batch` is the table rebuild or batch it stands in."""

    operation: Operation
    place: Place
    call: Call | None = None
    request: Request | None = None
    sent: Statement | None = None
    batch: Batch | None = None


class Trace(NamedTuple):
    """A revision gone through. `visited` are the statements that were run, by the ids of their nodes; `endless` the
    loops of which nobody knows what they go through; `chosen` the branches that each `if` took, each time that it was
    run, by their numbers: -1 for none of them, None where only a run would tell."""

    program: Program
    runs: tuple[Run, ...]
    visited: frozenset[int]
    endless: frozenset[int]
    chosen: Mapping[int, set[int | None]]


def trace(source: SourceFile, setup: Setup) -> Trace:
    """Every operation of `upgrade`, in order, with its place in the program."""
    program, flavour, here = prepared(source, setup)
    draft = Draft(source.text, setup, "up")
    told = _Tracing(program, draft, flavour, here)
    flow = _Following(program, told)
    told.flow = flow
    definition = program.functions.get("upgrade")
    if definition is not None:
        flow.inside.append("upgrade")
        flow.function(definition, handed(program, definition))
    return Trace(program, tuple(told.runs), frozenset(flow.visited), frozenset(flow.endless), flow.chosen)


class _Following(Flow):
    """Knows at any time which statements the program is in."""

    def __init__(self, program: Program, told: _Tracing) -> None:
        super().__init__(program, told)
        self.trail: list[tuple[Visit, Scope]] = []
        self.visited: set[int] = set()
        self.endless: set[int] = set()
        self.chosen: dict[int, set[int | None]] = {}
        self._count = 0

    def _statement(self, node: Node, scope: Scope) -> str:
        self._count += 1
        self.visited.add(node.id)
        if node.type == "if_statement":
            self.chosen.setdefault(node.id, set()).add(_choice(node, scope))
        self.trail.append((Visit(node, self._count), scope))
        try:
            return super()._statement(node, scope)
        finally:
            self.trail.pop()

    def _loop(self, node: Node, scope: Scope) -> None:
        if listed(scope.value(node.child_by_field_name("right"))) is None:
            self.endless.add(node.id)
        super()._loop(node, scope)


def _choice(node: Node, scope: Scope) -> int | None:
    """The branch that an `if` takes."""
    for number, (condition, _) in enumerate(branches_of(node)):
        known = True if condition is None else truth(scope.value(condition))
        if known is not False:
            return number if known else None
    return -1


class _Tracing(Told):
    """Notes the place of each operation that is told."""

    flow: _Following

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type] # as they come
        self.runs: list[Run] = []
        self._batched_at: list[tuple[Request, Place]] = []
        self._sent: list[tuple[Operation, Request, Statement]] = []

    def called(self, call: Call, scope: Scope) -> None:
        before = len(self.draft.steps)
        receiver = call.receiver
        super().called(call, scope)
        if isinstance(receiver, Batch) and receiver.requests and receiver.requests[-1][0].call is call:
            self._batched_at.append((receiver.requests[-1][0], self._place()))
        self._note(before, call, None)

    def left(self, entered: object) -> None:
        before = len(self.draft.steps)
        super().left(entered)
        self._note(before, None, entered if isinstance(entered, Batch) else None)

    def _operations(self, request: Request, sent: Statement, conditions: object) -> list[Operation]:
        made = super()._operations(request, sent, conditions)  # type: ignore[arg-type] # as they come
        self._sent += [(operation, request, sent) for operation in made]
        return made

    def _note(self, before: int, call: Call | None, batch: Batch | None) -> None:
        for step in self.draft.steps[before:]:
            for operation in step.operations:
                found = next((one for one in self._sent if one[0] is operation), None)
                request, sent = (found[1], found[2]) if found is not None else (None, None)
                at = next((place for one, place in self._batched_at if one is request), None)
                of = request.call if request is not None else call
                self.runs.append(Run(operation, at or self._place(), of, request, sent, batch))

    def _place(self) -> Place:
        texts: dict[str, str] = {}
        for _, scope in self.flow.trail:
            at: Scope | None = scope
            while at is not None:
                texts |= {
                    name: str(value)
                    for name, value in at.names.items()
                    if isinstance(value, Text) and value.known
                }
                at = at.outer
        return Place(tuple(visit for visit, _ in self.flow.trail), texts, tuple(self.conditions))
