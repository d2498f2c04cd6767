"""Indexes that are taken away before they are built, by branches which together leave none: the INVALID one that a
failed run has left goes with them.

    if index_name_exists?(:users, "by_mail") && index_name_exists?(:users, "old_by_mail")
      remove_index :users, name: "by_mail"
    elsif index_name_exists?(:users, "by_mail")
      rename_index :users, "by_mail", "old_by_mail"
    end
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Final

from partway.core.operation import CLEARED, Operation
from partway.core.postcondition import Postcondition
from partway.tools.rails.commands import Command, Frame, FrameKind, Look
from partway.tools.rails.condition_parts import taken_apart
from partway.tools.rails.looks import looks_of
from partway.tools.rails.making import answers
from partway.tools.rails.values import name_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.scope import Scope

#: What a condition may ask besides, so that each answer is tried with each.
_MOST: Final = 6
Made = tuple[Command, list[Operation]]
#: What a question in a condition is answered.
Answer = Callable[["Node", "Scope"], bool]


def taken(made: Sequence[Made]) -> dict[str, list[int]]:
    """The indexes that calls take away, by their names, with the places of these calls."""
    found: dict[str, list[int]] = {}
    for at, (_, operations) in enumerate(made):
        for name in {name for operation in operations for name in _gone(operation)}:
            found.setdefault(name, []).append(at)
    return found


def is_cleared(
    made: Sequence[Made], at: int, operation: Operation, gone: Mapping[str, Sequence[int]]
) -> bool:
    """Whether the index that an operation of the call at this place builds is gone before, whatever the earlier calls
    find; `gone` is `taken` of all calls."""
    index = next((fact for fact in operation.postconditions if fact.object == "index" and fact.present), None)
    if index is None or index.name.name not in gone:
        return False
    command = made[at][0]
    takers = [
        [frame for frame in made[earlier][0].frames if frame not in command.frames]
        for earlier in gone[index.name.name]
        if earlier < at and any(_takes(each, index) for each in made[earlier][1])
    ]
    unread = (FrameKind.WHOLE, FrameKind.PAST)
    takers = [frames for frames in takers if all(frame.kind not in unread for frame in frames)]
    if not takers:
        return False
    conditions = [
        frame
        for frames in takers
        for frame in frames
        if frame.kind is FrameKind.CONDITION and not frame.decided
    ]
    others: dict[str, Look | None] = {}
    for frame in conditions:
        scope = frame.scope
        for node in (question.node for question in taken_apart(frame.node, scope).questions()):
            if not _asks_for(node, scope, index, name_of(command.arg(0))):
                looks = looks_of(node, scope)
                others[scope.tree.said(node)] = looks[0] if looks else None
    if len(others) > _MOST or any(_is_changed(look, made[:at], index) for look in others.values() if look):
        return False
    for answers_ in product((True, False), repeat=len(others)):
        known = dict(zip(others, answers_, strict=True))

        def answer(node: Node, scope: Scope, known: dict[str, bool] = known) -> bool:
            return known.get(scope.tree.said(node), True)  # the index is there

        if not any(all(_holds(frame, answer) for frame in frames) for frames in takers):
            return False
    return True


def marked(operation: Operation) -> Operation:
    """The operation, known as one whose index is gone before."""
    actions = tuple(action._replace(traits=action.traits | {CLEARED}) for action in operation.actions)
    return operation._replace(actions=actions)


def _gone(operation: Operation) -> Iterator[str]:
    for fact in operation.postconditions:
        if fact.object == "index" and not fact.present and fact.name.name:
            yield fact.name.name


def _takes(operation: Operation, index: Postcondition) -> bool:
    """Whether an operation leaves no index of this name."""
    return any(
        fact.object == "index" and not fact.present and fact.name == index.name
        for fact in operation.postconditions
    )


def _is_changed(look: Look, made: Sequence[Made], index: Postcondition) -> bool:
    """Whether a call that leaves the index where it is changes what is asked besides."""
    return any(
        answers(each, list(operation.postconditions), [])
        for _, operations in made
        for operation in operations
        if not _takes(operation, index)
        for each in (look, look.turned())
    )


def _asks_for(node: Node, scope: Scope, index: Postcondition, table: str) -> bool:
    """Whether a question is true wherever the index is there, INVALID or not."""
    if "valid:" in scope.tree.said(node) or "unique:" in scope.tree.said(node):
        return False
    columns = dict(index.attributes).get("columns", "")
    return any(
        look.object == "index"
        and look.present
        and (look.table, look.name) == (table, index.name.name)
        and (not look.columns or ", ".join(look.columns) == columns)
        for look in looks_of(node, scope)
    )


def _holds(frame: Frame, answer: Answer) -> bool:
    """Whether a construct lets what stands in it run, with these answers."""
    if frame.kind is not FrameKind.CONDITION or frame.decided:
        return True
    apart = taken_apart(frame.node, frame.scope, frame.wanted)
    return apart.holds(lambda question: answer(question.node, frame.scope)) is True
