"""Calls on a model's connection, which may be one to another database: there, the transaction that Rails has opened
around the migration is not open. What they do is read like any other call; what a transaction makes of it is left
open, unless the model plainly has no connection of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from partway.core.migration import Step
from partway.core.operation import InTransaction
from partway.tools.rails.program import Program
from partway.tools.rails.project import model_text
from partway.tools.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.commands import Command
    from partway.tools.rails.making import Maker

#: The classes whose connection is the one that Rails migrates.
_ABOVE: Final = r"(?:::)?(?:ActiveRecord::Base|ApplicationRecord)"
_OWN: Final = re.compile(rf"{_ABOVE}|(?:::)?ActiveRecord::Migration(?:\[[\d.]+\])?|(?:self\.)?class|self")
_NAME: Final = re.compile(r"(?:::)?[A-Z]\w*(?:::[A-Z]\w*)*")
#: What makes a class's connection or its transactions something else than what it connects to.
_UNUSUAL: Final = re.compile(
    r"primary_abstract_class|connection_specification_name|remove_connection|:connection\b"
    r"|\bdef (?:self\.)?(?:connection|transaction)\b|\bdefine_\w*method"
)
#: The last name of a class of records right below these.
_INHERITING: Final = re.compile(
    rf"^\s*class\s+(?:::)?(?:\w+::)*(\w+)\s*<\s*{_ABOVE}\s*(?:[;#\n]|$)", re.MULTILINE
)
#: What a model's file may have of a connection: its own, or that of a module it includes.
_CONNECTS: Final = re.compile(r"connect|database|shard|replica", re.IGNORECASE)


def is_own(program: Program, said: str) -> bool:
    """Whether the connection of this class is certainly the one that the migration runs on."""
    if _OWN.fullmatch(said):
        return True
    name = said.removeprefix("::")
    if not re.fullmatch(r"\w+(?:::\w+)*", name) or not name[0].isupper():
        return False
    node = program.definition(name)
    if node is not None:
        text = program.tree.said(node)
    else:
        text = model_text(program.path, program.beside, program.inflector.underscore(name))
        program.asked_models = program.asked_models or bool(text)
    inherits = name.rpartition("::")[2] in _INHERITING.findall(text)
    return inherits and not _CONNECTS.search(text.replace("ActiveRecord::Base.connection", ""))


def is_elsewhere(program: Program, said: str) -> bool:
    """Whether the connection of this class is certainly another one than the migration's: the class connects, or one
    that it inherits from."""
    asked: set[str] = set()
    while _NAME.fullmatch(said) and not _OWN.fullmatch(said) and said not in asked:
        asked.add(said)
        found = _class(program, said.removeprefix("::"))
        if found is None:
            return False
        tree, node = found
        if _UNUSUAL.search(tree.said(node)):
            return False
        body, above = node.child_by_field_name("body"), node.child_by_field_name("superclass")
        for call in body.named_children if body is not None else ():
            method = call.child_by_field_name("method") if call.type == "call" else None
            if method is not None and tree.said(method) in ("connects_to", "establish_connection"):
                return call.child_by_field_name("receiver") is None
        said = tree.said(above).removeprefix("<").strip() if above is not None else ""
    return False


def _class(program: Program, name: str) -> tuple[Tree, Node] | None:
    """The class of this name, in the migration's file or in its own."""
    node = program.definition(name)
    if node is not None:
        return (program.tree, node) if node.type == "class" else None
    text = model_text(program.path, program.beside, program.inflector.underscore(name))
    if not text:
        return None
    program.asked_models = True
    tree = Tree("ruby", text)
    last = name.rpartition("::")[2]
    queue = list(tree.root.named_children)
    for each in queue:
        body, called = each.child_by_field_name("body"), each.child_by_field_name("name")
        if each.type == "class" and called is not None and tree.said(called).rpartition("::")[2] == last:
            return tree, each
        if each.type == "module" and body is not None:
            queue += body.named_children
    return None


def settle(maker: Maker, command: Command, first: int) -> None:
    """Leave open what a transaction makes of the steps from this one on, where the call that made them may have gone to
    another database, or one may have ended the transaction here."""
    steps = maker.draft.steps
    if command.aside and any(step.control is not None for step in steps[first:]):
        maker.unsettled = True
        steps[first:] = [step for step in steps[first:] if step.control is None]
    if command.aside or maker.unsettled:
        steps[first:] = map(_left_open, steps[first:])


def _left_open(step: Step) -> Step:
    unknown = InTransaction.UNKNOWN
    operations = (
        operation._replace(
            in_transaction=unknown,
            actions=tuple(action._replace(in_transaction=unknown) for action in operation.actions),
        )
        for operation in step.operations
    )
    return step._replace(operations=tuple(operations), settings=())
