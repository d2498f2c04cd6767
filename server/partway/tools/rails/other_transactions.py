"""`Model.transaction do ... end` of a model whose connection is plainly another one: what goes to the migration's own
connection in there is in no transaction for that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from partway.core.source import Span
from partway.tools.rails.commands import Command, FrameKind
from partway.tools.rails.connections import is_own
from partway.tools.rails.vocabulary import METHODS

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.program import Program
    from partway.tools.rails.running import Running
    from partway.tools.rails.scope import Scope


def of_another(running: Running, node: Node, block: Node | None, scope: Scope) -> None:
    """Run the block: a transaction is around what may go to that other connection, and around nothing else."""
    span = running.tree.span(node)
    begin = Command("begin", (), {}, node, Span(span.start, span.start), running.looks)
    commit = begin._replace(name="commit", span=Span(span.end, span.end))
    ends = (
        (commit, begin) if running.recording else (begin, commit)
    )  # what is recorded is turned round once more
    around, running.sink = running.sink, []
    outer, running.beside_another = running.beside_another, True
    try:
        with running.inside(FrameKind.BLOCK, node, scope):
            running.in_place(block, scope)
    finally:
        inside, running.sink, running.beside_another = running.sink, around, outer
    running.sink += _apart(running.program, inside, ends)


def _apart(program: Program, commands: Sequence[Command], ends: tuple[Command, Command]) -> Iterator[Command]:
    first, last = ends
    is_open = is_its_own = False  # in the other connection's transaction, or in one of the migration's own
    for command in commands:
        if command.name in ("begin", "commit"):
            if is_open:
                yield last
            is_open = False
            is_its_own = command.name == first.name
        elif not is_its_own and is_open is _is_plainly_own(program, command):
            yield last if is_open else first
            is_open = not is_open
        yield command
    if is_open:
        yield last


def _is_plainly_own(program: Program, command: Command) -> bool:
    """Whether a call goes to the migration's own connection for certain."""
    if command.name == "execute_block":
        return all(_is_plainly_own(program, each) for each in command.commands)
    if command.name == "rows":
        return is_own(program, command.words.rpartition(".")[0])
    return command.name in METHODS and not command.aside
