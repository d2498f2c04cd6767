"""A migration read once more for its resume: the statements of its text, and which operations each of them makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from partway.core.postcondition import Name
from partway.dialects import dialect_named
from partway.tools.draft import Draft
from partway.tools.rails.calls import build, make
from partway.tools.rails.commands import Command, Frame, FrameKind, Look
from partway.tools.rails.keys import Reference, foreign_key
from partway.tools.rails.lookups import ForeignKey
from partway.tools.rails.making import Maker, Part, Statement, answers, table_of
from partway.tools.rails.names import foreign_key_column
from partway.tools.rails.reader import read_whole
from partway.tools.rails.values import name_of, names_of
from partway.tools.resuming import CannotResume, Request
from partway.tools.setup import Setup

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.scope import Scope

#: What a condition asks of rows, or of the application: the answer may be another one by now.
_CHANGING: Final = re.compile(
    r"\b(?!Rails\b|ENV\b|ActiveRecord\b|Gem\b|ActiveSupport\b)[A-Z]\w*(?:::\w+)*\.|\bselect_\w+|\.(?:exists\?|count)\b"
)


class Call(NamedTuple):
    """One statement of the migration's text: the construct that is written for it, what its names stand for, the calls
    in it, and the numbers of the operations that each of them makes. `frames` are what stays around it."""

    node: Node
    scope: Scope | None
    frames: tuple[Frame, ...]
    commands: tuple[Command, ...]
    numbers: tuple[range, ...]
    whole: bool
    reverted: bool

    @property
    def all_numbers(self) -> list[int]:
        """The numbers of its operations."""
        return [number for each in self.numbers for number in each]


class Rereading:
    """One migration, read as its reader read it."""

    def __init__(self, request: Request) -> None:
        self.migration = request.migration
        setup = Setup(
            "rails", dialect_named(request.migration.dialect), request.migration.server, beside=request.beside
        )
        reading = read_whole(request.migration.source, setup)
        self.context, self.program = reading.context, reading.context.program
        self.up = next((section for section in request.migration.sections if section.name == "up"), None)
        self.operations = self.up.operations if self.up is not None else ()
        #: Conditions of the original that are not asked again, as they stand in it.
        self.dropped: dict[str, None] = {}
        run = next((run for run in reading.runs if run.name == "up"), None)
        if run is None or run.commands is None:
            raise CannotResume("it has neither a method `up` nor `change`")
        self.commands = run.commands
        self.numbers = self._numbers(setup)

    def _numbers(self, setup: Setup) -> list[range]:
        """Which operations each call makes."""
        method = self.program.methods.get("up") or self.program.methods["change"]
        body = method.child_by_field_name("body")
        if body is not None and any(child.type in ("rescue", "ensure") for child in body.named_children):
            raise CannotResume(
                "its method rescues from errors, so that what has run does not follow from where it stopped",
                "Finish it by hand",
            )
        draft = Draft(self.migration.source.text, setup, "up")
        maker = Maker(draft, self.context)
        numbers: list[range] = []
        kinds: list[str] = []
        for command in self.commands:
            first = len(draft.steps)
            make(maker, command)
            made = [one.kind for step in draft.steps[first:] for one in step.operations]
            numbers.append(range(len(kinds), len(kinds) + len(made)))
            kinds += made
        if kinds != [one.kind for one in self.operations]:
            raise CannotResume("what it does hangs on files of the project that cannot be read here")
        return numbers

    def keys(self) -> dict[tuple[str, str], ForeignKey]:
        """The foreign keys that the migration makes and takes away, by table and name."""
        found: dict[tuple[str, str], ForeignKey] = {}
        for operation in self.operations:
            for fact in operation.postconditions:
                said = dict(fact.attributes)
                if (
                    said.get("kind") == "foreign key"
                    and fact.table is not None
                    and {"columns", "references"} <= said.keys()
                ):
                    columns = tuple(said["columns"].split(", "))
                    to = said["references"].partition(" ")[0]
                    usual = foreign_key(
                        self.context, self.commands[0], fact.table, to, {"column": list(columns)}
                    )
                    named = fact.name.name != usual[0]
                    found[str(fact.table), fact.name.name] = ForeignKey(columns, to, named)
        for command in self.commands:
            for each in (command, *command.commands):
                key = self._dropped_key(each)
                if key is not None:
                    found.setdefault(*key)
        return found

    def indexes(self) -> dict[str, Name]:
        """The tables of the indexes that the migration speaks of."""
        found: dict[str, Name] = {}
        for operation in self.operations:
            for fact in operation.postconditions:
                if fact.object == "index" and fact.table is not None:
                    found[fact.name.name] = fact.table
        for command in self.commands:
            for each in (command, *command.commands):
                if each.name in ("remove_index", "rename_index"):
                    for part in (part for statement in build(self.context, each) for part in statement):
                        found.update((fact.name.name, table_of(each.arg(0))) for fact in part.facts)
        return found

    def _dropped_key(self, command: Command) -> tuple[tuple[str, str], ForeignKey] | None:
        for statement in build(self.context, command):
            for part in statement:
                if (
                    part.kind != "drop-constraint"
                    or not part.facts
                    or command.name == "remove_check_constraint"
                ):
                    continue
                fact = part.facts[0]
                columns, to = self._told(command)
                if columns and fact.table is not None:
                    named = not fact.name.name.startswith("fk_rails_")
                    return (str(fact.table), fact.name.name), ForeignKey(columns, to, named)
        return None

    def _told(self, command: Command) -> tuple[tuple[str, ...], str]:
        """The columns of a foreign key that a call takes away, and where it points to; empty where it does not say."""
        if command.name in ("remove_reference", "remove_belongs_to"):
            key = Reference(self.context, command.arg(1), command.options).key()
            return (tuple(names_of(key[1]["column"])), name_of(key[0])) if key is not None else ((), "")
        to = command.arg(1) if command.arg(1) is not None else command.options.get("to_table")
        column = command.options.get("column")
        if column is None and isinstance(to, str):
            column = foreign_key_column(to, self.program.inflector)
        return (tuple(names_of(column)) if column is not None else (), name_of(to) if to is not None else "")

    def calls(self) -> Iterator[Call]:
        """The statements, in the order in which they run."""
        pairs = [
            (command, numbers, *self._place(command))
            for command, numbers in zip(self.commands, self.numbers, strict=True)
            if command.name not in ("begin", "commit")
        ]
        for (node, _), group in groupby(pairs, key=lambda pair: (pair[2], id(pair[3]))):
            same = list(group)
            command, _, _, scope, frames, whole = same[0]
            reverted = any(frame.kind is FrameKind.REVERT for frame in command.frames)
            yield Call(
                node,
                scope,
                self._kept(frames),
                tuple(pair[0] for pair in same),
                tuple(pair[1] for pair in same),
                whole,
                reverted,
            )

    def _place(self, command: Command) -> tuple[Node, Scope | None, tuple[Frame, ...], bool]:
        """The construct to write for a call, what its names stand for, what is around it, and whether it is written as
        a whole."""
        for count, frame in enumerate(command.frames):
            if frame.kind is FrameKind.WHOLE:
                return frame.node, frame.scope, command.frames[:count], True
            if frame.kind is FrameKind.REVERT:
                return statement_of(command.node), command.scope, command.frames[:count], False
        return statement_of(command.node), command.scope, command.frames, False

    def _kept(self, frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
        """The constructs that stay: not the conditions that ask for what the migration itself makes."""
        return tuple(frame for frame in frames if not self._is_asked_anew(frame))

    def _is_asked_anew(self, frame: Frame, *, alone: bool = True) -> bool:
        if frame.kind is FrameKind.PAST:
            return any(self._is_asked_anew(each, alone=False) for each in frame.way)
        if frame.kind is not FrameKind.CONDITION:
            return False
        said = self.program.tree.said(frame.node)
        own = [self._touches(look) for look in frame.looks]
        if own and all(own) and alone:
            self.dropped.setdefault(said)
            return True
        if any(own) or (not frame.looks and _CHANGING.search(said) and "adapter" not in said):
            raise CannotResume(
                f"whether part of it runs hangs on `{said}`, and the answer may be another one by now",
                "Finish it by hand",
            )
        return False

    def _touches(self, look: Look) -> bool:
        for operation in self.operations:
            facts = list(operation.postconditions)
            parts: Statement = [
                Part(one.kind, one.target, table=str(one.target).rpartition(".")[0])
                for one in operation.actions
            ]
            if answers(look, facts, parts) or answers(look.turned(), facts, parts):
                return True
        return False


def statement_of(node: Node) -> Node:
    """The statement that a call is part of: a chain of calls that it stands in."""
    while True:
        parent = node.parent
        if parent is not None and parent.type == "call" and parent.child_by_field_name("receiver") == node:
            node = parent
        else:
            return node
