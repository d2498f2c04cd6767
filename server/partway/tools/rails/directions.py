"""The words that say when and which way something runs: reversible, up_only, revert, transaction, change_table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from partway.core.source import Span
from partway.tools.rails.bound import Direction, Table
from partway.tools.rails.commands import Block, Command, FrameKind
from partway.tools.rails.looks import arguments
from partway.tools.rails.rescues import last_of_transaction
from partway.tools.rails.values import name_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.running import Running
    from partway.tools.rails.scope import Scope

#: Since this version changes in bulk are taken back in bulk.
_BULK_TAKEN_BACK: Final = (7, 1)


def _reversible(running: Running, node: Node, scope: Scope, given: Node | None, block: Node | None) -> None:  # noqa: ARG001 # all are called alike
    run = running.block if running.recording else running.in_place
    _at_its_place(running, node, lambda: run(block, scope, Direction(running.reverting)))


def _up_only(running: Running, node: Node, scope: Scope, given: Node | None, block: Node | None) -> None:  # noqa: ARG001 # all are called alike
    if not running.reverting:
        _one_way(running, lambda: running.in_place(block, scope, upward=True))


def _one_way(running: Running, run: Callable[[], object]) -> None:
    around, running.one_way = running.one_way, True
    try:
        run()
    finally:
        running.one_way = around


def _at_its_place(running: Running, node: Node, run: Callable[[], object]) -> None:
    """Run something that is not turned round itself, but has its turn where the rest is."""
    if not running.recording:
        _one_way(running, run)
        return
    around, running.sink, running.recording = running.sink, [], False
    try:
        _one_way(running, run)
    finally:
        inside, running.sink, running.recording = running.sink, around, True
    running.sink.append(
        Command("execute_block", (), {}, node, running.tree.span(node), commands=tuple(inside))
    )


def _revert(running: Running, node: Node, scope: Scope, given: Node | None, block: Node | None) -> None:
    if block is None:
        running.opaque(node, "revert", "another migration, turned round", scope=scope)
        return
    around, recording = running.sink, running.recording
    running.sink, running.recording = [], not recording
    try:
        with running.inside(FrameKind.REVERT, node, scope):
            running.block(block, scope)
    finally:
        inside, running.sink, running.recording = running.sink, around, recording
    running.sink += reversed(inside)
    if given is not None and given.named_child_count:
        running.opaque(node, "revert", "another migration, turned round", scope=scope)


def _transaction(running: Running, node: Node, scope: Scope, given: Node | None, block: Node | None) -> None:  # noqa: ARG001 # all are called alike
    """`transaction do ... end`: inside another transaction, Rails's own or the migration's, it opens none."""
    if running.in_transaction:
        with running.inside(FrameKind.BLOCK, node, scope):
            running.in_place(block, scope)
        return
    span = running.tree.span(node)
    begin = Command("begin", (), {}, node, Span(span.start, span.start), running.looks)
    commit = begin._replace(name="commit", span=Span(span.end, span.end))
    around, running.sink, running.in_transaction = running.sink, [], True
    try:
        with running.inside(FrameKind.BLOCK, node, scope):
            running.in_place(block, scope)
    finally:
        inside, running.sink, running.in_transaction = running.sink, around, False
    inside = last_of_transaction(inside)
    if inside:  # what is recorded is turned round once more
        running.sink += [commit, *inside, begin] if running.recording else [begin, *inside, commit]


def _yield(running: Running, node: Node, scope: Scope, given: Node | None, block: Node | None) -> None:  # noqa: ARG001 # all are called alike
    inner = scope.get("&block")
    if isinstance(inner, Block):
        args, _ = arguments(given, scope)
        running.run_block(inner, *args)


def change_table(running: Running, made: Command) -> None:
    """`change_table`: each call in its block is one of its own, unless all of them go into one ALTER TABLE."""
    if made.block is None:
        return
    bulk = made.options.get("bulk") is True and "bulk_alter" in running.program.adapter.supports
    if running.recording and (0,) < running.program.rails < _BULK_TAKEN_BACK:
        bulk = False
    table = name_of(made.arg(0))
    if not bulk:
        with running.inside(FrameKind.BLOCK, made.node, made.block.scope):
            running.run_block(made.block, Table(table, running.record, changed=True))
        return
    around, running.sink = running.sink, []
    running.run_block(made.block, Table(table, running.record, changed=True))
    inside, running.sink = running.sink, around
    if running.recording:
        inside.reverse()
    running.sink.append(
        made._replace(commands=tuple(inside), inverted=running.recording, frames=running.frames)
    )


SPECIAL: Final[dict[str, Callable[[Running, Node, Scope, Node | None, Node | None], None]]] = {
    "reversible": _reversible,
    "up_only": _up_only,
    "revert": _revert,
    "transaction": _transaction,
    "yield": _yield,
}
