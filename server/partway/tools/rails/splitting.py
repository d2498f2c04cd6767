"""Calls of a migration that make several operations in one, taken apart: SQL of several statements, and changes of a
table in bulk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import dedent
from typing import TYPE_CHECKING, Final

from partway.core.operation import Operation
from partway.tools.rails.commands import Command
from partway.tools.rails.literals import quoted
from partway.tools.rails.wording import Wording
from partway.tools.resuming import CannotResume

if TYPE_CHECKING:
    from tree_sitter import Node

_LONGEST: Final = 80


def of_sql(text: str, command: Command, operations: Sequence[Operation]) -> list[str]:
    """A call that runs SQL, once for each statement in it."""
    found = []
    for operation in operations:
        start, end = operation.statement
        line = text.rfind("\n", 0, start) + 1
        indent = text[line:start]
        said = dedent((indent if indent.isspace() else "") + text[start:end]).strip().rstrip(";").rstrip()
        if "#{" in said or "\\" in said:
            raise CannotResume(
                f"{command.words or command.name} runs several statements, and what they are only a run would tell",
                "Finish it by hand",
            )
        if "\n" in said or len(said) > _LONGEST:
            lines = [f"  {each}" if each else each for each in said.split("\n")]
            found.append("\n".join([f"{command.name} <<~SQL", *lines, "SQL"]))
        else:
            found.append(f"{command.name} {quoted(said)}")
    return found


def of_bulk(
    wording: Wording, command: Command, operations: Sequence[Operation], alone: Callable[[int], str]
) -> list[str]:
    """`change_table ..., bulk: true`, once for each ALTER TABLE that it sends, and for what stands between them. What a
    call in it sends after its first statement is written by `alone`, which is given the statement's place."""
    found = []
    taken: list[Node] = []
    given, block = command.node.child_by_field_name("arguments"), command.block
    if given is None or block is None:
        raise CannotResume("change_table is given what only a run would tell")
    words = wording.of(given, command.scope)
    head = f"change_table{words if words.startswith('(') else f' {words}'} do |{', '.join(block.parameters)}|"
    for number, operation in enumerate(operations):
        spans = [action.span for action in operation.actions]
        nodes: list[Node] = []
        for each in command.commands:
            inside = any(each.span.start <= span.start and span.end <= each.span.end for span in spans)
            if inside and each.node not in nodes:
                nodes.append(each.node)
        if not nodes or any(node in taken for node in nodes):
            found.append(alone(number))
            continue
        taken += nodes
        scope = command.commands[0].scope
        lines = [f"  {line}" for node in nodes for line in wording.of(node, scope).split("\n")]
        found.append("\n".join([head, *lines, "end"]))
    return found
