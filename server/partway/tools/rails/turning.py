"""The way down of a plain `change`, made of its way up: where nothing in it asks for the direction, running it again
would make the same calls."""

from __future__ import annotations

import re

from partway.tools.rails.calls import BUILD
from partway.tools.rails.commands import Command, FrameKind, Irreversible
from partway.tools.rails.inverse import inverse
from partway.tools.rails.program import Program
from partway.tools.rails.vocabulary import RECORDED

#: What asks for the direction: `reversible`, `reverting?`, `revert`, `up_only`.
_DIRECTED = re.compile(r"reversible|revert|up_only")
#: Calls whose block is run for their statements: it may change what the names around it stand for.
_RUNS_BLOCK = frozenset(("create_table", "create_join_table"))


def turned_round(program: Program, commands: list[Command] | None) -> list[Command] | None:
    """These calls turned round, in the order in which Rails makes them; None where they have to be run for it. Raises
    Irreversible where one of them cannot be turned round."""
    if commands is None or _DIRECTED.search(program.tree.text) or not all(map(_is_plain, commands)):
        return None
    found = [inverse(each, program.rails) for each in commands]
    if any(each.block is not None and each.name in _RUNS_BLOCK for each in found):
        return None
    found.reverse()
    return found


def stops_going_back(commands: list[Command], rails: tuple[int, ...]) -> bool:
    """Whether Rails refuses to turn one of these calls round that it meets on the way down for certain."""
    for command in commands:
        if command.name in RECORDED and not command.one_way and _is_met(command):
            try:
                inverse(command, rails)
            except Irreversible:
                return True
    return False


def _is_met(command: Command) -> bool:
    """Whether nothing around a call decides that it is not made."""
    return not command.looks and all(
        frame.kind is FrameKind.BLOCK or frame.decided for frame in command.frames
    )


def _is_plain(command: Command) -> bool:
    """Whether a call is one that the recorder takes, by itself, and that sends no SQL of the migration's own."""
    return command.name in BUILD and command.name in RECORDED and not command.one_way and not command.commands
